//! Undo: a new change that puts back what a change wrote, as long as nobody wrote it again since (law 8).

use crate::access::{Actor, Right, allow, open, open_id, reaches};
use crate::error::{Error, Result};
use crate::import::undo_in_sets;
use crate::setting::{is_setting, put_back as put_back_settings};
use crate::shared::{self, Wins};
use crate::{App, typed};
use domain::figure::{Grain, Status};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Change, ChangeEntry, ChangeItem, ClaimState, DocumentDetails, EntryPatch, FigureFilter, NewChange, Reach,
    Record, RecordKind, Tx,
};

/// Kinds of changes that are not undone: what concerns the installation, and what the engine derived.
const LASTING: &[&str] = &[
    "programme-add",
    "user-add",
    "user-password",
    "user-disable",
    "document-read",
    "contact-export",
    "contact-erase",
    // What was sent out is sent out; what was approved is corrected.
    "reporting-send",
    "filing-approve",
    "view-save",
    "view-delete",
    "view-default",
    "subscription-add",
    "subscription-remove",
];

/// Whether changes of a kind are not undone.
pub(crate) fn is_lasting(kind: &str) -> bool {
    LASTING.contains(&kind)
}

/// Changes of one page of the audit.
pub const AUDIT_PAGE: i64 = 100;

/// Records that use another are looked for among so many of a kind.
const USERS: i64 = 100;

/// A change with its items, as the audit page shows it.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// The change.
    pub change: ChangeEntry,
    /// What it wrote.
    pub items: Vec<ChangeItem>,
    /// Whether this user may undo it now.
    pub undoable: bool,
}

impl App {
    /// The audit of a record, newest first: [`AUDIT_PAGE`] changes below the id `before`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has no such record.
    pub async fn audit(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        before: Option<i64>,
    ) -> Result<(Record, Vec<AuditEntry>)> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::ViewAudit).await?;
        let may_undo = allow(&mut tx, actor, &record, Right::Undo).await.is_ok();
        let reach = actor.reach(programme);
        let mut entries = Vec::new();
        for change in store::change_list(&mut tx, record.id, before, AUDIT_PAGE).await? {
            let mut items = store::change_item_list(&mut tx, change.id).await?;
            let (change, undoable) = told(&mut tx, actor, programme, change, &items, may_undo).await?;
            // What a change wrote to records that are not open to the reader stays between those (law 5).
            let written: BTreeSet<i64> = items.iter().filter_map(|item| item.record).collect();
            let written: Vec<i64> = written.into_iter().collect();
            let seen = store::record_list_of(&mut tx, &written, &reach).await?;
            let seen = seen.into_iter().filter(|record| record.programme == programme);
            let seen: BTreeSet<i64> = seen.map(|record| record.id).collect();
            items.retain(|item| item.record.is_none_or(|id| id == record.id || seen.contains(&id)));
            close_quotes(&mut tx, &mut items, &reach).await?;
            entries.push(AuditEntry { change, items, undoable });
        }
        Ok((record, entries))
    }

    /// Undoes a change.
    ///
    /// # Errors
    /// [`Error::Superseded`] naming the fields that were written again since, of an import [`Error::ChangedSince`];
    /// [`Error::Conflict`] when it is undone
    /// already; [`Error::NotUndoable`] for a kind of change that cannot be undone.
    pub async fn change_undo(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        reason: Option<&str>,
    ) -> Result<()> {
        actor.require(programme, Right::Undo)?;
        let mut tx = self.db.write().await?;
        let old = store::change_get(&mut tx, id).await?;
        let is_import = old.kind == "import" && old.programme == Some(programme);
        if is_import && undo_in_sets(&mut tx, actor, programme, &old, reason).await? {
            return self.commit(tx).await;
        }
        let home = shared::home(&mut tx, actor, programme, id).await?;
        actor.require(home, Right::Undo)?;
        let items = store::change_item_list(&mut tx, id).await?;
        let written: BTreeSet<i64> = items.iter().filter_map(|item| item.record).collect();
        shared::hold_all(&mut tx, home, &written.into_iter().collect::<Vec<_>>()).await?;
        undo(&mut tx, actor, home, id, reason).await?;
        self.commit(tx).await
    }
}

