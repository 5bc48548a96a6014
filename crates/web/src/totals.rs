//! One total, opened: what it counted, what it left out, and why.

use crate::failure::Failure;
use crate::format;
use crate::labels::{self, Labels};
use crate::visit::{Within, programme_name};
use app::{FigureRow, Opened, TallyGroup};
use axum::extract::Query;
use axum::response::Html;
use domain::tally::{Reason, Scope, Sum};
use domain::{Measure, Quantity, Role, TimeKind, Unit};
use locale::Locale;
use pages::{Amount, LeftOut, Link, Nav, Total};
use serde::Deserialize;

/// A total as its address names it.
#[derive(Deserialize)]
pub(crate) struct TotalQuery {
    measure: String,
    unit: String,
    kind: String,
    region: Option<String>,
    supporting: Option<String>,
}

/// The address of a total.
pub(crate) fn address(within: &Within, group: TallyGroup, region: Option<&str>) -> String {
    let escape = crate::cookie::escape;
    let region = region.map(|code| format!("&region={}", escape(code))).unwrap_or_default();
    let (measure, unit, kind) = (group.measure.code(), escape(group.unit.code()), group.kind.code());
    within.to(&format!("totals?measure={measure}&unit={unit}&kind={kind}{region}"))
}

/// The address of a total between a host and a supporting region.
pub(crate) fn pair_address(within: &Within, group: TallyGroup, host: &str, supporting: &str) -> String {
    format!("{}&supporting={}", address(within, group, Some(host)), crate::cookie::escape(supporting))
}

/// A sum's lower bound with its approximation, and the upper bound where it differs.
pub(crate) fn bounds(locale: Locale, sum: Sum, unit: Unit) -> (Amount, Option<Amount>) {
    let low = Quantity { low: sum.low, high: None, unit, approx: sum.approx };
    let high = (sum.high != sum.low).then(|| format::plain_amount(locale, sum.high, unit));
    (format::amount(locale, low), high)
}

/// `GET totals`
pub(crate) async fn show(within: Within, Query(query): Query<TotalQuery>) -> Result<Html<String>, Failure> {
    let group = TallyGroup {
        measure: Measure::from_code(&query.measure).ok_or(Failure::PageNotFound)?,
        unit: Unit::from_code(&query.unit).ok_or(Failure::PageNotFound)?,
        kind: TimeKind::from_code(&query.kind).ok_or(Failure::PageNotFound)?,
    };
    let labels = within.labels().await?;
    let region = |code: Option<&str>| match code.filter(|code| !code.is_empty()) {
        Some(code) => labels.names.region_coded(code).map(|of| Some(of.id)).ok_or(Failure::PageNotFound),
        None => Ok(None),
    };
    let (region, supporting) = (region(query.region.as_deref())?, region(query.supporting.as_deref())?);
    let scope = match (region, supporting) {
        (None, None) => Scope::Programme,
        (Some(host), None) => Scope::Host(host),
        (Some(host), Some(supporting)) => Scope::Pair { host, supporting },
        (None, Some(_)) => return Err(Failure::PageNotFound),
    };
    let opened = within.app().total_open(&within.actor, within.id(), group, scope).await?;
    let t = within.locale;
    let total = opened.tally.total;
    let (value, high) = bounds(t, total, group.unit);
    let place =
        region.map_or_else(|| programme_name(t, &within.programme).to_owned(), |id| labels.region(id));
    let row = |id: &i64| opened.rows.get(id).map(|row| labels.figure_row(&within, row));
    let page = Total {
        shell: within.shell(Nav::Overview).await?,
        measure: labels::measure(t, group.measure).to_owned(),
        value: (total.count > 0).then_some(value),
        high: high.filter(|_| total.count > 0),
        scope: [place]
            .into_iter()
            .chain(supporting.map(|id| labels.region(id)))
            .chain([
                format::time_kind(t, group.kind).to_owned(),
                format::unit_label(t, group.unit).to_owned(),
                labels::role(t, Role::Actual).to_owned(),
            ])
            .collect(),
        rule: opened.tally.rule.to_owned(),
        counted: opened.tally.counted.iter().filter_map(row).collect(),
        left_out: left_out(&within, &labels, &opened),
        counted_count: opened.tally.counted.len(),
        left_out_count: opened.tally.left_out.len(),
        hidden_counted: opened.hidden_counted,
        hidden_left_out: opened.hidden_left_out,
        note: note(t, &opened, group.unit),
    };
    Ok(Html(page.render()))
}

fn left_out(within: &Within, labels: &Labels, opened: &Opened) -> Vec<LeftOut> {
    let entry = |(id, reason): &(i64, Reason)| {
        let because_of = reason.other().and_then(|other| opened.rows.get(&other));
        Some(LeftOut {
            figure: labels.figure_row(within, opened.rows.get(id)?),
            reason: match opened.carried_on.get(id) {
                Some((_, true)) => within.locale.left_out_renewed(),
                Some((_, false)) => within.locale.left_out_upgraded(),
                None => why(within.locale, *reason),
            }
            .to_owned(),
            because_of: match opened.carried_on.get(id) {
                Some((agreement, _)) => agreement
                    .as_ref()
                    .map(|code| Link { label: code.clone(), href: within.to(&format!("records/{code}")) }),
                None => because_of.map(|row: &FigureRow| Link {
                    label: row.code.clone(),
                    href: within.to(&format!("figures/{}", row.code)),
                }),
            },
        })
    };
    opened.tally.left_out.iter().filter_map(entry).collect()
}

/// Every reason for which a total leaves a figure out, in words.
pub(crate) fn reasons(t: Locale) -> Vec<&'static str> {
    Reason::each().map(|reason| why(t, reason)).into()
}

fn why(t: Locale, reason: Reason) -> &'static str {
    match reason {
        Reason::NotActual => t.left_out_not_actual(),
        Reason::Withdrawn => t.left_out_withdrawn(),
        Reason::Replaced => t.left_out_replaced(),
        Reason::ItemsCounted => t.left_out_items_counted(),
        Reason::PartOf(_) => t.left_out_part_of(),
        Reason::SameAs(_) => t.left_out_same_as(),
        Reason::Outdated(_) => t.left_out_outdated(),
        Reason::Overlaps(_) => t.left_out_overlaps(),
        Reason::SeveralRegions => t.left_out_several_regions(),
    }
}

/// Where single records are the total: what was stated for the whole stands beside it.
fn note(t: Locale, opened: &Opened, unit: Unit) -> String {
    let stated = opened.tally.stated.filter(|stated| stated.count > 0);
    stated.map_or_else(String::new, |stated| {
        t.total_stated_beside(labels::one_line(&bounds(t, stated, unit).0))
    })
}
