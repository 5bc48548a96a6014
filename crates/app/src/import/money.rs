//! Amounts of a sheet against those that are stored: what says the same, what corrects, and what a running total adds.
//!
//! A running total keeps what was stated and books the difference to the one before it as the item, so that the next month's sheet
//! adds what changed and overwrites nothing (DESIGN section 4: items and stated figures are never added together).

use super::draft::RowProblem;
use super::payload::PlannedFigure;
use domain::figure::{Grain, Status};
use domain::{Measure, Period, TimeKind};
use jiff::civil::Date;
use store::SubjectFigure;

/// What is to be written for the amounts of one row; nothing for what is stored as it is said. Running totals come last: what the
/// row says of the month itself is part of them.
pub(super) fn plan_all(
    stated: Vec<PlannedFigure>,
    stored: &[SubjectFigure],
) -> (Vec<PlannedFigure>, Vec<RowProblem>) {
    let (totals, items): (Vec<_>, Vec<_>) =
        stated.into_iter().partition(|of| of.period.kind == TimeKind::Cumulative);
    // What the row says of days itself is its own, and no difference that was booked.
    let told: Vec<(Measure, Period)> = items.iter().map(|of| (of.measure, of.period)).collect();
    let mut known = stored.to_vec();
    let (mut planned, mut problems) = (Vec::new(), Vec::new());
    for of in items.into_iter().chain(totals) {
        match plan(of, &known, &told) {
            Ok(figures) => {
                for figure in &figures {
                    known.retain(|old| Some(old.id) != figure.replaces);
                    known.push(as_stored(figure));
                }
                planned.extend(figures);
            }
            Err(problem) => problems.push(problem),
        }
    }
    (planned, problems)
}

/// A figure that will be stored, as those are that were before.
fn as_stored(of: &PlannedFigure) -> SubjectFigure {
    SubjectFigure {
        id: 0,
        subject: 0,
        measure: of.measure,
        quantity: of.quantity,
        role: of.role,
        grain: of.grain,
        period: of.period,
        status: Status::Filed,
    }
}

/// What is to be written for one amount; nothing where it is stored as it is said.
///
/// # Errors
/// The problem at its cell.
fn plan(
    stated: PlannedFigure,
    stored: &[SubjectFigure],
    told: &[(Measure, Period)],
) -> Result<Vec<PlannedFigure>, RowProblem> {
    let alike = |old: &&SubjectFigure| {
        old.measure == stated.measure && old.role == stated.role && old.quantity.unit == stated.quantity.unit
    };
    let stored: Vec<&SubjectFigure> = stored.iter().filter(alike).collect();
    match stated.period.kind {
        TimeKind::Cumulative => running(stated, &stored, told),
        TimeKind::Flow | TimeKind::Stock => Ok(item(stated, &stored).into_iter().collect()),
    }
}

fn problem(of: &PlannedFigure, code: &str, hint: impl ToString) -> RowProblem {
    RowProblem {
        column: Some(of.column),
        field: of.measure.code().to_owned(),
        code: code.to_owned(),
        hint: hint.to_string(),
        ..RowProblem::default()
    }
}

/// An item of the same days is the same or is corrected; of others it stands beside them.
fn item(stated: PlannedFigure, stored: &[&SubjectFigure]) -> Option<PlannedFigure> {
    let same_days = |old: &&&SubjectFigure| old.grain == stated.grain && old.period == stated.period;
    match stored.iter().rev().find(same_days) {
        None => Some(stated),
        Some(old) if old.quantity == stated.quantity => None,
        Some(old) => Some(PlannedFigure { replaces: Some(old.id), ..stated }),
    }
}

