//! The one tokeniser: what is stored and what is asked for are cut into the same words, on both databases.
//!
//! A run of Chinese characters becomes its pairs, and its last character alone, so that every character begins some
//! token and is found by it. Other letters and digits stay whole words in lower case. A code whose parts are joined by
//! one of `-_./` stays whole, and every tail of it that begins with a part is a token too. Traditional characters and
//! full-width forms become their plain ones.

use crate::dialect::Dialect;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// Longer words are cut off here, when stored and when asked for.
const TOKEN_CHARS: usize = 64;
/// Further parts of a code are found with it only.
const CODE_PARTS: usize = 8;
/// Words of a query that are looked at.
const QUERY_WORDS: usize = 8;
/// Characters of a query that are looked at.
const QUERY_CHARS: usize = 200;

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let rows = include_str!("../../../../data/lexicon/traditional.tsv").lines();
    rows.filter_map(|row| row.split_once('\t'))
        .filter_map(|(a, b)| a.chars().next().zip(b.chars().next()))
        .collect()
});

/// What a character is to the tokeniser.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Chinese, Japanese or Korean: words are not set apart.
    Ideograph,
    /// Another letter or a digit.
    Letter,
    /// Joins the parts of a code.
    Joiner,
    /// Anything else.
    Break,
}

fn class(c: char) -> Class {
    match c {
        '-' | '_' | '.' | '/' => Class::Joiner,
        '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' => Class::Ideograph,
        '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Class::Ideograph,
        c if c.is_alphanumeric() => Class::Letter,
        _ => Class::Break,
    }
}

/// A text in its plainest form: simplified, half-width, lower case.
pub(super) fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(|c| narrow(c).to_lowercase())
}

/// A character in its plainest form; of several characters the first.
pub(super) fn plain_char(c: char) -> char {
    let c = narrow(c);
    c.to_lowercase().next().unwrap_or(c)
}

fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c if class(c) == Class::Ideograph => SIMPLIFIED.get(&c).copied().unwrap_or(c),
        c => c,
    }
}

/// Only the letters, digits and Chinese characters of a text, in their plainest form.
pub(super) fn squeezed(text: &str) -> String {
    plain(text).filter(|c| matches!(class(*c), Class::Ideograph | Class::Letter)).collect()
}

pub(super) fn is_ideograph(c: char) -> bool {
    class(c) == Class::Ideograph
}

/// A run of characters of one kind.
enum Run {
    Ideographs(Vec<char>),
    /// The parts of a code; a plain word is a single part.
    Code(Vec<String>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut joiner: Option<char> = None;
    let mut last = Class::Break;
    for c in plain(text) {
        let now = class(c);
        match (now, last, runs.last_mut()) {
            (Class::Ideograph, Class::Ideograph, Some(Run::Ideographs(run))) => run.push(c),
            (Class::Ideograph, ..) => runs.push(Run::Ideographs(vec![c])),
            (Class::Letter, Class::Letter, Some(Run::Code(parts))) => {
                parts.last_mut().expect("a code has a part").push(c);
            }
            (Class::Letter, Class::Joiner, Some(Run::Code(parts))) if joiner.is_some() => {
                parts.last_mut().expect("a code has a part").extend(joiner);
                parts.push(c.to_string());
            }
            (Class::Letter, ..) => runs.push(Run::Code(vec![c.to_string()])),
            _ => {}
        }
        // Two joiners in a row join nothing.
        joiner = (now == Class::Joiner && last == Class::Letter).then_some(c);
        last = now;
    }
    runs
}

fn cut(token: &str) -> String {
    token.chars().take(TOKEN_CHARS).collect()
}

/// Adds the tokens under which a text is found.
pub(super) fn add_tokens(text: &str, tokens: &mut BTreeSet<String>) {
    for run in runs(text) {
        match run {
            Run::Ideographs(run) => {
                tokens.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
                tokens.extend(run.last().map(char::to_string));
            }
            Run::Code(parts) => {
                let tails = (0..parts.len().min(CODE_PARTS)).map(|from| cut(&parts[from..].concat()));
                tokens.extend(tails);
            }
        }
    }
}

/// A token that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub text: String,
    /// Whether any token that begins so will do.
    pub prefix: bool,
}

/// What somebody looks for: words, each of them tokens that must stand in one passage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub(super) words: Vec<Vec<Token>>,
    /// All of it without spaces and marks, for beginnings of names.
    pub(super) squeezed: String,
    /// All of it as it was typed, for codes.
    pub(super) typed: String,
}

