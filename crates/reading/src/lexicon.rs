//! The words the reader knows: lexicon files compiled in, merged with the caller's names into one automaton.

use crate::NameKind;
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use domain::{Measure, Unit};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// What a word does; a word may do several things.
pub mod flag {
    macro_rules! flags {
        ($($name:ident = $bit:expr;)*) => { $(pub const $name: u64 = 1 << $bit;)* };
    }
    flags! {
        STOP = 0; TARGET = 1; REACHED = 2; FALL = 3; FALL_TO = 4; AID_PLAN = 5; AID_ISSUE = 6; AID_DISBURSE = 7;
        AID_SPEND = 8; AID_PUT = 9; OPERATING = 10; AMONG = 11; RESPECTIVE = 12; TOTAL = 13; RUNNING = 14;
        PERSON = 15; IDIOM = 16; SINCE = 17; CAPACITY = 18; REGION = 19; PLACE_WHOLE = 20; PLACE_LIST = 21;
        PLACE_END = 22; FIRM = 23; BODY = 24; ORG = 25; EVENT = 26; PARK = 27; PROVINCE = 28; PERIOD = 29;
        EVENT_END = 30; AFTER = 31; WEAK = 32; PLAIN = 33; NONCOUNT = 34; DEST = 35; OFFICE = 36; GOV = 37; ROOTED = 38; AIM = 39;
    }
}

/// How a lexicon measures, before the words around it decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    /// A measure of its own.
    Is(Measure),
    /// 投资: what kind depends on the words around it.
    Investment,
    /// Aid money: what was done with it depends on the verb.
    Aid,
    /// Goods that changed hands; sold or contracted depends on the words around it.
    Goods,
}

/// What the lexicons say about one word.
#[derive(Debug, Clone, Copy, Default)]
pub struct Entry {
    pub flags: u64,
    pub noun: Option<Unit>,
    pub cue: Option<Cue>,
    /// Resolution of a period word.
    pub period: Option<&'static str>,
}

/// A word found in a text; positions are code points of the repaired text.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    pub start: usize,
    pub end: usize,
    pub entry: u32,
}

/// A unit written behind a numeral.
#[derive(Debug, Clone)]
pub struct UnitWord {
    pub surface: Vec<u16>,
    pub unit: Unit,
    /// Factor to the base unit in units of 10^-9.
    pub factor: i128,
    pub class: UnitClass,
    /// Characters that make the surface the beginning of another word.
    pub veto: Vec<u16>,
}

/// How a unit behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitClass {
    Money,
    Price,
    Rate,
    Measure,
    Classifier,
    Direct,
    Time,
}

/// The lexicons, the automaton over them and the units by first character.
pub struct Lexicon {
    entries: Vec<Entry>,
    words: CharwiseDoubleArrayAhoCorasick<u32>,
}

/// One part of numbers in fixed point: values are kept in 10^-9.
pub const ONE: i128 = 1_000_000_000;

static UNITS: LazyLock<HashMap<u16, Vec<UnitWord>>> = LazyLock::new(load_units);
static BUILT_IN: LazyLock<HashMap<&'static str, Entry>> = LazyLock::new(load_words);
static DEFAULT: LazyLock<Arc<Lexicon>> = LazyLock::new(|| Arc::new(Lexicon::build(BUILT_IN.clone())));

macro_rules! lexicon {
    ($name:literal) => {
        rows(include_str!(concat!("../../../data/lexicon/", $name, ".tsv")))
    };
}

fn rows(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(|l| l.split('\t').collect())
}

fn load_units() -> HashMap<u16, Vec<UnitWord>> {
    let mut units: HashMap<u16, Vec<UnitWord>> = HashMap::new();
    for row in lexicon!("units") {
        let [surface, code, factor, class, ..] = row[..] else { continue };
        let veto = row.get(4).map(|v| v.encode_utf16().collect()).unwrap_or_default();
        let (Some(unit), Some(first)) = (Unit::from_code(code), surface.encode_utf16().next()) else {
            continue;
        };
        let factor = (factor.parse::<rust_decimal::Decimal>().unwrap_or_default()
            * rust_decimal::Decimal::from(ONE as i64))
        .mantissa_integer();
        let word = UnitWord {
            surface: surface.encode_utf16().collect(),
            unit,
            factor,
            class: unit_class(class),
            veto,
        };
        units.entry(first).or_default().push(word);
    }
    for list in units.values_mut() {
        list.sort_by_key(|w| std::cmp::Reverse(w.surface.len()));
    }
    units
}

trait MantissaInteger {
    fn mantissa_integer(self) -> i128;
}

impl MantissaInteger for rust_decimal::Decimal {
    fn mantissa_integer(self) -> i128 {
        self.trunc().mantissa() / 10i128.pow(self.trunc().scale())
    }
}

fn unit_class(class: &str) -> UnitClass {
    match class {
        "money" => UnitClass::Money,
        "price" => UnitClass::Price,
        "rate" => UnitClass::Rate,
        "classifier" => UnitClass::Classifier,
        "direct" => UnitClass::Direct,
        "time" => UnitClass::Time,
        _ => UnitClass::Measure,
    }
}

fn load_words() -> HashMap<&'static str, Entry> {
    let mut words: HashMap<&'static str, Entry> = HashMap::new();
    for row in lexicon!("nouns") {
        words.entry(row[0]).or_default().noun = row.get(1).and_then(|c| Unit::from_code(c));
    }
    for row in lexicon!("measures") {
        let entry = words.entry(row[0]).or_default();
        entry.cue = row.get(1).and_then(|c| cue(c));
        entry.flags |= match row.get(2).copied() {
            Some("after") => flag::AFTER,
            Some("weak") => flag::WEAK,
            _ => 0,
        };
    }
    for row in lexicon!("words").chain(lexicon!("places")).chain(lexicon!("orgs")).chain(lexicon!("events")) {
        words.entry(row[0]).or_default().flags |= row.get(1).map_or(0, |c| class_flag(c));
    }
    for row in lexicon!("stops") {
        words.entry(row[0]).or_default().flags |= flag::STOP;
    }
    for row in lexicon!("periods") {
        let entry = words.entry(row[0]).or_default();
        entry.flags |= flag::PERIOD;
        entry.period = row.get(1).copied();
    }
    load_regions(&mut words);
    words
}

