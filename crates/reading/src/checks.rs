//! Totals and parts stated in one text (勾稽): lists behind 其中, lists that add up to the figure in front of them,
//! totals behind their parts, and missions told again one by one (not addable).
//!
//! A list whose parts do not add up is offered only where the text says that they are all; whether a check holds
//! is for the caller to compute.

use crate::chars::{DIGIT, PAUSE, STOP};
use crate::claim::{Check, Claim, Coverage};
use crate::count::Around;
use crate::lexicon::{Hit, flag};
use crate::scan::Quantity;
use domain::{Approx, Family, Measure, Role};
use rust_decimal::Decimal;
use std::sync::LazyLock;

/// Pairs of words that together are all there is.
static COMPLEMENTS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/lexicon/complements.tsv").lines().filter(|l| !l.starts_with('#'));
    rows.filter_map(|l| l.split_once('\t')).collect()
});

/// How many figures behind a total may belong to it.
const LOOK: usize = 24;
/// How far behind a total its parts may begin, in code points.
const REACH: usize = 160;

/// Finds the relations among the claims of a text; `sentences` are the starts of its sentences.
pub fn find(
    around: Around<'_>,
    quantities: &[Quantity],
    sentences: &[usize],
    claims: &[Claim],
) -> Vec<Check> {
    let finder = Finder { around, q: quantities, sentences, claims };
    let mut taken = vec![false; claims.len()];
    let mut checks = finder.among(&mut taken);
    for whole in (0..claims.len()).filter(|w| !taken[*w]) {
        let found = finder.adding_up(whole).or_else(|| finder.total_behind(whole));
        checks.extend(found.or_else(|| finder.missions(whole)));
    }
    checks.sort_by_key(|c| c.whole);
    checks
}

struct Finder<'a> {
    around: Around<'a>,
    q: &'a [Quantity],
    sentences: &'a [usize],
    claims: &'a [Claim],
}

