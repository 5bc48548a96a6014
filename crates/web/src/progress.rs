//! How projects stand, in words: a part of the overview, and the page of a region.

use crate::around::{before, counted, number};
use crate::cookie::escape;
use crate::failure::Failure;
use crate::labels::Labels;
use crate::list_query::REACHED;
use crate::overview;
use crate::regions;
use crate::values::link_to;
use crate::visit::Within;
use crate::{format, labels};
use app::{Cohort, Right, STEPS, StageMove, TallyGroup, TallyMonth};
use axum::extract::Path;
use axum::response::Html;
use domain::light::Light;
use domain::region::RegionId;
use domain::stage::Milestone;
use domain::tally::{DEFAULT_RULE, Sum};
use domain::{Measure, TimeKind, Unit};
use jiff::ToSpan;
use jiff::civil::Date;
use locale::Locale;
use pages::{
    CohortRow, CohortStep, CohortTable, FunnelRow, Link, MonthRow, MonthTable, MoveRow, PartAmount,
    PartAmounts, Progress, RegionPage,
};

/// How the projects of the programme stand, or of a region and all below it.
pub(crate) async fn view(
    within: &Within,
    labels: &Labels,
    region: Option<RegionId>,
) -> Result<Progress, Failure> {
    let t = within.locale;
    let of = within.app().project_progress(&within.actor, within.id(), region).await?;
    let code = region.map(|region| labels.region_code(region));
    let place = code.as_deref().map(|code| format!("&place={}", escape(code))).unwrap_or_default();
    let list = |rest: String| within.to(&format!("lists/{rest}{place}"));
    let funnel = of.funnel.iter().map(|of| {
        let href = list(format!("project?missing=parent&stage={}", escape(&of.stage.code)));
        let amounts = part_amounts(t, &of.amounts, of.count, href.clone());
        FunnelRow {
            stage: labels.stage(&of.stage.code).to_owned(),
            count: of.count,
            shown: number(of.count),
            href,
            amounts,
        }
    });
    let before = before(within);
    let mut late: Vec<(Link, String)> = of
        .lights
        .iter()
        .map(|(light, count)| {
            let label = if *light == Light::Red { t.progress_light_red() } else { t.progress_light_yellow() };
            let href = list(format!("project?light={}", light.code()));
            (Link { label: label.to_owned(), href }, counted(*count))
        })
        .collect();
    for (label, rest, count) in [
        (t.progress_problems_due(), "problem?status=open", of.problems_due),
        (t.progress_milestones_due(), "milestone?missing=met_on", of.milestones_due),
    ] {
        let href = list(format!("{rest}&due_on_to={before}"));
        late.push((Link { label: label.to_owned(), href }, counted(count)));
    }
    Ok(Progress {
        funnel: funnel.collect(),
        cohorts: cohorts(t, &of.cohorts, &list),
        hidden: of.hidden,
        without_stage: of.without_stage,
        late,
        moves: of.moves.iter().map(|of| move_row(within, labels, of)).collect(),
        turns: within.to("lights"),
        months: month_tables(within, &of.months, of.today, code.as_deref()),
    })
}

/// A project that went from one stage to another.
pub(crate) fn move_row(within: &Within, labels: &Labels, of: &StageMove) -> MoveRow {
    MoveRow {
        project: link_to(within, &of.record),
        from: labels.stage(&of.from).to_owned(),
        to: labels.stage(&of.to).to_owned(),
        who: of.user_name.clone().unwrap_or_default(),
        at: format::instant(of.at, &within.zone()),
    }
}

/// Sums of some of `all` projects, of which it is said of how many they are known.
fn part_amounts(t: Locale, sums: &[(TallyGroup, Sum)], all: i64, href: String) -> PartAmounts {
    let part = |(group, sum): &(TallyGroup, Sum)| {
        let (amount, high) = crate::totals::bounds(t, *sum, group.unit);
        let known = (sum.count < all).then(|| t.progress_known(sum.count, all));
        PartAmount { amount, high, known: known.map(|text| text.to_string()).unwrap_or_default() }
    };
    let none = if all > 0 { t.unknown() } else { "—" };
    PartAmounts { parts: sums.iter().map(part).collect(), none: none.to_owned(), href }
}

