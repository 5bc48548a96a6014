//! Evidence: the quote, the place on a scanned page, or the citation that stands behind a record or a figure.

use crate::change::{Change, created, field};
use crate::db::{Row, Tx, params};
use crate::error::Result;
use crate::reach::{reach_of_document, reach_of_evidence};
use jiff::civil::Date;
use serde_json::json;

statements! {
    INSERT = "INSERT INTO evidence (kind, document_id, text_id, span_start, span_end, quote, page, rect, title, publisher,
        published_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id";
    INSERT_ENTRY = "INSERT INTO evidence (kind, title, digest, sheet, cell) VALUES ($1, $2, $3, $4, $5) RETURNING id";
    WORDS = "SELECT COALESCE(title, quote, kind) FROM evidence WHERE id = $1";
    ATTACH_RECORD = "INSERT INTO record_evidence (record_id, evidence_id) VALUES ($1, $2)
        ON CONFLICT (record_id, evidence_id) DO UPDATE SET removed_change_id = NULL";
    DETACH_RECORD = "UPDATE record_evidence SET removed_change_id = $3 WHERE record_id = $1 AND evidence_id = $2";
    DOCUMENT_OF = "SELECT document_id FROM evidence WHERE id = $1";
    OF_RECORD = "SELECT e.id, e.kind, e.document_id, e.text_id, e.span_start, e.span_end, e.quote, e.page, e.rect, e.title,
        e.publisher, e.published_on, e.digest, e.sheet, e.cell FROM evidence e JOIN record_evidence x ON x.evidence_id = e.id
        WHERE x.record_id = $1 AND x.removed_change_id IS NULL ORDER BY e.id";
    ATTACH_FIGURE = "INSERT INTO figure_evidence (figure_id, evidence_id, change_id) VALUES ($1, $2, $3) RETURNING id";
    DETACH_FIGURE = "UPDATE figure_evidence SET removed_change_id = $2 WHERE id = $1";
    DOCUMENT = "SELECT e.document_id FROM figure_evidence x JOIN evidence e ON e.id = x.evidence_id WHERE x.id = $1";
    QUOTES = "SELECT x.id FROM figure_evidence x JOIN evidence e ON e.id = x.evidence_id WHERE x.figure_id = $1
        AND x.removed_change_id IS NULL AND e.text_id = $2 AND e.span_start = $3 AND e.span_end = $4 ORDER BY x.id";
    OF_FIGURE = "SELECT e.id, e.kind, e.document_id, e.text_id, e.span_start, e.span_end, e.quote, e.page, e.rect, e.title,
        e.publisher, e.published_on, e.digest, e.sheet, e.cell FROM evidence e JOIN figure_evidence x ON x.evidence_id = e.id
        WHERE x.figure_id = $1 AND x.removed_change_id IS NULL ORDER BY x.id";
}

/// What kind of evidence it is, with what only that kind has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvidenceKind {
    /// Words of a document's extracted text.
    Span {
        /// The text the offsets refer to.
        text: i64,
        /// First code point and one past the last.
        span: (i64, i64),
        /// The words.
        quote: String,
    },
    /// A rectangle on a page of a scan or photo.
    Region {
        /// Page, from 1.
        page: i64,
        /// Left, top, width, height in thousandths of the page.
        rect: [i64; 4],
    },
    /// A published source that is not stored here.
    Citation {
        /// Title of the source.
        title: String,
        /// Who published it.
        publisher: Option<String>,
        /// When.
        published_on: Option<Date>,
    },
    /// An entry of the form of a reporting task.
    Form {
        /// Code of the filing.
        filing: String,
    },
    /// A cell of a sheet that came back with a filing.
    Cell {
        /// Code of the filing.
        filing: String,
        /// Digest of the sheet's bytes.
        digest: String,
        /// Name of the sheet within the file.
        sheet: String,
        /// Address of the cell: `D7`.
        cell: String,
    },
    /// A cell of a sheet that was brought in.
    Sheet {
        /// The import.
        import: i64,
        /// Digest of the sheet's bytes.
        digest: String,
        /// Name of the sheet within the file.
        sheet: String,
        /// Address of the cell: `D7`.
        cell: String,
    },
}

/// Stored evidence.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Identity.
    pub id: i64,
    /// The document it lies in.
    pub document: Option<i64>,
    /// What it is.
    pub kind: EvidenceKind,
}

/// Stores evidence; it means something only once it is attached.
///
/// # Errors
/// When the database fails.
pub async fn evidence_insert(tx: &mut Tx, document: Option<i64>, kind: &EvidenceKind) -> Result<i64> {
    let none = None::<i64>;
    let nothing = None::<&str>;
    let values = match kind {
        EvidenceKind::Form { filing } => {
            return tx.int(INSERT_ENTRY, params!["form", filing, nothing, nothing, nothing]).await;
        }
        EvidenceKind::Cell { filing, digest, sheet, cell } => {
            return tx.int(INSERT_ENTRY, params!["cell", filing, digest, sheet, cell]).await;
        }
        EvidenceKind::Sheet { import, digest, sheet, cell } => {
            return tx.int(INSERT_ENTRY, params!["sheet", import.to_string(), digest, sheet, cell]).await;
        }
        EvidenceKind::Span { text, span, quote } => {
            params!["span", document, *text, span.0, span.1, quote, none, nothing, nothing, nothing, nothing]
        }
        EvidenceKind::Region { page, rect } => {
            let rect = serde_json::to_string(rect)?;
            params!["region", document, none, none, none, nothing, *page, rect, nothing, nothing, nothing]
        }
        EvidenceKind::Citation { title, publisher, published_on } => {
            params![
                "citation",
                document,
                none,
                none,
                none,
                nothing,
                none,
                nothing,
                title,
                publisher,
                *published_on
            ]
        }
    };
    tx.int(INSERT, values).await
}

