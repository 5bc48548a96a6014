//! A file on its way in: everything that laws 9 and 11 ask is asked before a byte is stored; then its columns are chosen.

use super::compare::Mode;
use super::mapping::{Mapping, Target};
use super::propose::{self, Begun};
use super::{ImportView, allowed};
use crate::access::{Actor, Right};
use crate::entry::{Problem, edit_right};
use crate::error::{Error, Result};
use crate::regions::Regions;
use crate::{App, screen, typed};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sheets::{Book, BookError, Format, Layout};
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;
use store::{ImportSource, ImportState, NewImport, RecordKind, Tx};

/// Rows from which a sheet is understood.
const FIRST_ROWS: usize = 300;
/// Sheets of one file that are looked at.
const SHEETS: usize = 100;
/// Characters of a source's name.
const NAME_CHARS: usize = 80;

/// How somebody chose that a sheet is read.
#[derive(Debug, Clone, Default)]
pub struct ImportChoice {
    /// Code of the kind of records, or `figure`.
    pub kind: String,
    /// `create`, `update` or `both`.
    pub mode: String,
    /// How its columns are read.
    pub mapping: Mapping,
    /// A name under which that is kept for the next sheet; empty for none.
    pub source: String,
}

/// A file that may be stored.
struct Opened {
    file: File,
    digest: String,
    size_bytes: i64,
    format: Format,
    sheets: Vec<Begun>,
}

fn refused(file: &str, error: &BookError) -> Error {
    Error::Refused { file: file.to_owned(), code: error.code(), args: Vec::new() }
}

/// A copy of a file, which stays as it is while it is read.
#[derive(Debug)]
struct Copy {
    file: File,
    digest: String,
    size_bytes: i64,
}

/// Copies a file piece by piece; none where it changed meanwhile. `piece` is called before each.
fn copy(path: &Path, piece: &mut dyn FnMut()) -> std::io::Result<Option<Copy>> {
    let stands = || std::fs::metadata(path).and_then(|of| Ok((of.len(), of.modified()?)));
    let begun = stands()?;
    let (mut from, mut file) = (File::open(path)?, tempfile::tempfile()?);
    let mut hasher = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 16];
    let mut size_bytes = 0;
    loop {
        piece();
        let read = from.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        file.write_all(&buffer[..read])?;
        size_bytes += read as u64;
    }
    if stands().ok() != Some(begun) || size_bytes != begun.0 {
        return Ok(None);
    }
    let hex: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    file.rewind()?;
    let size_bytes = i64::try_from(size_bytes).unwrap_or(i64::MAX);
    Ok(Some(Copy { file, digest: format!("sha256:{hex}"), size_bytes }))
}

/// Copies a file and looks at it. May take seconds.
fn look(path: &Path, name: &str) -> Result<Opened> {
    let changed = || Error::Refused { file: name.to_owned(), code: "changed-file", args: Vec::new() };
    let Copy { mut file, digest, size_bytes } = copy(path, &mut || ())?.ok_or_else(changed)?;
    let mut screen = screen::Screen::new(name);
    let book = Book::open(file.try_clone()?, &mut |text| screen.look(text));
    screen.end()?;
    let mut book = book.map_err(|error| refused(name, &error))?;
    let mut begun = Vec::new();
    for at in 0..book.sheets.len().min(SHEETS) {
        let head = book.sheets[at].clone();
        let rows = book.rows(at).map_err(|error| refused(name, &error))?;
        let first = rows.take(FIRST_ROWS).collect::<std::result::Result<Vec<_>, _>>();
        let first = first.map_err(|error| refused(name, &error))?;
        let layout = Layout::find(&head, &first);
        begun.push(Begun { head, layout, first });
    }
    let format = book.format;
    drop(book);
    file.rewind()?;
    Ok(Opened { file, digest, size_bytes, format, sheets: begun })
}

