//! The reference definition of the tally: which figures a total counts, which it leaves out, and why.
//!
//! Rule `default-1` (DESIGN section 4): one measure, one unit, one time kind; role actual; neither withdrawn nor
//! replaced. Items and stated figures are never added together: where items exist they are the total. Among stated
//! figures the wider scope comes first, then the later publication, then the lower id; what a relation makes part of
//! or the same as another, or what overlaps a counted one in regions, period, organisation and event, is left out.

use crate::figure::{Coverage, Figure, FigureId, Grain, Relation, Status};
use crate::region::{RegionId, RegionTree};
use crate::{Approx, Role};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use thiserror::Error;

/// The name and version of the rule this module defines.
pub const DEFAULT_RULE: &str = "default-1";

/// Which figures a total speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All figures of the programme.
    Programme,
    /// Figures whose host regions all lie in this region.
    Host(RegionId),
}

/// Why a figure is not in a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A target, threshold or denominator.
    NotActual,
    /// Taken back.
    Withdrawn,
    /// A later figure replaces it.
    Replaced,
    /// Single records are counted instead of this stated total.
    ItemsCounted,
    /// A relation makes it part of this figure.
    PartOf(FigureId),
    /// A relation makes it the same as this figure.
    SameAs(FigureId),
    /// It overlaps this counted figure in regions, period, organisation and event.
    Overlaps(FigureId),
}

impl Reason {
    /// The stable code of the reason.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotActual => "not_actual",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
            Self::ItemsCounted => "items_counted",
            Self::PartOf(_) => "part_of",
            Self::SameAs(_) => "same_as",
            Self::Overlaps(_) => "overlaps",
        }
    }

    /// The figure the reason points to.
    #[must_use]
    pub fn other(self) -> Option<FigureId> {
        match self {
            Self::PartOf(id) | Self::SameAs(id) | Self::Overlaps(id) => Some(id),
            _ => None,
        }
    }
}

/// A sum with what its parts let one say of it. Values in the unit's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sum {
    /// Sum of the values or lower ends.
    pub low: i64,
    /// Sum of the values or upper ends.
    pub high: i64,
    /// How exactly the sum is known.
    pub approx: Approx,
    /// How many figures it holds.
    pub count: i64,
}

/// A total with everything needed to defend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The rule it was counted by.
    pub rule: &'static str,
    /// The total; a count of zero means that nothing was stated, which is not the same as nought.
    pub total: Sum,
    /// Where items are the total: the stated figures beside it, counted by the same rule.
    pub stated: Option<Sum>,
    /// The figures counted, in the order they were taken.
    pub counted: Vec<FigureId>,
    /// The figures left out, with the reason.
    pub left_out: Vec<(FigureId, Reason)>,
}

/// The sum does not fit into 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the total is too large to be kept exactly")]
pub struct Overflow;

/// How exactly a sum is known when figures so stated are added.
#[must_use]
pub fn join_approx(over: bool, nearly: bool, about: bool) -> Approx {
    match (over, nearly, about) {
        (false, false, false) => Approx::Exact,
        (true, false, false) => Approx::Over,
        (false, true, false) => Approx::Nearly,
        _ => Approx::About,
    }
}

/// Counts figures of one measure, one unit and one time kind within a scope.
///
/// # Errors
/// [`Overflow`] when the sum does not fit into 64 bits.
pub fn tally(
    figures: &[Figure],
    relations: &[Relation],
    tree: &RegionTree,
    scope: Scope,
) -> Result<Tally, Overflow> {
    let in_scope: Vec<&Figure> = figures.iter().filter(|figure| lies_in(figure, scope, tree)).collect();
    let mut left_out = Vec::new();
    let mut eligible = Vec::new();
    for figure in in_scope {
        match ineligible(figure) {
            Some(reason) => left_out.push((figure.id, reason)),
            None => eligible.push(figure),
        }
    }
    let (items, stated): (Vec<_>, Vec<_>) =
        eligible.into_iter().partition(|figure| figure.grain == Grain::Item);
    let (taken, dropped) = choose_stated(stated, relations, tree);
    let beside = sum(&taken)?;
    if items.is_empty() {
        left_out.extend(dropped);
        let counted = taken.iter().map(|figure| figure.id).collect();
        return Ok(Tally { rule: DEFAULT_RULE, total: beside, stated: None, counted, left_out });
    }
    left_out.extend(taken.iter().map(|figure| (figure.id, Reason::ItemsCounted)));
    left_out.extend(dropped);
    let counted = items.iter().map(|figure| figure.id).collect();
    let stated = (beside.count > 0).then_some(beside);
    Ok(Tally { rule: DEFAULT_RULE, total: sum(&items)?, stated, counted, left_out })
}

