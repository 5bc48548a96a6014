//! Text with a separator: in which encoding, with which separator, and its rows.

use super::{Book, BookError, Format, MOST_COLUMNS, ReadCell, Rows, SheetHead, SheetRow, Source};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Decoder, Encoding, GB18030, UTF_8};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

/// Bytes that one row may have.
const ROW_BYTES: usize = 16 << 20;
/// Bytes that an encoding is guessed by.
const GUESSED_BYTES: usize = 4 << 20;
/// Rows that a separator is guessed by.
const GUESSED_ROWS: usize = 100;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    encoding: &'static Encoding,
    separator: u8,
    /// What ends a line.
    end: u8,
    /// Whether the first line only says what the separator is.
    is_told: bool,
}

pub(super) fn open<R: Read + Seek>(
    mut source: R,
    head: &[u8],
    text: &mut dyn FnMut(&str),
) -> Result<Book<R>, BookError> {
    let encoding = encoding(&mut source, head)?;
    let beginning = decode(encoding, head);
    if !is_table(&beginning) {
        return Err(BookError::NotSheet);
    }
    let dialect = dialect(encoding, &beginning);
    let mut lines = Lines::new(&mut source, dialect)?;
    let (mut lost, mut characters) = (0_usize, 0_usize);
    while let Some(line) = lines.next()? {
        lost += line.matches('\u{fffd}').count();
        characters += line.len();
        if line.contains('\0') {
            return Err(BookError::NotSheet);
        }
        text(line);
    }
    // A character lost here and there is shown where it stands; a file that is mostly lost is of another kind.
    if lost * 30 > characters {
        return Err(BookError::NotSheet);
    }
    Ok(Book { format: Format::Csv, sheets: vec![SheetHead::default()], source: Source::Csv(source, dialect) })
}

pub(super) fn rows<'a, R: Read + Seek>(source: &'a mut R, dialect: &Dialect) -> Result<Rows<'a>, BookError> {
    let mut lines = Lines::new(source, *dialect)?;
    let mut number = 0;
    if dialect.is_told {
        lines.next()?;
        number = 1;
    }
    let separator = char::from(dialect.separator);
    Ok(super::until_error(std::iter::from_fn(move || {
        loop {
            number += 1;
            let line = match lines.next() {
                Ok(line) => line?,
                Err(error) => return Some(Err(error)),
            };
            match row(number, line, separator) {
                Ok(row) if row.cells.is_empty() => {}
                row => return Some(row),
            }
        }
    })))
}

fn row(number: u32, line: &str, separator: char) -> Result<SheetRow, BookError> {
    let mut row = SheetRow { number, cells: Vec::new() };
    for (column, field) in (0..=MOST_COLUMNS).zip(Fields::of(line, separator)) {
        if column == MOST_COLUMNS {
            return Err(BookError::TooLarge);
        }
        match ReadCell::of_text(&field) {
            ReadCell::Empty => {}
            cell => row.cells.push((column, cell)),
        }
    }
    Ok(row)
}

/// The encoding of a file: what its mark says, UTF-8 where all of it is, else what is likely of the Chinese ones.
fn encoding<R: Read + Seek>(source: &mut R, head: &[u8]) -> Result<&'static Encoding, BookError> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if let Some(encoding) = without_mark(head) {
        return Ok(encoding);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut decoder = UTF_8.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(3 << 16);
    let (mut is_utf8, mut guessed) = (true, 0);
    let mut bytes = vec![0; 1 << 16];
    loop {
        let read = source.read(&mut bytes).map_err(BookError::broken)?;
        let (part, is_last) = (&bytes[..read], read == 0);
        if !part.is_ascii() && guessed < GUESSED_BYTES {
            detector.feed(part, false);
            guessed += read;
        }
        if is_utf8 {
            text.clear();
            let (_, _, had_errors) = decoder.decode_to_string(part, &mut text, is_last);
            is_utf8 = !had_errors;
        }
        if is_last || (!is_utf8 && guessed >= GUESSED_BYTES) {
            break;
        }
    }
    if is_utf8 {
        return Ok(UTF_8);
    }
    detector.feed(b"", true);
    let likely = detector.guess(None, Utf8Detection::Deny);
    Ok(if likely == BIG5 { BIG5 } else { GB18030 })
}

/// UTF-16 of mostly ASCII characters whose mark was left out.
fn without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(400) / 2 * 2];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count() * 4;
    match (zeros(0), zeros(1)) {
        (0, odd) if odd > head.len() / 2 => Some(encoding_rs::UTF_16LE),
        (even, 0) if even > head.len() / 2 => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// The beginning of a file, without a last character that is cut off.
pub(super) fn decode(encoding: &'static Encoding, head: &[u8]) -> String {
    let mut text = String::with_capacity(3 * head.len() + 16);
    let _ = encoding.new_decoder_with_bom_removal().decode_to_string(head, &mut text, false);
    text
}

/// Whether a text may be a table: no binary file, and none of the kinds of text that are something else.
fn is_table(beginning: &str) -> bool {
    let others = ["%PDF", "{\\rtf", "<?xml", "<!DOCTYPE", "<html", "%!PS"];
    let start = beginning.trim_start();
    let is_control = |c: char| {
        c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1a}' | '\u{85}')
    };
    !start.is_empty()
        && !others.iter().any(|other| start.starts_with(other))
        && !beginning.chars().any(is_control)
}

