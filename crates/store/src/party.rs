//! Party regions of a record and the keys by which it can be seen. Both are derived from its fields and links, so the
//! change that wrote those covers them.

use crate::change::Change;
use crate::db::{Tx, params};
use crate::error::Result;
use crate::reach::{ReachKey, reach_follow};
use crate::tally::mark;
use domain::region::Side;
use std::collections::BTreeMap;

statements! {
    CLEAR_REGIONS = "DELETE FROM record_region WHERE record_id = $1";
    CLEAR_KEYS = "DELETE FROM record_reach WHERE record_id = $1";
    REGION = "INSERT INTO record_region (record_id, region_id, side) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    REGIONS = "SELECT region_id, side FROM record_region WHERE record_id = $1 ORDER BY side, region_id";
    KEY = "INSERT INTO record_reach (record_id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    ABOVE = "INSERT INTO record_reach (record_id, key) SELECT CAST($1 AS BIGINT), 'r' || t.ancestor_id FROM region_tree t
        WHERE t.descendant_id = $2 ON CONFLICT DO NOTHING";
    AROUND = "INSERT INTO record_reach (record_id, key)
        WITH RECURSIVE up (id) AS (
            SELECT g.id FROM region g WHERE g.id = $2
            UNION
            SELECT COALESCE(g.geo_parent_id, g.parent_id) FROM up JOIN region g ON g.id = up.id
            WHERE COALESCE(g.geo_parent_id, g.parent_id) IS NOT NULL
        ) SELECT CAST($1 AS BIGINT), 'g' || up.id FROM up WHERE 1 = 1 ON CONFLICT DO NOTHING";
    SET = "UPDATE record SET protected = $2, team_id = $3 WHERE id = $1";
    TEAM = "SELECT team_id FROM record WHERE id = $1";
    SIDE = "SELECT p.side FROM region_tree t JOIN programme_region p ON p.region_id = t.ancestor_id AND p.programme_id = $2
        WHERE t.descendant_id = $1 ORDER BY t.depth LIMIT 1";
    OFFICES_ABOVE = "WITH RECURSIVE up (id) AS (
            SELECT o.record_id FROM office o WHERE o.record_id = $1
            UNION
            SELECT o.parent_id FROM up JOIN office o ON o.record_id = up.id WHERE o.parent_id IS NOT NULL
        ) SELECT id FROM up ORDER BY id";
}

/// Sets the party regions of a record, the keys by which it can be seen beyond them, the office whose team it is, and
/// whether only that team can see it (law 5).
/// Keys of the regions and of all above them are added here.
///
/// # Errors
/// When the database fails.
pub async fn party_set(
    tx: &mut Tx,
    _change: &Change,
    record: i64,
    regions: &[(i64, Side)],
    keys: &[ReachKey],
    (team, protected): (Option<i64>, bool),
) -> Result<()> {
    tx.execute(CLEAR_REGIONS, params![record]).await?;
    tx.execute(CLEAR_KEYS, params![record]).await?;
    for (region, side) in regions {
        tx.execute(REGION, params![record, *region, side.code()]).await?;
        // A protected record is open to its team, not to the regions it concerns.
        if !protected {
            tx.execute(ABOVE, params![record, *region]).await?;
        }
        tx.execute(AROUND, params![record, *region]).await?;
    }
    for key in keys {
        tx.execute(KEY, params![record, key.to_string()]).await?;
    }
    tx.execute(SET, params![record, protected, team]).await?;
    mark(tx, record).await?;
    reach_follow(tx, record).await
}

/// The party regions of a record.
///
/// # Errors
/// When the database fails.
pub async fn party_region_list(tx: &mut Tx, record: i64) -> Result<Vec<(i64, Side)>> {
    let rows = tx.all(REGIONS, params![record]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.code(1, Side::from_code)?))).collect()
}

/// The party regions of these records.
///
/// # Errors
/// When the database fails.
pub async fn party_region_list_of(tx: &mut Tx, records: &[i64]) -> Result<BTreeMap<i64, Vec<i64>>> {
    let mut regions: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    if records.is_empty() {
        return Ok(regions);
    }
    let sql = format!(
        "SELECT record_id, region_id FROM record_region WHERE {} ORDER BY record_id, side, region_id",
        tx.dialect().among("record_id", 1)
    );
    for row in tx.all(&sql, params![tx.dialect().numbers(records)]).await? {
        regions.entry(row.int(0)?).or_default().push(row.int(1)?);
    }
    Ok(regions)
}

/// An office and all above it.
///
/// # Errors
/// When the database fails.
pub async fn office_above_list(tx: &mut Tx, office: i64) -> Result<Vec<i64>> {
    tx.all(OFFICES_ABOVE, params![office]).await?.iter().map(|row| row.int(0)).collect()
}

/// The office whose team made a record.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is no such record.
pub async fn record_team(tx: &mut Tx, record: i64) -> Result<Option<i64>> {
    tx.one(TEAM, params![record]).await?.opt_int(0)
}

/// The side a region stands on in a programme: its own, or that of the nearest above it.
///
/// # Errors
/// When the database fails.
pub async fn region_side(tx: &mut Tx, programme: i64, region: i64) -> Result<Option<Side>> {
    let row = tx.optional(SIDE, params![region, programme]).await?;
    row.map(|row| row.code(0, Side::from_code)).transpose()
}
