//! The business contacts of a record: for who may see contacts at all.

use crate::access::{Actor, Right};
use crate::entry::{Problem, edit_right};
use crate::error::{Error, Result};
use crate::{App, access, change};
use domain::record::Group;
use store::{Entry, Link, Record, RecordKind, Tx};

/// The kind of the link between a record and a contact for it.
const CONTACT: &str = "contact";

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
    let mut people: Vec<Person> = Vec::new();
    for (id, link) in linked.chain(rest) {
        if people.iter().all(|person| person.entry.record.id != id) {
            people.push(Person { entry: store::entry_get(tx, id).await?, link });
        }
    }
    Ok(Some(people))
}
