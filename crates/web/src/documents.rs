//! The list of documents, adding to it, and the original bytes.

use crate::failure::{self, Failure, message};
use crate::labels::choice;
use crate::upload::{Received, Receiver, too_large};
use crate::values::choice_label;
use crate::visit::{Wants, Within};
use crate::{answer, format, headers, redirect, refusal};
use app::{Added, Document, Right};
use axum::Form;
use axum::extract::{Multipart, Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::record::document_classes;
use pages::{Choice, DocumentRow, Documents, DocumentsProgress, Nav, Tone, UploadResult};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) const PAGE: i64 = 50;

/// The key of the next page.
#[derive(Deserialize)]
pub(crate) struct Before {
    pub before: Option<i64>,
}

/// `GET documents`
pub(crate) async fn list(within: Within, Query(query): Query<Before>) -> Result<Html<String>, Failure> {
    page(&within, query.before, Vec::new()).await
}

async fn page(
    within: &Within,
    before: Option<i64>,
    results: Vec<UploadResult>,
) -> Result<Html<String>, Failure> {
    let (rows, running, last) = rows(within, before).await?;
    let next = last.map(|last| within.to(&format!("documents?before={last}")));
    Ok(Html(
        Documents {
            shell: within.shell(Nav::Documents).await?,
            rows,
            running,
            can_add: within.may(Right::AddDocument),
            classes: classes(within, ""),
            limit: format::size(within.visit.state.config.upload_limit_bytes),
            results,
            next,
        }
        .render(),
    ))
}

/// `GET documents/progress`
pub(crate) async fn progress(within: Within) -> Result<Html<String>, Failure> {
    let (rows, running, _) = rows(&within, None).await?;
    let shell = within.visit.shell(Nav::Documents);
    let can_add = within.may(Right::AddDocument);
    Ok(Html(DocumentsProgress { shell, rows, running, can_add }.render()))
}

/// Rows, how many documents are being worked on, and the key of the next page.
async fn rows(
    within: &Within,
    before: Option<i64>,
) -> Result<(Vec<DocumentRow>, usize, Option<i64>), Failure> {
    let (app, id) = (within.app(), within.id());
    let mut documents = app.document_list(&within.actor, id, before, PAGE + 1).await?;
    let running = app.document_busy_count(&within.actor, id).await?;
    let more = documents.len() > count(PAGE);
    documents.truncate(count(PAGE));
    let last = documents.last().filter(|_| more).map(|document| document.id);
    Ok((documents.iter().map(|document| row(within, document)).collect(), count(running), last))
}

fn count(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}

fn row(within: &Within, document: &Document) -> DocumentRow {
    DocumentRow {
        code: document.code.clone(),
        title: document.display_title().to_owned(),
        publisher: document.publisher.clone().unwrap_or_default(),
        published: document.published_on.map(|day| day.to_string()).unwrap_or_default(),
        format: format_label(document),
        for_parties: match document.restricted {
            true => choice_label(within, document.class).to_owned(),
            false => String::new(),
        },
        state: state(within, document),
        open: count(document.open_count),
        accepted: count(document.accepted_count),
        rejected: count(document.rejected_count),
    }
}

/// What documents may be, with one of them chosen.
pub(crate) fn classes(within: &Within, selected: &str) -> Vec<Choice> {
    document_classes().iter().map(|of| choice(of.code, choice_label(within, of), selected)).collect()
}

/// The extension of the file, or the format's own name where it has none.
pub(crate) fn format_label(document: &Document) -> String {
    match document.file_name.rsplit_once('.') {
        Some((_, extension)) if extension.len() <= 5 => format!(".{}", extension.to_ascii_lowercase()),
        _ => document.format.clone(),
    }
}

fn state(within: &Within, document: &Document) -> pages::DocumentState {
    use app::DocumentState as S;
    match document.state {
        S::Queued => pages::DocumentState::Queued,
        S::Reading => pages::DocumentState::Reading(0),
        S::Ready => pages::DocumentState::Ready,
        S::Evidence => pages::DocumentState::EvidenceOnly,
        S::Failed => pages::DocumentState::Failed(why_failed(within, document)),
    }
}

/// Why a document could not be read, in words.
pub(crate) fn why_failed(within: &Within, document: &Document) -> String {
    let args: Value =
        document.error_args.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let names = ["offset", "line", "from", "to", "what", "percent", "mib", "limit", "seconds"];
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let args: Vec<_> = names.iter().filter_map(|name| Some((*name, text(args.get(name)?)))).collect();
    refusal::message(within.locale, &document.file_name, document.error_code.as_deref().unwrap_or(""), &args)
}

/// `POST documents`
pub(crate) async fn add(within: Within, form: Multipart) -> Result<Response, Failure> {
    let mut receiver = Receiver::new(&within.visit, form);
    let (mut results, mut title, mut text) = (Vec::new(), String::new(), None);
    // The choice stands before the files in the form, and so it is known when they come.
    let mut class = String::new();
    while let Some(part) = receiver.next().await? {
        match part {
            Received::File { name, file } if !name.is_empty() => {
                let file = (file.path(), name.as_str());
                let added = within.app().document_add_as(&within.actor, within.id(), file, &class).await;
                results.push(outcome(&within, &name, added)?);
            }
            Received::File { .. } => {}
            Received::Text { name, text: value } if name == "title" => title = value,
            Received::Text { name, text: value } if name == "class" => class = value,
            Received::Text { name, text: value } if name == "text" => text = Some(value),
            Received::Text { .. } => {}
            Received::TooLarge { name, limit_bytes } => {
                results.push(outcome(&within, &name, Err(too_large(&name, limit_bytes)))?);
            }
        }
    }
    if let Some(text) = text {
        let added = within.app().document_add_text(&within.actor, within.id(), &text, &title).await;
        let name = match app::file_name(&title.replace(['/', '\\'], " ")) {
            name if name.is_empty() => within.locale.documents_paste().to_owned(),
            name => name,
        };
        results.push(outcome(&within, &name, added)?);
    }
    answer_upload(&within, results).await
}

