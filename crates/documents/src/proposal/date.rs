//! The day of publication, from the lines that state it.

use jiff::civil::Date;

/// A date in a line, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) date: Date,
    /// Offset of the first byte of the date.
    pub(super) before: usize,
    /// Offset of the first byte behind the date.
    pub(super) after: usize,
}

/// The first whole date of a line: `2024-01-12`, `2024/1/12`, `2024.1.12`, `2024 01/12`, `2024年1月12日`.
pub(super) fn first(line: &str) -> Option<Found> {
    let mut search = 0;
    while let Some(step) = line[search..].find(|c: char| c.is_ascii_digit()) {
        let start = search + step;
        let digits = number(&line[start..]);
        if let Some(found) = date_at(line, start) {
            return Some(found);
        }
        search = start + digits.1.max(1);
    }
    None
}

fn date_at(line: &str, start: usize) -> Option<Found> {
    let (year, year_length) = number(&line[start..]);
    let rest = &line[start + year_length..];
    let (first, second) = match rest.chars().next()? {
        c @ ('-' | '/' | '.') => (c, c),
        '年' => ('年', '月'),
        ' ' => (' ', '/'),
        _ => return None,
    };
    let rest = rest[first.len_utf8()..].trim_start_matches(' ');
    let (month, length) = number(rest);
    let rest = rest[length..].trim_start_matches(' ').strip_prefix(second)?.trim_start_matches(' ');
    let (day, length) = number(rest);
    if year_length != 4 || length == 0 || length > 2 || !(1949..=2100).contains(&year) {
        return None;
    }
    let rest = &rest[length..];
    let rest = if first == '年' { rest.strip_prefix(['日', '号'])? } else { rest };
    let date = Date::new(year as i16, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(Found { date, before: start, after: line.len() - rest.len() })
}

/// The number at the start of a text and its length in bytes; 0 where there is none or it is too large.
fn number(text: &str) -> (u32, usize) {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (text[..length].parse().unwrap_or(0), length)
}

/// The date of publication among the first and last lines: labelled as such, with a time of day beside the
/// source, or alone on its line (as under the signature of an official letter).
pub(super) fn of_lines<'a>(
    top: impl Iterator<Item = &'a str> + Clone,
    end: impl Iterator<Item = &'a str> + Clone,
) -> Option<Date> {
    let all = || top.clone().chain(end.clone());
    all()
        .find_map(labelled)
        .or_else(|| all().find_map(stamped))
        .or_else(|| top.clone().take(8).chain(end.clone()).find_map(alone))
}

/// `发布时间:2024-01-12`; not `活动时间:…`.
fn labelled(line: &str) -> Option<Date> {
    const LABELS: [&str; 8] =
        ["发布时间", "发布日期", "发表时间", "发表日期", "成文日期", "印发日期", "发文日期", "公开日期"];
    let at = LABELS.iter().find_map(|label| line.find(label).map(|at| at + label.len()))?;
    let found = first(&line[at..])?;
    let between = &line[at..at + found.before];
    between.chars().all(|c| matches!(c, ':' | '】' | ']') || c.is_whitespace()).then_some(found.date)
}

/// A date with a time of day that begins its line, or stands behind nothing but labels of source and editor. Behind
/// `时间:` it may be that of an event, unless it has seconds, which only a machine writes.
fn stamped(line: &str) -> Option<Date> {
    let found = first(line)?;
    let (before, rest) = (&line[..found.before], line[found.after..].trim_start());
    let (hour, length) = number(rest);
    let has_time = length > 0 && hour < 24 && rest[length..].starts_with([':', '时']);
    let has_seconds = rest.split_whitespace().next().is_some_and(|time| time.matches(':').count() == 2);
    let is_sentence = line.contains(['。', ',']);
    let is_stamp = has_time && (has_seconds || !names_a_time(before)) && !is_sentence;
    (is_stamp && super::is_furniture_only(before)).then_some(found.date)
}

/// A date with nothing on its line but source, author or editor.
fn alone(line: &str) -> Option<Date> {
    let found = first(line)?;
    let (before, after) = (&line[..found.before], &line[found.after..]);
    let is_alone = [before, after].into_iter().all(super::is_furniture_only);
    (is_alone && !names_a_time(before)).then_some(found.date)
}

/// Whether a date is called no more than a time: beside a source it is the document's.
fn names_a_time(before: &str) -> bool {
    (before.contains("时间") || before.contains("日期")) && !before.contains("来源")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        text.parse().ok()
    }

    #[test]
    fn dates_are_found_in_the_usual_forms() {
        for line in ["2024-01-12", "x2024/1/12 y", "2024.01.12", "2024 01/12 15:47", "编号12 2024年1月12日"]
        {
            assert_eq!(first(line).map(|found| found.date), day("2024-01-12"), "{line}");
        }
        for line in
            ["2024-13-01", "12024-01-12", "2024年1月", "1024-01-02", "2024-01", "9810跨境", "2024-2-30"]
        {
            assert_eq!(first(line), None, "{line}");
        }
    }

    #[test]
    fn only_a_line_about_the_document_gives_its_date() {
        let of = |line: &'static str| of_lines([line].into_iter(), [].into_iter());
        assert_eq!(of("发布时间:2024-01-12 浏览次数:5"), day("2024-01-12"));
        assert_eq!(of("2024-01-12 17:34:54"), day("2024-01-12"));
        assert_eq!(of("来源:某报 编辑:某 2024-01-12 17:34"), day("2024-01-12"));
        assert_eq!(of("2024年1月12日"), day("2024-01-12"));
        assert_eq!(of("2024-01-12 来源:某报"), day("2024-01-12"));
        assert_eq!(of("来源: 某报 2024年1月12日"), day("2024-01-12"));
        assert_eq!(of("来源:某报 日期:2024年1月12日"), day("2024-01-12"));
        assert_eq!(of("时间:2024-01-12 09:00:00 来源:某报"), day("2024-01-12"));
        assert_eq!(of("时间:2024年1月12日 9:00"), None);
        assert_eq!(of("时间:2024年1月12日"), None);
        assert_eq!(of("某市会展中心 2024年1月12日"), None);
        assert_eq!(of("活动时间:2024年1月12日 9:00"), None);
        assert_eq!(of("2024年1月12日,活动在某市举行"), None);
        assert_eq!(of("2024年1月12日 9:00活动开始,三家企业签约"), None);
    }

    #[test]
    fn a_letters_date_under_its_signature_is_found() {
        let end = ["2024年1月12日", "某市商务局"];
        assert_eq!(of_lines(["某市关于合作的函"].into_iter(), end.into_iter()), day("2024-01-12"));
    }
}
