//! Who gets to a handler: asked before it runs, by what its route declares.

use crate::failure::Failure;
use crate::visit::{Visit, Wants};
use crate::{WebState, cookie};
use app::{Programme, Right};
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
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
        Err(Failure::SignInFirst) if visit.wants == Wants::Page && parts.method == "GET" => {
            Redirect::to(&format!("/login?next={}", cookie::escape(&visit.path))).into_response()
        }
        Err(Failure::SignInFirst) if visit.wants == Wants::Page => Redirect::to("/login").into_response(),
        Err(failure) => failure.into_response(),
    };
    response.extensions_mut().insert(visit);
    response
}

async fn admit(guard: &Guard, visit: &mut Visit, parts: &mut Parts) -> Result<(), Failure> {
    let token = cookie::get(&parts.headers, cookie::session_name(&guard.state.config));
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        visit.actor = guard.state.app.actor(&token, (guard.state.clock)()).await?.map(Arc::new);
    }
    match (guard.access, visit.actor.clone()) {
        (Access::Public, _) | (Access::SignedIn, Some(_)) => Ok(()),
        (_, None) => Err(Failure::SignInFirst),
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
