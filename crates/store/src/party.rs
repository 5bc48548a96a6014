//! Party regions of a record and the keys by which it can be seen. Both are derived from its fields and links, so the
//! change that wrote those covers them.

use crate::change::Change;
use crate::db::{Tx, params};
use crate::error::Result;
use crate::reach::ReachKey;
use domain::region::Side;

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
    PROTECT = "UPDATE record SET protected = $2 WHERE id = $1";
    OFFICES_ABOVE = "WITH RECURSIVE up (id) AS (
            SELECT o.record_id FROM office o WHERE o.record_id = $1
            UNION
            SELECT o.parent_id FROM up JOIN office o ON o.record_id = up.id WHERE o.parent_id IS NOT NULL
        ) SELECT id FROM up ORDER BY id";
}

/// Sets the party regions of a record, the keys by which it can be seen beyond them, and whether only those count (law 5).
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
    protected: bool,
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
    tx.execute(PROTECT, params![record, protected]).await?;
    Ok(())
}

/// The party regions of a record.
///
/// # Errors
/// When the database fails.
pub async fn party_region_list(tx: &mut Tx, record: i64) -> Result<Vec<(i64, Side)>> {
    let rows = tx.all(REGIONS, params![record]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.code(1, Side::from_code)?))).collect()
}

/// An office and all above it.
///
/// # Errors
/// When the database fails.
pub async fn office_above_list(tx: &mut Tx, office: i64) -> Result<Vec<i64>> {
    tx.all(OFFICES_ABOVE, params![office]).await?.iter().map(|row| row.int(0)).collect()
}