fn media_type(format: Format) -> &'static str {
    match format {
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::Xls => "application/vnd.ms-excel",
        Format::Ods => "application/vnd.oasis.opendocument.spreadsheet",
        // Never shown as a page.
        Format::Csv | Format::Html => "text/plain; charset=utf-8",
    }
}

impl App {
    /// Takes in the spreadsheet at `path`, which the user calls `file_name`, and proposes how its first sheet that is a table is
    /// read; gives the new import.
    ///
    /// # Errors
    /// [`Error::Refused`] for what is no spreadsheet or must not be stored: `no-table`, and the codes of [`BookError`] and laws 9
    /// and 11. Nothing is kept then.
    pub async fn import_open(
        &self,
        actor: &Actor,
        programme: i64,
        path: &Path,
        file_name: &str,
    ) -> Result<i64> {
        actor.require(programme, Right::BulkEdit)?;
        let (path, name) = (path.to_owned(), typed::file_name(file_name));
        let _permit = self.extracting.acquire().await;
        let on_thread = name.clone();
        let opened = tokio::task::spawn_blocking(move || look(&path, &on_thread)).await;
        let broken = |_| refused(&name, &BookError::Broken(String::new()));
        let mut opened = opened.map_err(broken)??;
        let regions = self.regions(actor, programme).await?;
        let best = best(actor, programme, &opened.sheets).ok_or_else(|| no_table(&name))?;
        let mut tx = self.db.write().await?;
        let (digest, media) = (opened.digest.clone(), media_type(opened.format));
        store::blob_insert(&mut tx, &digest, media, opened.size_bytes, &mut opened.file).await?;
        let id =
            insert(&mut tx, (actor, programme, &regions), (&name, &digest), &opened.sheets, best).await?;
        self.commit(tx).await?;
        Ok(id)
    }

    /// Takes another sheet of the file of an import; gives the new import.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a sheet, [`Error::Refused`] where it holds no table.
    pub async fn import_open_sheet(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        sheet: usize,
    ) -> Result<i64> {
        let view = self.import_get(actor, programme, id).await?;
        let (file, name) = (self.import_file(&view.import.digest).await?, view.import.file_name.clone());
        let on_thread = name.clone();
        let begun = tokio::task::spawn_blocking(move || look(file.path(), &on_thread)).await;
        let opened = begun.map_err(|_| refused(&name, &BookError::Broken(String::new())))??;
        if opened.sheets.get(sheet).ok_or(Error::NotFound)?.layout.is_none() {
            return Err(no_table(&name));
        }
        let regions = self.regions(actor, programme).await?;
        let mut tx = self.db.write().await?;
        let by = (actor, programme, &*regions);
        let new = insert(&mut tx, by, (&name, &opened.digest), &opened.sheets, sheet).await?;
        self.commit(tx).await?;
        Ok(new)
    }

    /// How an import would be read as records of another kind, or with other rows as headings.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for one that is being written or over.
    pub async fn import_propose(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        (kind, header): (RecordKind, Option<(u32, u32)>),
    ) -> Result<()> {
        actor.require(programme, edit_right(kind))?;
        let view = self.import_get(actor, programme, id).await?;
        let (file, name) = (self.import_file(&view.import.digest).await?, view.import.file_name.clone());
        let sheet = usize::try_from(view.import.sheet).unwrap_or(0);
        let on_thread = name.clone();
        let opened = tokio::task::spawn_blocking(move || look(file.path(), &on_thread)).await;
        let opened = opened.map_err(|_| refused(&name, &BookError::Broken(String::new())))??;
        let begun = opened.sheets.get(sheet).ok_or(Error::NotFound)?;
        let chosen = header.and_then(|header| Layout::with_header(&begun.head, &begun.first, header));
        let layout = chosen.or_else(|| begun.layout.clone()).ok_or_else(|| no_table(&name))?;
        let regions = self.regions(actor, programme).await?;
        let mut tx = self.db.write().await?;
        let import = store::import_lock(&mut tx, programme, id).await?;
        refuse_unless_open(import.state)?;
        let sources = store::import_source_list(&mut tx, programme).await?;
        let (mut mapping, source) =
            proposed(kind, (&view.import.file_name, begun), &layout, (&regions, &sources));
        mapping.sheets = view.mapping.sheets;
        let (mode, json) = (import.mode.as_str(), mapping.to_json());
        store::import_set_mapping(&mut tx, id, (kind.code(), mode), &json, source.as_deref()).await?;
        store::import_row_clear(&mut tx, id).await?;
        store::import_set_state(&mut tx, id, ImportState::Mapping, 0, None).await?;
        self.commit(tx).await
    }

