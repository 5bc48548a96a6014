//! What a host region shows: the public sheet of an opportunity and a prospectus of a list, as pages and as .docx.

use crate::download::{FileKind, saved_as};
use crate::failure::Failure;
use crate::labels::{self, Labels};
use crate::list_filters::Bar;
use crate::list_query::{Asked, ListQuery};
use crate::values::{Show, field_label, plain, record_link};
use crate::visit::{Within, programme_name};
use app::{Block, Offer, Paper, RecordKind, write_docx};
use axum::extract::{Path, RawQuery};
use axum::response::{Html, IntoResponse, Response};
use domain::record::FieldType;
use pages::{Badge, Fact, Link, OpportunityPublic, Prospectus, Sheet, SheetPolicy, SheetSection, Tone};

/// The facts that are looked for first, beside the amount.
const HIGHLIGHTS: &[&str] = &["land", "power", "water", "form"];
/// Fields that have a section of their own, in order.
const SECTIONS: &[&str] = &["basis", "raw_material", "partner"];

/// `GET records/{code}/sheet`
pub(crate) async fn sheet(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    let offer = within.app().offer(&within.actor, within.id(), &code).await?;
    let labels = within.labels().await?;
    let record = within.to(&format!("records/{code}"));
    let page = OpportunityPublic {
        shell: within.shell_of(RecordKind::Opportunity.code()).await?,
        publisher: programme_name(within.locale, &within.programme).to_owned(),
        sheet: sheet_of(&within, &labels, &offer),
        links: vec![
            Link { label: within.locale.back().to_owned(), href: record.clone() },
            Link { label: ".docx".to_owned(), href: format!("{record}/sheet.docx") },
        ],
    };
    Ok(Html(page.render()))
}

/// `GET records/{code}/sheet.docx`
pub(crate) async fn sheet_docx(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let offer = within.app().offer(&within.actor, within.id(), &code).await?;
    let labels = within.labels().await?;
    docx(&blocks(&within, &sheet_of(&within, &labels, &offer)), &format!("luodi-{code}"))
}

/// `GET prospectus`: of the opportunities that the query of their list shows.
pub(crate) async fn prospectus(within: Within, RawQuery(query): RawQuery) -> Result<Html<String>, Failure> {
    let query = ListQuery::parse(&query.unwrap_or_default());
    let labels = within.labels().await?;
    let asked = query.asked(&within, &labels, RecordKind::Opportunity).await?;
    let bar =
        Bar { within: &within, labels: &labels, kind: RecordKind::Opportunity, query: &query, asked: &asked };
    let note = bar.in_words();
    let sheets = sheets(&within, &labels, &query, asked).await?;
    let t = within.locale;
    let page = Prospectus {
        shell: within.shell_of(RecordKind::Opportunity.code()).await?,
        title: t.prospectus_title().to_owned(),
        publisher: programme_name(t, &within.programme).to_owned(),
        date: within.today().to_string(),
        note,
        sheets,
        links: vec![
            Link {
                label: t.back().to_owned(),
                href: query.address(&within.to("lists/opportunity"), &[], &[]),
            },
            Link { label: ".docx".to_owned(), href: query.address(&within.to("prospectus.docx"), &[], &[]) },
        ],
    };
    Ok(Html(page.render()))
}

/// `GET prospectus.docx`
pub(crate) async fn prospectus_docx(within: Within, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = ListQuery::parse(&query.unwrap_or_default());
    let labels = within.labels().await?;
    let t = within.locale;
    let asked = query.asked(&within, &labels, RecordKind::Opportunity).await?;
    let sheets = sheets(&within, &labels, &query, asked).await?;
    let mut all = vec![
        Block::Heading(1, t.prospectus_title().to_owned()),
        Block::Text(programme_name(t, &within.programme).to_owned()),
        Block::Text(within.today().to_string()),
        Block::Heading(2, t.prospectus_contents().to_owned()),
    ];
    all.extend(sheets.iter().map(|sheet| Block::Text(format!("{} · {}", sheet.title, sheet.place))));
    for sheet in &sheets {
        all.push(Block::NewPage);
        all.extend(blocks(&within, sheet));
    }
    docx(&all, "luodi-prospectus")
}

async fn sheets(
    within: &Within,
    labels: &Labels,
    query: &ListQuery,
    asked: Asked,
) -> Result<Vec<Sheet>, Failure> {
    let sort = query.sort(RecordKind::Opportunity);
    let offers = within.app().prospectus(&within.actor, within.id(), asked.filter, sort).await?;
    Ok(offers.iter().map(|offer| sheet_of(within, labels, offer)).collect())
}

fn docx(blocks: &[Block], name: &str) -> Result<Response, Failure> {
    docx_on(Paper::A4, blocks, name)
}

/// A Word document as an answer.
pub(crate) fn docx_on(paper: Paper, blocks: &[Block], name: &str) -> Result<Response, Failure> {
    let bytes = write_docx(paper, blocks).map_err(|_| Failure::Bug("a document could not be written"))?;
    Ok((saved_as(FileKind::Docx, name), bytes).into_response())
}

