//! My day: what is overdue, due and to be known, each line one click from its place.

use crate::failure::Failure;
use crate::form_body::pairs;
use crate::values::link_to;
use crate::visit::Within;
use crate::{labels, lights, notice, redirect, tasks};
use app::{Due, DueKind, DueList, MyDay, Right};
use axum::body::Bytes;
use axum::response::{Html, Response};
use jiff::civil::Date;
use locale::Locale;
use pages::{Badge, DayGroup, DayPage, DueLine, Link, PostButton, Tone};

/// How far off a day is.
pub(crate) fn when(t: Locale, day: Date, today: Date) -> Badge {
    match i64::from((day - today).get_days()) {
        days if days < 0 => Badge { label: t.due_overdue(-days), tone: Tone::Bad },
        0 => Badge { label: t.due_today().to_owned(), tone: Tone::Warn },
        days if days <= 7 => Badge { label: t.due_in(days), tone: Tone::Info },
        days => Badge { label: t.due_in(days), tone: Tone::Neutral },
    }
}

/// The label of what is due.
pub(crate) fn kind_label(t: Locale, kind: DueKind) -> &'static str {
    t.by_key(&format!("due_{}", kind.code())).unwrap_or_default()
}

/// Something due as a line; `next` is where its buttons lead back to.
pub(crate) fn line(within: &Within, due: &Due, today: Date, next: &str) -> DueLine {
    let t = within.locale;
    let kind = kind_label(t, due.kind).to_owned();
    if let Some(task) = &due.task {
        return DueLine { kind, ..tasks::line(within, task, today, next) };
    }
    let name = |record: &app::Record| labels::pick_title(t, record).to_owned();
    let office = due.office.as_ref().map(name);
    let round = due.project.as_ref().filter(|_| matches!(due.kind, DueKind::Filing | DueKind::Review));
    if let Some(round) = round {
        // A filing is named after its unit; what is to be filed is its round.
        let href = within.to(&format!("filings/{}", due.record.code));
        return DueLine {
            day: due.day.map(|day| day.to_string()).unwrap_or_default(),
            when: due.day.map(|day| when(t, day, today)),
            kind,
            what: Link { label: name(round), href },
            notes: [name(&due.record)].into_iter().chain(office).collect(),
            ..DueLine::default()
        };
    }
    let solve = (due.kind == DueKind::Problem && within.may(Right::EditRecord)).then(|| PostButton {
        label: t.problems_solve().to_owned(),
        action: within.to(&format!("records/{}/solve", due.record.code)),
        hidden: vec![("solved_on".to_owned(), today.to_string()), ("next".to_owned(), next.to_owned())],
        tone: Tone::Neutral,
    });
    DueLine {
        day: due.day.map(|day| day.to_string()).unwrap_or_default(),
        when: due.day.map(|day| when(t, day, today)),
        kind,
        what: link_to(within, &due.record),
        about: due.project.as_ref().map(|project| link_to(within, project)),
        notes: office.into_iter().collect(),
        is_done: false,
        buttons: solve.into_iter().collect(),
    }
}

/// `GET day`
pub(crate) async fn show(within: Within) -> Result<Html<String>, Failure> {
    let t = within.locale;
    let day = within.app().my_day(&within.actor, within.id()).await?;
    let link = |label: &str, rest: &str| Link { label: label.to_owned(), href: within.to(rest) };
    let page = DayPage {
        shell: within.shell_of("day").await?,
        title: t.day_title().to_owned(),
        today: day.today.to_string(),
        whose: if day.of_offices { t.day_of_offices() } else { t.day_of_reach() }.to_owned(),
        groups: groups(&within, &day),
        links: vec![link(t.calendar_title(), "calendar?mine=yes"), link(t.summary_title(), "summary")],
        form: None,
        button: None,
    };
    Ok(Html(page.render()))
}

fn groups(within: &Within, day: &MyDay) -> Vec<DayGroup> {
    let t = within.locale;
    let next = within.to("day");
    let due = |id: &'static str, label: &str, tone: Tone, list: &DueList| DayGroup {
        id,
        label: label.to_owned(),
        tone,
        rows: list.items.iter().map(|due| line(within, due, day.today, &next)).collect(),
        more: if list.more { t.day_more().to_owned() } else { String::new() },
        button: None,
    };
    let plain = |id, label: &str, rows| DayGroup { id, label: label.to_owned(), rows, ..DayGroup::default() };
    let undated = day.undated.iter().map(|due| line(within, due, day.today, &next)).collect();
    let notices: Vec<DueLine> = day.notices.iter().map(|of| notice::line(within, of)).collect();
    let last = day.notices.iter().map(|of| of.id).max().unwrap_or(0);
    let seen = PostButton {
        label: t.notice_all_seen().to_owned(),
        action: within.to("day/seen"),
        hidden: vec![("last".to_owned(), last.to_string())],
        tone: Tone::Neutral,
    };
    let silent = day.silent.iter().map(|(record, standing)| DueLine {
        what: link_to(within, record),
        notes: lights::causes(within, &standing.causes, day.today),
        ..DueLine::default()
    });
    let turned = day.turned.iter().map(|turn| DueLine {
        day: turn.day.to_string(),
        when: lights::badge(t, turn.light),
        what: link_to(within, &turn.record),
        notes: lights::causes(within, &turn.causes, turn.day),
        ..DueLine::default()
    });
    let all = [
        DayGroup { button: Some(seen), ..plain("notices", t.day_notices(), notices) },
        due("overdue", t.day_overdue(), Tone::Bad, &day.overdue),
        due("today", t.day_today(), Tone::Warn, &day.today_due),
        due("week", t.day_week(), Tone::Info, &day.week),
        plain("undated", t.day_undated(), undated),
        plain("silent", t.day_silent(), silent.collect()),
        plain("turned", t.day_turned(), turned.collect()),
    ];
    all.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

/// `POST day/seen`
pub(crate) async fn seen(within: Within, body: Bytes) -> Result<Response, Failure> {
    let last = pairs(&body).into_iter().find(|(name, _)| name == "last");
    let last = last.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    within.app().notices_seen(&within.actor, within.id(), last).await?;
    Ok(redirect::with_flash(&within.visit, &within.to("day"), Tone::Good, within.locale.notice_seen_flash()))
}
