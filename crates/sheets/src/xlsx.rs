//! Excel workbooks.

use std::io::Write;

use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use crate::cell::decimal;
use crate::{Cell, Column, Kind, SheetError, SheetWriter, check_length};

/// What the last sheet of a workbook says of it: what was exported, by whom, when, by which filter and rule, what
/// its measures mean. All words are the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Name of the sheets of rows; further ones get a number behind it.
    pub rows_sheet: String,
    /// Name of the sheet that holds `lines`.
    pub sheet: String,
    /// Labels and their values, one a line.
    pub lines: Vec<(String, String)>,
    /// The moment of export, in the programme's time zone; also written into the file's properties.
    pub created: DateTime,
    /// What every sheet bears at its head, and a CSV file in its last line; empty where nothing is asked for.
    pub mark: String,
}

/// Rows of a sheet, with its heading: the limit of the format.
const SHEET_ROWS: u32 = 1_048_576;
/// Excel refuses sheets with more links than this; further ones are plain text.
const SHEET_LINKS: u32 = 65_000;
/// Longest text of a cell, in characters.
const CELL_CHARS: usize = 32_767;
/// Excel keeps fifteen digits of a number; one with more is written as text, so that none is lost.
const NUMBER_DIGITS: u32 = 15;

/// Writes a workbook: rows go to a temporary file as they come, and to the target at the end.
pub struct XlsxWriter<W: Write + Send> {
    target: W,
    workbook: Workbook,
    columns: Vec<Column>,
    about: About,
    formats: Formats,
    /// Index of the sheet being written, its next row, and its links so far.
    sheet: usize,
    next_row: u32,
    links: u32,
    sheet_rows: u32,
}

/// Cell formats, made once a workbook.
struct Formats {
    heading: Format,
    heading_right: Format,
    date: Format,
    wrapped: Format,
    bold: Format,
    /// By number of decimals.
    numbers: Vec<Format>,
}

impl<W: Write + Send> XlsxWriter<W> {
    /// Begins a workbook.
    ///
    /// # Errors
    /// Where there is no room for temporary files.
    pub fn new(target: W, columns: &[Column], about: About) -> Result<Self, SheetError> {
        Self::with_sheet_rows(target, columns, about, SHEET_ROWS)
    }

    /// As [`XlsxWriter::new`], with sheets of fewer rows, so that a test can fill one.
    fn with_sheet_rows(target: W, columns: &[Column], about: About, rows: u32) -> Result<Self, SheetError> {
        let mut workbook = Workbook::new();
        let created = excel_day(about.created.date())
            .and_then(|day| day.and_hms(about.created.hour() as u16, about.created.minute() as u8, 0).ok());
        if let Some(created) = created {
            workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
        }
        let mut writer = XlsxWriter {
            target,
            workbook,
            columns: columns.to_vec(),
            about,
            formats: Formats::new(),
            sheet: 0,
            next_row: 0,
            links: 0,
            sheet_rows: rows,
        };
        writer.begin_sheet(0)?;
        Ok(writer)
    }

    fn begin_sheet(&mut self, index: usize) -> Result<(), SheetError> {
        let name = sheet_name(&self.about.rows_sheet, index);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        if !self.about.mark.is_empty() {
            // In a header `&` begins a command.
            sheet.set_header(format!("&C{}", self.about.mark.replace('&', "&&")));
        }
        for (at, column) in (0..).zip(&self.columns) {
            sheet.set_column_width(at, f64::from(column.width))?;
        }
        for (at, column) in (0..).zip(&self.columns) {
            let format = match column.kind {
                Kind::Number => &self.formats.heading_right,
                Kind::Text | Kind::Date => &self.formats.heading,
            };
            sheet.write_string_with_format(0, at, shortened(&column.heading), format)?;
        }
        (self.sheet, self.next_row, self.links) = (index, 1, 0);
        Ok(())
    }

    /// A filter on the headings of the sheet that is full or last.
    fn end_sheet(&mut self) -> Result<(), SheetError> {
        let last_row = self.next_row.saturating_sub(1);
        if let Some(last_column) = self.columns.len().checked_sub(1).and_then(|last| u16::try_from(last).ok())
        {
            self.workbook.worksheet_from_index(self.sheet)?.autofilter(0, 0, last_row, last_column)?;
        }
        Ok(())
    }

