//! Time phrases: where they begin and end, and the days they mean given the day the text was published.

use crate::chars::{DIGIT, HAN, Text};
use crate::lexicon::ONE;
use crate::numeral::{self, Numeral};
use domain::{Period, TimeKind};
use jiff::civil::Date;

/// A time phrase in the repaired text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub period: Period,
}

#[derive(Debug, Clone, Copy, Default)]
struct Point {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    end_of: bool,
}

/// The time phrase around the numeral at `i`, if that is what it belongs to.
pub fn at_numeral(t: Text<'_>, i: usize, n: &Numeral, day: Option<Date>) -> Option<Span> {
    if n.decimals || n.bare || n.scaled {
        return None;
    }
    duration(t, i, n, day).or_else(|| calendar(t, i, day))
}

/// 3年来, 上线10天以来, 前十个月.
fn duration(t: Text<'_>, i: usize, n: &Numeral, day: Option<Date>) -> Option<Span> {
    let p = t.skip_space(n.end);
    let (unit, p) = ["个月", "年", "天", "日", "月"]
        .iter()
        .find(|u| t.starts(p, u))
        .map(|u| (*u, p + u.chars().count()))?;
    let count = i64::try_from(n.value / ONE).ok().filter(|c| *c < 1000)?;
    if unit == "个月" && t.any_before(i, "前头") && count <= 12 {
        let year = day.map(Date::year);
        let bound = |m: i64, last: bool| year.and_then(|y| month_day(y, i8::try_from(m).ok()?, last));
        let period = Period { kind: TimeKind::Flow, from: bound(1, false), to: bound(count, true) };
        let (start, _) = prefix(t, i - 1);
        return Some(Span { start, end: p, period });
    }
    let p = if t.any(p, "多余") { p + 1 } else { p };
    let end = if t.starts(p, "以来") {
        p + 2
    } else if t.at(p) == '来' as u16 && !t.any(p + 1, "到自访") {
        p + 1
    } else {
        return None;
    };
    let mut start = i;
    if t.any_before(start, "近这") {
        start -= 1;
    } else if ["上线", "运营", "开业", "投产", "成立", "启动", "开通", "开馆", "援疆", "进疆", "实施"]
        .iter()
        .any(|v| t.ends(i, v))
    {
        start -= 2;
    }
    let back = |d: Date| {
        let span = match unit {
            "年" => jiff::Span::new().try_years(count),
            "月" | "个月" => jiff::Span::new().try_months(count),
            _ => jiff::Span::new().try_days(count),
        };
        span.ok().and_then(|s| d.checked_sub(s).ok())
    };
    Some(Span {
        start,
        end,
        period: Period { kind: TimeKind::Cumulative, from: day.and_then(back), to: day },
    })
}

/// Calendar dates, months, years and their ranges.
fn calendar(t: Text<'_>, i: usize, day: Option<Date>) -> Option<Span> {
    let (a, mut end) = months(t, i).or_else(|| point(t, i))?;
    let mut b = None;
    if a.1.is_none() {
        let sep = separator(t, end);
        if let Some((next, e)) = sep.and_then(|p| point(t, p).or_else(|| bare_day(t, p, a.0))) {
            (b, end) = (Some(next.0), e);
        }
    } else {
        b = a.1;
    }
    let (start, prefix) = prefix(t, i);
    let tail = (end..end + 7).take_while(|p| *p == end || t.is(*p - 1, HAN)).find(|p| t.starts(*p, "以来"));
    let since = tail.is_some();
    end = tail.map_or(end, |p| p + 2);
    if t.starts(end, "期间") {
        end += 2;
    }
    Some(Span { start, end, period: resolve(a.0, b, prefix, since, day) })
}

type Points = (Point, Option<Point>);

fn separator(t: Text<'_>, p: usize) -> Option<usize> {
    let at = t.skip_space(p);
    if !t.any(at, "-—–~～至到") {
        return None;
    }
    let at = if t.any(at + 1, "-—") { at + 2 } else { at + 1 };
    Some(t.skip_space(at))
}

