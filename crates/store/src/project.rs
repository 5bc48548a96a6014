//! What is asked of projects alone.

use crate::db::Tx;
use crate::error::Result;
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
