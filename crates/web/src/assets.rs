//! Scripts, styles and icons, embedded in the binary.

use crate::failure::Failure;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

struct Asset {
    name: &'static str,
    content_type: &'static str,
    /// Digest of the bytes, quoted as the header wants it.
    tag: &'static str,
    bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// `GET /assets/{name}`: asked for again by every page, sent again only after an update.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(Failure::PageNotFound)?;
    let keep = [(header::CACHE_CONTROL, "no-cache"), (header::ETAG, asset.tag)];
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == asset.tag.as_bytes());
    Ok(if known {
        (StatusCode::NOT_MODIFIED, keep).into_response()
    } else {
        (keep, [(header::CONTENT_TYPE, asset.content_type)], asset.bytes).into_response()
    })
}
