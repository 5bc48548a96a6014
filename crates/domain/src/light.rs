//! The light of an industry project: how it stands against its own plan. Decided from days and progress alone; nothing about
//! jobs or persons is looked at (law 9).

use crate::stage::Milestone;
use jiff::ToSpan;
use jiff::civil::Date;

/// How a project stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Light {
    /// It has none: not signed yet, in production already, resting, over or archived.
    None,
    /// No plan is known of it, so nothing can be said.
    Unknown,
    /// Nothing of its plan was missed.
    Green,
    /// A little behind, or silent.
    Yellow,
    /// Far behind.
    Red,
}

impl Light {
    /// Every light, the worst last.
    pub const ALL: [Self; 5] = [Self::None, Self::Unknown, Self::Green, Self::Yellow, Self::Red];

    /// The stable code used in addresses and the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unknown => "unknown",
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }

    /// The light with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|light| light.code() == code)
    }
}

/// What makes a light yellow or red.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CauseKind {
    /// It was to start by a day that has passed.
    Start,
    /// It was to be completed by a day that has passed.
    Completion,
    /// It was to be in production by a day that has passed.
    Production,
    /// Less is built than a straight line from start to completion gives.
    Progress,
    /// Nobody changed its record, or one that belongs to it, for long.
    Silent,
    /// An open problem was to be solved by a day that has passed.
    Problem,
    /// A milestone was to be met by a day that has passed.
    Milestone,
}

impl CauseKind {
    /// Every kind of cause.
    pub const ALL: [Self; 7] = [
        Self::Start,
        Self::Completion,
        Self::Production,
        Self::Progress,
        Self::Silent,
        Self::Problem,
        Self::Milestone,
    ];

    /// The stable code used in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Completion => "completion",
            Self::Production => "production",
            Self::Progress => "progress",
            Self::Silent => "silent",
            Self::Problem => "problem",
            Self::Milestone => "milestone",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One cause with its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// What it is.
    pub kind: CauseKind,
    /// [`Light::Yellow`] or [`Light::Red`].
    pub light: Light,
    /// The day that was missed; of [`CauseKind::Silent`] the day of the last change, of [`CauseKind::Progress`] the day as of
    /// which progress is known.
    pub day: Date,
    /// Whole percentage points behind; 0 but for [`CauseKind::Progress`].
    pub points: i64,
}

impl Cause {
    /// Whole days from its day until today, never below zero.
    #[must_use]
    pub fn days(&self, today: Date) -> i64 {
        days(self.day, today).max(0)
    }
}

/// What a light is decided from. What is not known is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// What its stage means; none where its stage is not known.
    pub reached: Option<Milestone>,
    /// Whether its record is out of the lists.
    pub archived: bool,
    /// The day it is to start.
    pub start_planned: Option<Date>,
    /// The day it started.
    pub started_on: Option<Date>,
    /// The day it is to be completed.
    pub complete_planned: Option<Date>,
    /// The day it was completed.
    pub completed_on: Option<Date>,
    /// The day it is to be in production.
    pub production_planned: Option<Date>,
    /// The day production began.
    pub production_on: Option<Date>,
    /// How much is built, in the scale of the unit `%`: 10,000 is one percent.
    pub progress: Option<i64>,
    /// The day as of which progress is known; today where it is none.
    pub progress_on: Option<Date>,
    /// The day of the last change of its record, or of one that belongs to it.
    pub changed_on: Option<Date>,
    /// The earliest day by which an open problem is to be solved.
    pub problem_due: Option<Date>,
    /// The earliest day by which a milestone that is not met is to be met.
    pub milestone_due: Option<Date>,
}

/// Where yellow and red begin; each programme sets its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// A planned day missed by more months than this is red, by less yellow.
    pub red_months: i64,
    /// From so many percentage points behind its plan a project is yellow.
    pub yellow_points: i64,
    /// More percentage points behind its plan than this are red.
    pub red_points: i64,
    /// A project of which nothing was changed for so many months is silent.
    pub silent_months: i64,
}

impl Default for Thresholds {
    /// What holds where a programme set nothing: the usual practice of dispatch sheets (调度), three months and 10 to 30 points.
    fn default() -> Self {
        Self { red_months: 3, yellow_points: 10, red_points: 30, silent_months: 3 }
    }
}

/// One percent in the scale of the unit `%`.
const PERCENT: i64 = 10_000;

