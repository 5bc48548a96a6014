//! Around every answer: failures get their page or their JSON, requests their line in the log.

use crate::failure::Failure;
use crate::visit::{Visit, Wants};
use crate::{WebState, answer, cookie};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use pages::{ErrorPage, Nav};
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;
use tower_http::csrf::ProtectionError;

/// The answer where no route fits.
pub(crate) async fn no_such_page() -> Failure {
    Failure::PageNotFound
}

/// Turns failures into what the sender can use, and writes the log line.
pub(crate) async fn finish(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let anonymous = Visit::new(&state, &parts);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let visit = response.extensions_mut().remove::<Visit>().unwrap_or(anonymous);
    if let Some(failure) = failure_in(&mut response) {
        response = render(&visit, &failure);
    }
    if visit.flash.is_some() && shows_page(&visit, &method, &response) {
        response.headers_mut().append(header::SET_COOKIE, cookie::flash(&state.config, ""));
    }
    let (status, took) = (response.status().as_u16(), started.elapsed().as_micros());
    tracing::info!(%method, path, status, micros = took, "request");
    response
}

fn shows_page(visit: &Visit, method: &Method, response: &Response) -> bool {
    let is_html = |value: &axum::http::HeaderValue| value.as_bytes().starts_with(b"text/html");
    method == Method::GET
        && visit.wants == Wants::Page
        && response.headers().get(header::CONTENT_TYPE).is_some_and(is_html)
}

/// The failure that an answer carries; answers of the framework to what it cannot read become one.
fn failure_in(response: &mut Response) -> Option<Failure> {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        return Some(failure);
    }
    if response.extensions().get::<ProtectionError>().is_some() {
        return Some(Failure::CrossSite);
    }
    let ours = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    match response.status() {
        _ if ours => None,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(Failure::PageNotFound),
        status if status.is_client_error() => Some(Failure::BadRequest),
        status if status.is_server_error() => Some(Failure::Bug("the framework failed")),
        _ => None,
    }
}

fn render(visit: &Visit, failure: &Failure) -> Response {
    let id = incident((visit.state.clock)().as_millisecond());
    let (status, words) = (failure.status(), failure.words(visit, &id));
    if visit.wants == Wants::Json {
        return answer::json(status, &json!({ "ok": false, "message": words.message }));
    }
    let shell = visit.shell(Nav::Elsewhere);
    let page = ErrorPage { shell, status: status.as_u16(), message: words.message, advice: words.advice };
    (status, Html(page.render())).into_response()
}

/// A short name by which a failure is found in the log: its instant and a counter.
fn incident(millisecond: i64) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed) % 1000;
    format!("{millisecond:X}-{count}")
}
