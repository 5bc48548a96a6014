//! Before a programme: sign-in, the language, the choice of a programme, and whether the server is well.

use crate::failure::{Failure, message};
use crate::visit::{SignedIn, Visit, programme_name, role_label, write_flash};
use crate::{Demo, cookie, redirect};
use axum::Form;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Response};
use locale::Locale;
use pages::{DemoUser, Login, Nav, ProgrammeCard, Programmes, Tone, Wrong};
use serde::Deserialize;

/// `GET /healthz`
pub(crate) async fn health(visit: Visit) -> Result<String, Failure> {
    let app = &visit.state.app;
    app.ping().await?;
    Ok(format!("ok {}\n", app.database_name()))
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// `GET /login`
pub(crate) async fn login_form(visit: Visit, Query(query): Query<Next>) -> Result<Response, Failure> {
    if visit.actor.is_some() {
        return Ok(redirect::to(redirect::local(&query.next)));
    }
    Ok(login_page(&visit, String::new(), query.next, Wrong::default()))
}

fn login_page(visit: &Visit, login: String, next: String, wrong: Wrong) -> Response {
    let demo = visit.state.config.demo.as_ref();
    let demo_password = demo.map(|demo| demo.password.to_owned()).unwrap_or_default();
    let demo_users = demo.map(|demo| demo_users(visit.locale, demo)).unwrap_or_default();
    let shell = visit.shell(Nav::Elsewhere);
    Html(Login { shell, login, next, wrong, demo_users, demo_password }.render()).into_response()
}

fn demo_users(locale: Locale, demo: &Demo) -> Vec<DemoUser> {
    let user = |(login, name, role): &(String, String, app::Role)| DemoUser {
        login: login.clone(),
        name: name.clone(),
        role: role_label(locale, *role).to_owned(),
    };
    demo.users.iter().map(user).collect()
}

#[derive(Deserialize)]
pub(crate) struct LoginFields {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /login`
pub(crate) async fn login(visit: Visit, Form(fields): Form<LoginFields>) -> Result<Response, Failure> {
    let state = &visit.state;
    let login = fields.login.trim();
    if login.is_empty() || fields.password.is_empty() {
        let field = if login.is_empty() { "login" } else { "password" };
        let wrong = Wrong { field: field.to_owned(), words: visit.locale.login_fill().to_owned() };
        let page = login_page(&visit, login.to_owned(), fields.next, wrong);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    match state.app.sign_in(login, &fields.password, (state.clock)()).await {
        Ok(token) => {
            let session = AppendHeaders([(header::SET_COOKIE, cookie::session(&state.config, &token.0))]);
            let next = redirect::local(&fields.next);
            let waits = state.app.sign_in_waiting(&token.0, (state.clock)()).await?.is_some();
            let to = match waits {
                true => format!("/login/factor?next={}", cookie::escape(next)),
                false => next.to_owned(),
            };
            Ok((session, redirect::to(&to)).into_response())
        }
        Err(error @ (app::Error::WrongPassword | app::Error::Locked { .. })) => {
            let wrong = Wrong { field: "password".to_owned(), words: message(visit.locale, &error) };
            let status = Failure::from(error).status();
            let page = login_page(&visit, login.to_owned(), fields.next, wrong);
            Ok((status, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /logout`
pub(crate) async fn logout(visit: Visit, headers: HeaderMap) -> Result<Response, Failure> {
    let config = &visit.state.config;
    if let Some(token) = cookie::get(&headers, cookie::session_name(config)) {
        visit.state.app.sign_out(&token).await?;
    }
    let flash = write_flash(Tone::Good, visit.locale.signed_out());
    let cookies =
        [cookie::no_session(config), cookie::flash(config, &flash)].map(|line| (header::SET_COOKIE, line));
    Ok((AppendHeaders(cookies), redirect::to("/login")).into_response())
}

#[derive(Deserialize)]
pub(crate) struct LanguageFields {
    lang: String,
    #[serde(default)]
    next: String,
}

/// `POST /locale`
pub(crate) async fn set_language(
    visit: Visit,
    Form(fields): Form<LanguageFields>,
) -> Result<Response, Failure> {
    let locale = Locale::from_code(&fields.lang).ok_or(Failure::BadRequest)?;
    let language =
        AppendHeaders([(header::SET_COOKIE, cookie::language(&visit.state.config, locale.code()))]);
    Ok((language, redirect::to(redirect::local(&fields.next))).into_response())
}

/// `GET /`
pub(crate) async fn programmes(by: SignedIn) -> Result<Html<String>, Failure> {
    let SignedIn { visit, actor } = by;
    let mut programmes = Vec::new();
    for card in visit.state.app.programme_list(&actor).await? {
        programmes.push(ProgrammeCard {
            name: programme_name(visit.locale, &card.programme).to_owned(),
            code: card.programme.code,
            note: String::new(),
            documents: count(card.documents),
            figures: count(card.figures),
            open_claims: count(card.open_claims),
        });
    }
    let accounts = actor.require_everywhere(app::Right::ViewUsers).is_ok();
    let contact_views = actor.require_everywhere(app::Right::WatchContacts).is_ok();
    let shell = visit.shell(Nav::Elsewhere);
    Ok(Html(Programmes { shell, programmes, accounts, contact_views }.render()))
}

/// A count of the database as a page wants it.
pub(crate) fn count(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}
