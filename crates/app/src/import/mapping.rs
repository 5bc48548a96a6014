//! How the columns of a sheet are read: what each stands for, its unit, and for amounts the kind of time and the period.

use crate::entry::Problem;
use domain::record::{FieldInfo, FieldType};
use domain::{Measure, Role, TimeKind, Unit};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sheets::SheetUnit;
use std::collections::{BTreeMap, BTreeSet};
use store::RecordKind;

/// What a column stands for.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// It is left out.
    Ignored,
    /// The code that the record has here.
    Code,
    /// The name.
    Title,
    /// The English name.
    TitleEn,
    /// Further names.
    Aliases,
    /// A field.
    Field(&'static FieldInfo),
    /// The amount that the kind's form asks for.
    Amount,
    /// A figure of the record, or in a sheet of figures of the row's place.
    Figure(Measure, Role),
    /// Of a sheet of figures: the host region.
    Region,
    /// Of a sheet of figures: the supporting region.
    Supporting,
    /// Of a sheet of figures: the organisation.
    Organisation,
    /// Of a sheet of figures: the period.
    Period,
    /// Of a sheet of figures: what the row measures.
    Measure,
    /// Of a sheet of figures: the value.
    Value,
    /// Of a sheet of figures: the unit of the value.
    UnitOf,
    /// Of a sheet of figures: a remark.
    Note,
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Target {
    /// The stable code: `title`, `field:region`, `figure:works_completed:actual`.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Ignored => "ignored".into(),
            Self::Code => "code".into(),
            Self::Title => "title".into(),
            Self::TitleEn => "title_en".into(),
            Self::Aliases => "aliases".into(),
            Self::Field(field) => format!("field:{}", field.code),
            Self::Amount => "amount".into(),
            Self::Figure(measure, role) => format!("figure:{}:{}", measure.code(), role.code()),
            Self::Region => "region".into(),
            Self::Supporting => "supporting".into(),
            Self::Organisation => "organisation".into(),
            Self::Period => "period".into(),
            Self::Measure => "measure".into(),
            Self::Value => "value".into(),
            Self::UnitOf => "unit".into(),
            Self::Note => "note".into(),
        }
    }

    /// What a code means for a kind; nothing known is ignored.
    #[must_use]
    pub fn from_code(kind: RecordKind, code: &str) -> Option<Self> {
        let figures = kind == RecordKind::Figure;
        Some(match code {
            "ignored" => Self::Ignored,
            "code" if !figures => Self::Code,
            "title" if !figures => Self::Title,
            "title_en" if !figures => Self::TitleEn,
            "aliases" if !figures => Self::Aliases,
            "amount" => Self::Amount.of_amount(kind)?,
            "region" if figures => Self::Region,
            "supporting" if figures => Self::Supporting,
            "organisation" if figures => Self::Organisation,
            "period" if figures => Self::Period,
            "measure" if figures => Self::Measure,
            "value" if figures => Self::Value,
            "unit" if figures => Self::UnitOf,
            "note" if figures => Self::Note,
            _ => match code.split_once(':')? {
                ("field", field) => Self::Field(kind.field(field)?),
                ("figure", figure) => {
                    let (measure, role) = figure.split_once(':').unwrap_or((figure, "actual"));
                    Self::Figure(Measure::from_code(measure)?, Role::from_code(role)?)
                }
                _ => return None,
            },
        })
    }

    fn of_amount(self, kind: RecordKind) -> Option<Self> {
        kind.amount().map(|_| self)
    }

    /// Whether it takes amounts, whose unit the mapping says.
    #[must_use]
    pub fn takes_unit(self) -> bool {
        matches!(self, Self::Amount | Self::Figure(..) | Self::Value)
            || matches!(self, Self::Field(field) if matches!(field.kind, FieldType::Quantity(_)))
    }

    /// Whether it makes figures, whose kind of time and period the mapping says.
    #[must_use]
    pub fn makes_figures(self) -> bool {
        matches!(self, Self::Figure(..) | Self::Value)
    }

    /// Every target that a column of a kind may have, but figures.
    pub fn all(kind: RecordKind) -> Vec<Self> {
        let codes: &[&str] = match kind {
            RecordKind::Figure => {
                &["region", "supporting", "organisation", "period", "measure", "value", "unit", "note"]
            }
            _ => &["code", "title", "title_en", "aliases", "amount"],
        };
        let plain = codes.iter().filter_map(|code| Self::from_code(kind, code));
        plain.chain(kind.fields().iter().map(Self::Field)).collect()
    }
}

