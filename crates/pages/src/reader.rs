//! The reader: a document's text with every claim in place, and the panel of one claim.

use askama::Template;
use locale::Locale;

use crate::{Amount, Choice, Field, Flash, InlineForm, Link, NewsPanel, PostButton, Shell, Wrong, page};

/// A document's text with its claims. `?claim=ID` opens one.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "reader.html")]
pub struct Reader {
    pub shell: Shell,
    pub code: String,
    pub details: DocumentDetails,
    pub counts: ClaimCounts,
    pub paragraphs: Vec<Paragraph>,
    /// Which part of a long text this is, and the way to its neighbours.
    pub parts: Option<Parts>,
    /// The claim opened by the address.
    pub panel: Option<ClaimPanel>,
    /// What is told of a project, opened in its place.
    pub news: Option<NewsPanel>,
    /// Remarks on the document: masked numbers, repaired places.
    pub notices: Vec<Flash>,
    /// Still queued or being read: the page looks again every two seconds.
    pub running: bool,
    /// May accept, correct and reject.
    pub can_review: bool,
    /// May change title, publisher and date.
    pub can_edit: bool,
}

/// Title, publisher and date of a document: POST `documents/{code}/details` with `title`, `publisher`,
/// `published_on` (ISO date or empty). Empty is unknown and stays unknown.
#[derive(Debug, Clone, Default)]
pub struct DocumentDetails {
    pub title: String,
    pub publisher: String,
    /// ISO date or empty.
    pub published_on: String,
    /// Whether each was proposed from the text and not yet confirmed.
    pub title_proposed: bool,
    pub publisher_proposed: bool,
    pub published_proposed: bool,
    /// Format and size as one line: `.docx · 48 KB · 资料编号 …`.
    pub about: String,
    /// The original bytes, when they are kept.
    pub original_href: Option<String>,
    /// The records it is attached to.
    pub records: Vec<Link>,
    /// What it may be, with what it is chosen.
    pub classes: Vec<Choice>,
    /// Title, publisher and date as they were typed, and what is wrong with one, where the form was refused.
    pub typed: Option<[String; 3]>,
    pub wrong: Wrong,
}

impl DocumentDetails {
    pub(crate) fn proposed(&self) -> bool {
        self.title_proposed || self.publisher_proposed || self.published_proposed
    }

    /// What the fields of the form hold.
    pub(crate) fn values(&self) -> [&str; 3] {
        match &self.typed {
            Some(typed) => [&typed[0], &typed[1], &typed[2]],
            None => [&self.title, &self.publisher, &self.published_on],
        }
    }
}

/// Claims of a document by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClaimCounts {
    pub open: usize,
    pub accepted: usize,
    pub corrected: usize,
    pub rejected: usize,
    /// Open and certain.
    pub certain: usize,
}

impl ClaimCounts {
    pub(crate) fn total(self) -> usize {
        self.open + self.accepted + self.corrected + self.rejected
    }
}

/// One part of a text that is too long for one page.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// `Part 2 of 9`.
    pub label: String,
    /// Addresses of the parts before and after.
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// One paragraph of the text.
#[derive(Debug, Clone, Default)]
pub struct Paragraph {
    pub heading: bool,
    pub segments: Vec<Segment>,
}

impl Paragraph {
    /// Whether the text brings its own indentation, as full-width spaces that a browser shows.
    pub(crate) fn is_indented(&self) -> bool {
        let first = self.segments.first().map_or("", |segment| segment.text.as_str());
        first.chars().take_while(|c| c.is_whitespace()).any(|c| !c.is_ascii_whitespace())
    }
}

/// A run of text, plain or a claim's quote.
#[derive(Debug, Clone, Default)]
pub struct Segment {
    pub text: String,
    pub mark: Option<Mark>,
    /// Characters of the document's text that it stands for; carriage returns are not shown.
    pub length: usize,
}

/// A claim in the text.
#[derive(Debug, Clone, Default)]
pub struct Mark {
    pub id: String,
    pub state: ClaimState,
    pub certain: bool,
    /// What was understood, for screen readers and hover: `签约额 · 超 390 亿元`.
    pub label: String,
    /// Address of what is told of a project; none for a claim of a number.
    pub href: Option<String>,
}

