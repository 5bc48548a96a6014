//! Lights of projects: reckoned once a day for the whole programme, and for one project right after it was written.

use super::BESIDE;
use crate::access::{Actor, Right, open};
use crate::error::Result;
use crate::setting::stage_list;
use crate::{App, change};
use domain::RecordKind;
use domain::light::{Cause, CauseKind, Facts, Light, Thresholds, light};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{LightFacts, LightTurn, NewLight, ProjectLight, Record, Stage, Tx};

/// The setting that says after how many months a missed day is red.
pub const LIGHT_MONTHS: &str = "light_red_months";
/// The setting that says from how many percentage points behind its plan a project is yellow.
pub const LIGHT_YELLOW: &str = "light_yellow_points";
/// The setting that says beyond how many percentage points behind its plan a project is red.
pub const LIGHT_RED: &str = "light_red_points";
/// The setting that says after how many months without a change a project is silent.
pub const LIGHT_SILENT: &str = "light_silent_months";
/// The settings of the lights.
pub const LIGHT_SETTINGS: [&str; 4] = [LIGHT_MONTHS, LIGHT_YELLOW, LIGHT_RED, LIGHT_SILENT];

/// Projects whose lights are written in one transaction, so that who writes waits a moment only.
const BATCH: usize = 500;
/// Turns that a page shows.
const TURNS: i64 = 200;

/// A light with its causes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The light.
    pub light: Light,
    /// Why, the worst first.
    pub causes: Vec<Cause>,
    /// Since which day.
    pub since: Date,
}

impl Standing {
    pub(crate) fn of(light: &ProjectLight) -> Self {
        Self { light: light.light, causes: from_json(&light.causes), since: light.since }
    }
}

/// What a light's stored causes hold where this is one of them.
pub(crate) fn of_cause(kind: CauseKind) -> String {
    format!("\"kind\":\"{}\"", kind.code())
}

/// A turn of a project from one light to another.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The project.
    pub record: Record,
    /// The day.
    pub day: Date,
    /// The light before; none for its first.
    pub was: Option<Light>,
    /// The light since.
    pub light: Light,
    /// Why.
    pub causes: Vec<Cause>,
}

/// The value of a setting of lights: months up to five years, or percentage points.
pub(crate) fn threshold(key: &str, value: &str) -> Option<i64> {
    let most = if key == LIGHT_YELLOW || key == LIGHT_RED { 100 } else { 60 };
    value.trim().parse().ok().filter(|of| (1..=most).contains(of))
}

/// What the lights of a programme are reckoned by.
struct Rules {
    thresholds: Thresholds,
    stages: Vec<Stage>,
    zone: TimeZone,
    today: Date,
}

impl Rules {
    async fn load(tx: &mut Tx, programme: i64, now: Timestamp) -> Result<Self> {
        let mut thresholds = Thresholds::default();
        for (key, value) in store::setting_list(tx, Some(programme)).await? {
            let Some(value) = threshold(&key, &value) else { continue };
            match key.as_str() {
                LIGHT_MONTHS => thresholds.red_months = value,
                LIGHT_YELLOW => thresholds.yellow_points = value,
                LIGHT_RED => thresholds.red_points = value,
                LIGHT_SILENT => thresholds.silent_months = value,
                _ => {}
            }
        }
        let local = change::local(tx, Some(programme), now).await?;
        let stages = stage_list(tx, programme).await?;
        Ok(Self { thresholds, stages, zone: local.time_zone().clone(), today: local.date() })
    }

    /// What tells one reckoning from another: the day, the thresholds, what the stages mean.
    fn basis(&self) -> String {
        let stages = self.stages.iter().map(|stage| (stage.code.as_str(), stage.milestone.code()));
        let stages: BTreeMap<_, _> = stages.collect();
        let of = &self.thresholds;
        let thresholds = [of.red_months, of.yellow_points, of.red_points, of.silent_months];
        json!([self.today.to_string(), thresholds, stages]).to_string()
    }

    /// The light of a project, where it is not stored like this already.
    fn decide(&self, of: &LightFacts) -> Option<NewLight> {
        let stage = of.stage.as_ref().and_then(|code| self.stages.iter().find(|stage| stage.code == *code));
        let facts = Facts {
            reached: stage.map(|stage| stage.milestone),
            changed_on: of.changed_at.map(|at| at.to_zoned(self.zone.clone()).date()),
            ..of.facts
        };
        let (light, causes) = light(&facts, &self.thresholds, self.today);
        let causes = to_json(&causes);
        let was = of.now.as_ref().map(|now| now.light);
        if of.now.as_ref().is_some_and(|now| (now.light, &now.causes) == (light, &causes)) {
            return None;
        }
        let since = of.now.as_ref().filter(|now| now.light == light).map_or(self.today, |now| now.since);
        let now = ProjectLight { light, causes, since };
        Some(NewLight { record: of.record, programme: of.programme, was, now })
    }