    fn write_about(&mut self) -> Result<(), SheetError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(&self.about.sheet, 0))?;
        sheet.set_column_width(0, 24)?;
        sheet.set_column_width(1, 90)?;
        for (row, (label, value)) in (0..).zip(&self.about.lines) {
            sheet.write_string_with_format(row, 0, shortened(label), &self.formats.bold)?;
            sheet.write_string_with_format(row, 1, shortened(value), &self.formats.wrapped)?;
        }
        Ok(())
    }
}

impl<W: Write + Send> SheetWriter for XlsxWriter<W> {
    fn row(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        check_length(self.columns.len(), cells.len())?;
        if self.next_row >= self.sheet_rows {
            self.end_sheet()?;
            self.begin_sheet(self.sheet + 1)?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        for (column, cell) in (0..).zip(cells) {
            if matches!(cell, Cell::Link { .. }) {
                self.links += 1;
            }
            write_cell(sheet, self.next_row, column, cell, &self.formats, self.links <= SHEET_LINKS)?;
        }
        self.next_row += 1;
        Ok(())
    }

    fn say(&mut self, lines: Vec<(String, String)>) {
        self.about.lines.extend(lines);
    }

    fn finish(mut self: Box<Self>) -> Result<(), SheetError> {
        self.end_sheet()?;
        self.write_about()?;
        self.workbook.save_to_writer(&mut self.target)?;
        Ok(self.target.flush()?)
    }
}

impl<W: Write + Send> std::fmt::Debug for XlsxWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxWriter").field("sheet", &self.sheet).field("next_row", &self.next_row).finish()
    }
}

impl Formats {
    fn new() -> Self {
        let heading = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
        let number = |decimals: usize| {
            let point = if decimals > 0 { "." } else { "" };
            Format::new().set_num_format(format!("#,##0{point}{}", "0".repeat(decimals)))
        };
        Formats {
            heading_right: heading.clone().set_align(FormatAlign::Right),
            heading,
            date: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            bold: Format::new().set_bold().set_align(FormatAlign::Top),
            numbers: (0..NUMBER_DIGITS as usize).map(number).collect(),
        }
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &Formats,
    may_link: bool,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, shortened(text))?,
        Cell::Number { mantissa, decimals } => match formats.numbers.get(*decimals as usize) {
            Some(format) if mantissa.unsigned_abs() < 10_u64.pow(NUMBER_DIGITS) => {
                let number = *mantissa as f64 / 10_f64.powi(*decimals as i32);
                sheet.write_number_with_format(row, column, number, format)?
            }
            _ => sheet.write_string(row, column, decimal(*mantissa, *decimals))?,
        },
        Cell::Date(day) => match excel_day(*day) {
            Some(date) => sheet.write_datetime_with_format(row, column, &date, &formats.date)?,
            None => sheet.write_string(row, column, day.to_string())?,
        },
        // An address that Excel cannot hold leaves the text.
        Cell::Link { text, url } if may_link && is_link(url) && !text.is_empty() => {
            sheet.write_url(row, column, Url::new(url).set_text(shortened(text)))?
        }
        Cell::Link { text, .. } => sheet.write_string(row, column, shortened(text))?,
    };
    Ok(())
}

/// Excel's calendar begins in 1900.
pub(crate) fn excel_day(day: Date) -> Option<ExcelDateTime> {
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, day.month() as u8, day.day() as u8).ok()
}

/// Whether an address is one of the web and short enough for the format.
fn is_link(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://")) && url.encode_utf16().count() <= 2_000
}

/// A text within what a cell can hold; a longer one ends in `…`.
pub(crate) fn shortened(text: &str) -> String {
    if text.len() <= CELL_CHARS || text.chars().nth(CELL_CHARS).is_none() {
        return text.to_owned();
    }
    text.chars().take(CELL_CHARS - 1).chain(['…']).collect()
}

/// A name that Excel takes for a sheet: at most 31 characters, without the characters it forbids; the first of
/// several sheets has no number.
pub(crate) fn sheet_name(name: &str, index: usize) -> String {
    let number = if index == 0 { String::new() } else { format!(" ({})", index + 1) };
    let is_allowed = |c: &char| !"[]:*?/\\'".contains(*c) && !c.is_control();
    let kept: String = name.chars().filter(is_allowed).take(31 - number.len()).collect();
    let kept = kept.trim();
    if kept.is_empty() { format!("Sheet{}", index + 1) } else { format!("{kept}{number}") }
}

#[cfg(test)]
mod tests;
