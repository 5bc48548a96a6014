//! One filing as a page: the form where the reader fills it in, a sheet to print, and the way it took.

use super::{
    day, filing_forms, late, line_label, line_note, line_unit_label, period, round, shown, state, words,
};
use crate::failure::{self, Failure};
use crate::format;
use crate::labels::{choice, pick_title, title};
use crate::small_form::Refused;
use crate::visit::Within;
use app::{
    FilingCell, FilingDetail, FilingLog, LedgerOffer, ReportingLine, Right, filing_punctuality, round_status,
    typed_value,
};
use axum::extract::Path;
use axum::response::Html;
use domain::Decimal;
use domain::reporting::{CellState, FilingState, Punctuality};
use locale::Locale;
use pages::{Badge, FilingOffer, FilingPage, FilingRow, Link, LogEntry, Notice, Tone};

/// The form of values.
pub(super) const FORM: &str = "filing";

/// `GET filings/{code}`
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    page(&within, &code, &Refused::default()).await
}

/// The page of a filing, with a form as it was refused.
pub(crate) async fn page(within: &Within, code: &str, refused: &Refused) -> Result<Html<String>, Failure> {
    let t = within.locale;
    let detail = within.app().filing(&within.actor, within.id(), code).await?;
    let on_time = filing_punctuality(&detail.task, &detail.filing, detail.today);
    // What was typed is shown back even where it can no longer be kept.
    let editable = detail.fillable || refused.form == FORM;
    let sent = refused.sent(FORM);
    let task = pick_title(t, &detail.task.record).to_owned();
    let rows = (1..)
        .zip(&detail.lines)
        .map(|(number, line)| row(within, &detail, refused, (number, line, editable)));
    let rows = rows.collect();
    let note = |of: &app::Problem| of.field == "note";
    let page = FilingPage {
        shell: within.shell_of("reporting").await?,
        crumbs: vec![
            Link { label: t.reporting_title().to_owned(), href: within.to("reporting") },
            Link { label: task.clone(), href: within.to(&format!("reporting/{}", detail.task.record.code)) },
        ],
        unit: pick_title(t, &detail.filing.unit).to_owned(),
        task,
        code: code.to_owned(),
        state: state(t, detail.filing.state),
        late: late(t, on_time),
        facts: facts(within, &detail),
        instructions: detail.task.text("note").unwrap_or_default().to_owned(),
        notices: notices(within, &detail, on_time, refused),
        action: within.to(&format!("filings/{code}")),
        version: detail.filing.record.version.to_string(),
        editable,
        rows,
        remark: sent.get_or("note", detail.filing.note.as_deref().unwrap_or_default()).to_owned(),
        remark_error: words(t, refused.problems.iter().filter(|of| note(of))).join(" "),
        forms: filing_forms::forms(within, &detail, refused),
        buttons: filing_forms::buttons(within, &detail),
        links: links(within, &detail),
        signatures: signatures(&detail),
        log: log(within, &detail),
        audit_href: match within.may_on(detail.filing.record.id, Right::ViewAudit).await? {
            true => within.to(&format!("records/{code}/audit")),
            false => String::new(),
        },
    };
    Ok(Html(page.render()))
}

fn facts(within: &Within, detail: &FilingDetail) -> Vec<(String, String)> {
    let t = within.locale;
    let owner = detail.task.id("owner").and_then(|id| detail.names.get(&id));
    let mut facts = vec![
        (t.reporting_period().to_owned(), period(&detail.task)),
        (t.reporting_due().to_owned(), day(&detail.task, "due_on")),
        (t.reporting_sheet_code().to_owned(), detail.filing.record.code.clone()),
    ];
    if let Some(owner) = owner {
        let name = title(t, &owner.title, owner.title_en.as_deref()).to_owned();
        let info = domain::RecordKind::ReportingTask.field("owner");
        facts.insert(
            2,
            (info.map(|of| crate::values::field_label(t, of)).unwrap_or_default().to_owned(), name),
        );
    }
    facts
}

fn links(within: &Within, detail: &FilingDetail) -> Vec<Link> {
    let code = &detail.filing.record.code;
    vec![Link {
        label: within.locale.reporting_sheet().to_owned(),
        href: within.to(&format!("filings/{code}/sheet.xlsx")),
    }]
}

