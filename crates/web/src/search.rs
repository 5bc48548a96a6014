//! Search: the page, and the hits of the dialog as one types.

use crate::cookie::escape;
use crate::failure::Failure;
use crate::labels::title;
use crate::values::kind_label;
use crate::visit::{Wants, Within};
use app::{RecordKind, SearchHit};
use axum::extract::Query;
use axum::response::Html;
use pages::{Nav, SearchHits, SearchPage, SearchPlace, SearchRow};
use serde::Deserialize;

/// Hits on the page.
const PAGE: usize = 50;
/// Hits while one types.
const FIRST: usize = 10;

#[derive(Deserialize)]
pub(crate) struct SearchQuery {
    #[serde(default)]
    q: String,
}

/// `GET search`: a page, or only the hits for a script that asks for them.
pub(crate) async fn show(
    within: Within,
    Query(SearchQuery { q }): Query<SearchQuery>,
) -> Result<Html<String>, Failure> {
    let part = within.visit.wants == Wants::Fragment;
    let limit = if part { FIRST } else { PAGE };
    let mut found = within.app().search(&within.actor, within.id(), &q, limit + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let query = q.trim().to_owned();
    let all = (part && more).then(|| within.to(&format!("search?q={}", escape(&query))));
    let rows = found.iter().map(|hit| row(&within, hit)).collect();
    let hits = SearchHits { locale: within.locale, query, rows, more, all };
    if part {
        return Ok(Html(hits.render()));
    }
    Ok(Html(SearchPage { shell: within.shell(Nav::Elsewhere).await?, hits }.render()))
}

fn row(within: &Within, found: &SearchHit) -> SearchRow {
    let hit = &found.hit;
    let folder = match hit.kind {
        RecordKind::Document => "documents",
        RecordKind::Figure => "figures",
        _ => "records",
    };
    let title = title(within.locale, &hit.title, hit.title_en.as_deref());
    let place = found.place.clone().map(|(document, place)| SearchPlace {
        document: document.unwrap_or_default(),
        before: place.before,
        words: place.quote,
        after: place.after,
    });
    SearchRow {
        title: if title.is_empty() { hit.code.clone() } else { title.to_owned() },
        code: hit.code.clone(),
        kind: kind_label(within.locale, hit.kind).to_owned(),
        href: within.to(&format!("{folder}/{}", hit.code)),
        place,
    }
}
