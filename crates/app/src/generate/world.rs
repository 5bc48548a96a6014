//! The invented world: how many records of each kind there are, and each as a function of seed, kind and index.

use super::random::Random;
use domain::record::{RecordKind, Value, Values};
use domain::region::Side;
use domain::{Approx, Measure, TimeKind, Unit};
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan as _};

/// The day the world ends: nothing of it is dated later but what is planned.
pub(super) const TODAY: Date = date(2026, 10, 31);
/// How far back it goes.
const DAYS: i64 = 5 * 365;

/// What is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How many agreements; the number of everything else follows from it.
    pub projects: usize,
    /// The same seed makes the same world.
    pub seed: u64,
}

/// A region that takes part.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub id: i64,
    pub name: String,
    pub name_en: String,
    pub side: Side,
}

/// A record of the world, by kind and index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ref(pub RecordKind, pub usize);

/// Something that is wrong on purpose, as it is in every real register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mistake {
    /// The credit code's check character is wrong.
    WrongCode,
    /// The credit code is missing.
    NoCode,
    /// The organisation is there already under another spelling or name.
    Duplicate,
    /// It ends before it begins.
    DatesOutOfOrder,
    /// A field that should be known is missing.
    Missing,
    /// The amount was entered ten times too large, and corrected later.
    Tenfold,
}

impl Mistake {
    /// Every mistake.
    pub const ALL: &[Self] = &[
        Self::WrongCode,
        Self::NoCode,
        Self::Duplicate,
        Self::DatesOutOfOrder,
        Self::Missing,
        Self::Tenfold,
    ];

    /// The words that stand in the note of such a record.
    fn words(self) -> &'static str {
        match self {
            Self::WrongCode => "信用代码校验位有误 wrong check character",
            Self::NoCode => "信用代码缺失 no credit code",
            Self::Duplicate => "与前面的单位重复 duplicate",
            Self::DatesOutOfOrder => "日期颠倒 dates out of order",
            Self::Missing => "字段缺失 field missing",
            Self::Tenfold => "金额曾误填为十倍 amount once ten times too large",
        }
    }
}

/// A figure of a record.
#[derive(Debug, Clone)]
pub(super) struct DraftFigure {
    pub measure: Measure,
    pub unit: Unit,
    pub low: i64,
    pub approx: Approx,
    pub kind: TimeKind,
    /// None where the day of signing is not known.
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub target: bool,
    /// Approved, not only filed.
    pub approved: bool,
    /// Taken back since.
    pub withdrawn: bool,
    pub replaces: Option<Replaces>,
}

/// What a figure replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replaces {
    /// The figure before it in the list.
    Previous,
    /// The amount of another record: an intent's, which became a contract's.
    AmountOf(Ref),
}

/// A record to make.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub title: String,
    pub title_en: Option<String>,
    pub values: Values,
    /// Fields that name another record.
    pub refs: Vec<(&'static str, Ref)>,
    /// Links: the field, the record, its role.
    pub links: Vec<(&'static str, Ref, &'static str)>,
    pub names: Vec<String>,
    pub figures: Vec<DraftFigure>,
    pub mistakes: Vec<Mistake>,
}

impl Draft {
    pub fn new(title: String) -> Self {
        Self { title, ..Self::default() }
    }

    pub fn text(mut self, field: &'static str, text: impl Into<String>) -> Self {
        self.values.insert(field, Value::Text(text.into()));
        self
    }

    pub fn day(mut self, field: &'static str, day: Date) -> Self {
        self.values.insert(field, Value::Day(day));
        self
    }

    pub fn int(mut self, field: &'static str, int: i64) -> Self {
        self.values.insert(field, Value::Int(int));
        self
    }

    pub fn place(mut self, field: &'static str, place: &Place) -> Self {
        self.values.insert(field, Value::Id(place.id));
        self
    }

    pub fn record(mut self, field: &'static str, record: Option<Ref>) -> Self {
        self.refs.extend(record.map(|record| (field, record)));
        self
    }

