//! Filings: what one unit files for one reporting task, its cells, and what was done with it.

use crate::change::{Change, created, field};
use crate::db::{Param, Row, Tx, params};
use crate::entry::{RECORD_COLUMNS, RECORD_WIDTH, entry_touch};
use crate::error::Result;
use crate::figure::figure_from;
use crate::reach::Reach;
use crate::record::{Record, RecordKind, record_at, record_from, record_insert};
use domain::figure::Figure;
use domain::reporting::{CellState, FilingState, round_period};
use domain::{Measure, TimeKind};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

statements! {
    INSERT = "INSERT INTO filing (record_id, programme_id, task_id, unit_id, state) VALUES ($1, $2, $3, $4, 'open')";
    SET_STATE = "UPDATE filing SET state = $2, submitted_on = $3 WHERE record_id = $1";
    SET_NOTE = "UPDATE filing SET note = $2 WHERE record_id = $1";
    LOG = "INSERT INTO filing_log (filing_id, action, reason, on_behalf, change_id) VALUES ($1, $2, $3, $4, $5) RETURNING id";
    LOGS = "SELECT l.filing_id, l.action, l.reason, l.on_behalf, l.change_id, c.at, c.user_id, u.name FROM filing_log l
        JOIN change c ON c.id = l.change_id LEFT JOIN app_user u ON u.id = c.user_id
        WHERE l.filing_id = $1 ORDER BY l.id";
    REMINDED = "SELECT l.filing_id, MAX(c.at) FROM filing f JOIN filing_log l ON l.filing_id = f.record_id
        JOIN change c ON c.id = l.change_id WHERE f.task_id = $1 AND l.action = 'reminded' GROUP BY l.filing_id";
    CELL = "INSERT INTO filing_cell (filing_id, line_id, state, value, note, digest, sheet, cell)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (filing_id, line_id) DO UPDATE SET state = excluded.state,
        value = excluded.value, note = excluded.note, digest = excluded.digest, sheet = excluded.sheet,
        cell = excluded.cell RETURNING id";
    CELLS_OF_TASK = "SELECT c.filing_id, c.id, c.line_id, c.state, c.value, c.note, c.digest, c.sheet, c.cell, c.figure_id
        FROM filing f JOIN filing_cell c ON c.filing_id = f.record_id WHERE f.task_id = $1";
    CELLS_OF_FILING = "SELECT c.filing_id, c.id, c.line_id, c.state, c.value, c.note, c.digest, c.sheet, c.cell, c.figure_id
        FROM filing_cell c WHERE c.filing_id = $1";
    CELL_GET = "SELECT c.filing_id, c.id, c.line_id, c.state, c.value, c.note, c.digest, c.sheet, c.cell, c.figure_id
        FROM filing_cell c WHERE c.id = $1";
    HAS_DIGEST = "SELECT id FROM filing_cell WHERE filing_id = $1 AND digest = $2 LIMIT 1";
    FIGURES_OF_TASK = "SELECT g.record_id, g.replaces_id, g.low, g.status, r.code, g.note FROM filing f
        JOIN figure g ON g.subject_id = f.record_id JOIN record r ON r.id = g.record_id
        WHERE f.task_id = $1 ORDER BY g.record_id";
    FIGURES_OF_FILING = "SELECT g.record_id, g.replaces_id, g.low, g.status, r.code, g.note FROM figure g
        JOIN record r ON r.id = g.record_id WHERE g.subject_id = $1 ORDER BY g.record_id";
    // Who reaches the task otherwise than by its being open.
    TASK_KEYS = "INSERT INTO record_reach (record_id, key) SELECT CAST($1 AS BIGINT), k.key FROM record_reach k
        WHERE k.record_id = $2 AND substr(k.key, 1, 1) IN ('r', 't', 'u') ON CONFLICT DO NOTHING";
}

/// A filing with its unit.
#[derive(Debug, Clone)]
pub struct Filing {
    /// Its record.
    pub record: Record,
    /// The task.
    pub task: i64,
    /// The unit: an office, organisation or park.
    pub unit: Record,
    /// Where it stands.
    pub state: FilingState,
    /// The day it was last submitted.
    pub submitted_on: Option<Date>,
    /// A remark of the unit.
    pub note: Option<String>,
}

