//! Weekly summaries on their way out: who subscribed, and what was written for a week. A week's summary is written once for
//! each subscription, whatever the number of nodes, and an attempt whose end nobody saw is not repeated by itself: it may have
//! arrived.

use crate::change::{Change, programme_row};
use crate::db::{Row, Tx, params};
use crate::error::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use std::collections::BTreeSet;

statements! {
    SUBSCRIBE = "INSERT INTO subscription (programme_id, user_id, kind, address, secret, language, since, change_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
    UNSUBSCRIBE = "UPDATE subscription SET removed_change_id = $2, secret = NULL, address = ''
        WHERE id = $1 AND removed_change_id IS NULL";
    LIST = "SELECT s.id, s.programme_id, s.user_id, s.kind, s.address, s.secret, s.language, s.since, u.name,
        CASE WHEN u.disabled_at IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END
        FROM subscription s JOIN app_user u ON u.id = s.user_id
        WHERE s.programme_id = $1 AND s.removed_change_id IS NULL ORDER BY s.id";
    OF_WEEK = "SELECT o.subscription_id FROM subscription s JOIN outgoing o ON o.subscription_id = s.id
        WHERE s.programme_id = $1 AND o.week = $2";
    QUEUE = "INSERT INTO outgoing (subscription_id, week, subject, body, state, next_at)
        VALUES ($1, $2, $3, $4, 'waiting', $5) ON CONFLICT (subscription_id, week) DO NOTHING";
    LOST = "UPDATE outgoing SET state = 'unsure' WHERE state = 'sending' AND next_at < $1";
    NEXT = "SELECT id FROM outgoing WHERE state = 'waiting' AND next_at <= $1 ORDER BY id LIMIT 1{skip_locked}";
    TAKE = "UPDATE outgoing SET state = 'sending', attempts = attempts + 1, next_at = $2 WHERE id = $1 AND state = 'waiting'";
    GET = "SELECT o.id, o.week, o.subject, o.body, o.attempts, s.id, s.programme_id, s.user_id, s.kind, s.address, s.secret,
        s.language, s.since, u.name,
        CASE WHEN u.disabled_at IS NULL AND s.removed_change_id IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END
        FROM outgoing o JOIN subscription s ON s.id = o.subscription_id JOIN app_user u ON u.id = s.user_id WHERE o.id = $1";
    END = "UPDATE outgoing SET state = $2, next_at = $3, error = $4, body = CASE WHEN $2 = 'sent' THEN '' ELSE body END
        WHERE id = $1 AND state = 'sending'";
    LAST_FAILED = "SELECT id, state FROM outgoing WHERE subscription_id = $1 ORDER BY id DESC LIMIT 1{for_update}";
    AGAIN = "UPDATE outgoing SET state = 'waiting', attempts = 0, next_at = $2, error = NULL WHERE id = $1";
    LAST = "SELECT week, state, attempts, error FROM outgoing WHERE subscription_id = $1 ORDER BY id DESC LIMIT 1";
    WAITING = "SELECT COUNT(*) FROM outgoing WHERE state IN ('waiting', 'sending')";
}

/// Somebody, or a group's robot, that gets the weekly summary of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Identity.
    pub id: i64,
    /// The programme.
    pub programme: i64,
    /// Who gets it, or set it up.
    pub user: i64,
    /// `mail`, or the kind of robot.
    pub kind: String,
    /// Where it goes: an address of mail, or that of a robot, which is a secret too.
    pub address: String,
    /// What signs messages to a robot.
    pub secret: Option<String>,
    /// Code of the language it is written in.
    pub language: String,
    /// Since when.
    pub since: Timestamp,
    /// Name of the user.
    pub user_name: String,
    /// Whether the account is closed, or the subscription ended.
    pub closed: bool,
}

/// A subscription to add.
#[derive(Debug, Clone, Copy)]
pub struct NewSubscription<'a> {
    /// `mail`, or the kind of robot.
    pub kind: &'a str,
    /// Where it goes.
    pub address: &'a str,
    /// What signs messages to a robot.
    pub secret: Option<&'a str>,
    /// Code of the language it is written in.
    pub language: &'a str,
}

/// A summary that is to be sent now.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Identity.
    pub id: i64,
    /// The Monday of its week.
    pub week: Date,
    /// Its subject.
    pub subject: String,
    /// What it says.
    pub body: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// To whom.
    pub to: Subscription,
}

/// Puts the last summary of a subscription in the queue again, where it failed or nobody knows whether it arrived. Whether it did:
/// of two who ask at once one does.
///
/// # Errors
/// When the database fails.
pub async fn outgoing_again(tx: &mut Tx, change: &Change, subscription: i64) -> Result<bool> {
    let Some(row) = tx.optional(LAST_FAILED, params![subscription]).await? else { return Ok(false) };
    let (id, state) = (row.int(0)?, row.text(1)?);
    if !has_failed(&state) {
        return Ok(false);
    }
    tx.execute(AGAIN, params![id, change.at]).await?;
    programme_row(tx, change, "outgoing", &id.to_string(), Some(json!(state)), Some(json!("waiting")))
        .await?;
    Ok(true)
}

