//! Notices: what a change wants a user to know. The change that caused a notice covers it; one that was undone takes its
//! notices with it. Whether somebody has seen a notice is theirs and not audited.

use crate::bulk::Rows;
use crate::change::Change;
use crate::db::{Row, Tx, params};
use crate::entry::{RECORD_COLUMNS, RECORD_WIDTH};
use crate::error::Result;
use crate::reach::Reach;
use crate::record::{Record, record_from};
use jiff::Timestamp;
use jiff::civil::Date;

statements! {
    INSERT = "INSERT INTO notice (programme_id, user_id, record_id, kind, args, path, due_on, at, change_id)
        SELECT $1, u.id, $3, $4, $5, $6, $7, $8, $9 FROM app_user u WHERE u.id = $2 AND u.disabled_at IS NULL";
    SEEN = "UPDATE notice SET seen_at = $4 WHERE user_id = $1 AND programme_id = $2 AND seen_at IS NULL
        AND id <= $3";
    SEEN_ONE = "UPDATE notice SET seen_at = $3 WHERE user_id = $1 AND id = $2 AND seen_at IS NULL";
    UNSEEN_ONE = "UPDATE notice SET seen_at = NULL WHERE user_id = $1 AND id = $2";
}

/// What a user is to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewNotice<'a> {
    /// The record it is about; who does not see that does not see the notice.
    pub record: Option<i64>,
    /// A stable code of what it says, for example `task`.
    pub kind: &'a str,
    /// What its words hold: names and days, in the order of the message.
    pub args: &'a [String],
    /// The address within the programme that it leads to; the page of the record where there is none.
    pub path: Option<&'a str>,
    /// The day something is due.
    pub due: Option<Date>,
}

/// A notice as its user finds it.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Identity.
    pub id: i64,
    /// The record it is about.
    pub record: Option<Record>,
    /// What it says.
    pub kind: String,
    /// What its words hold.
    pub args: Vec<String>,
    /// The address within the programme that it leads to.
    pub path: Option<String>,
    /// The day something is due.
    pub due: Option<Date>,
    /// When it was sent.
    pub at: Timestamp,
    /// Whether the user has seen it.
    pub seen: bool,
}

/// Sends a notice to these users; a closed account gets none.
///
/// # Errors
/// When the database fails, or the change belongs to no programme.
pub async fn notice_insert(tx: &mut Tx, change: &Change, users: &[i64], new: &NewNotice<'_>) -> Result<()> {
    let args = serde_json::to_string(new.args)?;
    for user in users {
        let (programme, at) = (change.programme, change.at);
        let values = params![programme, *user, new.record, new.kind, &args, new.path, new.due, at, change.id];
        tx.execute(INSERT, values).await?;
    }
    Ok(())
}