fn dialect(encoding: &'static Encoding, beginning: &str) -> Dialect {
    let end = if !beginning.contains('\n') && beginning.contains('\r') { b'\r' } else { b'\n' };
    let first = beginning.split(char::from(end)).next().unwrap_or_default().trim();
    if let Some(&[separator @ (b',' | b';' | b'\t' | b'|')]) = first.strip_prefix("sep=").map(str::as_bytes) {
        return Dialect { encoding, separator, end, is_told: true };
    }
    let rate = |separator: u8| {
        let mut counts = [0_usize; 64];
        let rows = beginning.split(char::from(end)).take(GUESSED_ROWS).filter(|line| !line.trim().is_empty());
        for line in rows {
            let fields = Fields::of(line, char::from(separator)).count();
            counts[fields.min(63)] += 1;
        }
        let best = counts.iter().enumerate().skip(2).max_by_key(|(fields, rows)| (**rows, *fields));
        best.map_or((0, 0), |(fields, rows)| (*rows, if *rows == 0 { 0 } else { fields }))
    };
    // Of two that fit alike the earlier one is taken.
    let separators = [b'|', b';', b'\t', b','];
    let separator = separators.into_iter().max_by_key(|separator| rate(*separator)).unwrap_or(b',');
    Dialect { encoding, separator, end, is_told: false }
}

/// The fields of a row.
struct Fields<'a> {
    rest: Option<&'a str>,
    separator: char,
}

impl<'a> Fields<'a> {
    fn of(line: &'a str, separator: char) -> Self {
        Self { rest: Some(line), separator }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = std::borrow::Cow<'a, str>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        let Some(quoted) = rest.strip_prefix('"') else {
            let (field, left) = match rest.split_once(self.separator) {
                Some((field, left)) => (field, Some(left)),
                None => (rest, None),
            };
            self.rest = left;
            return Some(field.into());
        };
        let mut field = String::new();
        let mut from = quoted;
        while let Some((before, behind)) = from.split_once('"') {
            field.push_str(before);
            from = behind;
            let Some(more) = behind.strip_prefix('"') else { break };
            field.push('"');
            from = more;
        }
        // What stands behind a closing quote belongs to the field: `"a"b` is `ab`.
        let (tail, left) = match from.split_once(self.separator) {
            Some((tail, left)) => (tail, Some(left)),
            None => (from, None),
        };
        field.push_str(tail);
        self.rest = left;
        Some(field.into())
    }
}

/// The lines of a file, decoded; line ends within quotes do not end them.
struct Lines<R> {
    source: BufReader<Decoded<R>>,
    dialect: Dialect,
    line: String,
    bytes: Vec<u8>,
}

impl<R: Read + Seek> Lines<R> {
    fn new(mut source: R, dialect: Dialect) -> Result<Self, BookError> {
        source.seek(SeekFrom::Start(0)).map_err(BookError::broken)?;
        let decoded = Decoded::new(source, dialect.encoding);
        Ok(Self {
            source: BufReader::with_capacity(1 << 16, decoded),
            dialect,
            line: String::new(),
            bytes: Vec::new(),
        })
    }
}

impl<R: Read> Lines<R> {
    fn next(&mut self) -> Result<Option<&str>, BookError> {
        self.bytes.clear();
        let mut quotes = Quotes { is_quoted: false, at_start: true, separator: self.dialect.separator };
        loop {
            let before = self.bytes.len();
            let left = ROW_BYTES - before;
            let read = (&mut self.source).take(left as u64).read_until(self.dialect.end, &mut self.bytes);
            let read = read.map_err(BookError::broken)?;
            if self.bytes.is_empty() {
                return Ok(None);
            }
            if read == left && self.bytes.last() != Some(&self.dialect.end) {
                return Err(BookError::TooLarge);
            }
            quotes.take(&self.bytes[before..]);
            if read == 0 || !quotes.is_quoted {
                break;
            }
        }
        self.line.clear();
        self.line.push_str(&String::from_utf8_lossy(&self.bytes));
        Ok(Some(self.line.trim_end_matches(['\r', '\n'])))
    }
}

/// Whether a row goes on behind a line end, which then stands in quotes.
struct Quotes {
    is_quoted: bool,
    at_start: bool,
    separator: u8,
}

