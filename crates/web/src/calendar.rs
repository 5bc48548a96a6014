//! The calendar of due days: a month, and the same as a file for calendars.

use crate::day;
use crate::day::{kind_label, line};
use crate::download::{FileKind, saved_as};
use crate::failure::Failure;
use crate::list_query::ListQuery;
use crate::visit::{Within, programme_name};
use app::{CALENDAR_LIMIT, Due, DueKind, DueQuery, Right};
use axum::extract::RawQuery;
use axum::response::{Html, IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use pages::{CalendarDay, CalendarPage, Choice, Link, picked, picked_code};

/// Entries of a day that are shown at once.
const SHOWN: usize = 4;
/// Octets of a line of an iCalendar file (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// What an address asks for.
struct Asked {
    month: Date,
    query: DueQuery,
    region: String,
    is_unknown_region: bool,
}

/// The first day of a month as the address has it; of this month where it is none.
fn month_of(text: &str, today: Date) -> Date {
    let first = format!("{}-01", text.trim()).parse::<Date>().ok();
    let known = first.filter(|day| (1900..=2200).contains(&day.year()));
    known.unwrap_or_else(|| today.first_of_month())
}

async fn asked(within: &Within, query: &ListQuery) -> Result<Asked, Failure> {
    let labels = within.labels().await?;
    let month = month_of(query.get("month"), within.today());
    let typed = query.get("region");
    let region = Some(typed).filter(|text| !text.is_empty());
    let region = region.map(|text| labels.names.region_named(picked_code(text)));
    let shown = region.flatten().map(|of| picked(&labels.region(of.id), &of.code));
    let query = DueQuery {
        from: Some(month),
        to: Some(month.last_of_month()),
        kind: DueKind::from_code(query.get("kind")),
        region: region.flatten().map(|of| of.id),
        mine: query.get("mine") == "yes",
        latest: false,
    };
    let is_unknown_region = matches!(region, Some(None));
    Ok(Asked { month, query, region: shown.unwrap_or_else(|| typed.to_owned()), is_unknown_region })
}

async fn due(within: &Within, asked: &Asked) -> Result<app::DueList, Failure> {
    if asked.is_unknown_region {
        return Ok(app::DueList::default());
    }
    Ok(within.app().due_list(&within.actor, within.id(), &asked.query).await?)
}

fn month_text(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// `GET calendar?month=&kind=&region=&mine=`
pub(crate) async fn show(within: Within, RawQuery(query): RawQuery) -> Result<Html<String>, Failure> {
    let t = within.locale;
    let query = ListQuery::parse(&query.unwrap_or_default());
    let asked = asked(&within, &query).await?;
    let list = due(&within, &asked).await?;
    let month = asked.month;
    let to = |day: Date, label: &str| Link {
        label: label.to_owned(),
        href: query.address(&within.to("calendar"), &["month"], &[("month", &month_text(day))]),
    };
    let shifted = |months: i64| month.checked_add(months.months()).unwrap_or(month);
    let kind = |of: DueKind| Choice {
        value: of.code().to_owned(),
        label: kind_label(t, of).to_owned(),
        selected: asked.query.kind == Some(of),
        depth: 0,
    };
    let ics = within.may(Right::Export).then(|| Link {
        label: ".ics".to_owned(),
        href: query.address(&within.to("calendar.ics"), &["month"], &[("month", &month_text(month))]),
    });
    let page = CalendarPage {
        shell: within.shell_of("calendar").await?,
        month: month_text(month),
        label: month_text(month),
        before: to(shifted(-1), t.calendar_before()),
        after: to(shifted(1), t.calendar_after()),
        now: to(within.today(), t.calendar_now()),
        kinds: DueKind::ALL.into_iter().map(kind).collect(),
        region_error: if asked.is_unknown_region { t.problem_unknown().to_owned() } else { String::new() },
        region: asked.region,
        mine: asked.query.mine,
        weekdays: weekdays(t),
        weeks: weeks(&within, month, &list.items),
        count: list.items.len(),
        more: if list.more { t.calendar_over(CALENDAR_LIMIT) } else { String::new() },
        ics,
    };
    Ok(Html(page.render()))
}

fn weekdays(t: locale::Locale) -> Vec<String> {
    let key = |n: usize| t.by_key(&format!("weekday_{n}")).unwrap_or_default().to_owned();
    (1..=7).map(key).collect()
}

/// The weeks of a month from Monday on, with the days around it that fill them.
fn weeks(within: &Within, month: Date, items: &[Due]) -> Vec<Vec<CalendarDay>> {
    let today = within.today();
    let names = weekdays(within.locale);
    let next = within.to(&format!("calendar?month={}", month_text(month)));
    let back = i64::from(month.weekday().since(Weekday::Monday));
    let mut day = month.checked_sub(back.days()).unwrap_or(month);
    let mut weeks = Vec::new();
    while day <= month.last_of_month() {
        let mut week = Vec::with_capacity(7);
        for name in &names {
            let of_day = items.iter().filter(|due| due.day == Some(day));
            let mut lines: Vec<_> = of_day.map(|due| line(within, due, today, &next)).collect();
            let behind = lines.split_off(SHOWN.min(lines.len()));
            week.push(CalendarDay {
                date: day.to_string(),
                number: day.day().to_string(),
                weekday: name.clone(),
                is_outside: day.month() != month.month(),
                is_today: day == today,
                shown: lines,
                behind,
            });
            day = day.checked_add(1.days()).unwrap_or(Date::MAX);
        }
        weeks.push(week);
    }
    weeks
}

/// `GET calendar.ics`: what the calendar shows, as RFC 5545.
pub(crate) async fn ics(within: Within, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = ListQuery::parse(&query.unwrap_or_default());
    let asked = asked(&within, &query).await?;
    let list = due(&within, &asked).await?;
    let mut text = String::new();
    let mut put = |line: &str| fold(&mut text, line);
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Luodi//Luodi//ZH", "CALSCALE:GREGORIAN"] {
        put(line);
    }
    put(&format!("X-WR-CALNAME:{}", escaped(programme_name(within.locale, &within.programme))));
    let stamp = within.actor.at.strftime("%Y%m%dT%H%M%SZ").to_string();
    for due in &list.items {
        for line in event(&within, due, &stamp) {
            put(&line);
        }
    }
    put("END:VCALENDAR");
    let name = format!("luodi-{}", month_text(asked.month));
    Ok((saved_as(FileKind::Calendar, &name), text).into_response())
}

fn event(within: &Within, due: &Due, stamp: &str) -> Vec<String> {
    let Some(day) = due.day else { return Vec::new() };
    let row = day::line(within, due, day, "");
    let title = format!("{}：{}", row.kind, row.what.label);
    let about = row.about.map(|project| project.label);
    let notes: Vec<String> = about.into_iter().chain(row.notes).collect();
    let task = due.task.as_ref().map(|task| format!("-{}", task.id)).unwrap_or_default();
    let next = day.checked_add(1.days()).unwrap_or(day);
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}-{}{task}@luodi", due.kind.code(), due.record.code),
        format!("DTSTAMP:{stamp}"),
        format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")),
        format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")),
        format!("SUMMARY:{}", escaped(&title)),
    ];
    if !notes.is_empty() {
        lines.push(format!("DESCRIPTION:{}", escaped(&notes.join(" · "))));
    }
    lines.extend(["TRANSP:TRANSPARENT".to_owned(), "END:VEVENT".to_owned()]);
    lines
}

/// A text as a value of iCalendar.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Adds a line, folded between characters.
fn fold(text: &mut String, line: &str) {
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LINE_OCTETS {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(c);
        octets += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_line_is_folded_between_characters_and_values_are_escaped() {
        let mut text = String::new();
        fold(&mut text, &format!("SUMMARY:{}", escaped(&format!("甲;乙,丙\\丁\n{}", "字".repeat(60)))));
        assert!(text.starts_with("SUMMARY:甲\\;乙\\,丙\\\\丁\\n字"));
        assert!(text.split("\r\n").all(|line| line.len() <= LINE_OCTETS), "{text}");
        assert_eq!(text.replace("\r\n ", "").matches('字').count(), 60);
    }

    #[test]
    fn a_month_that_is_none_is_this_month() {
        let today = date(2026, 11, 22);
        for (text, month) in [
            ("2026-12", date(2026, 12, 1)),
            ("", date(2026, 11, 1)),
            ("2026-13", date(2026, 11, 1)),
            ("99999-01", date(2026, 11, 1)),
            ("1500-01", date(2026, 11, 1)),
        ] {
            assert_eq!(month_of(text, today), month, "{text}");
        }
    }
}
