//! The second step of sign-in, and setting up a second factor on one's own account.

use crate::failure::{Failure, message};
use crate::visit::{SignedIn, Visit, programme_name, role_label};
use crate::{cookie, redirect};
use app::Enrolment;
use axum::Form;
use axum::extract::Query;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Response};
use pages::{Factor, FactorSetup, Nav, OwnAccount, RecoveryCodes, Wrong};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use std::fmt::Write as _;

const STEP: &str = "/login/factor";
const OWN: &str = "/account/factor";

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(crate) struct CodeFields {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// `GET /login/factor`
pub(crate) async fn step(
    visit: Visit,
    headers: HeaderMap,
    Query(query): Query<Next>,
) -> Result<Response, Failure> {
    step_page(&visit, &headers, query.next, None).await
}

async fn step_page(
    visit: &Visit,
    headers: &HeaderMap,
    next: String,
    error: Option<String>,
) -> Result<Response, Failure> {
    let state = &visit.state;
    let token = cookie::get(headers, cookie::session_name(&state.config)).unwrap_or_default();
    let Some(waiting) = state.app.sign_in_waiting(&token, (state.clock)()).await? else {
        return Ok(redirect::to("/login"));
    };
    let (shell, setup) = (visit.shell(Nav::Elsewhere), waiting.enrol.as_ref().map(setup));
    Ok(Html(Factor { shell, next, action: STEP.to_owned(), wrong: at_code(error), setup }.render())
        .into_response())
}

/// `POST /login/factor`
pub(crate) async fn finish(
    visit: Visit,
    headers: HeaderMap,
    Form(fields): Form<CodeFields>,
) -> Result<Response, Failure> {
    let state = &visit.state;
    let token = cookie::get(&headers, cookie::session_name(&state.config)).unwrap_or_default();
    match state.app.sign_in_finish(&token, &fields.code, (state.clock)()).await {
        Ok((token, codes)) => {
            let session = AppendHeaders([(header::SET_COOKIE, cookie::session(&state.config, &token.0))]);
            let next = redirect::local(&fields.next);
            let answer = match codes {
                None => redirect::to(next),
                Some(codes) => recovery(&visit, codes, next),
            };
            Ok((session, answer).into_response())
        }
        Err(app::Error::NotFound) => Ok(redirect::to("/login")),
        Err(error @ (app::Error::WrongCode | app::Error::Locked { .. })) => {
            let words = message(visit.locale, &error);
            let page = step_page(&visit, &headers, fields.next, Some(words)).await?;
            Ok((Failure::from(error).status(), page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with the code.
fn at_code(error: Option<String>) -> Wrong {
    Wrong { field: "code".to_owned(), words: error.unwrap_or_default() }
}

fn recovery(visit: &Visit, codes: Vec<String>, next: &str) -> Response {
    let shell = visit.shell(Nav::Elsewhere);
    let page = Html(RecoveryCodes { shell, codes, next: next.to_owned() }.render());
    // Not kept by the browser: they are shown once.
    (AppendHeaders([(header::CACHE_CONTROL, "no-store")]), page).into_response()
}

/// `GET /account`
pub(crate) async fn account(by: SignedIn) -> Result<Html<String>, Failure> {
    let SignedIn { visit, actor } = by;
    let state = visit.state.app.factor(&actor).await?;
    let programmes = visit.state.app.programme_list(&actor).await?;
    let name = |id: i64| {
        let card = programmes.iter().find(|card| card.programme.id == id)?;
        Some(programme_name(visit.locale, &card.programme).to_owned())
    };
    let roles = actor.grants.iter().map(|grant| {
        let all = || visit.locale.account_all_programmes().to_owned();
        let place = grant.programme.map_or_else(all, |id| name(id).unwrap_or_default());
        format!("{} · {place}", role_label(visit.locale, grant.role))
    });
    let page = OwnAccount {
        shell: visit.shell(Nav::Elsewhere),
        login: actor.login.clone(),
        name: actor.name.clone(),
        roles: roles.collect(),
        recovery_left: state.recovery_left.map(crate::entrance::count),
        required: state.required,
    };
    Ok(Html(page.render()))
}

/// `GET /account/factor`
pub(crate) async fn begin(by: SignedIn) -> Result<Response, Failure> {
    own_page(&by, None).await
}

async fn own_page(by: &SignedIn, error: Option<String>) -> Result<Response, Failure> {
    let enrolment = by.visit.state.app.factor_begin(&by.actor).await?;
    let (shell, setup) = (by.visit.shell(Nav::Elsewhere), Some(setup(&enrolment)));
    let page = Factor { shell, next: String::new(), action: OWN.to_owned(), wrong: at_code(error), setup };
    Ok((AppendHeaders([(header::CACHE_CONTROL, "no-store")]), Html(page.render())).into_response())
}

/// `POST /account/factor`
pub(crate) async fn confirm(by: SignedIn, Form(fields): Form<CodeFields>) -> Result<Response, Failure> {
    match by.visit.state.app.factor_confirm(&by.actor, &fields.code).await {
        Ok(codes) => Ok(recovery(&by.visit, codes, "/account")),
        Err(error @ app::Error::WrongCode) => {
            let page = own_page(&by, Some(message(by.visit.locale, &error))).await?;
            Ok((Failure::from(error).status(), page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn setup(enrolment: &Enrolment) -> FactorSetup {
    let groups: Vec<_> = enrolment.secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    let (modules, path) = drawn(&enrolment.address);
    FactorSetup { secret: groups.join(" "), address: enrolment.address.clone(), modules, path }
}

/// The modules a side of the QR code of a text, and a path that draws the dark ones, a run at a time.
fn drawn(text: &str) -> (usize, String) {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return (0, String::new()) };
    let (side, colors, mut path) = (code.width(), code.to_colors(), String::new());
    for (y, row) in colors.chunks(side).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let length = run.len();
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            x += run.len();
        }
    }
    (side, path)
}

#[cfg(test)]
mod tests {
    use super::drawn;

    #[test]
    fn a_code_is_drawn_with_its_three_corners() {
        let (side, path) = drawn("otpauth://totp/Luodi:a?secret=MZXW6YTBOI&issuer=Luodi");
        assert!(side >= 21);
        assert!(path.starts_with("M0 0h7v1h-7z") && path.contains(&format!("M{} 0h7", side - 7)), "{path}");
        assert!(path.contains(&format!("M0 {}h7", side - 1)));
    }
}
