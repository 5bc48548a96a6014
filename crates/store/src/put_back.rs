//! Undoing a change of many records, such as an import made, in statements of all of them: what it created is archived, its figures
//! are withdrawn, the fields it changed get back what stood there, all told as single writes tell it.

use crate::change::Change;
use crate::db::{Row, Tx, params};
use crate::entry::{is_int, stored};
use crate::error::Result;
use crate::figure::mark_group_stale;
use crate::reach::{Reach, reach_of_document};
use crate::record::RecordKind;
use domain::record::{FieldInfo, FieldType};
use domain::{Measure, TimeKind};
use jiff::Timestamp;

/// That the record of a column was made by the change `$1`.
macro_rules! made {
    ($column:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM change_item m WHERE m.record_id = ",
            $column,
            " AND m.change_id = $1 AND m.field = '*' AND m.entity NOT IN ('figure', 'figure_evidence', 'record_link', 'record_name'))"
        )
    };
}

/// The same of a column that is known only when a statement is made.
fn made(column: &str) -> String {
    made!("of_the_column").replace("of_the_column", column)
}

/// A change that still stands, `c`: it was not undone, nor does it undo one that came after `$1`.
macro_rules! stands {
    () => {
        "NOT EXISTS (SELECT 1 FROM change u WHERE u.undoes_id = c.id)
        AND NOT EXISTS (SELECT 1 FROM change k WHERE k.id = c.undoes_id AND k.id > $1 AND k.kind <> 'undo')"
    };
}

/// The figures that the change `$1` entered, `f`, as long as nothing else proves them.
const OWN_FIGURES: &str = "FROM change_item i JOIN figure f ON f.record_id = i.entity_id
    WHERE i.change_id = $1 AND i.entity = 'figure' AND i.field = '*' AND f.status <> 'withdrawn'
    AND NOT EXISTS (SELECT 1 FROM figure_evidence x WHERE x.figure_id = f.record_id AND x.removed_change_id IS NULL)";

