//! The table whose id every register and working row shares.

use crate::change::{Change, created, field};
use crate::db::{Param, Row, Tx, params};
use crate::entry::{RECORD_COLUMNS, is_person};
use crate::error::{Error, Result};
use crate::reach::Reach;
use crate::search::search_put;
use crate::tally::mark;
use jiff::Timestamp;
use serde_json::json;

pub use domain::RecordKind;

statements! {
    NEXT_CODE = "INSERT INTO record_counter (programme_id, prefix, last) VALUES ($1, $2, 1)
        ON CONFLICT (programme_id, prefix) DO UPDATE SET last = record_counter.last + 1 RETURNING last";
    INSERT = "INSERT INTO record (programme_id, kind, code, uid, title, title_en, title_key, changed_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
    GET = "SELECT r.id, r.programme_id, r.kind, r.code, r.title, r.title_en, r.version, r.archived_at, r.changed_at, r.protected,
        r.merged_into, r.created_by FROM record r WHERE r.id = $1";
    BY_CODE = "SELECT r.id, r.programme_id, r.kind, r.code, r.title, r.title_en, r.version, r.archived_at, r.changed_at, r.protected,
        r.merged_into, r.created_by FROM record r WHERE r.programme_id = $1 AND r.code = $2 AND r.import_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM figure f WHERE f.record_id = r.id AND f.import_id IS NOT NULL)";
    LOCK = "SELECT id FROM record WHERE id = $1{for_no_key_update}";
    ARCHIVE = "UPDATE record SET archived_at = $2, version = version + 1, changed_at = $3 WHERE id = $1";
    TITLE = "UPDATE record SET title = $2, title_key = $3, version = version + 1, changed_at = $4 WHERE id = $1";
    NAME = "INSERT INTO record_name (record_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    REMOVE_NAME = "DELETE FROM record_name WHERE record_id = $1 AND name = $2";
    NAMES_SINCE = "SELECT i.before, i.after FROM change_item i WHERE i.record_id = $1 AND i.entity = 'record_name'
        AND i.change_id > $2 ORDER BY i.id DESC";
    NAMES = "SELECT name FROM record_name WHERE record_id = $1 ORDER BY name";
    REGISTER_LAST = "SELECT COALESCE(MAX(id), 0) FROM record WHERE programme_id = $1
        AND kind IN ('office', 'organisation', 'park', 'event')";
    REGISTER_VERSION = "SELECT version FROM register_version WHERE programme_id = $1";
    REGISTER_CHANGED = "INSERT INTO register_version (programme_id, version) SELECT r.programme_id, 1 FROM record r
        WHERE r.id = $1 AND r.kind IN ('office', 'organisation', 'park', 'event')
        ON CONFLICT (programme_id) DO UPDATE SET version = register_version.version + 1";
    NAMES_OF_KIND = "SELECT n.name, r.id FROM record_name n JOIN record r ON r.id = n.record_id
        WHERE r.programme_id = $1 AND r.kind = $2 AND r.archived_at IS NULL ORDER BY r.id";
}

/// A record as every page knows it.
#[derive(Debug, Clone)]
pub struct Record {
    /// Identity.
    pub id: i64,
    /// The programme it belongs to.
    pub programme: i64,
    /// What it is.
    pub kind: RecordKind,
    /// The code people read, for example `ZL-2026-000001`.
    pub code: String,
    /// Its name.
    pub title: String,
    /// Its English name, where known.
    pub title_en: Option<String>,
    /// Counts up with every write.
    pub version: i64,
    /// Whether it was archived.
    pub archived: bool,
    /// When it was last written.
    pub changed_at: Option<Timestamp>,
    /// Whether only its team and who made it can see it (law 5).
    pub protected: bool,
    /// The record it was merged into.
    pub merged_into: Option<i64>,
    /// Who made it.
    pub created_by: Option<i64>,
}

/// What a title sorts by.
pub(crate) fn title_key(title: &str) -> String {
    crate::search::pinyin_key(title)
}

/// A fresh identity for exchange, of the instant of a change.
#[must_use]
pub fn new_uid(change: &Change) -> String {
    let seconds = u64::try_from(change.at.as_second()).unwrap_or(0);
    let nanoseconds = u32::try_from(change.at.subsec_nanosecond()).unwrap_or(0);
    let at = uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanoseconds);
    uuid::Uuid::new_v7(at).to_string()
}

/// Creates a record with the next code of its kind and year.
///
/// # Errors
/// When the database fails, or the change belongs to no programme.
pub async fn record_insert(
    tx: &mut Tx,
    change: &Change,
    kind: RecordKind,
    title: &str,
    title_en: Option<&str>,
) -> Result<Record> {
    let programme = change.programme.ok_or_else(|| Error::Damaged("a record needs a programme".into()))?;
    let prefix = format!("{}-{}", kind.prefix(), change.day.strftime("%Y"));
    let number = tx.int(NEXT_CODE, params![programme, &prefix]).await?;
    let code = format!("{prefix}-{number:06}");
    let uid = new_uid(change);
    let key = title_key(title);
    let values = params![programme, kind.code(), &code, uid, title, title_en, key, change.at, change.user];
    let id = tx.int(INSERT, values).await?;
    Ok(Record {
        id,
        programme,
        kind,
        code,
        title: title.to_owned(),
        title_en: title_en.map(str::to_owned),
        version: 1,
        archived: false,
        changed_at: Some(change.at),
        protected: false,
        merged_into: None,
        created_by: change.user,
    })
}

