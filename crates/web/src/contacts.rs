//! Business contacts: erasing a person, and who saw contacts.

use crate::cookie::escape;
use crate::failure::{Failure, message};
use crate::format;
use crate::redirect;
use crate::visit::{SignedIn, Within, programme_name};
use app::{CONTACT_VIEWS_PAGE, ContactView, RecordKind};
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use locale::Locale;
use pages::{ContactViewRow, ContactViews, Control, FormField, FormSection, Link, Nav, RecordForm, Tone};
use serde::Deserialize;

/// `GET records/{code}/erase`
pub(crate) async fn ask(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    Ok(Html(form(&within, &code, "", "").await?.render()))
}

async fn form(within: &Within, code: &str, typed: &str, error: &str) -> Result<RecordForm, Failure> {
    let t = within.locale;
    let detail = within.app().entry(&within.actor, within.id(), code).await?;
    if !detail.editable || detail.entry.record.kind != RecordKind::Contact {
        return Err(Failure::PageNotFound);
    }
    let page = within.to(&format!("records/{code}"));
    let title = crate::labels::pick_title(t, &detail.entry.record).to_owned();
    let reason = FormField {
        name: "reason".to_owned(),
        label: t.erase_reason().to_owned(),
        required: true,
        error: error.to_owned(),
        control: Control::Text { value: typed.to_owned(), max_length: 300 },
        wide: true,
        ..FormField::default()
    };
    Ok(RecordForm {
        shell: within.shell_of(detail.entry.record.kind.code()).await?,
        crumbs: vec![Link { label: title, href: page.clone() }],
        title: t.erase_title().to_owned(),
        intro: t.erase_intro().to_owned(),
        action: format!("{page}/erase"),
        cancel: page,
        sections: vec![FormSection { fields: vec![reason], ..FormSection::default() }],
        submit: t.erase_title().to_owned(),
        ..RecordForm::default()
    })
}

#[derive(Deserialize)]
pub(crate) struct EraseFields {
    #[serde(default)]
    reason: String,
}

/// `POST records/{code}/erase`
pub(crate) async fn erase(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    Form(fields): Form<EraseFields>,
) -> Result<Response, Failure> {
    match within.app().contact_erase(&within.actor, within.id(), &code, &fields.reason).await {
        Ok(record) => {
            let to = within.to(&format!("records/{}", record.code));
            Ok(redirect::with_flash(&within.visit, &to, Tone::Good, within.locale.erase_done()))
        }
        Err(error @ app::Error::Invalid { .. }) => {
            let form = form(&within, &code, &fields.reason, &message(within.locale, &error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(form.render())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub(crate) struct ViewsQuery {
    #[serde(default)]
    contact: String,
    before: Option<i64>,
}

/// `GET /contact-views?contact=&before=`
pub(crate) async fn views(by: SignedIn, Query(query): Query<ViewsQuery>) -> Result<Html<String>, Failure> {
    let SignedIn { visit, actor } = by;
    let contact = query.contact.trim();
    let of = Some(contact).filter(|code| !code.is_empty());
    let views = visit.state.app.contact_view_list(&actor, of, query.before).await?;
    let full = i64::try_from(views.len()).unwrap_or(0) == CONTACT_VIEWS_PAGE;
    let last = views.last().filter(|_| full);
    let next = last.map(|last| format!("/contact-views?contact={}&before={}", escape(contact), last.id));
    let rows = views.iter().map(|view| row(visit.locale, view)).collect();
    let contact = contact.to_owned();
    Ok(Html(ContactViews { shell: visit.shell(Nav::Elsewhere), contact, rows, next }.render()))
}

fn row(t: Locale, view: &ContactView) -> ContactViewRow {
    let what = match view.what.as_str() {
        "page" => t.contact_view_page(),
        "export" => t.contact_view_export(),
        "search" => t.contact_view_search(),
        _ => t.contact_view_list(),
    };
    let zone = TimeZone::get(&view.programme.time_zone).unwrap_or(TimeZone::UTC);
    let more = view.count - i64::try_from(view.codes.len()).unwrap_or(0);
    ContactViewRow {
        when: format::instant(view.at, &zone),
        who: view.user.clone().unwrap_or_else(|| t.source_cli().to_owned()),
        programme: programme_name(t, &view.programme).to_owned(),
        what: what.to_owned(),
        codes: view
            .codes
            .iter()
            .map(|code| (code.clone(), format!("/contact-views?contact={code}")))
            .collect(),
        more: if more > 0 { t.contact_view_more(more) } else { String::new() },
    }
}
