//! What the names in a text mean in a programme: regions with their side, organisations, parks, events, offices.

use crate::error::Result;
use crate::regions::Regions;
use domain::region::{RegionId, Side};
use reading::{NameKind, Reader};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::{RecordKind, Tx};

/// Between the members of a list of places.
const SEPARATORS: &[char] = &['、', ',', '，', '和', '与', '及'];
/// Endings that follow a region's name or short name in the name of a group of its firms or people.
const GROUP_ENDINGS: &[&str] = &["企", "企业", "民企", "商", "客商", "籍企业", "省属企业", "代表团"];
/// The kinds of records that texts name.
const NAMED: &[RecordKind] =
    &[RecordKind::Office, RecordKind::Organisation, RecordKind::Park, RecordKind::Event];
/// More names of a kind than this are not looked for in texts.
const MAX_NAMES: i64 = 100_000;

/// What is to be known of a named record: an office stands for the region it was sent by.
#[derive(Debug, Clone, Copy)]
struct Known {
    region: Option<i64>,
    is_government: bool,
}

/// The names of one programme, ready for reading and for resolving what was read.
pub struct Names {
    /// Knows the programme's own names.
    pub reader: Reader,
    regions: Arc<Regions>,
    by_name: HashMap<String, Vec<RegionId>>,
    records: HashMap<String, (RecordKind, i64)>,
    entries: HashMap<i64, Known>,
}

/// What the words around a number stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Host regions.
    pub hosts: Vec<RegionId>,
    /// Supporting regions.
    pub supporters: Vec<RegionId>,
    /// Organisation record.
    pub organisation: Option<i64>,
    /// Event record.
    pub event: Option<i64>,
    /// Words that name nothing known in the programme: place, organisation, event. Two figures that share such words may
    /// still speak of the same thing; two that differ in them do not.
    pub unknown: [Option<String>; 3],
}

impl Names {
    /// Loads the names of a programme.
    pub(crate) async fn load(tx: &mut Tx, programme: i64, regions: Arc<Regions>) -> Result<Self> {
        let mut by_name: HashMap<String, Vec<RegionId>> = HashMap::new();
        for (name, region) in store::region_name_list(tx).await? {
            by_name.entry(name).or_default().push(region);
        }
        for (name, region) in store::programme_name_list(tx, programme).await? {
            by_name.insert(name, vec![region]);
        }
        let mut records = HashMap::new();
        let mut entries = HashMap::new();
        for &kind in NAMED {
            for entry in store::entry_all(tx, programme, kind, MAX_NAMES).await? {
                let place = if kind == RecordKind::Office { "for_region" } else { "region" };
                let known = Known {
                    region: entry.id(place),
                    is_government: entry.text("kind") == Some("government"),
                };
                records.entry(entry.record.title.clone()).or_insert((kind, entry.record.id));
                entries.insert(entry.record.id, known);
            }
            for (name, id) in store::record_name_all(tx, programme, kind).await? {
                records.entry(name).or_insert((kind, id));
            }
        }
        let mut names = Self { reader: Reader::new(), regions, by_name, records, entries };
        names.reader = names.build_reader();
        Ok(names)
    }

    fn build_reader(&self) -> Reader {
        // A single character means a region only inside longer words, which resolving sees to; a country's name stands in
        // many set phrases.
        let is_country =
            |id: &RegionId| self.regions.region(*id).is_some_and(|region| region.kind == "country");
        let regions =
            self.by_name.iter().filter(|(name, of)| name.chars().count() > 1 && !of.iter().all(is_country));
        let regions = regions.map(|(name, _)| (name.as_str(), NameKind::Region));
        // A government's name begins with its place, which is what a number beside it holds for.
        let is_government = |id: &i64| self.entries.get(id).is_some_and(|known| known.is_government);
        let records = self.records.iter().filter_map(|(name, (kind, id))| {
            let kind = match kind {
                RecordKind::Organisation if is_government(id) => return None,
                RecordKind::Organisation => NameKind::Organisation,
                RecordKind::Park => NameKind::Park,
                RecordKind::Event => NameKind::Event,
                RecordKind::Office => NameKind::Office,
                _ => return None,
            };
            Some((name.as_str(), kind))
        });
        Reader::with_names(regions.chain(records))
    }

    /// Which side a region stands on: its own, or that of the nearest region above it.
    #[must_use]
    pub fn side(&self, region: RegionId) -> Option<Side> {
        self.regions.side(region)
    }

