//! Readings of Chinese names: the key they are sorted by, and the initials they are found by.

use super::tokens::{is_ideograph, plain};
use pinyin::ToPinyin as _;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Longer keys are cut off here: an index row has a limit, and nobody compares further.
const KEY_CHARS: usize = 400;

/// Readings that the first one of each character would get wrong, by word.
static READINGS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let rows = include_str!("../../../../data/readings.tsv").lines().filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t'))
        .map(|(word, reading)| (word, reading.split(' ').collect()))
        .collect()
});

/// Longest word of the readings, in characters.
static LONGEST: LazyLock<usize> =
    LazyLock::new(|| READINGS.keys().map(|word| word.chars().count()).max().unwrap_or(1));

/// A piece of a name as it is read.
enum Piece {
    /// A Chinese character.
    Syllable(String),
    /// Another letter, a digit or a mark.
    Other(char),
}

fn pieces(text: &str) -> Vec<Piece> {
    let chars: Vec<char> = plain(text).collect();
    let mut pieces = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let longest = (*LONGEST).min(chars.len() - at);
        let known = (1..=longest).rev().find_map(|length| {
            let word: String = chars[at..at + length].iter().collect();
            READINGS.get(word.as_str()).map(|reading| (length, reading))
        });
        if let Some((length, reading)) = known {
            pieces.extend(reading.iter().map(|syllable| Piece::Syllable((*syllable).to_owned())));
            at += length;
            continue;
        }
        let c = chars[at];
        // On a keyboard ü is v.
        let syllable = c.to_pinyin().map(|syllable| syllable.plain().replace('ü', "v"));
        pieces.push(syllable.map_or(Piece::Other(c), Piece::Syllable));
        at += 1;
    }
    pieces
}

/// The key by which names are sorted in code point order: by the reading of their characters, other letters in lower
/// case, numbers by their value. Where nothing has a reading, the characters themselves.
#[must_use]
pub fn pinyin_key(text: &str) -> String {
    let mut key = String::new();
    let mut digits = String::new();
    for piece in pieces(text) {
        if let Piece::Other(c) = piece
            && c.is_ascii_digit()
        {
            digits.push(c);
            continue;
        }
        push_number(&mut key, &mut digits);
        match piece {
            Piece::Syllable(syllable) => push_word(&mut key, &syllable),
            Piece::Other(c) if is_ideograph(c) => push_word(&mut key, c.encode_utf8(&mut [0; 4])),
            Piece::Other(c) if c.is_alphanumeric() => key.push(c),
            Piece::Other(_) => push_word(&mut key, ""),
        }
    }
    push_number(&mut key, &mut digits);
    key.trim_end().chars().take(KEY_CHARS).collect()
}

/// Words are set apart by one space, which sorts before every letter.
fn push_word(key: &mut String, word: &str) {
    if !key.is_empty() && !key.ends_with(' ') {
        key.push(' ');
    }
    key.push_str(word);
    if !word.is_empty() {
        key.push(' ');
    }
}

/// A number is written with the count of its digits in front, so that 2 comes before 10.
fn push_number(key: &mut String, digits: &mut String) {
    if digits.is_empty() {
        return;
    }
    let value = digits.trim_start_matches('0');
    key.push_str(&format!("{:02}{value}", value.len().min(99)));
    digits.clear();
}

/// The first letters of a name's characters, with other letters and digits as they are: `hbjt` for 湖北交投.
#[must_use]
pub fn initials(text: &str) -> String {
    let letter = |piece| match piece {
        Piece::Syllable(syllable) => syllable.chars().next(),
        Piece::Other(c) => c.is_alphanumeric().then_some(c),
    };
    pieces(text).into_iter().filter_map(letter).collect()
}

/// The whole reading of a name without spaces: `hubeijiaotou` for 湖北交投.
pub(super) fn reading(text: &str) -> String {
    let mut reading = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Syllable(syllable) => reading.push_str(&syllable),
            Piece::Other(c) => reading.extend(c.is_alphanumeric().then_some(c)),
        }
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_they_are_read() {
        let mut names = [
            "重庆路桥",
            "第10批",
            "湖北交投",
            "第2批",
            "Acme 公司",
            "黄冈",
            "长江",
            "厦门港",
            "3号园区",
            "TCL",
            "喀什",
        ];
        names.sort_by_key(|name| pinyin_key(name));
        let sorted = [
            "3号园区",
            "Acme 公司",
            "长江",
            "重庆路桥",
            "第2批",
            "第10批",
            "湖北交投",
            "黄冈",
            "喀什",
            "TCL",
            "厦门港",
        ];
        assert_eq!(names, sorted);
    }

    #[test]
    fn a_shorter_syllable_comes_before_a_longer_one() {
        assert_eq!(pinyin_key("湖北"), "hu bei");
        assert!(pinyin_key("湖州") < pinyin_key("华北"));
        assert_eq!(pinyin_key("A（甲）1 队"), "a jia 011 dui");
        assert_eq!(pinyin_key("绿野"), "lv ye");
        assert_eq!(pinyin_key("000"), "00");
    }

    #[test]
    fn initials_take_the_common_reading() {
        let pairs = [
            ("湖北交投", "hbjt"),
            ("重庆银行", "cqyh"),
            ("厦门港务", "xmgw"),
            ("TCL集团(3期)", "tcljt3q"),
            ("新疆喀什地区", "xjksdq"),
            ("協議", "xy"),
            ("", ""),
        ];
        for (name, expected) in pairs {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn every_row_of_the_readings_has_a_syllable_for_each_character() {
        assert!(READINGS.len() > 50);
        for (word, reading) in READINGS.iter() {
            assert_eq!(word.chars().count(), reading.len(), "{word}");
            assert!(reading.iter().all(|s| s.chars().all(|c| c.is_ascii_lowercase())), "{word}");
        }
    }

    #[test]
    fn the_reading_is_one_word() {
        assert_eq!(reading("湖北 交投"), "hubeijiaotou");
    }
}
