//! Any text is read, and every quote is the text at its span.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use reading::Reader;

static READER: LazyLock<Reader> = LazyLock::new(Reader::new);

fuzz_target!(|text: &str| {
    let chars: Vec<char> = text.chars().collect();
    for claim in READER.read(text, None).claims {
        let quoted: String = chars[claim.start..claim.end].iter().collect();
        assert_eq!(quoted, claim.quote);
    }
});
