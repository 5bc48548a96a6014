//! Rows with notes at their cells, for giving a sheet back to who sent it.

use crate::cell::{Cell, Column};
use crate::{SheetError, check_length};
use rust_xlsxwriter::{Color, Format, Note, Workbook};
use std::fs::File;
use std::io::BufWriter;

/// The longest note that a cell takes.
const NOTE_CHARS: usize = 1_000;

/// A workbook of one sheet whose cells may bear notes. It stands in memory until it is finished: for some ten thousand rows.
pub struct NotedWriter {
    workbook: Workbook,
    file: File,
    columns: usize,
    row: u32,
    marked: Format,
}

impl NotedWriter {
    /// Begins a workbook with these headings.
    ///
    /// # Errors
    /// When it cannot be put together.
    pub fn new(file: File, columns: &[Column]) -> Result<Self, SheetError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let bold = Format::new().set_bold();
        for (at, column) in (0_u16..).zip(columns) {
            sheet.write_with_format(0, at, column.heading.as_str(), &bold)?;
            sheet.set_column_width(at, f64::from(column.width))?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let marked = Format::new().set_background_color(Color::RGB(0x00FF_E7E0));
        Ok(Self { workbook, file, columns: columns.len(), row: 0, marked })
    }

    /// Writes a row; `notes` are what stands beside its cells, by their place.
    ///
    /// # Errors
    /// As [`crate::SheetWriter::row`].
    pub fn row(&mut self, cells: &[Cell], notes: &[(usize, String)]) -> Result<(), SheetError> {
        check_length(self.columns, cells.len())?;
        self.row += 1;
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (at, cell) in (0_u16..).zip(cells) {
            let told: Vec<&str> = notes
                .iter()
                .filter(|(of, _)| *of == usize::from(at))
                .map(|(_, words)| words.as_str())
                .collect();
            // A text is written as a text: what looks like a formula is none.
            if let Cell::Text(text) = cell {
                match told.is_empty() {
                    true => sheet.write_string(self.row, at, text)?,
                    false => sheet.write_string_with_format(self.row, at, text, &self.marked)?,
                };
            } else if !told.is_empty() {
                sheet.write_blank(self.row, at, &self.marked)?;
            }
            if !told.is_empty() {
                let words: String = told.join("\n").chars().take(NOTE_CHARS).collect();
                sheet.insert_note(self.row, at, &Note::new(words).add_author_prefix(false))?;
            }
        }
        Ok(())
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<(), SheetError> {
        self.workbook.save_to_writer(BufWriter::new(self.file))?;
        Ok(())
    }
}
