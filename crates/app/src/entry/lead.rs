//! 首谈登记 (law 5): a registered enterprise belongs to the team that registered it. Another team that enters the same
//! enterprise learns that it is registered, since when and whom to ask, and nothing else.

use crate::App;
use crate::access::{Actor, Right};
use crate::change;
use crate::entry::form::{EntryForm, Problem};
use crate::entry::save::{self, Parts};
use crate::entry::{agreement, is_known};
use crate::error::{Error, Result};
use domain::organisation::Name;
use domain::region::RegionTree;
use domain::{Value, Values};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use store::{Change, Entry, RecordKind, RegisteredLead, Tx};

/// The setting that says after how many days without activity a lead is released.
pub const RELEASE_DAYS: &str = "lead_release_days";
/// As many, where nobody set it.
pub const DEFAULT_RELEASE_DAYS: i64 = 180;
/// Why the programme itself releases a lead: a code, which pages say in words.
const IDLE: &str = "lead-idle";

/// All that a team learns of a lead that another one registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadTaken {
    /// The enterprise as the team itself entered it.
    pub enterprise: String,
    /// Its English name, where known.
    pub enterprise_en: Option<String>,
    /// Since when it is registered.
    pub since: Date,
    /// The office to ask.
    pub office: String,
    /// Its English name, where known.
    pub office_en: Option<String>,
    /// Telephones of its business contacts, for those who may see contacts.
    pub phones: Vec<String>,
}

/// Days that a value of the setting stands for.
pub(crate) fn release_days(value: &str) -> Option<i64> {
    value.parse().ok().filter(|days| (1..=3650).contains(days))
}

/// An enterprise as it is compared with those of leads: two with one credit code are one, and so are two with a name in
/// common unless their codes tell them apart.
struct Enterprise {
    id: i64,
    names: Vec<Name>,
    code: Option<String>,
    /// The names of regions that its names hold.
    regions: Vec<String>,
}

impl Enterprise {
    async fn load(tx: &mut Tx, id: i64) -> Result<Self> {
        let entry = store::entry_get(tx, id).await?;
        let mut names = store::record_name_list(tx, id).await?;
        names.push(entry.record.title.clone());
        let mut regions = Vec::new();
        for region in store::region_list(tx).await? {
            let of_region = [Some(region.name_zh), region.short_zh];
            regions.extend(
                of_region.into_iter().flatten().filter(|of| names.iter().any(|name| name.contains(of))),
            );
        }
        let words: Vec<&str> = regions.iter().map(String::as_str).collect();
        let names = names.iter().map(|name| Name::new(name, &words)).collect();
        let code = entry.text("uscc").map(str::to_owned);
        Ok(Self { id: entry.record.merged_into.unwrap_or(id), names, code, regions })
    }

    /// Whether a lead is for this enterprise: the same record, or another record of the same enterprise.
    fn is_of(&self, lead: &RegisteredLead) -> bool {
        if lead.organisation == self.id {
            return true;
        }
        if let (Some(own), Some(other)) = (&self.code, &lead.uscc) {
            return own == other;
        }
        let words: Vec<&str> = self.regions.iter().map(String::as_str).collect();
        let same = |name: &String| {
            let name = Name::new(name, &words);
            self.names.iter().any(|own| own.equals(&name))
        };
        lead.names.iter().any(same)
    }
}

/// The registered leads for an enterprise, whoever registered them.
async fn registered_for(tx: &mut Tx, programme: i64, organisation: i64) -> Result<Vec<RegisteredLead>> {
    let mut leads = store::lead_list_registered(tx, programme).await?;
    if !leads.is_empty() {
        let enterprise = Enterprise::load(tx, organisation).await?;
        leads.retain(|lead| enterprise.is_of(lead));
    }
    Ok(leads)
}

/// What a form for a new lead leaves open: it is registered today, by the actor's team.
pub(crate) async fn fill(tx: &mut Tx, actor: &Actor, programme: i64, form: &mut EntryForm) -> Result<()> {
    let today = change::local(tx, Some(programme), actor.at).await?.date();
    let team = match actor.team(programme) {
        Some(team) => store::record_get(tx, team).await?.code,
        None => String::new(),
    };
    for (field, text) in
        [("status", "registered".to_owned()), ("registered_on", today.to_string()), ("owner", team)]
    {
        let present = form.fields.entry(field.to_owned()).or_default();
        if present.trim().is_empty() {
            *present = text;
        }
    }
    Ok(())
}

