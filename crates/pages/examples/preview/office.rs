//! Public pages, merging and settings. All invented.

use locale::Locale;
use pages::{
    Badge, Cell, Control, DuplicatePair, DuplicatePairs, Fact, FormField, FormSection, MergeField, MergeMove,
    MergePreview, MergeSide, Nav, OpportunityPublic, Prospectus, SettingCell, Settings, SettingsForm,
    SettingsGroup, SettingsRow, SettingsSection, SettingsTable, Sheet, SheetPolicy, SheetSection, Shell,
    Tone,
};

use super::samples::{choices, link, money, nav, say, shell};

pub fn pages(t: Locale) -> Vec<(&'static str, String)> {
    vec![
        ("brochure", brochure(t).render()),
        ("prospectus", prospectus(t).render()),
        ("duplicates", duplicates(t).render()),
        ("merge", merge(t).render()),
        ("settings", settings(t).render()),
        ("settings-regions", regions(t).render()),
        ("settings-stages", stages(t).render()),
        ("settings-security", security(t).render()),
    ]
}

fn fact(t: Locale, words: &str, value: Cell) -> Fact {
    Fact { label: say(t, words), value, ..Fact::default() }
}

fn text(t: Locale, words: &str) -> Cell {
    Cell::Long(say(t, words))
}

fn number(t: Locale, words: &str) -> Cell {
    Cell::Number(say(t, words))
}

fn publisher(t: Locale) -> String {
    say(t, "青禾—云川产业协作|Qinghe–Yunchuan partnership")
}

fn outside(t: Locale) -> Shell {
    Shell { locale: t, path: "/open/XM-2026-000101".into(), ..Shell::default() }
}

fn sheet(t: Locale, at: usize) -> Sheet {
    let title = [
        "年产二十万吨番茄制品精深加工及冷链仓储一体化项目|Tomato processing with cold storage",
        "岭西棉纺织全产业链集群|Cotton cluster of Lingxi",
        "乌兰市口岸跨境电商集采中心|Border e-commerce centre of Wulan",
    ][at];
    Sheet {
        code: format!("XM-2026-{:06}", at + 101),
        title: say(t, title),
        other_title: say(if t == Locale::Zh { Locale::En } else { Locale::Zh }, title),
        place: say(t, "云川州 · 绿谷产业园|Yunchuan · Lügu park"),
        sector: say(t, "食品制造业|Food"),
        summary: say(
            t,
            "依托全州四十二万亩加工番茄，建设四条番茄制品生产线、三万吨气调冷库与检验中心，面向中亚与沿海两个市场。|Four lines, a cold store of 30,000 t and a laboratory on 420,000 mu of processing tomato, for Central Asia and the coast.",
        ),
        highlights: vec![
            fact(t, "拟投资|Investment", Cell::Amount(money(t, 1250, ("约", "about")))),
            fact(t, "用地|Land", number(t, "320 亩|320 mu")),
            fact(t, "用电|Power", number(t, "2.4 万千伏安|24 MVA")),
            fact(t, "用水|Water", number(t, "1.2 万立方米/日|12,000 m³ a day")),
        ],
        sections: sheet_sections(t),
        policies: vec![SheetPolicy {
            title: say(t, "绿谷产业园招商引资优惠政策|Incentives of the Lügu park"),
            number: "云政规〔2025〕14号".into(),
            valid: "2025-11-03 – 2026-12-31".into(),
            review: Badge { label: say(t, "已审查|reviewed"), tone: Tone::Good },
            offer: say(t, "标准厂房前三年免租，第四、五年减半。|No rent for three years, half for two."),
            href: Some("#".into()),
        }],
        contact: vec![
            say(t, "云川州招商局 项目科|Yunchuan investment bureau"),
            "0900-555 0142".into(),
            "invest@example.cn".into(),
        ],
        updated: "2026-09-12".into(),
    }
}