statements! {
    FOREIGN = "SELECT r.id FROM change_item i JOIN record r ON r.id = i.record_id
        WHERE i.change_id = $1 AND r.programme_id <> $2 LIMIT 1";
    HOLD = "SELECT r.id FROM record r WHERE r.id IN (SELECT i.record_id FROM change_item i WHERE i.change_id = $1)
        ORDER BY r.id{for_no_key_update}";
    WRITTEN_AGAIN = concat!("SELECT r.id, r.code, i.entity, i.field, c.at, w.name FROM change_item i
        JOIN change_item j ON j.entity = i.entity AND j.entity_id = i.entity_id AND j.field = i.field AND j.change_id > $1
        JOIN change c ON c.id = j.change_id LEFT JOIN app_user w ON w.id = c.user_id JOIN record r ON r.id = i.record_id
        WHERE i.change_id = $1 AND i.field <> '*' AND ", stands!(), " ORDER BY r.code, i.field, c.id LIMIT $2");
    WRITTEN_SINCE = concat!("SELECT DISTINCT r.id, r.code, j.entity, j.field, c.at, w.name FROM change_item i
        JOIN change_item j ON j.record_id = i.record_id AND j.change_id > $1
        JOIN change c ON c.id = j.change_id LEFT JOIN app_user w ON w.id = c.user_id JOIN record r ON r.id = i.record_id
        WHERE i.change_id = $1 AND i.field = '*' AND i.entity NOT IN ('figure', 'figure_evidence', 'record_link', 'record_name')
        AND ", stands!(), " ORDER BY r.code, j.entity, j.field, c.at LIMIT $2");
    SETTLED = "SELECT r.id, r.code, 'figure', 'status', NULL, NULL FROM change_item i JOIN figure f ON f.record_id = i.entity_id
        JOIN record r ON r.id = f.record_id WHERE i.change_id = $1 AND i.entity = 'figure' AND i.field = '*'
        AND (f.status IN ('reviewed', 'approved') OR EXISTS (SELECT 1 FROM figure g
            WHERE g.replaces_id = f.record_id AND g.status <> 'withdrawn' AND NOT EXISTS (SELECT 1 FROM change_item h
                WHERE h.record_id = g.record_id AND h.change_id = $1 AND h.field = '*'))) ORDER BY r.code LIMIT $2";
    LINKED = concat!("SELECT r.id, r.code, 'record_link', l.kind, NULL, NULL FROM change_item i JOIN record_link l ON l.to_id = i.record_id
        JOIN record r ON r.id = l.from_id WHERE i.change_id = $1 AND i.field = '*'
        AND i.entity NOT IN ('figure', 'figure_evidence', 'record_link', 'record_name') AND l.removed_change_id IS NULL
        AND r.archived_at IS NULL AND NOT ", made!("l.from_id"), " ORDER BY r.code LIMIT $2");
    FIGURED = concat!("SELECT r.id, r.code, 'figure', '*', NULL, NULL FROM figure f JOIN record r ON r.id = f.record_id
        WHERE f.programme_id = $3 AND f.status <> 'withdrawn' AND (f.organisation_id IS NOT NULL OR f.event_id IS NOT NULL)
        AND (", made!("f.organisation_id"), " OR ", made!("f.event_id"), ") AND (f.subject_id IS NULL OR NOT ", made!("f.subject_id"), ")
        AND NOT EXISTS (SELECT 1 FROM change_item h WHERE h.record_id = f.record_id AND h.change_id = $1 AND h.field = '*')
        ORDER BY r.code LIMIT $2");
    DOCUMENTS = "SELECT DISTINCT e.document_id FROM change_item i JOIN figure_evidence x ON x.id = i.entity_id
        JOIN evidence e ON e.id = x.evidence_id
        WHERE i.change_id = $1 AND i.entity = 'figure_evidence' AND i.field = '*' AND e.document_id IS NOT NULL";
    EVIDENCE_TOLD = "INSERT INTO change_item (change_id, record_id, entity, entity_id, field, before, after)
        SELECT $2, i.record_id, 'figure_evidence', i.entity_id, 'removed', 'false', 'true' FROM change_item i
        WHERE i.change_id = $1 AND i.entity = 'figure_evidence' AND i.field = '*' ORDER BY i.id";
    EVIDENCE = "UPDATE figure_evidence SET removed_change_id = $2 WHERE id IN (SELECT i.entity_id FROM change_item i
        WHERE i.change_id = $1 AND i.entity = 'figure_evidence' AND i.field = '*')";
    LINKS_TOLD = "INSERT INTO change_item (change_id, record_id, entity, entity_id, field, before, after)
        SELECT $2, i.record_id, 'record_link', i.entity_id, 'removed', 'false', 'true' FROM change_item i
        WHERE i.change_id = $1 AND i.entity = 'record_link' AND i.field = '*' ORDER BY i.id";
    LINKS = "UPDATE record_link SET removed_change_id = $2 WHERE id IN (SELECT i.entity_id FROM change_item i
        WHERE i.change_id = $1 AND i.entity = 'record_link' AND i.field = '*')";
    FIELDS = "SELECT DISTINCT i.field FROM change_item i WHERE i.change_id = $1 AND i.entity = $2 AND i.field <> '*' ORDER BY i.field";
    // The amount follows from the figures, which tell of themselves.
    FIELDS_TOLD = "INSERT INTO change_item (change_id, record_id, entity, entity_id, field, before, after)
        SELECT $2, i.record_id, i.entity, i.entity_id, i.field, i.after, i.before FROM change_item i
        WHERE i.change_id = $1 AND i.entity = $3 AND i.field NOT IN ('*', 'amount') ORDER BY i.id";
    FIELDS_TOUCH = "UPDATE record SET version = version + 1, changed_at = $3 WHERE id IN (SELECT i.record_id FROM change_item i
        WHERE i.change_id = $1 AND i.entity = $2 AND i.field <> '*')";
    ARCHIVED_TOLD = "INSERT INTO change_item (change_id, record_id, entity, entity_id, field, before, after)
        SELECT $2, i.record_id, 'record', i.record_id, 'archived', 'false', 'true' FROM change_item i
        WHERE i.change_id = $1 AND i.field = '*' AND i.entity NOT IN ('figure', 'figure_evidence', 'record_link', 'record_name')
        ORDER BY i.id";
    ARCHIVE = "UPDATE record SET archived_at = $2, version = version + 1, changed_at = $2 WHERE id IN (
        SELECT i.record_id FROM change_item i WHERE i.change_id = $1 AND i.field = '*'
        AND i.entity NOT IN ('figure', 'figure_evidence', 'record_link', 'record_name'))";
    REGISTER = "INSERT INTO register_version (programme_id, version) SELECT DISTINCT r.programme_id, 1 FROM change_item i
        JOIN record r ON r.id = i.record_id WHERE i.change_id = $1 AND r.kind IN ('office', 'organisation', 'park', 'event')
        ON CONFLICT (programme_id) DO UPDATE SET version = register_version.version + 1";
}

