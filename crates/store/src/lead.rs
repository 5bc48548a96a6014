//! Leads as the protection of law 5 needs them: which enterprises are registered, by whom, since when.

use crate::db::{Row, Tx, params};
use crate::error::{Error, Result};
use jiff::Timestamp;
use jiff::civil::Date;

statements! {
    REGISTERED = "SELECT l.record_id, COALESCE(o.merged_into, o.id), l.owner_id, l.registered_on, o.title, k.uscc
        FROM lead l JOIN record r ON r.id = l.record_id JOIN record o ON o.id = l.organisation_id
        JOIN organisation k ON k.record_id = o.id
        WHERE l.programme_id = $1 AND l.status = 'registered' AND r.archived_at IS NULL ORDER BY l.record_id";
    NAMES = "SELECT l.record_id, n.name FROM lead l JOIN record_name n ON n.record_id = l.organisation_id
        WHERE l.programme_id = $1 AND l.status = 'registered' ORDER BY l.record_id, n.name";
    IDLE = "SELECT l.record_id FROM lead l JOIN record r ON r.id = l.record_id
        WHERE l.programme_id = $1 AND l.status = 'registered' AND r.archived_at IS NULL AND l.registered_on < $2
        AND COALESCE(l.active_on, '') < $2 AND r.changed_at < $3 ORDER BY l.record_id LIMIT 500";
    PHONES = "SELECT k.record_id FROM contact k JOIN record r ON r.id = k.record_id
        WHERE k.programme_id = $1 AND k.office_id = $2 AND k.phone IS NOT NULL AND r.archived_at IS NULL
        ORDER BY k.record_id LIMIT 3";
}

/// A registered lead, with what tells its enterprise from others.
#[derive(Debug, Clone)]
pub struct RegisteredLead {
    /// Its record.
    pub record: i64,
    /// The enterprise, or what it was merged into.
    pub organisation: i64,
    /// The office that registered it.
    pub owner: i64,
    /// Since when.
    pub since: Date,
    /// Names of the enterprise.
    pub names: Vec<String>,
    /// Its credit code.
    pub uscc: Option<String>,
}

fn registered(row: &Row) -> Result<RegisteredLead> {
    let none = |field: &str| Error::Damaged(format!("a registered lead without {field}"));
    Ok(RegisteredLead {
        record: row.int(0)?,
        organisation: row.int(1)?,
        owner: row.opt_int(2)?.ok_or_else(|| none("owner"))?,
        since: row.day(3)?.ok_or_else(|| none("a day"))?,
        names: vec![row.text(4)?],
        uscc: row.opt_text(5)?,
    })
}

/// Every registered lead of a programme, whoever may see it: what is told of them is decided by the use cases.
///
/// # Errors
/// When the database fails.
pub async fn lead_list_registered(tx: &mut Tx, programme: i64) -> Result<Vec<RegisteredLead>> {
    let rows = tx.all(REGISTERED, params![programme]).await?;
    let mut leads = rows.iter().map(registered).collect::<Result<Vec<_>>>()?;
    for row in tx.all(NAMES, params![programme]).await? {
        if let Ok(at) = leads.binary_search_by_key(&row.int(0)?, |lead| lead.record) {
            leads[at].names.push(row.text(1)?);
        }
    }
    Ok(leads)
}

/// Registered leads on which nothing happened since a day, which began at an instant: at most 500.
///
/// # Errors
/// When the database fails.
pub async fn lead_list_idle(tx: &mut Tx, programme: i64, since: Date, at: Timestamp) -> Result<Vec<i64>> {
    tx.all(IDLE, params![programme, since, at]).await?.iter().map(|row| row.int(0)).collect()
}

/// The first business contacts of an office that have a telephone.
///
/// # Errors
/// When the database fails.
pub async fn contact_list_of_office(tx: &mut Tx, programme: i64, office: i64) -> Result<Vec<i64>> {
    tx.all(PHONES, params![programme, office]).await?.iter().map(|row| row.int(0)).collect()
}
