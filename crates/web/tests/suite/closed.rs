//! A contract or bank slip that is not open to somebody (law 5) leaves no trace of itself on any page, list, search or file.

use crate::browser::{Browser, escape};
use crate::site::{PASSWORD, Site, now};
use app::{Actor, NewRole, Role};
use locale::Locale;

const BASE: &str = "/p/invented";
const LUTAN: &str = "X10121";
/// The words that nobody else may read: title, name of the file, text.
const SECRET: &[&str] = &["紫橡密约", "zixiang", "保底回购"];
const TEXT: &str = "紫橡密约\n\n2025年，芦滩县到位资金3.7亿元，保底回购。\n\n紫橡冷链项目在芦滩县开工。\n";

/// The record, its contract and the figure that this proves.
struct Deal {
    record: String,
    document: String,
    figure: String,
}

async fn reader(site: &Site, login: &str, role: Role, region: Option<&str>) -> Browser {
    let programme = (role != Role::Audit).then_some("invented");
    let new = NewRole { programme, region, ..NewRole::default() };
    let account = (login, login, PASSWORD);
    site.app.user_add_with(&Actor::operator(now()), account, role, &new).await.expect("a new login");
    site.signed_in(login).await
}

async fn deal(site: &Site, office: &mut Browser) -> Deal {
    let fields = [("title", "冷链仓储项目"), ("status", "open"), ("region", LUTAN)];
    let made = office.post(&format!("{BASE}/lists/opportunity/new"), &fields).await;
    let record = made.location().to_owned();
    assert_eq!(made.status, 303, "{}", made.text());
    let parts: [(&str, Option<&str>, &[u8]); 3] = [
        ("role", None, b"stamped"),
        ("class", None, b"contract"),
        ("file", Some("zixiang.txt"), TEXT.as_bytes()),
    ];
    let record = record.split(['?', '#']).next().expect("an address").to_owned();
    let sent = office.upload(&format!("{record}/upload"), &parts).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    site.read_documents().await;
    let document = office.get(&record).await.links(&format!("{BASE}/documents/ZL-")).remove(0);
    let accepted = office.post(&format!("{document}/accept-certain"), &[]).await;
    assert_eq!(accepted.status, 303, "{}", accepted.text());
    let proof = [
        ("measure", "funds_arrived"),
        ("amount", "2.2"),
        ("amount_unit", "yi"),
        ("amount_approx", "exact"),
        ("role", "actual"),
        ("period_kind", "flow"),
        ("period_from", "2026-01-01"),
        ("period_to", "2026-06-30"),
        ("document", document.rsplit('/').next().expect("a code")),
    ];
    let entered = office.post(&format!("{record}/figures"), &proof).await;
    assert_eq!(entered.status, 303, "{}", entered.text());
    let figure = office.get(&record).await.links(&format!("{BASE}/figures/SJ-")).remove(0);
    Deal { record, document, figure }
}

/// Every page and file that could tell of the contract to somebody who sees the record.
fn places(deal: &Deal) -> Vec<String> {
    let code = |address: &str| address.rsplit('/').next().unwrap_or_default().to_owned();
    let (record, figure) = (code(&deal.record), code(&deal.figure));
    let of_record = ["audit", "quotes", "sheet", "sheet.docx", "edit", "attachments"];
    let lists =
        ["documents", "documents/progress", "figures", "figures.csv", "claims", "news", "checks", "day"];
    let more =
        ["calendar", "search", "prospectus", "records", "totals?measure=funds_arrived&unit=CNY&kind=flow"];
    let kinds =
        ["lists/opportunity", "lists/opportunity/export.csv", "lists/project", "schedule", "problems"];
    let mut places: Vec<String> = vec![deal.record.clone(), deal.figure.clone(), BASE.to_owned()];
    places.extend(lists.iter().chain(&more).chain(&kinds).map(|path| format!("{BASE}/{path}")));
    places.extend(of_record.map(|part| format!("{BASE}/records/{record}/{part}")));
    places.push(format!("{BASE}/records/{figure}/audit"));
    for word in SECRET {
        let word = escape(word);
        places.extend(
            ["search", "suggest/document", "lists/opportunity"].map(|of| format!("{BASE}/{of}?q={word}")),
        );
    }
    places
}

