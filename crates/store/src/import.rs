//! Sheets on their way into the records: imports, the rows they were understood as, and how the columns of a source are read.

use crate::bulk::Rows;
use crate::db::{Row, Tx, params};
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde_json::Value as Json;

/// What an import may wait for, or be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// Its columns are being chosen.
    Mapping,
    /// Its rows are being read.
    Reading,
    /// Its rows can be looked at and decided.
    Ready,
    /// Its rows are being written; nobody sees them yet.
    Writing,
    /// Its rows are in the records; what follows from them is being derived.
    Settling,
    /// What was written for it is being taken back.
    Cancelling,
    /// Its rows are in the records.
    Done,
    /// It was given up.
    Cancelled,
    /// It could not be carried out.
    Failed,
    /// It was undone.
    Undone,
}

impl ImportState {
    /// Every state.
    pub const ALL: &[Self] = &[
        Self::Mapping,
        Self::Reading,
        Self::Ready,
        Self::Writing,
        Self::Settling,
        Self::Cancelling,
        Self::Done,
        Self::Cancelled,
        Self::Failed,
        Self::Undone,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Mapping => "mapping",
            Self::Reading => "reading",
            Self::Ready => "ready",
            Self::Writing => "writing",
            Self::Settling => "settling",
            Self::Cancelling => "cancelling",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Undone => "undone",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// Whether somebody works on it in the background.
    #[must_use]
    pub fn is_busy(self) -> bool {
        matches!(self, Self::Reading | Self::Writing | Self::Settling | Self::Cancelling)
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowState {
    /// A record to create.
    New,
    /// A stored record that it changes.
    Changed,
    /// A stored record that says the same.
    Same,
    /// It may be a stored record, or another row: somebody decides.
    Doubtful,
    /// It cannot be taken as it is.
    Wrong,
    /// Left out by the mode of the import, or by who decided.
    Left,
    /// A total: compared with its rows, no record.
    Check,
}

impl RowState {
    /// Every state, in the order of the preview.
    pub const ALL: &[Self] =
        &[Self::Wrong, Self::Doubtful, Self::New, Self::Changed, Self::Same, Self::Left, Self::Check];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Doubtful => "doubtful",
            Self::Wrong => "wrong",
            Self::Left => "left",
            Self::Check => "check",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }
}

/// One sheet of one file on its way into the records.
#[derive(Debug, Clone)]
pub struct Import {
    /// Identity.
    pub id: i64,
    /// Programme.
    pub programme: i64,
    /// Who brought it; none for the command line.
    pub user: Option<i64>,
    /// Their name.
    pub user_name: Option<String>,
    /// When.
    pub at: Timestamp,
    /// What the file is called.
    pub file_name: String,
    /// Digest of its bytes.
    pub digest: String,
    /// The sheet, from 0, and its name.
    pub sheet: i64,
    /// Name of the sheet; empty for a file that is one table.
    pub sheet_name: String,
    /// Code of the kind of records, or `figure`.
    pub kind: String,
    /// `create`, `update` or `both`.
    pub mode: String,
    /// How its columns are read, as JSON.
    pub mapping: String,
    /// Name of its source, where it has one.
    pub source: Option<String>,
    /// Where it stands.
    pub state: ImportState,
    /// How many rows were read or written so far.
    pub done: i64,
    /// How often work on it was begun.
    pub attempts: i64,
    /// Code and facts (JSON) of what went wrong.
    pub error: Option<(String, String)>,
    /// How many rows became what, as JSON.
    pub counts: String,
    /// The change that wrote it.
    pub change: Option<i64>,
}

/// A new import.
#[derive(Debug, Clone, Copy)]
pub struct NewImport<'a> {
    /// Programme.
    pub programme: i64,
    /// Who brings it.
    pub user: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// What the file is called.
    pub file_name: &'a str,
    /// Digest of its bytes, which are stored.
    pub digest: &'a str,
    /// The sheet, from 0, and its name.
    pub sheet: (i64, &'a str),
    /// Code of the kind of records, or `figure`.
    pub kind: &'a str,
    /// `create`, `update` or `both`.
    pub mode: &'a str,
    /// How its columns are read, as JSON.
    pub mapping: &'a str,
    /// Name of its source.
    pub source: Option<&'a str>,
}

/// A row of a sheet as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Its number in the sheet, from 1.
    pub number: i64,
    /// What becomes of it.
    pub state: RowState,
    /// What it is called.
    pub title: String,
    /// The stored record that it is, or was compared with, or became.
    pub record: Option<i64>,
    /// The version of that record when it was compared.
    pub version: Option<i64>,
    /// What is to be written, as JSON; nothing once it is.
    pub payload: Option<Json>,
    /// What is wrong or doubtful, as JSON.
    pub problems: Option<Json>,
    /// What somebody decided: `new`, `update`, `skip`.
    pub decision: Option<String>,
}

/// How the columns of sheets of one source are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSource {
    /// Its name.
    pub name: String,
    /// Code of the kind of records, or `figure`.
    pub kind: String,
    /// What its headings are known by.
    pub signature: String,
    /// How its columns are read, as JSON.
    pub mapping: String,
}

