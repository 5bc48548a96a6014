//! Workbooks of Excel 97 to 2003 (and of 5 and 95), read as a whole: their sheets hold 65,536 rows at most.

use super::cell::{Shown, serial_day};
use super::compound::Compound;
use super::records::{Pieces, Record, Records, double, half, raw_words, short, word};
use super::xls_formula::{Books, is_linked};
use super::{Book, BookError, Format, MOST_CELLS, Merge, ReadCell, SheetHead, SheetRow, Source, opaque};
use encoding_rs::{Encoding, GBK};
use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};

/// Bytes of a file that is read as a whole, and of the texts that its cells repeat.
const MOST_BYTES: u64 = 200 << 20;
const MOST_TEXT: usize = 400 << 20;

/// The columns of a sheet.
const COLUMNS: u16 = 256;

/// Opens an old workbook, or says that what looks like one is encrypted.
pub(super) fn open<R: Read + Seek>(source: R, text: &mut dyn FnMut(&str)) -> Result<Book<R>, BookError> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(BookError::broken)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(BookError::TooLarge);
    }
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
    let file = Compound::read(&bytes)?;
    let mut workbook = None;
    for entry in &file.entries {
        let name = &entry.name;
        // A second workbook is one that somebody put into the first.
        if opaque::is_embedded_stream(name) || is_workbook(name) && workbook.is_some() {
            return Err(BookError::Embedded(name.trim_start_matches('\u{1}').to_owned()));
        }
        let stream = file.stream(entry)?;
        if is_workbook(name) {
            workbook = Some(stream);
        } else {
            opaque::tell(name, &stream, text)?;
        }
    }
    let stream = workbook.ok_or(BookError::NotSheet)?;
    let mut reader = Reader::begin(&stream, text)?;
    let mut rows = Vec::new();
    for at in 0..reader.starts.len() {
        rows.push(reader.sheet(at, text)?);
    }
    Ok(Book { format: Format::Xls, sheets: reader.heads, source: Source::Whole(rows) })
}

fn is_workbook(name: &str) -> bool {
    name.eq_ignore_ascii_case("Workbook") || name.eq_ignore_ascii_case("Book")
}

fn has_name(bytes: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wide.len()).any(|window| window == wide)
}

/// A workbook, of which the part that all sheets share was read.
struct Reader<'a> {
    stream: &'a [u8],
    /// Whether it is of Excel 97 or later.
    is_new: bool,
    encoding: &'static Encoding,
    heads: Vec<SheetHead>,
    starts: Vec<usize>,
    strings: Vec<String>,
    formats: HashMap<u16, Shown>,
    /// The format of each style of a cell.
    styles: Vec<u16>,
    is_1904: bool,
    books: Books,
    cells_left: usize,
    text_left: usize,
}

impl<'a> Reader<'a> {
    fn begin(stream: &'a [u8], text: &mut dyn FnMut(&str)) -> Result<Self, BookError> {
        let mut records = Records { stream, at: 0 };
        let version = records.next().filter(|begin| begin.id == 0x809).ok_or(BookError::NotSheet)?.half(0)?;
        let mut reader = Self {
            stream,
            is_new: version >= 0x600,
            encoding: GBK,
            heads: Vec::new(),
            starts: Vec::new(),
            strings: Vec::new(),
            formats: HashMap::new(),
            styles: Vec::new(),
            is_1904: false,
            books: Books::default(),
            cells_left: MOST_CELLS,
            text_left: MOST_TEXT,
        };
        for record in records {
            if record.id == 0x0a {
                break;
            }
            reader.global(&record, text)?;
        }
        Ok(reader)
    }

    fn global(&mut self, record: &Record<'_>, text: &mut dyn FnMut(&str)) -> Result<(), BookError> {
        match record.id {
            0x2f => return Err(BookError::Encrypted),
            0x42 => self.encoding = code_page(record.half(0)?),
            0x22 => self.is_1904 = record.half(0)? == 1,
            0x85 => return self.begin_sheet(record, text),
            0xe0 => self.styles.push(record.half(2)?),
            0x41e => {
                let code = self.text(record, 2, self.is_new)?;
                self.formats.insert(record.half(0)?, Shown::by_code(&code));
                text(&code);
            }
            0xfc => return self.shared(record, text),
            0x1ae => self.books.add_book(record.data()),
            0x17 => self.books.add_sheets(record.data()),
            _ => record.pieces.iter().for_each(|piece| raw_words(piece, text)),
        }
        Ok(())
    }

