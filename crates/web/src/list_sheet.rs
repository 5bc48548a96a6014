//! How records become rows of a file: columns, cells, and objects of JSON with codes only.

use crate::format;
use crate::labels::{self, Labels, pick};
use crate::list_columns::{Columns, Shown};
use crate::list_query::ListQuery;
use crate::values::{Show, label_with_unit};
use crate::visit::Within;
use app::{Beside, Cell, Column, Entry, Kind, RecordKind, Right};
use domain::record::{FieldInfo, FieldType, Value};
use domain::{Approx, Measure, Quantity, Unit};
use serde_json::{Map, Value as Json, json};

/// Whether the query asks for every field, further names and links: what an import takes back.
pub(crate) fn all_columns(query: &ListQuery) -> bool {
    query.get("columns") == "all"
}

/// How records become rows.
pub(crate) struct Sheet<'a> {
    within: &'a Within,
    labels: &'a Labels,
    kind: RecordKind,
    /// The address that codes are appended to.
    base: Option<String>,
    shown: Vec<Shown>,
    /// Whether every field, further names and links are written, in words that an import understands.
    all: bool,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(
        within: &'a Within,
        base: Option<String>,
        labels: &'a Labels,
        kind: RecordKind,
        query: &ListQuery,
    ) -> Self {
        let people = within.may(Right::ExportContact);
        let all = all_columns(query);
        let open = |of: &Shown| !matches!(of, Shown::Field(field) if field.personal && !people);
        let chosen = if all { Columns::every(kind) } else { Columns::chosen(kind, query).shown().to_vec() };
        Self { within, labels, kind, base, shown: chosen.into_iter().filter(open).collect(), all }
    }

    pub(crate) fn columns(&self) -> Vec<Column> {
        let t = self.within.locale;
        let column =
            |heading: &str, width: u16, kind: Kind| Column { heading: heading.to_owned(), width, kind };
        let mut columns =
            vec![column(t.code_label(), 18, Kind::Text), column(t.title_label(), 40, Kind::Text)];
        if self.all {
            columns.push(column(t.title_en_label(), 24, Kind::Text));
            columns.push(column(t.export_names(), 24, Kind::Text));
        }
        for of in &self.shown {
            let label = of.label(t, self.kind);
            match of {
                Shown::Amount if self.all => {
                    let yuan = pick(t, Unit::cny().zh(), Unit::cny().en());
                    columns.push(column(&format!("{label}({yuan})"), 20, Kind::Number));
                }
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

    pub(crate) fn cells(&self, entry: &Entry, beside: &Beside) -> Vec<Cell> {
        let show = Show { within: self.within, labels: self.labels, names: &beside.names };
        let code = entry.record.code.clone();
        let title = match self.all {
            true => &entry.record.title,
            false => labels::pick_title(self.within.locale, &entry.record),
        };
        let mut cells = vec![
            match &self.base {
                Some(base) => Cell::Link { url: format!("{base}{code}"), text: code },
                None => Cell::Text(code),
            },
            text(title.to_owned()),
        ];
        if self.all {
            cells.push(text(entry.record.title_en.clone().unwrap_or_default()));
            let names = beside.aliases.get(&entry.record.id);
            let names = names.into_iter().flatten().map(|name| (name.as_str(), String::new()));
            cells.push(text(app::joined(names)));
        }
        for of in &self.shown {
            match of {
                Shown::Amount if self.all => cells.push(amount_cell(entry.amount)),
                Shown::Amount => cells.extend(self.amount(entry.amount)),
                Shown::Changed => {
                    let at = entry.record.changed_at.map(|at| format::instant(at, &self.within.zone()));
                    cells.push(text(at.unwrap_or_default()));
                }
                Shown::Field(field) => cells.push(self.field(&show, field, entry, beside)),
            }
        }
        cells
    }

    fn field(&self, show: &Show<'_>, field: &'static FieldInfo, entry: &Entry, beside: &Beside) -> Cell {
        if let FieldType::Links(_, roles) = field.kind {
            let t = self.within.locale;
            let ends = links(entry, field, beside).map(|(name, role)| {
                let label = roles.iter().find(|of| of.code == role).map(|of| pick(t, of.zh, of.en));
                (name.title.as_str(), label.map_or_else(String::new, |label| format!("（{label}）")))
            });
            return text(app::joined(ends));
        }
        match (field.kind, entry.values.get(field.code)) {
            (_, None) => Cell::Empty,
            (FieldType::Date, Some(Value::Day(day))) => Cell::Date(*day),
            (FieldType::Quantity(unit), Some(Value::Int(mantissa))) => {
                let decimals = Unit::from_code(unit).map_or(0, Unit::decimals);
                Cell::Number { mantissa: *mantissa, decimals }
            }
            (FieldType::Sector, Some(Value::Text(path))) if self.all => Cell::Text(path.clone()),
            // An import knows the names of the kind, not what a programme calls them.
            (FieldType::Choice(_), Some(value)) if self.all => {
                let choice = field.choice(value);
                choice.map_or(Cell::Empty, |of| text(pick(self.within.locale, of.zh, of.en).to_owned()))
            }
            (FieldType::Record(_), Some(Value::Id(id))) if self.all => {
                beside.names.get(id).map_or(Cell::Empty, |name| text(name.title.clone()))
            }
            (_, value) => text(show.words(field, value)),
        }
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

    /// A record as an object: codes as keys, regions and records by their codes, numbers as texts of digits with their unit.
    pub(crate) fn line(&self, entry: &Entry, beside: &Beside) -> Json {
        let record = &entry.record;
        let mut object = Map::new();
        let mut put = |key: &str, value: Option<Json>| {
            if let Some(value) = value {
                object.insert(key.to_owned(), value);
            }
        };
        put("code", Some(json!(record.code)));
        put("title", Some(json!(record.title)));
        put("title_en", record.title_en.as_ref().map(|title| json!(title)));
        if self.all {
            put("names", beside.aliases.get(&record.id).map(|names| json!(names)));
        }
        for of in &self.shown {
            match of {
                Shown::Amount => put("amount", entry.amount.map(amount_json)),
                Shown::Changed => put("changed", record.changed_at.map(|at| json!(at.to_string()))),
                Shown::Field(field) => put(field.code, field_json(self.labels, field, entry, beside)),
            }
        }
        Json::Object(object)
    }

    /// What the amounts of the columns may measure.
    pub(crate) fn measures(&self) -> Vec<Measure> {
        let amount = self.kind.amount().filter(|_| self.shown.iter().any(|of| matches!(of, Shown::Amount)));
        let Some(amount) = amount else { return Vec::new() };
        Measure::ALL.iter().copied().filter(|measure| amount.covers(self.kind, *measure)).collect()
    }
}

/// The value of a field in codes; none where it is unknown.
pub(crate) fn field_json(
    labels: &Labels,
    field: &'static FieldInfo,
    entry: &Entry,
    beside: &Beside,
) -> Option<Json> {
    if matches!(field.kind, FieldType::Links(..)) {
        let ends: Vec<Json> = links(entry, field, beside)
            .map(|(name, role)| json!({ "code": name.code, "role": role }))
            .collect();
        return (!ends.is_empty()).then_some(Json::Array(ends));
    }
    Some(match (field.kind, entry.values.get(field.code)?) {
        (FieldType::Quantity(code), Value::Int(value)) => value_json(*value, Unit::from_code(code)?),
        (FieldType::Flag, Value::Int(flag)) => json!(*flag == 1),
        (FieldType::Region, Value::Id(id)) => json!(labels.region_code(*id)),
        (FieldType::Record(_), Value::Id(id)) => json!(beside.names.get(id)?.code),
        (_, Value::Day(day)) => json!(day.to_string()),
        (_, Value::Text(text)) => json!(text),
        _ => return None,
    })
}

/// The records that a field of links leads to, as far as they can be seen, each with the code of its role.
fn links<'a>(
    entry: &Entry,
    field: &'static FieldInfo,
    beside: &'a Beside,
) -> impl Iterator<Item = (&'a app::RecordName, &'a str)> {
    let links = beside.links.get(&entry.record.id).into_iter().flatten();
    let own = links.filter(|link| link.kind == field.code);
    own.filter_map(|link| Some((beside.names.get(&link.to)?, link.role.as_str())))
}

/// An amount in one cell, as an import reads it: a number of yuan, else words such as 约300000000元.
fn amount_cell(amount: Option<Quantity>) -> Cell {
    let Some(amount) = amount else { return Cell::Empty };
    if amount.unit == Unit::cny() && amount.high.is_none() && amount.approx == Approx::Exact {
        return Cell::Number { mantissa: amount.low, decimals: amount.unit.decimals() };
    }
    let approx = if amount.approx == Approx::Exact { "" } else { amount.approx.zh() };
    let number = |value: i64| digits(value, amount.unit);
    let high = amount.high.map(|high| format!("-{}", number(high))).unwrap_or_default();
    Cell::Text(format!("{approx}{}{high}{}", number(amount.low), amount.unit.zh()))
}

/// A value with every digit, and its unit.
pub(crate) fn value_json(value: i64, unit: Unit) -> Json {
    json!({ "value": digits(value, unit), "unit": unit.code() })
}

fn amount_json(amount: Quantity) -> Json {
    let mut json = value_json(amount.low, amount.unit);
    if let Some(high) = amount.high {
        json["value_max"] = json!(digits(high, amount.unit));
    }
    if amount.approx != Approx::Exact {
        json["approx"] = json!(amount.approx.code());
    }
    json
}

pub(crate) fn digits(value: i64, unit: Unit) -> String {
    domain::quantity::from_scale(value, unit).to_string()
}

fn text(text: String) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}
