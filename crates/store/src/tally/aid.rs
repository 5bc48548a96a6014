//! What the money of aid projects adds up to, step by step: items in yuan that happened in a time, those of a project's
//! contracts with its own. Archived projects and contracts are left out, as lists leave them out. Read from the figures
//! themselves: for one project, for the figures behind a sum, and to compare with what is kept.

use crate::db::{Param, Row, Tx, params};
use crate::error::Result;
use crate::list::{Condition, ListFilter, list_ids};
use domain::aid::AidStep;
use domain::record::FieldInfo;
use domain::tally::{Sum, join_approx};
use domain::{Measure, Role};

/// The figures `f` of aid money that are added; the index `figure_aid` has the same words.
pub(super) const ADDED: &str = "f.measure IN ('aid_planned', 'aid_issued', 'aid_arrived', 'aid_disbursed', 'aid_contracted', 'aid_spent',
        'aid_accepted', 'aid_audited', 'aid_handed_over')
    AND f.grain = 'item' AND f.unit = 'CNY' AND f.time_kind = 'flow' AND f.status <> 'withdrawn'
    AND (f.role = 'actual' OR (f.role = 'target' AND f.measure = 'aid_planned'))
    AND NOT EXISTS (SELECT 1 FROM figure g WHERE g.replaces_id = f.record_id AND g.status <> 'withdrawn')";

/// By what aid money is added up.
#[derive(Debug, Clone, Copy)]
pub enum AidBy {
    /// All of it.
    Whole,
    /// Each project, by its id.
    Project,
    /// Each project and contract by itself, by its id.
    Subject,
    /// The year in which a period ends; a five-year plan has none.
    Year,
    /// A choice of the projects; none where it is not known.
    Field(&'static FieldInfo),
}

/// The sum of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AidSum {
    /// What [`AidBy`] asks for; none for the whole and for what is not known.
    pub key: Option<String>,
    /// The step.
    pub step: AidStep,
    /// In fen.
    pub sum: Sum,
}

/// How many projects a year or programme planned, and how many of them have started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AidStarts {
    /// Projects with a yearly plan that were not cancelled.
    pub planned: i64,
    /// Of these, the started ones.
    pub started: i64,
}

/// Which figures `f` are added, of all years or of one: what happened in the year, and plans that cover it.
fn added(year: Option<i16>, values: &mut Vec<Param>) -> String {
    let Some(year) = year else { return ADDED.to_owned() };
    values.push(format!("{year:04}-01-01").into());
    values.push(format!("{year:04}-12-31").into());
    let (first, last) = (format!("${}", values.len() - 1), format!("${}", values.len()));
    format!(
        "{ADDED} AND (f.role = 'actual' AND COALESCE(f.date_to, f.date_from) BETWEEN {first} AND {last}
            OR f.role = 'target' AND (f.date_from IS NULL OR f.date_from <= {last})
            AND (f.date_to IS NULL OR f.date_to >= {first}))"
    )
}

/// `s`: the projects that a filter leaves and their contracts, each with the project.
async fn subjects(tx: &mut Tx, programme: i64, filter: &ListFilter) -> Result<(String, Vec<Param>)> {
    // What is added says the year, so the list need not ask for it again.
    let mut filter = filter.clone();
    filter.conditions.retain(|condition| !matches!(condition, Condition::AidYear(_)));
    let (ids, values) = list_ids(tx, programme, &filter).await?;
    let with = format!(
        "WITH p AS MATERIALIZED ({ids}), s AS (SELECT p.id AS project, p.id AS subject FROM p
            UNION ALL SELECT p.id, c.record_id FROM p CROSS JOIN aid_contract c CROSS JOIN record w
            WHERE c.programme_id = $1 AND c.aid_project_id = p.id AND w.id = c.record_id AND w.archived_at IS NULL)"
    );
    Ok((with, values))
}

