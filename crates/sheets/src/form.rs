//! The sheet of a reporting form: sent out for filling in, and read when it comes back.

use crate::SheetError;
use rust_xlsxwriter::{
    Color, DataValidation, Format, FormatAlign, FormatBorder, ProtectionOptions, Workbook, Worksheet,
};

/// Columns of a form: number, name, unit, value, none or unknown, remark; behind them the key of the line.
pub const FORM_COLUMNS: usize = 6;
/// The row of the headings, from 0; the lines follow.
pub(crate) const HEADING_ROW: u32 = 4;
/// The cell that holds the code of the filing.
pub(crate) const CODE_AT: (u32, u16) = (1, 5);
/// The column of the keys.
pub(crate) const KEY_COLUMN: u16 = 6;
/// The key of the row behind the lines.
pub(crate) const END: &str = "END";
/// The first letter of a line's key.
pub(crate) const KEY: char = 'L';
const VALUE_COLUMN: u16 = 3;
const STATE_COLUMN: u16 = 4;
const NOTE_COLUMN: u16 = 5;
const WIDTHS: [f64; FORM_COLUMNS] = [6.0, 34.0, 12.0, 18.0, 14.0, 28.0];

/// One form, with all its words. Everything but values, choices and remarks is locked.
#[derive(Debug, Clone, Default)]
pub struct FormSheet {
    /// Name of the sheet within the file.
    pub name: String,
    /// Code of the filing: what the sheet is known by when it comes back.
    pub code: String,
    /// The label in front of the code.
    pub code_label: String,
    /// The heading.
    pub title: String,
    /// Whose form it is.
    pub unit: String,
    /// Period, day due, who issued it.
    pub facts: String,
    /// How to fill it in.
    pub hint: String,
    /// Headings of the columns.
    pub headings: [String; FORM_COLUMNS],
    /// The words for "there is none" and "not known".
    pub choices: [String; 2],
    /// The lines.
    pub lines: Vec<FormLine>,
    /// Who filled it in, who reviewed it, who answers for it.
    pub signatures: [String; 3],
    /// The words in the box for the seal.
    pub seal: String,
}

/// One line of a form.
#[derive(Debug, Clone, Default)]
pub struct FormLine {
    /// What the line is known by when the sheet comes back.
    pub key: i64,
    /// What is asked for.
    pub label: String,
    /// In which unit.
    pub unit: String,
    /// What is known of it already: a decimal number, or empty.
    pub value: String,
    /// One of the words for "none" and "not known", or empty.
    pub state: String,
    /// A remark.
    pub note: String,
}

struct Formats {
    title: Format,
    plain: Format,
    small: Format,
    heading: Format,
    locked: Format,
    open: Format,
    number: Format,
    key: Format,
    seal: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = Format::new()
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        let open = cell.clone().set_unlocked().set_background_color(Color::RGB(0x00FF_FBE6));
        Self {
            title: Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center),
            plain: Format::new().set_align(FormatAlign::Left),
            small: Format::new().set_font_size(9).set_text_wrap().set_align(FormatAlign::Top),
            heading: cell.clone().set_bold().set_align(FormatAlign::Center),
            locked: cell,
            number: open.clone().set_align(FormatAlign::Right).set_num_format("#,##0.########"),
            open,
            key: Format::new().set_font_color(Color::Gray).set_font_size(8),
            seal: Format::new()
                .set_border(FormatBorder::Dashed)
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
        }
    }
}

