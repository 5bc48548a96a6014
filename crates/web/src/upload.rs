//! Receiving files: piece by piece into a temporary file, and no further than the limit.

use crate::failure::Failure;
use crate::format;
use crate::visit::Visit;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use std::path::Path;
use std::time::Duration;
use tempfile::NamedTempFile;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

/// Longest pasted text, in bytes; more belongs into a file.
const TEXT_LIMIT_BYTES: u64 = 16 << 20;

/// A sender who pauses longer than this is gone.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What one part of the form brought.
pub(crate) enum Received {
    /// A file, removed when this is dropped, with its name as it may be shown and stored.
    File { name: String, file: NamedTempFile },
    /// A field of the form.
    Text { name: String, text: String },
    /// A file or text above its limit.
    TooLarge { name: String, limit_bytes: u64 },
}

/// The refusal of what was too large.
pub(crate) fn too_large(name: &str, limit_bytes: u64) -> app::Error {
    let args = vec![("limit", format::size(limit_bytes))];
    app::Error::Refused { file: name.to_owned(), code: "too-large-upload", args }
}

/// Takes the parts of a form one after the other. What is too large is not kept; its rest is read and thrown away, up
/// to once more the limit, so that a browser which is still sending hears the answer.
pub(crate) struct Receiver<'a> {
    visit: &'a Visit,
    form: Multipart,
    thrown_away: u64,
}

impl<'a> Receiver<'a> {
    pub(crate) fn new(visit: &'a Visit, form: Multipart) -> Self {
        // Whoever tidies temporary folders may have taken it; where it cannot be made, the first file says so.
        let _ = std::fs::create_dir_all(&visit.state.config.spool);
        Self { visit, form, thrown_away: 0 }
    }

    /// The next part; none at the end, or when the sender goes on and on.
    pub(crate) async fn next(&mut self) -> Result<Option<Received>, Failure> {
        let config = &self.visit.state.config;
        let limit_bytes = config.upload_limit_bytes;
        if self.thrown_away > limit_bytes {
            return Ok(None);
        }
        let Some(mut field) = in_time(self.form.next_field()).await? else { return Ok(None) };
        let name = field.name().unwrap_or("").to_owned();
        let received = match field.file_name().map(app::file_name) {
            Some(file_name) => receive_file(&mut field, file_name, limit_bytes, &config.spool).await?,
            None => receive_text(&mut field, name, limit_bytes.min(TEXT_LIMIT_BYTES)).await?,
        };
        if matches!(received, Received::TooLarge { .. }) {
            while self.thrown_away <= limit_bytes {
                let Some(chunk) = in_time(field.chunk()).await? else { break };
                self.thrown_away += chunk.len() as u64;
            }
        }
        Ok(Some(received))
    }
}

/// What a sender sends next, unless nothing comes for too long or what comes is no form.
async fn in_time<T>(next: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Failure> {
    match tokio::time::timeout(LONGEST_PAUSE, next).await {
        Ok(Ok(sent)) => Ok(sent),
        Ok(Err(_)) | Err(_) => Err(Failure::BadRequest),
    }
}

async fn receive_file(
    field: &mut Field<'_>,
    name: String,
    limit_bytes: u64,
    spool: &Path,
) -> Result<Received, Failure> {
    let failed = |error: std::io::Error| Failure::from(app::Error::from(error));
    let file = NamedTempFile::new_in(spool).map_err(failed)?;
    let mut target = File::from_std(file.reopen().map_err(failed)?);
    let mut size = 0_u64;
    while let Some(chunk) = in_time(field.chunk()).await? {
        size += chunk.len() as u64;
        if size > limit_bytes {
            return Ok(Received::TooLarge { name, limit_bytes });
        }
        target.write_all(&chunk).await.map_err(failed)?;
    }
    target.flush().await.map_err(failed)?;
    Ok(Received::File { name, file })
}

async fn receive_text(field: &mut Field<'_>, name: String, limit_bytes: u64) -> Result<Received, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = in_time(field.chunk()).await? {
        if (bytes.len() + chunk.len()) as u64 > limit_bytes {
            return Ok(Received::TooLarge { name, limit_bytes });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Received::Text { name, text: String::from_utf8_lossy(&bytes).into_owned() })
}
