//! Words that a programme uses in the place of a choice's own.

use crate::change::{Change, programme_row};
use crate::db::{Tx, params};
use crate::error::{Error, Result};
use serde_json::{Value, json};

statements! {
    LIST = "SELECT list, code, zh, en FROM label WHERE programme_id = $1 ORDER BY list, code";
    GET = "SELECT zh, en FROM label WHERE programme_id = $1 AND list = $2 AND code = $3";
    SET = "INSERT INTO label (programme_id, list, code, zh, en) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (programme_id, list, code) DO UPDATE SET zh = excluded.zh, en = excluded.en";
    REMOVE = "DELETE FROM label WHERE programme_id = $1 AND list = $2 AND code = $3";
}

/// The words of a programme for one choice of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The list of `data/records.tsv`.
    pub list: String,
    /// The choice.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// As the audit keeps it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "zh": self.zh, "en": self.en })
    }
}

/// Every choice for which a programme has words of its own.
///
/// # Errors
/// When the database fails.
pub async fn label_list(tx: &mut Tx, programme: i64) -> Result<Vec<Label>> {
    let rows = tx.all(LIST, params![programme]).await?;
    let label = |row: &crate::db::Row| {
        Ok(Label { list: row.text(0)?, code: row.text(1)?, zh: row.text(2)?, en: row.text(3)? })
    };
    rows.iter().map(label).collect()
}

/// Sets the words, in zh and en, of a choice; none gives it its own back.
///
/// # Errors
/// When the database fails; [`Error::NotFound`] outside a programme.
pub async fn label_set(
    tx: &mut Tx,
    change: &Change,
    (list, code): (&str, &str),
    words: Option<(&str, &str)>,
) -> Result<()> {
    let programme = change.programme.ok_or(Error::NotFound)?;
    let json = |(zh, en): (&str, &str)| json!({ "zh": zh, "en": en });
    let before = tx.optional(GET, params![programme, list, code]).await?;
    let before = before.map(|row| Ok::<_, Error>(json((&row.text(0)?, &row.text(1)?)))).transpose()?;
    let after = words.map(json);
    if before == after {
        return Ok(());
    }
    match words {
        Some((zh, en)) => tx.execute(SET, params![programme, list, code, zh, en]).await?,
        None => tx.execute(REMOVE, params![programme, list, code]).await?,
    };
    programme_row(tx, change, "label", &format!("{list}.{code}"), before, after).await
}
