//! The columns of a list: fields, the amount, the last change; as heads and cells of its table, and of its files.

use crate::format;
use crate::labels;
use crate::list_query::{AMOUNT, CHANGED, ListQuery, TITLE};
use crate::values::{Show, field_label, status};
use crate::visit::Within;
use app::{Entry, RecordKind, Sort, SortBy};
use domain::record::{FieldInfo, FieldType};
use locale::Locale;
use pages::{Cell, Choice, Column, Order};

/// The columns of a list.
pub(crate) struct Columns {
    kind: RecordKind,
    chosen: Vec<Shown>,
}

/// One column.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    Field(&'static FieldInfo),
    Amount,
    Changed,
}

impl Shown {
    fn name(self) -> &'static str {
        match self {
            Self::Field(field) => field.code,
            Self::Amount => AMOUNT,
            Self::Changed => CHANGED,
        }
    }

    pub(crate) fn label(self, t: Locale, kind: RecordKind) -> String {
        match self {
            Self::Field(field) => field_label(t, field).to_owned(),
            Self::Amount => {
                kind.amount().map(|of| labels::pick(t, of.zh, of.en)).unwrap_or_default().to_owned()
            }
            Self::Changed => t.changed_at().to_owned(),
        }
    }

    fn sorts(self) -> bool {
        match self {
            Self::Field(field) => field.sort,
            Self::Amount | Self::Changed => true,
        }
    }

    fn numeric(self) -> bool {
        matches!(self, Self::Amount)
            || matches!(self, Self::Field(field) if matches!(field.kind, FieldType::Quantity(_)))
    }
}

impl Columns {
    fn all(kind: RecordKind) -> Vec<Shown> {
        let mut all: Vec<Shown> =
            kind.fields().iter().filter(|field| field.column().is_some()).map(Shown::Field).collect();
        if kind.amount().is_some() {
            let at = all.iter().position(|of| matches!(of, Shown::Field(field) if field.list));
            all.insert(at.map_or(0, |at| at + 1), Shown::Amount);
        }
        all.push(Shown::Changed);
        all
    }

    /// Every field and the amount, links too, without the moment of the last change: what an import may take back.
    pub(crate) fn every(kind: RecordKind) -> Vec<Shown> {
        let links = kind.fields().iter().filter(|field| field.column().is_none()).map(Shown::Field);
        Self::all(kind).into_iter().filter(|of| !matches!(of, Shown::Changed)).chain(links).collect()
    }

    /// The columns that the query chooses, else those of the kind.
    pub(crate) fn chosen(kind: RecordKind, query: &ListQuery) -> Self {
        let asked: Vec<&str> = query.all("column").collect();
        let shown = |of: &Shown| match of {
            _ if !asked.is_empty() => asked.contains(&of.name()),
            Shown::Field(field) => field.list,
            Shown::Amount => true,
            Shown::Changed => false,
        };
        Self { kind, chosen: Self::all(kind).into_iter().filter(shown).collect() }
    }

    pub(crate) fn shown(&self) -> &[Shown] {
        &self.chosen
    }

    pub(crate) fn choices(&self, t: Locale) -> Vec<Choice> {
        let chosen: Vec<_> = self.chosen.iter().map(|of| of.name()).collect();
        let choice = |of: Shown| Choice {
            value: of.name().to_owned(),
            label: of.label(t, self.kind),
            selected: chosen.contains(&of.name()),
            depth: 0,
        };
        Self::all(self.kind).into_iter().map(choice).collect()
    }

    pub(crate) fn heads(&self, within: &Within, sort: Sort, query: &ListQuery, path: &str) -> Vec<Column> {
        let head = |of: &Shown| {
            let label = of.label(within.locale, self.kind);
            if of.sorts() {
                heading(&label, of.name(), of.numeric(), sort, query, path)
            } else {
                Column { label, numeric: of.numeric(), sort: None }
            }
        };
        self.chosen.iter().map(head).collect()
    }
}

/// The head of the names.
pub(crate) fn name_heading(within: &Within, sort: Sort, query: &ListQuery, path: &str) -> Column {
    heading(within.locale.title_label(), TITLE, false, sort, query, path)
}

fn heading(label: &str, name: &str, numeric: bool, sort: Sort, query: &ListQuery, path: &str) -> Column {
    let current = match sort.by {
        SortBy::Created => "",
        SortBy::Title => TITLE,
        SortBy::Changed => CHANGED,
        SortBy::Amount => AMOUNT,
        SortBy::Field(field) => field.code,
    };
    let order = match (current == name, sort.descending) {
        (false, _) => Order::Unsorted,
        (true, true) => Order::Descending,
        (true, false) => Order::Ascending,
    };
    // Amounts and days are looked at from the largest or newest down, names from the first.
    let down = match order {
        Order::Unsorted => name != TITLE,
        Order::Ascending => true,
        Order::Descending => false,
    };
    let wanted = if down { format!("-{name}") } else { name.to_owned() };
    let href = query.address(path, &["sort"], &[("sort", &wanted)]);
    Column { label: label.to_owned(), numeric, sort: Some(pages::Sort { href, order }) }
}

/// The cell of a record in a column.
pub(crate) fn cell(show: &Show<'_>, entry: &Entry, of: Shown) -> Cell {
    match of {
        Shown::Field(field) if field.code == "status" => {
            status(show.within, entry).map_or(Cell::Unknown, Cell::Badge)
        }
        Shown::Field(field) => show.cell(entry, field),
        Shown::Amount => show.amount(entry.amount),
        Shown::Changed => match entry.record.changed_at {
            Some(at) => Cell::Day(format::instant(at, &show.within.zone())),
            None => Cell::Unknown,
        },
    }
}
