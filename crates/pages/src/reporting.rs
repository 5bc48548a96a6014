//! Reporting tasks: all rounds, one round compiled, one filing.

use askama::Template;

use crate::{Badge, Choice, InlineForm, Link, LogEntry, Notice, PostButton, Shell, page};

/// The rounds that concern the reader.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "rounds.html")]
pub struct Rounds {
    pub shell: Shell,
    pub rows: Vec<RoundRow>,
    /// Where a round is begun; empty for who may not.
    pub new_href: String,
    pub all_href: String,
}

/// One round among others.
#[derive(Debug, Clone, Default)]
pub struct RoundRow {
    pub title: Link,
    pub code: String,
    pub status: Option<Badge>,
    pub period: String,
    pub due: String,
    pub filed: usize,
    pub all: usize,
    /// Those that are late, by name; the first of them.
    pub late: Vec<Link>,
    /// How many more are late.
    pub late_more: usize,
    /// What waits for the reader: filings to fill in, with where they stand.
    pub mine: Vec<(Link, Badge)>,
    /// How many wait for the reader's review or approval; 0 shows nothing.
    pub to_review: usize,
}

/// One round: its form and units while it is a draft, then what was filed.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "round.html")]
pub struct Round {
    pub shell: Shell,
    pub title: String,
    pub code: String,
    pub status: Option<Badge>,
    /// Label and value.
    pub facts: Vec<(String, String)>,
    /// How to fill it in.
    pub instructions: String,
    pub notices: Vec<Notice>,
    /// Whether it is still a draft: its form and units can change.
    pub draft: bool,
    pub lines: Vec<RoundLine>,
    pub rows: Vec<RoundUnit>,
    /// One for each line.
    pub totals: Vec<RoundTotal>,
    /// What the totals count, in words.
    pub totals_note: String,
    pub forms: Vec<InlineForm>,
    pub line_form: Option<InlineForm>,
    pub unit_form: Option<InlineForm>,
    pub buttons: Vec<PostButton>,
    pub links: Vec<Link>,
}

/// A line of the form.
#[derive(Debug, Clone, Default)]
pub struct RoundLine {
    pub label: String,
    /// `万元`.
    pub unit: String,
    /// The measure where the label is another, kind of time, role, whether it is required.
    pub note: String,
    pub remove: Option<PostButton>,
}

/// What one unit filed.
#[derive(Debug, Clone, Default)]
pub struct RoundUnit {
    pub unit: Link,
    pub code: String,
    pub state: Badge,
    /// `逾期`, `迟报`; empty otherwise.
    pub late: Option<Badge>,
    /// One for each line.
    pub cells: Vec<RoundCell>,
    pub remove: Option<PostButton>,
}

/// What one unit filed for one line.
#[derive(Debug, Clone, Default)]
pub struct RoundCell {
    pub text: String,
    /// The line of its filing.
    pub href: String,
    /// A word and not a number: not filed, none, not known.
    pub word: bool,
    /// What stands behind it: corrected, a remark.
    pub note: String,
}

/// The total of a line.
#[derive(Debug, Clone, Default)]
pub struct RoundTotal {
    pub text: String,
    /// How many filed a value.
    pub note: String,
}

/// One filing: a form, a sheet to print, the way to approval.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "filing.html")]
pub struct FilingPage {
    pub shell: Shell,
    pub crumbs: Vec<Link>,
    pub unit: String,
    pub task: String,
    pub code: String,
    pub state: Badge,
    pub late: Option<Badge>,
    /// Label and value.
    pub facts: Vec<(String, String)>,
    pub instructions: String,
    pub notices: Vec<Notice>,
    pub action: String,
    pub version: String,
    /// Whether the reader fills it in.
    pub editable: bool,
    pub rows: Vec<FilingRow>,
    pub remark: String,
    pub remark_error: String,
    pub forms: Vec<InlineForm>,
    pub buttons: Vec<PostButton>,
    pub links: Vec<Link>,
    /// Who filled it in and who reviewed it, as far as that happened.
    pub signatures: [String; 2],
    pub log: Vec<LogEntry>,
    pub audit_href: String,
}

/// One line of a filing.
#[derive(Debug, Clone, Default)]
pub struct FilingRow {
    pub number: usize,
    pub id: String,
    pub label: String,
    pub unit: String,
    pub note_on_line: String,
    pub required: bool,
    /// As typed.
    pub value: String,
    /// Value, none, not known, with the one that was chosen.
    pub states: Vec<Choice>,
    pub remark: String,
    pub error: String,
    /// As it is shown where it is not filled in.
    pub shown: String,
    /// What the ledger holds.
    pub offer: Option<FilingOffer>,
    /// What is stored where somebody else saved meanwhile; empty otherwise.
    pub stored: String,
    /// The figure that stands for it, since it was approved.
    pub figure: Option<Link>,
    /// The sheet and cell it was read from.
    pub source: Option<Link>,
    /// What corrections replaced, with the reason of each, oldest first.
    pub corrections: Vec<(Link, String)>,
    pub correct: Option<InlineForm>,
}

/// What the ledger holds for a line.
#[derive(Debug, Clone, Default)]
pub struct FilingOffer {
    /// In the line's unit.
    pub value: String,
    pub exact: String,
    /// How many figures it counts.
    pub count: String,
    /// What was filed against it: `+120（+4.2%）`; empty where nothing is filed or they agree.
    pub difference: String,
    pub agrees: bool,
    pub href: String,
}

page!(Rounds, Round, FilingPage);