/// Why what a change wrote cannot be put back: somebody wrote there since, or builds on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBackConflict {
    /// The record.
    pub record: i64,
    /// Its code; empty where it is not open to who asks.
    pub code: String,
    /// The table.
    pub entity: String,
    /// The field; `*` for the whole row.
    pub field: String,
    /// When it was written, where it was.
    pub at: Option<Timestamp>,
    /// By whom.
    pub by: Option<String>,
}

/// The field names as a list of SQL texts; they are codes of the description.
fn quoted(fields: impl Iterator<Item = &'static str>) -> String {
    fields.map(|field| format!("'{field}'")).collect::<Vec<_>>().join(", ")
}

/// Whether a change wrote nothing but new records of a kind and organisations, with figures, their cells and links, and fields of
/// records that say nothing of others; all of it in one programme.
///
/// # Errors
/// When the database fails.
pub async fn put_back_is_plain(
    tx: &mut Tx,
    change: i64,
    programme: i64,
    kind: RecordKind,
    own: impl Fn(&FieldInfo) -> bool,
) -> Result<bool> {
    let fields = kind.fields().iter().filter(|field| own(field)).map(|field| field.code).chain(["amount"]);
    let sql = format!(
        "SELECT i.id FROM change_item i WHERE i.change_id = $1 AND NOT (
            (i.field = '*' AND i.entity IN ('{kind}', 'organisation', 'figure', 'figure_evidence'))
            OR (i.field = '*' AND i.entity = 'record_link' AND {})
            OR (i.entity = '{kind}' AND i.field IN ({}))) LIMIT 1",
        made!("i.record_id"),
        quoted(fields),
        kind = kind.code(),
    );
    let other = tx.optional(&sql, params![change]).await?;
    Ok(other.is_none() && tx.optional(FOREIGN, params![change, programme]).await?.is_none())
}

/// Whether a change wrote to a record of a kind that is out of reach.
///
/// # Errors
/// When the database fails.
pub async fn put_back_is_beyond(tx: &mut Tx, change: i64, kind: RecordKind, reach: &Reach) -> Result<bool> {
    let mut values = params![change, kind.code()];
    let clause = reach.clause("r", &mut values);
    let sql = format!(
        "SELECT r.id FROM change_item i JOIN record r ON r.id = i.record_id
         WHERE i.change_id = $1 AND r.kind = $2 AND NOT {clause} LIMIT 1"
    );
    Ok(tx.optional(&sql, values).await?.is_some())
}

/// Holds the records that a change wrote until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn put_back_hold(tx: &mut Tx, change: i64) -> Result<()> {
    tx.all(HOLD, params![change]).await?;
    Ok(())
}

/// What stands against putting back what a change wrote, at most `limit` of each sort.
///
/// # Errors
/// When the database fails.
pub async fn put_back_conflicts(
    tx: &mut Tx,
    change: i64,
    (programme, kind): (i64, RecordKind),
    limit: i64,
) -> Result<Vec<PutBackConflict>> {
    let mut found = Vec::new();
    for sql in [WRITTEN_AGAIN, WRITTEN_SINCE, SETTLED, LINKED] {
        found.extend(tx.all(sql, params![change, limit]).await?);
    }
    found.extend(tx.all(FIGURED, params![change, limit, programme]).await?);
    for user in RecordKind::described() {
        let names = |field: &FieldInfo| matches!(field.kind, FieldType::Record(of) if of == kind || of == RecordKind::Organisation);
        for (field, column) in stored(user).filter(|(field, _)| names(field)) {
            // Led by those who name something: not every column that names a record has an index.
            let sql = format!(
                "SELECT r.id, r.code, '{table}', '{}', NULL, NULL FROM {table} k CROSS JOIN record r
                 WHERE r.id = k.record_id AND k.programme_id = $3 AND k.{column} IS NOT NULL AND r.archived_at IS NULL
                 AND {} AND NOT {} ORDER BY r.code LIMIT $2",
                field.code,
                made(&format!("k.{column}")),
                made("k.record_id"),
                table = user.code(),
            );
            found.extend(tx.all(&sql, params![change, limit, programme]).await?);
        }
    }
    let conflict = |row: &Row| {
        let (record, code, entity, field) = (row.int(0)?, row.text(1)?, row.text(2)?, row.text(3)?);
        Ok(PutBackConflict { record, code, entity, field, at: row.opt_instant(4)?, by: row.opt_text(5)? })
    };
    found.iter().map(conflict).collect()
}

