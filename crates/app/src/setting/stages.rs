//! The stages of a programme's projects, and what their gates ask for.

use super::rows::{Row, SettingRows, changed, refuse, word};
use crate::access::{Actor, Right};
use crate::entry::Problem;
use crate::error::{Error, Result};
use crate::{App, change};
use domain::stage::{Fact, Milestone, default_stages};
use store::{Change, Stage, Tx};

/// Between two stages that follow each other, so that one fits in between.
const STEP: i64 = 10;
/// The highest number that says where a stage stands.
const LAST: i64 = 9_999;

/// A stage as a form sends it.
#[derive(Debug, Clone, Default)]
pub struct StageInput {
    /// Its code; that of the stage it follows, where it is added.
    pub code: String,
    /// Its place among the stages; says nothing where it is added.
    pub ord: String,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Code of its milestone.
    pub milestone: String,
    /// Codes of the facts that its gate asks for.
    pub facts: Vec<String>,
}

impl StageInput {
    fn stage(&self, end: &str, problems: &mut Vec<Problem>) -> Option<Stage> {
        let zh = word(&format!("zh{end}"), &self.zh, problems);
        let en = word(&format!("en{end}"), &self.en, problems);
        let ord = self.ord.trim().parse().ok().filter(|ord| (0..=LAST).contains(ord));
        if ord.is_none() {
            problems.push(Problem::new(&format!("ord{end}"), "number"));
        }
        let milestone = Milestone::from_code(&self.milestone);
        if milestone.is_none() {
            problems.push(Problem::new(&format!("milestone{end}"), "missing"));
        }
        let mut facts: Vec<Fact> = self.facts.iter().filter_map(|code| Fact::from_code(code)).collect();
        facts.sort();
        facts.dedup();
        Some(Stage { code: self.code.clone(), ord: ord?, zh, en, milestone: milestone?, facts })
    }
}

impl App {
    /// The stages of a programme's projects in their order.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn setting_stages(&self, actor: &Actor, programme: i64) -> Result<SettingRows<Stage>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let rows = stages(&mut tx, programme).await?;
        let version = store::change_last_of_rows(&mut tx, "stage", programme).await?;
        Ok(SettingRows { rows, version })
    }

    /// The stages of a programme's projects in their order, as pages name them.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn stage_list(&self, actor: &Actor, programme: i64) -> Result<Vec<Stage>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        stages(&mut tx, programme).await
    }

    /// Saves stages that are there.
    ///
    /// # Errors
    /// [`Error::Form`] naming the fields: `zh_CODE`, `en_CODE`, `ord_CODE`, `milestone_CODE`.
    pub async fn setting_stages_save(
        &self,
        actor: &Actor,
        programme: i64,
        version: i64,
        rows: &[StageInput],
    ) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let now = stages(&mut tx, programme).await?;
        let (mut sent, mut typed, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for input in rows {
            let Some(stage) = input.stage(&format!("_{}", input.code), &mut problems) else { continue };
            let stands = now.iter().find(|of| of.code == input.code).map(Stage::to_json);
            let (key, field) = (input.code.clone(), format!("zh_{}", input.code));
            sent.push(Row { key, field, typed: Some(stage.to_json()), now: stands });
            typed.push(stage);
        }
        refuse(problems)?;
        let write = changed(&mut tx, "stage", programme, version, &sent).await?;
        if write.is_empty() {
            return Ok(());
        }
        let change = change::open(&mut tx, actor, Some(programme), "settings-stages", None).await?;
        keep(&mut tx, &change, programme).await?;
        for at in write {
            sent[at].now.as_ref().ok_or(Error::NotFound)?;
            store::stage_set(&mut tx, &change, &typed[at].code, Some(&typed[at])).await?;
        }
        let mut ords = std::collections::BTreeSet::new();
        let twice = stages(&mut tx, programme).await?.into_iter().filter(|stage| !ords.insert(stage.ord));
        refuse(twice.map(|stage| Problem::new(&format!("ord_{}", stage.code), "ord-taken")).collect())?;
        Ok(tx.commit().await?)
    }

    /// Adds a stage behind another one.
    ///
    /// # Errors
    /// [`Error::Form`] naming the fields: `after`, `zh`, `en`, `milestone`.
    pub async fn setting_stage_add(&self, actor: &Actor, programme: i64, input: &StageInput) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let now = stages(&mut tx, programme).await?;
        let mut problems = Vec::new();
        let typed = StageInput { ord: "0".into(), ..input.clone() }.stage("", &mut problems);
        let after = now.iter().position(|stage| stage.code == input.code);
        if after.is_none() {
            problems.push(Problem::new("after", "missing"));
        }
        refuse(problems)?;
        let (Some(mut stage), Some(after)) = (typed, after) else { return Err(Error::NotFound) };
        let change = change::open(&mut tx, actor, Some(programme), "settings-stages", None).await?;
        keep(&mut tx, &change, programme).await?;
        let base = stage.milestone.code();
        let free = |code: &String| !now.iter().any(|of| of.code == *code);
        stage.code = (2..).map(|n| format!("{base}_{n}")).find(free).ok_or(Error::Conflict)?;
        stage.ord = gap_behind(&mut tx, &change, &now, after).await?;
        store::stage_set(&mut tx, &change, &stage.code, Some(&stage)).await?;
        Ok(tx.commit().await?)
    }

    /// Removes a stage; the last one stays.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none with this code; [`Error::Conflict`] for the last one.
    pub async fn setting_stage_remove(&self, actor: &Actor, programme: i64, code: &str) -> Result<()> {
        actor.require(programme, Right::ManageSettings)?;
        let mut tx = self.db.write().await?;
        store::programme_lock(&mut tx, programme).await?;
        let now = stages(&mut tx, programme).await?;
        if !now.iter().any(|stage| stage.code == code) {
            return Err(Error::NotFound);
        }
        if now.len() == 1 {
            return Err(Error::Conflict);
        }
        let change = change::open(&mut tx, actor, Some(programme), "settings-stages", None).await?;
        keep(&mut tx, &change, programme).await?;
        store::stage_set(&mut tx, &change, code, None).await?;
        Ok(tx.commit().await?)
    }
}

