//! What a cell says as a value: amounts, other numbers and days, as offices write them.

use crate::book::ReadCell;
use domain::quantity::{to_scale, typed_number};
use domain::{Approx, Quantity, QuantityError, Unit};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::str::FromStr;

/// What stands for "nothing known".
const NOTHING: &[&str] =
    &["-", "--", "—", "——", "/", "\\", "无", "暂无", "待定", "未定", "不详", "n/a", "na", "未知", "待核实"];
/// A number of a spreadsheet with more digits was computed, and ends in what binary fractions leave.
const COMPUTED_DIGITS: usize = 14;

/// What the numbers of a column count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetUnit {
    /// The unit.
    pub unit: Unit,
    /// How many of it one is: 10,000 for 万元.
    pub scale: i64,
    /// As it is written.
    pub text: String,
}

/// Why a cell is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellProblem {
    /// A formula that was saved without its value, or takes it from another file.
    NotRead,
    /// No number.
    Number,
    /// A number of which nothing says what it counts.
    Unit,
    /// No day.
    Date,
    /// A day of which nothing says the year.
    YearUnknown,
    /// Larger than a figure may be.
    TooLarge,
    /// More decimals than the unit keeps.
    TooFine,
    /// A range that ends below its beginning.
    Order,
}

impl CellProblem {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRead => "not-read",
            Self::Number => "number",
            Self::Unit => "unit",
            Self::Date => "date",
            Self::YearUnknown => "year-unknown",
            Self::TooLarge => "too-large",
            Self::TooFine => "too-fine",
            Self::Order => "order",
        }
    }
}

/// Which day of a month or year is taken where none is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The first.
    First,
    /// The last.
    Last,
}

/// What is known beside a cell.
#[derive(Debug, Clone, Copy)]
pub struct DayContext {
    /// The year that the sheet speaks of.
    pub year: Option<i16>,
    /// Which day is taken where none is said.
    pub bound: Bound,
}

/// A day that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDay {
    /// The day.
    pub day: Date,
    /// Whether the day was said; else only a month or a year was, and it was taken by the rule.
    pub is_whole_day: bool,
}

/// Narrow characters without white space.
fn plain(text: &str) -> String {
    let narrow = text.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{2212}' | '\u{2013}' => '-',
        c => c,
    });
    narrow.filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect()
}

fn is_nothing(text: &str) -> bool {
    text.is_empty() || NOTHING.contains(&text.to_lowercase().as_str())
}

/// The unit that words mean: 万元, 单位：亿元, （亩）, %. None for anything else.
#[must_use]
pub fn unit_of_words(text: &str) -> Option<SheetUnit> {
    let words = plain(text);
    let words =
        words.strip_prefix("单位").map_or(words.as_str(), |rest| rest.trim_start_matches([':', '：']));
    let words = words
        .strip_prefix(['(', '[', '【'])
        .and_then(|rest| rest.strip_suffix([')', ']', '】']))
        .unwrap_or(words);
    let (scale, rest) = scaled(words);
    let named = |unit: &Unit| unit.zh() == rest || unit.code() == rest || unit.en() == rest;
    let unit = match rest {
        "" if scale > 1 => Some(Unit::cny()),
        "元" | "人民币元" | "人民币" | "元人民币" | "CNY" | "RMB" => Some(Unit::cny()),
        "个" | "项" | "家" | "户" => Unit::all().find(named),
        _ => Unit::all().find(named),
    }?;
    Some(SheetUnit { unit, scale, text: text.trim().to_owned() })
}

/// Leading words of size, multiplied.
fn scaled(words: &str) -> (i64, &str) {
    const SIZES: &[(&str, i64)] =
        &[("百万", 1_000_000), ("千万", 10_000_000), ("亿", 100_000_000), ("万", 10_000), ("千", 1_000)];
    let (mut scale, mut rest) = (1_i64, words);
    while let Some((size, by)) = SIZES.iter().find(|(size, _)| rest.starts_with(size)) {
        // A unit may begin with a word of size: 千克, 千瓦.
        if *size == "千" && Unit::all().any(|unit| unit.zh() == rest) {
            break;
        }
        scale = scale.saturating_mul(*by);
        rest = &rest[size.len()..];
    }
    (scale, rest)
}

