//! The list and the record page with opportunities and agreements. All invented.

use locale::Locale;
use pages::{
    Attachment, Attachments, Badge, Bulk, BulkPreview, BulkRow, Cell, Chip, Choice, Column, Control, Fact,
    FactGroup, Filter, FilterControl, FormField, InlineForm, Link, List, ListRow, Map, Missing, NameRow, Nav,
    Notice, Order, Parties, PartyRow, People, Person, PostButton, RecordFigures, RecordPage, RelatedRow,
    RelationGroup, SavedView, Shell, Sort, SourceRow, Standing, Step, StepState, SumCheck, TimelineEntry,
    Tone, Views,
};

use super::samples::{choices, link, money, nav, pick, quote, shell, tiles};

pub fn pages(locale: Locale) -> Vec<(&'static str, String)> {
    let map = List {
        map: Some(Map {
            measure: pick(locale, "推介项目（个）", "Opportunities"),
            tiles: tiles(locale),
            ..Map::default()
        }),
        displays: displays(locale, true),
        next: None,
        ..list(locale)
    };
    let none = List { rows: Vec::new(), next: None, ..list(locale) };
    let fresh = List { rows: Vec::new(), next: None, chips: Vec::new(), exports: Vec::new(), ..list(locale) };
    vec![
        ("list", list(locale).render()),
        ("list-map", map.render()),
        ("list-none", none.render()),
        ("list-empty", fresh.render()),
        ("bulk", bulk_preview(locale).render()),
        ("record", opportunity(locale).render()),
        ("agreement", agreement(locale).render()),
    ]
}

fn listing(locale: Locale) -> Shell {
    Shell { groups: nav(locale, "opportunities"), ..shell(locale, Nav::Elsewhere) }
}

fn badge(locale: Locale, zh: &str, en: &str, tone: Tone) -> Badge {
    Badge { label: pick(locale, zh, en), tone }
}

fn displays(locale: Locale, map: bool) -> Vec<(Link, bool)> {
    vec![
        (link(&pick(locale, "表格", "Table"), "list.html"), !map),
        (link(&pick(locale, "地图", "Map"), "list-map.html"), map),
    ]
}

/// Title, English title, place, sector, investment in hundredths of 亿元, land in mu, status, owner, day.
type Row =
    (&'static str, &'static str, (&'static str, &'static str), (&'static str, &'static str), u64, u32, u8);

const ROWS: &[Row] = &[
    (
        "云川州绿谷产业园年产二十万吨高端番茄制品精深加工及冷链仓储一体化项目",
        "Tomato processing with cold storage, Lügu park",
        ("云川州 绿谷产业园", "Yunchuan, Lügu"),
        ("食品制造业", "Food"),
        1250,
        320,
        1,
    ),
    (
        "岭西棉纺织全产业链集群",
        "Cotton cluster of Lingxi",
        ("岭西地区", "Lingxi"),
        ("纺织业", "Textiles"),
        4600,
        1200,
        1,
    ),
    (
        "第七师石桥市葡萄酒庄集群与文旅融合",
        "",
        ("第七师石桥市", "Shiqiao"),
        ("酒、饮料制造业", "Beverages"),
        380,
        150,
        2,
    ),
    (
        "北河市光伏组件及储能电池生产基地",
        "Solar modules and storage cells",
        ("北河市", "Beihe"),
        ("电气机械制造业", "Electrical"),
        0,
        600,
        0,
    ),
    (
        "哈勒塔依草原牦牛乳制品",
        "Yak dairy of Haletay",
        ("哈勒塔依草原自治州", "Haletay"),
        ("食品制造业", "Food"),
        92,
        0,
        1,
    ),
    (
        "清水市新型建材产业园标准厂房招商",
        "",
        ("清水市", "Qingshui"),
        ("非金属矿物制品业", "Minerals"),
        730,
        480,
        3,
    ),
    (
        "南原地区核桃油与休闲食品加工",
        "Walnut oil of Nanyuan",
        ("南原地区", "Nanyuan"),
        ("农副食品加工业", "Agrifood"),
        165,
        60,
        1,
    ),
    (
        "乌兰市口岸跨境电商集采中心",
        "Border e-commerce centre",
        ("乌兰市", "Wulan"),
        ("批发业", "Wholesale"),
        540,
        210,
        2,
    ),
];

