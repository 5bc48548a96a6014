//! Any bytes are decoded or refused; what was UTF-8 comes back unchanged; what was decoded is proposed from.
#![no_main]

use documents::{Refusal, decode, decode_html, propose};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match decode(bytes) {
        Ok(decoded) => {
            if let Ok(text) = std::str::from_utf8(bytes) {
                assert_eq!(decoded.text, text.strip_prefix('\u{feff}').unwrap_or(text));
            }
            let _ = propose(&decoded.text, "");
        }
        Err(refusal) => assert!(Refusal::CODES.contains(&refusal.code())),
    }
    let _ = decode_html(bytes);
});
