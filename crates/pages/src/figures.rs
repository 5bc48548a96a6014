//! The list of figures and the page of one.

use askama::Template;

use crate::{Amount, Badge, Choice, Field, Link, Quote, Rectangle, Shell, Tone, Wrong, page};

/// The figures of a programme under a filter, which is the address's query.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "figures.html")]
pub struct Figures {
    pub shell: Shell,
    pub filter: FigureFilter,
    pub rows: Vec<FigureRow>,
    /// How many match in all; None where it was not counted.
    pub count: Option<usize>,
    /// Address of the next page (keyset).
    pub next: Option<String>,
    /// Address of the first page, when this is not it.
    pub first: Option<String>,
    /// Exports with the same query; empty where the user may not export.
    pub exports: Vec<Link>,
}

/// The filter bar: GET `figures` with `region`, `measure`, `from`, `to`, `status`, `document`.
#[derive(Debug, Clone, Default)]
pub struct FigureFilter {
    pub region: Vec<Choice>,
    pub measure: Vec<Choice>,
    pub from: String,
    pub to: String,
    pub status: Vec<Choice>,
    pub document: Vec<Choice>,
    /// Whether anything is filtered.
    pub active: bool,
}

/// One figure in a table.
#[derive(Debug, Clone, Default)]
pub struct FigureRow {
    pub code: String,
    pub href: String,
    pub measure: String,
    pub value: Amount,
    /// Label of the role when it is not `actual`; empty otherwise.
    pub role: String,
    /// Empty is unknown.
    pub host: String,
    /// Empty is unknown.
    pub supporter: String,
    /// Empty is unknown.
    pub period: String,
    pub status: Badge,
    /// It no longer stands and is struck through.
    pub withdrawn: bool,
    /// Since when and why it stands so; may be empty.
    pub note: String,
    /// Pieces of evidence; 0 is shown as 无凭据, unless there is some that is not open to the reader.
    pub evidence: usize,
    pub closed: bool,
    pub document: Option<Link>,
}

/// One figure.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "figure.html")]
pub struct FigurePage {
    pub shell: Shell,
    pub code: String,
    pub measure: String,
    pub value: Amount,
    pub status: Badge,
    /// One line under the value: host, supporter, period.
    pub summary: String,
    pub fields: Vec<Field>,
    /// Newest first.
    pub log: Vec<LogEntry>,
    pub quotes: Vec<Quote>,
    pub scans: Vec<ScanEvidence>,
    /// Sources without text: title, publisher, date.
    pub citations: Vec<String>,
    /// How many documents prove it that are open to the parties, the verifier and the auditor alone.
    pub closed: usize,
    /// Filings it was entered in, and their sheets.
    pub filings: Vec<Link>,
    pub replaces: Option<Link>,
    pub replaced_by: Option<Link>,
    /// What this user may do now: POST `figures/{code}/status` with `action` and `reason`.
    pub actions: Vec<Action>,
    /// The reason of a step as it was typed, and what is wrong with it, where the step was refused.
    pub step_reason: String,
    pub step_wrong: Wrong,
    /// Set where this user may correct the figure now.
    pub correction: Option<FigureCorrection>,
}

/// The form that corrects a figure: POST `figures/{code}/replace` with `value`, `value_max`, `approx`, `reason`.
#[derive(Debug, Clone, Default)]
pub struct FigureCorrection {
    /// Decimal in the unit's base.
    pub value: String,
    /// Only for a range.
    pub value_max: String,
    /// The base unit in words; it stays.
    pub unit: String,
    pub approx: Vec<Choice>,
    /// As it was typed.
    pub reason: String,
    /// Opened with this message after a refused correction.
    pub wrong: Wrong,
}

/// One entry of the status log.
#[derive(Debug, Clone, Default)]
pub struct LogEntry {
    pub when: String,
    pub who: String,
    pub status: Badge,
    /// May be empty.
    pub reason: String,
}

/// A place on a scan that proves a figure.
#[derive(Debug, Clone, Default)]
pub struct ScanEvidence {
    /// The image's address; None where it cannot be shown.
    pub image: Option<String>,
    pub rectangle: Rectangle,
    /// The viewer.
    pub document: Link,
    pub note: String,
}

/// A step of a figure's status.
#[derive(Debug, Clone, Default)]
pub struct Action {
    /// `review`, `approve`, `return`, `withdraw`.
    pub code: String,
    pub label: String,
    pub needs_reason: bool,
    pub tone: Tone,
}

impl FigurePage {
    pub(crate) fn no_evidence(&self) -> bool {
        self.quotes.is_empty()
            && self.scans.is_empty()
            && self.citations.is_empty()
            && self.filings.is_empty()
            && self.closed == 0
    }
}

page!(Figures, FigurePage);
