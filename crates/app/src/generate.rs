//! An invented programme of any size, for trying things out and for measuring. The same plan makes the same database; its
//! regions are those of the invented example, so that no real place gets a figure, and every record says that it is
//! generated. Mistakes are part of it, since real registers have them.

mod agreements;
mod aid;
mod derive;
mod library;
mod load;
mod names;
mod projects;
mod random;
mod registers;
mod rounds;
mod world;

pub use load::{Generated, Progress};
pub use world::{Mistake, Plan};

use crate::App;
use crate::access::{Actor, Right};
use crate::change;
use crate::error::{Error, Result};
use crate::example::{ProgrammeFile, insert_regions};
use domain::region::{RegionTree, Side};
use jiff::Timestamp;
use std::collections::HashMap;
use store::{Change, FigureFilter, Programme, ProgrammeRegion, Reach, RecordKind, Tx};
use world::{Place, World};

/// The ground of the world: texts of an example's `regions.tsv` and `programme.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// Regions.
    pub regions: &'a str,
    /// The programme, of which the sides of its regions are taken.
    pub programme: &'a str,
}

impl App {
    /// Generates a programme: the one with this code, or `generated-` and the seed.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep the installation; [`Error::Conflict`] when the programme holds anything;
    /// [`Error::Example`] when the ground cannot be read or has no host or no supporting region.
    pub async fn generate(
        &self,
        actor: &Actor,
        plan: Plan,
        code: Option<&str>,
        ground: Ground<'_>,
        progress: Progress<'_>,
    ) -> Result<Generated> {
        actor.require_everywhere(Right::Operate)?;
        let actor = Actor { at: moment(), source: "generate", ..actor.clone() };
        let code = code.map_or_else(|| format!("generated-{}", plan.seed), str::to_owned);
        let file: ProgrammeFile = toml::from_str(ground.programme).map_err(|error| problem(&error))?;
        let mut tx = self.db.write().await?;
        let opened = change::open(&mut tx, &actor, None, "generate", None).await?;
        insert_regions(&mut tx, &opened, ground.regions, "regions.tsv").await?;
        let programme = programme(&mut tx, &opened, &code).await?;
        let change = change::open(&mut tx, &actor, Some(programme), "generate", None).await?;
        let places = places(&mut tx, &change, programme, &file, ground.regions).await?;
        tx.commit().await?;
        let world = World::new(plan, places).ok_or_else(|| problem(&"no host or no supporting region"))?;
        let generated = load::Loader::new(self, &actor, (programme, &code), world).run(progress).await?;
        let mut tx = self.db.write().await?;
        store::statistics_gather(&mut tx).await?;
        tx.commit().await?;
        self.refresh_totals(programme).await?;
        Ok(Generated { code, ..generated })
    }
}

/// The instant of everything generated: after the last day of the world, so that two runs are the same.
fn moment() -> Timestamp {
    Timestamp::from_second(1_793_491_200).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn problem(problem: &dyn std::fmt::Display) -> Error {
    Error::Example { file: "programme.toml".into(), problem: problem.to_string() }
}

/// A new programme, or a known one that is empty.
async fn programme(tx: &mut Tx, change: &Change, code: &str) -> Result<i64> {
    if let Ok(known) = store::programme_by_code(tx, code).await {
        let reach = Reach::everything();
        let mut held = store::document_count(tx, known.id, &reach).await?;
        held += store::figure_count(tx, known.id, &FigureFilter { reach, ..FigureFilter::default() }).await?;
        for kind in RecordKind::described() {
            held += store::entry_count(tx, known.id, kind).await?;
        }
        return if held == 0 { Ok(known.id) } else { Err(Error::Conflict) };
    }
    let new = Programme {
        id: 0,
        code: code.to_owned(),
        name_zh: format!("生成数据 {code}"),
        name_en: format!("Generated data {code}"),
        time_zone: "Asia/Shanghai".into(),
        has_labels: false,
    };
    Ok(store::programme_insert(tx, change, &new).await?)
}

/// The regions of the ground with their sides; provinces and other regions with a part of their own side below them take
/// part, but nothing is placed in them.
async fn places(
    tx: &mut Tx,
    change: &Change,
    programme: i64,
    file: &ProgrammeFile,
    text: &str,
) -> Result<Vec<Place>> {
    let all = store::region_list(tx).await?;
    let by_code: HashMap<&str, i64> = all.iter().map(|region| (region.code.as_str(), region.id)).collect();
    let known: Vec<_> =
        store::programme_region_list(tx, programme).await?.iter().map(|side| side.region).collect();
    let mut sides = HashMap::new();
    for row in &file.side {
        let region = *by_code.get(row.region.as_str()).ok_or_else(|| problem(&row.region))?;
        let side = Side::from_code(&row.side).ok_or_else(|| problem(&row.side))?;
        sides.insert(region, side);
        if !known.contains(&region) {
            let new = ProgrammeRegion { region, side, tile: row.tile };
            store::programme_region_insert(tx, change, programme, &new).await?;
        }
    }
    let tree = RegionTree::new(all.iter().filter_map(|region| Some((region.id, region.parent?))));
    let codes: Vec<&str> = text.lines().filter_map(|line| line.split('\t').next()).collect();
    let of_ground = all.iter().filter(|region| codes.contains(&region.code.as_str()));
    Ok(of_ground
        .filter(|region| {
            !all.iter().any(|below| below.parent == Some(region.id)) || tree.depth(region.id) > 0
        })
        .filter_map(|region| {
            let side = tree.ancestors(region.id).find_map(|id| sides.get(&id).copied())?;
            let name = region.short_zh.clone().unwrap_or_else(|| region.name_zh.clone());
            let name_en = region.name_en.clone().unwrap_or_else(|| name.clone());
            Some(Place { id: region.id, name, name_en, side })
        })
        .collect())
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_loaded;
