//! Whom a record concerns, derived from its fields and links: party regions, and the keys by which it can be seen.

use crate::error::Result;
use crate::project;
use domain::record::{FieldType, Value};
use domain::region::Side;
use std::collections::BTreeSet;
use store::{Change, Entry, ReachKey, RecordKind, Tx};

/// Sets party regions and keys of a record anew. `team` is the office of who made it, where its fields name none.
pub(crate) async fn derive(tx: &mut Tx, change: &Change, entry: &Entry, team: Option<i64>) -> Result<()> {
    let (id, kind) = (entry.record.id, entry.record.kind);
    let mut regions = BTreeSet::new();
    let mut keys = BTreeSet::new();
    own_keys(kind, id, &mut keys);
    for field in kind.fields() {
        let Some(Value::Id(value)) = entry.values.get(field.code) else { continue };
        match field.kind {
            FieldType::Region if field.party => {
                regions.insert(*value);
            }
            FieldType::Record(of) if field.party => {
                regions.extend(
                    store::party_region_list(tx, *value).await?.into_iter().map(|(region, _)| region),
                );
                record_key(of, *value, &mut keys);
            }
            _ => {}
        }
    }
    for link in store::link_list(tx, id).await? {
        if link.record.kind == RecordKind::Organisation {
            let of = store::party_region_list(tx, link.record.id).await?;
            // A park is not where its occupants come from.
            if kind != RecordKind::Park {
                regions.extend(of.into_iter().map(|(region, _)| region));
            }
            record_key(RecordKind::Organisation, link.record.id, &mut keys);
        }
    }
    let mut offices = vec![entry.id("owner").or(team)];
    let mut protected = is_protected(entry);
    match entry.record.kind {
        RecordKind::Project => {
            offices.push(entry.id("team"));
            protected = project::is_protected(tx, entry).await?;
        }
        // What belongs to a project is as open as the project.
        _ => {
            if let Some(project) = entry.id("project").or(entry.id("aid_project")) {
                let project = store::entry_get(tx, project).await?;
                offices.extend([project.id("owner"), project.id("team")]);
                protected |= project.record.protected;
            }
        }
    }
    for office in offices.into_iter().flatten() {
        keys.extend(store::office_above_list(tx, office).await?.into_iter().map(ReachKey::Team));
    }
    keys.extend(entry.record.created_by.map(ReachKey::User));
    if is_open(entry) {
        keys.insert(ReachKey::Open);
    }
    let mut sided = Vec::new();
    for region in regions {
        // A region on neither side of the programme is listed with the hosts.
        let side = store::region_side(tx, entry.record.programme, region).await?.unwrap_or(Side::Host);
        sided.push((region, side));
    }
    let keys: Vec<_> = keys.into_iter().filter(|key| !protected || is_of_team(key)).collect();
    Ok(store::party_set(tx, change, id, &sided, &keys, (team, protected)).await?)
}

pub(super) fn own_keys(kind: RecordKind, id: i64, keys: &mut BTreeSet<ReachKey>) {
    record_key(kind, id, keys);
    if kind == RecordKind::Office {
        keys.insert(ReachKey::Team(id));
    }
}

pub(super) fn record_key(kind: RecordKind, id: i64, keys: &mut BTreeSet<ReachKey>) {
    match kind {
        RecordKind::Organisation => keys.insert(ReachKey::Organisation(id)),
        RecordKind::Park => keys.insert(ReachKey::Park(id)),
        _ => false,
    };
}

pub(super) fn is_of_team(key: &ReachKey) -> bool {
    matches!(key, ReachKey::Team(_) | ReachKey::User(_))
}

/// Law 5: a lead belongs to the team that registered it, until it is released or signed.
pub(super) fn is_protected(entry: &Entry) -> bool {
    entry.record.kind == RecordKind::Lead && entry.text("status") == Some("registered")
}

/// What every role of a programme may read: its registers, policies, and opportunities that are offered.
pub(super) fn is_open(entry: &Entry) -> bool {
    match entry.record.kind {
        RecordKind::Office
        | RecordKind::Pairing
        | RecordKind::Cohort
        | RecordKind::Organisation
        | RecordKind::Park
        | RecordKind::Enclave
        | RecordKind::Policy
        | RecordKind::Event => true,
        RecordKind::Opportunity => matches!(entry.text("status"), Some("open" | "talking")),
        // The form of a round that was sent out; what is filed for it is open to who files and who issued it.
        RecordKind::ReportingTask => matches!(entry.text("status"), Some("sent" | "closed")),
        _ => false,
    }
}
