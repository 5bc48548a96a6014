//! Moving a project to a stage: the missing facts come with the move and are saved with it, or nothing is.

use super::{How, day_field, gate, has_phases, how, light, phases, stage_of, stage_value};
use crate::access::{Actor, allow, settle};
use crate::entry::{
    AmountInput, EntryForm, Parts, Problem, amount_figure, edit_right, insert, parse, parse_amount, save,
    settled,
};
use crate::error::{Error, Result};
use crate::setting::stage_list;
use crate::typed::{self, MAX_CHARS};
use crate::{App, access, change};
use domain::record::{FieldType, Value};
use domain::stage::{Fact, Milestone};
use domain::{Measure, Period, Quantity, RecordKind, Role, TimeKind};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use store::{Change, Entry, Record, Stage, Tx};

/// A move as a form sends it: what its gate asked for, as far as it was filled in.
#[derive(Debug, Clone, Default)]
pub struct StageForm {
    /// The stage to enter.
    pub to: String,
    /// The stage it stood at when the form was opened.
    pub from: String,
    /// Fields of the project by code.
    pub fields: BTreeMap<String, String>,
    /// Its amount.
    pub amount: Option<AmountInput>,
    /// Permits by kind.
    pub permits: BTreeMap<String, PermitInput>,
    /// Figures by code of the measure.
    pub figures: BTreeMap<String, StepFigure>,
    /// Why.
    pub reason: String,
}

/// A permit that was granted, as typed.
#[derive(Debug, Clone, Default)]
pub struct PermitInput {
    /// Its day, ISO.
    pub granted_on: String,
    /// Its number; may be empty.
    pub number: String,
}

/// A figure that a gate asks for, as typed.
#[derive(Debug, Clone, Default)]
pub struct StepFigure {
    /// The value with its unit.
    pub amount: AmountInput,
    /// The day as of which it holds, ISO.
    pub on: String,
}

/// What was typed, once it is known to be right.
#[derive(Default)]
pub(crate) struct Step {
    parts: Parts,
    permits: Vec<(&'static str, Date, Option<String>)>,
    figures: Vec<(Measure, Quantity, Date)>,
}

/// One reading of a form against the gate as it stands now.
struct Reader<'a> {
    form: &'a StageForm,
    today: Date,
    problems: Vec<Problem>,
}

impl App {
    /// Moves a project to a stage, with the facts that its gate asks for.
    ///
    /// # Errors
    /// [`Error::Form`] naming what is missing or wrong: codes of fields, `amount`, `permit_KIND`, `figure_MEASURE`, `reason`, and
    /// `stage` where somebody else moved it meanwhile (`moved`) or its stage follows from its phases (`phases`).
    pub async fn project_move(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        form: &StageForm,
    ) -> Result<Record> {
        let mut tx = self.db.write().await?;
        let record = store::record_by_code(&mut tx, programme, code).await?;
        access::allow(&mut tx, actor, &record, edit_right(record.kind)).await?;
        if record.kind != RecordKind::Project {
            return Err(Error::NotFound);
        }
        let before = store::entry_lock(&mut tx, record.id).await?;
        let Some(step) = read_move(&mut tx, actor, &before, form).await? else { return Ok(record) };
        let opened =
            change::open(&mut tx, actor, Some(programme), "project-stage", Some(&form.reason)).await?;
        move_on(&mut tx, actor, &opened, &before, &step, &form.reason).await?;
        settled(&mut tx, actor, &record).await?;
        self.commit(tx).await?;
        Ok(record)
    }
}

/// Reads a move against the gate as it stands now; none where the same form came a second time.
pub(crate) async fn read_move(
    tx: &mut Tx,
    actor: &Actor,
    before: &Entry,
    form: &StageForm,
) -> Result<Option<Step>> {
    let programme = before.record.programme;
    let stages = stage_list(tx, programme).await?;
    let to = stages.iter().find(|stage| stage.code == form.to).ok_or(Error::NotFound)?;
    let now = before.text("stage").unwrap_or_default();
    if now != form.from && now == form.to {
        return Ok(None);
    }
    if now != form.from {
        return Err(Error::Form(vec![Problem::hinting("stage", "moved", now)]));
    }
    if has_phases(tx, before.record.id).await? {
        return Err(Error::Form(vec![Problem::new("stage", "phases")]));
    }
    let today = change::local(tx, Some(programme), actor.at).await?.date();
    let known = super::known(tx, before).await?;
    let asked = gate::asked(&stages, stage_of(&stages, before), to);
    let missing: Vec<Fact> = asked.into_iter().filter(|fact| !known.contains(fact)).collect();
    let mut step = read(tx, actor, before, form, &missing, today).await?;
    step.parts.values.insert("stage", Some(stage_value(&to.code)));
    Ok(Some(step))
}

/// Writes a move that was read, in the change that was opened for it.
pub(crate) async fn move_on(
    tx: &mut Tx,
    actor: &Actor,
    opened: &Change,
    before: &Entry,
    step: &Step,
    reason: &str,
) -> Result<()> {
    save::update(tx, opened, before, &step.parts, reason).await?;
    write_beside(tx, actor, opened, before, step).await
}