    pub fn link(mut self, field: &'static str, record: Ref, role: &'static str) -> Self {
        self.links.push((field, record, role));
        self
    }

    /// Says in the note that the record is generated, and what is wrong on purpose.
    pub fn noted(self) -> Self {
        let words = self.mistakes.iter().map(|mistake| format!("；{}", mistake.words()));
        let note = format!("生成数据 generated{}", words.collect::<String>());
        self.text("note", note)
    }
}

/// The world of a plan in some regions.
pub(super) struct World {
    pub plan: Plan,
    pub hosts: Vec<Place>,
    pub supporters: Vec<Place>,
}

/// The kinds in an order in which a record names only those before it. Organisations come in two parts: the operators of
/// parks and the governments before the parks, enterprises, which may lie in a park, after them.
pub(super) const ORDER: &[RecordKind] = &[
    RecordKind::Office,
    RecordKind::Cohort,
    RecordKind::Organisation,
    RecordKind::Park,
    RecordKind::Pairing,
    RecordKind::Enclave,
    RecordKind::Contact,
    RecordKind::Policy,
    RecordKind::Event,
    RecordKind::Opportunity,
    RecordKind::Need,
    RecordKind::Agreement,
    RecordKind::Lead,
    RecordKind::Prospect,
    RecordKind::Project,
    RecordKind::Permit,
    RecordKind::Milestone,
    RecordKind::Problem,
    RecordKind::Inquiry,
    RecordKind::AidProject,
    RecordKind::AidContract,
    RecordKind::ReportingTask,
];

impl World {
    /// A world in these regions; none without a host and a supporter.
    pub fn new(plan: Plan, places: Vec<Place>) -> Option<Self> {
        let (hosts, supporters): (Vec<_>, Vec<_>) =
            places.into_iter().partition(|place| place.side == Side::Host);
        let peopled = !hosts.is_empty() && !supporters.is_empty() && plan.projects > 0;
        peopled.then_some(Self { plan, hosts, supporters })
    }

    /// How many records of a kind there are.
    pub fn count(&self, kind: RecordKind) -> usize {
        let (n, pairs) = (self.plan.projects, self.hosts.len());
        match kind {
            RecordKind::Office => self.supporters.len() + 2 * pairs,
            RecordKind::Cohort => 2 * self.supporters.len(),
            RecordKind::Pairing => pairs + pairs / 2,
            RecordKind::Park => (n / 250).clamp(4, 400),
            RecordKind::Organisation => self.count(RecordKind::Park) + self.authorities() + (n / 2).max(10),
            RecordKind::Enclave => (n / 1000).clamp(2, 60),
            RecordKind::Contact => (n / 20).clamp(5, 5000),
            RecordKind::Policy => (n / 200).clamp(5, 600),
            RecordKind::Event => (n / 150).clamp(4, 1000),
            RecordKind::Opportunity | RecordKind::Need => (n / 20).max(5),
            RecordKind::Agreement => n,
            RecordKind::Lead | RecordKind::Prospect => (n / 10).max(5),
            RecordKind::Project | RecordKind::Milestone => (n / 2).max(5),
            RecordKind::Permit => 2 * self.count(RecordKind::Project),
            RecordKind::Problem | RecordKind::Inquiry => (n / 20).max(5),
            RecordKind::AidProject | RecordKind::AidContract => (n / 5).max(5),
            RecordKind::ReportingTask => (n / 500).clamp(3, 24),
            RecordKind::Filing | RecordKind::Document | RecordKind::Figure => 0,
        }
    }

    /// How many organisations are governments: one for each region that takes part.
    pub fn authorities(&self) -> usize {
        self.hosts.len() + self.supporters.len()
    }

    /// The government of a host region, or of a supporting region.
    pub fn authority(&self, side: Side, index: usize) -> Ref {
        let first = self.count(RecordKind::Park);
        let at = if side == Side::Host { index } else { self.hosts.len() + index };
        Ref(RecordKind::Organisation, first + at)
    }

