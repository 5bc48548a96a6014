//! The overview of a programme.

use crate::claims::review_items;
use crate::failure::Failure;
use crate::labels::{self, Labels};
use crate::totals::{address, bounds};
use crate::visit::Within;
use crate::{checks, format, map, progress, redirect};
use app::{ProgrammeRegion, Right, TallyGroup, TallyTotal};
use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use domain::region::{RegionId, Side};
use domain::tally::DEFAULT_RULE;
use domain::{Family, Measure, Unit};
use pages::{Headline, MeasureGroup, MeasureRow, Nav, Overview, Phase, RegionCell, RegionRow};
use serde::Deserialize;

/// What stands at the head of the overview: what was signed beside what came of it.
pub(crate) const SIGNED: &[Measure] =
    &[Measure::SignedContract, Measure::SignedIntent, Measure::SignedUnspecified];
pub(crate) const CARRIED_OUT: &[Measure] =
    &[Measure::FundsArrived, Measure::WorksCompleted, Measure::LandedUnspecified];
/// What the map can show beside them.
const MAPPED: &[Measure] = &[
    Measure::PlannedTotal,
    Measure::InvestedStock,
    Measure::PurchaseContracted,
    Measure::Sales,
    Measure::ProjectCount,
    Measure::EnterpriseCount,
];
/// The measures without which a head would be empty.
const ALWAYS: &[Measure] = &[Measure::SignedContract, Measure::FundsArrived, Measure::WorksCompleted];
const FAMILIES: &[Family] = &[
    Family::Signing,
    Family::CarriedOut,
    Family::Size,
    Family::Aid,
    Family::Goods,
    Family::Count,
    Family::Other,
];

#[derive(Deserialize)]
pub(crate) struct MapQuery {
    measure: Option<String>,
}

/// `GET /p/{programme}`
pub(crate) async fn show(within: Within, Query(query): Query<MapQuery>) -> Result<Response, Failure> {
    if !within.may(Right::ViewTotal) {
        return Ok(redirect::to(&within.to("records")));
    }
    let measures: Vec<Measure> = SIGNED.iter().chain(CARRIED_OUT).chain(MAPPED).copied().collect();
    let data = within.app().overview(&within.actor, within.id(), &measures).await?;
    let labels = within.labels().await?;
    let mapped: Vec<Column> = data.by_region.iter().filter_map(|(_, totals)| column(totals)).collect();
    let in_table = |column: &&Column| !MAPPED.contains(&column.group.measure);
    let columns: Vec<&Column> = mapped.iter().filter(in_table).collect();
    let wanted = query.measure.as_deref().and_then(Measure::from_code);
    let review: Vec<_> = data.open_claims.iter().collect();
    let page = Overview {
        shell: within.shell(Nav::Overview).await?,
        documents: usize::try_from(data.document_count).unwrap_or(0),
        can_add: within.may(Right::AddDocument),
        headlines: headlines(&within, &data.totals),
        rule: DEFAULT_RULE.to_owned(),
        measures: groups(&within, &data.totals, None),
        progress: progress::view(&within, &labels, None).await?,
        map: map::view(&within, &labels, &data, &mapped, wanted),
        region_columns: columns.iter().map(|column| column.label(&within)).collect(),
        regions: regions(&within, &labels, &data.regions, &columns),
        review: review_items(&within, &review).await?,
        review_open: usize::try_from(data.open_count).unwrap_or(0),
        checks: checks::summary(&within, &data.checks).await?,
    };
    Ok(Html(page.render()).into_response())
}

/// The totals of one measure, unit and kind of time by region.
pub(crate) struct Column {
    pub group: TallyGroup,
    pub totals: Vec<(RegionId, TallyTotal)>,
}

impl Column {
    pub(crate) fn label(&self, within: &Within) -> String {
        let kind = format::time_kind(within.locale, self.group.kind);
        format!("{} · {kind}", labels::measure(within.locale, self.group.measure))
    }

    pub(crate) fn total(&self, region: RegionId) -> Option<&TallyTotal> {
        self.totals.iter().find(|(of, _)| *of == region).map(|(_, total)| total)
    }

    pub(crate) fn largest(&self) -> i64 {
        self.totals.iter().map(|(_, total)| total.sum.low).max().unwrap_or(0)
    }
}