    /// Keeps how the columns are read and has the rows read by it, in the background.
    ///
    /// # Errors
    /// [`Error::Form`] naming what the mapping lacks; [`Error::Conflict`] for an import that is being written or over.
    pub async fn import_read(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        choice: &ImportChoice,
    ) -> Result<()> {
        let kind = RecordKind::from_code(&choice.kind).filter(|kind| is_importable(*kind));
        let kind = kind.ok_or_else(|| Error::Form(vec![Problem::new("kind", "unknown")]))?;
        actor.require(programme, edit_right(kind))?;
        let mut problems = choice.mapping.problems(kind);
        if Mode::from_code(&choice.mode).is_none() {
            problems.push(Problem::new("mode", "unknown"));
        }
        let source = typed::line(&choice.source);
        if source.chars().count() > NAME_CHARS {
            problems.push(Problem::hinting("source", "too-long", NAME_CHARS));
        }
        if !problems.is_empty() {
            return Err(Error::Form(problems));
        }
        let mut tx = self.db.write().await?;
        let import = store::import_lock(&mut tx, programme, id).await?;
        allowed(actor, &import)?;
        refuse_unless_open(import.state)?;
        let json = choice.mapping.to_json();
        let named = Some(source.as_str()).filter(|source| !source.is_empty());
        if let Some(name) = named {
            save_source(&mut tx, programme, (name, kind), &choice.mapping, actor.at).await?;
        }
        store::import_set_mapping(&mut tx, id, (kind.code(), &choice.mode), &json, named).await?;
        store::import_row_clear(&mut tx, id).await?;
        store::import_set_state(&mut tx, id, ImportState::Reading, 0, None).await?;
        self.commit(tx).await
    }

    /// The bytes of a file that imports read, as a file of its own.
    pub(super) async fn import_file(&self, digest: &str) -> Result<tempfile::NamedTempFile> {
        let mut file = tempfile::NamedTempFile::new()?;
        let mut tx = self.db.read().await?;
        store::blob_copy(&mut tx, digest, &mut file).await?;
        file.flush()?;
        file.rewind()?;
        Ok(file)
    }
}

/// Whether records of a kind come in by sheets: all that forms make, and figures.
#[must_use]
pub fn is_importable(kind: RecordKind) -> bool {
    kind == RecordKind::Figure || !kind.fields().is_empty()
}

fn no_table(name: &str) -> Error {
    Error::Refused { file: name.to_owned(), code: "no-table", args: Vec::new() }
}

fn refuse_unless_open(state: ImportState) -> Result<()> {
    match state {
        ImportState::Mapping | ImportState::Reading | ImportState::Ready | ImportState::Failed => Ok(()),
        _ => Err(Error::Conflict),
    }
}

/// The sheet that is most like a ledger: of those that are not hidden, if there is one.
fn best(actor: &Actor, programme: i64, sheets: &[Begun]) -> Option<usize> {
    let like = |begun: &Begun| {
        let layout = begun.layout.as_ref()?;
        let score = propose::kind(actor, programme, layout).map_or(0, |(_, score)| score);
        Some((!begun.head.is_hidden, score))
    };
    let liked = sheets.iter().enumerate().filter_map(|(at, begun)| Some((like(begun)?, at)));
    liked.max_by_key(|(like, at)| (*like, std::cmp::Reverse(*at))).map(|(_, at)| at)
}

