//! The list with opportunities, and a bulk change of them. All invented.

use locale::Locale;
use pages::{
    Badge, Bulk, BulkPreview, BulkRow, Cell, Chip, Choice, Column, Control, Filter, FilterControl, FormField,
    Link, List, ListRow, Map, Nav, Order, SavedView, Shell, Sort, Tone, Views,
};

use super::samples::{choices, link, money, nav, say, shell, tiles};

pub fn pages(locale: Locale) -> Vec<(&'static str, String)> {
    let map = List {
        map: Some(Map {
            measure: say(locale, "推介项目（个）|Opportunities"),
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
    ]
}

pub fn listing(locale: Locale) -> Shell {
    Shell { groups: nav(locale, "opportunities"), ..shell(locale, Nav::Elsewhere) }
}

pub fn badge(locale: Locale, words: &str, tone: Tone) -> Badge {
    Badge { label: say(locale, words), tone }
}

fn displays(locale: Locale, map: bool) -> Vec<(Link, bool)> {
    vec![
        (link(&say(locale, "表格|Table"), "list.html"), !map),
        (link(&say(locale, "地图|Map"), "list-map.html"), map),
    ]
}

/// Title, place, sector, investment in hundredths of 亿元, land in mu, status.
pub type Row = (&'static str, &'static str, &'static str, u64, u32, u8);

pub const ROWS: &[Row] = &[
    (
        "云川州绿谷产业园年产二十万吨高端番茄制品精深加工及冷链仓储一体化项目|Tomato processing with cold storage, Lügu park",
        "云川州 绿谷产业园|Yunchuan, Lügu",
        "食品制造业|Food",
        1250,
        320,
        1,
    ),
    ("岭西棉纺织全产业链集群|Cotton cluster of Lingxi", "岭西地区|Lingxi", "纺织业|Textiles", 4600, 1200, 1),
    ("第七师石桥市葡萄酒庄集群与文旅融合|", "第七师石桥市|Shiqiao", "酒、饮料制造业|Beverages", 380, 150, 2),
    (
        "北河市光伏组件及储能电池生产基地|Solar modules and storage cells",
        "北河市|Beihe",
        "电气机械制造业|Electrical",
        0,
        600,
        0,
    ),
    (
        "哈勒塔依草原牦牛乳制品|Yak dairy of Haletay",
        "哈勒塔依草原自治州|Haletay",
        "食品制造业|Food",
        92,
        0,
        1,
    ),
    ("清水市新型建材产业园标准厂房招商|", "清水市|Qingshui", "非金属矿物制品业|Minerals", 730, 480, 3),
    (
        "南原地区核桃油与休闲食品加工|Walnut oil of Nanyuan",
        "南原地区|Nanyuan",
        "农副食品加工业|Agrifood",
        165,
        60,
        1,
    ),
    ("乌兰市口岸跨境电商集采中心|Border e-commerce centre", "乌兰市|Wulan", "批发业|Wholesale", 540, 210, 2),
];

fn status(t: Locale, at: u8) -> Badge {
    match at {
        0 => badge(t, "草稿|draft", Tone::Neutral),
        1 => badge(t, "公开推介|open", Tone::Good),
        2 => badge(t, "洽谈中|in talks", Tone::Info),
        _ => badge(t, "已落地|landed", Tone::Neutral),
    }
}

fn row(t: Locale, at: usize, row: &Row) -> ListRow {
    let (title, place, sector, yi, mu, state) = *row;
    let code = format!("XM-2026-{:06}", at + 101);
    let land = say(t, &format!("{mu} 亩|{mu} mu"));
    ListRow {
        title: say(t, title),
        href: "record.html".into(),
        cells: vec![
            Cell::Code(code.clone()),
            Cell::Badge(status(t, state)),
            Cell::Text(say(t, place)),
            Cell::Text(say(t, sector)),
            if yi == 0 { Cell::Unknown } else { Cell::Amount(money(t, yi, ("约", "about"))) },
            if mu == 0 { Cell::Unknown } else { Cell::Number(land) },
            Cell::Text(say(t, "云川州招商局|Yunchuan investment bureau")),
            Cell::Day(format!("2026-0{}-{:02}", 3 + at % 6, 4 + at)),
        ],
        code,
        ..ListRow::default()
    }
}

fn columns(t: Locale) -> Vec<Column> {
    let column = |words: &str, numeric, order: Option<Order>| Column {
        label: say(t, words),
        numeric,
        sort: order.map(|order| Sort { href: "#".into(), order }),
    };
    vec![
        column("项目名称|Opportunity", false, Some(Order::Unsorted)),
        column("编号|Code", false, Some(Order::Unsorted)),
        column("状态|Status", false, None),
        column("地区、园区|Place", false, None),
        column("行业|Sector", false, None),
        column("拟投资|Investment", true, Some(Order::Descending)),
        column("用地|Land", true, Some(Order::Unsorted)),
        column("责任单位|Owner", false, None),
        column("更新|Updated", false, Some(Order::Unsorted)),
    ]
}

fn chips(t: Locale) -> Vec<Chip> {
    [
        ("地区|Region", "云川州及所属|Yunchuan and below"),
        ("状态|Status", "公开推介、洽谈中|open, in talks"),
        ("拟投资|Investment", "1 亿元以上|over CNY 0.1 bn"),
    ]
    .map(|(label, value)| Chip { label: say(t, label), value: say(t, value), remove: "#".into() })
    .into()
}

fn bulk(t: Locale) -> Bulk {
    let statuses = choices(&[("open", "公开推介 open", 0), ("closed", "关闭 closed", 0)], "");
    let field = |name: &str, words: &str, control| FormField {
        name: name.into(),
        label: say(t, words),
        control,
        ..FormField::default()
    };
    let owner = Control::Record { value: String::new(), suggest: "suggest.html".into() };
    Bulk {
        action: "bulk.html".into(),
        query: "region=yc".into(),
        fields: vec![
            field("status", "状态|Status", Control::Choice(statuses)),
            field("owner", "责任单位|Owner", owner),
        ],
        ..Bulk::default()
    }
}

fn list(t: Locale) -> List {
    let mut columns = columns(t);
    let shown = [("code", "编号 Code", 0), ("status", "状态 Status", 0), ("power", "用电 Power", 0)];
    List {
        shell: listing(t),
        crumbs: vec![link(&say(t, "项目库|Project library"), "list.html")],
        title: say(t, "推介项目|Opportunities"),
        intro: say(
            t,
            "受援地推介的项目，公开后任何支援地企业可见|What host regions seek; open ones are seen by all enterprises",
        ),
        address: "list.html".into(),
        state: [("region", "yc"), ("status", "open"), ("status", "talks"), ("sort", "-investment")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        filters: filters(t),
        chips: chips(t),
        new: Some(link(&say(t, "新建推介项目|New opportunity"), "form.html")),
        exports: vec![link("Excel (.xlsx)", "#"), link("CSV (.csv)", "#")],
        views: Some(views(t)),
        displays: displays(t, false),
        name_column: columns.remove(0),
        columns,
        column_choices: choices(&shown, "status"),
        rows: ROWS.iter().cycle().take(24).enumerate().map(|(at, each)| row(t, at, each)).collect(),
        bulk: Some(bulk(t)),
        next: Some("#".into()),
        empty_hint: say(t, "新建一个，或从电子表格导入。|Make one, or import a spreadsheet."),
        ..List::default()
    }
}

fn some(list: &[(&str, &str, u8)], on: &[&str]) -> Vec<Choice> {
    let mut found = choices(list, "");
    for choice in &mut found {
        choice.selected = on.contains(&choice.value.as_str());
    }
    found
}

fn filters(t: Locale) -> Vec<Filter> {
    let text = FilterControl::Text {
        value: String::new(),
        placeholder: say(t, "名称、编号、正文、所附资料|Name, code, text, attached documents"),
    };
    let regions = FilterControl::Region {
        value: "云川州 · X101".into(),
        suggest: "suggest.html".into(),
        geographic: Some(false),
    };
    let statuses = [("draft", "草稿 draft", 0), ("open", "公开推介 open", 0), ("talks", "洽谈中 talks", 0)];
    let sectors = [("C", "C 制造业", 0), ("C14", "14 食品制造业", 1), ("C17", "17 纺织业", 1)];
    let unit = say(t, "亿元|CNY 100 m");
    [
        ("q", "搜索|Search", text),
        ("region", "地区|Region", regions),
        ("status", "状态|Status", FilterControl::Many(some(&statuses, &["open", "talks"]))),
        ("sector", "行业|Sector", FilterControl::One(some(&sectors, &[]))),
        (
            "investment",
            "拟投资|Investment",
            FilterControl::Numbers { from: "1".into(), to: String::new(), unit },
        ),
        ("updated", "更新|Updated", FilterControl::Days { from: String::new(), to: String::new() }),
        ("park", "园区|Park", FilterControl::Record { value: String::new(), suggest: "suggest.html".into() }),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, (name, words, control))| Filter {
        name: name.into(),
        label: say(t, words),
        control,
        error: String::new(),
        more: at > 3,
    })
    .collect()
}

fn views(t: Locale) -> Views {
    let view = |words: &str, shared, owner: &str, mine: bool| SavedView {
        name: say(t, words),
        href: "list.html".into(),
        owner: owner.into(),
        shared,
        current: mine,
        delete: mine.then(|| "#".into()),
        ..SavedView::default()
    };
    Views {
        saved: vec![
            view("云川州公开项目|Open ones of Yunchuan", false, "", true),
            view("九月推介会备选|Candidates for the September fair", true, &say(t, "林晓|Lin Xiao"), false),
        ],
        action: "#".into(),
        query: "region=yc&status=open".into(),
        may_share: true,
        ..Views::default()
    }
}

fn bulk_preview(t: Locale) -> BulkPreview {
    let row = |at: usize, before: &str, refused: &str| BulkRow {
        record: link(&say(t, ROWS[at].0), "record.html"),
        code: format!("XM-2026-{:06}", at + 101),
        before: before.into(),
        after: say(t, "关闭|closed"),
        refused: refused.into(),
    };
    BulkPreview {
        shell: listing(t),
        crumbs: vec![link(&say(t, "推介项目|Opportunities"), "list.html")],
        field: say(t, "状态|Status"),
        value: say(t, "关闭|closed"),
        reason: say(t, "本批次推介结束|The round is over"),
        rows: vec![
            row(
                3,
                &say(t, "草稿|draft"),
                &say(
                    t,
                    "第七师石桥市的记录由第七师维护，您没有修改权|Kept by the Seventh Division; you may not change it",
                ),
            ),
            row(0, &say(t, "公开推介|open"), ""),
            row(1, &say(t, "公开推介|open"), ""),
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
