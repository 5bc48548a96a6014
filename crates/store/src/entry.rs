//! Records that are described by fields (`data/records.tsv`): one row of `record` and one of the kind's table.

use crate::change::{Change, created, field};
use crate::db::{Param, Row, Tx, params};
use crate::error::{Error, Result};
use crate::reach::Reach;
use crate::record::{Record, RecordKind, record_from, record_get, record_insert};
use crate::search::search_put;
use crate::tally::mark;
use domain::record::{FieldInfo, FieldType, Standing, Value, Values};
use domain::{Approx, Quantity, Unit};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Columns of `record` that [`record_from`] reads.
pub(crate) const RECORD_COLUMNS: &str =
    "r.id, r.programme_id, r.kind, r.code, r.title, r.title_en, r.version,
    r.archived_at, r.changed_at, r.protected, r.merged_into, r.created_by";
/// How many they are.
pub(crate) const RECORD_WIDTH: usize = 12;

statements! {
    TOUCH = "UPDATE record SET version = version + 1, changed_at = $2 WHERE id = $1";
    TITLES = "UPDATE record SET title = $2, title_en = $3, title_key = $4 WHERE id = $1";
    COUNT = "SELECT COUNT(*) FROM record WHERE programme_id = $1 AND kind = $2 AND archived_at IS NULL";
}

/// A record to create.
#[derive(Debug, Clone)]
pub struct NewEntry<'a> {
    /// Its name.
    pub title: &'a str,
    /// Its English name.
    pub title_en: Option<&'a str>,
    /// What is known of it.
    pub values: &'a Values,
}

/// A described record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What every record has.
    pub record: Record,
    /// What is known of it.
    pub values: Values,
    /// The amount its form asks for, derived from its figures.
    pub amount: Option<Quantity>,
}

impl Entry {
    /// The region or record that a field names.
    #[must_use]
    pub fn id(&self, field: &str) -> Option<i64> {
        self.values.get(field)?.id()
    }

    /// The text of a field.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.values.get(field)?.text()
    }

    /// The day of a field.
    #[must_use]
    pub fn day(&self, field: &str) -> Option<jiff::civil::Date> {
        self.values.get(field)?.day()
    }
}

/// What an edit changes: titles where given, and fields, each with its new value or none.
#[derive(Debug, Clone, Default)]
pub struct EntryPatch {
    /// New name.
    pub title: Option<String>,
    /// New English name, or none.
    pub title_en: Option<Option<String>>,
    /// Fields by code.
    pub values: BTreeMap<&'static str, Option<Value>>,
}

impl EntryPatch {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.title.is_none() && self.title_en.is_none() && self.values.is_empty()
    }
}

/// The fields of a kind that are columns, in the order of [`columns`].
pub(crate) fn stored(kind: RecordKind) -> impl Iterator<Item = (&'static FieldInfo, String)> {
    kind.fields().iter().filter_map(|field| Some((field, field.column()?)))
}

/// What a list or page reads of the kind's table `k`, after the columns of `record`.
pub(crate) fn columns(kind: RecordKind) -> String {
    let mut columns: Vec<String> = stored(kind).map(|(_, column)| format!("k.{column}")).collect();
    if kind.amount().is_some() {
        columns.push("k.amount, k.amount_max, k.amount_unit, k.amount_approx".to_owned());
    }
    columns.join(", ")
}

/// The values of the fields that are columns, in the order of the description.
pub(crate) fn stored_params(kind: RecordKind, values: &Values) -> impl Iterator<Item = Param> {
    stored(kind).map(|(field, _)| param(values.get(field.code), field))
}

fn param(value: Option<&Value>, field: &FieldInfo) -> Param {
    match value {
        Some(Value::Text(text)) => text.into(),
        Some(Value::Day(day)) => (*day).into(),
        Some(Value::Int(int) | Value::Id(int)) => (*int).into(),
        None if is_int(field) => Param::Int(None),
        None => Param::Text(None),
    }
}

pub(crate) fn is_int(field: &FieldInfo) -> bool {
    matches!(field.kind, FieldType::Region | FieldType::Record(_) | FieldType::Quantity(_) | FieldType::Flag)
}

