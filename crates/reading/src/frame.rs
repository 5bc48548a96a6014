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

/// How far into a text its opening reaches, in code points.
const OPENING: usize = 200;

/// How many mentions are looked at.
const LOOK: usize = 24;

/// The place that governs a quantity.
pub fn place(view: &View<'_>, mentions: &Mentions, site: Site, role: Role, starts: &[usize]) -> Option<Name> {
    let (t, q) = (view.around.t, view.q);
    let places = &mentions.places;
    let n = places.partition_point(|p| p.start < q.start);
    let next = places.get(n).filter(|p| p.start >= q.end);
    if let Some(next) = next.filter(|p| goes_to(view, p)) {
        return Some(*next);
    }
    if site.descriptive && !site.bulletin {
        return None;
    }
    if let Some(label) = label(view, places[..n].last()) {
        return Some(label);
    }
    let rate = q.unit.class == crate::lexicon::UnitClass::Rate;
    let floor = if role == Role::Target && !rate { clause_start(view) } else { site.floor() };
    let mut before = places[..n].iter().rev().take(LOOK).take_while(|p| p.start >= floor);
    let found = before.find(|p| governs(t, p, q.start, starts));
    // 全市 means the place named before, where there is one.
    let whole = |p: &&Name| t.at(p.start) == '全' as u16;
    let named =
        found.filter(whole).and_then(|_| before.find(|p| !whole(p) && governs(t, p, q.start, starts)));
    let title = || next.filter(|_| is_title(view) && site.bulletin).filter(|p| p.start - q.end < TITLE_REACH);
    named.or(found).or_else(title).copied()
}

/// The name of a list item right in front of its figure, where it ends like a place: 甲县3.9亿元、乙县3.7亿元.
fn label(view: &View<'_>, known: Option<&Name>) -> Option<Name> {
    let (t, end) = (view.around.t, view.q.start);
    if !t.any_before(end, "县区市州旗镇乡团师")
        || t.any_before(end - 1, "全")
        || known.is_some_and(|p| p.end == end)
    {
        return None;
    }
    let low = end.saturating_sub(9);
    let start = (low..end).rev().find(|&p| !t.is(p, crate::chars::HAN) || t.any(p, "中为"))? + 1;
    let separated = t.any_before(start, "、,，;；:：(中为");
    (separated && end - start >= 2 && end - start <= 7).then_some(Name {
        start,
        end,
        joint: false,
        from: start,
    })
}

/// A place behind the quantity that its sentence leads to: 投资2亿元在某县建厂, 20多家企业赴某市考察.
fn goes_to(view: &View<'_>, place: &Name) -> bool {
    let (t, q) = (view.around.t, view.q);
    let gap = place.start - q.end;
    if gap <= 2 && t.any_before(place.start, "在") {
        return true;
    }
    let verbs = ["赴", "齐聚", "走进", "来到", "汇聚", "聚首"];
    let moving =
        matches!(q.unit.unit.code(), "person" | "enterprise") && verbs.iter().any(|v| t.ends(place.start, v));
    moving && gap < 24 && !(q.end..place.start).any(|p| t.is(p, STOP | PAUSE))
}

/// How far behind a title its first mention may stand.
const TITLE_REACH: usize = 90;

/// Whether the quantity stands in a line that ends without a full stop.
fn is_title(view: &View<'_>) -> bool {
    let t = view.around.t;
    view.ceiling - view.floor < 60 && t.any_before(view.ceiling, "\n\r")
}

fn clause_start(view: &View<'_>) -> usize {
    let (t, start) = (view.around.t, view.q.start);
    let low = start.saturating_sub(60);
    (low..start).rev().find(|&p| t.is(p, STOP) || t.any(p, ",，;；")).map_or(low, |p| p + 1)
}

/// Whether a place before a quantity is what the quantity is about.
fn governs(t: Text<'_>, place: &Name, start: usize, starts: &[usize]) -> bool {
    let off = ["往", "距", "来自", "向", "与", "同", "比", "从", "到", "赴", "至"];
    if off.iter().any(|w| t.ends(place.from, w)) {
        return false;
    }
    // A list item's own place belongs to that item only.
    let at = starts.partition_point(|s| *s < place.end);
    let item = t.any_before(place.start, "、,，;；中:：");
    let owner = starts.get(at).copied().filter(|s| item && *s - place.end <= 1);
    owner.is_none_or(|s| s == start || same_item(t, s, start))
}

