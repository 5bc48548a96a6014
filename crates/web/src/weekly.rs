//! The weekly summary in words: as a page with its subscription, as a mail, as a message of a robot; and the robots of a
//! programme in the settings.

use crate::day::{self, kind_label};
use crate::failure::Failure;
use crate::labels::{self, title};
use crate::settings::robots::{again_words, state};
use crate::small_form::Refused;
use crate::values::link_to;
use crate::visit::Within;
use crate::{lights, redirect};
use app::{App, Due, DueList, MAIL, Stage, Summary, Wanted};
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use locale::Locale;
use pages::{Control, DayGroup, DayPage, DueLine, InlineForm, PostButton, Tone};

/// Octets of a message that both kinds of robots take (企业微信: 4,096).
const ROBOT_OCTETS: usize = 4_000;

/// `GET summary`
pub(crate) async fn show(within: Within) -> Result<Response, Failure> {
    page(&within, &Refused::default()).await
}

async fn page(within: &Within, refused: &Refused) -> Result<Response, Failure> {
    let t = within.locale;
    let summary = within.app().summary(&within.actor, within.id()).await?;
    let own = within.app().mail_subscription(&within.actor, within.id()).await?;
    let stages = within.app().stage_list(&within.actor, within.id()).await?;
    let sent = refused.sent(MAIL);
    let stands = own.as_ref().map_or("", |(of, _)| of.address.as_str());
    let address = Control::Text { value: sent.get_or("address", stands).to_owned(), max_length: 200 };
    let form = within.visit.state.config.sends_mail.then(|| InlineForm {
        id: MAIL.to_owned(),
        label: if own.is_some() { t.summary_subscribed() } else { t.summary_subscribe() }.to_owned(),
        action: within.to("summary"),
        fields: vec![pages::FormField {
            hint: t.summary_address_hint().to_owned(),
            ..sent.field(t, "address", t.summary_address(), address)
        }],
        submit: t.save().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    });
    let last = own.and_then(|(_, last)| last);
    let again = last.as_ref().filter(|of| of.has_failed()).map(|_| PostButton {
        label: t.summary_again().to_owned(),
        action: within.to("summary/again"),
        ..PostButton::default()
    });
    let last = last.map(|last| state(t, &last));
    let (from, to) = summary.days;
    let page = DayPage {
        shell: within.shell_of("day").await?,
        title: t.summary_title().to_owned(),
        today: format!("{from} – {to}"),
        whose: [Some(t.summary_intro().to_owned()), last].into_iter().flatten().collect::<Vec<_>>().join(" "),
        groups: groups(within, &summary, &stages),
        links: Vec::new(),
        form,
        button: again,
    };
    let status = if refused.form.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Html(page.render())).into_response())
}

