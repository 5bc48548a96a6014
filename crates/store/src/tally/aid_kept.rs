//! Aid money added beforehand: what each project comes to by year and step, and what all projects of a programme come to, by
//! the choices of their fields. A project that was written, or of which a contract or figure was, is marked in the same
//! transaction; adding takes out what a marked project gave and adds it anew, so that one write costs one project.

use super::aid::{ADDED, AidStarts};
use crate::bulk::Rows;
use crate::db::{Param, Row, Tx, params};
use crate::error::Result;
use crate::list::{Condition, ListFilter, list_ids_with};
use domain::aid::AidStep;
use domain::record::{Choice, FieldInfo, FieldType};
use domain::tally::{Sum, join, join_approx};
use domain::{Measure, RecordKind, Role};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Marks that are added in one transaction: few enough that nobody who writes waits for long.
const MARKS: i64 = 100;
/// The field under which protected projects stand.
const PROTECTED: &str = "protected";
/// More than there are steps, as a factor of keys.
const STEPS: i64 = 16;
/// Not to be started, not started, started.
const STATES: i64 = 3;

/// What the projects that a filter leaves come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AidStanding {
    /// By step, in fen.
    pub sums: BTreeMap<AidStep, Sum>,
    /// How many were planned, and have started.
    pub starts: AidStarts,
    /// By the code of a field that was asked for, its choice (none where that is not known) and step.
    pub shares: BTreeMap<(&'static str, Option<String>, AidStep), Sum>,
}

/// The fields of aid projects whose choices are added apart.
fn fields() -> impl Iterator<Item = (&'static FieldInfo, &'static [Choice], String)> {
    RecordKind::AidProject.fields().iter().filter_map(|field| match field.kind {
        FieldType::Choice(choices) => Some((field, choices, field.column()?)),
        _ => None,
    })
}

fn rank(step: AidStep) -> i64 {
    let at = AidStep::ALL.iter().position(|of| *of == step);
    at.and_then(|at| i64::try_from(at + 1).ok()).unwrap_or(0)
}

fn of_rank(rank: i64) -> Option<AidStep> {
    AidStep::ALL.get(usize::try_from(rank).ok()?.checked_sub(1)?).copied()
}

/// The mark of the projects that hold a condition, and of those of which a contract does.
fn marks(of: impl Fn(&str) -> String) -> String {
    format!(
        "INSERT INTO aid_mark (programme_id, record_id)
         SELECT p.programme_id, p.record_id FROM aid_project p WHERE {}
         UNION SELECT c.programme_id, c.aid_project_id FROM aid_contract c WHERE {} AND c.aid_project_id IS NOT NULL",
        of("p.record_id"),
        of("c.record_id")
    )
}

/// Has the money of an aid project, or of that of a contract, added anew. Does nothing for other records.
pub(crate) async fn aid_mark(tx: &mut Tx, record: i64) -> Result<()> {
    tx.execute(&marks(|column| format!("{column} = $1")), params![record]).await?;
    Ok(())
}

/// The same for those of these records that are aid projects, contracts of them or their figures.
pub(crate) async fn aid_mark_all(tx: &mut Tx, records: &[i64]) -> Result<()> {
    let dialect = tx.dialect();
    let sql = format!(
        "SELECT DISTINCT f.subject_id FROM figure f WHERE {} AND f.subject_id IS NOT NULL",
        dialect.among("f.record_id", 1)
    );
    let rows = tx.all(&sql, params![dialect.numbers(records)]).await?;
    let subjects = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>>>()?;
    let all = [records, &subjects].concat();
    tx.execute(&marks(|column| dialect.among(column, 1)), params![dialect.numbers(&all)]).await?;
    Ok(())
}

/// The same for the records that a statement of one parameter gives.
pub(crate) async fn aid_mark_among(tx: &mut Tx, records: &str, of: i64) -> Result<()> {
    tx.execute(&marks(|column| format!("{column} IN ({records})")), params![of]).await?;
    Ok(())
}

/// Has the money of every aid project added anew.
pub(crate) async fn aid_mark_everything(tx: &mut Tx) -> Result<()> {
    let sql = "INSERT INTO aid_mark (programme_id, record_id) SELECT p.programme_id, p.record_id FROM aid_project p";
    tx.execute(sql, vec![]).await?;
    Ok(())
}