/// Reads what was sent for the missing facts; every problem is named, not only the first.
async fn read(
    tx: &mut Tx,
    actor: &Actor,
    before: &Entry,
    form: &StageForm,
    missing: &[Fact],
    today: Date,
) -> Result<Step> {
    let mut reader = Reader { form, today, problems: Vec::new() };
    if form.reason.chars().count() > MAX_CHARS {
        reader.problems.push(Problem::hinting("reason", "too-long", MAX_CHARS));
    }
    let mut step = Step::default();
    let mut entry = EntryForm { reason: form.reason.clone(), ..EntryForm::default() };
    for fact in missing {
        match how(*fact) {
            How::Field(field) => {
                let text = form.fields.get(field.code).cloned().unwrap_or_default();
                let is_empty = text.trim().is_empty();
                reader.require(field.code, !is_empty);
                if !is_empty {
                    entry.fields.insert(field.code.to_owned(), text);
                }
            }
            How::Amount => {
                let sent = form.amount.as_ref().filter(|amount| !amount.value.trim().is_empty());
                reader.require("amount", sent.is_some());
                entry.amount = sent.cloned();
            }
            How::Permit(kind) => step.permits.extend(reader.permit(kind)),
            How::Figure(measure) => step.figures.extend(reader.figure(measure)),
            How::Reason => reader.require("reason", !form.reason.trim().is_empty()),
        }
    }
    match parse(tx, actor, before.record.programme, RecordKind::Project, &entry, Some(before)).await {
        Ok(parts) => {
            reader.not_in_the_future(&parts);
            step.parts = parts;
        }
        Err(Error::Form(problems)) => reader.problems.extend(problems),
        Err(error) => return Err(error),
    }
    if reader.problems.is_empty() { Ok(step) } else { Err(Error::Form(reader.problems)) }
}

impl Reader<'_> {
    fn require(&mut self, field: &str, given: bool) {
        if !given {
            self.problems.push(Problem::new(field, "missing"));
        }
    }

    /// A day on which something happened: not one that is still to come.
    fn past_day(&mut self, field: &str, text: &str) -> Option<Date> {
        let problem = match text.trim() {
            "" => "missing",
            text => match RecordKind::Permit.field("granted_on")?.parse(text) {
                Ok(Value::Day(day)) if day <= self.today => return Some(day),
                Ok(_) => "future",
                Err(_) => "date",
            },
        };
        self.problems.push(Problem::new(field, problem));
        None
    }

    fn not_in_the_future(&mut self, parts: &Parts) {
        for field in RecordKind::Project.fields() {
            let day = parts.values.get(field.code).and_then(|value| value.as_ref()?.day());
            let happened = matches!(field.kind, FieldType::Date) && HAPPENED.contains(&field.code);
            if happened && day.is_some_and(|day| day > self.today) {
                self.problems.push(Problem::new(field.code, "future"));
            }
        }
    }

    fn permit(&mut self, kind: &'static str) -> Option<(&'static str, Date, Option<String>)> {
        let field = format!("permit_{kind}");
        let sent = self.form.permits.get(kind).cloned().unwrap_or_default();
        let day = self.past_day(&field, &sent.granted_on);
        let number = match typed::optional("number", &sent.number) {
            Ok(number) => number,
            Err(_) => {
                self.problems.push(Problem::hinting(&field, "too-long", MAX_CHARS));
                None
            }
        };
        Some((kind, day?, number))
    }

    fn figure(&mut self, measure: Measure) -> Option<(Measure, Quantity, Date)> {
        let field = format!("figure_{}", measure.code());
        let sent = self.form.figures.get(measure.code()).cloned().unwrap_or_default();
        let day = self.past_day(&format!("{field}_on"), &sent.on);
        match parse_amount(&sent.amount) {
            Ok(Some(quantity)) => Some((measure, quantity, day?)),
            Ok(None) => {
                self.problems.push(Problem::new(&field, "missing"));
                None
            }
            Err(code) => {
                self.problems.push(Problem::new(&field, code));
                None
            }
        }
    }
}

/// Days of a project that tell what happened, as against what is planned.
pub(crate) const HAPPENED: &[&str] =
    &["signed_on", "started_on", "completed_on", "production_on", "capacity_on", "progress_on"];

