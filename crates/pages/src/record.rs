//! The one record page: what a record is, where it stands and what is missing, its figures with their evidence, its
//! documents, people, related records, timeline and audit. A part that a kind does not have stays empty and is left
//! out; a part that it has but that holds nothing yet says so (an `Option` that is Some).

use askama::Template;
use locale::Locale;

use crate::{Amount, Badge, Cell, FigureRow, InlineForm, Link, Quote, Shell, Tone, page};

/// One record.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "record.html")]
pub struct RecordPage {
    pub shell: Shell,
    /// The list of its kind, and what it belongs to.
    pub crumbs: Vec<Link>,
    /// Label of its kind: `推介项目`.
    pub kind: String,
    pub code: String,
    pub title: String,
    /// The title in the other language; may be empty.
    pub other_title: String,
    pub status: Option<Badge>,
    /// The line of key facts under the title, three to five.
    pub key_facts: Vec<Fact>,
    /// Buttons: edit first. The first is the main one.
    pub actions: Vec<Link>,
    /// Further addresses behind 更多: print, .docx, history, merge.
    pub more: Vec<Link>,
    /// Takes it out of the lists, or brings it back; None where this user may not.
    pub archive: Option<InlineForm>,
    /// What must be known before reading on: merged into, archived, protected, waiting for the other side.
    pub notices: Vec<Notice>,
    pub standing: Option<Standing>,
    pub facts: Vec<FactGroup>,
    pub names: Vec<NameRow>,
    /// The money of an aid project or its contract.
    pub aid: Option<crate::AidMoney>,
    /// What stands around a pairing or an office.
    pub around: Option<crate::Around>,
    pub figures: Option<RecordFigures>,
    /// Stated totals against the sum of their parts.
    pub sums: Vec<SumCheck>,
    pub parties: Option<Parties>,
    /// How its output and tax are shared; None where it is no enclave.
    pub shares: Option<Shares>,
    pub tasks: Option<crate::Tasks>,
    pub documents: Option<Attachments>,
    pub people: Option<People>,
    /// Related records, one group a relation.
    pub relations: Vec<RelationGroup>,
    pub sources: Vec<SourceRow>,
    /// How many more sources are open to the parties, the verifier and the auditor alone.
    pub closed_sources: usize,
    /// Every quote that speaks of it, the newest first, up to a limit.
    pub quotes: Vec<Mention>,
    /// The page of all of them, where there are more.
    pub all_quotes: Option<Link>,
    /// Newest first.
    pub timeline: Vec<TimelineEntry>,
    /// All changes of the record; empty where the user may not see them.
    pub audit_href: String,
}

/// One fact: a label and its value, with where it comes from.
#[derive(Debug, Clone, Default)]
pub struct Fact {
    pub label: String,
    pub value: Cell,
    /// A remark beside the value: since when it holds, how it was found; may be empty.
    pub note: String,
    /// The document or citation that says so.
    pub source: Option<Link>,
}

impl Fact {
    /// A fact that is plain text, unknown where the text is empty.
    #[must_use]
    pub fn text(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: Cell::Long(value.into()), ..Self::default() }
    }
}

/// Facts under a heading.
#[derive(Debug, Clone, Default)]
pub struct FactGroup {
    /// Not shown where it is the only group.
    pub label: String,
    pub facts: Vec<Fact>,
    /// What is not known: labels, each with the address where it is entered; empty where this user may not.
    pub unknown: Vec<Link>,
}

/// A message that belongs to the record, unlike a flash.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
    pub link: Option<Link>,
}

/// Where a record stands and what is missing for the next step.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The stages or statuses in order.
    pub steps: Vec<Step>,
    /// What the next step is called; empty at the last one.
    pub next: String,
    /// What the next step asks for.
    pub missing: Vec<Missing>,
    /// What this user may do now: move on, put on hold, end.
    pub moves: Vec<InlineForm>,
    /// The stages it may be moved to, the next one first; each asks for what is missing on a page of its own.
    pub stages: Vec<Link>,
}

/// One stage.
#[derive(Debug, Clone, Default)]
pub struct Step {
    pub label: String,
    pub state: StepState,
    /// When it was reached; empty where it was not or the day is unknown.
    pub day: String,
}

/// Where a stage stands seen from the record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StepState {
    Done,
    Current,
    #[default]
    Ahead,
    /// Passed over.
    Skipped,
}

impl StepState {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Ahead => "ahead",
            Self::Skipped => "skipped",
        }
    }

    pub(crate) fn label(self, t: &Locale) -> &'static str {
        match self {
            Self::Done => t.step_done(),
            Self::Current => t.step_current(),
            Self::Ahead => t.step_ahead(),
            Self::Skipped => t.step_skipped(),
        }
    }
}

