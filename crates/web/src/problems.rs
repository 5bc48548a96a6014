//! The problem list of projects 问题清单: on a page for print on A4 across, as .docx and .xlsx, and solved in place (销号).

use crate::brochure::docx_on;
use crate::failure::{self, Failure};
use crate::form_body::pairs;
use crate::labels::{self, Labels};
use crate::list_query::ListQuery;
use crate::redirect;
use crate::schedule::workbook;
use crate::values::{Show, link_to, plain, status};
use crate::visit::{Within, programme_name};
use app::{Block, Entry, PROBLEMS_LIMIT, Paper, ProblemState, Problems, RecordKind, Right};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, Response};
use domain::RecordKind::{Problem, Project};
use pages::{Cell, Link, ProblemRow, ProblemsPage, Tone, picked_code};

/// What an address asks for, found.
struct Found {
    state: ProblemState,
    problems: Problems,
    labels: Labels,
    note: String,
}

async fn found(within: &Within, query: &ListQuery) -> Result<Found, Failure> {
    let t = within.locale;
    let labels = within.labels().await?;
    let state = ProblemState::from_code(query.get("state")).unwrap_or_default();
    let typed = query.get("region");
    let region = labels.names.region_named(picked_code(typed)).filter(|_| !typed.is_empty());
    if region.is_none() && !typed.is_empty() {
        return Err(app::Error::NotFound.into());
    }
    let region = region.map(|region| region.id);
    let problems = within.app().problem_list(&within.actor, within.id(), state, region).await?;
    let place = region.map(|region| labels.region(region));
    let words = [Some(state_label(t, state).to_owned()), place].into_iter().flatten();
    Ok(Found { state, problems, note: words.collect::<Vec<_>>().join(" · "), labels })
}

fn state_label(t: locale::Locale, state: ProblemState) -> &'static str {
    t.by_key(&format!("problems_{}", state.code())).unwrap_or_default()
}

/// `GET problems?state=&region=`
pub(crate) async fn show(within: Within, RawQuery(query): RawQuery) -> Result<Html<String>, Failure> {
    let query = ListQuery::parse(&query.unwrap_or_default());
    let t = within.locale;
    let found = found(&within, &query).await?;
    let to = |rest: &str| query.address(&within.to(rest), &[], &[]);
    let mut links = vec![Link { label: t.back().to_owned(), href: within.to("lists/problem") }];
    if within.may(Right::Export) {
        links.push(Link { label: ".docx".to_owned(), href: to("problems.docx") });
        links.push(Link { label: ".xlsx".to_owned(), href: to("problems.xlsx") });
    }
    let state = |state: ProblemState| {
        let href = query.address(&within.to("problems"), &["state"], &[("state", state.code())]);
        (Link { label: state_label(t, state).to_owned(), href }, state == found.state)
    };
    let page = ProblemsPage {
        shell: within.shell_of("problems").await?,
        publisher: programme_name(t, &within.programme).to_owned(),
        date: within.today().to_string(),
        states: ProblemState::ALL.map(state).into(),
        heads: heads(&within),
        rows: rows(&within, &found),
        more: more(&within, &found),
        note: found.note,
        links,
    };
    Ok(Html(page.render()))
}

fn more(within: &Within, found: &Found) -> String {
    if found.problems.more { within.locale.problems_more(PROBLEMS_LIMIT) } else { String::new() }
}

fn heads(within: &Within) -> Vec<String> {
    let t = within.locale;
    [
        t.schedule_number(),
        t.schedule_project(),
        t.problems_problem(),
        t.problems_kind(),
        t.problems_owner(),
        t.problems_patron(),
        t.problems_task_force(),
        t.problems_found(),
        t.problems_due(),
        t.problems_late(),
        t.problems_remedy(),
        t.state(),
    ]
    .map(str::to_owned)
    .into()
}

fn rows(within: &Within, found: &Found) -> Vec<ProblemRow> {
    let may = within.may(Right::EditRecord);
    let today = within.today();
    let show = Show { within, labels: &found.labels, names: &found.problems.names };
    let row = |(number, entry): (usize, &Entry)| {
        let project = entry.id("project").and_then(|id| found.problems.projects.get(&id));
        let is_open = entry.text("status") == Some("open");
        ProblemRow {
            number,
            project: project.map(|project| link_to(within, &project.record)),
            problem: link_to(within, &entry.record),
            cells: cells(&show, entry, project),
            state: status(within, entry),
            solve: (may && is_open)
                .then(|| (within.to(&format!("records/{}/solve", entry.record.code)), today.to_string())),
        }
    };
    (1..).zip(&found.problems.entries).map(row).collect()
}

