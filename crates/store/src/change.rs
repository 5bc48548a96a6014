//! Changes: every write belongs to one, with its items (law 8).

use crate::db::{Row, Tx, params};
use crate::error::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

statements! {
    RESUME = "SELECT programme_id, user_id, at FROM change WHERE id = $1";
    INSERT = "INSERT INTO change (programme_id, user_id, at, kind, source, reason, undoes_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    INSERT_ITEM = "INSERT INTO change_item (change_id, record_id, entity, entity_id, field, before, after)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    GET = "SELECT c.id, c.programme_id, c.at, c.kind, c.source, c.reason, c.undoes_id, u.name, v.id
        FROM change c LEFT JOIN app_user u ON u.id = c.user_id LEFT JOIN change v ON v.undoes_id = c.id
        WHERE c.id = $1";
    OF_RECORD = "SELECT c.id, c.programme_id, c.at, c.kind, c.source, c.reason, c.undoes_id, u.name, v.id
        FROM change c LEFT JOIN app_user u ON u.id = c.user_id LEFT JOIN change v ON v.undoes_id = c.id
        WHERE EXISTS (SELECT 1 FROM change_item i WHERE i.change_id = c.id AND i.record_id = $1)
        AND c.id < $2 ORDER BY c.id DESC LIMIT $3";
    ITEMS = "SELECT record_id, entity, entity_id, field, before, after FROM change_item WHERE change_id = $1 ORDER BY id";
    OF_FIELD = "SELECT change_id FROM change_item WHERE entity = $1 AND entity_id = $2 AND field = $3
        ORDER BY change_id DESC LIMIT 1";
    LAST = "SELECT COALESCE(MAX(change_id), 0) FROM change_item WHERE record_id = $1";
    // Who wrote it in another programme is not told.
    SINCE = "SELECT i.field, i.before, c.at, u.name, i.change_id FROM change_item i JOIN change c ON c.id = i.change_id
        JOIN record r ON r.id = i.record_id
        LEFT JOIN app_user u ON u.id = c.user_id AND (c.programme_id IS NULL OR c.programme_id = r.programme_id)
        WHERE i.record_id = $1 AND i.change_id > $2
        AND i.entity IN ('record', $3) ORDER BY i.id";
    OF_SETTINGS = "SELECT c.id, c.programme_id, c.at, c.kind, c.source, c.reason, c.undoes_id, u.name, v.id
        FROM change c LEFT JOIN app_user u ON u.id = c.user_id LEFT JOIN change v ON v.undoes_id = c.id
        WHERE c.id IN (SELECT i.change_id FROM change_item i WHERE i.entity_id = $1
            AND i.entity IN ('setting', 'programme_region', 'programme_name', 'stage', 'label', 'subscription',
                'aid_share'))
        AND c.programme_id = $1 AND c.id < $2 ORDER BY c.id DESC LIMIT $3";
    ROW_LAST = "SELECT COALESCE(MAX(change_id), 0) FROM change_item WHERE entity = $1 AND entity_id = $2";
    ROW_SINCE = "SELECT before FROM change_item WHERE entity = $1 AND entity_id = $2 AND field = $3
        AND change_id > $4 ORDER BY id LIMIT 1";
    // A later change that was undone, and what undid it, leave the field as it was.
    SUPERSEDED = "SELECT DISTINCT i.entity, i.field, i.record_id FROM change_item i WHERE i.change_id = $1 AND i.field <> '*'
        AND EXISTS (SELECT 1 FROM change_item j JOIN change c ON c.id = j.change_id
            WHERE j.entity = i.entity AND j.entity_id = i.entity_id AND j.field = i.field AND j.change_id > $1
            AND NOT EXISTS (SELECT 1 FROM change u WHERE u.undoes_id = c.id)
            AND NOT EXISTS (SELECT 1 FROM change k WHERE k.id = c.undoes_id AND k.id > $1 AND k.kind <> 'undo'))
        ORDER BY i.entity, i.field, i.record_id";
    WRITTEN_SINCE = "SELECT DISTINCT j.entity, j.field FROM change_item j JOIN change c ON c.id = j.change_id
        WHERE j.record_id = $2 AND j.change_id > $1
        AND NOT EXISTS (SELECT 1 FROM change u WHERE u.undoes_id = c.id)
        AND NOT EXISTS (SELECT 1 FROM change k WHERE k.id = c.undoes_id AND k.id > $1 AND k.kind <> 'undo')
        ORDER BY j.entity, j.field";
}

