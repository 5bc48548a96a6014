//! Tables that somebody sends, row by row: .xlsx, .xls and .ods workbooks, .csv texts, and pages of HTML that were saved as .xls.
//!
//! Bounded, and trusting nothing that a file says of itself: a workbook of a million rows is streamed, one that unpacks to more
//! than it can hold is refused. What the file hides (rows, columns, sheets) is read and said to be hidden.

mod cell;
mod compound;
mod csv;
mod html;
mod ods;
mod opaque;
mod records;
mod shape;
mod told;
mod xls;
mod xls_formula;
mod xlsx;
mod xml;
mod zipped;

use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};
use thiserror::Error;

pub use cell::{ReadCell, cell_name, column_letters};
pub use shape::cell_place;

/// The last row that a workbook can have, from 1.
pub const MOST_ROWS: u32 = 1_048_576;
/// The columns that a row can have.
pub const MOST_COLUMNS: u16 = 16_384;
/// Cells that hold something, in a file that is not streamed.
const MOST_CELLS: usize = 5_000_000;

/// Why a file is no table that can be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BookError {
    /// It is none of the formats.
    #[error("not a spreadsheet")]
    NotSheet,
    /// It is encrypted.
    #[error("encrypted")]
    Encrypted,
    /// It holds macros.
    #[error("holds macros")]
    Macros,
    /// Another file is embedded in it, which nobody looks through; the name of the part.
    #[error("embeds a file: {0}")]
    Embedded(String),
    /// It is a workbook as Excel 2003 saved it in XML.
    #[error("a workbook of Excel 2003 in XML")]
    OldXml,
    /// It unpacks to more than a table can be, or holds more cells than are read at once.
    #[error("unpacks to too much")]
    TooLarge,
    /// It cannot be read; what the reader said, for the log.
    #[error("cannot be read: {0}")]
    Broken(String),
}

impl BookError {
    /// The stable code of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSheet => "not-sheet",
            Self::Encrypted => "encrypted-sheet",
            Self::Macros => "macros",
            Self::Embedded(_) => "embedded-file",
            Self::OldXml => "old-xml",
            Self::TooLarge => "zip-bomb",
            Self::Broken(_) => "broken-sheet",
        }
    }

    fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }
}

/// What a file is, by its bytes and not by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument.
    Ods,
    /// Text with a separator.
    Csv,
    /// A page of HTML with tables.
    Html,
}

/// Cells that are shown as one: first and last row (from 1), first and last column (from 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// Last row.
    pub bottom: u32,
    /// First column.
    pub left: u16,
    /// Last column.
    pub right: u16,
}

/// A sheet, before its rows are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetHead {
    /// Its name; empty for a file that is one table.
    pub name: String,
    /// Whether the workbook hides it.
    pub is_hidden: bool,
    /// Cells shown as one.
    pub merges: Vec<Merge>,
    /// Hidden columns, from 0.
    pub hidden_columns: BTreeSet<u16>,
    /// Hidden rows, from 1.
    pub hidden_rows: BTreeSet<u32>,
}

/// A row with something in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number as the program that made it shows it, from 1.
    pub number: u32,
    /// Its cells that hold something, by column from 0.
    pub cells: Vec<(u16, ReadCell)>,
}

/// The rows of a sheet, from the first on; empty ones are left out.
pub type Rows<'a> = Box<dyn Iterator<Item = Result<SheetRow, BookError>> + 'a>;

/// A file of tables.
pub struct Book<R: Read + Seek> {
    /// What it is.
    pub format: Format,
    /// Its sheets, in order.
    pub sheets: Vec<SheetHead>,
    source: Source<R>,
}

impl<R: Read + Seek> std::fmt::Debug for Book<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book")
            .field("format", &self.format)
            .field("sheets", &self.sheets)
            .finish_non_exhaustive()
    }
}

enum Source<R: Read + Seek> {
    /// Unpacked row by row.
    Xlsx(Box<xlsx::Workbook<R>>),
    /// Unpacked row by row.
    Ods(Box<ods::Workbook<R>>),
    /// Read line by line.
    Csv(R, csv::Dialect),
    /// Read already, sheet by sheet.
    Whole(Vec<Vec<SheetRow>>),
}

impl<R: Read + Seek> Book<R> {
    /// Looks at a file: what it is, which sheets it has, and that it is bounded. `text` is told every text that stands anywhere in
    /// it (cells, comments, names, properties), for what must be looked for before bytes are stored; a csv file is told in lines.
    ///
    /// # Errors
    /// When it is none of the formats, encrypted, holds macros, unpacks to too much, or cannot be read.
    pub fn open(source: R, text: &mut dyn FnMut(&str)) -> Result<Self, BookError> {
        Self::open_within(source, zipped::UNPACKED_BYTES, text)
    }

    /// The same of a workbook that is known to unpack to fewer bytes.
    ///
    /// # Errors
    /// As [`Book::open`].
    pub fn open_within(
        mut source: R,
        unpacked_bytes: u64,
        text: &mut dyn FnMut(&str),
    ) -> Result<Self, BookError> {
        let mut head = Vec::new();
        source.by_ref().take(1 << 16).read_to_end(&mut head).map_err(BookError::broken)?;
        source.seek(SeekFrom::Start(0)).map_err(BookError::broken)?;
        if head.starts_with(b"PK") {
            return zipped::open(source, unpacked_bytes, text);
        }
        if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return xls::open(source, text);
        }
        // The records of a workbook without the compound file around them, as programs of before 1997 wrote them.
        if head.starts_with(&[0x09]) && head.get(2..4) == Some(&[4, 0]) || head.starts_with(&[0x09, 0x08]) {
            return Err(BookError::NotSheet);
        }
        if html::is_old_xml(&head) {
            return Err(BookError::OldXml);
        }
        if html::is_page(&head) {
            return html::open(source, text);
        }
        csv::open(source, &head, text)
    }

    /// The rows of a sheet, in order.
    ///
    /// # Errors
    /// When there is no such sheet or it cannot be read; a row that cannot be read is an error of its own, and the last one.
    pub fn rows(&mut self, sheet: usize) -> Result<Rows<'_>, BookError> {
        if sheet >= self.sheets.len() {
            return Err(BookError::NotSheet);
        }
        match &mut self.source {
            Source::Xlsx(book) => book.rows(sheet),
            Source::Ods(book) => book.rows(sheet),
            Source::Csv(source, dialect) => csv::rows(source, dialect),
            Source::Whole(sheets) => {
                let rows = sheets.get(sheet).ok_or(BookError::NotSheet)?;
                Ok(Box::new(rows.iter().cloned().map(Ok)))
            }
        }
    }
}

/// Rows up to the first that cannot be read.
fn until_error<'a>(rows: impl Iterator<Item = Result<SheetRow, BookError>> + 'a) -> Rows<'a> {
    Box::new(rows.scan(false, |has_failed, row| {
        let goes_on = !std::mem::replace(has_failed, row.is_err());
        goes_on.then_some(row)
    }))
}

#[cfg(test)]
mod tests;
