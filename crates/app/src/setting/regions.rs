//! The regions that take part in a programme, their sides and places on the tile map, and what else they are called there.

use super::rows::{Row, SettingRows, changed, refuse, word};
use crate::access::{Actor, Right};
use crate::entry::Problem;
use crate::error::{Error, Result};
use crate::{App, change};
use domain::region::Side;
use std::collections::BTreeMap;
use store::{ProgrammeRegion, Region, Tx};

/// The furthest column or row of the tile map.
const FURTHEST: i64 = 60;

/// A region's part in a programme, as its settings show it.
#[derive(Debug, Clone)]
pub struct RegionPart {
    /// Code of the region.
    pub code: String,
    /// Side and place.
    pub part: ProgrammeRegion,
    /// What it is called in this programme only.
    pub names: Vec<String>,
}

/// A region's part as a form sends it.
#[derive(Debug, Clone, Default)]
pub struct RegionInput {
    /// Code of the region; its code or exact name where it is added.
    pub region: String,
    /// Code of the side.
    pub side: String,
    /// Column of its tile; may be empty.
    pub col: String,
    /// Row of its tile; may be empty.
    pub row: String,
}

impl RegionInput {
    fn part(&self, region: i64, end: &str, problems: &mut Vec<Problem>) -> Option<ProgrammeRegion> {
        let side = Side::from_code(&self.side);
        if side.is_none() {
            problems.push(Problem::new(&format!("side{end}"), "missing"));
        }
        let mut place = |name: &str, text: &str| {
            let number = text.trim().parse().ok().filter(|number| (0..=FURTHEST).contains(number));
            if number.is_none() && !text.trim().is_empty() {
                problems.push(Problem::new(&format!("{name}{end}"), "tile"));
            }
            number
        };
        let (col, row) = (place("col", &self.col), place("row", &self.row));
        // Half a place is no place; a wrong number is said once.
        let typed = |text: &str| !text.trim().is_empty();
        if col.is_some() != row.is_some() && typed(&self.col) != typed(&self.row) {
            let empty = if col.is_none() { "col" } else { "row" };
            problems.push(Problem::new(&format!("{empty}{end}"), "tile"));
        }
        Some(ProgrammeRegion { region, side: side?, tile: col.zip(row) })
    }
}

impl App {
    /// The regions of a programme: hosts first, by code.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn setting_regions(&self, actor: &Actor, programme: i64) -> Result<SettingRows<RegionPart>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let mut names: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for (name, region) in store::programme_name_list(&mut tx, programme).await? {
            names.entry(region).or_default().push(name);
        }
        let codes = codes(&mut tx).await?;
        let part = |part: ProgrammeRegion| RegionPart {
            code: codes.get(&part.region).cloned().unwrap_or_default(),
            part,
            names: names.get(&part.region).cloned().unwrap_or_default(),
        };
        let rows = store::programme_region_list(&mut tx, programme).await?.into_iter().map(part).collect();
        let version = store::change_last_of_rows(&mut tx, "programme_region", programme).await?;
        Ok(SettingRows { rows, version })
    }

    /// Saves sides and places of regions that take part. Records get their parties' new sides when they are next edited.
    ///
    /// # Errors
    /// [`Error::Form`] naming the fields: `side_CODE`, `col_CODE`, `row_CODE`.
    pub async fn setting_regions_save(
        &self,
        actor: &Actor,
        programme: i64,
        version: i64,
        rows: &[RegionInput],
    ) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let now = store::programme_region_list(&mut tx, programme).await?;
        let codes: BTreeMap<String, i64> =
            codes(&mut tx).await?.into_iter().map(|(id, of)| (of, id)).collect();
        let (mut sent, mut parts, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for input in rows {
            let id = *codes.get(&input.region).ok_or(Error::NotFound)?;
            let end = format!("_{}", input.region);
            let Some(part) = input.part(id, &end, &mut problems) else { continue };
            let stands = now.iter().find(|of| of.region == id).map(ProgrammeRegion::to_json);
            let (key, field) = (input.region.clone(), format!("side{end}"));
            sent.push(Row { key, field, typed: Some(part.to_json()), now: stands });
            parts.push(part);
        }
        refuse(problems)?;
        let write = changed(&mut tx, "programme_region", programme, version, &sent).await?;
        if write.is_empty() {
            return Ok(());
        }
        let change = change::open(&mut tx, actor, Some(programme), "settings-regions", None).await?;
        for at in write {
            let (part, row) = (&parts[at], &sent[at]);
            row.now.as_ref().ok_or(Error::NotFound)?;
            store::programme_region_set(&mut tx, &change, (part.region, &row.key), Some(part)).await?;
        }
        refuse(crowded(&mut tx, programme).await?)?;
        Ok(tx.commit().await?)
    }

    /// Lets a region of the reference tree take part in a programme.
    ///
    /// # Errors
    /// [`Error::Form`] naming the fields: `region`, `side`, `col`, `row`.
    pub async fn setting_region_add(&self, actor: &Actor, programme: i64, input: &RegionInput) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let region = find(&mut tx, &input.region).await.map_err(|code| match code {
            Ok(code) => Error::Form(vec![Problem::new("region", code)]),
            Err(error) => error,
        })?;
        let mut problems = Vec::new();
        let part = input.part(region.id, "", &mut problems);
        let now = store::programme_region_list(&mut tx, programme).await?;
        if now.iter().any(|of| of.region == region.id) {
            problems.push(Problem::new("region", "taken"));
        }
        if now.iter().any(|of| of.tile.is_some() && of.tile == part.and_then(|part| part.tile)) {
            problems.push(Problem::new("col", "tile-taken"));
        }
        refuse(problems)?;
        let change = change::open(&mut tx, actor, Some(programme), "settings-regions", None).await?;
        store::programme_region_set(&mut tx, &change, (region.id, &region.code), part.as_ref()).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a region out of a programme, with what it is called there.
    ///
    /// # Errors
    /// [`Error::InUse`] while records or figures lie in it.
    pub async fn setting_region_remove(&self, actor: &Actor, programme: i64, code: &str) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let region = taking_part(&mut tx, programme, code).await?;
        refuse_used(&mut tx, programme, region).await?;
        let change = change::open(&mut tx, actor, Some(programme), "settings-regions", None).await?;
        for (name, of) in store::programme_name_list(&mut tx, programme).await? {
            if of == region {
                store::programme_name_set(&mut tx, &change, &name, None).await?;
            }
        }
        store::programme_region_set(&mut tx, &change, (region, code), None).await?;
        Ok(tx.commit().await?)
    }

    /// Makes a word mean a region in this programme.
    ///
    /// # Errors
    /// [`Error::Form`] at `name` or `region`.
    pub async fn setting_name_add(
        &self,
        actor: &Actor,
        programme: i64,
        name: &str,
        code: &str,
    ) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut problems = Vec::new();
        let name = word("name", name, &mut problems);
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let region = taking_part(&mut tx, programme, code).await.ok();
        if region.is_none() {
            problems.push(Problem::new("of", "unknown"));
        }
        if store::programme_name_list(&mut tx, programme).await?.iter().any(|(of, _)| *of == name) {
            problems.push(Problem::new("name", "taken"));
        }
        refuse(problems)?;
        let change = change::open(&mut tx, actor, Some(programme), "settings-names", None).await?;
        store::programme_name_set(&mut tx, &change, &name, region).await?;
        Ok(tx.commit().await?)
    }

    /// Ends that a word means a region in this programme.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it means none.
    pub async fn setting_name_remove(&self, actor: &Actor, programme: i64, name: &str) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        if !store::programme_name_list(&mut tx, programme).await?.iter().any(|(of, _)| of == name) {
            return Err(Error::NotFound);
        }
        let change = change::open(&mut tx, actor, Some(programme), "settings-names", None).await?;
        store::programme_name_set(&mut tx, &change, name, None).await?;
        Ok(tx.commit().await?)
    }
}