/// An amount with its unit: what the cell says itself, else that of its column.
///
/// # Errors
/// Why it is none.
pub fn amount(cell: &ReadCell, unit: Option<&SheetUnit>) -> Result<Option<Quantity>, CellProblem> {
    match cell {
        ReadCell::Empty => Ok(None),
        ReadCell::Unvalued | ReadCell::Linked => Err(CellProblem::NotRead),
        ReadCell::Number(digits) => {
            let unit = unit.ok_or(CellProblem::Unit)?;
            let number = Decimal::from_str(digits).or_else(|_| Decimal::from_scientific(digits));
            let number = number.map_err(|_| CellProblem::TooLarge)?;
            let number = number.checked_mul(Decimal::from(unit.scale)).ok_or(CellProblem::TooLarge)?;
            let significant = digits.bytes().filter(u8::is_ascii_digit).count();
            let number =
                if significant >= COMPUTED_DIGITS { number.round_dp(unit.unit.decimals()) } else { number };
            quantity(number, None, unit.unit, Approx::Exact).map(Some)
        }
        ReadCell::Day(_) | ReadCell::Other(_) => Err(CellProblem::Number),
        ReadCell::Text(text) => said(&plain(text), unit),
    }
}

fn quantity(
    low: Decimal,
    high: Option<Decimal>,
    unit: Unit,
    approx: Approx,
) -> Result<Quantity, CellProblem> {
    Quantity::new(low, high, unit, approx).map_err(|error| match error {
        QuantityError::TooFine { .. } => CellProblem::TooFine,
        QuantityError::TooLarge { .. } => CellProblem::TooLarge,
        QuantityError::EmptyRange => CellProblem::Order,
    })
}

/// 约3亿, 1.2-1.5亿, 近500万元, 超10亿元, 3000余万元, (1,200).
fn said(text: &str, unit: Option<&SheetUnit>) -> Result<Option<Quantity>, CellProblem> {
    if is_nothing(text) {
        return Ok(None);
    }
    let (mut approx, mut rest) = (Approx::Exact, text.to_owned());
    const BEFORE: &[(&str, Approx)] = &[
        ("大约", Approx::About),
        ("约为", Approx::About),
        ("约", Approx::About),
        ("预计", Approx::About),
        ("超过", Approx::Over),
        ("不少于", Approx::Over),
        ("不低于", Approx::Over),
        ("超", Approx::Over),
        ("逾", Approx::Over),
        ("将近", Approx::Nearly),
        ("接近", Approx::Nearly),
        ("近", Approx::Nearly),
    ];
    const BEHIND: &[(&str, Approx)] = &[
        ("左右", Approx::About),
        ("上下", Approx::About),
        ("以上", Approx::Over),
        ("余", Approx::Over),
        ("多", Approx::Over),
    ];
    if let Some((word, how)) = BEFORE.iter().find(|(word, _)| rest.starts_with(word)) {
        (approx, rest) = (*how, rest[word.len()..].to_owned());
    }
    if let Some((word, how)) = BEHIND.iter().find(|(word, _)| rest.ends_with(word)) {
        (approx, rest) = (*how, rest[..rest.len() - word.len()].to_owned());
    }
    // 3000余万元: the word stands between number and unit.
    for word in ["余", "多"] {
        if let Some(at) = rest.find(word)
            && rest[..at].ends_with(|c: char| c.is_ascii_digit() || "万亿".contains(c))
        {
            (approx, rest) = (Approx::Over, format!("{}{}", &rest[..at], &rest[at + word.len()..]));
        }
    }
    let is_negative = rest.starts_with('(') && rest.ends_with(')');
    let rest = if is_negative { format!("-{}", &rest[1..rest.len() - 1]) } else { rest };
    let split = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '-' | '~' | '～' | '—' | '至' | '到'));
    let (first, last) = match split {
        Some((at, c)) => (&rest[..at], Some(rest[at + c.len_utf8()..].trim_start_matches('—'))),
        None => (rest.as_str(), None),
    };
    let (low, low_unit) = numbered(first)?;
    let Some(last) = last else {
        let (unit, scale) = own_unit(low_unit.as_ref(), unit)?;
        let low = low.checked_mul(Decimal::from(scale)).ok_or(CellProblem::TooLarge)?;
        return quantity(low, None, unit, approx).map(Some);
    };
    let (high, high_unit) = numbered(last)?;
    let (unit, scale) = own_unit(high_unit.as_ref(), unit)?;
    if low_unit.as_ref().is_some_and(|low| low.unit != unit) {
        return Err(CellProblem::Unit);
    }
    let low_scale = low_unit.as_ref().map_or(scale, |unit| unit.scale);
    let by =
        |number: Decimal, scale: i64| number.checked_mul(Decimal::from(scale)).ok_or(CellProblem::TooLarge);
    quantity(by(low, low_scale)?, Some(by(high, scale)?), unit, approx).map(Some)
}

