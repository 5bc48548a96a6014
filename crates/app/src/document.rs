//! Adding documents: everything that laws 9 and 11 ask is asked before a byte is stored.

use crate::access::{Actor, Right, allow, open};
use crate::error::{Error, Result};
use crate::{App, attachment, change, typed};
use documents::{Extracted, Format, Limits, Outcome, Proposal};
use domain::record::{Choice, DAYS, document_class};
use domain::screening;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use store::{Document, DocumentDetails, DocumentState, DocumentText, NewDocument, RecordKind, Tx};

/// The kind of job that reads a document.
pub(crate) const READ_JOB: &str = "read-document";

/// A file that passed every check and is ready to be stored.
struct Prepared {
    original_digest: String,
    digest: String,
    size_bytes: i64,
    media_type: &'static str,
    format: Format,
    masked: i64,
    /// Bytes to store; none for the file as it came.
    replaced_by: Option<Vec<u8>>,
    content: Content,
}

enum Content {
    Text { extracted: Extracted, repaired: String, proposal: Proposal },
    Pictures { pages: u32 },
}

/// What became of an added file.
#[derive(Debug, Clone)]
pub struct Added {
    /// Code of the new document.
    pub code: String,
    /// Identity of the new document.
    pub id: i64,
    /// How many identity numbers were masked.
    pub masked: i64,
    /// Whether it has no text and is kept as evidence only.
    pub evidence_only: bool,
    /// Whether the same bytes were stored already, and that document was taken.
    pub known: bool,
}

fn digest_of(mut file: impl Read) -> std::io::Result<(String, i64)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 16];
    let mut size = 0_i64;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            let hex: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            return Ok((format!("sha256:{hex}"), size));
        }
        hasher.update(&buffer[..read]);
        size += i64::try_from(read).unwrap_or(0);
    }
}

fn media_type(format: Format, file_name: &str) -> &'static str {
    let extension = file_name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match (format, extension.as_str()) {
        (Format::Text | Format::Markdown | Format::Html, _) => "text/plain; charset=utf-8",
        (Format::Docx, _) => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (Format::Pdf, _) => "application/pdf",
        (Format::Image, "png") => "image/png",
        (Format::Image, "gif") => "image/gif",
        (Format::Image, "webp") => "image/webp",
        (Format::Image, "jpg" | "jpeg") => "image/jpeg",
        (Format::Image, _) => "application/octet-stream",
    }
}

fn refused(file: &str, code: &'static str, args: Vec<(&'static str, String)>) -> Error {
    Error::Refused { file: file.to_owned(), code, args }
}

/// Extracts, screens and repairs a file. Runs on a thread of its own: it may take seconds.
fn prepare(path: &Path, file_name: &str) -> Result<Prepared> {
    let (original_digest, size_bytes) = digest_of(std::fs::File::open(path)?)?;
    let outcome = documents::extract(path, file_name, &Limits::default())
        .map_err(|refusal| refused(file_name, refusal.code(), refusal.args()))?;
    let (format, content, masked, replaced_by) = match outcome {
        Outcome::Evidence { format, pages } => (format, Content::Pictures { pages }, 0, None),
        Outcome::Text(extracted) => {
            let (extracted, mut masked) = screen(extracted, file_name)?;
            if masked == 0 {
                masked = hidden_numbers(path, extracted.format, file_name)?;
            }
            // What was masked is stored as its masked text: the bytes themselves would still show it.
            let bytes = (masked > 0).then(|| extracted.text.clone().into_bytes());
            let repaired = reading::repair::repair(&extracted.text).text;
            let proposal = documents::propose(&repaired, file_name);
            (extracted.format, Content::Text { extracted, repaired, proposal }, masked, bytes)
        }
    };
    let (digest, size_bytes) = match &replaced_by {
        Some(bytes) => digest_of(&bytes[..])?,
        None => (original_digest.clone(), size_bytes),
    };
    let media_type =
        if replaced_by.is_some() { "text/plain; charset=utf-8" } else { media_type(format, file_name) };
    Ok(Prepared { original_digest, digest, size_bytes, media_type, format, masked, replaced_by, content })
}

