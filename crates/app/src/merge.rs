//! Merging two records that are one: what it would do, doing it in one change, and putting all of it back.

use crate::access::{Actor, Right, open};
use crate::entry::{RecordNames, SUCCESSIONS, derive, names_of, settle_amount, view_right, withdraw_amount};
use crate::error::{Error, Result};
use crate::shared::{self, Wins};
use crate::{App, change, typed};
use domain::figure::Status;
use domain::record::{FieldInfo, FieldType, Value};
use domain::{Quantity, Role};
use std::collections::{BTreeMap, BTreeSet};
use store::{Change, ChangeItem, Entry, EntryPatch, MergeCount, Reach, Record, RecordKind, Tx};

/// Records above one another are followed so far when a circle is looked for.
const STEPS: usize = 64;
/// What a merge is called in the audit.
pub(crate) const MERGE: &str = "record-merge";

/// Something in which two records differ and between which a person chooses.
#[derive(Debug, Clone, Copy)]
pub enum MergeField {
    /// The name.
    Title,
    /// The English name.
    TitleEn,
    /// A field of the kind.
    Field(&'static FieldInfo),
    /// The amount that the kind asks for.
    Amount,
}

impl MergeField {
    /// The name under which a form sends the choice.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::TitleEn => "title_en",
            Self::Field(field) => field.code,
            Self::Amount => "amount",
        }
    }
}

/// What goes over in a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moved {
    /// Records of a kind of which a field names it.
    Naming(RecordKind),
    /// Figures of which it is subject, organisation or event.
    Figures,
    /// Its own links, attached documents among them.
    Links,
    /// Links of others that lead to it.
    LinkedFrom,
    /// Its sources.
    Sources,
    /// Its shares of output and tax.
    Shares,
    /// Its names.
    Names,
    /// Records that were merged into it before.
    Merged,
    /// Roles of users who speak for it.
    Roles,
}

/// Why two records cannot be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// They are one record.
    Same,
    /// They are of different kinds.
    OtherKind,
    /// One of them is archived or merged already.
    Archived,
    /// One stands above the other by way of a third, so that it would stand above itself.
    Circle,
    /// The one that goes was upgraded or renewed, or upgrades or renews another: it is the one to keep.
    Followed,
    /// Two teams have registered leads for them (law 5: an enterprise has one team). What the one who merges may not see of
    /// them is not told.
    Leads,
}

/// What a merge would do.
#[derive(Debug, Clone)]
pub struct MergeView {
    /// The record that stays.
    pub keep: Entry,
    /// The record that is merged into it.
    pub other: Entry,
    /// The records that their fields name.
    pub names: RecordNames,
    /// What one of them knows, each with whether the other's is proposed.
    pub fields: Vec<(MergeField, bool)>,
    /// What goes over, as far as the actor sees it.
    pub moves: Vec<(Moved, i64)>,
    /// How much more goes over, of records that are not open to the actor.
    pub hidden: i64,
    /// Figures that both have, of which those of the other are withdrawn so that they count once.
    pub twice: usize,
    /// Why it cannot be done.
    pub obstacles: Vec<Obstacle>,
    /// The last change of either.
    pub version: i64,
}

/// What was chosen.
#[derive(Debug, Clone, Default)]
pub struct MergeForm {
    /// Codes of the fields that are taken from the record that goes.
    pub take_other: BTreeSet<String>,
    /// The last change of either record when the choice was made.
    pub version: Option<i64>,
    /// Why.
    pub reason: String,
}

impl App {
    /// What merging `other` into `keep` would do.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`] where the actor may not merge either.
    pub async fn merge_preview(
        &self,
        actor: &Actor,
        programme: i64,
        keep: &str,
        other: &str,
    ) -> Result<MergeView> {
        let mut tx = self.db.read().await?;
        let (keep, other) = both(&mut tx, actor, programme, (keep, other)).await?;
        let obstacles = obstacles(&mut tx, &keep, &other).await?;
        let fields = fields(&keep, &other);
        let reach = actor.reach(programme);
        let counts = store::merge_count(&mut tx, other.record.kind, other.record.id, &reach).await?;
        let names = store::record_name_list(&mut tx, other.record.id).await?.len() + 1;
        let names = if is_person(&other) { 0 } else { i64::try_from(names).unwrap_or(0) };
        let view = MergeView {
            names: names_of(&mut tx, actor, programme, [&keep, &other]).await?,
            fields,
            moves: moves(&counts, names),
            hidden: counts.iter().fold(0, |sum, count| sum + count.hidden),
            twice: store::merge_list_twice(&mut tx, keep.record.id, other.record.id).await?.len(),
            obstacles,
            version: version(&mut tx, &keep, &other).await?,
            keep,
            other,
        };
        drop(tx);
        let both = [&view.keep.record, &view.other.record];
        let contacts = both.iter().filter(|record| record.kind == RecordKind::Contact);
        let contacts: Vec<i64> = contacts.map(|record| record.id).collect();
        self.contact_seen(actor, programme, "page", &contacts).await?;
        Ok(view)
    }

