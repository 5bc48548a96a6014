//! Tasks on records: anybody who may edit a record adds one, to themselves, to a colleague or to an office; who it is given to,
//! or who may edit the record, marks it done.

use crate::access::{Actor, Right, allow, open};
use crate::entry::{EntryDetail, Problem, edit_right};
use crate::error::{Error, Result};
use crate::notice::{notify, notify_of};
use crate::{App, change, typed};
use domain::RecordKind;
use domain::record::DAYS;
use jiff::civil::Date;
use std::collections::BTreeSet;
use store::{Change, Entry, NewNotice, NewTask, Reach, Record, Task, TaskFilter, Tx};

/// Tasks of one record that its page shows.
const SHOWN: i64 = 200;
/// Colleagues that a form offers.
const COLLEAGUES: i64 = 100;
/// Fields that name an office which may be given a task.
const OFFICES: &[&str] = &["owner", "next_owner", "team", "task_force", "office"];

/// A task as it was typed.
#[derive(Debug, Clone, Default)]
pub struct TaskInput {
    /// What is to be done.
    pub title: String,
    /// Whose it is: the key of a [`TaskOwner`].
    pub owner: String,
    /// The day it is due.
    pub due: String,
    /// What else is to be known.
    pub note: String,
}

/// Who a task of a record can be given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskOwner {
    /// A user, by login and name.
    User(String, String),
    /// An office: its code and titles.
    Office(String, String, Option<String>),
}

impl TaskOwner {
    /// What a form sends for it.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::User(login, _) => format!("u:{login}"),
            Self::Office(code, ..) => format!("o:{code}"),
        }
    }
}

/// The tasks of a record, and whom the actor may give further ones to: nobody where the actor may not add any.
#[derive(Debug, Clone, Default)]
pub struct RecordTasks {
    /// Open ones first.
    pub tasks: Vec<Task>,
    /// The actor first.
    pub owners: Vec<TaskOwner>,
    /// Whether the actor may mark all of them done, not only their own.
    pub editable: bool,
}

impl App {
    /// The tasks of a record that was just read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_tasks(&self, actor: &Actor, detail: &EntryDetail) -> Result<RecordTasks> {
        let record = &detail.entry.record;
        let mut tx = self.db.read().await?;
        let filter =
            TaskFilter { record: Some(record.id), reach: Reach::everything(), ..TaskFilter::default() };
        let tasks = store::task_list(&mut tx, record.programme, &filter, SHOWN).await?;
        let editable = detail.editable && takes_tasks(record);
        let owners = match editable {
            true => owners(&mut tx, actor, record.programme, offices(&detail.entry).collect()).await?,
            false => Vec::new(),
        };
        let owners = owners.into_iter().map(|(owner, _)| owner).collect();
        Ok(RecordTasks { tasks, owners, editable })
    }

    /// Adds a task to a record and tells whoever it is given to. One that stands there open in the same words is not added
    /// twice.
    ///
    /// # Errors
    /// [`Error::Form`] naming every field that cannot be taken; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn task_add(&self, actor: &Actor, programme: i64, code: &str, input: &TaskInput) -> Result<()> {
        let mut tx = self.db.write().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        allow(&mut tx, actor, &record, edit_right(record.kind)).await?;
        let record = store::record_lock(&mut tx, record.id).await?;
        let today = change::local(&mut tx, Some(programme), actor.at).await?.date();
        let new = read(&mut tx, actor, &record, input, today).await?;
        let filter = TaskFilter {
            record: Some(record.id),
            open: true,
            reach: Reach::everything(),
            ..TaskFilter::default()
        };
        let standing = store::task_list(&mut tx, programme, &filter, SHOWN).await?;
        if standing.iter().any(|old| old.task == new) {
            return Ok(());
        }
        let change = change::open(&mut tx, actor, Some(programme), "task-add", None).await?;
        store::task_insert(&mut tx, &change, record.id, &new).await?;
        tell(&mut tx, &change, &record, &new).await?;
        self.commit(tx).await
    }

    /// Marks a task done as of today, or open again; the change, which can be undone, or none where it stood so already.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such task for the actor; [`Error::Forbidden`] for who neither has it nor may edit
    /// its record.
    pub async fn task_set_done(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        done: bool,
    ) -> Result<(Record, Option<i64>)> {
        let mut tx = self.db.write().await?;
        let task = held(&mut tx, actor, programme, id).await?;
        if task.done_on.is_some() == done {
            return Ok((task.record, None));
        }
        let kind = if done { "task-done" } else { "task-reopen" };
        let change = change::open(&mut tx, actor, Some(programme), kind, None).await?;
        store::task_set_done(&mut tx, &change, id, done.then_some(change.day)).await?;
        self.commit(tx).await?;
        Ok((task.record, Some(change.id)))
    }

    /// Takes a task back; the history keeps it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such task for the actor; [`Error::Forbidden`] for who may not edit its record.
    pub async fn task_remove(&self, actor: &Actor, programme: i64, id: i64) -> Result<(Record, i64)> {
        let mut tx = self.db.write().await?;
        let task = task(&mut tx, actor, programme, id).await?;
        allow(&mut tx, actor, &task.record, edit_right(task.record.kind)).await?;
        let change = change::open(&mut tx, actor, Some(programme), "task-remove", None).await?;
        store::task_set_removed(&mut tx, &change, id, true).await?;
        self.commit(tx).await?;
        Ok((task.record, change.id))
    }
}

