//! The ledger of aid money (援助资金台账): a line a project, totals, rates, and the shares to keep. Every sum is the tally's.

use crate::App;
use crate::access::{Actor, Right, open};
use crate::entry::{EntryPage, RecordNames, names_of};
use crate::error::{Error, Result};
use crate::project::naming;
use domain::RecordKind;
use domain::aid::{AidStep, Kept, kept};
use domain::tally::{Sum, join};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    AidBy, AidShare, AidStanding, AidStarts, AidSum, Condition, Cursor, Entry, FigureRow, ListFilter, Reach,
    Sort,
};

/// Sums by step.
pub type AidSums = BTreeMap<AidStep, Sum>;

/// A page of the ledger.
#[derive(Debug, Clone)]
pub struct AidLedger {
    /// The projects of the page.
    pub page: EntryPage,
    /// What each of them adds up to.
    pub sums: HashMap<i64, AidSums>,
    /// What all that the filter leaves add up to.
    pub totals: AidSums,
    /// How many were planned, and have started.
    pub starts: AidStarts,
    /// The shares to keep, as they stand.
    pub shares: Vec<AidShareStanding>,
}

/// A share to keep, as it stands.
#[derive(Debug, Clone)]
pub struct AidShareStanding {
    /// The rule.
    pub rule: AidShare,
    /// In fen, what goes where the rule says; none where nothing does.
    pub part: i64,
    /// What goes to projects of which that is not known.
    pub unknown: i64,
    /// All of it.
    pub whole: i64,
    /// The share and what is missing.
    pub kept: Kept,
}

/// The money of one project.
#[derive(Debug, Clone)]
pub struct AidMoney {
    /// By year, the first first; none for the five-year plan and for what is not dated.
    pub years: BTreeMap<Option<i16>, AidSums>,
    /// Of all years.
    pub totals: AidSums,
    /// Its contracts, each with what was paid on it.
    pub contracts: Vec<(Entry, AidSums)>,
    /// The records that the contracts name.
    pub names: RecordNames,
}

impl App {
    /// A page of the ledger: the projects that a filter leaves, of all years or of one.
    ///
    /// # Errors
    /// As [`App::entry_list`]. Sums are of what the actor sees.
    pub async fn aid_ledger(
        &self,
        actor: &Actor,
        programme: i64,
        (filter, sort, year): (ListFilter, Sort, Option<i16>),
        (after, limit): (Option<&Cursor>, i64),
    ) -> Result<AidLedger> {
        actor.require(programme, Right::View)?;
        self.refresh_aid(programme).await?;
        let filter = of_year(filter, year);
        let page = self.entry_list(actor, programme, filter.clone(), sort, after, limit).await?;
        let filter = ListFilter { reach: actor.reach(programme), ..filter };
        let mut tx = self.db.read().await?;
        let ids: Vec<i64> = page.entries.iter().map(|entry| entry.record.id).collect();
        let of_page = ListFilter { conditions: vec![Condition::Among(ids)], ..filter.clone() };
        let sums = store::aid_standing_by_project(&mut tx, programme, &of_page, year).await?;
        let rules = store::aid_share_list(&mut tx, programme).await?;
        let apart: Vec<_> = rules.iter().map(|rule| rule.field).collect();
        let standing = store::aid_standing(&mut tx, programme, &filter, year, &apart).await?;
        let shares = rules.into_iter().map(|rule| share(rule, &standing)).collect::<Result<_>>()?;
        Ok(AidLedger { page, sums, totals: standing.sums, starts: standing.starts, shares })
    }

    /// What every project that a filter leaves adds up to.
    ///
    /// # Errors
    /// As [`App::aid_ledger`].
    pub async fn aid_sums(
        &self,
        actor: &Actor,
        programme: i64,
        filter: ListFilter,
        year: Option<i16>,
    ) -> Result<HashMap<i64, AidSums>> {
        actor.require(programme, Right::View)?;
        self.refresh_aid(programme).await?;
        let filter = ListFilter { reach: actor.reach(programme), ..filter };
        let mut tx = self.db.read().await?;
        Ok(store::aid_standing_by_project(&mut tx, programme, &filter, year).await?)
    }

    /// The sum of one step of the projects that a filter leaves; none where nothing is added.
    ///
    /// # Errors
    /// As [`App::aid_figures`].
    pub async fn aid_sum(
        &self,
        actor: &Actor,
        programme: i64,
        filter: ListFilter,
        (year, step): (Option<i16>, AidStep),
    ) -> Result<Option<Sum>> {
        actor.require(programme, Right::View)?;
        self.refresh_aid(programme).await?;
        let filter = ListFilter { reach: actor.reach(programme), ..filter };
        let mut tx = self.db.read().await?;
        let standing = store::aid_standing(&mut tx, programme, &filter, year, &[]).await?;
        Ok(standing.sums.get(&step).copied())
    }