/// Of evidence in documents that are not open to the reader (law 5) the words go.
async fn close_quotes(tx: &mut Tx, items: &mut [ChangeItem], reach: &Reach) -> Result<()> {
    for item in items {
        let attached = item.entity == "figure_evidence";
        if item.field != "*" || !(attached || item.entity == "record_evidence") {
            continue;
        }
        let document = store::evidence_document(tx, item.entity_id, attached).await?;
        if let Some(document) = document
            && !store::record_visible(tx, document, reach).await?
        {
            (item.before, item.after) = (None, None);
        }
    }
    Ok(())
}

/// The newest changes of a record, for who may see its audit.
pub(crate) async fn of_record(
    tx: &mut Tx,
    actor: &Actor,
    record: &Record,
    limit: i64,
) -> Result<Vec<ChangeEntry>> {
    let reach = actor.reach_for_kind(record.programme, Right::ViewAudit, record.kind);
    if !actor.may(record.programme, Right::ViewAudit) || !reaches(tx, record, &reach).await? {
        return Ok(Vec::new());
    }
    let mut changes = store::change_list(tx, record.id, None, limit).await?;
    for change in changes.iter_mut().filter(|change| shared::is_foreign(change, record.programme)) {
        let items = store::change_item_list(tx, change.id).await?;
        shared::tell(tx, actor, change, &items).await?;
    }
    Ok(changes)
}

/// A change as the audit of a record tells it, and whether the actor, who may undo changes here or not, may undo it.
async fn told(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    mut change: ChangeEntry,
    items: &[ChangeItem],
    may_undo: bool,
) -> Result<(ChangeEntry, bool)> {
    let mut undoable = may_undo && change.undone_by.is_none() && !is_lasting(&change.kind);
    if shared::is_foreign(&change, programme) {
        undoable = undoable && shared::may_undo(tx, actor, &change, items).await?;
        shared::tell(tx, actor, &mut change, items).await?;
    }
    Ok((change, undoable))
}

pub(crate) async fn undo(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    id: i64,
    reason: Option<&str>,
) -> Result<()> {
    let old = store::change_get(tx, id).await?;
    if old.programme != Some(programme) {
        return Err(Error::NotFound);
    }
    let mut items = store::change_item_list(tx, id).await?;
    let parted = shared::parted(tx, programme, &items).await?;
    items.retain(|item| item.record.is_none_or(|record| !parted.contains(&record)));
    let is_merge = crate::merge::is_merge(tx, &old).await?;
    let mut records: BTreeSet<i64> = items.iter().filter_map(|item| item.record).collect();
    if let (true, Some((kept, gone))) = (is_merge, crate::merge::merged(&items)) {
        // What named the one goes back as it came, whoever it is open to.
        records = BTreeSet::from([kept, gone]);
    }
    for record in records {
        // What was written through to other programmes goes back with it.
        if store::record_get(tx, record).await?.programme != programme {
            continue;
        }
        open_id(tx, actor, programme, record, Right::Undo).await?;
        if store::record_erased_at(tx, record).await?.is_some() {
            return Err(Error::NotUndoable);
        }
    }
    if old.undone_by.is_some() {
        return Err(Error::Conflict);
    }
    if LASTING.contains(&old.kind.as_str()) {
        return Err(Error::NotUndoable);
    }
    refuse_superseded(tx, id, &items, &parted).await?;
    let reason = typed::optional("reason", reason.unwrap_or_default())?;
    let new = NewChange {
        programme: Some(programme),
        user: actor.user,
        kind: "undo",
        source: actor.source,
        reason: reason.as_deref(),
        undoes: Some(id),
    };
    let day = crate::change::local(tx, Some(programme), actor.at).await?.date();
    let change = store::change_open(tx, &new, actor.at, day).await?;
    if is_merge {
        return crate::merge::put_back(tx, actor, &change, id, &items).await;
    }
    let mut rows: BTreeMap<(&str, i64), Vec<&ChangeItem>> = BTreeMap::new();
    for item in &items {
        rows.entry((&item.entity, item.entity_id)).or_default().push(item);
    }
    let made = made(&items);
    for ((entity, id), items) in rows.into_iter().rev() {
        put_back(tx, actor, &change, (entity, id), &items).await?;
    }
    derive(tx, &change, &items, &made).await
}

