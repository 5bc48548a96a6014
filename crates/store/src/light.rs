//! Lights of projects: what they are decided from, how each stands, and every turn. They are derived from what is entered, so
//! that the changes which wrote that cover them; the log is only added to.

use crate::db::{Param, Row, Tx, params};
use crate::due::owned;
use crate::entry::{RECORD_COLUMNS, RECORD_WIDTH};
use crate::error::{Error, Result};
use crate::reach::Reach;
use crate::record::{Record, record_from};
use domain::light::{Facts, Light};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

statements! {
    PROJECTS = "SELECT record_id FROM project WHERE programme_id = $1 ORDER BY record_id";
    BASIS = "SELECT basis FROM project_light_reckoned WHERE programme_id = $1";
    RECKONED = "INSERT INTO project_light_reckoned (programme_id, basis) VALUES ($1, $2)
        ON CONFLICT (programme_id) DO UPDATE SET basis = excluded.basis";
    GET = "SELECT record_id, light, causes, since FROM project_light WHERE record_id = $1";
    LOG = "SELECT l.day, l.was, l.light, l.causes FROM project_light_log l WHERE l.record_id = $1
        ORDER BY l.id DESC LIMIT $2";
}

/// When a project or anything that belongs to it was last written: its phases, permits, milestones, problems, questions and
/// figures. One that belongs to it is another record, whose change leaves the project's row as it was.
const CHANGED: &str = "(SELECT MAX(z.changed_at) FROM (SELECT r.changed_at
            UNION ALL SELECT y.changed_at FROM permit b CROSS JOIN record y
                WHERE b.programme_id = p.programme_id AND b.project_id = p.record_id AND y.id = b.record_id
            UNION ALL SELECT y.changed_at FROM milestone b CROSS JOIN record y
                WHERE b.programme_id = p.programme_id AND b.project_id = p.record_id AND y.id = b.record_id
            UNION ALL SELECT y.changed_at FROM problem b CROSS JOIN record y
                WHERE b.programme_id = p.programme_id AND b.project_id = p.record_id AND y.id = b.record_id
            UNION ALL SELECT y.changed_at FROM inquiry b CROSS JOIN record y
                WHERE b.programme_id = p.programme_id AND b.project_id = p.record_id AND y.id = b.record_id
            UNION ALL SELECT y.changed_at FROM project b CROSS JOIN record y
                WHERE b.programme_id = p.programme_id AND b.parent_id = p.record_id AND y.id = b.record_id
            UNION ALL SELECT y.changed_at FROM figure b CROSS JOIN record y
                WHERE b.subject_id = p.record_id AND y.id = b.record_id) z)";

/// How a project stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectLight {
    /// Its light.
    pub light: Light,
    /// Why, as JSON that the use cases understand.
    pub causes: String,
    /// Since which day it has this light.
    pub since: Date,
}

/// What the light of a project is decided from, as stored.
#[derive(Debug, Clone)]
pub struct LightFacts {
    /// The project.
    pub record: i64,
    /// Its programme.
    pub programme: i64,
    /// Code of its stage; what it means is for the use cases to say.
    pub stage: Option<String>,
    /// When its record or one that belongs to it was last written.
    pub changed_at: Option<Timestamp>,
    /// The facts, without what the stage means and the day of the last change.
    pub facts: Facts,
    /// How it stands in the database.
    pub now: Option<ProjectLight>,
}

/// A light that was decided anew.
#[derive(Debug, Clone)]
pub struct NewLight {
    /// The project.
    pub record: i64,
    /// Its programme.
    pub programme: i64,
    /// The light it had; none where it never had one.
    pub was: Option<Light>,
    /// How it stands from now on.
    pub now: ProjectLight,
}

/// A turn from one light to another.
#[derive(Debug, Clone)]
pub struct LightTurn {
    /// The day.
    pub day: Date,
    /// The light before; none for the first.
    pub was: Option<Light>,
    /// The light since.
    pub light: Light,
    /// Why, as JSON that the use cases understand.
    pub causes: String,
}

fn light(row: &Row, index: usize) -> Result<Light> {
    row.code(index, Light::from_code)
}

fn day(row: &Row, index: usize) -> Result<Date> {
    row.day(index)?.ok_or_else(|| Error::Damaged("a light without a day".into()))
}

/// The projects of a programme, archived ones too, by id.
///
/// # Errors
/// When the database fails.
pub async fn light_project_list(tx: &mut Tx, programme: i64) -> Result<Vec<i64>> {
    tx.all(PROJECTS, params![programme]).await?.iter().map(|row| row.int(0)).collect()
}

