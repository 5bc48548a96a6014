//! The documents of a record: shown, attached, uploaded, taken off.

use crate::failure::Failure;
use crate::labels::choice;
use crate::small_form::{Refused, Sent, answer};
use crate::upload::{Received, Receiver, too_large};
use crate::values::choice_label;
use crate::visit::Within;
use crate::{documents, quotes};
use app::{ATTACHMENT_ROLES, Document, EntryDetail, Right};
use axum::body::Bytes;
use axum::extract::{Multipart, Path};
use axum::response::Response;
use locale::Locale;
use pages::{
    Attachment, Attachments, Badge, Choice, Control, InlineForm, Link, Suggestion, Suggestions, Tone,
    picked_code,
};

/// The part of the page.
const PART: &str = "documents";
const ATTACH: &str = "attach";
const UPLOAD: &str = "upload";
/// Documents that a picker offers.
const SUGGESTED: i64 = 10;
/// Characters of a reason.
const REASON_CHARS: u32 = 200;

fn role_label(t: Locale, role: &str) -> &'static str {
    if role == "stamped" { t.stamped_copy() } else { t.attachment_plain() }
}

/// The documents of a record, with the forms that change them for who may.
pub(crate) fn part(within: &Within, detail: &EntryDetail, refused: &Refused) -> Attachments {
    let t = within.locale;
    let rows = detail.documents.iter().map(|(link, document)| {
        let form = format!("detach-{}", link.id);
        let action =
            within.to(&format!("records/{}/attachments/{}/remove", detail.entry.record.code, link.id));
        Attachment {
            document: Link {
                label: document.display_title().to_owned(),
                href: within.to(&format!("documents/{}", document.code)),
            },
            role: (link.role == "stamped")
                .then(|| Badge { label: role_label(t, &link.role).to_owned(), tone: Tone::Good }),
            for_parties: document
                .restricted
                .then(|| Badge { label: choice_label(within, document.class).to_owned(), tone: Tone::Info }),
            note: note(document),
            remove: detail.editable.then(|| detach(t, action, &form, refused.sent(&form))),
            ..Attachment::default()
        }
    });
    Attachments { rows: rows.collect(), closed: detail.closed, add: forms(within, detail, refused) }
}

fn note(document: &Document) -> String {
    let format = documents::format_label(document);
    [quotes::published(document), format]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

fn detach(t: Locale, action: String, form: &str, sent: Sent<'_>) -> InlineForm {
    let reason = Control::Text { value: sent.get("reason").to_owned(), max_length: REASON_CHARS };
    let mut field = sent.field(t, "reason", t.reason(), reason);
    field.required = true;
    InlineForm {
        id: form.to_owned(),
        label: t.record_detach().to_owned(),
        action,
        fields: vec![field],
        submit: t.record_detach().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

fn roles(t: Locale, selected: &str) -> Vec<Choice> {
    ATTACHMENT_ROLES.iter().map(|role| choice(role, role_label(t, role), selected)).collect()
}

fn forms(within: &Within, detail: &EntryDetail, refused: &Refused) -> Vec<InlineForm> {
    if !detail.editable {
        return Vec::new();
    }
    let t = within.locale;
    let base = within.to(&format!("records/{}", detail.entry.record.code));
    let form = |id: &str, label: &str, action: String, first: (&str, &str, Control)| {
        let sent = refused.sent(id);
        let mut field = sent.field(t, first.0, first.1, first.2);
        field.required = true;
        let role = Control::Choice(roles(t, sent.get_or("role", ATTACHMENT_ROLES[0])));
        let mut role = sent.field(t, "role", t.attachment_role(), role);
        role.required = true;
        InlineForm {
            id: id.to_owned(),
            label: label.to_owned(),
            action,
            fields: vec![field, role],
            submit: label.to_owned(),
            open: sent.is_open(),
            ..InlineForm::default()
        }
    };
    let value = refused.sent(ATTACH).get("document").to_owned();
    let pick = Control::Record { value, suggest: within.to("suggest/document") };
    let mut forms = vec![form(
        ATTACH,
        t.record_attach(),
        format!("{base}/attachments"),
        ("document", t.document_pick(), pick),
    )];
    if within.may(Right::AddDocument) {
        let file = Control::File { accept: String::new() };
        let mut upload =
            form(UPLOAD, t.record_upload(), format!("{base}/upload"), ("file", t.file_label(), file));
        let sent = refused.sent(UPLOAD);
        let class = Control::Choice(documents::classes(within, sent.get("class")));
        let mut class = sent.field(t, "class", t.document_class(), class);
        (class.required, class.hint) = (true, t.document_class_hint().to_owned());
        upload.fields.push(class);
        forms.push(upload);
    }
    forms
}

/// `POST records/{code}/attachments`
pub(crate) async fn add(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of(ATTACH, &body);
    let sent = refused.sent(ATTACH);
    let document = picked_code(sent.get("document"));
    let done =
        within.app().attachment_add(&within.actor, within.id(), &code, document, sent.get("role")).await;
    let done = done.map(|()| within.locale.record_attached().to_owned());
    answer(&within, &code, PART, done, refused).await
}

/// `POST records/{code}/upload`
pub(crate) async fn upload(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    form: Multipart,
) -> Result<Response, Failure> {
    let t = within.locale;
    let mut refused = Refused { form: UPLOAD.to_owned(), ..Refused::default() };
    let mut file = None;
    let mut receiver = Receiver::new(&within.visit, form);
    while let Some(part) = receiver.next().await? {
        match part {
            Received::File { name, file: received } if !name.is_empty() => file = Some(Ok((name, received))),
            Received::File { .. } => {}
            Received::Text { name, text } => refused.pairs.push((name, text)),
            Received::TooLarge { name, limit_bytes } => file = Some(Err(too_large(&name, limit_bytes))),
        }
    }
    let done = match file {
        Some(Ok((name, file))) => {
            let sent = |key: &str| refused.sent(UPLOAD).get(key).to_owned();
            let (role, class) = (sent("role"), sent("class"));
            let (app, file) = (within.app(), (file.path(), name.as_str()));
            app.attachment_upload(&within.actor, within.id(), &code, file, (&role, &class)).await
        }
        Some(Err(error)) => Err(error),
        None => {
            refused.words.push(("file", t.refusal_none_chosen().to_owned()));
            Err(app::Error::Form(Vec::new()))
        }
    };
    let done = done.map(|added| {
        if added.known { t.record_attached_known(added.code) } else { t.record_uploaded(added.code) }
    });
    answer(&within, &code, PART, done, refused).await
}

/// `POST records/{code}/attachments/{id}/remove`
pub(crate) async fn remove(
    within: Within,
    Path((_, code, link)): Path<(String, String, i64)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let form = format!("detach-{link}");
    let refused = Refused::of(&form, &body);
    let reason = refused.sent(&form).get("reason");
    let done = within.app().attachment_remove(&within.actor, within.id(), &code, link, reason).await;
    let done = done.map(|()| within.locale.record_detached().to_owned());
    answer(&within, &code, PART, done, refused).await
}

/// Documents for a picker.
pub(crate) async fn suggest(within: &Within, text: &str) -> Result<Suggestions, Failure> {
    let found = within.app().document_suggest(&within.actor, within.id(), text, SUGGESTED).await?;
    let row = |document: &Document| Suggestion {
        code: document.code.clone(),
        title: document.display_title().to_owned(),
        note: note(document),
    };
    Ok(Suggestions { locale: within.locale, rows: found.iter().map(row).collect() })
}