const COLUMNS: &str =
    "i.id, i.programme_id, i.user_id, i.at, i.file_name, i.digest, i.sheet, i.sheet_name, i.kind, i.mode,
    i.mapping, i.source,
    CASE WHEN i.state = 'done' AND EXISTS (SELECT 1 FROM change v WHERE v.undoes_id = i.change_id
        AND NOT EXISTS (SELECT 1 FROM change w WHERE w.undoes_id = v.id)) THEN 'undone' ELSE i.state END, i.done, i.attempts, i.error_code, i.error_args, i.counts, i.change_id,
    (SELECT u.name FROM app_user u WHERE u.id = i.user_id)";

const ROW_COLUMNS: &str =
    "x.number, x.state, x.title, x.record_id, x.version, x.payload, x.problems, x.decision";

statements! {
    INSERT = "INSERT INTO import (programme_id, user_id, at, file_name, digest, sheet, sheet_name, kind, mode, mapping, source,
        state, done, attempts, counts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'mapping', 0, 0, '{}') RETURNING id";
    HOLD = "SELECT id FROM import WHERE id = $1{for_update}";
    SET_STATE = "UPDATE import SET state = $2, done = $3, error_code = $4, error_args = $5, leased_until = NULL, attempts = 0
        WHERE id = $1";
    SET_MAPPING = "UPDATE import SET kind = $2, mode = $3, mapping = $4, source = $5 WHERE id = $1";
    SET_COUNTS = "UPDATE import SET counts = $2 WHERE id = $1";
    SET_CHANGE = "UPDATE import SET change_id = $2 WHERE id = $1";
    PROGRESS = "UPDATE import SET done = $2, leased_until = $3 WHERE id = $1";
    STATE = "SELECT state FROM import WHERE id = $1";
    NEXT = "SELECT id FROM import WHERE state IN ('reading', 'writing', 'cancelling', 'settling')
        AND (leased_until IS NULL OR leased_until < $1) ORDER BY id LIMIT 1{skip_locked}";
    LEASE = "UPDATE import SET leased_until = $2, attempts = attempts + 1 WHERE id = $1";
    RELEASE_ALL = "UPDATE import SET leased_until = NULL";
    BUSY = "SELECT COUNT(*) FROM import WHERE state IN ('reading', 'writing', 'cancelling', 'settling')";
    CLEAR_ROWS = "DELETE FROM import_row WHERE import_id = $1";
    COUNT_ROWS = "SELECT state, COUNT(*) FROM import_row WHERE import_id = $1 GROUP BY state ORDER BY state";
    DECIDE = "UPDATE import_row SET state = $3, decision = $4, record_id = $5, version = $6 WHERE import_id = $1 AND number = $2";
    FORGET_PAYLOADS = "UPDATE import_row SET payload = NULL WHERE import_id = $1 AND payload IS NOT NULL";
    FORGET_PEOPLE = "UPDATE import_row SET title = '', problems = NULL WHERE import_id = $1";
    STALE = "SELECT x.number, r.code FROM import_row x JOIN record r ON r.id = x.record_id
        WHERE x.import_id = $1 AND x.state = 'changed' AND r.version <> x.version ORDER BY x.number LIMIT $2";
    HOLD_RECORDS = "SELECT r.id FROM record r WHERE r.id IN (SELECT x.record_id FROM import_row x WHERE x.import_id = $1
        AND x.state = 'changed') ORDER BY r.id{for_no_key_update}";
    WRITTEN = "SELECT x.number, x.record_id FROM import_row x WHERE x.import_id = $1 AND x.number > $2
        AND x.state IN ('new', 'changed') AND x.record_id IS NOT NULL ORDER BY x.number LIMIT $3";
    UNWRITTEN = "SELECT x.number, x.state, x.title, x.record_id, x.version, x.payload, x.problems, x.decision FROM import_row x
        WHERE x.import_id = $1 AND ((x.state = 'new' AND x.record_id IS NULL) OR (x.state = 'changed' AND x.staged IS NULL)) AND x.number > $2
        ORDER BY x.number LIMIT $3";
    SOURCES = "SELECT name, kind, signature, mapping FROM import_source WHERE programme_id = $1 ORDER BY name";
    SAVE_SOURCE = "INSERT INTO import_source (programme_id, name, kind, signature, mapping, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (programme_id, name)
        DO UPDATE SET kind = $3, signature = $4, mapping = $5, changed_at = $6";
    BLOB_USED = "SELECT COUNT(*) FROM import WHERE digest = $1 AND state NOT IN ('done', 'cancelled', 'failed', 'undone')";
    HAS_ROW = "SELECT COUNT(*) FROM (SELECT 1 FROM import_row WHERE record_id = $1 LIMIT 1) x";
    ORIGINS = "SELECT i.field, x.import_id, x.number FROM change_item i
        LEFT JOIN import p ON p.change_id = i.change_id
        LEFT JOIN import_row x ON x.import_id = p.id AND x.record_id = i.record_id AND x.state IN ('new', 'changed')
        WHERE i.record_id = $1 AND i.entity = $2 AND i.entity_id = $1
        ORDER BY i.change_id DESC, i.id DESC, x.import_id, x.number LIMIT $3";
}

