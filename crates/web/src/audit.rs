//! The audit of a record, and undoing a change from there.

use crate::failure::{self, Failure};
use crate::stored::{self, Words};
use crate::visit::Within;
use crate::{format, labels, redirect};
use app::{AUDIT_PAGE, AuditEntry, Record, RecordKind};
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{Html, IntoResponse, Response};
use pages::{
    Audit, ChangeItem, ChangeRow, Control, FormField, FormSection, Link, Nav, RecordForm, Tone, Wrong,
};
use serde::Deserialize;
use std::collections::HashMap;

/// A change that wrote more than this shows only what it wrote to the record itself.
const ITEMS: usize = 20;

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    before: Option<i64>,
}

/// `GET records/{code}/audit`
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    Query(query): Query<ListQuery>,
) -> Result<Html<String>, Failure> {
    let (record, entries) = within.app().audit(&within.actor, within.id(), &code, query.before).await?;
    let full = i64::try_from(entries.len()).unwrap_or(0) == AUDIT_PAGE;
    let last = entries.last().filter(|_| full).map(|entry| entry.change.id);
    let next = last.map(|id| within.to(&format!("records/{code}/audit?before={id}")));
    let nav = match record.kind {
        RecordKind::Document => Nav::Documents,
        RecordKind::Figure => Nav::Figures,
        _ => Nav::Records,
    };
    let home = link(&within, &record);
    let changes = changes(&within, (home.clone(), Some(record.id)), &entries).await?;
    Ok(Html(Audit { shell: within.shell(nav).await?, record: home, changes, next }.render()))
}

/// Changes as the page of a record shows them, or (none) that of the settings.
pub(crate) async fn changes(
    within: &Within,
    (home, record): (Link, Option<i64>),
    entries: &[AuditEntry],
) -> Result<Vec<ChangeRow>, Failure> {
    let links = links(within, (&home, record), entries).await?;
    let page = Page { labels: within.labels().await?, links, within, home, record };
    Ok(entries.iter().map(|entry| page.change(entry)).collect())
}

fn link(within: &Within, record: &Record) -> Link {
    let title = labels::pick_title(within.locale, record);
    let label = match record.kind {
        RecordKind::Figure => format!("{} {title}", record.code),
        _ if title.is_empty() => record.code.clone(),
        _ => title.to_owned(),
    };
    Link { label, href: within.to(&format!("records/{}", record.code)) }
}

/// What is shown of a change on the page of a record.
fn shown(entry: &AuditEntry, record: Option<i64>) -> Vec<&app::ChangeItem> {
    let all = entry.items.len() <= ITEMS;
    let own = entry.items.iter().filter(|item| all || item.record == record);
    own.take(if record.is_none() { ITEMS } else { usize::MAX }).collect()
}

/// A link to each record that the changes wrote to or name.
async fn links(
    within: &Within,
    (home, record): (&Link, Option<i64>),
    entries: &[AuditEntry],
) -> Result<HashMap<i64, Link>, Failure> {
    let mut links: HashMap<i64, Link> = record.map(|id| (id, home.clone())).into_iter().collect();
    let items = entries.iter().flat_map(|entry| shown(entry, record));
    let ids = items.flat_map(|item| {
        let values = [&item.before, &item.after].into_iter().flatten();
        item.record
            .into_iter()
            .chain(values.flat_map(|value| stored::records(&item.entity, &item.field, value)))
    });
    for id in ids.collect::<Vec<_>>() {
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

struct Page<'a> {
    within: &'a Within,
    home: Link,
    record: Option<i64>,
    links: HashMap<i64, Link>,
    labels: labels::Labels,
}

impl Page<'_> {
    fn change(&self, entry: &AuditEntry) -> ChangeRow {
        let t = self.within.locale;
        let change = &entry.change;
        let key = format!("change_{}", change.kind.replace('-', "_"));
        let kind = t.by_key(&key).unwrap_or(&change.kind);
        let items = shown(entry, self.record);
        let hidden = entry.items.len() - items.len();
        let kind =
            if hidden > 0 { format!("{kind} · {}", t.audit_other_items(hidden)) } else { kind.to_owned() };
        let source = || t.by_key(&format!("source_{}", change.source)).unwrap_or(&change.source).to_owned();
        ChangeRow {
            id: change.id.to_string(),
            when: format::instant(change.at, &self.within.zone()),
            who: change.user_name.clone().unwrap_or_else(source),
            kind,
            reason: labels::reason(t, change.reason.as_deref()),
            items: items.into_iter().map(|item| self.item(item)).collect(),
            undoable: entry.undoable,
            undone_by: change.undone_by.map(|id| id.to_string()),
            undoes: change.undoes.map(|id| id.to_string()),
        }
    }

    fn item(&self, item: &app::ChangeItem) -> ChangeItem {
        let t = self.within.locale;
        let words = Words { labels: &self.labels, links: &self.links };
        let entity = stored::entity_label(t, &item.entity);
        let label = match item.field.as_str() {
            "*" => t.audit_created().to_owned(),
            field => words.key(&item.entity, field).unwrap_or_else(|| words.field(&item.entity, field)),
        };
        let record = item.record.and_then(|id| self.links.get(&id));
        let text = |value: &Option<serde_json::Value>| {
            value.as_ref().map(|value| words.value(&item.entity, &item.field, value)).unwrap_or_default()
        };
        let is_quote = matches!(item.entity.as_str(), "figure_evidence" | "record_evidence");
        let closed = is_quote && item.field == "*" && item.before.is_none() && item.after.is_none();
        ChangeItem {
            record: record.cloned().unwrap_or_else(|| self.home.clone()),
            field: format!("{entity} · {label}"),
            before: text(&item.before),
            after: if closed { t.evidence_closed().to_owned() } else { text(&item.after) },
        }
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
            let (status, wrong) = failure::wrong(within.locale, error, &["reason"], "reason")?;
            let page = undo_form(&within, id, fields, wrong).await?;
            Ok((status, Html(page.render())).into_response())
        }
    }
}

/// What was asked to be undone, with why it was not.
async fn undo_form(
    within: &Within,
    id: i64,
    fields: UndoFields,
    wrong: Wrong,
) -> Result<RecordForm, Failure> {
    let t = within.locale;
    let back = redirect::local(&fields.next).to_owned();
    let reason = FormField {
        name: "reason".to_owned(),
        label: t.audit_undo_reason().to_owned(),
        error: wrong.words,
        control: Control::Text { value: fields.reason, max_length: 200 },
        wide: true,
        ..FormField::default()
    };
    Ok(RecordForm {
        shell: within.shell(Nav::Elsewhere).await?,
        title: t.audit_undo().to_owned(),
        action: within.to(&format!("changes/{id}/undo")),
        cancel: back.clone(),
        hidden: vec![("next".to_owned(), back)],
        sections: vec![FormSection { fields: vec![reason], ..FormSection::default() }],
        submit: t.audit_undo().to_owned(),
        ..RecordForm::default()
    })
}
