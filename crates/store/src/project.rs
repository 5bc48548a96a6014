//! What is asked of projects alone.

use crate::db::{Tx, params};
use crate::entry::{RECORD_COLUMNS, RECORD_WIDTH};
use crate::error::Result;
use crate::reach::Reach;
use crate::record::{Record, record_from};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Those of these projects that have phases.
///
/// # Errors
/// When the database fails.
pub async fn project_wholes(tx: &mut Tx, ids: &[i64]) -> Result<BTreeSet<i64>> {
    let mut wholes = BTreeSet::new();
    for ids in ids.chunks(500) {
        let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT DISTINCT p.parent_id FROM record w JOIN project p ON p.programme_id = w.programme_id AND p.parent_id = w.id
             JOIN record r ON r.id = p.record_id WHERE w.id IN ({}) AND r.archived_at IS NULL",
            places.join(", ")
        );
        for row in tx.all(&sql, ids.iter().map(|id| (*id).into()).collect()).await? {
            wholes.insert(row.int(0)?);
        }
    }
    Ok(wholes)
}

/// The projects that can be seen and that came to another stage since an instant, the newest first, each with the stage's code;
/// what was undone, and what only was entered, did not move.
///
/// # Errors
/// When the database fails.
pub async fn project_list_moved(
    tx: &mut Tx,
    programme: i64,
    since: Timestamp,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<(Record, String)>> {
    let mut values = params![programme, since, limit];
    let clause = reach.clause("r", &mut values);
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, s.status FROM record_status s JOIN change c ON c.id = s.change_id
         JOIN record r ON r.id = s.record_id
         WHERE r.programme_id = $1 AND r.kind = 'project' AND r.archived_at IS NULL AND c.at >= $2
         AND c.undoes_id IS NULL AND NOT EXISTS (SELECT 1 FROM change u WHERE u.undoes_id = c.id)
         AND s.was IS NOT NULL AND {clause}
         ORDER BY s.id DESC LIMIT $3"
    );
    let rows = tx.all(&sql, values).await?;
    rows.iter().map(|row| Ok((record_from(row)?, row.text(RECORD_WIDTH)?))).collect()
}
