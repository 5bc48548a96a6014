//! Compound files, which workbooks of Excel 97 to 2003 and encrypted ones are wrapped in: small file systems in one file.

use super::BookError;

/// What marks the end of a chain of sectors.
const LAST: u32 = 0xffff_fffa;
const HEADER: usize = 512;
/// Bytes of an entry of the directory.
const ENTRY: usize = 128;

/// A stream, before it is put together.
pub(super) struct Entry {
    pub(super) name: String,
    start: u32,
    size: usize,
}

/// A compound file in memory.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    small_sector: usize,
    /// Streams below this size lie in small sectors.
    cutoff: usize,
    chain: Vec<u32>,
    small_chain: Vec<u32>,
    small: Vec<u8>,
    pub(super) entries: Vec<Entry>,
}

impl<'a> Compound<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, BookError> {
        let (shift, small_shift) = (half(bytes, 30)?, half(bytes, 32)?);
        if !(7..=16).contains(&shift) || !(4..=shift).contains(&small_shift) {
            return Err(BookError::NotSheet);
        }
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            small_sector: 1 << small_shift,
            cutoff: word(bytes, 56)? as usize,
            chain: Vec::new(),
            small_chain: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
        };
        file.chain = file.whole_chain()?;
        let directory = file.sectors(word(bytes, 48)?)?;
        file.small_chain = words(&file.sectors(word(bytes, 60)?)?);
        for entry in directory.chunks_exact(ENTRY) {
            let (start, size) = (word(entry, 116)?, word(entry, 120)? as usize);
            match entry[66] {
                2 => file.entries.push(Entry { name: name(entry), start, size }),
                5 => file.small = file.sectors(start)?,
                _ => {}
            }
        }
        Ok(file)
    }

    /// The bytes of a stream.
    pub(super) fn stream(&self, entry: &Entry) -> Result<Vec<u8>, BookError> {
        let mut bytes = if entry.size < self.cutoff {
            self.small_sectors(entry.start)?
        } else {
            self.sectors(entry.start)?
        };
        bytes.truncate(entry.size);
        Ok(bytes)
    }

    /// Which sector follows which: the first parts of the table are named in the header, the others in a chain of their own.
    fn whole_chain(&self) -> Result<Vec<u32>, BookError> {
        let mut parts = words(self.bytes.get(76..HEADER).ok_or(BookError::NotSheet)?);
        let mut more = word(self.bytes, 68)?;
        let most = self.bytes.len() / self.sector + 1;
        for _ in 0..most {
            if more >= LAST {
                break;
            }
            let mut named = words(self.one(more).ok_or_else(cut)?);
            more = named.pop().unwrap_or(LAST);
            parts.extend(named);
        }
        let mut chain = Vec::new();
        for part in parts.into_iter().filter(|part| *part < LAST).take(most) {
            chain.extend(words(self.one(part).ok_or_else(cut)?));
        }
        Ok(chain)
    }

    fn one(&self, sector: u32) -> Option<&'a [u8]> {
        let from = (sector as usize + 1).checked_mul(self.sector)?;
        // The last sector of a file may be cut short.
        let to = (from + self.sector).min(self.bytes.len());
        self.bytes.get(from..to)
    }

    fn sectors(&self, start: u32) -> Result<Vec<u8>, BookError> {
        let follow = |sector| Some((self.one(sector)?, *self.chain.get(sector as usize).unwrap_or(&LAST)));
        gathered(start, self.bytes.len(), follow)
    }

    fn small_sectors(&self, start: u32) -> Result<Vec<u8>, BookError> {
        let follow = |sector: u32| {
            let from = (sector as usize).checked_mul(self.small_sector)?;
            let to = (from + self.small_sector).min(self.small.len());
            Some((self.small.get(from..to)?, *self.small_chain.get(sector as usize)?))
        };
        gathered(start, self.small.len(), follow)
    }
}

/// The sectors of a chain, one behind the other. A chain that runs in a circle is longer than what it lies in.
fn gathered<'b>(
    start: u32,
    most: usize,
    follow: impl Fn(u32) -> Option<(&'b [u8], u32)>,
) -> Result<Vec<u8>, BookError> {
    let (mut bytes, mut at) = (Vec::new(), start);
    while at < LAST {
        let (sector, next) = follow(at).ok_or_else(cut)?;
        bytes.extend_from_slice(sector);
        if bytes.len() > most || sector.is_empty() {
            return Err(BookError::Broken("a chain of sectors without end".into()));
        }
        at = next;
    }
    Ok(bytes)
}

fn cut() -> BookError {
    BookError::Broken("the file is cut off".into())
}

fn name(entry: &[u8]) -> String {
    let length = usize::from(half(entry, 64).unwrap_or(0)).saturating_sub(2).min(62);
    let units: Vec<u16> =
        entry[..length].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

fn half(bytes: &[u8], at: usize) -> Result<u16, BookError> {
    let pair = bytes.get(at..at + 2).ok_or(BookError::NotSheet)?;
    Ok(u16::from_le_bytes([pair[0], pair[1]]))
}

fn word(bytes: &[u8], at: usize) -> Result<u32, BookError> {
    let four = bytes.get(at..at + 4).ok_or(BookError::NotSheet)?;
    Ok(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}
