//! Bytes → text: encodings, HTML, .docx, PDF, and what a document says of itself (title, publisher, date).
//!
//! Invariants: this crate knows no database, no HTTP, no clock, no language of messages and no meaning of
//! figures. It never stores anything. The text of a .txt or .md file is its decoded characters unchanged, so
//! that offsets into it hold for ever. Memory is bounded by [`Limits`], whatever the file says of itself.
//! What cannot be read exactly is refused by name, never guessed.

mod decode;
mod docx;
mod docx_text;
mod hidden;
mod html;
mod pdf;
mod pdf_lines;
mod proposal;
mod refusal;
mod sniff;

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

pub use decode::{Decoded, decode, decode_html};
pub use docx::docx_text;
pub use hidden::visit_hidden;
pub use html::html_text;
pub use proposal::{Proposal, propose};
pub use refusal::Refusal;

/// The format of a document, as its bytes show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text in any supported encoding, also .csv and .log.
    Text,
    /// Plain text with the conventions of Markdown; read as it stands.
    Markdown,
    /// A web page.
    Html,
    /// A word processor file (Office Open XML).
    Docx,
    /// A PDF, with or without a text layer.
    Pdf,
    /// A photo or scan; kept as evidence, never read.
    Image,
}

impl Format {
    /// Every format, in the order of this enum.
    pub const ALL: [Format; 6] =
        [Format::Text, Format::Markdown, Format::Html, Format::Docx, Format::Pdf, Format::Image];

    /// The short code under which a format is stored.
    pub fn code(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Docx => "docx",
            Format::Pdf => "pdf",
            Format::Image => "image",
        }
    }

    /// The format of a stored code.
    pub fn from_code(code: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.code() == code)
    }
}

/// Where a page of a document begins in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// Offset of the page's first character, in code points.
    pub start: usize,
}

/// The text of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// The text; every quote is a span of it, in code points.
    pub text: String,
    /// What the bytes were.
    pub format: Format,
    /// Which extractor made the text; with `version` it says whether a text could be made again.
    pub extractor: &'static str,
    /// Version of that extractor; raised whenever the same bytes would give another text.
    pub version: u32,
    /// The encoding the bytes were in, where the format leaves it open.
    pub encoding: Option<&'static str>,
    /// The pages, where the format has pages; else empty.
    pub pages: Vec<Page>,
}

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A document with text.
    Text(Extracted),
    /// A photo, a scan, or a file of pictures only: no text to read. It is stored as evidence, and figures
    /// entered by hand point to a page of it.
    Evidence {
        /// What the bytes were.
        format: Format,
        /// How many pages it has, at least 1.
        pages: u32,
    },
}

/// What extraction may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest text, in bytes; text files over it are refused before they are read.
    pub text_bytes: usize,
    /// Most bytes that the parts of one .docx may inflate to.
    pub inflate_bytes: u64,
    /// Seconds that the PDF tool may take.
    pub pdf_seconds: u32,
    /// Address space that the PDF tool may take, in MiB.
    pub pdf_memory_mib: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { text_bytes: 16 << 20, inflate_bytes: 64 << 20, pdf_seconds: 60, pdf_memory_mib: 256 }
    }
}

/// Reads the file at `path`, which the user calls `file_name`: its content decides what it is, the extension
/// of its name only where the content leaves it open.
///
/// # Errors
/// A [`Refusal`] that says what is wrong and, where it can, what would be right.
pub fn extract(path: &Path, file_name: &str, limits: &Limits) -> Result<Outcome, Refusal> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length == 0 {
        return Err(Refusal::Empty);
    }
    let mut head = Vec::with_capacity(sniff::HEAD_BYTES.min(length as usize));
    file.by_ref().take(sniff::HEAD_BYTES as u64).read_to_end(&mut head)?;
    file.rewind()?;
    let extension = sniff::extension(file_name);
    match sniff::kind(&head) {
        sniff::Kind::Text => plain(file, length, &head, &extension, limits),
        sniff::Kind::Image if !sniff::is_text_extension(&extension) => {
            Ok(Outcome::Evidence { format: Format::Image, pages: 1 })
        }
        sniff::Kind::Pdf => pdf::extract(path, limits),
        sniff::Kind::Zip => docx_text(file, &extension, limits),
        sniff::Kind::Compound => Err(sniff::compound_refusal(&mut file, &head, &extension)),
        sniff::Kind::Rtf => Err(Refusal::save_as("rtf", "docx")),
        _ => Err(sniff::refusal(&extension)),
    }
}

/// Reads text and web pages.
fn plain(
    mut file: File,
    length: u64,
    head: &[u8],
    extension: &str,
    limits: &Limits,
) -> Result<Outcome, Refusal> {
    let Some(format) = sniff::text_format(head, extension) else { return Err(sniff::refusal(extension)) };
    if length > limits.text_bytes as u64 {
        return Err(limits.too_large(length));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    file.by_ref().take(limits.text_bytes as u64).read_to_end(&mut bytes)?;
    let (decoded, extractor) = match format {
        Format::Html => {
            let page = decode_html(&bytes)?;
            (Decoded { text: html_text(&page.text)?, ..page }, "luodi-html")
        }
        _ => (decode(&bytes)?, "luodi-text"),
    };
    Ok(Outcome::Text(Extracted {
        text: decoded.text,
        format,
        extractor,
        version: 1,
        encoding: Some(decoded.encoding),
        pages: Vec::new(),
    }))
}

impl Limits {
    /// The refusal of a text of so many bytes.
    pub(crate) fn too_large(&self, bytes: u64) -> Refusal {
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        Refusal::TextTooLarge { mib: mib(bytes), limit_mib: mib(self.text_bytes as u64) }
    }
}
