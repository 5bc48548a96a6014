//! Figures entered on the page of a record: items of which it is the subject.

use crate::access::{Actor, Right, open, settle};
use crate::claim::period;
use crate::entry::{AmountInput, Problem, amount};
use crate::error::{Error, Result};
use crate::{App, change, typed};
use domain::figure::{Grain, Status};
use domain::record::{DAYS, Group};
use domain::{Measure, Period, Quantity, Role};
use jiff::civil::Date;
use store::{ATTACHMENT, Change, Entry, EvidenceKind, FigureEntry, NewFigure, RecordKind, Tx};

/// A figure typed in for a record.
#[derive(Debug, Clone, Default)]
pub struct RecordFigure {
    /// Code of the measure.
    pub measure: String,
    /// The value with its unit.
    pub amount: AmountInput,
    /// Code of the role.
    pub role: String,
    /// Code of the kind of time.
    pub period_kind: String,
    /// First day, ISO, or empty.
    pub period_from: String,
    /// Last day, ISO, or empty.
    pub period_to: String,
    /// Of an event or a framework agreement: code of the region whose sub-total is stated, or empty.
    pub region: String,
    /// A remark.
    pub note: String,
    /// What proves it.
    pub proof: Proof,
}

/// What proves a figure; where nothing is given, nothing does.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// Code of a document attached to the record.
    pub document: String,
    /// Page of the document, from 1.
    pub page: String,
    /// Title of a published source that is not stored here.
    pub title: String,
    /// Its publisher.
    pub publisher: String,
    /// Its day, ISO.
    pub published_on: String,
}

/// What was typed, once it is known to be right.
struct Parsed {
    measure: Measure,
    quantity: Quantity,
    role: Role,
    period: Period,
    region: Option<i64>,
    note: Option<String>,
    /// Of jobs the day of the employer's filing.
    filed_on: Option<Date>,
    proof: Option<(Option<i64>, EvidenceKind)>,
}

impl App {
    /// Enters a figure of a record with what proves it; returns the figure's code. The amount that the record's form asks for
    /// is entered once: given again with the same value, it gains the proof.
    ///
    /// # Errors
    /// [`Error::Form`] naming every field that cannot be taken; [`Error::NotFound`] and [`Error::Forbidden`] for the record.
    pub async fn figure_add(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        new: &RecordFigure,
    ) -> Result<String> {
        let mut tx = self.db.write().await?;
        let record = open(&mut tx, actor, programme, code, Right::EnterFigure).await?;
        if record.kind.group() == Group::Evidence {
            return Err(Error::NotFound);
        }
        // Nothing is measured of a person (law 9).
        if record.kind == RecordKind::Contact {
            return Err(Error::Form(vec![Problem::new("measure", "unknown")]));
        }
        let entry = store::entry_lock(&mut tx, record.id).await?;
        let parsed = parse(&mut tx, actor, &entry, new).await?;
        let change = change::open(&mut tx, actor, Some(programme), "figure-enter", None).await?;
        // What is said of an event as a whole, or of a region's part, is stated; the agreements themselves are the items.
        let is_event = record.kind == RecordKind::Event;
        let is_stated = is_event || parsed.region.is_some();
        let figure = if !is_stated && is_own(&entry, parsed.measure, parsed.role) {
            enter_own(&mut tx, &change, &entry, &parsed).await?
        } else {
            let of = (parsed.measure, parsed.role);
            let base = amount::figure(&mut tx, &change, &entry, of, parsed.quantity).await?;
            let of_kind = |kind| (record.kind == kind).then_some(record.id);
            let figure = NewFigure {
                period: parsed.period,
                note: parsed.note,
                published: parsed.filed_on.or(base.published),
                organisation: base.organisation.or(of_kind(RecordKind::Organisation)),
                event: base.event.or(of_kind(RecordKind::Event)),
                grain: if is_stated { Grain::Stated } else { base.grain },
                subject: base.subject.filter(|_| !is_event),
                hosts: parsed.region.map_or(base.hosts, |region| vec![region]),
                ..base
            };
            store::figure_insert(&mut tx, &change, &figure).await?
        };
        settle(&mut tx, actor, programme, figure.figure.id, Right::EnterFigure).await?;
        if let Some((document, kind)) = &parsed.proof {
            let evidence = store::evidence_insert(&mut tx, *document, kind).await?;
            store::figure_evidence_attach(&mut tx, &change, figure.figure.id, evidence).await?;
        }
        store::entry_touch(&mut tx, &change, record.id).await?;
        self.commit(tx).await?;
        Ok(figure.code)
    }
}

