//! The second factor at sign-in: a one-time code, or one of ten recovery codes. Wrong codes count and lock as wrong
//! passwords do; no code is taken twice.

use crate::access::{Actor, Right, Role};
use crate::account::another;
use crate::error::{Error, Result};
use crate::user::{Token, digest, failed, new_token, random, refusal, refuse_locked};
use crate::{App, change, one_time};
use jiff::Timestamp;
use store::{NewChange, Session, Tx};

const SECRET_BYTES: usize = 20;
const RECOVERY_CODES: usize = 10;
/// Fifty bits, typed as two groups of five letters.
const RECOVERY_LETTERS: usize = 10;
/// The setting that names, by code and separated by commas, the roles that need a second factor.
pub(crate) const REQUIRED: &str = "factor_roles";

/// A sign-in that waits for its second factor.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Name of the user.
    pub name: String,
    /// A secret to set up first, where the user has no second factor yet but needs one.
    pub enrol: Option<Enrolment>,
}

/// A secret to put into an authenticator app.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// Base32, to be typed.
    pub secret: String,
    /// The address that a QR code holds.
    pub address: String,
}

/// How an account stands with its second factor.
#[derive(Debug, Clone)]
pub struct FactorState {
    /// Recovery codes that are left; none where there is no second factor.
    pub recovery_left: Option<i64>,
    /// Whether a role of the user needs one.
    pub required: bool,
}

