//! Where the table of a sheet is: titles above it, headings (in groups, over several rows), units, rows, totals, notes below.

mod rows;

pub use rows::{Fill, Reach, RowSort};

use crate::book::{Merge, ReadCell, SheetHead, SheetRow};
use crate::value::{Bound, DayContext, SheetUnit, day, unit_of_words};
use domain::heading::{is_heading, tidy};
use domain::{Period, TimeKind};
use std::collections::{BTreeMap, BTreeSet};

/// Rows in which headings are looked for.
const HEADER_ROWS: usize = 40;
/// Rows that headings may have, those of groups and units among them.
const MOST_HEADINGS: u32 = 5;

/// A table of a sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// What stands above it, with the number of its row.
    pub titles: Vec<(u32, String)>,
    /// First and last row of the headings, with that of units and of column numbers.
    pub header: (u32, u32),
    /// Its columns.
    pub columns: Vec<LayoutColumn>,
    /// The period that the titles name.
    pub period: Option<Period>,
    /// The unit that stands above the table: 单位：万元.
    pub unit: Option<SheetUnit>,
    /// The texts of the last row of headings, to know it again.
    own: BTreeSet<String>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LayoutColumn {
    /// From 0.
    pub column: u16,
    /// Its headings, those of groups first, tidied.
    pub headings: Vec<String>,
    /// What its numbers count: by its heading, a row of units, or what stands above the table.
    pub unit: Option<SheetUnit>,
    /// Whether the sheet hides it.
    pub is_hidden: bool,
}

/// The cells of the first rows with what merged ones cover.
struct Grid<'a> {
    rows: BTreeMap<u32, BTreeMap<u16, &'a ReadCell>>,
    merges: &'a [Merge],
}

impl<'a> Grid<'a> {
    fn new(head: &'a SheetHead, first: &'a [SheetRow]) -> Self {
        let cells = |row: &'a SheetRow| row.cells.iter().map(|(column, cell)| (*column, cell)).collect();
        let rows = first.iter().take(HEADER_ROWS + 8).map(|row| (row.number, cells(row))).collect();
        Self { rows, merges: &head.merges }
    }

    /// The merged area that a cell lies in.
    fn merge(&self, row: u32, column: u16) -> Option<&Merge> {
        self.merges
            .iter()
            .find(|of| (of.top..=of.bottom).contains(&row) && (of.left..=of.right).contains(&column))
    }

    /// What a cell says, or the merged one that covers it.
    fn text(&self, row: u32, column: u16) -> String {
        let own = self.rows.get(&row).and_then(|cells| cells.get(&column));
        let cell = own.copied().or_else(|| {
            let of = self.merge(row, column)?;
            self.rows.get(&of.top)?.get(&of.left).copied()
        });
        cell.map(|cell| heading_text(&cell.text())).unwrap_or_default()
    }

    /// Whether a row is one text over the whole width, or alone.
    fn is_lonely(&self, row: u32) -> bool {
        let Some(cells) = self.rows.get(&row) else { return true };
        let texts: BTreeSet<String> = cells.values().map(|cell| cell.text().into_owned()).collect();
        texts.len() <= 1
    }

    fn score(&self, row: u32) -> i64 {
        let Some(cells) = self.rows.get(&row).filter(|_| !self.is_lonely(row)) else { return 0 };
        let mut score = 0;
        for cell in cells.values() {
            score += match cell {
                ReadCell::Text(text) if is_heading(text) => 8,
                ReadCell::Text(text) if text.chars().count() <= 20 => 1,
                ReadCell::Text(_) => -1,
                ReadCell::Number(_) | ReadCell::Day(_) => -4,
                _ => 0,
            };
        }
        score
    }
}

fn heading_text(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().concat().trim_matches('*').to_owned()
}

impl Layout {
    /// Finds the table of a sheet in its first rows; none where nothing is like one.
    #[must_use]
    pub fn find(head: &SheetHead, first: &[SheetRow]) -> Option<Self> {
        let grid = Grid::new(head, first);
        let numbers: Vec<u32> = first.iter().take(HEADER_ROWS).map(|row| row.number).collect();
        let best = numbers.iter().copied().map(|row| (grid.score(row), std::cmp::Reverse(row))).max()?;
        let (score, std::cmp::Reverse(anchor)) = best;
        if score < 2 {
            return None;
        }
        let header = extended(&grid, anchor);
        Self::with_header(head, first, header)
    }

