//! From a file to a figure and back, on both databases.

use crate::common::{REPORT, applications, file, now, user};
use app::{ClaimState, Correction, Decided, Error, FigureFilter, Role, TallyGroup};
use domain::figure::Status;
use domain::tally::Scope;
use domain::{Measure, TimeKind, Unit};

async fn read(app: &app::App, office: &app::Actor, programme: i64, text: &str) -> Vec<app::Claim> {
    let folder = tempfile::tempdir().expect("works");
    let path = file(folder.path(), "a.txt", text.as_bytes());
    let added = app.document_add(office, programme, &path, "a.txt").await.expect("works");
    assert_eq!(app.work(now).await.expect("works"), 1);
    app.claim_list(office, programme, added.id).await.expect("works")
}

fn quoted<'a>(claims: &'a [app::Claim], quote: &str) -> &'a app::Claim {
    claims
        .iter()
        .find(|claim| claim.quote == quote)
        .unwrap_or_else(|| panic!("{quote} is not among the claims"))
}

/// The figures that came of claims, beside those that the records of the example have.
async fn figures(app: &app::App, office: &app::Actor, programme: i64) -> Vec<app::FigureRow> {
    let rows = app.figure_list(office, programme, &FigureFilter::default(), None, 50).await.expect("works");
    rows.into_iter().filter(|row| row.figure.subject.is_none()).collect()
}

#[tokio::test]
async fn a_report_is_read_once_and_its_details_are_proposed() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "报告.txt", REPORT.as_bytes());
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let added = app.document_add(&office, programme, &path, "报告.txt").await.unwrap();
        let again = app.document_add(&office, programme, &path, "copy.txt").await;
        assert!(matches!(again, Err(Error::DuplicateFile { code, .. }) if code == added.code));
        assert_eq!((app.work(now).await.unwrap(), app.work(now).await.unwrap()), (1, 0));
        let document = app.document(&office, programme, &added.code).await.unwrap();
        assert_eq!(
            (document.publisher.as_deref(), document.details.as_str()),
            (Some("砾原日报"), "proposed")
        );
        assert_eq!(document.published_on.map(|day| day.to_string()).as_deref(), Some("2025-05-19"));
        assert!(document.open_count > 4, "{} claims", document.open_count);
    }
}

#[tokio::test]
async fn jobs_that_a_text_promises_are_never_a_figure() {
    const TEXT: &str = "2025年，砾原纺织园提供就业岗位300个。力争到2026年新增就业岗位5000个。";
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, TEXT).await;
        let promised = quoted(&claims, "5000个");
        assert_eq!(promised.reading.role, domain::Role::Target);
        let refused = app.claim_accept(&office, programme, promised.id).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "role", problem: "jobs" })), "{refused:?}");
        app.claim_accept(&office, programme, quoted(&claims, "300个").id).await.expect("what is counted");
        app.claim_accept_certain(&office, programme, promised.document).await.expect("the rest stays open");
        assert_eq!(figures(&app, &office, programme).await.len(), 1);
    }
}

#[tokio::test]
async fn an_accepted_claim_becomes_a_figure_once_and_undo_takes_it_back() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, REPORT).await;
        let total = quoted(&claims, "80亿元").id;
        assert!(matches!(app.claim_accept(&office, programme, total).await.unwrap(), Decided::Entered(_)));
        assert_eq!(app.claim_accept(&office, programme, total).await.unwrap(), Decided::Already);
        let listed = figures(&app, &office, programme).await;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].figure.quantity.low, 800_000_000_000);
        assert_eq!(listed[0].figure.hosts.len(), 1, "the place is a region of the programme");
        let detail = app.figure(&office, programme, &listed[0].code).await.unwrap();
        assert_eq!(detail.evidence[0].2.as_ref().map(|claim| claim.quote.as_str()), Some("80亿元"));
        let (_, audit) = app.audit(&office, programme, &listed[0].code, None).await.unwrap();
        assert!(audit[0].undoable);
        app.change_undo(&office, programme, audit[0].change.id, Some("试")).await.unwrap();
        assert!(figures(&app, &office, programme).await.is_empty());
        let (claim, _) = app.claim(&office, programme, total).await.unwrap();
        assert_eq!((claim.state, claim.figure), (ClaimState::Open, None));
        let twice = app.change_undo(&office, programme, audit[0].change.id, None).await;
        assert!(matches!(twice, Err(Error::Conflict)));
        assert!(matches!(app.claim_accept(&office, programme, total).await.unwrap(), Decided::Entered(_)));
    }
}