/// The sums of every step that has any, of the projects that a filter leaves.
///
/// # Errors
/// When the database fails or a sum does not fit.
pub async fn tally_of_aid(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    (year, step): (Option<i16>, Option<AidStep>),
    by: AidBy,
) -> Result<Vec<AidSum>> {
    let (with, mut values) = subjects(tx, programme, filter).await?;
    let added = added(year, &mut values);
    let (key, beside) = match by {
        AidBy::Whole => ("CAST(NULL AS TEXT)".to_owned(), ""),
        AidBy::Project => ("CAST(s.project AS TEXT)".to_owned(), ""),
        AidBy::Subject => ("CAST(s.subject AS TEXT)".to_owned(), ""),
        AidBy::Year => {
            let year = "SUBSTR(COALESCE(f.date_to, f.date_from), 1, 4)";
            (format!("CASE WHEN f.role = 'actual' THEN {year} END"), "")
        }
        AidBy::Field(field) => {
            let column = field.column().unwrap_or_else(|| "record_id".to_owned());
            (format!("a.{column}"), "CROSS JOIN aid_project a")
        }
    };
    let join = if beside.is_empty() { "" } else { "AND a.record_id = s.project" };
    let only = step.map_or_else(String::new, |step| only(step, &mut values));
    let flag = |code: &str| {
        format!("MAX(CASE WHEN f.approx = '{code}' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END)")
    };
    let sql = format!(
        "{with} SELECT {key}, f.measure, f.role, CAST(SUM(f.low) AS BIGINT), CAST(SUM(COALESCE(f.high, f.low)) AS BIGINT),
            {}, {}, {}, COUNT(*)
         FROM s CROSS JOIN figure f {beside} WHERE f.subject_id = s.subject {join} {only} AND {added}
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        flag("over"),
        flag("nearly"),
        flag("about")
    );
    let rows = tx.all(&sql, values).await?;
    let mut sums = Vec::with_capacity(rows.len());
    for row in &rows {
        sums.extend(sum(row)?);
    }
    Ok(sums)
}

fn only(step: AidStep, values: &mut Vec<Param>) -> String {
    values.push(step.measure().code().into());
    values.push(step.role().code().into());
    format!("AND f.measure = ${} AND f.role = ${}", values.len() - 1, values.len())
}

fn sum(row: &Row) -> Result<Option<AidSum>> {
    let step = AidStep::of(row.code(1, Measure::from_code)?, row.code(2, Role::from_code)?);
    let Some(step) = step else { return Ok(None) };
    let approx = join_approx(row.bool(5)?, row.bool(6)?, row.bool(7)?);
    let sum = Sum { low: row.int(3)?, high: row.int(4)?, approx, count: row.int(8)? };
    Ok(Some(AidSum { key: row.opt_text(0)?, step, sum }))
}

/// How many of the projects that a filter leaves were planned, in all or in a year, and have started.
///
/// # Errors
/// When the database fails.
pub async fn tally_of_aid_starts(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    year: Option<i16>,
) -> Result<AidStarts> {
    let mut filter = filter.clone();
    filter.conditions.retain(|condition| !matches!(condition, Condition::AidYear(_)));
    let (ids, mut values) = list_ids(tx, programme, &filter).await?;
    let added = added(year, &mut values);
    let by_then = year.map_or_else(String::new, |year| {
        values.push(format!("{year:04}-12-31").into());
        format!(" AND a.started_on <= ${}", values.len())
    });
    let sql = format!(
        "WITH p AS MATERIALIZED ({ids}) SELECT COUNT(*),
            COUNT(CASE WHEN a.started_on IS NOT NULL{by_then} THEN 1 END)
         FROM p CROSS JOIN aid_project a WHERE a.record_id = p.id AND COALESCE(a.status, '') <> 'cancelled'
         AND EXISTS (SELECT 1 FROM figure f WHERE f.subject_id = p.id AND f.measure = 'aid_planned'
            AND f.role = 'actual' AND {added})"
    );
    let row = tx.one(&sql, values).await?;
    Ok(AidStarts { planned: row.int(0)?, started: row.int(1)? })
}

