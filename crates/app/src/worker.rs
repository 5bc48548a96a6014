//! Reading in the background: jobs survive a stopped server, and nothing of a document appears before all of it.

use crate::App;
use crate::access::Actor;
use crate::change;
use crate::document::READ_JOB;
use crate::error::Result;
use crate::names::Names;
use domain::figure::Coverage;
use domain::{Period, TimeKind};
use jiff::{Timestamp, ToSpan};
use std::sync::Arc;
use store::{ClaimReading, DocumentState, Job, Mention, NewClaim, Tx};

/// A job whose server vanished is free again after this long.
const LEASE_SECONDS: i64 = 120;
/// A document that could not be read this often is failed.
const MAX_ATTEMPTS: i64 = 5;

impl App {
    /// Does all waiting jobs, one after the other, and says how many it did; then counts the totals that are out of
    /// date, so that the next overview finds them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn work(&self, clock: fn() -> Timestamp) -> Result<usize> {
        let mut done = 0;
        while self.work_one(clock()).await? {
            done += 1;
        }
        let mut tx = self.db.read().await?;
        let programmes = store::programme_list(&mut tx).await?;
        drop(tx);
        for programme in programmes {
            self.refresh_totals(programme.id).await?;
        }
        Ok(done)
    }

    /// Frees what an earlier process on an embedded database left behind; call it before working. Work that another
    /// process still does is then done twice and stored once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recover_jobs(&self) -> Result<()> {
        if self.db.name() == "SQLite" {
            let mut tx = self.db.write().await?;
            store::job_release_all(&mut tx).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Waits until there may be work: something was written here, or some seconds passed (another node may have written).
    pub async fn work_arrives(&self) {
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), self.wake.notified()).await;
    }

    async fn work_one(&self, now: Timestamp) -> Result<bool> {
        let mut tx = self.db.read().await?;
        if store::job_count(&mut tx).await? == 0 {
            return Ok(false);
        }
        drop(tx);
        let mut tx = self.db.write().await?;
        let until = now.checked_add(LEASE_SECONDS.seconds()).unwrap_or(Timestamp::MAX);
        let Some(job) = store::job_take(&mut tx, now, until).await? else { return Ok(false) };
        let document = store::document_get(&mut tx, job.record).await?;
        let actor = engine(now);
        let change = change::open(&mut tx, &actor, Some(document.programme), "document-read", None).await?;
        if job.kind != READ_JOB || job.attempts >= MAX_ATTEMPTS {
            let error = Some(("unreadable", "{}"));
            store::document_set_state(&mut tx, &change, job.record, DocumentState::Failed, error).await?;
            store::job_delete(&mut tx, job.id).await?;
            tx.commit().await?;
            return Ok(true);
        }
        store::document_set_state(&mut tx, &change, job.record, DocumentState::Reading, None).await?;
        tx.commit().await?;
        self.read_document(&job, document.programme, now).await?;
        Ok(true)
    }

    async fn read_document(&self, job: &Job, programme: i64, now: Timestamp) -> Result<()> {
        let mut tx = self.db.read().await?;
        let document = store::document_get(&mut tx, job.record).await?;
        let text = store::document_text_get(&mut tx, job.record, "extracted").await?;
        let names = self.names(&mut tx, programme).await?;
        drop(tx);
        let text = text.ok_or_else(|| store::Error::Damaged(format!("{} has no text", document.code)))?;
        let text_id = text.id;
        let published = document.published_on;
        let reading = tokio::task::spawn_blocking(move || names.reader.read(&text.text, published)).await;
        let mut tx = self.db.write().await?;
        if !store::job_is_held(&mut tx, job).await? {
            return Ok(());
        }
        let change = change::open(&mut tx, &engine(now), Some(programme), "document-read", None).await?;
        match reading {
            Ok(reading) => {
                store_reading(&mut tx, (programme, document.id, text_id), &reading).await?;
                let (format, encoding) = (document.format.as_str(), document.encoding.as_deref());
                let engine = Some(reading::ENGINE);
                store::document_set_facts(
                    &mut tx,
                    document.id,
                    format,
                    encoding,
                    document.page_count,
                    engine,
                )
                .await?;
                store::document_set_state(&mut tx, &change, document.id, DocumentState::Ready, None).await?;
            }
            Err(panic) => {
                tracing::error!(document = document.code, "reading panicked: {panic}");
                let error = Some(("unreadable", "{}"));
                store::document_set_state(&mut tx, &change, document.id, DocumentState::Failed, error)
                    .await?;
            }
        }
        store::job_delete(&mut tx, job.id).await?;
        Ok(tx.commit().await?)
    }

    /// The names of a programme, loaded once and again when a register gained an entry.
    pub(crate) async fn names(&self, tx: &mut Tx, programme: i64) -> Result<Arc<Names>> {
        let version = store::record_register_version(tx, programme).await?;
        let mut known = self.names.lock().await;
        if let Some((of, names)) = known.get(&programme)
            && *of == version
        {
            return Ok(names.clone());
        }
        let names = Arc::new(Names::load(tx, programme).await?);
        known.insert(programme, (version, names.clone()));
        Ok(names)
    }
}

fn engine(at: Timestamp) -> Actor {
    Actor { source: "engine", name: reading::ENGINE.into(), ..Actor::operator(at) }
}

fn position(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

fn mention(mention: &reading::Mention) -> Mention {
    Mention { start: position(mention.start), end: position(mention.end), text: mention.text.clone() }
}

async fn store_reading(tx: &mut Tx, of: (i64, i64, i64), reading: &reading::Reading) -> Result<()> {
    let mut ids = Vec::with_capacity(reading.claims.len());
    for claim in &reading.claims {
        ids.push(store::claim_insert(tx, of, reading::ENGINE, &new_claim(claim)).await?);
    }
    for check in &reading.checks {
        let coverage = match check.coverage {
            reading::Coverage::Complete => Coverage::Complete,
            reading::Coverage::Partial => Coverage::Partial,
            reading::Coverage::Overlapping => Coverage::Overlapping,
        };
        let parts: Vec<_> = check.parts.iter().map(|&part| ids[part]).collect();
        store::relation_insert(tx, of.0, of.1, ids[check.whole], &parts, coverage).await?;
    }
    Ok(())
}

fn new_claim(claim: &reading::Claim) -> NewClaim {
    let period = claim.period.as_ref().map_or(Period::unknown(TimeKind::Flow), |period| period.period);
    NewClaim {
        span: (position(claim.start), position(claim.end)),
        quote: claim.quote.clone(),
        reading: ClaimReading {
            value: claim.value.to_string(),
            value_max: claim.value_max.map(|value| value.to_string()),
            unit: claim.unit.code().to_owned(),
            approx: claim.approx,
            measure: claim.measure,
            role: claim.role,
            place: claim.place.as_ref().map(mention),
            phrase: claim.period.as_ref().map(|period| mention(&period.mention)),
            period,
            organisation: claim.org.as_ref().map(mention),
            event: claim.event.as_ref().map(mention),
        },
        sentence: (position(claim.sentence.0), position(claim.sentence.1)),
        certain: claim.certain,
        trail: claim.trail.join(" "),
    }
}
