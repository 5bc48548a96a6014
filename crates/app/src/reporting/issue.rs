//! Issuing a round: its form, its units, sending it out, reminding, closing it, and the round after it.

use super::{editable, round_status};
use crate::access::Actor;
use crate::entry::{EntryForm, Parts, Problem, insert, parse, save};
use crate::error::{Error, Result};
use crate::notice::notify_each;
use crate::{App, change, typed};
use domain::record::Value;
use domain::reporting::next_stretch;
use domain::{Measure, Role, TimeKind, Unit};
use jiff::civil::Date;
use std::collections::BTreeSet;
use store::{
    Change, Condition, Entry, Filing, ListFilter, NewLine, NewNotice, Reach, Record, RecordKind, Sort, Tx,
};

/// Kinds of records that file.
const UNITS: [RecordKind; 3] = [RecordKind::Office, RecordKind::Organisation, RecordKind::Park];
/// Lines of a form at most, and units of a round.
const LINES: usize = 100;
const ROUND_UNITS: usize = 500;
/// The longest name of a line, in characters.
const LABEL_CHARS: usize = 80;

/// What units may be added together: the offices of a kind, or all parks (`park`).
pub const UNIT_GROUPS: &[&str] =
    &["front_command", "sub_command", "work_team", "rear_office", "task_force", "department", "park"];

/// A line as it was typed.
#[derive(Debug, Clone, Default)]
pub struct LineInput {
    /// Code of the measure.
    pub measure: String,
    /// Code of the unit, `yi` or `wan`.
    pub unit: String,
    /// Code of the role; empty is actual.
    pub role: String,
    /// Code of the kind of time.
    pub time_kind: String,
    /// What the form calls it; empty for the measure's name.
    pub label: String,
    /// Whether a filing without it cannot be submitted.
    pub required: bool,
}

/// The round after another, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct NextInput {
    /// Its title.
    pub title: String,
    /// First day, ISO.
    pub from: String,
    /// Last day, ISO.
    pub to: String,
    /// Due day, ISO.
    pub due: String,
}

/// What a form for the round after another begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundNext {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// As many days after its end as that of the round before.
    pub due: Option<Date>,
}

impl RoundNext {
    /// The stretch after that of a task.
    #[must_use]
    pub fn after(task: &Entry) -> Option<Self> {
        let (from, to) = next_stretch(task.day("date_from")?, task.day("date_to")?)?;
        let due =
            task.day("due_on").zip(task.day("date_to")).and_then(|(due, end)| to.checked_add(due - end).ok());
        Some(Self { from, to, due })
    }
}

fn problem(field: &str, code: &'static str) -> Error {
    Error::Form(vec![Problem::new(field, code)])
}

/// A draft may be changed; what was sent out stays as it was sent.
async fn draft(tx: &mut Tx, actor: &Actor, programme: i64, code: &str) -> Result<Entry> {
    let task = editable(tx, actor, programme, code).await?;
    if round_status(&task) == "draft" { Ok(task) } else { Err(problem("task", "round-sent")) }
}

impl App {
    /// Adds a line to the form of a draft.
    ///
    /// # Errors
    /// [`Error::Form`] naming every field that cannot be taken.
    pub async fn reporting_line_add(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        input: &LineInput,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let task = draft(&mut tx, actor, programme, code).await?;
        let new = line(input)?;
        let present = store::reporting_line_list(&mut tx, task.record.id).await?;
        if present.iter().any(|of| of.line == new) {
            return Err(problem("measure", "line-twice"));
        }
        if present.len() >= LINES {
            return Err(Error::Form(vec![Problem::hinting("measure", "too-many", LINES)]));
        }
        let change = change::open(&mut tx, actor, Some(programme), "reporting-line", None).await?;
        store::reporting_line_insert(&mut tx, &change, task.record.id, &new).await?;
        self.commit(tx).await
    }

    /// Takes a line out of the form of a draft.
    ///
    /// # Errors
    /// [`Error::Form`] when the form has no such line any more.
    pub async fn reporting_line_remove(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        line: i64,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let task = draft(&mut tx, actor, programme, code).await?;
        let lines = store::reporting_line_list(&mut tx, task.record.id).await?;
        if !lines.iter().any(|of| of.id == line) {
            return Err(problem("task", "filing-form-changed"));
        }
        let change = change::open(&mut tx, actor, Some(programme), "reporting-line", None).await?;
        store::reporting_line_set_removed(&mut tx, &change, line, true).await?;
        self.commit(tx).await
    }

