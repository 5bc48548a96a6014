//! Lists as files: exactly the rows of the filter, all of them, in the words of the reader. Here the file as an answer,
//! and figures.

use crate::answer;
use crate::download::{FileKind, saved_as};
use crate::failure::Failure;
use crate::figures::FilterQuery;
use crate::format;
use crate::labels::{self, Labels};
use crate::visit::{Within, programme_name};
use app::{About, Cell, Column, ExportFormat, FigureRow, Kind};
use axum::extract::Query;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::tally::DEFAULT_RULE;
use locale::Locale;
use std::fs::File;
use std::io::Read;
use std::sync::{Arc, Mutex};

const PIECE_BYTES: u64 = 1 << 18;

/// `GET figures.xlsx`
pub(crate) async fn xlsx(
    within: Within,
    headers: HeaderMap,
    query: Query<FilterQuery>,
) -> Result<Response, Failure> {
    file(&within, &headers, &query, ExportFormat::Xlsx).await
}

/// `GET figures.csv`
pub(crate) async fn csv(
    within: Within,
    headers: HeaderMap,
    query: Query<FilterQuery>,
) -> Result<Response, Failure> {
    file(&within, &headers, &query, ExportFormat::Csv).await
}

async fn file(
    within: &Within,
    headers: &HeaderMap,
    query: &FilterQuery,
    format: ExportFormat,
) -> Result<Response, Failure> {
    let labels = within.labels().await?;
    let filter = query.filter(within, &labels).await?;
    let sheet = Sheet { base: base(within, headers, "figures/"), labels };
    let (columns, about) = (columns(within.locale), about(within, query, &sheet.labels).await?);
    let cells = |row: &FigureRow| sheet.cells(row);
    let (app, actor) = (within.app(), &within.actor);
    let file = app.figure_export(actor, within.id(), &filter, format, (&columns, about), &cells).await?;
    Ok(answer(within, "figures", format, file))
}

/// The file as a download of this name, behind the programme and the day.
pub(crate) fn answer(within: &Within, name: &str, format: ExportFormat, file: File) -> Response {
    let kind = match format {
        ExportFormat::Xlsx => FileKind::Xlsx,
        ExportFormat::Csv => FileKind::Csv,
        ExportFormat::JsonLines => FileKind::JsonLines,
    };
    let (code, day) = (&within.programme.code, within.today().strftime("%Y%m%d"));
    let headers = saved_as(kind, &format!("luodi-{code}-{day}-{name}"));
    let file = Arc::new(Mutex::new(file));
    let body = answer::pieces(move |_| {
        let file = file.clone();
        async move { tokio::task::spawn_blocking(move || piece(&file)).await.unwrap_or(Ok(None)) }
    });
    (headers, body).into_response()
}

fn piece(file: &Mutex<File>) -> app::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let Ok(mut file) = file.lock() else { return Ok(None) };
    Read::by_ref(&mut *file).take(PIECE_BYTES).read_to_end(&mut bytes)?;
    Ok(if bytes.is_empty() { None } else { Some(bytes) })
}

/// The address of this server as the reader reached it, so that a cell can lead back.
pub(crate) fn base(within: &Within, headers: &HeaderMap, rest: &str) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let scheme = if within.visit.state.config.secure_cookies { "https" } else { "http" };
    Some(format!("{scheme}://{host}{}", within.to(rest)))
}

struct Sheet {
    base: Option<String>,
    labels: Labels,
}