/// Whether aid money of a programme was written since it was added.
///
/// # Errors
/// When the database fails.
pub async fn aid_kept_is_stale(tx: &mut Tx, programme: i64) -> Result<bool> {
    let sql = "SELECT id FROM aid_mark WHERE programme_id = $1 LIMIT 1";
    Ok(tx.optional(sql, params![programme]).await?.is_some())
}

/// Adds some of the marked aid projects of a programme anew; whether there were any. One at a time adds for a programme.
///
/// # Errors
/// When the database fails or a sum overflows.
pub async fn aid_kept_refresh(tx: &mut Tx, programme: i64) -> Result<bool> {
    tx.one("SELECT {hold_code}", params![format!("aid_kept {programme}")]).await?;
    let sql = "SELECT id, record_id FROM aid_mark WHERE programme_id = $1 ORDER BY id LIMIT $2";
    let rows = tx.all(sql, params![programme, MARKS]).await?;
    if rows.is_empty() {
        return Ok(false);
    }
    let taken = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>>>()?;
    let ids: BTreeSet<i64> = rows.iter().map(|row| row.int(1)).collect::<Result<_>>()?;
    let ids: Vec<i64> = ids.into_iter().collect();
    let dialect = tx.dialect();
    let these = dialect.numbers(&ids);
    add(tx, &these, -1).await?;
    for (table, column) in
        [("aid_standing", "record_id"), ("aid_facet", "record_id"), ("aid_money", "project_id")]
    {
        let sql = format!("DELETE FROM {table} WHERE {}", dialect.among(column, 1));
        tx.execute(&sql, params![&these]).await?;
    }
    stand(tx, &these).await?;
    money(tx, programme, &ids).await?;
    add(tx, &these, 1).await?;
    let sql = format!("DELETE FROM aid_mark WHERE {}", dialect.among("id", 1));
    tx.execute(&sql, params![dialect.numbers(&taken)]).await?;
    Ok(true)
}

/// Adds what these projects give, or (-1) takes it out.
async fn add(tx: &mut Tx, these: &str, sign: i64) -> Result<()> {
    let of = tx.dialect().among("s.record_id", 1);
    let key = "s.programme_id, x.field, x.choice, m.first_year, m.last_year, m.step";
    let part = |column: &str| format!("CAST($2 AS BIGINT) * CAST(SUM(m.{column}) AS BIGINT)");
    let all = ["low", "high", "over_count", "nearly_count", "about_count", "figures"];
    let parts = all.map(part).join(", ");
    let added = all.map(|column| format!("{column} = aid_sum.{column} + excluded.{column}")).join(", ");
    let sql = format!(
        "INSERT INTO aid_sum (programme_id, field, choice, first_year, last_year, step, {})
         SELECT {key}, {parts} FROM aid_standing s JOIN aid_facet x ON x.record_id = s.record_id
         JOIN aid_money m ON m.project_id = s.record_id WHERE {of} GROUP BY {key}
         ON CONFLICT (programme_id, field, choice, first_year, last_year, step) DO UPDATE SET {added}",
        all.join(", ")
    );
    tx.execute(&sql, params![these, sign]).await?;
    let counted = |started: &str| {
        format!("CAST($2 AS BIGINT) * COUNT(*), CAST($2 AS BIGINT) * COUNT(CASE WHEN {started} THEN 1 END)")
    };
    let from = "FROM aid_standing s JOIN aid_money m ON m.project_id = s.record_id";
    let sql = format!(
        "INSERT INTO aid_start (programme_id, year, planned, started)
         SELECT s.programme_id, m.first_year, {} {from}
            WHERE {of} AND s.cancelled = 0 AND m.planned > 0 AND m.first_year > 0 GROUP BY s.programme_id, m.first_year
         UNION ALL SELECT s.programme_id, CAST(0 AS BIGINT), {} {from}
            WHERE {of} AND s.cancelled = 0 AND m.planned = 2 GROUP BY s.programme_id
         ON CONFLICT (programme_id, year) DO UPDATE SET planned = aid_start.planned + excluded.planned,
            started = aid_start.started + excluded.started",
        counted("s.started_year <= m.first_year"),
        counted("s.started_year IS NOT NULL")
    );
    tx.execute(&sql, params![these, sign]).await?;
    Ok(())
}

