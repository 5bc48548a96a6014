//! Programmes and the regions that take part in them.

use crate::change::{Change, ChangeItem, change_item_insert, programme_row};
use crate::db::{Row, Tx, params};
use crate::error::{Error, Result};
use domain::region::Side;
use serde_json::{Value, json};

statements! {
    INSERT = "INSERT INTO programme (code, name_zh, name_en, time_zone) VALUES ($1, $2, $3, $4) RETURNING id";
    BY_CODE = "SELECT id, code, name_zh, name_en, time_zone,
        (SELECT COUNT(*) FROM label l WHERE l.programme_id = programme.id) FROM programme WHERE code = $1";
    GET = "SELECT id, code, name_zh, name_en, time_zone,
        (SELECT COUNT(*) FROM label l WHERE l.programme_id = programme.id) FROM programme WHERE id = $1";
    LIST = "SELECT id, code, name_zh, name_en, time_zone,
        (SELECT COUNT(*) FROM label l WHERE l.programme_id = programme.id) FROM programme ORDER BY id";
    INSERT_REGION = "INSERT INTO programme_region (programme_id, region_id, side, tile_col, tile_row)
        VALUES ($1, $2, $3, $4, $5)";
    LOCK = "SELECT id FROM programme WHERE id = $1{for_no_key_update}";
    INSERT_NAME = "INSERT INTO programme_name (programme_id, name, region_id) VALUES ($1, $2, $3)
        ON CONFLICT (programme_id, name) DO NOTHING";
    SET_REGION = "INSERT INTO programme_region (programme_id, region_id, side, tile_col, tile_row)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (programme_id, region_id) DO UPDATE
        SET side = excluded.side, tile_col = excluded.tile_col, tile_row = excluded.tile_row";
    REMOVE_REGION = "DELETE FROM programme_region WHERE programme_id = $1 AND region_id = $2";
    SET_NAME = "INSERT INTO programme_name (programme_id, name, region_id) VALUES ($1, $2, $3)
        ON CONFLICT (programme_id, name) DO UPDATE SET region_id = excluded.region_id";
    REMOVE_NAME = "DELETE FROM programme_name WHERE programme_id = $1 AND name = $2";
    RECORDS_IN = "SELECT COUNT(DISTINCT x.record_id) FROM record_region x
        JOIN record r ON r.id = x.record_id AND r.programme_id = $1 AND r.archived_at IS NULL
        JOIN region_tree t ON t.descendant_id = x.region_id AND t.ancestor_id = $2
        WHERE NOT EXISTS (SELECT 1 FROM programme_region p JOIN region_tree a ON a.ancestor_id = p.region_id
            AND a.descendant_id = x.region_id JOIN region_tree b ON b.descendant_id = p.region_id AND b.ancestor_id = $2
            WHERE p.programme_id = $1 AND p.region_id <> $2)";
    FIGURES_IN = "SELECT COUNT(DISTINCT x.figure_id) FROM figure_region x
        JOIN figure f ON f.record_id = x.figure_id AND f.programme_id = $1
        JOIN region_tree t ON t.descendant_id = x.region_id AND t.ancestor_id = $2
        WHERE NOT EXISTS (SELECT 1 FROM programme_region p JOIN region_tree a ON a.ancestor_id = p.region_id
            AND a.descendant_id = x.region_id JOIN region_tree b ON b.descendant_id = p.region_id AND b.ancestor_id = $2
            WHERE p.programme_id = $1 AND p.region_id <> $2)";
    NAMES_CHANGED = "INSERT INTO register_version (programme_id, version) VALUES ($1, 1)
        ON CONFLICT (programme_id) DO UPDATE SET version = register_version.version + 1";
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
    /// Whether it has words of its own for choices.
    pub has_labels: bool,
}

/// A region's part in a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgrammeRegion {
    /// The region.
    pub region: i64,
    /// Which side it stands on.
    pub side: Side,
    /// Column and row of its tile on the map.
    pub tile: Option<(i64, i64)>,
}

impl ProgrammeRegion {
    /// As the audit keeps it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "region": self.region, "side": self.side.code(), "tile": self.tile })
    }

    /// As the audit kept it; none where that is no region of a programme.
    #[must_use]
    pub fn from_json(json: &Value) -> Option<Self> {
        let place = |at: usize| json.get("tile")?.get(at)?.as_i64();
        Some(Self {
            region: json.get("region")?.as_i64()?,
            side: Side::from_code(json.get("side")?.as_str()?)?,
            tile: place(0).zip(place(1)),
        })
    }
}

/// Creates a programme; `id` and `has_labels` of the argument are not used.
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
        has_labels: row.int(5)? > 0,
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

/// Adds, changes or (none) removes the part that the region with this id and code has in a programme.
///
/// # Errors
/// When the database fails; [`Error::NotFound`] outside a programme.
pub async fn programme_region_set(
    tx: &mut Tx,
    change: &Change,
    (region, code): (i64, &str),
    part: Option<&ProgrammeRegion>,
) -> Result<()> {
    let programme = change.programme.ok_or(Error::NotFound)?;
    let before = programme_region_list(tx, programme).await?.into_iter().find(|of| of.region == region);
    if before.as_ref() == part {
        return Ok(());
    }
    match part {
        Some(part) => {
            let (col, row) = part.tile.unzip();
            tx.execute(SET_REGION, params![programme, region, part.side.code(), col, row]).await?;
        }
        None => {
            tx.execute(REMOVE_REGION, params![programme, region]).await?;
        }
    }
    tx.execute(NAMES_CHANGED, params![programme]).await?;
    let (before, after) = (before.map(|of| of.to_json()), part.map(ProgrammeRegion::to_json));
    programme_row(tx, change, "programme_region", code, before, after).await
}

/// Makes a word mean a region in this programme only, or (none) no longer.
///
/// # Errors
/// When the database fails; [`Error::NotFound`] outside a programme.
pub async fn programme_name_set(tx: &mut Tx, change: &Change, name: &str, region: Option<i64>) -> Result<()> {
    let programme = change.programme.ok_or(Error::NotFound)?;
    let named = programme_name_list(tx, programme).await?;
    let before = named.into_iter().find_map(|(of, region)| (of == name).then_some(region));
    if before == region {
        return Ok(());
    }
    match region {
        Some(region) => tx.execute(SET_NAME, params![programme, name, region]).await?,
        None => tx.execute(REMOVE_NAME, params![programme, name]).await?,
    };
    tx.execute(NAMES_CHANGED, params![programme]).await?;
    let json = |region: i64| json!({ "region": region });
    programme_row(tx, change, "programme_name", name, before.map(json), region.map(json)).await
}

/// How many records in use and how many figures lie in a region of a programme, and in no other region of the programme
/// below it.
///
/// # Errors
/// When the database fails.
pub async fn programme_region_use(tx: &mut Tx, programme: i64, region: i64) -> Result<(i64, i64)> {
    let records = tx.int(RECORDS_IN, params![programme, region]).await?;
    Ok((records, tx.int(FIGURES_IN, params![programme, region]).await?))
}
