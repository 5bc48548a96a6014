//! The demo: named users, reference regions, the example programmes, and the reports at hand, of which what is certain is
//! accepted. Later starts find everything there and keep what users did.

use crate::import::add_files;
use crate::message::language;
use crate::now;
use app::{Actor, App, NewRole, RecordKind, Role, RoundActors};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The password of every demo user; shown on the sign-in page of a demo only.
const PASSWORD: &str = "luodi-demo";

/// Login, name and role of the demo users.
const USERS: &[(&str, &str, Role)] = &[
    ("office", "办公室 · 林一", Role::Office),
    ("reviewer", "审核 · 周二", Role::Reviewer),
    ("approver", "核定 · 吴三", Role::Approver),
    ("reader", "查阅 · 郑四", Role::Reader),
    ("audit", "审计管理员 · 王五", Role::Audit),
];

/// What the logins of a programme's own demo users begin with, so that they too end with the demo.
const PREFIX: &str = "demo-";

/// The file of a programme's folder that names its demo users.
const USERS_FILE: &str = "users.toml";

/// The demo users of one programme.
#[derive(Deserialize)]
struct ProgrammeUsers {
    user: Vec<ProgrammeUser>,
}

/// One of them, with what the role is limited to: regions by code, records by name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgrammeUser {
    login: String,
    name: String,
    role: String,
    region: Option<String>,
    office: Option<String>,
    record: Option<String>,
}

/// Regions of the country, shipped with the binary.
const REGIONS: &str = include_str!("../../../data/regions.tsv");

/// Loads what is not there yet, and says what it does.
pub async fn prepare(app: &App, examples: &Path, articles: Option<&Path>) -> Result<(), String> {
    let actor = Actor::operator(now());
    users(app, &actor).await?;
    let known = app.programme_list(&actor).await.map_err(|error| error.to_string())?;
    if known.is_empty() {
        println!("{}", language().cli_demo_regions());
        app.load_regions(&actor, REGIONS, "data/regions.tsv").await.map_err(|error| error.to_string())?;
    }
    for folder in folders(examples)? {
        let loaded = app.load_example(&actor, &folder).await.map_err(|error| error.to_string())?;
        if !loaded.existed {
            println!("{}", language().cli_demo_programme(&loaded.code));
            users_of(app, &actor, &folder, &loaded.code).await?;
            played(app, &folder, &loaded.code).await?;
        }
        let reports = loaded.reports.as_deref().or(articles).filter(|path| path.is_dir());
        let empty = known.iter().all(|card| card.programme.code != loaded.code || card.documents == 0);
        if let Some(reports) = reports.filter(|_| empty) {
            println!("{}", language().cli_demo_reading(reports.display()));
            let programme = app.programme(&loaded.code).await.map_err(|error| error.to_string())?;
            let office = app.actor_named(USERS[0].0, now()).await.map_err(|error| error.to_string())?;
            add_files(app, &office, programme.id, &[reports.to_owned()], true).await?;
        }
    }
    Ok(())
}

/// The demo users that a programme's folder names.
fn users_in(folder: &Path) -> Result<Vec<ProgrammeUser>, String> {
    let path = folder.join(USERS_FILE);
    let problem = |problem: String| format!("{}: {problem}", path.display());
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&path).map_err(|error| problem(error.to_string()))?;
    let users: ProgrammeUsers = toml::from_str(&text).map_err(|error| problem(error.to_string()))?;
    Ok(users.user)
}

/// Makes the demo users that a programme's folder names.
async fn users_of(app: &App, actor: &Actor, folder: &Path, programme: &str) -> Result<(), String> {
    let problem = |problem: String| format!("{}: {problem}", folder.join(USERS_FILE).display());
    let id = app.programme(programme).await.map_err(|error| error.to_string())?.id;
    for user in users_in(folder)? {
        let unknown = || problem(format!("{} has a role that is not known", user.login));
        let role = Role::from_code(&user.role).ok_or_else(unknown)?;
        if !user.login.starts_with(PREFIX) {
            return Err(problem(format!("{} does not begin with {PREFIX}", user.login)));
        }
        let mut codes = Vec::new();
        for (name, kinds) in [
            (&user.office, &[RecordKind::Office][..]),
            (&user.record, &[RecordKind::Park, RecordKind::Organisation][..]),
        ] {
            codes.push(match name {
                Some(name) => Some(code_of(app, actor, id, kinds, name).await.map_err(&problem)?),
                None => None,
            });
        }
        let new = NewRole {
            programme: Some(programme),
            region: user.region.as_deref(),
            office: codes[0].as_deref(),
            record: codes[1].as_deref(),
        };
        let added = app.user_add_with(actor, (&user.login, &user.name, PASSWORD), role, &new).await;
        added.map_err(|error| problem(format!("{}: {error}", user.login)))?;
    }
    Ok(())
}

