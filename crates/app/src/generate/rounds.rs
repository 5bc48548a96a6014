//! Monthly rounds of reporting, from those that are over to one that is out; and tasks on projects.

use super::load::Loader;
use super::random::Random;
use super::world::{Draft, Ref, TODAY, World, later, money};
use crate::error::Result;
use domain::figure::{Grain, Status};
use domain::record::RecordKind;
use domain::region::Side;
use domain::reporting::{CellState, FilingState, round_period};
use domain::{Approx, Measure, Quantity, Role, TimeKind, Unit};
use jiff::ToSpan as _;
use jiff::civil::Date;
use store::{BulkCell, BulkFigure, BulkFiling, CellInput, Change, NewFigure, NewLine, NewTask, Tx};

/// What every round asks for: measure, kind of time, whether it must be said.
const LINES: [(Measure, TimeKind, bool); 4] = [
    (Measure::FundsArrived, TimeKind::Flow, true),
    (Measure::WorksCompleted, TimeKind::Cumulative, true),
    (Measure::Sales, TimeKind::Flow, false),
    (Measure::Tax, TimeKind::Flow, false),
];
/// What is said of everything generated.
const NOTE: &str = "生成数据 generated";
/// Units of the round that is out, of the one before it, of those that are closed: where they stand, with how likely that is.
const NOW: &[(FilingState, usize)] =
    &[(FilingState::Open, 60), (FilingState::Filled, 25), (FilingState::Submitted, 15)];
const BEFORE: &[(FilingState, usize)] = &[
    (FilingState::Approved, 50),
    (FilingState::Reviewed, 15),
    (FilingState::Submitted, 15),
    (FilingState::Open, 10),
    (FilingState::Returned, 5),
    (FilingState::Filled, 5),
];
const CLOSED: &[(FilingState, usize)] =
    &[(FilingState::Approved, 92), (FilingState::Open, 5), (FilingState::Reviewed, 3)];
const TASKS: [&str; 5] =
    ["核实用地手续", "催办供电接入", "与企业核对到位资金", "补齐环评材料", "约见企业负责人"];

/// A round as its filings know it.
struct Round {
    /// How many rounds are later.
    age: usize,
    from: Date,
    to: Date,
    due: Date,
}

/// What one unit files.
pub(super) struct DraftFiling {
    pub unit: Ref,
    pub state: FilingState,
    pub submitted_on: Option<Date>,
    pub log: Vec<(&'static str, Option<String>)>,
    /// One for each line; none for a unit that said nothing.
    pub cells: Vec<(CellState, Option<i64>)>,
}

/// A task on a project.
pub(super) struct DraftTask {
    pub project: usize,
    pub office: Ref,
    pub title: &'static str,
    pub due: Date,
    pub done: Option<Date>,
}

impl World {
    fn round(&self, index: usize) -> Round {
        let age = self.count(RecordKind::ReportingTask) - 1 - index;
        let from = TODAY.first_of_month().saturating_sub(i64::try_from(age).unwrap_or(0).months());
        let to = from.last_of_month();
        Round { age, from, to, due: later(to, 5) }
    }

    pub(super) fn reporting_task(&self, index: usize) -> Draft {
        let round = self.round(index);
        let before = index.checked_sub(1).map(|index| Ref(RecordKind::ReportingTask, index));
        Draft::new(format!("{}年{}月协作工作月报", round.from.year(), round.from.month()))
            .text("status", if round.age < 2 { "sent" } else { "closed" })
            .record("owner", Some(Ref(RecordKind::Office, 0)))
            .record("previous", before)
            .day("date_from", round.from)
            .day("date_to", round.to)
            .day("due_on", round.due)
    }

    /// The units of every round: all offices but the one that issues it, and some enterprises.
    fn units(&self) -> impl Iterator<Item = Ref> {
        let first = self.first_enterprise();
        let firms = (self.plan.projects / 1_000).clamp(1, 60);
        let offices = (1..self.count(RecordKind::Office)).map(|index| Ref(RecordKind::Office, index));
        offices.chain((first..first + firms).map(|index| Ref(RecordKind::Organisation, index)))
    }

