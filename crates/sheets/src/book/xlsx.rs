//! Rows of an .xlsx sheet, as they are unpacked.

use super::told::unescaped;
use super::xml::{Xml, add_words, attribute};
use super::zipped::{Parts, UNPACKED_BYTES, part};
use super::{BookError, MOST_COLUMNS, MOST_ROWS, ReadCell, Rows, SheetRow};
use crate::book::cell::{Shown, serial_day};
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeSet, HashMap};
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Texts and formats that a workbook may have.
const MOST_STRINGS: usize = 20_000_000;
const MOST_FORMATS: usize = 100_000;
/// Bytes of the texts of one row.
const ROW_BYTES: usize = 64 << 20;

/// An .xlsx workbook whose rows are still packed.
#[derive(Debug)]
pub(super) struct Workbook<R> {
    pub(super) archive: ZipArchive<R>,
    /// The part of each sheet; empty for one that has none.
    pub(super) parts: Vec<String>,
    pub(super) strings: Strings,
    pub(super) style: Style,
}

impl<R: Read + Seek> Workbook<R> {
    /// The rows of a sheet.
    pub(super) fn rows(&mut self, sheet: usize) -> Result<Rows<'_>, BookError> {
        let name = self.parts.get(sheet).ok_or(BookError::NotSheet)?;
        let Some(part) = part(&mut self.archive, name)? else { return Ok(Box::new(std::iter::empty())) };
        let sheet = Sheet {
            xml: Xml::new(part, UNPACKED_BYTES),
            strings: &self.strings,
            style: &self.style,
            linked: BTreeSet::new(),
            row: 0,
        };
        Ok(super::until_error(sheet))
    }
}

/// The texts that cells name by their number, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
    /// Whether what is read are words of a string, and not how it is spoken.
    is_open: bool,
}

impl Strings {
    pub(super) fn take(&mut self, event: &Event<'_>) -> Result<(), BookError> {
        match event {
            Event::Start(element) if element.local_name().as_ref() == "t" => self.is_open = true,
            Event::Start(element) if element.local_name().as_ref() == "rPh" => self.is_open = false,
            Event::End(element) => match element.local_name().as_ref() {
                "t" => self.is_open = false,
                "si" => self.end()?,
                _ => {}
            },
            Event::Empty(element) if element.local_name().as_ref() == "si" => self.end()?,
            words if self.is_open => add_words(words, &mut self.text),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), BookError> {
        if self.ends.len() == MOST_STRINGS {
            return Err(BookError::TooLarge);
        }
        self.ends.push(self.text.len());
        Ok(())
    }

    fn get(&self, at: usize) -> Option<&str> {
        let from = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(from..*self.ends.get(at)?)
    }
}

/// How the numbers of a workbook are shown.
#[derive(Debug, Default)]
pub(super) struct Style {
    /// By the number of the format of a cell.
    shown: Vec<Shown>,
    /// Whether days are counted from 1904.
    is_1904: bool,
}

impl Style {
    pub(super) fn of<R: Read + Seek>(parts: &mut Parts<R>) -> Result<Self, BookError> {
        let mut style = Self::default();
        parts.each("xl/workbook.xml", &mut |event| {
            if let Event::Start(element) | Event::Empty(element) = event
                && element.local_name().as_ref() == "workbookPr"
            {
                style.is_1904 =
                    attribute(element, "date1904").is_some_and(|value| value == "1" || value == "true");
            }
            Ok(())
        })?;
        let mut own = HashMap::new();
        let mut is_cells = false;
        parts.each("xl/styles.xml", &mut |event| {
            match event {
                Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                    "numFmt" if own.len() < MOST_FORMATS => {
                        if let (Some(id), Some(code)) =
                            (attribute(element, "numFmtId"), attribute(element, "formatCode"))
                        {
                            own.insert(id, Shown::by_code(&code));
                        }
                    }
                    "cellXfs" => is_cells = true,
                    "xf" if is_cells && style.shown.len() < MOST_FORMATS => {
                        let id = attribute(element, "numFmtId").unwrap_or_default();
                        let shown = own.get(&id).copied();
                        style.shown.push(shown.unwrap_or_else(|| Shown::by_number(id.parse().unwrap_or(0))));
                    }
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "cellXfs" => is_cells = false,
                _ => {}
            }
            Ok(())
        })?;
        Ok(style)
    }
}

/// The rows of a sheet that is being unpacked.
struct Sheet<'a, R: Read> {
    xml: Xml<R>,
    strings: &'a Strings,
    style: &'a Style,
    /// Shared formulas that take their values from another file.
    linked: BTreeSet<String>,
    /// The last row begun.
    row: u32,
}

