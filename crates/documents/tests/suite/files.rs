//! Every kind of file, from its bytes on the disk: what is read of it, or by which name it is refused.

use std::io::Write;

use crate::made::{self, Shown};
use documents::{Extracted, Format, Limits, Outcome, Page, Refusal, extract};

fn outcome_within(name: &str, bytes: &[u8], limits: &Limits) -> Result<Outcome, Refusal> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    extract(file.path(), name, limits)
}

fn outcome(name: &str, bytes: &[u8]) -> Result<Outcome, Refusal> {
    outcome_within(name, bytes, &Limits::default())
}

fn read(name: &str, bytes: &[u8]) -> Extracted {
    match outcome(name, bytes) {
        Ok(Outcome::Text(read)) => read,
        other => panic!("{name}: {other:?}"),
    }
}

fn refused(name: &str, bytes: &[u8]) -> Refusal {
    outcome(name, bytes).expect_err(name)
}

#[test]
fn text_is_its_characters_unchanged() {
    let text = "  甲市与乙州签约。\r\n\n三家企业\t落地\u{3000}。";
    let of = |name| read(name, text.as_bytes());
    assert_eq!(
        (of("a.txt").text, of("a.txt").format, of("a.txt").encoding),
        (text.into(), Format::Text, Some("UTF-8"))
    );
    assert_eq!(of("报告.MD").format, Format::Markdown);
    assert_eq!(of("stdin").format, Format::Text);
    assert_eq!((of("a.csv").extractor, of("a.csv").version), ("luodi-text", 1));
}

#[test]
fn a_web_page_is_known_by_its_content() {
    let page = read("a.txt", b"\xef\xbb\xbf <!DOCTYPE HTML><p>one<p>two");
    assert_eq!((page.format, page.text.as_str(), page.extractor), (Format::Html, "one\ntwo\n", "luodi-html"));
    assert_eq!(refused("a.html", b"<html><body><script>go()</script></body></html>"), Refusal::OnlyMarkup);
}

#[test]
fn what_is_no_text_is_refused_by_name() {
    assert_eq!(refused("a.txt", b""), Refusal::Empty);
    assert_eq!(refused("a.txt", b" \n"), Refusal::Empty);
    assert_eq!(refused("a.txt", b"\x7fELF\x02\x01\x01\0\0\0\0"), Refusal::BinaryAsText);
    assert_eq!(refused("a.txt", made::PNG), Refusal::BinaryAsText);
    assert_eq!(refused("a.txt", &made::zip(&[("a", b"b")])), Refusal::BinaryAsText);
    assert_eq!(refused("a.txt", b"a line of plain text\0and more of it"), Refusal::NulBytes { offset: 20 });
    assert_eq!(refused("a.bin", &[0, 1, 2, 3]), Refusal::UnknownFormat { extension: ".bin".into() });
    assert_eq!(refused("a.json", b"{\"a\": 1}"), Refusal::UnknownFormat { extension: ".json".into() });
    assert_eq!(refused("a.pdf", b"no pdf at all"), Refusal::BrokenPdf);
    let mixed = ["甲市与乙州签约\n".as_bytes(), b"\xb6\xfe\xbc\xd2\xc6\xf3\xd2\xb5\n"].concat();
    assert_eq!(refused("a.txt", &mixed), Refusal::MixedEncodings { line: 2 });
    assert_eq!(refused("a.txt", "甲乙\u{fffd}".repeat(9).as_bytes()), Refusal::Garbled { percent: 34 });
}

#[test]
fn a_text_over_the_limit_is_refused_before_it_is_read() {
    let limits = Limits { text_bytes: 1 << 20, ..Limits::default() };
    let bytes = vec![b'a'; (1 << 20) + 1];
    assert_eq!(outcome_within("a.txt", &bytes, &limits), Err(Refusal::TextTooLarge { mib: 2, limit_mib: 1 }));
    assert!(outcome_within("a.txt", &bytes[1..], &limits).is_ok());
}

