//! Identity numbers of the People's Republic (GB 11643): 17 digits with a date of birth inside and a check
//! character, or the old form of 15 digits without one.

use std::ops::Range;

use jiff::civil::Date;

use super::narrow;

/// A text whose identity numbers are hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The text: every digit and check character of an identity number is `*`, all else is unchanged, and its
    /// length in code points too.
    pub text: String,
    /// How many numbers were hidden.
    pub count: usize,
}

/// Finds identity numbers, as spans in code points: 18 characters with a known region, a possible date and a
/// right check character, also in wide digits and in groups with one blank or hyphen between them; the old form
/// of 15 digits only where its line speaks of identity before it.
pub fn identity_numbers(text: &str) -> Vec<Range<usize>> {
    let mut chars = 0;
    let mut bytes = 0;
    let mut points = |to: usize| {
        chars += text[bytes..to].chars().count();
        bytes = to;
        chars
    };
    find(text).into_iter().map(|span| points(span.start)..points(span.end)).collect()
}

/// Hides the identity numbers of a text.
pub fn mask(text: &str) -> Masked {
    let spans = find(text);
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for span in &spans {
        masked.push_str(&text[from..span.start]);
        masked.extend(text[span.clone()].chars().map(|c| if is_part(narrow(c)) { '*' } else { c }));
        from = span.end;
    }
    masked.push_str(&text[from..]);
    Masked { text: masked, count: spans.len() }
}

fn is_part(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, 'X' | 'x')
}

fn is_digit(c: char) -> bool {
    narrow(c).is_ascii_digit()
}

/// The spans in bytes.
fn find(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(step) = text[at..].find(is_digit) {
        let start = at + step;
        let run = Groups::read(&text[start..]);
        match run.identity(&text[..start]) {
            Some(length) => {
                spans.push(start..start + length);
                at = start + length;
            }
            None => at = start + run.first_length,
        }
    }
    spans
}

/// Groups of digits, with the same single separator between them.
#[derive(Debug, Default)]
struct Groups {
    /// The characters of all groups, narrow; one more than an identity number has at most.
    characters: String,
    /// Length in bytes of all groups with their separators.
    length: usize,
    /// The characters, and the length in bytes, of the first group.
    first_characters: usize,
    first_length: usize,
    shortest: usize,
}

impl Groups {
    fn read(text: &str) -> Groups {
        let mut groups = Groups { shortest: usize::MAX, ..Groups::default() };
        let mut separator = None;
        loop {
            let (digits, length) = group(&text[groups.length..]);
            groups.shortest = groups.shortest.min(digits.len());
            groups.length += length;
            if groups.first_length == 0 {
                (groups.first_characters, groups.first_length) = (digits.len(), length);
            }
            groups.characters.push_str(&digits);
            let mut rest = text[groups.length..].chars();
            let Some(next) = rest.next().filter(|c| matches!(narrow(*c), ' ' | '-')) else { return groups };
            let goes_on = rest.next().is_some_and(is_digit) && *separator.get_or_insert(next) == next;
            if groups.characters.len() > 18 || !goes_on {
                return groups;
            }
            groups.length += next.len_utf8();
        }
    }

    /// The length in bytes of the identity number that the groups begin with, if there is one.
    fn identity(&self, before: &str) -> Option<usize> {
        let first = &self.characters[..self.first_characters];
        if is_identity(first) || (is_old_form(first) && speaks_of_identity(before)) {
            return Some(self.first_length);
        }
        // Single digits with blanks between them are a row of figures, not the groups of a number.
        (self.shortest >= 3 && is_identity(&self.characters)).then_some(self.length)
    }
}

/// One group of digits in narrow form, with the check character X, and its length in bytes. Of a very long group
/// only so much is kept as shows that it is too long.
fn group(text: &str) -> (String, usize) {
    let mut digits = String::new();
    let mut length = 0;
    for c in text.chars() {
        let is_check = matches!(narrow(c), 'X' | 'x') && !digits.is_empty();
        if !is_digit(c) && !is_check {
            break;
        }
        length += c.len_utf8();
        if digits.len() < 20 {
            digits.push(narrow(c).to_ascii_uppercase());
        }
        if is_check {
            break;
        }
    }
    (digits, length)
}

fn is_identity(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 18
        && bytes[..17].iter().all(u8::is_ascii_digit)
        && is_region(&number[..3])
        && is_birthday(&number[6..14])
        && check_character(&bytes[..17]) == bytes[17]
}

fn is_old_form(number: &str) -> bool {
    number.len() == 15
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && is_region(&number[..3])
        && is_birthday(&format!("19{}", &number[6..12]))
}