/// What a filing says of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellInput {
    /// Value, none, unknown or missing.
    pub state: CellState,
    /// The value, in the scale of the base unit.
    pub value: Option<i64>,
    /// A remark.
    pub note: Option<String>,
    /// Where it was read: digest of the sheet's bytes, name of the sheet, address of the cell.
    pub source: Option<(String, String, String)>,
}

impl CellInput {
    /// Nothing said.
    #[must_use]
    pub fn missing() -> Self {
        Self { state: CellState::Missing, value: None, note: None, source: None }
    }
}

/// What a filing says of a line, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilingCell {
    /// Identity.
    pub id: i64,
    /// The filing.
    pub filing: i64,
    /// The line.
    pub line: i64,
    /// What it says.
    pub input: CellInput,
    /// The figure it became when it was approved.
    pub figure: Option<i64>,
}

/// One step of a filing's way.
#[derive(Debug, Clone)]
pub struct FilingLog {
    /// The filing.
    pub filing: i64,
    /// Code of a state, or `reminded`.
    pub action: String,
    /// Why.
    pub reason: Option<String>,
    /// Whether somebody outside the unit did what is the unit's.
    pub on_behalf: bool,
    /// The change.
    pub change: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub user: Option<i64>,
    /// Name of who.
    pub user_name: Option<String>,
}

/// A figure of a filing, as far as its table needs it.
#[derive(Debug, Clone)]
pub struct FilingFigure {
    /// Identity.
    pub id: i64,
    /// The figure it corrects.
    pub replaces: Option<i64>,
    /// Its value.
    pub low: i64,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// Code of its record.
    pub code: String,
    /// Why it corrects another.
    pub note: Option<String>,
}

/// Asks a unit to file for a task. Those who issue the task see it; its unit does once [`crate::filing_open_all`] was called.
///
/// # Errors
/// When the database fails.
pub async fn filing_insert(tx: &mut Tx, change: &Change, task: &Record, unit: &Record) -> Result<Record> {
    let record = record_insert(tx, change, RecordKind::Filing, &unit.title, unit.title_en.as_deref()).await?;
    tx.execute(INSERT, params![record.id, record.programme, task.id, unit.id]).await?;
    tx.execute(TASK_KEYS, params![record.id, task.id]).await?;
    let row = json!({ "task": task.id, "unit": unit.id });
    created(tx, change, record.id, "filing", record.id, row).await?;
    Ok(record)
}

const COLUMNS: &str =
    "f.task_id, f.state, f.submitted_on, f.note, u.id, u.programme_id, u.kind, u.code, u.title,
    u.title_en, u.version, u.archived_at, u.changed_at, u.protected, u.merged_into, u.created_by";

fn filing(row: &Row) -> Result<Filing> {
    let at = RECORD_WIDTH;
    Ok(Filing {
        record: record_from(row)?,
        task: row.int(at)?,
        state: row.code(at + 1, FilingState::from_code)?,
        submitted_on: row.day(at + 2)?,
        note: row.opt_text(at + 3)?,
        unit: record_at(row, at + 4)?,
    })
}

async fn filings(tx: &mut Tx, condition: &str, mut values: Vec<Param>, reach: &Reach) -> Result<Vec<Filing>> {
    let clause = reach.clause("r", &mut values);
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, {COLUMNS} FROM filing f JOIN record r ON r.id = f.record_id
         JOIN record u ON u.id = f.unit_id WHERE {condition} AND r.archived_at IS NULL AND {clause}
         ORDER BY f.task_id DESC, f.record_id"
    );
    tx.all(&sql, values).await?.iter().map(filing).collect()
}

/// The filing of this record.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn filing_get(tx: &mut Tx, id: i64) -> Result<Filing> {
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, {COLUMNS} FROM filing f JOIN record r ON r.id = f.record_id
         JOIN record u ON u.id = f.unit_id WHERE f.record_id = $1"
    );
    filing(&tx.one(&sql, params![id]).await?)
}

/// The filings of a task that can be seen, in the order their units were named.
///
/// # Errors
/// When the database fails.
pub async fn filing_list(tx: &mut Tx, task: i64, reach: &Reach) -> Result<Vec<Filing>> {
    filings(tx, "f.task_id = $1", params![task], reach).await
}

