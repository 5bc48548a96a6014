//! What the agreements of an event or under a framework add up to, beside what is stated of it.

use crate::App;
use crate::access::{Actor, Right, open};
use crate::error::Result;
use domain::check::{Verdict, verdict};
use domain::figure::{Coverage, Figure, FigureId, Relation};
use domain::region::{RegionId, RegionTree};
use domain::tally::{Reason, Scope, Sum, Tally, tally};
use domain::{Approx, Quantity, Unit};
use std::collections::{BTreeMap, BTreeSet};
use store::{DealFigures, Entry, RecordKind, TallyGroup};

/// What a line compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SumOf {
    /// All agreements with the stated total.
    Whole,
    /// The agreements in a region with what is stated of the region.
    Region(RegionId),
    /// A stated part that names no region of its own: the figure's remark.
    Part(Option<String>),
    /// The stated parts together with the stated total.
    Parts,
}

/// A stated amount beside a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumLine {
    /// Measure, unit and kind of time; lines of different groups are never added.
    pub group: TallyGroup,
    /// What is compared.
    pub of: SumOf,
    /// What is stated.
    pub stated: Option<Quantity>,
    /// What adds up.
    pub sum: Option<Quantity>,
    /// What comparing them shows, where both are known.
    pub verdict: Option<Verdict>,
}

/// Whether agreements of a record add up to something: those of an event, and those under a framework.
#[must_use]
pub fn has_sums(entry: &Entry) -> bool {
    match entry.record.kind {
        RecordKind::Event => true,
        RecordKind::Agreement => entry.text("kind") == Some("framework"),
        _ => false,
    }
}

impl App {
    /// The sums of an event or a framework agreement, none for other records and for who may not see totals.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the programme has no such record; when a sum overflows.
    pub async fn sum_list(&self, actor: &Actor, programme: i64, code: &str) -> Result<Vec<SumLine>> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        if !matches!(record.kind, RecordKind::Event | RecordKind::Agreement)
            || !has_sums(&store::entry_get(&mut tx, record.id).await?)
            || !actor.may(programme, Right::ViewTotal)
        {
            return Ok(Vec::new());
        }
        let all = store::tally_of_deal(&mut tx, programme, record.id).await?;
        let regions = crate::regions::known(&self.regions, &mut tx, programme).await?;
        let mut groups: BTreeMap<TallyGroup, [Vec<Figure>; 2]> = BTreeMap::new();
        for figure in all.figures.iter().filter(|figure| figure.measure.is_additive()) {
            let is_own = figure.subject.is_none_or(|subject| subject == record.id);
            groups.entry(TallyGroup::of(figure)).or_default()[usize::from(!is_own)].push(figure.clone());
        }
        let mut lines = Vec::new();
        for (group, [own, items]) in groups {
            lines.extend(Sums { all: &all, tree: regions.tree(), group, own: &own, items: &items }.lines()?);
        }
        Ok(lines)
    }
}

/// One group of figures: what is stated of the record itself, and its agreements' amounts.
struct Sums<'a> {
    all: &'a DealFigures,
    tree: &'a RegionTree,
    group: TallyGroup,
    own: &'a [Figure],
    items: &'a [Figure],
}

