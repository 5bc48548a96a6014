//! The shares of its aid money that a programme keeps, as rules.

use crate::change::{Change, programme_row};
use crate::db::{Tx, params};
use crate::error::{Error, Result};
use domain::RecordKind;
use domain::aid::AidStep;
use domain::record::{FieldInfo, FieldType};
use serde_json::{Value, json};

statements! {
    LIST = "SELECT code, zh, en, step, minimum, field, choices FROM aid_share WHERE programme_id = $1 ORDER BY code";
    SET = "INSERT INTO aid_share (programme_id, code, zh, en, step, minimum, field, choices)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (programme_id, code) DO UPDATE SET zh = excluded.zh, en = excluded.en, step = excluded.step,
        minimum = excluded.minimum, field = excluded.field, choices = excluded.choices";
    REMOVE = "DELETE FROM aid_share WHERE programme_id = $1 AND code = $2";
}

/// Of the money of a step, at least a share goes to the projects whose field holds one of some choices.
#[derive(Debug, Clone)]
pub struct AidShare {
    /// Stable code.
    pub code: String,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// The step whose money is shared.
    pub step: AidStep,
    /// The least share, in hundredths of a per cent.
    pub minimum: i64,
    /// The field of aid projects that decides; one of choices.
    pub field: &'static FieldInfo,
    /// Codes of its choices.
    pub choices: Vec<String>,
}

/// The field of aid projects with this code, where it is one of choices.
#[must_use]
pub fn aid_share_field(code: &str) -> Option<&'static FieldInfo> {
    RecordKind::AidProject.field(code).filter(|field| matches!(field.kind, FieldType::Choice(_)))
}

impl AidShare {
    /// As the audit keeps it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "zh": self.zh, "en": self.en, "step": self.step.code(), "minimum": self.minimum,
            "field": self.field.code, "choices": self.choices,
        })
    }

    /// As the audit kept it; none where that is no rule.
    #[must_use]
    pub fn from_json(code: &str, json: &Value) -> Option<Self> {
        let text = |key: &str| json.get(key)?.as_str().map(str::to_owned);
        let choices = json.get("choices")?.as_array()?.iter();
        Some(Self {
            code: code.to_owned(),
            zh: text("zh")?,
            en: text("en")?,
            step: AidStep::from_code(&text("step")?)?,
            minimum: json.get("minimum")?.as_i64()?,
            field: aid_share_field(&text("field")?)?,
            choices: choices.filter_map(|choice| choice.as_str().map(str::to_owned)).collect(),
        })
    }
}

/// The rules of a programme, by code.
///
/// # Errors
/// When the database fails.
pub async fn aid_share_list(tx: &mut Tx, programme: i64) -> Result<Vec<AidShare>> {
    let rows = tx.all(LIST, params![programme]).await?;
    rows.iter()
        .map(|row| {
            let choices = row.text(6)?;
            Ok(AidShare {
                code: row.text(0)?,
                zh: row.text(1)?,
                en: row.text(2)?,
                step: row.code(3, AidStep::from_code)?,
                minimum: row.int(4)?,
                field: row.code(5, aid_share_field)?,
                choices: choices.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
            })
        })
        .collect()
}

/// Adds, changes or (none) removes a rule.
///
/// # Errors
/// When the database fails; [`Error::NotFound`] outside a programme.
pub async fn aid_share_set(tx: &mut Tx, change: &Change, code: &str, rule: Option<&AidShare>) -> Result<()> {
    let programme = change.programme.ok_or(Error::NotFound)?;
    let before = aid_share_list(tx, programme).await?.into_iter().find(|rule| rule.code == code);
    let (before, after) = (before.map(|rule| rule.to_json()), rule.map(AidShare::to_json));
    if before == after {
        return Ok(());
    }
    match rule {
        Some(rule) => {
            let (step, field, choices) = (rule.step.code(), rule.field.code, rule.choices.join(","));
            let values = params![programme, code, &rule.zh, &rule.en, step, rule.minimum, field, choices];
            tx.execute(SET, values).await?;
        }
        None => {
            tx.execute(REMOVE, params![programme, code]).await?;
        }
    }
    programme_row(tx, change, "aid_share", code, before, after).await
}
