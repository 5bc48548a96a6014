//! The one list: every kind of record is filtered, sorted, shown, exported and changed in bulk with it.
//!
//! The address's query is the list's state: the filters (see [`Filter`]), `sort`, `column` (once for each column
//! shown), `view` (`map`), and the place of the page (keyset), which no form carries on.

use askama::Template;

use crate::{Cell, Chip, Filter, FormField, Link, Map, Shell, Wrong, page};

/// A list of records under filters.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "list.html")]
pub struct List {
    pub shell: Shell,
    /// What is before the title in the breadcrumb: the group of the navigation; may be empty.
    pub crumbs: Vec<Link>,
    pub title: String,
    /// One line under the title: what stands here; may be empty.
    pub intro: String,
    /// Path of the list without a query: where the filter is sent and where it is reset.
    pub address: String,
    /// The list without any condition, where `address` opens a view of the user's; empty: `address`.
    pub reset: String,
    /// The query as pairs, without the place of the page: what forms carry on and what a saved view holds.
    pub state: Vec<(String, String)>,
    pub filters: Vec<Filter>,
    pub chips: Vec<Chip>,
    /// The button that makes a new record; None where the user may not.
    pub new: Option<Link>,
    /// Records of this kind that may be stored twice, for who may merge them.
    pub duplicates: Option<Link>,
    /// Exports of exactly this view; empty where the user may not export.
    pub exports: Vec<Link>,
    /// None where views cannot be saved.
    pub views: Option<Views>,
    /// Table and map as links with whether each is shown; empty where there is no map.
    pub displays: Vec<(Link, bool)>,
    /// The map in place of the table: tiles with the number of records of the current filter.
    pub map: Option<Map>,
    /// The board in place of the table.
    pub board: Option<crate::Board>,
    /// What stands above the lines of the ledger of aid money.
    pub aid: Option<crate::AidSummary>,
    /// Head of the first column, the records' names.
    pub name_column: Column,
    /// Heads of the rows' cells, in the same order.
    pub columns: Vec<Column>,
    /// All columns that can be shown; `value` is sent as `column`. Empty: no chooser.
    pub column_choices: Vec<crate::Choice>,
    pub rows: Vec<ListRow>,
    /// None where the user may not change records in bulk: rows then have no checkbox.
    pub bulk: Option<Bulk>,
    /// Address of the next page (keyset).
    pub next: Option<String>,
    /// Address of the first page, when this is not it.
    pub first: Option<String>,
    /// What to do where there is nothing at all; may be empty.
    pub empty_hint: String,
}

/// The head of a column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    pub label: String,
    /// Right-aligned: amounts and numbers.
    pub numeric: bool,
    /// None where the list cannot be sorted by it.
    pub sort: Option<Sort>,
}

/// How the list is sorted by a column now, and the address that sorts by it (or turns it round).
#[derive(Debug, Clone, Default)]
pub struct Sort {
    pub href: String,
    pub order: Order,
}

/// The order of a sorted column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Unsorted,
    Ascending,
    Descending,
}

impl Order {
    pub(crate) fn aria(self) -> &'static str {
        match self {
            Self::Unsorted => "none",
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }
}

/// One record of a list.
#[derive(Debug, Clone, Default)]
pub struct ListRow {
    /// What the checkbox of the row sends as `record`.
    pub code: String,
    pub title: String,
    pub href: String,
    /// A second, muted line: the English title, the parent; may be empty.
    pub sub: String,
    /// Depth in a tree.
    pub depth: u8,
    /// One a column.
    pub cells: Vec<Cell>,
}

/// Saved views: GET links, a form that saves this one (POST `action` with `name`, `shared` = `yes`, `query`), a form
/// for each that may be deleted, and one that opens the list with it (POST `set_default` with `view`; empty: with none).
#[derive(Debug, Clone, Default)]
pub struct Views {
    pub saved: Vec<SavedView>,
    pub action: String,
    pub set_default: String,
    /// The query as it is saved.
    pub query: String,
    /// Whether this user may share a view with the programme.
    pub may_share: bool,
    /// A name that is taken: the form is sent again with `replace` = `yes`, or under another name.
    pub confirm: Option<ViewConfirm>,
    /// What was typed and what is wrong with it, where a view could not be saved.
    pub name: String,
    pub error: String,
}

/// One saved view.
#[derive(Debug, Clone, Default)]
pub struct SavedView {
    pub name: String,
    pub href: String,
    /// Whose it is, where it is shared by somebody else; may be empty.
    pub owner: String,
    pub shared: bool,
    pub current: bool,
    /// Whether this user opens the list with it.
    pub is_default: bool,
    /// What is sent as `view`.
    pub id: String,
    /// Where its deletion is sent; None where this user may not.
    pub delete: Option<String>,
}

/// A view that would replace another of its name.
#[derive(Debug, Clone, Default)]
pub struct ViewConfirm {
    pub name: String,
    pub shared: bool,
}

/// Changing many records at once: POST `action` with `record` (once for each), or `all` = `yes` and `query`; then
/// `field`, the new value under the name of that field's control, and `reason`. The answer is [`crate::BulkPreview`].
#[derive(Debug, Clone, Default)]
pub struct Bulk {
    pub action: String,
    /// The filter's query, for all that match it.
    pub query: String,
    /// What can be changed; each control's name is unique among them.
    pub fields: Vec<FormField>,
    /// What was chosen and typed, where it comes back with [`Bulk::errors`].
    pub field: String,
    pub reason: String,
    pub all: bool,
    pub records: Vec<String>,
    /// What is wrong with the choice of records, the field and the reason; of a value it stands at its control.
    pub errors: Vec<String>,
    pub field_wrong: Wrong,
    pub reason_wrong: Wrong,
}

impl Bulk {
    fn is_wrong(&self) -> bool {
        !self.errors.is_empty() || self.field_wrong.is_some() || self.reason_wrong.is_some()
    }

    fn is_chosen(&self, row: &ListRow) -> bool {
        self.records.contains(&row.code)
    }

    /// Chosen records that stand on another page of the list.
    fn elsewhere<'a>(&'a self, rows: &'a [ListRow]) -> impl Iterator<Item = &'a String> {
        self.records.iter().filter(|code| !rows.iter().any(|row| row.code == **code))
    }
}

impl List {
    /// What the filter form carries on besides its own fields.
    pub(crate) fn beside_filters(&self) -> Vec<&(String, String)> {
        self.state.iter().filter(|(key, _)| !self.filters.iter().any(|filter| filter.owns(key))).collect()
    }

    pub(crate) fn reset_href(&self) -> &str {
        if self.reset.is_empty() { &self.address } else { &self.reset }
    }

    /// What the column chooser carries on.
    pub(crate) fn beside_columns(&self) -> Vec<&(String, String)> {
        self.state.iter().filter(|(key, _)| key != "column").collect()
    }

    /// How many filters of the popover are active.
    pub(crate) fn more_active(&self) -> usize {
        self.filters.iter().filter(|filter| filter.more && filter.active()).count()
    }

    pub(crate) fn has_more(&self) -> bool {
        self.filters.iter().any(|filter| filter.more)
    }

    pub(crate) fn numeric(&self, at: usize) -> bool {
        self.columns.get(at).is_some_and(|column| column.numeric)
    }

    pub(crate) fn column_label(&self, at: usize) -> &str {
        self.columns.get(at).map_or("", |column| column.label.as_str())
    }
}

page!(List);