/// The stages of a programme: its own, or those that every programme begins with.
pub(crate) async fn stages(tx: &mut Tx, programme: i64) -> Result<Vec<Stage>> {
    let own = store::stage_list(tx, programme).await?;
    Ok(if own.is_empty() { first_stages() } else { own })
}

fn first_stages() -> Vec<Stage> {
    let ords = (1..).map(|n| n * STEP);
    let stage = |(of, ord): (&domain::stage::StageInfo, i64)| {
        let [code, zh, en] = [of.code, of.zh, of.en].map(str::to_owned);
        let mut facts = of.facts.to_vec();
        facts.sort();
        Stage { code, ord, zh, en, milestone: of.milestone, facts }
    };
    default_stages().iter().zip(ords).map(stage).collect()
}

/// Makes the stages that every programme begins with its own, where it has none: a programme of an earlier version.
pub(crate) async fn keep(tx: &mut Tx, change: &Change, programme: i64) -> Result<()> {
    if store::stage_list(tx, programme).await?.is_empty() {
        for stage in first_stages() {
            store::stage_set(tx, change, &stage.code, Some(&stage)).await?;
        }
    }
    Ok(())
}

/// A free place behind a stage; where there is none, all are set apart anew.
async fn gap_behind(tx: &mut Tx, change: &Change, now: &[Stage], after: usize) -> Result<i64> {
    let ord = now[after].ord;
    let next = now.get(after + 1).map_or(ord + 2 * STEP, |stage| stage.ord);
    if next - ord > 1 {
        return Ok(ord + (next - ord) / 2);
    }
    for (stage, ord) in now.iter().zip((1..).map(|n| n * STEP)) {
        store::stage_set(tx, change, &stage.code, Some(&Stage { ord, ..stage.clone() })).await?;
    }
    let place = i64::try_from(after + 1).map_err(|_| Error::Conflict)?;
    Ok(place * STEP + STEP / 2)
}
