//! Why a file was not taken, in the reader's language. The codes are those of `documents` and of the screening in
//! `app`; a test holds that each has its words.

use locale::Locale;

/// The sentence for a refused file.
pub(crate) fn message(t: Locale, file: &str, code: &str, args: &[(&'static str, String)]) -> String {
    let arg = |name: &str| args.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.as_str());
    match code {
        "empty" => t.refusal_empty(file),
        "binary-as-text" => t.refusal_binary_as_text(file),
        "nul-bytes" => t.refusal_nul_bytes(file, arg("offset")),
        "mixed-encodings" => t.refusal_mixed_encodings(file, arg("line")),
        "save-as" => t.refusal_save_as(file, arg("from"), arg("to")),
        "unknown-format" => t.refusal_unknown_format(file),
        "broken-docx" => t.refusal_broken_docx(file, part(t, arg("what"))),
        "zip-bomb" => t.refusal_zip_bomb(file),
        "encrypted-docx" => t.refusal_encrypted_docx(file),
        "encrypted-pdf" => t.refusal_encrypted_pdf(file),
        "broken-pdf" => t.refusal_broken_pdf(file),
        "garbled" => t.refusal_garbled(file, format!("{}%", arg("percent"))),
        "only-markup" => t.refusal_only_markup(file),
        "text-too-large" => {
            t.refusal_text_too_large(file, format!("{} MiB", arg("mib")), format!("{} MiB", arg("limit")))
        }
        "pdf-tool-missing" => t.refusal_pdf_tool_missing(file),
        "pdf-timeout" => t.refusal_pdf_timeout(file, arg("seconds")),
        "secrecy-mark" => t.refusal_secrecy_mark(file, arg("line"), arg("mark")),
        "listed-headings" => t.refusal_listed_headings(file, arg("headings")),
        "too-many-claims" => t.refusal_too_many_claims(file, arg("limit")),
        "not-xlsx" => t.refusal_not_xlsx(file),
        "encrypted-xlsx" => t.refusal_encrypted_xlsx(file),
        "macros" => t.refusal_macros(file),
        "broken-xlsx" => t.refusal_broken_xlsx(file),
        "identity-numbers" => t.refusal_identity_numbers(file),
        "not-sheet" => t.refusal_not_sheet(file),
        "encrypted-sheet" => t.refusal_encrypted_sheet(file),
        "broken-sheet" => t.refusal_broken_sheet(file),
        "changed-file" => t.refusal_changed_file(file),
        "embedded-file" => t.refusal_embedded_file(file),
        "old-xml" => t.refusal_old_xml(file),
        "no-table" => t.refusal_no_table(file),
        "too-large-upload" => t.refusal_too_large_upload(file, arg("limit")),
        _ => t.refusal_extractor_failed(file, arg("what")),
    }
}

fn part(t: Locale, what: &str) -> &'static str {
    t.by_key(&format!("refusal_part_{what}")).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of `app` itself: what it refuses before it stores or while it reads, and an upload above the limit.
    const OWN: &[&str] = &[
        "secrecy-mark",
        "listed-headings",
        "too-many-claims",
        "too-large-upload",
        "not-xlsx",
        "encrypted-xlsx",
        "macros",
        "broken-xlsx",
        "identity-numbers",
        "not-sheet",
        "encrypted-sheet",
        "broken-sheet",
        "changed-file",
        "embedded-file",
        "old-xml",
        "no-table",
    ];

    #[test]
    fn every_refusal_has_its_words_in_both_languages() {
        for t in Locale::ALL {
            let anything = t.refusal_extractor_failed("f", "");
            for code in documents::Refusal::CODES.iter().chain(OWN).filter(|code| **code != "unreadable") {
                let words = message(t, "f", code, &[]);
                assert_ne!(words, anything, "{code} has no words of its own");
                assert!(words.contains('f'), "{code} does not name the file");
            }
        }
    }

    #[test]
    fn facts_stand_in_the_sentence() {
        let t = Locale::En;
        let args = [("mark", "机密".to_owned()), ("line", "7".to_owned())];
        let words = message(t, "plan.txt", "secrecy-mark", &args);
        assert!(words.contains("plan.txt") && words.contains("机密") && words.contains("line 7"), "{words}");
    }
}
