//! Reading a workbook that somebody sends: bounded, streaming, and without trusting anything it says of itself.

use crate::form::{CODE_AT, END, FORM_COLUMNS, HEADING_ROW, KEY, KEY_COLUMN};
use calamine::{DataRef, Reader, Xlsx, XlsxError, open_workbook_from_rs};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use thiserror::Error;
use zip::ZipArchive;

/// Bytes that the parts of a workbook may have in all, unpacked.
const UNPACKED_BYTES: u64 = 32 << 20;
/// Parts, sheets and cells that are looked at.
const PARTS: usize = 2_000;
const SHEETS: usize = 600;
const CELLS: usize = 200_000;
/// The last row of a form that is looked at.
const ROWS: u32 = 1_000;

/// Why a file is no workbook that can be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormError {
    /// It is no .xlsx file.
    #[error("not an .xlsx workbook")]
    NotWorkbook,
    /// It is encrypted, or an .xls file of before 2007.
    #[error("encrypted, or an old .xls file")]
    Encrypted,
    /// It holds macros.
    #[error("holds macros")]
    Macros,
    /// It unpacks to more than a form can be.
    #[error("unpacks to too much")]
    TooLarge,
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Broken(String),
}

impl FormError {
    /// The stable code of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotWorkbook => "not-xlsx",
            Self::Encrypted => "encrypted-xlsx",
            Self::Macros => "macros",
            Self::TooLarge => "zip-bomb",
            Self::Broken(_) => "broken-xlsx",
        }
    }
}

/// A sheet that may be a form, as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadForm {
    /// Name of the sheet.
    pub sheet: String,
    /// What stands where the code of a filing should; may be empty.
    pub code: String,
    /// The headings of the columns.
    pub headings: Vec<String>,
    /// The rows below them that hold anything, up to the end of the form.
    pub rows: Vec<ReadRow>,
    /// Whether the end of the form was found.
    pub ended: bool,
}

/// A row of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadRow {
    /// Its number as the program that made it shows it, from 1.
    pub row: u32,
    /// The key of its line; none for a row that the form does not have.
    pub key: Option<i64>,
    /// What its cells hold, column by column.
    pub cells: [ReadCell; FORM_COLUMNS],
}

/// What a cell holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ReadCell {
    /// Nothing.
    #[default]
    Empty,
    /// A text.
    Text(String),
    /// A number, in decimal digits.
    Number(String),
    /// A formula that was saved without its value.
    Unvalued,
    /// A formula that takes its value from another file.
    Linked,
    /// A date, a truth value or an error.
    Other(String),
}

impl ReadCell {
    /// What it says, as text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Empty | Self::Unvalued | Self::Linked => "",
            Self::Text(text) | Self::Number(text) | Self::Other(text) => text,
        }
    }
}

/// The address of a cell of a form's row, such as `D7`.
#[must_use]
pub fn cell_address(column: usize, row: u32) -> String {
    let letter =
        u8::try_from(column).ok().and_then(|column| b'A'.checked_add(column)).map_or('?', char::from);
    format!("{letter}{row}")
}

/// Every text that a workbook holds anywhere, part by part: cells, comments, names, properties. For what must be looked
/// for before bytes are stored.
///
/// # Errors
/// When it is no workbook, is encrypted, holds macros, or unpacks to more than 32 MiB.
pub fn workbook_texts(bytes: &[u8]) -> Result<Vec<String>, FormError> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(FormError::Encrypted);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| FormError::NotWorkbook)?;
    if archive.len() > PARTS {
        return Err(FormError::TooLarge);
    }
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(|name| name.to_ascii_lowercase()))
        .collect::<Result<_, _>>()
        .map_err(|_| FormError::NotWorkbook)?;
    if !names.iter().any(|name| name == "xl/workbook.xml") {
        return Err(FormError::NotWorkbook);
    }
    if names.iter().any(|name| name.contains("vbaproject") || name.starts_with("xl/macrosheets")) {
        return Err(FormError::Macros);
    }
    let mut left = UNPACKED_BYTES;
    let mut texts = Vec::new();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| FormError::Broken(error.to_string()))?;
        let mut unpacked = Vec::new();
        // What a part says of its own size is not believed.
        let read = part.take(left + 1).read_to_end(&mut unpacked);
        let read = read.map_err(|error| FormError::Broken(error.to_string()))? as u64;
        left = left.checked_sub(read).ok_or(FormError::TooLarge)?;
        texts.push(without_tags(&String::from_utf8_lossy(&unpacked)));
    }
    Ok(texts)
}