async fn insert(
    tx: &mut Tx,
    (actor, programme, regions): (&Actor, i64, &Regions),
    (name, digest): (&str, &str),
    sheets: &[Begun],
    at: usize,
) -> Result<i64> {
    let begun = &sheets[at];
    let layout = begun.layout.as_ref().ok_or_else(|| no_table(name))?;
    let kind = propose::kind(actor, programme, layout).map_or(RecordKind::Project, |(kind, _)| kind);
    let sources = store::import_source_list(tx, programme).await?;
    let (mut mapping, source) = proposed(kind, (name, begun), layout, (regions, &sources));
    let known = source.as_ref().and_then(|name| sources.iter().find(|source| source.name == *name));
    let kind = known.and_then(|source| RecordKind::from_code(&source.kind)).unwrap_or(kind);
    let named = |of: &Begun| (typed::proposed(&of.head.name), of.head.is_hidden);
    mapping.sheets = sheets.iter().map(named).collect();
    let json = mapping.to_json();
    let new = NewImport {
        programme,
        user: actor.user,
        at: actor.at,
        file_name: name,
        digest,
        sheet: (i64::try_from(at).unwrap_or(0), &mapping.sheets[at].0),
        kind: kind.code(),
        mode: "both",
        mapping: &json,
        source: source.as_deref(),
    };
    Ok(store::import_insert(tx, &new).await?)
}

/// How a sheet is read: as the last one with the same headings, else as its headings are understood.
fn proposed(
    kind: RecordKind,
    (file_name, begun): (&str, &Begun),
    layout: &Layout,
    (regions, sources): (&Regions, &[ImportSource]),
) -> (Mapping, Option<String>) {
    let mut mapping = propose::mapping(kind, (file_name, begun), layout, regions);
    let source = propose::source_of(sources, &mapping);
    if let Some(source) = source {
        if let Some(known) = RecordKind::from_code(&source.kind).filter(|known| *known != kind) {
            mapping = propose::mapping(known, (file_name, begun), layout, regions);
        }
        mapping.take_over(&Mapping::from_json(&source.mapping));
    }
    (mapping, source.map(|source| source.name.clone()))
}

/// Keeps how a source is read, without what its cells said.
async fn save_source(
    tx: &mut Tx,
    programme: i64,
    (name, kind): (&str, RecordKind),
    mapping: &Mapping,
    at: Timestamp,
) -> Result<()> {
    let mut kept = mapping.clone();
    kept.columns.iter_mut().for_each(|column| column.samples.clear());
    kept.titles.clear();
    kept.sheets.clear();
    let source = ImportSource {
        name: name.to_owned(),
        kind: kind.code().to_owned(),
        signature: mapping.signature(),
        mapping: kept.to_json(),
    };
    Ok(store::import_source_save(tx, programme, &source, at).await?)
}

/// What a mapping has not chosen for a required field that no column stands for.
#[must_use]
pub fn unmapped_required(view: &ImportView) -> Vec<&'static domain::record::FieldInfo> {
    let fields = view.kind.fields().iter().filter(|field| field.required);
    let is_mapped = |code: &str| view.mapping.columns.iter().any(|column| column.target == code);
    fields.filter(|field| !is_mapped(&Target::Field(field).code())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::OpenOptions;

    #[test]
    fn a_file_that_changes_while_it_is_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("台账.csv");
        std::fs::write(&path, "甲".repeat(60_000)).expect("written");
        let copied = copy(&path, &mut || ()).expect("read").expect("as it was");
        assert_eq!(copied.size_bytes, 180_000);
        let mut at = 0;
        let grows = &mut || {
            at += 1;
            if at == 2 {
                let mut file = OpenOptions::new().append(true).open(&path).expect("there");
                file.write_all("乙".as_bytes()).expect("written");
            }
        };
        assert!(copy(&path, grows).expect("read").is_none(), "it grew");
        let mut at = 0;
        let shrinks = &mut || {
            at += 1;
            if at == 2 {
                OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(9)).expect("cut");
            }
        };
        assert!(copy(&path, shrinks).expect("read").is_none(), "it was cut off");
    }
}
