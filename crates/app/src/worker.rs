//! Reading in the background: jobs survive a stopped server, and nothing of a document appears before all of it.

use crate::App;
use crate::access::Actor;
use crate::change;
use crate::document::READ_JOB;
use crate::error::Result;
use crate::names::Names;
use crate::regions;
use domain::figure::Coverage;
use domain::{Period, TimeKind};
use jiff::{Timestamp, ToSpan};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use store::{
    ClaimReading, Document, DocumentState, DocumentText, Job, Mention, NewClaim, NewProjectClaim,
    ReadingCounts, Tx,
};

/// A job whose server vanished is free again after this long.
const LEASE_SECONDS: i64 = 120;
/// A document that could not be read this often is failed.
const MAX_ATTEMPTS: i64 = 5;
/// The most code points that are read at once; a novel has five times as many.
const PIECE_CHARS: usize = 100_000;
/// The most claims of one document: more than any line of 500,000 characters can hold, and nothing that could be
/// reviewed.
const MAX_CLAIMS: usize = 250_000;

impl App {
    /// Does all waiting jobs, one after the other, and says how many it did; then counts the totals that are out of
    /// date, so that the next overview finds them, releases leads that rested too long, and once a day reckons lights anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn work(&self, clock: fn() -> Timestamp) -> Result<usize> {
        let mut done = 0;
        while self.work_one(clock()).await? || self.import_work_one(clock).await? {
            done += 1;
        }
        let mut tx = self.db.read().await?;
        let programmes = store::programme_list(&mut tx).await?;
        drop(tx);
        for programme in programmes {
            self.refresh_totals(programme.id).await?;
            self.release_leads(programme.id, clock()).await?;
            self.refresh_lights(programme.id, clock()).await?;
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
            store::import_release_all(&mut tx).await?;
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
        let mut tx = self.db.write().await?;
        if !store::job_is_held(&mut tx, job).await? {
            return Ok(());
        }
        let text_id = text.id;
        let read = read_pieces(&mut tx, &names, &document, text).await?;
        if read.is_err() {
            // Nothing of it stays; only why is kept.
            drop(tx);
            tx = self.db.write().await?;
            if !store::job_is_held(&mut tx, job).await? {
                return Ok(());
            }
        }
        let change = change::open(&mut tx, &engine(now), Some(programme), "document-read", None).await?;
        let state = if read.is_err() { DocumentState::Failed } else { DocumentState::Ready };
        if let Ok(counts) = read {
            let (format, encoding) = (document.format.as_str(), document.encoding.as_deref());
            let (pages, engine) = (document.page_count, Some(reading::ENGINE));
            store::document_set_facts(&mut tx, document.id, format, encoding, pages, engine).await?;
            let of = (text_id, reading::ENGINE);
            store::document_note_reading(&mut tx, &change, document.id, of, counts).await?;
        }
        let why = read.as_ref().err().map(|(code, args)| (*code, args.as_str()));
        store::document_set_state(&mut tx, &change, document.id, state, why).await?;
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
        let regions = regions::known(&self.regions, tx, programme).await?;
        let names = Arc::new(Names::load(tx, programme, regions).await?);
        known.insert(programme, (version, names.clone()));
        Ok(names)
    }
}

fn engine(at: Timestamp) -> Actor {
    Actor { source: "engine", name: reading::ENGINE.into(), ..Actor::operator(at) }
}

/// Reads a text and stores what was read; of a long text one piece after the other, so that the memory it takes is
/// bounded. Returns how much it found, or code and facts of what went wrong; then the transaction is to be dropped.
async fn read_pieces(
    tx: &mut Tx,
    names: &Names,
    document: &Document,
    text: DocumentText,
) -> Result<std::result::Result<ReadingCounts, (&'static str, String)>> {
    let (of, published) = ((document.programme, document.id, text.id), document.published_on);
    let text: Arc<str> = text.text.into();
    let known = forget_untouched(tx, document.id).await?;
    let mut counts = ReadingCounts::default();
    for Piece { bytes, start } in pieces(&text) {
        let (reader, text) = (names.reader.clone(), text.clone());
        let read = tokio::task::spawn_blocking(move || reader.read(&text[bytes], published)).await;
        let reading = match read {
            Ok(reading) => reading,
            Err(panic) => {
                tracing::error!(document = document.code, "reading panicked: {panic}");
                return Ok(Err(("unreadable", "{}".into())));
            }
        };
        counts.claims += reading.claims.len();
        counts.relations += reading.checks.len();
        if counts.claims > MAX_CLAIMS {
            return Ok(Err(("too-many-claims", serde_json::json!({ "limit": MAX_CLAIMS }).to_string())));
        }
        store_reading(tx, of, &known, &reading, start).await?;
    }
    Ok(Ok(counts))
}

/// A stretch of a text: its bytes, and the code point it begins at.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    bytes: Range<usize>,
    start: usize,
}

/// Cuts a long text where a paragraph ends, else a sentence, else a clause. What a paragraph inherits from those before
/// it (its place, its year) is not carried over a cut; reports are far shorter than a piece.
fn pieces(text: &str) -> Vec<Piece> {
    let (mut pieces, mut from, mut start) = (Vec::new(), 0, 0);
    while from < text.len() {
        let rest = &text[from..];
        let length = match rest.char_indices().nth(PIECE_CHARS) {
            None => rest.len(),
            Some((most, _)) => cut(&rest[..most]),
        };
        pieces.push(Piece { bytes: from..from + length, start });
        start += rest[..length].chars().count();
        from += length;
    }
    pieces
}

