//! What reports tell of projects meets the projects on record: a claim makes a new one known, or is news of one that exists.
//!
//! News changes nothing by itself: what it would change is shown beside what is known, and only what is ticked is written, in one
//! change with the quote as evidence. A stage is moved through its gate. Amounts stay claims of their own; those of the same
//! sentence may be accepted with the news and are then figures of the project.

mod offer;

pub use offer::{NewsChange, NewsForm, NewsOffer, news_day};

use crate::access::{Actor, Right, open_id};
use crate::alike::refuse_alike;
use crate::claim::{self, enter_of};
use crate::entry::{self, EntryForm, edit_right};
use crate::error::{Error, Result};
use crate::names::{Names, Resolved};
use crate::{App, change};
use domain::organisation::plain;
use std::collections::BTreeMap;
use store::{
    Change, Claim, ClaimState, Condition, Entry, EvidenceKind, ListFilter, ProjectClaim, Record, RecordKind,
    Sort, Tx,
};

/// Projects proposed for a claim.
const PROPOSED: usize = 5;
/// Projects looked at for each thing that a claim may share with one.
const LOOKED_AT: i64 = 20;
/// Other reports of the same news, at most.
const TOGETHER: i64 = 50;
/// Words that say nothing of which project is meant.
const GENERAL: &[&str] = &["建设项目", "产业园", "项目", "工程", "基地", "生产线"];

/// What speaks for a project being the one a claim speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaks {
    /// The name is the same.
    SameName,
    /// One name holds the other.
    LikeName,
    /// Whom the claim names is its investor or its company.
    SameFirm,
    /// It lies where the claim says.
    SameRegion,
}

impl Speaks {
    fn weight(self) -> u32 {
        match self {
            Self::SameName => 8,
            Self::LikeName => 4,
            Self::SameFirm => 3,
            Self::SameRegion => 1,
        }
    }
}

/// A project that a claim may speak of.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The project.
    pub entry: Entry,
    /// What speaks for it.
    pub reasons: Vec<Speaks>,
}

/// What a project claim has to do with records.
#[derive(Debug, Clone)]
pub struct NewsMeeting {
    /// The claim.
    pub claim: ProjectClaim,
    /// What its words mean in the programme.
    pub resolved: Resolved,
    /// The project it was accepted for, where that is open to the actor.
    pub project: Option<Record>,
    /// The organisation that its owner is, where it is known and open to the actor.
    pub owner: Option<Record>,
    /// Projects it may speak of, the likeliest first; none once it is decided.
    pub candidates: Vec<Candidate>,
    /// Other open claims that tell the same.
    pub same: Vec<ProjectClaim>,
    /// Open claims of amounts in its sentence.
    pub money: Vec<Claim>,
}

impl App {
    /// What a document tells of projects, in text order.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has no such document.
    pub async fn project_claim_list(
        &self,
        actor: &Actor,
        programme: i64,
        document: i64,
    ) -> Result<Vec<ProjectClaim>> {
        let mut tx = self.db.read().await?;
        open_id(&mut tx, actor, programme, document, Right::View).await?;
        if !actor.may(programme, Right::ViewClaim) {
            return Ok(Vec::new());
        }
        Ok(store::project_claim_list(&mut tx, document).await?)
    }

