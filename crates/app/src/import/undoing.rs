//! Undoing an import as a whole, in sets: its new records are archived, its figures withdrawn, the fields it changed get back what
//! stood there, unless somebody wrote there since.

use crate::access::{Actor, Right};
use crate::entry::many_changed::is_own;
use crate::error::{Error, Result};
use crate::typed;
use std::collections::BTreeSet;
use store::{ChangeEntry, ImportState, NewChange, PutBackConflict, RecordKind, Tx};

/// Conflicts of one sort that are told.
const TOLD: i64 = 50;

/// Conflicts as they are told to the actor: of records that are not open to them, only that there are some.
async fn told(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    mut conflicts: Vec<PutBackConflict>,
) -> Result<Vec<PutBackConflict>> {
    let ids: Vec<i64> = conflicts.iter().map(|conflict| conflict.record).collect();
    let seen = store::record_list_of(tx, &ids, &actor.reach(programme)).await?;
    let seen: BTreeSet<i64> = seen.into_iter().map(|record| record.id).collect();
    for conflict in conflicts.iter_mut().filter(|conflict| !seen.contains(&conflict.record)) {
        conflict.code.clear();
        conflict.by = None;
    }
    Ok(conflicts)
}

/// Undoes the change of an import, where all that it wrote can be put back in sets; whether it did.
///
/// # Errors
/// [`Error::ChangedSince`] with what was written since; [`Error::Conflict`] while it is still being written;
/// [`Error::NotFound`] where the actor may not undo all of it.
pub(crate) async fn undo_in_sets(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    old: &ChangeEntry,
    reason: Option<&str>,
) -> Result<bool> {
    let Some(import) = store::import_of_change(tx, programme, old.id).await? else { return Ok(false) };
    let Some(kind) = RecordKind::from_code(&import.kind).filter(|kind| *kind != RecordKind::Contact) else {
        return Ok(false);
    };
    let own = |field: &domain::record::FieldInfo| is_own(kind, field);
    if !store::put_back_is_plain(tx, old.id, programme, kind, own).await? {
        return Ok(false);
    }
    let now = store::import_lock(tx, programme, import.id).await?;
    if now.state != ImportState::Done || old.undone_by.is_some() {
        return Err(Error::Conflict);
    }
    for kind in [kind, RecordKind::Organisation] {
        let reach = actor.reach_for_kind(programme, Right::Undo, kind);
        if store::put_back_is_beyond(tx, old.id, kind, &reach).await? {
            return Err(Error::NotFound);
        }
    }
    store::put_back_hold(tx, old.id).await?;
    let conflicts = store::put_back_conflicts(tx, old.id, (programme, kind), TOLD).await?;
    if !conflicts.is_empty() {
        return Err(Error::ChangedSince(told(tx, actor, programme, conflicts).await?));
    }
    let reason = typed::optional("reason", reason.unwrap_or_default())?;
    let new = NewChange {
        programme: Some(programme),
        user: actor.user,
        kind: "undo",
        source: actor.source,
        reason: reason.as_deref(),
        undoes: Some(old.id),
    };
    let day = crate::change::local(tx, Some(programme), actor.at).await?.date();
    let change = store::change_open(tx, &new, actor.at, day).await?;
    store::put_back_all(tx, &change, old.id, &[kind]).await?;
    // Words and lights follow in short steps.
    store::import_set_state(tx, import.id, ImportState::Settling, 0, None).await?;
    Ok(true)
}