impl App {
    /// The sign-in of this token, if it waits for a second factor.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_in_waiting(&self, token: &str, at: Timestamp) -> Result<Option<Waiting>> {
        let mut tx = self.db.write().await?;
        let Some(session) = self.waiting(&mut tx, token, at).await? else { return Ok(None) };
        let known = store::factor_get(&mut tx, session.user).await?.is_some_and(|factor| factor.confirmed);
        let enrol = if known { None } else { Some(enrolment(&mut tx, session.user, &session.login).await?) };
        tx.commit().await?;
        Ok(Some(Waiting { name: session.name, enrol }))
    }

    /// Ends a sign-in that waits: with a code of the user's device or a recovery code, or, where the second factor is only
    /// now set up, with its first code; then the recovery codes come back, to be shown once. The session goes on under
    /// another token.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing waits; [`Error::WrongCode`] or [`Error::Locked`].
    pub async fn sign_in_finish(
        &self,
        token: &str,
        code: &str,
        at: Timestamp,
    ) -> Result<(Token, Option<Vec<String>>)> {
        let mut tx = self.db.write().await?;
        let session = self.waiting(&mut tx, token, at).await?.ok_or(Error::NotFound)?;
        let user = store::user_lock(&mut tx, &session.login).await?.ok_or(Error::NotFound)?;
        refuse_locked(user.locked_until, at)?;
        let confirmed = store::factor_get(&mut tx, user.id).await?.is_some_and(|factor| factor.confirmed);
        let right = check(&mut tx, user.id, code, at).await?
            || (confirmed && store::factor_use_recovery(&mut tx, user.id, &digest(&plain(code)), at).await?);
        if !right {
            let (count, until) = failed(user.failed_count, at);
            store::user_set_failed(&mut tx, user.id, count, until).await?;
            tx.commit().await?;
            return Err(until.map_or(Error::WrongCode, |until| refusal(Some(until))));
        }
        let codes = if confirmed { None } else { Some(confirm(&mut tx, user.id, at).await?) };
        let next = new_token();
        store::user_set_failed(&mut tx, user.id, 0, None).await?;
        store::session_delete(&mut tx, &digest(token)).await?;
        store::session_insert(&mut tx, &digest(&next.0), user.id, at, false).await?;
        tx.commit().await?;
        Ok((next, codes))
    }

    async fn waiting(&self, tx: &mut Tx, token: &str, at: Timestamp) -> Result<Option<Session>> {
        let session = store::session_get(tx, &digest(token)).await?;
        Ok(session.filter(|session| session.pending && !crate::user::has_ended(session, at)))
    }

    /// How the actor's account stands with its second factor.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn factor(&self, actor: &Actor) -> Result<FactorState> {
        let user = actor.user.ok_or(Error::Forbidden)?;
        let mut tx = self.db.read().await?;
        let confirmed = store::factor_get(&mut tx, user).await?.is_some_and(|factor| factor.confirmed);
        let left = store::factor_recovery_count(&mut tx, user).await?;
        let required = is_required(&mut tx, user).await?;
        Ok(FactorState { recovery_left: confirmed.then_some(left), required })
    }

    /// A secret for the actor to set up; the same until it is confirmed.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the actor has a second factor already.
    pub async fn factor_begin(&self, actor: &Actor) -> Result<Enrolment> {
        let id = actor.user.ok_or(Error::Forbidden)?;
        let mut tx = self.db.write().await?;
        if store::factor_get(&mut tx, id).await?.is_some_and(|factor| factor.confirmed) {
            return Err(Error::Conflict);
        }
        let enrolment = enrolment(&mut tx, id, &actor.login).await?;
        tx.commit().await?;
        Ok(enrolment)
    }

    /// Makes the secret that was set up the actor's second factor, by its first code. Returns the recovery codes.
    ///
    /// # Errors
    /// [`Error::WrongCode`]; [`Error::Conflict`] when the actor has a second factor already.
    pub async fn factor_confirm(&self, actor: &Actor, code: &str) -> Result<Vec<String>> {
        let id = actor.user.ok_or(Error::Forbidden)?;
        let mut tx = self.db.write().await?;
        store::user_lock(&mut tx, &actor.login).await?;
        if store::factor_get(&mut tx, id).await?.is_some_and(|factor| factor.confirmed) {
            return Err(Error::Conflict);
        }
        if !check(&mut tx, id, code, actor.at).await? {
            return Err(Error::WrongCode);
        }
        let codes = confirm(&mut tx, id, actor.at).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Takes another user's second factor away, for one whose device is lost, and ends the user's sessions.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who is no administrator of accounts; [`Error::OwnAccount`] for one's own.
    pub async fn factor_reset(&self, actor: &Actor, login: &str) -> Result<()> {
        actor.require_everywhere(Right::ConfirmRole)?;
        let mut tx = self.db.write().await?;
        let user = another(&mut tx, actor, login).await?;
        let change = change::open(&mut tx, actor, None, "user-factor-reset", None).await?;
        store::factor_delete(&mut tx, &change, user.id).await?;
        store::session_delete_of_user(&mut tx, user.id).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether a sign-in of this user needs a second factor: one is set up, or a role of the user asks for it.
pub(crate) async fn is_needed(tx: &mut Tx, user: i64) -> Result<bool> {
    let confirmed = store::factor_get(tx, user).await?.is_some_and(|factor| factor.confirmed);
    Ok(confirmed || is_required(tx, user).await?)
}

/// Whether the installation, or a programme for its own roles, asks this user for a second factor.
async fn is_required(tx: &mut Tx, user: i64) -> Result<bool> {
    for grant in crate::user::grants(tx, user).await? {
        let of_programme = grant.programme.into_iter().map(Some);
        for scope in of_programme.chain([None]) {
            let roles = store::setting_get(tx, scope, REQUIRED).await?.unwrap_or_default();
            if roles.split(',').any(|code| Role::from_code(code.trim()) == Some(grant.role)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

async fn enrolment(tx: &mut Tx, user: i64, login: &str) -> Result<Enrolment> {
    let secret = match store::factor_get(tx, user).await? {
        Some(factor) => factor.secret,
        None => {
            let secret = one_time::encode(&random::<SECRET_BYTES>());
            store::factor_set_secret(tx, user, &secret).await?;
            secret
        }
    };
    let label: String = login.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let address = format!("otpauth://totp/Luodi:{label}?secret={secret}&issuer=Luodi");
    Ok(Enrolment { secret, address })
}

/// Whether this is a code of the user's device that was not used before; then it is used.
async fn check(tx: &mut Tx, user: i64, typed: &str, at: Timestamp) -> Result<bool> {
    let Some(factor) = store::factor_get(tx, user).await? else { return Ok(false) };
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let found = one_time::find(&one_time::decode(&factor.secret), &typed, at.as_second());
    match found.filter(|step| *step > factor.last_step) {
        Some(step) => store::factor_set_step(tx, user, step).await?,
        None => return Ok(false),
    }
    Ok(true)
}

/// Confirms the user's secret and makes new recovery codes.
async fn confirm(tx: &mut Tx, user: i64, at: Timestamp) -> Result<Vec<String>> {
    let new = NewChange { user: Some(user), kind: "user-factor", source: "web", ..NewChange::default() };
    let day = change::local(tx, None, at).await?.date();
    let change = store::change_open(tx, &new, at, day).await?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    let hashes: Vec<String> = codes.iter().map(|code| digest(&plain(code))).collect();
    store::factor_confirm(tx, &change, user, &hashes).await?;
    Ok(codes)
}

fn recovery_code() -> String {
    let letters = one_time::encode(&random::<7>());
    let (first, second) = letters[..RECOVERY_LETTERS].split_at(RECOVERY_LETTERS / 2);
    format!("{first}-{second}")
}

/// A recovery code as it was made, however it is typed.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
