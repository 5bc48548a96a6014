//! The robots of group chats (企业微信, 钉钉) that get the weekly summary. Their addresses and secrets are not shown again.

use super::crumbs;
use crate::failure::{self, Failure};
use crate::redirect;
use crate::settings::sent::{Sent as Form, chosen};
use crate::visit::Within;
use app::{NewSubscription, ROBOTS, Right, Sent, Subscription};
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use locale::Locale;
use pages::{Cell, Control, FormField, InlineForm, SettingCell, SettingsRow, SettingsTable, Tone};

fn kind_label(t: Locale, kind: &str) -> &'static str {
    if kind == "wecom" { t.robot_wecom() } else { t.robot_dingtalk() }
}

/// What became of a summary, in words.
pub(crate) fn state(t: Locale, of: &Sent) -> String {
    let state = t.by_key(&format!("sending_{}", of.state)).unwrap_or(&of.state);
    let why = of.error.as_ref().map(|error| format!(" ({error})")).unwrap_or_default();
    format!("{} {state}{why}", of.week)
}

/// `GET settings/robots`
pub(crate) async fn show(within: Within) -> Result<Response, Failure> {
    page(&within, &Form::default()).await
}

async fn page(within: &Within, sent: &Form) -> Result<Response, Failure> {
    let t = within.locale;
    let robots = within.app().robots(&within.actor, within.id()).await?;
    let origins = &within.visit.state.config.robot_origins;
    let can = !origins.is_empty();
    let kinds: Vec<(&str, &str)> = ROBOTS.iter().map(|kind| (*kind, kind_label(t, kind))).collect();
    let kind = Control::Choice(chosen(&kinds, sent.get("kind")));
    // An address that was refused comes back; one that was saved does not.
    let address = Control::Text { value: sent.get("address").to_owned(), max_length: 1000 };
    let add = can.then(|| InlineForm {
        id: "robot".to_owned(),
        label: t.robot_add().to_owned(),
        action: within.to("settings/robots"),
        fields: vec![
            sent.field(within, "kind", t.robot_kind(), kind).required(),
            FormField {
                hint: t.robot_address_hint(origins.join(", ")),
                ..sent.field(within, "address", t.robot_address(), address)
            }
            .required(),
            FormField {
                hint: t.robot_secret_hint().to_owned(),
                ..sent.field(within, "secret", t.robot_secret(), Control::Password)
            },
        ],
        submit: t.robot_add().to_owned(),
        open: sent.concerns(&["kind", "address", "secret"]),
        ..InlineForm::default()
    });
    let page = SettingsTable {
        shell: sent.shell(within).await?,
        crumbs: crumbs(within),
        title: t.robot_title().to_owned(),
        intro: if can { t.robot_intro() } else { t.robot_off() }.to_owned(),
        columns: [t.robot_host(), t.robot_by(), t.robot_last()].map(str::to_owned).into(),
        rows: robots.iter().map(|(of, last)| row(within, of, last.as_ref())).collect(),
        add,
        audit_href: super::audit_href(within),
        ..SettingsTable::default()
    };
    Ok((sent.status(), Html(page.render())).into_response())
}

/// A robot by the host it is at, never by its address.
fn row(within: &Within, of: &Subscription, last: Option<&Sent>) -> SettingsRow {
    let t = within.locale;
    let host = of.address.split('/').nth(2).unwrap_or_default().to_owned();
    let again = last.filter(|of| of.has_failed()).filter(|_| within.may(Right::ManageSettings));
    let button =
        again.map(|_| (t.summary_again().to_owned(), within.to(&format!("settings/robots/{}/again", of.id))));
    let last = last.map_or_else(|| t.robot_never().to_owned(), |last| state(t, last));
    SettingsRow {
        label: kind_label(t, &of.kind).to_owned(),
        cells: [host, of.user_name.clone(), last].map(|text| SettingCell::Shown(Cell::Text(text))).into(),
        remove: within
            .may(Right::ManageSettings)
            .then(|| within.to(&format!("settings/robots/{}/remove", of.id))),
        button,
        ..SettingsRow::default()
    }
}

/// `POST settings/robots`
pub(crate) async fn add(within: Within, body: Bytes) -> Result<Response, Failure> {
    let mut sent = Form::new(&body);
    let secret = Some(sent.get("secret").trim()).filter(|secret| !secret.is_empty());
    let new = NewSubscription {
        kind: sent.get("kind"),
        address: sent.get("address").trim(),
        secret,
        language: within.locale.code(),
    };
    let origins = &within.visit.state.config.robot_origins;
    match within.app().robot_add(&within.actor, within.id(), &new, origins).await {
        Ok(()) => Ok(back(&within, within.locale.robot_added())),
        Err(app::Error::Form(problems)) => {
            sent.refuse(problems);
            page(&within, &sent).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST settings/robots/{code}/remove`
pub(crate) async fn remove(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id: i64 = code.parse().unwrap_or(0);
    match within.app().robot_remove(&within.actor, within.id(), id).await {
        Ok(()) => Ok(back(&within, within.locale.robot_removed())),
        Err(error @ app::Error::NotFound) => {
            let words = failure::message(within.locale, &error);
            let page = within.to("settings/robots");
            Ok(redirect::with_flash(&within.visit, &page, Tone::Bad, &words))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST settings/robots/{code}/again`
pub(crate) async fn again(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id: i64 = code.parse().unwrap_or(0);
    let done = within.app().robot_again(&within.actor, within.id(), id).await?;
    Ok(back(&within, again_words(within.locale, done)))
}

/// What came of asking to send a summary again.
pub(crate) fn again_words(t: Locale, done: bool) -> &'static str {
    if done { t.summary_again_done() } else { t.summary_again_none() }
}

fn back(within: &Within, words: &str) -> Response {
    redirect::with_flash(&within.visit, &within.to("settings/robots"), Tone::Good, words)
}
