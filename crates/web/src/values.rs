//! Values of records as people read them.

use crate::format;
use crate::labels::{Labels, pick, title};
use crate::visit::Within;
use app::{Entry, RecordName, RecordNames};
use domain::record::{Choice, FieldInfo, FieldType, Value};
use domain::sector::Sector;
use domain::{Quantity, RecordKind, Unit};
use locale::Locale;
use pages::{Badge, Cell, Link, Tone};

/// The label of a field.
pub(crate) fn field_label(t: Locale, field: &FieldInfo) -> &'static str {
    pick(t, field.zh, field.en)
}

/// The label of a field whose values stand beside it as bare numbers: `可供土地(亩)`.
pub(crate) fn label_with_unit(t: Locale, field: &FieldInfo) -> String {
    let label = field_label(t, field);
    let FieldType::Quantity(unit) = field.kind else { return label.to_owned() };
    let unit = Unit::from_code(unit).map_or("", |unit| format::unit_label(t, unit));
    match t {
        Locale::Zh => format!("{label}({unit})"),
        Locale::En => format!("{label} ({unit})"),
    }
}

/// The label of a kind of record.
pub(crate) fn kind_label(t: Locale, kind: RecordKind) -> &'static str {
    pick(t, kind.zh(), kind.en())
}

/// What one record of a kind is called, within a sentence.
pub(crate) fn one_label(t: Locale, kind: RecordKind) -> &'static str {
    t.by_key(&format!("one_{}", kind.code())).unwrap_or(kind_label(t, kind))
}

/// The label of a choice, in the programme's own words where it has some.
pub(crate) fn choice_label<'a>(within: &'a Within, choice: &Choice) -> &'a str {
    let own = within.words.iter().find(|of| of.code == choice.code && of.list == choice.list);
    match (own, within.locale) {
        (Some(own), Locale::Zh) => &own.zh,
        (Some(own), Locale::En) => &own.en,
        (None, t) => pick(t, choice.zh, choice.en),
    }
}

/// What a state of a record is called: a choice of its status, or a stage of the programme.
pub(crate) fn state_label<'a>(
    within: &'a Within,
    labels: &'a Labels,
    state: &FieldInfo,
    code: &'a str,
) -> &'a str {
    match state.kind {
        FieldType::Choice(list) => {
            list.iter().find(|of| of.code == code).map_or(code, |of| choice_label(within, of))
        }
        _ => labels.stage(code),
    }
}

/// A choice of a status as a badge; of any other list as words.
fn choice_cell(within: &Within, choice: &Choice) -> Cell {
    let label = choice_label(within, choice).to_owned();
    match tone(choice) {
        Some(tone) => Cell::Badge(Badge { label, tone }),
        None => Cell::Text(label),
    }
}

fn tone(choice: &Choice) -> Option<Tone> {
    match choice.extra {
        "neutral" => Some(Tone::Neutral),
        "info" => Some(Tone::Info),
        "good" => Some(Tone::Good),
        "warn" => Some(Tone::Warn),
        "bad" => Some(Tone::Bad),
        _ => None,
    }
}

/// The status of a record as a badge.
pub(crate) fn status(within: &Within, entry: &Entry) -> Option<Badge> {
    let field = entry.record.kind.field("status")?;
    status_badge(within, field, entry.values.get("status")?)
}

fn status_badge(within: &Within, field: &FieldInfo, value: &Value) -> Option<Badge> {
    let choice = field.choice(value)?;
    Some(Badge { label: choice_label(within, choice).to_owned(), tone: tone(choice).unwrap_or_default() })
}

/// The label of a sector by its path.
pub(crate) fn sector_label(t: Locale, code: &str) -> String {
    Sector::from_code(code).map_or_else(
        || code.to_owned(),
        |sector| format!("{} {}", sector.path(), pick(t, sector.zh, sector.en)),
    )
}

/// A quantity in its unit's scale as a plain decimal number.
pub(crate) fn quantity_text(unit: &str, value: i64) -> String {
    Unit::from_code(unit)
        .map(|unit| domain::quantity::from_scale(value, unit).normalize().to_string())
        .unwrap_or_default()
}

/// The name of a record that a field names, with its address.
pub(crate) fn record_link(within: &Within, name: &RecordName) -> Link {
    Link {
        label: title(within.locale, &name.title, name.title_en.as_deref()).to_owned(),
        href: within.to(&format!("records/{}", name.code)),
    }
}

/// The name and address of a whole record.
pub(crate) fn link_to(within: &Within, record: &app::Record) -> Link {
    Link {
        label: title(within.locale, &record.title, record.title_en.as_deref()).to_owned(),
        href: within.to(&format!("records/{}", record.code)),
    }
}

/// What shows the values of many records: the reader's language, names of regions, names of records.
pub(crate) struct Show<'a> {
    pub within: &'a Within,
    pub labels: &'a Labels,
    pub names: &'a RecordNames,
}

impl Show<'_> {
    /// A field of a record.
    pub(crate) fn cell(&self, entry: &Entry, field: &FieldInfo) -> Cell {
        entry.values.get(field.code).map_or(Cell::Unknown, |value| self.value(field, value))
    }

    /// A value of a field.
    pub(crate) fn value(&self, field: &FieldInfo, value: &Value) -> Cell {
        let t = self.within.locale;
        match (field.kind, value) {
            (FieldType::Choice(_), value) => {
                field.choice(value).map_or(Cell::Unknown, |choice| choice_cell(self.within, choice))
            }
            (FieldType::Stage, Value::Text(code)) => Cell::Text(self.labels.stage(code).to_owned()),
            (FieldType::Sector, Value::Text(code)) => Cell::Text(sector_label(t, code)),
            (FieldType::Long, Value::Text(text)) => Cell::Long(text.clone()),
            (FieldType::Quantity(unit), Value::Int(value)) => Unit::from_code(unit)
                .map_or(Cell::Unknown, |unit| Cell::Number(format::exact(t, *value, unit))),
            (FieldType::Flag, Value::Int(flag)) => {
                Cell::Text(if *flag == 1 { t.yes() } else { t.no() }.to_owned())
            }
            (FieldType::Region, Value::Id(id)) => Cell::Text(self.labels.region(*id)),
            (FieldType::Record(_), Value::Id(id)) => match self.names.get(id) {
                Some(name) => Cell::Link(record_link(self.within, name)),
                None => Cell::Text(t.not_open_to_you().to_owned()),
            },
            (_, Value::Day(day)) => Cell::Day(day.to_string()),
            (_, Value::Text(text)) => Cell::Text(text.clone()),
            _ => Cell::Unknown,
        }
    }

    /// The amount of a record.
    pub(crate) fn amount(&self, amount: Option<Quantity>) -> Cell {
        amount.map_or(Cell::Unknown, |amount| Cell::Amount(format::amount(self.within.locale, amount)))
    }

    /// A value as plain words: for conflicts, exports and previews.
    pub(crate) fn words(&self, field: &FieldInfo, value: Option<&Value>) -> String {
        value.map_or_else(String::new, |value| plain(&self.value(field, value)))
    }
}

/// A cell as plain words.
pub(crate) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Long(text) | Cell::Number(text) | Cell::Day(text) => text.clone(),
        Cell::Badge(badge) => badge.label.clone(),
        Cell::Link(link) => link.label.clone(),
        Cell::Amount(amount) | Cell::Opens(amount, _) => {
            format!("{}{} {}", amount.approx, amount.short, amount.unit)
        }
        _ => String::new(),
    }
}