    /// Open project claims of a programme, the newest first, below the id `before`, and how many there are in all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn project_claim_list_open(
        &self,
        actor: &Actor,
        programme: i64,
        before: Option<i64>,
        limit: i64,
    ) -> Result<(Vec<ProjectClaim>, i64)> {
        actor.require(programme, Right::ViewClaim)?;
        let mut tx = self.db.read().await?;
        let reach = actor.reach_for(programme, Right::ViewClaim);
        let claims = store::project_claim_list_open(&mut tx, programme, &reach, before, limit).await?;
        let count = store::project_claim_count_open(&mut tx, programme, &reach).await?;
        Ok((claims, count))
    }

    /// What was told of a project, as far as the documents are open to the actor.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has no such project that the actor can see.
    pub async fn project_news(&self, actor: &Actor, programme: i64, id: i64) -> Result<Vec<ProjectClaim>> {
        let mut tx = self.db.read().await?;
        open_id(&mut tx, actor, programme, id, Right::View).await?;
        let reach = actor.reach(programme);
        Ok(store::project_claim_list_of(&mut tx, id, &reach, TOGETHER).await?)
    }

    /// A project claim with the projects it may speak of and what tells the same.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the programme has none with this id that the actor can see.
    pub async fn project_claim(&self, actor: &Actor, programme: i64, id: i64) -> Result<NewsMeeting> {
        let mut tx = self.db.read().await?;
        let claim = store::project_claim_get(&mut tx, id).await?;
        open_id(&mut tx, actor, programme, claim.document, Right::ViewClaim).await?;
        let names = self.names(&mut tx, programme).await?;
        let resolved = resolve(&names, &claim);
        let reach = actor.reach(programme);
        let of = |id: Option<i64>| id.into_iter().collect::<Vec<_>>();
        let mut known = store::record_list_of(&mut tx, &of(claim.project), &reach).await?;
        let mut owner = store::record_list_of(&mut tx, &of(resolved.organisation), &reach).await?;
        let is_open = claim.state == ClaimState::Open;
        Ok(NewsMeeting {
            project: known.pop(),
            owner: owner.pop(),
            candidates: match is_open {
                true => candidates(&mut tx, actor, &claim, &resolved).await?,
                false => Vec::new(),
            },
            same: match is_open {
                true => told_again(&mut tx, actor, &claim, Right::ViewClaim).await?,
                false => Vec::new(),
            },
            money: if is_open { money(&mut tx, &claim).await? } else { Vec::new() },
            claim,
            resolved,
        })
    }

    /// Rejects a project claim.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was decided otherwise.
    pub async fn project_claim_reject(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        reason: &str,
    ) -> Result<ProjectClaim> {
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = lock(&mut tx, actor, programme, id).await?;
        match claim.state {
            ClaimState::Rejected => return Ok(claim),
            ClaimState::Open => {}
            _ => return Err(Error::Conflict),
        }
        let change = change::open(&mut tx, actor, Some(programme), "news-reject", Some(reason)).await?;
        store::project_claim_decide(&mut tx, &change, &claim, ClaimState::Rejected, None).await?;
        self.commit(tx).await?;
        Ok(claim)
    }

    /// Opens a decided project claim again by undoing the change that decided it, with all that it wrote.
    ///
    /// # Errors
    /// As [`App::change_undo`].
    pub async fn project_claim_reopen(&self, actor: &Actor, programme: i64, id: i64) -> Result<ProjectClaim> {
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = lock(&mut tx, actor, programme, id).await?;
        if claim.state == ClaimState::Open {
            return Ok(claim);
        }
        let change = store::change_of_field(&mut tx, "project_claim", id, "state").await?;
        crate::undo::undo(&mut tx, actor, programme, change.ok_or(Error::NotUndoable)?, None).await?;
        self.commit(tx).await?;
        Ok(claim)
    }

    /// Creates a project from a form that a claim filled in; the claim, what tells the same, and the amounts chosen are accepted
    /// in the same change, and the quotes are the sources of the project.
    ///
    /// # Errors
    /// As [`App::entry_create`]; [`Error::Conflict`] when the claim was decided meanwhile.
    pub async fn project_create_from(
        &self,
        actor: &Actor,
        programme: i64,
        form: &EntryForm,
        id: i64,
        money: &[i64],
    ) -> Result<Record> {
        let kind = RecordKind::Project;
        if !actor.may_keep(programme, edit_right(kind), kind) {
            return Err(Error::Forbidden);
        }
        let mut tx = self.begin_review(actor, programme).await?;
        let claim = open_claim(&mut tx, actor, programme, id).await?;
        let parts = entry::parse(&mut tx, actor, programme, kind, form, None).await?;
        refuse_alike(&mut tx, actor, programme, kind, (&parts, None), form.different).await?;
        let opened = change::open(&mut tx, actor, Some(programme), "news-record", Some(&form.reason)).await?;
        let record = entry::insert(&mut tx, &opened, actor.team(programme), kind, &parts).await?;
        entry::settled(&mut tx, actor, &record).await?;
        self.accept(&mut tx, actor, &opened, &claim, &record, money).await?;
        self.commit(tx).await?;
        Ok(record)
    }

    /// Accepts a claim for a project: its quote, those that tell the same, and the amounts of its sentence that were chosen.
    async fn accept(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        change: &Change,
        claim: &ProjectClaim,
        project: &Record,
        chosen: &[i64],
    ) -> Result<()> {
        let mut told = told_again(tx, actor, claim, Right::ReviewClaim).await?;
        told.insert(0, claim.clone());
        let names = self.names(tx, project.programme).await?;
        for (at, one) in told.iter().enumerate() {
            let span =
                EvidenceKind::Span { text: one.text, span: one.told.span, quote: one.told.quote.clone() };
            let evidence = store::evidence_insert(tx, Some(one.document), &span).await?;
            store::evidence_attach(tx, change, project.id, evidence).await?;
            store::project_claim_decide(tx, change, one, ClaimState::Accepted, Some(project.id)).await?;
            if at > 0 {
                continue;
            }
            for amount in money(tx, one).await?.iter().filter(|amount| chosen.contains(&amount.id)) {
                let amount = claim::lock(tx, actor, project.programme, amount.id).await?;
                enter_of(tx, actor, change, &names, &amount, project.id).await?;
            }
        }
        Ok(())
    }
}