    fn begin_sheet(&mut self, record: &Record<'_>, text: &mut dyn FnMut(&str)) -> Result<(), BookError> {
        let (start, state) = (word(record.data(), 0)? as usize, record.half(4)?);
        // A sheet of the programs of Excel 4.
        if state >> 8 == 1 {
            return Err(BookError::Macros);
        }
        let mut pieces = Pieces::of(&record.pieces, 6);
        let count = usize::from(pieces.byte().ok_or_else(short)?);
        let name = if self.is_new { pieces.characters(count) } else { pieces.encoded(count, self.encoding) };
        let name = name.ok_or_else(short)?;
        text(&name);
        self.heads.push(SheetHead { name, is_hidden: state & 3 != 0, ..SheetHead::default() });
        self.starts.push(start);
        Ok(())
    }

    fn shared(&mut self, record: &Record<'_>, text: &mut dyn FnMut(&str)) -> Result<(), BookError> {
        let count = word(record.data(), 4)?;
        let mut pieces = Pieces::of(&record.pieces, 8);
        for _ in 0..count {
            let Some(length) = pieces.half() else { break };
            let string = pieces.characters(usize::from(length)).ok_or_else(short)?;
            text(&string);
            self.strings.push(string);
        }
        Ok(())
    }

    /// The text at a place of a record, whose length stands before it.
    fn text(&self, record: &Record<'_>, at: usize, is_long: bool) -> Result<String, BookError> {
        let mut pieces = Pieces::of(&record.pieces, at);
        let count = if is_long { pieces.half() } else { pieces.byte().map(u16::from) };
        let count = usize::from(count.ok_or_else(short)?);
        let text = if self.is_new { pieces.characters(count) } else { pieces.encoded(count, self.encoding) };
        text.ok_or_else(short)
    }

    fn sheet(&mut self, sheet: usize, text: &mut dyn FnMut(&str)) -> Result<Vec<SheetRow>, BookError> {
        let mut records = Records { stream: self.stream, at: self.starts[sheet] };
        if records.next().is_none_or(|begin| begin.id != 0x809) {
            return Err(BookError::Broken("a sheet does not begin where it should".into()));
        }
        let mut rows = Rows::default();
        let mut inner = 0;
        for record in records {
            match record.id {
                0x809 => inner += 1,
                0x0a if inner == 0 => break,
                0x0a => inner -= 1,
                0x2f => return Err(BookError::Encrypted),
                _ if inner > 0 => record.pieces.iter().for_each(|piece| raw_words(piece, text)),
                0x208 | 0x7d | 0xe5 => shape(&mut self.heads[sheet], &record)?,
                _ => self.cell(&record, &mut rows, text)?,
            }
        }
        Ok(rows.end())
    }

    fn cell(
        &mut self,
        record: &Record<'_>,
        rows: &mut Rows,
        text: &mut dyn FnMut(&str),
    ) -> Result<(), BookError> {
        let data = record.data();
        let cell = match record.id {
            0x203 => self.number(half(data, 4)?, double(data, 6)?, text),
            0x27e => self.number(half(data, 4)?, packed(word(data, 6)?), text),
            0xbd => return self.many(record, rows, text),
            0xfd => {
                let string = self.strings.get(word(data, 6)? as usize);
                ReadCell::words(
                    string
                        .ok_or_else(|| BookError::Broken("a cell names a text that is not there".into()))?,
                )
            }
            0x204 | 0xd6 => {
                let words = self.text(record, 6, true)?;
                text(&words);
                ReadCell::words(&words)
            }
            0x205 => truth_or_error(*data.get(6).ok_or_else(short)?, data.get(7) == Some(&1)),
            0x06 => {
                rows.formula = None;
                match self.formula(data, text)? {
                    Some(cell) => cell,
                    None => {
                        rows.formula = Some((half(data, 0)?, half(data, 2)?));
                        return Ok(());
                    }
                }
            }
            0x207 => {
                let words = self.text(record, 0, true)?;
                text(&words);
                let Some((row, column)) = rows.formula.take() else { return Ok(()) };
                return self.keep(rows, row, column, ReadCell::words(&words));
            }
            // Comments, links, headers and whatever else a sheet has.
            _ => {
                record.pieces.iter().for_each(|piece| raw_words(piece, text));
                return Ok(());
            }
        };
        self.keep(rows, half(data, 0)?, half(data, 2)?, cell)
    }

    fn many(
        &mut self,
        record: &Record<'_>,
        rows: &mut Rows,
        text: &mut dyn FnMut(&str),
    ) -> Result<(), BookError> {
        let data = record.data();
        let (row, first) = (half(data, 0)?, half(data, 2)?);
        for (column, six) in (first..).zip(data.get(4..).unwrap_or_default().chunks_exact(6)) {
            let cell = self.number(half(six, 0)?, packed(word(six, 2)?), text);
            self.keep(rows, row, column, cell)?;
        }
        Ok(())
    }

