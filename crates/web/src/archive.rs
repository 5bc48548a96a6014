//! Taking a record out of the lists, and bringing it back.

use crate::failure::Failure;
use crate::small_form::{Refused, answer};
use crate::visit::Within;
use app::{EntryDetail, edit_right};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use pages::{Control, InlineForm};

/// The form, and where it stands.
const PART: &str = "archive";

/// The form that archives a record or brings it back, for who may; what was merged comes back by undoing that.
pub(crate) async fn form(
    within: &Within,
    detail: &EntryDetail,
    refused: &Refused,
) -> Result<Option<InlineForm>, Failure> {
    let (t, record) = (within.locale, &detail.entry.record);
    let (may, label, step) = if record.archived {
        let may = record.merged_into.is_none() && within.may_on(record.id, edit_right(record.kind)).await?;
        (may, t.record_restore(), "restore")
    } else {
        (detail.editable, t.record_archive(), "archive")
    };
    let sent = refused.sent(PART);
    let reason = Control::Text { value: sent.get("reason").to_owned(), max_length: 300 };
    let reason = sent.field(t, "reason", t.reason(), reason).required();
    Ok(may.then(|| InlineForm {
        id: PART.to_owned(),
        label: label.to_owned(),
        action: within.to(&format!("records/{}/{step}", record.code)),
        fields: vec![reason],
        submit: label.to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }))
}

/// `POST records/{code}/archive`
pub(crate) async fn archive(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    set(&within, &code, &body, true).await
}

/// `POST records/{code}/restore`
pub(crate) async fn restore(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    set(&within, &code, &body, false).await
}

async fn set(within: &Within, code: &str, body: &[u8], archived: bool) -> Result<Response, Failure> {
    let refused = Refused::of(PART, body);
    let reason = refused.sent(PART).get("reason").to_owned();
    let done = within.app().entry_archive(&within.actor, within.id(), code, archived, &reason).await;
    let t = within.locale;
    let words = if archived { t.record_archived_now() } else { t.record_restored_now() };
    answer(within, code, PART, done.map(|()| words.to_owned()), refused).await
}
