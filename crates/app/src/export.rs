//! Taking lists out as files: exactly the filter's rows, all of them, page by page and as of one moment.

use crate::App;
use crate::access::{Actor, Right};
use crate::change;
use crate::entry::{RecordName, RecordNames, names_of, view_right};
use crate::error::{Error, Result};
use domain::record::FieldType;
use serde_json::json;
use sheets::{About, Cell, Column, CsvWriter, SheetWriter, XlsxWriter};
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use store::{ChangeItem, Entry, FigureFilter, FigureRow, LinkRow, ListFilter, Record, RecordKind, Sort, Tx};

const PAGE: i64 = 1_000;

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Excel workbook with a last sheet that says how it was made.
    Xlsx,
    /// UTF-8 with byte order mark.
    Csv,
    /// One JSON object a line, with codes as keys.
    JsonLines,
}

/// The format of a file with columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// As [`ExportFormat::Xlsx`].
    Xlsx,
    /// As [`ExportFormat::Csv`].
    Csv,
}

impl ExportFormat {
    /// The format of a table; none for lines of JSON.
    #[must_use]
    pub fn table(self) -> Option<TableFormat> {
        match self {
            Self::Xlsx => Some(TableFormat::Xlsx),
            Self::Csv => Some(TableFormat::Csv),
            Self::JsonLines => None,
        }
    }
}

/// What stands beside the fields of records on a page of an export.
#[derive(Debug, Default)]
pub struct Beside {
    /// The records that fields and links name; one that the reader cannot see is not in it.
    pub names: RecordNames,
    /// Their links to others, where all columns are asked for.
    pub links: HashMap<i64, Vec<LinkRow>>,
    /// Their further names, where all columns are asked for.
    pub aliases: HashMap<i64, Vec<String>>,
}

/// How what is listed (`R`), with what stands beside a page of it (`B`), becomes the rows of a file.
pub enum ExportRows<'a, R, B> {
    /// Rows of a table with its columns and what its last sheet says.
    Table {
        /// `.xlsx` or `.csv`.
        format: TableFormat,
        /// The columns.
        columns: &'a [Column],
        /// What the last sheet says.
        about: About,
        /// A row as cells.
        cells: &'a (dyn Fn(&R, &B) -> Vec<Cell> + Send + Sync),
        /// What the last sheet says too, asked for when all rows are written.
        closing: &'a (dyn Fn() -> Vec<(String, String)> + Send + Sync),
    },
    /// A JSON object a line.
    Lines(&'a (dyn Fn(&R, &B) -> serde_json::Value + Send + Sync)),
}

/// How records become rows.
pub type EntryRows<'a> = ExportRows<'a, Entry, Beside>;
/// How figures become rows.
pub type FigureRows<'a> = ExportRows<'a, FigureRow, ()>;

/// Rows that are at hand already.
pub enum WholeRows {
    /// A table: its format, its columns, what its last sheet says, its rows.
    Table(TableFormat, Vec<Column>, About, Vec<Vec<Cell>>),
    /// A JSON object a line.
    Lines(Vec<serde_json::Value>),
}

/// A file with its number of records.
#[derive(Debug)]
pub struct Exported {
    /// The file, from its beginning.
    pub file: File,
    /// How many records it holds.
    pub rows: u64,
}

/// The right that taking records of a kind out as a file asks for.
#[must_use]
pub fn export_right(kind: RecordKind) -> Right {
    if kind == RecordKind::Contact { Right::ExportContact } else { Right::Export }
}

/// A temporary file that takes rows.
struct Export {
    file: File,
    /// What the last line of a file bears that has no place of its own for it, as cells.
    mark: Option<Vec<Cell>>,
    writer: Box<dyn SheetWriter + Send>,
}

fn failed(error: sheets::SheetError) -> Error {
    std::io::Error::other(error).into()
}

impl Export {
    fn begin(format: TableFormat, columns: &[Column], about: About) -> Result<Self> {
        let file = tempfile::tempfile()?;
        let target = BufWriter::new(file.try_clone()?);
        let mark = (format == TableFormat::Csv && !about.mark.is_empty()).then(|| {
            let first = [Cell::Text(about.mark.clone())].into_iter();
            first.chain(std::iter::repeat(Cell::Empty)).take(columns.len()).collect()
        });
        let writer: Box<dyn SheetWriter + Send> = match format {
            TableFormat::Xlsx => Box::new(XlsxWriter::new(target, columns, about).map_err(failed)?),
            TableFormat::Csv => Box::new(CsvWriter::new(target, columns).map_err(failed)?),
        };
        Ok(Self { file, mark, writer })
    }

