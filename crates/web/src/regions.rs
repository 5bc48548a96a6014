//! The regions of a programme with what each comes to, and what the page of a region says of its lists and pairings.

use crate::around::{count, list, number, pairing_rows};
use crate::cookie::escape;
use crate::failure::Failure;
use crate::labels::Labels;
use crate::overview::{CARRIED_OUT, Column, SIGNED, column};
use crate::totals::{address, bounds};
use crate::values::kind_label;
use crate::visit::Within;
use app::{Condition, ListFilter, RecordKind, Right};
use axum::extract::Query;
use axum::response::Html;
use domain::region::{RegionId, Side};
use pages::{Count, Link, PairingRow, RegionCell, RegionGroup, RegionLine, RegionsPage};
use serde::Deserialize;

/// Pairings that a region's page shows.
const PAIRINGS: i64 = 30;
/// The projects that are late or close to it.
const LIT: &str = "project?light=red&light=yellow";
/// Regions that a filter may find.
const FOUND: usize = 500;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

/// One column of numbers: its head, the list each opens to, and how many records concern each region.
struct Counted {
    label: String,
    rest: &'static str,
    by_region: Vec<(RegionId, i64)>,
}

/// `GET regions`
pub(crate) async fn index(within: Within, Query(asked): Query<Asked>) -> Result<Html<String>, Failure> {
    let labels = within.labels().await?;
    let t = within.locale;
    let counted = counted(&within).await?;
    let money = money(&within).await?;
    let found: Option<Vec<RegionId>> = (!asked.q.trim().is_empty())
        .then(|| labels.names.suggest(&asked.q, FOUND).into_iter().map(|region| region.id).collect());
    let group = |(side, label): (Side, &str)| {
        let of = labels.names.taking_part().iter().filter(|of| of.side == side).map(|of| of.region);
        let ids: Vec<RegionId> =
            of.filter(|id| found.as_ref().is_none_or(|found| found.contains(id))).collect();
        let rows = in_tree(&labels, &ids);
        let rows = rows.into_iter().map(|(id, depth)| line(&within, &labels, (id, depth), &counted, &money));
        RegionGroup { label: label.to_owned(), rows: rows.collect() }
    };
    let groups = [(Side::Host, t.regions_host()), (Side::Supporting, t.regions_supporting())].map(group);
    let page = RegionsPage {
        shell: within.shell_of("regions").await?,
        query: asked.q.trim().to_owned(),
        settings: within
            .may(Right::ManageSettings)
            .then(|| Link { label: t.regions_settings().to_owned(), href: within.to("settings/regions") }),
        counts: counted.iter().map(|column| column.label.clone()).collect(),
        money: money.iter().map(|column| column.label(&within)).collect(),
        groups: groups.into_iter().filter(|group| !group.rows.is_empty()).collect(),
    };
    Ok(Html(page.render()))
}

/// One statement a column, however many regions and records there are.
async fn counted(within: &Within) -> Result<Vec<Counted>, Failure> {
    let t = within.locale;
    let kind = |kind: RecordKind| kind_label(t, kind).to_owned();
    let firms = RecordKind::Organisation
        .field("kind")
        .map(|field| Condition::OneOf(field, vec!["enterprise".to_owned()]));
    let columns = [
        (RecordKind::Project, "project?missing=parent", kind(RecordKind::Project), None),
        (RecordKind::Organisation, "organisation?kind=enterprise", t.regions_enterprises().to_owned(), firms),
        (RecordKind::Park, "park?", kind(RecordKind::Park), None),
        (RecordKind::Project, LIT, t.regions_late().to_owned(), None),
    ];
    let mut all = Vec::new();
    for (kind, rest, label, condition) in columns {
        if !within.may(app::view_right(kind)) {
            continue;
        }
        let by_region = if kind == RecordKind::Project {
            within.app().project_regions(&within.actor, within.id(), rest == LIT).await?
        } else {
            let mut filter = ListFilter::of(kind);
            filter.conditions.extend(condition);
            within.app().entry_regions(&within.actor, within.id(), filter).await?
        };
        all.push(Counted { label, rest, by_region });
    }
    Ok(all)
}

