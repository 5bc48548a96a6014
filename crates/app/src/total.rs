//! Totals: the overview, one total opened, and the checks between stated numbers.

use crate::App;
use crate::access::{Actor, Right};
use crate::claim::effective;
use crate::error::{Error, Result};
use domain::check::{Verdict, verdict};
use domain::figure::{Coverage, FigureId};
use domain::region::RegionId;
use domain::tally::{Reason, Scope, Tally};
use domain::{Measure, Quantity};
use std::collections::{BTreeSet, HashMap};
use store::{Claim, FigureRow, ProgrammeRegion, TallyGroup, TallyTotal, Tx};

/// Everything the overview shows, as of one moment.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Totals of the whole programme.
    pub totals: Vec<TallyTotal>,
    /// For each measure asked for: the totals of the regions that have any.
    pub by_region: Vec<(Measure, Vec<TallyTotal>)>,
    /// The regions that take part, with their tiles.
    pub regions: Vec<ProgrammeRegion>,
    /// Pairs (supporting, host) of the programme.
    pub pairings: Vec<(RegionId, RegionId)>,
    /// The newest open claims.
    pub open_claims: Vec<Claim>,
    /// How many claims are open.
    pub open_count: i64,
    /// How many documents the programme holds.
    pub document_count: i64,
    /// The checks.
    pub checks: Vec<Check>,
}

/// A stated total beside its stated parts.
#[derive(Debug, Clone)]
pub struct Check {
    /// The claim that states the total.
    pub whole: Claim,
    /// The claims that state the parts.
    pub parts: Vec<Claim>,
    /// The total's value.
    pub quantity: Quantity,
    /// The parts' values.
    pub quantities: Vec<Quantity>,
    /// What comparing them shows.
    pub verdict: Verdict,
}

/// How many figures of each list an opened total has lines for; the list of figures shows the rest.
const SHOWN: usize = 500;
/// Totals that were written to while they were reckoned are reckoned again so often, before writers wait for it.
const TRIES: usize = 3;

/// One total opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The total, what it counted and what it left out.
    pub tally: Tally,
    /// Lines for the first figures counted and left out, and for those that reasons point to.
    pub rows: HashMap<FigureId, FigureRow>,
    /// Where a figure left out is counted with the agreement that follows its own: that one's code, where it is open to who
    /// asks, and whether it is a renewal.
    pub carried_on: HashMap<FigureId, (Option<String>, bool)>,
    /// How many of these that are counted are not open to who asks.
    pub hidden_counted: usize,
    /// How many of these that are left out are not open to who asks.
    pub hidden_left_out: usize,
}

impl App {
    /// The overview, with totals by region for these measures.
    ///
    /// # Errors
    /// When the database fails or a sum overflows.
    pub async fn overview(&self, actor: &Actor, programme: i64, measures: &[Measure]) -> Result<Overview> {
        actor.require(programme, Right::ViewTotal)?;
        self.refresh_totals(programme).await?;
        let mut tx = self.db.read().await?;
        let claims = actor.reach_for(programme, Right::ViewClaim);
        let mut by_region = Vec::new();
        for &measure in measures {
            by_region.push((measure, store::tally_list_by_region(&mut tx, programme, measure).await?));
        }
        Ok(Overview {
            totals: store::tally_list(&mut tx, programme, None).await?,
            by_region,
            regions: store::programme_region_list(&mut tx, programme).await?,
            pairings: pairings(&mut tx, programme).await?,
            open_claims: store::claim_list_open(&mut tx, programme, &claims, None, 5).await?,
            open_count: store::claim_count_open(&mut tx, programme, &claims).await?,
            document_count: store::document_count(&mut tx, programme, &actor.reach(programme)).await?,
            checks: checks(&mut tx, actor, programme).await?,
        })
    }

