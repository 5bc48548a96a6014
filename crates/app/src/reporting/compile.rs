//! The compiled table of a round: what each unit filed, and the total of each line by the one tally (law 2).

use super::{line_measure, line_unit};
use crate::error::Result;
use domain::figure::{Figure, Grain, Status};
use domain::region::RegionTree;
use domain::reporting::{CellState, round_period};
use domain::tally::{Overflow, Scope, Sum, tally};
use domain::{Approx, Quantity};
use std::collections::HashMap;
use store::{CellInput, Entry, Filing, FilingCell, FilingFigure, ReportingLine};

/// What a filing says of a line now: as it was filed, or since its approval as its figure says.
#[derive(Debug, Clone)]
pub struct CellNow {
    /// As it was filed.
    pub input: CellInput,
    /// The figure it became, or the one that corrects that.
    pub figure: Option<FilingFigure>,
    /// Whether a correction took the place of what was filed.
    pub corrected: bool,
}

impl CellNow {
    /// The value that counts: none where nothing was filed, or its figure was taken back.
    #[must_use]
    pub fn value(&self) -> Option<i64> {
        match &self.figure {
            Some(figure) if figure.withdrawn => None,
            Some(figure) => Some(figure.low),
            None => self.input.value.filter(|_| self.input.state == CellState::Value),
        }
    }
}

/// The total of a line over the units of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineTotal {
    /// The sum; a count of zero says that nobody filed a value.
    pub sum: Sum,
    /// How many units have not filed.
    pub unfiled: usize,
}

/// The figure at the end of the corrections of one.
pub(super) fn current(figures: &[FilingFigure], first: i64) -> Option<&FilingFigure> {
    let mut now = figures.iter().find(|figure| figure.id == first)?;
    while let Some(later) = figures
        .iter()
        .find(|figure| figure.replaces == Some(now.id) && !figure.withdrawn && figure.id > now.id)
    {
        now = later;
    }
    Some(now)
}

/// What the filings that were filed say, by filing and line. What others have begun is theirs until it is submitted.
pub(super) fn cells(
    filings: &[Filing],
    cells: Vec<FilingCell>,
    figures: Vec<FilingFigure>,
) -> HashMap<(i64, i64), CellNow> {
    let filed: HashMap<i64, bool> = filings.iter().map(|of| (of.record.id, of.state.is_filed())).collect();
    let by_id: HashMap<i64, &FilingFigure> = figures.iter().map(|figure| (figure.id, figure)).collect();
    let later: HashMap<i64, i64> = figures
        .iter()
        .filter(|figure| !figure.withdrawn)
        .filter_map(|figure| Some((figure.replaces?, figure.id)))
        .collect();
    let last = |first: i64| std::iter::successors(Some(first), |id| later.get(id).copied()).last();
    let now = |cell: FilingCell| {
        let figure = cell.figure.and_then(last).and_then(|id| by_id.get(&id)).map(|of| (*of).clone());
        let corrected = figure.as_ref().is_some_and(|figure| Some(figure.id) != cell.figure);
        ((cell.filing, cell.line), CellNow { input: cell.input, figure, corrected })
    };
    cells.into_iter().filter(|cell| filed.get(&cell.filing) == Some(&true)).map(now).collect()
}

/// The total of each line: every unit is counted once, as an item of the round.
pub(super) fn totals(
    task: &Entry,
    lines: &[ReportingLine],
    filings: &[Filing],
    cells: &HashMap<(i64, i64), CellNow>,
) -> Result<Vec<Option<LineTotal>>> {
    let unfiled = filings.iter().filter(|filing| !filing.state.is_filed()).count();
    let tree = RegionTree::default();
    let mut totals = Vec::with_capacity(lines.len());
    for line in lines {
        let figures: Vec<Figure> = filings
            .iter()
            .filter_map(|filing| {
                let value = cells.get(&(filing.record.id, line.id))?.value()?;
                Some(item(task, line, filing, value))
            })
            .collect();
        let total = match line_measure(line).is_additive() {
            true => Some(tally(&figures, &[], &tree, Scope::Programme).map_err(too_large)?.total),
            false => None,
        };
        totals.push(total.map(|sum| LineTotal { sum, unfiled }));
    }
    Ok(totals)
}

fn too_large(_: Overflow) -> crate::Error {
    crate::Error::Invalid { field: "value", problem: "too-large" }
}

/// A filed value as the tally counts it: that of one unit, whatever part of the programme it lies in.
fn item(task: &Entry, line: &ReportingLine, filing: &Filing, value: i64) -> Figure {
    let id = filing.record.id;
    Figure {
        id,
        measure: line_measure(line),
        quantity: Quantity { low: value, high: None, unit: line_unit(line), approx: Approx::Exact },
        // A table of targets adds targets.
        role: domain::Role::Actual,
        grain: Grain::Item,
        hosts: Vec::new(),
        supporters: Vec::new(),
        organisation: None,
        event: None,
        subject: Some(id),
        period: round_period(line.line.time_kind, task.day("date_from"), task.day("date_to")),
        published: None,
        status: Status::Filed,
        replaced: false,
    }
}
