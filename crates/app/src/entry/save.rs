//! Writing a record with everything that follows from it, in the change that was opened for it.

use crate::aid;
use crate::entry::amount::Wanted;
use crate::entry::{agreement, amount, party};
use crate::error::Result;
use crate::project;
use crate::shared::{self, Wins};
use domain::{Value, Values};
use jiff::civil::Date;
use std::collections::BTreeMap;
use store::{Change, Entry, EntryPatch, NewEntry, Record, RecordKind, Stage, Tx};

/// A record to link to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkTo {
    pub to: i64,
    pub role: String,
}

/// What a form holds, once it is known to be right.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts {
    pub title: Option<String>,
    /// The outer option says whether the form holds it.
    pub title_en: Option<Option<String>>,
    pub values: BTreeMap<&'static str, Option<Value>>,
    pub links: BTreeMap<&'static str, Vec<LinkTo>>,
    pub aliases: Option<Vec<String>>,
    /// The outer option says whether the form holds an amount.
    pub amount: Wanted,
}

impl Parts {
    /// The value a field has once these parts are saved.
    pub(crate) fn value<'a>(&'a self, field: &str, before: Option<&'a Entry>) -> Option<&'a Value> {
        match self.values.get(field) {
            Some(value) => value.as_ref(),
            None => before?.values.get(field),
        }
    }

    /// All values once these parts are saved.
    pub(crate) fn values(&self, before: Option<&Entry>) -> Values {
        let mut values = before.map(|before| before.values.clone()).unwrap_or_default();
        for (code, value) in &self.values {
            match value {
                Some(value) => values.insert(code, value.clone()),
                None => values.remove(code),
            };
        }
        values
    }

    /// Whether a field is known once these parts are saved.
    pub(crate) fn has(&self, field: &str, before: Option<&Entry>) -> bool {
        self.value(field, before).is_some() || self.links.get(field).is_some_and(|links| !links.is_empty())
    }
}

/// Creates a record with its names, links, parties, status and amount.
pub(crate) async fn insert(
    tx: &mut Tx,
    change: &Change,
    team: Option<i64>,
    kind: RecordKind,
    parts: &Parts,
) -> Result<Record> {
    let known = parts.values.iter().filter_map(|(code, value)| Some((*code, value.clone()?)));
    let values: Values = known.collect();
    let title = parts.title.as_deref().unwrap_or_default();
    let title_en = parts.title_en.as_ref().and_then(|title| title.as_deref());
    let record =
        store::entry_insert(tx, change, kind, &NewEntry { title, title_en, values: &values }).await?;
    for name in parts.aliases.iter().flatten() {
        store::record_name_insert(tx, change, record.id, name).await?;
    }
    for (field, links) in &parts.links {
        for link in links {
            store::link_insert(tx, change, record.id, link.to, (field, &link.role), None).await?;
        }
    }
    if values.contains_key("uscc") {
        shared::follow(tx, change, record.id, Wins::Record).await?;
    }
    let entry = store::entry_get(tx, record.id).await?;
    log_status(tx, change, None, &entry, None).await?;
    party::derive(tx, change, &entry, team).await?;
    amount::settle(tx, change, &entry, parts.amount, "").await?;
    agreement::follow(tx, change, None, &entry).await?;
    project::follow(tx, change, None, &entry).await?;
    Ok(record)
}

/// Changes a record as the parts say.
pub(crate) async fn update(
    tx: &mut Tx,
    change: &Change,
    before: &Entry,
    parts: &Parts,
    reason: &str,
) -> Result<()> {
    let id = before.record.id;
    let patch = EntryPatch {
        title: parts.title.clone(),
        title_en: parts.title_en.clone(),
        values: parts.values.clone(),
    };
    store::entry_update(tx, change, before, &patch).await?;
    let mut touched = false;
    if let Some(aliases) = &parts.aliases {
        touched |= set_names(tx, change, id, aliases).await?;
    }
    for (field, links) in &parts.links {
        touched |= set_links(tx, change, id, field, links).await?;
    }
    if touched {
        store::entry_touch(tx, change, id).await?;
    }
    if before.values.contains_key("uscc") || parts.has("uscc", Some(before)) {
        shared::follow(tx, change, id, Wins::Record).await?;
    }
    let after = store::entry_get(tx, id).await?;
    log_status(tx, change, Some(before), &after, Some(reason)).await?;
    settle(tx, change, &after, parts.amount, reason).await?;
    agreement::follow(tx, change, Some(before), &after).await?;
    project::follow(tx, change, Some(before), &after).await?;
    aid::follow(tx, change, before, &after).await
}

