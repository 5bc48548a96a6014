//! Business contacts: who saw which, and erasing a person on request.

use crate::change::{Change, field};
use crate::db::{Tx, params};
use crate::entry::{Entry, entry_get};
use crate::error::{Error, Result};
use crate::link::{link_list, link_list_to};
use crate::programme::{Programme, programme_get};
use crate::reach::Reach;
use crate::record::{Record, RecordKind, record_get, record_name_list, title_key};
use crate::search::search_put;
use crate::shared::shared_list_of;
use domain::record::{FieldInfo, FieldType, Value};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeMap;

statements! {
    INSERT_VIEW = "INSERT INTO contact_view (programme_id, user_id, at, what) VALUES ($1, $2, $3, $4) RETURNING id";
    INSERT_SEEN = "INSERT INTO contact_seen (view_id, record_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    VIEWS = "SELECT v.id, v.programme_id, u.name, v.at, v.what FROM contact_view v
        LEFT JOIN app_user u ON u.id = v.user_id
        WHERE v.id < $1 ORDER BY v.id DESC LIMIT $2";
    VIEWS_OF = "SELECT v.id, v.programme_id, u.name, v.at, v.what FROM contact_view v
        LEFT JOIN app_user u ON u.id = v.user_id
        WHERE v.id < $1 AND v.id IN (
            SELECT s.view_id FROM contact_seen s JOIN record r ON r.id = s.record_id WHERE r.code = $3)
        ORDER BY v.id DESC LIMIT $2";
    SEEN = "SELECT r.code FROM contact_seen s JOIN record r ON r.id = s.record_id WHERE s.view_id = $1
        ORDER BY r.code LIMIT $2";
    SEEN_COUNT = "SELECT COUNT(*) FROM contact_seen WHERE view_id = $1";
    CLEAR_NAMES = "DELETE FROM record_name WHERE record_id = $1";
    CLEAR_RECORD = "UPDATE record SET title = code, title_en = NULL, title_key = $2, erased_at = $3,
        archived_at = COALESCE(archived_at, $3), version = version + 1, changed_at = $3 WHERE id = $1";
    ERASED = "SELECT erased_at FROM record WHERE id = $1";
    MERGED = "SELECT id FROM record WHERE merged_into = $1 ORDER BY id";
    MASK_TITLE = "UPDATE record SET title = REPLACE(title, $2, $3) WHERE id = $1";
    MASK_FILE = "UPDATE document SET file_name = REPLACE(file_name, $2, $3) WHERE record_id = $1";
    MASK_ITEMS = "UPDATE change_item SET before = REPLACE(before, $2, $3), after = REPLACE(after, $2, $3)
        WHERE record_id = $1";
    MASK_REASONS = "UPDATE change SET reason = REPLACE(reason, $2, $3) WHERE reason IS NOT NULL
        AND id IN (SELECT change_id FROM change_item WHERE record_id = $1)";
    MASK_STATUSES = "UPDATE record_status SET reason = REPLACE(reason, $2, $3)
        WHERE record_id = $1 AND reason IS NOT NULL";
}

/// What stands where something about a person stood.
const MASK: &str = "***";
/// Records around a contact that are looked through when it is erased.
const AROUND: i64 = 10_000;
/// Shorter words are no names.
const SHORTEST: usize = 2;

/// Somebody saw business contacts.
#[derive(Debug, Clone, Copy)]
pub struct NewContactView<'a> {
    /// In which programme.
    pub programme: i64,
    /// Who; none at the command line.
    pub user: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// How: `page`, `list`, `export`.
    pub what: &'a str,
}

/// One line of who saw business contacts.
#[derive(Debug, Clone)]
pub struct ContactView {
    /// Identity; lines are listed below one.
    pub id: i64,
    /// The programme.
    pub programme: Programme,
    /// Name of the user; none at the command line.
    pub user: Option<String>,
    /// When.
    pub at: Timestamp,
    /// How: `page`, `list`, `export`.
    pub what: String,
    /// Codes of the first contacts.
    pub codes: Vec<String>,
    /// How many contacts it were.
    pub count: i64,
}

