//! The one-page brief of a project 一页纸: for print on A4, and as .docx.

use crate::brochure::docx_on;
use crate::failure::Failure;
use crate::labels::{self, Labels};
use crate::records::{last_day, standing_badge};
use crate::values::{Show, field_label, kind_label, link_to, plain};
use crate::visit::{Within, programme_name};
use crate::{lights, record_figures};
use app::{Block, Document, EntryDetail, PICTURE_BYTES, Paper, Picture, RecordKind, Right};
use axum::extract::Path;
use axum::response::{Html, Response};
use domain::RecordKind::{Milestone, Permit, Problem, Project};
use pages::{BriefGroup, BriefPage, Cell, Fact, Link, RelatedRow, SheetSection};

/// Lines of one part, so that the brief stays on its page.
const ROWS: usize = 6;
/// Characters of a long text.
const CHARS: usize = 260;
/// Pictures that are looked at for the one of the .docx.
const TRIED: usize = 5;
/// Blocks above it there: the title, and place and light.
const HEAD: usize = 2;

/// `GET records/{code}/brief`
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    Ok(Html(page(&within, &code).await?.0.render()))
}

/// `GET records/{code}/brief.docx`
pub(crate) async fn docx(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (page, pictures) = page(&within, &code).await?;
    let mut blocks = blocks(&within, &page);
    if let Some(picture) = picture(&within, &pictures).await? {
        blocks.insert(HEAD, Block::Picture(picture));
    }
    blocks.extend(within.watermark().await?.map(Block::Text));
    docx_on(Paper::A4, &blocks, &format!("luodi-{code}-brief"))
}

/// The brief, and the pictures that may stand on it, the first one first.
async fn page(within: &Within, code: &str) -> Result<(BriefPage, Vec<Document>), Failure> {
    let t = within.locale;
    let detail = within.app().entry(&within.actor, within.id(), code).await?;
    if detail.entry.record.kind != Project {
        return Err(app::Error::NotFound.into());
    }
    let labels = within.labels().await?;
    let show = Show { within, labels: &labels, names: &detail.names };
    let record = &detail.entry.record;
    let (_, standing, _) = within.app().project_light(&within.actor, within.id(), code).await?;
    let words = |field: &str| Project.field(field).map(|of| show.words(of, detail.entry.values.get(field)));
    let place = ["region", "park", "sector"].into_iter().filter_map(words).filter(|of| !of.is_empty());
    let home = within.to(&format!("records/{code}"));
    let mut links = vec![Link { label: t.back().to_owned(), href: home.clone() }];
    if within.may(Right::Export) {
        links.push(Link { label: ".docx".to_owned(), href: format!("{home}/brief.docx") });
    }
    let pictures: Vec<Document> = pictures(&detail).cloned().collect();
    let photo = |of: &Document| within.to(&format!("documents/{}/original", of.code));
    let page = BriefPage {
        shell: within.shell_of(Project.code()).await?,
        publisher: programme_name(t, &within.programme).to_owned(),
        title: labels::pick_title(t, record).to_owned(),
        code: record.code.clone(),
        place: place.collect::<Vec<_>>().join(" · "),
        light: standing.and_then(|standing| lights::badge(t, standing.light)),
        highlights: highlights(&show, &detail),
        sections: sections(&show, &detail),
        money: record_figures::measures(within, code).await?,
        groups: groups(within, &labels, &detail),
        photo: pictures.first().map(photo),
        updated: within.today().to_string(),
        links,
    };
    Ok((page, pictures))
}

fn fact(show: &Show<'_>, detail: &EntryDetail, field: &str) -> Option<Fact> {
    let info = Project.field(field)?;
    let value = show.cell(&detail.entry, info);
    Some(Fact { label: field_label(show.within.locale, info).to_owned(), value, ..Fact::default() })
}

fn highlights(show: &Show<'_>, detail: &EntryDetail) -> Vec<Fact> {
    let t = show.within.locale;
    let amount = Project.amount().map(|of| Fact {
        label: labels::pick(t, of.zh, of.en).to_owned(),
        value: show.amount(detail.entry.amount),
        ..Fact::default()
    });
    let stage = fact(show, detail, "stage");
    let progress = fact(show, detail, "progress").map(|fact| Fact {
        note: detail.entry.day("progress_on").map(|day| day.to_string()).unwrap_or_default(),
        ..fact
    });
    [stage, amount, progress].into_iter().flatten().collect()
}