fn import(row: &Row) -> Result<Import> {
    let error = row.opt_text(15)?.map(|code| Ok::<_, Error>((code, row.opt_text(16)?.unwrap_or_default())));
    Ok(Import {
        id: row.int(0)?,
        programme: row.int(1)?,
        user: row.opt_int(2)?,
        at: row.instant(3)?,
        file_name: row.text(4)?,
        digest: row.text(5)?,
        sheet: row.int(6)?,
        sheet_name: row.text(7)?,
        kind: row.text(8)?,
        mode: row.text(9)?,
        mapping: row.text(10)?,
        source: row.opt_text(11)?,
        state: row.code(12, ImportState::from_code)?,
        done: row.int(13)?,
        attempts: row.int(14)?,
        error: error.transpose()?,
        counts: row.text(17)?,
        change: row.opt_int(18)?,
        user_name: row.opt_text(19)?,
    })
}

fn import_row(row: &Row) -> Result<ImportRow> {
    let json = |at: usize| -> Result<Option<Json>> {
        Ok(row.opt_text(at)?.map(|text| serde_json::from_str(&text)).transpose()?)
    };
    Ok(ImportRow {
        number: row.int(0)?,
        state: row.code(1, RowState::from_code)?,
        title: row.text(2)?,
        record: row.opt_int(3)?,
        version: row.opt_int(4)?,
        payload: json(5)?,
        problems: json(6)?,
        decision: row.opt_text(7)?,
    })
}

/// Keeps a new import, whose columns are then chosen.
///
/// # Errors
/// When the database fails.
pub async fn import_insert(tx: &mut Tx, new: &NewImport<'_>) -> Result<i64> {
    let mut values = params![new.programme, new.user, new.at, new.file_name, new.digest, new.sheet.0];
    values.extend(params![new.sheet.1, new.kind, new.mode, new.mapping, new.source]);
    tx.int(INSERT, values).await
}