/// Writes the permits and figures that came with a move.
async fn write_beside(
    tx: &mut Tx,
    actor: &Actor,
    opened: &Change,
    before: &Entry,
    step: &Step,
) -> Result<()> {
    let programme = before.record.programme;
    let permits = super::of_project(tx, RecordKind::Permit, before).await?;
    for (kind, day, number) in &step.permits {
        let mut parts = Parts::default();
        parts.values.insert("status", Some(Value::Text("granted".into())));
        parts.values.insert("granted_on", Some(Value::Day(*day)));
        if let Some(number) = number {
            parts.values.insert("number", Some(Value::Text(number.clone())));
        }
        match permits.iter().find(|permit| permit.text("kind") == Some(kind)) {
            Some(permit) => {
                allow(tx, actor, &permit.record, edit_right(RecordKind::Permit)).await?;
                let permit = store::entry_lock(tx, permit.record.id).await?;
                save::update(tx, opened, &permit, &parts, "").await?;
            }
            None => {
                let label = RecordKind::Permit.field("kind");
                let label = label.and_then(|field| field.choice(&Value::Text((*kind).to_owned())));
                let label = label.map_or(*kind, |choice| choice.zh);
                parts.title = Some(format!("{} {label}", before.record.title));
                parts.values.insert("kind", Some(Value::Text((*kind).to_owned())));
                parts.values.insert("project", Some(Value::Id(before.record.id)));
                insert(tx, opened, actor.team(programme), RecordKind::Permit, &parts).await?;
            }
        }
    }
    let entry = store::entry_get(tx, before.record.id).await?;
    for (measure, quantity, day) in &step.figures {
        let new = amount_figure(tx, opened, &entry, (*measure, Role::Actual), *quantity).await?;
        // Works add up until the day; output is what the plant is able to on it.
        let period = match measure {
            Measure::Output => Period { kind: TimeKind::Stock, from: Some(*day), to: Some(*day) },
            _ => Period { kind: TimeKind::Cumulative, from: None, to: Some(*day) },
        };
        let figure = store::figure_insert(tx, opened, &store::NewFigure { period, ..new }).await?;
        settle(tx, actor, programme, figure.figure.id, access::Right::EnterFigure).await?;
    }
    Ok(())
}

/// After a project was written: the stage of the whole follows the furthest of its phases, and what belongs to it opens to
/// those who see it.
pub(crate) async fn follow(
    tx: &mut Tx,
    change: &Change,
    before: Option<&Entry>,
    after: &Entry,
) -> Result<()> {
    let Record { id, programme, kind, .. } = after.record;
    let both = |field: &str| -> BTreeSet<i64> {
        before.into_iter().chain([after]).filter_map(|of| of.id(field)).collect()
    };
    if BESIDE.contains(&kind) {
        for project in both("project") {
            light::reckon(tx, programme, project, change.at).await?;
        }
    }
    if kind != RecordKind::Project {
        return Ok(());
    }
    light::reckon(tx, programme, id, change.at).await?;
    for whole in both("parent") {
        light::reckon(tx, programme, whole, change.at).await?;
    }
    let stands =
        |entry: &Entry| (entry.id("parent"), entry.text("stage").map(str::to_owned), entry.record.archived);
    if before.map(stands) != Some(stands(after)) {
        for whole in both("parent") {
            follow_phases(tx, change, whole).await?;
        }
    }
    // Whom it is open to was derived since `after` was read.
    let is_protected = store::record_get(tx, id).await?.protected;
    if before.is_some_and(|before| before.record.protected != is_protected) {
        for kind in BESIDE {
            for beside in super::of_project(tx, *kind, after).await? {
                save::derive(tx, change, beside.record.id).await?;
            }
        }
    }
    Ok(())
}

/// The day on which a project reached the stage it is at now, where it is known: that of the milestone's fact, or for what has
/// none the day of the change. A project that is entered as it stands reached its stage on a day nobody told.
pub(crate) async fn reached_on(
    tx: &mut Tx,
    change: &Change,
    before: Option<&Entry>,
    after: &Entry,
) -> Result<Option<Date>> {
    Ok(reached(&stage_list(tx, after.record.programme).await?, change, before, after))
}

/// The same with the stages of its programme at hand.
pub(crate) fn reached(
    stages: &[Stage],
    change: &Change,
    before: Option<&Entry>,
    after: &Entry,
) -> Option<Date> {
    let reached = stage_of(stages, after).and_then(|stage| day_field(stage.milestone, false));
    match reached {
        Some(field) => after.day(field),
        None => before.map(|_| change.day),
    }
}

/// Kinds of records that belong to a project.
pub(crate) const BESIDE: &[RecordKind] =
    &[RecordKind::Permit, RecordKind::Milestone, RecordKind::Problem, RecordKind::Inquiry];

async fn follow_phases(tx: &mut Tx, change: &Change, parent: i64) -> Result<()> {
    let whole = store::entry_lock(tx, parent).await?;
    let programme = whole.record.programme;
    let stages = stage_list(tx, programme).await?;
    let phases = phases(tx, programme, parent).await?;
    let of = phases.iter().filter_map(|phase| stage_of(&stages, phase));
    let Some(furthest) = furthest(of) else { return Ok(()) };
    if whole.text("stage") == Some(&furthest.code) {
        return Ok(());
    }
    save::set_status(tx, change, &whole, &furthest.code, &[], "").await?;
    light::reckon(tx, programme, parent, change.at).await
}

/// The stage furthest on the way; one aside only where all are.
fn furthest<'a>(stages: impl Iterator<Item = &'a Stage>) -> Option<&'a Stage> {
    stages.max_by_key(|stage| {
        (!gate::is_aside(stage.milestone), stage.milestone != Milestone::Ended, stage.ord)
    })
}
