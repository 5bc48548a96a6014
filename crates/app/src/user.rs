//! Sign-in: argon2, a lock after wrong passwords, sessions that end when idle.

use crate::access::{Actor, Grant, Role};
use crate::error::{Error, Result};
use crate::{App, factor};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};
use store::{Session, Tx, User, UserRole};

/// Wrong passwords after which an account is locked for a while.
const MAX_FAILED: i64 = 5;
const LOCK_MINUTES: i64 = 15;
/// A session ends after this long without a request, and in any case after a working day.
const IDLE_MINUTES: i64 = 120;
const LONGEST_HOURS: i64 = 12;
/// The last use of a session is written at most this often.
const TOUCH_SECONDS: i64 = 60;
/// A password has at least and at most so many characters.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// See [`MIN_PASSWORD_CHARS`]; a form's field takes no more.
pub const MAX_PASSWORD_CHARS: usize = 200;

/// The secret that a browser keeps; only its hash is stored.
#[derive(Debug, Clone)]
pub struct Token(pub String);

pub(crate) fn hash(password: &str) -> String {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.expect("argon2 takes every password of bounded length").to_string()
}

pub(crate) fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Random bytes.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

pub(crate) fn digest(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn new_token() -> Token {
    Token(random::<32>().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn later(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add(minutes.minutes()).unwrap_or(Timestamp::MAX)
}

/// An account that is not closed.
fn open_account(user: Option<User>) -> Option<User> {
    user.filter(|user| !user.disabled)
}

/// The count of wrong passwords after one more, and until when that locks.
pub(crate) fn failed(count: i64, at: Timestamp) -> (i64, Option<Timestamp>) {
    if count + 1 < MAX_FAILED { (count + 1, None) } else { (0, Some(later(at, LOCK_MINUTES))) }
}

pub(crate) fn refusal(locked_until: Option<Timestamp>) -> Error {
    locked_until.map_or(Error::WrongPassword, |_| Error::Locked { minutes: LOCK_MINUTES })
}

pub(crate) fn refuse_locked(until: Option<Timestamp>, at: Timestamp) -> Result<()> {
    match until {
        Some(until) if until > at => {
            Err(Error::Locked { minutes: (until.as_second() - at.as_second()) / 60 + 1 })
        }
        _ => Ok(()),
    }
}

/// Whether a session was idle for too long or lasted too long.
pub(crate) fn has_ended(session: &Session, at: Timestamp) -> bool {
    later(session.seen_at, IDLE_MINUTES) < at || later(session.created_at, 60 * LONGEST_HOURS) < at
}

impl App {
    /// Begins a session for the right login and password. It opens nothing before [`App::sign_in_finish`] where a second
    /// factor is needed.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], or [`Error::Locked`] after too many of them; a login that nobody has answers alike.
    pub async fn sign_in(&self, login: &str, password: &str, at: Timestamp) -> Result<Token> {
        let permit = self.verifying.clone().acquire_owned().await.ok();
        let user = open_account(store::user_by_login(&mut self.db.read().await?, login).await?);
        refuse_locked(self.locked_until(login, user.as_ref()), at)?;
        // An unknown login takes as long as a wrong password, so that logins cannot be guessed.
        let hash = user.map_or_else(|| self.dummy_hash.to_string(), |user| user.password_hash);
        let (typed, stored) = (password.to_owned(), hash.clone());
        let verify = move || {
            // The place goes with the work: who hangs up does not free it before the work is done.
            let _permit = permit;
            matches(&typed, &stored)
        };
        let right = tokio::task::spawn_blocking(verify).await.unwrap_or(false);
        let mut tx = self.db.write().await?;
        // Others may have tried meanwhile: what stands there now counts, and is held until this is decided.
        let user = open_account(store::user_lock(&mut tx, login).await?);
        refuse_locked(self.locked_until(login, user.as_ref()), at)?;
        let Some(user) = user else {
            return Err(refusal(self.guesses.count(digest(login), at, |count| failed(count, at))));
        };
        if !right || user.password_hash != hash {
            let (count, until) = failed(user.failed_count, at);
            store::user_set_failed(&mut tx, user.id, count, until).await?;
            tx.commit().await?;
            return Err(refusal(until));
        }
        let token = new_token();
        let pending = factor::is_needed(&mut tx, user.id).await?;
        if !pending {
            // Wrong codes go on counting until a right one: a known password gives no new tries.
            store::user_set_failed(&mut tx, user.id, 0, None).await?;
        }
        store::session_delete_stale(&mut tx, later(at, -60 * LONGEST_HOURS)).await?;
        store::session_insert(&mut tx, &digest(&token.0), user.id, at, pending).await?;
        tx.commit().await?;
        Ok(token)
    }

    fn locked_until(&self, login: &str, user: Option<&User>) -> Option<Timestamp> {
        user.map_or_else(|| self.guesses.locked_until(&digest(login)), |user| user.locked_until)
    }

    /// The actor behind a session token, unless the session was idle or lasted too long.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn actor(&self, token: &str, at: Timestamp) -> Result<Option<Actor>> {
        let token_hash = digest(token);
        let mut tx = self.db.read().await?;
        let Some(session) = store::session_get(&mut tx, &token_hash).await? else { return Ok(None) };
        if session.pending {
            return Ok(None);
        }
        let grants = grants(&mut tx, session.user).await?;
        drop(tx);
        if has_ended(&session, at) {
            self.sign_out(token).await?;
            return Ok(None);
        }
        if at.as_second() - session.seen_at.as_second() >= TOUCH_SECONDS {
            let mut tx = self.db.write().await?;
            store::session_touch(&mut tx, &token_hash, at).await?;
            tx.commit().await?;
        }
        Ok(Some(Actor {
            user: Some(session.user),
            login: session.login,
            name: session.name,
            grants,
            at,
            source: "web",
        }))
    }

    /// A user at the command line, with the roles of the account.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown or closed account.
    pub async fn actor_named(&self, login: &str, at: Timestamp) -> Result<Actor> {
        let mut tx = self.db.read().await?;
        let user = open_account(store::user_by_login(&mut tx, login).await?).ok_or(Error::NotFound)?;
        let grants = grants(&mut tx, user.id).await?;
        Ok(Actor { user: Some(user.id), login: user.login, name: user.name, grants, at, source: "cli" })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        store::session_delete(&mut tx, &digest(token)).await?;
        Ok(tx.commit().await?)
    }
}

/// The roles of a user that hold now: known ones that wait for nobody.
pub(crate) async fn grants(tx: &mut Tx, user: i64) -> Result<Vec<Grant>> {
    let roles = store::user_role_list(tx, user).await?;
    let held = |role: UserRole| {
        let UserRole { programme, region, office, record, .. } = role;
        let code = Role::from_code(&role.role).filter(|_| !role.pending)?;
        Some(Grant { programme, role: code, region, office, record })
    };
    Ok(roles.into_iter().filter_map(held).collect())
}

pub(crate) fn check_password(password: &str) -> Result<()> {
    match password.chars().take(MAX_PASSWORD_CHARS + 1).count() {
        ..MIN_PASSWORD_CHARS => Err(Error::Invalid { field: "password", problem: "too-short" }),
        MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS => Ok(()),
        _ => Err(Error::Invalid { field: "password", problem: "too-long" }),
    }
}

/// A hash that no password matches in practice.
pub(crate) fn dummy_hash() -> String {
    hash(&new_token().0)
}
