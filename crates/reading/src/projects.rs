//! What a text tells of projects: a named thing that is built, the stage it reached, who builds it, where and when.
//!
//! Two shapes are known: the name in front of its stage word (某某项目开工), and a verb in front of the name (新建某某生产线). What
//! names nothing (产业项目, 12个项目) is not offered, nor what is said not to have happened; what is hoped for or still to come is
//! marked as planned. Every step looks at a bounded stretch, so that a text is read in linear time.

use crate::chars::{BREAK, HAN, LATIN, PAUSE, STOP, Text};
use crate::lexicon::UnitClass;
use crate::mentions::{Mentions, Name};
use crate::period::Span;
use crate::scan::Quantity;
use crate::words::{Class, Word};
use domain::stage::Milestone;
use jiff::civil::Date;

/// Longest name of what is built, in code points.
const LONGEST: usize = 40;
/// How far behind the name its stage word may stand, in code points.
const REACH: usize = 48;
/// How many mentions are looked at.
const LOOK: usize = 12;
/// Characters that a name has beside general words.
const TELLING: usize = 3;

/// A stretch of the repaired text.
pub type Stretch = (usize, usize);

/// What is told of one project, in the repaired text.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    pub name: Stretch,
    pub quote: Stretch,
    pub stage: Option<Stretch>,
    pub milestone: Option<Milestone>,
    pub planned: bool,
    pub owner: Option<Stretch>,
    pub place: Option<Stretch>,
    pub period: Option<Span>,
    pub capacity: Option<Stretch>,
    pub sentence: Stretch,
    pub rule: &'static str,
}

/// A text with all that was found in it before.
pub struct Finder<'a> {
    pub t: Text<'a>,
    pub words: &'a [Word],
    pub quantities: &'a [Quantity],
    pub mentions: &'a Mentions,
    /// Regions named in it, one by one.
    pub regions: &'a [Stretch],
    /// Starts of sentences, and the end of the text.
    pub sentences: &'a [usize],
    /// The day the text was published.
    pub day: Option<Date>,
}

/// A name read back from the word that ends it.
#[derive(Debug, Clone, Copy)]
struct Phrase {
    start: usize,
    end: usize,
    capacity: Option<Stretch>,
    /// The region in front of the name, which is no part of it.
    region: Option<Stretch>,
}

/// What is said of a name: which words, what they mean.
#[derive(Debug, Clone, Copy)]
struct Said {
    words: Stretch,
    milestone: Option<Milestone>,
    planned: bool,
    rule: &'static str,
}

