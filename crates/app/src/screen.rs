//! What is looked for in the texts of a sheet before its bytes are stored (laws 9 and 11). A sheet is evidence as it came: it
//! cannot be masked, so it is refused.

use crate::error::{Error, Result};
use domain::screening;
use std::collections::BTreeSet;

/// Headings that a refusal names.
const NAMED: usize = 12;
/// A longer cell is no heading: it may speak of anything.
const HEADING_CHARS: usize = 12;
/// Lines of a text in which headings of columns may stand.
const LINES: usize = 2_000;

/// Looks at the texts of one file.
pub(crate) struct Screen {
    file: String,
    mark: Option<(String, String)>,
    headings: BTreeSet<String>,
    has_numbers: bool,
    looked: usize,
}

impl Screen {
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), mark: None, headings: BTreeSet::new(), has_numbers: false, looked: 0 }
    }

    /// Looks at one text.
    pub fn look(&mut self, text: &str) {
        if self.mark.is_none()
            && let Some(mark) = screening::secrecy_mark(text)
        {
            self.mark = Some((mark.grade.to_owned(), mark.line.to_string()));
        }
        if self.headings.len() < NAMED {
            self.headings.extend(screening::listed_headings(text));
            // A cell that says nothing else heads a column or stands before its value; a line of a text has several.
            self.looked += 1;
            let separators: &[char] = if self.looked <= LINES { &[',', '\t', ';', '|'] } else { &[] };
            for cell in text.split(separators).map(|cell| cell.trim().trim_matches('"')) {
                if cell.chars().count() <= HEADING_CHARS && screening::is_listed_heading(cell) {
                    self.headings.insert(cell.to_owned());
                }
            }
        }
        self.has_numbers = self.has_numbers || !screening::identity_numbers(text).is_empty();
    }

    /// Refuses the file where something was found that must not be stored.
    ///
    /// # Errors
    /// [`Error::Refused`] naming it.
    pub fn end(self) -> Result<()> {
        let Self { file, mark, headings, has_numbers, .. } = self;
        if let Some((grade, line)) = mark {
            let args = vec![("mark", grade), ("line", line)];
            return Err(Error::Refused { file, code: "secrecy-mark", args });
        }
        if !headings.is_empty() {
            let args = vec![("headings", headings.into_iter().collect::<Vec<_>>().join("、"))];
            return Err(Error::Refused { file, code: "listed-headings", args });
        }
        if has_numbers {
            return Err(Error::Refused { file, code: "identity-numbers", args: Vec::new() });
        }
        Ok(())
    }
}
