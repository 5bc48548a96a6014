//! Sheets of a round: one a unit to be filled in, all of them in one file, what came back, and the compiled table.

use super::filing_forms::{line_label_with_time, sheet_line};
use super::{compiled_json, day, line_unit_label, period, round};
use crate::brochure::docx_on;
use crate::download::{FileKind, saved_as};
use crate::export::{about_list, answer as download, rule_lines};
use crate::failure::Failure;
use crate::format;
use crate::labels::{self, pick_title, title};
use crate::visit::Within;
use app::{
    Block, Cell, Column, Entry, ExportFormat, Filing, FilingCell, FormSheet, Kind, Paper, RecordNames,
    ReportingLine, RoundDetail, SheetWords, WholeRows,
};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use locale::Locale;
use std::collections::HashMap;

fn headings(t: Locale) -> [String; app::FORM_COLUMNS] {
    [
        t.reporting_number(),
        t.reporting_line(),
        t.unit(),
        t.reporting_sheet_value(),
        t.reporting_sheet_state(),
        t.note(),
    ]
    .map(str::to_owned)
}

fn choices(t: Locale) -> [String; 2] {
    [t.reporting_none_here(), t.reporting_not_known()].map(str::to_owned)
}

/// The words of a sheet in a language, as it was sent out.
pub(super) fn words(t: Locale, lines: &[ReportingLine]) -> SheetWords {
    let line =
        |line: &ReportingLine| (line.id, line_label_with_time(t, line), line_unit_label(t, line).to_owned());
    SheetWords { headings: headings(t), choices: choices(t), lines: lines.iter().map(line).collect() }
}