    /// The table whose headings stand in these rows; none where they are empty.
    #[must_use]
    pub fn with_header(head: &SheetHead, first: &[SheetRow], header: (u32, u32)) -> Option<Self> {
        let grid = Grid::new(head, first);
        let (top, bottom) = header;
        if top == 0 || bottom < top || bottom - top >= MOST_HEADINGS * 2 {
            return None;
        }
        let titles: Vec<(u32, String)> = grid
            .rows
            .range(..top)
            .map(|(row, cells)| {
                let words: Vec<String> = cells.values().map(|cell| cell.text().trim().to_owned()).collect();
                (*row, words.join(" "))
            })
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let unit = titles.iter().flat_map(|(_, text)| text.split_whitespace()).find_map(unit_above);
        let columns = columns(head, &grid, header, unit.as_ref());
        if columns.is_empty() {
            return None;
        }
        let named = columns.iter().filter_map(|column| column.headings.last());
        Some(Self {
            period: titles.iter().find_map(|(_, text)| period_in(text)),
            own: named.map(|heading| tidy(heading)).filter(|heading| !heading.is_empty()).collect(),
            titles,
            header,
            columns,
            unit,
        })
    }
}

/// `单位：万元` in what stands above.
fn unit_above(words: &str) -> Option<SheetUnit> {
    let at = words.find("单位")?;
    let rest = words[at..].trim_end_matches([')', '）']);
    rest["单位".len()..].starts_with([':', '：']).then(|| unit_of_words(rest)).flatten()
}

/// The rows of headings around the one that is most like headings.
fn extended(grid: &Grid<'_>, anchor: u32) -> (u32, u32) {
    let (mut top, mut bottom) = (anchor, anchor);
    // Groups above: cells that reach down into the headings, or over several of them.
    while anchor - top < 3 && top > 1 && is_group_row(grid, top - 1, top) {
        top -= 1;
    }
    // What cells of the headings reach down to belongs to them.
    for of in grid.merges {
        let begins = (top..=bottom).contains(&of.top);
        if begins && of.bottom > bottom && of.bottom - top < MOST_HEADINGS {
            bottom = of.bottom;
        }
    }
    // Groups that were not merged have their headings below.
    while bottom - top + 1 < MOST_HEADINGS && is_second_row(grid, bottom + 1, bottom) {
        bottom += 1;
    }
    while bottom - top + 1 < MOST_HEADINGS && (is_units(grid, bottom + 1) || is_numbers(grid, bottom + 1)) {
        bottom += 1;
    }
    (top, bottom)
}

/// Whether a row holds the groups of the headings below it.
fn is_group_row(grid: &Grid<'_>, row: u32, below: u32) -> bool {
    let Some(cells) = grid.rows.get(&row) else { return false };
    if !cells.values().all(|cell| matches!(cell, ReadCell::Text(_))) {
        return false;
    }
    let reaches = grid.merges.iter().any(|of| of.top <= row && of.bottom >= below);
    let widest = grid.rows.get(&below).map_or(0, BTreeMap::len);
    let is_grouping = |of: &Merge| {
        of.top == row
            && of.bottom == row
            && of.left < of.right
            && usize::from(of.right - of.left) + 1 < widest
    };
    // A title over the whole width is no group.
    reaches || (!grid.is_lonely(row) && grid.merges.iter().any(is_grouping))
}

/// Whether the row below goes on with the headings: where the row above has groups and gaps, texts that are headings.
fn is_second_row(grid: &Grid<'_>, row: u32, above: u32) -> bool {
    let (Some(cells), Some(groups)) = (grid.rows.get(&row), grid.rows.get(&above)) else { return false };
    let texts = cells.values().all(|cell| matches!(cell, ReadCell::Text(text) if text.chars().count() <= 20));
    if !texts || is_units(grid, row) {
        return false;
    }
    let gaps = cells.keys().filter(|column| !groups.contains_key(column)).count();
    let known =
        cells.values().filter(|cell| is_heading(&cell.text()) || is_period_word(&cell.text())).count();
    gaps > 0 && known > 0 && cells.len() < groups.len() + gaps + 1 && known * 2 >= cells.len()
}

/// 本月, 累计: headings that mean something below a group only.
fn is_period_word(text: &str) -> bool {
    let text = heading_text(text);
    ["本月", "当月", "累计", "本年", "上年", "计划", "完成", "实际", "下达", "到位", "拨付", "支付"]
        .contains(&text.as_str())
}

/// Whether a row says what the columns count.
fn is_units(grid: &Grid<'_>, row: u32) -> bool {
    let Some(cells) = grid.rows.get(&row) else { return false };
    let mut units = 0;
    for cell in cells.values() {
        match cell {
            ReadCell::Text(text) if unit_of_words(text).is_some() => units += 1,
            ReadCell::Text(text) if matches!(text.trim(), "—" | "-" | "/" | "－") => {}
            _ => return false,
        }
    }
    units > 0
}

