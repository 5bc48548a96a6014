//! The ledger of aid money as a file: the lines of its filter; in a workbook, on the last sheet, filter, time, measures, rule,
//! totals and shares.

use crate::aid::{Asking, condition, filter_of, percent, quantity, step_label};
use crate::failure::Failure;
use crate::labels::{self, Labels, one_line};
use crate::list_sheet::{field_json, value_json};
use crate::values::{Show, field_label};
use crate::visit::Within;
use crate::{export, format, redirect};
use app::{AidLedger, AidSums, Beside, Cell, Column, Entry, EntryRows, ExportFormat, Kind, RecordKind};
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::Unit;
use domain::aid::{AidStep, rate};
use serde_json::{Map, Value as Json, json};

/// The fields of a line, behind code and title.
const FIELDS: &[&str] = &[
    "region",
    "place_level",
    "supporting",
    "payer_level",
    "category",
    "purpose",
    "mode",
    "plan_change",
    "status",
    "owner",
];

/// `GET aid/export.xlsx`
pub(crate) async fn xlsx(
    within: Within,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    file(&within, &headers, query, ExportFormat::Xlsx).await
}

/// `GET aid/export.csv`
pub(crate) async fn csv(
    within: Within,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    file(&within, &headers, query, ExportFormat::Csv).await
}

/// `GET aid/export.jsonl`
pub(crate) async fn json_lines(
    within: Within,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    file(&within, &headers, query, ExportFormat::JsonLines).await
}

async fn file(
    within: &Within,
    headers: &HeaderMap,
    query: Option<String>,
    format: ExportFormat,
) -> Result<Response, Failure> {
    let labels = within.labels().await?;
    let asking = Asking::new(within, &labels, &query.unwrap_or_default()).await?;
    if !asking.asked.problems.is_empty() {
        // The page says what is wrong with the filter.
        return Ok(redirect::to(&asking.query.address(&within.to("aid"), &[], &[])));
    }
    let (app, actor, t) = (within.app(), &within.actor, within.locale);
    let sort = asking.query.sort(RecordKind::AidProject);
    let what = (asking.asked.filter.clone(), sort, asking.year);
    let ledger = app.aid_ledger(actor, within.id(), what, (None, 1)).await?;
    let sums = app.aid_sums(actor, within.id(), asking.asked.filter.clone(), asking.year).await?;
    let lines = lines(within, &ledger);
    let about = export::about_list(within, t.aid_ledger(), asking.in_words(within, &labels), lines).await?;
    let base = export::base(within, headers, "records/");
    let none = AidSums::new();
    let sums = |entry: &Entry| sums.get(&entry.record.id).unwrap_or(&none);
    let cells = |entry: &Entry, beside: &Beside| {
        let show = Show { within, labels: &labels, names: &beside.names };
        cells(&show, base.as_deref(), entry, sums(entry))
    };
    let line = |entry: &Entry, beside: &Beside| line(&labels, entry, beside, sums(entry));
    let columns = columns(within);
    let rows = match format.table() {
        Some(format) => {
            EntryRows::Table { format, columns: &columns, about, cells: &cells, closing: &Vec::new }
        }
        None => EntryRows::Lines(&line),
    };
    let exported = app.entry_export(actor, within.id(), (filter_of(&asking), sort), false, rows).await?;
    Ok(export::answer(within, "aid", format, exported.file))
}

/// What the last sheet says beside filter and time: the measures, the rule, totals and shares.
fn lines(within: &Within, ledger: &AidLedger) -> Vec<(String, String)> {
    let t = within.locale;
    let measure = |step: &AidStep| {
        let (measure, words) = (step.measure(), labels::definition(t, step.measure()));
        (t.export_measure(step_label(t, *step)), format!("{}: {words}", labels::measure(t, measure)))
    };
    let mut lines: Vec<_> = AidStep::ALL.iter().map(measure).collect();
    lines.push((t.counting_rule().to_owned(), t.aid_rule().to_owned()));
    for (step, sum) in &ledger.totals {
        let label = format!("{} · {}", t.aid_totals(), step_label(t, *step));
        lines.push((label, one_line(&format::amount(t, quantity(*sum)))));
    }
    for share in &ledger.shares {
        let missing = format::plain_amount(t, share.kept.missing, Unit::cny());
        let words = [
            condition(within, &share.rule),
            format!("{} {}", t.aid_share_minimum(), percent(Some(share.rule.minimum))),
            format!("{} {}", t.aid_share_now(), percent(share.kept.share)),
            format!("{} {}", t.aid_share_missing(), one_line(&missing)),
        ];
        lines.push((t.aid_share().to_owned(), words.join("; ")));
    }
    lines
}