    /// The filings of a round. In the round before the last the first three are returned, late and approved in any world.
    pub(super) fn filings(&self, index: usize) -> Vec<DraftFiling> {
        let round = self.round(index);
        let sure = [FilingState::Returned, FilingState::Open, FilingState::Approved];
        let filing = |(at, unit): (usize, Ref)| {
            let mut random = Random::new(self.plan.seed, &format!("filing {index}"), at);
            let state = match round.age {
                0 => random.weighted(NOW),
                1 => sure.get(at).copied().unwrap_or_else(|| random.weighted(BEFORE)),
                _ => random.weighted(CLOSED),
            };
            self.filing(&mut random, &round, (unit, state))
        };
        self.units().enumerate().map(filing).collect()
    }

    fn filing(&self, random: &mut Random, round: &Round, (unit, state): (Ref, FilingState)) -> DraftFiling {
        let filed = state >= FilingState::Submitted;
        let on = later(round.due, random.between(-4, 3)).min(TODAY);
        let reason = || Some(format!("与台账不符，请核对（{NOTE}）"));
        let log = match state {
            FilingState::Open => vec![],
            FilingState::Filled => vec![("filled", None)],
            FilingState::Submitted => vec![("submitted", None)],
            FilingState::Returned => vec![("submitted", None), ("returned", reason())],
            FilingState::Reviewed => vec![("submitted", None), ("reviewed", None)],
            FilingState::Approved => vec![("submitted", None), ("reviewed", None), ("approved", None)],
        };
        let cell = |random: &mut Random, required: bool| match random.below(100) {
            of if of < 8 && !required => (CellState::None, None),
            of if of < 12 && !required => (CellState::Unknown, None),
            of if of < 20 && !filed => (CellState::Missing, None),
            _ => (CellState::Value, Some(money(random, 20, 3_000))),
        };
        let cells = match state {
            FilingState::Open => vec![],
            _ => LINES.iter().map(|(_, _, required)| cell(random, *required)).collect(),
        };
        DraftFiling { unit, state, submitted_on: filed.then_some(on), log, cells }
    }

    /// How many tasks there are.
    pub(super) fn tasks(&self) -> usize {
        (self.plan.projects / 10).max(5)
    }

    /// A task: each of another project; of three one is done, one overdue, one due.
    pub(super) fn task(&self, index: usize) -> DraftTask {
        let mut random = Random::new(self.plan.seed, "task", index);
        let project = index * (self.count(RecordKind::Project) / self.tasks());
        let days = if index.is_multiple_of(3) { random.between(1, 45) } else { -random.between(1, 90) };
        let due = later(TODAY, days);
        let done = later(due, random.between(-5, 5)).min(TODAY);
        DraftTask {
            project,
            office: self.any(&mut random, RecordKind::Office),
            title: TASKS[random.below(TASKS.len())],
            due,
            done: (index % 3 == 1).then_some(done),
        }
    }
}

impl Loader<'_> {
    /// Forms and filings of a round, with the figures that approved ones became.
    pub(super) async fn round(&mut self, index: usize) -> Result<()> {
        let Some(task) = self.id(Ref(RecordKind::ReportingTask, index)) else { return Ok(()) };
        let mut tx = self.app.db.write().await?;
        let change = self.open(&mut tx).await?;
        let mut uids = Random::new(self.world.plan.seed, &format!("uid {} filing", self.code), index);
        let mut lines = Vec::with_capacity(LINES.len());
        for (measure, time_kind, required) in LINES {
            let unit = "wan".to_owned();
            let new = NewLine { measure, unit, role: Role::Actual, time_kind, label: None, required };
            lines.push(store::reporting_line_insert(&mut tx, &change, task, &new).await?);
        }
        let drafts = self.world.filings(index);
        let mut filings = Vec::with_capacity(drafts.len());
        for of in &drafts {
            let unit = store::record_get(&mut tx, self.id(of.unit).unwrap_or_default()).await?;
            filings.push(BulkFiling {
                uid: uids.uid(change.at),
                unit: unit.id,
                title: unit.title,
                title_en: unit.title_en,
                state: of.state,
                submitted_on: of.submitted_on,
                note: Some(NOTE.to_owned()),
                log: of.log.clone(),
            });
        }
        let made = store::filing_insert_all(&mut tx, &change, task, &filings).await?;
        let made: Vec<_> = drafts.iter().zip(&filings).zip(&made).collect();
        self.cells(&mut tx, &change, (index, &lines), &made, &mut uids).await?;
        *self.done.records.entry(RecordKind::Filing).or_default() += made.len();
        self.app.commit(tx).await
    }

