//! Word processor files: what of them is text, and what no file can do to the process.

use std::io::{Cursor, Write};

use crate::made;
use documents::{Limits, Outcome, Refusal, docx_text};
use zip::write::{SimpleFileOptions, ZipWriter};

fn text_of(bytes: Vec<u8>) -> Result<String, Refusal> {
    match docx_text(Cursor::new(bytes), "docx", &Limits::default())? {
        Outcome::Text(read) => Ok(read.text),
        other => panic!("{other:?}"),
    }
}

fn body(xml: &str) -> String {
    text_of(made::docx(xml)).unwrap()
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn paragraphs_are_lines_and_runs_are_joined() {
    let xml = "<w:p><w:r><w:t>签约 12.</w:t></w:r><w:r><w:t>5亿元 &amp; &#x4e00;</w:t><w:br/><w:t>下行</w:t></w:r></w:p>";
    assert_eq!(
        body(&(xml.to_owned() + "<w:p/>" + &paragraph("第二段"))),
        "签约 12.5亿元 & 一\n下行\n第二段\n"
    );
}

#[test]
fn tables_keep_rows_and_cells() {
    let cell = |text: &str| format!("<w:tc><w:tcPr/>{}</w:tc>", paragraph(text));
    let row =
        |cells: &[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(|text| cell(text)).collect::<String>());
    let nested = format!("<w:tbl>{}</w:tbl>", row(&["内", "层"]));
    let table = format!(
        "<w:tbl>{}{}<w:tr><w:tc>{}{nested}</w:tc></w:tr></w:tbl>",
        row(&["地区", "金额"]),
        row(&["", "2 亿元"]),
        paragraph("外")
    );
    assert_eq!(
        body(&(paragraph("表:") + &table + &paragraph("后"))),
        "表:\n地区\t金额\n\t2 亿元\n外 内 层\n后\n"
    );
}

#[test]
fn what_the_author_deleted_or_moved_away_is_no_text() {
    let xml = "<w:p><w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del><w:moveFrom><w:r><w:t>移</w:t>\
               </w:r></w:moveFrom><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>";
    assert_eq!(body(xml), "新\n");
}

#[test]
fn a_text_box_is_read_once_and_splits_no_sentence() {
    let inner = format!("<w:txbxContent>{}</w:txbxContent>", paragraph("框内"));
    let xml = format!(
        "<w:p><w:r><w:t>前半,</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{inner}</mc:Choice>\
         <mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>后半。</w:t></w:r></w:p>"
    );
    assert_eq!(body(&xml), "框内\n前半,后半。\n");
}

#[test]
fn notes_and_margins_come_last_and_once() {
    let part = |text: &str| made::document(&paragraph(text));
    let (main, note, header, number) = (part("正文"), part("注:含税"), part("某市文件"), part("3"));
    let bytes = made::zip(&[
        ("word/header1.xml", header.as_bytes()),
        ("word/header2.xml", header.as_bytes()),
        ("word/footer1.xml", number.as_bytes()),
        ("word/document.xml", main.as_bytes()),
        ("word/footnotes.xml", note.as_bytes()),
    ]);
    assert_eq!(text_of(bytes).unwrap(), "正文\n注:含税\n某市文件\n");
}

#[test]
fn broken_files_are_refused_naming_the_part() {
    let whole = made::docx(&paragraph("文"));
    assert_eq!(text_of(whole[..whole.len() - 30].to_vec()), Err(Refusal::BrokenDocx { what: "zip" }));
    assert_eq!(text_of(made::zip(&[("other.xml", b"<x/>")])), Err(Refusal::BrokenDocx { what: "document" }));
    for xml in ["<w:p><w:t>文", "<w:p></w:q>", "<w:p", &"<a>".repeat(1000)] {
        let bytes = made::zip(&[("word/document.xml", xml.as_bytes())]);
        assert_eq!(text_of(bytes), Err(Refusal::BrokenDocx { what: "xml" }), "{xml}");
    }
}

#[test]
fn bombs_are_refused_by_ratio_by_size_and_by_number_of_parts() {
    let blanks = "<w:p/>".repeat(4 << 20);
    assert_eq!(text_of(made::docx(&blanks)), Err(Refusal::ZipBomb));
    let limits = Limits { inflate_bytes: 1000, ..Limits::default() };
    let long = made::docx(&paragraph("文字").repeat(100));
    assert_eq!(docx_text(Cursor::new(long), "docx", &limits), Err(Refusal::ZipBomb));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..5000 {
        writer.start_file(format!("{number}"), SimpleFileOptions::default()).unwrap();
    }
    writer.write_all(b"x").unwrap();
    assert_eq!(text_of(writer.finish().unwrap().into_inner()), Err(Refusal::ZipBomb));
}

#[test]
fn a_text_over_the_limit_is_refused_while_it_is_read() {
    let limits = Limits { text_bytes: 50, ..Limits::default() };
    let bytes = made::docx(&paragraph("文字文字").repeat(10));
    let refusal = docx_text(Cursor::new(bytes), "docx", &limits);
    assert_eq!(refusal, Err(Refusal::TextTooLarge { mib: 1, limit_mib: 1 }));
}

#[test]
fn an_encrypted_part_is_named() {
    let mut bytes = made::docx(&paragraph("文"));
    // Bit 0 of the flags says that a part is encrypted: in the local headers and in the directory.
    for at in 0..bytes.len() - 4 {
        match &bytes[at..at + 4] {
            b"PK\x03\x04" => bytes[at + 6] |= 1,
            b"PK\x01\x02" => bytes[at + 8] |= 1,
            _ => {}
        }
    }
    assert_eq!(text_of(bytes), Err(Refusal::EncryptedDocx));
}
