//! What the page of a record says of what is not known and of what no longer stands.

use crate::browser::Browser;
use crate::site::Site;
use locale::Locale;

const P: &str = "/p/invented";

async fn enter(office: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = office.post(&format!("{P}/lists/{kind}/new"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

fn part<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_default()
}

#[tokio::test]
async fn what_is_not_known_stands_in_one_line_that_leads_to_the_form() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let fields =
        [("title", "芦滩加工园"), ("kind", "industrial"), ("region", "X10100"), ("land_free", "260")];
    let park = enter(&mut office, "park", &fields).await;
    let page = office.get(&park).await.text();
    let facts = part(&page, "id=\"facts\"", "</section>");
    let (known, unknown) = facts.split_once("unknown-facts").expect("the line");
    assert!(known.contains("260 亩") && !known.contains(Locale::Zh.unknown()), "{known}");
    assert!(unknown.contains(&format!("<dt>{}</dt>", Locale::Zh.record_unknown())), "{unknown}");
    assert!(unknown.contains(&format!("<a href=\"{park}/edit#f-land_total\">规划面积</a>")), "{unknown}");
    assert!(office.get(&format!("{park}/edit")).await.text().contains("id=\"f-land_total\""));
    assert!(!unknown.contains("备注") && !page.contains("class=\"steps\""), "no remark is nothing unknown");
    let occupants = part(&page, "id=\"parties\"", "</section>");
    assert!(occupants.contains("<h2>入驻与共建单位</h2>"), "{occupants}");
    assert!(occupants.contains(Locale::Zh.record_parties_none()), "{occupants}");
    let mut reader = site.signed_in("reader").await;
    let page = reader.get(&park).await.text();
    let unknown = part(&page, "unknown-facts", "</section>");
    assert!(unknown.contains("<span>规划面积</span>") && !unknown.contains("/edit"), "{unknown}");
}

#[tokio::test]
async fn a_withdrawn_figure_is_struck_through_with_the_day_and_the_reason() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let fields = [("title", "芦滩仓储"), ("status", "open"), ("region", "X10100"), ("amount", "5000")];
        let record = enter(&mut office, "opportunity", &fields).await;
        let page = office.get(&record).await;
        assert!(!page.text().contains("class=\"withdrawn\""));
        let figure = page.links(&format!("{P}/figures/SJ-")).remove(0);
        let step = [("action", "withdraw"), ("reason", "录错了一位")];
        assert_eq!(office.post(&format!("{figure}/status"), &step).await.status, 303);
        let page = office.get(&record).await.text();
        let row = part(&page, "<tr class=\"withdrawn\">", "</tr>");
        assert!(row.contains(" · 录错了一位</span>") && row.contains(&figure), "{page}");
    }
}

#[tokio::test]
async fn claims_and_checks_name_regions_in_the_language_of_the_reader() {
    let site = Site::new().await;
    let mut reviewer = site.signed_in("reviewer").await;
    let text = "来源：演示\n2025年，乌泽市到位资金12.5亿元。乌泽市、芦滩县到位资金3亿元。\n".as_bytes();
    reviewer.upload(&format!("{P}/documents"), &[("file", Some("甲.txt"), text)]).await;
    site.read_documents().await;
    let region = "Wuze";
    let chinese = reviewer.get(&format!("{P}/claims")).await.text();
    assert!(chinese.contains("乌泽市") && !chinese.contains(region), "{chinese}");
    reviewer.post("/locale", &[("lang", "en"), ("next", "/")]).await;
    let english = reviewer.get(&format!("{P}/claims")).await.text();
    assert!(english.contains(region) && english.contains("Wuze, Lutan County"), "{english}");
}
