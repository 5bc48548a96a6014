//! Values as people read them: amounts, counts, periods, days. Works on integers only; what is shortened is exact or
//! rounded once from the exact value, which stays one hover away.

use domain::{Approx, Period, Quantity, TimeKind, Unit};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use locale::Locale;
use pages::Amount;

/// Decimals shown when a short form is exact with them; a longer one is rounded to [`ROUNDED_DECIMALS`].
const SHORT_DECIMALS: u32 = 4;
const ROUNDED_DECIMALS: u32 = 2;
const CURRENCIES: &[&str] = &["CNY", "USD", "EUR", "HKD", "JPY", "RUB", "KZT"];

/// A unit to show a value in: its power of ten over the base unit and its label.
struct Scale {
    power: u32,
    label: String,
}

/// A value or range.
pub(crate) fn amount(locale: Locale, quantity: Quantity) -> Amount {
    let Quantity { low, high, unit, approx } = quantity;
    let scale = scale(locale, high.unwrap_or(low).max(low), unit);
    let power = scale.power + unit.decimals();
    let both = |write: &dyn Fn(i64) -> String| match high.filter(|high| *high != low) {
        Some(high) => format!("{}–{}", write(low), write(high)),
        None => write(low),
    };
    Amount {
        short: both(&|value| short(value, power)),
        exact: with_unit(locale, &both(&|value| grouped(value, unit.decimals())), unit),
        unit: scale.label,
        approx: approx_word(locale, approx).to_owned(),
    }
}

/// One value of a unit, without approximation.
pub(crate) fn plain_amount(locale: Locale, value: i64, unit: Unit) -> Amount {
    amount(locale, Quantity { low: value, high: None, unit, approx: Approx::Exact })
}

/// Values in the one readable unit that suits the largest, with its label: for charts.
pub(crate) fn series(locale: Locale, values: &[i64], unit: Unit) -> (Vec<String>, String) {
    let scale = scale(locale, values.iter().copied().max().unwrap_or(0), unit);
    let power = scale.power + unit.decimals();
    (values.iter().map(|value| short(*value, power)).collect(), scale.label)
}

/// One value of a unit, in full: `1,350.5 亩`.
pub(crate) fn exact(locale: Locale, value: i64, unit: Unit) -> String {
    let (value, decimals) = trimmed(value, unit.decimals());
    with_unit(locale, &decimal(value, decimals), unit)
}

/// The word before an approximate number; empty for an exact one.
pub(crate) fn approx_word(locale: Locale, approx: Approx) -> &'static str {
    match approx {
        Approx::Exact => "",
        Approx::Over => locale.approx_over(),
        Approx::Nearly => locale.approx_nearly(),
        Approx::About => locale.approx_about(),
    }
}

/// The label of a unit in a language.
pub(crate) fn unit_label(locale: Locale, unit: Unit) -> &'static str {
    match locale {
        Locale::Zh => unit.zh(),
        Locale::En => unit.en(),
    }
}

fn scale(locale: Locale, value: i64, unit: Unit) -> Scale {
    let base = value.unsigned_abs() / 10_u64.pow(unit.decimals());
    let label = unit_label(locale, unit);
    let money = CURRENCIES.contains(&unit.code());
    let (power, word) = match locale {
        Locale::Zh if money && base >= 100_000_000 => (8, "亿"),
        Locale::Zh if (money && base >= 10_000) || base >= 100_000 => (4, "万"),
        Locale::En if money && base >= 1_000_000_000 => (9, " bn"),
        Locale::En if money && base >= 1_000_000 => (6, " m"),
        _ => (0, ""),
    };
    let label = if locale == Locale::Zh { format!("{word}{label}") } else { format!("{label}{word}") };
    Scale { power, label }
}

fn with_unit(locale: Locale, number: &str, unit: Unit) -> String {
    let label = unit_label(locale, unit);
    match locale {
        _ if unit.code() == "%" => format!("{number}%"),
        Locale::En if CURRENCIES.contains(&unit.code()) => format!("{label} {number}"),
        _ => format!("{number} {label}"),
    }
}

