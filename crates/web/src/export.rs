//! Lists as files: the file as an answer, and what its last sheet says of it: filter, who, when, what its measures mean, by
//! which rule its sums are counted, and that it is working data.

use crate::answer;
use crate::download::{FileKind, saved_as};
use crate::failure::Failure;
use crate::format;
use crate::labels;
use crate::totals;
use crate::visit::{Within, programme_name};
use app::{About, ExportFormat};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::Measure;
use domain::tally::DEFAULT_RULE;
use locale::Locale;
use std::fs::File;
use std::io::Read;
use std::sync::{Arc, Mutex};

const PIECE_BYTES: u64 = 1 << 18;

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
        (t.list_export_note_label(), t.list_export_note().to_owned()),
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

/// What measures count, a line each.
pub(crate) fn measure_lines(
    t: Locale,
    measures: impl IntoIterator<Item = Measure>,
) -> impl Iterator<Item = (String, String)> {
    measures.into_iter().map(move |measure| {
        let label = labels::measure(t, measure);
        (t.export_measure(label), labels::definition(t, measure).to_owned())
    })
}

/// By which rule figures are added, and why one is left out.
pub(crate) fn rule_lines(t: Locale) -> [(String, String); 2] {
    let reasons = totals::reasons(t).join("; ");
    [(t.counting_rule().to_owned(), t.counting_rule_words(DEFAULT_RULE)), (t.total_why().to_owned(), reasons)]
}

/// An object without the keys whose value is not known.
pub(crate) fn without_unknown(object: &mut serde_json::Value) {
    if let Some(object) = object.as_object_mut() {
        object.retain(|_, value| !value.is_null());
    }
}
