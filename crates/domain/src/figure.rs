//! Figures: append-only dated amounts, their status, and the relations between them.

use crate::region::RegionId;
use crate::{Measure, Period, Quantity, Role};
use jiff::civil::Date;

/// The identity of a figure within one installation.
pub type FigureId = i64;

/// Whether a figure belongs to one record or was stated for a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// An entry on one record: one project's amount.
    Item,
    /// A total that somebody stated.
    Stated,
}

impl Grain {
    /// The stable code used in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Stated => "stated",
        }
    }

    /// The grain with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Item, Self::Stated].into_iter().find(|grain| grain.code() == code)
    }
}

/// Where a figure stands on its way from entry to approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// 填报
    Filed,
    /// 审核
    Reviewed,
    /// 退回
    Returned,
    /// 核定
    Approved,
    /// Taken back; no longer counted.
    Withdrawn,
}

impl Status {
    /// Every status, in the order of the work.
    pub const ALL: &[Self] = &[Self::Filed, Self::Reviewed, Self::Returned, Self::Approved, Self::Withdrawn];

    /// The stable code used in addresses and the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::Reviewed => "reviewed",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.code() == code)
    }

    /// Which statuses may follow this one.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Filed => &[Self::Reviewed, Self::Returned, Self::Withdrawn],
            Self::Reviewed => &[Self::Approved, Self::Returned, Self::Withdrawn],
            Self::Returned => &[Self::Filed, Self::Withdrawn],
            Self::Approved => &[Self::Withdrawn],
            Self::Withdrawn => &[],
        }
    }
}

/// What the tally needs to know of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Identity; a lower one was entered earlier.
    pub id: FigureId,
    /// What it measures.
    pub measure: Measure,
    /// The value.
    pub quantity: Quantity,
    /// Its part in the sentence; only actual figures count.
    pub role: Role,
    /// Item or stated.
    pub grain: Grain,
    /// Host regions it speaks of; empty when not stated.
    pub hosts: Vec<RegionId>,
    /// Supporting regions it speaks of; empty when not stated.
    pub supporters: Vec<RegionId>,
    /// The organisation it speaks of.
    pub organisation: Option<i64>,
    /// The event it belongs to.
    pub event: Option<i64>,
    /// The record it is an entry of.
    pub subject: Option<i64>,
    /// When it holds.
    pub period: Period,
    /// When its source was published.
    pub published: Option<Date>,
    /// Where it stands.
    pub status: Status,
    /// Whether a later figure replaces it.
    pub replaced: bool,
}

/// How the parts of a relation stand to the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coverage {
    /// The parts are all there is.
    Complete,
    /// Some of the parts.
    Partial,
    /// The parts share members; they may not be added.
    Overlapping,
    /// Whole and part state the same thing.
    Same,
}

impl Coverage {
    /// The stable code used in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Overlapping => "overlapping",
            Self::Same => "same",
        }
    }

    /// The coverage with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Complete, Self::Partial, Self::Overlapping, Self::Same]
            .into_iter()
            .find(|coverage| coverage.code() == code)
    }
}

/// 勾稽关系: a whole and its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The whole.
    pub whole: FigureId,
    /// Its parts.
    pub parts: Vec<FigureId>,
    /// How they stand to it.
    pub coverage: Coverage,
}
