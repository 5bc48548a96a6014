//! What a page costs, in statements: a number that no machine changes.

use crate::browser::Browser;
use crate::site::Site;

const BASE: &str = "/p/invented";

/// The page of a new record of a kind.
async fn made(office: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = office.post(&format!("{BASE}/lists/{kind}/new"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

#[tokio::test]
async fn the_page_of_a_record_takes_as_many_statements_with_two_parties_as_with_twenty() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let names: Vec<String> = (0..20).map(|number| format!("测语句{number}号厂")).collect();
        for name in &names {
            made(
                &mut office,
                "organisation",
                &[("title", name), ("kind", "enterprise"), ("different", "yes")],
            )
            .await;
        }
        let with = |count: usize| {
            let parties =
                names[..count].iter().flat_map(|name| [("party", &**name), ("party_role", "investor")]);
            let own =
                [("title", "测语句协议"), ("kind", "framework"), ("status", "signed"), ("different", "yes")];
            own.into_iter().chain(parties).collect::<Vec<_>>()
        };
        let two = made(&mut office, "agreement", &with(2)).await;
        let twenty = made(&mut office, "agreement", &with(20)).await;
        let (two, twenty) =
            (site.statements(&mut office, &two).await, site.statements(&mut office, &twenty).await);
        assert_eq!(two, twenty);
    }
}

#[tokio::test]
async fn the_page_of_a_record_takes_as_many_statements_with_one_quote_as_with_ten() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let mut pages = Vec::new();
        for (firm, reports) in [("测语句甲厂有限公司", 1), ("测语句乙厂有限公司", 10)] {
            pages.push(
                made(
                    &mut office,
                    "organisation",
                    &[("title", firm), ("kind", "enterprise"), ("different", "yes")],
                )
                .await,
            );
            for day in 1..=reports {
                let text = format!(
                    "{firm}与芦滩县签约\n\n来源：砾原日报 2025-06-{day:02}\n\n\
                     2025年6月{day}日，{firm}与芦滩县签订投资协议，合同额1.2亿元。\n"
                );
                let name = format!("报道{firm}{day}.txt");
                office.upload(&format!("{BASE}/documents"), &[("file", Some(&name), text.as_bytes())]).await;
            }
        }
        site.read_documents().await;
        let quotes = |page: &str| page.matches("合同额").count();
        let (one, ten) = (office.get(&pages[0]).await.text(), office.get(&pages[1]).await.text());
        assert!(quotes(&one) > 0 && quotes(&ten) >= 10 * quotes(&one), "{one}{ten}");
        let (one, ten) =
            (site.statements(&mut office, &pages[0]).await, site.statements(&mut office, &pages[1]).await);
        assert_eq!(one, ten);
    }
}
