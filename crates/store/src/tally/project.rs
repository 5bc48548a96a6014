//! Projects counted beforehand: how many of those signed in a year stand at a stage and how far they came, of the programme
//! and of each region, and what their money comes to. A project that was written is marked in the same transaction; counting
//! takes out what a marked project added and adds it anew, so that one write costs one project, not all of them.

use super::{TallyGroup, group_at};
use crate::bulk::Rows;
use crate::db::{Param, Row, Tx, params};
use crate::error::{Error, Result};
use crate::figure::{COLUMNS, figure_from};
use crate::reach::Reach;
use crate::stage::stage_list;
use domain::figure::Figure;
use domain::light::Light;
use domain::region::RegionTree;
use domain::stage::{Milestone, default_stages, furthest, is_aside};
use domain::tally::{Scope, Sum, join_approx, tally};
use domain::{Approx, Measure};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Marks that are counted in one transaction: few enough that nobody who writes waits for long.
const MARKS: i64 = 300;

/// The money of projects that is kept.
pub const PROJECT_MEASURES: [Measure; 5] = [
    Measure::PlannedTotal,
    Measure::SignedContract,
    Measure::FundsArrived,
    Measure::WorksCompleted,
    Measure::FixedAsset,
];

/// So many projects, of those signed in one year that stand at one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectCount {
    /// The year of signing, where it is known.
    pub year: Option<i16>,
    /// Code of the stage; empty for none.
    pub stage: String,
    /// The furthest milestone.
    pub reached: Option<Milestone>,
    /// How many; phases stand with their whole.
    pub projects: i64,
}

/// What one measure of the projects of a [`ProjectCount`] comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectSum {
    /// The projects; how many of them have such a figure.
    pub of: ProjectCount,
    /// Measure, unit and kind of time.
    pub group: TallyGroup,
    /// The sum; its count is of projects.
    pub sum: Sum,
}

/// Projects as they count in a programme or region.
#[derive(Debug, Clone, Default)]
pub struct ProjectCounts {
    /// How many.
    pub counts: Vec<ProjectCount>,
    /// Their money.
    pub sums: Vec<ProjectSum>,
    /// How many of them are not open to who asks.
    pub hidden: i64,
}

/// The mark of projects that hold a condition, with their wholes, as they are and as they were last counted.
fn marks(of: impl Fn(&str) -> String) -> String {
    format!(
        "INSERT INTO project_mark (programme_id, record_id)
         SELECT p.programme_id, p.record_id FROM project p WHERE {project}
         UNION SELECT p.programme_id, p.parent_id FROM project p WHERE {project} AND p.parent_id IS NOT NULL
         UNION SELECT s.programme_id, s.parent_id FROM project_standing s WHERE {standing} AND s.parent_id IS NOT NULL",
        project = of("p.record_id"),
        standing = of("s.record_id")
    )
}

/// Has a project counted anew, and the whole it is or was a phase of. Does nothing for other records.
pub(crate) async fn project_mark(tx: &mut Tx, record: i64) -> Result<()> {
    tx.execute(&marks(|column| format!("{column} = $1")), params![record]).await?;
    Ok(())
}

/// Has those of these records that are projects counted anew.
pub(crate) async fn project_mark_all(tx: &mut Tx, records: &[i64]) -> Result<()> {
    let dialect = tx.dialect();
    let sql = marks(|column| dialect.among(column, 1));
    tx.execute(&sql, params![dialect.numbers(records)]).await?;
    Ok(())
}

/// Has the projects counted anew that a statement of one parameter gives.
pub(crate) async fn project_mark_among(tx: &mut Tx, records: &str, of: i64) -> Result<()> {
    tx.execute(&marks(|column| format!("{column} IN ({records})")), params![of]).await?;
    Ok(())
}

/// Has every project counted anew, of one programme or of all.
pub(crate) async fn project_mark_programme(tx: &mut Tx, programme: Option<i64>) -> Result<()> {
    const ALL: &str = "INSERT INTO project_mark (programme_id, record_id) SELECT p.programme_id, p.record_id FROM project p";
    match programme {
        Some(programme) => {
            tx.execute(&format!("{ALL} WHERE p.programme_id = $1"), params![programme]).await?
        }
        None => tx.execute(ALL, vec![]).await?,
    };
    Ok(())
}

