//! Records that are described by fields: lists, one with everything its page shows, created and edited by forms.

pub(crate) mod agreement;
mod amount;
mod bulk;
mod form;
mod lead;
pub(crate) mod many;
pub(crate) mod many_changed;
#[cfg(test)]
mod many_tests;
mod own;
mod party;
mod rules;
pub(crate) mod save;
mod stale;

pub(crate) use agreement::SUCCESSIONS;
pub use agreement::{is_intent, is_open};
pub use amount::AmountInput;
pub(crate) use amount::{
    figure as amount_figure, parse as parse_amount, settle as settle_amount, withdraw as withdraw_amount,
};
pub use bulk::{BULK_LIMIT, BulkChoice, BulkDone, BulkEdit, BulkOutcome, BulkPlan, BulkRecord, bulk_fields};
pub use form::{EntryForm, LinkInput, Problem};
pub(crate) use form::{credit_code, parse};
pub use lead::{DEFAULT_RELEASE_DAYS, LeadNotice, LeadTaken, RELEASE_DAYS};
pub(crate) use lead::{refuse_taken, release_days};
pub use own::{Proof, RecordFigure};
pub(crate) use own::{own_amount, proof as parse_proof};
pub(crate) use rules::check_rules;
pub(crate) use save::{LinkTo, Parts, derive, insert, refresh, set_names};
pub use stale::Basis;

use crate::access::{Actor, Right, allow, reaches, settle};
use crate::alike::refuse_alike;
use crate::contact::Person;
use crate::error::{Error, Result};
use crate::{App, attachment, change, contact, mention, project, shared, undo};
use domain::figure::Status;
use domain::record::{FieldType, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    ChangeEntry, Claim, Condition, Cursor, Document, EnclaveShare, Entry, Evidence, FigureFilter, FigureRow,
    Link, ListFilter, Reach, Record, RecordKind, RecordStatus, SearchScope, Sort, StatusEntry, Tx,
};

/// Figures and links that a record's page shows at most.
const SHOWN: i64 = 100;
/// Quotes that it shows; a further one says that there are more.
pub const MENTIONS: i64 = 12;
/// Offices that a picker of a lead's owner looks through.
const OFFICES: i64 = 300;
/// Changes that its timeline shows.
const CHANGES: i64 = 30;
/// Events whose days its timeline shows.
const EVENTS: usize = 20;

/// A record that a field names, as lists and pages name it.
#[derive(Debug, Clone)]
pub struct RecordName {
    /// Its code.
    pub code: String,
    /// Its kind.
    pub kind: RecordKind,
    /// Its title.
    pub title: String,
    /// Its English title.
    pub title_en: Option<String>,
}

/// Names of records by id. One that the reader cannot see is not in it.
pub type RecordNames = BTreeMap<i64, RecordName>;

