//! The project's own commands: `cargo xtask COMMAND`.
//!
//! Standard library and serde_json only, so that the first command of a fresh clone compiles in seconds.

mod assets;
mod bench;
mod counts;
mod demo;
mod fuzz;
mod needs;
mod npm;
mod pg;
mod run;
mod test;
mod tidy;

use std::process::ExitCode;

use run::Outcome;

const HELP: &str = "\
cargo xtask COMMAND

  demo [--port N] [--data DIR]   build Luodi and open it on the example programmes
  test [--fast]                  every check and test; --fast leaves out PostgreSQL and the browser
  tidy                           sizes, crate directions and the other rules of the house
  assets                         build and type-check the front end
  pg                             a private PostgreSQL until Enter is pressed; prints its address
  bench NAME [ARGUMENTS]         a benchmark of benches/: reading [GOLD] [RECOGNIZERS], overview, search, lists, mixed, projects, reporting
  fuzz [SECONDS]                 every fuzz target for so long (60 seconds unless told)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\n{message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Outcome {
    let rest = args.get(1..).unwrap_or_default();
    match args.first().map(String::as_str) {
        Some("demo") => demo::demo(rest),
        Some("test") => test::test(rest),
        Some("tidy") => tidy::tidy(),
        Some("assets") => assets::assets(),
        Some("pg") => pg::serve(),
        Some("bench") => bench::bench(rest),
        Some("fuzz") => fuzz::fuzz(rest),
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("unknown command {other}\n\n{HELP}")),
    }
}
