//! What stands around a region, a pairing or an office: numbers that open to their lists, money that opens to its totals.

use askama::Template;
use askama::filters::HtmlSafe;
use locale::Locale;

use crate::{Badge, DueLine, FunnelRow, Link, MeasureGroup, MoveRow, RegionCell, Shell, page};

/// A number with the list that it opens to.
#[derive(Debug, Clone, Default)]
pub struct Count {
    pub label: String,
    /// The number; `1,000+` where a list is not counted to its end.
    pub count: String,
    pub href: String,
}

/// The regions of a programme.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "regions.html")]
pub struct RegionsPage {
    pub shell: Shell,
    /// What the regions are filtered by.
    pub query: String,
    /// Where the regions that take part are set; None where this user may not.
    pub settings: Option<Link>,
    /// Heads of the columns of counts, then of those of money.
    pub counts: Vec<String>,
    pub money: Vec<String>,
    pub groups: Vec<RegionGroup>,
}

/// The regions of one side.
#[derive(Debug, Clone, Default)]
pub struct RegionGroup {
    pub label: String,
    pub rows: Vec<RegionLine>,
}

/// One region.
#[derive(Debug, Clone, Default)]
pub struct RegionLine {
    pub region: Link,
    pub code: String,
    pub depth: u8,
    /// One cell a column of counts.
    pub counts: Vec<Count>,
    /// One cell a column of money; None is "no figures", not zero.
    pub money: Vec<Option<RegionCell>>,
}

/// A pairing as a line of a region's page.
#[derive(Debug, Clone, Default)]
pub struct PairingRow {
    pub pairing: Link,
    pub supporting: Link,
    pub host: Link,
    /// Regions, or parks.
    pub level: String,
    pub parks: Vec<Link>,
    /// Empty is unknown.
    pub since: String,
    /// Empty where it goes on.
    pub until: String,
}

/// One side of a pairing.
#[derive(Debug, Clone, Default)]
pub struct AroundSide {
    pub label: String,
    pub region: Link,
    pub park: Option<Link>,
    pub offices_label: String,
    pub offices: Vec<Link>,
    /// All of its offices.
    pub all: Option<Link>,
}

/// A filing that an office owes or made.
#[derive(Debug, Clone, Default)]
pub struct AroundFiling {
    pub round: Link,
    pub filing: Link,
    pub due: String,
    pub state: Badge,
    pub late: Option<Badge>,
}

/// The projects of an office: a row a stage, a column a responsibility.
#[derive(Debug, Clone, Default)]
pub struct StageTable {
    pub heads: Vec<String>,
    /// A stage with its numbers.
    pub rows: Vec<(String, Vec<Count>)>,
}

/// What a record's page shows of all that is around it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/around.html")]
pub struct Around {
    pub locale: Locale,
    /// Both sides of a pairing.
    pub sides: Vec<AroundSide>,
    /// How the level of a pairing is called.
    pub level: String,
    /// The projects of a pairing by stage.
    pub funnel: Vec<FunnelRow>,
    /// What the numbers are of.
    pub hint: String,
    /// The projects of an office by stage.
    pub stages: Option<StageTable>,
    pub late: Vec<Count>,
    /// The heading of `counts`.
    pub counts_label: String,
    pub counts: Vec<Count>,
    /// None where moves are not shown.
    pub moves: Option<Vec<MoveRow>>,
    /// None for who may see no totals.
    pub money: Option<Vec<MeasureGroup>>,
    pub rule: String,
    pub tasks: Option<Vec<DueLine>>,
    pub filings: Option<Vec<AroundFiling>>,
}

impl HtmlSafe for Around {}

page!(RegionsPage);