    async fn reckon(&self, tx: &mut Tx, ids: &[i64]) -> Result<()> {
        let facts = store::light_facts(tx, ids).await?;
        let lights: Vec<NewLight> = facts.iter().filter_map(|of| self.decide(of)).collect();
        Ok(store::light_put(tx, &lights, self.today).await?)
    }
}

/// The light of one project right after it, or what belongs to it, was written.
pub(crate) async fn reckon(tx: &mut Tx, programme: i64, project: i64, now: Timestamp) -> Result<()> {
    let rules = Rules::load(tx, programme, now).await?;
    rules.reckon(tx, &[project]).await
}

/// The same of many projects, each once.
pub(crate) async fn reckon_all(tx: &mut Tx, programme: i64, projects: &[i64], now: Timestamp) -> Result<()> {
    if projects.is_empty() {
        return Ok(());
    }
    let rules = Rules::load(tx, programme, now).await?;
    for part in projects.chunks(BATCH) {
        rules.reckon(tx, part).await?;
    }
    Ok(())
}

/// The same of the projects among many records of a kind, and of those that they belong to.
pub(crate) async fn reckon_with(
    tx: &mut Tx,
    programme: i64,
    kind: RecordKind,
    ids: &[i64],
    now: Timestamp,
) -> Result<()> {
    let mut projects: BTreeSet<i64> = BTreeSet::new();
    if kind == RecordKind::Project {
        projects.extend(ids);
    } else if BESIDE.contains(&kind) {
        let entries = store::entry_list_of(tx, kind, ids).await?;
        projects.extend(entries.iter().filter_map(|entry| entry.id("project")));
    }
    reckon_all(tx, programme, &projects.into_iter().collect::<Vec<_>>(), now).await
}

fn to_json(causes: &[Cause]) -> String {
    let cause = |of: &Cause| json!({ "kind": of.kind.code(), "light": of.light.code(), "day": of.day.to_string(), "points": of.points });
    Value::from(causes.iter().map(cause).collect::<Vec<_>>()).to_string()
}

fn from_json(text: &str) -> Vec<Cause> {
    let all: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
    let cause = |of: &Value| {
        Some(Cause {
            kind: CauseKind::from_code(of["kind"].as_str()?)?,
            light: Light::from_code(of["light"].as_str()?)?,
            day: of["day"].as_str()?.parse().ok()?,
            points: of["points"].as_i64()?,
        })
    };
    all.iter().filter_map(cause).collect()
}

fn turn(record: Record, of: &LightTurn) -> Turn {
    Turn { record, day: of.day, was: of.was, light: of.light, causes: from_json(&of.causes) }
}

impl App {
    /// Reckons the lights of a programme anew where its day, its thresholds or its stages are others than at the last time;
    /// says whether it did.
    pub(crate) async fn refresh_lights(&self, programme: i64, now: Timestamp) -> Result<bool> {
        let mut tx = self.db.read().await?;
        let rules = Rules::load(&mut tx, programme, now).await?;
        let basis = rules.basis();
        if store::light_basis(&mut tx, programme).await?.is_some_and(|of| of == basis) {
            return Ok(false);
        }
        let mut left = store::light_project_list(&mut tx, programme).await?;
        drop(tx);
        // What somebody writes at this moment comes once more at the end.
        for _ in 0..2 {
            let mut written = Vec::new();
            for ids in left.chunks(BATCH) {
                let mut tx = self.db.write().await?;
                let held = store::light_hold(&mut tx, ids).await?;
                rules.reckon(&mut tx, &held).await?;
                tx.commit().await?;
                written.extend(ids.iter().filter(|id| held.binary_search(id).is_err()));
            }
            left = written;
        }
        let mut tx = self.db.write().await?;
        store::light_reckoned(&mut tx, programme, &basis).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// How a project stands, with its last turns, newest first; none where it was not reckoned yet.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] where there is no such record for the actor.
    pub async fn project_light(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
    ) -> Result<(Record, Option<Standing>, Vec<Turn>)> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        if record.kind != RecordKind::Project {
            return Ok((record, None, Vec::new()));
        }
        let now = store::light_get(&mut tx, record.id).await?;
        let now = now.as_ref().map(Standing::of);
        let log = store::light_log(&mut tx, record.id, TURNS).await?;
        let turns = log.iter().map(|of| turn(record.clone(), of)).collect();
        Ok((record, now, turns))
    }

    /// The projects that turned from one light to another since so many days, newest first, as far as the actor sees them.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for a programme that is not open to the actor.
    pub async fn project_turns(&self, actor: &Actor, programme: i64, days: i64) -> Result<Vec<Turn>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let today = change::local(&mut tx, Some(programme), actor.at).await?.date();
        let since = today.checked_sub(days.days()).unwrap_or(today);
        let reach = actor.reach(programme);
        let turns = store::light_turns(&mut tx, programme, since, &reach, TURNS).await?;
        Ok(turns.into_iter().map(|(record, of)| turn(record, &of)).collect())
    }
}