/// What follows from fields and links (parties, keys, the figure of the amount) is derived once all of them are put back; a
/// record that the change made is gone, and its figure with it.
async fn derive(tx: &mut Tx, change: &Change, items: &[ChangeItem], made: &BTreeSet<i64>) -> Result<()> {
    let is_own = |entity: &str| {
        matches!(entity, "record" | "record_link" | "record_name")
            || RecordKind::described().any(|kind| kind.code() == entity)
    };
    let touched: BTreeSet<i64> =
        items.iter().filter(|item| is_own(&item.entity)).filter_map(|item| item.record).collect();
    for record in touched.into_iter().filter(|record| !made.contains(record)) {
        let Record { kind, programme, .. } = store::record_get(tx, record).await?;
        if kind == RecordKind::Organisation && Some(programme) == change.programme {
            shared::follow(tx, change, record, Wins::Others).await?;
        }
        if RecordKind::described().any(|of| of == kind) {
            crate::entry::refresh(tx, change, record).await?;
        }
    }
    Ok(())
}

/// Puts back what a change wrote through to records of other programmes.
pub(crate) async fn put_back_shared(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    items: &[ChangeItem],
) -> Result<()> {
    let mut rows: BTreeMap<(i64, &str, i64), Vec<&ChangeItem>> = BTreeMap::new();
    for item in items {
        if let Some(record) = item.record {
            rows.entry((record, &item.entity, item.entity_id)).or_default().push(item);
        }
    }
    for ((record, entity, id), items) in rows {
        if Some(store::record_get(tx, record).await?.programme) != change.programme {
            put_back(tx, actor, change, (entity, id), &items).await?;
        }
    }
    Ok(())
}

/// The records that a change made.
fn made(items: &[ChangeItem]) -> BTreeSet<i64> {
    let is_record = |item: &&ChangeItem| item.field == "*" && RecordKind::from_code(&item.entity).is_some();
    items.iter().filter(is_record).filter_map(|item| item.record).collect()
}

/// A field that a later change wrote keeps its later value, and what others build on keeps standing: a figure that moved on
/// to review, a document whose figures count.
async fn refuse_superseded(
    tx: &mut Tx,
    change: i64,
    items: &[ChangeItem],
    parted: &BTreeSet<i64>,
) -> Result<()> {
    let written = store::change_item_list_superseded(tx, change).await?;
    let written = written.into_iter().filter(|(.., of)| of.is_none_or(|of| !parted.contains(&of)));
    let mut superseded: Vec<String> = written.map(|(entity, field, _)| format!("{entity}.{field}")).collect();
    superseded.dedup();
    for item in items {
        let is_new = item.field == "*" && RecordKind::described().any(|of| of.code() == item.entity);
        if let (true, Some(record)) = (is_new, item.record) {
            let since = store::change_item_list_written_since(tx, change, record).await?;
            superseded.extend(since.into_iter().map(|(entity, field)| match field.as_str() {
                "*" => entity,
                field => format!("{entity}.{field}"),
            }));
        }
        let blocked = match (item.entity.as_str(), item.field.as_str()) {
            ("figure_evidence", "*") => is_last_quote_of_settled(tx, item).await?,
            ("document", "*") => store::document_has_figures(tx, item.entity_id).await?,
            (kind, "*") if RecordKind::described().any(|of| of.code() == kind) => {
                is_used(tx, item.entity_id, items).await?
            }
            _ => false,
        };
        if blocked {
            superseded.push(item.entity.clone());
        }
    }
    if superseded.is_empty() { Ok(()) } else { Err(Error::Superseded(superseded)) }
}

