//! How the projects of a programme or a region stand: the funnel, the rates of those signed in one year, what moved, what is
//! late, and money by month.

mod verify;

use crate::access::{Actor, Right};
use crate::error::Result;
use crate::setting::stage_list;
use crate::{App, change};
use domain::Measure;
use domain::light::Light;
use domain::region::RegionId;
use domain::stage::Milestone;
use domain::tally::{Sum, join};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, Zoned};
use std::collections::{BTreeMap, BTreeSet};
use store::{ProjectCount, ProjectCounts, Stage, StageMove, TallyGroup, TallyMonth};

/// Days that "this week" looks back, today included.
pub const WEEK_DAYS: i64 = 7;
/// Months that are shown, this one included.
pub const MONTHS: i64 = 24;
/// Late records are counted up to here, and one more: the lists that the numbers open to have the rest.
pub const MOST_COUNTED: i64 = 1_000;
/// Moves that a page shows.
const MOVES: i64 = 20;

/// What the projects signed in one year are followed to, signing first.
pub const STEPS: [Milestone; 6] = [
    Milestone::Signed,
    Milestone::Landed,
    Milestone::Started,
    Milestone::Completed,
    Milestone::Production,
    Milestone::Capacity,
];

/// The projects at one stage; phases stand with their whole.
#[derive(Debug, Clone)]
pub struct FunnelStage {
    /// The stage.
    pub stage: Stage,
    /// How many.
    pub count: i64,
    /// Their planned total, each unit and kind of time apart, with how many projects of the stage it is known of; none for who
    /// may see no totals.
    pub amounts: Vec<(TallyGroup, Sum)>,
}

/// The projects that were signed in one year.
#[derive(Debug, Clone)]
pub struct Cohort {
    /// The year; none where the day of signing is not known.
    pub year: Option<i16>,
    /// How many came to each of [`STEPS`] or further.
    pub reached: [i64; 6],
    /// Their money, each measure, unit and kind of time apart, with how many projects it is known of.
    pub sums: Vec<(TallyGroup, Sum)>,
}

/// How projects stand. Who may see totals learns of all that the scope counts, but of projects before signing, as everybody
/// else of all projects, only what they can see.
#[derive(Debug, Clone)]
pub struct ProjectProgress {
    /// Today in the programme's time zone.
    pub today: Date,
    /// Every stage in its order.
    pub funnel: Vec<FunnelStage>,
    /// The projects that are signed, by the year of signing, the last first.
    pub cohorts: Vec<Cohort>,
    /// How many of the projects that are counted are not open to who asks.
    pub hidden: i64,
    /// Projects without a stage of the programme.
    pub without_stage: i64,
    /// Projects and phases with a red and with a yellow light, up to [`MOST_COUNTED`] and one more.
    pub lights: [(Light, i64); 2],
    /// Open problems that were to be solved before today, as far.
    pub problems_due: i64,
    /// Milestones that were to be met before today, as far.
    pub milestones_due: i64,
    /// Projects that moved within a week, latest first.
    pub moves: Vec<StageMove>,
    /// Flows of items by measure and month; none for who may see no totals.
    pub months: Vec<TallyMonth>,
}

impl App {
    /// How the projects of a programme, or of a region and all below it, stand.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for a programme that is not open to the actor; when the database fails.
    pub async fn project_progress(
        &self,
        actor: &Actor,
        programme: i64,
        region: Option<RegionId>,
    ) -> Result<ProjectProgress> {
        actor.require(programme, Right::View)?;
        let sees_totals = actor.may(programme, Right::ViewTotal);
        if sees_totals {
            self.refresh_totals(programme).await?;
        } else {
            self.refresh_projects(programme).await?;
        }
        let mut tx = self.db.read().await?;
        let reach = actor.reach(programme);
        let now = change::local(&mut tx, Some(programme), actor.at).await?;
        let today = now.date();
        let kept = (sees_totals || reach.all, sees_totals);
        let all = store::project_counts(&mut tx, programme, &reach, region, kept).await?;
        let stages = stage_list(&mut tx, programme).await?;
        let staged = |of: &&ProjectCount| stages.iter().any(|stage| stage.code == of.stage);
        let without_stage = number(all.counts.iter().filter(|of| !staged(of)));
        let (funnel, cohorts) = (funnel(&all, stages)?, cohorts(&all)?);
        let mut lights = [(Light::Red, 0), (Light::Yellow, 0)];
        for (light, count) in &mut lights {
            let limit = MOST_COUNTED + 1;
            *count = store::project_light_count(&mut tx, programme, &reach, region, *light, limit).await?;
        }
        let (problems_due, milestones_due) =
            store::project_overdue(&mut tx, programme, &reach, region, today, MOST_COUNTED + 1).await?;
        let moves = store::project_moves(&mut tx, programme, &reach, region, week_start(&now), MOVES).await?;
        let months = match sees_totals {
            true => {
                let from = today.first_of_month().checked_sub((MONTHS - 1).months()).unwrap_or(today);
                let from = from.strftime("%Y-%m").to_string();
                store::tally_list_by_month(&mut tx, programme, region, &from).await?
            }
            false => Vec::new(),
        };
        Ok(ProjectProgress {
            today,
            without_stage,
            lights,
            problems_due,
            milestones_due,
            moves,
            months,
            funnel,
            cohorts,
            hidden: all.hidden,
        })
    }

