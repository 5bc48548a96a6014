//! `luodi doctor`: what is fit and what is not.

use crate::args::DatabaseOnly;
use crate::message::language;
use crate::{Outcome, now, open};
use app::Actor;
use std::process::{Command, ExitCode};

/// Checks the database and the tools, a line each.
pub async fn run(args: &DatabaseOnly) -> Outcome {
    let app = open(&args.database).await?;
    app.ping().await.map_err(|error| error.to_string())?;
    let t = language();
    println!("ok    {}", t.cli_database_ok(&args.database, app.database_name()));
    let actor = Actor::operator(now());
    let cards = app.programme_list(&actor).await.map_err(|error| error.to_string())?;
    let mut sound = true;
    for card in &cards {
        let code = &card.programme.code;
        let id = card.programme.id;
        let mut wrong = app.verify_totals(&actor, id).await.map_err(|error| error.to_string())?;
        let aid = app.verify_aid(&actor, id).await.map_err(|error| error.to_string())?;
        wrong.extend(aid.into_iter().map(|of| format!("aid@{of}")));
        sound &= wrong.is_empty();
        let (documents, figures) = (card.documents, card.figures);
        match wrong.as_slice() {
            [] => println!("ok    {}", t.cli_programme_ok(code, documents, figures)),
            wrong => println!("WRONG {}", t.cli_programme_wrong(code, wrong.join(", "))),
        }
    }
    if cards.is_empty() {
        println!("note  {}", t.cli_no_programme());
    }
    match Command::new("pdftotext").arg("-v").output() {
        Ok(_) => println!("ok    {}", t.cli_pdf_ok()),
        Err(_) => println!("note  {}", t.cli_pdf_missing()),
    }
    app.close().await;
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
