//! What lies in another region is not there: neither in lists nor by its code, to read, to export, to change.

use crate::common::{REPORT, applications, file, now};
use app::{Actor, App, Error, FigureFilter, FigureRows, NewRole, Role, TallyGroup};
use domain::figure::Status;
use domain::tally::Scope;
use domain::{Measure, TimeKind, Unit};
use serde_json::json;
use std::io::Read;

const WUZE: &str = "X10100";
const CANGLAN: &str = "X12700";
const PROVINCE: &str = "X10000";

async fn user(app: &App, login: &str, role: Role, region: Option<&str>) -> Actor {
    let new = NewRole { programme: Some("invented"), region, ..NewRole::default() };
    let operator = Actor::operator(now());
    app.user_add_with(&operator, (login, login, "long enough"), role, &new).await.expect("a new login");
    app.actor_named(login, now()).await.expect("the account")
}

/// The report of 乌泽市, added by the office of the programme and accepted where it is certain: code of the document and
/// of a figure.
async fn report(app: &App, programme: i64, office: &Actor) -> (String, String) {
    let folder = tempfile::tempdir().expect("works");
    let path = file(folder.path(), "a.txt", REPORT.as_bytes());
    let added = app.document_add(office, programme, &path, "a.txt").await.expect("works");
    app.work(now).await.expect("works");
    app.claim_accept_certain(office, programme, added.id).await.expect("works");
    let rows = app.figure_list(office, programme, &of(added.id), None, 50).await.expect("works");
    (added.code, rows.first().expect("a figure").code.clone())
}

/// The figures of a document.
fn of(document: i64) -> FigureFilter {
    FigureFilter { document: Some(document), ..FigureFilter::default() }
}

async fn lines(app: &App, programme: i64, actor: &Actor, filter: &FigureFilter) -> usize {
    let rows = FigureRows::Lines(&|row, ()| json!(row.code));
    let mut exported = app.figure_export(actor, programme, filter, rows).await.expect("works");
    let mut text = String::new();
    exported.file.read_to_string(&mut text).expect("works");
    assert_eq!(text.lines().count() as u64, exported.rows);
    text.lines().count()
}

#[tokio::test]
async fn a_region_sees_its_own_figures_and_their_documents_and_another_does_not() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office, None).await;
        let (document, figure) = report(&app, programme, &office).await;
        let inside = user(&app, "wuze", Role::Region, Some(WUZE)).await;
        let above = user(&app, "province", Role::Reader, Some(PROVINCE)).await;
        let outside = user(&app, "canglan", Role::Region, Some(CANGLAN)).await;
        let all = of(app.document(&office, programme, &document).await.expect("works").id);
        for actor in [&inside, &above] {
            assert!(app.figure_count(actor, programme, &all).await.expect("works") > 0);
            assert_eq!(app.document_list(actor, programme, None, 9).await.expect("works").len(), 1);
            assert!(!app.figure(actor, programme, &figure).await.expect("works").evidence.is_empty());
            app.document(actor, programme, &document).await.expect("it proves a figure of the region");
        }
        assert_eq!(app.figure_count(&outside, programme, &all).await.expect("works"), 0);
        assert!(app.figure_list(&outside, programme, &all, None, 9).await.expect("works").is_empty());
        assert!(app.document_list(&outside, programme, None, 9).await.expect("works").is_empty());
        assert_eq!(app.claim_list_open(&outside, programme, None, 9).await.expect("works").1, 0);
        assert!(matches!(app.figure(&outside, programme, &figure).await, Err(Error::NotFound)));
        assert!(matches!(app.document(&outside, programme, &document).await, Err(Error::NotFound)));
        assert!(matches!(app.record(&outside, programme, &figure).await, Err(Error::NotFound)));
        assert!(matches!(app.audit(&outside, programme, &figure, None).await, Err(Error::NotFound)));
        let withdrawn = app.figure_set_status(&outside, programme, &figure, Status::Withdrawn, "x").await;
        assert!(matches!(withdrawn, Err(Error::NotFound)));
        assert!(lines(&app, programme, &inside, &all).await > 0);
        assert_eq!(lines(&app, programme, &outside, &all).await, 0);
    }
}

#[tokio::test]
async fn a_total_counts_what_the_reader_may_not_open_and_says_how_much() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office, None).await;
        report(&app, programme, &office).await;
        let group = TallyGroup { measure: Measure::FundsArrived, unit: Unit::cny(), kind: TimeKind::Flow };
        let outside = user(&app, "canglan", Role::Region, Some(CANGLAN)).await;
        let opened = app.total_open(&office, programme, group, Scope::Programme).await.expect("works");
        let limited = app.total_open(&outside, programme, group, Scope::Programme).await.expect("works");
        assert_eq!(limited.tally.total, opened.tally.total);
        assert_eq!((opened.hidden_counted, opened.rows.len()), (0, 1));
        assert_eq!((limited.hidden_counted, limited.rows.len()), (1, 0));
    }
}

