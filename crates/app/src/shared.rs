//! One organisation, known to all programmes of an installation. Every programme keeps a record of its own; the facts of
//! the organisation itself are the same in all records that bear its credit code.

use crate::App;
use crate::access::{Actor, Right};
use crate::entry::{EntryForm, derive, set_names};
use crate::error::Result;
use domain::organisation::CreditCode;
use domain::record::{FieldInfo, Value};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Change, ChangeEntry, ChangeItem, Entry, EntryPatch, Reach, Record, RecordKind, SharedRecord, Tx,
};

/// The field by which organisations of several programmes are known to be one.
const CODE: &str = "uscc";
/// What the audit of a record calls a change that came from another programme.
const CHANGE: &str = "record-shared";
/// Where such a change came from.
const ELSEWHERE: &str = "elsewhere";

/// The fields that are facts of the organisation itself.
fn fields() -> impl Iterator<Item = &'static FieldInfo> {
    RecordKind::Organisation.fields().iter().filter(|field| field.shared)
}

/// Whose facts stand where a record comes to others of its code. What the one does not know the other fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wins {
    /// Its own: they were typed last.
    Record,
    /// Those of the others: it only comes back to them.
    Others,
}

/// What is known of the organisation itself.
#[derive(Debug, Clone, PartialEq)]
struct Facts {
    title: String,
    title_en: Option<String>,
    values: BTreeMap<&'static str, Value>,
    names: BTreeSet<String>,
}

impl Facts {
    fn of(entry: &Entry, names: Vec<String>) -> Self {
        let known = fields().filter_map(|field| Some((field.code, entry.values.get(field.code)?.clone())));
        Self {
            title: entry.record.title.clone(),
            title_en: entry.record.title_en.clone(),
            values: known.collect(),
            names: names.into_iter().collect(),
        }
    }

    /// Takes over what is not known here, and further names: texts that used them keep being understood.
    fn fill(&mut self, other: &Self) {
        self.title_en = self.title_en.take().or_else(|| other.title_en.clone());
        for (code, value) in &other.values {
            self.values.entry(code).or_insert_with(|| value.clone());
        }
        self.names.extend(other.names.iter().cloned());
        self.names.insert(other.title.clone());
        self.names.remove(&self.title);
    }

    /// What makes another record say the same.
    fn patch(&self, of: &Self) -> EntryPatch {
        let differing = fields().filter(|field| of.values.get(field.code) != self.values.get(field.code));
        EntryPatch {
            title: (of.title != self.title).then(|| self.title.clone()),
            title_en: (of.title_en != self.title_en).then(|| self.title_en.clone()),
            values: differing.map(|field| (field.code, self.values.get(field.code).cloned())).collect(),
        }
    }
}

/// Holds what writing these records may write, before any of it is read: first the code that one of them is about to get,
/// then programmes, then records, each in the order of their ids, so that two who write at once never wait for each other.
/// The `programme` itself is held where a code or other programmes come into it.
pub(crate) async fn hold(tx: &mut Tx, programme: i64, ids: &[i64], code: Option<&str>) -> Result<()> {
    let mut held: BTreeSet<i64> = ids.iter().copied().collect();
    let mut programmes = BTreeSet::new();
    if let Some(code) = code {
        store::shared_hold(tx, code).await?;
        programmes.insert(programme);
        let group = store::shared_list(tx, code).await?;
        if group.iter().any(|of| of.programme != programme) {
            programmes.extend(group.iter().map(|of| of.programme));
            held.extend(group.iter().map(|of| of.record));
        }
    }
    for group in store::shared_list_of(tx, ids).await?.into_values() {
        programmes.insert(programme);
        programmes.extend(group.iter().map(|of| of.programme));
        held.extend(group.iter().map(|of| of.record));
    }
    lock(tx, programmes, held).await
}

/// The same for what moves or puts back rows of many records, with the programme in any case: the organisations among them.
pub(crate) async fn hold_all(tx: &mut Tx, programme: i64, ids: &[i64]) -> Result<()> {
    let mut programmes = BTreeSet::from([programme]);
    let mut records = store::record_list_of(tx, ids, &Reach::everything()).await?;
    records.retain(|record| record.kind == RecordKind::Organisation);
    programmes.extend(records.iter().map(|record| record.programme));
    let mut held: BTreeSet<i64> = records.iter().map(|record| record.id).collect();
    let ids: Vec<i64> = held.iter().copied().collect();
    for group in store::shared_list_of(tx, &ids).await?.into_values() {
        programmes.extend(group.iter().map(|of| of.programme));
        held.extend(group.iter().map(|of| of.record));
    }
    lock(tx, programmes, held).await
}

