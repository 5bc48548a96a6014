//! Programmes, their regions and registers, as lists and pages show them.

use crate::App;
use crate::access::{Actor, Right};
use crate::error::Result;
use crate::names::Names;
use std::sync::Arc;
use store::{
    Document, Entry, Evidence, FigureFilter, FigureRow, Programme, ProgrammeRegion, Record, RecordKind,
};

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

/// An entry of a register with what its page shows.
#[derive(Debug, Clone)]
pub struct EntryDetail {
    /// The record.
    pub record: Record,
    /// The entry.
    pub entry: Entry,
    /// Further names.
    pub names: Vec<String>,
    /// Its sources, each with the document it lies in.
    pub sources: Vec<(Evidence, Option<Document>)>,
    /// Title and code of the parent record.
    pub parent: Option<Record>,
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
                let (documents, figures) = store::programme_counts(&mut tx, programme.id).await?;
                let open_claims = store::claim_count_open(&mut tx, programme.id).await?;
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

    /// How many claims of a programme wait for review.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_claim_count(&self, actor: &Actor, programme: i64) -> Result<i64> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::claim_count_open(&mut tx, programme).await?)
    }

    /// The names of a programme: every region, and what words mean in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn programme_names(&self, actor: &Actor, programme: i64) -> Result<Arc<Names>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        self.names(&mut tx, programme).await
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

    /// Entries of a register above the id `after`, and how many each register has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entry_list(
        &self,
        actor: &Actor,
        programme: i64,
        register: RecordKind,
        after: Option<i64>,
        limit: i64,
    ) -> Result<(Vec<Entry>, Vec<(RecordKind, i64)>)> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let mut counts = Vec::new();
        for &kind in RecordKind::REGISTERS {
            counts.push((kind, store::entry_count(&mut tx, programme, kind).await?));
        }
        Ok((store::entry_list(&mut tx, programme, register, after, limit).await?, counts))
    }

    /// A record of whatever kind.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the programme has none with this code.
    pub async fn record(&self, actor: &Actor, programme: i64, code: &str) -> Result<Record> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::record_by_code(&mut tx, programme, code).await?)
    }

    /// A record by its identity.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the programme has none with this id.
    pub async fn record_by_id(&self, actor: &Actor, programme: i64, id: i64) -> Result<Record> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let record = store::record_get(&mut tx, id).await?;
        if record.programme == programme { Ok(record) } else { Err(crate::Error::NotFound) }
    }

    /// An entry of a register.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the programme has none with this code.
    pub async fn entry(&self, actor: &Actor, programme: i64, code: &str) -> Result<EntryDetail> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let record = store::record_by_code(&mut tx, programme, code).await?;
        let entry = store::entry_get(&mut tx, record.id).await?;
        let mut sources = Vec::new();
        for evidence in store::evidence_list(&mut tx, record.id).await? {
            let document = match evidence.document {
                Some(id) => Some(store::document_get(&mut tx, id).await?),
                None => None,
            };
            sources.push((evidence, document));
        }
        let parent = match entry.parent {
            Some(id) => Some(store::record_get(&mut tx, id).await?),
            None => None,
        };
        let names = store::record_name_list(&mut tx, record.id).await?;
        Ok(EntryDetail { record, entry, names, sources, parent })
    }

    /// The newest figures of an organisation or event; other registers have none of their own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entry_figures(
        &self,
        actor: &Actor,
        programme: i64,
        detail: &EntryDetail,
    ) -> Result<Vec<FigureRow>> {
        let filter = match detail.record.kind {
            RecordKind::Organisation | RecordKind::Event => {
                FigureFilter { record: Some(detail.record.id), ..FigureFilter::default() }
            }
            _ => return Ok(Vec::new()),
        };
        self.figure_list(actor, programme, &filter, None, 50).await
    }
}