/// The sheet of a filing; what it says already stands in it where it is given.
fn sheet(
    within: &Within,
    (task, names, lines): (&Entry, &RecordNames, &[ReportingLine]),
    filing: &Filing,
    cells: &HashMap<i64, FilingCell>,
) -> FormSheet {
    let t = within.locale;
    let unit = pick_title(t, &filing.unit);
    let owner = task.id("owner").and_then(|id| names.get(&id));
    let owner = owner.map_or("—", |of| title(t, &of.title, of.title_en.as_deref()));
    FormSheet {
        name: unit.to_owned(),
        code: filing.record.code.clone(),
        code_label: t.reporting_sheet_code().to_owned(),
        title: pick_title(t, &task.record).to_owned(),
        unit: t.reporting_sheet_unit(unit),
        facts: t.reporting_sheet_facts(period(task), day(task, "due_on"), owner),
        hint: [Some(t.reporting_sheet_hint()), task.text("note")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        headings: headings(t),
        choices: choices(t),
        lines: lines.iter().map(|line| sheet_line(t, line, cells.get(&line.id))).collect(),
        signatures: [t.reporting_filled_by(), t.reporting_reviewed_by(), t.reporting_answers()]
            .map(str::to_owned),
        seal: t.reporting_seal().to_owned(),
    }
}

async fn file(within: &Within, name: &str, forms: Vec<FormSheet>) -> Result<Response, Failure> {
    let written = tokio::task::spawn_blocking(move || app::write_forms(&forms)).await;
    let bytes = written.ok().and_then(Result::ok).ok_or(Failure::Bug("a sheet could not be written"))?;
    Ok((saved_as(FileKind::Xlsx, &format!("luodi-{}-{name}", within.programme.code)), bytes).into_response())
}

/// `GET filings/{code}/sheet.xlsx`
pub(crate) async fn one(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let detail = within.app().filing(&within.actor, within.id(), &code).await?;
    let form = (&detail.task, &detail.names, detail.lines.as_slice());
    file(&within, &code, vec![sheet(&within, form, &detail.filing, &detail.cells)]).await
}

/// `GET reporting/{code}/sheets.xlsx`: a sheet for each unit, in one file.
pub(crate) async fn all(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let round = within.app().reporting_round(&within.actor, within.id(), &code).await?;
    let form = (&round.task, &round.names, round.lines.as_slice());
    let empty = HashMap::new();
    let forms = round.filings.iter().map(|filing| sheet(&within, form, filing, &empty)).collect();
    file(&within, &code, forms).await
}

/// `GET filings/{code}/sheets/{digest}`: the bytes that came back.
pub(crate) async fn returned(
    within: Within,
    Path((_, code, digest)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let bytes = within.app().filing_sheet(&within.actor, within.id(), &code, &digest).await?;
    Ok((saved_as(FileKind::Xlsx, &code), bytes).into_response())
}

/// `GET reporting/{code}/export.xlsx`: the compiled table, with what its measures mean and by which rule it adds.
pub(crate) async fn compiled(within: Within, path: Path<(String, String)>) -> Result<Response, Failure> {
    compiled_as(&within, &path.1, ExportFormat::Xlsx).await
}

/// `GET reporting/{code}/export.csv`
pub(crate) async fn compiled_csv(within: Within, path: Path<(String, String)>) -> Result<Response, Failure> {
    compiled_as(&within, &path.1, ExportFormat::Csv).await
}

/// `GET reporting/{code}/export.jsonl`
pub(crate) async fn compiled_lines(
    within: Within,
    path: Path<(String, String)>,
) -> Result<Response, Failure> {
    compiled_as(&within, &path.1, ExportFormat::JsonLines).await
}

async fn compiled_as(within: &Within, code: &str, format: ExportFormat) -> Result<Response, Failure> {
    let t = within.locale;
    let round = within.app().reporting_round(&within.actor, within.id(), code).await?;
    let rows = match format.table() {
        None => WholeRows::Lines(compiled_json::lines(&round)),
        Some(format) => {
            let filter = format!("{} · {}", pick_title(t, &round.task.record), period(&round.task));
            let about = about_list(within, t.reporting_compiled(), filter, about_lines(t, &round)).await?;
            WholeRows::Table(format, columns(t, &round), about, rows(t, &round))
        }
    };
    let file = within.app().reporting_export(&within.actor, within.id(), rows).await?;
    Ok(download(within, code, format, file))
}

/// What the last sheet says beside round and time: the measures, the rule, and what the totals count.
fn about_lines(t: Locale, round: &RoundDetail) -> Vec<(String, String)> {
    let defined = |line: &ReportingLine| {
        let (measure, label) = (line.line.measure, super::line_label(t, line));
        let facts = [
            labels::measure(t, measure),
            labels::definition(t, measure),
            line_unit_label(t, line),
            &super::line_note(t, line),
        ];
        (t.export_measure(label), facts.join(" · "))
    };
    let lines = round.lines.iter().map(defined).chain(rule_lines(t));
    lines.chain([(t.reporting_total().to_owned(), round::totals_note(t, round))]).collect()
}

/// `GET reporting/{code}/export.docx`: the compiled table for a letter.
pub(crate) async fn compiled_docx(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let t = within.locale;
    let round = within.app().reporting_round(&within.actor, within.id(), &code).await?;
    let heads = columns(t, &round).into_iter().map(|column| column.heading).collect();
    let rows = rows(t, &round).into_iter().map(|row| row.into_iter().map(words_of).collect()).collect();
    let due = format!("{} {}", t.reporting_due(), day(&round.task, "due_on"));
    let facts = [period(&round.task), due, round::totals_note(t, &round), t.reporting_rule_note().to_owned()];
    let mut blocks = vec![
        Block::Heading(1, format!("{} · {}", pick_title(t, &round.task.record), t.reporting_compiled())),
        Block::Text(facts.join(" · ")),
        Block::Table(heads, rows),
    ];
    blocks.extend(within.watermark().await?.map(Block::Text));
    docx_on(Paper::A4Landscape, &blocks, &format!("luodi-{}-{code}", within.programme.code))
}

/// A cell of the compiled table as text.
fn words_of(cell: Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Link { text, .. } => text,
        Cell::Number { mantissa, decimals } => format::decimal(i128::from(mantissa), decimals),
        Cell::Date(day) => day.to_string(),
        Cell::Empty => String::new(),
    }
}

fn columns(t: Locale, round: &RoundDetail) -> Vec<Column> {
    let column = |heading: String, width: u16, kind: Kind| Column { heading, width, kind };
    let first = [
        column(t.reporting_unit().to_owned(), 30, Kind::Text),
        column(t.reporting_sheet_code().to_owned(), 18, Kind::Text),
        column(t.state().to_owned(), 10, Kind::Text),
    ];
    let lines = round.lines.iter().map(|line| {
        let heading = format!("{} ({})", line_label_with_time(t, line), line_unit_label(t, line));
        column(heading, 18, Kind::Number)
    });
    first.into_iter().chain(lines).collect()
}

fn rows(t: Locale, round: &RoundDetail) -> Vec<Vec<Cell>> {
    let number = |line: &ReportingLine, value: i64| {
        let number = app::number_in_line(line, value);
        match i64::try_from(number.mantissa()) {
            Ok(mantissa) => Cell::Number { mantissa, decimals: number.scale() },
            Err(_) => Cell::Text(number.to_string()),
        }
    };
    let mut rows = Vec::new();
    for filing in &round.filings {
        let state = super::state(t, filing.state).label;
        let mut row = vec![
            Cell::Text(pick_title(t, &filing.unit).to_owned()),
            Cell::Text(filing.record.code.clone()),
            Cell::Text(state),
        ];
        row.extend(round.lines.iter().map(|line| {
            let of = round.cells.get(&(filing.record.id, line.id));
            match of.and_then(app::CellNow::value) {
                Some(value) => number(line, value),
                None => Cell::Text(round::cell(t, filing.state, line, of).text),
            }
        }));
        rows.push(row);
    }
    let mut total = vec![Cell::Text(t.reporting_total().to_owned()), Cell::Empty, Cell::Empty];
    total.extend(round.lines.iter().zip(&round.totals).map(|(line, of)| match of {
        Some(of) if of.sum.count > 0 => number(line, of.sum.low),
        _ => Cell::Empty,
    }));
    rows.push(total);
    rows
}
