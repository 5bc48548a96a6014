//! The reference of the kept counts and sums of projects: one project after the other, by the definitions of `domain`.

use crate::App;
use crate::access::{Actor, Right};
use crate::error::Result;
use crate::setting::stage_list;
use domain::RecordKind;
use domain::figure::{Figure, Grain};
use domain::region::RegionTree;
use domain::stage::{Milestone, furthest, is_aside};
use domain::tally::{Scope, Sum, join, tally};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Entry, Reach, Stage, TallyGroup, Tx};

/// Year of signing, stage, furthest milestone.
type Key = (Option<i16>, String, Option<Milestone>);

/// How many projects, and their sums, of one region (0 is the programme).
#[derive(Debug, Default, PartialEq)]
struct Standing {
    counts: BTreeMap<Key, i64>,
    sums: BTreeMap<(Key, TallyGroup), Sum>,
}

impl App {
    /// Counts the projects of a programme and of each of its regions anew, one by one, and names the regions where the kept
    /// counts or sums differ; 0 is the programme.
    ///
    /// # Errors
    /// When the database fails or a sum overflows.
    pub async fn verify_projects(&self, actor: &Actor, programme: i64) -> Result<Vec<i64>> {
        actor.require(programme, Right::ViewTotal)?;
        self.refresh_totals(programme).await?;
        let mut tx = self.db.read().await?;
        let mut reference = reference(&mut tx, programme).await?;
        let regions = store::programme_region_list(&mut tx, programme).await?;
        let mut wrong = Vec::new();
        let all: BTreeSet<i64> =
            reference.keys().copied().chain(regions.iter().map(|of| of.region)).chain([0]).collect();
        for region in all {
            let scope = Some(region).filter(|region| *region != 0);
            let everything = Reach::everything();
            let kept = store::project_counts(&mut tx, programme, &everything, scope, (true, true)).await?;
            let mut standing = Standing::default();
            for of in kept.counts {
                *standing.counts.entry((of.year, of.stage, of.reached)).or_default() += of.projects;
            }
            let mut sums: BTreeMap<_, Vec<Sum>> = BTreeMap::new();
            for of in kept.sums {
                let key = ((of.of.year, of.of.stage, of.of.reached), of.group);
                sums.entry(key).or_default().push(of.sum);
            }
            standing.sums = joined(sums)?;
            if standing != reference.remove(&region).unwrap_or_default() {
                wrong.push(region);
            }
        }
        Ok(wrong)
    }
}

fn joined<K: Ord>(sums: BTreeMap<K, Vec<Sum>>) -> store::Result<BTreeMap<K, Sum>> {
    sums.into_iter().map(|(key, sums)| Ok((key, join(sums)?))).collect()
}

async fn reference(tx: &mut Tx, programme: i64) -> Result<BTreeMap<i64, Standing>> {
    let entries = store::entry_all(tx, programme, RecordKind::Project, i64::MAX).await?;
    let ids: Vec<i64> = entries.iter().map(|entry| entry.record.id).collect();
    let parties = store::party_region_list_of(tx, &ids).await?;
    let stages = stage_list(tx, programme).await?;
    let pairs = store::region_list(tx).await?;
    let tree = RegionTree::new(pairs.iter().filter_map(|region| Some((region.id, region.parent?))));
    let figures = figures(tx, programme).await?;
    let mut standings: BTreeMap<i64, Standing> = BTreeMap::new();
    let mut sums: BTreeMap<i64, BTreeMap<(Key, TallyGroup), Vec<Sum>>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.id("parent").is_none()) {
        let id = entry.record.id;
        let year = entry.day("signed_on").map(|day| day.year());
        let stage = entry.text("stage").unwrap_or_default().to_owned();
        let key = (year, stage, reached(tx, entry, &stages).await?);
        let regions = parties.get(&id).into_iter().flatten();
        let mut places: BTreeSet<i64> = regions.flat_map(|region| tree.ancestors(*region)).collect();
        places.insert(0);
        let phases: Vec<i64> = entries
            .iter()
            .filter(|phase| phase.id("parent") == Some(id))
            .map(|phase| phase.record.id)
            .collect();
        for place in places {
            *standings.entry(place).or_default().counts.entry(key.clone()).or_default() += 1;
            for (group, all) in &figures {
                if let Some(sum) = money(all, id, &phases)? {
                    let of = sums.entry(place).or_default().entry((key.clone(), *group)).or_default();
                    of.push(Sum { count: 1, ..sum });
                }
            }
        }
    }
    for (place, sums) in sums {
        standings.entry(place).or_default().sums = joined(sums)?;
    }
    Ok(standings)
}

/// The figures of the money that is kept, by the record they are entries of.
async fn figures(tx: &mut Tx, programme: i64) -> Result<HashMap<TallyGroup, HashMap<i64, Vec<Figure>>>> {
    let mut figures: HashMap<TallyGroup, HashMap<i64, Vec<Figure>>> = HashMap::new();
    for total in store::tally_list(tx, programme, None).await? {
        let group = total.group;
        if !store::PROJECT_MEASURES.contains(&group.measure) {
            continue;
        }
        for figure in store::tally_open(tx, programme, group, Scope::Programme).await?.1 {
            if let Some(subject) = figure.subject.filter(|_| figure.grain == Grain::Item) {
                figures.entry(group).or_default().entry(subject).or_default().push(figure);
            }
        }
    }
    Ok(figures)
}

/// What the figures of a whole come to; those of its phases where it has none that count.
fn money(figures: &HashMap<i64, Vec<Figure>>, whole: i64, phases: &[i64]) -> store::Result<Option<Sum>> {
    let none = RegionTree::new([]);
    let of = |subjects: &[i64]| {
        let figures = subjects.iter().filter_map(|id| figures.get(id)).flatten();
        tally(&figures.cloned().collect::<Vec<_>>(), &[], &none, Scope::Programme)
    };
    let own = of(&[whole])?.total;
    let sum = if own.count > 0 { own } else { of(phases)?.total };
    Ok((sum.count > 0).then_some(sum))
}

async fn reached(tx: &mut Tx, entry: &Entry, stages: &[Stage]) -> Result<Option<Milestone>> {
    let way = |code: &str| {
        let stage = stages.iter().find(|stage| stage.code == code);
        stage.map(|stage| stage.milestone).filter(|milestone| !is_aside(*milestone))
    };
    if let Some(milestone) = entry.text("stage").and_then(way) {
        return Ok(Some(milestone));
    }
    let log = store::record_status_list(tx, entry.record.id).await?;
    let last = log.iter().rev().find_map(|of| way(&of.status));
    let days = ["signed_on", "started_on", "completed_on", "production_on", "capacity_on"];
    Ok(last.or_else(|| furthest(days.map(|day| entry.day(day).is_some()))))
}
