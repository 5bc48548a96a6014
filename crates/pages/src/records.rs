//! The registers and the page of one record.

use askama::Template;

use crate::{Field, FigureRow, Quote, Shell, page};

/// The records of one kind.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "records.html")]
pub struct Records {
    pub shell: Shell,
    pub kinds: Vec<KindTab>,
    /// Heads of `cells`, between the name and the source.
    pub columns: Vec<String>,
    pub rows: Vec<RecordRow>,
    /// All records of the kind, beyond this page.
    pub count: usize,
    pub next: Option<String>,
}

/// One kind of record as a tab: `records?kind=…`.
#[derive(Debug, Clone, Default)]
pub struct KindTab {
    pub label: String,
    pub href: String,
    pub count: usize,
    pub current: bool,
}

/// One record in a list.
#[derive(Debug, Clone, Default)]
pub struct RecordRow {
    pub code: String,
    pub title: String,
    pub href: String,
    /// Depth in a tree, for regions and offices.
    pub depth: u8,
    /// One text a column; empty is unknown.
    pub cells: Vec<String>,
    /// Title of the source; may be empty.
    pub source: String,
}

/// One record.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "record.html")]
pub struct RecordPage {
    pub shell: Shell,
    pub kind: String,
    /// The list of its kind.
    pub kind_href: String,
    pub code: String,
    pub title: String,
    pub fields: Vec<Field>,
    pub names: Vec<NameRow>,
    /// Links to other records: parent, parts, pairings.
    pub related: Vec<Field>,
    pub sources: Vec<SourceRow>,
    pub figures: Vec<FigureRow>,
    /// The figures list filtered by this record, when there are more.
    pub figures_href: Option<String>,
    pub quotes: Vec<Quote>,
}

/// A name of a record.
#[derive(Debug, Clone, Default)]
pub struct NameRow {
    pub name: String,
    /// Full name, short name, alias, former name.
    pub kind: String,
    /// May be empty.
    pub valid: String,
}

/// Where a record's facts come from. Empty publisher or date is unknown.
#[derive(Debug, Clone, Default)]
pub struct SourceRow {
    pub title: String,
    pub publisher: String,
    pub date: String,
    pub href: Option<String>,
}

page!(Records, RecordPage);
