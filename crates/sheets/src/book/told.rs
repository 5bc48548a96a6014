//! What stands written in the parts of a zipped workbook, for what must be looked for before bytes are stored.

use super::BookError;
use super::xml::{add_words, plain};
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Bytes of a text that are told at once.
const TOLD_BYTES: usize = 1 << 20;

/// Tells the texts of a part: the runs of one string together, each attribute that can hold words.
pub(super) struct Told<'a> {
    tell: &'a mut dyn FnMut(&str),
    text: String,
}

impl<'a> Told<'a> {
    pub(super) fn new(tell: &'a mut dyn FnMut(&str)) -> Self {
        Self { tell, text: String::new() }
    }

    pub(super) fn event(&mut self, event: &Event<'_>) -> Result<(), BookError> {
        match event {
            Event::Start(element) | Event::Empty(element) => {
                if !is_inline(element.local_name().as_ref()) {
                    self.end();
                }
                self.attributes(element);
            }
            Event::End(element) if !is_inline(element.local_name().as_ref()) => self.end(),
            Event::Comment(words) => (self.tell)(words),
            Event::PI(words) => (self.tell)(words),
            words => add_words(words, &mut self.text),
        }
        if self.text.len() > TOLD_BYTES {
            self.end();
        }
        Ok(())
    }

    /// Tells what has been gathered of a string.
    pub(super) fn end(&mut self) {
        if may_speak(&self.text) {
            (self.tell)(&unescaped(self.text.trim()));
        }
        self.text.clear();
    }

    /// Names, prompts of a validation and the like.
    fn attributes(&mut self, element: &BytesStart<'_>) {
        // Most elements are cells: their names, kinds and formats say nothing.
        let raw = element.attributes_raw();
        if !raw.contains('&') && !has_words(raw) {
            return;
        }
        for attribute in element.attributes().with_checks(false).flatten() {
            let value = plain(&attribute.value);
            if has_words(&value) {
                (self.tell)(&value);
            }
        }
    }
}

/// Whether a text of a cell may be words or a number that names a person; most are short numbers.
fn may_speak(text: &str) -> bool {
    !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b' ' | b'\n' | b'\r' | b'\t'))
        || long_number(text)
}

/// Whether an attribute has words, or digits enough for a number that names a person.
fn has_words(text: &str) -> bool {
    !text.is_ascii() || long_number(text)
}

/// Fifteen digits in a row: the shortest number of an identity card.
fn long_number(text: &str) -> bool {
    text.len() >= 15 && text.as_bytes().split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() >= 15)
}

/// What stands inside one string of a workbook.
fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 13] =
        ["r", "t", "rPr", "b", "i", "sz", "color", "rFont", "family", "charset", "scheme", "span", "s"];
    INLINE.contains(&name)
}

/// A text of a workbook with its `_x8EAB_` resolved: characters that the writer thought XML could not hold.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        match escaped(from) {
            Some(c) => {
                plain.push(c);
                rest = &from[7..];
            }
            None => {
                plain.push_str("_x");
                rest = &from[2..];
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The character of `_x8EAB_`.
fn escaped(text: &str) -> Option<char> {
    let digits = text.get(2..6).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    if text.as_bytes().get(6) != Some(&b'_') {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_could_not_hold_are_resolved() {
        for (text, plain) in [
            ("a_x000D_b", "a\rb"),
            ("_x8EAB_份", "身份"),
            ("_x", "_x"),
            ("_x12_", "_x12_"),
            ("_xD800_", "_xD800_"),
        ] {
            assert_eq!(unescaped(text), plain);
        }
    }

    #[test]
    fn numbers_speak_when_they_can_name_somebody() {
        assert!(may_speak("110101199003070000") && may_speak("11010119900307000X") && may_speak("企业"));
        assert!(!may_speak("120.5") && !may_speak(" ") && !may_speak("2024-05-01"));
    }
}