async fn lock(tx: &mut Tx, actor: &Actor, programme: i64, id: i64) -> Result<ProjectClaim> {
    let claim = store::project_claim_lock(tx, id).await?;
    open_id(tx, actor, programme, claim.document, Right::ReviewClaim).await?;
    Ok(claim)
}

/// A claim that is still to be decided.
async fn open_claim(tx: &mut Tx, actor: &Actor, programme: i64, id: i64) -> Result<ProjectClaim> {
    let claim = lock(tx, actor, programme, id).await?;
    if claim.state == ClaimState::Open { Ok(claim) } else { Err(Error::Conflict) }
}

fn resolve(names: &Names, claim: &ProjectClaim) -> Resolved {
    let text = |mention: &Option<store::Mention>| mention.as_ref().map(|mention| mention.text.clone());
    names.resolve(text(&claim.told.place).as_deref(), text(&claim.told.owner).as_deref(), None)
}

/// Open claims of the same name that tell the same stage, in documents over which the actor has a right.
async fn told_again(
    tx: &mut Tx,
    actor: &Actor,
    claim: &ProjectClaim,
    right: Right,
) -> Result<Vec<ProjectClaim>> {
    let reach = actor.reach_for(claim.programme, right);
    let name = &claim.told.name.text;
    let mut found = store::project_claim_list_named(tx, claim.programme, name, &reach, TOGETHER).await?;
    let stage = |of: &ProjectClaim| (of.told.milestone, of.told.planned);
    found.retain(|of| of.id != claim.id && stage(of) == stage(claim));
    Ok(found)
}

/// Open claims of money in the sentence of a project claim.
async fn money(tx: &mut Tx, claim: &ProjectClaim) -> Result<Vec<Claim>> {
    let mut found = store::claim_list_within(tx, claim.document, claim.told.sentence).await?;
    found.retain(|of| of.state == ClaimState::Open && of.text == claim.text && is_money(&of.reading.unit));
    Ok(found)
}

fn is_money(unit: &str) -> bool {
    // Currencies come before all other units.
    domain::Unit::all().take_while(|unit| unit.code() != "CNY/kg").any(|of| of.code() == unit)
}

