//! What a classifier counts: the noun behind it, in front of it, or carried over when the text leaves it out.

use crate::chars::{BREAK, DIGIT, MARK, PAUSE, STOP, Text};
use crate::lexicon::{Hit, Lexicon, flag};
use crate::scan::Quantity;
use domain::Unit;

/// Everything a look around a quantity needs.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub t: Text<'a>,
    pub hits: &'a [Hit],
    pub lexicon: &'a Lexicon,
}

/// A count whose noun is known, kept for counts that leave theirs out.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub classifier: u16,
    pub unit: Unit,
    pub end: usize,
}

/// How far a count may lean on an earlier one, in code points.
const REACH: usize = 240;

/// The unit a classifier quantity counts in, with the rule that found it. `next` is the first hit behind the quote,
/// `floor` the start of the sentence.
pub fn unit(
    around: Around<'_>,
    q: &Quantity,
    next: usize,
    floor: usize,
    before: Option<&Counted>,
) -> (Unit, &'static str) {
    let classifier = q.unit.surface[0];
    let default = q.unit.unit;
    if let Some(unit) = behind(around, q, next) {
        return (unit, "noun-behind");
    }
    let first = around.hits[..next].partition_point(|h| h.start < q.start);
    if let Some(unit) = in_front(around, q, first, floor) {
        return (unit, "noun-in-front");
    }
    let firm = default.code() == "enterprise";
    let carried =
        before.filter(|b| b.classifier == classifier && q.start - b.end < REACH && (!firm || b.end > floor));
    if let Some(counted) = carried.filter(|_| !q.bare) {
        return (counted.unit, "noun-carried");
    }
    let bare_firm = q.bare && classifier == '家' as u16;
    if (matches!(default.code(), "item" | "time") || bare_firm)
        && let Some(unit) = nearby(around, default, bare_firm, first, floor)
    {
        return (unit, "noun-nearby");
    }
    (default, "classifier")
}

fn takes(default: Unit, noun: Unit) -> bool {
    match default.code() {
        "enterprise" => matches!(
            noun.code(),
            "enterprise" | "institution" | "store" | "hospital" | "school" | "park" | "scenic"
        ),
        "trip" => matches!(noun.code(), "trip" | "train"),
        "time" | "event" => matches!(noun.code(), "trip" | "meeting" | "event"),
        "item" => true,
        "agreement" => noun.code() == "agreement",
        "piece" => matches!(noun.code(), "patent"),
        "team" => noun.code() == "team",
        _ => false,
    }
}

/// Whether such counts only describe a text's setting (19个省市), so that other counts do not lean on them.
pub fn describes(unit: Unit) -> bool {
    let codes = [
        "province",
        "prefecture",
        "city",
        "county",
        "district",
        "field",
        "aspect",
        "country",
        "kind",
        "industry",
    ];
    codes.contains(&unit.code())
}

/// The last noun of the phrase behind the quote.
fn behind(around: Around<'_>, q: &Quantity, next: usize) -> Option<Unit> {
    let Around { t, hits, lexicon } = around;
    let mut at = q.end;
    let mut found = None;
    if t.any(at, "“\"《「") {
        at = (at + 1..(at + 40).min(t.len())).find(|&p| t.any(p, "”\"》」"))? + 1;
    }
    let limit = at + 16;
    for hit in hits[next..].iter().take(12) {
        if hit.start < at {
            continue;
        }
        let gap = hit.start - at;
        if hit.end > limit || gap > if found.is_some() { 2 } else { 8 } {
            break;
        }
        if (at..hit.start).any(|p| t.is(p, BREAK | DIGIT) || t.any(p, "的") && found.is_some()) {
            break;
        }
        let entry = lexicon.entry(hit);
        match entry.noun {
            Some(unit) if takes(q.unit.unit, unit) => found = Some(unit),
            Some(_) if q.unit.unit.code() != "item" => {}
            _ if entry.flags & flag::STOP != 0 && !(t.any(hit.start, "的") && found.is_none()) => break,
            _ => {}
        }
        at = hit.end;
    }
    found
}

/// The noun that ends right in front of the quote: 项目96个, 工业项目拿下219个.
fn in_front(around: Around<'_>, q: &Quantity, first: usize, floor: usize) -> Option<Unit> {
    let Around { t, hits, lexicon } = around;
    for hit in hits[..first].iter().rev().take(6) {
        let near = hit.start >= floor && q.start - hit.end.min(q.start) <= 4;
        if !near || (hit.end..q.start).any(|p| t.is(p, STOP | PAUSE | MARK | DIGIT)) {
            return None;
        }
        if let Some(unit) = lexicon.entry(hit).noun.filter(|u| takes(q.unit.unit, *u) && !describes(*u)) {
            return Some(unit);
        }
    }
    None
}

/// The nearest noun of the sentence that the genre counts.
fn nearby(around: Around<'_>, default: Unit, firm: bool, first: usize, floor: usize) -> Option<Unit> {
    let Around { hits, lexicon, .. } = around;
    let nouns = hits[..first]
        .iter()
        .rev()
        .take(40)
        .filter(|h| h.start >= floor)
        .filter_map(|h| lexicon.entry(h).noun);
    let fits = |u: &Unit| match default.code() {
        "time" => takes(default, *u),
        _ if firm => matches!(u.code(), "enterprise" | "project"),
        _ => matches!(u.code(), "project" | "enterprise" | "agreement" | "park"),
    };
    nouns.into_iter().find(fits)
}
