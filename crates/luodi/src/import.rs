//! `luodi import-documents`: files and folders into a programme, read at once.

use crate::args::ImportDocuments;
use crate::read::files_in;
use crate::{Outcome, message, now, open};
use app::{Actor, App, Programme};
use std::process::ExitCode;

/// Adds every file; one that is refused is named with the reason and the others go on.
pub async fn run(args: &ImportDocuments) -> Outcome {
    let app = open(&args.database.database).await?;
    let actor = Actor::operator(now());
    let programme = programme(&app, &actor, args.programme.as_deref()).await?;
    let mut refused = 0;
    for file in files_in(&args.files) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match app.document_add(&actor, programme.id, &file, &name).await {
            Ok(added) => println!("{}  {name}", added.code),
            Err(app::Error::DuplicateFile { file, code }) => {
                println!("{}", message::of(&app::Error::DuplicateFile { file, code }));
            }
            Err(error) => {
                refused += 1;
                eprintln!("{}", message::of(&error));
            }
        }
    }
    app.recover_jobs().await.map_err(|error| error.to_string())?;
    app.work(now).await.map_err(|error| error.to_string())?;
    let documents =
        app.document_list(&actor, programme.id, None, 1_000).await.map_err(|error| error.to_string())?;
    let open: i64 = documents.iter().map(|document| document.open_count).sum();
    println!("{}: {} documents, {open} claims to review", programme.code, documents.len());
    app.close().await;
    Ok(if refused > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn programme(app: &App, actor: &Actor, code: Option<&str>) -> Result<Programme, String> {
    let cards = app.programme_list(actor).await.map_err(|error| error.to_string())?;
    let codes = || cards.iter().map(|card| card.programme.code.as_str()).collect::<Vec<_>>().join(", ");
    let found = match code {
        Some(code) => cards.iter().find(|card| card.programme.code == code),
        None if cards.len() == 1 => cards.first(),
        None => None,
    };
    match (found, cards.is_empty()) {
        (Some(card), _) => Ok(card.programme.clone()),
        (None, true) => {
            Err("the database has no programme yet; `luodi serve --demo` loads the examples".into())
        }
        (None, false) => Err(format!("name the programme with --programme: {}", codes())),
    }
}
