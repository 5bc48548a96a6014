//! One text through all steps: repair, words, quantities, names, frames, checks.

use crate::chars::{STOP, Text};
use crate::claim::{Claim, Mention, PeriodMention, ProjectNews, Reading};
use crate::count::{self, Around, Counted};
use crate::frame::{self, Site};
use crate::lexicon::{Lexicon, ONE, UnitClass, flag};
use crate::measure::{self, View};
use crate::mentions::{self, Mentions, Name};
use crate::period::Span;
use crate::projects::{Finder, Found};
use crate::repair::Repaired;
use crate::scan::{self, Quantity};
use crate::source::Source;
use crate::words::Word;
use domain::{Measure, Role, Unit};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Reads a whole text.
pub fn read(lexicon: &Lexicon, text: &str, day: Option<Date>) -> Reading {
    let repaired = crate::repair::repair(text);
    let t = Text::new(repaired.units());
    let hits = lexicon.hits(&repaired.text);
    let scanned = scan::scan(t, &hits, lexicon, day);
    let words = crate::words::find(&repaired.text);
    if scanned.quantities.is_empty() && words.is_empty() {
        return Reading::default();
    }
    let mentions = mentions::collect(t, &hits, lexicon, scanned.periods, day);
    let starts = scanned.quantities.iter().map(|q| q.start).collect();
    let engine = Engine {
        around: Around { t, hits: &hits, lexicon },
        quantities: &scanned.quantities,
        starts,
        mentions,
        layout: Layout::of(t),
        bulletin: scanned.quantities.len() * 90 > t.len(),
        source: Source::new(text, &repaired),
        repaired: &repaired,
    };
    let claims = engine.claims();
    let checks = crate::checks::find(engine.around, &scanned.quantities, &engine.layout.sentences, &claims);
    let projects = engine.projects(&words, day);
    Reading { claims, checks, projects }
}

/// Starts of sentences and paragraphs.
struct Layout {
    sentences: Vec<usize>,
    paragraphs: Vec<usize>,
}

impl Layout {
    fn of(t: Text<'_>) -> Self {
        let (mut sentences, mut paragraphs) = (vec![0], vec![0]);
        for i in 0..t.len() {
            if t.is(i, STOP) {
                sentences.push(i + 1);
                if t.at(i) == 10 || t.at(i) == 13 {
                    paragraphs.push(i + 1);
                }
            }
        }
        sentences.push(t.len());
        Self { sentences, paragraphs }
    }

    /// The sentence around `pos`, without the mark that ends the one before.
    fn sentence(&self, pos: usize) -> (usize, usize) {
        let n = self.sentences.partition_point(|s| *s <= pos);
        let start = self.sentences[n.saturating_sub(1)];
        (start, self.sentences.get(n).copied().unwrap_or(start).max(start))
    }

    fn paragraph(&self, pos: usize) -> usize {
        let n = self.paragraphs.partition_point(|s| *s <= pos);
        self.paragraphs[n.saturating_sub(1)]
    }
}

struct Engine<'a> {
    around: Around<'a>,
    quantities: &'a [Quantity],
    starts: Vec<usize>,
    mentions: Mentions,
    layout: Layout,
    bulletin: bool,
    source: Source<'a>,
    repaired: &'a Repaired,
}

/// What is remembered from one quantity to the next.
#[derive(Default)]
struct Memory {
    counted: Option<Counted>,
    money: Option<(Measure, usize)>,
    hit: usize,
}

