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

/// The page of a draft round with three lines and so many units.
async fn round(office: &mut Browser, owner: &str, units: &[String]) -> String {
    let fields = [
        ("title", "测语句报送"),
        ("status", "draft"),
        ("owner", owner),
        ("date_from", "2026-10-01"),
        ("date_to", "2026-10-31"),
        ("due_on", "2026-12-05"),
        ("different", "yes"),
    ];
    let task = made(office, "reporting_task", &fields).await;
    let path = format!("{BASE}/reporting/{}", task.rsplit('/').next().expect("a code"));
    for measure in ["funds_arrived", "sales", "tax"] {
        let line = [("measure", measure), ("unit", "wan"), ("time_kind", "flow")];
        assert_eq!(office.post(&format!("{path}/lines"), &line).await.status, 303);
    }
    assert_eq!(office.post(&format!("{path}/units"), &[("units", &units.join("\n"))]).await.status, 303);
    path
}

#[tokio::test]
async fn a_round_takes_as_many_statements_with_two_units_as_with_twelve() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let mut units = Vec::new();
        for number in 0..12 {
            let title = format!("测语句报送{number}号厂");
            let fields =
                [("title", &*title), ("kind", "enterprise"), ("region", "X10121"), ("different", "yes")];
            let page = made(&mut office, "organisation", &fields).await;
            units.push(page.rsplit('/').next().expect("a code").to_owned());
        }
        let fields = [("title", "测语句指挥部"), ("kind", "front_command"), ("region", "X10100")];
        let owner = made(&mut office, "office", &fields).await;
        let owner = owner.rsplit('/').next().expect("a code");
        let mut counts = Vec::new();
        for count in [2, 12] {
            let path = round(&mut office, owner, &units[..count]).await;
            let mut of = Vec::new();
            for form in ["send", "remind"] {
                let form = format!("{path}/{form}");
                of.push(site.statements_of_post(&mut office, &form, &[]).await);
            }
            filed(&mut office, &path).await;
            for rest in ["", "/export.xlsx", "/export.docx", "/sheets.xlsx"] {
                of.push(site.statements(&mut office, &format!("{path}{rest}")).await);
            }
            counts.push(of);
        }
        assert_eq!(counts[0], counts[1]);
    }
}

/// Submits every filing of a round.
async fn filed(office: &mut Browser, path: &str) {
    let mut filings = office.get(path).await.links("/filings/");
    filings.retain(|link| !link.contains('#'));
    for filing in filings {
        let page = office.get(&filing).await.text();
        let after = |mark: &str| {
            let parts = page.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
            parts.map(str::to_owned).collect::<Vec<_>>()
        };
        let version = after("name=\"version\" value=\"").remove(0);
        let lines = after("name=\"v").into_iter().filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
        let lines: Vec<_> = lines.map(|id| format!("v{id}")).collect();
        assert_eq!(lines.len(), 3);
        let values = lines.iter().map(|line| (line.as_str(), "7"));
        let fields: Vec<_> =
            [("version", version.as_str()), ("do", "submit")].into_iter().chain(values).collect();
        assert_eq!(office.post(&filing, &fields).await.status, 303);
    }
}
