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

/// The links of the table of cohorts to lists of a year, each with the number that stands on it.
fn cohort_links(page: &str, year: i32) -> Vec<(String, usize)> {
    let table = page.split_once("cohorts\"").map_or("", |(_, rest)| rest);
    let table = table.split("</table>").next().unwrap_or_default();
    let signed = format!("signed_on_from={year}-01-01");
    let links = table.split("<td class=\"n\"><a class=\"plain\" href=\"").skip(1);
    let link = |part: &str| {
        let (href, rest) = part.split_once("\">")?;
        let count = rest.split('<').next()?.replace(',', "").parse().ok()?;
        Some((href.replace("&#38;", "&"), count))
    };
    links.filter(|part| part.contains(&signed)).filter_map(link).collect()
}

#[tokio::test]
async fn the_numbers_of_a_cohort_are_those_of_the_lists_they_open_to() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        for (title, stage, day) in [
            ("同批甲项目", "signed", "1999-01-01"),
            ("同批乙项目", "started", "1999-12-31"),
            ("同批丙项目", "capacity", "1999-06-01"),
            ("别批丁项目", "started", "1998-12-31"),
        ] {
            let fields = [
                ("title", title),
                ("region", "X10100"),
                ("stage", stage),
                ("signed_on", day),
                ("different", "yes"),
            ];
            let answer = office.post(&format!("{P}/lists/project/new"), &fields).await;
            assert_eq!(answer.status, 303, "{}", answer.text());
        }
        for page in [P.to_owned(), format!("{P}/regions/X10100")] {
            let page = office.get(&page).await.text();
            let links = cohort_links(&page, 1999);
            let counts: Vec<usize> = links.iter().map(|(_, count)| *count).collect();
            assert_eq!(
                counts,
                [3, 2, 2, 1, 1, 1],
                "signed, landed, started, completed, production, capacity"
            );
            for (href, count) in links {
                let list = office.get(&href).await.text();
                let titles = ["同批甲项目", "同批乙项目", "同批丙项目"];
                assert_eq!(titles.iter().filter(|title| list.contains(**title)).count(), count, "{href}");
                assert!(!list.contains("别批丁项目"), "{href}");
            }
        }
    }
}
