//! A list of records as a file: its filter, its order, its columns, all of its rows.

use crate::failure::Failure;
use crate::labels::{self, Labels};
use crate::list_columns::{Columns, Shown};
use crate::list_filters::Bar;
use crate::list_query::ListQuery;
use crate::lists::{kind_of, path_of};
use crate::values::{Show, kind_label, label_with_unit};
use crate::visit::Within;
use crate::{export, format, redirect};
use app::{Cell, Column, Entry, ExportFormat, Kind, RecordKind, RecordNames, Right};
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::record::{FieldType, Value};
use domain::{Quantity, Unit};

/// `GET lists/{kind}/export.xlsx`
pub(crate) async fn xlsx(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    file(&within, &kind, &headers, query, ExportFormat::Xlsx).await
}

/// `GET lists/{kind}/export.csv`
pub(crate) async fn csv(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    file(&within, &kind, &headers, query, ExportFormat::Csv).await
}

async fn file(
    within: &Within,
    kind: &str,
    headers: &HeaderMap,
    query: Option<String>,
    format: ExportFormat,
) -> Result<Response, Failure> {
    let kind = kind_of(kind)?;
    let query = ListQuery::parse(&query.unwrap_or_default());
    let labels = within.labels().await?;
    let asked = query.asked(within, &labels, kind).await?;
    if !asked.problems.is_empty() {
        // The list says what is wrong with the filter.
        return Ok(redirect::to(&query.address(&path_of(within, kind), &[], &[])));
    }
    let words = Bar { within, labels: &labels, kind, query: &query, asked: &asked }.in_words();
    let sheet = Sheet::new(within, headers, &labels, kind, &query);
    let about = export::about_list(within, kind_label(within.locale, kind), words, []).await?;
    let (what, columns) = ((asked.filter, query.sort(kind)), sheet.columns());
    let cells = |entry: &Entry, names: &RecordNames| sheet.cells(entry, names);
    let (app, actor) = (within.app(), &within.actor);
    let file = app.entry_export(actor, within.id(), what, format, (&columns, about), &cells).await?;
    Ok(export::answer(within, kind.code(), format, file))
}

/// How records become rows.
struct Sheet<'a> {
    within: &'a Within,
    labels: &'a Labels,
    kind: RecordKind,
    /// The address that codes are appended to.
    base: Option<String>,
    shown: Vec<Shown>,
}

impl<'a> Sheet<'a> {
    fn new(
        within: &'a Within,
        headers: &HeaderMap,
        labels: &'a Labels,
        kind: RecordKind,
        query: &ListQuery,
    ) -> Self {
        let people = within.may(Right::ExportContact);
        let open = |of: &&Shown| !matches!(of, Shown::Field(field) if field.personal && !people);
        let shown = Columns::chosen(kind, query).shown().iter().filter(open).copied().collect();
        Self { within, labels, kind, base: export::base(within, headers, "records/"), shown }
    }

    fn columns(&self) -> Vec<Column> {
        let t = self.within.locale;
        let column =
            |heading: &str, width: u16, kind: Kind| Column { heading: heading.to_owned(), width, kind };
        let mut columns =
            vec![column(t.code_label(), 18, Kind::Text), column(t.title_label(), 40, Kind::Text)];
        for of in &self.shown {
            let label = of.label(t, self.kind);
            match of {
                Shown::Amount => columns.extend([
                    column(t.approx(), 8, Kind::Text),
                    column(&label, 20, Kind::Number),
                    column(t.claim_value_max(), 20, Kind::Number),
                    column(t.unit(), 10, Kind::Text),
                ]),
                Shown::Changed => columns.push(column(&label, 18, Kind::Text)),
                Shown::Field(field) => columns.push(match field.kind {
                    FieldType::Date => column(&label, 12, Kind::Date),
                    FieldType::Quantity(_) => column(&label_with_unit(t, field), 16, Kind::Number),
                    FieldType::Long => column(&label, 60, Kind::Text),
                    _ => column(&label, 24, Kind::Text),
                }),
            }
        }
        columns
    }

    fn cells(&self, entry: &Entry, names: &RecordNames) -> Vec<Cell> {
        let show = Show { within: self.within, labels: self.labels, names };
        let code = entry.record.code.clone();
        let title = labels::pick_title(self.within.locale, &entry.record);
        let mut cells = vec![
            match &self.base {
                Some(base) => Cell::Link { url: format!("{base}{code}"), text: code },
                None => Cell::Text(code),
            },
            text(title.to_owned()),
        ];
        for of in &self.shown {
            match of {
                Shown::Amount => cells.extend(self.amount(entry.amount)),
                Shown::Changed => {
                    let at = entry.record.changed_at.map(|at| format::instant(at, &self.within.zone()));
                    cells.push(text(at.unwrap_or_default()));
                }
                Shown::Field(field) => cells.push(match (field.kind, entry.values.get(field.code)) {
                    (_, None) => Cell::Empty,
                    (FieldType::Date, Some(Value::Day(day))) => Cell::Date(*day),
                    (FieldType::Quantity(unit), Some(Value::Int(mantissa))) => {
                        let decimals = Unit::from_code(unit).map_or(0, Unit::decimals);
                        Cell::Number { mantissa: *mantissa, decimals }
                    }
                    (_, value) => text(show.words(field, value)),
                }),
            }
        }
        cells
    }

    /// Approximation, value, upper end and unit: money in yuan, not in a handy unit.
    fn amount(&self, amount: Option<Quantity>) -> [Cell; 4] {
        let t = self.within.locale;
        let Some(amount) = amount else { return [const { Cell::Empty }; 4] };
        let number = |mantissa: i64| Cell::Number { mantissa, decimals: amount.unit.decimals() };
        [
            text(format::approx_word(t, amount.approx).to_owned()),
            number(amount.low),
            amount.high.map_or(Cell::Empty, number),
            text(format::unit_label(t, amount.unit).to_owned()),
        ]
    }
}

fn text(text: String) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}
