//! Two people who edit a record at once. What each changed since the form was opened meets: only what both changed, and
//! differently, is asked about.

use crate::entry::save::{LinkTo, Parts};
use crate::error::{Error, Result, Stale, StaleField};
use domain::Value;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use store::{Entry, FieldChange, Tx};

/// What a form was opened with, and what was chosen since where both had changed a field.
#[derive(Debug, Clone, Default)]
pub struct Basis {
    /// The last change of the record when the form was opened; none overwrites knowingly.
    pub version: Option<i64>,
    /// The last change that was shown where both had changed a field.
    pub seen: Option<i64>,
    /// Fields that are to be saved as typed although others changed them up to `seen`.
    pub kept: BTreeSet<String>,
}

impl Basis {
    /// A form that was opened at this change.
    #[must_use]
    pub fn at(version: i64) -> Self {
        Self { version: Some(version), ..Self::default() }
    }
}

/// Takes out of an edit what it only repeats from when its form was opened, where others changed it since, and brings what
/// both did to links and names together.
///
/// # Errors
/// [`Error::Stale`] naming the fields that both changed.
pub(crate) async fn merge(tx: &mut Tx, before: &Entry, parts: &mut Parts, basis: &Basis) -> Result<()> {
    let record = &before.record;
    let Some(version) = basis.version else { return Ok(()) };
    let last = store::change_last(tx, record.id).await?;
    if last == version {
        return Ok(());
    }
    let changes = store::change_list_since(tx, record.id, record.kind.code(), version).await?;
    let mut stale = Stale { version: last, fields: Vec::new() };
    let mut known = BTreeSet::new();
    for first in &changes {
        if !known.insert(first.field.as_str()) {
            continue;
        }
        let latest = changes.iter().rfind(|change| change.field == first.field).unwrap_or(first);
        let is_kept = basis.kept.contains(&first.field) && basis.seen >= Some(latest.change);
        match compare(before, parts, first) {
            Edit::Theirs => leave_out(parts, &first.field),
            Edit::Both if !is_kept => stale.fields.push(field(before, first, latest)),
            Edit::Both | Edit::Same => {}
        }
    }
    merge_links(tx, record.id, version, parts).await?;
    merge_names(tx, record.id, version, parts).await?;
    if stale.fields.is_empty() { Ok(()) } else { Err(Error::Stale(Box::new(stale))) }
}

/// Who changed a field since the form was opened.
enum Edit {
    /// The form does not hold it, or says what is stored.
    Same,
    /// Only others did: the form repeats what it was opened with.
    Theirs,
    /// Both did.
    Both,
}

fn compare(before: &Entry, parts: &Parts, first: &FieldChange) -> Edit {
    fn edit<T: PartialEq>(mine: Option<T>, stored: &T, opened: Option<T>) -> Edit {
        match mine {
            None => Edit::Same,
            Some(mine) if mine == *stored => Edit::Same,
            mine if mine == opened => Edit::Theirs,
            _ => Edit::Both,
        }
    }
    let record = &before.record;
    let text = || first.before.as_ref().and_then(Json::as_str).map(str::to_owned);
    match first.field.as_str() {
        "title" => edit(parts.title.clone(), &record.title, text()),
        "title_en" => edit(parts.title_en.clone(), &record.title_en, Some(text())),
        "amount" => {
            let opened = first.before.as_ref().and_then(store::amount_from_json);
            edit(parts.amount, &before.amount, Some(opened))
        }
        code => {
            let stored = before.values.get(code).cloned();
            // The audit keeps no values of personal fields: what the form was opened with is not known.
            let info = record.kind.field(code).filter(|info| !info.personal);
            edit(parts.values.get(code).cloned(), &stored, info.map(|info| value(info, first)))
        }
    }
}

fn value(info: &domain::record::FieldInfo, change: &FieldChange) -> Option<Value> {
    change.before.as_ref().and_then(|json| store::value_from_json(info, json))
}

fn leave_out(parts: &mut Parts, field: &str) {
    match field {
        "title" => parts.title = None,
        "title_en" => parts.title_en = None,
        "amount" => parts.amount = None,
        code => {
            parts.values.remove(code);
        }
    }
}

fn field(before: &Entry, first: &FieldChange, latest: &FieldChange) -> StaleField {
    StaleField {
        before: before.record.kind.field(&first.field).and_then(|info| value(info, first)),
        before_amount: first.before.as_ref().and_then(store::amount_from_json),
        before_title: first.before.as_ref().and_then(Json::as_str).map(str::to_owned),
        field: first.field.clone(),
        by: latest.by.clone(),
        at: latest.at,
    }
}

async fn merge_links(tx: &mut Tx, record: i64, version: i64, parts: &mut Parts) -> Result<()> {
    if parts.links.is_empty() {
        return Ok(());
    }
    let opened = store::link_list_at(tx, record, version).await?;
    let stored = store::link_list(tx, record).await?;
    for (code, wanted) in &mut parts.links {
        let opened = opened.iter().filter(|link| link.kind == *code);
        let opened: Vec<_> = opened.map(|link| LinkTo { to: link.to, role: link.role.clone() }).collect();
        let stored = stored.iter().filter(|link| link.kind == *code);
        let stored = stored.map(|link| LinkTo { to: link.record.id, role: link.role.clone() }).collect();
        *wanted = meet(&opened, wanted, stored);
    }
    Ok(())
}

async fn merge_names(tx: &mut Tx, record: i64, version: i64, parts: &mut Parts) -> Result<()> {
    let Some(wanted) = &mut parts.aliases else { return Ok(()) };
    if let Some(opened) = store::record_name_list_at(tx, record, version).await? {
        *wanted = meet(&opened, wanted, store::record_name_list(tx, record).await?);
    }
    Ok(())
}

/// What is stored, without what the form took away and with what it added.
fn meet<T: PartialEq + Clone>(opened: &[T], wanted: &[T], stored: Vec<T>) -> Vec<T> {
    let mut met: Vec<T> =
        stored.into_iter().filter(|item| wanted.contains(item) || !opened.contains(item)).collect();
    let added = wanted.iter().filter(|item| !opened.contains(item));
    let added: Vec<T> = added.filter(|item| !met.contains(item)).cloned().collect();
    met.extend(added);
    met
}

#[cfg(test)]
mod tests {
    use super::meet;

    #[test]
    fn what_two_added_and_took_away_meets() {
        let met = |opened: &str, wanted: &str, stored: &str| {
            let of = |text: &str| text.chars().collect::<Vec<_>>();
            meet(&of(opened), &of(wanted), of(stored)).into_iter().collect::<String>()
        };
        assert_eq!(met("ab", "ab", "abc"), "abc", "an addition of others stays");
        assert_eq!(met("ab", "ab", "a"), "a", "and so does what they took away");
        assert_eq!(met("ab", "bd", "abc"), "bcd");
        assert_eq!(met("ab", "abc", "abc"), "abc", "added by both, once");
        assert_eq!(met("ab", "", "ab"), "");
    }
}