impl Finder<'_> {
    fn sentence(&self, pos: usize) -> usize {
        self.sentences.partition_point(|s| *s <= pos)
    }

    fn sentence_end(&self, pos: usize) -> usize {
        self.sentences.get(self.sentence(pos)).copied().unwrap_or(self.around.t.len())
    }

    /// Whether two claims count the same kind of thing: their values may be compared.
    fn alike(&self, a: usize, b: usize) -> bool {
        let (x, y) = (&self.claims[a], &self.claims[b]);
        let families = x.measure == y.measure
            || (x.measure.family() == Family::Signing && y.measure.family() == Family::Signing);
        x.unit == y.unit && families && additive(x) && additive(y)
    }

    fn sum(&self, parts: &[usize]) -> Option<Decimal> {
        parts.iter().try_fold(Decimal::ZERO, |s, p| s.checked_add(self.claims[*p].value))
    }

    fn exact(&self, parts: &[usize]) -> bool {
        parts.iter().all(|p| self.claims[*p].approx == Approx::Exact && self.claims[*p].value_max.is_none())
    }

    /// Lists behind 其中; marks the totals that have one.
    fn among(&self, taken: &mut [bool]) -> Vec<Check> {
        let mut checks: Vec<Check> = vec![];
        let hits = self.around.hits.iter().filter(|h| self.flags(h) & flag::AMONG != 0);
        for hit in hits {
            let first = self.q.partition_point(|q| q.start < hit.end);
            let end = self.sentence_end(hit.start);
            let next = self.next_among(hit, end);
            let mut parts: Vec<usize> = (first..self.q.len()).take(LOOK).collect();
            parts.retain(|p| self.q[*p].start < next);
            for check in self.wholes(hit, first, &parts) {
                if !std::mem::replace(&mut taken[check.whole], true) {
                    checks.push(check);
                }
            }
        }
        checks
    }

    /// Where the list behind `hit` ends: at the next 其中 or with the sentence.
    fn next_among(&self, hit: &Hit, end: usize) -> usize {
        let from = self.around.hits.partition_point(|h| h.start <= hit.start);
        let later = self.around.hits[from..].iter().take(64).take_while(|h| h.start < end);
        let mut later = later.filter(|h| self.flags(h) & flag::AMONG != 0);
        later.next().map_or(end, |h| h.start)
    }

    /// One check for each unit in the list that has a total in front of 其中.
    fn wholes(&self, hit: &Hit, first: usize, listed: &[usize]) -> Vec<Check> {
        let mut checks = vec![];
        let before = self.sentence(hit.start).saturating_sub(2);
        let floor = self.sentences.get(before).copied().unwrap_or(0);
        for &lead in listed {
            let whole = (0..first).rev().take(6).find(|w| self.q[*w].start >= floor && self.alike(*w, lead));
            let Some(whole) = whole else { continue };
            if checks.iter().any(|c: &Check| c.whole == whole) || self.q[lead].start > hit.end + REACH {
                continue;
            }
            let parts: Vec<usize> =
                listed.iter().copied().filter(|p| *p >= lead && self.alike(whole, *p)).collect();
            checks.extend(self.listed(whole, parts));
        }
        checks
    }

    /// A list behind 其中 is complete where it adds up, else partial; a sum above the total is no part of it
    /// unless the text gives the parts as all there are.
    fn listed(&self, whole: usize, mut parts: Vec<usize>) -> Option<Check> {
        let total = self.claims[whole].value;
        let mut sum = Decimal::ZERO;
        for (n, part) in parts.iter().enumerate() {
            sum = sum.checked_add(self.claims[*part].value)?;
            if sum == total && n > 0 {
                parts.truncate(n + 1);
                return Some(Check { whole, parts, coverage: Coverage::Complete });
            }
        }
        let close = (sum - total).abs() * Decimal::TEN <= total;
        let all = (close && self.respective(whole, &parts))
            || self.named_before(whole, &parts)
            || self.complements(whole, &parts);
        if parts.iter().filter(|p| self.bounded(**p)).count() > 1 {
            return Some(Check { whole, parts, coverage: Coverage::Overlapping });
        }
        if all && parts.len() > 1 && self.exact(&parts) && self.exact(&[whole]) {
            return Some(Check { whole, parts, coverage: Coverage::Complete });
        }
        while sum > total && parts.len() > 1 {
            sum -= self.claims[parts.pop()?].value;
        }
        (sum <= total && !parts.is_empty()).then_some(Check { whole, parts, coverage: Coverage::Partial })
    }

    /// Whether 分别 stands between a total and its parts.
    fn respective(&self, whole: usize, parts: &[usize]) -> bool {
        let Some(last) = parts.last() else { return false };
        let (from, to) = (self.q[whole].end, self.q[*last].start);
        let first = self.around.hits.partition_point(|h| h.start < from);
        let between = self.around.hits[first..].iter().take(64).take_while(|h| h.start < to);
        between.into_iter().any(|h| self.flags(h) & flag::RESPECTIVE != 0)
    }

    /// Whether a part is what lies above a bound (投资10亿元以上的73个): such parts hold each other.
    fn bounded(&self, part: usize) -> bool {
        part > 0
            && self.claims[part - 1].role == Role::Threshold
            && self.q[part].start - self.q[part - 1].end < 12
    }

    /// What stands between the item before and a part: its label in the list.
    fn label(&self, whole: usize, part: usize) -> &[u16] {
        let t = self.around.t;
        let end = self.q[part].start;
        let low = self.q[whole].end.max(end.saturating_sub(16));
        let edge = |p: &usize| t.is(*p, PAUSE | STOP | DIGIT) || t.ends(*p + 1, "其中");
        let start = (low..end).rev().find(edge).map_or(low, |p| p + 1);
        &t.units()[start..end]
    }

    /// Whether the parts are just those named in front of the total: 甲县和乙县到位5亿元,其中甲县3亿元、乙县2亿元.
    fn named_before(&self, whole: usize, parts: &[usize]) -> bool {
        let end = self.q[whole].start;
        let start = self.sentences[self.sentence(end).saturating_sub(1)].max(end.saturating_sub(80));
        let front = &self.around.t.units()[start.min(end)..end];
        let named = |label: &[u16]| label.len() > 1 && front.windows(label.len()).any(|w| w == label);
        parts.len() > 1 && parts.iter().all(|p| named(self.label(whole, *p)))
    }

    /// Whether two parts are named as the two halves of a pair.
    fn complements(&self, whole: usize, parts: &[usize]) -> bool {
        let [a, b] = parts else { return false };
        let text = |p: usize| String::from_utf16_lossy(self.label(whole, p));
        let (a, b) = (text(*a), text(*b));
        COMPLEMENTS.iter().any(|(x, y)| (a.contains(x) && b.contains(y)) || (a.contains(y) && b.contains(x)))
    }

    /// Figures behind a total that add up to it exactly.
    fn adding_up(&self, whole: usize) -> Option<Check> {
        let claim = &self.claims[whole];
        if !additive(claim)
            || claim.role != Role::Actual
            || claim.value < Decimal::from(5)
            || !self.exact(&[whole])
        {
            return None;
        }
        let alike: Vec<usize> = (whole + 1..self.q.len())
            .take(LOOK)
            .take_while(|p| self.near(whole, *p))
            .filter(|p| self.alike(whole, *p))
            .collect();
        for skip in 0..alike.len().min(2) {
            if skip > 0 && claim.value < Decimal::from(50) {
                return None;
            }
            for n in 2..=alike.len() - skip {
                let parts = &alike[skip..skip + n];
                let sum = self.sum(parts)?;
                if sum == claim.value && self.exact(parts) {
                    return Some(Check { whole, parts: parts.to_vec(), coverage: Coverage::Complete });
                }
                if sum > claim.value {
                    break;
                }
            }
        }
        None
    }

    /// Whether a part stands close enough behind a total: in its sentence, or in the one behind.
    fn near(&self, whole: usize, part: usize) -> bool {
        let (a, b) = (self.q[whole].end, self.q[part].start);
        if b - a >= 2 * REACH {
            return false;
        }
        let apart = self.sentence(b) - self.sentence(a);
        let same_paragraph = || !(a..b).any(|p| matches!(self.around.t.at(p), 10 | 13));
        apart == 0 || (apart == 1 && b - a < REACH && same_paragraph())
    }

    /// A total that stands behind its parts: 新建3个、续建5个，合计8个.
    fn total_behind(&self, whole: usize) -> Option<Check> {
        let (t, start) = (self.around.t, self.q[whole].start);
        let marked = ["合计", "共计", "总计", "一共", "总共", "共"]
            .iter()
            .any(|w| (start.saturating_sub(6)..start).any(|p| t.starts(p, w)));
        if !marked || !self.exact(&[whole]) {
            return None;
        }
        let sentence = self.sentence(start);
        let mut parts = vec![];
        for part in (0..whole).rev().take(LOOK).take_while(|p| self.sentence(self.q[*p].start) == sentence) {
            if !self.alike(whole, part) {
                continue;
            }
            parts.insert(0, part);
            if parts.len() > 1 && self.sum(&parts)? == self.claims[whole].value && self.exact(&parts) {
                return Some(Check { whole, parts, coverage: Coverage::Complete });
            }
        }
        None
    }

    /// Several missions counted together and told again one by one: the same project may be seen twice.
    fn missions(&self, whole: usize) -> Option<Check> {
        let claim = &self.claims[whole];
        let counted = matches!(claim.measure, Measure::ProjectCount | Measure::EnterpriseCount);
        if !counted || !self.visited(whole) || !self.trips_before(whole) {
            return None;
        }
        let alike =
            (whole + 1..self.q.len()).take(LOOK).filter(|p| self.alike(whole, *p) && self.visited(*p));
        let parts: Vec<usize> = alike
            .filter(|p| {
                self.sentence(self.q[*p].start) > self.sentence(self.q[whole].start) && !self.trips_before(*p)
            })
            .collect();
        (!parts.is_empty()).then_some(Check { whole, parts, coverage: Coverage::Overlapping })
    }

    /// Whether a verb of visiting stands right in front of a count.
    fn visited(&self, claim: usize) -> bool {
        let (t, start) = (self.around.t, self.q[claim].start);
        let verbs = ["考察", "走访", "调研", "拜访", "对接", "看"];
        let low = start.saturating_sub(5);
        (low..start).any(|p| verbs.iter().any(|v| t.starts(p, v))) && !(low..start).any(|p| t.is(p, STOP))
    }

    /// Whether trips are counted (more than one) earlier in the sentence.
    fn trips_before(&self, claim: usize) -> bool {
        let sentence = self.sentence(self.q[claim].start);
        let mut before =
            (0..claim).rev().take(10).take_while(|p| self.sentence(self.q[*p].start) == sentence);
        before.any(|p| {
            matches!(self.claims[p].unit.code(), "trip" | "mission") && self.claims[p].value > Decimal::ONE
        })
    }

    fn flags(&self, hit: &Hit) -> u64 {
        self.around.lexicon.entry(hit).flags
    }
}

/// Whether a figure is of a kind that can be added.
fn additive(claim: &Claim) -> bool {
    let state =
        matches!(claim.unit.code(), "%" | "pp" | "fold" | "day" | "year" | "month" | "hour" | "minute");
    let price = claim.unit.code().contains('/');
    !state && !price && claim.role != Role::Threshold && claim.value > Decimal::ZERO
}