async fn lock(tx: &mut Tx, programmes: BTreeSet<i64>, records: BTreeSet<i64>) -> Result<()> {
    for programme in programmes {
        store::programme_lock(tx, programme).await?;
    }
    for record in records {
        store::record_lock(tx, record).await?;
    }
    Ok(())
}

/// The same for one record that a form writes, or (none) creates.
pub(crate) async fn hold_for(
    tx: &mut Tx,
    (programme, kind): (i64, RecordKind),
    record: Option<i64>,
    form: &EntryForm,
) -> Result<()> {
    if kind != RecordKind::Organisation {
        return Ok(());
    }
    let typed = form.fields.get(CODE).and_then(|text| CreditCode::parse(text).ok());
    let mut code = typed.map(|code| code.as_str().to_owned());
    if let (Some(record), Some(_)) = (record, &code)
        && store::shared_code(tx, record).await? == code
    {
        code = None;
    }
    hold(tx, programme, record.as_slice(), code.as_deref()).await
}

/// After a record was written: ties it to the records of other programmes that bear its code, or takes it out where none
/// does, and brings what is known of the organisation itself to all of them.
pub(crate) async fn follow(tx: &mut Tx, change: &Change, record: i64, wins: Wins) -> Result<()> {
    let entry = store::entry_get(tx, record).await?;
    if entry.record.kind != RecordKind::Organisation {
        return Ok(());
    }
    let group = match entry.text(CODE) {
        Some(code) => store::shared_list(tx, code).await?,
        None => Vec::new(),
    };
    let own = group.iter().find(|of| of.record == record).copied();
    let is_shared = group.iter().any(|of| of.programme != entry.record.programme);
    let own = match own {
        Some(own) if is_shared => own,
        Some(SharedRecord { identity: None, .. }) => return Ok(()),
        _ => return Ok(store::shared_set(tx, change, record, None).await?),
    };
    let others: Vec<SharedRecord> = group.into_iter().filter(|of| of.record != record).collect();
    let joined = own.identity.is_some() && others.iter().all(|of| of.identity == own.identity);
    let known = others.iter().find_map(|of| of.identity);
    let identity = match known {
        Some(identity) => identity,
        None => store::shared_identity(tx, change).await?,
    };
    let mut all = vec![(own, entry, Vec::new())];
    for of in others {
        store::record_lock(tx, of.record).await?;
        all.push((of, store::entry_get(tx, of.record).await?, Vec::new()));
    }
    for (of, _, names) in &mut all {
        *names = store::record_name_list(tx, of.record).await?;
        if of.identity != Some(identity) {
            store::shared_set(tx, change, of.record, Some(identity)).await?;
        }
    }
    let stored: Vec<Facts> = all.iter().map(|(_, entry, names)| Facts::of(entry, names.clone())).collect();
    let facts = if joined { stored[0].clone() } else { met(&stored, wins) };
    for ((of, entry, _), present) in all.iter().zip(&stored).filter(|(_, present)| **present != facts) {
        write(tx, change, entry, present, &facts).await?;
        derive(tx, change, of.record).await?;
    }
    Ok(())
}

/// What is known once a record, the first, meets others of its code.
fn met(stored: &[Facts], wins: Wins) -> Facts {
    let (own, others) = (&stored[0], &stored[1..]);
    let (mut facts, rest) = match (wins, others) {
        (Wins::Others, [first, rest @ ..]) => (first.clone(), rest),
        _ => (own.clone(), others),
    };
    rest.iter().for_each(|other| facts.fill(other));
    facts.fill(own);
    facts
}

async fn write(tx: &mut Tx, change: &Change, entry: &Entry, present: &Facts, facts: &Facts) -> Result<()> {
    store::entry_update(tx, change, entry, &facts.patch(present)).await?;
    let names: Vec<String> = facts.names.iter().cloned().collect();
    if set_names(tx, change, entry.record.id, &names).await? {
        store::entry_touch(tx, change, entry.record.id).await?;
    }
    Ok(())
}

/// The same after many records were created at once: most bear a code that no other programme knows.
pub(crate) async fn follow_all(tx: &mut Tx, change: &Change, records: &[i64]) -> Result<()> {
    let groups = store::shared_list_of(tx, records).await?;
    let shared: BTreeSet<i64> = groups.values().flatten().map(|of| of.record).collect();
    for record in records.iter().filter(|record| shared.contains(record)) {
        follow(tx, change, *record, Wins::Record).await?;
    }
    Ok(())
}

/// How many organisations of a programme a change wrote, and over how many of them the actor has a right.
async fn written_in(
    tx: &mut Tx,
    actor: &Actor,
    (programme, items): (i64, &[ChangeItem]),
    right: Right,
) -> Result<(usize, usize)> {
    let ids = written(items);
    let mut counts = [0, 0];
    let reach = actor.reach_for_kind(programme, right, RecordKind::Organisation);
    for (count, reach) in counts.iter_mut().zip([Reach::everything(), reach]) {
        let records = store::record_list_of(tx, &ids, &reach).await?;
        let of = |record: &&Record| record.programme == programme && record.kind == RecordKind::Organisation;
        *count = records.iter().filter(of).count();
    }
    Ok((counts[0], counts[1]))
}

