//! The record page with an opportunity and an agreement. All invented.

use locale::Locale;
use pages::{
    Attachment, Attachments, Badge, Cell, Control, Fact, FactGroup, FormField, InlineForm, Mention, Missing,
    NameRow, Nav, Notice, Parties, PartyRow, People, Person, PostButton, RecordFigures, RecordPage,
    RelatedRow, RelationGroup, Shell, SourceRow, Standing, Step, StepState, SumCheck, TimelineEntry, Tone,
};

use super::register::badge;
use super::samples::{choices, link, money, nav, quote, say, shell};

pub fn pages(t: Locale) -> Vec<(&'static str, String)> {
    vec![("record", opportunity(t).render()), ("agreement", agreement(t).render())]
}

fn fact(t: Locale, words: &str, value: Cell) -> Fact {
    Fact { label: say(t, words), value, ..Fact::default() }
}

fn text(t: Locale, words: &str) -> Cell {
    Cell::Long(say(t, words))
}

fn add(t: Locale, id: &str, words: &str, fields: Vec<FormField>) -> InlineForm {
    InlineForm {
        id: id.into(),
        label: say(t, words),
        action: "#".into(),
        fields,
        submit: t.save().into(),
        ..InlineForm::default()
    }
}

fn record_field(t: Locale, name: &str, words: &str) -> FormField {
    FormField {
        name: name.into(),
        label: say(t, words),
        required: true,
        control: Control::Record { value: String::new(), suggest: "suggest.html".into() },
        ..FormField::default()
    }
}

fn figure_card(t: Locale) -> RecordFigures {
    RecordFigures {
        rows: super::work::figures(t, 2),
        all: Some(link(t.all(), "figures.html")),
        add: Some(figure_form(t)),
        ..RecordFigures::default()
    }
}

fn figure_form(t: Locale) -> InlineForm {
    let approx = choices(&[("exact", &say(t, "准确|exactly"), 0), ("over", &say(t, "超|over"), 0)], "exact");
    let unit =
        choices(&[("yi", &say(t, "亿元|CNY 100 m"), 0), ("wan", &say(t, "万元|CNY 10,000"), 0)], "wan");
    add(
        t,
        "add-figure",
        "登记数据|Add a figure",
        vec![
            FormField {
                name: "measure".into(),
                label: t.measure().into(),
                required: true,
                control: Control::Choice(choices(
                    &[("signed", &say(t, "投资协议额|Contracts signed"), 0)],
                    "signed",
                )),
                ..FormField::default()
            },
            FormField {
                name: "value".into(),
                label: t.value().into(),
                required: true,
                control: Control::Amount { value: String::new(), unit, approx },
                ..FormField::default()
            },
            FormField {
                name: "day".into(),
                label: t.date().into(),
                control: Control::Date("2026-07-18".into()),
                ..FormField::default()
            },
        ],
    )
}

fn documents(t: Locale) -> Attachments {
    let row = |words: &str, role: Option<Badge>, note: &str| Attachment {
        document: link(&say(t, words), "reader.html"),
        role,
        note: note.into(),
        buttons: vec![
            PostButton {
                label: say(t, "标为盖章文本|Mark as stamped"),
                action: "#".into(),
                ..PostButton::default()
            },
            PostButton {
                label: say(t, "移除|Remove"),
                action: "#".into(),
                tone: Tone::Bad,
                ..PostButton::default()
            },
        ],
        for_parties: None,
        remove: None,
    };
    let file = FormField {
        name: "file".into(),
        label: say(t, "文件|File"),
        required: true,
        control: Control::File { accept: ".pdf,.docx".into() },
        ..FormField::default()
    };
    let stamped = FormField {
        name: "stamped".into(),
        label: say(t, "性质|Nature"),
        control: Control::Flag { checked: false, text: say(t, "盖章文本|Stamped copy") },
        ..FormField::default()
    };
    Attachments {
        closed: 1,
        rows: vec![
            row(
                "年产二十万吨番茄制品项目可行性研究报告|Feasibility study",
                None,
                "PDF · 4.2 MB · 2026-05-11",
            ),
            row(
                "绿谷产业园招商引资优惠政策（云政规〔2025〕14号）|Incentives of the Lügu park",
                Some(badge(t, "盖章文本|stamped copy", Tone::Good)),
                &say(t, "云川州人民政府 · 2025-11-03|Yunchuan government · 2025-11-03"),
            ),
        ],
        add: vec![
            add(
                t,
                "attach",
                "附上已有资料|Attach one that is here",
                vec![record_field(t, "document", "资料|Document")],
            ),
            add(t, "upload", "上传|Upload", vec![file, stamped]),
        ],
    }
}

