//! Sessions of signed-in users. Only a hash of the token is kept.

use crate::db::{Tx, params};
use crate::error::Result;
use jiff::Timestamp;

statements! {
    INSERT = "INSERT INTO session (token_hash, user_id, created_at, seen_at, pending) VALUES ($1, $2, $3, $3, $4)";
    GET = "SELECT s.user_id, s.seen_at, s.created_at, u.login, u.name, s.pending FROM session s JOIN app_user u ON u.id = s.user_id
        WHERE s.token_hash = $1 AND u.disabled_at IS NULL";
    TOUCH = "UPDATE session SET seen_at = $2 WHERE token_hash = $1";
    DELETE = "DELETE FROM session WHERE token_hash = $1";
    DELETE_OF_USER = "DELETE FROM session WHERE user_id = $1";
    DELETE_STALE = "DELETE FROM session WHERE seen_at < $1";
}

/// A session that was found.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose it is.
    pub user: i64,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
    /// Login of the user.
    pub login: String,
    /// Name of the user.
    pub name: String,
    /// Whether it still waits for the second factor, and opens nothing.
    pub pending: bool,
}

/// Begins a session, or one that waits for the second factor.
///
/// # Errors
/// When the database fails.
pub async fn session_insert(
    tx: &mut Tx,
    token_hash: &str,
    user: i64,
    at: Timestamp,
    pending: bool,
) -> Result<()> {
    tx.execute(INSERT, params![token_hash, user, at, pending]).await?;
    Ok(())
}

/// The session with this token, if it exists and its user is not disabled.
///
/// # Errors
/// When the database fails.
pub async fn session_get(tx: &mut Tx, token_hash: &str) -> Result<Option<Session>> {
    let Some(row) = tx.optional(GET, params![token_hash]).await? else { return Ok(None) };
    let (user, seen_at, created_at) = (row.int(0)?, row.instant(1)?, row.instant(2)?);
    let (login, name, pending) = (row.text(3)?, row.text(4)?, row.bool(5)?);
    Ok(Some(Session { user, seen_at, created_at, login, name, pending }))
}

/// Notes that a session was used.
///
/// # Errors
/// When the database fails.
pub async fn session_touch(tx: &mut Tx, token_hash: &str, at: Timestamp) -> Result<()> {
    tx.execute(TOUCH, params![token_hash, at]).await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn session_delete(tx: &mut Tx, token_hash: &str) -> Result<()> {
    tx.execute(DELETE, params![token_hash]).await?;
    Ok(())
}

/// Ends every session of a user.
///
/// # Errors
/// When the database fails.
pub async fn session_delete_of_user(tx: &mut Tx, user: i64) -> Result<()> {
    tx.execute(DELETE_OF_USER, params![user]).await?;
    Ok(())
}

/// Ends all sessions not used since an instant.
///
/// # Errors
/// When the database fails.
pub async fn session_delete_stale(tx: &mut Tx, before: Timestamp) -> Result<()> {
    tx.execute(DELETE_STALE, params![before]).await?;
    Ok(())
}