/// An import of a programme.
///
/// # Errors
/// [`Error::NotFound`] when there is none with this id.
pub async fn import_get(tx: &mut Tx, programme: i64, id: i64) -> Result<Import> {
    let sql = format!("SELECT {COLUMNS} FROM import i WHERE i.id = $1 AND i.programme_id = $2");
    import(&tx.one(&sql, params![id, programme]).await?)
}

/// The import of a programme that a change wrote.
///
/// # Errors
/// When the database fails.
pub async fn import_of_change(tx: &mut Tx, programme: i64, change: i64) -> Result<Option<Import>> {
    let sql = format!("SELECT {COLUMNS} FROM import i WHERE i.change_id = $1 AND i.programme_id = $2");
    tx.optional(&sql, params![change, programme]).await?.as_ref().map(import).transpose()
}

/// Holds an import until the transaction ends, and reads it.
///
/// # Errors
/// [`Error::NotFound`] when there is none with this id.
pub async fn import_lock(tx: &mut Tx, programme: i64, id: i64) -> Result<Import> {
    tx.optional(HOLD, params![id]).await?;
    import_get(tx, programme, id).await
}

/// Imports of a programme below the id `before`, the newest first: of one user, or of all.
///
/// # Errors
/// When the database fails.
pub async fn import_list(
    tx: &mut Tx,
    programme: i64,
    user: Option<i64>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Import>> {
    let mut values = params![programme, before.unwrap_or(i64::MAX), limit];
    let mut own = String::new();
    if let Some(user) = user {
        values.extend(params![user]);
        own = " AND i.user_id = $4".to_owned();
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM import i WHERE i.programme_id = $1 AND i.id < $2{own} ORDER BY i.id DESC LIMIT $3"
    );
    tx.all(&sql, values).await?.iter().map(import).collect()
}

/// Moves an import on, with what went wrong where something did; whoever works on it finds out at its next step.
///
/// # Errors
/// When the database fails.
pub async fn import_set_state(
    tx: &mut Tx,
    id: i64,
    state: ImportState,
    done: i64,
    error: Option<(&str, &str)>,
) -> Result<()> {
    let (code, args) = error.unzip();
    tx.execute(SET_STATE, params![id, state.code(), done, code, args]).await?;
    Ok(())
}

/// Keeps how the columns of an import are read.
///
/// # Errors
/// When the database fails.
pub async fn import_set_mapping(
    tx: &mut Tx,
    id: i64,
    (kind, mode): (&str, &str),
    mapping: &str,
    source: Option<&str>,
) -> Result<()> {
    tx.execute(SET_MAPPING, params![id, kind, mode, mapping, source]).await?;
    Ok(())
}

/// Keeps how many rows became what, as JSON.
///
/// # Errors
/// When the database fails.
pub async fn import_set_counts(tx: &mut Tx, id: i64, counts: &str) -> Result<()> {
    tx.execute(SET_COUNTS, params![id, counts]).await?;
    Ok(())
}

/// Keeps the change that writes an import.
///
/// # Errors
/// When the database fails.
pub async fn import_set_change(tx: &mut Tx, id: i64, change: i64) -> Result<()> {
    tx.execute(SET_CHANGE, params![id, change]).await?;
    Ok(())
}

/// Says how far the work on an import is, and holds it for longer; whether it still is in the state that the work is for.
///
/// # Errors
/// When the database fails.
pub async fn import_progress(
    tx: &mut Tx,
    id: i64,
    state: ImportState,
    done: i64,
    leased_until: Timestamp,
) -> Result<bool> {
    tx.execute(PROGRESS, params![id, done, leased_until]).await?;
    Ok(tx.one(STATE, params![id]).await?.text(0)? == state.code())
}

/// Takes the oldest import that waits for work until `leased_until`.
///
/// # Errors
/// When the database fails.
pub async fn import_take(tx: &mut Tx, now: Timestamp, leased_until: Timestamp) -> Result<Option<Import>> {
    let Some(row) = tx.optional(NEXT, params![now]).await? else { return Ok(None) };
    let id = row.int(0)?;
    tx.execute(LEASE, params![id, leased_until]).await?;
    let sql = format!("SELECT {COLUMNS} FROM import i WHERE i.id = $1");
    Ok(Some(import(&tx.one(&sql, params![id]).await?)?))
}

/// Frees every import from who worked on it. For the start of the only process on a database.
///
/// # Errors
/// When the database fails.
pub async fn import_release_all(tx: &mut Tx) -> Result<()> {
    tx.execute(RELEASE_ALL, vec![]).await?;
    Ok(())
}

/// How many imports wait for work or are at it.
///
/// # Errors
/// When the database fails.
pub async fn import_busy_count(tx: &mut Tx) -> Result<i64> {
    tx.int(BUSY, vec![]).await
}

/// Forgets the rows of an import, which is read anew.
///
/// # Errors
/// When the database fails.
pub async fn import_row_clear(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute(CLEAR_ROWS, params![id]).await?;
    Ok(())
}

/// Keeps rows as they were understood.
///
/// # Errors
/// When the database fails.
pub async fn import_row_insert_all(tx: &mut Tx, id: i64, rows: &[ImportRow]) -> Result<()> {
    let columns = "import_id, number, state, title, record_id, version, payload, problems, decision";
    let mut table = Rows::new("import_row", columns);
    for row in rows {
        let text = |json: &Option<Json>| json.as_ref().map(Json::to_string);
        table.extend(params![id, row.number, row.state.code(), &row.title, row.record, row.version]);
        table.extend(params![text(&row.payload), text(&row.problems), &row.decision]);
    }
    table.write(tx).await
}

/// Rows of an import behind the number `after`: of one state, or of all.
///
/// # Errors
/// When the database fails.
pub async fn import_row_list(
    tx: &mut Tx,
    id: i64,
    state: Option<RowState>,
    after: i64,
    limit: i64,
) -> Result<Vec<ImportRow>> {
    let mut values = params![id, after, limit];
    let mut only = String::new();
    if let Some(state) = state {
        values.extend(params![state.code()]);
        only = " AND x.state = $4".to_owned();
    }
    let sql = format!(
        "SELECT {ROW_COLUMNS} FROM import_row x WHERE x.import_id = $1 AND x.number > $2{only} ORDER BY x.number LIMIT $3"
    );
    tx.all(&sql, values).await?.iter().map(import_row).collect()
}

/// Rows of an import behind the number `after` of which nothing is written yet.
///
/// # Errors
/// When the database fails.
pub async fn import_row_list_unwritten(
    tx: &mut Tx,
    id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<ImportRow>> {
    tx.all(UNWRITTEN, params![id, after, limit]).await?.iter().map(import_row).collect()
}

/// Marks changed rows of an import whose changes wait to be published.
///
/// # Errors
/// When the database fails.
pub async fn import_row_set_staged(tx: &mut Tx, id: i64, numbers: &[i64]) -> Result<()> {
    let among = tx.dialect().among("number", 2);
    let sql = format!("UPDATE import_row SET staged = 1 WHERE import_id = $1 AND {among}");
    tx.execute(&sql, params![id, tx.dialect().numbers(numbers)]).await?;
    Ok(())
}

/// Numbers of rows of an import behind the number `after` that are in the records, each with its record.
///
/// # Errors
/// When the database fails.
pub async fn import_row_list_written(
    tx: &mut Tx,
    id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, i64)>> {
    let rows = tx.all(WRITTEN, params![id, after, limit]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.int(1)?))).collect()
}

