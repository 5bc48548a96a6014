//! One field of many records, changed in one change: first shown, then carried out as it was shown, or not at all.

use crate::App;
use crate::access::{Actor, Right, settle};
use crate::change;
use crate::entry::form::{self, Problem};
use crate::entry::lead::LeadTaken;
use crate::entry::save::{self, Parts};
use crate::entry::stale::{self, Basis};
use crate::entry::{
    RecordName, RecordNames, agreement, edit_right, only_visible, people_of, refuse_taken, rules, view_right,
};
use crate::error::{Error, Result};
use crate::{shared, typed};
use domain::record::{FieldInfo, FieldType, Value};
use std::collections::{BTreeMap, BTreeSet};
use store::{Change, Entry, ListFilter, Record, RecordKind, Sort, Tx};

/// Records that are changed at once at most: SQLite has one writer, and others wait for it.
pub const BULK_LIMIT: usize = 2_000;

/// What is to be written, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct BulkEdit {
    /// Code of the field.
    pub field: String,
    /// Its new value as a form sends it; empty makes it unknown.
    pub text: String,
    /// Why.
    pub reason: String,
}

/// Which records are meant.
#[derive(Debug, Clone)]
pub enum BulkChoice {
    /// These codes, each with the version that was shown, where one was.
    Named(Vec<(String, Option<i64>)>),
    /// All that a list shows.
    Found(ListFilter),
}

/// What becomes of one record.
#[derive(Debug, Clone)]
pub enum BulkOutcome {
    /// It gets the value.
    Changes,
    /// It has the value already.
    Same,
    /// It is archived.
    Archived,
    /// The actor may see it, not change it.
    NotYours,
    /// Somebody, where known, changed the field since it was shown.
    Stale(Option<String>),
    /// A rule refuses it.
    Problems(Vec<Problem>),
    /// Another team registered its enterprise.
    Taken(Box<LeadTaken>),
}

/// One record with what becomes of it.
#[derive(Debug, Clone)]
pub struct BulkRecord {
    /// The record.
    pub record: Record,
    /// Its last change, as it is sent along.
    pub version: i64,
    /// What stands in the field.
    pub before: Option<Value>,
    /// What becomes of it.
    pub outcome: BulkOutcome,
}

/// What a bulk change would do.
#[derive(Debug, Clone)]
pub struct BulkPlan {
    /// The field.
    pub field: &'static FieldInfo,
    /// Its new value.
    pub value: Option<Value>,
    /// The records in the order they were made. One that the actor cannot see is not among them.
    pub records: Vec<BulkRecord>,
    /// The records that values name.
    pub names: RecordNames,
}

/// How a bulk change ended.
#[derive(Debug, Clone)]
pub enum BulkDone {
    /// One change wrote so many records.
    Saved {
        /// The change.
        change: i64,
        /// How many.
        count: usize,
    },
    /// Something is otherwise than it was shown, so nothing was written.
    Refused(Box<BulkPlan>),
}

/// The fields of a kind that can be changed in bulk: not what tells records apart or follows moves, nor what is about a
/// person, of which the audit keeps no value that an undo could put back.
pub fn bulk_fields(kind: RecordKind) -> impl Iterator<Item = &'static FieldInfo> {
    let follows = |code: &str| agreement::SUCCESSIONS.iter().any(|(field, _)| *field == code);
    kind.fields().iter().filter(move |field| {
        let plain = !matches!(
            field.kind,
            FieldType::Quantity(_) | FieldType::Uscc | FieldType::Stage | FieldType::Links(..)
        );
        plain && !field.key && !field.personal && field.code != "status" && !follows(field.code)
    })
}

/// A value that was understood, on its way to many records.
struct Wish<'a> {
    actor: &'a Actor,
    programme: i64,
    kind: RecordKind,
    field: &'static FieldInfo,
    value: Option<Value>,
    reason: &'a str,
}

