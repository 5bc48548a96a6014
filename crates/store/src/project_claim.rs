//! What reading tells of projects. Span, engine and words never change; what becomes of it does.

use crate::change::{Change, field};
use crate::claim::{ClaimState, Mention};
use crate::db::{Param, Row, Tx, params};
use crate::error::{Error, Result};
use crate::reach::Reach;
use domain::organisation::plain;
use domain::stage::Milestone;
use domain::{Period, TimeKind};
use serde_json::json;

const COLUMNS: &str = "c.id, c.programme_id, c.document_id, c.text_id, c.engine, c.span_start, c.span_end, c.quote, c.name,
    c.owner, c.place, c.capacity, c.stage, c.milestone, c.planned, c.period, c.time_kind, c.date_from, c.date_to,
    c.sentence_start, c.sentence_end, c.trail, c.state, c.project_id, r.code, r.title, d.file_name";
const FROM: &str = "FROM project_claim c JOIN document d ON d.record_id = c.document_id JOIN record r ON r.id = c.document_id";

statements! {
    INSERT = "INSERT INTO project_claim (programme_id, document_id, text_id, engine, span_start, span_end, quote, name,
        owner, place, capacity, stage, milestone, planned, period, time_kind, date_from, date_to, sentence_start,
        sentence_end, trail, plain_name, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
        $17, $18, $19, $20, $21, $22, 'open') RETURNING id";
    DECIDE = "UPDATE project_claim SET state = $2, project_id = $3 WHERE id = $1";
    DELETE_UNTOUCHED = "DELETE FROM project_claim WHERE document_id = $1 AND state = 'open' AND NOT EXISTS (
        SELECT 1 FROM change_item i WHERE i.entity = 'project_claim' AND i.entity_id = project_claim.id)";
}

/// What a text tells of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProjectClaim {
    /// First code point of the quote in the extracted text, and one past the last.
    pub span: (i64, i64),
    /// The span's text.
    pub quote: String,
    /// The name of what is built.
    pub name: Mention,
    /// Who builds it.
    pub owner: Option<Mention>,
    /// Where.
    pub place: Option<Mention>,
    /// What it makes, or how large it is.
    pub capacity: Option<Mention>,
    /// The words that tell the stage.
    pub stage: Option<Mention>,
    /// What they mean.
    pub milestone: Option<Milestone>,
    /// Whether it is still to come.
    pub planned: bool,
    /// The words that state the time.
    pub phrase: Option<Mention>,
    /// The days they stand for.
    pub period: Period,
    /// The sentence around it.
    pub sentence: (i64, i64),
    /// Ids of the rules that decided, separated by spaces.
    pub trail: String,
}

/// A stored project claim.
#[derive(Debug, Clone)]
pub struct ProjectClaim {
    /// Identity.
    pub id: i64,
    /// Its programme.
    pub programme: i64,
    /// Its document.
    pub document: i64,
    /// The text its span refers to.
    pub text: i64,
    /// Engine and version that read it.
    pub engine: String,
    /// What was understood.
    pub told: NewProjectClaim,
    /// How it was decided; a project claim is never corrected: the project is.
    pub state: ClaimState,
    /// The project it speaks of, once it is accepted.
    pub project: Option<i64>,
    /// Code of its document.
    pub document_code: String,
    /// Title of its document, or the file's name.
    pub document_title: String,
}

fn mention(text: Option<String>) -> Result<Option<Mention>> {
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

fn claim(row: &Row) -> Result<ProjectClaim> {
    let kind = row.code(16, TimeKind::from_code)?;
    let (title, file_name) = (row.text(25)?, row.text(26)?);
    Ok(ProjectClaim {
        id: row.int(0)?,
        programme: row.int(1)?,
        document: row.int(2)?,
        text: row.int(3)?,
        engine: row.text(4)?,
        told: NewProjectClaim {
            span: (row.int(5)?, row.int(6)?),
            quote: row.text(7)?,
            name: serde_json::from_str(&row.text(8)?)?,
            owner: mention(row.opt_text(9)?)?,
            place: mention(row.opt_text(10)?)?,
            capacity: mention(row.opt_text(11)?)?,
            stage: mention(row.opt_text(12)?)?,
            milestone: row.opt_text(13)?.as_deref().and_then(Milestone::from_code),
            planned: row.bool(14)?,
            phrase: mention(row.opt_text(15)?)?,
            period: Period { kind, from: row.day(17)?, to: row.day(18)? },
            sentence: (row.int(19)?, row.int(20)?),
            trail: row.text(21)?,
        },
        state: row.code(22, ClaimState::from_code)?,
        project: row.opt_int(23)?,
        document_code: row.text(24)?,
        document_title: if title.is_empty() { file_name } else { title },
    })
}

async fn select(tx: &mut Tx, tail: &str, values: Vec<Param>) -> Result<Vec<ProjectClaim>> {
    tx.all(&format!("SELECT {COLUMNS} {FROM} {tail}"), values).await?.iter().map(claim).collect()
}

/// Stores what reading tells of a project. Derived from the text and engine that it names, so the change that read the
/// document audits it together with the claims.
///
/// # Errors
/// When the database fails.
pub async fn project_claim_insert(
    tx: &mut Tx,
    (programme, document, text): (i64, i64, i64),
    engine: &str,
    new: &NewProjectClaim,
) -> Result<i64> {
    let json = |mention: &Option<Mention>| mention.as_ref().map(serde_json::to_string).transpose();
    let values = params![
        programme,
        document,
        text,
        engine,
        new.span.0,
        new.span.1,
        &new.quote,
        serde_json::to_string(&new.name)?,
        json(&new.owner)?,
        json(&new.place)?,
        json(&new.capacity)?,
        json(&new.stage)?,
        new.milestone.map(Milestone::code),
        new.planned,
        json(&new.phrase)?,
        new.period.kind.code(),
        new.period.from,
        new.period.to,
        new.sentence.0,
        new.sentence.1,
        &new.trail,
        plain(&new.name.text),
    ];
    tx.int(INSERT, values).await
}

/// The project claim with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn project_claim_get(tx: &mut Tx, id: i64) -> Result<ProjectClaim> {
    select(tx, "WHERE c.id = $1", params![id]).await?.pop().ok_or(Error::NotFound)
}

