//! How the projects of a programme or a region stand: the funnel, what moved, what is late, and money by month.

use crate::access::{Actor, Right};
use crate::error::Result;
use crate::setting::stage_list;
use crate::{App, change};
use domain::light::Light;
use domain::region::RegionId;
use jiff::ToSpan;
use jiff::civil::Date;
use store::{Stage, StageMove, TallyMonth};

/// Days that "this week" looks back, today included.
pub const WEEK_DAYS: i64 = 7;
/// Months that are shown, this one included.
pub const MONTHS: i64 = 24;
/// Moves that a page shows.
const MOVES: i64 = 20;

/// How projects stand, as far as who asks can see them.
#[derive(Debug, Clone)]
pub struct ProjectProgress {
    /// Today in the programme's time zone.
    pub today: Date,
    /// Every stage in its order, with how many projects stand there; phases stand with their whole.
    pub funnel: Vec<(Stage, i64)>,
    /// Projects without a stage of the programme.
    pub without_stage: i64,
    /// Projects and phases with a red and with a yellow light.
    pub lights: [(Light, i64); 2],
    /// Open problems that were to be solved before today.
    pub problems_due: i64,
    /// Milestones that were to be met before today.
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
        }
        let mut tx = self.db.read().await?;
        let reach = actor.reach(programme);
        let now = change::local(&mut tx, Some(programme), actor.at).await?;
        let today = now.date();
        // A week is seven calendar days of the programme, whatever the hour there.
        let first = today.checked_sub((WEEK_DAYS - 1).days()).unwrap_or(today);
        let since = first.to_zoned(now.time_zone().clone()).map_or(actor.at, |at| at.timestamp());
        let counts = store::project_funnel(&mut tx, programme, &reach, region).await?;
        let stages = stage_list(&mut tx, programme).await?;
        let count =
            |code: &str| counts.iter().find(|(stage, _)| stage == code).map_or(0, |(_, count)| *count);
        let funnel: Vec<_> = stages.into_iter().map(|stage| (count(&stage.code), stage)).collect();
        let funnel: Vec<_> = funnel.into_iter().map(|(count, stage)| (stage, count)).collect();
        let staged = |code: &String| funnel.iter().any(|(stage, _)| stage.code == *code);
        let without_stage = counts.iter().filter(|(code, _)| !staged(code)).fold(0, |all, (_, n)| all + n);
        let lights = store::project_light_counts(&mut tx, programme, &reach, region).await?;
        let of = |light| (light, lights.iter().find(|(of, _)| *of == light).map_or(0, |(_, count)| *count));
        let (problems_due, milestones_due) =
            store::project_overdue(&mut tx, programme, &reach, region, today).await?;
        let moves = store::project_moves(&mut tx, programme, &reach, region, since, MOVES).await?;
        let months = match sees_totals {
            true => {
                let from = today.first_of_month().checked_sub((MONTHS - 1).months()).unwrap_or(today);
                let from = from.strftime("%Y-%m").to_string();
                store::tally_list_by_month(&mut tx, programme, region, &from).await?
            }
            false => Vec::new(),
        };
        let lights = [of(Light::Red), of(Light::Yellow)];
        Ok(ProjectProgress {
            today,
            without_stage,
            lights,
            problems_due,
            milestones_due,
            moves,
            months,
            funnel,
        })
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