/// A value as the audit keeps it.
#[must_use]
pub fn value_to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Int(int) | Value::Id(int) => json!(int),
        Value::Day(day) => json!(day.to_string()),
    }
}

/// A value of a field as the audit kept it; none where nothing was known, or where the audit keeps no values of the field.
#[must_use]
pub fn value_from_json(field: &FieldInfo, value: &Json) -> Option<Value> {
    match field.kind {
        FieldType::Region | FieldType::Record(_) => value.as_i64().map(Value::Id),
        FieldType::Quantity(_) | FieldType::Flag => value.as_i64().map(Value::Int),
        FieldType::Date => value.as_str()?.parse().ok().map(Value::Day),
        _ => value.as_str().map(|text| Value::Text(text.to_owned())),
    }
}

/// Creates a described record.
///
/// # Errors
/// When the database fails, or the kind has no fields.
pub async fn entry_insert(
    tx: &mut Tx,
    change: &Change,
    kind: RecordKind,
    new: &NewEntry<'_>,
) -> Result<Record> {
    described(kind)?;
    let record = record_insert(tx, change, kind, new.title, new.title_en).await?;
    let (sql, mut values) = insert_statement(kind);
    values.extend(params![record.id, record.programme]);
    values.extend(stored_params(kind, new.values));
    tx.execute(&sql, values).await?;
    let row = audit_row(kind, new.title, new.title_en, new.values);
    created(tx, change, record.id, kind.code(), record.id, row).await?;
    search_put(tx, record.id).await?;
    Ok(record)
}

/// A created record as the audit keeps it: personal values leave a mark only.
pub(crate) fn audit_row(kind: RecordKind, title: &str, title_en: Option<&str>, values: &Values) -> Json {
    let mut row = serde_json::Map::new();
    row.insert("title".into(), if is_person(kind) { Json::Null } else { json!(title) });
    row.extend(title_en.filter(|_| !is_person(kind)).map(|title| ("title_en".to_owned(), json!(title))));
    for (code, value) in values {
        let personal = kind.field(code).is_none_or(|field| field.personal);
        row.insert((*code).to_owned(), if personal { Json::Null } else { value_to_json(value) });
    }
    Json::Object(row)
}

/// The name of a contact is a person's.
pub(crate) fn is_person(kind: RecordKind) -> bool {
    kind == RecordKind::Contact
}

fn described(kind: RecordKind) -> Result<()> {
    let none = || Error::Damaged(format!("{} has no fields", kind.code()));
    if kind.fields().is_empty() { Err(none()) } else { Ok(()) }
}

fn insert_statement(kind: RecordKind) -> (String, Vec<Param>) {
    let columns: Vec<String> = stored(kind).map(|(_, column)| column).collect();
    let places: Vec<String> = (1..=columns.len() + 2).map(|n| format!("${n}")).collect();
    let (columns, places) = (columns.join(", "), places.join(", "));
    (
        format!("INSERT INTO {} (record_id, programme_id, {columns}) VALUES ({places})", kind.code()),
        Vec::with_capacity(32),
    )
}

/// Whether something of records of a kind is counted beforehand.
pub(crate) fn is_kept(kind: RecordKind) -> bool {
    matches!(kind, RecordKind::Project | RecordKind::AidProject | RecordKind::AidContract)
}