/// The words of a part: runs of one string stay together, everything else is a line of its own.
fn without_tags(xml: &str) -> String {
    let mut text = String::with_capacity(xml.len() / 2);
    for piece in xml.split('<') {
        let (tag, words) = piece.split_once('>').unwrap_or(("", piece));
        let tag = tag.trim_start_matches('/');
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        if !matches!(
            name,
            "r" | "t" | "rPr" | "b" | "sz" | "color" | "rFont" | "family" | "charset" | "scheme"
        ) && !text.ends_with('\n')
        {
            text.push('\n');
        }
        text.push_str(words);
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Reads the sheets of a workbook that [`workbook_texts`] has let through.
///
/// # Errors
/// When it cannot be read.
pub fn read_forms(bytes: &[u8]) -> Result<Vec<ReadForm>, FormError> {
    let broken = |error: XlsxError| FormError::Broken(error.to_string());
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let mut left = CELLS;
    let mut forms = Vec::new();
    for name in book.sheet_names().into_iter().take(SHEETS) {
        let cells = match cells(&mut book, &name, &mut left) {
            // A sheet of charts has no cells.
            Err(XlsxError::WorksheetNotFound(_) | XlsxError::NotAWorksheet(_)) => continue,
            cells => cells.map_err(broken)?,
        };
        forms.push(form(name, &cells));
    }
    Ok(forms)
}

type Cells = BTreeMap<(u32, u16), ReadCell>;

/// The cells that a form can have, one by one: a workbook may say that it has a thousand million.
fn cells(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, left: &mut usize) -> Result<Cells, XlsxError> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut cells = Cells::new();
    while let Some(cell) = reader.next_cell_with_formula()? {
        let Some(rest) = left.checked_sub(1) else { break };
        *left = rest;
        let (row, column) = cell.pos;
        if row > ROWS || column > u32::from(KEY_COLUMN) {
            continue;
        }
        let value = match cell.value {
            _ if cell.formula.as_deref().is_some_and(is_linked) => ReadCell::Linked,
            DataRef::Empty if cell.formula.is_some() => ReadCell::Unvalued,
            DataRef::Empty => continue,
            DataRef::String(text) => words(&text),
            DataRef::SharedString(text) => words(text),
            DataRef::Int(number) => ReadCell::Number(number.to_string()),
            DataRef::Float(number) => ReadCell::Number(digits(number)),
            other => ReadCell::Other(format!("{other:?}")),
        };
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        cells.insert((row, column), value);
    }
    Ok(cells)
}

/// Whether a formula names another file: a workbook writes each as its number in brackets.
fn is_linked(formula: &str) -> bool {
    let number = |of: &str| !of.is_empty() && of.bytes().all(|byte| byte.is_ascii_digit());
    formula.split('[').skip(1).any(|rest| rest.split_once(']').is_some_and(|(of, _)| number(of)))
}

fn words(text: &str) -> ReadCell {
    let text = text.trim();
    if text.is_empty() { ReadCell::Empty } else { ReadCell::Text(text.to_owned()) }
}

/// A number to the fifteen digits that spreadsheets keep, without the dust of binary fractions.
fn digits(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

fn form(sheet: String, cells: &Cells) -> ReadForm {
    let at = |row: u32, column: usize| {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        cells.get(&(row, column)).cloned().unwrap_or_default()
    };
    let mut form = ReadForm {
        sheet,
        code: at(CODE_AT.0, usize::from(CODE_AT.1)).text().to_owned(),
        headings: (0..FORM_COLUMNS).map(|column| at(HEADING_ROW, column).text().to_owned()).collect(),
        ..ReadForm::default()
    };
    let last = cells.keys().map(|(row, _)| *row).max().unwrap_or(0);
    for row in HEADING_ROW + 1..=last {
        let key = at(row, usize::from(KEY_COLUMN));
        if key.text() == END {
            form.ended = true;
            break;
        }
        let own = std::array::from_fn(|column| at(row, column));
        if key == ReadCell::Empty && own.iter().all(|cell| *cell == ReadCell::Empty) {
            continue;
        }
        let key = key.text().strip_prefix(KEY).and_then(|number| number.parse().ok());
        form.rows.push(ReadRow { row: row + 1, key, cells: own });
    }
    form
}