/// What became of the last summary of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The Monday of its week.
    pub week: Date,
    /// `waiting`, `sending`, `sent`, `failed`, `unsure`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong last.
    pub error: Option<String>,
}

fn has_failed(state: &str) -> bool {
    matches!(state, "failed" | "unsure")
}

impl Sent {
    /// Whether it was not sent, or nobody knows whether it arrived.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        has_failed(&self.state)
    }
}

/// Adds a subscription of whoever makes the change; the audit keeps its kind alone.
///
/// # Errors
/// When the database fails, or the change belongs to no programme or user.
pub async fn subscription_insert(tx: &mut Tx, change: &Change, new: &NewSubscription<'_>) -> Result<i64> {
    let (programme, user) = (change.programme, change.user);
    let values =
        params![programme, user, new.kind, new.address, new.secret, new.language, change.at, change.id];
    let id = tx.int(SUBSCRIBE, values).await?;
    let key = format!("{}-{id}", new.kind);
    programme_row(tx, change, "subscription", &key, None, Some(json!(new.kind))).await?;
    Ok(id)
}

/// Ends a subscription; its address and secret are forgotten.
///
/// # Errors
/// When the database fails.
pub async fn subscription_remove(tx: &mut Tx, change: &Change, of: &Subscription) -> Result<()> {
    if tx.execute(UNSUBSCRIBE, params![of.id, change.id]).await? > 0 {
        let key = format!("{}-{}", of.kind, of.id);
        programme_row(tx, change, "subscription", &key, Some(json!(of.kind)), None).await?;
    }
    Ok(())
}

fn subscription(row: &Row, at: usize) -> Result<Subscription> {
    Ok(Subscription {
        id: row.int(at)?,
        programme: row.int(at + 1)?,
        user: row.int(at + 2)?,
        kind: row.text(at + 3)?,
        address: row.text(at + 4)?,
        secret: row.opt_text(at + 5)?,
        language: row.text(at + 6)?,
        since: row.instant(at + 7)?,
        user_name: row.text(at + 8)?,
        closed: row.bool(at + 9)?,
    })
}

/// The subscriptions of a programme.
///
/// # Errors
/// When the database fails.
pub async fn subscription_list(tx: &mut Tx, programme: i64) -> Result<Vec<Subscription>> {
    tx.all(LIST, params![programme]).await?.iter().map(|row| subscription(row, 0)).collect()
}

/// The subscriptions for which a week's summary was written.
///
/// # Errors
/// When the database fails.
pub async fn outgoing_list_of_week(tx: &mut Tx, programme: i64, week: Date) -> Result<BTreeSet<i64>> {
    tx.all(OF_WEEK, params![programme, week]).await?.iter().map(|row| row.int(0)).collect()
}

/// Writes a week's summary for a subscription; of two who write it at once one wins. Whether this one did.
///
/// # Errors
/// When the database fails.
pub async fn outgoing_queue(
    tx: &mut Tx,
    subscription: i64,
    week: Date,
    (subject, body): (&str, &str),
    at: Timestamp,
) -> Result<bool> {
    Ok(tx.execute(QUEUE, params![subscription, week, subject, body, at]).await? > 0)
}

/// Takes the oldest summary that is to be sent now. Whoever takes it says how it ended before `until`; after that nobody knows
/// whether it was sent.
///
/// # Errors
/// When the database fails.
pub async fn outgoing_take(tx: &mut Tx, now: Timestamp, until: Timestamp) -> Result<Option<Outgoing>> {
    tx.execute(LOST, params![now]).await?;
    let Some(row) = tx.optional(NEXT, params![now]).await? else { return Ok(None) };
    let id = row.int(0)?;
    tx.execute(TAKE, params![id, until]).await?;
    let row = tx.one(GET, params![id]).await?;
    let week = row.day(1)?.ok_or_else(|| crate::Error::Damaged("a summary without a week".into()))?;
    Ok(Some(Outgoing {
        id,
        week,
        subject: row.text(2)?,
        body: row.text(3)?,
        attempts: row.int(4)?,
        to: subscription(&row, 5)?,
    }))
}

/// Notes how sending ended: sent, to be tried again at an instant, or failed for good. What was sent is not kept.
///
/// # Errors
/// When the database fails.
pub async fn outgoing_end(
    tx: &mut Tx,
    id: i64,
    state: &str,
    next_at: Timestamp,
    error: Option<&str>,
) -> Result<()> {
    tx.execute(END, params![id, state, next_at, error]).await?;
    Ok(())
}

/// What became of the last summary of a subscription.
///
/// # Errors
/// When the database fails.
pub async fn outgoing_last(tx: &mut Tx, subscription: i64) -> Result<Option<Sent>> {
    let sent = |row: Row| {
        Ok(Sent {
            week: row.day(0)?.ok_or_else(|| crate::Error::Damaged("a summary without a week".into()))?,
            state: row.text(1)?,
            attempts: row.int(2)?,
            error: row.opt_text(3)?,
        })
    };
    tx.optional(LAST, params![subscription]).await?.map(sent).transpose()
}

/// How many summaries are on their way.
///
/// # Errors
/// When the database fails.
pub async fn outgoing_count(tx: &mut Tx) -> Result<i64> {
    tx.int(WAITING, vec![]).await
}
