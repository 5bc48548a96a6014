//! Sheets in: a file is opened and its columns are chosen, its rows are read and compared in the background, people look and
//! decide, and all of it becomes records in one change, or none.
//!
//! Opening asks what laws 9 and 11 ask before a byte is stored. Reading fills `import_row`; nothing of it is a record yet. Writing
//! makes records and figures, each with the cell that it comes from (law 1), and can be undone (law 8).

mod compare;
mod draft;
mod mapping;
mod meanwhile;
mod money;
mod open;
mod origin;
mod page;
mod payload;
mod propose;
mod publish;
mod reading;
mod sums;
mod undoing;
mod writer;
mod writing;

pub use draft::RowProblem;
pub use mapping::{KEYS, MappedColumn, Mapping, Target, unit_code, unit_of};
pub use open::{ImportChoice, is_importable, unmapped_required};
pub use origin::{CellOrigin, SheetWindow, WindowRow};
pub use page::{ImportView, RowChange, RowView};
pub use store::{Import, ImportRow, ImportSource, ImportState, PutBackConflict, RowState};

use crate::App;
use crate::access::{Actor, Right};
use crate::error::{Error, Result};
use crate::user::grants;
use jiff::{Timestamp, ToSpan};
use reading::LEASE_SECONDS;
use store::Tx;
pub(crate) use undoing::undo_in_sets;

/// Work on an import that was begun this often is given up.
const MAX_ATTEMPTS: i64 = 5;

/// Refuses who neither brought an import nor sees the whole programme's: of what is not theirs they learn nothing.
fn allowed(actor: &Actor, import: &Import) -> Result<()> {
    actor.require(import.programme, Right::BulkEdit)?;
    let is_own = import.user.is_some() && import.user == actor.user;
    if is_own || sees_all(actor, import.programme) { Ok(()) } else { Err(Error::NotFound) }
}

/// Whether an actor sees the imports of others too: who edits everywhere in the programme.
fn sees_all(actor: &Actor, programme: i64) -> bool {
    actor.reach_for(programme, Right::BulkEdit).all
}

/// Who brought an import, as they are now.
async fn worker_actor(tx: &mut Tx, import: &Import, at: Timestamp) -> Result<Actor> {
    let Some(user) = import.user else { return Ok(Actor { source: "import", ..Actor::operator(at) }) };
    let (login, name) = (String::new(), String::new());
    Ok(Actor { user: Some(user), login, name, grants: grants(tx, user).await?, at, source: "import" })
}

impl App {
    /// Does the next piece of work that an import waits for; whether there was one.
    pub(crate) async fn import_work_one(&self, clock: fn() -> Timestamp) -> Result<bool> {
        let mut tx = self.db.read().await?;
        if store::import_busy_count(&mut tx).await? == 0 {
            return Ok(false);
        }
        drop(tx);
        let now = clock();
        let mut tx = self.db.write().await?;
        let until = now.checked_add(LEASE_SECONDS.seconds()).unwrap_or(Timestamp::MAX);
        let Some(import) = store::import_take(&mut tx, now, until).await? else { return Ok(false) };
        if import.attempts >= MAX_ATTEMPTS && import.state == ImportState::Reading {
            let why = Some(("broken-sheet", "{}"));
            store::import_set_state(&mut tx, import.id, ImportState::Failed, 0, why).await?;
            tx.commit().await?;
            return Ok(true);
        }
        tx.commit().await?;
        match import.state {
            ImportState::Reading => self.import_read_rows(&import, clock).await?,
            ImportState::Writing => self.import_write(&import, clock).await?,
            ImportState::Settling => self.import_settle(&import, clock).await?,
            ImportState::Cancelling => self.import_take_back(&import, clock).await?,
            _ => {}
        }
        Ok(true)
    }
}
