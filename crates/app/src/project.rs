//! Industry projects on their way through the stages of the programme: what a gate asks for, moving on, and the board.

mod advance;
mod board;
pub(crate) mod gate;
pub(crate) mod light;
mod money;
mod problems;
mod schedule;

pub(crate) use advance::{BESIDE, follow, move_on, reached, reached_on, read_move};
pub use advance::{PermitInput, StageForm, StepFigure};
pub use board::{BoardColumn, CARDS};
pub use gate::{How, how};
pub use light::{LIGHT_MONTHS, LIGHT_RED, LIGHT_SETTINGS, LIGHT_SILENT, LIGHT_YELLOW, Standing, Turn};
pub(crate) use light::{reckon_all, reckon_with};
pub use money::ProjectMeasure;
pub use problems::{PROBLEMS_LIMIT, ProblemState, Problems};
pub use schedule::{SCHEDULE_LIMIT, Schedule};

use crate::App;
use crate::access::{Actor, Right, allow, open};
use crate::entry::{Parts, Problem, RecordNames, edit_right, names_of};
use crate::error::{Error, Result};
use crate::setting::stage_list;
use domain::record::Value;
use domain::stage::{Fact, Milestone};
use domain::{RecordKind, Role};
use std::collections::BTreeSet;
use store::{Condition, Entry, ListFilter, Reach, Sort, Stage, Tx};

/// Records that belong to one project which are looked at, of one kind; offices enter a dozen.
const MOST: i64 = 500;

/// A project before a gate.
#[derive(Debug, Clone)]
pub struct Gate {
    /// The project.
    pub entry: Entry,
    /// The records that its fields name.
    pub names: RecordNames,
    /// The stage it stands at, where it is one of the programme.
    pub from: Option<Stage>,
    /// The stage it is to enter.
    pub to: Stage,
    /// What is asked for, in the order of `data/stages.tsv`.
    pub asked: Vec<Fact>,
    /// What of it is known already.
    pub known: BTreeSet<Fact>,
    /// Whether its stage follows from its phases, which are moved instead.
    pub has_phases: bool,
}

/// The field that keeps the day on which a milestone was reached, or is to be.
pub(crate) fn day_field(milestone: Milestone, planned: bool) -> Option<&'static str> {
    Some(match (milestone, planned) {
        (Milestone::Signed, false) => "signed_on",
        (Milestone::Started, false) => "started_on",
        (Milestone::Completed, false) => "completed_on",
        (Milestone::Production, false) => "production_on",
        (Milestone::Capacity, false) => "capacity_on",
        (Milestone::Started, true) => "start_planned",
        (Milestone::Completed, true) => "complete_planned",
        (Milestone::Production, true) => "production_planned",
        _ => return None,
    })
}

impl App {
    /// What moving a project to a stage asks for.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such project or stage for the actor, [`Error::Forbidden`] for who may not edit it.
    pub async fn project_gate(&self, actor: &Actor, programme: i64, code: &str, to: &str) -> Result<Gate> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        allow(&mut tx, actor, &record, edit_right(record.kind)).await?;
        if record.kind != RecordKind::Project {
            return Err(Error::NotFound);
        }
        let entry = store::entry_get(&mut tx, record.id).await?;
        let stages = stage_list(&mut tx, programme).await?;
        let to = stages.iter().find(|stage| stage.code == to).ok_or(Error::NotFound)?;
        gate_of(&mut tx, actor, entry, &stages, to).await
    }
}

/// What moving a project to one of its programme's stages asks for.
pub(crate) async fn gate_of(
    tx: &mut Tx,
    actor: &Actor,
    entry: Entry,
    stages: &[Stage],
    to: &Stage,
) -> Result<Gate> {
    let programme = entry.record.programme;
    let from = stage_of(stages, &entry).cloned();
    let asked = gate::asked(stages, from.as_ref(), to);
    let known = known(tx, &entry).await?;
    let names = names_of(tx, actor, programme, [&entry]).await?;
    let has_phases = has_phases(tx, entry.record.id).await?;
    Ok(Gate { entry, names, from, to: to.clone(), asked, known, has_phases })
}

/// The stage that a project stands at.
pub(crate) fn stage_of<'a>(stages: &'a [Stage], entry: &Entry) -> Option<&'a Stage> {
    let code = entry.text("stage")?;
    stages.iter().find(|stage| stage.code == code)
}

