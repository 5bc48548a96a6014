//! What a file holds beside its text: comments and deletions of a word processor file, properties, and what a web
//! page does not show. It is never read as text, but it is looked through before the bytes are stored.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::docx::Bounded;
use crate::{Format, Limits, Refusal, decode_html};

/// Elements inside a word, whose ends do not end it.
const INLINE: [&str; 9] = ["t", "delText", "instrText", "r", "rPr", "del", "ins", "moveFrom", "moveTo"];
/// A longer text is shown in pieces.
const PIECE_BYTES: usize = 64 << 10;

/// Shows `see` all that the file at `path`, which was read as `format`, holds beside its text, piece by piece: the
/// whole source of a web page, the texts of every part of a .docx. Other formats hold nothing that is found here.
/// Memory is bounded as in [`crate::extract`]; of a part that is broken, what can be read is shown.
///
/// # Errors
/// [`Refusal::ZipBomb`], [`Refusal::Unreadable`].
pub fn visit_hidden(
    path: &Path,
    format: Format,
    limits: &Limits,
    see: &mut dyn FnMut(&str),
) -> Result<(), Refusal> {
    match format {
        Format::Html => {
            let mut bytes = Vec::new();
            File::open(path)?.take(limits.text_bytes as u64).read_to_end(&mut bytes)?;
            // It was decoded before, so it can be decoded again.
            if let Ok(page) = decode_html(&bytes) {
                see(&page.text);
            }
            Ok(())
        }
        Format::Docx => visit_archive(File::open(path)?, limits, see),
        Format::Text | Format::Markdown | Format::Pdf | Format::Image => Ok(()),
    }
}

fn visit_archive<R: Read + Seek>(file: R, limits: &Limits, see: &mut dyn FnMut(&str)) -> Result<(), Refusal> {
    let Ok(mut archive) = ZipArchive::new(file) else { return Ok(()) };
    let mut budget = limits.inflate_bytes;
    for index in 0..archive.len() {
        let Ok(part) = archive.by_index(index) else { continue };
        if !part.name().is_ok_and(|name| name.ends_with(".xml")) {
            continue;
        }
        let mut xml = Reader::from_reader(BufReader::new(Bounded::new(part, budget)));
        xml.config_mut().allow_dangling_amp = true;
        visit_part(&mut xml, see);
        let bounded = xml.get_ref().get_ref();
        if bounded.is_over() {
            return Err(Refusal::ZipBomb);
        }
        budget = bounded.left();
    }
    Ok(())
}

fn visit_part<B: std::io::BufRead>(xml: &mut Reader<B>, see: &mut dyn FnMut(&str)) {
    let (mut buffer, mut text) = (Vec::new(), String::new());
    while let Ok(event) = xml.read_event_into(&mut buffer) {
        match event {
            Event::Text(found) => text.push_str(&found),
            Event::Comment(found) => text.push_str(&found),
            Event::CData(found) => text.push_str(&found),
            Event::End(tag) if !INLINE.contains(&tag.local_name().as_ref()) => text.push('\n'),
            Event::Eof => break,
            _ => {}
        }
        let is_whole = text.len() > PIECE_BYTES && text.ends_with('\n');
        if is_whole || text.len() > 16 * PIECE_BYTES {
            see(&text);
            text.clear();
        }
        buffer.clear();
    }
    see(&text);
}
