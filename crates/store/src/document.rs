//! Documents and the layers of their text: extracted (never altered) and repaired.

use crate::change::{Change, created, field};
use crate::db::{Param, Row, Tx, params};
use crate::error::Result;
use crate::reach::{Reach, reach_of_document};
use crate::record::{RecordKind, record_insert, record_rename};
use crate::search::{Query, search_put, search_put_text};
use domain::record::{Choice, document_class};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

const SELECT: &str = "SELECT d.record_id, r.code, r.title, d.digest, d.original_digest, d.masked_count, d.file_name,
    d.format, d.encoding, d.publisher, d.published_on, d.details, d.state, d.error_code, d.error_args, d.engine,
    d.page_count, d.created_at, r.version, r.archived_at, d.programme_id, d.class, d.restricted,
    (SELECT COUNT(*) FROM claim c WHERE c.document_id = d.record_id AND c.state = 'open'),
    (SELECT COUNT(*) FROM claim c WHERE c.document_id = d.record_id AND c.state IN ('accepted', 'corrected')),
    (SELECT COUNT(*) FROM claim c WHERE c.document_id = d.record_id AND c.state = 'rejected')
    FROM document d JOIN record r ON r.id = d.record_id";

statements! {
    INSERT = "INSERT INTO document (record_id, programme_id, digest, original_digest, masked_count, file_name, format,
        details, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'unknown', $8, $9)";
    SAME = "SELECT r.code FROM document d JOIN record r ON r.id = d.record_id
        WHERE d.programme_id = $1 AND (d.original_digest = $2 OR d.digest = $2) AND r.archived_at IS NULL
        ORDER BY r.id LIMIT 1";
    FIGURES = "SELECT COUNT(*) FROM evidence e JOIN figure_evidence x ON x.evidence_id = e.id
        JOIN figure f ON f.record_id = x.figure_id
        WHERE e.document_id = $1 AND x.removed_change_id IS NULL AND f.status <> 'withdrawn'";
    QUOTED = "SELECT DISTINCT x.figure_id FROM evidence e JOIN figure_evidence x ON x.evidence_id = e.id
        WHERE e.document_id = $1 AND x.removed_change_id IS NULL ORDER BY x.figure_id";
    LOCK = "SELECT record_id FROM document WHERE record_id = $1{for_update}";
    STATE = "UPDATE document SET state = $2, error_code = $3, error_args = $4 WHERE record_id = $1";
    FACTS = "UPDATE document SET format = $2, encoding = $3, page_count = $4, engine = $5 WHERE record_id = $1";
    CLASS = "UPDATE document SET class = $2, restricted = $3 WHERE record_id = $1";
    DETAILS = "UPDATE document SET publisher = $2, published_on = $3, details = $4 WHERE record_id = $1";
    INSERT_TEXT = "INSERT INTO document_text (document_id, layer, producer, text, map, pages)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    TEXT = "SELECT id, producer, text, map, pages FROM document_text WHERE document_id = $1 AND layer = $2
        ORDER BY id DESC LIMIT 1";
    PASSAGE = "SELECT substr(text, CAST($3 AS INTEGER), CAST($4 AS INTEGER)), CAST(length(text) AS {int})
        FROM document_text WHERE document_id = $1 AND layer = $2 ORDER BY id DESC LIMIT 1";
}

/// How far a document has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentState {
    /// Stored, waiting to be read.
    Queued,
    /// Being read.
    Reading,
    /// Read; its claims can be reviewed.
    Ready,
    /// Stored as evidence without text: a scan or a photo.
    Evidence,
    /// Could not be read; the error says why.
    Failed,
}

impl DocumentState {
    /// The stable code used in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Reading => "reading",
            Self::Ready => "ready",
            Self::Evidence => "evidence",
            Self::Failed => "failed",
        }
    }

    /// The state with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Queued, Self::Reading, Self::Ready, Self::Evidence, Self::Failed]
            .into_iter()
            .find(|x| x.code() == code)
    }
}

