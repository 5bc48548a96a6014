//! Workbooks of every kind, and what is no workbook.

use super::*;
use rust_xlsxwriter::{Format as Look, Formula, Workbook};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn rows_of(bytes: &[u8], sheet: usize) -> Result<Vec<SheetRow>, BookError> {
    let mut book = Book::open(Cursor::new(bytes), &mut |_| {})?;
    book.rows(sheet)?.collect()
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("a file").into_inner()
}

/// A workbook of one sheet with these rows, as XML.
fn workbook(rows: &str) -> Vec<u8> {
    let sheet = format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
    );
    zipped(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

#[test]
fn an_xlsx_workbook_is_read_with_what_it_hides_and_merges() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("台账").expect("a name");
    let day = Look::new().set_num_format("yyyy-mm-dd");
    sheet.merge_range(0, 0, 0, 3, "在建项目", &Look::new()).expect("merged");
    sheet.write(2, 1, "砾石光伏").expect("written");
    sheet.write(2, 2, 1200.1).expect("written");
    sheet
        .write_with_format(2, 3, rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 6, 30).expect("a day"), &day)
        .expect("written");
    sheet.write(3, 2, Formula::new("C3*1").set_result("1200.1")).expect("written");
    sheet.write(3, 3, Formula::new("[1]Sheet1!A1").set_result("5")).expect("written");
    sheet.set_row_hidden(3).expect("hidden");
    sheet.set_column_hidden(5).expect("hidden");
    workbook.add_worksheet().set_name("附表").expect("a name").set_hidden(true);
    let bytes = workbook.save_to_buffer().expect("a file");
    let mut told = Vec::new();
    let mut book =
        Book::open(Cursor::new(&bytes[..]), &mut |text| told.push(text.to_owned())).expect("a workbook");
    assert_eq!(book.format, Format::Xlsx);
    assert!(told.iter().any(|text| text == "砾石光伏"));
    let head = &book.sheets[0];
    assert_eq!((head.name.as_str(), head.is_hidden, book.sheets[1].is_hidden), ("台账", false, true));
    assert_eq!(head.merges, [Merge { top: 1, bottom: 1, left: 0, right: 3 }]);
    assert_eq!(head.hidden_rows.iter().collect::<Vec<_>>(), [&4]);
    assert!(head.hidden_columns.contains(&5));
    let rows: Vec<SheetRow> = book.rows(0).expect("rows").collect::<Result<_, _>>().expect("rows");
    let number = |text: &str| ReadCell::Number(text.to_owned());
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(
        rows[1].cells[1..],
        [(2, number("1200.1")), (3, ReadCell::Day(jiff::civil::date(2026, 6, 30)))]
    );
    assert_eq!(rows[2].cells, [(2, number("1200.1")), (3, ReadCell::Linked)]);
}

#[test]
fn a_formula_without_its_value_is_not_read_as_nothing() {
    let rows =
        rows_of(&workbook("<row r=\"2\"><c r=\"B2\"><f>A1*2</f></c><c r=\"C2\"><v>7</v></c></row>"), 0)
            .expect("rows");
    assert_eq!(rows[0].cells, [(1, ReadCell::Unvalued), (2, ReadCell::Number("7".into()))]);
}

#[test]
fn a_sheet_that_claims_all_its_cells_is_streamed() {
    let rows =
        rows_of(&workbook("<row r=\"1048576\"><c r=\"KN1048576\"><v>1</v></c></row>"), 0).expect("rows");
    assert_eq!((rows.len(), rows[0].number, rows[0].cells[0].0), (1, 1_048_576, 299));
}

#[test]
fn rows_out_of_order_and_texts_that_are_not_there_are_told() {
    let out_of_order =
        "<row r=\"5\"><c r=\"A5\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>";
    let no_text = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99</v></c></row>";
    for rows in [
        out_of_order,
        no_text,
        "<row r=\"1\"><c r=\"A1\"><v>",
        "<row r=\"9999999\"><c r=\"A9999999\"><v>1</v></c></row>",
    ] {
        let read = rows_of(&workbook(rows), 0);
        assert!(!matches!(&read, Ok(rows) if rows.len() > 1), "{read:?}");
    }
}