/// Writes how these projects stand now: those in use, and of them what is not protected under all that it is found by.
async fn stand(tx: &mut Tx, these: &str) -> Result<()> {
    let from = format!(
        "FROM aid_project p JOIN record r ON r.id = p.record_id WHERE {} AND r.archived_at IS NULL",
        tx.dialect().among("p.record_id", 1)
    );
    let sql = format!(
        "INSERT INTO aid_standing (record_id, programme_id, started_year, cancelled)
         SELECT p.record_id, p.programme_id, CAST(SUBSTR(p.started_on, 1, 4) AS BIGINT),
            CASE WHEN p.status = 'cancelled' THEN 1 ELSE 0 END {from}"
    );
    tx.execute(&sql, params![these]).await?;
    let mut facets = vec![
        format!("SELECT p.record_id, '', '' {from} AND r.protected = 0"),
        format!("SELECT p.record_id, '{PROTECTED}', '' {from} AND r.protected = 1"),
    ];
    facets.extend(fields().map(|(field, _, column)| {
        let code = field.code;
        format!("SELECT p.record_id, '{code}', COALESCE(p.{column}, '') {from} AND r.protected = 0")
    }));
    let sql = format!("INSERT INTO aid_facet (record_id, field, choice) {}", facets.join(" UNION ALL "));
    tx.execute(&sql, params![these]).await?;
    Ok(())
}

/// The projects of these and their contracts in use, each with the project.
async fn subjects(tx: &mut Tx, programme: i64, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let dialect = tx.dialect();
    let sql = format!(
        "SELECT c.record_id, c.aid_project_id FROM aid_contract c JOIN record r ON r.id = c.record_id
         WHERE c.programme_id = $2 AND {} AND r.archived_at IS NULL",
        dialect.among("c.aid_project_id", 1)
    );
    let mut subjects: HashMap<i64, i64> = ids.iter().map(|id| (*id, *id)).collect();
    for row in tx.all(&sql, params![dialect.numbers(ids), programme]).await? {
        subjects.insert(row.int(0)?, row.int(1)?);
    }
    Ok(subjects)
}

/// What is kept of a project, step and span of years.
struct Money {
    low: i64,
    high: i64,
    stated: [i64; 3],
    figures: i64,
    planned: bool,
}

/// Writes what these projects come to.
async fn money(tx: &mut Tx, programme: i64, ids: &[i64]) -> Result<()> {
    let projects = subjects(tx, programme, ids).await?;
    let dialect = tx.dialect();
    let mut all: Vec<i64> = projects.keys().copied().collect();
    all.sort_unstable();
    let year = |day: &str| format!("CAST(SUBSTR({day}, 1, 4) AS BIGINT)");
    let moved = year("COALESCE(f.date_to, f.date_from)");
    let span = |of_plan: String, open: i64| {
        format!(
            "CASE WHEN f.role = 'actual' THEN COALESCE({moved}, CAST(-1 AS BIGINT))
                ELSE COALESCE({of_plan}, CAST({open} AS BIGINT)) END"
        )
    };
    let stated =
        ["over", "nearly", "about"].map(|code| format!("COUNT(CASE f.approx WHEN '{code}' THEN 1 END)"));
    // The ids themselves lead: joined with a table that has no statistics yet, PostgreSQL would read every figure there is.
    let sql = format!(
        "SELECT f.subject_id, {}, {}, f.measure, f.role, CAST(SUM(f.low) AS BIGINT),
            CAST(SUM(COALESCE(f.high, f.low)) AS BIGINT), {}, COUNT(*)
         FROM figure f WHERE {} AND {ADDED} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
        span(year("f.date_from"), 0),
        span(year("f.date_to"), 9999),
        stated.join(", "),
        dialect.among("f.subject_id", 1)
    );
    let mut kept: BTreeMap<(i64, i64, i64, i64), Money> = BTreeMap::new();
    for row in tx.all(&sql, params![dialect.numbers(&all)]).await? {
        let subject = row.int(0)?;
        let step = AidStep::of(row.code(3, Measure::from_code)?, row.code(4, Role::from_code)?);
        let Some((step, &project)) = step.zip(projects.get(&subject)) else { continue };
        let of = Money {
            low: row.int(5)?,
            high: row.int(6)?,
            stated: [row.int(7)?, row.int(8)?, row.int(9)?],
            figures: row.int(10)?,
            planned: step == AidStep::Planned && subject == project,
        };
        let key = (project, row.int(1)?, row.int(2)?, rank(step));
        match kept.get_mut(&key) {
            Some(there) => there.join(&of)?,
            None => {
                kept.insert(key, of);
            }
        }
    }
    let mut rows = Rows::new(
        "aid_money",
        "project_id, first_year, last_year, step, low, high, over_count, nearly_count, about_count, figures, planned",
    );
    let mut planned = BTreeSet::new();
    for ((project, first, last, step), of) in kept {
        let once = if of.planned && planned.insert(project) { 2 } else { i64::from(of.planned) };
        let [over, nearly, about] = of.stated;
        rows.extend(params![project, first, last, step, of.low, of.high, over, nearly, about]);
        rows.extend(params![of.figures, once]);
    }
    rows.write(tx).await
}

