//! Agreements and their figures.

use super::random::Random;
use super::registers::Enterprise;
use super::world::{Draft, DraftFigure, Mistake, Place, Ref, Replaces, TODAY, World, later, money, past_day};
use domain::record::{RecordKind, Value};
use domain::region::Side;
use domain::{Approx, Measure, TimeKind, Unit};
use jiff::civil::Date;

/// How an agreement follows from one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follows {
    /// Part of a framework.
    Framework(usize),
    /// The contract that an intent became.
    Intent(usize),
    /// Another term of a purchase agreement.
    Renewal(usize),
}

/// Who agrees on what, where and when.
pub(super) struct Deal {
    kind: &'static str,
    follows: Option<Follows>,
    pub host: usize,
    pub supporter: usize,
    pub investor: Ref,
    event: Option<Ref>,
    signed: Date,
    fen: i64,
}

impl World {
    /// The deal of an agreement. Of every twenty agreements the first is a framework with some of the next three within
    /// it, the sixth an intent that the seventh may make a contract of, the eleventh a purchase that the twelfth may renew.
    pub(super) fn deal(&self, index: usize) -> Deal {
        let mut random = Random::new(self.plan.seed, "deal", index);
        let follows = match index % 20 {
            place @ 1..=3 if random.chance(800) => Some(Follows::Framework(index - place)),
            6 if random.chance(600) => Some(Follows::Intent(index - 1)),
            11 if random.chance(400) => Some(Follows::Renewal(index - 1)),
            _ => None,
        };
        match follows {
            Some(Follows::Framework(of)) => {
                let base = self.deal(of);
                let (kind, fen) = (business_kind(&mut random), money(&mut random, 500, 200_000));
                let (investor, signed) = (self.enterprise_from(&mut random, base.supporter), base.signed);
                Deal { kind, follows, investor, signed, fen, ..base }
            }
            Some(Follows::Intent(of)) => {
                let base = self.deal(of);
                let signed = later(base.signed, random.between(30, 400)).min(TODAY);
                let fen = base.fen / 100_000_000 * random.between(60, 130) * 1_000_000;
                Deal { kind: "investment", follows, signed, event: None, fen, ..base }
            }
            Some(Follows::Renewal(of)) => {
                let base = self.deal(of);
                let signed = later(base.signed, 365).min(TODAY);
                Deal { kind: "purchase", follows, signed, event: None, ..base }
            }
            None => self.new_deal(&mut random, index),
        }
    }

    fn new_deal(&self, random: &mut Random, index: usize) -> Deal {
        let kind = match index % 20 {
            0 => random.weighted(&[("framework", 80), ("memorandum", 20)]),
            5 => "intent",
            10 => "purchase",
            _ => business_kind(random),
        };
        let event = random.chance(700).then(|| self.any(random, RecordKind::Event));
        let (host, supporter, signed) = match event {
            Some(Ref(_, event)) => {
                let at = self.gathering(event);
                (at.host, at.supporter, at.day)
            }
            None => (random.below(self.hosts.len()), random.below(self.supporters.len()), past_day(random)),
        };
        let fen =
            if kind == "framework" { money(random, 10_000, 5_000_000) } else { money(random, 500, 500_000) };
        let investor = self.enterprise_from(random, supporter);
        Deal { kind, follows: None, host, supporter, investor, event, signed, fen }
    }

    pub(super) fn agreement(&self, index: usize) -> Draft {
        let deal = self.deal(index);
        let mut random = self.random(Ref(RecordKind::Agreement, index));
        let known = self.enterprise_at(deal.investor.1);
        let (host, supporter) = (self.host_name(deal.host), &self.supporters[deal.supporter]);
        let government = matches!(deal.kind, "framework" | "memorandum");
        let mut draft = Draft::new(title(&deal, &known, supporter, host))
            .text("kind", deal.kind)
            .text("status", self.status(&mut random, index, &deal))
            .place("region", host)
            .place("supporting", supporter)
            .record("event", deal.event)
            .text("content", format!("双方就{}在{}合作达成一致。", known.trade.product, host.name));
        let other = if government { &supporter.name_en } else { known.trade.en };
        let brand = if government { "" } else { known.brand.1.as_str() };
        draft.title_en =
            random.chance(200).then(|| format!("{brand} {other}: {}", host.name_en).trim_start().to_owned());
        draft = self.parties(&mut random, draft, &deal, government);
        draft = self.references(&mut random, draft, &deal);
        if !government {
            draft = draft.text("sector", known.trade.sector);
        }
        if random.chance(30) {
            draft.mistakes.push(Mistake::Missing);
        } else {
            draft = draft.day("signed_on", deal.signed);
        }
        draft = term(&mut random, draft, deal.signed);
        if draft.values.get("status").and_then(|status| status.text()) == Some("rescinded") {
            let rescinded = later(deal.signed, random.between(60, 700)).min(TODAY);
            draft = draft.day("rescinded_on", rescinded);
        }
        amounts(&mut random, &mut draft, &deal);
        draft
    }