fn sheet_sections(t: Locale) -> Vec<SheetSection> {
    vec![
        SheetSection {
            heading: say(t, "建设条件|Site and supplies"),
            paragraphs: vec![say(
                t,
                "园区九通一平，距铁路货场 12 公里，距口岸 180 公里；园区热电厂可供蒸汽每小时 60 吨。|The site is levelled and served; 12 km to the rail yard, 180 km to the border.",
            )],
            facts: vec![
                fact(
                    t,
                    "原料|Raw material",
                    text(t, "加工番茄四十二万亩，亩产六吨以上|420,000 mu of tomato"),
                ),
                fact(t, "交通|Transport", Cell::Unknown),
            ],
        },
        SheetSection {
            heading: say(t, "合作意向|Partner sought"),
            facts: vec![
                fact(
                    t,
                    "寻求伙伴|Partner",
                    text(t, "具有出口资质的食品加工企业|A food maker licensed to export"),
                ),
                fact(t, "合作方式|Form", text(t, "独资、合资、合作均可|Any form")),
            ],
            ..SheetSection::default()
        },
    ]
}

fn brochure(t: Locale) -> OpportunityPublic {
    OpportunityPublic {
        shell: outside(t),
        publisher: publisher(t),
        sheet: sheet(t, 0),
        links: vec![link(&say(t, "下载 .docx|Download .docx"), "#")],
    }
}

fn prospectus(t: Locale) -> Prospectus {
    Prospectus {
        shell: outside(t),
        title: say(t, "云川州重点推介项目册|Opportunities of Yunchuan"),
        publisher: publisher(t),
        date: say(t, "2026 年 11 月|November 2026"),
        note: say(t, "条件：云川州及所属 · 公开推介|Yunchuan and below, open"),
        sheets: (0..3).map(|at| sheet(t, at)).collect(),
        links: vec![link(&say(t, "返回列表|Back to the list"), "list.html")],
    }
}

fn side(t: Locale, zh: &str, code: &str, facts: &str) -> MergeSide {
    MergeSide {
        record: link(zh, "record.html"),
        code: code.into(),
        facts: facts.into(),
        entered: say(t, "林晓 2026-05-11 录入|entered by Lin Xiao 2026-05-11"),
    }
}

fn sides(t: Locale) -> (MergeSide, MergeSide) {
    let right =
        side(t, "青禾食品（集团）公司", "DW-2026-000177", &say(t, "企业 · 青禾省|enterprise · Qinghe"));
    let facts = say(t, "企业 · 青禾省 · 91990000MA0QH0001X|enterprise · Qinghe · 91990000MA0QH0001X");
    (side(t, "青禾食品集团有限公司", "DW-2026-000031", &facts), right)
}

fn register(t: Locale) -> Shell {
    Shell { groups: nav(t, "organisations"), ..shell(t, Nav::Elsewhere) }
}

fn duplicates(t: Locale) -> DuplicatePairs {
    let (left, right) = sides(t);
    let pair = DuplicatePair {
        left,
        right,
        reasons: vec![say(t, "简称相同|same short name"), say(t, "注册地相同|same region")],
        merge: Some("merge.html".into()),
        different: Some("#".into()),
        hidden: Vec::new(),
    };
    let other = DuplicatePair {
        left: side(
            t,
            "江州果蔬股份有限公司",
            "DW-2026-000052",
            &say(t, "企业 · 江州市|enterprise · Jiangzhou"),
        ),
        right: side(t, "江州市果蔬股份", "DW-2026-000199", &say(t, "企业 · 不详|enterprise · unknown")),
        reasons: vec![say(t, "名称相近|similar name")],
        ..pair.clone()
    };
    DuplicatePairs {
        shell: register(t),
        crumbs: vec![link(&say(t, "单位|Organisations"), "list.html")],
        kinds: vec![
            (link(&say(t, "单位|Organisations"), "duplicates.html"), true),
            (link(&say(t, "园区|Parks"), "#"), false),
        ],
        rows: vec![pair, other],
        next: None,
    }
}

