//! The map of the overview: host regions as tiles, supporters beside them, pairings as lines.

use crate::labels::{Labels, one_line};
use crate::list_query::ListQuery;
use crate::overview::{Column, percent};
use crate::totals::{address, bounds};
use crate::values::kind_label;
use crate::visit::Within;
use app::ProgrammeRegion;
use domain::Measure;
use domain::region::Side;
use pages::{Flow, Link, Map, Supporter, Tile};

/// The map of one measure: the one asked for, else the first that any tile has a value of.
pub(crate) fn view(
    within: &Within,
    labels: &Labels,
    data: &app::Overview,
    columns: &[Column],
    wanted: Option<Measure>,
) -> Map {
    let is_tile = |region: &&ProgrammeRegion| region.side == Side::Host && region.tile.is_some();
    let tiles: Vec<_> = data.regions.iter().filter(is_tile).map(|region| region.region).collect();
    let on_tiles = |column: &&Column| tiles.iter().any(|region| column.total(*region).is_some());
    let columns: Vec<&Column> = columns.iter().filter(on_tiles).collect();
    let of = |measure: Measure| columns.iter().copied().find(|column| column.group.measure == measure);
    let shown = wanted.and_then(of).or(columns.first().copied());
    let link = |column: &&Column| {
        let href = format!("{}?measure={}", within.to(""), column.group.measure.code());
        let current = shown.is_some_and(|shown| shown.group == column.group);
        (Link { label: column.label(within), href }, current)
    };
    let tiles: Vec<Tile> =
        data.regions.iter().filter_map(|region| tile(within, labels, region, shown)).collect();
    let flow = |(supporter, host): &(i64, i64)| Flow {
        supporter: labels.region_code(*supporter),
        host: labels.region_code(*host),
        weight: 0,
        value: String::new(),
    };
    let supporters = data.regions.iter().filter(|region| region.side == Side::Supporting);
    Map {
        measure: match shown {
            Some(column) => column.label(within),
            None => within.locale.overview_no_figures().to_owned(),
        },
        measures: columns.iter().map(link).collect(),
        tiles,
        supporters: supporters.map(|region| supporter(within, labels, region)).collect(),
        flows: data.pairings.iter().map(flow).collect(),
    }
}

fn tile(within: &Within, labels: &Labels, region: &ProgrammeRegion, shown: Option<&Column>) -> Option<Tile> {
    let (col, row) = region.tile.filter(|_| region.side == Side::Host)?;
    let code = labels.region_code(region.region);
    let total = shown.and_then(|column| Some((column, column.total(region.region)?)));
    let figures = || within.to(&format!("figures?region={}", crate::cookie::escape(&code)));
    Some(Tile {
        name: labels.region(region.region),
        col: u16::try_from(col).ok()?,
        row: u16::try_from(row).ok()?,
        value: total.map_or_else(String::new, |(column, total)| {
            one_line(&bounds(within.locale, total.sum, column.group.unit).0)
        }),
        intensity: total
            .map_or(0, |(column, total)| 1 + percent(total.sum.low, column.largest()).saturating_sub(1) / 25),
        href: total.map_or_else(figures, |(column, _)| address(within, column.group, Some(&code))),
        code,
    })
}

fn supporter(within: &Within, labels: &Labels, region: &ProgrammeRegion) -> Supporter {
    let code = labels.region_code(region.region);
    let href = within.to(&format!("figures?region={}", crate::cookie::escape(&code)));
    Supporter { name: labels.region(region.region), value: String::new(), href, code }
}

/// The map of a list: on each tile how many records of the filter concern the region or one below it.
pub(crate) fn of_counts(
    within: &Within,
    labels: &Labels,
    kind: app::RecordKind,
    counts: &[(i64, i64)],
    query: &ListQuery,
    path: &str,
) -> Map {
    let regions = labels.names.taking_part();
    let count = |region: i64| counts.iter().find(|(of, _)| *of == region).map_or(0, |(_, n)| *n);
    let most = regions.iter().filter(|of| of.tile.is_some()).map(|of| count(of.region)).max().unwrap_or(0);
    let tiles = regions.iter().filter_map(|of| {
        let (col, row) = of.tile.filter(|_| of.side == Side::Host)?;
        let (code, n) = (labels.region_code(of.region), count(of.region));
        Some(Tile {
            name: labels.region(of.region),
            col: u16::try_from(col).ok()?,
            row: u16::try_from(row).ok()?,
            value: if n == 0 { String::new() } else { n.to_string() },
            intensity: if n == 0 { 0 } else { 1 + percent(n, most).saturating_sub(1) / 25 },
            href: query.address(path, &["view", "place", "place_by"], &[("place", &code)]),
            code,
        })
    });
    let t = within.locale;
    Map { measure: t.map_records(kind_label(t, kind)), tiles: tiles.collect(), ..Map::default() }
}
