//! Reading the forms of a workbook that somebody sends back.

use crate::book::{Book, BookError, Format, ReadCell, SheetRow};
use crate::form::{CODE_AT, END, FORM_COLUMNS, HEADING_ROW, KEY, KEY_COLUMN};
use std::collections::BTreeMap;
use std::io::Cursor;
use thiserror::Error;

/// Bytes that the parts of a workbook may have in all, unpacked.
const UNPACKED_BYTES: u64 = 32 << 20;
/// Sheets and cells that are looked at.
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
    /// Another file is embedded in it.
    #[error("embeds a file: {0}")]
    Embedded(String),
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
            Self::Embedded(_) => "embedded-file",
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

/// The address of a cell of a form's row, such as `D7`.
#[must_use]
pub fn cell_address(column: usize, row: u32) -> String {
    let letter =
        u8::try_from(column).ok().and_then(|column| b'A'.checked_add(column)).map_or('?', char::from);
    format!("{letter}{row}")
}

impl From<BookError> for FormError {
    fn from(error: BookError) -> Self {
        match error {
            BookError::NotSheet | BookError::OldXml => Self::NotWorkbook,
            BookError::Encrypted => Self::Encrypted,
            BookError::Macros => Self::Macros,
            BookError::Embedded(part) => Self::Embedded(part),
            BookError::TooLarge => Self::TooLarge,
            BookError::Broken(what) => Self::Broken(what),
        }
    }
}

/// Reads the sheets of a workbook; `text` is told every text that stands anywhere in it, before any of it is used.
///
/// # Errors
/// When it is no .xlsx workbook, is encrypted, holds macros, unpacks to more than 32 MiB, or cannot be read.
pub fn read_forms(bytes: &[u8], text: &mut dyn FnMut(&str)) -> Result<Vec<ReadForm>, FormError> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(FormError::Encrypted);
    }
    if !bytes.starts_with(b"PK") {
        return Err(FormError::NotWorkbook);
    }
    let mut book = Book::open_within(Cursor::new(bytes), UNPACKED_BYTES, text)?;
    if book.format != Format::Xlsx {
        return Err(FormError::NotWorkbook);
    }
    let mut left = CELLS;
    let mut forms = Vec::new();
    for at in 0..book.sheets.len().min(SHEETS) {
        let name = book.sheets[at].name.clone();
        let mut cells = Cells::new();
        for row in book.rows(at)? {
            if !keep(&mut cells, row?, &mut left) {
                break;
            }
        }
        forms.push(form(name, &cells));
    }
    Ok(forms)
}

/// Cells by row and column from 0.
type Cells = BTreeMap<(u32, u16), ReadCell>;

/// Keeps the cells of a row that a form can have; whether there may be more.
fn keep(cells: &mut Cells, row: SheetRow, left: &mut usize) -> bool {
    let at = row.number - 1;
    for (column, cell) in row.cells.into_iter().filter(|(column, _)| *column <= KEY_COLUMN) {
        let Some(rest) = left.checked_sub(1) else { return false };
        *left = rest;
        cells.insert((at, column), cell);
    }
    at < ROWS
}

fn form(sheet: String, cells: &Cells) -> ReadForm {
    let at = |row: u32, column: usize| {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        cells.get(&(row, column)).cloned().unwrap_or_default()
    };
    let mut form = ReadForm {
        sheet,
        code: at(CODE_AT.0, usize::from(CODE_AT.1)).text().into_owned(),
        headings: (0..FORM_COLUMNS).map(|column| at(HEADING_ROW, column).text().into_owned()).collect(),
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