/// The light of a project on a day, and why; the worst causes first. Unknown facts are no cause. A project that has one is
/// yellow or red; without, it is green where a plan of it is known and [`Light::Unknown`] where none is.
#[must_use]
pub fn light(facts: &Facts, thresholds: &Thresholds, today: Date) -> (Light, Vec<Cause>) {
    let Some(reached) = facts.reached.filter(|reached| !facts.archived && has_light(*reached)) else {
        return (Light::None, Vec::new());
    };
    let missed = |kind, planned: Option<Date>, is_done: bool| {
        let day = planned.filter(|day| !is_done && *day < today)?;
        let is_red = today > later(day, thresholds.red_months);
        Some(Cause { kind, light: if is_red { Light::Red } else { Light::Yellow }, day, points: 0 })
    };
    let due = |kind, day: Option<Date>| {
        let day = day.filter(|day| *day < today)?;
        Some(Cause { kind, light: Light::Yellow, day, points: 0 })
    };
    let silent = facts.changed_on.filter(|day| later(*day, thresholds.silent_months) <= today);
    let is_started = facts.started_on.is_some() || reached >= Milestone::Started;
    let is_completed = facts.completed_on.is_some() || reached >= Milestone::Completed;
    let mut causes: Vec<Cause> = [
        missed(CauseKind::Start, facts.start_planned, is_started),
        missed(CauseKind::Completion, facts.complete_planned, is_completed),
        missed(CauseKind::Production, facts.production_planned, facts.production_on.is_some()),
        behind(facts, thresholds, today).filter(|_| !is_completed),
        due(CauseKind::Silent, silent),
        due(CauseKind::Problem, facts.problem_due),
        due(CauseKind::Milestone, facts.milestone_due),
    ]
    .into_iter()
    .flatten()
    .collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.light));
    let plan = [facts.start_planned, facts.complete_planned, facts.production_planned, facts.milestone_due];
    let without = if plan.iter().any(Option::is_some) { Light::Green } else { Light::Unknown };
    (causes.first().map_or(without, |worst| worst.light), causes)
}

/// Whether projects have a light once they reached this: from signing until production.
#[must_use]
pub fn has_light(reached: Milestone) -> bool {
    reached >= Milestone::Signed && reached < Milestone::Production
}

/// How far progress lies behind a straight line from the planned start (or the real one, where none was planned) to the
/// planned completion.
fn behind(facts: &Facts, thresholds: &Thresholds, today: Date) -> Option<Cause> {
    let (from, to) = (facts.start_planned.or(facts.started_on)?, facts.complete_planned?);
    let day = facts.progress_on.map_or(today, |day| day.min(today));
    let (whole, gone) = (days(from, to), days(from, day));
    if whole <= 0 || gone <= 0 {
        return None;
    }
    let points = (100 * PERCENT * gone.min(whole) / whole - facts.progress?) / PERCENT;
    let light = match points {
        points if points > thresholds.red_points => Light::Red,
        points if points >= thresholds.yellow_points => Light::Yellow,
        _ => return None,
    };
    Some(Cause { kind: CauseKind::Progress, light, day, points })
}

fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

