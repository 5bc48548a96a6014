//! Links between records, each in a role: parties of an agreement, policies offered, occupants, attached documents.

use crate::change::{Change, created, field};
use crate::db::{Row, Tx, params};
use crate::error::Result;
use crate::reach::reach_of_document;
use crate::record::{Record, record_from};
use jiff::Timestamp;
use serde_json::json;

/// The kind of the link between a record and a document attached to it.
pub const ATTACHMENT: &str = "attachment";

statements! {
    INSERT = "INSERT INTO record_link (from_id, to_id, kind, role, share, change_id) VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING id";
    REMOVE = "UPDATE record_link SET removed_change_id = $2 WHERE id = $1";
    AT = "SELECT l.id, l.kind, l.role, l.share, l.from_id, l.to_id, l.removed_change_id FROM record_link l
        WHERE l.from_id = $1 AND l.change_id <= $2 AND (l.removed_change_id IS NULL OR l.removed_change_id > $2) ORDER BY l.id";
    GET = "SELECT l.id, l.kind, l.role, l.share, l.from_id, l.to_id, l.removed_change_id FROM record_link l WHERE l.id = $1";
    FROM = "SELECT r.id, r.programme_id, r.kind, r.code, r.title, r.title_en, r.version, r.archived_at, r.changed_at,
        r.protected, r.merged_into, r.created_by, l.id, l.kind, l.role, l.share, c.at FROM record_link l
        JOIN change c ON c.id = l.change_id JOIN record r ON r.id = l.to_id WHERE l.from_id = $1 AND l.removed_change_id IS NULL ORDER BY l.id";
    TO = "SELECT r.id, r.programme_id, r.kind, r.code, r.title, r.title_en, r.version, r.archived_at, r.changed_at,
        r.protected, r.merged_into, r.created_by, l.id, l.kind, l.role, l.share, c.at FROM record_link l
        JOIN change c ON c.id = l.change_id JOIN record r ON r.id = l.from_id WHERE l.to_id = $1 AND l.removed_change_id IS NULL AND r.archived_at IS NULL
        ORDER BY l.id DESC LIMIT $2";
}

/// A link, seen from one of its ends.
#[derive(Debug, Clone)]
pub struct Link {
    /// Identity.
    pub id: i64,
    /// What it is: the code of the field it belongs to, or `attachment`.
    pub kind: String,
    /// The role of the record it leads to.
    pub role: String,
    /// A share in hundredths of a percent, where one was agreed.
    pub share: Option<i64>,
    /// The record at the other end.
    pub record: Record,
    /// When it was made.
    pub at: Timestamp,
}

/// A link as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// Identity.
    pub id: i64,
    /// The record it belongs to.
    pub from: i64,
    /// The record it leads to.
    pub to: i64,
    /// What it is.
    pub kind: String,
    /// The role of the record it leads to.
    pub role: String,
    /// Whether it was taken away.
    pub removed: bool,
}

/// Links two records.
///
/// # Errors
/// When the database fails.
pub async fn link_insert(
    tx: &mut Tx,
    change: &Change,
    from: i64,
    to: i64,
    (kind, role): (&str, &str),
    share: Option<i64>,
) -> Result<i64> {
    let id = tx.int(INSERT, params![from, to, kind, role, share, change.id]).await?;
    let row = json!({ "kind": kind, "role": role, "to": to, "share": share });
    created(tx, change, from, "record_link", id, row).await?;
    if kind == ATTACHMENT {
        reach_of_document(tx, to).await?;
    }
    Ok(id)
}

/// Takes a link away, or puts it back.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn link_set_removed(tx: &mut Tx, change: &Change, id: i64, removed: bool) -> Result<()> {
    let link = link_get(tx, id).await?;
    tx.execute(REMOVE, params![id, removed.then_some(change.id)]).await?;
    if link.kind == ATTACHMENT {
        reach_of_document(tx, link.to).await?;
    }
    let place = ("record_link", id, "removed");
    field(tx, change, link.from, place, Some(json!(link.removed)), Some(json!(removed))).await
}

/// A link as it is stored.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn link_get(tx: &mut Tx, id: i64) -> Result<LinkRow> {
    link_row(&tx.one(GET, params![id]).await?)
}

/// The links of a record as they stood after a change.
///
/// # Errors
/// When the database fails.
pub async fn link_list_at(tx: &mut Tx, from: i64, change: i64) -> Result<Vec<LinkRow>> {
    tx.all(AT, params![from, change]).await?.iter().map(link_row).collect()
}

fn link_row(row: &Row) -> Result<LinkRow> {
    Ok(LinkRow {
        id: row.int(0)?,
        kind: row.text(1)?,
        role: row.text(2)?,
        from: row.int(4)?,
        to: row.int(5)?,
        removed: row.opt_int(6)?.is_some(),
    })
}

fn link(row: &Row) -> Result<Link> {
    Ok(Link {
        record: record_from(row)?,
        id: row.int(12)?,
        kind: row.text(13)?,
        role: row.text(14)?,
        share: row.opt_int(15)?,
        at: row.instant(16)?,
    })
}

/// The links of a record, in the order they were made.
///
/// # Errors
/// When the database fails.
pub async fn link_list(tx: &mut Tx, from: i64) -> Result<Vec<Link>> {
    tx.all(FROM, params![from]).await?.iter().map(link).collect()
}

/// The newest links that lead to a record, each with the record it belongs to.
///
/// # Errors
/// When the database fails.
pub async fn link_list_to(tx: &mut Tx, to: i64, limit: i64) -> Result<Vec<Link>> {
    tx.all(TO, params![to, limit]).await?.iter().map(link).collect()
}
