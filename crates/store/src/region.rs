//! Regions, their names and the closed tree that sums follow. Shared by all programmes.

use crate::change::{Change, ChangeItem, change_item_insert};
use crate::db::{Row, Tx, params};
use crate::error::Result;
use serde_json::json;

statements! {
    INSERT = "INSERT INTO region (code, kind, name_zh, short_zh, name_en, parent_id, geo_parent_id, valid_from, valid_to)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (code) DO NOTHING RETURNING id";
    INSERT_NAME = "INSERT INTO region_name (name, region_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    CLEAR_TREE = "DELETE FROM region_tree";
    GROW_TREE = "INSERT INTO region_tree (descendant_id, ancestor_id, depth)
        WITH RECURSIVE up (descendant_id, ancestor_id, depth) AS (
            SELECT id, id, CAST(0 AS BIGINT) FROM region
            UNION ALL
            SELECT up.descendant_id, r.parent_id, up.depth + 1 FROM up JOIN region r ON r.id = up.ancestor_id
            WHERE r.parent_id IS NOT NULL AND up.depth < 20
        ) SELECT descendant_id, ancestor_id, MIN(depth) FROM up GROUP BY descendant_id, ancestor_id";
    LIST = "SELECT id, code, kind, name_zh, short_zh, name_en, parent_id, geo_parent_id, valid_from, valid_to
        FROM region ORDER BY code";
    BY_CODE = "SELECT id, code, kind, name_zh, short_zh, name_en, parent_id, geo_parent_id, valid_from, valid_to
        FROM region WHERE code = $1";
    VERSION = "SELECT COUNT(*) FROM change_item WHERE entity IN ('region', 'programme_region', 'programme')";
    NAMES = "SELECT name, region_id FROM region_name ORDER BY name, region_id";
}

/// A region.
#[derive(Debug, Clone)]
pub struct Region {
    /// Identity.
    pub id: i64,
    /// Official code, or one of the programme's own where there is none.
    pub code: String,
    /// Kind of region, for example `prefecture` or `corps_division`.
    pub kind: String,
    /// Official Chinese name.
    pub name_zh: String,
    /// Short Chinese name.
    pub short_zh: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// Administrative parent, which sums follow.
    pub parent: Option<i64>,
    /// Geographic parent, where it differs.
    pub geo_parent: Option<i64>,
    /// Day or year from which the code is valid, as its source gives it.
    pub valid_from: Option<String>,
    /// Day or year until which the code is valid.
    pub valid_to: Option<String>,
}

/// Creates a region, unless its code is known already; `id` of the argument is not used. Parents must exist.
///
/// # Errors
/// When the database fails.
pub async fn region_insert(tx: &mut Tx, new: &Region) -> Result<Option<i64>> {
    let values = params![
        &new.code,
        &new.kind,
        &new.name_zh,
        &new.short_zh,
        &new.name_en,
        new.parent,
        new.geo_parent,
        &new.valid_from,
        &new.valid_to
    ];
    tx.optional(INSERT, values).await?.map(|row| row.int(0)).transpose()
}

/// Adds a name under which texts speak of a region.
///
/// # Errors
/// When the database fails.
pub async fn region_name_insert(tx: &mut Tx, region: i64, name: &str) -> Result<()> {
    tx.execute(INSERT_NAME, params![name, region]).await?;
    Ok(())
}

/// Closes the administrative tree anew after regions were added, and notes in the change how many.
///
/// # Errors
/// When the database fails.
pub async fn region_tree_rebuild(tx: &mut Tx, change: &Change, added: usize) -> Result<()> {
    tx.execute(CLEAR_TREE, vec![]).await?;
    tx.execute(GROW_TREE, vec![]).await?;
    crate::tally::project_mark_programme(tx, None).await?;
    let (entity, field) = ("region".to_owned(), "*".to_owned());
    let item = ChangeItem {
        record: None,
        entity,
        entity_id: 0,
        field,
        before: None,
        after: Some(json!({ "added": added })),
    };
    change_item_insert(tx, change, &item).await
}

fn region(row: &Row) -> Result<Region> {
    Ok(Region {
        id: row.int(0)?,
        code: row.text(1)?,
        kind: row.text(2)?,
        name_zh: row.text(3)?,
        short_zh: row.opt_text(4)?,
        name_en: row.opt_text(5)?,
        parent: row.opt_int(6)?,
        geo_parent: row.opt_int(7)?,
        valid_from: row.opt_text(8)?,
        valid_to: row.opt_text(9)?,
    })
}

/// Every region, by code.
///
/// # Errors
/// When the database fails.
pub async fn region_list(tx: &mut Tx) -> Result<Vec<Region>> {
    tx.all(LIST, vec![]).await?.iter().map(region).collect()
}

/// Every name with the region it belongs to.
///
/// # Errors
/// When the database fails.
pub async fn region_name_list(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    tx.all(NAMES, vec![]).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// The region with this code.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn region_by_code(tx: &mut Tx, code: &str) -> Result<Region> {
    region(&tx.one(BY_CODE, params![code]).await?)
}

/// Changes whenever a region is written, or its part in a programme; for keeping what was made from them.
///
/// # Errors
/// When the database fails.
pub async fn region_version(tx: &mut Tx) -> Result<i64> {
    tx.int(VERSION, vec![]).await
}
