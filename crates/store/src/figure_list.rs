//! The list of figures: one filter, one order, pages by key.

use crate::db::{Param, Row, Tx, params};
use crate::error::Result;
use crate::figure::{COLUMNS, StatusEntry, figure_from, fill_regions, status_from};
use crate::reach::Reach;
use domain::figure::{Figure, Status};
use domain::{Measure, TimeKind, Unit};
use jiff::civil::Date;
use std::collections::HashMap;

/// Which figures a list shows. Empty means all within reach, of which the default has none; withdrawn figures are shown only
/// when asked for.
#[derive(Debug, Clone, Default)]
pub struct FigureFilter {
    /// Who asks.
    pub reach: Reach,
    /// Figures with a host or supporting region in this region's tree.
    pub region: Option<i64>,
    /// One measure.
    pub measure: Option<Measure>,
    /// One unit.
    pub unit: Option<Unit>,
    /// One kind of time.
    pub time_kind: Option<TimeKind>,
    /// Periods that end on this day or later.
    pub from: Option<Date>,
    /// Periods that begin on this day or earlier.
    pub to: Option<Date>,
    /// One status.
    pub status: Option<Status>,
    /// Figures with evidence in this document.
    pub document: Option<i64>,
    /// Figures of this organisation or event.
    pub record: Option<i64>,
    /// Withdrawn figures too.
    pub withdrawn: bool,
}

/// One line of the list.
#[derive(Debug, Clone)]
pub struct FigureRow {
    /// The figure.
    pub figure: Figure,
    /// Code of its record.
    pub code: String,
    /// The words the period was stated in.
    pub phrase: Option<String>,
    /// Code and title of the documents its evidence lies in.
    pub documents: Vec<(String, String)>,
    /// Whether evidence lies in documents that are not open to the reader.
    pub closed: bool,
    /// Titles of the published sources it cites.
    pub citations: Vec<String>,
    /// Title of the organisation, and its English title where known.
    pub organisation: Option<(String, Option<String>)>,
    /// Its code.
    pub organisation_code: Option<String>,
    /// Title of the event, and its English title where known.
    pub event: Option<(String, Option<String>)>,
    /// Its code.
    pub event_code: Option<String>,
}

/// What a filter asks for of `f`. `record` is the alias of a figure's record where the statement has it, as a page does;
/// where all are counted, the few that are protected are looked up once.
fn condition(
    programme: i64,
    filter: &FigureFilter,
    before: Option<i64>,
    record: Option<&str>,
) -> (String, Vec<Param>) {
    let mut sql = "f.programme_id = $1 AND f.record_id < $2".to_owned();
    let mut values = params![programme, before.unwrap_or(i64::MAX)];
    let mut and = |clause: &str, value: Option<Param>| {
        if let Some(value) = value {
            values.push(value);
            sql.push_str(" AND ");
            sql.push_str(&clause.replace('?', &format!("${}", values.len())));
        }
    };
    and(
        "EXISTS (SELECT 1 FROM figure_region g JOIN region_tree t ON t.descendant_id = g.region_id
            WHERE g.figure_id = f.record_id AND t.ancestor_id = ?)",
        filter.region.map(Param::from),
    );
    and("f.measure = ?", filter.measure.map(|x| x.code().into()));
    and("f.unit = ?", filter.unit.map(|x| x.code().into()));
    and("f.time_kind = ?", filter.time_kind.map(|x| x.code().into()));
    and("(f.date_to >= ? OR f.date_to IS NULL)", filter.from.map(Param::from));
    and("(f.date_from <= ? OR f.date_from IS NULL)", filter.to.map(Param::from));
    and("f.status = ?", filter.status.map(|x| x.code().into()));
    and(
        "EXISTS (SELECT 1 FROM figure_evidence x JOIN evidence e ON e.id = x.evidence_id
            WHERE x.figure_id = f.record_id AND x.removed_change_id IS NULL AND e.document_id = ?)",
        filter.document.map(Param::from),
    );
    and(
        "f.record_id IN (SELECT s.record_id FROM figure s WHERE s.subject_id = ?
            UNION SELECT s.record_id FROM figure s WHERE s.organisation_id = ?
            UNION SELECT s.record_id FROM figure s WHERE s.event_id = ?)",
        filter.record.map(Param::from),
    );
    let clause = match record {
        Some(record) => filter.reach.clause(record, &mut values),
        None => filter.reach.clause_of("f.record_id", &mut values),
    };
    sql.push_str(&format!(" AND {clause}"));
    match filter.status {
        None if !filter.withdrawn => sql.push_str(" AND f.status <> 'withdrawn'"),
        // Until it is published a figure stands as withdrawn.
        None | Some(Status::Withdrawn) => sql.push_str(" AND f.import_id IS NULL"),
        _ => {}
    }
    (sql, values)
}

