//! The one list, for every kind of record.

use crate::failure::Failure;
use crate::labels::{Labels, choice};
use crate::list_columns::{Columns, cell, name_heading};
use crate::list_filters::Bar;
use crate::list_query::ListQuery;
use crate::values::{Show, choice_label, kind_label, link_to, one_label};
use crate::visit::Within;
use crate::{board, bulk, list_views, map, redirect};
use app::{Entry, EntryPage, RecordKind, Right, SavedView, edit_right, export_right};
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use pages::{Choice, Link, List, ListRow, ViewConfirm};

/// Lines of a page.
pub(crate) const PAGE: i64 = 50;

/// The query of a list without conditions: where no view of the user's is opened.
const RESET: &str = "all";

/// The kind that an address names.
pub(crate) fn kind_of(code: &str) -> Result<RecordKind, Failure> {
    RecordKind::described().find(|kind| kind.code() == code).ok_or(Failure::PageNotFound)
}

/// Where the list of a kind stands.
pub(crate) fn path_of(within: &Within, kind: RecordKind) -> String {
    within.to(&format!("lists/{}", kind.code()))
}

/// `GET lists/{kind}`
pub(crate) async fn show(
    within: Within,
    Path((_, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let kind = kind_of(&kind)?;
    let saved = within.app().view_list(&within.actor, within.id(), kind.code()).await?;
    let query = match (query, list_views::default_of(&saved)) {
        (None, Some(view)) if !view.query.is_empty() => {
            return Ok(redirect::to(&format!("{}?{}", path_of(&within, kind), view.query)));
        }
        (query, _) => ListQuery::parse(&query.unwrap_or_default()),
    };
    let (status, list) = page(&within, kind, &query, &saved).await?;
    Ok((status, Html(list.render())).into_response())
}

/// The page of a list with a view that was not saved: it asks whether one of its name is to be replaced, or says what is
/// wrong with the name.
pub(crate) async fn view_refused(
    within: &Within,
    kind: &str,
    query: &ListQuery,
    (confirm, name, error): (Option<ViewConfirm>, &str, String),
) -> Result<String, Failure> {
    let saved = within.app().view_list(&within.actor, within.id(), kind).await?;
    let (_, mut list) = page(within, kind_of(kind)?, query, &saved).await?;
    if let Some(views) = &mut list.views {
        (views.confirm, views.name, views.error) = (confirm, name.to_owned(), error);
    }
    list.shell.path = query.address(&list.address, &[], &[]);
    Ok(list.render())
}

/// The page of a list with a bulk change that was refused.
pub(crate) async fn refused(within: &Within, kind: RecordKind, sent: &bulk::Sent) -> Result<String, Failure> {
    let query = sent.query();
    let saved = within.app().view_list(&within.actor, within.id(), kind.code()).await?;
    let (_, mut list) = page(within, kind, &query, &saved).await?;
    list.bulk = bulk::bar(within, kind, &query, Some(sent));
    list.shell.path = query.address(&list.address, &[], &[]);
    Ok(list.render())
}

/// The page of a list; what is wrong with the query stands at its filters.
async fn page(
    within: &Within,
    kind: RecordKind,
    query: &ListQuery,
    saved: &[SavedView],
) -> Result<(StatusCode, List), Failure> {
    let labels = within.labels().await?;
    let asked = query.asked(within, &labels, kind).await?;
    let bar = Bar { within, labels: &labels, kind, query, asked: &asked };
    let (sort, path) = (query.sort(kind), path_of(within, kind));
    let columns = Columns::chosen(kind, query);
    let mut list = List {
        shell: within.shell_of(kind.code()).await?,
        title: kind_label(within.locale, kind).to_owned(),
        address: path.clone(),
        reset: format!("{path}?{RESET}"),
        state: query.state(),
        filters: bar.filters(),
        chips: bar.chips(&path),
        new: new_button(within, kind),
        duplicates: duplicates_button(within, kind),
        exports: exports(within, kind, query),
        views: Some(list_views::views(within, (kind.code(), &path), query, saved)),
        displays: displays(within, kind, query, &path),
        name_column: name_heading(within, sort, query, &path),
        column_choices: columns.choices(within.locale),
        ..List::default()
    };
    let status = if asked.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let app = within.app();
    let is_archived = asked.filter.archived;
    if query.get("view") == "map" {
        let counts = app.entry_regions(&within.actor, within.id(), asked.filter).await?;
        list.map = Some(map::of_counts(within, &labels, kind, &counts, query, &path));
        return Ok((status, list));
    }
    if query.get("view") == "board" && board::has_board(kind) {
        let asked = (asked.filter, sort);
        list.board = Some(board::board(within, &labels, asked, query, &path).await?);
        return Ok((status, list));
    }
    let cursor = query.cursor();
    let found = app.entry_list(&within.actor, within.id(), asked.filter, sort, cursor.as_ref(), PAGE).await?;
    list.columns = columns.heads(within, sort, query, &path);
    list.rows = rows(within, &labels, &columns, &found);
    list.bulk = bulk::bar(within, kind, query, None).filter(|_| !is_archived);
    list.first = cursor.is_some().then(|| query.address(&path, &[], &[]));
    list.next = found.next.map(|next| {
        let id = next.id.to_string();
        query.address(&path, &[], &[("after", &id), ("after_key", &next.key)])
    });
    Ok((status, list))
}

/// Where records of a kind that are told apart by a code of their own may be stored twice.
fn duplicates_button(within: &Within, kind: RecordKind) -> Option<Link> {
    let has_key = kind.fields().iter().any(|field| field.key);
    (has_key && within.may(Right::MergeRecord)).then(|| Link {
        label: within.locale.duplicates_title().to_owned(),
        href: within.to(&format!("duplicates?kind={}", kind.code())),
    })
}

fn new_button(within: &Within, kind: RecordKind) -> Option<Link> {
    within.actor.may_keep(within.id(), edit_right(kind), kind).then(|| Link {
        label: within.locale.list_new(one_label(within.locale, kind)),
        href: within.to(&format!("lists/{}/new", kind.code())),
    })
}

/// The formats that a list is offered in, with the ends of their names.
pub(crate) const EXPORTS: [(&str, &str); 3] =
    [("Excel (.xlsx)", "xlsx"), ("CSV", "csv"), ("JSON Lines", "jsonl")];

fn exports(within: &Within, kind: RecordKind, query: &ListQuery) -> Vec<Link> {
    if !within.may(export_right(kind)) {
        return Vec::new();
    }
    let link = |(label, extension): (&str, &str)| Link {
        label: label.to_owned(),
        href: query.address(&within.to(&format!("lists/{}/export.{extension}", kind.code())), &["view"], &[]),
    };
    let mut links: Vec<Link> = EXPORTS.map(link).into();
    let address = within.to(&format!("lists/{}/export.xlsx", kind.code()));
    links.push(Link {
        label: within.locale.export_all_columns().to_owned(),
        href: query.address(&address, &["view", "column"], &[("columns", "all")]),
    });
    if kind == RecordKind::Project {
        let (label, href) = (within.locale.schedule_title().to_owned(), within.to("schedule"));
        links.push(Link { label, href: query.address(&href, &["view", "column"], &[]) });
    }
    if kind == RecordKind::Opportunity {
        let (label, href) = (within.locale.prospectus_title().to_owned(), within.to("prospectus"));
        links.push(Link { label, href: query.address(&href, &["view", "column"], &[]) });
    }
    links
}

fn displays(within: &Within, kind: RecordKind, query: &ListQuery, path: &str) -> Vec<(Link, bool)> {
    let t = within.locale;
    let mut displays = vec![("", t.view_table())];
    if board::has_board(kind) {
        displays.push(("board", t.view_board()));
    }
    displays.push(("map", t.view_map()));
    let shown = query.get("view");
    let link = |(view, label): (&str, &str)| {
        let set: &[(&str, &str)] = if view.is_empty() { &[] } else { &[("view", view)] };
        (Link { label: label.to_owned(), href: query.address(path, &["view"], set) }, view == shown)
    };
    displays.into_iter().map(link).collect()
}

fn rows(within: &Within, labels: &Labels, columns: &Columns, page: &EntryPage) -> Vec<ListRow> {
    let show = Show { within, labels, names: &page.names };
    let row = |entry: &Entry| {
        let link = link_to(within, &entry.record);
        ListRow {
            code: entry.record.code.clone(),
            title: link.label,
            href: link.href,
            sub: entry.record.code.clone(),
            depth: 0,
            cells: columns.shown().iter().map(|of| cell(&show, entry, *of)).collect(),
        }
    };
    page.entries.iter().map(row).collect()
}

/// The label of one of a list of choices, for people.
pub(crate) fn choices(within: &Within, list: &[domain::record::Choice], selected: &str) -> Vec<Choice> {
    list.iter().map(|of| choice(of.code, choice_label(within, of), selected)).collect()
}