/// Whether records or figures that the change did not make build on a record that it made.
async fn is_used(tx: &mut Tx, id: i64, items: &[ChangeItem]) -> Result<bool> {
    let made = made(items);
    let record = store::record_get(tx, id).await?;
    let everything = Reach::everything();
    let naming = store::entry_list_naming(tx, record.programme, &record, &everything, USERS).await?;
    let linked = store::link_list_to(tx, id, USERS).await?;
    let filter = FigureFilter { record: Some(id), reach: everything, ..FigureFilter::default() };
    let figures = store::figure_list(tx, record.programme, &filter, None, USERS).await?;
    let users = naming.iter().map(|(_, record)| record.id).chain(linked.iter().map(|link| link.record.id));
    let figures = figures.iter().filter(|row| row.figure.subject != Some(id)).map(|row| row.figure.id);
    Ok(users.chain(figures).any(|user| !made.contains(&user)))
}

/// Without its last quote a figure is withdrawn; one that others have verified or corrected is not withdrawn in passing.
async fn is_last_quote_of_settled(tx: &mut Tx, item: &ChangeItem) -> Result<bool> {
    let entry = store::figure_get(tx, item.record.ok_or(Error::NotUndoable)?).await?;
    let verified = matches!(entry.figure.status, Status::Reviewed | Status::Approved);
    let last = store::figure_evidence_list(tx, entry.figure.id).await?.len() <= 1;
    Ok(last && (verified || entry.replaced_by.is_some()))
}

fn before<'a>(items: &[&'a ChangeItem], field: &str) -> Option<&'a Value> {
    items.iter().find(|item| item.field == field).and_then(|item| item.before.as_ref())
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

async fn put_back(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    (entity, id): (&str, i64),
    items: &[&ChangeItem],
) -> Result<()> {
    if is_setting(entity) {
        return put_back_settings(tx, actor, change, items).await;
    }
    let record = items.first().and_then(|item| item.record).ok_or(Error::NotUndoable)?;
    let created = items.iter().any(|item| item.field == "*");
    match (entity, created) {
        ("claim", _) => put_back_claim(tx, change, id, items).await,
        ("project_claim", _) => put_back_project_claim(tx, change, id, items).await,
        ("figure", true) => withdraw_unless_quoted(tx, change, id).await,
        ("figure", false) => put_back_figure(tx, actor, change, id, items).await,
        ("figure_evidence", created) => {
            let removed = created || before(items, "removed").and_then(Value::as_bool).unwrap_or(false);
            store::figure_evidence_set_removed(tx, change, record, id, removed).await?;
            // An item is proved by the record it belongs to, with or without a quote.
            let stated = store::figure_get(tx, record).await?.figure.grain == Grain::Stated;
            if removed && stated { withdraw_unless_quoted(tx, change, record).await } else { Ok(()) }
        }
        ("document", false) => put_back_document(tx, actor, change, id, items).await,
        ("record", _) => put_back_record(tx, actor, change, id, items).await,
        ("record_link", created) => {
            let removed = created || before(items, "removed").and_then(Value::as_bool).unwrap_or(false);
            Ok(store::link_set_removed(tx, change, id, removed).await?)
        }
        ("enclave_share", created) => {
            let removed = created || before(items, "removed").and_then(Value::as_bool).unwrap_or(false);
            Ok(store::enclave_share_set_removed(tx, change, id, removed).await?)
        }
        ("task", created) => put_back_task(tx, change, id, created, items).await,
        ("filing_log", _) => Ok(()),
        ("filing", false) => crate::reporting::put_back_filing(tx, change, id, items).await,
        ("filing_cell", false) => crate::reporting::put_back_cell(tx, change, id, items).await,
        ("reporting_line", created) => {
            crate::reporting::put_back_line(tx, change, (record, id), created).await
        }
        ("record_name", _) => put_back_names(tx, change, record, items).await,
        ("record_evidence", created) => {
            let removed = created || before(items, "removed").and_then(Value::as_bool).unwrap_or(false);
            Ok(store::evidence_set_removed(tx, change, record, id, removed).await?)
        }
        ("record_different", created) => {
            let removed = created || before(items, "removed").and_then(Value::as_bool) == Some(true);
            Ok(store::different_set_removed(tx, change, id, removed).await?)
        }
        (_, true) => Ok(store::record_archive(tx, change, record, true).await?),
        (kind, false) => match RecordKind::from_code(kind) {
            Some(kind) => put_back_fields(tx, actor, change, kind, record, items).await,
            None => Err(Error::NotUndoable),
        },
    }
}

