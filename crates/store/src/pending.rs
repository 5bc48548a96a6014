//! What an import writes before all of it is there: records and figures that nobody sees, published in one short step or taken
//! out again. Records are archived and figures withdrawn until then, so that no count or sum has to know of them; what shows
//! archived or withdrawn rows leaves them out by `record.import_id` (see [`crate::Reach`]).

use crate::bulk::Rows;
use crate::change::Change;
use crate::db::{Tx, params};
use crate::dialect::Dialect;
use crate::entry::{is_int, stored};
use crate::error::Result;
use crate::figure::mark_group_stale;
use crate::key::key_fields;
use crate::record::RecordKind;
use crate::search::{search_remove, text_fields};
use domain::record::FieldType;
use domain::{Measure, TimeKind};
use jiff::Timestamp;
use serde_json::Value as Json;

statements! {
    TITLES = "SELECT r.title, r.id FROM record r WHERE r.import_id = $1 AND r.kind = $2 ORDER BY r.id";
    // Few are written meanwhile: they lead to the pending ones.
    KNOWN = "WITH w AS MATERIALIZED (SELECT DISTINCT o.key FROM record r CROSS JOIN record_key o WHERE o.record_id = r.id
            AND r.programme_id = $2 AND r.kind = $3 AND r.changed_at >= $4 AND r.archived_at IS NULL AND r.import_id IS NULL)
        SELECT DISTINCT x.number, k.key FROM w CROSS JOIN record_key k CROSS JOIN record p CROSS JOIN import_row x
        WHERE k.programme_id = $2 AND k.key = w.key AND p.id = k.record_id AND p.import_id = $1 AND x.record_id = p.id
        AND x.import_id = $1 ORDER BY x.number, k.key";
    REPLACED_TWICE = "SELECT COUNT(*) FROM figure f JOIN figure o ON o.record_id = f.replaces_id
        WHERE f.import_id = $1 AND (o.status = 'withdrawn' OR EXISTS (
            SELECT 1 FROM figure g WHERE g.replaces_id = o.record_id AND g.status <> 'withdrawn'))";
    GROUPS = "SELECT f.measure, f.unit, f.time_kind FROM figure f WHERE f.import_id = $1
        UNION SELECT o.measure, o.unit, o.time_kind FROM figure f JOIN figure o ON o.record_id = f.replaces_id WHERE f.import_id = $1";
    HOLD_REPLACED = "SELECT r.id FROM record r WHERE r.id IN (SELECT f.replaces_id FROM figure f WHERE f.import_id = $1)
        ORDER BY r.id{for_no_key_update}";
    FIGURES = "UPDATE figure SET status = 'filed', import_id = NULL WHERE import_id = $1";
    REGISTER = "INSERT INTO register_version (programme_id, version) SELECT DISTINCT p.programme_id, 1 FROM record p
        WHERE (p.import_id = $1 OR p.id IN (SELECT i.record_id FROM import_item i WHERE i.import_id = $1))
        AND p.kind IN ('office', 'organisation', 'park', 'event')
        ON CONFLICT (programme_id) DO UPDATE SET version = register_version.version + 1";
    RECORDS = "UPDATE record SET archived_at = NULL, import_id = NULL, changed_at = $2 WHERE import_id = $1";
    CHANGE_AT = "UPDATE change SET at = $2 WHERE id = $1";
    ITEM_FIELDS = "SELECT DISTINCT i.field FROM import_item i WHERE i.import_id = $1 ORDER BY i.field";
    ITEMS_TOLD = "INSERT INTO change_item (change_id, record_id, entity, entity_id, field, before, after)
        SELECT $2, i.record_id, $3, i.record_id, i.field, i.before, i.after FROM import_item i WHERE i.import_id = $1 ORDER BY i.id";
    ITEMS_TOUCH = "UPDATE record SET version = version + 1, changed_at = $2
        WHERE id IN (SELECT i.record_id FROM import_item i WHERE i.import_id = $1)";
    ITEMS_CLEAR = "DELETE FROM import_item WHERE id IN (SELECT i.id FROM import_item i WHERE i.import_id = $1 ORDER BY i.id LIMIT $2)";
    UNSTAGE = "UPDATE import_row SET staged = NULL WHERE import_id = $1 AND staged IS NOT NULL";
    NEWEST = "SELECT x.id, x.kind FROM (SELECT p.id, p.kind FROM record p WHERE p.import_id = $1
        UNION ALL SELECT f.record_id, 'figure' FROM figure f WHERE f.import_id = $1) x ORDER BY x.id DESC LIMIT $2";
}