/// Those of these records that nobody writes at this moment, held until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn light_hold(tx: &mut Tx, ids: &[i64]) -> Result<Vec<i64>> {
    let of = tx.dialect().among("r.id", 1);
    let sql = format!("SELECT r.id FROM record r WHERE {of} ORDER BY r.id{{skip_written}}");
    tx.all(&sql, params![tx.dialect().numbers(ids)]).await?.iter().map(|row| row.int(0)).collect()
}

/// What the lights of these projects are decided from; what is no project is left out.
///
/// # Errors
/// When the database fails.
pub async fn light_facts(tx: &mut Tx, ids: &[i64]) -> Result<Vec<LightFacts>> {
    let of = tx.dialect().among("p.record_id", 1);
    // SQLite would take the index of states and look at every open problem for every project.
    let sql = format!(
        "SELECT p.record_id, p.programme_id, p.stage, {CHANGED}, r.archived_at, r.merged_into, p.start_planned,
            p.started_on, p.complete_planned, p.completed_on, p.production_planned, p.production_on, p.progress,
            p.progress_on,
            (SELECT MIN(w.due_on) FROM problem w JOIN record x ON x.id = w.record_id
                WHERE w.programme_id = p.programme_id AND w.project_id = p.record_id AND COALESCE(w.status, '') = 'open'
                AND x.archived_at IS NULL),
            (SELECT MIN(m.due_on) FROM milestone m JOIN record x ON x.id = m.record_id
                WHERE m.programme_id = p.programme_id AND m.project_id = p.record_id AND m.met_on IS NULL
                AND x.archived_at IS NULL),
            l.light, l.causes, l.since
         FROM project p JOIN record r ON r.id = p.record_id LEFT JOIN project_light l ON l.record_id = p.record_id
         WHERE {of} ORDER BY p.record_id"
    );
    tx.all(&sql, params![tx.dialect().numbers(ids)]).await?.iter().map(facts).collect()
}

fn facts(row: &Row) -> Result<LightFacts> {
    let archived = row.opt_text(4)?.is_some() || row.opt_int(5)?.is_some();
    let facts = Facts {
        reached: None,
        archived,
        start_planned: row.day(6)?,
        started_on: row.day(7)?,
        complete_planned: row.day(8)?,
        completed_on: row.day(9)?,
        production_planned: row.day(10)?,
        production_on: row.day(11)?,
        progress: row.opt_int(12)?,
        progress_on: row.day(13)?,
        changed_on: None,
        problem_due: row.day(14)?,
        milestone_due: row.day(15)?,
    };
    let now = match row.opt_text(16)? {
        None => None,
        Some(_) => Some(ProjectLight { light: light(row, 16)?, causes: row.text(17)?, since: day(row, 18)? }),
    };
    Ok(LightFacts {
        record: row.int(0)?,
        programme: row.int(1)?,
        stage: row.opt_text(2)?,
        changed_at: row.opt_instant(3)?,
        facts,
        now,
    })
}

/// Stores lights that were decided anew, and logs those that turned on a day. A project that never had a light and has none
/// now did not turn.
///
/// # Errors
/// When the database fails.
pub async fn light_put(tx: &mut Tx, lights: &[NewLight], day: Date) -> Result<()> {
    let dialect = tx.dialect();
    let (mut rows, mut values) = (Vec::new(), Vec::<Param>::new());
    for of in lights {
        rows.push(places(dialect, values.len(), 5));
        let now = &of.now;
        values.extend(params![of.record, of.programme, now.light.code(), now.causes.as_str(), now.since]);
    }
    if !rows.is_empty() {
        let sql = format!(
            "INSERT INTO project_light (record_id, programme_id, light, causes, since) VALUES {}
             ON CONFLICT (record_id) DO UPDATE SET light = excluded.light, causes = excluded.causes, since = excluded.since",
            rows.join(", ")
        );
        tx.execute(&sql, values).await?;
    }
    let (mut rows, mut values) = (Vec::new(), Vec::<Param>::new());
    for of in lights.iter().filter(|of| of.was.unwrap_or(Light::None) != of.now.light) {
        rows.push(places(dialect, values.len(), 6));
        let was = of.was.map(Light::code);
        let (light, causes) = (of.now.light.code(), of.now.causes.as_str());
        values.extend(params![of.programme, of.record, day, was, light, causes]);
    }
    if !rows.is_empty() {
        let sql = format!(
            "INSERT INTO project_light_log (programme_id, record_id, day, was, light, causes) VALUES {}",
            rows.join(", ")
        );
        tx.execute(&sql, values).await?;
    }
    Ok(())
}

