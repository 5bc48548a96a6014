//! The registers of a programme: offices, pairings, cohorts, organisations, parks and events.

use crate::change::{Change, created};
use crate::db::{Tx, params};
use crate::error::Result;
use crate::record::{Record, RecordKind, record_insert};
use jiff::civil::Date;
use serde_json::json;

const SELECT: &str = "SELECT r.id, r.code, r.title, r.title_en, COALESCE(o.kind, g.kind, p.kind),
    COALESCE(o.region_id, a.host_id, g.region_id, p.region_id, e.region_id),
    COALESCE(o.for_region_id, a.supporting_id, p.supported_by_id), COALESCE(o.parent_id, c.office_id, g.parent_id),
    COALESCE(e.date_from, a.since), e.date_to, COALESCE(e.organisers, a.note),
    (SELECT MIN(v.title) FROM record_evidence x JOIN evidence v ON v.id = x.evidence_id WHERE x.record_id = r.id)
    FROM record r LEFT JOIN office o ON o.record_id = r.id LEFT JOIN pairing a ON a.record_id = r.id
    LEFT JOIN cohort c ON c.record_id = r.id LEFT JOIN organisation g ON g.record_id = r.id
    LEFT JOIN park p ON p.record_id = r.id LEFT JOIN event e ON e.record_id = r.id";

statements! {
    OFFICE = "INSERT INTO office (record_id, kind, region_id, for_region_id, parent_id) VALUES ($1, $2, $3, $4, $5)";
    PAIRING = "INSERT INTO pairing (record_id, supporting_id, host_id, since, note) VALUES ($1, $2, $3, $4, $5)";
    COHORT = "INSERT INTO cohort (record_id, office_id) VALUES ($1, $2)";
    ORGANISATION = "INSERT INTO organisation (record_id, kind, region_id, parent_id) VALUES ($1, $2, $3, $4)";
    PARK = "INSERT INTO park (record_id, kind, region_id, supported_by_id) VALUES ($1, $2, $3, $4)";
    EVENT = "INSERT INTO event (record_id, date_from, date_to, region_id, organisers) VALUES ($1, $2, $3, $4, $5)";
    COUNT = "SELECT COUNT(*) FROM record WHERE programme_id = $1 AND kind = $2 AND archived_at IS NULL";
}

/// A register entry to create; which fields mean something depends on the kind.
#[derive(Debug, Clone, Default)]
pub struct NewEntry<'a> {
    /// Chinese name.
    pub name_zh: &'a str,
    /// English name.
    pub name_en: Option<&'a str>,
    /// Kind within its register, for example `front_command` or `industrial`.
    pub kind: &'a str,
    /// Where it is: the office's seat, the host of a pairing, an organisation's origin, a park's or event's place.
    pub region: Option<i64>,
    /// The other region: whose office it is, the supporting side of a pairing, the park's supporter.
    pub other_region: Option<i64>,
    /// Parent record: the office above, the office of a cohort, the parent organisation.
    pub parent: Option<i64>,
    /// First day of an event or pairing.
    pub from: Option<Date>,
    /// Last day of an event.
    pub to: Option<Date>,
    /// Organisers of an event, or a remark on a pairing.
    pub note: Option<&'a str>,
}

/// A register entry as lists and pages show it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Identity of its record.
    pub id: i64,
    /// Code of its record.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Kind within its register.
    pub kind: Option<String>,
    /// Where it is.
    pub region: Option<i64>,
    /// The other region.
    pub other_region: Option<i64>,
    /// Parent record.
    pub parent: Option<i64>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Organisers or remark.
    pub note: Option<String>,
    /// Title of a source.
    pub source: Option<String>,
}

/// Creates an entry of a register.
///
/// # Errors
/// When the database fails; a pairing needs both regions.
pub async fn entry_insert(
    tx: &mut Tx,
    change: &Change,
    register: RecordKind,
    new: &NewEntry<'_>,
) -> Result<Record> {
    let record = record_insert(tx, change, register, new.name_zh, new.name_en).await?;
    let id = record.id;
    let (sql, values) = match register {
        RecordKind::Office => (OFFICE, params![id, new.kind, new.region, new.other_region, new.parent]),
        RecordKind::Pairing => (PAIRING, params![id, new.other_region, new.region, new.from, new.note]),
        RecordKind::Cohort => (COHORT, params![id, new.parent]),
        RecordKind::Organisation => (ORGANISATION, params![id, new.kind, new.region, new.parent]),
        RecordKind::Park => (PARK, params![id, new.kind, new.region, new.other_region]),
        RecordKind::Event => (EVENT, params![id, new.from, new.to, new.region, new.note]),
        RecordKind::Document | RecordKind::Figure => {
            return Err(crate::Error::Damaged(format!("{} is no register", register.code())));
        }
    };
    tx.execute(sql, values).await?;
    let row = json!({
        "name": new.name_zh, "name_en": new.name_en, "kind": new.kind, "region": new.region,
        "other_region": new.other_region, "parent": new.parent, "from": new.from.map(|day| day.to_string()),
        "to": new.to.map(|day| day.to_string()), "note": new.note,
    });
    created(tx, change, id, register.code(), id, row).await?;
    Ok(record)
}

fn entry(row: &crate::db::Row) -> Result<Entry> {
    Ok(Entry {
        id: row.int(0)?,
        code: row.text(1)?,
        name_zh: row.text(2)?,
        name_en: row.opt_text(3)?,
        kind: row.opt_text(4)?,
        region: row.opt_int(5)?,
        other_region: row.opt_int(6)?,
        parent: row.opt_int(7)?,
        from: row.day(8)?,
        to: row.day(9)?,
        note: row.opt_text(10)?,
        source: row.opt_text(11)?,
    })
}

/// Entries of a register in the order they were created, above the id `after` (none for the first page).
///
/// # Errors
/// When the database fails.
pub async fn entry_list(
    tx: &mut Tx,
    programme: i64,
    register: RecordKind,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let values = params![programme, register.code(), after.unwrap_or(0), limit];
    let of_register = "WHERE r.programme_id = $1 AND r.kind = $2 AND r.archived_at IS NULL AND r.id > $3";
    let sql = format!("{SELECT} {of_register} ORDER BY r.id LIMIT $4");
    tx.all(&sql, values).await?.iter().map(entry).collect()
}

/// The entry of this record.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn entry_get(tx: &mut Tx, id: i64) -> Result<Entry> {
    entry(&tx.one(&format!("{SELECT} WHERE r.id = $1"), params![id]).await?)
}

/// How many entries a register has.
///
/// # Errors
/// When the database fails.
pub async fn entry_count(tx: &mut Tx, programme: i64, register: RecordKind) -> Result<i64> {
    tx.int(COUNT, params![programme, register.code()]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;

    #[tokio::test]
    async fn built_statements_are_understood_by_both_databases() {
        for db in testing::databases().await {
            let mut tx = db.read().await.expect("a transaction");
            assert!(entry_get(&mut tx, 1).await.is_err_and(|error| matches!(error, crate::Error::NotFound)));
            assert!(entry_list(&mut tx, 1, RecordKind::Park, None, 5).await.expect("understood").is_empty());
        }
    }
}