/// The filings that can be seen of a programme's newest tasks, at most so many tasks: drafts too where `drafts`.
///
/// # Errors
/// When the database fails.
pub async fn filing_list_newest(
    tx: &mut Tx,
    programme: i64,
    tasks: i64,
    reach: &Reach,
) -> Result<Vec<Filing>> {
    let newest = "f.task_id IN (SELECT t.record_id FROM reporting_task t JOIN record q ON q.id = t.record_id
        WHERE t.programme_id = $1 AND q.archived_at IS NULL ORDER BY t.record_id DESC LIMIT $2)";
    filings(tx, newest, params![programme, tasks], reach).await
}

/// The newest filings of a unit that can be seen, of rounds that went out, at most so many rounds.
///
/// # Errors
/// When the database fails.
pub async fn filing_list_of_unit(tx: &mut Tx, unit: i64, rounds: i64, reach: &Reach) -> Result<Vec<Filing>> {
    let newest = "f.unit_id = $1 AND f.task_id IN (SELECT t.record_id FROM filing x
        JOIN reporting_task t ON t.record_id = x.task_id JOIN record q ON q.id = t.record_id
        WHERE x.unit_id = $1 AND COALESCE(t.status, '') <> 'draft' AND q.archived_at IS NULL
        ORDER BY t.record_id DESC LIMIT $2)";
    filings(tx, newest, params![unit, rounds], reach).await
}

/// Moves a filing to a state, and logs it.
///
/// # Errors
/// When the database fails.
pub async fn filing_set_state(
    tx: &mut Tx,
    change: &Change,
    filing: &Filing,
    state: FilingState,
    reason: Option<&str>,
    on_behalf: bool,
) -> Result<()> {
    let id = filing.record.id;
    let submitted = if state == FilingState::Submitted { Some(change.day) } else { filing.submitted_on };
    tx.execute(SET_STATE, params![id, state.code(), submitted]).await?;
    let key = ("filing", id, "state");
    field(tx, change, id, key, Some(json!(filing.state.code())), Some(json!(state.code()))).await?;
    filing_log(tx, change, id, state.code(), reason, on_behalf).await?;
    entry_touch(tx, change, id).await
}

/// Logs what was done with a filing.
///
/// # Errors
/// When the database fails.
pub async fn filing_log(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    action: &str,
    reason: Option<&str>,
    on_behalf: bool,
) -> Result<()> {
    let log = tx.int(LOG, params![id, action, reason, on_behalf, change.id]).await?;
    let row = json!({ "action": action, "on_behalf": on_behalf });
    created(tx, change, id, "filing_log", log, row).await
}

/// Sets the unit's remark.
///
/// # Errors
/// When the database fails.
pub async fn filing_set_note(
    tx: &mut Tx,
    change: &Change,
    filing: &Filing,
    note: Option<&str>,
) -> Result<()> {
    let id = filing.record.id;
    tx.execute(SET_NOTE, params![id, note]).await?;
    field(tx, change, id, ("filing", id, "note"), Some(json!(filing.note)), Some(json!(note))).await?;
    entry_touch(tx, change, id).await
}

/// What was done with a filing, in order.
///
/// # Errors
/// When the database fails.
pub async fn filing_log_list(tx: &mut Tx, id: i64) -> Result<Vec<FilingLog>> {
    tx.all(LOGS, params![id]).await?.iter().map(log).collect()
}

/// When each filing of a round was last reminded.
///
/// # Errors
/// When the database fails.
pub async fn filing_reminded_list(tx: &mut Tx, task: i64) -> Result<BTreeMap<i64, jiff::Timestamp>> {
    tx.all(REMINDED, params![task]).await?.iter().map(|row| Ok((row.int(0)?, row.instant(1)?))).collect()
}

fn log(row: &Row) -> Result<FilingLog> {
    Ok(FilingLog {
        filing: row.int(0)?,
        action: row.text(1)?,
        reason: row.opt_text(2)?,
        on_behalf: row.bool(3)?,
        change: row.int(4)?,
        at: row.instant(5)?,
        user: row.opt_int(6)?,
        user_name: row.opt_text(7)?,
    })
}

pub(crate) fn cell_json(input: &CellInput) -> Json {
    let source = input.source.as_ref().map(|(digest, sheet, cell)| json!([digest, sheet, cell]));
    json!({ "state": input.state.code(), "value": input.value, "note": input.note, "source": source })
}

