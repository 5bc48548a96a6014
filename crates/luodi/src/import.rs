//! `luodi import-documents`: files and folders into a programme, read at once.

use crate::args::ImportDocuments;
use crate::read::files_in;
use crate::{Outcome, message, now, open};
use app::{Actor, App, Programme};
use std::path::PathBuf;
use std::process::ExitCode;

/// Adds every file; one that is refused is named with the reason and the others go on.
pub async fn run(args: &ImportDocuments) -> Outcome {
    let app = open(&args.database.database).await?;
    let actor = Actor::operator(now());
    let programme = programme(&app, &actor, args.programme.as_deref()).await?;
    app.recover_jobs().await.map_err(|error| error.to_string())?;
    let refused = add_files(&app, &actor, programme.id, &args.files, args.accept_certain).await?;
    let cards = app.programme_list(&actor).await.map_err(|error| error.to_string())?;
    if let Some(card) = cards.iter().find(|card| card.programme.id == programme.id) {
        let (documents, figures, open) = (card.documents, card.figures, card.open_claims);
        let words = message::language().cli_imported(&programme.code, documents, figures, open);
        println!("{words}");
    }
    app.close().await;
    Ok(if refused > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Adds and reads files and folders, a line each; returns how many were refused.
pub async fn add_files(
    app: &App,
    actor: &Actor,
    programme: i64,
    files: &[PathBuf],
    accept_certain: bool,
) -> Result<usize, String> {
    let mut refused = 0;
    let mut added = Vec::new();
    for file in files_in(files) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match app.document_add(actor, programme, &file, &name).await {
            Ok(document) => {
                println!("{}  {name}", document.code);
                added.push(document.id);
            }
            Err(error @ app::Error::DuplicateFile { .. }) => println!("{}", message::of(&error)),
            Err(error) => {
                refused += 1;
                eprintln!("{}", message::of(&error));
            }
        }
    }
    app.work(now).await.map_err(|error| error.to_string())?;
    for document in added.into_iter().filter(|_| accept_certain) {
        app.claim_accept_certain(actor, programme, document).await.map_err(|error| error.to_string())?;
    }
    Ok(refused)
}

/// The programme with this code, or the only one.
pub async fn programme(app: &App, actor: &Actor, code: Option<&str>) -> Result<Programme, String> {
    let cards = app.programme_list(actor).await.map_err(|error| error.to_string())?;
    let codes = || cards.iter().map(|card| card.programme.code.as_str()).collect::<Vec<_>>().join(", ");
    let found = match code {
        Some(code) => cards.iter().find(|card| card.programme.code == code),
        None if cards.len() == 1 => cards.first(),
        None => None,
    };
    match (found, cards.is_empty()) {
        (Some(card), _) => Ok(card.programme.clone()),
        (None, true) => Err(message::language().cli_no_programme().to_owned()),
        (None, false) => Err(message::language().cli_which_programme(codes())),
    }
}
