//! One filing: what its page shows, and filling it in.

use super::cells::{self, CellEntry};
use super::offer::{self, Offer};
use super::{compile, hold, refuse_unless_sent, round_status};
use crate::access::{Actor, Right, open, reaches};
use crate::entry::{Problem, RecordNames, names_of};
use crate::error::{Error, Result};
use crate::{App, change, regions, typed};
use domain::figure::Status;
use domain::reporting::{CellState, FilingState};
use jiff::civil::Date;
use std::collections::HashMap;
use store::{
    CellInput, Change, Entry, Filing, FilingCell, FilingFigure, FilingLog, RecordKind, ReportingLine, Tx,
};

/// The longest remark of a filing, in characters.
const NOTE_CHARS: usize = 1_000;

/// A filing with everything its page shows.
#[derive(Debug, Clone)]
pub struct FilingDetail {
    /// The filing.
    pub filing: Filing,
    /// Its task.
    pub task: Entry,
    /// The records that the task's fields name.
    pub names: RecordNames,
    /// The form.
    pub lines: Vec<ReportingLine>,
    /// What it says, by line.
    pub cells: HashMap<i64, FilingCell>,
    /// What was done with it, in order.
    pub log: Vec<FilingLog>,
    /// What the ledger holds, by line.
    pub offers: HashMap<i64, Offer>,
    /// The figures it became, and those that correct them, oldest first.
    pub figures: Vec<FilingFigure>,
    /// Whether the actor may fill it in now.
    pub fillable: bool,
    /// Whether the actor does so for a unit that is not the actor's own.
    pub on_behalf: bool,
    /// Where the actor may move it now.
    pub next: Vec<FilingState>,
    /// Whether the actor may correct what was approved.
    pub correctable: bool,
    /// The day where the programme is.
    pub today: Date,
}

impl FilingDetail {
    /// The figure that stands for a line now: the last of its corrections.
    #[must_use]
    pub fn figure(&self, line: i64) -> Option<&FilingFigure> {
        compile::current(&self.figures, self.cells.get(&line)?.figure?)
    }

    /// The figures of a line, from the one that was approved to the one that stands.
    #[must_use]
    pub fn corrections(&self, line: i64) -> Vec<&FilingFigure> {
        let first = self.cells.get(&line).and_then(|cell| cell.figure);
        let mut chain: Vec<&FilingFigure> =
            self.figures.iter().filter(|figure| Some(figure.id) == first).collect();
        while let Some(last) = chain.last()
            && let Some(next) = self.figures.iter().find(|figure| figure.replaces == Some(last.id))
        {
            chain.push(next);
        }
        chain
    }
}

/// A filing as its form sends it.
#[derive(Debug, Clone, Default)]
pub struct FilingInput {
    /// The version of the filing that the form showed.
    pub version: i64,
    /// What was typed, by line. A line that the form does not send stays as it is.
    pub cells: Vec<CellEntry>,
    /// A remark of the unit.
    pub note: String,
    /// Whether it is submitted, or only kept.
    pub submit: bool,
}

impl App {
    /// A filing with its form, what it says, and what the ledger holds already.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has none with this code that the actor can see.
    pub async fn filing(&self, actor: &Actor, programme: i64, code: &str) -> Result<FilingDetail> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        if record.kind != RecordKind::Filing {
            return Err(Error::NotFound);
        }
        let filing = store::filing_get(&mut tx, record.id).await?;
        let task = store::entry_get(&mut tx, filing.task).await?;
        let lines = store::reporting_line_list(&mut tx, filing.task).await?;
        let log = store::filing_log_list(&mut tx, record.id).await?;
        let places = regions::known(&self.regions, &mut tx, programme).await?;
        let fill = actor.reach_for(programme, Right::FileReport);
        let is_open = matches!(filing.state, FilingState::Open | FilingState::Filled | FilingState::Returned);
        let may_fill = actor.may(programme, Right::FileReport) && reaches(&mut tx, &record, &fill).await?;
        let mut next = Vec::new();
        if round_status(&task) == "sent" {
            for &state in filing.state.next() {
                if may_move(&mut tx, actor, programme, &filing, state).await? && !is_own(actor, &log, state) {
                    next.push(state);
                }
            }
        }
        Ok(FilingDetail {
            names: names_of(&mut tx, actor, programme, [&task]).await?,
            cells: store::filing_cell_list(&mut tx, record.id).await?,
            offers: offer::of_filing(&mut tx, &places, &task, &filing, &lines).await?,
            figures: store::filing_figure_list(&mut tx, record.id).await?,
            fillable: may_fill && is_open && round_status(&task) == "sent" && !record.archived,
            correctable: may_fill && filing.state == FilingState::Approved,
            on_behalf: !actor.is_of(programme, filing.unit.id),
            today: change::local(&mut tx, Some(programme), actor.at).await?.date(),
            next,
            filing,
            task,
            lines,
            log,
        })
    }

    /// Keeps what was typed into a filing, or submits it. What was sent twice is done once.
    ///
    /// # Errors
    /// [`Error::Form`] naming every line that cannot be taken, a closed round (`round-closed`), somebody else's later entry
    /// (`filing-stale`), or a filing that was submitted meanwhile (`filing-gone`); nothing is kept then.
    pub async fn filing_save(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        input: &FilingInput,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let (filing, task) = hold(&mut tx, actor, programme, code, Right::FileReport).await?;
        refuse_unless_sent(&task)?;
        let lines = store::reporting_line_list(&mut tx, filing.task).await?;
        let before = store::filing_cell_list(&mut tx, filing.record.id).await?;
        let wanted = read(&lines, &before, input)?;
        let note = remark(&input.note)?;
        let same = note == filing.note && wanted.iter().all(|(line, cell)| said(&before, *line) == *cell);
        let is_done =
            if input.submit { filing.state.is_filed() } else { filing.state == FilingState::Filled };
        if same && is_done {
            return Ok(());
        }
        if filing.state.is_filed() {
            return Err(problem("filing-gone"));
        }
        if input.version != filing.record.version && !same {
            return Err(problem("filing-stale"));
        }
        if input.submit {
            refuse_incomplete(&lines, &before, &wanted)?;
        }
        let kind = if input.submit { "filing-submit" } else { "filing-fill" };
        let change = change::open(&mut tx, actor, Some(programme), kind, None).await?;
        keep(&mut tx, &change, &filing, &before, &wanted).await?;
        store::filing_set_note(&mut tx, &change, &filing, note.as_deref()).await?;
        let on_behalf = !actor.is_of(programme, filing.unit.id);
        let state = match (input.submit, filing.state) {
            (true, _) => FilingState::Submitted,
            // What was returned stays so until it is submitted again.
            (false, FilingState::Returned) => FilingState::Returned,
            (false, _) => FilingState::Filled,
        };
        if state == filing.state {
            store::filing_log(&mut tx, &change, filing.record.id, "filled", None, on_behalf).await?;
        } else {
            store::filing_set_state(&mut tx, &change, &filing, state, None, on_behalf).await?;
        }
        self.commit(tx).await
    }
}

