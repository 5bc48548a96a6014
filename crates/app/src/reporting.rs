//! Reporting tasks (报送任务): rounds with their form and units, filings on their way to approval, the compiled table.

mod cells;
mod compile;
mod correct;
mod filing;
mod issue;
mod offer;
mod review;
mod sheet;
mod undone;

pub use cells::{CellEntry, number_in_line, read_value, typed_value};
pub use compile::{CellNow, LineTotal};
pub use filing::{FilingDetail, FilingInput};
pub(crate) use issue::check;
pub use issue::{LineInput, NextInput, RoundNext, UNIT_GROUPS};
pub use offer::Offer as LedgerOffer;
pub use sheet::{SHEET_BYTES, SheetTaken, SheetWords};
pub(crate) use undone::{put_back_cell, put_back_filing, put_back_line};

use crate::access::{Actor, Right, open, reaches};
use crate::entry::{Problem, RecordNames, edit_right, names_of};
use crate::error::{Error, Result};
use crate::{App, change};
use domain::reporting::{Punctuality, punctuality};
use domain::{Measure, Unit};
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};
use store::{Entry, Filing, FilingCell, ListFilter, Record, RecordKind, ReportingLine, Sort, SortBy, Tx};

/// Rounds that the page of all rounds shows.
pub const ROUNDS: i64 = 60;

/// A round among others: how far it is.
#[derive(Debug, Clone)]
pub struct RoundCard {
    /// The task.
    pub task: Entry,
    /// Its filings, as far as the reader sees them.
    pub filings: Vec<Filing>,
    /// Whether the reader may change the task.
    pub editable: bool,
}

/// A round with everything its page shows.
#[derive(Debug, Clone)]
pub struct RoundDetail {
    /// The task.
    pub task: Entry,
    /// The records that its fields name.
    pub names: RecordNames,
    /// Its form.
    pub lines: Vec<ReportingLine>,
    /// Its filings, as far as the reader sees them, in the order their units were named.
    pub filings: Vec<Filing>,
    /// What filings that were filed say, by filing and line.
    pub cells: HashMap<(i64, i64), CellNow>,
    /// The total of each line, in the order of the lines; none where its measure is never added.
    pub totals: Vec<Option<LineTotal>>,
    /// Whether the reader may change the task.
    pub editable: bool,
    /// The day where the programme is.
    pub today: Date,
}

/// The status of a task.
#[must_use]
pub fn round_status(task: &Entry) -> &str {
    task.text("status").unwrap_or("draft")
}

/// Whether a filing of a task is late on a day; a draft or closed task waits for nobody.
#[must_use]
pub fn filing_punctuality(task: &Entry, filing: &Filing, today: Date) -> Punctuality {
    match round_status(task) {
        "draft" => Punctuality::Waiting,
        _ => punctuality(filing.state, filing.submitted_on, task.day("due_on"), today),
    }
}

/// The unit in which values of a line are kept.
#[must_use]
pub fn line_unit(line: &ReportingLine) -> Unit {
    match line.line.unit.as_str() {
        "yi" | "wan" => Unit::cny(),
        code => Unit::from_code(code).unwrap_or(Unit::cny()),
    }
}

