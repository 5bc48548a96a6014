//! Repair of damaged or differently written text: full-width forms, traditional script, readings in brackets
//! behind characters, lost bytes, doubled commas. Every code point of the result maps back to the original.
//!
//! A repair only replaces one code point by one or leaves code points out, so the way back is a short list of
//! shifts. A full-width comma stays one unless it stands between full-width digits: it never groups thousands.

use std::sync::LazyLock;

static TRADITIONAL: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut table: Vec<u16> = (0..=u16::MAX).collect();
    for (from, to) in rows(include_str!("../../../data/lexicon/traditional.tsv")) {
        let one = |s: &str| s.chars().next().map_or(0, |c| c as u32);
        table[one(from) as usize & 0xffff] = one(to) as u16;
    }
    for (i, slot) in table.iter_mut().enumerate() {
        match i {
            0xff01..=0xff5e if i != 0xff0c => *slot = (i - 0xfee0) as u16,
            0x3000 | 0xa0 => *slot = 0x20,
            _ => {}
        }
    }
    table.into_boxed_slice()
});

static PINYIN: LazyLock<Pinyin> = LazyLock::new(Pinyin::load);

fn rows(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    file.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'))
}

struct Pinyin {
    syllables: std::collections::HashSet<String>,
    light: Vec<(String, char)>,
}

impl Pinyin {
    fn load() -> Self {
        let file = include_str!("../../../data/lexicon/pinyin.tsv");
        let of = |kind: &'static str| rows(file).filter(move |r| r.0 == kind).map(|r| r.1);
        let syllables = of("initial").flat_map(|i| of("final").map(move |f| format!("{i}{f}"))).collect();
        let light = of("light").filter_map(|row| row.split_once('\t'));
        let light = light.map(|(s, c)| (s.to_owned(), c.chars().next().unwrap_or(' '))).collect();
        Self { syllables, light }
    }
}

/// A repaired text with its way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The repaired text.
    pub text: String,
    units: Vec<u16>,
    /// (position in the repaired text, position in the original, whether a reading was left out just before).
    shifts: Vec<(usize, usize, bool)>,
}

impl Repaired {
    /// The code point of the original that stands at code point `pos` of the repaired text.
    #[must_use]
    pub fn to_original(&self, pos: usize) -> usize {
        match self.shifts.partition_point(|s| s.0 <= pos) {
            0 => pos,
            n => pos - self.shifts[n - 1].0 + self.shifts[n - 1].1,
        }
    }

    /// The end in the original of a span that ends at `pos` in the repaired text: a reading that hangs on the last
    /// character belongs to it, other lost code points do not.
    #[must_use]
    pub fn end_to_original(&self, pos: usize) -> usize {
        if pos == 0 {
            return 0;
        }
        match self.shifts.binary_search_by_key(&pos, |s| s.0) {
            Ok(n) if self.shifts[n].2 => self.shifts[n].1,
            _ => self.to_original(pos - 1) + 1,
        }
    }

    /// One `u16` a code point; those beyond the basic plane are U+FFFD.
    pub(crate) fn units(&self) -> &[u16] {
        &self.units
    }
}

/// Repairs a text in one pass.
#[must_use]
pub fn repair(text: &str) -> Repaired {
    let mut out = Repaired {
        text: String::with_capacity(text.len()),
        units: Vec::with_capacity(text.len() / 2),
        shifts: vec![],
    };
    let mut writer = Writer { out: &mut out, original: 0, skipped: None };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = writer.step(c, after);
    }
    writer.finish();
    out
}

struct Writer<'a> {
    out: &'a mut Repaired,
    original: usize,
    /// Whether code points were left out since the last one written, and whether they were a reading.
    skipped: Option<bool>,
}

