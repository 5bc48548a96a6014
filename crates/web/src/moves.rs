//! Steps of a record from one status to another, as buttons on its page; and what follows from where it stands.

use crate::failure::{self, Failure};
use crate::form_body::pairs;
use crate::redirect;
use crate::values::{choice_label, field_label};
use crate::visit::Within;
use app::{EntryDetail, EntryForm, LeadTaken, RecordKind, Right};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
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

/// The steps that this user may take now.
pub(crate) fn forms(within: &Within, detail: &EntryDetail) -> Vec<InlineForm> {
    let entry = &detail.entry;
    let status = entry.text("status").unwrap_or_default();
    let steps = entry.record.kind.moves(status).filter(|_| detail.editable);
    steps.map(|step| form(within, detail, step)).collect()
}

fn form(within: &Within, detail: &EntryDetail, step: &Move) -> InlineForm {
    let t = within.locale;
    let record = &detail.entry.record;
    let field = |ask: &&str| {
        let info = record.kind.field(ask);
        let value = detail.entry.values.get(*ask).and_then(Value::day);
        FormField {
            name: (*ask).to_owned(),
            label: info.map_or(t.form_reason(), |info| field_label(t, info)).to_owned(),
            required: info.is_none(),
            control: match info {
                Some(_) => Control::Date(value.map(|day| day.to_string()).unwrap_or_default()),
                None => Control::Text { value: String::new(), max_length: 300 },
            },
            ..FormField::default()
        }
    };
    InlineForm {
        id: format!("move-{}", step.to),
        label: t.move_to(status_label(within, record.kind, step.to)),
        action: within.to(&format!("records/{}/status", record.code)),
        hidden: vec![
            ("status".to_owned(), step.to.to_owned()),
            ("version".to_owned(), detail.version.to_string()),
        ],
        fields: step.asks.iter().map(field).collect(),
        submit: t.move_submit().to_owned(),
        open: false,
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
        version: get("version").and_then(|version| version.parse().ok()),
        reason: get("reason").unwrap_or_default(),
        ..EntryForm::default()
    };
    let page = within.to(&format!("records/{code}"));
    match within.app().entry_edit(&within.actor, within.id(), &code, &form).await {
        Ok(_) => {
            let words = t.move_done(status_label(&within, record.kind, &to));
            Ok(redirect::with_flash(&within.visit, &page, Tone::Good, &words))
        }
        Err(app::Error::Form(problems)) => {
            let label =
                |field: &str| record.kind.field(field).map_or(t.form_reason(), |info| field_label(t, info));
            let words =
                problems.iter().map(|of| format!("{}: {}", label(&of.field), failure::problem(t, of)));
            let words = words.collect::<Vec<_>>().join(" ");
            Ok(redirect::with_flash(&within.visit, &page, Tone::Bad, &words))
        }
        Err(error @ (app::Error::Stale(_) | app::Error::LeadTaken(_))) => {
            Ok(redirect::with_flash(&within.visit, &page, Tone::Bad, &failure::message(t, &error)))
        }
        Err(error) => Err(error.into()),
    }
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
    let today = within.actor.at.to_zoned(within.zone()).date();
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
