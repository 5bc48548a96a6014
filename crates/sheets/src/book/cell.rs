//! What a cell holds.

use calamine::ExcelDateTime;
use jiff::civil::Date;
use std::borrow::Cow;

/// What a cell holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ReadCell {
    /// Nothing.
    #[default]
    Empty,
    /// A text.
    Text(String),
    /// A number, in decimal digits.
    Number(String),
    /// A day; a time of it is left out.
    Day(Date),
    /// A formula that was saved without its value.
    Unvalued,
    /// A formula that takes its value from another file.
    Linked,
    /// A truth value, a length of time, an error, or a day that no calendar has.
    Other(String),
}

impl ReadCell {
    /// What it says, as text.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty | Self::Unvalued | Self::Linked => Cow::Borrowed(""),
            Self::Text(text) | Self::Number(text) | Self::Other(text) => Cow::Borrowed(text),
            Self::Day(day) => Cow::Owned(day.to_string()),
        }
    }

    /// A text without white space around it; nothing where there is no more to it.
    pub(crate) fn words(text: &str) -> Self {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// A number to the fifteen digits that spreadsheets keep, without the dust of binary fractions.
    pub(crate) fn number(number: f64) -> Self {
        if !number.is_finite() {
            return Self::Other(number.to_string());
        }
        let text = format!("{number}");
        // Most numbers are short as they are.
        if text.len() <= 15 {
            return Self::Number(if text == "-0" { "0".to_owned() } else { text });
        }
        let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
        Self::Number(format!("{rounded}"))
    }

    /// The day of a text as `2026-06-30` or `2026-06-30T08:00:00`.
    pub(crate) fn iso(text: &str) -> Self {
        let day = text.get(..10).and_then(|day| day.parse().ok());
        day.map_or_else(|| Self::Other(text.to_owned()), Self::Day)
    }

    /// The day of a moment. The 29th of February 1900, which only Excel knows, is no day.
    pub(crate) fn moment(moment: &ExcelDateTime) -> Self {
        if moment.is_duration() || !(1.0..2_958_466.0).contains(&moment.as_f64()) {
            return Self::number(moment.as_f64());
        }
        let (year, month, day, ..) = moment.to_ymd_hms_milli();
        let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
        match parts {
            (Ok(y), Ok(m), Ok(d)) => Date::new(y, m, d)
                .map_or_else(|_| Self::Other(format!("{year:04}-{month:02}-{day:02}")), Self::Day),
            _ => Self::Other(moment.as_f64().to_string()),
        }
    }
}

/// The letters of a column from 0: `A`, `Z`, `AA`.
#[must_use]
pub fn column_letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut left = u32::from(column) + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// The name of a cell, column from 0 and row from 1: `D7`.
#[must_use]
pub fn cell_name(column: u16, row: u32) -> String {
    format!("{}{row}", column_letters(column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::DateTime;
    use jiff::civil::date;

    #[test]
    fn columns_have_letters() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
        assert_eq!(cell_name(3, 7), "D7");
    }

    #[test]
    fn days_are_those_that_a_calendar_has() {
        let day = |serial| ReadCell::moment(&ExcelDateTime::new(serial, DateTime, false));
        assert_eq!(day(46_000.0), ReadCell::Day(date(2025, 12, 9)));
        assert_eq!(day(46_000.75), ReadCell::Day(date(2025, 12, 9)), "the time of the day is left out");
        assert_eq!(day(1.0), ReadCell::Day(date(1900, 1, 1)));
        assert_eq!(day(60.0), ReadCell::Other("1900-02-29".into()));
        assert_eq!(day(2_958_465.0), ReadCell::Day(date(9999, 12, 31)));
        assert_eq!(day(2_958_466.0), ReadCell::Number("2958466".into()));
        assert_eq!(day(0.5), ReadCell::Number("0.5".into()), "a time without a day");
    }

    #[test]
    fn numbers_lose_the_dust_of_binary_fractions() {
        for (number, digits) in
            [(0.1 + 0.2, "0.3"), (1e10, "10000000000"), (-12.30, "-12.3"), (1234567.89, "1234567.89")]
        {
            assert_eq!(ReadCell::number(number), ReadCell::Number(digits.into()));
        }
        assert_eq!(ReadCell::number(f64::NAN), ReadCell::Other("NaN".into()));
    }
}
