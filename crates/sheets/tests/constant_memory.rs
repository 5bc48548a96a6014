//! What a workbook of many rows takes of memory, in a process of its own so that nothing else is counted.
#![cfg(target_os = "linux")]

use jiff::civil::date;
use sheets::{About, Cell, Column, Kind, SheetWriter, XlsxWriter};

const COLUMNS: usize = 8;

/// The most memory that this process ever held, in KiB.
fn most_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux says it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn write(rows: u64) {
    let column = |at: usize| Column { heading: format!("列{at}"), width: 20, kind: Kind::Text };
    let columns: Vec<Column> = (0..COLUMNS).map(column).collect();
    let about = About {
        rows_sheet: "数据".into(),
        sheet: "说明".into(),
        lines: Vec::new(),
        created: date(2026, 11, 22).at(8, 0, 0, 0),
        mark: String::new(),
    };
    let mut writer = XlsxWriter::new(std::io::sink(), &columns, about).expect("begun");
    for row in 0..rows {
        // No text twice, so that none could be shared.
        let cells: Vec<Cell> =
            (0..COLUMNS).map(|at| Cell::Text(format!("{row}-{at}{}", "x".repeat(100)))).collect();
        writer.row(&cells).expect("written");
    }
    Box::new(writer).finish().expect("written");
}

#[test]
fn memory_does_not_grow_with_the_number_of_rows() {
    write(1_000);
    let before = most_kib();
    // Its texts alone are 32 MiB.
    write(40_000);
    let more = most_kib() - before;
    assert!(more < 8 * 1_024, "{more} KiB more");
}
