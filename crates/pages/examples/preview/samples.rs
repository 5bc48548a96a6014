//! Entrance, overview, checks, registers, and the small values the other samples share. All invented.

use locale::Locale;
use pages::{
    Amount, Audit, Badge, ChangeItem, ChangeRow, Check, CheckSummary, Checks, Choice, DemoUser, ErrorPage,
    Field, Flash, Flow, Headline, Link, Login, Map, MeasureGroup, MeasureRow, Nav, NavEntry, NavGroup,
    Overview, Part, Phase, ProgrammeCard, ProgrammeRef, Programmes, Quote, RegionCell, RegionRow, ReviewItem,
    SearchHits, SearchPage, SearchPlace, SearchRow, Shell, Supporter, Tile, Tone, UserRef, Verdict,
};

/// One of two texts by language.
pub fn pick(locale: Locale, zh: &str, en: &str) -> String {
    match locale {
        Locale::Zh => zh.to_owned(),
        Locale::En => en.to_owned(),
    }
}

/// One of two texts written as `中文|English`; the Chinese where there is no English.
pub fn say(locale: Locale, words: &str) -> String {
    let (zh, en) = words.split_once('|').unwrap_or((words, words));
    pick(locale, zh, if en.is_empty() { zh } else { en })
}

pub fn shell(locale: Locale, nav: Nav) -> Shell {
    Shell {
        locale,
        programme: Some(ProgrammeRef {
            code: "qinghe".into(),
            name: pick(locale, "青禾—云川产业协作", "Qinghe–Yunchuan partnership"),
        }),
        user: Some(UserRef {
            name: pick(locale, "周明远", "Zhou Mingyuan"),
            role: pick(locale, "前方指挥部 审核", "front office, reviewer"),
        }),
        nav,
        path: "/p/qinghe/documents".into(),
        open_claims: 37,
        ..Shell::default()
    }
}

/// An amount in 亿元 or CNY bn: `yi` is hundredths of 亿元.
pub fn money(locale: Locale, yi: u64, approx: (&str, &str)) -> Amount {
    let fen = |zero: &str| format!("{}{zero}", group(yi * 1_000_000));
    match locale {
        Locale::Zh => Amount {
            short: decimal(yi, 100),
            exact: format!("{} 元", fen("")),
            unit: "亿元".into(),
            approx: approx.0.into(),
        },
        Locale::En => Amount {
            short: decimal(yi, 1000),
            exact: format!("CNY {}", fen("")),
            unit: "CNY bn".into(),
            approx: approx.1.into(),
        },
    }
}

