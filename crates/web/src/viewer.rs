//! A scan or photo as evidence, and figures entered by hand beside it.

use crate::documents::is_image;
use crate::failure::{self, Failure};
use crate::labels::{self, Labels, choice};
use crate::reader::{details, notices};
use crate::redirect;
use crate::visit::Within;
use app::{Document, EvidenceKind, FigureFilter, HandEntry, Right, WHOLE_PAGE};
use axum::Form;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use domain::region::Side;
use pages::{Choice, FigureForm, Nav, Rectangle, Tone, Viewer, Wrong};
use serde::Deserialize;

/// Figures of one scan that its page shows.
const FIGURES: i64 = 100;

/// What a message can be about; the parts of the rectangle are one.
const FIELDS: &[&str] = &[
    "measure",
    "value",
    "unit",
    "value_max",
    "approx",
    "role",
    "period_kind",
    "period_from",
    "period_to",
    "phrase",
    "host",
    "supporter",
    "note",
    "page",
    "rectangle",
];

/// The form as it was typed.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    measure: String,
    value: String,
    value_max: String,
    unit: String,
    approx: String,
    role: String,
    host: String,
    supporter: String,
    period_kind: String,
    period_from: String,
    period_to: String,
    phrase: String,
    note: String,
    page: String,
    x: String,
    y: String,
    width: String,
    height: String,
}

impl Default for Entry {
    /// The form as it is offered: an exact actual value in yuan.
    fn default() -> Self {
        let empty = String::new;
        Self {
            measure: "signed_contract".into(),
            unit: "CNY".into(),
            approx: "exact".into(),
            role: "actual".into(),
            period_kind: "flow".into(),
            page: "1".into(),
            value: empty(),
            value_max: empty(),
            host: empty(),
            supporter: empty(),
            period_from: empty(),
            period_to: empty(),
            phrase: empty(),
            note: empty(),
            x: empty(),
            y: empty(),
            width: empty(),
            height: empty(),
        }
    }
}

/// The page of a scan, with the form as typed and why it was refused.
pub(crate) async fn page(
    within: &Within,
    document: &Document,
    entry: Entry,
    wrong: Wrong,
) -> Result<Html<String>, Failure> {
    Ok(Html(built(within, document, entry, wrong).await?.render()))
}

pub(crate) async fn built(
    within: &Within,
    document: &Document,
    entry: Entry,
    wrong: Wrong,
) -> Result<Viewer, Failure> {
    let labels = within.labels().await?;
    let filter = FigureFilter { document: Some(document.id), ..FigureFilter::default() };
    let rows = within.app().figure_list(&within.actor, within.id(), &filter, None, FIGURES).await?;
    let figures: Vec<_> = rows.iter().map(|row| labels.figure_row(within, row)).collect();
    let original = within.to(&format!("documents/{}/original", document.code));
    let blob = within.app().document_original(&within.actor, document).await?;
    Ok(Viewer {
        shell: within.shell(Nav::Documents).await?,
        code: document.code.clone(),
        details: details(within, document).await?,
        image: is_image(&blob.media_type).then(|| original.clone()),
        original_href: original,
        pages: document.page_count.and_then(|pages| u32::try_from(pages).ok()).unwrap_or(1),
        rectangles: rectangles(within, document, &figures).await?,
        form: form(within, &labels, entry, wrong).await?,
        figures,
        notices: notices(within, document),
        can_enter: within.may(Right::EnterFigure),
        can_edit: within.may_on(document.id, Right::AddDocument).await?,
    })
}

async fn rectangles(
    within: &Within,
    document: &Document,
    figures: &[pages::FigureRow],
) -> Result<Vec<Rectangle>, Failure> {
    let mut rectangles = Vec::new();
    for row in figures {
        let figure = within.app().figure(&within.actor, within.id(), &row.code).await?;
        for (evidence, of, _) in figure.evidence {
            let here = of.is_some_and(|of| of.id == document.id);
            if let (true, EvidenceKind::Region { page, rect }) = (here, evidence.kind) {
                let label = format!("{} · {}", row.measure, labels::one_line(&row.value));
                rectangles.push(Rectangle { label, href: row.href.clone(), ..rectangle(page, rect) });
            }
        }
    }
    Ok(rectangles)
}

/// A stored rectangle in percent of the page.
pub(crate) fn rectangle(page: i64, rect: [i64; 4]) -> Rectangle {
    let [x, y, width, height] = rect.map(|part| format!("{}.{:02}", part / 100, part % 100));
    Rectangle { page: u32::try_from(page).unwrap_or(1), x, y, width, height, ..Rectangle::default() }
}