/// The pending records of a kind by their title.
///
/// # Errors
/// When the database fails.
pub async fn pending_list_titled(tx: &mut Tx, import: i64, kind: RecordKind) -> Result<Vec<(String, i64)>> {
    let rows = tx.all(TITLES, params![import, kind.code()]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// Rows of an import whose pending record shares a key with a record in use that was written since an instant: number and key.
///
/// # Errors
/// When the database fails.
pub async fn pending_row_list_known(
    tx: &mut Tx,
    (import, programme): (i64, i64),
    kind: RecordKind,
    since: Timestamp,
) -> Result<Vec<(i64, String)>> {
    let rows = tx.all(KNOWN, params![import, programme, kind.code(), since]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}

/// Whether a pending figure corrects one that was withdrawn or corrected meanwhile; holds those that they correct.
///
/// # Errors
/// When the database fails.
pub async fn pending_is_corrected_twice(tx: &mut Tx, import: i64) -> Result<bool> {
    tx.all(HOLD_REPLACED, params![import]).await?;
    Ok(tx.int(REPLACED_TWICE, params![import]).await? > 0)
}

/// Pending records of a kind that name a record which was written since an instant, each with whether that was merged away.
///
/// # Errors
/// When the database fails.
pub async fn pending_list_touched(
    tx: &mut Tx,
    import: i64,
    kind: RecordKind,
    since: Timestamp,
) -> Result<Vec<(i64, bool)>> {
    const GONE: &str = "CASE WHEN r.merged_into IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END";
    let written = "p.import_id = $1 AND r.changed_at >= $2 AND r.import_id IS NULL";
    let mut parts = vec![format!(
        "SELECT p.id, {GONE} AS gone FROM record p JOIN record_link l ON l.from_id = p.id JOIN record r ON r.id = l.to_id
         WHERE {written}"
    )];
    for (_, column) in stored(kind).filter(|(field, _)| matches!(field.kind, FieldType::Record(_))) {
        parts.push(format!(
            "SELECT p.id, {GONE} AS gone FROM record p JOIN {} k ON k.record_id = p.id JOIN record r ON r.id = k.{column}
             WHERE {written}",
            kind.code()
        ));
    }
    let sql = format!(
        "SELECT x.id, MAX(x.gone) FROM ({}) x GROUP BY x.id ORDER BY x.id",
        parts.join(" UNION ALL ")
    );
    let rows = tx.all(&sql, params![import, since]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.bool(1)?))).collect()
}

/// A field of a stored record that an import is to change: the record, the field, what stood there and what is to.
pub type PendingItem = (i64, &'static str, Option<Json>, Option<Json>);

/// Keeps fields that an import is to change once it is published.
///
/// # Errors
/// When the database fails.
pub async fn pending_item_insert_all(tx: &mut Tx, import: i64, items: &[PendingItem]) -> Result<()> {
    let mut rows = Rows::new("import_item", "import_id, record_id, field, before, after");
    for (record, field, before, after) in items {
        let text = |json: &Option<Json>| json.as_ref().map(Json::to_string);
        rows.values.extend(params![import, *record, *field, text(before), text(after)]);
    }
    rows.write(tx).await
}

/// Forgets up to `limit` of the fields that an import was to change; whether there were any.
///
/// # Errors
/// When the database fails.
pub async fn pending_item_clear(tx: &mut Tx, import: i64, limit: i64) -> Result<bool> {
    Ok(tx.execute(ITEMS_CLEAR, params![import, limit]).await? > 0)
}

/// Those of these records of a kind whose words or keys a change wrote.
///
/// # Errors
/// When the database fails.
pub async fn change_list_reworded(
    tx: &mut Tx,
    change: i64,
    kind: RecordKind,
    ids: &[i64],
) -> Result<Vec<i64>> {
    let fields: Vec<String> = worded(kind).map(|field| format!("'{field}'")).collect();
    if fields.is_empty() || ids.is_empty() {
        return Ok(Vec::new());
    }
    let dialect = tx.dialect();
    let sql = format!(
        "SELECT DISTINCT i.record_id FROM change_item i
         WHERE i.change_id = $1 AND {} AND i.entity = $3 AND i.field IN ({}) ORDER BY i.record_id",
        dialect.among("i.record_id", 2),
        fields.join(", "),
    );
    let rows = tx.all(&sql, params![change, dialect.numbers(ids), kind.code()]).await?;
    rows.iter().map(|row| row.int(0)).collect()
}

/// The assignments that take an amount from a column that holds it as the audit keeps it.
pub(crate) fn amount_set(dialect: Dialect, json: &str) -> String {
    let part =
        |column: &str, key: &str, is_int| format!("{column} = {}", dialect.json_member(json, key, is_int));
    [
        part("amount", "low", true),
        part("amount_max", "high", true),
        part("amount_unit", "unit", false),
        part("amount_approx", "approx", false),
    ]
    .join(", ")
}

/// The fields of a kind whose words or keys it is found by.
fn worded(kind: RecordKind) -> impl Iterator<Item = &'static str> {
    text_fields(kind).chain(key_fields(kind)).map(|field| field.code)
}

/// Changes the fields that an import is to change, in statements of all its records.
async fn change_items(
    tx: &mut Tx,
    change: &Change,
    (import, kind): (i64, RecordKind),
    at: Timestamp,
) -> Result<()> {
    let (dialect, table) = (tx.dialect(), kind.code());
    for row in tx.all(ITEM_FIELDS, params![import]).await? {
        let field = row.text(0)?;
        let column = stored(kind).find(|(of, _)| of.code == field);
        let set = match column {
            Some((info, column)) => format!("{column} = {}", dialect.json_value("i.after", is_int(info))),
            None => amount_set(dialect, "i.after"),
        };
        let sql = format!(
            "UPDATE {table} SET {set} FROM import_item i
             WHERE i.import_id = $1 AND i.field = $2 AND {table}.record_id = i.record_id"
        );
        tx.execute(&sql, params![import, field]).await?;
    }
    tx.execute(ITEMS_TOUCH, params![import, at]).await?;
    tx.execute(ITEMS_TOLD, params![import, change.id, table]).await?;
    Ok(())
}

/// Makes everything visible that is pending for an import of records of a kind, as of an instant, which becomes that of its
/// change too. Words, lights and what belongs to other records is for the use cases.
///
/// # Errors
/// When the database fails.
pub async fn pending_publish(
    tx: &mut Tx,
    change: &Change,
    (import, kind): (i64, RecordKind),
    at: Timestamp,
) -> Result<()> {
    let group = |row: &crate::db::Row| {
        Ok((row.code(0, Measure::from_code)?, row.text(1)?, row.code(2, TimeKind::from_code)?))
    };
    let groups = tx.all(GROUPS, params![import]).await?;
    let groups = groups.iter().map(group).collect::<Result<Vec<_>>>()?;
    for (measure, unit, kind) in groups.iter().filter(|(measure, ..)| measure.is_additive()) {
        mark_group_stale(tx, change.programme, (*measure, unit, *kind)).await?;
    }
    crate::tally::mark_pending(tx, import).await?;
    change_items(tx, change, (import, kind), at).await?;
    tx.execute(FIGURES, params![import]).await?;
    tx.execute(REGISTER, params![import]).await?;
    tx.execute(RECORDS, params![import, at]).await?;
    tx.execute(CHANGE_AT, params![change.id, at]).await?;
    Ok(())
}

/// Takes out up to `limit` of what is pending for an import, the newest first, so that nothing is left that names what is gone;
/// whether there was any.
///
/// # Errors
/// When the database fails.
pub async fn pending_discard(tx: &mut Tx, import: i64, limit: i64) -> Result<bool> {
    let rows = tx.all(NEWEST, params![import, limit]).await?;
    let mut ids = Vec::with_capacity(rows.len());
    let mut kinds = Vec::new();
    for row in &rows {
        let kind = row.code(1, RecordKind::from_code)?;
        ids.push(row.int(0)?);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let dialect = tx.dialect();
    let these = dialect.numbers(&ids);
    let own =
        format!("SELECT e.evidence_id FROM figure_evidence e WHERE {}", dialect.among("e.figure_id", 1));
    let mut evidence = Vec::new();
    for row in tx.all(&own, params![these.as_str()]).await? {
        evidence.push(row.int(0)?);
    }
    let mut tables = vec![
        ("figure_evidence", "figure_id"),
        ("figure_status", "figure_id"),
        ("figure_region", "figure_id"),
        ("record_link", "from_id"),
        ("record_name", "record_id"),
        ("record_region", "record_id"),
        ("record_reach", "record_id"),
        ("record_status", "record_id"),
        ("change_item", "record_id"),
    ];
    tables.extend(kinds.iter().map(|kind| (kind.code(), "record_id")));
    for (table, column) in tables {
        let sql = format!("DELETE FROM {table} WHERE {}", dialect.among(column, 1));
        tx.execute(&sql, params![these.as_str()]).await?;
    }
    // The figures of one cell share its evidence.
    let unused = format!(
        "DELETE FROM evidence WHERE {} AND NOT EXISTS (SELECT 1 FROM figure_evidence x WHERE x.evidence_id = evidence.id)",
        dialect.among("id", 1)
    );
    tx.execute(&unused, params![dialect.numbers(&evidence)]).await?;
    for id in &ids {
        search_remove(tx, *id).await?;
    }
    let rows = format!("UPDATE import_row SET record_id = NULL WHERE {}", dialect.among("record_id", 1));
    tx.execute(&rows, params![these.as_str()]).await?;
    let records = format!("DELETE FROM record WHERE {}", dialect.among("id", 1));
    tx.execute(&records, params![these]).await?;
    let items = pending_item_clear(tx, import, limit).await?;
    if ids.is_empty() && !items {
        tx.execute(UNSTAGE, params![import]).await?;
    }
    Ok(!ids.is_empty() || items)
}
