//! The one record page.

use crate::failure::Failure;
use crate::format;
use crate::imports::cell_link;
use crate::labels::{self, Labels};
use crate::moves;
use crate::quotes::Texts;
use crate::small_form::Refused;
use crate::values::{
    Show, choice_label, field_label, kind_label, link_to, one_label, record_link, state_label, status,
};
use crate::visit::Within;
use crate::{
    archive, attachments, lights, mentions, people, record_figures, redirect, shares, stages, sums, tasks,
    timeline,
};
use app::{CellOrigin, EntryDetail, Evidence, EvidenceKind, Record, RecordKind, Right};
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use domain::record::{FieldInfo, FieldType};
use locale::Locale;
use pages::{
    Badge, Fact, FactGroup, Link, Missing, NameRow, Notice, Parties, PartyRow, RecordPage, RelatedRow,
    RelationGroup, SourceRow, Standing, Step, StepState, Tone,
};
use std::collections::BTreeMap;

/// `GET records`: the first list.
pub(crate) async fn first(within: Within) -> Response {
    redirect::to(&within.to("lists/organisation"))
}

/// A small form that was refused stands under the address it was sent to: asked for again, that is the record.
pub(crate) async fn back(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let record = within.app().record(&within.actor, within.id(), &code).await?;
    within.actor.require(within.id(), app::view_right(record.kind))?;
    Ok(redirect::to(&within.to(&format!("records/{code}"))))
}

/// `GET records/{code}`: documents and figures have pages of their own.
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let record = within.app().record(&within.actor, within.id(), &code).await?;
    match record.kind {
        RecordKind::Document => Ok(redirect::to(&within.to(&format!("documents/{code}")))),
        RecordKind::Filing => Ok(redirect::to(&within.to(&format!("filings/{code}")))),
        RecordKind::Figure => Ok(redirect::to(&within.to(&format!("figures/{code}")))),
        _ => match within.app().merged_into(&within.actor, &record).await? {
            Some(into) => {
                let words = within.locale.record_merged_into(&code);
                let to = within.to(&format!("records/{}", into.code));
                Ok(redirect::with_flash(&within.visit, &to, Tone::Warn, &words))
            }
            None => Ok(page(&within, &code, &Refused::default()).await?.into_response()),
        },
    }
}

/// The page of a record, with a small form as it was refused.
pub(crate) async fn page(within: &Within, code: &str, refused: &Refused) -> Result<Html<String>, Failure> {
    let detail = within.app().entry(&within.actor, within.id(), code).await?;
    let labels = within.labels().await?;
    let t = within.locale;
    let record = &detail.entry.record;
    let show = Show { within, labels: &labels, names: &detail.names };
    let other = match t {
        Locale::Zh => record.title_en.clone().unwrap_or_default(),
        Locale::En => record.title.clone(),
    };
    let title = labels::pick_title(t, record).to_owned();
    let quoted = usize::try_from(app::MENTIONS).unwrap_or(0).min(detail.mentions.len());
    let mentioned = &detail.mentions[..quoted];
    let mut texts = Texts::of(within, &mentioned.iter().collect::<Vec<_>>()).await?;
    let mut quotes = crate::news::quotes_of(within, record).await?;
    quotes.extend(mentions::rows(within, &mut texts, mentioned).await?);
    let origins = origins(within, record).await?;
    let (aid, looked_at) = crate::aid_money::part(within, &labels, &detail, refused).await?.unzip();
    let mut notices = notices(within, &detail).await?;
    notices.extend(looked_at.into_iter().flatten());
    let page = RecordPage {
        shell: within.shell_of(record.kind.code()).await?,
        crumbs: vec![Link {
            label: kind_label(t, record.kind).to_owned(),
            href: within.to(&format!("lists/{}", record.kind.code())),
        }],
        kind: kind_label(t, record.kind).to_owned(),
        code: record.code.clone(),
        other_title: if other == title { String::new() } else { other },
        title,
        status: status(within, &detail.entry),
        key_facts: key_facts(&show, &detail),
        actions: actions(within, &detail),
        more: more(within, &detail),
        archive: archive::form(within, &detail, refused).await?,
        notices,
        aid,
        around: crate::around::part(within, &labels, &detail).await?,
        standing: standing(within, &labels, &detail, refused),
        facts: facts(&show, &detail, &origins),
        names: names(t, &detail),
        figures: match record.kind {
            RecordKind::Contact => None,
            _ => Some(record_figures::part(within, &labels, &detail, refused).await?),
        },
        sums: sums::part(within, &labels, &detail.entry).await?,
        parties: parties(&show, &detail),
        shares: shares::part(within, &labels, &detail, refused),
        tasks: tasks::part(within, &detail, refused).await?,
        documents: Some(attachments::part(within, &detail, refused)),
        people: people::part(within, &detail, refused),
        relations: relations(within, &labels, &detail),
        sources: sources(within, &detail, &origins),
        closed_sources: detail.closed_sources,
        all_quotes: (detail.mentions.len() > quoted).then(|| Link {
            label: t.all().to_owned(),
            href: within.to(&format!("records/{}/quotes", record.code)),
        }),
        timeline: timeline::entries(within, &labels, &detail, &texts)?,
        quotes,
        audit_href: if within.may(Right::ViewAudit) {
            within.to(&format!("records/{}/audit", record.code))
        } else {
            String::new()
        },
    };
    Ok(Html(page.render()))
}