/// Writes forms as one workbook, a sheet each.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn write_forms(forms: &[FormSheet]) -> Result<Vec<u8>, SheetError> {
    let mut workbook = Workbook::new();
    let formats = Formats::new();
    let mut names = Vec::new();
    for form in forms {
        let sheet = workbook.add_worksheet();
        sheet.set_name(free_name(&form.name, &mut names))?;
        write(sheet, form, &formats)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// A name that no sheet of the file has yet.
fn free_name(name: &str, taken: &mut Vec<String>) -> String {
    let name = (0..)
        .map(|index| crate::xlsx::sheet_name(name, index))
        .find(|name| !taken.iter().any(|other| other.eq_ignore_ascii_case(name)))
        .unwrap_or_default();
    taken.push(name.clone());
    name
}

fn write(sheet: &mut Worksheet, form: &FormSheet, formats: &Formats) -> Result<(), SheetError> {
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.merge_range(0, 0, 0, 5, &form.title, &formats.title)?;
    sheet.merge_range(1, 0, 1, 3, &form.unit, &formats.plain)?;
    sheet.write_string_with_format(CODE_AT.0, CODE_AT.1 - 1, &form.code_label, &formats.key)?;
    sheet.write_string_with_format(CODE_AT.0, CODE_AT.1, &form.code, &formats.plain)?;
    sheet.merge_range(2, 0, 2, 5, &form.facts, &formats.plain)?;
    sheet.merge_range(3, 0, 3, 5, &form.hint, &formats.small)?;
    sheet.set_row_height(3, 28.0)?;
    for (column, heading) in (0..).zip(&form.headings) {
        sheet.write_string_with_format(HEADING_ROW, column, heading, &formats.heading)?;
    }
    let mut row = HEADING_ROW + 1;
    for (number, line) in (1_u32..).zip(&form.lines) {
        write_line(sheet, row, (number, line), formats)?;
        row += 1;
    }
    if row > HEADING_ROW + 1 {
        let choices = DataValidation::new().allow_list_strings(&form.choices)?;
        sheet.add_data_validation(HEADING_ROW + 1, STATE_COLUMN, row - 1, STATE_COLUMN, &choices)?;
    }
    sheet.write_string_with_format(row, KEY_COLUMN, END, &formats.key)?;
    sheet.set_column_hidden(KEY_COLUMN)?;
    write_foot(sheet, row + 1, form, formats)?;
    sheet.set_freeze_panes(HEADING_ROW + 1, 0)?;
    sheet.protect_with_options(&ProtectionOptions {
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    });
    Ok(())
}

fn write_line(
    sheet: &mut Worksheet,
    row: u32,
    (number, line): (u32, &FormLine),
    formats: &Formats,
) -> Result<(), SheetError> {
    sheet.write_number_with_format(row, 0, number, &formats.locked)?;
    sheet.write_string_with_format(row, 1, &line.label, &formats.locked)?;
    sheet.write_string_with_format(row, 2, &line.unit, &formats.locked)?;
    match line.value.parse::<f64>() {
        Ok(value) => sheet.write_number_with_format(row, VALUE_COLUMN, value, &formats.number)?,
        Err(_) => sheet.write_blank(row, VALUE_COLUMN, &formats.number)?,
    };
    for (column, text) in [(STATE_COLUMN, &line.state), (NOTE_COLUMN, &line.note)] {
        match text.is_empty() {
            true => sheet.write_blank(row, column, &formats.open)?,
            false => sheet.write_string_with_format(row, column, text, &formats.open)?,
        };
    }
    sheet.write_string_with_format(row, KEY_COLUMN, format!("{KEY}{}", line.key), &formats.key)?;
    Ok(())
}

/// The line for names, and the box for the seal.
fn write_foot(
    sheet: &mut Worksheet,
    row: u32,
    form: &FormSheet,
    formats: &Formats,
) -> Result<(), SheetError> {
    let [filled, reviewed, answers] = &form.signatures;
    let open = formats.plain.clone().set_unlocked().set_border_bottom(FormatBorder::Thin);
    for (at, label) in (0..).zip([filled, reviewed, answers]) {
        sheet.merge_range(row + at * 2, 0, row + at * 2, 1, label, &formats.plain)?;
        sheet.merge_range(row + at * 2, 2, row + at * 2, 3, "", &open)?;
    }
    sheet.merge_range(row, 4, row + 4, 5, &form.seal, &formats.seal)?;
    Ok(())
}
