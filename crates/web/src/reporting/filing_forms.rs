//! What is done with a filing: filling it in, submitting, reviewing, returning, approving, correcting, and taking a sheet.

use super::filing::{FORM, page};
use super::{line_label, line_unit_label, sheets};
use crate::failure::{self, Failure};
use crate::form_body::pairs;
use crate::redirect;
use crate::small_form::Refused;
use crate::upload::{Received, Receiver, too_large};
use crate::visit::Within;
use app::{
    CellEntry, FilingCell, FilingDetail, FilingFigure, FilingInput, ReportingLine, SHEET_BYTES, typed_value,
};
use axum::body::Bytes;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::reporting::{CellState, FilingState};
use locale::Locale;
use pages::{Control, FormField, InlineForm, PostButton, Tone};

type Address = Path<(String, String)>;

fn action(within: &Within, detail: &FilingDetail, rest: &str) -> String {
    within.to(&format!("filings/{}/{rest}", detail.filing.record.code))
}

fn version(detail: &FilingDetail) -> (String, String) {
    ("version".to_owned(), detail.filing.record.version.to_string())
}

/// Reviewing and approving, for who may now.
pub(super) fn buttons(within: &Within, detail: &FilingDetail) -> Vec<PostButton> {
    let t = within.locale;
    let button = |state: &FilingState| {
        let label = match state {
            FilingState::Reviewed => t.reporting_review(),
            FilingState::Approved => t.reporting_approve(),
            _ => return None,
        };
        let to = ("state".to_owned(), state.code().to_owned());
        let (label, action) = (label.to_owned(), action(within, detail, "state"));
        Some(PostButton { label, action, hidden: vec![to, version(detail)], tone: Tone::Good })
    };
    detail.next.iter().filter_map(button).collect()
}

/// Returning with a reason, and uploading the sheet.
pub(super) fn forms(within: &Within, detail: &FilingDetail, refused: &Refused) -> Vec<InlineForm> {
    let t = within.locale;
    let mut forms = Vec::new();
    if detail.next.contains(&FilingState::Returned) {
        let sent = refused.sent("return");
        let reason = Control::Text { value: sent.get("reason").to_owned(), max_length: 300 };
        let reason = sent.field(t, "reason", t.reason(), reason).required();
        forms.push(InlineForm {
            id: "return".to_owned(),
            label: t.reporting_return().to_owned(),
            action: action(within, detail, "state"),
            hidden: vec![("state".to_owned(), "returned".to_owned()), version(detail)],
            fields: vec![reason],
            submit: t.reporting_return().to_owned(),
            open: sent.is_open(),
        });
    }
    if detail.fillable {
        let sent = refused.sent("upload");
        let file = Control::File { accept: ".xlsx".to_owned() };
        let file = FormField {
            required: true,
            hint: t.reporting_upload_hint().to_owned(),
            ..sent.field(t, "file", t.file_label(), file)
        };
        forms.push(InlineForm {
            id: "upload".to_owned(),
            label: t.reporting_upload().to_owned(),
            action: action(within, detail, "upload"),
            fields: vec![file],
            submit: t.reporting_upload().to_owned(),
            open: sent.is_open(),
            ..InlineForm::default()
        });
    }
    forms
}

/// Correcting one value of an approved filing.
pub(super) fn correct_form(
    within: &Within,
    detail: &FilingDetail,
    (line, figure): (&ReportingLine, &FilingFigure),
    refused: &Refused,
) -> InlineForm {
    let t = within.locale;
    let id = format!("correct-{}", line.id);
    let sent = refused.sent(&id);
    let offered = typed_value(line, figure.low);
    let value = Control::Quantity {
        value: sent.get_or("value", &offered).to_owned(),
        unit: line_unit_label(t, line).to_owned(),
    };
    let reason = Control::Text { value: sent.get("reason").to_owned(), max_length: 300 };
    let field = |name: &str, label: &str, control| FormField {
        required: true,
        ..sent.field(t, name, label, control)
    };
    InlineForm {
        label: t.reporting_correct().to_owned(),
        action: action(within, detail, "correct"),
        hidden: vec![("line".to_owned(), line.id.to_string()), ("figure".to_owned(), figure.code.clone())],
        fields: vec![field("value", t.reporting_correct_value(), value), field("reason", t.reason(), reason)],
        submit: t.reporting_correct().to_owned(),
        open: sent.is_open(),
        id,
    }
}

