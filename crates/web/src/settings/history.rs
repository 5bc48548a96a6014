//! The audit of a programme's settings.

use super::shell;
use crate::audit::changes;
use crate::failure::Failure;
use crate::visit::Within;
use app::AUDIT_PAGE;
use axum::extract::Query;
use axum::response::Html;
use pages::{Audit, Link};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    before: Option<i64>,
}

/// `GET settings/audit`
pub(crate) async fn show(within: Within, Query(query): Query<ListQuery>) -> Result<Html<String>, Failure> {
    let entries = within.app().setting_audit(&within.actor, within.id(), query.before).await?;
    let full = i64::try_from(entries.len()).unwrap_or(0) == AUDIT_PAGE;
    let last = entries.last().filter(|_| full).map(|entry| entry.change.id);
    let next = last.map(|id| within.to(&format!("settings/audit?before={id}")));
    let label = within.locale.settings_title().to_owned();
    let record = Link { label, href: within.to("settings") };
    let changes = changes(&within, (record.clone(), None), &entries).await?;
    Ok(Html(Audit { shell: shell(&within).await?, record, changes, next }.render()))
}