    /// Counts the projects of a programme that were written since they were counted, some at a time.
    pub(crate) async fn refresh_projects(&self, programme: i64) -> Result<()> {
        let mut tx = self.db.read().await?;
        let mut stale = store::project_count_is_stale(&mut tx, programme).await?;
        drop(tx);
        while stale {
            let mut tx = self.db.write().await?;
            stale = store::project_count_refresh(&mut tx, programme).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The kept totals of a region.
    ///
    /// # Errors
    /// As [`App::overview`].
    pub async fn region_totals(
        &self,
        actor: &Actor,
        programme: i64,
        region: RegionId,
    ) -> Result<Vec<store::TallyTotal>> {
        actor.require(programme, Right::ViewTotal)?;
        self.refresh_totals(programme).await?;
        let mut tx = self.db.read().await?;
        Ok(store::tally_list(&mut tx, programme, Some(region)).await?)
    }
}

/// When the week began that ends with this moment: seven calendar days where the programme is, whatever the hour there.
pub(crate) fn week_start(now: &Zoned) -> Timestamp {
    let first = now.date().checked_sub((WEEK_DAYS - 1).days()).unwrap_or(now.date());
    first.to_zoned(now.time_zone().clone()).map_or(now.timestamp(), |at| at.timestamp())
}

fn number<'a>(counts: impl Iterator<Item = &'a ProjectCount>) -> i64 {
    counts.fold(0, |all, of| all + of.projects)
}

/// The sums of what a condition leaves, each measure, unit and kind of time apart.
fn sums(
    all: &ProjectCounts,
    holds: impl Fn(&ProjectCount, TallyGroup) -> bool,
) -> store::Result<Vec<(TallyGroup, Sum)>> {
    let mut groups: BTreeMap<TallyGroup, Vec<Sum>> = BTreeMap::new();
    for of in all.sums.iter().filter(|of| holds(&of.of, of.group)) {
        groups.entry(of.group).or_default().push(of.sum);
    }
    groups.into_iter().map(|(group, sums)| Ok((group, join(sums)?))).collect()
}

fn funnel(all: &ProjectCounts, stages: Vec<Stage>) -> store::Result<Vec<FunnelStage>> {
    let at = |stage: Stage| {
        let here = |of: &ProjectCount| of.stage == stage.code;
        let count = number(all.counts.iter().filter(|of| here(of)));
        let amounts = sums(all, |of, group| here(of) && group.measure == Measure::PlannedTotal)?;
        Ok(FunnelStage { stage, count, amounts })
    };
    stages.into_iter().map(at).collect()
}

fn cohorts(all: &ProjectCounts) -> store::Result<Vec<Cohort>> {
    let signed = |of: &ProjectCount| of.reached.is_some_and(|reached| reached >= Milestone::Signed);
    let years: BTreeSet<Option<i16>> = all.counts.iter().filter(|of| signed(of)).map(|of| of.year).collect();
    let cohort = |year: Option<i16>| {
        let of_year = |of: &ProjectCount| signed(of) && of.year == year;
        let reached = STEPS.map(|step| {
            number(
                all.counts
                    .iter()
                    .filter(|of| of_year(of) && of.reached.is_some_and(|reached| reached >= step)),
            )
        });
        Ok(Cohort { year, reached, sums: sums(all, |of, _| of_year(of))? })
    };
    years.into_iter().rev().map(cohort).collect()
}
