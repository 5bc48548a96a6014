//! CSV (RFC 4180) in UTF-8 with a byte order mark, by which Excel knows the encoding.

use std::io::Write;

use crate::cell::decimal;
use crate::{Cell, Column, SheetError, SheetWriter, check_length};

/// Writes a CSV file.
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    target: W,
    columns: usize,
    line: String,
}

impl<W: Write> CsvWriter<W> {
    /// Begins a file with the headings of its columns. Rows are written as they come: a buffered target is faster.
    ///
    /// # Errors
    /// Where the target cannot be written.
    pub fn new(mut target: W, columns: &[Column]) -> Result<Self, SheetError> {
        target.write_all("\u{feff}".as_bytes())?;
        let mut writer = CsvWriter { target, columns: columns.len(), line: String::new() };
        let headings: Vec<Cell> = columns.iter().map(|column| Cell::Text(column.heading.clone())).collect();
        writer.row(&headings)?;
        Ok(writer)
    }
}

impl<W: Write> SheetWriter for CsvWriter<W> {
    fn row(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        check_length(self.columns, cells.len())?;
        self.line.clear();
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            push_cell(&mut self.line, cell);
        }
        self.line.push_str("\r\n");
        self.target.write_all(self.line.as_bytes())?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), SheetError> {
        Ok(self.target.flush()?)
    }
}

fn push_cell(line: &mut String, cell: &Cell) {
    match cell {
        Cell::Empty => {}
        Cell::Number { mantissa, decimals } => line.push_str(&decimal(*mantissa, *decimals)),
        Cell::Date(day) => line.push_str(&day.to_string()),
        Cell::Text(text) | Cell::Link { text, .. } => push_text(line, text),
    }
}

/// Whether a spreadsheet would take a text for a formula, or would were it not for apostrophes in front of it.
fn is_formula(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    bare.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
        || bare.starts_with(['\t', '\r', '\n'])
}

/// A text of a CSV file without the apostrophe that [`CsvWriter`] puts before what a spreadsheet would run: `'=1+1` is `=1+1`,
/// `'24` stays as it is. What was written and is read again is the same text.
#[must_use]
pub fn without_guard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

/// A text in quotes where it needs them. One that a spreadsheet would take for a formula gets an apostrophe in
/// front, which a spreadsheet shows as part of the text and nothing runs; [`without_guard`] takes it away again.
fn push_text(line: &mut String, text: &str) {
    let is_formula = is_formula(text);
    let needs_quotes = text.contains(['"', ',', '\n', '\r', ';', '\t']) || text.trim() != text;
    if !needs_quotes {
        line.push_str(if is_formula { "'" } else { "" });
        line.push_str(text);
        return;
    }
    line.push('"');
    line.push_str(if is_formula { "'" } else { "" });
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn written(rows: &[&[Cell]]) -> Result<String, SheetError> {
        let column = |heading: &str| Column { heading: heading.into(), width: 10, kind: Kind::Text };
        let mut bytes = Vec::new();
        let mut writer = CsvWriter::new(&mut bytes, &[column("地区"), column("金额")])?;
        for row in rows {
            writer.row(row)?;
        }
        Box::new(writer).finish()?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    fn text_cell(text: &str) -> String {
        let mut line = String::new();
        push_text(&mut line, text);
        line
    }

    #[test]
    fn a_file_has_a_mark_headings_and_typed_cells() {
        let day = jiff::civil::date(2024, 1, 12);
        let rows: [&[Cell]; 2] = [
            &[Cell::Text("甲市".into()), Cell::Number { mantissa: -24_618, decimals: 2 }],
            &[Cell::Empty, Cell::Date(day)],
        ];
        assert_eq!(written(&rows).unwrap(), "\u{feff}地区,金额\r\n甲市,-246.18\r\n,2024-01-12\r\n");
    }

    #[test]
    fn texts_are_quoted_where_they_must_be() {
        assert_eq!(text_cell("甲,乙"), "\"甲,乙\"");
        assert_eq!(text_cell("说\"好\""), "\"说\"\"好\"\"\"");
        assert_eq!(text_cell("两\n行"), "\"两\n行\"");
        assert_eq!(text_cell(" 空 "), "\" 空 \"");
        assert_eq!(text_cell("甲市"), "甲市");
    }

    #[test]
    fn no_text_becomes_a_formula() {
        for text in
            ["=1+1", "+1", "-1", "@COUNT(A1)", "\u{ff1d}1", "  =1", "\t=1", "=cmd|'/c calc'!A1", "\r=1,2"]
        {
            let cell = text_cell(text);
            assert!(cell.trim_start_matches('"').starts_with('\''), "{cell}");
        }
    }

    #[test]
    fn what_is_read_again_is_what_was_written() {
        for text in ["=1+1", "'=1", "''-1", "'24", "甲", "-", "@a", "'", ""] {
            let mut line = String::new();
            push_text(&mut line, text);
            assert_eq!(without_guard(&line), text);
            let guarded = line.starts_with('\'') && line.len() > text.len();
            assert_eq!(guarded, is_formula(text), "{text}");
        }
    }

    #[test]
    fn a_row_of_another_length_is_refused() {
        let refused = written(&[&[Cell::Empty]]);
        assert!(matches!(refused, Err(SheetError::RowLength { expected: 2, found: 1 })));
    }
}
