//! Claims: what reading proposes. Span, engine and values never change.

use crate::change::{Change, field};
use crate::db::{Param, Row, Tx, params};
use crate::error::Result;
use crate::reach::Reach;
use domain::{Approx, Measure, Period, Role, TimeKind};
use serde::{Deserialize, Serialize};
use serde_json::json;

const COLUMNS: &str = "c.id, c.document_id, c.text_id, c.engine, c.span_start, c.span_end, c.quote, c.value, c.value_max,
    c.unit, c.approx, c.measure, c.role, c.place, c.period, c.time_kind, c.date_from, c.date_to, c.organisation, c.event,
    c.sentence_start, c.sentence_end, c.certain, c.trail, c.state, c.correction, c.figure_id, c.programme_id,
    r.code, r.title, d.file_name";
const FROM: &str =
    "FROM claim c JOIN document d ON d.record_id = c.document_id JOIN record r ON r.id = c.document_id";

statements! {
    INSERT = "INSERT INTO claim (programme_id, document_id, text_id, engine, span_start, span_end, quote, value,
        value_max, unit, approx, measure, role, place, period, time_kind, date_from, date_to, organisation, event,
        sentence_start, sentence_end, certain, trail, organisation_name, place_name, event_name, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24, $25, $26, $27, 'open') RETURNING id";
    DECIDE = "UPDATE claim SET state = $2, correction = $3, figure_id = $4, organisation_name = $5, place_name = $6
        WHERE id = $1";
    COUNT_BY_STATE = "SELECT state, certain, COUNT(*) FROM claim WHERE document_id = $1 GROUP BY state, certain";
    CERTAIN = "SELECT id FROM claim WHERE document_id = $1 AND certain = 1 AND state = 'open' ORDER BY span_start, id";
    DELETE_UNTOUCHED = "DELETE FROM claim WHERE document_id = $1 AND state = 'open' AND NOT EXISTS (
        SELECT 1 FROM change_item i WHERE i.entity = 'claim' AND i.entity_id = claim.id)";
}

/// Words of the text that govern a number, with their place in it (code points of the extracted text).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// First code point.
    pub start: i64,
    /// One past the last code point.
    pub end: i64,
    /// The words.
    pub text: String,
}

/// What a claim says, as far as a user may correct it. Values are decimal numbers of the base unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimReading {
    /// Value or lower end of a range.
    pub value: String,
    /// Upper end of a range.
    pub value_max: Option<String>,
    /// Code of the unit.
    pub unit: String,
    /// How exactly it was stated.
    pub approx: Approx,
    /// What it measures.
    pub measure: Measure,
    /// Its part in the sentence.
    pub role: Role,
    /// The place it speaks of.
    pub place: Option<Mention>,
    /// The words that state the period.
    pub phrase: Option<Mention>,
    /// The days the words stand for.
    pub period: Period,
    /// The organisation it speaks of.
    pub organisation: Option<Mention>,
    /// The event it belongs to.
    pub event: Option<Mention>,
}

/// A claim to store.
#[derive(Debug, Clone)]
pub struct NewClaim {
    /// First code point in the extracted text.
    pub span: (i64, i64),
    /// The span's text.
    pub quote: String,
    /// What was understood.
    pub reading: ClaimReading,
    /// The sentence around it.
    pub sentence: (i64, i64),
    /// Whether it may be accepted unseen.
    pub certain: bool,
    /// Ids of the rules that decided, separated by spaces.
    pub trail: String,
}

/// How a claim was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimState {
    /// Not yet.
    Open,
    /// As it was read.
    Accepted,
    /// With a correction kept beside it.
    Corrected,
    /// Not a figure.
    Rejected,
}

impl ClaimState {
    /// The stable code used in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Corrected => "corrected",
            Self::Rejected => "rejected",
        }
    }

    /// The state with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Accepted, Self::Corrected, Self::Rejected]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// A stored claim.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Identity.
    pub id: i64,
    /// Its document.
    pub document: i64,
    /// The text its span refers to.
    pub text: i64,
    /// Engine and version that read it.
    pub engine: String,
    /// First code point and one past the last.
    pub span: (i64, i64),
    /// The span's text.
    pub quote: String,
    /// What was understood.
    pub reading: ClaimReading,
    /// The sentence around it.
    pub sentence: (i64, i64),
    /// Whether it may be accepted unseen.
    pub certain: bool,
    /// Ids of the rules that decided, separated by spaces.
    pub trail: String,
    /// How it was decided.
    pub state: ClaimState,
    /// JSON of a correction, kept beside what was read.
    pub correction: Option<String>,
    /// The figure it became or was attached to.
    pub figure: Option<i64>,
    /// Its programme.
    pub programme: i64,
    /// Code of its document.
    pub document_code: String,
    /// Title of its document, or the file's name.
    pub document_title: String,
}