    fn references(&self, random: &mut Random, draft: Draft, deal: &Deal) -> Draft {
        let draft = match deal.follows {
            Some(Follows::Framework(of)) => draft.record("parent", Some(Ref(RecordKind::Agreement, of))),
            Some(Follows::Intent(of)) => draft.record("upgrades", Some(Ref(RecordKind::Agreement, of))),
            Some(Follows::Renewal(of)) => draft.record("renews", Some(Ref(RecordKind::Agreement, of))),
            None => draft,
        };
        let draft = if deal.kind == "investment" && random.chance(600) {
            draft.record("park", Some(self.park_in(random, deal.host)))
        } else {
            draft
        };
        if random.chance(800) {
            draft.record("owner", Some(self.office_of(random, deal.host)))
        } else {
            draft
        }
    }

    /// Two parties, or up to five.
    fn parties(&self, random: &mut Random, draft: Draft, deal: &Deal, government: bool) -> Draft {
        let host = self.authority(Side::Host, deal.host);
        let supporter = self.authority(Side::Supporting, deal.supporter);
        if government {
            let draft = draft.link("party", host, "host").link("party", supporter, "supporter");
            return if random.chance(300) { draft.link("party", deal.investor, "partner") } else { draft };
        }
        let (first, second) = match deal.kind {
            "purchase" => ("seller", "buyer"),
            "service" => ("provider", "host"),
            _ => ("investor", "host"),
        };
        let other = if second == "buyer" { self.enterprise(random) } else { host };
        let mut draft = draft.link("party", deal.investor, first);
        if other != deal.investor {
            draft = draft.link("party", other, second);
        }
        let more = random.weighted(&[(0, 75), (1, 15), (2, 7), (3, 3)]);
        if more > 0 {
            draft = draft.link("party", supporter, "supporter");
        }
        if more > 1 {
            let operator = Ref(RecordKind::Organisation, self.park_in(random, deal.host).1);
            draft = draft.link("party", operator, "park");
        }
        let partner = self.enterprise(random);
        if more > 2 && draft.links.iter().all(|(_, known, _)| *known != partner) {
            draft = draft.link("party", partner, "partner");
        }
        draft
    }

    /// The status that follows from what came after, else what is usual.
    fn status(&self, random: &mut Random, index: usize, deal: &Deal) -> &'static str {
        let next =
            (index + 1 < self.plan.projects).then(|| self.deal(index + 1)).and_then(|next| next.follows);
        match next {
            Some(Follows::Intent(_)) => "upgraded",
            Some(Follows::Renewal(_)) => "renewed",
            _ if deal.follows.is_none() && deal.signed > later(TODAY, -30) => {
                random.weighted(&[("draft", 50), ("signed", 50)])
            }
            _ => random.weighted(&[("signed", 90), ("expired", 6), ("rescinded", 4)]),
        }
    }
}

fn title(deal: &Deal, known: &Enterprise, supporter: &Place, host: &Place) -> String {
    let (firm, product) = (known.short(), known.trade.product);
    match deal.kind {
        "framework" => format!("{}与{}{}年产业协作框架协议", supporter.name, host.name, deal.signed.year()),
        "memorandum" => format!("{}与{}{}年合作备忘录", supporter.name, host.name, deal.signed.year()),
        "intent" => format!("{firm}{product}项目意向协议"),
        "purchase" => format!("{firm}{product}购销协议"),
        "service" => format!("{firm}服务协议"),
        "unspecified" => format!("{firm}{product}项目签约"),
        _ => format!("{firm}{product}项目投资协议"),
    }
}

fn business_kind(random: &mut Random) -> &'static str {
    random.weighted(&[
        ("investment", 74),
        ("intent", 8),
        ("purchase", 10),
        ("service", 4),
        ("unspecified", 4),
    ])
}

/// From when to when it holds; sometimes the wrong way round.
fn term(random: &mut Random, mut draft: Draft, signed: Date) -> Draft {
    if random.chance(300) {
        return draft;
    }
    let from = later(signed, random.between(0, 30));
    let to = if random.chance(15) {
        draft.mistakes.push(Mistake::DatesOutOfOrder);
        later(from, -random.between(1, 900))
    } else {
        later(from, random.between(1, 10) * 365)
    };
    draft.day("valid_from", from).day("valid_to", to)
}

