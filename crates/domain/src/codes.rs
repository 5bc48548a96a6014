//! The codes of measures, roles, approximations and units, generated from `data/codes.tsv`.

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

/// The group a measure is listed under; measures of one family are still never added to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// What was signed.
    Signing,
    /// How large something is or will be.
    Size,
    /// What was carried out.
    CarriedOut,
    /// Public aid money.
    Aid,
    /// Goods bought and sold.
    Goods,
    /// Things counted.
    Count,
    /// Everything else.
    Other,
}

impl Measure {
    /// Whether figures of this measure may be added at all. Shares and growth rates never add up, and what is only
    /// known as "other" may be anything.
    #[must_use]
    pub fn is_additive(self) -> bool {
        !matches!(self, Self::Rate | Self::Other)
    }

    /// Whether it is stated in money; nothing where it may be or not.
    #[must_use]
    pub fn is_money(self) -> Option<bool> {
        match (self, self.family()) {
            (Self::Tax | Self::TradeValue, _) => Some(true),
            (Self::Area | Self::Distance | Self::Rate, _) | (_, Family::Count) => Some(false),
            (_, Family::Other) => None,
            _ => Some(true),
        }
    }
}

/// One row of the unit table.
#[derive(Debug)]
pub struct UnitInfo {
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    decimals: u32,
}

/// A unit of measurement, or what is counted. Two units are equal when their codes are.
#[derive(Clone, Copy)]
pub struct Unit(&'static UnitInfo);

impl Unit {
    /// The unit with this code, if `data/codes.tsv` has one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        UNITS.iter().find(|unit| unit.code == code).map(Unit)
    }

    /// The renminbi yuan; values are kept in fen.
    #[must_use]
    pub fn cny() -> Self {
        Unit(&UNITS[0])
    }

    /// Every unit, in the order of the mapping file.
    pub fn all() -> impl Iterator<Item = Self> {
        UNITS.iter().map(Unit)
    }

    /// The stable code used in files, addresses and the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// The Chinese label.
    #[must_use]
    pub fn zh(self) -> &'static str {
        self.0.zh
    }

    /// The English label.
    #[must_use]
    pub fn en(self) -> &'static str {
        self.0.en
    }

    /// Whether it is a rate, which may be below zero; money, counts and sizes may not, but for what a text says they fell by.
    #[must_use]
    pub fn is_rate(self) -> bool {
        matches!(self.code(), "%" | "pp")
    }

    /// Whether it is money of some country.
    #[must_use]
    pub fn is_currency(self) -> bool {
        let code = self.code();
        code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
    }

    /// How many decimal places of the base unit a stored value keeps: 2 for yuan, so values are fen.
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.0.decimals
    }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.0.code == other.0.code
    }
}

impl Eq for Unit {}

impl PartialOrd for Unit {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Unit {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.code.cmp(other.0.code)
    }
}

impl std::hash::Hash for Unit {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.code.hash(state);
    }
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_found_again() {
        for measure in Measure::ALL {
            assert_eq!(Measure::from_code(measure.code()), Some(*measure));
        }
        for unit in Unit::all() {
            assert_eq!(UNITS.iter().filter(|info| info.code == unit.code()).count(), 1, "{unit:?}");
        }
        assert_eq!(Unit::cny().code(), "CNY");
    }

    #[test]
    fn every_measure_has_a_definition_of_its_own() {
        let all = Measure::ALL.iter().flat_map(|measure| [measure.definition_zh(), measure.definition_en()]);
        let mut all: Vec<_> = all.collect();
        assert!(all.iter().all(|words| words.chars().count() > 8), "{all:?}");
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "{all:?}");
    }
}