/// What is known when a file has been stored.
#[derive(Debug, Clone)]
pub struct NewDocument<'a> {
    /// Digest of the stored bytes, with its algorithm.
    pub digest: &'a str,
    /// Digest of the bytes as they came.
    pub original_digest: &'a str,
    /// How many identity numbers were masked before storing.
    pub masked_count: i64,
    /// The file's name.
    pub file_name: &'a str,
    /// Code of the format.
    pub format: &'a str,
    /// Where it starts.
    pub state: DocumentState,
}

/// A document as pages show it.
#[derive(Debug, Clone)]
pub struct Document {
    /// Identity of its record.
    pub id: i64,
    /// Code of its record.
    pub code: String,
    /// Title; empty while unknown.
    pub title: String,
    /// Digest of the stored bytes.
    pub digest: String,
    /// Digest of the bytes as they came.
    pub original_digest: String,
    /// How many identity numbers were masked before storing.
    pub masked_count: i64,
    /// The file's name.
    pub file_name: String,
    /// Code of the format.
    pub format: String,
    /// Character encoding, for text.
    pub encoding: Option<String>,
    /// Publisher, where known.
    pub publisher: Option<String>,
    /// Day of publication, where known.
    pub published_on: Option<Date>,
    /// `unknown`, `proposed` by the text, or `confirmed` by a user.
    pub details: String,
    /// How far it has come.
    pub state: DocumentState,
    /// Code of the error, when it failed.
    pub error_code: Option<String>,
    /// JSON object with the facts of the error.
    pub error_args: Option<String>,
    /// Engine and version that made the claims.
    pub engine: Option<String>,
    /// Number of pages, where the format has pages.
    pub page_count: Option<i64>,
    /// When it was added.
    pub created_at: Timestamp,
    /// Version of its record.
    pub version: i64,
    /// Whether it was archived.
    pub archived: bool,
    /// Its programme.
    pub programme: i64,
    /// What it is, of the list `document_class`.
    pub class: &'static Choice,
    /// Whether it is open to the parties, the verifier and the auditor alone (law 5).
    pub restricted: bool,
    /// Claims to review.
    pub open_count: i64,
    /// Claims accepted, corrected ones among them.
    pub accepted_count: i64,
    /// Claims rejected.
    pub rejected_count: i64,
}

impl Document {
    /// The title, or the file's name while it is unknown.
    #[must_use]
    pub fn display_title(&self) -> &str {
        if self.title.is_empty() { &self.file_name } else { &self.title }
    }
}

fn document(row: &Row) -> Result<Document> {
    Ok(Document {
        id: row.int(0)?,
        code: row.text(1)?,
        title: row.text(2)?,
        digest: row.text(3)?,
        original_digest: row.text(4)?,
        masked_count: row.int(5)?,
        file_name: row.text(6)?,
        format: row.text(7)?,
        encoding: row.opt_text(8)?,
        publisher: row.opt_text(9)?,
        published_on: row.day(10)?,
        details: row.text(11)?,
        state: row.code(12, DocumentState::from_code)?,
        error_code: row.opt_text(13)?,
        error_args: row.opt_text(14)?,
        engine: row.opt_text(15)?,
        page_count: row.opt_int(16)?,
        created_at: row.instant(17)?,
        version: row.int(18)?,
        archived: row.opt_text(19)?.is_some(),
        programme: row.int(20)?,
        class: row.code(21, document_class)?,
        restricted: row.bool(22)?,
        open_count: row.int(23)?,
        accepted_count: row.int(24)?,
        rejected_count: row.int(25)?,
    })
}

/// Creates the record of a stored file; its bytes must be stored already.
///
/// # Errors
/// When the database fails.
pub async fn document_insert(tx: &mut Tx, change: &Change, new: &NewDocument<'_>) -> Result<Document> {
    let record = record_insert(tx, change, RecordKind::Document, "", None).await?;
    let values = params![
        record.id,
        record.programme,
        new.digest,
        new.original_digest,
        new.masked_count,
        new.file_name,
        new.format,
        new.state.code(),
        change.at
    ];
    tx.execute(INSERT, values).await?;
    reach_of_document(tx, record.id).await?;
    let row = json!({
        "file_name": new.file_name, "digest": new.digest, "original_digest": new.original_digest,
        "masked_count": new.masked_count, "format": new.format, "state": new.state.code(),
    });
    created(tx, change, record.id, "document", record.id, row).await?;
    search_put(tx, record.id).await?;
    document_get(tx, record.id).await
}

