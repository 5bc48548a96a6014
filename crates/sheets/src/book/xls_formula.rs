//! Whether a formula of an .xls workbook takes its value from another file.

use super::records::half;

/// The files that formulas name, and the sheets in them.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// Whether each is another file.
    is_other: Vec<bool>,
    /// The file of each reference to a sheet.
    sheets: Vec<u16>,
}

impl Books {
    pub(super) fn add_book(&mut self, data: &[u8]) {
        // The workbook itself, or a library of functions.
        let own = [0x0401, 0x3a01];
        self.is_other.push(!(data.len() == 4 && half(data, 2).is_ok_and(|kind| own.contains(&kind))));
    }

    pub(super) fn add_sheets(&mut self, data: &[u8]) {
        let six = data.get(2..).unwrap_or_default().chunks_exact(6);
        self.sheets.extend(six.filter_map(|six| half(six, 0).ok()));
    }

    fn is_other(&self, sheet: u16) -> bool {
        let book = self.sheets.get(usize::from(sheet));
        book.and_then(|book| self.is_other.get(usize::from(*book))).copied().unwrap_or(false)
    }
}

/// Walks over the tokens of a formula, up to one that is not known.
pub(super) fn is_linked(formula: &[u8], books: &Books) -> bool {
    let mut at = 0;
    while let Some(token) = formula.get(at) {
        let rest = &formula[at + 1..];
        // References and functions come in three classes.
        let kind = if *token >= 0x40 { (*token & 0x1f) | 0x20 } else { *token };
        if matches!(kind, 0x39..=0x3d) && half(rest, 0).is_ok_and(|sheet| books.is_other(sheet)) {
            return true;
        }
        let Some(length) = length(kind, rest) else { return false };
        at += 1 + length;
    }
    false
}

/// Bytes behind a token.
fn length(kind: u8, rest: &[u8]) -> Option<usize> {
    Some(match kind {
        0x03..=0x16 => 0,
        0x1c | 0x1d => 1,
        0x1e | 0x21 | 0x29 => 2,
        0x22 => 3,
        0x01 | 0x02 | 0x23 | 0x24 | 0x2a | 0x2c => 4,
        0x26..=0x28 | 0x39 | 0x3a | 0x3c => 6,
        0x20 => 7,
        0x1f | 0x25 | 0x2b | 0x2d => 8,
        0x3b | 0x3d => 10,
        0x17 => {
            let (count, flags) = (usize::from(*rest.first()?), rest.get(1)?);
            2 + count * if flags & 1 == 1 { 2 } else { 1 }
        }
        0x19 if rest.first()? & 4 != 0 => 3 + (usize::from(half(rest, 1).ok()?) + 1) * 2,
        0x19 => 3,
        _ => return None,
    })
}
