//! Rows of an .ods sheet, as they are unpacked. A file may say that a row stands there a million times.

use super::xml::{Xml, add_words, attribute};
use super::zipped::{UNPACKED_BYTES, part};
use super::{BookError, MOST_COLUMNS, MOST_ROWS, Merge, ReadCell, Rows, SheetHead, SheetRow};
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// The part with the sheets.
pub(super) const CONTENT: &str = "content.xml";
/// Cells that may stand in a file by repeating others.
const MOST_COPIES: u64 = 5_000_000;
const MOST_MERGES: usize = 100_000;
const MOST_SHEETS: usize = 1_000;
/// Hidden rows that are told one by one; a sheet hides all that lies beyond its table.
const MOST_HIDDEN: usize = MOST_ROWS as usize;

/// An .ods workbook whose rows are still packed.
#[derive(Debug)]
pub(super) struct Workbook<R> {
    pub(super) archive: ZipArchive<R>,
}

impl<R: Read + Seek> Workbook<R> {
    /// The rows of a sheet.
    pub(super) fn rows(&mut self, sheet: usize) -> Result<Rows<'_>, BookError> {
        let part = part(&mut self.archive, CONTENT)?.ok_or(BookError::NotSheet)?;
        let sheet = Sheet {
            xml: Xml::new(part, UNPACKED_BYTES),
            walk: Walk::default(),
            wanted: sheet,
            waiting: None,
        };
        Ok(super::until_error(sheet))
    }
}

/// A row, and how often it stands there.
#[derive(Debug)]
pub(super) struct Repeated {
    row: SheetRow,
    times: u32,
}

struct Sheet<R: Read> {
    xml: Xml<R>,
    walk: Walk,
    wanted: usize,
    waiting: Option<Repeated>,
}

