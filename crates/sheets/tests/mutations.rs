//! Small files of every format, changed in ways that a broken disk, a cut transfer or an ill will changes them: whatever comes is read
//! or refused, in order, and never more of it than there can be.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sheets::{Book, MOST_COLUMNS, MOST_ROWS};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The parts of a file that is packed, by name; a file that is not has one without a name.
type Parts = Vec<(String, Vec<u8>)>;

const OLD: &[u8] = include_bytes!("books/old.xls");

fn xlsx() -> Parts {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.merge_range(0, 0, 0, 3, "在建项目", &day).expect("merged");
    sheet.write(1, 0, "砾石光伏").expect("written");
    sheet.write_with_format(1, 1, 46_000, &day).expect("written");
    sheet.write(1, 2, 1200.5).expect("written");
    sheet.write(2, 2, rust_xlsxwriter::Formula::new("C2*2").set_result("2401")).expect("written");
    sheet.set_row_hidden(2).expect("hidden");
    workbook.add_worksheet().set_hidden(true).write(0, 0, "藏").expect("written");
    let bytes = workbook.save_to_buffer().expect("a file");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let count = archive.len();
    let part = |at: usize| {
        let mut part = archive.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("read");
        (part.name().expect("a name").into_owned(), bytes)
    };
    let mut parts: Parts = (0..count).map(part).collect();
    // Changes to what is not looked at say nothing.
    parts.retain(|(name, _)| name.starts_with("xl/") && !name.contains("theme"));
    parts
}

fn ods() -> Parts {
    let content = "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:style=\"s\">
        <office:automatic-styles><style:style style:name=\"ta\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>
        <office:body><office:spreadsheet><table:table table:name=\"表\"><table:table-column table:number-columns-repeated=\"3\" table:visibility=\"collapse\"/>
        <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-spanned=\"2\" office:value-type=\"string\"><text:p>砾石<text:s/>光伏</text:p></table:table-cell>
        <table:covered-table-cell/><table:table-cell office:value-type=\"float\" office:value=\"1.5\" table:number-columns-repeated=\"4\"/></table:table-row>
        <table:table-row><table:table-cell office:value-type=\"date\" office:date-value=\"2026-06-30\"><office:annotation><text:p>注</text:p></office:annotation><text:p>6月</text:p></table:table-cell></table:table-row>
        </table:table><table:table table:name=\"藏\" table:style-name=\"ta\"/></office:spreadsheet></office:body></office:document-content>";
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    vec![("mimetype".into(), kind.into()), ("content.xml".into(), content.into())]
}

fn files() -> Vec<Parts> {
    let one = |bytes: &[u8]| vec![(String::new(), bytes.to_vec())];
    let csv = "项目,投资,日期\r\n\"砾石,光伏\",1200.5,2024.5\r\n\"两\n行\",007,\r\n";
    let page = "<html><table><tr><th rowspan=2>项目<th colspan=3>投资</tr><tr><td>1<td>2</tr></table><table><tr><td>3</table>";
    vec![xlsx(), ods(), one(OLD), one(csv.as_bytes()), one(page.as_bytes())]
}

/// Words that matter to one of the readers.
const WORDS: [&str; 24] = [
    "<row",
    "<c ",
    "<v>",
    "</v>",
    " r=\"A1\"",
    " t=\"s\"",
    " s=\"9\"",
    "1048577",
    "1e308",
    "-1",
    "&#0;",
    "&a;",
    "<!DOCTYPE a [",
    "]>",
    "<![CDATA[",
    "<!--",
    "\"",
    "rowspan=99999999",
    "colspan=16384",
    "repeated=\"99999999\"",
    "\0",
    "\u{feff}",
    "_x8EAB_",
    "</row>",
];

#[derive(Debug, Clone)]
enum Change {
    Flip(Index, u8),
    Cut(Index),
    Remove(Index, u8),
    Twice(Index, u8),
    Insert(Index, &'static str),
}

fn changes() -> impl Strategy<Value = Vec<(Index, Change)>> {
    let at = any::<Index>;
    let change = prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, bits)| Change::Flip(at, bits)),
        1 => at().prop_map(Change::Cut),
        2 => (at(), any::<u8>()).prop_map(|(at, count)| Change::Remove(at, count)),
        2 => (at(), any::<u8>()).prop_map(|(at, count)| Change::Twice(at, count)),
        4 => (at(), select(&WORDS[..])).prop_map(|(at, word)| Change::Insert(at, word)),
    ];
    vec((any::<Index>(), change), 1..4)
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let place = |at: &Index| at.index(bytes.len() + 1);
    match change {
        Change::Flip(at, bits) => {
            let at = place(at);
            bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bits);
        }
        Change::Cut(at) => bytes.truncate(place(at)),
        Change::Remove(at, count) => {
            let at = place(at);
            let to = (at + usize::from(*count)).min(bytes.len());
            bytes.drain(at..to);
        }
        Change::Twice(at, count) => {
            let at = place(at);
            let to = (at + usize::from(*count)).min(bytes.len());
            let again = bytes[at..to].to_vec();
            bytes.splice(at..at, again);
        }
        Change::Insert(at, word) => {
            let at = place(at);
            bytes.splice(at..at, word.bytes());
        }
    }
}

fn packed(parts: &Parts) -> Vec<u8> {
    if let [(name, bytes)] = &parts[..]
        && name.is_empty()
    {
        return bytes.clone();
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(name, options).expect("a part");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("a file").into_inner()
}

/// Reads all that a file has; whether it was read to its end.
fn read(bytes: &[u8]) -> bool {
    let mut told = 0;
    let Ok(mut book) = Book::open(Cursor::new(bytes), &mut |text| told += text.len()) else { return false };
    let mut is_whole = true;
    for sheet in 0..book.sheets.len() {
        let Ok(rows) = book.rows(sheet) else { return false };
        let mut last = 0;
        for row in rows {
            let Ok(row) = row else {
                is_whole = false;
                break;
            };
            assert!(row.number > last && row.number <= MOST_ROWS, "row {} after {last}", row.number);
            assert!(!row.cells.is_empty() && row.cells.is_sorted_by(|one, next| one.0 < next.0));
            assert!(row.cells.iter().all(|(column, _)| *column < MOST_COLUMNS));
            last = row.number;
        }
    }
    is_whole
}

#[test]
fn the_files_themselves_are_read() {
    for file in files() {
        assert!(read(&packed(&file)), "{:?}", file[0].0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn whatever_happened_to_a_file_it_is_read_or_refused(
        changes in changes(),
        packing in proptest::option::of((any::<Index>(), any::<u8>())),
    ) {
        for mut file in files() {
            for (part, change) in &changes {
                let part = part.index(file.len());
                apply(&mut file[part].1, change);
            }
            let mut bytes = packed(&file);
            if let Some((at, bits)) = packing {
                apply(&mut bytes, &Change::Flip(at, bits));
            }
            read(&bytes);
        }
    }
}
