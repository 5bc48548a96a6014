//! Several names in one cell: 甲公司、乙公司. A name that holds such a mark itself stands in straight quotes.

/// What stands between names.
const SEPARATORS: &[char] = &['、', ';', '；', '\n', '|'];
const QUOTE: char = '"';

/// Names as one text, from which [`several`] has them again; `behind` is added to each: its role.
#[must_use]
pub fn joined<'a>(names: impl Iterator<Item = (&'a str, String)>) -> String {
    let one = |(name, behind): (&str, String)| {
        let is_plain = !name.contains(SEPARATORS) && !name.starts_with(QUOTE);
        if is_plain {
            format!("{name}{behind}")
        } else {
            format!("\"{}\"{behind}", name.replace(QUOTE, "\"\""))
        }
    };
    names.map(one).collect::<Vec<_>>().join("、")
}

/// The names of a cell, one after the other, each once.
#[must_use]
pub fn several(text: &str) -> Vec<String> {
    let (mut names, mut name) = (Vec::<String>::new(), String::new());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == QUOTE && name.trim().is_empty() {
            name.clear();
            while let Some(c) = chars.next() {
                // Two of them are one that belongs to the name.
                if c == QUOTE && chars.next_if_eq(&QUOTE).is_none() {
                    break;
                }
                name.push(c);
            }
        } else if SEPARATORS.contains(&c) {
            end(&mut names, &mut name);
        } else {
            name.push(c);
        }
    }
    end(&mut names, &mut name);
    names
}

fn end(names: &mut Vec<String>, name: &mut String) {
    let found = std::mem::take(name);
    let found = found.trim();
    if !found.is_empty() && !names.iter().any(|known| known == found) {
        names.push(found.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_stand_beside_each_other_as_offices_write_them() {
        for (text, names) in [
            ("甲公司、乙公司", &["甲公司", "乙公司"][..]),
            ("甲公司；甲公司\n 乙公司 ", &["甲公司", "乙公司"]),
            ("\"甲、乙联合体\"（投资方）、丙", &["甲、乙联合体（投资方）", "丙"]),
            ("“疆果东送”冷链、某公司", &["“疆果东送”冷链", "某公司"]),
            ("5\"管材厂", &["5\"管材厂"]),
            ("、、", &[]),
        ] {
            assert_eq!(several(text), names, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_joined_comes_apart_again(names in prop::collection::vec("[甲乙、;\"（） 丙a]{1,6}", 0..5)) {
            let mut whole: Vec<String> = Vec::new();
            for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
                if !whole.iter().any(|known| known == name) {
                    whole.push(name.to_owned());
                }
            }
            let text = joined(whole.iter().map(|name| (name.as_str(), String::new())));
            prop_assert_eq!(several(&text), whole);
        }
    }
}