impl Money {
    /// Adds what another record of the same project comes to.
    fn join(&mut self, other: &Self) -> Result<()> {
        let bare = |of: &Self| Sum {
            low: of.low,
            high: of.high,
            approx: join_approx(false, false, false),
            count: of.figures,
        };
        let sum = join([bare(self), bare(other)])?;
        (self.low, self.high, self.figures) = (sum.low, sum.high, sum.count);
        for (mine, others) in self.stated.iter_mut().zip(other.stated) {
            *mine += others;
        }
        self.planned |= other.planned;
        Ok(())
    }
}

/// The sum that stands in a row from this column on.
fn sum_at(row: &Row, at: usize) -> Result<Sum> {
    let stated = |at| Ok::<_, crate::Error>(row.int(at)? > 0);
    let approx = join_approx(stated(at + 2)?, stated(at + 3)?, stated(at + 4)?);
    Ok(Sum { low: row.int(at)?, high: row.int(at + 1)?, approx, count: row.int(at + 5)? })
}

/// Sums of kept columns, as [`sum_at`] reads them.
const SUMS: &str =
    "CAST(SUM(m.low) AS BIGINT), CAST(SUM(m.high) AS BIGINT), CAST(SUM(m.over_count) AS BIGINT),
    CAST(SUM(m.nearly_count) AS BIGINT), CAST(SUM(m.about_count) AS BIGINT), CAST(SUM(m.figures) AS BIGINT)";

/// That what is kept, `m`, is of a year or of all.
pub(crate) fn aid_kept_in(year: Option<i16>, values: &mut Vec<Param>) -> String {
    let Some(year) = year else { return "1 = 1".to_owned() };
    values.push(i64::from(year).into());
    let place = values.len();
    format!("m.first_year <= ${place} AND m.last_year >= ${place}")
}

/// A filter without its year: what is added says that.
fn of_all_years(filter: &ListFilter) -> ListFilter {
    let mut filter = filter.clone();
    filter.conditions.retain(|condition| !matches!(condition, Condition::AidYear(_)));
    filter
}

