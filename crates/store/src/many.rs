//! What many rows of a sheet are compared with, each looked up in one statement for all of them.

use crate::db::{Tx, params};
use crate::error::Result;
use crate::link::LinkRow;
use crate::reach::Reach;
use crate::record::RecordKind;
use domain::figure::{Grain, Status};
use domain::{Approx, Measure, Period, Quantity, Role, TimeKind, Unit};
use serde_json::json;

statements! {
    LOOSE = "SELECT f.record_id, f.unit, f.low, f.high, f.approx, f.role, f.time_kind, f.date_from, f.date_to, f.status,
            f.organisation_id, g.region_id
        FROM figure f LEFT JOIN figure_region g ON g.figure_id = f.record_id
        WHERE f.programme_id = $1 AND f.measure = $2 AND f.date_to IS NOT DISTINCT FROM $3 AND f.subject_id IS NULL
        AND f.grain = 'stated' AND f.status <> 'withdrawn' AND NOT EXISTS (
            SELECT 1 FROM figure r WHERE r.replaces_id = f.record_id AND r.status <> 'withdrawn')
        ORDER BY f.record_id, g.region_id";
}

/// A figure of a record, as far as a sheet is compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectFigure {
    /// Identity.
    pub id: i64,
    /// The record it is an entry of.
    pub subject: i64,
    /// What it measures.
    pub measure: Measure,
    /// The value.
    pub quantity: Quantity,
    /// Its part.
    pub role: Role,
    /// Item or stated.
    pub grain: Grain,
    /// When it holds.
    pub period: Period,
    /// Where it stands.
    pub status: Status,
}

/// Those of these keys that records in use have, each with every record that has it; of a key that more than `most` share,
/// so many.
///
/// # Errors
/// When the database fails.
pub async fn key_list_many(
    tx: &mut Tx,
    programme: i64,
    keys: &[String],
    most: i64,
) -> Result<Vec<(String, i64)>> {
    let sql = format!(
        "SELECT q.key, q.record_id FROM (
            SELECT k.key, k.record_id, ROW_NUMBER() OVER (PARTITION BY k.key ORDER BY k.record_id) AS place
            FROM ({}) t CROSS JOIN record_key k WHERE k.programme_id = $2 AND k.key = t.text) q
         JOIN record r ON r.id = q.record_id
         WHERE q.place <= $3 AND r.archived_at IS NULL AND r.import_id IS NULL ORDER BY q.key, q.record_id",
        tx.dialect().text_rows(1)
    );
    let rows = tx.all(&sql, params![json!(keys).to_string(), programme, most]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// Those of these texts that name records of a kind which can be seen: by code, title, further name or credit code; each with
/// every record that it names.
///
/// # Errors
/// When the database fails.
pub async fn record_list_named_many(
    tx: &mut Tx,
    programme: i64,
    kind: RecordKind,
    texts: &[String],
    reach: &Reach,
) -> Result<Vec<(String, i64)>> {
    let mut values = params![json!(texts).to_string(), programme, kind.code()];
    let clause = reach.clause("r", &mut values);
    let by_credit_code = if kind == RecordKind::Organisation {
        "UNION SELECT t.text, o.record_id FROM t CROSS JOIN organisation o WHERE o.uscc = t.text"
    } else {
        ""
    };
    let sql = format!(
        "WITH t AS ({}), found (text, id) AS (
            SELECT t.text, COALESCE(a.merged_into, a.id) FROM t CROSS JOIN record a WHERE a.programme_id = $2 AND a.code = t.text
            UNION SELECT t.text, b.id FROM t CROSS JOIN record b
                WHERE b.programme_id = $2 AND b.kind = $3 AND b.title = t.text
            UNION SELECT t.text, n.record_id FROM t CROSS JOIN record_name n WHERE n.name = t.text
            {by_credit_code})
         SELECT DISTINCT f.text, r.id FROM found f JOIN record r ON r.id = f.id
         WHERE r.programme_id = $2 AND r.kind = $3 AND r.archived_at IS NULL AND r.import_id IS NULL AND {clause}
         ORDER BY f.text, r.id",
        tx.dialect().text_rows(1)
    );
    tx.all(&sql, values).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// The links of these records that were not taken away, in the order they were made.
///
/// # Errors
/// When the database fails.
pub async fn link_list_of(tx: &mut Tx, ids: &[i64]) -> Result<Vec<LinkRow>> {
    let sql = format!(
        "SELECT l.id, l.kind, l.role, l.from_id, l.to_id FROM record_link l
         WHERE {} AND l.removed_change_id IS NULL ORDER BY l.id",
        tx.dialect().among("l.from_id", 1)
    );
    let rows = tx.all(&sql, params![tx.dialect().numbers(ids)]).await?;
    let link = |row: &crate::db::Row| {
        let (id, kind, role) = (row.int(0)?, row.text(1)?, row.text(2)?);
        Ok(LinkRow { id, kind, role, from: row.int(3)?, to: row.int(4)?, removed: false })
    };
    rows.iter().map(link).collect()
}

/// The figures of these records that were not withdrawn and that nothing replaces, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn figure_list_of_subjects(tx: &mut Tx, ids: &[i64]) -> Result<Vec<SubjectFigure>> {
    let sql = format!(
        "SELECT f.record_id, f.subject_id, f.measure, f.unit, f.low, f.high, f.approx, f.role, f.grain, f.time_kind,
            f.date_from, f.date_to, f.status FROM figure f
         WHERE {} AND f.status <> 'withdrawn' AND NOT EXISTS (
            SELECT 1 FROM figure g WHERE g.replaces_id = f.record_id AND g.status <> 'withdrawn')
         ORDER BY f.record_id",
        tx.dialect().among("f.subject_id", 1)
    );
    let rows = tx.all(&sql, params![tx.dialect().numbers(ids)]).await?;
    let figure = |row: &crate::db::Row| {
        let (low, high) = (row.int(4)?, row.opt_int(5)?);
        let unit = row.code(3, Unit::from_code)?;
        Ok(SubjectFigure {
            id: row.int(0)?,
            subject: row.int(1)?,
            measure: row.code(2, Measure::from_code)?,
            quantity: Quantity { low, high, unit, approx: row.code(6, Approx::from_code)? },
            role: row.code(7, Role::from_code)?,
            grain: row.code(8, Grain::from_code)?,
            period: Period { kind: row.code(9, TimeKind::from_code)?, from: row.day(10)?, to: row.day(11)? },
            status: row.code(12, Status::from_code)?,
        })
    };
    rows.iter().map(figure).collect()
}