#[tokio::test]
async fn a_second_report_of_the_same_joins_its_quote_to_the_figure() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let first = read(&app, &office, programme, REPORT).await;
        let second = read(&app, &office, programme, &format!("{REPORT}\n另讯。\n")).await;
        let id = quoted(&first, "12.5亿元").id;
        let Decided::Entered(figure) = app.claim_accept(&office, programme, id).await.unwrap() else {
            panic!("new")
        };
        let id = quoted(&second, "12.5亿元").id;
        assert_eq!(app.claim_accept(&office, programme, id).await.unwrap(), Decided::Attached(figure));
        let listed = figures(&app, &office, programme).await;
        assert_eq!((listed.len(), listed[0].documents.len()), (1, 2));
        app.claim_reopen(&office, programme, id).await.unwrap();
        let listed = figures(&app, &office, programme).await;
        assert_eq!((listed.len(), listed[0].documents.len()), (1, 1));
    }
}

#[tokio::test]
async fn a_total_opens_to_what_it_counts_and_what_it_leaves_out() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, REPORT).await;
        for quote in ["80亿元", "50亿元", "30亿元"] {
            app.claim_accept(&office, programme, quoted(&claims, quote).id).await.unwrap();
        }
        let overview = app.overview(&office, programme, &[Measure::SignedUnspecified]).await.unwrap();
        let group =
            TallyGroup { measure: Measure::SignedUnspecified, unit: Unit::cny(), kind: TimeKind::Flow };
        let total = overview.totals.iter().find(|total| total.group == group).expect("a total");
        assert_eq!((total.sum.low, total.sum.count, total.left_out), (800_000_000_000, 1, 2));
        let opened = app.total_open(&office, programme, group, Scope::Programme).await.unwrap();
        assert_eq!((opened.tally.counted.len(), opened.tally.left_out.len(), opened.rows.len()), (1, 2, 3));
        assert!(overview.checks.iter().any(|check| check.verdict.code() == "holding"), "80 = 50 + 30");
        assert!(app.verify_totals(&office, programme).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_correction_is_kept_beside_what_was_read() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, REPORT).await;
        let claim = quoted(&claims, "12.5亿元");
        let mut new = Correction {
            measure: "works_completed".into(),
            value: "1,300,000,000".into(),
            unit: "CNY".into(),
            approx: "over".into(),
            role: "actual".into(),
            place: "芦滩县".into(),
            period_from: "2025-01-01".into(),
            period_to: "2024-01-01".into(),
            period_kind: "flow".into(),
            ..Correction::default()
        };
        let backwards = app.claim_correct(&office, programme, claim.id, &new).await;
        assert!(matches!(backwards, Err(Error::Invalid { field: "period_to", problem: "order" })));
        new.period_to = "2025-12-31".into();
        let below = Correction { value: "-1".into(), ..new.clone() };
        let below = app.claim_correct(&office, programme, claim.id, &below).await;
        assert!(matches!(below, Err(Error::Invalid { field: "value", problem: "negative" })));
        app.claim_correct(&office, programme, claim.id, &new).await.unwrap();
        assert_eq!(app.claim_correct(&office, programme, claim.id, &new).await.unwrap(), Decided::Already);
        let (stored, resolved) = app.claim(&office, programme, claim.id).await.unwrap();
        assert_eq!(
            (stored.state, stored.reading.value.as_str()),
            (ClaimState::Corrected, claim.reading.value.as_str())
        );
        assert_eq!(resolved.hosts.len(), 1);
        let listed = figures(&app, &office, programme).await;
        assert_eq!(
            (listed[0].figure.measure, listed[0].figure.quantity.low),
            (Measure::WorksCompleted, 130_000_000_000)
        );
        let other = claims.iter().find(|other| other.id != claim.id).expect("another claim").id;
        let rate = Correction { measure: "rate".into(), value: "-3.5".into(), unit: "%".into(), ..new };
        app.claim_correct(&office, programme, other, &rate).await.expect("a rate may fall");
    }
}

