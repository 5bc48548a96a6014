//! Tasks of an example programme: given once the users of its demo exist, in one change.

use super::{day, parse};
use crate::access::{Actor, Right};
use crate::error::{Error, Result};
use crate::{App, change};
use serde::Deserialize;
use std::path::Path;
use store::{NewTask, Reach, RecordKind, Tx};

/// The file of a folder that holds them.
pub(super) const TASKS_FILE: &str = "tasks.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tasks {
    task: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// The name of the project it is about.
    project: String,
    title: String,
    /// The login of the user who is to do it.
    user: Option<String>,
    /// Or the name of the office.
    office: Option<String>,
    due: Option<String>,
    /// The day it was done.
    done: Option<String>,
    note: Option<String>,
}

impl App {
    /// Gives the tasks of an example's folder, where it has any, as this actor; returns how many.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who enters no records; [`Error::Example`] naming the file and what is wrong in it; then none was
    /// given.
    pub async fn load_tasks(&self, actor: &Actor, programme: i64, folder: &Path) -> Result<usize> {
        let path = folder.join(TASKS_FILE);
        if !path.is_file() {
            return Ok(0);
        }
        actor.require(programme, Right::EditRecord)?;
        let rows = parse::<Tasks>(&path)?.task;
        let mut tx = self.db.write().await?;
        let change = change::open(&mut tx, actor, Some(programme), "task-add", None).await?;
        let mut tasks = Vec::new();
        for row in rows {
            let problem = |what: String| Error::Example {
                file: path.display().to_string(),
                problem: format!("{}: {what}", row.title),
            };
            let project = named(&mut tx, programme, RecordKind::Project, &row.project).await?;
            let project = project.ok_or_else(|| problem(format!("no project is called {}", row.project)))?;
            let (user, office) = match (&row.user, &row.office) {
                (Some(login), None) => {
                    let user = store::user_by_login(&mut tx, login).await?;
                    (Some(user.ok_or_else(|| problem(format!("nobody signs in as {login}")))?.id), None)
                }
                (None, Some(name)) => {
                    let office = named(&mut tx, programme, RecordKind::Office, name).await?;
                    (None, Some(office.ok_or_else(|| problem(format!("no office is called {name}")))?))
                }
                _ => return Err(problem("a user or an office is to do it".into())),
            };
            let due = day(row.due.as_deref(), &path)?;
            let done = day(row.done.as_deref(), &path)?;
            tasks.push((project, NewTask { title: row.title, user, office, due, note: row.note }, done));
        }
        store::task_insert_all(&mut tx, &change, &tasks).await?;
        self.commit(tx).await?;
        Ok(tasks.len())
    }
}

/// The one record of a kind that has this name.
async fn named(tx: &mut Tx, programme: i64, kind: RecordKind, name: &str) -> Result<Option<i64>> {
    let found = store::record_list_named(tx, programme, kind, name, &Reach::everything(), 2).await?;
    Ok(match found[..] {
        [record] => Some(record),
        _ => None,
    })
}
