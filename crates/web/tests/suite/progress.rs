//! How projects stand, on the overview and on the page of a region.

use crate::site::Site;

const P: &str = "/p/invented";

/// The number that the funnel on a page shows for a stage of a region's list.
fn standing(page: &str, stage: &str) -> String {
    let link = format!("lists/project?missing=parent&#38;stage={stage}");
    let row = page.split("data-value=\"").find(|part| part.contains(&link));
    row.and_then(|row| row.split('"').next()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_funnel_counts_a_whole_once_and_opens_to_its_list() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let own = |title: &'static str| {
            vec![("title", title), ("region", "X10100"), ("stage", "signed"), ("signed_on", "2026-01-08")]
        };
        let region = format!("{P}/regions/X10100");
        let before = standing(&office.get(&region).await.text(), "signed");
        let answer = office.post(&format!("{P}/lists/project/new"), &own("漏斗纺纱项目")).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let whole = answer.location().rsplit('/').next().expect("a code").to_owned();
        let mut phase = own("漏斗纺纱项目一期");
        phase.push(("parent", &whole));
        phase.push(("phase", "一期"));
        phase.push(("different", "yes"));
        let answer = office.post(&format!("{P}/lists/project/new"), &phase).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let page = office.get(&region).await.text();
        let count = |text: &str| text.parse::<i64>().unwrap_or(-1);
        assert_eq!(count(&standing(&page, "signed")), count(&before) + 1, "{page}");
        let list = format!("{P}/lists/project?missing=parent&stage=signed&place=X10100");
        let list = office.get(&list).await.text();
        assert!(list.contains("漏斗纺纱项目") && !list.contains("漏斗纺纱项目一期"), "{list}");
        let overview = office.get(P).await.text();
        assert!(overview.contains("/assets/chart.js") && !standing(&overview, "signed").is_empty());
        assert_eq!(office.get(&format!("{P}/regions/nowhere")).await.status, 404);
    }
}
