//! Whether rows that were new when they were read are stored by now: somebody entered them, or the same sheet came twice.

use super::payload::Payload;
use crate::alike::{self, Facts};
use crate::error::Result;
use domain::organisation::{Reason, Strength};
use domain::record::Values;
use std::collections::{BTreeSet, HashMap};
use store::{Import, ImportRow, KeyStrength, RecordKind, RegionWords, Tx};

/// Stored records that one row is compared with.
const COMPARED: i64 = 20;

/// Rows that are stored by now, with the code of the record; what somebody decided to be new is new.
pub(super) async fn stored(
    tx: &mut Tx,
    import: &Import,
    kind: RecordKind,
    rows: &[ImportRow],
) -> Result<Vec<(i64, String)>> {
    let words = match kind {
        RecordKind::Organisation => RegionWords::load(tx).await?,
        _ => RegionWords::default(),
    };
    let mut asked: Vec<(i64, Vec<String>, Values, Vec<String>)> = Vec::new();
    for row in rows.iter().filter(|row| row.decision.is_none()) {
        let Some(json) = &row.payload else { continue };
        let parts = Payload::from_json(kind, json).parts;
        let values = parts.values(None);
        let names: Vec<String> = parts.title.into_iter().chain(parts.aliases.into_iter().flatten()).collect();
        let codes = kind.fields().iter().filter(|field| field.key);
        let codes = codes.filter_map(|field| Some(values.get(field.code)?.text()?.to_owned()));
        let mut keys = store::keys_of(kind, &names, &codes.collect::<Vec<_>>(), &words);
        keys.retain(|key| store::key_strength(key) != KeyStrength::Weak);
        asked.push((row.number, keys, values, names));
    }
    let keys: BTreeSet<String> = asked.iter().flat_map(|(_, keys, ..)| keys.iter().cloned()).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let mut by_key = HashMap::<String, Vec<i64>>::new();
    for (key, id) in store::key_list_many(tx, import.programme, &keys, COMPARED).await? {
        by_key.entry(key).or_default().push(id);
    }
    let ids: BTreeSet<i64> = by_key.values().flatten().copied().collect();
    let entries = store::entry_list_of(tx, kind, &ids.into_iter().collect::<Vec<_>>()).await?;
    let entries: HashMap<i64, _> = entries.into_iter().map(|entry| (entry.record.id, entry)).collect();
    let mut found = Vec::new();
    for (number, keys, values, names) in &asked {
        let own = Facts { kind, names: names.iter().map(String::as_str).collect(), values };
        let candidates = keys.iter().filter_map(|key| by_key.get(key)).flatten();
        let same = candidates.filter_map(|id| entries.get(id)).find(|entry| {
            let names = vec![entry.record.title.as_str()];
            let likeness = alike::compare(&own, &Facts { kind, names, values: &entry.values }, &words);
            likeness.strength == Strength::Same
                || likeness.reasons.contains(&Reason::SameCode)
                || (likeness.reasons.contains(&Reason::SameName) && likeness.objections.is_empty())
        });
        found.extend(same.map(|entry| (*number, entry.record.code.clone())));
    }
    Ok(found)
}
