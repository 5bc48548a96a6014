//! Many new records of one kind, written in sets: the rows that `save::insert` leaves for each, derived from what is loaded
//! once for all of them. A test holds that both come to the same.

use crate::entry::agreement::{self, SUCCESSIONS};
use crate::entry::save::{self, Parts};
use crate::entry::{amount, party};
use crate::error::Result;
use crate::setting::stage_list;
use crate::{project, shared};
use domain::figure::{Grain, Status};
use domain::record::{FieldType, Standing, Value, Values};
use domain::region::Side;
use domain::stage::Milestone;
use domain::{Measure, Period, Quantity, Role};
use std::collections::{BTreeSet, HashMap};
use store::{BulkEntry, BulkFigure, Change, Entry, NewFigure, ReachKey, Record, RecordKind, Stage, Tx};

/// A figure of a new record beside its amount, with the cell that states it.
#[derive(Debug, Clone)]
pub(crate) struct StatedFigure {
    pub measure: Measure,
    pub role: Role,
    pub quantity: Quantity,
    pub grain: Grain,
    pub period: Period,
    pub note: Option<String>,
    /// The figure that it corrects.
    pub replaces: Option<i64>,
    pub cell: String,
}

/// A record to create, with the figures that come with it.
#[derive(Debug, Clone)]
pub(crate) struct NewRow {
    pub parts: Parts,
    pub figures: Vec<StatedFigure>,
}

/// The sheet that rows come from: its import, the digest of its file, its name.
pub(crate) type Sheet<'a> = (i64, &'a str, &'a str);

/// Whether a new record can be written in a set: nothing of it moves another record, and its amount counts as it is.
pub(crate) fn is_plain(kind: RecordKind, parts: &Parts) -> bool {
    let values = parts.values(None);
    let is_phase = kind == RecordKind::Project && values.contains_key("parent");
    let succeeds = SUCCESSIONS.iter().any(|(field, _)| values.contains_key(field));
    let standing = kind.amount().map(|amount| amount.standing(&values));
    let is_past = matches!(standing, Some(Standing::Succeeded | Standing::Over));
    let mut links = BTreeSet::new();
    let mut all = parts.links.iter().flat_map(|(field, links)| links.iter().map(move |link| (field, link)));
    let is_twice = all.any(|(field, link)| !links.insert((*field, link.to, link.role.clone())));
    !(is_phase || succeeds || is_past || is_twice || kind == RecordKind::Filing)
}

/// Creates records of one kind, of which each [`is_plain`]; their ids.
pub(crate) async fn insert_all(
    tx: &mut Tx,
    change: &Change,
    team: Option<i64>,
    kind: RecordKind,
    sheet: Option<Sheet<'_>>,
    rows: &[NewRow],
) -> Result<Vec<i64>> {
    let known = Known::load(tx, change, team, kind, rows).await?;
    let mut drafts: Vec<Draft> = rows.iter().map(|row| known.draft(change, kind, row)).collect();
    let entries: Vec<BulkEntry> = drafts.iter().map(|draft| known.entry(change, draft)).collect();
    let ids = store::entry_insert_all(tx, change, kind, &entries).await?;
    for (draft, id) in drafts.iter_mut().zip(&ids) {
        draft.entry.record.id = *id;
    }
    write_figures(tx, change, sheet, &drafts, &entries).await?;
    follow(tx, change, kind, &drafts).await?;
    Ok(ids)
}

