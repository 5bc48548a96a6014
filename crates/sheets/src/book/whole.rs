//! Workbooks of Excel 97 to 2003, read as a whole: they hold 65,536 rows at most.

use super::{Book, BookError, Format, MOST_CELLS, Merge, ReadCell, SheetHead, SheetRow, Source};
use calamine::{Data, Dimensions, ExcelDateTime, Reader, SheetVisible, Xls, XlsError};
use std::io::{BufReader, Read, Seek, SeekFrom};

/// Bytes of a file that is read as a whole.
const MOST_BYTES: u64 = 200 << 20;

/// Opens an old workbook, or says that what looks like one is encrypted.
pub(super) fn xls<R: Read + Seek>(mut source: R, text: &mut dyn FnMut(&str)) -> Result<Book<R>, BookError> {
    let mut bytes = Vec::new();
    source.by_ref().take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(BookError::broken)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(BookError::TooLarge);
    }
    source.seek(SeekFrom::Start(0)).map_err(BookError::broken)?;
    // Names of the streams of a compound file are in UTF-16.
    if has_name(&bytes, "EncryptedPackage") {
        return Err(BookError::Encrypted);
    }
    if has_name(&bytes, "_VBA_PROJECT") {
        return Err(BookError::Macros);
    }
    if !has_name(&bytes, "Workbook") && !has_name(&bytes, "Book") {
        return Err(BookError::NotSheet);
    }
    // The reader of this old format trusts what a file says of itself more than the others do.
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&bytes)));
    let (sheets, rows) = read.map_err(|_| BookError::Broken("the reader gave up".into()))??;
    for (head, rows) in sheets.iter().zip(&rows) {
        text(&head.name);
        for (_, cell) in rows.iter().flat_map(|row| &row.cells) {
            text(&cell.text());
        }
    }
    Ok(Book { format: Format::Xls, sheets, source: Source::Whole(rows) })
}

fn has_name(bytes: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wide.len()).any(|window| window == wide)
}

/// Sheets, each with its rows.
type Sheets = (Vec<SheetHead>, Vec<Vec<SheetRow>>);

fn read(bytes: &[u8]) -> Result<Sheets, BookError> {
    let workbook: Result<Xls<_>, XlsError> = Xls::new(BufReader::new(std::io::Cursor::new(bytes)));
    let mut workbook = workbook.map_err(|error| match error {
        XlsError::Password => BookError::Encrypted,
        error => BookError::broken(error),
    })?;
    let (mut sheets, mut all) = (Vec::new(), Vec::new());
    let mut left = MOST_CELLS;
    for of in workbook.sheets_metadata().to_vec() {
        let mut head = SheetHead { is_hidden: of.visible != SheetVisible::Visible, ..SheetHead::default() };
        head.merges = workbook
            .merge_cells_by_sheet_name(&of.name)
            .unwrap_or_default()
            .iter()
            .filter_map(merge)
            .collect();
        head.name = of.name;
        let range = workbook.worksheet_range(&head.name).map_err(BookError::broken)?;
        let (top, start) = range.start().unwrap_or((0, 0));
        let mut rows = Vec::new();
        for (at, row) in range.rows().enumerate() {
            let cell = |(at, data): (usize, &Data)| {
                let column = u16::try_from(start as usize + at).ok()?;
                Some((column, value(data))).filter(|(_, cell)| *cell != ReadCell::Empty)
            };
            let cells: Vec<(u16, ReadCell)> = row.iter().enumerate().filter_map(cell).collect();
            left = left.checked_sub(cells.len()).ok_or(BookError::TooLarge)?;
            if !cells.is_empty() {
                rows.push(SheetRow { number: top + u32::try_from(at).unwrap_or(0) + 1, cells });
            }
        }
        sheets.push(head);
        all.push(rows);
    }
    Ok((sheets, all))
}

fn merge(of: &Dimensions) -> Option<Merge> {
    let column = |column: u32| u16::try_from(column).ok();
    Some(Merge {
        top: of.start.0 + 1,
        bottom: of.end.0 + 1,
        left: column(of.start.1)?,
        right: column(of.end.1)?,
    })
}

fn value(data: &Data) -> ReadCell {
    match data {
        Data::Empty => ReadCell::Empty,
        Data::Int(number) => ReadCell::Number(number.to_string()),
        Data::Float(number) => ReadCell::number(*number),
        Data::String(text) => ReadCell::words(text),
        Data::Bool(is_true) => ReadCell::Other(if *is_true { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(moment) => day(moment),
        Data::DateTimeIso(text) => ReadCell::iso(text),
        Data::DurationIso(text) => ReadCell::Other(text.clone()),
        Data::Error(error) => ReadCell::Other(error.to_string()),
    }
}

/// The day of a moment. The 29th of February 1900, which only Excel knows, is no day.
fn day(moment: &ExcelDateTime) -> ReadCell {
    if moment.is_duration() || !(1.0..2_958_466.0).contains(&moment.as_f64()) {
        return ReadCell::number(moment.as_f64());
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    match parts {
        (Ok(y), Ok(m), Ok(d)) => jiff::civil::Date::new(y, m, d)
            .map_or_else(|_| ReadCell::Other(format!("{year:04}-{month:02}-{day:02}")), ReadCell::Day),
        _ => ReadCell::Other(moment.as_f64().to_string()),
    }
}
