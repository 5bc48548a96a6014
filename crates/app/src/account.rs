//! Accounts: who keeps them, the roles they hold, and the second person that some roles need.

use crate::access::{Actor, Right, Role};
use crate::error::{Error, Result};
use crate::user::{check_password, hash, matches};
use crate::{App, change, typed};
use std::collections::HashMap;
use store::{Change, Programme, RecordKind, Tx, User, UserRole};

/// An account as administrators see it.
#[derive(Debug, Clone)]
pub struct Account {
    /// What is typed at sign-in.
    pub login: String,
    /// Name shown to others.
    pub name: String,
    /// What it may be, in the order it was given.
    pub roles: Vec<HeldRole>,
    /// Whether the account is closed.
    pub disabled: bool,
}

/// A role of an account, with the names of what limits it.
#[derive(Debug, Clone)]
pub struct HeldRole {
    /// Identity.
    pub id: i64,
    /// The role; none for a code of another version.
    pub role: Option<Role>,
    /// Code of the role.
    pub code: String,
    /// Code of the programme; none for all.
    pub programme: Option<String>,
    /// Name of the region it is limited to.
    pub region: Option<String>,
    /// Title of the office whose team the user belongs to.
    pub office: Option<String>,
    /// Title of the park or organisation it speaks for.
    pub record: Option<String>,
    /// Whether it waits for a second administrator.
    pub pending: bool,
    /// Whether this administrator may confirm it.
    pub confirmable: bool,
}

/// A role to give. Codes as people read them; empty text is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewRole<'a> {
    /// Code of the programme; none for all.
    pub programme: Option<&'a str>,
    /// Code of the region it is limited to.
    pub region: Option<&'a str>,
    /// Code of the office whose team the user belongs to.
    pub office: Option<&'a str>,
    /// Code of the park or organisation it speaks for.
    pub record: Option<&'a str>,
}

impl App {
    /// Creates an account with one role, in one programme or in all.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep accounts; [`Error::Invalid`] for a taken login, an unknown programme
    /// or a short password.
    pub async fn user_add(
        &self,
        actor: &Actor,
        login: &str,
        name: &str,
        password: &str,
        programme: Option<&str>,
        role: Role,
    ) -> Result<()> {
        self.user_add_with(actor, (login, name, password), role, &NewRole { programme, ..NewRole::default() })
            .await
    }

    /// Creates an account (login, name, password) with one role, limited as `new` says.
    ///
    /// # Errors
    /// As [`App::user_add`] and [`App::user_role_add`].
    pub async fn user_add_with(
        &self,
        actor: &Actor,
        (login, name, password): (&str, &str, &str),
        role: Role,
        new: &NewRole<'_>,
    ) -> Result<()> {
        actor.require_everywhere(Right::ManageUsers)?;
        let (login, name) = (typed::field("login", login)?, typed::field("name", name)?);
        if login.is_empty() {
            return Err(Error::Invalid { field: "login", problem: "missing" });
        }
        if !login.chars().all(|c| c.is_alphanumeric() || "-_.@".contains(c)) {
            return Err(Error::Invalid { field: "login", problem: "characters" });
        }
        check_password(password)?;
        let hash = hash(password);
        let mut tx = self.db.write().await?;
        let change = change::open(&mut tx, actor, None, "user-add", None).await?;
        let taken = |error| match error {
            store::Error::Duplicate => Error::Invalid { field: "login", problem: "taken" },
            other => other.into(),
        };
        let name = if name.is_empty() { &login } else { &name };
        let user = store::user_insert(&mut tx, &change, &login, name, &hash).await.map_err(taken)?;
        give(&mut tx, &change, user, role, new).await?;
        Ok(tx.commit().await?)
    }

    /// Gives an account a role. One that needs two persons waits until another administrator confirms it; the operator at
    /// the command line needs no second.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep accounts; [`Error::OwnAccount`] for one's own; [`Error::Invalid`] naming
    /// what limits the role and does not fit.
    pub async fn user_role_add(
        &self,
        actor: &Actor,
        login: &str,
        role: Role,
        new: &NewRole<'_>,
    ) -> Result<()> {
        actor.require_everywhere(Right::ManageUsers)?;
        let mut tx = self.db.write().await?;
        let user = another(&mut tx, actor, login).await?;
        let change = change::open(&mut tx, actor, None, "user-role", None).await?;
        give(&mut tx, &change, user.id, role, new).await?;
        Ok(tx.commit().await?)
    }

