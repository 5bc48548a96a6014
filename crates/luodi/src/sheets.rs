//! `luodi import`: spreadsheets into the records of a programme, as the pages do it.

use crate::args::Import;
use crate::{Outcome, import, message, now, open};
use app::{Actor, App, ImportChoice, ImportState, ImportView, RecordKind, RowState};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// Wrong rows that are named.
const NAMED: i64 = 20;

/// Brings every file in; one that is refused is named with the reason and the others go on.
pub async fn run(args: &Import) -> Outcome {
    let app = open(&args.database.database).await?;
    let operator = Actor::operator(now());
    let programme = import::programme(&app, &operator, args.programme.as_deref()).await?;
    let actor = match &args.user {
        Some(login) => app.actor_named(login, now()).await.map_err(|error| message::of(&error))?,
        None => operator,
    };
    app.recover_jobs().await.map_err(|error| error.to_string())?;
    let mut failed = false;
    for file in &args.files {
        match one(&app, &actor, programme.id, args, file).await {
            Ok(is_done) => failed |= !is_done,
            Err(error) => {
                failed = true;
                eprintln!("{}: {}", file.display(), message::of(&error));
            }
        }
    }
    app.close().await;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Brings one file in; whether all of its rows were understood and written.
async fn one(app: &App, actor: &Actor, programme: i64, args: &Import, file: &Path) -> app::Result<bool> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let id = app.import_open(actor, programme, file, &name).await?;
    if let Some(kind) = args.kind.as_deref() {
        let kind = RecordKind::from_code(kind).filter(|kind| app::is_importable(*kind));
        let kind = kind.ok_or(app::Error::Invalid { field: "kind", problem: "unknown" })?;
        app.import_propose(actor, programme, id, (kind, None)).await?;
    }
    let view = app.import_get(actor, programme, id).await?;
    let mut mapping = view.mapping;
    mapping.register |= args.register;
    let choice = ImportChoice {
        kind: view.import.kind.clone(),
        mode: args.mode.code().to_owned(),
        mapping,
        source: args.source.clone().or(view.import.source).unwrap_or_default(),
    };
    app.import_read(actor, programme, id, &choice).await?;
    app.work(now).await?;
    let doubtful = if args.doubtful_as_new { "new" } else { "skip" };
    let mut view = app.import_get(actor, programme, id).await?;
    if view.import.state == ImportState::Ready {
        app.import_decide_all(actor, programme, id, doubtful).await?;
        view = app.import_get(actor, programme, id).await?;
    }
    let count = |view: &ImportView, state: RowState| view.counts.get(&state).copied().unwrap_or(0);
    let writes = count(&view, RowState::New) + count(&view, RowState::Changed);
    let report = report(app, actor, programme, &view).await?;
    if args.dry_run {
        app.import_cancel(actor, programme, id).await?;
    } else if writes > 0 && view.import.state == ImportState::Ready {
        app.import_commit(actor, programme, id, "").await?;
        app.work(now).await?;
        view = app.import_get(actor, programme, id).await?;
    }
    tell(args, &name, &view, report);
    let is_over = args.dry_run || writes == 0 || view.import.state == ImportState::Done;
    Ok(is_over && count(&view, RowState::Wrong) == 0)
}

/// The wrong rows, as far as they are named.
async fn report(
    app: &App,
    actor: &Actor,
    programme: i64,
    view: &ImportView,
) -> app::Result<Vec<serde_json::Value>> {
    let asked = (Some(RowState::Wrong), 0, NAMED);
    let (rows, _) = app.import_rows(actor, programme, view.import.id, asked).await?;
    let wrong = rows.iter().flat_map(|row| {
        row.problems.iter().filter(|problem| !problem.is_note).map(|problem| {
            let number = u32::try_from(row.row.number).unwrap_or(0);
            let cell = problem.column.map(|column| app::cell_name(column, number));
            json!({ "row": number, "cell": cell, "field": problem.field, "code": problem.code, "said": problem.said, "hint": problem.hint })
        })
    });
    Ok(wrong.collect())
}

fn tell(args: &Import, name: &str, view: &ImportView, wrong: Vec<serde_json::Value>) {
    let counts: serde_json::Map<String, serde_json::Value> =
        view.counts.iter().map(|(state, count)| (state.code().to_owned(), json!(count))).collect();
    let import = &view.import;
    if args.json {
        let report = json!({
            "file": name, "digest": import.digest, "sheet": import.sheet_name, "kind": import.kind, "import": import.id,
            "dry_run": args.dry_run, "state": import.state.code(), "change": import.change, "rows": counts, "wrong": wrong,
            "error": import.error.as_ref().map(|(code, _)| code),
        });
        println!("{report}");
        return;
    }
    let counts: Vec<String> = counts.iter().map(|(state, count)| format!("{state} {count}")).collect();
    println!("{name}  {}  {}  {}", import.kind, import.state.code(), counts.join(", "));
    for problem in wrong {
        let text = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
        println!(
            "  {}  {} {} {} {}",
            problem["row"],
            text("cell"),
            text("field"),
            text("code"),
            text("said")
        );
    }
}
