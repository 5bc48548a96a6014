//! Any page gives lines of text or is refused as markup only; no tag of it is in the text by itself.
#![no_main]

use documents::html_text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|page: &str| {
    if let Ok(text) = html_text(page) {
        assert!(text.chars().any(char::is_alphanumeric));
    }
});
