//! The demo: reference regions, the example programmes, named users, and the reports at hand. Runs once; later starts find
//! everything there and keep what users did.

use crate::read::files_in;
use crate::{message, now};
use app::{Actor, App, Role};
use std::path::Path;

/// The password of every demo user; shown on the sign-in page of a demo only.
pub const PASSWORD: &str = "luodi-demo";

/// Login, name and role of the demo users.
const USERS: &[(&str, &str, Role)] = &[
    ("office", "办公室 · 林一", Role::Office),
    ("reviewer", "审核 · 周二", Role::Reviewer),
    ("approver", "核定 · 吴三", Role::Approver),
    ("reader", "查阅 · 郑四", Role::Reader),
    ("audit", "审计管理员 · 王五", Role::Audit),
];

/// Regions of the country, shipped with the binary.
const REGIONS: &str = include_str!("../../../data/regions.tsv");

/// Loads what is not there yet, and says what it does.
pub async fn prepare(app: &App, examples: &Path, articles: Option<&Path>) -> Result<(), String> {
    let actor = Actor::operator(now());
    let known = app.user_list().await.map_err(|error| error.to_string())?;
    if known.iter().any(|account| account.login == USERS[0].0) {
        return Ok(());
    }
    println!("loading regions …");
    app.load_regions(&actor, REGIONS, "data/regions.tsv").await.map_err(|error| error.to_string())?;
    let mut folders: Vec<_> = std::fs::read_dir(examples)
        .map_err(|error| format!("{}: {error}", examples.display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("programme.toml").is_file())
        .collect();
    folders.sort();
    for folder in folders {
        println!("loading the example programme {} …", folder.display());
        let loaded = app.load_example(&actor, &folder).await.map_err(|error| error.to_string())?;
        let reports = loaded.reports.as_deref().or(articles);
        if let Some(reports) = reports.filter(|path| path.is_dir()) {
            import(app, &actor, &loaded.code, reports).await?;
        }
    }
    println!("making the demo users …");
    for (login, name, role) in USERS {
        app.user_add(&actor, login, name, PASSWORD, None, *role).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

async fn import(app: &App, actor: &Actor, programme: &str, folder: &Path) -> Result<(), String> {
    let programme = app.programme(programme).await.map_err(|error| error.to_string())?;
    for file in files_in(&[folder.to_owned()]) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match app.document_add(actor, programme.id, &file, &name).await {
            Ok(added) => println!("  {name} · {}", added.code),
            Err(error) => println!("  {}", message::of(&error)),
        }
    }
    app.work(now).await.map_err(|error| error.to_string())?;
    Ok(())
}
