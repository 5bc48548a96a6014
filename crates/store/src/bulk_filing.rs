//! Many filings of a round at once: the rows that single writes leave, each created in the state it has come to.

use crate::bulk::{Common, Rows, insert_records};
use crate::change::Change;
use crate::db::{Tx, params};
use crate::error::{Error, Result};
use crate::filing::{CellInput, cell_json};
use crate::reach::reach_follow;
use crate::record::RecordKind;
use domain::reporting::FilingState;
use jiff::civil::Date;
use serde_json::json;

statements! {
    CLEAR_KEYS = "DELETE FROM record_reach WHERE record_id IN (SELECT f.record_id FROM filing f
        JOIN record r ON r.id = f.record_id WHERE f.task_id = $1 AND r.archived_at IS NULL)";
    TASK_KEYS = "INSERT INTO record_reach (record_id, key) SELECT f.record_id, k.key FROM filing f
        JOIN record r ON r.id = f.record_id JOIN record_reach k ON k.record_id = f.task_id
        WHERE f.task_id = $1 AND r.archived_at IS NULL AND substr(k.key, 1, 1) IN ('r', 't', 'u') ON CONFLICT DO NOTHING";
    UNIT_KEYS = "INSERT INTO record_reach (record_id, key) SELECT f.record_id, k.key FROM filing f
        JOIN record r ON r.id = f.record_id JOIN record_reach k ON k.record_id = f.unit_id
        WHERE f.task_id = $1 AND r.archived_at IS NULL AND substr(k.key, 1, 1) = 'r' ON CONFLICT DO NOTHING";
    OWN_KEYS = "INSERT INTO record_reach (record_id, key) SELECT f.record_id,
        CASE u.kind WHEN 'office' THEN 't' WHEN 'park' THEN 'p' ELSE 'o' END || CAST(u.id AS TEXT)
        FROM filing f JOIN record r ON r.id = f.record_id JOIN record u ON u.id = f.unit_id
        WHERE f.task_id = $1 AND r.archived_at IS NULL ON CONFLICT DO NOTHING";
    // Those that something follows: what was attached to them before they were sent out.
    FOLLOWED = "SELECT f.record_id FROM filing f WHERE f.task_id = $1
        AND (EXISTS (SELECT 1 FROM figure g WHERE g.subject_id = f.record_id)
            OR EXISTS (SELECT 1 FROM record_evidence e WHERE e.record_id = f.record_id)
            OR EXISTS (SELECT 1 FROM record_link l WHERE l.from_id = f.record_id)) ORDER BY f.record_id";
}