async fn put_back_task(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    created: bool,
    items: &[&ChangeItem],
) -> Result<()> {
    let touched = |field: &str| items.iter().any(|item| item.field == field);
    if touched("done_on") {
        let day = text(before(items, "done_on")).and_then(|day| day.parse().ok());
        store::task_set_done(tx, change, id, day).await?;
    }
    if created || touched("removed") {
        let removed = created || before(items, "removed").and_then(Value::as_bool).unwrap_or(false);
        store::task_set_removed(tx, change, id, removed).await?;
    }
    Ok(())
}

async fn put_back_claim(tx: &mut Tx, change: &Change, id: i64, items: &[&ChangeItem]) -> Result<()> {
    let claim = store::claim_lock(tx, id).await?;
    let kept = |field: &str| items.iter().any(|item| item.field == field);
    let state = text(before(items, "state")).and_then(ClaimState::from_code).unwrap_or(claim.state);
    let correction =
        if kept("correction") { text(before(items, "correction")) } else { claim.correction.as_deref() };
    let figure = if kept("figure") { before(items, "figure").and_then(Value::as_i64) } else { claim.figure };
    store::claim_decide(tx, change, &claim, state, correction, figure).await?;
    for figure in claim.figure.into_iter().chain(figure) {
        store::figure_touch(tx, figure).await?;
    }
    Ok(())
}

async fn put_back_project_claim(tx: &mut Tx, change: &Change, id: i64, items: &[&ChangeItem]) -> Result<()> {
    let claim = store::project_claim_lock(tx, id).await?;
    let state = text(before(items, "state")).and_then(ClaimState::from_code).unwrap_or(claim.state);
    let kept = items.iter().any(|item| item.field == "project");
    let project = if kept { before(items, "project").and_then(Value::as_i64) } else { claim.project };
    Ok(store::project_claim_decide(tx, change, &claim, state, project).await?)
}

/// A figure that others quote keeps standing.
pub(crate) async fn withdraw_unless_quoted(tx: &mut Tx, change: &Change, id: i64) -> Result<()> {
    let quoted = !store::figure_evidence_list(tx, id).await?.is_empty();
    if !quoted && store::figure_lock(tx, id).await?.figure.status != Status::Withdrawn {
        store::figure_set_status(tx, change, id, Status::Withdrawn, None).await?;
    }
    Ok(())
}

/// A status comes back only by whoever may give it (law 7): undoing an undo is no way around verification.
pub(crate) async fn put_back_figure(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    id: i64,
    items: &[&ChangeItem],
) -> Result<()> {
    let Some(status) = text(before(items, "status")).and_then(Status::from_code) else { return Ok(()) };
    let entry = store::figure_lock(tx, id).await?;
    crate::figure::require_status(actor, &entry, status)?;
    Ok(store::figure_set_status(tx, change, id, status, None).await?)
}