fn actions(within: &Within, detail: &EntryDetail) -> Vec<Link> {
    let t = within.locale;
    let code = &detail.entry.record.code;
    let edit = detail
        .editable
        .then(|| Link { label: t.edit().to_owned(), href: within.to(&format!("records/{code}/edit")) });
    round(within, detail).into_iter().chain(edit).chain(moves::successions(within, detail)).collect()
}

/// A round's form, units and compiled table stand on a page of their own.
fn round(within: &Within, detail: &EntryDetail) -> Option<Link> {
    let record = &detail.entry.record;
    (record.kind == RecordKind::ReportingTask).then(|| Link {
        label: within.locale.reporting_compiled().to_owned(),
        href: within.to(&format!("reporting/{}", record.code)),
    })
}

fn more(within: &Within, detail: &EntryDetail) -> Vec<Link> {
    let code = &detail.entry.record.code;
    let sheet = (detail.entry.record.kind == RecordKind::Opportunity).then(|| Link {
        label: within.locale.sheet_open().to_owned(),
        href: within.to(&format!("records/{code}/sheet")),
    });
    let brief = (detail.entry.record.kind == RecordKind::Project).then(|| Link {
        label: within.locale.brief_title().to_owned(),
        href: within.to(&format!("records/{code}/brief")),
    });
    let mergeable = detail.entry.record.kind != RecordKind::ReportingTask;
    let merge = (within.may(Right::MergeRecord) && detail.editable && mergeable).then(|| Link {
        label: within.locale.duplicates_merge().to_owned(),
        href: within.to(&format!("merge?keep={code}")),
    });
    let erase = (detail.entry.record.kind == RecordKind::Contact && detail.editable).then(|| Link {
        label: within.locale.erase_title().to_owned(),
        href: within.to(&format!("records/{code}/erase")),
    });
    sheet.into_iter().chain(brief).chain(merge).chain(erase).collect()
}

async fn notices(within: &Within, detail: &EntryDetail) -> Result<Vec<Notice>, Failure> {
    let t = within.locale;
    let record = &detail.entry.record;
    let mut notices = Vec::new();
    if record.archived {
        notices.push(Notice { tone: Tone::Warn, text: t.record_archived().to_owned(), link: None });
    }
    if record.protected {
        notices.push(Notice { tone: Tone::Info, text: t.record_protected().to_owned(), link: None });
    }
    if detail.links.iter().any(|link| link.kind == "policy") {
        let offer = within.app().offer(&within.actor, within.id(), &record.code).await?;
        let notice = |policy: &app::RecordName| Notice {
            tone: Tone::Warn,
            text: t.policy_withheld(labels::title(t, &policy.title, policy.title_en.as_deref())),
            link: Some(record_link(within, policy)),
        };
        notices.extend(offer.withheld.iter().map(notice));
    }
    if record.kind == RecordKind::Project {
        notices.extend(lights::notice(within, &record.code).await?);
    }
    notices.extend(moves::notices(within, detail));
    // Their history stays where it was written.
    for gone in &detail.merged {
        let name = format!("{} {}", gone.code, labels::pick_title(t, gone));
        let link = within.may(Right::ViewAudit).then(|| Link {
            label: t.history().to_owned(),
            href: within.to(&format!("records/{}/audit", gone.code)),
        });
        notices.push(Notice { tone: Tone::Info, text: t.record_merged_from(name), link });
    }
    Ok(notices)
}