/// The places that tell of the contract.
async fn told(reader: &mut Browser, deal: &Deal) -> Vec<String> {
    let mut told = Vec::new();
    for place in places(deal) {
        let answer = reader.get(&place).await;
        assert!(answer.status < 500, "{place}: {}", answer.status);
        let text = answer.text();
        // What was searched for stands in the field again; it is no answer.
        let tells = |word: &&&str| !place.ends_with(&escape(word)) && text.contains(**word);
        if SECRET.iter().any(|word| tells(&word)) || !answer.links("documents/ZL-").is_empty() {
            told.push(place);
        }
    }
    told
}

#[tokio::test]
async fn who_is_no_party_finds_no_trace_of_a_contract_on_any_page_or_file() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let deal = deal(&site, &mut office).await;
        for (login, role, region) in [
            ("other", Role::Office, None),
            ("leader", Role::Reader, None),
            ("above", Role::Office, Some("X10100")),
        ] {
            let mut reader = reader(&site, login, role, region).await;
            let nowhere: [String; 0] = [];
            assert_eq!(told(&mut reader, &deal).await, nowhere, "{login}");
            for part in ["", "/original", "?part=1"] {
                assert_eq!(reader.get(&format!("{}{part}", deal.document)).await.status, 404, "{login}");
            }
            let record = reader.get(&deal.record).await.text();
            assert!(record.contains(&Locale::Zh.documents_closed(1)), "{login}: {record}");
            assert!(record.contains(Locale::Zh.evidence_closed()), "{login}");
            let figure = reader.get(&deal.figure).await;
            assert_eq!(figure.status, 200);
            assert!(figure.text().contains(&Locale::Zh.documents_closed(1)), "{login}");
            assert!(!figure.text().contains(Locale::Zh.figure_no_evidence()), "{login}");
        }
        let mut again = site.signed_in("other").await.with("accept", "application/json");
        let sent =
            again.upload(&format!("{BASE}/documents"), &[("file", Some("b.txt"), TEXT.as_bytes())]).await;
        assert!(
            sent.status < 500 && SECRET.iter().all(|word| !sent.text().contains(word)),
            "{}",
            sent.text()
        );
    }
}

#[tokio::test]
async fn parties_verifiers_and_auditors_read_a_contract_where_it_stands() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let deal = deal(&site, &mut office).await;
        for (login, role, region) in [
            ("party", Role::Region, Some(LUTAN)),
            ("verifier", Role::Reviewer, None),
            ("auditor", Role::Audit, None),
        ] {
            let mut reader = reader(&site, login, role, region).await;
            let page = reader.get(&deal.document).await;
            assert_eq!(page.status, 200, "{login}");
            let class = "合同";
            assert!(page.text().contains(&Locale::Zh.document_for_parties(class)), "{login}");
            assert_eq!(reader.get(&format!("{}/original", deal.document)).await.body, TEXT.as_bytes());
            let told = told(&mut reader, &deal).await;
            for place in [&deal.record, &deal.figure, &format!("{BASE}/documents")] {
                assert!(told.contains(place), "{login}: {place}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_document_is_is_chosen_on_its_page_and_a_wrong_choice_comes_back() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let deal = deal(&site, &mut office).await;
        let mut other = reader(&site, "other", Role::Office, None).await;
        let details = format!("{}/details", deal.document);
        let refused = office.post(&details, &[("title", "x"), ("class", "secret")]).await;
        assert_eq!(refused.status, 422);
        assert!(office.get(&deal.document).await.text().contains(SECRET[0]), "nothing was saved");
        let opened = office.post(&details, &[("title", "投资协议"), ("class", "ordinary")]).await;
        assert_eq!(opened.location(), deal.document);
        assert_eq!(other.get(&deal.document).await.status, 200);
        let refused = other.post(&details, &[("title", "改名"), ("class", "bank_slip")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(Locale::Zh.problem_no_party()), "{}", refused.text());
        let page = other.get(&deal.document).await.text();
        assert!(page.contains("投资协议") && !page.contains("改名"), "nothing was half saved");
    }
}
