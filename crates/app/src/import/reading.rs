//! Reading the rows of a sheet in the background: a chunk is read on a thread of its own while the one before it is compared and
//! kept. Who cancels stops it at the next chunk; a server that stops begins it again.

use super::compare::{Comparer, Mode};
use super::draft::{Draft, Drafter, RowProblem};
use super::mapping::Mapping;
use super::sums::Sums;
use super::worker_actor;
use crate::App;
use crate::error::Result;
use crate::regions;
use crate::setting::stage_list;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use sheets::{Book, Fill, Layout, RowSort, SheetRow};
use std::collections::HashMap;
use std::fs::File;
use store::{Import, ImportRow, ImportState, RecordKind, RowState, Tx};
use tokio::sync::mpsc;

/// Rows that are compared and kept at once.
const CHUNK: usize = 2_000;
/// Rows from which the table is understood, as when the file was opened.
const FIRST_ROWS: usize = 300;
/// Work whose server vanished is free again after this long.
pub(super) const LEASE_SECONDS: i64 = 120;

/// What the thread that reads gives on.
enum Piece {
    Rows(Vec<Draft>),
    Checks(Vec<ImportRow>),
    Failed(&'static str, String),
}

impl App {
    /// Reads the rows of an import.
    pub(super) async fn import_read_rows(&self, import: &Import, clock: fn() -> Timestamp) -> Result<()> {
        let Some(kind) = RecordKind::from_code(&import.kind) else { return Ok(()) };
        let mapping = Mapping::from_json(&import.mapping);
        let mut tx = self.db.read().await?;
        let actor = worker_actor(&mut tx, import, clock()).await?;
        let drafter = drafter(self, &mut tx, import.programme, kind, mapping.clone()).await?;
        let mode = Mode::from_code(&import.mode).unwrap_or(Mode::Both);
        let of = (import.programme, kind);
        let mut comparer = Comparer::new(&mut tx, &actor, of, mode, mapping).await?;
        drop(tx);
        let mut tx = self.db.write().await?;
        store::import_row_clear(&mut tx, import.id).await?;
        tx.commit().await?;
        let file = self.import_file(&import.digest).await?.into_file();
        let (send, mut receive) = mpsc::channel(2);
        let sheet = usize::try_from(import.sheet).unwrap_or(0);
        let reader = tokio::task::spawn_blocking(move || read(file, sheet, &drafter, &send));
        let mut done = 0_i64;
        let mut failed = None;
        while let Some(piece) = receive.recv().await {
            let rows = match piece {
                Piece::Failed(code, args) => {
                    failed = Some((code, args));
                    break;
                }
                Piece::Checks(rows) => rows,
                Piece::Rows(drafts) => {
                    let mut tx = self.db.read().await?;
                    comparer.compare(&mut tx, drafts).await?
                }
            };
            done += i64::try_from(rows.len()).unwrap_or(0);
            if !self.keep(import, &rows, done, clock()).await? {
                return Ok(());
            }
        }
        drop(receive);
        if reader.await.is_err() {
            failed = Some(("broken-sheet", "{}".to_owned()));
        }
        self.end_reading(import, done, failed).await
    }