    /// Adds units to a draft: each by its code or exact name, a line each, and all of a group. Those that are in it already
    /// are passed over.
    ///
    /// # Errors
    /// [`Error::Form`] with the names that are not known, or are those of several.
    pub async fn reporting_unit_add(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        names: &str,
        group: &str,
    ) -> Result<usize> {
        let mut tx = self.db.write().await?;
        let task = draft(&mut tx, actor, programme, code).await?;
        let reach = actor.reach(programme);
        let mut ids = group_of(&mut tx, programme, group, &reach).await?;
        let mut unknown = Vec::new();
        for name in names.lines().map(str::trim).filter(|name| !name.is_empty()) {
            match named(&mut tx, programme, name, &reach).await? {
                Some(id) => ids.push(id),
                None => unknown.push(typed::proposed(name)),
            }
        }
        if !unknown.is_empty() {
            return Err(Error::Form(vec![Problem::hinting("units", "units-unknown", unknown.join("、"))]));
        }
        if ids.is_empty() {
            return Err(problem("units", "missing"));
        }
        let present = store::filing_list(&mut tx, task.record.id, &Reach::everything()).await?;
        let mut known: BTreeSet<i64> = present.iter().map(|filing| filing.unit.id).collect();
        ids.retain(|id| known.insert(*id));
        if known.len() > ROUND_UNITS {
            return Err(Error::Form(vec![Problem::hinting("units", "too-many", ROUND_UNITS)]));
        }
        let change = change::open(&mut tx, actor, Some(programme), "reporting-unit", None).await?;
        for id in &ids {
            let unit = store::record_get(&mut tx, *id).await?;
            store::filing_insert(&mut tx, &change, &task.record, &unit).await?;
        }
        self.commit(tx).await?;
        Ok(ids.len())
    }

    /// Takes a unit out of a draft.
    ///
    /// # Errors
    /// [`Error::Form`] when it is not in it any more.
    pub async fn reporting_unit_remove(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        filing: &str,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let task = draft(&mut tx, actor, programme, code).await?;
        let filings = store::filing_list(&mut tx, task.record.id, &Reach::everything()).await?;
        let of = filings.iter().find(|of| of.record.code == filing);
        let of = of.ok_or_else(|| problem("task", "filing-form-changed"))?;
        let change = change::open(&mut tx, actor, Some(programme), "reporting-unit", None).await?;
        store::record_archive(&mut tx, &change, of.record.id, true).await?;
        self.commit(tx).await
    }

    /// Sends a round out to its units.
    ///
    /// # Errors
    /// [`Error::Form`] when it has no lines (`no-lines`), no units (`no-units`), or was sent already.
    pub async fn reporting_send(&self, actor: &Actor, programme: i64, code: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let task = editable(&mut tx, actor, programme, code).await?;
        if round_status(&task) == "sent" {
            return Ok(());
        }
        let task = draft(&mut tx, actor, programme, code).await?;
        let filings = store::filing_list(&mut tx, task.record.id, &Reach::everything()).await?;
        if store::reporting_line_list(&mut tx, task.record.id).await?.is_empty() {
            return Err(problem("task", "no-lines"));
        }
        if filings.is_empty() {
            return Err(problem("task", "no-units"));
        }
        let change = change::open(&mut tx, actor, Some(programme), "reporting-send", None).await?;
        save::set_status(&mut tx, &change, &task, "sent", &[], "").await?;
        store::filing_open_all(&mut tx, &change, task.record.id).await?;
        tell(&mut tx, &change, "filing-due", &task, &filings, None).await?;
        self.commit(tx).await
    }

    /// Closes a round: what is not filed by now is not filed any more. Or opens it again, with a reason.
    ///
    /// # Errors
    /// [`Error::Form`] without a reason, or for a draft.
    pub async fn reporting_close(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        closed: bool,
        reason: &str,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let task = editable(&mut tx, actor, programme, code).await?;
        let (from, to) = if closed { ("sent", "closed") } else { ("closed", "sent") };
        if round_status(&task) == to {
            return Ok(());
        }
        if round_status(&task) != from {
            return Err(problem("task", "round-draft"));
        }
        let reason = typed::line(reason);
        if !closed && reason.is_empty() {
            return Err(problem("reason", "missing"));
        }
        let kind = if closed { "reporting-close" } else { "reporting-reopen" };
        let change = change::open(&mut tx, actor, Some(programme), kind, Some(&reason)).await?;
        save::set_status(&mut tx, &change, &task, to, &[], &reason).await?;
        self.commit(tx).await
    }