/// Whether projects of a programme were written since they were counted.
///
/// # Errors
/// When the database fails.
pub async fn project_count_is_stale(tx: &mut Tx, programme: i64) -> Result<bool> {
    let sql = "SELECT id FROM project_mark WHERE programme_id = $1 LIMIT 1";
    Ok(tx.optional(sql, params![programme]).await?.is_some())
}

/// Counts some of the marked projects of a programme anew; whether there were any. One at a time counts a programme.
///
/// # Errors
/// When the database fails or a sum overflows.
pub async fn project_count_refresh(tx: &mut Tx, programme: i64) -> Result<bool> {
    tx.one("SELECT {hold_code}", params![format!("project_count {programme}")]).await?;
    let sql = "SELECT id, record_id FROM project_mark WHERE programme_id = $1 ORDER BY id LIMIT $2";
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
    for table in ["project_standing", "project_place", "project_money"] {
        let sql = format!("DELETE FROM {table} WHERE {}", dialect.among("record_id", 1));
        tx.execute(&sql, params![&these]).await?;
    }
    stand(tx, programme, &these).await?;
    add(tx, &these, 1).await?;
    let sql = format!("DELETE FROM project_mark WHERE {}", dialect.among("id", 1));
    tx.execute(&sql, params![dialect.numbers(&taken)]).await?;
    Ok(true)
}

/// Adds what these projects are counted with, or (-1) takes it out.
async fn add(tx: &mut Tx, these: &str, sign: i64) -> Result<()> {
    let of = tx.dialect().among("s.record_id", 1);
    let key = "s.programme_id, x.region_id, s.year, s.stage, s.reached, s.protected";
    let sql = format!(
        "INSERT INTO project_count (programme_id, region_id, year, stage, reached, protected, projects)
         SELECT {key}, CAST($2 AS BIGINT) * COUNT(*) FROM project_standing s JOIN project_place x ON x.record_id = s.record_id
         WHERE {of} AND s.parent_id IS NULL GROUP BY {key}
         ON CONFLICT (programme_id, region_id, year, stage, reached, protected)
         DO UPDATE SET projects = project_count.projects + excluded.projects"
    );
    tx.execute(&sql, params![these, sign]).await?;
    let stated =
        |approx: &str| format!("CAST($2 AS BIGINT) * COUNT(CASE m.approx WHEN '{approx}' THEN 1 END)");
    let sql = format!(
        "INSERT INTO project_sum (programme_id, region_id, year, stage, reached, protected, measure, unit, time_kind, low, high,
            projects, over_count, nearly_count, about_count)
         SELECT {key}, m.measure, m.unit, m.time_kind, CAST($2 AS BIGINT) * CAST(SUM(m.low) AS BIGINT),
            CAST($2 AS BIGINT) * CAST(SUM(m.high) AS BIGINT), CAST($2 AS BIGINT) * COUNT(*), {}, {}, {}
         FROM project_standing s JOIN project_place x ON x.record_id = s.record_id
         JOIN project_money m ON m.record_id = s.record_id
         WHERE {of} AND s.parent_id IS NULL GROUP BY {key}, m.measure, m.unit, m.time_kind
         ON CONFLICT (programme_id, region_id, year, stage, reached, protected, measure, unit, time_kind)
         DO UPDATE SET low = project_sum.low + excluded.low, high = project_sum.high + excluded.high,
            projects = project_sum.projects + excluded.projects,
            over_count = project_sum.over_count + excluded.over_count,
            nearly_count = project_sum.nearly_count + excluded.nearly_count,
            about_count = project_sum.about_count + excluded.about_count",
        stated("over"),
        stated("nearly"),
        stated("about")
    );
    tx.execute(&sql, params![these, sign]).await?;
    Ok(())
}

/// The place of a milestone in their order, from 1.
pub(crate) fn milestone_rank(milestone: Milestone) -> i64 {
    let at = Milestone::ALL.iter().position(|of| *of == milestone);
    at.and_then(|at| i64::try_from(at + 1).ok()).unwrap_or(0)
}

fn of_rank(rank: i64) -> Option<Milestone> {
    Milestone::ALL.get(usize::try_from(rank).ok()?.checked_sub(1)?).copied()
}

/// The milestone of each stage of a programme.
async fn meanings(tx: &mut Tx, programme: i64) -> Result<HashMap<String, Milestone>> {
    let own = stage_list(tx, programme).await?;
    Ok(match own.is_empty() {
        true => default_stages().iter().map(|stage| (stage.code.to_owned(), stage.milestone)).collect(),
        false => own.into_iter().map(|stage| (stage.code, stage.milestone)).collect(),
    })
}