/// Reads a record from the columns that `GET` names.
pub(crate) fn record_from(row: &Row) -> Result<Record> {
    record_at(row, 0)
}

/// Reads a record whose columns begin at this place.
pub(crate) fn record_at(row: &Row, at: usize) -> Result<Record> {
    Ok(Record {
        id: row.int(at)?,
        programme: row.int(at + 1)?,
        kind: row.code(at + 2, RecordKind::from_code)?,
        code: row.text(at + 3)?,
        title: row.text(at + 4)?,
        title_en: row.opt_text(at + 5)?,
        version: row.int(at + 6)?,
        archived: row.opt_text(at + 7)?.is_some(),
        changed_at: row.opt_instant(at + 8)?,
        protected: row.bool(at + 9)?,
        merged_into: row.opt_int(at + 10)?,
        created_by: row.opt_int(at + 11)?,
    })
}

/// The record with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn record_get(tx: &mut Tx, id: i64) -> Result<Record> {
    record_from(&tx.one(GET, params![id]).await?)
}

/// The record of a programme with this code.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn record_by_code(tx: &mut Tx, programme: i64, code: &str) -> Result<Record> {
    record_from(&tx.one(BY_CODE, params![programme, code]).await?)
}

/// Holds a record until the transaction ends, so that it is changed by one at a time.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn record_lock(tx: &mut Tx, id: i64) -> Result<Record> {
    tx.one(LOCK, params![id]).await?;
    record_get(tx, id).await
}

/// Takes a record out of the lists, or brings it back.
///
/// # Errors
/// When the database fails.
pub async fn record_archive(tx: &mut Tx, change: &Change, id: i64, archived: bool) -> Result<()> {
    let before = record_get(tx, id).await?.archived;
    tx.execute(ARCHIVE, params![id, archived.then_some(change.at), change.at]).await?;
    mark(tx, id).await?;
    register_changed(tx, id).await?;
    field(tx, change, id, ("record", id, "archived"), Some(json!(before)), Some(json!(archived))).await
}

/// Renames a record.
///
/// # Errors
/// When the database fails.
pub async fn record_rename(tx: &mut Tx, change: &Change, id: i64, title: &str) -> Result<()> {
    let before = record_get(tx, id).await?;
    tx.execute(TITLE, params![id, title, title_key(title), change.at]).await?;
    register_changed(tx, id).await?;
    let (old, new) = if is_person(before.kind) {
        (None, Some(json!("*")))
    } else {
        (Some(json!(before.title)), Some(json!(title)))
    };
    field(tx, change, id, ("record", id, "title"), old, new).await?;
    search_put(tx, id).await
}

/// Adds a name under which texts speak of the record.
///
/// # Errors
/// When the database fails.
pub async fn record_name_insert(tx: &mut Tx, change: &Change, id: i64, name: &str) -> Result<()> {
    if tx.execute(NAME, params![id, name]).await? == 0 {
        return Ok(());
    }
    let kept = if is_person(record_get(tx, id).await?.kind) { "*" } else { name };
    created(tx, change, id, "record_name", id, json!(kept)).await?;
    register_changed(tx, id).await?;
    search_put(tx, id).await
}

/// Takes a further name off a record.
///
/// # Errors
/// When the database fails.
pub async fn record_name_remove(tx: &mut Tx, change: &Change, id: i64, name: &str) -> Result<()> {
    if tx.execute(REMOVE_NAME, params![id, name]).await? == 0 {
        return Ok(());
    }
    let kept = if is_person(record_get(tx, id).await?.kind) { "*" } else { name };
    field(tx, change, id, ("record_name", id, kept), Some(json!(kept)), None).await?;
    register_changed(tx, id).await?;
    search_put(tx, id).await
}

/// The further names of a record.
///
/// # Errors
/// When the database fails.
pub async fn record_name_list(tx: &mut Tx, id: i64) -> Result<Vec<String>> {
    tx.all(NAMES, params![id]).await?.iter().map(|row| row.text(0)).collect()
}

/// The further names of a record as they stood after a change; none where the audit keeps no names, which are a person's.
///
/// # Errors
/// When the database fails.
pub async fn record_name_list_at(tx: &mut Tx, id: i64, change: i64) -> Result<Option<Vec<String>>> {
    if is_person(record_get(tx, id).await?.kind) {
        return Ok(None);
    }
    let mut names = record_name_list(tx, id).await?;
    for row in tx.all(NAMES_SINCE, params![id, change]).await? {
        let name = |text: Option<String>| text.and_then(|text| serde_json::from_str::<String>(&text).ok());
        let (before, after) = (name(row.opt_text(0)?), name(row.opt_text(1)?));
        names.retain(|name| Some(name) != after.as_ref());
        names.extend(before);
    }
    Ok(Some(names))
}

