//! Sheets on their way in: the list, one import from its columns to what was written, and a cell in its sheet.

use askama::Template;

use crate::{Badge, Choice, Link, Shell, page};

/// The imports of a programme with the form for a new one: POST `imports`, multipart, `file`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "imports.html")]
pub struct Imports {
    pub shell: Shell,
    pub rows: Vec<ImportLine>,
    /// Empty ledgers to be filled in.
    pub ledgers: Vec<Link>,
    /// Size limit of one file as text.
    pub limit: String,
    /// Why the last file was refused.
    pub error: String,
    pub next: Option<String>,
}

/// One import of the list.
#[derive(Debug, Clone, Default)]
pub struct ImportLine {
    pub file: Link,
    pub sheet: String,
    pub kind: String,
    pub state: Badge,
    /// How many rows became what.
    pub counts: Vec<Badge>,
    pub by: String,
    pub at: String,
}

/// One import. Which of its parts are shown follows from its state.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "import.html")]
pub struct ImportPage {
    pub shell: Shell,
    /// Its address.
    pub href: String,
    pub line: ImportLine,
    /// Rows worked on so far while somebody is at it; the page loads itself again.
    pub busy: Option<i64>,
    /// How many rows there are, where that is known.
    pub total: Option<i64>,
    /// What went wrong, or is missing.
    pub errors: Vec<String>,
    pub mapping: Option<ImportMapping>,
    pub preview: Option<ImportPreview>,
    /// The sentence of what was written.
    pub done: String,
    /// The change that can be undone.
    pub change: Option<i64>,
    pub can_cancel: bool,
}

/// How the columns are read: POST `mapping`.
#[derive(Debug, Clone, Default)]
pub struct ImportMapping {
    /// What stands above the table.
    pub titles: Vec<String>,
    pub kinds: Vec<Choice>,
    pub modes: Vec<Choice>,
    pub keys: Vec<Choice>,
    pub columns: Vec<ImportColumn>,
    pub header: (u32, u32),
    pub period: (String, String),
    pub register: bool,
    pub clears: bool,
    pub source: String,
    /// Fields that no column stands for: code, label, what is filled in, choices where there are some.
    pub constants: Vec<ImportConstant>,
    /// Other sheets of the file, by their place.
    pub sheets: Vec<(usize, String)>,
    pub units: Vec<Choice>,
}

/// A field that is the same for every row.
#[derive(Debug, Clone, Default)]
pub struct ImportConstant {
    pub code: String,
    pub label: String,
    pub value: String,
    pub choices: Vec<Choice>,
    pub required: bool,
}

/// A column of the sheet.
#[derive(Debug, Clone, Default)]
pub struct ImportColumn {
    pub number: u16,
    /// `C`
    pub letters: String,
    pub heading: String,
    pub samples: Vec<String>,
    pub is_hidden: bool,
    /// What it may be: nothing, columns, figures.
    pub ignored: Choice,
    pub targets: Vec<Choice>,
    pub figures: Vec<Choice>,
    pub units: Vec<Choice>,
    pub times: Vec<Choice>,
    pub from: String,
    pub to: String,
    pub region: String,
    /// Whether its numbers need a unit, and its figures a time.
    pub takes_unit: bool,
    pub makes_figures: bool,
}

/// What the rows become: some of them, of one state or all.
#[derive(Debug, Clone, Default)]
pub struct ImportPreview {
    /// The states with their counts, as links; the chosen one is current.
    pub tabs: Vec<ImportTab>,
    pub rows: Vec<ImportRowView>,
    pub next: Option<String>,
    pub has_doubtful: bool,
    pub has_wrong: bool,
    /// Rows that would be written; 0 where that is not offered.
    pub writes: i64,
}

/// A state of rows.
#[derive(Debug, Clone, Default)]
pub struct ImportTab {
    pub label: String,
    pub count: i64,
    pub href: String,
    pub current: bool,
    pub tone: Badge,
}

/// A row of the sheet.
#[derive(Debug, Clone, Default)]
pub struct ImportRowView {
    pub number: i64,
    /// The cells in the sheet.
    pub href: String,
    pub title: String,
    pub record: Option<Link>,
    pub state: Badge,
    /// What it writes: label, before, after.
    pub changes: Vec<(String, String, String)>,
    /// What is wrong, with its cell: cell, words, whether it is only a remark.
    pub problems: Vec<(String, String, bool)>,
    /// Code of the record that it may be.
    pub candidate: String,
    pub undecided: bool,
    pub decided: bool,
}

/// A cell in its sheet.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "import_cell.html")]
pub struct ImportCell {
    pub shell: Shell,
    pub title: String,
    pub back: Link,
    pub download: Option<String>,
    pub columns: Vec<String>,
    /// Number, cells, whether hidden, whether it is the one.
    pub rows: Vec<(u32, Vec<String>, bool, bool)>,
    /// The column that is meant, from 0.
    pub column: usize,
    pub has_column: bool,
}

/// The values of a record that came from sheets.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "import_cells.html")]
pub struct ImportCells {
    pub shell: Shell,
    pub record: Link,
    /// Label, file, cell.
    pub rows: Vec<(String, String, Link)>,
}

impl ImportPage {
    /// Whether a field that every row must have is still empty.
    pub(crate) fn needs_constants(&self) -> bool {
        let constants = self.mapping.iter().flat_map(|mapping| &mapping.constants);
        constants.into_iter().any(|of| of.required && of.value.is_empty())
    }
}

page!(Imports, ImportPage, ImportCell, ImportCells);