impl Sums<'_> {
    fn tally(&self, figures: &[Figure], scope: Scope) -> Result<Tally> {
        Ok(tally(figures, &self.all.relations, self.tree, scope).map_err(store::Error::from)?)
    }

    fn line(&self, of: SumOf, stated: Option<Quantity>, sum: Option<Quantity>) -> SumLine {
        let verdict = stated.zip(sum).and_then(|(stated, sum)| compare(stated, &[sum], Coverage::Partial));
        SumLine { group: self.group, of, stated, sum, verdict }
    }

    fn lines(&self) -> Result<Vec<SumLine>> {
        let quantity = |tally: &Tally| known(tally.total, self.group.unit);
        let stated = self.tally(self.own, Scope::Programme)?;
        let items = self.tally(self.items, Scope::Programme)?;
        let whole = self.whole(&stated);
        let parts = whole.map(|whole| self.parts(whole, &stated)).unwrap_or_default();
        let mut lines = vec![self.line(SumOf::Whole, quantity(&stated), quantity(&items))];
        for region in self.regions(whole, &parts) {
            let stated = self.tally(self.own, Scope::Host(region))?;
            let items = self.tally(self.items, Scope::Host(region))?;
            lines.push(self.line(SumOf::Region(region), quantity(&stated), quantity(&items)));
        }
        let unplaced = parts.iter().filter(|part| whole.is_some_and(|whole| !self.lies_within(part, whole)));
        for part in unplaced {
            let note = self.all.notes.get(&part.id).cloned();
            lines.push(self.line(SumOf::Part(note), Some(part.quantity), None));
        }
        if let Some(whole) = whole.filter(|_| !parts.is_empty()) {
            lines.push(self.sum_of_parts(whole, &parts));
        }
        lines.retain(|line| line.stated.is_some() || line.sum.is_some());
        Ok(lines)
    }

    /// The one stated total, if there is one.
    fn whole(&self, stated: &Tally) -> Option<&Figure> {
        match stated.counted[..] {
            [id] => self.own.iter().find(|figure| figure.id == id),
            _ => None,
        }
    }

    /// The stated parts of the total: what a relation makes part of it, and what lies within its regions. What is stated of
    /// the same regions is a part only where everything then adds up: 市直单位 beside the counties.
    fn parts(&self, whole: &Figure, stated: &Tally) -> Vec<&Figure> {
        let find = |id: &FigureId| self.own.iter().find(|figure| figure.id == *id);
        let (mut parts, mut others) = (Vec::new(), Vec::new());
        for (id, reason) in &stated.left_out {
            match (reason, find(id)) {
                (Reason::PartOf(of), Some(part)) if *of == whole.id => parts.push(part),
                (Reason::Overlaps(of), Some(part)) if *of == whole.id && self.lies_within(part, whole) => {
                    parts.push(part);
                }
                (Reason::Overlaps(of), Some(part)) if *of == whole.id => others.push(part),
                _ => {}
            }
        }
        let all: Vec<&Figure> = parts.iter().chain(&others).copied().collect();
        let adds_up =
            compare(whole.quantity, &quantities(&all), Coverage::Complete) == Some(Verdict::Holding);
        if adds_up && !others.is_empty() { all } else { parts }
    }

    /// Whether a figure names regions that all lie inside those of the total, and are not the same.
    fn lies_within(&self, part: &Figure, whole: &Figure) -> bool {
        let inside = |host: &RegionId| {
            whole.hosts.iter().any(|outer| outer != host && self.tree.covers(*outer, *host))
        };
        !part.hosts.is_empty() && (whole.hosts.is_empty() || part.hosts.iter().all(inside))
    }

    /// The regions that the stated parts or the agreements lie in, without one that holds all others.
    fn regions(&self, whole: Option<&Figure>, parts: &[&Figure]) -> BTreeSet<RegionId> {
        let placed = parts.iter().filter(|part| whole.is_some_and(|whole| self.lies_within(part, whole)));
        let counted = self.own.iter().filter(|_| whole.is_none());
        let figures = placed.copied().chain(counted).chain(self.items);
        let mut regions: BTreeSet<RegionId> = figures
            .filter_map(|figure| match figure.hosts[..] {
                [host] => Some(host),
                _ => None,
            })
            .collect();
        let around = |region: &RegionId| regions.iter().all(|inner| self.tree.covers(*region, *inner));
        let outer: Vec<RegionId> = regions.iter().copied().filter(around).collect();
        for region in outer {
            regions.remove(&region);
        }
        regions
    }

    fn sum_of_parts(&self, whole: &Figure, parts: &[&Figure]) -> SumLine {
        let quantities = quantities(parts);
        let complete = |relation: &Relation| {
            relation.whole == whole.id
                && relation.coverage == Coverage::Complete
                && parts.iter().all(|part| relation.parts.contains(&part.id))
        };
        let is_complete = self.all.relations.iter().any(complete);
        let coverage = if is_complete { Coverage::Complete } else { Coverage::Partial };
        let exact = Quantity { approx: Approx::Exact, high: None, ..whole.quantity };
        let sum = match verdict(exact, &quantities, Coverage::Partial) {
            Some(Verdict::Partial { rest }) => whole.quantity.low.checked_sub(rest),
            Some(Verdict::NotAgreeing { difference }) => whole.quantity.low.checked_add(difference),
            _ => None,
        };
        SumLine {
            group: self.group,
            of: SumOf::Parts,
            stated: Some(whole.quantity),
            sum: sum.map(|low| Quantity { low, ..exact }),
            verdict: compare(whole.quantity, &quantities, coverage),
        }
    }
}

/// Compares as [`verdict`] does; parts that leave nothing are all there is.
fn compare(whole: Quantity, parts: &[Quantity], coverage: Coverage) -> Option<Verdict> {
    match verdict(whole, parts, coverage) {
        Some(Verdict::Partial { rest: 0 }) => Some(Verdict::Holding),
        found => found,
    }
}

fn quantities(figures: &[&Figure]) -> Vec<Quantity> {
    figures.iter().map(|figure| figure.quantity).collect()
}

/// A total as a quantity; none where nothing was counted.
pub(crate) fn known(sum: Sum, unit: Unit) -> Option<Quantity> {
    (sum.count > 0).then(|| sum.quantity(unit))
}