/// The years of signing: how far their projects came, each number with its list, and what their money came to.
fn cohorts(t: Locale, of: &[Cohort], list: &impl Fn(String) -> String) -> CohortTable {
    let mut columns: Vec<(Measure, TimeKind)> =
        of.iter().flat_map(|of| of.sums.iter().map(|(group, _)| (group.measure, group.kind))).collect();
    columns.sort();
    columns.dedup();
    let label = |&(measure, kind): &(Measure, TimeKind)| {
        let name = labels::measure(t, measure).to_owned();
        match columns.iter().filter(|(of, _)| *of == measure).count() {
            1 => name,
            _ => format!("{name} · {}", format::time_kind(t, kind)),
        }
    };
    let row = |of: &Cohort| {
        let signed = match of.year {
            Some(year) => format!("signed_on_from={year:04}-01-01&signed_on_to={year:04}-12-31"),
            None => "missing=signed_on".to_owned(),
        };
        let href =
            |step: Milestone| list(format!("project?missing=parent&{signed}&{REACHED}={}", step.code()));
        let steps = STEPS.iter().zip(of.reached).map(|(step, count)| CohortStep {
            shown: number(count),
            percent: overview::percent(count, of.reached[0]),
            href: href(*step),
        });
        let cell = |column: &(Measure, TimeKind)| {
            let here = of.sums.iter().filter(|(group, _)| (group.measure, group.kind) == *column);
            part_amounts(t, &here.copied().collect::<Vec<_>>(), of.reached[0], href(STEPS[0]))
        };
        CohortRow {
            year: of.year.map(|year| year.to_string()).unwrap_or_default(),
            steps: steps.collect(),
            money: columns.iter().map(cell).collect(),
        }
    };
    CohortTable {
        steps: STEPS.iter().map(|step| labels::pick(t, step.zh(), step.en()).to_owned()).collect(),
        measures: columns.iter().map(label).collect(),
        rows: of.iter().map(row).collect(),
    }
}

/// A table for each measure and unit of money that has figures, from its first month to this one.
fn month_tables(
    within: &Within,
    months: &[TallyMonth],
    today: Date,
    region: Option<&str>,
) -> Vec<MonthTable> {
    let is_money = |of: &&TallyMonth| of.group.unit == Unit::cny() && of.group.measure.is_additive();
    let mut groups: Vec<_> = months.iter().filter(is_money).map(|of| of.group).collect();
    groups.sort();
    groups.dedup();
    let table = |group| {
        let of: Vec<&TallyMonth> = months.iter().filter(|of| of.group == group).collect();
        let values: Vec<i64> = of.iter().map(|of| of.sum.low).collect();
        let (values, unit) = format::series(within.locale, &values, Unit::cny());
        let mut rows = Vec::new();
        let mut day = of.first().and_then(|of| first_day(&of.month)).unwrap_or(today);
        while day <= today {
            let month = day.strftime("%Y-%m").to_string();
            let found = of.iter().position(|of| of.month == month);
            rows.push(match found {
                Some(at) => month_row(within, of[at], values[at].clone(), day, region),
                None => MonthRow { month, ..MonthRow::default() },
            });
            let Ok(next) = day.checked_add(1.month()) else { break };
            day = next;
        }
        MonthTable { measure: labels::measure(within.locale, of[0].group.measure).to_owned(), unit, rows }
    };
    groups.into_iter().map(table).collect()
}

fn first_day(month: &str) -> Option<Date> {
    format!("{month}-01").parse().ok()
}

fn month_row(within: &Within, of: &TallyMonth, value: String, day: Date, region: Option<&str>) -> MonthRow {
    let region = region.map(|code| format!("&region={}", escape(code))).unwrap_or_default();
    let (measure, unit) = (of.group.measure.code(), escape(of.group.unit.code()));
    let kind = TimeKind::Flow.code();
    let to = day.last_of_month();
    let rest = format!("figures?measure={measure}&unit={unit}&kind={kind}&from={day}&to={to}{region}");
    MonthRow {
        month: of.month.clone(),
        value,
        amount: Some(crate::totals::bounds(within.locale, of.sum, of.group.unit).0),
        counted: of.sum.count,
        href: within.to(&rest),
    }
}

/// `GET regions/{code}`
pub(crate) async fn region(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    let labels = within.labels().await?;
    let region = labels.names.region_coded(&code).ok_or(Failure::PageNotFound)?.id;
    let tree = labels.names.tree();
    let link = |id: RegionId| regions::region_link(&within, &labels, id);
    let mut above: Vec<Link> = tree.ancestors(region).filter(|id| *id != region).map(link).collect();
    above.reverse();
    let totals = match within.may(Right::ViewTotal) {
        true => within.app().region_totals(&within.actor, within.id(), region).await?,
        false => Vec::new(),
    };
    let is_below = |id: &RegionId| *id != region && tree.ancestors(*id).nth(1) == Some(region);
    let mut below: Vec<RegionId> =
        labels.names.taking_part().iter().map(|of| of.region).filter(is_below).collect();
    below.sort_unstable();
    below.dedup();
    let (pairings, all_pairings) = regions::pairings(&within, &labels, &code).await?;
    let page = RegionPage {
        shell: within.shell_of("regions").await?,
        name: labels.region(region),
        code: code.clone(),
        above,
        below: below.into_iter().map(link).collect(),
        measures: overview::groups(&within, &totals, Some(&code)),
        rule: DEFAULT_RULE.to_owned(),
        counts: regions::counts(&within, &labels, &code).await?,
        pairings,
        all_pairings,
        progress: view(&within, &labels, Some(region)).await?,
    };
    Ok(Html(page.render()))
}
