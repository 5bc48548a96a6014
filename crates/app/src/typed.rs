//! What people type, and what files are called, as it is stored: without identity numbers (law 9), without control
//! characters (a database keeps no NUL), of bounded length. Texts of documents have their own entrance in `document`.

use crate::error::{Error, Result};
use domain::screening;

/// The most characters of a typed text.
pub(crate) const MAX_CHARS: usize = 1_000;
/// Of a file's name the last characters are kept, which hold its extension.
const MAX_NAME_CHARS: usize = 120;

/// A field of a form on its way into the database: on one line, with identity numbers masked.
///
/// # Errors
/// [`Error::Invalid`] when it is longer than [`MAX_CHARS`].
pub(crate) fn field(name: &'static str, text: &str) -> Result<String> {
    if text.chars().count() > MAX_CHARS {
        return Err(Error::Invalid { field: name, problem: "too-long" });
    }
    Ok(one_line(text))
}

/// As [`field`]; none where nothing was typed.
pub(crate) fn optional(name: &'static str, text: &str) -> Result<Option<String>> {
    Ok(Some(field(name, text)?).filter(|text| !text.is_empty()))
}

/// Several lines as they are stored: identity numbers masked, no control characters but line ends, no blank lines around.
pub(crate) fn lines(text: &str) -> String {
    let masked = masked(text);
    let plain: String = masked.chars().filter(|c| *c == '\n' || !(c.is_control() || is_bidi(*c))).collect();
    plain.trim().to_owned()
}

/// One line as it is stored: identity numbers masked, no control characters, no marks of direction.
pub(crate) fn line(text: &str) -> String {
    one_line(text)
}

/// A text with identity numbers masked.
pub(crate) fn masked(text: &str) -> String {
    screening::mask(text).text
}

/// Marks that turn the direction of what follows, so that it reads as something else.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// A text that the program proposes, shortened to what a field takes.
pub(crate) fn proposed(text: &str) -> String {
    one_line(text).chars().take(MAX_CHARS).collect()
}

fn one_line(text: &str) -> String {
    let masked = screening::mask(text.trim()).text;
    let plain = masked.chars().filter(|c| !is_bidi(*c)).map(|c| if c.is_control() { ' ' } else { c });
    plain.collect::<String>().trim().to_owned()
}

/// The name of a file as it is stored and shown: without folders and control characters, with identity numbers
/// masked, of bounded length.
#[must_use]
pub fn file_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = base.chars().filter(|c| !c.is_control()).collect();
    let masked = screening::mask(plain.trim()).text;
    let skip = masked.chars().count().saturating_sub(MAX_NAME_CHARS);
    masked.chars().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the standard, which is nobody's number.
    const NUMBER: &str = "11010519491231002X";

    #[test]
    fn identity_numbers_are_masked_wherever_something_is_typed() {
        let stars = "*".repeat(18);
        assert_eq!(field("note", &format!(" 张某{NUMBER}来电 ")).expect("short"), format!("张某{stars}来电"));
        assert_eq!(file_name(&format!("C:\\名单\\{NUMBER}.txt")), format!("{stars}.txt"));
        assert_eq!(proposed(NUMBER), stars);
    }

    #[test]
    fn a_number_is_masked_before_its_name_is_cut() {
        let name = format!("{NUMBER}{}", "名".repeat(MAX_NAME_CHARS - 5));
        assert!(!file_name(&name).contains("31002X"), "{}", file_name(&name));
    }

    #[test]
    fn control_characters_marks_of_direction_and_folders_do_not_survive() {
        assert_eq!(lines(" 甲\u{0}\r\n乙\u{202e}丙\n "), "甲\n乙丙");
        assert_eq!(field("title", "甲\u{202e}乙").expect("short"), "甲乙");
        assert_eq!(file_name("../../a\u{0}\r\nb\u{7f}.txt"), "ab.txt");
        assert_eq!(field("title", "a\u{0}b\nc\td").expect("short"), "a b c d");
        assert_eq!(optional("note", " \u{0} ").expect("short"), None);
    }

    #[test]
    fn what_is_too_long_is_refused_by_name() {
        let long = "字".repeat(MAX_CHARS + 1);
        assert!(matches!(field("title", &long), Err(Error::Invalid { field: "title", problem: "too-long" })));
        assert_eq!(proposed(&long).chars().count(), MAX_CHARS);
    }
}