/// Writes how these projects stand now: those in use.
async fn stand(tx: &mut Tx, programme: i64, these: &str) -> Result<()> {
    let meaning = meanings(tx, programme).await?;
    let sql = format!(
        "SELECT p.record_id, p.parent_id, COALESCE(p.stage, ''), r.protected, p.signed_on, p.started_on, p.completed_on,
            p.production_on, p.capacity_on FROM project p JOIN record r ON r.id = p.record_id
         WHERE {} AND r.archived_at IS NULL ORDER BY p.record_id",
        tx.dialect().among("p.record_id", 1)
    );
    let rows = tx.all(&sql, params![these]).await?;
    let mut before = None;
    let mut standing =
        Rows::new("project_standing", "record_id, programme_id, parent_id, stage, reached, year, protected");
    for row in &rows {
        let (id, stage) = (row.int(0)?, row.text(2)?);
        let now = meaning.get(&stage).copied();
        let way = match now {
            Some(milestone) if !is_aside(milestone) => Some(milestone),
            _ if before.is_none() => before.insert(ways(tx, &meaning, these).await?).get(&id).copied(),
            _ => before.as_ref().and_then(|of: &HashMap<_, _>| of.get(&id).copied()),
        };
        let reached = match way {
            Some(milestone) => Some(milestone),
            None => {
                let mut dated = [false; 5];
                for (at, known) in dated.iter_mut().enumerate() {
                    *known = row.day(4 + at)?.is_some();
                }
                furthest(dated)
            }
        };
        let year = row.day(4)?.map(|day| format!("{:04}", day.year())).unwrap_or_default();
        standing.extend(params![
            id,
            programme,
            row.opt_int(1)?,
            stage,
            reached.map_or(0, milestone_rank),
            year,
            row.bool(3)?
        ]);
    }
    standing.write(tx).await?;
    let of = tx.dialect().among("s.record_id", 1);
    let sql = format!(
        "INSERT INTO project_place (record_id, region_id)
         SELECT s.record_id, CAST(0 AS BIGINT) FROM project_standing s WHERE {of}
         UNION SELECT s.record_id, t.ancestor_id FROM project_standing s JOIN record_region g ON g.record_id = s.record_id
            JOIN region_tree t ON t.descendant_id = g.region_id WHERE {of}"
    );
    tx.execute(&sql, params![these]).await?;
    money(tx, programme, these).await
}

/// The last stage on the way of projects that rest or ended, as their log has it.
async fn ways(
    tx: &mut Tx,
    meaning: &HashMap<String, Milestone>,
    these: &str,
) -> Result<HashMap<i64, Milestone>> {
    let of = tx.dialect().among("s.record_id", 1);
    let sql = format!("SELECT s.record_id, s.status FROM record_status s WHERE {of} ORDER BY s.id");
    let mut ways = HashMap::new();
    for row in tx.all(&sql, params![these]).await? {
        if let Some(milestone) = meaning.get(&row.text(1)?).filter(|of| !is_aside(**of)) {
            ways.insert(row.int(0)?, *milestone);
        }
    }
    Ok(ways)
}

