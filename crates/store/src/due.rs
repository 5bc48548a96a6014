//! What is due by a day, wherever the day is entered: steps and plans of projects, milestones, problems, permits, agreements,
//! filings. One statement a kind, each led by the index of its day.

use crate::db::{Param, Row, Tx, params};
use crate::entry::{RECORD_COLUMNS, RECORD_WIDTH};
use crate::error::{Error, Result};
use crate::reach::{Reach, ReachKey};
use crate::record::{Record, record_from};
use domain::stage::Milestone;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueKind {
    /// A task somebody was given.
    Task,
    /// The next step of a project.
    Next,
    /// A project is to start.
    Start,
    /// A project is to be completed.
    Completion,
    /// A project is to be in production.
    Production,
    /// A milestone is to be met.
    Milestone,
    /// A problem is to be solved.
    Problem,
    /// A permit is to be granted.
    Permit,
    /// An agreement ends.
    Agreement,
    /// A unit is to file for a round.
    Filing,
    /// What a unit filed is to be reviewed or approved.
    Review,
}

impl DueKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Task,
        Self::Next,
        Self::Start,
        Self::Completion,
        Self::Production,
        Self::Milestone,
        Self::Problem,
        Self::Permit,
        Self::Agreement,
        Self::Filing,
        Self::Review,
    ];

    /// The stable code used in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Next => "next",
            Self::Start => "start",
            Self::Completion => "completion",
            Self::Production => "production",
            Self::Milestone => "milestone",
            Self::Problem => "problem",
            Self::Permit => "permit",
            Self::Agreement => "agreement",
            Self::Filing => "filing",
            Self::Review => "review",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Table and column of the day, the condition that it is still open, and the stage that a project has before it.
    fn place(self) -> Option<(&'static str, &'static str, &'static str, Option<Milestone>)> {
        Some(match self {
            Self::Task | Self::Filing | Self::Review => return None,
            Self::Next => ("project", "next_on", "1 = 1", None),
            Self::Start => ("project", "start_planned", "k.started_on IS NULL", Some(Milestone::Started)),
            Self::Completion => {
                ("project", "complete_planned", "k.completed_on IS NULL", Some(Milestone::Completed))
            }
            Self::Production => {
                ("project", "production_planned", "k.production_on IS NULL", Some(Milestone::Production))
            }
            Self::Milestone => ("milestone", "due_on", "k.met_on IS NULL", None),
            // Not led by the index of the status: nearly all are of one.
            Self::Problem => ("problem", "due_on", "COALESCE(k.status, '') = 'open'", None),
            Self::Permit => ("permit", "due_on", "COALESCE(k.status, '') IN ('todo', 'filed')", None),
            Self::Agreement => ("agreement", "valid_to", "COALESCE(k.status, '') = 'signed'", None),
        })
    }
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct DueFilter {
    /// Due on this day or later.
    pub from: Option<Date>,
    /// Due on this day or earlier.
    pub to: Option<Date>,
    /// Of records with a party region in this region's tree.
    pub region: Option<i64>,
    /// Of one of these offices: its own, or that of its project.
    pub offices: Option<Vec<i64>>,
    /// Filings asked of one of these units.
    pub units: Option<Vec<i64>>,
    /// The latest first.
    pub latest: bool,
    /// The records within reach.
    pub reach: Reach,
    /// The filings within reach that are to be filled in, to be reviewed, to be approved.
    pub filings: [Reach; 3],
    /// The stages of the programme's projects, by code.
    pub stages: Vec<(String, Milestone)>,
}

/// Something that is due.
#[derive(Debug, Clone)]
pub struct DueRow {
    /// What.
    pub kind: DueKind,
    /// By when.
    pub day: Date,
    /// The record that says so.
    pub record: Record,
    /// The project or round it belongs to, where that is another record.
    pub project: Option<i64>,
    /// The office that is to do it.
    pub office: Option<i64>,
}

