//! Who gets to a handler: asked before it runs, by what its route declares.

use crate::failure::Failure;
use crate::visit::{Visit, Wants};
use crate::{WebState, cookie, redirect};
use app::{Programme, Right};
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Response};
use pages::Tone;
use std::sync::Arc;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever has this right in the programme that the address names.
    Right(Right),
    /// Whoever has this right by a role held in the whole installation.
    Everywhere(Right),
}

/// What a route was registered with.
#[derive(Clone)]
pub(crate) struct Guard {
    pub state: WebState,
    pub access: Access,
}

/// Runs the handler for those who may use it; tells the frame around it who asked.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut visit = Visit::new(&guard.state, &parts);
    let mut response = match admit(&guard, &mut visit, &mut parts).await {
        Ok(()) => {
            parts.extensions.insert(visit.clone());
            next.run(Request::from_parts(parts, body)).await
        }
        Err(Failure::SignInFirst) if visit.wants == Wants::Page => to_sign_in(&visit, &parts).await,
        Err(failure) => failure.into_response(),
    };
    response.extensions_mut().insert(visit);
    response
}

/// To the sign-in page, and back to what was asked for afterwards; a session that has ended is said to have.
async fn to_sign_in(visit: &Visit, parts: &Parts) -> Response {
    let config = &visit.state.config;
    let next =
        if parts.method == "GET" { format!("?next={}", cookie::escape(&visit.path)) } else { String::new() };
    let address = format!("/login{next}");
    match cookie::get(&parts.headers, cookie::session_name(config)) {
        Some(token) if waits_for_code(visit, &token).await => redirect::to(&format!("/login/factor{next}")),
        Some(token) if !token.is_empty() => {
            let gone = AppendHeaders([(header::SET_COOKIE, cookie::no_session(config))]);
            (gone, redirect::with_flash(visit, &address, Tone::Warn, visit.locale.login_expired()))
                .into_response()
        }
        _ => redirect::to(&address),
    }
}

async fn waits_for_code(visit: &Visit, token: &str) -> bool {
    let state = &visit.state;
    matches!(state.app.sign_in_waiting(token, (state.clock)()).await, Ok(Some(_)))
}

async fn admit(guard: &Guard, visit: &mut Visit, parts: &mut Parts) -> Result<(), Failure> {
    let token = cookie::get(&parts.headers, cookie::session_name(&guard.state.config));
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        visit.actor = guard.state.app.actor(&token, (guard.state.clock)()).await?.map(Arc::new);
    }
    match (guard.access, visit.actor.clone()) {
        (Access::Public, _) | (Access::SignedIn, Some(_)) => Ok(()),
        (_, None) => Err(Failure::SignInFirst),
        (Access::Everywhere(right), Some(actor)) => {
            visit.needs = Some(right);
            Ok(actor.require_everywhere(right)?)
        }
        (Access::Right(right), Some(actor)) => {
            let programme = programme(guard, parts).await?;
            visit.programme = actor.may(programme.id, Right::View).then(|| Arc::new(programme.clone()));
            visit.needs = Some(right);
            Ok(actor.require(programme.id, right)?)
        }
    }
}

async fn programme(guard: &Guard, parts: &mut Parts) -> Result<Programme, Failure> {
    let params = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| Failure::PageNotFound)?;
    let code = params.iter().find(|(name, _)| *name == "programme").map(|(_, code)| code);
    Ok(guard.state.app.programme(code.ok_or(Failure::PageNotFound)?).await?)
}