fn own_unit(own: Option<&SheetUnit>, column: Option<&SheetUnit>) -> Result<(Unit, i64), CellProblem> {
    own.or(column).map(|unit| (unit.unit, unit.scale)).ok_or(CellProblem::Unit)
}

/// A number and the unit behind it.
fn numbered(text: &str) -> Result<(Decimal, Option<SheetUnit>), CellProblem> {
    let text = text.strip_prefix(['¥', '￥']).unwrap_or(text);
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+');
    let end = text.find(|c: char| !is_digit(c)).unwrap_or(text.len());
    let number = typed_number(&text[..end]).ok_or(CellProblem::Number)?;
    let words = &text[end..];
    if words.is_empty() {
        return Ok((number, None));
    }
    let unit = unit_of_words(words).ok_or(CellProblem::Number)?;
    Ok((number, Some(unit)))
}

/// A number of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadNumber {
    /// In the unit's scale.
    pub mantissa: i64,
    /// Whether the cell says it without 约, 近, 以上 and the like.
    pub is_exact: bool,
}

/// A number of a unit, in the unit's scale. Of a percentage a number up to one is a share of the whole (as spreadsheets keep 35 %),
/// unless the column says that it holds per cent.
///
/// # Errors
/// Why it is none; a range is none, so that its end is not lost.
pub fn number(
    cell: &ReadCell,
    unit: Unit,
    column: Option<&SheetUnit>,
) -> Result<Option<ReadNumber>, CellProblem> {
    let column = column.filter(|column| column.unit == unit);
    let own = SheetUnit { unit, scale: 1, text: String::new() };
    let read = amount(cell, Some(column.unwrap_or(&own)))?;
    let Some(read) = read else { return Ok(None) };
    if read.high.is_some() {
        return Err(CellProblem::Number);
    }
    if read.unit != unit {
        return Err(CellProblem::Unit);
    }
    let is_share = unit.code() == "%"
        && column.is_none()
        && matches!(cell, ReadCell::Number(_))
        && read.low.abs() <= to_scale(Decimal::ONE, unit).unwrap_or(0);
    let mantissa = if is_share { read.low.saturating_mul(100) } else { read.low };
    Ok(Some(ReadNumber { mantissa, is_exact: read.approx == Approx::Exact }))
}

/// A day: 2024-05-31, 2024/5/31, 2024.5.31, 20240531, 2024年5月31日, 24年5月, 2024.05, 5月31日, 四月底, 2026年上半年, a date of Excel.
///
/// # Errors
/// Why it is none. `2024.1` as a number may mean January or October.
pub fn day(cell: &ReadCell, context: &DayContext) -> Result<Option<ReadDay>, CellProblem> {
    match cell {
        ReadCell::Empty => Ok(None),
        ReadCell::Unvalued | ReadCell::Linked => Err(CellProblem::NotRead),
        ReadCell::Day(day) => Ok(Some(ReadDay { day: *day, is_whole_day: true })),
        ReadCell::Number(digits) => numeric_day(digits, context).map(Some),
        ReadCell::Text(text) | ReadCell::Other(text) => {
            let text = plain(without_time(text));
            if is_nothing(&text) { Ok(None) } else { written_day(&text, context).map(Some) }
        }
    }
}

/// 20240531, a year, or the number of a day that was not formatted as one.
fn numeric_day(digits: &str, context: &DayContext) -> Result<ReadDay, CellProblem> {
    const SERIALS: std::ops::RangeInclusive<u32> = 30_000..=60_000;
    if let Ok(number) = digits.parse::<u32>() {
        if SERIALS.contains(&number) {
            let epoch = jiff::civil::date(1899, 12, 30);
            let day = epoch.checked_add(jiff::Span::new().days(i64::from(number)));
            return day.map(|day| ReadDay { day, is_whole_day: true }).map_err(|_| CellProblem::Date);
        }
        return written_day(digits, context);
    }
    match digits.split_once('.') {
        // The zero of 2024.10 is lost in a number.
        Some((_, "1")) => Err(CellProblem::Date),
        Some(_) => written_day(digits, context),
        None => Err(CellProblem::Date),
    }
}

