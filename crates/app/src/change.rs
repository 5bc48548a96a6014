//! Opening changes on behalf of an actor.

use crate::access::Actor;
use crate::error::Result;
use crate::typed;
use store::{Change, NewChange, Tx};

/// Opens a change of this actor.
pub(crate) async fn open(
    tx: &mut Tx,
    actor: &Actor,
    programme: Option<i64>,
    kind: &str,
    reason: Option<&str>,
) -> Result<Change> {
    let reason = typed::optional("reason", reason.unwrap_or_default())?;
    let reason = reason.as_deref();
    let new = NewChange { programme, user: actor.user, kind, source: actor.source, reason, undoes: None };
    Ok(store::change_open(tx, &new, actor.at).await?)
}