/// Counts the identity numbers in what a file holds beside its text: comments, deletions, what a page does not show.
fn hidden_numbers(path: &Path, format: Format, file_name: &str) -> Result<i64> {
    let mut count = 0;
    let mut look = |text: &str| count += screening::identity_numbers(text).len();
    documents::visit_hidden(path, format, &Limits::default(), &mut look)
        .map_err(|refusal| refused(file_name, refusal.code(), refusal.args()))?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

fn screen(mut extracted: Extracted, file_name: &str) -> Result<(Extracted, i64)> {
    if let Some(mark) = screening::secrecy_mark(&extracted.text) {
        let args = vec![("mark", mark.grade.to_owned()), ("line", mark.line.to_string())];
        return Err(refused(file_name, "secrecy-mark", args));
    }
    let headings = screening::listed_headings(&extracted.text);
    if !headings.is_empty() {
        return Err(refused(file_name, "listed-headings", vec![("headings", headings.join("、"))]));
    }
    let masked = screening::mask(&extracted.text);
    if masked.count > 0 {
        extracted.text = masked.text;
    }
    Ok((extracted, i64::try_from(masked.count).unwrap_or(i64::MAX)))
}

impl App {
    /// Adds the file at `path`, which the user calls `file_name`; the caller removes it afterwards. When this
    /// returns, the document is stored and will be read, whatever happens to the server.
    ///
    /// # Errors
    /// [`Error::Refused`] or [`Error::DuplicateFile`]; then nothing was stored.
    pub async fn document_add(
        &self,
        actor: &Actor,
        programme: i64,
        path: &Path,
        file_name: &str,
    ) -> Result<Added> {
        self.document_add_as(actor, programme, (path, file_name), "").await
    }

    /// The same of a class, a code of the list `document_class`; nothing for what documents usually are.
    ///
    /// # Errors
    /// As [`App::document_add`], and [`Error::Invalid`] for a class that is not known.
    pub async fn document_add_as(
        &self,
        actor: &Actor,
        programme: i64,
        file: (&Path, &str),
        class: &str,
    ) -> Result<Added> {
        self.document_store(actor, programme, file, known_class(class)?, None).await
    }

    /// Adds a file and, in the same change, attaches it to a record in a role; where the same bytes are stored already and
    /// the document is open to the actor, that one.
    pub(crate) async fn document_store(
        &self,
        actor: &Actor,
        programme: i64,
        (path, file_name): (&Path, &str),
        class: Option<&'static Choice>,
        attach: Option<(&str, &str)>,
    ) -> Result<Added> {
        actor.require(programme, Right::AddDocument)?;
        let (path, name): (PathBuf, String) = (path.to_owned(), typed::file_name(file_name));
        let (on_thread, thread_name) = (path.clone(), name.clone());
        // Held until the text is stored: it stands in memory for as long.
        let _permit = self.extracting.acquire().await;
        let prepared = tokio::task::spawn_blocking(move || prepare(&on_thread, &thread_name)).await;
        let prepared =
            prepared.map_err(|_| refused(&name, "unreadable", vec![("what", "panic".into())]))??;
        let mut tx = self.db.write().await?;
        // Before the programme is held: the bytes of a large file take their time.
        store_bytes(&mut tx, &path, &prepared).await?;
        store::programme_lock(&mut tx, programme).await?;
        if let Some(code) = store::document_with_digest(&mut tx, programme, &prepared.original_digest).await?
        {
            let Some((record, role)) = attach else {
                return Err(Error::DuplicateFile { file: name, code });
            };
            let added = attach_known(&mut tx, actor, programme, (&code, class), (record, role)).await;
            let added = added.map_err(|error| match error {
                Error::NotFound => Error::DuplicateFile { file: name, code },
                error => error,
            })?;
            self.commit(tx).await?;
            return Ok(added);
        }
        let change = change::open(&mut tx, actor, Some(programme), "document-add", None).await?;
        let added = store_prepared(&mut tx, &change, &name, prepared).await?;
        if let Some(class) = class {
            store::document_set_class(&mut tx, &change, added.id, class).await?;
        }
        if let Some((code, role)) = attach {
            let record = attachment::open(&mut tx, actor, programme, code).await?;
            attachment::attach(&mut tx, &change, &record, added.id, role).await?;
        }
        self.commit(tx).await?;
        Ok(added)
    }

    /// Adds pasted text as a document; the title, where given, is confirmed.
    ///
    /// # Errors
    /// As [`App::document_add`].
    pub async fn document_add_text(
        &self,
        actor: &Actor,
        programme: i64,
        text: &str,
        title: &str,
    ) -> Result<Added> {
        let title = typed::field("title", title)?;
        let stem: String = title.chars().filter(|c| !r#"/\:*?"<>|"#.contains(*c)).take(60).collect();
        let local = change::local(&mut self.db.read().await?, Some(programme), actor.at).await?;
        let stem = if stem.is_empty() { local.strftime("%Y%m%d-%H%M%S").to_string() } else { stem };
        let name = format!("{stem}.txt");
        let mut file = tempfile::NamedTempFile::new()?;
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        let added = self.document_add(actor, programme, file.path(), &name).await?;
        if !title.is_empty() {
            let document = self.document(actor, programme, &added.code).await?;
            let (publisher, published_on) = (document.publisher, document.published_on);
            let details = DocumentDetails { title, publisher, published_on, details: "proposed".into() };
            self.set_details(actor, programme, added.id, (&details, None)).await?;
        }
        Ok(added)
    }

    /// One document.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has none with this code.
    pub async fn document(&self, actor: &Actor, programme: i64, code: &str) -> Result<Document> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        Ok(store::document_get(&mut tx, record.id).await?)
    }

    /// Documents, newest first, below the id `before`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn document_list(
        &self,
        actor: &Actor,
        programme: i64,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Document>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::document_list(&mut tx, programme, &actor.reach(programme), before, limit).await?)
    }

    /// How many documents are waiting or being read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn document_busy_count(&self, actor: &Actor, programme: i64) -> Result<i64> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::document_busy_count(&mut tx, programme, &actor.reach(programme)).await?)
    }

    /// Up to `chars` code points of the extracted text from the one at `start` on, and how long the text is; none
    /// for pictures.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn document_passage(
        &self,
        actor: &Actor,
        document: &Document,
        start: i64,
        chars: i64,
    ) -> Result<Option<(String, i64)>> {
        actor.require(document.programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::document_passage(&mut tx, document.id, "extracted", (start, chars)).await?)
    }

    /// The documents that passages lie in, each once, and the passages: of each is given the record of its document, where it
    /// begins and how long it is, in code points.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has not all of these documents open to the actor.
    pub async fn document_passages(
        &self,
        actor: &Actor,
        programme: i64,
        passages: &[(i64, i64, i64)],
    ) -> Result<(Vec<Document>, Vec<String>)> {
        actor.require(programme, Right::View)?;
        let ids: Vec<i64> =
            passages.iter().map(|(id, ..)| *id).collect::<BTreeSet<_>>().into_iter().collect();
        let mut tx = self.db.read().await?;
        let open = store::record_list_of(&mut tx, &ids, &actor.reach(programme)).await?;
        if open.len() < ids.len() || open.iter().any(|record| record.programme != programme) {
            return Err(Error::NotFound);
        }
        let documents = store::document_list_of(&mut tx, &ids).await?;
        Ok((documents, store::document_passages(&mut tx, passages).await?))
    }

    /// Confirms title, publisher and day of publication, and says (none: as it was) of which class the document is.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has no such document; [`Error::Invalid`] naming the field.
    pub async fn document_set_details(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        (title, publisher): (&str, Option<&str>),
        published_on: Option<Date>,
        class: Option<&str>,
    ) -> Result<()> {
        let document = self.document(actor, programme, code).await?;
        open(&mut self.db.read().await?, actor, programme, code, Right::AddDocument).await?;
        let title =
            typed::optional("title", title)?.ok_or(Error::Invalid { field: "title", problem: "missing" })?;
        let publisher = typed::optional("publisher", publisher.unwrap_or_default())?;
        if published_on.is_some_and(|day| !(DAYS.0..=DAYS.1).contains(&day)) {
            return Err(Error::Invalid { field: "published_on", problem: "far-date" });
        }
        let details = DocumentDetails { title, publisher, published_on, details: "confirmed".into() };
        let class = known_class(class.unwrap_or_default())?;
        self.set_details(actor, programme, document.id, (&details, class)).await
    }

    async fn set_details(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        (details, class): (&DocumentDetails, Option<&Choice>),
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let change = change::open(&mut tx, actor, Some(programme), "document-details", None).await?;
        set_details(&mut tx, &change, id, details).await?;
        if let Some(class) = class {
            set_class(&mut tx, actor, &change, id, class).await?;
        }
        self.commit(tx).await
    }

    /// Media type and size in bytes of a document's stored bytes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn document_original(&self, actor: &Actor, document: &Document) -> Result<store::Blob> {
        actor.require(document.programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::blob_get(&mut tx, &document.digest).await?)
    }

    /// One chunk of a document's stored bytes, none past the end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn document_original_chunk(
        &self,
        actor: &Actor,
        document: &Document,
        seq: i64,
    ) -> Result<Option<Vec<u8>>> {
        actor.require(document.programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::blob_chunk(&mut tx, &document.digest, seq).await?)
    }
}