/// Parts of a year that words name: first and last month.
const STRETCHES: &[(&str, (i8, i8))] = &[
    ("上半年", (1, 6)),
    ("下半年", (7, 12)),
    ("全年", (1, 12)),
    ("一季度", (1, 3)),
    ("二季度", (4, 6)),
    ("三季度", (7, 9)),
    ("四季度", (10, 12)),
    ("第一季度", (1, 3)),
    ("第二季度", (4, 6)),
    ("第三季度", (7, 9)),
    ("第四季度", (10, 12)),
];

fn written_day(text: &str, context: &DayContext) -> Result<ReadDay, CellProblem> {
    let (text, part) = part_of(text);
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = |range: std::ops::Range<usize>| text[range].parse().ok();
        return whole(number(0..4), number(4..6), number(6..8));
    }
    if let Some((words, months)) = STRETCHES.iter().rev().find(|(words, _)| text.ends_with(words)) {
        let year = text[..text.len() - words.len()].trim_end_matches('年');
        let year = if year.is_empty() { context.year } else { year_of(year) };
        return stretch(year.ok_or(CellProblem::YearUnknown)?, *months, context.bound);
    }
    let has_month = text.contains('月');
    let has_year = text.contains('年');
    let digits: String = text
        .trim_end_matches(['日', '号', '份'])
        .chars()
        .map(|c| if matches!(c, '年' | '月' | '/' | '-' | '.') { '.' } else { c })
        .collect();
    let parts: Vec<&str> = digits.trim_end_matches('.').split('.').collect();
    let numbers: Option<Vec<i16>> = parts.iter().map(|part| number_of(part)).collect();
    let numbers = numbers.ok_or(CellProblem::Date)?;
    let (year, month, day) = match numbers[..] {
        [year, month, day] => (Some(year), month, Some(day)),
        [month, day] if has_month && !has_year => (context.year, month, Some(day)),
        [year, month] => (Some(year), month, None),
        [month] if has_month => (context.year, month, None),
        [year] if has_year || parts[0].len() == 4 => {
            let year = full_year(year, has_year).ok_or(CellProblem::Date)?;
            let months = match part {
                Some(Part::Start) => (1, 1),
                Some(Part::End) => (12, 12),
                _ => (1, 12),
            };
            let bound = match part {
                Some(Part::End) => Bound::Last,
                Some(Part::Start) => Bound::First,
                _ => context.bound,
            };
            return stretch(year, months, bound);
        }
        _ => return Err(CellProblem::Date),
    };
    let year = full_year(
        year.ok_or(CellProblem::YearUnknown)?,
        has_year || context.year.is_some() || parts.len() == 3,
    );
    let (year, month) = (year.ok_or(CellProblem::Date)?, i8::try_from(month).map_err(|_| CellProblem::Date)?);
    match day {
        Some(day) => whole(Some(year), Some(i16::from(month)), Some(day)),
        None => within(year, month, part, context.bound),
    }
}

fn whole(year: Option<i16>, month: Option<i16>, day: Option<i16>) -> Result<ReadDay, CellProblem> {
    let date = || Date::new(year?, i8::try_from(month?).ok()?, i8::try_from(day?).ok()?).ok();
    date().map(|day| ReadDay { day, is_whole_day: true }).ok_or(CellProblem::Date)
}

/// Where in a month or year.
#[derive(Clone, Copy)]
enum Part {
    Start,
    Middle,
    End,
}

fn part_of(text: &str) -> (&str, Option<Part>) {
    const PARTS: &[(&str, Part)] = &[
        ("上旬", Part::Start),
        ("中旬", Part::Middle),
        ("下旬", Part::End),
        ("初", Part::Start),
        ("中", Part::Middle),
        ("底", Part::End),
        ("末", Part::End),
        ("前", Part::End),
    ];
    let found = PARTS.iter().find(|(word, _)| text.ends_with(word));
    found.map_or((text, None), |(word, part)| (&text[..text.len() - word.len()], Some(*part)))
}

