//! Programmes, their regions and registers, as lists and pages show them.

use crate::App;
use crate::access::{Actor, Right, open, open_id};
use crate::error::{Error, Result};
use store::{FigureFilter, Programme, ProgrammeRegion, Record, RecordKind};

/// A programme that a user may open.
#[derive(Debug, Clone)]
pub struct ProgrammeCard {
    /// The programme.
    pub programme: Programme,
    /// How many documents it holds.
    pub documents: i64,
    /// How many figures it holds.
    pub figures: i64,
    /// How many claims wait for review.
    pub open_claims: i64,
}

impl App {
    /// The programmes open to a user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn programme_list(&self, actor: &Actor) -> Result<Vec<ProgrammeCard>> {
        let mut tx = self.db.read().await?;
        let mut cards = Vec::new();
        for programme in store::programme_list(&mut tx).await? {
            if actor.may(programme.id, Right::View) {
                let reach = actor.reach(programme.id);
                let claims = actor.reach_for(programme.id, Right::ViewClaim);
                let documents = store::document_count(&mut tx, programme.id, &reach).await?;
                let open_claims = store::claim_count_open(&mut tx, programme.id, &claims).await?;
                let filter = FigureFilter { reach, ..FigureFilter::default() };
                let figures = store::figure_count(&mut tx, programme.id, &filter).await?;
                cards.push(ProgrammeCard { programme, documents, figures, open_claims });
            }
        }
        Ok(cards)
    }

    /// The programme with this code. Says nothing of rights; the caller asks [`Actor::require`].
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when there is none.
    pub async fn programme(&self, code: &str) -> Result<Programme> {
        let mut tx = self.db.read().await?;
        Ok(store::programme_by_code(&mut tx, code).await?)
    }

    /// What stands around every page of a programme: how many claims wait for review, and whether the page bears the user's
    /// name and the time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn frame(&self, actor: &Actor, programme: i64) -> Result<(i64, bool)> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let reach = actor.reach_for(programme, Right::ViewClaim);
        let open = store::claim_count_open(&mut tx, programme, &reach).await?;
        Ok((open, crate::setting::watermark(&mut tx, programme).await?))
    }

    /// The regions that take part in a programme.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn programme_regions(&self, actor: &Actor, programme: i64) -> Result<Vec<ProgrammeRegion>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::programme_region_list(&mut tx, programme).await?)
    }

    /// How many records of a kind a programme has in use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn register_count(&self, actor: &Actor, programme: i64, kind: RecordKind) -> Result<i64> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::entry_count(&mut tx, programme, kind).await?)
    }

    /// A record of whatever kind.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the programme has none with this code.
    pub async fn record(&self, actor: &Actor, programme: i64, code: &str) -> Result<Record> {
        let mut tx = self.db.read().await?;
        open(&mut tx, actor, programme, code, Right::View).await
    }

    /// Whether the actor has a right over a record of a programme.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn may_on(&self, actor: &Actor, programme: i64, id: i64, right: Right) -> Result<bool> {
        let mut tx = self.db.read().await?;
        match open_id(&mut tx, actor, programme, id, right).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound | Error::Forbidden) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A record by its identity.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the programme has none with this id.
    pub async fn record_by_id(&self, actor: &Actor, programme: i64, id: i64) -> Result<Record> {
        let mut tx = self.db.read().await?;
        open_id(&mut tx, actor, programme, id, Right::View).await
    }

    /// The party regions of a record.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn party_regions(&self, actor: &Actor, programme: i64, record: i64) -> Result<Vec<i64>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let regions = store::party_region_list(&mut tx, record).await?;
        Ok(regions.into_iter().map(|(region, _)| region).collect())
    }

    /// The records of a kind with this code, title or further name that the actor sees: none, the one, or two of several.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_list_named(
        &self,
        actor: &Actor,
        programme: i64,
        kind: RecordKind,
        name: &str,
    ) -> Result<Vec<Record>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let reach = actor.reach(programme);
        let ids = store::record_list_named(&mut tx, programme, kind, name, &reach, 2).await?;
        Ok(store::record_list_of(&mut tx, &ids, &reach).await?)
    }
}
