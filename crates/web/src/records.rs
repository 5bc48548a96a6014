//! The registers and the page of one entry.

use crate::failure::Failure;
use crate::labels::{Labels, record_kind, title};
use crate::quotes::Texts;
use crate::redirect;
use crate::visit::Within;
use app::{Entry, EntryDetail, Evidence, EvidenceKind, RecordKind};
use axum::extract::{Path, Query};
use axum::response::{Html, IntoResponse, Response};
use locale::Locale;
use pages::{
    Fact, FactGroup, KindTab, Link, NameRow, Nav, RecordFigures, RecordPage, RecordRow, Records, RelatedRow,
    RelationGroup, SourceRow,
};
use serde::Deserialize;

const PAGE: i64 = 100;
/// The tab of regions, which are shared by all programmes and no records of one.
const REGIONS: &str = "region";

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    kind: Option<String>,
    after: Option<i64>,
}

/// `GET records`
pub(crate) async fn list(within: Within, Query(query): Query<ListQuery>) -> Result<Html<String>, Failure> {
    let labels = within.labels().await?;
    let regions = query.kind.as_deref() == Some(REGIONS);
    let kind = match query.kind.as_deref() {
        None | Some(REGIONS) => RecordKind::Organisation,
        Some(code) => RecordKind::from_code(code).ok_or(Failure::PageNotFound)?,
    };
    let (app, id) = (within.app(), within.id());
    let (entries, counts) = app.entry_list(&within.actor, id, kind, query.after, PAGE).await?;
    let region_rows = region_rows(&within, &labels).await?;
    let mut kinds: Vec<_> = counts
        .iter()
        .map(|(of, count)| {
            tab(&within, of.code(), record_kind(within.locale, *of), *count, !regions && *of == kind)
        })
        .collect();
    let region_count = i64::try_from(region_rows.len()).unwrap_or(0);
    kinds.push(tab(&within, REGIONS, within.locale.kind_region(), region_count, regions));
    let count = kinds.iter().find(|tab| tab.current).map_or(0, |tab| tab.count);
    let full = i64::try_from(entries.len()).unwrap_or(0) == PAGE;
    let last = entries.last().filter(|_| full && !regions).map(|entry| entry.id);
    let page = Records {
        shell: within.shell(Nav::Records).await?,
        kinds,
        columns: if regions { region_columns(within.locale) } else { columns(within.locale, kind) },
        rows: if regions {
            region_rows
        } else {
            entries.iter().map(|entry| row(&within, &labels, kind, entry)).collect()
        },
        count,
        next: last.map(|last| within.to(&format!("records?kind={}&after={last}", kind.code()))),
    };
    Ok(Html(page.render()))
}

fn tab(within: &Within, code: &str, label: &str, count: i64, current: bool) -> KindTab {
    let href = within.to(&format!("records?kind={code}"));
    KindTab { label: label.to_owned(), href, count: usize::try_from(count).unwrap_or(0), current }
}

fn region_columns(t: Locale) -> Vec<String> {
    [t.code_label(), t.kind(), t.record_side()].map(str::to_owned).into()
}

async fn region_rows(within: &Within, labels: &Labels) -> Result<Vec<RecordRow>, Failure> {
    let t = within.locale;
    let mut rows = Vec::new();
    for part in within.app().programme_regions(&within.actor, within.id()).await? {
        let Some(region) = labels.names.region(part.region) else { continue };
        let side = match part.side {
            domain::region::Side::Host => t.host(),
            domain::region::Side::Supporting => t.supporter(),
        };
        rows.push(RecordRow {
            code: region.code.clone(),
            title: labels.region(part.region),
            href: within.to(&format!("figures?region={}", crate::cookie::escape(&region.code))),
            depth: 0,
            cells: vec![region.code.clone(), kind_label(t, &region.kind), side.to_owned()],
            source: String::new(),
        });
    }
    Ok(rows)
}

/// The label of a kind within a register; a kind without one is shown by its code.
fn kind_label(t: Locale, code: &str) -> String {
    t.by_key(&format!("entry_{code}")).unwrap_or(code).to_owned()
}

fn columns(t: Locale, kind: RecordKind) -> Vec<String> {
    let columns: &[&str] = match kind {
        RecordKind::Office => &[t.kind(), t.entry_seat(), t.entry_office_of()],
        RecordKind::Pairing => &[t.supporter(), t.host(), t.entry_since()],
        RecordKind::Organisation => &[t.kind(), t.entry_origin()],
        RecordKind::Park => &[t.kind(), t.region(), t.supporter()],
        RecordKind::Event => &[t.date(), t.place(), t.entry_organisers()],
        RecordKind::Cohort | RecordKind::Document | RecordKind::Figure => &[],
    };
    columns.iter().map(|column| (*column).to_owned()).collect()
}

