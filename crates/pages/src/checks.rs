//! Checks (勾稽): a stated whole beside its stated parts.

use askama::Template;
use locale::Locale;

use crate::{Amount, Quote, Shell, Tone, page};

/// All checks of a programme.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "checks.html")]
pub struct Checks {
    pub shell: Shell,
    /// Counts by verdict; its `first` stays empty here.
    pub summary: CheckSummary,
    pub checks: Vec<Check>,
    /// The verdict filtered by (`?verdict=holding` …).
    pub verdict: Option<Verdict>,
    pub next: Option<String>,
}

/// How many checks hold, and the first few.
#[derive(Debug, Clone, Default)]
pub struct CheckSummary {
    pub holding: usize,
    pub partial: usize,
    pub overlapping: usize,
    pub disagreeing: usize,
    pub first: Vec<Check>,
}

/// One whole and its parts.
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// What is compared: measure and scope in words.
    pub title: String,
    pub verdict: Verdict,
    pub whole: Part,
    pub parts: Vec<Part>,
    /// Sum of the parts where they may be added.
    pub sum: Option<Amount>,
    /// Whole less parts where it is not nothing.
    pub difference: Option<Amount>,
    /// A remark beyond the verdict; may be empty.
    pub note: String,
}

/// The whole or one part, with its quote.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub label: String,
    pub value: Amount,
    /// The figure or claim page; may be empty.
    pub href: String,
    pub quote: Option<Quote>,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verdict {
    #[default]
    Holding,
    Partial,
    Overlapping,
    Disagreeing,
}

impl Verdict {
    /// The order of display: what needs attention first.
    pub const ALL: [Self; 4] = [Self::Disagreeing, Self::Overlapping, Self::Partial, Self::Holding];

    /// The code in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Holding => "holding",
            Self::Partial => "partial",
            Self::Overlapping => "overlapping",
            Self::Disagreeing => "disagreeing",
        }
    }

    /// The verdict with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }

    pub(crate) fn label(self, t: &Locale) -> &'static str {
        match self {
            Self::Holding => t.verdict_holding(),
            Self::Partial => t.verdict_partial(),
            Self::Overlapping => t.verdict_overlapping(),
            Self::Disagreeing => t.verdict_disagreeing(),
        }
    }

    pub(crate) fn text(self, t: &Locale) -> &'static str {
        match self {
            Self::Holding => t.verdict_holding_text(),
            Self::Partial => t.verdict_partial_text(),
            Self::Overlapping => t.verdict_overlapping_text(),
            Self::Disagreeing => t.verdict_disagreeing_text(),
        }
    }

    /// The sign between a whole and its parts.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Holding => "=",
            Self::Partial => "⊃",
            Self::Overlapping => "·",
            Self::Disagreeing => "≠",
        }
    }

    pub(crate) fn tone(self) -> Tone {
        match self {
            Self::Holding => Tone::Good,
            Self::Partial => Tone::Info,
            Self::Overlapping => Tone::Warn,
            Self::Disagreeing => Tone::Bad,
        }
    }
}

impl CheckSummary {
    pub(crate) fn count(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Holding => self.holding,
            Verdict::Partial => self.partial,
            Verdict::Overlapping => self.overlapping,
            Verdict::Disagreeing => self.disagreeing,
        }
    }

    pub(crate) fn total(&self) -> usize {
        Verdict::ALL.into_iter().map(|verdict| self.count(verdict)).sum()
    }
}

page!(Checks);
