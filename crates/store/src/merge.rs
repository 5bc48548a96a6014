//! Merging: what names one record is made to name another, in statements of many rows, each with its item in the change;
//! and put back the same way.

use crate::change::{Change, field};
use crate::db::{Tx, params};
use crate::error::Result;
use crate::reach::Reach;
use crate::record::RecordKind;
use domain::record::FieldType;
use domain::{Measure, TimeKind};
use serde_json::json;

statements! {
    MERGED = "UPDATE record SET merged_into = $2 WHERE id = $1";
    TOUCHED = "UPDATE record SET version = version + 1, changed_at = $2
        WHERE id IN (SELECT i.record_id FROM change_item i WHERE i.change_id = $1)";
    // Links between the two, and those that the record which stays has already.
    SPARE_LINKS = "SELECT l.id FROM record_link l WHERE l.removed_change_id IS NULL AND (
            (l.from_id = $1 AND (l.to_id = $2 OR EXISTS (SELECT 1 FROM record_link o WHERE o.from_id = $2
                AND o.to_id = l.to_id AND o.kind = l.kind AND o.role = l.role AND o.removed_change_id IS NULL)))
            OR (l.to_id = $1 AND (l.from_id = $2 OR EXISTS (SELECT 1 FROM record_link o WHERE o.to_id = $2
                AND o.from_id = l.from_id AND o.kind = l.kind AND o.role = l.role AND o.removed_change_id IS NULL))))
        ORDER BY l.id";
    MOVES = "SELECT DISTINCT entity, field, before, after FROM change_item
        WHERE change_id = $1 AND before IS DISTINCT FROM after ORDER BY entity, field";
    FIGURES = "SELECT DISTINCT f.programme_id, f.measure, f.unit, f.time_kind FROM figure f
        JOIN change_item i ON i.entity = 'figure' AND i.entity_id = f.record_id WHERE i.change_id = $1";
    // Others follow the record they are entries of.
    FREE_FIGURES = "SELECT DISTINCT f.record_id FROM figure f JOIN change_item i ON i.entity = 'figure'
        AND i.entity_id = f.record_id WHERE i.change_id = $1 AND (f.subject_id IS NULL OR f.subject_id NOT IN (
            SELECT j.record_id FROM change_item j WHERE j.change_id = $1 AND j.record_id IS NOT NULL))";
    WRITTEN = "SELECT DISTINCT i.record_id, r.kind FROM change_item i JOIN record r ON r.id = i.record_id
        WHERE i.change_id = $1 ORDER BY i.record_id";
    // Items of one measure, value, part and time that both records have.
    TWICE = "SELECT f.record_id FROM figure f JOIN figure g ON g.subject_id = $1 AND g.measure = f.measure
        AND g.unit = f.unit AND g.low = f.low AND g.high IS NOT DISTINCT FROM f.high AND g.approx = f.approx
        AND g.role = f.role AND g.time_kind = f.time_kind AND g.date_from IS NOT DISTINCT FROM f.date_from
        AND g.date_to IS NOT DISTINCT FROM f.date_to AND g.grain = 'item' AND g.status <> 'withdrawn'
        WHERE f.subject_id = $2 AND f.grain = 'item' AND f.status <> 'withdrawn'
        AND NOT EXISTS (SELECT 1 FROM figure r WHERE r.replaces_id = f.record_id AND r.status <> 'withdrawn')
        AND NOT EXISTS (SELECT 1 FROM figure r WHERE r.replaces_id = g.record_id AND r.status <> 'withdrawn')
        ORDER BY f.record_id";
}

/// A column that names a record.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    table: &'static str,
    column: String,
    /// What identifies a row within the audit.
    key: &'static str,
    /// The record whose audit shows it; `NULL` for none.
    owner: &'static str,
    field: String,
    /// Rows that are left as they are.
    but: &'static str,
}

impl Place {
    fn new(table: &'static str, column: &str, key: &'static str, owner: &'static str, field: &str) -> Self {
        Self { table, column: column.to_owned(), key, owner, field: field.to_owned(), but: "" }
    }
}

