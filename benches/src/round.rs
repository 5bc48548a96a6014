//! A round of reporting that every unit filed and that was approved, made by the use cases, and how long each step took.

use crate::{Outcome, Times};
use app::{Actor, App, CellEntry, EntryForm, FilingInput, LineInput, ListFilter, RecordKind, Role, Sort};
use domain::Measure;
use domain::reporting::FilingState;
use jiff::Timestamp;

const UNITS: usize = 200;
const LINES: usize = 30;
const PASSWORD: &str = "a password of benches";

/// A round and what it took to make it.
#[derive(Debug, Default)]
pub struct Round {
    /// Its code.
    pub code: String,
    /// Naming its units.
    pub naming: Times,
    /// Sending it out.
    pub sending: Times,
    /// Reminding all units.
    pub reminding: Times,
    /// A filing with what the ledger offers.
    pub opening: Times,
    /// What was typed, submitted.
    pub saving: Times,
    /// A filing reviewed.
    pub reviewing: Times,
    /// A filing approved: its values become figures.
    pub approving: Times,
}

/// Makes a round. Users that an earlier run made are taken as they are.
///
/// # Errors
/// When it cannot be made.
pub async fn made(app: &App, programme: i64, code: &str) -> Outcome<Round> {
    let operator = Actor::operator(Timestamp::now());
    let office = user(app, &operator, code, ("bench-office", Role::Office)).await?;
    let approver = user(app, &operator, code, ("bench-approver", Role::Approver)).await?;
    let list = async |kind, limit| {
        app.entry_list(&operator, programme, ListFilter::of(kind), Sort::default(), None, limit).await
    };
    let owner = list(RecordKind::Office, 1).await?.entries.remove(0).record.code;
    let mut round = Round { code: draft(app, &office, programme, &owner).await?, ..Round::default() };
    let units = list(RecordKind::Organisation, i64::try_from(UNITS)?).await?;
    let units: Vec<_> = units.entries.iter().map(|unit| unit.record.code.as_str()).collect();
    let units = units.join("\n");
    round.naming.run(app.reporting_unit_add(&office, programme, &round.code, &units, "")).await?;
    round.sending.run(app.reporting_send(&office, programme, &round.code)).await?;
    round.reminding.run(app.reporting_remind(&office, programme, &round.code, None)).await?;
    let detail = app.reporting_round(&office, programme, &round.code).await?;
    for (at, filing) in detail.filings.iter().enumerate() {
        round.filed(app, (&office, &approver), (programme, &filing.record.code), at + 1).await?;
    }
    Ok(round)
}

impl Round {
    /// Fills in one filing, has it reviewed and approved.
    async fn filed(
        &mut self,
        app: &App,
        (office, approver): (&Actor, &Actor),
        (programme, code): (i64, &str),
        value: usize,
    ) -> Outcome {
        let detail = self.opening.run(app.filing(office, programme, code)).await?;
        let cell = |line: i64| CellEntry { line, value: value.to_string(), ..CellEntry::default() };
        let cells = detail.lines.iter().map(|line| cell(line.id)).collect();
        let version = detail.filing.record.version;
        let input = FilingInput { version, cells, submit: true, ..FilingInput::default() };
        self.saving.run(app.filing_save(office, programme, code, &input)).await?;
        for (state, times) in
            [(FilingState::Reviewed, &mut self.reviewing), (FilingState::Approved, &mut self.approving)]
        {
            let detail = self.opening.run(app.filing(approver, programme, code)).await?;
            let version = detail.filing.record.version;
            times.run(app.filing_move(approver, programme, code, state, "", version)).await?;
        }
        Ok(())
    }
}

async fn user(app: &App, operator: &Actor, programme: &str, (login, role): (&str, Role)) -> Outcome<Actor> {
    if let Ok(actor) = app.actor_named(login, Timestamp::now()).await {
        return Ok(actor);
    }
    app.user_add(operator, login, login, PASSWORD, Some(programme), role).await?;
    Ok(app.actor_named(login, Timestamp::now()).await?)
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
