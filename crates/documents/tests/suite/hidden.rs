//! What is looked through beside the text of a file.

use crate::made;
use documents::{Format, Limits, Refusal, visit_hidden};

fn hidden(bytes: &[u8], format: Format) -> Result<String, Refusal> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let mut all = String::new();
    visit_hidden(&path, format, &Limits::default(), &mut |text| all.push_str(text))?;
    Ok(all)
}

#[test]
fn comments_deletions_and_properties_of_a_docx_are_seen_with_their_words_whole() {
    let body = made::document(
        "<w:p><w:del><w:r><w:delText>旧12</w:delText></w:r><w:r><w:delText>34</w:delText></w:r></w:del></w:p>",
    );
    let parts = [
        ("word/document.xml", body.as_bytes()),
        ("word/comments.xml", "<c><p><t>批注</t></p></c>".as_bytes()),
        ("docProps/core.xml", "<p><title>属性</title></p>".as_bytes()),
    ];
    let seen = hidden(&made::zip(&parts), Format::Docx).unwrap();
    for text in ["旧1234\n", "批注", "属性\n"] {
        assert!(seen.contains(text), "{text} in {seen}");
    }
}

#[test]
fn the_source_of_a_page_is_seen_and_a_text_has_nothing_beside_it() {
    let page = "<p>正文</p><!-- 注释 --><option value=7>";
    assert_eq!(hidden(page.as_bytes(), Format::Html).unwrap(), page);
    assert_eq!(hidden(b"1 2 3", Format::Text).unwrap(), "");
}

#[test]
fn what_inflates_beyond_measure_is_refused_and_broken_parts_are_seen_as_far_as_they_go() {
    let large = vec![b' '; 65 << 20];
    let bomb = made::zip(&[("word/document.xml", b"<a/>"), ("word/other.xml", &large)]);
    assert_eq!(hidden(&bomb, Format::Docx), Err(Refusal::ZipBomb));
    let broken = made::zip(&[("word/document.xml", "<a>前</b>后".as_bytes())]);
    assert!(hidden(&broken, Format::Docx).unwrap().starts_with('前'));
    assert_eq!(hidden(b"no archive", Format::Docx).unwrap(), "");
}
