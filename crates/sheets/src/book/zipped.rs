//! What a zipped workbook holds, part by part, before any of its rows is read.

use super::{Book, BookError, Format, SheetHead, Source, ods, shape, xlsx};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;
use zip::ZipArchive;

/// Bytes that the parts of a workbook may have in all, unpacked: a million rows of some hundred characters twice over.
pub(super) const UNPACKED_BYTES: u64 = 2 << 30;
/// Bytes of the parts that a reader keeps in memory as a whole: texts of cells, styles, the list of sheets.
const KEPT_BYTES: u64 = 200 << 20;
/// Parts that are looked at.
const PARTS: usize = 2_000;

/// A workbook of which bytes are counted while they are unpacked.
pub(super) struct Parts<R> {
    archive: ZipArchive<R>,
    names: Vec<String>,
    left: u64,
}

impl<R: Read + Seek> Parts<R> {
    fn open(source: R, left: u64) -> Result<Self, BookError> {
        let archive = ZipArchive::new(source).map_err(|_| BookError::NotSheet)?;
        if archive.len() > PARTS {
            return Err(BookError::TooLarge);
        }
        let names = archive.file_names().map(|name| name.map(|name| name.into_owned()));
        let names = names.collect::<Result<_, _>>().map_err(|_| BookError::NotSheet)?;
        Ok(Self { archive, names, left })
    }

    fn has(&self, of: impl Fn(&str) -> bool) -> bool {
        self.names.iter().any(|name| of(&name.to_ascii_lowercase()))
    }

    /// The XML of a part, event by event, with the names of elements without their prefix; none where there is no such part.
    pub(super) fn each(&mut self, name: &str, event: &mut dyn FnMut(&Event<'_>)) -> Result<(), BookError> {
        let Ok(part) = self.archive.by_name(name) else { return Ok(()) };
        let kept = if name.contains("/worksheets/") || name == "content.xml" { u64::MAX } else { KEPT_BYTES };
        // What a part says of its own size is not believed.
        let most = self.left.min(kept);
        let read = Rc::new(Cell::new(0));
        let counted = Counted { part: part.take(most + 1), read: Rc::clone(&read) };
        let walked = walk(BufReader::with_capacity(1 << 16, counted), event);
        if read.get() > most {
            return Err(BookError::TooLarge);
        }
        self.left -= read.get();
        walked
    }
}

/// Counts what was read.
struct Counted<R> {
    part: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.part.read(buffer)?;
        self.read.set(self.read.get() + bytes as u64);
        Ok(bytes)
    }
}

fn walk(part: impl BufRead, event: &mut dyn FnMut(&Event<'_>)) -> Result<(), BookError> {
    let mut reader = Reader::from_reader(part);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.check_comments = false;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(BookError::broken)? {
            Event::Eof => return Ok(()),
            found => event(&found),
        }
        buffer.clear();
    }
}

/// Opens a zipped workbook, after it was looked through.
pub(super) fn open<R: Read + Seek>(
    source: R,
    unpacked_bytes: u64,
    text: &mut dyn FnMut(&str),
) -> Result<Book<R>, BookError> {
    let mut parts = Parts::open(source, unpacked_bytes)?;
    if parts.has(|name| {
        name.contains("vbaproject") || name.starts_with("xl/macrosheets") || name.starts_with("basic/")
    }) {
        return Err(BookError::Macros);
    }
    let is_xlsx = parts.has(|name| name == "xl/workbook.xml");
    if !is_xlsx && !parts.has(|name| name == "content.xml") {
        return Err(BookError::NotSheet);
    }
    let (mut heads, rows, seen) = if is_xlsx {
        let (heads, seen): (Vec<_>, Vec<_>) = shape::of_xlsx(&mut parts)?.into_iter().unzip();
        (heads, Vec::new(), seen)
    } else {
        let (heads, rows) = ods::sheets(&mut parts)?;
        (heads, rows, Vec::new())
    };
    for name in parts.names.clone() {
        let is_xml =
            [".xml", ".rels", ".vml"].iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
        if is_xml {
            let head = seen.iter().position(|part| *part == name).and_then(|at| heads.get_mut(at));
            texts(&mut parts, &name, head, text)?;
        }
    }
    if !is_xlsx {
        return Ok(Book { format: Format::Ods, sheets: heads, source: Source::Whole(rows) });
    }
    let mut source = parts.archive.into_inner();
    source.seek(SeekFrom::Start(0)).map_err(BookError::broken)?;
    let workbook = xlsx::open(source)?;
    Ok(Book { format: Format::Xlsx, sheets: heads, source: Source::Xlsx(Box::new(workbook)) })
}

/// Tells the texts of a part, runs of one string together; what hides rows and columns of a sheet goes into its head.
fn texts<R: Read + Seek>(
    parts: &mut Parts<R>,
    name: &str,
    mut head: Option<&mut SheetHead>,
    text: &mut dyn FnMut(&str),
) -> Result<(), BookError> {
    let mut run = Run::default();
    parts.each(name, &mut |event| {
        if let (Some(head), Event::Start(element) | Event::Empty(element)) = (head.as_deref_mut(), event) {
            shape::look(head, element);
        }
        run.take(event, text);
    })?;
    run.end(text);
    Ok(())
}

/// The text of one string, whose runs may be formatted apart.
#[derive(Default)]
struct Run {
    text: String,
}

impl Run {
    fn take(&mut self, event: &Event<'_>, text: &mut dyn FnMut(&str)) {
        match event {
            Event::Text(words) => self.text.push_str(words),
            Event::CData(words) => self.text.push_str(words),
            Event::GeneralRef(name) => self.text.extend(character(name)),
            Event::Start(element) | Event::Empty(element) => {
                if !is_inline(element.local_name().as_ref()) {
                    self.end(text);
                }
                for attribute in element.attributes().with_checks(false).flatten() {
                    // Names, prompts of a validation and the like; numbers and letters of formats say nothing.
                    if attribute.value.chars().any(|c| !c.is_ascii()) {
                        text(&attribute.value);
                    }
                }
            }
            Event::End(element) if !is_inline(element.local_name().as_ref()) => self.end(text),
            _ => {}
        }
    }

    fn end(&mut self, text: &mut dyn FnMut(&str)) {
        if !self.text.trim().is_empty() {
            text(&self.text);
        }
        self.text.clear();
    }
}

/// What stands inside one string of a workbook.
fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 14] =
        ["r", "t", "rPr", "b", "i", "sz", "color", "rFont", "family", "charset", "scheme", "span", "a", "s"];
    INLINE.contains(&name)
}

/// A predefined entity or a character reference; others have no meaning without a DTD.
pub(super) fn character(name: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return Some(c);
    }
    match &**name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
