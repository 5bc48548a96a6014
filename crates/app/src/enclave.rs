//! How output and tax of an enclave are shared, by period: each row is added with its change, and only taken back.

use crate::access::{Actor, Right, allow, open};
use crate::entry::{Problem, edit_right};
use crate::error::{Error, Result};
use crate::{App, change};
use domain::record::DAYS;
use domain::{Decimal, Unit};
use jiff::civil::Date;
use store::{EnclaveShare, NewShare, Record, RecordKind, Tx};

/// What is shared.
pub const SHARED_MEASURES: &[&str] = &["output", "tax"];

/// A share as it was typed.
#[derive(Debug, Clone, Default)]
pub struct ShareInput {
    /// One of [`SHARED_MEASURES`].
    pub measure: String,
    /// The first day.
    pub from: String,
    /// The last day; empty while it lasts.
    pub to: String,
    /// Percent of the region that sends; empty where it is unknown.
    pub sending: String,
    /// Percent of the region that receives; empty where it is unknown.
    pub receiving: String,
}

impl ShareInput {
    /// What was typed, read field by field from a form or a table.
    pub fn read(text: impl Fn(&str) -> String) -> Self {
        Self {
            measure: text("measure"),
            from: text("from"),
            to: text("to"),
            sending: text("sending"),
            receiving: text("receiving"),
        }
    }
}

impl App {
    /// Adds how one measure of an enclave is shared in a period.
    ///
    /// # Errors
    /// [`Error::Form`] naming every field that cannot be taken; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn enclave_share_add(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        input: &ShareInput,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let record = editable(&mut tx, actor, programme, code).await?;
        let new = parse(input)?;
        let present = store::enclave_share_list(&mut tx, record.id).await?;
        if present.iter().any(|old| overlap(&old.share, &new)) {
            return Err(problem("from", "overlap"));
        }
        let change = change::open(&mut tx, actor, Some(programme), "share-add", None).await?;
        store::enclave_share_insert(&mut tx, &change, record.id, &new).await?;
        store::entry_touch(&mut tx, &change, record.id).await?;
        self.commit(tx).await
    }

    /// Takes a share of an enclave back; the history keeps it.
    ///
    /// # Errors
    /// [`Error::Form`] without a reason; [`Error::NotFound`] when the enclave has no such share.
    pub async fn enclave_share_remove(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        share: i64,
        reason: &str,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let record = editable(&mut tx, actor, programme, code).await?;
        if reason.trim().is_empty() {
            return Err(problem("reason", "missing"));
        }
        let present: Vec<EnclaveShare> = store::enclave_share_list(&mut tx, record.id).await?;
        if !present.iter().any(|of| of.id == share) {
            return Err(Error::NotFound);
        }
        let change = change::open(&mut tx, actor, Some(programme), "share-remove", Some(reason)).await?;
        store::enclave_share_set_removed(&mut tx, &change, share, true).await?;
        store::entry_touch(&mut tx, &change, record.id).await?;
        self.commit(tx).await
    }
}

fn problem(field: &str, code: &'static str) -> Error {
    Error::Form(vec![Problem::new(field, code)])
}

/// The enclave to change, held until the transaction ends, so that no two periods meet unseen.
async fn editable(tx: &mut Tx, actor: &Actor, programme: i64, code: &str) -> Result<Record> {
    let record = open(tx, actor, programme, code, Right::View).await?;
    allow(tx, actor, &record, edit_right(record.kind)).await?;
    let record = store::record_lock(tx, record.id).await?;
    if record.kind != RecordKind::Enclave || record.archived {
        return Err(problem("measure", "unknown"));
    }
    Ok(record)
}

pub(crate) fn parse(input: &ShareInput) -> Result<NewShare> {
    let mut problems = Vec::new();
    if !SHARED_MEASURES.contains(&input.measure.as_str()) {
        problems.push(Problem::new("measure", if input.measure.is_empty() { "missing" } else { "unknown" }));
    }
    let mut day = |field: &str, text: &str| match text.trim() {
        "" => None,
        text => match text.parse::<Date>() {
            Ok(day) if (DAYS.0..=DAYS.1).contains(&day) => Some(day),
            wrong => {
                problems.push(Problem::new(field, if wrong.is_ok() { "far-date" } else { "date" }));
                None
            }
        },
    };
    let (from, to) = (day("from", &input.from), day("to", &input.to));
    if input.from.trim().is_empty() {
        problems.push(Problem::new("from", "missing"));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        problems.push(Problem::hinting("to", "order", from));
    }
    let mut share = |field: &str, text: &str| match percent(text) {
        Ok(share) => share,
        Err(code) => {
            problems.push(Problem::new(field, code));
            None
        }
    };
    let (sending, receiving) = (share("sending", &input.sending), share("receiving", &input.receiving));
    if input.sending.trim().is_empty() && input.receiving.trim().is_empty() {
        problems.push(Problem::new("sending", "missing"));
    }
    if sending.unwrap_or(0) + receiving.unwrap_or(0) > whole() {
        problems.push(Problem::new("receiving", "shares"));
    }
    let new = NewShare { measure: input.measure.clone(), from, to, sending, receiving };
    if problems.is_empty() { Ok(new) } else { Err(Error::Form(problems)) }
}

/// A hundred percent.
fn whole() -> i64 {
    let unit = Unit::from_code("%");
    unit.map_or(0, |unit| 100 * 10_i64.pow(unit.decimals()))
}

fn percent(text: &str) -> std::result::Result<Option<i64>, &'static str> {
    let text = text.trim().trim_end_matches(['%', '％']).trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    let number = domain::quantity::typed_number(text).ok_or("number")?;
    if number.is_sign_negative() {
        return Err("negative");
    }
    if number > Decimal::ONE_HUNDRED {
        return Err("shares");
    }
    let unit = Unit::from_code("%").ok_or("unknown")?;
    domain::quantity::to_scale(number, unit).map(Some).map_err(|_| "too-fine")
}

/// Whether two rows speak of one measure on one day; an unknown end has none.
fn overlap(a: &NewShare, b: &NewShare) -> bool {
    let from = |share: &NewShare| share.from.unwrap_or(Date::MIN);
    let to = |share: &NewShare| share.to.unwrap_or(Date::MAX);
    a.measure == b.measure && from(a) <= to(b) && from(b) <= to(a)
}
