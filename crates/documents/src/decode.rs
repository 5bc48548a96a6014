//! Text files: which encoding their bytes are in, and their characters, exactly.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::{Refusal, sniff};

/// A decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The characters, unchanged except for a byte order mark.
    pub text: String,
    /// The encoding's name: `UTF-8`, `GB18030`, `Big5`, `UTF-16LE`, …
    pub encoding: &'static str,
}

/// Decodes a text file: UTF-8 with or without mark, UTF-16 with mark, GB18030 or Big5.
///
/// # Errors
/// Refuses empty and binary files, NUL bytes, lines in two encodings, and text with more than one unreadable
/// character in a hundred.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let decoded = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) if encoding != UTF_8 => lossy(encoding, &bytes[mark..]),
        Some((_, mark)) => decode_bytes(&bytes[mark..])?,
        None => decode_bytes(bytes)?,
    };
    checked(decoded)
}

/// Decodes a web page: as [`decode`], but believes the encoding that the page names, where its bytes fit it.
///
/// # Errors
/// As [`decode`].
pub fn decode_html(bytes: &[u8]) -> Result<Decoded, Refusal> {
    if Encoding::for_bom(bytes).is_none()
        && std::str::from_utf8(bytes).is_err()
        && memchr::memchr(0, bytes).is_none()
        && let Some(encoding) = named_encoding(bytes)
        && let Some(decoded) = strict(encoding, bytes)
    {
        return checked(decoded);
    }
    decode(bytes)
}

/// The encoding in a page's `<meta charset>` or `<meta http-equiv>`.
fn named_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let at = memchr::memmem::find(head, b"charset=")? + "charset=".len();
    let label: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .collect();
    Encoding::for_label(&label)
}

fn decode_bytes(bytes: &[u8]) -> Result<Decoded, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if sniff::is_binary(bytes) {
        return Err(Refusal::BinaryAsText);
    }
    if let Some(offset) = memchr::memchr(0, bytes) {
        return Err(Refusal::NulBytes { offset });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: text.to_owned(), encoding: UTF_8.name() }),
        Err(_) => decode_legacy(bytes),
    }
}

/// Bytes that are not UTF-8 throughout.
fn decode_legacy(bytes: &[u8]) -> Result<Decoded, Refusal> {
    if let Some(line) = first_foreign_line(bytes) {
        return Err(Refusal::MixedEncodings { line });
    }
    let order = if guess(bytes) == BIG5 { [BIG5, GB18030] } else { [GB18030, BIG5] };
    if let Some(decoded) = order.into_iter().find_map(|encoding| strict(encoding, bytes)) {
        return Ok(decoded);
    }
    // No encoding fits: bytes were lost. Take the one that loses least; `checked` refuses if that is too much.
    [UTF_8, order[0], order[1]]
        .into_iter()
        .map(|encoding| lossy(encoding, bytes))
        .min_by_key(|decoded| unreadable(&decoded.text))
        .ok_or(Refusal::BinaryAsText)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<Decoded> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned();
    Some(Decoded { text, encoding: name(encoding) })
}

fn lossy(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let text = encoding.decode_without_bom_handling(bytes).0.into_owned();
    Decoded { text, encoding: name(encoding) }
}

/// GBK and GB2312 are parts of GB18030 and decoded as such.
fn name(encoding: &'static Encoding) -> &'static str {
    if encoding == GBK || encoding == GB18030 { "GB18030" } else { encoding.name() }
}

fn unreadable(text: &str) -> usize {
    text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count()
}

fn checked(decoded: Decoded) -> Result<Decoded, Refusal> {
    let is_utf16 = [UTF_16LE.name(), UTF_16BE.name()].contains(&decoded.encoding);
    if is_utf16 && let Some(offset) = decoded.text.find('\0') {
        return Err(Refusal::NulBytes { offset: 2 * decoded.text[..offset].encode_utf16().count() + 2 });
    }
    if decoded.text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    check_readable(unreadable(&decoded.text), decoded.text.chars().count())?;
    Ok(decoded)
}

/// Refuses text of which more than one character in a hundred is unreadable.
pub(crate) fn check_readable(unreadable: usize, chars: usize) -> Result<(), Refusal> {
    if unreadable * 100 <= chars {
        return Ok(());
    }
    Err(Refusal::Garbled { percent: (unreadable * 100).div_ceil(chars.max(1)).clamp(1, 100) as u32 })
}

/// What the bytes of one line show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// ASCII, or too damaged to tell.
    Open,
    /// UTF-8, with so many characters of three bytes or more.
    Utf8(usize),
    /// Not UTF-8, but whole in GB18030 or Big5.
    Legacy,
}

/// Four wide characters of UTF-8 in a row of lines cannot be chance in a text of another encoding.
const WIDE_ENOUGH: usize = 4;