/// How many bytes of a stretch to take: to its last good place in the second half.
fn cut(stretch: &str) -> usize {
    const PLACES: [&[char]; 3] = [&['\n'], &['。', '；', ';'], &['，', ',', '、', ' ', '\t']];
    let half = stretch.len() / 2;
    let ends = PLACES.iter().filter_map(|marks| {
        let (at, mark) = stretch.rmatch_indices(*marks).next()?;
        Some(at + mark.len()).filter(|end| *end > half)
    });
    ends.into_iter().next().unwrap_or(stretch.len())
}

fn position(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// Words that govern a number, in a piece that begins at `base`: their place is that in the extracted text, the words are
/// repaired, so that a damaged name still names its region.
fn mention(mention: &reading::Mention, base: usize) -> Mention {
    Mention {
        start: position(base + mention.start),
        end: position(base + mention.end),
        text: reading::repair::repair(&mention.text).text.trim().to_owned(),
    }
}

/// Claims by their span in the text.
type Known = HashMap<(i64, i64), i64>;
/// Spans and names of what is told of projects and was decided.
type KnownNews = HashSet<((i64, i64), String)>;

/// Before a text is read again: forgets what nobody has decided, and returns the claims that stay, reviewed ones and those
/// with a history.
async fn forget_untouched(tx: &mut Tx, document: i64) -> Result<(Known, KnownNews)> {
    store::relation_delete_of_document(tx, document).await?;
    store::claim_delete_untouched(tx, document).await?;
    store::project_claim_delete_untouched(tx, document).await?;
    let claims = store::claim_list(tx, document).await?;
    let news = store::project_claim_list(tx, document).await?;
    let known = claims.into_iter().map(|claim| (claim.span, claim.id)).collect();
    Ok((known, news.into_iter().map(|news| (news.told.span, news.told.name.text)).collect()))
}

async fn store_reading(
    tx: &mut Tx,
    of: (i64, i64, i64),
    (known, known_news): &(Known, KnownNews),
    reading: &reading::Reading,
    base: usize,
) -> Result<()> {
    let mut ids = Vec::with_capacity(reading.claims.len());
    for claim in &reading.claims {
        let new = new_claim(claim, base);
        ids.push(match known.get(&new.span) {
            Some(id) => *id,
            None => store::claim_insert(tx, of, reading::ENGINE, &new).await?,
        });
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
    for news in reading.projects.iter().map(|news| new_project_claim(news, base)) {
        if !known_news.contains(&(news.span, news.name.text.clone())) {
            store::project_claim_insert(tx, of, reading::ENGINE, &news).await?;
        }
    }
    Ok(())
}

fn new_project_claim(news: &reading::ProjectNews, base: usize) -> NewProjectClaim {
    let words = |found: &reading::Mention| mention(found, base);
    let period = news.period.as_ref().map_or(Period::unknown(TimeKind::Flow), |period| period.period);
    NewProjectClaim {
        span: (position(base + news.start), position(base + news.end)),
        quote: news.quote.clone(),
        name: words(&news.name),
        owner: news.owner.as_ref().map(words),
        place: news.place.as_ref().map(words),
        capacity: news.capacity.as_ref().map(words),
        stage: news.stage.as_ref().map(words),
        milestone: news.milestone,
        planned: news.planned,
        phrase: news.period.as_ref().map(|period| words(&period.mention)),
        period,
        sentence: (position(base + news.sentence.0), position(base + news.sentence.1)),
        trail: news.trail.join(" "),
    }
}

fn new_claim(claim: &reading::Claim, base: usize) -> NewClaim {
    let mention = |found: &reading::Mention| mention(found, base);
    let period = claim.period.as_ref().map_or(Period::unknown(TimeKind::Flow), |period| period.period);
    NewClaim {
        span: (position(base + claim.start), position(base + claim.end)),
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
        sentence: (position(base + claim.sentence.0), position(base + claim.sentence.1)),
        certain: claim.certain,
        trail: claim.trail.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<usize> {
        let pieces = pieces(text);
        let (mut bytes, mut chars) = (0, 0);
        for piece in &pieces {
            assert_eq!((piece.bytes.start, piece.start), (bytes, chars));
            let length = text[piece.bytes.clone()].chars().count();
            assert!(length > 0 && length <= PIECE_CHARS);
            (bytes, chars) = (piece.bytes.end, chars + length);
        }
        assert_eq!(bytes, text.len());
        pieces.iter().map(|piece| piece.start).collect()
    }

    #[test]
    fn a_report_is_one_piece_and_an_empty_text_none() {
        assert_eq!(joined(&"签约3个项目。\n".repeat(1000)), [0]);
        assert_eq!(joined(""), [] as [usize; 0]);
    }

    #[test]
    fn a_long_text_is_cut_at_the_best_place() {
        let half = "字".repeat(PIECE_CHARS / 2);
        assert_eq!(joined(&format!("{half}，甲\n乙。{half}")), [0, PIECE_CHARS / 2 + 3]);
        assert_eq!(joined(&format!("{half}，甲。{half}")), [0, PIECE_CHARS / 2 + 3]);
        assert_eq!(joined(&"字".repeat(2 * PIECE_CHARS + 1)), [0, PIECE_CHARS, 2 * PIECE_CHARS]);
    }
}
