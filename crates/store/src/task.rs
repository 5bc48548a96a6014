//! Tasks on records: what somebody is to do, by a day. A row is added, done, and taken back; nothing counts them by person.

use crate::bulk::{Common, Rows};
use crate::change::{Change, created, field};
use crate::db::{Param, Row, Tx, params};
use crate::entry::{RECORD_COLUMNS, RECORD_WIDTH};
use crate::error::Result;
use crate::reach::{Reach, ReachKey};
use crate::record::{Record, record_from};
use jiff::civil::Date;
use serde_json::json;

statements! {
    INSERT = "INSERT INTO task (programme_id, record_id, title, user_id, office_id, due_on, note, made_by, change_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
    STATE = "SELECT record_id, done_on, removed_change_id FROM task WHERE id = $1{for_update}";
    DONE = "UPDATE task SET done_on = $2, done_by = $3 WHERE id = $1";
    REMOVE = "UPDATE task SET removed_change_id = $2 WHERE id = $1";
}

/// A task to add.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewTask {
    /// What is to be done.
    pub title: String,
    /// The user who is to do it.
    pub user: Option<i64>,
    /// The office that is to do it.
    pub office: Option<i64>,
    /// The day it is due.
    pub due: Option<Date>,
    /// What else is to be known.
    pub note: Option<String>,
}

/// A task as it is stored.
#[derive(Debug, Clone)]
pub struct Task {
    /// Identity.
    pub id: i64,
    /// The record it is about.
    pub record: Record,
    /// What it says.
    pub task: NewTask,
    /// Name of the user who is to do it.
    pub user_name: Option<String>,
    /// The office that is to do it: its names.
    pub office: Option<(String, Option<String>)>,
    /// Who made it.
    pub made_by: Option<String>,
    /// The day it was done.
    pub done_on: Option<Date>,
    /// Who did it.
    pub done_by: Option<String>,
}

/// Which tasks are asked for.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// Those on this record only.
    pub record: Option<i64>,
    /// Those of this user, or of one of these offices; of any office where none is named.
    pub owner: Option<(i64, Option<Vec<i64>>)>,
    /// Those on records with a party region in this region's tree.
    pub region: Option<i64>,
    /// Those without a day.
    pub undated: bool,
    /// Those that are not done.
    pub open: bool,
    /// Those due from this day on.
    pub from: Option<Date>,
    /// Those due up to this day.
    pub to: Option<Date>,
    /// The records within reach.
    pub reach: Reach,
}

/// Adds a task to a record.
///
/// # Errors
/// When the database fails, or the change belongs to no programme.
pub async fn task_insert(tx: &mut Tx, change: &Change, record: i64, new: &NewTask) -> Result<i64> {
    let (title, note) = (&new.title, new.note.as_deref());
    let values =
        params![change.programme, record, title, new.user, new.office, new.due, note, change.user, change.id];
    let id = tx.int(INSERT, values).await?;
    let due = new.due.map(|day| day.to_string());
    created(tx, change, record, "task", id, json!({ "task_title": title, "due_on": due, "note": note }))
        .await?;
    Ok(id)
}

/// Gives many tasks at once, some done since; no record has two of one title.
///
/// # Errors
/// When the database fails.
pub async fn task_insert_all(
    tx: &mut Tx,
    change: &Change,
    tasks: &[(i64, NewTask, Option<Date>)],
) -> Result<()> {
    let mut common = Common::new();
    let columns = "programme_id, record_id, title, user_id, office_id, due_on, note, made_by, change_id, done_on, done_by";
    let mut rows = Rows::new("task", columns);
    for (record, new, done) in tasks {
        rows.values.extend(params![change.programme, *record, &new.title, new.user, new.office, new.due]);
        rows.values.extend(params![&new.note, change.user, change.id, *done, done.and(change.user)]);
    }
    let ids = rows.write_keyed(tx, "CAST(record_id AS TEXT) || ' ' || title").await?;
    for (record, new, done) in tasks {
        let id = ids.get(&format!("{record} {}", new.title)).copied();
        let id = id.ok_or_else(|| crate::Error::Damaged("a task was not written".into()))?;
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        let row = json!({ "task_title": new.title, "due_on": day(new.due), "note": new.note, "done_on": day(*done) });
        common.created(change, *record, ("task", id), &row);
    }
    common.write(tx).await
}

/// Notes the day a task was done, or that it is not.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn task_set_done(tx: &mut Tx, change: &Change, id: i64, done: Option<Date>) -> Result<()> {
    let row = tx.one(STATE, params![id]).await?;
    let by = done.and(change.user);
    tx.execute(DONE, params![id, done, by]).await?;
    let day = |day: Option<Date>| day.map(|day| json!(day.to_string()));
    field(tx, change, row.int(0)?, ("task", id, "done_on"), day(row.day(1)?), day(done)).await
}

