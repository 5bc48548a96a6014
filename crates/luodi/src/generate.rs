//! `luodi generate`: an invented programme.

use crate::args::Generate;
use crate::message::language;
use crate::{Outcome, message, now, open};
use app::{Actor, Error, Ground, Mistake, Plan};
use locale::Locale;
use std::process::ExitCode;
use std::time::Instant;

/// The regions that no real figure belongs to.
const GROUND: Ground<'static> = Ground {
    regions: include_str!("../../../examples/invented/regions.tsv"),
    programme: include_str!("../../../examples/invented/programme.toml"),
};

/// Generates, and says how many records of each kind there are and what is wrong on purpose.
pub async fn run(args: &Generate) -> Outcome {
    let app = open(&args.database.database).await?;
    let plan = Plan { projects: args.projects as usize, seed: args.seed };
    let begun = Instant::now();
    let mut progress = |kind: app::RecordKind, count: usize| {
        tracing::info!(kind = kind.code(), count, seconds = begun.elapsed().as_secs());
    };
    let actor = Actor::operator(now());
    let code = args.programme.as_deref();
    let made =
        app.generate(&actor, plan, code, GROUND, &mut progress).await.map_err(|error| match error {
            Error::Conflict => language().cli_generate_taken().to_owned(),
            other => message::of(&other),
        })?;
    let records = made.records.values().sum::<usize>();
    println!("{}", language().cli_generated(&made.code, records, made.figures, begun.elapsed().as_secs()));
    for (kind, count) in &made.records {
        let label = if language() == Locale::Zh { kind.zh() } else { kind.en() };
        println!("  {label}  {count}");
    }
    println!("  {}  {}", language().task_tasks(), made.tasks);
    for (mistake, count) in &made.mistakes {
        println!("  {}", language().cli_generate_mistake(label(*mistake), count));
    }
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

fn label(mistake: Mistake) -> &'static str {
    let language = language();
    match mistake {
        Mistake::WrongCode => language.cli_mistake_wrong_code(),
        Mistake::NoCode => language.cli_mistake_no_code(),
        Mistake::Duplicate => language.cli_mistake_duplicate(),
        Mistake::DatesOutOfOrder => language.cli_mistake_dates(),
        Mistake::Missing => language.cli_mistake_missing(),
        Mistake::Tenfold => language.cli_mistake_tenfold(),
    }
}