fn people(t: Locale) -> People {
    People {
        rows: vec![Person {
            person: link(&say(t, "林晓|Lin Xiao"), "#"),
            position: say(t, "云川州招商局 项目科科长|Yunchuan investment bureau, head of projects"),
            role: say(t, "联系人|contact"),
            reach: vec!["0900-555 0142".into(), "linxiao@example.cn".into()],
            remove: Some("#".into()),
        }],
        add: Some(add(
            t,
            "add-person",
            "添加联系人|Add a contact",
            vec![record_field(t, "contact", "联系人|Contact")],
        )),
    }
}

fn timeline(t: Locale) -> Vec<TimelineEntry> {
    let entry = |when: &str, kind: (&str, Tone), words: &str, who: &str, note: &str| TimelineEntry {
        when: when.into(),
        kind: badge(t, kind.0, kind.1),
        text: say(t, words),
        href: Some("audit.html".into()),
        who: who.into(),
        note: note.into(),
    };
    let change = ("变更|change", Tone::Neutral);
    vec![
        entry(
            "2026-09-12 16:40",
            change,
            "用地 280 亩 → 320 亩|Land 280 mu → 320 mu",
            &say(t, "林晓|Lin Xiao"),
            &say(t, "控规调整|zoning changed"),
        ),
        entry(
            "2026-07-18",
            ("数据|figure", Tone::Info),
            "拟投资约 12.5 亿元|Investment about CNY 1.25 bn",
            &say(t, "周明远|Zhou Mingyuan"),
            "",
        ),
        entry(
            "2026-06-26",
            ("活动|event", Tone::Warn),
            "第三届云川特色产业推介会|Third Yunchuan fair",
            "",
            &say(t, "现场推介|presented"),
        ),
        entry(
            "2026-05-20",
            ("状态|status", Tone::Good),
            "草稿 → 公开推介|draft → open",
            &say(t, "周明远|Zhou Mingyuan"),
            "",
        ),
        entry("2026-05-11 09:02", change, "新建|Entered", &say(t, "林晓|Lin Xiao"), ""),
    ]
}

fn standing(t: Locale) -> Standing {
    let step = |words: &str, state, day: &str| Step { label: say(t, words), state, day: day.into() };
    let missing = |words: &str, note: &str| Missing {
        label: say(t, words),
        href: "form.html#f-power".into(),
        note: say(t, note),
    };
    Standing {
        stages: Vec::new(),
        steps: vec![
            step("草稿|draft", StepState::Done, "2026-05-11"),
            step("公开推介|open", StepState::Current, "2026-05-20"),
            step("洽谈中|in talks", StepState::Ahead, ""),
            step("签约|signed", StepState::Ahead, ""),
            step("已落地|landed", StepState::Ahead, ""),
        ],
        next: say(t, "洽谈中|in talks"),
        missing: vec![
            missing("用电负荷|Power", "推介页必填|the public page needs it"),
            missing(
                "公平竞争审查意见|Fair-competition review",
                "政策《云政规〔2025〕14号》|of the incentives of 2025",
            ),
            missing("联系单位|Contact office", ""),
        ],
        moves: vec![add(
            t,
            "move",
            "转入“洽谈中”|Move to “in talks”",
            vec![FormField {
                name: "day".into(),
                label: t.date().into(),
                required: true,
                control: Control::Date("2026-11-22".into()),
                ..FormField::default()
            }],
        )],
    }
}

