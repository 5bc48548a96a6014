//! Steps of a record from one status to another, as buttons on its page; and what follows from where it stands.

use crate::failure::{self, Failure};
use crate::form_body::pairs;
use crate::redirect;
use crate::small_form::{Refused, answer};
use crate::values::{choice_label, field_label};
use crate::visit::Within;
use app::{Basis, EntryDetail, EntryForm, LeadTaken, Problem, RecordKind, Right};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::record::{Choice, FieldType, Move, Value};
use locale::Locale;
use pages::{Control, FormField, InlineForm, Link, Notice, Tone};

fn status_label<'a>(within: &'a Within, kind: RecordKind, code: &str) -> &'a str {
    let list: &[Choice] = match kind.field("status").map(|field| field.kind) {
        Some(FieldType::Choice(list)) => list,
        _ => &[],
    };
    list.iter().find(|choice| choice.code == code).map_or("", |choice| choice_label(within, choice))
}

/// The steps that this user may take now, one as it was refused.
pub(crate) fn forms(within: &Within, detail: &EntryDetail, refused: &Refused) -> Vec<InlineForm> {
    let entry = &detail.entry;
    let status = entry.text("status").unwrap_or_default();
    let steps = entry.record.kind.moves(status).filter(|_| detail.editable);
    steps.map(|step| form(within, detail, step, refused)).collect()
}

/// What tells the form of a step from the others of the page.
fn id_of(status: &str) -> String {
    format!("move-{status}")
}

fn form(within: &Within, detail: &EntryDetail, step: &Move, refused: &Refused) -> InlineForm {
    let t = within.locale;
    let record = &detail.entry.record;
    let id = id_of(step.to);
    let sent = refused.sent(&id);
    let field = |ask: &&str| {
        let info = record.kind.field(ask);
        let stands = detail.entry.values.get(*ask).and_then(Value::day);
        let stands = stands.map(|day| day.to_string()).unwrap_or_default();
        let value = sent.get_or(ask, &stands).to_owned();
        let control = match info {
            Some(_) => Control::Date(value),
            None => Control::Text { value, max_length: 300 },
        };
        let label = info.map_or(t.reason(), |info| field_label(t, info));
        FormField { required: info.is_none(), ..sent.field(t, ask, label, control) }
    };
    let mut fields: Vec<FormField> = step.asks.iter().map(field).collect();
    // What the step does not ask for may still be what refuses it: parties, an intent that was upgraded.
    let others = refused.problems.iter().filter(|_| sent.is_open());
    let others = others.filter(|of| !step.asks.contains(&of.field.as_str()));
    let words = |of: &Problem| {
        let label = record.kind.field(&of.field).map_or("", |info| field_label(t, info));
        format!("{label}: {}", failure::problem(t, of))
    };
    let others: Vec<String> = others.map(words).collect();
    let whole = sent.is_open() && !refused.words.is_empty();
    if whole || !others.is_empty() {
        let control = Control::Text { value: sent.get("reason").to_owned(), max_length: 300 };
        let asked = fields.iter().position(|field| field.name == "reason");
        let at = asked.unwrap_or_else(|| {
            fields.push(sent.field(t, "reason", t.form_reason(), control));
            fields.len() - 1
        });
        fields[at].error = [vec![fields[at].error.clone()], others].concat().join(" ").trim().to_owned();
    }
    InlineForm {
        label: t.move_to(status_label(within, record.kind, step.to)),
        action: within.to(&format!("records/{}/status", record.code)),
        hidden: vec![
            ("status".to_owned(), step.to.to_owned()),
            ("version".to_owned(), detail.version.to_string()),
        ],
        fields,
        submit: t.move_submit().to_owned(),
        open: sent.is_open(),
        id,
    }
}

