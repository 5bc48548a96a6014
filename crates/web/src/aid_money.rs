//! The money of an aid project on its page: its steps by year, its contracts with what was paid, and entering the next step.

use crate::aid::{figures_href, percent, quantity, rates, step_label, sum_cell, warnings};
use crate::failure::Failure;
use crate::format;
use crate::labels::{self, Labels, choice};
use crate::proof;
use crate::small_form::{Refused, Sent, answer};
use crate::values::{Show, link_to};
use crate::visit::Within;
use app::{AidStepInput, AidSums, Entry, EntryDetail, RecordKind, aid_steps};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use domain::aid::{AidStep, rate};
use domain::{Quantity, Unit};
use pages::{AidContractRow, AidMoney, AidStepRow, Cell, Control, FormField, InlineForm, Link, Notice, Tone};

const PART: &str = "aid-money";
const FORM: &str = "aid-step";
/// Longest text of one line.
const LINE_CHARS: u32 = 300;

/// The money of an aid project or a contract; none for other records. With what is to be looked at.
pub(crate) async fn part(
    within: &Within,
    labels: &Labels,
    detail: &EntryDetail,
    refused: &Refused,
) -> Result<Option<(AidMoney, Vec<Notice>)>, Failure> {
    let record = &detail.entry.record;
    if aid_steps(record.kind).is_empty() {
        return Ok(None);
    }
    let add = (detail.enterable && !record.archived).then(|| form(within, detail, refused.sent(FORM)));
    let empty = AidMoney { locale: within.locale, add, ..AidMoney::default() };
    if record.kind != RecordKind::AidProject {
        return Ok(Some((empty, Vec::new())));
    }
    let money = within.app().aid_money(&within.actor, within.id(), &record.code).await?;
    let t = within.locale;
    // A year that holds nothing but a plan over several years is no column.
    let years: Vec<_> = money.years.iter().filter_map(|(year, sums)| Some(((*year)?, sums))).collect();
    let mut heads: Vec<String> = years.iter().map(|(year, _)| t.aid_of_year(*year)).collect();
    heads.push(t.aid_total().to_owned());
    let steps = AidStep::ALL.iter().filter(|step| money.totals.contains_key(step));
    let row = |step: &AidStep| AidStepRow {
        label: step_label(t, *step).to_owned(),
        cells: years
            .iter()
            .map(|(year, sums)| (Some(*year), *sums))
            .chain([(None, &money.totals)])
            .map(|(year, sums)| {
                sum_cell(t, sums.get(step), || figures_href(within, &record.code, *step, year))
            })
            .collect(),
    };
    let new_contract = detail.editable.then(|| Link {
        label: t.aid_contract_new().to_owned(),
        href: within.to(&format!("lists/aid_contract/new?aid_project={}", record.code)),
    });
    let show = Show { within, labels, names: &money.names };
    let contracts =
        money.contracts.iter().map(|(contract, sums)| contract_row(&show, contract, sums)).collect();
    let part = AidMoney {
        heads,
        rows: steps.map(row).collect(),
        rates: rates(t, &money.totals),
        contracts: Some(contracts),
        new_contract,
        ..empty
    };
    Ok(Some((part, notices(within, &detail.entry, &money.totals))))
}

/// What is to be looked at: a step that holds more than the one it comes from, a plan of a cancelled project.
fn notices(within: &Within, project: &Entry, sums: &AidSums) -> Vec<Notice> {
    let t = within.locale;
    let mut words = warnings(t, sums);
    let plans = [AidStep::Programmed, AidStep::Planned];
    let planned = plans.iter().any(|step| sums.get(step).is_some_and(|sum| sum.low > 0));
    if project.text("status") == Some("cancelled") && planned {
        words.push(t.aid_cancelled_plan().to_owned());
    }
    words.into_iter().map(|text| Notice { tone: Tone::Warn, text, link: None }).collect()
}