/// Back to the filing, or its page with what was typed and what is wrong.
async fn answer(
    within: &Within,
    code: &str,
    done: app::Result<String>,
    mut refused: Refused,
) -> Result<Response, Failure> {
    let t = within.locale;
    match done {
        Ok(words) => {
            let to = within.to(&format!("filings/{code}"));
            return Ok(redirect::with_flash(&within.visit, &to, Tone::Good, &words));
        }
        Err(app::Error::Form(problems)) => refused.problems = problems,
        Err(error @ (app::Error::Refused { .. } | app::Error::OwnFigure)) => {
            refused.words.push(("filing", failure::message(t, &error)));
        }
        Err(error) => return Err(error.into()),
    }
    let others = ["filing-stale", "filing-gone", "round-closed"];
    let status = match refused.problems.iter().any(|of| others.contains(&of.code)) {
        true => StatusCode::CONFLICT,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, page(within, code, &refused).await?).into_response())
}

/// `POST filings/{code}`: keeps or submits what was typed, or puts what the ledger holds in its place.
pub(crate) async fn save(within: Within, Path((_, code)): Address, body: Bytes) -> Result<Response, Failure> {
    let t = within.locale;
    let mut refused = Refused::of(FORM, &body);
    let wanted = refused.sent(FORM).get("do").to_owned();
    if let Some(line) = wanted.strip_prefix("take-") {
        take(&within, &code, line, &mut refused.pairs).await?;
        return Ok(page(&within, &code, &refused).await?.into_response());
    }
    let input = FilingInput {
        version: refused.sent(FORM).get("version").parse().unwrap_or(0),
        cells: cells(&refused),
        note: refused.sent(FORM).get("note").to_owned(),
        submit: wanted == "submit",
    };
    let done = within.app().filing_save(&within.actor, within.id(), &code, &input).await;
    let words = if input.submit { t.reporting_submitted() } else { t.reporting_saved() };
    answer(&within, &code, done.map(|()| words.to_owned()), refused).await
}

/// What was typed, by line.
fn cells(refused: &Refused) -> Vec<CellEntry> {
    let sent = refused.sent(FORM);
    let ids = refused.pairs.iter().filter_map(|(name, _)| name.strip_prefix('v')?.parse::<i64>().ok());
    let entry = |line: i64| CellEntry {
        line,
        state: sent.get(&format!("s{line}")).to_owned(),
        value: sent.get(&format!("v{line}")).to_owned(),
        note: sent.get(&format!("n{line}")).to_owned(),
    };
    ids.map(entry).collect()
}

/// Puts what the ledger holds for a line in place of what was typed; nothing is kept yet.
async fn take(
    within: &Within,
    code: &str,
    line: &str,
    pairs: &mut [(String, String)],
) -> Result<(), Failure> {
    let detail = within.app().filing(&within.actor, within.id(), code).await?;
    let of = detail.lines.iter().find(|of| of.id.to_string() == line);
    let offer = of.and_then(|of| Some((of, detail.offers.get(&of.id)?)));
    if let Some((of, offer)) = offer {
        let value = typed_value(of, offer.sum.low);
        for (name, text) in pairs {
            if *name == format!("v{line}") {
                text.clone_from(&value);
            } else if *name == format!("s{line}") {
                "value".clone_into(text);
            }
        }
    }
    Ok(())
}

/// `POST filings/{code}/state`
pub(crate) async fn set_state(
    within: Within,
    Path((_, code)): Address,
    body: Bytes,
) -> Result<Response, Failure> {
    let refused = Refused::of("return", &body);
    let sent = refused.sent("return");
    let state = FilingState::from_code(sent.get("state")).ok_or(Failure::BadRequest)?;
    let version = sent.get("version").parse().unwrap_or(0);
    let reason = sent.get("reason").to_owned();
    let done = within.app().filing_move(&within.actor, within.id(), &code, state, &reason, version).await;
    let t = within.locale;
    let words = match state {
        FilingState::Reviewed => t.reporting_reviewed(),
        FilingState::Approved => t.reporting_approved(),
        _ => t.reporting_returned(),
    };
    answer(&within, &code, done.map(|()| words.to_owned()), refused).await
}