/// Whether two quantities stand in one list item: 高昌区30个、12亿元.
fn same_item(t: Text<'_>, a: usize, b: usize) -> bool {
    a < b && b - a < 40 && !(a..b).any(|p| t.is(p, STOP) || t.any(p, ",，;；"))
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
    let inherits = (role != Role::Target && measure != Measure::Area) || measure == Measure::Rate;
    let floor = if inherits { site.floor() } else { site.sentence };
    let mut before = periods[..n].iter().rev().take(LOOK).take_while(|p| p.start >= floor);
    let monthly = |p: &Span| t.ends(p.end, "本月") || t.ends(p.end, "当月");
    let found = before.find(|p| !(monthly(p) && (p.start < site.paragraph || running_between(view, p.end))));
    let Some(found) = found else {
        let next = periods.get(n).filter(|p| p.start >= q.end && p.start - q.end < TITLE_REACH);
        return next.filter(|_| is_title(view) && site.bulletin).copied();
    };
    if ["当天", "当日", "全年", "同日", "年底"].iter().any(|w| t.ends(found.end, w)) {
        let whole_year = t.ends(found.end, "全年");
        let points_to = before.next().filter(|p| dated(t, p) && (!whole_year || t.ends(p.end, "年")));
        return Some(*points_to.unwrap_or(found));
    }
    if t.ends(found.end, "今年") {
        let until =
            before.next().filter(|p| p.period.kind == TimeKind::Cumulative && found.start - p.end < 20);
        return Some(*until.unwrap_or(found));
    }
    Some(*found)
}

/// Whether a phrase names a date itself.
fn dated(t: Text<'_>, p: &Span) -> bool {
    t.is(p.start, crate::chars::DIGIT)
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
    let n = mentions.orgs.partition_point(|o| o.end <= q.start);
    let clause =
        (q.start.saturating_sub(60)..q.start).rev().find(|&p| t.is(p, PAUSE | STOP)).map_or(0, |p| p + 1);
    let mut before = mentions.orgs[..n].iter().rev().take(LOOK).take_while(|o| o.start >= site.paragraph);
    let investor = invests(view, mentions);
    if investor.is_some() {
        return investor;
    }
    let partner = |o: &Name| ["向", "对", "为", "给", "据", "由"].iter().any(|w| t.ends(o.start, w));
    let made = |o: &Name| ["增设", "成立", "设立", "组建", "新设"].iter().any(|w| t.ends(o.start, w));
    let near = before.find(|o| !made(o) && (o.start >= clause || !partner(o)));
    // In a bulletin the organisation its opening names is what the rest is about too.
    let opening = || mentions.orgs.first().filter(|o| site.bulletin && o.end <= q.start && o.start < OPENING);
    near.or_else(opening).copied()
}

/// 某地某某投资2亿元: the short name in front of 投资, where it begins with a region and the clause.
fn invests(view: &View<'_>, mentions: &Mentions) -> Option<Name> {
    let (t, q) = (view.around.t, view.q);
    let end = q.start.checked_sub(2).filter(|&p| t.starts(p, "投资"))?;
    let n = mentions.places.partition_point(|p| p.start < end);
    let region = mentions.places[..n].last().filter(|p| p.end < end && end - p.end <= 6)?;
    let begins = region.start == 0 || t.is(region.start - 1, STOP | PAUSE);
    let plain = (region.end..end).all(|p| t.is(p, crate::chars::HAN) && !t.any(p, "在已共的将拟与"));
    (begins && plain).then_some(Name { start: region.start, end, joint: false, from: region.start })
}

/// Aid money and the projects it pays for: a region that 投入 or 安排 is who gives, not where the money goes.
pub fn giver(
    view: &View<'_>,
    mentions: &Mentions,
    site: Site,
    measure: Measure,
    place: Option<Name>,
    org: Option<Name>,
) -> (Option<Name>, Option<Name>) {
    let t = view.around.t;
    let gives = |p: &Name| {
        let mut at = p.end;
        while t.any(at, "共累计先后已总也还") {
            at += 1;
        }
        at - p.end <= 6
            && ["投入", "安排", "拨付", "下达", "支付", "落实", "筹集"].iter().any(|w| t.starts(at, w))
    };
    let aid = measure.family() == domain::Family::Aid || measure == Measure::ProjectCount;
    match place.filter(|p| aid && gives(p)) {
        Some(giver) => {
            let n = mentions.places.partition_point(|p| p.start < giver.start);
            let goes = mentions.places[..n].last().filter(|p| p.start >= site.floor() && !gives(p)).copied();
            (goes, Some(giver))
        }
        None => (place, org),
    }
}

/// The event a quantity comes from.
pub fn event(view: &View<'_>, mentions: &Mentions, site: Site) -> Option<Name> {
    let n = mentions.events.partition_point(|e| e.start < view.q.start);
    mentions.events[..n].last().copied().filter(|e| e.start >= site.floor())
}
