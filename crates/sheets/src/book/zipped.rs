//! What a zipped workbook holds, part by part, before any of its rows is read.

use super::told::Told;
use super::xlsx::{Strings, Style, Workbook};
use super::xml::Xml;
use super::{Book, BookError, Format, SheetHead, Source, ods, opaque, shape};
use quick_xml::events::Event;
use std::io::{Read, Seek, SeekFrom};
use zip::ZipArchive;
use zip::read::ZipFile;

/// Bytes that the parts of a workbook may have in all, unpacked: a million rows of some hundred characters twice over.
pub(super) const UNPACKED_BYTES: u64 = 2 << 30;
/// Bytes of the texts that a workbook keeps for its cells.
const KEPT_BYTES: u64 = 200 << 20;
/// The part with the texts of the cells.
const STRINGS: &str = "xl/sharedStrings.xml";
/// Parts that are looked at.
const PARTS: usize = 2_000;

/// A workbook of which bytes are counted while they are unpacked.
pub(super) struct Parts<R> {
    archive: ZipArchive<R>,
    names: Vec<String>,
    left: u64,
}

impl<R: Read + Seek> Parts<R> {
    fn open(mut source: R, most: u64) -> Result<Self, BookError> {
        let stated = stated_parts(&mut source)?;
        let archive = ZipArchive::new(source).map_err(|_| BookError::NotSheet)?;
        if archive.len() > PARTS {
            return Err(BookError::TooLarge);
        }
        if stated != archive.len() {
            // One program would read the one, another the other.
            return Err(BookError::Broken("two parts of one name".into()));
        }
        let names = archive.file_names().map(|name| name.map(|name| name.to_string()));
        let names = names.collect::<Result<_, _>>().map_err(|_| BookError::NotSheet)?;
        Ok(Self { archive, names, left: most })
    }

    fn has(&self, of: impl Fn(&str) -> bool) -> bool {
        self.names.iter().any(|name| of(&name.to_ascii_lowercase()))
    }

    /// The parts that can be walked through.
    fn xml_names(&self) -> Vec<String> {
        self.names.iter().filter(|name| is_xml(name)).cloned().collect()
    }

    /// Tells the words of the parts that are no XML.
    fn tell_others(&mut self, text: &mut dyn FnMut(&str)) -> Result<(), BookError> {
        let is_told = |name: &&String| !is_xml(name) && !opaque::is_picture(name);
        let names: Vec<String> = self.names.iter().filter(is_told).cloned().collect();
        for name in names {
            if name.to_ascii_lowercase().starts_with("xl/model/") {
                return Err(BookError::Embedded(name));
            }
            let Some(part) = part(&mut self.archive, &name)? else { continue };
            let mut bytes = Vec::new();
            let most = self.left.min(opaque::OPAQUE_BYTES);
            part.take(most + 1).read_to_end(&mut bytes).map_err(BookError::broken)?;
            if bytes.len() as u64 > most {
                return Err(BookError::TooLarge);
            }
            self.left -= bytes.len() as u64;
            opaque::tell(&name, &bytes, text)?;
        }
        Ok(())
    }

    /// Whether an OpenDocument file is a spreadsheet: it says so in its first part, or has it in its body.
    fn is_spreadsheet(&mut self) -> Result<bool, BookError> {
        if let Some(kind) = part(&mut self.archive, "mimetype")? {
            let mut said = Vec::new();
            kind.take(200).read_to_end(&mut said).map_err(BookError::broken)?;
            return Ok(String::from_utf8_lossy(&said).contains("opendocument.spreadsheet"));
        }
        let mut is_spreadsheet = false;
        self.each(ods::CONTENT, &mut |event| {
            is_spreadsheet |=
                matches!(event, Event::Start(body) if body.name().as_ref() == "office:spreadsheet");
            Ok(())
        })?;
        Ok(is_spreadsheet)
    }

    /// The XML of a part, event by event; none where there is no such part.
    pub(super) fn each(
        &mut self,
        name: &str,
        event: &mut dyn FnMut(&Event<'_>) -> Result<(), BookError>,
    ) -> Result<(), BookError> {
        let Some(part) = part(&mut self.archive, name)? else { return Ok(()) };
        let most = if name == STRINGS { self.left.min(KEPT_BYTES) } else { self.left };
        let mut xml = Xml::new(part, most);
        loop {
            match xml.next()? {
                Event::Eof => break,
                found => event(&found)?,
            }
        }
        self.left -= xml.read().min(self.left);
        Ok(())
    }
}

/// A part of an archive; none where there is none of this name.
pub(super) fn part<'a, R: Read + Seek>(
    archive: &'a mut ZipArchive<R>,
    name: &str,
) -> Result<Option<ZipFile<'a, R>>, BookError> {
    match archive.by_name(name) {
        Ok(part) => Ok(Some(part)),
        Err(zip::result::ZipError::FileNotFound) => Ok(None),
        Err(zip::result::ZipError::UnsupportedArchive(reason))
            if reason.to_ascii_lowercase().contains("password") =>
        {
            Err(BookError::Encrypted)
        }
        Err(error) => Err(BookError::broken(error)),
    }
}

