//! The form of a reporting task: its lines, each with its item in the audit.

use crate::change::{Change, created, field};
use crate::db::{Row, Tx, params};
use crate::entry::entry_touch;
use crate::error::Result;
use domain::{Measure, Role, TimeKind};
use serde_json::json;

statements! {
    INSERT = "INSERT INTO reporting_line (task_id, seq, measure, unit, role, time_kind, label, required)
        SELECT CAST($1 AS BIGINT), COALESCE(MAX(l.seq), 0) + 1, $2, $3, $4, $5, $6, CAST($7 AS BIGINT)
        FROM reporting_line l WHERE l.task_id = $1 RETURNING id";
    LIST = "SELECT id, measure, unit, role, time_kind, label, required FROM reporting_line
        WHERE task_id = $1 AND removed = 0 ORDER BY seq, id";
    REMOVE = "UPDATE reporting_line SET removed = $2 WHERE id = $1";
    GET = "SELECT task_id, removed FROM reporting_line WHERE id = $1";
}

/// One line of a form, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// What it measures.
    pub measure: Measure,
    /// What is typed in: the code of a unit, or `yi` (亿元) or `wan` (万元).
    pub unit: String,
    /// The part its figures play.
    pub role: Role,
    /// How its time is meant.
    pub time_kind: TimeKind,
    /// What the form calls it, where that is not the measure's name.
    pub label: Option<String>,
    /// Whether a filing without it cannot be submitted.
    pub required: bool,
}

/// One line of a form as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportingLine {
    /// Identity.
    pub id: i64,
    /// What it asks for.
    pub line: NewLine,
}

/// Adds a line at the end of a task's form.
///
/// # Errors
/// When the database fails.
pub async fn reporting_line_insert(tx: &mut Tx, change: &Change, task: i64, new: &NewLine) -> Result<i64> {
    let (role, kind) = (new.role.code(), new.time_kind.code());
    let values = params![task, new.measure.code(), &new.unit, role, kind, &new.label, new.required];
    let id = tx.int(INSERT, values).await?;
    let row = json!({
        "measure": new.measure.code(), "typed_unit": new.unit, "role": role, "period_kind": kind, "label": new.label,
        "required": new.required,
    });
    created(tx, change, task, "reporting_line", id, row).await?;
    entry_touch(tx, change, task).await?;
    Ok(id)
}

/// Takes a line out of a form, or puts it back.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn reporting_line_set_removed(tx: &mut Tx, change: &Change, id: i64, removed: bool) -> Result<()> {
    let row = tx.one(GET, params![id]).await?;
    tx.execute(REMOVE, params![id, removed]).await?;
    let (task, before) = (row.int(0)?, row.bool(1)?);
    field(tx, change, task, ("reporting_line", id, "removed"), Some(json!(before)), Some(json!(removed)))
        .await?;
    entry_touch(tx, change, task).await
}

/// The lines of a task's form, in order.
///
/// # Errors
/// When the database fails.
pub async fn reporting_line_list(tx: &mut Tx, task: i64) -> Result<Vec<ReportingLine>> {
    tx.all(LIST, params![task]).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<ReportingLine> {
    Ok(ReportingLine {
        id: row.int(0)?,
        line: NewLine {
            measure: row.code(1, Measure::from_code)?,
            unit: row.text(2)?,
            role: row.code(3, Role::from_code)?,
            time_kind: row.code(4, TimeKind::from_code)?,
            label: row.opt_text(5)?,
            required: row.bool(6)?,
        },
    })
}