#[test]
fn other_programs_files_get_the_advice_what_to_save_as() {
    let save_as = |from: &str, to| Refusal::SaveAs { from: from.into(), to };
    for (name, stream, from, to) in [
        ("a.doc", "WordDocument", ".doc", ".docx"),
        ("a.wps", "WordDocument", ".wps", ".docx"),
        ("a.docx", "WordDocument", ".doc", ".docx"),
        ("a.et", "Workbook", ".et", ".pdf"),
        ("a", "Workbook", ".xls", ".pdf"),
        ("a.ppt", "PowerPoint Document", ".ppt", ".pdf"),
    ] {
        assert_eq!(refused(name, &made::compound(stream)), save_as(from, to), "{name}");
    }
    assert_eq!(refused("a.docx", &made::compound("EncryptedPackage")), Refusal::EncryptedDocx);
    assert_eq!(refused("a.txt", b"{\\rtf1 x}"), save_as(".rtf", ".docx"));
    assert_eq!(refused("a.ofd", &made::zip(&[("OFD.xml", b"<x/>")])), save_as(".ofd", ".pdf"));
    assert_eq!(refused("a.docx", &made::zip(&[("xl/workbook.xml", b"<x/>")])), save_as(".xlsx", ".pdf"));
    assert_eq!(refused("a.pptx", &made::zip(&[("ppt/presentation.xml", b"<x/>")])), save_as(".pptx", ".pdf"));
}

#[test]
fn photos_and_scans_are_evidence() {
    assert_eq!(outcome("a.png", made::PNG), Ok(Outcome::Evidence { format: Format::Image, pages: 1 }));
    assert_eq!(
        outcome("photo", b"\xff\xd8\xff\xe0 jpeg"),
        Ok(Outcome::Evidence { format: Format::Image, pages: 1 })
    );
    let scan = made::pdf(&[Shown::Picture, Shown::Picture, Shown::Text(&["1"])], false);
    assert_eq!(outcome("a.pdf", &scan), Ok(Outcome::Evidence { format: Format::Pdf, pages: 3 }));
    let parts: [(&str, &[u8]); 2] = [("word/document.xml", b"<w:p/>"), ("word/media/1.png", made::PNG)];
    assert_eq!(
        outcome("a.docx", &made::zip(&parts)),
        Ok(Outcome::Evidence { format: Format::Docx, pages: 1 })
    );
    assert_eq!(refused("a.docx", &made::docx("<w:p/>")), Refusal::Empty);
}

#[test]
fn a_pdf_gives_its_text_with_broken_lines_joined_and_pages_known() {
    let first = "甲市与乙州本年签约项目三十三个签约总额为二百四";
    let pdf = made::pdf(
        &[Shown::Text(&[first, "十六亿元。", "第二段。", "—1—"]), Shown::Text(&["第二页的文字"])],
        false,
    );
    let read = read("a.pdf", &pdf);
    assert_eq!(read.text, format!("{first}十六亿元。\n第二段。\n第二页的文字"));
    let second = first.chars().count() + 11;
    assert_eq!(read.pages, [Page { number: 1, start: 0 }, Page { number: 2, start: second }]);
    assert_eq!((read.format, read.extractor), (Format::Pdf, "pdftotext"));
}

#[test]
fn a_pdf_that_cannot_be_read_is_refused_by_name() {
    let text = Shown::Text(&["some text of a page"]);
    assert_eq!(refused("a.pdf", &made::pdf(&[text], true)), Refusal::EncryptedPdf);
    assert_eq!(refused("a.pdf", b"%PDF-1.4\nnothing follows"), Refusal::BrokenPdf);
    let garbled = made::pdf(&[Shown::Garbled(&["甲市与乙州签约项目"])], false);
    assert_eq!(refused("a.pdf", &garbled), Refusal::Garbled { percent: 100 });
    let long = made::pdf(&[Shown::Text(&["a long line of text"; 30])], false);
    let limits = Limits { text_bytes: 100, ..Limits::default() };
    assert_eq!(outcome_within("a.pdf", &long, &limits), Err(Refusal::TextTooLarge { mib: 1, limit_mib: 1 }));
    let limits = Limits { pdf_seconds: 0, ..Limits::default() };
    assert_eq!(outcome_within("a.pdf", &long, &limits), Err(Refusal::PdfTimeout { seconds: 0 }));
}

#[test]
fn every_refusal_names_a_message() {
    let codes: Vec<&str> = [
        Refusal::Empty,
        Refusal::NulBytes { offset: 1 },
        Refusal::TextTooLarge { mib: 20, limit_mib: 16 },
        Refusal::Unreadable { what: "x".into() },
    ]
    .iter()
    .map(Refusal::code)
    .collect();
    assert!(codes.iter().all(|code| Refusal::CODES.contains(code)));
    assert_eq!(
        Refusal::TextTooLarge { mib: 20, limit_mib: 16 }.args(),
        [("mib", "20".into()), ("limit", "16".into())]
    );
}