fn lies_in(figure: &Figure, scope: Scope, tree: &RegionTree) -> bool {
    match scope {
        Scope::Programme => true,
        Scope::Host(region) => {
            !figure.hosts.is_empty() && figure.hosts.iter().all(|&host| tree.covers(region, host))
        }
    }
}

fn ineligible(figure: &Figure) -> Option<Reason> {
    if figure.role != Role::Actual {
        Some(Reason::NotActual)
    } else if figure.status == Status::Withdrawn {
        Some(Reason::Withdrawn)
    } else if figure.replaced {
        Some(Reason::Replaced)
    } else {
        None
    }
}

fn sum(figures: &[&Figure]) -> Result<Sum, Overflow> {
    let mut total = Sum { low: 0, high: 0, approx: Approx::Exact, count: 0 };
    let stated_as = |approx| figures.iter().any(|figure| figure.quantity.approx == approx);
    for figure in figures {
        let quantity = figure.quantity;
        total.low = total.low.checked_add(quantity.low).ok_or(Overflow)?;
        total.high = total.high.checked_add(quantity.high.unwrap_or(quantity.low)).ok_or(Overflow)?;
        total.count += 1;
    }
    total.approx = join_approx(stated_as(Approx::Over), stated_as(Approx::Nearly), stated_as(Approx::About));
    Ok(total)
}

type Dropped = Vec<(FigureId, Reason)>;

fn choose_stated<'f>(
    stated: Vec<&'f Figure>,
    relations: &[Relation],
    tree: &RegionTree,
) -> (Vec<&'f Figure>, Dropped) {
    let parts = parts_of(&stated, relations);
    let mut dropped = Vec::new();
    let mut candidates = Vec::new();
    for figure in stated {
        match parts.get(&figure.id) {
            Some(reason) => dropped.push((figure.id, *reason)),
            None => candidates.push(figure),
        }
    }
    candidates.sort_by_key(|figure| rank(figure, tree));
    let mut taken: Vec<&Figure> = Vec::new();
    for figure in candidates {
        match taken.iter().find(|other| overlap(figure, other, tree)) {
            Some(other) => dropped.push((figure.id, Reason::Overlaps(other.id))),
            None => taken.push(figure),
        }
    }
    (taken, dropped)
}

/// The wider scope first, then the later publication, then the lower id. A figure whose regions are not stated comes
/// last: it may lie inside any other.
fn rank(
    figure: &Figure,
    tree: &RegionTree,
) -> (usize, Reverse<usize>, Reverse<Option<jiff::civil::Date>>, FigureId) {
    let depth = figure.hosts.iter().map(|&host| tree.depth(host)).min().unwrap_or(usize::MAX);
    (depth, Reverse(figure.hosts.len()), Reverse(figure.published), figure.id)
}

/// For each figure that a relation makes part of, or the same as, another eligible figure: the reason to leave it
/// out. Of two same figures the lower id stays; a loop of parts keeps its lowest id.
fn parts_of(stated: &[&Figure], relations: &[Relation]) -> HashMap<FigureId, Reason> {
    let eligible: HashSet<FigureId> = stated.iter().map(|figure| figure.id).collect();
    let mut reasons: HashMap<FigureId, Reason> = HashMap::new();
    let leads_back = |reasons: &HashMap<FigureId, Reason>, from: FigureId, to: FigureId| {
        let step = |id: &FigureId| reasons.get(id).and_then(|reason| reason.other());
        std::iter::successors(Some(from), step).any(|id| id == to)
    };
    for relation in relations {
        for &part in &relation.parts {
            let (keep, drop) = match relation.coverage {
                Coverage::Same => (relation.whole.min(part), relation.whole.max(part)),
                _ => (relation.whole, part),
            };
            let known = eligible.contains(&keep) && eligible.contains(&drop) && keep != drop;
            if known && !reasons.contains_key(&drop) && !leads_back(&reasons, keep, drop) {
                let same = relation.coverage == Coverage::Same;
                reasons.insert(drop, if same { Reason::SameAs(keep) } else { Reason::PartOf(keep) });
            }
        }
    }
    reasons
}

/// Whether two stated figures may speak of the same thing. What is not stated may be anything.
fn overlap(a: &Figure, b: &Figure, tree: &RegionTree) -> bool {
    let regions = |a: &[RegionId], b: &[RegionId]| a.is_empty() || b.is_empty() || tree.sets_overlap(a, b);
    let same = |a: Option<i64>, b: Option<i64>| a.is_none() || b.is_none() || a == b;
    regions(&a.hosts, &b.hosts)
        && regions(&a.supporters, &b.supporters)
        && a.period.overlaps(b.period)
        && same(a.organisation, b.organisation)
        && same(a.event, b.event)
}

#[cfg(test)]
mod tests;