/// Attaches evidence to a record.
///
/// # Errors
/// When the database fails.
pub async fn evidence_attach(tx: &mut Tx, change: &Change, record: i64, evidence: i64) -> Result<()> {
    tx.execute(ATTACH_RECORD, params![record, evidence]).await?;
    reach_of_evidence(tx, evidence, record).await?;
    let words = tx.one(WORDS, params![evidence]).await?.text(0)?;
    created(tx, change, record, "record_evidence", evidence, json!(words)).await
}

/// Takes evidence off a record, or puts it back; the row stays and names the change that removed it.
///
/// # Errors
/// When the database fails.
pub async fn evidence_set_removed(
    tx: &mut Tx,
    change: &Change,
    record: i64,
    evidence: i64,
    removed: bool,
) -> Result<()> {
    tx.execute(DETACH_RECORD, params![record, evidence, removed.then_some(change.id)]).await?;
    if let Some(document) = tx.one(DOCUMENT_OF, params![evidence]).await?.opt_int(0)? {
        reach_of_document(tx, document).await?;
    }
    let key = ("record_evidence", evidence, "removed");
    field(tx, change, record, key, Some(json!(!removed)), Some(json!(removed))).await
}

/// Attaches evidence to a figure.
///
/// # Errors
/// When the database fails.
pub async fn figure_evidence_attach(tx: &mut Tx, change: &Change, figure: i64, evidence: i64) -> Result<()> {
    let id = tx.int(ATTACH_FIGURE, params![figure, evidence, change.id]).await?;
    reach_of_evidence(tx, evidence, figure).await?;
    let words = tx.one(WORDS, params![evidence]).await?.text(0)?;
    created(tx, change, figure, "figure_evidence", id, json!(words)).await
}

/// Takes evidence off a figure, or puts it back; the row stays and names the change that removed it.
///
/// # Errors
/// When the database fails.
pub async fn figure_evidence_set_removed(
    tx: &mut Tx,
    change: &Change,
    figure: i64,
    id: i64,
    removed: bool,
) -> Result<()> {
    tx.execute(DETACH_FIGURE, params![id, removed.then_some(change.id)]).await?;
    if let Some(document) = tx.one(DOCUMENT, params![id]).await?.opt_int(0)? {
        reach_of_document(tx, document).await?;
    }
    let key = ("figure_evidence", id, "removed");
    field(tx, change, figure, key, Some(json!(!removed)), Some(json!(removed))).await
}

/// Takes a quote off a figure.
///
/// # Errors
/// When the database fails.
pub async fn figure_quote_remove(
    tx: &mut Tx,
    change: &Change,
    figure: i64,
    text: i64,
    span: (i64, i64),
) -> Result<()> {
    for row in tx.all(QUOTES, params![figure, text, span.0, span.1]).await? {
        figure_evidence_set_removed(tx, change, figure, row.int(0)?, true).await?;
    }
    Ok(())
}

/// The document that a piece of evidence lies in; `attached` says that the number is that of its row at a figure.
///
/// # Errors
/// When the database fails.
pub async fn evidence_document(tx: &mut Tx, id: i64, attached: bool) -> Result<Option<i64>> {
    let sql = if attached { DOCUMENT } else { DOCUMENT_OF };
    Ok(tx.optional(sql, params![id]).await?.map(|row| row.opt_int(0)).transpose()?.flatten())
}

fn evidence(row: &Row) -> Result<Evidence> {
    let kind = match row.text(1)?.as_str() {
        "span" => EvidenceKind::Span {
            text: row.int(3)?,
            span: (row.int(4)?, row.int(5)?),
            quote: row.opt_text(6)?.unwrap_or_default(),
        },
        "region" => {
            let rect = serde_json::from_str(&row.opt_text(8)?.unwrap_or_default())?;
            EvidenceKind::Region { page: row.int(7)?, rect }
        }
        "form" => EvidenceKind::Form { filing: row.opt_text(9)?.unwrap_or_default() },
        "cell" => EvidenceKind::Cell {
            filing: row.opt_text(9)?.unwrap_or_default(),
            digest: row.opt_text(12)?.unwrap_or_default(),
            sheet: row.opt_text(13)?.unwrap_or_default(),
            cell: row.opt_text(14)?.unwrap_or_default(),
        },
        "sheet" => EvidenceKind::Sheet {
            import: row.opt_text(9)?.and_then(|id| id.parse().ok()).unwrap_or_default(),
            digest: row.opt_text(12)?.unwrap_or_default(),
            sheet: row.opt_text(13)?.unwrap_or_default(),
            cell: row.opt_text(14)?.unwrap_or_default(),
        },
        _ => EvidenceKind::Citation {
            title: row.opt_text(9)?.unwrap_or_default(),
            publisher: row.opt_text(10)?,
            published_on: row.day(11)?,
        },
    };
    Ok(Evidence { id: row.int(0)?, document: row.opt_int(2)?, kind })
}

/// The evidence of a record.
///
/// # Errors
/// When the database fails.
pub async fn evidence_list(tx: &mut Tx, record: i64) -> Result<Vec<Evidence>> {
    tx.all(OF_RECORD, params![record]).await?.iter().map(evidence).collect()
}

/// The evidence of a figure.
///
/// # Errors
/// When the database fails.
pub async fn figure_evidence_list(tx: &mut Tx, figure: i64) -> Result<Vec<Evidence>> {
    tx.all(OF_FIGURE, params![figure]).await?.iter().map(evidence).collect()
}