    /// What the words around a number stand for in this programme.
    #[must_use]
    pub fn resolve(&self, place: Option<&str>, organisation: Option<&str>, event: Option<&str>) -> Resolved {
        let mut found = Resolved::default();
        let mut regions: BTreeSet<RegionId> = BTreeSet::new();
        if let Some(place) = place {
            regions.extend(self.regions_named(place));
        }
        found.unknown[0] = place.filter(|_| regions.is_empty()).map(str::to_owned);
        if let Some(name) = organisation {
            let known = self.resolve_organisation(name, &mut found, &mut regions);
            found.unknown[1] = (!known).then(|| name.to_owned());
        }
        let record = event.and_then(|name| self.records.get(name.trim()));
        found.event = record.filter(|(kind, _)| *kind == RecordKind::Event).map(|(_, id)| *id);
        found.unknown[2] = event.filter(|_| found.event.is_none()).map(str::to_owned);
        for region in regions {
            match self.side(region) {
                Some(Side::Host) => found.hosts.push(region),
                Some(Side::Supporting) => found.supporters.push(region),
                None => {}
            }
        }
        found
    }

    /// Says whether the words name something exactly: a record, a region, or the firms of a region.
    fn resolve_organisation(
        &self,
        name: &str,
        found: &mut Resolved,
        regions: &mut BTreeSet<RegionId>,
    ) -> bool {
        let record = self.records.get(name.trim());
        let known = record.and_then(|(_, id)| self.entries.get(id));
        let region = match record {
            Some((RecordKind::Organisation, id)) => {
                found.organisation = Some(*id);
                known.and_then(|known| known.region)
            }
            Some((RecordKind::Office, _)) => known.and_then(|known| known.region),
            _ => None,
        };
        let exact = self.region_or_group_named(name.trim());
        let named = || self.regions_named(name).into_iter().collect::<Vec<_>>();
        let of_name = region.map_or_else(named, |region| vec![region]);
        // Where the firm is from says who supports; where it works is what the place says.
        regions.extend(of_name.into_iter().filter(|&region| self.side(region) == Some(Side::Supporting)));
        known.is_some() || exact.is_some()
    }

    /// The regions that a place's words name: one, a list, or the one a longer name begins with.
    fn regions_named(&self, words: &str) -> BTreeSet<RegionId> {
        let words = words.trim();
        if let Some(region) = self.region_named(words) {
            return [region].into();
        }
        let parts: Vec<_> = words.split(SEPARATORS).filter(|part| !part.is_empty()).collect();
        if parts.len() > 1 {
            return parts.into_iter().flat_map(|part| self.regions_named(part)).collect();
        }
        if let Some((RecordKind::Park, id)) = self.records.get(words)
            && let Some(region) = self.entries.get(id).and_then(|entry| entry.region)
        {
            return [region].into();
        }
        self.region_or_group_named(words).or_else(|| self.longest_prefix(words)).into_iter().collect()
    }

    /// The region of this name, or the one whose firms or people it names: 湘企.
    fn region_or_group_named(&self, words: &str) -> Option<RegionId> {
        let stem = || GROUP_ENDINGS.iter().find_map(|ending| words.strip_suffix(ending));
        self.region_named(words).or_else(|| self.region_named(stem()?))
    }

    fn longest_prefix(&self, words: &str) -> Option<RegionId> {
        let ends: Vec<usize> = words.char_indices().map(|(at, _)| at).skip(2).collect();
        ends.into_iter().rev().find_map(|end| self.region_named(&words[..end]))
    }

    /// The region of this name: one that still exists, in the programme before elsewhere; unknown when several fit.
    fn region_named(&self, name: &str) -> Option<RegionId> {
        let candidates = self.by_name.get(name)?;
        let valid: Vec<_> = candidates
            .iter()
            .copied()
            .filter(|id| self.regions.region(*id).is_some_and(|region| region.valid_to.is_none()))
            .collect();
        let pool = if valid.is_empty() { candidates.clone() } else { valid };
        let on =
            |side| pool.iter().copied().filter(move |&id| self.side(id) == Some(side)).collect::<Vec<_>>();
        let one = |list: Vec<RegionId>| if let [only] = list[..] { Some(only) } else { None };
        one(on(Side::Host)).or_else(|| one(on(Side::Supporting))).or_else(|| one(pool))
    }
}