/// `POST records/{code}/status`
pub(crate) async fn submit(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let t = within.locale;
    let record = within.app().record(&within.actor, within.id(), &code).await?;
    let sent = pairs(&body);
    let get = |key: &str| sent.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
    let to = get("status").unwrap_or_default();
    let fields = sent.iter().filter(|(key, _)| record.kind.field(key).is_some());
    let form = EntryForm {
        fields: fields.cloned().collect(),
        basis: Basis { version: get("version").and_then(|version| version.parse().ok()), ..Basis::default() },
        reason: get("reason").unwrap_or_default(),
        ..EntryForm::default()
    };
    let refused = Refused { form: id_of(&to), pairs: sent.clone(), ..Refused::default() };
    let known = record.kind.field("status").is_some_and(|field| field.parse(&to).is_ok());
    let done = within.app().entry_edit(&within.actor, within.id(), &code, &form).await;
    if let Err(error @ (app::Error::Stale(_) | app::Error::LeadTaken(_) | app::Error::Conflict)) = done {
        // The page shows what stands now; whoever sends the step again has seen it.
        let words = failure::message(t, &error);
        let detail = within.app().entry(&within.actor, within.id(), &code).await?;
        let stands = detail.entry.text("status").unwrap_or_default();
        if !detail.editable || record.kind.moves(stands).all(|step| step.to != to) {
            let page = within.to(&format!("records/{code}"));
            return Ok(redirect::with_flash(&within.visit, &page, Tone::Bad, &words));
        }
        let status = Failure::from(error).status();
        let mut refused = refused;
        refused.words.push(("reason", words));
        let page = crate::records::page(&within, &code, &refused).await?;
        return Ok((status, page).into_response());
    }
    if !known && matches!(done, Err(app::Error::Form(_))) {
        return Err(Failure::BadRequest);
    }
    let done = done.map(|_| t.move_done(status_label(&within, record.kind, &to)));
    answer(&within, &code, "standing", done, refused).await
}

/// What follows a signed agreement: its upgrade, where it is an intent, and its renewal.
pub(crate) fn successions(within: &Within, detail: &EntryDetail) -> Vec<Link> {
    let (t, entry) = (within.locale, &detail.entry);
    let may = detail.editable && entry.record.kind == RecordKind::Agreement && app::is_open(&entry.values);
    if !may {
        return Vec::new();
    }
    let link = |field: &str, label: &str| Link {
        label: label.to_owned(),
        href: within.to(&format!("lists/agreement/new?{field}={}", entry.record.code)),
    };
    let upgrade = app::is_intent(&entry.values).then(|| link("upgrades", t.agreement_upgrade()));
    upgrade.into_iter().chain([link("renews", t.agreement_renew())]).collect()
}

/// What must be known of a deal before reading on.
pub(crate) fn notices(within: &Within, detail: &EntryDetail) -> Vec<Notice> {
    let (t, entry) = (within.locale, &detail.entry);
    let mut notices = Vec::new();
    if let Some(taken) = &detail.leads.taken {
        let (enterprise, since, ask) = told(t, taken);
        notices.push(Notice { tone: Tone::Warn, text: t.lead_notice(enterprise, since, ask), link: None });
    }
    if let Some(twin) = &detail.leads.twin {
        let link = Some(crate::values::link_to(within, twin));
        notices.push(Notice { tone: Tone::Warn, text: t.lead_twin().to_owned(), link });
    }
    let next = detail.named_by.iter().find(|(field, _)| ["upgrades", "renews"].contains(field));
    if let Some((_, next)) = next.filter(|_| matches!(entry.text("status"), Some("upgraded" | "renewed"))) {
        let link = Some(crate::values::link_to(within, next));
        let text = match entry.text("status") {
            Some("upgraded") => t.agreement_upgraded(),
            _ => t.agreement_renewed(),
        };
        notices.push(Notice { tone: Tone::Info, text: text.to_owned(), link });
    }
    let today = within.today();
    let signed = entry.record.kind == RecordKind::Agreement && entry.text("status") == Some("signed");
    if let Some(day) =
        entry.day("valid_to").filter(|day| signed && *day < today && within.may(Right::EditRecord))
    {
        notices.push(Notice { tone: Tone::Warn, text: t.agreement_past_term(day), link: None });
    }
    notices
}

/// What is told of another team's lead: the enterprise, since when, whom to ask.
pub(crate) fn told(t: Locale, taken: &LeadTaken) -> (&str, String, String) {
    let name = |zh: &'_ str, en: &Option<String>| crate::labels::title(t, zh, en.as_deref()).to_owned();
    let office = name(&taken.office, &taken.office_en);
    let ask = [vec![office], taken.phones.clone()].concat().join(" · ");
    let enterprise = crate::labels::title(t, &taken.enterprise, taken.enterprise_en.as_deref());
    (enterprise, taken.since.to_string(), ask)
}
