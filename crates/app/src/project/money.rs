//! The money, jobs and goods of one project: planned and actual of each measure, counted by the one tally.

use crate::App;
use crate::access::{Actor, Right, open};
use crate::error::Result;
use crate::sums::known;
use domain::figure::{Figure, Status};
use domain::tally::{Scope, Sum, tally};
use domain::{Measure, Quantity, RecordKind, Role};
use jiff::civil::Date;
use std::collections::BTreeMap;
use store::TallyGroup;

/// Planned and actual of one measure of a project, in one unit and one kind of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectMeasure {
    /// What it is.
    pub group: TallyGroup,
    /// What is planned: the newest plan, for a later plan takes the place of an earlier one.
    pub planned: Option<Quantity>,
    /// What is actual: flows together, of states and running totals the last.
    pub actual: Option<Quantity>,
    /// The day up to which it holds, of the actual where there is one.
    pub as_of: Option<Date>,
}

impl App {
    /// Planned and actual of each measure that a project is the subject of, by measure; none of other kinds of records.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the programme has no such record for the actor; when a sum overflows.
    pub async fn project_measure_list(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
    ) -> Result<Vec<ProjectMeasure>> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        if record.kind != RecordKind::Project {
            return Ok(Vec::new());
        }
        let all = store::tally_of_record(&mut tx, programme, record.id).await?;
        let regions = crate::regions::known(&self.regions, &mut tx, programme).await?;
        let mut groups: BTreeMap<TallyGroup, Vec<Figure>> = BTreeMap::new();
        for figure in all.figures {
            groups.entry(TallyGroup::of(&figure)).or_default().push(figure);
        }
        let mut lines = Vec::new();
        for (group, figures) in groups {
            let counted = tally(&figures, &all.relations, regions.tree(), Scope::Programme);
            let counted = counted.map_err(store::Error::from)?;
            lines.extend(line(group, &figures, (counted.total, &counted.counted)));
        }
        Ok(beside(lines))
    }
}

fn day(figure: &Figure) -> Option<Date> {
    figure.period.to.or(figure.published)
}

/// The newest of them, by the day it speaks of and then by when it was entered.
fn newest<'a>(figures: impl Iterator<Item = &'a Figure>) -> Option<&'a Figure> {
    figures
        .filter(|figure| figure.status != Status::Withdrawn && !figure.replaced)
        .max_by_key(|figure| (day(figure), figure.id))
}

/// What is planned in all is a plan, however sure it is.
fn is_plan(figure: &Figure) -> bool {
    figure.role == Role::Target || figure.measure == Measure::PlannedTotal && figure.role == Role::Actual
}

fn line(group: TallyGroup, figures: &[Figure], (sum, counted): (Sum, &[i64])) -> Option<ProjectMeasure> {
    let planned = newest(figures.iter().filter(|figure| is_plan(figure)));
    let is_actual = |figure: &&Figure| figure.role == Role::Actual && !is_plan(figure);
    let last = newest(figures.iter().filter(is_actual));
    let actual = match group.measure.is_additive() {
        true => last.and_then(|_| known(sum, group.unit)),
        false => last.map(|figure| figure.quantity),
    };
    let of_sum = figures.iter().filter(|figure| counted.contains(&figure.id)).filter_map(day).max();
    let as_of = match actual {
        Some(_) => of_sum.or(last.and_then(day)),
        None => planned.and_then(day),
    };
    let planned = planned.map(|figure| figure.quantity);
    (planned.is_some() || actual.is_some()).then_some(ProjectMeasure { group, planned, actual, as_of })
}

/// A plan for a year stands beside what was reached by months: of one measure and unit, a line with a plan alone joins the one
/// with an actual alone.
fn beside(lines: Vec<ProjectMeasure>) -> Vec<ProjectMeasure> {
    let mut joined: Vec<ProjectMeasure> = Vec::new();
    for line in lines {
        let same = |of: &&mut ProjectMeasure| {
            (of.group.measure, of.group.unit) == (line.group.measure, line.group.unit)
                && (of.planned.is_none() && line.actual.is_none()
                    || of.actual.is_none() && line.planned.is_none())
        };
        match joined.iter_mut().find(same) {
            Some(of) => {
                of.as_of = if line.actual.is_some() { line.as_of } else { of.as_of };
                (of.planned, of.actual) = (of.planned.or(line.planned), of.actual.or(line.actual));
            }
            None => joined.push(line),
        }
    }
    joined
}