    /// Keeps rows that were read; whether the import is still to be read.
    async fn keep(&self, import: &Import, rows: &[ImportRow], done: i64, now: Timestamp) -> Result<bool> {
        let mut tx = self.db.write().await?;
        let until = now.checked_add(LEASE_SECONDS.seconds()).unwrap_or(Timestamp::MAX);
        if !store::import_progress(&mut tx, import.id, ImportState::Reading, done, until).await? {
            return Ok(false);
        }
        store::import_row_insert_all(&mut tx, import.id, rows).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn end_reading(
        &self,
        import: &Import,
        done: i64,
        failed: Option<(&'static str, String)>,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let now = store::import_lock(&mut tx, import.programme, import.id).await?;
        if now.state != ImportState::Reading {
            return Ok(());
        }
        let state = if failed.is_some() { ImportState::Failed } else { ImportState::Ready };
        keep_counts(&mut tx, import.id).await?;
        let why = failed.as_ref().map(|(code, args)| (*code, args.as_str()));
        store::import_set_state(&mut tx, import.id, state, done, why).await?;
        self.commit(tx).await
    }
}

/// Counts the rows of an import anew.
pub(super) async fn keep_counts(tx: &mut Tx, id: i64) -> Result<()> {
    let counts = store::import_row_count(tx, id).await?;
    let counts: HashMap<&str, i64> = counts.iter().map(|(state, count)| (state.code(), *count)).collect();
    Ok(store::import_set_counts(tx, id, &serde_json::to_string(&counts).unwrap_or_default()).await?)
}

async fn drafter(
    app: &App,
    tx: &mut Tx,
    programme: i64,
    kind: RecordKind,
    mapping: Mapping,
) -> Result<Drafter> {
    let regions = regions::known(&app.regions, tx, programme).await?;
    let mut names = HashMap::<String, Vec<i64>>::new();
    for (name, region) in store::region_name_list(tx).await? {
        names.entry(name).or_default().push(region);
    }
    for (name, region) in store::programme_name_list(tx, programme).await? {
        names.insert(name, vec![region]);
    }
    for region in regions.sided() {
        for name in
            [Some(&region.name_zh), region.short_zh.as_ref(), region.name_en.as_ref()].into_iter().flatten()
        {
            let known = names.entry(name.clone()).or_default();
            if !known.contains(&region.id) {
                known.push(region.id);
            }
        }
    }
    let stages = stage_list(tx, programme).await?;
    Ok(Drafter::new(kind, mapping, regions, names, stages))
}

fn read(file: File, sheet: usize, drafter: &Drafter, send: &mpsc::Sender<Piece>) {
    if let Err((code, args)) = pieces(file, sheet, drafter, &mut |piece| send.blocking_send(piece).is_ok()) {
        // Who listens no more was told to stop.
        let _ = send.blocking_send(Piece::Failed(code, args));
    }
}

/// Gives the rows of a sheet, chunk by chunk, as long as somebody takes them.
fn pieces(
    file: File,
    sheet: usize,
    drafter: &Drafter,
    give: &mut dyn FnMut(Piece) -> bool,
) -> std::result::Result<(), (&'static str, String)> {
    let broken = |error: sheets::BookError| (error.code(), "{}".to_owned());
    let mut book = Book::open(file, &mut |_| {}).map_err(broken)?;
    let head = book.sheets.get(sheet).cloned().ok_or(("no-table", "{}".to_owned()))?;
    let mut rows = book.rows(sheet).map_err(broken)?;
    let mut first: Vec<SheetRow> = Vec::new();
    for row in rows.by_ref().take(FIRST_ROWS) {
        first.push(row.map_err(broken)?);
    }
    let layout = Layout::with_header(&head, &first, drafter.mapping.header);
    let layout = layout.ok_or(("no-table", "{}".to_owned()))?;
    let (mut fill, mut sums) = (Fill::new(&head), Sums::new(drafter.kind));
    let (mut drafts, mut last) = (Vec::with_capacity(CHUNK), 0);
    for row in first.into_iter().map(Ok).chain(rows) {
        let mut row = row.map_err(|error| (error.code(), json!({ "row": last + 1 }).to_string()))?;
        last = row.number;
        if row.number <= layout.header.1 {
            continue;
        }
        match layout.sort(&row) {
            RowSort::Note | RowSort::Heading => {}
            RowSort::Total { label, reach } => {
                let said = drafter.read(&row);
                sums.total(&said, label, reach);
            }
            sort @ (RowSort::Data | RowSort::TotalLike) => {
                fill.fill(&mut row);
                let mut draft = drafter.read(&row);
                draft.is_total_like = sort == RowSort::TotalLike;
                if !draft.is_total_like {
                    sums.add(&draft);
                }
                drafts.push(draft);
                if drafts.len() == CHUNK
                    && !give(Piece::Rows(std::mem::replace(&mut drafts, Vec::with_capacity(CHUNK))))
                {
                    return Ok(());
                }
            }
        }
    }
    let more = drafts.is_empty() || give(Piece::Rows(drafts));
    let checks: Vec<ImportRow> = sums.end().into_iter().map(check_row).collect();
    if more && !checks.is_empty() {
        give(Piece::Checks(checks));
    }
    Ok(())
}

/// A total as a row: what it states otherwise than its rows come to.
fn check_row((number, label, problems): (u32, String, Vec<RowProblem>)) -> ImportRow {
    ImportRow {
        number: i64::from(number),
        state: RowState::Check,
        title: label,
        record: None,
        version: None,
        payload: None,
        problems: serde_json::to_value(&problems).ok().filter(|_| !problems.is_empty()),
        decision: None,
    }
}