/// The project claim with this id, held until the transaction ends, so that it is decided once.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn project_claim_lock(tx: &mut Tx, id: i64) -> Result<ProjectClaim> {
    select(tx, "WHERE c.id = $1{for_update_c}", params![id]).await?.pop().ok_or(Error::NotFound)
}

/// The project claims of a document, in text order.
///
/// # Errors
/// When the database fails.
pub async fn project_claim_list(tx: &mut Tx, document: i64) -> Result<Vec<ProjectClaim>> {
    select(tx, "WHERE c.document_id = $1 ORDER BY c.span_start, c.id", params![document]).await
}

/// Open project claims of a programme whose documents are within reach, newest first, below the id `before`.
///
/// # Errors
/// When the database fails.
pub async fn project_claim_list_open(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<ProjectClaim>> {
    let mut values = params![programme, before.unwrap_or(i64::MAX), limit];
    let clause = reach.clause("r", &mut values);
    let tail = format!(
        "WHERE c.programme_id = $1 AND c.state = 'open' AND r.archived_at IS NULL AND c.id < $2 AND {clause}
         ORDER BY c.id DESC LIMIT $3"
    );
    select(tx, &tail, values).await
}

/// How many project claims of a programme, in documents within reach, wait for review.
///
/// # Errors
/// When the database fails.
pub async fn project_claim_count_open(tx: &mut Tx, programme: i64, reach: &Reach) -> Result<i64> {
    let mut values = params![programme];
    let clause = reach.clause("r", &mut values);
    let sql = format!(
        "SELECT COUNT(*) FROM project_claim c JOIN record r ON r.id = c.document_id
         WHERE c.programme_id = $1 AND c.state = 'open' AND r.archived_at IS NULL AND {clause}"
    );
    tx.int(&sql, values).await
}

/// Open project claims of the same name, in documents within reach, the oldest first; at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn project_claim_list_named(
    tx: &mut Tx,
    programme: i64,
    name: &str,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<ProjectClaim>> {
    let mut values = params![programme, plain(name), limit];
    let clause = reach.clause("r", &mut values);
    let tail = format!(
        "WHERE c.programme_id = $1 AND c.plain_name = $2 AND c.state = 'open' AND r.archived_at IS NULL AND {clause}
         ORDER BY c.id LIMIT $3"
    );
    select(tx, &tail, values).await
}

/// What was told of a project and accepted, in documents within reach, newest first; at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn project_claim_list_of(
    tx: &mut Tx,
    project: i64,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<ProjectClaim>> {
    let mut values = params![project, limit];
    let clause = reach.clause("r", &mut values);
    let tail = format!(
        "WHERE c.project_id = $1 AND c.state = 'accepted' AND r.archived_at IS NULL AND {clause}
         ORDER BY c.id DESC LIMIT $2"
    );
    select(tx, &tail, values).await
}

/// Forgets what nobody has decided yet of a document, before a new reading tells it again.
///
/// # Errors
/// When the database fails.
pub async fn project_claim_delete_untouched(tx: &mut Tx, document: i64) -> Result<()> {
    tx.execute(DELETE_UNTOUCHED, params![document]).await?;
    Ok(())
}

/// Decides a project claim, or opens it again.
///
/// # Errors
/// When the database fails.
pub async fn project_claim_decide(
    tx: &mut Tx,
    change: &Change,
    old: &ProjectClaim,
    state: ClaimState,
    project: Option<i64>,
) -> Result<()> {
    tx.execute(DECIDE, params![old.id, state.code(), project]).await?;
    for (name, before, after) in [
        ("state", json!(old.state.code()), json!(state.code())),
        ("project", json!(old.project), json!(project)),
    ] {
        let of = ("project_claim", old.id, name);
        field(tx, change, old.document, of, Some(before), Some(after)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;

    #[tokio::test]
    async fn built_statements_are_understood_by_both_databases() {
        for db in testing::databases().await {
            let mut tx = db.write().await.expect("a transaction");
            let reach = Reach { all: true, keys: vec!["u1".to_owned()], ..Reach::default() };
            assert!(project_claim_get(&mut tx, 1).await.is_err());
            assert!(project_claim_lock(&mut tx, 1).await.is_err());
            assert!(project_claim_list(&mut tx, 1).await.expect("understood").is_empty());
            let open = project_claim_list_open(&mut tx, 1, &reach, None, 10).await;
            assert!(open.expect("understood").is_empty());
            assert_eq!(project_claim_count_open(&mut tx, 1, &reach).await.expect("understood"), 0);
            let named = project_claim_list_named(&mut tx, 1, "甲", &reach, 10).await;
            assert!(named.expect("understood").is_empty());
            assert!(project_claim_list_of(&mut tx, 1, &reach, 10).await.expect("understood").is_empty());
        }
    }
}
