//! A contract or bank slip that is not open to somebody (law 5) leaves no trace of itself on any page, list, search or file.

use crate::browser::{Browser, escape};
use crate::reporting::docx_words;
use crate::site::{PASSWORD, Site, now};
use app::{Actor, NewRole, Role};
use jiff::SignedDuration;
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

/// The outside of a picture.
const PHOTO: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x30\x08\x06\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB`\x82";

/// A signed project and an aid project, each with the contract, and a picture that is a contract too.
async fn works(office: &mut Browser) -> [String; 2] {
    let place = [("region", LUTAN), ("different", "yes")];
    let project = [("title", "测冷链项目"), ("stage", "signed"), ("signed_on", "2026-05-16")];
    let aid = [
        ("title", "测冷链援助项目"),
        ("status", "started"),
        ("category", "health"),
        ("supporting", "X30000"),
    ];
    let mut made = Vec::new();
    for (kind, fields) in [("project", &project[..]), ("aid_project", &aid[..])] {
        let answer = office.post(&format!("{BASE}/lists/{kind}/new"), &[fields, &place].concat()).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let record = answer.location().split(['?', '#']).next().expect("an address").to_owned();
        for (name, bytes) in [("zixiang.txt", TEXT.as_bytes()), ("zixiang.png", PHOTO)] {
            let parts: [(&str, Option<&str>, &[u8]); 3] =
                [("role", None, b"stamped"), ("class", None, b"contract"), ("file", Some(name), bytes)];
            let sent = office.upload(&format!("{record}/upload"), &parts).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
        made.push(record);
    }
    made.try_into().expect("two records")
}

/// The words of a Word document, and whether it holds a picture.
fn word(bytes: &[u8]) -> (String, bool) {
    (docx_words(bytes), bytes.windows(11).any(|name| name == b"word/media/"))
}

#[tokio::test]
async fn a_brief_and_aid_money_tell_of_a_contract_and_show_its_picture_to_its_parties_alone() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let [project, aid] = works(&mut office).await;
        let documents = office.get(&aid).await.links(&format!("{BASE}/documents/ZL-"));
        let text =
            documents.iter().map(|of| of.rsplit('/').next().expect("a code")).min().expect("the contract");
        let step = [("step", "issued"), ("amount", "400"), ("amount_unit", "wan"), ("on", "2026-02-10")];
        let proven = [&step[..], &[("document", text)]].concat();
        let entered = office.post(&format!("{aid}/aid-step"), &proven).await;
        assert_eq!(entered.status, 303, "{}", entered.text());
        let figure = office.get(&aid).await.links(&format!("{BASE}/figures/SJ-")).remove(0);
        let mut other = reader(&site, "other", Role::Office, None).await;
        for (login, browser, open) in [("office", &mut office, true), ("other", &mut other, false)] {
            let brief = browser.get(&format!("{project}/brief")).await;
            assert_eq!(brief.status, 200, "{login}");
            assert_eq!(brief.text().contains("brief-photo"), open, "{login}");
            let (words, pictured) = word(&browser.get(&format!("{project}/brief.docx")).await.body);
            assert!(words.contains("测冷链项目"), "{words}");
            assert_eq!(pictured, open, "{login}");
            let ledger = format!("{BASE}/aid");
            for place in [&format!("{project}/brief"), &aid, &figure, &ledger, &format!("{aid}/audit")] {
                let page = browser.get(place).await;
                assert!(page.status < 500, "{place}");
                let told = SECRET.iter().any(|word| page.text().contains(word) || words.contains(word));
                assert!(open || !told && page.links("documents/ZL-").is_empty(), "{login}: {place}");
            }
            let proven = browser.get(&figure).await;
            assert_eq!(proven.links("documents/ZL-").is_empty(), !open, "{login}: {}", proven.text());
        }
    }
}

#[tokio::test]
async fn neither_my_day_nor_the_weekly_mail_tells_of_a_task_on_a_contract_to_who_may_not_see_it() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let deal = deal(&site, &mut office).await;
        let mut other = reader(&site, "other", Role::Office, None).await;
        let code = deal.document.rsplit('/').next().expect("a code");
        for owner in ["u:other", "u:office"] {
            let task = [("title", "核对保底回购条款"), ("owner", owner), ("due", "2026-11-24")];
            let given = office.post(&format!("{BASE}/records/{code}/tasks"), &task).await;
            assert_eq!(given.status, 303, "{}", given.text());
        }
        let programme = site.app.programme("invented").await.expect("loaded").id;
        for login in ["other", "office"] {
            let actor = site.app.actor_named(login, now()).await.expect("the account");
            let address = format!("{login}@office.example");
            site.app.mail_subscribe(&actor, programme, &address, "zh-CN").await.expect("subscribed");
        }
        let monday = now() + SignedDuration::from_hours(24);
        web::weekly_prepare(&site.app, monday, (true, false)).await.expect("written");
        let mut told = Vec::new();
        while let Some(of) = site.app.outgoing_take(monday).await.expect("asked") {
            let tells = SECRET.iter().any(|word| of.body.contains(word) || of.subject.contains(word));
            told.push((of.to.address, tells));
        }
        told.sort();
        assert_eq!(
            told,
            [("office@office.example".to_owned(), true), ("other@office.example".to_owned(), false)]
        );
        for (browser, open) in [(&mut office, true), (&mut other, false)] {
            let day = browser.get(&format!("{BASE}/day")).await.text();
            assert_eq!(SECRET.iter().any(|word| day.contains(word)), open, "{day}");
        }
    }
}
