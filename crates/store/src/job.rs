//! Work that goes on after the request: a row per job, held by a lease, so that a stopped server loses none.

use crate::db::{Tx, params};
use crate::error::Result;
use jiff::Timestamp;

statements! {
    INSERT = "INSERT INTO job (kind, record_id) VALUES ($1, $2)";
    NEXT = "SELECT id, kind, record_id, attempts FROM job WHERE leased_until IS NULL OR leased_until < $1
        ORDER BY id LIMIT 1{skip_locked}";
    LEASE = "UPDATE job SET leased_until = $2, attempts = attempts + 1 WHERE id = $1";
    HELD = "SELECT attempts FROM job WHERE id = $1{for_update}";
    RELEASE_ALL = "UPDATE job SET leased_until = NULL";
    DELETE = "DELETE FROM job WHERE id = $1";
    COUNT = "SELECT COUNT(*) FROM job";
}

/// A job taken for work.
#[derive(Debug, Clone)]
pub struct Job {
    /// Identity.
    pub id: i64,
    /// What to do.
    pub kind: String,
    /// What to do it on.
    pub record: i64,
    /// How often it was taken before.
    pub attempts: i64,
}

/// Puts a job into the queue; it exists once the transaction commits.
///
/// # Errors
/// When the database fails.
pub async fn job_insert(tx: &mut Tx, kind: &str, record: i64) -> Result<()> {
    tx.execute(INSERT, params![kind, record]).await?;
    Ok(())
}

/// Takes the oldest free job until `leased_until`.
///
/// # Errors
/// When the database fails.
pub async fn job_take(tx: &mut Tx, now: Timestamp, leased_until: Timestamp) -> Result<Option<Job>> {
    let Some(row) = tx.optional(NEXT, params![now]).await? else { return Ok(None) };
    let job = Job { id: row.int(0)?, kind: row.text(1)?, record: row.int(2)?, attempts: row.int(3)? };
    tx.execute(LEASE, params![job.id, leased_until]).await?;
    Ok(Some(job))
}

/// Whether a job taken for work is still this worker's: nobody finished it or took it over meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn job_is_held(tx: &mut Tx, job: &Job) -> Result<bool> {
    let row = tx.optional(HELD, params![job.id]).await?;
    Ok(row.map(|row| row.int(0)).transpose()? == Some(job.attempts + 1))
}

/// Frees every lease. A worker that still holds one finds out with [`job_is_held`] before it stores anything.
///
/// # Errors
/// When the database fails.
pub async fn job_release_all(tx: &mut Tx) -> Result<()> {
    tx.execute(RELEASE_ALL, vec![]).await?;
    Ok(())
}

/// Takes a finished job out of the queue.
///
/// # Errors
/// When the database fails.
pub async fn job_delete(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute(DELETE, params![id]).await?;
    Ok(())
}

/// How many jobs wait or are at work.
///
/// # Errors
/// When the database fails.
pub async fn job_count(tx: &mut Tx) -> Result<i64> {
    tx.int(COUNT, vec![]).await
}
