//! Redirects after a form was sent, never to another site.

use crate::visit::{Visit, write_flash, write_flash_undo};
use crate::{Config, cookie};
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use pages::Tone;

/// Goes on to a page by GET.
pub(crate) fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// Goes on to a page by GET, which will show a message.
pub(crate) fn with_flash(visit: &Visit, address: &str, tone: Tone, text: &str) -> Response {
    let config: &Config = &visit.state.config;
    let flash = cookie::flash(config, &write_flash(tone, text));
    (AppendHeaders([(header::SET_COOKIE, flash)]), to(address)).into_response()
}

/// As [`with_flash`], with a button that undoes the change that was just made.
pub(crate) fn with_undo(visit: &Visit, address: &str, text: &str, change: i64) -> Response {
    let config: &Config = &visit.state.config;
    let flash = cookie::flash(config, &write_flash_undo(text, change));
    (AppendHeaders([(header::SET_COOKIE, flash)]), to(address)).into_response()
}

/// The address itself when it is a path of this server, else the start page.
pub(crate) fn local(address: &str) -> &str {
    let plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let path = address.starts_with('/') && !address.starts_with("//");
    if plain && path { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_paths_of_this_server_are_followed() {
        for path in ["/", "/p/a/figures?measure=x&from=2023-01-01", "/p/a/documents/ZL-1?claim=3#c-3"] {
            assert_eq!(local(path), path);
        }
        for elsewhere in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/a\r\nX: y",
            "/\t/evil.example",
            "p/a",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
