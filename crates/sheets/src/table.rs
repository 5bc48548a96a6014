//! A sheet for the office: title, one line of facts, a table under frozen heads, for print across one page wide; and behind it
//! a sheet that says what it is.

use crate::xlsx::{excel_day, sheet_name, shortened};
use crate::{About, Page, SheetError};
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

/// Numbers of paper sizes in the format: A3, A4.
const A3: u8 = 8;
const A4: u8 = 9;
/// The row of the heads; the title and the facts stand above.
const HEADS: u32 = 2;

/// A table to be printed and passed on. All words are the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSheet<'a> {
    /// Stands large over the whole width.
    pub title: &'a str,
    /// Whose it is, the day, the filter: one line under the title.
    pub facts: &'a str,
    /// The heads of the columns.
    pub heads: &'a [String],
    /// The widths of the columns in characters of the standard font, one a head.
    pub widths: &'a [u16],
    /// The lines; each has a text for every head. A text is never taken for a formula.
    pub rows: &'a [Vec<String>],
}

/// The bytes of a workbook with this table for this paper, and with `about` as its last sheet.
///
/// # Errors
/// [`SheetError::RowLength`] where heads, widths and rows differ in number; [`SheetError::Workbook`] where it cannot be put
/// together.
pub fn write_table(page: Page, table: &TableSheet<'_>, about: &About) -> Result<Vec<u8>, SheetError> {
    let columns = table.heads.len();
    crate::check_length(columns, table.widths.len())?;
    let mut workbook = Workbook::new();
    let created = excel_day(about.created.date())
        .and_then(|day| day.and_hms(about.created.hour() as u16, about.created.minute() as u8, 0).ok());
    if let Some(created) = created {
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(&about.rows_sheet, 0))?;
    lay_out(sheet, page, about, u16::try_from(columns).unwrap_or(u16::MAX))?;
    fill(sheet, table)?;
    let last = workbook.add_worksheet();
    last.set_name(sheet_name(&about.sheet, 0))?;
    last.set_column_width(0, 24)?;
    last.set_column_width(1, 90)?;
    let (bold, wrapped) = (top().set_bold(), top().set_text_wrap());
    for (row, (label, value)) in (0..).zip(&about.lines) {
        last.write_string_with_format(row, 0, shortened(label), &bold)?;
        last.write_string_with_format(row, 1, shortened(value), &wrapped)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn top() -> Format {
    Format::new().set_align(FormatAlign::Top)
}

fn lay_out(sheet: &mut Worksheet, page: Page, about: &About, columns: u16) -> Result<(), SheetError> {
    match page {
        Page::A4 => sheet.set_portrait().set_paper_size(A4),
        Page::A4Landscape => sheet.set_landscape().set_paper_size(A4),
        Page::A3Landscape => sheet.set_landscape().set_paper_size(A3),
    };
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_repeat_rows(HEADS, HEADS)?;
    sheet.set_freeze_panes(HEADS + 1, 0)?;
    sheet.set_footer("&C&P / &N");
    if !about.mark.is_empty() {
        // In a header `&` begins a command.
        sheet.set_header(format!("&C{}", about.mark.replace('&', "&&")));
    }
    if columns > 0 {
        sheet.set_print_area(0, 0, 1_048_575, columns - 1)?;
    }
    Ok(())
}

fn fill(sheet: &mut Worksheet, table: &TableSheet<'_>) -> Result<(), SheetError> {
    let title = Format::new().set_bold().set_font_size(18).set_align(FormatAlign::Center);
    let facts = Format::new().set_align(FormatAlign::Center);
    let head = top().set_bold().set_text_wrap().set_border(FormatBorder::Thin).set_align(FormatAlign::Center);
    let cell = top().set_text_wrap().set_border(FormatBorder::Thin);
    for (column, width) in (0..).zip(table.widths) {
        sheet.set_column_width(column, f64::from(*width))?;
    }
    let last = u16::try_from(table.heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
    for (row, text, format) in [(0, table.title, &title), (1, table.facts, &facts)] {
        if last > 0 {
            sheet.merge_range(row, 0, row, last, &shortened(text), format)?;
        } else {
            sheet.write_string_with_format(row, 0, shortened(text), format)?;
        }
    }
    sheet.set_row_height(0, 30)?;
    for (column, text) in (0..).zip(table.heads) {
        sheet.write_string_with_format(HEADS, column, shortened(text), &head)?;
    }
    for (row, texts) in (HEADS + 1..).zip(table.rows) {
        crate::check_length(table.heads.len(), texts.len())?;
        for (column, text) in (0..).zip(texts) {
            sheet.write_string_with_format(row, column, shortened(text), &cell)?;
        }
    }
    let last_row = HEADS + u32::try_from(table.rows.len()).unwrap_or(0);
    if !table.heads.is_empty() {
        sheet.autofilter(HEADS, 0, last_row, last)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::io::{Cursor, Read};

    #[test]
    fn a_table_has_its_title_heads_and_rows_lies_across_and_says_what_it_is() {
        let (heads, widths) = (["序号".to_owned(), "项目".to_owned()], [6, 30]);
        let rows = [vec!["1".to_owned(), "=1+1".to_owned()]];
        let table =
            TableSheet {
                title: "调度表", facts: "甲 · 乙", heads: &heads, widths: &widths, rows: &rows
            };
        let about = About {
            rows_sheet: "调度表".to_owned(),
            sheet: "说明".to_owned(),
            lines: vec![("用途".to_owned(), "工作调度数据".to_owned())],
            created: date(2026, 11, 22).at(8, 0, 0, 0),
            mark: String::new(),
        };
        let bytes = write_table(Page::A3Landscape, &table, &about).expect("written");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut part = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
            text
        };
        let book = part("xl/workbook.xml");
        assert!(book.contains("调度表") && book.contains("说明"), "{book}");
        let texts = part("xl/sharedStrings.xml");
        assert!(
            texts.contains("项目") && texts.contains("=1+1") && texts.contains("工作调度数据"),
            "{texts}"
        );
        let xml = part("xl/worksheets/sheet1.xml");
        assert!(!xml.contains("<f>"), "no formula: {xml}");
        assert!(xml.contains("paperSize=\"8\"") && xml.contains("orientation=\"landscape\""), "{xml}");
        assert!(xml.contains("state=\"frozen\"") && xml.contains("ySplit=\"3\""), "{xml}");
        let short = [vec!["1".to_owned()]];
        let wrong = TableSheet { rows: &short, ..table };
        assert!(matches!(write_table(Page::A4, &wrong, &about), Err(SheetError::RowLength { .. })));
    }
}
