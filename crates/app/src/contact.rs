//! Business contacts: those of a record, for who may see contacts at all; every look at one is kept; a person is erased on
//! request (laws 8 and 9).

use crate::access::{Actor, Right};
use crate::entry::{Problem, edit_right};
use crate::error::{Error, Result};
use crate::{App, access, change, typed};
use domain::record::Group;
use store::{ContactView, Entry, Link, NewContactView, Record, RecordKind, Tx};

/// The kind of the link between a record and a contact for it.
const CONTACT: &str = "contact";

/// Lines of one page of who saw contacts.
pub const CONTACT_VIEWS_PAGE: i64 = 100;
/// Contacts that such a line names.
const NAMED: i64 = 3;

/// A business contact of a record.
#[derive(Debug, Clone)]
pub struct Person {
    /// The contact.
    pub entry: Entry,
    /// The link by which it is one; none where a field says so.
    pub link: Option<i64>,
}

impl App {
    /// Notes that somebody is a contact for a record.
    ///
    /// # Errors
    /// [`Error::Form`] naming the field; [`Error::NotFound`] and [`Error::Forbidden`] for the record.
    pub async fn contact_link(&self, actor: &Actor, programme: i64, code: &str, contact: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let record = open(&mut tx, actor, programme, code).await?;
        let reach = actor.reach_for(programme, Right::ViewContact);
        let kind = RecordKind::Contact;
        let found = store::record_list_named(&mut tx, programme, kind, contact.trim(), &reach, 2).await?;
        let problem = match found[..] {
            [id] if id == record.id => Some("itself"),
            [_] => None,
            [] if contact.trim().is_empty() => Some("missing"),
            [] => Some("unknown"),
            _ => Some("ambiguous"),
        };
        if let Some(code) = problem {
            return Err(Error::Form(vec![Problem::new("contact", code)]));
        }
        store::record_lock(&mut tx, record.id).await?;
        let links = store::link_list(&mut tx, record.id).await?;
        if links.iter().any(|link| link.kind == CONTACT && link.record.id == found[0]) {
            return Ok(());
        }
        let change = change::open(&mut tx, actor, Some(programme), "contact-link", None).await?;
        store::link_insert(&mut tx, &change, record.id, found[0], (CONTACT, CONTACT), None).await?;
        store::entry_touch(&mut tx, &change, record.id).await?;
        self.commit(tx).await
    }

    /// Takes a contact off a record.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is none of the record's.
    pub async fn contact_unlink(&self, actor: &Actor, programme: i64, code: &str, link: i64) -> Result<()> {
        let mut tx = self.db.write().await?;
        let record = open(&mut tx, actor, programme, code).await?;
        store::record_lock(&mut tx, record.id).await?;
        let row = store::link_get(&mut tx, link).await?;
        if row.from != record.id || row.kind != CONTACT {
            return Err(Error::NotFound);
        }
        if row.removed {
            return Ok(());
        }
        let change = change::open(&mut tx, actor, Some(programme), "contact-unlink", None).await?;
        store::link_set_removed(&mut tx, &change, link, true).await?;
        store::entry_touch(&mut tx, &change, record.id).await?;
        self.commit(tx).await
    }

    /// Keeps that the actor saw contacts, before they are handed out: what cannot be kept is not shown. What the
    /// installation does by itself is no look.
    pub(crate) async fn contact_seen(
        &self,
        actor: &Actor,
        programme: i64,
        what: &str,
        contacts: &[i64],
    ) -> Result<()> {
        if contacts.is_empty() || actor.user.is_none() {
            return Ok(());
        }
        let mut tx = self.db.write().await?;
        let view = NewContactView { programme, user: actor.user, at: actor.at, what };
        store::contact_view_insert(&mut tx, &view, contacts).await?;
        Ok(tx.commit().await?)
    }

    /// Who saw contacts, or the contact of a code, the last first: [`CONTACT_VIEWS_PAGE`] lines below the line `before`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who does not watch over this in the whole installation.
    pub async fn contact_view_list(
        &self,
        actor: &Actor,
        contact: Option<&str>,
        before: Option<i64>,
    ) -> Result<Vec<ContactView>> {
        actor.require_everywhere(Right::WatchContacts)?;
        let mut tx = self.db.read().await?;
        Ok(store::contact_view_list(&mut tx, contact, before, (CONTACT_VIEWS_PAGE, NAMED)).await?)
    }

    /// Erases a person: name, personal fields and further names, here and in what was merged into the record, and where the
    /// records around it tell of them. It cannot be undone.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] without a reason; [`Error::Conflict`] for a record that
    /// is erased, or was merged into another, which is to be erased instead.
    pub async fn contact_erase(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        reason: &str,
    ) -> Result<Record> {
        let mut tx = self.db.write().await?;
        let record = access::open(&mut tx, actor, programme, code, Right::View).await?;
        if record.kind != RecordKind::Contact {
            return Err(Error::NotFound);
        }
        actor.require(programme, Right::ViewContact)?;
        access::allow(&mut tx, actor, &record, edit_right(record.kind)).await?;
        if typed::field("reason", reason)?.is_empty() {
            return Err(Error::Invalid { field: "reason", problem: "missing" });
        }
        store::record_lock(&mut tx, record.id).await?;
        let record = store::record_get(&mut tx, record.id).await?;
        if record.merged_into.is_some() || store::record_erased_at(&mut tx, record.id).await?.is_some() {
            return Err(Error::Conflict);
        }
        let change = change::open(&mut tx, actor, Some(programme), "contact-erase", Some(reason)).await?;
        store::contact_erase(&mut tx, &change, record.id).await?;
        self.commit(tx).await?;
        Ok(record)
    }
}

async fn open(tx: &mut Tx, actor: &Actor, programme: i64, code: &str) -> Result<Record> {
    actor.require(programme, Right::ViewContact)?;
    let record = access::open(tx, actor, programme, code, Right::View).await?;
    if record.kind.group() == Group::Evidence {
        return Err(Error::NotFound);
    }
    access::allow(tx, actor, &record, edit_right(record.kind)).await?;
    Ok(record)
}

/// The contacts of a record: linked to it, named by a field of it, or those of the organisation or office that it is.
pub(crate) async fn of_record(
    tx: &mut Tx,
    actor: &Actor,
    entry: &Entry,
    links: &[Link],
    named_by: &[(&'static str, Record)],
) -> Result<Option<Vec<Person>>> {
    let programme = entry.record.programme;
    if entry.record.kind == RecordKind::Contact || !actor.may(programme, Right::ViewContact) {
        return Ok(None);
    }
    let linked = links.iter().filter(|link| link.kind == CONTACT).map(|link| (link.record.id, Some(link.id)));
    let naming = named_by.iter().filter(|(_, record)| record.kind == RecordKind::Contact);
    let mut of_field = entry.id("contact");
    if let Some(id) = of_field
        && !store::record_visible(tx, id, &actor.reach_for(programme, Right::ViewContact)).await?
    {
        of_field = None;
    }
    let rest = of_field.into_iter().chain(naming.map(|(_, record)| record.id)).map(|id| (id, None));
    let all: Vec<(i64, Option<i64>)> = linked.chain(rest).collect();
    let ids: Vec<i64> = all.iter().map(|(id, _)| *id).collect();
    let mut entries = store::entry_list_of(tx, RecordKind::Contact, &ids).await?;
    let mut people = Vec::new();
    for (id, link) in all {
        // Each once, where it is named first.
        if let Some(at) = entries.iter().position(|entry| entry.record.id == id) {
            people.push(Person { entry: entries.swap_remove(at), link });
        }
    }
    Ok(Some(people))
}