/// The document of this record.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn document_get(tx: &mut Tx, id: i64) -> Result<Document> {
    document(&tx.one(&format!("{SELECT} WHERE d.record_id = $1"), params![id]).await?)
}

/// The documents of these records, without order.
///
/// # Errors
/// When the database fails.
pub async fn document_list_of(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Document>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of = tx.dialect().among("d.record_id", 1);
    let rows = tx.all(&format!("{SELECT} WHERE {of}"), params![tx.dialect().numbers(ids)]).await?;
    rows.iter().map(document).collect()
}

/// The document of this record, held until the transaction ends, so that it is changed by one after the other.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn document_lock(tx: &mut Tx, id: i64) -> Result<Document> {
    tx.int(LOCK, params![id]).await?;
    document_get(tx, id).await
}

/// Documents of a programme within reach, newest first, below the id `before` (none for the first page).
///
/// # Errors
/// When the database fails.
pub async fn document_list(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Document>> {
    let mut values = params![programme, before.unwrap_or(i64::MAX), limit];
    let clause = reach.clause("r", &mut values);
    let of_programme = "WHERE d.programme_id = $1 AND r.archived_at IS NULL AND d.record_id < $2";
    let sql = format!("{SELECT} {of_programme} AND {clause} ORDER BY d.record_id DESC LIMIT $3");
    let rows = tx.all(&sql, values).await?;
    rows.iter().map(document).collect()
}

/// Documents of a programme within reach that hold what somebody typed in their names or text, newest first; all of them
/// where nothing was typed.
///
/// # Errors
/// When the database fails.
pub async fn document_suggest(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    text: &str,
    limit: i64,
) -> Result<Vec<Document>> {
    let mut values = params![programme, limit];
    let seen = reach.clause("r", &mut values);
    let holds = if text.trim().is_empty() {
        "1 = 1".to_owned()
    } else {
        Query::new(text)
            .clause(
                tx,
                (programme, Some(RecordKind::Document), reach),
                "r",
                &mut values,
                crate::search::Order::Newest,
            )
            .await?
            .alone("r")
    };
    let of_programme = "WHERE d.programme_id = $1 AND r.archived_at IS NULL";
    let sql = format!("{SELECT} {of_programme} AND {seen} AND {holds} ORDER BY d.record_id DESC LIMIT $2");
    tx.all(&sql, values).await?.iter().map(document).collect()
}

/// Code of the document that has these bytes already.
///
/// # Errors
/// When the database fails.
pub async fn document_with_digest(tx: &mut Tx, programme: i64, digest: &str) -> Result<Option<String>> {
    tx.optional(SAME, params![programme, digest]).await?.map(|row| row.text(0)).transpose()
}

/// How many documents of a programme are within reach.
///
/// # Errors
/// When the database fails.
pub async fn document_count(tx: &mut Tx, programme: i64, reach: &Reach) -> Result<i64> {
    count(tx, programme, reach, "1 = 1").await
}

/// How many documents of a programme within reach are waiting or being read.
///
/// # Errors
/// When the database fails.
pub async fn document_busy_count(tx: &mut Tx, programme: i64, reach: &Reach) -> Result<i64> {
    count(tx, programme, reach, "d.state IN ('queued', 'reading')").await
}

async fn count(tx: &mut Tx, programme: i64, reach: &Reach, condition: &str) -> Result<i64> {
    let mut values = params![programme];
    let clause = reach.clause("r", &mut values);
    let sql = format!(
        "SELECT COUNT(*) FROM document d JOIN record r ON r.id = d.record_id
         WHERE d.programme_id = $1 AND r.archived_at IS NULL AND {condition} AND {clause}"
    );
    tx.int(&sql, values).await
}

/// Whether figures that count stand on evidence in this document.
///
/// # Errors
/// When the database fails.
pub async fn document_has_figures(tx: &mut Tx, id: i64) -> Result<bool> {
    Ok(tx.int(FIGURES, params![id]).await? > 0)
}

/// The figures that stand on evidence in this document.
///
/// # Errors
/// When the database fails.
pub async fn document_figure_list(tx: &mut Tx, id: i64) -> Result<Vec<i64>> {
    tx.all(QUOTED, params![id]).await?.iter().map(|row| row.int(0)).collect()
}

/// Moves a document on. The error, if any, is a code with its facts as JSON.
///
/// # Errors
/// When the database fails.
pub async fn document_set_state(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    state: DocumentState,
    error: Option<(&str, &str)>,
) -> Result<()> {
    let before = document_get(tx, id).await?.state.code();
    tx.execute(STATE, params![id, state.code(), error.map(|x| x.0), error.map(|x| x.1)]).await?;
    field(tx, change, id, ("document", id, "state"), Some(json!(before)), Some(json!(state.code()))).await
}

/// Notes what extraction found out about the file. Derived, hence without items of its own.
///
/// # Errors
/// When the database fails.
pub async fn document_set_facts(
    tx: &mut Tx,
    id: i64,
    format: &str,
    encoding: Option<&str>,
    page_count: Option<i64>,
    engine: Option<&str>,
) -> Result<()> {
    tx.execute(FACTS, params![id, format, encoding, page_count, engine]).await?;
    Ok(())
}

/// Says what a document is, and with that whom it is open to.
///
/// # Errors
/// When the database fails.
pub async fn document_set_class(tx: &mut Tx, change: &Change, id: i64, class: &Choice) -> Result<()> {
    let old = document_lock(tx, id).await?;
    tx.execute(CLASS, params![id, class.code, class.is_for_parties()]).await?;
    reach_of_document(tx, id).await?;
    let (before, after) = (json!(old.class.code), json!(class.code));
    field(tx, change, id, ("document", id, "class"), Some(before), Some(after)).await
}

/// Which of these records are documents that are open to their parties alone and not within reach.
///
/// # Errors
/// When the database fails.
pub async fn document_list_closed(tx: &mut Tx, ids: &[i64], reach: &Reach) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = params![tx.dialect().numbers(ids)];
    let (of, clause) = (tx.dialect().among("d.record_id", 1), reach.clause("r", &mut values));
    let sql = format!(
        "SELECT d.record_id FROM document d JOIN record r ON r.id = d.record_id
         WHERE {of} AND d.restricted = 1 AND r.archived_at IS NULL AND NOT {clause} ORDER BY d.record_id"
    );
    tx.all(&sql, values).await?.iter().map(|row| row.int(0)).collect()
}

