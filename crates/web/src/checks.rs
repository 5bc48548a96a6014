//! Checks: a stated whole beside its stated parts.

use crate::failure::Failure;
use crate::format;
use crate::labels::{self, Labels, reading_of};
use crate::quotes::Texts;
use crate::visit::Within;
use app::{Claim, ClaimReading};
use axum::extract::Query;
use axum::response::Html;
use domain::Quantity;
use domain::check::Verdict as Shown;
use pages::{Amount, Check, CheckSummary, Checks, Nav, Part, Verdict};
use serde::Deserialize;

const PAGE: usize = 50;
/// Checks on the overview.
const FIRST: usize = 3;

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    verdict: Option<String>,
    #[serde(default)]
    skip: usize,
}

/// `GET checks`
pub(crate) async fn list(within: Within, Query(query): Query<ListQuery>) -> Result<Html<String>, Failure> {
    let all = within.app().check_list(&within.actor, within.id()).await?;
    let wanted = query.verdict.as_deref().and_then(Verdict::from_code);
    let matching: Vec<_> =
        all.iter().filter(|check| wanted.is_none_or(|wanted| verdict(check) == wanted)).collect();
    let matching = in_order(matching);
    let code = wanted.map(|wanted| format!("verdict={}&", wanted.code())).unwrap_or_default();
    let next = query.skip.saturating_add(PAGE);
    let (mut texts, labels) = (Texts::default(), within.labels().await?);
    let mut checks = Vec::new();
    for check in matching.iter().skip(query.skip).take(PAGE) {
        checks.push(view(&within, &labels, check, &mut texts).await?);
    }
    let page = Checks {
        shell: within.shell(Nav::Checks).await?,
        summary: counts(&all),
        checks,
        verdict: wanted,
        next: (matching.len() > next).then(|| within.to(&format!("checks?{code}skip={next}"))),
    };
    Ok(Html(page.render()))
}

/// How many checks hold, and the first few, what needs attention first.
pub(crate) async fn summary(within: &Within, all: &[app::Check]) -> Result<CheckSummary, Failure> {
    let mut summary = counts(all);
    let (mut texts, labels) = (Texts::default(), within.labels().await?);
    for check in in_order(all.iter().collect()).into_iter().take(FIRST) {
        summary.first.push(view(within, &labels, check, &mut texts).await?);
    }
    Ok(summary)
}

fn in_order(mut checks: Vec<&app::Check>) -> Vec<&app::Check> {
    checks.sort_by_key(|check| Verdict::ALL.iter().position(|of| *of == verdict(check)));
    checks
}

fn counts(all: &[app::Check]) -> CheckSummary {
    let count = |wanted| all.iter().filter(|check| verdict(check) == wanted).count();
    CheckSummary {
        holding: count(Verdict::Holding),
        partial: count(Verdict::Partial),
        overlapping: count(Verdict::Overlapping),
        disagreeing: count(Verdict::Disagreeing),
        first: Vec::new(),
    }
}

fn verdict(check: &app::Check) -> Verdict {
    match check.verdict {
        Shown::Holding => Verdict::Holding,
        Shown::Partial { .. } => Verdict::Partial,
        Shown::Overlapping => Verdict::Overlapping,
        Shown::NotAgreeing { .. } => Verdict::Disagreeing,
    }
}

async fn view(
    within: &Within,
    labels: &Labels,
    check: &app::Check,
    texts: &mut Texts,
) -> Result<Check, Failure> {
    let reading = reading_of(&check.whole)?;
    let t = within.locale;
    let place = reading.place.map(|place| labels.place(&place.text));
    let phrase = reading.phrase.map(|phrase| phrase.text);
    let period = format::period(t, reading.period, phrase.as_deref());
    let title = [Some(labels::measure(t, reading.measure).to_owned()), place, Some(period)];
    let title: Vec<_> = title.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let mut parts = Vec::new();
    for (claim, quantity) in check.parts.iter().zip(&check.quantities) {
        let label = label(labels, claim, Some(&check.whole))?;
        parts.push(part(within, claim, label, *quantity, texts).await?);
    }
    let whole = label(labels, &check.whole, None)?;
    let (sum, difference) = gap(within, check);
    Ok(Check {
        title: title.join(" · "),
        verdict: verdict(check),
        whole: part(within, &check.whole, whole, check.quantity, texts).await?,
        parts,
        sum,
        difference,
        note: String::new(),
    })
}

/// What a number of a check is about, in the words of its sentence; a part by what tells it from the whole.
fn label(labels: &Labels, claim: &Claim, whole: Option<&Claim>) -> Result<String, Failure> {
    let mentions = |reading: ClaimReading| {
        let named = [reading.organisation, reading.event, reading.place].into_iter().flatten();
        named.map(|mention| labels.place(&mention.text)).collect::<Vec<_>>()
    };
    let reading = reading_of(claim)?;
    let measure = labels::measure(labels.locale, reading.measure);
    let mut own = mentions(reading);
    if let Some(whole) = whole {
        let of_whole = mentions(reading_of(whole)?);
        own.sort_by_key(|text| of_whole.contains(text));
    }
    Ok(own.into_iter().next().unwrap_or_else(|| measure.to_owned()))
}

async fn part(
    within: &Within,
    claim: &Claim,
    label: String,
    quantity: Quantity,
    texts: &mut Texts,
) -> Result<Part, Failure> {
    Ok(Part {
        label,
        value: format::amount(within.locale, quantity),
        href: within.claim_href(claim),
        quote: Some(texts.quote(within, claim).await?),
    })
}

/// Sum of the parts and what the whole is more, as far as the verdict knows them.
fn gap(within: &Within, check: &app::Check) -> (Option<Amount>, Option<Amount>) {
    let (whole, unit) = (check.quantity.low, check.quantity.unit);
    let rest = match check.verdict {
        Shown::Partial { rest } => rest,
        Shown::NotAgreeing { difference } => -difference,
        Shown::Holding | Shown::Overlapping => return (None, None),
    };
    let amount = |value| format::plain_amount(within.locale, value, unit);
    (whole.checked_sub(rest).map(amount), (rest != 0).then(|| amount(rest)))
}
