//! The ledger of aid money 援助资金台账: the list of aid projects with the steps of their money, totals, rates and shares; its
//! workbook; and the figures that one of its sums adds.

use crate::failure::Failure;
use crate::format;
use crate::labels::{self, Labels, choice};
use crate::list_filters::Bar;
use crate::list_query::{Asked, ListQuery};
use crate::lists::{EXPORTS, PAGE};
use crate::values::{Show, choice_label, field_label, status};
use crate::visit::Within;
use app::{AidLedger, AidShareStanding, AidSums, Condition, Entry, ListFilter, RecordKind, Right};
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::aid::{AidStep, exceeding, rate};
use domain::record::FieldType;
use domain::tally::Sum;
use domain::{Quantity, Unit};
use locale::Locale;
use pages::{
    AidFigures, AidRate, AidShareRow, AidSummary, AidTotal, Badge, Cell, Chip, Column, Filter, FilterControl,
    Link, List, ListRow, Tone,
};

/// Name of the year in the query.
const YEAR: &str = "year";
/// The fields that stand in the filter bar; all others wait behind it.
const BAR: &[&str] = &["q", "place", "category", "mode", "status"];
/// The steps that have a column.
const COLUMNS: &[AidStep] = &[
    AidStep::Programmed,
    AidStep::Planned,
    AidStep::Issued,
    AidStep::Arrived,
    AidStep::Disbursed,
    AidStep::Spent,
];

/// The word for a step.
pub(crate) fn step_label(t: Locale, step: AidStep) -> &'static str {
    t.by_key(&format!("aid_step_{}", step.code())).unwrap_or(step.code())
}

/// What a query asks of the ledger.
pub(crate) struct Asking {
    pub query: ListQuery,
    pub asked: Asked,
    pub year: Option<i16>,
}

impl Asking {
    pub(crate) async fn new(within: &Within, labels: &Labels, query: &str) -> Result<Self, Failure> {
        let query = ListQuery::parse(query);
        let mut asked = query.asked(within, labels, RecordKind::AidProject).await?;
        let text = query.get(YEAR);
        let year = text.parse().ok().filter(|year| (1900..=2999).contains(year));
        if year.is_none() && !text.is_empty() {
            asked.filter.conditions.push(Condition::Among(Vec::new()));
            asked.problems.insert(YEAR, within.locale.problem_unknown().to_owned());
        }
        Ok(Self { query, asked, year })
    }

    fn time(&self, t: Locale) -> String {
        self.year.map_or_else(|| t.aid_all_years().to_owned(), |year| t.aid_of_year(year))
    }

    /// The filter in words, the year first.
    pub(crate) fn in_words(&self, within: &Within, labels: &Labels) -> String {
        let bar = self.bar(within, labels);
        format!("{}: {}; {}", within.locale.aid_year(), self.time(within.locale), bar.in_words())
    }

    fn bar<'a>(&'a self, within: &'a Within, labels: &'a Labels) -> Bar<'a> {
        Bar { within, labels, kind: RecordKind::AidProject, query: &self.query, asked: &self.asked }
    }

    /// Where the figures of a sum stand: of the whole, or of one project.
    fn opens(&self, within: &Within, step: AidStep, project: Option<&str>) -> String {
        let path = within.to("aid/figures");
        match project {
            None => self.query.address(&path, &["sort", "step"], &[("step", step.code())]),
            Some(code) => figures_href(within, code, step, self.year),
        }
    }
}

/// The address of the figures of a step of one project.
pub(crate) fn figures_href(within: &Within, code: &str, step: AidStep, year: Option<i16>) -> String {
    let year = year.map(|year| format!("&year={year}")).unwrap_or_default();
    within.to(&format!("aid/figures?project={code}&step={}{year}", step.code()))
}

/// An amount of yuan.
pub(crate) fn quantity(sum: Sum) -> Quantity {
    sum.quantity(Unit::cny())
}

/// A sum that opens to its figures; nothing where nothing was counted.
pub(crate) fn sum_cell(t: Locale, sum: Option<&Sum>, href: impl FnOnce() -> String) -> Cell {
    match sum.filter(|sum| sum.count > 0) {
        Some(sum) => Cell::Opens(format::amount(t, quantity(*sum)), href()),
        None => Cell::Nothing,
    }
}

fn part_of(sums: &AidSums, part: AidStep, whole: AidStep) -> Option<i64> {
    rate(sums.get(&part)?.low, sums.get(&whole)?.low)
}

