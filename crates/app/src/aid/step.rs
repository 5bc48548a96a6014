//! A step of aid money: one dated figure with what proves it, in one change.

use crate::access::{Actor, Right, open, settle};
use crate::entry::{AmountInput, Problem, Proof, amount_figure, parse_amount, parse_proof};
use crate::error::{Error, Result};
use crate::{App, change, typed};
use domain::aid::AidStep;
use domain::record::DAYS;
use domain::{Period, Quantity, RecordKind, TimeKind, Unit};
use jiff::civil::{Date, date};
use store::{Entry, EvidenceKind, NewFigure, Tx};

/// A step as it was typed.
#[derive(Debug, Clone, Default)]
pub struct AidStepInput {
    /// Code of the step.
    pub step: String,
    /// The amount with its unit.
    pub amount: AmountInput,
    /// The day it happened, or a plan was approved, ISO.
    pub on: String,
    /// The year of a yearly plan.
    pub year: String,
    /// A remark.
    pub note: String,
    /// What proves it.
    pub proof: Proof,
    /// Says that nothing proves it.
    pub unproven: bool,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AidStepDone {
    /// Code of the figure.
    pub figure: String,
    /// Whether it was there already: the form was sent twice.
    pub again: bool,
}

/// The steps that are entered on the page of a kind. The five-year plan and a contract's amount stand in the forms of their
/// records, where a change asks for its reason.
#[must_use]
pub fn aid_steps(kind: RecordKind) -> &'static [AidStep] {
    use AidStep::{Accepted, Arrived, Audited, Disbursed, HandedOver, Issued, Planned, Spent};
    match kind {
        RecordKind::AidProject => {
            &[Planned, Issued, Arrived, Disbursed, Spent, Accepted, Audited, HandedOver]
        }
        RecordKind::AidContract => &[Spent],
        _ => &[],
    }
}

/// What was typed, once it is known to be right.
struct Parsed {
    step: AidStep,
    quantity: Quantity,
    on: Date,
    period: Period,
    note: Option<String>,
    proof: Option<(Option<i64>, EvidenceKind)>,
}

impl App {
    /// Enters a step of an aid project, or a payment of a contract. What says the same as a figure that stands already, with
    /// the same remark, is that figure: a form that is sent twice counts once, whatever proves it.
    ///
    /// # Errors
    /// [`Error::Form`] naming every field that cannot be taken: `step`, `amount`, `on`, `year`, `note`, and those of the proof.
    pub async fn aid_step_add(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        new: &AidStepInput,
    ) -> Result<AidStepDone> {
        let mut tx = self.db.write().await?;
        let record = open(&mut tx, actor, programme, code, Right::EnterFigure).await?;
        if aid_steps(record.kind).is_empty() {
            return Err(Error::NotFound);
        }
        let entry = store::entry_lock(&mut tx, record.id).await?;
        if entry.record.archived {
            return Err(Error::Conflict);
        }
        let today = change::local(&mut tx, Some(programme), actor.at).await?.date();
        let parsed = parse(&mut tx, actor, &entry, new, today).await?;
        if let Some(figure) = equal(&mut tx, &entry, &parsed).await? {
            return Ok(AidStepDone { figure, again: true });
        }
        let change = change::open(&mut tx, actor, Some(programme), "aid-step", None).await?;
        let of = (parsed.step.measure(), parsed.step.role());
        let base = amount_figure(&mut tx, &change, &entry, of, parsed.quantity).await?;
        let figure =
            NewFigure { period: parsed.period, note: parsed.note, published: Some(parsed.on), ..base };
        let figure = store::figure_insert(&mut tx, &change, &figure).await?;
        settle(&mut tx, actor, programme, figure.figure.id, Right::EnterFigure).await?;
        if let Some((document, kind)) = &parsed.proof {
            let evidence = store::evidence_insert(&mut tx, *document, kind).await?;
            store::figure_evidence_attach(&mut tx, &change, figure.figure.id, evidence).await?;
        }
        store::entry_touch(&mut tx, &change, record.id).await?;
        self.commit(tx).await?;
        Ok(AidStepDone { figure: figure.code, again: false })
    }
}

/// The code of the figure of the record that says the same and stands.
async fn equal(tx: &mut Tx, entry: &Entry, new: &Parsed) -> Result<Option<String>> {
    let standing = store::figure_list_standing(tx, entry.record.id, new.step.role()).await?;
    let same = standing.into_iter().find(|old| {
        old.figure.measure == new.step.measure()
            && old.figure.quantity == new.quantity
            && old.figure.period == new.period
            && old.note == new.note
    });
    Ok(same.map(|old| old.code))
}

async fn parse(tx: &mut Tx, actor: &Actor, entry: &Entry, new: &AidStepInput, today: Date) -> Result<Parsed> {
    let mut problems = Vec::new();
    let step = AidStep::from_code(&new.step).filter(|step| aid_steps(entry.record.kind).contains(step));
    if step.is_none() {
        problems.push(Problem::new("step", if new.step.is_empty() { "missing" } else { "unknown" }));
    }
    let quantity = match parse_amount(&new.amount) {
        Ok(Some(quantity)) if quantity.unit != Unit::cny() => Err("yuan"),
        Ok(None) => Err("missing"),
        parsed => parsed,
    };
    let quantity = quantity.unwrap_or_else(|code| {
        problems.push(Problem::new("amount", code));
        None
    });
    let on = match new.on.trim().parse::<Date>() {
        Err(_) => Err(if new.on.trim().is_empty() { "missing" } else { "date" }),
        Ok(day) if !(DAYS.0..=DAYS.1).contains(&day) => Err("far-date"),
        Ok(day) if day > today => Err("future"),
        Ok(day) => Ok(day),
    };
    let on = on.map_err(|code| problems.push(Problem::new("on", code))).ok();
    let year = (step == Some(AidStep::Planned)).then(|| year(&new.year, &mut problems));
    let note = typed::optional("note", &new.note).unwrap_or_else(|_| {
        problems.push(Problem::hinting("note", "too-long", typed::MAX_CHARS));
        None
    });
    let proof = parse_proof(tx, actor, entry, &new.proof, &mut problems).await?;
    let silent = new.proof.document.is_empty() && new.proof.title.trim().is_empty();
    if silent != new.unproven {
        problems.push(Problem::new("unproven", if silent { "unproven" } else { "proven" }));
    }
    match (step, quantity, on) {
        (Some(step), Some(quantity), Some(on)) if problems.is_empty() => {
            let (from, to) = year.flatten().unwrap_or((on, on));
            let period = Period { kind: TimeKind::Flow, from: Some(from), to: Some(to) };
            Ok(Parsed { step, quantity, on, period, note, proof })
        }
        _ => Err(Error::Form(problems)),
    }
}

/// The days of the year of a plan.
fn year(text: &str, problems: &mut Vec<Problem>) -> Option<(Date, Date)> {
    let year = text.trim().parse::<i16>().ok().filter(|year| (DAYS.0.year()..=DAYS.1.year()).contains(year));
    if year.is_none() {
        problems.push(Problem::new("year", if text.trim().is_empty() { "missing" } else { "number" }));
    }
    year.map(|year| (date(year, 1, 1), date(year, 12, 31)))
}
