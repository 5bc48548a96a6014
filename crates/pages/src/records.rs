//! The registers as tabs, and rows that record pages share.

use askama::Template;

use crate::{Shell, page};

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

page!(Records);