fn running(
    stated: PlannedFigure,
    stored: &[&SubjectFigure],
    told: &[(Measure, Period)],
) -> Result<Vec<PlannedFigure>, RowProblem> {
    let Some(day) = stated.period.to else { return Err(problem(&stated, "period-missing", "")) };
    let since = stated.period.from;
    let is_total = |old: &&&SubjectFigure| {
        old.grain == Grain::Stated && old.period.kind == TimeKind::Cumulative && old.period.from == since
    };
    let totals: Vec<&&SubjectFigure> = stored.iter().filter(is_total).collect();
    if let Some(later) = totals.iter().filter_map(|old| old.period.to).find(|to| *to > day) {
        return Err(problem(&stated, "later-stated", later));
    }
    let before =
        totals.iter().filter(|old| old.period.to < Some(day)).max_by_key(|old| (old.period.to, old.id));
    let present = totals.iter().filter(|old| old.period.to == Some(day)).max_by_key(|old| old.id);
    if present.is_some_and(|old| old.quantity == stated.quantity) {
        return Ok(Vec::new());
    }
    let from = match before.and_then(|old| old.period.to) {
        Some(to) => to.tomorrow().ok(),
        None => since,
    };
    // What the sheet or an earlier entry says of the last days themselves is not booked again.
    let is_last = |old: &&&SubjectFigure| {
        old.grain == Grain::Item
            && old.period.kind == TimeKind::Flow
            && old.period.to == Some(day)
            && old.period.from.is_some_and(|first| from.is_none_or(|from| first > from))
    };
    let until = stored.iter().filter(is_last).filter_map(|old| old.period.from).min();
    let until = until.and_then(|first| first.yesterday().ok()).unwrap_or(day);
    let is_told = |old: &SubjectFigure| told.contains(&(old.measure, old.period));
    let is_own = |old: &SubjectFigure| is_booked(old, from, until) && !is_told(old);
    let counts = |old: &&&SubjectFigure| {
        let begins = since.is_none_or(|since| old.period.from.is_some_and(|from| from >= since));
        old.grain == Grain::Item
            && old.period.kind == TimeKind::Flow
            && old.period.to.is_some_and(|to| to <= day)
            && begins
            && !is_own(old)
    };
    let base: i64 = stored.iter().filter(counts).map(|old| old.quantity.low).sum();
    let low = stated.quantity.low - base;
    if low < 0 {
        let day = before.and_then(|old| old.period.to).map_or(String::new(), |to| to.to_string());
        return Err(problem(&stated, "smaller-than-before", day));
    }
    let period = Period { kind: TimeKind::Flow, from, to: Some(until) };
    let booked = stored.iter().filter(|old| is_own(old)).max_by_key(|old| old.id);
    let mut quantity = stated.quantity;
    quantity.low = low;
    quantity.high = stated.quantity.high.map(|high| high - base).filter(|high| *high >= low);
    let difference = PlannedFigure {
        grain: Grain::Item,
        period,
        quantity,
        replaces: booked.map(|old| old.id),
        ..stated.clone()
    };
    let total = PlannedFigure { grain: Grain::Stated, replaces: present.map(|old| old.id), ..stated };
    // Nothing was added: the total says so, and no item does.
    Ok(if low == 0 && booked.is_none() { vec![total] } else { vec![total, difference] })
}

