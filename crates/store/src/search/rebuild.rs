//! Making the index and the keys of titles anew: after a restore, after a new version of the tokeniser, or when it has never been made.

use super::{NEXT, SET_STATE, STATE, TITLE_KEY, search_put, search_put_text};
use crate::db::{Db, Tx, params};
use crate::document::document_text_get;
use crate::error::Result;
use crate::record::title_key;

/// Counts up whenever the same records give other tokens, words or keys.
const VERSION: i64 = 3;
/// Records whose words are made in one transaction.
const PIECE: i64 = 500;

/// Makes what is missing of the index, in pieces, each in a transaction of its own; what was made is not made again when
/// it is broken off. Without anything to do it costs one read.
///
/// # Errors
/// When the database fails.
pub async fn search_rebuild(db: &Db) -> Result<()> {
    let mut done = done_to(&mut db.read().await?).await?;
    while done < i64::MAX {
        let mut tx = db.write().await?;
        done = piece(&mut tx, done).await?;
        tx.execute(SET_STATE, params![VERSION, done]).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Says that nothing of the index has been made.
pub(crate) async fn search_forget(tx: &mut Tx) -> Result<()> {
    tx.execute(SET_STATE, params![VERSION, 0]).await?;
    Ok(())
}

async fn done_to(tx: &mut Tx) -> Result<i64> {
    tx.optional(STATE, params![VERSION]).await?.map_or(Ok(0), |row| row.int(0))
}

/// Does the next records, held so that of two servers that start at once one does them after the other, and gives the last of them; when there are none, everything is done, and what is written
/// later is indexed as it is written.
async fn piece(tx: &mut Tx, after: i64) -> Result<i64> {
    let rows = tx.all(NEXT, params![after, PIECE]).await?;
    let mut last = i64::MAX;
    for row in rows {
        last = row.int(0)?;
        tx.execute(TITLE_KEY, params![last, title_key(&row.text(1)?)]).await?;
        search_put(tx, last).await?;
        if let Some(text) = document_text(tx, last).await? {
            search_put_text(tx, last, &text).await?;
        }
    }
    Ok(last)
}

/// The text a document is found by: the repaired one, where a repair was needed.
async fn document_text(tx: &mut Tx, record: i64) -> Result<Option<String>> {
    for layer in ["repaired", "extracted"] {
        if let Some(text) = document_text_get(tx, record, layer).await? {
            return Ok(Some(text.text));
        }
    }
    Ok(None)
}