/// The records that a change wrote.
fn written(items: &[ChangeItem]) -> Vec<i64> {
    let ids: BTreeSet<i64> = items.iter().filter_map(|item| item.record).collect();
    ids.into_iter().collect()
}

/// Whether a change was made in another programme than the one whose record shows it.
pub(crate) fn is_foreign(change: &ChangeEntry, programme: i64) -> bool {
    change.programme.is_some_and(|home| home != programme)
}

/// Of a change that was made in another programme the audit tells when it was, and what it wrote here; who, why and how only
/// to who may see the audit there.
pub(crate) async fn tell(
    tx: &mut Tx,
    actor: &Actor,
    change: &mut ChangeEntry,
    items: &[ChangeItem],
) -> Result<()> {
    let Some(home) = change.programme else { return Ok(()) };
    if written_in(tx, actor, (home, items), Right::ViewAudit).await?.1 == 0 {
        change.user_name = None;
        change.reason = None;
        CHANGE.clone_into(&mut change.kind);
        ELSEWHERE.clone_into(&mut change.source);
    }
    Ok(())
}

/// Whether the actor may undo a change that was made in another programme: all that it wrote there.
pub(crate) async fn may_undo(
    tx: &mut Tx,
    actor: &Actor,
    change: &ChangeEntry,
    items: &[ChangeItem],
) -> Result<bool> {
    let Some(home) = change.programme else { return Ok(false) };
    let (all, reached) = written_in(tx, actor, (home, items), Right::Undo).await?;
    Ok(actor.may(home, Right::Undo) && all > 0 && all == reached)
}

/// Records of other programmes that a change wrote to and that have left what it wrote in `programme`: they bear another
/// code by now, or were merged away, and what became of them is no matter of its undo.
pub(crate) async fn parted(tx: &mut Tx, programme: i64, items: &[ChangeItem]) -> Result<BTreeSet<i64>> {
    let (mut here, mut there) = (BTreeSet::new(), BTreeMap::new());
    let mut records = store::record_list_of(tx, &written(items), &Reach::everything()).await?;
    if records.iter().all(|record| record.programme == programme) {
        return Ok(BTreeSet::new());
    }
    records.retain(|record| record.kind == RecordKind::Organisation);
    for record in records {
        let identity = store::shared_get(tx, record.id).await?;
        if record.programme == programme {
            here.extend(identity);
        } else {
            there.insert(record.id, identity);
        }
    }
    there.retain(|_, identity| identity.is_none_or(|identity| !here.contains(&identity)));
    Ok(there.into_keys().collect())
}

/// The programme in which a change is undone that the actor found on a record of `programme`: where it was made.
pub(crate) async fn home(tx: &mut Tx, actor: &Actor, programme: i64, change: i64) -> Result<i64> {
    let old = store::change_get(tx, change).await?;
    let Some(home) = old.programme.filter(|home| *home != programme) else { return Ok(programme) };
    let items = store::change_item_list(tx, change).await?;
    match written_in(tx, actor, (programme, &items), Right::ViewAudit).await? {
        (_, 0) => Err(crate::Error::NotFound),
        _ => Ok(home),
    }
}

impl App {
    /// The fields of an organisation, just saved from a form that left them blank, which were filled with what the
    /// installation knows of its credit code; `title_en` among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entry_filled(&self, record: &Record, form: &EntryForm) -> Result<Vec<String>> {
        let typed = |code: &str| form.fields.get(code).is_some_and(|text| !text.trim().is_empty());
        if record.kind != RecordKind::Organisation || !typed(CODE) {
            return Ok(Vec::new());
        }
        let mut tx = self.db.read().await?;
        // That it is known to be another than one that looks alike is kept by a change behind it.
        let newest = store::change_list(&mut tx, record.id, None, 2).await?;
        let Some(saved) = newest.iter().find(|change| change.kind != "record-different") else {
            return Ok(Vec::new());
        };
        let items = store::change_item_list(&mut tx, saved.id).await?;
        let is_filled = |item: &&ChangeItem| {
            let of_fact = match item.entity.as_str() {
                "organisation" => fields().any(|field| field.code == item.field) && !typed(&item.field),
                "record" => {
                    item.field == "title_en"
                        && form.title_en.as_deref().is_none_or(|text| text.trim().is_empty())
                }
                _ => false,
            };
            of_fact && item.record == Some(record.id) && item.before.is_none() && item.after.is_some()
        };
        Ok(items.iter().filter(is_filled).map(|item| item.field.clone()).collect())
    }
}
