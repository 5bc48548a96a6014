//! Records that may be one: what speaks for it, on entry and among what is stored. A person decides.

use crate::App;
use crate::access::{Actor, Right};
use crate::change;
use crate::entry::{Parts, view_right};
use crate::error::{Error, Result};
use domain::organisation::{CreditCode, Known, Likeness, Name, Reason, Strength, plain, similarity};
use domain::record::{FieldType, Value, Values};
use std::collections::{BTreeSet, HashMap};
use store::{Entry, Reach, RecordKind, RegionWords, Tx};

/// Records compared with one that is entered.
const COMPARED: usize = 60;
/// Records named to who enters one.
const NAMED: usize = 10;
/// Pairs of one page of possible duplicates.
const PAIRS: usize = 50;
/// Keys that a page of possible duplicates looks through at most.
const KEYS_A_PAGE: usize = 4_000;
/// Keys read at once.
const KEYS_AT_ONCE: i64 = 200;
/// Of a key of characters that more records share no pairs are made; of a code or whole name, the oldest with each.
const CROWD: usize = 40;
/// Records of one code or name that a page looks at.
const MOST_OF_A_NAME: i64 = 200;

/// A record that may be the one that is entered.
#[derive(Debug, Clone)]
pub struct Alike {
    /// The record; none where the actor cannot see it, who then learns only that its code is the same.
    pub entry: Option<Entry>,
    /// What speaks for it.
    pub reasons: Vec<Reason>,
    /// How strongly.
    pub strength: Strength,
    /// Whether it cannot be entered beside this one: two organisations never have one credit code.
    pub refused: bool,
}

/// Two stored records that may be one.
#[derive(Debug, Clone)]
pub struct AlikePair {
    /// The older.
    pub older: Entry,
    /// The newer.
    pub newer: Entry,
    /// What speaks for it.
    pub reasons: Vec<Reason>,
    /// How strongly.
    pub strength: Strength,
}

/// What is known of a record that is compared.
pub(crate) struct Facts<'a> {
    pub kind: RecordKind,
    /// The title, then further names.
    pub names: Vec<&'a str>,
    pub values: &'a Values,
}

impl Facts<'_> {
    fn codes(&self) -> Vec<String> {
        let fields = self.kind.fields().iter().filter(|field| field.key);
        fields.filter_map(|field| self.values.get(field.code)?.text().map(str::to_owned)).collect()
    }

    /// Whether a field names that record of the same kind, as a subsidiary names its parent.
    fn names(&self, record: i64) -> bool {
        let own = |kind| matches!(kind, FieldType::Record(of) if of == self.kind);
        let mut fields = self.kind.fields().iter().filter(|field| own(field.kind));
        fields.any(|field| self.values.get(field.code).and_then(Value::id) == Some(record))
    }
}

pub(crate) fn compare(a: &Facts<'_>, b: &Facts<'_>, words: &RegionWords) -> Likeness {
    match a.kind {
        RecordKind::Organisation => similarity(&known(a, words), &known(b, words)),
        _ => compare_titles(a, b),
    }
}

/// What is known of an organisation, its names taken apart.
pub(crate) fn known(of: &Facts<'_>, words: &RegionWords) -> Known {
    let mut names = of.names.iter().map(|name| words.name(name));
    Known {
        name: names.next().unwrap_or_else(|| Name::new("", &[])),
        aliases: names.collect(),
        code: of.values.get("uscc").and_then(Value::text).and_then(|code| CreditCode::parse(code).ok()),
        region: of.values.get("region").and_then(Value::id),
    }
}

/// Records of other kinds are alike by an official number, or by their whole name where nothing that lists show of them
/// differs: no day, region, record or number known of both.
pub(crate) fn compare_titles(a: &Facts<'_>, b: &Facts<'_>) -> Likeness {
    let nothing = Likeness { reasons: Vec::new(), objections: Vec::new(), strength: Strength::None };
    let code = |of: &Facts<'_>| of.codes().first().map(|code| plain(code));
    match (code(a), code(b)) {
        (Some(x), Some(y)) if x == y => {
            return Likeness { reasons: vec![Reason::SameCode], strength: Strength::Same, ..nothing };
        }
        (Some(_), Some(_)) => return nothing,
        _ => {}
    }
    let names = |of: &Facts<'_>| of.names.iter().map(|name| plain(name)).collect::<Vec<_>>();
    let (names_a, names_b) = (names(a), names(b));
    let reason = match () {
        () if names_a.first() == names_b.first() => Reason::SameName,
        () if names_a.iter().any(|name| names_b.contains(name)) => Reason::SameAliases,
        () => return nothing,
    };
    if differs(a.kind, a.values, b.values) {
        nothing
    } else {
        Likeness { reasons: vec![reason], strength: Strength::Likely, ..nothing }
    }
}

