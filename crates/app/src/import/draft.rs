//! Rows of a sheet as they are said, each cell as a value of what its column stands for; what other records are meant by names is
//! looked up afterwards, for many rows at once.

use super::mapping::{MappedColumn, Mapping, Target, unit_of};
use crate::entry::credit_code;
use crate::regions::Regions;
use crate::typed;
use domain::figure::Grain;
use domain::heading::{HeadingUse, heading_uses};
use domain::record::{Choice, DAYS, FieldInfo, FieldType, Value, ValueError};
use domain::region::{RegionId, Side};
use domain::sector::Sector;
use domain::{Measure, Quantity, Role, TimeKind, Unit};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sheets::{Bound, CellProblem, DayContext, ReadCell, SheetRow, SheetUnit};
use std::collections::HashMap;
use std::sync::Arc;
use store::{RecordKind, Stage};

/// What stands for no value.
const NOTHING: &[&str] = &["-", "—", "——", "/", "无", "暂无", "待定", "未定", "n/a", "N/A"];
/// A cell is quoted up to here.
const QUOTED_CHARS: usize = 80;

/// What is wrong with a row, or doubtful, or to be known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RowProblem {
    /// Its column, from 0.
    pub column: Option<u16>,
    /// Code of the field or [`Target`].
    pub field: String,
    /// What it is: the codes of [`crate::Problem`], and `not-read`, `year-unknown`, `alike`, `several`, `row-twice`, `by-gate`,
    /// `smaller-than-before`, `later-stated`, `sum-differs`, `day-taken`, `name-taken`, `registers`, `total-like`, `taken-as-exact`.
    pub code: String,
    /// What would be right, or what else is to be known.
    pub hint: String,
    /// What the cell says.
    pub said: String,
    /// Whether the row can be taken nevertheless.
    pub is_note: bool,
}

/// What a cell says of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    Nothing,
    Value(Value),
    /// A record by its name or code.
    Record(RecordKind, String),
    /// Records by name, each in a role.
    Links(RecordKind, Vec<(String, &'static str)>),
}

/// What a row says of a field.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub field: &'static FieldInfo,
    pub column: Option<u16>,
    pub said: Said,
}

/// An amount that a row states.
#[derive(Debug, Clone)]
pub(super) struct DraftFigure {
    pub column: u16,
    pub measure: Measure,
    pub role: Role,
    pub quantity: Quantity,
    pub kind: TimeKind,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub grain: Grain,
    pub hosts: Vec<RegionId>,
    pub supporters: Vec<RegionId>,
    pub organisation: Option<String>,
    pub note: Option<String>,
}

/// A row as it is said.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub number: u32,
    pub code: Option<String>,
    pub title: Option<String>,
    pub title_en: Option<String>,
    pub aliases: Option<Vec<String>>,
    pub values: Vec<Told>,
    pub amount: Option<Option<Quantity>>,
    pub amount_column: Option<u16>,
    pub figures: Vec<DraftFigure>,
    pub problems: Vec<RowProblem>,
    /// Whether it is called as totals of other rows are.
    pub is_total_like: bool,
}

/// Reads rows by a mapping.
pub(super) struct Drafter {
    pub kind: RecordKind,
    pub mapping: Mapping,
    columns: Vec<(Target, Option<SheetUnit>)>,
    regions: Arc<Regions>,
    region_names: HashMap<String, Vec<RegionId>>,
    stages: Vec<Stage>,
    year: Option<i16>,
}

impl Drafter {
    pub fn new(
        kind: RecordKind,
        mapping: Mapping,
        regions: Arc<Regions>,
        region_names: HashMap<String, Vec<RegionId>>,
        stages: Vec<Stage>,
    ) -> Self {
        let columns = mapping.columns.iter().map(|of| (of.target(kind), unit_of(&of.unit))).collect();
        let day: Option<Date> = [&mapping.to, &mapping.from].into_iter().find_map(|text| text.parse().ok());
        Self { kind, columns, regions, region_names, stages, year: day.map(Date::year), mapping }
    }

