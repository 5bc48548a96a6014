//! A round of reporting that every unit filed and that was approved, made by the use cases.

use crate::Outcome;
use app::{Actor, App, CellEntry, EntryForm, FilingInput, LineInput, ListFilter, RecordKind, Role, Sort};
use domain::Measure;
use domain::reporting::FilingState;
use jiff::Timestamp;

const UNITS: usize = 200;
const LINES: usize = 30;

/// The code of the round.
///
/// # Errors
/// When it cannot be made.
pub async fn made(app: &App, programme: i64, code: &str) -> Outcome<String> {
    let operator = Actor::operator(Timestamp::now());
    for (login, role) in [("bench-office", Role::Office), ("bench-approver", Role::Approver)] {
        app.user_add(&operator, login, login, "a password of benches", Some(code), role).await?;
    }
    let office = app.actor_named("bench-office", Timestamp::now()).await?;
    let approver = app.actor_named("bench-approver", Timestamp::now()).await?;
    let list = async |kind, limit| {
        app.entry_list(&operator, programme, ListFilter::of(kind), Sort::default(), None, limit).await
    };
    let owner = list(RecordKind::Office, 1).await?.entries.remove(0).record.code;
    let task = draft(app, &office, programme, &owner).await?;
    let units = list(RecordKind::Organisation, i64::try_from(UNITS)?).await?;
    let units: Vec<_> = units.entries.iter().map(|unit| unit.record.code.as_str()).collect();
    app.reporting_unit_add(&office, programme, &task, &units.join("\n"), "").await?;
    app.reporting_send(&office, programme, &task).await?;
    let round = app.reporting_round(&office, programme, &task).await?;
    for (at, filing) in round.filings.iter().enumerate() {
        let code = &filing.record.code;
        let detail = app.filing(&office, programme, code).await?;
        let cell = |line: i64| CellEntry { line, value: (at + 1).to_string(), ..CellEntry::default() };
        let cells = detail.lines.iter().map(|line| cell(line.id)).collect();
        let version = detail.filing.record.version;
        let input = FilingInput { version, cells, submit: true, ..FilingInput::default() };
        app.filing_save(&office, programme, code, &input).await?;
        for state in [FilingState::Reviewed, FilingState::Approved] {
            let version = app.filing(&approver, programme, code).await?.filing.record.version;
            app.filing_move(&approver, programme, code, state, "", version).await?;
        }
    }
    Ok(task)
}

/// A round of one month with its lines.
async fn draft(app: &App, office: &Actor, programme: i64, owner: &str) -> Outcome<String> {
    let fields = [
        ("status", "draft"),
        ("owner", owner),
        ("date_from", "2026-10-01"),
        ("date_to", "2026-10-31"),
        ("due_on", "2026-12-05"),
    ];
    let form = EntryForm {
        title: Some("bench".to_owned()),
        fields: fields.map(|(field, text)| (field.to_owned(), text.to_owned())).into(),
        different: true,
        ..EntryForm::default()
    };
    let task = app.entry_create(office, programme, RecordKind::ReportingTask, &form).await?.code;
    let mut lines = 0;
    for measure in Measure::ALL {
        for time_kind in ["flow", "cumulative"] {
            let line = LineInput {
                measure: measure.code().to_owned(),
                unit: "wan".to_owned(),
                time_kind: time_kind.to_owned(),
                ..LineInput::default()
            };
            if lines < LINES && app.reporting_line_add(office, programme, &task, &line).await.is_ok() {
                lines += 1;
            }
        }
    }
    println!("a round of {UNITS} units and {lines} lines");
    Ok(task)
}
