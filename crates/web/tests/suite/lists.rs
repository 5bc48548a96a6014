//! The one list: what its address asks for, what stands on it, and the file that holds exactly that.

use crate::browser::{Answer, Browser, escape};
use crate::site::Site;

const LISTS: &str = "/p/invented/lists";

/// Enters a record and returns its code.
async fn enter(office: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = office.post(&format!("{LISTS}/{kind}/new"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().rsplit('/').next().expect("a code").to_owned()
}

/// A small world: three enterprises and three agreements of two of them.
async fn world(office: &mut Browser) {
    for (title, region) in [("绿谷食品", "X10100"), ("=cmd|calc", "X12702"), ("云帆物流", "X20100")] {
        enter(office, "organisation", &[("title", title), ("kind", "enterprise"), ("region", region)]).await;
    }
    for (title, kind, region, amount, day) in [
        ("番茄加工", "investment", "X10100", "1200", "2026-03-01"),
        ("冷链仓储", "intent", "X12702", "30000", "2026-04-02"),
        ("干果分拣", "investment", "X10102", "", ""),
    ] {
        let fields = [
            ("title", title),
            ("kind", kind),
            ("status", "signed"),
            ("region", region),
            ("amount", amount),
            ("amount_unit", "wan"),
            ("signed_on", day),
            ("content", "试验批次"),
            ("party", "绿谷食品"),
            ("party_role", "investor"),
            ("party", "云帆物流"),
            ("party_role", "partner"),
        ];
        enter(office, "agreement", &fields).await;
    }
}

/// The names in the rows of a list, in their order, of those that the test entered.
fn names(page: &Answer) -> Vec<String> {
    let known = ["番茄加工", "冷链仓储", "干果分拣", "绿谷食品", "=cmd|calc", "云帆物流"];
    let text = page.text();
    let rows = text.split("<th scope=\"row\"").skip(1);
    let name = |row: &str| {
        known.iter().find(|name| row.split("</th>").next().unwrap_or("").contains(**name)).copied()
    };
    rows.filter_map(name).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_file_holds_exactly_what_the_list_shows() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        world(&mut office).await;
        let query =
            format!("sort=-amount&place=X10000&column=amount&column=signed_on&q={}", escape("试验批次"));
        let page = office.get(&format!("{LISTS}/agreement?{query}")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(names(&page), ["冷链仓储", "番茄加工", "干果分拣"]);
        let link = page.links("/export.csv").pop().expect("a link to the file");
        let file = office.get(&link).await;
        assert_eq!(file.status, 200);
        assert!(file.header("content-disposition").contains("agreement"), "{:?}", file.headers);
        let text = file.text();
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines[0].starts_with("编号,名称,约数,协议金额,"), "{}", lines[0]);
        assert!(lines[1].contains("冷链仓储,,300000000.00,,元,2026-04-02"), "{}", lines[1]);
        assert!(lines[2].contains("番茄加工,,12000000.00,,元,2026-03-01"), "{}", lines[2]);
        assert!(lines[3].ends_with("干果分拣,,,,,"), "{}", lines[3]);
    }
}

#[tokio::test]
async fn a_unit_stands_beside_the_value_and_in_a_file_at_its_head() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let fields =
        [("title", "芦滩加工园"), ("kind", "industrial"), ("region", "X10100"), ("land_free", "260")];
    let park = enter(&mut office, "park", &fields).await;
    let query = "park?column=land_free&land_free_from=200";
    let page = office.get(&format!("{LISTS}/{query}")).await.text();
    assert!(page.contains("260 亩") && page.contains("可供面积(亩)") && page.contains("200 – "), "{page}");
    let head = page.split("<thead>").nth(1).and_then(|rest| rest.split("</thead>").next()).expect("a head");
    assert!(head.contains("可供面积") && !head.contains('亩'), "{head}");
    let record = office.get(&format!("/p/invented/records/{park}")).await.text();
    assert!(record.contains("260 亩") && !record.contains("(亩)"), "{record}");
    let file =
        office.get(&format!("{LISTS}/park/export.csv?column=land_free&land_free_from=200")).await.text();
    let lines: Vec<&str> = file.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].ends_with("可供面积(亩)") && lines[1].ends_with("260.00"), "{file}");
}

#[tokio::test]
async fn a_workbook_says_what_it_holds_and_no_text_is_run() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    world(&mut office).await;
    let file = office.get(&format!("{LISTS}/organisation/export.csv?q=cmd")).await.text();
    assert!(file.lines().nth(1).is_some_and(|line| line.contains(",'=cmd|calc,")), "{file}");
    let book = office.get(&format!("{LISTS}/organisation/export.xlsx?kind=enterprise")).await;
    assert_eq!(&book.body[..2], b"PK");
}