impl Writer<'_> {
    /// Handles `c`, with `after` behind it; returns what is left to read.
    fn step<'t>(&mut self, c: char, after: &'t str) -> &'t str {
        if let Some((bytes, points, reading)) = self.damage(c, after) {
            self.skipped = Some(reading && self.skipped.unwrap_or(true));
            self.original += points;
            return &after[bytes..];
        }
        self.put(self.mapped(c, after));
        after
    }

    fn put(&mut self, c: char) {
        if let Some(reading) = self.skipped.take() {
            self.out.shifts.push((self.out.units.len(), self.original, reading));
        }
        self.out.text.push(c);
        self.out.units.push(u16::try_from(c as u32).unwrap_or(0xfffd));
        self.original += 1;
    }

    fn finish(&mut self) {
        if let Some(reading) = self.skipped.take() {
            self.out.shifts.push((self.out.units.len(), self.original, reading));
        }
    }

    fn last(&self) -> char {
        self.out.units.last().and_then(|&u| char::from_u32(u32::from(u))).unwrap_or('\0')
    }

    fn mapped(&self, c: char, after: &str) -> char {
        if c == '，' {
            let wide = |c: Option<char>| c.is_some_and(|c| ('０'..='９').contains(&c));
            return if self.last().is_ascii_digit() && wide(after.chars().next()) { ',' } else { c };
        }
        let code = c as u32;
        if !(0x80..=0xffff).contains(&code) {
            return c;
        }
        char::from_u32(u32::from(TRADITIONAL[code as usize])).unwrap_or(c)
    }

    /// What to leave out at `c`: bytes of `after` to skip, code points in all, whether it was a reading.
    fn damage(&self, c: char, after: &str) -> Option<(usize, usize, bool)> {
        match c {
            '(' | '（' if is_han(self.last()) => {
                let (bytes, points) = reading(self.last(), after)?;
                Some((bytes, points + 1, true))
            }
            '?' if after.starts_with("/p>") => Some((3, 4, false)),
            '?' if is_han(self.last()) => {
                if after.starts_with(['，', ',', '。', '、', '；', '！']) {
                    return Some((0, 1, false));
                }
                let (bytes, points) = reading('\0', after)?;
                Some((bytes, points + 1, true))
            }
            ',' | '，' if matches!(self.last(), ',' | '，') => Some((0, 1, false)),
            '\u{fffd}' | '\u{feff}' | '\u{200b}' => Some((0, 1, false)),
            _ => None,
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// A reading with its closing bracket at the beginning of `after`: its bytes and code points.
fn reading(of: char, after: &str) -> Option<(usize, usize)> {
    let mut plain = String::new();
    let mut toned = false;
    for (n, (at, c)) in after.char_indices().take(9).enumerate() {
        if matches!(c, ')' | '）') {
            let known = PINYIN.syllables.contains(&plain)
                && (toned || PINYIN.light.iter().any(|(s, c)| *s == plain && *c == of));
            return known.then_some((at + c.len_utf8(), n + 1));
        }
        let (letter, tone) = letter(c)?;
        plain.extend(letter);
        toned |= tone;
    }
    None
}

/// A letter of pinyin without its tone mark, and whether it had one.
fn letter(c: char) -> Option<(Option<char>, bool)> {
    const MARKED: [(&str, char); 6] =
        [("āáǎăà", 'a'), ("ēéěĕè", 'e'), ("īíǐĭì", 'i'), ("ōóǒŏò", 'o'), ("ūúǔŭù", 'u'), ("ǖǘǚǜ", 'ü')];
    match c {
        'a'..='z' | 'ü' => Some((Some(c), false)),
        'ɡ' => Some((Some('g'), false)),
        '\u{300}' | '\u{301}' | '\u{304}' | '\u{30c}' => Some((None, true)),
        _ => MARKED.iter().find(|m| m.0.contains(c)).map(|m| (Some(m.1), true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fixed(text: &str) -> String {
        repair(text).text
    }

    #[test]
    fn readings_behind_characters_go_and_real_brackets_stay() {
        assert_eq!(fixed("沙區(qū)產(chǎn)業(yè)開發"), "沙区产业开发");
        assert_eq!(fixed("他們(men)說過(guò)的綠(lǜ)地"), "他们说过的绿地");
        for real in ["公司(CEO)", "咖啡(café)", "三亩(mu)地", "武汉(中国)", "甲方(a)", "值(max)"]
        {
            assert_eq!(fixed(real), real);
        }
    }

    #[test]
    fn wide_forms_lost_bytes_and_doubled_commas() {
        assert_eq!(fixed("共１２，３４５．６元（％），，好"), "共12,345.6元(%)，好");
        assert_eq!(fixed("够用?，又\u{fffd}好?/p>\n"), "够用，又好\n");
        assert_eq!(fixed("真的?好,,好"), "真的?好,好");
    }

    #[test]
    fn spans_lead_back_to_the_original() {
        let text = "在沙區(qū)，收３個";
        let repaired = repair(text);
        assert_eq!(repaired.text, "在沙区，收3个");
        let cut = |a: usize, b: usize| {
            let (a, b) = (repaired.to_original(a), repaired.end_to_original(b));
            text.chars().skip(a).take(b - a).collect::<String>()
        };
        assert_eq!(cut(1, 3), "沙區(qū)");
        assert_eq!(cut(5, 7), "３個");
    }

    proptest! {
        #[test]
        fn the_way_back_is_monotone_and_within(text in "[a-z()（），,?/p>ūé０-９區產一\u{fffd}🦀]{0,60}") {
            let repaired = repair(&text);
            let n = text.chars().count();
            let mut before = None;
            for pos in 0..repaired.text.chars().count() {
                let at = repaired.to_original(pos);
                prop_assert!(at < n && before.is_none_or(|b| b < at));
                prop_assert!(repaired.end_to_original(pos + 1) > at && repaired.end_to_original(pos + 1) <= n);
                before = Some(at);
            }
            prop_assert_eq!(repaired.units().len(), repaired.text.chars().count());
        }
    }
}
