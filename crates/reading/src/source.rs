//! The original text, cut by code points.

use crate::repair::Repaired;

/// Every how many code points a byte offset is kept.
const STEP: usize = 16;

/// A text with byte offsets at every 16th code point.
pub struct Source<'a> {
    text: &'a str,
    marks: Vec<usize>,
}

impl<'a> Source<'a> {
    pub fn new(text: &'a str, repaired: &Repaired) -> Self {
        let mut marks = Vec::with_capacity(repaired.units().len() / STEP + 1);
        let mut points = 0usize;
        for (at, byte) in text.bytes().enumerate() {
            if byte & 0xc0 != 0x80 {
                if points.is_multiple_of(STEP) {
                    marks.push(at);
                }
                points += 1;
            }
        }
        Self { text, marks }
    }

    /// The text between two code points.
    pub fn slice(&self, start: usize, end: usize) -> String {
        let (from, to) = (self.byte(start), self.byte(end));
        self.text.get(from..to).unwrap_or_default().to_owned()
    }

    fn byte(&self, point: usize) -> usize {
        let Some(&mark) = self.marks.get(point / STEP) else { return self.text.len() };
        let rest = &self.text[mark..];
        rest.char_indices().nth(point % STEP).map_or(self.text.len(), |(at, _)| mark + at)
    }
}
