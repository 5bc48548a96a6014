//! How the columns of a sheet are proposed to be read: by their headings, by what stands above the table, or as the last sheet of
//! the same source was.

use super::mapping::{MappedColumn, Mapping, Target, unit_code};
use crate::access::Actor;
use crate::entry::edit_right;
use crate::regions::Regions;
use crate::typed;
use domain::heading::{HeadingUse, heading_uses, kind_of};
use domain::record::FieldType;
use domain::{Measure, TimeKind};
use sheets::{Bound, DayContext, Layout, ReadCell, SheetHead, SheetRow};
use std::collections::BTreeSet;
use store::{ImportSource, RecordKind};

/// A heading that is less like what it may mean is left to people.
const SURE: u8 = 60;
/// Rows of which a column shows what they say.
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 40;

/// A sheet as it begins.
pub(super) struct Begun {
    pub head: SheetHead,
    pub layout: Option<Layout>,
    pub first: Vec<SheetRow>,
}

/// Of the kinds that the actor may write, the one whose ledger the headings are most like, with how much.
pub(super) fn kind(actor: &Actor, programme: i64, layout: &Layout) -> Option<(RecordKind, u32)> {
    let headings: Vec<Vec<String>> = layout.columns.iter().map(|of| of.headings.clone()).collect();
    kind_of(&headings).into_iter().find(|(kind, _)| actor.may(programme, edit_right(*kind)))
}

/// How a sheet is read as records of a kind.
pub(super) fn mapping(
    kind: RecordKind,
    (file_name, begun): (&str, &Begun),
    layout: &Layout,
    regions: &Regions,
) -> Mapping {
    let mut mapping = Mapping {
        header: layout.header,
        titles: layout.titles.iter().map(|(_, text)| typed::proposed(text)).collect(),
        keys: Vec::new(),
        ..Mapping::default()
    };
    // What stands above the table speaks first, then the name of the sheet, then that of the file.
    let named = || [&begun.head.name, file_name].into_iter().find_map(sheets::period_in);
    if let Some(period) = layout.period.or_else(named) {
        mapping.from = period.from.map(|day| day.to_string()).unwrap_or_default();
        mapping.to = period.to.map(|day| day.to_string()).unwrap_or_default();
    }
    mapping.columns = columns(kind, begun, layout);
    if kind == RecordKind::Figure {
        spread(&mut mapping, regions);
    }
    for column in &mut mapping.columns {
        timed(column);
    }
    for field in kind.fields().iter().filter(|field| field.required) {
        // What every enterprise of a list of enterprises is; and records begin in the first of their statuses. Of agreements a ledger
        // holds those that were signed as well as those that are to be.
        let usual = match (kind, field.code, field.kind) {
            (RecordKind::Organisation, "kind", _) => "enterprise",
            (RecordKind::Park, "kind", _) => "industrial",
            (RecordKind::Agreement, ..) => continue,
            (_, "status", FieldType::Choice([first, ..])) => first.code,
            _ => continue,
        };
        let code = Target::Field(field).code();
        if !mapping.columns.iter().any(|column| column.target == code) {
            mapping.constants.insert(field.code.to_owned(), usual.to_owned());
        }
    }
    mapping
}

/// How surely a column stands for what, with the kind of time of its figures.
type Meant = (u8, Target, Option<TimeKind>);

/// A table with a region in each column holds the value of that region there.
fn spread(mapping: &mut Mapping, regions: &Regions) {
    let has_value = mapping.columns.iter().any(|column| column.target == Target::Value.code());
    for column in mapping.columns.iter_mut().filter(|column| column.target == Target::Ignored.code()) {
        let named = column.headings.last().and_then(|heading| regions.region_named(heading));
        if let Some(region) = named.filter(|_| !has_value) {
            column.target = Target::Value.code();
            column.region.clone_from(&region.code);
            column.time = TimeKind::Flow.code().to_owned();
        }
    }
}

