//! Totals: counted in SQL where records are items, by the reference definition where figures are stated, and kept
//! until a figure of the group is written.

use crate::db::{Row, Tx, params};
use crate::error::{Error, Result};
use crate::figure::{COLUMNS, figure_from, fill_regions};
use crate::relation::relation_list_of_figures;
use domain::figure::{Figure, FigureId};
use domain::region::RegionTree;
use domain::tally::{Reason, Scope, Sum, Tally, join_approx, tally};
use domain::{Approx, Measure, TimeKind, Unit};
use std::collections::BTreeSet;

statements! {
    STALE = "SELECT measure, unit, time_kind FROM tally_group WHERE programme_id = $1 AND fresh = 0
        ORDER BY measure, unit, time_kind";
    LOCK = "SELECT fresh FROM tally_group WHERE programme_id = $1 AND measure = $2 AND unit = $3 AND time_kind = $4{for_update}";
    FRESH = "UPDATE tally_group SET fresh = 1
        WHERE programme_id = $1 AND measure = $2 AND unit = $3 AND time_kind = $4";
    CLEAR = "DELETE FROM tally_total WHERE programme_id = $1 AND measure = $2 AND unit = $3 AND time_kind = $4";
    STALE_ALL = "UPDATE tally_group SET fresh = 0 WHERE programme_id = $1";
    INSERT = "INSERT INTO tally_total (programme_id, measure, unit, time_kind, region_id, low, high, approx, counted,
        left_out, stated_low, stated_approx) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    TOTALS = "SELECT measure, unit, time_kind, region_id, low, high, approx, counted, left_out, stated_low, stated_approx
        FROM tally_total WHERE programme_id = $1 AND region_id = $2 ORDER BY measure, unit, time_kind";
    BY_REGION = "SELECT measure, unit, time_kind, region_id, low, high, approx, counted, left_out, stated_low,
        stated_approx FROM tally_total WHERE programme_id = $1 AND measure = $2 AND region_id <> 0 ORDER BY region_id";
    ITEMS_ALL = "SELECT CAST(0 AS BIGINT), CAST(SUM(f.low) AS BIGINT), CAST(SUM(COALESCE(f.high, f.low)) AS BIGINT),
        MAX(CASE f.approx WHEN 'over' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        MAX(CASE f.approx WHEN 'nearly' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        MAX(CASE f.approx WHEN 'about' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END), COUNT(*)
        FROM figure f WHERE f.programme_id = $1 AND f.measure = $2 AND f.unit = $3 AND f.time_kind = $4
        AND f.grain = 'item' AND f.role = 'actual' AND f.status <> 'withdrawn' AND f.replaced_by_id IS NULL
        HAVING COUNT(*) > 0";
    ITEMS_BY_REGION = "SELECT a.ancestor_id, CAST(SUM(f.low) AS BIGINT), CAST(SUM(COALESCE(f.high, f.low)) AS BIGINT),
        MAX(CASE f.approx WHEN 'over' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        MAX(CASE f.approx WHEN 'nearly' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
        MAX(CASE f.approx WHEN 'about' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END), COUNT(*)
        FROM figure f JOIN (
            SELECT g.figure_id, t.ancestor_id, COUNT(*) AS hosts FROM figure h
            JOIN figure_region g ON g.figure_id = h.record_id AND g.side = 'host'
            JOIN region_tree t ON t.descendant_id = g.region_id
            WHERE h.programme_id = $1 AND h.measure = $2 AND h.unit = $3 AND h.time_kind = $4 AND h.grain = 'item'
            GROUP BY g.figure_id, t.ancestor_id
        ) a ON a.figure_id = f.record_id AND a.hosts = f.host_count
        WHERE f.role = 'actual' AND f.status <> 'withdrawn' AND f.replaced_by_id IS NULL
        GROUP BY a.ancestor_id ORDER BY a.ancestor_id";
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
    Ok(TallyGroup {
        measure: row.code(0, Measure::from_code)?,
        unit: row.code(1, Unit::from_code)?,
        kind: row.code(2, TimeKind::from_code)?,
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

/// Whether totals of a programme must be counted anew before they are read.
///
/// # Errors
/// When the database fails.
pub async fn tally_is_stale(tx: &mut Tx, programme: i64) -> Result<bool> {
    Ok(!tx.all(STALE, params![programme]).await?.is_empty())
}

/// Marks every total of a programme as out of date, for example after a relation between figures changed.
///
/// # Errors
/// When the database fails.
pub async fn tally_mark_stale(tx: &mut Tx, programme: i64) -> Result<()> {
    tx.execute(STALE_ALL, params![programme]).await?;
    Ok(())
}

/// Counts anew every total of a programme that is out of date. Whoever writes a figure meanwhile waits for the row of
/// its group and marks it again, so no total is ever kept that misses a committed figure.
///
/// # Errors
/// When the database fails or a sum overflows.
pub async fn tally_refresh(tx: &mut Tx, programme: i64) -> Result<()> {
    let stale = tx.all(STALE, params![programme]).await?;
    for group in stale.iter().map(group).collect::<Result<Vec<_>>>()? {
        refresh_group(tx, programme, group).await?;
    }
    Ok(())
}

async fn refresh_group(tx: &mut Tx, programme: i64, group: TallyGroup) -> Result<()> {
    let key = || params![programme, group.measure.code(), group.unit.code(), group.kind.code()];
    tx.int(LOCK, key()).await?;
    tx.execute(CLEAR, key()).await?;
    let mut totals = items(tx, ITEMS_ALL, key()).await?;
    totals.extend(items(tx, ITEMS_BY_REGION, key()).await?);
    let mut stated = Stated::load(tx, programme, group).await?;
    stated.figures.retain(|figure| figure.grain == domain::figure::Grain::Stated);
    let regions = stated.regions(totals.iter().map(|(region, _)| *region));
    for region in regions {
        let scope = if region == 0 { Scope::Programme } else { Scope::Host(region) };
        let beside = tally(&stated.figures, &stated.relations, &stated.tree, scope)?;
        let items = totals.iter().find(|(of, _)| *of == region).map(|(_, sum)| *sum);
        let (sum, left_out, stated) = match items {
            None => (beside.total, beside.left_out.len(), None),
            Some(items) => {
                let out = beside.left_out.len() + beside.counted.len();
                (items, out, Some(beside.total).filter(|sum| sum.count > 0))
            }
        };
        if sum.count == 0 && left_out == 0 {
            continue;
        }
        let mut values = key();
        values.extend(params![
            region,
            sum.low,
            sum.high,
            sum.approx.code(),
            sum.count,
            i64::try_from(left_out).unwrap_or(i64::MAX),
            stated.map(|sum| sum.low),
            stated.map(|sum| sum.approx.code())
        ]);
        tx.execute(INSERT, values).await?;
    }
    tx.execute(FRESH, key()).await?;
    Ok(())
}

async fn items(tx: &mut Tx, sql: &str, values: Vec<crate::db::Param>) -> Result<Vec<(i64, Sum)>> {
    let rows = tx.all(sql, values).await?;
    rows.iter()
        .map(|row| {
            let approx = join_approx(row.bool(3)?, row.bool(4)?, row.bool(5)?);
            Ok((row.int(0)?, Sum { low: row.int(1)?, high: row.int(2)?, approx, count: row.int(6)? }))
        })
        .collect()
}

/// All figures of a group with what the reference definition needs beside them.
struct Stated {
    figures: Vec<Figure>,
    relations: Vec<domain::figure::Relation>,
    tree: RegionTree,
}

impl Stated {
    /// Stated figures always; items too, of which the role and status keep some out.
    async fn load(tx: &mut Tx, programme: i64, group: TallyGroup) -> Result<Self> {
        Self::load_where(tx, programme, group, "AND f.grain = 'stated'").await
    }

    async fn load_where(tx: &mut Tx, programme: i64, group: TallyGroup, grain: &str) -> Result<Self> {
        let key = || params![programme, group.measure.code(), group.unit.code(), group.kind.code()];
        let of_group = "f.programme_id = $1 AND f.measure = $2 AND f.unit = $3 AND f.time_kind = $4";
        let sql = format!("SELECT {COLUMNS} FROM figure f WHERE {of_group} {grain} ORDER BY f.record_id");
        let mut figures = tx.all(&sql, key()).await?.iter().map(figure_from).collect::<Result<Vec<_>>>()?;
        let sql = format!(
            "SELECT g.figure_id, g.region_id, g.side FROM figure f JOIN figure_region g ON g.figure_id = f.record_id
             WHERE {of_group} {grain} ORDER BY g.region_id"
        );
        fill_regions(tx, &mut figures, &sql, key()).await?;
        let relations = relation_list_of_figures(tx, programme).await?;
        let pairs = tx
            .all(TREE, vec![])
            .await?
            .iter()
            .map(|row| Ok((row.int(0)?, row.int(1)?)))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { figures, relations, tree: RegionTree::new(pairs) })
    }

    /// Every region a total can be asked for: those of the figures and all above them; 0 is the programme.
    fn regions(&self, of_items: impl Iterator<Item = i64>) -> BTreeSet<i64> {
        let hosts = self.figures.iter().flat_map(|figure| figure.hosts.iter());
        let mut regions: BTreeSet<i64> = hosts.flat_map(|&host| self.tree.ancestors(host)).collect();
        regions.extend(of_items);
        regions.insert(0);
        regions
    }
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
    let all = Stated::load_where(tx, programme, group, "").await?;
    let tally = tally(&all.figures, &all.relations, &all.tree, scope)?;
    let shown: BTreeSet<FigureId> = tally
        .counted
        .iter()
        .copied()
        .chain(tally.left_out.iter().map(|(id, _): &(FigureId, Reason)| *id))
        .collect();
    let figures = all.figures.into_iter().filter(|figure| shown.contains(&figure.id)).collect();
    Ok((tally, figures))
}

impl From<std::num::TryFromIntError> for Error {
    fn from(error: std::num::TryFromIntError) -> Self {
        Self::Damaged(error.to_string())
    }
}
