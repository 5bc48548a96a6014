//! Users, their roles and the lock after wrong passwords.

use crate::change::{Change, ChangeItem, change_item_insert};
use crate::db::{Row, Tx, params};
use crate::error::Result;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

statements! {
    INSERT = "INSERT INTO app_user (login, name, password_hash) VALUES ($1, $2, $3) RETURNING id";
    BY_LOGIN = "SELECT id, login, name, password_hash, failed_count, locked_until, disabled_at FROM app_user
        WHERE login = $1";
    LOCK = "SELECT id, login, name, password_hash, failed_count, locked_until, disabled_at FROM app_user
        WHERE login = $1{for_update}";
    LIST = "SELECT id, login, name, password_hash, failed_count, locked_until, disabled_at FROM app_user ORDER BY login";
    PASSWORD = "UPDATE app_user SET password_hash = $2, failed_count = 0, locked_until = NULL WHERE id = $1";
    FAILED = "UPDATE app_user SET failed_count = $2, locked_until = $3 WHERE id = $1";
    DISABLE = "UPDATE app_user SET disabled_at = $2 WHERE id = $1";
    INSERT_ROLE = "INSERT INTO user_role (user_id, programme_id, role, region_id, office_id, record_id, pending, granted_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ROLES = "SELECT id, programme_id, role, region_id, office_id, record_id, pending, granted_by FROM user_role
        WHERE user_id = $1 ORDER BY id";
    OF_RECORDS = "SELECT u.id, r.office_id, r.record_id FROM user_role r JOIN app_user u ON u.id = r.user_id AND u.disabled_at IS NULL
        WHERE r.pending = 0 AND (r.programme_id IS NULL OR r.programme_id = $1)
        AND (r.office_id IS NOT NULL OR r.record_id IS NOT NULL) ORDER BY u.id";
    CONFIRM_ROLE = "UPDATE user_role SET pending = 0 WHERE id = $1";
    DELETE_ROLE = "DELETE FROM user_role WHERE id = $1";
}

/// A role as a user holds it. Its code is the app's business.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserRole {
    /// Identity.
    pub id: i64,
    /// The programme; none for all.
    pub programme: Option<i64>,
    /// Code of the role.
    pub role: String,
    /// The region it is limited to.
    pub region: Option<i64>,
    /// The office whose team the user belongs to.
    pub office: Option<i64>,
    /// The park or organisation it speaks for.
    pub record: Option<i64>,
    /// Whether it waits for a second administrator.
    pub pending: bool,
    /// Who gave it; none for the operator.
    pub granted_by: Option<i64>,
}

/// A user as sign-in needs it.
#[derive(Debug, Clone)]
pub struct User {
    /// Identity.
    pub id: i64,
    /// What is typed at sign-in.
    pub login: String,
    /// Name shown to others.
    pub name: String,
    /// Argon2 hash with its parameters.
    pub password_hash: String,
    /// Wrong passwords since the last right one.
    pub failed_count: i64,
    /// No sign-in before this instant.
    pub locked_until: Option<Timestamp>,
    /// Whether the account is closed.
    pub disabled: bool,
}

fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: row.int(0)?,
        login: row.text(1)?,
        name: row.text(2)?,
        password_hash: row.text(3)?,
        failed_count: row.int(4)?,
        locked_until: row.opt_instant(5)?,
        disabled: row.opt_text(6)?.is_some(),
    })
}

/// Notes in the audit that an account was touched; its values are personal and stay out (law 8).
pub(crate) async fn note(tx: &mut Tx, change: &Change, id: i64, what: &str, after: Value) -> Result<()> {
    let (entity, field) = ("app_user".to_owned(), what.to_owned());
    let item = ChangeItem { record: None, entity, entity_id: id, field, before: None, after: Some(after) };
    change_item_insert(tx, change, &item).await
}

/// Creates a user.
///
/// # Errors
/// [`crate::Error::Duplicate`] when the login is taken.
pub async fn user_insert(
    tx: &mut Tx,
    change: &Change,
    login: &str,
    name: &str,
    password_hash: &str,
) -> Result<i64> {
    let id = tx.int(INSERT, params![login, name, password_hash]).await?;
    note(tx, change, id, "*", json!(true)).await?;
    Ok(id)
}

/// Gives a user a role; `id` of the argument is not used.
///
/// # Errors
/// When the database fails.
pub async fn user_role_insert(tx: &mut Tx, change: &Change, user: i64, new: &UserRole) -> Result<()> {
    let UserRole { programme, region, office, record, pending, granted_by, .. } = *new;
    let values = params![user, programme, &new.role, region, office, record, pending, granted_by];
    tx.execute(INSERT_ROLE, values).await?;
    note(tx, change, user, "role", role_item(new)).await
}

/// Makes a role that waited valid.
///
/// # Errors
/// When the database fails.
pub async fn user_role_confirm(tx: &mut Tx, change: &Change, user: i64, role: &UserRole) -> Result<()> {
    tx.execute(CONFIRM_ROLE, params![role.id]).await?;
    note(tx, change, user, "role-confirmed", role_item(role)).await
}