/// A file's result with the status it would have alone.
type Outcome = (StatusCode, UploadResult);

fn outcome(within: &Within, name: &str, added: app::Result<Added>) -> Result<Outcome, Failure> {
    let t = within.locale;
    let href = |code: &str| Some(within.to(&format!("documents/{code}")));
    let (status, ok, text, href) = match added {
        Ok(added) => {
            let said = if added.evidence_only {
                t.notice_evidence(name, &added.code)
            } else {
                t.notice_added(name, &added.code)
            };
            let masked = if added.masked > 0 { t.notice_masked(added.masked) } else { String::new() };
            (StatusCode::OK, true, [said, masked].join(" ").trim().to_owned(), href(&added.code))
        }
        Err(error @ app::Error::DuplicateFile { .. }) => {
            let text = message(t, &error);
            let app::Error::DuplicateFile { code, .. } = error else { unreachable!("matched above") };
            (StatusCode::OK, true, text, href(&code))
        }
        Err(error) => {
            let (text, cause) = (message(t, &error), error.to_string());
            let status = Failure::from(error).status();
            if status.is_server_error() {
                tracing::error!(file = name, "a file could not be added: {cause}");
            }
            (status, false, text, None)
        }
    };
    Ok((status, UploadResult { file: name.to_owned(), ok, message: text, href }))
}

async fn answer_upload(within: &Within, mut results: Vec<Outcome>) -> Result<Response, Failure> {
    if results.is_empty() {
        let (file, message) = (String::new(), within.locale.refusal_none_chosen().to_owned());
        results
            .push((StatusCode::UNPROCESSABLE_ENTITY, UploadResult { file, ok: false, message, href: None }));
    }
    let worst = results.iter().map(|(status, _)| *status).max().unwrap_or(StatusCode::OK);
    if within.visit.wants == Wants::Json {
        let entries: Vec<_> = results.iter().map(|(_, result)| as_json(result)).collect();
        let value = if let [only] = &entries[..] {
            only.clone()
        } else {
            json!({ "ok": worst.is_success(), "results": entries })
        };
        return Ok(answer::json(worst, &value));
    }
    if let [(status, only)] = &results[..]
        && status.is_success()
    {
        return Ok(redirect::with_flash(&within.visit, &within.to("documents"), Tone::Good, &only.message));
    }
    let results = results.into_iter().map(|(_, result)| result).collect();
    Ok((worst, page(within, None, results).await?).into_response())
}

fn as_json(result: &UploadResult) -> Value {
    let code = result.href.as_deref().and_then(|href| href.rsplit('/').next());
    json!({ "ok": result.ok, "code": code, "href": result.href, "message": result.message })
}

#[derive(Deserialize)]
pub(crate) struct DetailFields {
    #[serde(default)]
    title: String,
    #[serde(default)]
    publisher: String,
    #[serde(default)]
    published_on: String,
    #[serde(default)]
    class: String,
}

/// `POST documents/{code}/details`
pub(crate) async fn set_details(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    Form(fields): Form<DetailFields>,
) -> Result<Response, Failure> {
    let DetailFields { title, publisher, published_on, class } = fields;
    let day = match published_on.trim() {
        "" => Ok(None),
        text => text.parse().map(Some),
    };
    let saved = match day {
        Ok(day) => {
            let app = within.app();
            let words = (title.as_str(), Some(publisher.as_str()));
            app.document_set_details(&within.actor, within.id(), &code, words, day, Some(&class)).await
        }
        Err(_) => Err(app::Error::Invalid { field: "published_on", problem: "date" }),
    };
    let Err(error) = saved else {
        let (to, words) = (within.to(&format!("documents/{code}")), within.locale.reader_details_saved());
        return Ok(redirect::with_flash(&within.visit, &to, Tone::Good, words));
    };
    let (status, wrong) =
        failure::wrong(within.locale, error, &["title", "publisher", "published_on", "class"], "title")?;
    let typed = ([title, publisher, published_on], class.as_str());
    let page = crate::reader::refused(&within, &code, typed, wrong).await?;
    Ok((status, page).into_response())
}

/// `GET documents/{code}/original`: pictures are shown, everything else is saved; nothing in it can run.
pub(crate) async fn original(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let document = within.app().document(&within.actor, within.id(), &code).await?;
    let blob = within.app().document_original(&within.actor, &document).await?;
    let kind = HeaderValue::from_str(&blob.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let shown = if is_image(&blob.media_type) { "inline" } else { "attachment" };
    let name = crate::cookie::escape(&original_name(&document));
    let disposition = format!("{shown}; filename*=UTF-8''{name}");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_LENGTH, blob.size_bytes.into()),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&disposition).map_err(|_| Failure::Bug("a file name"))?,
        ),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::FILE_POLICY)),
    ];
    let visit = within.visit.clone();
    let body = answer::pieces(move |number| {
        let (app, actor, document) = (visit.state.app.clone(), within.actor.clone(), document.clone());
        async move { app.document_original_chunk(&actor, &document, number).await }
    });
    Ok((headers, body).into_response())
}

/// A document whose numbers were masked is kept as text, whatever file it came in.
fn original_name(document: &Document) -> String {
    if document.masked_count > 0 { format!("{}.txt", document.file_name) } else { document.file_name.clone() }
}

pub(crate) fn is_image(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}