/// What the reader must know first.
fn notices(within: &Within, detail: &FilingDetail, on_time: Punctuality, refused: &Refused) -> Vec<Notice> {
    let t = within.locale;
    let notice = |tone: Tone, text: String| Notice { tone, text, link: None };
    let whole =
        |of: &&app::Problem| of.field == "filing" || of.field.contains('!') || of.code.starts_with("sheet");
    let wrong = words(t, refused.problems.iter().filter(whole));
    let mut notices: Vec<Notice> = wrong.into_iter().map(|text| notice(Tone::Bad, text)).collect();
    let said = refused.words.iter().filter(|(field, _)| *field == "filing");
    notices.extend(said.map(|(_, words)| notice(Tone::Bad, words.clone())));
    let due = day(&detail.task, "due_on");
    if round_status(&detail.task) == "closed" && !detail.filing.state.is_filed() {
        notices.push(notice(Tone::Warn, t.reporting_closed_notice().to_owned()));
    } else if on_time == Punctuality::Late {
        notices.push(notice(Tone::Bad, t.reporting_late_notice(&due)));
    } else if detail.fillable {
        notices.push(notice(Tone::Info, t.reporting_due_notice(&due)));
    }
    let last = |action: &str| detail.log.iter().rev().find(|of| of.action == action);
    if let (FilingState::Returned, Some(of)) = (detail.filing.state, last("returned")) {
        notices.push(notice(Tone::Warn, t.reporting_returned_notice(of.reason.clone().unwrap_or_default())));
    }
    if let (false, Some(of)) = (detail.filing.state.is_filed(), last("reminded")) {
        notices.push(notice(Tone::Warn, t.reporting_reminded_notice(format::instant(of.at, &within.zone()))));
    }
    if detail.fillable && detail.on_behalf {
        let unit = pick_title(t, &detail.filing.unit);
        notices.push(notice(Tone::Info, t.reporting_behalf_notice(unit)));
    }
    notices
}

/// Who filled it in and who reviewed it; who answers for it signs by hand.
fn signatures(detail: &FilingDetail) -> [String; 2] {
    let last = |action: &str| {
        let of = detail.log.iter().rev().find(|of| of.action == action);
        of.and_then(|of| of.user_name.clone()).unwrap_or_default()
    };
    let reviewed =
        if detail.filing.state >= FilingState::Reviewed { last("reviewed") } else { String::new() };
    [last("submitted"), reviewed]
}

fn log(within: &Within, detail: &FilingDetail) -> Vec<LogEntry> {
    let t = within.locale;
    let entry = |of: &FilingLog| {
        let label = t.by_key(&format!("reporting_action_{}", of.action)).unwrap_or(&of.action).to_owned();
        let tone = match of.action.as_str() {
            "returned" | "reminded" => Tone::Warn,
            "approved" | "reviewed" => Tone::Good,
            "submitted" => Tone::Info,
            _ => Tone::Neutral,
        };
        let who = of.user_name.clone().unwrap_or_else(|| t.app_name().to_owned());
        LogEntry {
            when: format::instant(of.at, &within.zone()),
            who: if of.on_behalf { format!("{who}{}", t.reporting_on_behalf()) } else { who },
            status: Badge { label, tone },
            reason: of.reason.clone().unwrap_or_default(),
        }
    };
    detail.log.iter().rev().map(entry).collect()
}

/// How a stored cell is shown: a value, or a word.
pub(super) fn said(t: Locale, line: &ReportingLine, cell: Option<&FilingCell>) -> String {
    match cell.map(|cell| (cell.input.state, cell.input.value)) {
        Some((CellState::Value, Some(value))) => shown(line, value),
        Some((CellState::None, _)) => t.reporting_none_here().to_owned(),
        Some((CellState::Unknown, _)) => t.reporting_not_known().to_owned(),
        _ => t.reporting_missing().to_owned(),
    }
}