/// Whether two records of one name differ in something that lists show and both say.
pub(crate) fn differs(kind: RecordKind, a: &Values, b: &Values) -> bool {
    says_other(&shown(kind, a), &shown(kind, b))
}

/// What tells two of one name apart: the days, regions and records that lists show, each with the place of its field.
pub(crate) type Shown = Box<[(usize, i64)]>;

/// What lists show of a record.
pub(crate) fn shown(kind: RecordKind, values: &Values) -> Shown {
    let told = |kind| matches!(kind, FieldType::Date | FieldType::Region | FieldType::Record(_));
    let fields = kind.fields().iter().enumerate().filter(|(_, field)| field.list && told(field.kind));
    let number = |value: &Value| match value {
        Value::Day(day) => {
            Some(i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day()))
        }
        value => value.id(),
    };
    fields.filter_map(|(at, field)| Some((at, number(values.get(field.code)?)?))).collect()
}

/// Whether some field holds something else in both.
pub(crate) fn says_other(a: &[(usize, i64)], b: &[(usize, i64)]) -> bool {
    a.iter().any(|(at, value)| b.iter().any(|(of, other)| of == at && other != value))
}

/// Whether it is worth asking who enters a record: a name within another's is most often a subsidiary.
pub(crate) fn asks(likeness: &Likeness) -> bool {
    match likeness.strength {
        Strength::None => false,
        Strength::Possible => {
            likeness.objections.is_empty() && !likeness.reasons.contains(&Reason::OneContainsOther)
        }
        Strength::Likely | Strength::Same => true,
    }
}

/// Stored records with their further names, by id.
#[derive(Default)]
struct Stored(HashMap<i64, (Entry, Vec<String>)>);

impl Stored {
    async fn load(&mut self, tx: &mut Tx, kind: RecordKind, ids: &[i64]) -> Result<()> {
        let ids: Vec<i64> = ids.iter().copied().filter(|id| !self.0.contains_key(id)).collect();
        for entry in store::entry_list_of(tx, kind, &ids).await? {
            self.0.insert(entry.record.id, (entry, Vec::new()));
        }
        for (id, name) in store::record_name_list_of(tx, &ids).await? {
            if let Some((_, names)) = self.0.get_mut(&id) {
                names.push(name);
            }
        }
        Ok(())
    }

    /// The records in use with what is known of each.
    fn facts(&self, id: i64) -> Option<(&Entry, Facts<'_>)> {
        let (entry, names) = self.0.get(&id).filter(|(entry, _)| !entry.record.archived)?;
        let names = std::iter::once(&entry.record.title).chain(names).map(String::as_str).collect();
        Some((entry, Facts { kind: entry.record.kind, names, values: &entry.values }))
    }
}

/// Refuses a record that may be stored already, unless it is known to be `different`; gives the records it is known to
/// differ from. Of an edit, where it changes what records are told apart by.
pub(crate) async fn refuse_alike(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    kind: RecordKind,
    (parts, before): (&Parts, Option<&Entry>),
    different: bool,
) -> Result<Vec<i64>> {
    let (names, values) = written(tx, parts, before).await?;
    let facts = Facts { kind, names: names.iter().map(String::as_str).collect(), values: &values };
    let codes = facts.codes();
    let code_changes = before.is_none_or(|before| {
        let fields = kind.fields().iter().filter(|field| field.key);
        fields.map(|field| field.code).any(|code| before.values.get(code) != values.get(code))
    });
    let renamed = before.is_none_or(|before| names.first() != Some(&before.record.title));
    // What is known of a registered lead is told by its registration.
    if kind == RecordKind::Lead || !(code_changes || renamed) {
        return Ok(Vec::new());
    }
    if kind == RecordKind::Organisation && !codes.is_empty() {
        // Of two who enter the same code at once, the second is told.
        store::programme_lock(tx, programme).await?;
    }
    let keys = store::keys_for(tx, kind, &names, &codes).await?;
    let own = before.map(|before| before.record.id);
    let ids = store::record_list_like(tx, programme, &keys, own, COMPARED).await?;
    let mut found = alike(tx, actor, programme, (&facts, own), &ids, code_changes).await?;
    let asked = found.iter().any(|(alike, asks)| alike.refused || (*asks && !different));
    let apart = found.iter().filter(|(_, asks)| *asks);
    let apart = apart.filter_map(|(alike, _)| Some(alike.entry.as_ref()?.record.id)).collect();
    if !asked {
        return Ok(apart);
    }
    found.sort_by_key(|(alike, _)| std::cmp::Reverse(alike.strength));
    Err(Error::Alike(found.into_iter().take(NAMED).map(|(alike, _)| alike).collect()))
}