fn list(locale: Locale) -> List {
    let t = locale;
    let statuses = |at: u8| match at {
        0 => badge(t, "草稿", "draft", Tone::Neutral),
        1 => badge(t, "公开推介", "open", Tone::Good),
        2 => badge(t, "洽谈中", "in talks", Tone::Info),
        _ => badge(t, "已落地", "landed", Tone::Neutral),
    };
    let row = |(at, row): (usize, &Row)| {
        let (zh, en, place, sector, yi, mu, status) = *row;
        ListRow {
            code: format!("XM-2026-{:06}", at + 101),
            title: if en.is_empty() { zh.into() } else { pick(t, zh, en) },
            href: "record.html".into(),
            cells: vec![
                Cell::Code(format!("XM-2026-{:06}", at + 101)),
                Cell::Badge(statuses(status)),
                Cell::Text(pick(t, place.0, place.1)),
                Cell::Text(pick(t, sector.0, sector.1)),
                if yi == 0 { Cell::Unknown } else { Cell::Amount(money(t, yi, ("约", "about"))) },
                if mu == 0 {
                    Cell::Unknown
                } else {
                    Cell::Number(pick(t, &format!("{mu} 亩"), &format!("{mu} mu")))
                },
                Cell::Text(pick(t, "云川州招商局", "Yunchuan investment bureau")),
                Cell::Day(format!("2026-0{}-{:02}", 3 + at % 6, 4 + at * 3)),
            ],
            ..ListRow::default()
        }
    };
    let column = |zh: &str, en: &str, numeric, sort: Option<Order>| Column {
        label: pick(t, zh, en),
        numeric,
        sort: sort.map(|order| Sort { href: "#".into(), order }),
    };
    List {
        shell: listing(t),
        crumbs: vec![link(&pick(t, "项目库", "Project library"), "list.html")],
        title: pick(t, "推介项目", "Opportunities"),
        intro: pick(
            t,
            "受援地推介的项目，公开后任何支援地企业可见",
            "What host regions seek; open ones are seen by all enterprises",
        ),
        address: "list.html".into(),
        state: [("region", "yc"), ("status", "open"), ("status", "talks"), ("sort", "-investment")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        filters: filters(t),
        chips: vec![
            Chip {
                label: pick(t, "地区", "Region"),
                value: pick(t, "云川州及所属", "Yunchuan and below"),
                remove: "#".into(),
            },
            Chip {
                label: pick(t, "状态", "Status"),
                value: pick(t, "公开推介、洽谈中", "open, in talks"),
                remove: "#".into(),
            },
            Chip {
                label: pick(t, "拟投资", "Investment"),
                value: pick(t, "1 亿元以上", "over CNY 0.1 bn"),
                remove: "#".into(),
            },
        ],
        new: Some(link(&pick(t, "新建推介项目", "New opportunity"), "form.html")),
        exports: vec![link("Excel (.xlsx)", "#"), link("CSV (.csv)", "#")],
        views: Some(views(t)),
        displays: displays(t, false),
        name_column: column("项目名称", "Opportunity", false, Some(Order::Unsorted)),
        columns: vec![
            column("编号", "Code", false, Some(Order::Unsorted)),
            column("状态", "Status", false, None),
            column("地区、园区", "Place", false, None),
            column("行业", "Sector", false, None),
            column("拟投资", "Investment", true, Some(Order::Descending)),
            column("用地", "Land", true, Some(Order::Unsorted)),
            column("责任单位", "Owner", false, None),
            column("更新", "Updated", false, Some(Order::Unsorted)),
        ],
        column_choices: choices(
            &[
                ("code", "编号 Code", 0),
                ("status", "状态 Status", 0),
                ("place", "地区 Place", 0),
                ("power", "用电 Power", 0),
            ],
            "status",
        ),
        rows: ROWS.iter().cycle().take(24).enumerate().map(row).collect(),
        bulk: Some(Bulk {
            action: "bulk.html".into(),
            query: "region=yc".into(),
            fields: vec![
                FormField {
                    name: "status".into(),
                    label: pick(t, "状态", "Status"),
                    control: Control::Choice(choices(
                        &[("open", "公开推介 open", 0), ("closed", "关闭 closed", 0)],
                        "",
                    )),
                    ..FormField::default()
                },
                FormField {
                    name: "owner".into(),
                    label: pick(t, "责任单位", "Owner"),
                    control: Control::Record { value: String::new(), suggest: "suggest.html".into() },
                    ..FormField::default()
                },
            ],
        }),
        next: Some("#".into()),
        empty_hint: pick(t, "新建一个，或从电子表格导入。", "Make one, or import a spreadsheet."),
        ..List::default()
    }
}

fn filters(t: Locale) -> Vec<Filter> {
    let filter = |name: &str, zh: &str, en: &str, more, control| Filter {
        name: name.into(),
        label: pick(t, zh, en),
        control,
        more,
    };
    let some = |list: &[(&str, &str, u8)], on: &[&str]| -> Vec<Choice> {
        list.iter()
            .map(|(value, label, depth)| Choice {
                value: (*value).into(),
                label: (*label).into(),
                selected: on.contains(value),
                depth: *depth,
            })
            .collect()
    };
    vec![
        filter(
            "q",
            "搜索",
            "Search",
            false,
            FilterControl::Text {
                value: String::new(),
                placeholder: pick(t, "名称、编号、正文、所附资料", "Name, code, text, attached documents"),
            },
        ),
        filter(
            "region",
            "地区",
            "Region",
            false,
            FilterControl::Region {
                choices: some(
                    &[
                        ("yc", "云川州", 0),
                        ("dg", "东沟县", 1),
                        ("lx", "岭西地区", 0),
                        ("ds", "第七师石桥市", 1),
                    ],
                    &["yc"],
                ),
                geographic: Some(false),
            },
        ),
        filter(
            "status",
            "状态",
            "Status",
            false,
            FilterControl::Many(some(
                &[
                    ("draft", "草稿 draft", 0),
                    ("open", "公开推介 open", 0),
                    ("talks", "洽谈中 talks", 0),
                    ("landed", "已落地 landed", 0),
                ],
                &["open", "talks"],
            )),
        ),
        filter(
            "sector",
            "行业",
            "Sector",
            false,
            FilterControl::One(some(
                &[("C", "C 制造业", 0), ("C14", "14 食品制造业", 1), ("C17", "17 纺织业", 1)],
                &[],
            )),
        ),
        filter(
            "investment",
            "拟投资",
            "Investment",
            true,
            FilterControl::Numbers {
                from: "1".into(),
                to: String::new(),
                unit: pick(t, "亿元", "CNY 100 m"),
            },
        ),
        filter(
            "updated",
            "更新",
            "Updated",
            true,
            FilterControl::Days { from: String::new(), to: String::new() },
        ),
        filter(
            "park",
            "园区",
            "Park",
            true,
            FilterControl::Record { value: String::new(), suggest: "suggest.html".into() },
        ),
    ]
}

fn views(t: Locale) -> Views {
    let view = |zh: &str, en: &str, shared, owner: &str, mine: bool| SavedView {
        name: pick(t, zh, en),
        href: "list.html".into(),
        owner: owner.into(),
        shared,
        current: mine,
        delete: mine.then(|| "#".into()),
    };
    Views {
        saved: vec![
            view("云川州公开项目", "Open ones of Yunchuan", false, "", true),
            view(
                "九月推介会备选",
                "Candidates for the September fair",
                true,
                &pick(t, "林晓", "Lin Xiao"),
                false,
            ),
        ],
        action: "#".into(),
        query: "region=yc&status=open".into(),
        may_share: true,
    }
}

fn bulk_preview(t: Locale) -> BulkPreview {
    let row = |at: usize, before: &str, refused: &str| BulkRow {
        record: link(
            &pick(t, ROWS[at].0, if ROWS[at].1.is_empty() { ROWS[at].0 } else { ROWS[at].1 }),
            "record.html",
        ),
        code: format!("XM-2026-{:06}", at + 101),
        before: before.into(),
        after: pick(t, "关闭", "closed"),
        refused: refused.into(),
    };
    BulkPreview {
        shell: listing(t),
        crumbs: vec![link(&pick(t, "推介项目", "Opportunities"), "list.html")],
        field: pick(t, "状态", "Status"),
        value: pick(t, "关闭", "closed"),
        reason: pick(t, "本批次推介结束", "The round is over"),
        rows: vec![
            row(
                3,
                &pick(t, "草稿", "draft"),
                &pick(
                    t,
                    "第七师石桥市的记录由第七师维护，您没有修改权",
                    "Kept by the Seventh Division; you may not change it",
                ),
            ),
            row(0, &pick(t, "公开推介", "open"), ""),
            row(1, &pick(t, "公开推介", "open"), ""),
            row(2, "", ""),
        ],
        changing: 214,
        refused: 1,
        same: 6,
        action: "#".into(),
        hidden: vec![("record".into(), "XM-2026-000101".into())],
        back: "list.html".into(),
    }
}

fn fact(t: Locale, zh: &str, en: &str, value: Cell) -> Fact {
    Fact { label: pick(t, zh, en), value, ..Fact::default() }
}

fn text(t: Locale, zh: &str, en: &str) -> Cell {
    Cell::Long(pick(t, zh, en))
}

fn add(t: Locale, id: &str, zh: &str, en: &str, fields: Vec<FormField>) -> InlineForm {
    InlineForm {
        id: id.into(),
        label: pick(t, zh, en),
        action: "#".into(),
        fields,
        submit: t.save().into(),
        ..InlineForm::default()
    }
}

fn record_field(t: Locale, name: &str, zh: &str, en: &str) -> FormField {
    FormField {
        name: name.into(),
        label: pick(t, zh, en),
        required: true,
        control: Control::Record { value: String::new(), suggest: "suggest.html".into() },
        ..FormField::default()
    }
}

fn figure_form(t: Locale) -> InlineForm {
    let approx =
        choices(&[("exact", &pick(t, "准确", "exactly"), 0), ("over", &pick(t, "超", "over"), 0)], "exact");
    let unit = choices(
        &[("yi", &pick(t, "亿元", "CNY 100 m"), 0), ("wan", &pick(t, "万元", "CNY 10,000"), 0)],
        "wan",
    );
    add(
        t,
        "add-figure",
        "登记数据",
        "Add a figure",
        vec![
            FormField {
                name: "measure".into(),
                label: t.measure().into(),
                required: true,
                control: Control::Choice(choices(
                    &[("signed", &pick(t, "投资协议额", "Contracts signed"), 0)],
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
    let row = |zh: &str, en: &str, role: Option<Badge>, note: &str| Attachment {
        document: link(&pick(t, zh, en), "reader.html"),
        role,
        note: note.into(),
        buttons: vec![
            PostButton {
                label: pick(t, "标为盖章文本", "Mark as stamped"),
                action: "#".into(),
                ..PostButton::default()
            },
            PostButton {
                label: pick(t, "移除", "Remove"),
                action: "#".into(),
                tone: Tone::Bad,
                ..PostButton::default()
            },
        ],
    };
    let file = FormField {
        name: "file".into(),
        label: pick(t, "文件", "File"),
        required: true,
        control: Control::File { accept: ".pdf,.docx".into() },
        ..FormField::default()
    };
    let stamped = FormField {
        name: "stamped".into(),
        label: pick(t, "性质", "Nature"),
        control: Control::Flag { checked: false, text: pick(t, "盖章文本", "Stamped copy") },
        ..FormField::default()
    };
    Attachments {
        rows: vec![
            row(
                "年产二十万吨番茄制品项目可行性研究报告",
                "Feasibility study",
                None,
                "PDF · 4.2 MB · 2026-05-11",
            ),
            row(
                "绿谷产业园招商引资优惠政策（云政规〔2025〕14号）",
                "Incentives of the Lügu park",
                Some(badge(t, "盖章文本", "stamped copy", Tone::Good)),
                &pick(t, "云川州人民政府 · 2025-11-03", "Yunchuan government · 2025-11-03"),
            ),
        ],
        add: vec![
            add(
                t,
                "attach",
                "附上已有资料",
                "Attach one that is here",
                vec![record_field(t, "document", "资料", "Document")],
            ),
            add(t, "upload", "上传", "Upload", vec![file, stamped]),
        ],
    }
}

fn people(t: Locale) -> People {
    People {
        rows: vec![Person {
            person: link(&pick(t, "林晓", "Lin Xiao"), "#"),
            position: pick(t, "云川州招商局 项目科科长", "Yunchuan investment bureau, head of projects"),
            role: pick(t, "联系人", "contact"),
            reach: vec!["0900-555 0142".into(), "linxiao@example.cn".into()],
            remove: Some("#".into()),
        }],
        add: Some(add(
            t,
            "add-person",
            "添加联系人",
            "Add a contact",
            vec![record_field(t, "contact", "联系人", "Contact")],
        )),
    }
}

fn timeline(t: Locale) -> Vec<TimelineEntry> {
    let entry =
        |when: &str, kind: (&str, &str, Tone), zh: &str, en: &str, who: &str, note: &str| TimelineEntry {
            when: when.into(),
            kind: badge(t, kind.0, kind.1, kind.2),
            text: pick(t, zh, en),
            href: Some("audit.html".into()),
            who: who.into(),
            note: note.into(),
        };
    let change = ("变更", "change", Tone::Neutral);
    vec![
        entry(
            "2026-09-12 16:40",
            change,
            "用地 280 亩 → 320 亩",
            "Land 280 mu → 320 mu",
            &pick(t, "林晓", "Lin Xiao"),
            &pick(t, "控规调整", "zoning changed"),
        ),
        entry(
            "2026-07-18",
            ("数据", "figure", Tone::Info),
            "拟投资约 12.5 亿元",
            "Investment about CNY 1.25 bn",
            &pick(t, "周明远", "Zhou Mingyuan"),
            "",
        ),
        entry(
            "2026-06-26",
            ("活动", "event", Tone::Warn),
            "第三届云川特色产业推介会",
            "Third Yunchuan fair",
            "",
            &pick(t, "现场推介", "presented"),
        ),
        entry(
            "2026-05-20",
            ("状态", "status", Tone::Good),
            "草稿 → 公开推介",
            "draft → open",
            &pick(t, "周明远", "Zhou Mingyuan"),
            "",
        ),
        entry("2026-05-11 09:02", change, "新建", "Entered", &pick(t, "林晓", "Lin Xiao"), ""),
    ]
}

fn standing(t: Locale) -> Standing {
    let step = |zh: &str, en: &str, state, day: &str| Step { label: pick(t, zh, en), state, day: day.into() };
    let missing = |zh: &str, en: &str, note: (&str, &str)| Missing {
        label: pick(t, zh, en),
        href: "form.html#f-power".into(),
        note: pick(t, note.0, note.1),
    };
    Standing {
        steps: vec![
            step("草稿", "draft", StepState::Done, "2026-05-11"),
            step("公开推介", "open", StepState::Current, "2026-05-20"),
            step("洽谈中", "in talks", StepState::Ahead, ""),
            step("签约", "signed", StepState::Ahead, ""),
            step("已落地", "landed", StepState::Ahead, ""),
        ],
        next: pick(t, "洽谈中", "in talks"),
        missing: vec![
            missing("用电负荷", "Power", ("推介页必填", "the public page needs it")),
            missing(
                "公平竞争审查意见",
                "Fair-competition review",
                ("政策《云政规〔2025〕14号》", "of the incentives of 2025"),
            ),
            missing("联系单位", "Contact office", ("", "")),
        ],
        moves: vec![add(
            t,
            "move",
            "转入“洽谈中”",
            "Move to “in talks”",
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
    let row = ROWS[0];
    let related = |zh: &str, en: &str, status: Badge, note: &str| RelatedRow {
        record: link(&pick(t, zh, en), "record.html"),
        status: Some(status),
        note: note.into(),
        amount: None,
        remove: Some("#".into()),
    };
    RecordPage {
        shell: Shell {
            watermark: Some(pick(t, "周明远 2026-11-22 10:24", "Zhou Mingyuan 2026-11-22 10:24")),
            ..listing(t)
        },
        crumbs: vec![link(&pick(t, "推介项目", "Opportunities"), "list.html")],
        kind: pick(t, "推介项目", "Opportunity"),
        code: "XM-2026-000101".into(),
        title: pick(t, row.0, row.1),
        other_title: pick(t, row.1, row.0),
        status: Some(badge(t, "公开推介", "open", Tone::Good)),
        key_facts: vec![
            fact(t, "拟投资", "Investment", Cell::Amount(money(t, 1250, ("约", "about")))),
            fact(t, "地区", "Region", Cell::Link(link(&pick(t, row.2.0, row.2.1), "#"))),
            fact(t, "行业", "Sector", text(t, "C14 食品制造业", "C14 Food")),
            fact(
                t,
                "责任单位",
                "Owner",
                Cell::Link(link(&pick(t, "云川州招商局", "Yunchuan investment bureau"), "#")),
            ),
        ],
        actions: vec![
            link(&pick(t, "编辑", "Edit"), "form.html"),
            link(&pick(t, "推介页", "Public page"), "brochure.html"),
        ],
        more: vec![
            link(&pick(t, "导出 .docx", "Export .docx"), "#"),
            link(&pick(t, "合并重复记录", "Merge a duplicate"), "merge.html"),
        ],
        notices: vec![Notice {
            tone: Tone::Warn,
            text: pick(
                t,
                "政策《云政规〔2025〕14号》将于 2026-12-31 到期。",
                "The incentives of 2025 end on 2026-12-31.",
            ),
            link: Some(link(&pick(t, "查看政策", "See the policy"), "#")),
        }],
        standing: Some(standing(t)),
        facts: opportunity_facts(t),
        names: vec![NameRow {
            name: pick(t, "番茄深加工项目", "Tomato project"),
            kind: pick(t, "简称", "short name"),
            valid: String::new(),
        }],
        figures: Some(RecordFigures {
            rows: super::work::figures(t, 2),
            all: Some(link(t.all(), "figures.html")),
            add: Some(figure_form(t)),
        }),
        documents: Some(documents(t)),
        people: Some(people(t)),
        relations: vec![
            RelationGroup {
                label: pick(t, "匹配的企业需求", "Matching needs"),
                rows: vec![
                    related(
                        "青禾食品集团：西北番茄原料基地",
                        "Qinghe Foods: tomato base",
                        badge(t, "洽谈中", "in talks", Tone::Info),
                        &pick(t, "青禾省 · 拟投资 8 亿元", "Qinghe · CNY 0.8 bn"),
                    ),
                    related(
                        "江州果蔬股份：浓缩果汁灌装线",
                        "Jiangzhou Fruit: juice line",
                        badge(t, "新提出", "new", Tone::Neutral),
                        &pick(t, "江州市", "Jiangzhou"),
                    ),
                ],
                add: Some(add(
                    t,
                    "add-need",
                    "关联需求",
                    "Link a need",
                    vec![record_field(t, "need", "企业需求", "Need")],
                )),
                ..RelationGroup::default()
            },
            RelationGroup { label: pick(t, "适用政策", "Policies"), ..RelationGroup::default() },
        ],
        sources: vec![SourceRow {
            title: quote(t).document.label,
            publisher: pick(t, "云川日报", "Yunchuan Daily"),
            date: "2026-07-18".into(),
            href: Some("reader.html".into()),
        }],
        quotes: vec![quote(t)],
        timeline: timeline(t),
        audit_href: "audit.html".into(),
        ..RecordPage::default()
    }
}

fn opportunity_facts(t: Locale) -> Vec<FactGroup> {
    let source = || Some(link(&quote(t).document.label, "reader.html"));
    vec![
        FactGroup {
            label: pick(t, "项目", "Project"),
            facts: vec![
                fact(
                    t,
                    "建设内容",
                    "What is built",
                    text(
                        t,
                        "建设四条番茄制品生产线、三万吨气调冷库与检验中心，分两期实施；一期形成年产八万吨能力，二期达到年产二十万吨。",
                        "Four lines, a cold store of 30,000 t and a laboratory, in two phases.",
                    ),
                ),
                Fact {
                    source: source(),
                    ..fact(
                        t,
                        "原料条件",
                        "Raw material",
                        text(
                            t,
                            "全州加工番茄种植面积四十二万亩，亩产六吨以上",
                            "420,000 mu of processing tomato",
                        ),
                    )
                },
                fact(
                    t,
                    "寻求伙伴",
                    "Partner sought",
                    text(t, "具有出口资质的食品加工企业", "A food maker licensed to export"),
                ),
                fact(t, "合作方式", "Form", text(t, "独资、合资、合作均可", "Any form")),
            ],
        },
        FactGroup {
            label: pick(t, "要素保障", "Land and utilities"),
            facts: vec![
                Fact {
                    note: pick(t, "工业用地，可分期供地", "industrial, in phases"),
                    ..fact(t, "用地", "Land", Cell::Number(pick(t, "320 亩", "320 mu")))
                },
                fact(t, "用电", "Power", Cell::Unknown),
                Fact {
                    source: source(),
                    ..fact(t, "用水", "Water", text(t, "日供 1.2 万立方米", "12,000 m³ a day"))
                },
                fact(t, "所在园区", "Park", Cell::Link(link(&pick(t, "绿谷产业园", "Lügu park"), "#"))),
            ],
        },
    ]
}

fn agreement(t: Locale) -> RecordPage {
    let party = |zh: &str, en: &str, role: (&str, &str), region: (&str, &str), share: &str| PartyRow {
        party: link(&pick(t, zh, en), "#"),
        role: pick(t, role.0, role.1),
        region: pick(t, region.0, region.1),
        share: share.into(),
        note: String::new(),
        remove: Some("#".into()),
    };
    let sum = |zh: &str, en: &str, stated: u64, parts: u64, verdict: Badge| SumCheck {
        label: pick(t, zh, en),
        stated: Cell::Amount(money(t, stated, ("", ""))),
        sum: Cell::Amount(money(t, parts, ("", ""))),
        difference: (stated != parts).then(|| money(t, stated.abs_diff(parts), ("", ""))),
        verdict,
        href: None,
    };
    RecordPage {
        shell: Shell { groups: nav(t, "agreements"), ..shell(t, Nav::Elsewhere) },
        crumbs: vec![link(&pick(t, "协议", "Agreements"), "list.html")],
        kind: pick(t, "协议", "Agreement"),
        code: "XY-2026-000031".into(),
        title: pick(t, "五方共建绿谷产业园合作框架协议", "Five-party framework for the Lügu park"),
        status: Some(badge(t, "有效", "in force", Tone::Good)),
        key_facts: vec![
            fact(t, "类别", "Kind", text(t, "框架协议", "framework")),
            fact(t, "签订", "Signed", Cell::Day("2026-06-26".into())),
            fact(t, "有效期", "Validity", Cell::Day("2026-06-26 – 2029-06-25".into())),
            fact(t, "意向及框架额", "Intent", Cell::Amount(money(t, 24618, ("", "")))),
        ],
        actions: vec![link(&pick(t, "编辑", "Edit"), "form.html")],
        facts: vec![FactGroup {
            facts: vec![
                fact(
                    t,
                    "签约活动",
                    "Event",
                    Cell::Link(link(&pick(t, "第三届云川特色产业推介会", "Third Yunchuan fair"), "#")),
                ),
                fact(t, "续签", "Renewal", Cell::Unknown),
                fact(t, "解除", "Rescission", Cell::Nothing),
            ],
            ..FactGroup::default()
        }],
        figures: Some(RecordFigures {
            rows: super::work::figures(t, 3),
            all: None,
            add: Some(figure_form(t)),
        }),
        sums: vec![
            sum("四个受援地小计", "Four host regions", 24618, 24618, badge(t, "相符", "agrees", Tone::Good)),
            sum("子协议合计", "Sub-agreements", 24618, 23900, badge(t, "相差", "differs", Tone::Bad)),
        ],
        parties: Some(Parties {
            rows: vec![
                party(
                    "云川州人民政府",
                    "Yunchuan government",
                    ("甲方", "first party"),
                    ("云川州", "Yunchuan"),
                    "",
                ),
                party(
                    "青禾省前方指挥部",
                    "Qinghe front command",
                    ("乙方", "second party"),
                    ("青禾省", "Qinghe"),
                    "60%",
                ),
                party(
                    "第七师石桥市",
                    "Seventh Division",
                    ("丙方", "third party"),
                    ("第七师石桥市", "Shiqiao"),
                    "40%",
                ),
                party(
                    "青禾食品集团有限公司",
                    "Qinghe Foods",
                    ("投资方", "investor"),
                    ("青禾省", "Qinghe"),
                    "",
                ),
                party("云川产业协会", "Yunchuan industry association", ("见证方", "witness"), ("", ""), ""),
            ],
            add: Some(add(
                t,
                "add-party",
                "添加当事方",
                "Add a party",
                vec![record_field(t, "party", "单位", "Organisation")],
            )),
        }),
        documents: Some(Attachments::default()),
        relations: vec![RelationGroup {
            label: pick(t, "子协议", "Sub-agreements"),
            rows: (1..4)
                .map(|at| RelatedRow {
                    record: link(
                        &pick(
                            t,
                            &format!("绿谷产业园二期投资协议（{at}）"),
                            &format!("Investment agreement {at}"),
                        ),
                        "#",
                    ),
                    status: Some(badge(t, "投资协议", "investment", Tone::Info)),
                    note: "2026-07-1".to_owned() + &at.to_string(),
                    amount: Some(money(t, at * 410, ("", ""))),
                    remove: None,
                })
                .collect(),
            ..RelationGroup::default()
        }],
        timeline: timeline(t),
        audit_href: "audit.html".into(),
        ..RecordPage::default()
    }
}