fn amounts(random: &mut Random, draft: &mut Draft, deal: &Deal) {
    let (measure, known) = match deal.kind {
        "framework" | "memorandum" => (Measure::SignedIntent, 550),
        "intent" => (Measure::SignedIntent, 950),
        "purchase" => (Measure::PurchaseContracted, 970),
        "service" => (Measure::Other, 600),
        "unspecified" => (Measure::SignedUnspecified, 900),
        _ => (Measure::SignedContract, 985),
    };
    if !random.chance(known) {
        return;
    }
    let approx = random.weighted(&[(Approx::Exact, 92), (Approx::Over, 5), (Approx::About, 3)]);
    let day = draft.values.get("signed_on").and_then(Value::day);
    let replaces = match deal.follows {
        Some(Follows::Intent(of)) => Some(Replaces::AmountOf(Ref(RecordKind::Agreement, of))),
        _ => None,
    };
    let plain = figure(measure, deal.fen, TimeKind::Flow, deal.signed, deal.signed);
    let signed = DraftFigure { approx, from: day, to: day, replaces, ..plain };
    if random.chance(10) {
        draft.mistakes.push(Mistake::Tenfold);
        draft.figures.push(DraftFigure { low: deal.fen * 10, ..signed.clone() });
        draft.figures.push(DraftFigure { replaces: Some(Replaces::Previous), ..signed });
    } else {
        draft.figures.push(DraftFigure { approved: random.chance(150), ..signed });
    }
    // What is not signed yet is a target; what is rescinded no longer counts.
    let status = draft.values.get("status").and_then(Value::text).map(str::to_owned);
    for figure in &mut draft.figures {
        figure.target = status.as_deref() == Some("draft");
        figure.withdrawn = status.as_deref() == Some("rescinded");
        figure.approved &= !figure.target;
    }
    match deal.kind {
        "investment" => carried_out(random, draft, deal),
        "purchase" => sales(random, draft, deal),
        _ => {}
    }
}

fn figure(measure: Measure, low: i64, kind: TimeKind, from: Date, to: Date) -> DraftFigure {
    let (from, to) = (Some(from), Some(to));
    let (unit, approx) = (Unit::cny(), Approx::Exact);
    DraftFigure {
        measure,
        unit,
        low,
        approx,
        kind,
        from,
        to,
        target: false,
        approved: false,
        withdrawn: false,
        replaces: None,
    }
}

/// The first day of the quarter after a day.
fn next_quarter(day: Date) -> Date {
    let month = (day.month() - 1) / 3 * 3 + 1;
    let first = jiff::civil::date(day.year(), month, 1);
    first.saturating_add(jiff::Span::new().months(3))
}

/// What arrived by quarter, what was built by year, jobs and output of those that run.
fn carried_out(random: &mut Random, draft: &mut Draft, deal: &Deal) {
    if random.chance(600) {
        let fen = deal.fen / 100 * random.between(90, 140);
        draft.figures.push(figure(Measure::PlannedTotal, fen, TimeKind::Stock, deal.signed, deal.signed));
    }
    let rescinded = draft.values.get("status").and_then(|status| status.text()) == Some("rescinded");
    if rescinded || random.chance(180) {
        return;
    }
    let (mut from, mut left) = (next_quarter(deal.signed), deal.fen);
    for _ in 0..random.between(3, 9) {
        let next = next_quarter(from);
        let part = deal.fen / 100 * random.between(4, 15);
        if next > TODAY || part > left {
            break;
        }
        let to = later(next, -1);
        let approved = random.chance(150);
        draft
            .figures
            .push(DraftFigure { approved, ..figure(Measure::FundsArrived, part, TimeKind::Flow, from, to) });
        (from, left) = (next, left - part);
    }
    let mut done = 0;
    for year in i16::max(deal.signed.year(), 2021)..=TODAY.year().min(deal.signed.year() + 3) {
        let to = jiff::civil::date(year, 12, 31).min(TODAY);
        done = (done + deal.fen / 100 * random.between(5, 30)).min(deal.fen);
        draft.figures.push(figure(Measure::WorksCompleted, done, TimeKind::Cumulative, deal.signed, to));
    }
    if let (true, Some(unit)) = (random.chance(350), Unit::from_code("job")) {
        let jobs = figure(Measure::Jobs, random.between(5, 600), TimeKind::Stock, TODAY, TODAY);
        draft.figures.push(DraftFigure { unit, ..jobs });
    }
    if random.chance(250) {
        let (first, last) = (jiff::civil::date(2025, 1, 1), jiff::civil::date(2025, 12, 31));
        let fen = deal.fen / 100 * random.between(5, 60);
        draft.figures.push(figure(Measure::Output, fen, TimeKind::Flow, first, last));
    }
}

fn sales(random: &mut Random, draft: &mut Draft, deal: &Deal) {
    let mut from = next_quarter(deal.signed);
    for _ in 0..random.below(6) {
        let next = next_quarter(from);
        if next > TODAY {
            break;
        }
        let fen = deal.fen / 100 * random.between(5, 20);
        draft.figures.push(figure(Measure::Sales, fen, TimeKind::Flow, from, later(next, -1)));
        from = next;
    }
}
