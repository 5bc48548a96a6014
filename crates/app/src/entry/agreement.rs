//! Agreements: what must hold of one, and what saving one brings about in others.
//!
//! An upgrade keeps the intent and the contract; from the day the contract is signed the intent is `upgraded`, and its
//! figure replaced by the contract's, so that the deal counts once. A renewal does the same to what it renews.

use crate::entry::form::Problem;
use crate::entry::save::{self, Parts};
use crate::entry::{amount, lead};
use crate::error::Result;
use domain::Measure;
use domain::record::{Standing, Value, Values};
use std::collections::BTreeSet;
use store::{Change, Entry, RecordKind, Tx};

/// The fields that name an agreement which this one follows, with the status that one then has.
pub(crate) const SUCCESSIONS: &[(&str, &str)] = &[("upgrades", "upgraded"), ("renews", "renewed")];

/// Statuses of an agreement that can be followed by another.
const OPEN: &[&str] = &["signed", "expired"];

/// Whether it is an agreement that was signed, whatever became of it.
pub(crate) fn is_concluded(entry: &Entry) -> bool {
    entry.record.kind == RecordKind::Agreement
        && !entry.record.archived
        && entry.text("status").is_some_and(|status| status != "draft")
}

/// Whether an agreement says what is meant rather than what is owed: it can be upgraded to a contract.
#[must_use]
pub fn is_intent(values: &Values) -> bool {
    let amount = RecordKind::Agreement.amount();
    let measure = amount.and_then(|amount| amount.measure_of(RecordKind::Agreement, values));
    matches!(measure, Some(Measure::SignedIntent | Measure::SignedUnspecified))
}

/// Whether an agreement can be upgraded or renewed: signed, and not followed by another yet.
#[must_use]
pub fn is_open(values: &Values) -> bool {
    values.get("status").and_then(Value::text).is_some_and(|status| OPEN.contains(&status))
}

/// What must hold of an agreement; only what an edit changes is asked for (law 6).
pub(crate) async fn check(
    tx: &mut Tx,
    parts: &mut Parts,
    reason: &str,
    before: Option<&Entry>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let text =
        |parts: &Parts, field: &str| parts.value(field, before).and_then(Value::text).map(str::to_owned);
    let was = before.and_then(|before| before.text("status")).map(str::to_owned);
    let status = text(parts, "status");
    let moved = status != was;
    check_rescission(parts, reason, before, moved.then_some((was.as_deref(), status.as_deref())), problems);
    if let Some(before) = before.filter(|_| !moved) {
        let amount = RecordKind::Agreement.amount();
        let standing = amount.map(|amount| amount.standing(&before.values));
        let is_past = matches!(standing, Some(Standing::Succeeded | Standing::Over));
        if is_past && parts.amount.is_some_and(|wanted| wanted != before.amount) {
            problems.push(Problem::new("amount", "over"));
        }
    }
    let signed = status.is_some_and(|status| status != "draft");
    check_parties(tx, parts, before, moved && signed, problems).await?;
    let values = parts.values(before);
    for (field, _) in SUCCESSIONS {
        let named = parts.value(field, before).and_then(Value::id);
        let known = before.and_then(|before| before.id(field));
        let changed = named != known || (moved && was.as_deref().is_none_or(|was| was == "draft"));
        let Some(other) = named.filter(|_| changed) else { continue };
        let other = store::entry_get(tx, other).await?;
        if !is_open(&other.values) {
            problems.push(Problem::new(field, "not-signed"));
        }
        if *field == "upgrades" && !is_intent(&other.values) {
            problems.push(Problem::new(field, "not-intent"));
        }
        if *field == "upgrades" && is_intent(&values) {
            problems.push(Problem::new("kind", "not-contract"));
        }
    }
    if let Some(Some(Value::Id(parent))) = parts.values.get("parent")
        && store::entry_get(tx, *parent).await?.text("kind") != Some("framework")
    {
        problems.push(Problem::new("parent", "not-framework"));
    }
    Ok(())
}