impl App {
    /// What a bulk change would do to each record; nothing is written.
    ///
    /// # Errors
    /// [`Error::Form`] naming `record`, `field`, `reason` or the field whose value cannot be taken.
    pub async fn bulk_plan(
        &self,
        actor: &Actor,
        programme: i64,
        kind: RecordKind,
        edit: &BulkEdit,
        choice: &BulkChoice,
    ) -> Result<BulkPlan> {
        require(actor, programme, kind)?;
        // Whether a record stays where the actor may place it is known once it is written: then that is tried, and given up.
        let everywhere = actor.reach_for_kind(programme, edit_right(kind), kind).all;
        let trial = kind.field(&edit.field).is_some_and(|field| field.party) && !everywhere;
        let mut tx = if trial { self.db.write().await? } else { self.db.read().await? };
        let wish = wish(&mut tx, actor, (programme, kind), edit).await?;
        let chosen = chosen(&mut tx, &wish, choice).await?;
        let opened = if trial { Some(open(&mut tx, &wish).await?) } else { None };
        let plan = run(&mut tx, wish, chosen, opened.as_ref()).await?;
        drop(tx);
        self.plan_seen(actor, programme, &plan).await?;
        Ok(plan)
    }

    /// Keeps which contacts a preview names.
    async fn plan_seen(&self, actor: &Actor, programme: i64, plan: &BulkPlan) -> Result<()> {
        let people = people_of(plan.records.iter().map(|of| &of.record), &plan.names);
        self.contact_seen(actor, programme, "list", &people).await
    }

    /// Carries out a bulk change as it was shown: all of it, or nothing where something is otherwise by now.
    ///
    /// # Errors
    /// As [`App::bulk_plan`].
    pub async fn bulk_save(
        &self,
        actor: &Actor,
        programme: i64,
        kind: RecordKind,
        edit: &BulkEdit,
        shown: Vec<(String, Option<i64>)>,
    ) -> Result<BulkDone> {
        require(actor, programme, kind)?;
        let mut tx = self.db.write().await?;
        if kind == RecordKind::Lead {
            store::programme_lock(&mut tx, programme).await?;
        }
        let wish = wish(&mut tx, actor, (programme, kind), edit).await?;
        let count = shown.len();
        let chosen = chosen(&mut tx, &wish, &BulkChoice::Named(shown)).await?;
        let opened = open(&mut tx, &wish).await?;
        let plan = run(&mut tx, wish, chosen, Some(&opened)).await?;
        let is_as_shown = plan.records.len() == count
            && plan.records.iter().all(|of| matches!(of.outcome, BulkOutcome::Changes));
        if !is_as_shown {
            drop(tx);
            self.plan_seen(actor, programme, &plan).await?;
            return Ok(BulkDone::Refused(Box::new(plan)));
        }
        self.commit(tx).await?;
        Ok(BulkDone::Saved { change: opened.id, count })
    }
}

fn require(actor: &Actor, programme: i64, kind: RecordKind) -> Result<()> {
    for right in [Right::BulkEdit, view_right(kind), edit_right(kind)] {
        actor.require(programme, right)?;
    }
    Ok(())
}

async fn open(tx: &mut Tx, wish: &Wish<'_>) -> Result<Change> {
    change::open(tx, wish.actor, Some(wish.programme), "record-edit-many", Some(wish.reason)).await
}