/// Takes a role from a user, or refuses one that waited.
///
/// # Errors
/// When the database fails.
pub async fn user_role_delete(tx: &mut Tx, change: &Change, user: i64, role: &UserRole) -> Result<()> {
    tx.execute(DELETE_ROLE, params![role.id]).await?;
    note(tx, change, user, "role-taken", role_item(role)).await
}

fn role_item(role: &UserRole) -> Value {
    let UserRole { programme, region, office, record, pending, .. } = *role;
    let code = &role.role;
    json!({ "role": code, "programme": programme, "region": region, "office": office, "record": record, "pending": pending })
}

/// The roles of a user, those that wait among them, in the order they were given.
///
/// # Errors
/// When the database fails.
pub async fn user_role_list(tx: &mut Tx, user: i64) -> Result<Vec<UserRole>> {
    let rows = tx.all(ROLES, params![user]).await?;
    rows.iter()
        .map(|row| {
            Ok(UserRole {
                id: row.int(0)?,
                programme: row.opt_int(1)?,
                role: row.text(2)?,
                region: row.opt_int(3)?,
                office: row.opt_int(4)?,
                record: row.opt_int(5)?,
                pending: row.bool(6)?,
                granted_by: row.opt_int(7)?,
            })
        })
        .collect()
}

/// The users with an open account who belong to one of these offices of a programme, or speak for one of these parks or
/// organisations, by id.
///
/// # Errors
/// When the database fails.
pub async fn user_list_of(tx: &mut Tx, programme: i64, records: &[i64]) -> Result<Vec<i64>> {
    let by_record = user_list_by_record(tx, programme).await?;
    let users: BTreeSet<i64> = records.iter().filter_map(|id| by_record.get(id)).flatten().copied().collect();
    Ok(users.into_iter().collect())
}

/// By office, park or organisation: the users with an open account who belong to it or speak for it, by id.
///
/// # Errors
/// When the database fails.
pub async fn user_list_by_record(tx: &mut Tx, programme: i64) -> Result<HashMap<i64, BTreeSet<i64>>> {
    let mut users: HashMap<i64, BTreeSet<i64>> = HashMap::new();
    for row in tx.all(OF_RECORDS, params![programme]).await? {
        for record in [row.opt_int(1)?, row.opt_int(2)?].into_iter().flatten() {
            users.entry(record).or_default().insert(row.int(0)?);
        }
    }
    Ok(users)
}

/// The users with an open account who belong to one of these offices of a programme, by name; where no office is named, all
/// who hold a role in the programme itself.
///
/// # Errors
/// When the database fails.
pub async fn user_list_colleagues(
    tx: &mut Tx,
    programme: i64,
    offices: &[i64],
    limit: i64,
) -> Result<Vec<User>> {
    let mut values = params![programme, limit];
    let of = if offices.is_empty() {
        "r.programme_id = $1".to_owned()
    } else {
        values.push(tx.dialect().numbers(offices).into());
        tx.dialect().among("r.office_id", 3)
    };
    let sql = format!(
        "SELECT u.id, u.login, u.name, u.password_hash, u.failed_count, u.locked_until, u.disabled_at FROM app_user u
         WHERE u.disabled_at IS NULL AND u.id IN (SELECT r.user_id FROM user_role r WHERE r.pending = 0
            AND (r.programme_id IS NULL OR r.programme_id = $1) AND {of})
         ORDER BY u.name, u.id LIMIT $2"
    );
    tx.all(&sql, values).await?.iter().map(user).collect()
}

/// The user with this login, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn user_by_login(tx: &mut Tx, login: &str) -> Result<Option<User>> {
    tx.optional(BY_LOGIN, params![login]).await?.as_ref().map(user).transpose()
}

/// The user with this login, held until the transaction ends, so that tries are counted one after the other.
///
/// # Errors
/// When the database fails.
pub async fn user_lock(tx: &mut Tx, login: &str) -> Result<Option<User>> {
    tx.optional(LOCK, params![login]).await?.as_ref().map(user).transpose()
}

/// Every user, by login.
///
/// # Errors
/// When the database fails.
pub async fn user_list(tx: &mut Tx) -> Result<Vec<User>> {
    tx.all(LIST, vec![]).await?.iter().map(user).collect()
}

/// Sets a password and lifts the lock.
///
/// # Errors
/// When the database fails.
pub async fn user_set_password(tx: &mut Tx, change: &Change, user: i64, password_hash: &str) -> Result<()> {
    tx.execute(PASSWORD, params![user, password_hash]).await?;
    note(tx, change, user, "password", json!(true)).await
}

/// Opens or closes an account.
///
/// # Errors
/// When the database fails.
pub async fn user_set_disabled(tx: &mut Tx, change: &Change, user: i64, disabled: bool) -> Result<()> {
    tx.execute(DISABLE, params![user, disabled.then_some(change.at)]).await?;
    note(tx, change, user, "disabled", json!(disabled)).await
}

/// Counts wrong passwords; `locked_until` forbids further tries. Not audited: it is a counter, not a record.
///
/// # Errors
/// When the database fails.
pub async fn user_set_failed(
    tx: &mut Tx,
    user: i64,
    count: i64,
    locked_until: Option<Timestamp>,
) -> Result<()> {
    tx.execute(FAILED, params![user, count, locked_until]).await?;
    Ok(())
}