/// Names and values of a record once the parts are saved.
async fn written(tx: &mut Tx, parts: &Parts, before: Option<&Entry>) -> Result<(Vec<String>, Values)> {
    let mut names: Vec<String> = parts.title.iter().cloned().collect();
    names.extend(before.filter(|_| names.is_empty()).map(|before| before.record.title.clone()));
    match (&parts.aliases, before) {
        (Some(aliases), _) => names.extend(aliases.iter().cloned()),
        (None, Some(before)) => names.extend(store::record_name_list(tx, before.record.id).await?),
        (None, None) => {}
    }
    let mut values = before.map(|before| before.values.clone()).unwrap_or_default();
    for (code, value) in &parts.values {
        match value {
            Some(value) => values.insert(code, value.clone()),
            None => values.remove(code),
        };
    }
    Ok((names, values))
}

/// Those of the records that are like what is entered, each with whether that is worth asking.
async fn alike(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    (facts, own): (&Facts<'_>, Option<i64>),
    ids: &[i64],
    code_changes: bool,
) -> Result<Vec<(Alike, bool)>> {
    let kind = facts.kind;
    let mut stored = Stored::default();
    stored.load(tx, kind, ids).await?;
    let words = words(tx, kind).await?;
    let decided = store::different_list(tx, &own.iter().chain(ids).copied().collect::<Vec<_>>()).await?;
    let visible = visible(tx, ids, &actor.reach_for(programme, view_right(kind))).await?;
    let mut found = Vec::new();
    for &id in ids {
        let Some((entry, other)) = stored.facts(id) else { continue };
        let likeness = compare(facts, &other, &words);
        let same_code = likeness.reasons.contains(&Reason::SameCode);
        let refused = same_code && kind == RecordKind::Organisation && code_changes;
        let known = own.is_some_and(|own| decided.contains(&(own.min(id), own.max(id))));
        let related = facts.names(id) || own.is_some_and(|own| other.names(own));
        let known = known || (related && !same_code);
        let hidden = !visible.contains(&id);
        if likeness.strength == Strength::None || (known && !refused) || (hidden && !refused) {
            continue;
        }
        let asks = asks(&likeness);
        let entry = (!hidden).then(|| entry.clone());
        let Likeness { reasons, strength, .. } = likeness;
        found.push((Alike { entry, reasons, strength, refused }, asks));
    }
    Ok(found)
}

async fn words(tx: &mut Tx, kind: RecordKind) -> Result<RegionWords> {
    let of_organisations = kind == RecordKind::Organisation;
    Ok(if of_organisations { RegionWords::load(tx).await? } else { RegionWords::default() })
}

async fn visible(tx: &mut Tx, ids: &[i64], reach: &Reach) -> Result<BTreeSet<i64>> {
    Ok(store::record_list_of(tx, ids, reach).await?.into_iter().map(|record| record.id).collect())
}

impl App {
    /// Stored records of a kind that may be one, as far as the actor may merge both: pairs found by keys behind `after`, the
    /// likeliest of them first, and where the next page begins, if there is one.
    ///
    /// # Errors
    /// When the database fails; [`Error::Forbidden`] for who may not merge.
    pub async fn duplicate_list(
        &self,
        actor: &Actor,
        programme: i64,
        kind: RecordKind,
        after: &str,
    ) -> Result<(Vec<AlikePair>, Option<String>)> {
        actor.require(programme, Right::MergeRecord)?;
        actor.require(programme, view_right(kind))?;
        let mut tx = self.db.read().await?;
        let reach = actor.reach_for_kind(programme, Right::MergeRecord, kind);
        let words = words(&mut tx, kind).await?;
        let mut search =
            Search { programme, kind, reach, words, stored: Stored::default(), pairs: Vec::new() };
        let next = search.page(&mut tx, after).await?;
        let mut pairs = search.pairs;
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.strength));
        drop(tx);
        if kind == RecordKind::Contact {
            let ids = pairs.iter().flat_map(|pair| [pair.older.record.id, pair.newer.record.id]);
            self.contact_seen(actor, programme, "list", &ids.collect::<Vec<_>>()).await?;
        }
        Ok((pairs, next))
    }

    /// Keeps that two records are not the same, or takes that back.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn different_set(&self, actor: &Actor, programme: i64, one: &str, other: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let one = crate::access::open(&mut tx, actor, programme, one, Right::MergeRecord).await?;
        let other = crate::access::open(&mut tx, actor, programme, other, Right::MergeRecord).await?;
        if one.kind != other.kind || one.id == other.id {
            return Err(Error::NotFound);
        }
        for id in [one.id.min(other.id), one.id.max(other.id)] {
            store::record_lock(&mut tx, id).await?;
        }
        let opened = change::open(&mut tx, actor, Some(programme), "record-different", None).await?;
        store::different_insert(&mut tx, &opened, one.id, other.id).await?;
        self.commit(tx).await
    }
}