impl Finder<'_> {
    /// Everything told of projects, in text order; names never overlap.
    pub fn all(&self) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut i = 0;
        while i < self.words.len() {
            let last = self.last_head(i);
            if self.words[i].class == Class::Head {
                let apart = |new: &Found| found.last().is_none_or(|f| f.name.1 <= new.name.0);
                let whole = |new: &Found| new.sentence.0 <= new.quote.0 && new.quote.1 <= new.sentence.1;
                let new = self.one(last).filter(|new| apart(new) && whole(new));
                found.extend(new);
            }
            i = last + 1;
        }
        found
    }

    /// The last of the heads that stand side by side from word `i` (某某产业园项目).
    fn last_head(&self, mut i: usize) -> usize {
        while self.words[i].class == Class::Head
            && self.words.get(i + 1).is_some_and(|w| w.class == Class::Head && w.start == self.words[i].end)
        {
            i += 1;
        }
        i
    }

    fn one(&self, head: usize) -> Option<Found> {
        let phrase = self.phrase(head);
        let (mut name, mut listed) = (phrase, false);
        if !self.is_telling(&phrase) {
            (name, listed) = (self.member(phrase.start)?, true);
        }
        let clause = self.clause(name.start);
        let said = self.behind(head, clause).or_else(|| {
            let (said, start) = self.before(&name, clause).filter(|_| !listed)?;
            name.start = start;
            Some(said)
        })?;
        let said = Said { rule: if listed { "project-list" } else { said.rule }, ..said };
        Some(self.build(name, said, clause))
    }

    fn build(&self, name: Phrase, said: Said, clause: Stretch) -> Found {
        let sentence = self.sentence(name.start);
        let period = self.period(&name, said.words, (clause, sentence));
        let future = period.and_then(|p| p.period.from).zip(self.day).is_some_and(|(from, day)| from > day);
        let quote = (name.start.min(said.words.0), name.end.max(said.words.1));
        Found {
            name: (name.start, name.end),
            quote,
            stage: Some(said.words).filter(|_| said.milestone.is_some()),
            milestone: said.milestone,
            planned: said.planned || future,
            owner: self.owner(&name, said.words, clause, sentence),
            place: self.place(&name, said.words, clause, sentence),
            period,
            capacity: name.capacity.or_else(|| self.capacity(name.end, sentence.1)),
            sentence,
            rule: said.rule,
        }
    }

    /// The name that ends with word `head`, read back to its beginning.
    fn phrase(&self, head: usize) -> Phrase {
        let end = self.words[head].end;
        let floor = self.words[head].start.saturating_sub(LONGEST);
        let mut at = self.words[head].start;
        let mut phrase = Phrase { start: at, end, capacity: None, region: None };
        while at > floor && !self.ends_at(&mut at, head, &mut phrase) {}
        phrase.start = at;
        self.strip_region(&mut phrase);
        phrase
    }

    /// Goes one step back from `at`; true where the name cannot go on.
    fn ends_at(&self, at: &mut usize, head: usize, phrase: &mut Phrase) -> bool {
        let (t, end) = (self.t, *at);
        if t.any_before(end, "”」") {
            let open = (end.saturating_sub(20)..end).rev().find(|&p| t.any(p, "“「"));
            return open.is_none_or(|open| step(at, open));
        }
        if t.is(end - 1, BREAK) {
            return true;
        }
        if covering(&self.mentions.orgs, end).is_some_and(|org| org.end == end) {
            return true;
        }
        if let Some(place) = covering(&self.mentions.places, end).filter(|p| !p.joint && p.end <= phrase.end)
        {
            return step(at, place.start);
        }
        let n = self.mentions.periods.partition_point(|p| p.end < end);
        if self.mentions.periods.get(n).is_some_and(|p| p.end == end) {
            return true;
        }
        let n = self.quantities.partition_point(|q| q.end < end);
        if let Some(q) = self.quantities.get(n).filter(|q| q.end == end) {
            let is_size = matches!(q.unit.class, UnitClass::Measure | UnitClass::Direct);
            phrase.capacity = phrase.capacity.or(Some((q.start, q.end)).filter(|_| is_size));
            return !is_size || step(at, q.start);
        }
        let n = self.words.partition_point(|w| w.end < end);
        match self.words.get(n).filter(|w| w.end == end) {
            Some(word) => match word.class {
                Class::Generic | Class::Many | Class::Head | Class::Plain | Class::Body => {
                    step(at, word.start)
                }
                // 年产 belongs to what is made.
                Class::Rate => {
                    phrase.capacity =
                        phrase.capacity.map(|of| if of.0 == end { (word.start, of.1) } else { of });
                    step(at, word.start)
                }
                // 冷链物流建设项目 is a name, 建设冷链物流项目 a verb and a name.
                Class::Build if end == self.words[head].start => step(at, word.start),
                _ => true,
            },
            None => step(at, end - 1),
        }
    }

    /// Regions in front of a name say where it is: 某县某某产业园.
    fn strip_region(&self, phrase: &mut Phrase) {
        let n = self.regions.partition_point(|r| r.0 < phrase.start);
        let mut end = phrase.start;
        for region in self.regions[n..].iter().take_while(|r| r.1 < phrase.end) {
            if region.0 == end && self.is_region(*region) {
                end = region.1;
            }
        }
        let stripped = Phrase { start: end, region: Some((phrase.start, end)), ..*phrase };
        if end > phrase.start && self.is_telling(&stripped) {
            *phrase = stripped;
        }
    }

    /// Whether a name says more than that there are projects.
    fn is_telling(&self, phrase: &Phrase) -> bool {
        let n = self.words.partition_point(|w| w.end <= phrase.start);
        let words = self.words[n..].iter().take_while(|w| w.start < phrase.end);
        if words.clone().any(|w| w.class == Class::Many) {
            return false;
        }
        let n = self.regions.partition_point(|r| r.0 < phrase.start);
        let regions = self.regions[n..].iter().take_while(|r| r.0 < phrase.end);
        let regions = regions.copied().filter(|r| self.is_region(*r));
        let general = words.clone().filter(|w| w.class != Class::Build).map(|w| (w.start, w.end));
        let general: Vec<Stretch> = general.chain(regions).chain(phrase.capacity).collect();
        let tells =
            |p: &usize| self.t.is(*p, HAN | LATIN) && !general.iter().any(|of| (of.0..of.1).contains(p));
        let telling = (phrase.start..phrase.end).filter(tells).count();
        // 拓海物流园 says more than 拓海项目.
        let kind = words.clone().any(|w| w.class == Class::Head && w.end - w.start > 2);
        telling + usize::from(kind || phrase.capacity.is_some()) >= TELLING
    }

    /// Whether a region is named in full: 博乐 is part of many names, 博乐市 says where.
    fn is_region(&self, region: Stretch) -> bool {
        self.t.any_before(region.1, "省市县区州盟旗师团")
    }

    /// The last member of a list that ends with 等一批项目: what is built, with its size or the verb that builds it.
    fn member(&self, start: usize) -> Option<Phrase> {
        let end = start.checked_sub(1).filter(|_| self.t.any_before(start, "等"))?;
        let floor = end.saturating_sub(LONGEST);
        let from = (floor..end).rev().find(|&p| self.t.is(p, BREAK)).map_or(floor, |p| p + 1);
        let n = self.quantities.partition_point(|q| q.start < from);
        let size = self.quantities[n..].iter().take_while(|q| q.end <= end);
        let mut size = size.filter(|q| matches!(q.unit.class, UnitClass::Measure | UnitClass::Direct));
        let capacity = size.next().map(|q| (q.start, q.end))?;
        let phrase = Phrase { start: from, end, capacity: Some(capacity), region: None };
        (capacity.0 - from >= TELLING).then_some(phrase)
    }

    /// The clause around a position, without the mark that ends it.
    fn clause(&self, at: usize) -> Stretch {
        let ends = |p: &usize| self.t.is(*p, STOP) || self.t.any(*p, ",，;；:：");
        let low = at.saturating_sub(2 * REACH);
        let start = (low..at).rev().find(ends).map_or(low, |p| p + 1);
        let high = (at + 2 * REACH).min(self.t.len());
        (start, (at..high).find(ends).unwrap_or(high))
    }

    /// The sentence around a position, and the next one where that goes on about the same project.
    fn sentence(&self, at: usize) -> Stretch {
        let n = self.sentences.partition_point(|s| *s <= at);
        let start = self.sentences.get(n.wrapping_sub(1)).copied().unwrap_or(0);
        let end = self.sentences.get(n).copied().unwrap_or(self.t.len());
        let next = self.words.partition_point(|w| w.start < end);
        let goes_on = self
            .words
            .get(next)
            .is_some_and(|w| w.start == end && matches!(w.class, Class::Next | Class::Head));
        match self.sentences.get(n + 1).filter(|_| goes_on) {
            Some(after) => (start, *after),
            None => (start, end),
        }
    }

    /// The stage word behind a name in its clause.
    fn behind(&self, head: usize, clause: Stretch) -> Option<Said> {
        let limit = clause.1.min(self.words[head].end + REACH);
        let mut planned = self.is_planned(self.words[head].end, clause)?;
        let mut is_equal = false;
        for (at, word) in self.words.iter().enumerate().skip(head + 1).take_while(|(_, w)| w.end <= limit) {
            match word.class {
                Class::Not => return None,
                Class::Plan => planned = true,
                Class::Head if !self.joins(head, at) => return None,
                Class::Edge => {
                    is_equal |= self.t.starts(word.start, "成为") || self.t.any(word.start, "是为")
                }
                Class::Stage => {
                    let (words, milestone) = self.stage(at);
                    let next = self.words.get(at + 1).filter(|w| w.start == words.1);
                    let of_another = next.is_some_and(|w| w.class == Class::Head) && !is_equal;
                    if of_another || self.t.any(words.1, "的率") {
                        return None;
                    }
                    planned |= self.t.any(words.1, "后前") || self.t.starts(words.1, "以后");
                    planned |= self.t.starts(words.1, "之后");
                    return Some(Said { words, milestone, planned, rule: "project-subject" });
                }
                _ => {}
            }
        }
        None
    }

    /// Stage words side by side are one: 落地开工.
    fn stage(&self, at: usize) -> (Stretch, Option<Milestone>) {
        let first = self.words[at];
        match self.words.get(at + 1) {
            Some(next) if next.class == Class::Stage && next.start <= first.end + 1 => {
                ((first.start, next.end), first.milestone.max(next.milestone))
            }
            _ => ((first.start, first.end), first.milestone),
        }
    }

    /// Whether the words in front of a position in its clause make what follows a plan; none where they deny it.
    fn is_planned(&self, at: usize, clause: Stretch) -> Option<bool> {
        let n = self.words.partition_point(|w| w.start < clause.0);
        let before = self.words[n..].iter().take_while(|w| w.end <= at);
        let mut planned = false;
        for word in before {
            match word.class {
                Class::Not => return None,
                Class::Plan => planned = true,
                // 计划投资五亿元的某某项目: what is planned is the money.
                Class::Edge if self.t.any(word.start, "的") => planned = false,
                _ => {}
            }
        }
        Some(planned)
    }

    /// Whether a head behind a name is of the same list or sums it up: 某某项目、某某项目等一批项目.
    fn joins(&self, head: usize, next: usize) -> bool {
        let from = self.words[head].end;
        let to = self.phrase(next).start.max(from);
        let summed = self.t.any(from, "、") && self.t.any_before(to, "等");
        self.t.any(from, "等") || summed || (from..to).all(|p| self.t.any(p, "、和与及以等"))
    }

    /// The verb in front of a name, and where what it builds begins.
    fn before(&self, name: &Phrase, clause: Stretch) -> Option<(Said, usize)> {
        let begin = name.region.map_or(name.start, |region| region.0);
        let (verb, start) = self.verb(begin, clause.0)?;
        let planned = self.is_planned(self.words[verb].start, clause)?;
        let word = self.words[verb];
        let words = (word.start, word.end);
        let n = self.words.partition_point(|w| w.start < clause.0);
        let weak = self.words[n..].iter().take_while(|w| w.end <= clause.1).any(|w| w.class == Class::Weak);
        let milestone = match word.milestone {
            Some(Milestone::Signed | Milestone::ToSign) if weak => Some(Milestone::Talks),
            milestone => milestone,
        };
        let start = if start == begin { name.start } else { start };
        Some((Said { words, milestone, planned, rule: "project-object" }, start))
    }

    /// The verb that ends at `at`, or before a list of what it builds whose last member begins there.
    fn verb(&self, at: usize, floor: usize) -> Option<(usize, usize)> {
        let mut start = if self.t.any_before(at, "了") { at - 1 } else { at };
        let listed = self.t.any_before(at, "、和");
        loop {
            let n = self.words.partition_point(|w| w.end <= start).checked_sub(1)?;
            let word = self.words[n];
            let is_verb = matches!(word.class, Class::Build | Class::Stage);
            if word.start < floor || at - word.end.min(at) > LONGEST {
                return None;
            }
            if is_verb && (word.end == start || listed) {
                let plain = (word.end..at).all(|p| self.t.is(p, HAN) || self.t.any(p, "、了"));
                return plain.then_some((n, if word.end == start { at } else { word.end }));
            }
            let passes =
                matches!(word.class, Class::Generic | Class::Plain) || self.t.any(word.start, "和与及");
            if !listed || !passes {
                return None;
            }
            start = word.start;
        }
    }

    fn owner(&self, name: &Phrase, said: Stretch, clause: Stretch, sentence: Stretch) -> Option<Stretch> {
        let (t, orgs) = (self.t, &self.mentions.orgs);
        let first = name.region.map_or(name.start, |region| region.0).min(said.0);
        let n = orgs.partition_point(|o| o.start < first);
        let off = ["与", "和", "同", "向", "对", "为", "给"];
        let own = |o: &&Name| !off.iter().any(|w| t.ends(o.start, w)) && self.builds(o);
        let before = orgs[..n].iter().rev().take(LOOK).filter(own);
        let begins = |o: &Name| o.start == sentence.0 || t.is(o.start - 1, BREAK) || self.leads(o.start);
        // Behind a semicolon the subject goes on, unless a new one stands there.
        let named = |p: usize| {
            let starts = |names: &[Name]| names.binary_search_by_key(&p, |n| n.start).is_ok();
            starts(&self.mentions.places) || starts(orgs)
        };
        let parted = |p: &usize| t.any(*p, ";；") && named(*p + 1);
        let floor = (sentence.0.max(first.saturating_sub(8 * REACH))..first).rev().find(parted);
        let floor = floor.map_or(sentence.0, |p| p + 1);
        let mut before = before.filter(|o| o.end <= first && o.start >= floor);
        let by = |o: &&Name| t.any_before(o.start, "由");
        let n = orgs.partition_point(|o| o.start < name.end);
        let behind = orgs[n..].iter().take(LOOK).take_while(|o| o.end <= sentence.1).filter(own).find(by);
        let found = before.find(|o| o.start >= clause.0 || begins(o)).or(behind);
        found.map(|o| (o.start, o.end))
    }

    /// Whether a word that brings a firm in stands in front of a position: 引进某某公司.
    fn leads(&self, at: usize) -> bool {
        let n = self.words.partition_point(|w| w.end < at);
        self.words.get(n).is_some_and(|w| w.end == at && w.class == Class::Edge)
    }

    /// Whether an organisation may be who builds: not a government's office, a chamber, a delegation.
    fn builds(&self, org: &Name) -> bool {
        let n = self.words.partition_point(|w| w.end < org.end);
        !self.words.get(n).is_some_and(|w| w.end == org.end && w.class == Class::Body)
    }

    fn place(&self, name: &Phrase, said: Stretch, clause: Stretch, sentence: Stretch) -> Option<Stretch> {
        let (t, places) = (self.t, &self.mentions.places);
        let n = places.partition_point(|p| p.start < name.end);
        let at = |p: &&Name| t.any_before(p.start, "在于") || p.start == said.1;
        let behind = places[n..].iter().take(LOOK).take_while(|p| p.end <= clause.1).find(at);
        let first = name.start.min(said.0);
        let n = places.partition_point(|p| p.start < first);
        let off = ["往", "距", "来自", "向", "与", "同", "比", "从", "到", "赴", "至"];
        let governs =
            |p: &&Name| p.end <= first && !t.any(p.end, "、") && !off.iter().any(|w| t.ends(p.from, w));
        let before = places[..n].iter().rev().take(LOOK).take_while(|p| p.start >= sentence.0);
        let mut before = before.filter(governs);
        let near = before.clone().find(|p| p.start >= clause.0);
        let mut far = before.by_ref().filter(|p| t.any_before(p.start, "在于"));
        let inside = || {
            let n = places.partition_point(|p| p.start < name.start);
            places.get(n).filter(|p| p.end <= name.end)
        };
        let found = behind.or(near).or_else(inside).or_else(|| far.next());
        let found = found.map(|p| (p.start, p.end));
        name.region.or(found)
    }

    /// The time phrase nearest before the stage word: in its clause any, in the sentence one of a month at most.
    fn period(&self, name: &Phrase, said: Stretch, (clause, sentence): (Stretch, Stretch)) -> Option<Span> {
        let last = said.0.max(name.start);
        let n = self.mentions.periods.partition_point(|p| p.start < last);
        let before = self.mentions.periods[..n].iter().rev().take(LOOK);
        let mut before = before.filter(|p| p.start >= sentence.0 && p.end <= last);
        before.find(|p| p.start >= clause.0 || self.is_precise(p)).copied()
    }

    /// Whether a time phrase names a month or a day.
    fn is_precise(&self, span: &Span) -> bool {
        (span.start..span.end).any(|p| self.t.any(p, "月日")) && span.period.from.is_some()
    }

    /// What is made in a time, said behind a name.
    fn capacity(&self, from: usize, to: usize) -> Option<Stretch> {
        let n = self.words.partition_point(|w| w.start < from);
        let rates = self.words[n..].iter().take_while(|w| w.end <= to).filter(|w| w.class == Class::Rate);
        let mut sized = rates.take(LOOK).filter_map(|rate| {
            let n = self.quantities.partition_point(|q| q.start < rate.end);
            let q = self.quantities.get(n).filter(|q| q.start <= rate.end + 2 && q.end <= to)?;
            let is_size = matches!(q.unit.class, UnitClass::Measure | UnitClass::Direct);
            (is_size && !(rate.end..q.start).any(|p| self.t.is(p, STOP | PAUSE)))
                .then_some((rate.start, q.end))
        });
        sized.next()
    }
}

fn step(at: &mut usize, to: usize) -> bool {
    *at = to;
    false
}

/// The mention that a position ends or lies in.
fn covering(names: &[Name], at: usize) -> Option<&Name> {
    let n = names.partition_point(|name| name.start < at);
    names[..n].last().filter(|name| name.end >= at)
}
