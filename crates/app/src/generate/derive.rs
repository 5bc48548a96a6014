//! Party regions and keys of generated records: what `entry::party` derives from the database, from what is known here. A
//! test holds that both come to the same.

use super::world::Place;
use domain::record::{FieldType, RecordKind, Value};
use domain::region::Side;
use std::collections::{BTreeSet, HashMap};
use store::{BulkEntry, ReachKey};

/// What is known of the records made so far.
pub(super) struct Known {
    sides: HashMap<i64, Side>,
    /// Party regions of the records from which others take theirs.
    regions: HashMap<i64, Vec<i64>>,
    /// Every office with the one above it.
    offices: HashMap<i64, Option<i64>>,
    /// The offices of every project and aid project, and whether it is protected.
    projects: HashMap<i64, (Vec<i64>, bool)>,
}

impl Known {
    pub fn new<'a>(places: impl Iterator<Item = &'a Place>) -> Self {
        let sides = places.map(|place| (place.id, place.side)).collect();
        Self { sides, regions: HashMap::new(), offices: HashMap::new(), projects: HashMap::new() }
    }

    /// Keeps of a record what later ones derive from it.
    pub fn remember(&mut self, kind: RecordKind, id: i64, entry: &BulkEntry) {
        if kind == RecordKind::Office {
            self.offices.insert(id, named(entry, "parent"));
        }
        if matches!(kind, RecordKind::Project | RecordKind::AidProject) {
            let offices = ["owner", "team"].into_iter().filter_map(|field| named(entry, field));
            self.projects.insert(id, (offices.collect(), entry.protected));
        }
        let others = [
            RecordKind::Organisation,
            RecordKind::Park,
            RecordKind::Office,
            RecordKind::Project,
            RecordKind::AidProject,
        ];
        if others.contains(&kind) {
            self.regions.insert(id, entry.regions.iter().map(|(region, _)| *region).collect());
        }
    }

    /// The regions of a record on one side.
    pub fn regions_on(&self, record: i64, side: Side) -> Vec<i64> {
        let on = |region: &i64| self.sides.get(region).copied().unwrap_or(Side::Host) == side;
        self.regions.get(&record).into_iter().flatten().copied().filter(on).collect()
    }

    /// Sets regions, keys and protection of a record that is about to be made.
    pub fn derive(&self, kind: RecordKind, entry: &mut BulkEntry) {
        let mut regions = BTreeSet::new();
        let mut keys = BTreeSet::new();
        for field in kind.fields().iter().filter(|field| field.party) {
            let Some(Value::Id(id)) = entry.values.get(field.code) else { continue };
            match field.kind {
                FieldType::Region => regions.extend([*id]),
                FieldType::Record(of) => {
                    regions.extend(self.regions.get(id).into_iter().flatten());
                    keys.extend(record_key(of, *id));
                }
                _ => {}
            }
        }
        for (field, id, _) in &entry.links {
            let of = kind.field(field).map(|field| field.kind);
            if !matches!(of, Some(FieldType::Links(RecordKind::Organisation, _))) {
                continue;
            }
            if kind != RecordKind::Park {
                regions.extend(self.regions.get(id).into_iter().flatten());
            }
            keys.extend(record_key(RecordKind::Organisation, *id));
        }
        entry.own_key = own_key(kind);
        let whole = named(entry, "project").or(named(entry, "aid_project"));
        let project = whole.and_then(|id| self.projects.get(&id));
        let team = named(entry, "team").filter(|_| kind == RecordKind::Project);
        let own = [named(entry, "owner"), team].into_iter().flatten();
        for office in own.chain(project.into_iter().flat_map(|(offices, _)| offices.iter().copied())) {
            let mut office = Some(office);
            while let Some(id) = office {
                keys.insert(ReachKey::Team(id));
                office = self.offices.get(&id).copied().flatten();
            }
        }
        let status = entry.values.get("status").and_then(Value::text);
        entry.protected = match kind {
            RecordKind::Lead => status == Some("registered"),
            RecordKind::Project => !entry.values.contains_key("signed_on") && !is_signed(entry),
            _ => project.is_some_and(|(_, protected)| *protected),
        };
        if is_open(kind, status) {
            keys.insert(ReachKey::Open);
        }
        let side = |region: &i64| self.sides.get(region).copied().unwrap_or(Side::Host);
        entry.regions = regions.iter().map(|region| (*region, side(region))).collect();
        let opens = |key: &ReachKey| !entry.protected || matches!(key, ReachKey::Team(_) | ReachKey::User(_));
        entry.keys = keys.into_iter().filter(opens).collect();
    }
}

/// Whether a project stands at a stage behind its signing.
fn is_signed(entry: &BulkEntry) -> bool {
    let stage = entry.values.get("stage").and_then(Value::text);
    !matches!(stage, Some("lead" | "talks" | "to_sign" | "on_hold" | "ended"))
}

fn named(entry: &BulkEntry, field: &str) -> Option<i64> {
    entry.values.get(field).and_then(Value::id)
}

/// The key that a record of this kind is to those it concerns.
fn record_key(kind: RecordKind, id: i64) -> Option<ReachKey> {
    own_key(kind).filter(|_| kind != RecordKind::Office).map(|key| key(id))
}

fn own_key(kind: RecordKind) -> Option<fn(i64) -> ReachKey> {
    match kind {
        RecordKind::Organisation => Some(ReachKey::Organisation),
        RecordKind::Park => Some(ReachKey::Park),
        RecordKind::Office => Some(ReachKey::Team),
        _ => None,
    }
}

fn is_open(kind: RecordKind, status: Option<&str>) -> bool {
    use RecordKind::{
        Cohort, Enclave, Event, Office, Opportunity, Organisation, Pairing, Park, Policy, ReportingTask,
    };
    match kind {
        Office | Pairing | Cohort | Organisation | Park | Enclave | Policy | Event => true,
        Opportunity => matches!(status, Some("open" | "talking")),
        ReportingTask => status != Some("draft"),
        _ => false,
    }
}