/// Every place where a record of a kind is named. What is named here moves in a merge; a test compares it with the schema.
fn places(kind: RecordKind) -> Vec<Place> {
    let mut places = Vec::new();
    for of in RecordKind::described() {
        let fields =
            of.fields().iter().filter(|field| matches!(field.kind, FieldType::Record(to) if to == kind));
        for (field, column) in fields.filter_map(|field| Some((field, field.column()?))) {
            places.push(Place::new(of.code(), &column, "record_id", "record_id", field.code));
        }
    }
    let links = "removed_change_id IS NULL";
    places.push(Place { but: links, ..Place::new("record_link", "from_id", "id", "from_id", "from_record") });
    places.push(Place { but: links, ..Place::new("record_link", "to_id", "id", "from_id", "to_record") });
    let twice = "x.removed_change_id IS NULL AND NOT EXISTS (SELECT 1 FROM record_evidence o WHERE o.record_id = $1 AND o.evidence_id = x.evidence_id)";
    let evidence = Place::new("record_evidence", "record_id", "evidence_id", "record_id", "record");
    places.push(Place { but: twice, ..evidence });
    places.push(Place::new("figure", "subject_id", "record_id", "record_id", "subject"));
    places.push(Place { but: links, ..Place::new("task", "record_id", "id", "record_id", "record") });
    places.push(Place::new("record", "merged_into", "id", "id", "merged_into"));
    match kind {
        RecordKind::Project => {
            places.push(Place::new("project_claim", "project_id", "id", "document_id", "project"));
        }
        RecordKind::Organisation => {
            places.push(Place::new("figure", "organisation_id", "record_id", "record_id", "organisation"));
        }
        RecordKind::Event => places.push(Place::new("figure", "event_id", "record_id", "record_id", "event")),
        RecordKind::Office => {
            places.push(Place::new("record", "team_id", "id", "id", "team"));
            places.push(Place::new("user_role", "office_id", "id", "NULL", "office"));
            places.push(Place::new("task", "office_id", "id", "record_id", "office"));
        }
        RecordKind::Enclave => {
            // A share of a time for which the record that stays has one is left with the record that goes.
            let free = "x.removed_change_id IS NULL AND NOT EXISTS (SELECT 1 FROM enclave_share o
                WHERE o.record_id = $1 AND o.measure = x.measure AND o.removed_change_id IS NULL
                AND COALESCE(o.from_on, '') <= COALESCE(x.to_on, '9999-12-31')
                AND COALESCE(x.from_on, '') <= COALESCE(o.to_on, '9999-12-31'))";
            let share = Place::new("enclave_share", "record_id", "id", "record_id", "record");
            places.push(Place { but: free, ..share });
        }
        _ => {}
    }
    if matches!(kind, RecordKind::Office | RecordKind::Organisation | RecordKind::Park) {
        // What both filed for one task stays with each.
        let free = "NOT EXISTS (SELECT 1 FROM filing o WHERE o.unit_id = $1 AND o.task_id = x.task_id)";
        let unit = Place::new("filing", "unit_id", "record_id", "record_id", "unit");
        places.push(Place { but: free, ..unit });
    }
    if kind == RecordKind::Park {
        places.push(Place::new("figure", "organisation_id", "record_id", "record_id", "organisation"));
    }
    if matches!(kind, RecordKind::Organisation | RecordKind::Park) {
        places.push(Place::new("user_role", "record_id", "id", "NULL", "record"));
    }
    places
}

/// How many rows of a place name a record, and how many of them the reader cannot see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeCount {
    /// The table.
    pub table: &'static str,
    /// The field that names the record.
    pub field: String,
    /// Rows in all.
    pub all: i64,
    /// Rows of records that the reader cannot see.
    pub hidden: i64,
}

/// What a merge of this record into another would move.
///
/// # Errors
/// When the database fails.
pub async fn merge_count(tx: &mut Tx, kind: RecordKind, gone: i64, reach: &Reach) -> Result<Vec<MergeCount>> {
    let mut counts = Vec::new();
    for place in places(kind) {
        let Place { table, column, owner, but, field, .. } = place;
        let but = if but.is_empty() { "1 = 1" } else { but };
        let sql = format!("SELECT COUNT(*) FROM {table} x WHERE x.{column} = $2 AND {but} AND $1 <> $2");
        // $1 stands for the record that stays, which is not chosen yet.
        let all = tx.int(&sql, params![0_i64, gone]).await?;
        let hidden = if owner == "NULL" || all == 0 {
            0
        } else {
            let mut values = params![0_i64, gone];
            let clause = reach.clause("r", &mut values);
            let sql = format!(
                "SELECT COUNT(*) FROM {table} x JOIN record r ON r.id = x.{owner} WHERE x.{column} = $2 AND {but}
                 AND $1 <> $2 AND {clause}"
            );
            all - tx.int(&sql, values).await?
        };
        counts.push(MergeCount { table, field, all, hidden });
    }
    Ok(counts)
}

