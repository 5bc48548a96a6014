//! Records that look alike and of which somebody decided that they are not the same.

use crate::change::{Change, created, field};
use crate::db::{Param, Tx, params};
use crate::error::Result;
use serde_json::json;
use std::collections::HashSet;

statements! {
    INSERT = "INSERT INTO record_different (a_id, b_id, change_id) VALUES ($1, $2, $3) RETURNING id";
    FIND = "SELECT id FROM record_different WHERE a_id = $1 AND b_id = $2 AND removed_change_id IS NULL";
    GET = "SELECT a_id, removed_change_id FROM record_different WHERE id = $1";
    REMOVE = "UPDATE record_different SET removed_change_id = $2 WHERE id = $1";
}

/// Keeps that two records are not the same; what is kept already is not kept again.
///
/// # Errors
/// When the database fails.
pub async fn different_insert(tx: &mut Tx, change: &Change, one: i64, other: i64) -> Result<()> {
    let (a, b) = (one.min(other), one.max(other));
    if tx.optional(FIND, params![a, b]).await?.is_some() {
        return Ok(());
    }
    let id = tx.int(INSERT, params![a, b, change.id]).await?;
    for (record, other) in [(a, b), (b, a)] {
        created(tx, change, record, "record_different", id, json!({ "record": other })).await?;
    }
    Ok(())
}

/// Takes such a decision back, or makes it hold again.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none; [`crate::Error::Duplicate`] when the two have a later one.
pub async fn different_set_removed(tx: &mut Tx, change: &Change, id: i64, removed: bool) -> Result<()> {
    let row = tx.one(GET, params![id]).await?;
    let (record, before) = (row.int(0)?, row.opt_int(1)?.is_some());
    tx.execute(REMOVE, params![id, removed.then_some(change.id)]).await?;
    let place = ("record_different", id, "removed");
    field(tx, change, record, place, Some(json!(before)), Some(json!(removed))).await
}

/// The pairs among these records that are not the same, the lower id first.
///
/// # Errors
/// When the database fails.
pub async fn different_list(tx: &mut Tx, ids: &[i64]) -> Result<HashSet<(i64, i64)>> {
    let mut pairs = HashSet::new();
    for ids in ids.chunks(500) {
        let values: Vec<Param> = ids.iter().map(|id| (*id).into()).collect();
        let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT a_id, b_id FROM record_different WHERE removed_change_id IS NULL AND a_id IN ({})",
            places.join(", ")
        );
        for row in tx.all(&sql, values).await? {
            pairs.insert((row.int(0)?, row.int(1)?));
        }
    }
    Ok(pairs)
}