/// What of one kind is due, by day; of [`DueKind::Task`] nothing.
///
/// # Errors
/// When the database fails.
pub async fn due_list(
    tx: &mut Tx,
    programme: i64,
    kind: DueKind,
    filter: &DueFilter,
    limit: i64,
) -> Result<Vec<DueRow>> {
    if matches!(kind, DueKind::Filing | DueKind::Review) {
        return filing_due_list(tx, programme, kind, filter, limit).await;
    }
    let Some((table, column, open, before)) = kind.place() else { return Ok(Vec::new()) };
    let mut values = filter.values(programme, limit);
    let (join, stage, office) = match table {
        "project" => ("", Some("k"), "COALESCE(k.next_owner_id, k.owner_id, k.team_id)"),
        "agreement" => ("", None, "k.owner_id"),
        "permit" => (OF_PROJECT, Some("p"), "COALESCE(p.owner_id, p.team_id)"),
        _ => (OF_PROJECT, Some("p"), "COALESCE(k.owner_id, p.owner_id, p.team_id)"),
    };
    let mut conditions = vec![open.to_owned()];
    if let Some(alias) = stage {
        let is_over = |of: Milestone| of >= Milestone::OnHold || before.is_some_and(|before| of >= before);
        let over = filter.stages.iter().filter(|(_, milestone)| is_over(*milestone)).map(|(code, _)| code);
        let over: Vec<String> = over.map(|code| place(&mut values, code.into())).collect();
        if !over.is_empty() {
            conditions.push(format!("COALESCE({alias}.stage, '') NOT IN ({})", over.join(", ")));
        }
    }
    if before.is_some() {
        // Plans stand with the phases.
        conditions.push(
            "NOT EXISTS (SELECT 1 FROM project f WHERE f.programme_id = k.programme_id AND f.parent_id = k.record_id)"
                .to_owned(),
        );
    }
    if let Some(offices) = &filter.offices {
        conditions.push(owned(tx, (table, stage), offices, &mut values));
    }
    conditions.extend(filter.in_region(&mut values));
    conditions.push(filter.reach.clause("r", &mut values));
    let project = if join.is_empty() { "NULL" } else { "k.project_id" };
    let order = if filter.latest { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, k.{column}, {project}, {office} FROM {table} k JOIN record r ON r.id = k.record_id {join}
         WHERE k.programme_id = $1 AND COALESCE(k.{column}, '') BETWEEN $2 AND $3 AND r.archived_at IS NULL AND {}
         ORDER BY COALESCE(k.{column}, '') {order}, k.record_id {order} LIMIT $4",
        conditions.join(" AND ")
    );
    tx.all(&sql, values).await?.iter().map(|row| due(row, kind)).collect()
}

/// Filings of rounds that are out: those that are not filed, by the day they are due; those that wait for review or approval, by
/// that day or the later one on which they came.
async fn filing_due_list(
    tx: &mut Tx,
    programme: i64,
    kind: DueKind,
    filter: &DueFilter,
    limit: i64,
) -> Result<Vec<DueRow>> {
    let mut values = filter.values(programme, limit);
    let [fill, review, approve] = &filter.filings;
    let mut within = |reach: &Reach| reach.clause("r", &mut values);
    let is_filing = kind == DueKind::Filing;
    let (day, open) = if is_filing {
        ("t.due_on", format!("k.state IN ('open', 'filled', 'returned') AND {}", within(fill)))
    } else {
        let (review, approve) = (within(review), within(approve));
        let open = format!("((k.state = 'submitted' AND {review}) OR (k.state = 'reviewed' AND {approve}))");
        ("CASE WHEN k.submitted_on > t.due_on THEN k.submitted_on ELSE t.due_on END", open)
    };
    let mut conditions = vec![open];
    let (whose, column) =
        if is_filing { (&filter.units, "k.unit_id") } else { (&filter.offices, "t.owner_id") };
    if let Some(ids) = whose {
        values.push(tx.dialect().numbers(ids).into());
        conditions.push(tx.dialect().among(column, values.len()));
    }
    conditions.extend(filter.in_region(&mut values));
    let order = if filter.latest { "DESC" } else { "ASC" };
    // The office of a filing that is due is its unit, which its title names.
    let office = if is_filing { "NULL" } else { "t.owner_id" };
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, {day}, k.task_id, {office} FROM reporting_task t
         JOIN record q ON q.id = t.record_id JOIN filing k ON k.task_id = t.record_id JOIN record r ON r.id = k.record_id
         WHERE t.programme_id = $1 AND COALESCE(t.status, '') = 'sent' AND COALESCE({day}, '') BETWEEN $2 AND $3
         AND q.archived_at IS NULL AND r.archived_at IS NULL AND {}
         ORDER BY COALESCE({day}, '') {order}, k.record_id {order} LIMIT $4",
        conditions.join(" AND ")
    );
    tx.all(&sql, values).await?.iter().map(|row| due(row, kind)).collect()
}