/// Whether a figure would be the amount that the form of the record asks for.
fn is_own(entry: &Entry, measure: Measure, role: Role) -> bool {
    let kind = entry.record.kind;
    let of_role = |own: Role| role == own || role == Role::Target;
    kind.amount().is_some_and(|amount| amount.covers(kind, measure) && of_role(amount.role))
}

/// The standing figure of the amount that a record's form asks for.
pub(crate) async fn own_amount(tx: &mut Tx, entry: &Entry) -> Result<Option<FigureEntry>> {
    let (kind, id) = (entry.record.kind, entry.record.id);
    let Some(amount) = kind.amount() else { return Ok(None) };
    match amount::present(tx, kind, id, amount.role).await? {
        None => amount::present(tx, kind, id, Role::Target).await,
        own => Ok(own),
    }
}

/// Enters the amount of a record as its form would, where it has none; takes the one that says the same.
async fn enter_own(tx: &mut Tx, change: &Change, entry: &Entry, new: &Parsed) -> Result<FigureEntry> {
    let refused = || Error::Form(vec![Problem::new("measure", "own-amount")]);
    let kind = entry.record.kind;
    let measure = kind.amount().and_then(|amount| amount.measure_of(kind, &entry.values));
    if measure != Some(new.measure) {
        return Err(refused());
    }
    if own_amount(tx, entry).await?.is_none() {
        amount::settle(tx, change, entry, Some(Some(new.quantity)), "").await?;
    }
    let own = own_amount(tx, entry).await?;
    let same =
        |own: &FigureEntry| own.figure.quantity == new.quantity && own.figure.status != Status::Withdrawn;
    own.filter(same).ok_or_else(refused)
}

async fn parse(tx: &mut Tx, actor: &Actor, entry: &Entry, new: &RecordFigure) -> Result<Parsed> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, code| problems.push(Problem::new(field, code));
    let measure = Measure::from_code(&new.measure);
    if measure.is_none() {
        wrong("measure", if new.measure.is_empty() { "missing" } else { "unknown" });
    }
    let role = Role::from_code(&new.role);
    if role.is_none() {
        wrong("role", "unknown");
    }
    let quantity = amount::parse(&new.amount).unwrap_or_else(|code| {
        wrong("amount", code);
        None
    });
    if quantity.is_none() && new.amount.value.trim().is_empty() {
        wrong("amount", "missing");
    }
    let period = match period(&new.period_kind, &new.period_from, &new.period_to) {
        Ok(period) => Some(period),
        Err(Error::Invalid { field, problem }) => {
            wrong(field, problem);
            None
        }
        Err(error) => return Err(error),
    };
    for (field, day) in
        [("period_from", period.and_then(|of| of.from)), ("period_to", period.and_then(|of| of.to))]
    {
        if day.is_some_and(|day| !(DAYS.0..=DAYS.1).contains(&day)) {
            wrong(field, "far-date");
        }
    }
    let region = match new.region.trim() {
        "" => None,
        code => match store::region_by_code(tx, code).await {
            Ok(region) => Some(region.id),
            Err(store::Error::NotFound) => {
                wrong("region", "unknown");
                None
            }
            Err(error) => return Err(error.into()),
        },
    };
    let note = typed::optional("note", &new.note).unwrap_or_else(|_| {
        problems.push(Problem::hinting("note", "too-long", typed::MAX_CHARS));
        None
    });
    let proof = proof(tx, actor, entry, &new.proof, &mut problems).await?;
    if measure == Some(Measure::Jobs) {
        refuse_jobs(new, quantity, role, period, proof.is_some(), &mut problems);
    }
    match (measure, quantity, role, period) {
        (Some(measure), Some(quantity), Some(role), Some(period)) if problems.is_empty() => {
            let filed_on = new.proof.published_on.trim().parse().ok().filter(|_| measure == Measure::Jobs);
            Ok(Parsed { measure, quantity, role, period, region, note, filed_on, proof })
        }
        _ => Err(Error::Form(problems)),
    }
}

