//! Sheets as offices keep them, one per trap, with what must come out of each beside it (`NAME.txt`). The sheets are made by
//! `examples/corpus.rs`; `LUODI_UPDATE_CORPUS=1` writes anew what comes out, to be read before it is committed.

use domain::heading::{HeadingUse, heading_uses, kind_of};
use domain::record::FieldType;
use domain::{Quantity, RecordKind, Unit};
use sheets::{
    Book, Bound, CellProblem, DayContext, Fill, Layout, LayoutColumn, ReadCell, RowSort, SheetRow, cell_name,
    column_letters,
};
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let all = std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path());
    let mut files: Vec<PathBuf> =
        all.filter(|path| path.extension().is_some_and(|ending| ending != "txt")).collect();
    files.sort();
    files
}

#[test]
fn every_sheet_comes_out_as_it_is_written_down() {
    let files = files();
    assert!(files.len() >= 14, "the corpus is there");
    let mut wrong = String::new();
    for file in files {
        let found = told(&file);
        let beside = file.with_extension("txt");
        if std::env::var_os("LUODI_UPDATE_CORPUS").is_some() {
            std::fs::write(&beside, &found).expect("written");
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        if found != expected {
            let _ = write!(wrong, "\n=== {}\n{found}", file.display());
        }
    }
    assert!(wrong.is_empty(), "otherwise than written down:{wrong}");
}

/// What a file says, line by line.
fn told(file: &Path) -> String {
    let mut book = Book::open(File::open(file).expect("a file"), &mut |_| {}).expect("a spreadsheet");
    let mut out = format!("{:?}\n", book.format);
    for at in 0..book.sheets.len() {
        let head = book.sheets[at].clone();
        let rows: Vec<SheetRow> = book.rows(at).expect("rows").collect::<Result<_, _>>().expect("rows");
        let hidden = if head.is_hidden { " hidden" } else { "" };
        let _ = writeln!(out, "sheet {at} {}{hidden}", head.name);
        let Some(layout) = Layout::find(&head, &rows) else {
            out.push_str("no table\n");
            continue;
        };
        let headings: Vec<Vec<String>> =
            layout.columns.iter().map(|column| column.headings.clone()).collect();
        let kind = kind_of(&headings).first().map_or(RecordKind::Project, |(kind, _)| *kind);
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let _ = writeln!(out, "kind {} header {}-{}", kind.code(), layout.header.0, layout.header.1);
        if let Some(period) = layout.period {
            let _ = writeln!(out, "period {} {}", day(period.from), day(period.to));
        }
        let year = layout.period.and_then(|period| period.to).map(|day| day.year());
        for column in layout.columns.iter().take(12) {
            let unit = column.unit.as_ref().map(|unit| format!(" [{} × {}]", unit.unit.code(), unit.scale));
            let hidden = if column.is_hidden { " hidden" } else { "" };
            let meant = meant(kind, column).map_or("—".to_owned(), |meant| use_words(&meant));
            let name = column.headings.join("/");
            let _ = writeln!(
                out,
                "column {} {name}{}{hidden} = {meant}",
                column_letters(column.column),
                unit.unwrap_or_default()
            );
        }
        if layout.columns.len() > 12 {
            let _ = writeln!(out, "{} columns", layout.columns.len());
        }
        let mut fill = Fill::new(&head);
        for mut row in rows.into_iter().filter(|row| row.number > layout.header.1) {
            let sort = layout.sort(&row);
            fill.fill(&mut row);
            let hidden = if head.hidden_rows.contains(&row.number) { " hidden" } else { "" };
            let _ = writeln!(out, "row {}{hidden} {}", row.number, words(&sort));
            if sort == RowSort::Data {
                for column in &layout.columns {
                    value(&mut out, kind, column, &row, year);
                }
            }
        }
    }
    out
}

fn meant(kind: RecordKind, column: &LayoutColumn) -> Option<HeadingUse> {
    heading_uses(kind, &column.headings)
        .into_iter()
        .next()
        .filter(|(_, sure)| *sure >= 60)
        .map(|(meant, _)| meant)
}

fn use_words(meant: &HeadingUse) -> String {
    match meant {
        HeadingUse::Field(field) => field.code.to_owned(),
        HeadingUse::Figure(measure, time, role) => {
            format!("{} {} {}", measure.code(), time.code(), role.code())
        }
        other => format!("{other:?}").to_lowercase(),
    }
}

fn words(sort: &RowSort) -> String {
    match sort {
        RowSort::Total { label, reach } => format!("total {label} {reach:?}").to_lowercase(),
        RowSort::TotalLike => "like a total".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn value(out: &mut String, kind: RecordKind, column: &LayoutColumn, row: &SheetRow, year: Option<i16>) {
    let Some((_, cell)) = row.cells.iter().find(|(at, _)| *at == column.column) else { return };
    let unit = column.unit.as_ref();
    let quantity = |read: Result<Option<Quantity>, CellProblem>| match read {
        Ok(None) => "nothing".to_owned(),
        Ok(Some(of)) => {
            let high = of.high_decimal().map(|high| format!("–{}", high.normalize())).unwrap_or_default();
            format!("{:?} {}{high} {}", of.approx, of.low_decimal().normalize(), of.unit.code())
        }
        Err(problem) => format!("! {}", problem.code()),
    };
    let said = match meant(kind, column) {
        None | Some(HeadingUse::Ordinal | HeadingUse::Ignored) if column.column > 12 => return,
        None | Some(HeadingUse::Ordinal | HeadingUse::Ignored) => return,
        Some(HeadingUse::Amount | HeadingUse::Figure(..) | HeadingUse::Value) => {
            quantity(sheets::amount(cell, unit))
        }
        Some(HeadingUse::Field(field)) => match field.kind {
            FieldType::Date => match sheets::day(cell, &DayContext { year, bound: Bound::First }) {
                Ok(None) => "nothing".to_owned(),
                Ok(Some(read)) if read.is_whole_day => read.day.to_string(),
                Ok(Some(read)) => format!("{} (not the day itself)", read.day),
                Err(problem) => format!("! {}", problem.code()),
            },
            FieldType::Quantity(code) => {
                let read = sheets::number(cell, Unit::from_code(code).expect("a unit"), unit);
                read.map_or_else(
                    |problem| format!("! {}", problem.code()),
                    |number| {
                        let about =
                            if number.is_some_and(|number| !number.is_exact) { " (not exact)" } else { "" };
                        format!("{:?} {code}{about}", number.map(|number| number.mantissa))
                    },
                )
            }
            _ => text(cell),
        },
        Some(_) => text(cell),
    };
    let _ = writeln!(out, "  {} {said}", cell_name(column.column, row.number));
}

fn text(cell: &ReadCell) -> String {
    match cell {
        ReadCell::Text(text) => format!("“{}”", text.replace('\n', "⏎")),
        other => format!("{other:?}"),
    }
}
