//! Sheets as they come back: as they were sent out, changed by hand, or made to do harm.

use crate::{FormError, FormLine, FormSheet, ReadCell, ReadForm, read_forms, write_forms};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

fn form() -> FormSheet {
    let line = |key: i64, value: &str| FormLine {
        key,
        label: format!("指标{key}"),
        unit: "万元".into(),
        value: value.into(),
        ..FormLine::default()
    };
    FormSheet {
        name: "一队".into(),
        code: "TB-2026-000001".into(),
        headings: ["序号", "指标", "单位", "数值", "说明", "备注"].map(str::to_owned),
        choices: ["无此项", "不掌握"].map(str::to_owned),
        lines: vec![line(7, "120.5"), line(8, "3")],
        ..FormSheet::default()
    }
}

fn sent() -> Vec<u8> {
    write_forms(&[form()]).expect("a workbook")
}

/// The workbook with one of its parts changed, and parts added.
fn changed(part: &str, change: impl Fn(String) -> String, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(sent())).expect("a workbook");
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut file = old.by_index(index).expect("a part");
        let name = file.name().expect("a name").to_string();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("read");
        if name == part {
            bytes = change(String::from_utf8(bytes).expect("text")).into_bytes();
        }
        new.start_file(name, SimpleFileOptions::default()).expect("a part");
        new.write_all(&bytes).expect("written");
    }
    for (name, bytes) in more {
        new.start_file(*name, SimpleFileOptions::default()).expect("a part");
        new.write_all(bytes).expect("written");
    }
    new.finish().expect("a file").into_inner()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The sheet with the value cell of its first line replaced.
fn with_value(cell: &str) -> Vec<u8> {
    let change = |xml: String| {
        let from = xml.find("<c r=\"D6\"").expect("the cell");
        let to = from + xml[from..].find("</c>").expect("its end") + "</c>".len();
        format!("{}{cell}{}", &xml[..from], &xml[to..])
    };
    changed(SHEET, change, &[])
}

fn read(bytes: &[u8]) -> ReadForm {
    read_forms(bytes, &mut |_| {}).expect("read").remove(0)
}

fn value(bytes: &[u8]) -> ReadCell {
    read(bytes).rows[0].cells[3].clone()
}

#[test]
fn a_sheet_is_read_as_it_was_sent_out() {
    let form = read(&sent());
    assert_eq!((form.sheet.as_str(), form.code.as_str()), ("一队", "TB-2026-000001"));
    assert_eq!(form.headings[3], "数值");
    assert!(form.ended);
    let lines: Vec<_> = form.rows.iter().map(|row| (row.row, row.key, row.cells[3].clone())).collect();
    let number = |text: &str| ReadCell::Number(text.to_owned());
    assert_eq!(lines, [(6, Some(7), number("120.5")), (7, Some(8), number("3"))]);
}

#[test]
fn a_formula_counts_by_the_value_it_was_saved_with_and_by_nothing_else() {
    assert_eq!(value(&with_value("<c r=\"D6\"><f>100+20.5</f></c>")), ReadCell::Unvalued);
    assert_eq!(
        value(&with_value("<c r=\"D6\"><f>100+20.5</f><v>120.5</v></c>")),
        ReadCell::Number("120.5".into())
    );
    let linked = with_value("<c r=\"D6\"><f>[1]台账!$B$2+1</f><v>9</v></c>");
    assert_eq!(value(&linked), ReadCell::Linked, "from a file that nobody here sees");
    let quoted = with_value("<c r=\"D6\"><f>MAX('[2]去年 表'!B2:B9)</f><v>9</v></c>");
    assert_eq!(value(&quoted), ReadCell::Linked);
}

#[test]
fn texts_dates_and_errors_are_no_numbers() {
    let text = "<c r=\"D6\" t=\"inlineStr\"><is><t>120.5万元</t></is></c>";
    assert_eq!(value(&with_value(text)), ReadCell::Text("120.5万元".into()));
    let error = value(&with_value("<c r=\"D6\" t=\"e\"><v>#DIV/0!</v></c>"));
    assert!(matches!(error, ReadCell::Other(_)), "{error:?}");
    let flag = value(&with_value("<c r=\"D6\" t=\"b\"><v>1</v></c>"));
    assert!(matches!(flag, ReadCell::Other(_)), "{flag:?}");
}

#[test]
fn a_sheet_that_says_it_has_a_thousand_million_cells_is_read_like_any_other() {
    let far = |xml: String| {
        let xml = xml.replacen("<dimension ref=\"", "<dimension ref=\"A1:KN1048576\" x=\"", 1);
        xml.replace("</sheetData>", "<row r=\"1048576\"><c r=\"KN1048576\"><v>1</v></c></row></sheetData>")
    };
    let form = read(&changed(SHEET, far, &[]));
    assert_eq!((form.rows.len(), form.ended), (2, true));
}

#[test]
fn what_must_not_be_opened_is_refused_before_it_is_read() {
    let same = |text: String| text;
    let refused = |bytes: &[u8]| read_forms(bytes, &mut |_| {}).expect_err("refused");
    let reason = |bytes: &[u8]| refused(bytes).code();
    assert_eq!(reason(&changed("", same, &[("xl/vbaProject.bin", b"Sub")])), "macros");
    assert_eq!(reason(&changed("", same, &[("xl/macrosheets/sheet1.xml", b"<x/>")])), "macros");
    let bomb = vec![b'0'; 40 << 20];
    let packed = changed("", same, &[("xl/media/image1.xml", &bomb)]);
    assert!(packed.len() < 1 << 20, "it comes small");
    assert_eq!(refused(&packed), FormError::TooLarge);
    let many: Vec<(String, &[u8])> = (0..2_001).map(|at| (format!("xl/{at}.xml"), &b""[..])).collect();
    let many: Vec<_> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(reason(&changed("", same, &many)), "zip-bomb");
    assert_eq!(reason(&[&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 600]].concat()), "encrypted-xlsx");
    for bytes in [&b"no sheet at all"[..], b"", b"PK\x03\x04"] {
        assert_eq!(reason(bytes), "not-xlsx");
    }
    let cut = sent();
    assert_eq!(reason(&cut[..cut.len() / 2]), "not-xlsx");
    let broken = changed(SHEET, |xml| xml.replacen("<sheetData>", "<sheetData><row r=\"x\"><c", 1), &[]);
    assert_eq!(reason(&broken), "broken-xlsx");
}