/// The first two digits are a province; for foreigners with permanent residence they follow a 9.
fn is_region(first: &str) -> bool {
    let province = if first.starts_with('9') { &first[1..3] } else { &first[..2] };
    matches!(
        province,
        "11" | "12"
            | "13"
            | "14"
            | "15"
            | "21"
            | "22"
            | "23"
            | "31"
            | "32"
            | "33"
            | "34"
            | "35"
            | "36"
            | "37"
            | "41"
            | "42"
            | "43"
            | "44"
            | "45"
            | "46"
            | "50"
            | "51"
            | "52"
            | "53"
            | "54"
            | "61"
            | "62"
            | "63"
            | "64"
            | "65"
            | "71"
            | "81"
            | "82"
            | "83"
    )
}

fn is_birthday(digits: &str) -> bool {
    let number = |range: Range<usize>| digits[range].parse::<i16>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(4..6), number(6..8));
    (1880..=2099).contains(&year) && Date::new(year, month as i8, day as i8).is_ok()
}

/// ISO 7064, MOD 11-2, as GB 11643 prescribes it.
fn check_character(digits: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHARACTERS: &[u8; 11] = b"10X98765432";
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHARACTERS[(sum % 11) as usize]
}

/// Whether the same line, shortly before, names an identity number.
fn speaks_of_identity(before: &str) -> bool {
    let near: Vec<char> = before.chars().rev().take_while(|c| *c != '\n').take(40).collect();
    let near: String = near.into_iter().rev().filter(|c| !c.is_whitespace()).collect();
    ["身份证", "身份號碼", "身份号码", "身份證", "公民身份", "证件号"].iter().any(|word| near.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number of an invented person, made right by its check character.
    fn made(seventeen: &str) -> String {
        format!("{seventeen}{}", char::from(check_character(seventeen.as_bytes())))
    }

    fn wide(text: &str) -> String {
        text.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect()
    }

    #[test]
    fn the_check_character_is_that_of_the_standard() {
        // The worked example in the standard's annex.
        assert_eq!(made("11010519491231002"), "11010519491231002X");
    }

    #[test]
    fn numbers_are_found_in_each_way_of_writing() {
        let number = made("65010219900307123");
        let spaced = format!("{} {} {}", &number[..6], &number[6..14], &number[14..]);
        let hyphened = spaced.replace(' ', "-");
        for (text, span) in [
            (number.clone(), 0..18),
            (format!("张某{number},男"), 2..20),
            (format!("1 {number} 2"), 2..20),
            (format!("序号1\t{number}\t1999"), 4..22),
            (wide(&number), 0..18),
            (format!("号:{spaced}。"), 2..22),
            (hyphened, 0..20),
            ("11010519491231002x".to_owned(), 0..18),
        ] {
            assert_eq!(identity_numbers(&text), vec![span], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        let number = made("65010219900307123");
        let wrong = format!("{}{}", &number[..17], if number.ends_with('1') { '2' } else { '1' });
        for text in [
            wrong,
            format!("6{number}"),
            format!("{number}0"),
            made("65010219901307123"),
            made("99010219900307123"),
            "2020-650000-78-03-012345".to_owned(),
            "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18".to_owned(),
            "650102900307123".to_owned(),
            "0".repeat(100_000),
        ] {
            assert!(identity_numbers(&text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_old_form_counts_only_beside_its_heading() {
        assert_eq!(identity_numbers("身份证号:650102900307123").first(), Some(&(5..20)));
        assert_eq!(identity_numbers("身份证号\n货号650102900307123"), []);
    }

    #[test]
    fn masking_keeps_every_length_and_all_else() {
        let number = made("65010219900307123");
        let text = format!("甲{number}乙\n{} 丙", wide(&number));
        let masked = mask(&text);
        let stars = "*".repeat(18);
        assert_eq!(masked, Masked { text: format!("甲{stars}乙\n{stars} 丙"), count: 2 });
        assert_eq!(masked.text.chars().count(), text.chars().count());
        let spaced = format!("{} {}", &number[..6], &number[6..]);
        assert_eq!(mask(&spaced).text, "****** ************");
    }

    proptest::proptest! {
        #[test]
        fn masking_any_text_keeps_its_length_and_leaves_nothing(text in "[0-9Xx -甲\u{ff10}-\u{ff19}\n]{0,80}") {
            let masked = mask(&text);
            proptest::prop_assert_eq!(masked.text.chars().count(), text.chars().count());
            proptest::prop_assert_eq!(masked.count, identity_numbers(&text).len());
        }
    }
}