/// What was signed and what came of it, as the overview has it; nothing for who may see no totals.
async fn money(within: &Within) -> Result<Vec<Column>, Failure> {
    if !within.may(Right::ViewTotal) {
        return Ok(Vec::new());
    }
    let measures: Vec<_> = SIGNED.iter().chain(CARRIED_OUT).copied().collect();
    let totals = within.app().totals_by_region(&within.actor, within.id(), &measures).await?;
    Ok(totals.iter().filter_map(|totals| column(totals)).collect())
}

/// These regions from the top down, each behind the one of them that it lies in, with how deep it lies.
fn in_tree(labels: &Labels, ids: &[RegionId]) -> Vec<(RegionId, u8)> {
    let way = |id: RegionId| {
        let above = labels.names.tree().ancestors(id).filter(|of| ids.contains(of));
        let mut way: Vec<_> = above.map(|of| labels.region_code(of)).collect();
        way.reverse();
        way
    };
    let mut rows: Vec<_> = ids.iter().map(|id| (way(*id), *id)).collect();
    rows.sort();
    rows.into_iter().map(|(way, id)| (id, u8::try_from(way.len().saturating_sub(1)).unwrap_or(0))).collect()
}

fn line(
    within: &Within,
    labels: &Labels,
    (id, depth): (RegionId, u8),
    counted: &[Counted],
    money: &[Column],
) -> RegionLine {
    let code = labels.region_code(id);
    let count = |column: &Counted| {
        let found = column.by_region.iter().find(|(of, _)| *of == id);
        Count {
            label: column.label.clone(),
            count: number(found.map_or(0, |(_, count)| *count)),
            href: within.to(&format!("lists/{}&place={}", column.rest, escape(&code))),
        }
    };
    let cell = |column: &Column| {
        let total = column.total(id)?;
        let amount = bounds(within.locale, total.sum, column.group.unit).0;
        Some(RegionCell { amount, href: address(within, column.group, Some(&code)), percent: 0 })
    };
    RegionLine {
        region: region_link(within, labels, id),
        counts: counted.iter().map(count).collect(),
        money: money.iter().map(cell).collect(),
        code,
        depth,
    }
}

/// A region with the address of its page.
pub(crate) fn region_link(within: &Within, labels: &Labels, id: RegionId) -> Link {
    let href = within.to(&format!("regions/{}", escape(&labels.region_code(id))));
    Link { label: labels.region(id), href }
}

/// What lies in a region, each number with its list. Its projects stand in the funnel.
pub(crate) async fn counts(within: &Within, labels: &Labels, code: &str) -> Result<Vec<Count>, Failure> {
    let query = format!("place={}", escape(code));
    let mut counts = Vec::new();
    for kind in [
        RecordKind::Park,
        RecordKind::Organisation,
        RecordKind::Opportunity,
        RecordKind::Agreement,
        RecordKind::AidProject,
        RecordKind::Office,
    ] {
        counts.extend(count(within, labels, kind, kind_label(within.locale, kind), &query).await?);
    }
    Ok(counts)
}

/// The pairings that a region takes part in, and the list of all where there are more.
pub(crate) async fn pairings(
    within: &Within,
    labels: &Labels,
    code: &str,
) -> Result<(Vec<PairingRow>, Option<Link>), Failure> {
    let query = format!("place={}", escape(code));
    let (rows, more) = pairing_rows(within, labels, &query, PAIRINGS).await?;
    let all = more.then(|| Link {
        label: within.locale.region_pairings_all().to_owned(),
        href: list(within, RecordKind::Pairing, &query),
    });
    Ok((rows, all))
}