fn mention(text: Option<String>) -> Result<Option<Mention>> {
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

fn claim(row: &Row) -> Result<Claim> {
    let kind = row.code(15, TimeKind::from_code)?;
    let (title, file_name) = (row.text(29)?, row.text(30)?);
    Ok(Claim {
        id: row.int(0)?,
        document: row.int(1)?,
        text: row.int(2)?,
        engine: row.text(3)?,
        span: (row.int(4)?, row.int(5)?),
        quote: row.text(6)?,
        reading: ClaimReading {
            value: row.text(7)?,
            value_max: row.opt_text(8)?,
            unit: row.text(9)?,
            approx: row.code(10, Approx::from_code)?,
            measure: row.code(11, Measure::from_code)?,
            role: row.code(12, Role::from_code)?,
            place: mention(row.opt_text(13)?)?,
            phrase: mention(row.opt_text(14)?)?,
            period: Period { kind, from: row.day(16)?, to: row.day(17)? },
            organisation: mention(row.opt_text(18)?)?,
            event: mention(row.opt_text(19)?)?,
        },
        sentence: (row.int(20)?, row.int(21)?),
        certain: row.bool(22)?,
        trail: row.text(23)?,
        state: row.code(24, ClaimState::from_code)?,
        correction: row.opt_text(25)?,
        figure: row.opt_int(26)?,
        programme: row.int(27)?,
        document_code: row.text(28)?,
        document_title: if title.is_empty() { file_name } else { title },
    })
}

fn words(mention: &Option<Mention>) -> Option<&str> {
    mention.as_ref().map(|mention| mention.text.trim())
}

/// The words for organisation and place that hold once a claim is decided with this correction.
fn corrected_words(reading: &ClaimReading, correction: Option<&str>) -> Result<[Option<String>; 2]> {
    let Some(correction) = correction else {
        return Ok([&reading.organisation, &reading.place].map(|of| words(of).map(str::to_owned)));
    };
    let correction: serde_json::Value = serde_json::from_str(correction)?;
    let word = |field| correction.get(field).and_then(serde_json::Value::as_str).map(str::trim);
    Ok(["org", "place"].map(|field| word(field).filter(|word| !word.is_empty()).map(str::to_owned)))
}

async fn select(tx: &mut Tx, tail: &str, values: Vec<Param>) -> Result<Vec<Claim>> {
    tx.all(&format!("SELECT {COLUMNS} {FROM} {tail}"), values).await?.iter().map(claim).collect()
}

/// Stores a claim that reading proposes. Claims are derived from the text and engine that they name, so the change
/// that read the document audits them together.
///
/// # Errors
/// When the database fails.
pub async fn claim_insert(
    tx: &mut Tx,
    (programme, document, text): (i64, i64, i64),
    engine: &str,
    new: &NewClaim,
) -> Result<i64> {
    let reading = &new.reading;
    let json = |mention: &Option<Mention>| mention.as_ref().map(serde_json::to_string).transpose();
    let values = params![
        programme,
        document,
        text,
        engine,
        new.span.0,
        new.span.1,
        &new.quote,
        &reading.value,
        &reading.value_max,
        &reading.unit,
        reading.approx.code(),
        reading.measure.code(),
        reading.role.code(),
        json(&reading.place)?,
        json(&reading.phrase)?,
        reading.period.kind.code(),
        reading.period.from,
        reading.period.to,
        json(&reading.organisation)?,
        json(&reading.event)?,
        new.sentence.0,
        new.sentence.1,
        new.certain,
        &new.trail,
        words(&reading.organisation),
        words(&reading.place),
        words(&reading.event),
    ];
    tx.int(INSERT, values).await
}

/// The claim with this id.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn claim_get(tx: &mut Tx, id: i64) -> Result<Claim> {
    select(tx, "WHERE c.id = $1", params![id]).await?.pop().ok_or(crate::Error::NotFound)
}

