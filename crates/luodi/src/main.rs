//! The binary: command line, configuration, serving. Everything it does is a use case of `app` or a page of `web`.

mod args;
mod backup;
mod connection;
mod deliver;
mod demo;
mod doctor;
mod export;
mod generate;
mod import;
mod memory;
mod message;
mod read;
mod serve;
mod sheets;
mod spool;
mod templates;
mod user;

use args::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    memory::set_allocator();
    end_with_the_reader();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("LUODI_LOG")
                .unwrap_or_else(|_| "info,sqlx=warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string()),
    };
    match runtime.block_on(run(arguments.command)) {
        Ok(code) => code,
        Err(message) => fail(&message),
    }
}

/// Ends quietly where the reader of the output has left, as in `luodi doctor | head -1`; the standard library panics.
fn end_with_the_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>();
        if said.is_some_and(|said| said.starts_with("failed printing to stdout: Broken pipe")) {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

fn fail(message: &str) -> ExitCode {
    eprintln!("luodi: {message}");
    ExitCode::FAILURE
}

/// What a command answers: its exit code, or a message for the person at the terminal.
type Outcome = Result<ExitCode, String>;

async fn run(command: Command) -> Outcome {
    match command {
        Command::Read(args) => read::run(&args),
        Command::Serve(args) => serve::run(args).await,
        Command::Import(args) => sheets::run(&args).await,
        Command::ImportDocuments(args) => import::run(&args).await,
        Command::Export(args) => export::run(&args).await,
        Command::Templates(args) => templates::run(&args),
        Command::Backup(args) => backup::write(&args).await,
        Command::Restore(args) => backup::restore(&args).await,
        Command::Doctor(args) => doctor::run(&args).await,
        Command::User(args) => user::run(args).await,
        Command::Generate(args) => generate::run(&args).await,
    }
}

/// Opens the database for a command, with a message that names the address.
async fn open(database: &str) -> Result<app::App, String> {
    app::App::open(database)
        .await
        .map_err(|error| format!("the database {database} cannot be opened: {error}"))
}

/// The clock of the program; use cases get their instant from here.
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