/// A page of a list.
#[derive(Debug, Clone)]
pub struct EntryPage {
    /// Its records.
    pub entries: Vec<Entry>,
    /// The records that their fields name.
    pub names: RecordNames,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// A record with everything its page shows.
#[derive(Debug, Clone)]
pub struct EntryDetail {
    /// The record with its fields.
    pub entry: Entry,
    /// Further names.
    pub aliases: Vec<String>,
    /// Its sources, each with the document it lies in.
    pub sources: Vec<(Evidence, Option<Document>)>,
    /// The records that its fields name.
    pub names: RecordNames,
    /// Records it is linked to, documents among them, as far as the reader sees them.
    pub links: Vec<Link>,
    /// The party regions of the records it is linked to.
    pub link_regions: BTreeMap<i64, Vec<i64>>,
    /// Records that are linked to it.
    pub linked_from: Vec<Link>,
    /// Records whose field names it, with the field's code.
    pub named_by: Vec<(&'static str, Record)>,
    /// The documents attached to it, each with its link.
    pub documents: Vec<(Link, Document)>,
    /// How many documents attached to it are open to the parties, the verifier and the auditor alone, and not to this user.
    pub closed: usize,
    /// The same of the documents among its sources.
    pub closed_sources: usize,
    /// Its business contacts; none for who may not see contacts.
    pub people: Option<Vec<Person>>,
    /// The newest claims that speak of it, at most [`MENTIONS`] and one more.
    pub mentions: Vec<Claim>,
    /// The newest changes of it; none for who may not see the audit.
    pub changes: Vec<ChangeEntry>,
    /// Events that it names or is named by.
    pub events: Vec<Entry>,
    /// The newest records that belong to it, by the field that says so.
    pub children: Vec<(Belonging, Vec<Entry>)>,
    /// The states it went through, oldest first.
    pub statuses: Vec<RecordStatus>,
    /// Figures it is subject, organisation or event of, newest first.
    pub figures: Vec<FigureRow>,
    /// When and why those of its figures that are withdrawn were.
    pub withdrawals: HashMap<i64, StatusEntry>,
    /// How its output and tax are shared, where it is an enclave.
    pub shares: Vec<EnclaveShare>,
    /// What this user's team is told of leads for its enterprises.
    pub leads: LeadNotice,
    /// The records that were merged into it.
    pub merged: Vec<Record>,
    /// The facts of gates that are missing at the stage where it stands, where it is a project.
    pub missing_facts: Vec<domain::stage::Fact>,
    /// Whether this user may edit it.
    pub editable: bool,
    /// Whether this user may enter figures of it.
    pub enterable: bool,
    /// What a form remembers of the moment it was opened: the last change of the record.
    pub version: i64,
}

impl EntryDetail {
    /// Whether a record whose field names this one is one of its [`EntryDetail::children`].
    #[must_use]
    pub fn is_child(&self, record: &Record, field: &str) -> bool {
        belonging(self.entry.record.kind).contains(&(record.kind, field))
    }

    /// Whether the amount of its form still stands: not all that was entered of it was withdrawn.
    #[must_use]
    pub fn amount_stands(&self) -> bool {
        let id = self.entry.record.id;
        let mut own = self.figures.iter().filter(|row| row.figure.subject == Some(id)).peekable();
        own.peek().is_none() || own.any(|row| row.figure.status != Status::Withdrawn)
    }