impl App {
    /// The newest rounds that concern the actor: those the actor may change, and those with a filing open to the actor.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reporting_list(&self, actor: &Actor, programme: i64) -> Result<(Vec<RoundCard>, Date)> {
        actor.require(programme, Right::View)?;
        let reach = actor.reach(programme);
        let mut tx = self.db.read().await?;
        let today = change::local(&mut tx, Some(programme), actor.at).await?.date();
        let filter = ListFilter { reach: reach.clone(), ..ListFilter::of(RecordKind::ReportingTask) };
        let sort = Sort { by: SortBy::Created, descending: true };
        let tasks = store::entry_list(&mut tx, programme, &filter, sort, None, ROUNDS).await?;
        let ids: Vec<i64> = tasks.iter().map(|task| task.record.id).collect();
        let edit = actor.reach_for_kind(programme, Right::EditRecord, RecordKind::ReportingTask);
        let editable: BTreeSet<i64> =
            store::record_list_of(&mut tx, &ids, &edit).await?.iter().map(|record| record.id).collect();
        let mut by_task: HashMap<i64, Vec<Filing>> = HashMap::new();
        for filing in store::filing_list_newest(&mut tx, programme, ROUNDS, &reach).await? {
            by_task.entry(filing.task).or_default().push(filing);
        }
        let card = |task: Entry| RoundCard {
            filings: by_task.remove(&task.record.id).unwrap_or_default(),
            editable: editable.contains(&task.record.id),
            task,
        };
        let cards = tasks.into_iter().map(card).filter(|card| card.editable || !card.filings.is_empty());
        Ok((cards.collect(), today))
    }

    /// A round with what was filed.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has none with this code that the actor can see.
    pub async fn reporting_round(&self, actor: &Actor, programme: i64, code: &str) -> Result<RoundDetail> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        let task = of_kind(&mut tx, &record).await?;
        let (id, reach) = (task.record.id, actor.reach(programme));
        let lines = store::reporting_line_list(&mut tx, id).await?;
        let filings = store::filing_list(&mut tx, id, &reach).await?;
        let cells = store::filing_cell_list_of_task(&mut tx, id).await?;
        let figures = store::filing_figure_list_of_task(&mut tx, id).await?;
        let cells = compile::cells(&filings, cells, figures);
        let edit = actor.reach_for_kind(programme, Right::EditRecord, RecordKind::ReportingTask);
        Ok(RoundDetail {
            names: names_of(&mut tx, actor, programme, [&task]).await?,
            totals: compile::totals(&task, &lines, &filings, &cells)?,
            editable: !task.record.archived && reaches(&mut tx, &task.record, &edit).await?,
            today: change::local(&mut tx, Some(programme), actor.at).await?.date(),
            task,
            lines,
            filings,
            cells,
        })
    }
}

/// The task that a record is.
async fn of_kind(tx: &mut Tx, record: &Record) -> Result<Entry> {
    if record.kind != RecordKind::ReportingTask {
        return Err(Error::NotFound);
    }
    Ok(store::entry_of(tx, record).await?)
}

/// A filing to be worked on, with its task, both held until the transaction ends.
async fn hold(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    code: &str,
    right: Right,
) -> Result<(Filing, Entry)> {
    let record = open(tx, actor, programme, code, right).await?;
    if record.kind != RecordKind::Filing || record.archived {
        return Err(Error::NotFound);
    }
    store::record_lock(tx, record.id).await?;
    let filing = store::filing_get(tx, record.id).await?;
    let task = store::entry_get(tx, filing.task).await?;
    Ok((filing, task))
}

/// Refuses what cannot be done with a filing whose round is closed or not sent out yet.
fn refuse_unless_sent(task: &Entry) -> Result<()> {
    match round_status(task) {
        "sent" => Ok(()),
        "closed" => Err(Error::Form(vec![Problem::new("filing", "round-closed")])),
        _ => Err(Error::NotFound),
    }
}

/// The task of this code, held, for who may change it.
async fn editable(tx: &mut Tx, actor: &Actor, programme: i64, code: &str) -> Result<Entry> {
    let record = open(tx, actor, programme, code, edit_right(RecordKind::ReportingTask)).await?;
    of_kind(tx, &record).await?;
    let task = store::entry_lock(tx, record.id).await?;
    if task.record.archived {
        return Err(Error::NotFound);
    }
    Ok(task)
}

/// What a filing says now, by line, in the order of the lines.
fn said<'a>(
    lines: &'a [ReportingLine],
    cells: &'a HashMap<i64, FilingCell>,
) -> impl Iterator<Item = (&'a ReportingLine, Option<&'a FilingCell>)> {
    lines.iter().map(|line| (line, cells.get(&line.id)))
}

/// What a line is called.
#[must_use]
pub fn line_measure(line: &ReportingLine) -> Measure {
    line.line.measure
}
