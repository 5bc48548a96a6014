//! Rows out as Excel workbooks and CSV files, one row at a time; sheets of text as Word documents; forms out as workbooks and in again.
//!
//! Invariants: this crate knows no database, no HTTP, no clock and no words: headings, labels, the moment of
//! export and whatever else is written come from the caller. The memory of tables does not grow with the number of rows.
//! A number keeps every digit; a text is never taken for a formula.

mod book;
mod cell;
mod csv;
mod form;
mod form_read;
mod layout;
mod noted;
mod paper;
mod picture;
mod several;
mod table;
mod value;
mod xlsx;

use std::io;

pub use book::{
    Book, BookError, Format, MOST_COLUMNS, MOST_ROWS, Merge, ReadCell, Rows, SheetHead, SheetRow, cell_name,
    cell_place, column_letters,
};
pub use cell::{Cell, Column, Kind};
pub use csv::{CsvWriter, without_guard};
pub use form::{FORM_COLUMNS, FormLine, FormSheet, write_forms};
pub use form_read::{FormError, ReadForm, ReadRow, cell_address, read_forms};
pub use layout::{Fill, Layout, LayoutColumn, Reach, RowSort, period_in};
pub use noted::NotedWriter;
pub use paper::{Block, Page, write_docx};
pub use picture::{PICTURE_BYTES, Picture};
pub use several::{joined, several};
pub use table::{TableSheet, write_table};
pub use value::{
    Bound, CellProblem, DayContext, ReadDay, ReadNumber, SheetUnit, amount, day, number, unit_of_words,
};
pub use xlsx::{About, XlsxWriter};

/// Takes rows and makes a file of them.
pub trait SheetWriter {
    /// Writes the next row.
    ///
    /// # Errors
    /// [`SheetError::RowLength`] where the row has not one cell a column, and what the writing itself meets.
    fn row(&mut self, cells: &[Cell]) -> Result<(), SheetError>;

    /// Adds lines to what the last sheet says, known only once the rows are; a file without such a sheet has no place for them.
    fn say(&mut self, _lines: Vec<(String, String)>) {}

    /// Writes what belongs at the end of the file. A writer that is dropped instead leaves no usable file.
    ///
    /// # Errors
    /// What the writing meets.
    fn finish(self: Box<Self>) -> Result<(), SheetError>;
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The row has another number of cells than there are columns.
    #[error("a row of {found} cells for {expected} columns")]
    RowLength {
        /// Number of columns.
        expected: usize,
        /// Number of cells.
        found: usize,
    },
    /// The target or a temporary file could not be written.
    #[error("writing failed: {0}")]
    Io(#[from] io::Error),
    /// The workbook could not be put together.
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

/// Refuses a row that does not fit its columns.
fn check_length(expected: usize, found: usize) -> Result<(), SheetError> {
    if expected == found { Ok(()) } else { Err(SheetError::RowLength { expected, found }) }
}

#[cfg(test)]
mod form_tests;