#[test]
fn what_is_no_workbook_says_which_it_is() {
    let refused = |bytes: &[u8]| Book::open(Cursor::new(bytes), &mut |_| {}).err();
    assert_eq!(refused(&zipped(&[("word/document.xml", "<w/>")])), Some(BookError::NotSheet));
    assert_eq!(
        refused(&zipped(&[("xl/workbook.xml", "<w/>"), ("xl/vbaProject.bin", "x")])),
        Some(BookError::Macros)
    );
    assert_eq!(refused(b"PK\x03\x04 and then nothing"), Some(BookError::NotSheet));
    let mut compound = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    compound.extend([0; 600]);
    assert_eq!(refused(&compound), Some(BookError::NotSheet));
    compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&compound), Some(BookError::Encrypted));
}

#[test]
fn a_bomb_is_refused_while_it_unpacks() {
    let filler = " ".repeat(1 << 20);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", SimpleFileOptions::default()).expect("a part");
    zip.write_all(b"<workbook/>").expect("written");
    zip.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).expect("a part");
    zip.write_all(b"<sst>").expect("written");
    for _ in 0..210 {
        zip.write_all(filler.as_bytes()).expect("written");
    }
    zip.write_all(b"</sst>").expect("written");
    let bytes = zip.finish().expect("a file").into_inner();
    assert!(bytes.len() < 1 << 20, "it is small as it comes");
    assert_eq!(Book::open(Cursor::new(&bytes[..]), &mut |_| {}).err(), Some(BookError::TooLarge));
}

#[test]
fn an_ods_sheet_is_read_and_what_it_repeats_is_bounded() {
    let content = |rows: &str| {
        let xml = format!(
            "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>
             <table:table table:name=\"表\"><table:table-column table:number-columns-repeated=\"2\"/><table:table-column table:visibility=\"collapse\"/>{rows}</table:table>
             </office:spreadsheet></office:body></office:document-content>"
        );
        zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &xml)])
    };
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let rows = format!(
        "<table:table-row>{}<table:table-cell office:value-type=\"float\" office:value=\"1200.5\"><text:p>1,200.50</text:p></table:table-cell></table:table-row>
         <table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>
         <table:table-row><table:table-cell table:number-rows-spanned=\"2\" office:value-type=\"date\" office:date-value=\"2026-06-30\"><text:p>6月30日</text:p></table:table-cell></table:table-row>",
        cell("砾石&amp;光伏")
    );
    let bytes = content(&rows);
    let mut book = Book::open(Cursor::new(&bytes[..]), &mut |_| {}).expect("a spreadsheet");
    assert_eq!(book.format, Format::Ods);
    assert!(book.sheets[0].hidden_columns.contains(&2));
    let rows: Vec<SheetRow> = book.rows(0).expect("rows").collect::<Result<_, _>>().expect("rows");
    assert_eq!(
        rows[0].cells,
        [(0, ReadCell::Text("砾石&光伏".into())), (1, ReadCell::Number("1200.5".into()))]
    );
    assert_eq!((rows.len(), rows[1].number), (2, 1_000_002));
    assert_eq!(book.sheets[0].merges, [Merge { top: 1_000_002, bottom: 1_000_003, left: 0, right: 0 }]);
    let full = format!(
        "<table:table-row table:number-rows-repeated=\"1000000\">{}</table:table-row>",
        cell("甲").replace("<table:table-cell", "<table:table-cell table:number-columns-repeated=\"16000\"")
    );
    assert_eq!(Book::open(Cursor::new(content(&full)), &mut |_| {}).err(), Some(BookError::TooLarge));
}

/// Written by another program, with invented rows.
const OLD: &[u8] = include_bytes!("../../tests/books/old.xls");