/// What the projects that a filter leaves come to, in all or in a year; apart for the choices of some fields.
///
/// # Errors
/// When the database fails or a sum does not fit.
pub async fn aid_standing(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    year: Option<i16>,
    apart: &[&'static FieldInfo],
) -> Result<AidStanding> {
    let filter = of_all_years(filter);
    let apart: Vec<_> = fields().filter(|(field, ..)| apart.iter().any(|of| of.code == field.code)).collect();
    let whole = filter.conditions.is_empty() && filter.text.trim().is_empty() && !filter.archived;
    if whole
        && filter.reach.all
        && let Some(standing) = of_programme(tx, programme, year, &apart).await?
    {
        return Ok(standing);
    }
    of_projects(tx, programme, &filter, year, &apart).await
}

type Apart = (&'static FieldInfo, &'static [Choice], String);

/// Of all projects; none where some of them are protected, so that it depends on who asks.
async fn of_programme(
    tx: &mut Tx,
    programme: i64,
    year: Option<i16>,
    apart: &[Apart],
) -> Result<Option<AidStanding>> {
    let mut values = params![programme];
    let of_year = aid_kept_in(year, &mut values);
    let mut fields = format!("'', '{PROTECTED}'");
    for (field, ..) in apart {
        fields.push_str(&format!(", '{}'", field.code));
    }
    let sql = format!(
        "SELECT m.field, m.choice, m.step, {SUMS} FROM aid_sum m WHERE m.programme_id = $1 AND m.field IN ({fields})
         AND {of_year} AND m.figures <> 0 GROUP BY m.field, m.choice, m.step ORDER BY m.field, m.choice, m.step"
    );
    let mut standing = AidStanding::default();
    for row in tx.all(&sql, values).await? {
        let (field, choice) = (row.text(0)?, row.text(1)?);
        let Some(step) = of_rank(row.int(2)?) else { continue };
        let sum = sum_at(&row, 3)?;
        if field == PROTECTED {
            return Ok(None);
        }
        match apart.iter().find(|(of, ..)| of.code == field) {
            Some((of, ..)) => {
                let choice = Some(choice).filter(|code| !code.is_empty());
                standing.shares.insert((of.code, choice, step), sum);
            }
            None => {
                standing.sums.insert(step, sum);
            }
        }
    }
    let sql = "SELECT planned, started FROM aid_start WHERE programme_id = $1 AND year = $2";
    if let Some(row) = tx.optional(sql, params![programme, i64::from(year.unwrap_or(0))]).await? {
        standing.starts = AidStarts { planned: row.int(0)?, started: row.int(1)? };
    }
    Ok(Some(standing))
}

/// What a project is added under, as one number: whether it has started, and the place of its choice in each field, from 1.
fn under(year: Option<i16>, apart: &[Apart], values: &mut Vec<Param>) -> String {
    let started = year.map_or_else(String::new, |year| {
        values.push(format!("{year:04}-12-31").into());
        format!(" AND k.started_on <= ${}", values.len())
    });
    let mut number = format!(
        "CASE WHEN k.status = 'cancelled' THEN 0 WHEN k.started_on IS NOT NULL{started} THEN 2 ELSE 1 END"
    );
    let mut factor = STATES;
    for (_, choices, column) in apart {
        let cases: Vec<_> =
            (1..).zip(*choices).map(|(at, of)| format!("WHEN '{}' THEN {at}", of.code)).collect();
        number.push_str(&format!(" + {factor} * CASE k.{column} {} ELSE 0 END", cases.join(" ")));
        factor *= i64::try_from(choices.len()).unwrap_or(0) + 1;
    }
    number
}

/// Of the projects that a filter leaves: their sums are read once, and told apart by one number.
async fn of_projects(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    year: Option<i16>,
    apart: &[Apart],
) -> Result<AidStanding> {
    let key = |values: &mut Vec<Param>| format!("{} AS g", under(year, apart, values));
    let (ids, mut values) = list_ids_with(tx, programme, filter, key).await?;
    let of_year = aid_kept_in(year, &mut values);
    let planned = if year.is_some() { "m.planned > 0" } else { "m.planned = 2" };
    let sql = format!(
        "WITH p AS MATERIALIZED ({ids}) SELECT m.step + {STEPS} * p.g, {SUMS}, COUNT(CASE WHEN {planned} THEN 1 END)
         FROM p CROSS JOIN aid_money m WHERE m.project_id = p.id AND {of_year} GROUP BY 1 ORDER BY 1"
    );
    let mut sums: BTreeMap<AidStep, Vec<Sum>> = BTreeMap::new();
    let mut shares: BTreeMap<_, Vec<Sum>> = BTreeMap::new();
    let mut starts = AidStarts::default();
    for row in tx.all(&sql, values).await? {
        let number = row.int(0)?;
        let Some(step) = of_rank(number % STEPS) else { continue };
        let (sum, planned) = (sum_at(&row, 1)?, row.int(7)?);
        let state = number / STEPS % STATES;
        starts.planned += if state > 0 { planned } else { 0 };
        starts.started += if state == 2 { planned } else { 0 };
        sums.entry(step).or_default().push(sum);
        let mut rest = number / STEPS / STATES;
        for (field, choices, _) in apart {
            let count = i64::try_from(choices.len()).unwrap_or(0) + 1;
            let choice = usize::try_from(rest % count).ok().and_then(|at| choices.get(at.checked_sub(1)?));
            let choice = choice.map(|choice| choice.code.to_owned());
            shares.entry((field.code, choice, step)).or_default().push(sum);
            rest /= count;
        }
    }
    Ok(AidStanding { sums: joined(sums)?, starts, shares: joined(shares)? })
}

fn joined<K: Ord>(sums: BTreeMap<K, Vec<Sum>>) -> Result<BTreeMap<K, Sum>> {
    sums.into_iter().map(|(key, sums)| Ok((key, join(sums)?))).collect()
}

/// What each of the projects that a filter leaves comes to, in all or in a year, by its id.
///
/// # Errors
/// When the database fails or a sum does not fit.
pub async fn aid_standing_by_project(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    year: Option<i16>,
) -> Result<HashMap<i64, BTreeMap<AidStep, Sum>>> {
    let filter = of_all_years(filter);
    let (ids, mut values) = list_ids_with(tx, programme, &filter, |_| "0 AS g".to_owned()).await?;
    let of_year = aid_kept_in(year, &mut values);
    let sql = format!(
        "WITH p AS MATERIALIZED ({ids}) SELECT p.id, m.step, {SUMS} FROM p CROSS JOIN aid_money m
         WHERE m.project_id = p.id AND {of_year} GROUP BY p.id, m.step ORDER BY p.id, m.step"
    );
    let mut all: HashMap<i64, BTreeMap<AidStep, Sum>> = HashMap::new();
    for row in tx.all(&sql, values).await? {
        if let Some(step) = of_rank(row.int(1)?) {
            all.entry(row.int(0)?).or_default().insert(step, sum_at(&row, 2)?);
        }
    }
    Ok(all)
}

/// The years in which aid money was planned, the last first.
///
/// # Errors
/// When the database fails.
pub async fn aid_year_list(tx: &mut Tx, programme: i64) -> Result<Vec<i16>> {
    let sql = "SELECT m.first_year FROM aid_sum m WHERE m.programme_id = $1 AND m.field IN ('', 'protected') AND m.step = $2
        AND m.figures <> 0 AND m.first_year > 0 GROUP BY m.first_year ORDER BY m.first_year DESC";
    let rows = tx.all(sql, params![programme, rank(AidStep::Planned)]).await?;
    let years = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>>>()?;
    Ok(years.into_iter().filter_map(|year| i16::try_from(year).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;
    use crate::list::{Sort, entry_list};
    use crate::reach::Reach;

    /// The ledger is read from what is kept: it does not miss the table of figures.
    #[tokio::test]
    async fn no_page_of_the_ledger_reads_figures() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            tx.execute("ALTER TABLE figure RENAME TO figure_away", vec![]).await.expect("renamed");
            let apart: Vec<_> = fields().map(|(field, ..)| field).collect();
            let keys = vec!["r1".to_owned()];
            for reach in [Reach::everything(), Reach { keys, ..Reach::default() }] {
                let one_of = Condition::OneOf(apart[0], vec!["started".to_owned()]);
                let conditions = vec![one_of, Condition::AidYear(2024)];
                let whole = ListFilter { reach, ..ListFilter::of(RecordKind::AidProject) };
                for filter in [&ListFilter { conditions, ..whole.clone() }, &whole] {
                    for year in [None, Some(2024)] {
                        let standing = aid_standing(&mut tx, 1, filter, year, &apart).await.expect("read");
                        assert_eq!(standing, AidStanding::default());
                        let projects = aid_standing_by_project(&mut tx, 1, filter, year).await.expect("read");
                        assert!(projects.is_empty());
                    }
                    let page = entry_list(&mut tx, 1, filter, Sort::default(), None, 50).await;
                    assert!(page.expect("read").is_empty());
                }
            }
            assert!(aid_year_list(&mut tx, 1).await.expect("read").is_empty());
        }
    }
}