/// A row of an import.
///
/// # Errors
/// [`Error::NotFound`] when it has none with this number.
pub async fn import_row_get(tx: &mut Tx, id: i64, number: i64) -> Result<ImportRow> {
    let sql = format!("SELECT {ROW_COLUMNS} FROM import_row x WHERE x.import_id = $1 AND x.number = $2");
    import_row(&tx.one(&sql, params![id, number]).await?)
}

/// How many rows of an import are in each state.
///
/// # Errors
/// When the database fails.
pub async fn import_row_count(tx: &mut Tx, id: i64) -> Result<Vec<(RowState, i64)>> {
    let rows = tx.all(COUNT_ROWS, params![id]).await?;
    rows.iter().map(|row| Ok((row.code(0, RowState::from_code)?, row.int(1)?))).collect()
}

/// Keeps what becomes of a row, and what was decided.
///
/// # Errors
/// When the database fails.
pub async fn import_row_decide(tx: &mut Tx, id: i64, row: &ImportRow) -> Result<()> {
    let values = params![id, row.number, row.state.code(), &row.decision, row.record, row.version];
    tx.execute(DECIDE, values).await?;
    Ok(())
}

/// Keeps which records rows became.
///
/// # Errors
/// When the database fails.
pub async fn import_row_set_records(tx: &mut Tx, id: i64, made: &[(i64, i64)]) -> Result<()> {
    const AT_ONCE: usize = 400;
    for part in made.chunks(AT_ONCE) {
        let mut values = params![id];
        let mut pairs = Vec::with_capacity(part.len());
        for (number, record) in part {
            let at = values.len();
            pairs.push(format!("(CAST(${} AS BIGINT), CAST(${} AS BIGINT))", at + 1, at + 2));
            values.extend(params![*number, *record]);
        }
        // Both databases call the columns of values so.
        let sql = format!(
            "UPDATE import_row SET record_id = m.column2 FROM (VALUES {}) AS m
             WHERE import_row.import_id = $1 AND import_row.number = m.column1",
            pairs.join(", ")
        );
        tx.execute(&sql, values).await?;
    }
    Ok(())
}