fn cells(show: &Show<'_>, entry: &Entry, project: Option<&Entry>) -> Vec<Cell> {
    let t = show.within.locale;
    let of = |entry: Option<&Entry>, kind: RecordKind, code: &str| match (entry, kind.field(code)) {
        (Some(entry), Some(field)) => show.cell(entry, field),
        _ => Cell::Unknown,
    };
    let own = |code: &str| of(Some(entry), Problem, code);
    let owner = match own("owner") {
        Cell::Unknown => of(project, Project, "owner"),
        known => known,
    };
    let today = show.within.today();
    let open = entry.text("status") == Some("open");
    let late = entry.day("due_on").filter(|day| open && *day < today);
    let late = late.map(|day| Cell::Text(t.problems_days(i64::from((today - day).get_days()))));
    vec![
        own("kind"),
        owner,
        of(project, Project, "patron"),
        of(project, Project, "task_force"),
        own("found_on"),
        own("due_on"),
        late.unwrap_or_else(|| Cell::Text("—".to_owned())),
        own("remedy"),
    ]
}

/// The table as plain words.
fn table(within: &Within, found: &Found) -> Vec<Vec<String>> {
    let t = within.locale;
    let words = |cell: &Cell| match plain(cell) {
        text if text.is_empty() => t.unknown().to_owned(),
        text => text,
    };
    let line = |row: &ProblemRow| {
        let project = row.project.as_ref().map_or(t.not_open_to_you(), |link| link.label.as_str());
        let head = [row.number.to_string(), project.to_owned(), row.problem.label.clone()];
        let state = row.state.as_ref().map(|state| state.label.clone()).unwrap_or_default();
        head.into_iter().chain(row.cells.iter().map(words)).chain([state]).collect()
    };
    rows(within, found).iter().map(line).collect()
}

/// `GET problems.docx`
pub(crate) async fn docx(within: Within, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let t = within.locale;
    let query = ListQuery::parse(&query.unwrap_or_default());
    let found = found(&within, &query).await?;
    let day = within.today();
    let mut blocks = vec![
        Block::Heading(1, t.problems_title().to_owned()),
        Block::Text(format!("{} · {day} · {}", programme_name(t, &within.programme), found.note)),
        Block::Table(heads(&within), table(&within, &found)),
    ];
    blocks.extend(Some(more(&within, &found)).filter(|more| !more.is_empty()).map(Block::Text));
    blocks.extend(within.watermark().await?.map(Block::Text));
    docx_on(Paper::A4Landscape, &blocks, "luodi-problems")
}

/// `GET problems.xlsx`
pub(crate) async fn xlsx(within: Within, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = ListQuery::parse(&query.unwrap_or_default());
    let found = found(&within, &query).await?;
    let widths = [5, 26, 30, 12, 20, 12, 18, 12, 12, 12, 30, 10];
    let sheet = (heads(&within), &widths[..], table(&within, &found));
    let title = (within.locale.problems_title(), found.note.as_str());
    workbook(&within, Paper::A4Landscape, title, sheet, "problems").await
}

/// `POST records/{code}/solve`
pub(crate) async fn solve(
    within: Within,
    Path((_, code)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Failure> {
    let t = within.locale;
    let sent = pairs(&body);
    let get = |key: &str| sent.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str());
    let next = match get("next") {
        "" => within.to(&format!("records/{code}")),
        next => redirect::local(next).to_owned(),
    };
    let day = get("solved_on").trim();
    match within.app().problem_solve(&within.actor, within.id(), &code, day).await {
        Ok((record, change)) => {
            let words = t.problems_solved(labels::pick_title(t, &record));
            Ok(match change.filter(|_| within.may(Right::Undo)) {
                Some(change) => redirect::with_undo(&within.visit, &next, &words, change),
                None => redirect::with_flash(&within.visit, &next, Tone::Good, &words),
            })
        }
        Err(app::Error::Form(problems)) => {
            let words: Vec<String> = problems.iter().map(|of| failure::problem(t, of)).collect();
            Ok(redirect::with_flash(&within.visit, &next, Tone::Bad, &words.join(" ")))
        }
        Err(error) => Err(error.into()),
    }
}