    /// The fields that are missing and should be known, in the order of forms.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static domain::record::FieldInfo> {
        let kind = self.entry.record.kind;
        let known = |field: &domain::record::FieldInfo| match field.kind {
            FieldType::Links(..) => self.links.iter().any(|link| link.kind == field.code),
            _ => self.entry.values.contains_key(field.code),
        };
        kind.fields().iter().filter(|field| (field.due || field.required) && !known(field)).collect()
    }
}

async fn withdrawals(tx: &mut Tx, figures: &[FigureRow]) -> Result<HashMap<i64, StatusEntry>> {
    let withdrawn = figures.iter().filter(|row| row.figure.status == Status::Withdrawn);
    let ids: Vec<i64> = withdrawn.map(|row| row.figure.id).collect();
    if ids.is_empty() { Ok(HashMap::new()) } else { Ok(store::figure_withdrawal_list(tx, &ids).await?) }
}

/// Records of a kind belong to another by the field of this code.
pub type Belonging = (RecordKind, &'static str);

/// What belongs to a record of this kind, in the order of its page.
fn belonging(kind: RecordKind) -> &'static [Belonging] {
    match kind {
        RecordKind::Agreement => &[(RecordKind::Agreement, "parent")],
        RecordKind::Event => &[(RecordKind::Agreement, "event")],
        RecordKind::Project => &[
            (RecordKind::Project, "parent"),
            (RecordKind::Permit, "project"),
            (RecordKind::Milestone, "project"),
            (RecordKind::Problem, "project"),
            (RecordKind::Inquiry, "project"),
        ],
        _ => &[],
    }
}

/// The newest records that belong to one, as far as they are within reach.
async fn children(tx: &mut Tx, record: &Record, reach: &Reach) -> Result<Vec<(Belonging, Vec<Entry>)>> {
    let mut groups = Vec::new();
    for (kind, code) in belonging(record.kind) {
        let Some(field) = kind.field(code) else { continue };
        let conditions = vec![store::Condition::Is(field, record.id)];
        let filter = ListFilter { conditions, reach: reach.clone(), ..ListFilter::of(*kind) };
        let of = store::entry_list(tx, record.programme, &filter, Sort::default(), None, SHOWN).await?;
        groups.push(((*kind, *code), of));
    }
    Ok(groups)
}

/// The right that editing records of a kind asks for.
#[must_use]
pub fn edit_right(kind: RecordKind) -> Right {
    if kind == RecordKind::Lead { Right::RegisterLead } else { Right::EditRecord }
}

/// The right that seeing records of a kind asks for.
#[must_use]
pub fn view_right(kind: RecordKind) -> Right {
    if kind == RecordKind::Contact { Right::ViewContact } else { Right::View }
}

/// What the actor sees of a kind of record.
fn list_reach(actor: &Actor, programme: i64, kind: RecordKind) -> Result<Reach> {
    let right = view_right(kind);
    actor.require(programme, right)?;
    Ok(actor.reach_for(programme, right))
}

impl App {
    /// A page of a list. The filter's reach is set here to what the actor can see.
    ///
    /// # Errors
    /// When the database fails; [`crate::Error::Forbidden`] for contacts to who may not see them.
    pub async fn entry_list(
        &self,
        actor: &Actor,
        programme: i64,
        mut filter: ListFilter,
        sort: Sort,
        after: Option<&Cursor>,
        limit: i64,
    ) -> Result<EntryPage> {
        filter.reach = list_reach(actor, programme, filter.kind)?;
        if filter.conditions.iter().any(|condition| matches!(condition, Condition::Reached(_))) {
            self.refresh_projects(programme).await?;
        }
        if filter.conditions.iter().any(|condition| matches!(condition, Condition::AidYear(_))) {
            self.refresh_aid(programme).await?;
        }
        let mut tx = self.db.read().await?;
        let mut entries = store::entry_list(&mut tx, programme, &filter, sort, after, limit + 1).await?;
        let size = usize::try_from(limit).unwrap_or(0);
        let more = entries.len() > size;
        entries.truncate(size);
        let next = entries.last().filter(|_| more).map(|last| store::cursor_of(last, sort.by));
        let mut names = names_of(&mut tx, actor, programme, entries.iter()).await?;
        drop(tx);
        let people = people_of(entries.iter().map(|entry| &entry.record), &names);
        match self.contact_seen(actor, programme, "list", &people).await {
            // While nothing can be written, lists are read on; only a look at people that is not kept is no look.
            Err(Error::Unavailable(_)) if filter.kind != RecordKind::Contact => {
                names.retain(|_, name| name.kind != RecordKind::Contact);
            }
            kept => kept?,
        }
        Ok(EntryPage { entries, names, next })
    }

    /// How many records a list has, counted up to a limit.
    ///
    /// # Errors
    /// As [`App::entry_list`].
    pub async fn entry_count(
        &self,
        actor: &Actor,
        programme: i64,
        mut filter: ListFilter,
        limit: i64,
    ) -> Result<i64> {
        filter.reach = list_reach(actor, programme, filter.kind)?;
        let mut tx = self.db.read().await?;
        Ok(store::entry_list_count(&mut tx, programme, &filter, limit).await?)
    }

    /// How many records of a list concern each region or one below it.
    ///
    /// # Errors
    /// As [`App::entry_list`].
    pub async fn entry_regions(
        &self,
        actor: &Actor,
        programme: i64,
        mut filter: ListFilter,
    ) -> Result<Vec<(i64, i64)>> {
        filter.reach = list_reach(actor, programme, filter.kind)?;
        let mut tx = self.db.read().await?;
        Ok(store::entry_list_regions(&mut tx, programme, &filter).await?)
    }

