//! Having the rows of an import written, or giving it up: first in short steps that nobody sees, then all of it at once.

use super::mapping::Mapping;
use super::publish::publish;
use super::reading::LEASE_SECONDS;
use super::writer::{Refusal, Registered, Writer, refusal};
use super::{allowed, worker_actor};
use crate::access::Actor;
use crate::entry::edit_right;
use crate::error::{Error, Result};
use crate::project;
use crate::{App, change, typed};
use jiff::{Timestamp, ToSpan};
use std::collections::HashMap;
use store::{Import, ImportRow, ImportState, RecordKind, RowState, Tx};

/// Rows that are written in one step, so that who writes meanwhile waits a moment only.
const STEP: i64 = 500;

/// What a step of writing came to.
enum Step {
    /// So many rows were written, the last of this number.
    Written(i64, i64),
    /// All rows are written.
    All,
    /// Somebody gave it up.
    Stopped,
    Refused(Refusal),
}

impl App {
    /// Has the rows of an import written, in the background: those that are new or changed.
    ///
    /// # Errors
    /// [`Error::Conflict`] for an import that is not ready; [`Error::Form`] (`undecided`) while rows are doubtful, (`nothing`)
    /// where no row is to be written.
    pub async fn import_commit(&self, actor: &Actor, programme: i64, id: i64, reason: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let import = store::import_lock(&mut tx, programme, id).await?;
        allowed(actor, &import)?;
        let kind = RecordKind::from_code(&import.kind).ok_or(Error::Conflict)?;
        actor.require(programme, edit_right(kind))?;
        if import.state != ImportState::Ready {
            return Err(Error::Conflict);
        }
        let counts: HashMap<RowState, i64> =
            store::import_row_count(&mut tx, id).await?.into_iter().collect();
        let count = |state: RowState| counts.get(&state).copied().unwrap_or(0);
        let refuse = |code, hint: i64| Error::Form(vec![crate::entry::Problem::hinting("rows", code, hint)]);
        if count(RowState::Doubtful) > 0 {
            return Err(refuse("undecided", count(RowState::Doubtful)));
        }
        if count(RowState::New) + count(RowState::Changed) == 0 {
            return Err(refuse("nothing", 0));
        }
        let reason = typed::optional("reason", reason)?;
        let reason = reason.unwrap_or_else(|| import.file_name.clone());
        let change = change::open(&mut tx, actor, Some(programme), "import", Some(&reason)).await?;
        store::import_set_change(&mut tx, id, change.id).await?;
        store::import_set_state(&mut tx, id, ImportState::Writing, 0, None).await?;
        self.commit(tx).await
    }

    /// Gives an import up; what was written for it meanwhile is taken back.
    ///
    /// # Errors
    /// [`Error::Conflict`] for one that is over.
    pub async fn import_cancel(&self, actor: &Actor, programme: i64, id: i64) -> Result<()> {
        let mut tx = self.db.write().await?;
        let import = store::import_lock(&mut tx, programme, id).await?;
        allowed(actor, &import)?;
        let next = match import.state {
            ImportState::Mapping | ImportState::Reading | ImportState::Ready | ImportState::Failed => {
                ImportState::Cancelled
            }
            ImportState::Writing => ImportState::Cancelling,
            ImportState::Cancelling => return Ok(()),
            _ => return Err(Error::Conflict),
        };
        store::import_set_state(&mut tx, id, next, import.done, None).await?;
        if next == ImportState::Cancelled {
            store::import_row_clear(&mut tx, id).await?;
        }
        self.commit(tx).await?;
        if next == ImportState::Cancelled { self.import_forget(&import).await } else { Ok(()) }
    }

    /// Writes an import: its rows step by step, seen by nobody, then shows them.
    pub(super) async fn import_write(&self, import: &Import, clock: fn() -> Timestamp) -> Result<()> {
        let (mut at, mut registered) = ((0, import.done), Registered::default());
        loop {
            let mut tx = self.db.write().await?;
            match write_step(&mut tx, import, at, &mut registered, clock()).await {
                Ok(Step::Written(last, count)) => {
                    tx.commit().await?;
                    at = (last, at.1 + count);
                }
                Ok(Step::All) => break,
                Ok(Step::Stopped) => return Ok(()),
                Ok(Step::Refused(refused)) => {
                    drop(tx);
                    return self.import_refuse(import, refused).await;
                }
                Err(error) => {
                    drop(tx);
                    return self.import_refuse(import, refusal(error)?).await;
                }
            }
        }
        let mut tx = self.db.write().await?;
        let now = store::import_lock(&mut tx, import.programme, import.id).await?;
        if now.state != ImportState::Writing {
            return Ok(());
        }
        let at = clock();
        let actor = worker_actor(&mut tx, import, at).await?;
        let refused = match publish(&mut tx, &actor, import, at).await {
            Ok(None) => {
                store::import_set_state(&mut tx, import.id, ImportState::Settling, 0, None).await?;
                return self.commit(tx).await;
            }
            Ok(Some(refused)) => refused,
            Err(error) => refusal(error)?,
        };
        drop(tx);
        self.import_refuse(import, refused).await
    }

