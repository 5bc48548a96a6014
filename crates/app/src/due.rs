//! What is due: the calendar, and my day. Everything is shown as far as the actor sees its record; what is somebody's own is what
//! their office, or else their reach, has to do. Nothing is counted by person.

use crate::App;
use crate::access::{Actor, Right};
use crate::change;
use crate::error::Result;
use crate::project::light::of_cause;
use crate::project::{Standing, Turn};
use crate::setting::stage_list;
use domain::light::CauseKind;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
pub use store::DueKind;
use store::{DueFilter, DueRow, Notice, Reach, Record, Task, TaskFilter, Tx};

/// Lines of one kind in one part of my day.
const SHOWN: i64 = 100;
/// Entries of one kind in a calendar.
pub const CALENDAR_LIMIT: i64 = 2_000;
/// Silent projects that a page shows.
const SILENT: i64 = 50;

/// What of the due days is asked for.
#[derive(Debug, Clone, Default)]
pub struct DueQuery {
    /// On this day or later.
    pub from: Option<Date>,
    /// On this day or earlier.
    pub to: Option<Date>,
    /// Of one kind.
    pub kind: Option<DueKind>,
    /// Of records in this region's tree.
    pub region: Option<i64>,
    /// The actor's own.
    pub mine: bool,
    /// The latest first.
    pub latest: bool,
}

/// Something due, with what names it.
#[derive(Debug, Clone)]
pub struct Due {
    /// What.
    pub kind: DueKind,
    /// By when; none for a task without a day.
    pub day: Option<Date>,
    /// The record that says so, or that the task is about.
    pub record: Record,
    /// The project or round it belongs to.
    pub project: Option<Record>,
    /// The office that is to do it.
    pub office: Option<Record>,
    /// The task, where it is one.
    pub task: Option<Task>,
}

/// Things due, and whether there are more than were asked for.
#[derive(Debug, Clone, Default)]
pub struct DueList {
    /// By day.
    pub items: Vec<Due>,
    /// Whether one kind has more.
    pub more: bool,
}

/// What somebody has before them today.
#[derive(Debug, Clone)]
pub struct MyDay {
    /// The day it is where the programme is.
    pub today: Date,
    /// Whether what is shown is that of the actor's offices; else it is all within their reach.
    pub of_offices: bool,
    /// Due before today, the latest first.
    pub overdue: DueList,
    /// Due today.
    pub today_due: DueList,
    /// Due within the next seven days.
    pub week: DueList,
    /// Open tasks without a day.
    pub undated: Vec<Due>,
    /// Projects of which nothing was heard for long, each with how it stands.
    pub silent: Vec<(Record, Standing)>,
    /// Projects that turned within the last seven days.
    pub turned: Vec<Turn>,
    /// What the actor was told and has not seen.
    pub notices: Vec<Notice>,
}

impl App {
    /// What is due.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for a programme that is not open to the actor.
    pub async fn due_list(&self, actor: &Actor, programme: i64, query: &DueQuery) -> Result<DueList> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let whose = Whose::of(&mut tx, actor, programme).await?;
        whose.list(&mut tx, query, CALENDAR_LIMIT).await
    }

    /// What the actor has before them today.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for a programme that is not open to the actor.
    pub async fn my_day(&self, actor: &Actor, programme: i64) -> Result<MyDay> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let today = change::local(&mut tx, Some(programme), actor.at).await?.date();
        let whose = Whose::of(&mut tx, actor, programme).await?;
        let day = |days: i64| today.checked_add(days.days()).unwrap_or(today);
        let query = |from: Option<Date>, to: Date, latest: bool| DueQuery {
            from,
            to: Some(to),
            mine: true,
            latest,
            ..DueQuery::default()
        };
        let overdue = whose.list(&mut tx, &query(None, day(-1), true), SHOWN).await?;
        let today_due = whose.list(&mut tx, &query(Some(today), today, false), SHOWN).await?;
        let week = whose.list(&mut tx, &query(Some(day(1)), day(7), false), SHOWN).await?;
        let undated = whose.undated(&mut tx).await?;
        let silent = whose.silent(&mut tx).await?;
        drop(tx);
        let turned = self.turned(actor, programme, &whose).await?;
        let notices = self.notices(actor, programme, false).await?;
        let of_offices = whose.offices.is_some();
        Ok(MyDay { today, of_offices, overdue, today_due, week, undated, silent, turned, notices })
    }

    async fn turned(&self, actor: &Actor, programme: i64, whose: &Whose) -> Result<Vec<Turn>> {
        let mut turned = self.project_turns(actor, programme, 7).await?;
        let Some(offices) = &whose.offices else { return Ok(turned) };
        let mut tx = self.db.read().await?;
        let ids: Vec<i64> = turned.iter().map(|turn| turn.record.id).collect();
        let owned = store::project_list_owned(&mut tx, &ids, offices).await?;
        turned.retain(|turn| owned.contains(&turn.record.id));
        Ok(turned)
    }
}