/// Takes a task back, or puts it back.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn task_set_removed(tx: &mut Tx, change: &Change, id: i64, removed: bool) -> Result<()> {
    let row = tx.one(STATE, params![id]).await?;
    tx.execute(REMOVE, params![id, removed.then_some(change.id)]).await?;
    let was = row.opt_int(2)?.is_some();
    field(tx, change, row.int(0)?, ("task", id, "removed"), Some(json!(was)), Some(json!(removed))).await
}

/// Tasks of a programme as far as their records can be seen, those due first in front, those without a day last.
///
/// # Errors
/// When the database fails.
pub async fn task_list(tx: &mut Tx, programme: i64, filter: &TaskFilter, limit: i64) -> Result<Vec<Task>> {
    let mut values = params![programme, limit];
    let mut conditions = vec!["t.programme_id = $1 AND t.removed_change_id IS NULL".to_owned()];
    let mut with = |sql: &str, value: Param| {
        values.push(value);
        conditions.push(sql.replace('?', &format!("${}", values.len())));
    };
    if let Some(record) = filter.record {
        with("t.record_id = ?", record.into());
    }
    if let Some(day) = filter.from {
        with("t.due_on >= ?", day.into());
    }
    if let Some(day) = filter.to {
        with("t.due_on <= ?", day.into());
    }
    if let Some((user, offices)) = &filter.owner {
        values.push((*user).into());
        let user = values.len();
        let office = match offices {
            None => "t.office_id IS NOT NULL".to_owned(),
            Some(offices) => {
                values.push(tx.dialect().numbers(offices).into());
                tx.dialect().among("t.office_id", values.len())
            }
        };
        conditions.push(format!("(t.user_id = ${user} OR {office})"));
    }
    if let Some(region) = filter.region {
        values.push(ReachKey::Region(region).to_string().into());
        conditions.push(format!(
            "EXISTS (SELECT 1 FROM record_reach x WHERE x.record_id = r.id AND x.key = ${})",
            values.len()
        ));
    }
    if filter.undated {
        conditions.push("t.due_on IS NULL".to_owned());
    }
    if filter.open {
        conditions.push("t.done_on IS NULL AND r.archived_at IS NULL".to_owned());
    }
    conditions.push(filter.reach.clause("r", &mut values));
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, t.id, t.title, t.user_id, t.office_id, t.due_on, t.note, u.name, o.title, o.title_en,
            m.name, t.done_on, d.name
         FROM task t JOIN record r ON r.id = t.record_id LEFT JOIN app_user u ON u.id = t.user_id
         LEFT JOIN record o ON o.id = t.office_id LEFT JOIN app_user m ON m.id = t.made_by
         LEFT JOIN app_user d ON d.id = t.done_by
         WHERE {} ORDER BY CASE WHEN t.done_on IS NULL THEN 0 ELSE 1 END, COALESCE(t.due_on, '9999-12-31'), t.id LIMIT $2",
        conditions.join(" AND ")
    );
    tx.all(&sql, values).await?.iter().map(task).collect()
}

/// A task of a programme, whoever sees its record; none where it was taken back.
///
/// # Errors
/// When the database fails.
pub async fn task_get(tx: &mut Tx, programme: i64, id: i64) -> Result<Option<Task>> {
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, t.id, t.title, t.user_id, t.office_id, t.due_on, t.note, NULL, NULL, NULL, NULL,
            t.done_on, NULL
         FROM task t JOIN record r ON r.id = t.record_id
         WHERE t.id = $1 AND t.programme_id = $2 AND t.removed_change_id IS NULL"
    );
    tx.optional(&sql, params![id, programme]).await?.as_ref().map(task).transpose()
}

fn task(row: &Row) -> Result<Task> {
    let at = RECORD_WIDTH;
    let office = row.opt_text(at + 7)?;
    Ok(Task {
        record: record_from(row)?,
        id: row.int(at)?,
        task: NewTask {
            title: row.text(at + 1)?,
            user: row.opt_int(at + 2)?,
            office: row.opt_int(at + 3)?,
            due: row.day(at + 4)?,
            note: row.opt_text(at + 5)?,
        },
        user_name: row.opt_text(at + 6)?,
        office: office.map(|title| Ok::<_, crate::Error>((title, row.opt_text(at + 8)?))).transpose()?,
        made_by: row.opt_text(at + 9)?,
        done_on: row.day(at + 10)?,
        done_by: row.opt_text(at + 11)?,
    })
}