/// The class of documents with this code; none where nothing was chosen.
pub(crate) fn known_class(code: &str) -> Result<Option<&'static Choice>> {
    let unknown = Error::Invalid { field: "class", problem: "unknown" };
    match code {
        "" => Ok(None),
        code => document_class(code).map(Some).ok_or(unknown),
    }
}

/// Says of which class a document is. Nobody closes one to themselves: who is no party could not take it back.
pub(crate) async fn set_class(
    tx: &mut Tx,
    actor: &Actor,
    change: &store::Change,
    id: i64,
    class: &Choice,
) -> Result<()> {
    let document = store::document_lock(tx, id).await?;
    if document.class.code == class.code {
        return Ok(());
    }
    store::document_set_class(tx, change, id, class).await?;
    let reach = actor.reach_for_kind(document.programme, Right::AddDocument, RecordKind::Document);
    if store::record_visible(tx, id, &reach).await? {
        Ok(())
    } else {
        Err(Error::Invalid { field: "class", problem: "no-party" })
    }
}

/// Sets title, publisher and day of publication. Another day changes what 去年 means and which report is the later one: the
/// text is read again, and the totals of figures it stands behind are counted again.
pub(crate) async fn set_details(
    tx: &mut Tx,
    change: &store::Change,
    id: i64,
    details: &DocumentDetails,
) -> Result<()> {
    let old = store::document_lock(tx, id).await?;
    store::document_set_details(tx, change, id, details).await?;
    if old.published_on == details.published_on {
        return Ok(());
    }
    for figure in store::document_figure_list(tx, id).await? {
        store::figure_touch(tx, figure).await?;
    }
    if old.state == DocumentState::Ready {
        store::document_set_state(tx, change, id, DocumentState::Queued, None).await?;
    }
    if matches!(old.state, DocumentState::Ready | DocumentState::Reading) {
        store::job_insert(tx, READ_JOB, id).await?;
    }
    Ok(())
}

