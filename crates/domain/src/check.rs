//! 勾稽: whether a stated total agrees with its stated parts.

use crate::figure::Coverage;
use crate::{Approx, Quantity};

/// What comparing a total with its parts shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The parts add up to the total.
    Holding,
    /// Some of the parts are stated and fit into the total; `rest` (unit's scale) is not told apart.
    Partial {
        /// What the stated parts leave of the total.
        rest: i64,
    },
    /// The parts share members and may not be added.
    Overlapping,
    /// The parts contradict the total by `difference` (sum of the parts minus the total, unit's scale).
    NotAgreeing {
        /// Sum of the parts minus the total.
        difference: i64,
    },
}

impl Verdict {
    /// The stable code used in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Holding => "holding",
            Self::Partial { .. } => "partial",
            Self::Overlapping => "overlapping",
            Self::NotAgreeing { .. } => "not_agreeing",
        }
    }
}

/// Compares a total with its parts; `None` when the sum overflows or the units differ.
///
/// Approximate words are taken at their meaning: "over 190" agrees with any sum of at least 190, "nearly 470" with
/// a sum up to 470 and not below nine tenths of it, "about" with a tenth either way. A range agrees when the two
/// intervals meet.
#[must_use]
pub fn verdict(whole: Quantity, parts: &[Quantity], coverage: Coverage) -> Option<Verdict> {
    if parts.iter().any(|part| part.unit != whole.unit) {
        return None;
    }
    if coverage == Coverage::Overlapping {
        return Some(Verdict::Overlapping);
    }
    let sum_low = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.low))?;
    let (low, high) = parts.iter().map(|part| bounds(*part)).try_fold((0_i64, 0_i64), |sum, part| {
        Some((sum.0.checked_add(part.0)?, sum.1.saturating_add(part.1)))
    })?;
    let (whole_low, whole_high) = bounds(whole);
    let difference = sum_low.checked_sub(whole.low)?;
    Some(match coverage {
        Coverage::Partial if low > whole_high => Verdict::NotAgreeing { difference },
        Coverage::Partial => Verdict::Partial { rest: -difference },
        _ if low <= whole_high && high >= whole_low => Verdict::Holding,
        _ => Verdict::NotAgreeing { difference },
    })
}

fn bounds(quantity: Quantity) -> (i64, i64) {
    let (low, high) = (quantity.low, quantity.high.unwrap_or(quantity.low));
    let tenth = high.abs() / 10;
    match quantity.approx {
        Approx::Exact => (low, high),
        Approx::Over => (low, i64::MAX),
        Approx::Nearly => (low - tenth, high),
        Approx::About => (low - tenth, high + tenth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;

    fn yi(hundredths: i64, approx: Approx) -> Quantity {
        Quantity { low: hundredths * 100_000_000, high: None, unit: Unit::cny(), approx }
    }

    fn of(whole: Quantity, parts: &[i64], coverage: Coverage) -> Verdict {
        let parts: Vec<_> = parts.iter().map(|part| yi(*part, Approx::Exact)).collect();
        verdict(whole, &parts, coverage).expect("one unit, no overflow")
    }

    #[test]
    fn parts_that_add_up_hold() {
        let whole = yi(24618, Approx::Exact);
        assert_eq!(of(whole, &[7875, 9195, 7338, 210], Coverage::Complete), Verdict::Holding);
    }

    #[test]
    fn a_difference_is_named() {
        let whole = yi(24618, Approx::Exact);
        assert_eq!(
            of(whole, &[7875, 9195], Coverage::Complete),
            Verdict::NotAgreeing { difference: (7875 + 9195 - 24618) * 100_000_000 }
        );
        assert_eq!(of(whole, &[7875], Coverage::Partial), Verdict::Partial { rest: 16743 * 100_000_000 });
        assert!(matches!(of(whole, &[30000], Coverage::Partial), Verdict::NotAgreeing { .. }));
    }

    #[test]
    fn approximate_words_keep_their_meaning() {
        assert_eq!(of(yi(19000, Approx::Over), &[19500], Coverage::Complete), Verdict::Holding);
        assert!(matches!(
            of(yi(19000, Approx::Over), &[18000], Coverage::Complete),
            Verdict::NotAgreeing { .. }
        ));
        assert_eq!(of(yi(47000, Approx::Nearly), &[46955], Coverage::Complete), Verdict::Holding);
        assert!(matches!(
            of(yi(47000, Approx::Nearly), &[47100], Coverage::Complete),
            Verdict::NotAgreeing { .. }
        ));
    }

    #[test]
    fn overlapping_parts_are_never_added_and_units_never_mixed() {
        assert_eq!(of(yi(26, Approx::Exact), &[17, 11], Coverage::Overlapping), Verdict::Overlapping);
        let tonnes = Quantity { unit: Unit::from_code("t").expect("in the table"), ..yi(1, Approx::Exact) };
        assert_eq!(verdict(yi(1, Approx::Exact), &[tonnes], Coverage::Complete), None);
    }
}