/// Nobody registers for an office that is neither of their own team, nor below it, nor in their own region (law 5).
pub(crate) async fn check(
    tx: &mut Tx,
    (actor, programme): (&Actor, i64),
    parts: &Parts,
    before: Option<&Entry>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let Some(owner) = parts.value("owner", before).and_then(Value::id) else { return Ok(()) };
    let changed = before.is_none_or(|before| before.id("owner") != Some(owner));
    if changed && !speaks_for(tx, actor, programme, owner).await? {
        problems.push(Problem::new("owner", "not-yours"));
    }
    Ok(())
}

pub(crate) async fn speaks_for(tx: &mut Tx, actor: &Actor, programme: i64, office: i64) -> Result<bool> {
    let above = store::office_above_list(tx, office).await?;
    let entry = store::entry_get(tx, office).await?;
    let regions = store::region_list(tx).await?;
    let tree = RegionTree::new(regions.iter().filter_map(|region| Some((region.id, region.parent?))));
    // Where it is stationed, and who sent it.
    let own = ["region", "for_region"].into_iter().filter_map(|field| entry.id(field));
    let regions: Vec<i64> = own.flat_map(|region| tree.ancestors(region)).collect();
    Ok(actor.speaks_for(programme, Right::RegisterLead, &above, &regions))
}

/// Refuses to register an enterprise that another team registered. The programme must be locked, so that of two teams that
/// register at once one wins.
pub(crate) async fn refuse_taken(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&Entry>,
    (programme, values): (i64, &Values),
) -> Result<()> {
    let id = |field| values.get(field).and_then(Value::id);
    let registers = values.get("status").and_then(Value::text) == Some("registered");
    let (Some(organisation), Some(owner), true) = (id("organisation"), id("owner"), registers) else {
        return Ok(());
    };
    let known = before.is_some_and(|before| {
        before.text("status") == Some("registered")
            && (before.id("organisation"), before.id("owner")) == (Some(organisation), Some(owner))
    });
    if known {
        return Ok(());
    }
    let own = before.map(|before| before.record.id);
    let leads = registered_for(tx, programme, organisation).await?;
    match leads.iter().find(|lead| lead.owner != owner && Some(lead.record) != own) {
        Some(lead) => Err(Error::LeadTaken(Box::new(taken(tx, actor, programme, organisation, lead).await?))),
        None => Ok(()),
    }
}

async fn taken(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    organisation: i64,
    lead: &RegisteredLead,
) -> Result<LeadTaken> {
    let enterprise = store::record_get(tx, organisation).await?;
    let office = store::record_get(tx, lead.owner).await?;
    let reach = actor.reach_for(programme, Right::ViewContact);
    let mut phones = Vec::new();
    for contact in store::contact_list_of_office(tx, programme, lead.owner).await? {
        if store::record_visible(tx, contact, &reach).await? {
            phones.extend(store::entry_get(tx, contact).await?.text("phone").map(str::to_owned));
        }
    }
    Ok(LeadTaken {
        enterprise: enterprise.title,
        enterprise_en: enterprise.title_en,
        since: lead.since,
        office: office.title,
        office_en: office.title_en,
        phones,
    })
}

/// What a team is told of leads for the enterprises of a record that it entered.
#[derive(Debug, Clone, Default)]
pub struct LeadNotice {
    /// Another team registered one of them (撞单提示).
    pub taken: Option<LeadTaken>,
    /// The team itself registered it twice: the other lead.
    pub twin: Option<store::Record>,
}