    /// Has what was written so far taken back; why is kept, and the rows can be decided anew.
    async fn import_refuse(&self, import: &Import, refused: Refusal) -> Result<()> {
        let mut tx = self.db.write().await?;
        let now = store::import_lock(&mut tx, import.programme, import.id).await?;
        if now.state == ImportState::Writing {
            let args = refused.1.to_string();
            let why = Some((refused.0, args.as_str()));
            store::import_set_state(&mut tx, import.id, ImportState::Cancelling, 0, why).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Derives what follows from rows that are in the records by now, and forgets what they wanted.
    pub(super) async fn import_settle(&self, import: &Import, clock: fn() -> Timestamp) -> Result<()> {
        let kind = RecordKind::from_code(&import.kind);
        let mut after = import.done;
        loop {
            let mut tx = self.db.write().await?;
            let until = lease(clock());
            let rows = store::import_row_list_written(&mut tx, import.id, after, STEP).await?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            let ids: Vec<i64> = rows.iter().map(|(_, id)| *id).collect();
            if let (Some(kind), Some(change)) = (kind, import.change) {
                for id in store::change_list_reworded(&mut tx, change, kind, &ids).await? {
                    store::search_put(&mut tx, id).await?;
                }
                project::reckon_with(&mut tx, import.programme, kind, &ids, clock()).await?;
            }
            if !store::import_progress(&mut tx, import.id, ImportState::Settling, after, until).await? {
                return Ok(());
            }
            tx.commit().await?;
        }
        loop {
            let mut tx = self.db.write().await?;
            let more = store::pending_item_clear(&mut tx, import.id, 10 * STEP).await?;
            tx.commit().await?;
            if !more {
                break;
            }
        }
        self.import_forget(import).await?;
        let mut tx = self.db.write().await?;
        store::import_set_state(&mut tx, import.id, ImportState::Done, 0, None).await?;
        self.commit(tx).await
    }

    /// Forgets what an import that is over wanted to write; of people nothing is kept that an erasure would not reach: no bytes,
    /// no names, no samples.
    async fn import_forget(&self, import: &Import) -> Result<()> {
        let mut tx = self.db.write().await?;
        store::import_row_forget_payloads(&mut tx, import.id).await?;
        if RecordKind::from_code(&import.kind) == Some(RecordKind::Contact) {
            let mut mapping = Mapping::from_json(&import.mapping);
            mapping.columns.iter_mut().for_each(|column| column.samples.clear());
            let (kind, source) = ((import.kind.as_str(), import.mode.as_str()), import.source.as_deref());
            store::import_set_mapping(&mut tx, import.id, kind, &mapping.to_json(), source).await?;
            store::import_row_forget_people(&mut tx, import.id).await?;
            if !store::import_reads(&mut tx, &import.digest).await? {
                store::blob_erase(&mut tx, &import.digest).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Takes back what was written for an import that was given up or refused.
    pub(super) async fn import_take_back(&self, import: &Import, clock: fn() -> Timestamp) -> Result<()> {
        loop {
            let mut tx = self.db.write().await?;
            if !store::pending_discard(&mut tx, import.id, STEP).await? {
                break;
            }
            let until = lease(clock());
            if !store::import_progress(&mut tx, import.id, ImportState::Cancelling, 0, until).await? {
                return Ok(());
            }
            tx.commit().await?;
        }
        let mut tx = self.db.write().await?;
        let now = store::import_lock(&mut tx, import.programme, import.id).await?;
        if let Some((code, args)) = &now.error {
            let why = Some((code.as_str(), args.as_str()));
            store::import_set_state(&mut tx, import.id, ImportState::Failed, 0, why).await?;
            return self.commit(tx).await;
        }
        store::import_row_clear(&mut tx, import.id).await?;
        store::import_set_state(&mut tx, import.id, ImportState::Cancelled, 0, None).await?;
        self.commit(tx).await?;
        self.import_forget(import).await
    }
}

fn lease(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE_SECONDS.seconds()).unwrap_or(Timestamp::MAX)
}

/// Writes the next rows behind one of an import of which so many are written.
async fn write_step(
    tx: &mut Tx,
    import: &Import,
    (after, done): (i64, i64),
    registered: &mut Registered,
    now: Timestamp,
) -> Result<Step> {
    let state = store::import_lock(tx, import.programme, import.id).await?.state;
    if state != ImportState::Writing {
        return Ok(Step::Stopped);
    }
    let rows = store::import_row_list_unwritten(tx, import.id, after, STEP).await?;
    let Some(last) = rows.last().map(|row| row.number) else { return Ok(Step::All) };
    let actor = worker_actor(tx, import, now).await?;
    let mut writer = Writer::new(tx, &actor, import, registered).await?;
    // What corrects a figure is a figure too.
    let is_new = |row: &ImportRow| row.state == RowState::New || writer.kind == RecordKind::Figure;
    let (new, changed): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_new);
    let made = match writer.write_pending(tx, &new).await? {
        Ok(made) => made,
        Err(refused) => return Ok(Step::Refused(refused)),
    };
    let staged = match writer.write_changes(tx, &changed).await? {
        Ok(staged) => staged,
        Err(refused) => return Ok(Step::Refused(refused)),
    };
    store::import_row_set_records(tx, import.id, &made).await?;
    let corrections = new.iter().filter(|row| row.state == RowState::Changed).map(|row| row.number);
    let staged: Vec<i64> = staged.into_iter().chain(corrections).collect();
    store::import_row_set_staged(tx, import.id, &staged).await?;
    let count = i64::try_from(new.len() + changed.len()).unwrap_or(0);
    store::import_progress(tx, import.id, ImportState::Writing, done + count, lease(now)).await?;
    Ok(Step::Written(last, count))
}
