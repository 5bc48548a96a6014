//! The states a record went through: an append-only log with the day each took effect.

use crate::change::Change;
use crate::db::{Tx, params};
use crate::error::Result;
use jiff::Timestamp;
use jiff::civil::Date;

statements! {
    INSERT = "INSERT INTO record_status (record_id, status, effective_on, reason, change_id, was) VALUES ($1, $2, $3, $4, $5,
        (SELECT q.status FROM record_status q WHERE q.record_id = $1 ORDER BY q.id DESC LIMIT 1))";
    // What a change said stands unless it was undone, and again where undoing it was undone.
    LIST = "SELECT s.status, s.effective_on, s.reason, c.at, u.name,
        CASE WHEN c.undoes_id IS NULL AND (v.id IS NULL OR w.id IS NOT NULL) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END
        FROM record_status s JOIN change c ON c.id = s.change_id LEFT JOIN app_user u ON u.id = c.user_id
        LEFT JOIN change v ON v.undoes_id = c.id LEFT JOIN change w ON w.undoes_id = v.id
        WHERE s.record_id = $1 ORDER BY s.id";
}

/// One state of a record.
#[derive(Debug, Clone)]
pub struct RecordStatus {
    /// The state's code.
    pub status: String,
    /// The day it took effect.
    pub effective_on: Option<Date>,
    /// Why.
    pub reason: Option<String>,
    /// When it was entered.
    pub at: Timestamp,
    /// Who entered it.
    pub user_name: Option<String>,
    /// Whether it is part of the way the record took: neither undone nor itself an undoing.
    pub stands: bool,
}

/// Logs that a record is in a state, from a day on where it is known.
///
/// # Errors
/// When the database fails.
pub async fn record_status_insert(
    tx: &mut Tx,
    change: &Change,
    record: i64,
    status: &str,
    effective_on: Option<Date>,
    reason: Option<&str>,
) -> Result<()> {
    tx.execute(INSERT, params![record, status, effective_on, reason, change.id]).await?;
    Ok(())
}

/// The states of a record, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn record_status_list(tx: &mut Tx, record: i64) -> Result<Vec<RecordStatus>> {
    let rows = tx.all(LIST, params![record]).await?;
    rows.iter()
        .map(|row| {
            Ok(RecordStatus {
                status: row.text(0)?,
                effective_on: row.day(1)?,
                reason: row.opt_text(2)?,
                at: row.instant(3)?,
                user_name: row.opt_text(4)?,
                stands: row.bool(5)?,
            })
        })
        .collect()
}
