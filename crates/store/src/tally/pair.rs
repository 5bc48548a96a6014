//! Totals between a host and a supporting region, kept for every two that figures lie between, and for those above them.

use super::{Ground, TallyGroup, TallyTotal, item_sum, kept, total};
use crate::bulk::Rows;
use crate::db::{Row, Tx, params};
use crate::error::{Error, Result};
use domain::Approx;
use domain::figure::Figure;
use domain::region::RegionTree;
use domain::tally::{Scope, Sum, join, tally};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CLEAR: &str =
    "DELETE FROM tally_pair WHERE programme_id = $1 AND measure = $2 AND unit = $3 AND time_kind = $4";
// Items of one host and one supporting region, which nearly all are.
const ITEMS: &str = "WITH i AS MATERIALIZED ({items}) SELECT h.region_id, s.region_id,
    CAST(COALESCE(SUM(CASE i.counts WHEN 1 THEN i.low END), 0) AS BIGINT),
    CAST(COALESCE(SUM(CASE i.counts WHEN 1 THEN i.high END), 0) AS BIGINT),
    MAX(CASE WHEN i.counts = 1 AND i.approx = 'over' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
    MAX(CASE WHEN i.counts = 1 AND i.approx = 'nearly' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
    MAX(CASE WHEN i.counts = 1 AND i.approx = 'about' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END),
    CAST(SUM(i.counts) AS BIGINT), COUNT(*)
    FROM i JOIN figure_region h ON h.figure_id = i.record_id AND h.side = 'host'
    JOIN figure_region s ON s.figure_id = i.record_id AND s.side = 'supporting'
    WHERE i.host_count = 1 AND NOT EXISTS (SELECT 1 FROM figure_region o
        WHERE o.figure_id = i.record_id AND o.side = 'supporting' AND o.region_id <> s.region_id)
    GROUP BY h.region_id, s.region_id ORDER BY h.region_id, s.region_id";
// Items of several, one row a region.
const SEVERAL: &str = "WITH i AS MATERIALIZED ({items}) SELECT i.record_id, i.low, i.high, i.approx, i.counts, g.region_id, g.side
    FROM i JOIN figure_region g ON g.figure_id = i.record_id
    WHERE i.host_count > 1 OR (SELECT COUNT(*) FROM figure_region o
        WHERE o.figure_id = i.record_id AND o.side = 'supporting') > 1
    ORDER BY i.record_id, g.side, g.region_id";
const OF_PAIR: &str = "SELECT measure, unit, time_kind, host_id, low, high, approx, counted, left_out, stated_low, stated_approx
    FROM tally_pair WHERE programme_id = $1 AND host_id = $2 AND supporting_id = $3 ORDER BY measure, unit, time_kind";

/// A host and a supporting region.
type Pair = (i64, i64);

/// The sums of items that lie between two regions, and how many items are left out there.
type Items = BTreeMap<Pair, (Vec<Sum>, i64)>;

/// The kept totals between a host and a supporting region.
///
/// # Errors
/// When the database fails.
pub async fn tally_list_of_pair(
    tx: &mut Tx,
    programme: i64,
    host: i64,
    supporting: i64,
) -> Result<Vec<TallyTotal>> {
    tx.all(OF_PAIR, params![programme, host, supporting]).await?.iter().map(total).collect()
}

/// The totals of a group as they are to be kept; `stated` are its stated figures.
pub(super) async fn reckon(
    tx: &mut Tx,
    ground: &Ground,
    group: TallyGroup,
    stated: &[Figure],
) -> Result<Rows> {
    let mut items = Items::new();
    for row in tx.all(ITEMS, ground.key(group)).await? {
        let (sum, out) = item_sum(&row, 2)?;
        for pair in above(&ground.tree, &[row.int(0)?], &[row.int(1)?]) {
            add(&mut items, pair, Some(sum), out);
        }
    }
    several(&mut items, &tx.all(SEVERAL, ground.key(group)).await?, &ground.tree)?;
    let mut pairs: BTreeSet<Pair> =
        stated.iter().flat_map(|figure| above(&ground.tree, &figure.hosts, &figure.supporters)).collect();
    pairs.extend(items.keys());
    let mut rows = Rows::new(
        "tally_pair",
        "programme_id, measure, unit, time_kind, host_id, supporting_id, low, high, approx, counted, left_out, stated_low,
         stated_approx",
    );
    for (host, supporting) in pairs {
        let beside = tally(stated, &ground.relations, &ground.tree, Scope::Pair { host, supporting })?;
        let items = items.remove(&(host, supporting));
        let items = items.map(|(sums, out)| join(sums).map(|sum| (sum, out))).transpose()?;
        if let Some(rest) = kept(items, &beside)? {
            rows.extend(ground.key(group));
            rows.extend(params![host, supporting]);
            rows.extend(rest);
        }
    }
    Ok(rows)
}

fn add(items: &mut Items, pair: Pair, sum: Option<Sum>, out: i64) {
    let of = items.entry(pair).or_default();
    of.0.extend(sum.filter(|sum| sum.count > 0));
    of.1 += out;
}

/// Every two regions that something between these touches: themselves and all above them.
fn above(tree: &RegionTree, hosts: &[i64], supporters: &[i64]) -> BTreeSet<Pair> {
    let all = |of: &[i64]| of.iter().flat_map(|&id| tree.ancestors(id)).collect::<BTreeSet<i64>>();
    let supporters = all(supporters);
    all(hosts).into_iter().flat_map(|host| supporters.iter().map(move |&of| (host, of))).collect()
}

/// Adds items of several regions: they count where all of their regions lie, and are left out where some of them do.
fn several(items: &mut Items, rows: &[Row], tree: &RegionTree) -> Result<()> {
    let same = |a: &Row, b: &Row| matches!((a.int(0), b.int(0)), (Ok(a), Ok(b)) if a == b);
    for of in rows.chunk_by(same) {
        let (mut hosts, mut supporters) = (Vec::new(), Vec::new());
        for row in of {
            let side = if row.text(6)? == "host" { &mut hosts } else { &mut supporters };
            side.push(row.int(5)?);
        }
        let approx = Approx::from_code(&of[0].text(3)?);
        let approx = approx.ok_or_else(|| Error::Damaged("an item without an approximation".into()))?;
        let sum = Sum { low: of[0].int(1)?, high: of[0].int(2)?, approx, count: 1 };
        for (host, supporting) in above(tree, &hosts, &supporters) {
            let lies = hosts.iter().all(|&of| tree.covers(host, of))
                && supporters.iter().all(|&of| tree.covers(supporting, of));
            let counts = lies && of[0].bool(4)?;
            add(items, (host, supporting), counts.then_some(sum), i64::from(!counts));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;
    use crate::tally::{tally_open, tally_refresh};
    use domain::{Measure, TimeKind, Unit};

    /// A province with two counties, two supporting cities; items between them, one of two counties, one of two cities, one
    /// that is withdrawn, and a stated figure.
    async fn ground(tx: &mut Tx) {
        for sql in [
            "INSERT INTO programme (id, code, name_zh, name_en, time_zone) VALUES (1, 'p', 'p', 'p', 'UTC')",
            "INSERT INTO region (id, code, kind, name_zh, parent_id) VALUES (1, 'a', 'x', 'a', NULL), (2, 'b', 'x', 'b', 1),
                (3, 'c', 'x', 'c', 1), (4, 'd', 'x', 'd', NULL), (5, 'e', 'x', 'e', 4), (6, 'f', 'x', 'f', 4)",
            "INSERT INTO region_tree (descendant_id, ancestor_id, depth) VALUES (1, 1, 0), (2, 2, 0), (2, 1, 1), (3, 3, 0),
                (3, 1, 1), (4, 4, 0), (5, 5, 0), (5, 4, 1), (6, 6, 0), (6, 4, 1)",
            "INSERT INTO app_user (id, login, name, password_hash) VALUES (5, 'u', 'u', '')",
            "INSERT INTO record (id, programme_id, kind, code, uid, title) VALUES (20, 1, 'figure', 'SJ-1', '1', ''),
                (21, 1, 'figure', 'SJ-2', '2', ''), (22, 1, 'figure', 'SJ-3', '3', ''), (23, 1, 'figure', 'SJ-4', '4', ''),
                (24, 1, 'figure', 'SJ-5', '5', ''), (25, 1, 'figure', 'SJ-6', '6', '')",
            "INSERT INTO figure (record_id, programme_id, measure, unit, low, approx, role, grain, time_kind, status,
                entered_by, host_count) VALUES
                (20, 1, 'sales', 'CNY', 1, 'over', 'actual', 'item', 'flow', 'filed', 5, 1),
                (21, 1, 'sales', 'CNY', 2, 'exact', 'actual', 'item', 'flow', 'filed', 5, 1),
                (22, 1, 'sales', 'CNY', 4, 'exact', 'actual', 'item', 'flow', 'filed', 5, 2),
                (23, 1, 'sales', 'CNY', 8, 'nearly', 'actual', 'item', 'flow', 'filed', 5, 1),
                (24, 1, 'sales', 'CNY', 16, 'exact', 'actual', 'item', 'flow', 'withdrawn', 5, 1),
                (25, 1, 'sales', 'CNY', 32, 'exact', 'actual', 'stated', 'flow', 'filed', 5, 1)",
            "INSERT INTO figure_region (figure_id, region_id, side) VALUES (20, 2, 'host'), (20, 5, 'supporting'),
                (21, 3, 'host'), (22, 2, 'host'), (22, 3, 'host'), (22, 5, 'supporting'), (23, 2, 'host'),
                (23, 5, 'supporting'), (23, 6, 'supporting'), (24, 2, 'host'), (24, 5, 'supporting'), (25, 2, 'host'),
                (25, 5, 'supporting')",
            "INSERT INTO tally_group (programme_id, measure, unit, time_kind, fresh) VALUES (1, 'sales', 'CNY', 'flow', 0)",
        ] {
            tx.execute(sql, vec![]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }

    #[tokio::test]
    async fn what_is_kept_between_two_regions_is_what_the_reference_counts() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            ground(&mut tx).await;
            tally_refresh(&mut tx, 1).await.expect("counted");
            let group = TallyGroup { measure: Measure::Sales, unit: Unit::cny(), kind: TimeKind::Flow };
            let mut lows = Vec::new();
            for (host, supporting) in [(1, 4), (2, 4), (3, 4), (1, 5), (2, 5), (2, 6), (3, 6)] {
                let kept = tally_list_of_pair(&mut tx, 1, host, supporting).await.expect("read");
                let scope = Scope::Pair { host, supporting };
                let (open, _) = tally_open(&mut tx, 1, group, scope).await.expect("counted");
                let Some(kept) = kept.first() else {
                    assert!(open.total.count == 0 && open.left_out.is_empty(), "{scope:?}");
                    continue;
                };
                assert_eq!((kept.sum, kept.left_out), (open.total, open.left_out.len() as i64), "{scope:?}");
                assert_eq!(kept.stated, open.stated.map(|sum| (sum.low, sum.approx)), "{scope:?}");
                lows.push((host, supporting, kept.sum.low));
            }
            assert_eq!(lows, [(1, 4, 13), (2, 4, 9), (3, 4, 0), (1, 5, 5), (2, 5, 1), (2, 6, 0)]);
        }
    }
}
