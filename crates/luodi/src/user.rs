//! `luodi user`: accounts from the command line.

use crate::args::{User, UserCommand};
use crate::{Outcome, now, open};
use app::{Actor, Error};
use std::process::ExitCode;

/// Does what was asked of accounts.
pub async fn run(args: User) -> Outcome {
    let app = open(&args.database.database).await?;
    let actor = Actor::operator(now());
    let done = match &args.command {
        UserCommand::List => {
            for account in app.user_list(&actor).await.map_err(|error| error.to_string())? {
                let role = |(programme, role): &(Option<String>, String)| {
                    format!("{role}@{}", programme.as_deref().unwrap_or("*"))
                };
                let roles: Vec<_> = account.roles.iter().map(role).collect();
                let closed = if account.disabled { "  (closed)" } else { "" };
                println!("{}  {}  {}{closed}", account.login, account.name, roles.join(" "));
            }
            Ok(())
        }
        UserCommand::Add { login, name, role, programme } => {
            let name = name.as_deref().unwrap_or(login);
            app.user_add(&actor, login, name, &password()?, programme.as_deref(), (*role).into()).await
        }
        UserCommand::Password { login } => app.user_set_password(&actor, login, &password()?).await,
        UserCommand::Disable { login } => app.user_set_disabled(&actor, login, true).await,
        UserCommand::Enable { login } => app.user_set_disabled(&actor, login, false).await,
    };
    app.close().await;
    done.map(|()| ExitCode::SUCCESS).map_err(|error| explain(&error))
}

fn password() -> Result<String, String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| error.to_string())?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn explain(error: &Error) -> String {
    match error {
        Error::NotFound => "no account has this login".into(),
        Error::Invalid { field: "login", .. } => "this login is taken".into(),
        Error::Invalid { field: "programme", .. } => "no programme has this code".into(),
        Error::Invalid { field: "password", .. } => "the password needs 10 characters or more".into(),
        error => error.to_string(),
    }
}
