//! The words people read, in Chinese and English, as typed methods of [`Locale`].
//!
//! Invariants: this crate depends on nothing and knows no page, no record and no request; it holds messages,
//! not labels of data (regions, measures, units, stages carry their own). Every message exists in both
//! languages with the same arguments, or the build fails with its key. To add one, write it into a file of each
//! language in `messages/` and call the method of that name.

use std::fmt::Display;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// Chinese in simplified script, the reference.
    #[default]
    Zh,
    /// English.
    En,
}

impl Locale {
    /// Both languages, the reference first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The language with this code, as cookies and the `lang` attribute hold it.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.code() == code)
    }

    /// `zh-CN` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language's own name, for the switch.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Zh => "中文",
            Self::En => "English",
        }
    }

    /// The language a browser asks for with its `Accept-Language` header; Chinese where it names neither.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        let mut best: Option<(u16, Self)> = None;
        for entry in header.split(',') {
            let mut parts = entry.split(';');
            let tag = parts.next().unwrap_or("").trim().to_ascii_lowercase();
            let locale = match tag.split('-').next() {
                Some("zh") => Self::Zh,
                Some("en") => Self::En,
                _ => continue,
            };
            let weight = parts.next().map_or(1000, weight_permille);
            if weight > 0 && best.is_none_or(|(so_far, _)| weight > so_far) {
                best = Some((weight, locale));
            }
        }
        best.map_or(Self::Zh, |(_, locale)| locale)
    }
}

/// `q=0.8` in thousandths, so that weights compare without floats; unreadable is 0.
fn weight_permille(parameter: &str) -> u16 {
    let Some(text) = parameter.trim().strip_prefix("q=") else { return 0 };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u16>(), digits.parse::<u16>()) {
        (Ok(0), Ok(thousandths)) => thousandths,
        (Ok(_), Ok(_)) => 1000,
        _ => 0,
    }
}

/// The English choice between one and many, by the number as it is shown.
fn choose(number: &impl Display, one: &'static str, other: &'static str) -> &'static str {
    if number.to_string() == "1" { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn codes_are_found_again() {
        for locale in Locale::ALL {
            assert_eq!(Locale::from_code(locale.code()), Some(locale));
        }
        assert_eq!(Locale::from_code("fr"), None);
    }

    #[test]
    fn the_browser_s_preference_decides_and_chinese_is_the_fallback() {
        for (header, expected) in [
            ("", Locale::Zh),
            ("fr,de;q=0.9", Locale::Zh),
            ("en-GB,en;q=0.9,zh;q=0.1", Locale::En),
            ("fr, zh-TW;q=0.7, en;q=0.9", Locale::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Locale::Zh),
            ("en;q=0,zh;q=0.1", Locale::Zh),
            ("en;q=abc", Locale::Zh),
        ] {
            assert_eq!(Locale::from_accept_language(header), expected, "{header}");
        }
    }

    #[test]
    fn arguments_stand_where_the_message_puts_them() {
        assert_eq!(Locale::Zh.review_open(3), "3 条待审核");
        assert_eq!(Locale::En.review_open(1), "1 claim to review");
        assert_eq!(Locale::En.review_open(3), "3 claims to review");
    }

    #[test]
    fn a_key_without_arguments_is_found_by_name() {
        assert_eq!(Locale::Zh.by_key("nav_documents"), Some("资料"));
        assert_eq!(Locale::Zh.by_key("review_open"), None);
    }
}
