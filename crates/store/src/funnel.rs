//! What is late and what moved, as an overview counts it. How many projects stand where is the tally's.

use crate::db::{Param, Tx, instant, params};
use crate::entry::{RECORD_COLUMNS, RECORD_WIDTH};
use crate::error::Result;
use crate::list::{ListFilter, list_ids};
use crate::reach::{Reach, ReachKey};
use crate::record::{Record, record_from};
use jiff::Timestamp;
use jiff::civil::Date;

/// A project that went from one stage to another.
#[derive(Debug, Clone)]
pub struct StageMove {
    /// The project.
    pub record: Record,
    /// Code of the stage it left.
    pub from: String,
    /// Code of the stage it entered.
    pub to: String,
    /// When that was entered.
    pub at: Timestamp,
    /// Who entered it.
    pub user_name: Option<String>,
}

/// The condition under which a project counts: in use, open to who asks, and of the region where one is given.
fn scope(reach: &Reach, region: Option<i64>, values: &mut Vec<Param>) -> String {
    let mut clause = format!("r.archived_at IS NULL AND {}", reach.clause("r", values));
    if let Some(region) = region {
        // A protected record (law 5) has no key of its regions; others are found by it at once.
        values.extend(params![ReachKey::Region(region).to_string(), region]);
        let (key, place) = (values.len() - 1, values.len());
        clause.push_str(&format!(
            " AND (EXISTS (SELECT 1 FROM record_reach g WHERE g.record_id = r.id AND g.key = ${key}) OR r.protected = 1
             AND EXISTS (SELECT 1 FROM record_region g JOIN region_tree t ON t.descendant_id = g.region_id
             WHERE g.record_id = r.id AND t.ancestor_id = ${place}))"
        ));
    }
    clause
}

/// How many open problems and milestones that are not met were due before a day, of what can be seen; of each at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn project_overdue(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    region: Option<i64>,
    today: Date,
    limit: i64,
) -> Result<(i64, i64)> {
    let mut counts = Vec::new();
    for (table, open) in [("problem", "w.status = 'open'"), ("milestone", "w.met_on IS NULL")] {
        let mut values = params![programme, today];
        let scope = scope(reach, region, &mut values);
        values.push(limit.into());
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT w.record_id FROM {table} w JOIN record r ON r.id = w.record_id
             WHERE w.programme_id = $1 AND COALESCE(w.due_on, '') <> '' AND COALESCE(w.due_on, '') < $2 AND {open}
             AND {scope} LIMIT ${}) z",
            values.len()
        );
        counts.push(tx.int(&sql, values).await?);
    }
    Ok((counts[0], counts[1]))
}

/// The projects that went from one stage to another since an instant, latest first; what was undone did not.
///
/// # Errors
/// When the database fails.
pub async fn project_moves(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    region: Option<i64>,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<StageMove>> {
    let mut values = params![programme];
    let scope = scope(reach, region, &mut values);
    moves(tx, &scope, values, since, limit).await
}

/// The same of the projects that a list's filter leaves.
///
/// # Errors
/// When the database fails.
pub async fn project_moves_listed(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<StageMove>> {
    let (ids, values) = list_ids(tx, programme, filter).await?;
    moves(tx, &format!("x.record_id IN ({ids})"), values, since, limit).await
}

/// The moves of a programme (`$1`) under a condition on the record `r` of a move `x`.
async fn moves(
    tx: &mut Tx,
    scope: &str,
    mut values: Vec<Param>,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<StageMove>> {
    values.extend(params![instant(since), limit]);
    let (since, limit) = (values.len() - 1, values.len());
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, x.was, x.status, c.at, u.name
         FROM change c JOIN record_status x ON x.change_id = c.id JOIN record r ON r.id = x.record_id
         LEFT JOIN app_user u ON u.id = c.user_id
         WHERE c.programme_id = $1 AND c.at >= ${since} AND c.undoes_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM change v LEFT JOIN change w ON w.undoes_id = v.id WHERE v.undoes_id = c.id AND w.id IS NULL)
            AND x.was IS NOT NULL AND x.was <> x.status AND r.kind = 'project' AND {scope}
         ORDER BY x.id DESC LIMIT ${limit}"
    );
    let rows = tx.all(&sql, values).await?;
    rows.iter()
        .map(|row| {
            Ok(StageMove {
                record: record_from(row)?,
                from: row.text(RECORD_WIDTH)?,
                to: row.text(RECORD_WIDTH + 1)?,
                at: row.instant(RECORD_WIDTH + 2)?,
                user_name: row.opt_text(RECORD_WIDTH + 3)?,
            })
        })
        .collect()
}
