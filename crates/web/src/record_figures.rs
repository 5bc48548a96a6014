//! The figures of a record, and entering one with what proves it.

use crate::failure::Failure;
use crate::form_body::pairs;
use crate::format;
use crate::labels::{self, Labels, choice};
use crate::proof;
use crate::small_form::{Refused, Sent, answer};
use crate::visit::Within;
use app::{EntryDetail, FigureRow, ProjectMeasure, RecordFigure, RecordKind};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use domain::Measure;
use locale::Locale;
use pages::{Choice, Control, FormField, InlineForm, Link, MeasureLine, RecordFigures, picked, picked_code};

/// The part of the page.
const PART: &str = "figures";
const FORM: &str = "add-figure";
const JOBS: &str = "add-jobs";
/// Longest text of a field of one line.
const LINE_CHARS: u32 = 500;

/// The figures of a record, with the form for one more.
pub(crate) async fn part(
    within: &Within,
    labels: &Labels,
    detail: &EntryDetail,
    refused: &Refused,
) -> Result<RecordFigures, Failure> {
    let is_project = detail.entry.record.kind == RecordKind::Project;
    Ok(RecordFigures {
        rows: detail.figures.iter().map(|of| row(within, labels, detail, of)).collect(),
        all: (!detail.figures.is_empty()).then(|| Link {
            label: within.locale.all().to_owned(),
            href: within.to(&format!("figures?record={}", detail.entry.record.code)),
        }),
        add: detail.enterable.then(|| form(within, labels, detail, refused.sent(FORM))),
        jobs: (detail.enterable && is_project).then(|| jobs(within, detail, refused.sent(JOBS))),
        measures: match is_project {
            true => measures(within, &detail.entry.record.code).await?,
            false => Vec::new(),
        },
    })
}

/// A figure; one that is withdrawn with the day and the reason.
fn row(within: &Within, labels: &Labels, detail: &EntryDetail, of: &FigureRow) -> pages::FigureRow {
    let note = detail.withdrawals.get(&of.figure.id).map(|withdrawn| {
        let reason = labels::reason(within.locale, withdrawn.reason.as_deref());
        let day = withdrawn.effective_on.unwrap_or_else(|| withdrawn.at.to_zoned(within.zone()).date());
        let parts = [day.to_string(), reason];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    });
    pages::FigureRow { note: note.unwrap_or_default(), ..labels.figure_row(within, of) }
}

/// Planned and actual of each measure of a project, and as of when.
pub(crate) async fn measures(within: &Within, code: &str) -> Result<Vec<MeasureLine>, Failure> {
    let t = within.locale;
    let lines = within.app().project_measure_list(&within.actor, within.id(), code).await?;
    let cell = |quantity: Option<domain::Quantity>| quantity.map(|quantity| format::amount(t, quantity));
    let line = |of: &ProjectMeasure| MeasureLine {
        measure: Link {
            label: labels::measure(t, of.group.measure).to_owned(),
            href: within.to(&format!("figures?record={code}&measure={}", of.group.measure.code())),
        },
        planned: cell(of.planned),
        actual: cell(of.actual),
        as_of: of.as_of.map(|day| day.to_string()).unwrap_or_default(),
    };
    Ok(lines.iter().map(line).collect())
}

/// A count of jobs from the employer's filing: for a period, proved, and nothing but the count (law 9).
fn jobs(within: &Within, detail: &EntryDetail, sent: Sent<'_>) -> InlineForm {
    let t = within.locale;
    let text = |name: &str| Control::Text { value: sent.get(name).to_owned(), max_length: LINE_CHARS };
    let day = |name: &str| Control::Date(sent.get(name).to_owned());
    let unit = domain::Unit::from_code("job").map_or("", |unit| format::unit_label(t, unit));
    let count = Control::Quantity { value: sent.get("amount").to_owned(), unit: unit.to_owned() };
    let mut fields = vec![
        sent.field(t, "amount", labels::measure(t, Measure::Jobs), count).required(),
        sent.field(t, "period_from", t.claim_period_from(), day("period_from")).required(),
        sent.field(t, "period_to", t.claim_period_to(), day("period_to")).required(),
        sent.field(t, "citation_on", t.jobs_filed_on(), day("citation_on")).required(),
    ];
    fields.extend(proof::document(t, detail, sent));
    let source = sent.field(t, "citation_title", t.jobs_source(), text("citation_title"));
    fields.push(FormField { hint: t.jobs_hint().to_owned(), ..source });
    let hidden = [
        ("form", JOBS),
        ("measure", "jobs"),
        ("amount_unit", "job"),
        ("amount_approx", "exact"),
        ("role", "actual"),
        ("period_kind", "flow"),
    ];
    InlineForm {
        id: JOBS.to_owned(),
        label: t.jobs_add().to_owned(),
        action: within.to(&format!("records/{}/figures", detail.entry.record.code)),
        hidden: hidden.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        fields,
        submit: t.jobs_add().to_owned(),
        open: sent.is_open(),
    }
}