fn merge(t: Locale) -> MergePreview {
    let (keep, other) = sides(t);
    let field = |name: &str, words: &str, keep: &str, other: &str, take_other| MergeField {
        name: name.into(),
        label: say(t, words),
        keep: keep.into(),
        other: other.into(),
        take_other,
    };
    let moved = |words: &str, count| MergeMove { label: say(t, words), count, href: Some("#".into()) };
    MergePreview {
        shell: register(t),
        crumbs: vec![link(&say(t, "单位|Organisations"), "list.html")],
        keep,
        other,
        fields: vec![
            field("title", "名称|Name", "青禾食品集团有限公司", "青禾食品（集团）公司", false),
            field("kind", "类别|Kind", &say(t, "企业|enterprise"), &say(t, "企业|enterprise"), false),
            field("uscc", "统一社会信用代码|Credit code", "91990000MA0QH0001X", "", false),
            field("sector", "行业|Sector", "", &say(t, "C14 食品制造业|C14 Food"), true),
            field("origin", "来源地|Origin", &say(t, "青禾省|Qinghe"), &say(t, "青禾省|Qinghe"), false),
        ],
        moves: vec![
            moved("数据|Figures", 12),
            moved("资料|Documents", 3),
            moved("协议|Agreements", 2),
            moved("别名|Aliases", 1),
        ],
        action: "#".into(),
        swap: "#".into(),
        cancel: "duplicates.html".into(),
        ..MergePreview::default()
    }
}

fn admin(t: Locale) -> Shell {
    Shell { groups: nav(t, "settings"), ..shell(t, Nav::Elsewhere) }
}

fn settings(t: Locale) -> Settings {
    let section = |words: &str, href: &str, hint: &str, now: &str| SettingsSection {
        label: say(t, words),
        href: href.into(),
        hint: say(t, hint),
        now: say(t, now),
    };
    Settings {
        shell: admin(t),
        groups: vec![
            SettingsGroup {
                label: say(t, "地区与机构|Regions and offices"),
                sections: vec![
                    section(
                        "地区|Regions",
                        "settings-regions.html",
                        "参与的地区、支援与受援、地图位置|Who takes part, on which side, where on the map",
                        "32 个|32",
                    ),
                    section(
                        "工作机构|Offices",
                        "list.html",
                        "指挥部、工作队、专班|Commands, teams, task forces",
                        "18 个|18",
                    ),
                    section(
                        "批次|Cohorts",
                        "list.html",
                        "轮换批次与起止日期|Rotations and their dates",
                        "9 个|9",
                    ),
                ],
            },
            SettingsGroup {
                label: say(t, "流程与用语|Stages and words"),
                sections: vec![
                    section(
                        "阶段与转段条件|Stages and gates",
                        "settings-stages.html",
                        "项目从线索到达产要过哪些关|What a project passes on its way",
                        "9 个阶段|9 stages",
                    ),
                    section(
                        "用语|Labels",
                        "settings-stages.html",
                        "界面上数据名称的中英文|Names of data in both languages",
                        "214 条|214",
                    ),
                ],
            },
            SettingsGroup {
                label: say(t, "安全|Security"),
                sections: vec![section(
                    "水印与二次验证|Watermark and second factor",
                    "settings-security.html",
                    "页面与导出的水印，登录的动态口令|Who and when on pages and exports; one-time codes",
                    "水印：开|watermark on",
                )],
            },
        ],
    }
}

fn bare(name: &str, label: &str, control: Control) -> SettingCell {
    SettingCell::Field(FormField { name: name.into(), label: label.into(), control, ..FormField::default() })
}