/// Whose due days are asked for.
pub(crate) struct Whose {
    programme: i64,
    user: i64,
    /// The offices of the user; none where they belong to no office, and all they may edit is theirs.
    offices: Option<Vec<i64>>,
    reach: Reach,
    own: Reach,
    /// The units that the user is of: offices, parks, enterprises.
    units: Option<Vec<i64>>,
    /// The filings that the user may fill in, review, approve.
    filings: [Reach; 3],
    stages: Vec<(String, domain::stage::Milestone)>,
}

impl Whose {
    pub(crate) async fn of(tx: &mut Tx, actor: &Actor, programme: i64) -> Result<Self> {
        let stages = stage_list(tx, programme).await?;
        let stages = stages.into_iter().map(|stage| (stage.code, stage.milestone)).collect();
        let reach = actor.reach(programme);
        let own = actor.reach_for(programme, Right::EditRecord);
        let own = if own == Reach::default() { reach.clone() } else { own };
        let some = |ids: Vec<i64>| Some(ids).filter(|ids| !ids.is_empty());
        let (offices, units) = (some(actor.offices(programme)), some(actor.units(programme)));
        let filings = [Right::FileReport, Right::ReviewFigure, Right::ApproveFigure]
            .map(|right| actor.reach_for(programme, right));
        Ok(Self { programme, user: actor.user.unwrap_or(0), offices, reach, own, units, filings, stages })
    }

    pub(crate) async fn list(&self, tx: &mut Tx, query: &DueQuery, limit: i64) -> Result<DueList> {
        let reach = if query.mine && self.offices.is_none() { &self.own } else { &self.reach };
        let filter = DueFilter {
            from: query.from,
            to: query.to,
            region: query.region,
            offices: self.offices.clone().filter(|_| query.mine),
            units: self.units.clone().filter(|_| query.mine),
            filings: if query.mine { self.filings.clone() } else { [(); 3].map(|()| self.reach.clone()) },
            latest: query.latest,
            reach: reach.clone(),
            stages: self.stages.clone(),
        };
        let (mut rows, mut more) = (Vec::new(), false);
        for kind in DueKind::ALL.into_iter().filter(|kind| query.kind.is_none_or(|of| of == *kind)) {
            let of_kind = store::due_list(tx, self.programme, kind, &filter, limit + 1).await?;
            let most = usize::try_from(limit).unwrap_or(usize::MAX);
            more |= of_kind.len() > most;
            rows.extend(of_kind.into_iter().take(most));
        }
        let mut items = self.named(tx, rows).await?;
        if query.kind.is_none_or(|of| of == DueKind::Task) {
            let tasks =
                TaskFilter { from: query.from, to: query.to, region: query.region, ..self.tasks(query.mine) };
            items.extend(store::task_list(tx, self.programme, &tasks, limit).await?.into_iter().map(of_task));
            items.retain(|item| item.day.is_some());
        }
        items.sort_by_key(|item| (item.day, item.kind, item.record.id));
        if query.latest {
            items.reverse();
        }
        Ok(DueList { items, more })
    }

    fn tasks(&self, mine: bool) -> TaskFilter {
        let owner = mine.then(|| (self.user, self.offices.clone()));
        TaskFilter { owner, open: true, reach: self.reach.clone(), ..TaskFilter::default() }
    }

    async fn undated(&self, tx: &mut Tx) -> Result<Vec<Due>> {
        let tasks =
            store::task_list(tx, self.programme, &TaskFilter { undated: true, ..self.tasks(true) }, SHOWN)
                .await?;
        Ok(tasks.into_iter().map(of_task).collect())
    }

    async fn silent(&self, tx: &mut Tx) -> Result<Vec<(Record, Standing)>> {
        let cause = of_cause(CauseKind::Silent);
        let reach = if self.offices.is_none() { &self.own } else { &self.reach };
        let of = (cause.as_str(), self.offices.as_deref());
        let found = store::light_list_caused(tx, self.programme, of, reach, SILENT).await?;
        Ok(found.into_iter().map(|(record, light)| (record, Standing::of(&light))).collect())
    }

    /// With the projects and offices that they name, as far as these can be seen.
    async fn named(&self, tx: &mut Tx, rows: Vec<DueRow>) -> Result<Vec<Due>> {
        let ids: BTreeSet<i64> = rows.iter().flat_map(|row| [row.project, row.office]).flatten().collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let named = store::record_list_of(tx, &ids, &self.reach).await?;
        let named: BTreeMap<i64, Record> = named.into_iter().map(|record| (record.id, record)).collect();
        let get = |id: Option<i64>| id.and_then(|id| named.get(&id).cloned());
        let due = |row: DueRow| Due {
            kind: row.kind,
            day: Some(row.day),
            project: get(row.project),
            office: get(row.office),
            record: row.record,
            task: None,
        };
        Ok(rows.into_iter().map(due).collect())
    }
}

fn of_task(task: Task) -> Due {
    Due {
        kind: DueKind::Task,
        day: task.task.due,
        record: task.record.clone(),
        project: None,
        office: None,
        task: Some(task),
    }
}