fn places(dialect: crate::dialect::Dialect, from: usize, count: usize) -> String {
    let places: Vec<String> = (from + 1..=from + count).map(|n| dialect.place(n)).collect();
    format!("({})", places.join(", "))
}

/// For what the lights of a programme were last reckoned: a text of the use cases.
///
/// # Errors
/// When the database fails.
pub async fn light_basis(tx: &mut Tx, programme: i64) -> Result<Option<String>> {
    tx.optional(BASIS, params![programme]).await?.map(|row| row.text(0)).transpose()
}

/// Notes for what the lights of a programme were reckoned.
///
/// # Errors
/// When the database fails.
pub async fn light_reckoned(tx: &mut Tx, programme: i64, basis: &str) -> Result<()> {
    tx.execute(RECKONED, params![programme, basis]).await?;
    Ok(())
}

/// How a project stands; none where it was never reckoned. Says nothing of who may see it.
///
/// # Errors
/// When the database fails.
pub async fn light_get(tx: &mut Tx, record: i64) -> Result<Option<ProjectLight>> {
    let stands =
        |row: Row| Ok(ProjectLight { light: light(&row, 1)?, causes: row.text(2)?, since: day(&row, 3)? });
    tx.optional(GET, params![record]).await?.map(stands).transpose()
}

/// The lights of these projects by record. Says nothing of who may see them.
///
/// # Errors
/// When the database fails.
pub async fn light_map(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, Light>> {
    let of = tx.dialect().among("record_id", 1);
    let sql = format!("SELECT record_id, light FROM project_light WHERE {of}");
    let rows = tx.all(&sql, params![tx.dialect().numbers(ids)]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, light(row, 1)?))).collect()
}

/// The last turns of a project, newest first. Says nothing of who may see it.
///
/// # Errors
/// When the database fails.
pub async fn light_log(tx: &mut Tx, record: i64, limit: i64) -> Result<Vec<LightTurn>> {
    let rows = tx.all(LOG, params![record, limit]).await?;
    rows.iter().map(|row| turn(row, 0)).collect()
}

fn turn(row: &Row, at: usize) -> Result<LightTurn> {
    let was = match row.opt_text(at + 1)? {
        None => None,
        Some(_) => Some(light(row, at + 1)?),
    };
    Ok(LightTurn { day: day(row, at)?, was, light: light(row, at + 2)?, causes: row.text(at + 3)? })
}

/// The projects with a light whose causes hold a text, those longest in it last; of these offices only, where given.
///
/// # Errors
/// When the database fails.
pub async fn light_list_caused(
    tx: &mut Tx,
    programme: i64,
    (cause, offices): (&str, Option<&[i64]>),
    reach: &Reach,
    limit: i64,
) -> Result<Vec<(Record, ProjectLight)>> {
    let mut values = params![programme, format!("%{cause}%"), limit];
    let mut clause = reach.clause("r", &mut values);
    if let Some(offices) = offices {
        clause = format!("{clause} AND {}", owned(tx, ("project", Some("k")), offices, &mut values));
    }
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, l.light, l.causes, l.since FROM project_light l JOIN record r ON r.id = l.record_id
         JOIN project k ON k.record_id = l.record_id
         WHERE l.programme_id = $1 AND l.light IN ('yellow', 'red') AND l.causes LIKE $2 AND r.archived_at IS NULL AND {clause}
         ORDER BY l.since DESC, l.record_id DESC LIMIT $3"
    );
    let rows = tx.all(&sql, values).await?;
    let stands = |row: &Row| {
        let at = RECORD_WIDTH;
        Ok::<_, Error>(ProjectLight {
            light: light(row, at)?,
            causes: row.text(at + 1)?,
            since: day(row, at + 2)?,
        })
    };
    rows.iter().map(|row| Ok((record_from(row)?, stands(row)?))).collect()
}

/// The turns of a programme's projects since a day, newest first, of those that can be seen; the first light that a project
/// ever had is no turn.
///
/// # Errors
/// When the database fails.
pub async fn light_turns(
    tx: &mut Tx,
    programme: i64,
    since: Date,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<(Record, LightTurn)>> {
    let mut values = params![programme, since, limit];
    let clause = reach.clause("r", &mut values);
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, l.day, l.was, l.light, l.causes FROM project_light_log l
         JOIN record r ON r.id = l.record_id
         WHERE l.programme_id = $1 AND l.day >= $2 AND l.was IS NOT NULL AND {clause}
         ORDER BY l.day DESC, l.id DESC LIMIT $3"
    );
    let rows = tx.all(&sql, values).await?;
    rows.iter().map(|row| Ok((record_from(row)?, turn(row, RECORD_WIDTH)?))).collect()
}
