//! The list of figures with its filter, one figure, and its way to approval.

use crate::failure::{self, Failure};
use crate::labels::{self, Labels, choice};
use crate::quotes::Texts;
use crate::visit::Within;
use crate::{format, redirect, viewer};
use app::{EvidenceKind, FigureDetail, FigureFilter, NewValue, Right};
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{Html, IntoResponse, Response};
use domain::figure::Status;
use domain::{Measure, Quantity, TimeKind, Unit};
use jiff::civil::Date;
use locale::Locale;
use pages::{
    Action, Choice, Field, FigureCorrection, FigurePage, Figures, Flash, Link, LogEntry, Nav, ScanEvidence,
    Tone, Wrong,
};
use serde::Deserialize;

const PAGE: i64 = 50;
/// Documents offered in the filter.
const DOCUMENTS: i64 = 200;

/// The filter as the address holds it. Empty text is no condition.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FilterQuery {
    region: String,
    measure: String,
    unit: String,
    kind: String,
    from: String,
    to: String,
    status: String,
    document: String,
    record: String,
    before: Option<i64>,
}

impl FilterQuery {
    fn pairs(&self) -> [(&'static str, &String); 9] {
        [
            ("region", &self.region),
            ("measure", &self.measure),
            ("unit", &self.unit),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
            ("status", &self.status),
            ("document", &self.document),
            ("record", &self.record),
        ]
    }

    fn is_active(&self) -> bool {
        self.pairs().iter().any(|(_, value)| !value.is_empty())
    }

    /// The address of a list under this filter, from a key on.
    fn address(&self, path: &str, before: Option<i64>) -> String {
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        let pairs = self.pairs().into_iter().chain([("before", &before)]);
        let set: Vec<_> = pairs
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", crate::cookie::escape(value)))
            .collect();
        if set.is_empty() { path.to_owned() } else { format!("{path}?{}", set.join("&")) }
    }

    /// What the store filters by; what is unknown here matches nothing and is refused.
    pub(crate) async fn filter(&self, within: &Within, labels: &Labels) -> Result<FigureFilter, Failure> {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let day = |text: &str| {
            known(text).map(|text| text.parse::<Date>().map_err(|_| Failure::BadRequest)).transpose()
        };
        let code = |text: &str| known(text);
        let region =
            code(&self.region).map(|code| labels.names.region_coded(&code).ok_or(Failure::PageNotFound));
        let document = match code(&self.document) {
            Some(code) => Some(within.app().document(&within.actor, within.id(), &code).await?.id),
            None => None,
        };
        let record = match code(&self.record) {
            Some(code) => Some(within.app().record(&within.actor, within.id(), &code).await?.id),
            None => None,
        };
        Ok(FigureFilter {
            region: region.transpose()?.map(|region| region.id),
            measure: parsed(&self.measure, Measure::from_code)?,
            unit: parsed(&self.unit, Unit::from_code)?,
            time_kind: parsed(&self.kind, TimeKind::from_code)?,
            from: day(&self.from)?,
            to: day(&self.to)?,
            status: parsed(&self.status, Status::from_code)?,
            document,
            record,
            ..FigureFilter::default()
        })
    }

    /// The filter in words, for the export.
    pub(crate) fn words(&self, labels: &Labels) -> String {
        let region = labels.names.region_coded(&self.region).map(|region| labels.region(region.id));
        self.in_words(labels.locale, &region.unwrap_or_default())
    }

    fn in_words(&self, t: Locale, region: &str) -> String {
        let label = |label: Option<&str>, code: &str| label.unwrap_or(code).to_owned();
        let measure = Measure::from_code(&self.measure).map(|of| labels::measure(t, of));
        let unit = Unit::from_code(&self.unit).map(|of| format::unit_label(t, of));
        let kind = TimeKind::from_code(&self.kind).map(|of| format::time_kind(t, of));
        let status = Status::from_code(&self.status).map(|of| labels::status(t, of).label);
        let conditions = [
            (t.region(), label(Some(region).filter(|name| !name.is_empty()), &self.region)),
            (t.measure(), label(measure, &self.measure)),
            (t.unit(), label(unit, &self.unit)),
            (t.claim_period_kind(), label(kind, &self.kind)),
            (t.claim_period_from(), self.from.clone()),
            (t.claim_period_to(), self.to.clone()),
            (t.state(), label(status.as_deref(), &self.status)),
            (t.document(), self.document.clone()),
            (t.audit_record(), self.record.clone()),
        ];
        let set = conditions.into_iter().filter(|(_, value)| !value.is_empty());
        let words: Vec<_> = set.map(|(name, value)| format!("{name}: {value}")).collect();
        if words.is_empty() { t.all().to_owned() } else { words.join("; ") }
    }
}

fn parsed<T>(text: &str, from_code: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Failure> {
    if text.is_empty() { Ok(None) } else { from_code(text).map(Some).ok_or(Failure::BadRequest) }
}

/// `GET figures`
pub(crate) async fn list(within: Within, Query(query): Query<FilterQuery>) -> Result<Html<String>, Failure> {
    let labels = within.labels().await?;
    let filter = query.filter(&within, &labels).await?;
    let mut rows =
        within.app().figure_list(&within.actor, within.id(), &filter, query.before, PAGE + 1).await?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = rows.len() > page;
    rows.truncate(page);
    let (path, last) = (within.to("figures"), rows.last().map(|row| row.figure.id));
    let may_export = within.may(Right::Export);
    let formats = may_export.then_some(["xlsx", "csv", "jsonl"]).into_iter().flatten();
    let export = |end: &str| Link {
        label: within.locale.figures_export(end),
        href: query.address(&within.to(&format!("figures.{end}")), None),
    };
    let page = Figures {
        shell: within.shell(Nav::Figures).await?,
        filter: filter_bar(&within, &labels, &query).await?,
        rows: rows.iter().map(|row| labels.figure_row(&within, row)).collect(),
        // Those of a long list are not counted on the way to its page: at half a million that takes a second.
        count: (!more && query.before.is_none()).then_some(rows.len()),
        next: last.filter(|_| more).map(|last| query.address(&path, Some(last))),
        first: query.before.map(|_| query.address(&path, None)),
        exports: formats.map(export).collect(),
    };
    Ok(Html(page.render()))
}

async fn filter_bar(
    within: &Within,
    labels: &Labels,
    query: &FilterQuery,
) -> Result<pages::FigureFilter, Failure> {
    let t = within.locale;
    let any = |selected: &str| vec![choice("", t.all(), selected)];
    let mut measure = any(&query.measure);
    measure.extend(labels::measures(t, &query.measure));
    let mut status = any(&query.status);
    status
        .extend(Status::ALL.iter().map(|of| choice(of.code(), &labels::status(t, *of).label, &query.status)));
    let mut document = any(&query.document);
    for of in within.app().document_list(&within.actor, within.id(), None, DOCUMENTS).await? {
        document.push(choice(&of.code, of.display_title(), &query.document));
    }
    Ok(pages::FigureFilter {
        region: region_choices(labels, &query.region),
        measure,
        from: query.from.clone(),
        to: query.to.clone(),
        status,
        document,
        active: query.is_active(),
    })
}

/// The programme's regions; one that is filtered by and lies deeper is added.
pub(crate) fn region_choices(labels: &Labels, selected: &str) -> Vec<Choice> {
    let of = |id: i64| choice(&labels.region_code(id), &labels.region(id), selected);
    let mut choices = vec![choice("", labels.locale.all(), selected)];
    choices.extend(labels.names.taking_part().iter().map(|region| of(region.region)));
    if !choices.iter().any(|choice| choice.selected)
        && let Some(region) = labels.names.region_coded(selected)
    {
        choices.push(of(region.id));
    }
    choices
}

/// `GET figures/{code}`
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    Ok(Html(page(&within, code).await?.render()))
}

async fn page(within: &Within, code: String) -> Result<FigurePage, Failure> {
    let detail = within.app().figure(&within.actor, within.id(), &code).await?;
    let labels = within.labels().await?;
    let t = within.locale;
    let figure = &detail.entry.figure;
    let link = |code: &String| Link { label: code.clone(), href: within.to(&format!("figures/{code}")) };
    let period = format::period(t, figure.period, detail.entry.phrase.as_deref());
    let summary = [labels.regions(&figure.hosts), labels.regions(&figure.supporters), period];
    let summary: Vec<_> = summary.into_iter().filter(|part| !part.is_empty()).collect();
    let mut page = FigurePage {
        shell: within.shell(Nav::Figures).await?,
        measure: labels::measure(t, figure.measure).to_owned(),
        value: format::amount(t, figure.quantity),
        status: labels::status(t, figure.status),
        summary: summary.join(" · "),
        fields: fields(within, &labels, &detail),
        log: log(within, &detail),
        replaces: detail.replaces.as_ref().map(link),
        replaced_by: detail.replaced_by.as_ref().map(link),
        actions: actions(t, &detail.next),
        correction: detail.correctable.then(|| correction(t, figure.quantity)),
        code,
        ..FigurePage::default()
    };
    evidence(within, &detail, &mut page).await?;
    Ok(page)
}

fn correction(t: Locale, quantity: Quantity) -> FigureCorrection {
    FigureCorrection {
        value: quantity.low_decimal().normalize().to_string(),
        value_max: quantity.high_decimal().map(|high| high.normalize().to_string()).unwrap_or_default(),
        unit: format::unit_label(t, quantity.unit).to_owned(),
        approx: labels::approximations(t, quantity.approx.code()),
        ..FigureCorrection::default()
    }
}

fn fields(within: &Within, labels: &Labels, detail: &FigureDetail) -> Vec<Field> {
    let t = within.locale;
    let figure = &detail.entry.figure;
    let field = |label: &str, value: String| Field { label: label.to_owned(), value, ..Field::default() };
    let record = |label: &str, record: &Option<app::Record>| Field {
        label: label.to_owned(),
        value: record.as_ref().map(|record| labels::pick_title(t, record).to_owned()).unwrap_or_default(),
        href: record.as_ref().map(|record| within.to(&format!("records/{}", record.code))),
        note: String::new(),
    };
    let period = format::period(t, figure.period, detail.entry.phrase.as_deref());
    let mut fields = vec![
        field(t.role(), labels::role(t, figure.role).to_owned()),
        field(t.host(), labels.regions(&figure.hosts)),
        field(t.supporter(), labels.regions(&figure.supporters)),
        Field { note: detail.entry.phrase.clone().unwrap_or_default(), ..field(t.period(), period) },
        field(t.claim_period_kind(), format::time_kind(t, figure.period.kind).to_owned()),
        record(t.organisation(), &detail.organisation),
        record(t.event(), &detail.event),
        field(t.published_on(), figure.published.map(|day| day.to_string()).unwrap_or_default()),
    ];
    if let Some(note) = &detail.entry.note {
        fields.push(field(t.note(), note.clone()));
    }
    fields
}

fn log(within: &Within, detail: &FigureDetail) -> Vec<LogEntry> {
    let zone = within.zone();
    let entry = |entry: &app::StatusEntry| LogEntry {
        when: format::instant(entry.at, &zone),
        who: entry.user_name.clone().unwrap_or_else(|| within.locale.app_name().to_owned()),
        status: labels::status(within.locale, entry.status),
        reason: entry.reason.clone().unwrap_or_default(),
    };
    detail.log.iter().rev().map(entry).collect()
}

async fn evidence(within: &Within, detail: &FigureDetail, page: &mut FigurePage) -> Result<(), Failure> {
    page.closed = detail.closed;
    let mut texts = Texts::default();
    for (evidence, document, claim) in &detail.evidence {
        match (&evidence.kind, document, claim) {
            (_, _, Some(claim)) => page.quotes.push(texts.quote(within, claim).await?),
            (EvidenceKind::Region { page: number, rect }, Some(document), _) => {
                let href = within.to(&format!("documents/{}", document.code));
                let image = within.app().document_original(&within.actor, document).await?.media_type;
                page.scans.push(ScanEvidence {
                    image: crate::documents::is_image(&image).then(|| format!("{href}/original")),
                    rectangle: viewer::rectangle(*number, *rect),
                    document: Link { label: document.display_title().to_owned(), href },
                    note: String::new(),
                });
            }
            (EvidenceKind::Citation { title, publisher, published_on }, ..) => {
                let parts = [Some(title.clone()), publisher.clone(), published_on.map(|day| day.to_string())];
                page.citations.push(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
            }
            (EvidenceKind::Form { filing }, ..) => {
                let label = within.locale.evidence_form(filing);
                page.filings.push(Link { label, href: within.to(&format!("filings/{filing}")) });
            }
            (EvidenceKind::Cell { filing, digest, sheet, cell }, ..) => {
                let label = within.locale.evidence_cell(filing, format!("{sheet}!{cell}"));
                page.filings.push(Link { label, href: within.to(&format!("filings/{filing}")) });
                let href = within.to(&format!("filings/{filing}/sheets/{digest}"));
                page.filings.push(Link { label: within.locale.reporting_sheet().to_owned(), href });
            }
            (EvidenceKind::Sheet { import, sheet, cell, .. }, ..) => {
                let place = if sheet.is_empty() { cell.clone() } else { format!("{sheet}!{cell}") };
                let label = within.locale.evidence_sheet(place);
                let (column, row) = app::cell_place(cell).unwrap_or((0, 1));
                let href = within.to(&format!("imports/{import}/rows/{row}?column={column}"));
                page.filings.push(Link { label, href });
            }
            (EvidenceKind::Span { quote, .. }, Some(document), None) => {
                page.citations.push(format!("“{quote}” {}", document.display_title()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The word for a step in addresses and forms.
const STEPS: &[(&str, Status)] = &[
    ("review", Status::Reviewed),
    ("approve", Status::Approved),
    ("refile", Status::Filed),
    ("return", Status::Returned),
    ("withdraw", Status::Withdrawn),
];

fn actions(t: Locale, next: &[Status]) -> Vec<Action> {
    let action = |(code, status): &(&str, Status)| {
        let (label, tone, needs_reason) = match status {
            Status::Reviewed => (t.action_review(), Tone::Good, false),
            Status::Approved => (t.action_approve(), Tone::Good, false),
            Status::Filed => (t.action_refile(), Tone::Neutral, false),
            Status::Returned => (t.action_return(), Tone::Warn, true),
            Status::Withdrawn => (t.action_withdraw(), Tone::Bad, true),
        };
        Action { code: (*code).to_owned(), label: label.to_owned(), needs_reason, tone }
    };
    STEPS.iter().filter(|(_, status)| next.contains(status)).map(action).collect()
}

#[derive(Deserialize)]
pub(crate) struct StepFields {
    action: String,
    #[serde(default)]
    reason: String,
}

/// What a correction sends.
#[derive(Deserialize)]
pub(crate) struct CorrectionFields {
    #[serde(default)]
    value: String,
    #[serde(default)]
    value_max: String,
    #[serde(default)]
    approx: String,
    #[serde(default)]
    reason: String,
}

/// `POST figures/{code}/replace`
pub(crate) async fn replace(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    Form(fields): Form<CorrectionFields>,
) -> Result<Response, Failure> {
    let CorrectionFields { value, value_max, approx, reason } = fields;
    let new = NewValue { value, value_max, approx };
    let done = within.app().figure_replace(&within.actor, within.id(), &code, &new, &reason).await;
    match done {
        Ok(new) => {
            let to = within.to(&format!("figures/{new}"));
            Ok(redirect::with_flash(&within.visit, &to, Tone::Good, &within.locale.figure_corrected(&new)))
        }
        Err(error) => {
            let fields = ["value", "value_max", "approx", "reason"];
            let (status, wrong) = failure::wrong(within.locale, error, &fields, "value")?;
            let mut page = page(&within, code).await?;
            match &mut page.correction {
                Some(form) => {
                    (form.value, form.value_max, form.reason) = (new.value, new.value_max, reason);
                    form.approx = labels::approximations(within.locale, &new.approx);
                    form.wrong = wrong;
                }
                // Somebody else corrected or withdrew it: the form is gone.
                None => page.shell.flash = Some(said(wrong)),
            }
            Ok((status, Html(page.render())).into_response())
        }
    }
}

/// `POST figures/{code}/status`
pub(crate) async fn set_status(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    Form(fields): Form<StepFields>,
) -> Result<Response, Failure> {
    let step = STEPS.iter().find(|(name, _)| *name == fields.action).ok_or(Failure::BadRequest)?;
    match within.app().figure_set_status(&within.actor, within.id(), &code, step.1, &fields.reason).await {
        Ok(()) => {
            let words = within.locale.figure_now(labels::status(within.locale, step.1).label);
            let back = within.to(&format!("figures/{code}"));
            Ok(redirect::with_flash(&within.visit, &back, Tone::Good, &words))
        }
        Err(error) => {
            let (status, wrong) = failure::wrong(within.locale, error, &["reason"], "reason")?;
            let mut page = page(&within, code).await?;
            match page.actions.is_empty() {
                false => (page.step_reason, page.step_wrong) = (fields.reason, wrong),
                true => page.shell.flash = Some(said(wrong)),
            }
            Ok((status, Html(page.render())).into_response())
        }
    }
}

/// The words for a form that is no longer offered.
fn said(wrong: Wrong) -> Flash {
    Flash { tone: Tone::Bad, text: wrong.words, ..Flash::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_of_an_export_is_said_in_words() {
        let codes = ["funds_arrived", "CNY", "stock", "filed", "X1"];
        let [measure, unit, kind, status, region] = codes.map(str::to_owned);
        let query = FilterQuery { measure, unit, kind, status, region, ..FilterQuery::default() };
        for t in Locale::ALL {
            let words = query.in_words(t, "甲县");
            // The label of CNY is CNY in English.
            let raw = codes.iter().any(|code| *code != "CNY" && words.contains(code));
            assert!(!raw && words.contains("甲县"), "{words}");
            assert_eq!(FilterQuery::default().in_words(t, ""), t.all());
        }
    }
}