impl DueFilter {
    /// `$1` to `$4`: programme, first and last day, limit.
    fn values(&self, programme: i64, limit: i64) -> Vec<Param> {
        let from = self.from.map_or_else(|| "0".to_owned(), |day| day.to_string());
        let to = self.to.map_or_else(|| "~".to_owned(), |day| day.to_string());
        params![programme, from, to, limit]
    }

    fn in_region(&self, values: &mut Vec<Param>) -> Option<String> {
        let key = place(values, ReachKey::Region(self.region?).to_string().into());
        Some(format!("EXISTS (SELECT 1 FROM record_reach x WHERE x.record_id = r.id AND x.key = {key})"))
    }
}

const OF_PROJECT: &str = "LEFT JOIN project p ON p.record_id = k.project_id
    LEFT JOIN record q ON q.id = k.project_id";

fn place(values: &mut Vec<Param>, value: Param) -> String {
    values.push(value);
    format!("${}", values.len())
}

/// The condition that one of these offices has a row, itself or by its project.
pub(crate) fn owned(
    tx: &Tx,
    (table, project): (&str, Option<&str>),
    offices: &[i64],
    values: &mut Vec<Param>,
) -> String {
    values.push(tx.dialect().numbers(offices).into());
    let at = values.len();
    let mut columns: Vec<String> = match table {
        "project" => vec!["k.next_owner_id".to_owned()],
        "permit" => Vec::new(),
        _ => vec!["k.owner_id".to_owned()],
    };
    let of_project = ["owner_id", "team_id", "task_force_id"];
    columns.extend(project.iter().flat_map(|alias| of_project.map(|column| format!("{alias}.{column}"))));
    let clauses: Vec<String> = columns.iter().map(|column| tx.dialect().among(column, at)).collect();
    format!("({})", clauses.join(" OR "))
}

fn due(row: &Row, kind: DueKind) -> Result<DueRow> {
    let at = RECORD_WIDTH;
    Ok(DueRow {
        kind,
        record: record_from(row)?,
        day: row.day(at)?.ok_or_else(|| Error::Damaged("something due without a day".into()))?,
        project: row.opt_int(at + 1)?,
        office: row.opt_int(at + 2)?,
    })
}

/// Those of these projects that are one of these offices' work.
///
/// # Errors
/// When the database fails.
pub async fn project_list_owned(tx: &mut Tx, ids: &[i64], offices: &[i64]) -> Result<BTreeSet<i64>> {
    let mut values = params![tx.dialect().numbers(ids)];
    let (of, owned) =
        (tx.dialect().among("k.record_id", 1), owned(tx, ("project", Some("k")), offices, &mut values));
    let sql = format!("SELECT k.record_id FROM project k WHERE {of} AND {owned}");
    tx.all(&sql, values).await?.iter().map(|row| row.int(0)).collect()
}