/// The claim with this id, held until the transaction ends, so that it is decided once.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn claim_lock(tx: &mut Tx, id: i64) -> Result<Claim> {
    select(tx, "WHERE c.id = $1{for_update_c}", params![id]).await?.pop().ok_or(crate::Error::NotFound)
}

/// The claims of a document, in text order.
///
/// # Errors
/// When the database fails.
pub async fn claim_list(tx: &mut Tx, document: i64) -> Result<Vec<Claim>> {
    select(tx, "WHERE c.document_id = $1 ORDER BY c.span_start, c.id", params![document]).await
}

/// The claims of a document that lie in a stretch of its text or reach into it, in text order.
///
/// # Errors
/// When the database fails.
pub async fn claim_list_within(tx: &mut Tx, document: i64, stretch: (i64, i64)) -> Result<Vec<Claim>> {
    let tail =
        "WHERE c.document_id = $1 AND c.span_end > $2 AND c.span_start < $3 ORDER BY c.span_start, c.id";
    select(tx, tail, params![document, stretch.0, stretch.1]).await
}

/// The open claims of a document that are certain, in text order.
///
/// # Errors
/// When the database fails.
pub async fn claim_list_certain(tx: &mut Tx, document: i64) -> Result<Vec<i64>> {
    tx.all(CERTAIN, params![document]).await?.iter().map(|row| row.int(0)).collect()
}

/// How many claims of a document stand in each state, apart from one another those that are certain.
///
/// # Errors
/// When the database fails.
pub async fn claim_count_by_state(tx: &mut Tx, document: i64) -> Result<Vec<(ClaimState, bool, i64)>> {
    let count = |row: &Row| Ok((row.code(0, ClaimState::from_code)?, row.bool(1)?, row.int(2)?));
    tx.all(COUNT_BY_STATE, params![document]).await?.iter().map(count).collect()
}

/// Open claims of a programme whose documents are within reach, newest documents first.
///
/// # Errors
/// When the database fails.
pub async fn claim_list_open(
    tx: &mut Tx,
    programme: i64,
    reach: &Reach,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Claim>> {
    let mut values = params![programme, before.unwrap_or(i64::MAX), limit];
    let clause = reach.clause("r", &mut values);
    let tail = format!(
        "WHERE c.programme_id = $1 AND c.state = 'open' AND r.archived_at IS NULL AND c.id < $2 AND {clause}
         ORDER BY c.id DESC LIMIT $3"
    );
    select(tx, &tail, values).await
}

/// Forgets the claims of a document that nobody has decided yet, before a new reading proposes them again. Its
/// relations must be gone.
///
/// # Errors
/// When the database fails.
pub async fn claim_delete_untouched(tx: &mut Tx, document: i64) -> Result<()> {
    tx.execute(DELETE_UNTOUCHED, params![document]).await?;
    Ok(())
}

/// The claims whose quotes stand behind a figure.
///
/// # Errors
/// When the database fails.
pub async fn claim_list_of_figure(tx: &mut Tx, figure: i64) -> Result<Vec<Claim>> {
    select(tx, "WHERE c.figure_id = $1 ORDER BY c.id", params![figure]).await
}

/// The claims that speak of a record: those whose words are one of its names, whose figure is of it, or whose quote is
/// evidence of it. Their documents are within reach; rejected ones speak of nothing.
#[derive(Debug, Clone)]
pub struct ClaimsOf<'a> {
    /// The record.
    pub record: i64,
    /// The names under which the words of claims speak of it; none where it is not named so.
    pub names: &'a [String],
    /// Whether the names are those of an event; else of an organisation, office or park.
    pub is_event: bool,
    /// Open claims too, not only those that were accepted.
    pub open: bool,
}