/// Whether a row numbers the columns: 1 2 3, 甲 乙 1 2.
fn is_numbers(grid: &Grid<'_>, row: u32) -> bool {
    let Some(cells) = grid.rows.get(&row).filter(|cells| cells.len() >= 3) else { return false };
    let mut last = 0_i64;
    let mut numbered = 0;
    for cell in cells.values() {
        let text = cell.text();
        let text = text.trim().trim_matches(['(', ')', '（', '）', '[', ']']);
        if matches!(text, "甲" | "乙" | "丙" | "丁" | "A" | "B" | "C") {
            continue;
        }
        match text.parse::<i64>() {
            Ok(number) if number == last + 1 => (last, numbered) = (number, numbered + 1),
            _ => return false,
        }
    }
    numbered >= 2
}

fn columns(
    head: &SheetHead,
    grid: &Grid<'_>,
    (top, bottom): (u32, u32),
    above: Option<&SheetUnit>,
) -> Vec<LayoutColumn> {
    let named: Vec<u32> =
        (top..=bottom).filter(|row| !is_units(grid, *row) && !is_numbers(grid, *row)).collect();
    let units: Vec<u32> = (top..=bottom).filter(|row| is_units(grid, *row)).collect();
    let in_header = grid.rows.range(top..=bottom).flat_map(|(_, cells)| cells.keys().copied());
    let merged = grid.merges.iter().filter(|of| of.top >= top && of.top <= bottom).map(|of| of.right);
    let Some(last) = in_header.clone().chain(merged).max() else { return Vec::new() };
    let first = in_header.min().unwrap_or(0);
    let mut columns = Vec::new();
    for column in first..=last {
        let mut headings: Vec<String> = Vec::new();
        for (at, row) in named.iter().enumerate() {
            let mut text = grid.text(*row, column);
            if text.is_empty() && at + 1 < named.len() {
                text = group_left(grid, *row, &named[at + 1..], column);
            }
            if !text.is_empty() && headings.last() != Some(&text) {
                headings.push(text);
            }
        }
        if headings.is_empty() {
            continue;
        }
        let own = headings.iter().rev().find_map(|heading| unit_in(heading));
        let by_row = units.iter().find_map(|row| unit_of_words(&grid.text(*row, column)));
        columns.push(LayoutColumn {
            column,
            unit: own.or(by_row).or_else(|| above.cloned()),
            headings,
            is_hidden: head.hidden_columns.contains(&column),
        });
    }
    columns
}

/// The group that begins further left and was not merged: it reaches to the columns that have a heading below it.
fn group_left(grid: &Grid<'_>, row: u32, below: &[u32], column: u16) -> String {
    let has_own = |column: u16| below.iter().any(|row| !grid.text(*row, column).is_empty());
    if !has_own(column) {
        return String::new();
    }
    for left in (0..column).rev() {
        let text = grid.text(row, left);
        if !text.is_empty() {
            // One that reaches down itself is no group.
            return if has_own(left) && !below.iter().any(|row| grid.text(*row, left) == text) {
                text
            } else {
                String::new()
            };
        }
        if !has_own(left) {
            return String::new();
        }
    }
    String::new()
}

/// The unit in the brackets of a heading, or behind a comma or stroke: 总投资（万元）, 总投资/万元.
fn unit_in(heading: &str) -> Option<SheetUnit> {
    let brackets = heading.rfind(['(', '（', '[', '【']).and_then(|at| {
        let inside =
            heading[at..].trim_start_matches(['(', '（', '[', '【']).trim_end_matches([')', '）', ']', '】']);
        inside.split([',', '，', '、', ';', '；']).find_map(unit_of_words)
    });
    brackets.or_else(|| {
        heading.rsplit_once(['/', ',', '，', ':', '：']).and_then(|(_, unit)| unit_of_words(unit))
    })
}

/// The period that a title or the name of a file or sheet says: 2026年6月, 截至2026年6月底, 2026年上半年.
#[must_use]
pub fn period_in(text: &str) -> Option<Period> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let year = (0..chars.len()).find(|at| {
        chars[*at..].iter().take(4).filter(|c| c.is_ascii_digit()).count() == 4
            && chars.get(at + 4) == Some(&'年')
    })?;
    let rest: String = chars[year..].iter().collect();
    let ends = ["季度", "半年", "月底", "月份", "月末", "月", "日", "全年", "年度", "年"];
    let behind = |word: &str| rest.find(word).filter(|at| *at <= 24).map(|at| &rest[..at + word.len()]);
    let read = |text: &str, bound| {
        let text = text.trim_end_matches(['份', '度']);
        let text = if text.ends_with("季") { format!("{text}度") } else { text.to_owned() };
        day(&ReadCell::Text(text), &DayContext { year: None, bound }).ok().flatten()
    };
    for word in ends {
        let Some(words) = behind(word) else { continue };
        if let (Some(from), Some(to)) = (read(words, Bound::First), read(words, Bound::Last)) {
            let whole_day = from.is_whole_day;
            let from = if whole_day { None } else { Some(from.day) };
            return Some(Period { kind: TimeKind::Flow, from, to: Some(to.day) });
        }
    }
    None
}

#[cfg(test)]
mod tests;
