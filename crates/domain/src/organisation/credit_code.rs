//! The unified social credit code (统一社会信用代码) of GB 32100-2015.

use super::half_width;

/// The characters of the standard in the order of their values, 0 to 30: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The weights of the first seventeen characters: 3 to the power of 0 to 16, modulo 31.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

const LENGTH: usize = 18;

/// A code whose characters and check character are right. That somebody holds it is another matter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

/// Why a text is no such code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// It has not eighteen characters.
    #[error("a credit code has 18 characters, not {found}")]
    Length {
        /// How many it has, spaces and hyphens not counted.
        found: usize,
    },
    /// A character cannot stand there: I, O, S, V and Z are not used, and the third to eighth are digits.
    #[error("character {position} of a credit code cannot be {character:?}")]
    Character {
        /// Where it stands, from 1.
        position: usize,
        /// The character, as normalised.
        character: char,
    },
    /// The last character does not follow from the others: something was mistyped.
    #[error("the check character is {found}, but {expected} follows from the others")]
    Check {
        /// The last character.
        found: char,
        /// What it would have to be if the others are right.
        expected: char,
    },
}

impl CreditCode {
    /// Reads a code as people type it: full-width or lower-case letters, spaces and hyphens do not matter.
    ///
    /// # Errors
    /// [`CreditCodeError`], which says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, CreditCodeError> {
        let normal: String = half_width(text)
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let found = normal.chars().count();
        if found != LENGTH {
            return Err(CreditCodeError::Length { found });
        }
        for (index, character) in normal.chars().enumerate() {
            let fits = value(character).is_some() && (!(2..8).contains(&index) || character.is_ascii_digit());
            if !fits {
                return Err(CreditCodeError::Character { position: index + 1, character });
            }
        }
        let (first, found) = (&normal[..LENGTH - 1], char::from(normal.as_bytes()[LENGTH - 1]));
        match check_character(first) {
            Some(expected) if expected != found => Err(CreditCodeError::Check { found, expected }),
            _ => Ok(Self(normal)),
        }
    }

    /// The eighteen characters, in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CreditCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn value(character: char) -> Option<usize> {
    ALPHABET.iter().position(|known| char::from(*known) == character)
}

/// The check character that follows from the first seventeen: the weighted sum and it add up to a multiple of 31. None
/// where they are not seventeen characters of the standard.
#[must_use]
pub fn check_character(first: &str) -> Option<char> {
    let values: Vec<_> = first.chars().map(value).collect::<Option<_>>()?;
    if values.len() != WEIGHTS.len() {
        return None;
    }
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    Some(char::from(ALPHABET[(31 - sum % 31) % 31]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Made up: no division has a code that begins with 99.
    ///
    /// ```text
    /// character   9   1   9 9 0 1  0  0  M   A  0   0 0 0 0 0  1    values: M = 21, A = 10
    /// weight      1   3   9 27 19 26 16 17 20 29 25 13 8 24 10 30 28
    /// product     9   3  81 243 0 26  0  0 420 290 0  0 0 0 0 0 28    sum 1100 = 35 × 31 + 15, check 31 − 15 = 16 = G
    /// ```
    const GOOD: &str = "91990100MA0000001G";

    #[test]
    fn the_check_character_is_the_one_computed_by_hand() {
        assert_eq!(check_character(&GOOD[..17]), Some('G'));
        // All zeros but a leading 5 and last 1: 5 × 1 + 1 × 28 = 33 = 31 + 2, check 29 = X.
        assert_eq!(check_character("50000000000000001"), Some('X'));
        // Weighted sum 31: 3 × 1 + 1 × 28; the check is 0, not 31.
        assert_eq!(check_character("30000000000000001"), Some('0'));
        assert_eq!(check_character("3000"), None);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for typed in
            [GOOD, " 91990100-MA0000001-G ", "91990100ma0000001g", "９１９９０１００ＭＡ　０００００01Ｇ"]
        {
            assert_eq!(CreditCode::parse(typed).map(|code| code.to_string()), Ok(GOOD.to_owned()), "{typed}");
        }
    }

    #[test]
    fn an_error_says_what_is_wrong() {
        let error = |text: &str| CreditCode::parse(text).expect_err("no code");
        assert_eq!(error(""), CreditCodeError::Length { found: 0 });
        assert_eq!(error("91990100MA0000001"), CreditCodeError::Length { found: 17 });
        let position_of = |position, character| CreditCodeError::Character { position, character };
        assert_eq!(error("91990100MA000000IG"), position_of(17, 'I'));
        assert_eq!(error("9199A100MA0000001G"), position_of(5, 'A'));
        assert_eq!(error("91990100MA00000码1G"), position_of(16, '码'));
        assert_eq!(error("91990100MA0000001H"), CreditCodeError::Check { found: 'H', expected: 'G' });
    }

    proptest! {
        #[test]
        fn a_change_of_any_one_character_is_detected(
            first in "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", at in 0_usize..18, to in 0_usize..31,
        ) {
            let code = format!("{first}{}", check_character(&first).expect("seventeen characters"));
            prop_assert!(CreditCode::parse(&code).is_ok());
            let mut changed: Vec<char> = code.chars().collect();
            changed[at] = char::from(ALPHABET[to]);
            let changed: String = changed.into_iter().collect();
            prop_assert_eq!(CreditCode::parse(&changed).is_ok(), changed == code);
        }

        #[test]
        fn no_text_panics(text in ".{0,24}") {
            let _ = CreditCode::parse(&text);
        }
    }
}