/// A day of a month of which only a part is said.
fn within(year: i16, month: i8, part: Option<Part>, bound: Bound) -> Result<ReadDay, CellProblem> {
    let first = Date::new(year, month, 1).map_err(|_| CellProblem::Date)?;
    let last = first.last_of_month();
    let day = match (part, bound) {
        (Some(Part::End), _) | (None, Bound::Last) => last,
        (Some(Part::Middle), _) => Date::new(year, month, 15).unwrap_or(first),
        (Some(Part::Start), _) | (None, Bound::First) => first,
    };
    Ok(ReadDay { day, is_whole_day: false })
}

fn stretch(year: i16, (first, last): (i8, i8), bound: Bound) -> Result<ReadDay, CellProblem> {
    let month = if bound == Bound::First { first } else { last };
    within(year, month, None, bound)
}

/// `2024-05-31 0:00:00` and `2024-05-31T08:00` without the time. White space parts them, so it must be there still.
fn without_time(text: &str) -> &str {
    let is_time = |word: &str| {
        let mut parts = word.split([':', '：']);
        let is_number = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
        parts.next().is_some_and(is_number) && parts.next().is_some_and(is_number)
    };
    let text = text.trim();
    match text.rsplit_once([' ', '\u{a0}', '\u{3000}', 'T']) {
        Some((day, time)) if is_time(time) => day,
        _ => text,
    }
}

fn year_of(text: &str) -> Option<i16> {
    full_year(number_of(text)?, true)
}

/// 24 as 2024 where it is said to be a year.
fn full_year(year: i16, is_said: bool) -> Option<i16> {
    match year {
        0..=99 if is_said => Some(2000 + year),
        1000..=9999 => Some(year),
        _ => None,
    }
}