impl<R: Read> Iterator for Sheet<'_, R> {
    type Item = Result<SheetRow, BookError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.row() {
                Ok(Some(row)) if row.cells.is_empty() => {}
                found => return found.transpose(),
            }
        }
    }
}

impl<R: Read> Sheet<'_, R> {
    fn row(&mut self) -> Result<Option<SheetRow>, BookError> {
        loop {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "row" => {
                    self.row = row_number(&element, self.row)?;
                    return self.cells().map(Some);
                }
                Event::Empty(element) if element.local_name().as_ref() == "row" => {
                    self.row = row_number(&element, self.row)?;
                }
                Event::End(element) if element.local_name().as_ref() == "sheetData" => return Ok(None),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn cells(&mut self) -> Result<SheetRow, BookError> {
        let mut row = SheetRow { number: self.row, cells: Vec::new() };
        let (mut next, mut text) = (0, ROW_BYTES);
        loop {
            let (cell, is_empty) = match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "c" => {
                    (Head::of(&element, next)?, false)
                }
                Event::Empty(element) if element.local_name().as_ref() == "c" => {
                    (Head::of(&element, next)?, true)
                }
                Event::End(element) if element.local_name().as_ref() == "row" => break,
                Event::Eof => return Err(BookError::Broken(format!("row {} does not end", self.row))),
                _ => continue,
            };
            next = cell.column + 1;
            if is_empty {
                continue;
            }
            let value = self.value(&cell)?;
            // A text may be named by every cell of a row.
            text = text.checked_sub(value.text().len()).ok_or(BookError::TooLarge)?;
            if value != ReadCell::Empty {
                row.cells.push((cell.column, value));
            }
        }
        if !row.cells.is_sorted_by(|one, next| one.0 < next.0) {
            row.cells.sort_by_key(|(column, _)| *column);
            if row.cells.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                return Err(BookError::Broken(format!("row {} has two cells in one column", self.row)));
            }
        }
        Ok(row)
    }

    fn value(&mut self, cell: &Head) -> Result<ReadCell, BookError> {
        let mut body = Body::default();
        loop {
            let event = self.xml.next()?;
            match &event {
                Event::Start(element) => body.open(element),
                Event::Empty(element) => {
                    body.open(element);
                    body.close(element.local_name().as_ref());
                }
                Event::End(element) if element.local_name().as_ref() == "c" => break,
                Event::End(element) => body.close(element.local_name().as_ref()),
                Event::Eof => return Err(BookError::Broken(format!("row {} does not end", self.row))),
                words => body.words(words),
            }
        }
        if self.is_linked(&body) {
            return Ok(ReadCell::Linked);
        }
        if body.has_formula && !body.has_value {
            return Ok(ReadCell::Unvalued);
        }
        self.read(cell, &body.value)
    }

    fn is_linked(&mut self, body: &Body) -> bool {
        if !body.has_formula {
            return false;
        }
        let is_linked = names_a_file(&body.formula);
        match &body.shared {
            Some(index) if is_linked => self.linked.insert(index.clone()) || is_linked,
            Some(index) => body.formula.is_empty() && self.linked.contains(index),
            None => is_linked,
        }
    }

    fn read(&self, cell: &Head, value: &str) -> Result<ReadCell, BookError> {
        let trimmed = value.trim();
        Ok(match cell.kind {
            _ if trimmed.is_empty() => ReadCell::Empty,
            Kind::Shared => {
                let text = trimmed.parse().ok().and_then(|at| self.strings.get(at));
                let text = text.ok_or_else(|| {
                    BookError::Broken(format!("{} names a text that is not there", self.name(cell)))
                })?;
                ReadCell::words(&unescaped(text))
            }
            Kind::Text => ReadCell::words(&unescaped(value)),
            Kind::Truth => ReadCell::Other(if trimmed == "0" { "FALSE" } else { "TRUE" }.to_owned()),
            Kind::Error => ReadCell::Other(trimmed.to_owned()),
            Kind::Day => ReadCell::iso(trimmed),
            Kind::Number => self.number(cell, trimmed)?,
        })
    }

    fn number(&self, cell: &Head, digits: &str) -> Result<ReadCell, BookError> {
        let shown = self.style.shown.get(cell.format).copied().unwrap_or_default();
        if shown == Shown::Number
            && let Some(plain) = ReadCell::plain_number(digits)
        {
            return Ok(plain);
        }
        let number: f64 =
            digits.parse().map_err(|_| BookError::Broken(format!("{} is no number", self.name(cell))))?;
        Ok(match shown {
            Shown::Number => ReadCell::number(number),
            Shown::Day => serial_day(number, self.style.is_1904),
            Shown::Time => ReadCell::Other(digits.to_owned()),
        })
    }

    fn name(&self, cell: &Head) -> String {
        super::cell_name(cell.column, self.row)
    }
}

