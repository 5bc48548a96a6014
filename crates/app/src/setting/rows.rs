//! Rows of settings that are saved together, each by its key: what two people change at once is not lost.

use crate::entry::Problem;
use crate::error::{Error, Result};
use crate::typed;
use domain::screening;
use serde_json::Value;
use store::Tx;

/// Longest word that a programme sets, in characters.
const LONGEST: usize = 60;

/// Rows of settings with the version to save them with.
#[derive(Debug, Clone)]
pub struct SettingRows<T> {
    /// The rows in their order.
    pub rows: Vec<T>,
    /// The last change that wrote one of them.
    pub version: i64,
}

/// One row as a form sent it, beside what stands there.
pub(crate) struct Row {
    /// Its key in the table.
    pub key: String,
    /// The field that shows what is wrong with it.
    pub field: String,
    pub typed: Option<Value>,
    pub now: Option<Value>,
}

/// Which of the rows are to be written. What others wrote since the form was opened stays where the form did not touch
/// it; where it did, the whole form is refused and names the rows.
///
/// # Errors
/// [`Error::Form`] with `stale` at each row that both changed, and with `theirs` at each that only somebody else did.
pub(crate) async fn changed(
    tx: &mut Tx,
    entity: &str,
    programme: i64,
    version: i64,
    rows: &[Row],
) -> Result<Vec<usize>> {
    let (mut write, mut problems, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.typed != row.now) {
        let problem = |code| Problem { field: row.field.clone(), code, hint: row.key.clone() };
        match store::change_row_before(tx, entity, programme, &row.key, version).await? {
            Some(opened) if opened == row.typed => theirs.push(problem("theirs")),
            Some(_) => problems.push(problem("stale")),
            None => write.push(at),
        }
    }
    if problems.is_empty() {
        return Ok(write);
    }
    problems.extend(theirs);
    Err(Error::Form(problems))
}

/// A word as it is stored, or what is wrong with it: nothing typed, too long, or a word that law 9 keeps out.
pub(crate) fn word(field: &str, text: &str, problems: &mut Vec<Problem>) -> String {
    let text = typed::field("name", text).unwrap_or_default();
    let code = match () {
        () if text.is_empty() => "missing",
        () if text.chars().count() > LONGEST => "too-long",
        () if !screening::check_terms([text.as_str()]).is_empty() => "listed",
        () => return text,
    };
    let hint = if code == "too-long" { LONGEST.to_string() } else { text.clone() };
    problems.push(Problem { field: field.to_owned(), code, hint });
    text
}

/// Nothing, where nothing is wrong.
pub(crate) fn refuse(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Error::Form(problems)) }
}