/// Attaches the document whose bytes were sent once more.
async fn attach_known(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    (code, class): (&str, Option<&Choice>),
    (record, role): (&str, &str),
) -> Result<Added> {
    let document = open(tx, actor, programme, code, Right::View).await?;
    let change = change::open(tx, actor, Some(programme), "attachment-add", None).await?;
    let record = attachment::open(tx, actor, programme, record).await?;
    attachment::attach(tx, &change, &record, document.id, role).await?;
    // A contract is not left open because its bytes were here before; a contract is not opened in passing either.
    if let Some(class) = class.filter(|class| class.is_for_parties()) {
        allow(tx, actor, &document, Right::AddDocument).await?;
        set_class(tx, actor, &change, document.id, class).await?;
    }
    Ok(Added { code: document.code, id: document.id, masked: 0, evidence_only: false, known: true })
}

async fn store_bytes(tx: &mut Tx, path: &Path, prepared: &Prepared) -> Result<()> {
    let (digest, media) = (&prepared.digest, prepared.media_type);
    match &prepared.replaced_by {
        Some(bytes) => store::blob_insert(tx, digest, media, prepared.size_bytes, &mut &bytes[..]).await?,
        None => {
            let mut file = std::fs::File::open(path)?;
            store::blob_insert(tx, digest, media, prepared.size_bytes, &mut file).await?;
        }
    }
    Ok(())
}