    /// What a formula was saved with; none where its text follows.
    fn formula(&self, data: &[u8], text: &mut dyn FnMut(&str)) -> Result<Option<ReadCell>, BookError> {
        let value = data.get(6..14).ok_or_else(short)?;
        let tokens = data.get(if self.is_new { 22 } else { 20 }..).unwrap_or_default();
        raw_words(tokens, text);
        if self.is_new && is_linked(tokens, &self.books) {
            return Ok(Some(ReadCell::Linked));
        }
        if value[6..] != [0xff, 0xff] {
            return Ok(Some(self.number(half(data, 4)?, double(data, 6)?, text)));
        }
        Ok(match value[0] {
            0 => None,
            1 => Some(truth_or_error(value[2], false)),
            2 => Some(truth_or_error(value[2], true)),
            _ => Some(ReadCell::Empty),
        })
    }

    fn number(&self, style: u16, number: f64, text: &mut dyn FnMut(&str)) -> ReadCell {
        if number.abs() >= 1e14 {
            text(&number.to_string());
        }
        let format = self.styles.get(usize::from(style)).copied().unwrap_or(0);
        let shown = self.formats.get(&format).copied().unwrap_or_else(|| Shown::by_number(u32::from(format)));
        match shown {
            Shown::Number => ReadCell::number(number),
            Shown::Day => serial_day(number, self.is_1904),
            Shown::Time => ReadCell::Other(number.to_string()),
        }
    }

    fn keep(&mut self, rows: &mut Rows, row: u16, column: u16, cell: ReadCell) -> Result<(), BookError> {
        if cell == ReadCell::Empty {
            return Ok(());
        }
        if column >= COLUMNS {
            return Err(BookError::Broken(format!("row {} has too many columns", u32::from(row) + 1)));
        }
        self.cells_left = self.cells_left.checked_sub(1).ok_or(BookError::TooLarge)?;
        self.text_left = self.text_left.checked_sub(cell.text().len()).ok_or(BookError::TooLarge)?;
        rows.rows.entry(row).or_default().push((column, cell));
        Ok(())
    }
}

/// The rows of a sheet, as they come.
#[derive(Default)]
struct Rows {
    rows: BTreeMap<u16, Vec<(u16, ReadCell)>>,
    /// The formula whose text follows.
    formula: Option<(u16, u16)>,
}

impl Rows {
    fn end(self) -> Vec<SheetRow> {
        let row = |(number, mut cells): (u16, Vec<(u16, ReadCell)>)| {
            cells.sort_by_key(|(column, _)| *column);
            cells.dedup_by_key(|(column, _)| *column);
            SheetRow { number: u32::from(number) + 1, cells }
        };
        self.rows.into_iter().map(row).collect()
    }
}

/// What a record says of the shape of a sheet: a row, columns, merged cells.
fn shape(head: &mut SheetHead, record: &Record<'_>) -> Result<(), BookError> {
    match record.id {
        0x208 if record.half(12)? & 0x20 != 0 => {
            head.hidden_rows.insert(u32::from(record.half(0)?) + 1);
        }
        0x7d if record.half(8)? & 1 != 0 => {
            head.hidden_columns.extend(record.half(0)?..=record.half(2)?.min(COLUMNS - 1));
        }
        0xe5 => {
            for eight in record.data().get(2..).unwrap_or_default().chunks_exact(8) {
                let (top, bottom) = (u32::from(half(eight, 0)?) + 1, u32::from(half(eight, 2)?) + 1);
                let (left, right) = (half(eight, 4)?, half(eight, 6)?);
                if top <= bottom && left <= right {
                    head.merges.push(Merge { top, bottom, left, right });
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// A number in four bytes: the upper part of a binary fraction, or a whole number, perhaps of hundredths.
fn packed(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}

fn truth_or_error(value: u8, is_error: bool) -> ReadCell {
    let text = match (is_error, value) {
        (false, 0) => "FALSE",
        (false, _) => "TRUE",
        (true, 0x00) => "#NULL!",
        (true, 0x07) => "#DIV/0!",
        (true, 0x0f) => "#VALUE!",
        (true, 0x17) => "#REF!",
        (true, 0x1d) => "#NAME?",
        (true, 0x24) => "#NUM!",
        (true, _) => "#N/A",
    };
    ReadCell::Other(text.to_owned())
}

/// The encoding of texts in the versions before Excel 97.
fn code_page(number: u16) -> &'static Encoding {
    match number {
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        1251 => encoding_rs::WINDOWS_1251,
        1252 | 0x8001 => encoding_rs::WINDOWS_1252,
        _ => GBK,
    }
}