/// Figures of a programme, newest first, below the id `before` (none for the first page).
///
/// # Errors
/// When the database fails.
pub async fn figure_list(
    tx: &mut Tx,
    programme: i64,
    filter: &FigureFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<FigureRow>> {
    let (condition, mut values) = condition(programme, filter, before, Some("r"));
    values.push(limit.into());
    let tail = format!("WHERE {condition} ORDER BY f.record_id DESC LIMIT ${}", values.len());
    select(tx, &tail, values, &filter.reach).await
}

/// How many figures of a programme a filter lets through.
///
/// # Errors
/// When the database fails.
pub async fn figure_count(tx: &mut Tx, programme: i64, filter: &FigureFilter) -> Result<i64> {
    let (condition, values) = condition(programme, filter, None, None);
    tx.int(&format!("SELECT COUNT(*) FROM figure f WHERE {condition}"), values).await
}

/// The lines of these figures of a programme as far as they are within reach, newest first.
///
/// # Errors
/// When the database fails.
pub async fn figure_rows(tx: &mut Tx, programme: i64, ids: &[i64], reach: &Reach) -> Result<Vec<FigureRow>> {
    let mut values = params![programme, tx.dialect().numbers(ids)];
    let (of, clause) = (tx.dialect().among("f.record_id", 2), reach.clause("r", &mut values));
    let tail = format!(
        "WHERE f.programme_id = $1 AND {of} AND f.import_id IS NULL AND {clause} ORDER BY f.record_id DESC"
    );
    select(tx, &tail, values, reach).await
}

/// A figure of an agreement whose place that of a following agreement took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarriedOn {
    /// The figure.
    pub figure: i64,
    /// The agreement that follows.
    pub agreement: i64,
    /// Whether it is a renewal; otherwise an upgrade.
    pub renewal: bool,
}

/// Which of these figures were replaced by that of an agreement that follows theirs.
///
/// # Errors
/// When the database fails.
pub async fn figure_carried_on(tx: &mut Tx, ids: &[i64]) -> Result<Vec<CarriedOn>> {
    let sql = format!(
        "SELECT f.record_id, a.record_id,
            CASE WHEN a.renews_id = f.subject_id THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END
         FROM figure f JOIN figure n ON n.replaces_id = f.record_id AND n.status <> 'withdrawn'
         JOIN agreement a ON a.record_id = n.subject_id
         WHERE {} AND n.subject_id <> f.subject_id",
        tx.dialect().among("f.record_id", 1)
    );
    let rows = tx.all(&sql, params![tx.dialect().numbers(ids)]).await?;
    let carried =
        |row: &Row| Ok(CarriedOn { figure: row.int(0)?, agreement: row.int(1)?, renewal: row.bool(2)? });
    rows.iter().map(carried).collect()
}