/// Reads what [`filing_cell_set`] keeps in the audit.
#[must_use]
pub fn filing_cell_from_json(json: Option<&Json>) -> CellInput {
    let Some(json) = json else { return CellInput::missing() };
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let source = json["source"].as_array().map(|parts| parts.iter().filter_map(text).collect::<Vec<_>>());
    CellInput {
        state: json["state"].as_str().and_then(CellState::from_code).unwrap_or(CellState::Missing),
        value: json["value"].as_i64(),
        note: text(&json["note"]),
        source: source.and_then(|parts| <[String; 3]>::try_from(parts).ok()).map(Into::into),
    }
}

/// Sets what a filing says of a line; `before` is what it said.
///
/// # Errors
/// When the database fails.
pub async fn filing_cell_set(
    tx: &mut Tx,
    change: &Change,
    (filing, line): (i64, i64),
    before: Option<&FilingCell>,
    input: &CellInput,
) -> Result<i64> {
    let part = |at: fn(&(String, String, String)) -> &String| input.source.as_ref().map(|of| at(of).clone());
    let values = params![
        filing,
        line,
        input.state.code(),
        input.value,
        &input.note,
        part(|of| &of.0),
        part(|of| &of.1),
        part(|of| &of.2)
    ];
    let id = tx.int(CELL, values).await?;
    let old = before.map(|cell| cell_json(&cell.input));
    field(tx, change, filing, ("filing_cell", id, "said"), old, Some(cell_json(input))).await?;
    entry_touch(tx, change, filing).await?;
    Ok(id)
}

/// What the filings of a task say, without order.
///
/// # Errors
/// When the database fails.
pub async fn filing_cell_list_of_task(tx: &mut Tx, task: i64) -> Result<Vec<FilingCell>> {
    tx.all(CELLS_OF_TASK, params![task]).await?.iter().map(cell).collect()
}

/// What a filing says, by line.
///
/// # Errors
/// When the database fails.
pub async fn filing_cell_list(tx: &mut Tx, filing: i64) -> Result<HashMap<i64, FilingCell>> {
    let rows = tx.all(CELLS_OF_FILING, params![filing]).await?;
    rows.iter().map(|row| cell(row).map(|cell| (cell.line, cell))).collect()
}

/// A cell.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn filing_cell_get(tx: &mut Tx, id: i64) -> Result<FilingCell> {
    cell(&tx.one(CELL_GET, params![id]).await?)
}

fn cell(row: &Row) -> Result<FilingCell> {
    let source = row.opt_text(6)?.zip(row.opt_text(7)?).zip(row.opt_text(8)?);
    Ok(FilingCell {
        filing: row.int(0)?,
        id: row.int(1)?,
        line: row.int(2)?,
        input: CellInput {
            state: row.code(3, CellState::from_code)?,
            value: row.opt_int(4)?,
            note: row.opt_text(5)?,
            source: source.map(|((digest, sheet), cell)| (digest, sheet, cell)),
        },
        figure: row.opt_int(9)?,
    })
}

/// Whether something a filing says was read from the sheet with this digest.
///
/// # Errors
/// When the database fails.
pub async fn filing_has_sheet(tx: &mut Tx, filing: i64, digest: &str) -> Result<bool> {
    Ok(tx.optional(HAS_DIGEST, params![filing, digest]).await?.is_some())
}

fn figure(row: &Row) -> Result<FilingFigure> {
    Ok(FilingFigure {
        id: row.int(0)?,
        replaces: row.opt_int(1)?,
        low: row.int(2)?,
        withdrawn: row.text(3)? == "withdrawn",
        code: row.text(4)?,
        note: row.opt_text(5)?,
    })
}

/// The figures that the filings of a task became, those that correct them too.
///
/// # Errors
/// When the database fails.
pub async fn filing_figure_list_of_task(tx: &mut Tx, task: i64) -> Result<Vec<FilingFigure>> {
    tx.all(FIGURES_OF_TASK, params![task]).await?.iter().map(figure).collect()
}

/// The figures that a filing became, those that correct them too, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn filing_figure_list(tx: &mut Tx, filing: i64) -> Result<Vec<FilingFigure>> {
    tx.all(FIGURES_OF_FILING, params![filing]).await?.iter().map(figure).collect()
}

