//! No NUL in an address or a form: PostgreSQL keeps none in a text, and nobody types one.

use crate::failure::Failure;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

/// Longest form without files, in bytes: a text that is far too long still comes back with a message at its field.
pub(crate) const FORM_BYTES: usize = 32 << 20;
/// Longest form that is read beside others, and longest at sign-in, where everybody may send one.
const USUAL_BYTES: usize = 1 << 20;
/// Longer forms come one at a time, so that they never fill the memory.
static LARGE: Semaphore = Semaphore::const_new(1);

/// Refuses a request with a NUL before anything is looked up. Forms with files pass: their parts are looked at as they
/// come.
pub(crate) async fn refuse(request: Request, next: Next) -> Response {
    let (parts, mut body) = request.into_parts();
    let mut found = parts.uri.path_and_query().is_some_and(|address| has_nul(address.as_str().as_bytes()));
    let mut large = None;
    if is_form(&parts.headers) {
        // The forms of sign-in are open to anybody, who is not read at length.
        let inside = ["/p/", "/users", "/account"].iter().any(|of| parts.uri.path().starts_with(of));
        if inside && is_large(&parts.headers) {
            large = LARGE.acquire().await.ok();
        }
        let limit = if large.is_some() { FORM_BYTES } else { USUAL_BYTES };
        let Ok(bytes) = to_bytes(body, limit).await else { return Failure::BadRequest.into_response() };
        found |= has_nul(&bytes);
        body = Body::from(bytes);
    }
    let answer = if found {
        Failure::BadRequest.into_response()
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    drop(large);
    answer
}

fn is_large(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    length.is_some_and(|length: usize| length > USUAL_BYTES)
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

/// Whether encoded text has a NUL, as it is or as `%00`.
fn has_nul(encoded: &[u8]) -> bool {
    encoded.contains(&0) || encoded.windows(3).any(|three| three == b"%00")
}