#[test]
fn an_old_workbook_is_read_with_what_it_hides_and_merges() {
    let mut told = Vec::new();
    let mut book = Book::open(Cursor::new(OLD), &mut |text| told.push(text.to_owned())).expect("a workbook");
    assert_eq!(book.format, Format::Xls);
    for text in ["砾石光伏", "藏着", "110101199003070000"] {
        assert!(told.iter().any(|told| told == text), "{text}");
    }
    let head = &book.sheets[0];
    assert_eq!((head.name.as_str(), head.is_hidden, book.sheets[1].is_hidden), ("台账", false, true));
    assert_eq!(head.merges, [Merge { top: 1, bottom: 1, left: 0, right: 3 }]);
    assert_eq!(
        (head.hidden_rows.iter().collect::<Vec<_>>(), head.hidden_columns.iter().collect::<Vec<_>>()),
        (vec![&4], vec![&6])
    );
    let rows: Vec<SheetRow> = book.rows(0).expect("rows").collect::<Result<_, _>>().expect("rows");
    let number = |text: &str| ReadCell::Number(text.to_owned());
    let text = |text: &str| ReadCell::Text(text.to_owned());
    let day = |year, month, day| ReadCell::Day(jiff::civil::date(year, month, day));
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4, 5, 6, 8]);
    assert_eq!(rows[1].cells, [(1, text("砾石光伏")), (2, number("1200.1")), (3, day(2026, 6, 30))]);
    assert_eq!(
        rows[2].cells[1..],
        [(2, number("7")), (3, number("8")), (4, number("-9")), (5, number("0.25"))]
    );
    assert_eq!(rows[3].cells[0], (1, ReadCell::Other("TRUE".into())));
    assert_eq!(
        rows[3].cells[1..],
        [(3, ReadCell::Other("1900-02-29".into())), (4, number("-1")), (5, day(2025, 12, 9))]
    );
    assert_eq!((rows[5].cells.len(), &rows[5].cells[0].1), (30, &text("long text 00 ".repeat(40).trim())));
    assert_eq!(rows[5].cells[5].1, text(&"长文字05".repeat(60)), "behind the end of a record");
}

#[test]
fn an_old_workbook_that_is_encrypted_or_cut_off_says_so() {
    let with = |from: [u8; 4], to: [u8; 4]| {
        let mut bytes = OLD.to_vec();
        let at = bytes.windows(4).position(|four| four == from).expect("the record");
        bytes[at..at + 4].copy_from_slice(&to);
        Book::open(Cursor::new(bytes), &mut |_| {}).err()
    };
    // The record of who wrote it, and the one of a visible sheet.
    assert_eq!(with([0x5c, 0, 0x70, 0], [0x2f, 0, 0x70, 0]), Some(BookError::Encrypted));
    for length in (0..OLD.len()).step_by(97) {
        if let Ok(mut book) = Book::open(Cursor::new(&OLD[..length]), &mut |_| {}) {
            assert!(book.rows(0).expect("rows").all(|row| row.is_ok()));
        }
    }
}

fn refused(bytes: &[u8]) -> Option<BookError> {
    Book::open(Cursor::new(bytes), &mut |_| {}).err()
}

#[test]
fn two_parts_of_one_name_are_refused() {
    let mut bytes = zipped(&[("xl/workbook.xml", "<workbook/>"), ("xl/workbook.xm_", "<workbook/>")]);
    while let Some(at) = bytes.windows(15).position(|name| name == b"xl/workbook.xm_") {
        bytes[at + 14] = b'l';
    }
    assert_eq!(refused(&bytes), Some(BookError::Broken("two parts of one name".into())));
}

#[test]
fn entities_are_not_resolved_and_what_defines_them_is_refused() {
    let laughs = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;&b;\">]><workbook>&c;</workbook>";
    assert_eq!(
        refused(&zipped(&[("xl/workbook.xml", laughs)])),
        Some(BookError::Broken("a document type".into()))
    );
    let rows = rows_of(&workbook("<row><c t=\"inlineStr\"><is><t>a&amp;&#x7532;&c;</t></is></c></row>"), 0)
        .expect("rows");
    assert_eq!(rows[0].cells, [(0, ReadCell::Text("a&甲".into()))]);
}

