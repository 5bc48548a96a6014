//! `luodi user`: accounts from the command line.

use crate::args::{User, UserCommand};
use crate::message::language;
use crate::{Outcome, now, open};
use app::{Actor, Error, HeldRole};
use std::process::ExitCode;

/// Does what was asked of accounts.
pub async fn run(args: User) -> Outcome {
    let app = open(&args.database.database).await?;
    let actor = Actor::operator(now());
    let done = match &args.command {
        UserCommand::List => {
            for account in app.user_list(&actor).await.map_err(|error| error.to_string())? {
                let roles: Vec<_> = account.roles.iter().map(role).collect();
                let closed = format!("  ({})", language().cli_user_closed());
                let closed = if account.disabled { closed.as_str() } else { "" };
                println!("{}  {}  {}{closed}", account.login, account.name, roles.join(" "));
            }
            Ok(())
        }
        UserCommand::Add { login, name, role, limits } => {
            let name = name.as_deref().unwrap_or(login);
            app.user_add_with(&actor, (login, name, &password()?), (*role).into(), &limits.role()).await
        }
        UserCommand::Grant { login, role, limits } => {
            app.user_role_add(&actor, login, (*role).into(), &limits.role()).await
        }
        UserCommand::Password { login } => app.user_set_password(&actor, login, &password()?).await,
        UserCommand::Disable { login } => app.user_set_disabled(&actor, login, true).await,
        UserCommand::Enable { login } => app.user_set_disabled(&actor, login, false).await,
    };
    app.close().await;
    done.map(|()| ExitCode::SUCCESS).map_err(|error| explain(&error))
}

/// A role as a line of the list shows it: `region@invented/海澜州`.
fn role(role: &HeldRole) -> String {
    let programme = role.programme.as_deref().unwrap_or("*");
    let limits = [&role.region, &role.office, &role.record].into_iter().flatten();
    let limits: String = limits.map(|limit| format!("/{limit}")).collect();
    format!("{}@{programme}{limits}", role.code)
}

fn password() -> Result<String, String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| error.to_string())?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn explain(error: &Error) -> String {
    let t = language();
    match error {
        Error::NotFound => t.cli_user_unknown().to_owned(),
        Error::Invalid { field: "login", .. } => t.cli_user_taken().to_owned(),
        Error::Invalid { field: "programme", .. } => t.cli_user_programme().to_owned(),
        Error::Invalid { field: "password", .. } => t.cli_user_password().to_owned(),
        Error::Invalid { field: "role", .. } => t.cli_user_role_taken().to_owned(),
        Error::Invalid { field: field @ ("region" | "office" | "record"), .. } => {
            t.cli_user_limit(format!("--{field}"))
        }
        error => error.to_string(),
    }
}