/// A number of a date: digits, or Chinese numerals up to ninety-nine.
fn number_of(text: &str) -> Option<i16> {
    if !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digit = |c: char| {
        let at = "零一二三四五六七八九".chars().position(|of| of == c || (c == '〇' && of == '零'));
        at.and_then(|at| i16::try_from(at).ok())
    };
    let chars: Vec<char> = text.chars().collect();
    match chars[..] {
        ['十'] => Some(10),
        ['十', ones] => Some(10 + digit(ones)?),
        [tens, '十'] => Some(10 * digit(tens)?),
        [tens, '十', ones] => Some(10 * digit(tens)? + digit(ones)?),
        [one] => digit(one),
        // 二〇二六
        [a, b, c, d] => Some(((digit(a)? * 10 + digit(b)?) * 10 + digit(c)?) * 10 + digit(d)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn wan() -> SheetUnit {
        unit_of_words("万元").expect("a unit")
    }

    fn text(text: &str) -> ReadCell {
        ReadCell::Text(text.to_owned())
    }

    #[test]
    fn units_are_read_with_their_size() {
        for (words, code, scale) in [
            ("万元", "CNY", 10_000),
            ("单位：亿元", "CNY", 100_000_000),
            ("（亿）", "CNY", 100_000_000),
            ("千元", "CNY", 1_000),
            ("%", "%", 1),
            ("万美元", "USD", 10_000),
        ] {
            let unit = unit_of_words(words).expect(words);
            assert_eq!((unit.unit.code(), unit.scale), (code, scale), "{words}");
        }
        assert_eq!(unit_of_words("万").map(|unit| unit.scale), Some(10_000));
        for words in ["项目名称", "", "元月", "单位"] {
            assert_eq!(unit_of_words(words), None, "{words}");
        }
    }

    #[test]
    fn amounts_are_read_as_offices_write_them() {
        let of = |said: &str| {
            let read = amount(&text(said), Some(&wan())).expect(said).expect(said);
            (read.low / 100, read.high.map(|high| high / 100), read.approx)
        };
        for (said, low, high, approx) in [
            ("1,200", 12_000_000, None, Approx::Exact),
            ("约3亿", 300_000_000, None, Approx::About),
            ("1.2-1.5亿", 120_000_000, Some(150_000_000), Approx::Exact),
            ("5000万-1亿元", 50_000_000, Some(100_000_000), Approx::Exact),
            ("近500万元", 5_000_000, None, Approx::Nearly),
            ("超10亿元", 1_000_000_000, None, Approx::Over),
            ("3000余万元", 30_000_000, None, Approx::Over),
            ("2亿元左右", 200_000_000, None, Approx::About),
            ("１２０", 1_200_000, None, Approx::Exact),
            ("¥120", 1_200_000, None, Approx::Exact),
        ] {
            assert_eq!(of(said), (low, high, approx), "{said}");
        }
        assert_eq!(
            amount(&text("(1,200)"), Some(&wan())).expect("read").map(|read| read.low),
            Some(-1_200_000_000)
        );
        for nothing in ["-", "—", "无", "待定", " "] {
            assert_eq!(amount(&text(nothing), Some(&wan())), Ok(None), "{nothing}");
        }
    }

    #[test]
    fn what_is_no_amount_says_why() {
        let of = |cell: &ReadCell| amount(cell, Some(&wan())).expect_err("refused");
        assert_eq!(of(&text("很多")), CellProblem::Number);
        assert_eq!(of(&ReadCell::Unvalued), CellProblem::NotRead);
        assert_eq!(of(&text("200000亿")), CellProblem::TooLarge);
        assert_eq!(of(&ReadCell::Number("0.0000001".into())), CellProblem::TooFine);
        assert_eq!(of(&text("5-3亿")), CellProblem::Order);
        assert_eq!(of(&text("3亩-5亿元")), CellProblem::Unit);
        assert_eq!(amount(&ReadCell::Number("5".into()), None), Err(CellProblem::Unit));
        let computed = ReadCell::Number("333.333333333333".into());
        assert_eq!(amount(&computed, Some(&wan())).expect("read").map(|read| read.low), Some(333_333_333));
    }

    #[test]
    fn shares_are_percentages_unless_the_column_says_per_cent() {
        let percent = Unit::from_code("%").expect("a unit");
        let column = unit_of_words("%");
        let of =
            |cell: &ReadCell, column| number(cell, percent, column).expect("read").map(|read| read.mantissa);
        assert_eq!(of(&ReadCell::Number("0.35".into()), None), Some(350_000));
        assert_eq!(of(&ReadCell::Number("35".into()), None), Some(350_000));
        assert_eq!(of(&text("35%"), None), Some(350_000));
        assert_eq!(number(&text("30-40%"), percent, None), Err(CellProblem::Number));
        assert_eq!(of(&ReadCell::Number("1".into()), column.as_ref()), Some(10_000));
    }

    #[test]
    fn days_are_read_as_offices_write_them() {
        let of = |cell: &ReadCell, bound| {
            day(cell, &DayContext { year: Some(2026), bound })
                .map(|read| read.map(|read| (read.day, read.is_whole_day)))
        };
        for (said, expected, is_whole) in [
            ("2024-05-31", date(2024, 5, 31), true),
            ("2024/5/1", date(2024, 5, 1), true),
            ("2024.5.31", date(2024, 5, 31), true),
            ("20240531", date(2024, 5, 31), true),
            ("2024年5月31日", date(2024, 5, 31), true),
            ("2024-05-31 00:00:00", date(2024, 5, 31), true),
            ("2024/5/31 8:00", date(2024, 5, 31), true),
            ("2024-05-31T08:00:00", date(2024, 5, 31), true),
            ("5月31日", date(2026, 5, 31), true),
            ("24年5月", date(2024, 5, 1), false),
            ("2024.5", date(2024, 5, 1), false),
            ("四月底", date(2026, 4, 30), false),
            ("2024年十二月中旬", date(2024, 12, 15), false),
            ("2025年底", date(2025, 12, 31), false),
            ("二〇二六年三月", date(2026, 3, 1), false),
            ("2026年上半年", date(2026, 1, 1), false),
        ] {
            assert_eq!(of(&text(said), Bound::First), Ok(Some((expected, is_whole))), "{said}");
        }
        assert_eq!(of(&text("2026年6月"), Bound::Last), Ok(Some((date(2026, 6, 30), false))));
        assert_eq!(of(&text("2026年二季度"), Bound::Last), Ok(Some((date(2026, 6, 30), false))));
        assert_eq!(of(&ReadCell::Number("46000".into()), Bound::First), Ok(Some((date(2025, 12, 9), true))));
        assert_eq!(of(&ReadCell::Number("2024.1".into()), Bound::First), Err(CellProblem::Date));
        for wrong in ["2024-02-30", "尽快", "13月", "99999999", "时间：待定", "见通知:附件"] {
            assert!(of(&text(wrong), Bound::First).is_err(), "{wrong}");
        }
        let unknown = day(&text("四月底"), &DayContext { year: None, bound: Bound::First });
        assert_eq!(unknown, Err(CellProblem::YearUnknown));
    }
}