fn number(t: Text<'_>, p: usize) -> Option<(i64, usize)> {
    if !t.is(p, crate::chars::NUMERAL) {
        return None;
    }
    let n = numeral::parse(t, p).ok().filter(|n| !n.decimals && !n.bare && !n.scaled && !n.over)?;
    let value =
        if n.serial && n.chinese { serial(t, p, n.end)? } else { i64::try_from(n.value / ONE).ok()? };
    Some((value, n.end))
}

/// 二〇二三 digit by digit.
fn serial(t: Text<'_>, start: usize, end: usize) -> Option<i64> {
    (end - start == 4).then_some(())?;
    (start..end).try_fold(0, |v, p| {
        let d = "零一二三四五六七八九".chars().position(|c| c as u16 == t.at(p));
        let d = d.or_else(|| (t.at(p) == '〇' as u16).then_some(0))?;
        Some(v * 10 + i64::try_from(d).ok()?)
    })
}

/// 1-10月, 1至9月, 2021-2025年.
fn months(t: Text<'_>, i: usize) -> Option<(Points, usize)> {
    let (a, p) = number(t, i)?;
    let (b, p) = number(t, separator(t, p)?)?;
    let p = t.skip_space(p);
    if t.at(p) == '月' as u16 && (1..=12).contains(&a) && (a..=12).contains(&b) {
        let at = |m: i64| Point { month: i8::try_from(m).ok(), ..Point::default() };
        let end = if t.at(p + 1) == '份' as u16 { p + 2 } else { p + 1 };
        return Some(((at(a), Some(at(b))), end));
    }
    if t.at(p) == '年' as u16 && year(a) && year(b) {
        let at = |y: i64| Point { year: i16::try_from(y).ok(), ..Point::default() };
        return Some(((at(a), Some(at(b))), p + 1));
    }
    None
}

fn year(y: i64) -> bool {
    (1900..2100).contains(&y)
}

fn point(t: Text<'_>, i: usize) -> Option<(Points, usize)> {
    let (v, p) = number(t, i)?;
    let mut at = Point::default();
    let p = t.skip_space(p);
    let mut end;
    if t.at(p) == '年' as u16 && year(v) {
        at.year = i16::try_from(v).ok();
        end = p + 1;
        let q = t.skip_space(end);
        if let Some(((months, last), e)) = months(t, q) {
            return Some((
                (Point { year: at.year, ..months }, last.map(|l| Point { year: at.year, ..l })),
                e,
            ));
        }
        if let Some((m, e)) = month(t, q) {
            (at.month, end) = (Some(m), e);
        } else if t.starts(end, "上半年") {
            let half = |m| Point { year: at.year, month: Some(m), ..Point::default() };
            return Some(((half(1), Some(half(6))), end + 3));
        } else if t.at(end) == '度' as u16 {
            end += 1;
        }
    } else {
        let (m, e) = month(t, i)?;
        (at.month, end) = (Some(m), e);
    }
    if at.month.is_some()
        && let Some((d, e)) = day_of(t, t.skip_space(end))
    {
        (at.day, end) = (Some(d), e);
    }
    if at.day.is_none() && t.any(end, "底末") {
        (at.end_of, end) = (true, end + 1);
    } else if at.day.is_none() && (t.at(end) == '份' as u16 || t.any(end, "初")) {
        end += 1;
    } else if at.day.is_none() && (t.starts(end, "上旬") || t.starts(end, "中旬") || t.starts(end, "下旬"))
    {
        end += 2;
    }
    Some(((at, None), end))
}

fn month(t: Text<'_>, i: usize) -> Option<(i8, usize)> {
    let (v, p) = number(t, i)?;
    let p = t.skip_space(p);
    (t.at(p) == '月' as u16 && (1..=12).contains(&v)).then_some(())?;
    Some((i8::try_from(v).ok()?, p + 1))
}