async fn put_back_document(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    id: i64,
    items: &[&ChangeItem],
) -> Result<()> {
    put_back_details(tx, change, id, items).await?;
    match text(before(items, "class")).map(crate::document::known_class).transpose()?.flatten() {
        Some(class) => crate::document::set_class(tx, actor, change, id, class).await,
        None => Ok(()),
    }
}

async fn put_back_details(tx: &mut Tx, change: &Change, id: i64, items: &[&ChangeItem]) -> Result<()> {
    let now = store::document_lock(tx, id).await?;
    let of = |field: &str, now: Option<String>| match items.iter().any(|item| item.field == field) {
        true => text(before(items, field)).map(str::to_owned),
        false => now,
    };
    let day = of("published_on", now.published_on.map(|day| day.to_string()));
    let details = DocumentDetails {
        title: now.title,
        publisher: of("publisher", now.publisher),
        published_on: day.and_then(|day| day.parse().ok()),
        details: of("details", Some(now.details)).unwrap_or_default(),
    };
    crate::document::set_details(tx, change, id, &details).await
}

/// Names that were added go, names that were taken away come back; those of a record's creation go with it.
pub(crate) async fn put_back_names(
    tx: &mut Tx,
    change: &Change,
    record: i64,
    items: &[&ChangeItem],
) -> Result<()> {
    for item in items {
        match (&item.before, &item.after) {
            // The audit does not know the names of a person.
            (Some(Value::String(name)), None) if name == "*" => return Err(Error::NotUndoable),
            (Some(Value::String(name)), None) => {
                store::record_name_insert(tx, change, record, name).await?;
            }
            (None, Some(Value::String(name))) => {
                store::record_name_remove(tx, change, record, name).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Fields get back what stood in them; of those about a person the audit does not know what did.
async fn put_back_fields(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    kind: RecordKind,
    record: i64,
    items: &[&ChangeItem],
) -> Result<()> {
    let entry = store::entry_lock(tx, record).await?;
    let mut patch = EntryPatch::default();
    // The amount follows from the figures, which are put back by themselves.
    for item in items.iter().filter(|item| item.field != "amount") {
        let field = kind.field(&item.field).filter(|field| !field.personal).ok_or(Error::NotUndoable)?;
        let value = item.before.as_ref().and_then(|json| store::value_from_json(field, json));
        patch.values.insert(field.code, value);
    }
    store::entry_update(tx, change, &entry, &patch).await?;
    let after = store::entry_get(tx, record).await?;
    if kind == RecordKind::Lead {
        // Another team may have registered the enterprise since.
        crate::entry::refuse_taken(tx, actor, Some(&entry), (after.record.programme, &after.values)).await?;
    }
    crate::entry::save::log_status(tx, change, Some(&entry), &after, None).await
}

async fn put_back_record(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    id: i64,
    items: &[&ChangeItem],
) -> Result<()> {
    // The audit does not know what a person was called.
    if items.iter().any(|item| item.field.starts_with("title") && text(item.after.as_ref()) == Some("*")) {
        return Err(Error::NotUndoable);
    }
    if let Some(title) = text(before(items, "title")) {
        store::record_rename(tx, change, id, title).await?;
    }
    if items.iter().any(|item| item.field == "title_en") {
        let title_en = Some(text(before(items, "title_en")).map(str::to_owned));
        let entry = store::entry_lock(tx, id).await?;
        store::entry_update(tx, change, &entry, &EntryPatch { title_en, ..EntryPatch::default() }).await?;
    }
    if let Some(archived) = before(items, "archived").and_then(Value::as_bool) {
        store::record_archive(tx, change, id, archived).await?;
        let record = store::record_get(tx, id).await?;
        if record.kind == RecordKind::Lead && !archived {
            // Another team may have registered the enterprise since.
            let values = store::entry_get(tx, id).await?.values;
            crate::entry::refuse_taken(tx, actor, None, (record.programme, &values)).await?;
        }
    }
    Ok(())
}