/// The part of a name that tells one project from another.
fn core(name: &str) -> String {
    let name = plain(name);
    let mut core = name.as_str();
    while let Some(rest) = GENERAL.iter().find_map(|word| core.strip_suffix(word)) {
        core = rest;
    }
    if core.chars().count() < 2 { name } else { core.to_owned() }
}

/// The part of a claim's name that tells one project from another: its size is told in many ways.
fn core_of(claim: &ProjectClaim) -> String {
    let name = &claim.told.name.text;
    let size = claim.told.capacity.as_ref().map_or("", |size| size.text.as_str());
    match name.strip_prefix(size).map(core) {
        Some(core) if core.chars().count() > 1 => core,
        _ => core(name),
    }
}

/// Projects that a claim may speak of, as far as the actor sees them (law 5).
async fn candidates(
    tx: &mut Tx,
    actor: &Actor,
    claim: &ProjectClaim,
    resolved: &Resolved,
) -> Result<Vec<Candidate>> {
    let kind = RecordKind::Project;
    let name = plain(&claim.told.name.text);
    let core = core_of(claim);
    let field = |code| kind.field(code);
    let mut filters = vec![ListFilter { text: core.clone(), ..ListFilter::of(kind) }];
    for code in ["investor", "company"] {
        let firm = field(code).zip(resolved.organisation);
        filters.extend(firm.map(|(field, id)| of_firm(kind, field, id)));
    }
    let mut found: BTreeMap<i64, Entry> = BTreeMap::new();
    for filter in filters {
        let filter = ListFilter { reach: actor.reach(claim.programme), ..filter };
        let entries =
            store::entry_list(tx, claim.programme, &filter, Sort::default(), None, LOOKED_AT).await?;
        found.extend(entries.into_iter().map(|entry| (entry.record.id, entry)));
    }
    let mut candidates = Vec::new();
    for (id, entry) in found {
        let mut names = vec![entry.record.title.clone()];
        names.extend(store::record_name_list(tx, id).await?);
        let reasons = speaks(&entry, &names, (&name, &core), resolved);
        let weight: u32 = reasons.iter().map(|reason| reason.weight()).sum();
        if weight >= Speaks::SameFirm.weight() {
            candidates.push((weight, Candidate { entry, reasons }));
        }
    }
    candidates.sort_by_key(|(weight, of)| (std::cmp::Reverse(*weight), of.entry.record.id));
    Ok(candidates.into_iter().take(PROPOSED).map(|(_, candidate)| candidate).collect())
}

fn of_firm(kind: RecordKind, field: &'static domain::record::FieldInfo, id: i64) -> ListFilter {
    ListFilter { conditions: vec![Condition::Is(field, id)], ..ListFilter::of(kind) }
}

fn speaks(entry: &Entry, names: &[String], (name, core): (&str, &str), resolved: &Resolved) -> Vec<Speaks> {
    let mut reasons = Vec::new();
    let plain: Vec<String> = names.iter().map(|name| plain(name)).collect();
    if plain.iter().any(|of| of == name) {
        reasons.push(Speaks::SameName);
    } else if plain.iter().any(|of| of.contains(core) || name.contains(&self::core(of))) {
        reasons.push(Speaks::LikeName);
    }
    let firms = [entry.id("investor"), entry.id("company")];
    if resolved.organisation.is_some_and(|id| firms.contains(&Some(id))) {
        reasons.push(Speaks::SameFirm);
    }
    if entry.id("region").is_some_and(|id| resolved.hosts.contains(&id)) {
        reasons.push(Speaks::SameRegion);
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::core;

    #[test]
    fn the_core_of_a_name_leaves_out_what_every_project_is_called() {
        assert_eq!(core("青禾粮油产业园项目"), "青禾粮油");
        assert_eq!(core("“星河算力”数据中心"), "星河算力数据中心");
        assert_eq!(core("产业园项目"), "产业园项目");
    }
}