/// A look through the keys that records share.
struct Search {
    programme: i64,
    kind: RecordKind,
    reach: Reach,
    words: RegionWords,
    stored: Stored,
    pairs: Vec<AlikePair>,
}

impl Search {
    /// Fills a page; the key it ended at, unless there are no more.
    async fn page(&mut self, tx: &mut Tx, after: &str) -> Result<Option<String>> {
        let mut at = after.to_owned();
        for _ in 0..KEYS_A_PAGE / usize::try_from(KEYS_AT_ONCE).unwrap_or(1) {
            let groups = store::key_group_list(tx, self.programme, self.kind, &at, KEYS_AT_ONCE).await?;
            if groups.is_empty() {
                return Ok(None);
            }
            self.stored = Stored::default();
            for group in groups {
                if counts(&group) {
                    self.group(tx, &group).await?;
                }
                at = group.key;
                if self.pairs.len() >= PAIRS {
                    return Ok(Some(at));
                }
            }
        }
        Ok(Some(at))
    }

    async fn group(&mut self, tx: &mut Tx, group: &store::KeyGroup) -> Result<()> {
        let ids = store::key_record_list(tx, self.programme, &group.key, MOST_OF_A_NAME).await?;
        self.stored.load(tx, self.kind, &ids).await?;
        let mut found = Vec::new();
        for (at, &older) in ids.iter().enumerate() {
            if at > 0 && ids.len() > CROWD {
                break;
            }
            for &newer in &ids[at + 1..] {
                let (Some((_, a)), Some((_, b))) = (self.stored.facts(older), self.stored.facts(newer))
                else {
                    continue;
                };
                let likeness = compare(&a, &b, &self.words);
                let related = a.names(newer) || b.names(older);
                let known = related && !likeness.reasons.contains(&Reason::SameCode);
                if likeness.strength > Strength::None && !known {
                    found.push((older, newer, likeness));
                }
            }
        }
        self.keep(tx, group, found).await
    }

    /// Keeps the pairs that are open to the actor, not decided, and not found by an earlier key.
    async fn keep(
        &mut self,
        tx: &mut Tx,
        group: &store::KeyGroup,
        found: Vec<(i64, i64, Likeness)>,
    ) -> Result<()> {
        let ids: BTreeSet<i64> = found.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let open = visible(tx, &ids, &self.reach).await?;
        let decided = store::different_list(tx, &ids).await?;
        for (older, newer, likeness) in found {
            let shown = open.contains(&older) && open.contains(&newer) && !decided.contains(&(older, newer));
            if !shown || self.found_before(tx, older, newer, &group.key).await? {
                continue;
            }
            let entry = |id| self.stored.facts(id).map(|(entry, _)| entry.clone());
            if let (Some(older), Some(newer)) = (entry(older), entry(newer)) {
                let Likeness { reasons, strength, .. } = likeness;
                self.pairs.push(AlikePair { older, newer, reasons, strength });
            }
        }
        Ok(())
    }

    async fn found_before(&self, tx: &mut Tx, a: i64, b: i64, key: &str) -> Result<bool> {
        for group in store::key_list_shared(tx, a, b, key).await? {
            if counts(&group) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether pairs are made of the records that share a key.
fn counts(group: &store::KeyGroup) -> bool {
    group.strong || group.count <= i64::try_from(CROWD).unwrap_or(i64::MAX)
}
