//! The ledger of aid money in the browser: totals that open, the next step in place, contracts, the workbook, the shares.

use crate::browser::Browser;
use crate::site::Site;

const P: &str = "/p/invented";

/// The words of a part of a page, up to the next.
fn words(text: &str, part: &str) -> String {
    let rest = text.split(&format!("id=\"{part}\"")).nth(1).unwrap_or_default();
    let rest = rest.split("</section>").next().unwrap_or_default();
    let plain = rest.split('<').filter_map(|rest| rest.split_once('>')).map(|(_, text)| text.trim());
    plain.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("|")
}

async fn made(office: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = office.post(&format!("{P}/lists/{kind}/new"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

async fn project(office: &mut Browser) -> String {
    let own = [("title", "测远帆卫生院援助项目"), ("status", "started"), ("region", "X10121")];
    let more = [("supporting", "X30000"), ("category", "health"), ("different", "yes")];
    made(office, "aid_project", &[&own[..], &more[..]].concat()).await
}

async fn step(office: &mut Browser, page: &str, step: &str, wan: &str, on: &str) -> u16 {
    let fields = [("step", step), ("amount", wan), ("amount_unit", "wan"), ("on", on), ("unproven", "yes")];
    let year = [("year", if step == "planned" { &on[..4] } else { "" })];
    office.post(&format!("{page}/aid-step"), &[&fields[..], &year[..]].concat()).await.status
}

#[tokio::test]
async fn the_next_step_is_entered_in_place_and_every_sum_opens() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let page = project(&mut office).await;
        for (name, wan, on) in [
            ("planned", "800", "2019-01-20"),
            ("issued", "400", "2019-02-10"),
            ("arrived", "500", "2019-04-01"),
        ] {
            assert_eq!(step(&mut office, &page, name, wan, on).await, 303);
            assert_eq!(step(&mut office, &page, name, wan, on).await, 303, "a second time");
        }
        let code = page.rsplit('/').next().expect("a code").to_owned();
        let own = [("title", "测设备合同"), ("aid_project", code.as_str()), ("signed_on", "2019-03-01")];
        let amount = [("amount", "300"), ("amount_unit", "wan"), ("different", "yes")];
        let contract = made(&mut office, "aid_contract", &[&own[..], &amount[..]].concat()).await;
        assert_eq!(step(&mut office, &contract, "spent", "90", "2019-05-01").await, 303);
        assert_eq!(
            step(&mut office, &contract, "arrived", "90", "2019-05-01").await,
            422,
            "no step of a contract"
        );
        let text = office.get(&page).await.text();
        let money = words(&text, "aid-money");
        assert!(money.starts_with("资金环节") && money.contains("到位|500|万元|500|万元"), "{money}");
        assert!(text.contains("到位大于下达"), "a warning");
        let contracts = words(&text, "aid-contracts");
        assert!(contracts.contains("300|万元|90|万元|210|万元|30%"), "{contracts}");
        let ledger = office.get(&format!("{P}/aid?year=2019")).await.text();
        let totals = words(&ledger, "aid-totals");
        assert!(totals.contains("到位|500|万元") && totals.contains("到位率|125%"), "{totals}");
        assert!(totals.contains("支付率|18%") && totals.contains("已开工 0 个 ÷ 列入计划 1 个"), "{totals}");
        assert!(words(&ledger, "aid-shares").contains("投向民生不低于80%"));
        let opened = office.get(&format!("{P}/aid/figures?step=arrived&year=2019")).await.text();
        assert!(opened.contains("href=\"/p/invented/figures/SJ-") && opened.contains("500"), "{opened}");
        let none = office.get(&format!("{P}/aid?year=castle")).await;
        assert_eq!(none.status, 422);
    }
}

#[tokio::test]
async fn the_workbook_says_what_it_holds_and_a_reader_of_nothing_gets_none() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let file = office.get(&format!("{P}/aid/export.xlsx?year=2024")).await;
    assert_eq!(file.status, 200);
    assert!(file.header("content-disposition").contains("-aid.xlsx"));
    assert_eq!(office.get(&format!("{P}/aid/export.xlsx?year=castle")).await.status, 303);
    let mut stranger = site.signed_in("stranger").await;
    for path in ["aid", "aid/figures?step=spent", "aid/export.xlsx"] {
        assert_eq!(stranger.get(&format!("{P}/{path}")).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn shares_to_keep_are_set_and_bad_ones_come_back() {
    let site = Site::new().await;
    let operator = app::Actor::operator(crate::site::now());
    let login = ("keeper", "keeper", crate::site::PASSWORD);
    let new = app::NewRole { programme: Some("invented"), ..app::NewRole::default() };
    site.app.user_add_with(&operator, login, app::Role::Approver, &new).await.expect("a new login");
    let mut keeper = site.signed_in("keeper").await;
    let add = format!("{P}/settings/aid-shares/add");
    let rule = [("zh", "测卫生"), ("en", "Health"), ("step", "spent"), ("minimum", "55.5")];
    let wrong = keeper.post(&add, &[&rule[..], &[("choices", "category.castle")]].concat()).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("测卫生"));
    assert_eq!(keeper.post(&add, &[&rule[..], &[("choices", "category.health")]].concat()).await.status, 303);
    let page = keeper.get(&format!("{P}/settings/aid-shares")).await.text();
    assert!(page.contains("测卫生") && page.contains("55.5%"), "{page}");
    let version = page.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let version = version.expect("a version").to_owned();
    let save = |minimum: &'static str, version: String| {
        let pairs = [
            ("version", version),
            ("zh_category_1", "测卫生".to_owned()),
            ("en_category_1", "Health".to_owned()),
            ("step_category_1", "spent".to_owned()),
            ("minimum_category_1", minimum.to_owned()),
            ("choices_category_1", "category.health".to_owned()),
        ];
        (format!("{P}/settings/aid-shares"), pairs)
    };
    for (minimum, status) in [("101", 422), ("一半", 422), ("60", 303), ("70", 409)] {
        let (path, pairs) = save(minimum, version.clone());
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(keeper.post(&path, &pairs).await.status, status, "{minimum}");
    }
}
