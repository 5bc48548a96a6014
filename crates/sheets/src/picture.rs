//! Pictures for a Word document: PNG and JPEG, whose size their first bytes tell; nothing is decoded.

/// The most bytes of a picture.
pub const PICTURE_BYTES: usize = 8 << 20;
/// The most pixels of a side; what says more is broken, or would break the program that opens it.
const MOST: u32 = 20_000;
/// Frames of a JPEG that name its size: all but those that hold tables.
const FRAMES: &[u8] = &[0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

/// A whole picture with its size in pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub(crate) bytes: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Picture {
    /// A picture from the bytes of a file; none where it is no PNG or JPEG, is cut short, or is larger than
    /// [`PICTURE_BYTES`] or 20,000 pixels a side.
    #[must_use]
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        if bytes.len() > PICTURE_BYTES {
            return None;
        }
        let (width, height) = png_size(&bytes).or_else(|| jpeg_size(&bytes))?;
        let fits = |side: u32| (1..=MOST).contains(&side);
        (fits(width) && fits(height)).then_some(Self { bytes, width, height })
    }
}

/// Signature, then the header chunk; the last chunk is there.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
    let side = |at: usize| Some(u32::from_be_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    let is_whole = bytes.windows(8).any(|of| of == b"\0\0\0\0IEND");
    Some((side(0)?, side(4)?)).filter(|_| is_whole)
}

/// The segments from the first on, to the frame; the mark of the end is there.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    if !bytes.windows(2).any(|of| of == b"\xff\xd9") {
        return None;
    }
    loop {
        let [0xff, kind, high, low, ..] = *rest else { return None };
        if kind == 0xff {
            rest = &rest[1..];
            continue;
        }
        if FRAMES.contains(&kind) {
            let side = |at: usize| Some(u32::from(u16::from_be_bytes([*rest.get(at)?, *rest.get(at + 1)?])));
            return Some((side(7)?, side(5)?));
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low])).max(2)..)?;
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The outside of a PNG of this size.
    pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes().into_iter().chain(height.to_be_bytes()));
        bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB`\x82");
        bytes
    }

    /// The outside of a JPEG of this size, with a segment before its frame.
    pub(crate) fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x0b\x08".to_vec();
        bytes.extend(height.to_be_bytes().into_iter().chain(width.to_be_bytes()));
        bytes.extend(b"\x01\x01\x11\0\xff\xd9");
        bytes
    }

    fn size(bytes: &[u8]) -> Option<(u32, u32)> {
        Picture::read(bytes.to_vec()).map(|of| (of.width, of.height))
    }

    #[test]
    fn the_first_bytes_tell_the_size() {
        assert_eq!(size(&png(1_440, 900)), Some((1_440, 900)));
        assert_eq!(size(&jpeg(640, 480)), Some((640, 480)));
    }

    #[test]
    fn what_is_broken_huge_or_no_picture_is_none() {
        for bytes in [png(1_440, 900), jpeg(640, 480)] {
            for end in 0..bytes.len() - 4 {
                assert_eq!(size(&bytes[..end]), None, "cut at {end}");
            }
        }
        for wrong in [png(0, 9), png(9, 20_001), jpeg(0, 9), b"GIF89a".to_vec(), Vec::new()] {
            assert_eq!(size(&wrong), None);
        }
        assert_eq!(size(b"\xff\xd8\xff\xe0\0\0\xff\xd9"), None, "a segment without a length ends the walk");
        let mut large = png(10, 10);
        large.resize(PICTURE_BYTES + 1, 0);
        assert_eq!(size(&large), None);
    }
}