/// A column of a sheet with what it stands for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MappedColumn {
    /// From 0.
    pub column: u16,
    /// Its headings, those of groups first.
    pub headings: Vec<String>,
    /// Code of its [`Target`].
    pub target: String,
    /// How surely that was recognised, to 100.
    pub score: u8,
    /// What its numbers count: `CNY*10000`, `mu`; empty where cells say it themselves.
    pub unit: String,
    /// `flow`, `cumulative` or `stock`, where it makes figures.
    pub time: String,
    /// First day that its figures speak of, ISO; empty is that of the sheet.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Code of the host region that its figures speak of, where each column is a region.
    pub region: String,
    /// Whether the sheet hides it.
    pub is_hidden: bool,
    /// What its first rows say.
    pub samples: Vec<String>,
}

/// How a sheet is read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// The sheets of the file, each with whether it is hidden.
    pub sheets: Vec<(String, bool)>,
    /// First and last row of the headings.
    pub header: (u32, u32),
    /// What stands above the table.
    pub titles: Vec<String>,
    /// The columns.
    pub columns: Vec<MappedColumn>,
    /// What rows are found again by, the first that says something: `code`, `key`, `title`.
    pub keys: Vec<String>,
    /// First day that the sheet speaks of, ISO; may be empty.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Texts for fields that no column stands for, by the code of the field.
    pub constants: BTreeMap<String, String>,
    /// Whether enterprises that are named and not registered are registered.
    pub register: bool,
    /// Whether an empty cell makes a value unknown; else it leaves what is stored.
    pub clears: bool,
}

/// What the keys of a mapping may be.
pub const KEYS: &[&str] = &["code", "key", "title"];

/// `CNY*10000` for ten thousand yuan.
#[must_use]
pub fn unit_code(unit: &SheetUnit) -> String {
    if unit.scale == 1 { unit.unit.code().to_owned() } else { format!("{}*{}", unit.unit.code(), unit.scale) }
}

/// The unit that a code means.
#[must_use]
pub fn unit_of(code: &str) -> Option<SheetUnit> {
    let (unit, scale) = code.split_once('*').unwrap_or((code, "1"));
    let scale = scale.parse().ok().filter(|scale| (1..=100_000_000).contains(scale))?;
    Some(SheetUnit { unit: Unit::from_code(unit)?, scale, text: code.to_owned() })
}

impl MappedColumn {
    /// What it stands for.
    #[must_use]
    pub fn target(&self, kind: RecordKind) -> Target {
        Target::from_code(kind, &self.target).unwrap_or(Target::Ignored)
    }

    /// Its headings as one.
    #[must_use]
    pub fn heading(&self) -> String {
        self.headings.join(" / ")
    }
}