/// Hundredths of a per cent as people read them: `83.5%`.
pub(crate) fn percent(rate: Option<i64>) -> String {
    let Some(rate) = rate else { return String::new() };
    let (whole, fine) = (rate / 100, rate % 100);
    match fine {
        0 => format!("{whole}%"),
        fine if fine % 10 == 0 => format!("{whole}.{}%", fine / 10),
        fine => format!("{whole}.{fine:02}%"),
    }
}

/// The rates between steps.
pub(crate) fn rates(t: Locale, sums: &AidSums) -> Vec<AidRate> {
    [
        (t.aid_rate_issued(), t.aid_rate_issued_of(), AidStep::Issued, AidStep::Planned),
        (t.aid_rate_arrived(), t.aid_rate_arrived_of(), AidStep::Arrived, AidStep::Issued),
        (t.aid_rate_spent(), t.aid_rate_spent_of(), AidStep::Spent, AidStep::Arrived),
    ]
    .map(|(label, note, part, whole)| AidRate {
        label: label.to_owned(),
        value: percent(part_of(sums, part, whole)),
        note: note.to_owned(),
    })
    .into()
}

/// Steps that hold more than the one they come from, in words.
pub(crate) fn warnings(t: Locale, sums: &AidSums) -> Vec<String> {
    let pairs = exceeding(|step| sums.get(&step).map(|sum| sum.low));
    let words = |(first, later)| t.aid_exceeds(step_label(t, later), step_label(t, first));
    pairs.into_iter().map(words).collect()
}

/// `GET aid`
pub(crate) async fn show(within: Within, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let labels = within.labels().await?;
    let asking = Asking::new(&within, &labels, &query.unwrap_or_default()).await?;
    let (t, query) = (within.locale, &asking.query);
    let sort = query.sort(RecordKind::AidProject);
    let cursor = query.cursor();
    let what = (asking.asked.filter.clone(), sort, asking.year);
    let app = within.app();
    let ledger = app.aid_ledger(&within.actor, within.id(), what, (cursor.as_ref(), PAGE)).await?;
    let path = within.to("aid");
    let mut list = List {
        shell: within.shell_of("aid").await?,
        title: t.aid_ledger().to_owned(),
        intro: t.aid_ledger_intro().to_owned(),
        address: path.clone(),
        state: query.state(),
        filters: filters(&within, &labels, &asking).await?,
        chips: chips(&within, &labels, &asking, &path),
        exports: exports(&within, query),
        name_column: Column { label: t.one_aid_project().to_owned(), ..Column::default() },
        columns: heads(t),
        aid: Some(summary(&within, &asking, &ledger)),
        ..List::default()
    };
    list.rows =
        ledger.page.entries.iter().map(|entry| row(&within, &labels, &asking, &ledger, entry)).collect();
    list.first = cursor.is_some().then(|| query.address(&path, &[], &[]));
    list.next = ledger.page.next.map(|next| {
        let id = next.id.to_string();
        query.address(&path, &[], &[("after", &id), ("after_key", &next.key)])
    });
    let wrong = !asking.asked.problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Html(list.render())).into_response())
}

fn exports(within: &Within, query: &ListQuery) -> Vec<Link> {
    if !within.may(Right::Export) {
        return Vec::new();
    }
    let link = |(label, extension): (&str, &str)| Link {
        label: label.to_owned(),
        href: query.address(&within.to(&format!("aid/export.{extension}")), &[], &[]),
    };
    EXPORTS.map(link).into()
}

/// The filters of the list of aid projects, with the year and the payer.
async fn filters(within: &Within, labels: &Labels, asking: &Asking) -> Result<Vec<Filter>, Failure> {
    let t = within.locale;
    let year = asking.query.get(YEAR);
    let years = within.app().aid_years(&within.actor, within.id()).await?;
    let years = years.iter().map(|of| choice(&of.to_string(), &t.aid_of_year(*of), year)).collect();
    let error = asking.asked.problems.get(YEAR).cloned().unwrap_or_default();
    let payer = asking.query.get("supporting");
    let payers =
        labels.names.taking_part().iter().filter(|part| part.side == domain::region::Side::Supporting);
    let payers =
        payers.map(|part| choice(&labels.region_code(part.region), &labels.region(part.region), payer));
    let own = [
        (YEAR, t.aid_year(), FilterControl::One(years), error),
        ("supporting", t.aid_payer(), FilterControl::One(payers.collect()), String::new()),
    ];
    let own = own.map(|(name, label, control, error)| Filter {
        name: name.to_owned(),
        label: label.to_owned(),
        control,
        more: false,
        error,
    });
    let mut filters = asking.bar(within, labels).filters();
    for filter in &mut filters {
        filter.more = !BAR.contains(&filter.name.as_str()) && filter.error.is_empty();
    }
    // Archived projects are in no sum.
    filters.retain(|filter| filter.name != "archived");
    let at = filters.len().min(2);
    filters.splice(at..at, own);
    Ok(filters)
}