/// The claims that speak of a record, newest first, below the id `before`.
///
/// # Errors
/// When the database fails.
pub async fn claim_list_of_record(
    tx: &mut Tx,
    programme: i64,
    of: &ClaimsOf<'_>,
    reach: &Reach,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Claim>> {
    let mut values = params![programme, of.record, before.unwrap_or(i64::MAX), limit];
    let mut from = String::new();
    if !of.names.is_empty() {
        let mut places = Vec::with_capacity(of.names.len());
        for name in of.names {
            values.push(name.into());
            places.push(format!("${}", values.len()));
        }
        let places = places.join(", ");
        let columns: &[&str] =
            if of.is_event { &["event_name"] } else { &["organisation_name", "place_name"] };
        for column in columns {
            from.push_str(&format!(
                "SELECT n.id FROM claim n WHERE n.programme_id = $1 AND n.{column} IN ({places}) UNION "
            ));
        }
    }
    for column in ["subject_id", "organisation_id", "event_id"] {
        from.push_str(&format!(
            "SELECT n.id FROM figure f JOIN claim n ON n.figure_id = f.record_id WHERE f.{column} = $2 UNION "
        ));
    }
    let clause = reach.clause("r", &mut values);
    let states = if of.open { "c.state <> 'rejected'" } else { "c.state IN ('accepted', 'corrected')" };
    let tail = format!(
        "WHERE c.id IN ({from}SELECT n.id FROM record_evidence x JOIN evidence e ON e.id = x.evidence_id
            JOIN claim n ON n.document_id = e.document_id AND n.span_start = e.span_start
                AND n.text_id = e.text_id AND n.span_end = e.span_end
            WHERE x.record_id = $2 AND x.removed_change_id IS NULL)
         AND c.programme_id = $1 AND c.id < $3 AND {states} AND r.archived_at IS NULL AND {clause}
         ORDER BY c.id DESC LIMIT $4"
    );
    select(tx, &tail, values).await
}

/// The claims that take part in the relations of a programme and whose documents are within reach.
///
/// # Errors
/// When the database fails.
pub async fn relation_claim_list(tx: &mut Tx, programme: i64, reach: &Reach) -> Result<Vec<Claim>> {
    let mut values = params![programme];
    let clause = reach.clause("r", &mut values);
    let tail = format!(
        "WHERE c.programme_id = $1 AND r.archived_at IS NULL AND c.state <> 'rejected' AND {clause} AND c.id IN (
            SELECT x.whole_claim_id FROM relation x WHERE x.programme_id = $1 UNION
            SELECT y.claim_id FROM relation_part y JOIN relation x ON x.id = y.relation_id WHERE x.programme_id = $1)"
    );
    select(tx, &tail, values).await
}

/// How many claims of a programme, in documents within reach, wait for review.
///
/// # Errors
/// When the database fails.
pub async fn claim_count_open(tx: &mut Tx, programme: i64, reach: &Reach) -> Result<i64> {
    let mut values = params![programme];
    let clause = reach.clause("r", &mut values);
    let sql = format!(
        "SELECT COUNT(*) FROM claim c JOIN record r ON r.id = c.document_id
         WHERE c.programme_id = $1 AND c.state = 'open' AND r.archived_at IS NULL AND {clause}"
    );
    tx.int(&sql, values).await
}

/// Decides a claim, or opens it again.
///
/// # Errors
/// When the database fails.
pub async fn claim_decide(
    tx: &mut Tx,
    change: &Change,
    old: &Claim,
    state: ClaimState,
    correction: Option<&str>,
    figure: Option<i64>,
) -> Result<()> {
    let [organisation, place] = corrected_words(&old.reading, correction)?;
    tx.execute(DECIDE, params![old.id, state.code(), correction, figure, organisation, place]).await?;
    for (name, before, after) in [
        ("state", json!(old.state.code()), json!(state.code())),
        ("correction", json!(old.correction), json!(correction)),
        ("figure", json!(old.figure), json!(figure)),
    ] {
        field(tx, change, old.document, ("claim", old.id, name), Some(before), Some(after)).await?;
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
            assert_eq!(claim_count_open(&mut tx, 1, &reach).await.expect("understood"), 0);
            assert!(claim_get(&mut tx, 1).await.is_err() && claim_lock(&mut tx, 1).await.is_err());
            assert!(claim_list(&mut tx, 1).await.expect("understood").is_empty());
            assert!(claim_list_within(&mut tx, 1, (0, 9)).await.expect("understood").is_empty());
            assert!(claim_list_open(&mut tx, 1, &reach, None, 10).await.expect("understood").is_empty());
            assert!(relation_claim_list(&mut tx, 1, &reach).await.expect("understood").is_empty());
            assert!(claim_list_of_figure(&mut tx, 1).await.expect("understood").is_empty());
            for (names, is_event) in [(vec![], false), (vec!["甲".to_owned(), "乙".to_owned()], true)] {
                let of = ClaimsOf { record: 1, names: &names, is_event, open: is_event };
                let found = claim_list_of_record(&mut tx, 1, &of, &reach, None, 10).await;
                assert!(found.expect("understood").is_empty());
            }
        }
    }
}