fn day_of(t: Text<'_>, i: usize) -> Option<(i8, usize)> {
    let (v, p) = number(t, i)?;
    let p = t.skip_space(p);
    (t.any(p, "日号") && (1..=31).contains(&v)).then_some(())?;
    Some((i8::try_from(v).ok()?, p + 1))
}

fn bare_day(t: Text<'_>, p: usize, from: Point) -> Option<(Points, usize)> {
    from.day?;
    let (d, end) = day_of(t, p)?;
    Some(((Point { day: Some(d), ..from }, None), end))
}

/// Words in front that belong to the phrase; whether they make it a running total and which year they mean.
fn prefix(t: Text<'_>, i: usize) -> (usize, (bool, Option<i16>)) {
    let (mut start, mut until, mut year) = (i, false, None);
    for _ in 0..2 {
        if ["今年", "当年", "去年", "上年", "本年", "明年"].iter().any(|w| t.ends(start, w)) {
            let last = t.ends(start, "去年") || t.ends(start, "上年");
            let named = !t.ends(start, "当年") && !t.ends(start, "本年");
            year = named.then_some(if t.ends(start, "明年") { 1 } else { -i16::from(last) });
            start -= 2;
        } else if t.ends(start, "截至") || t.ends(start, "截止") {
            (until, start) = (true, start - 2);
        } else if t.ends(start, "截止到") || t.ends(start, "截至到") {
            (until, start) = (true, start - 3);
        }
    }
    (start, (until, year))
}

fn month_day(y: i16, m: i8, last: bool) -> Option<Date> {
    let first = Date::new(y, m, 1).ok()?;
    Some(if last { first.last_of_month() } else { first })
}

fn resolve(
    a: Point,
    b: Option<Point>,
    (until, shift): (bool, Option<i16>),
    since: bool,
    day: Option<Date>,
) -> Period {
    let end = b.unwrap_or(a);
    // A month later than the publication's is last year's, unless the text says 今年.
    let later = |d: Date| shift.is_none() && end.month.is_some_and(|m| m > d.month());
    let year = end.year.or(a.year).or(day.map(|d| d.year() + shift.unwrap_or(0) - i16::from(later(d))));
    let crosses = matches!((a.month, end.month), (Some(a), Some(b)) if a > b) && a.year.is_none();
    let guess = |p: Point, last: bool| p.year.or(year.map(|y| y - i16::from(crosses && !last)));
    let bound = |p: Point, last: bool| {
        let y = guess(p, last)?;
        match (p.month, p.day) {
            (Some(m), Some(d)) => Date::new(y, m, d).ok(),
            (Some(m), None) => month_day(y, m, last || p.end_of),
            (None, _) => month_day(y, if last || p.end_of { 12 } else { 1 }, last || p.end_of),
        }
    };
    if until {
        return Period { kind: TimeKind::Cumulative, from: None, to: bound(end, true) };
    }
    if since {
        return Period { kind: TimeKind::Cumulative, from: bound(a, false), to: day };
    }
    let kind = if a.end_of && b.is_none() { TimeKind::Stock } else { TimeKind::Flow };
    Period { kind, from: bound(a, false), to: bound(end, true) }
}