/// `POST summary`: subscribes by mail, or ends that.
pub(crate) async fn save(within: Within, body: Bytes) -> Result<Response, Failure> {
    let t = within.locale;
    let mut refused = Refused::of(MAIL, &body);
    let address = refused.sent(MAIL).get("address").to_owned();
    if !within.visit.state.config.sends_mail {
        return Err(Failure::BadRequest);
    }
    match within.app().mail_subscribe(&within.actor, within.id(), &address, t.code()).await {
        Ok(()) => {
            let words = if address.trim().is_empty() { t.summary_ended() } else { t.summary_begun() };
            Ok(redirect::with_flash(&within.visit, &within.to("summary"), Tone::Good, words))
        }
        Err(app::Error::Form(problems)) => {
            refused.problems = problems;
            page(&within, &refused).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST summary/again`
pub(crate) async fn again(within: Within) -> Result<Response, Failure> {
    let done = within.app().mail_again(&within.actor, within.id()).await?;
    let words = again_words(within.locale, done);
    Ok(redirect::with_flash(&within.visit, &within.to("summary"), Tone::Good, words))
}

fn groups(within: &Within, of: &Summary, stages: &[Stage]) -> Vec<DayGroup> {
    let t = within.locale;
    let today = within.today();
    let next = within.to("summary");
    let plain = |id, label: &str, tone, rows: Vec<DueLine>| DayGroup {
        id,
        label: label.to_owned(),
        tone,
        rows,
        ..DayGroup::default()
    };
    let moved = of.moved.iter().map(|(record, stage)| DueLine {
        what: link_to(within, record),
        notes: vec![stage_label(t, stages, stage)],
        ..DueLine::default()
    });
    let turned = of.turned.iter().map(|turn| DueLine {
        day: turn.day.to_string(),
        when: lights::badge(t, turn.light),
        what: link_to(within, &turn.record),
        notes: lights::causes(within, &turn.causes, turn.day),
        ..DueLine::default()
    });
    let due = |list: &DueList| list.items.iter().map(|due| day::line(within, due, today, &next)).collect();
    [
        plain("moved", t.summary_moved(), Tone::Neutral, moved.collect()),
        plain("turned", t.day_turned(), Tone::Neutral, turned.collect()),
        plain("overdue", t.day_overdue(), Tone::Bad, due(&of.late)),
        plain("week", t.day_week(), Tone::Info, due(&of.next)),
    ]
    .into_iter()
    .filter(|group| !group.rows.is_empty())
    .collect()
}

fn stage_label(t: Locale, stages: &[Stage], code: &str) -> String {
    let stage = stages.iter().find(|stage| stage.code == code);
    stage.map_or_else(|| code.to_owned(), |stage| labels::title(t, &stage.zh, Some(&stage.en)).to_owned())
}

/// Writes every summary that is due now into the queue, by mail, to robots, or both; how many. A week's summary is written once
/// for each subscription, whoever else does this at the same time.
///
/// # Errors
/// When the database fails.
pub async fn weekly_prepare(app: &App, now: Timestamp, can: (bool, bool)) -> app::Result<usize> {
    let mut written = 0;
    for wanted in app.summaries_wanted(now, can).await? {
        let (subject, body) = text(app, &wanted).await?;
        written += usize::from(app.summary_queue(&wanted, &subject, &body).await?);
    }
    Ok(written)
}

/// Subject and text of a summary.
async fn text(app: &App, wanted: &Wanted) -> app::Result<(String, String)> {
    let t = Locale::from_code(&wanted.to.language).unwrap_or(Locale::Zh);
    let name = crate::visit::programme_name(t, &wanted.programme).to_owned();
    let stages = app.stage_list(&wanted.actor, wanted.to.programme).await?;
    let mut of = app.summary(&wanted.actor, wanted.to.programme).await?;
    let is_robot = wanted.to.kind != MAIL;
    if is_robot {
        open_to_all(&mut of);
    }
    let (from, to) = of.days;
    let subject = t.summary_subject(&name, from, to);
    let mut lines = vec![if is_robot { format!("## {}", plain(&subject)) } else { subject.clone() }];
    let mut part = |label: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            lines.push(String::new());
            lines.push(if is_robot { format!("**{label}**") } else { label.to_owned() });
            lines.extend(
                rows.iter().map(|row| format!("- {}", if is_robot { plain(row) } else { row.clone() })),
            );
        }
    };
    let name = |record: &app::Record| title(t, &record.title, record.title_en.as_deref()).to_owned();
    let moved = of
        .moved
        .iter()
        .map(|(record, stage)| format!("{} → {}", name(record), stage_label(t, &stages, stage)));
    part(t.summary_moved(), moved.collect());
    let turned = of.turned.iter().map(|turn| {
        let why: Vec<String> = turn.causes.iter().map(|cause| lights::cause(t, cause, turn.day)).collect();
        format!("{}: {} {}", name(&turn.record), lights::label(t, turn.light), why.join("; "))
    });
    part(t.day_turned(), turned.map(|line| line.trim_end().to_owned()).collect());
    let today = to.tomorrow().unwrap_or(to);
    part(t.day_overdue(), of.late.items.iter().map(|due| line(t, due, today)).collect());
    part(t.day_week(), of.next.items.iter().map(|due| line(t, due, today)).collect());
    if lines.len() == 1 {
        lines.push(t.summary_nothing().to_owned());
    }
    let body = if is_robot { within_octets(&lines) } else { lines.join("\n") };
    Ok((subject, body))
}

/// What a group reads names nothing that is open to a team alone, and no task somebody was given.
fn open_to_all(of: &mut Summary) {
    of.moved.retain(|(record, _)| !record.protected);
    of.turned.retain(|turn| !turn.record.protected);
    for list in [&mut of.late, &mut of.next] {
        let open = |due: &Due| {
            let project = due.project.as_ref().is_none_or(|project| !project.protected);
            !due.record.protected && project && due.task.is_none()
        };
        list.items.retain(open);
    }
}

fn line(t: Locale, due: &Due, today: Date) -> String {
    let name = |record: &app::Record| title(t, &record.title, record.title_en.as_deref()).to_owned();
    let what = due.task.as_ref().map_or_else(|| name(&due.record), |task| task.task.title.clone());
    let about = match (&due.task, &due.project) {
        (Some(_), _) => Some(name(&due.record)),
        (None, Some(project)) => Some(name(project)),
        (None, None) => None,
    };
    let when = due.day.map(|day| format!("{day} ({})", day::when(t, day, today).label));
    let parts = [when, Some(kind_label(t, due.kind).to_owned()), Some(what), about];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A text in which nothing is markup: a robot takes `<@all>` for a call to everybody.
fn plain(text: &str) -> String {
    let wide = |c: char| match c {
        '<' => '＜',
        '>' => '＞',
        '@' => '＠',
        '*' => '＊',
        '_' => '＿',
        '`' => '｀',
        '[' => '［',
        ']' => '］',
        c if c.is_control() => ' ',
        c => c,
    };
    text.chars().map(wide).collect()
}

/// As many whole lines as a robot takes.
fn within_octets(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if text.len() + line.len() + 1 > ROBOT_OCTETS {
            text.push('…');
            break;
        }
        text.push_str(line);
        text.push('\n');
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_calls_nobody_and_a_message_is_no_longer_than_a_robot_takes() {
        assert_eq!(plain("<@all>*甲*"), "＜＠all＞＊甲＊");
        let lines: Vec<String> = (0..500).map(|n| format!("- 测试项目{n}")).collect();
        let text = within_octets(&lines);
        assert!(text.len() <= ROBOT_OCTETS + 3 && text.ends_with('…'), "{}", text.len());
    }
}