/// A missing fact; `href` leads to where it is entered: the form with the field as fragment (`…/edit#f-land`, `f-`
/// and the field's name), or a part of this page (`#add-figure`).
#[derive(Debug, Clone, Default)]
pub struct Missing {
    pub label: String,
    pub href: String,
    /// Which step needs it, by which rule; may be empty.
    pub note: String,
}

/// The figures of a record.
#[derive(Debug, Clone, Default)]
pub struct RecordFigures {
    pub rows: Vec<FigureRow>,
    /// The list of figures filtered by this record.
    pub all: Option<Link>,
    pub add: Option<InlineForm>,
    /// A count of jobs from the employer's filing; projects only.
    pub jobs: Option<InlineForm>,
    /// Planned and actual of each measure; projects only.
    pub measures: Vec<MeasureLine>,
}

/// What is planned and what is actual of one measure.
#[derive(Debug, Clone, Default)]
pub struct MeasureLine {
    /// Leads to its figures.
    pub measure: Link,
    pub planned: Option<Amount>,
    pub actual: Option<Amount>,
    /// The day up to which the newest holds; may be empty.
    pub as_of: String,
}

/// A stated total against the sum of its parts, as far as both are known.
#[derive(Debug, Clone, Default)]
pub struct SumCheck {
    /// What is compared: `四个受援地小计之和`.
    pub label: String,
    pub stated: Cell,
    pub sum: Cell,
    /// Nothing where they agree.
    pub difference: Option<Amount>,
    /// `相符`, `相差`, `缺两项`; without a label where there is nothing to compare.
    pub verdict: Badge,
    /// Where the parts are listed.
    pub href: Option<String>,
}

/// The parties of an agreement, the organisers of an event, the occupants of a park.
#[derive(Debug, Clone, Default)]
pub struct Parties {
    /// What they are to the record: `签约各方`.
    pub label: String,
    pub rows: Vec<PartyRow>,
    pub add: Option<InlineForm>,
}

impl Parties {
    pub(crate) fn has_shares(&self) -> bool {
        self.rows.iter().any(|row| !row.share.is_empty())
    }

    pub(crate) fn has_notes(&self) -> bool {
        self.rows.iter().any(|row| !row.note.is_empty())
    }

    pub(crate) fn has_removals(&self) -> bool {
        self.rows.iter().any(|row| row.remove.is_some())
    }
}

/// One party.
#[derive(Debug, Clone, Default)]
pub struct PartyRow {
    pub party: Link,
    /// `甲方`, `投资方`, `见证方`.
    pub role: String,
    /// Empty is unknown.
    pub region: String,
    /// Its share of the credit: `50%`; empty where none is stated.
    pub share: String,
    /// May be empty.
    pub note: String,
    /// Where its removal is sent; None where this user may not.
    pub remove: Option<String>,
}

/// How output and tax of an enclave are shared, by period.
#[derive(Debug, Clone, Default)]
pub struct Shares {
    /// The region that sends.
    pub sending: String,
    /// The region that receives.
    pub receiving: String,
    pub rows: Vec<ShareRow>,
    pub add: Option<InlineForm>,
}

/// One measure in one period. An empty text is unknown; an empty last day says that it lasts.
#[derive(Debug, Clone, Default)]
pub struct ShareRow {
    pub measure: String,
    pub from: String,
    pub to: String,
    pub sending: String,
    pub receiving: String,
    /// Taking it back asks for a reason; None where this user may not.
    pub remove: Option<InlineForm>,
}

/// The documents of a record.
#[derive(Debug, Clone, Default)]
pub struct Attachments {
    pub rows: Vec<Attachment>,
    /// How many more are open to the parties, the verifier and the auditor alone.
    pub closed: usize,
    /// Attach one that is here already; upload a new one.
    pub add: Vec<InlineForm>,
}

/// One document of a record.
#[derive(Debug, Clone, Default)]
pub struct Attachment {
    pub document: Link,
    /// What it is to the record, in a badge: `盖章文本`; None for a plain attachment.
    pub role: Option<Badge>,
    /// What it is, where that opens it to the parties, the verifier and the auditor alone.
    pub for_parties: Option<Badge>,
    /// Publisher, date, format as one line; may be empty.
    pub note: String,
    pub buttons: Vec<PostButton>,
    /// Taking it off asks for a reason; None where this user may not.
    pub remove: Option<InlineForm>,
}

/// A claim that speaks of a record.
#[derive(Debug, Clone, Default)]
pub struct Mention {
    pub quote: Quote,
    /// Where the claim stands: open, accepted.
    pub state: Badge,
    /// What was understood: measure and value as one line.
    pub reading: String,
}