    /// A record with everything its page shows.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] when the programme has none with this code that the actor can see.
    pub async fn entry(&self, actor: &Actor, programme: i64, code: &str) -> Result<EntryDetail> {
        let mut tx = self.db.read().await?;
        let record = store::record_by_code(&mut tx, programme, code).await?;
        allow(&mut tx, actor, &record, Right::View).await?;
        if view_right(record.kind) != Right::View {
            allow(&mut tx, actor, &record, view_right(record.kind)).await?;
        }
        let entry = store::entry_of(&mut tx, &record).await?;
        let reach = actor.reach(programme);
        let mut links = store::link_list(&mut tx, record.id).await?;
        let closed = attachment::closed_of(&mut tx, &links, &reach).await?;
        let mut linked_from = store::link_list_to(&mut tx, record.id, SHOWN).await?;
        let mut named_by = store::entry_list_naming(&mut tx, programme, &record, &reach, SHOWN).await?;
        let linked = links.iter().chain(&linked_from).map(|link| &link.record);
        let around: Vec<&Record> = linked.chain(named_by.iter().map(|(_, record)| record)).collect();
        let open = visible(&mut tx, actor, programme, &around).await?;
        links.retain(|link| open.contains(&link.record.id));
        linked_from.retain(|link| open.contains(&link.record.id));
        named_by.retain(|(_, record)| open.contains(&record.id));
        let party_ids: Vec<i64> = links.iter().map(|link| link.record.id).collect();
        let aliases = store::record_name_list(&mut tx, record.id).await?;
        let filter = FigureFilter {
            record: Some(record.id),
            reach: reach.clone(),
            withdrawn: true,
            ..FigureFilter::default()
        };
        let figures = store::figure_list(&mut tx, programme, &filter, None, SHOWN).await?;
        let edit = actor.reach_for_kind(programme, edit_right(record.kind), record.kind);
        let enter = actor.reach_for_kind(programme, Right::EnterFigure, record.kind);
        let (sources, closed_sources) = sources(&mut tx, record.id, &reach).await?;
        let detail = EntryDetail {
            closed,
            closed_sources,
            documents: attachment::of_record(&mut tx, &links).await?,
            people: contact::of_record(&mut tx, actor, &entry, &links, &named_by).await?,
            mentions: mention::of_record(&mut tx, actor, &record, &aliases, None, MENTIONS + 1).await?,
            changes: undo::of_record(&mut tx, actor, &record, CHANGES).await?,
            events: dated_events(&mut tx, &entry, &named_by).await?,
            aliases,
            sources,
            names: names_of(&mut tx, actor, programme, [&entry]).await?,
            leads: lead::notice(&mut tx, actor, &entry, &links).await?,
            link_regions: store::party_region_list_of(&mut tx, &party_ids).await?,
            links,
            linked_from,
            named_by,
            children: children(&mut tx, &record, &reach).await?,
            statuses: store::record_status_list(&mut tx, record.id).await?,
            shares: store::enclave_share_list(&mut tx, record.id).await?,
            withdrawals: withdrawals(&mut tx, &figures).await?,
            figures,
            merged: store::record_list_merged(&mut tx, record.id, &reach).await?,
            version: store::change_last(&mut tx, record.id).await?,
            missing_facts: match record.kind {
                RecordKind::Project => project::missing(&mut tx, &entry).await?,
                _ => Vec::new(),
            },
            editable: !record.archived && reaches(&mut tx, &record, &edit).await?,
            enterable: !record.archived
                && actor.may(programme, Right::EnterFigure)
                && reaches(&mut tx, &record, &enter).await?,
            entry,
        };
        drop(tx);
        let linked = detail.people.iter().flatten().map(|person| &person.entry.record);
        let seen = people_of(linked.chain([&record]), &detail.names);
        self.contact_seen(actor, programme, "page", &seen).await?;
        Ok(detail)
    }

    /// Records of a kind for a picker, the best first: whose code, names, pinyin or initials begin with the text, or that
    /// hold it.
    ///
    /// # Errors
    /// As [`App::entry_list`].
    pub async fn entry_suggest(
        &self,
        actor: &Actor,
        programme: i64,
        kind: RecordKind,
        text: &str,
        limit: i64,
    ) -> Result<Vec<Entry>> {
        let reach = list_reach(actor, programme, kind)?;
        let mut tx = self.db.read().await?;
        let found = suggested(&mut tx, (programme, kind, &reach), text, limit).await?;
        drop(tx);
        let people = people_of(found.iter().map(|entry| &entry.record), &RecordNames::new());
        self.contact_seen(actor, programme, "search", &people).await?;
        Ok(found)
    }

