//! Word processor files: the text of their paragraphs, tables, text boxes and notes.
//!
//! An archive is opened only after its directory has been found small, and inflating stops at a limit of bytes
//! and of ratio, so that no file can make this process large.

use std::io::{BufReader, Read, Seek, SeekFrom};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::docx_text::Writer;
use crate::{Extracted, Format, Limits, Outcome, Refusal, sniff};

/// No word processor writes more parts than this, nor a larger directory of them.
const MAX_PARTS: u16 = 4096;
const MAX_DIRECTORY_BYTES: u64 = 4 << 20;
/// Running text deflates to a fifth, repetitive tables to a fiftieth.
const MAX_RATIO: u64 = 200;
/// Small parts may have any ratio.
const FREE_BYTES: u64 = 4 << 20;
/// Deeper nesting than any document has.
const MAX_DEPTH: usize = 256;

/// Reads a zip archive that should be a .docx.
///
/// # Errors
/// [`Refusal::BrokenDocx`], [`Refusal::ZipBomb`], [`Refusal::EncryptedDocx`], [`Refusal::TextTooLarge`],
/// [`Refusal::Empty`]; for archives of other kinds what to save as, by `extension`.
pub fn docx_text<R: Read + Seek>(mut file: R, extension: &str, limits: &Limits) -> Result<Outcome, Refusal> {
    check_directory(&mut file, extension)?;
    let mut archive = ZipArchive::new(file).map_err(|_| sniff::refusal(extension))?;
    let names: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(|name| name.into_owned()).collect();
    let Some(main) = names.iter().find(|name| is_part(name, "document")) else {
        return Err(not_a_docx(&names, extension));
    };
    let mut budget = limits.inflate_bytes;
    let mut writer = Writer::default();
    read_part(&mut archive, main, &mut budget, limits, &mut writer)?;
    writer.begin_margins();
    for kind in ["footnotes", "endnotes", "header", "footer"] {
        for name in names.iter().filter(|name| is_part(name, kind)) {
            read_part(&mut archive, name, &mut budget, limits, &mut writer)?;
        }
    }
    let text = writer.finish();
    if text.trim().is_empty() {
        let has_pictures = names.iter().any(|name| name.starts_with("word/media/"));
        let pictures = Outcome::Evidence { format: Format::Docx, pages: 1 };
        return if has_pictures { Ok(pictures) } else { Err(Refusal::Empty) };
    }
    Ok(Outcome::Text(Extracted {
        text,
        format: Format::Docx,
        extractor: "luodi-docx",
        version: 1,
        encoding: None,
        pages: Vec::new(),
    }))
}

/// Whether a part is `word/<kind>.xml` or `word/<kind><number>.xml`.
fn is_part(name: &str, kind: &str) -> bool {
    name.strip_prefix("word/")
        .and_then(|name| name.strip_prefix(kind))
        .and_then(|name| name.strip_suffix(".xml"))
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn not_a_docx(names: &[String], extension: &str) -> Refusal {
    let has = |prefix: &str| names.iter().any(|name| name.starts_with(prefix));
    if has("xl/") {
        Refusal::save_as("xlsx", "pdf")
    } else if has("ppt/") {
        Refusal::save_as("pptx", "pdf")
    } else if has("OFD.xml") {
        Refusal::save_as("ofd", "pdf")
    } else if has("META-INF/manifest.xml") && has("content.xml") {
        sniff::refusal(if extension.starts_with("od") { extension } else { "odt" })
    } else if extension == "docx" {
        Refusal::BrokenDocx { what: "document" }
    } else {
        sniff::refusal(extension)
    }
}

/// Refuses an archive whose directory is too large to be loaded. Every place where an archive's end could stand
/// is checked, since readers differ in which one they take.
fn check_directory<R: Read + Seek>(file: &mut R, extension: &str) -> Result<(), Refusal> {
    const END: &[u8] = b"PK\x05\x06";
    const TAIL_BYTES: u64 = (1 << 16) + 64;
    let length = file.seek(SeekFrom::End(0))?;
    let tail_start = length.saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(tail_start))?;
    let mut tail = Vec::new();
    file.by_ref().take(TAIL_BYTES).read_to_end(&mut tail)?;
    file.rewind()?;
    let mut found = false;
    for at in memchr::memmem::find_iter(&tail, END) {
        let Some(end) = tail.get(at..at + 22) else { continue };
        found = true;
        let parts = u16::from_le_bytes([end[10], end[11]]);
        let start = u64::from(u32::from_le_bytes([end[16], end[17], end[18], end[19]]));
        let is_far = (tail_start + at as u64).saturating_sub(start) > MAX_DIRECTORY_BYTES;
        let is_zip64 = start == u64::from(u32::MAX) || end[4..8].contains(&0xff);
        if parts > MAX_PARTS || is_far || is_zip64 {
            return Err(Refusal::ZipBomb);
        }
    }
    if found { Ok(()) } else { Err(sniff::refusal(extension)) }
}