impl Query {
    /// Reads what somebody typed. What is too long is cut off.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let typed: String = text.trim().chars().filter(|c| !c.is_control()).take(QUERY_CHARS).collect();
        let words =
            typed.split_whitespace().map(word).filter(|word| !word.is_empty()).take(QUERY_WORDS).collect();
        let squeezed = cut(&squeezed(&typed));
        Self { words, squeezed, typed }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

fn word(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for run in runs(text) {
        match run {
            Run::Ideographs(run) if run.len() == 1 => {
                tokens.push(Token { text: run[0].to_string(), prefix: true });
            }
            Run::Ideographs(run) => {
                let pairs = run.windows(2).map(|pair| pair.iter().collect());
                tokens.extend(pairs.map(|text| Token { text, prefix: false }));
            }
            Run::Code(parts) => {
                let text = cut(&parts.concat());
                // One letter or digit begins too much to be of use.
                let prefix = text.chars().count() > 1;
                tokens.push(Token { text, prefix });
            }
        }
    }
    tokens.dedup();
    tokens
}

/// Tokens as the column or index takes them.
pub(super) fn stored(tokens: &BTreeSet<String>, dialect: Dialect) -> String {
    let mut text = String::new();
    for token in tokens {
        match dialect {
            Dialect::Sqlite => text.extend([token.as_str(), " "]),
            Dialect::Postgres => text.extend(["'", token.as_str(), "' "]),
        }
    }
    text
}

/// The expression that finds passages with all of these tokens. Tokens hold neither quotes nor backslashes.
pub(super) fn expression<'a>(tokens: impl IntoIterator<Item = &'a Token>, dialect: Dialect) -> String {
    let one = |token: &Token| match (dialect, token.prefix) {
        (Dialect::Sqlite, false) => format!("\"{}\"", token.text),
        (Dialect::Sqlite, true) => format!("\"{}\"*", token.text),
        (Dialect::Postgres, false) => format!("'{}'", token.text),
        (Dialect::Postgres, true) => format!("'{}':*", token.text),
    };
    let all: Vec<_> = tokens.into_iter().map(one).collect();
    all.join(if dialect == Dialect::Sqlite { " AND " } else { " & " })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> String {
        let mut tokens = BTreeSet::new();
        add_tokens(text, &mut tokens);
        tokens.into_iter().collect::<Vec<_>>().join(" ")
    }

    fn asked(text: &str) -> String {
        let words = Query::new(text).words;
        let words = words.iter().map(|word| {
            let tokens = word.iter().map(|t| format!("{}{}", t.text, if t.prefix { "*" } else { "" }));
            tokens.collect::<Vec<_>>().join("+")
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn chinese_is_stored_in_pairs() {
        assert_eq!(tokens("湖北交投,湖"), "交投 北交 投 湖 湖北");
        assert_eq!(tokens("甲a乙"), "a 乙 甲");
    }

    #[test]
    fn codes_stay_whole_and_are_found_by_their_tails() {
        assert_eq!(tokens("XM-2026-000123。"), "000123 2026-000123 xm-2026-000123");
        assert_eq!(tokens("约12.5亿元"), "12.5 5 亿元 元 约");
        assert_eq!(tokens("91650100MA7ABCDE1X"), "91650100ma7abcde1x");
        assert_eq!(tokens("-a--b-."), "a b");
    }

    #[test]
    fn other_scripts_are_words() {
        assert_eq!(tokens("Hubei Jiaotou, Ürümqi"), "hubei jiaotou ürümqi");
        assert_eq!(tokens("شىنجاڭ ئۇيغۇر"), "ئۇيغۇر شىنجاڭ");
    }

    #[test]
    fn forms_of_writing_are_one() {
        assert_eq!(tokens("ＸＭ－２０２６"), tokens("xm-2026"));
        assert_eq!(tokens("協議"), tokens("协议"));
    }

    #[test]
    fn a_query_asks_for_the_same_tokens() {
        assert_eq!(asked("湖北交投"), "湖北+北交+交投");
        assert_eq!(asked(" 湖北  Hub x 湖 "), "湖北 hub* x 湖*");
        assert_eq!(asked("XM-2026-"), "xm-2026*");
        assert_eq!(asked("、。— '\" \\ "), "");
    }

    #[test]
    fn nothing_that_a_database_reads_as_syntax_gets_through() {
        let hostile = "a' | 'b\" OR \"c\\ NEAR(x) :* {} \u{0} 甲'乙";
        for c in tokens(hostile).chars().chain(asked(hostile).replace(['*', '+'], "").chars()) {
            assert!(!"'\"\\:|&!(){}\u{0}".contains(c), "{c:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_the_same_way_on_both_sides() {
        let long = "x".repeat(100);
        assert_eq!(tokens(&long), "x".repeat(64));
        assert_eq!(asked(&long), format!("{}*", "x".repeat(64)));
        assert!(Query::new(&"湖 北".repeat(10_000)).words.len() <= QUERY_WORDS);
    }
}