/// The facts that are missing at the stage where a project stands: its own gate and those before it.
pub(crate) async fn missing(tx: &mut Tx, entry: &Entry) -> Result<Vec<Fact>> {
    let stages = stage_list(tx, entry.record.programme).await?;
    let Some(at) = stage_of(&stages, entry) else { return Ok(Vec::new()) };
    // What a whole lacks is asked of its phases.
    if has_phases(tx, entry.record.id).await? {
        return Ok(Vec::new());
    }
    let known = known(tx, entry).await?;
    Ok(gate::due(&stages, at).into_iter().filter(|fact| !known.contains(fact)).collect())
}

/// The facts of gates that are known of a project.
async fn known(tx: &mut Tx, entry: &Entry) -> Result<BTreeSet<Fact>> {
    let permits = of_project(tx, RecordKind::Permit, entry).await?;
    let granted = |kind: &str| {
        permits.iter().any(|permit| {
            permit.text("kind") == Some(kind)
                && matches!(permit.text("status"), Some("granted" | "not_needed"))
        })
    };
    let standing = store::figure_list_standing(tx, entry.record.id, Role::Actual).await?;
    let mut facts = BTreeSet::new();
    for fact in Fact::ALL {
        let is_known = match how(*fact) {
            How::Field(field) => entry.values.contains_key(field.code),
            How::Amount => entry.amount.is_some(),
            How::Permit(kind) => granted(kind),
            How::Figure(measure) => standing.iter().any(|old| old.figure.measure == measure),
            How::Reason => false,
        };
        if is_known {
            facts.insert(*fact);
        }
    }
    Ok(facts)
}

/// The records of a kind that belong to a project, newest first.
pub(crate) async fn of_project(tx: &mut Tx, kind: RecordKind, project: &Entry) -> Result<Vec<Entry>> {
    naming(tx, kind, "project", project.record.programme, project.record.id).await
}

/// Whether a project has phases.
async fn has_phases(tx: &mut Tx, project: i64) -> Result<bool> {
    Ok(!store::project_wholes(tx, &[project]).await?.is_empty())
}

/// The phases of a project, newest first.
pub(crate) async fn phases(tx: &mut Tx, programme: i64, project: i64) -> Result<Vec<Entry>> {
    naming(tx, RecordKind::Project, "parent", programme, project).await
}

/// The records of a kind whose field names a record, newest first.
pub(crate) async fn naming(
    tx: &mut Tx,
    kind: RecordKind,
    field: &str,
    programme: i64,
    id: i64,
) -> Result<Vec<Entry>> {
    let Some(field) = kind.field(field) else { return Ok(Vec::new()) };
    let conditions = vec![Condition::Is(field, id)];
    let filter = ListFilter { conditions, reach: Reach::everything(), ..ListFilter::of(kind) };
    Ok(store::entry_list(tx, programme, &filter, Sort::default(), None, MOST).await?)
}

/// The value that a stage is kept as.
pub(crate) fn stage_value(code: &str) -> Value {
    Value::Text(code.to_owned())
}

/// Law 5: before it is signed a project is open to its teams alone; what rested or ended before that stays theirs.
pub(crate) async fn is_protected(tx: &mut Tx, entry: &Entry) -> Result<bool> {
    if entry.day("signed_on").is_some() || entry.id("agreement").is_some() {
        return Ok(false);
    }
    let stages = stage_list(tx, entry.record.programme).await?;
    match stage_of(&stages, entry).map(|stage| stage.milestone) {
        Some(milestone) if gate::is_aside(milestone) => {
            let signed = |code: &str| {
                let stage = stages.iter().find(|stage| stage.code == code);
                stage.is_some_and(|of| of.milestone >= Milestone::Signed && !gate::is_aside(of.milestone))
            };
            let log = store::record_status_list(tx, entry.record.id).await?;
            Ok(!log.iter().any(|of| signed(&of.status)))
        }
        milestone => Ok(milestone.is_some_and(|milestone| milestone < Milestone::Signed)),
    }
}

/// Rules between a project and what else is stored: phases are one deep, its national code is one of its kind.
pub(crate) async fn check(
    tx: &mut Tx,
    parts: &mut Parts,
    before: Option<&Entry>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    if let Some(Some(Value::Id(parent))) = parts.values.get("parent") {
        let whole = store::entry_get(tx, *parent).await?;
        let has_phases = match before {
            Some(before) => has_phases(tx, before.record.id).await?,
            None => false,
        };
        if whole.id("parent").is_some() || has_phases {
            problems.push(Problem::new("parent", "phase-of-phase"));
        }
    }
    if let Some(Some(Value::Text(code))) = parts.values.get_mut("national_code") {
        match domain::project_code::parse(code) {
            Ok(parsed) => *code = parsed,
            Err(_) => problems.push(Problem::new("national_code", "project-code")),
        }
    }
    Ok(())
}
