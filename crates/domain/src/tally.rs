//! The reference definition of the tally: which figures a total counts, which it leaves out, and why.
//!
//! Rule `default-1` (DESIGN section 4): one measure, one unit, one time kind; role actual; neither withdrawn nor
//! replaced. Items and stated figures are never added together: where items exist they are the total; of the states and
//! running totals of one record only the last counts. Among stated figures the wider scope comes first, then the later
//! publication, then the lower id; what a relation makes part of or the same as a counted one, or what overlaps a
//! counted one in regions, period, organisation and event, is left out.

use crate::figure::{Coverage, Figure, FigureId, Grain, Relation, Status};
use crate::region::{RegionId, RegionTree};
use crate::{Approx, Period, Quantity, Role, TimeKind, Unit};
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
    /// Figures whose host regions all lie in this region; those of which only some do are left out.
    Host(RegionId),
    /// Figures whose host regions all lie in the one region and whose supporting regions all lie in the other; those of which
    /// only some do are left out.
    Pair {
        /// The region that holds the host regions.
        host: RegionId,
        /// The region that holds the supporting regions.
        supporting: RegionId,
    },
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
    /// A later state or running total of the same record is counted.
    Outdated(FigureId),
    /// It overlaps this counted figure in regions, period, organisation and event.
    Overlaps(FigureId),
    /// It speaks of several regions, of which only some lie in the region of the total.
    SeveralRegions,
}

