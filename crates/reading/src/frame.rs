//! The frame around a figure: place, time, organisation and event, the nearest mention that governs it.

use crate::chars::{PAUSE, STOP, Text};
use crate::measure::View;
use crate::mentions::{Mentions, Name};
use crate::period::Span;
use domain::{Measure, Role, TimeKind};

/// Where a figure stands in its text.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    /// Start of the sentence and of the paragraph.
    pub sentence: usize,
    pub paragraph: usize,
    /// Whether the text is a bulletin (dense with figures): frames carry over paragraphs.
    pub bulletin: bool,
    /// Whether the figure only describes (19个省市): it takes a frame from its own clause only.
    pub descriptive: bool,
}

impl Site {
    /// How far back a mention may stand.
    fn floor(&self) -> usize {
        if self.bulletin { 0 } else { self.paragraph }
    }
}

/// How many mentions are looked at.
const LOOK: usize = 24;

/// The place that governs a quantity.
pub fn place(view: &View<'_>, mentions: &Mentions, site: Site, starts: &[usize]) -> Option<Name> {
    let (t, q) = (view.around.t, view.q);
    let places = &mentions.places;
    let n = places.partition_point(|p| p.start < q.start);
    if let Some(next) =
        places.get(n).filter(|p| p.start >= q.end && p.start - q.end <= 2 && t.any_before(p.start, "在"))
    {
        return Some(*next);
    }
    if site.descriptive && !site.bulletin {
        return None;
    }
    let mut before = places[..n].iter().rev().take(LOOK).take_while(|p| p.start >= site.floor());
    before.find(|p| governs(t, p, q.start, starts)).copied()
}

/// Whether a place before a quantity is what the quantity is about.
fn governs(t: Text<'_>, place: &Name, start: usize, starts: &[usize]) -> bool {
    let off = ["往", "距", "来自", "向", "与", "同", "比", "从", "到", "赴", "至"];
    if place.end < start && !place.joint && off.iter().any(|w| t.ends(place.start, w)) {
        return false;
    }
    // A list item's own place belongs to that item only.
    let at = starts.partition_point(|s| *s < place.end);
    let owner = starts.get(at).copied().filter(|s| *s - place.end <= 1);
    owner.is_none_or(|s| s == start || same_item(t, s, start))
}

/// Whether two quantities stand in one list item: 高昌区30个、12亿元.
fn same_item(t: Text<'_>, a: usize, b: usize) -> bool {
    b - a < 40 && !(a..b).any(|p| t.is(p, STOP) || t.any(p, ",，;；"))
}

/// The time that governs a quantity.
pub fn period(
    view: &View<'_>,
    mentions: &Mentions,
    site: Site,
    role: Role,
    measure: Measure,
) -> Option<Span> {
    let (t, q) = (view.around.t, view.q);
    if site.descriptive && !site.bulletin {
        return None;
    }
    let periods = &mentions.periods;
    let n = periods.partition_point(|p| p.start < q.start);
    let inherits = role != Role::Target && measure != Measure::Area;
    let floor = if !inherits { site.sentence } else { site.floor() };
    let mut before = periods[..n].iter().rev().take(LOOK).take_while(|p| p.start >= floor);
    let monthly = |p: &Span| t.ends(p.end, "本月") || t.ends(p.end, "当月");
    let found = before.find(|p| {
        let stale = monthly(p) && (p.start < site.paragraph || running_between(view, p.end));
        !stale
    })?;
    let to_date = t.ends(found.end, "今年") || t.ends(found.end, "今年以来");
    if to_date {
        let until =
            before.next().filter(|p| p.period.kind == TimeKind::Cumulative && p.start >= site.sentence);
        return Some(*until.unwrap_or(found));
    }
    Some(*found)
}

/// Whether 累计 stands between a month and the quantity: the running total is not the month's.
fn running_between(view: &View<'_>, from: usize) -> bool {
    let t = view.around.t;
    let low = from.max(view.q.start.saturating_sub(16));
    (low..view.q.start).any(|p| t.starts(p, "累计"))
}

/// The organisation a quantity is about.
pub fn org(view: &View<'_>, mentions: &Mentions, site: Site) -> Option<Name> {
    let (t, q) = (view.around.t, view.q);
    let floor = if site.bulletin { 0 } else { site.paragraph };
    let n = mentions.orgs.partition_point(|o| o.end <= q.start);
    let clause =
        (q.start.saturating_sub(60)..q.start).rev().find(|&p| t.is(p, PAUSE | STOP)).map_or(0, |p| p + 1);
    let mut before = mentions.orgs[..n].iter().rev().take(LOOK).take_while(|o| o.start >= floor);
    let partner = |o: &Name| ["向", "对", "为", "给", "据", "由"].iter().any(|w| t.ends(o.start, w));
    before.find(|o| o.start >= clause || !partner(o)).copied()
}

/// The event a quantity comes from.
pub fn event(view: &View<'_>, mentions: &Mentions, site: Site) -> Option<Name> {
    let n = mentions.events.partition_point(|e| e.start < view.q.start);
    mentions.events[..n].last().copied().filter(|e| e.start >= site.floor())
}