fn sections(show: &Show<'_>, detail: &EntryDetail) -> Vec<SheetSection> {
    let t = show.within.locale;
    let facts =
        |fields: &[&str]| -> Vec<Fact> { fields.iter().filter_map(|of| fact(show, detail, of)).collect() };
    let text = |field: &str| -> Vec<String> { detail.entry.text(field).map(shortened).into_iter().collect() };
    let dated = [
        (t.schedule_start(), "start_planned", "started_on"),
        (t.schedule_complete(), "complete_planned", "completed_on"),
        (t.schedule_produce(), "production_planned", "production_on"),
    ];
    let day = |field: &str| detail.entry.day(field).map(|day| day.to_string());
    let date = |(label, planned, met): (&str, &str, &str)| Fact {
        label: label.to_owned(),
        value: match (day(planned), day(met)) {
            (None, None) => Cell::Unknown,
            (planned, met) => Cell::Text(t.brief_planned_met(
                planned.unwrap_or_else(|| t.unknown().to_owned()),
                met.unwrap_or_else(|| "—".to_owned()),
            )),
        },
        ..Fact::default()
    };
    let mut dates: Vec<Fact> = fact(show, detail, "signed_on").into_iter().collect();
    dates.extend(dated.map(date));
    let section =
        |heading: &str, paragraphs, facts| SheetSection { heading: heading.to_owned(), paragraphs, facts };
    vec![
        section(t.brief_what(), text("content"), facts(&["capacity", "national_code"])),
        section(
            t.brief_who(),
            Vec::new(),
            facts(&["investor", "company", "supporting", "owner", "team", "task_force", "patron"]),
        ),
        section(t.brief_when(), Vec::new(), dates),
        section(t.brief_next(), text("next_step"), facts(&["next_on", "next_owner"])),
    ]
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn groups(within: &Within, labels: &Labels, detail: &EntryDetail) -> Vec<BriefGroup> {
    let t = within.locale;
    let group = |kind: RecordKind| {
        let of = detail.children.iter().find(|((of, _), _)| *of == kind);
        let entries = of.map(|(_, entries)| entries.as_slice()).unwrap_or_default();
        let is_shown = |entry: &&app::Entry| kind != Problem || entry.text("status") == Some("open");
        let shown: Vec<_> = entries.iter().filter(is_shown).collect();
        let row = |entry: &&app::Entry| RelatedRow {
            record: link_to(within, &entry.record),
            status: standing_badge(within, labels, entry),
            note: last_day(t, entry),
            ..RelatedRow::default()
        };
        (!shown.is_empty()).then(|| BriefGroup {
            label: kind_label(t, kind).to_owned(),
            rows: shown.iter().take(ROWS).map(row).collect(),
            more: if shown.len() > ROWS { t.brief_more(shown.len() - ROWS) } else { String::new() },
        })
    };
    [Permit, Milestone, Problem].into_iter().filter_map(group).collect()
}

/// The pictures among what is attached and open to the reader.
fn pictures(detail: &EntryDetail) -> impl Iterator<Item = &Document> {
    detail.documents.iter().map(|(_, document)| document).filter(|document| document.format == "image")
}

/// The first of the pictures that a Word document can hold; what is broken, large or of another kind is left out.
async fn picture(within: &Within, pictures: &[Document]) -> Result<Option<Picture>, Failure> {
    for document in pictures.iter().take(TRIED) {
        let blob = within.app().document_original(&within.actor, document).await?;
        if !matches!(blob.media_type.as_str(), "image/png" | "image/jpeg")
            || usize::try_from(blob.size_bytes).is_ok_and(|size| size > PICTURE_BYTES)
        {
            continue;
        }
        let mut bytes = Vec::new();
        let chunk = async |at| within.app().document_original_chunk(&within.actor, document, at).await;
        for at in 0.. {
            let Some(chunk) = chunk(at).await? else { break };
            bytes.extend(chunk);
        }
        if let Some(picture) = Picture::read(bytes) {
            return Ok(Some(picture));
        }
    }
    Ok(None)
}

fn blocks(within: &Within, page: &BriefPage) -> Vec<Block> {
    let t = within.locale;
    let words = |cell: &Cell| match plain(cell) {
        text if text.is_empty() => t.unknown().to_owned(),
        text => text,
    };
    let facts = |facts: &[Fact]| {
        Block::Facts(facts.iter().map(|fact| (fact.label.clone(), words(&fact.value))).collect())
    };
    let light = page.light.as_ref().map(|light| light.label.clone()).unwrap_or_default();
    let head = [page.place.as_str(), light.as_str()].into_iter().filter(|part| !part.is_empty());
    let mut blocks = vec![
        Block::Heading(1, page.title.clone()),
        Block::Text(head.collect::<Vec<_>>().join(" · ")),
        facts(&page.highlights),
    ];
    for section in &page.sections {
        blocks.push(Block::Heading(3, section.heading.clone()));
        blocks.extend(section.paragraphs.iter().cloned().map(Block::Text));
        if !section.facts.is_empty() {
            blocks.push(facts(&section.facts));
        }
    }
    blocks.push(Block::Heading(3, t.brief_money().to_owned()));
    let heads = [t.measure(), t.figures_planned(), t.figures_actual(), t.figures_as_of()];
    let amount = |of: Option<&pages::Amount>| of.map(labels::one_line).unwrap_or_default();
    let line = |of: &pages::MeasureLine| {
        vec![
            of.measure.label.clone(),
            amount(of.planned.as_ref()),
            amount(of.actual.as_ref()),
            of.as_of.clone(),
        ]
    };
    blocks.push(match page.money.is_empty() {
        true => Block::Text(t.record_figures_none().to_owned()),
        false => Block::Table(heads.map(str::to_owned).into(), page.money.iter().map(line).collect()),
    });
    for group in &page.groups {
        blocks.push(Block::Heading(3, group.label.clone()));
        let line = |row: &RelatedRow| {
            let status = row.status.as_ref().map(|status| status.label.clone()).unwrap_or_default();
            Block::Text([row.record.label.as_str(), &status, &row.note].join("  "))
        };
        blocks.extend(group.rows.iter().map(line));
    }
    blocks.push(Block::Text(format!(
        "{} · {} · {} · {}",
        page.code,
        page.publisher,
        page.updated,
        t.schedule_use()
    )));
    blocks
}