/// Title, publisher and day of publication; `details` is `proposed` or `confirmed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentDetails {
    /// Title; empty while unknown.
    pub title: String,
    /// Publisher, where known.
    pub publisher: Option<String>,
    /// Day of publication, where known.
    pub published_on: Option<Date>,
    /// `unknown`, `proposed` or `confirmed`.
    pub details: String,
}

/// Sets title, publisher and day of publication.
///
/// # Errors
/// When the database fails.
pub async fn document_set_details(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    new: &DocumentDetails,
) -> Result<()> {
    let old = document_lock(tx, id).await?;
    record_rename(tx, change, id, &new.title).await?;
    tx.execute(DETAILS, params![id, &new.publisher, new.published_on, &new.details]).await?;
    let day = |day: Option<Date>| json!(day.map(|day| day.to_string()));
    for (name, before, after) in [
        ("publisher", json!(old.publisher), json!(new.publisher)),
        ("published_on", day(old.published_on), day(new.published_on)),
        ("details", json!(old.details), json!(new.details)),
    ] {
        field(tx, change, id, ("document", id, name), Some(before), Some(after)).await?;
    }
    search_put(tx, id).await
}

/// What one reading of a document found.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadingCounts {
    /// Claims, those known before among them.
    pub claims: usize,
    /// Relations between them.
    pub relations: usize,
}

/// Notes in the audit which engine read which text, and how much it found; the claims themselves have no items.
///
/// # Errors
/// When the database fails.
pub async fn document_note_reading(
    tx: &mut Tx,
    change: &Change,
    id: i64,
    (text, engine): (i64, &str),
    counts: ReadingCounts,
) -> Result<()> {
    let ReadingCounts { claims, relations } = counts;
    let row = json!({ "engine": engine, "text": text, "claims": claims, "relations": relations });
    created(tx, change, id, "reading", text, row).await
}