impl Quotes {
    /// Takes the next line of the row. Two quotes in one field end it and begin it again.
    fn take(&mut self, line: &[u8]) {
        if !self.is_quoted && !line.contains(&b'"') {
            return;
        }
        let mut was_quote = false;
        for byte in line {
            match byte {
                b'"' if self.is_quoted => self.is_quoted = false,
                b'"' if self.at_start || was_quote => self.is_quoted = true,
                _ => {}
            }
            was_quote = *byte == b'"' && !self.is_quoted;
            self.at_start = !self.is_quoted && *byte == self.separator;
        }
    }
}

/// A file as UTF-8.
struct Decoded<R> {
    source: R,
    decoder: Decoder,
    bytes: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    is_over: bool,
}

impl<R: Read> Decoded<R> {
    fn new(source: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { source, decoder, bytes: vec![0; 1 << 15], text: Vec::new(), at: 0, is_over: false }
    }

    fn fill(&mut self) -> std::io::Result<()> {
        let read = self.source.read(&mut self.bytes)?;
        self.is_over = read == 0;
        let most = self.decoder.max_utf8_buffer_length(read).unwrap_or(4 << 16);
        self.text.resize(most, 0);
        let (.., written, _) = self.decoder.decode_to_utf8(&self.bytes[..read], &mut self.text, self.is_over);
        self.text.truncate(written);
        self.at = 0;
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.text.len() && !self.is_over {
            self.fill()?;
        }
        let most = buffer.len().min(self.text.len() - self.at);
        buffer[..most].copy_from_slice(&self.text[self.at..self.at + most]);
        self.at += most;
        Ok(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(bytes: &[u8]) -> Vec<SheetRow> {
        let mut book = Book::open(Cursor::new(bytes), &mut |_| {}).expect("a text");
        assert_eq!(book.format, Format::Csv);
        book.rows(0).expect("rows").collect::<Result<_, _>>().expect("rows")
    }

    fn texts(rows: &[SheetRow]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.cells.iter().map(|(_, cell)| cell.text().into_owned()).collect()).collect()
    }

    #[test]
    fn encodings_and_separators_are_found() {
        let text = "项目名称;计划总投资（万元）\r\n砾石光伏；一期;1200\r\n";
        let (gb, ..) = GB18030.encode(text);
        let wide = |units: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(units).collect::<Vec<u8>>();
        let little = [vec![0xff, 0xfe], wide(u16::to_le_bytes)].concat();
        let big = [vec![0xfe, 0xff], wide(u16::to_be_bytes)].concat();
        for bytes in [text.as_bytes(), &gb, &little, &big, format!("\u{feff}{text}").as_bytes()] {
            assert_eq!(texts(&read(bytes)), [["项目名称", "计划总投资（万元）"], ["砾石光伏；一期", "1200"]]);
        }
    }

    #[test]
    fn chinese_that_comes_late_in_a_file_is_read() {
        let text = format!("{}砾石光伏,1200\n", "name,amount\n".repeat(20_000));
        let (gb, ..) = GB18030.encode(&text);
        for bytes in [text.as_bytes(), &gb] {
            assert_eq!(texts(&read(bytes))[20_000], ["砾石光伏", "1200"]);
        }
    }

    #[test]
    fn separators_are_the_ones_that_fit_most_rows() {
        for (text, cells) in [
            ("a\tb,c\n1\t2\n", vec!["a", "b,c"]),
            ("\"a;x\",b\n\"c;x\",d\n", vec!["a;x", "b"]),
            ("sep=|\na,b|c\n", vec!["a,b", "c"]),
            ("one column\nand a second row\n", vec!["one column"]),
            ("甲,乙\r丙,丁\r", vec!["甲", "乙"]),
        ] {
            assert_eq!(texts(&read(text.as_bytes()))[0], cells, "{text}");
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_shows_them() {
        let rows = read("甲,乙\n\n\"一\n\n二 \"\"三\"\"\",3\n丙,4".as_bytes());
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(texts(&rows)[1], ["一\n\n二 \"三\"", "3"]);
    }

    #[test]
    fn what_is_no_text_is_no_table() {
        let others = [
            &b"%PDF-1.7\n1 0 obj"[..],
            b"\x89PNG\r\n\x1a\n\0\0\0",
            b"a\0b\0\0",
            b"",
            b" \n",
            b"{\\rtf1 a}",
            b"<?xml version=\"1.0\"?><a/>",
        ];
        for bytes in others {
            assert_eq!(Book::open(Cursor::new(bytes), &mut |_| {}).err(), Some(BookError::NotSheet));
        }
    }

    #[test]
    fn a_quote_that_never_ends_is_not_gathered_for_ever() {
        let text = format!("甲,乙\n\"丙,{}", "1,2\n".repeat(5 << 20));
        assert_eq!(Book::open(Cursor::new(text), &mut |_| {}).err(), Some(BookError::TooLarge));
    }
}
