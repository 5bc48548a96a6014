//! Sheets on their way in: the list, one import from its columns to what was written, and cells in their sheets.

use crate::failure::{self, Failure};
use crate::form_body::pairs;
use crate::import_map::{self, choice_of};
use crate::import_rows::{self, row_words};
use crate::upload::{Received, Receiver, too_large};
use crate::values::{field_label, kind_label, link_to};
use crate::visit::Within;
use crate::{answer, download, format, redirect};
use app::{CellOrigin, ImportState, ImportView, RecordKind, Right, RowState};
use axum::body::Bytes;
use axum::extract::{Multipart, Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use download::FileKind;
use pages::{Badge, ImportCell, ImportCells, ImportLine, ImportPage, Imports, Link, Tone};
use serde::Deserialize;
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::sync::{Arc, Mutex};

const PAGE: i64 = 50;
const PIECE_BYTES: u64 = 1 << 18;

/// The key of the next page.
#[derive(Deserialize)]
pub(crate) struct Before {
    before: Option<i64>,
}

/// Which rows a preview shows.
#[derive(Deserialize, Default)]
pub(crate) struct Shown {
    pub state: Option<String>,
    pub after: Option<i64>,
}

/// `GET imports`
pub(crate) async fn list(within: Within, Query(query): Query<Before>) -> Result<Html<String>, Failure> {
    Ok(Html(page_of_list(&within, query.before, String::new()).await?.render()))
}

async fn page_of_list(within: &Within, before: Option<i64>, error: String) -> Result<Imports, Failure> {
    let mut views = within.app().import_list(&within.actor, within.id(), before, PAGE + 1).await?;
    let more = views.len() > usize::try_from(PAGE).unwrap_or(0);
    views.truncate(usize::try_from(PAGE).unwrap_or(0));
    let last = views.last().filter(|_| more).map(|view| view.import.id);
    Ok(Imports {
        shell: within.shell_of("imports").await?,
        rows: views.iter().map(|view| line(within, view)).collect(),
        ledgers: ledgers(within),
        limit: format::size(within.visit.state.config.upload_limit_bytes),
        error,
        next: last.map(|last| within.to(&format!("imports?before={last}"))),
    })
}

/// The empty ledgers that can be filled in and brought back.
fn ledgers(within: &Within) -> Vec<Link> {
    let link = |(at, ledger): (usize, &app::Template)| Link {
        label: ledger.name.to_owned(),
        href: within.to(&format!("imports/ledgers/{}", at + 1)),
    };
    app::template_list().iter().enumerate().map(link).collect()
}

/// `GET imports/ledgers/{ledger}`
pub(crate) async fn ledger(_: Within, Path((_, number)): Path<(String, usize)>) -> Result<Response, Failure> {
    let ledgers = app::template_list();
    let ledger = number.checked_sub(1).and_then(|at| ledgers.get(at)).ok_or(app::Error::NotFound)?;
    let headers = download::saved_as(FileKind::Xlsx, ledger.name);
    Ok((headers, ledger.workbook()?).into_response())
}

pub(crate) fn line(within: &Within, view: &ImportView) -> ImportLine {
    let import = &view.import;
    let href = within.to(&format!("imports/{}", import.id));
    let counts = RowState::ALL.iter().filter_map(|state| {
        let count = view.counts.get(state).copied().filter(|count| *count > 0)?;
        let label = format!("{} {count}", import_rows::state_label(within.locale, *state));
        Some(Badge { label, tone: import_rows::state_tone(*state) })
    });
    ImportLine {
        file: Link { label: import.file_name.clone(), href },
        sheet: import.sheet_name.clone(),
        kind: kind_label(within.locale, view.kind).to_owned(),
        state: state(within, import.state),
        counts: counts.collect(),
        by: import.user_name.clone().unwrap_or_default(),
        at: format::instant(import.at, &within.zone()),
    }
}

fn state(within: &Within, state: ImportState) -> Badge {
    let label = within.locale.by_key(&format!("import_state_{}", state.code())).unwrap_or(state.code());
    let tone = match state {
        ImportState::Done => Tone::Good,
        ImportState::Failed => Tone::Bad,
        ImportState::Mapping | ImportState::Ready => Tone::Warn,
        state if state.is_busy() => Tone::Info,
        _ => Tone::Neutral,
    };
    Badge { label: label.to_owned(), tone }
}

/// `POST imports`
pub(crate) async fn add(within: Within, form: Multipart) -> Result<Response, Failure> {
    let mut receiver = Receiver::new(&within.visit, form);
    let mut opened = None;
    while let Some(part) = receiver.next().await? {
        match part {
            Received::File { name, file } if !name.is_empty() && opened.is_none() => {
                opened = Some(within.app().import_open(&within.actor, within.id(), file.path(), &name).await);
            }
            Received::TooLarge { name, limit_bytes } if opened.is_none() => {
                opened = Some(Err(too_large(&name, limit_bytes)));
            }
            _ => {}
        }
    }
    let words = match opened {
        Some(Ok(id)) => {
            let to = within.to(&format!("imports/{id}"));
            let words = within.locale.import_opened();
            return Ok(redirect::with_flash(&within.visit, &to, Tone::Good, words));
        }
        Some(Err(error @ app::Error::Refused { .. })) => failure::message(within.locale, &error),
        Some(Err(error)) => return Err(error.into()),
        None => within.locale.refusal_none_chosen().to_owned(),
    };
    let page = page_of_list(&within, None, words).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render())).into_response())
}