/// The line under the title: the first fields of the list that are known, and the amount.
fn key_facts(show: &Show<'_>, detail: &EntryDetail) -> Vec<Fact> {
    let t = show.within.locale;
    let kind = detail.entry.record.kind;
    let mut facts = Vec::new();
    if let Some(of) = kind.amount().filter(|_| detail.entry.amount.is_some() && detail.amount_stands()) {
        let label = labels::pick(t, of.zh, of.en).to_owned();
        facts.push(Fact { label, value: show.amount(detail.entry.amount), ..Fact::default() });
    }
    let listed = kind.fields().iter().filter(|field| field.list && field.code != "status");
    let known = listed.filter(|field| detail.entry.values.contains_key(field.code));
    facts.extend(known.take(4).map(|field| fact(show, detail, field)));
    facts
}

fn fact(show: &Show<'_>, detail: &EntryDetail, field: &FieldInfo) -> Fact {
    let label = field_label(show.within.locale, field).to_owned();
    Fact { label, value: show.cell(&detail.entry, field), ..Fact::default() }
}

/// The cells that fields came from.
type Origins = BTreeMap<String, CellOrigin>;

/// The cells that the fields of a record came from; sheets of people are not kept.
async fn origins(within: &Within, record: &Record) -> Result<Origins, Failure> {
    match record.kind {
        RecordKind::Contact => Ok(Origins::new()),
        _ => Ok(within.app().import_origins(&within.actor, within.id(), &record.code).await?.1),
    }
}

fn facts(show: &Show<'_>, detail: &EntryDetail, origins: &Origins) -> Vec<FactGroup> {
    let kind = detail.entry.record.kind;
    let shown = kind.fields().iter().filter(|field| field.column().is_some() && field.code != "status");
    let (known, unknown): (Vec<_>, Vec<_>) =
        shown.partition(|field| detail.entry.values.contains_key(field.code));
    let sourced = |field: &&FieldInfo| {
        let source = origins.get(field.code).map(|origin| cell_link(show.within, origin));
        Fact { source, ..fact(show, detail, field) }
    };
    // Where nothing is remarked, nothing is unknown.
    let unknown = unknown.iter().filter(|field| field.code != "note").map(|field| Link {
        label: field_label(show.within.locale, field).to_owned(),
        href: edit_href(show.within, detail, field),
    });
    vec![FactGroup {
        label: show.within.locale.record_fields().to_owned(),
        facts: known.iter().map(sourced).collect(),
        unknown: unknown.collect(),
    }]
}

/// Where a field is entered; empty where this user may not.
fn edit_href(within: &Within, detail: &EntryDetail, field: &FieldInfo) -> String {
    let href = || within.to(&format!("records/{}/edit#f-{}", detail.entry.record.code, field.code));
    detail.editable.then(href).unwrap_or_default()
}

fn names(t: Locale, detail: &EntryDetail) -> Vec<NameRow> {
    let name =
        |name: &String| NameRow { name: name.clone(), kind: t.name_alias().to_owned(), valid: String::new() };
    detail.aliases.iter().map(name).collect()
}

/// The statuses of its kind with the one it is in, and what is missing.
fn standing(within: &Within, labels: &Labels, detail: &EntryDetail, refused: &Refused) -> Option<Standing> {
    let t = within.locale;
    let kind = detail.entry.record.kind;
    let of_gate = stages::missing(within, detail);
    // What the next stage asks for is named once, by that.
    let by_gate = |field: &&&FieldInfo| of_gate.iter().any(|missing| missing.label == field_label(t, field));
    let mut missing: Vec<Missing> = detail
        .missing()
        .iter()
        .filter(|field| !by_gate(field))
        .map(|field| Missing {
            label: field_label(t, field).to_owned(),
            href: edit_href(within, detail, field),
            note: String::new(),
        })
        .collect();
    missing.extend(of_gate);
    let steps = kind.state().map(|state| steps(within, labels, detail, state)).unwrap_or_default();
    let moves = moves::forms(within, detail, refused);
    let stages = stages::links(within, labels, detail);
    (!steps.is_empty() || !missing.is_empty()).then(|| Standing {
        steps,
        missing,
        moves,
        stages,
        next: String::new(),
    })
}

