//! How the columns of a sheet are read, as a form.

use crate::failure::{self, Failure};
use crate::format;
use crate::labels::{choice, pick};
use crate::values::{choice_label, field_label, kind_label};
use crate::visit::Within;
use app::{
    ImportChoice, ImportView, KEYS, MappedColumn, Mapping, Problem, RecordKind, Target, edit_right,
    is_importable,
};
use domain::record::FieldType;
use domain::{Measure, Role, TimeKind, Unit};
use locale::Locale;
use pages::{Choice, ImportColumn, ImportConstant, ImportMapping};

/// Units that amounts of sheets are in most often.
const MONEY: &[&str] = &["CNY", "CNY*1000", "CNY*10000", "CNY*1000000", "CNY*100000000", "USD", "USD*10000"];
const MODES: &[&str] = &["both", "create", "update"];

/// The form of an import's columns.
pub(crate) async fn form(within: &Within, view: &ImportView) -> Result<ImportMapping, Failure> {
    let (t, mapping, kind) = (within.locale, &view.mapping, view.kind);
    let kinds = RecordKind::described().chain([RecordKind::Figure]);
    let may = |kind: &RecordKind| is_importable(*kind) && within.may(edit_right(*kind));
    let kinds = kinds.filter(may).map(|of| choice(of.code(), kind_label(t, of), kind.code()));
    let by_key = |prefix: &str, code: &str| t.by_key(&format!("{prefix}{code}")).unwrap_or(code).to_owned();
    let key = |code: &&str| Choice {
        value: (*code).to_owned(),
        label: by_key("import_key_", code),
        selected: mapping.keys.is_empty() || mapping.keys.iter().any(|of| of == code),
        ..Choice::default()
    };
    let own = usize::try_from(view.import.sheet).unwrap_or(0);
    let sheets = mapping.sheets.iter().enumerate().filter(|(at, _)| *at != own);
    Ok(ImportMapping {
        titles: mapping.titles.clone(),
        kinds: kinds.collect(),
        modes: MODES
            .iter()
            .map(|code| choice(code, &by_key("import_mode_", code), &view.import.mode))
            .collect(),
        keys: KEYS.iter().map(key).collect(),
        columns: mapping.columns.iter().map(|of| column(within, kind, of)).collect(),
        header: mapping.header,
        period: (mapping.from.clone(), mapping.to.clone()),
        register: mapping.register,
        clears: mapping.clears,
        source: view.import.source.clone().unwrap_or_default(),
        constants: constants(within, kind, mapping),
        sheets: sheets.map(|(at, (name, _))| (at, name.clone())).collect(),
        units: Vec::new(),
    })
}

fn column(within: &Within, kind: RecordKind, of: &MappedColumn) -> ImportColumn {
    let t = within.locale;
    let target = of.target(kind);
    let code = target.code();
    let plain = Target::all(kind).into_iter().map(|of| choice(&of.code(), &target_label(t, kind, of), &code));
    let times = TimeKind::ALL.iter().map(|kind| choice(kind.code(), format::time_kind(t, *kind), &of.time));
    ImportColumn {
        number: of.column,
        letters: app::column_letters(of.column),
        heading: of.heading(),
        samples: of.samples.clone(),
        is_hidden: of.is_hidden,
        ignored: choice("ignored", t.import_ignored(), &code),
        targets: plain.collect(),
        figures: figures(t, &code),
        units: if target.takes_unit() { units(t, &of.unit, target) } else { Vec::new() },
        times: if target.makes_figures() {
            std::iter::once(choice("", "", &of.time)).chain(times).collect()
        } else {
            Vec::new()
        },
        from: of.from.clone(),
        to: of.to.clone(),
        region: of.region.clone(),
        takes_unit: target.takes_unit(),
        makes_figures: target.makes_figures(),
    }
}

/// Measures that a column may hold; jobs come from the employer's own filing (law 9).
fn figures(t: Locale, chosen: &str) -> Vec<Choice> {
    let measures = Measure::ALL.iter().filter(|measure| measure.is_additive() && **measure != Measure::Jobs);
    let of = |measure: &Measure, role: Role, label: String| {
        choice(&Target::Figure(*measure, role).code(), &label, chosen)
    };
    let both = measures.flat_map(|measure| {
        let label = pick(t, measure.zh(), measure.en());
        [of(measure, Role::Actual, label.to_owned()), of(measure, Role::Target, t.import_target_role(label))]
    });
    both.collect()
}

fn units(t: Locale, chosen: &str, target: Target) -> Vec<Choice> {
    let label = |code: &str| {
        let (unit, scale) = code.split_once('*').unwrap_or((code, "1"));
        let unit = Unit::from_code(unit).map_or(unit, |unit| format::unit_label(t, unit));
        match (t, scale) {
            (_, "1") => unit.to_owned(),
            (Locale::Zh, "1000") => format!("千{unit}"),
            (Locale::Zh, "10000") => format!("万{unit}"),
            (Locale::Zh, "1000000") => format!("百万{unit}"),
            (Locale::Zh, "100000000") => format!("亿{unit}"),
            (_, scale) => format!("{scale} {unit}"),
        }
    };
    let mut codes: Vec<String> = match target {
        Target::Field(field) => match field.kind {
            FieldType::Quantity(unit) => vec![unit.to_owned(), format!("{unit}*10000")],
            _ => Vec::new(),
        },
        Target::Amount => MONEY.iter().map(|code| (*code).to_owned()).collect(),
        _ => {
            let counted = Unit::all().filter(|unit| !unit.is_currency()).map(|unit| unit.code().to_owned());
            MONEY.iter().map(|code| (*code).to_owned()).chain(counted).collect()
        }
    };
    if !chosen.is_empty() && !codes.iter().any(|code| code == chosen) {
        codes.insert(0, chosen.to_owned());
    }
    let own = choice("", t.import_unit_own(), chosen);
    std::iter::once(own).chain(codes.iter().map(|code| choice(code, &label(code), chosen))).collect()
}

