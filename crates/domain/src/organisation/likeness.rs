//! What speaks for two organisations being one, and what against it.

use super::{CreditCode, Form, Name};

/// What is known of an organisation that is compared.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its name.
    pub name: Name,
    /// Further names.
    pub aliases: Vec<Name>,
    /// Its credit code, where known and right.
    pub code: Option<CreditCode>,
    /// The region it comes from.
    pub region: Option<crate::region::RegionId>,
}

/// Something that speaks for two organisations being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The credit codes are the same.
    SameCode,
    /// The names are the same, but for spelling, brackets and 有限公司 or 有限责任公司.
    SameName,
    /// The names are the same without regions, 集团 and legal form.
    SameNormalName,
    /// A further name of one is a name of the other.
    SameAliases,
    /// One is the short form of the other: 湖北交投, 湖北交通投资集团有限公司.
    SameShortForm,
    /// The names differ by this many characters.
    CloseSpelling(usize),
    /// The name of one contains the other: often parent and subsidiary.
    OneContainsOther,
    /// They come from the same region, or their names begin with the same.
    SameRegion,
}

/// Something that speaks against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Objection {
    /// Both credit codes are right, and they differ.
    OtherCode,
    /// The names begin with different regions.
    OtherRegion,
    /// The legal forms differ, or only one is a group.
    OtherForm,
    /// The names differ in a number or a point of the compass: 第一, 第二.
    OtherNumber,
    /// One name says more than the other.
    FurtherWords,
}

/// How strongly it is suggested that two are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Nothing suggests it.
    None,
    /// Worth a look.
    Possible,
    /// Probably.
    Likely,
    /// Same code, or same full name with its legal form and no other code.
    Same,
}

/// The outcome of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// What speaks for it, in a fixed order.
    pub reasons: Vec<Reason>,
    /// What speaks against it, in a fixed order.
    pub objections: Vec<Objection>,
    /// What follows.
    pub strength: Strength,
}

/// Compares two organisations. The order of the two does not matter.
///
/// The strength follows from the best reason: same code, or same name with a legal form, is [`Strength::Same`]; same normal
/// name, alias or short form is [`Strength::Likely`]; close spelling is likely within one region, else possible;
/// containment is possible. Other codes or regions, and a short form of unknown region, leave it possible at most; a close
/// spelling that differs in a number, or another code and another region at once, suggests nothing.
#[must_use]
pub fn similarity(a: &Known, b: &Known) -> Likeness {
    let mut reasons = Vec::new();
    let mut objections = Vec::new();
    match (&a.code, &b.code) {
        (Some(x), Some(y)) if x == y => reasons.push(Reason::SameCode),
        (Some(_), Some(_)) => objections.push(Objection::OtherCode),
        _ => {}
    }
    reasons.extend(by_name(&a.name, &b.name));
    if share_alias(a, b) {
        reasons.push(Reason::SameAliases);
    }
    if a.name.shares_region(&b.name) || (a.region.is_some() && a.region == b.region) {
        reasons.push(Reason::SameRegion);
    }
    object(&a.name, &b.name, &reasons, &mut objections);
    reasons.sort_unstable();
    objections.sort_unstable();
    let strength = strength(&reasons, &objections, a.name.form != Form::None);
    Likeness { reasons, objections, strength }
}

/// The one reason that two names give, if any.
fn by_name(a: &Name, b: &Name) -> Option<Reason> {
    if a.stem.is_empty() || b.stem.is_empty() {
        return None;
    }
    if a.equals(b) {
        return Some(Reason::SameName);
    }
    let (x, y): (Vec<char>, Vec<char>) = (a.stem.chars().collect(), b.stem.chars().collect());
    let (short, long) = if x.len() <= y.len() { (&x, &y) } else { (&y, &x) };
    if short == long {
        Some(Reason::SameNormalName)
    } else if short.len() >= 2 && long.windows(short.len()).any(|window| window == short.as_slice()) {
        Some(Reason::OneContainsOther)
    } else if is_short_form(short, long) {
        Some(Reason::SameShortForm)
    } else {
        let edits = edits(short, long);
        (edits <= long.len() / 4 && edits <= 2).then_some(Reason::CloseSpelling(edits))
    }
}