/// A filing to make.
#[derive(Debug, Clone)]
pub struct BulkFiling {
    /// UUIDv7 for exchange.
    pub uid: String,
    /// The unit.
    pub unit: i64,
    /// The unit's name, which is the filing's.
    pub title: String,
    /// Its English name.
    pub title_en: Option<String>,
    /// How far it came.
    pub state: FilingState,
    /// The day it was last submitted.
    pub submitted_on: Option<Date>,
    /// A remark of the unit.
    pub note: Option<String>,
    /// What was done with it, in order, each with its reason.
    pub log: Vec<(&'static str, Option<String>)>,
}

/// What a filing says of a line, to be kept.
#[derive(Debug, Clone)]
pub struct BulkCell {
    /// The filing.
    pub filing: i64,
    /// The line.
    pub line: i64,
    /// What it says.
    pub input: CellInput,
    /// The figure it became.
    pub figure: Option<i64>,
}

/// Makes the filings of a task that was sent out; gives their ids and codes.
///
/// # Errors
/// When the database fails, or two have the same uid.
pub async fn filing_insert_all(
    tx: &mut Tx,
    change: &Change,
    task: i64,
    filings: &[BulkFiling],
) -> Result<Vec<(i64, String)>> {
    let head = |of: &BulkFiling| (of.uid.clone(), of.title.clone(), of.title_en.clone());
    let heads: Vec<_> = filings.iter().map(head).collect();
    let heads: Vec<_> =
        heads.iter().map(|(uid, zh, en)| (uid.as_str(), zh.as_str(), en.as_deref(), false, None)).collect();
    let made = insert_records(tx, change, RecordKind::Filing, &heads).await?;
    let mut common = Common::new();
    let mut rows =
        Rows::new("filing", "record_id, programme_id, task_id, unit_id, state, submitted_on, note");
    let mut steps = Vec::new();
    for (of, (id, _)) in filings.iter().zip(&made) {
        rows.values.extend(params![*id, change.programme, task, of.unit, of.state.code()]);
        rows.values.extend(params![of.submitted_on, &of.note]);
        let row = json!({
            "task": task, "unit": of.unit, "state": of.state.code(), "note": of.note,
            "submitted_on": of.submitted_on.map(|day| day.to_string()),
        });
        common.created(change, *id, ("filing", *id), &row);
        steps.extend(of.log.iter().map(|(action, reason)| (*id, *action, reason.clone())));
    }
    rows.write(tx).await?;
    log(tx, change, &steps, &mut common).await?;
    common.write(tx).await?;
    filing_open_all(tx, change, task).await?;
    Ok(made)
}

/// Opens the filings of a task to their units: each to those of its team, park or enterprise, and to those of its regions.
///
/// # Errors
/// When the database fails.
pub async fn filing_open_all(tx: &mut Tx, _change: &Change, task: i64) -> Result<()> {
    for sql in [CLEAR_KEYS, TASK_KEYS, UNIT_KEYS, OWN_KEYS] {
        tx.execute(sql, params![task]).await?;
    }
    for row in tx.all(FOLLOWED, params![task]).await? {
        reach_follow(tx, row.int(0)?).await?;
    }
    Ok(())
}

/// Logs the same step of many filings.
///
/// # Errors
/// When the database fails, or a filing is named twice.
pub async fn filing_log_all(
    tx: &mut Tx,
    change: &Change,
    filings: &[i64],
    action: &'static str,
) -> Result<()> {
    let steps: Vec<_> = filings.iter().map(|id| (*id, action, None)).collect();
    let mut common = Common::new();
    log(tx, change, &steps, &mut common).await?;
    common.write(tx).await
}

/// Writes steps of filings, each filing and action once, and adds their items to `common`.
async fn log(
    tx: &mut Tx,
    change: &Change,
    steps: &[(i64, &'static str, Option<String>)],
    common: &mut Common,
) -> Result<()> {
    let mut logs = Rows::new("filing_log", "filing_id, action, reason, on_behalf, change_id");
    for (id, action, reason) in steps {
        logs.values.extend(params![*id, *action, reason, false, change.id]);
    }
    let ids = logs.write_keyed(tx, "CAST(filing_id AS TEXT) || ' ' || action").await?;
    for (id, action, _) in steps {
        let log = ids.get(&format!("{id} {action}")).copied();
        let log = log.ok_or_else(|| Error::Damaged("a step of a filing was not written".into()))?;
        common.created(change, *id, ("filing_log", log), &json!({ "action": action, "on_behalf": false }));
    }
    Ok(())
}

/// Keeps what filings say, and opens the figures they became to who sees them.
///
/// # Errors
/// When the database fails, or a filing says something of a line twice.
pub async fn filing_cell_insert_all(tx: &mut Tx, change: &Change, cells: &[BulkCell]) -> Result<()> {
    let mut common = Common::new();
    let mut rows = Rows::new("filing_cell", "filing_id, line_id, state, value, note, figure_id");
    for cell in cells {
        let input = &cell.input;
        rows.values.extend(params![cell.filing, cell.line, input.state.code(), input.value, &input.note]);
        rows.values.extend(params![cell.figure]);
    }
    let ids = rows.write_keyed(tx, "CAST(filing_id AS TEXT) || ' ' || line_id").await?;
    let mut followed = None;
    for cell in cells {
        let id = ids.get(&format!("{} {}", cell.filing, cell.line)).copied();
        let id = id.ok_or_else(|| Error::Damaged("a cell was not written".into()))?;
        let mut item = |field: &str, after: serde_json::Value| {
            let values = params![change.id, cell.filing, "filing_cell", id, field];
            common.items.values.extend(values);
            common.items.values.extend(params![None::<String>, after.to_string()]);
        };
        item("said", cell_json(&cell.input));
        if let Some(figure) = cell.figure {
            item("figure", json!(figure));
            if followed.replace(cell.filing) != Some(cell.filing) {
                reach_follow(tx, cell.filing).await?;
            }
        }
    }
    common.write(tx).await
}

/// Says of figures that the forms of filings prove them: figure and code of the filing.
///
/// # Errors
/// When the database fails.
pub async fn figure_form_insert_all(tx: &mut Tx, change: &Change, proved: &[(i64, String)]) -> Result<()> {
    let mut forms = Rows::new("evidence", "kind, title");
    let mut codes: Vec<&String> = proved.iter().map(|(_, code)| code).collect();
    codes.dedup();
    for code in codes {
        forms.values.extend(params!["form", code]);
    }
    let forms = forms.write_keyed(tx, "title").await?;
    let mut common = Common::new();
    let mut rows = Rows::new("figure_evidence", "figure_id, evidence_id, change_id");
    let missing = || Error::Damaged("evidence was not written".into());
    for (figure, code) in proved {
        let form = forms.get(code).copied().ok_or_else(missing)?;
        rows.values.extend(params![*figure, form, change.id]);
    }
    let ids = rows.write_keyed(tx, "CAST(figure_id AS TEXT)").await?;
    for (figure, code) in proved {
        let id = ids.get(&figure.to_string()).copied().ok_or_else(missing)?;
        common.created(change, *figure, ("figure_evidence", id), &json!(code));
    }
    common.write(tx).await
}