/// A rescission has a day and a reason, and so has taking it back.
fn check_rescission(
    parts: &mut Parts,
    reason: &str,
    before: Option<&Entry>,
    moved: Option<(Option<&str>, Option<&str>)>,
    problems: &mut Vec<Problem>,
) {
    const RESCINDED: Option<&str> = Some("rescinded");
    let Some((was, now)) = moved else { return };
    if now == RESCINDED && parts.value("rescinded_on", before).is_none() {
        problems.push(Problem::new("rescinded_on", "missing"));
    }
    if was == RESCINDED {
        parts.values.insert("rescinded_on", None);
    }
    if before.is_some() && (was == RESCINDED || now == RESCINDED) && reason.trim().is_empty() {
        problems.push(Problem::new("reason", "missing"));
    }
}

/// From signing on there are two parties or more; witnesses are none. Nobody is a party in one role twice.
async fn check_parties(
    tx: &mut Tx,
    parts: &Parts,
    before: Option<&Entry>,
    signing: bool,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let mut present = Vec::new();
    if let Some(before) = before {
        let links = store::link_list(tx, before.record.id).await?.into_iter();
        present.extend(links.filter(|link| link.kind == "party").map(|link| (link.record.id, link.role)));
    }
    let sent = parts.links.get("party");
    let sent = sent.map(|links| links.iter().map(|link| (link.to, link.role.clone())).collect::<Vec<_>>());
    let changed = sent.as_ref().is_some_and(|sent| *sent != present);
    let parties = sent.unwrap_or(present);
    let distinct: BTreeSet<_> = parties.iter().collect();
    if changed && distinct.len() < parties.len() {
        problems.push(Problem::new("party", "twice"));
    }
    let status = parts.value("status", before).and_then(Value::text);
    let signed = status.is_some_and(|status| status != "draft");
    let parties: BTreeSet<i64> =
        parties.iter().filter(|(_, role)| role != "witness").map(|(party, _)| *party).collect();
    if (signing || (changed && signed)) && parties.len() < 2 {
        problems.push(Problem::new("party", "parties"));
    }
    Ok(())
}

/// What a saved agreement brings about in the agreements it follows and in the leads of its team.
pub(crate) async fn follow(
    tx: &mut Tx,
    change: &Change,
    before: Option<&Entry>,
    after: &Entry,
) -> Result<()> {
    if after.record.kind != RecordKind::Agreement {
        return Ok(());
    }
    for (field, status) in SUCCESSIONS {
        let was = before.filter(|before| is_concluded(before)).and_then(|before| before.id(field));
        let now = Some(after).filter(|after| is_concluded(after)).and_then(|after| after.id(field));
        if let Some(old) = was.filter(|_| was != now) {
            release(tx, change, old, status, &after.record.code).await?;
        }
        if let Some(old) = now {
            succeed(tx, change, old, status, &after.record.code).await?;
        }
    }
    lead::convert(tx, change, before, after).await
}

/// `by` is the code of the agreement that follows it.
async fn succeed(tx: &mut Tx, change: &Change, id: i64, status: &'static str, by: &str) -> Result<()> {
    let old = store::entry_lock(tx, id).await?;
    if is_open(&old.values) {
        save::set_status(tx, change, &old, status, &[], by).await?;
    }
    let old = store::entry_get(tx, id).await?;
    amount::retire(tx, change, &old, by).await
}

/// An agreement that nothing follows any more is again what it was before.
async fn release(tx: &mut Tx, change: &Change, id: i64, status: &str, by: &str) -> Result<()> {
    let old = store::entry_lock(tx, id).await?;
    if old.text("status") != Some(status) {
        return Ok(());
    }
    let log = store::record_status_list(tx, id).await?;
    let earlier = log.iter().rev().find_map(|log| OPEN.iter().find(|code| **code == log.status));
    save::set_status(tx, change, &old, earlier.unwrap_or(&"signed"), &[], by).await
}