    /// The offices that somebody may register a lead for, as [`App::entry_suggest`] finds offices.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lead_owner_suggest(
        &self,
        actor: &Actor,
        programme: i64,
        text: &str,
        limit: i64,
    ) -> Result<Vec<Entry>> {
        let kind = RecordKind::Office;
        let reach = list_reach(actor, programme, kind)?;
        let mut tx = self.db.read().await?;
        let mut offered = Vec::new();
        for office in suggested(&mut tx, (programme, kind, &reach), text, OFFICES).await? {
            if offered.len() < usize::try_from(limit).unwrap_or(0)
                && lead::speaks_for(&mut tx, actor, programme, office.record.id).await?
            {
                offered.push(office);
            }
        }
        Ok(offered)
    }

    /// What a form for a new record begins with.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] for who may not create records of the kind.
    pub async fn entry_blank(&self, actor: &Actor, programme: i64, kind: RecordKind) -> Result<EntryForm> {
        actor.require(programme, edit_right(kind))?;
        let mut form = EntryForm::default();
        if kind == RecordKind::Lead {
            let mut tx = self.db.read().await?;
            lead::fill(&mut tx, actor, programme, &mut form).await?;
        }
        Ok(form)
    }

    /// Creates a record from a form.
    ///
    /// # Errors
    /// [`crate::Error::Form`] naming every field that cannot be taken; [`crate::Error::LeadTaken`] for a lead that
    /// another team registered; [`crate::Error::Alike`] when it may be stored already.
    pub async fn entry_create(
        &self,
        actor: &Actor,
        programme: i64,
        kind: RecordKind,
        form: &EntryForm,
    ) -> Result<Record> {
        actor.require(programme, edit_right(kind))?;
        if !actor.may_keep(programme, edit_right(kind), kind) {
            return Err(Error::Forbidden);
        }
        let mut tx = self.db.write().await?;
        let mut form = form.clone();
        if kind == RecordKind::Lead {
            store::programme_lock(&mut tx, programme).await?;
            lead::fill(&mut tx, actor, programme, &mut form).await?;
        }
        shared::hold_for(&mut tx, (programme, kind), None, &form).await?;
        let parts = form::parse(&mut tx, actor, programme, kind, &form, None).await?;
        if kind == RecordKind::Lead {
            refuse_taken(&mut tx, actor, None, (programme, &parts.values(None))).await?;
        }
        let apart = refuse_alike(&mut tx, actor, programme, kind, (&parts, None), form.different).await?;
        let opened = change::open(&mut tx, actor, Some(programme), "record-add", Some(&form.reason)).await?;
        let record = insert(&mut tx, &opened, actor.team(programme), kind, &parts).await?;
        keep_apart(&mut tx, actor, &record, &apart).await?;
        settled(&mut tx, actor, &record).await?;
        self.commit(tx).await?;
        Ok(record)
    }

    /// Changes a record as a form says: only what the form holds, and only if nobody changed the same fields since the form
    /// was opened at its `version`.
    ///
    /// # Errors
    /// As [`App::entry_create`], and [`crate::Error::Stale`] with what others saved meanwhile.
    pub async fn entry_edit(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        form: &EntryForm,
    ) -> Result<Record> {
        let mut tx = self.db.write().await?;
        let record = store::record_by_code(&mut tx, programme, code).await?;
        crate::access::allow(&mut tx, actor, &record, edit_right(record.kind)).await?;
        if record.kind == RecordKind::Lead {
            store::programme_lock(&mut tx, programme).await?;
        }
        shared::hold_for(&mut tx, (programme, record.kind), Some(record.id), form).await?;
        let before = store::entry_lock(&mut tx, record.id).await?;
        let parts = form::parse(&mut tx, actor, programme, record.kind, form, Some(&before)).await?;
        if record.kind == RecordKind::Lead {
            refuse_taken(&mut tx, actor, Some(&before), (programme, &parts.values(Some(&before)))).await?;
        }
        let changed = (&parts, Some(&before));
        let apart = refuse_alike(&mut tx, actor, programme, record.kind, changed, form.different).await?;
        let opened = change::open(&mut tx, actor, Some(programme), "record-edit", Some(&form.reason)).await?;
        save::update(&mut tx, &opened, &before, &parts, &form.reason).await?;
        keep_apart(&mut tx, actor, &record, &apart).await?;
        settled(&mut tx, actor, &record).await?;
        self.commit(tx).await?;
        Ok(record)
    }