impl Mapping {
    /// What the headings are known by, so that a sheet of the same source is recognised.
    #[must_use]
    pub fn signature(&self) -> String {
        let headings: Vec<String> = self.columns.iter().map(MappedColumn::heading).collect();
        headings.join("\n")
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From JSON.
    #[must_use]
    pub fn from_json(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// First and last day that the figures of a column speak of.
    #[must_use]
    pub fn period_of(&self, column: &MappedColumn) -> (Option<Date>, Option<Date>) {
        let own = |own: &str, sheet: &str| {
            let text = if own.is_empty() { sheet } else { own };
            text.parse().ok()
        };
        let time = TimeKind::from_code(&column.time);
        let to = own(&column.to, &self.to);
        // What is counted since a day that nobody says has none.
        let from = match time {
            Some(TimeKind::Cumulative) if column.from.is_empty() => None,
            Some(TimeKind::Stock) => to,
            _ => own(&column.from, &self.from),
        };
        (from, to)
    }

    /// Takes over how another mapping reads columns of the same headings.
    pub fn take_over(&mut self, known: &Self) {
        let of: BTreeMap<String, &MappedColumn> =
            known.columns.iter().map(|column| (column.heading(), column)).collect();
        for column in &mut self.columns {
            if let Some(known) = of.get(&column.heading()) {
                column.target.clone_from(&known.target);
                column.unit.clone_from(&known.unit);
                column.time.clone_from(&known.time);
                column.region.clone_from(&known.region);
                column.score = 100;
            }
        }
        self.keys.clone_from(&known.keys);
        self.constants.clone_from(&known.constants);
        (self.register, self.clears) = (known.register, known.clears);
    }

    /// What is missing before rows can be read: problems name `column:N`, `constants`, `keys`, `period`.
    #[must_use]
    pub fn problems(&self, kind: RecordKind) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        for column in &self.columns {
            let target = column.target(kind);
            let at = format!("column:{}", column.column);
            // Where each column is a region, each holds the value of its own.
            let own_region = matches!(target, Target::Value) && !column.region.is_empty();
            let once = !matches!(target, Target::Ignored | Target::Figure(..)) && !own_region;
            if once && !seen.insert(target.code()) {
                problems.push(Problem::hinting(&at, "twice", column.heading()));
            }
            if own_region {
                seen.insert(target.code());
            }
            if target.makes_figures() && TimeKind::from_code(&column.time).is_none() {
                problems.push(Problem::hinting(&at, "time-kind", column.heading()));
            }
            if target.takes_unit() && !column.unit.is_empty() && unit_of(&column.unit).is_none() {
                problems.push(Problem::hinting(&at, "unit", column.heading()));
            }
            let day = |text: &str| text.is_empty() || text.parse::<Date>().is_ok();
            if !day(&column.from) || !day(&column.to) {
                problems.push(Problem::hinting(&at, "date", column.heading()));
            }
        }
        let bad_day = |text: &String| !text.is_empty() && text.parse::<Date>().is_err();
        if bad_day(&self.from) || bad_day(&self.to) {
            problems.push(Problem::new("period", "date"));
        } else if !self.from.is_empty() && !self.to.is_empty() && self.to < self.from {
            problems.push(Problem::new("period", "order"));
        }
        let has = |code: &str| seen.contains(code);
        let ends = |column: &MappedColumn| !column.to.is_empty() || !self.to.is_empty() || has("period");
        let runs = |column: &&MappedColumn| {
            column.target(kind).makes_figures() && column.time == TimeKind::Cumulative.code()
        };
        // Without its last day a running total says nothing of when it grew.
        if let Some(column) = self.columns.iter().filter(runs).find(|column| !ends(column)) {
            problems.push(Problem::hinting("period", "period-missing", column.heading()));
        }
        if kind == RecordKind::Figure {
            let pivots = self.columns.iter().any(|column| matches!(column.target(kind), Target::Figure(..)));
            let spread = has("value") && has("measure");
            if !(pivots || spread) {
                problems.push(Problem::new("columns", "no-values"));
            }
        } else if !has("title") && !has("code") {
            problems.push(Problem::new("columns", "no-title"));
        }
        if self.keys.iter().any(|key| !KEYS.contains(&key.as_str())) {
            problems.push(Problem::new("keys", "unknown"));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_targets_mean_what_they_say() {
        for kind in RecordKind::described().chain([RecordKind::Figure]) {
            for target in Target::all(kind) {
                assert_eq!(Target::from_code(kind, &target.code()).map(Target::code), Some(target.code()));
            }
        }
        assert_eq!(Target::from_code(RecordKind::Park, "amount"), None, "a park has none");
        assert_eq!(Target::from_code(RecordKind::Park, "field:nothing"), None);
    }

    #[test]
    fn units_keep_their_scale() {
        let unit = unit_of("CNY*10000").expect("a unit");
        assert_eq!((unit.unit, unit.scale, unit_code(&unit)), (Unit::cny(), 10_000, "CNY*10000".into()));
        assert_eq!(unit_of("CNY*0").map(|unit| unit.scale), None);
        assert_eq!(unit_of("parsec").map(|unit| unit.scale), None);
    }

    #[test]
    fn a_mapping_says_what_it_lacks() {
        let column = |column, target: &str| MappedColumn {
            column,
            headings: vec![format!("列{column}")],
            target: target.into(),
            ..MappedColumn::default()
        };
        let of = |columns, kind: RecordKind| {
            let mapping = Mapping { columns, ..Mapping::default() };
            mapping
                .problems(kind)
                .into_iter()
                .map(|problem| (problem.field, problem.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(vec![column(0, "title")], RecordKind::Park), []);
        assert_eq!(of(vec![column(0, "ignored")], RecordKind::Park), [("columns".into(), "no-title")]);
        let twice = vec![column(0, "title"), column(3, "title")];
        assert_eq!(of(twice, RecordKind::Park), [("column:3".into(), "twice")]);
        let untimed = vec![column(0, "title"), column(1, "figure:works_completed:actual")];
        assert_eq!(of(untimed, RecordKind::Project), [("column:1".into(), "time-kind")]);
        assert_eq!(of(vec![column(0, "region")], RecordKind::Figure), [("columns".into(), "no-values")]);
    }

    #[test]
    fn what_is_counted_since_no_day_has_none() {
        let mapping = Mapping { from: "2026-06-01".into(), to: "2026-06-30".into(), ..Mapping::default() };
        let of = |time: &str, from: &str| {
            let column = MappedColumn { time: time.into(), from: from.into(), ..MappedColumn::default() };
            let (from, to) = mapping.period_of(&column);
            (from.map(|day| day.to_string()), to.map(|day| day.to_string()))
        };
        let (june, end) = (Some("2026-06-01".to_owned()), Some("2026-06-30".to_owned()));
        assert_eq!(of("flow", ""), (june, end.clone()));
        assert_eq!(of("cumulative", ""), (None, end.clone()));
        assert_eq!(of("cumulative", "2026-01-01"), (Some("2026-01-01".into()), end.clone()));
        assert_eq!(of("stock", ""), (end.clone(), end));
    }
}
