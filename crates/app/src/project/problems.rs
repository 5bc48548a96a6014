//! The problem list 问题清单: a line a problem, with the project it stands in the way of and who is assigned to that.

use crate::access::{Actor, Right};
use crate::entry::{Basis, EntryForm, Problem, RecordNames};
use crate::error::{Error, Result};
use crate::{App, change};
use jiff::ToSpan;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Condition, Entry, ListFilter, Record, RecordKind, Sort, SortBy};

/// Lines of one list at most.
pub const PROBLEMS_LIMIT: usize = 500;

/// Which problems a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProblemState {
    /// Those that are not solved.
    #[default]
    Open,
    /// Those that were to be solved before today and are not.
    Overdue,
    /// All of them.
    All,
}

impl ProblemState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Overdue, Self::All];

    /// The stable code used in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::All => "all",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// The problems of a list.
#[derive(Debug, Clone)]
pub struct Problems {
    /// The problems, those due first in front.
    pub entries: Vec<Entry>,
    /// Their projects, as far as the actor sees them.
    pub projects: BTreeMap<i64, Entry>,
    /// The records that both name.
    pub names: RecordNames,
    /// Whether there are more than [`PROBLEMS_LIMIT`].
    pub more: bool,
}

impl App {
    /// The problems in the way of projects; of one region's tree only, where given.
    ///
    /// # Errors
    /// As [`App::entry_list`].
    pub async fn problem_list(
        &self,
        actor: &Actor,
        programme: i64,
        state: ProblemState,
        region: Option<i64>,
    ) -> Result<Problems> {
        let mut tx = self.db.read().await?;
        let today = change::local(&mut tx, Some(programme), actor.at).await?.date();
        drop(tx);
        let (status, due) = (RecordKind::Problem.field("status"), RecordKind::Problem.field("due_on"));
        let (Some(status), Some(due)) = (status, due) else { return Err(Error::NotFound) };
        let mut conditions = Vec::new();
        if state != ProblemState::All {
            conditions.push(Condition::OneOf(status, vec!["open".to_owned()]));
        }
        if state == ProblemState::Overdue {
            let yesterday = today.checked_sub(1.days()).unwrap_or(today);
            conditions.push(Condition::Days(due, Some(domain::record::DAYS.0), Some(yesterday)));
        }
        conditions.extend(region.map(|region| Condition::Within { region, geographic: false }));
        let filter = ListFilter { conditions, ..ListFilter::of(RecordKind::Problem) };
        let limit = i64::try_from(PROBLEMS_LIMIT).unwrap_or(i64::MAX);
        let sort = Sort { by: SortBy::Field(due), descending: false };
        let page = self.entry_list(actor, programme, filter, sort, None, limit).await?;
        let ids: BTreeSet<i64> = page.entries.iter().filter_map(|entry| entry.id("project")).collect();
        let (mut names, mut projects): (RecordNames, _) = (page.names, BTreeMap::new());
        if !ids.is_empty() {
            let conditions = vec![Condition::Among(ids.into_iter().collect())];
            let filter = ListFilter { conditions, ..ListFilter::of(RecordKind::Project) };
            let of = self.entry_list(actor, programme, filter, Sort::default(), None, limit).await?;
            names.extend(of.names);
            projects.extend(of.entries.into_iter().map(|entry| (entry.record.id, entry)));
        }
        Ok(Problems { entries: page.entries, projects, names, more: page.next.is_some() })
    }

    /// Takes an open problem off the list (销号) as of a day; the change, which can be undone, or none where it is off already.
    ///
    /// # Errors
    /// As [`App::entry_edit`]; [`Error::NotFound`] for what is no problem.
    pub async fn problem_solve(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        day: &str,
    ) -> Result<(Record, Option<i64>)> {
        let mut tx = self.db.read().await?;
        let record = crate::access::open(&mut tx, actor, programme, code, Right::View).await?;
        if record.kind != RecordKind::Problem {
            return Err(Error::NotFound);
        }
        crate::access::allow(&mut tx, actor, &record, Right::EditRecord).await?;
        if day.trim().is_empty() {
            return Err(Error::Form(vec![Problem::new("solved_on", "missing")]));
        }
        let entry = store::entry_get(&mut tx, record.id).await?;
        let version = store::change_last(&mut tx, record.id).await?;
        drop(tx);
        if entry.text("status") != Some("open") {
            return Ok((record, None));
        }
        let fields = [("status", "solved"), ("solved_on", day)];
        let fields: HashMap<_, _> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let form = EntryForm {
            fields: fields.into_iter().collect(),
            basis: Basis { version: Some(version), ..Basis::default() },
            ..EntryForm::default()
        };
        let record = self.entry_edit(actor, programme, code, &form).await?;
        let mut tx = self.db.read().await?;
        Ok((record.clone(), Some(store::change_last(&mut tx, record.id).await?)))
    }
}
