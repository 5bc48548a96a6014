//! The second factor of a user: a shared secret, the last time step used, and recovery codes. Secrets never reach the audit.

use crate::change::Change;
use crate::db::{Tx, params};
use crate::error::Result;
use crate::user::note;
use jiff::Timestamp;
use serde_json::json;

statements! {
    GET = "SELECT secret, confirmed_at, last_step FROM user_factor WHERE user_id = $1";
    SET = "INSERT INTO user_factor (user_id, secret, last_step) VALUES ($1, $2, 0)
        ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, confirmed_at = NULL, last_step = 0";
    CONFIRM = "UPDATE user_factor SET confirmed_at = $2 WHERE user_id = $1";
    STEP = "UPDATE user_factor SET last_step = $2 WHERE user_id = $1";
    DELETE = "DELETE FROM user_factor WHERE user_id = $1";
    DELETE_CODES = "DELETE FROM user_recovery WHERE user_id = $1";
    INSERT_CODE = "INSERT INTO user_recovery (user_id, code_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    USE_CODE = "UPDATE user_recovery SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL";
    CODES_LEFT = "SELECT COUNT(*) FROM user_recovery WHERE user_id = $1 AND used_at IS NULL";
}

/// A user's second factor.
#[derive(Debug, Clone)]
pub struct Factor {
    /// The shared secret, base32.
    pub secret: String,
    /// Whether a code has shown that the user's device has it.
    pub confirmed: bool,
    /// The last time step whose code was used.
    pub last_step: i64,
}

/// The second factor of a user, confirmed or not.
///
/// # Errors
/// When the database fails.
pub async fn factor_get(tx: &mut Tx, user: i64) -> Result<Option<Factor>> {
    let Some(row) = tx.optional(GET, params![user]).await? else { return Ok(None) };
    let (secret, confirmed) = (row.text(0)?, row.opt_text(1)?.is_some());
    Ok(Some(Factor { secret, confirmed, last_step: row.int(2)? }))
}

/// Keeps a secret that is still to be confirmed. Not audited: it opens and closes nothing.
///
/// # Errors
/// When the database fails.
pub async fn factor_set_secret(tx: &mut Tx, user: i64, secret: &str) -> Result<()> {
    tx.execute(SET, params![user, secret]).await?;
    Ok(())
}

/// Makes the secret the user's second factor, with the hashes of new recovery codes.
///
/// # Errors
/// When the database fails.
pub async fn factor_confirm(tx: &mut Tx, change: &Change, user: i64, code_hashes: &[String]) -> Result<()> {
    tx.execute(CONFIRM, params![user, change.at]).await?;
    tx.execute(DELETE_CODES, params![user]).await?;
    for hash in code_hashes {
        tx.execute(INSERT_CODE, params![user, hash]).await?;
    }
    note(tx, change, user, "factor", json!(true)).await
}

/// Takes a user's second factor and recovery codes away.
///
/// # Errors
/// When the database fails.
pub async fn factor_delete(tx: &mut Tx, change: &Change, user: i64) -> Result<()> {
    tx.execute(DELETE_CODES, params![user]).await?;
    tx.execute(DELETE, params![user]).await?;
    note(tx, change, user, "factor", json!(false)).await
}

/// Notes the last time step whose code was used. Not audited: it is a counter.
///
/// # Errors
/// When the database fails.
pub async fn factor_set_step(tx: &mut Tx, user: i64, step: i64) -> Result<()> {
    tx.execute(STEP, params![user, step]).await?;
    Ok(())
}

/// Uses up a recovery code, if the user has it and has not used it.
///
/// # Errors
/// When the database fails.
pub async fn factor_use_recovery(tx: &mut Tx, user: i64, code_hash: &str, at: Timestamp) -> Result<bool> {
    Ok(tx.execute(USE_CODE, params![user, code_hash, at]).await? > 0)
}

/// How many recovery codes a user has left.
///
/// # Errors
/// When the database fails.
pub async fn factor_recovery_count(tx: &mut Tx, user: i64) -> Result<i64> {
    tx.int(CODES_LEFT, params![user]).await
}