fn decimal(value: u64, scale: u64) -> String {
    let digits = scale.ilog10() as usize;
    let text = format!("{}.{:0digits$}", value / scale, value % scale);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn group(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub fn count(locale: Locale, number: &str, unit: (&str, &str)) -> Amount {
    let unit = pick(locale, unit.0, unit.1);
    Amount { short: number.into(), exact: format!("{number} {unit}"), unit, approx: String::new() }
}

pub fn link(label: &str, href: &str) -> Link {
    Link { label: label.into(), href: href.into() }
}

pub fn field(label: &str, value: &str) -> Field {
    Field { label: label.into(), value: value.into(), ..Field::default() }
}

pub fn choices(list: &[(&str, &str, u8)], selected: &str) -> Vec<Choice> {
    list.iter()
        .map(|(value, label, depth)| Choice {
            value: (*value).into(),
            label: (*label).into(),
            selected: *value == selected,
            depth: *depth,
        })
        .collect()
}

pub fn quote(locale: Locale) -> Quote {
    Quote {
        before: pick(
            locale,
            "……开年以来，两地共同举办推介会六场，集中签约项目合同金额",
            "… six joint fairs this year, contracts signed come to ",
        ),
        quote: pick(locale, "超390亿元", "over CNY 39 billion"),
        after: pick(
            locale,
            "，其中云川州78.75亿元、岭西地区91.95亿元。",
            ", of which Yunchuan 7.875 and Lingxi 9.195 billion.",
        ),
        document: link(
            &pick(
                locale,
                "青禾云川产业协作年中情况通报",
                "Mid-year bulletin of the Qinghe–Yunchuan partnership",
            ),
            "reader.html?claim=2#c-2",
        ),
        published: pick(locale, "云川日报 · 2026-07-18", "Yunchuan Daily · 2026-07-18"),
    }
}

pub fn pages(locale: Locale) -> Vec<(&'static str, String)> {
    let entrance = Shell { programme: None, ..shell(locale, Nav::Elsewhere) };
    let empty = Overview {
        shell: Shell { open_claims: 0, ..shell(locale, Nav::Overview) },
        can_add: true,
        ..Overview::default()
    };
    let missing = ErrorPage {
        shell: shell(locale, Nav::Elsewhere),
        status: 404,
        message: locale.error_record_not_found("SJ-2026-000999"),
        advice: locale.error_not_found_advice().into(),
    };
    vec![
        ("login", login(locale).render()),
        ("programmes", programmes(locale, entrance).render()),
        ("error", missing.render()),
        ("overview", overview(locale).render()),
        ("overview-empty", empty.render()),
        ("checks", all_checks(locale).render()),
        ("search", search(locale).render()),
        ("audit", audit(locale).render()),
    ]
}

fn login(locale: Locale) -> Login {
    let user = |login: &str, name: &str, role: (&str, &str)| DemoUser {
        login: login.into(),
        name: name.into(),
        role: pick(locale, role.0, role.1),
    };
    Login {
        shell: Shell { locale, path: "/login".into(), ..Shell::default() },
        next: "/".into(),
        wrong: pages::Wrong { field: "password".into(), words: locale.login_failed().into() },
        demo_users: vec![
            user("zhou", "周明远", ("前方指挥部 审核", "front office, reviewer")),
            user("lin", "林晓", ("前方指挥部 填报", "front office, editor")),
            user("hemin", "何敏", ("受援地 查看", "host region, reader")),
            user("audit", "审计员", ("安全审计", "security auditor")),
        ],
        demo_password: "luodi-demo".into(),
        ..Login::default()
    }
}

fn programmes(locale: Locale, shell: Shell) -> Programmes {
    let card = |code: &str, name: String, note: String, open_claims| ProgrammeCard {
        code: code.into(),
        name,
        note,
        documents: 5,
        figures: 128,
        open_claims,
    };
    Programmes {
        accounts: false,
        contact_views: false,
        shell,
        programmes: vec![
            card(
                "qinghe",
                pick(locale, "青禾—云川产业协作", "Qinghe–Yunchuan partnership"),
                pick(
                    locale,
                    "青禾省六市与云川州八县区结对",
                    "Six cities of Qinghe paired with eight counties of Yunchuan",
                ),
                37,
            ),
            card("haitan", pick(locale, "海滩—北原对口支援", "Haitan–Beiyuan programme"), String::new(), 0),
        ],
    }
}

const HOSTS: [(&str, &str, &str, u16, u16, u64); 12] = [
    ("yc", "云川州", "Yunchuan", 3, 0, 7875),
    ("lx", "岭西地区", "Lingxi", 2, 0, 9195),
    ("bh", "北河市", "Beihe", 4, 0, 7338),
    ("ht", "哈勒塔依草原自治州", "Haletay Steppe Prefecture", 0, 1, 2110),
    ("sg", "三工镇", "Sangong", 1, 1, 0),
    ("qs", "清水市", "Qingshui", 2, 1, 1240),
    ("dg", "东沟县", "Donggou", 3, 1, 480),
    ("ds", "第七师石桥市", "Seventh Division, Shiqiao", 4, 1, 3026),
    ("ny", "南原地区", "Nanyuan", 1, 2, 610),
    ("kz", "柯孜勒克尔自治州", "Kezilker", 0, 2, 0),
    ("ab", "阿巴县", "Aba", 2, 2, 95),
    ("wl", "乌兰市", "Wulan", 3, 2, 1788),
];

/// Code, names, and the hosts it supports with the weight of each.
type SampleSupporter = (&'static str, &'static str, &'static str, &'static [(&'static str, u8)]);

const SUPPORTERS: [SampleSupporter; 8] = [
    ("qh", "青禾省", "Qinghe", &[("yc", 4), ("bh", 3)]),
    ("hs", "海市", "Haishi", &[("lx", 4)]),
    ("gl", "广陵市", "Guangling", &[("ht", 2)]),
    ("jz", "江州市", "Jiangzhou", &[("kz", 0)]),
    ("xa", "新安省", "Xin'an", &[("qs", 2), ("dg", 1)]),
    ("pc", "平川省", "Pingchuan", &[("ds", 3)]),
    ("mz", "闽洲省", "Minzhou", &[("ny", 1)]),
    ("td", "滩东经济特区", "Tandong SEZ", &[("wl", 2), ("ab", 1)]),
];

fn map(locale: Locale) -> Map {
    let tiles = HOSTS
        .iter()
        .map(|(code, zh, en, col, row, yi)| {
            let amount = money(locale, *yi, ("", ""));
            Tile {
                code: (*code).into(),
                name: pick(locale, zh, en),
                col: *col,
                row: *row,
                value: if *yi == 0 { String::new() } else { format!("{} {}", amount.short, amount.unit) },
                intensity: match yi {
                    0 => 0,
                    1..=999 => 1,
                    1000..=2999 => 2,
                    3000..=7499 => 3,
                    _ => 4,
                },
                href: "total.html".into(),
            }
        })
        .collect();
    let flow = |from: &str, (to, weight): &(&str, u8)| {
        let amount = money(locale, u64::from(*weight) * 920, ("", ""));
        Flow {
            supporter: from.into(),
            host: (*to).into(),
            weight: *weight,
            value: if *weight == 0 { String::new() } else { format!("{} {}", amount.short, amount.unit) },
        }
    };
    Map {
        measure: pick(locale, "投资协议额", "Contracts signed"),
        measures: vec![
            (link(&pick(locale, "投资协议额", "Contracts signed"), "#"), true),
            (link(&pick(locale, "意向及框架额", "Intents and frameworks"), "#"), false),
            (link(&pick(locale, "到位资金(招商口径)", "Funds arrived"), "#"), false),
        ],
        tiles,
        supporters: SUPPORTERS
            .iter()
            .map(|(code, zh, en, to)| {
                let sum: u8 = to.iter().map(|(_, weight)| weight).sum();
                let amount = money(locale, u64::from(sum) * 920, ("", ""));
                Supporter {
                    code: (*code).into(),
                    name: pick(locale, zh, en),
                    value: if sum == 0 { String::new() } else { format!("{} {}", amount.short, amount.unit) },
                    href: "figures.html".into(),
                }
            })
            .collect(),
        flows: SUPPORTERS.iter().flat_map(|(from, _, _, to)| to.iter().map(|to| flow(from, to))).collect(),
    }
}

fn overview(locale: Locale) -> Overview {
    let headline = |phase, zh: &str, en: &str, yi: Option<(u64, (&str, &str))>, left_out| Headline {
        phase,
        label: pick(locale, zh, en),
        value: yi.map(|(yi, approx)| money(locale, yi, approx)),
        high: None,
        href: "total.html".into(),
        counted: 14,
        left_out,
    };
    Overview {
        progress: pages::Progress::default(),
        shell: shell(locale, Nav::Overview),
        documents: 5,
        can_add: true,
        rule: "default-1".into(),
        headlines: vec![
            headline(Phase::Signed, "投资协议额", "Contracts signed", Some((39000, ("超", "over"))), 6),
            headline(Phase::Signed, "意向及框架额", "Intents and frameworks", Some((24618, ("", ""))), 2),
            headline(
                Phase::Signed,
                "签约额(未分类)",
                "Signed, kind not stated",
                Some((5180, ("近", "nearly"))),
                0,
            ),
            headline(Phase::CarriedOut, "到位资金(招商口径)", "Funds arrived", Some((10563, ("", ""))), 1),
            headline(Phase::CarriedOut, "完成投资(项目口径)", "Works completed", None, 0),
        ],
        measures: measures(locale),
        map: map(locale),
        region_columns: [
            ("投资协议额", "Contracts"),
            ("意向及框架额", "Intents"),
            ("签约额(未分类)", "Signed, unspecified"),
            ("到位资金", "Arrived"),
            ("完成投资", "Completed"),
        ]
        .map(|(zh, en)| pick(locale, zh, en))
        .to_vec(),
        regions: regions(locale),
        review: (0..4).map(|_| review(locale)).collect(),
        review_open: 37,
        checks: CheckSummary { first: checks(locale).into_iter().take(2).collect(), ..summary() },
    }
}

fn measures(locale: Locale) -> Vec<MeasureGroup> {
    let row = |zh: &str, en: &str, total: Amount, left_out| MeasureRow {
        measure: pick(locale, zh, en),
        kind: pick(locale, "期间 2026-01 至 2026-06", "flow 2026-01 to 2026-06"),
        total,
        high: None,
        counted: 9,
        left_out,
        href: "total.html".into(),
    };
    vec![
        MeasureGroup {
            label: pick(locale, "签约", "Signing"),
            rows: vec![
                row("投资协议额", "Contracts signed", money(locale, 39000, ("超", "over")), 6),
                row("意向及框架额", "Intents and frameworks", money(locale, 24618, ("", "")), 2),
            ],
        },
        MeasureGroup {
            label: pick(locale, "计数", "Counts"),
            rows: vec![
                row("项目数", "Projects", count(locale, "129", ("个项目", "projects")), 3),
                MeasureRow {
                    high: Some(count(locale, "43", ("家企业", "enterprises"))),
                    ..row("企业数", "Enterprises", count(locale, "36", ("家企业", "enterprises")), 0)
                },
            ],
        },
    ]
}

fn regions(locale: Locale) -> Vec<RegionRow> {
    HOSTS
        .iter()
        .take(7)
        .enumerate()
        .map(|(at, (_, zh, en, _, _, yi))| {
            let cell = |share: u64, approx| {
                (*yi > 0 && share > 0).then(|| RegionCell {
                    amount: money(locale, yi * share / 100, approx),
                    href: "total.html".into(),
                    percent: u8::try_from(yi * share / 100 / 92).unwrap_or(100),
                })
            };
            RegionRow {
                name: pick(locale, zh, en),
                href: "record.html".into(),
                depth: u8::from(at == 2),
                cells: vec![
                    cell(100, ("", "")),
                    cell(44, ("超", "over")),
                    cell(if at % 2 == 0 { 12 } else { 0 }, ("", "")),
                    cell(31, ("", "")),
                    cell(if at == 1 { 20 } else { 0 }, ("近", "nearly")),
                ],
            }
        })
        .collect()
}

pub fn review(locale: Locale) -> ReviewItem {
    ReviewItem {
        id: "2".into(),
        quote: quote(locale),
        measure: pick(locale, "投资协议额", "Contracts signed"),
        value: money(locale, 39000, ("超", "over")),
        role: String::new(),
        place: pick(locale, "云川州", "Yunchuan"),
        period: String::new(),
        certain: false,
    }
}

fn summary() -> CheckSummary {
    CheckSummary { holding: 5, partial: 2, overlapping: 1, disagreeing: 1, first: Vec::new() }
}

fn checks(locale: Locale) -> Vec<Check> {
    let part = |zh: &str, en: &str, value| Part {
        label: pick(locale, zh, en),
        value,
        href: "figure.html".into(),
        quote: Some(quote(locale)),
    };
    let projects = |number| count(locale, number, ("个项目", "projects"));
    vec![
        Check {
            title: pick(
                locale,
                "推介会签约项目数，2026 年上半年",
                "Projects signed at fairs, first half of 2026",
            ),
            verdict: Verdict::Disagreeing,
            whole: part("全部场次", "all fairs", projects("52")),
            parts: vec![part("春季场", "spring", projects("31")), part("夏季场", "summer", projects("19"))],
            sum: Some(projects("50")),
            difference: Some(projects("2")),
            note: String::new(),
        },
        Check {
            title: pick(locale, "投资协议额，四地合计", "Contracts signed, four regions"),
            verdict: Verdict::Holding,
            whole: part("四地合计", "four regions", money(locale, 24618, ("", ""))),
            parts: vec![
                part("云川州", "Yunchuan", money(locale, 7875, ("", ""))),
                part("岭西地区", "Lingxi", money(locale, 9195, ("", ""))),
                part("北河市", "Beihe", money(locale, 7338, ("", ""))),
                part("三工镇", "Sangong", money(locale, 210, ("", ""))),
            ],
            sum: Some(money(locale, 24618, ("", ""))),
            difference: None,
            note: String::new(),
        },
        Check {
            title: pick(locale, "考察对接促成项目数", "Projects from field trips"),
            verdict: Verdict::Overlapping,
            whole: part("四次考察", "four trips", projects("24")),
            parts: vec![part("第二次", "second", projects("15")), part("第三次", "third", projects("13"))],
            sum: None,
            difference: None,
            note: pick(locale, "同一项目可在多次考察中出现", "one project may appear on several trips"),
        },
    ]
}

fn all_checks(locale: Locale) -> Checks {
    Checks {
        shell: shell(locale, Nav::Checks),
        summary: summary(),
        checks: checks(locale),
        verdict: None,
        next: None,
    }
}

fn search(locale: Locale) -> SearchPage {
    let row = |(at, (_, zh, en, ..)): (usize, &(&str, &str, &str, u16, u16, u64))| SearchRow {
        title: pick(locale, zh, en),
        code: format!("YQ-2026-00000{at}"),
        kind: locale.kind_park().into(),
        href: "record.html".into(),
        place: (at == 2).then(|| {
            let quote = quote(locale);
            let document = quote.document.label;
            SearchPlace { document, before: quote.before, words: quote.quote, after: quote.after }
        }),
    };
    let rows = HOSTS.iter().take(5).enumerate().map(row).collect();
    let hits = SearchHits { locale, query: pick(locale, "云川", "Yunchuan"), rows, more: false, all: None };
    SearchPage { shell: shell(locale, Nav::Elsewhere), hits }
}

fn audit(locale: Locale) -> Audit {
    let item = |field: &str, before: &str, after: &str| ChangeItem {
        record: link("SJ-2026-000123", "figure.html"),
        field: field.into(),
        before: before.into(),
        after: after.into(),
    };
    Audit {
        shell: Shell {
            flash: Some(Flash {
                tone: Tone::Good,
                text: locale.audit_undone_flash().into(),
                ..Flash::default()
            }),
            ..shell(locale, Nav::Figures)
        },
        record: link("SJ-2026-000123", "figure.html"),
        changes: vec![
            ChangeRow {
                id: "812".into(),
                when: "2026-11-22 09:41".into(),
                who: pick(locale, "周明远", "Zhou Mingyuan"),
                kind: pick(locale, "更正识别结果", "Claim corrected"),
                reason: pick(locale, "原文为“超”", "the text says over"),
                items: vec![
                    item(locale.approx(), "", &pick(locale, "超", "over")),
                    item(locale.place(), "", &pick(locale, "云川州", "Yunchuan")),
                ],
                undoable: true,
                ..ChangeRow::default()
            },
            ChangeRow {
                id: "790".into(),
                when: "2026-11-21 17:20".into(),
                who: pick(locale, "林晓", "Lin Xiao"),
                kind: pick(locale, "接受识别结果", "Claim accepted"),
                items: vec![item(
                    locale.audit_created(),
                    "",
                    r#"{"measure":"signed_contract","value":3900000000000,"unit":"CNY","approx":"over"}"#,
                )],
                undone_by: Some("795".into()),
                ..ChangeRow::default()
            },
        ],
        next: None,
    }
}

pub fn status(locale: Locale, at: usize) -> Badge {
    let (label, tone) = match at % 3 {
        0 => (locale.status_filed(), Tone::Neutral),
        1 => (locale.status_reviewed(), Tone::Info),
        _ => (locale.status_approved(), Tone::Good),
    };
    Badge { label: label.into(), tone }
}

/// The navigation of a programme, with the entry of this code as current.
pub fn nav(locale: Locale, current: &str) -> Vec<NavGroup> {
    let group = |zh: &str, en: &str, entries: &[(&str, &str, &str)]| NavGroup {
        label: pick(locale, zh, en),
        entries: entries
            .iter()
            .map(|(code, zh, en)| NavEntry {
                label: pick(locale, zh, en),
                href: "list.html".into(),
                icon: String::new(),
                current: *code == current,
                count: 0,
            })
            .collect(),
        ..NavGroup::default()
    };
    let work = shell(locale, Nav::Elsewhere).work_group();
    let work = NavGroup { entries: work.entries.into_iter().take(5).collect(), ..work };
    vec![
        work,
        group(
            "项目库",
            "Project library",
            &[
                ("opportunities", "推介项目", "Opportunities"),
                ("needs", "企业需求", "Needs"),
                ("leads", "首谈登记", "Lead registrations"),
                ("policies", "政策", "Policies"),
                ("prospects", "意向企业名录", "Prospects"),
            ],
        ),
        group("协议", "Agreements", &[("agreements", "协议", "Agreements"), ("events", "活动", "Events")]),
        group(
            "名录",
            "Registers",
            &[
                ("organisations", "单位", "Organisations"),
                ("parks", "园区", "Parks"),
                ("enclaves", "飞地", "Enclaves"),
                ("offices", "工作机构", "Offices"),
                ("pairings", "结对关系", "Pairings"),
                ("cohorts", "批次", "Cohorts"),
                ("contacts", "联系人", "Contacts"),
            ],
        ),
        group("管理", "Administration", &[("settings", "设置", "Settings")]),
    ]
}

/// The tiles of a list's map: how many records each region has.
pub fn tiles(locale: Locale) -> Vec<Tile> {
    let count = |tile: Tile| Tile {
        value: if tile.value.is_empty() {
            String::new()
        } else {
            (u16::from(tile.intensity) * 7).to_string()
        },
        href: "list.html".into(),
        ..tile
    };
    map(locale).tiles.into_iter().map(count).collect()
}