async fn form(within: &Within, labels: &Labels, entry: Entry, wrong: Wrong) -> Result<FigureForm, Failure> {
    let t = within.locale;
    let page = entry.page.parse().unwrap_or(1);
    Ok(FigureForm {
        measure: labels::measures(t, &entry.measure),
        unit: labels::units(t, &entry.unit),
        approx: labels::approximations(t, &entry.approx),
        role: labels::roles(t, &entry.role),
        host: regions(within, labels, Side::Host, &entry.host).await?,
        supporter: regions(within, labels, Side::Supporting, &entry.supporter).await?,
        period_kind: labels::time_kinds(t, &entry.period_kind),
        value: entry.value,
        value_max: entry.value_max,
        period_from: entry.period_from,
        period_to: entry.period_to,
        phrase: entry.phrase,
        note: entry.note,
        rectangle: Rectangle {
            page,
            x: entry.x,
            y: entry.y,
            width: entry.width,
            height: entry.height,
            ..Rectangle::default()
        },
        wrong,
    })
}

/// The programme's regions of one side, unknown first.
async fn regions(
    within: &Within,
    labels: &Labels,
    side: Side,
    selected: &str,
) -> Result<Vec<Choice>, Failure> {
    let mut choices = vec![choice("", within.locale.unknown(), selected)];
    for region in within.app().programme_regions(&within.actor, within.id()).await? {
        if region.side == side {
            choices.push(choice(&labels.region_code(region.region), &labels.region(region.region), selected));
        }
    }
    Ok(choices)
}

/// `POST documents/{code}/figures`
pub(crate) async fn enter(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    Form(entry): Form<Entry>,
) -> Result<Response, Failure> {
    let labels = within.labels().await?;
    let entered = match hand_entry(&labels, &entry) {
        Ok(new) => within.app().figure_enter(&within.actor, within.id(), &code, &new).await,
        Err(error) => Err(error),
    };
    match entered {
        Ok(figure) => {
            let words = within.locale.viewer_added(figure);
            Ok(redirect::with_flash(
                &within.visit,
                &within.to(&format!("documents/{code}")),
                Tone::Good,
                &words,
            ))
        }
        Err(error) => {
            let document = within.app().document(&within.actor, within.id(), &code).await?;
            let (status, mut wrong) = failure::wrong(within.locale, error, FIELDS, "value")?;
            if wrong.field == "rectangle" {
                wrong.field = "x".to_owned();
            }
            let page = page(&within, &document, entry, wrong).await?;
            Ok((status, page).into_response())
        }
    }
}

fn hand_entry(labels: &Labels, entry: &Entry) -> app::Result<HandEntry> {
    let region = |field, code: &str| match code {
        "" => Ok(None),
        code => match labels.names.region_coded(code) {
            Some(region) => Ok(Some(region.id)),
            None => Err(app::Error::Invalid { field, problem: "unknown" }),
        },
    };
    Ok(HandEntry {
        measure: entry.measure.clone(),
        value: entry.value.trim().to_owned(),
        value_max: entry.value_max.clone(),
        unit: entry.unit.clone(),
        approx: entry.approx.clone(),
        role: entry.role.clone(),
        host: region("host", &entry.host)?,
        supporter: region("supporter", &entry.supporter)?,
        period_kind: entry.period_kind.clone(),
        period_from: entry.period_from.clone(),
        period_to: entry.period_to.clone(),
        phrase: entry.phrase.clone(),
        note: entry.note.clone(),
        page: entry
            .page
            .trim()
            .parse()
            .map_err(|_| app::Error::Invalid { field: "page", problem: "number" })?,
        rect: rect([&entry.x, &entry.y, &entry.width, &entry.height])?,
    })
}

/// Percent with two decimals as hundredths; nothing filled in means the whole page.
fn rect(parts: [&String; 4]) -> app::Result<[i64; 4]> {
    if parts.iter().all(|part| part.trim().is_empty()) {
        return Ok([0, 0, WHOLE_PAGE, WHOLE_PAGE]);
    }
    let mut rect = [0; 4];
    for (part, text) in rect.iter_mut().zip(parts) {
        *part =
            hundredths(text.trim()).ok_or(app::Error::Invalid { field: "rectangle", problem: "number" })?;
    }
    Ok(rect)
}

fn hundredths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || fraction.len() > 2 || !plain(whole) || !plain(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<2}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_kept_in_hundredths() {
        for (text, kept) in
            [("0", Some(0)), ("12.5", Some(1250)), ("100.00", Some(10_000)), ("7.05", Some(705))]
        {
            assert_eq!(hundredths(text), kept);
        }
        for text in ["", ".5", "-1", "1.234", "abc", "１"] {
            assert_eq!(hundredths(text), None, "{text}");
        }
        assert_eq!(rectangle(2, [0, 705, 1250, 10_000]).y, "7.05");
    }
}