fn columns(t: Locale) -> Vec<Column> {
    [
        (t.code_label(), 18, Kind::Text),
        (t.measure(), 26, Kind::Text),
        (t.role(), 8, Kind::Text),
        (t.approx(), 8, Kind::Text),
        (t.value(), 20, Kind::Number),
        (t.claim_value_max(), 20, Kind::Number),
        (t.unit(), 10, Kind::Text),
        (t.host(), 24, Kind::Text),
        (t.supporter(), 24, Kind::Text),
        (t.organisation(), 24, Kind::Text),
        (t.event(), 24, Kind::Text),
        (t.claim_period_kind(), 10, Kind::Text),
        (t.claim_period_from(), 12, Kind::Date),
        (t.claim_period_to(), 12, Kind::Date),
        (t.viewer_phrase(), 18, Kind::Text),
        (t.published_on(), 12, Kind::Date),
        (t.state(), 8, Kind::Text),
        (t.document(), 40, Kind::Text),
    ]
    .map(|(heading, width, kind)| Column { heading: heading.to_owned(), width, kind })
    .into()
}

async fn about(within: &Within, query: &FilterQuery, labels: &Labels) -> Result<About, Failure> {
    let t = within.locale;
    let rule = (t.counting_rule().to_owned(), DEFAULT_RULE.to_owned());
    let note = (t.note().to_owned(), t.figures_export_note().to_owned());
    about_list(within, t.figures_title(), query.words(labels), [rule, note]).await
}

/// What a file of a list says of itself: programme, filter in words, who, when, and what these lines add.
pub(crate) async fn about_list(
    within: &Within,
    title: &str,
    filter: String,
    lines: impl IntoIterator<Item = (String, String)>,
) -> Result<About, Failure> {
    let t = within.locale;
    let first = [
        (t.programmes_title(), programme_name(t, &within.programme).to_owned()),
        (t.list_title(), title.to_owned()),
        (t.figures_filter(), filter),
        (t.who(), within.actor.name.clone()),
        (t.when(), format::instant(within.actor.at, &within.zone())),
        (t.note(), t.list_export_note().to_owned()),
    ];
    let first = first.map(|(label, value)| (label.to_owned(), value));
    Ok(About {
        rows_sheet: title.to_owned(),
        sheet: t.figures_export_about().to_owned(),
        lines: first.into_iter().chain(lines).collect(),
        created: within.actor.at.to_zoned(within.zone()).datetime(),
        mark: within.watermark().await?.unwrap_or_default(),
    })
}

impl Sheet {
    fn cells(&self, row: &FigureRow) -> Vec<Cell> {
        let t = self.labels.locale;
        let figure = &row.figure;
        let quantity = figure.quantity;
        let text = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
        let title = |of: &Option<(String, Option<String>)>| match of {
            Some((zh, en)) => text(labels::title(t, zh, en.as_deref()).to_owned()),
            None => Cell::Empty,
        };
        let opt = |value: &Option<String>| text(value.clone().unwrap_or_default());
        let number = |mantissa: i64| Cell::Number { mantissa, decimals: quantity.unit.decimals() };
        let day = |day: Option<jiff::civil::Date>| day.map_or(Cell::Empty, Cell::Date);
        let titles = row.documents.iter().map(|(_, title)| title);
        let closed = row.closed.then(|| t.evidence_closed());
        let documents: Vec<_> = titles.chain(&row.citations).map(String::as_str).chain(closed).collect();
        vec![
            match &self.base {
                Some(base) => Cell::Link { text: row.code.clone(), url: format!("{base}{}", row.code) },
                None => text(row.code.clone()),
            },
            text(labels::measure(t, figure.measure).to_owned()),
            text(labels::role(t, figure.role).to_owned()),
            text(format::approx_word(t, quantity.approx).to_owned()),
            number(quantity.low),
            quantity.high.map_or(Cell::Empty, number),
            text(format::unit_label(t, quantity.unit).to_owned()),
            text(self.labels.all_regions(&figure.hosts)),
            text(self.labels.all_regions(&figure.supporters)),
            title(&row.organisation),
            title(&row.event),
            text(format::time_kind(t, figure.period.kind).to_owned()),
            day(figure.period.from),
            day(figure.period.to),
            opt(&row.phrase),
            day(figure.published),
            text(labels::status(t, figure.status).label),
            text(documents.join("；")),
        ]
    }
}