/// Rows of an import whose record was changed since they were compared with it, with its code, and holds all that it changes.
///
/// # Errors
/// When the database fails.
pub async fn import_row_list_stale(tx: &mut Tx, id: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    tx.all(HOLD_RECORDS, params![id]).await?;
    let rows = tx.all(STALE, params![id, limit]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}

/// Forgets what an import wanted to write, once it has.
///
/// # Errors
/// When the database fails.
pub async fn import_row_forget_payloads(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute(FORGET_PAYLOADS, params![id]).await?;
    Ok(())
}

/// Forgets what the rows of an import of people were called, and what their cells said.
///
/// # Errors
/// When the database fails.
pub async fn import_row_forget_people(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute(FORGET_PEOPLE, params![id]).await?;
    Ok(())
}

/// The fields of a record with the import and the row that last wrote them, the newest first; without a row where something else
/// did. A field comes as often as it was written; `*` stands for all fields of a new record.
///
/// # Errors
/// When the database fails.
pub async fn import_origin_list(
    tx: &mut Tx,
    record: i64,
    kind: crate::RecordKind,
    most: i64,
) -> Result<Vec<(String, Option<(i64, i64)>)>> {
    if tx.int(HAS_ROW, params![record]).await? == 0 {
        return Ok(Vec::new());
    }
    let rows = tx.all(ORIGINS, params![record, kind.code(), most]).await?;
    let origin = |row: &Row| Ok((row.text(0)?, row.opt_int(1)?.zip(row.opt_int(2)?)));
    rows.iter().map(origin).collect()
}

/// Whether an import that is not over still reads these bytes.
///
/// # Errors
/// When the database fails.
pub async fn import_reads(tx: &mut Tx, digest: &str) -> Result<bool> {
    Ok(tx.int(BLOB_USED, params![digest]).await? > 0)
}

/// The sources of a programme, by name.
///
/// # Errors
/// When the database fails.
pub async fn import_source_list(tx: &mut Tx, programme: i64) -> Result<Vec<ImportSource>> {
    let rows = tx.all(SOURCES, params![programme]).await?;
    let source = |row: &Row| {
        Ok(ImportSource {
            name: row.text(0)?,
            kind: row.text(1)?,
            signature: row.text(2)?,
            mapping: row.text(3)?,
        })
    };
    rows.iter().map(source).collect()
}

/// Keeps how the columns of a source are read.
///
/// # Errors
/// When the database fails.
pub async fn import_source_save(
    tx: &mut Tx,
    programme: i64,
    source: &ImportSource,
    at: Timestamp,
) -> Result<()> {
    let values = params![programme, &source.name, &source.kind, &source.signature, &source.mapping, at];
    tx.execute(SAVE_SOURCE, values).await?;
    Ok(())
}
