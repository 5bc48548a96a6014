//! Opening changes on behalf of an actor.

use crate::access::Actor;
use crate::error::Result;
use crate::typed;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
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
    let day = local(tx, programme, actor.at).await?.date();
    Ok(store::change_open(tx, &new, actor.at, day).await?)
}

/// An instant on the clocks of a programme; what concerns the whole installation goes by UTC.
pub(crate) async fn local(tx: &mut Tx, programme: Option<i64>, at: Timestamp) -> Result<Zoned> {
    let zone = match programme {
        Some(id) => TimeZone::get(&store::programme_get(tx, id).await?.time_zone).unwrap_or(TimeZone::UTC),
        None => TimeZone::UTC,
    };
    Ok(at.to_zoned(zone))
}
