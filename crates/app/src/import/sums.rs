//! Totals of a sheet against the rows that they stand for: checks, never records.

use super::draft::{Draft, RowProblem, Said};
use domain::record::Value;
use domain::{Quantity, Unit};
use sheets::Reach;
use std::collections::BTreeMap;
use store::RecordKind;

/// What the numbers of columns come to, each in the scale of its unit.
type Columns = BTreeMap<u16, (i128, Unit)>;

/// A total with what it states otherwise.
type Checked = (u32, String, Vec<RowProblem>);

/// Adds the rows of a table up as they pass.
pub(super) struct Sums {
    kind: RecordKind,
    /// Since the last subtotal.
    group: Columns,
    all: Columns,
    /// Subtotals that stand above their rows.
    open: Option<(u32, String, Columns)>,
    /// Totals of all, which may stand above their rows.
    totals: Vec<(u32, String, Columns)>,
    checked: Vec<Checked>,
}

impl Sums {
    pub fn new(kind: RecordKind) -> Self {
        let (group, all) = (Columns::new(), Columns::new());
        Self { kind, group, all, open: None, totals: Vec::new(), checked: Vec::new() }
    }

    /// Adds a row.
    pub fn add(&mut self, draft: &Draft) {
        for (column, (number, unit)) in numbers(draft) {
            for sums in [&mut self.group, &mut self.all] {
                let sum = sums.entry(column).or_insert((0, unit));
                sum.0 += number;
            }
        }
    }

    /// Takes a total: of all rows, or of those since the last one of its kind.
    pub fn total(&mut self, draft: &Draft, label: String, reach: Reach) {
        let stated = numbers(draft);
        let is_of_all = match reach {
            Reach::All => true,
            Reach::Group => false,
            // 招商项目合计 is of all or of a part: what its rows come to decides, and above them it is the first of all.
            Reach::Either if self.group.is_empty() => self.all.is_empty() && self.open.is_none(),
            Reach::Either => !comes_to(&self.group, &stated),
        };
        if is_of_all {
            self.totals.push((draft.number, label, stated));
            return;
        }
        if let Some((row, label, stated)) = self.open.take() {
            self.check(row, label, &stated, false);
        } else if !self.group.is_empty() {
            self.check(draft.number, label, &stated, false);
            self.group.clear();
            return;
        }
        self.group.clear();
        self.open = Some((draft.number, label, stated));
    }

    /// Every total with what it states otherwise than its rows come to, in their order.
    pub fn end(mut self) -> Vec<Checked> {
        if let Some((row, label, stated)) = self.open.take() {
            self.check(row, label, &stated, false);
        }
        for (row, label, stated) in std::mem::take(&mut self.totals) {
            self.check(row, label, &stated, true);
        }
        self.checked.sort_by_key(|(row, ..)| *row);
        self.checked
    }

    fn check(&mut self, row: u32, label: String, stated: &Columns, of_all: bool) {
        let sums = if of_all { &self.all } else { &self.group };
        let mut problems = Vec::new();
        for (column, (number, unit)) in stated {
            let (sum, _) = sums.get(column).copied().unwrap_or((0, *unit));
            if sum != *number {
                problems.push(RowProblem {
                    column: Some(*column),
                    field: self.kind.code().to_owned(),
                    code: "sum-differs".into(),
                    hint: words(sum, *unit),
                    said: words(*number, *unit),
                    is_note: true,
                });
            }
        }
        self.checked.push((row, label, problems));
    }
}

/// Whether sums are what is stated of them.
fn comes_to(sums: &Columns, stated: &Columns) -> bool {
    stated.iter().all(|(column, (number, _))| sums.get(column).is_some_and(|(sum, _)| sum == number))
}

/// A sum as a message takes it: its mantissa, and the code of its unit.
fn words(sum: i128, unit: Unit) -> String {
    format!("{sum} {}", unit.code())
}

/// The numbers of a row by their column.
fn numbers(draft: &Draft) -> Columns {
    let mut numbers = Columns::new();
    let mut put = |column: u16, quantity: Quantity| {
        numbers.insert(column, (i128::from(quantity.low), quantity.unit));
    };
    if let (Some(Some(amount)), Some(column)) = (draft.amount, draft.amount_column) {
        put(column, amount);
    }
    for figure in &draft.figures {
        put(figure.column, figure.quantity);
    }
    for told in &draft.values {
        let domain::record::FieldType::Quantity(code) = told.field.kind else { continue };
        if let (Said::Value(Value::Int(number)), Some(column), Some(unit)) =
            (&told.said, told.column, Unit::from_code(code).filter(|unit| unit.code() != "%"))
        {
            numbers.insert(column, (i128::from(*number), unit));
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Approx;

    fn row(number: u32, yuan: i64) -> Draft {
        let quantity = Quantity { low: yuan * 100, high: None, unit: Unit::cny(), approx: Approx::Exact };
        Draft { number, amount: Some(Some(quantity)), amount_column: Some(4), ..Draft::default() }
    }

    fn differing(checked: &[Checked]) -> Vec<(u32, Vec<String>)> {
        let of = |(row, _, problems): &Checked| {
            (*row, problems.iter().map(|problem| format!("{} ≠ {}", problem.said, problem.hint)).collect())
        };
        checked.iter().map(of).collect()
    }

    #[test]
    fn subtotals_count_their_group_and_totals_everything() {
        let mut sums = Sums::new(RecordKind::Project);
        for (number, yuan) in [(3, 10), (4, 20)] {
            sums.add(&row(number, yuan));
        }
        sums.total(&row(5, 30), "小计".into(), Reach::Group);
        sums.add(&row(6, 5));
        sums.total(&row(7, 6), "小计".into(), Reach::Group);
        sums.total(&row(8, 35), "合计".into(), Reach::All);
        assert_eq!(
            differing(&sums.end()),
            [(5, vec![]), (7, vec!["600 CNY ≠ 500 CNY".to_owned()]), (8, vec![])]
        );
    }

    #[test]
    fn totals_may_stand_above_their_rows() {
        let mut sums = Sums::new(RecordKind::Project);
        sums.total(&row(3, 15), "合计".into(), Reach::All);
        sums.total(&row(4, 15), "小计".into(), Reach::Group);
        sums.add(&row(5, 15));
        assert_eq!(differing(&sums.end()), [(3, vec![]), (4, vec![])]);
    }

    #[test]
    fn a_total_with_a_name_is_of_its_part_or_of_all() {
        let either = |sums: &mut Sums, number, yuan| {
            sums.total(&row(number, yuan), "招商项目合计".into(), Reach::Either)
        };
        let mut below = Sums::new(RecordKind::Project);
        below.add(&row(3, 10));
        either(&mut below, 4, 10);
        below.add(&row(5, 20));
        either(&mut below, 6, 20);
        either(&mut below, 7, 31);
        assert_eq!(differing(&below.end())[..2], [(4, vec![]), (6, vec![])]);
        let mut of_all = Sums::new(RecordKind::Project);
        of_all.add(&row(3, 10));
        of_all.total(&row(4, 10), "小计".into(), Reach::Group);
        of_all.add(&row(5, 20));
        either(&mut of_all, 6, 30);
        assert_eq!(differing(&of_all.end()), [(4, vec![]), (6, vec![])]);
        let mut above = Sums::new(RecordKind::Project);
        either(&mut above, 3, 15);
        above.add(&row(4, 15));
        assert_eq!(differing(&above.end()), [(3, vec![])]);
    }
}
