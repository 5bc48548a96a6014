//! The words that tell of projects, found apart from those that steer figures, so that neither disturbs the other.

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use domain::stage::Milestone;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a word does; the classes of `data/lexicon/projects.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Head,
    Stage,
    Build,
    Plan,
    Not,
    Weak,
    Edge,
    Generic,
    Many,
    Rate,
    Plain,
    Next,
    Body,
}

/// A word found in a text; positions are code points of the repaired text.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    pub start: usize,
    pub end: usize,
    pub class: Class,
    pub milestone: Option<Milestone>,
}

struct Words {
    entries: Vec<(Class, Option<Milestone>)>,
    words: CharwiseDoubleArrayAhoCorasick<u32>,
}

static WORDS: LazyLock<Words> = LazyLock::new(load);

fn load() -> Words {
    let file = include_str!("../../../data/lexicon/projects.tsv");
    let mut rows = BTreeMap::new();
    for line in file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut cells = line.split('\t');
        let (Some(word), Some(class)) = (cells.next(), cells.next().and_then(class)) else { continue };
        rows.insert(word, (class, cells.next().and_then(Milestone::from_code)));
    }
    let patterns = rows.keys().enumerate().map(|(i, word)| (*word, u32::try_from(i).unwrap_or(0)));
    let words = CharwiseDoubleArrayAhoCorasickBuilder::new()
        .match_kind(MatchKind::LeftmostLongest)
        .build_with_values(patterns)
        .expect("words are distinct and not empty");
    Words { entries: rows.into_values().collect(), words }
}

fn class(code: &str) -> Option<Class> {
    Some(match code {
        "head" => Class::Head,
        "stage" => Class::Stage,
        "build" => Class::Build,
        "plan" => Class::Plan,
        "not" => Class::Not,
        "weak" => Class::Weak,
        "edge" => Class::Edge,
        "generic" => Class::Generic,
        "many" => Class::Many,
        "rate" => Class::Rate,
        "plain" => Class::Plain,
        "next" => Class::Next,
        "body" => Class::Body,
        _ => return None,
    })
}

/// Every word of the repaired text that tells of projects, leftmost first, the longest at each place.
pub fn find(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let (mut at, mut points) = (0, 0);
    for hit in WORDS.words.leftmost_find_iter(text) {
        let start = points + text[at..hit.start()].chars().count();
        points = start + text[hit.start()..hit.end()].chars().count();
        at = hit.end();
        let (class, milestone) = WORDS.entries[hit.value() as usize];
        found.push(Word { start, end: points, class, milestone });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lexicon_has_a_class_and_a_known_milestone() {
        let file = include_str!("../../../data/lexicon/projects.tsv");
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<_> = line.split('\t').collect();
            assert!(cells.get(1).copied().and_then(class).is_some(), "{line}");
            assert!(cells.get(2).is_none_or(|code| Milestone::from_code(code).is_some()), "{line}");
            assert_eq!(cells[1] == "stage", cells.len() == 3 && cells[1] != "build", "{line}");
        }
    }
}