/// Sends many notices, each to its users; these have open accounts.
///
/// # Errors
/// When the database fails, or the change belongs to no programme.
pub async fn notice_insert_all(
    tx: &mut Tx,
    change: &Change,
    notices: &[(Vec<i64>, NewNotice<'_>)],
) -> Result<()> {
    let columns = "programme_id, user_id, record_id, kind, args, path, due_on, at, change_id";
    let mut rows = Rows::new("notice", columns);
    for (users, new) in notices {
        let args = serde_json::to_string(new.args)?;
        for user in users {
            rows.extend(params![change.programme, *user, new.record, new.kind, &args]);
            rows.extend(params![new.path, new.due, change.at, change.id]);
        }
    }
    rows.write(tx).await
}

/// The newest notices of a user in a programme, as far as their records can be seen; those seen only where asked for.
///
/// # Errors
/// When the database fails.
pub async fn notice_list(
    tx: &mut Tx,
    (programme, user): (i64, i64),
    reach: &Reach,
    seen_too: bool,
    limit: i64,
) -> Result<Vec<Notice>> {
    let mut values = params![programme, user, limit];
    let clause = reach.clause("r", &mut values);
    let unseen = if seen_too { "" } else { "AND n.seen_at IS NULL" };
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, n.id, n.kind, n.args, n.path, n.due_on, n.at, n.seen_at, n.record_id FROM notice n
         LEFT JOIN record r ON r.id = n.record_id
         WHERE n.user_id = $2 AND n.programme_id = $1 {unseen} AND (n.record_id IS NULL OR {clause})
         AND NOT EXISTS (SELECT 1 FROM change c WHERE c.undoes_id = n.change_id)
         ORDER BY n.id DESC LIMIT $3"
    );
    tx.all(&sql, values).await?.iter().map(notice).collect()
}

fn notice(row: &Row) -> Result<Notice> {
    let at = RECORD_WIDTH;
    Ok(Notice {
        record: row.opt_int(at + 7)?.map(|_| record_from(row)).transpose()?,
        id: row.int(at)?,
        kind: row.text(at + 1)?,
        args: serde_json::from_str(&row.text(at + 2)?)?,
        path: row.opt_text(at + 3)?,
        due: row.day(at + 4)?,
        at: row.instant(at + 5)?,
        seen: row.opt_text(at + 6)?.is_some(),
    })
}

/// Notes that a user has seen the notices of a programme up to this one.
///
/// # Errors
/// When the database fails.
pub async fn notice_seen(tx: &mut Tx, user: i64, programme: i64, last: i64, at: Timestamp) -> Result<()> {
    tx.execute(SEEN, params![user, programme, last, at]).await?;
    Ok(())
}

/// Notes that a user has seen one notice, or that it is to be shown again; whether it was the other way before.
///
/// # Errors
/// When the database fails.
pub async fn notice_set_seen(tx: &mut Tx, user: i64, id: i64, at: Option<Timestamp>) -> Result<bool> {
    let done = match at {
        Some(at) => tx.execute(SEEN_ONE, params![user, id, at]).await?,
        None => tx.execute(UNSEEN_ONE, params![user, id]).await?,
    };
    Ok(done > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{NewChange, change_open};
    use crate::db::testing;
    use jiff::civil::date;

    async fn change(tx: &mut Tx, undoes: Option<i64>) -> Change {
        let new = NewChange { programme: Some(1), kind: "x", source: "cli", undoes, ..NewChange::default() };
        change_open(tx, &new, Timestamp::UNIX_EPOCH, date(2026, 1, 1)).await.expect("a change")
    }

    #[tokio::test]
    async fn a_notice_reaches_open_accounts_that_see_its_record_until_its_change_is_undone() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            for sql in [
                "INSERT INTO programme (id, code, name_zh, name_en, time_zone) VALUES (1, 'p', 'p', 'p', 'UTC')",
                "INSERT INTO app_user (id, login, name, password_hash, disabled_at) VALUES (5, 'a', 'a', '', NULL),
                    (6, 'b', 'b', '', '2026-01-01')",
                "INSERT INTO record (id, programme_id, kind, code, uid, title) VALUES (10, 1, 'office', 'JG-1', '1', 'o')",
                "INSERT INTO record_reach (record_id, key) VALUES (10, 'r1')",
            ] {
                tx.execute(sql, vec![]).await.expect("the ground");
            }
            let sent = change(&mut tx, None).await;
            let args = ["甲".to_owned()];
            let new = NewNotice { record: Some(10), kind: "task", args: &args, ..NewNotice::default() };
            notice_insert(&mut tx, &sent, &[5, 6], &new).await.expect("sent");
            let seen = Reach { keys: vec!["r1".into()], ..Reach::default() };
            let found = notice_list(&mut tx, (1, 5), &seen, false, 9).await.expect("read");
            assert_eq!((found.len(), &found[0].args[..]), (1, &args[..]));
            assert!(notice_list(&mut tx, (1, 6), &seen, false, 9).await.expect("read").is_empty(), "closed");
            let outside = Reach { keys: vec!["r2".into()], ..Reach::default() };
            assert!(notice_list(&mut tx, (1, 5), &outside, false, 9).await.expect("read").is_empty());
            assert!(!notice_set_seen(&mut tx, 6, found[0].id, Some(sent.at)).await.expect("another's"));
            assert!(notice_set_seen(&mut tx, 5, found[0].id, Some(sent.at)).await.expect("seen"));
            assert!(notice_list(&mut tx, (1, 5), &seen, false, 9).await.expect("read").is_empty());
            assert_eq!(notice_list(&mut tx, (1, 5), &seen, true, 9).await.expect("read").len(), 1);
            change(&mut tx, Some(sent.id)).await;
            assert!(notice_list(&mut tx, (1, 5), &seen, true, 9).await.expect("read").is_empty(), "undone");
        }
    }
}
