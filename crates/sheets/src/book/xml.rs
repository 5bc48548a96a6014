//! XML out of a zipped part, event by event, never more of it at once than one event may have.

use super::BookError;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::cell::Cell;
use std::io::{BufReader, ErrorKind, Read};
use std::rc::Rc;

/// Bytes that one tag or one text may have.
const EVENT_BYTES: u64 = 16 << 20;

/// The events of a part.
pub(super) struct Xml<R: Read> {
    reader: Reader<BufReader<Counted<R>>>,
    buffer: Vec<u8>,
    counts: Rc<Counts>,
}

impl<R: Read> Xml<R> {
    /// Reads at most so many bytes; what a part says of its own size is not believed.
    pub(super) fn new(part: R, most: u64) -> Self {
        let counts = Rc::new(Counts { read: Cell::new(0), since: Cell::new(0) });
        let counted = Counted { part, most, counts: Rc::clone(&counts) };
        let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, counted));
        let config = reader.config_mut();
        config.check_end_names = false;
        config.check_comments = false;
        Self { reader, buffer: Vec::new(), counts }
    }

    /// The next event. A document type is refused: what it defines would be read by others and not here.
    pub(super) fn next(&mut self) -> Result<Event<'_>, BookError> {
        self.buffer.clear();
        self.counts.since.set(0);
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::DocType(_)) => Err(BookError::Broken("a document type".into())),
            Ok(event) => Ok(event),
            Err(quick_xml::Error::Io(error)) if error.kind() == ErrorKind::FileTooLarge => {
                Err(BookError::TooLarge)
            }
            Err(error) => Err(BookError::broken(error)),
        }
    }

    /// Bytes read so far.
    pub(super) fn read(&self) -> u64 {
        self.counts.read.get()
    }
}

struct Counts {
    read: Cell<u64>,
    since: Cell<u64>,
}

/// Counts what is unpacked, and ends where it is too much.
struct Counted<R> {
    part: R,
    most: u64,
    counts: Rc<Counts>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.part.read(buffer)?;
        self.counts.read.set(self.counts.read.get() + bytes as u64);
        self.counts.since.set(self.counts.since.get() + bytes as u64);
        if self.counts.read.get() > self.most || self.counts.since.get() > EVENT_BYTES {
            return Err(ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }
}

/// The attribute of this name, whatever its prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let mut named = attributes.with_checks(false).flatten();
    named
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(|attribute| plain(&attribute.value))
}

/// The value of an attribute with its references resolved, as far as they have a meaning.
pub(super) fn plain(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    quick_xml::escape::unescape(value).map_or_else(|_| value.to_owned(), |plain| plain.into_owned())
}

/// Adds the words of an event to a text.
pub(super) fn add_words(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(words) => text.push_str(words),
        Event::CData(words) => text.push_str(words),
        Event::GeneralRef(name) => text.extend(character(name)),
        _ => {}
    }
}

/// A predefined entity or a character reference; others have no meaning without a document type.
fn character(name: &BytesRef<'_>) -> Option<char> {
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