fn chips(within: &Within, labels: &Labels, asking: &Asking, path: &str) -> Vec<Chip> {
    let mut chips = asking.bar(within, labels).chips(path);
    if let Some(year) = asking.year {
        let t = within.locale;
        let remove = asking.query.address(path, &[YEAR], &[]);
        chips.insert(0, Chip { label: t.aid_year().to_owned(), value: t.aid_of_year(year), remove });
    }
    if let Some(payer) = labels.names.region_named(asking.query.get("supporting")) {
        let t = within.locale;
        let remove = asking.query.address(path, &["supporting"], &[]);
        chips.push(Chip { label: t.aid_payer().to_owned(), value: labels.region(payer.id), remove });
    }
    chips
}

fn heads(t: Locale) -> Vec<Column> {
    let of = |label: &str, numeric| Column { label: label.to_owned(), numeric, sort: None };
    let field = |code: &str| RecordKind::AidProject.field(code).map_or("", |field| field_label(t, field));
    let mut heads: Vec<Column> =
        ["region", "supporting", "category", "mode"].map(|code| of(field(code), false)).into();
    heads.extend(COLUMNS.iter().map(|step| of(step_label(t, *step), true)));
    heads.extend([of(t.aid_rate_arrived(), true), of(t.aid_rate_spent(), true), of(t.state(), false)]);
    heads
}

fn row(within: &Within, labels: &Labels, asking: &Asking, ledger: &AidLedger, entry: &Entry) -> ListRow {
    let t = within.locale;
    let none = AidSums::new();
    let sums = ledger.sums.get(&entry.record.id).unwrap_or(&none);
    let code = &entry.record.code;
    let show = Show { within, labels, names: &ledger.page.names };
    let field = |code: &str| {
        RecordKind::AidProject.field(code).map_or(Cell::Unknown, |field| show.cell(entry, field))
    };
    let mut cells: Vec<Cell> = ["region", "supporting", "category", "mode"].map(field).into();
    let amount = |step: &AidStep| sum_cell(t, sums.get(step), || asking.opens(within, *step, Some(code)));
    cells.extend(COLUMNS.iter().map(amount));
    for (part, whole) in [(AidStep::Arrived, AidStep::Issued), (AidStep::Spent, AidStep::Arrived)] {
        let rate = percent(part_of(sums, part, whole));
        cells.push(if rate.is_empty() { Cell::Nothing } else { Cell::Number(rate) });
    }
    let warn = |label: String| Badge { label, tone: Tone::Warn };
    let badges = status(within, entry).into_iter().chain(warnings(t, sums).into_iter().map(warn));
    cells.push(Cell::Badges(badges.collect()));
    ListRow {
        code: code.clone(),
        title: labels::pick_title(t, &entry.record).to_owned(),
        href: within.to(&format!("records/{code}")),
        sub: code.clone(),
        depth: 0,
        cells,
    }
}

fn summary(within: &Within, asking: &Asking, ledger: &AidLedger) -> AidSummary {
    let t = within.locale;
    let total = |step: &AidStep| AidTotal {
        label: step_label(t, *step).to_owned(),
        amount: sum_cell(t, ledger.totals.get(step), || asking.opens(within, *step, None)),
    };
    let mut rates = rates(t, &ledger.totals);
    let app::AidStarts { planned, started } = ledger.starts;
    rates.push(AidRate {
        label: t.aid_rate_started().to_owned(),
        value: percent(rate(started, planned)),
        note: t.aid_rate_started_of(started, planned),
    });
    let settings = within
        .may(Right::ManageSettings)
        .then(|| Link { label: t.aid_shares_set().to_owned(), href: within.to("settings/aid-shares") });
    AidSummary {
        locale: t,
        time: asking.time(t),
        totals: AidStep::ALL.iter().map(total).collect(),
        rates,
        shares: ledger.shares.iter().map(|share| share_row(within, asking, share)).collect(),
        settings,
        rule: t.aid_rule().to_owned(),
    }
}

