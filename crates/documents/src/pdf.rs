//! PDF files: their text layer, taken out by `pdftotext` in a child process with limits of memory and time.
//!
//! The fonts of official documents garble in every extractor that is not a full PDF engine; this one is on every
//! Linux system, and whatever a file makes it do, it does to itself.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::pdf_lines::Lines;
use crate::{Extracted, Format, Limits, Outcome, Refusal, decode};

/// The shell sets the limits, then becomes the tool: no unsafe code here, and killing the child kills the tool.
const SCRIPT: &str =
    r#"ulimit -v "$1"; ulimit -S -t "$2"; ulimit -c 0; exec "$3" -enc UTF-8 -eol unix "$4" -"#;

/// A page with fewer letters than this on average is a picture with a stamp, not a text.
const LETTERS_PER_PAGE: usize = 5;

/// Reads the PDF at `path`.
///
/// # Errors
/// [`Refusal::EncryptedPdf`], [`Refusal::BrokenPdf`], [`Refusal::Garbled`], [`Refusal::TextTooLarge`],
/// [`Refusal::PdfToolMissing`], [`Refusal::PdfTimeout`].
pub(crate) fn extract(path: &Path, limits: &Limits) -> Result<Outcome, Refusal> {
    extract_with("pdftotext", path, limits)
}

fn extract_with(tool: &str, path: &Path, limits: &Limits) -> Result<Outcome, Refusal> {
    let run = run(tool, path, limits)?;
    if run.out.len() > limits.text_bytes {
        return Err(limits.too_large(run.out.len() as u64));
    }
    if !run.status.success() {
        return Err(failure(run.status, &run.message, limits));
    }
    let raw = String::from_utf8_lossy(&run.out);
    let count = raw.matches('\u{c}').count().max(1);
    let evidence = Outcome::Evidence { format: Format::Pdf, pages: u32::try_from(count).unwrap_or(u32::MAX) };
    let chars = raw.chars().filter(|c| !c.is_whitespace()).count();
    if chars < LETTERS_PER_PAGE * count {
        return Ok(evidence);
    }
    decode::check_readable(raw.chars().filter(|c| is_meaningless(*c)).count(), chars)?;
    if raw.chars().filter(|c| c.is_alphanumeric()).count() < LETTERS_PER_PAGE * count {
        return Ok(evidence);
    }
    let (text, pages) = Lines::join(&raw);
    Ok(Outcome::Text(Extracted {
        text,
        format: Format::Pdf,
        extractor: "pdftotext",
        version: 1,
        encoding: None,
        pages,
    }))
}

/// Characters that a font without a meaning for its glyphs leaves: replacements, private codes, controls.
fn is_meaningless(c: char) -> bool {
    matches!(c, char::REPLACEMENT_CHARACTER | '\u{e000}'..='\u{f8ff}')
        || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

struct Run {
    status: ExitStatus,
    out: Vec<u8>,
    message: String,
}

fn run(tool: &str, path: &Path, limits: &Limits) -> Result<Run, Refusal> {
    let path = path.canonicalize()?;
    let mut child = Command::new("sh")
        .args(["-c", SCRIPT, "sh"])
        .arg((u64::from(limits.pdf_memory_mib) * 1024).to_string())
        .arg(limits.pdf_seconds.to_string())
        .arg(tool)
        .arg(path)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let out = drain(child.stdout.take(), limits.text_bytes as u64 + 1);
    let message = drain(child.stderr.take(), 64 << 10);
    let status = wait(&mut child, limits);
    // A killed child closes its pipes, so both threads end.
    let out = out.join().unwrap_or_default();
    let message = message.join().unwrap_or_default();
    Ok(Run { status: status?, out, message: String::from_utf8_lossy(&message).into_owned() })
}

/// Reads a pipe in its own thread, up to a limit; the closed pipe then ends a writer that has more.
fn drain<R: Read + Send + 'static>(pipe: Option<R>, limit: u64) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // An error here means that the child is gone; its exit status tells the rest.
            let _ = pipe.take(limit).read_to_end(&mut bytes);
        }
        bytes
    })
}

fn wait(child: &mut Child, limits: &Limits) -> Result<ExitStatus, Refusal> {
    let end = Instant::now() + Duration::from_secs(u64::from(limits.pdf_seconds));
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            return Err(Refusal::PdfTimeout { seconds: limits.pdf_seconds });
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// Exit codes of pdftotext: 1 cannot open, 3 not permitted; the shell says 127 for a missing tool and 126 for
/// one that cannot be run; no code at all means that a limit killed it.
fn failure(status: ExitStatus, message: &str, limits: &Limits) -> Refusal {
    let message = message.to_ascii_lowercase();
    match status.code() {
        Some(126 | 127) => Refusal::PdfToolMissing,
        Some(3) => Refusal::EncryptedPdf,
        Some(_) if message.contains("password") || message.contains("encrypt") => Refusal::EncryptedPdf,
        None if std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGXCPU) => {
            Refusal::PdfTimeout { seconds: limits.pdf_seconds }
        }
        _ => Refusal::BrokenPdf,
    }
}

/// Sent when the processor time is used up.
const SIGXCPU: i32 = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let outcome = extract_with("no-such-tool-anywhere", file.path(), &Limits::default());
        assert_eq!(outcome, Err(Refusal::PdfToolMissing));
    }
}
