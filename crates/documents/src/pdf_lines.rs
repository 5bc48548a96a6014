//! The lines of a PDF page are where its paper ended, not where its sentences do: lines that run on are joined,
//! and page numbers are dropped, so that a figure broken over two lines is one figure.

use crate::Page;

/// A line reaching this share of the widest line of its page runs on.
const FULL_PERCENT: usize = 90;

/// The text being put together.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    text: String,
    chars: usize,
    pages: Vec<Page>,
    /// Whether the last line reached the margin without ending its sentence.
    runs_on: bool,
}

impl Lines {
    /// Joins the pages of the tool's output, which end with form feeds.
    pub(crate) fn join(raw: &str) -> (String, Vec<Page>) {
        let mut lines = Lines::default();
        let raw = raw.strip_suffix('\u{c}').unwrap_or(raw);
        for (number, page) in (1..).zip(raw.split('\u{c}')) {
            lines.page(number, page);
        }
        (lines.text, lines.pages)
    }

    fn page(&mut self, number: u32, page: &str) {
        let kept =
            || page.lines().map(str::trim_end).filter(|line| !line.is_empty() && !is_page_number(line));
        let widest = kept().map(width).max().unwrap_or(0);
        let mut is_first = true;
        for line in kept() {
            self.separate(line);
            if is_first {
                self.pages.push(Page { number, start: self.chars });
                is_first = false;
            }
            self.push(if self.runs_on { line.trim_start() } else { line });
            self.runs_on = width(line) * 100 >= widest * FULL_PERCENT && widest >= 30 && !ends_sentence(line);
        }
        if is_first {
            self.pages.push(Page { number, start: self.chars });
        }
    }

    /// Puts what belongs between the text so far and a line, and decides whether the line goes on.
    fn separate(&mut self, line: &str) {
        self.runs_on = self.runs_on && !begins_block(line);
        if self.runs_on {
            let is_word = |c: char| c.is_ascii_alphabetic() || c == ',';
            let before = self.text.chars().next_back().is_some_and(is_word);
            let after = line.trim_start().chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
            if before && after {
                self.push(" ");
            }
        } else if !self.text.is_empty() {
            self.push("\n");
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.chars += text.chars().count();
    }
}

/// Columns that a line takes, a wide character being two.
fn width(line: &str) -> usize {
    line.chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum()
}

fn ends_sentence(line: &str) -> bool {
    let last = line.chars().next_back().map(narrow);
    last.is_some_and(|c| "。.!?:;…”".contains(c))
}

/// Whether a line begins a paragraph or an item: it is indented, or numbered as headings are.
fn begins_block(line: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十";
    let mut bare = line.chars().map(narrow).skip_while(|c| *c == '(').peekable();
    let is_numbered = bare.next_if(|c| NUMERALS.contains(*c)).is_some()
        && bare.find(|c| !NUMERALS.contains(*c)).is_some_and(|c| matches!(c, '、' | ')'));
    line.starts_with(['\u{3000}', '\t', '●', '■', '•', '—']) || line.starts_with("  ") || is_numbered
}

/// The narrow form of a wide punctuation mark.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// A number alone on its line, also as `- 3 -`, `3 / 12` or `第3页`.
fn is_page_number(line: &str) -> bool {
    let line = line.trim();
    let is_mark = |c: char| c.is_ascii_digit() || "-—–·/ 第页共".contains(c);
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let has_frame = line.contains(['-', '—', '–', '/', '页']);
    line.chars().all(is_mark) && digits > 0 && (has_frame && line.chars().count() <= 12)
}