    /// Merges `other` into `keep` as was chosen: everything that names the one names the other from now on, and its code
    /// leads there.
    ///
    /// # Errors
    /// As [`App::merge_preview`]; [`Error::Invalid`] without a reason; [`Error::Conflict`] when either was changed since the
    /// choice was made, or they cannot be merged.
    pub async fn merge(
        &self,
        actor: &Actor,
        programme: i64,
        (keep, other): (&str, &str),
        form: &MergeForm,
    ) -> Result<Record> {
        if typed::field("reason", &form.reason)?.is_empty() {
            return Err(Error::Invalid { field: "reason", problem: "missing" });
        }
        let mut tx = self.db.write().await?;
        let (keep, other) = both(&mut tx, actor, programme, (keep, other)).await?;
        // Merges of a programme come one after another, so that two never move the same rows.
        let ids = [keep.record.id.min(other.record.id), keep.record.id.max(other.record.id)];
        shared::hold_all(&mut tx, programme, &ids).await?;
        for id in ids {
            store::record_lock(&mut tx, id).await?;
        }
        let (keep, other) = both(&mut tx, actor, programme, (&keep.record.code, &other.record.code)).await?;
        let seen = version(&mut tx, &keep, &other).await?;
        if form.version.is_some_and(|version| version != seen)
            || !obstacles(&mut tx, &keep, &other).await?.is_empty()
        {
            return Err(Error::Conflict);
        }
        let opened = change::open(&mut tx, actor, Some(programme), MERGE, Some(&form.reason)).await?;
        carry_out(&mut tx, &opened, &keep, &other, form).await?;
        self.commit(tx).await?;
        Ok(keep.record)
    }

