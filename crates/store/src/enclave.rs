//! How output and tax of an enclave are shared between its two regions, by period: an append-only log.

use crate::change::{Change, created, field};
use crate::db::{Row, Tx, params};
use crate::error::Result;
use jiff::civil::Date;
use serde_json::json;

statements! {
    INSERT = "INSERT INTO enclave_share (record_id, measure, from_on, to_on, sending_share, receiving_share, change_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    REMOVE = "UPDATE enclave_share SET removed_change_id = $2 WHERE id = $1";
    GET = "SELECT id, record_id, measure, from_on, to_on, sending_share, receiving_share, removed_change_id
        FROM enclave_share WHERE id = $1";
    LIST = "SELECT id, record_id, measure, from_on, to_on, sending_share, receiving_share, removed_change_id
        FROM enclave_share WHERE record_id = $1 AND removed_change_id IS NULL
        ORDER BY measure, COALESCE(from_on, ''), id";
}

/// How one measure is shared in one period. Shares are in the scale of the unit `%`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShare {
    /// `output` or `tax`.
    pub measure: String,
    /// The first day; none where it is unknown.
    pub from: Option<Date>,
    /// The last day; none while it lasts.
    pub to: Option<Date>,
    /// The share of the region that sends; none where it is unknown.
    pub sending: Option<i64>,
    /// The share of the region that receives; none where it is unknown.
    pub receiving: Option<i64>,
}

/// A share as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnclaveShare {
    /// Identity.
    pub id: i64,
    /// The enclave.
    pub record: i64,
    /// What it says.
    pub share: NewShare,
    /// Whether it was taken back.
    pub removed: bool,
}

/// Adds a share to an enclave.
///
/// # Errors
/// When the database fails.
pub async fn enclave_share_insert(tx: &mut Tx, change: &Change, record: i64, new: &NewShare) -> Result<i64> {
    let values = params![record, &new.measure, new.from, new.to, new.sending, new.receiving, change.id];
    let id = tx.int(INSERT, values).await?;
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let row = json!({
        "share_of": new.measure, "from": day(new.from), "to": day(new.to), "sending_share": percent(new.sending),
        "receiving_share": percent(new.receiving),
    });
    created(tx, change, record, "enclave_share", id, row).await?;
    Ok(id)
}

fn percent(share: Option<i64>) -> Option<String> {
    let unit = domain::Unit::from_code("%")?;
    share.map(|share| format!("{}%", domain::quantity::from_scale(share, unit).normalize()))
}

/// Takes a share back, or puts it back.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn enclave_share_set_removed(tx: &mut Tx, change: &Change, id: i64, removed: bool) -> Result<()> {
    let share = enclave_share_get(tx, id).await?;
    tx.execute(REMOVE, params![id, removed.then_some(change.id)]).await?;
    let place = ("enclave_share", id, "removed");
    field(tx, change, share.record, place, Some(json!(share.removed)), Some(json!(removed))).await
}

/// A share.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn enclave_share_get(tx: &mut Tx, id: i64) -> Result<EnclaveShare> {
    share(&tx.one(GET, params![id]).await?)
}

/// The shares of an enclave, by measure and period.
///
/// # Errors
/// When the database fails.
pub async fn enclave_share_list(tx: &mut Tx, record: i64) -> Result<Vec<EnclaveShare>> {
    tx.all(LIST, params![record]).await?.iter().map(share).collect()
}

fn share(row: &Row) -> Result<EnclaveShare> {
    Ok(EnclaveShare {
        id: row.int(0)?,
        record: row.int(1)?,
        share: NewShare {
            measure: row.text(2)?,
            from: row.day(3)?,
            to: row.day(4)?,
            sending: row.opt_int(5)?,
            receiving: row.opt_int(6)?,
        },
        removed: row.opt_int(7)?.is_some(),
    })
}
