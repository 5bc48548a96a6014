//! What an .xlsx workbook says of its sheets: names, what is hidden, what is merged.

use super::xml::attribute;
use super::zipped::Parts;
use super::{BookError, MOST_COLUMNS, MOST_ROWS, Merge, SheetHead};
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::io::{Read, Seek};

/// Merged areas of a sheet that are looked at.
const MOST_MERGES: usize = 100_000;
/// Sheets of a workbook.
const MOST_SHEETS: usize = 1_000;

/// The sheets of a workbook in order, each with its part; sheets of charts are among them and have no rows.
pub(super) fn of_xlsx<R: Read + Seek>(parts: &mut Parts<R>) -> Result<Vec<(SheetHead, String)>, BookError> {
    let mut targets = HashMap::new();
    parts.each("xl/_rels/workbook.xml.rels", &mut |event| {
        if let Event::Start(element) | Event::Empty(element) = event
            && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
        {
            let own = target.strip_prefix('/').map(str::to_owned);
            targets.insert(id, own.unwrap_or_else(|| format!("xl/{target}")));
        }
        Ok(())
    })?;
    let mut sheets = Vec::new();
    parts.each("xl/workbook.xml", &mut |event| {
        if let Event::Start(element) | Event::Empty(element) = event
            && element.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "id"))
        {
            let is_hidden = attribute(element, "state").is_some_and(|state| state != "visible");
            let part = targets.get(&id).cloned().unwrap_or_default();
            if sheets.len() == MOST_SHEETS {
                return Err(BookError::TooLarge);
            }
            sheets.push((SheetHead { name, is_hidden, ..SheetHead::default() }, part));
        }
        Ok(())
    })?;
    Ok(sheets)
}

/// Takes what an element of a sheet says of its shape.
pub(super) fn look(head: &mut SheetHead, element: &BytesStart<'_>) {
    match element.local_name().as_ref() {
        "row" if element.attributes_raw().contains("hidden") && is_true(attribute(element, "hidden")) => {
            let number = attribute(element, "r").and_then(|number| number.parse::<u32>().ok());
            head.hidden_rows.extend(number.filter(|number| *number <= MOST_ROWS));
        }
        "col" if is_true(attribute(element, "hidden")) => {
            let number = |name| attribute(element, name)?.parse::<u16>().ok()?.checked_sub(1);
            if let (Some(first), Some(last)) = (number("min"), number("max")) {
                // A sheet that hides all that lies beyond its table says so up to the last column there can be.
                head.hidden_columns.extend(first..=last.min(MOST_COLUMNS - 1));
            }
        }
        "mergeCell" if head.merges.len() < MOST_MERGES => {
            head.merges.extend(attribute(element, "ref").and_then(|area| merge(&area)));
        }
        _ => {}
    }
}

fn is_true(value: Option<String>) -> bool {
    value.is_some_and(|value| value == "1" || value == "true")
}

/// `B2:D2`.
fn merge(area: &str) -> Option<Merge> {
    let (from, to) = area.split_once(':')?;
    let ((left, top), (right, bottom)) = (cell_place(from)?, cell_place(to)?);
    (left <= right && top <= bottom).then_some(Merge { top, bottom, left, right })
}

/// Column from 0 and row from 1 of `$B$2`.
#[must_use]
pub fn cell_place(name: &str) -> Option<(u16, u32)> {
    let name = name.replace('$', "");
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = name.split_at(digits);
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = letter.to_ascii_uppercase().checked_sub(b'A').filter(|value| *value < 26)?;
        column = column.checked_mul(26)?.checked_add(u32::from(value) + 1)?;
    }
    let row = number.parse().ok().filter(|row| (1..=MOST_ROWS).contains(row))?;
    Some((u16::try_from(column.checked_sub(1)?).ok().filter(|column| *column < MOST_COLUMNS)?, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_read_and_those_that_cannot_be_are_not() {
        assert_eq!(merge("B2:D2"), Some(Merge { top: 2, bottom: 2, left: 1, right: 3 }));
        assert_eq!(
            merge("$A$1:$XFD$1048576"),
            Some(Merge { top: 1, bottom: 1_048_576, left: 0, right: 16_383 })
        );
        for wrong in ["", "B2", "D2:B2", "A0:A1", "A1:A1048577", "XFE1:XFE2", "1:2", "A:B", "ÄÖ1:A2"] {
            assert_eq!(merge(wrong), None, "{wrong}");
        }
    }
}