/// The names of regions shipped with the product, abolished ones too; countries left out.
fn load_regions(words: &mut HashMap<&'static str, Entry>) {
    for row in rows(include_str!("../../../data/regions.tsv")) {
        if row.len() < 9 || row[1] == "country" {
            continue;
        }
        let level = if row[1] == "province" { flag::PROVINCE } else { 0 };
        let aliases = row.get(9).copied().unwrap_or_default().split(';');
        // 城区, 郊区, 新区 are names of some counties and everyday words of all others.
        let tells = |n: &&str| n.chars().count() > 2 || (n.chars().count() == 2 && !n.ends_with('区'));
        for name in [row[2], row[3]].into_iter().chain(aliases).filter(tells) {
            words.entry(name).or_default().flags |= flag::REGION | level;
        }
    }
}

fn cue(code: &str) -> Option<Cue> {
    match code {
        "investment" => Some(Cue::Investment),
        "aid" | "aid_weak" => Some(Cue::Aid),
        "trade_goods" => Some(Cue::Goods),
        _ => Measure::from_code(code).map(Cue::Is),
    }
}

fn class_flag(class: &str) -> u64 {
    match class {
        "target" => flag::TARGET,
        "aim" => flag::TARGET | flag::AIM,
        "capacity" => flag::CAPACITY,
        "reached" => flag::REACHED,
        "fall" => flag::FALL,
        "fallto" => flag::FALL_TO,
        "aid_plan" => flag::AID_PLAN,
        "aid_issue" => flag::AID_ISSUE,
        "aid_disburse" => flag::AID_DISBURSE,
        "aid_spend" => flag::AID_SPEND,
        "aid_put" => flag::AID_PUT,
        "operating" => flag::OPERATING,
        "among" => flag::AMONG,
        "respective" => flag::RESPECTIVE,
        "total" => flag::TOTAL,
        "running" => flag::RUNNING,
        "person" => flag::PERSON,
        "idiom" => flag::IDIOM,
        "since" => flag::SINCE,
        "whole" => flag::PLACE_WHOLE,
        "list" => flag::PLACE_LIST,
        "ending" => flag::PLACE_END,
        "firm" => flag::FIRM,
        "body" => flag::BODY,
        "gov" => flag::BODY | flag::GOV,
        "rooted" => flag::BODY | flag::ROOTED,
        "word" => flag::ORG,
        "event" => flag::EVENT_END,
        "plain" => flag::PLAIN,
        "noncount" => flag::NONCOUNT,
        "dest" => flag::DEST,
        _ => 0,
    }
}

impl Lexicon {
    /// The built-in lexicons, shared by every reader without names of its own.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&DEFAULT)
    }

    /// The built-in lexicons with the caller's names.
    pub fn with_names<'a>(names: impl IntoIterator<Item = (&'a str, NameKind)>) -> Arc<Self> {
        let mut words: HashMap<String, Entry> = BUILT_IN.iter().map(|(w, e)| ((*w).to_owned(), *e)).collect();
        let before = words.len();
        let mut touched = false;
        for (name, kind) in names {
            let name = crate::repair::repair(name.trim()).text;
            if name.chars().count() < 2 {
                continue;
            }
            touched = true;
            words.entry(name).or_default().flags |= match kind {
                NameKind::Region => flag::REGION,
                NameKind::Organisation => flag::ORG,
                NameKind::Office => flag::ORG | flag::OFFICE,
                NameKind::Park => flag::PARK,
                NameKind::Event => flag::EVENT,
            };
        }
        if touched || words.len() > before { Arc::new(Self::build(words)) } else { Self::built_in() }
    }

    fn build<S: AsRef<str> + std::hash::Hash + Eq>(words: HashMap<S, Entry>) -> Self {
        let mut list: Vec<(S, Entry)> = words.into_iter().filter(|(w, _)| !w.as_ref().is_empty()).collect();
        list.sort_by(|a, b| a.0.as_ref().cmp(b.0.as_ref()));
        let entries = list.iter().map(|(_, e)| *e).collect();
        let patterns = list.iter().enumerate().map(|(i, (w, _))| (w.as_ref(), u32::try_from(i).unwrap_or(0)));
        let words = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(patterns)
            .expect("words are distinct and not empty");
        Self { entries, words }
    }

    pub fn entry(&self, hit: &Hit) -> &Entry {
        &self.entries[hit.entry as usize]
    }

    /// Every word of the repaired text, leftmost first, the longest at each place.
    pub fn hits(&self, text: &str) -> Vec<Hit> {
        let bytes = text.as_bytes();
        let mut hits = Vec::with_capacity(text.len() / 24);
        let (mut at, mut points) = (0, 0);
        for found in self.words.leftmost_find_iter(text) {
            points += count(&bytes[at..found.start()]);
            let start = points;
            points += count(&bytes[found.start()..found.end()]);
            at = found.end();
            hits.push(Hit { start, end: points, entry: found.value() });
        }
        hits
    }
}

fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count()
}

/// The longest unit that stands at the beginning of `units`.
pub fn unit_at(units: &[u16]) -> Option<&'static UnitWord> {
    UNITS.get(units.first()?)?.iter().find(|w| units.starts_with(&w.surface))
}