/// Changes a described record: one item a field that did change, and one version further.
///
/// # Errors
/// When the database fails.
pub async fn entry_update(tx: &mut Tx, change: &Change, before: &Entry, patch: &EntryPatch) -> Result<()> {
    let (record, kind) = (&before.record, before.record.kind);
    let mut sets = Vec::new();
    let mut values = params![record.id];
    for (code, value) in &patch.values {
        let Some((info, column)) = stored(kind).find(|(info, _)| info.code == *code) else { continue };
        if before.values.get(info.code) == value.as_ref() {
            continue;
        }
        values.push(param(value.as_ref(), info));
        sets.push(format!("{column} = ${}", values.len()));
        let kept = |value: Option<&Value>| value.filter(|_| !info.personal).map(value_to_json);
        let (old, new) = (kept(before.values.get(info.code)), kept(value.as_ref()));
        // A personal value leaves a mark that it changed, not what it was.
        let new = if info.personal { Some(json!("*")) } else { new };
        field(tx, change, record.id, (kind.code(), record.id, info.code), old, new).await?;
    }
    if !sets.is_empty() {
        // Before as well: a contract may move to another project.
        if kind == RecordKind::AidContract {
            mark(tx, record.id).await?;
        }
        let sql = format!("UPDATE {} SET {} WHERE record_id = $1", kind.code(), sets.join(", "));
        tx.execute(&sql, values).await?;
        if is_kept(kind) {
            mark(tx, record.id).await?;
        }
    }
    let renamed = retitle(tx, change, record, patch).await?;
    if renamed || !sets.is_empty() {
        tx.execute(TOUCH, params![record.id, change.at]).await?;
        crate::record::register_changed(tx, record.id).await?;
        search_put(tx, record.id).await?;
    }
    Ok(())
}

async fn retitle(tx: &mut Tx, change: &Change, record: &Record, patch: &EntryPatch) -> Result<bool> {
    let title = patch.title.as_ref().unwrap_or(&record.title);
    let title_en = patch.title_en.as_ref().unwrap_or(&record.title_en);
    if *title == record.title && *title_en == record.title_en {
        return Ok(false);
    }
    tx.execute(TITLES, params![record.id, title, title_en, crate::record::title_key(title)]).await?;
    let kept = |text: &str| if is_person(record.kind) { json!("*") } else { json!(text) };
    let before = Some(kept(&record.title)).filter(|_| !is_person(record.kind));
    let place = ("record", record.id, "title");
    if *title != record.title {
        field(tx, change, record.id, place, before, Some(kept(title))).await?;
    }
    if *title_en != record.title_en {
        let before = record.title_en.as_deref().filter(|_| !is_person(record.kind)).map(|text| json!(text));
        let after =
            if is_person(record.kind) { Some(json!("*")) } else { title_en.as_ref().map(|text| json!(text)) };
        field(tx, change, record.id, ("record", record.id, "title_en"), before, after).await?;
    }
    Ok(true)
}

/// Says that something of a record changed which is no field of it: a link, a name, a figure.
///
/// # Errors
/// When the database fails.
pub async fn entry_touch(tx: &mut Tx, change: &Change, id: i64) -> Result<()> {
    tx.execute(TOUCH, params![id, change.at]).await?;
    Ok(())
}

/// Reads a described record from a row of [`RECORD_COLUMNS`] and [`columns`].
pub(crate) fn entry_from(row: &Row, kind: RecordKind) -> Result<Entry> {
    let record = record_from(row)?;
    let mut values = Values::new();
    let mut at = RECORD_WIDTH;
    for (field, _) in stored(kind) {
        let value = match field.kind {
            FieldType::Region | FieldType::Record(_) => row.opt_int(at)?.map(Value::Id),
            FieldType::Quantity(_) | FieldType::Flag => row.opt_int(at)?.map(Value::Int),
            FieldType::Date => row.day(at)?.map(Value::Day),
            _ => row.opt_text(at)?.filter(|text| !text.is_empty()).map(Value::Text),
        };
        values.extend(value.map(|value| (field.code, value)));
        at += 1;
    }
    let amount = if kind.amount().is_some() { amount_from(row, at)? } else { None };
    Ok(Entry { record, values, amount })
}

fn amount_from(row: &Row, at: usize) -> Result<Option<Quantity>> {
    let Some(low) = row.opt_int(at)? else { return Ok(None) };
    let unit = row.code(at + 2, Unit::from_code)?;
    Ok(Some(Quantity { low, high: row.opt_int(at + 1)?, unit, approx: row.code(at + 3, Approx::from_code)? }))
}

/// The described record with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn entry_get(tx: &mut Tx, id: i64) -> Result<Entry> {
    let record = record_get(tx, id).await?;
    entry_of(tx, &record).await
}

