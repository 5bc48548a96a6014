//! Records that may be one: named on entry, listed among what is stored, and known to be different.

use crate::failure::Failure;
use crate::labels::Labels;
use crate::lists::kind_of;
use crate::redirect;
use crate::values::{choice_label, field_label, kind_label, link_to};
use crate::visit::Within;
use app::{Alike, AlikePair, Entry, Reason, RecordKind, Right, view_right};
use axum::Form;
use axum::extract::Query;
use axum::response::{Html, Response};
use domain::record::FieldType;
use locale::Locale;
use pages::{Duplicate, DuplicatePair, DuplicatePairs, Duplicates, Link, MergeSide, Tone};
use serde::Deserialize;

/// What speaks for two records of a kind being one.
pub(crate) fn reason(t: Locale, kind: RecordKind, reason: Reason) -> String {
    match reason {
        Reason::SameCode => match kind.fields().iter().find(|field| field.key) {
            Some(field) => t.alike_code(field_label(t, field)),
            None => t.alike_name().to_owned(),
        },
        Reason::SameName => t.alike_name().to_owned(),
        Reason::SameNormalName => t.alike_normal_name().to_owned(),
        Reason::SameAliases => t.alike_aliases().to_owned(),
        Reason::SameShortForm => t.alike_short_form().to_owned(),
        Reason::CloseSpelling(edits) => t.alike_spelling(edits),
        Reason::OneContainsOther => t.alike_contains().to_owned(),
        Reason::SameRegion => t.alike_region().to_owned(),
    }
}

/// One line about a record: what lists show of it, as far as it is a choice, a region, a code or a day.
pub(crate) fn facts(within: &Within, labels: &Labels, entry: &Entry) -> String {
    let mut facts = Vec::new();
    for field in entry.record.kind.fields().iter().filter(|field| field.list || field.key) {
        let Some(value) = entry.values.get(field.code) else { continue };
        facts.extend(match field.kind {
            FieldType::Choice(_) => field.choice(value).map(|choice| choice_label(within, choice).to_owned()),
            FieldType::Region => value.id().map(|region| labels.region(region)),
            FieldType::Date => value.day().map(|day| day.to_string()),
            _ if field.key => value.text().map(str::to_owned),
            _ => None,
        });
    }
    facts.join(" · ")
}

/// The part of a form that names records which may be the one entered.
pub(crate) fn form_part(within: &Within, labels: &Labels, alike: &[Alike], different: bool) -> Duplicates {
    let t = within.locale;
    let row = |alike: &Alike| match &alike.entry {
        Some(entry) => Duplicate {
            record: link_to(within, &entry.record),
            code: entry.record.code.clone(),
            facts: facts(within, labels, entry),
            reasons: alike.reasons.iter().map(|of| reason(t, entry.record.kind, *of)).collect(),
        },
        None => Duplicate {
            record: Link { label: t.alike_hidden().to_owned(), href: String::new() },
            reasons: vec![t.alike_hidden_advice().to_owned()],
            ..Duplicate::default()
        },
    };
    Duplicates {
        rows: alike.iter().map(row).collect(),
        may_continue: !alike.iter().any(|alike| alike.refused),
        different,
    }
}

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    after: String,
}

/// `GET duplicates?kind=&after=`
pub(crate) async fn list(within: Within, Query(query): Query<ListQuery>) -> Result<Html<String>, Failure> {
    let kind = if query.kind.is_empty() { RecordKind::Organisation } else { kind_of(&query.kind)? };
    let found = within.app().duplicate_list(&within.actor, within.id(), kind, &query.after).await?;
    let labels = within.labels().await?;
    let address = |kind: RecordKind| within.to(&format!("duplicates?kind={}", kind.code()));
    let (pairs, next) = found;
    let next = next.map(|key| format!("{}&after={}", address(kind), crate::cookie::escape(&key)));
    let kinds = RecordKind::described().filter(|kind| within.may(view_right(*kind)));
    let kinds = kinds
        .map(|of| (Link { label: kind_label(within.locale, of).to_owned(), href: address(of) }, of == kind));
    let page = DuplicatePairs {
        shell: within.shell_of("duplicates").await?,
        crumbs: Vec::new(),
        kinds: kinds.collect(),
        rows: pairs.iter().map(|pair| row(&within, &labels, pair)).collect(),
        next,
    };
    Ok(Html(page.render()))
}

pub(crate) fn side(within: &Within, labels: &Labels, entry: &Entry) -> MergeSide {
    let at = entry.record.changed_at.map(|at| crate::format::instant(at, &within.zone()));
    MergeSide {
        record: link_to(within, &entry.record),
        code: entry.record.code.clone(),
        facts: facts(within, labels, entry),
        entered: at.map(|at| within.locale.merge_changed(at)).unwrap_or_default(),
    }
}

fn row(within: &Within, labels: &Labels, pair: &AlikePair) -> DuplicatePair {
    let (older, newer) = (&pair.older.record, &pair.newer.record);
    DuplicatePair {
        left: side(within, labels, &pair.older),
        right: side(within, labels, &pair.newer),
        reasons: pair.reasons.iter().map(|of| reason(within.locale, older.kind, *of)).collect(),
        merge: Some(within.to(&format!("merge?keep={}&other={}", older.code, newer.code))),
        different: within.may(Right::MergeRecord).then(|| within.to("duplicates/different")),
        hidden: vec![
            ("one".to_owned(), older.code.clone()),
            ("other".to_owned(), newer.code.clone()),
            ("next".to_owned(), within.visit.path.clone()),
        ],
    }
}

#[derive(Deserialize)]
pub(crate) struct DifferentFields {
    one: String,
    other: String,
    #[serde(default)]
    next: String,
}

/// `POST duplicates/different`
pub(crate) async fn different(
    within: Within,
    Form(fields): Form<DifferentFields>,
) -> Result<Response, Failure> {
    within.app().different_set(&within.actor, within.id(), &fields.one, &fields.other).await?;
    let words = within.locale.duplicates_kept_apart();
    Ok(redirect::with_flash(&within.visit, redirect::local(&fields.next), Tone::Good, words))
}