/// What a share asks, in words.
pub(crate) fn condition(within: &Within, rule: &app::AidShare) -> String {
    let t = within.locale;
    let FieldType::Choice(list) = rule.field.kind else { return String::new() };
    let chosen = list.iter().filter(|choice| rule.choices.iter().any(|code| code == choice.code));
    let words: Vec<&str> = chosen.map(|choice| choice_label(within, choice)).collect();
    let words = words.join(if t == Locale::Zh { "、" } else { ", " });
    t.aid_share_condition(step_label(t, rule.step), field_label(t, rule.field), words)
}

fn share_row(within: &Within, asking: &Asking, share: &AidShareStanding) -> AidShareRow {
    let t = within.locale;
    let rule = &share.rule;
    let opens = |href: String, fen: i64| match share.kept.share {
        Some(_) => Cell::Opens(format::plain_amount(t, fen, Unit::cny()), href),
        None => Cell::Nothing,
    };
    let all = asking.opens(within, rule.step, None);
    // The list narrowed to where the money should go; a filter that asks for the field already is replaced.
    let with: Vec<(&str, &str)> = rule.choices.iter().map(|code| (rule.field.code, code.as_str())).collect();
    let with: Vec<_> = with.into_iter().chain([("step", rule.step.code())]).collect();
    let part = asking.query.address(&within.to("aid/figures"), &["sort", "step", rule.field.code], &with);
    let (label, tone) = match (share.kept.share, share.kept.missing) {
        (None, _) => (t.aid_share_no_money(), Tone::Neutral),
        (_, 0) => (t.aid_share_kept(), Tone::Good),
        _ => (t.aid_share_not_kept(), Tone::Bad),
    };
    let yuan = |fen: i64| (fen > 0).then(|| format::plain_amount(t, fen, Unit::cny()));
    AidShareRow {
        label: if t == Locale::Zh { rule.zh.clone() } else { rule.en.clone() },
        condition: condition(within, rule),
        minimum: percent(Some(rule.minimum)),
        share: percent(share.kept.share),
        part: opens(part, share.part),
        whole: opens(all, share.whole),
        kept: Badge { label: label.to_owned(), tone },
        missing: yuan(share.kept.missing),
        unknown: yuan(share.unknown),
    }
}

/// `GET aid/figures`: of the step, year and filter that the query names, or of one `project`.
pub(crate) async fn figures(within: Within, RawQuery(query): RawQuery) -> Result<Html<String>, Failure> {
    let labels = within.labels().await?;
    let text = query.unwrap_or_default();
    let asking = Asking::new(&within, &labels, &text).await?;
    let t = within.locale;
    let step = match asking.query.get("step") {
        "" => AidStep::Planned,
        code => AidStep::from_code(code).ok_or(Failure::PageNotFound)?,
    };
    let mut filter = asking.asked.filter.clone();
    let project = asking.query.get("project");
    let mut crumbs = vec![Link { label: t.aid_ledger().to_owned(), href: within.to("aid") }];
    let mut words = asking.in_words(&within, &labels);
    if !project.is_empty() {
        let record = within.app().record(&within.actor, within.id(), project).await?;
        if record.kind != RecordKind::AidProject {
            return Err(Failure::PageNotFound);
        }
        filter.conditions.push(Condition::Among(vec![record.id]));
        let label = labels::pick_title(t, &record).to_owned();
        words = format!("{label} · {}", asking.time(t));
        crumbs = vec![Link { label, href: within.to(&format!("records/{project}#aid-money")) }];
    }
    let before = asking.query.get("before").parse().ok();
    let (app, actor, id) = (within.app(), &within.actor, within.id());
    let of = (asking.year, step);
    let sum = app.aid_sum(actor, id, filter.clone(), of).await?;
    let mut rows = app.aid_figures(actor, id, filter, of, (before, PAGE + 1)).await?;
    let size = usize::try_from(PAGE).unwrap_or(0);
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(|last| {
        let last = last.figure.id.to_string();
        asking.query.address(&within.to("aid/figures"), &["before"], &[("before", &last)])
    });
    let page = AidFigures {
        shell: within.shell_of("aid").await?,
        crumbs,
        title: format!("{} · {}", step_label(t, step), asking.time(t)),
        filter: words,
        sum: sum.map_or(Cell::Nothing, |sum| Cell::Amount(format::amount(t, quantity(sum)))),
        rows: rows.iter().map(|row| labels.figure_row(&within, row)).collect(),
        next,
    };
    Ok(Html(page.render()))
}

/// The filter of a ledger with its year, for its workbook.
pub(crate) fn filter_of(asking: &Asking) -> ListFilter {
    let mut filter = asking.asked.filter.clone();
    filter.conditions.extend(asking.year.map(Condition::AidYear));
    filter
}
