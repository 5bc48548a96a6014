//! OpenDocument spreadsheets, in one pass over their content. What a file repeats (a row to the end of the sheet) is repeated only
//! where it holds something, and only up to a bound.

use super::shape::attribute;
use super::zipped::{Parts, character};
use super::{BookError, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Merge, ReadCell, SheetHead, SheetRow};
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;
use std::io::{Read, Seek};

/// The sheets of a spreadsheet with their rows.
pub(super) fn sheets<R: Read + Seek>(
    parts: &mut Parts<R>,
) -> Result<(Vec<SheetHead>, Vec<Vec<SheetRow>>), BookError> {
    let mut content = Content { left: MOST_CELLS, ..Content::default() };
    let mut failed = None;
    parts.each("content.xml", &mut |event| {
        if failed.is_none() {
            failed = content.take(event).err();
        }
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok((content.heads, content.rows)),
    }
}

#[derive(Default)]
struct Content {
    heads: Vec<SheetHead>,
    rows: Vec<Vec<SheetRow>>,
    /// Cells that may still be kept.
    left: usize,
    /// Styles of tables that are not shown, and the style that is read.
    hidden_styles: HashSet<String>,
    style: Option<String>,
    /// The row and column that come next, from 0.
    row: u32,
    column: u32,
    row_repeat: u32,
    row_hidden: bool,
    table_column: u32,
    cells: Vec<(u16, ReadCell)>,
    cell: Option<Cell>,
    /// A comment of a cell is none of its text.
    in_annotation: bool,
}

#[derive(Default)]
struct Cell {
    repeat: u32,
    kind: String,
    value: String,
    has_formula: bool,
    is_linked: bool,
    text: String,
    paragraphs: u32,
}

impl Content {
    fn take(&mut self, event: &Event<'_>) -> Result<(), BookError> {
        match event {
            Event::Start(element) => self.start(element, false),
            Event::Empty(element) => self.start(element, true),
            Event::End(element) => self.end(element.local_name().as_ref()),
            Event::Text(words) => {
                self.text(words);
                Ok(())
            }
            Event::CData(words) => {
                self.text(words);
                Ok(())
            }
            Event::GeneralRef(name) => {
                if let Some(c) = character(name) {
                    self.text(&c.to_string());
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn text(&mut self, words: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|cell| cell.paragraphs > 0 && !self.in_annotation) {
            cell.text.push_str(words);
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, is_empty: bool) -> Result<(), BookError> {
        let repeat = |name: &str, most: u32| {
            let count = attribute(element, name).and_then(|count| count.parse().ok());
            count.unwrap_or(1_u32).clamp(1, most)
        };
        let is_hidden = |element: &BytesStart<'_>| {
            attribute(element, "visibility").is_some_and(|state| state == "collapse" || state == "filter")
        };
        match element.local_name().as_ref() {
            "style" => self.style = attribute(element, "name"),
            "table-properties" if attribute(element, "display").as_deref() == Some("false") => {
                self.hidden_styles.extend(self.style.clone());
            }
            "table" => {
                let style = attribute(element, "style-name").unwrap_or_default();
                let name = attribute(element, "name").unwrap_or_default();
                let is_hidden = self.hidden_styles.contains(&style);
                self.heads.push(SheetHead { name, is_hidden, ..SheetHead::default() });
                self.rows.push(Vec::new());
                (self.row, self.table_column) = (0, 0);
            }
            "table-column" => {
                let count = repeat("number-columns-repeated", u32::from(MOST_COLUMNS));
                if let Some(head) = self.heads.last_mut().filter(|_| is_hidden(element)) {
                    let columns = self.table_column..self.table_column.saturating_add(count);
                    let known = columns.filter_map(|column| u16::try_from(column).ok());
                    head.hidden_columns.extend(known.filter(|column| *column < MOST_COLUMNS));
                }
                self.table_column = self.table_column.saturating_add(count);
            }
            "table-row" => {
                self.row_repeat = repeat("number-rows-repeated", MOST_ROWS);
                self.row_hidden = is_hidden(element);
                (self.column, self.cells) = (0, Vec::new());
                if is_empty {
                    return self.end("table-row");
                }
            }
            "table-cell" | "covered-table-cell" => {
                self.begin_cell(element, repeat("number-columns-repeated", u32::from(MOST_COLUMNS)));
                if is_empty {
                    return self.end("table-cell");
                }
            }
            "annotation" if !is_empty => self.in_annotation = true,
            "p" | "h" => {
                if let Some(cell) = self.cell.as_mut().filter(|_| !self.in_annotation) {
                    cell.paragraphs += 1;
                    if cell.paragraphs > 1 {
                        cell.text.push('\n');
                    }
                }
            }
            "s" => {
                let count = repeat("c", 100);
                self.text(&" ".repeat(count as usize));
            }
            "line-break" => self.text("\n"),
            _ => {}
        }
        Ok(())
    }

    fn begin_cell(&mut self, element: &BytesStart<'_>, repeat: u32) {
        let own = |names: &[&str]| names.iter().find_map(|name| attribute(element, name)).unwrap_or_default();
        let formula = own(&["formula"]);
        let span =
            |name: &str| attribute(element, name).and_then(|count| count.parse::<u32>().ok()).unwrap_or(1);
        let (down, right) = (span("number-rows-spanned"), span("number-columns-spanned"));
        if let (true, Some(head)) = (down > 1 || right > 1, self.heads.last_mut()) {
            let last = self.column.saturating_add(right - 1).min(u32::from(MOST_COLUMNS) - 1);
            if let (Ok(left), Ok(right)) = (u16::try_from(self.column), u16::try_from(last)) {
                let top = self.row + 1;
                let bottom = top.saturating_add(down - 1).min(MOST_ROWS);
                head.merges.push(Merge { top, bottom, left, right });
            }
        }
        self.cell = Some(Cell {
            repeat,
            kind: own(&["value-type"]),
            value: own(&["date-value", "time-value", "boolean-value", "value"]),
            has_formula: !formula.is_empty(),
            is_linked: formula.contains("file:") || formula.contains("://"),
            ..Cell::default()
        });
    }

    fn end(&mut self, name: &str) -> Result<(), BookError> {
        match name {
            "annotation" => self.in_annotation = false,
            "table-cell" | "covered-table-cell" => {
                if let Some(cell) = self.cell.take() {
                    let (repeat, value) = (cell.repeat, cell.read());
                    if value != ReadCell::Empty {
                        self.keep(repeat as usize)?;
                        for column in self.column..self.column.saturating_add(repeat) {
                            if let Some(column) = u16::try_from(column).ok().filter(|of| *of < MOST_COLUMNS) {
                                self.cells.push((column, value.clone()));
                            }
                        }
                    }
                    self.column = self.column.saturating_add(repeat);
                }
            }
            "table-row" => {
                let cells = std::mem::take(&mut self.cells);
                let rows = self.row..self.row.saturating_add(self.row_repeat).min(MOST_ROWS);
                if let (true, Some(head)) = (self.row_hidden, self.heads.last_mut()) {
                    head.hidden_rows.extend(rows.clone().map(|row| row + 1));
                }
                if let (false, Some(all)) = (cells.is_empty(), self.rows.last_mut()) {
                    let copies = rows.len().saturating_sub(1).saturating_mul(cells.len());
                    self.left = self.left.checked_sub(copies).ok_or(BookError::TooLarge)?;
                    all.extend(rows.map(|row| SheetRow { number: row + 1, cells: cells.clone() }));
                }
                self.row = self.row.saturating_add(self.row_repeat);
            }
            _ => {}
        }
        Ok(())
    }

    fn keep(&mut self, cells: usize) -> Result<(), BookError> {
        self.left = self.left.checked_sub(cells).ok_or(BookError::TooLarge)?;
        Ok(())
    }
}

impl Cell {
    fn read(self) -> ReadCell {
        if self.is_linked {
            return ReadCell::Linked;
        }
        let text = ReadCell::words(&self.text);
        match self.kind.as_str() {
            "float" | "currency" | "percentage" => {
                let number = self.value.parse::<f64>().map(ReadCell::number);
                // What is shown says that it is a percentage.
                if self.kind == "percentage" && self.text.contains('%') {
                    text
                } else {
                    number.unwrap_or(text)
                }
            }
            "date" => ReadCell::iso(&self.value),
            "boolean" => ReadCell::Other(self.value.to_ascii_uppercase()),
            "time" => ReadCell::Other(self.value),
            _ if self.has_formula && text == ReadCell::Empty => ReadCell::Unvalued,
            _ => text,
        }
    }
}
