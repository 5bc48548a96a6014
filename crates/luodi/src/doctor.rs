//! `luodi doctor`: what is fit and what is not.

use crate::args::DatabaseOnly;
use crate::{Outcome, now, open};
use app::Actor;
use std::process::{Command, ExitCode};

/// Checks the database and the tools, a line each.
pub async fn run(args: &DatabaseOnly) -> Outcome {
    let app = open(&args.database).await?;
    app.ping().await.map_err(|error| error.to_string())?;
    println!("ok    database {} ({})", args.database, app.database_name());
    let actor = Actor::operator(now());
    let cards = app.programme_list(&actor).await.map_err(|error| error.to_string())?;
    let mut sound = true;
    for card in &cards {
        let code = &card.programme.code;
        let wrong = app.verify_totals(&actor, card.programme.id).await.map_err(|error| error.to_string())?;
        sound &= wrong.is_empty();
        let (documents, figures) = (card.documents, card.figures);
        match wrong.as_slice() {
            [] => println!(
                "ok    programme {code}: {documents} documents, {figures} figures, kept totals as counted"
            ),
            wrong => {
                println!("WRONG programme {code}: kept totals differ from the count: {}", wrong.join(", "))
            }
        }
    }
    if cards.is_empty() {
        println!("note  no programme yet; `luodi serve --demo` loads the examples");
    }
    match Command::new("pdftotext").arg("-v").output() {
        Ok(_) => println!("ok    pdftotext reads PDF files"),
        Err(_) => {
            println!("note  pdftotext is missing: PDF files are refused until poppler-utils is installed")
        }
    }
    app.close().await;
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
