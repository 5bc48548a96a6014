//! Cookies: the session, the language, and the one message that follows a redirect.

use crate::Config;
use axum::http::{HeaderMap, HeaderValue, header};

/// The language of the interface.
pub(crate) const LANGUAGE: &str = "lang";
/// The message above the next page.
pub(crate) const FLASH: &str = "flash";

/// Which groups of the navigation the reader opened: `.code.code`. Written by the page's script, so that it is read only.
pub(crate) const NAVIGATION: &str = "nav";

const YEAR_SECONDS: u32 = 365 * 24 * 3600;
const FLASH_SECONDS: u32 = 60;

/// The name of the session cookie. Behind TLS browsers hold `__Host-` cookies to this host and path.
pub(crate) fn session_name(config: &Config) -> &'static str {
    if config.secure_cookies { "__Host-luodi_session" } else { "luodi_session" }
}

/// The value of a cookie of the request.
pub(crate) fn get(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = pairs.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| unescape(value))
}

/// A cookie that lasts as long as the browser is open: the session.
pub(crate) fn session(config: &Config, token: &str) -> HeaderValue {
    line(config, session_name(config), token, None)
}

/// A cookie that takes the session away.
pub(crate) fn no_session(config: &Config) -> HeaderValue {
    line(config, session_name(config), "", Some(0))
}

/// A cookie that keeps the language for a year.
pub(crate) fn language(config: &Config, code: &str) -> HeaderValue {
    line(config, LANGUAGE, code, Some(YEAR_SECONDS))
}

/// A cookie with the message for the next page; an empty text takes it away.
pub(crate) fn flash(config: &Config, text: &str) -> HeaderValue {
    line(config, FLASH, text, Some(if text.is_empty() { 0 } else { FLASH_SECONDS }))
}

fn line(config: &Config, name: &str, value: &str, seconds: Option<u32>) -> HeaderValue {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let secure = if config.secure_cookies { "; Secure" } else { "" };
    let line = format!("{name}={}; Path=/; HttpOnly; SameSite=Lax{age}{secure}", escape(value));
    HeaderValue::from_str(&line).expect("the value is escaped to plain ASCII")
}

/// Percent-escapes all but letters, digits and a few signs.
pub(crate) fn escape(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Takes percent escapes back; what is not one stays as it is.
pub(crate) fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex.filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back() {
        for text in ["已录入 SJ-1；%", "a=b; Path=/", "\r\nSet-Cookie: x", ""] {
            assert!(escape(text).bytes().all(|byte| byte.is_ascii_graphic() && byte != b';'));
            assert_eq!(unescape(&escape(text)), text);
        }
        assert_eq!(unescape("100%"), "100%");
        assert_eq!(unescape("%é"), "%é");
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; lang=en; xlang=zh-CN"));
        assert_eq!(get(&headers, "lang").as_deref(), Some("en"));
        assert_eq!(get(&headers, "ang"), None);
    }

    #[test]
    fn behind_tls_cookies_are_secure_and_bound_to_the_host() {
        let config = Config { secure_cookies: true, ..Config::default() };
        let session = session(&config, "abc");
        let text = session.to_str().expect("ASCII");
        assert_eq!(text, "__Host-luodi_session=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}
