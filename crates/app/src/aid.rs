//! Aid projects (援助项目): their contracts, the steps of their money, and the ledger of a programme.

mod ledger;
mod step;
mod verify;

pub use ledger::{AidLedger, AidMoney, AidShareStanding, AidSums};
pub use step::{AidStepDone, AidStepInput, aid_steps};

use crate::entry::derive;
use crate::error::Result;
use crate::project::naming;
use jiff::civil::Date;
use store::{Change, Entry, RecordKind, Tx};

/// Fields of an aid project that decide who sees it, and with it its contracts.
const WHOSE: &[&str] = &["region", "supporting", "park", "owner"];

/// After an aid project was written: its contracts stay as open as it is.
pub(crate) async fn follow(tx: &mut Tx, change: &Change, before: &Entry, after: &Entry) -> Result<()> {
    if before.record.kind != RecordKind::AidProject {
        return Ok(());
    }
    if WHOSE.iter().all(|field| before.id(field) == after.id(field)) {
        return Ok(());
    }
    let (programme, id) = (after.record.programme, after.record.id);
    for contract in naming(tx, RecordKind::AidContract, "aid_project", programme, id).await? {
        derive(tx, change, contract.record.id).await?;
    }
    Ok(())
}

/// The day on which an aid project reached its status: that of its fact, else the day of the change. One that is entered as it
/// stands reached it on a day nobody told.
pub(crate) fn reached_on(change: &Change, before: Option<&Entry>, after: &Entry) -> Option<Date> {
    let fact = match after.text("status")? {
        "started" => "started_on",
        "completed" => "completed_on",
        "accepted" => "accepted_on",
        "audited" => "audited_on",
        "handed_over" => "handed_over_on",
        _ => return before.map(|_| change.day),
    };
    after.day(fact)
}
