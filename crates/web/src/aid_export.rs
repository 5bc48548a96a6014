//! The ledger of aid money as a workbook: the lines of its filter, and on the last sheet filter, time, measures, rule, totals
//! and shares.

use crate::aid::{Asking, condition, filter_of, percent, quantity, step_label};
use crate::failure::Failure;
use crate::labels::{self, one_line};
use crate::values::{Show, field_label};
use crate::visit::Within;
use crate::{export, format, redirect};
use app::{AidLedger, AidSums, Cell, Column, Entry, ExportFormat, Kind, RecordKind, RecordNames};
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::Unit;
use domain::aid::{AidStep, rate};

/// The fields of a line, behind code and title.
const FIELDS: &[&str] = &[
    "region",
    "place_level",
    "supporting",
    "payer_level",
    "category",
    "purpose",
    "mode",
    "plan_change",
    "status",
    "owner",
];

/// `GET aid/export.xlsx`
pub(crate) async fn xlsx(
    within: Within,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let labels = within.labels().await?;
    let asking = Asking::new(&within, &labels, &query.unwrap_or_default()).await?;
    if !asking.asked.problems.is_empty() {
        // The page says what is wrong with the filter.
        return Ok(redirect::to(&asking.query.address(&within.to("aid"), &[], &[])));
    }
    let (app, actor, t) = (within.app(), &within.actor, within.locale);
    let sort = asking.query.sort(RecordKind::AidProject);
    let what = (asking.asked.filter.clone(), sort, asking.year);
    let ledger = app.aid_ledger(actor, within.id(), what, (None, 1)).await?;
    let sums = app.aid_sums(actor, within.id(), asking.asked.filter.clone(), asking.year).await?;
    let lines = lines(&within, &ledger);
    let about = export::about_list(&within, t.aid_ledger(), asking.in_words(&within, &labels), lines).await?;
    let base = export::base(&within, &headers, "records/");
    let cells = |entry: &Entry, names: &RecordNames| {
        let none = AidSums::new();
        let sums = sums.get(&entry.record.id).unwrap_or(&none);
        cells(&Show { within: &within, labels: &labels, names }, base.as_deref(), entry, sums)
    };
    let columns = columns(&within);
    let list = (filter_of(&asking), sort);
    let file =
        app.entry_export(actor, within.id(), list, ExportFormat::Xlsx, (&columns, about), &cells).await?;
    Ok(export::answer(&within, "aid", ExportFormat::Xlsx, file))
}

/// What the last sheet says beside filter and time: the measures, the rule, totals and shares.
fn lines(within: &Within, ledger: &AidLedger) -> Vec<(String, String)> {
    let t = within.locale;
    let measures: Vec<_> = AidStep::ALL
        .iter()
        .map(|step| format!("{}: {}", step_label(t, *step), labels::measure(t, step.measure())))
        .collect();
    let mut lines = vec![
        (t.measure().to_owned(), measures.join("; ")),
        (t.counting_rule().to_owned(), t.aid_rule().to_owned()),
    ];
    for (step, sum) in &ledger.totals {
        let label = format!("{} · {}", t.aid_totals(), step_label(t, *step));
        lines.push((label, one_line(&format::amount(t, quantity(*sum)))));
    }
    for share in &ledger.shares {
        let missing = format::plain_amount(t, share.kept.missing, Unit::cny());
        let words = [
            condition(within, &share.rule),
            format!("{} {}", t.aid_share_minimum(), percent(Some(share.rule.minimum))),
            format!("{} {}", t.aid_share_now(), percent(share.kept.share)),
            format!("{} {}", t.aid_share_missing(), one_line(&missing)),
        ];
        lines.push((t.aid_share().to_owned(), words.join("; ")));
    }
    lines
}

fn columns(within: &Within) -> Vec<Column> {
    let t = within.locale;
    let column = |heading: &str, width, kind| Column { heading: heading.to_owned(), width, kind };
    let yuan = labels::pick(t, Unit::cny().zh(), Unit::cny().en());
    let mut columns = vec![column(t.code_label(), 18, Kind::Text), column(t.title_label(), 40, Kind::Text)];
    for code in FIELDS {
        let label = RecordKind::AidProject.field(code).map_or("", |field| field_label(t, field));
        columns.push(column(label, 16, Kind::Text));
    }
    for step in AidStep::ALL {
        columns.push(column(&format!("{} ({yuan})", step_label(t, *step)), 18, Kind::Number));
    }
    columns.push(column(&format!("{} (%)", t.aid_rate_arrived()), 12, Kind::Number));
    columns.push(column(&format!("{} (%)", t.aid_rate_spent()), 12, Kind::Number));
    columns
}

fn cells(show: &Show<'_>, base: Option<&str>, entry: &Entry, sums: &AidSums) -> Vec<Cell> {
    let text = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
    let code = entry.record.code.clone();
    let title = labels::pick_title(show.within.locale, &entry.record).to_owned();
    let mut cells = vec![
        match base {
            Some(base) => Cell::Link { url: format!("{base}{code}"), text: code },
            None => text(code),
        },
        text(title),
    ];
    for code in FIELDS {
        let field = RecordKind::AidProject.field(code);
        let words = field.map(|field| show.words(field, entry.values.get(field.code)));
        cells.push(text(words.unwrap_or_default()));
    }
    let amount = |step: AidStep| sums.get(&step).filter(|sum| sum.count > 0).map(|sum| sum.low);
    let number = |mantissa: Option<i64>| {
        mantissa.map_or(Cell::Empty, |mantissa| Cell::Number { mantissa, decimals: 2 })
    };
    cells.extend(AidStep::ALL.iter().map(|step| number(amount(*step))));
    for (part, whole) in [(AidStep::Arrived, AidStep::Issued), (AidStep::Spent, AidStep::Arrived)] {
        let of = amount(part).zip(amount(whole)).and_then(|(part, whole)| rate(part, whole));
        cells.push(number(of));
    }
    cells
}