/// What opens a change.
#[derive(Debug, Clone, Default)]
pub struct NewChange<'a> {
    /// The programme it belongs to; none for what concerns the installation.
    pub programme: Option<i64>,
    /// Who; none for the programme itself at work.
    pub user: Option<i64>,
    /// A stable code of what is done, for example `claim-accept`.
    pub kind: &'a str,
    /// Where it came from: `web`, `cli`, `engine`, `example`.
    pub source: &'a str,
    /// Why, in the user's words.
    pub reason: Option<&'a str>,
    /// The change it undoes.
    pub undoes: Option<i64>,
}

/// An open change: proof that what is written will be audited.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// Identity.
    pub id: i64,
    /// The programme it belongs to.
    pub programme: Option<i64>,
    /// Who.
    pub user: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// The day it was where the programme is.
    pub day: Date,
    /// The import whose records this part of it writes before they are published: nobody sees them yet.
    pub pending: Option<i64>,
}

/// One field of one row that a change wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeItem {
    /// The record whose audit shows it.
    pub record: Option<i64>,
    /// The table.
    pub entity: String,
    /// The row.
    pub entity_id: i64,
    /// The field; `*` is the whole row of a creation.
    pub field: String,
    /// What stood there.
    pub before: Option<Value>,
    /// What stands there now.
    pub after: Option<Value>,
}

/// A change as it is read back.
#[derive(Debug, Clone)]
pub struct ChangeEntry {
    /// Identity.
    pub id: i64,
    /// The programme it belongs to.
    pub programme: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub kind: String,
    /// Where it came from.
    pub source: String,
    /// Why.
    pub reason: Option<String>,
    /// The change it undoes.
    pub undoes: Option<i64>,
    /// Name of the user.
    pub user_name: Option<String>,
    /// The change that undid it.
    pub undone_by: Option<i64>,
}

/// Opens a change at an instant, which is a day in the programme's time zone.
///
/// # Errors
/// When the database fails; [`crate::Error::Duplicate`] when the change to undo is undone already.
pub async fn change_open(tx: &mut Tx, new: &NewChange<'_>, at: Timestamp, day: Date) -> Result<Change> {
    let values = params![new.programme, new.user, at, new.kind, new.source, new.reason, new.undoes];
    let id = tx.int(INSERT, values).await?;
    Ok(Change { id, programme: new.programme, user: new.user, at, day, pending: None })
}

/// A change that was opened before, to go on writing in it.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none with this id.
pub async fn change_resume(tx: &mut Tx, id: i64, day: Date) -> Result<Change> {
    let row = tx.one(RESUME, params![id]).await?;
    let (programme, user, at) = (row.opt_int(0)?, row.opt_int(1)?, row.instant(2)?);
    Ok(Change { id, programme, user, at, day, pending: None })
}

/// Writes one item of a change.
///
/// # Errors
/// When the database fails.
pub async fn change_item_insert(tx: &mut Tx, change: &Change, item: &ChangeItem) -> Result<()> {
    let text = |value: &Option<Value>| value.as_ref().map(Value::to_string);
    let values = params![
        change.id,
        item.record,
        &item.entity,
        item.entity_id,
        &item.field,
        text(&item.before),
        text(&item.after)
    ];
    tx.execute(INSERT_ITEM, values).await?;
    Ok(())
}

/// Writes the item of a created row.
pub(crate) async fn created(
    tx: &mut Tx,
    change: &Change,
    record: i64,
    entity: &str,
    entity_id: i64,
    row: Value,
) -> Result<()> {
    field(tx, change, record, (entity, entity_id, "*"), None, Some(row)).await
}

/// Writes the item of one changed field, where it did change.
pub(crate) async fn field(
    tx: &mut Tx,
    change: &Change,
    record: i64,
    (entity, entity_id, field): (&str, i64, &str),
    before: Option<Value>,
    after: Option<Value>,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let (entity, field) = (entity.to_owned(), field.to_owned());
    change_item_insert(
        tx,
        change,
        &ChangeItem { record: Some(record), entity, entity_id, field, before, after },
    )
    .await
}

