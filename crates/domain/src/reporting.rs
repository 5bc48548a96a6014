//! Reporting tasks (报送任务): the way of a filing from 未报 to 核定, and who is late. Source of the terms: DESIGN section 3.

use crate::{Period, TimeKind};
use jiff::civil::Date;

/// Where a filing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilingState {
    /// 未报: nothing was entered.
    Open,
    /// 填报: begun, not submitted.
    Filled,
    /// 上报: submitted.
    Submitted,
    /// 退回: sent back with a reason.
    Returned,
    /// 审核: reviewed by somebody else.
    Reviewed,
    /// 核定: approved; its values are figures of the ledger.
    Approved,
}

impl FilingState {
    /// Every state, in the order of the work.
    pub const ALL: &[Self] =
        &[Self::Open, Self::Filled, Self::Submitted, Self::Returned, Self::Reviewed, Self::Approved];

    /// The stable code used in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Filled => "filled",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Reviewed => "reviewed",
            Self::Approved => "approved",
        }
    }

    /// The state with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// Whether its unit has filed: only then its values are shown to others and added. All else is 未报, never zero.
    #[must_use]
    pub fn is_filed(self) -> bool {
        matches!(self, Self::Submitted | Self::Reviewed | Self::Approved)
    }

    /// The states that somebody may move it to by reviewing, returning or approving.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Submitted => &[Self::Reviewed, Self::Returned],
            Self::Reviewed => &[Self::Approved, Self::Returned],
            _ => &[],
        }
    }
}

/// Whether a filing came in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Punctuality {
    /// Not filed, and there is time yet.
    Waiting,
    /// Not filed, and the day is past.
    Late,
    /// Filed by the day it was due.
    InTime,
    /// Filed after it.
    FiledLate,
}

/// Whether a filing is late on `today`, a day where the programme is; it may come until the end of the day it is due. What
/// was returned is not filed.
#[must_use]
pub fn punctuality(
    state: FilingState,
    submitted_on: Option<Date>,
    due_on: Option<Date>,
    today: Date,
) -> Punctuality {
    let past = |day: Date| due_on.is_some_and(|due| day > due);
    match (state.is_filed(), submitted_on) {
        (true, Some(day)) if past(day) => Punctuality::FiledLate,
        (true, _) => Punctuality::InTime,
        (false, _) if past(today) => Punctuality::Late,
        (false, _) => Punctuality::Waiting,
    }
}

/// What a filing says of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellState {
    /// Nothing: it is missing, which is not nought.
    Missing,
    /// A value.
    Value,
    /// That there is no such thing.
    None,
    /// That it is not known.
    Unknown,
}

impl CellState {
    /// Every state.
    pub const ALL: &[Self] = &[Self::Missing, Self::Value, Self::None, Self::Unknown];

    /// The stable code used in forms and the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Value => "value",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }

    /// The state with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }
}

/// When a figure of a round holds: a flow from the first to the last day, a running total since the first of January of the
/// last day's year (本年累计), a state on the last day.
#[must_use]
pub fn round_period(kind: TimeKind, from: Option<Date>, to: Option<Date>) -> Period {
    let from = match kind {
        TimeKind::Flow => from,
        TimeKind::Cumulative => to.map(|day| day.first_of_year()),
        TimeKind::Stock => to,
    };
    Period { kind, from, to }
}

/// The stretch after the one from `from` to `to`: whole months follow whole months, otherwise as many days.
#[must_use]
pub fn next_stretch(from: Date, to: Date) -> Option<(Date, Date)> {
    let next = to.tomorrow().ok()?;
    let whole = from.day() == 1 && next.day() == 1;
    if !whole {
        let days = to - from;
        return Some((next, next.checked_add(days).ok()?));
    }
    let months = i32::from(next.year() - from.year()) * 12 + i32::from(next.month() - from.month());
    let after = next.checked_add(jiff::Span::new().try_months(months).ok()?).ok()?;
    Some((next, after.yesterday().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_unit_may_file_until_the_end_of_the_day_and_is_late_from_midnight() {
        let due = Some(date(2026, 5, 5));
        let on = |state, filed, today| punctuality(state, filed, due, today);
        assert_eq!(on(FilingState::Open, None, date(2026, 5, 5)), Punctuality::Waiting);
        assert_eq!(
            on(FilingState::Filled, None, date(2026, 5, 6)),
            Punctuality::Late,
            "a draft is not filed"
        );
        assert_eq!(on(FilingState::Returned, due, date(2026, 5, 6)), Punctuality::Late);
        assert_eq!(on(FilingState::Submitted, due, date(2026, 6, 1)), Punctuality::InTime);
        assert_eq!(
            on(FilingState::Approved, Some(date(2026, 5, 6)), date(2026, 6, 1)),
            Punctuality::FiledLate
        );
        assert_eq!(punctuality(FilingState::Open, None, None, date(2026, 5, 6)), Punctuality::Waiting);
    }

    #[test]
    fn running_totals_begin_with_the_year_and_states_hold_on_the_last_day() {
        let of = |kind| round_period(kind, Some(date(2026, 4, 1)), Some(date(2026, 4, 30)));
        assert_eq!(of(TimeKind::Flow).from, Some(date(2026, 4, 1)));
        assert_eq!(of(TimeKind::Cumulative).from, Some(date(2026, 1, 1)));
        assert_eq!(of(TimeKind::Stock).from, Some(date(2026, 4, 30)));
    }

    #[test]
    fn months_follow_months_and_other_stretches_their_length() {
        let next = |from, to| next_stretch(from, to).expect("a day");
        assert_eq!(next(date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28)));
        assert_eq!(next(date(2026, 10, 1), date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 3, 31)));
        assert_eq!(next(date(2026, 3, 2), date(2026, 3, 8)), (date(2026, 3, 9), date(2026, 3, 15)));
    }
}
