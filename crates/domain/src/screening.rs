//! What is looked for before bytes are stored (laws 9 and 11 of the design): identity numbers, headings of lists
//! of persons, and marks of secrecy. The words are data (`data/law9.tsv`); programme data passes the same list.
//!
//! Running text may speak of peoples, of poverty overcome, of secrets: only the shapes of a record (a number with
//! its check character, a heading with its column or value, a mark on its own) count.

mod heading;
mod identity;
mod secrecy;

use std::sync::LazyLock;

pub use heading::{check_terms, is_listed_heading, listed_headings};
pub use identity::{Masked, identity_numbers, mask};
pub use secrecy::{Mark, secrecy_mark};

/// The words of `data/law9.tsv`, by kind.
#[derive(Debug, Default)]
struct Words {
    headings: Vec<&'static str>,
    heading_parts: Vec<&'static str>,
    exceptions: Vec<&'static str>,
    programme: Vec<&'static str>,
    secrecy_marks: Vec<&'static str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words::default();
    for line in include_str!("../../../data/law9.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(kind), Some(term)) = (cells.next(), cells.next()) else { continue };
        match kind {
            "heading" => words.headings.push(term),
            "heading_part" => words.heading_parts.push(term),
            "exception" => words.exceptions.push(term),
            "programme" => words.programme.push(term),
            "secrecy_mark" => words.secrecy_marks.push(term),
            // A test sees to it that the file has no other kinds.
            _ => {}
        }
    }
    words
});

/// The narrow form of a wide digit, letter or mark, as East Asian typesetting writes them.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_of_the_list_has_a_known_kind_a_term_and_a_note() {
        const KINDS: [&str; 5] = ["heading", "heading_part", "exception", "programme", "secrecy_mark"];
        for line in include_str!("../../../data/law9.tsv").lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 3, "{line}");
            assert!(KINDS.contains(&cells[0]) && !cells[1].trim().is_empty(), "{line}");
        }
    }
}
