//! Documents attached to records: who sees the record sees them, and the record is found by their words.

use crate::access::{Actor, Right};
use crate::document::known_class;
use crate::entry::{Problem, edit_right};
use crate::error::{Error, Result};
use crate::{Added, App, access, change};
use domain::record::Group;
use std::path::Path;
use store::{ATTACHMENT, Change, Document, Link, Reach, Record, RecordKind, Tx};

/// What an attached document may be to its record: the first is a plain attachment.
pub const ATTACHMENT_ROLES: &[&str] = &["attachment", "stamped"];
/// Records that the page of a document names at most.
const RECORDS: i64 = 100;

impl App {
    /// Attaches a document that is stored already, by its code or its exact title; one that is attached in another role
    /// takes this one.
    ///
    /// # Errors
    /// [`Error::Form`] naming the field; [`Error::NotFound`] and [`Error::Forbidden`] for the record.
    pub async fn attachment_add(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        document: &str,
        role: &str,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let record = open(&mut tx, actor, programme, code).await?;
        let role = known_role(role)?;
        let reach = actor.reach(programme);
        let kind = RecordKind::Document;
        let found = store::record_list_named(&mut tx, programme, kind, document.trim(), &reach, 2).await?;
        let document = match found[..] {
            [id] => id,
            [] if document.trim().is_empty() => return Err(problem("document", "missing")),
            [] => return Err(problem("document", "unknown")),
            _ => return Err(problem("document", "ambiguous")),
        };
        let change = change::open(&mut tx, actor, Some(programme), "attachment-add", None).await?;
        attach(&mut tx, &change, &record, document, role).await?;
        self.commit(tx).await
    }

    /// Adds a file, with all that adding a document asks, and attaches it in the same change. The same bytes are attached as
    /// the document that has them.
    ///
    /// # Errors
    /// As [`App::document_add`] and [`App::attachment_add`].
    pub async fn attachment_upload(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        file: (&Path, &str),
        (role, class): (&str, &str),
    ) -> Result<Added> {
        open(&mut self.db.read().await?, actor, programme, code).await?;
        let role = known_role(role)?;
        let class = known_class(class).map_err(|_| problem("class", "unknown"))?;
        self.document_store(actor, programme, file, class, Some((code, role))).await
    }

    /// Takes an attached document off a record.
    ///
    /// # Errors
    /// [`Error::Form`] without a reason; [`Error::NotFound`] when it is not attached.
    pub async fn attachment_remove(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        link: i64,
        reason: &str,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let record = open(&mut tx, actor, programme, code).await?;
        store::record_lock(&mut tx, record.id).await?;
        let row = store::link_get(&mut tx, link).await?;
        if row.from != record.id || row.kind != ATTACHMENT {
            return Err(Error::NotFound);
        }
        if row.removed {
            return Ok(());
        }
        if reason.trim().is_empty() {
            return Err(problem("reason", "missing"));
        }
        let change = change::open(&mut tx, actor, Some(programme), "attachment-remove", Some(reason)).await?;
        store::link_set_removed(&mut tx, &change, link, true).await?;
        store::entry_touch(&mut tx, &change, record.id).await?;
        self.commit(tx).await
    }

    /// The records that a document is attached to, as far as the actor sees them, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the document is not open to the actor.
    pub async fn attachment_records(
        &self,
        actor: &Actor,
        programme: i64,
        document: i64,
    ) -> Result<Vec<Link>> {
        let mut tx = self.db.read().await?;
        access::open_id(&mut tx, actor, programme, document, Right::View).await?;
        let mut links = store::link_list_to(&mut tx, document, RECORDS).await?;
        links.retain(|link| link.kind == ATTACHMENT);
        crate::entry::only_visible(&mut tx, actor, programme, links, |link| &link.record).await
    }

    /// Documents for a picker: those that hold what was typed, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn document_suggest(
        &self,
        actor: &Actor,
        programme: i64,
        text: &str,
        limit: i64,
    ) -> Result<Vec<Document>> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        Ok(store::document_suggest(&mut tx, programme, &actor.reach(programme), text, limit).await?)
    }
}

fn problem(field: &str, code: &'static str) -> Error {
    Error::Form(vec![Problem::new(field, code)])
}

fn known_role(role: &str) -> Result<&'static str> {
    let known = ATTACHMENT_ROLES.iter().find(|known| **known == role);
    known.copied().ok_or_else(|| problem("role", "unknown"))
}

/// The record to attach something to: one that is described by fields and that the actor may edit.
pub(crate) async fn open(tx: &mut Tx, actor: &Actor, programme: i64, code: &str) -> Result<Record> {
    let record = access::open(tx, actor, programme, code, Right::View).await?;
    if record.kind.group() == Group::Evidence {
        return Err(Error::NotFound);
    }
    access::allow(tx, actor, &record, edit_right(record.kind)).await?;
    Ok(record)
}

/// How many documents are attached that are open to their parties alone, and not to this reader.
pub(crate) async fn closed_of(tx: &mut Tx, links: &[Link], reach: &Reach) -> Result<usize> {
    let attached = links.iter().filter(|link| link.kind == store::ATTACHMENT).map(|link| link.record.id);
    Ok(store::document_list_closed(tx, &attached.collect::<Vec<_>>(), reach).await?.len())
}

/// The documents among the links of a record.
pub(crate) async fn of_record(tx: &mut Tx, links: &[Link]) -> Result<Vec<(Link, Document)>> {
    let attached = || links.iter().filter(|link| link.kind == ATTACHMENT && !link.record.archived);
    let ids: Vec<i64> = attached().map(|link| link.record.id).collect();
    let documents = store::document_list_of(tx, &ids).await?;
    let with_document = |link: &Link| {
        let document = documents.iter().find(|document| document.id == link.record.id)?;
        Some((link.clone(), document.clone()))
    };
    Ok(attached().filter_map(with_document).collect())
}

/// Attaches a document in a role; where it is attached in another, in this one instead.
pub(crate) async fn attach(
    tx: &mut Tx,
    change: &Change,
    record: &Record,
    document: i64,
    role: &str,
) -> Result<()> {
    store::record_lock(tx, record.id).await?;
    for link in store::link_list(tx, record.id).await? {
        if link.kind == ATTACHMENT && link.record.id == document {
            if link.role == role {
                return Ok(());
            }
            store::link_set_removed(tx, change, link.id, true).await?;
        }
    }
    store::link_insert(tx, change, record.id, document, (ATTACHMENT, role), None).await?;
    Ok(store::entry_touch(tx, change, record.id).await?)
}
