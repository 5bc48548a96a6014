//! Any archive is read or refused within its limits; half of the inputs are the body of a document, packed here, so
//! that the fuzzer reaches the XML without having to invent a zip.
#![no_main]

use std::io::{Cursor, Write};

use documents::{Limits, Outcome, docx_text};
use libfuzzer_sys::fuzz_target;
use zip::write::{SimpleFileOptions, ZipWriter};

fuzz_target!(|input: (bool, &[u8])| {
    let (is_body, bytes) = input;
    let file = if is_body { packed(bytes) } else { bytes.to_vec() };
    let limits = Limits { text_bytes: 1 << 16, inflate_bytes: 1 << 18, ..Limits::default() };
    if let Ok(Outcome::Text(read)) = docx_text(Cursor::new(file), "docx", &limits) {
        assert!(!read.text.trim().is_empty() && read.text.len() <= 2 * limits.text_bytes);
    }
});

fn packed(body: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file("word/document.xml", options).expect("a part can be begun in memory");
    writer.write_all(body).expect("a part can be written in memory");
    writer.finish().expect("an archive can be ended in memory").into_inner()
}