fn share_alias(a: &Known, b: &Known) -> bool {
    let meets = |x: &Name, y: &Name| !x.stem.is_empty() && x.stem == y.stem && !x.elsewhere(y);
    a.aliases.iter().any(|alias| meets(alias, &b.name) || b.aliases.iter().any(|other| meets(alias, other)))
        || b.aliases.iter().any(|alias| meets(alias, &a.name))
}

/// Whether `short` (two to four characters) takes its characters from `long` in their order, the first from its beginning
/// and the last from its last two: 交投 from 交通投资, but not from 交通投资建设.
fn is_short_form(short: &[char], long: &[char]) -> bool {
    let (Some((last, first)), true) = (short.split_last(), (2..=4).contains(&short.len())) else {
        return false;
    };
    if long.len() < short.len() + 2 || first[0] != long[0] {
        return false;
    }
    let mut at = 0;
    for wanted in first {
        match long[at..].iter().position(|c| c == wanted) {
            Some(step) => at += step + 1,
            None => return false,
        }
    }
    long.iter().enumerate().skip(at.max(long.len() - 2)).any(|(_, c)| c == last)
}

/// How many characters must be put in, taken out or changed to make one of the other.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut line: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.iter().enumerate() {
        let mut corner = line[0];
        line[0] = row + 1;
        for (column, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != y);
            corner = line[column + 1];
            line[column + 1] = changed.min(corner + 1).min(line[column] + 1);
        }
    }
    line[b.len()]
}

fn object(a: &Name, b: &Name, reasons: &[Reason], objections: &mut Vec<Objection>) {
    if a.elsewhere(b) {
        objections.push(Objection::OtherRegion);
    }
    let both = a.form != Form::None && b.form != Form::None;
    if both && (a.form != b.form || a.group != b.group) {
        objections.push(Objection::OtherForm);
    }
    if reasons.contains(&Reason::OneContainsOther) {
        objections.push(Objection::FurtherWords);
    }
    if reasons.iter().any(|reason| matches!(reason, Reason::CloseSpelling(_))) && numbers(a) != numbers(b) {
        objections.push(Objection::OtherNumber);
    }
}

/// The characters that tell sisters apart.
fn numbers(name: &Name) -> Vec<char> {
    let told = |c: &char| c.is_ascii_digit() || "一二三四五六七八九十东西南北中上下".contains(*c);
    name.stem.chars().filter(told).collect()
}

fn strength(reasons: &[Reason], objections: &[Objection], has_form: bool) -> Strength {
    let near = reasons.contains(&Reason::SameRegion);
    let best = reasons.iter().map(|reason| match reason {
        Reason::SameCode => Strength::Same,
        Reason::SameName if has_form => Strength::Same,
        Reason::SameName | Reason::SameNormalName | Reason::SameAliases => Strength::Likely,
        Reason::SameShortForm | Reason::CloseSpelling(_) if near => Strength::Likely,
        Reason::SameShortForm | Reason::CloseSpelling(_) | Reason::OneContainsOther => Strength::Possible,
        Reason::SameRegion => Strength::None,
    });
    let best = best.max().unwrap_or(Strength::None);
    let speaks = |objection| objections.contains(&objection);
    if reasons.contains(&Reason::SameCode) {
        best
    } else if speaks(Objection::OtherNumber) && !reasons.contains(&Reason::SameAliases) {
        Strength::None
    } else if speaks(Objection::OtherCode)
        && speaks(Objection::OtherRegion)
        && !reasons.contains(&Reason::SameAliases)
    {
        // The governments of two counties have the same name but for the county.
        Strength::None
    } else if speaks(Objection::OtherCode) || speaks(Objection::OtherRegion) {
        best.min(Strength::Possible)
    } else {
        best
    }
}

#[cfg(test)]
mod tests;
