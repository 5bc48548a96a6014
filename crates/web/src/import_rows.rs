//! The rows of an import as people look at them: what each writes, and what is wrong with it.

use crate::failure::{self, Failure};
use crate::format;
use crate::import_map::target_label;
use crate::imports::Shown;
use crate::labels::{Labels, pick};
use crate::values::{Show, choice_label, field_label, link_to};
use crate::visit::Within;
use app::{
    Entry, ImportState, ImportView, Problem, RecordKind, RecordNames, RowChange, RowProblem, RowState,
    RowView, Target,
};
use domain::record::{FieldInfo, FieldType};
use domain::{Approx, Quantity, Unit};
use locale::Locale;
use pages::{Badge, ImportPreview, ImportRowView, ImportTab, Tone};

const PAGE: i64 = 100;

pub(crate) fn state_label(t: Locale, state: RowState) -> &'static str {
    t.by_key(&format!("import_row_{}", state.code())).unwrap_or(state.code())
}

pub(crate) fn state_tone(state: RowState) -> Tone {
    match state {
        RowState::New => Tone::Good,
        RowState::Changed => Tone::Info,
        RowState::Doubtful => Tone::Warn,
        RowState::Wrong => Tone::Bad,
        RowState::Same | RowState::Left | RowState::Check => Tone::Neutral,
    }
}

/// What the rows of an import become.
pub(crate) async fn preview(
    within: &Within,
    view: &ImportView,
    shown: &Shown,
) -> Result<ImportPreview, Failure> {
    let (t, id) = (within.locale, view.import.id);
    let count = |state: RowState| view.counts.get(&state).copied().unwrap_or(0);
    let chosen = shown.state.as_deref().and_then(RowState::from_code);
    let after = shown.after.unwrap_or(0);
    let asked = (chosen, after, PAGE + 1);
    let (mut rows, names) = within.app().import_rows(&within.actor, within.id(), id, asked).await?;
    let more = rows.len() > usize::try_from(PAGE).unwrap_or(0);
    rows.truncate(usize::try_from(PAGE).unwrap_or(0));
    let last = rows.last().filter(|_| more).map(|row| row.row.number);
    let href = within.to(&format!("imports/{id}"));
    let query =
        |state: Option<RowState>| state.map_or(String::new(), |state| format!("?state={}", state.code()));
    let tab = |state: Option<RowState>, label: &str, count: i64| ImportTab {
        label: label.to_owned(),
        count,
        href: format!("{href}{}", query(state)),
        current: state == chosen,
        tone: Badge::default(),
    };
    let all = tab(None, t.import_all_rows(), view.counts.values().sum());
    let states = RowState::ALL.iter().filter(|state| count(**state) > 0 || Some(**state) == chosen);
    let states = states.map(|state| tab(Some(*state), state_label(t, *state), count(*state)));
    let labels = within.labels().await?;
    let open = view.import.state == ImportState::Ready;
    let mut tabs: Vec<ImportTab> = std::iter::once(all).chain(states).collect();
    if open {
        tabs.push(ImportTab {
            label: t.import_back_to_mapping().to_owned(),
            count: i64::try_from(view.mapping.columns.len()).unwrap_or(0),
            href: format!("{href}?state=columns"),
            ..ImportTab::default()
        });
    }
    let joined = if chosen.is_some() { '&' } else { '?' };
    let writes =
        if count(RowState::Doubtful) == 0 { count(RowState::New) + count(RowState::Changed) } else { 0 };
    Ok(ImportPreview {
        tabs,
        rows: rows.iter().map(|of| row(within, &labels, view, &names, of)).collect(),
        next: last.map(|last| format!("{href}{}{joined}after={last}", query(chosen))),
        has_doubtful: open && count(RowState::Doubtful) > 0,
        has_wrong: count(RowState::Wrong) > 0 && view.import.state != ImportState::Undone,
        writes: if open { writes } else { 0 },
    })
}

fn row(
    within: &Within,
    labels: &Labels,
    view: &ImportView,
    names: &RecordNames,
    of: &RowView,
) -> ImportRowView {
    let t = within.locale;
    let show = Show { within, labels, names };
    let id = view.import.id;
    let open = view.import.state == ImportState::Ready;
    let record = of.entry.as_ref().map(|entry| link_to(within, &entry.record));
    let problems = of.problems.iter().map(|problem| {
        let row = u32::try_from(of.row.number).unwrap_or(0);
        let cell = problem.column.map(|column| app::cell_name(column, row)).unwrap_or_default();
        (cell, row_words(within, Some(view.kind), problem), problem.is_note)
    });
    let doubtful = of.row.state == RowState::Doubtful;
    let known = if doubtful { None } else { of.entry.as_ref() };
    ImportRowView {
        number: of.row.number,
        href: within.to(&format!("imports/{id}/rows/{}", of.row.number)),
        title: of.row.title.clone(),
        record: record.filter(|_| !doubtful),
        state: Badge { label: state_label(t, of.row.state).to_owned(), tone: state_tone(of.row.state) },
        changes: of.changes.iter().map(|change| words(&show, view.kind, known, change)).collect(),
        problems: problems.collect(),
        candidate: of
            .entry
            .as_ref()
            .filter(|_| doubtful)
            .map(|entry| entry.record.code.clone())
            .unwrap_or_default(),
        undecided: open && doubtful,
        decided: open && of.row.decision.is_some(),
    }
}

