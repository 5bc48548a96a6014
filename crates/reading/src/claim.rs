//! What reading a text yields: claims with their frames, and the checks found between them.

use domain::stage::Milestone;
use domain::{Approx, Measure, Period, Role, Unit};
use rust_decimal::Decimal;

/// A stretch of the original text, in Unicode code points.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mention {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The words as they stand in the original text.
    pub text: String,
}

/// A time phrase with the days it resolves to; bounds stay empty where the text does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodMention {
    /// The phrase as it stands.
    pub mention: Mention,
    /// The days it means, resolved against the day the text was published.
    pub period: Period,
}

/// A figure that the text states, with the words that say what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// First code point of the quote in the original text.
    pub start: usize,
    /// One past the last code point of the quote.
    pub end: usize,
    /// The numeral with a touching approximator and the unit; equals the original text between `start` and `end`.
    pub quote: String,
    /// The value in the base unit; a fall is negative.
    pub value: Decimal,
    /// The upper end of a range, in the base unit.
    pub value_max: Option<Decimal>,
    /// The unit, or what is counted.
    pub unit: Unit,
    /// Whether the text rounds, and which way.
    pub approx: Approx,
    /// What the figure measures; what the text leaves open stays unspecified or other.
    pub measure: Measure,
    /// Whether the figure happened, is hoped for, bounds another count, or is a base.
    pub role: Role,
    /// The place the figure holds for: the nearest governing mention.
    pub place: Option<Mention>,
    /// The time the figure holds for.
    pub period: Option<PeriodMention>,
    /// The organisation the figure is about; never a person.
    pub org: Option<Mention>,
    /// The event the figure comes from.
    pub event: Option<Mention>,
    /// The sentence the quote stands in, in code points of the original text.
    pub sentence: (usize, usize),
    /// Whether measure word, place and period stand in the same sentence and the role is actual.
    pub certain: bool,
    /// The rules that decided, in order.
    pub trail: Vec<&'static str>,
}

/// How the parts of a check relate to its whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coverage {
    /// The parts are all of the whole: their sum should equal it.
    Complete,
    /// The parts are some of the whole: their sum should not exceed it.
    Partial,
    /// The parts may count the same things twice: they cannot be added.
    Overlapping,
}

/// A relation (勾稽) between a stated total and stated parts, as indexes into [`Reading::claims`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The total.
    pub whole: usize,
    /// The parts, in text order; same unit as the total.
    pub parts: Vec<usize>,
    /// How the text says they relate.
    pub coverage: Coverage,
}

/// What a text tells of a project: the name of what is built with the stage it reached, and what stands around them.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectNews {
    /// First code point of the quote in the original text.
    pub start: usize,
    /// One past the last code point of the quote.
    pub end: usize,
    /// Name and stage word with what stands between them; equals the original text between `start` and `end`.
    pub quote: String,
    /// The name of what is built, without the region in front of it; names never overlap.
    pub name: Mention,
    /// The organisation that builds it; never a person, never a government's office.
    pub owner: Option<Mention>,
    /// Where it is built.
    pub place: Option<Mention>,
    /// When it reached, or is to reach, the stage.
    pub period: Option<PeriodMention>,
    /// What it makes or how large it is, with the unit.
    pub capacity: Option<Mention>,
    /// The words that tell the stage.
    pub stage: Option<Mention>,
    /// What they mean, whatever a programme calls its stages; none where the text says only that somebody invests.
    pub milestone: Option<Milestone>,
    /// Hoped for, planned, or dated after the day the text was published.
    pub planned: bool,
    /// The sentence, and the next one where that goes on about the project; amounts in it are of the project.
    pub sentence: (usize, usize),
    /// The rules that decided, in order.
    pub trail: Vec<&'static str>,
}

/// Everything read out of one text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Claims in text order; their spans never overlap.
    pub claims: Vec<Claim>,
    /// Totals and parts found among the claims.
    pub checks: Vec<Check>,
    /// What it tells of projects, in text order.
    pub projects: Vec<ProjectNews>,
}
