//! What a file is, by its first bytes; and what to say of formats that are not read.

use std::io::{Read, Seek, SeekFrom};

use crate::{Format, Refusal};

/// How much of a file is looked at.
pub(crate) const HEAD_BYTES: usize = 64 << 10;

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Pdf,
    /// A zip archive: .docx, but also .xlsx, .ofd, .odt and others.
    Zip,
    /// A compound file: the old formats of office programs, and encrypted new ones.
    Compound,
    Rtf,
    Image,
    Binary,
}

/// Classifies a file by its first bytes.
pub(crate) fn kind(head: &[u8]) -> Kind {
    let start = head.trim_ascii_start();
    if memchr::memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some() {
        Kind::Pdf
    } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        Kind::Zip
    } else if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        Kind::Compound
    } else if start.starts_with(b"{\\rtf") {
        Kind::Rtf
    } else if is_image(head) {
        Kind::Image
    } else if is_utf16(head) || !is_binary(head) {
        Kind::Text
    } else {
        Kind::Binary
    }
}

fn is_image(head: &[u8]) -> bool {
    const MAGIC: [&[u8]; 6] =
        [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*"];
    MAGIC.iter().any(|magic| head.starts_with(magic))
        || (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"))
        || (head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]))
        || (head.get(4..8) == Some(b"ftyp") && matches!(head.get(8..12), Some(b"heic" | b"heix" | b"mif1")))
}

fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff])
}

/// Whether bytes are a program, an archive, or hold more control characters than any text does.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    const MAGIC: [&[u8]; 6] =
        [b"\x7fELF", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!\x1a", b"MZ\x90\0", b"SQLite format"];
    let control = |byte: &&u8| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127);
    MAGIC.iter().any(|magic| bytes.starts_with(magic))
        || bytes.iter().filter(control).count() * 20 > bytes.len()
}

/// The extension of a file name in lower case, without its dot.
pub(crate) fn extension(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    name.rsplit_once('.').map(|(_, extension)| extension.trim().to_lowercase()).unwrap_or_default()
}

/// Whether a name with this extension promises text.
pub(crate) fn is_text_extension(extension: &str) -> bool {
    matches!(extension, "txt" | "text" | "md" | "markdown" | "html" | "htm" | "xhtml" | "csv" | "tsv" | "log")
}

/// How to read a file of text, by its content first; `None` for kinds of text that are no documents.
pub(crate) fn text_format(head: &[u8], extension: &str) -> Option<Format> {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins =
        |with: &str| start.get(..with.len()).is_some_and(|s| s.eq_ignore_ascii_case(with.as_bytes()));
    if begins("<!doctype html") || begins("<html") {
        return Some(Format::Html);
    }
    match extension {
        "html" | "htm" | "xhtml" => Some(Format::Html),
        "md" | "markdown" => Some(Format::Markdown),
        "" | "doc" | "wps" => Some(Format::Text),
        _ => is_text_extension(extension).then_some(Format::Text),
    }
}

/// What to say of a file that is not read: what to save it as, that it is broken, or that it is unknown.
pub(crate) fn refusal(extension: &str) -> Refusal {
    match extension {
        "doc" | "wps" | "wpt" | "dot" | "docm" | "rtf" | "odt" => Refusal::save_as(extension, "docx"),
        "xls" | "xlsx" | "xlsm" | "xlsb" | "et" | "ett" | "ods" | "ppt" | "pptx" | "dps" | "dpt" | "odp"
        | "ofd" | "ceb" | "caj" => Refusal::save_as(extension, "pdf"),
        "docx" => Refusal::BrokenDocx { what: "zip" },
        "pdf" => Refusal::BrokenPdf,
        _ if is_text_extension(extension) => Refusal::BinaryAsText,
        "" => Refusal::UnknownFormat { extension: String::new() },
        _ => Refusal::UnknownFormat { extension: format!(".{extension}") },
    }
}

/// What to say of a compound file, by its name and by the streams it lists: an encrypted .docx is one too.
pub(crate) fn compound_refusal<R: Read + Seek>(file: &mut R, head: &[u8], extension: &str) -> Refusal {
    let directory = compound_directory(file, head).unwrap_or_default();
    let has = |stream: &str| {
        let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(&directory, &name).is_some()
    };
    let is_named = !matches!(extension, "docx" | "pdf") && !is_text_extension(extension);
    if has("EncryptedPackage") && matches!(extension, "docx" | "docm" | "") {
        Refusal::EncryptedDocx
    } else if is_named && matches!(refusal(extension), Refusal::SaveAs { .. }) {
        refusal(extension)
    } else if has("WordDocument") {
        Refusal::save_as("doc", "docx")
    } else if has("Workbook") {
        Refusal::save_as("xls", "pdf")
    } else if has("PowerPoint Document") {
        Refusal::save_as("ppt", "pdf")
    } else {
        refusal(extension)
    }
}

/// The first bytes of a compound file's directory, where its streams are named.
fn compound_directory<R: Read + Seek>(file: &mut R, head: &[u8]) -> Option<Vec<u8>> {
    let shift = u16::from_le_bytes(head.get(30..32)?.try_into().ok()?);
    let sector = u32::from_le_bytes(head.get(48..52)?.try_into().ok()?);
    let start = (u64::from(sector) + 1) << shift.min(16);
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut directory = Vec::new();
    file.by_ref().take(8 << 10).read_to_end(&mut directory).ok()?;
    Some(directory)
}