    fn rows(&mut self, rows: impl Iterator<Item = Vec<Cell>>) -> Result<()> {
        for row in rows {
            self.writer.row(&row).map_err(failed)?;
        }
        Ok(())
    }

    /// The whole file, from its beginning. Packing a large workbook takes seconds: others are served meanwhile.
    async fn finish(self) -> Result<File> {
        let Self { mut file, mark, mut writer } = self;
        if let Some(mark) = mark {
            writer.row(&mark).map_err(failed)?;
        }
        let written = tokio::task::spawn_blocking(move || writer.finish()).await;
        written.map_err(std::io::Error::other)?.map_err(failed)?;
        file.rewind()?;
        Ok(file)
    }
}

/// A file on its way.
enum Writing<'a, R, B> {
    Table {
        export: Export,
        cells: &'a (dyn Fn(&R, &B) -> Vec<Cell> + Send + Sync),
        closing: &'a (dyn Fn() -> Vec<(String, String)> + Send + Sync),
    },
    Lines(BufWriter<File>, &'a (dyn Fn(&R, &B) -> serde_json::Value + Send + Sync)),
}

impl<'a, R, B> Writing<'a, R, B> {
    fn begin(rows: ExportRows<'a, R, B>) -> Result<Self> {
        Ok(match rows {
            ExportRows::Table { format, columns, about, cells, closing } => {
                Self::Table { export: Export::begin(format, columns, about)?, cells, closing }
            }
            ExportRows::Lines(line) => Self::Lines(BufWriter::new(tempfile::tempfile()?), line),
        })
    }

    fn page(&mut self, page: &[R], beside: &B) -> Result<()> {
        match self {
            Self::Table { export, cells, .. } => export.rows(page.iter().map(|row| cells(row, beside))),
            Self::Lines(target, line) => lines(target, page.iter().map(|row| line(row, beside))),
        }
    }

    async fn finish(self) -> Result<File> {
        match self {
            Self::Table { mut export, closing, .. } => {
                export.writer.say(closing());
                export.finish().await
            }
            Self::Lines(target, _) => whole(target),
        }
    }
}

fn lines(target: &mut BufWriter<File>, lines: impl Iterator<Item = serde_json::Value>) -> Result<()> {
    for line in lines {
        writeln!(target, "{line}")?;
    }
    Ok(())
}

/// What was written, from its beginning.
fn whole(target: BufWriter<File>) -> Result<File> {
    let mut file = target.into_inner().map_err(|error| error.into_error())?;
    file.rewind()?;
    Ok(file)
}

impl App {
    /// Writes the figures of a filter into a temporary file, the newest first. The words come from the caller: the
    /// columns, what the last sheet of a workbook says, and how a figure becomes cells.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not export; when reading or writing fails.
    pub async fn figure_export(
        &self,
        actor: &Actor,
        programme: i64,
        filter: &FigureFilter,
        rows: FigureRows<'_>,
    ) -> Result<Exported> {
        actor.require(programme, Right::Export)?;
        let _place = self.exporting.acquire().await;
        let mut writing = Writing::begin(rows)?;
        let mut tx = self.db.read().await?;
        let filter = FigureFilter { reach: actor.reach_for(programme, Right::Export), ..filter.clone() };
        let (mut before, mut count) = (None, 0);
        loop {
            let page = store::figure_list(&mut tx, programme, &filter, before, PAGE).await?;
            writing.page(&page, &())?;
            count += page.len() as u64;
            before = page.last().map(|row| row.figure.id);
            if before.is_none() {
                break;
            }
        }
        drop(tx);
        Ok(Exported { file: writing.finish().await?, rows: count })
    }

    /// Writes the compiled table of a round into a temporary file; its rows and words come from the caller.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not export; when writing fails.
    pub async fn reporting_export(&self, actor: &Actor, programme: i64, rows: WholeRows) -> Result<File> {
        actor.require(programme, Right::Export)?;
        let _place = self.exporting.acquire().await;
        match rows {
            WholeRows::Table(format, columns, about, rows) => {
                let mut export = Export::begin(format, &columns, about)?;
                export.rows(rows.into_iter())?;
                export.finish().await
            }
            WholeRows::Lines(all) => {
                let mut target = BufWriter::new(tempfile::tempfile()?);
                lines(&mut target, all.into_iter())?;
                whole(target)
            }
        }
    }

