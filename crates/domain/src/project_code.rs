//! The national project code 投资项目统一代码: `2020-650102-41-03-012345`, given once by the online platform on which investment
//! projects are filed (全国投资项目在线审批监管平台): year, division code, industry, type of procedure, serial number.

use thiserror::Error;

/// Digits of the five parts.
const PARTS: [usize; 5] = [4, 6, 2, 2, 6];

/// Why a text is no national project code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no national project code")]
pub struct ProjectCodeError;

/// A typed code as it is written: twenty digits in five parts. Spaces, full-width digits and other hyphens are taken for what
/// they stand for.
///
/// # Errors
/// [`ProjectCodeError`] where other than twenty digits are left, or the parts are cut elsewhere.
pub fn parse(text: &str) -> Result<String, ProjectCodeError> {
    let digit = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        c => Some(c),
    };
    let plain: Option<String> = text.chars().filter(|c| !c.is_whitespace()).map(digit).collect();
    let plain = plain.ok_or(ProjectCodeError)?.replace(['－', '—', '–', '‐'], "-");
    let digits: String = plain.chars().filter(|c| *c != '-').collect();
    let right = digits.len() == PARTS.iter().sum::<usize>() && digits.bytes().all(|b| b.is_ascii_digit());
    if !right {
        return Err(ProjectCodeError);
    }
    let mut rest = digits.as_str();
    let mut parts = Vec::with_capacity(PARTS.len());
    for length in PARTS {
        let (part, left) = rest.split_at(length);
        parts.push(part);
        rest = left;
    }
    let written = parts.join("-");
    if plain.contains('-') && plain != written { Err(ProjectCodeError) } else { Ok(written) }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_code_is_twenty_digits_in_five_parts() {
        let written = Ok("2020-650102-41-03-012345".to_owned());
        for typed in ["2020-650102-41-03-012345", "20206501024103012345", " 2020－650102－41－03－０12345 "]
        {
            assert_eq!(parse(typed), written, "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for wrong in
            ["", "2020-650102-41-03-01234", "2020-65010-241-03-012345", "2020-650102-41-03-01234A", "code"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
