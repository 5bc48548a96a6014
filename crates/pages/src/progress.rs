//! How projects stand: a part of the overview and of a region's page.

use askama::Template;

use crate::{Amount, Link, MeasureGroup, Shell, page};

/// Funnel, what moved, what is late, money by month. Charts are drawn from the tables.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    pub funnel: Vec<FunnelRow>,
    /// Projects without a stage of the programme; 0 says nothing.
    pub without_stage: i64,
    /// What is late: its label with its list, and how many.
    pub late: Vec<(Link, i64)>,
    pub moves: Vec<MoveRow>,
    /// What opens every turn of a light.
    pub turns: String,
    pub months: Vec<MonthTable>,
}

/// Months of so many measures stand open, the rest is folded away.
const OPEN_MEASURES: usize = 4;

impl Progress {
    pub(crate) fn first_months(&self) -> (&[MonthTable], &[MonthTable]) {
        self.months.split_at(self.months.len().min(OPEN_MEASURES))
    }
}

/// The projects at one stage.
#[derive(Debug, Clone, Default)]
pub struct FunnelRow {
    pub stage: String,
    pub count: i64,
    pub href: String,
}

/// A project that moved.
#[derive(Debug, Clone, Default)]
pub struct MoveRow {
    pub project: Link,
    pub from: String,
    pub to: String,
    pub who: String,
    pub at: String,
}

/// One measure and unit by month.
#[derive(Debug, Clone, Default)]
pub struct MonthTable {
    pub measure: String,
    /// The unit that the values of its chart are in.
    pub unit: String,
    pub rows: Vec<MonthRow>,
}

/// One month.
#[derive(Debug, Clone, Default)]
pub struct MonthRow {
    pub month: String,
    /// The value in the unit of the table, for its chart; empty where there are no figures, which is not zero.
    pub value: String,
    pub amount: Option<Amount>,
    pub counted: i64,
    pub href: String,
}

/// The page of a region: what it and all below it in the administrative tree come to.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "region.html")]
pub struct RegionPage {
    pub shell: Shell,
    pub name: String,
    pub code: String,
    /// The regions above it, the highest first.
    pub above: Vec<Link>,
    /// The regions right below it.
    pub below: Vec<Link>,
    pub measures: Vec<MeasureGroup>,
    pub rule: String,
    /// Lists of what lies in it.
    pub lists: Vec<Link>,
    pub progress: Progress,
}

page!(RegionPage);