/// The number of parts that the end of an archive states.
fn stated_parts<R: Read + Seek>(source: &mut R) -> Result<usize, BookError> {
    const END: u64 = (1 << 16) + 22;
    let length = source.seek(SeekFrom::End(0)).map_err(BookError::broken)?;
    source.seek(SeekFrom::Start(length.saturating_sub(END))).map_err(BookError::broken)?;
    let mut end = Vec::new();
    source.by_ref().take(END).read_to_end(&mut end).map_err(BookError::broken)?;
    source.seek(SeekFrom::Start(0)).map_err(BookError::broken)?;
    let at = end.windows(4).rposition(|bytes| bytes == b"PK\x05\x06").ok_or(BookError::NotSheet)?;
    let count = end.get(at + 10..at + 12).ok_or(BookError::NotSheet)?;
    Ok(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

/// Opens a zipped workbook, after it was looked through.
pub(super) fn open<R: Read + Seek>(
    source: R,
    most: u64,
    text: &mut dyn FnMut(&str),
) -> Result<Book<R>, BookError> {
    let mut parts = Parts::open(source, most)?;
    if parts.has(is_macro) {
        return Err(BookError::Macros);
    }
    if parts.has(|name| name == "xl/workbook.xml") {
        parts.tell_others(text)?;
        return open_xlsx(parts, text);
    }
    if parts.has(|name| name == ods::CONTENT) && parts.is_spreadsheet()? {
        return open_ods(parts, text);
    }
    Err(BookError::NotSheet)
}

/// Programs within a workbook: those of Excel of either kind, and those of OpenDocument.
fn is_macro(name: &str) -> bool {
    let is_basic = name.starts_with("basic/") && name.ends_with(".xml");
    name.contains("vbaproject")
        || name.starts_with("xl/macrosheets")
        || name.starts_with("scripts/") && !name.ends_with('/')
        || is_basic && !name.ends_with("/script-lc.xml") && !name.ends_with("/script-lb.xml")
}

fn open_xlsx<R: Read + Seek>(mut parts: Parts<R>, text: &mut dyn FnMut(&str)) -> Result<Book<R>, BookError> {
    let sheets = shape::of_xlsx(&mut parts)?;
    let (mut heads, seen): (Vec<SheetHead>, Vec<String>) = sheets.into_iter().unzip();
    let mut strings = Strings::default();
    for name in parts.xml_names() {
        let mut head = seen.iter().position(|part| *part == name).and_then(|at| heads.get_mut(at));
        let mut told = Told::new(text);
        parts.each(&name, &mut |event| {
            if let (Some(head), Event::Start(element) | Event::Empty(element)) = (head.as_deref_mut(), event)
            {
                shape::look(head, element);
            }
            if name == STRINGS {
                strings.take(event)?;
            }
            told.event(event)
        })?;
        told.end();
    }
    let style = Style::of(&mut parts)?;
    let book = Workbook { archive: parts.archive, parts: seen, strings, style };
    Ok(Book { format: Format::Xlsx, sheets: heads, source: Source::Xlsx(Box::new(book)) })
}

fn open_ods<R: Read + Seek>(mut parts: Parts<R>, text: &mut dyn FnMut(&str)) -> Result<Book<R>, BookError> {
    let mut is_encrypted = false;
    parts.each("META-INF/manifest.xml", &mut |event| {
        if let Event::Start(element) | Event::Empty(element) = event {
            is_encrypted |= element.local_name().as_ref() == "encryption-data";
        }
        Ok(())
    })?;
    if is_encrypted {
        return Err(BookError::Encrypted);
    }
    parts.tell_others(text)?;
    let mut shape = ods::Walk::of_heads();
    for name in parts.xml_names() {
        let mut told = Told::new(text);
        parts.each(&name, &mut |event| {
            if name == ods::CONTENT {
                shape.event(event)?;
            }
            told.event(event)
        })?;
        told.end();
    }
    let sheets = shape.heads.unwrap_or_default();
    let book = ods::Workbook { archive: parts.archive };
    Ok(Book { format: Format::Ods, sheets, source: Source::Ods(Box::new(book)) })
}

fn is_xml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".xml", ".rels", ".vml", ".svg", ".rdf"].iter().any(|ending| name.ends_with(ending))
}
