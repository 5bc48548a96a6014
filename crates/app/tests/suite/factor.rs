//! The second factor: set up, asked for, used once, lost and reset.

use crate::common::{applications, now};
use app::{Actor, App, Error, NewRole, Role, Token};
use jiff::{Timestamp, ToSpan};

const PASSWORD: &str = "long enough";

fn later(seconds: i64) -> Timestamp {
    now().checked_add(seconds.seconds()).expect("in range")
}

/// What a device that was given this secret shows; the same function as RFC 6238's, by its public vectors.
fn device(secret: &str, at: Timestamp) -> String {
    app::one_time_code(secret, at)
}

async fn with_factor(app: &App, login: &str, role: Role) -> (Actor, String, Vec<String>) {
    let actor = crate::common::user(app, login, role).await;
    let secret = app.factor_begin(&actor).await.expect("a secret").secret;
    assert_eq!(app.factor_begin(&actor).await.expect("the same").secret, secret);
    let codes = app.factor_confirm(&actor, &device(&secret, now())).await.expect("the right code");
    (actor, secret, codes)
}

async fn sign_in(app: &App, login: &str, at: Timestamp) -> Token {
    app.sign_in(login, PASSWORD, at).await.expect("the right password")
}

#[tokio::test]
async fn a_session_opens_nothing_before_the_code_and_a_code_is_taken_once() {
    for (app, _) in applications().await {
        let (_, secret, codes) = with_factor(&app, "office", Role::Office).await;
        assert_eq!(codes.len(), 10);
        let token = sign_in(&app, "office", now()).await;
        assert!(app.actor(&token.0, now()).await.unwrap().is_none(), "the password alone opens nothing");
        assert!(app.sign_in_waiting(&token.0, now()).await.unwrap().expect("it waits").enrol.is_none());
        let used = app.sign_in_finish(&token.0, &device(&secret, now()), now()).await;
        assert!(matches!(used, Err(Error::WrongCode)), "the code that set it up was used");
        let code = device(&secret, later(30));
        let (next, _) = app.sign_in_finish(&token.0, &code, later(30)).await.expect("the next code");
        assert!(app.actor(&next.0, later(31)).await.unwrap().is_some());
        assert!(app.actor(&token.0, later(31)).await.unwrap().is_none(), "the old token is gone");
        let again = sign_in(&app, "office", later(40)).await;
        let replayed = app.sign_in_finish(&again.0, &code, later(40)).await;
        assert!(matches!(replayed, Err(Error::WrongCode)));
    }
}

#[tokio::test]
async fn a_recovery_code_is_taken_once_however_it_is_typed() {
    for (app, _) in applications().await {
        let (actor, _, codes) = with_factor(&app, "office", Role::Office).await;
        let typed = codes[0].to_lowercase().replace('-', " ");
        let token = sign_in(&app, "office", now()).await;
        app.sign_in_finish(&token.0, &typed, now()).await.expect("a recovery code");
        let token = sign_in(&app, "office", now()).await;
        assert!(matches!(app.sign_in_finish(&token.0, &typed, now()).await, Err(Error::WrongCode)));
        assert_eq!(app.factor(&actor).await.unwrap().recovery_left, Some(9));
    }
}

#[tokio::test]
async fn wrong_codes_lock_and_the_password_gives_no_new_tries() {
    for (app, _) in applications().await {
        let (_, secret, _) = with_factor(&app, "office", Role::Office).await;
        for attempt in 1..=4 {
            let token = sign_in(&app, "office", now()).await;
            let wrong = app.sign_in_finish(&token.0, "000000", now()).await;
            assert!(matches!(wrong, Err(Error::WrongCode)), "attempt {attempt}: {wrong:?}");
        }
        let token = sign_in(&app, "office", now()).await;
        assert!(matches!(app.sign_in_finish(&token.0, "000000", now()).await, Err(Error::Locked { .. })));
        let right = device(&secret, later(60));
        assert!(matches!(app.sign_in_finish(&token.0, &right, later(60)).await, Err(Error::Locked { .. })));
        assert!(matches!(app.sign_in("office", PASSWORD, later(60)).await, Err(Error::Locked { .. })));
    }
}

#[tokio::test]
async fn a_role_that_needs_a_second_factor_sets_it_up_before_anything_else() {
    for (app, _) in applications().await {
        let operator = Actor::operator(now());
        app.setting_set(&operator, None, "factor_roles", "approver,reviewer").await.expect("set");
        let actor = Actor { user: None, ..operator.clone() };
        app.user_add_with(&actor, ("boss", "boss", PASSWORD), Role::Approver, &NewRole::default())
            .await
            .expect("a new login");
        let token = sign_in(&app, "boss", now()).await;
        assert!(app.actor(&token.0, now()).await.unwrap().is_none());
        let enrol = app.sign_in_waiting(&token.0, now()).await.unwrap().expect("it waits").enrol;
        let secret = enrol.expect("a secret to set up").secret;
        let code = device(&secret, now());
        let (next, codes) = app.sign_in_finish(&token.0, &code, now()).await.expect("the first code");
        assert_eq!(codes.expect("recovery codes").len(), 10);
        assert!(app.actor(&next.0, now()).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn another_administrator_resets_it_and_no_secret_reaches_the_audit() {
    for (app, _) in applications().await {
        let (actor, secret, codes) = with_factor(&app, "office", Role::Office).await;
        let security = crate::common::user(&app, "security", Role::Security).await;
        assert!(matches!(app.factor_reset(&actor, "office").await, Err(Error::Forbidden)));
        assert!(matches!(app.factor_reset(&security, "security").await, Err(Error::OwnAccount)));
        app.factor_reset(&security, "office").await.expect("reset");
        let token = sign_in(&app, "office", now()).await;
        assert!(app.actor(&token.0, now()).await.unwrap().is_some(), "the password is enough again");
        let mut backup = Vec::new();
        app.backup(&Actor::operator(now()), &mut backup).await.unwrap();
        let text = String::from_utf8(backup).unwrap();
        assert!(!text.contains(&secret) && !text.contains(&codes[0]));
    }
}