#[test]
fn every_cut_of_a_workbook_is_refused() {
    let bytes = workbook("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>");
    for length in 4..bytes.len() {
        assert!(refused(&bytes[..length]).is_some(), "{length}");
    }
}

#[test]
fn rows_and_cells_without_a_place_stand_behind_the_one_before() {
    let rows = "<row><c><v>1</v></c><c r=\"D1\"><v>2</v></c><c><v>3</v></c></row><row r=\"7\"/><row><c><v>4</v></c></row>";
    let rows = rows_of(&workbook(rows), 0).expect("rows");
    let places: Vec<(u32, Vec<u16>)> =
        rows.iter().map(|row| (row.number, row.cells.iter().map(|cell| cell.0).collect())).collect();
    assert_eq!(places, [(1, vec![0, 3, 4]), (8, vec![0])]);
}

#[test]
fn what_cannot_be_read_of_a_sheet_names_the_place() {
    let cell =
        |cell: &str| rows_of(&workbook(&format!("<row r=\"3\">{cell}</row>")), 0).expect_err("refused");
    let broken = |text: &str| BookError::Broken(text.to_owned());
    assert_eq!(cell("<c r=\"B3\" t=\"s\"><v>9</v></c>"), broken("B3 names a text that is not there"));
    assert_eq!(cell("<c r=\"B3\"><v>zwölf</v></c>"), broken("B3 is no number"));
    assert_eq!(
        cell("<c r=\"B3\"><v>1</v></c><c r=\"B3\"><v>2</v></c>"),
        broken("row 3 has two cells in one column")
    );
    assert_eq!(cell("<c r=\"XFE3\"><v>1</v></c>"), broken("no cell: XFE3"));
    let mut book =
        workbook("<row r=\"5\"><c><v>1</v></c></row><row r=\"2\"><c><v>1</v></c></row><row r=\"9\"/>");
    let mut book = Book::open(Cursor::new(&mut book[..]), &mut |_| {}).expect("a workbook");
    let rows: Vec<_> = book.rows(0).expect("rows").collect();
    assert_eq!(rows.len(), 2, "nothing comes behind what cannot be read");
    assert_eq!(rows[1], Err(broken("a row after row 5 has no number in order")));
}

#[test]
fn numbers_of_any_size_are_numbers() {
    let rows = "<row><c><v>1e308</v></c><c><v>-1e-5</v></c><c><v>110101199003070000</v></c><c><v>1e999</v></c></row>";
    let rows = rows_of(&workbook(rows), 0).expect("rows");
    let texts: Vec<_> = rows[0].cells.iter().map(|(_, cell)| cell.text().into_owned()).collect();
    assert_eq!((texts[0].len(), &texts[0][..1], texts[1].as_str()), (309, "1", "-0.00001"));
    assert_eq!((texts[2].as_str(), texts[3].as_str()), ("110101199003070000", "inf"));
    assert!(matches!(rows[0].cells[3].1, ReadCell::Other(_)));
}

#[test]
fn what_stands_anywhere_is_told() {
    let sheet = "<row><c><v>110101199003070011</v></c><c t=\"inlineStr\"><is><r><t>身份</t></r><r><t>证号</t></r></is></c></row>";
    let mut parts =
        vec![("docProps/core.xml", "<a><b>某某</b></a>"), ("xl/comments1.xml", "<t>批注&#x4E2D;</t>")];
    parts.push(("xl/workbook.xml", "<workbook><definedName name=\"名称\" comment=\"&#x6C11;&#x65CF;\">&quot;公式&quot;</definedName></workbook>"));
    parts.push(("xl/worksheets/sheet1.xml", sheet));
    parts.push(("xl/sharedStrings.xml", "<sst><si><t>_x8EAB_</t></si></sst>"));
    let mut told = Vec::new();
    Book::open(Cursor::new(zipped(&parts)), &mut |text| told.push(text.to_owned())).expect("a workbook");
    for text in ["110101199003070011", "身份证号", "某某", "批注中", "名称", "民族", "\"公式\"", "身"]
    {
        assert!(told.iter().any(|told| told == text), "{text} {told:?}");
    }
}

