//! Pages of HTML with tables, which systems save as .xls: each table is a sheet.

use super::{
    Book, BookError, Format, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Merge, ReadCell, SheetHead, SheetRow,
    Source,
};
use encoding_rs::{Encoding, GB18030, UTF_8};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use std::collections::BTreeMap;
use std::io::{Read, Seek};

/// Bytes of a page.
const MOST_BYTES: u64 = 100 << 20;
/// Sheets of a page.
const TABLES: usize = 1_000;

/// Whether a file begins as a page does.
pub(super) fn is_page(head: &[u8]) -> bool {
    let (text, ..) = UTF_8.decode(&head[..head.len().min(4_096)]);
    let text = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    let begins = ["<!doctype html", "<html", "<table", "<?xml", "<meta", "<head", "<style"];
    begins.iter().any(|tag| text.starts_with(tag)) && (text.contains("<html") || text.contains("<table"))
}

/// Whether a file begins as a workbook that Excel 2003 saved in XML: its `<Table>` is none of a page.
pub(super) fn is_old_xml(head: &[u8]) -> bool {
    let (text, ..) = UTF_8.decode(&head[..head.len().min(4_096)]);
    text.contains("urn:schemas-microsoft-com:office:spreadsheet") && text.contains("<Workbook")
}

/// Reads a page.
pub(super) fn open<R: Read + Seek>(source: R, text: &mut dyn FnMut(&str)) -> Result<Book<R>, BookError> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(BookError::broken)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(BookError::TooLarge);
    }
    let (page, ..) = encoding_of(&bytes).decode(&bytes);
    let mut tables = Tables { left: MOST_CELLS, ..Tables::default() };
    for token in Tokenizer::new_with_emitter(page.as_ref(), DefaultEmitter::default()) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                for value in tag.attributes.values().filter(|value| value.len() >= 6) {
                    text(&String::from_utf8_lossy(value));
                }
                tables.start(&tag, text)?;
            }
            Token::EndTag(tag) => tables.end(&tag.name, text)?,
            Token::String(words) => {
                let words = String::from_utf8_lossy(&words.value);
                text(&words);
                tables.text.push_str(&words);
            }
            Token::Comment(words) => text(&String::from_utf8_lossy(&words.value)),
            _ => {}
        }
    }
    tables.depth = tables.depth.min(1);
    tables.end(b"table", text)?;
    if tables.heads.is_empty() {
        return Err(BookError::NotSheet);
    }
    Ok(Book { format: Format::Html, sheets: tables.heads, source: Source::Whole(tables.rows) })
}

/// What the page says of its encoding, else what it is.
fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).to_ascii_lowercase();
    let said = head.split_once("charset=").map(|(_, rest)| {
        let rest = rest.trim_start_matches(['"', '\'']);
        rest.split(['"', '\'', ';', '>', ' ', '/']).next().unwrap_or_default().to_owned()
    });
    let said = said.and_then(|label| Encoding::for_label(label.as_bytes()));
    match said {
        Some(encoding) if encoding != UTF_8 => encoding,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => GB18030,
    }
}

#[derive(Default)]
struct Tables {
    heads: Vec<SheetHead>,
    rows: Vec<Vec<SheetRow>>,
    left: usize,
    /// Tables that the place lies in: of nested ones only the outermost is a sheet.
    depth: usize,
    row: u32,
    column: u16,
    cells: Vec<(u16, ReadCell)>,
    in_row: bool,
    in_cell: bool,
    text: String,
    /// Columns that cells of rows above reach into, with the last row they do.
    covered: BTreeMap<u16, u32>,
    span: (u32, u16),
}

impl Tables {
    fn start(&mut self, tag: &StartTag<()>, text: &mut dyn FnMut(&str)) -> Result<(), BookError> {
        let name: &[u8] = &tag.name;
        match name {
            b"table" => {
                self.depth += 1;
                if self.depth == 1 {
                    if self.heads.len() == TABLES {
                        return Err(BookError::TooLarge);
                    }
                    self.heads.push(SheetHead::default());
                    self.rows.push(Vec::new());
                    (self.row, self.covered) = (0, BTreeMap::new());
                }
            }
            b"tr" if self.depth == 1 => {
                self.end_row(text)?;
                self.begin_row()?;
            }
            b"td" | b"th" if self.depth == 1 => {
                self.end_cell(text)?;
                if !self.in_row {
                    self.begin_row()?;
                }
                self.in_cell = true;
                self.text.clear();
                let number = |name: &[u8]| {
                    let value = tag.attributes.iter().find(|(key, _)| key.as_slice() == name)?.1;
                    std::str::from_utf8(value).ok()?.trim().parse::<u32>().ok()
                };
                let down = number(b"rowspan").unwrap_or(1).clamp(1, MOST_ROWS);
                let right = number(b"colspan").unwrap_or(1).clamp(1, u32::from(MOST_COLUMNS));
                self.span = (down, u16::try_from(right).unwrap_or(1));
            }
            b"br" => self.text.push('\n'),
            _ => {}
        }
        Ok(())
    }

