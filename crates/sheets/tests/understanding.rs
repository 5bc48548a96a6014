//! Whatever stands in the cells of a sheet, understanding it ends: with a table, a value or a reason, never with a panic. What is
//! written as an amount is read as that amount.

use domain::quantity::from_scale;
use domain::{Approx, Unit};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use sheets::{
    Bound, DayContext, Fill, Layout, Merge, ReadCell, SheetHead, SheetRow, amount, day, number, unit_of_words,
};

/// What offices write, to be put together in any order.
const PIECES: &[&str] = &[
    "项目名称",
    "计划总投资",
    "（万元）",
    "单位：亿元",
    "合计",
    "其中：",
    "注：",
    "序号",
    "2026",
    "24",
    "5",
    "0.35",
    "1,200",
    "约",
    "近",
    "余",
    "左右",
    "亿",
    "万",
    "元",
    "亩",
    "%",
    "-",
    "—",
    "至",
    "年",
    "月",
    "日",
    "底",
    "中旬",
    "四",
    "十",
    "上半年",
    "第三季度",
    "截至",
    ":",
    "：",
    ".",
    "/",
    "T",
    " ",
    "\u{3000}",
    "(",
    ")",
    "（",
    "）",
    "¥",
    "+",
    "é",
    "😀",
    "\u{feff}",
    "00",
    "99999999999999999999",
    "e9",
    "待定",
];

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => vec(select(PIECES), 0..7).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn cell() -> impl Strategy<Value = ReadCell> {
    prop_oneof![
        6 => words().prop_map(ReadCell::Text),
        2 => any::<f64>().prop_map(|number| ReadCell::Number(number.to_string())),
        1 => "[0-9]{1,8}([.][0-9]{1,17})?(e-?[0-9]{1,3})?".prop_map(ReadCell::Number),
        1 => words().prop_map(ReadCell::Other),
        1 => select(&[ReadCell::Empty, ReadCell::Unvalued, ReadCell::Linked][..]),
    ]
}

fn sheet() -> impl Strategy<Value = (SheetHead, Vec<SheetRow>)> {
    let of = (1..14_u32, 0..6_u32, 0..9_u16, 0..9_u16);
    let of = of.prop_map(|(top, rows, left, columns)| Merge {
        top,
        bottom: top + rows,
        left,
        right: left + columns,
    });
    let rows = vec(vec(option::of(cell()), 0..9), 0..14);
    (vec(of, 0..5), rows).prop_map(|(merges, rows)| {
        let row = |(number, cells): (u32, Vec<Option<ReadCell>>)| SheetRow {
            number,
            cells: (0..).zip(cells).filter_map(|(column, cell)| Some((column, cell?))).collect(),
        };
        let rows = (1..).zip(rows).map(row).filter(|row| !row.cells.is_empty()).collect();
        (SheetHead { merges, ..SheetHead::default() }, rows)
    })
}

proptest! {
    #[test]
    fn any_sheet_has_a_table_or_none((head, rows) in sheet(), top in 0..16_u32, more in 0..12_u32) {
        for layout in [Layout::find(&head, &rows), Layout::with_header(&head, &rows, (top, top + more))] {
            let Some(layout) = layout else { continue };
            prop_assert!(layout.columns.iter().all(|column| !column.headings.is_empty()));
            prop_assert!(layout.columns.windows(2).all(|pair| pair[0].column < pair[1].column));
            let mut fill = Fill::new(&head);
            for mut row in rows.clone() {
                fill.fill(&mut row);
                prop_assert!(row.cells.windows(2).all(|pair| pair[0].0 < pair[1].0));
                let _ = layout.sort(&row);
            }
        }
    }

    #[test]
    fn any_cell_is_a_value_or_says_why_not(cell in cell(), unit in words(), year in option::of(1..9999_i16)) {
        let unit = unit_of_words(&unit);
        let _ = amount(&cell, unit.as_ref());
        for of in Unit::all() {
            let _ = number(&cell, of, unit.as_ref());
        }
        for bound in [Bound::First, Bound::Last] {
            let _ = day(&cell, &DayContext { year, bound });
        }
    }

    #[test]
    fn what_is_written_as_an_amount_is_read_as_it(
        cents in -100_000_000_000_000_i64..100_000_000_000_000,
        said in select(&[("", Approx::Exact), ("约", Approx::About), ("近", Approx::Nearly), ("超", Approx::Over)][..]),
        scale in select(&[("元", 0_u32), ("万元", 4), ("亿", 8)][..]),
    ) {
        let cny = Unit::cny();
        let mut of_unit = from_scale(cents, cny);
        of_unit.set_scale(of_unit.scale() + scale.1).expect("a few decimals");
        let wan = unit_of_words("万元").expect("a unit");
        let text = format!("{}{of_unit}{}", said.0, scale.0);
        let read = amount(&ReadCell::Text(text), Some(&wan)).expect("an amount").expect("a value");
        prop_assert_eq!((read.low, read.high, read.unit, read.approx), (cents, None, cny, said.1));
        // A number takes the unit of its column.
        let mut of_column = from_scale(cents, cny);
        of_column.set_scale(of_column.scale() + 4).expect("a few decimals");
        let read = amount(&ReadCell::Number(of_column.to_string()), Some(&wan)).expect("an amount");
        prop_assert_eq!(read.map(|read| read.low), Some(cents));
    }
}
