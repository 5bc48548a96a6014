//! Texts with a separator, as they stream in: whatever the encoding, the separator and the ends of lines.

use super::{Book, BookError, Format, MOST_COLUMNS, MOST_ROWS, ReadCell, Rows, SheetHead, SheetRow, Source};
use chardetng::EncodingDetector;
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, GBK, UTF_8};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

/// Separators that are looked for.
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Digits that a number of a spreadsheet keeps.
const DIGITS: usize = 15;
/// The longest line that a text may have before its first end of line.
const LINE_CHARS: usize = 1 << 20;

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    encoding: &'static Encoding,
    separator: u8,
}

/// Looks at a text: it has lines, and no bytes that texts do not have.
pub(super) fn open<R: Read + Seek>(
    mut source: R,
    head: &[u8],
    text: &mut dyn FnMut(&str),
) -> Result<Book<R>, BookError> {
    let encoding = encoding_of(head);
    let (first, ..) = encoding.decode(head);
    let is_binary = |c: char| c == '\u{0}' || (c.is_control() && !c.is_whitespace());
    let wrong = first.chars().filter(|c| *c == '\u{fffd}').count();
    if first.chars().any(is_binary) || wrong * 100 > first.chars().count() || first.starts_with("%PDF-") {
        return Err(BookError::NotSheet);
    }
    let dialect = Dialect { encoding, separator: separator_of(&first) };
    let mut lines = BufReader::new(Decoded::new(&mut source, encoding));
    let mut line = String::new();
    loop {
        line.clear();
        let read =
            lines.by_ref().take(LINE_CHARS as u64 * 4).read_line(&mut line).map_err(BookError::broken)?;
        if read == 0 {
            break;
        }
        for cell in line.split(char::from(dialect.separator)) {
            text(cell.trim().trim_matches('"'));
        }
    }
    drop(lines);
    source.seek(SeekFrom::Start(0)).map_err(BookError::broken)?;
    let sheets = vec![SheetHead::default()];
    Ok(Book { format: Format::Csv, sheets, source: Source::Csv(source, dialect) })
}

/// The rows of a text.
pub(super) fn rows<'a, R: Read + Seek>(source: &'a mut R, dialect: &Dialect) -> Result<Rows<'a>, BookError> {
    source.seek(SeekFrom::Start(0)).map_err(BookError::broken)?;
    let decoded = Decoded::new(source, dialect.encoding);
    let reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.separator)
        .from_reader(decoded);
    Ok(Box::new(TextRows { reader, record: StringRecord::new(), inner_lines: 0, is_over: false }))
}

struct TextRows<R> {
    reader: csv::Reader<R>,
    record: StringRecord,
    /// Ends of lines inside of cells so far: a row of them is one row.
    inner_lines: u64,
    is_over: bool,
}

impl<R: Read> TextRows<R> {
    fn row(&mut self) -> Result<Option<SheetRow>, BookError> {
        loop {
            if !self.reader.read_record(&mut self.record).map_err(BookError::broken)? {
                return Ok(None);
            }
            let ends = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count() as u64;
            self.inner_lines += self.record.iter().map(ends).sum::<u64>();
            // Where the reader stands, behind the end of the record's line.
            let line = self.reader.position().line().saturating_sub(1);
            let number = u32::try_from(line.saturating_sub(self.inner_lines)).unwrap_or(u32::MAX);
            if number > MOST_ROWS * 4 {
                return Err(BookError::TooLarge);
            }
            if self.record.len() > usize::from(MOST_COLUMNS) {
                return Err(BookError::Broken(format!("row {number} has too many columns")));
            }
            let cells = self.record.iter().enumerate().filter_map(|(at, text)| {
                let cell = cell(text);
                Some((u16::try_from(at).ok()?, cell)).filter(|(_, cell)| *cell != ReadCell::Empty)
            });
            let cells: Vec<_> = cells.collect();
            if !cells.is_empty() {
                return Ok(Some(SheetRow { number, cells }));
            }
        }
    }
}