/// A record, just read, with its fields.
///
/// # Errors
/// [`Error::NotFound`] when it is of a kind without.
pub async fn entry_of(tx: &mut Tx, record: &Record) -> Result<Entry> {
    let kind = record.kind;
    described(kind).map_err(|_| Error::NotFound)?;
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, {} FROM {} k JOIN record r ON r.id = k.record_id WHERE k.record_id = $1",
        columns(kind),
        kind.code()
    );
    entry_from(&tx.one(&sql, params![record.id]).await?, kind)
}

/// Those of these records that are of a kind, without order, archived ones too.
///
/// # Errors
/// When the database fails.
pub async fn entry_list_of(tx: &mut Tx, kind: RecordKind, ids: &[i64]) -> Result<Vec<Entry>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, {} FROM {} k JOIN record r ON r.id = k.record_id WHERE {}",
        columns(kind),
        kind.code(),
        tx.dialect().among("k.record_id", 1)
    );
    let rows = tx.all(&sql, params![tx.dialect().numbers(ids)]).await?;
    rows.iter().map(|row| entry_from(row, kind)).collect()
}

/// Holds a record until the transaction ends, and reads it.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn entry_lock(tx: &mut Tx, id: i64) -> Result<Entry> {
    crate::record::record_lock(tx, id).await?;
    entry_get(tx, id).await
}

/// Records that can be seen and have a field which names this one, with the field's code: of each field the newest.
///
/// # Errors
/// When the database fails.
pub async fn entry_list_naming(
    tx: &mut Tx,
    programme: i64,
    record: &Record,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<(&'static str, Record)>> {
    let mut values = params![programme, record.id, limit];
    let clause = reach.clause("r", &mut values);
    let mut fields = Vec::new();
    let mut parts = Vec::new();
    for kind in RecordKind::described() {
        for (field, column) in stored(kind) {
            if !matches!(field.kind, FieldType::Record(of) if of == record.kind) {
                continue;
            }
            parts.push(format!(
                "SELECT * FROM (SELECT {RECORD_COLUMNS}, CAST({} AS BIGINT) AS field FROM {} k CROSS JOIN record r
                 WHERE k.programme_id = $1 AND k.{column} = $2 AND r.id = k.record_id AND r.archived_at IS NULL AND {clause}
                 ORDER BY k.record_id DESC LIMIT $3) x",
                fields.len(),
                kind.code()
            ));
            fields.push(field.code);
        }
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    // One statement for all of them: a server that is asked for each takes longer to answer than to find.
    let rows = tx.all(&parts.join(" UNION ALL "), values).await?;
    let named = |row: &Row| Ok((usize::try_from(row.int(RECORD_WIDTH)?)?, record_from(row)?));
    let mut naming = rows.iter().map(named).collect::<Result<Vec<_>>>()?;
    naming.sort_by_key(|(field, record)| (*field, std::cmp::Reverse(record.id)));
    Ok(naming.into_iter().map(|(field, record)| (fields[field], record)).collect())
}

/// Every record of a kind that is not archived, in the order they were created. For what is derived from names; lists
/// that people see are [`crate::entry_list`].
///
/// # Errors
/// When the database fails.
pub async fn entry_all(tx: &mut Tx, programme: i64, kind: RecordKind, limit: i64) -> Result<Vec<Entry>> {
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, {} FROM {} k JOIN record r ON r.id = k.record_id
         WHERE k.programme_id = $1 AND r.archived_at IS NULL ORDER BY k.record_id LIMIT $2",
        columns(kind),
        kind.code()
    );
    tx.all(&sql, params![programme, limit]).await?.iter().map(|row| entry_from(row, kind)).collect()
}

/// How many records of a kind there are.
///
/// # Errors
/// When the database fails.
pub async fn entry_count(tx: &mut Tx, programme: i64, kind: RecordKind) -> Result<i64> {
    tx.int(COUNT, params![programme, kind.code()]).await
}

