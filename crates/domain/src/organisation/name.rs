//! The normal form of an organisation's name, for comparing.

use std::collections::BTreeSet;

/// Legal forms as they end a name, the longer before what they contain.
const FORMS: &[(&str, Form)] = &[
    ("股份有限公司", Form::Shares),
    ("有限责任公司", Form::Limited),
    ("有限公司", Form::Limited),
    ("股份公司", Form::Shares),
    ("总公司", Form::Company),
    ("公司", Form::Company),
];

/// Ends a name that is a company's part, not a company.
const BRANCH: &str = "分公司";
const GROUP: &str = "集团";

/// The legal form a name states. 有限公司 and 有限责任公司 are two spellings of one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// None is stated.
    None,
    /// 公司, 总公司
    Company,
    /// 有限公司, 有限责任公司
    Limited,
    /// 股份有限公司, 股份公司
    Shares,
}

/// A name taken apart: 湖北 · 交通投资 · 集团 · 有限公司.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The names of regions it begins with.
    pub regions: Vec<String>,
    /// What is left without regions, 集团 and legal form; never empty unless the name is.
    pub stem: String,
    /// Whether 集团 stands before the legal form or at the end.
    pub group: bool,
    /// The legal form.
    pub form: Form,
}

impl Name {
    /// Takes a name apart. `regions` are the names of regions, long and short (湖北省, 湖北); only those a name begins
    /// with are taken off, since 某某（湖北）有限公司 is most often a subsidiary of 某某.
    #[must_use]
    pub fn new(name: &str, regions: &[&str]) -> Self {
        let plain = plain(name);
        let mut rest = plain.as_str();
        let mut found = Vec::new();
        while let Some((region, after)) = leading(rest, regions) {
            found.push(region.to_owned());
            rest = after;
        }
        let (rest, form) = match split_form(rest) {
            ("", _) => (rest, Form::None),
            split => split,
        };
        let (rest, group) = match rest.strip_suffix(GROUP) {
            Some(before) if !before.is_empty() => (before, true),
            _ => (rest, false),
        };
        Self { regions: found, stem: rest.to_owned(), group, form }
    }

    /// Whether the names say the same: the same regions, stem and form.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        let same = |(a, b): (&String, &String)| same_region(a, b);
        self.stem == other.stem
            && self.group == other.group
            && self.form == other.form
            && self.regions.len() == other.regions.len()
            && self.regions.iter().zip(&other.regions).all(same)
    }

    /// Whether both begin with regions of which none is common.
    #[must_use]
    pub fn elsewhere(&self, other: &Self) -> bool {
        !self.regions.is_empty() && !other.regions.is_empty() && !self.shares_region(other)
    }

    /// Whether both begin with the same region, among others perhaps.
    #[must_use]
    pub fn shares_region(&self, other: &Self) -> bool {
        self.regions.iter().any(|a| other.regions.iter().any(|b| same_region(a, b)))
    }
}

/// 湖北 and 湖北省 are one region.
fn same_region(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// The longest region the text begins with, and what follows it; something must follow it besides a legal form.
fn leading<'a>(text: &'a str, regions: &[&str]) -> Option<(&'a str, &'a str)> {
    let fits = |region: &&&str| !region.is_empty() && text.starts_with(**region);
    let longest = regions.iter().filter(fits).map(|region| region.len()).max()?;
    let (region, rest) = text.split_at(longest);
    let left = split_form(rest).0;
    (!left.is_empty() && left != GROUP).then_some((region, rest))
}

fn split_form(text: &str) -> (&str, Form) {
    if text.ends_with(BRANCH) {
        return (text, Form::None);
    }
    let found = FORMS.iter().find_map(|(ending, form)| Some((text.strip_suffix(ending)?, *form)));
    found.unwrap_or((text, Form::None))
}

