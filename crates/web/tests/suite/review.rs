//! From dropped reports to totals and back: the whole slice over HTTP, on every database.

use crate::browser::{Answer, Browser};
use crate::site::{Site, example};
use locale::Locale;

const BASE: &str = "/p/invented";

async fn add_reports(site: &Site, office: &mut Browser) {
    for entry in std::fs::read_dir(example().join("reports")).expect("the invented reports") {
        let path = entry.expect("a file").path();
        let (name, bytes) =
            (path.file_name().expect("a name").to_string_lossy().into_owned(), std::fs::read(&path));
        let parts = [("file", Some(name.as_str()), &bytes.expect("a readable file")[..])];
        let answer = office.upload(&format!("{BASE}/documents"), &parts).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
    site.read_documents().await;
}

async fn documents(office: &mut Browser) -> Vec<String> {
    let page = office.get(&format!("{BASE}/documents")).await;
    page.links(&format!("{BASE}/documents/ZL-"))
}

/// The first link on a page that contains `part`, followed.
async fn follow(browser: &mut Browser, page: &Answer, part: &str) -> (String, Answer) {
    let link =
        page.links(part).into_iter().next().unwrap_or_else(|| panic!("no link to {part}: {}", page.text()));
    let address = link.split('#').next().expect("the part before").to_owned();
    let answer = browser.get(&address).await;
    assert_eq!(answer.status, 200, "{address}: {}", answer.text());
    (link, answer)
}

/// Id and state of each claim marked in a text.
fn marks(page: &Answer) -> Vec<(String, bool)> {
    let text = page.text();
    let marks = text.split("data-claim=\"").skip(1).filter_map(|rest| {
        let (id, rest) = rest.split_once('"')?;
        Some((id.to_owned(), rest.starts_with(" class=\"open")))
    });
    marks.collect()
}

#[tokio::test]
async fn reports_become_figures_totals_and_back() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        add_reports(&site, &mut office).await;
        let documents = documents(&mut office).await;
        assert_eq!(documents.len(), 5);
        let before = office.get(BASE).await;
        assert!(
            before.links("/totals?measure=funds_arrived").is_empty(),
            "before anybody accepts, nothing is totalled"
        );
        assert!(!before.links("claim=").is_empty(), "claims wait for review");
        for document in &documents {
            let answer = office.post(&format!("{document}/accept-certain"), &[]).await;
            assert_eq!(answer.location(), document);
        }
        let overview = office.get(BASE).await;
        let (address, total) = follow(&mut office, &overview, "/totals?measure=funds_arrived").await;
        let (_, figure) = follow(&mut office, &total, "/figures/SJ-").await;
        let (quote, reader) = follow(&mut office, &figure, "claim=").await;
        let claim = quote.rsplit("#c-").next().expect("an anchor").to_owned();
        assert!(reader.text().contains(&format!("data-claim-panel=\"{claim}\"")), "the panel is open");
        assert!(reader.text().contains(&format!("id=\"c-{claim}\"")), "the quote is in the text");
        let english = site.signed_in("office").await.with("accept-language", "en").get(&address).await;
        assert!(english.text().contains(Locale::En.total_counted()));
    }
}

#[tokio::test]
async fn claims_are_accepted_rejected_corrected_and_opened_again() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        add_reports(&site, &mut office).await;
        let document = documents(&mut office).await.pop().expect("a document");
        let page = office.get(&document).await;
        let open: Vec<_> = marks(&page).into_iter().filter(|(_, open)| *open).map(|(id, _)| id).collect();
        assert!(open.len() >= 3, "too few claims: {}", page.text());
        let claims = |id: &str, what: &str| format!("{BASE}/claims/{id}/{what}");
        let mut script = site.signed_in("office").await.with("hx-request", "true");

        let accepted = script.post(&claims(&open[0], "accept"), &[]).await;
        assert_eq!(accepted.status, 200, "{}", accepted.text());
        assert!(accepted.text().contains("data-state=\"accepted\""));
        assert!(accepted.text().contains("hx-swap-oob=\"innerHTML:#claim-counts\""));
        let twice = script.post(&claims(&open[0], "accept"), &[]).await;
        assert_eq!(twice.status, 200, "a second click changes nothing");
        let other = script.post(&claims(&open[0], "reject"), &[]).await;
        assert_eq!(other.status, 409);
        assert!(other.text().contains(Locale::Zh.error_conflict()), "{}", other.text());

        let rejected = script.post(&claims(&open[1], "reject"), &[("reason", "重复")]).await;
        assert!(rejected.text().contains("data-state=\"rejected\""));
        let opened = script.post(&claims(&open[1], "reopen"), &[]).await;
        assert!(opened.text().contains("data-state=\"open\""), "{}", opened.text());

        let mut fields = vec![
            ("measure", "signed_contract"),
            ("value", "一亿"),
            ("value_max", ""),
            ("unit", "CNY"),
            ("approx", "about"),
            ("role", "actual"),
            ("place", ""),
            ("org", ""),
            ("period_kind", "flow"),
            ("period_from", "2026-01-01"),
            ("period_to", "2026-06-30"),
        ];
        let refused = script.post(&claims(&open[2], "correct"), &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("value=\"一亿\""), "what was typed is kept: {}", refused.text());
        fields[1] = ("value", "100000000");
        let corrected = script.post(&claims(&open[2], "correct"), &fields).await;
        assert!(corrected.text().contains("data-state=\"corrected\""), "{}", corrected.text());
        assert!(corrected.text().contains(Locale::Zh.claim_before_correction()));

        let without_script = office.post(&claims(&open[1], "accept"), &[]).await;
        assert_eq!(without_script.location(), format!("{document}?claim={0}#c-{0}", open[1]));
    }
}