#[tokio::test]
async fn who_entered_a_figure_cannot_verify_it() {
    for (app, programme) in applications().await {
        let approver = user(&app, "first", Role::Approver).await;
        let other = user(&app, "second", Role::Approver).await;
        let reader = user(&app, "reader", Role::Reader).await;
        let claims = read(&app, &approver, programme, REPORT).await;
        let id = quoted(&claims, "12.5亿元").id;
        assert!(matches!(app.claim_accept(&reader, programme, id).await, Err(Error::Forbidden)));
        app.claim_accept(&approver, programme, id).await.unwrap();
        let code = figures(&app, &approver, programme).await.remove(0).code;
        let own = app.figure_set_status(&approver, programme, &code, Status::Reviewed, "").await;
        assert!(matches!(own, Err(Error::OwnFigure)));
        let early = app.figure_set_status(&other, programme, &code, Status::Approved, "").await;
        assert!(matches!(early, Err(Error::Conflict)));
        for status in [Status::Reviewed, Status::Approved] {
            app.figure_set_status(&other, programme, &code, status, "").await.unwrap();
        }
        let silent = app.figure_set_status(&other, programme, &code, Status::Withdrawn, " ").await;
        assert!(matches!(silent, Err(Error::Invalid { field: "reason", .. })));
        let detail = app.figure(&other, programme, &code).await.unwrap();
        assert_eq!(
            detail.log.iter().map(|entry| entry.status).collect::<Vec<_>>(),
            [Status::Filed, Status::Reviewed, Status::Approved]
        );
    }
}

#[tokio::test]
async fn stopping_in_the_middle_of_reading_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.txt", REPORT.as_bytes());
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    let operator = app::Actor::operator(now());
    let first = app::App::open(&database).await.unwrap();
    first.load_example(&operator, &crate::common::repository().join("examples/invented")).await.unwrap();
    let programme = first.programme("invented").await.unwrap().id;
    let added = first.document_add(&operator, programme, &path, "a.txt").await.unwrap();
    // The work is dropped at several of its await points, as when the server is stopped; what was acknowledged stays.
    for micros in [1, 300, 3_000] {
        let cut_off = std::time::Duration::from_micros(micros);
        let _ = tokio::time::timeout(cut_off, first.work(now)).await;
        first.recover_jobs().await.unwrap();
    }
    first.close().await;
    let second = app::App::open(&database).await.unwrap();
    second.recover_jobs().await.unwrap();
    second.work(now).await.unwrap();
    let document = second.document(&operator, programme, &added.code).await.unwrap();
    assert_eq!(document.state, app::DocumentState::Ready);
    assert!(document.open_count > 4);
}

#[tokio::test]
async fn equal_sums_of_two_unknown_firms_stay_two_figures() {
    let text = "来源：砾原日报 2025-06-01\n\n2025年，乌泽市甲丁新材料有限公司完成投资3亿元。\n\n\
        2025年，乌泽市乙戊机械有限公司完成投资3亿元。\n";
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, text).await;
        let equal: Vec<_> = claims.iter().filter(|claim| claim.quote == "3亿元").collect();
        assert_eq!(equal.len(), 2);
        for claim in equal {
            let decided = app.claim_accept(&office, programme, claim.id).await.unwrap();
            assert!(matches!(decided, Decided::Entered(_)), "{decided:?}");
        }
    }
}

#[tokio::test]
async fn two_equal_claims_accepted_at_once_meet_in_one_figure() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let first = read(&app, &office, programme, REPORT).await;
        let second = read(&app, &office, programme, &format!("{REPORT}\n另讯。\n")).await;
        for quote in ["80亿元", "50亿元", "30亿元", "12.5亿元"] {
            let (a, b) = (quoted(&first, quote).id, quoted(&second, quote).id);
            let both = tokio::join!(
                app.claim_accept(&office, programme, a),
                app.claim_accept(&office, programme, b)
            );
            let attached = |decided: &app::Result<Decided>| matches!(decided, Ok(Decided::Attached(_)));
            assert!(attached(&both.0) != attached(&both.1), "{quote}: {both:?}");
        }
        assert_eq!(figures(&app, &office, programme).await.len(), 4);
    }
}

