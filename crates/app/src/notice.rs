//! Notices to users: any use case sends them in the change that causes them; my day shows them until they are seen.

use crate::App;
use crate::access::{Actor, Right};
use crate::error::{Error, Result};
use store::{Change, NewNotice, Notice, Tx};

/// Notices that a page shows.
const NOTICES: i64 = 100;

/// Sends a notice to these users, but for whoever makes the change: they know.
pub(crate) async fn notify(tx: &mut Tx, change: &Change, users: &[i64], new: &NewNotice<'_>) -> Result<()> {
    let others: Vec<i64> = users.iter().copied().filter(|user| change.user != Some(*user)).collect();
    Ok(store::notice_insert(tx, change, &others, new).await?)
}

/// Sends a notice to all who belong to these offices, or speak for these parks or organisations.
pub(crate) async fn notify_of(
    tx: &mut Tx,
    change: &Change,
    records: &[i64],
    new: &NewNotice<'_>,
) -> Result<()> {
    let Some(programme) = change.programme else { return Ok(()) };
    let users = store::user_list_of(tx, programme, records).await?;
    notify(tx, change, &users, new).await
}

/// Sends notices, each to all who belong to one office or speak for one park or organisation, but for whoever makes the
/// change. Who they are is asked once.
pub(crate) async fn notify_each(
    tx: &mut Tx,
    change: &Change,
    notices: &[(i64, NewNotice<'_>)],
) -> Result<()> {
    let Some(programme) = change.programme else { return Ok(()) };
    let users = store::user_list_by_record(tx, programme).await?;
    let others = |record: &i64| {
        let of = users.get(record).into_iter().flatten().copied();
        of.filter(|user| change.user != Some(*user)).collect::<Vec<i64>>()
    };
    let each: Vec<_> = notices.iter().map(|(record, new)| (others(record), new.clone())).collect();
    Ok(store::notice_insert_all(tx, change, &each).await?)
}

impl App {
    /// The notices of the actor in a programme that are not seen yet, newest first; with those seen before where asked for.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn notices(&self, actor: &Actor, programme: i64, seen_too: bool) -> Result<Vec<Notice>> {
        actor.require(programme, Right::View)?;
        let Some(user) = actor.user else { return Ok(Vec::new()) };
        let mut tx = self.db.read().await?;
        let reach = actor.reach(programme);
        Ok(store::notice_list(&mut tx, (programme, user), &reach, seen_too, NOTICES).await?)
    }

    /// Notes that the actor has seen all notices of a programme up to this one.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a programme that is not open to the actor.
    pub async fn notices_seen(&self, actor: &Actor, programme: i64, last: i64) -> Result<()> {
        actor.require(programme, Right::View)?;
        let user = actor.user.ok_or(Error::Forbidden)?;
        let mut tx = self.db.write().await?;
        store::notice_seen(&mut tx, user, programme, last, actor.at).await?;
        Ok(tx.commit().await?)
    }
}
