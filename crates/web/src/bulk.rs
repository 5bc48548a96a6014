//! One field of many records of a list at once: chosen in the list, shown before it is done, done as one change.

use crate::failure::{self, Failure};
use crate::form_body::pairs;
use crate::forms::is_lead_owner;
use crate::list_filters::sector_choices;
use crate::list_query::ListQuery;
use crate::lists::{self, choices, kind_of};
use crate::redirect;
use crate::values::{Show, field_label, kind_label, link_to};
use crate::visit::Within;
use app::{
    BulkChoice, BulkDone, BulkEdit, BulkOutcome, BulkPlan, BulkRecord, Problem, RecordKind, Right,
    bulk_fields, edit_right,
};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::record::{FieldInfo, FieldType, MAX_LONG_CHARS, MAX_TEXT_CHARS};
use pages::{Bulk, BulkPreview, BulkRow, Control, Flash, FormField, Link, Shell, Tone, Wrong, picked_code};

/// Records that the preview lists; the others are counted.
const LISTED: usize = 300;

/// What the bar under a list sent, or its preview.
pub(crate) struct Sent {
    pairs: Vec<(String, String)>,
    pub problems: Vec<Problem>,
}

impl Sent {
    fn new(body: &[u8]) -> Self {
        Self { pairs: pairs(body), problems: Vec::new() }
    }

    fn get(&self, key: &str) -> &str {
        self.pairs.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    pub(crate) fn query(&self) -> ListQuery {
        ListQuery::parse(self.get("query"))
    }

    /// The records with the version that was shown of each, where one was.
    fn records(&self) -> Vec<(String, Option<i64>)> {
        let records = self.pairs.iter().filter(|(name, _)| name == "record");
        let record = |text: &str| match text.split_once(':') {
            Some((code, version)) => (code.to_owned(), Some(version.parse().unwrap_or_default())),
            None => (text.to_owned(), None),
        };
        records.map(|(_, text)| record(text)).collect()
    }

    fn edit(&self, kind: RecordKind) -> BulkEdit {
        let field = self.get("field");
        let text = match kind.field(field).map(|field| field.kind) {
            Some(FieldType::Region | FieldType::Record(_)) => picked_code(self.get(field)),
            Some(FieldType::Flag) if self.get(field) == "yes" => "1",
            Some(FieldType::Flag) => "0",
            _ => self.get(field),
        };
        BulkEdit { field: field.to_owned(), text: text.to_owned(), reason: self.get("reason").to_owned() }
    }

    fn wrong(&self, within: &Within, name: &str) -> String {
        let of = self.problems.iter().filter(|problem| problem.field == name);
        of.map(|problem| failure::problem(within.locale, problem)).collect::<Vec<_>>().join(" ")
    }
}

/// The bar under a list, for who may change many of its records; with what was sent where that was refused.
pub(crate) fn bar(within: &Within, kind: RecordKind, query: &ListQuery, sent: Option<&Sent>) -> Option<Bulk> {
    let may = within.may(Right::BulkEdit) && within.actor.may_keep(within.id(), edit_right(kind), kind);
    let nothing = Sent::new(b"");
    let sent = sent.unwrap_or(&nothing);
    let field = |field: &'static FieldInfo| FormField {
        name: field.code.to_owned(),
        label: field_label(within.locale, field).to_owned(),
        error: sent.wrong(within, field.code),
        control: control(within, field, sent.get(field.code)),
        ..FormField::default()
    };
    may.then(|| Bulk {
        action: within.to(&format!("lists/{}/bulk", kind.code())),
        query: query.text(&[], &[]),
        fields: bulk_fields(kind).map(field).collect(),
        field: sent.get("field").to_owned(),
        reason: sent.get("reason").to_owned(),
        all: sent.get("all") == "yes",
        records: sent.records().into_iter().map(|(code, _)| code).collect(),
        errors: Some(sent.wrong(within, "record")).filter(|words| !words.is_empty()).into_iter().collect(),
        field_wrong: Wrong { field: "field".to_owned(), words: sent.wrong(within, "field") },
        reason_wrong: Wrong { field: "reason".to_owned(), words: sent.wrong(within, "reason") },
    })
}

fn control(within: &Within, field: &FieldInfo, value: &str) -> Control {
    let own = || value.to_owned();
    let suggest = |kind: &str| within.to(&format!("suggest/{kind}"));
    match field.kind {
        FieldType::Choice(list) => Control::Choice(choices(within, list, value)),
        FieldType::Sector => Control::Sector(sector_choices(within.locale, value)),
        FieldType::Region => Control::Record { value: own(), suggest: suggest("region") },
        FieldType::Record(kind) if is_lead_owner(field) => {
            Control::Record { value: own(), suggest: format!("{}?for=lead", suggest(kind.code())) }
        }
        FieldType::Record(kind) => Control::Record { value: own(), suggest: suggest(kind.code()) },
        FieldType::Date => Control::Date(own()),
        FieldType::Flag => Control::Flag { checked: value == "yes", text: within.locale.yes().to_owned() },
        FieldType::Long => Control::Long { value: own(), max_length: limit(MAX_LONG_CHARS) },
        _ => Control::Text { value: own(), max_length: limit(MAX_TEXT_CHARS) },
    }
}

fn limit(chars: usize) -> u32 {
    u32::try_from(chars).unwrap_or(u32::MAX)
}

