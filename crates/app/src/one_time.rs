//! One-time codes of RFC 6238 (HMAC-SHA-1, six digits, 30 seconds), which every authenticator app knows, and the base32 of
//! RFC 4648 in which their secrets are written.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;

const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The time step of an instant.
pub(crate) fn step(second: i64) -> i64 {
    second.div_euclid(STEP_SECONDS)
}

/// The code of a time step.
pub(crate) fn code(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[19] & 0x0f);
    let word = u32::from_be_bytes([hash[offset], hash[offset + 1], hash[offset + 2], hash[offset + 3]]);
    format!("{:0DIGITS$}", (word & 0x7fff_ffff) % 10_u32.pow(6))
}

/// What a device with this secret (base32) shows at an instant.
#[must_use]
pub fn one_time_code(secret: &str, at: Timestamp) -> String {
    code(&decode(secret), step(at.as_second()))
}

/// The step, near that of the instant, whose code this is. A clock may be half a minute wrong either way.
pub(crate) fn find(secret: &[u8], typed: &str, second: i64) -> Option<i64> {
    let now = step(second);
    (now - 1..=now + 1).find(|&step| code(secret, step) == typed)
}

/// Bytes as base32, without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let (mut out, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(ALPHABET[(held >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        out.push(char::from(ALPHABET[(held << (5 - bits)) as usize & 31]));
    }
    out
}

/// The bytes of a base32 text; what is no letter of it is passed over.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    let digits = text.bytes().filter_map(|letter| ALPHABET.iter().position(|of| *of == letter));
    for digit in digits {
        held = (held << 5) | u32::try_from(digit).unwrap_or(0);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 255).unwrap_or(0));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // Its table has eight digits; six are the last of them.
        for (second, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(SECRET, step(second)), eight[2..], "at {second}");
        }
    }

    #[test]
    fn a_clock_may_be_half_a_minute_wrong() {
        let typed = code(SECRET, step(1_000_000));
        for (second, found) in [(1_000_000 - 30, true), (1_000_000 + 30, true), (1_000_000 + 90, false)] {
            assert_eq!(find(SECRET, &typed, second).is_some(), found, "at {second}");
        }
    }

    #[test]
    fn base32_is_that_of_the_standard() {
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text), bytes.as_bytes());
        }
    }
}