    /// The record that one was merged into, where the actor can see it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn merged_into(&self, actor: &Actor, record: &Record) -> Result<Option<Record>> {
        let Some(id) = record.merged_into else { return Ok(None) };
        match self.record_by_id(actor, record.programme, id).await {
            Ok(record) => Ok(Some(record)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

async fn both(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    (keep, other): (&str, &str),
) -> Result<(Entry, Entry)> {
    let keep = open(tx, actor, programme, keep, Right::MergeRecord).await?;
    let other = open(tx, actor, programme, other, Right::MergeRecord).await?;
    for record in [&keep, &other] {
        actor.require(programme, view_right(record.kind))?;
    }
    Ok((store::entry_get(tx, keep.id).await?, store::entry_get(tx, other.id).await?))
}

async fn version(tx: &mut Tx, keep: &Entry, other: &Entry) -> Result<i64> {
    let (keep, other) = (keep.record.id, other.record.id);
    Ok(store::change_last(tx, keep).await?.max(store::change_last(tx, other).await?))
}

async fn obstacles(tx: &mut Tx, keep: &Entry, other: &Entry) -> Result<Vec<Obstacle>> {
    let mut obstacles = Vec::new();
    if keep.record.id == other.record.id {
        obstacles.push(Obstacle::Same);
    }
    if keep.record.kind != other.record.kind {
        obstacles.push(Obstacle::OtherKind);
    }
    if keep.record.archived || other.record.archived {
        obstacles.push(Obstacle::Archived);
    }
    if obstacles.is_empty() && stands_above_itself(tx, keep, other).await? {
        obstacles.push(Obstacle::Circle);
    }
    if obstacles.is_empty() && is_followed(tx, other).await? {
        obstacles.push(Obstacle::Followed);
    }
    if obstacles.is_empty() && has_two_teams(tx, keep, other).await? {
        obstacles.push(Obstacle::Leads);
    }
    Ok(obstacles)
}

/// Whether one team registered a lead for the one and another team for the other.
async fn has_two_teams(tx: &mut Tx, keep: &Entry, other: &Entry) -> Result<bool> {
    if keep.record.kind != RecordKind::Organisation {
        return Ok(false);
    }
    let leads = store::lead_list_registered(tx, keep.record.programme).await?;
    let teams = |entry: &Entry| -> BTreeSet<i64> {
        leads.iter().filter(|lead| lead.organisation == entry.record.id).map(|lead| lead.owner).collect()
    };
    let (stays, goes) = (teams(keep), teams(other));
    Ok(!stays.is_empty() && !goes.is_empty() && stays.union(&goes).count() > 1)
}

/// Whether an agreement follows another or is followed: which figure counts hangs on the record that stays.
async fn is_followed(tx: &mut Tx, other: &Entry) -> Result<bool> {
    if other.record.kind != RecordKind::Agreement {
        return Ok(false);
    }
    if SUCCESSIONS.iter().any(|(field, _)| other.id(field).is_some()) {
        return Ok(true);
    }
    let (programme, everything) = (other.record.programme, Reach::everything());
    let naming = store::entry_list_naming(tx, programme, &other.record, &everything, i64::MAX).await?;
    Ok(naming.iter().any(|(field, _)| SUCCESSIONS.iter().any(|(code, _)| code == field)))
}

/// Whether one of the two stands above the other with a third between: merged, it would stand above itself.
async fn stands_above_itself(tx: &mut Tx, keep: &Entry, other: &Entry) -> Result<bool> {
    let kind = keep.record.kind;
    let pair = [keep.record.id, other.record.id];
    let above =
        kind.fields().iter().filter(|field| matches!(field.kind, FieldType::Record(of) if of == kind));
    for field in above {
        for entry in [keep, other] {
            let mut at = entry.id(field.code).filter(|id| !pair.contains(id));
            for _ in 0..STEPS {
                let Some(id) = at else { break };
                at = store::entry_get(tx, id).await?.id(field.code);
                if at.is_some_and(|id| pair.contains(&id)) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

/// What either knows, with whether the other's is proposed: where only it is known.
fn fields(keep: &Entry, other: &Entry) -> Vec<(MergeField, bool)> {
    let mut fields = vec![(MergeField::Title, false)];
    if keep.record.title_en.is_some() || other.record.title_en.is_some() {
        fields.push((MergeField::TitleEn, keep.record.title_en.is_none()));
    }
    for field in keep.record.kind.fields() {
        let of = |entry: &Entry| own_value(entry, field, (keep.record.id, other.record.id));
        let (stays, goes) = (of(keep), of(other));
        if stays.is_some() || goes.is_some() {
            fields.push((MergeField::Field(field), stays.is_none()));
        }
    }
    if keep.amount.is_some() && other.amount.is_some() {
        fields.push((MergeField::Amount, false));
    }
    fields
}

/// The value of a field; one of two records that become one does not name the other.
fn own_value(entry: &Entry, field: &FieldInfo, (one, other): (i64, i64)) -> Option<Value> {
    let value = entry.values.get(field.code)?;
    let itself =
        matches!(field.kind, FieldType::Record(_)) && value.id().is_some_and(|id| id == one || id == other);
    (!itself).then(|| value.clone())
}

fn moves(counts: &[MergeCount], names: i64) -> Vec<(Moved, i64)> {
    let mut moves = BTreeMap::new();
    for count in counts {
        let what = match (count.table, count.field.as_str()) {
            ("figure", _) => Moved::Figures,
            ("record_link", "from_record") => Moved::Links,
            ("record_link", _) => Moved::LinkedFrom,
            ("record_evidence", _) => Moved::Sources,
            ("enclave_share", _) => Moved::Shares,
            ("user_role", _) => Moved::Roles,
            (table, _) => RecordKind::from_code(table).map_or(Moved::Merged, Moved::Naming),
        };
        *moves.entry(what).or_default() += count.all - count.hidden;
    }
    moves.insert(Moved::Names, names);
    moves.into_iter().filter(|(_, count)| *count > 0).collect()
}

/// The names of a contact are a person's: the audit does not keep them, and they do not become further names.
fn is_person(entry: &Entry) -> bool {
    entry.record.kind.fields().iter().any(|field| field.personal)
}

async fn carry_out(
    tx: &mut Tx,
    change: &Change,
    keep: &Entry,
    other: &Entry,
    form: &MergeForm,
) -> Result<()> {
    let (kept, gone, kind) = (keep.record.id, other.record.id, keep.record.kind);
    let takes = |field: &str| form.take_other.contains(field);
    count_once(tx, change, keep, other, takes("amount")).await?;
    choose(tx, change, keep, other, &takes).await?;
    if !is_person(keep) {
        let title = if takes("title") { &other.record.title } else { &keep.record.title };
        let mut names = vec![other.record.title.clone(), keep.record.title.clone()];
        names.extend(store::record_name_list(tx, gone).await?);
        for name in names.iter().filter(|name| *name != title) {
            store::record_name_insert(tx, change, kept, name).await?;
        }
    }
    store::merge_move(tx, change, kind, kept, gone).await?;
    store::record_archive(tx, change, gone, true).await?;
    for record in [gone, kept] {
        shared::follow(tx, change, record, Wins::Record).await?;
    }
    let chosen = if takes("amount") { other.amount } else { keep.amount.or(other.amount) };
    settle(tx, change, [keep, other], chosen).await
}

/// The values that were chosen. What is about a person is exchanged between the two, since the audit cannot give it back.
async fn choose(
    tx: &mut Tx,
    change: &Change,
    keep: &Entry,
    other: &Entry,
    takes: &impl Fn(&str) -> bool,
) -> Result<()> {
    let pair = (keep.record.id, other.record.id);
    let (mut patch, mut back) = (EntryPatch::default(), EntryPatch::default());
    for field in keep.record.kind.fields().iter().filter(|field| field.column().is_some()) {
        let from = if takes(field.code) { other } else { keep };
        patch.values.insert(field.code, own_value(from, field, pair));
        if takes(field.code) && field.personal {
            back.values.insert(field.code, keep.values.get(field.code).cloned());
        }
    }
    if takes("title") {
        patch.title = Some(other.record.title.clone());
        back.title = is_person(keep).then(|| keep.record.title.clone());
    }
    if takes("title_en") {
        patch.title_en = Some(other.record.title_en.clone());
        back.title_en = is_person(keep).then(|| keep.record.title_en.clone());
    }
    store::entry_update(tx, change, keep, &patch).await?;
    store::entry_update(tx, change, other, &back).await?;
    if let (true, Some(status)) = (takes("status"), other.text("status"))
        && keep.text("status") != Some(status)
    {
        let log = store::record_status_list(tx, pair.1).await?;
        let since = log.iter().rev().find(|log| log.status == status).and_then(|log| log.effective_on);
        store::record_status_insert(tx, change, pair.0, status, since, None).await?;
    }
    Ok(())
}

/// Withdraws figures of what would stand twice: the amount that was not chosen, and items that both have.
async fn count_once(
    tx: &mut Tx,
    change: &Change,
    keep: &Entry,
    other: &Entry,
    take_other: bool,
) -> Result<()> {
    if let (Some(amount), Some(_), Some(_)) = (keep.record.kind.amount(), keep.amount, other.amount) {
        let spare = if take_other { keep } else { other };
        for role in BTreeSet::from([Role::Target, amount.role]) {
            withdraw_amount(tx, change, spare, role, "").await?;
        }
    }
    for figure in store::merge_list_twice(tx, keep.record.id, other.record.id).await? {
        // What it corrected would stand again.
        let mut at = Some(figure);
        while let Some(id) = at {
            let entry = store::figure_lock(tx, id).await?;
            if entry.figure.subject != Some(other.record.id) {
                break;
            }
            if entry.figure.status != Status::Withdrawn {
                store::figure_set_status(tx, change, id, Status::Withdrawn, None).await?;
            }
            at = entry.replaces;
        }
    }
    Ok(())
}

/// Derives anew what follows from the rows that a change wrote: parties, keys, listed amounts, totals. `before` are the
/// two as they were, the one that stays first; an `amount` that was chosen may be of another role or measure than the chosen
/// status and kind ask for.
async fn settle(tx: &mut Tx, change: &Change, before: [&Entry; 2], amount: Option<Quantity>) -> Result<()> {
    let written: BTreeMap<i64, RecordKind> = store::merge_settle(tx, change).await?.into_iter().collect();
    // The two first: others follow their regions.
    for entry in before {
        derive(tx, change, entry.record.id).await?;
        store::entry_amount_refresh(tx, entry.record.id).await?;
    }
    for (id, kind) in written {
        if !before.iter().any(|entry| entry.record.id == id) && !kind.fields().is_empty() {
            derive(tx, change, id).await?;
        }
    }
    if amount.is_some() {
        let kept = store::entry_get(tx, before[0].record.id).await?;
        settle_amount(tx, change, &kept, Some(amount), "").await?;
    }
    for entry in before {
        store::entry_amount_log(tx, change, entry).await?;
    }
    Ok(())
}

/// Whether a change is a merge, or undoes one, or undoes that.
pub(crate) async fn is_merge(tx: &mut Tx, change: &store::ChangeEntry) -> Result<bool> {
    let mut change = change.clone();
    while let ("undo", Some(undoes)) = (change.kind.as_str(), change.undoes) {
        change = store::change_get(tx, undoes).await?;
    }
    Ok(change.kind == MERGE)
}

/// The record that stayed in a merge and the one that went, from the items of it or of what undid it.
pub(crate) fn merged(items: &[ChangeItem]) -> Option<(i64, i64)> {
    let item = items.iter().find(|item| {
        item.entity == "record"
            && item.field == "merged_into"
            && (item.before.is_none() || item.after.is_none())
    })?;
    let kept = item.before.as_ref().or(item.after.as_ref())?.as_i64()?;
    Some((kept, item.entity_id))
}

/// Puts back what a merge wrote, in a change of its own.
pub(crate) async fn put_back(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    old: i64,
    items: &[ChangeItem],
) -> Result<()> {
    let (kept, gone) = merged(items).ok_or(Error::NotUndoable)?;
    let keep = store::entry_get(tx, kept).await?;
    let other = store::entry_get(tx, gone).await?;
    let kind = keep.record.kind;
    store::merge_put_back(tx, change, old, kind, (kept, gone)).await?;
    let mut patch = EntryPatch::default();
    let mut back = EntryPatch::default();
    for item in items {
        match (item.entity.as_str(), item.field.as_str()) {
            ("record_link", "removed") => {
                let removed = item.before.as_ref().and_then(serde_json::Value::as_bool).unwrap_or(false);
                store::link_set_removed(tx, change, item.entity_id, removed).await?;
            }
            ("merge", _) => {
                store::merge_note(tx, change, kept, gone, item.before.is_some()).await?;
            }
            ("record_name", _) => crate::undo::put_back_names(tx, change, kept, &[item]).await?,
            ("figure", "*") => crate::undo::withdraw_unless_quoted(tx, change, item.entity_id).await?,
            ("figure", "status") => {
                crate::undo::put_back_figure(tx, actor, change, item.entity_id, &[item]).await?;
            }
            ("record", "archived") => {
                let archived = item.before.as_ref().and_then(serde_json::Value::as_bool).unwrap_or(false);
                store::record_archive(tx, change, item.entity_id, archived).await?;
            }
            ("record", "title" | "title_en") if item.entity_id == kept => {
                put_back_title(item, &keep, &other, &mut patch, &mut back);
            }
            (entity, field) if entity == kind.code() && item.entity_id == kept => {
                let Some(info) = kind.field(field) else { continue };
                if info.personal {
                    patch.values.insert(info.code, other.values.get(info.code).cloned());
                    back.values.insert(info.code, keep.values.get(info.code).cloned());
                } else {
                    let value = item.before.as_ref().and_then(|json| store::value_from_json(info, json));
                    patch.values.insert(info.code, value);
                }
            }
            _ => {}
        }
    }
    store::entry_update(tx, change, &keep, &patch).await?;
    store::entry_update(tx, change, &other, &back).await?;
    crate::undo::put_back_shared(tx, actor, change, items).await?;
    for record in [kept, gone] {
        shared::follow(tx, change, record, Wins::Others).await?;
    }
    settle(tx, change, [&keep, &other], None).await
}

fn put_back_title(
    item: &ChangeItem,
    keep: &Entry,
    other: &Entry,
    patch: &mut EntryPatch,
    back: &mut EntryPatch,
) {
    let before = item.before.as_ref().and_then(serde_json::Value::as_str).map(str::to_owned);
    match (item.field.as_str(), is_person(keep)) {
        ("title", true) => {
            patch.title = Some(other.record.title.clone());
            back.title = Some(keep.record.title.clone());
        }
        ("title", false) => patch.title = before,
        (_, true) => {
            patch.title_en = Some(other.record.title_en.clone());
            back.title_en = Some(keep.record.title_en.clone());
        }
        (_, false) => patch.title_en = Some(before),
    }
}
