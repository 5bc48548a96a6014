//! News of a project that exists: what it would change, and changing what was ticked.

use super::open_claim;
use crate::access::{Actor, Right, allow, open_id};
use crate::entry::{EntryForm, edit_right, parse, save};
use crate::error::{Error, Result};
use crate::meet::picked;
use crate::project::{Gate, StageForm, day_field, gate_of, move_on, read_move, stage_of};
use crate::setting::stage_list;
use crate::{App, change};
use domain::RecordKind;
use domain::record::Value;
use store::{ClaimState, Entry, ProjectClaim, Record, Stage};

/// One thing that news would change of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsChange {
    /// Code of the field; `stage` moves it through its gate.
    pub field: &'static str,
    /// What is known.
    pub before: Option<Value>,
    /// What the news says, as a form sends it.
    pub after: String,
}

/// A project beside the news of it.
#[derive(Debug, Clone)]
pub struct NewsOffer {
    /// The project.
    pub entry: Entry,
    /// What would change; empty where the project says the same already.
    pub changes: Vec<NewsChange>,
    /// The gate of the stage it would enter, with what that asks for.
    pub gate: Option<Gate>,
}

/// What is taken over from news.
#[derive(Debug, Clone, Default)]
pub struct NewsForm {
    /// Code or exact name of the project.
    pub record: String,
    /// Codes of the fields that were ticked, and what they become.
    pub fields: Vec<(String, String)>,
    /// The move to another stage, where it was ticked.
    pub stage: Option<StageForm>,
    /// Claims of amounts that are accepted with it.
    pub money: Vec<i64>,
}

impl App {
    /// What a claim would change of a project.
    ///
    /// # Errors
    /// [`Error::NotFound`] where claim or project is not open to the actor, [`Error::Forbidden`] for who may not edit it.
    pub async fn project_claim_offer(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        code: &str,
    ) -> Result<NewsOffer> {
        let mut tx = self.db.read().await?;
        let claim = store::project_claim_get(&mut tx, id).await?;
        open_id(&mut tx, actor, programme, claim.document, Right::ReviewClaim).await?;
        let record = store::record_by_code(&mut tx, programme, code).await?;
        allow(&mut tx, actor, &record, edit_right(record.kind)).await?;
        if record.kind != store::RecordKind::Project {
            return Err(Error::NotFound);
        }
        let entry = store::entry_get(&mut tx, record.id).await?;
        let names = self.names(&mut tx, programme).await?;
        let owner = super::resolve(&names, &claim).organisation;
        let owner = match owner {
            Some(id) => store::record_list_of(&mut tx, &[id], &actor.reach(programme)).await?.pop(),
            None => None,
        };
        let stages = stage_list(&mut tx, programme).await?;
        let to = stage_to(&stages, &claim, &entry);
        let gate = match to {
            Some(to) => Some(gate_of(&mut tx, actor, entry.clone(), &stages, to).await?),
            None => None,
        };
        let changes = changes(&claim, &entry, owner.as_ref(), to);
        Ok(NewsOffer { entry, changes, gate })
    }

    /// Accepts a claim as news of a project: writes what was ticked, moves the stage through its gate, attaches the quotes.
    ///
    /// # Errors
    /// [`Error::Form`] at a field, at `record`, or naming what the gate misses; [`Error::Conflict`] when it was decided
    /// meanwhile.
    pub async fn project_claim_join(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        form: &NewsForm,
    ) -> Result<Record> {
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = open_claim(&mut tx, actor, programme, id).await?;
        let record = picked(&mut tx, actor, programme, RecordKind::Project, &form.record).await?;
        let before = store::entry_lock(&mut tx, record.id).await?;
        let offered = |field: &str| OFFERED.contains(&field);
        let fields = form.fields.iter().filter(|(field, _)| offered(field)).cloned().collect();
        let edit = EntryForm { fields, ..EntryForm::default() };
        let parts = parse(&mut tx, actor, programme, record.kind, &edit, Some(&before)).await?;
        let opened = change::open(&mut tx, actor, Some(programme), "news-join", None).await?;
        if !parts.values.is_empty() {
            save::update(&mut tx, &opened, &before, &parts, "").await?;
        }
        if let Some(form) = &form.stage {
            let before = store::entry_get(&mut tx, record.id).await?;
            if let Some(step) = read_move(&mut tx, actor, &before, form).await? {
                move_on(&mut tx, actor, &opened, &before, &step, &form.reason).await?;
            }
        }
        crate::entry::settled(&mut tx, actor, &record).await?;
        self.accept(&mut tx, actor, &opened, &claim, &record, &form.money).await?;
        store::entry_touch(&mut tx, &opened, record.id).await?;
        self.commit(tx).await?;
        Ok(record)
    }
}

/// Fields that news may change.
const OFFERED: &[&str] = &[
    "signed_on",
    "started_on",
    "completed_on",
    "production_on",
    "capacity_on",
    "start_planned",
    "complete_planned",
    "production_planned",
    "investor",
    "capacity",
    "content",
];

/// The stage that a claim says the project has reached, where that is ahead of where it stands, or rest or end.
fn stage_to<'a>(stages: &'a [Stage], claim: &ProjectClaim, entry: &Entry) -> Option<&'a Stage> {
    let milestone =
        claim.told.milestone.filter(|_| !claim.told.planned && claim.state == ClaimState::Open)?;
    let at = stage_of(stages, entry);
    stages.iter().find(|stage| stage.milestone == milestone).filter(|to| at.is_none_or(|at| to.ord > at.ord))
}

/// The field and day that a claim gives a new project, where it tells one.
#[must_use]
pub fn news_day(claim: &ProjectClaim) -> Option<(&'static str, String)> {
    claim.told.milestone.and_then(|of| day_field(of, claim.told.planned)).zip(day_of(claim))
}

/// The day of a claim, where it is one day; of a plan the last day of its time.
fn day_of(claim: &ProjectClaim) -> Option<String> {
    let period = claim.told.period;
    let day = match claim.told.planned {
        true => period.to,
        false => period.from.filter(|from| period.to == Some(*from)),
    };
    day.map(|day| day.to_string())
}

fn changes(
    claim: &ProjectClaim,
    entry: &Entry,
    owner: Option<&Record>,
    to: Option<&Stage>,
) -> Vec<NewsChange> {
    let told = &claim.told;
    let words = |mention: &Option<store::Mention>| mention.as_ref().map(|mention| mention.text.clone());
    // What is known of content and firm stays; news of them is for who edits the project.
    let missing = |field: &'static str, after: Option<String>| {
        after.filter(|_| !entry.values.contains_key(field)).map(|after| (field, after))
    };
    let mut offered: Vec<(&'static str, String)> = news_day(claim).into_iter().collect();
    offered.extend(missing("investor", owner.map(|owner| owner.code.clone())));
    offered.extend(words(&told.capacity).map(|capacity| ("capacity", capacity)));
    offered.extend(missing("content", Some(told.name.text.clone())));
    let said = |field: &str, after: &str| match entry.values.get(field) {
        Some(Value::Text(text)) => text == after,
        Some(Value::Day(day)) => day.to_string() == after,
        _ => false,
    };
    let mut changes: Vec<NewsChange> = offered
        .into_iter()
        .filter(|(field, after)| !said(field, after))
        .map(|(field, after)| NewsChange { field, before: entry.values.get(field).cloned(), after })
        .collect();
    if let Some(to) = to {
        let before = entry.values.get("stage").cloned();
        changes.insert(0, NewsChange { field: "stage", before, after: to.code.clone() });
    }
    changes
}