/// Label, before and after of one thing that a row writes.
fn words(
    show: &Show<'_>,
    kind: RecordKind,
    known: Option<&Entry>,
    change: &RowChange,
) -> (String, String, String) {
    let (within, t) = (show.within, show.within.locale);
    let label = |target: Target| target_label(t, kind, target);
    let amount = |quantity: Option<Quantity>| quantity.map(|of| amount_words(t, of)).unwrap_or_default();
    match change {
        RowChange::Title(title) => {
            let before = known.map(|of| of.record.title.clone()).unwrap_or_default();
            (label(Target::Title), before, title.clone())
        }
        RowChange::TitleEn(title) => {
            let before = known.and_then(|of| of.record.title_en.clone()).unwrap_or_default();
            (label(Target::TitleEn), before, title.clone().unwrap_or_default())
        }
        RowChange::Aliases(names) => (label(Target::Aliases), String::new(), names.join("、")),
        RowChange::Field(field, value) => {
            let before = known.and_then(|of| of.values.get(field.code));
            let words =
                |value| if field.personal { "•••".to_owned() } else { show.words(field, value) };
            let old = before.map(|value| words(Some(value))).unwrap_or_default();
            let new = value.as_ref().map(|value| words(Some(value))).unwrap_or_default();
            (field_label(t, field).to_owned(), old, new)
        }
        RowChange::Links(field, links) => {
            let name = |(id, role): &(i64, String)| {
                let name = show.names.get(id).map_or_else(|| format!("#{id}"), |name| name.title.clone());
                format!("{name}（{}）", role_label(within, field, role))
            };
            let names: Vec<String> = links.iter().map(name).collect();
            (field_label(t, field).to_owned(), String::new(), names.join("、"))
        }
        RowChange::Amount(quantity) => {
            (label(Target::Amount), amount(known.and_then(|of| of.amount)), amount(*quantity))
        }
        RowChange::Figure { measure, quantity, period, .. } => {
            let words = format!("{} · {}", amount_words(t, *quantity), format::period(t, *period, None));
            (pick(t, measure.zh(), measure.en()).to_owned(), String::new(), words)
        }
        RowChange::Register(field, name) => (field_label(t, field).to_owned(), String::new(), name.clone()),
    }
}

fn role_label<'a>(within: &'a Within, field: &FieldInfo, role: &'a str) -> &'a str {
    match field.kind {
        FieldType::Links(_, roles) => {
            roles.iter().find(|of| of.code == role).map_or(role, |of| choice_label(within, of))
        }
        _ => role,
    }
}

fn amount_words(t: Locale, quantity: Quantity) -> String {
    let of = format::amount(t, quantity);
    let gap = if t == Locale::En && !of.approx.is_empty() { " " } else { "" };
    format!("{}{gap}{} {}", of.approx, of.short, of.unit).trim().to_owned()
}

/// A sum: its mantissa and the code of its unit.
fn sum_words(t: Locale, sum: &str) -> String {
    let read = || {
        let (mantissa, unit) = sum.split_once(' ')?;
        let unit = Unit::from_code(unit)?;
        Some(Quantity { low: mantissa.parse().ok()?, high: None, unit, approx: Approx::Exact })
    };
    read().map_or_else(|| sum.to_owned(), |quantity| amount_words(t, quantity))
}

/// Codes of problems that forms have words for.
const FORM_CODES: &[&str] = &[
    "missing",
    "unknown",
    "ambiguous",
    "number",
    "negative",
    "web-address",
    "too-fine",
    "too-large",
    "too-long",
    "date",
    "far-date",
    "order",
    "uscc-length",
    "uscc-character",
    "uscc-check",
    "parties",
    "phases",
    "phase-of-phase",
    "project-code",
    "over-hundred",
    "itself",
    "outside",
    "twice",
    "not-signed",
    "not-intent",
    "not-contract",
    "not-framework",
    "over",
    "not-yours",
    "taken",
    "mixed",
    "future",
];

/// What is wrong with a row, in words.
pub(crate) fn row_words(within: &Within, kind: Option<RecordKind>, problem: &RowProblem) -> String {
    let (t, hint) = (within.locale, problem.hint.as_str());
    let words = match problem.code.as_str() {
        "not-read" => t.problem_not_read().to_owned(),
        "unit" => t.problem_unit_missing().to_owned(),
        "year-unknown" => t.problem_year_unknown().to_owned(),
        "alike" => t.problem_alike(hint),
        "total-like" => t.problem_total_like().to_owned(),
        "taken-as-exact" => t.problem_taken_as_exact().to_owned(),
        "several" => t.problem_several(hint),
        "row-twice" => t.problem_row_twice(hint),
        "by-gate" => t.problem_gate().to_owned(),
        "smaller-than-before" => t.problem_smaller(hint),
        "later-stated" => t.problem_later(hint),
        "period-missing" => t.problem_period_missing().to_owned(),
        "sum-differs" => return t.problem_sum(sum_words(t, &problem.said), sum_words(t, hint)),
        "day-taken" => t.problem_day_taken(hint),
        "registers" => return t.problem_registers(&problem.said),
        code => match FORM_CODES.iter().find(|of| **of == code) {
            Some(code) => {
                let problem = Problem { field: problem.field.clone(), code, hint: hint.to_owned() };
                failure::problem(t, &problem)
            }
            None => t.import_unread().to_owned(),
        },
    };
    let field = kind.and_then(|kind| kind.field(&problem.field));
    let labelled = match field {
        Some(field) => format!("{}: {words}", field_label(t, field)),
        None => words,
    };
    if problem.said.is_empty() { labelled } else { t.problem_said(&problem.said, labelled) }
}