    /// Takes a record out of the lists, or brings it back. What was merged into another comes back by undoing that,
    /// and who was erased not at all.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Forbidden`]; [`crate::Error::Form`] without a reason;
    /// [`crate::Error::Conflict`] where it is so already; [`crate::Error::LeadTaken`] for a lead whose enterprise another team
    /// registered since.
    pub async fn entry_archive(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        archived: bool,
        reason: &str,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let record = store::record_by_code(&mut tx, programme, code).await?;
        crate::access::allow(&mut tx, actor, &record, edit_right(record.kind)).await?;
        if reason.trim().is_empty() {
            return Err(Error::Form(vec![Problem::new("reason", "missing")]));
        }
        if record.kind == RecordKind::Lead {
            store::programme_lock(&mut tx, programme).await?;
        }
        let before = store::entry_lock(&mut tx, record.id).await?;
        let erased = store::record_erased_at(&mut tx, record.id).await?.is_some();
        if before.record.archived == archived || before.record.merged_into.is_some() || erased {
            return Err(Error::Conflict);
        }
        if record.kind == RecordKind::Lead && !archived {
            refuse_taken(&mut tx, actor, None, (programme, &before.values)).await?;
        }
        let kind = if archived { "record-archive" } else { "record-restore" };
        let opened = change::open(&mut tx, actor, Some(programme), kind, Some(reason)).await?;
        save::archive(&mut tx, &opened, record.id, archived, reason).await?;
        self.commit(tx).await
    }
}

/// Keeps what a record is known to differ from: a change of its own, which the others show too.
async fn keep_apart(tx: &mut Tx, actor: &Actor, record: &Record, others: &[i64]) -> Result<()> {
    if others.is_empty() {
        return Ok(());
    }
    let opened = change::open(tx, actor, Some(record.programme), "record-different", None).await?;
    for other in others {
        store::different_insert(tx, &opened, record.id, *other).await?;
    }
    Ok(())
}

/// Refuses at its field what would place a record where the actor's right does not reach.
pub(crate) async fn settled(tx: &mut Tx, actor: &Actor, record: &Record) -> Result<()> {
    let settled = settle(tx, actor, record.programme, record.id, edit_right(record.kind)).await;
    let Err(Error::Invalid { problem, .. }) = settled else { return settled };
    let mut fields = record.kind.fields().iter().filter(|field| field.party);
    let field = fields.next().map_or("title", |field| field.code);
    Err(Error::Form(vec![Problem::new(field, problem)]))
}

/// Those rows whose record the actor sees; contacts are seen by a right of their own.
pub(crate) async fn only_visible<T>(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    rows: Vec<T>,
    record: fn(&T) -> &Record,
) -> Result<Vec<T>> {
    let open = visible(tx, actor, programme, &rows.iter().map(record).collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().filter(|row| open.contains(&record(row).id)).collect())
}

/// Those of these records that the actor sees.
async fn visible(tx: &mut Tx, actor: &Actor, programme: i64, records: &[&Record]) -> Result<BTreeSet<i64>> {
    let mut open = BTreeSet::new();
    for right in [Right::View, Right::ViewContact] {
        let reach = actor.reach_for(programme, right);
        let of_right = records.iter().filter(|record| view_right(record.kind) == right);
        let (known, unknown): (Vec<&Record>, Vec<&Record>) = of_right.partition(|of| reach.covers(of));
        let ids: Vec<i64> = unknown.into_iter().map(|record| record.id).collect();
        open.extend(known.into_iter().map(|record| record.id));
        let seen = store::record_list_of(tx, &ids, &reach).await?;
        open.extend(seen.into_iter().map(|record| record.id));
    }
    Ok(open)
}