/// Writes the money of these projects: of a measure, unit and kind of time the figures of the whole, and only where it has none
/// those of its phases, so that what both state is not counted twice.
async fn money(tx: &mut Tx, programme: i64, these: &str) -> Result<()> {
    let measures: Vec<_> = PROJECT_MEASURES.iter().map(|measure| format!("'{}'", measure.code())).collect();
    let dialect = tx.dialect();
    let sql = format!(
        "SELECT s.record_id, s.record_id FROM project_standing s WHERE {} AND s.parent_id IS NULL
         UNION ALL SELECT p.record_id, p.parent_id FROM project p JOIN record r ON r.id = p.record_id
         WHERE p.programme_id = $2 AND {} AND r.archived_at IS NULL",
        dialect.among("s.record_id", 1),
        dialect.among("p.parent_id", 1)
    );
    let mut wholes: BTreeMap<i64, i64> = BTreeMap::new();
    for row in tx.all(&sql, params![these, programme]).await? {
        wholes.insert(row.int(0)?, row.int(1)?);
    }
    // The ids themselves lead: joined with a table that has no statistics yet, PostgreSQL would read every figure there is.
    let subjects: Vec<i64> = wholes.keys().copied().collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM figure f WHERE {} AND f.grain = 'item' AND f.role = 'actual' AND f.status <> 'withdrawn'
            AND f.measure IN ({}) ORDER BY f.record_id",
        dialect.among("f.subject_id", 1),
        measures.join(", ")
    );
    let mut groups: BTreeMap<(i64, TallyGroup), (Vec<Figure>, Vec<Figure>)> = BTreeMap::new();
    for row in tx.all(&sql, params![dialect.numbers(&subjects)]).await? {
        let figure = figure_from(&row)?;
        let Some(&whole) = figure.subject.and_then(|subject| wholes.get(&subject)) else { continue };
        let (own, of_phases) = groups.entry((whole, TallyGroup::of(&figure))).or_default();
        if figure.replaced {
            continue;
        }
        if figure.subject == Some(whole) { own.push(figure) } else { of_phases.push(figure) }
    }
    let mut rows = Rows::new("project_money", "record_id, measure, unit, time_kind, low, high, approx");
    let nowhere = RegionTree::new([]);
    for ((whole, group), (own, of_phases)) in groups {
        let figures = if own.is_empty() { of_phases } else { own };
        let sum = tally(&figures, &[], &nowhere, Scope::Programme)?.total;
        if sum.count > 0 {
            let key = params![whole, group.measure.code(), group.unit.code(), group.kind.code()];
            rows.extend(key);
            rows.extend(params![sum.low, sum.high, sum.approx.code()]);
        }
    }
    rows.write(tx).await
}

fn count(row: &Row) -> Result<ProjectCount> {
    Ok(ProjectCount {
        year: row.text(0)?.parse().ok(),
        stage: row.text(1)?,
        reached: of_rank(row.int(2)?),
        projects: row.int(3)?,
    })
}

fn sum(row: &Row) -> Result<ProjectSum> {
    let of = count(row)?;
    let stated = |at| Ok::<_, Error>(row.int(at)? > 0);
    let approx = join_approx(stated(9)?, stated(10)?, stated(11)?);
    let sum = Sum { low: row.int(7)?, high: row.int(8)?, approx, count: of.projects };
    Ok(ProjectSum { of, group: group_at(row, 4)?, sum })
}

/// Projects of a programme, or of a region and all below it, as they count: all of the scope where `kept`, but of those that are
/// protected (law 5) only what who asks can see; else only what they can see. Money where `with_sums`.
///
/// # Errors
/// When the database fails.
pub async fn project_counts(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    region: Option<i64>,
    (kept, with_sums): (bool, bool),
) -> Result<ProjectCounts> {
    let mut all = ProjectCounts::default();
    if kept {
        let mut parts = vec![0_i64];
        parts.extend((reach.all && reach.protected).then_some(1));
        for protected in parts {
            let key = || params![programme, region.unwrap_or(0), protected];
            let sql = "SELECT year, stage, reached, projects FROM project_count
                WHERE programme_id = $1 AND region_id = $2 AND protected = $3 AND projects <> 0 ORDER BY year, stage, reached";
            for row in tx.all(sql, key()).await? {
                all.counts.push(count(&row)?);
            }
            let sql = "SELECT year, stage, reached, projects, measure, unit, time_kind, low, high, over_count, nearly_count,
                about_count FROM project_sum WHERE programme_id = $1 AND region_id = $2 AND protected = $3 AND projects <> 0
                ORDER BY year, stage, reached, measure, unit, time_kind";
            if with_sums {
                for row in tx.all(sql, key()).await? {
                    all.sums.push(sum(&row)?);
                }
            }
        }
    }
    if kept && reach.all && reach.protected {
        return Ok(all);
    }
    let seen = seen_counts(tx, programme, reach, region, kept.then_some(1)).await?;
    all.counts.extend(seen);
    if with_sums {
        all.sums.extend(seen_sums(tx, programme, reach, region, kept.then_some(1)).await?);
    }
    if kept && !reach.all {
        let open = seen_counts(tx, programme, reach, region, Some(0)).await?;
        let number = |counts: &[ProjectCount]| counts.iter().fold(0, |all, of| all + of.projects);
        let kept = tx.int(
            "SELECT CAST(COALESCE(SUM(projects), 0) AS BIGINT) FROM project_count
             WHERE programme_id = $1 AND region_id = $2 AND protected = 0",
            params![programme, region.unwrap_or(0)],
        );
        all.hidden = kept.await? - number(&open);
    }
    Ok(all)
}

