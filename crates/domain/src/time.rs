//! When a figure holds: a flow over days, a running total, or a state on a day.

use jiff::civil::Date;

/// How the days of a [`Period`] are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeKind {
    /// What happened between two days, both included: 2023年完成投资.
    Flow,
    /// A running total since a starting day: 截至11月底累计.
    Cumulative,
    /// A state on one day: 现有企业66家.
    Stock,
}

impl TimeKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Flow, Self::Cumulative, Self::Stock];

    /// The stable code used in files and the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Cumulative => "cumulative",
            Self::Stock => "stock",
        }
    }

    /// The kind with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// A stretch of days. A missing bound is unknown, never "for ever"; a stock has the same day in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// How the days are meant.
    pub kind: TimeKind,
    /// First day, included.
    pub from: Option<Date>,
    /// Last day, included.
    pub to: Option<Date>,
}

impl Period {
    /// A period of which only the kind is known.
    #[must_use]
    pub fn unknown(kind: TimeKind) -> Self {
        Self { kind, from: None, to: None }
    }

    /// Whether the two may speak of the same thing in time. Flows and running totals do where they may share a day, an
    /// unknown bound lying anywhere. Two states always do: what stood in June may still stand in December.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        if self.kind == TimeKind::Stock && other.kind == TimeKind::Stock {
            return true;
        }
        let before = |a: Option<Date>, b: Option<Date>| matches!((a, b), (Some(a), Some(b)) if a < b);
        !before(self.to, other.from) && !before(other.to, self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn flow(from: Option<Date>, to: Option<Date>) -> Period {
        Period { kind: TimeKind::Flow, from, to }
    }

    #[test]
    fn periods_overlap_when_they_may_share_a_day() {
        let year = flow(Some(date(2023, 1, 1)), Some(date(2023, 12, 31)));
        assert!(year.overlaps(flow(Some(date(2023, 12, 31)), None)));
        assert!(!year.overlaps(flow(Some(date(2024, 1, 1)), None)));
        assert!(year.overlaps(Period::unknown(TimeKind::Flow)));
        let state = |day| Period { kind: TimeKind::Stock, from: Some(day), to: Some(day) };
        assert!(state(date(2023, 12, 31)).overlaps(state(date(2024, 12, 31))), "states are never added");
    }
}
