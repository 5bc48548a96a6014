//! Programmes and the regions that take part in them.

use crate::change::{Change, ChangeItem, change_item_insert};
use crate::db::{Row, Tx, params};
use crate::error::Result;
use domain::region::Side;
use serde_json::json;

statements! {
    INSERT = "INSERT INTO programme (code, name_zh, name_en, time_zone) VALUES ($1, $2, $3, $4) RETURNING id";
    BY_CODE = "SELECT id, code, name_zh, name_en, time_zone FROM programme WHERE code = $1";
    GET = "SELECT id, code, name_zh, name_en, time_zone FROM programme WHERE id = $1";
    LIST = "SELECT id, code, name_zh, name_en, time_zone FROM programme ORDER BY id";
    INSERT_REGION = "INSERT INTO programme_region (programme_id, region_id, side, tile_col, tile_row)
        VALUES ($1, $2, $3, $4, $5)";
    LOCK = "SELECT id FROM programme WHERE id = $1{for_no_key_update}";
    INSERT_NAME = "INSERT INTO programme_name (programme_id, name, region_id) VALUES ($1, $2, $3)
        ON CONFLICT (programme_id, name) DO NOTHING";
    NAMES = "SELECT name, region_id FROM programme_name WHERE programme_id = $1 ORDER BY name";
    REGIONS = "SELECT p.region_id, p.side, p.tile_col, p.tile_row FROM programme_region p
        JOIN region r ON r.id = p.region_id WHERE p.programme_id = $1 ORDER BY p.side, r.code";
}

/// One partnership programme.
#[derive(Debug, Clone)]
pub struct Programme {
    /// Identity.
    pub id: i64,
    /// The part of the address.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// IANA name of the zone in which days begin.
    pub time_zone: String,
}

/// A region's part in a programme.
#[derive(Debug, Clone, Copy)]
pub struct ProgrammeRegion {
    /// The region.
    pub region: i64,
    /// Which side it stands on.
    pub side: Side,
    /// Column and row of its tile on the map.
    pub tile: Option<(i64, i64)>,
}

/// Creates a programme; `id` of the argument is not used.
///
/// # Errors
/// [`crate::Error::Duplicate`] when the code is taken.
pub async fn programme_insert(tx: &mut Tx, change: &Change, new: &Programme) -> Result<i64> {
    let id = tx.int(INSERT, params![&new.code, &new.name_zh, &new.name_en, &new.time_zone]).await?;
    let after = Some(json!({ "code": new.code, "name_zh": new.name_zh, "name_en": new.name_en }));
    let (entity, field) = ("programme".to_owned(), "*".to_owned());
    let item = ChangeItem { record: None, entity, entity_id: id, field, before: None, after };
    change_item_insert(tx, change, &item).await?;
    Ok(id)
}

fn programme(row: &Row) -> Result<Programme> {
    Ok(Programme {
        id: row.int(0)?,
        code: row.text(1)?,
        name_zh: row.text(2)?,
        name_en: row.text(3)?,
        time_zone: row.text(4)?,
    })
}

/// The programme with this code.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn programme_by_code(tx: &mut Tx, code: &str) -> Result<Programme> {
    programme(&tx.one(BY_CODE, params![code]).await?)
}

/// The programme with this id.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn programme_get(tx: &mut Tx, id: i64) -> Result<Programme> {
    programme(&tx.one(GET, params![id]).await?)
}

/// Every programme of the installation.
///
/// # Errors
/// When the database fails.
pub async fn programme_list(tx: &mut Tx) -> Result<Vec<Programme>> {
    tx.all(LIST, vec![]).await?.iter().map(programme).collect()
}

/// Lets a region take part in a programme.
///
/// # Errors
/// [`crate::Error::Duplicate`] when it does already.
pub async fn programme_region_insert(
    tx: &mut Tx,
    change: &Change,
    programme: i64,
    region: &ProgrammeRegion,
) -> Result<()> {
    let (col, row) = region.tile.unzip();
    tx.execute(INSERT_REGION, params![programme, region.region, region.side.code(), col, row]).await?;
    let after = Some(json!({ "region": region.region, "side": region.side.code(), "tile": region.tile }));
    let (entity, field) = ("programme_region".to_owned(), "*".to_owned());
    change_item_insert(
        tx,
        change,
        &ChangeItem { record: None, entity, entity_id: programme, field, before: None, after },
    )
    .await
}

/// The regions of a programme: hosts first, by code.
///
/// # Errors
/// When the database fails.
pub async fn programme_region_list(tx: &mut Tx, programme: i64) -> Result<Vec<ProgrammeRegion>> {
    let rows = tx.all(REGIONS, params![programme]).await?;
    rows.iter()
        .map(|row| {
            let tile = row.opt_int(2)?.zip(row.opt_int(3)?);
            Ok(ProgrammeRegion { region: row.int(0)?, side: row.code(1, Side::from_code)?, tile })
        })
        .collect()
}

/// Holds a programme until the transaction ends: whoever adds a file waits, so that the same file is stored
/// once. Other writes to the programme go on.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn programme_lock(tx: &mut Tx, id: i64) -> Result<()> {
    tx.int(LOCK, params![id]).await.map(|_| ())
}

/// Adds a word that means a region in this programme only.
///
/// # Errors
/// When the database fails.
pub async fn programme_name_insert(tx: &mut Tx, programme: i64, name: &str, region: i64) -> Result<()> {
    tx.execute(INSERT_NAME, params![programme, name, region]).await?;
    Ok(())
}

/// The words that mean a region in this programme only.
///
/// # Errors
/// When the database fails.
pub async fn programme_name_list(tx: &mut Tx, programme: i64) -> Result<Vec<(String, i64)>> {
    tx.all(NAMES, params![programme]).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}