/// Whether a figure is the difference that was booked for a running total up to that day.
fn is_booked(old: &SubjectFigure, from: Option<Date>, to: Date) -> bool {
    old.grain == Grain::Item
        && old.status != Status::Withdrawn
        && old.period == Period { kind: TimeKind::Flow, from, to: Some(to) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Approx, Quantity, Role, Unit};
    use jiff::civil::date;

    fn yuan(low: i64) -> Quantity {
        Quantity { low, high: None, unit: Unit::cny(), approx: Approx::Exact }
    }

    fn stated(kind: TimeKind, from: Option<Date>, to: Date, low: i64) -> PlannedFigure {
        PlannedFigure {
            column: 4,
            measure: Measure::WorksCompleted,
            role: Role::Actual,
            quantity: yuan(low),
            grain: Grain::Item,
            period: Period { kind, from, to: Some(to) },
            hosts: vec![],
            supporters: vec![],
            organisation: None,
            note: None,
            replaces: None,
        }
    }

    fn plan_one(of: PlannedFigure, stored: &[SubjectFigure]) -> Result<Vec<PlannedFigure>, RowProblem> {
        plan(of, stored, &[])
    }

    /// What a plan leaves in the store.
    fn store(stored: &mut Vec<SubjectFigure>, planned: Vec<PlannedFigure>) {
        for of in planned {
            stored.retain(|old| Some(old.id) != of.replaces);
            let id = i64::try_from(stored.len()).expect("few") + 100 + of.quantity.low % 97;
            stored.push(SubjectFigure {
                id,
                subject: 1,
                measure: of.measure,
                quantity: of.quantity,
                role: of.role,
                grain: of.grain,
                period: of.period,
                status: Status::Filed,
            });
        }
    }

    fn items(stored: &[SubjectFigure]) -> i64 {
        stored.iter().filter(|of| of.grain == Grain::Item).map(|of| of.quantity.low).sum()
    }

    #[test]
    fn a_running_total_books_what_it_adds_and_keeps_what_was_stated() {
        let (may, june) = (date(2026, 5, 31), date(2026, 6, 30));
        let mut stored = Vec::new();
        let first = plan_one(stated(TimeKind::Cumulative, None, may, 500), &stored).expect("a plan");
        assert_eq!(
            first.iter().map(|of| (of.grain, of.quantity.low)).collect::<Vec<_>>(),
            [(Grain::Stated, 500), (Grain::Item, 500)]
        );
        store(&mut stored, first);
        let second = plan_one(stated(TimeKind::Cumulative, None, june, 800), &stored).expect("a plan");
        assert_eq!(second[1].quantity.low, 300);
        assert_eq!((second[1].period.from, second[1].period.to), (Some(date(2026, 6, 1)), Some(june)));
        store(&mut stored, second);
        assert_eq!(items(&stored), 800, "the items come to what was stated last");
        assert!(plan_one(stated(TimeKind::Cumulative, None, june, 800), &stored).expect("a plan").is_empty());
        let corrected = plan_one(stated(TimeKind::Cumulative, None, june, 750), &stored).expect("a plan");
        assert!(
            corrected.iter().all(|of| of.replaces.is_some()),
            "both the total and its difference are corrected"
        );
        store(&mut stored, corrected);
        assert_eq!(items(&stored), 750);
    }

    #[test]
    fn what_a_month_states_beside_its_running_total_counts_once() {
        let (from, june) = (Some(date(2026, 6, 1)), date(2026, 6, 30));
        let both =
            vec![stated(TimeKind::Cumulative, None, june, 3_200), stated(TimeKind::Flow, from, june, 600)];
        let mut stored = Vec::new();
        let (planned, problems) = plan_all(both.clone(), &stored);
        assert!(problems.is_empty(), "{problems:?}");
        store(&mut stored, planned);
        assert_eq!(items(&stored), 3_200, "{stored:?}");
        let booked =
            stored.iter().find(|of| of.grain == Grain::Item && of.quantity.low == 2_600).expect("the rest");
        assert_eq!(booked.period.to, Some(date(2026, 5, 31)), "the rest was before the month");
        assert!(plan_all(both, &stored).0.is_empty(), "nothing new the second time");
        let july = date(2026, 7, 31);
        let next = vec![
            stated(TimeKind::Flow, Some(date(2026, 7, 1)), july, 300),
            stated(TimeKind::Cumulative, None, july, 3_500),
        ];
        let (planned, _) = plan_all(next, &stored);
        assert_eq!(planned.len(), 2, "the month and the total; nothing is left over: {planned:?}");
        store(&mut stored, planned);
        assert_eq!(items(&stored), 3_500);
        let too_small = vec![stated(TimeKind::Cumulative, None, date(2026, 8, 31), 3_400)];
        assert_eq!(plan_all(too_small, &stored).1[0].code, "smaller-than-before");
    }

    #[test]
    fn totals_that_fall_or_come_too_late_are_told() {
        let (may, june) = (date(2026, 5, 31), date(2026, 6, 30));
        let mut stored = Vec::new();
        let first = plan_one(stated(TimeKind::Cumulative, None, may, 500), &stored).expect("a plan");
        store(&mut stored, first);
        let of = |day, low| {
            plan_one(stated(TimeKind::Cumulative, None, day, low), &stored).map_err(|problem| problem.code)
        };
        assert_eq!(of(june, 499).err().as_deref(), Some("smaller-than-before"));
        assert_eq!(of(date(2026, 4, 30), 400).err().as_deref(), Some("later-stated"));
        assert_eq!(of(june, 500).expect("a plan").len(), 1, "nothing was added");
        let year = Some(date(2026, 1, 1));
        let other = plan_one(stated(TimeKind::Cumulative, year, june, 100), &stored).expect("a plan");
        assert_eq!(other[1].quantity.low, 100, "what is counted since another day is another total");
    }

    #[test]
    fn an_item_of_the_same_days_is_the_same_or_corrected() {
        let (from, to) = (Some(date(2026, 6, 1)), date(2026, 6, 30));
        let mut stored = Vec::new();
        let first = plan_one(stated(TimeKind::Flow, from, to, 5), &stored).expect("a plan");
        store(&mut stored, first);
        assert!(plan_one(stated(TimeKind::Flow, from, to, 5), &stored).expect("a plan").is_empty());
        assert!(
            plan_one(stated(TimeKind::Flow, from, to, 6), &stored).expect("a plan")[0].replaces.is_some()
        );
        let next = plan_one(stated(TimeKind::Flow, Some(date(2026, 7, 1)), date(2026, 7, 31), 6), &stored);
        assert_eq!(next.expect("a plan")[0].replaces, None);
    }
}