/// Writes the item of one row of a programme's settings: the row is the programme's, the field is the row's key.
pub(crate) async fn programme_row(
    tx: &mut Tx,
    change: &Change,
    entity: &str,
    key: &str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<()> {
    let entity_id = change.programme.unwrap_or(0);
    let (entity, field) = (entity.to_owned(), key.to_owned());
    change_item_insert(tx, change, &ChangeItem { record: None, entity, entity_id, field, before, after })
        .await
}

/// The last change that wrote a row of this table of a programme's settings.
///
/// # Errors
/// When the database fails.
pub async fn change_last_of_rows(tx: &mut Tx, entity: &str, programme: i64) -> Result<i64> {
    tx.int(ROW_LAST, params![entity, programme]).await
}

/// What stood in a row of a programme's settings before the first change of it after `since`: none where nobody changed
/// it, none inside where there was no such row.
///
/// # Errors
/// When the database fails.
pub async fn change_row_before(
    tx: &mut Tx,
    entity: &str,
    programme: i64,
    key: &str,
    since: i64,
) -> Result<Option<Option<Value>>> {
    let Some(row) = tx.optional(ROW_SINCE, params![entity, programme, key, since]).await? else {
        return Ok(None);
    };
    Ok(Some(row.opt_text(0)?.map(|text| serde_json::from_str(&text)).transpose()?))
}

/// Changes of a programme's settings, newest first, below the id `before` (none for the first page).
///
/// # Errors
/// When the database fails.
pub async fn change_list_of_settings(
    tx: &mut Tx,
    programme: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<ChangeEntry>> {
    let values = params![programme, before.unwrap_or(i64::MAX), limit];
    tx.all(OF_SETTINGS, values).await?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<ChangeEntry> {
    Ok(ChangeEntry {
        id: row.int(0)?,
        programme: row.opt_int(1)?,
        at: row.instant(2)?,
        kind: row.text(3)?,
        source: row.text(4)?,
        reason: row.opt_text(5)?,
        undoes: row.opt_int(6)?,
        user_name: row.opt_text(7)?,
        undone_by: row.opt_int(8)?,
    })
}

/// One change.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none with this id.
pub async fn change_get(tx: &mut Tx, id: i64) -> Result<ChangeEntry> {
    entry(&tx.one(GET, params![id]).await?)
}

/// Changes that wrote to a record, newest first, below the id `before` (none for the first page).
///
/// # Errors
/// When the database fails.
pub async fn change_list(
    tx: &mut Tx,
    record: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<ChangeEntry>> {
    tx.all(OF_RECORD, params![record, before.unwrap_or(i64::MAX), limit]).await?.iter().map(entry).collect()
}

/// The items of a change, in the order they were written.
///
/// # Errors
/// When the database fails.
pub async fn change_item_list(tx: &mut Tx, change: i64) -> Result<Vec<ChangeItem>> {
    let json = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
    let rows = tx.all(ITEMS, params![change]).await?;
    rows.iter()
        .map(|row| {
            Ok(ChangeItem {
                record: row.opt_int(0)?,
                entity: row.text(1)?,
                entity_id: row.int(2)?,
                field: row.text(3)?,
                before: json(row.opt_text(4)?)?,
                after: json(row.opt_text(5)?)?,
            })
        })
        .collect()
}

/// The fields of a change that later changes wrote again, each with its table and record.
///
/// # Errors
/// When the database fails.
pub async fn change_item_list_superseded(
    tx: &mut Tx,
    change: i64,
) -> Result<Vec<(String, String, Option<i64>)>> {
    let rows = tx.all(SUPERSEDED, params![change]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?, row.opt_int(2)?))).collect()
}

/// What changes after this one wrote to a record and still stands, each field with its table.
///
/// # Errors
/// When the database fails.
pub async fn change_item_list_written_since(
    tx: &mut Tx,
    change: i64,
    record: i64,
) -> Result<Vec<(String, String)>> {
    let rows = tx.all(WRITTEN_SINCE, params![change, record]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// The last change that wrote a field.
///
/// # Errors
/// When the database fails.
pub async fn change_of_field(tx: &mut Tx, entity: &str, entity_id: i64, field: &str) -> Result<Option<i64>> {
    tx.optional(OF_FIELD, params![entity, entity_id, field]).await?.map(|row| row.int(0)).transpose()
}

/// A field of a record that was changed since somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The change.
    pub change: i64,
    /// The field.
    pub field: String,
    /// What stood there.
    pub before: Option<Value>,
    /// When it was changed.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<String>,
}

/// The last change that wrote to a record: what a form remembers of the moment it was opened.
///
/// # Errors
/// When the database fails.
pub async fn change_last(tx: &mut Tx, record: i64) -> Result<i64> {
    tx.int(LAST, params![record]).await
}

/// What later changes wrote to a record's titles and fields, in order; `table` is that of its kind.
///
/// # Errors
/// When the database fails.
pub async fn change_list_since(
    tx: &mut Tx,
    record: i64,
    table: &str,
    change: i64,
) -> Result<Vec<FieldChange>> {
    let rows = tx.all(SINCE, params![record, change, table]).await?;
    rows.iter()
        .map(|row| {
            let before = row.opt_text(1)?.map(|text| serde_json::from_str(&text)).transpose()?;
            Ok(FieldChange {
                change: row.int(4)?,
                field: row.text(0)?,
                before,
                at: row.instant(2)?,
                by: row.opt_text(3)?,
            })
        })
        .collect()
}