/// Makes everything that names `gone` name `keep`, but the fields of the two themselves; takes away links that would stand
/// twice or lead from a record to itself; and lets `gone` lead to `keep` from now on.
///
/// # Errors
/// When the database fails.
pub async fn merge_move(tx: &mut Tx, change: &Change, kind: RecordKind, keep: i64, gone: i64) -> Result<()> {
    for row in tx.all(SPARE_LINKS, params![gone, keep]).await? {
        crate::link::link_set_removed(tx, change, row.int(0)?, true).await?;
    }
    for place in places(kind) {
        let Place { table, column, key, owner, field, but } = &place;
        let but = if but.is_empty() { "1 = 1" } else { but };
        let own = if is_own_table(table) { "x.record_id NOT IN ($1, $2)" } else { "1 = 1" };
        let which = format!("x.{column} = $2 AND {but} AND {own} AND $1 <> $2");
        let owner = if *owner == "NULL" { "$1".to_owned() } else { format!("x.{owner}") };
        let sql = format!(
            "INSERT INTO change_item (change_id, record_id, entity, entity_id, field, before, after)
             SELECT CAST($3 AS BIGINT), {owner}, '{table}', x.{key}, '{field}', CAST($4 AS TEXT), CAST($5 AS TEXT)
             FROM {table} x WHERE {which} ORDER BY x.{key}"
        );
        let (before, after) = (gone.to_string(), keep.to_string());
        if tx.execute(&sql, params![keep, gone, change.id, before, after]).await? > 0 {
            let sql = format!("UPDATE {table} AS x SET {column} = $1 WHERE {which}");
            tx.execute(&sql, params![keep, gone]).await?;
        }
    }
    tx.execute(MERGED, params![gone, keep]).await?;
    merge_note(tx, change, keep, gone, true).await?;
    field(tx, change, gone, ("record", gone, "merged_into"), None, Some(json!(keep))).await
}

/// Has the audit of the record that stays say that another was merged into it, or was taken out again.
///
/// # Errors
/// When the database fails.
pub async fn merge_note(tx: &mut Tx, change: &Change, keep: i64, gone: i64, merged: bool) -> Result<()> {
    let gone_value = Some(json!(gone));
    let (before, after) = if merged { (None, gone_value) } else { (gone_value, None) };
    field(tx, change, keep, ("merge", gone, "record"), before, after).await
}

fn is_own_table(table: &str) -> bool {
    RecordKind::from_code(table).is_some_and(|kind| !kind.fields().is_empty())
}

/// Puts back what a change moved, in a change of its own: every column that names a record names the one before again.
/// The fields of the two `records` that were merged are not put back here.
///
/// # Errors
/// When the database fails.
pub async fn merge_put_back(
    tx: &mut Tx,
    change: &Change,
    moved: i64,
    kind: RecordKind,
    records: (i64, i64),
) -> Result<()> {
    let places = places(kind);
    for row in tx.all(MOVES, params![moved]).await? {
        let (entity, field) = (row.text(0)?, row.text(1)?);
        if let Some(place) = places.iter().find(|place| place.table == entity && place.field == field) {
            put_back(tx, change, moved, place, (row.opt_text(2)?, row.opt_text(3)?), records).await?;
        }
    }
    Ok(())
}

/// Puts back the rows of one place that a change moved from one value to another.
async fn put_back(
    tx: &mut Tx,
    change: &Change,
    moved: i64,
    place: &Place,
    (before, after): (Option<String>, Option<String>),
    (one, other): (i64, i64),
) -> Result<()> {
    let Place { table, column, key, field, .. } = place;
    let id = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<i64>().ok());
    let (id_before, id_after) = (id(&before), id(&after));
    let own = if is_own_table(table) {
        "i.record_id NOT IN ($5, $6)"
    } else {
        "CAST($5 AS BIGINT) <> CAST($6 AS BIGINT)"
    };
    let items = format!(
        "i.change_id = $1 AND i.entity = '{table}' AND i.field = $2 AND i.before IS NOT DISTINCT FROM $3
         AND i.after IS NOT DISTINCT FROM $4 AND {own}"
    );
    let mut values = params![moved, field, &before, &after, one, other];
    let sql = format!(
        "INSERT INTO change_item (change_id, record_id, entity, entity_id, field, before, after)
         SELECT CAST($7 AS BIGINT), i.record_id, i.entity, i.entity_id, i.field, i.after, i.before
         FROM change_item i WHERE {items} ORDER BY i.id"
    );
    values.push(change.id.into());
    tx.execute(&sql, values).await?;
    let sql = format!(
        "UPDATE {table} SET {column} = $7 WHERE {column} IS NOT DISTINCT FROM $8
         AND {key} IN (SELECT i.entity_id FROM change_item i WHERE {items})"
    );
    let mut values = params![moved, field, &before, &after, one, other];
    values.extend(params![id_before, id_after]);
    tx.execute(&sql, values).await?;
    Ok(())
}

