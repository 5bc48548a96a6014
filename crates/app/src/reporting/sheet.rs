//! Sheets that come back: read, checked against the filing they are handed in for, and taken into its draft as a whole or
//! not at all.

use super::cells::{self, CellEntry};
use super::filing::{keep, problem};
use super::{hold, refuse_unless_sent};
use crate::access::{Actor, Right, open};
use crate::entry::Problem;
use crate::error::{Error, Result};
use crate::screen::Screen;
use crate::{App, change, typed};
use domain::reporting::{CellState, FilingState};
use sha2::{Digest, Sha256};
use sheets::{FORM_COLUMNS, ReadCell, ReadForm, ReadRow, cell_address};
use std::collections::BTreeSet;
use store::{CellInput, Filing, RecordKind, ReportingLine, Tx};

/// The most bytes of a sheet.
pub const SHEET_BYTES: usize = 5 << 20;

const NAME_COLUMN: usize = 1;
const UNIT_COLUMN: usize = 2;
const VALUE_COLUMN: usize = 3;
const STATE_COLUMN: usize = 4;
const NOTE_COLUMN: usize = 5;
/// Cells that are named as wrong at most.
const PROBLEMS: usize = 50;

/// The words of a sheet in one language, as it was sent out.
#[derive(Debug, Clone)]
pub struct SheetWords {
    /// Headings of the columns.
    pub headings: [String; FORM_COLUMNS],
    /// "There is none" and "not known".
    pub choices: [String; 2],
    /// By line: its key, name and unit.
    pub lines: Vec<(i64, String, String)>,
}

/// What was taken from a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetTaken {
    /// Lines of which the sheet says something.
    pub said: usize,
    /// Lines that say something else than before.
    pub changed: usize,
}

impl App {
    /// Takes a sheet that came back into the draft of its filing, each value with the address of its cell; submitting stays
    /// with who looks at it. `words` are those of the sheet in each language.
    ///
    /// # Errors
    /// [`Error::Refused`] for what is no such workbook or must not be stored (law 9); [`Error::Form`] naming sheet and cell
    /// of everything that is wrong. Nothing is kept then.
    pub async fn filing_take_sheet(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        (file, bytes): (&str, Vec<u8>),
        words: &[SheetWords],
    ) -> Result<SheetTaken> {
        let file = typed::file_name(file);
        let _permit = self.extracting.acquire().await;
        let name = file.clone();
        let read = tokio::task::spawn_blocking(move || read(&name, bytes)).await;
        let (bytes, forms) = read.map_err(|_| refused(&file, "broken-xlsx"))??;
        let mut tx = self.db.write().await?;
        let (filing, task) = hold(&mut tx, actor, programme, code, Right::FileReport).await?;
        refuse_unless_sent(&task)?;
        if filing.state.is_filed() {
            return Err(problem("filing-gone"));
        }
        let lines = store::reporting_line_list(&mut tx, filing.task).await?;
        let form = choose(&mut tx, actor, programme, &filing, &forms).await?;
        let digest = digest(&bytes);
        let wanted = Check { form, words, digest: &digest }.take(&lines)?;
        let said = wanted.iter().filter(|(_, cell)| cell.state != CellState::Missing).count();
        if said == 0 {
            return Err(at(form, "", "sheet-empty", ""));
        }
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        store::blob_insert(&mut tx, &digest, MEDIA_TYPE, size, &mut bytes.as_slice()).await?;
        let before = store::filing_cell_list(&mut tx, filing.record.id).await?;
        let change = change::open(&mut tx, actor, Some(programme), "filing-sheet", None).await?;
        let changed = keep(&mut tx, &change, &filing, &before, &wanted).await?;
        let on_behalf = !actor.is_of(programme, filing.unit.id);
        if filing.state == FilingState::Open {
            let filled = FilingState::Filled;
            store::filing_set_state(&mut tx, &change, &filing, filled, Some(&file), on_behalf).await?;
        } else {
            store::filing_log(&mut tx, &change, filing.record.id, "filled", Some(&file), on_behalf).await?;
        }
        self.commit(tx).await?;
        Ok(SheetTaken { said, changed })
    }