    /// What a row says.
    pub fn read(&self, row: &SheetRow) -> Draft {
        let mut draft = Draft { number: row.number, ..Draft::default() };
        let mut place = Place::default();
        for (of, (target, unit)) in self.mapping.columns.iter().zip(&self.columns) {
            if matches!(target, Target::Ignored) {
                continue;
            }
            let empty = ReadCell::Empty;
            let at = row.cells.binary_search_by_key(&of.column, |(column, _)| *column);
            let cell = at.map_or(&empty, |at| &row.cells[at].1);
            let mut reader = CellReader { by: self, of, cell, problems: &mut draft.problems };
            match target {
                Target::Ignored => {}
                Target::Code => draft.code = reader.line("code"),
                Target::Title => draft.title = reader.line("title"),
                Target::TitleEn => draft.title_en = reader.line("title_en"),
                Target::Aliases => draft.aliases = reader.line("aliases").map(|text| sheets::several(&text)),
                Target::Field(field) => {
                    let said = reader.field(field, unit.as_ref());
                    draft.values.extend(said.map(|said| Told { field, column: Some(of.column), said }));
                }
                Target::Amount => {
                    draft.amount = reader.amount("amount", unit.as_ref()).map(Some);
                    draft.amount_column = Some(of.column);
                }
                Target::Figure(measure, role) => {
                    let quantity = reader.amount(&target.code(), unit.as_ref());
                    let quantity = quantity.and_then(|quantity| reader.fits(*measure, quantity));
                    place.figures.extend(quantity.map(|quantity| (of, *measure, *role, quantity)));
                }
                _ => place.take(*target, unit.as_ref(), &mut reader),
            }
        }
        if self.mapping.clears && draft.amount.is_none() && self.has(Target::Amount) {
            let refused = draft.problems.iter().any(|problem| problem.field == "amount");
            draft.amount = (!refused).then_some(None);
        }
        place.settle(self, &mut draft);
        self.constants(&mut draft);
        draft
    }

    fn has(&self, target: Target) -> bool {
        self.columns.iter().any(|(of, _)| *of == target)
    }

    /// What the mapping says of every row, where the row says nothing itself.
    fn constants(&self, draft: &mut Draft) {
        for (code, text) in &self.mapping.constants {
            let Some(field) = self.kind.field(code) else { continue };
            if draft.values.iter().any(|told| told.field.code == field.code && told.said != Said::Nothing) {
                continue;
            }
            let (of, cell) = (MappedColumn::default(), ReadCell::Text(text.clone()));
            let mut reader = CellReader { by: self, of: &of, cell: &cell, problems: &mut draft.problems };
            if let Some(said) = reader.field(field, None).filter(|said| *said != Said::Nothing) {
                draft.values.retain(|told| told.field.code != field.code);
                draft.values.push(Told { field, column: None, said });
            }
        }
    }

    /// The region that a text names: on a side of the programme, by any of its names.
    pub fn region(&self, text: &str) -> Option<RegionId> {
        if let Some(region) = self.regions.region_coded(text) {
            return Some(region.id);
        }
        let named = self.region_names.get(text)?;
        let sided: Vec<RegionId> =
            named.iter().copied().filter(|id| self.regions.side(*id).is_some()).collect();
        match (&sided[..], &named[..]) {
            ([one], _) | ([], [one]) => Some(*one),
            _ => None,
        }
    }

    fn side(&self, region: RegionId) -> Side {
        self.regions.side(region).unwrap_or(Side::Host)
    }
}