/// Says of everything that a change wrote to that it was written, has the totals of its figures counted anew, and gives the
/// records with their kinds. Whom those concern is to be derived next.
///
/// # Errors
/// When the database fails.
pub async fn merge_settle(tx: &mut Tx, change: &Change) -> Result<Vec<(i64, RecordKind)>> {
    tx.execute(TOUCHED, params![change.id, change.at]).await?;
    for row in tx.all(FIGURES, params![change.id]).await? {
        let measure = row.code(1, Measure::from_code)?;
        if measure.is_additive() {
            let kind = row.code(3, TimeKind::from_code)?;
            crate::figure::mark_group_stale(tx, row.int(0)?, (measure, &row.text(2)?, kind)).await?;
        }
    }
    for row in tx.all(FREE_FIGURES, params![change.id]).await? {
        crate::reach::reach_of_figure(tx, row.int(0)?).await?;
    }
    let rows = tx.all(WRITTEN, params![change.id]).await?;
    let written = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>>>()?;
    crate::tally::mark_all(tx, &written).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.code(1, RecordKind::from_code)?))).collect()
}

/// Items of `gone` that say the same as an item of `keep`: measure, value, part and time.
///
/// # Errors
/// When the database fails.
pub async fn merge_list_twice(tx: &mut Tx, keep: i64, gone: i64) -> Result<Vec<i64>> {
    tx.all(TWICE, params![keep, gone]).await?.iter().map(|row| row.int(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::MIGRATIONS;
    use std::collections::BTreeSet;

    /// Columns that name a record and stay as they are in a merge: the record's own rows, its log, its audit, what is
    /// derived, and what belongs to kinds that are not merged.
    const STAYING: &[&str] = &[
        "change_item.record_id",
        "claim.figure_id",
        "contact_seen.record_id",
        "document.record_id",
        "figure.record_id",
        "filing.record_id",
        "filing.task_id",
        "filing_cell.filing_id",
        "filing_log.filing_id",
        "import_item.record_id",
        "import_row.record_id",
        "job.record_id",
        "notice.record_id",
        "project_light.record_id",
        "project_light_log.record_id",
        "record_different.a_id",
        "record_different.b_id",
        "record_name.record_id",
        "record_region.record_id",
        "record_status.record_id",
        "record_word.record_id",
        "reporting_line.task_id",
    ];

    /// `table.column` of every column that refers to `record`, as the migrations declare it.
    fn declared() -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (_, _, sql) in MIGRATIONS {
            let lines = sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code));
            for statement in lines.collect::<Vec<_>>().join("\n").split(';') {
                read(&mut found, statement.trim());
            }
        }
        found
    }

    fn read(found: &mut BTreeSet<String>, statement: &str) {
        let refers = |part: &str| {
            let words: Vec<&str> = part.split_whitespace().collect();
            let at = words.iter().position(|word| *word == "REFERENCES")?;
            (words.get(at + 1)?.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_') == "record")
                .then(|| words[0].to_owned())
        };
        if let Some((name, body)) =
            statement.strip_prefix("CREATE TABLE ").and_then(|rest| rest.split_once('('))
        {
            found.retain(|place| !place.starts_with(&format!("{}.", name.trim())));
            found
                .extend(body.split(',').filter_map(refers).map(|column| format!("{}.{column}", name.trim())));
        } else if let Some((name, column)) =
            statement.strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" ADD COLUMN "))
        {
            found.extend(refers(column).map(|column| format!("{}.{column}", name.trim())));
        } else if let Some(name) = statement.strip_prefix("DROP TABLE ") {
            found.retain(|place| !place.starts_with(&format!("{}.", name.trim())));
        }
    }

    #[test]
    fn whatever_names_a_record_moves_in_a_merge_or_is_known_to_stay() {
        let mut known: BTreeSet<String> = STAYING.iter().map(|place| (*place).to_owned()).collect();
        for kind in RecordKind::described() {
            known.insert(format!("{}.record_id", kind.code()));
            known.extend(places(kind).iter().map(|place| format!("{}.{}", place.table, place.column)));
        }
        let unknown: Vec<_> = declared().into_iter().filter(|place| !known.contains(place)).collect();
        assert!(unknown.is_empty(), "add to the places of a merge, or to those that stay: {unknown:?}");
    }
}