/// A figure of no record, as far as a sheet is compared with it: whom and where it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooseFigure {
    /// The figure; its subject is 0.
    pub figure: SubjectFigure,
    /// The organisation that it speaks of.
    pub organisation: Option<i64>,
    /// The regions that it speaks of, on both sides, by id.
    pub regions: Vec<i64>,
}

/// The stated figures of a programme that no record has, of one measure and up to one day, that were not withdrawn and that
/// nothing replaces.
///
/// # Errors
/// When the database fails.
pub async fn figure_list_loose(
    tx: &mut Tx,
    programme: i64,
    measure: Measure,
    to: Option<jiff::civil::Date>,
) -> Result<Vec<LooseFigure>> {
    let rows = tx.all(LOOSE, params![programme, measure.code(), to]).await?;
    let mut found: Vec<LooseFigure> = Vec::new();
    for row in &rows {
        let id = row.int(0)?;
        if found.last().is_none_or(|last| last.figure.id != id) {
            let (low, high) = (row.int(2)?, row.opt_int(3)?);
            let unit = row.code(1, Unit::from_code)?;
            let figure = SubjectFigure {
                id,
                subject: 0,
                measure,
                quantity: Quantity { low, high, unit, approx: row.code(4, Approx::from_code)? },
                role: row.code(5, Role::from_code)?,
                grain: Grain::Stated,
                period: Period {
                    kind: row.code(6, TimeKind::from_code)?,
                    from: row.day(7)?,
                    to: row.day(8)?,
                },
                status: row.code(9, Status::from_code)?,
            };
            found.push(LooseFigure { figure, organisation: row.opt_int(10)?, regions: Vec::new() });
        }
        if let (Some(last), Some(region)) = (found.last_mut(), row.opt_int(11)?) {
            last.regions.push(region);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;

    #[tokio::test]
    async fn many_are_looked_up_at_once_and_nothing_is_found_in_an_empty_database() {
        for db in testing::databases().await {
            let mut tx = db.read().await.expect("a transaction");
            let texts: Vec<String> = (0..3_000).map(|n| format!("砾石{n}号\"有限'公司")).collect();
            assert!(key_list_many(&mut tx, 1, &texts, 5).await.expect("looked up").is_empty());
            let reach = Reach { keys: vec!["*".into()], ..Reach::default() };
            for kind in [RecordKind::Organisation, RecordKind::Project] {
                let found = record_list_named_many(&mut tx, 1, kind, &texts, &reach).await;
                assert!(found.expect("looked up").is_empty());
            }
            assert!(link_list_of(&mut tx, &[1, 2]).await.expect("looked up").is_empty());
            assert!(figure_list_of_subjects(&mut tx, &[1, 2]).await.expect("looked up").is_empty());
        }
    }
}
