//! What a cell holds.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::borrow::Cow;

/// Digits that a spreadsheet keeps of a number.
const DIGITS: usize = 15;

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
        let short = number.to_string();
        // Most numbers are short as they are.
        if short.len() <= DIGITS {
            return Self::Number(if short == "-0" { "0".to_owned() } else { short });
        }
        let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
        Self::Number(format!("{rounded}"))
    }

    /// The day of a text as `2026-06-30` or `2026-06-30T08:00:00`.
    pub(crate) fn iso(text: &str) -> Self {
        let day = text.get(..10).and_then(|day| day.parse().ok());
        day.map_or_else(|| Self::Other(text.to_owned()), Self::Day)
    }

    /// The number that a file writes in plain decimals, without going through binary fractions; none where it is written otherwise or
    /// in more digits than a spreadsheet keeps.
    pub(crate) fn plain_number(written: &str) -> Option<Self> {
        let (whole, fraction) = plain_parts(written)?;
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if whole.len() + fraction.len() > DIGITS {
            return None;
        }
        let sign =
            if written.starts_with('-') && !(whole.is_empty() && fraction.is_empty()) { "-" } else { "" };
        let whole = if whole.is_empty() { "0" } else { whole };
        let point = if fraction.is_empty() { "" } else { "." };
        Some(Self::Number([sign, whole, point, fraction].concat()))
    }

    /// A text of a file that knows texts only: a number where it plainly is one and nothing of it is lost. Codes with leading zeros or of
    /// more digits than a spreadsheet keeps stay texts.
    pub(crate) fn of_text(text: &str) -> Self {
        let Self::Text(text) = Self::words(text) else { return Self::Empty };
        let is_number = plain_parts(&text).is_some_and(|(whole, fraction)| {
            let is_code = whole.is_empty() || (whole.len() > 1 && whole.starts_with('0'));
            !is_code && !text.ends_with('.') && whole.len() + fraction.len() <= DIGITS && text != "-0"
        });
        if is_number { Self::Number(text) } else { Self::Text(text) }
    }
}

/// The digits before and behind the point of a plain decimal number.
fn plain_parts(written: &str) -> Option<(&str, &str)> {
    let digits = written.strip_prefix('-').unwrap_or(written);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain(whole) && is_plain(fraction) && whole.len() + fraction.len() > 0).then_some((whole, fraction))
}

/// The day of a serial number: days since the last of 1899, or since the first of 1904. What is no day of a calendar, such as the 29th of
/// February 1900 that only Excel knows, is no day.
pub(crate) fn serial_day(serial: f64, is_1904: bool) -> ReadCell {
    let days = serial.floor();
    if is_1904 {
        return if (0.0..2_957_004.0).contains(&days) {
            later(date(1904, 1, 1), days)
        } else {
            ReadCell::number(serial)
        };
    }
    match days {
        60.0 => ReadCell::Other("1900-02-29".to_owned()),
        1.0..60.0 => later(date(1899, 12, 31), days),
        61.0..2_958_466.0 => later(date(1899, 12, 30), days),
        _ => ReadCell::number(serial),
    }
}

fn later(from: Date, days: f64) -> ReadCell {
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds of a calendar")]
    let day = from.checked_add((days as i64).days());
    day.map_or_else(|_| ReadCell::number(days), ReadCell::Day)
}

/// As what a number is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As a number.
    #[default]
    Number,
    /// As a day, perhaps with a time.
    Day,
    /// As a time, or a length of time.
    Time,
}

impl Shown {
    /// What a format of this number, which needs no code, shows; those of Chinese and Japanese systems among them.
    pub(crate) fn by_number(id: u32) -> Self {
        match id {
            14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Self::Day,
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Self::Time,
            _ => Self::Number,
        }
    }