/// A layer of a document's text.
#[derive(Debug, Clone)]
pub struct DocumentText {
    /// Identity; spans refer to it.
    pub id: i64,
    /// Extractor or repairer with its version.
    pub producer: String,
    /// The text.
    pub text: String,
    /// JSON: how positions map to the extracted text.
    pub map: Option<String>,
    /// JSON: where pages begin.
    pub pages: Option<String>,
}

/// Adds a layer (`extracted` or `repaired`) of a document's text; earlier ones stay, and the document is found by the
/// last one.
///
/// # Errors
/// When the database fails.
pub async fn document_text_insert(
    tx: &mut Tx,
    document: i64,
    layer: &str,
    new: &DocumentText,
) -> Result<i64> {
    let values = params![document, layer, &new.producer, &new.text, &new.map, &new.pages];
    let id = tx.int(INSERT_TEXT, values).await?;
    search_put_text(tx, document, &new.text).await?;
    Ok(id)
}

/// The latest text of a layer, if the document has one.
///
/// # Errors
/// When the database fails.
pub async fn document_text_get(tx: &mut Tx, document: i64, layer: &str) -> Result<Option<DocumentText>> {
    let Some(row) = tx.optional(TEXT, params![document, layer]).await? else { return Ok(None) };
    let (id, producer, text) = (row.int(0)?, row.text(1)?, row.text(2)?);
    Ok(Some(DocumentText { id, producer, text, map: row.opt_text(3)?, pages: row.opt_text(4)? }))
}

/// Up to `chars` code points of the latest text of a layer from the one at `start` on, and how long the text is.
///
/// # Errors
/// When the database fails.
pub async fn document_passage(
    tx: &mut Tx,
    document: i64,
    layer: &str,
    (start, chars): (i64, i64),
) -> Result<Option<(String, i64)>> {
    let row = tx.optional(PASSAGE, params![document, layer, start + 1, chars]).await?;
    row.map(|row| Ok((row.text(0)?, row.int(1)?))).transpose()
}

/// Passages of the extracted texts of documents: of each the document, where it begins and how long it is, in code points.
/// Empty where there is no such text.
///
/// # Errors
/// When the database fails.
pub async fn document_passages(tx: &mut Tx, passages: &[(i64, i64, i64)]) -> Result<Vec<String>> {
    let mut texts = Vec::with_capacity(passages.len());
    // SQLite joins at most five hundred.
    for passages in passages.chunks(100) {
        let mut values = Vec::new();
        let mut place = |number: i64| {
            values.push(Param::from(number));
            format!("CAST(${} AS {{int}})", values.len())
        };
        let parts = passages.iter().map(|&(document, start, chars)| {
            let (document, start, chars) = (place(document), place(start + 1), place(chars));
            format!(
                "SELECT COALESCE((SELECT substr(text, CAST({start} AS INTEGER), CAST({chars} AS INTEGER))
                 FROM document_text WHERE document_id = {document} AND layer = 'extracted'
                 ORDER BY id DESC LIMIT 1), '')"
            )
        });
        let sql = parts.collect::<Vec<_>>().join(" UNION ALL ");
        for row in tx.all(&sql, values).await? {
            texts.push(row.text(0)?);
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;

    #[tokio::test]
    async fn built_statements_are_understood_by_both_databases() {
        for db in testing::databases().await {
            let mut tx = db.read().await.expect("a transaction");
            assert!(
                document_get(&mut tx, 1).await.is_err_and(|error| matches!(error, crate::Error::NotFound))
            );
            let keys = vec!["r1".to_owned(), "*".to_owned()];
            for reach in
                [Reach::everything(), Reach { all: true, keys, ..Reach::default() }, Reach::default()]
            {
                let list = document_list(&mut tx, 1, &reach, None, 5).await;
                assert!(list.expect("understood").is_empty());
                for text in ["", "协议 甲"] {
                    let found = document_suggest(&mut tx, 1, &reach, text, 5).await;
                    assert!(found.expect("understood").is_empty());
                }
                assert_eq!(document_count(&mut tx, 1, &reach).await.expect("understood"), 0);
                assert_eq!(document_busy_count(&mut tx, 1, &reach).await.expect("understood"), 0);
            }
        }
    }
}