#[test]
fn an_encrypted_or_programmed_opendocument_file_says_so() {
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    assert_eq!(
        refused(&zipped(&[
            ("content.xml", "?"),
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", manifest)
        ])),
        Some(BookError::Encrypted)
    );
    assert_eq!(
        refused(&zipped(&[("content.xml", "<a/>"), ("Basic/Standard/Module1.xml", "<a/>")])),
        Some(BookError::Macros)
    );
    assert_eq!(
        refused(&zipped(&[("content.xml", "<a/>"), ("mimetype", "application/vnd.oasis.opendocument.text")])),
        Some(BookError::NotSheet)
    );
}

#[test]
fn a_file_within_a_workbook_is_refused_by_the_name_of_its_part() {
    let with = |name: &str, bytes: &[u8]| {
        let mut zip = zip::ZipWriter::new_append(Cursor::new(workbook(""))).expect("an archive");
        zip.start_file(name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(bytes).expect("written");
        zip.finish().expect("a file").into_inner()
    };
    let named = zipped(&[("name.txt", "身份证号")]);
    for name in
        ["xl/embeddings/Microsoft_Excel_Sheet.xlsx", "xl/embeddings/oleObject1.bin", "customData/item1.bin"]
    {
        assert_eq!(refused(&with(name, &named)), Some(BookError::Embedded(name.into())), "{name}");
    }
    let mut headed = b"Ole10Native name.pdf \0".to_vec();
    headed.extend(b"%PDF-1.7");
    assert!(matches!(refused(&with("xl/embeddings/oleObject2.bin", &headed)), Some(BookError::Embedded(_))));
    assert!(matches!(refused(&with("xl/model/item.data", b"packed")), Some(BookError::Embedded(_))));
    assert_eq!(refused(&with("xl/media/image1.png", &named)), None, "pictures are no text");
    let wide: Vec<u8> = "身份证号".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in
        [wide, "身份证号".as_bytes().to_vec(), encoding_rs::GB18030.encode("身份证号").0.into_owned()]
    {
        let mut told = String::new();
        Book::open(Cursor::new(with("xl/customProperty1.bin", &bytes)), &mut |text| told.push_str(text))
            .expect("a workbook");
        assert!(told.contains("身份证号"), "{told}");
    }
}

#[test]
fn a_workbook_within_an_old_workbook_is_refused() {
    // The directory of the file has free entries: one of them becomes a second workbook, or a package.
    let with = |name: &str| {
        let mut bytes = OLD.to_vec();
        let wide: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let own = bytes.windows(16).position(|window| window == wide).expect("its own");
        let entry = bytes[own..own + 128].to_vec();
        let free = (own + 128..).step_by(128).find(|at| bytes[at + 66] == 0).expect("a free entry");
        bytes[free..free + 128].copy_from_slice(&entry);
        bytes[free..free + 64].fill(0);
        for (at, unit) in name.encode_utf16().enumerate() {
            bytes[free + 2 * at..free + 2 * at + 2].copy_from_slice(&unit.to_le_bytes());
        }
        bytes[free + 64] = u8::try_from(2 * name.len() + 2).expect("short");
        refused(&bytes)
    };
    for name in ["Workbook", "Package", "WordDocument"] {
        assert_eq!(with(name), Some(BookError::Embedded(name.into())), "{name}");
    }
}

#[test]
fn workbooks_of_other_times_say_what_they_are() {
    let xml = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table><Row><Cell><Data>甲</Data></Cell></Row></Table></Worksheet></Workbook>";
    assert_eq!(refused(xml.as_bytes()), Some(BookError::OldXml));
    for bare in [
        &[0x09, 0x08, 0x10, 0, 0, 6, 5, 0][..],
        &[0x09, 0x02, 4, 0, 2, 0, 0x10, 0],
        &[0x09, 0, 4, 0, 2, 0, 0x10, 0],
    ] {
        assert_eq!(refused(bare), Some(BookError::NotSheet));
    }
}