fn row(
    within: &Within,
    detail: &FilingDetail,
    refused: &Refused,
    (number, line, editable): (usize, &ReportingLine, bool),
) -> FilingRow {
    let t = within.locale;
    let id = line.id;
    let sent = refused.sent(FORM);
    let cell = detail.cells.get(&id);
    let stored = cell.and_then(|of| of.input.value).map(|value| typed_value(line, value)).unwrap_or_default();
    let value = sent.get_or(&format!("v{id}"), &stored).to_owned();
    let chosen = cell.map_or("value", |of| {
        if of.input.state == CellState::Missing { "value" } else { of.input.state.code() }
    });
    let chosen = sent.get_or(&format!("s{id}"), chosen).to_owned();
    let states = [
        ("value", t.reporting_a_value()),
        ("none", t.reporting_none_here()),
        ("unknown", t.reporting_not_known()),
    ];
    let wrong =
        refused.problems.iter().filter(|of| of.field == format!("v{id}") || of.field == format!("n{id}"));
    let figure = detail.figure(id);
    let standing = figure.map(|of| of.low).or(cell.and_then(|of| of.input.value));
    let differs = sent.is_open() && value != stored;
    FilingRow {
        number,
        id: id.to_string(),
        label: line_label(t, line),
        unit: line_unit_label(t, line).to_owned(),
        note_on_line: line_note(t, line),
        required: line.line.required,
        states: states.iter().map(|(code, label)| choice(code, label, &chosen)).collect(),
        remark: sent
            .get_or(&format!("n{id}"), cell.and_then(|of| of.input.note.as_deref()).unwrap_or_default())
            .to_owned(),
        error: wrong.map(|of| failure::problem(t, of)).collect::<Vec<_>>().join(" "),
        shown: match figure {
            Some(figure) if figure.withdrawn => t.reporting_withdrawn().to_owned(),
            Some(figure) => shown(line, figure.low),
            None => said(t, line, cell),
        },
        offer: detail.offers.get(&id).map(|of| offer(within, line, of, (standing, editable, &value))),
        stored: if differs && cell.is_some() { said(t, line, cell) } else { String::new() },
        figure: figure
            .map(|of| Link { label: of.code.clone(), href: within.to(&format!("figures/{}", of.code)) }),
        source: cell.and_then(|of| of.input.source.as_ref()).map(|(digest, sheet, address)| Link {
            label: t.reporting_from_sheet(format!("{sheet}!{address}")),
            href: within.to(&format!("filings/{}/sheets/{digest}", detail.filing.record.code)),
        }),
        corrections: corrections(within, detail, line),
        correct: figure
            .filter(|of| detail.correctable && !of.withdrawn)
            .map(|of| filing_forms::correct_form(within, detail, (line, of), refused)),
        value,
    }
}

/// What corrections replaced, with the reason of each.
fn corrections(within: &Within, detail: &FilingDetail, line: &ReportingLine) -> Vec<(Link, String)> {
    let chain = detail.corrections(line.id);
    let pair = |pair: &[&app::FilingFigure]| {
        let (old, new) = (pair[0], pair[1]);
        let link = Link { label: shown(line, old.low), href: within.to(&format!("figures/{}", old.code)) };
        (link, new.note.clone().unwrap_or_default())
    };
    chain.windows(2).map(pair).collect()
}

/// What the ledger holds, and how what is filed or typed differs from it.
fn offer(
    within: &Within,
    line: &ReportingLine,
    of: &LedgerOffer,
    (standing, editable, typed): (Option<i64>, bool, &str),
) -> FilingOffer {
    let t = within.locale;
    let held = of.sum.low;
    let filed = if editable { app::read_value(line, typed) } else { standing };
    let difference = filed.map(|filed| filed - held).filter(|difference| *difference != 0);
    let percent = |difference: i64| {
        let share = Decimal::from(difference) * Decimal::ONE_HUNDRED / Decimal::from(held);
        format!("{}{}%", if difference > 0 { "+" } else { "" }, share.round_dp(1).normalize())
    };
    let words = |difference: i64| {
        let sign = if difference > 0 { "+" } else { "" };
        let number = format!("{sign}{}", shown(line, difference));
        if held == 0 { number } else { format!("{number} ({})", percent(difference)) }
    };
    let measure = line.line.measure.code();
    FilingOffer {
        value: shown(line, held),
        exact: round::exact(t, line, held),
        count: t.reporting_ledger_count(of.sum.count),
        difference: difference.map(words).unwrap_or_default(),
        agrees: filed == Some(held),
        href: within.to(&format!("figures?measure={measure}")),
    }
}