/// A problem of the whole filing.
pub(super) fn problem(code: &'static str) -> Error {
    Error::Form(vec![Problem::new("filing", code)])
}

fn remark(text: &str) -> Result<Option<String>> {
    let text = typed::lines(text);
    if text.chars().count() > NOTE_CHARS {
        return Err(Error::Form(vec![Problem::hinting("note", "too-long", NOTE_CHARS)]));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn said(before: &HashMap<i64, FilingCell>, line: i64) -> CellInput {
    before.get(&line).map_or_else(CellInput::missing, |cell| cell.input.clone())
}

/// What was typed, by line. A value that was read from a sheet and not touched since keeps its place there.
fn read(
    lines: &[ReportingLine],
    before: &HashMap<i64, FilingCell>,
    input: &FilingInput,
) -> Result<Vec<(i64, CellInput)>> {
    let mut problems = Vec::new();
    let mut wanted = Vec::new();
    for entry in &input.cells {
        let Some(line) = lines.iter().find(|line| line.id == entry.line) else {
            return Err(problem("filing-form-changed"));
        };
        let mut cell = cells::read(line, entry, &mut problems);
        let old = said(before, line.id);
        if (old.state, old.value) == (cell.state, cell.value) {
            cell.source = old.source;
        }
        wanted.push((line.id, cell));
    }
    if problems.is_empty() { Ok(wanted) } else { Err(Error::Form(problems)) }
}

fn refuse_incomplete(
    lines: &[ReportingLine],
    before: &HashMap<i64, FilingCell>,
    wanted: &[(i64, CellInput)],
) -> Result<()> {
    let state = |line: i64| match wanted.iter().find(|(id, _)| *id == line) {
        Some((_, cell)) => cell.state,
        None => said(before, line).state,
    };
    let required = lines.iter().filter(|line| line.line.required);
    let missing = required.filter(|line| state(line.id) == CellState::Missing);
    let problems: Vec<Problem> =
        missing.map(|line| Problem::new(&format!("v{}", line.id), "line-missing")).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Form(problems)) }
}

/// Writes the lines that say something else than before.
pub(super) async fn keep(
    tx: &mut Tx,
    change: &Change,
    filing: &Filing,
    before: &HashMap<i64, FilingCell>,
    wanted: &[(i64, CellInput)],
) -> Result<usize> {
    let mut changed = 0;
    for (line, cell) in wanted.iter().filter(|(line, cell)| said(before, *line) != *cell) {
        store::filing_cell_set(tx, change, (filing.record.id, *line), before.get(line), cell).await?;
        changed += 1;
    }
    Ok(changed)
}

/// The right that moving a filing to a state asks for.
pub(super) fn right_for(state: FilingState) -> Right {
    match state {
        FilingState::Approved => Right::ApproveFigure,
        FilingState::Reviewed | FilingState::Returned => Right::ReviewFigure,
        _ => Right::FileReport,
    }
}

async fn may_move(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    filing: &Filing,
    state: FilingState,
) -> Result<bool> {
    let right = right_for(state);
    let reach = actor.reach_for(programme, right);
    Ok(actor.may(programme, right) && reaches(tx, &filing.record, &reach).await?)
}

/// Law 7: whether the actor filled in what would be verified.
pub(super) fn is_own(actor: &Actor, log: &[FilingLog], state: FilingState) -> bool {
    let fills = |of: &&FilingLog| matches!(of.action.as_str(), "filled" | "submitted");
    matches!(state, FilingState::Reviewed | FilingState::Approved)
        && log.iter().filter(fills).any(|of| of.user == actor.user)
}

/// Statuses of figures that a correction may replace.
pub(super) fn stands(status: Status) -> bool {
    status != Status::Withdrawn
}