async fn write_figures(
    tx: &mut Tx,
    change: &Change,
    sheet: Option<Sheet<'_>>,
    drafts: &[Draft<'_>],
    entries: &[BulkEntry],
) -> Result<()> {
    let mut figures = Vec::new();
    let mut cells = Vec::new();
    for (draft, entry) in drafts.iter().zip(entries) {
        for (figure, cell) in draft.figures(change) {
            cells.push(cell);
            let own = entry.own_key.map(|key| key(draft.entry.record.id));
            figures.push(BulkFigure {
                uid: store::new_uid(change),
                figure,
                regions: entry.regions.iter().map(|(region, _)| *region).collect(),
                keys: entry.keys.iter().copied().chain(own).collect(),
                protected: entry.protected,
                replaces_back: None,
                log: &[Status::Filed],
            });
        }
    }
    if figures.is_empty() {
        return Ok(());
    }
    let ids = store::figure_insert_all(tx, change, &figures).await?;
    let cells = ids.into_iter().zip(cells).filter_map(|(id, cell)| Some((id, cell?)));
    match sheet {
        Some(sheet) => {
            Ok(store::figure_cell_insert_all(tx, change, sheet, &cells.collect::<Vec<_>>()).await?)
        }
        None => Ok(()),
    }
}

/// Enters figures that are no records', each with the cell that states it; their ids.
pub(crate) async fn insert_figures(
    tx: &mut Tx,
    change: &Change,
    sheet: Sheet<'_>,
    figures: &[(NewFigure, String)],
) -> Result<Vec<i64>> {
    let bulk = |(figure, _): &(NewFigure, String)| BulkFigure {
        uid: store::new_uid(change),
        figure: figure.clone(),
        regions: Vec::new(),
        keys: Vec::new(),
        protected: false,
        replaces_back: None,
        log: &[Status::Filed],
    };
    let rows: Vec<BulkFigure> = figures.iter().map(bulk).collect();
    let ids = store::figure_insert_all(tx, change, &rows).await?;
    let cells: Vec<_> = ids.iter().copied().zip(figures.iter().map(|(_, cell)| cell.clone())).collect();
    store::figure_cell_insert_all(tx, change, sheet, &cells).await?;
    Ok(ids)
}

/// What new records bring about beside themselves, unless nobody sees them yet.
async fn follow(tx: &mut Tx, change: &Change, kind: RecordKind, drafts: &[Draft<'_>]) -> Result<()> {
    let Some(programme) = change.programme.filter(|_| change.pending.is_none()) else { return Ok(()) };
    let ids = drafts.iter().map(|draft| draft.entry.record.id);
    if kind == RecordKind::Organisation {
        shared::follow_all(tx, change, &ids.clone().collect::<Vec<_>>()).await?;
    }
    if kind == RecordKind::Project {
        project::reckon_all(tx, programme, &ids.collect::<Vec<_>>(), change.at).await?;
    }
    if project::BESIDE.contains(&kind) {
        let projects: BTreeSet<i64> = drafts.iter().filter_map(|draft| draft.entry.id("project")).collect();
        project::reckon_all(tx, programme, &projects.into_iter().collect::<Vec<_>>(), change.at).await?;
    }
    for draft in drafts.iter().filter(|draft| agreement::is_concluded(&draft.entry)) {
        let entry = store::entry_get(tx, draft.entry.record.id).await?;
        agreement::follow(tx, change, None, &entry).await?;
    }
    Ok(())
}

/// A record on its way, with what follows from its fields and links.
pub(super) struct Draft<'a> {
    row: &'a NewRow,
    pub entry: Entry,
    regions: Vec<(i64, Side)>,
    /// Regions that its amount may lie in.
    grounds: Vec<(i64, Side)>,
    keys: BTreeSet<ReachKey>,
    protected: bool,
    statuses: Vec<(String, Option<jiff::civil::Date>)>,
}

impl Draft<'_> {
    /// The figure of its amount and those beside it, each with its cell where it has one.
    pub fn figures(&self, change: &Change) -> Vec<(NewFigure, Option<String>)> {
        let mut parties = self.row.parts.links.get("party").into_iter().flatten();
        let investor = parties.find(|link| link.role == "investor").map(|link| link.to);
        let compose =
            |of, quantity| amount::compose((&self.entry, change), of, quantity, &self.grounds, investor);
        let own = self.amount().map(|(measure, role, quantity)| (compose((measure, role), quantity), None));
        let beside = self.row.figures.iter().map(|of| {
            let figure = compose((of.measure, of.role), of.quantity);
            let note = of.note.clone();
            let replaces = of.replaces;
            (
                NewFigure { grain: of.grain, period: of.period, note, replaces, ..figure },
                Some(of.cell.clone()),
            )
        });
        own.into_iter().chain(beside).collect()
    }

    fn amount(&self) -> Option<(Measure, Role, Quantity)> {
        let kind = self.entry.record.kind;
        let amount = kind.amount()?;
        let measure = amount.measure_of(kind, &self.entry.values)?;
        Some((measure, amount.role_of(&self.entry.values), self.row.parts.amount.flatten()?))
    }
}

