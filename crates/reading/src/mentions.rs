//! Places, organisations and events named in a text, read off the words found in it.

use crate::chars::{BREAK, DIGIT, NUMERAL, PAUSE, Text};
use crate::lexicon::{Hit, Lexicon, flag};
use crate::period::{self, Span};
use jiff::civil::Date;

/// A name in the repaired text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    pub start: usize,
    pub end: usize,
    /// Whether it is joined from several (博州、双河市).
    pub joint: bool,
    /// Where the regions begin that stand in front of it and hold it (湖北武汉 begins with 湖北).
    pub from: usize,
}

/// The names of a text by kind, each in text order.
#[derive(Default)]
pub struct Mentions {
    pub places: Vec<Name>,
    pub orgs: Vec<Name>,
    pub events: Vec<Name>,
    pub periods: Vec<Span>,
}

/// Longest list of places taken as one, in code points.
const JOINT: usize = 60;

/// Longest name read back from its ending, in code points.
const LONGEST: usize = 24;

/// Collects every name.
pub fn collect(
    t: Text<'_>,
    hits: &[Hit],
    lexicon: &Lexicon,
    scanned: Vec<Span>,
    day: Option<Date>,
) -> Mentions {
    let mut collector = Collector { t, hits, lexicon, out: Mentions::default() };
    for i in 0..hits.len() {
        collector.hit(i, day);
    }
    let mut out = collector.out;
    out.periods.extend(scanned);
    out.periods.sort_by_key(|s| (s.start, std::cmp::Reverse(s.end)));
    out.periods.dedup_by(|b, a| b.start < a.end);
    out.periods.retain(|p| !is_date_line(t, p));
    out
}

struct Collector<'a> {
    t: Text<'a>,
    hits: &'a [Hit],
    lexicon: &'a Lexicon,
    out: Mentions,
}