/// The way a record took: the statuses it went through, with the day of each where it is known. Where it may go from here
/// stands on its buttons.
fn steps(within: &Within, labels: &Labels, detail: &EntryDetail, state: &FieldInfo) -> Vec<Step> {
    let now = detail.entry.text(state.code).map(|status| (status, None));
    let went =
        detail.statuses.iter().filter(|log| log.stands).map(|log| (log.status.as_str(), log.effective_on));
    let mut way: Vec<(&str, Option<jiff::civil::Date>)> = Vec::new();
    for (status, day) in went.chain(now) {
        match way.last_mut() {
            Some(last) if last.0 == status => last.1 = last.1.or(day),
            _ => way.push((status, day)),
        }
    }
    let last = way.len().saturating_sub(1);
    let step = |(at, (status, day)): (usize, (&str, Option<jiff::civil::Date>))| Step {
        label: state_label(within, labels, state, status).to_owned(),
        state: if at == last { StepState::Current } else { StepState::Done },
        day: day.map(|day| day.to_string()).unwrap_or_default(),
    };
    way.into_iter().enumerate().map(step).collect()
}

/// The links of a kind's first field of links, with their roles.
fn parties(show: &Show<'_>, detail: &EntryDetail) -> Option<Parties> {
    let within = show.within;
    let kind = detail.entry.record.kind;
    let field = kind.fields().iter().find(|field| matches!(field.kind, FieldType::Links(..)));
    let Some((field, FieldType::Links(_, roles))) = field.map(|field| (field, field.kind)) else {
        return None;
    };
    let row = |link: &app::Link| {
        let role = roles.iter().find(|choice| choice.code == link.role);
        let regions = detail.link_regions.get(&link.record.id);
        PartyRow {
            party: link_to(within, &link.record),
            role: role.map(|choice| choice_label(within, choice).to_owned()).unwrap_or_default(),
            region: show.labels.regions(regions.map_or(&[], Vec::as_slice)),
            ..PartyRow::default()
        }
    };
    let rows = detail.links.iter().filter(|link| link.kind == field.code).map(row).collect();
    Some(Parties { label: field_label(within.locale, field).to_owned(), rows, add: None })
}

/// Records that its fields name, records whose fields name it, and records linked to it, a group each.
fn relations(within: &Within, labels: &Labels, detail: &EntryDetail) -> Vec<RelationGroup> {
    let t = within.locale;
    let mut groups: Vec<RelationGroup> = Vec::new();
    let mut add = |label: String, record: Link, (kind, code): (RecordKind, &str)| {
        let note = format!("{} · {code}", kind_label(t, kind));
        let row = RelatedRow { record, note, ..RelatedRow::default() };
        match groups.iter_mut().find(|group| group.label == label) {
            // One record may name this one in several fields.
            Some(group) if group.rows.iter().any(|of| of.record.href == row.record.href) => {}
            Some(group) => group.rows.push(row),
            None => groups.push(RelationGroup { label, rows: vec![row], ..RelationGroup::default() }),
        }
    };
    for field in detail.entry.record.kind.fields() {
        if let Some(name) = detail.entry.id(field.code).and_then(|id| detail.names.get(&id))
            && matches!(field.kind, FieldType::Record(of) if of != RecordKind::Contact)
        {
            add(field_label(t, field).to_owned(), record_link(within, name), (name.kind, &name.code));
        }
    }
    // Contacts have a part of their own.
    for (field, record) in detail.named_by.iter().filter(|(_, record)| record.kind != RecordKind::Contact) {
        if detail.is_child(record, field) {
            continue;
        }
        let field = record.kind.field(field).map(|field| field_label(t, field)).unwrap_or_default();
        let kind = kind_label(t, record.kind);
        let label =
            if record.kind == detail.entry.record.kind { t.related_by(kind, field) } else { kind.to_owned() };
        add(label, link_to(within, record), (record.kind, &record.code));
    }
    for link in &detail.linked_from {
        let of = &link.record;
        add(kind_label(t, of.kind).to_owned(), link_to(within, of), (of.kind, &of.code));
    }
    groups.splice(0..0, children(within, labels, detail));
    groups
}

