//! The stages of a programme's projects, each with the facts that its gate asks for.

use crate::change::{Change, programme_row};
use crate::db::{Tx, params};
use crate::error::{Error, Result};
use domain::stage::{Fact, Milestone};
use serde_json::{Value, json};

statements! {
    LIST = "SELECT s.code, s.ord, s.zh, s.en, s.milestone, g.fact FROM stage s
        LEFT JOIN stage_gate g ON g.programme_id = s.programme_id AND g.stage = s.code
        WHERE s.programme_id = $1 ORDER BY s.ord, s.code";
    SET = "INSERT INTO stage (programme_id, code, ord, zh, en, milestone) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (programme_id, code) DO UPDATE
        SET ord = excluded.ord, zh = excluded.zh, en = excluded.en, milestone = excluded.milestone";
    CLEAR_GATE = "DELETE FROM stage_gate WHERE programme_id = $1 AND stage = $2";
    GATE = "INSERT INTO stage_gate (programme_id, stage, fact) VALUES ($1, $2, $3)";
    REMOVE = "DELETE FROM stage WHERE programme_id = $1 AND code = $2";
}

/// A stage of a programme's projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Stable code.
    pub code: String,
    /// Its place among the stages.
    pub ord: i64,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// What reaching it means.
    pub milestone: Milestone,
    /// What its gate asks for, in the order of `data/stages.tsv`.
    pub facts: Vec<Fact>,
}

impl Stage {
    /// As the audit keeps it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let facts: Vec<_> = self.facts.iter().map(|fact| fact.code()).collect();
        json!({ "ord": self.ord, "zh": self.zh, "en": self.en, "milestone": self.milestone.code(), "facts": facts })
    }

    /// As the audit kept it; none where that is no stage.
    #[must_use]
    pub fn from_json(code: &str, json: &Value) -> Option<Self> {
        let text = |key: &str| json.get(key)?.as_str().map(str::to_owned);
        let facts = json.get("facts")?.as_array()?.iter();
        Some(Self {
            code: code.to_owned(),
            ord: json.get("ord")?.as_i64()?,
            zh: text("zh")?,
            en: text("en")?,
            milestone: Milestone::from_code(&text("milestone")?)?,
            facts: facts.filter_map(|fact| Fact::from_code(fact.as_str()?)).collect(),
        })
    }
}

/// The stages of a programme in their order; none where it never had any of its own.
///
/// # Errors
/// When the database fails.
pub async fn stage_list(tx: &mut Tx, programme: i64) -> Result<Vec<Stage>> {
    let mut stages: Vec<Stage> = Vec::new();
    for row in tx.all(LIST, params![programme]).await? {
        let code = row.text(0)?;
        if stages.last().is_none_or(|stage| stage.code != code) {
            let (ord, zh, en) = (row.int(1)?, row.text(2)?, row.text(3)?);
            let milestone = row.code(4, Milestone::from_code)?;
            stages.push(Stage { code, ord, zh, en, milestone, facts: Vec::new() });
        }
        let fact = row.opt_text(5)?.as_deref().and_then(Fact::from_code);
        if let Some(stage) = stages.last_mut() {
            stage.facts.extend(fact);
            stage.facts.sort();
        }
    }
    Ok(stages)
}

/// Adds, changes or (none) removes a stage.
///
/// # Errors
/// When the database fails; [`Error::NotFound`] outside a programme.
pub async fn stage_set(tx: &mut Tx, change: &Change, code: &str, stage: Option<&Stage>) -> Result<()> {
    let programme = change.programme.ok_or(Error::NotFound)?;
    let before = stage_list(tx, programme).await?.into_iter().find(|stage| stage.code == code);
    let is_other = before.as_ref().map(|of| of.milestone) != stage.map(|of| of.milestone);
    let (before, after) = (before.map(|stage| stage.to_json()), stage.map(Stage::to_json));
    if before == after {
        return Ok(());
    }
    if is_other {
        crate::tally::project_mark_programme(tx, Some(programme)).await?;
    }
    tx.execute(CLEAR_GATE, params![programme, code]).await?;
    match stage {
        Some(stage) => {
            let milestone = stage.milestone.code();
            let values = params![programme, code, stage.ord, &stage.zh, &stage.en, milestone];
            tx.execute(SET, values).await?;
            for fact in &stage.facts {
                tx.execute(GATE, params![programme, code, fact.code()]).await?;
            }
        }
        None => {
            tx.execute(REMOVE, params![programme, code]).await?;
        }
    }
    programme_row(tx, change, "stage", code, before, after).await
}
