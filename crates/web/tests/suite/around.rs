//! The index of regions, and what stands around a region, a pairing and an office: numbers that open to their lists.

use crate::site::{PASSWORD, Site, now};
use app::{Actor, NewRole, Role};

const P: &str = "/p/invented";
/// 岚湖 supports 乌泽.
const PAIRING: &str = "/p/invented/records/JD-2026-000004";
const OFFICE: &str = "/p/invented/records/JG-2026-000002";

/// The number that a page links to a list under this query; -1 where there is none.
fn number(page: &str, query: &str) -> i64 {
    let link = format!("{}\"", query.replace('&', "&#38;"));
    let Some((_, rest)) = page.split_once(&link) else { return -1 };
    let text = rest.split_once('>').map_or("", |(_, rest)| rest).trim_start_matches("<b>");
    text.split('<').next().and_then(|text| text.replace(',', "").parse().ok()).unwrap_or(-1)
}

/// The query of the funnel of a pairing's page for a stage.
fn funnel_query(page: &str, stage: &str) -> String {
    let start = format!("lists/project?stage={stage}&#38;");
    let (_, rest) = page.split_once(&start).expect("a link to the list");
    let rest = rest.split('"').next().unwrap_or_default().replace("&#38;", "&");
    format!("lists/project?stage={stage}&{rest}")
}

#[tokio::test]
async fn the_index_of_regions_is_filtered_and_opens_its_numbers() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let page = office.get(&format!("{P}/regions")).await.text();
    assert!(page.contains(&format!("{P}/regions/X10100")), "{page}");
    assert!(number(&page, "lists/project?missing=parent&place=X10100") > 0, "{page}");
    let one = office.get(&format!("{P}/regions?q=X10100")).await.text();
    assert!(one.contains("regions/X10100\"") && !one.contains("regions/X12700\""), "{one}");
    let none = office.get(&format!("{P}/regions?q=nowhere")).await.text();
    assert!(none.contains("没有符合条件的地区"), "{none}");
    let region = office.get(&format!("{P}/regions/X10100")).await.text();
    assert!(
        region.contains(&format!("{PAIRING}\"")) && region.contains("lists/park?place=X10100"),
        "{region}"
    );
}

#[tokio::test]
async fn a_pairing_counts_the_projects_in_which_both_sides_take_part() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let before = office.get(PAIRING).await.text();
        let query = funnel_query(&before, "signed");
        let supporting = query.split("with=").nth(1).expect("the supporting region").to_owned();
        let own =
            [("region", "X10100"), ("stage", "signed"), ("signed_on", "2026-01-08"), ("different", "yes")];
        for (title, with) in [("结对测试项目", Some(supporting.as_str())), ("单方测试项目", None)]
        {
            let mut fields = own.to_vec();
            fields.push(("title", title));
            fields.extend(with.map(|code| ("supporting", code)));
            let answer = office.post(&format!("{P}/lists/project/new"), &fields).await;
            assert_eq!(answer.status, 303, "{}", answer.text());
        }
        let after = office.get(PAIRING).await.text();
        assert_eq!(number(&after, &query), number(&before, &query) + 1, "{after}");
        let list = office.get(&format!("{P}/{query}")).await.text();
        assert!(list.contains("结对测试项目") && !list.contains("单方测试项目"), "{list}");
        let wrong = office.get(&format!("{P}/lists/project?with=nowhere")).await;
        assert_eq!(wrong.status, 422);
        for page in [PAIRING, OFFICE] {
            assert!(office.get(page).await.text().contains("id=\"around\""));
        }
    }
}

#[tokio::test]
async fn what_lies_outside_somebodys_reach_is_not_counted_for_them() {
    for site in Site::on_every_database().await {
        let query = "lists/project?missing=parent&place=X12700";
        let mut counts = Vec::new();
        let zaotan = NewRole { programme: Some("invented"), region: Some("X10121"), ..NewRole::default() };
        let account = ("elsewhere", "elsewhere", PASSWORD);
        let operator = Actor::operator(now());
        site.app.user_add_with(&operator, account, Role::Region, &zaotan).await.expect("a new login");
        for login in ["office", "elsewhere"] {
            let mut user = site.signed_in(login).await;
            let page = user.get(&format!("{P}/regions")).await.text();
            let list = user.get(&format!("{P}/{query}")).await.text();
            assert_eq!(number(&page, query) == 0, list.matches("records/XM-").count() == 0, "{page}");
            counts.push(number(&page, query));
        }
        assert!(counts[0] > 0 && counts[1] == 0, "{counts:?}");
    }
}

#[tokio::test]
async fn pages_of_regions_take_as_many_statements_with_one_project_as_with_ten() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let region = format!("{P}/regions/X10100");
        let index = format!("{P}/regions");
        let mut counts = Vec::new();
        for round in 0..2 {
            for number in 0..9 {
                let title = format!("测语句{round}{number}项目");
                let fields = [
                    ("title", &*title),
                    ("region", "X10100"),
                    ("owner", "JG-2026-000002"),
                    ("different", "yes"),
                ];
                let answer = office.post(&format!("{P}/lists/project/new"), &fields).await;
                assert_eq!(answer.status, 303, "{}", answer.text());
            }
            let mut of = Vec::new();
            for page in [&*index, &*region, PAIRING, OFFICE] {
                of.push(site.statements(&mut office, page).await);
            }
            counts.push(of);
        }
        assert_eq!(counts[0], counts[1]);
    }
}
