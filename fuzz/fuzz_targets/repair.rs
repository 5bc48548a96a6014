//! Any text is repaired, and every character of the result has its place in the original.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let repaired = reading::repair::repair(text);
    let length = text.chars().count();
    let mut last = 0;
    for at in 0..repaired.text.chars().count() {
        let original = repaired.to_original(at);
        assert!(original < length && original >= last);
        last = original;
    }
});