/// Understands what is to be written; every problem is named.
async fn wish<'a>(
    tx: &mut Tx,
    actor: &'a Actor,
    (programme, kind): (i64, RecordKind),
    edit: &'a BulkEdit,
) -> Result<Wish<'a>> {
    let mut problems = Vec::new();
    match typed::optional("reason", &edit.reason) {
        Ok(Some(_)) => {}
        Ok(None) => problems.push(Problem::new("reason", "missing")),
        Err(_) => problems.push(Problem::hinting("reason", "too-long", typed::MAX_CHARS)),
    }
    let Some(field) = bulk_fields(kind).find(|field| field.code == edit.field) else {
        problems.push(Problem::new("field", if edit.field.is_empty() { "missing" } else { "unknown" }));
        return Err(Error::Form(problems));
    };
    let value = match form::value(tx, actor, programme, field, &edit.text).await {
        Ok(None) if field.required => {
            problems.push(Problem::new(field.code, "missing"));
            None
        }
        Ok(value) => value,
        Err(Error::Form(more)) => {
            problems.extend(more);
            None
        }
        Err(error) => return Err(error),
    };
    let wish = Wish { actor, programme, kind, field, value, reason: &edit.reason };
    if problems.is_empty() { Ok(wish) } else { Err(Error::Form(problems)) }
}

/// The records that are meant, as far as the actor sees them, in the order they were made: so that two bulk changes lock
/// them in the same order.
async fn chosen(tx: &mut Tx, wish: &Wish<'_>, choice: &BulkChoice) -> Result<Vec<(Record, Option<i64>)>> {
    let (programme, kind) = (wish.programme, wish.kind);
    let reach = wish.actor.reach_for(programme, view_right(kind));
    let problem = |problem| Err(Error::Form(vec![problem]));
    let mut records: Vec<(Record, Option<i64>)> = match choice {
        BulkChoice::Named(shown) if shown.len() > BULK_LIMIT => {
            return problem(Problem::hinting("record", "too-many", BULK_LIMIT));
        }
        BulkChoice::Named(shown) => {
            let versions: BTreeMap<&str, Option<i64>> =
                shown.iter().map(|(code, version)| (code.as_str(), *version)).collect();
            let codes: Vec<String> = versions.keys().map(|code| (*code).to_owned()).collect();
            let records = store::record_list_coded(tx, programme, kind, &codes, &reach).await?;
            let version = |record: &Record| versions.get(record.code.as_str()).copied().flatten();
            records
                .into_iter()
                .map(|record| (version(&record), record))
                .map(|(of, record)| (record, of))
                .collect()
        }
        BulkChoice::Found(filter) => {
            let filter = ListFilter { reach, kind, ..filter.clone() };
            let limit = i64::try_from(BULK_LIMIT + 1).unwrap_or(i64::MAX);
            let entries = store::entry_list(tx, programme, &filter, Sort::default(), None, limit).await?;
            entries.into_iter().map(|entry| (entry.record, None)).collect()
        }
    };
    if records.len() > BULK_LIMIT {
        return problem(Problem::hinting("record", "too-many", BULK_LIMIT));
    }
    if records.is_empty() {
        return problem(Problem::new("record", "none-chosen"));
    }
    records.sort_by_key(|(record, _)| record.id);
    Ok(records)
}

/// Says what becomes of each record, and writes it where there is a change to write it in.
async fn run(
    tx: &mut Tx,
    wish: Wish<'_>,
    chosen: Vec<(Record, Option<i64>)>,
    change: Option<&Change>,
) -> Result<BulkPlan> {
    let reach = wish.actor.reach_for_kind(wish.programme, edit_right(wish.kind), wish.kind);
    let ids: Vec<i64> = chosen.iter().map(|(record, _)| record.id).collect();
    let own = store::record_list_of(tx, &ids, &reach).await?;
    let own: BTreeSet<i64> = own.into_iter().map(|record| record.id).collect();
    if change.is_some() && wish.kind == RecordKind::Organisation {
        shared::hold(tx, wish.programme, &ids, None).await?;
    }
    let mut records = Vec::with_capacity(chosen.len());
    for (record, version) in chosen {
        let entry = match change {
            Some(_) => store::entry_lock(tx, record.id).await?,
            None => store::entry_get(tx, record.id).await?,
        };
        let may = own.contains(&record.id);
        let outcome = match judge(tx, &wish, &entry, (version, may)).await? {
            (BulkOutcome::Changes, Some(parts)) => write(tx, &wish, &entry, &parts, change).await?,
            (outcome, _) => outcome,
        };
        records.push(BulkRecord {
            version: match version {
                Some(version) => version,
                None => store::change_last(tx, record.id).await?,
            },
            before: entry.values.get(wish.field.code).cloned(),
            record: entry.record,
            outcome,
        });
    }
    let names = names(tx, &wish, &records).await?;
    Ok(BulkPlan { field: wish.field, value: wish.value, records, names })
}

