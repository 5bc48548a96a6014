//! Publishing what an import wrote while nobody saw it: one short transaction, in which everything is still as it was shown, or
//! nothing of it is seen.

use super::meanwhile;
use super::writer::{NAMED, Refusal, Registered, Writer, changed};
use crate::access::Actor;
use crate::entry::agreement;
use crate::error::Result;
use crate::{entry, shared};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;
use store::{Import, KeyStrength, RecordKind, RowState, Tx};

/// Rows that are read from the staging table at once.
const PAGE: i64 = 1_000;

/// Writes what is left and shows all of it, as of an instant; says why not where something is otherwise than it was shown.
pub(super) async fn publish(
    tx: &mut Tx,
    actor: &Actor,
    import: &Import,
    at: Timestamp,
) -> Result<Option<Refusal>> {
    let stale = store::import_row_list_stale(tx, import.id, NAMED).await?;
    if !stale.is_empty() {
        return Ok(Some(changed(&stale)));
    }
    let mut registered = Registered::default();
    let mut writer = Writer::new(tx, actor, import, &mut registered).await?;
    if let Some(refused) = meanwhile_known(tx, &writer).await? {
        return Ok(Some(refused));
    }
    if store::pending_is_corrected_twice(tx, import.id).await? {
        return Ok(Some(("changed-meanwhile", json!({}))));
    }
    if derive_touched(tx, &writer).await? {
        return Ok(Some(("changed-meanwhile", json!({}))));
    }
    let mut after = 0;
    loop {
        let rows = store::import_row_list_unwritten(tx, import.id, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.number;
        let (new, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.state == RowState::New);
        let known = meanwhile::stored(tx, import, writer.kind, &new).await?;
        if !known.is_empty() {
            return Ok(Some(changed(&known)));
        }
        let mut made = Vec::new();
        for row in new.into_iter().chain(rest) {
            let (number, is_new) = (row.number, row.state == RowState::New);
            made.extend(writer.row(tx, row).await?.filter(|_| is_new).map(|id| (number, id)));
        }
        store::import_row_set_records(tx, import.id, &made).await?;
    }
    show(tx, &writer, at).await?;
    Ok(None)
}

/// Shows what is pending, with what it brings about in other records.
async fn show(tx: &mut Tx, writer: &Writer<'_>, at: Timestamp) -> Result<()> {
    let (import, kind, change) = (writer.import.id, writer.kind, &writer.change);
    let mut organisations = Vec::new();
    for (_, id) in store::pending_list_titled(tx, import, RecordKind::Organisation).await? {
        organisations.push(id);
    }
    let concluded = match kind {
        RecordKind::Agreement
            if !store::lead_list_registered(tx, writer.import.programme).await?.is_empty() =>
        {
            store::pending_list_titled(tx, import, kind).await?
        }
        _ => Vec::new(),
    };
    store::pending_publish(tx, change, (import, kind), at).await?;
    shared::follow_all(tx, change, &organisations).await?;
    for (_, id) in concluded {
        let entry = store::entry_get(tx, id).await?;
        agreement::follow(tx, change, None, &entry).await?;
    }
    Ok(())
}

/// Rows whose record somebody else entered since the first of them were written.
async fn meanwhile_known(tx: &mut Tx, writer: &Writer<'_>) -> Result<Option<Refusal>> {
    let of = (writer.import.id, writer.import.programme);
    let shared = store::pending_row_list_known(tx, of, writer.kind, writer.change.at).await?;
    let strong = |key: &String| store::key_strength(key) != KeyStrength::Weak;
    let numbers: BTreeSet<i64> =
        shared.into_iter().filter(|(_, key)| strong(key)).map(|(number, _)| number).collect();
    let mut rows = Vec::new();
    for number in numbers {
        rows.push(store::import_row_get(tx, writer.import.id, number).await?);
    }
    let known = meanwhile::stored(tx, writer.import, writer.kind, &rows).await?;
    Ok((!known.is_empty()).then(|| changed(&known)))
}

/// Derives anew whom pending records concern that name a record which was written since the first of them were; whether one
/// that they name was merged away.
async fn derive_touched(tx: &mut Tx, writer: &Writer<'_>) -> Result<bool> {
    if writer.kind == RecordKind::Figure {
        return Ok(false);
    }
    for (id, is_gone) in
        store::pending_list_touched(tx, writer.import.id, writer.kind, writer.change.at).await?
    {
        if is_gone {
            return Ok(true);
        }
        entry::derive(tx, &writer.change, id).await?;
    }
    Ok(false)
}