/// The group of a measure that speaks of most regions, yuan before other units.
pub(crate) fn column(totals: &[TallyTotal]) -> Option<Column> {
    let mut groups: Vec<TallyGroup> = totals.iter().map(|total| total.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let of = |group: TallyGroup| {
        let of = totals.iter().filter(move |total| total.group == group && total.sum.count > 0);
        of.filter_map(|total| Some((total.region?, *total))).collect::<Vec<_>>()
    };
    let columns = groups.into_iter().map(|group| Column { group, totals: of(group) });
    let filled = columns.filter(|column| !column.totals.is_empty());
    filled.max_by_key(|column| (column.group.unit == Unit::cny(), column.totals.len(), column.largest()))
}

fn headlines(within: &Within, totals: &[TallyTotal]) -> Vec<Headline> {
    let sides = [(Phase::Signed, SIGNED), (Phase::CarriedOut, CARRIED_OUT)];
    let mut headlines = Vec::new();
    for (phase, measures) in sides {
        for &measure in measures {
            // A measure may have totals of several kinds, which are never added: the largest stands here.
            let of = totals.iter().filter(|total| total.group.measure == measure && total.sum.count > 0);
            let best = of.max_by_key(|total| (total.group.unit == Unit::cny(), total.sum.low));
            if best.is_some() || ALWAYS.contains(&measure) {
                headlines.push(headline(within, phase, measure, best));
            }
        }
    }
    headlines
}

fn headline(within: &Within, phase: Phase, measure: Measure, total: Option<&TallyTotal>) -> Headline {
    let label = labels::measure(within.locale, measure);
    let Some(total) = total else {
        return Headline { phase, label: label.to_owned(), ..Headline::default() };
    };
    let (value, high) = bounds(within.locale, total.sum, total.group.unit);
    Headline {
        phase,
        label: format!("{label} · {}", format::time_kind(within.locale, total.group.kind)),
        value: Some(value),
        high,
        href: address(within, total.group, None),
        counted: usize::try_from(total.sum.count).unwrap_or(0),
        left_out: usize::try_from(total.left_out).unwrap_or(0),
    }
}

/// Totals by family of their measures; of a region by its code.
pub(crate) fn groups(within: &Within, totals: &[TallyTotal], region: Option<&str>) -> Vec<MeasureGroup> {
    groups_at(within, totals, &|group| address(within, group, region))
}

/// Totals by family of their measures, each with its address.
pub(crate) fn groups_at(
    within: &Within,
    totals: &[TallyTotal],
    href: &dyn Fn(TallyGroup) -> String,
) -> Vec<MeasureGroup> {
    let row = |total: &TallyTotal| {
        let (value, high) = bounds(within.locale, total.sum, total.group.unit);
        MeasureRow {
            measure: labels::measure(within.locale, total.group.measure).to_owned(),
            kind: format::time_kind(within.locale, total.group.kind).to_owned(),
            total: value,
            high,
            counted: usize::try_from(total.sum.count).unwrap_or(0),
            left_out: usize::try_from(total.left_out).unwrap_or(0),
            href: href(total.group),
        }
    };
    let mut groups = Vec::new();
    for &family in FAMILIES {
        let of = totals.iter().filter(|total| total.group.measure.family() == family && total.sum.count > 0);
        let of = of.filter(|total| total.group.measure.is_additive());
        let mut of: Vec<_> = of.collect();
        of.sort_by_key(|total| total.group);
        if !of.is_empty() {
            let label = labels::family(within.locale, family).to_owned();
            groups.push(MeasureGroup { label, rows: of.into_iter().map(row).collect() });
        }
    }
    groups
}

/// Every region that any column knows, each under the nearest region above it that is also there. What lies above
/// all host regions of the programme (the country) would only say their sums once more.
fn regions(
    within: &Within,
    labels: &Labels,
    sides: &[ProgrammeRegion],
    columns: &[&Column],
) -> Vec<RegionRow> {
    let mut ids: Vec<RegionId> =
        columns.iter().flat_map(|column| column.totals.iter()).map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let tree = labels.names.tree();
    let hosts: Vec<RegionId> = sides.iter().filter(|of| of.side == Side::Host).map(|of| of.region).collect();
    let above = |id: &RegionId| !hosts.contains(id) && hosts.iter().any(|host| tree.covers(*id, *host));
    ids.retain(|id| !above(id));
    // The way down from the top, by official codes, puts each region behind the one it lies in.
    let way = |id: RegionId| {
        let above = tree.ancestors(id).filter(|of| ids.contains(of));
        let mut way: Vec<_> = above.map(|of| labels.region_code(of)).collect();
        way.reverse();
        way
    };
    let mut rows: Vec<(Vec<String>, RegionId)> = ids.iter().map(|id| (way(*id), *id)).collect();
    rows.sort();
    rows.into_iter().map(|(way, id)| region_row(within, labels, columns, id, way.len())).collect()
}

fn region_row(within: &Within, labels: &Labels, columns: &[&Column], id: RegionId, way: usize) -> RegionRow {
    let code = labels.region_code(id);
    let cell = |column: &&Column| {
        let total = column.total(id)?;
        let percent = percent(total.sum.low, column.largest());
        let amount = bounds(within.locale, total.sum, column.group.unit).0;
        Some(RegionCell { amount, href: address(within, column.group, Some(&code)), percent })
    };
    RegionRow {
        name: labels.region(id),
        href: within.to(&format!("regions/{}", crate::cookie::escape(&code))),
        depth: u8::try_from(way.saturating_sub(1)).unwrap_or(0),
        cells: columns.iter().map(cell).collect(),
    }
}

/// `part` of `whole` in percent, 0 to 100.
pub(crate) fn percent(part: i64, whole: i64) -> u8 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    let percent = i128::from(part) * 100 / i128::from(whole);
    u8::try_from(percent.clamp(0, 100)).unwrap_or(100)
}