/// A name as it is compared: small letters without spaces, brackets, quotation marks and dots.
#[must_use]
pub fn plain(name: &str) -> String {
    half_width(name)
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .filter(|c| !"()[]{}<>〈〉《》「」『』【】〔〕\"'“”‘’·•・.,，、".contains(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Full-width letters, digits and signs as ordinary ones; the wide space as a space.
#[must_use]
pub fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars().map(narrow).collect()
}

/// The keys under which a name is looked up when duplicates are sought: two names that [`super::similarity`] finds alike by
/// their spelling share at least one. Sorted, each once:
/// - every two neighbouring characters of the stem (交通, 通投, 投资); a stem of one character is its own key;
/// - `^` with the first character and the last, and with the first and the last but one (^交资, ^交投), because a short
///   form takes its first character from the beginning and its last from the last word.
#[must_use]
pub fn blocking_keys(name: &Name) -> Vec<String> {
    let stem: Vec<char> = name.stem.chars().collect();
    let mut keys: BTreeSet<String> = stem.windows(2).map(|pair| pair.iter().collect()).collect();
    if stem.len() == 1 {
        keys.insert(name.stem.clone());
    }
    for last in stem.iter().skip(1).rev().take(2) {
        keys.insert(format!("^{}{last}", stem[0]));
    }
    keys.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGIONS: &[&str] = &["湖北省", "湖北", "武汉市", "武汉", "新疆", "乌鲁木齐"];

    fn parts(name: &str) -> (String, String, bool, Form) {
        let name = Name::new(name, REGIONS);
        (name.regions.concat(), name.stem, name.group, name.form)
    }

    fn expected(regions: &str, stem: &str, group: bool, form: Form) -> (String, String, bool, Form) {
        (regions.to_owned(), stem.to_owned(), group, form)
    }

    #[test]
    fn a_name_is_taken_apart() {
        assert_eq!(parts("湖北交通投资集团有限公司"), expected("湖北", "交通投资", true, Form::Limited));
        assert_eq!(
            parts("湖北省武汉市 Ａ Ｂ（集团）股份有限公司"),
            expected("湖北省武汉市", "ab", true, Form::Shares)
        );
        assert_eq!(parts("砾石（湖北）有限责任公司"), expected("", "砾石湖北", false, Form::Limited));
        assert_eq!(
            parts("湖北砾石有限公司武汉分公司"),
            expected("湖北", "砾石有限公司武汉分公司", false, Form::None)
        );
        assert_eq!(parts("湖北省工商联"), expected("湖北省", "工商联", false, Form::None));
    }

    #[test]
    fn something_is_always_left() {
        assert_eq!(parts("湖北有限公司"), expected("", "湖北", false, Form::Limited));
        assert_eq!(parts("武汉集团公司"), expected("", "武汉", true, Form::Company));
        assert_eq!(parts("有限公司"), expected("", "有限公司", false, Form::None));
        assert_eq!(parts("集团"), expected("", "集团", false, Form::None));
        assert_eq!(parts(""), expected("", "", false, Form::None));
    }

    #[test]
    fn two_spellings_of_one_form_are_equal_and_two_forms_are_not() {
        let name = |text: &str| Name::new(text, REGIONS);
        assert!(name("湖北省砾石有限责任公司").equals(&name("湖北砾石 有限公司")));
        assert!(!name("湖北砾石股份有限公司").equals(&name("湖北砾石有限公司")));
        assert!(!name("湖北砾石集团有限公司").equals(&name("湖北砾石有限公司")));
        assert!(name("新疆砾石公司").elsewhere(&name("乌鲁木齐砾石公司")));
        assert!(!name("砾石公司").elsewhere(&name("乌鲁木齐砾石公司")));
    }

    #[test]
    fn keys_are_the_documented_ones() {
        let keys = |text: &str| blocking_keys(&Name::new(text, REGIONS)).join(" ");
        assert_eq!(keys("湖北交通投资集团有限公司"), "^交投 ^交资 交通 投资 通投");
        assert_eq!(keys("湖北交投"), "^交投 交投");
        assert_eq!(keys("砾公司"), "砾");
        assert_eq!(keys(""), "");
    }
}
