//! Exact values: an integer in a fixed scale per unit, so that sums are exact.

use crate::{Approx, Unit};
use rust_decimal::Decimal;
use thiserror::Error;

/// The largest amount of money a figure may hold: 10^13 yuan, in fen (DESIGN section 4).
pub const MAX_MONEY_FEN: i64 = 1_000_000_000_000_000;

/// Why a number cannot be kept in its unit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// More decimal places than the unit keeps, for example a tenth of a fen.
    #[error("{value} has more decimal places than {unit:?} keeps")]
    TooFine {
        /// The number as it was given.
        value: Decimal,
        /// The unit it was given in.
        unit: Unit,
    },
    /// Larger than a figure may hold.
    #[error("{value} {unit:?} is larger than a figure may hold")]
    TooLarge {
        /// The number as it was given.
        value: Decimal,
        /// The unit it was given in.
        unit: Unit,
    },
    /// A range whose upper end lies below its lower end.
    #[error("the range ends below its beginning")]
    EmptyRange,
}

/// A value or a range of values with its unit and how exactly it was stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The value, or the lower end of a range, in the unit's scale (fen for yuan).
    pub low: i64,
    /// The upper end of a range, in the unit's scale.
    pub high: Option<i64>,
    /// The unit.
    pub unit: Unit,
    /// How exactly it was stated.
    pub approx: Approx,
}

impl Quantity {
    /// Keeps decimal numbers exactly.
    ///
    /// # Errors
    /// When a number is finer than the unit keeps or larger than a figure may hold, or the range is empty.
    pub fn new(
        low: Decimal,
        high: Option<Decimal>,
        unit: Unit,
        approx: Approx,
    ) -> Result<Self, QuantityError> {
        let low = to_scale(low, unit)?;
        let high = high.map(|high| to_scale(high, unit)).transpose()?;
        if high.is_some_and(|high| high < low) {
            return Err(QuantityError::EmptyRange);
        }
        Ok(Self { low, high, unit, approx })
    }

    /// The value or lower end as a decimal number of the base unit.
    #[must_use]
    pub fn low_decimal(self) -> Decimal {
        from_scale(self.low, self.unit)
    }

    /// The upper end as a decimal number of the base unit.
    #[must_use]
    pub fn high_decimal(self) -> Option<Decimal> {
        self.high.map(|high| from_scale(high, self.unit))
    }
}

/// A number as people type it: digits, separators of thousands and a point, each also in its full-width form. None for
/// anything else; `1e5` is no number of a form.
#[must_use]
pub fn typed_number(text: &str) -> Option<Decimal> {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{2212}' => '-',
        c => c,
    };
    let plain: String = text.chars().map(narrow).filter(|c| *c != ',' && !c.is_whitespace()).collect();
    let digits = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    if is_number { plain.parse().ok() } else { None }
}

/// An integer in the unit's scale as a decimal number of the base unit.
#[must_use]
pub fn from_scale(value: i64, unit: Unit) -> Decimal {
    Decimal::new(value, unit.decimals())
}

/// A decimal number of the base unit as an integer in the unit's scale.
///
/// # Errors
/// When the number is finer than the unit keeps or larger than a figure may hold.
pub fn to_scale(value: Decimal, unit: Unit) -> Result<i64, QuantityError> {
    let too_large = QuantityError::TooLarge { value, unit };
    let factor = Decimal::from(10_i64.pow(unit.decimals()));
    let Some(scaled) = value.checked_mul(factor) else { return Err(too_large) };
    if !scaled.fract().is_zero() {
        return Err(QuantityError::TooFine { value, unit });
    }
    let scaled: i64 = scaled.trunc().try_into().map_err(|_| too_large.clone())?;
    if scaled.unsigned_abs() > MAX_MONEY_FEN.unsigned_abs() {
        return Err(too_large);
    }
    Ok(scaled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a decimal number")
    }

    #[test]
    fn a_typed_number_is_digits_in_either_width_and_no_exponent() {
        for (text, number) in
            [("１２０", "120"), ("1，200．5", "1200.5"), (" 1,200.50 ", "1200.50"), ("－3", "-3")]
        {
            assert_eq!(typed_number(text), number.parse().ok(), "{text}");
        }
        for text in ["1e5", "１ｅ５", "", "-", ".", "1.2.3", "0x10", "1_000", "一百"] {
            assert_eq!(typed_number(text), None, "{text}");
        }
    }

    #[test]
    fn money_is_kept_in_fen() {
        let quantity = Quantity::new(decimal("24618000000"), None, Unit::cny(), Approx::Exact).expect("fits");
        assert_eq!(quantity.low, 2_461_800_000_000);
        assert_eq!(quantity.low_decimal(), decimal("24618000000"));
    }

    #[test]
    fn a_value_that_does_not_fit_is_named() {
        assert!(matches!(to_scale(decimal("0.001"), Unit::cny()), Err(QuantityError::TooFine { .. })));
        assert!(matches!(
            to_scale(decimal("10000000000000.01"), Unit::cny()),
            Err(QuantityError::TooLarge { .. })
        ));
        assert!(matches!(to_scale(Decimal::MAX, Unit::cny()), Err(QuantityError::TooLarge { .. })));
        let backwards = Quantity::new(decimal("2"), Some(decimal("1")), Unit::cny(), Approx::Exact);
        assert_eq!(backwards, Err(QuantityError::EmptyRange));
    }

    proptest! {
        #[test]
        fn every_kept_value_comes_back(value in -MAX_MONEY_FEN..=MAX_MONEY_FEN) {
            for unit in Unit::all() {
                prop_assert_eq!(to_scale(from_scale(value, unit), unit), Ok(value));
            }
        }
    }
}