/// Keeps that somebody saw these contacts. No change: nothing of the programme's data is written.
///
/// # Errors
/// When the database fails.
pub async fn contact_view_insert(tx: &mut Tx, new: &NewContactView<'_>, contacts: &[i64]) -> Result<()> {
    let view = tx.int(INSERT_VIEW, params![new.programme, new.user, new.at, new.what]).await?;
    for contact in contacts {
        tx.execute(INSERT_SEEN, params![view, *contact]).await?;
    }
    Ok(())
}

/// Who saw contacts, or the contact of a code, the last first, below the line `before`; the first `codes` contacts of each.
///
/// # Errors
/// When the database fails.
pub async fn contact_view_list(
    tx: &mut Tx,
    contact: Option<&str>,
    before: Option<i64>,
    (limit, codes): (i64, i64),
) -> Result<Vec<ContactView>> {
    let before = before.unwrap_or(i64::MAX);
    let rows = match contact {
        Some(code) => tx.all(VIEWS_OF, params![before, limit, code]).await?,
        None => tx.all(VIEWS, params![before, limit]).await?,
    };
    let mut views = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = row.int(0)?;
        let seen = tx.all(SEEN, params![id, codes]).await?;
        views.push(ContactView {
            id,
            programme: programme_get(tx, row.int(1)?).await?,
            user: row.opt_text(2)?,
            at: row.instant(3)?,
            what: row.text(4)?,
            codes: seen.iter().map(|row| row.text(0)).collect::<Result<_>>()?,
            count: tx.int(SEEN_COUNT, params![id]).await?,
        });
    }
    Ok(views)
}

/// Erases a person: name, personal fields, further names and their places in the index, of the record and of what was merged
/// into it; and the name, telephone and address where records around it, their audit or the names of attached files hold
/// them. The record stays with its code, archived, and the audit says who and why, not what. The bytes and texts of
/// documents are not altered.
///
/// # Errors
/// [`Error::Damaged`] for a record of a kind that is not about persons.
pub async fn contact_erase(tx: &mut Tx, change: &Change, id: i64) -> Result<()> {
    let mut ids = vec![id];
    for row in tx.all(MERGED, params![id]).await? {
        ids.push(row.int(0)?);
    }
    let mut words = Vec::new();
    let mut around = BTreeMap::new();
    for &id in &ids {
        let entry = entry_get(tx, id).await?;
        words.extend(words_of(tx, &entry).await?);
        for record in around_of(tx, &entry).await? {
            around.insert(record.id, record);
        }
    }
    // What tells of an organisation in other programmes was written through to them.
    for group in shared_list_of(tx, &around.keys().copied().collect::<Vec<_>>()).await?.into_values() {
        for of in group {
            around.insert(of.record, record_get(tx, of.record).await?);
        }
    }
    // A longer word first: a short one may lie within it.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    for &id in &ids {
        erase_one(tx, change, id).await?;
    }
    for record in around.values().filter(|record| !ids.contains(&record.id)) {
        mask_fields(tx, change, record, &words).await?;
    }
    for id in around.keys().chain(&ids) {
        for word in &words {
            for sql in [MASK_ITEMS, MASK_REASONS, MASK_STATUSES] {
                tx.execute(sql, params![*id, word, MASK]).await?;
            }
        }
    }
    Ok(())
}

/// What tells of a person: the names, and what holds a digit or an at sign, such as a telephone number.
async fn words_of(tx: &mut Tx, entry: &Entry) -> Result<Vec<String>> {
    let mut words = vec![entry.record.title.clone()];
    words.extend(entry.record.title_en.clone());
    words.extend(record_name_list(tx, entry.record.id).await?);
    let personal = entry
        .record
        .kind
        .fields()
        .iter()
        .filter(|field| field.personal && matches!(field.kind, FieldType::Text));
    let texts = personal.filter_map(|field| entry.values.get(field.code).and_then(Value::text));
    let telling = texts.filter(|text| text.chars().any(|c| c.is_ascii_digit() || c == '@'));
    words.extend(telling.map(str::to_owned));
    words.retain(|word| word.chars().count() >= SHORTEST && *word != entry.record.code);
    Ok(words)
}

