//! How projects stand: a part of the overview and of a region's page.

use askama::Template;

use crate::{Amount, Count, Link, MeasureGroup, PairingRow, Shell, page};

/// Funnel, what moved, what is late, money by month. Charts are drawn from the tables.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    pub funnel: Vec<FunnelRow>,
    /// Of those signed in one year, how many came how far, the last year first.
    pub cohorts: CohortTable,
    /// Projects that are counted and not open to the reader; 0 says nothing.
    pub hidden: i64,
    /// Projects without a stage of the programme; 0 says nothing.
    pub without_stage: i64,
    /// What is late: its label with its list, and how many.
    pub late: Vec<(Link, String)>,
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
    /// The same, as it is written.
    pub shown: String,
    pub href: String,
    /// The planned total of those of which it is known.
    pub amounts: PartAmounts,
}

/// What a measure of some projects comes to, one part a unit.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/part_amounts.html")]
pub struct PartAmounts {
    pub parts: Vec<PartAmount>,
    /// What stands there when nothing is known.
    pub none: String,
    /// The list of the projects.
    pub href: String,
}

impl askama::filters::HtmlSafe for PartAmounts {}

/// A measure in one unit.
#[derive(Debug, Clone, Default)]
pub struct PartAmount {
    pub amount: Amount,
    /// The upper end of a range.
    pub high: Option<Amount>,
    /// Of how many projects it is known, where not of all.
    pub known: String,
}

/// Years of signing by how far their projects came, and by what their money came to.
#[derive(Debug, Clone, Default)]
pub struct CohortTable {
    /// The milestones, signing first.
    pub steps: Vec<String>,
    /// The measures; of the first comes what was to be built.
    pub measures: Vec<String>,
    pub rows: Vec<CohortRow>,
}

/// One year of signing.
#[derive(Debug, Clone, Default)]
pub struct CohortRow {
    /// Empty where it is not known.
    pub year: String,
    pub steps: Vec<CohortStep>,
    /// By the measures of the table.
    pub money: Vec<PartAmounts>,
}

/// The projects of one year that came to a milestone.
#[derive(Debug, Clone, Default)]
pub struct CohortStep {
    /// How many, as it is written.
    pub shown: String,
    /// Of those signed.
    pub percent: u8,
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
    /// What lies in it, each number with its list.
    pub counts: Vec<Count>,
    /// Who supports it, or whom it supports.
    pub pairings: Vec<PairingRow>,
    /// Where there are more; None where all of them stand here.
    pub all_pairings: Option<Link>,
    pub progress: Progress,
}

page!(RegionPage);