#[tokio::test]
async fn all_columns_and_json_lines_hold_links_names_and_codes() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let fields = [
        ("title", "芦滩加工园"),
        ("kind", "industrial"),
        ("region", "X10100"),
        ("land_free", "260"),
        ("aliases", "芦滩园\n芦园"),
    ];
    let park = enter(&mut office, "park", &fields).await;
    let file = office.get(&format!("{LISTS}/park/export.csv?columns=all&land_free_from=200")).await.text();
    let lines: Vec<&str> = file.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].starts_with("编号,名称,英文名称,其他名称,"), "{file}");
    assert!(lines[1].starts_with(&format!("{park},芦滩加工园,,芦园、芦滩园,")), "{file}");
    let book = office.get(&format!("{LISTS}/park/export.xlsx?columns=all")).await;
    assert_eq!(&book.body[..2], b"PK");
    let text = office.get(&format!("{LISTS}/park/export.jsonl?columns=all&land_free_from=200")).await.text();
    let object: serde_json::Value =
        serde_json::from_str(text.lines().next().expect("a line")).expect("an object");
    assert_eq!((&object["code"], &object["region"]), (&park.as_str().into(), &"X10100".into()));
    assert_eq!((&object["kind"], &object["names"][1]), (&"industrial".into(), &"芦滩园".into()));
    assert_eq!(
        (&object["land_free"]["value"], &object["land_free"]["unit"]),
        (&"260.00".into(), &"mu".into())
    );
}

#[tokio::test]
async fn who_may_not_export_gets_neither_link_nor_file_and_contacts_need_more() {
    let site = Site::new().await;
    let (mut reader, mut office) = (site.signed_in("reader").await, site.signed_in("office").await);
    let page = reader.get(&format!("{LISTS}/agreement")).await;
    assert!(page.links("/export").is_empty());
    assert_eq!(reader.get(&format!("{LISTS}/agreement/export.csv")).await.status, 403);
    assert_eq!(office.get(&format!("{LISTS}/agreement/export.csv")).await.status, 200);
    assert!(office.get(&format!("{LISTS}/contact")).await.links("/export").is_empty());
    assert_eq!(office.get(&format!("{LISTS}/contact/export.csv")).await.status, 403);
    assert_eq!(reader.get(&format!("{LISTS}/contact")).await.status, 403);
}

#[tokio::test]
async fn whoever_takes_contacts_out_is_named_in_their_audit() {
    let site = Site::new().await;
    let mut reviewer = site.signed_in("reviewer").await;
    let fields = [("title", "甲某"), ("position", "经理"), ("phone", "0991-1")];
    let code = enter(&mut reviewer, "contact", &fields).await;
    let file = reviewer.get(&format!("{LISTS}/contact/export.csv?q=0991")).await;
    assert_eq!((file.status, file.text().lines().count()), (200, 1), "phones are not searched");
    let file = reviewer.get(&format!("{LISTS}/contact/export.csv")).await.text();
    assert!(file.contains("甲某") && file.contains("0991-1"), "{file}");
    let audit = reviewer.get(&format!("/p/invented/records/{code}/audit")).await.text();
    assert_eq!(audit.matches("导出联系人").count(), 1, "{audit}");
}

#[tokio::test]
async fn what_cannot_be_understood_is_said_at_its_filter() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    world(&mut office).await;
    for query in [
        "signed_on_from=2026-13-45",
        "signed_on_from=2026-03-02&signed_on_to=2026-03-01",
        "kind=castle",
        "place=nowhere",
        "event=nothing",
        "amount_from=many",
        "amount_from=99999999999999999999999999999",
        "sector=Z99",
        "missing=castle",
    ] {
        let page = office.get(&format!("{LISTS}/agreement?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        assert!(page.text().contains("class=\"field-error\""), "{query}: {}", page.text());
        assert!(names(&page).is_empty(), "{query}");
        let file = office.get(&format!("{LISTS}/agreement/export.csv?{query}")).await;
        assert_eq!(file.status, 303, "{query}");
        assert!(file.location().contains("lists/agreement?"));
    }
    for query in ["sort=castle", "after=x", "column=castle", "view=castle", "q=%25%27%22%5C%28"] {
        assert_eq!(office.get(&format!("{LISTS}/agreement?{query}")).await.status, 200, "{query}");
    }
}

#[tokio::test]
async fn what_is_not_known_can_be_asked_for() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        world(&mut office).await;
        let of = async |office: &mut Browser, query: &str| {
            let page = office.get(&format!("{LISTS}/agreement?q={}&{query}", escape("试验批次"))).await;
            assert_eq!(page.status, 200, "{query}");
            names(&page)
        };
        assert_eq!(of(&mut office, "missing=signed_on").await, ["干果分拣"]);
        assert_eq!(of(&mut office, "sector=unknown").await.len(), 3);
        assert!(of(&mut office, "missing=party").await.is_empty());
        assert!(of(&mut office, "missing=region").await.is_empty());
    }
}