/// The condition of projects `s` of a programme, protected or not, that can be seen, in a region where one is given.
fn seen(programme: i64, reach: &Reach, region: Option<i64>, protected: Option<i64>) -> (String, Vec<Param>) {
    let mut values = params![programme];
    // No project is open to everybody: that key would lead to every record there is.
    let mut places = Vec::new();
    for key in reach.keys.iter().filter(|key| *key != "*") {
        values.push(key.into());
        places.push(format!("${}", values.len()));
    }
    let keys = match places.is_empty() {
        true => "1 = 0".to_owned(),
        false => format!(
            "s.record_id IN (SELECT k.record_id FROM record_reach k WHERE k.key IN ({}))",
            places.join(", ")
        ),
    };
    let mut clause = match (reach.all, reach.protected) {
        (true, true) => "s.programme_id = $1".to_owned(),
        (true, false) => format!("s.programme_id = $1 AND (s.protected = 0 OR {keys})"),
        (false, _) => format!("s.programme_id = $1 AND {keys}"),
    };
    if let Some(protected) = protected {
        clause.push_str(&format!(" AND s.protected = {protected}"));
        if protected == 1 && reach.all {
            // Few of them are the reader's own: these lead.
            clause.push_str(&format!(" AND {keys}"));
        }
    }
    if let Some(region) = region {
        values.push(region.into());
        clause.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM project_place x WHERE x.record_id = s.record_id AND x.region_id = ${})",
            values.len()
        ));
    }
    (clause, values)
}

async fn seen_counts(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    region: Option<i64>,
    protected: Option<i64>,
) -> Result<Vec<ProjectCount>> {
    let (clause, values) = seen(programme, reach, region, protected);
    let sql = format!(
        "SELECT s.year, s.stage, s.reached, COUNT(*) FROM project_standing s WHERE {clause} AND s.parent_id IS NULL
         GROUP BY s.year, s.stage, s.reached ORDER BY s.year, s.stage, s.reached"
    );
    tx.all(&sql, values).await?.iter().map(count).collect()
}

async fn seen_sums(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    region: Option<i64>,
    protected: Option<i64>,
) -> Result<Vec<ProjectSum>> {
    let (clause, values) = seen(programme, reach, region, protected);
    let stated = |approx: Approx| format!("COUNT(CASE m.approx WHEN '{}' THEN 1 END)", approx.code());
    let sql = format!(
        "SELECT s.year, s.stage, s.reached, COUNT(*), m.measure, m.unit, m.time_kind, CAST(SUM(m.low) AS BIGINT),
            CAST(SUM(m.high) AS BIGINT), {}, {}, {}
         FROM project_standing s JOIN project_money m ON m.record_id = s.record_id WHERE {clause} AND s.parent_id IS NULL
         GROUP BY s.year, s.stage, s.reached, m.measure, m.unit, m.time_kind
         ORDER BY s.year, s.stage, s.reached, m.measure, m.unit, m.time_kind",
        stated(Approx::Over),
        stated(Approx::Nearly),
        stated(Approx::About)
    );
    tx.all(&sql, values).await?.iter().map(sum).collect()
}

/// How many projects that can be seen have a light, phases too, since each has one of its own; at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn project_light_count(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    region: Option<i64>,
    light: Light,
    limit: i64,
) -> Result<i64> {
    let (clause, mut values) = seen(programme, reach, region, None);
    values.extend(params![light.code(), limit]);
    let (light, limit) = (values.len() - 1, values.len());
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT l.record_id FROM project_light l JOIN project_standing s ON s.record_id = l.record_id
         WHERE l.programme_id = $1 AND l.light = ${light} AND {clause} LIMIT ${limit}) z"
    );
    tx.int(&sql, values).await
}

