//! Reporting tasks: all rounds; what pages of a round and of a filing share.

mod compiled_json;
pub(crate) mod filing;
pub(crate) mod filing_forms;
pub(crate) mod round;
pub(crate) mod round_forms;
pub(crate) mod sheets;

use crate::failure::{self, Failure};
use crate::format;
use crate::labels::{self, pick_title};
use crate::values;
use crate::visit::Within;
use app::{Entry, Filing, ReportingLine, Right, RoundCard, filing_punctuality, line_unit, round_status};
use axum::response::Html;
use domain::reporting::{FilingState, Punctuality};
use domain::{RecordKind, TimeKind};
use jiff::civil::Date;
use locale::Locale;
use pages::{Badge, Link, RoundRow, Rounds, Tone};

/// Late units that are named before the rest is counted.
const NAMED: usize = 5;

/// `GET reporting`
pub(crate) async fn list(within: Within) -> Result<Html<String>, Failure> {
    let (cards, today) = within.app().reporting_list(&within.actor, within.id()).await?;
    let kind = RecordKind::ReportingTask;
    let may_issue = within.actor.may_keep(within.id(), Right::EditRecord, kind);
    let page = Rounds {
        shell: within.shell_of("reporting").await?,
        rows: cards.iter().map(|card| row(&within, card, today)).collect(),
        new_href: if may_issue { within.to("lists/reporting_task/new") } else { String::new() },
        all_href: within.to("lists/reporting_task"),
    };
    Ok(Html(page.render()))
}

fn row(within: &Within, card: &RoundCard, today: Date) -> RoundRow {
    let t = within.locale;
    let is_sent = round_status(&card.task) == "sent";
    let late: Vec<&Filing> = card
        .filings
        .iter()
        .filter(|of| filing_punctuality(&card.task, of, today) == Punctuality::Late)
        .collect();
    let own = |of: &&Filing| is_sent && !of.state.is_filed() && within.actor.is_of(within.id(), of.unit.id);
    let waits = |of: &&Filing| match of.state {
        FilingState::Submitted => within.may(Right::ReviewFigure),
        FilingState::Reviewed => within.may(Right::ApproveFigure),
        _ => false,
    };
    RoundRow {
        title: Link {
            label: pick_title(t, &card.task.record).to_owned(),
            href: within.to(&format!("reporting/{}", card.task.record.code)),
        },
        code: card.task.record.code.clone(),
        status: values::status(within, &card.task),
        period: period(&card.task),
        due: day(&card.task, "due_on"),
        filed: card.filings.iter().filter(|of| of.state.is_filed()).count(),
        all: card.filings.len(),
        late: late.iter().take(NAMED).map(|of| filing_link(within, of)).collect(),
        late_more: late.len().saturating_sub(NAMED),
        mine: card
            .filings
            .iter()
            .filter(own)
            .map(|of| (filing_link(within, of), state(t, of.state)))
            .collect(),
        to_review: if is_sent { card.filings.iter().filter(waits).count() } else { 0 },
    }
}

/// The stretch of days of a round.
pub(crate) fn period(task: &Entry) -> String {
    format!("{} – {}", day(task, "date_from"), day(task, "date_to"))
}

pub(crate) fn day(task: &Entry, field: &str) -> String {
    task.day(field).map(|day| day.to_string()).unwrap_or_default()
}

pub(crate) fn filing_link(within: &Within, filing: &Filing) -> Link {
    Link {
        label: pick_title(within.locale, &filing.unit).to_owned(),
        href: within.to(&format!("filings/{}", filing.record.code)),
    }
}

/// Where a filing stands, as a badge.
pub(crate) fn state(t: Locale, state: FilingState) -> Badge {
    let (label, tone) = match state {
        FilingState::Open => (t.reporting_state_open(), Tone::Neutral),
        FilingState::Filled => (t.reporting_state_filled(), Tone::Neutral),
        FilingState::Submitted => (t.reporting_state_submitted(), Tone::Info),
        FilingState::Returned => (t.reporting_state_returned(), Tone::Warn),
        FilingState::Reviewed => (t.reporting_state_reviewed(), Tone::Good),
        FilingState::Approved => (t.reporting_state_approved(), Tone::Good),
    };
    Badge { label: label.to_owned(), tone }
}

/// Whether a filing is late, as a badge; nothing where it is not.
pub(crate) fn late(t: Locale, of: Punctuality) -> Option<Badge> {
    match of {
        Punctuality::Late => Some(Badge { label: t.reporting_late().to_owned(), tone: Tone::Bad }),
        Punctuality::FiledLate => {
            Some(Badge { label: t.reporting_filed_late().to_owned(), tone: Tone::Warn })
        }
        Punctuality::Waiting | Punctuality::InTime => None,
    }
}

/// What a line is called in its form.
pub(crate) fn line_label(t: Locale, line: &ReportingLine) -> String {
    line.line.label.clone().unwrap_or_else(|| labels::measure(t, line.line.measure).to_owned())
}

/// The unit that is typed in.
pub(crate) fn line_unit_label(t: Locale, line: &ReportingLine) -> &'static str {
    match line.line.unit.as_str() {
        "wan" => t.reporting_wan(),
        "yi" => t.reporting_yi(),
        _ => format::unit_label(t, line_unit(line)),
    }
}

/// How a line's time is meant, and its role where that is not what happened.
pub(crate) fn line_note(t: Locale, line: &ReportingLine) -> String {
    let time = match line.line.time_kind {
        TimeKind::Flow => t.reporting_flow(),
        TimeKind::Cumulative => t.reporting_cumulative(),
        TimeKind::Stock => t.reporting_stock(),
    };
    let role = labels::role_unless_actual(t, line.line.role);
    if role.is_empty() { time.to_owned() } else { format!("{time} · {role}") }
}

/// A value in the unit of a line, with separators of thousands: `1,200.5`.
pub(crate) fn shown(line: &ReportingLine, value: i64) -> String {
    let number = app::number_in_line(line, value);
    format::decimal(number.mantissa(), number.scale())
}

/// What is wrong, in words: a problem of one field at that field, those of a sheet with their place.
pub(crate) fn words<'a>(t: Locale, problems: impl IntoIterator<Item = &'a app::Problem>) -> Vec<String> {
    let of = |problem: &app::Problem| {
        let words = failure::problem(t, problem);
        // Of a sheet: the sheet alone, or the sheet and its cell.
        let is_place = problem.code.starts_with("sheet-") && problem.field != "filing";
        if is_place || problem.field.contains('!') { t.problem_at(&problem.field, words) } else { words }
    };
    problems.into_iter().map(of).collect()
}