    /// Reminds the units of a round that have not filed: all of them, or one. Who was reminded today is not reminded again.
    ///
    /// # Errors
    /// [`Error::Form`] for a round that is not under way.
    pub async fn reporting_remind(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        filing: Option<&str>,
    ) -> Result<usize> {
        let mut tx = self.db.write().await?;
        let task = editable(&mut tx, actor, programme, code).await?;
        if round_status(&task) != "sent" {
            return Err(problem("task", "round-not-sent"));
        }
        let today = change::local(&mut tx, Some(programme), actor.at).await?;
        let reminded = store::filing_reminded_list(&mut tx, task.record.id).await?;
        let mut asked = store::filing_list(&mut tx, task.record.id, &Reach::everything()).await?;
        asked.retain(|of| {
            let last = reminded.get(&of.record.id).map(|at| at.to_zoned(today.time_zone().clone()).date());
            let wanted = filing.is_none_or(|code| code == of.record.code) && !of.state.is_filed();
            wanted && last != Some(today.date())
        });
        if asked.is_empty() {
            return Ok(0);
        }
        let change = change::open(&mut tx, actor, Some(programme), "filing-remind", None).await?;
        let ids: Vec<i64> = asked.iter().map(|of| of.record.id).collect();
        store::filing_log_all(&mut tx, &change, &ids, "reminded").await?;
        tell(&mut tx, &change, "filing-reminder", &task, &asked, None).await?;
        self.commit(tx).await?;
        Ok(asked.len())
    }

    /// Makes the round after another: a draft with the same form, units and instructions. Returns its code.
    ///
    /// # Errors
    /// [`Error::Form`] naming every field that cannot be taken.
    pub async fn reporting_next(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        input: &NextInput,
    ) -> Result<String> {
        let mut tx = self.db.write().await?;
        let task = editable(&mut tx, actor, programme, code).await?;
        let kind = RecordKind::ReportingTask;
        let field = |(code, text): (&str, &str)| (code.to_owned(), text.trim().to_owned());
        let days = [("date_from", input.from.as_str()), ("date_to", &input.to), ("due_on", &input.due)];
        let owner = match task.id("owner") {
            Some(owner) => store::record_get(&mut tx, owner).await?.code,
            None => String::new(),
        };
        let kept = [("status", "draft"), ("owner", owner.as_str())];
        let form = EntryForm {
            title: Some(input.title.clone()),
            fields: days.into_iter().chain(kept).map(field).collect(),
            ..EntryForm::default()
        };
        let mut parts = parse(&mut tx, actor, programme, kind, &form, None).await?;
        parts.values.insert("note", task.values.get("note").cloned());
        parts.values.insert("previous", Some(Value::Id(task.record.id)));
        let change = change::open(&mut tx, actor, Some(programme), "reporting-next", None).await?;
        let next = follow(&mut tx, &change, actor.team(programme), &task, &parts).await?;
        self.commit(tx).await?;
        Ok(next.code)
    }
}

/// Tells those of each unit what is asked of it.
pub(super) async fn tell(
    tx: &mut Tx,
    change: &Change,
    kind: &str,
    task: &Entry,
    filings: &[Filing],
    reason: Option<&str>,
) -> Result<()> {
    let due = task.day("due_on");
    let last = reason.map_or_else(|| due.map(|day| day.to_string()).unwrap_or_default(), str::to_owned);
    let words: Vec<_> = filings
        .iter()
        .map(|of| {
            let args = [task.record.title.clone(), of.unit.title.clone(), last.clone()];
            (args, format!("filings/{}", of.record.code))
        })
        .collect();
    let notices: Vec<_> = filings
        .iter()
        .zip(&words)
        .map(|(of, (args, path))| {
            let (record, path) = (Some(of.record.id), Some(path.as_str()));
            (of.unit.id, NewNotice { record, kind, args, path, due })
        })
        .collect();
    notify_each(tx, change, &notices).await
}