/// Moves a record to a status or stage, with further fields that go with it, as a consequence of what happened to another or of time.
pub(crate) async fn set_status(
    tx: &mut Tx,
    change: &Change,
    before: &Entry,
    status: &str,
    with: &[(&'static str, Option<Value>)],
    reason: &str,
) -> Result<()> {
    let mut values: BTreeMap<_, _> = with.iter().cloned().collect();
    let state = before.record.kind.state().map_or("status", |field| field.code);
    values.insert(state, Some(Value::Text(status.to_owned())));
    store::entry_update(tx, change, before, &EntryPatch { values, ..EntryPatch::default() }).await?;
    let after = store::entry_get(tx, before.record.id).await?;
    log_status(tx, change, Some(before), &after, Some(reason)).await?;
    settle(tx, change, &after, None, reason).await
}

/// Takes a record out of the lists, or brings it back; its amount counts no more, or again.
pub(crate) async fn archive(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    archived: bool,
    reason: &str,
) -> Result<()> {
    let before = store::entry_lock(tx, id).await?;
    store::record_archive(tx, change, id, archived).await?;
    let after = store::entry_get(tx, id).await?;
    settle(tx, change, &after, None, reason).await?;
    agreement::follow(tx, change, Some(&before), &after).await?;
    project::follow(tx, change, Some(&before), &after).await
}

/// Derives anew what follows from a record's fields and links: parties, keys, the figure of its amount.
pub(crate) async fn refresh(tx: &mut Tx, change: &Change, id: i64) -> Result<()> {
    let entry = store::entry_get(tx, id).await?;
    settle(tx, change, &entry, None, "").await
}

/// Derives anew whom a record concerns, and leaves its figures as they are.
pub(crate) async fn derive(tx: &mut Tx, change: &Change, id: i64) -> Result<()> {
    let entry = store::entry_get(tx, id).await?;
    let team = store::record_team(tx, id).await?;
    party::derive(tx, change, &entry, team).await
}

async fn settle(tx: &mut Tx, change: &Change, entry: &Entry, wanted: Wanted, reason: &str) -> Result<()> {
    let team = store::record_team(tx, entry.record.id).await?;
    party::derive(tx, change, entry, team).await?;
    amount::settle(tx, change, entry, wanted, reason).await?;
    Ok(store::entry_amount_log(tx, change, entry).await?)
}

/// Logs the status of a record where it is another than before.
pub(crate) async fn log_status(
    tx: &mut Tx,
    change: &Change,
    before: Option<&Entry>,
    after: &Entry,
    reason: Option<&str>,
) -> Result<()> {
    let Some(state) = after.record.kind.state().map(|field| field.code) else { return Ok(()) };
    let Some(status) = after.text(state) else { return Ok(()) };
    if before.and_then(|before| before.text(state)) == Some(status) {
        return Ok(());
    }
    if after.record.kind == RecordKind::Project {
        let day = project::reached_on(tx, change, before, after).await?;
        let reason = reason.filter(|reason| !reason.is_empty());
        return Ok(store::record_status_insert(tx, change, after.record.id, status, day, reason).await?);
    }
    let reason = reason.filter(|reason| !reason.is_empty());
    let id = after.record.id;
    let day = status_day(change, before, after, status);
    if before.is_none() && status != "signed" && agreement::is_concluded(after) {
        store::record_status_insert(tx, change, id, "signed", after.day("signed_on"), None).await?;
    }
    Ok(store::record_status_insert(tx, change, id, status, day, reason).await?)
}

/// Since when a record that is no project has its status.
fn status_day(change: &Change, before: Option<&Entry>, after: &Entry, status: &str) -> Option<Date> {
    // A signing whose day is not known did not happen on the day it was entered.
    match status {
        "signed" => after.day("signed_on"),
        "rescinded" => after.day("rescinded_on"),
        "registered" => after.day("registered_on"),
        _ if after.record.kind == RecordKind::AidProject => aid::reached_on(change, before, after),
        "upgraded" | "renewed" if before.is_none() => None,
        _ => Some(change.day),
    }
}

/// What is logged of the status of a new record; `stages` are those of its programme.
pub(super) fn first_statuses(change: &Change, stages: &[Stage], new: &Entry) -> Vec<(String, Option<Date>)> {
    let status = new.record.kind.state().and_then(|state| new.text(state.code));
    let Some(status) = status.map(str::to_owned) else { return Vec::new() };
    if new.record.kind == RecordKind::Project {
        return vec![(status, project::reached(stages, change, None, new))];
    }
    let mut log = Vec::new();
    if status != "signed" && agreement::is_concluded(new) {
        log.push(("signed".to_owned(), new.day("signed_on")));
    }
    let day = status_day(change, None, new, &status);
    log.push((status, day));
    log
}

/// Gives a record these further names and no others; whether that changes them.
pub(crate) async fn set_names(tx: &mut Tx, change: &Change, id: i64, wanted: &[String]) -> Result<bool> {
    let present = store::record_name_list(tx, id).await?;
    for name in present.iter().filter(|name| !wanted.contains(name)) {
        store::record_name_remove(tx, change, id, name).await?;
    }
    for name in wanted.iter().filter(|name| !present.contains(name)) {
        store::record_name_insert(tx, change, id, name).await?;
    }
    Ok(present.len() != wanted.len() || wanted.iter().any(|name| !present.contains(name)))
}

async fn set_links(tx: &mut Tx, change: &Change, id: i64, field: &str, wanted: &[LinkTo]) -> Result<bool> {
    let present = store::link_list(tx, id).await?;
    let present: Vec<_> = present.into_iter().filter(|link| link.kind == field).collect();
    let mut left = wanted.to_vec();
    let mut changed = false;
    for link in &present {
        match left.iter().position(|to| to.to == link.record.id && to.role == link.role) {
            Some(at) => {
                left.remove(at);
            }
            None => {
                store::link_set_removed(tx, change, link.id, true).await?;
                changed = true;
            }
        }
    }
    for link in &left {
        store::link_insert(tx, change, id, link.to, (field, &link.role), None).await?;
    }
    Ok(changed || !left.is_empty())
}
