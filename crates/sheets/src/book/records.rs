//! The records of an .xls workbook: what they are, and the texts in them.

use super::BookError;
use encoding_rs::Encoding;

/// A record that goes on the one before it.
const CONTINUE: u16 = 0x3c;

/// A record with those that continue it.
pub(super) struct Record<'a> {
    pub(super) id: u16,
    pub(super) pieces: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// What stands in the record itself.
    pub(super) fn data(&self) -> &'a [u8] {
        self.pieces.first().copied().unwrap_or_default()
    }

    pub(super) fn half(&self, at: usize) -> Result<u16, BookError> {
        half(self.data(), at)
    }
}

pub(super) fn half(data: &[u8], at: usize) -> Result<u16, BookError> {
    let pair = data.get(at..at + 2).ok_or_else(short)?;
    Ok(u16::from_le_bytes([pair[0], pair[1]]))
}

pub(super) fn word(data: &[u8], at: usize) -> Result<u32, BookError> {
    let four = data.get(at..at + 4).ok_or_else(short)?;
    Ok(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

pub(super) fn double(data: &[u8], at: usize) -> Result<f64, BookError> {
    let eight = data.get(at..at + 8).and_then(|eight| eight.try_into().ok()).ok_or_else(short)?;
    Ok(f64::from_le_bytes(eight))
}

pub(super) fn short() -> BookError {
    BookError::Broken("a record is too short".into())
}

/// The records of a stream from a place on.
pub(super) struct Records<'a> {
    pub(super) stream: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Records<'a> {
    fn one(&self, at: usize) -> Option<(u16, &'a [u8])> {
        let head = self.stream.get(at..at + 4)?;
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        Some((u16::from_le_bytes([head[0], head[1]]), self.stream.get(at + 4..at + 4 + length)?))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (id, data) = self.one(self.at)?;
        self.at += 4 + data.len();
        let mut pieces = vec![data];
        while let Some((CONTINUE, more)) = self.one(self.at) {
            self.at += 4 + more.len();
            pieces.push(more);
        }
        Some(Record { id, pieces })
    }
}

/// Reads through a record and what continues it.
pub(super) struct Pieces<'a, 'b> {
    pieces: &'b [&'a [u8]],
    rest: &'a [u8],
}

impl<'a, 'b> Pieces<'a, 'b> {
    /// From a place in the first piece on.
    pub(super) fn of(pieces: &'b [&'a [u8]], from: usize) -> Self {
        let (first, pieces) = pieces.split_first().map_or((&[][..], pieces), |(first, rest)| (*first, rest));
        Self { pieces, rest: first.get(from..).unwrap_or_default() }
    }

    fn turn(&mut self) -> Option<()> {
        let (first, pieces) = self.pieces.split_first()?;
        (self.rest, self.pieces) = (*first, pieces);
        Some(())
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        while self.rest.is_empty() {
            self.turn()?;
        }
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    pub(super) fn half(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > self.rest.len() {
            count -= self.rest.len();
            self.turn()?;
        }
        self.rest = &self.rest[count..];
        Some(())
    }

    /// A text whose length was read: its flags, then its characters in one or two bytes. Each piece that goes on a text says anew
    /// which.
    pub(super) fn characters(&mut self, count: usize) -> Option<String> {
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(self.half()?) * 4 };
        let extra = if flags & 4 == 0 {
            0
        } else {
            u32::from_le_bytes([self.byte()?, self.byte()?, self.byte()?, self.byte()?]) as usize
        };
        let mut is_wide = flags & 1 == 1;
        let mut units: Vec<u16> = Vec::new();
        while units.len() < count {
            if self.rest.is_empty() {
                self.turn()?;
                is_wide = self.byte()? & 1 == 1;
                continue;
            }
            let width = if is_wide { 2 } else { 1 };
            let most = (self.rest.len() / width).min(count - units.len());
            if most == 0 {
                return None;
            }
            let (own, rest) = self.rest.split_at(most * width);
            match is_wide {
                true => units.extend(own.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]))),
                false => units.extend(own.iter().map(|byte| u16::from(*byte))),
            }
            self.rest = rest;
        }
        self.skip(runs + extra)?;
        Some(String::from_utf16_lossy(&units))
    }

    /// A text of the version before, in an encoding of one byte or of several.
    pub(super) fn encoded(&mut self, count: usize, encoding: &'static Encoding) -> Option<String> {
        let bytes: Vec<u8> = std::iter::from_fn(|| self.byte()).take(count).collect();
        (bytes.len() == count).then(|| encoding.decode_without_bom_handling(&bytes).0.into_owned())
    }
}

/// Words that stand in bytes of an unknown make: Chinese ones in characters of two bytes from either side, and long numbers.
pub(super) fn raw_words(bytes: &[u8], tell: &mut dyn FnMut(&str)) {
    for from in 0..2 {
        let units = bytes.get(from..).unwrap_or_default().chunks_exact(2);
        let text = units
            .map(|pair| char::from_u32(u32::from(u16::from_le_bytes([pair[0], pair[1]]))))
            .map(Option::unwrap_or_default);
        tell_runs(text, tell);
    }
    tell_runs(bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '\0' }), tell);
}

fn tell_runs(text: impl Iterator<Item = char>, tell: &mut dyn FnMut(&str)) {
    let speaks = |c: char| {
        c.is_ascii_graphic()
            || c == ' '
            || ('\u{3000}'..='\u{9fff}').contains(&c)
            || ('\u{ff00}'..='\u{ffef}').contains(&c)
    };
    let mut run = String::new();
    for c in text.chain(['\0']) {
        if speaks(c) {
            run.push(c);
            continue;
        }
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 15 || run.chars().filter(|c| !c.is_ascii()).count() >= 2 {
            tell(&run);
        }
        run.clear();
    }
}
