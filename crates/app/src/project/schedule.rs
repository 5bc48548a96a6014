//! The schedule sheet 调度表: a line a project, with what stands in its way.

use crate::App;
use crate::access::Actor;
use crate::entry::{RecordNames, names_of};
use crate::error::Result;
use domain::RecordKind;
use std::collections::BTreeMap;
use store::{Condition, Entry, ListFilter, Sort};

/// Lines of one sheet at most.
pub const SCHEDULE_LIMIT: usize = 500;
/// Problems of one sheet that are looked at.
const PROBLEMS: i64 = 5_000;

/// The projects of a sheet.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The projects, in the order asked for; wholes are left to their phases.
    pub entries: Vec<Entry>,
    /// The open problems of each project, the latest first.
    pub problems: BTreeMap<i64, Vec<Entry>>,
    /// The records that the projects name.
    pub names: RecordNames,
    /// Whether there are more than [`SCHEDULE_LIMIT`].
    pub more: bool,
}

impl App {
    /// The schedule sheet of the projects that a filter leaves.
    ///
    /// # Errors
    /// As [`App::entry_list`].
    pub async fn project_schedule(
        &self,
        actor: &Actor,
        programme: i64,
        filter: ListFilter,
        sort: Sort,
    ) -> Result<Schedule> {
        let limit = i64::try_from(SCHEDULE_LIMIT).unwrap_or(i64::MAX);
        let page = self.entry_list(actor, programme, filter, sort, None, limit).await?;
        let mut tx = self.db.read().await?;
        let ids: Vec<i64> = page.entries.iter().map(|entry| entry.record.id).collect();
        let wholes = store::project_wholes(&mut tx, &ids).await?;
        let mut entries = page.entries;
        entries.retain(|entry| !wholes.contains(&entry.record.id));
        let mut problems: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
        if let Some(status) = RecordKind::Problem.field("status") {
            let conditions = vec![Condition::OneOf(status, vec!["open".to_owned()])];
            let reach = actor.reach(programme);
            let filter = ListFilter { conditions, reach, ..ListFilter::of(RecordKind::Problem) };
            let open =
                store::entry_list(&mut tx, programme, &filter, Sort::default(), None, PROBLEMS).await?;
            for problem in open {
                if let Some(project) = problem.id("project") {
                    problems.entry(project).or_default().push(problem);
                }
            }
        }
        let names = names_of(&mut tx, actor, programme, &entries).await?;
        Ok(Schedule { entries, problems, names, more: page.next.is_some() })
    }
}
