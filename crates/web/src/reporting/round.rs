//! One round: its form and units while it is a draft, then the compiled table of what was filed.

use super::{
    day, filing_link, late, line_label, line_note, line_unit_label, period, round_forms, shown, state, words,
};
use crate::failure::Failure;
use crate::labels::pick_title;
use crate::small_form::Refused;
use crate::values;
use crate::visit::Within;
use app::{
    CellNow, Filing, LineTotal, ReportingLine, Right, RoundDetail, filing_punctuality, line_unit,
    round_status,
};
use axum::extract::Path;
use axum::response::Html;
use domain::reporting::{CellState, FilingState};
use domain::{Approx, Quantity};
use locale::Locale;
use pages::{Link, Notice, Round, RoundCell, RoundLine, RoundTotal, RoundUnit, Tone};

/// `GET reporting/{code}`
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    page(&within, &code, &Refused::default()).await
}

/// The page of a round, with a form as it was refused.
pub(crate) async fn page(within: &Within, code: &str, refused: &Refused) -> Result<Html<String>, Failure> {
    let t = within.locale;
    let round = within.app().reporting_round(&within.actor, within.id(), code).await?;
    let draft = round_status(&round.task) == "draft";
    let of_round = refused.problems.iter().filter(|problem| problem.field == "task");
    let notice = |text: String| Notice { tone: Tone::Bad, text, link: None };
    let page = Round {
        shell: within.shell_of("reporting").await?,
        title: pick_title(t, &round.task.record).to_owned(),
        code: code.to_owned(),
        status: values::status(within, &round.task),
        facts: facts(within, &round),
        instructions: round.task.text("note").unwrap_or_default().to_owned(),
        notices: words(t, of_round).into_iter().map(notice).collect(),
        draft,
        lines: round.lines.iter().map(|line| self::line(within, &round, line)).collect(),
        rows: round.filings.iter().map(|filing| unit(within, &round, filing)).collect(),
        totals: round.lines.iter().zip(&round.totals).map(|(line, of)| total(t, line, of.as_ref())).collect(),
        totals_note: totals_note(t, &round),
        forms: round_forms::forms(within, &round, refused),
        line_form: (draft && round.editable).then(|| round_forms::line_form(within, &round, refused)),
        unit_form: (draft && round.editable).then(|| round_forms::unit_form(within, &round, refused)),
        buttons: round_forms::buttons(within, &round),
        links: links(within, &round),
    };
    Ok(Html(page.render()))
}

/// What the totals count, in words.
pub(super) fn totals_note(t: Locale, round: &RoundDetail) -> String {
    match round.filings.iter().filter(|of| !of.state.is_filed()).count() {
        0 => t.reporting_total_note_all().to_owned(),
        unfiled => t.reporting_total_note(unfiled),
    }
}

fn facts(within: &Within, round: &RoundDetail) -> Vec<(String, String)> {
    let t = within.locale;
    let owner = round.task.id("owner").and_then(|id| round.names.get(&id));
    let owner = owner.map(|of| crate::labels::title(t, &of.title, of.title_en.as_deref()).to_owned());
    let field = |code: &str| {
        let info = domain::RecordKind::ReportingTask.field(code);
        info.map(|info| values::field_label(t, info)).unwrap_or_default().to_owned()
    };
    let filed = round.filings.iter().filter(|of| of.state.is_filed()).count();
    let mut facts = vec![
        (t.reporting_period().to_owned(), period(&round.task)),
        (t.reporting_due().to_owned(), day(&round.task, "due_on")),
        (field("owner"), owner.unwrap_or_else(|| t.not_open_to_you().to_owned())),
    ];
    if round_status(&round.task) != "draft" {
        facts.push((t.reporting_progress().to_owned(), t.reporting_filed_of(filed, round.filings.len())));
    }
    facts
}

fn links(within: &Within, round: &RoundDetail) -> Vec<Link> {
    let t = within.locale;
    let code = &round.task.record.code;
    let link = |label: &str, rest: String| Link { label: label.to_owned(), href: within.to(&rest) };
    let mut links = Vec::new();
    if round_status(&round.task) != "draft" && within.may(Right::Export) {
        links.push(link(t.reporting_export(), format!("reporting/{code}/export.xlsx")));
        links.push(link(".csv", format!("reporting/{code}/export.csv")));
        links.push(link(".jsonl", format!("reporting/{code}/export.jsonl")));
        links.push(link(".docx", format!("reporting/{code}/export.docx")));
        links.push(link(t.reporting_sheets(), format!("reporting/{code}/sheets.xlsx")));
    }
    links.push(link(t.reporting_record(), format!("records/{code}")));
    links
}

