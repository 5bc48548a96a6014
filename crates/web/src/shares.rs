//! How output and tax of an enclave are shared, by period: shown, added, taken back.

use crate::failure::Failure;
use crate::form_body::pairs;
use crate::labels::{Labels, choice};
use crate::small_form::{Refused, answer};
use crate::values::quantity_text;
use crate::visit::Within;
use app::{EnclaveShare, EntryDetail, RecordKind, SHARED_MEASURES, ShareInput};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use locale::Locale;
use pages::{Control, InlineForm, ShareRow, Shares};

/// The part of the page, and its form.
const PART: &str = "shares";
const FORM: &str = "add-share";

fn measure(t: Locale, code: &str) -> &'static str {
    if code == "tax" { t.share_tax() } else { t.share_output() }
}

/// The shares of an enclave; none for any other record.
pub(crate) fn part(
    within: &Within,
    labels: &Labels,
    detail: &EntryDetail,
    refused: &Refused,
) -> Option<Shares> {
    let entry = &detail.entry;
    let region = |field: &str| entry.id(field).map(|id| labels.region(id)).unwrap_or_default();
    (entry.record.kind == RecordKind::Enclave).then(|| Shares {
        sending: region("sending"),
        receiving: region("receiving"),
        rows: detail.shares.iter().map(|share| row(within, detail, share, refused)).collect(),
        add: detail.editable.then(|| add_form(within, detail, refused)),
    })
}

fn row(within: &Within, detail: &EntryDetail, of: &EnclaveShare, refused: &Refused) -> ShareRow {
    let t = within.locale;
    let percent =
        |share: Option<i64>| share.map(|share| format!("{}%", quantity_text("%", share))).unwrap_or_default();
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let form = format!("share-{}", of.id);
    let sent = refused.sent(&form);
    let reason = Control::Text { value: sent.get("reason").to_owned(), max_length: 300 };
    let reason = sent.field(t, "reason", t.reason(), reason).required();
    ShareRow {
        measure: measure(t, &of.share.measure).to_owned(),
        from: day(of.share.from),
        to: day(of.share.to),
        sending: percent(of.share.sending),
        receiving: percent(of.share.receiving),
        remove: detail.editable.then(|| InlineForm {
            label: t.share_remove().to_owned(),
            action: within.to(&format!("records/{}/shares/remove", detail.entry.record.code)),
            hidden: vec![("share".to_owned(), of.id.to_string())],
            fields: vec![reason],
            submit: t.share_remove().to_owned(),
            open: sent.is_open(),
            id: form.clone(),
        }),
    }
}

fn add_form(within: &Within, detail: &EntryDetail, refused: &Refused) -> InlineForm {
    let t = within.locale;
    let sent = refused.sent(FORM);
    let measures = SHARED_MEASURES.iter().map(|code| choice(code, measure(t, code), sent.get("measure")));
    let measures = Control::Choice(measures.collect());
    let day = |name: &str| Control::Date(sent.get(name).to_owned());
    let percent = |name: &str| Control::Quantity { value: sent.get(name).to_owned(), unit: "%".to_owned() };
    InlineForm {
        id: FORM.to_owned(),
        label: t.share_add().to_owned(),
        action: within.to(&format!("records/{}/shares", detail.entry.record.code)),
        fields: vec![
            sent.field(t, "measure", t.share_of(), measures).required(),
            sent.field(t, "from", t.share_from(), day("from")).required(),
            sent.field(t, "to", t.share_to(), day("to")),
            sent.field(t, "sending", t.share_sending(), percent("sending")),
            sent.field(t, "receiving", t.share_receiving(), percent("receiving")),
        ],
        submit: t.share_add().to_owned(),
        open: sent.is_open(),
        ..InlineForm::default()
    }
}

/// `POST records/{code}/shares`
pub(crate) async fn add(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of(FORM, &body);
    let input = ShareInput::read(|key| refused.sent(FORM).get(key).to_owned());
    let done = within.app().enclave_share_add(&within.actor, within.id(), &code, &input).await;
    let done = done.map(|()| within.locale.share_added().to_owned());
    answer(&within, &code, PART, done, refused).await
}

/// `POST records/{code}/shares/remove`
pub(crate) async fn remove(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let pairs = pairs(&body);
    let get = |key: &str| pairs.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str());
    let share = get("share").parse().unwrap_or(0);
    let done =
        within.app().enclave_share_remove(&within.actor, within.id(), &code, share, get("reason")).await;
    let done = done.map(|()| within.locale.share_removed().to_owned());
    let refused = Refused { form: format!("share-{share}"), pairs, ..Refused::default() };
    answer(&within, &code, PART, done, refused).await
}