/// What a form would say to this value in this record.
async fn judge(
    tx: &mut Tx,
    wish: &Wish<'_>,
    entry: &Entry,
    (version, may): (Option<i64>, bool),
) -> Result<(BulkOutcome, Option<Parts>)> {
    let refused = |outcome| Ok((outcome, None));
    if !may {
        return refused(BulkOutcome::NotYours);
    }
    if entry.record.archived {
        return refused(BulkOutcome::Archived);
    }
    if entry.values.get(wish.field.code) == wish.value.as_ref() {
        return refused(BulkOutcome::Same);
    }
    let values = BTreeMap::from([(wish.field.code, wish.value.clone())]);
    let mut parts = Parts { values, ..Parts::default() };
    let basis = Basis { version, ..Basis::default() };
    match stale::merge(tx, entry, &mut parts, &basis).await {
        Err(Error::Stale(stale)) => {
            return refused(BulkOutcome::Stale(stale.fields.into_iter().find_map(|field| field.by)));
        }
        stale => stale?,
    }
    let mut problems = Vec::new();
    rules::check_values(wish.kind, &parts, Some(entry), &mut problems);
    let by = (wish.actor, wish.programme);
    rules::check(tx, by, wish.kind, (&mut parts, wish.reason), Some(entry), &mut problems).await?;
    if !problems.is_empty() {
        return refused(BulkOutcome::Problems(problems));
    }
    if wish.kind == RecordKind::Lead {
        let values = parts.values(Some(entry));
        match refuse_taken(tx, wish.actor, Some(entry), (wish.programme, &values)).await {
            Err(Error::LeadTaken(taken)) => return refused(BulkOutcome::Taken(taken)),
            taken => taken?,
        }
    }
    Ok((BulkOutcome::Changes, Some(parts)))
}

async fn write(
    tx: &mut Tx,
    wish: &Wish<'_>,
    entry: &Entry,
    parts: &Parts,
    change: Option<&Change>,
) -> Result<BulkOutcome> {
    let Some(change) = change else { return Ok(BulkOutcome::Changes) };
    save::update(tx, change, entry, parts, wish.reason).await?;
    match settle(tx, wish.actor, wish.programme, entry.record.id, edit_right(wish.kind)).await {
        Err(Error::Invalid { problem, .. }) => {
            Ok(BulkOutcome::Problems(vec![Problem::new(wish.field.code, problem)]))
        }
        settled => settled.map(|()| BulkOutcome::Changes),
    }
}

/// The names of the records that the field names, before and after, as far as the actor sees them.
async fn names(tx: &mut Tx, wish: &Wish<'_>, records: &[BulkRecord]) -> Result<RecordNames> {
    if !matches!(wish.field.kind, FieldType::Record(_)) {
        return Ok(RecordNames::new());
    }
    let values = records.iter().filter_map(|of| of.before.as_ref()).chain(&wish.value);
    let ids: BTreeSet<i64> = values.filter_map(Value::id).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let named = store::record_list_of(tx, &ids, &wish.actor.reach(wish.programme)).await?;
    let named = only_visible(tx, wish.actor, wish.programme, named, |record| record).await?;
    let name = |record: Record| {
        let Record { id, code, kind, title, title_en, .. } = record;
        (id, RecordName { code, kind, title, title_en })
    };
    Ok(named.into_iter().map(name).collect())
}