    /// Counts the totals of a programme that are out of date; whoever asks meanwhile waits for the same rows.
    pub(crate) async fn refresh_totals(&self, programme: i64) -> Result<()> {
        // Reckoned beside those who write, and kept if none of them touched it; after some tries they wait.
        let mut misses = 0;
        while misses < TRIES {
            let mut tx = self.db.read().await?;
            let Some(reckoned) = store::tally_reckon(&mut tx, programme).await? else { break };
            drop(tx);
            let mut tx = self.db.write().await?;
            misses += usize::from(!store::tally_keep(&mut tx, reckoned).await?);
            tx.commit().await?;
        }
        if misses == TRIES {
            let mut tx = self.db.write().await?;
            store::tally_refresh(&mut tx, programme).await?;
            tx.commit().await?;
        }
        self.refresh_projects(programme).await?;
        self.refresh_aid(programme).await
    }

    /// One total opened to the figures it counted and left out.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a measure that cannot be added; when the database fails or the sum overflows.
    pub async fn total_open(
        &self,
        actor: &Actor,
        programme: i64,
        group: TallyGroup,
        scope: Scope,
    ) -> Result<Opened> {
        actor.require(programme, Right::ViewTotal)?;
        if !group.measure.is_additive() {
            return Err(Error::Invalid { field: "measure", problem: "unknown" });
        }
        let mut tx = self.db.read().await?;
        let (tally, _) = store::tally_open(&mut tx, programme, group, scope).await?;
        let counted = tally.counted.iter().take(SHOWN);
        let left_out = tally.left_out.iter().take(SHOWN).flat_map(|(id, reason)| [Some(*id), reason.other()]);
        let ids: BTreeSet<_> = counted.copied().chain(left_out.flatten()).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let rows = store::figure_rows(&mut tx, programme, &ids, &actor.reach(programme)).await?;
        let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.figure.id, row)).collect();
        let hidden = |id: &&FigureId| !rows.contains_key(id);
        let hidden_counted = tally.counted.iter().take(SHOWN).filter(hidden).count();
        let left_out = tally.left_out.iter().take(SHOWN).map(|(id, _)| id);
        let hidden_left_out = left_out.filter(hidden).count();
        let carried_on = carried_on(&mut tx, actor, programme, &tally).await?;
        Ok(Opened { tally, rows, carried_on, hidden_counted, hidden_left_out })
    }

    /// The checks of a programme. Those that do not agree are shown to the office only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_list(&self, actor: &Actor, programme: i64) -> Result<Vec<Check>> {
        actor.require(programme, Right::ViewClaim)?;
        let mut tx = self.db.read().await?;
        checks(&mut tx, actor, programme).await
    }
}

async fn carried_on(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    tally: &Tally,
) -> Result<HashMap<FigureId, (Option<String>, bool)>> {
    let replaced = tally.left_out.iter().take(SHOWN).filter(|(_, why)| *why == Reason::Replaced);
    let replaced: Vec<FigureId> = replaced.map(|(id, _)| *id).collect();
    let found = store::figure_carried_on(tx, &replaced).await?;
    let agreements: Vec<i64> = found.iter().map(|of| of.agreement).collect();
    let open = store::record_list_of(tx, &agreements, &actor.reach(programme)).await?;
    let code = |id: i64| open.iter().find(|record| record.id == id).map(|record| record.code.clone());
    Ok(found.into_iter().map(|of| (of.figure, (code(of.agreement), of.renewal))).collect())
}

async fn pairings(tx: &mut Tx, programme: i64) -> Result<Vec<(RegionId, RegionId)>> {
    let entries = store::entry_all(tx, programme, store::RecordKind::Pairing, 2_000).await?;
    Ok(entries.into_iter().filter_map(|entry| entry.id("supporting").zip(entry.id("host"))).collect())
}

