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
    /// A total of rows: 1 of a group (小计), 2 of all (合计).
    Total {
        /// As it is called.
        label: String,
        /// How far it reaches.
        level: u8,
    },
    /// A note below the table.
    Note,
    /// Headings again, or the name of a part of the table.
    Heading,
}

const TOTALS: &[(&str, u8)] = &[
    ("小计", 1),
    ("分计", 1),
    ("本页小计", 1),
    ("合计", 2),
    ("总计", 2),
    ("共计", 2),
    ("全区合计", 2),
    ("total", 2),
    ("subtotal", 1),
];
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
        for text in texts.iter().take(NAMED_IN) {
            let plain = tidy(text);
            if let Some((label, level)) = TOTALS.iter().find(|(label, _)| plain == *label) {
                return RowSort::Total { label: (*label).to_owned(), level: *level };
            }
        }
        // Further right stands what rows hold: 其中：厂房两座.
        if let Some(label) = texts.iter().take(2).find(|text| is_part_total(&tidy(text))) {
            return RowSort::Total { label: label.clone(), level: 1 };
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
}

/// 甲县小计, 其中：新建: totals of a part of the table, which would count twice.
fn is_part_total(plain: &str) -> bool {
    let begins = ["其中:", "其中："].iter().any(|word| plain.starts_with(word)) || plain == "其中";
    plain.chars().count() <= PART_TOTAL_CHARS && (begins || plain.ends_with("小计"))
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
