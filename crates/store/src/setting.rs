//! Settings of a programme, or of the installation: a key and a text, which the use cases understand.

use crate::change::{Change, programme_row};
use crate::db::{Tx, params};
use crate::error::Result;
use serde_json::json;

statements! {
    GET = "SELECT value FROM setting WHERE COALESCE(programme_id, 0) = COALESCE($1, 0) AND key = $2";
    LIST = "SELECT key, value FROM setting WHERE COALESCE(programme_id, 0) = COALESCE($1, 0) ORDER BY key";
    SET = "INSERT INTO setting (programme_id, key, value) VALUES ($1, $2, $3)
        ON CONFLICT (COALESCE(programme_id, 0), key) DO UPDATE SET value = excluded.value RETURNING id";
    REMOVE = "DELETE FROM setting WHERE COALESCE(programme_id, 0) = COALESCE($1, 0) AND key = $2";
}

/// The value of a setting of a programme (none: of the installation), if it was ever set.
///
/// # Errors
/// When the database fails.
pub async fn setting_get(tx: &mut Tx, programme: Option<i64>, key: &str) -> Result<Option<String>> {
    tx.optional(GET, params![programme, key]).await?.map(|row| row.text(0)).transpose()
}

/// Every setting of a programme (none: of the installation) that was ever set, by key.
///
/// # Errors
/// When the database fails.
pub async fn setting_list(tx: &mut Tx, programme: Option<i64>) -> Result<Vec<(String, String)>> {
    tx.all(LIST, params![programme]).await?.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Sets a setting; what stands there already is not written again.
///
/// # Errors
/// When the database fails.
pub async fn setting_set(
    tx: &mut Tx,
    change: &Change,
    programme: Option<i64>,
    key: &str,
    value: &str,
) -> Result<()> {
    let before = setting_get(tx, programme, key).await?;
    if before.as_deref() == Some(value) {
        return Ok(());
    }
    tx.int(SET, params![programme, key, value]).await?;
    programme_row(tx, change, "setting", key, before.map(|text| json!(text)), Some(json!(value))).await
}

/// Makes a setting of a programme one that nobody set.
///
/// # Errors
/// When the database fails.
pub async fn setting_remove(tx: &mut Tx, change: &Change, key: &str) -> Result<()> {
    if let Some(before) = setting_get(tx, change.programme, key).await? {
        tx.execute(REMOVE, params![change.programme, key]).await?;
        programme_row(tx, change, "setting", key, Some(json!(before)), None).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{NewChange, change_item_list, change_open};
    use crate::db::testing;
    use jiff::{Timestamp, civil::date};

    #[tokio::test]
    async fn a_setting_is_kept_once_and_every_change_of_it_is_audited() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            let new = NewChange { kind: "setting", source: "cli", ..NewChange::default() };
            let change = change_open(&mut tx, &new, Timestamp::UNIX_EPOCH, date(2026, 1, 1)).await;
            let change = change.expect("a change");
            for value in ["on", "on", "off"] {
                setting_set(&mut tx, &change, None, "watermark", value).await.expect("set");
            }
            assert_eq!(setting_get(&mut tx, None, "watermark").await.expect("read").as_deref(), Some("off"));
            assert_eq!(setting_get(&mut tx, Some(7), "watermark").await.expect("read"), None);
            let all = setting_list(&mut tx, None).await.expect("read");
            assert_eq!(all, [("watermark".to_owned(), "off".to_owned())]);
            let items = change_item_list(&mut tx, change.id).await.expect("read");
            let written: Vec<_> =
                items.iter().map(|item| (item.before.clone(), item.after.clone())).collect();
            assert_eq!(written, [(None, Some(json!("on"))), (Some(json!("on")), Some(json!("off")))]);
        }
    }
}
