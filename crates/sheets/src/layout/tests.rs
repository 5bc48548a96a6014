//! Tables as offices make them.

use super::*;
use domain::Unit;
use jiff::civil::date;

fn rows(lines: &[(u32, &[&str])]) -> Vec<SheetRow> {
    let cell = |text: &&str| match text.parse::<f64>() {
        Ok(_) => ReadCell::Number((*text).to_owned()),
        Err(_) => ReadCell::Text((*text).to_owned()),
    };
    let row = |(number, cells): &(u32, &[&str])| SheetRow {
        number: *number,
        cells: cells
            .iter()
            .enumerate()
            .filter(|(_, text)| !text.is_empty())
            .map(|(at, text)| (u16::try_from(at).expect("few"), cell(text)))
            .collect(),
    };
    lines.iter().map(row).collect()
}

fn merge(top: u32, bottom: u32, left: u16, right: u16) -> Merge {
    Merge { top, bottom, left, right }
}

fn headings(layout: &Layout) -> Vec<String> {
    layout.columns.iter().map(|column| column.headings.join("/")).collect()
}

#[test]
fn titles_groups_and_units_are_told_from_rows() {
    let head = SheetHead {
        merges: vec![
            merge(1, 1, 0, 5),
            merge(3, 4, 0, 0),
            merge(3, 4, 1, 1),
            merge(3, 4, 2, 2),
            merge(3, 3, 3, 5),
        ],
        ..SheetHead::default()
    };
    let first = rows(&[
        (1, &["2026年6月在建项目调度表"]),
        (2, &["", "", "", "", "", "单位：万元"]),
        (3, &["序号", "项目名称", "落地县市", "完成投资"]),
        (4, &["", "", "", "计划", "本月", "累计"]),
        (5, &["1", "砾石光伏", "兰阳县", "100", "20", "60"]),
    ]);
    let layout = Layout::find(&head, &first).expect("a table");
    assert_eq!(layout.header, (3, 4));
    assert_eq!(
        headings(&layout),
        ["序号", "项目名称", "落地县市", "完成投资/计划", "完成投资/本月", "完成投资/累计"]
    );
    let period = layout.period.expect("a period");
    assert_eq!((period.from, period.to), (Some(date(2026, 6, 1)), Some(date(2026, 6, 30))));
    let unit = layout.columns[5].unit.clone().expect("a unit");
    assert_eq!((unit.unit, unit.scale), (Unit::cny(), 10_000));
    assert_eq!(layout.titles.len(), 2);
}

#[test]
fn groups_that_were_not_merged_reach_over_their_headings() {
    let first = rows(&[
        (1, &["项目名称", "落地县市", "完成投资（万元）", "", "备注"]),
        (2, &["", "", "本月", "累计", ""]),
        (3, &["砾石光伏", "兰阳县", "20", "60", ""]),
    ]);
    let layout = Layout::find(&SheetHead::default(), &first).expect("a table");
    assert_eq!(layout.header, (1, 2));
    assert_eq!(
        headings(&layout),
        ["项目名称", "落地县市", "完成投资（万元）/本月", "完成投资（万元）/累计", "备注"]
    );
    assert!(layout.columns[3].unit.is_some());
}

#[test]
fn a_row_of_units_and_one_of_numbers_belong_to_the_headings() {
    let first = rows(&[
        (2, &["项目名称", "计划总投资", "用地"]),
        (3, &["—", "亿元", "亩"]),
        (4, &["甲", "1", "2"]),
        (5, &["砾石光伏", "3.5", "200"]),
    ]);
    let layout = Layout::find(&SheetHead::default(), &first).expect("a table");
    assert_eq!(layout.header, (2, 4));
    let units: Vec<_> =
        layout.columns.iter().map(|column| column.unit.as_ref().map(|unit| unit.scale)).collect();
    assert_eq!(units, [None, Some(100_000_000), Some(1)]);
}

#[test]
fn totals_notes_and_headings_again_are_no_rows() {
    let first = rows(&[(1, &["序号", "项目名称", "计划总投资"]), (2, &["1", "砾石光伏", "5"])]);
    let layout = Layout::find(&SheetHead::default(), &first).expect("a table");
    let sort = |cells: &[&str]| layout.sort(&rows(&[(9, cells)])[0]);
    let total = |label: &str, reach| RowSort::Total { label: label.into(), reach };
    assert_eq!(sort(&["2", "合计商贸有限公司", "5"]), RowSort::Data);
    assert_eq!(sort(&["", "合 计", "5"]), total("合计", Reach::All));
    assert_eq!(sort(&["小计", "", "5"]), total("小计", Reach::Group));
    assert_eq!(sort(&["", "兰阳县小计", "5"]), total("兰阳县小计", Reach::Group));
    assert_eq!(sort(&["", "其中：新建", "3"]), total("其中：新建", Reach::Group));
    assert_eq!(sort(&["3", "砾石光伏", "", "其中：厂房两座"]), RowSort::Data);
    assert_eq!(sort(&["", "招商项目合计", "5"]), total("招商项目合计", Reach::Either));
    assert_eq!(sort(&["合计12个", "", "5"]), total("合计", Reach::All));
    assert_eq!(sort(&["合计：", "12个", "5"]), total("合计", Reach::All));
    assert_eq!(sort(&["兰阳县", "能源", "小计", "5"]), total("小计", Reach::Group));
    assert_eq!(sort(&["3", "光伏合计", "兰阳县", "5"]), RowSort::TotalLike, "totals have no number");
    assert_eq!(sort(&["3", "砾石光伏", "合计", "5"]), RowSort::TotalLike, "a project in several lines");
    assert_eq!(sort(&["光伏合计", "兰阳县", "能源", "5"]), RowSort::TotalLike, "totals have no places");
    assert_eq!(sort(&["注：金额含税"]), RowSort::Note);
    assert_eq!(sort(&["填表人：甲", "", "审核人：乙"]), RowSort::Note);
    assert_eq!(sort(&["序号", "项目名称", "计划总投资"]), RowSort::Heading);
    assert_eq!(sort(&["一、能源类项目"]), RowSort::Heading);
}

#[test]
fn what_a_merged_cell_says_holds_for_the_rows_below_it() {
    let head = SheetHead { merges: vec![merge(2, 3, 0, 0)], ..SheetHead::default() };
    let mut fill = Fill::new(&head);
    let mut all = rows(&[(2, &["兰阳县", "甲"]), (3, &["", "乙"]), (4, &["", "丙"])]);
    all.iter_mut().for_each(|row| fill.fill(row));
    let counts: Vec<_> = all.iter().map(|row| row.cells.len()).collect();
    assert_eq!((counts, all[1].cells[0].1.text().into_owned()), (vec![2, 2, 1], "兰阳县".into()));
}

#[test]
fn a_sheet_without_a_table_has_none() {
    for lines in [&[(1_u32, &["说明"][..])][..], &[(1, &["1", "2", "3"]), (2, &["4", "5", "6"])], &[]] {
        assert_eq!(Layout::find(&SheetHead::default(), &rows(lines)), None);
    }
}
