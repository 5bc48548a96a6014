//! What was read of a record: the claims whose words name it, whose figure is of it, or whose quote is evidence of it.

use crate::App;
use crate::access::{Actor, Right, open};
use crate::error::Result;
use store::{Claim, ClaimsOf, Record, RecordKind, Tx};

impl App {
    /// The claims that speak of a record, newest first, below the id `before`. Who may not see claims sees those that were
    /// accepted.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the programme has no such record that the actor can see.
    pub async fn mention_list(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        before: Option<i64>,
        limit: i64,
    ) -> Result<(Record, Vec<Claim>)> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        actor.require(programme, crate::entry::view_right(record.kind))?;
        let aliases = store::record_name_list(&mut tx, record.id).await?;
        let claims = of_record(&mut tx, actor, &record, &aliases, before, limit).await?;
        Ok((record, claims))
    }
}

pub(crate) async fn of_record(
    tx: &mut Tx,
    actor: &Actor,
    record: &Record,
    aliases: &[String],
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Claim>> {
    let programme = record.programme;
    let is_event = record.kind == RecordKind::Event;
    let named = matches!(record.kind, RecordKind::Office | RecordKind::Organisation | RecordKind::Park);
    let mut names = Vec::new();
    if named || is_event {
        names.push(record.title.clone());
        names.extend(aliases.iter().cloned());
    }
    let open = actor.may(programme, Right::ViewClaim);
    let reach = actor.reach_for(programme, if open { Right::ViewClaim } else { Right::View });
    let of = ClaimsOf { record: record.id, names: &names, is_event, open };
    Ok(store::claim_list_of_record(tx, programme, &of, &reach, before, limit).await?)
}