fn contract_row(show: &Show<'_>, contract: &Entry, sums: &AidSums) -> AidContractRow {
    let t = show.within.locale;
    let field = |code: &str| {
        RecordKind::AidContract.field(code).map_or(Cell::Unknown, |field| show.cell(contract, field))
    };
    let link = link_to(show.within, &contract.record);
    let paid = sums.get(&AidStep::Spent);
    let whole = contract.amount.filter(|amount| amount.unit == Unit::cny() && amount.high.is_none());
    let paid_fen = paid.map_or(0, |sum| sum.low);
    let balance = whole.and_then(|amount| amount.low.checked_sub(paid_fen));
    AidContractRow {
        code: contract.record.code.clone(),
        contractor: field("contractor"),
        signed: field("signed_on"),
        amount: show.amount(contract.amount),
        paid: sum_cell(t, paid, || format!("{}#figures", link.href)),
        balance: match balance {
            Some(fen) => Cell::Amount(format::amount(t, Quantity { low: fen, ..quantity_of(whole) })),
            None => Cell::Unknown,
        },
        rate: percent(whole.and_then(|amount| rate(paid_fen, amount.low))),
        contract: link,
    }
}

fn quantity_of(amount: Option<Quantity>) -> Quantity {
    let none = domain::tally::Sum { low: 0, high: 0, approx: domain::Approx::Exact, count: 0 };
    amount.unwrap_or_else(|| quantity(none))
}

fn form(within: &Within, detail: &EntryDetail, sent: Sent<'_>) -> InlineForm {
    let t = within.locale;
    let kind = detail.entry.record.kind;
    let text = |name: &str| Control::Text { value: sent.get(name).to_owned(), max_length: LINE_CHARS };
    let units = vec![
        choice("wan", t.unit_wan_yuan(), sent.get_or("amount_unit", "wan")),
        choice("yi", t.unit_yi_yuan(), sent.get_or("amount_unit", "wan")),
        choice("CNY", labels::pick(t, Unit::cny().zh(), Unit::cny().en()), sent.get_or("amount_unit", "wan")),
    ];
    let approx = labels::approximations(t, sent.get_or("amount_approx", "exact"));
    let amount = Control::Amount { value: sent.get("amount").to_owned(), unit: units, approx };
    let steps = aid_steps(kind);
    let steps = steps.iter().map(|step| choice(step.code(), step_label(t, *step), sent.get("step")));
    let mut fields = vec![
        sent.field(t, "step", t.aid_step(), Control::Choice(steps.collect())).required(),
        sent.field(t, "amount", t.value(), amount).required(),
        sent.field(t, "on", t.aid_step_on(), Control::Date(sent.get("on").to_owned())).required(),
    ];
    if kind == RecordKind::AidProject {
        let year = sent.field(t, "year", t.aid_step_year(), text("year"));
        fields.push(FormField { hint: t.aid_step_year_hint().to_owned(), ..year });
    }
    fields.extend(proof::fields(t, detail, sent, t.aid_citation_title(), LINE_CHARS));
    let checked = sent.get("unproven") == "yes";
    let unproven = Control::Flag { checked, text: t.aid_step_unproven_text().to_owned() };
    fields.push(sent.field(t, "unproven", t.aid_step_unproven(), unproven));
    fields.push(sent.field(t, "note", t.note(), text("note")));
    let label = if kind == RecordKind::AidProject { t.aid_step_add() } else { t.aid_payment_add() };
    InlineForm {
        id: FORM.to_owned(),
        label: label.to_owned(),
        action: within.to(&format!("records/{}/aid-step", detail.entry.record.code)),
        fields,
        submit: label.to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

/// `POST records/{code}/aid-step`
pub(crate) async fn add(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of(FORM, &body);
    let sent = refused.sent(FORM);
    let text = |key: &str| sent.get(key).to_owned();
    let new = AidStepInput {
        step: text("step"),
        amount: proof::typed_amount(sent),
        on: text("on"),
        year: text("year"),
        note: text("note"),
        // Without a title there is nothing whose day it could be.
        proof: proof::typed(
            sent,
            if sent.get("citation_title").trim().is_empty() { "" } else { sent.get("on") },
        ),
        unproven: sent.get("unproven") == "yes",
    };
    let done = within.app().aid_step_add(&within.actor, within.id(), &code, &new).await;
    let t = within.locale;
    let done = done.map(|done| match done.again {
        true => t.aid_step_again(done.figure),
        false => t.aid_step_added(done.figure),
    });
    answer(&within, &code, PART, done, refused).await
}
