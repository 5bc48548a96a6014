//! What is done with a round: its form and units, sending it out, reminding, closing, the round after it.

use super::{day, round};
use crate::failure::{self, Failure};
use crate::format;
use crate::labels::{self, choice};
use crate::redirect;
use crate::small_form::Refused;
use crate::values::choice_label;
use crate::visit::Within;
use app::{LineInput, NextInput, RoundDetail, RoundNext, UNIT_GROUPS, round_status};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::record::choice_of;
use domain::{Measure, Role, TimeKind, Unit};
use locale::Locale;
use pages::{Choice, Control, FormField, InlineForm, PostButton, Tone};

type Address = Path<(String, String)>;

fn action(within: &Within, round: &RoundDetail, rest: &str) -> String {
    within.to(&format!("reporting/{}/{rest}", round.task.record.code))
}

/// A button that takes a line or a unit out of a draft.
pub(super) fn remove(within: &Within, round: &RoundDetail, part: &str, of: (&str, String)) -> PostButton {
    PostButton {
        label: within.locale.reporting_remove().to_owned(),
        action: action(within, round, &format!("{part}/remove")),
        hidden: vec![(of.0.to_owned(), of.1)],
        tone: Tone::Bad,
    }
}

/// What is done with one press.
pub(super) fn buttons(within: &Within, round: &RoundDetail) -> Vec<PostButton> {
    let t = within.locale;
    if !round.editable {
        return Vec::new();
    }
    let button = |label: &str, rest: &str| PostButton {
        label: label.to_owned(),
        action: action(within, round, rest),
        ..PostButton::default()
    };
    match round_status(&round.task) {
        "draft" => vec![PostButton { tone: Tone::Good, ..button(t.reporting_send(), "send") }],
        "sent" => vec![button(t.reporting_remind_all(), "remind"), button(t.reporting_close(), "close")],
        _ => Vec::new(),
    }
}

/// What asks for something first: the round after this one, a reason to open it again.
pub(super) fn forms(within: &Within, round: &RoundDetail, refused: &Refused) -> Vec<InlineForm> {
    if !round.editable || round_status(&round.task) == "draft" {
        return Vec::new();
    }
    let mut forms = vec![next_form(within, round, refused)];
    if round_status(&round.task) == "closed" {
        forms.push(reopen_form(within, round, refused));
    }
    forms
}

