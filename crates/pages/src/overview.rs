//! The overview of a programme.

use askama::Template;

use crate::{Amount, CheckSummary, Map, Progress, ReviewItem, Shell, page};

/// The overview. A programme without documents shows what to do instead of empty tables.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "overview.html")]
pub struct Overview {
    pub shell: Shell,
    /// Documents in the programme; 0 shows the first steps.
    pub documents: usize,
    /// Whether the user may add documents.
    pub can_add: bool,
    /// Signed, arrived, completed; each opens its total.
    pub headlines: Vec<Headline>,
    /// The counting rule with its version: `default-1`.
    pub rule: String,
    pub measures: Vec<MeasureGroup>,
    pub progress: Progress,
    pub map: Map,
    /// Heads of the amount columns of `regions`.
    pub region_columns: Vec<String>,
    pub regions: Vec<RegionRow>,
    /// The newest open claims, about five.
    pub review: Vec<ReviewItem>,
    /// All open claims.
    pub review_open: usize,
    pub checks: CheckSummary,
}

/// Which side of the balance a headline stands on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    #[default]
    Signed,
    CarriedOut,
}

/// One large total at the head of the overview.
#[derive(Debug, Clone, Default)]
pub struct Headline {
    pub phase: Phase,
    pub label: String,
    /// None: no figures yet.
    pub value: Option<Amount>,
    /// The upper bound where sources differ.
    pub high: Option<Amount>,
    pub href: String,
    pub counted: usize,
    pub left_out: usize,
}

/// Measures of one family under one heading.
#[derive(Debug, Clone, Default)]
pub struct MeasureGroup {
    pub label: String,
    pub rows: Vec<MeasureRow>,
}

/// The total of one measure, unit and time kind.
#[derive(Debug, Clone, Default)]
pub struct MeasureRow {
    pub measure: String,
    /// 期间, 累计, 时点 with its dates.
    pub kind: String,
    pub total: Amount,
    pub high: Option<Amount>,
    pub counted: usize,
    pub left_out: usize,
    pub href: String,
}

/// One region of the table of signed, arrived and completed.
#[derive(Debug, Clone, Default)]
pub struct RegionRow {
    pub name: String,
    pub href: String,
    pub depth: u8,
    /// One cell a column of `region_columns`; None is "no figures", not zero.
    pub cells: Vec<Option<RegionCell>>,
}

/// An amount in the table of regions.
#[derive(Debug, Clone, Default)]
pub struct RegionCell {
    pub amount: Amount,
    /// Opens the total.
    pub href: String,
    /// Length of the bar, 0 to 100, against the largest of its column.
    pub percent: u8,
}

impl Overview {
    pub(crate) fn side(&self, phase: Phase) -> Vec<&Headline> {
        self.headlines.iter().filter(|headline| headline.phase == phase).collect()
    }

    pub(crate) fn sides(&self) -> [(&'static str, Vec<&Headline>); 2] {
        let t = self.shell.locale;
        [
            (t.overview_signed(), self.side(Phase::Signed)),
            (t.overview_carried_out(), self.side(Phase::CarriedOut)),
        ]
    }
}

page!(Overview);