async fn codes(tx: &mut Tx) -> Result<BTreeMap<i64, String>> {
    Ok(store::region_list(tx).await?.into_iter().map(|region| (region.id, region.code)).collect())
}

/// The id of a region that takes part.
async fn taking_part(tx: &mut Tx, programme: i64, code: &str) -> Result<i64> {
    let region = store::region_by_code(tx, code).await?.id;
    let mut parts = store::programme_region_list(tx, programme).await?.into_iter();
    parts.find(|of| of.region == region).map(|of| of.region).ok_or(Error::NotFound)
}

/// Refuses a region while records or figures lie in it.
pub(super) async fn refuse_used(tx: &mut Tx, programme: i64, region: i64) -> Result<()> {
    match store::programme_region_use(tx, programme, region).await? {
        (0, 0) => Ok(()),
        (records, figures) => Err(Error::InUse { records, figures }),
    }
}

/// What is wrong where two regions have the same tile.
pub(super) async fn crowded(tx: &mut Tx, programme: i64) -> Result<Vec<Problem>> {
    let codes = codes(tx).await?;
    let mut tiles = BTreeMap::new();
    let mut problems = Vec::new();
    for part in store::programme_region_list(tx, programme).await? {
        let Some(tile) = part.tile else { continue };
        if tiles.insert(tile, part.region).is_some() {
            let code = codes.get(&part.region).map_or("", String::as_str);
            problems.push(Problem::new(&format!("col_{code}"), "tile-taken"));
        }
    }
    Ok(problems)
}

/// The region of the reference tree with this code or exact name, one that still exists before one that does not; else
/// the code of what is wrong.
async fn find(
    tx: &mut Tx,
    text: &str,
) -> std::result::Result<Region, std::result::Result<&'static str, Error>> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Ok("missing"));
    }
    let all = store::region_list(tx).await.map_err(|error| Err(error.into()))?;
    if let Some(region) = all.iter().find(|region| region.code == text) {
        return Ok(region.clone());
    }
    let names = store::region_name_list(tx).await.map_err(|error| Err(error.into()))?;
    let ids: Vec<i64> = names.into_iter().filter(|(name, _)| name == text).map(|(_, id)| id).collect();
    let named: Vec<&Region> = all.iter().filter(|region| ids.contains(&region.id)).collect();
    let valid: Vec<&Region> = named.iter().copied().filter(|region| region.valid_to.is_none()).collect();
    match (if valid.is_empty() { named } else { valid })[..] {
        [region] => Ok(region.clone()),
        [] => Err(Ok("unknown")),
        _ => Err(Ok("ambiguous")),
    }
}
