//! Saved views of lists: a query under a name, and which of them a user opens a list with.

use crate::change::{Change, ChangeItem, change_item_insert};
use crate::db::{Row, Tx, params};
use crate::error::Result;
use serde_json::{Value, json};

statements! {
    LIST = "SELECT v.id, v.kind, v.name, v.query, v.shared, v.user_id, u.name, CASE WHEN d.view_id IS NULL THEN CAST(0 AS BIGINT)
            ELSE CAST(1 AS BIGINT) END
        FROM saved_view v JOIN app_user u ON u.id = v.user_id
        LEFT JOIN default_view d ON d.programme_id = $1 AND d.user_id = $2 AND d.kind = $3 AND d.view_id = v.id
        WHERE v.programme_id = $1 AND v.kind = $3 AND (v.user_id = $2 OR v.shared = 1) ORDER BY v.shared, v.name, v.id";
    GET = "SELECT v.id, v.kind, v.name, v.query, v.shared, v.user_id, u.name, CAST(0 AS BIGINT)
        FROM saved_view v JOIN app_user u ON u.id = v.user_id WHERE v.id = $1 AND v.programme_id = $2";
    NAMED = "SELECT v.id, v.kind, v.name, v.query, v.shared, v.user_id, u.name, CAST(0 AS BIGINT)
        FROM saved_view v JOIN app_user u ON u.id = v.user_id
        WHERE v.programme_id = $1 AND v.kind = $2 AND v.name = $3 AND v.shared = $4 AND ($4 = 1 OR v.user_id = $5)";
    INSERT = "INSERT INTO saved_view (programme_id, user_id, kind, name, query, shared) VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING id";
    SET_QUERY = "UPDATE saved_view SET query = $2 WHERE id = $1";
    DELETE = "DELETE FROM saved_view WHERE id = $1";
    FORGET = "DELETE FROM default_view WHERE view_id = $1";
    CLEAR_DEFAULT = "DELETE FROM default_view WHERE programme_id = $1 AND user_id = $2 AND kind = $3";
    SET_DEFAULT = "INSERT INTO default_view (programme_id, user_id, kind, view_id) VALUES ($1, $2, $3, $4)";
}

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Identity.
    pub id: i64,
    /// Kind of the list: that of a record, or `figure`.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// The query of the list's address.
    pub query: String,
    /// Whether everybody in the programme sees it.
    pub shared: bool,
    /// Who saved it.
    pub user: i64,
    /// Name of who saved it.
    pub user_name: String,
    /// Whether the user who asked opens the list with it.
    pub is_default: bool,
}

/// A view to save.
#[derive(Debug, Clone, Copy)]
pub struct NewView<'a> {
    /// Programme.
    pub programme: i64,
    /// Whose it is.
    pub user: i64,
    /// Kind of the list.
    pub kind: &'a str,
    /// Name.
    pub name: &'a str,
    /// Query.
    pub query: &'a str,
    /// Whether everybody in the programme sees it.
    pub shared: bool,
}

fn view(row: &Row) -> Result<SavedView> {
    Ok(SavedView {
        id: row.int(0)?,
        kind: row.text(1)?,
        name: row.text(2)?,
        query: row.text(3)?,
        shared: row.bool(4)?,
        user: row.int(5)?,
        user_name: row.text(6)?,
        is_default: row.bool(7)?,
    })
}

/// What the audit keeps of a query: that of contacts may hold a person's name.
fn kept(kind: &str, query: &str) -> Value {
    if kind == "contact" { json!("*") } else { json!(query) }
}

async fn note(
    tx: &mut Tx,
    change: &Change,
    (entity, entity_id, field): (&str, i64, &str),
    before: Option<Value>,
    after: Option<Value>,
) -> Result<()> {
    let (entity, field) = (entity.to_owned(), field.to_owned());
    change_item_insert(tx, change, &ChangeItem { record: None, entity, entity_id, field, before, after })
        .await
}

/// The views of a list that a user sees: own ones, then shared ones, by name.
///
/// # Errors
/// When the database fails.
pub async fn view_list(tx: &mut Tx, programme: i64, user: i64, kind: &str) -> Result<Vec<SavedView>> {
    tx.all(LIST, params![programme, user, kind]).await?.iter().map(view).collect()
}

/// A view of a programme.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none with this id.
pub async fn view_get(tx: &mut Tx, programme: i64, id: i64) -> Result<SavedView> {
    view(&tx.one(GET, params![id, programme]).await?)
}

/// The view that a new one of this name would replace: of the same list, shared or of the same user.
///
/// # Errors
/// When the database fails.
pub async fn view_named(tx: &mut Tx, new: &NewView<'_>) -> Result<Option<SavedView>> {
    let values = params![new.programme, new.kind, new.name, new.shared, new.user];
    tx.optional(NAMED, values).await?.as_ref().map(view).transpose()
}

/// Saves a view under a name that is free.
///
/// # Errors
/// [`crate::Error::Duplicate`] when it is not.
pub async fn view_insert(tx: &mut Tx, change: &Change, new: &NewView<'_>) -> Result<i64> {
    let values = params![new.programme, new.user, new.kind, new.name, new.query, new.shared];
    let id = tx.int(INSERT, values).await?;
    let row = json!({ "kind": new.kind, "name": new.name, "query": kept(new.kind, new.query), "shared": new.shared });
    note(tx, change, ("saved_view", id, "*"), None, Some(row)).await?;
    Ok(id)
}

/// Saves another query under the name of a view.
///
/// # Errors
/// When the database fails.
pub async fn view_replace(tx: &mut Tx, change: &Change, old: &SavedView, query: &str) -> Result<()> {
    tx.execute(SET_QUERY, params![old.id, query]).await?;
    let (before, after) = (kept(&old.kind, &old.query), kept(&old.kind, query));
    note(tx, change, ("saved_view", old.id, "query"), Some(before), Some(after)).await
}

/// Deletes a view; nobody opens a list with it any more.
///
/// # Errors
/// When the database fails.
pub async fn view_delete(tx: &mut Tx, change: &Change, old: &SavedView) -> Result<()> {
    tx.execute(FORGET, params![old.id]).await?;
    tx.execute(DELETE, params![old.id]).await?;
    let row = json!({ "kind": old.kind, "name": old.name, "query": kept(&old.kind, &old.query), "shared": old.shared });
    note(tx, change, ("saved_view", old.id, "deleted"), Some(row), None).await
}

/// Sets the view that a user opens a list with, or none.
///
/// # Errors
/// When the database fails.
pub async fn view_set_default(
    tx: &mut Tx,
    change: &Change,
    (programme, user, kind): (i64, i64, &str),
    view: Option<i64>,
) -> Result<()> {
    tx.execute(CLEAR_DEFAULT, params![programme, user, kind]).await?;
    if let Some(view) = view {
        tx.execute(SET_DEFAULT, params![programme, user, kind, view]).await?;
    }
    note(tx, change, ("default_view", user, kind), None, Some(json!(view))).await
}