impl Engine<'_> {
    fn claims(&self) -> Vec<Claim> {
        let mut memory = Memory::default();
        (0..self.quantities.len()).map(|k| self.claim(k, &mut memory)).collect()
    }

    fn claim(&self, k: usize, memory: &mut Memory) -> Claim {
        let q = &self.quantities[k];
        let hits = self.around.hits;
        while memory.hit < hits.len() && hits[memory.hit].start < q.start {
            memory.hit += 1;
        }
        let next = memory.hit + hits[memory.hit..].iter().take_while(|h| h.start < q.end).count();
        let (floor, ceiling) = self.layout.sentence(q.start);
        let following = self.starts.get(k + 1).copied().unwrap_or(self.around.t.len());
        let view = View { around: self.around, q, first: memory.hit, next, floor, ceiling, following };
        let (unit, unit_rule) = self.unit(&view, memory);
        let (role, role_rule) = measure::role(&view);
        let paragraph = self.layout.paragraph(q.start);
        let carried = memory.money.filter(|m| m.1 >= paragraph).map(|m| m.0);
        let found = measure::of(&view, unit, role, carried);
        if q.unit.class == UnitClass::Money && role != Role::Threshold {
            memory.money = Some((found.measure, q.start));
        }
        let trail = vec![q.rule, unit_rule, found.rule, role_rule];
        self.build(&view, unit, found, role, paragraph, trail)
    }

    fn unit(&self, view: &View<'_>, memory: &mut Memory) -> (Unit, &'static str) {
        let q = view.q;
        if q.rate || q.unit.class != UnitClass::Classifier {
            return (q.unit.unit, "unit");
        }
        let (unit, rule) = count::unit(self.around, q, view.next, view.floor, memory.counted.as_ref());
        if !count::describes(unit) {
            memory.counted = Some(Counted { classifier: q.unit.surface[0], unit, end: q.end });
        }
        (unit, rule)
    }

    fn build(
        &self,
        view: &View<'_>,
        unit: Unit,
        found: measure::Found,
        role: Role,
        paragraph: usize,
        trail: Vec<&'static str>,
    ) -> Claim {
        let q = view.q;
        let descriptive = count::describes(unit);
        let site = Site { sentence: view.floor, paragraph, bulletin: self.bulletin, descriptive };
        let place = frame::place(view, &self.mentions, site, role, &self.starts);
        let period = frame::period(view, &self.mentions, site, role, found.measure);
        let org = frame::org(view, &self.mentions, site);
        let (place, org) = frame::giver(view, &self.mentions, site, found.measure, place, org);
        let event = frame::event(view, &self.mentions, site);
        let here = |start: usize| start >= view.floor;
        let framed = place.is_some_and(|p| here(p.start)) && period.is_some_and(|p| here(p.start));
        let (start, end) = self.span(q.start, q.end);
        Claim {
            start,
            end,
            quote: self.source.slice(start, end),
            value: decimal(q.value),
            value_max: q.max.map(decimal),
            unit,
            approx: q.approx,
            measure: found.measure,
            role,
            place: place.map(|n| self.mention(n)),
            period: period.map(|s| PeriodMention { mention: self.cut(s.start, s.end), period: s.period }),
            org: org.map(|n| self.mention(n)),
            event: event.map(|n| self.mention(n)),
            sentence: self.span(view.floor, view.ceiling),
            certain: found.stated
                && !matches!(trail[1], "noun-carried" | "classifier")
                && found.measure != Measure::Other
                && framed
                && role == Role::Actual,
            trail,
        }
    }

    fn projects(&self, words: &[Word], day: Option<Date>) -> Vec<ProjectNews> {
        let Around { t, hits, lexicon } = self.around;
        let regions = hits.iter().filter(|h| lexicon.entry(h).flags & flag::REGION != 0);
        let regions: Vec<_> = regions.map(|h| (h.start, h.end)).collect();
        let finder = Finder {
            t,
            words,
            quantities: self.quantities,
            mentions: &self.mentions,
            regions: &regions,
            sentences: &self.layout.sentences,
            day,
        };
        finder.all().iter().map(|found| self.news(found)).collect()
    }

    fn news(&self, found: &Found) -> ProjectNews {
        let mention = |of: Option<(usize, usize)>| of.map(|of| self.cut(of.0, of.1));
        let (start, end) = self.span(found.quote.0, found.quote.1);
        let period = |s: Span| PeriodMention { mention: self.cut(s.start, s.end), period: s.period };
        ProjectNews {
            start,
            end,
            quote: self.source.slice(start, end),
            name: self.cut(found.name.0, found.name.1),
            owner: mention(found.owner),
            place: mention(found.place),
            period: found.period.map(period),
            capacity: mention(found.capacity),
            stage: mention(found.stage),
            milestone: found.milestone,
            planned: found.planned,
            sentence: self.span(found.sentence.0, found.sentence.1),
            trail: std::iter::once(found.rule).chain(found.planned.then_some("project-planned")).collect(),
        }
    }

    fn mention(&self, name: Name) -> Mention {
        self.cut(name.start, name.end)
    }

    fn cut(&self, start: usize, end: usize) -> Mention {
        let (start, end) = self.span(start, end);
        Mention { start, end, text: self.source.slice(start, end) }
    }

    fn span(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.repaired.to_original(start);
        (from, if end > start { self.repaired.end_to_original(end) } else { from })
    }
}

fn decimal(value: i128) -> Decimal {
    let (whole, rest) = (value / ONE, value % ONE);
    if rest == 0 {
        return Decimal::try_from_i128_with_scale(whole, 0).unwrap_or(Decimal::MAX);
    }
    Decimal::try_from_i128_with_scale(value, 9).map_or_else(
        |_| Decimal::try_from_i128_with_scale(whole, 0).unwrap_or(Decimal::MAX),
        |d| d.normalize(),
    )
}
