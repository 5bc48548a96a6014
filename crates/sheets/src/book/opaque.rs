//! Parts of a workbook that are no text: told as far as words can be made out in them, refused where they wrap a file.
//!
//! What must not be stored (law 9) would otherwise come in inside an embedded document that nothing looks through.

use super::BookError;
use super::records::raw_words;
use encoding_rs::GB18030;

/// Bytes of a part that is looked through as a whole.
pub(super) const OPAQUE_BYTES: u64 = 16 << 20;

/// How files begin that hold others.
const WRAPPED: [&[u8]; 7] =
    [b"PK\x03\x04", &[0xd0, 0xcf, 0x11, 0xe0], b"%PDF", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"MSCF"];
/// How streams begin that pack what they hold: too short to be looked for anywhere else.
const PACKED: [&[u8]; 2] = [b"\x1f\x8b", b"BZh"];
/// How far behind the beginning of a stream its file may begin: a header with the name of the file stands before it.
const HEADED: usize = 4_096;

/// Tells the words of a part that is no text.
///
/// # Errors
/// [`BookError::Embedded`] where the part wraps a file.
pub(super) fn tell(name: &str, bytes: &[u8], text: &mut dyn FnMut(&str)) -> Result<(), BookError> {
    let head = &bytes[..bytes.len().min(HEADED)];
    let is_wrapped = WRAPPED.iter().any(|begin| head.windows(begin.len()).any(|window| window == *begin));
    if is_wrapped || PACKED.iter().any(|begin| bytes.starts_with(begin)) {
        return Err(BookError::Embedded(name.to_owned()));
    }
    raw_words(bytes, text);
    text(&GB18030.decode_without_bom_handling(bytes).0);
    text(&String::from_utf8_lossy(bytes));
    Ok(())
}

/// Whether a stream of a compound file holds a document that somebody put into the workbook.
pub(super) fn is_embedded_stream(name: &str) -> bool {
    const STREAMS: [&str; 6] =
        ["Package", "CONTENTS", "\u{1}Ole10Native", "WordDocument", "PowerPoint Document", "EmbeddedOdf"];
    STREAMS.iter().any(|stream| name.eq_ignore_ascii_case(stream))
}

/// Whether a part of a zipped workbook is a picture or says how something is printed: no words are looked for in it.
pub(super) fn is_picture(name: &str) -> bool {
    const ENDINGS: [&str; 14] = [
        ".png", ".jpg", ".jpeg", ".jfif", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ico", ".emf", ".wmf",
        ".wdp", ".svm",
    ];
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
        || name.contains("/printersettings/")
        || name.starts_with("objectreplacements/")
        || name.starts_with("thumbnails/")
}
