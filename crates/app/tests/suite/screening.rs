//! Law 9 at every entrance: no identity number reaches the database, whatever it is typed into.

use crate::common::{REPORT, applications, file, now, user};
use app::{Actor, App, Correction, Error, HandEntry, Role};

/// The worked example of the standard, which is nobody's number.
const NUMBER: &str = "11010519491231002X";

async fn stored(app: &App) -> String {
    let mut all = Vec::new();
    app.backup(&Actor::operator(now()), &mut all).await.expect("a backup");
    String::from_utf8_lossy(&all).into_owned()
}

async fn type_everywhere(app: &App, office: &Actor, programme: i64) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), "a", REPORT.as_bytes());
    let added = app.document_add(office, programme, &path, &format!("{NUMBER}.txt")).await.expect("added");
    let day = None;
    app.document_set_details(
        office,
        programme,
        &added.code,
        (&format!("题{NUMBER}"), Some(NUMBER)),
        day,
        None,
    )
    .await
    .expect("confirmed");
    app.document_add_text(office, programme, "电话记录，共3家。", &format!("与{NUMBER}通话"))
        .await
        .expect("pasted");
    app.work(now).await.expect("read");
    let claims = app.claim_list(office, programme, added.id).await.expect("claims");
    app.claim_reject(office, programme, claims[0].id, &format!("见{NUMBER}")).await.expect("rejected");
    let reading = &claims[1].reading;
    let correction = Correction {
        measure: reading.measure.code().into(),
        value: reading.value.clone(),
        unit: reading.unit.clone(),
        approx: "exact".into(),
        role: "actual".into(),
        place: format!("芦滩县 {NUMBER}"),
        org: NUMBER.into(),
        period_kind: "flow".into(),
        ..Correction::default()
    };
    app.claim_correct(office, programme, claims[1].id, &correction).await.expect("corrected");
    let number = Correction { value: NUMBER.into(), ..correction };
    assert!(app.claim_correct(office, programme, claims[2].id, &number).await.is_err());
    enter_by_hand(app, office, programme, &added.code).await;
}

async fn enter_by_hand(app: &App, office: &Actor, programme: i64, document: &str) {
    let entry = HandEntry {
        measure: "tax".into(),
        value: "1".into(),
        unit: "CNY".into(),
        approx: "exact".into(),
        role: "actual".into(),
        period_kind: "flow".into(),
        phrase: NUMBER.into(),
        note: format!("经办{NUMBER}"),
        page: 1,
        rect: [0, 0, 10, 10],
        ..HandEntry::default()
    };
    let [measure, unit, role] = ["jobs", "job", "target"].map(str::to_owned);
    let jobs = HandEntry { measure, unit, role, ..entry.clone() };
    let refused = app.figure_enter(office, programme, document, &jobs).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "role", problem: "jobs" })), "{refused:?}");
    let figure = app.figure_enter(office, programme, document, &entry).await.expect("entered");
    let withdrawn = domain::figure::Status::Withdrawn;
    app.figure_set_status(office, programme, &figure, withdrawn, NUMBER).await.expect("withdrawn");
    let (_, audit) = app.audit(office, programme, &figure, None).await.expect("an audit");
    app.change_undo(office, programme, audit[0].change.id, Some(NUMBER)).await.expect("undone");
}

#[tokio::test]
async fn identity_numbers_are_masked_in_names_titles_corrections_reasons_and_notes() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        type_everywhere(&app, &office, programme).await;
        let stored = stored(&app).await;
        assert!(stored.contains(&"*".repeat(18)));
        assert!(!stored.contains(NUMBER));
    }
}

#[tokio::test]
async fn a_page_that_hides_an_identity_number_is_kept_as_its_text_only() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let folder = tempfile::tempdir().expect("a folder");
        let page = format!("<html><body><!-- {NUMBER} --><p>签约3亿元。</p></body></html>");
        let path = file(folder.path(), "a", page.as_bytes());
        let added = app.document_add(&office, programme, &path, "网页.html").await.expect("added");
        assert_eq!(added.masked, 1);
        let document = app.document(&office, programme, &added.code).await.expect("stored");
        let bytes = app.document_original_chunk(&office, &document, 0).await.expect("read");
        assert_eq!(bytes.as_deref(), Some("签约3亿元。\n".as_bytes()));
    }
}

#[tokio::test]
async fn control_characters_and_endless_texts_reach_no_database() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let added = app.document_add_text(&office, programme, "共3家。", "甲\u{0}乙").await.expect("added");
        let document = app.document(&office, programme, &added.code).await.expect("stored");
        assert_eq!(document.title, "甲 乙");
        let long = "字".repeat(1_001);
        let refused =
            app.document_set_details(&office, programme, &added.code, (&long, None), None, None).await;
        assert!(matches!(refused, Err(app::Error::Invalid { field: "title", problem: "too-long" })));
    }
}

#[tokio::test]
async fn a_long_text_is_read_in_pieces_whose_quotes_stand_where_they_say() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let text = format!("长文\n{}", "乌泽市今年新签约项目12个，投资额3.5亿元；".repeat(6_000));
        let added = app.document_add_text(&office, programme, &text, "").await.expect("added");
        app.work(now).await.expect("read");
        let claims = app.claim_list(&office, programme, added.id).await.expect("claims");
        assert_eq!(claims.len(), 12_000);
        let chars: Vec<char> = text.chars().collect();
        for claim in claims {
            let span =
                usize::try_from(claim.span.0).expect("a place")..usize::try_from(claim.span.1).expect("one");
            assert_eq!(chars[span].iter().collect::<String>(), claim.quote);
        }
    }
}
