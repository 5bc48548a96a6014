//! One organisation in several programmes: the records of one credit code, and the identity that ties those kept alike.
//! The identity follows from the codes, so the change that wrote those covers it.

use crate::change::Change;
use crate::db::{Param, Tx, params};
use crate::error::Result;
use std::collections::BTreeMap;

statements! {
    CODE = "SELECT o.uscc FROM organisation o WHERE o.record_id = $1";
    OF = "SELECT o.shared_id FROM organisation o WHERE o.record_id = $1";
    HOLD = "SELECT {hold_code}";
    GROUP = "SELECT o.record_id, o.programme_id, o.shared_id FROM organisation o JOIN record r ON r.id = o.record_id
        WHERE o.uscc = $1 AND r.merged_into IS NULL AND r.import_id IS NULL ORDER BY o.record_id";
    IDENTITY = "INSERT INTO organisation_identity DEFAULT VALUES RETURNING id";
    SET = "UPDATE organisation SET shared_id = $2 WHERE record_id = $1";
}

/// A record that bears a credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedRecord {
    /// The record.
    pub record: i64,
    /// Its programme.
    pub programme: i64,
    /// What ties it to records of other programmes, where it is kept like them.
    pub identity: Option<i64>,
}

/// The credit code of an organisation.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is no such organisation.
pub async fn shared_code(tx: &mut Tx, record: i64) -> Result<Option<String>> {
    tx.one(CODE, params![record]).await?.opt_text(0)
}

/// What ties an organisation to records of other programmes.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is no such organisation.
pub async fn shared_get(tx: &mut Tx, record: i64) -> Result<Option<i64>> {
    tx.one(OF, params![record]).await?.opt_int(0)
}

/// Of two who are about to give a record this code, whichever their programme, the second waits until the first is done.
///
/// # Errors
/// When the database fails.
pub async fn shared_hold(tx: &mut Tx, code: &str) -> Result<()> {
    tx.execute(HOLD, params![code]).await?;
    Ok(())
}

/// The records that bear a credit code, in whichever programme, by id; those that were merged into another are left out.
///
/// # Errors
/// When the database fails.
pub async fn shared_list(tx: &mut Tx, code: &str) -> Result<Vec<SharedRecord>> {
    let rows = tx.all(GROUP, params![code]).await?;
    let record = |row: &crate::db::Row| {
        Ok(SharedRecord { record: row.int(0)?, programme: row.int(1)?, identity: row.opt_int(2)? })
    };
    rows.iter().map(record).collect()
}

/// All records that bear the credit code of one of these, where records of several programmes do: by code.
///
/// # Errors
/// When the database fails.
pub async fn shared_list_of(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<String, Vec<SharedRecord>>> {
    let mut groups = BTreeMap::<String, Vec<SharedRecord>>::new();
    for ids in ids.chunks(500) {
        let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT DISTINCT m.uscc, m.record_id, m.programme_id, m.shared_id FROM organisation o
             JOIN organisation m ON m.uscc = o.uscc JOIN record r ON r.id = m.record_id
             WHERE o.record_id IN ({}) AND r.merged_into IS NULL AND r.import_id IS NULL ORDER BY m.uscc, m.record_id",
            places.join(", ")
        );
        for row in tx.all(&sql, ids.iter().map(|id| Param::from(*id)).collect()).await? {
            let record =
                SharedRecord { record: row.int(1)?, programme: row.int(2)?, identity: row.opt_int(3)? };
            let group = groups.entry(row.text(0)?).or_default();
            if !group.contains(&record) {
                group.push(record);
            }
        }
    }
    groups.retain(|_, group| group.iter().any(|of| of.programme != group[0].programme));
    Ok(groups)
}

/// A new identity.
///
/// # Errors
/// When the database fails.
pub async fn shared_identity(tx: &mut Tx, _change: &Change) -> Result<i64> {
    tx.int(IDENTITY, vec![]).await
}

/// Ties a record to those of other programmes that bear the identity, or (none) takes it out.
///
/// # Errors
/// When the database fails.
pub async fn shared_set(tx: &mut Tx, _change: &Change, record: i64, identity: Option<i64>) -> Result<()> {
    tx.execute(SET, params![record, identity]).await?;
    Ok(())
}