/// Reads the text of one part, taking what it inflates to from the budget.
fn read_part<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    budget: &mut u64,
    limits: &Limits,
    writer: &mut Writer,
) -> Result<(), Refusal> {
    let index = archive.index_for_name(name).ok_or(Refusal::BrokenDocx { what: "zip" })?;
    let (encrypted, packed) = {
        let raw = archive.by_index_raw(index).map_err(|_| Refusal::BrokenDocx { what: "zip" })?;
        (raw.encrypted(), raw.compressed_size())
    };
    if encrypted {
        return Err(Refusal::EncryptedDocx);
    }
    let part = archive.by_index(index).map_err(|_| Refusal::BrokenDocx { what: "zip" })?;
    let allowed = (packed.saturating_mul(MAX_RATIO)).max(FREE_BYTES).min(*budget);
    let bounded = Bounded::new(part, allowed);
    let mut xml = Reader::from_reader(BufReader::new(bounded));
    xml.config_mut().allow_dangling_amp = true;
    let result = read_xml(&mut xml, limits, writer);
    let bounded = xml.get_ref().get_ref();
    *budget -= allowed - bounded.left;
    if bounded.is_over { Err(Refusal::ZipBomb) } else { result }
}

fn read_xml<B: std::io::BufRead>(
    xml: &mut Reader<B>,
    limits: &Limits,
    writer: &mut Writer,
) -> Result<(), Refusal> {
    let mut buffer = Vec::new();
    let mut depth = 0usize;
    loop {
        match xml.read_event_into(&mut buffer).map_err(|_| Refusal::BrokenDocx { what: "xml" })? {
            Event::Start(tag) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Refusal::BrokenDocx { what: "xml" });
                }
                writer.open(tag.local_name().as_ref());
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                writer.close(tag.local_name().as_ref());
            }
            Event::Empty(tag) => {
                writer.open(tag.local_name().as_ref());
                writer.close(tag.local_name().as_ref());
            }
            // One text may be as large as its part: it is measured before it is copied.
            Event::Text(text) if writer.is_in_text() => {
                check_size(writer.size() + text.len(), limits)?;
                writer.text(&text);
            }
            Event::CData(text) if writer.is_in_text() => {
                check_size(writer.size() + text.len(), limits)?;
                writer.text(&text);
            }
            Event::GeneralRef(name) => writer.reference(&name),
            // Every end tag was checked against its start, so an end inside an element is a cut file.
            Event::Eof if depth > 0 => return Err(Refusal::BrokenDocx { what: "xml" }),
            Event::Eof => return Ok(()),
            _ => {}
        }
        check_size(writer.size(), limits)?;
        buffer.clear();
    }
}

fn check_size(bytes: usize, limits: &Limits) -> Result<(), Refusal> {
    if bytes > limits.text_bytes { Err(limits.too_large(bytes as u64)) } else { Ok(()) }
}

/// A reader that fails after a number of bytes.
pub(crate) struct Bounded<R> {
    inner: R,
    left: u64,
    is_over: bool,
}

impl<R> Bounded<R> {
    pub(crate) fn new(inner: R, left: u64) -> Self {
        Self { inner, left, is_over: false }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(crate) fn left(&self) -> u64 {
        self.left
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            // One more byte tells whether the part ends exactly here.
            self.is_over = self.inner.read(&mut [0])? > 0;
            return if self.is_over { Err(std::io::Error::other("part too large")) } else { Ok(0) };
        }
        let most = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.inner.read(&mut into[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}