    /// Writes the records of a list into a temporary file, in its order; with their links and further names where `all` is asked
    /// for. The words come from the caller, as for [`App::figure_export`]. Who takes contacts out is noted with each of them.
    /// Memory does not grow with the number of records.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not see or export them; when reading or writing fails.
    pub async fn entry_export(
        &self,
        actor: &Actor,
        programme: i64,
        (mut filter, sort): (ListFilter, Sort),
        all: bool,
        rows: EntryRows<'_>,
    ) -> Result<Exported> {
        let kind = filter.kind;
        actor.require(programme, view_right(kind))?;
        actor.require(programme, export_right(kind))?;
        filter.reach = actor.reach_for(programme, export_right(kind));
        let _place = self.exporting.acquire().await;
        let mut writing = Writing::begin(rows)?;
        let mut people = BTreeSet::new();
        let mut tx = self.db.read().await?;
        let (mut after, mut count) = (None, 0);
        loop {
            let page = store::entry_list(&mut tx, programme, &filter, sort, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(store::cursor_of(last, sort.by));
            let beside = beside(&mut tx, actor, programme, &page, all).await?;
            writing.page(&page, &beside)?;
            people.extend(page.iter().flat_map(|entry| contacts_in(entry, &beside.names)));
            count += page.len() as u64;
            if page.len() < PAGE as usize {
                break;
            }
        }
        drop(tx);
        let people: Vec<i64> = people.into_iter().collect();
        self.contact_seen(actor, programme, "export", &people).await?;
        if kind == RecordKind::Contact {
            self.note_export(actor, programme, &people).await?;
        }
        Ok(Exported { file: writing.finish().await?, rows: count })
    }

    /// Notes with each of these people that their data was taken out.
    async fn note_export(&self, actor: &Actor, programme: i64, people: &[i64]) -> Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.write().await?;
        let opened = change::open(&mut tx, actor, Some(programme), "contact-export", None).await?;
        for &person in people {
            let item = ChangeItem {
                record: Some(person),
                entity: "record".to_owned(),
                entity_id: person,
                field: "exported".to_owned(),
                before: None,
                after: Some(json!(true)),
            };
            store::change_item_insert(&mut tx, &opened, &item).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// What stands beside the fields of a page.
async fn beside(tx: &mut Tx, actor: &Actor, programme: i64, page: &[Entry], all: bool) -> Result<Beside> {
    let mut beside = Beside { names: names_of(tx, actor, programme, page).await?, ..Beside::default() };
    let Some(kind) = page.first().map(|entry| entry.record.kind).filter(|_| all) else { return Ok(beside) };
    let ids: Vec<i64> = page.iter().map(|entry| entry.record.id).collect();
    for (id, name) in store::record_name_list_of(tx, &ids).await? {
        beside.aliases.entry(id).or_default().push(name);
    }
    let fields = kind.fields().iter().filter_map(|field| match field.kind {
        FieldType::Links(of, _) => Some((field.code, of)),
        _ => None,
    });
    let fields: Vec<_> = fields.collect();
    if fields.is_empty() {
        return Ok(beside);
    }
    let links = store::link_list_of(tx, &ids).await?;
    for (code, of) in fields {
        let ends: BTreeSet<i64> = links.iter().filter(|link| link.kind == code).map(|link| link.to).collect();
        let ends: Vec<i64> = ends.into_iter().collect();
        let seen = store::record_list_of(tx, &ends, &actor.reach_for(programme, view_right(of))).await?;
        beside.names.extend(seen.into_iter().map(|Record { id, code, kind, title, title_en, .. }| {
            (id, RecordName { code, kind, title, title_en })
        }));
    }
    for link in links {
        beside.links.entry(link.from).or_default().push(link);
    }
    Ok(beside)
}

/// The contacts that a row of an export tells of: itself, or those its fields name to who may see them.
fn contacts_in(entry: &Entry, names: &RecordNames) -> Vec<i64> {
    if entry.record.kind == RecordKind::Contact {
        return vec![entry.record.id];
    }
    let of_contacts = |kind| matches!(kind, FieldType::Record(RecordKind::Contact));
    let fields = entry.record.kind.fields().iter().filter(|field| of_contacts(field.kind));
    fields.filter_map(|field| entry.id(field.code)).filter(|id| names.contains_key(id)).collect()
}
