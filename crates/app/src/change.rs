//! Opening changes on behalf of an actor.

use crate::access::Actor;
use crate::error::Result;
use store::{Change, NewChange, Tx};

/// Opens a change of this actor.
pub(crate) async fn open(
    tx: &mut Tx,
    actor: &Actor,
    programme: Option<i64>,
    kind: &str,
    reason: Option<&str>,
) -> Result<Change> {
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    let new = NewChange { programme, user: actor.user, kind, source: actor.source, reason, undoes: None };
    Ok(store::change_open(tx, &new, actor.at).await?)
}
