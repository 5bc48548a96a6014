//! A correction of what was approved: a new figure with a reason takes the old one's place; the filing shows both.

use super::filing::{problem, stands};
use super::{cells, compile, hold};
use crate::access::{Actor, Right};
use crate::entry::Problem;
use crate::error::{Error, Result};
use crate::figure::successor;
use crate::{App, change, typed};
use domain::Quantity;
use domain::reporting::FilingState;
use store::{EvidenceKind, NewFigure};

impl App {
    /// Corrects one value of an approved filing. The new figure goes its own way to approval.
    ///
    /// # Errors
    /// [`Error::Form`] naming the value or the missing reason; `filing-stale` when it was corrected meanwhile: `figure` is
    /// the code of the one that the form showed.
    pub async fn filing_correct(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        (line, figure): (i64, &str),
        (value, reason): (&str, &str),
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let (filing, _) = hold(&mut tx, actor, programme, code, Right::FileReport).await?;
        let lines = store::reporting_line_list(&mut tx, filing.task).await?;
        let Some(of) = lines.iter().find(|of| of.id == line) else {
            return Err(problem("filing-form-changed"));
        };
        let mut problems = Vec::new();
        let reason = typed::line(reason);
        if reason.is_empty() {
            problems.push(Problem::new("reason", "missing"));
        }
        let low = cells::value(of, value).map_err(|code| problems.push(Problem::new("value", code))).ok();
        let (Some(low), true) = (low, problems.is_empty()) else { return Err(Error::Form(problems)) };
        let said = store::filing_cell_list(&mut tx, filing.record.id).await?;
        let figures = store::filing_figure_list(&mut tx, filing.record.id).await?;
        let first = said.get(&line).and_then(|cell| cell.figure);
        let now = first.and_then(|first| compile::current(&figures, first));
        let Some(now) = now.filter(|_| filing.state == FilingState::Approved) else {
            return Err(problem("filing-stale"));
        };
        let old = store::figure_lock(&mut tx, now.id).await?;
        if now.low == low {
            return Ok(());
        }
        if now.code != figure || !stands(old.figure.status) {
            return Err(problem("filing-stale"));
        }
        let change = change::open(&mut tx, actor, Some(programme), "figure-replace", Some(&reason)).await?;
        let quantity = Quantity { low, high: None, ..old.figure.quantity };
        let new = NewFigure { note: Some(reason.clone()), ..successor(old, quantity) };
        let entry = store::figure_insert(&mut tx, &change, &new).await?;
        let form = EvidenceKind::Form { filing: filing.record.code.clone() };
        let evidence = store::evidence_insert(&mut tx, None, &form).await?;
        store::figure_evidence_attach(&mut tx, &change, entry.figure.id, evidence).await?;
        store::filing_log(&mut tx, &change, filing.record.id, "corrected", Some(&reason), false).await?;
        store::entry_touch(&mut tx, &change, filing.record.id).await?;
        self.commit(tx).await
    }
}
