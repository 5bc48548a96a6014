//! The audit of a record, and undoing a change from there.

use crate::failure::{Failure, message};
use crate::labels;
use crate::visit::Within;
use crate::{format, redirect};
use app::{AuditEntry, Record, RecordKind};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, Response};
use pages::{Audit, ChangeItem, ChangeRow, Link, Nav, Tone};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// `GET records/{code}/audit`
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    let (record, entries) = within.app().audit(&within.actor, within.id(), &code).await?;
    let nav = match record.kind {
        RecordKind::Document => Nav::Documents,
        RecordKind::Figure => Nav::Figures,
        _ => Nav::Records,
    };
    let links = links(&within, &record, &entries).await?;
    let record = link(&within, &record);
    let changes = entries.iter().map(|entry| change(&within, entry, &links, &record)).collect();
    Ok(Html(Audit { shell: within.shell(nav).await?, record, changes, next: None }.render()))
}

fn link(within: &Within, record: &Record) -> Link {
    let label = match record.kind {
        RecordKind::Figure => format!("{} {}", record.code, labels::pick_title(within.locale, record)),
        _ => labels::pick_title(within.locale, record).to_owned(),
    };
    let label = if label.is_empty() { record.code.clone() } else { label };
    Link { label, href: within.to(&format!("records/{}", record.code)) }
}

/// A link to each record that the changes wrote to.
async fn links(
    within: &Within,
    record: &Record,
    entries: &[AuditEntry],
) -> Result<HashMap<i64, Link>, Failure> {
    let mut links = HashMap::from([(record.id, link(within, record))]);
    for id in entries.iter().flat_map(|entry| &entry.items).filter_map(|item| item.record) {
        if links.contains_key(&id) {
            continue;
        }
        match within.app().record_by_id(&within.actor, within.id(), id).await {
            Ok(record) => links.insert(id, link(within, &record)),
            Err(app::Error::NotFound) => None,
            Err(error) => return Err(error.into()),
        };
    }
    Ok(links)
}

fn change(within: &Within, entry: &AuditEntry, links: &HashMap<i64, Link>, own: &Link) -> ChangeRow {
    let t = within.locale;
    let change = &entry.change;
    let key = format!("change_{}", change.kind.replace('-', "_"));
    ChangeRow {
        id: change.id.to_string(),
        when: format::instant(change.at, &within.zone()),
        who: change.user_name.clone().unwrap_or_else(|| source(within, &change.source)),
        kind: t.by_key(&key).unwrap_or(&change.kind).to_owned(),
        reason: change.reason.clone().unwrap_or_default(),
        items: entry.items.iter().map(|item| self::item(within, item, links, own)).collect(),
        undoable: entry.undoable,
        undone_by: change.undone_by.map(|id| id.to_string()),
        undoes: change.undoes.map(|id| id.to_string()),
    }
}

/// Who worked where no user did.
fn source(within: &Within, source: &str) -> String {
    within.locale.by_key(&format!("source_{source}")).unwrap_or(source).to_owned()
}

fn item(within: &Within, item: &app::ChangeItem, links: &HashMap<i64, Link>, own: &Link) -> ChangeItem {
    let t = within.locale;
    let entity =
        t.by_key(&format!("kind_{}", item.entity)).or_else(|| t.by_key(&format!("entity_{}", item.entity)));
    let entity = entity.unwrap_or(&item.entity);
    let label = match item.field.as_str() {
        "*" => t.audit_created().to_owned(),
        field => field_label(within, field),
    };
    let record = item.record.and_then(|id| links.get(&id)).unwrap_or(own);
    ChangeItem {
        record: record.clone(),
        field: format!("{entity} · {label}"),
        before: item.before.as_ref().map(|value| text(within, value)).unwrap_or_default(),
        after: item.after.as_ref().map(|value| text(within, value)).unwrap_or_default(),
    }
}

fn field_label(within: &Within, field: &str) -> String {
    let t = within.locale;
    t.by_key(&format!("field_{field}")).or_else(|| t.by_key(field)).unwrap_or(field).to_owned()
}

/// A stored value in words: nothing is nothing, a row is its fields.
fn text(within: &Within, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            let filled = fields.iter().filter(|(_, value)| !matches!(value, Value::Null));
            let words = filled
                .map(|(field, value)| format!("{}: {}", field_label(within, field), text(within, value)));
            words.collect::<Vec<_>>().join("; ")
        }
        Value::Array(values) => values.iter().map(|value| text(within, value)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[derive(Deserialize)]
pub(crate) struct UndoFields {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    next: String,
}

/// `POST changes/{id}/undo`
pub(crate) async fn undo(
    within: Within,
    Path((_, id)): Path<(String, i64)>,
    Form(fields): Form<UndoFields>,
) -> Result<Response, Failure> {
    let back = redirect::local(&fields.next);
    match within.app().change_undo(&within.actor, within.id(), id, Some(&fields.reason)).await {
        Ok(()) => {
            Ok(redirect::with_flash(&within.visit, back, Tone::Good, within.locale.audit_undone_flash()))
        }
        Err(error) => {
            let words = message(within.locale, &error);
            let failure = Failure::from(error);
            if failure.status() == StatusCode::CONFLICT {
                return Ok(redirect::with_flash(&within.visit, back, Tone::Bad, &words));
            }
            Err(failure)
        }
    }
}