/// The events that a record names, and those that name it.
async fn dated_events(tx: &mut Tx, entry: &Entry, named_by: &[(&'static str, Record)]) -> Result<Vec<Entry>> {
    let named = entry.record.kind.fields().iter().filter_map(|field| match field.kind {
        FieldType::Record(RecordKind::Event) => entry.id(field.code),
        _ => None,
    });
    let naming = named_by.iter().filter(|(_, record)| record.kind == RecordKind::Event);
    let ids: Vec<i64> = named.chain(naming.map(|(_, record)| record.id)).take(EVENTS).collect();
    let events = store::entry_list_of(tx, RecordKind::Event, &ids).await?;
    Ok(ids.iter().filter_map(|id| events.iter().find(|event| event.record.id == *id).cloned()).collect())
}

/// Whether a record is open to the actor.
async fn is_known(tx: &mut Tx, actor: &Actor, programme: i64, record: i64) -> Result<bool> {
    Ok(store::record_visible(tx, record, &actor.reach(programme)).await?)
}

/// The evidence of a record as far as it is open, and how many documents it lies in are open to their parties alone.
async fn sources(
    tx: &mut Tx,
    record: i64,
    reach: &Reach,
) -> Result<(Vec<(Evidence, Option<Document>)>, usize)> {
    let all = store::evidence_list(tx, record).await?;
    let ids: Vec<i64> = all.iter().filter_map(|evidence| evidence.document).collect();
    let closed = store::document_list_closed(tx, &ids, reach).await?.len();
    let open = store::record_list_of(tx, &ids, reach).await?;
    let ids: Vec<i64> = open.iter().map(|record| record.id).collect();
    let documents = store::document_list_of(tx, &ids).await?;
    let source = |evidence: Evidence| {
        let document = evidence.document.map(|id| documents.iter().find(|document| document.id == id));
        match document {
            Some(None) => None,
            found => Some((evidence, found.flatten().cloned())),
        }
    };
    Ok((all.into_iter().filter_map(source).collect(), closed))
}

/// The records of a kind that a picker offers for what was typed.
async fn suggested(
    tx: &mut Tx,
    (programme, kind, reach): (i64, RecordKind, &Reach),
    text: &str,
    limit: i64,
) -> Result<Vec<Entry>> {
    let mut filter = ListFilter { reach: reach.clone(), ..ListFilter::of(kind) };
    if text.trim().is_empty() {
        return Ok(store::entry_list(tx, programme, &filter, Sort::default(), None, limit).await?);
    }
    let scope = SearchScope { programme, reach, contacts: reach, kind: Some(kind) };
    let most = usize::try_from(limit).unwrap_or_default();
    let hits = store::search_list(tx, scope, &store::Query::new(text), most).await?;
    let ids: Vec<i64> = hits.iter().map(|hit| hit.id).collect();
    filter.conditions = vec![Condition::Among(ids.clone())];
    let mut found = store::entry_list(tx, programme, &filter, Sort::default(), None, limit).await?;
    found.sort_by_key(|entry| ids.iter().position(|id| *id == entry.record.id));
    Ok(found)
}

/// The contacts among records that are shown, and among those that their fields name (law 8: each is a look).
pub(crate) fn people_of<'a>(shown: impl IntoIterator<Item = &'a Record>, names: &RecordNames) -> Vec<i64> {
    let own = shown.into_iter().filter(|record| record.kind == RecordKind::Contact).map(|record| record.id);
    let named = names.iter().filter(|(_, name)| name.kind == RecordKind::Contact).map(|(id, _)| *id);
    own.chain(named).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The names of the records that fields name, as far as the actor sees them.
pub(crate) async fn names_of(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    entries: impl IntoIterator<Item = &Entry>,
) -> Result<RecordNames> {
    names_in(tx, actor, programme, entries, |_| true).await
}

/// The same for some of their fields.
pub(crate) async fn names_in(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    entries: impl IntoIterator<Item = &Entry>,
    is_asked: impl Fn(&domain::record::FieldInfo) -> bool,
) -> Result<RecordNames> {
    let mut named = BTreeMap::<Right, BTreeSet<i64>>::new();
    for entry in entries {
        for field in entry.record.kind.fields().iter().filter(|field| is_asked(field)) {
            if let (FieldType::Record(kind), Some(Value::Id(id))) = (field.kind, entry.values.get(field.code))
            {
                named.entry(view_right(kind)).or_default().insert(*id);
            }
        }
    }
    let mut names = RecordNames::new();
    for (right, ids) in named {
        let ids: Vec<i64> = ids.into_iter().collect();
        let seen = store::record_list_of(tx, &ids, &actor.reach_for(programme, right)).await?;
        names.extend(seen.into_iter().map(|Record { id, code, kind, title, title_en, .. }| {
            (id, RecordName { code, kind, title, title_en })
        }));
    }
    Ok(names)
}