/// `POST lists/{kind}/bulk`: what it would do.
pub(crate) async fn preview(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let (kind, sent) = (kind_of(&kind)?, Sent::new(&body));
    let choice = if sent.get("all") == "yes" {
        let labels = within.labels().await?;
        BulkChoice::Found(sent.query().asked(&within, &labels, kind).await?.filter)
    } else {
        BulkChoice::Named(sent.records())
    };
    match within.app().bulk_plan(&within.actor, within.id(), kind, &sent.edit(kind), &choice).await {
        Ok(plan) => Ok(Html(page(&within, kind, &sent, &plan).await?.render()).into_response()),
        Err(error) => refused(&within, kind, sent, error).await,
    }
}

/// `POST lists/{kind}/bulk/done`
pub(crate) async fn save(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let (kind, sent) = (kind_of(&kind)?, Sent::new(&body));
    let shown = sent.records().into_iter().map(|(code, version)| (code, version.or(Some(0)))).collect();
    let edit = sent.edit(kind);
    match within.app().bulk_save(&within.actor, within.id(), kind, &edit, shown).await {
        Ok(BulkDone::Saved { change, count }) => {
            let back = sent.query().address(&lists::path_of(&within, kind), &[], &[]);
            let words = within.locale.bulk_done(count);
            Ok(redirect::with_undo(&within.visit, &back, &words, change))
        }
        Ok(BulkDone::Refused(plan)) => {
            let mut page = page(&within, kind, &sent, &plan).await?;
            let text = within.locale.bulk_not_as_shown().to_owned();
            page.shell.flash = Some(Flash { tone: Tone::Bad, text, ..Flash::default() });
            Ok((StatusCode::CONFLICT, Html(page.render())).into_response())
        }
        Err(error) => refused(&within, kind, sent, error).await,
    }
}

/// The list again, with what was sent and what is wrong with it.
async fn refused(
    within: &Within,
    kind: RecordKind,
    mut sent: Sent,
    error: app::Error,
) -> Result<Response, Failure> {
    let app::Error::Form(problems) = error else { return Err(error.into()) };
    sent.problems = problems;
    let list = lists::refused(within, kind, &sent).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(list)).into_response())
}

async fn page(
    within: &Within,
    kind: RecordKind,
    sent: &Sent,
    plan: &BulkPlan,
) -> Result<BulkPreview, Failure> {
    let labels = within.labels().await?;
    let path = lists::path_of(within, kind);
    let back = sent.query().address(&path, &[], &[]);
    let changes = |of: &&BulkRecord| matches!(of.outcome, BulkOutcome::Changes);
    let same = plan.records.iter().filter(|of| matches!(of.outcome, BulkOutcome::Same)).count();
    let changing = plan.records.iter().filter(changes).count();
    let show = Show { within, labels: &labels, names: &plan.names };
    let kept = ["field", plan.field.code, "reason", "query"];
    let mut hidden: Vec<_> =
        kept.iter().map(|name| ((*name).to_owned(), sent.get(name).to_owned())).collect();
    let versioned = |of: &BulkRecord| ("record".to_owned(), format!("{}:{}", of.record.code, of.version));
    hidden.extend(plan.records.iter().filter(changes).map(versioned));
    // Another language is chosen on a page that has an address of its own.
    let shell = Shell { path: back.clone(), ..within.shell_of(kind.code()).await? };
    Ok(BulkPreview {
        shell,
        crumbs: vec![Link { label: kind_label(within.locale, kind).to_owned(), href: back.clone() }],
        field: field_label(within.locale, plan.field).to_owned(),
        value: show.words(plan.field, plan.value.as_ref()),
        reason: sent.get("reason").to_owned(),
        rows: rows(&show, plan),
        changing,
        same,
        refused: plan.records.len() - changing - same,
        action: format!("{path}/bulk/done"),
        hidden,
        back,
    })
}

/// Those that cannot be changed first, then those that change.
fn rows(show: &Show<'_>, plan: &BulkPlan) -> Vec<BulkRow> {
    let row = |of: &BulkRecord| BulkRow {
        record: link_to(show.within, &of.record),
        code: of.record.code.clone(),
        before: show.words(plan.field, of.before.as_ref()),
        after: show.words(plan.field, plan.value.as_ref()),
        refused: why(show.within, &of.outcome, &of.record),
    };
    let refused = |of: &&BulkRecord| !matches!(of.outcome, BulkOutcome::Changes | BulkOutcome::Same);
    let changes = |of: &&BulkRecord| matches!(of.outcome, BulkOutcome::Changes);
    let sorted = plan.records.iter().filter(refused).chain(plan.records.iter().filter(changes));
    sorted.take(LISTED).map(row).collect()
}

fn why(within: &Within, outcome: &BulkOutcome, record: &app::Record) -> String {
    let t = within.locale;
    match outcome {
        BulkOutcome::Changes | BulkOutcome::Same => String::new(),
        BulkOutcome::Archived => t.bulk_archived().to_owned(),
        BulkOutcome::NotYours => t.bulk_not_yours().to_owned(),
        BulkOutcome::Stale(Some(by)) => t.bulk_stale_by(by),
        BulkOutcome::Stale(None) => t.bulk_stale().to_owned(),
        BulkOutcome::Taken(taken) => failure::message(t, &app::Error::LeadTaken(taken.clone())),
        BulkOutcome::Problems(problems) => {
            let label = |field: &str| record.kind.field(field).map_or("", |info| field_label(t, info));
            let words = |of: &Problem| match label(&of.field) {
                "" => failure::problem(t, of),
                label => format!("{label}: {}", failure::problem(t, of)),
            };
            problems.iter().map(words).collect::<Vec<_>>().join(" ")
        }
    }
}