#[tokio::test]
async fn undoing_an_undo_is_no_way_around_verification() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let approver = user(&app, "approver", Role::Approver).await;
        let claims = read(&app, &office, programme, REPORT).await;
        app.claim_accept(&office, programme, quoted(&claims, "12.5亿元").id).await.unwrap();
        let code = figures(&app, &office, programme).await.remove(0).code;
        for status in [Status::Reviewed, Status::Approved] {
            app.figure_set_status(&approver, programme, &code, status, "").await.unwrap();
        }
        let last = |audit: Vec<app::AuditEntry>| audit[0].change.id;
        let approval = last(app.audit(&approver, programme, &code, None).await.unwrap().1);
        app.change_undo(&approver, programme, approval, None).await.unwrap();
        let undone = last(app.audit(&approver, programme, &code, None).await.unwrap().1);
        let refused = app.change_undo(&office, programme, undone, None).await;
        assert!(matches!(refused, Err(Error::Forbidden | Error::OwnFigure)), "{refused:?}");
        app.change_undo(&approver, programme, undone, None).await.unwrap();
        let figure = app.figure(&office, programme, &code).await.unwrap().entry.figure;
        assert_eq!(figure.status, Status::Approved);
    }
}

#[tokio::test]
async fn the_first_quote_can_be_taken_back_while_the_second_keeps_the_figure() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let first = read(&app, &office, programme, REPORT).await;
        let second = read(&app, &office, programme, &format!("{REPORT}\n另讯。\n")).await;
        for claims in [&first, &second] {
            app.claim_accept(&office, programme, quoted(claims, "12.5亿元").id).await.unwrap();
        }
        app.claim_reopen(&office, programme, quoted(&first, "12.5亿元").id).await.unwrap();
        let listed = figures(&app, &office, programme).await;
        assert_eq!((listed.len(), listed[0].documents.len()), (1, 1));
        app.claim_reopen(&office, programme, quoted(&second, "12.5亿元").id).await.unwrap();
        assert!(figures(&app, &office, programme).await.is_empty(), "no quote is left");
    }
}

#[tokio::test]
async fn a_document_whose_figures_count_is_not_taken_away() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, REPORT).await;
        let id = quoted(&claims, "12.5亿元").id;
        app.claim_accept(&office, programme, id).await.unwrap();
        let code = claims[0].document_code.clone();
        let (_, audit) = app.audit(&office, programme, &code, None).await.unwrap();
        let adding =
            audit.iter().find(|entry| entry.change.kind == "document-add").expect("audited").change.id;
        let refused = app.change_undo(&office, programme, adding, None).await;
        assert!(
            matches!(&refused, Err(Error::Superseded(fields)) if fields.contains(&"document".to_owned()))
        );
        app.claim_reopen(&office, programme, id).await.unwrap();
    }
}

#[tokio::test]
async fn rejecting_a_part_does_not_make_a_true_total_wrong() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, REPORT).await;
        app.claim_reject(&office, programme, quoted(&claims, "30亿元").id, "试").await.unwrap();
        let checks = app.check_list(&office, programme).await.unwrap();
        let check = checks.iter().find(|check| check.whole.quote == "80亿元").expect("still listed");
        assert_eq!(check.verdict.code(), "partial");
    }
}