/// What a target is called.
pub(crate) fn target_label(t: Locale, kind: RecordKind, target: Target) -> String {
    match target {
        Target::Field(field) => field_label(t, field).to_owned(),
        Target::Amount => kind.amount().map_or(String::new(), |of| pick(t, of.zh, of.en).to_owned()),
        Target::Figure(measure, Role::Target) => t.import_target_role(pick(t, measure.zh(), measure.en())),
        Target::Figure(measure, _) => pick(t, measure.zh(), measure.en()).to_owned(),
        Target::Code => t.import_code().to_owned(),
        Target::Title => t.import_name().to_owned(),
        Target::TitleEn => t.import_name_en().to_owned(),
        Target::Aliases => t.import_aliases().to_owned(),
        Target::Region => t.import_figure_region().to_owned(),
        Target::Supporting => t.import_figure_supporting().to_owned(),
        Target::Organisation => t.import_figure_organisation().to_owned(),
        Target::Period => t.import_figure_period().to_owned(),
        Target::Measure => t.import_figure_measure().to_owned(),
        Target::Value => t.import_figure_value().to_owned(),
        Target::UnitOf => t.import_figure_unit().to_owned(),
        Target::Note => t.import_figure_note().to_owned(),
        Target::Ignored => t.import_ignored().to_owned(),
    }
}

/// Fields that no column stands for and that may be the same for every row: the required ones first.
fn constants(within: &Within, kind: RecordKind, mapping: &Mapping) -> Vec<ImportConstant> {
    let is_mapped = |code: &str| mapping.columns.iter().any(|column| column.target == code);
    let fields = kind.fields().iter().filter(|field| !is_mapped(&Target::Field(field).code()));
    let fields = fields.filter(|field| !matches!(field.kind, FieldType::Links(..)) && !field.personal);
    let mut constants: Vec<ImportConstant> = fields
        .filter(|field| field.required || mapping.constants.contains_key(field.code) || field.filter)
        .map(|field| {
            let value = mapping.constants.get(field.code).cloned().unwrap_or_default();
            let choices = match field.kind {
                FieldType::Choice(list) => {
                    list.iter().map(|of| choice(of.code, choice_label(within, of), &value)).collect()
                }
                _ => Vec::new(),
            };
            ImportConstant {
                code: field.code.to_owned(),
                label: field_label(within.locale, field).to_owned(),
                value,
                choices,
                required: field.required,
            }
        })
        .collect();
    constants.sort_by_key(|of| !of.required);
    constants
}

/// What a form says of how a sheet is read; what it does not say stays.
pub(crate) fn choice_of(view: &ImportView, sent: &[(String, String)]) -> ImportChoice {
    let get = |key: &str| sent.iter().find(|(name, _)| name == key).map(|(_, value)| value.trim());
    let own = |key: &str, now: &str| get(key).unwrap_or(now).to_owned();
    let mut mapping = view.mapping.clone();
    for column in &mut mapping.columns {
        let number = column.column;
        let was = column.target.clone();
        column.target = own(&format!("t{number}"), &column.target);
        column.unit = own(&format!("u{number}"), &column.unit);
        column.time = own(&format!("k{number}"), &column.time);
        column.from = own(&format!("f{number}"), &column.from);
        column.to = own(&format!("e{number}"), &column.to);
        // What became a figure just now has had no field for its kind of time yet.
        if column.target != was && column.target.starts_with("figure:") && column.time.is_empty() {
            column.time = TimeKind::Flow.code().to_owned();
        }
    }
    let row = |key: &str, now: u32| get(key).and_then(|text| text.parse().ok()).unwrap_or(now);
    mapping.header = (row("header_from", mapping.header.0), row("header_to", mapping.header.1));
    (mapping.from, mapping.to) = (own("from", &mapping.from), own("to", &mapping.to));
    mapping.keys = sent.iter().filter(|(name, _)| name == "key").map(|(_, value)| value.clone()).collect();
    mapping.register = get("register").is_some();
    mapping.clears = get("clears").is_some();
    for (name, value) in sent {
        if let Some(code) = name.strip_prefix("c_") {
            match value.trim() {
                "" => mapping.constants.remove(code),
                text => mapping.constants.insert(code.to_owned(), text.to_owned()),
            };
        }
    }
    ImportChoice {
        kind: own("kind", view.kind.code()),
        mode: own("mode", &view.import.mode),
        mapping,
        source: own("source", ""),
    }
}

/// What a mapping lacks, or why rows are not written.
pub(crate) fn problem(t: Locale, problem: &Problem) -> String {
    let hint = problem.hint.as_str();
    match problem.code {
        "no-title" => t.import_no_title().to_owned(),
        "no-values" => t.import_no_values().to_owned(),
        "twice" => t.import_twice(hint),
        "time-kind" => t.import_time_kind(hint),
        "unit" => t.import_bad_unit(hint),
        "date" if problem.field.starts_with("column:") => t.import_bad_date(hint),
        "period-missing" => t.import_period_missing(hint),
        "undecided" => t.import_undecided(hint),
        "nothing" => t.import_nothing().to_owned(),
        _ => failure::problem(t, problem),
    }
}