fn regions(t: Locale) -> SettingsTable {
    let side = |on: &str| choices(&[("host", t.host(), 0), ("supporting", t.supporter(), 0)], on);
    let row = |code: &str, words: &str, on: &str, col: &str, line: &str| SettingsRow {
        label: say(t, words),
        sub: code.into(),
        cells: vec![
            bare(&format!("side_{code}"), &say(t, words), Control::Choice(side(on))),
            bare(
                &format!("col_{code}"),
                &say(t, words),
                Control::Quantity { value: col.into(), unit: say(t, "列|column") },
            ),
            bare(
                &format!("row_{code}"),
                &say(t, words),
                Control::Quantity { value: line.into(), unit: say(t, "行|row") },
            ),
        ],
        remove: Some("#".into()),
        ..SettingsRow::default()
    };
    SettingsTable {
        shell: admin(t),
        crumbs: vec![link(t.settings_title(), "settings.html")],
        title: say(t, "地区|Regions"),
        intro: say(
            t,
            "受援地在地图上的格子：列从左、行从上数起。|Tiles of host regions: columns from the left, rows from the top.",
        ),
        columns: vec![say(t, "一方|Side"), say(t, "地图列|Column"), say(t, "地图行|Row")],
        rows: vec![
            row("992700", "云川州|Yunchuan", "host", "3", "0"),
            row("993100", "岭西地区|Lingxi", "host", "2", "0"),
            row("990000", "青禾省|Qinghe", "supporting", "", ""),
        ],
        action: Some("#".into()),
        version: "3".into(),
        audit_href: "audit.html".into(),
        ..SettingsTable::default()
    }
}

fn stages(t: Locale) -> SettingsTable {
    let facts = |on: &[&str]| {
        [("signed", "合同额"), ("land", "用地批文"), ("filing", "备案证"), ("company", "项目公司")]
            .map(|(value, label)| pages::Choice {
                value: value.into(),
                label: label.into(),
                selected: on.contains(&value),
                depth: 0,
            })
            .to_vec()
    };
    let value = |locale, words: &str| Control::Text { value: say(locale, words), max_length: 40 };
    let row = |at: usize, words: &str, on: &[&str]| SettingsRow {
        label: say(t, words),
        sub: format!("stage_{at}"),
        cells: vec![
            bare(
                &format!("order_{at}"),
                &say(t, words),
                Control::Text { value: (at * 10).to_string(), max_length: 4 },
            ),
            bare(&format!("zh_{at}"), &say(t, words), value(Locale::Zh, words)),
            bare(&format!("en_{at}"), &say(t, words), value(Locale::En, words)),
            SettingCell::Shown(Cell::Text(say(t, words))),
            bare(&format!("facts_{at}"), &say(t, words), Control::Many(facts(on))),
        ],
        ..SettingsRow::default()
    };
    SettingsTable {
        shell: admin(t),
        crumbs: vec![link(t.settings_title(), "settings.html")],
        title: say(t, "阶段与转段条件|Stages and gates"),
        columns: vec![
            say(t, "次序|Order"),
            say(t, "中文|Chinese"),
            say(t, "英文|English"),
            say(t, "里程碑|Milestone"),
            say(t, "转入所需|Needed to enter"),
        ],
        rows: vec![
            row(1, "线索|lead", &[]),
            row(2, "在谈|in talks", &[]),
            row(3, "签约|signed", &["signed"]),
            row(4, "落地|landed", &["land", "filing", "company"]),
        ],
        action: Some("#".into()),
        audit_href: "audit.html".into(),
        ..SettingsTable::default()
    }
}

fn security(t: Locale) -> SettingsForm {
    let flag = |name: &str, label: &str, words: &str, hint: &str, on| FormField {
        name: name.into(),
        label: say(t, label),
        hint: say(t, hint),
        wide: true,
        control: Control::Flag { checked: on, text: say(t, words) },
        ..FormField::default()
    };
    SettingsForm {
        shell: admin(t),
        crumbs: vec![link(t.settings_title(), "settings.html")],
        title: say(t, "水印与二次验证|Watermark and second factor"),
        sections: vec![FormSection {
            fields: vec![
                flag(
                    "watermark",
                    "水印|Watermark",
                    "页面与导出带用户名和时间|Pages and exports carry user and time",
                    "打印和截图也会带上。|Prints and screenshots carry it too.",
                    true,
                ),
                flag(
                    "totp",
                    "二次验证|Second factor",
                    "登录时要求动态口令|Sign-in asks for a one-time code",
                    "未绑定的用户下次登录时绑定。|Users without one bind it at the next sign-in.",
                    false,
                ),
            ],
            ..FormSection::default()
        }],
        action: "#".into(),
        audit_href: "audit.html".into(),
        ..SettingsForm::default()
    }
}