fn later(day: Date, months: i64) -> Date {
    day.checked_add(months.months()).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 7, 1);

    fn started() -> Facts {
        Facts {
            reached: Some(Milestone::Started),
            archived: false,
            start_planned: Some(date(2026, 1, 1)),
            started_on: Some(date(2026, 1, 10)),
            complete_planned: Some(date(2026, 12, 31)),
            completed_on: None,
            production_planned: None,
            production_on: None,
            progress: Some(50 * PERCENT),
            progress_on: None,
            changed_on: Some(date(2026, 6, 20)),
            problem_due: None,
            milestone_due: None,
        }
    }

    fn of(facts: Facts) -> (Light, Vec<(CauseKind, Light)>) {
        let (light, causes) = light(&facts, &Thresholds::default(), TODAY);
        (light, causes.iter().map(|cause| (cause.kind, cause.light)).collect())
    }

    #[test]
    fn a_project_on_its_plan_is_green_and_one_without_a_plan_unknown() {
        assert_eq!(of(started()), (Light::Green, vec![]));
        let no_plan = Facts { start_planned: None, complete_planned: None, ..started() };
        assert_eq!(of(no_plan), (Light::Unknown, vec![]));
    }

    #[test]
    fn a_missed_day_is_yellow_for_three_months_and_then_red() {
        let landed =
            Facts { reached: Some(Milestone::Landed), started_on: None, progress: None, ..started() };
        let start = |day| of(Facts { start_planned: Some(day), ..landed });
        assert_eq!(start(TODAY).0, Light::Green);
        assert_eq!(start(date(2026, 6, 30)), (Light::Yellow, vec![(CauseKind::Start, Light::Yellow)]));
        assert_eq!(start(date(2026, 4, 1)).0, Light::Yellow);
        assert_eq!(start(date(2026, 3, 31)), (Light::Red, vec![(CauseKind::Start, Light::Red)]));
        let completion = Facts { complete_planned: Some(date(2026, 3, 1)), progress: None, ..started() };
        assert_eq!(of(completion), (Light::Red, vec![(CauseKind::Completion, Light::Red)]));
        let production = Facts { production_planned: Some(date(2026, 6, 1)), ..started() };
        assert_eq!(of(production), (Light::Yellow, vec![(CauseKind::Production, Light::Yellow)]));
    }

    #[test]
    fn progress_is_held_against_a_straight_line() {
        let built = |percent: i64| of(Facts { progress: Some(percent * PERCENT), ..started() });
        assert_eq!(built(41).0, Light::Green);
        assert_eq!(built(39), (Light::Yellow, vec![(CauseKind::Progress, Light::Yellow)]));
        assert_eq!(built(19).0, Light::Yellow);
        assert_eq!(built(10), (Light::Red, vec![(CauseKind::Progress, Light::Red)]));
        let (_, causes) = light(
            &Facts { progress: Some(0), progress_on: Some(date(2026, 3, 14)), ..started() },
            &Thresholds::default(),
            TODAY,
        );
        assert_eq!(causes[0].points, 19, "held against the day it was measured");
    }

    #[test]
    fn silence_problems_and_milestones_are_yellow() {
        let silent = Facts { changed_on: Some(date(2026, 4, 1)), ..started() };
        assert_eq!(of(silent), (Light::Yellow, vec![(CauseKind::Silent, Light::Yellow)]));
        let due = Some(date(2025, 1, 1));
        let problem = Facts { problem_due: due, ..started() };
        assert_eq!(of(problem), (Light::Yellow, vec![(CauseKind::Problem, Light::Yellow)]));
        let milestone = Facts { milestone_due: due, ..started() };
        assert_eq!(of(milestone), (Light::Yellow, vec![(CauseKind::Milestone, Light::Yellow)]));
    }

    #[test]
    fn only_what_is_signed_and_not_yet_producing_has_a_light() {
        for reached in Milestone::ALL {
            let facts = Facts { reached: Some(*reached), problem_due: Some(date(2020, 1, 1)), ..started() };
            let expected = matches!(
                reached,
                Milestone::Signed | Milestone::Landed | Milestone::Started | Milestone::Completed
            );
            assert_eq!(of(facts).0 != Light::None, expected, "{reached:?}");
        }
        assert_eq!(of(Facts { archived: true, ..started() }).0, Light::None);
        assert_eq!(of(Facts { reached: None, ..started() }).0, Light::None);
    }

    /// Law 9: a field that is added here has to be named here, and is read by who reviews it.
    #[test]
    fn nothing_about_jobs_or_persons_is_an_input() {
        let text = format!("{:?}", started()).to_lowercase();
        for word in ["job", "employ", "person", "worker", "resident", "name", "owner", "user"] {
            assert!(!text.contains(word), "{word}");
        }
        assert_eq!(text.matches(": ").count(), 13, "{text}");
    }

    prop_compose! {
        fn day()(days in 0..2000_i64) -> Date {
            date(2024, 1, 1).checked_add(days.days()).expect("a day")
        }
    }

    prop_compose! {
        fn any_facts()(
            reached in proptest::option::of(proptest::sample::select(Milestone::ALL.to_vec())),
            days in proptest::array::uniform10(proptest::option::of(day())),
            progress in proptest::option::of(0..=100 * PERCENT),
        ) -> Facts {
            let [start_planned, started_on, complete_planned, completed_on, production_planned, production_on,
                progress_on, changed_on, problem_due, milestone_due] = days;
            Facts {
                reached, archived: false, start_planned, started_on, complete_planned, completed_on, production_planned,
                production_on, progress, progress_on, changed_on, problem_due, milestone_due,
            }
        }
    }

    proptest! {
        #[test]
        fn the_light_is_that_of_its_worst_cause(facts in any_facts(), today in day()) {
            let (light, causes) = light(&facts, &Thresholds::default(), today);
            prop_assert_eq!(causes.iter().map(|cause| cause.light).max().is_some(), light >= Light::Yellow);
            if let Some(worst) = causes.iter().map(|cause| cause.light).max() {
                prop_assert_eq!(light, worst);
            }
            prop_assert!(causes.iter().all(|cause| cause.light >= Light::Yellow && cause.days(today) >= 0));
        }

        #[test]
        fn without_news_a_light_only_grows_worse(facts in any_facts(), today in day(), days in 0..400_i64) {
            // Progress of a day that is not told counts as of today.
            let later = today.checked_add(days.days()).expect("a day");
            let of = |day| super::light(&facts, &Thresholds::default(), day).0;
            prop_assert!(of(later) >= of(today));
        }

        #[test]
        fn forgetting_a_fact_never_makes_it_red(facts in any_facts(), today in day()) {
            let forgotten = Facts {
                start_planned: None, complete_planned: None, production_planned: None, ..facts
            };
            prop_assert!(light(&forgotten, &Thresholds::default(), today).0 < Light::Red);
        }
    }
}