    /// The bytes of a sheet that a filing's values were read from.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it has none with this digest.
    pub async fn filing_sheet(
        &self,
        actor: &Actor,
        programme: i64,
        code: &str,
        digest: &str,
    ) -> Result<Vec<u8>> {
        let mut tx = self.db.read().await?;
        let record = open(&mut tx, actor, programme, code, Right::View).await?;
        if record.kind != RecordKind::Filing || !store::filing_has_sheet(&mut tx, record.id, digest).await? {
            return Err(Error::NotFound);
        }
        let mut bytes = Vec::new();
        store::blob_copy(&mut tx, digest, &mut bytes).await?;
        Ok(bytes)
    }
}

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

fn refused(file: &str, code: &'static str) -> Error {
    Error::Refused { file: file.to_owned(), code, args: Vec::new() }
}

/// Looks for everything that must not be stored, then reads the sheets.
fn read(file: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, Vec<ReadForm>)> {
    let mut screen = Screen::new(file);
    let forms = sheets::read_forms(&bytes, &mut |text| screen.look(text));
    screen.end()?;
    let forms = forms.map_err(|error| refused(file, error.code()))?;
    Ok((bytes, forms))
}

/// A problem at a cell, named as `sheet!cell`.
fn at(form: &ReadForm, cell: &str, code: &'static str, hint: &str) -> Error {
    Error::Form(vec![place(form, cell, code, hint)])
}

fn place(form: &ReadForm, cell: &str, code: &'static str, hint: &str) -> Problem {
    let sheet = typed::proposed(&form.sheet);
    let field = if cell.is_empty() { sheet } else { format!("{sheet}!{cell}") };
    Problem::hinting(&field, code, hint)
}

/// The sheet that is this filing's. Another unit's or another round's is named.
async fn choose<'a>(
    tx: &mut Tx,
    actor: &Actor,
    programme: i64,
    filing: &Filing,
    forms: &'a [ReadForm],
) -> Result<&'a ReadForm> {
    if let Some(own) = forms.iter().find(|form| form.code == filing.record.code) {
        return Ok(own);
    }
    for form in forms.iter().filter(|form| !form.code.is_empty()) {
        let Ok(record) = open(tx, actor, programme, &form.code, Right::View).await else { continue };
        if record.kind != RecordKind::Filing {
            continue;
        }
        let other = store::filing_get(tx, record.id).await?;
        let task = store::record_get(tx, other.task).await?;
        let name = format!("{} · {}", other.unit.title, task.title);
        let code = if other.task == filing.task { "sheet-other-unit" } else { "sheet-other-round" };
        return Err(at(form, "F2", code, &name));
    }
    match forms.first() {
        Some(form) => Err(at(form, "F2", "sheet-unknown", &filing.record.code)),
        None => Err(problem("sheet-empty")),
    }
}

struct Check<'a> {
    form: &'a ReadForm,
    words: &'a [SheetWords],
    digest: &'a str,
}