/// Jobs are counts by period from the employer's filing, with its day and what proves it; never a target (law 9).
fn refuse_jobs(
    new: &RecordFigure,
    quantity: Option<Quantity>,
    role: Option<Role>,
    period: Option<Period>,
    proved: bool,
    problems: &mut Vec<Problem>,
) {
    let mut wrong = |field: &str, code, is_wrong: bool| {
        if is_wrong && !problems.iter().any(|problem| problem.field == field) {
            problems.push(Problem::new(field, code));
        }
    };
    wrong("role", "jobs", role.is_some_and(|role| role != Role::Actual));
    wrong("amount", "jobs-unit", quantity.is_some_and(|of| of.unit.code() != "job"));
    wrong("period_from", "missing", period.is_some_and(|of| of.from.is_none()));
    wrong("period_to", "missing", period.is_some_and(|of| of.to.is_none()));
    wrong("citation_on", "missing", new.proof.published_on.trim().is_empty());
    wrong("citation_title", "missing", !proved);
}

/// What proves a figure, as it was typed.
pub(crate) async fn proof(
    tx: &mut Tx,
    actor: &Actor,
    entry: &Entry,
    of: &Proof,
    problems: &mut Vec<Problem>,
) -> Result<Option<(Option<i64>, EvidenceKind)>> {
    if of.document.is_empty() {
        return Ok(citation(of, problems).map(|kind| (None, kind)));
    }
    let links = store::link_list(tx, entry.record.id).await?;
    let attached = links.iter().find(|link| link.kind == ATTACHMENT && link.record.code == of.document);
    let reach = actor.reach(entry.record.programme);
    let document = match attached {
        Some(link) if store::record_visible(tx, link.record.id, &reach).await? => {
            store::document_get(tx, link.record.id).await?
        }
        _ => {
            problems.push(Problem::new("document", "unknown"));
            return Ok(None);
        }
    };
    let page = match of.page.trim() {
        "" => Some(1),
        text => text.parse::<i64>().ok().filter(|page| *page >= 1),
    };
    let page = page.filter(|page| document.page_count.is_none_or(|count| *page <= count));
    let Some(page) = page else {
        problems.push(Problem::new("page", "unknown"));
        return Ok(None);
    };
    let whole = crate::WHOLE_PAGE;
    Ok(Some((Some(document.id), EvidenceKind::Region { page, rect: [0, 0, whole, whole] })))
}

fn citation(of: &Proof, problems: &mut Vec<Problem>) -> Option<EvidenceKind> {
    let mut line = |field: &'static str, text: &str| {
        typed::optional(field, text).unwrap_or_else(|_| {
            problems.push(Problem::hinting(field, "too-long", typed::MAX_CHARS));
            None
        })
    };
    let title = line("citation_title", &of.title);
    let publisher = line("citation_publisher", &of.publisher);
    let published_on = match of.published_on.trim() {
        "" => None,
        text => match text.parse::<Date>() {
            Ok(day) => Some(day),
            Err(_) => {
                problems.push(Problem::new("citation_on", "date"));
                None
            }
        },
    };
    if title.is_none() && (publisher.is_some() || published_on.is_some()) {
        problems.push(Problem::new("citation_title", "missing"));
    }
    Some(EvidenceKind::Citation { title: title?, publisher, published_on })
}
