//! Aid money: what stands above the lines of its ledger, the money of one project, and the figures of a sum.

use askama::Template;
use askama::filters::HtmlSafe;
use locale::Locale;

use crate::{Amount, Badge, Cell, FigureRow, InlineForm, Link, Shell, page};

/// Totals, rates and shares of the projects that a ledger's filter leaves.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/aid_summary.html")]
pub struct AidSummary {
    pub locale: Locale,
    /// The time it speaks of: `2024年`, all years.
    pub time: String,
    pub totals: Vec<AidTotal>,
    pub rates: Vec<AidRate>,
    pub shares: Vec<AidShareRow>,
    /// Where the shares are set; None where this user may not.
    pub settings: Option<Link>,
    /// How it was counted.
    pub rule: String,
}

/// The total of one step; the cell opens to its figures.
#[derive(Debug, Clone, Default)]
pub struct AidTotal {
    pub label: String,
    pub amount: Cell,
}

/// One rate.
#[derive(Debug, Clone, Default)]
pub struct AidRate {
    pub label: String,
    /// `83.5%`; empty where it cannot be known.
    pub value: String,
    /// What is divided by what.
    pub note: String,
}

/// A share to keep.
#[derive(Debug, Clone, Default)]
pub struct AidShareRow {
    pub label: String,
    /// Which money, and what counts.
    pub condition: String,
    pub minimum: String,
    /// Empty where there is no money yet.
    pub share: String,
    pub part: Cell,
    pub whole: Cell,
    pub kept: Badge,
    /// What is missing; None where it is kept.
    pub missing: Option<Amount>,
    /// What goes to projects of which it is not known; None where it is known of all.
    pub unknown: Option<Amount>,
}

/// The money of one aid project, by step and year.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/aid_money.html")]
pub struct AidMoney {
    pub locale: Locale,
    /// The heads of the columns behind the step: years, then the whole; empty on a contract's page.
    pub heads: Vec<String>,
    pub rows: Vec<AidStepRow>,
    pub rates: Vec<AidRate>,
    /// None on a contract's page.
    pub contracts: Option<Vec<AidContractRow>>,
    pub new_contract: Option<Link>,
    /// The form for the next step, or the next payment; None where this user may not.
    pub add: Option<InlineForm>,
}

/// A step with its amount in each year.
#[derive(Debug, Clone, Default)]
pub struct AidStepRow {
    pub label: String,
    pub cells: Vec<Cell>,
}

/// A contract with what was paid on it.
#[derive(Debug, Clone, Default)]
pub struct AidContractRow {
    pub contract: Link,
    pub code: String,
    pub contractor: Cell,
    pub signed: Cell,
    pub amount: Cell,
    pub paid: Cell,
    pub balance: Cell,
    /// Paid of the amount; empty where unknown.
    pub rate: String,
}

/// The figures that a sum adds.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "aid_figures.html")]
pub struct AidFigures {
    pub shell: Shell,
    pub crumbs: Vec<Link>,
    /// The step, the time, and the project or filter.
    pub title: String,
    /// The filter in words.
    pub filter: String,
    pub sum: Cell,
    pub rows: Vec<FigureRow>,
    pub next: Option<String>,
}

impl HtmlSafe for AidSummary {}
impl HtmlSafe for AidMoney {}

page!(AidFigures);
