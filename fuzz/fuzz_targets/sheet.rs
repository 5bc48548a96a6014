//! Any file is read as a spreadsheet or refused, row by row and in order; half of the inputs are a sheet of a workbook or the content of
//! an OpenDocument file, packed here, so that the fuzzer reaches the XML without having to invent a zip.
#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use domain::Unit;
use sheets::{Book, Bound, DayContext, Fill, Layout, MOST_COLUMNS, MOST_ROWS, SheetHead, SheetRow};
use zip::write::{SimpleFileOptions, ZipWriter};

fuzz_target!(|input: (u8, &[u8])| {
    let (kind, bytes) = input;
    let file = match kind % 4 {
        0 => packed(&[("xl/workbook.xml", WORKBOOK), ("xl/_rels/workbook.xml.rels", RELATIONS), ("xl/worksheets/sheet1.xml", bytes)]),
        1 => packed(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", bytes)]),
        _ => bytes.to_vec(),
    };
    let Ok(mut book) = Book::open_within(Cursor::new(file), 1 << 20, &mut |_| {}) else { return };
    for sheet in 0..book.sheets.len() {
        let head = book.sheets[sheet].clone();
        let Ok(rows) = book.rows(sheet) else { continue };
        let (mut last, mut begin) = (0, Vec::new());
        // A row that stands there a million times is no finding.
        for row in rows.take(2_000) {
            let Ok(row) = row else { break };
            assert!(row.number > last && row.number <= MOST_ROWS);
            assert!(row.cells.is_sorted_by(|one, next| one.0 < next.0));
            assert!(row.cells.iter().all(|(column, _)| *column < MOST_COLUMNS));
            last = row.number;
            begin.push(row);
        }
        understand(&head, &begin);
    }
});

/// What a table says is understood or said not to be; nothing of it stops the reader.
fn understand(head: &SheetHead, rows: &[SheetRow]) {
    let Some(layout) = Layout::find(head, &rows[..rows.len().min(300)]) else { return };
    let mut fill = Fill::new(head);
    for row in rows {
        let _ = layout.sort(row);
        let mut row = row.clone();
        fill.fill(&mut row);
        for (column, cell) in &row.cells {
            let unit = layout.columns.iter().find(|of| of.column == *column).and_then(|of| of.unit.as_ref());
            let _ = sheets::amount(cell, unit);
            let _ = sheets::number(cell, Unit::cny(), unit);
            for bound in [Bound::First, Bound::Last] {
                let _ = sheets::day(cell, &DayContext { year: Some(2026), bound });
            }
        }
    }
}

const WORKBOOK: &[u8] = br#"<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &[u8] = br#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>"#;

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        writer.start_file(*name, options).expect("a part can be begun in memory");
        writer.write_all(bytes).expect("a part can be written in memory");
    }
    writer.finish().expect("an archive can be ended in memory").into_inner()
}