/// Puts back what the change `old` wrote, with fields of these kinds, where it [`put_back_is_plain`] and nothing stands against
/// it. Words and lights are for the use cases.
///
/// # Errors
/// When the database fails.
pub async fn put_back_all(tx: &mut Tx, change: &Change, old: i64, kinds: &[RecordKind]) -> Result<()> {
    let documents = tx.all(DOCUMENTS, params![old]).await?;
    tx.execute(EVIDENCE_TOLD, params![old, change.id]).await?;
    tx.execute(EVIDENCE, params![old, change.id]).await?;
    for row in documents {
        reach_of_document(tx, row.int(0)?).await?;
    }
    withdraw(tx, change, old).await?;
    for kind in kinds {
        fields_back(tx, change, old, *kind).await?;
    }
    tx.execute(LINKS_TOLD, params![old, change.id]).await?;
    tx.execute(LINKS, params![old, change.id]).await?;
    tx.execute(ARCHIVED_TOLD, params![old, change.id]).await?;
    tx.execute(ARCHIVE, params![old, change.at]).await?;
    tx.execute(REGISTER, params![old]).await?;
    crate::tally::mark_written(tx, old).await
}

/// Withdraws the figures of a change that nothing else proves.
async fn withdraw(tx: &mut Tx, change: &Change, old: i64) -> Result<()> {
    let groups = format!(
        "SELECT f.measure, f.unit, f.time_kind {OWN_FIGURES} UNION
         SELECT o.measure, o.unit, o.time_kind FROM change_item i JOIN figure f ON f.record_id = i.entity_id
         JOIN figure o ON o.record_id = f.replaces_id WHERE i.change_id = $1 AND i.entity = 'figure' AND i.field = '*'"
    );
    for row in tx.all(&groups, params![old]).await? {
        let measure = row.code(0, Measure::from_code)?;
        if measure.is_additive() {
            let group = (measure, &*row.text(1)?, row.code(2, TimeKind::from_code)?);
            mark_group_stale(tx, change.programme, group).await?;
        }
    }
    let told = format!(
        "INSERT INTO change_item (change_id, record_id, entity, entity_id, field, before, after)
         SELECT $2, f.record_id, 'figure', f.record_id, 'status', '\"' || f.status || '\"', '\"withdrawn\"' {OWN_FIGURES} ORDER BY i.id"
    );
    tx.execute(&told, params![old, change.id]).await?;
    let logged = format!(
        "INSERT INTO figure_status (figure_id, status, effective_on, reason, change_id)
         SELECT f.record_id, 'withdrawn', $3, NULL, $2 {OWN_FIGURES} ORDER BY i.id"
    );
    tx.execute(&logged, params![old, change.id, change.day]).await?;
    let sql = format!(
        "UPDATE figure SET status = 'withdrawn' WHERE record_id IN (SELECT f.record_id {OWN_FIGURES})"
    );
    tx.execute(&sql, params![old]).await?;
    Ok(())
}

async fn fields_back(tx: &mut Tx, change: &Change, old: i64, kind: RecordKind) -> Result<()> {
    let (dialect, table) = (tx.dialect(), kind.code());
    let rows = tx.all(FIELDS, params![old, table]).await?;
    for row in &rows {
        let field = row.text(0)?;
        let set = match stored(kind).find(|(of, _)| of.code == field) {
            Some((info, column)) => format!("{column} = {}", dialect.json_value("i.before", is_int(info))),
            None => crate::pending::amount_set(dialect, "i.before"),
        };
        let sql = format!(
            "UPDATE {table} SET {set} FROM change_item i
             WHERE i.change_id = $1 AND i.entity = '{table}' AND i.field = $2 AND {table}.record_id = i.record_id"
        );
        tx.execute(&sql, params![old, field]).await?;
    }
    if !rows.is_empty() {
        tx.execute(FIELDS_TOLD, params![old, change.id, table]).await?;
        tx.execute(FIELDS_TOUCH, params![old, table, change.at]).await?;
    }
    Ok(())
}