/// What the rows of a set name, loaded once.
pub(super) struct Known {
    programme: i64,
    team: Option<i64>,
    stages: Vec<Stage>,
    /// Party regions of records.
    regions: HashMap<i64, Vec<i64>>,
    sides: HashMap<i64, Side>,
    /// Each office with all above it.
    offices: HashMap<i64, Vec<i64>>,
    /// Offices of projects and aid projects, and whether they are protected.
    wholes: HashMap<i64, (Vec<i64>, bool)>,
}

impl Known {
    pub async fn load(
        tx: &mut Tx,
        change: &Change,
        team: Option<i64>,
        kind: RecordKind,
        rows: &[NewRow],
    ) -> Result<Self> {
        let programme = change.programme.unwrap_or_default();
        let mut known = Self {
            programme,
            team,
            stages: stage_list(tx, programme).await?,
            regions: HashMap::new(),
            sides: HashMap::new(),
            offices: HashMap::new(),
            wholes: HashMap::new(),
        };
        let named = |field: &str| -> BTreeSet<i64> {
            let of = |row: &NewRow| row.parts.values.get(field)?.as_ref()?.id();
            rows.iter().filter_map(of).collect()
        };
        let (mut records, mut regions) = (BTreeSet::new(), BTreeSet::new());
        for field in kind.fields() {
            match field.kind {
                FieldType::Region if field.party => regions.extend(named(field.code)),
                FieldType::Record(_) if field.party || field.code == "park" => {
                    records.extend(named(field.code));
                }
                _ => {}
            }
        }
        let links = rows.iter().flat_map(|row| row.parts.links.values().flatten());
        records.extend(links.map(|link| link.to));
        let records: Vec<i64> = records.into_iter().collect();
        known.regions.extend(store::party_region_list_of(tx, &records).await?);
        regions.extend(known.regions.values().flatten());
        for region in regions {
            let side = store::region_side(tx, programme, region).await?;
            known.sides.extend(side.map(|side| (region, side)));
        }
        let mut offices: BTreeSet<i64> = team.into_iter().collect();
        offices.extend(["owner", "team"].into_iter().flat_map(named));
        for whole in ["project", "aid_project"].into_iter().flat_map(named) {
            let entry = store::entry_get(tx, whole).await?;
            let of: Vec<i64> = ["owner", "team"].into_iter().filter_map(|field| entry.id(field)).collect();
            offices.extend(&of);
            known.wholes.insert(whole, (of, entry.record.protected));
        }
        for office in offices {
            known.offices.insert(office, store::office_above_list(tx, office).await?);
        }
        Ok(known)
    }