async fn checks(tx: &mut Tx, actor: &Actor, programme: i64) -> Result<Vec<Check>> {
    let with_disagreement = actor.may(programme, Right::ViewDisagreement);
    let relations = store::relation_list(tx, programme).await?;
    let reach = actor.reach_for(programme, Right::ViewClaim);
    let claims = store::relation_claim_list(tx, programme, &reach).await?;
    let claims: HashMap<i64, Claim> = claims.into_iter().map(|claim| (claim.id, claim)).collect();
    let mut checks = Vec::new();
    for relation in relations {
        let Some(whole) = claims.get(&relation.whole) else { continue };
        let parts: Vec<_> = relation.parts.iter().filter_map(|id| claims.get(id)).cloned().collect();
        let Some(check) = check(whole.clone(), parts, relation.coverage)? else { continue };
        if with_disagreement || !matches!(check.verdict, Verdict::NotAgreeing { .. }) {
            checks.push(check);
        }
    }
    Ok(checks)
}

/// None where a value does not fit into a figure or the units differ: such numbers cannot be compared.
fn check(whole: Claim, parts: Vec<Claim>, coverage: Coverage) -> Result<Option<Check>> {
    let quantity_of = |claim: &Claim| -> Result<Option<Quantity>> {
        let reading = effective(claim)?;
        let value_max = reading.value_max.as_deref();
        Ok(crate::claim::quantity(&reading.value, value_max, &reading.unit, reading.approx).ok())
    };
    let Some(quantity) = quantity_of(&whole)? else { return Ok(None) };
    let quantities: Option<Vec<Quantity>> = parts.iter().map(quantity_of).collect::<Result<_>>()?;
    let Some(quantities) = quantities else { return Ok(None) };
    let verdict = verdict(quantity, &quantities, coverage);
    Ok(verdict.map(|verdict| Check { whole, parts, quantity, quantities, verdict }))
}

impl App {
    /// Counts every kept total anew by the reference definition, for the programme, for every region that takes part
    /// and between those that are paired, and names those that differ: `measure/unit/kind`.
    ///
    /// # Errors
    /// When the database fails or a sum overflows.
    pub async fn verify_totals(&self, actor: &Actor, programme: i64) -> Result<Vec<String>> {
        actor.require(programme, Right::ViewTotal)?;
        self.refresh_totals(programme).await?;
        let mut tx = self.db.read().await?;
        let mut wrong = Vec::new();
        let regions = store::programme_region_list(&mut tx, programme).await?;
        for region in regions.iter().map(|region| Some(region.region)).chain([None]) {
            let scope = region.map_or(Scope::Programme, Scope::Host);
            let name = region.map(|region| format!("@{region}")).unwrap_or_default();
            let kept = store::tally_list(&mut tx, programme, region).await?;
            wrong.extend(differing(&mut tx, programme, kept, (scope, &name)).await?);
        }
        for (supporting, host) in pairings(&mut tx, programme).await? {
            let kept = store::tally_list_of_pair(&mut tx, programme, host, supporting).await?;
            let (scope, name) = (Scope::Pair { host, supporting }, format!("@{supporting}-{host}"));
            wrong.extend(differing(&mut tx, programme, kept, (scope, &name)).await?);
        }
        Ok(wrong)
    }
}

/// The names of those of these kept totals that the reference definition counts otherwise.
async fn differing(
    tx: &mut Tx,
    programme: i64,
    kept: Vec<TallyTotal>,
    (scope, at): (Scope, &str),
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for kept in kept {
        let group = kept.group;
        let (tally, _) = store::tally_open(tx, programme, group, scope).await?;
        let stated = tally.stated.map(|sum| (sum.low, sum.approx));
        let left_out = i64::try_from(tally.left_out.len()).unwrap_or(i64::MAX);
        if (tally.total, left_out, stated) != (kept.sum, kept.left_out, kept.stated) {
            let name = [group.measure.code(), group.unit.code(), group.kind.code()].join("/");
            wrong.push(name + at);
        }
    }
    Ok(wrong)
}