    async fn cells(
        &mut self,
        tx: &mut Tx,
        change: &Change,
        (index, lines): (usize, &[i64]),
        made: &[Made<'_>],
        uids: &mut Random,
    ) -> Result<()> {
        let round = self.world.round(index);
        let (mut cells, mut figures, mut proved) = (Vec::new(), Vec::new(), Vec::new());
        for ((draft, filing), (id, code)) in made {
            for ((line, of), (state, value)) in lines.iter().zip(LINES).zip(&draft.cells) {
                let input = CellInput { value: *value, state: *state, ..CellInput::missing() };
                let figure = value.filter(|_| draft.state == FilingState::Approved);
                if let Some(value) = figure {
                    figures.push(self.filed(&round, of, (draft, filing, *id), value, uids.uid(change.at)));
                    proved.push(code.clone());
                }
                let at = figure.map(|_| figures.len() - 1);
                cells.push((BulkCell { filing: *id, line: *line, input, figure: None }, at));
            }
        }
        let ids = store::figure_insert_all(tx, change, &figures).await?;
        let proved: Vec<_> = ids.iter().copied().zip(proved).collect();
        store::figure_form_insert_all(tx, change, &proved).await?;
        let cell = |(cell, at): (BulkCell, Option<usize>)| BulkCell { figure: at.map(|at| ids[at]), ..cell };
        let cells: Vec<_> = cells.into_iter().map(cell).collect();
        store::filing_cell_insert_all(tx, change, &cells).await?;
        self.done.figures += figures.len();
        Ok(())
    }

    /// What an approved filing says of a line, as the figure that its approval enters.
    fn filed(
        &self,
        round: &Round,
        (measure, kind, _): (Measure, TimeKind, bool),
        (draft, filing, id): (&DraftFiling, &BulkFiling, i64),
        value: i64,
        uid: String,
    ) -> BulkFigure {
        let of = |side| self.known.regions_on(filing.unit, side);
        let is_office = draft.unit.0 == RecordKind::Office;
        let figure = NewFigure {
            measure,
            quantity: Quantity { low: value, high: None, unit: Unit::cny(), approx: Approx::Exact },
            role: Role::Actual,
            grain: Grain::Stated,
            hosts: of(Side::Host),
            supporters: of(Side::Supporting),
            organisation: (!is_office).then_some(filing.unit),
            event: None,
            subject: Some(id),
            period: round_period(kind, Some(round.from), Some(round.to)),
            phrase: None,
            published: draft.submitted_on,
            replaces: None,
            note: None,
        };
        BulkFigure {
            uid,
            figure,
            regions: Vec::new(),
            keys: Vec::new(),
            protected: false,
            replaces_back: None,
            log: &[Status::Filed, Status::Reviewed, Status::Approved],
        }
    }

    /// Tasks on projects.
    pub(super) async fn tasks(&mut self) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        let change = self.open(&mut tx).await?;
        let task = |index: usize| {
            let of = self.world.task(index);
            let new = NewTask {
                title: of.title.to_owned(),
                user: None,
                office: self.id(of.office),
                due: Some(of.due),
                note: Some(NOTE.to_owned()),
            };
            Some((self.id(Ref(RecordKind::Project, of.project))?, new, of.done))
        };
        let tasks: Vec<_> = (0..self.world.tasks()).filter_map(task).collect();
        store::task_insert_all(&mut tx, &change, &tasks).await?;
        self.done.tasks = tasks.len();
        self.app.commit(tx).await
    }
}

/// A filing as it was drawn up, as it was written, and what it is known by.
type Made<'a> = ((&'a DraftFiling, &'a BulkFiling), &'a (i64, String));