/// What belongs to a record, a group each kind: where it stands, the last day known of it, its amount.
fn children(within: &Within, labels: &Labels, detail: &EntryDetail) -> Vec<RelationGroup> {
    let t = within.locale;
    let record = &detail.entry.record;
    let row = |child: &app::Entry| RelatedRow {
        record: link_to(within, &child.record),
        status: standing_badge(within, labels, child),
        note: last_day(t, child),
        amount: child.amount.map(|amount| format::amount(t, amount)),
        remove: None,
    };
    let group = |((kind, field), of): &(app::Belonging, Vec<app::Entry>)| {
        let list = format!("lists/{}", kind.code());
        let may_add = detail.editable && within.actor.may_keep(within.id(), app::edit_right(*kind), *kind);
        let new = (record.kind == RecordKind::Project && may_add).then(|| Link {
            label: t.list_new(one_label(t, *kind)),
            href: within.to(&format!("{list}/new?{field}={}", record.code)),
        });
        (!of.is_empty() || new.is_some()).then(|| RelationGroup {
            label: match (record.kind, *kind) {
                (RecordKind::Event, _) => t.event_agreements(),
                (RecordKind::Agreement, _) => t.agreement_children(),
                (_, RecordKind::Project) => t.project_phases(),
                (_, kind) => kind_label(t, kind),
            }
            .to_owned(),
            rows: of.iter().map(row).collect(),
            all: (!of.is_empty()).then(|| Link {
                label: t.all().to_owned(),
                href: within.to(&format!("{list}?{field}={}", record.code)),
            }),
            new,
            add: None,
        })
    };
    detail.children.iter().filter_map(group).collect()
}

/// The last day that a list shows of a record and that is known, with what it is the day of.
pub(crate) fn last_day(t: Locale, entry: &app::Entry) -> String {
    let listed = entry.record.kind.fields().iter().rev().filter(|field| field.list);
    let day = |field: &FieldInfo| Some(format!("{} {}", field_label(t, field), entry.day(field.code)?));
    listed.filter_map(day).next().unwrap_or_default()
}

/// The status of a record as a badge, or the stage of a project.
pub(crate) fn standing_badge(within: &Within, labels: &Labels, entry: &app::Entry) -> Option<Badge> {
    let stage = || {
        let label = labels.stage(entry.text("stage")?).to_owned();
        Some(Badge { label, tone: Tone::Info })
    };
    status(within, entry).or_else(stage)
}

fn sources(within: &Within, detail: &EntryDetail, origins: &Origins) -> Vec<SourceRow> {
    let row = |(evidence, document): &(Evidence, Option<app::Document>)| match (&evidence.kind, document) {
        (EvidenceKind::Citation { title, publisher, published_on }, _) => SourceRow {
            title: title.clone(),
            publisher: publisher.clone().unwrap_or_default(),
            date: published_on.map(|day| day.to_string()).unwrap_or_default(),
            href: None,
        },
        (_, Some(document)) => SourceRow {
            title: document.display_title().to_owned(),
            publisher: document.publisher.clone().unwrap_or_default(),
            date: document.published_on.map(|day| day.to_string()).unwrap_or_default(),
            href: Some(within.to(&format!("documents/{}", document.code))),
        },
        (_, None) => SourceRow { title: within.locale.no_evidence().to_owned(), ..SourceRow::default() },
    };
    let mut rows: Vec<SourceRow> = Vec::new();
    for row in detail.sources.iter().map(row) {
        // Several quotes of one document are one source.
        if row.href.is_none() || rows.iter().all(|known| known.href != row.href) {
            rows.push(row);
        }
    }
    for origin in origins.values() {
        if rows.iter().all(|known| known.title != origin.file_name) {
            rows.push(SourceRow {
                title: origin.file_name.clone(),
                publisher: within.locale.import_cells().to_owned(),
                date: format::instant(origin.at, &within.zone()),
                href: Some(within.to(&format!("records/{}/cells", detail.entry.record.code))),
            });
        }
    }
    rows
}