    /// The record of this kind and index.
    pub fn draft(&self, record: Ref) -> Draft {
        let Ref(kind, index) = record;
        match kind {
            RecordKind::Office => self.office(index),
            RecordKind::Cohort => self.cohort(index),
            RecordKind::Organisation => self.organisation(index),
            RecordKind::Park => self.park(index),
            RecordKind::Pairing => self.pairing(index),
            RecordKind::Enclave => self.enclave(index),
            RecordKind::Contact => self.contact(index),
            RecordKind::Policy => self.policy(index),
            RecordKind::Event => self.event(index),
            RecordKind::Opportunity => self.opportunity(index),
            RecordKind::Need => self.need(index),
            RecordKind::Agreement => self.agreement(index),
            RecordKind::Lead => self.lead(index),
            RecordKind::Prospect => self.prospect(index),
            RecordKind::Project => self.project(index),
            RecordKind::Permit => self.permit(index),
            RecordKind::Milestone => self.milestone(index),
            RecordKind::Problem => self.problem(index),
            RecordKind::Inquiry => self.inquiry(index),
            RecordKind::AidProject => self.aid_project(index),
            RecordKind::AidContract => self.aid_contract(index),
            RecordKind::ReportingTask => self.reporting_task(index),
            RecordKind::Filing | RecordKind::Document | RecordKind::Figure => Draft::default(),
        }
        .noted()
    }

    /// The random numbers of a record.
    pub fn random(&self, record: Ref) -> Random {
        Random::new(self.plan.seed, record.0.code(), record.1)
    }

    /// One of the records of a kind.
    pub fn any(&self, random: &mut Random, kind: RecordKind) -> Ref {
        Ref(kind, random.below(self.count(kind)))
    }

    /// The index of the first enterprise, after operators and governments.
    pub fn first_enterprise(&self) -> usize {
        self.count(RecordKind::Park) + self.authorities()
    }

    /// One of the enterprises.
    pub fn enterprise(&self, random: &mut Random) -> Ref {
        let first = self.first_enterprise();
        Ref(RecordKind::Organisation, first + random.below(self.count(RecordKind::Organisation) - first))
    }

    /// Where the enterprise of this number comes from: three in a row from each supporting region, one from each host.
    pub fn origin(&self, number: usize) -> &Place {
        let slot = number % (3 * self.supporters.len() + self.hosts.len());
        let at_host = slot.checked_sub(3 * self.supporters.len());
        at_host.map_or_else(|| &self.supporters[slot / 3], |host| &self.hosts[host])
    }

    /// One of the enterprises of a supporting region, or any where there are few.
    pub fn enterprise_from(&self, random: &mut Random, supporter: usize) -> Ref {
        let first = self.first_enterprise();
        let cycle = 3 * self.supporters.len() + self.hosts.len();
        let cycles = (self.count(RecordKind::Organisation) - first) / cycle;
        if cycles == 0 || random.chance(100) {
            return self.enterprise(random);
        }
        let number = cycle * random.below(cycles) + 3 * supporter + random.below(3);
        Ref(RecordKind::Organisation, first + number)
    }
}

/// A day of the five years; later ones are likelier, as programmes grow.
pub(super) fn past_day(random: &mut Random) -> Date {
    let back = random.between(0, DAYS).min(random.between(0, DAYS));
    TODAY.saturating_sub(back.days())
}

/// So many days later.
pub(super) fn later(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

/// An amount of money in fen between so many wan yuan, small ones likelier, rounded as contracts are.
pub(super) fn money(random: &mut Random, least_wan: i64, most_wan: i64) -> i64 {
    const FEN_OF_WAN: i64 = 1_000_000;
    let mut top = least_wan;
    let doublings = (most_wan / least_wan.max(1)).max(1).ilog2();
    for _ in 0..random.below(doublings as usize + 1) {
        top = (top * 2).min(most_wan);
    }
    let wan = random.between(top, (top * 2).min(most_wan.max(top)));
    let step = [1, 10, 100, 500][random.below(4)].min(wan.max(1));
    wan / step * step * FEN_OF_WAN
}
