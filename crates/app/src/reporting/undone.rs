//! Putting back what a change did to a round or a filing: only while nothing was verified by it, and only while it is out.

use super::round_status;
use crate::error::{Error, Result};
use domain::reporting::FilingState;
use serde_json::Value;
use store::{Change, ChangeItem, Filing, Tx};

/// A filing whose round is under way; what was approved is corrected, not undone.
async fn open_filing(tx: &mut Tx, id: i64) -> Result<Filing> {
    store::record_lock(tx, id).await?;
    let filing = store::filing_get(tx, id).await?;
    let task = store::entry_get(tx, filing.task).await?;
    let is_open = round_status(&task) == "sent" && filing.state != FilingState::Approved;
    if is_open { Ok(filing) } else { Err(Error::NotUndoable) }
}

pub(crate) async fn put_back_filing(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    items: &[&ChangeItem],
) -> Result<()> {
    let filing = open_filing(tx, id).await?;
    for item in items {
        let before = item.before.as_ref().and_then(Value::as_str);
        match (item.field.as_str(), before.and_then(FilingState::from_code)) {
            ("note", _) => store::filing_set_note(tx, change, &filing, before).await?,
            // Nobody reviews by undoing (law 7).
            ("state", Some(state)) if state < FilingState::Reviewed => {
                store::filing_set_state(tx, change, &filing, state, None, false).await?;
            }
            _ => return Err(Error::NotUndoable),
        }
    }
    Ok(())
}

pub(crate) async fn put_back_cell(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    items: &[&ChangeItem],
) -> Result<()> {
    let cell = store::filing_cell_get(tx, id).await?;
    let filing = open_filing(tx, cell.filing).await?;
    if filing.state.is_filed() {
        return Err(Error::NotUndoable);
    }
    let item = items.iter().find(|item| item.field == "said").ok_or(Error::NotUndoable)?;
    let said = store::filing_cell_from_json(item.before.as_ref());
    store::filing_cell_set(tx, change, (cell.filing, cell.line), Some(&cell), &said).await?;
    Ok(())
}

pub(crate) async fn put_back_line(
    tx: &mut Tx,
    change: &Change,
    (task, id): (i64, i64),
    created: bool,
) -> Result<()> {
    if round_status(&store::entry_get(tx, task).await?) != "draft" {
        return Err(Error::NotUndoable);
    }
    Ok(store::reporting_line_set_removed(tx, change, id, created).await?)
}
