//! What stands around a region, a pairing or an office besides the lists that pages count: money between two regions, moves of the
//! projects of a list, what an office is asked for.

use crate::App;
use crate::access::{Actor, Right, open};
use crate::change;
use crate::error::Result;
use crate::progress::week_start;
use domain::Measure;
use domain::light::Light;
use domain::region::RegionId;
use std::collections::HashMap;
use store::{
    Condition, Entry, Filing, ListFilter, RecordKind, Sort, StageMove, TallyTotal, Task, TaskFilter,
};

/// Moves that a page shows.
const MOVES: i64 = 10;
/// Rounds of which an office's filings are shown.
const ROUNDS: i64 = 12;
/// Tasks of an office that a page shows.
const TASKS: i64 = 20;

impl App {
    /// The kept totals of these measures for every region that has any.
    ///
    /// # Errors
    /// As [`App::overview`].
    pub async fn totals_by_region(
        &self,
        actor: &Actor,
        programme: i64,
        measures: &[Measure],
    ) -> Result<Vec<Vec<TallyTotal>>> {
        actor.require(programme, Right::ViewTotal)?;
        self.refresh_totals(programme).await?;
        let mut tx = self.db.read().await?;
        let mut all = Vec::new();
        for &measure in measures {
            all.push(store::tally_list_by_region(&mut tx, programme, measure).await?);
        }
        Ok(all)
    }

    /// The kept totals of everything between a host and a supporting region, each group apart.
    ///
    /// # Errors
    /// As [`App::overview`].
    pub async fn pair_totals(
        &self,
        actor: &Actor,
        programme: i64,
        host: RegionId,
        supporting: RegionId,
    ) -> Result<Vec<TallyTotal>> {
        actor.require(programme, Right::ViewTotal)?;
        self.refresh_totals(programme).await?;
        let mut tx = self.db.read().await?;
        let mut totals = store::tally_list_of_pair(&mut tx, programme, host, supporting).await?;
        totals.retain(|total| total.group.measure.is_additive());
        totals.sort_by_key(|total| total.group);
        Ok(totals)
    }

    /// How many projects concern each region or one below it, as far as they are open to the actor: of all of them, phases with
    /// their whole, or of those with a red or yellow light, phases too.
    ///
    /// # Errors
    /// As [`App::project_progress`].
    pub async fn project_regions(
        &self,
        actor: &Actor,
        programme: i64,
        lit: bool,
    ) -> Result<Vec<(RegionId, i64)>> {
        actor.require(programme, Right::View)?;
        self.refresh_projects(programme).await?;
        let mut tx = self.db.read().await?;
        let reach = actor.reach(programme);
        Ok(match lit {
            true => {
                store::project_regions_lit(&mut tx, programme, &reach, &[Light::Red, Light::Yellow]).await?
            }
            false => store::project_regions(&mut tx, programme, &reach).await?,
        })
    }

    /// How many projects of a list stand at each stage, by its code; an empty one for those without a stage.
    ///
    /// # Errors
    /// As [`App::entry_list`].
    pub async fn project_stages(
        &self,
        actor: &Actor,
        programme: i64,
        mut filter: ListFilter,
    ) -> Result<HashMap<String, i64>> {
        actor.require(programme, Right::View)?;
        let Some(field) = RecordKind::Project.field("stage") else { return Ok(HashMap::new()) };
        filter.reach = actor.reach(programme);
        let mut tx = self.db.read().await?;
        Ok(store::entry_list_by(&mut tx, programme, &filter, field).await?.into_iter().collect())
    }

    /// The projects of a list that went from one stage to another within a week, latest first.
    ///
    /// # Errors
    /// As [`App::entry_list`].
    pub async fn project_moves(
        &self,
        actor: &Actor,
        programme: i64,
        mut filter: ListFilter,
    ) -> Result<Vec<StageMove>> {
        actor.require(programme, Right::View)?;
        filter.reach = actor.reach(programme);
        let mut tx = self.db.read().await?;
        let now = change::local(&mut tx, Some(programme), actor.at).await?;
        Ok(store::project_moves_listed(&mut tx, programme, &filter, week_start(&now), MOVES).await?)
    }

    /// The tasks that were given to an office and are open, as far as their records are open to the actor.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for an office that is not open to the actor.
    pub async fn office_tasks(&self, actor: &Actor, programme: i64, code: &str) -> Result<Vec<Task>> {
        let mut tx = self.db.read().await?;
        let office = open(&mut tx, actor, programme, code, Right::View).await?;
        // No user has the number 0: only what the office itself was given.
        let filter = TaskFilter {
            owner: Some((0, Some(vec![office.id]))),
            open: true,
            reach: actor.reach(programme),
            ..TaskFilter::default()
        };
        Ok(store::task_list(&mut tx, programme, &filter, TASKS).await?)
    }

    /// What a unit files for the newest rounds that went out, each with its round, as far as both are open to the actor.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for a unit that is not open to the actor.
    pub async fn unit_filings(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
    ) -> Result<Vec<(Entry, Filing)>> {
        let mut tx = self.db.read().await?;
        let unit = open(&mut tx, actor, programme, code, Right::View).await?;
        let reach = actor.reach(programme);
        let filings = store::filing_list_of_unit(&mut tx, unit.id, ROUNDS, &reach).await?;
        let mut filter = ListFilter { reach, ..ListFilter::of(RecordKind::ReportingTask) };
        filter.conditions.push(Condition::Among(filings.iter().map(|filing| filing.task).collect()));
        let rounds = store::entry_list(&mut tx, programme, &filter, Sort::default(), None, ROUNDS).await?;
        let rounds: HashMap<i64, Entry> = rounds.into_iter().map(|round| (round.record.id, round)).collect();
        let of = |filing: Filing| Some((rounds.get(&filing.task)?.clone(), filing));
        Ok(filings.into_iter().filter_map(of).collect())
    }
}