/// The figures that the sum of a step adds, newest first, below the id `before`.
///
/// # Errors
/// When the database fails.
pub async fn tally_of_aid_figures(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    (year, step): (Option<i16>, AidStep),
    (before, limit): (Option<i64>, i64),
) -> Result<Vec<i64>> {
    let (with, mut values) = subjects(tx, programme, filter).await?;
    let added = added(year, &mut values);
    let only = only(step, &mut values);
    values.extend(params![before.unwrap_or(i64::MAX), limit]);
    let (before, limit) = (values.len() - 1, values.len());
    let sql = format!(
        "{with} SELECT f.record_id FROM s CROSS JOIN figure f WHERE f.subject_id = s.subject {only} AND {added}
         AND f.record_id < ${before} ORDER BY f.record_id DESC LIMIT ${limit}"
    );
    tx.all(&sql, values).await?.iter().map(|row| row.int(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reach;
    use crate::db::testing;
    use domain::RecordKind;

    fn filters() -> Vec<ListFilter> {
        let field = RecordKind::AidProject.field("category").expect("a field");
        let reaches = [Reach::everything(), Reach { keys: vec!["r1".to_owned()], ..Reach::default() }];
        let conditions = vec![Condition::AidYear(2024), Condition::OneOf(field, vec!["housing".to_owned()])];
        let of = |reach| ListFilter {
            conditions: conditions.clone(),
            text: "甲 公司".to_owned(),
            reach,
            ..ListFilter::of(RecordKind::AidProject)
        };
        reaches.map(of).into()
    }

    #[tokio::test]
    async fn every_sum_is_understood_by_both_databases() {
        for db in testing::databases().await {
            let mut tx = db.read().await.expect("a transaction");
            let field = RecordKind::AidProject.field("purpose").expect("a field");
            for filter in filters() {
                for by in [AidBy::Whole, AidBy::Project, AidBy::Subject, AidBy::Year, AidBy::Field(field)] {
                    for what in [(None, None), (Some(2024), Some(AidStep::Spent))] {
                        let sums = tally_of_aid(&mut tx, 1, &filter, what, by).await.expect("understood");
                        assert!(sums.is_empty());
                    }
                }
                let starts = tally_of_aid_starts(&mut tx, 1, &filter, Some(2024)).await.expect("understood");
                assert_eq!(starts, AidStarts::default());
                let of = (Some(2024), AidStep::Programmed);
                let figures = tally_of_aid_figures(&mut tx, 1, &filter, of, (None, 5)).await;
                assert!(figures.expect("understood").is_empty());
            }
        }
    }

    /// Sums read the index that holds what is added, not the table of figures.
    #[tokio::test]
    async fn sums_of_aid_money_are_read_from_their_index() {
        let db = testing::sqlite().await;
        let mut tx = db.read().await.expect("a transaction");
        let filter = ListFilter { reach: Reach::everything(), ..ListFilter::of(RecordKind::AidProject) };
        let (with, mut values) = subjects(&mut tx, 1, &filter).await.expect("a filter");
        let added = added(Some(2024), &mut values);
        let sql = format!(
            "EXPLAIN QUERY PLAN {with} SELECT f.measure, COUNT(*) FROM s CROSS JOIN figure f
             WHERE f.subject_id = s.subject AND {added} GROUP BY 1"
        );
        let plan = tx.all(&sql, values).await.expect("understood");
        let steps: Vec<_> = plan.iter().map(|row| row.text(3).expect("a step")).collect();
        assert!(
            steps.iter().any(|step| step.contains("COVERING INDEX figure_aid (subject_id=?")),
            "{steps:#?}"
        );
    }
}
