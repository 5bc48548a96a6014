//! What reports tell of projects, from the text to the project and back, over HTTP on every database.

use crate::site::{Site, now};
use app::Actor;

const BASE: &str = "/p/invented";
/// Of our own wording, about a project of our own invention.
const TEXT: &str = "2025年6月18日，年产6万吨尼龙切片项目在芦滩县开工，总投资4.5亿元。\n";

async fn add(site: &Site) {
    let programme = site.app.programme("invented").await.expect("the example").id;
    let operator = Actor::operator(now());
    site.app.document_add_text(&operator, programme, TEXT, "芦滩见闻").await.expect("added");
    site.read_documents().await;
}

#[tokio::test]
async fn a_project_is_made_from_a_report_and_shows_its_quote() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        add(&site).await;
        let list = office.get(&format!("{BASE}/news")).await;
        let link = list.links(&format!("{BASE}/news/")).remove(0);
        let claims = office.get(&format!("{BASE}/claims")).await;
        assert!(!claims.links(&format!("{BASE}/news")).is_empty(), "the review list leads there");
        let at = link.split('#').next().expect("an address").to_owned();
        let page = office.get(&at).await.text();
        assert!(page.contains("年产6万吨尼龙切片项目") && page.contains("data-told="), "{page}");
        assert!(page.contains(r#"name="started_on" value="2025-06-18""#), "{page}");
        assert!(page.contains(r#"name="amount" value="45000""#), "{page}");

        let id = at.rsplit('/').next().expect("an id");
        let form = office.get(&format!("{BASE}/lists/project/new?news={id}&title=尼龙切片项目")).await.text();
        assert!(form.contains(&format!(r#"name="news" value="{id}""#)), "{form}");
        let fields = [
            ("news", id),
            ("title", "尼龙切片项目"),
            ("region", "X10121"),
            ("started_on", "2025-06-18"),
            ("stage", "started"),
        ];
        let made = office.post(&format!("{BASE}/lists/project/new"), &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let page = office.get(&at).await;
        let project = page.links(&format!("{BASE}/records/XM-")).remove(0);
        let shown = office.get(&project).await;
        assert!(!shown.links(&format!("{BASE}/news/{id}")).is_empty(), "{}", shown.text());
        let audit = office.get(&format!("{project}/audit")).await.text();
        assert!(audit.contains("由项目动态新建项目"), "{audit}");

        let again = office.post(&format!("{at}/reopen"), &[]).await;
        assert_eq!(again.status, 303, "{}", again.text());
        assert!(office.get(&format!("{BASE}/news")).await.text().contains("尼龙切片项目"), "open again");
    }
}

#[tokio::test]
async fn news_of_a_project_is_ticked_and_its_gate_asks_for_what_is_missing() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        add(&site).await;
        let fields =
            [("title", "尼龙切片项目"), ("region", "X10121"), ("stage", "landed"), ("different", "yes")];
        let made = office.post(&format!("{BASE}/lists/project/new"), &fields).await;
        let project = made.location();
        let code = project.rsplit('/').next().expect("a code").to_owned();
        let list = office.get(&format!("{BASE}/news")).await;
        let link = list.links(&format!("{BASE}/news/")).remove(0);
        let at = link.split('#').next().expect("an address").to_owned();
        let page = office.get(&at).await.text();
        assert!(page.contains("名称相近") && page.contains(&code), "{page}");
        let page = office.get(&format!("{at}?project={code}")).await.text();
        assert!(page.contains("take_started_on") && page.contains("take_stage"), "{page}");
        let given = |more: &[(&'static str, &'static str)]| {
            let mut pairs = vec![("record", code.clone()), ("new_started_on", "2025-06-18".to_owned())];
            pairs.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
            pairs
        };
        let stage = given(&[("take_stage", "yes"), ("to", "started"), ("from", "landed")]);
        let pairs: Vec<(&str, &str)> = stage.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = office.post(&format!("{at}/join"), &pairs).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("permit_construction"), "the gate's fields stand in the form");

        let dates = given(&[("take_started_on", "yes")]);
        let pairs: Vec<(&str, &str)> = dates.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let joined = office.post(&format!("{at}/join"), &pairs).await;
        assert_eq!(joined.status, 303, "{}", joined.text());
        let shown = office.get(project).await.text();
        assert!(shown.contains("2025-06-18"), "{shown}");
    }
}