fn reopen_form(within: &Within, round: &RoundDetail, refused: &Refused) -> InlineForm {
    let t = within.locale;
    let sent = refused.sent("reopen");
    let reason = Control::Text { value: sent.get("reason").to_owned(), max_length: 300 };
    InlineForm {
        id: "reopen".to_owned(),
        label: t.reporting_reopen().to_owned(),
        action: action(within, round, "reopen"),
        fields: vec![sent.field(t, "reason", t.reason(), reason).required()],
        submit: t.reporting_reopen().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

fn next_form(within: &Within, round: &RoundDetail, refused: &Refused) -> InlineForm {
    let t = within.locale;
    let sent = refused.sent("next");
    let after = RoundNext::after(&round.task);
    let offered = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let title =
        after.map(|after| next_title(&round.task.record.title, &day(&round.task, "date_from"), after.from));
    let title = title.unwrap_or_else(|| round.task.record.title.clone());
    let title = Control::Text { value: sent.get_or("title", &title).to_owned(), max_length: 200 };
    let (from, to) = (offered(after.map(|of| of.from)), offered(after.map(|of| of.to)));
    let due = offered(after.and_then(|of| of.due));
    let label = |code: &str| {
        let info = domain::RecordKind::ReportingTask.field(code);
        info.map(|info| crate::values::field_label(t, info)).unwrap_or_default()
    };
    let date = |name: &str, offered: &str| {
        let control = Control::Date(sent.get_or(name, offered).to_owned());
        sent.field(t, name, label(name), control).required()
    };
    InlineForm {
        id: "next".to_owned(),
        label: t.reporting_next().to_owned(),
        action: action(within, round, "next"),
        fields: vec![
            sent.field(t, "title", t.title_label(), title).required(),
            date("date_from", &from),
            date("date_to", &to),
            date("due_on", &due),
        ],
        submit: t.reporting_next().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

/// The title of the next round: the month that stands in it goes on to the next.
fn next_title(title: &str, from: &str, next: jiff::civil::Date) -> String {
    let Ok(from) = from.parse::<jiff::civil::Date>() else { return title.to_owned() };
    let both =
        [format!("{}年{}月", from.year(), from.month()), format!("{}-{:02}", from.year(), from.month())];
    let then =
        [format!("{}年{}月", next.year(), next.month()), format!("{}-{:02}", next.year(), next.month())];
    both.iter().zip(&then).fold(title.to_owned(), |title, (now, then)| title.replace(now, then))
}

/// Adding a line to the form.
pub(super) fn line_form(within: &Within, round: &RoundDetail, refused: &Refused) -> InlineForm {
    let t = within.locale;
    let sent = refused.sent("line");
    let times = [
        (TimeKind::Flow, t.reporting_flow()),
        (TimeKind::Cumulative, t.reporting_cumulative()),
        (TimeKind::Stock, t.reporting_stock()),
    ];
    let measures =
        Measure::ALL.iter().map(|of| choice(of.code(), labels::measure(t, *of), sent.get("measure")));
    let times = times.iter().map(|(of, label)| choice(of.code(), label, sent.get_or("time_kind", "flow")));
    let roles = [Role::Actual, Role::Target];
    let roles = roles.iter().map(|of| choice(of.code(), labels::role(t, *of), sent.get_or("role", "actual")));
    let label = Control::Text { value: sent.get("label").to_owned(), max_length: 80 };
    let checked = !sent.is_open() || sent.get("required") == "yes";
    let flag = Control::Flag { checked, text: t.reporting_line_required().to_owned() };
    let field = |name: &str, label: &str, control| sent.field(t, name, label, control).required();
    InlineForm {
        id: "line".to_owned(),
        label: t.reporting_line_add().to_owned(),
        action: action(within, round, "lines"),
        fields: vec![
            field("measure", t.measure(), Control::Choice(measures.collect())),
            field("unit", t.unit(), Control::Choice(units(t, sent.get_or("unit", "wan")))),
            field("time_kind", t.claim_period_kind(), Control::Choice(times.collect())),
            field("role", t.role(), Control::Choice(roles.collect())),
            FormField {
                hint: t.reporting_line_label_hint().to_owned(),
                ..sent.field(t, "label", t.reporting_line_label(), label)
            },
            sent.field(t, "required", t.reporting_required(), flag),
        ],
        submit: t.reporting_line_add().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

fn units(t: Locale, selected: &str) -> Vec<Choice> {
    let first = [("wan", t.reporting_wan()), ("yi", t.reporting_yi())];
    let all = Unit::all().map(|unit| (unit.code(), format::unit_label(t, unit)));
    first.into_iter().chain(all).map(|(code, label)| choice(code, label, selected)).collect()
}

/// Adding units.
pub(super) fn unit_form(within: &Within, round: &RoundDetail, refused: &Refused) -> InlineForm {
    let t = within.locale;
    let sent = refused.sent("units");
    let label = |code: &str| match choice_of("office_kind", code) {
        Some(choice) => choice_label(within, choice).to_owned(),
        None => t.reporting_group_park().to_owned(),
    };
    let groups = UNIT_GROUPS.iter().map(|code| choice(code, &label(code), sent.get("group")));
    let none = choice("", "—", sent.get("group"));
    let groups = Control::Choice(std::iter::once(none).chain(groups).collect());
    let names = Control::Long { value: sent.get("units").to_owned(), max_length: 20_000 };
    InlineForm {
        id: "units".to_owned(),
        label: t.reporting_unit_add().to_owned(),
        action: action(within, round, "units"),
        fields: vec![
            FormField {
                hint: t.reporting_unit_names_hint().to_owned(),
                wide: true,
                ..sent.field(t, "units", t.reporting_unit_names(), names)
            },
            sent.field(t, "group", t.reporting_unit_group(), groups).required(),
        ],
        submit: t.reporting_unit_add().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

/// Back to the round, or its page with what was typed and what is wrong.
async fn answer(
    within: &Within,
    (code, part): (&str, &str),
    done: app::Result<String>,
    mut refused: Refused,
) -> Result<Response, Failure> {
    match done {
        Ok(words) => {
            let to = within.to(&format!("reporting/{code}{part}"));
            Ok(redirect::with_flash(&within.visit, &to, Tone::Good, &words))
        }
        Err(app::Error::Form(problems)) => {
            refused.problems = problems;
            let page = round::page(within, code, &refused).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(app::Error::Invalid { field, problem }) => {
            let words = failure::message(within.locale, &app::Error::Invalid { field, problem });
            refused.words.push((field, words));
            let page = round::page(within, code, &refused).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST reporting/{code}/lines`
pub(crate) async fn add_line(
    within: Within,
    Path((_, code)): Address,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of("line", &body);
    let sent = refused.sent("line");
    let text = |name: &str| sent.get(name).to_owned();
    let input = LineInput {
        measure: text("measure"),
        unit: text("unit"),
        role: text("role"),
        time_kind: text("time_kind"),
        label: text("label"),
        required: sent.get("required") == "yes",
    };
    let done = within.app().reporting_line_add(&within.actor, within.id(), &code, &input).await;
    let done = done.map(|()| within.locale.reporting_line_added().to_owned());
    answer(&within, (&code, "#lines"), done, refused).await
}

/// `POST reporting/{code}/lines/remove`
pub(crate) async fn remove_line(
    within: Within,
    Path((_, code)): Address,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of("", &body);
    let line = refused.sent("").get("line").parse().unwrap_or(0);
    let done = within.app().reporting_line_remove(&within.actor, within.id(), &code, line).await;
    let done = done.map(|()| within.locale.reporting_removed().to_owned());
    answer(&within, (&code, "#lines"), done, refused).await
}

/// `POST reporting/{code}/units`
pub(crate) async fn add_units(
    within: Within,
    Path((_, code)): Address,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of("units", &body);
    let sent = refused.sent("units");
    let (names, group) = (sent.get("units"), sent.get("group"));
    let done = within.app().reporting_unit_add(&within.actor, within.id(), &code, names, group).await;
    let done = done.map(|count| within.locale.reporting_unit_added(count));
    answer(&within, (&code, "#units"), done, refused).await
}

/// `POST reporting/{code}/units/remove`
pub(crate) async fn remove_unit(
    within: Within,
    Path((_, code)): Address,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of("", &body);
    let filing = refused.sent("").get("filing").to_owned();
    let done = within.app().reporting_unit_remove(&within.actor, within.id(), &code, &filing).await;
    let done = done.map(|()| within.locale.reporting_removed().to_owned());
    answer(&within, (&code, "#units"), done, refused).await
}

/// `POST reporting/{code}/send`
pub(crate) async fn send(within: Within, Path((_, code)): Address) -> Result<Response, Failure> {
    let done = within.app().reporting_send(&within.actor, within.id(), &code).await;
    let done = done.map(|()| within.locale.reporting_sent().to_owned());
    answer(&within, (&code, ""), done, Refused::default()).await
}

/// `POST reporting/{code}/remind`
pub(crate) async fn remind(within: Within, Path((_, code)): Address) -> Result<Response, Failure> {
    let t = within.locale;
    let done = within.app().reporting_remind(&within.actor, within.id(), &code, None).await;
    let words = |count: usize| match count {
        0 => t.reporting_reminded_none().to_owned(),
        count => t.reporting_reminded(count),
    };
    answer(&within, (&code, ""), done.map(words), Refused::default()).await
}

/// `POST reporting/{code}/close`
pub(crate) async fn close(within: Within, Path((_, code)): Address) -> Result<Response, Failure> {
    let done = within.app().reporting_close(&within.actor, within.id(), &code, true, "").await;
    let done = done.map(|()| within.locale.reporting_close_done().to_owned());
    answer(&within, (&code, ""), done, Refused::default()).await
}

/// `POST reporting/{code}/reopen`
pub(crate) async fn reopen(
    within: Within,
    Path((_, code)): Address,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of("reopen", &body);
    let reason = refused.sent("reopen").get("reason").to_owned();
    let done = within.app().reporting_close(&within.actor, within.id(), &code, false, &reason).await;
    let done = done.map(|()| within.locale.reporting_reopen_done().to_owned());
    answer(&within, (&code, ""), done, refused).await
}

/// `POST reporting/{code}/next`
pub(crate) async fn next(within: Within, Path((_, code)): Address, body: Bytes) -> Result<Response, Failure> {
    let refused = Refused::of("next", &body);
    let text = |name: &str| refused.sent("next").get(name).to_owned();
    let input =
        NextInput { title: text("title"), from: text("date_from"), to: text("date_to"), due: text("due_on") };
    match within.app().reporting_next(&within.actor, within.id(), &code, &input).await {
        Ok(next) => {
            let done = Ok(within.locale.reporting_next_done().to_owned());
            answer(&within, (&next, ""), done, refused).await
        }
        Err(error) => answer(&within, (&code, ""), Err(error), refused).await,
    }
}

/// A form that was refused stands under the address it was sent to: asked for again, that is the round.
pub(crate) async fn back(within: Within, Path((_, code)): Address) -> Result<Response, Failure> {
    within.app().reporting_round(&within.actor, within.id(), &code).await?;
    Ok(redirect::to(&within.to(&format!("reporting/{code}"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_month_in_a_title_goes_on_to_the_next() {
        let next = |title: &str| next_title(title, "2026-12-01", date(2027, 1, 1));
        assert_eq!(next("2026年12月产业协作月报"), "2027年1月产业协作月报");
        assert_eq!(next("Monthly report 2026-12"), "Monthly report 2027-01");
        assert_eq!(next("月报"), "月报");
    }

    #[test]
    fn problems_without_a_place_are_plain_words() {
        let problem = app::Problem { field: "task".into(), code: "no-lines", hint: String::new() };
        assert_eq!(super::super::words(Locale::En, &[problem]), [Locale::En.problem_no_lines()]);
    }
}