/// The number of a row: the one it states, else the one after the last.
fn row_number(row: &BytesStart<'_>, last: u32) -> Result<u32, BookError> {
    let number = match attribute(row, "r") {
        Some(stated) => stated.trim().parse().ok(),
        None => Some(last + 1),
    };
    let number = number.filter(|number| (last + 1..=MOST_ROWS).contains(number));
    number.ok_or_else(|| BookError::Broken(format!("a row after row {last} has no number in order")))
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Truth,
    Error,
    Day,
}

/// What a cell says of itself.
struct Head {
    column: u16,
    kind: Kind,
    format: usize,
}

impl Head {
    fn of(element: &BytesStart<'_>, next: u16) -> Result<Self, BookError> {
        let mut head = Self { column: next, kind: Kind::Number, format: 0 };
        for attribute in element.attributes().with_checks(false).flatten() {
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "r" => {
                    head.column =
                        column(value).ok_or_else(|| BookError::Broken(format!("no cell: {value:.20}")))?
                }
                "s" => head.format = value.parse().unwrap_or(0),
                "t" => {
                    head.kind = match value {
                        "s" => Kind::Shared,
                        "str" | "inlineStr" => Kind::Text,
                        "b" => Kind::Truth,
                        "e" => Kind::Error,
                        "d" => Kind::Day,
                        _ => Kind::Number,
                    }
                }
                _ => {}
            }
        }
        if head.column >= MOST_COLUMNS {
            return Err(BookError::TooLarge);
        }
        Ok(head)
    }
}

/// Column from 0 of `D7`.
fn column(name: &str) -> Option<u16> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters
        .take(4)
        .fold(0_u32, |column, letter| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    column
        .checked_sub(1)
        .and_then(|column| u16::try_from(column).ok())
        .filter(|column| *column < MOST_COLUMNS)
}

/// What stands in a cell.
#[derive(Default)]
struct Body {
    value: String,
    formula: String,
    has_value: bool,
    has_formula: bool,
    /// The number of a formula that several cells share.
    shared: Option<String>,
    at: At,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum At {
    #[default]
    Nowhere,
    Value,
    Formula,
    Spoken,
}

impl Body {
    fn open(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "f" => {
                self.has_formula = true;
                self.shared = attribute(element, "si");
                self.at = At::Formula;
            }
            "v" => {
                self.has_value = true;
                self.at = At::Value;
            }
            "t" if self.at != At::Spoken => {
                self.has_value = true;
                self.at = At::Value;
            }
            "rPh" => self.at = At::Spoken,
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.at != At::Spoken || name == "rPh" {
            self.at = At::Nowhere;
        }
    }

    fn words(&mut self, event: &Event<'_>) {
        match self.at {
            At::Value => add_words(event, &mut self.value),
            At::Formula => add_words(event, &mut self.formula),
            At::Nowhere | At::Spoken => {}
        }
    }
}

/// Whether a formula names another file: a workbook writes each as its number in brackets.
fn names_a_file(formula: &str) -> bool {
    let number = |of: &str| !of.is_empty() && of.bytes().all(|byte| byte.is_ascii_digit());
    formula.split('[').skip(1).any(|rest| rest.split_once(']').is_some_and(|(of, _)| number(of)))
}