/// Writes into the audit that the amount of a record is another than before; the figures themselves have items of their own.
///
/// # Errors
/// When the database fails.
pub async fn entry_amount_log(tx: &mut Tx, change: &Change, before: &Entry) -> Result<()> {
    let record = &before.record;
    let now = entry_get(tx, record.id).await?.amount;
    if now == before.amount {
        return Ok(());
    }
    let place = (record.kind.code(), record.id, "amount");
    field(tx, change, record.id, place, before.amount.map(amount_to_json), now.map(amount_to_json)).await?;
    entry_touch(tx, change, record.id).await
}

/// An amount as the audit keeps it.
#[must_use]
pub fn amount_to_json(amount: Quantity) -> Json {
    json!({
        "low": amount.low, "high": amount.high, "unit": amount.unit.code(), "approx": amount.approx.code(),
    })
}

/// An amount as the audit kept it.
#[must_use]
pub fn amount_from_json(value: &Json) -> Option<Quantity> {
    let text = |key: &str| value.get(key).and_then(Json::as_str);
    Some(Quantity {
        low: value.get("low")?.as_i64()?,
        high: value.get("high").and_then(Json::as_i64),
        unit: Unit::from_code(text("unit")?)?,
        approx: Approx::from_code(text("approx")?)?,
    })
}

/// Takes the amount a record is listed with from its figures: of the measure and role that its form asks for, the newest
/// that nothing replaces, yuan before other currencies. What is over stays listed with the amount it had.
///
/// # Errors
/// When the database fails.
pub async fn entry_amount_refresh(tx: &mut Tx, id: i64) -> Result<()> {
    let kind = record_get(tx, id).await?.kind;
    let Some(amount) = kind.amount() else { return Ok(()) };
    let entry = entry_get(tx, id).await?;
    let measure = amount.measure_of(kind, &entry.values);
    let standing = amount.standing(&entry.values);
    let is_past = entry.record.archived || matches!(standing, Standing::Succeeded | Standing::Over);
    let row = match measure {
        None => None,
        Some(measure) => {
            let sql = "SELECT f.low, f.high, f.unit, f.approx FROM figure f WHERE f.subject_id = $1 AND f.measure = $2
                AND f.role = $3 AND f.grain = 'item' AND f.status <> 'withdrawn' AND NOT EXISTS (
                    SELECT 1 FROM figure r WHERE r.replaces_id = f.record_id AND r.subject_id = f.subject_id
                    AND r.status <> 'withdrawn')
                ORDER BY CASE f.unit WHEN 'CNY' THEN 0 ELSE 1 END, f.record_id DESC LIMIT 1";
            tx.optional(sql, params![id, measure.code(), amount.role_of(&entry.values).code()]).await?
        }
    };
    if row.is_none() && is_past {
        return Ok(());
    }
    let values = match row {
        Some(row) => params![id, row.int(0)?, row.opt_int(1)?, row.text(2)?, row.text(3)?],
        None => params![id, None::<i64>, None::<i64>, None::<String>, None::<String>],
    };
    let sql = format!(
        "UPDATE {} SET amount = $2, amount_max = $3, amount_unit = $4, amount_approx = $5 WHERE record_id = $1",
        kind.code()
    );
    tx.execute(&sql, values).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;

    #[tokio::test]
    async fn the_table_of_every_kind_has_the_columns_that_its_description_names() {
        for db in testing::databases().await {
            for kind in RecordKind::described() {
                let sql = format!(
                    "SELECT {RECORD_COLUMNS}, {} FROM {} k JOIN record r ON r.id = k.record_id",
                    columns(kind),
                    kind.code()
                );
                db.prepare(&sql).await.unwrap_or_else(|error| panic!("{kind:?} on {db:?}: {error}"));
                db.prepare(&insert_statement(kind).0)
                    .await
                    .unwrap_or_else(|error| panic!("{kind:?} on {db:?}: {error}"));
            }
            let mut tx = db.read().await.expect("a transaction");
            assert!(entry_get(&mut tx, 1).await.is_err_and(|error| matches!(error, Error::NotFound)));
            assert!(entry_all(&mut tx, 1, RecordKind::Agreement, 5).await.expect("understood").is_empty());
        }
    }
}