fn line(within: &Within, round: &RoundDetail, line: &ReportingLine) -> RoundLine {
    let t = within.locale;
    let draft = round_status(&round.task) == "draft";
    let mut notes = Vec::new();
    if draft && line.line.label.is_some() {
        notes.push(crate::labels::measure(t, line.line.measure).to_owned());
    }
    notes.push(line_note(t, line));
    if draft {
        notes.push(
            if line.line.required { t.reporting_required() } else { t.reporting_optional() }.to_owned(),
        );
    }
    RoundLine {
        label: line_label(t, line),
        unit: line_unit_label(t, line).to_owned(),
        note: notes.join(" · "),
        remove: (draft && round.editable)
            .then(|| round_forms::remove(within, round, "lines", ("line", line.id.to_string()))),
    }
}

fn unit(within: &Within, round: &RoundDetail, filing: &Filing) -> RoundUnit {
    let t = within.locale;
    let draft = round_status(&round.task) == "draft";
    let href = |line: i64| within.to(&format!("filings/{}#l-{line}", filing.record.code));
    let cell = |line: &ReportingLine| RoundCell {
        href: href(line.id),
        ..cell(t, filing.state, line, round.cells.get(&(filing.record.id, line.id)))
    };
    RoundUnit {
        unit: filing_link(within, filing),
        code: filing.record.code.clone(),
        state: state(t, filing.state),
        late: late(t, filing_punctuality(&round.task, filing, round.today)),
        cells: if draft { Vec::new() } else { round.lines.iter().map(cell).collect() },
        remove: (draft && round.editable)
            .then(|| round_forms::remove(within, round, "units", ("filing", filing.record.code.clone()))),
    }
}

/// What a unit filed for a line: a value, or in words that there is none. What is not filed is 未报, never zero.
pub(super) fn cell(t: Locale, state: FilingState, line: &ReportingLine, of: Option<&CellNow>) -> RoundCell {
    let word = |text: &str| RoundCell { text: text.to_owned(), word: true, ..RoundCell::default() };
    if state == FilingState::Returned {
        return word(t.reporting_state_returned());
    }
    if !state.is_filed() {
        return word(t.reporting_state_open());
    }
    let Some(of) = of else { return word(t.reporting_missing()) };
    let corrected = of.figure.as_ref().filter(|_| of.corrected).and_then(|figure| figure.note.clone());
    let notes = [of.input.note.clone(), corrected.map(|reason| t.reporting_corrected(reason))];
    let note = notes.into_iter().flatten().collect::<Vec<_>>().join("; ");
    match (of.value(), of.input.state) {
        (Some(value), _) => RoundCell { text: shown(line, value), note, ..RoundCell::default() },
        (None, CellState::Value) => RoundCell { note, ..word(t.reporting_withdrawn()) },
        (None, CellState::None) => RoundCell { note, ..word(t.reporting_none_here()) },
        (None, CellState::Unknown) => RoundCell { note, ..word(t.reporting_not_known()) },
        (None, CellState::Missing) => word(t.reporting_missing()),
    }
}

fn total(t: Locale, line: &ReportingLine, of: Option<&LineTotal>) -> RoundTotal {
    let Some(of) = of else {
        return RoundTotal { text: "—".to_owned(), note: t.reporting_not_added().to_owned() };
    };
    if of.sum.count == 0 {
        return RoundTotal { text: "—".to_owned(), note: t.reporting_counted(0) };
    }
    RoundTotal { text: shown(line, of.sum.low), note: t.reporting_counted(of.sum.count) }
}

/// A value with its exact form, for what is shown on hover.
pub(super) fn exact(t: Locale, line: &ReportingLine, value: i64) -> String {
    let quantity = Quantity { low: value, high: None, unit: line_unit(line), approx: Approx::Exact };
    crate::format::amount(t, quantity).exact
}