fn opportunity(t: Locale) -> RecordPage {
    let row = super::register::ROWS[0];
    RecordPage {
        shell: Shell {
            watermark: Some(say(t, "周明远 2026-11-22 10:24|Zhou Mingyuan 2026-11-22 10:24")),
            ..super::register::listing(t)
        },
        crumbs: vec![link(&say(t, "推介项目|Opportunities"), "list.html")],
        kind: say(t, "推介项目|Opportunity"),
        code: "XM-2026-000101".into(),
        title: say(t, row.0),
        other_title: say(if t == Locale::Zh { Locale::En } else { Locale::Zh }, row.0),
        status: Some(badge(t, "公开推介|open", Tone::Good)),
        key_facts: vec![
            fact(t, "拟投资|Investment", Cell::Amount(money(t, 1250, ("约", "about")))),
            fact(t, "地区|Region", Cell::Link(link(&say(t, row.1), "#"))),
            fact(t, "行业|Sector", text(t, "C14 食品制造业|C14 Food")),
            fact(
                t,
                "责任单位|Owner",
                Cell::Link(link(&say(t, "云川州招商局|Yunchuan investment bureau"), "#")),
            ),
        ],
        actions: vec![
            link(&say(t, "编辑|Edit"), "form.html"),
            link(&say(t, "推介页|Public page"), "brochure.html"),
        ],
        more: vec![
            link(&say(t, "导出 .docx|Export .docx"), "#"),
            link(&say(t, "合并重复记录|Merge a duplicate"), "merge.html"),
        ],
        notices: vec![Notice {
            tone: Tone::Warn,
            text: say(
                t,
                "政策《云政规〔2025〕14号》将于 2026-12-31 到期。|The incentives of 2025 end on 2026-12-31.",
            ),
            link: Some(link(&say(t, "查看政策|See the policy"), "#")),
        }],
        standing: Some(standing(t)),
        facts: opportunity_facts(t),
        names: vec![NameRow {
            name: say(t, "番茄深加工项目|Tomato project"),
            kind: say(t, "简称|short name"),
            valid: String::new(),
        }],
        figures: Some(figure_card(t)),
        documents: Some(documents(t)),
        people: Some(people(t)),
        relations: needs(t),
        sources: vec![SourceRow {
            title: quote(t).document.label,
            publisher: say(t, "云川日报|Yunchuan Daily"),
            date: "2026-07-18".into(),
            href: Some("reader.html".into()),
        }],
        quotes: vec![Mention {
            quote: quote(t),
            state: Badge { label: t.claim_accepted().to_owned(), tone: Tone::Good },
            reading: say(t, "投资协议额 · 超 390 亿元|Contracts signed · over CNY 39 bn"),
        }],
        timeline: timeline(t),
        audit_href: "audit.html".into(),
        ..RecordPage::default()
    }
}

fn needs(t: Locale) -> Vec<RelationGroup> {
    let related = |words: &str, status: Badge, note: &str| RelatedRow {
        record: link(&say(t, words), "record.html"),
        status: Some(status),
        note: note.into(),
        amount: None,
        remove: Some("#".into()),
    };
    vec![
        RelationGroup {
            label: say(t, "匹配的企业需求|Matching needs"),
            rows: vec![
                related(
                    "青禾食品集团：西北番茄原料基地|Qinghe Foods: tomato base",
                    badge(t, "洽谈中|in talks", Tone::Info),
                    &say(t, "青禾省 · 拟投资 8 亿元|Qinghe · CNY 0.8 bn"),
                ),
                related(
                    "江州果蔬股份：浓缩果汁灌装线|Jiangzhou Fruit: juice line",
                    badge(t, "新提出|new", Tone::Neutral),
                    &say(t, "江州市|Jiangzhou"),
                ),
            ],
            add: Some(add(
                t,
                "add-need",
                "关联需求|Link a need",
                vec![record_field(t, "need", "企业需求|Need")],
            )),
            ..RelationGroup::default()
        },
        RelationGroup { label: say(t, "适用政策|Policies"), ..RelationGroup::default() },
    ]
}

fn opportunity_facts(t: Locale) -> Vec<FactGroup> {
    let source = || Some(link(&quote(t).document.label, "reader.html"));
    vec![
        FactGroup {
            label: say(t, "项目|Project"),
            facts: vec![
                fact(
                    t,
                    "建设内容|What is built",
                    text(
                        t,
                        "建设四条番茄制品生产线、三万吨气调冷库与检验中心，分两期实施；一期形成年产八万吨能力，二期达到年产二十万吨。|Four lines, a cold store of 30,000 t and a laboratory, in two phases.",
                    ),
                ),
                Fact {
                    source: source(),
                    ..fact(
                        t,
                        "原料条件|Raw material",
                        text(
                            t,
                            "全州加工番茄种植面积四十二万亩，亩产六吨以上|420,000 mu of processing tomato",
                        ),
                    )
                },
                fact(
                    t,
                    "寻求伙伴|Partner sought",
                    text(t, "具有出口资质的食品加工企业|A food maker licensed to export"),
                ),
                fact(t, "合作方式|Form", text(t, "独资、合资、合作均可|Any form")),
            ],
            ..FactGroup::default()
        },
        FactGroup {
            label: say(t, "要素保障|Land and utilities"),
            facts: vec![
                Fact {
                    note: say(t, "工业用地，可分期供地|industrial, in phases"),
                    ..fact(t, "用地|Land", Cell::Number(say(t, "320 亩|320 mu")))
                },
                Fact {
                    source: source(),
                    ..fact(t, "用水|Water", text(t, "日供 1.2 万立方米|12,000 m³ a day"))
                },
                fact(t, "所在园区|Park", Cell::Link(link(&say(t, "绿谷产业园|Lügu park"), "#"))),
            ],
            unknown: vec![link(&say(t, "用电|Power"), "record-form.html"), link(&say(t, "用热|Heat"), "")],
        },
    ]
}