/// When and why these figures were withdrawn, as far as they were: the last time of each.
///
/// # Errors
/// When the database fails.
pub async fn figure_withdrawal_list(tx: &mut Tx, ids: &[i64]) -> Result<HashMap<i64, StatusEntry>> {
    let sql = format!(
        "SELECT s.status, s.effective_on, s.reason, c.at, u.name, s.figure_id FROM figure_status s
         JOIN change c ON c.id = s.change_id LEFT JOIN app_user u ON u.id = c.user_id
         WHERE {} AND s.status = 'withdrawn' ORDER BY s.id",
        tx.dialect().among("s.figure_id", 1)
    );
    let rows = tx.all(&sql, params![tx.dialect().numbers(ids)]).await?;
    rows.iter().map(|row| Ok((row.int(5)?, status_from(row)?))).collect()
}

/// Lines of the list as far as `tail` says.
fn statement(tail: &str) -> String {
    format!(
        "SELECT {COLUMNS}, r.code, o.title, o.title_en, e.title, e.title_en, o.code, e.code FROM figure f JOIN record r ON r.id = f.record_id
         LEFT JOIN record o ON o.id = f.organisation_id LEFT JOIN record e ON e.id = f.event_id {tail}"
    )
}

async fn select(tx: &mut Tx, tail: &str, values: Vec<Param>, reach: &Reach) -> Result<Vec<FigureRow>> {
    let rows = tx.all(&statement(tail), values).await?;
    let mut figures = rows.iter().map(figure_from).collect::<Result<Vec<_>>>()?;
    let ids: Vec<i64> = figures.iter().map(|figure| figure.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let regions = format!(
        "SELECT figure_id, region_id, side FROM figure_region WHERE {} ORDER BY region_id",
        tx.dialect().among("figure_id", 1)
    );
    let numbers = tx.dialect().numbers(&ids);
    fill_regions(tx, &mut figures, &regions, params![numbers]).await?;
    let mut documents = documents_of(tx, &ids, reach).await?;
    let mut citations = citations_of(tx, &ids).await?;
    let line = |(row, figure): (&Row, Figure)| {
        let (documents, closed) = documents.remove(&figure.id).unwrap_or_default();
        let citations = citations.remove(&figure.id).unwrap_or_default();
        let (phrase, code) = (row.opt_text(16)?, row.text(18)?);
        let title = |at| Ok::<_, crate::Error>(row.opt_text(at)?.zip(Some(row.opt_text(at + 1)?)));
        Ok(FigureRow {
            figure,
            code,
            phrase,
            documents,
            closed,
            citations,
            organisation: title(19)?,
            organisation_code: row.opt_text(23)?,
            event: title(21)?,
            event_code: row.opt_text(24)?,
        })
    };
    rows.iter().zip(figures).map(line).collect()
}

/// Code and title of the documents that prove each figure, as far as they are within reach, and whether others do.
type Proofs = (Vec<(String, String)>, bool);

async fn documents_of(tx: &mut Tx, ids: &[i64], reach: &Reach) -> Result<HashMap<i64, Proofs>> {
    let mut values = params![tx.dialect().numbers(ids)];
    let (of, seen) = (tx.dialect().among("x.figure_id", 1), reach.clause("r", &mut values));
    let sql = format!(
        "SELECT x.figure_id, r.code, r.title, d.file_name,
            CASE WHEN {seen} THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END, d.restricted FROM figure_evidence x
         JOIN evidence e ON e.id = x.evidence_id JOIN document d ON d.record_id = e.document_id
         JOIN record r ON r.id = d.record_id
         WHERE {of} AND x.removed_change_id IS NULL ORDER BY x.id"
    );
    let mut documents: HashMap<i64, Proofs> = HashMap::new();
    for row in tx.all(&sql, values).await? {
        let (list, closed) = documents.entry(row.int(0)?).or_default();
        if !row.bool(4)? {
            *closed |= row.bool(5)?;
            continue;
        }
        let (title, file_name) = (row.text(2)?, row.text(3)?);
        let entry = (row.text(1)?, if title.is_empty() { file_name } else { title });
        if !list.contains(&entry) {
            list.push(entry);
        }
    }
    Ok(documents)
}

async fn citations_of(tx: &mut Tx, ids: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    let sql = format!(
        "SELECT x.figure_id, e.title FROM figure_evidence x JOIN evidence e ON e.id = x.evidence_id
         WHERE {} AND x.removed_change_id IS NULL AND e.kind = 'citation' ORDER BY x.id",
        tx.dialect().among("x.figure_id", 1)
    );
    let mut citations: HashMap<i64, Vec<String>> = HashMap::new();
    for row in tx.all(&sql, params![tx.dialect().numbers(ids)]).await? {
        citations.entry(row.int(0)?).or_default().push(row.text(1)?);
    }
    Ok(citations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;
    use jiff::civil::date;

    #[tokio::test]
    async fn every_filter_is_understood_by_both_databases() {
        let filters = [
            FigureFilter { region: Some(1), ..FigureFilter::default() },
            FigureFilter { measure: Some(Measure::Sales), ..FigureFilter::default() },
            FigureFilter {
                unit: Some(Unit::cny()),
                time_kind: Some(TimeKind::Flow),
                ..FigureFilter::default()
            },
            FigureFilter { reach: Reach::everything(), ..FigureFilter::default() },
            FigureFilter {
                reach: Reach { all: true, keys: vec!["u1".to_owned(), "*".to_owned()], ..Reach::default() },
                ..FigureFilter::default()
            },
            FigureFilter {
                reach: Reach { keys: vec!["r1".to_owned()], ..Reach::default() },
                from: Some(date(2023, 1, 1)),
                to: Some(date(2023, 12, 31)),
                ..FigureFilter::default()
            },
            FigureFilter {
                status: Some(Status::Approved),
                document: Some(3),
                record: Some(4),
                ..FigureFilter::default()
            },
        ];
        for db in testing::databases().await {
            let mut tx = db.read().await.expect("a transaction");
            for filter in &filters {
                assert_eq!(figure_count(&mut tx, 1, filter).await.expect("understood"), 0);
                assert!(
                    figure_rows(&mut tx, 1, &[1, 2], &filter.reach).await.expect("understood").is_empty()
                );
                assert!(figure_list(&mut tx, 1, filter, Some(9), 5).await.expect("understood").is_empty());
            }
        }
    }

    /// The plans of the list under each filter, so that a change that makes SQLite read the whole table is seen.
    #[tokio::test]
    async fn the_plans_of_the_list_are_those_on_record() {
        let office = Reach { all: true, keys: vec!["u1".to_owned()], ..Reach::default() };
        let all = FigureFilter { reach: office, ..FigureFilter::default() };
        let region = Reach { keys: vec!["r1".to_owned(), "u1".to_owned()], ..Reach::default() };
        let filters = [
            ("measure", FigureFilter { measure: Some(Measure::Sales), ..all.clone() }),
            ("region", FigureFilter { region: Some(1), ..all.clone() }),
            ("document", FigureFilter { document: Some(1), ..all.clone() }),
            ("record", FigureFilter { record: Some(1), ..all.clone() }),
            ("all", all),
            ("limited to a region", FigureFilter { reach: region, ..FigureFilter::default() }),
        ];
        let db = testing::sqlite().await;
        let mut tx = db.read().await.expect("a transaction");
        let mut plans = String::new();
        for (name, filter) in filters {
            let (condition, values) = condition(1, &filter, None, Some("r"));
            let tail = format!("WHERE {condition} ORDER BY f.record_id DESC LIMIT 50");
            let sql = format!("EXPLAIN QUERY PLAN {}", statement(&tail));
            plans.push_str(&format!("{name}\n"));
            for row in tx.all(&sql, values).await.expect("understood") {
                plans.push_str(&format!("  {}\n", row.text(3).expect("a line of the plan")));
            }
        }
        insta::assert_snapshot!(plans);
    }
}
