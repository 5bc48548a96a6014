//! The business contacts of a record, for who may see contacts.

use crate::failure::Failure;
use crate::small_form::{Refused, answer};
use crate::values::link_to;
use crate::visit::Within;
use app::EntryDetail;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use pages::{Control, InlineForm, People, picked_code};

/// The part of the page, and its form.
const PART: &str = "people";
const FORM: &str = "add-person";

/// The contacts of a record; none for who may not see contacts.
pub(crate) fn part(within: &Within, detail: &EntryDetail, refused: &Refused) -> Option<People> {
    let t = within.locale;
    let base = within.to(&format!("records/{}/people", detail.entry.record.code));
    let text = |person: &app::Person, field: &str| person.entry.text(field).unwrap_or_default().to_owned();
    let rows = detail.people.as_ref()?.iter().map(|person| pages::Person {
        person: link_to(within, &person.entry.record),
        position: text(person, "position"),
        role: text(person, "scope"),
        reach: ["phone", "email"]
            .map(|field| text(person, field))
            .into_iter()
            .filter(|of| !of.is_empty())
            .collect(),
        remove: person.link.filter(|_| detail.editable).map(|link| format!("{base}/{link}/remove")),
    });
    let sent = refused.sent(FORM);
    let value = sent.get("contact").to_owned();
    let pick = Control::Record { value, suggest: within.to("suggest/contact") };
    let mut field = sent.field(t, "contact", t.person_pick(), pick);
    field.required = true;
    let add = detail.editable.then(|| InlineForm {
        id: FORM.to_owned(),
        label: t.person_add().to_owned(),
        action: base.clone(),
        fields: vec![field],
        submit: t.person_add().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    });
    Some(People { rows: rows.collect(), add })
}

/// `POST records/{code}/people`
pub(crate) async fn add(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of(FORM, &body);
    let contact = picked_code(refused.sent(FORM).get("contact"));
    let done = within.app().contact_link(&within.actor, within.id(), &code, contact).await;
    let done = done.map(|()| within.locale.person_added().to_owned());
    answer(&within, &code, PART, done, refused).await
}

/// `POST records/{code}/people/{id}/remove`
pub(crate) async fn remove(
    within: Within,
    Path((_, code, link)): Path<(String, String, i64)>,
) -> Result<Response, Failure> {
    let done = within.app().contact_unlink(&within.actor, within.id(), &code, link).await;
    let done = done.map(|()| within.locale.person_removed().to_owned());
    answer(&within, &code, PART, done, Refused::default()).await
}