/// `POST filings/{code}/correct`
pub(crate) async fn correct(
    within: Within,
    Path((_, code)): Address,
    body: Bytes,
) -> Result<Response, Failure> {
    let pairs = pairs(&body);
    let line = pairs.iter().find(|(name, _)| name == "line").and_then(|(_, line)| line.parse::<i64>().ok());
    let line = line.unwrap_or(0);
    let form = format!("correct-{line}");
    let refused = Refused { form: form.clone(), pairs, ..Refused::default() };
    let sent = refused.sent(&form);
    let (of, with) = ((line, sent.get("figure")), (sent.get("value"), sent.get("reason")));
    let done = within.app().filing_correct(&within.actor, within.id(), &code, of, with).await;
    let done = done.map(|()| within.locale.reporting_correct_done().to_owned());
    answer(&within, &code, done, refused).await
}

/// `POST filings/{code}/upload`
pub(crate) async fn upload(
    within: Within,
    Path((_, code)): Address,
    form: Multipart,
) -> Result<Response, Failure> {
    let t = within.locale;
    let refused = Refused { form: "upload".to_owned(), ..Refused::default() };
    let file = match received(&within, form).await? {
        Some(file) => file,
        None => Err(app::Error::Form(vec![app::Problem {
            field: "file".to_owned(),
            code: "missing",
            hint: String::new(),
        }])),
    };
    let done = match file {
        Ok((name, bytes)) => {
            let detail = within.app().filing(&within.actor, within.id(), &code).await?;
            let words: Vec<_> = Locale::ALL.iter().map(|t| sheets::words(*t, &detail.lines)).collect();
            let file = (name.as_str(), bytes);
            within.app().filing_take_sheet(&within.actor, within.id(), &code, file, &words).await
        }
        Err(error) => Err(error),
    };
    let done = done.map(|taken| t.reporting_upload_done(taken.said, taken.changed));
    answer(&within, &code, done, refused).await
}

type File = app::Result<(String, Vec<u8>)>;

/// The first file that was sent, within the limit.
async fn received(within: &Within, form: Multipart) -> Result<Option<File>, Failure> {
    let mut file = None;
    let mut receiver = Receiver::new(&within.visit, form);
    while let Some(part) = receiver.next().await? {
        match part {
            Received::File { name, file: received } if !name.is_empty() && file.is_none() => {
                let bytes = tokio::fs::read(received.path()).await.map_err(app::Error::from)?;
                let limit = SHEET_BYTES as u64;
                let is_small = bytes.len() <= SHEET_BYTES;
                file = Some(if is_small { Ok((name, bytes)) } else { Err(too_large(&name, limit)) });
            }
            Received::TooLarge { name, limit_bytes } => file = Some(Err(too_large(&name, limit_bytes))),
            Received::File { .. } | Received::Text { .. } => {}
        }
    }
    Ok(file)
}

/// A form that was refused stands under the address it was sent to: asked for again, that is the filing.
pub(crate) async fn back(within: Within, Path((_, code)): Address) -> Result<Response, Failure> {
    within.app().filing(&within.actor, within.id(), &code).await?;
    Ok(redirect::to(&within.to(&format!("filings/{code}"))))
}

/// What a line is, for a sheet: its name and what it holds already.
pub(super) fn sheet_line(t: Locale, line: &ReportingLine, cell: Option<&FilingCell>) -> app::FormLine {
    let cell = cell.map(|cell| &cell.input);
    let state = match cell.map(|cell| cell.state) {
        Some(CellState::None) => t.reporting_none_here(),
        Some(CellState::Unknown) => t.reporting_not_known(),
        _ => "",
    };
    app::FormLine {
        key: line.id,
        label: line_label_with_time(t, line),
        unit: line_unit_label(t, line).to_owned(),
        value: cell.and_then(|cell| cell.value).map(|value| typed_value(line, value)).unwrap_or_default(),
        state: state.to_owned(),
        note: cell.and_then(|cell| cell.note.clone()).unwrap_or_default(),
    }
}

/// What a sheet calls a line: its name and how its time is meant.
pub(super) fn line_label_with_time(t: Locale, line: &ReportingLine) -> String {
    format!("{} · {}", line_label(t, line), super::line_note(t, line))
}
