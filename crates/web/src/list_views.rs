//! Saved views of a list: the query of its address under a name.

use crate::failure::{Failure, message};
use crate::list_query::ListQuery;
use crate::lists::{self, kind_of};
use crate::redirect;
use crate::visit::Within;
use app::{Right, SavedView, ViewForm};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use pages::{Tone, ViewConfirm, Views};
use serde::Deserialize;

/// The view that the list is opened with, where there is one.
pub(crate) fn default_of(views: &[SavedView]) -> Option<&SavedView> {
    views.iter().find(|view| view.is_default)
}

/// The views of a list as its page shows them.
pub(crate) fn views(
    within: &Within,
    (kind, path): (&str, &str),
    query: &ListQuery,
    saved: &[SavedView],
) -> Views {
    let current = query.text(&[], &[]);
    let action = within.to(&format!("lists/{kind}/views"));
    let may_share = within.may(Right::SharedView);
    let view = |view: &SavedView| {
        let own = Some(view.user) == within.actor.user;
        pages::SavedView {
            name: view.name.clone(),
            href: if view.query.is_empty() { path.to_owned() } else { format!("{path}?{}", view.query) },
            owner: if own { String::new() } else { view.user_name.clone() },
            shared: view.shared,
            current: view.query == current,
            is_default: view.is_default,
            id: view.id.to_string(),
            delete: (own || may_share).then(|| format!("{action}/{}/delete", view.id)),
        }
    };
    Views {
        saved: saved.iter().map(view).collect(),
        set_default: format!("{action}/default"),
        query: current,
        may_share,
        confirm: None,
        name: String::new(),
        error: String::new(),
        action,
    }
}

/// What the form that saves a view sends.
#[derive(Deserialize)]
pub(crate) struct SaveFields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    shared: String,
    #[serde(default)]
    replace: String,
}

/// `POST lists/{kind}/views`
pub(crate) async fn save(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    Form(fields): Form<SaveFields>,
) -> Result<Response, Failure> {
    let path = path_of(&within, &kind)?;
    let query = ListQuery::parse(&fields.query);
    let form = ViewForm {
        query: query.text(&[], &[]),
        shared: fields.shared == "yes",
        replace: fields.replace == "yes",
        name: fields.name.trim().to_owned(),
        kind,
    };
    let address = query.address(&path, &[], &[]);
    match within.app().view_save(&within.actor, within.id(), &form).await {
        Ok(()) => {
            let words = within.locale.list_view_saved(&form.name);
            Ok(redirect::with_flash(&within.visit, &address, Tone::Good, &words))
        }
        Err(app::Error::Conflict) => {
            let confirm = ViewConfirm { name: form.name.clone(), shared: form.shared };
            let refused = (Some(confirm), "", String::new());
            let list = lists::view_refused(&within, &form.kind, &query, refused).await?;
            Ok((StatusCode::CONFLICT, Html(list)).into_response())
        }
        Err(error @ app::Error::Invalid { .. }) => {
            let refused = (None, form.name.as_str(), message(within.locale, &error));
            let list = lists::view_refused(&within, &form.kind, &query, refused).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(list)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST lists/{kind}/views/{id}/delete`
pub(crate) async fn delete(
    within: Within,
    Path((_, kind, id)): Path<(String, String, i64)>,
) -> Result<Response, Failure> {
    let path = path_of(&within, &kind)?;
    let old = within.app().view_delete(&within.actor, within.id(), id).await?;
    let words = within.locale.list_view_deleted(&old.name);
    Ok(redirect::with_flash(&within.visit, &path, Tone::Good, &words))
}

#[derive(Deserialize)]
pub(crate) struct DefaultFields {
    /// Id of the view; empty for none.
    #[serde(default)]
    view: String,
}

/// `POST lists/{kind}/views/default`
pub(crate) async fn set_default(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    Form(fields): Form<DefaultFields>,
) -> Result<Response, Failure> {
    let path = path_of(&within, &kind)?;
    let id = match fields.view.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| Failure::BadRequest)?),
    };
    within.app().view_set_default(&within.actor, within.id(), &kind, id).await?;
    Ok(redirect::to(&path))
}

/// The list that a kind's views belong to.
fn path_of(within: &Within, kind: &str) -> Result<String, Failure> {
    kind_of(kind).map(|kind| lists::path_of(within, kind))
}
