//! Reviewing, returning and approving a filing. On approval what it says becomes figures of the ledger.

use super::filing::{is_own, problem, right_for};
use super::issue::tell;
use super::{hold, line_measure, line_unit, refuse_unless_sent, said};
use crate::access::Actor;
use crate::entry::Problem;
use crate::error::{Error, Result};
use crate::{App, change, typed};
use domain::figure::Grain;
use domain::region::Side;
use domain::reporting::{CellState, FilingState, round_period};
use domain::{Approx, Quantity};
use store::{
    Change, Entry, Filing, FilingCell, FilingLog, NewFigure, RecordKind, ReportingLine, Tx, Verified,
};

impl App {
    /// Moves a filing on: reviewed, returned with a reason, approved.
    ///
    /// # Errors
    /// [`Error::OwnFigure`] for who filled it in (law 7); [`Error::Form`] without a reason, for a closed round, or when
    /// somebody else moved it meanwhile (`filing-stale`).
    pub async fn filing_move(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        state: FilingState,
        reason: &str,
        version: i64,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let (filing, task) = hold(&mut tx, actor, programme, code, right_for(state)).await?;
        refuse_unless_sent(&task)?;
        let reason = typed::line(reason);
        if state == FilingState::Returned && reason.is_empty() {
            return Err(Error::Form(vec![Problem::new("reason", "missing")]));
        }
        if filing.state == state {
            return Ok(());
        }
        if version != filing.record.version || !filing.state.next().contains(&state) {
            return Err(problem("filing-stale"));
        }
        let log = store::filing_log_list(&mut tx, filing.record.id).await?;
        if is_own(actor, &log, state) {
            return Err(Error::OwnFigure);
        }
        let kind = match state {
            FilingState::Approved => "filing-approve",
            FilingState::Reviewed => "filing-review",
            _ => "filing-return",
        };
        let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
        let change = change::open(&mut tx, actor, Some(programme), kind, reason).await?;
        store::filing_set_state(&mut tx, &change, &filing, state, reason, false).await?;
        if state == FilingState::Returned {
            tell(&mut tx, &change, "filing-returned", &task, std::slice::from_ref(&filing), reason).await?;
        }
        if state == FilingState::Approved {
            enter(&mut tx, &change, &task, &filing, &log).await?;
        }
        self.commit(tx).await
    }
}

/// Enters what an approved filing says as figures. They are stated, by the unit of itself: where the ledger has items of
/// the same, those are the total and the filing stands beside them, so that nothing is counted twice.
async fn enter(tx: &mut Tx, change: &Change, task: &Entry, filing: &Filing, log: &[FilingLog]) -> Result<()> {
    let lines = store::reporting_line_list(tx, filing.task).await?;
    let cells = store::filing_cell_list(tx, filing.record.id).await?;
    let regions = store::party_region_list(tx, filing.unit.id).await?;
    let last = |action: &str| log.iter().rev().find(|of| of.action == action);
    let (filed, reviewed) = (last("submitted"), last("reviewed"));
    let day = filing.submitted_on.unwrap_or(change.day);
    let verified = Verified {
        filed_by: filed.and_then(|of| of.user),
        filed: (filed.map_or(change.id, |of| of.change), day),
        reviewed: (reviewed.map_or(change.id, |of| of.change), change.day),
    };
    let entered = said(&lines, &cells).filter_map(|(line, cell)| {
        let cell = cell.filter(|cell| cell.input.state == CellState::Value)?;
        Some((cell, figure(task, filing, line, &regions, (cell.input.value?, cell))))
    });
    let entered: Vec<_> = entered.collect();
    Ok(store::filing_figures_enter(tx, change, filing, &entered, verified).await?)
}

fn figure(
    task: &Entry,
    filing: &Filing,
    line: &ReportingLine,
    regions: &[(i64, Side)],
    (value, cell): (i64, &FilingCell),
) -> NewFigure {
    let of = |side: Side| regions.iter().filter(|(_, of)| *of == side).map(|(region, _)| *region).collect();
    // An office speaks for its region; an enterprise or park for itself alone.
    let is_office = filing.unit.kind == RecordKind::Office;
    NewFigure {
        measure: line_measure(line),
        quantity: Quantity { low: value, high: None, unit: line_unit(line), approx: Approx::Exact },
        role: line.line.role,
        grain: Grain::Stated,
        hosts: of(Side::Host),
        supporters: of(Side::Supporting),
        organisation: (!is_office).then_some(filing.unit.id),
        event: None,
        subject: Some(filing.record.id),
        period: round_period(line.line.time_kind, task.day("date_from"), task.day("date_to")),
        phrase: None,
        published: filing.submitted_on,
        replaces: None,
        note: cell.input.note.clone(),
    }
}
