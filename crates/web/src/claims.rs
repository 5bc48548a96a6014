//! Claims: the list of open ones, the panel of one, and deciding it.

use crate::failure::{self, Failure};
use crate::labels::{self, Labels, claim_amount, reading_of};
use crate::quotes::Texts;
use crate::reader::{counts, state};
use crate::visit::{Wants, Within};
use crate::{meeting, reader, redirect};
use app::{Claim, ClaimReading, ClaimState, Correction, Decided, Resolved, Right};
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use pages::{ClaimForm, ClaimPanel, Claims, Field, Flash, Link, Nav, ReviewItem, Tone, Wrong};
use serde::Deserialize;

const PAGE: i64 = 50;
/// How many open claims are looked through for certain ones at a time.
const SEARCHED: i64 = 500;

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    certain: Option<String>,
    before: Option<i64>,
}

/// `GET claims`
pub(crate) async fn list(within: Within, Query(query): Query<ListQuery>) -> Result<Html<String>, Failure> {
    let only_certain = query.certain.as_deref() == Some("1");
    let read = if only_certain { SEARCHED } else { PAGE };
    let (claims, open) = within.app().claim_list_open(&within.actor, within.id(), query.before, read).await?;
    let full = i64::try_from(claims.len()).unwrap_or(0) == read;
    let wanted = |claim: &&Claim| !only_certain || claim.certain;
    let shown: Vec<&Claim> = claims.iter().filter(wanted).take(usize::try_from(PAGE).unwrap_or(0)).collect();
    let cut = shown.len() == usize::try_from(PAGE).unwrap_or(0);
    let last = if cut {
        shown.last().map(|claim| claim.id)
    } else {
        claims.last().map(|claim| claim.id).filter(|_| full)
    };
    let certain = if only_certain { "certain=1&" } else { "" };
    let (_, news) = within.app().project_claim_list_open(&within.actor, within.id(), None, 1).await?;
    let page = Claims {
        shell: within.shell(Nav::Claims).await?,
        rows: review_items(&within, &shown).await?,
        open: usize::try_from(open).unwrap_or(0),
        news: usize::try_from(news).unwrap_or(0),
        only_certain,
        next: last.filter(|_| cut || full).map(|last| within.to(&format!("claims?{certain}before={last}"))),
    };
    Ok(Html(page.render()))
}

/// Claims as lines of a list.
pub(crate) async fn review_items(within: &Within, claims: &[&Claim]) -> Result<Vec<ReviewItem>, Failure> {
    let mut texts = Texts::of(within, claims).await?;
    let labels = within.labels().await?;
    let mut items = Vec::new();
    for claim in claims {
        let reading = reading_of(claim)?;
        items.push(ReviewItem {
            id: claim.id.to_string(),
            quote: texts.quote(within, claim).await?,
            measure: labels::measure(within.locale, reading.measure).to_owned(),
            value: claim_amount(within.locale, &reading),
            role: labels::role_unless_actual(within.locale, reading.role),
            place: reading.place.as_ref().map(|place| labels.place(&place.text)).unwrap_or_default(),
            period: period(within, &reading),
            certain: claim.certain,
        });
    }
    Ok(items)
}

fn period(within: &Within, reading: &ClaimReading) -> String {
    let phrase = reading.phrase.as_ref().map(|phrase| phrase.text.as_str());
    crate::format::period(within.locale, reading.period, phrase)
}

type ClaimPath = Path<(String, i64)>;

/// `GET claims/{id}`
pub(crate) async fn show(within: Within, Path((_, id)): ClaimPath) -> Result<Response, Failure> {
    if within.visit.wants == Wants::Page {
        let (claim, _) = within.app().claim(&within.actor, within.id(), id).await?;
        return Ok(redirect::to(&within.claim_href(&claim)));
    }
    Ok(Html(panel(&within, id).await?.render()).into_response())
}