fn cells(labels: &Labels, kind: RecordKind, entry: &Entry) -> Vec<String> {
    let t = labels.locale;
    let region = |id: Option<i64>| id.map(|id| labels.region(id)).unwrap_or_default();
    let of_kind = || entry.kind.as_deref().map(|code| kind_label(t, code)).unwrap_or_default();
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    match kind {
        RecordKind::Office | RecordKind::Park => {
            vec![of_kind(), region(entry.region), region(entry.other_region)]
        }
        RecordKind::Pairing => vec![region(entry.other_region), region(entry.region), day(entry.from)],
        RecordKind::Organisation => vec![of_kind(), region(entry.region)],
        RecordKind::Event => {
            let days = match (entry.from, entry.to) {
                (Some(from), Some(to)) if from != to => t.period_flow(from, to),
                (from, to) => day(from.or(to)),
            };
            vec![days, region(entry.region), entry.note.clone().unwrap_or_default()]
        }
        RecordKind::Cohort | RecordKind::Document | RecordKind::Figure => Vec::new(),
    }
}

fn row(within: &Within, labels: &Labels, kind: RecordKind, entry: &Entry) -> RecordRow {
    RecordRow {
        code: entry.code.clone(),
        title: title(within.locale, &entry.name_zh, entry.name_en.as_deref()).to_owned(),
        href: within.to(&format!("records/{}", entry.code)),
        depth: 0,
        cells: cells(labels, kind, entry),
        source: entry.source.clone().unwrap_or_default(),
    }
}

/// `GET records/{code}`: documents and figures have pages of their own.
pub(crate) async fn show(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let record = within.app().record(&within.actor, within.id(), &code).await?;
    match record.kind {
        RecordKind::Document => Ok(redirect::to(&within.to(&format!("documents/{code}")))),
        RecordKind::Figure => Ok(redirect::to(&within.to(&format!("figures/{code}")))),
        _ => Ok(entry_page(&within, &code).await?.into_response()),
    }
}

async fn entry_page(within: &Within, code: &str) -> Result<Html<String>, Failure> {
    let detail = within.app().entry(&within.actor, within.id(), code).await?;
    let labels = within.labels().await?;
    let kind = detail.record.kind;
    let figures = within.app().entry_figures(&within.actor, within.id(), &detail).await?;
    let t = within.locale;
    let name =
        |name: &String| NameRow { name: name.clone(), kind: t.name_alias().to_owned(), valid: String::new() };
    let fields = columns(t, kind).into_iter().zip(cells(&labels, kind, &detail.entry));
    let page = RecordPage {
        shell: within.shell(Nav::Records).await?,
        crumbs: vec![
            Link { label: t.records_title().to_owned(), href: within.to("records") },
            Link {
                label: record_kind(t, kind).to_owned(),
                href: within.to(&format!("records?kind={}", kind.code())),
            },
        ],
        kind: record_kind(t, kind).to_owned(),
        code: code.to_owned(),
        title: title(t, &detail.record.title, detail.record.title_en.as_deref()).to_owned(),
        facts: vec![FactGroup {
            facts: fields.map(|(label, value)| Fact::text(label, value)).collect(),
            ..FactGroup::default()
        }],
        names: detail.names.iter().map(name).collect(),
        relations: related(within, &detail),
        sources: sources(within, &detail),
        figures: Some(RecordFigures {
            rows: figures.iter().map(|row| labels.figure_row(within, row)).collect(),
            all: (!figures.is_empty()).then(|| Link {
                label: t.all().to_owned(),
                href: within.to(&format!("figures?record={code}")),
            }),
            add: None,
        }),
        quotes: quotes(within, &figures).await?,
        audit_href: within.to(&format!("records/{code}/audit")),
        ..RecordPage::default()
    };
    Ok(Html(page.render()))
}

fn related(within: &Within, detail: &EntryDetail) -> Vec<RelationGroup> {
    let parent = detail.parent.iter().map(|parent| RelationGroup {
        label: record_kind(within.locale, parent.kind).to_owned(),
        rows: vec![RelatedRow {
            record: Link {
                label: title(within.locale, &parent.title, parent.title_en.as_deref()).to_owned(),
                href: within.to(&format!("records/{}", parent.code)),
            },
            ..RelatedRow::default()
        }],
        ..RelationGroup::default()
    });
    parent.collect()
}

fn sources(within: &Within, detail: &EntryDetail) -> Vec<SourceRow> {
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
    detail.sources.iter().map(row).collect()
}

/// The quotes of the newest figures.
async fn quotes(within: &Within, figures: &[app::FigureRow]) -> Result<Vec<pages::Quote>, Failure> {
    let mut texts = Texts::default();
    let mut quotes = Vec::new();
    for row in figures.iter().take(5) {
        let figure = within.app().figure(&within.actor, within.id(), &row.code).await?;
        for claim in figure.evidence.iter().filter_map(|(_, _, claim)| claim.as_ref()) {
            quotes.push(texts.quote(within, claim).await?);
        }
    }
    Ok(quotes)
}