#[tokio::test]
async fn the_export_holds_what_the_filter_shows() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        add_reports(&site, &mut office).await;
        for document in documents(&mut office).await {
            office.post(&format!("{document}/accept-certain"), &[]).await;
        }
        let all = office.get(&format!("{BASE}/figures?measure=funds_arrived")).await;
        let shown = all.text().matches("class=\"code\"").count();
        assert!(shown > 0, "{}", all.text());
        let csv = office.get(&format!("{BASE}/figures.csv?measure=funds_arrived")).await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert!(
            csv.header("content-disposition").starts_with("attachment; filename=\"luodi-invented-20261122")
        );
        assert_eq!(csv.text().lines().count(), shown + 1);
        let none = office.get(&format!("{BASE}/figures.csv?measure=tax&status=approved")).await;
        assert_eq!(none.text().lines().count(), 1, "the heading alone");
        let workbook = office.get(&format!("{BASE}/figures.xlsx")).await;
        assert!(workbook.body.starts_with(b"PK"), "a workbook is a zip file");
        assert_eq!(office.get(&format!("{BASE}/figures?measure=nothing")).await.status, 400);
        assert_eq!(office.get(&format!("{BASE}/figures?from=yesterday")).await.status, 400);
    }
}

#[tokio::test]
async fn the_audit_says_in_words_what_was_created_and_has_pages() {
    let t = Locale::Zh;
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        add_reports(&site, &mut office).await;
        let document = documents(&mut office).await.remove(0);
        office.post(&format!("{document}/accept-certain"), &[]).await;
        let list = office.get(&format!("{BASE}/figures")).await;
        let figure = list.links(&format!("{BASE}/figures/SJ-")).into_iter().next().expect("a figure");
        let code = figure.rsplit('/').next().expect("a code");
        let page = office.get(&format!("{BASE}/records/{code}/audit")).await.text();
        assert!(page.contains(t.grain_stated()) && page.contains(t.field_period_kind()), "{page}");
        let code = document.rsplit('/').next().expect("a code");
        let address = format!("{BASE}/records/{code}/audit");
        let first = office.get(&address).await;
        assert!(first.text().contains(t.entity_reading()) && first.text().contains(t.field_engine()));
        assert!(first.links("audit?before=").is_empty());
        let operator = app::Actor::operator(crate::site::now());
        let programme = site.app.programme("invented").await.expect("loaded").id;
        for number in 0..app::AUDIT_PAGE {
            let title = format!("第{number}稿");
            let set =
                site.app.document_set_details(&operator, programme, code, (&title, None), None, None).await;
            set.expect("set");
        }
        let next = office.get(&address).await.links("audit?before=").remove(0);
        let last = office.get(&next).await.text();
        assert!(last.contains(t.field_original_digest()), "the creation is on the last page");
    }
}

#[tokio::test]
async fn a_change_is_undone_from_the_audit_page() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        add_reports(&site, &mut office).await;
        for document in documents(&mut office).await {
            office.post(&format!("{document}/accept-certain"), &[]).await;
        }
        let list = office.get(&format!("{BASE}/figures")).await;
        let figure = list.links(&format!("{BASE}/figures/SJ-")).into_iter().next().expect("a figure");
        let page = office.get(&figure).await;
        let (address, audit) = follow(&mut office, &page, "/audit").await;
        let text = audit.text();
        let undo = text.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let undo = undo.filter(|action| action.ends_with("/undo")).last().expect("an undo form").to_owned();
        let answer = office.post(&undo, &[("reason", "核对后撤销"), ("next", &address)]).await;
        assert_eq!((answer.status, answer.location()), (303, address.as_str()));
        let after = office.get(&address).await.text();
        assert!(after.contains(Locale::Zh.audit_undone_flash()), "{after}");
        assert!(after.contains("核对后撤销"));
        let left = office.get(&format!("{BASE}/figures")).await;
        assert!(!left.links(&figure).contains(&figure), "the figure is still listed");
    }
}

#[tokio::test]
async fn a_reader_decides_nothing_and_sees_no_disagreement() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    add_reports(&site, &mut office).await;
    let document = documents(&mut office).await.pop().expect("a document");
    let claim = marks(&office.get(&document).await).remove(0).0;
    let mut reader = site.signed_in("reader").await;
    let page = reader.get(&format!("{document}?claim={claim}")).await.text();
    assert!(page.contains(Locale::Zh.claim_read_only()) && !page.contains("/accept-certain"));
    for what in ["accept", "reject", "correct", "reopen"] {
        assert_eq!(reader.post(&format!("{BASE}/claims/{claim}/{what}"), &[]).await.status, 403, "{what}");
    }
    assert!(!reader.get(&format!("{BASE}/figures")).await.text().contains("figures.csv"));
    assert_eq!(reader.get(&format!("{BASE}/checks")).await.status, 200);
}