/// Notices on a need, a prospect, an agreement not signed yet, for the team that entered it; on a lead, its own twin.
pub(crate) async fn notice(
    tx: &mut Tx,
    actor: &Actor,
    entry: &Entry,
    parties: &[store::Link],
) -> Result<LeadNotice> {
    let record = &entry.record;
    let programme = record.programme;
    let team = match entry.id("owner") {
        Some(owner) => Some(owner),
        None => store::record_team(tx, record.id).await?,
    };
    let is_own = (actor.user.is_some() && record.created_by == actor.user)
        || (team.is_some() && team == actor.team(programme));
    let asks = match record.kind {
        RecordKind::Lead => entry.text("status") == Some("registered"),
        RecordKind::Need | RecordKind::Prospect => true,
        RecordKind::Agreement => entry.text("status") == Some("draft"),
        _ => false,
    };
    let mut notice = LeadNotice::default();
    if !(is_own && asks && actor.may(programme, Right::RegisterLead)) {
        return Ok(notice);
    }
    let signing = parties.iter().filter(|link| link.kind == "party" && link.role != "witness");
    let enterprises = entry.id("organisation").into_iter().chain(signing.map(|link| link.record.id));
    for organisation in enterprises {
        for lead in registered_for(tx, programme, organisation).await? {
            if record.kind != RecordKind::Lead && Some(lead.owner) != team && notice.taken.is_none() {
                notice.taken = Some(taken(tx, actor, programme, organisation, &lead).await?);
            }
            let twin =
                record.kind == RecordKind::Lead && lead.record != record.id && Some(lead.owner) == team;
            if twin && is_known(tx, actor, programme, lead.record).await? {
                notice.twin = Some(store::record_get(tx, lead.record).await?);
            }
        }
    }
    Ok(notice)
}

/// An agreement that is signed ends the protection of its team's leads for the enterprises that sign.
pub(crate) async fn convert(
    tx: &mut Tx,
    change: &Change,
    before: Option<&Entry>,
    signed: &Entry,
) -> Result<()> {
    if before.is_some_and(agreement::is_concluded) || !agreement::is_open(&signed.values) {
        return Ok(());
    }
    let id = signed.record.id;
    let team = match signed.id("owner") {
        Some(owner) => Some(owner),
        None => store::record_team(tx, id).await?,
    };
    let mut leads = store::lead_list_registered(tx, signed.record.programme).await?;
    leads.retain(|lead| Some(lead.owner) == team);
    if leads.is_empty() {
        return Ok(());
    }
    for link in store::link_list(tx, id).await? {
        if link.kind != "party" || link.role == "witness" {
            continue;
        }
        let enterprise = Enterprise::load(tx, link.record.id).await?;
        for lead in leads.extract_if(.., |lead| enterprise.is_of(lead)).collect::<Vec<_>>() {
            let lead = store::entry_lock(tx, lead.record).await?;
            let with = [("agreement", Some(Value::Id(id)))];
            save::set_status(tx, change, &lead, "converted", &with, &signed.record.code).await?;
        }
    }
    Ok(())
}

impl App {
    /// Releases the leads of a programme on which nothing happened for the time its setting gives, and says how many.
    pub(crate) async fn release_leads(&self, programme: i64, now: Timestamp) -> Result<usize> {
        let mut tx = self.db.read().await?;
        let set = store::setting_get(&mut tx, Some(programme), RELEASE_DAYS).await?;
        let days = set.as_deref().and_then(release_days).unwrap_or(DEFAULT_RELEASE_DAYS);
        let today = change::local(&mut tx, Some(programme), now).await?;
        let since = today.checked_sub(days.days()).unwrap_or(today);
        let (since, at) = (since.date(), since.timestamp());
        let idle = store::lead_list_idle(&mut tx, programme, since, at).await?;
        drop(tx);
        let mut released = 0;
        for lead in idle {
            let mut tx = self.db.write().await?;
            store::programme_lock(&mut tx, programme).await?;
            let before = store::entry_lock(&mut tx, lead).await?;
            // Somebody may have worked on it, or another node released it, since it was found.
            if !store::lead_list_idle(&mut tx, programme, since, at).await?.contains(&lead) {
                continue;
            }
            let engine = Actor { source: "engine", ..Actor::operator(now) };
            let opened = change::open(&mut tx, &engine, Some(programme), "lead-release", Some(IDLE)).await?;
            save::set_status(&mut tx, &opened, &before, "released", &[], IDLE).await?;
            self.commit(tx).await?;
            released += 1;
        }
        Ok(released)
    }
}