    /// Confirms a role that another administrator gave.
    ///
    /// # Errors
    /// [`Error::OwnAccount`] for one's own role or one that one gave oneself; [`Error::NotFound`] where none waits.
    pub async fn user_role_confirm(&self, actor: &Actor, login: &str, id: i64) -> Result<()> {
        actor.require_everywhere(Right::ConfirmRole)?;
        let mut tx = self.db.write().await?;
        let user = another(&mut tx, actor, login).await?;
        let role = held(&mut tx, &user, id).await?;
        if !role.pending {
            return Err(Error::NotFound);
        }
        if role.granted_by.is_some() && role.granted_by == actor.user {
            return Err(Error::OwnAccount);
        }
        let change = change::open(&mut tx, actor, None, "user-role-confirm", None).await?;
        store::user_role_confirm(&mut tx, &change, user.id, &role).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a role from an account, or refuses one that waits.
    ///
    /// # Errors
    /// [`Error::OwnAccount`] for one's own; [`Error::NotFound`] where there is none.
    pub async fn user_role_remove(&self, actor: &Actor, login: &str, id: i64) -> Result<()> {
        actor.require_everywhere(Right::ManageUsers)?;
        let mut tx = self.db.write().await?;
        let user = another(&mut tx, actor, login).await?;
        let role = held(&mut tx, &user, id).await?;
        let change = change::open(&mut tx, actor, None, "user-role-remove", None).await?;
        store::user_role_delete(&mut tx, &change, user.id, &role).await?;
        Ok(tx.commit().await?)
    }

    /// Sets a new password, lifts the lock and ends the user's sessions.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep accounts; [`Error::NotFound`] for an unknown login,
    /// [`Error::Invalid`] for a short password.
    pub async fn user_set_password(&self, actor: &Actor, login: &str, password: &str) -> Result<()> {
        actor.require_everywhere(Right::ManageUsers)?;
        check_password(password)?;
        let hash = hash(password);
        let mut tx = self.db.write().await?;
        let user = store::user_by_login(&mut tx, login).await?.ok_or(Error::NotFound)?;
        let change = change::open(&mut tx, actor, None, "user-password", None).await?;
        store::user_set_password(&mut tx, &change, user.id, &hash).await?;
        store::session_delete_of_user(&mut tx, user.id).await?;
        Ok(tx.commit().await?)
    }

    /// Whether an account has this password.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep accounts; [`Error::NotFound`] for an unknown login.
    pub async fn user_has_password(&self, actor: &Actor, login: &str, password: &str) -> Result<bool> {
        actor.require_everywhere(Right::ManageUsers)?;
        let user = store::user_by_login(&mut self.db.read().await?, login).await?.ok_or(Error::NotFound)?;
        let password = password.to_owned();
        let verify = move || matches(&password, &user.password_hash);
        Ok(tokio::task::spawn_blocking(verify).await.unwrap_or(false))
    }

    /// Closes or opens an account; closing ends its sessions.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not keep accounts; [`Error::NotFound`] for an unknown login.
    pub async fn user_set_disabled(&self, actor: &Actor, login: &str, disabled: bool) -> Result<()> {
        actor.require_everywhere(Right::ManageUsers)?;
        let mut tx = self.db.write().await?;
        let user = store::user_by_login(&mut tx, login).await?.ok_or(Error::NotFound)?;
        let change = change::open(&mut tx, actor, None, "user-disable", None).await?;
        store::user_set_disabled(&mut tx, &change, user.id, disabled).await?;
        store::session_delete_of_user(&mut tx, user.id).await?;
        Ok(tx.commit().await?)
    }

    /// Every account with its roles, by login.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not see accounts.
    pub async fn user_list(&self, actor: &Actor) -> Result<Vec<Account>> {
        actor.require_everywhere(Right::ViewUsers)?;
        let mut tx = self.db.read().await?;
        let mut words = Words::load(&mut tx).await?;
        let mut accounts = Vec::new();
        for user in store::user_list(&mut tx).await? {
            accounts.push(account(&mut tx, &mut words, actor, user).await?);
        }
        Ok(accounts)
    }

    /// Code and names (zh, en) of every programme of the installation, for who keeps accounts in them.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not see accounts.
    pub async fn programme_codes(&self, actor: &Actor) -> Result<Vec<(String, (String, String))>> {
        actor.require_everywhere(Right::ViewUsers)?;
        let programmes = store::programme_list(&mut self.db.read().await?).await?.into_iter();
        Ok(programmes.map(|of| (of.code, (of.name_zh, of.name_en))).collect())
    }

    /// One account with its roles.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not see accounts; [`Error::NotFound`] for an unknown login.
    pub async fn user(&self, actor: &Actor, login: &str) -> Result<Account> {
        actor.require_everywhere(Right::ViewUsers)?;
        let mut tx = self.db.read().await?;
        let user = store::user_by_login(&mut tx, login).await?.ok_or(Error::NotFound)?;
        let mut words = Words::load(&mut tx).await?;
        account(&mut tx, &mut words, actor, user).await
    }
}

/// The names of what limits roles, looked up once.
struct Words {
    programmes: Vec<Programme>,
    regions: HashMap<i64, String>,
}

impl Words {
    async fn load(tx: &mut Tx) -> Result<Self> {
        let programmes = store::programme_list(tx).await?;
        let regions = store::region_list(tx).await?.into_iter();
        Ok(Self { programmes, regions: regions.map(|region| (region.id, region.name_zh)).collect() })
    }
}

async fn account(tx: &mut Tx, words: &mut Words, actor: &Actor, user: User) -> Result<Account> {
    let may_confirm = actor.require_everywhere(Right::ConfirmRole).is_ok() && actor.user != Some(user.id);
    let mut roles = Vec::new();
    for role in store::user_role_list(tx, user.id).await? {
        let mut titles = [None, None];
        for (title, id) in titles.iter_mut().zip([role.office, role.record]) {
            if let Some(id) = id {
                *title = Some(store::record_get(tx, id).await?.title);
            }
        }
        let [office, record] = titles;
        let programme = |id| words.programmes.iter().find(|programme| programme.id == id);
        roles.push(HeldRole {
            id: role.id,
            role: Role::from_code(&role.role),
            programme: role.programme.and_then(programme).map(|programme| programme.code.clone()),
            region: role.region.and_then(|id| words.regions.get(&id).cloned()),
            office,
            record,
            pending: role.pending,
            confirmable: role.pending
                && may_confirm
                && (role.granted_by.is_none() || role.granted_by != actor.user),
            code: role.role,
        });
    }
    Ok(Account { login: user.login, name: user.name, roles, disabled: user.disabled })
}

/// The account with this login, which is not the actor's own.
pub(crate) async fn another(tx: &mut Tx, actor: &Actor, login: &str) -> Result<User> {
    let user = store::user_by_login(tx, login).await?.ok_or(Error::NotFound)?;
    if actor.user == Some(user.id) { Err(Error::OwnAccount) } else { Ok(user) }
}

async fn held(tx: &mut Tx, user: &User, id: i64) -> Result<UserRole> {
    let roles = store::user_role_list(tx, user.id).await?;
    roles.into_iter().find(|role| role.id == id).ok_or(Error::NotFound)
}

async fn give(tx: &mut Tx, change: &Change, user: i64, role: Role, new: &NewRole<'_>) -> Result<()> {
    let mut resolved = resolve(tx, role, new).await?;
    resolved.pending = role.needs_two() && change.user.is_some();
    resolved.granted_by = change.user;
    let same = |held: &UserRole| {
        let limits = |role: &UserRole| (role.programme, role.region, role.office, role.record);
        held.role == resolved.role && limits(held) == limits(&resolved)
    };
    if store::user_role_list(tx, user).await?.iter().any(same) {
        return Err(Error::Invalid { field: "role", problem: "taken" });
    }
    Ok(store::user_role_insert(tx, change, user, &resolved).await?)
}

/// The role with the identities of what limits it. A region, park or enterprise has one programme and that which it speaks
/// for; what limits a role lies in its programme.
async fn resolve(tx: &mut Tx, role: Role, new: &NewRole<'_>) -> Result<UserRole> {
    // A form sends `*` where somebody chose all programmes on purpose.
    let given =
        |code: Option<&str>| code.map(str::trim).filter(|code| !matches!(*code, "" | "*")).map(str::to_owned);
    let [programme, region, office, record] = [new.programme, new.region, new.office, new.record].map(given);
    let missing = |field| Error::Invalid { field, problem: "missing" };
    let unknown = |field| Error::Invalid { field, problem: "unknown" };
    let programme = match programme {
        None => None,
        Some(code) => {
            let found = store::programme_by_code(tx, &code).await;
            Some(found.map_err(|_| unknown("programme"))?.id)
        }
    };
    let (kind, limits_region) = match role {
        Role::Park => (Some(RecordKind::Park), false),
        Role::Enterprise => (Some(RecordKind::Organisation), false),
        Role::System | Role::Security | Role::Audit => (None, false),
        _ => (None, true),
    };
    let bound = kind.is_some() || role == Role::Region;
    match () {
        () if bound && programme.is_none() => return Err(missing("programme")),
        () if role == Role::Region && region.is_none() => return Err(missing("region")),
        () if !limits_region && region.is_some() => return Err(unknown("region")),
        () if kind.is_some() != record.is_some() => {
            return Err(if kind.is_some() { missing("record") } else { unknown("record") });
        }
        () => {}
    }
    let region = match region {
        None => None,
        Some(code) => Some(store::region_by_code(tx, &code).await.map_err(|_| unknown("region"))?.id),
    };
    let office = in_programme(tx, programme, office, Some(RecordKind::Office)).await?;
    let record = in_programme(tx, programme, record, kind).await?;
    Ok(UserRole {
        programme,
        role: role.code().to_owned(),
        region,
        office: office.ok_or(unknown("office"))?,
        record: record.ok_or(unknown("record"))?,
        ..UserRole::default()
    })
}

/// The record with this code, where one is named; the outer none where the programme has none of this kind.
async fn in_programme(
    tx: &mut Tx,
    programme: Option<i64>,
    code: Option<String>,
    kind: Option<RecordKind>,
) -> Result<Option<Option<i64>>> {
    let Some(code) = code else { return Ok(Some(None)) };
    let Some(programme) = programme else { return Ok(None) };
    let found = match store::record_by_code(tx, programme, &code).await {
        Ok(record) => record,
        Err(store::Error::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok((Some(found.kind) == kind && !found.archived).then_some(Some(found.id)))
}