impl Check<'_> {
    /// What the sheet says of each line, or everything that is wrong with it.
    fn take(&self, lines: &[ReportingLine]) -> Result<Vec<(i64, CellInput)>> {
        let words = self.words.iter().find(|words| words.headings.as_slice() == self.form.headings);
        let Some(words) = words else { return Err(self.renamed()) };
        let mut problems = Vec::new();
        let mut taken: Vec<(i64, CellInput)> = Vec::new();
        let mut seen = BTreeSet::new();
        for row in &self.form.rows {
            let line = row.key.and_then(|key| lines.iter().find(|line| line.id == key));
            let Some(line) = line.filter(|line| seen.insert(line.id)) else {
                problems.push(self.problem(
                    row,
                    NAME_COLUMN,
                    "sheet-foreign-row",
                    &row.cells[NAME_COLUMN].text(),
                ));
                continue;
            };
            let own = words.lines.iter().find(|(key, ..)| *key == line.id);
            let is_own = own.is_some_and(|(_, name, unit)| {
                row.cells[NAME_COLUMN].text() == *name && row.cells[UNIT_COLUMN].text() == *unit
            });
            if !is_own {
                let right = own.map(|(_, name, unit)| format!("{name} ({unit})")).unwrap_or_default();
                problems.push(self.problem(row, NAME_COLUMN, "sheet-renamed-row", &right));
                continue;
            }
            taken.push((line.id, self.cell(line, row, words, &mut problems)));
        }
        if !self.form.ended || lines.iter().any(|line| !seen.contains(&line.id)) {
            problems.push(place(self.form, "", "sheet-incomplete", ""));
        }
        problems.truncate(PROBLEMS);
        if problems.is_empty() { Ok(taken) } else { Err(Error::Form(problems)) }
    }

    fn renamed(&self) -> Error {
        let expected = self.words.first().map(|words| &words.headings);
        let differs = |column: &usize| {
            expected.is_some_and(|right| self.form.headings.get(*column) != Some(&right[*column]))
        };
        let column = (0..FORM_COLUMNS).find(differs).unwrap_or(0);
        let right = expected.map(|right| right[column].clone()).unwrap_or_default();
        at(self.form, &cell_address(column, 5), "sheet-renamed-column", &right)
    }

    fn problem(&self, row: &ReadRow, column: usize, code: &'static str, hint: &str) -> Problem {
        place(self.form, &cell_address(column, row.row), code, &typed::proposed(hint))
    }

    fn cell(
        &self,
        line: &ReportingLine,
        row: &ReadRow,
        words: &SheetWords,
        problems: &mut Vec<Problem>,
    ) -> CellInput {
        let value = match &row.cells[VALUE_COLUMN] {
            ReadCell::Unvalued => {
                problems.push(self.problem(row, VALUE_COLUMN, "sheet-formula", ""));
                return CellInput::missing();
            }
            ReadCell::Linked => {
                problems.push(self.problem(row, VALUE_COLUMN, "sheet-linked", ""));
                return CellInput::missing();
            }
            cell @ (ReadCell::Other(_) | ReadCell::Day(_)) => {
                problems.push(self.problem(row, VALUE_COLUMN, "sheet-no-number", &cell.text()));
                return CellInput::missing();
            }
            cell => cell.text().into_owned(),
        };
        let state = match &*row.cells[STATE_COLUMN].text() {
            "" => "",
            text if text == words.choices[0] => "none",
            text if text == words.choices[1] => "unknown",
            text => {
                let right = words.choices.join(" / ");
                let problem = self.problem(row, STATE_COLUMN, "sheet-choice", &format!("{text} → {right}"));
                problems.push(problem);
                return CellInput::missing();
            }
        };
        let note = row.cells[NOTE_COLUMN].text().into_owned();
        let entry = CellEntry { line: line.id, state: state.to_owned(), value, note };
        let mut wrong = Vec::new();
        let mut cell = cells::read(line, &entry, &mut wrong);
        for of in wrong {
            let column = if of.field.starts_with('n') { NOTE_COLUMN } else { VALUE_COLUMN };
            let hint = if of.hint.is_empty() { entry.value.clone() } else { of.hint };
            problems.push(self.problem(row, column, of.code, &hint));
        }
        let column = if cell.state == CellState::Value { VALUE_COLUMN } else { STATE_COLUMN };
        if cell.state != CellState::Missing {
            let address = cell_address(column, row.row);
            cell.source = Some((self.digest.to_owned(), self.form.sheet.clone(), address));
        }
        cell
    }
}