async fn store_prepared(
    tx: &mut Tx,
    change: &store::Change,
    name: &str,
    prepared: Prepared,
) -> Result<Added> {
    let evidence_only = matches!(prepared.content, Content::Pictures { .. });
    let new = NewDocument {
        digest: &prepared.digest,
        original_digest: &prepared.original_digest,
        masked_count: prepared.masked,
        file_name: name,
        format: prepared.format.code(),
        state: if evidence_only { DocumentState::Evidence } else { DocumentState::Queued },
    };
    let document = store::document_insert(tx, change, &new).await?;
    let format = prepared.format.code();
    match prepared.content {
        Content::Pictures { pages } => {
            store::document_set_facts(tx, document.id, format, None, Some(i64::from(pages)), None).await?;
        }
        Content::Text { extracted, repaired, proposal } => {
            let pages = i64::try_from(extracted.pages.len()).ok().filter(|count| *count > 0);
            store::document_set_facts(tx, document.id, format, extracted.encoding, pages, None).await?;
            insert_texts(tx, document.id, &extracted, repaired).await?;
            propose(tx, change, document.id, proposal).await?;
            store::job_insert(tx, READ_JOB, document.id).await?;
        }
    }
    Ok(Added { code: document.code, id: document.id, masked: prepared.masked, evidence_only, known: false })
}

async fn insert_texts(tx: &mut Tx, document: i64, extracted: &Extracted, repaired: String) -> Result<()> {
    let pages: Vec<_> = extracted.pages.iter().map(|page| (page.number, page.start)).collect();
    let pages = (!pages.is_empty()).then(|| serde_json::json!(pages).to_string());
    let producer = format!("{}/{}", extracted.extractor, extracted.version);
    let text = DocumentText { id: 0, producer, text: extracted.text.clone(), map: None, pages };
    store::document_text_insert(tx, document, "extracted", &text).await?;
    if repaired != extracted.text {
        // The map follows from the extracted text and the version: repairing again gives the same.
        let producer = reading::ENGINE.to_owned();
        let text = DocumentText { id: 0, producer, text: repaired, map: None, pages: None };
        store::document_text_insert(tx, document, "repaired", &text).await?;
    }
    Ok(())
}

async fn propose(tx: &mut Tx, change: &store::Change, document: i64, proposal: Proposal) -> Result<()> {
    let Proposal { title, publisher, published } = proposal;
    if title.is_none() && publisher.is_none() && published.is_none() {
        return Ok(());
    }
    let (title, details) = (typed::proposed(&title.unwrap_or_default()), "proposed".to_owned());
    let publisher = publisher.as_deref().map(typed::proposed);
    let details = DocumentDetails { title, publisher, published_on: published, details };
    Ok(store::document_set_details(tx, change, document, &details).await?)
}