#[tokio::test]
async fn what_others_entered_is_seen_by_the_region_but_not_changed() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office, None).await;
        let (document, figure) = report(&app, programme, &office).await;
        let inside = user(&app, "wuze", Role::Region, Some(WUZE)).await;
        let detail = app.figure(&inside, programme, &figure).await.expect("works");
        assert!(detail.next.is_empty() && !detail.correctable);
        let withdrawn = app.figure_set_status(&inside, programme, &figure, Status::Withdrawn, "x").await;
        assert!(matches!(withdrawn, Err(Error::Forbidden)));
        let renamed = app.document_set_details(&inside, programme, &document, ("x", None), None, None).await;
        assert!(matches!(renamed, Err(Error::Forbidden)));
        let (_, audit) = app.audit(&inside, programme, &figure, None).await.expect("works");
        assert!(audit.iter().all(|entry| !entry.undoable));
        let undone = app.change_undo(&inside, programme, audit[0].change.id, None).await;
        assert!(matches!(undone, Err(Error::Forbidden)));
    }
}

#[tokio::test]
async fn a_region_reviews_its_own_report_and_enters_nothing_for_another_region() {
    for (app, programme) in applications().await {
        let outside = user(&app, "canglan", Role::Region, Some(CANGLAN)).await;
        let inside = user(&app, "wuze", Role::Region, Some(WUZE)).await;
        let folder = tempfile::tempdir().expect("works");
        let path = file(folder.path(), "a.txt", REPORT.as_bytes());
        let added = app.document_add(&outside, programme, &path, "a.txt").await.expect("works");
        app.work(now).await.expect("works");
        let accepted = app.claim_accept_certain(&outside, programme, added.id).await.expect("works");
        assert_eq!(accepted, 0, "every number of it is of another region");
        let (claims, _) = app.claim_list_open(&outside, programme, None, 9).await.expect("works");
        let entered = app.claim_accept(&outside, programme, claims[0].id).await;
        assert!(
            matches!(entered, Err(Error::Invalid { field: "region", problem: "outside" })),
            "{entered:?}"
        );
        assert!(matches!(app.document(&inside, programme, &added.code).await, Err(Error::NotFound)));
        let other = file(folder.path(), "b.txt", format!("{REPORT}再报。\n").as_bytes());
        let added = app.document_add(&inside, programme, &other, "b.txt").await.expect("works");
        app.work(now).await.expect("works");
        assert!(app.claim_accept_certain(&inside, programme, added.id).await.expect("works") > 0);
    }
}

#[tokio::test]
async fn an_enterprise_sees_no_totals_no_claims_and_takes_nothing_out() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office, None).await;
        let (document, figure) = report(&app, programme, &office).await;
        let operator = Actor::operator(now());
        let firm = app::RecordKind::Organisation;
        let firms = store_code(&app, &operator, programme, firm).await;
        let new = NewRole { programme: Some("invented"), record: Some(&firms), ..NewRole::default() };
        let account = ("firm", "firm", "long enough");
        app.user_add_with(&operator, account, Role::Enterprise, &new).await.expect("a new login");
        let firm = app.actor_named("firm", now()).await.expect("works");
        assert!(matches!(app.document(&firm, programme, &document).await, Err(Error::NotFound)));
        assert!(matches!(app.figure(&firm, programme, &figure).await, Err(Error::NotFound)));
        assert!(matches!(app.overview(&firm, programme, &[]).await, Err(Error::Forbidden)));
        assert!(matches!(app.claim_list_open(&firm, programme, None, 9).await, Err(Error::Forbidden)));
        assert!(matches!(app.check_list(&firm, programme).await, Err(Error::Forbidden)));
        let parks = NewRole { record: Some(&document), ..new };
        let wrong = app.user_role_add(&operator, "firm", Role::Park, &parks).await;
        assert!(matches!(wrong, Err(Error::Invalid { field: "record", problem: "unknown" })));
    }
}

/// Code of the first record of a kind.
async fn store_code(app: &App, actor: &Actor, programme: i64, kind: app::RecordKind) -> String {
    let filter = app::ListFilter::of(kind);
    let page = app.entry_list(actor, programme, filter, app::Sort::default(), None, 1).await.expect("works");
    page.entries.first().expect("the example has one").record.code.clone()
}

#[tokio::test]
async fn what_a_pairings_page_says_between_two_regions_is_what_its_total_opens_to() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office, None).await;
        report(&app, programme, &office).await;
        let overview = app.overview(&office, programme, &[]).await.expect("works");
        assert!(!overview.pairings.is_empty());
        for (supporting, host) in overview.pairings {
            for total in app.pair_totals(&office, programme, host, supporting).await.expect("works") {
                let scope = Scope::Pair { host, supporting };
                let opened = app.total_open(&office, programme, total.group, scope).await.expect("works");
                assert_eq!(opened.tally.total, total.sum, "{total:?}");
                assert_eq!(opened.tally.left_out.len() as i64, total.left_out, "{total:?}");
            }
        }
        let wrong = app.verify_totals(&office, programme).await.expect("works");
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
