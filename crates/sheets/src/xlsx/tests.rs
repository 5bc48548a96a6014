use std::io::{Cursor, Read};

use jiff::civil::date;
use zip::ZipArchive;

use super::*;

fn about() -> About {
    About {
        rows_sheet: "数据".into(),
        sheet: "说明".into(),
        lines: vec![("筛选".into(), "地区 = 甲市".into()), ("口径".into(), "default-1".into())],
        created: date(2026, 11, 22).at(8, 30, 0, 0),
        mark: "R&D".into(),
    }
}

fn columns() -> Vec<Column> {
    let column = |heading: &str, kind| Column { heading: heading.into(), width: 16, kind };
    vec![column("编码", Kind::Text), column("金额", Kind::Number), column("日期", Kind::Date)]
}

/// The parts of a workbook with these rows, as texts.
fn written(rows: &[[Cell; 3]], sheet_rows: u32) -> impl FnMut(&str) -> String {
    let mut bytes = Vec::new();
    let mut writer = XlsxWriter::with_sheet_rows(&mut bytes, &columns(), about(), sheet_rows).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    Box::new(writer).finish().unwrap();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    move |name| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }
}

fn row(text: &str, mantissa: i64) -> [Cell; 3] {
    [Cell::Text(text.into()), Cell::Number { mantissa, decimals: 2 }, Cell::Empty]
}

#[test]
fn cells_keep_their_types_and_the_heading_stands_still() {
    let link = Cell::Link { text: "SJ-1".into(), url: "https://example.org/f/1".into() };
    let rows = [[link, Cell::Number { mantissa: 24_618, decimals: 2 }, Cell::Date(date(2024, 1, 12))]];
    let mut part = written(&rows, 100);
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<v>246.18</v>"), "{sheet}");
    assert!(sheet.contains("<v>45303</v>"), "{sheet}");
    assert!(sheet.contains("state=\"frozen\""), "{sheet}");
    assert!(sheet.contains("<autoFilter ref=\"A1:C2\"/>"), "{sheet}");
    assert!(part("xl/worksheets/_rels/sheet1.xml.rels").contains("https://example.org/f/1"));
}

#[test]
fn the_last_sheet_says_what_the_workbook_is() {
    let mut part = written(&[], 100);
    let workbook = part("xl/workbook.xml");
    assert!(workbook.contains("name=\"数据\"") && workbook.contains("name=\"说明\""), "{workbook}");
    assert!(part("xl/worksheets/sheet2.xml").contains("default-1"));
    assert!(part("docProps/core.xml").contains("2026-11-22T08:30:00Z"));
}

#[test]
fn rows_beyond_a_full_sheet_go_to_the_next() {
    let rows: Vec<[Cell; 3]> = (0..5).map(|number| row("甲", number)).collect();
    let mut part = written(&rows, 3);
    let workbook = part("xl/workbook.xml");
    assert!(workbook.contains("name=\"数据 (2)\"") && workbook.contains("name=\"数据 (3)\""), "{workbook}");
    for (sheet, rows) in [(1, 3), (2, 3), (3, 2)] {
        let sheet = part(&format!("xl/worksheets/sheet{sheet}.xml"));
        assert_eq!(sheet.matches("<row ").count(), rows);
        let (head, rest) = sheet.split_once("</row>").expect("a row");
        for heading in ["编码", "金额", "日期"] {
            assert!(head.contains(heading) && !rest.contains(heading), "once, at the head: {sheet}");
        }
        assert!(head.contains("ySplit=\"1\"") && head.contains("state=\"frozen\""), "{head}");
        assert!(rest.contains(&format!("<autoFilter ref=\"A1:C{rows}\"/>")), "{rest}");
    }
    assert!(part("xl/worksheets/sheet4.xml").contains("default-1"), "what it is stands behind all rows");
}

#[test]
fn a_sheet_is_full_where_the_format_says() {
    let writer = XlsxWriter::new(Vec::new(), &columns(), about()).unwrap();
    assert_eq!(writer.sheet_rows, 1_048_576);
    assert_eq!(writer.sheet_rows, crate::MOST_ROWS, "what is written is read again");
}

#[test]
fn what_is_known_at_the_end_stands_on_the_last_sheet_too() {
    let mut bytes = Vec::new();
    let mut writer = XlsxWriter::new(&mut bytes, &columns(), about()).unwrap();
    writer.row(&row("甲", 1)).unwrap();
    writer.say(vec![("指标".into(), "后知".into())]);
    Box::new(writer).finish().unwrap();
    let mut text = String::new();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.by_name("xl/worksheets/sheet2.xml").unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains("default-1") && text.contains("后知"), "{text}");
}

#[test]
fn no_text_is_a_formula_and_no_digit_is_lost() {
    let rows = [row("=1+1", 1_234_567_890_123_456), row(&"长".repeat(40_000), 1)];
    let sheet = written(&rows, 100)("xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"));
    assert!(sheet.contains("12345678901234.56") && !sheet.contains("<v>12345678901234"));
    assert!(sheet.contains("长…<"));
}

#[test]
fn an_address_that_is_none_leaves_its_text() {
    let link = Cell::Link { text: "SJ-1".into(), url: "javascript:alert(1)".into() };
    let sheet =
        written(&[[link, Cell::Empty, Cell::Date(date(1850, 1, 1))]], 100)("xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("hyperlink") && sheet.contains("SJ-1") && sheet.contains("1850-01-01"));
}

#[test]
fn names_of_sheets_are_made_fit() {
    assert_eq!(sheet_name("到位/完成: [2024]*", 0), "到位完成 2024");
    assert_eq!(sheet_name("", 1), "Sheet2");
    assert_eq!(sheet_name(&"表".repeat(40), 1), format!("{} (2)", "表".repeat(27)));
}

#[test]
fn a_row_of_another_length_is_refused() {
    let mut writer = XlsxWriter::new(Vec::new(), &columns(), about()).unwrap();
    assert!(matches!(writer.row(&[Cell::Empty]), Err(SheetError::RowLength { expected: 3, found: 1 })));
}
