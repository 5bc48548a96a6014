//! Totals: counted in SQL where records are items, by the reference definition where figures are stated, and kept
//! until a figure of the group is written.

mod aid;
mod aid_kept;
mod pair;
mod project;

pub use aid::{AidBy, AidStarts, AidSum, tally_of_aid, tally_of_aid_figures, tally_of_aid_starts};
pub use aid_kept::{
    AidStanding, aid_kept_is_stale, aid_kept_refresh, aid_standing, aid_standing_by_project, aid_year_list,
};
pub(crate) use aid_kept::{aid_kept_in, aid_mark_everything};
pub use pair::tally_list_of_pair;
pub use project::{
    PROJECT_MEASURES, ProjectCount, ProjectCounts, ProjectSum, project_count_is_stale, project_count_refresh,
    project_counts, project_light_count, project_regions, project_regions_lit,
};
pub(crate) use project::{milestone_rank, project_mark_programme};

use crate::bulk::Rows;
use crate::db::{Row, Tx, params};
use crate::error::{Error, Result};
use crate::figure::{COLUMNS, figure_from, fill_regions};
use crate::relation::relation_list_of_figures;
use domain::figure::{Figure, FigureId, Grain};
use domain::region::RegionTree;
use domain::tally::{Reason, Scope, Sum, Tally, join_approx, tally};
use domain::{Approx, Measure, TimeKind, Unit};
use std::collections::{BTreeSet, HashMap};

/// Has what is kept of a record counted anew: the project or aid project it is, or whose contract it is.
pub(crate) async fn mark(tx: &mut Tx, record: i64) -> Result<()> {
    project::project_mark(tx, record).await?;
    aid_kept::aid_mark(tx, record).await
}

/// The same for many records, and for those of which some of them are figures.
pub(crate) async fn mark_all(tx: &mut Tx, records: &[i64]) -> Result<()> {
    project::project_mark_all(tx, records).await?;
    aid_kept::aid_mark_all(tx, records).await
}

/// The same for what an import has pending, and for the records that have pending figures.
pub(crate) async fn mark_pending(tx: &mut Tx, import: i64) -> Result<()> {
    project::project_mark_among(tx, PENDING, import).await?;
    aid_kept::aid_mark_among(tx, PENDING, import).await
}

/// The records that [`mark_pending`] marks, of the import `$1`.
const PENDING: &str = "SELECT q.id FROM record q WHERE q.import_id = $1
    UNION ALL SELECT i.record_id FROM import_item i WHERE i.import_id = $1
    UNION ALL SELECT f.subject_id FROM figure f WHERE f.import_id = $1 AND f.subject_id IS NOT NULL";

/// The same for what a change wrote.
pub(crate) async fn mark_written(tx: &mut Tx, change: i64) -> Result<()> {
    project::project_mark_among(tx, WRITTEN, change).await?;
    aid_kept::aid_mark_among(tx, WRITTEN, change).await
}

/// The records that [`mark_written`] marks, of the change `$1`.
const WRITTEN: &str =
    "SELECT i.record_id FROM change_item i WHERE i.change_id = $1 AND i.entity <> 'figure_evidence'
    UNION ALL SELECT f.subject_id FROM change_item i JOIN figure f ON f.record_id = i.entity_id
        WHERE i.change_id = $1 AND i.entity = 'figure' AND f.subject_id IS NOT NULL";

