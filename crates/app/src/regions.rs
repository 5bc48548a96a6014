//! The regions that pages name: every one of the installation, with the side it stands on in a programme. Kept between
//! requests, and loaded apart from the names that texts are read by, which change with every new organisation.

use crate::access::{Actor, Right};
use crate::error::Result;
use crate::{App, KnownRegions};
use domain::region::{RegionId, RegionTree, Side};
use std::collections::HashMap;
use std::sync::Arc;
use store::{ProgrammeRegion, Region, Tx};

/// The regions of an installation as one programme sees them.
#[derive(Debug, Default)]
pub struct Regions {
    all: HashMap<RegionId, Region>,
    by_code: HashMap<String, RegionId>,
    sides: HashMap<RegionId, Side>,
    tree: RegionTree,
    taking_part: Vec<ProgrammeRegion>,
    /// The regions that stand on a side, by code, with what typing may begin with.
    sided: Vec<Sided>,
}

#[derive(Debug)]
struct Sided {
    id: RegionId,
    names: Vec<String>,
    initials: String,
}

impl Regions {
    pub(crate) async fn load(tx: &mut Tx, programme: i64) -> Result<Self> {
        let list = store::region_list(tx).await?;
        let taking_part = store::programme_region_list(tx, programme).await?;
        let tree = RegionTree::new(list.iter().filter_map(|region| Some((region.id, region.parent?))));
        let mut regions = Self {
            by_code: list.iter().map(|region| (region.code.clone(), region.id)).collect(),
            sides: taking_part.iter().map(|region| (region.region, region.side)).collect(),
            tree,
            taking_part,
            ..Self::default()
        };
        let codes: Vec<RegionId> = list.iter().map(|region| region.id).collect();
        regions.all = list.into_iter().map(|region| (region.id, region)).collect();
        let sided = codes.into_iter().filter(|id| regions.side(*id).is_some());
        regions.sided = sided.filter_map(|id| Some(Sided::new(regions.all.get(&id)?))).collect();
        Ok(regions)
    }

    /// The region with this id.
    #[must_use]
    pub fn region(&self, id: RegionId) -> Option<&Region> {
        self.all.get(&id)
    }

    /// The region with this code.
    #[must_use]
    pub fn region_coded(&self, code: &str) -> Option<&Region> {
        self.all.get(self.by_code.get(code)?)
    }

    /// The region on a side of the programme with this code, or the only one there with this name: of those that still exist,
    /// then of all.
    #[must_use]
    pub fn region_named(&self, text: &str) -> Option<&Region> {
        let text = text.trim();
        let named = |all: bool| {
            let found = self.sided.iter().filter(|of| of.names.iter().any(|name| name == text));
            let mut found =
                found.filter_map(|of| self.region(of.id)).filter(|of| all || of.valid_to.is_none());
            found.next().filter(|_| found.next().is_none())
        };
        self.region_coded(text).or_else(|| named(false)).or_else(|| named(true))
    }

    /// Which side a region stands on: its own, or that of the nearest region above it.
    #[must_use]
    pub fn side(&self, region: RegionId) -> Option<Side> {
        let above =
            |region: RegionId| self.tree.ancestors(region).find_map(|id| self.sides.get(&id).copied());
        above(region).or_else(|| above(self.all.get(&region)?.geo_parent?))
    }

    /// The administrative tree.
    #[must_use]
    pub fn tree(&self) -> &RegionTree {
        &self.tree
    }

    /// The regions that take part in the programme: hosts first, by code.
    #[must_use]
    pub fn taking_part(&self) -> &[ProgrammeRegion] {
        &self.taking_part
    }

    /// Every region on a side of the programme, of any depth, by code.
    pub fn sided(&self) -> impl Iterator<Item = &Region> {
        self.sided.iter().filter_map(|of| self.region(of.id))
    }

    /// Regions on a side of the programme whose code, name or pinyin initials begin with the text, then those whose name
    /// holds it; for no text those that take part.
    #[must_use]
    pub fn suggest(&self, text: &str, limit: usize) -> Vec<&Region> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            let shown = self.taking_part.iter().take(limit);
            return shown.filter_map(|of| self.region(of.region)).collect();
        }
        let begins = |of: &&Sided| {
            of.initials.starts_with(&text)
                || of.names.iter().any(|name| name.to_lowercase().starts_with(&text))
        };
        let holds =
            |of: &&Sided| !begins(of) && of.names.iter().any(|name| name.to_lowercase().contains(&text));
        let found = self.sided.iter().filter(begins).chain(self.sided.iter().filter(holds));
        found.take(limit).filter_map(|of| self.region(of.id)).collect()
    }
}

impl Sided {
    fn new(region: &Region) -> Self {
        let names =
            [Some(&region.code), Some(&region.name_zh), region.short_zh.as_ref(), region.name_en.as_ref()];
        Self {
            id: region.id,
            names: names.into_iter().flatten().cloned().collect(),
            initials: store::initials(&region.name_zh),
        }
    }
}

impl App {
    /// The regions of the installation as a programme sees them.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for a programme that is not open to the actor.
    pub async fn regions(&self, actor: &Actor, programme: i64) -> Result<Arc<Regions>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        known(&self.regions, &mut tx, programme).await
    }
}

/// The regions that are kept, or those that stand now where one was written since.
pub(crate) async fn known(kept: &KnownRegions, tx: &mut Tx, programme: i64) -> Result<Arc<Regions>> {
    let version = store::region_version(tx).await?;
    if let Some((of, regions)) = kept.lock().await.get(&programme)
        && *of == version
    {
        return Ok(regions.clone());
    }
    let regions = Arc::new(Regions::load(tx, programme).await?);
    kept.lock().await.insert(programme, (version, regions.clone()));
    Ok(regions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(id: RegionId, valid_to: Option<&str>) -> Region {
        Region {
            id,
            code: format!("X{id}"),
            kind: "county".into(),
            name_zh: "甲县".into(),
            short_zh: None,
            name_en: None,
            parent: None,
            geo_parent: None,
            valid_from: None,
            valid_to: valid_to.map(str::to_owned),
        }
    }

    fn of(all: Vec<Region>) -> Regions {
        Regions {
            sided: all.iter().map(Sided::new).collect(),
            all: all.into_iter().map(|region| (region.id, region)).collect(),
            ..Regions::default()
        }
    }

    #[test]
    fn a_name_is_that_of_the_region_that_still_exists() {
        let named = |all| of(all).region_named("甲县").map(|region| region.id);
        assert_eq!(named(vec![region(1, Some("2015")), region(2, None)]), Some(2));
        assert_eq!(named(vec![region(1, Some("2015"))]), Some(1));
        assert_eq!(named(vec![region(1, None), region(2, None)]), None);
        assert_eq!(named(vec![region(1, Some("2015")), region(2, Some("2019"))]), None);
    }
}
