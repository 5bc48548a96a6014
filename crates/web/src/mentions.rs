//! The quotes that speak of a record: the newest on its page, all of them on a page of their own.

use crate::documents::Before;
use crate::failure::Failure;
use crate::labels::{self, claim_amount, one_line, reading_of};
use crate::quotes::Texts;
use crate::values::{kind_label, link_to};
use crate::visit::Within;
use app::{Claim, ClaimState};
use axum::extract::{Path, Query};
use axum::response::Html;
use locale::Locale;
use pages::{Badge, Link, Mention, Mentions, Tone};

/// Quotes of one page.
const PAGE: i64 = 30;

/// Claims as quotes with where they stand and what was understood.
pub(crate) async fn rows(
    within: &Within,
    texts: &mut Texts,
    claims: &[Claim],
) -> Result<Vec<Mention>, Failure> {
    let t = within.locale;
    let mut rows = Vec::new();
    for claim in claims {
        let reading = reading_of(claim)?;
        let measure = labels::measure(t, reading.measure);
        rows.push(Mention {
            quote: texts.quote(within, claim).await?,
            state: state(t, claim.state),
            reading: format!("{measure} · {}", one_line(&claim_amount(t, &reading))),
        });
    }
    Ok(rows)
}

fn state(t: Locale, state: ClaimState) -> Badge {
    let (label, tone) = match state {
        ClaimState::Open => (t.claim_open(), Tone::Info),
        ClaimState::Accepted => (t.claim_accepted(), Tone::Good),
        ClaimState::Corrected => (t.claim_corrected(), Tone::Warn),
        ClaimState::Rejected => (t.claim_rejected(), Tone::Neutral),
    };
    Badge { label: label.to_owned(), tone }
}

/// `GET records/{code}/quotes`
pub(crate) async fn list(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    Query(query): Query<Before>,
) -> Result<Html<String>, Failure> {
    let (record, mut claims) =
        within.app().mention_list(&within.actor, within.id(), &code, query.before, PAGE + 1).await?;
    let size = usize::try_from(PAGE).unwrap_or(0);
    let more = claims.len() > size;
    claims.truncate(size);
    let last = claims.last().filter(|_| more).map(|claim| claim.id);
    let mut texts = Texts::of(&within, &claims.iter().collect::<Vec<_>>()).await?;
    let page = Mentions {
        shell: within.shell_of(record.kind.code()).await?,
        kind: Link {
            label: kind_label(within.locale, record.kind).to_owned(),
            href: within.to(&format!("lists/{}", record.kind.code())),
        },
        record: link_to(&within, &record),
        rows: rows(&within, &mut texts, &claims).await?,
        next: last.map(|last| within.to(&format!("records/{code}/quotes?before={last}"))),
    };
    Ok(Html(page.render()))
}