#[tokio::test]
async fn another_day_of_publication_reads_the_text_again_and_keeps_what_was_decided() {
    let text = "来源：砾原日报 2025-06-01\n\n去年，乌泽市到位资金7亿元，完成投资9亿元。\n";
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, text).await;
        let year = |claim: &app::Claim| claim.reading.period.from.map(jiff::civil::Date::year);
        let (kept, open) = (quoted(&claims, "7亿元"), quoted(&claims, "9亿元"));
        assert_eq!(year(open), Some(2024));
        app.claim_accept(&office, programme, kept.id).await.unwrap();
        let day = jiff::civil::date(2023, 6, 1);
        let code = &claims[0].document_code;
        app.document_set_details(&office, programme, code, ("标题", None), Some(day), None).await.unwrap();
        app.work(now).await.unwrap();
        let claims = app.claim_list(&office, programme, kept.document).await.unwrap();
        assert_eq!(claims.len(), 2);
        assert_eq!(quoted(&claims, "7亿元").id, kept.id);
        assert_eq!(quoted(&claims, "7亿元").state, ClaimState::Accepted);
        assert_eq!(year(quoted(&claims, "9亿元")), Some(2022));
        let figure = figures(&app, &office, programme).await.remove(0).figure;
        assert_eq!(figure.published, Some(day), "the figure follows its document");
    }
}

#[tokio::test]
async fn shares_are_never_totalled() {
    let text = "来源：砾原日报 2025-06-01\n\n2024年，乌泽市到位资金7亿元，同比增长12.5%。\n";
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let before = app.overview(&office, programme, &[]).await.unwrap().totals;
        let claims = read(&app, &office, programme, text).await;
        app.claim_accept(&office, programme, quoted(&claims, "12.5%").id).await.unwrap();
        assert_eq!(app.overview(&office, programme, &[]).await.unwrap().totals, before);
    }
}

#[tokio::test]
async fn a_damaged_place_still_names_its_region() {
    let text = "來源：砾原日报 2025-06-01\n\n2024年，蘆灘縣到位資金7億元。\n";
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, text).await;
        let claim = quoted(&claims, "7億元");
        assert_eq!(claim.reading.place.as_ref().map(|place| place.text.as_str()), Some("芦滩县"));
        let (_, resolved) = app.claim(&office, programme, claim.id).await.unwrap();
        assert_eq!(resolved.hosts.len(), 1);
    }
}

#[tokio::test]
async fn a_corrected_figure_takes_the_place_of_the_old_one_until_that_is_undone() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let claims = read(&app, &office, programme, REPORT).await;
        for quote in ["80亿元", "50亿元", "30亿元"] {
            app.claim_accept(&office, programme, quoted(&claims, quote).id).await.unwrap();
        }
        let listed = figures(&app, &office, programme).await;
        let old = listed.iter().find(|row| row.figure.quantity.low == 800_000_000_000).expect("the total");
        let new =
            app::NewValue { value: "8100000000".into(), value_max: String::new(), approx: "exact".into() };
        let silent = app.figure_replace(&office, programme, &old.code, &new, " ").await;
        assert!(matches!(silent, Err(Error::Invalid { field: "reason", .. })));
        let code = app.figure_replace(&office, programme, &old.code, &new, "原件为81").await.unwrap();
        let twice = app.figure_replace(&office, programme, &old.code, &new, "再").await;
        assert!(matches!(twice, Err(Error::Conflict)));
        let detail = app.figure(&office, programme, &code).await.unwrap();
        assert_eq!(detail.replaces.as_ref(), Some(&old.code));
        assert_eq!(detail.evidence[0].2.as_ref().map(|claim| claim.quote.as_str()), Some("80亿元"));
        let total = |low: i64| {
            let (app, office) = (app.clone(), office.clone());
            async move {
                let overview = app.overview(&office, programme, &[]).await.unwrap();
                let signed = |total: &&app::TallyTotal| total.group.measure == Measure::SignedUnspecified;
                let kept = overview.totals.iter().find(signed).expect("a total").sum;
                assert_eq!((kept.low, kept.count), (low, 1), "its parts stay its parts");
            }
        };
        total(810_000_000_000).await;
        let claim = quoted(&claims, "80亿元").id;
        assert!(matches!(app.claim_reopen(&office, programme, claim).await, Err(Error::Superseded(_))));
        let (_, audit) = app.audit(&office, programme, &code, None).await.unwrap();
        app.change_undo(&office, programme, audit[0].change.id, None).await.unwrap();
        total(800_000_000_000).await;
    }
}
