//! The figures that a filing becomes when it is approved: the rows that single writes leave, in statements of many rows.

use crate::bulk::{Common, FIGURE_COLUMNS, Rows, figure_parties, figure_row, insert_records};
use crate::bulk_filing::figure_form_insert_all;
use crate::change::Change;
use crate::db::{Tx, params};
use crate::error::Result;
use crate::evidence::{EvidenceKind, evidence_insert, figure_evidence_attach};
use crate::figure::{NewFigure, audit_row, mark_group_stale};
use crate::filing::{Filing, FilingCell};
use crate::reach::reach_of_figure;
use crate::record::{RecordKind, new_uid};
use domain::figure::Status;
use jiff::civil::Date;
use serde_json::json;
use std::collections::BTreeSet;

statements! {
    SET_FILED = "UPDATE figure SET entered_by = $3 WHERE subject_id = $1 AND record_id >= $2";
    SHARE_PROTECTED = "UPDATE record SET protected = (SELECT o.protected FROM record o WHERE o.id = $2)
        WHERE id IN (SELECT f.record_id FROM figure f WHERE f.subject_id = $1 AND f.record_id > $2)";
    SHARE_KEYS = "INSERT INTO record_reach (record_id, key) SELECT f.record_id, k.key FROM figure f
        JOIN record_reach k ON k.record_id = $2 WHERE f.subject_id = $1 AND f.record_id > $2 ON CONFLICT DO NOTHING";
}

/// Who filed what became a figure, and who reviewed it, each with the change and the day it was done.
#[derive(Debug, Clone, Copy)]
pub struct Verified {
    /// Who filed it.
    pub filed_by: Option<i64>,
    /// The change and day of the submission.
    pub filed: (i64, Date),
    /// The change and day of the review.
    pub reviewed: (i64, Date),
}

/// Enters what a filing says as figures, which were filed and reviewed before they became figures and are approved by this
/// change. All are figures of the filing, with the same regions and organisation, so that the same keys open them.
///
/// # Errors
/// When the database fails.
pub async fn filing_figures_enter(
    tx: &mut Tx,
    change: &Change,
    filing: &Filing,
    said: &[(&FilingCell, NewFigure)],
    of: Verified,
) -> Result<()> {
    let uids: Vec<String> = said.iter().map(|_| new_uid(change)).collect();
    let mut heads = Vec::with_capacity(said.len());
    for ((_, new), uid) in said.iter().zip(&uids) {
        heads.push((uid.as_str(), new.measure.zh(), Some(new.measure.en()), false, None));
    }
    let ids = insert_records(tx, change, RecordKind::Figure, &heads).await?;
    let ids: Vec<i64> = ids.into_iter().map(|(id, _)| id).collect();
    let Some(&first) = ids.iter().min() else { return Ok(()) };
    rows(tx, change, &ids, said, of).await?;
    tx.execute(SET_FILED, params![filing.record.id, first, of.filed_by]).await?;
    reach_of_figure(tx, first).await?;
    for sql in [SHARE_PROTECTED, SHARE_KEYS] {
        tx.execute(sql, params![filing.record.id, first]).await?;
    }
    proved(tx, change, filing, said, &ids).await?;
    let groups = said.iter().map(|(_, new)| new).filter(|new| new.measure.is_additive());
    let groups: BTreeSet<_> =
        groups.map(|new| (new.measure, new.quantity.unit.code(), new.period.kind)).collect();
    for group in groups {
        mark_group_stale(tx, filing.record.programme, group).await?;
    }
    Ok(())
}

/// The rows of the figures, of their way to approval, and of the cells that say which figure they became.
async fn rows(
    tx: &mut Tx,
    change: &Change,
    ids: &[i64],
    said: &[(&FilingCell, NewFigure)],
    of: Verified,
) -> Result<()> {
    let mut common = Common::new();
    let mut figures = Rows::new("figure", FIGURE_COLUMNS);
    let mut regions = Rows::new("figure_region", "figure_id, region_id, side");
    let mut statuses = Rows::new("figure_status", "figure_id, status, effective_on, reason, change_id");
    let item = |common: &mut Common, (record, entity, id, field): (i64, &str, i64, &str), before, after| {
        common.items.extend(params![change.id, record, entity, id, field]);
        common.items.extend(params![before, after]);
    };
    let log = [
        (Status::Filed, of.filed),
        (Status::Reviewed, of.reviewed),
        (Status::Approved, (change.id, change.day)),
    ];
    let text = |status: Status| Some(json!(status.code()).to_string());
    for ((cell, new), &id) in said.iter().zip(ids) {
        let mut new = new.clone();
        new.hosts.sort_unstable();
        new.hosts.dedup();
        figure_row(&mut figures, change, id, &new, Status::Approved);
        for (region, side) in figure_parties(&new) {
            regions.extend(params![id, region, side.code()]);
        }
        for (status, (by, day)) in log {
            statuses.extend(params![id, status.code(), day, None::<String>, by]);
        }
        common.created(change, id, ("figure", id), &audit_row(&new, &new.hosts));
        let (before, after) = (text(Status::Reviewed), text(Status::Approved));
        item(&mut common, (id, "figure", id, "status"), before, after);
        let before = cell.figure.map(|figure| figure.to_string());
        item(&mut common, (cell.filing, "filing_cell", cell.id, "figure"), before, Some(id.to_string()));
    }
    for table in [figures, regions, statuses] {
        table.write(tx).await?;
    }
    common.write(tx).await?;
    became(tx, ids, said).await
}

/// Says of cells which figures they became.
async fn became(tx: &mut Tx, ids: &[i64], said: &[(&FilingCell, NewFigure)]) -> Result<()> {
    let mut sql = "UPDATE filing_cell SET figure_id = CASE id".to_owned();
    let mut values = Vec::with_capacity(2 * ids.len());
    for ((cell, _), id) in said.iter().zip(ids) {
        let at = values.len();
        sql.push_str(&format!(" WHEN ${} THEN CAST(${} AS BIGINT)", at + 1, at + 2));
        values.extend(params![cell.id, *id]);
    }
    let cells: Vec<i64> = said.iter().map(|(cell, _)| cell.id).collect();
    sql.push_str(&format!(" END WHERE {}", tx.dialect().among("id", values.len() + 1)));
    values.extend(params![tx.dialect().numbers(&cells)]);
    tx.execute(&sql, values).await?;
    Ok(())
}

/// Where the figures come from: the form, or the cells of a sheet that came back.
async fn proved(
    tx: &mut Tx,
    change: &Change,
    filing: &Filing,
    said: &[(&FilingCell, NewFigure)],
    ids: &[i64],
) -> Result<()> {
    let code = &filing.record.code;
    let mut by_form = Vec::new();
    for ((cell, _), &id) in said.iter().zip(ids) {
        let Some((digest, sheet, cell)) = cell.input.source.clone() else {
            by_form.push((id, code.clone()));
            continue;
        };
        let kind = EvidenceKind::Cell { filing: code.clone(), digest, sheet, cell };
        let evidence = evidence_insert(tx, None, &kind).await?;
        figure_evidence_attach(tx, change, id, evidence).await?;
    }
    figure_form_insert_all(tx, change, &by_form).await
}