/// Gives a programme's tasks and plays its rounds of reporting, as the demo's office, reviewer and approver.
async fn played(app: &App, folder: &Path, programme: &str) -> Result<(), String> {
    let id = app.programme(programme).await.map_err(|error| error.to_string())?.id;
    let actor =
        async |at: usize| app.actor_named(USERS[at].0, now()).await.map_err(|error| error.to_string());
    let actors =
        RoundActors { office: actor(0).await?, reviewer: actor(1).await?, approver: actor(2).await? };
    app.load_tasks(&actors.office, id, folder).await.map_err(|error| error.to_string())?;
    app.load_rounds(id, folder, &actors).await.map_err(|error| error.to_string())?;
    Ok(())
}

/// The code of the record of one of these kinds that has this name.
async fn code_of(
    app: &App,
    actor: &Actor,
    programme: i64,
    kinds: &[RecordKind],
    name: &str,
) -> Result<String, String> {
    for kind in kinds {
        let found = app.record_list_named(actor, programme, *kind, name).await;
        if let [record] = &found.map_err(|error| error.to_string())?[..] {
            return Ok(record.code.clone());
        }
    }
    Err(format!("no record is called {name}"))
}

async fn users(app: &App, actor: &Actor) -> Result<(), String> {
    let known = app.user_list(actor).await.map_err(|error| error.to_string())?;
    for (login, name, role) in
        USERS.iter().filter(|(login, ..)| known.iter().all(|known| known.login != *login))
    {
        app.user_add(actor, login, name, PASSWORD, None, *role).await.map_err(|error| error.to_string())?;
    }
    for login in with_demo_password(app, actor, true).await? {
        app.user_set_disabled(actor, &login, false).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Closes the demo users who still have the password that everybody knows, and says so.
pub async fn close_accounts(app: &App) -> Result<(), String> {
    let actor = Actor::operator(now());
    for login in with_demo_password(app, &actor, false).await? {
        app.user_set_disabled(&actor, &login, true).await.map_err(|error| error.to_string())?;
        tracing::warn!(login, "closed a demo account that had the demo's password");
    }
    Ok(())
}

/// Logins of the closed or open demo users who have the demo's password.
async fn with_demo_password(app: &App, actor: &Actor, closed: bool) -> Result<Vec<String>, String> {
    let mut logins = Vec::new();
    for account in app.user_list(actor).await.map_err(|error| error.to_string())? {
        let of_demo =
            account.login.starts_with(PREFIX) || USERS.iter().any(|(login, ..)| *login == account.login);
        if of_demo
            && account.disabled == closed
            && app
                .user_has_password(actor, &account.login, PASSWORD)
                .await
                .map_err(|error| error.to_string())?
        {
            logins.push(account.login);
        }
    }
    Ok(logins)
}

/// What the sign-in page offers in a demo: those of every programme, then those of each.
pub fn offered(examples: &Path) -> Result<web::Demo, String> {
    let mut users: Vec<_> =
        USERS.iter().map(|(login, name, role)| ((*login).to_owned(), (*name).to_owned(), *role)).collect();
    for folder in folders(examples)? {
        for user in users_in(&folder)? {
            users.extend(Role::from_code(&user.role).map(|role| (user.login, user.name, role)));
        }
    }
    Ok(web::Demo { users, password: PASSWORD })
}

fn folders(examples: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(examples).map_err(|error| format!("{}: {error}", examples.display()))?;
    let folders = entries.flatten().map(|entry| entry.path());
    let mut folders: Vec<_> = folders.filter(|path| path.join("programme.toml").is_file()).collect();
    folders.sort();
    Ok(folders)
}