/// The records that a contact names, and those that name it or are linked with it.
async fn around_of(tx: &mut Tx, entry: &Entry) -> Result<Vec<Record>> {
    let Record { id, programme, .. } = entry.record;
    let mut around: Vec<Record> = link_list(tx, id).await?.into_iter().map(|link| link.record).collect();
    around.extend(link_list_to(tx, id, AROUND).await?.into_iter().map(|link| link.record));
    let everything = Reach::everything();
    let naming = crate::entry::entry_list_naming(tx, programme, &entry.record, &everything, AROUND).await?;
    around.extend(naming.into_iter().map(|(_, record)| record));
    for field in entry.record.kind.fields() {
        if let (FieldType::Record(_), Some(id)) = (field.kind, entry.id(field.code)) {
            around.push(record_get(tx, id).await?);
        }
    }
    Ok(around)
}

/// Masks the words in the free text of a record, and in the name of a file.
async fn mask_fields(tx: &mut Tx, change: &Change, record: &Record, words: &[String]) -> Result<()> {
    let holds = |text: &str| words.iter().any(|word| text.contains(word.as_str()));
    let kind = record.kind.code();
    if record.kind == RecordKind::Document {
        for word in words {
            tx.execute(MASK_TITLE, params![record.id, word, MASK]).await?;
            tx.execute(MASK_FILE, params![record.id, word, MASK]).await?;
        }
        let title = record_get(tx, record.id).await?.title;
        if title != record.title {
            let item = ("record", record.id, "title");
            field(tx, change, record.id, item, Some(json!(MASK)), Some(json!(title))).await?;
        }
        return search_put(tx, record.id).await;
    }
    if record.kind.fields().is_empty() {
        return Ok(());
    }
    let entry = entry_get(tx, record.id).await?;
    let texts =
        record.kind.fields().iter().filter(|field| matches!(field.kind, FieldType::Text | FieldType::Long));
    for info in texts {
        let (Some(text), Some(column)) = (entry.text(info.code).filter(|text| holds(text)), info.column())
        else {
            continue;
        };
        let masked = words.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), MASK));
        let sql = format!("UPDATE {kind} SET {column} = $2 WHERE record_id = $1");
        tx.execute(&sql, params![record.id, &masked]).await?;
        let (before, after) = (Some(json!(MASK)), Some(json!(if info.personal { MASK } else { &masked })));
        field(tx, change, record.id, (kind, record.id, info.code), before, after).await?;
    }
    search_put(tx, record.id).await
}

async fn erase_one(tx: &mut Tx, change: &Change, id: i64) -> Result<()> {
    let record = record_get(tx, id).await?;
    let kind = record.kind;
    let personal = kind.fields().iter().filter(|field| field.personal);
    let columns: Vec<String> = personal.filter_map(FieldInfo::column).collect();
    if columns.is_empty() {
        return Err(Error::Damaged(format!("{} is not about persons", kind.code())));
    }
    let nothing: Vec<String> = columns.iter().map(|column| format!("{column} = NULL")).collect();
    let sql = format!("UPDATE {} SET {} WHERE record_id = $1", kind.code(), nothing.join(", "));
    tx.execute(&sql, params![id]).await?;
    tx.execute(CLEAR_NAMES, params![id]).await?;
    tx.execute(CLEAR_RECORD, params![id, title_key(&record.code), change.at]).await?;
    search_put(tx, id).await?;
    let archived = ("record", id, "archived");
    field(tx, change, id, archived, Some(json!(record.archived)), Some(json!(true))).await?;
    field(tx, change, id, ("record", id, "erased"), Some(json!(false)), Some(json!(true))).await
}

/// When a record was erased, if it was.
///
/// # Errors
/// [`Error::NotFound`] when there is no such record.
pub async fn record_erased_at(tx: &mut Tx, id: i64) -> Result<Option<Timestamp>> {
    tx.one(ERASED, params![id]).await?.opt_instant(0)
}