/// Events and framework agreements have sub-totals by region.
fn has_subtotals(detail: &EntryDetail) -> bool {
    let entry = &detail.entry;
    entry.record.kind == RecordKind::Event || entry.text("kind") == Some("framework")
}

fn form(within: &Within, labels: &Labels, detail: &EntryDetail, sent: Sent<'_>) -> InlineForm {
    let t = within.locale;
    let text = |name: &str| Control::Text { value: sent.get(name).to_owned(), max_length: LINE_CHARS };
    let day = |name: &str| Control::Date(sent.get(name).to_owned());
    let amount = Control::Amount {
        value: sent.get("amount").to_owned(),
        unit: units(t, sent.get_or("amount_unit", "wan")),
        approx: labels::approximations(t, sent.get_or("amount_approx", "exact")),
    };
    let measures = Control::Choice(labels::measures(t, sent.get("measure")));
    let roles = Control::Choice(labels::roles(t, sent.get_or("role", "actual")));
    let kinds = Control::Choice(labels::time_kinds(t, sent.get_or("period_kind", "flow")));
    let mut fields = vec![
        sent.field(t, "measure", t.measure(), measures).required(),
        sent.field(t, "amount", t.value(), amount).required(),
        sent.field(t, "role", t.role(), roles).required(),
        sent.field(t, "period_kind", t.claim_period_kind(), kinds).required(),
        sent.field(t, "period_from", t.claim_period_from(), day("period_from")),
        sent.field(t, "period_to", t.claim_period_to(), day("period_to")),
        sent.field(t, "note", t.note(), text("note")),
    ];
    if has_subtotals(detail) {
        let region = labels.names.region_named(picked_code(sent.get("region")));
        let value = region.map(|region| picked(&labels.region(region.id), &region.code));
        let value = value.unwrap_or_else(|| sent.get("region").to_owned());
        let control = Control::Record { value, suggest: within.to("suggest/region") };
        fields.insert(2, sent.field(t, "region", t.sum_region(), control));
    }
    fields.extend(proof::fields(t, detail, sent, t.figure_citation_title(), LINE_CHARS));
    fields.push(sent.field(t, "citation_on", t.figure_citation_on(), day("citation_on")));
    InlineForm {
        id: FORM.to_owned(),
        label: t.figure_add().to_owned(),
        action: within.to(&format!("records/{}/figures", detail.entry.record.code)),
        fields,
        submit: t.figure_add().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

/// The handy units of yuan before all others.
fn units(t: Locale, selected: &str) -> Vec<Choice> {
    let mut units =
        vec![choice("wan", t.unit_wan_yuan(), selected), choice("yi", t.unit_yi_yuan(), selected)];
    units.extend(domain::Unit::all().map(|of| choice(of.code(), format::unit_label(t, of), selected)));
    units
}

/// `POST records/{code}/figures`
pub(crate) async fn add(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let pairs = pairs(&body);
    let of_jobs = pairs.iter().any(|(name, value)| name == "form" && value == JOBS);
    let form = if of_jobs { JOBS } else { FORM };
    let refused = Refused { form: form.to_owned(), pairs, ..Refused::default() };
    let sent = refused.sent(form);
    let text = |key: &str| sent.get(key).to_owned();
    let labels = within.labels().await?;
    let region = labels.names.region_named(picked_code(sent.get("region")));
    let new = RecordFigure {
        measure: text("measure"),
        amount: proof::typed_amount(sent),
        role: text("role"),
        period_kind: text("period_kind"),
        period_from: text("period_from"),
        period_to: text("period_to"),
        region: region.map_or_else(|| text("region"), |region| region.code.clone()),
        note: text("note"),
        proof: proof::typed(sent, sent.get("citation_on")),
    };
    let done = within.app().figure_add(&within.actor, within.id(), &code, &new).await;
    let done = done.map(|figure| within.locale.figure_added(figure));
    answer(&within, &code, PART, done, refused).await
}