/// The further names of these records, each with its record.
///
/// # Errors
/// When the database fails.
pub async fn record_name_list_of(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    let of = tx.dialect().among("record_id", 1);
    let sql = format!("SELECT record_id, name FROM record_name WHERE {of} ORDER BY record_id, name");
    let rows = tx.all(&sql, params![tx.dialect().numbers(ids)]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}

/// All names of a programme's records of one kind, with the record each belongs to.
///
/// # Errors
/// When the database fails.
pub async fn record_name_all(tx: &mut Tx, programme: i64, kind: RecordKind) -> Result<Vec<(String, i64)>> {
    let rows = tx.all(NAMES_OF_KIND, params![programme, kind.code()]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// Changes whenever a register of the programme gains an entry, or one gets another name; for keeping what was derived
/// from names.
///
/// # Errors
/// When the database fails.
pub async fn record_register_version(tx: &mut Tx, programme: i64) -> Result<(i64, i64)> {
    let written = tx.optional(REGISTER_VERSION, params![programme]).await?;
    let written = written.map(|row| row.int(0)).transpose()?.unwrap_or(0);
    Ok((tx.int(REGISTER_LAST, params![programme]).await?, written))
}

/// Notes that a record may be spoken of in another way than before.
pub(crate) async fn register_changed(tx: &mut Tx, record: i64) -> Result<()> {
    tx.execute(REGISTER_CHANGED, params![record]).await?;
    Ok(())
}

/// Those of these records that can be seen, without order.
///
/// # Errors
/// When the database fails.
pub async fn record_list_of(tx: &mut Tx, ids: &[i64], reach: &Reach) -> Result<Vec<Record>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = params![tx.dialect().numbers(ids)];
    let (of, clause) = (tx.dialect().among("r.id", 1), reach.clause("r", &mut values));
    let sql = format!("SELECT {RECORD_COLUMNS} FROM record r WHERE {of} AND {clause}");
    tx.all(&sql, values).await?.iter().map(record_from).collect()
}

/// Those records of a kind with these codes that can be seen, without order.
///
/// # Errors
/// When the database fails.
pub async fn record_list_coded(
    tx: &mut Tx,
    programme: i64,
    kind: RecordKind,
    codes: &[String],
    reach: &Reach,
) -> Result<Vec<Record>> {
    let mut records = Vec::with_capacity(codes.len());
    for codes in codes.chunks(500) {
        let mut values = params![programme, kind.code()];
        let places: Vec<String> = (3..codes.len() + 3).map(|n| format!("${n}")).collect();
        values.extend(codes.iter().map(Param::from));
        let clause = reach.clause("r", &mut values);
        let sql = format!(
            "SELECT {RECORD_COLUMNS} FROM record r
             WHERE r.programme_id = $1 AND r.kind = $2 AND r.code IN ({}) AND {clause}",
            places.join(", ")
        );
        for row in tx.all(&sql, values).await? {
            records.push(record_from(&row)?);
        }
    }
    Ok(records)
}

/// The records that were merged into one, as far as they can be seen.
///
/// # Errors
/// When the database fails.
pub async fn record_list_merged(tx: &mut Tx, into: i64, reach: &Reach) -> Result<Vec<Record>> {
    let mut values = params![into];
    let clause = reach.clause("r", &mut values);
    let sql =
        format!("SELECT {RECORD_COLUMNS} FROM record r WHERE r.merged_into = $1 AND {clause} ORDER BY r.id");
    tx.all(&sql, values).await?.iter().map(record_from).collect()
}

/// The records of a kind, in use and to be seen, that have this code, title or further name, or into which the record
/// of this code was merged; the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn record_list_named(
    tx: &mut Tx,
    programme: i64,
    kind: RecordKind,
    name: &str,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<i64>> {
    let mut values = params![programme, kind.code(), name, limit];
    let clause = reach.clause("r", &mut values);
    let sql = format!(
        "SELECT r.id FROM record r WHERE r.programme_id = $1 AND r.kind = $2 AND r.archived_at IS NULL AND {clause}
         AND r.id IN (
            SELECT COALESCE(a.merged_into, a.id) FROM record a WHERE a.programme_id = $1 AND a.code = $3
            UNION SELECT b.id FROM record b WHERE b.programme_id = $1 AND b.kind = $2 AND b.title = $3
            UNION SELECT n.record_id FROM record_name n WHERE n.name = $3
            UNION SELECT o.record_id FROM organisation o WHERE o.uscc = $3)
         ORDER BY r.id LIMIT $4"
    );
    tx.all(&sql, values).await?.iter().map(|row| row.int(0)).collect()
}