/// What the ledger holds beside a filing: figures of these measures that carry one of the unit's keys and whose time is that of
/// the round. Those of the same round's filings are not among them.
///
/// # Errors
/// When the database fails.
pub async fn filing_offer_list(
    tx: &mut Tx,
    filing: &Filing,
    key: &str,
    groups: &[(Measure, &str, TimeKind)],
    (from, to): (Date, Date),
) -> Result<Vec<Figure>> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let since = round_period(TimeKind::Cumulative, Some(from), Some(to)).from;
    let mut values = params![filing.record.programme, key, from, to, filing.task, since];
    let mut place = |value: &str| {
        values.push(value.into());
        format!("${}", values.len())
    };
    let measures: BTreeSet<&str> = groups.iter().map(|(measure, ..)| measure.code()).collect();
    let measures: Vec<String> = measures.into_iter().map(&mut place).collect();
    let group = |(measure, unit, kind): &(Measure, &str, TimeKind)| {
        let (measure, unit, kind) = (place(measure.code()), place(unit), place(kind.code()));
        format!("(f.measure = {measure} AND f.unit = {unit} AND f.time_kind = {kind})")
    };
    let groups: Vec<String> = groups.iter().map(group).collect();
    let sql = offers(key, &measures.join(", "), &groups.join(" OR "));
    let rows = tx.all(&sql, values).await?;
    let mut figures = rows.iter().map(figure_from).collect::<Result<Vec<_>>>()?;
    // Without an order in the statement: it would be read off an index of all figures.
    figures.sort_unstable_by_key(|figure| figure.id);
    let ids: Vec<i64> = figures.iter().map(|figure| figure.id).collect();
    let sql = format!(
        "SELECT g.figure_id, g.region_id, g.side FROM figure_region g WHERE {} ORDER BY g.region_id",
        tx.dialect().among("g.figure_id", 1)
    );
    let ids = tx.dialect().numbers(&ids);
    crate::figure::fill_regions(tx, &mut figures, &sql, params![ids]).await?;
    Ok(figures)
}

/// The statement of [`filing_offer_list`]. An enterprise or park has few figures, so that its key leads; a region has more of
/// all times than there are of the round's, so that measure and last day lead.
fn offers(key: &str, measures: &str, groups: &str) -> String {
    let columns = crate::figure::COLUMNS;
    let of = format!(
        "f.programme_id = $1 AND f.measure IN ({measures}) AND f.date_to >= $3 AND f.date_to <= $4 AND ({groups})
         AND (f.time_kind = 'stock' OR (f.time_kind = 'flow' AND f.date_from >= $3)
            OR (f.time_kind = 'cumulative' AND (f.date_from IS NULL OR f.date_from = $6)))
         AND NOT EXISTS (SELECT 1 FROM filing o WHERE o.record_id = f.subject_id AND o.task_id = $5)"
    );
    if key.starts_with('r') {
        return format!(
            "SELECT {columns} FROM figure f WHERE {of}
             AND EXISTS (SELECT 1 FROM record_reach k WHERE k.record_id = f.record_id AND k.key = $2)"
        );
    }
    format!(
        "SELECT {columns} FROM record_reach k CROSS JOIN figure f WHERE k.key = $2 AND f.record_id = k.record_id AND {of}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;

    #[tokio::test]
    async fn what_is_offered_is_found_by_the_key_of_a_unit_or_by_measure_and_day_of_a_region() {
        let mut tx = testing::sqlite().await.read().await.expect("a transaction");
        for (key, led) in [
            ("o7", "SEARCH k USING COVERING INDEX record_reach_key (key=?)"),
            ("p7", "SEARCH k USING COVERING INDEX record_reach_key (key=?)"),
            (
                "r7",
                "SEARCH f USING INDEX figure_of_days (programme_id=? AND measure=? AND date_to>? AND date_to<?)",
            ),
        ] {
            let group = "(f.measure = $7 AND f.unit = $9 AND f.time_kind = $10)";
            let groups = format!("{group} OR (f.measure = $8 AND f.unit = $9 AND f.time_kind = $10)");
            let sql = format!("EXPLAIN QUERY PLAN {}", offers(key, "$7, $8", &groups));
            let (from, to) = ("2026-10-01", "2026-10-31");
            let mut values = params![1_i64, key, from, to, 5_i64, "2026-01-01"];
            values.extend(params!["sales", "output", "CNY", "flow"]);
            let plan = tx.all(&sql, values).await.expect("understood");
            let first = plan.first().expect("a plan").text(3).expect("a step");
            assert_eq!(first, led, "{key}");
        }
    }
}