/// Where a claim stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClaimState {
    #[default]
    Open,
    Accepted,
    Corrected,
    Rejected,
}

impl ClaimState {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Corrected => "corrected",
            Self::Rejected => "rejected",
        }
    }

    pub(crate) fn label(self, t: &Locale) -> &'static str {
        match self {
            Self::Open => t.claim_open(),
            Self::Accepted => t.claim_accepted(),
            Self::Corrected => t.claim_corrected(),
            Self::Rejected => t.claim_rejected(),
        }
    }

    pub(crate) fn tone(self) -> &'static str {
        match self {
            Self::Open => "info",
            Self::Accepted => "good",
            Self::Corrected => "warn",
            Self::Rejected => "neutral",
        }
    }
}

/// What was understood of one claim, and what can be done with it: the fragment of `claims/{id}` and of the
/// answers to `accept`, `reject` (field `reason`), `correct` (the form's fields) and `reopen`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/claim_panel.html")]
pub struct ClaimPanel {
    /// Only locale and programme are used.
    pub shell: Shell,
    pub id: String,
    pub state: ClaimState,
    pub certain: bool,
    pub quote: String,
    pub measure: String,
    pub value: Amount,
    /// Approximation, role, organisation, place, supporter, period, event: empty ones are shown as unknown.
    pub fields: Vec<Field>,
    /// How it was understood: which word gave the measure, the place, the period.
    pub trail: Vec<Field>,
    /// The values as read, when the claim was corrected.
    pub before_correction: Vec<Field>,
    /// The figure it became or was attached to.
    pub figure: Option<Link>,
    /// It was attached to a figure that existed already.
    pub attached: bool,
    /// The records it speaks of, and what can be made of those that are not known.
    pub meeting: Meeting,
    /// Why it was rejected; empty otherwise.
    pub reject_reason: String,
    /// The reason as it was typed, and what is wrong with it, where rejecting was refused.
    pub reject_typed: String,
    pub reject_wrong: Wrong,
    pub form: ClaimForm,
    pub can_review: bool,
    /// A message about what was just done, or why it failed.
    pub flash: Option<Flash>,
    /// Set in answers to a POST: the counts of the document, swapped in beside the panel.
    pub counts: Option<ClaimCounts>,
}

/// Where a claim meets the records: what its words name, and what a user can make of it.
#[derive(Debug, Clone, Default)]
pub struct Meeting {
    /// The records that its words name, and the agreement it belongs to.
    pub known: Vec<Field>,
    /// What may be made of the claim, each under its heading.
    pub offers: Vec<Offer>,
    /// The agreement that was chosen says something else.
    pub differs: Option<Differs>,
}

/// Words that name nothing known, or an amount that belongs to an agreement.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// `未登记的单位：…`.
    pub label: String,
    /// Records that may be meant, each with a button that says so.
    pub proposed: Vec<Proposed>,
    /// Choosing another one.
    pub pick: InlineForm,
    /// The form of a new record, filled in from the claim.
    pub new: Option<Link>,
}

/// A record that may be meant.
#[derive(Debug, Clone, Default)]
pub struct Proposed {
    pub record: Link,
    /// What speaks for it; may be empty.
    pub note: String,
    pub button: PostButton,
}

/// An agreement and a quote that state different amounts.
#[derive(Debug, Clone, Default)]
pub struct Differs {
    pub agreement: Link,
    pub own: Amount,
    pub stated: Amount,
    /// Keep both, or correct the agreement.
    pub buttons: Vec<PostButton>,
}

/// The correction form. Field names are those of the struct; POST `claims/{id}/correct`.
#[derive(Debug, Clone, Default)]
pub struct ClaimForm {
    pub measure: Vec<Choice>,
    /// Decimal in `unit`'s base.
    pub value: String,
    /// Only for a range.
    pub value_max: String,
    pub unit: Vec<Choice>,
    pub approx: Vec<Choice>,
    pub role: Vec<Choice>,
    pub place: String,
    pub org: String,
    /// ISO dates.
    pub period_from: String,
    pub period_to: String,
    /// flow, cumulative, stock.
    pub period_kind: Vec<Choice>,
    /// Opened with this message after a refused correction.
    pub wrong: Wrong,
}

page!(Reader, ClaimPanel);
