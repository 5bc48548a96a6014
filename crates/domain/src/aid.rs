//! The steps of aid money (援助资金) from plan to hand-over, the rates between them, and the shares a programme keeps.

use crate::{Measure, Role};

/// A step of the money of an aid project, in the order it is taken. What a five-year plan sets is a target of the same
/// measure as what a year is to bring, so the two are never added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AidStep {
    /// 五年规划.
    Programmed,
    /// 年度计划.
    Planned,
    /// 下达.
    Issued,
    /// 到位.
    Arrived,
    /// 拨付.
    Disbursed,
    /// 合同.
    Contracted,
    /// 支付: what was paid directly and the payments of its contracts.
    Spent,
    /// 验收.
    Accepted,
    /// 决算审定.
    Audited,
    /// 资产移交.
    HandedOver,
}

/// Steps of which the second cannot rightly exceed the first.
const LIMITED: &[(AidStep, AidStep)] = &[
    (AidStep::Planned, AidStep::Issued),
    (AidStep::Issued, AidStep::Arrived),
    (AidStep::Arrived, AidStep::Disbursed),
    (AidStep::Arrived, AidStep::Spent),
];

impl AidStep {
    /// Every step in its order.
    pub const ALL: &[Self] = &[
        Self::Programmed,
        Self::Planned,
        Self::Issued,
        Self::Arrived,
        Self::Disbursed,
        Self::Contracted,
        Self::Spent,
        Self::Accepted,
        Self::Audited,
        Self::HandedOver,
    ];

    /// The code in addresses, forms and programme data.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Programmed => "programmed",
            Self::Planned => "planned",
            Self::Issued => "issued",
            Self::Arrived => "arrived",
            Self::Disbursed => "disbursed",
            Self::Contracted => "contracted",
            Self::Spent => "spent",
            Self::Accepted => "accepted",
            Self::Audited => "audited",
            Self::HandedOver => "handed_over",
        }
    }

    /// The step with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.code() == code)
    }

    /// What its figures measure.
    #[must_use]
    pub fn measure(self) -> Measure {
        match self {
            Self::Programmed | Self::Planned => Measure::AidPlanned,
            Self::Issued => Measure::AidIssued,
            Self::Arrived => Measure::AidArrived,
            Self::Disbursed => Measure::AidDisbursed,
            Self::Contracted => Measure::AidContracted,
            Self::Spent => Measure::AidSpent,
            Self::Accepted => Measure::AidAccepted,
            Self::Audited => Measure::AidAudited,
            Self::HandedOver => Measure::AidHandedOver,
        }
    }

    /// The role of its figures.
    #[must_use]
    pub fn role(self) -> Role {
        if self == Self::Programmed { Role::Target } else { Role::Actual }
    }

    /// The step that a figure of this measure and role belongs to.
    #[must_use]
    pub fn of(measure: Measure, role: Role) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.measure() == measure && step.role() == role)
    }
}

/// A part of a whole in hundredths of a per cent, rounded to the nearest; none without a whole. Both in the same unit.
#[must_use]
pub fn rate(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    i64::try_from((part * 20_000 + whole).div_euclid(whole * 2)).ok()
}

/// Pairs of steps of which the later holds more than the one it comes from; `of` gives the amount of a step, in one unit.
#[must_use]
pub fn exceeding(of: impl Fn(AidStep) -> Option<i64>) -> Vec<(AidStep, AidStep)> {
    let exceeds = |(first, later): &&(AidStep, AidStep)| match (of(*first), of(*later)) {
        (Some(first), Some(later)) => later > first,
        // Money that moved before anything is known of where it came from is no contradiction.
        _ => false,
    };
    LIMITED.iter().filter(exceeds).copied().collect()
}

/// How a share stands that a programme keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The share in hundredths of a per cent, never rounded up; none where there is no whole yet.
    pub share: Option<i64>,
    /// What the part lacks of its minimum, the whole staying as it is; 0 where it is kept. In the unit of the amounts.
    pub missing: i64,
}

/// Compares a part of a whole with the least share it is to have, in hundredths of a per cent.
#[must_use]
pub fn kept(part: i64, whole: i64, minimum: i64) -> Kept {
    if whole <= 0 {
        return Kept { share: None, missing: 0 };
    }
    let (wide, whole, minimum) = (i128::from(part), i128::from(whole), i128::from(minimum));
    // Rounded up to the smallest unit, so that what is missing is enough.
    let least = (whole * minimum + 9_999).div_euclid(10_000);
    let clamp = |value: i128| i64::try_from(value).unwrap_or(i64::MAX);
    Kept { share: Some(clamp((wide * 10_000).div_euclid(whole))), missing: clamp((least - wide).max(0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_its_code_and_its_figures() {
        for step in AidStep::ALL {
            assert_eq!(AidStep::from_code(step.code()), Some(*step));
            assert_eq!(AidStep::of(step.measure(), step.role()), Some(*step));
        }
        assert_eq!(AidStep::of(Measure::AidUnspecified, Role::Actual), None);
        assert_eq!(AidStep::of(Measure::AidSpent, Role::Target), None);
    }

    #[test]
    fn rates_are_rounded_once_and_need_a_whole() {
        assert_eq!(rate(1, 3), Some(3_333));
        assert_eq!(rate(2, 3), Some(6_667));
        assert_eq!(rate(5, 4), Some(12_500), "more than all is shown as it is");
        assert_eq!((rate(1, 0), rate(0, 0)), (None, None));
        assert_eq!(rate(i64::MAX, 1), None, "what does not fit is not known");
    }

    #[test]
    fn a_share_just_below_its_minimum_is_not_rounded_into_it() {
        assert_eq!(kept(80, 100, 8_000), Kept { share: Some(8_000), missing: 0 });
        assert_eq!(kept(799_999, 1_000_000, 8_000), Kept { share: Some(7_999), missing: 1 });
        assert_eq!(kept(0, 3, 8_000), Kept { share: Some(0), missing: 3 });
        assert_eq!(kept(5, 0, 8_000), Kept { share: None, missing: 0 });
        assert_eq!(kept(0, i64::MAX, 10_000).missing, i64::MAX);
    }

    #[test]
    fn what_exceeds_the_step_it_comes_from_is_named() {
        let of = |step| match step {
            AidStep::Issued => Some(10),
            AidStep::Arrived => Some(12),
            AidStep::Spent => Some(12),
            _ => None,
        };
        assert_eq!(exceeding(of), [(AidStep::Issued, AidStep::Arrived)]);
    }
}
