//! Figures as files: exactly those of the filter, all of them, in the words of the reader or in codes.

use crate::export::{self, about_list, answer, base};
use crate::failure::Failure;
use crate::figures::FilterQuery;
use crate::format;
use crate::labels::{self, Labels};
use crate::list_sheet::digits;
use crate::visit::Within;
use app::{Cell, Column, ExportFormat, FigureRow, FigureRows, Kind};
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::Measure;
use domain::region::RegionId;
use locale::Locale;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// `GET figures.xlsx`
pub(crate) async fn xlsx(
    within: Within,
    headers: HeaderMap,
    query: Query<FilterQuery>,
) -> Result<Response, Failure> {
    file(&within, &headers, &query, ExportFormat::Xlsx).await
}

/// `GET figures.csv`
pub(crate) async fn csv(
    within: Within,
    headers: HeaderMap,
    query: Query<FilterQuery>,
) -> Result<Response, Failure> {
    file(&within, &headers, &query, ExportFormat::Csv).await
}

/// `GET figures.jsonl`
pub(crate) async fn json_lines(
    within: Within,
    headers: HeaderMap,
    query: Query<FilterQuery>,
) -> Result<Response, Failure> {
    file(&within, &headers, &query, ExportFormat::JsonLines).await
}

async fn file(
    within: &Within,
    headers: &HeaderMap,
    query: &FilterQuery,
    format: ExportFormat,
) -> Result<Response, Failure> {
    let t = within.locale;
    let labels = within.labels().await?;
    let filter = query.filter(within, &labels).await?;
    let note = (t.note().to_owned(), t.figures_export_note().to_owned());
    let lines = export::rule_lines(t).into_iter().chain([note]);
    let about = about_list(within, t.figures_title(), query.words(&labels), lines).await?;
    let sheet = Sheet { base: base(within, headers, "figures/"), labels };
    let measures: Mutex<BTreeSet<Measure>> = Mutex::default();
    let cells = |row: &FigureRow, (): &()| {
        if let Ok(mut measures) = measures.lock() {
            measures.insert(row.figure.measure);
        }
        sheet.cells(row)
    };
    let closing = || {
        let found = measures.lock().map(|found| found.clone()).unwrap_or_default();
        export::measure_lines(t, found).collect()
    };
    let line = |row: &FigureRow, (): &()| sheet.line(row);
    let columns = columns(t);
    let rows = match format.table() {
        Some(format) => {
            FigureRows::Table { format, columns: &columns, about, cells: &cells, closing: &closing }
        }
        None => FigureRows::Lines(&line),
    };
    let exported = within.app().figure_export(&within.actor, within.id(), &filter, rows).await?;
    Ok(answer(within, "figures", format, exported.file))
}

struct Sheet {
    base: Option<String>,
    labels: Labels,
}

fn columns(t: Locale) -> Vec<Column> {
    [
        (t.code_label(), 18, Kind::Text),
        (t.measure(), 26, Kind::Text),
        (t.role(), 8, Kind::Text),
        (t.approx(), 8, Kind::Text),
        (t.value(), 20, Kind::Number),
        (t.claim_value_max(), 20, Kind::Number),
        (t.unit(), 10, Kind::Text),
        (t.host(), 24, Kind::Text),
        (t.supporter(), 24, Kind::Text),
        (t.organisation(), 24, Kind::Text),
        (t.event(), 24, Kind::Text),
        (t.claim_period_kind(), 10, Kind::Text),
        (t.claim_period_from(), 12, Kind::Date),
        (t.claim_period_to(), 12, Kind::Date),
        (t.viewer_phrase(), 18, Kind::Text),
        (t.published_on(), 12, Kind::Date),
        (t.state(), 8, Kind::Text),
        (t.document(), 40, Kind::Text),
    ]
    .map(|(heading, width, kind)| Column { heading: heading.to_owned(), width, kind })
    .into()
}

impl Sheet {
    fn cells(&self, row: &FigureRow) -> Vec<Cell> {
        let t = self.labels.locale;
        let figure = &row.figure;
        let quantity = figure.quantity;
        let text = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
        let title = |of: &Option<(String, Option<String>)>| match of {
            Some((zh, en)) => text(labels::title(t, zh, en.as_deref()).to_owned()),
            None => Cell::Empty,
        };
        let opt = |value: &Option<String>| text(value.clone().unwrap_or_default());
        let number = |mantissa: i64| Cell::Number { mantissa, decimals: quantity.unit.decimals() };
        let day = |day: Option<jiff::civil::Date>| day.map_or(Cell::Empty, Cell::Date);
        let titles = row.documents.iter().map(|(_, title)| title);
        let closed = row.closed.then(|| t.evidence_closed());
        let documents: Vec<_> = titles.chain(&row.citations).map(String::as_str).chain(closed).collect();
        vec![
            match &self.base {
                Some(base) => Cell::Link { text: row.code.clone(), url: format!("{base}{}", row.code) },
                None => text(row.code.clone()),
            },
            text(labels::measure(t, figure.measure).to_owned()),
            text(labels::role(t, figure.role).to_owned()),
            text(format::approx_word(t, quantity.approx).to_owned()),
            number(quantity.low),
            quantity.high.map_or(Cell::Empty, number),
            text(format::unit_label(t, quantity.unit).to_owned()),
            text(self.labels.all_regions(&figure.hosts)),
            text(self.labels.all_regions(&figure.supporters)),
            title(&row.organisation),
            title(&row.event),
            text(format::time_kind(t, figure.period.kind).to_owned()),
            day(figure.period.from),
            day(figure.period.to),
            opt(&row.phrase),
            day(figure.published),
            text(labels::status(t, figure.status).label),
            text(documents.join("；")),
        ]
    }

    /// A figure as an object: the columns by stable names, with codes for words and every digit of its value.
    fn line(&self, row: &FigureRow) -> Json {
        let (figure, quantity) = (&row.figure, row.figure.quantity);
        let named = |of: &Option<(String, Option<String>)>, code: &Option<String>| {
            of.as_ref().map(|(title, _)| json!({ "code": code, "title": title }))
        };
        let regions = |ids: &[RegionId]| {
            (!ids.is_empty()).then(|| ids.iter().map(|id| self.labels.region_code(*id)).collect::<Vec<_>>())
        };
        let documents = row.documents.iter().map(|(code, title)| json!({ "code": code, "title": title }));
        let cited = row.citations.iter().map(|title| json!({ "title": title }));
        let documents: Vec<_> =
            documents.chain(cited).chain(row.closed.then(|| json!({ "closed": true }))).collect();
        let mut object = json!({
            "code": row.code,
            "measure": figure.measure.code(),
            "role": figure.role.code(),
            "approx": quantity.approx.code(),
            "value": digits(quantity.low, quantity.unit),
            "value_max": quantity.high.map(|high| digits(high, quantity.unit)),
            "unit": quantity.unit.code(),
            "hosts": regions(&figure.hosts),
            "supporters": regions(&figure.supporters),
            "organisation": named(&row.organisation, &row.organisation_code),
            "event": named(&row.event, &row.event_code),
            "period_kind": figure.period.kind.code(),
            "period_from": figure.period.from.map(|day| day.to_string()),
            "period_to": figure.period.to.map(|day| day.to_string()),
            "phrase": row.phrase,
            "published": figure.published.map(|day| day.to_string()),
            "status": figure.status.code(),
            "documents": (!documents.is_empty()).then_some(documents),
        });
        export::without_unknown(&mut object);
        object
    }
}