/// How many projects, phases with their whole, concern each region or one below it, of what can be seen.
///
/// # Errors
/// When the database fails.
pub async fn project_regions(tx: &mut Tx, programme: i64, reach: &Reach) -> Result<Vec<(i64, i64)>> {
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    if reach.all {
        let sql = "SELECT region_id, CAST(SUM(projects) AS BIGINT) FROM project_count
            WHERE programme_id = $1 AND region_id <> 0 AND protected <= $2 GROUP BY region_id ORDER BY region_id";
        for row in tx.all(sql, params![programme, reach.protected]).await? {
            counts.insert(row.int(0)?, row.int(1)?);
        }
    }
    if !(reach.all && reach.protected) {
        let (clause, values) = seen(programme, reach, None, reach.all.then_some(1));
        let sql = format!(
            "SELECT x.region_id, COUNT(*) FROM project_standing s JOIN project_place x ON x.record_id = s.record_id
             WHERE {clause} AND s.parent_id IS NULL AND x.region_id <> 0 GROUP BY x.region_id ORDER BY x.region_id"
        );
        for row in tx.all(&sql, values).await? {
            *counts.entry(row.int(0)?).or_default() += row.int(1)?;
        }
    }
    Ok(counts.into_iter().collect())
}

/// How many projects with one of these lights, phases too, concern each region or one below it, of what can be seen.
///
/// # Errors
/// When the database fails.
pub async fn project_regions_lit(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    lights: &[Light],
) -> Result<Vec<(i64, i64)>> {
    let (clause, values) = seen(programme, reach, None, None);
    let lights: Vec<_> = lights.iter().map(|light| format!("'{}'", light.code())).collect();
    let sql = format!(
        "SELECT x.region_id, COUNT(*) FROM project_light l JOIN project_standing s ON s.record_id = l.record_id
         JOIN project_place x ON x.record_id = s.record_id
         WHERE l.programme_id = $1 AND l.light IN ({}) AND {clause} AND x.region_id <> 0
         GROUP BY x.region_id ORDER BY x.region_id",
        lights.join(", ")
    );
    tx.all(&sql, values).await?.iter().map(|row| Ok((row.int(0)?, row.int(1)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{NewChange, change_open};
    use crate::db::testing;
    use crate::region::region_tree_rebuild;
    use jiff::civil::date;

    async fn counted(tx: &mut Tx) -> Vec<(i64, i64)> {
        while project_count_refresh(tx, 1).await.expect("counted") {}
        let sql = "SELECT region_id, projects FROM project_count WHERE projects <> 0 ORDER BY region_id";
        let rows = tx.all(sql, vec![]).await.expect("read");
        rows.iter().map(|row| (row.int(0).expect("a region"), row.int(1).expect("a number"))).collect()
    }

    #[tokio::test]
    async fn a_region_that_moves_in_the_tree_takes_its_projects_along() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            for sql in [
                "INSERT INTO programme (id, code, name_zh, name_en, time_zone) VALUES (1, 'p', 'p', 'p', 'UTC')",
                "INSERT INTO region (id, code, kind, name_zh, parent_id) VALUES (1, 'a', 'x', 'a', NULL),
                    (2, 'b', 'x', 'b', NULL), (3, 'c', 'x', 'c', 1)",
                "INSERT INTO region_tree (descendant_id, ancestor_id, depth) VALUES (1, 1, 0), (2, 2, 0), (3, 3, 0), (3, 1, 1)",
                "INSERT INTO record (id, programme_id, kind, code, uid, title) VALUES (10, 1, 'project', 'XM-1', '1', '')",
                "INSERT INTO project (record_id, programme_id, stage) VALUES (10, 1, 'signed')",
                "INSERT INTO record_region (record_id, region_id, side) VALUES (10, 3, 'host')",
                "INSERT INTO project_mark (programme_id, record_id) VALUES (1, 10)",
            ] {
                tx.execute(sql, vec![]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            }
            assert_eq!(counted(&mut tx).await, [(0, 1), (1, 1), (3, 1)]);
            tx.execute("UPDATE region SET parent_id = 2 WHERE id = 3", vec![]).await.expect("moved");
            let new = NewChange { kind: "test", source: "test", ..NewChange::default() };
            let at = "2026-01-02T03:04:05Z".parse().expect("an instant");
            let change = change_open(&mut tx, &new, at, date(2026, 1, 2)).await.expect("a change");
            region_tree_rebuild(&mut tx, &change, 0).await.expect("closed anew");
            assert!(project_count_is_stale(&mut tx, 1).await.expect("read"));
            assert_eq!(counted(&mut tx).await, [(0, 1), (2, 1), (3, 1)]);
            let seen = project_regions(&mut tx, 1, &Reach::everything()).await.expect("read");
            let seen: Vec<_> = seen.into_iter().filter(|(_, count)| *count > 0).collect();
            assert_eq!(seen, [(2, 1), (3, 1)]);
        }
    }
}