    pub fn draft<'a>(&self, change: &Change, kind: RecordKind, row: &'a NewRow) -> Draft<'a> {
        let parts = &row.parts;
        let given = parts.values.iter().filter_map(|(code, value)| Some((*code, value.clone()?)));
        let record = Record {
            id: 0,
            programme: self.programme,
            kind,
            code: String::new(),
            title: parts.title.clone().unwrap_or_default(),
            title_en: parts.title_en.clone().flatten(),
            version: 1,
            archived: false,
            changed_at: Some(change.at),
            protected: false,
            merged_into: None,
            created_by: change.user,
        };
        let entry = Entry { record, values: given.collect::<Values>(), amount: None };
        let (regions, mut keys) = self.parties(&entry, parts);
        let protected = self.is_protected(&entry);
        keys.extend(self.team_keys(&entry));
        keys.extend(change.user.map(ReachKey::User));
        if party::is_open(&entry) {
            keys.insert(ReachKey::Open);
        }
        keys.retain(|key| !protected || party::is_of_team(key));
        let side = |region: &i64| self.sides.get(region).copied().unwrap_or(Side::Host);
        let mut regions: Vec<_> = regions.iter().map(|region| (*region, side(region))).collect();
        // As they are read back.
        regions.sort_by_key(|(region, side)| (side.code(), *region));
        let grounds = self.grounds(&entry, parts, &regions);
        let statuses = save::first_statuses(change, &self.stages, &entry);
        Draft { row, entry, regions, grounds, keys, protected, statuses }
    }

    fn of(&self, record: i64) -> impl Iterator<Item = i64> {
        self.regions.get(&record).into_iter().flatten().copied()
    }

    /// Regions and keys of what a record names.
    fn parties(&self, entry: &Entry, parts: &Parts) -> (BTreeSet<i64>, BTreeSet<ReachKey>) {
        let kind = entry.record.kind;
        let (mut regions, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for field in kind.fields().iter().filter(|field| field.party) {
            let Some(Value::Id(id)) = entry.values.get(field.code) else { continue };
            match field.kind {
                FieldType::Region => regions.extend([*id]),
                FieldType::Record(of) => {
                    regions.extend(self.of(*id));
                    party::record_key(of, *id, &mut keys);
                }
                _ => {}
            }
        }
        for (field, links) in &parts.links {
            let of = kind.field(field).map(|field| field.kind);
            if !matches!(of, Some(FieldType::Links(RecordKind::Organisation, _))) {
                continue;
            }
            for link in links {
                if kind != RecordKind::Park {
                    regions.extend(self.of(link.to));
                }
                party::record_key(RecordKind::Organisation, link.to, &mut keys);
            }
        }
        (regions, keys)
    }

    fn whole(&self, entry: &Entry) -> Option<&(Vec<i64>, bool)> {
        let id = entry.id("project").or(entry.id("aid_project"))?;
        self.wholes.get(&id).filter(|_| entry.record.kind != RecordKind::Project)
    }

    fn team_keys(&self, entry: &Entry) -> impl Iterator<Item = ReachKey> {
        let team = entry.id("team").filter(|_| entry.record.kind == RecordKind::Project);
        let own = [entry.id("owner").or(self.team), team].into_iter().flatten();
        let of_whole = self.whole(entry).into_iter().flat_map(|(offices, _)| offices.iter().copied());
        let offices: BTreeSet<i64> = own.chain(of_whole).collect();
        offices
            .into_iter()
            .filter_map(|office| self.offices.get(&office))
            .flatten()
            .copied()
            .map(ReachKey::Team)
    }

    fn is_protected(&self, entry: &Entry) -> bool {
        if entry.record.kind != RecordKind::Project {
            return party::is_protected(entry) || self.whole(entry).is_some_and(|(_, protected)| *protected);
        }
        if entry.day("signed_on").is_some() || entry.id("agreement").is_some() {
            return false;
        }
        // It was at no other stage before.
        let milestone = project::stage_of(&self.stages, entry).map(|stage| stage.milestone);
        milestone.is_some_and(|of| project::gate::is_aside(of) || of < Milestone::Signed)
    }

    /// The regions that an amount may lie in, as [`amount`] takes them.
    fn grounds(&self, entry: &Entry, parts: &Parts, regions: &[(i64, Side)]) -> Vec<(i64, Side)> {
        let (mut own, mut beside) = (BTreeSet::new(), BTreeSet::new());
        own.extend(["region", "supporting"].iter().filter_map(|field| entry.id(field)));
        own.extend(entry.id("park").into_iter().flat_map(|park| self.of(park)));
        for link in parts.links.get("party").into_iter().flatten() {
            let is_beside = matches!(link.role.as_str(), "witness" | "partner");
            if is_beside { beside.extend(self.of(link.to)) } else { own.extend(self.of(link.to)) }
        }
        let lies = |region: &i64| own.contains(region) || !beside.contains(region);
        regions.iter().filter(|(region, _)| lies(region)).copied().collect()
    }

    fn entry(&self, change: &Change, draft: &Draft<'_>) -> BulkEntry {
        let Draft { entry, row, .. } = draft;
        let links =
            row.parts.links.iter().flat_map(|(field, links)| {
                links.iter().map(move |link| (*field, link.to, link.role.clone()))
            });
        BulkEntry {
            uid: store::new_uid(change),
            title: entry.record.title.clone(),
            title_en: entry.record.title_en.clone(),
            values: entry.values.clone(),
            names: row.parts.aliases.clone().unwrap_or_default(),
            links: links.collect(),
            regions: draft.regions.clone(),
            keys: draft.keys.iter().copied().collect(),
            own_key: own_key(entry.record.kind),
            protected: draft.protected,
            team: self.team,
            statuses: draft.statuses.clone(),
            amount: draft.amount().map(|(.., quantity)| quantity),
        }
    }
}

fn own_key(kind: RecordKind) -> Option<fn(i64) -> ReachKey> {
    match kind {
        RecordKind::Organisation => Some(ReachKey::Organisation),
        RecordKind::Park => Some(ReachKey::Park),
        RecordKind::Office => Some(ReachKey::Team),
        _ => None,
    }
}