    /// The years in which aid money was planned, the last first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn aid_years(&self, actor: &Actor, programme: i64) -> Result<Vec<i16>> {
        actor.require(programme, Right::View)?;
        self.refresh_aid(programme).await?;
        let mut tx = self.db.read().await?;
        Ok(store::aid_year_list(&mut tx, programme).await?)
    }

    /// The figures that a sum of the ledger adds, newest first, below the id `before`.
    ///
    /// # Errors
    /// As [`App::aid_ledger`].
    pub async fn aid_figures(
        &self,
        actor: &Actor,
        programme: i64,
        filter: ListFilter,
        (year, step): (Option<i16>, AidStep),
        (before, limit): (Option<i64>, i64),
    ) -> Result<Vec<FigureRow>> {
        actor.require(programme, Right::View)?;
        let reach = actor.reach(programme);
        let filter = ListFilter { reach: reach.clone(), ..filter };
        let mut tx = self.db.read().await?;
        let place = (before, limit);
        let ids = store::tally_of_aid_figures(&mut tx, programme, &filter, (year, step), place).await?;
        Ok(store::figure_rows(&mut tx, programme, &ids, &reach).await?)
    }

    /// Adds the money of the aid projects of a programme that were written since it was added, some at a time.
    pub(crate) async fn refresh_aid(&self, programme: i64) -> Result<()> {
        let mut tx = self.db.read().await?;
        let mut stale = store::aid_kept_is_stale(&mut tx, programme).await?;
        drop(tx);
        while stale {
            let mut tx = self.db.write().await?;
            stale = store::aid_kept_refresh(&mut tx, programme).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The money of an aid project by year and step, and its contracts.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the programme has no such aid project for the actor.
    pub async fn aid_money(&self, actor: &Actor, programme: i64, code: &str) -> Result<AidMoney> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        if record.kind != RecordKind::AidProject {
            return Err(Error::NotFound);
        }
        let of_record = vec![Condition::Among(vec![record.id])];
        let filter = ListFilter {
            archived: record.archived,
            conditions: of_record,
            reach: Reach::everything(),
            ..ListFilter::of(RecordKind::AidProject)
        };
        let mut years: BTreeMap<Option<i16>, AidSums> = BTreeMap::new();
        for of in store::tally_of_aid(&mut tx, programme, &filter, (None, None), AidBy::Year).await? {
            let year = of.key.as_ref().and_then(|key| key.parse().ok());
            years.entry(year).or_default().insert(of.step, of.sum);
        }
        let totals =
            whole(store::tally_of_aid(&mut tx, programme, &filter, (None, None), AidBy::Whole).await?);
        let mut of_contracts: HashMap<String, AidSums> = HashMap::new();
        for of in store::tally_of_aid(&mut tx, programme, &filter, (None, None), AidBy::Subject).await? {
            of_contracts.entry(of.key.unwrap_or_default()).or_default().insert(of.step, of.sum);
        }
        let all = naming(&mut tx, RecordKind::AidContract, "aid_project", programme, record.id).await?;
        let ids: Vec<i64> = all.iter().map(|contract| contract.record.id).collect();
        let seen = store::record_list_of(&mut tx, &ids, &actor.reach(programme)).await?;
        let seen: BTreeSet<i64> = seen.iter().map(|record| record.id).collect();
        let mut contracts = Vec::new();
        for contract in all {
            if seen.contains(&contract.record.id) {
                let sums = of_contracts.remove(&contract.record.id.to_string()).unwrap_or_default();
                contracts.push((contract, sums));
            }
        }
        let named = contracts.iter().map(|(contract, _)| contract);
        let names = names_of(&mut tx, actor, programme, named).await?;
        Ok(AidMoney { years, totals, contracts, names })
    }
}

/// A filter that leaves only projects whose money was planned or moved in a year.
fn of_year(mut filter: ListFilter, year: Option<i16>) -> ListFilter {
    filter.conditions.extend(year.map(Condition::AidYear));
    filter
}

fn whole(sums: Vec<AidSum>) -> AidSums {
    sums.into_iter().map(|of| (of.step, of.sum)).collect()
}

/// How a share stands among the projects that were added.
fn share(rule: AidShare, standing: &AidStanding) -> Result<AidShareStanding> {
    let of_rule = standing
        .shares
        .iter()
        .filter(|((field, _, step), _)| (*field, *step) == (rule.field.code, rule.step));
    let (mut part, mut unknown) = (Vec::new(), 0);
    for ((_, choice, _), sum) in of_rule {
        match choice {
            None => unknown = sum.low,
            Some(code) if rule.choices.contains(code) => part.push(*sum),
            Some(_) => {}
        }
    }
    let part = join(part).map_err(store::Error::from)?.low;
    let whole = standing.sums.get(&rule.step).map_or(0, |sum| sum.low);
    let kept = kept(part, whole, rule.minimum);
    Ok(AidShareStanding { part, unknown, whole, kept, rule })
}