/// A contact is a person, whose name does not belong on a list of things to do.
fn takes_tasks(record: &Record) -> bool {
    record.kind != RecordKind::Contact && !record.archived && record.merged_into.is_none()
}

/// A task whose record the actor sees, held until the transaction ends.
async fn task(tx: &mut Tx, actor: &Actor, programme: i64, id: i64) -> Result<Task> {
    let found = store::task_get(tx, programme, id).await?.ok_or(Error::NotFound)?;
    allow(tx, actor, &found.record, Right::View).await?;
    store::record_lock(tx, found.record.id).await?;
    store::task_get(tx, programme, id).await?.ok_or(Error::NotFound)
}

async fn held(tx: &mut Tx, actor: &Actor, programme: i64, id: i64) -> Result<Task> {
    let task = task(tx, actor, programme, id).await?;
    let own = task.task.user.is_some() && task.task.user == actor.user;
    if !own && !task.task.office.is_some_and(|office| actor.offices(programme).contains(&office)) {
        allow(tx, actor, &task.record, edit_right(task.record.kind)).await?;
    }
    Ok(task)
}

async fn tell(tx: &mut Tx, change: &Change, record: &Record, new: &NewTask) -> Result<()> {
    let args = [new.title.clone()];
    let notice = NewNotice {
        record: Some(record.id),
        kind: "task",
        args: &args,
        due: new.due,
        ..NewNotice::default()
    };
    match (new.user, new.office) {
        (Some(user), _) => notify(tx, change, &[user], &notice).await,
        (None, Some(office)) => notify_of(tx, change, &[office], &notice).await,
        (None, None) => Ok(()),
    }
}

async fn read(
    tx: &mut Tx,
    actor: &Actor,
    record: &Record,
    input: &TaskInput,
    today: Date,
) -> Result<NewTask> {
    if !takes_tasks(record) {
        return Err(Error::Form(vec![Problem::new("title", "unknown")]));
    }
    let mut problems = Vec::new();
    let mut text = |field: &'static str, text: &str| match typed::optional(field, text) {
        Ok(text) => text,
        Err(_) => {
            problems.push(Problem::hinting(field, "too-long", typed::MAX_CHARS));
            None
        }
    };
    let (title, note) = (text("title", &input.title), text("note", &input.note));
    if title.is_none() && input.title.trim().is_empty() {
        problems.push(Problem::new("title", "missing"));
    }
    let due = match input.due.trim() {
        "" => None,
        text => match text.parse::<Date>() {
            Ok(day) if !(DAYS.0..=DAYS.1).contains(&day) => {
                problems.push(Problem::new("due", "far-date"));
                None
            }
            Ok(day) if day < today => {
                problems.push(Problem::hinting("due", "past", today));
                None
            }
            Ok(day) => Some(day),
            Err(_) => {
                problems.push(Problem::new("due", "date"));
                None
            }
        },
    };
    let mut new = NewTask { title: title.unwrap_or_default(), due, note, ..NewTask::default() };
    let named = named_offices(tx, record).await?;
    let offered = owners(tx, actor, record.programme, named).await?;
    match offered.into_iter().find(|(owner, _)| owner.key() == input.owner) {
        Some((TaskOwner::User(..), id)) => new.user = Some(id),
        Some((TaskOwner::Office(..), id)) => new.office = Some(id),
        None if input.owner.is_empty() => problems.push(Problem::new("owner", "missing")),
        None => problems.push(Problem::new("owner", "unknown")),
    }
    if problems.is_empty() { Ok(new) } else { Err(Error::Form(problems)) }
}

/// The offices that a record names and that a task can be given to.
fn offices(entry: &Entry) -> impl Iterator<Item = i64> {
    OFFICES.iter().filter_map(|field| entry.id(field))
}

/// Whom a task can be given to, each with its id: the actor, these offices and the actor's own, and colleagues. Closed accounts
/// are not among them.
async fn owners(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    mut offices: BTreeSet<i64>,
) -> Result<Vec<(TaskOwner, i64)>> {
    let mut all = Vec::new();
    if let Some(user) = actor.user {
        all.push((TaskOwner::User(actor.login.clone(), actor.name.clone()), user));
    }
    let own = actor.offices(programme);
    offices.extend(own.iter().copied());
    let offices: Vec<i64> = offices.into_iter().collect();
    for office in store::record_list_of(tx, &offices, &actor.reach(programme)).await? {
        if office.kind == RecordKind::Office && !office.archived {
            all.push((TaskOwner::Office(office.code, office.title, office.title_en), office.id));
        }
    }
    for user in store::user_list_colleagues(tx, programme, &own, COLLEAGUES).await? {
        if Some(user.id) != actor.user {
            all.push((TaskOwner::User(user.login, user.name), user.id));
        }
    }
    Ok(all)
}

/// The offices that a record and its project name.
async fn named_offices(tx: &mut Tx, record: &Record) -> Result<BTreeSet<i64>> {
    let mut named = BTreeSet::new();
    if RecordKind::described().any(|kind| kind == record.kind) {
        let entry = store::entry_get(tx, record.id).await?;
        named.extend(offices(&entry));
        if let (Some(project), false) = (entry.id("project"), record.kind == RecordKind::Project) {
            named.extend(offices(&store::entry_get(tx, project).await?));
        }
    }
    Ok(named)
}