impl Reason {
    /// One of each, pointing to no figure.
    #[must_use]
    pub fn each() -> [Self; 9] {
        [
            Self::NotActual,
            Self::Withdrawn,
            Self::Replaced,
            Self::ItemsCounted,
            Self::PartOf(0),
            Self::SameAs(0),
            Self::Outdated(0),
            Self::Overlaps(0),
            Self::SeveralRegions,
        ]
    }

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
            Self::Outdated(_) => "outdated",
            Self::Overlaps(_) => "overlaps",
            Self::SeveralRegions => "several_regions",
        }
    }

    /// The figure the reason points to.
    #[must_use]
    pub fn other(self) -> Option<FigureId> {
        match self {
            Self::PartOf(id) | Self::SameAs(id) | Self::Outdated(id) | Self::Overlaps(id) => Some(id),
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

impl Sum {
    /// The sum as an amount of this unit; whoever asks knows whether anything was counted.
    #[must_use]
    pub fn quantity(self, unit: Unit) -> Quantity {
        let high = (self.high != self.low).then_some(self.high);
        Quantity { low: self.low, high, unit, approx: self.approx }
    }
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

/// Adds sums of one measure, unit and kind of time that have no figure in common.
///
/// # Errors
/// [`Overflow`] when the sum does not fit into 64 bits.
pub fn join(sums: impl IntoIterator<Item = Sum>) -> Result<Sum, Overflow> {
    let mut all = Sum { low: 0, high: 0, approx: Approx::Exact, count: 0 };
    let [mut over, mut nearly, mut about] = [false; 3];
    for sum in sums {
        all.low = all.low.checked_add(sum.low).ok_or(Overflow)?;
        all.high = all.high.checked_add(sum.high).ok_or(Overflow)?;
        all.count += sum.count;
        over |= sum.approx == Approx::Over;
        nearly |= sum.approx == Approx::Nearly;
        about |= sum.approx == Approx::About;
    }
    all.approx = join_approx(over, nearly, about);
    Ok(all)
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
    let in_scope: Vec<&Figure> = figures.iter().filter(|figure| touches(figure, scope, tree)).collect();
    let outdated = outdated(figures);
    let mut left_out = Vec::new();
    let mut eligible = Vec::new();
    for figure in in_scope {
        let past = || outdated.get(&figure.id).copied().map(Reason::Outdated);
        let wider = || (!lies_in(figure, scope, tree)).then_some(Reason::SeveralRegions);
        match ineligible(figure).or_else(past).or_else(wider) {
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
        Scope::Host(region) => all_in(&figure.hosts, region, tree),
        Scope::Pair { host, supporting } => {
            all_in(&figure.hosts, host, tree) && all_in(&figure.supporters, supporting, tree)
        }
    }
}

fn all_in(regions: &[RegionId], region: RegionId, tree: &RegionTree) -> bool {
    !regions.is_empty() && regions.iter().all(|&of| tree.covers(region, of))
}

/// Whether a figure concerns the scope at all: one of its regions lies there.
fn touches(figure: &Figure, scope: Scope, tree: &RegionTree) -> bool {
    match scope {
        Scope::Programme => true,
        Scope::Host(region) => figure.hosts.iter().any(|&host| tree.covers(region, host)),
        Scope::Pair { host, supporting } => {
            figure.hosts.iter().any(|&of| tree.covers(host, of))
                && figure.supporters.iter().any(|&of| tree.covers(supporting, of))
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

/// Flows of a record add up; of its states and running totals only the last one counts. For each item that a later one
/// outdates: the later one. Where the later one lies does not matter, the earlier is past everywhere.
fn outdated(figures: &[Figure]) -> HashMap<FigureId, FigureId> {
    let dated = |figure: &&Figure| {
        figure.grain == Grain::Item && figure.period.kind != TimeKind::Flow && ineligible(figure).is_none()
    };
    let key = |figure: &Figure| (figure.period.to, figure.id);
    let mut last: HashMap<i64, &Figure> = HashMap::new();
    for figure in figures.iter().filter(dated) {
        if let Some(subject) = figure.subject {
            let held = last.entry(subject).or_insert(figure);
            if key(figure) > key(held) {
                *held = figure;
            }
        }
    }
    let by = |figure: &Figure| {
        last.get(&figure.subject?).map(|later| later.id).filter(|&later| later != figure.id)
    };
    figures.iter().filter(dated).filter_map(|figure| Some((figure.id, by(figure)?))).collect()
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

/// Chooses among stated figures: a whole before its parts, otherwise by [`rank`]; what a relation makes part of a counted
/// one, or what overlaps a counted one, is left out. The parts of a whole that is itself left out stand for themselves.
fn choose_stated<'f>(
    stated: Vec<&'f Figure>,
    relations: &[Relation],
    tree: &RegionTree,
) -> (Vec<&'f Figure>, Dropped) {
    let wholes = wholes(&stated, relations);
    let grounds = grounds(&stated, relations);
    let mut order = stated;
    order.sort_by_cached_key(|figure| rank(figure, &grounds, tree));
    let by_id: HashMap<FigureId, &Figure> = order.iter().map(|figure| (figure.id, *figure)).collect();
    let mut chosen = Chosen::default();
    for figure in order {
        // A whole that ranks behind its part is still asked first, and the whole above it before that.
        let above = std::iter::successors(Some(figure), |figure| {
            wholes.get(&figure.id).and_then(|(whole, _)| by_id.get(whole)).copied()
        });
        for figure in above.collect::<Vec<_>>().into_iter().rev() {
            chosen.decide(figure, &wholes, &grounds, tree);
        }
    }
    chosen.dropped.sort_by_key(|(id, _)| *id);
    (chosen.taken, chosen.dropped)
}

/// For a figure that a relation makes part of, or the same as, another: that figure, and whether it is the same.
type Wholes = HashMap<FigureId, (FigureId, bool)>;

/// The regions a figure speaks of: its own, or for a total that names none, those of its parts.
type Grounds = HashMap<FigureId, Vec<RegionId>>;

#[derive(Default)]
struct Chosen<'f> {
    taken: Vec<&'f Figure>,
    /// Positions in `taken` by organisation: figures of two organisations never overlap.
    by_organisation: HashMap<Option<i64>, Vec<usize>>,
    dropped: Dropped,
    /// Counted, or inside something counted.
    covered: HashSet<FigureId>,
    decided: HashSet<FigureId>,
}

impl<'f> Chosen<'f> {
    fn decide(&mut self, figure: &'f Figure, wholes: &Wholes, grounds: &Grounds, tree: &RegionTree) {
        if !self.decided.insert(figure.id) {
            return;
        }
        if let Some(&(whole, same)) = wholes.get(&figure.id).filter(|(whole, _)| self.covered.contains(whole))
        {
            self.covered.insert(figure.id);
            self.dropped.push((figure.id, if same { Reason::SameAs(whole) } else { Reason::PartOf(whole) }));
        } else if let Some(other) = self.overlapped_by(figure, grounds, tree) {
            self.dropped.push((figure.id, Reason::Overlaps(other)));
        } else {
            self.covered.insert(figure.id);
            self.by_organisation.entry(figure.organisation).or_default().push(self.taken.len());
            self.taken.push(figure);
        }
    }

    /// The first counted figure that it overlaps.
    fn overlapped_by(&self, figure: &Figure, grounds: &Grounds, tree: &RegionTree) -> Option<FigureId> {
        let hit = |&at: &usize| overlap(figure, self.taken[at], grounds, tree);
        let of = |organisation| self.by_organisation.get(&organisation).into_iter().flatten();
        let found = match figure.organisation {
            None => (0..self.taken.len()).find(hit),
            some => of(some).chain(of(None)).copied().filter(hit).min(),
        };
        found.map(|at| self.taken[at].id)
    }
}

/// Sorts first what is counted first. What is not stated may be wide or narrow: an unknown region comes last, an unknown
/// supporter, organisation or event means the figure is not narrowed to one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    region_depth: usize,
    region_count: Reverse<usize>,
    narrowed: u8,
    days: Reverse<i32>,
    until: Reverse<Option<jiff::civil::Date>>,
    published: Reverse<Option<jiff::civil::Date>>,
    id: FigureId,
}

/// The wider scope first (regions, then supporters, organisation and event, then the longer flow or the later running
/// total or state), then the later publication, then the lower id.
fn rank(figure: &Figure, grounds: &Grounds, tree: &RegionTree) -> Rank {
    let hosts = ground(figure, grounds);
    let Period { kind, from, to } = figure.period;
    let length = from.zip(to).map_or(-1, |(from, to)| (to - from).get_days());
    let is_flow = kind == TimeKind::Flow;
    Rank {
        region_depth: hosts.iter().map(|&host| tree.depth(host)).min().unwrap_or(usize::MAX),
        region_count: Reverse(hosts.len()),
        narrowed: u8::from(!figure.supporters.is_empty())
            + u8::from(figure.organisation.is_some())
            + u8::from(figure.event.is_some()),
        days: Reverse(if is_flow { length } else { 0 }),
        until: Reverse(to.filter(|_| !is_flow)),
        published: Reverse(figure.published),
        id: figure.id,
    }
}

fn ground<'a>(figure: &'a Figure, grounds: &'a Grounds) -> &'a [RegionId] {
    if figure.hosts.is_empty() { grounds.get(&figure.id).map_or(&[], Vec::as_slice) } else { &figure.hosts }
}

fn grounds(stated: &[&Figure], relations: &[Relation]) -> Grounds {
    let hosts: HashMap<FigureId, &[RegionId]> =
        stated.iter().map(|figure| (figure.id, &figure.hosts[..])).collect();
    let mut grounds = Grounds::new();
    for relation in relations.iter().filter(|relation| relation.coverage == Coverage::Complete) {
        if hosts.get(&relation.whole).is_some_and(|own| own.is_empty()) {
            let parts = relation.parts.iter().filter_map(|part| hosts.get(part)).copied().flatten();
            grounds.entry(relation.whole).or_default().extend(parts);
        }
    }
    grounds
}

/// Of two same figures the lower id stays; of relations in a loop the last is not followed.
fn wholes(stated: &[&Figure], relations: &[Relation]) -> Wholes {
    let eligible: HashSet<FigureId> = stated.iter().map(|figure| figure.id).collect();
    let mut wholes = Wholes::new();
    let leads_back = |wholes: &Wholes, from: FigureId, to: FigureId| {
        std::iter::successors(Some(from), |id| wholes.get(id).map(|(whole, _)| *whole)).any(|id| id == to)
    };
    for relation in relations {
        let same = relation.coverage == Coverage::Same;
        for &part in &relation.parts {
            let (keep, drop) = if same {
                (relation.whole.min(part), relation.whole.max(part))
            } else {
                (relation.whole, part)
            };
            let known = eligible.contains(&keep) && eligible.contains(&drop) && keep != drop;
            if known && !wholes.contains_key(&drop) && !leads_back(&wholes, keep, drop) {
                wholes.insert(drop, (keep, same));
            }
        }
    }
    wholes
}

/// Whether two stated figures may speak of the same thing. What is not stated may be anything.
fn overlap(a: &Figure, b: &Figure, grounds: &Grounds, tree: &RegionTree) -> bool {
    let regions = |a: &[RegionId], b: &[RegionId]| a.is_empty() || b.is_empty() || tree.sets_overlap(a, b);
    let same = |a: Option<i64>, b: Option<i64>| a.is_none() || b.is_none() || a == b;
    regions(ground(a, grounds), ground(b, grounds))
        && regions(&a.supporters, &b.supporters)
        && a.period.overlaps(b.period)
        && same(a.organisation, b.organisation)
        && same(a.event, b.event)
}

#[cfg(test)]
mod tests;