impl Collector<'_> {
    fn flags(&self, i: usize) -> u64 {
        self.hits.get(i).map_or(0, |h| self.lexicon.entry(h).flags)
    }

    fn hit(&mut self, i: usize, day: Option<Date>) {
        let (hit, flags) = (self.hits[i], self.flags(i));
        if flags & (flag::REGION | flag::PARK) != 0 {
            self.region(i, hit, flags);
        } else if flags & (flag::PLACE_WHOLE | flag::PLACE_LIST) != 0 {
            self.place(hit.start, hit.end);
        }
        if flags & (flag::FIRM | flag::BODY) != 0 {
            self.organisation(i, hit, flags);
        } else if flags & flag::ORG != 0 {
            self.out.orgs.push(Name { start: hit.start, end: hit.end, joint: false, from: hit.start });
        }
        if flags & flag::PLACE_END != 0 {
            self.named_place(i, hit);
        }
        if flags & flag::EVENT != 0 {
            self.out.events.push(Name { start: hit.start, end: hit.end, joint: false, from: hit.start });
        } else if flags & flag::EVENT_END != 0 {
            let start = self.quoted_back(i, LONGEST);
            if hit.start < start + 2 {
                return;
            }
            self.out.events.push(Name { start, end: hit.end, joint: false, from: start });
        }
        if flags & flag::PERIOD != 0 {
            self.period(hit, day);
        }
    }

    fn region(&mut self, i: usize, hit: Hit, flags: u64) {
        let t = self.t;
        if t.any(hit.end, "籍") {
            return self.natives(hit);
        }
        if ["特色", "特产", "产品", "农产品", "农副产品"].iter().any(|w| t.starts(hit.end, w)) {
            return; // goods named by their origin
        }
        if let Some(end) = self.firms_of(i, hit) {
            self.out.orgs.push(Name { start: hit.start, end, joint: false, from: hit.start });
            return;
        }
        let mut end = if t.starts(hit.end, "地区") { hit.end + 2 } else { hit.end };
        if t.any_before(end, "师") || t.any(end, "一二三四五六七八九十0123456789") {
            end = regiment(t, end);
        }
        if flags & flag::PROVINCE != 0 && t.any(hit.end, "在") {
            self.out.orgs.push(Name { start: hit.start, end, joint: false, from: hit.start });
            return;
        }
        self.place(hit.start, end);
    }

    /// 某地籍客商: a group named by its origin is a subject, its origin no place.
    fn natives(&mut self, hit: Hit) {
        let ends = ["人士", "企业家", "客商", "商人", "老乡", "能人"];
        let end = (hit.end..hit.end + 8).find(|&p| ends.iter().any(|w| self.t.ends(p, w)));
        if let Some(end) = end {
            self.out.orgs.push(Name { start: hit.start, end, joint: false, from: hit.start });
        }
    }

    /// 湖南省相关企业: enterprises named by where they come from.
    fn firms_of(&self, i: usize, hit: Hit) -> Option<usize> {
        let next = self.hits[i + 1..]
            .iter()
            .take(3)
            .find(|h| self.t.starts(h.start, "企业") || self.t.ends(h.end, "企业"))?;
        let near = next.end - hit.end <= 6
            && !(hit.end..next.end).any(|p| self.t.is(p, BREAK | NUMERAL) || self.t.any(p, "在与和的"));
        near.then_some(next.end)
    }

    fn place(&mut self, start: usize, end: usize) {
        if let Some(last) = self.out.places.last_mut() {
            if last.end == start && (!last.joint || end - last.start < JOINT) {
                // 湖北武汉 is 武汉; in a list the whole list goes on.
                last.start = if last.joint { last.start } else { start };
                last.end = end;
                return;
            }
            let comma = start == last.end + 1 && self.t.any(last.end, "、和") && end - last.start < JOINT;
            if comma {
                last.end = end;
                last.joint = true;
                return;
            }
        }
        self.out.places.push(Name { start, end, joint: false, from: start });
    }

    /// A park, a port or a zone, read back to the beginning of its name: a known place, or a break.
    fn named_place(&mut self, i: usize, hit: Hit) {
        let t = self.t;
        let start = self.name_back(i, 14);
        let known = self.out.places.iter().rev().take(3).any(|p| p.start == start);
        let begins = known || start == 0 || t.is(start - 1, BREAK) || t.any_before(start, "在于");
        if hit.start - start >= 2 && begins && !t.is(start, NUMERAL) {
            self.drop_inside(start, true);
            self.out.places.push(Name { start, end: hit.end, joint: false, from: start });
        }
    }

    fn organisation(&mut self, i: usize, hit: Hit, flags: u64) {
        let start = self.name_back(i, LONGEST);
        if hit.start == start || hit.start - start > LONGEST || self.t.starts(start, "省市") {
            return;
        }
        while self.out.orgs.last().is_some_and(|o| o.end > start) {
            self.out.orgs.pop();
        }
        if flags & flag::OFFICE == 0 {
            self.drop_inside(start, flags & (flag::GOV | flag::ROOTED) == 0);
        }
        if flags & flag::GOV != 0 {
            return;
        }
        self.out.orgs.push(Name { start, end: hit.end, joint: false, from: start });
    }

    /// Places inside a longer name are part of it.
    fn drop_inside(&mut self, start: usize, all: bool) {
        while all && self.out.places.last().is_some_and(|p| p.start >= start) {
            self.out.places.pop();
        }
    }

    /// Where the name that ends with hit `i` begins: at a break, a numeral, or behind a word names do not go across.
    fn name_back(&self, i: usize, longest: usize) -> usize {
        let t = self.t;
        let end = self.hits[i].start;
        let mut start = end;
        let mut k = i;
        let floor = end.saturating_sub(longest);
        loop {
            let previous = (k > 0).then(|| self.hits[k - 1]);
            let edge = previous.map_or(0, |h| h.end).max(floor);
            while start > edge && !t.is(start - 1, BREAK | DIGIT) {
                if t.any_before(start, "家个") && start > 1 && t.is(start - 2, NUMERAL) {
                    return start;
                }
                start -= 1;
            }
            let Some(h) = previous.filter(|h| h.end == start && start > floor) else { return start };
            let flags = self.lexicon.entry(&h).flags;
            let crossing = flag::STOP
                | flag::PERIOD
                | flag::PERSON
                | flag::AMONG
                | flag::TARGET
                | flag::DEST
                | flag::PLACE_WHOLE;
            if flags & crossing != 0 && flags & flag::REGION == 0 {
                return start;
            }
            start = h.start;
            k -= 1;
            let region_before =
                k > 0 && self.hits[k - 1].end == start && self.flags(k - 1) & flag::REGION != 0;
            let supports = t.ends(start, "支援") || t.ends(start, "援");
            if flags & flag::REGION != 0 && !region_before && !supports {
                return start;
            }
        }
    }

    /// As [`Self::name_back`], but goes on across quotation marks and digits.
    fn quoted_back(&self, i: usize, longest: usize) -> usize {
        let t = self.t;
        let end = self.hits[i].start;
        let floor = end.saturating_sub(longest);
        let mut start = end;
        while start > floor && !t.is(start - 1, crate::chars::STOP | PAUSE) && !t.any(start - 1, "在了把的")
        {
            start -= 1;
        }
        let stops = self.hits[..i].iter().rev().take_while(|h| h.end > start);
        let mut stops = stops.filter(|h| self.lexicon.entry(h).flags & (flag::STOP | flag::PERIOD) != 0);
        stops.next().map_or(start, |h| h.end)
    }

    fn period(&mut self, hit: Hit, day: Option<Date>) {
        let t = self.t;
        let rule = self.lexicon.entry(&hit).period.unwrap_or_default();
        let goal = ["目标", "任务", "计划", "指标"].iter().any(|w| t.starts(hit.end, w));
        if t.any_before(hit.start, "比较于的") || t.starts(hit.end, "同期") || (goal && rule != "to_date")
        {
            return;
        }
        if rule == "clause" {
            if let Some(start) = period::since_start(t, hit.start) {
                let period = domain::Period { kind: domain::TimeKind::Cumulative, from: None, to: day };
                self.out.periods.push(Span { start, end: hit.end, period });
            }
            return;
        }
        self.out.periods.push(Span { start: hit.start, end: hit.end, period: period::of_word(rule, day) });
    }
}

/// Whether a date stands in a line of its own or beside the source: when the text was published, not when a
/// figure holds.
fn is_date_line(t: Text<'_>, p: &Span) -> bool {
    let line = |i: usize| t.any(i, "\n\r") || i >= t.len();
    let start = (p.start.saturating_sub(40)..p.start).rev().find(|&i| line(i)).map(|i| i + 1);
    let Some(start) = start.or((p.start <= 40).then_some(0)) else { return false };
    let Some(end) = (p.end..p.end + 30).find(|&i| line(i)) else { return false };
    let alone = start == p.start && end - p.end <= 10;
    alone || (start..p.start).any(|i| t.starts(i, "来源") || t.starts(i, "发布"))
}

/// The end of a regiment's number behind a division: 第八师一四二团.
fn regiment(t: Text<'_>, end: usize) -> usize {
    if !t.is(end, NUMERAL) {
        return end;
    }
    match crate::numeral::parse(t, end) {
        Ok(n) if t.any(n.end, "团") && !t.any(n.end + 1, "队体结组") => n.end + 1,
        _ => end,
    }
}