/// What a row of figures says beside its values: where, who, when, what.
#[derive(Default)]
struct Place<'a> {
    figures: Vec<(&'a MappedColumn, Measure, Role, Quantity)>,
    regions: Vec<RegionId>,
    organisation: Option<String>,
    period: Option<(Date, Date)>,
    measure: Option<(Measure, Role)>,
    unit: Option<SheetUnit>,
    values: Vec<(&'a MappedColumn, ReadCell, Option<SheetUnit>)>,
    note: Option<String>,
}

impl<'a> Place<'a> {
    fn take(&mut self, target: Target, unit: Option<&SheetUnit>, reader: &mut CellReader<'a, '_>) {
        match target {
            Target::Region | Target::Supporting => self.regions.extend(reader.region(&target.code())),
            Target::Organisation => self.organisation = reader.line("organisation"),
            Target::Period => {
                let from = reader.day("period", Bound::First);
                let to = from.and_then(|_| reader.day("period", Bound::Last));
                self.period = from.zip(to);
            }
            Target::Measure => self.measure = reader.measure(),
            Target::UnitOf => {
                let text = reader.line("unit");
                self.unit = text.as_deref().and_then(sheets::unit_of_words);
                if let (Some(text), None) = (&text, &self.unit) {
                    reader.problem("unit", "unit", text);
                }
            }
            Target::Value => self.values.push((reader.of, reader.cell.clone(), unit.cloned())),
            Target::Note => self.note = reader.line("note"),
            _ => {}
        }
    }

    fn settle(mut self, by: &Drafter, draft: &mut Draft) {
        for (of, cell, unit) in std::mem::take(&mut self.values) {
            let unit = self.unit.clone().or(unit);
            let mut reader = CellReader { by, of, cell: &cell, problems: &mut draft.problems };
            match (reader.amount("value", unit.as_ref()), self.measure) {
                (Some(quantity), Some((measure, role))) => {
                    let quantity = reader.fits(measure, quantity);
                    self.figures.extend(quantity.map(|quantity| (of, measure, role, quantity)));
                }
                (Some(_), None) if self.measure.is_none() => reader.problem("measure", "missing", ""),
                _ => {}
            }
        }
        let is_own = by.kind != RecordKind::Figure;
        for (of, measure, role, quantity) in self.figures {
            let (from, to) = by.mapping.period_of(of);
            let kind = TimeKind::from_code(&of.time).unwrap_or(TimeKind::Flow);
            let (from, to) = match (self.period, kind) {
                (Some((_, to)), TimeKind::Stock) => (Some(to), Some(to)),
                (Some((_, to)), TimeKind::Cumulative) => (from, Some(to)),
                (Some((from, to)), TimeKind::Flow) => (Some(from), Some(to)),
                (None, _) => (from, to),
            };
            let mut regions = self.regions.clone();
            if let Some(region) = by.region(&of.region).filter(|_| !of.region.is_empty()) {
                regions.push(region);
            }
            let on = |side| regions.iter().copied().filter(|id| by.side(*id) == side).collect();
            draft.figures.push(DraftFigure {
                column: of.column,
                measure,
                role,
                quantity,
                kind,
                from,
                to,
                grain: if is_own { Grain::Item } else { Grain::Stated },
                hosts: on(Side::Host),
                supporters: on(Side::Supporting),
                organisation: self.organisation.clone(),
                note: self.note.clone(),
            });
        }
    }
}

struct CellReader<'a, 'b> {
    by: &'b Drafter,
    of: &'a MappedColumn,
    cell: &'b ReadCell,
    problems: &'b mut Vec<RowProblem>,
}

impl CellReader<'_, '_> {
    fn problem(&mut self, field: &str, code: &str, hint: impl ToString) {
        self.note(field, code, hint, false);
    }

    fn note(&mut self, field: &str, code: &str, hint: impl ToString, is_note: bool) {
        let said = typed::line(&self.cell.text()).chars().take(QUOTED_CHARS).collect();
        self.problems.push(RowProblem {
            column: Some(self.of.column).filter(|_| !self.of.target.is_empty()),
            field: field.to_owned(),
            code: code.to_owned(),
            hint: hint.to_string(),
            said,
            is_note,
        });
    }

    /// Whether a value stands in the cell that was not stored with it.
    fn is_unread(&mut self, field: &str) -> bool {
        let unread = matches!(self.cell, ReadCell::Unvalued | ReadCell::Linked);
        if unread {
            self.problem(field, "not-read", "");
        }
        unread
    }

    fn line(&mut self, field: &str) -> Option<String> {
        if self.is_unread(field) {
            return None;
        }
        let text = typed::line(&self.cell.text());
        let text = sheets::without_guard(&text);
        if text.chars().nth(domain::record::MAX_TEXT_CHARS).is_some() {
            self.problem(field, "too-long", domain::record::MAX_TEXT_CHARS);
            return None;
        }
        Some(text.to_owned()).filter(|text| !text.is_empty())
    }

    fn amount(&mut self, field: &str, unit: Option<&SheetUnit>) -> Option<Quantity> {
        match sheets::amount(self.cell, unit) {
            Ok(quantity) => quantity,
            Err(problem) => {
                self.refuse(field, &problem);
                None
            }
        }
    }

    fn refuse(&mut self, field: &str, problem: &CellProblem) {
        self.problem(field, problem.code(), "");
    }

    /// A measure of money is stated in money, a count in what is counted.
    fn fits(&mut self, measure: Measure, quantity: Quantity) -> Option<Quantity> {
        if measure.is_money().is_none_or(|money| money == quantity.unit.is_currency()) {
            return Some(quantity);
        }
        self.problem(measure.code(), "unit", measure.zh());
        None
    }

    fn day(&mut self, field: &str, bound: Bound) -> Option<Date> {
        match sheets::day(self.cell, &DayContext { year: self.by.year, bound }) {
            Ok(None) => None,
            Ok(Some(read)) if (DAYS.0..=DAYS.1).contains(&read.day) => {
                if !read.is_whole_day && field != "period" {
                    self.note(field, "day-taken", read.day, true);
                }
                Some(read.day)
            }
            Ok(Some(_)) => {
                self.problem(field, "far-date", "");
                None
            }
            Err(problem) => {
                self.refuse(field, &problem);
                None
            }
        }
    }

    fn measure(&mut self) -> Option<(Measure, Role)> {
        let text = self.line("measure")?;
        let uses = heading_uses(RecordKind::Figure, std::slice::from_ref(&text));
        let found = uses.into_iter().find_map(|(meant, _)| match meant {
            HeadingUse::Figure(measure, _, role) => Some((measure, role)),
            _ => None,
        });
        let found = Measure::from_code(&text).map(|measure| (measure, Role::Actual)).or(found);
        if found.is_none() {
            self.problem("measure", "unknown", "");
        }
        found
    }

    fn region(&mut self, field: &str) -> Option<RegionId> {
        let text = self.line(field)?;
        if NOTHING.contains(&text.as_str()) {
            return None;
        }
        let region = self.by.region(&text);
        if region.is_none() {
            self.problem(field, "unknown", "");
        }
        region
    }

    /// What the cell says of a field; none where it leaves what is stored.
    fn field(&mut self, field: &'static FieldInfo, unit: Option<&SheetUnit>) -> Option<Said> {
        if self.is_unread(field.code) {
            return None;
        }
        let text = self.cell.text();
        let text = text.trim();
        let is_words = matches!(field.kind, FieldType::Text | FieldType::Long);
        if text.is_empty() || (!is_words && NOTHING.contains(&text)) {
            return self.by.mapping.clears.then_some(Said::Nothing);
        }
        let value = match field.kind {
            FieldType::Region => self.region(field.code).map(Value::Id),
            FieldType::Record(kind) => return Some(Said::Record(kind, self.line(field.code)?)),
            FieldType::Links(kind, roles) => return Some(Said::Links(kind, self.links(text, roles))),
            FieldType::Date => self.day(field.code, Bound::First).map(Value::Day),
            FieldType::Quantity(code) => self.quantity(field, code, unit),
            FieldType::Uscc => match credit_code(text) {
                Ok(code) => Some(Value::Text(code)),
                Err((code, hint)) => {
                    self.problem(field.code, code, hint);
                    None
                }
            },
            _ => self.words(field, text),
        };
        value.map(Said::Value)
    }

    fn quantity(
        &mut self,
        field: &'static FieldInfo,
        code: &str,
        column: Option<&SheetUnit>,
    ) -> Option<Value> {
        match sheets::number(self.cell, Unit::from_code(code)?, column) {
            Ok(Some(read)) if read.mantissa < 0 => {
                self.problem(field.code, "negative", "");
                None
            }
            Ok(read) => {
                if read.is_some_and(|read| !read.is_exact) {
                    self.note(field.code, "taken-as-exact", "", true);
                }
                read.map(|read| Value::Int(read.mantissa))
            }
            Err(problem) => {
                self.refuse(field.code, &problem);
                None
            }
        }
    }

    /// Texts, and what is chosen from a list by label or code.
    fn words(&mut self, field: &'static FieldInfo, text: &str) -> Option<Value> {
        let plain = match field.kind {
            FieldType::Long => typed::lines(text),
            _ => typed::line(text),
        };
        let plain = sheets::without_guard(&plain).to_owned();
        let meant = match field.kind {
            FieldType::Choice(list) => choice(list, &plain).map(|choice| choice.code.to_owned()),
            FieldType::Sector => sector(&plain).map(Sector::path),
            FieldType::Stage => self.stage(&plain),
            FieldType::Flag => flag(&plain).map(str::to_owned),
            _ => Some(plain),
        };
        let value = meant.ok_or(ValueError::Unknown).and_then(|text| field.parse(&text));
        match value {
            Ok(value) => Some(value),
            Err(ValueError::TooLong(limit)) => {
                self.problem(field.code, "too-long", limit);
                None
            }
            Err(_) => {
                self.problem(field.code, "unknown", expected(field));
                None
            }
        }
    }

    fn stage(&self, text: &str) -> Option<String> {
        let named = |stage: &&Stage| [&stage.code, &stage.zh, &stage.en].into_iter().any(|name| name == text);
        self.by.stages.iter().find(named).map(|stage| stage.code.clone())
    }

    fn links(&self, text: &str, roles: &'static [Choice]) -> Vec<(String, &'static str)> {
        let first = roles.first().map_or("", |role| role.code);
        let link = |name: String| {
            let inside = name.strip_suffix(['）', ')']).and_then(|rest| rest.rsplit_once(['（', '(']));
            match inside.and_then(|(name, role)| Some((name, choice(roles, role.trim())?))) {
                Some((name, role)) => (name.trim().to_owned(), role.code),
                None => (name, first),
            }
        };
        sheets::several(&typed::lines(text)).into_iter().map(link).collect()
    }
}

/// The choice with this label or code.
fn choice(list: &'static [Choice], text: &str) -> Option<&'static Choice> {
    list.iter().find(|choice| [choice.code, choice.zh, choice.en].contains(&text))
}

fn sector(text: &str) -> Option<Sector> {
    let named = |of: &&Sector| of.zh == text || of.en == text;
    Sector::from_code(text).or_else(|| domain::sector::all().iter().find(named).copied())
}

fn flag(text: &str) -> Option<&'static str> {
    match text {
        "1" | "是" | "有" | "√" | "yes" | "Yes" | "TRUE" | "true" => Some("1"),
        "0" | "否" | "无" | "×" | "no" | "No" | "FALSE" | "false" => Some("0"),
        _ => None,
    }
}

/// What a list takes, for a message.
fn expected(field: &FieldInfo) -> String {
    match field.kind {
        FieldType::Choice(list) => list.iter().map(|choice| choice.zh).collect::<Vec<_>>().join("、"),
        _ => String::new(),
    }
}
