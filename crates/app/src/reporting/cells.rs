//! What is typed into a line of a form.

use crate::entry::{AmountInput, Problem, parse_amount};
use crate::typed;
use domain::Decimal;
use domain::quantity::from_scale;
use domain::reporting::CellState;
use store::{CellInput, ReportingLine};

/// What was typed into one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellEntry {
    /// The line.
    pub line: i64,
    /// `value`, `none` or `unknown`; empty is `value`.
    pub state: String,
    /// A decimal number of the line's unit; empty where nothing is said.
    pub value: String,
    /// A remark.
    pub note: String,
}

/// The longest remark of a line, in characters.
const NOTE_CHARS: usize = 200;

/// Reads a value in a line's unit; a share of more than a hundred percent is a slip.
///
/// # Errors
/// The code of what is wrong.
pub(super) fn value(line: &ReportingLine, text: &str) -> Result<i64, &'static str> {
    let text = text.trim().trim_end_matches(['%', '％']);
    let unit = line.line.unit.clone();
    let input = AmountInput { value: text.to_owned(), unit, ..AmountInput::default() };
    let quantity = parse_amount(&input)?.ok_or("missing")?;
    let whole = 100 * 10_i64.pow(quantity.unit.decimals());
    if quantity.unit.code() == "%" && quantity.low > whole {
        return Err("over-hundred");
    }
    Ok(quantity.low)
}

/// What a typed value of a line is in the scale of its base unit; none where it is no value.
#[must_use]
pub fn read_value(line: &ReportingLine, text: &str) -> Option<i64> {
    value(line, text).ok()
}

/// A stored value as it is typed into a line: a decimal number of the line's unit.
#[must_use]
pub fn typed_value(line: &ReportingLine, value: i64) -> String {
    number_in_line(line, value).to_string()
}

/// A stored value as a number of the line's unit, without noughts behind it.
#[must_use]
pub fn number_in_line(line: &ReportingLine, value: i64) -> Decimal {
    let scale = match line.line.unit.as_str() {
        "yi" => 100_000_000,
        "wan" => 10_000,
        _ => 1,
    };
    let number = from_scale(value, super::line_unit(line));
    (number / Decimal::from(scale)).normalize()
}

/// Reads a line; problems are named at `v{line}` and `n{line}`.
pub(super) fn read(line: &ReportingLine, entry: &CellEntry, problems: &mut Vec<Problem>) -> CellInput {
    let id = line.id;
    let mut wrong = |problem| problems.push(problem);
    let note = typed::line(&entry.note);
    if note.chars().count() > NOTE_CHARS {
        wrong(Problem::hinting(&format!("n{id}"), "too-long", NOTE_CHARS));
    }
    let note = Some(note).filter(|note| !note.is_empty());
    let typed = !entry.value.trim().is_empty();
    let state = match entry.state.as_str() {
        "" | "value" if !typed && note.is_none() => CellState::Missing,
        "" | "value" if !typed => {
            wrong(Problem::new(&format!("v{id}"), "note-alone"));
            CellState::Missing
        }
        "" | "value" => CellState::Value,
        code => match CellState::from_code(code).filter(|state| *state != CellState::Missing) {
            Some(_) if typed => {
                wrong(Problem::new(&format!("v{id}"), "none-and-value"));
                CellState::Missing
            }
            Some(state) => state,
            None => {
                wrong(Problem::new(&format!("v{id}"), "unknown"));
                CellState::Missing
            }
        },
    };
    let value = match state {
        CellState::Value => match value(line, &entry.value) {
            Ok(value) => Some(value),
            Err(code) => {
                wrong(Problem::new(&format!("v{id}"), code));
                None
            }
        },
        _ => None,
    };
    CellInput { state, value, note, source: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Measure, Role, TimeKind};
    use store::NewLine;

    fn line(measure: Measure, unit: &str) -> ReportingLine {
        let (unit, role) = (unit.to_owned(), Role::Actual);
        let line = NewLine { measure, unit, role, time_kind: TimeKind::Flow, label: None, required: true };
        ReportingLine { id: 7, line }
    }

    #[test]
    fn values_are_typed_in_the_unit_of_the_line_and_shown_so_again() {
        for (unit, text, kept) in [
            ("wan", "1,200.5", 1_200_500_000),
            ("yi", "0.3", 3_000_000_000),
            ("CNY", "12.5", 1_250),
            ("job", "40", 40),
        ] {
            let line = line(Measure::FundsArrived, unit);
            assert_eq!(value(&line, text), Ok(kept), "{unit}");
            assert_eq!(typed_value(&line, kept), text.replace(',', ""), "{unit}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_named_there() {
        let wrong = |unit: &str, state: &str, value: &str, note: &str| {
            let mut problems = Vec::new();
            let entry = CellEntry { line: 7, state: state.into(), value: value.into(), note: note.into() };
            read(&line(Measure::Rate, unit), &entry, &mut problems);
            problems.first().map(|problem| (problem.field.clone(), problem.code))
        };
        let at = |code| Some(("v7".to_owned(), code));
        assert_eq!(wrong("%", "", "100.01", ""), at("over-hundred"));
        assert_eq!(wrong("%", "", "100%", ""), None);
        assert_eq!(wrong("wan", "", "120万元", ""), at("number"));
        assert_eq!(wrong("job", "", "1.5", ""), at("too-fine"));
        assert_eq!(wrong("wan", "", "五百", ""), at("number"));
        assert_eq!(wrong("wan", "", "-5", ""), at("negative"));
        assert_eq!(wrong("wan", "none", "5", ""), at("none-and-value"));
        assert_eq!(wrong("wan", "", "", "见附件"), at("note-alone"));
        assert_eq!(wrong("wan", "none", "", "本月无"), None);
        assert_eq!(wrong("wan", "zero", "", ""), at("unknown"));
    }

    #[test]
    fn nothing_typed_is_missing_and_not_nought() {
        let mut problems = Vec::new();
        let read = |text: &str, problems: &mut Vec<Problem>| {
            let entry = CellEntry { line: 7, value: text.into(), ..CellEntry::default() };
            super::read(&line(Measure::Sales, "wan"), &entry, problems)
        };
        assert_eq!(read("", &mut problems), CellInput::missing());
        assert_eq!(read("0", &mut problems).value, Some(0));
        assert!(problems.is_empty());
    }
}
