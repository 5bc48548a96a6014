//! From a value back to the cell that it came from (law 1): file, sheet, row, column.

use super::allowed;
use super::draft::RowProblem;
use super::mapping::{Mapping, Target};
use super::page::view;
use crate::App;
use crate::access::{Actor, Right, open};
use crate::error::{Error, Result};
use jiff::Timestamp;
use sheets::{Book, Cell, Column, Kind, cell_name, column_letters};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use store::{Record, RecordKind, Tx};

/// Rows around a cell that are shown.
const AROUND: u32 = 6;
/// Changes of fields of a record that are looked at, the newest ones.
const WRITINGS: i64 = 2_000;
/// Wrong rows that are written at once.
const PAGE: i64 = 1_000;

/// The cell that a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellOrigin {
    /// The import.
    pub import: i64,
    /// The file, by name and digest.
    pub file_name: String,
    /// Digest of its bytes.
    pub digest: String,
    /// When it was brought.
    pub at: Timestamp,
    /// Name of the sheet; empty for a file that is one table.
    pub sheet: String,
    /// Number of the row, from 1, and of the column, from 0.
    pub row: u32,
    /// Number of the column, from 0.
    pub column: u16,
    /// Name of the cell: `D7`.
    pub cell: String,
}

/// A row of a sheet as it is shown.
#[derive(Debug, Clone)]
pub struct WindowRow {
    /// Its number, from 1.
    pub number: u32,
    /// What its cells say, from the first column on.
    pub cells: Vec<String>,
    /// Whether the sheet hides it.
    pub is_hidden: bool,
}

/// Some rows of a sheet.
#[derive(Debug, Clone)]
pub struct SheetWindow {
    /// The letters of the columns.
    pub columns: Vec<String>,
    /// The headings and the rows around the one that was asked for.
    pub rows: Vec<WindowRow>,
}

impl CellOrigin {
    /// Sheet and cell: `台账!D7`, or `D7` of a file that is one table.
    #[must_use]
    pub fn place(&self) -> String {
        if self.sheet.is_empty() { self.cell.clone() } else { format!("{}!{}", self.sheet, self.cell) }
    }
}

impl App {
    /// Of the fields and amounts of a record that came from sheets: the cell of each, by the code of the field, `title`, `amount`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such record for the actor.
    pub async fn import_origins(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
    ) -> Result<(Record, BTreeMap<String, CellOrigin>)> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        // Sheets of people are not kept, and a look at one would be audited.
        if record.kind == RecordKind::Contact {
            return Err(Error::NotFound);
        }
        let (mut origins, mut written) = (BTreeMap::new(), BTreeSet::new());
        let mut imports = BTreeMap::<i64, (store::Import, Mapping)>::new();
        for (field, found) in store::import_origin_list(&mut tx, record.id, record.kind, WRITINGS).await? {
            if let Some((id, _)) = found
                && !imports.contains_key(&id)
            {
                let import = store::import_get(&mut tx, programme, id).await?;
                let mapping = Mapping::from_json(&import.mapping);
                imports.insert(id, (import, mapping));
            }
            let of = found.and_then(|(id, row)| Some((imports.get(&id)?, u32::try_from(row).ok()?)));
            let fields = if field == "*" { all_fields(record.kind) } else { vec![field] };
            for field in fields {
                // The newest change of a field is where its value comes from.
                if !written.insert(field.clone()) {
                    continue;
                }
                let Some(((import, mapping), row)) = of else { continue };
                let column = column_of(mapping, record.kind, &field);
                origins.extend(column.map(|column| (field, origin(import, row, column))));
            }
        }
        Ok((record, origins))
    }

    /// The name of an import's file, and of its sheet the headings and the rows around one of them, as they stand there.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such import for the actor, or its file was erased.
    pub async fn import_window(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        row: u32,
    ) -> Result<(String, SheetWindow)> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let import = store::import_get(&mut tx, programme, id).await?;
        let around = match allowed(actor, &import) {
            Ok(()) => AROUND,
            // Of what others brought a reader sees the row of a record that is open to them, and no other.
            Err(_) => {
                is_open(&mut tx, actor, &import, row).await?;
                0
            }
        };
        let view = view(import);
        drop(tx);
        let file = self.import_file(&view.import.digest).await?.into_file();
        let sheet = usize::try_from(view.import.sheet).unwrap_or(0);
        let file_name = view.import.file_name.clone();
        let window = move || window(file, sheet, &view.mapping, (row, around));
        let read = tokio::task::spawn_blocking(window).await.map_err(std::io::Error::other)?;
        let window = read.map_err(|error| Error::from(std::io::Error::other(error)))?;
        Ok((file_name, window))
    }

    /// The rows of an import that are wrong, as a workbook: what their cells say, and what is wrong in a last column and as a
    /// comment at each cell. The words come from the caller.
    ///
    /// # Errors
    /// As [`App::import_get`]; when writing fails.
    pub async fn import_wrong_rows(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        (reason, words): (&str, &(dyn Fn(&RowProblem) -> String + Send + Sync)),
    ) -> Result<File> {
        let view = self.import_get(actor, programme, id).await?;
        let mut wrong = BTreeMap::new();
        let mut after = 0;
        loop {
            let asked = (Some(store::RowState::Wrong), after, PAGE);
            let (rows, _) = self.import_rows(actor, programme, id, asked).await?;
            let Some(last) = rows.last() else { break };
            after = last.row.number;
            for row in rows {
                let problems = row.problems.iter().filter(|problem| !problem.is_note);
                let told = problems.map(|problem| (problem.column, words(problem))).collect::<Vec<_>>();
                wrong.insert(u32::try_from(row.row.number).unwrap_or(0), told);
            }
        }
        let file = self.import_file(&view.import.digest).await?.into_file();
        let (sheet, reason) = (usize::try_from(view.import.sheet).unwrap_or(0), reason.to_owned());
        let made =
            tokio::task::spawn_blocking(move || wrong_rows(file, sheet, &view.mapping, &wrong, &reason));
        made.await.map_err(std::io::Error::other)?
    }

    /// The bytes that an import was read from.
    ///
    /// # Errors
    /// As [`App::import_get`].
    pub async fn import_bytes(&self, actor: &Actor, programme: i64, id: i64) -> Result<(String, File)> {
        let mut tx = self.db.read().await?;
        let import = store::import_get(&mut tx, programme, id).await?;
        allowed(actor, &import)?;
        drop(tx);
        let file = self.import_file(&import.digest).await?.into_file();
        Ok((import.file_name, file))
    }
}

