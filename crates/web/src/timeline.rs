//! What happened to a record, by day: its states and figures, what was attached and quoted, its days and events, and who
//! changed it.

use crate::labels::{self, Labels, claim_amount, one_line, reading_of};
use crate::quotes::Texts;
use crate::values::{field_label, link_to, state_label};
use crate::visit::Within;
use crate::{failure::Failure, format};
use app::{ClaimState, EntryDetail};
use domain::figure::Status;
use domain::record::Value;
use pages::{Badge, TimelineEntry, Tone};

/// Days that the states of a record carry already.
const OF_STATES: &[&str] = &[
    "signed_on",
    "registered_on",
    "rescinded_on",
    "started_on",
    "completed_on",
    "production_on",
    "capacity_on",
];

fn badge(label: &str, tone: Tone) -> Badge {
    Badge { label: label.to_owned(), tone }
}

/// The entries of a record's timeline, newest first.
pub(crate) fn entries(
    within: &Within,
    labels: &Labels,
    detail: &EntryDetail,
    texts: &Texts,
) -> Result<Vec<TimelineEntry>, Failure> {
    let mut entries = states(within, labels, detail);
    entries.extend(days(within, detail));
    entries.extend(figures(within, detail));
    entries.extend(attached(within, detail));
    entries.extend(events(within, detail));
    entries.extend(quotes(within, detail, texts)?);
    entries.extend(changes(within, detail));
    entries.sort_by(|a, b| b.when.cmp(&a.when));
    Ok(entries)
}

fn states(within: &Within, labels: &Labels, detail: &EntryDetail) -> Vec<TimelineEntry> {
    let t = within.locale;
    let Some(state) = detail.entry.record.kind.state() else { return Vec::new() };
    let entry = |log: &app::RecordStatus| TimelineEntry {
        when: log.effective_on.map(|day| day.to_string()).unwrap_or_default(),
        kind: badge(t.state(), Tone::Info),
        text: state_label(within, labels, state, &log.status).to_owned(),
        href: None,
        who: log.user_name.clone().unwrap_or_default(),
        note: crate::labels::reason(t, log.reason.as_deref()),
    };
    detail.statuses.iter().map(entry).collect()
}

/// The days that its fields name.
fn days(within: &Within, detail: &EntryDetail) -> Vec<TimelineEntry> {
    let t = within.locale;
    let fields = detail.entry.record.kind.fields().iter();
    let dated = fields.filter(|field| !OF_STATES.contains(&field.code)).filter_map(|field| {
        let Some(Value::Day(day)) = detail.entry.values.get(field.code) else { return None };
        Some(TimelineEntry {
            when: day.to_string(),
            kind: badge(t.timeline_day(), Tone::Neutral),
            text: field_label(t, field).to_owned(),
            ..TimelineEntry::default()
        })
    });
    dated.collect()
}

fn figures(within: &Within, detail: &EntryDetail) -> Vec<TimelineEntry> {
    let t = within.locale;
    let dated = detail.figures.iter().filter_map(|row| {
        let day = row.figure.period.to.or(row.figure.period.from)?;
        let amount = format::amount(t, row.figure.quantity);
        Some(TimelineEntry {
            when: day.to_string(),
            kind: badge(t.figures_title(), Tone::Neutral),
            text: format!("{} {}", labels::measure(t, row.figure.measure), one_line(&amount)),
            href: Some(within.to(&format!("figures/{}", row.code))),
            note: if row.figure.status == Status::Withdrawn { t.left_out_withdrawn() } else { "" }.to_owned(),
            ..TimelineEntry::default()
        })
    });
    dated.collect()
}

fn attached(within: &Within, detail: &EntryDetail) -> Vec<TimelineEntry> {
    let entry = |(link, document): &(app::Link, app::Document)| TimelineEntry {
        when: format::instant(link.at, &within.zone()),
        kind: badge(within.locale.timeline_attached(), Tone::Neutral),
        text: document.display_title().to_owned(),
        href: Some(within.to(&format!("documents/{}", document.code))),
        ..TimelineEntry::default()
    };
    detail.documents.iter().map(entry).collect()
}

fn events(within: &Within, detail: &EntryDetail) -> Vec<TimelineEntry> {
    let dated = detail.events.iter().filter_map(|event| {
        let link = link_to(within, &event.record);
        Some(TimelineEntry {
            when: event.day("date_from")?.to_string(),
            kind: badge(within.locale.timeline_event(), Tone::Neutral),
            text: link.label,
            href: Some(link.href),
            ..TimelineEntry::default()
        })
    });
    dated.collect()
}

/// Accepted quotes, on the day their document was published.
fn quotes(within: &Within, detail: &EntryDetail, texts: &Texts) -> Result<Vec<TimelineEntry>, Failure> {
    let t = within.locale;
    let mut entries = Vec::new();
    let accepted = |state| matches!(state, ClaimState::Accepted | ClaimState::Corrected);
    for claim in detail.mentions.iter().filter(|claim| accepted(claim.state)) {
        let Some(day) = texts.published_on(claim.document) else { continue };
        let reading = reading_of(claim)?;
        let amount = one_line(&claim_amount(t, &reading));
        entries.push(TimelineEntry {
            when: day.to_string(),
            kind: badge(t.timeline_quote(), Tone::Neutral),
            text: format!("{} {amount}", labels::measure(t, reading.measure)),
            href: Some(within.claim_href(claim)),
            note: claim.document_title.clone(),
            ..TimelineEntry::default()
        });
    }
    Ok(entries)
}

fn changes(within: &Within, detail: &EntryDetail) -> Vec<TimelineEntry> {
    let t = within.locale;
    let audit = within.to(&format!("records/{}/audit", detail.entry.record.code));
    let entry = |change: &app::ChangeEntry| {
        let key = format!("change_{}", change.kind.replace('-', "_"));
        let source = || t.by_key(&format!("source_{}", change.source)).unwrap_or(&change.source).to_owned();
        TimelineEntry {
            when: format::instant(change.at, &within.zone()),
            kind: badge(t.timeline_change(), Tone::Neutral),
            text: t.by_key(&key).unwrap_or(&change.kind).to_owned(),
            href: Some(format!("{audit}#change-{}", change.id)),
            who: change.user_name.clone().unwrap_or_else(source),
            note: change.reason.clone().unwrap_or_default(),
        }
    };
    detail.changes.iter().map(entry).collect()
}