#[tokio::test]
async fn regions_of_any_depth_are_picked_and_filters_name_what_they_mean() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    world(&mut office).await;
    let found = office.get(&format!("/p/invented/suggest/region?q={}", escape("砂亭"))).await.text();
    assert!(found.contains("X10102"), "{found}");
    let picked = escape("砂亭 · X10102");
    let page = office.get(&format!("{LISTS}/agreement?place={picked}")).await;
    assert_eq!(names(&page), ["干果分拣"]);
    let chips = page.text().split("class=\"chips\"").nth(1).expect("chips").to_owned();
    assert!(
        chips.split("</ul>").next().is_some_and(|chips| chips.contains("砂亭") && !chips.contains("X10102"))
    );
    let code = enter(&mut office, "event", &[("title", "春季推介会")]).await;
    let page = office.get(&format!("{LISTS}/agreement?event={code}")).await.text();
    assert!(page.contains("<b>春季推介会</b>"), "{page}");
}

/// The saved views that a list offers, by name, in their order.
fn views(page: &Answer) -> Vec<String> {
    let text = page.text();
    let list =
        text.split("<ul class=\"views\">").nth(1).and_then(|rest| rest.split("</ul>").next()).unwrap_or("");
    let name = |row: &str| Some(row.split_once("</a>")?.0.rsplit('>').next()?.to_owned());
    list.split("<li>").skip(1).filter_map(name).collect()
}

#[tokio::test]
async fn views_are_kept_for_oneself_or_shared_and_a_name_is_replaced_after_asking() {
    for site in Site::on_every_database().await {
        let (mut office, mut reader) = (site.signed_in("office").await, site.signed_in("reader").await);
        let action = format!("{LISTS}/park/views");
        let own = [("name", "省级园区"), ("query", "level=province&sort=title&after=3&after_key=x")];
        let saved = office.post(&action, &own).await;
        assert_eq!(
            (saved.status, saved.location()),
            (303, &*format!("{LISTS}/park?level=province&sort=title"))
        );
        let shared = [("name", "全部"), ("query", "sort=-land_free"), ("shared", "yes")];
        assert_eq!(office.post(&action, &shared).await.status, 303);
        assert_eq!(reader.post(&action, &shared).await.status, 403, "a reader shares nothing");
        assert_eq!(views(&office.get(&format!("{LISTS}/park?q=x")).await), ["省级园区", "全部"]);
        assert_eq!(views(&reader.get(&format!("{LISTS}/park?q=x")).await), ["全部"]);
        assert!(views(&office.get(&format!("{LISTS}/event?q=x")).await).is_empty());

        let again = [("name", "省级园区"), ("query", "level=national")];
        let asked = office.post(&action, &again).await;
        assert_eq!(asked.status, 409);
        assert!(asked.text().contains("name=\"replace\" value=\"yes\""), "{}", asked.text());
        assert!(office.get(&format!("{LISTS}/park?q=x")).await.text().contains("level=province"));
        let replaced = office.post(&action, &[again[0], again[1], ("replace", "yes")]).await;
        assert_eq!(replaced.status, 303);
        let page = office.get(&format!("{LISTS}/park?level=national")).await;
        assert!(page.text().contains("park?level=national\" aria-current=\"true\""), "{}", page.text());
        assert_eq!(views(&page).len(), 2);
        for name in ["", "名".repeat(61).as_str()] {
            let refused = office.post(&action, &[("name", name), ("query", "")]).await;
            assert_eq!(refused.status, 422);
            assert_eq!(views(&office.get(&format!("{LISTS}/park?q=x")).await).len(), 2);
        }
    }
}

#[tokio::test]
async fn a_list_opens_with_the_view_that_is_set_and_deleting_is_for_who_may() {
    for site in Site::on_every_database().await {
        let (mut office, mut reader) = (site.signed_in("office").await, site.signed_in("reader").await);
        let action = format!("{LISTS}/park/views");
        office.post(&action, &[("name", "全部"), ("query", "sort=title"), ("shared", "yes")]).await;
        let page = reader.get(&format!("{LISTS}/park?q=x")).await.text();
        let id = page
            .split("name=\"view\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("an id");
        assert!(!page.contains(&format!("views/{id}/delete")));
        assert_eq!(reader.post(&format!("{action}/default"), &[("view", id)]).await.status, 303);
        let opened = reader.get(&format!("{LISTS}/park")).await;
        assert_eq!((opened.status, opened.location()), (303, &*format!("{LISTS}/park?sort=title")));
        assert_eq!(office.get(&format!("{LISTS}/park")).await.status, 200, "the default is the reader's own");
        assert_eq!(reader.get(&format!("{LISTS}/park?all")).await.status, 200);
        assert_eq!(reader.post(&format!("{LISTS}/event/views/default"), &[("view", id)]).await.status, 404);
        assert_eq!(reader.post(&format!("{action}/{id}/delete"), &[]).await.status, 403);
        assert_eq!(office.post(&format!("{action}/{id}/delete"), &[]).await.status, 303);
        assert_eq!(reader.get(&format!("{LISTS}/park")).await.status, 200);
    }
}
