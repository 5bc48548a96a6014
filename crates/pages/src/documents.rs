//! The list of documents, adding to it, and its live progress.

use askama::Template;
use locale::Locale;

use crate::{Choice, Shell, page};

/// The documents of a programme with the form to add more.
///
/// Adding: POST `documents`, multipart, either `file` (many) or `text` with `title`. With
/// `Accept: application/json` one file gets `{"ok","code","href","message"}`; without script it redirects back.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "documents.html")]
pub struct Documents {
    pub shell: Shell,
    pub rows: Vec<DocumentRow>,
    /// Documents queued or being read; while it is above 0 the page polls `documents/progress`.
    pub running: usize,
    pub can_add: bool,
    /// What a file may be.
    pub classes: Vec<Choice>,
    /// Size limit of one file as text: `100 MB`.
    pub limit: String,
    /// What became of the files just sent without script.
    pub results: Vec<UploadResult>,
    pub next: Option<String>,
}

/// The fragment `documents/progress`: the table again; it polls on while something runs. The next-page link
/// stays in the page around it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/documents_table.html")]
pub struct DocumentsProgress {
    /// Only locale and programme are used.
    pub shell: Shell,
    pub rows: Vec<DocumentRow>,
    pub running: usize,
    pub can_add: bool,
}

/// One document in the list.
#[derive(Debug, Clone, Default)]
pub struct DocumentRow {
    pub code: String,
    pub title: String,
    /// Empty is unknown.
    pub publisher: String,
    /// Empty is unknown.
    pub published: String,
    pub format: String,
    /// What it is, where that opens it to the parties, the verifier and the auditor alone; else empty.
    pub for_parties: String,
    pub state: DocumentState,
    pub open: usize,
    /// Accepted and corrected.
    pub accepted: usize,
    pub rejected: usize,
}

/// How far the reading of a document is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DocumentState {
    Queued,
    /// Percent read.
    Reading(u8),
    #[default]
    Ready,
    /// A scan or photo: kept as evidence, figures are entered by hand.
    EvidenceOnly,
    /// Why it could not be read, as a full message.
    Failed(String),
}

/// What became of one file.
#[derive(Debug, Clone, Default)]
pub struct UploadResult {
    pub file: String,
    pub ok: bool,
    pub message: String,
    /// The document, when there is one.
    pub href: Option<String>,
}

impl DocumentState {
    pub(crate) fn label(&self, t: &Locale) -> String {
        match self {
            Self::Queued => t.documents_queued().to_owned(),
            Self::Reading(0) => t.documents_reading().to_owned(),
            Self::Reading(percent) => t.documents_reading_percent(percent),
            Self::Ready => t.documents_ready().to_owned(),
            Self::EvidenceOnly => t.documents_evidence_only().to_owned(),
            Self::Failed(_) => t.documents_failed().to_owned(),
        }
    }

    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Queued => "neutral",
            Self::Reading(_) | Self::EvidenceOnly => "info",
            Self::Ready => "good",
            Self::Failed(_) => "bad",
        }
    }
}

page!(Documents, DocumentsProgress);