fn columns(within: &Within) -> Vec<Column> {
    let t = within.locale;
    let column = |heading: &str, width, kind| Column { heading: heading.to_owned(), width, kind };
    let yuan = labels::pick(t, Unit::cny().zh(), Unit::cny().en());
    let mut columns = vec![column(t.code_label(), 18, Kind::Text), column(t.title_label(), 40, Kind::Text)];
    for code in FIELDS {
        let label = RecordKind::AidProject.field(code).map_or("", |field| field_label(t, field));
        columns.push(column(label, 16, Kind::Text));
    }
    for step in AidStep::ALL {
        columns.push(column(&format!("{} ({yuan})", step_label(t, *step)), 18, Kind::Number));
    }
    columns.push(column(&format!("{} (%)", t.aid_rate_arrived()), 12, Kind::Number));
    columns.push(column(&format!("{} (%)", t.aid_rate_spent()), 12, Kind::Number));
    columns
}

fn cells(show: &Show<'_>, base: Option<&str>, entry: &Entry, sums: &AidSums) -> Vec<Cell> {
    let text = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
    let code = entry.record.code.clone();
    let title = labels::pick_title(show.within.locale, &entry.record).to_owned();
    let mut cells = vec![
        match base {
            Some(base) => Cell::Link { url: format!("{base}{code}"), text: code },
            None => text(code),
        },
        text(title),
    ];
    for code in FIELDS {
        let field = RecordKind::AidProject.field(code);
        let words = field.map(|field| show.words(field, entry.values.get(field.code)));
        cells.push(text(words.unwrap_or_default()));
    }
    let number = |mantissa: Option<i64>| {
        mantissa.map_or(Cell::Empty, |mantissa| Cell::Number { mantissa, decimals: 2 })
    };
    cells.extend(AidStep::ALL.iter().map(|step| number(amount(sums, *step))));
    cells.extend(RATES.iter().map(|(_, part, whole)| number(rate_of(sums, *part, *whole))));
    cells
}

/// The rates behind the steps: their names in codes, what is divided by what.
const RATES: &[(&str, AidStep, AidStep)] =
    &[("rate_arrived", AidStep::Arrived, AidStep::Issued), ("rate_spent", AidStep::Spent, AidStep::Arrived)];

/// In fen; none where nothing was counted.
fn amount(sums: &AidSums, step: AidStep) -> Option<i64> {
    sums.get(&step).filter(|sum| sum.count > 0).map(|sum| sum.low)
}

fn rate_of(sums: &AidSums, part: AidStep, whole: AidStep) -> Option<i64> {
    rate(amount(sums, part)?, amount(sums, whole)?)
}

/// A line as an object: the columns by the codes of fields and steps.
fn line(labels: &Labels, entry: &Entry, beside: &Beside, sums: &AidSums) -> Json {
    let mut object = Map::new();
    let mut put = |key: &str, value: Option<Json>| value.map(|value| object.insert(key.to_owned(), value));
    put("code", Some(json!(entry.record.code)));
    put("title", Some(json!(entry.record.title)));
    put("title_en", entry.record.title_en.as_ref().map(|title| json!(title)));
    for field in FIELDS.iter().filter_map(|code| RecordKind::AidProject.field(code)) {
        put(field.code, field_json(labels, field, entry, beside));
    }
    for step in AidStep::ALL {
        put(step.code(), amount(sums, *step).map(|sum| value_json(sum, Unit::cny())));
    }
    for (name, part, whole) in RATES {
        let of = rate_of(sums, *part, *whole);
        // A hundredth of a per cent is a hundred of what the unit keeps.
        put(name, of.zip(Unit::from_code("%")).map(|(of, unit)| value_json(of.saturating_mul(100), unit)));
    }
    Json::Object(object)
}