statements! {
    STALE = "SELECT measure, unit, time_kind, marked FROM tally_group WHERE programme_id = $1 AND fresh = 0
        ORDER BY measure, unit, time_kind LIMIT 1";
    LOCK = "SELECT marked FROM tally_group WHERE programme_id = $1 AND measure = $2 AND unit = $3 AND time_kind = $4{for_update}";
    FRESH = "UPDATE tally_group SET fresh = 1
        WHERE programme_id = $1 AND measure = $2 AND unit = $3 AND time_kind = $4";
    CLEAR = "DELETE FROM tally_total WHERE programme_id = $1 AND measure = $2 AND unit = $3 AND time_kind = $4";
    TOTALS = "SELECT measure, unit, time_kind, region_id, low, high, approx, counted, left_out, stated_low, stated_approx
        FROM tally_total WHERE programme_id = $1 AND region_id = $2 ORDER BY measure, unit, time_kind";
    BY_REGION = "SELECT measure, unit, time_kind, region_id, low, high, approx, counted, left_out, stated_low,
        stated_approx FROM tally_total WHERE programme_id = $1 AND measure = $2 AND region_id <> 0 ORDER BY region_id";
    ITEMS_ALL = "WITH i AS MATERIALIZED ({items}) SELECT CAST(0 AS BIGINT), CAST(COALESCE(SUM(CASE i.counts WHEN 1 THEN i.low END), 0) AS BIGINT),
        CAST(COALESCE(SUM(CASE i.counts WHEN 1 THEN i.high END), 0) AS BIGINT),
        MAX(CASE WHEN i.counts = 1 AND i.approx = 'over' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        MAX(CASE WHEN i.counts = 1 AND i.approx = 'nearly' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        MAX(CASE WHEN i.counts = 1 AND i.approx = 'about' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        CAST(SUM(i.counts) AS BIGINT), COUNT(*)
        FROM i HAVING COUNT(*) > 0";
    // What lies in a region in part only is left out there.
    ITEMS_BY_REGION = "WITH i AS MATERIALIZED ({items}) SELECT x.ancestor_id, CAST(COALESCE(SUM(CASE x.counts WHEN 1 THEN x.low END), 0) AS BIGINT),
        CAST(COALESCE(SUM(CASE x.counts WHEN 1 THEN x.high END), 0) AS BIGINT),
        MAX(CASE WHEN x.counts = 1 AND x.approx = 'over' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        MAX(CASE WHEN x.counts = 1 AND x.approx = 'nearly' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        MAX(CASE WHEN x.counts = 1 AND x.approx = 'about' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        CAST(SUM(x.counts) AS BIGINT), COUNT(*)
        FROM (SELECT a.ancestor_id, a.low, a.high, a.approx,
            CASE WHEN a.hosts = a.host_count THEN a.counts ELSE CAST(0 AS BIGINT) END AS counts
            FROM (
                SELECT i.record_id, i.low, i.high, i.approx, i.host_count, i.counts, t.ancestor_id, COUNT(*) AS hosts FROM i
                JOIN figure_region g ON g.figure_id = i.record_id AND g.side = 'host'
                JOIN region_tree t ON t.descendant_id = g.region_id
                GROUP BY i.record_id, i.low, i.high, i.approx, i.host_count, i.counts, t.ancestor_id
            ) a) x
        GROUP BY x.ancestor_id ORDER BY x.ancestor_id";
    CLEAR_MONTHS = "DELETE FROM tally_month WHERE programme_id = $1 AND measure = $2 AND unit = $3 AND $4 = 'flow'";
    // Flows within one month; what lies in a region in part only is left out there. Region 0 is the programme.
    MONTHS = "WITH i AS MATERIALIZED ({items}), m AS MATERIALIZED (
            SELECT i.record_id, i.low, i.high, i.approx, i.host_count, substr(f.date_from, 1, 7) AS month
            FROM i JOIN figure f ON f.record_id = i.record_id
            WHERE i.counts = 1 AND f.time_kind = 'flow' AND substr(f.date_from, 1, 7) = substr(f.date_to, 1, 7)
        ), x AS (
            SELECT CAST(0 AS BIGINT) AS region_id, m.month, m.low, m.high, m.approx FROM m
            UNION ALL
            SELECT t.ancestor_id, m.month, m.low, m.high, m.approx FROM m
                JOIN figure_region g ON g.figure_id = m.record_id AND g.side = 'host'
                JOIN region_tree t ON t.descendant_id = g.region_id
                GROUP BY m.record_id, m.month, m.low, m.high, m.approx, m.host_count, t.ancestor_id
                HAVING COUNT(*) = m.host_count
        )
        SELECT x.region_id, x.month, CAST(SUM(x.low) AS BIGINT), CAST(SUM(x.high) AS BIGINT),
            CASE WHEN MAX(CASE x.approx WHEN 'about' THEN 1 ELSE 0 END) = 1
                    OR MAX(CASE x.approx WHEN 'over' THEN 1 ELSE 0 END) + MAX(CASE x.approx WHEN 'nearly' THEN 1 ELSE 0 END) = 2
                THEN 'about'
                WHEN MAX(CASE x.approx WHEN 'over' THEN 1 ELSE 0 END) = 1 THEN 'over'
                WHEN MAX(CASE x.approx WHEN 'nearly' THEN 1 ELSE 0 END) = 1 THEN 'nearly' ELSE 'exact' END, COUNT(*)
        FROM x GROUP BY x.region_id, x.month ORDER BY x.region_id, x.month";
    BY_MONTH = "SELECT measure, unit, 'flow', region_id, low, high, approx, counted, month FROM tally_month
        WHERE programme_id = $1 AND region_id = $2 AND month >= $3 ORDER BY measure, unit, month";
    TREE = "SELECT id, parent_id FROM region WHERE parent_id IS NOT NULL";
}

/// Which figures a total adds: one measure, one unit, one kind of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TallyGroup {
    /// The measure.
    pub measure: Measure,
    /// The unit.
    pub unit: Unit,
    /// The kind of time.
    pub kind: TimeKind,
}

impl TallyGroup {
    /// The group that counts a figure.
    #[must_use]
    pub fn of(figure: &Figure) -> Self {
        Self { measure: figure.measure, unit: figure.quantity.unit, kind: figure.period.kind }
    }
}

/// A total as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TallyTotal {
    /// What it adds.
    pub group: TallyGroup,
    /// The region it speaks of; none for the whole programme.
    pub region: Option<i64>,
    /// The sum.
    pub sum: Sum,
    /// How many figures it leaves out.
    pub left_out: i64,
    /// Where items are the total: value and approximation of what was stated beside them.
    pub stated: Option<(i64, Approx)>,
}

fn group(row: &Row) -> Result<TallyGroup> {
    group_at(row, 0)
}

/// The group whose measure, unit and kind of time stand in a row from this column on.
fn group_at(row: &Row, at: usize) -> Result<TallyGroup> {
    Ok(TallyGroup {
        measure: row.code(at, Measure::from_code)?,
        unit: row.code(at + 1, Unit::from_code)?,
        kind: row.code(at + 2, TimeKind::from_code)?,
    })
}

fn total(row: &Row) -> Result<TallyTotal> {
    let stated_approx = row.opt_text(10)?.and_then(|code| Approx::from_code(&code));
    Ok(TallyTotal {
        group: group(row)?,
        region: Some(row.int(3)?).filter(|&id| id != 0),
        sum: Sum {
            low: row.int(4)?,
            high: row.int(5)?,
            approx: row.code(6, Approx::from_code)?,
            count: row.int(7)?,
        },
        left_out: row.int(8)?,
        stated: row.opt_int(9)?.zip(stated_approx),
    })
}

/// What one measure and unit came to in one month: the items of kind flow that lie within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyMonth {
    /// Measure and unit; the kind of time is flow.
    pub group: TallyGroup,
    /// The month, as `2026-03`.
    pub month: String,
    /// The sum.
    pub sum: Sum,
}

/// The kept totals by month of the whole programme, or of one region, from a month on.
///
/// # Errors
/// When the database fails.
pub async fn tally_list_by_month(
    tx: &mut Tx,
    programme: i64,
    region: Option<i64>,
    from: &str,
) -> Result<Vec<TallyMonth>> {
    let rows = tx.all(BY_MONTH, params![programme, region.unwrap_or(0), from]).await?;
    rows.iter()
        .map(|row| {
            let approx = row.code(6, Approx::from_code)?;
            let sum = Sum { low: row.int(4)?, high: row.int(5)?, approx, count: row.int(7)? };
            Ok(TallyMonth { group: group(row)?, month: row.text(8)?, sum })
        })
        .collect()
}

/// Totals of a group as they were reckoned, before they are kept.
#[derive(Debug)]
pub struct Reckoned {
    programme: i64,
    group: TallyGroup,
    /// How often the group had been marked as out of date.
    marked: i64,
    rows: Vec<Rows>,
}

/// Reckons the totals of a group of a programme that are out of date, and writes nothing; none where all are kept.
///
/// # Errors
/// When the database fails or a sum overflows.
pub async fn tally_reckon(tx: &mut Tx, programme: i64) -> Result<Option<Reckoned>> {
    let Some(stale) = tx.optional(STALE, params![programme]).await? else { return Ok(None) };
    let ground = Ground::load(tx, programme).await?;
    let (group, marked) = (group(&stale)?, stale.int(3)?);
    let rows = reckon(tx, &ground, group).await?;
    Ok(Some(Reckoned { programme, group, marked, rows }))
}

/// Keeps totals as they were reckoned; does nothing, and says so, where a figure of their group was written since: no total is
/// ever kept that misses a committed figure.
///
/// # Errors
/// When the database fails.
pub async fn tally_keep(tx: &mut Tx, reckoned: Reckoned) -> Result<bool> {
    let Reckoned { programme, group, marked, rows } = reckoned;
    let key = || params![programme, group.measure.code(), group.unit.code(), group.kind.code()];
    if tx.int(LOCK, key()).await? != marked {
        return Ok(false);
    }
    for clear in [CLEAR, CLEAR_MONTHS, pair::CLEAR] {
        tx.execute(clear, key()).await?;
    }
    for rows in rows {
        rows.write(tx).await?;
    }
    tx.execute(FRESH, key()).await?;
    Ok(true)
}

/// Counts anew every total of a programme that is out of date, while whoever writes a figure waits.
///
/// # Errors
/// When the database fails or a sum overflows.
pub async fn tally_refresh(tx: &mut Tx, programme: i64) -> Result<()> {
    while let Some(reckoned) = tally_reckon(tx, programme).await? {
        // On PostgreSQL others may have committed between the two.
        tally_keep(tx, reckoned).await?;
    }
    Ok(())
}

/// What the totals of a programme share: relations between its figures, and the tree of regions.
struct Ground {
    programme: i64,
    relations: Vec<domain::figure::Relation>,
    tree: RegionTree,
}

impl Ground {
    async fn load(tx: &mut Tx, programme: i64) -> Result<Self> {
        let relations = relation_list_of_figures(tx, programme).await?;
        let pairs = tx.all(TREE, vec![]).await?;
        let pairs = pairs.iter().map(|row| Ok((row.int(0)?, row.int(1)?))).collect::<Result<Vec<_>>>()?;
        Ok(Self { programme, relations, tree: RegionTree::new(pairs) })
    }

    fn key(&self, group: TallyGroup) -> Vec<crate::db::Param> {
        params![self.programme, group.measure.code(), group.unit.code(), group.kind.code()]
    }

    /// The figures of a group; `grain` is a further condition.
    async fn figures(&self, tx: &mut Tx, group: TallyGroup, grain: &str) -> Result<Vec<Figure>> {
        let of_group = "f.programme_id = $1 AND f.measure = $2 AND f.unit = $3 AND f.time_kind = $4";
        let sql = format!("SELECT {COLUMNS} FROM figure f WHERE {of_group} {grain} ORDER BY f.record_id");
        let rows = tx.all(&sql, self.key(group)).await?;
        let mut figures = rows.iter().map(figure_from).collect::<Result<Vec<_>>>()?;
        let sql = format!(
            "SELECT g.figure_id, g.region_id, g.side FROM figure f JOIN figure_region g ON g.figure_id = f.record_id
             WHERE {of_group} {grain} ORDER BY g.region_id"
        );
        fill_regions(tx, &mut figures, &sql, self.key(group)).await?;
        Ok(figures)
    }
}

/// The rows that are kept of a group: by region, by month, by two regions.
async fn reckon(tx: &mut Tx, ground: &Ground, group: TallyGroup) -> Result<Vec<Rows>> {
    let key = || ground.key(group);
    let mut months =
        Rows::new("tally_month", "programme_id, measure, unit, region_id, month, low, high, approx, counted");
    if group.kind == TimeKind::Flow {
        for row in tx.all(MONTHS, key()).await? {
            months.extend(params![ground.programme, group.measure.code(), group.unit.code()]);
            months.extend(params![
                row.int(0)?,
                row.text(1)?,
                row.int(2)?,
                row.int(3)?,
                row.text(4)?,
                row.int(5)?
            ]);
        }
    }
    let mut items_of = items(tx, ITEMS_ALL, key()).await?;
    items_of.extend(items(tx, ITEMS_BY_REGION, key()).await?);
    let stated = ground.figures(tx, group, "AND f.grain = 'stated'").await?;
    let hosts = stated.iter().flat_map(|figure| figure.hosts.iter());
    // Every region a total can be asked for: those of the figures and all above them; 0 is the programme.
    let mut regions: BTreeSet<i64> = hosts.flat_map(|&host| ground.tree.ancestors(host)).collect();
    regions.extend(items_of.iter().map(|(region, ..)| *region));
    regions.insert(0);
    let mut totals = Rows::new(
        "tally_total",
        "programme_id, measure, unit, time_kind, region_id, low, high, approx, counted, left_out, stated_low, stated_approx",
    );
    for region in regions {
        let scope = if region == 0 { Scope::Programme } else { Scope::Host(region) };
        let beside = tally(&stated, &ground.relations, &ground.tree, scope)?;
        let of_items = items_of.iter().find(|(of, ..)| *of == region).map(|(_, sum, out)| (*sum, *out));
        if let Some(rest) = kept(of_items, &beside)? {
            totals.extend(key());
            totals.extend(params![region]);
            totals.extend(rest);
        }
    }
    let pairs = pair::reckon(tx, ground, group, &stated).await?;
    Ok(vec![totals, months, pairs])
}

/// What is kept of a total: its items, each sum with how many it leaves out, and what is stated beside them; nothing where
/// neither says anything.
fn kept(items: Option<(Sum, i64)>, beside: &Tally) -> Result<Option<Vec<crate::db::Param>>> {
    let out = i64::try_from(beside.left_out.len())?;
    let (sum, left_out, stated) = match items {
        Some((sum, items_out)) if sum.count > 0 => {
            (sum, items_out + out + beside.total.count, Some(beside.total).filter(|sum| sum.count > 0))
        }
        items => (beside.total, out + items.map_or(0, |(_, out)| out), None),
    };
    let (stated_low, stated_approx) = (stated.map(|sum| sum.low), stated.map(|sum| sum.approx.code()));
    let values =
        params![sum.low, sum.high, sum.approx.code(), sum.count, left_out, stated_low, stated_approx];
    Ok((sum.count > 0 || left_out > 0).then_some(values))
}

/// Sums of items by region (0 is the programme), each with how many items it leaves out.
async fn items(tx: &mut Tx, sql: &str, values: Vec<crate::db::Param>) -> Result<Vec<(i64, Sum, i64)>> {
    let rows = tx.all(sql, values).await?;
    rows.iter().map(|row| item_sum(row, 1).map(|(sum, out)| Ok((row.int(0)?, sum, out)))?).collect()
}

/// A sum of items whose columns stand in a row from this one on, with how many it leaves out.
fn item_sum(row: &Row, at: usize) -> Result<(Sum, i64)> {
    let approx = join_approx(row.bool(at + 2)?, row.bool(at + 3)?, row.bool(at + 4)?);
    let sum = Sum { low: row.int(at)?, high: row.int(at + 1)?, approx, count: row.int(at + 5)? };
    Ok((sum, row.int(at + 6)? - sum.count))
}

/// The kept totals of the whole programme, or of one region.
///
/// # Errors
/// When the database fails.
pub async fn tally_list(tx: &mut Tx, programme: i64, region: Option<i64>) -> Result<Vec<TallyTotal>> {
    tx.all(TOTALS, params![programme, region.unwrap_or(0)]).await?.iter().map(total).collect()
}

/// The kept totals of one measure for every region that has any.
///
/// # Errors
/// When the database fails.
pub async fn tally_list_by_region(tx: &mut Tx, programme: i64, measure: Measure) -> Result<Vec<TallyTotal>> {
    tx.all(BY_REGION, params![programme, measure.code()]).await?.iter().map(total).collect()
}

/// One total opened: counted by the reference definition over all its figures.
///
/// # Errors
/// When the database fails or the sum overflows.
pub async fn tally_open(
    tx: &mut Tx,
    programme: i64,
    group: TallyGroup,
    scope: Scope,
) -> Result<(Tally, Vec<Figure>)> {
    let ground = Ground::load(tx, programme).await?;
    let all = ground.figures(tx, group, "").await?;
    let tally = tally(&all, &ground.relations, &ground.tree, scope)?;
    let shown: BTreeSet<FigureId> = tally
        .counted
        .iter()
        .copied()
        .chain(tally.left_out.iter().map(|(id, _): &(FigureId, Reason)| *id))
        .collect();
    let figures = all.into_iter().filter(|figure| shown.contains(&figure.id)).collect();
    Ok((tally, figures))
}

/// The figures of an event or framework: those of its agreements, and what is stated of it.
#[derive(Debug)]
pub struct DealFigures {
    /// The figures.
    pub figures: Vec<Figure>,
    /// Remarks by figure.
    pub notes: HashMap<FigureId, String>,
    /// The relations of the programme; none where no figures need them.
    pub relations: Vec<domain::figure::Relation>,
}

/// What the tally needs to count the agreements of an event or framework, and what is stated of it.
///
/// # Errors
/// When the database fails.
pub async fn tally_of_deal(tx: &mut Tx, programme: i64, record: i64) -> Result<DealFigures> {
    const OF_DEAL: &str = "f.record_id IN (
        SELECT s.record_id FROM figure s WHERE s.event_id = $2 AND s.grain = 'stated'
        UNION SELECT s.record_id FROM figure s WHERE s.subject_id = $2
        UNION SELECT s.record_id FROM agreement a JOIN figure s ON s.subject_id = a.record_id
            WHERE a.programme_id = $1 AND a.event_id = $2 AND s.grain = 'item'
        UNION SELECT s.record_id FROM agreement a JOIN figure s ON s.subject_id = a.record_id
            WHERE a.programme_id = $1 AND a.parent_id = $2 AND s.grain = 'item')";
    let mut found = figures_of(tx, OF_DEAL, programme, record).await?;
    if !found.figures.is_empty() {
        found.relations = relation_list_of_figures(tx, programme).await?;
    }
    Ok(found)
}

/// What the tally needs to count the figures that one record is the subject of.
///
/// # Errors
/// When the database fails.
pub async fn tally_of_record(tx: &mut Tx, programme: i64, record: i64) -> Result<DealFigures> {
    let mut found = figures_of(tx, "f.subject_id = $2", programme, record).await?;
    // Relations are between stated figures; an item has none.
    if found.figures.iter().filter(|figure| figure.grain == Grain::Stated).count() > 1 {
        found.relations = relation_list_of_figures(tx, programme).await?;
    }
    Ok(found)
}

/// Figures of a programme (`$1`) that fulfil a condition on `f` and a record (`$2`), with their regions and remarks.
async fn figures_of(tx: &mut Tx, condition: &str, programme: i64, record: i64) -> Result<DealFigures> {
    figures_where(tx, condition, params![programme, record]).await
}

async fn figures_where(tx: &mut Tx, condition: &str, values: Vec<crate::db::Param>) -> Result<DealFigures> {
    let sql = format!(
        "SELECT {COLUMNS}, f.note FROM figure f WHERE f.programme_id = $1 AND {condition} ORDER BY f.record_id"
    );
    let rows = tx.all(&sql, values.clone()).await?;
    let mut figures = rows.iter().map(figure_from).collect::<Result<Vec<_>>>()?;
    let regions = format!(
        "SELECT g.figure_id, g.region_id, g.side FROM figure f JOIN figure_region g ON g.figure_id = f.record_id
         WHERE f.programme_id = $1 AND {condition} ORDER BY g.region_id"
    );
    fill_regions(tx, &mut figures, &regions, values).await?;
    let mut notes = HashMap::new();
    for row in &rows {
        notes.extend(row.opt_text(18)?.map(|note| row.int(0).map(|id| (id, note))).transpose()?);
    }
    Ok(DealFigures { figures, notes, relations: Vec::new() })
}

impl From<std::num::TryFromIntError> for Error {
    fn from(error: std::num::TryFromIntError) -> Self {
        Self::Damaged(error.to_string())
    }
}