    fn begin_row(&mut self) -> Result<(), BookError> {
        (self.row, self.column, self.in_row) = (self.row + 1, 0, true);
        if self.row > MOST_ROWS { Err(BookError::TooLarge) } else { Ok(()) }
    }

    fn end(&mut self, name: &[u8], text: &mut dyn FnMut(&str)) -> Result<(), BookError> {
        match name {
            b"td" | b"th" if self.depth == 1 => self.end_cell(text),
            b"tr" if self.depth == 1 => self.end_row(text),
            b"table" => {
                if self.depth == 1 {
                    self.end_row(text)?;
                }
                self.depth = self.depth.saturating_sub(1);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end_cell(&mut self, text: &mut dyn FnMut(&str)) -> Result<(), BookError> {
        if !std::mem::take(&mut self.in_cell) {
            return Ok(());
        }
        while self.covered.get(&self.column).is_some_and(|last| *last >= self.row) {
            self.column += 1;
        }
        if self.column < MOST_COLUMNS {
            self.span()?;
            let words = self.text.replace('\u{a0}', " ");
            text(&words);
            let cell = ReadCell::words(&words);
            if cell != ReadCell::Empty {
                self.left = self.left.checked_sub(1).ok_or(BookError::TooLarge)?;
                self.cells.push((self.column, cell));
            }
            self.column = self.column.saturating_add(self.span.1).min(MOST_COLUMNS);
        }
        self.text.clear();
        Ok(())
    }

    /// Notes what the cell that ends reaches over.
    fn span(&mut self) -> Result<(), BookError> {
        let (down, right) = self.span;
        let last = self.column.saturating_add(right - 1).min(MOST_COLUMNS - 1);
        let bottom = self.row.saturating_add(down - 1).min(MOST_ROWS);
        if down > 1 {
            // A page of a few bytes must not cover a million cells again and again.
            self.left = self.left.checked_sub(usize::from(last - self.column)).ok_or(BookError::TooLarge)?;
            self.covered.extend((self.column..=last).map(|column| (column, bottom)));
        }
        if (down > 1 || right > 1)
            && let Some(head) = self.heads.last_mut()
        {
            head.merges.push(Merge { top: self.row, bottom, left: self.column, right: last });
        }
        Ok(())
    }

    fn end_row(&mut self, text: &mut dyn FnMut(&str)) -> Result<(), BookError> {
        self.end_cell(text)?;
        self.in_row = false;
        let cells = std::mem::take(&mut self.cells);
        if let (false, Some(rows)) = (cells.is_empty(), self.rows.last_mut()) {
            rows.push(SheetRow { number: self.row, cells });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_page_that_was_saved_as_a_workbook_is_read() {
        let page = "<html><head><meta charset=\"gb2312\"></head><body><table><tr><th rowspan=2>项目</th><th colspan=2>投资</th></tr>
            <tr><td>计划</td><td>完成</td></tr><tr><td>砾石&amp;光伏</td><td>1,200</td><td></td></tr></table></body></html>";
        let (bytes, ..) = GB18030.encode(page);
        let mut told = String::new();
        let mut book =
            Book::open(Cursor::new(bytes.into_owned()), &mut |text| told.push_str(text)).expect("a page");
        assert_eq!(book.format, Format::Html);
        assert!(told.contains("砾石&光伏"));
        assert_eq!(
            book.sheets[0].merges,
            [Merge { top: 1, bottom: 2, left: 0, right: 0 }, Merge { top: 1, bottom: 1, left: 1, right: 2 }]
        );
        let rows: Vec<SheetRow> = book.rows(0).expect("rows").collect::<Result<_, _>>().expect("rows");
        let of = |row: usize| {
            rows[row].cells.iter().map(|(at, cell)| (*at, cell.text().into_owned())).collect::<Vec<_>>()
        };
        assert_eq!(
            of(1),
            [(1, "计划".into()), (2, "完成".into())],
            "what lies under a cell of two rows is left free"
        );
        assert_eq!(of(2), [(0, "砾石&光伏".into()), (1, "1,200".into())]);
    }
}
