//! What the rows of a table are.

use super::Layout;
use crate::book::{Merge, ReadCell, SheetHead, SheetRow};
use domain::heading::tidy;
use std::collections::BTreeMap;

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowSort {
    /// A row of the table.
    Data,
    /// A total of rows.
    Total {
        /// As it is called.
        label: String,
        /// What it is of.
        reach: Reach,
    },
    /// A row that is called as totals are, but says what totals do not: somebody has to decide.
    TotalLike,
    /// A note below the table.
    Note,
    /// Headings again, or the name of a part of the table.
    Heading,
}

/// What a total is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Of the rows of a group (小计).
    Group,
    /// Of all rows (合计).
    All,
    /// Its name leaves it open (甲县合计, 招商项目合计).
    Either,
}

const TOTALS: &[(&str, Reach)] = &[
    ("小计", Reach::Group),
    ("分计", Reach::Group),
    ("subtotal", Reach::Group),
    ("合计", Reach::All),
    ("总计", Reach::All),
    ("共计", Reach::All),
    ("累计", Reach::All),
    ("total", Reach::All),
    ("grandtotal", Reach::All),
];
/// How names of totals end.
const TOTAL_ENDINGS: &[(&str, Reach)] =
    &[("小计", Reach::Group), ("合计", Reach::Either), ("总计", Reach::All), ("共计", Reach::Either)];
const NOTES: &[&str] = &[
    "注:",
    "注：",
    "备注:",
    "备注：",
    "说明:",
    "说明：",
    "填表人",
    "填报人",
    "审核人",
    "负责人:",
    "负责人：",
    "制表",
    "填表说明",
    "填报单位:",
    "填报单位：",
    "联系人:",
    "联系人：",
    "联系电话",
    "单位负责人",
    "统计负责人",
    "数据来源",
    "工作调度数据",
];
/// Columns in which a total is named.
const NAMED_IN: usize = 4;
/// A longer text is no name of a total.
const PART_TOTAL_CHARS: usize = 16;

impl Layout {
    /// What a row below the headings is.
    #[must_use]
    pub fn sort(&self, row: &SheetRow) -> RowSort {
        let texts: Vec<String> = row.cells.iter().map(|(_, cell)| cell.text().trim().to_owned()).collect();
        let Some(first) = texts.first() else { return RowSort::Heading };
        if NOTES.iter().any(|note| first.starts_with(note)) {
            return RowSort::Note;
        }
        if let Some(total) = Self::total(&texts) {
            return total;
        }
        let known = texts.iter().filter(|text| self.own.contains(&tidy(text))).count();
        if known >= 2 && known * 10 >= texts.len() * 6 {
            return RowSort::Heading;
        }
        // 一、能源类项目（3个）: the name of a part, alone in its row.
        if texts.len() == 1 && self.columns.len() >= 3 && matches!(row.cells[0].1, ReadCell::Text(_)) {
            let is_part = first.starts_with(|c: char| "一二三四五六七八九十（(".contains(c))
                && first.contains(['、', '）', ')', '.']);
            let is_outside = self.columns.iter().all(|column| column.column != row.cells[0].0);
            if is_part || is_outside {
                return RowSort::Heading;
            }
        }
        RowSort::Data
    }

    /// Whether a row is a total, or may be one: a numbered row, or one that says more than a name and numbers, is none for sure.
    fn total(texts: &[String]) -> Option<RowSort> {
        let (at, label, reach) = named_total(texts)?;
        let is_whole = TOTALS.iter().any(|(of, _)| *of == label);
        let is_numbered = at > 0 && is_number(&texts[0]);
        let others = texts.iter().enumerate().filter(|(other, text)| *other != at && has_words(text)).count();
        let allowed = match (is_numbered, is_whole) {
            (true, _) => 0,
            (false, true) => usize::MAX,
            (false, false) => 1,
        };
        Some(if others > allowed { RowSort::TotalLike } else { RowSort::Total { label, reach } })
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !text.is_empty()
}

/// Whether a cell says more than a number or that there is nothing.
fn has_words(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit() || "-—/+".contains(c))
}

/// What names a total: the words of a whole cell, or one of the first cells that ends or begins as names of totals do.
fn named_total(texts: &[String]) -> Option<(usize, String, Reach)> {
    for (at, text) in texts.iter().take(NAMED_IN).enumerate() {
        let plain = tidy(text);
        let plain = plain.trim_end_matches(|c: char| c.is_ascii_digit() || "个项家户条".contains(c));
        if let Some((label, reach)) = TOTALS.iter().find(|(label, _)| plain == *label) {
            return Some((at, (*label).to_owned(), *reach));
        }
    }
    // Further right stands what rows hold: 其中：厂房两座.
    texts.iter().take(2).enumerate().find_map(|(at, text)| Some((at, text.clone(), part_total(&tidy(text))?)))
}

/// 甲县小计, 其中：新建, 招商项目合计: totals, which would count twice.
fn part_total(plain: &str) -> Option<Reach> {
    if plain.chars().count() > PART_TOTAL_CHARS {
        return None;
    }
    let begins = ["其中:", "其中："].iter().any(|word| plain.starts_with(word)) || plain == "其中";
    let ends = || TOTAL_ENDINGS.iter().find(|(word, _)| plain.ends_with(word)).map(|(_, reach)| *reach);
    if begins { Some(Reach::Group) } else { ends() }
}

/// Gives the rows below a merged cell what it says.
#[derive(Debug, Default)]
pub struct Fill {
    /// Areas of several rows, by their first row.
    areas: BTreeMap<u32, Vec<Merge>>,
    /// What reaches down: column, last row, what it says.
    open: Vec<(u16, u32, ReadCell)>,
}

impl Fill {
    /// For a sheet.
    #[must_use]
    pub fn new(head: &SheetHead) -> Self {
        let mut areas = BTreeMap::<u32, Vec<Merge>>::new();
        for of in head.merges.iter().filter(|of| of.bottom > of.top) {
            areas.entry(of.top).or_default().push(*of);
        }
        Self { areas, open: Vec::new() }
    }

    /// Fills a row; rows come in their order.
    pub fn fill(&mut self, row: &mut SheetRow) {
        if self.areas.is_empty() && self.open.is_empty() {
            return;
        }
        self.open.retain(|(_, last, _)| *last >= row.number);
        for (column, _, cell) in &self.open {
            if let Err(at) = row.cells.binary_search_by_key(column, |(column, _)| *column) {
                row.cells.insert(at, (*column, cell.clone()));
            }
        }
        let begun: Vec<u32> = self.areas.range(..=row.number).map(|(top, _)| *top).collect();
        for top in begun {
            for of in self.areas.remove(&top).unwrap_or_default() {
                let cell = row.cells.iter().find(|(column, _)| *column == of.left);
                if let Some((_, cell)) = cell.filter(|_| of.bottom > row.number) {
                    self.open.push((of.left, of.bottom, cell.clone()));
                }
            }
        }
    }
}
