//! `luodi export`: the records of a list as a file.

use crate::args::{Export, FormatArgument};
use crate::{Outcome, message, now, open};
use app::{Actor, ExportFormat};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

/// Writes the file, and says what it holds where that is asked for.
pub async fn run(args: &Export) -> Outcome {
    let app = open(&args.database.database).await?;
    let actor = match &args.user {
        Some(login) => app.actor_named(login, now()).await.map_err(|error| match error {
            app::Error::NotFound => message::language().cli_user_unknown().to_owned(),
            other => message::of(&other),
        })?,
        None => Actor::operator(now()),
    };
    let programme = crate::import::programme(&app, &actor, args.programme.as_deref()).await?;
    let format = match args.format {
        FormatArgument::Xlsx => ExportFormat::Xlsx,
        FormatArgument::Csv => ExportFormat::Csv,
        FormatArgument::Jsonl => ExportFormat::JsonLines,
    };
    let of = web::ListExport {
        programme: &programme.code,
        kind: &args.kind,
        query: &args.filter,
        format,
        locale: message::language(),
    };
    let exported = web::export_list(&app, actor, &of).await?;
    let rows = exported.rows;
    let (bytes, digest) =
        write(exported.file, &args.output).map_err(|error| format!("{}: {error}", args.output.display()))?;
    let is_output = args.output == Path::new("-");
    let words = match args.report {
        Some(_) => json!({ "rows": rows, "bytes": bytes, "sha256": digest }).to_string(),
        None => message::language().cli_exported(rows as usize),
    };
    if is_output {
        eprintln!("{words}")
    } else {
        println!("{words}")
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Copies the file, and counts and digests its bytes. A named file takes its place only when it is whole.
fn write(mut from: File, output: &Path) -> std::io::Result<(u64, String)> {
    if output == Path::new("-") {
        let mut target = std::io::stdout().lock();
        let copied = copy(&mut from, &mut target)?;
        target.flush()?;
        return Ok(copied);
    }
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut target = tempfile::NamedTempFile::new_in(folder)?;
    let copied = copy(&mut from, &mut target)?;
    target.persist(output).map_err(|error| error.error)?;
    Ok(copied)
}

fn copy(from: &mut File, into: &mut impl Write) -> std::io::Result<(u64, String)> {
    let (mut bytes, mut digest, mut piece) = (0, Sha256::new(), vec![0; 1 << 18]);
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            let hex = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            return Ok((bytes, hex));
        }
        digest.update(&piece[..read]);
        into.write_all(&piece[..read])?;
        bytes += read as u64;
    }
}