/// `GET imports/{id}`
pub(crate) async fn show(
    within: Within,
    Path((_, id)): Path<(String, i64)>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failure> {
    let view = within.app().import_get(&within.actor, within.id(), id).await?;
    let page = Html(page(&within, &view, &shown, Vec::new()).await?.render());
    // While somebody works on it the page loads itself again, with and without script.
    if view.import.state.is_busy() {
        return Ok(([(header::REFRESH, "2")], page).into_response());
    }
    Ok(page.into_response())
}

async fn page(
    within: &Within,
    view: &ImportView,
    shown: &Shown,
    mut errors: Vec<String>,
) -> Result<ImportPage, Failure> {
    let (t, import) = (within.locale, &view.import);
    let count = |state: RowState| view.counts.get(&state).copied().unwrap_or(0);
    errors.extend(import.error.as_ref().map(|(code, args)| why(within, &import.file_name, code, args)));
    let maps = matches!(import.state, ImportState::Mapping | ImportState::Failed);
    let asks_again = shown.state.as_deref() == Some("columns") && import.state == ImportState::Ready;
    let previews =
        matches!(import.state, ImportState::Ready | ImportState::Done | ImportState::Undone) && !asks_again;
    let is_empty = import.state == ImportState::Ready && view.counts.values().sum::<i64>() == 0;
    let mapping = match maps || asks_again || is_empty {
        true => Some(import_map::form(within, view).await?),
        false => None,
    };
    errors.extend(is_empty.then(|| t.import_no_data().to_owned()));
    let preview = match previews && !is_empty {
        true => Some(import_rows::preview(within, view, shown).await?),
        false => None,
    };
    let done = match import.state {
        ImportState::Done => t.import_done(count(RowState::New), count(RowState::Changed)),
        _ => String::new(),
    };
    let writes = matches!(import.state, ImportState::Writing);
    Ok(ImportPage {
        shell: within.shell_of("imports").await?,
        href: within.to(&format!("imports/{}", import.id)),
        line: line(within, view),
        busy: import.state.is_busy().then_some(import.done),
        total: writes.then(|| count(RowState::New) + count(RowState::Changed)).filter(|total| *total > 0),
        errors,
        mapping,
        preview,
        done,
        change: import.change.filter(|_| import.state == ImportState::Done && within.may(Right::Undo)),
        can_cancel: !matches!(
            import.state,
            ImportState::Settling
                | ImportState::Done
                | ImportState::Cancelled
                | ImportState::Undone
                | ImportState::Cancelling
        ),
    })
}

/// What went wrong with an import.
fn why(within: &Within, file: &str, code: &str, args: &str) -> String {
    let t = within.locale;
    let args: Value = serde_json::from_str(args).unwrap_or_default();
    let text = |key: &str| {
        args.get(key).map_or(String::new(), |of| of.as_str().map_or(of.to_string(), str::to_owned))
    };
    match code {
        "changed-meanwhile" => {
            let rows = args.get("rows").and_then(Value::as_array).into_iter().flatten();
            let rows: Vec<String> = rows.filter_map(|row| Some(row.get(0)?.to_string())).collect();
            t.import_error_changed(rows.join("、"))
        }
        "rule" => {
            let problem = app::RowProblem {
                field: text("field"),
                code: text("code"),
                hint: text("hint"),
                ..app::RowProblem::default()
            };
            t.import_error_rule(format!("{} {}", text("field"), row_words(within, None, &problem)))
        }
        _ if args.get("row").is_some() => t.import_error_row(text("row")),
        "broken-sheet" => t.import_error_broken().to_owned(),
        code => crate::refusal::message(t, file, code, &[]),
    }
}

/// `POST imports/{id}/mapping`
pub(crate) async fn map(
    within: Within,
    Path((_, id)): Path<(String, i64)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let sent = pairs(&body);
    let mut view = within.app().import_get(&within.actor, within.id(), id).await?;
    let choice = choice_of(&view, &sent);
    let (app, actor, programme) = (within.app(), &within.actor, within.id());
    let to = within.to(&format!("imports/{id}"));
    if sent.iter().any(|(name, value)| name == "do" && value == "again") {
        let kind = RecordKind::from_code(&choice.kind).filter(|kind| app::is_importable(*kind));
        let kind = kind.ok_or(Failure::BadRequest)?;
        app.import_propose(actor, programme, id, (kind, Some(choice.mapping.header))).await?;
        return Ok(redirect::to(&to));
    }
    match app.import_read(actor, programme, id, &choice).await {
        Ok(()) => Ok(redirect::with_flash(&within.visit, &to, Tone::Good, within.locale.import_started())),
        Err(app::Error::Form(problems)) => {
            view.kind = RecordKind::from_code(&choice.kind).unwrap_or(view.kind);
            view.mapping = choice.mapping;
            view.import.state = ImportState::Mapping;
            let errors = problems.iter().map(|problem| import_map::problem(within.locale, problem)).collect();
            let page = page(&within, &view, &Shown::default(), errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST imports/{id}/sheet`
pub(crate) async fn sheet(
    within: Within,
    Path((_, id)): Path<(String, i64)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let sent = pairs(&body);
    let at = sent.iter().find(|(name, _)| name == "sheet").and_then(|(_, at)| at.parse().ok());
    let at = at.ok_or(Failure::BadRequest)?;
    let new = within.app().import_open_sheet(&within.actor, within.id(), id, at).await?;
    Ok(redirect::to(&within.to(&format!("imports/{new}"))))
}

/// `POST imports/{id}/decide`
pub(crate) async fn decide(
    within: Within,
    Path((_, id)): Path<(String, i64)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let sent = pairs(&body);
    let get = |key: &str| sent.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str());
    let (app, actor, programme) = (within.app(), &within.actor, within.id());
    let to = within.to(&format!("imports/{id}?state=doubtful"));
    let decided = match get("decision").strip_prefix("all-") {
        Some(decision) => app.import_decide_all(actor, programme, id, decision).await?,
        None => {
            let row = get("row").parse().map_err(|_| Failure::BadRequest)?;
            app.import_decide(actor, programme, id, row, get("decision")).await?;
            1
        }
    };
    Ok(redirect::with_flash(&within.visit, &to, Tone::Good, &within.locale.import_decided(decided)))
}

/// `POST imports/{id}/commit`
pub(crate) async fn commit(
    within: Within,
    Path((_, id)): Path<(String, i64)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let sent = pairs(&body);
    let reason = sent.iter().find(|(name, _)| name == "reason").map_or("", |(_, value)| value.as_str());
    let to = within.to(&format!("imports/{id}"));
    match within.app().import_commit(&within.actor, within.id(), id, reason).await {
        Ok(()) => Ok(redirect::with_flash(&within.visit, &to, Tone::Good, within.locale.import_committed())),
        Err(app::Error::Form(problems)) => {
            let view = within.app().import_get(&within.actor, within.id(), id).await?;
            let errors = problems.iter().map(|problem| import_map::problem(within.locale, problem)).collect();
            let page = page(&within, &view, &Shown::default(), errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST imports/{id}/cancel`
pub(crate) async fn cancel(within: Within, Path((_, id)): Path<(String, i64)>) -> Result<Response, Failure> {
    within.app().import_cancel(&within.actor, within.id(), id).await?;
    let to = within.to("imports");
    Ok(redirect::with_flash(&within.visit, &to, Tone::Good, within.locale.import_given_up()))
}

/// `GET imports/{id}/file`
pub(crate) async fn file(within: Within, Path((_, id)): Path<(String, i64)>) -> Result<Response, Failure> {
    let (name, file) = within.app().import_bytes(&within.actor, within.id(), id).await?;
    let kind = FileKind::of_sheet(name.rsplit_once('.').map_or("", |(_, ending)| ending));
    Ok(bytes(kind, &saved_name(&within, id, "sheet"), file))
}

/// `GET imports/{id}/wrong.xlsx`
pub(crate) async fn wrong(within: Within, Path((_, id)): Path<(String, i64)>) -> Result<Response, Failure> {
    let view = within.app().import_get(&within.actor, within.id(), id).await?;
    let (reason, kind) = (within.locale.import_reason(), Some(view.kind));
    let words = |problem: &app::RowProblem| row_words(&within, kind, problem);
    let file = within.app().import_wrong_rows(&within.actor, within.id(), id, (reason, &words)).await?;
    Ok(bytes(FileKind::Xlsx, &saved_name(&within, id, "wrong"), file))
}

fn saved_name(within: &Within, id: i64, what: &str) -> String {
    format!("luodi-{}-import-{id}-{what}", within.programme.code)
}

fn bytes(kind: FileKind, name: &str, file: File) -> Response {
    let headers = download::saved_as(kind, name);
    let file = Arc::new(Mutex::new(file));
    let body = answer::pieces(move |_| {
        let file = file.clone();
        async move { tokio::task::spawn_blocking(move || piece(&file)).await.unwrap_or(Ok(None)) }
    });
    (headers, body).into_response()
}

fn piece(file: &Mutex<File>) -> app::Result<Option<Vec<u8>>> {
    let mut file = file.lock().map_err(|_| std::io::Error::other("a reader gave up"))?;
    let mut bytes = Vec::new();
    (&mut *file).take(PIECE_BYTES).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
}

/// Which column of a row is meant.
#[derive(Deserialize)]
pub(crate) struct Meant {
    column: Option<usize>,
}

/// `GET imports/{id}/rows/{row}`
pub(crate) async fn cell(
    within: Within,
    Path((_, id, row)): Path<(String, i64, u32)>,
    Query(meant): Query<Meant>,
) -> Result<Html<String>, Failure> {
    let (app, actor) = (within.app(), &within.actor);
    let (file_name, window) = app.import_window(actor, within.id(), id, row).await?;
    let own = app.import_get(actor, within.id(), id).await.is_ok();
    let letters = meant.column.and_then(|column| window.columns.get(column)).cloned().unwrap_or_default();
    let href = within.to(&format!("imports/{id}"));
    let back = match own {
        true => Link { label: file_name.clone(), href: href.clone() },
        false => Link { label: within.locale.nav_figures().to_owned(), href: within.to("figures") },
    };
    let rows = window.rows.into_iter().map(|of| (of.number, of.cells, of.is_hidden, of.number == row));
    Ok(Html(
        ImportCell {
            shell: within.shell_of("imports").await?,
            title: within.locale.import_cell_title(file_name, format!("{letters}{row}")),
            back,
            download: own.then(|| format!("{href}/file")),
            columns: window.columns,
            rows: rows.collect(),
            column: meant.column.unwrap_or(0),
            has_column: meant.column.is_some(),
        }
        .render(),
    ))
}

/// Where a value stands in the sheet that it came from.
pub(crate) fn cell_link(within: &Within, origin: &CellOrigin) -> Link {
    let (import, row, column) = (origin.import, origin.row, origin.column);
    let href = within.to(&format!("imports/{import}/rows/{row}?column={column}"));
    Link { label: origin.place(), href }
}

/// `GET records/{code}/cells`
pub(crate) async fn cells(
    within: Within,
    Path((_, code)): Path<(String, String)>,
) -> Result<Html<String>, Failure> {
    let (app, actor) = (within.app(), &within.actor);
    let (record, origins) = app.import_origins(actor, within.id(), &code).await?;
    let t = within.locale;
    let label = |field: &str| match field {
        "title" => t.import_name().to_owned(),
        "title_en" => t.import_name_en().to_owned(),
        "amount" => {
            record.kind.amount().map_or(String::new(), |of| crate::labels::pick(t, of.zh, of.en).to_owned())
        }
        code => record.kind.field(code).map_or(code.to_owned(), |field| field_label(t, field).to_owned()),
    };
    let rows = origins
        .iter()
        .map(|(field, origin)| (label(field), origin.file_name.clone(), cell_link(&within, origin)));
    Ok(Html(
        ImportCells {
            shell: within.shell_of(record.kind.code()).await?,
            record: link_to(&within, &record),
            rows: rows.collect(),
        }
        .render(),
    ))
}
