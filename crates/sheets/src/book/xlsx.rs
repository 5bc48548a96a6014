//! Rows of an .xlsx sheet, as they are unpacked.

use super::{BookError, MOST_COLUMNS, MOST_ROWS, ReadCell, Rows, SheetRow};
use calamine::{DataRef, Xlsx, XlsxCellReader, XlsxError, XlsxFormulaMetadata};
use std::io::{BufReader, Read, Seek};

/// An open workbook.
pub(super) type Workbook<R> = Xlsx<BufReader<R>>;

/// Opens a workbook that was looked through.
pub(super) fn open<R: Read + Seek>(source: R) -> Result<Workbook<R>, BookError> {
    calamine::Reader::new(BufReader::new(source)).map_err(|error| match error {
        XlsxError::Password => BookError::Encrypted,
        error => BookError::broken(error),
    })
}

/// The rows of a sheet.
pub(super) fn rows<'a, R: Read + Seek>(
    workbook: &'a mut Workbook<R>,
    sheet: &str,
) -> Result<Rows<'a>, BookError> {
    match workbook.worksheet_cells_reader(sheet) {
        Ok(reader) => Ok(Box::new(SheetRows { reader, next: None, last: 0, is_over: false })),
        // A sheet of a chart has no rows.
        Err(XlsxError::NotAWorksheet(_)) => Ok(Box::new(std::iter::empty())),
        Err(error) => Err(BookError::broken(error)),
    }
}

struct SheetRows<'a, R: Read + Seek> {
    reader: XlsxCellReader<'a, R>,
    /// The first cell of the row after.
    next: Option<(u32, u16, ReadCell)>,
    /// The row before, from 1.
    last: u32,
    is_over: bool,
}

impl<R: Read + Seek> SheetRows<'_, R> {
    /// The next cell that holds something: row from 1, column from 0.
    fn cell(&mut self) -> Result<Option<(u32, u16, ReadCell)>, BookError> {
        loop {
            if self.is_over {
                return Ok(None);
            }
            let record = self.reader.next_cell_with_formula_metadata().map_err(BookError::broken)?;
            let Some(record) = record else {
                self.is_over = true;
                return Ok(None);
            };
            let (row, column) = record.pos;
            let place = (row.checked_add(1).filter(|row| *row <= MOST_ROWS), u16::try_from(column).ok());
            let (Some(row), Some(column)) = place else {
                return Err(BookError::Broken("a cell lies outside of any sheet".into()));
            };
            if column >= MOST_COLUMNS {
                return Err(BookError::Broken("a cell lies outside of any sheet".into()));
            }
            let cell = match record.formula.as_ref() {
                None => value(record.value),
                Some(formula) if refers_elsewhere(formula) => ReadCell::Linked,
                Some(_) => match value(record.value) {
                    ReadCell::Empty => ReadCell::Unvalued,
                    cell => cell,
                },
            };
            if cell != ReadCell::Empty {
                return Ok(Some((row, column, cell)));
            }
        }
    }

    fn row(&mut self) -> Result<Option<SheetRow>, BookError> {
        let first = match self.next.take() {
            Some(cell) => cell,
            None => match self.cell()? {
                Some(cell) => cell,
                None => return Ok(None),
            },
        };
        let number = first.0;
        if number <= self.last {
            return Err(BookError::Broken(format!("row {number} stands behind row {}", self.last)));
        }
        self.last = number;
        let mut cells = vec![(first.1, first.2)];
        while let Some((row, column, cell)) = self.cell()? {
            if row != number {
                self.next = Some((row, column, cell));
                break;
            }
            cells.push((column, cell));
        }
        if !cells.is_sorted_by(|a, b| a.0 < b.0) {
            cells.sort_by_key(|(column, _)| *column);
            cells.dedup_by_key(|(column, _)| *column);
        }
        Ok(Some(SheetRow { number, cells }))
    }
}

impl<R: Read + Seek> Iterator for SheetRows<'_, R> {
    type Item = Result<SheetRow, BookError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.row().transpose();
        self.is_over |= !matches!(row, Some(Ok(_)));
        row
    }
}

/// Whether a formula takes its value from another file: `[1]Sheet1!A1`.
fn refers_elsewhere(formula: &XlsxFormulaMetadata) -> bool {
    let text = match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => formula,
        // As the formula that it repeats, whose value stands beside it.
        _ => return false,
    };
    // A workbook writes each other file as its number in brackets; names in brackets are those of a table.
    let number = |of: &str| !of.is_empty() && of.bytes().all(|byte| byte.is_ascii_digit());
    text.split('[').skip(1).any(|rest| rest.split_once(']').is_some_and(|(of, _)| number(of)))
}

fn value(value: DataRef<'_>) -> ReadCell {
    match value {
        DataRef::Empty => ReadCell::Empty,
        DataRef::Int(number) => ReadCell::Number(number.to_string()),
        DataRef::Float(number) => ReadCell::number(number),
        DataRef::String(text) => ReadCell::words(&text),
        DataRef::SharedString(text) => ReadCell::words(text),
        DataRef::Bool(is_true) => ReadCell::Other(if is_true { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(moment) => ReadCell::moment(&moment),
        DataRef::DateTimeIso(text) => ReadCell::iso(&text),
        DataRef::DurationIso(text) => ReadCell::Other(text),
        DataRef::Error(error) => ReadCell::Other(error.to_string()),
    }
}