fn origin(import: &store::Import, row: u32, column: u16) -> CellOrigin {
    CellOrigin {
        import: import.id,
        file_name: import.file_name.clone(),
        digest: import.digest.clone(),
        at: import.at,
        sheet: import.sheet_name.clone(),
        row,
        column,
        cell: cell_name(column, row),
    }
}

/// Refuses who sees neither the record that a row became nor everything.
async fn is_open(tx: &mut Tx, actor: &Actor, import: &store::Import, row: u32) -> Result<()> {
    let reach = actor.reach(import.programme);
    let found = store::import_row_get(tx, import.id, i64::from(row)).await?;
    let seen = match found.record {
        Some(record) => store::record_visible(tx, record, &reach).await?,
        None => reach.all && import.kind == RecordKind::Figure.code(),
    };
    if seen { Ok(()) } else { Err(Error::NotFound) }
}

fn all_fields(kind: RecordKind) -> Vec<String> {
    let fields = kind.fields().iter().map(|field| field.code.to_owned());
    fields.chain(["title", "title_en", "amount"].map(str::to_owned)).collect()
}

fn column_of(mapping: &Mapping, kind: RecordKind, field: &str) -> Option<u16> {
    let target = match field {
        "title" | "title_en" | "amount" => field.to_owned(),
        code => Target::Field(kind.field(code)?).code(),
    };
    mapping.columns.iter().find(|column| column.target == target).map(|column| column.column)
}

fn window(
    file: File,
    sheet: usize,
    mapping: &Mapping,
    (wanted, around): (u32, u32),
) -> std::result::Result<SheetWindow, sheets::BookError> {
    let mut book = Book::open(file, &mut |_| {})?;
    let head = book.sheets.get(sheet).cloned().ok_or(sheets::BookError::NotSheet)?;
    let last = mapping.columns.iter().map(|column| column.column).max().unwrap_or(0);
    let mut rows = Vec::new();
    for row in book.rows(sheet)? {
        let row = row?;
        let in_header = (mapping.header.0..=mapping.header.1).contains(&row.number);
        let is_near = row.number.abs_diff(wanted) <= around;
        if row.number > wanted.saturating_add(around) && row.number > mapping.header.1 {
            break;
        }
        if in_header || is_near {
            let cell = |column: u16| {
                let found = row.cells.iter().find(|(at, _)| *at == column);
                found.map(|(_, cell)| cell.text().into_owned()).unwrap_or_default()
            };
            let cells = (0..=last).map(cell).collect();
            rows.push(WindowRow {
                number: row.number,
                cells,
                is_hidden: head.hidden_rows.contains(&row.number),
            });
        }
    }
    Ok(SheetWindow { columns: (0..=last).map(column_letters).collect(), rows })
}

/// A workbook of the wrong rows.
fn wrong_rows(
    file: File,
    sheet: usize,
    mapping: &Mapping,
    wrong: &BTreeMap<u32, Vec<(Option<u16>, String)>>,
    reason: &str,
) -> Result<File> {
    let broken = |error: sheets::BookError| Error::from(std::io::Error::other(error));
    let failed = |error: sheets::SheetError| Error::from(std::io::Error::other(error));
    let mut book = Book::open(file, &mut |_| {}).map_err(broken)?;
    let column = |heading: String| Column { heading, width: 18, kind: Kind::Text };
    let headings = mapping.columns.iter().map(|of| column(of.headings.last().cloned().unwrap_or_default()));
    let columns: Vec<Column> = headings.chain([column(reason.to_owned())]).collect();
    let target = tempfile::tempfile()?;
    let mut writer = sheets::NotedWriter::new(target.try_clone()?, &columns).map_err(failed)?;
    for row in book.rows(sheet).map_err(broken)? {
        let row = row.map_err(broken)?;
        let Some(told) = wrong.get(&row.number) else { continue };
        let cell = |of: &super::MappedColumn| {
            let found = row.cells.iter().find(|(at, _)| *at == of.column);
            found.map_or(Cell::Empty, |(_, cell)| Cell::Text(cell.text().into_owned()))
        };
        let all = told.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join("; ");
        let cells: Vec<Cell> = mapping.columns.iter().map(cell).chain([Cell::Text(all)]).collect();
        let place = |column: u16| mapping.columns.iter().position(|of| of.column == column);
        let notes = told.iter().filter_map(|(column, words)| Some((place((*column)?)?, words.clone())));
        writer.row(&cells, &notes.collect::<Vec<_>>()).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    let mut target = target;
    std::io::Seek::rewind(&mut target)?;
    Ok(target)
}