impl<R: Read> Iterator for Sheet<R> {
    type Item = Result<SheetRow, BookError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(repeated) = &mut self.waiting {
                let row = repeated.row.clone();
                repeated.row.number += 1;
                repeated.times -= 1;
                if repeated.times == 0 {
                    self.waiting = None;
                }
                return Some(Ok(row));
            }
            match self.row() {
                Ok(row) => self.waiting = Some(row?),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<R: Read> Sheet<R> {
    /// The next row of the sheet that holds something.
    fn row(&mut self) -> Result<Option<Repeated>, BookError> {
        loop {
            let event = self.xml.next()?;
            if matches!(event, Event::Eof) || self.walk.begun > self.wanted + 1 {
                return Ok(None);
            }
            // The rows before are walked over, so that a repeat is never larger than what is read of it.
            if let Some(row) = self.walk.event(&event)?
                && self.walk.begun == self.wanted + 1
            {
                return Ok(Some(row));
            }
        }
    }
}

/// Walks through the sheets of a workbook.
#[derive(Default)]
pub(super) struct Walk {
    /// The sheets, where their shape is asked for and not their rows.
    pub(super) heads: Option<Vec<SheetHead>>,
    /// Styles of sheets that are not shown.
    unseen: BTreeSet<String>,
    style: String,
    /// Sheets begun so far, and whether one is open.
    begun: usize,
    is_open: bool,
    /// Tables within cells, which are not read.
    inner: usize,
    row: u32,
    row_times: u32,
    column: u32,
    hidden_column: u32,
    cells: Vec<(u16, ReadCell)>,
    cell: Option<Cell>,
    copies: u64,
}

/// A cell that is being read.
struct Cell {
    times: u32,
    kind: String,
    value: Option<String>,
    has_formula: bool,
    is_linked: bool,
    text: String,
    paragraphs: usize,
    /// Notes within the cell, whose words are not the cell's.
    notes: usize,
    is_words: bool,
}

impl Walk {
    /// A walk that gathers the shape of the sheets.
    pub(super) fn of_heads() -> Self {
        Self { heads: Some(Vec::new()), ..Self::default() }
    }

    /// Takes an event; a row where one ended that holds something.
    pub(super) fn event(&mut self, event: &Event<'_>) -> Result<Option<Repeated>, BookError> {
        match event {
            Event::Start(element) => {
                self.start(element)?;
                Ok(None)
            }
            Event::Empty(element) => {
                self.start(element)?;
                self.end(element.local_name().as_ref(), element.name().as_ref())
            }
            Event::End(element) => self.end(element.local_name().as_ref(), element.name().as_ref()),
            words => {
                if let Some(cell) = self.cell.as_mut().filter(|cell| cell.is_words && cell.notes == 0) {
                    add_words(words, &mut cell.text);
                }
                Ok(None)
            }
        }
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), BookError> {
        let name = element.name();
        match name.as_ref() {
            "style:style" => self.style = attribute(element, "name").unwrap_or_default(),
            "style:table-properties" if attribute(element, "display").as_deref() == Some("false") => {
                self.unseen.insert(std::mem::take(&mut self.style));
            }
            "table:table" | "table:sub-table" if self.is_open => self.inner += 1,
            "table:table" => self.table(element)?,
            _ if self.inner > 0 || !self.is_open => {}
            "table:table-column" => self.hide_columns(element),
            "table:table-row" => self.begin_row(element),
            "table:table-cell" | "table:covered-table-cell" if self.row_times > 0 => self.begin_cell(element),
            "office:annotation" => self.cell.iter_mut().for_each(|cell| cell.notes += 1),
            "text:p" => {
                if let Some(cell) = self.cell.as_mut().filter(|cell| cell.notes == 0) {
                    if cell.paragraphs > 0 {
                        cell.text.push('\n');
                    }
                    cell.paragraphs += 1;
                    cell.is_words = true;
                }
            }
            "text:s" | "text:tab" | "text:line-break" => {
                if let Some(cell) = self.cell.as_mut().filter(|cell| cell.notes == 0) {
                    cell.text.push(if name.as_ref() == "text:line-break" { '\n' } else { ' ' });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn table(&mut self, element: &BytesStart<'_>) -> Result<(), BookError> {
        if self.begun == MOST_SHEETS {
            return Err(BookError::TooLarge);
        }
        self.begun += 1;
        (self.is_open, self.row, self.hidden_column) = (true, 0, 0);
        if let Some(heads) = &mut self.heads {
            let is_hidden =
                attribute(element, "style-name").is_some_and(|style| self.unseen.contains(&style));
            let name = attribute(element, "name").unwrap_or_default();
            heads.push(SheetHead { name, is_hidden, ..SheetHead::default() });
        }
        Ok(())
    }

    fn head(&mut self) -> Option<&mut SheetHead> {
        self.heads.as_mut()?.last_mut()
    }

    fn hide_columns(&mut self, element: &BytesStart<'_>) {
        let first = self.hidden_column;
        self.hidden_column =
            first.saturating_add(times(element, "number-columns-repeated")).min(u32::from(MOST_COLUMNS));
        let last = self.hidden_column;
        if is_hidden(element)
            && let Some(head) = self.head()
        {
            head.hidden_columns.extend((first..last).filter_map(|column| u16::try_from(column).ok()));
        }
    }

    fn begin_row(&mut self, element: &BytesStart<'_>) {
        self.row_times =
            times(element, "number-rows-repeated").min(MOST_ROWS.saturating_sub(self.row)).max(1);
        self.column = 0;
        self.cells.clear();
        let rows = self.row + 1..=(self.row + self.row_times).min(MOST_ROWS);
        if is_hidden(element)
            && let Some(head) = self.head().filter(|head| head.hidden_rows.len() < MOST_HIDDEN)
        {
            head.hidden_rows.extend(rows);
        }
    }

    fn begin_cell(&mut self, element: &BytesStart<'_>) {
        let kind = attribute(element, "value-type").unwrap_or_default();
        let value = match kind.as_str() {
            "date" => attribute(element, "date-value"),
            "time" => attribute(element, "time-value"),
            "boolean" => attribute(element, "boolean-value"),
            "string" => attribute(element, "string-value"),
            _ => attribute(element, "value"),
        };
        let formula = attribute(element, "formula");
        let (wide, high) = (times(element, "number-columns-spanned"), times(element, "number-rows-spanned"));
        if wide > 1 || high > 1 {
            self.merge(wide, high);
        }
        self.cell = Some(Cell {
            times: times(element, "number-columns-repeated"),
            kind,
            value,
            is_linked: formula
                .as_deref()
                .is_some_and(|formula| formula.contains("file:") || formula.contains("://")),
            has_formula: formula.is_some(),
            text: String::new(),
            paragraphs: 0,
            notes: 0,
            is_words: false,
        });
    }

    fn merge(&mut self, wide: u32, high: u32) {
        let (top, bottom) = (self.row + 1, self.row.saturating_add(high).min(MOST_ROWS));
        let right = self.column.saturating_add(wide - 1).min(u32::from(MOST_COLUMNS) - 1);
        let (Ok(left), Ok(right)) = (u16::try_from(self.column), u16::try_from(right)) else { return };
        if let Some(head) = self.head().filter(|head| head.merges.len() < MOST_MERGES) {
            head.merges.push(Merge { top, bottom, left, right });
        }
    }

    fn end(&mut self, local: &str, name: &str) -> Result<Option<Repeated>, BookError> {
        match name {
            "table:table" | "table:sub-table" if self.inner > 0 => self.inner -= 1,
            "table:table" => self.is_open = false,
            _ if self.inner > 0 || !self.is_open => {}
            "table:table-cell" | "table:covered-table-cell" => self.end_cell()?,
            "table:table-row" => return self.end_row(),
            "office:annotation" => {
                self.cell.iter_mut().for_each(|cell| cell.notes = cell.notes.saturating_sub(1));
            }
            _ if local == "p" => {
                self.cell.iter_mut().for_each(|cell| cell.is_words = cell.notes > 0 && cell.is_words)
            }
            _ => {}
        }
        Ok(None)
    }

    fn end_cell(&mut self) -> Result<(), BookError> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let first = self.column;
        self.column = first.saturating_add(cell.times).min(1 << 20);
        let value = cell.read();
        if value == ReadCell::Empty {
            return Ok(());
        }
        if self.column > u32::from(MOST_COLUMNS) {
            return Err(BookError::TooLarge);
        }
        let weight = 1 + value.text().len() as u64 / 100;
        self.count((u64::from(cell.times) - 1).saturating_mul(weight))?;
        let columns = (first..self.column).filter_map(|column| u16::try_from(column).ok());
        self.cells.extend(columns.map(|column| (column, value.clone())));
        Ok(())
    }

    fn end_row(&mut self) -> Result<Option<Repeated>, BookError> {
        let number = self.row + 1;
        let times = std::mem::take(&mut self.row_times);
        self.row = self.row.saturating_add(times);
        if times == 0 || self.cells.is_empty() {
            return Ok(None);
        }
        if number > MOST_ROWS {
            return Err(BookError::TooLarge);
        }
        self.count(u64::from(times - 1).saturating_mul(self.cells.len() as u64))?;
        let cells = std::mem::take(&mut self.cells);
        Ok(Some(Repeated { row: SheetRow { number, cells }, times }))
    }

    fn count(&mut self, copies: u64) -> Result<(), BookError> {
        self.copies = self.copies.saturating_add(copies);
        if self.copies > MOST_COPIES { Err(BookError::TooLarge) } else { Ok(()) }
    }
}

impl Cell {
    fn read(&self) -> ReadCell {
        if self.is_linked {
            return ReadCell::Linked;
        }
        let value = self.value.as_deref().unwrap_or(&self.text);
        match self.kind.as_str() {
            "" if self.has_formula && self.text.is_empty() => ReadCell::Unvalued,
            "float" | "currency" | "percentage" => match value.parse() {
                _ if self.value.is_none() => ReadCell::words(&self.text),
                Ok(number) => ReadCell::plain_number(value).unwrap_or_else(|| ReadCell::number(number)),
                Err(_) => ReadCell::Other(value.to_owned()),
            },
            "date" => ReadCell::iso(value),
            "time" => ReadCell::Other(value.to_owned()),
            "boolean" => ReadCell::Other(value.to_uppercase()),
            _ => ReadCell::words(value),
        }
    }
}

/// How often an element stands there; at least once.
fn times(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|times| times.parse().ok()).unwrap_or(1).max(1)
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    attribute(element, "visibility").is_some_and(|visibility| visibility != "visible")
}