    /// What a code such as `yyyy"年"m"月"` or `[h]:mm` shows.
    pub(crate) fn by_code(code: &str) -> Self {
        let code = code.to_lowercase();
        if code.trim() == "general" {
            return Self::Number;
        }
        let mut letters = code.chars().peekable();
        let (mut has_day, mut has_time, mut has_month) = (false, false, false);
        while let Some(letter) = letters.next() {
            match letter {
                '"' => drop(letters.by_ref().find(|c| *c == '"')),
                '[' => {
                    let inner: String = letters.by_ref().take_while(|c| *c != ']').collect();
                    has_time |= !inner.is_empty() && inner.chars().all(|c| matches!(c, 'h' | 'm' | 's'));
                }
                '\\' | '_' | '*' => drop(letters.next()),
                'e' if matches!(letters.peek(), Some('+' | '-')) => {}
                'y' | 'd' | 'e' | 'g' => has_day = true,
                'h' | 's' => has_time = true,
                'm' => has_month = true,
                _ => {}
            }
        }
        match (has_day, has_time, has_month) {
            (true, ..) | (_, false, true) => Self::Day,
            (_, true, _) => Self::Time,
            _ => Self::Number,
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
        let day = |serial| serial_day(serial, false);
        assert_eq!(day(46_000.0), ReadCell::Day(date(2025, 12, 9)));
        assert_eq!(day(46_000.75), ReadCell::Day(date(2025, 12, 9)), "the time of the day is left out");
        assert_eq!(day(1.0), ReadCell::Day(date(1900, 1, 1)));
        assert_eq!(day(59.0), ReadCell::Day(date(1900, 2, 28)));
        assert_eq!(day(60.0), ReadCell::Other("1900-02-29".into()));
        assert_eq!(day(61.0), ReadCell::Day(date(1900, 3, 1)));
        assert_eq!(day(2_958_465.0), ReadCell::Day(date(9999, 12, 31)));
        for (serial, digits) in [(2_958_466.0, "2958466"), (0.0, "0"), (0.5, "0.5"), (-3.0, "-3")] {
            assert_eq!(day(serial), ReadCell::Number(digits.into()), "no day");
        }
        assert!(matches!(day(1e308), ReadCell::Number(_)) && matches!(day(f64::NAN), ReadCell::Other(_)));
    }

    #[test]
    fn workbooks_of_old_macs_count_from_1904() {
        let day = |serial| serial_day(serial, true);
        assert_eq!(day(0.0), ReadCell::Day(date(1904, 1, 1)));
        assert_eq!(day(44_538.0), ReadCell::Day(date(2025, 12, 9)));
        assert_eq!(day(2_957_003.0), ReadCell::Day(date(9999, 12, 31)));
        assert_eq!(day(2_957_004.0), ReadCell::Number("2957004".into()));
    }

    #[test]
    fn numbers_lose_the_dust_of_binary_fractions() {
        let dusty = [
            (0.1 + 0.2, "0.3"),
            (1e10, "10000000000"),
            (-12.30, "-12.3"),
            (1_234_567.89, "1234567.89"),
            (1e16, "10000000000000000"),
        ];
        for (number, digits) in dusty {
            assert_eq!(ReadCell::number(number), ReadCell::Number(digits.into()));
        }
        assert_eq!(ReadCell::number(f64::NAN), ReadCell::Other("NaN".into()));
    }

    #[test]
    fn plain_decimals_are_taken_as_they_are_written() {
        for (written, digits) in
            [("120.50", "120.5"), ("007", "7"), ("-0.0", "0"), ("-.5", "-0.5"), ("3.", "3"), ("0", "0")]
        {
            assert_eq!(ReadCell::plain_number(written), Some(ReadCell::Number(digits.into())), "{written}");
        }
        for other in ["", "-", ".", "1e5", "+1", "0.30000000000000004", "1234567890123456", " 1", "1,2"] {
            assert_eq!(ReadCell::plain_number(other), None, "{other}");
        }
    }

    #[test]
    fn a_text_is_a_number_only_when_nothing_of_it_is_lost() {
        for number in ["0", "12", "-12.50", "0.5", "2024.10", " 7 "] {
            assert_eq!(ReadCell::of_text(number), ReadCell::Number(number.trim().into()));
        }
        for text in ["007", "+5", "110101199003070000", "1e5", "1,234", ".5", "5.", "-0", "12万元", "--", "-"]
        {
            assert_eq!(ReadCell::of_text(text), ReadCell::Text(text.into()));
        }
        assert_eq!(ReadCell::of_text(" \u{3000} "), ReadCell::Empty);
    }

    #[test]
    fn formats_say_what_a_number_is() {
        for code in
            ["yyyy\"年\"m\"月\"", "m/d;@", "[$-804]yyyy/m/d", "d-mmm", "yyyy-mm-dd hh:mm", "mmm", "e\"年\""]
        {
            assert_eq!(Shown::by_code(code), Shown::Day, "{code}");
        }
        for code in ["h:mm", "[h]:mm:ss", "mm:ss"] {
            assert_eq!(Shown::by_code(code), Shown::Time, "{code}");
        }
        for code in ["General", "0.00E+00", "#,##0.00\"md\"", "[Red]-0", "0.0_d", "@", "\\d0"] {
            assert_eq!(Shown::by_code(code), Shown::Number, "{code}");
        }
        assert_eq!((Shown::by_number(14), Shown::by_number(57)), (Shown::Day, Shown::Day));
    }
}
