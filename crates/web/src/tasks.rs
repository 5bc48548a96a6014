//! Tasks on the page of a record: added, done, taken back.

use crate::failure::Failure;
use crate::form_body::pairs;
use crate::labels;
use crate::small_form::{Refused, answer};
use crate::values::link_to;
use crate::visit::Within;
use crate::{day, redirect};
use app::{EntryDetail, RecordTasks, Task, TaskInput, TaskOwner};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use pages::{Choice, Control, DueLine, InlineForm, Link, PostButton, Tasks, Tone};

/// The part of the page, and its form.
const PART: &str = "tasks";
const FORM: &str = "add-task";

/// The tasks of a record; nothing where there are none and none may be added.
pub(crate) async fn part(
    within: &Within,
    detail: &EntryDetail,
    refused: &Refused,
) -> Result<Option<Tasks>, Failure> {
    let of = within.app().record_tasks(&within.actor, detail).await?;
    if of.tasks.is_empty() && !of.editable {
        return Ok(None);
    }
    let here = within.to(&format!("records/{}#{PART}", detail.entry.record.code));
    let today = within.today();
    let mut rows: Vec<DueLine> = of.tasks.iter().map(|task| line(within, task, today, &here)).collect();
    for (row, task) in rows.iter_mut().zip(&of.tasks) {
        row.what = Link { label: task.task.title.clone(), href: here.clone() };
        row.about = None;
        if of.editable && task.done_on.is_none() {
            row.buttons.push(button(within, task, "remove", within.locale.task_remove(), Tone::Bad, &here));
        }
    }
    let add = of.editable.then(|| add_form(within, detail, &of, refused));
    Ok(Some(Tasks { rows, add }))
}

fn button(within: &Within, task: &Task, what: &str, label: &str, tone: Tone, next: &str) -> PostButton {
    PostButton {
        label: label.to_owned(),
        action: within.to(&format!("tasks/{}/{what}", task.id)),
        hidden: vec![("next".to_owned(), next.to_owned())],
        tone,
    }
}

/// A task as a line, with the button that marks it done, or open again.
pub(crate) fn line(within: &Within, task: &Task, today: Date, next: &str) -> DueLine {
    let t = within.locale;
    let of = &task.task;
    let office = task.office.as_ref().map(|(zh, en)| labels::title(t, zh, en.as_deref()).to_owned());
    let mut notes: Vec<String> = task.user_name.clone().or(office).into_iter().collect();
    notes.extend(of.note.clone());
    if let Some(day) = task.done_on {
        notes.push(t.task_done_by(day, task.done_by.as_deref().unwrap_or(t.unknown())));
    } else if let Some(by) = task.made_by.as_ref().filter(|by| Some(*by) != task.user_name.as_ref()) {
        notes.push(t.task_made_by(by));
    }
    let done = match task.done_on {
        None => button(within, task, "done", t.task_done(), Tone::Neutral, next),
        Some(_) => {
            let mut again = button(within, task, "done", t.task_reopen(), Tone::Neutral, next);
            again.hidden.push(("open".to_owned(), "yes".to_owned()));
            again
        }
    };
    DueLine {
        day: of.due.map(|day| day.to_string()).unwrap_or_default(),
        when: of.due.filter(|_| task.done_on.is_none()).map(|day| day::when(t, day, today)),
        kind: String::new(),
        what: Link { label: of.title.clone(), href: link_to(within, &task.record).href },
        about: Some(link_to(within, &task.record)),
        notes,
        is_done: task.done_on.is_some(),
        buttons: vec![done],
    }
}

fn add_form(within: &Within, detail: &EntryDetail, of: &RecordTasks, refused: &Refused) -> InlineForm {
    let t = within.locale;
    let sent = refused.sent(FORM);
    let first = of.owners.first().map(TaskOwner::key).unwrap_or_default();
    let chosen = sent.get_or("owner", &first);
    let owner = |owner: &TaskOwner| Choice {
        value: owner.key(),
        label: match owner {
            TaskOwner::User(_, name) => name.clone(),
            TaskOwner::Office(_, zh, en) => labels::title(t, zh, en.as_deref()).to_owned(),
        },
        selected: owner.key() == chosen,
        depth: 0,
    };
    let owners = Control::Choice(of.owners.iter().map(owner).collect());
    let text = |name: &str| Control::Text { value: sent.get(name).to_owned(), max_length: 200 };
    InlineForm {
        id: FORM.to_owned(),
        label: t.task_add().to_owned(),
        action: within.to(&format!("records/{}/tasks", detail.entry.record.code)),
        fields: vec![
            sent.field(t, "title", t.task_title(), text("title")).required(),
            sent.field(t, "owner", t.task_owner(), owners).required(),
            sent.field(t, "due", t.task_due(), Control::Date(sent.get("due").to_owned())),
            sent.field(t, "note", t.note(), text("note")),
        ],
        submit: t.task_add().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

/// `POST records/{code}/tasks`
pub(crate) async fn add(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of(FORM, &body);
    let sent = refused.sent(FORM);
    let text = |name: &str| sent.get(name).to_owned();
    let input =
        TaskInput { title: text("title"), owner: text("owner"), due: text("due"), note: text("note") };
    let done = within.app().task_add(&within.actor, within.id(), &code, &input).await;
    let done = done.map(|()| within.locale.task_added().to_owned());
    answer(&within, &code, PART, done, refused).await
}

fn sent(body: &Bytes, name: &str) -> String {
    pairs(body).into_iter().find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
}

/// `POST tasks/{id}/done`: done, or with `open` not done.
pub(crate) async fn done(
    within: Within,
    Path((_, id)): Path<(String, i64)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let t = within.locale;
    let is_done = sent(&body, "open").is_empty();
    let (record, change) = within.app().task_set_done(&within.actor, within.id(), id, is_done).await?;
    let words = if is_done { t.task_done_flash() } else { t.task_open_flash() };
    Ok(back(&within, &body, &record, change, words))
}

/// `POST tasks/{id}/remove`
pub(crate) async fn remove(
    within: Within,
    Path((_, id)): Path<(String, i64)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let (record, change) = within.app().task_remove(&within.actor, within.id(), id).await?;
    Ok(back(&within, &body, &record, Some(change), within.locale.task_removed()))
}

/// Back to where the button stood, with a way to undo for who may.
fn back(within: &Within, body: &Bytes, record: &app::Record, change: Option<i64>, words: &str) -> Response {
    let next = match sent(body, "next") {
        next if next.is_empty() => within.to(&format!("records/{}", record.code)),
        next => redirect::local(&next).to_owned(),
    };
    match change.filter(|_| within.may(app::Right::Undo)) {
        Some(change) => redirect::with_undo(&within.visit, &next, words, change),
        None => redirect::with_flash(&within.visit, &next, Tone::Good, words),
    }
}