/// A button that sends a small form of its own.
#[derive(Debug, Clone, Default)]
pub struct PostButton {
    pub label: String,
    pub action: String,
    pub hidden: Vec<(String, String)>,
    /// `Bad` for what takes something away.
    pub tone: Tone,
}

/// The business contacts of a record.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub rows: Vec<Person>,
    pub add: Option<InlineForm>,
}

/// One business contact.
#[derive(Debug, Clone, Default)]
pub struct Person {
    pub person: Link,
    /// Position and organisation as one line; may be empty.
    pub position: String,
    /// What they are to this record: `联系人`, `项目负责人`; may be empty.
    pub role: String,
    /// Telephone, address of mail: as far as this user may see them.
    pub reach: Vec<String>,
    pub remove: Option<String>,
}

/// Related records of one relation.
#[derive(Debug, Clone, Default)]
pub struct RelationGroup {
    /// `子协议`, `入驻企业`, `结对关系`.
    pub label: String,
    pub rows: Vec<RelatedRow>,
    /// The list filtered by this record, where there are more.
    pub all: Option<Link>,
    /// The form of a new one that belongs to this record.
    pub new: Option<Link>,
    pub add: Option<InlineForm>,
}

/// One related record.
#[derive(Debug, Clone, Default)]
pub struct RelatedRow {
    pub record: Link,
    pub status: Option<Badge>,
    /// Role, region, dates as one line; may be empty.
    pub note: String,
    /// Its main amount.
    pub amount: Option<Amount>,
    pub remove: Option<String>,
}

/// One event of a record's life: a change, a status, a figure, something dated.
#[derive(Debug, Clone, Default)]
pub struct TimelineEntry {
    /// Day, with the time for changes.
    pub when: String,
    /// `变更`, `阶段`, `数据`, `活动`.
    pub kind: Badge,
    pub text: String,
    pub href: Option<String>,
    /// Who did it; empty for what happened outside.
    pub who: String,
    /// Reason or detail; may be empty.
    pub note: String,
}

/// A part of the page, for the line of anchors under its head.
pub(crate) struct Anchor<'a> {
    pub id: &'static str,
    pub label: &'a str,
    pub count: usize,
}

impl RecordPage {
    pub(crate) fn is_archive_open(&self) -> bool {
        self.archive.as_ref().is_some_and(|form| form.open)
    }

    pub(crate) fn anchors(&self) -> Vec<Anchor<'_>> {
        let t = self.shell.locale;
        let count = |rows: Option<usize>| rows.unwrap_or(0);
        let related = self.relations.iter().map(|group| group.rows.len()).sum();
        let figures = self.figures.as_ref().map(|part| part.rows.len());
        let parties_label = self.parties.as_ref().map_or("", |part| part.label.as_str());
        let parties = self.parties.as_ref().map(|part| part.rows.len());
        let shares = self.shares.as_ref().map(|part| part.rows.len());
        let documents = self.documents.as_ref().map(|part| part.rows.len());
        let people = self.people.as_ref().map(|part| part.rows.len());
        [
            (!self.facts.is_empty(), "facts", t.record_fields(), 0),
            (self.around.is_some(), "around", t.around_counts(), 0),
            (self.aid.is_some(), "aid-money", t.aid_money(), 0),
            (figures.is_some(), "figures", t.record_figures(), count(figures)),
            (parties.is_some(), "parties", parties_label, count(parties)),
            (shares.is_some(), "shares", t.record_shares(), count(shares)),
            (!self.relations.is_empty(), "related", t.record_related(), related),
            (documents.is_some(), "documents", t.record_documents(), count(documents)),
            (people.is_some(), "people", t.record_people(), count(people)),
            (!self.quotes.is_empty(), "quotes", t.record_quotes(), self.quotes.len()),
            (!self.timeline.is_empty(), "timeline", t.record_timeline(), 0),
        ]
        .into_iter()
        .filter(|(shown, ..)| *shown)
        .map(|(_, id, label, count)| Anchor { id, label, count })
        .collect()
    }
}

/// A name of a record.
#[derive(Debug, Clone, Default)]
pub struct NameRow {
    pub name: String,
    /// Full name, short name, alias, former name.
    pub kind: String,
    /// May be empty.
    pub valid: String,
}

/// Where a record's facts come from. Empty publisher or date is unknown.
#[derive(Debug, Clone, Default)]
pub struct SourceRow {
    pub title: String,
    pub publisher: String,
    pub date: String,
    pub href: Option<String>,
}

page!(RecordPage);