/// What was understood of a claim, and what this user may do with it.
pub(crate) async fn panel(within: &Within, id: i64) -> Result<ClaimPanel, Failure> {
    let (claim, resolved) = within.app().claim(&within.actor, within.id(), id).await?;
    let (labels, reading) = (within.labels().await?, reading_of(&claim)?);
    let figure = match claim.figure {
        Some(figure) => match within.app().record_by_id(&within.actor, within.id(), figure).await {
            Ok(record) => Some(record.code),
            // The figure of a record that is not open to the reader.
            Err(app::Error::NotFound) => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let can_review = within.may_on(claim.document, Right::ReviewClaim).await?;
    let corrected = claim.state == ClaimState::Corrected;
    Ok(ClaimPanel {
        shell: within.visit.shell(Nav::Documents),
        id: id.to_string(),
        state: state(claim.state),
        certain: claim.certain,
        quote: claim.quote.clone(),
        measure: labels::measure(within.locale, reading.measure).to_owned(),
        value: claim_amount(within.locale, &reading),
        fields: fields(within, &labels, &reading, Some(&resolved)),
        trail: trail(within, &claim),
        before_correction: if corrected { as_read(within, &labels, &claim.reading) } else { Vec::new() },
        figure: figure.map(|code| Link { href: within.to(&format!("figures/{code}")), label: code }),
        attached: false,
        reject_reason: String::new(),
        reject_typed: String::new(),
        reject_wrong: Wrong::default(),
        form: form(within, &reading),
        meeting: meeting::part(within, &labels, &claim, &resolved, can_review).await?,
        can_review,
        flash: None,
        counts: None,
    })
}

fn field(label: &str, value: String, note: String) -> Field {
    Field { label: label.to_owned(), value, href: None, note }
}

fn words(mention: Option<&app::Mention>) -> String {
    mention.map(|mention| mention.text.clone()).unwrap_or_default()
}

fn fields(
    within: &Within,
    labels: &Labels,
    reading: &ClaimReading,
    resolved: Option<&Resolved>,
) -> Vec<Field> {
    let t = within.locale;
    let none = Resolved::default();
    let resolved = resolved.unwrap_or(&none);
    let hosts = labels.regions(&resolved.hosts);
    let place = labels.place(&words(reading.place.as_ref()));
    let note = if hosts.is_empty() || hosts == place { String::new() } else { format!("→ {hosts}") };
    let phrase = words(reading.phrase.as_ref());
    let days = crate::format::period(t, reading.period, None);
    let period = if days.is_empty() {
        field(t.period(), phrase, String::new())
    } else {
        field(t.period(), days, phrase)
    };
    vec![
        field(t.role(), labels::role(t, reading.role).to_owned(), String::new()),
        field(t.place(), place, note),
        field(t.supporter(), labels.regions(&resolved.supporters), String::new()),
        period,
        field(t.organisation(), words(reading.organisation.as_ref()), String::new()),
        field(t.event(), words(reading.event.as_ref()), String::new()),
    ]
}

/// The rules that decided value, unit, measure and role; one without a label of its own is shown by its name.
fn trail(within: &Within, claim: &Claim) -> Vec<Field> {
    let t = within.locale;
    let label = |rule| t.by_key(&format!("rule_{}", str::replace(rule, '-', "_"))).unwrap_or(rule);
    let rules: Vec<_> = claim.trail.split_whitespace().map(label).collect();
    let decided = [t.value(), t.unit(), t.measure(), t.role()];
    let mut trail = match rules.len() == decided.len() {
        true => decided
            .iter()
            .zip(&rules)
            .map(|(of, rule)| field(of, (*rule).to_owned(), String::new()))
            .collect(),
        false => vec![field(t.claim_rules(), rules.join(" · "), String::new())],
    };
    trail.push(field(t.claim_engine(), claim.engine.clone(), String::new()));
    trail
}

fn as_read(within: &Within, labels: &Labels, reading: &ClaimReading) -> Vec<Field> {
    let t = within.locale;
    let mut all = vec![
        field(t.measure(), labels::measure(t, reading.measure).to_owned(), String::new()),
        field(t.value(), labels::one_line(&claim_amount(t, reading)), String::new()),
    ];
    all.extend(fields(within, labels, reading, None).into_iter().filter(|field| !field.value.is_empty()));
    all
}

fn form(within: &Within, reading: &ClaimReading) -> ClaimForm {
    let t = within.locale;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    ClaimForm {
        measure: labels::measures(t, reading.measure.code()),
        value: reading.value.clone(),
        value_max: reading.value_max.clone().unwrap_or_default(),
        unit: labels::units(t, &reading.unit),
        approx: labels::approximations(t, reading.approx.code()),
        role: labels::roles(t, reading.role.code()),
        place: words(reading.place.as_ref()),
        org: words(reading.organisation.as_ref()),
        period_from: day(reading.period.from),
        period_to: day(reading.period.to),
        period_kind: labels::time_kinds(t, reading.period.kind.code()),
        wrong: Wrong::default(),
    }
}

fn typed(within: &Within, new: &Correction, wrong: Wrong) -> ClaimForm {
    let t = within.locale;
    ClaimForm {
        measure: labels::measures(t, &new.measure),
        value: new.value.clone(),
        value_max: new.value_max.clone(),
        unit: labels::units(t, &new.unit),
        approx: labels::approximations(t, &new.approx),
        role: labels::roles(t, &new.role),
        place: new.place.clone(),
        org: new.org.clone(),
        period_from: new.period_from.clone(),
        period_to: new.period_to.clone(),
        period_kind: labels::time_kinds(t, &new.period_kind),
        wrong,
    }
}

/// `POST claims/{id}/accept`
pub(crate) async fn accept(within: Within, Path((_, id)): ClaimPath) -> Result<Response, Failure> {
    let decided = within.app().claim_accept(&within.actor, within.id(), id).await;
    answer(&within, id, decided, Sent::Nothing).await
}

#[derive(Deserialize)]
pub(crate) struct RejectFields {
    #[serde(default)]
    pub(crate) reason: String,
}

/// `POST claims/{id}/reject`
pub(crate) async fn reject(
    within: Within,
    Path((_, id)): ClaimPath,
    Form(fields): Form<RejectFields>,
) -> Result<Response, Failure> {
    let decided = within.app().claim_reject(&within.actor, within.id(), id, &fields.reason).await;
    answer(&within, id, decided, Sent::Reason(fields.reason)).await
}

/// `POST claims/{id}/correct`
pub(crate) async fn correct(
    within: Within,
    Path((_, id)): ClaimPath,
    Form(new): Form<Correction>,
) -> Result<Response, Failure> {
    let decided = within.app().claim_correct(&within.actor, within.id(), id, &new).await;
    answer(&within, id, decided, Sent::Correction(Box::new(new))).await
}

/// `POST claims/{id}/reopen`
pub(crate) async fn reopen(within: Within, Path((_, id)): ClaimPath) -> Result<Response, Failure> {
    let decided = within.app().claim_reopen(&within.actor, within.id(), id).await;
    answer(&within, id, decided, Sent::Nothing).await
}

/// What a form of the panel sent.
enum Sent {
    Nothing,
    Reason(String),
    Correction(Box<Correction>),
}

/// What a correction is made of.
const CORRECTED: &[&str] = &[
    "measure",
    "value",
    "value_max",
    "unit",
    "approx",
    "role",
    "place",
    "org",
    "period_from",
    "period_to",
    "period_kind",
];

/// The panel again, or the reader with the claim open; what was refused is said there, at its field.
async fn answer(
    within: &Within,
    id: i64,
    decided: app::Result<Decided>,
    sent: Sent,
) -> Result<Response, Failure> {
    let (fields, or): (&[&str], _) = match &sent {
        Sent::Correction(_) => (CORRECTED, "value"),
        Sent::Nothing | Sent::Reason(_) => (&["reason"], "reason"),
    };
    let (attached, refused) = match decided {
        Ok(decided) => (matches!(decided, Decided::Attached(_)), None),
        Err(error) => (false, Some(failure::wrong(within.locale, error, fields, or)?)),
    };
    let (claim, _) = within.app().claim(&within.actor, within.id(), id).await?;
    let as_page = within.visit.wants == Wants::Page;
    if as_page && refused.is_none() {
        return Ok(redirect::to(&within.claim_href(&claim)));
    }
    let mut panel = panel(within, id).await?;
    (panel.counts, panel.attached) = (Some(counts(within, claim.document).await?), attached);
    let mut status = StatusCode::OK;
    if let Some((refused, wrong)) = refused {
        status = refused;
        match sent {
            Sent::Correction(new) if claim.state == ClaimState::Open => {
                panel.form = typed(within, &new, wrong);
            }
            Sent::Reason(reason) if claim.state == ClaimState::Open => {
                (panel.reject_typed, panel.reject_wrong) = (reason, wrong);
            }
            _ => panel.flash = Some(Flash { tone: Tone::Bad, text: wrong.words, ..Flash::default() }),
        }
    }
    if as_page {
        panel.counts = None;
        return Ok((status, reader::opened(within, &claim, panel).await?).into_response());
    }
    Ok((status, Html(panel.render())).into_response())
}