/// What may be published of an opportunity: the fields that the description marks as open, and nothing else.
fn sheet_of(within: &Within, labels: &Labels, offer: &Offer) -> Sheet {
    let t = within.locale;
    let entry = &offer.detail.entry;
    let kind = entry.record.kind;
    let show = Show { within, labels, names: &offer.detail.names };
    let words = |code: &str| {
        let field = kind.field(code).filter(|field| field.open);
        field.map(|field| show.words(field, entry.values.get(field.code))).unwrap_or_default()
    };
    let place = [words("region"), words("park")];
    let place: Vec<_> = place.into_iter().filter(|part| !part.is_empty()).collect();
    let title = labels::pick_title(t, &entry.record).to_owned();
    let other = match t {
        locale::Locale::Zh => entry.record.title_en.clone().unwrap_or_default(),
        locale::Locale::En => entry.record.title.clone(),
    };
    Sheet {
        code: entry.record.code.clone(),
        other_title: if other == title { String::new() } else { other },
        title,
        place: place.join(" · "),
        sector: words("sector"),
        summary: String::new(),
        highlights: highlights(&show, offer),
        sections: sections(&show, offer),
        policies: offer.policies.iter().map(|policy| sheet_policy(within, policy)).collect(),
        contact: [words("owner")].into_iter().filter(|line| !line.is_empty()).collect(),
        updated: entry
            .record
            .changed_at
            .map(|at| at.to_zoned(within.zone()).date().to_string())
            .unwrap_or_default(),
    }
}

fn highlights(show: &Show<'_>, offer: &Offer) -> Vec<Fact> {
    let t = show.within.locale;
    let entry = &offer.detail.entry;
    let kind = entry.record.kind;
    let amount = kind.amount().map(|of| Fact {
        label: labels::pick(t, of.zh, of.en).to_owned(),
        value: show.amount(entry.amount),
        ..Fact::default()
    });
    let fields = HIGHLIGHTS.iter().filter_map(|code| kind.field(code)).filter(|field| field.open);
    let facts = fields.map(|field| Fact {
        label: field_label(t, field).to_owned(),
        value: show.cell(entry, field),
        ..Fact::default()
    });
    amount.into_iter().chain(facts).collect()
}

fn sections(show: &Show<'_>, offer: &Offer) -> Vec<SheetSection> {
    let t = show.within.locale;
    let entry = &offer.detail.entry;
    let kind = entry.record.kind;
    let texts = SECTIONS.iter().filter_map(|code| kind.field(code)).filter(|field| field.open);
    let mut sections: Vec<SheetSection> = texts
        .filter_map(|field| {
            let text = entry.text(field.code)?;
            let paragraphs = text.lines().map(str::to_owned).collect();
            Some(SheetSection { heading: field_label(t, field).to_owned(), paragraphs, facts: Vec::new() })
        })
        .collect();
    let shown = |code: &&str| !SECTIONS.contains(code) && !HIGHLIGHTS.contains(code);
    let rest = kind.fields().iter().filter(|field| field.open && shown(&field.code));
    let rest = rest.filter(|field| {
        !matches!(field.kind, FieldType::Links(..) | FieldType::Region)
            && !matches!(field.code, "status" | "sector" | "park" | "owner")
    });
    let facts: Vec<Fact> = rest
        .filter(|field| entry.values.contains_key(field.code))
        .map(|field| Fact {
            label: field_label(t, field).to_owned(),
            value: show.cell(entry, field),
            ..Fact::default()
        })
        .collect();
    if !facts.is_empty() {
        sections.push(SheetSection { heading: t.record_fields().to_owned(), paragraphs: Vec::new(), facts });
    }
    sections
}

fn sheet_policy(within: &Within, policy: &app::Entry) -> SheetPolicy {
    let t = within.locale;
    let text = |field: &str| policy.text(field).unwrap_or_default().to_owned();
    let day = |field: &str| policy.day(field).map(|day| day.to_string()).unwrap_or_default();
    let name = app::RecordName {
        code: policy.record.code.clone(),
        kind: policy.record.kind,
        title: policy.record.title.clone(),
        title_en: policy.record.title_en.clone(),
    };
    let link = record_link(within, &name);
    SheetPolicy {
        title: link.label,
        number: text("number"),
        valid: format!("{} – {}", day("valid_from"), day("valid_to")),
        review: Badge {
            label: format!("{} {}", t.policy_reviewed(), text("review_number")),
            tone: Tone::Good,
        },
        offer: text("summary"),
        href: Some(link.href),
    }
}

/// A sheet as the blocks of a document.
fn blocks(within: &Within, sheet: &Sheet) -> Vec<Block> {
    let t = within.locale;
    let facts = |facts: &[Fact]| {
        let known = facts.iter().map(|fact| (fact.label.clone(), plain(&fact.value)));
        Block::Facts(known.map(|(label, value)| (label, or_unknown(t, value))).collect())
    };
    let mut blocks = vec![Block::Heading(1, sheet.title.clone())];
    if !sheet.other_title.is_empty() {
        blocks.push(Block::Text(sheet.other_title.clone()));
    }
    blocks.push(Block::Text(format!("{} · {} · {}", sheet.place, sheet.sector, sheet.code)));
    blocks.push(facts(&sheet.highlights));
    for section in &sheet.sections {
        blocks.push(Block::Heading(2, section.heading.clone()));
        blocks.extend(section.paragraphs.iter().map(|text| Block::Text(text.clone())));
        if !section.facts.is_empty() {
            blocks.push(facts(&section.facts));
        }
    }
    if !sheet.policies.is_empty() {
        blocks.push(Block::Heading(2, t.sheet_policies().to_owned()));
        for policy in &sheet.policies {
            let line =
                [&policy.title, &policy.number, &policy.valid, &policy.review.label].map(String::as_str);
            blocks.push(Block::Text(line.join("  ")));
        }
    }
    if !sheet.contact.is_empty() {
        blocks.push(Block::Heading(2, t.sheet_contact().to_owned()));
        blocks.extend(sheet.contact.iter().map(|line| Block::Text(line.clone())));
    }
    blocks.push(Block::Text(t.sheet_updated(&sheet.updated)));
    blocks
}

fn or_unknown(t: locale::Locale, value: String) -> String {
    if value.is_empty() { t.unknown().to_owned() } else { value }
}