/// The first line, from 1, in another encoding than those before it, where the bytes hold both UTF-8 and an
/// older encoding.
fn first_foreign_line(bytes: &[u8]) -> Option<usize> {
    let (mut wide, mut legacy) = (0, 0);
    let mut first_is_legacy = None;
    let mut change = None;
    for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
        let is_legacy = match line_kind(line) {
            Line::Open => continue,
            Line::Utf8(chars) => {
                wide += chars;
                false
            }
            Line::Legacy => {
                legacy += 1;
                true
            }
        };
        if *first_is_legacy.get_or_insert(is_legacy) != is_legacy {
            change = change.or(Some(number));
        }
    }
    change.filter(|_| wide >= WIDE_ENOUGH && legacy > 0)
}

fn line_kind(line: &[u8]) -> Line {
    let wide =
        |text: &str| text.chars().filter(|c| *c >= '\u{800}' && *c != char::REPLACEMENT_CHARACTER).count();
    if line.is_ascii() {
        return Line::Open;
    }
    if let Ok(text) = std::str::from_utf8(line) {
        return Line::Utf8(wide(text));
    }
    let text = String::from_utf8_lossy(line);
    let mostly_utf8 = wide(&text) > 2 * unreadable(&text);
    let whole = || [GB18030, BIG5].into_iter().any(|encoding| strict(encoding, line).is_some());
    if !mostly_utf8 && whole() { Line::Legacy } else { Line::Open }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIMPLIFIED: &str = "示例市与样板省签订合作协议,投资总额十二亿元。\r\n第二行:三家企业落地。\n";
    const TRADITIONAL: &str = "示例市與樣板省簽訂合作協議,投資總額十二億元。\n第二行:三家企業落地。\n";

    fn bytes_of(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        encoding.encode(text).0.into_owned()
    }

    #[test]
    fn text_comes_back_unchanged_from_each_encoding() {
        for (encoding, text) in
            [(UTF_8, SIMPLIFIED), (GB18030, SIMPLIFIED), (BIG5, TRADITIONAL), (UTF_8, TRADITIONAL)]
        {
            let decoded = decode(&bytes_of(encoding, text)).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, name(encoding)));
        }
    }

    #[test]
    fn traditional_script_in_gb18030_is_not_taken_for_big5() {
        let decoded = decode(&bytes_of(GB18030, TRADITIONAL)).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encoding), (TRADITIONAL, "GB18030"));
    }

    #[test]
    fn a_byte_order_mark_is_no_character() {
        let mut bytes = b"\xef\xbb\xbf".to_vec();
        bytes.extend(SIMPLIFIED.as_bytes());
        assert_eq!(decode(&bytes).unwrap().text, SIMPLIFIED);
        let utf16: Vec<u8> = "\u{feff}一二\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).unwrap(), Decoded { text: "一二\n".into(), encoding: "UTF-16LE" });
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decode(b""), Err(Refusal::Empty));
        assert_eq!(decode(b" \n\t\xe3\x80\x80"), Err(Refusal::Empty));
        assert_eq!(decode(b"\x7fELF\x02\x01"), Err(Refusal::BinaryAsText));
        assert_eq!(decode(&[0, 1, 2, 3, 200, 201]), Err(Refusal::BinaryAsText));
        let mut damaged = SIMPLIFIED.as_bytes().to_vec();
        damaged[30] = 0;
        assert_eq!(decode(&damaged), Err(Refusal::NulBytes { offset: 30 }));
    }

    #[test]
    fn joined_files_of_two_encodings_are_refused_at_the_line_of_the_change() {
        let mut bytes = SIMPLIFIED.as_bytes().to_vec();
        bytes.extend(b"ascii\n");
        bytes.extend(bytes_of(GB18030, SIMPLIFIED));
        assert_eq!(decode(&bytes), Err(Refusal::MixedEncodings { line: 4 }));
        let mut bytes = bytes_of(GB18030, SIMPLIFIED);
        bytes.extend(SIMPLIFIED.as_bytes());
        assert_eq!(decode(&bytes), Err(Refusal::MixedEncodings { line: 3 }));
    }

    #[test]
    fn a_lost_byte_shows_as_a_replacement_character_and_many_are_refused() {
        let mut bytes = SIMPLIFIED.repeat(10).into_bytes();
        bytes.remove(0);
        let decoded = decode(&bytes).unwrap();
        assert_eq!(decoded.encoding, "UTF-8");
        assert!(decoded.text.starts_with(char::REPLACEMENT_CHARACTER));
        let garbled = SIMPLIFIED.replace('家', "\u{fffd}");
        assert_eq!(decode(garbled.as_bytes()), Err(Refusal::Garbled { percent: 3 }));
    }

    #[test]
    fn a_page_is_read_in_the_encoding_it_names_where_its_bytes_fit() {
        let page = format!("<meta charset=\"gb2312\"><p>{SIMPLIFIED}");
        let decoded = decode_html(&bytes_of(GB18030, &page)).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encoding), (page.as_str(), "GB18030"));
        assert_eq!(decode_html(page.as_bytes()).unwrap().encoding, "UTF-8");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = decode(&bytes);
            let _ = decode_html(&bytes);
        }

        #[test]
        fn utf8_text_comes_back_unchanged(text in "[a-z0-9一-龥,。\n]{1,200}") {
            if let Ok(decoded) = decode(text.as_bytes()) {
                proptest::prop_assert_eq!(decoded.text, text);
            }
        }
    }
}
