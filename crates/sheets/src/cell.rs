//! Cells and columns.

use jiff::civil::Date;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing: unknown stays empty, it is not zero.
    Empty,
    /// A text; never taken for a formula.
    Text(String),
    /// The exact decimal number `mantissa` ÷ 10^`decimals`.
    Number {
        /// The digits.
        mantissa: i64,
        /// How many of them stand behind the point; at most 18.
        decimals: u32,
    },
    /// A day.
    Date(Date),
    /// A text that leads somewhere. CSV has only the text.
    Link {
        /// What is shown.
        text: String,
        /// An absolute address.
        url: String,
    },
}

/// What the cells of a column are; it decides how the heading is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Texts and links, aligned left.
    Text,
    /// Numbers, aligned right.
    Number,
    /// Days, aligned left.
    Date,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// Its width, in characters of the standard font; a Chinese character takes two.
    pub width: u16,
    /// What its cells are.
    pub kind: Kind,
}

/// The decimal number in digits, every one kept: `-12.30`.
pub(crate) fn decimal(mantissa: i64, decimals: u32) -> String {
    let decimals = decimals.min(18) as usize;
    let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if mantissa < 0 { "-" } else { "" };
    let point = if decimals > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimals_keep_every_digit() {
        for (mantissa, decimals, text) in [
            (24_618_000_000, 2, "246180000.00"),
            (-5, 2, "-0.05"),
            (0, 0, "0"),
            (7, 0, "7"),
            (i64::MIN, 2, "-92233720368547758.08"),
            (1, 18, "0.000000000000000001"),
        ] {
            assert_eq!(decimal(mantissa, decimals), text);
        }
    }
}
