//! Sectors of the economy by GB/T 4754-2017: sections (门类, a letter) and divisions (大类, two digits), generated from
//! `data/sectors.tsv`.

include!(concat!(env!("OUT_DIR"), "/sectors.rs"));

/// A section or a division. Two are equal when their codes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sector {
    /// The standard's code: `C` for a section, `17` for a division.
    pub code: &'static str,
    /// The letter of the section it is or belongs to.
    pub section: &'static str,
    /// The standard's name.
    pub zh: &'static str,
    /// Its name in plain English.
    pub en: &'static str,
}

impl Sector {
    /// The sector with this code; the letter of its section may stand before a division (`C17`).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let found = |code: &str| SECTORS.iter().copied().find(|sector| sector.code == code);
        found(code).or_else(|| {
            let (letter, rest) = code.split_at_checked(1)?;
            found(rest).filter(|sector| sector.section == letter)
        })
    }

    /// Its code behind its section's letter, so that a section is the beginning of its divisions: `C`, `C17`.
    #[must_use]
    pub fn path(self) -> String {
        if self.is_section() { self.code.to_owned() } else { format!("{}{}", self.section, self.code) }
    }

    /// Whether it is a section.
    #[must_use]
    pub fn is_section(self) -> bool {
        self.code == self.section
    }

    /// Whether this is the other sector or the section it belongs to.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self == other || self.code == other.section
    }
}

/// Sections and divisions, each section before its divisions.
#[must_use]
pub fn all() -> &'static [Sector] {
    SECTORS
}

/// The sections, A to T.
pub fn sections() -> impl Iterator<Item = Sector> {
    SECTORS.iter().copied().filter(|sector| sector.is_section())
}

/// The divisions of every section, 01 to 97.
pub fn divisions() -> impl Iterator<Item = Sector> {
    SECTORS.iter().copied().filter(|sector| !sector.is_section())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_has_twenty_sections_and_ninety_seven_divisions() {
        let letters: String = sections().map(|sector| sector.code).collect();
        assert_eq!(letters, "ABCDEFGHIJKLMNOPQRST");
        let codes: Vec<_> = divisions().map(|sector| sector.code.to_owned()).collect();
        assert_eq!(codes, (1..=97).map(|number| format!("{number:02}")).collect::<Vec<_>>());
        assert!(all().iter().all(|sector| !sector.zh.is_empty() && !sector.en.is_empty()));
    }

    #[test]
    fn every_division_lies_in_the_range_of_its_section() {
        let last: &[(&str, u32)] = &[
            ("A", 5),
            ("B", 12),
            ("C", 43),
            ("D", 46),
            ("E", 50),
            ("F", 52),
            ("G", 60),
            ("H", 62),
            ("I", 65),
            ("J", 69),
            ("K", 70),
            ("L", 72),
            ("M", 75),
            ("N", 79),
            ("O", 82),
            ("P", 83),
            ("Q", 85),
            ("R", 90),
            ("S", 96),
            ("T", 97),
        ];
        for sector in divisions() {
            let number: u32 = sector.code.parse().expect("two digits");
            let section = last.iter().find(|(_, last)| number <= *last).expect("up to 97").0;
            assert_eq!(sector.section, section, "{sector:?}");
        }
    }

    #[test]
    fn a_code_is_found_with_and_without_its_letter() {
        assert_eq!(Sector::from_code("17").map(|sector| sector.zh), Some("纺织业"));
        assert_eq!(Sector::from_code("C17"), Sector::from_code("17"));
        for wrong in ["", "U", "A17", "98", "1", "纺织"] {
            assert_eq!(Sector::from_code(wrong), None, "{wrong}");
        }
        let (section, division) = (Sector::from_code("C"), Sector::from_code("17"));
        assert!(section.zip(division).is_some_and(|(a, b)| a.covers(b) && b.covers(b) && !b.covers(a)));
    }
}