/// A column whose own heading is a year or a month speaks of that.
fn timed(column: &mut MappedColumn) {
    let Some(heading) = column.headings.last().filter(|_| !column.time.is_empty()) else { return };
    let cell = ReadCell::Text(heading.clone());
    let day =
        |bound| sheets::day(&cell, &DayContext { year: None, bound }).ok().flatten().map(|read| read.day);
    if let (Some(from), Some(to)) = (day(Bound::First), day(Bound::Last)) {
        (column.from, column.to) = (from.to_string(), to.to_string());
    }
}

fn columns(kind: RecordKind, begun: &Begun, layout: &Layout) -> Vec<MappedColumn> {
    let mut wishes = Vec::new();
    for (at, column) in layout.columns.iter().enumerate() {
        for (meant, score) in heading_uses(kind, &column.headings) {
            if let Some((target, time)) = target_of(kind, meant).filter(|_| score >= SURE) {
                wishes.push((score, at, target, time));
            }
        }
    }
    // The surest first; of equally sure ones the column further left.
    wishes.sort_by_key(|(score, at, ..)| (std::cmp::Reverse(*score), *at));
    let mut taken = BTreeSet::new();
    let mut chosen: Vec<Option<Meant>> = vec![None; layout.columns.len()];
    for (score, at, target, time) in wishes {
        let once = !matches!(target, Target::Ignored | Target::Figure(..));
        if chosen[at].is_none() && !(once && taken.contains(&target.code())) {
            taken.insert(target.code());
            chosen[at] = Some((score, target, time));
        }
    }
    let column = |(of, chosen): (&sheets::LayoutColumn, Option<Meant>)| {
        let (score, target, time) = chosen.unwrap_or((0, Target::Ignored, None));
        let unit = of.unit.as_ref().filter(|_| target.takes_unit());
        MappedColumn {
            column: of.column,
            headings: of.headings.iter().map(|text| typed::proposed(text)).collect(),
            target: target.code(),
            score,
            unit: unit.map(unit_code).unwrap_or_default(),
            time: time.map_or("", TimeKind::code).to_owned(),
            is_hidden: of.is_hidden,
            samples: samples(begun, layout, of.column),
            ..MappedColumn::default()
        }
    };
    layout.columns.iter().zip(chosen).map(column).collect()
}

fn target_of(kind: RecordKind, meant: HeadingUse) -> Option<(Target, Option<TimeKind>)> {
    let plain = match meant {
        HeadingUse::Title => Target::Title,
        HeadingUse::TitleEn => Target::TitleEn,
        HeadingUse::Code => Target::Code,
        HeadingUse::Aliases => Target::Aliases,
        HeadingUse::Field(field) => Target::Field(field),
        HeadingUse::Amount => Target::Amount,
        // Jobs come from the employer's own filing alone (law 9).
        HeadingUse::Figure(Measure::Jobs, ..) => return None,
        HeadingUse::Figure(measure, time, role) => return Some((Target::Figure(measure, role), Some(time))),
        HeadingUse::Region => Target::Region,
        HeadingUse::Supporting => Target::Supporting,
        HeadingUse::Organisation => Target::Organisation,
        HeadingUse::Period => Target::Period,
        HeadingUse::Measure => Target::Measure,
        HeadingUse::Value => Target::Value,
        HeadingUse::UnitOf => Target::UnitOf,
        HeadingUse::Note => Target::Note,
        HeadingUse::Ordinal | HeadingUse::Ignored => Target::Ignored,
    };
    Target::from_code(kind, &plain.code()).map(|target| (target, None))
}

fn samples(begun: &Begun, layout: &Layout, column: u16) -> Vec<String> {
    let rows = begun.first.iter().filter(|row| row.number > layout.header.1);
    let said = rows.filter_map(|row| row.cells.iter().find(|(at, _)| *at == column));
    let said = said.map(|(_, cell)| typed::line(&cell.text()).chars().take(SAMPLE_CHARS).collect::<String>());
    said.filter(|text| !text.is_empty()).take(SAMPLES).collect()
}

/// The source whose sheets have these headings.
pub(super) fn source_of<'a>(sources: &'a [ImportSource], mapping: &Mapping) -> Option<&'a ImportSource> {
    let signature = mapping.signature();
    sources.iter().find(|source| source.signature == signature)
}