fn agreement(t: Locale) -> RecordPage {
    let sum = |words: &str, stated: u64, parts: u64, verdict: Badge| SumCheck {
        label: say(t, words),
        stated: Cell::Amount(money(t, stated, ("", ""))),
        sum: Cell::Amount(money(t, parts, ("", ""))),
        difference: (stated != parts).then(|| money(t, stated.abs_diff(parts), ("", ""))),
        verdict,
        href: None,
    };
    RecordPage {
        shell: Shell { groups: nav(t, "agreements"), ..shell(t, Nav::Elsewhere) },
        crumbs: vec![link(&say(t, "协议|Agreements"), "list.html")],
        kind: say(t, "协议|Agreement"),
        code: "XY-2026-000031".into(),
        title: say(t, "五方共建绿谷产业园合作框架协议|Five-party framework for the Lügu park"),
        status: Some(badge(t, "有效|in force", Tone::Good)),
        key_facts: vec![
            fact(t, "类别|Kind", text(t, "框架协议|framework")),
            fact(t, "签订|Signed", Cell::Day("2026-06-26".into())),
            fact(t, "有效期|Validity", Cell::Day("2026-06-26 – 2029-06-25".into())),
            fact(t, "意向及框架额|Intent", Cell::Amount(money(t, 24618, ("", "")))),
        ],
        actions: vec![link(&say(t, "编辑|Edit"), "form.html")],
        facts: vec![FactGroup {
            facts: vec![
                fact(
                    t,
                    "签约活动|Event",
                    Cell::Link(link(&say(t, "第三届云川特色产业推介会|Third Yunchuan fair"), "#")),
                ),
                fact(t, "续签|Renewal", Cell::Unknown),
                fact(t, "解除|Rescission", Cell::Nothing),
            ],
            ..FactGroup::default()
        }],
        figures: Some(RecordFigures {
            rows: super::work::figures(t, 3),
            all: None,
            add: Some(figure_form(t)),
            ..RecordFigures::default()
        }),
        sums: vec![
            sum("四个受援地小计|Four host regions", 24618, 24618, badge(t, "相符|agrees", Tone::Good)),
            sum("子协议合计|Sub-agreements", 24618, 23900, badge(t, "相差|differs", Tone::Bad)),
        ],
        parties: Some(parties(t)),
        documents: Some(Attachments::default()),
        relations: children(t),
        timeline: timeline(t),
        audit_href: "audit.html".into(),
        ..RecordPage::default()
    }
}

fn parties(t: Locale) -> Parties {
    let party = |words: &str, role: &str, region: &str, share: &str| PartyRow {
        party: link(&say(t, words), "#"),
        role: say(t, role),
        region: say(t, region),
        share: share.into(),
        note: String::new(),
        remove: Some("#".into()),
    };
    Parties {
        label: say(t, "签约各方|Parties"),
        rows: vec![
            party("云川州人民政府|Yunchuan government", "甲方|first party", "云川州|Yunchuan", ""),
            party("青禾省前方指挥部|Qinghe front command", "乙方|second party", "青禾省|Qinghe", "60%"),
            party("第七师石桥市|Seventh Division", "丙方|third party", "第七师石桥市|Shiqiao", "40%"),
            party("青禾食品集团有限公司|Qinghe Foods", "投资方|investor", "青禾省|Qinghe", ""),
            party("云川产业协会|Yunchuan industry association", "见证方|witness", "", ""),
        ],
        add: Some(add(
            t,
            "add-party",
            "添加当事方|Add a party",
            vec![record_field(t, "party", "单位|Organisation")],
        )),
    }
}

fn children(t: Locale) -> Vec<RelationGroup> {
    vec![RelationGroup {
        label: say(t, "子协议|Sub-agreements"),
        rows: (1..4)
            .map(|at| RelatedRow {
                record: link(
                    &say(t, &format!("绿谷产业园二期投资协议（{at}）|Investment agreement {at}")),
                    "#",
                ),
                status: Some(badge(t, "投资协议|investment", Tone::Info)),
                note: "2026-07-1".to_owned() + &at.to_string(),
                amount: Some(money(t, at * 410, ("", ""))),
                remove: None,
            })
            .collect(),
        ..RelationGroup::default()
    }]
}