/// Resolves a period word by the rule its lexicon row names.
pub fn of_word(rule: &str, day: Option<Date>) -> Period {
    let mut parts = rule.split(' ');
    let name = parts.next().unwrap_or_default();
    let mut arg = || parts.next().and_then(|n| n.parse::<i16>().ok());
    let year = day.map(Date::year);
    let months = |y: Option<i16>, a: i8, b: i8| Period {
        kind: TimeKind::Flow,
        from: y.and_then(|y| month_day(y, a, false)),
        to: y.and_then(|y| month_day(y, b, true)),
    };
    match name {
        "to_date" => {
            Period { kind: TimeKind::Cumulative, from: year.and_then(|y| month_day(y, 1, false)), to: day }
        }
        "year" => months(year.zip(arg()).map(|(y, n)| y + n), 1, 12),
        "half1" => months(year, 1, 6),
        "half2" => months(year, 7, 12),
        "quarter" => {
            let now = day.map(|d| (d.month() - 1) / 3 + 1);
            let q = arg().and_then(|q| i8::try_from(q).ok()).or(now).unwrap_or(1);
            months(if day.is_some() { year } else { None }, q * 3 - 2, q * 3)
        }
        "quarters" => months(year, 1, arg().and_then(|q| i8::try_from(q).ok()).unwrap_or(4) * 3),
        "span" => {
            let (a, b) = (arg(), arg());
            let bound = |y: Option<i16>, m, last| y.and_then(|y| month_day(y, m, last));
            Period { kind: TimeKind::Flow, from: bound(a, 1, false), to: bound(b, 12, true) }
        }
        "month" => month_of(day),
        "month_prev" => month_of(day.and_then(|d| d.first_of_month().yesterday().ok())),
        "day" => Period { kind: TimeKind::Flow, from: day, to: day },
        "before" => Period { kind: TimeKind::Cumulative, from: None, to: day },
        "since" => Period { kind: TimeKind::Cumulative, from: None, to: day },
        _ => Period::unknown(TimeKind::Flow),
    }
}

fn month_of(day: Option<Date>) -> Period {
    Period { kind: TimeKind::Flow, from: day.map(Date::first_of_month), to: day.map(Date::last_of_month) }
}

/// The start of 援博以来-like phrases whose 以来 stands at `at`: the words of the clause in front, when few.
pub fn since_start(t: Text<'_>, at: usize) -> Option<usize> {
    let mut start = at;
    while start > 0 && t.is_before(start, HAN | DIGIT) && at - start <= 6 {
        start -= 1;
    }
    (at > start && at - start <= 6).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn span(text: &str, i: usize) -> Option<(String, Option<Date>, Option<Date>)> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let t = Text::new(&units);
        let n = numeral::parse(t, i).expect("a numeral");
        let s = at_numeral(t, i, &n, Some(date(2024, 1, 12)))?;
        let phrase = String::from_utf16(&units[s.start..s.end]).expect("whole characters");
        Some((phrase, s.period.from, s.period.to))
    }

    #[test]
    fn phrases_and_days() {
        let cases = [
            ("截至11月底，", 2, "截至11月底", None, Some(date(2023, 11, 30))),
            ("今年1-10月", 2, "今年1-10月", Some(date(2024, 1, 1)), Some(date(2024, 10, 31))),
            ("2023年完成", 0, "2023年", Some(date(2023, 1, 1)), Some(date(2023, 12, 31))),
            (
                "11月29日至12月2日，",
                0,
                "11月29日至12月2日",
                Some(date(2023, 11, 29)),
                Some(date(2023, 12, 2)),
            ),
            ("5月17日—18日", 0, "5月17日—18日", Some(date(2023, 5, 17)), Some(date(2023, 5, 18))),
            ("前十个月", 1, "前十个月", Some(date(2024, 1, 1)), Some(date(2024, 10, 31))),
            ("3年来，", 0, "3年来", Some(date(2021, 1, 12)), Some(date(2024, 1, 12))),
            ("二〇二二年", 0, "二〇二二年", Some(date(2022, 1, 1)), Some(date(2022, 12, 31))),
            ("1—10 月份", 0, "1—10 月份", Some(date(2023, 1, 1)), Some(date(2023, 10, 31))),
        ];
        for (text, i, phrase, from, to) in cases {
            assert_eq!(span(text, i), Some((phrase.into(), from, to)), "{text}");
        }
        assert_eq!(span("12个项目", 0), None);
        assert_eq!(span("3年", 0), None);
    }
}
