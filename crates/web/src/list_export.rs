//! A list of records as a file: its filter, its order, its columns, all of its rows.

use crate::failure::{self, Failure};
use crate::list_filters::Bar;
use crate::list_query::ListQuery;
use crate::list_sheet::{self, Sheet};
use crate::lists::{kind_of, path_of};
use crate::values::kind_label;
use crate::visit::{Visit, Wants, Within};
use crate::{Config, WebState, export, redirect};
use app::{Actor, App, Beside, Entry, EntryRows, ExportFormat, Exported};
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use locale::Locale;
use std::sync::Arc;

/// `GET lists/{kind}/export.xlsx`
pub(crate) async fn xlsx(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    file(&within, &kind, &headers, query, ExportFormat::Xlsx).await
}

/// `GET lists/{kind}/export.csv`
pub(crate) async fn csv(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    file(&within, &kind, &headers, query, ExportFormat::Csv).await
}

/// `GET lists/{kind}/export.jsonl`
pub(crate) async fn json_lines(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    file(&within, &kind, &headers, query, ExportFormat::JsonLines).await
}

async fn file(
    within: &Within,
    kind: &str,
    headers: &HeaderMap,
    query: Option<String>,
    format: ExportFormat,
) -> Result<Response, Failure> {
    let query = ListQuery::parse(&query.unwrap_or_default());
    let base = export::base(within, headers, "records/");
    match written(within, kind, &query, format, base).await? {
        Ok(exported) => Ok(export::answer(within, kind, format, exported.file)),
        // The list says what is wrong with the filter.
        Err(_) => Ok(redirect::to(&query.address(&path_of(within, kind_of(kind)?), &[], &[]))),
    }
}

/// The file, or what is wrong with the filter.
async fn written(
    within: &Within,
    kind: &str,
    query: &ListQuery,
    format: ExportFormat,
    base: Option<String>,
) -> Result<Result<Exported, String>, Failure> {
    let kind = kind_of(kind)?;
    let labels = within.labels().await?;
    let asked = query.asked(within, &labels, kind).await?;
    if !asked.problems.is_empty() {
        let problems: Vec<String> =
            asked.problems.iter().map(|(name, problem)| format!("{name}: {problem}")).collect();
        return Ok(Err(problems.join("; ")));
    }
    let words = Bar { within, labels: &labels, kind, query, asked: &asked }.in_words();
    let sheet = Sheet::new(within, base, &labels, kind, query);
    let t = within.locale;
    let lines = export::measure_lines(t, sheet.measures()).chain(export::rule_lines(t));
    let about = export::about_list(within, kind_label(t, kind), words, lines.collect::<Vec<_>>()).await?;
    let columns = sheet.columns();
    let cells = |entry: &Entry, beside: &Beside| sheet.cells(entry, beside);
    let line = |entry: &Entry, beside: &Beside| sheet.line(entry, beside);
    let rows = match format.table() {
        Some(format) => {
            EntryRows::Table { format, columns: &columns, about, cells: &cells, closing: &Vec::new }
        }
        None => EntryRows::Lines(&line),
    };
    let what = (asked.filter, query.sort(kind));
    let all = list_sheet::all_columns(query);
    Ok(Ok(within.app().entry_export(&within.actor, within.id(), what, all, rows).await?))
}

/// What is taken out of a list at the command line.
#[derive(Debug)]
pub struct ListExport<'a> {
    /// Code of the programme.
    pub programme: &'a str,
    /// Code of the kind.
    pub kind: &'a str,
    /// Filter, order and columns, as in the address of the list.
    pub query: &'a str,
    /// The format.
    pub format: ExportFormat,
    /// The language of headings and labels.
    pub locale: Locale,
}

/// Writes a list into a temporary file, as its page does.
///
/// # Errors
/// A sentence for who asks: no such programme or kind, a filter that is not understood, a right that is missing.
pub async fn export_list(app: &App, actor: Actor, of: &ListExport<'_>) -> Result<Exported, String> {
    let said = |error: app::Error| failure::message(of.locale, &error);
    let programme = Arc::new(app.programme(of.programme).await.map_err(said)?);
    actor.require(programme.id, app::Right::View).map_err(said)?;
    let words = match programme.has_labels {
        true => app.setting_labels(&actor, programme.id).await.map_err(said)?.rows,
        false => Vec::new(),
    };
    let actor = Arc::new(actor);
    let state = WebState { app: app.clone(), config: Config::default(), clock: Timestamp::now };
    let visit = Visit {
        state,
        locale: of.locale,
        path: String::new(),
        wants: Wants::Page,
        flash: None,
        opened: None,
        actor: Some(actor.clone()),
        programme: Some(programme.clone()),
        needs: None,
    };
    let within = Within { visit, actor, programme, locale: of.locale, words };
    let query = ListQuery::parse(of.query);
    match written(&within, of.kind, &query, of.format, None).await {
        Ok(written) => written,
        Err(Failure::App(error)) => Err(failure::message(of.locale, &error)),
        Err(Failure::PageNotFound) => Err(of.locale.cli_export_kind(of.kind)),
        Err(other) => Err(format!("{other:?}")),
    }
}