impl<R: Read> Iterator for TextRows<R> {
    type Item = Result<SheetRow, BookError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let row = self.row().transpose();
        self.is_over = !matches!(row, Some(Ok(_)));
        row
    }
}

/// A number where the text is one and would be written the same again; a code of digits stays a text.
fn cell(text: &str) -> ReadCell {
    match ReadCell::words(text) {
        ReadCell::Text(text) if is_number(&text) => ReadCell::Number(text),
        cell => cell,
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole)
        && is_digits(fraction)
        && (whole == "0" || !whole.starts_with('0'))
        && whole.len() + fraction.len() <= DIGITS
}

fn encoding_of(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    // A character may be cut off at the end of what was read.
    let whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    if whole {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let found = detector.guess(None, chardetng::Utf8Detection::Allow);
    // The one holds the other.
    if found == GBK { GB18030 } else { found }
}

/// The separator that the first lines have most evenly.
fn separator_of(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(50).collect();
    let score = |separator: &u8| {
        let counts = lines.iter().map(|line| line.bytes().filter(|byte| byte == separator).count());
        let counts: Vec<usize> = counts.collect();
        let most = counts.iter().copied().max().unwrap_or(0);
        (counts.iter().filter(|count| **count > 0 && **count == most).count(), most)
    };
    SEPARATORS.into_iter().rev().max_by_key(|separator| score(separator)).unwrap_or(b',')
}

/// Bytes in an encoding as UTF-8, with an end of line at the end.
struct Decoded<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// The part of `raw` that is not decoded yet.
    left: std::ops::Range<usize>,
    out: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl<R: Read> Decoded<R> {
    fn new(source: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { source, decoder, raw: vec![0; 1 << 15], left: 0..0, out: Vec::new(), given: 0, is_over: false }
    }

    fn fill(&mut self) -> std::io::Result<()> {
        self.out.resize(1 << 16, 0);
        self.given = 0;
        loop {
            if self.left.is_empty() {
                let read = self.source.read(&mut self.raw)?;
                self.left = 0..read;
                self.is_over = read == 0;
            }
            let input = &self.raw[self.left.clone()];
            let (result, used, written, _) = self.decoder.decode_to_utf8(input, &mut self.out, self.is_over);
            self.left.start += used;
            let ends = self.is_over && result == CoderResult::InputEmpty;
            if written > 0 || ends {
                self.out.truncate(written);
                if ends {
                    self.out.push(b'\n');
                }
                return Ok(());
            }
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.out.len() {
            if self.is_over {
                return Ok(0);
            }
            self.fill()?;
        }
        let count = buffer.len().min(self.out.len() - self.given);
        buffer[..count].copy_from_slice(&self.out[self.given..self.given + count]);
        self.given += count;
        Ok(count)
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
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in [text.as_bytes(), &gb, &utf16, format!("\u{feff}{text}").as_bytes()] {
            assert_eq!(texts(&read(bytes)), [["项目名称", "计划总投资（万元）"], ["砾石光伏；一期", "1200"]]);
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_shows_them() {
        let rows = read("甲,乙\n\n\"一\n二\",3\n丙,4\n".as_bytes());
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
    }

    #[test]
    fn codes_of_digits_are_no_numbers() {
        for (text, is) in [
            ("12", true),
            ("-3.50", true),
            ("0.5", true),
            ("007", false),
            ("+5", false),
            ("1e5", false),
            ("1,200", false),
            ("91650000MA00000000", false),
            ("1234567890123456", false),
        ] {
            assert_eq!(is_number(text), is, "{text}");
        }
    }

    #[test]
    fn what_is_no_text_is_no_table() {
        for bytes in [&b"%PDF-1.7\n1 0 obj"[..], b"\x89PNG\r\n\x1a\n\0\0\0", b"a\0b\0\0"] {
            assert_eq!(Book::open(Cursor::new(bytes), &mut |_| {}).err(), Some(BookError::NotSheet));
        }
    }
}