/// Writes the round after another.
async fn follow(
    tx: &mut Tx,
    change: &Change,
    team: Option<i64>,
    task: &Entry,
    parts: &Parts,
) -> Result<Record> {
    let next = insert(tx, change, team, RecordKind::ReportingTask, parts).await?;
    for of in store::reporting_line_list(tx, task.record.id).await? {
        store::reporting_line_insert(tx, change, next.id, &of.line).await?;
    }
    for of in store::filing_list(tx, task.record.id, &Reach::everything()).await? {
        if !of.unit.archived {
            store::filing_insert(tx, change, &next, &of.unit).await?;
        }
    }
    Ok(next)
}

/// Reads a line; every problem is named.
fn line(input: &LineInput) -> Result<NewLine> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, text: &str| {
        problems.push(Problem::new(field, if text.is_empty() { "missing" } else { "unknown" }));
    };
    let measure = Measure::from_code(&input.measure);
    if measure.is_none() {
        wrong("measure", &input.measure);
    }
    let is_unit = matches!(input.unit.as_str(), "yi" | "wan") || Unit::from_code(&input.unit).is_some();
    if !is_unit {
        wrong("unit", &input.unit);
    }
    let role = if input.role.is_empty() { Some(Role::Actual) } else { Role::from_code(&input.role) };
    if role.is_none() {
        wrong("role", &input.role);
    }
    let time_kind = TimeKind::from_code(&input.time_kind);
    if time_kind.is_none() {
        wrong("time_kind", &input.time_kind);
    }
    if measure == Some(Measure::Jobs) && role.is_some_and(|role| role != Role::Actual) {
        // Law 9: never a target.
        problems.push(Problem::new("role", "jobs"));
    }
    let label = typed::line(&input.label);
    if label.chars().count() > LABEL_CHARS {
        problems.push(Problem::hinting("label", "too-long", LABEL_CHARS));
    } else if domain::screening::is_listed_heading(&label)
        || !domain::screening::check_terms([label.as_str()]).is_empty()
    {
        problems.push(Problem::hinting("label", "listed", &label));
    }
    let unit = input.unit.clone();
    match (measure, role, time_kind, problems.is_empty()) {
        (Some(measure), Some(role), Some(time_kind), true) => Ok(NewLine {
            measure,
            unit,
            role,
            time_kind,
            label: Some(label).filter(|label| !label.is_empty()),
            required: input.required,
        }),
        _ => Err(Error::Form(problems)),
    }
}

/// The one office, organisation or park of this code or exact name.
async fn named(tx: &mut Tx, programme: i64, name: &str, reach: &Reach) -> Result<Option<i64>> {
    let mut found = Vec::new();
    for kind in UNITS {
        found.extend(store::record_list_named(tx, programme, kind, name, reach, 2).await?);
    }
    Ok(if found.len() == 1 { found.pop() } else { None })
}

async fn group_of(tx: &mut Tx, programme: i64, group: &str, reach: &Reach) -> Result<Vec<i64>> {
    let kind = match group {
        "" => return Ok(Vec::new()),
        "park" => RecordKind::Park,
        of if UNIT_GROUPS.contains(&of) => RecordKind::Office,
        _ => return Err(problem("group", "unknown")),
    };
    let mut filter = ListFilter { reach: reach.clone(), ..ListFilter::of(kind) };
    if let Some(field) = RecordKind::Office.field("kind").filter(|_| kind == RecordKind::Office) {
        filter.conditions.push(Condition::OneOf(field, vec![group.to_owned()]));
    }
    let most = i64::try_from(ROUND_UNITS).unwrap_or(i64::MAX);
    let found = store::entry_list(tx, programme, &filter, Sort::default(), None, most + 1).await?;
    Ok(found.iter().map(|entry| entry.record.id).collect())
}

/// What a task's title, days and status must hold between each other once its round was sent.
pub(crate) fn check(parts: &Parts, before: Option<&Entry>, problems: &mut Vec<Problem>) {
    let changed = |field: &str| match (before, parts.values.get(field)) {
        (Some(before), Some(value)) => before.values.get(field) != value.as_ref(),
        (None, Some(value)) => field == "status" && *value != Some(Value::Text("draft".to_owned())),
        _ => false,
    };
    if changed("status") {
        problems.push(Problem::new("status", "by-round"));
    }
    if before.is_some_and(|before| round_status(before) != "draft") {
        for field in ["date_from", "date_to"].into_iter().filter(|field| changed(field)) {
            problems.push(Problem::new(field, "round-sent"));
        }
    }
}