/// `value / 10^power` with at most a few decimals.
fn short(value: i64, power: u32) -> String {
    let (mut value, mut decimals) = trimmed(value, power);
    if decimals > SHORT_DECIMALS {
        let unit = 10_i128.pow(decimals - ROUNDED_DECIMALS);
        let half = if value < 0 { -unit / 2 } else { unit / 2 };
        (value, decimals) = ((value + half) / unit, ROUNDED_DECIMALS);
    }
    decimal(value, decimals)
}

/// Without zeros at the end of the fraction.
fn trimmed(value: i64, decimals: u32) -> (i128, u32) {
    let (mut value, mut decimals) = (i128::from(value), decimals);
    while decimals > 0 && value % 10 == 0 {
        (value, decimals) = (value / 10, decimals - 1);
    }
    (value, decimals)
}

fn grouped(value: i64, decimals: u32) -> String {
    decimal(i128::from(value), decimals)
}

/// A decimal number of the base unit as an integer in the unit's scale; none where it is no number or does not fit.
pub(crate) fn parse(text: &str, unit: Unit) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let places = unit.decimals() as usize;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || fraction.len() > places {
        return None;
    }
    format!("{whole}{fraction:0<places$}").parse::<i64>().ok().map(|value| sign * value)
}

/// `value / 10^decimals` exactly, in groups of three.
pub(crate) fn decimal(value: i128, decimals: u32) -> String {
    let factor = 10_u128.pow(decimals);
    let (whole, fraction) = (value.unsigned_abs() / factor, value.unsigned_abs() % factor);
    let sign = if value < 0 { "-" } else { "" };
    let mut digits = whole.to_string();
    for at in (1..digits.len()).rev().filter(|at| (digits.len() - at) % 3 == 0).collect::<Vec<_>>() {
        digits.insert(at, ',');
    }
    let width = decimals as usize;
    let fraction = if decimals == 0 { String::new() } else { format!("{fraction:0width$}") };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{digits}{point}{fraction}")
}

/// A period in words; empty where neither days nor words are known. The words of the source stand behind the days.
pub(crate) fn period(locale: Locale, period: Period, phrase: Option<&str>) -> String {
    let days = days(locale, period);
    match phrase.map(str::trim).filter(|phrase| !phrase.is_empty()) {
        Some(phrase) if days.is_empty() => locale.period_as_stated(phrase),
        _ => days,
    }
}

fn days(locale: Locale, period: Period) -> String {
    match (period.kind, period.from, period.to) {
        (_, None, None) => String::new(),
        (TimeKind::Stock, _, Some(day)) | (TimeKind::Stock, Some(day), None) => locale.period_stock(day),
        (TimeKind::Cumulative, None, Some(to)) => locale.period_until(to),
        (TimeKind::Cumulative, Some(from), Some(to)) => locale.period_cumulative(from, to),
        (_, Some(from), None) => locale.period_since(from),
        (_, None, Some(to)) => locale.period_before(to),
        (TimeKind::Flow, Some(from), Some(to)) => flow(locale, from, to),
    }
}

/// Whole years and months by their names, everything else by its days.
fn flow(locale: Locale, from: Date, to: Date) -> String {
    let whole = from.day() == 1 && to == to.last_of_month();
    let same_year = from.year() == to.year();
    if from == to {
        from.to_string()
    } else if whole && same_year && from.month() == 1 && to.month() == 12 {
        locale.period_year(from.year())
    } else if whole && from.month() == 1 && to.month() == 12 {
        locale.period_years(from.year(), to.year())
    } else if whole && same_year && from.month() == to.month() {
        locale.period_month(from.year(), month(locale, from))
    } else if whole && same_year {
        locale.period_months(from.year(), month(locale, from), month(locale, to))
    } else {
        locale.period_flow(from, to)
    }
}

fn month(locale: Locale, day: Date) -> String {
    match locale {
        Locale::Zh => day.month().to_string(),
        Locale::En => day.strftime("%b").to_string(),
    }
}

/// The label of how days are meant.
pub(crate) fn time_kind(locale: Locale, kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::Flow => locale.time_flow(),
        TimeKind::Cumulative => locale.time_cumulative(),
        TimeKind::Stock => locale.time_stock(),
    }
}

/// An instant in the programme's time zone, to the minute.
pub(crate) fn instant(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A size in bytes: `48 KB`, `1.2 MB`.
pub(crate) fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit).replace(".0", "");
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{} MB", tenths(1_048_576)),
    }
}

#[cfg(test)]
mod tests;
