//! The schedule sheet of projects 调度表: for print on A3 across, as .docx and as .xlsx.

use crate::brochure::docx_on;
use crate::download::{FileKind, saved_as};
use crate::export;
use crate::failure::Failure;
use crate::labels::{self, Labels};
use crate::list_filters::Bar;
use crate::list_query::ListQuery;
use crate::values::{Show, plain};
use crate::visit::{Within, programme_name};
use app::{Block, Entry, Paper, RecordKind, Right, SCHEDULE_LIMIT, Schedule, TableSheet, write_table};
use axum::extract::RawQuery;
use axum::response::{Html, IntoResponse, Response};
use domain::RecordKind::Project;
use pages::{Cell, Link, SchedulePage, ScheduleRow};

/// `GET schedule`: of the projects that the query of their list shows.
pub(crate) async fn show(within: Within, RawQuery(query): RawQuery) -> Result<Html<String>, Failure> {
    let query = ListQuery::parse(&query.unwrap_or_default());
    let t = within.locale;
    let (schedule, labels, note) = of(&within, &query).await?;
    let back = query.address(&within.to("lists/project"), &[], &[]);
    let mut links = vec![Link { label: t.back().to_owned(), href: back }];
    if within.may(Right::Export) {
        for end in [".docx", ".xlsx"] {
            let href = query.address(&within.to(&format!("schedule{end}")), &[], &[]);
            links.push(Link { label: end.to_owned(), href });
        }
    }
    let page = SchedulePage {
        shell: within.shell_of(RecordKind::Project.code()).await?,
        publisher: programme_name(t, &within.programme).to_owned(),
        date: within.today().to_string(),
        note,
        heads: heads(&within),
        rows: rows(&within, &labels, &schedule),
        more: if schedule.more { t.schedule_more(SCHEDULE_LIMIT) } else { String::new() },
        links,
    };
    Ok(Html(page.render()))
}

/// `GET schedule.docx`
pub(crate) async fn docx(within: Within, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = ListQuery::parse(&query.unwrap_or_default());
    let t = within.locale;
    let (schedule, labels, note) = of(&within, &query).await?;
    let rows = rows(&within, &labels, &schedule);
    let mut blocks = vec![
        Block::Heading(1, t.schedule_title().to_owned()),
        Block::Text(format!("{} · {} · {note}", programme_name(t, &within.programme), within.today())),
        Block::Table(heads(&within), rows.iter().map(words).collect()),
    ];
    if schedule.more {
        blocks.push(Block::Text(t.schedule_more(SCHEDULE_LIMIT)));
    }
    blocks.extend(within.watermark().await?.map(Block::Text));
    docx_on(Paper::A3Landscape, &blocks, "luodi-schedule")
}

/// `GET schedule.xlsx`
pub(crate) async fn xlsx(within: Within, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = ListQuery::parse(&query.unwrap_or_default());
    let (schedule, labels, note) = of(&within, &query).await?;
    let rows: Vec<Vec<String>> = rows(&within, &labels, &schedule).iter().map(words).collect();
    let widths = [5, 26, 14, 20, 14, 10, 26, 16, 30, 24, 20];
    let t = within.locale;
    let note = match schedule.more {
        true => format!("{note} · {}", t.schedule_more(SCHEDULE_LIMIT)),
        false => note,
    };
    let sheet = (heads(&within), &widths[..], rows);
    workbook(&within, Paper::A3Landscape, (t.schedule_title(), &note), sheet, "schedule").await
}

/// A line as plain words.
fn words(row: &ScheduleRow) -> Vec<String> {
    let first = [row.number.to_string(), row.project.label.clone()];
    first.into_iter().chain(row.cells.iter().map(plain)).collect()
}

/// A table as a workbook for print: its heads, their widths and its rows; a second sheet says whose it is, the filter, the time,
/// who asked, and that it is for work and no statistics.
pub(crate) async fn workbook(
    within: &Within,
    paper: Paper,
    (title, note): (&str, &str),
    (heads, widths, rows): (Vec<String>, &[u16], Vec<Vec<String>>),
    name: &str,
) -> Result<Response, Failure> {
    let t = within.locale;
    let rule = (t.schedule_rule_label().to_owned(), t.schedule_rule().to_owned());
    let about = export::about_list(within, title, note.to_owned(), [rule]).await?;
    let facts = format!("{} · {} · {note}", programme_name(t, &within.programme), within.today());
    let table = TableSheet { title, facts: &facts, heads: &heads, widths, rows: &rows };
    let bytes =
        write_table(paper, &table, &about).map_err(|_| Failure::Bug("a workbook could not be written"))?;
    Ok((saved_as(FileKind::Xlsx, &format!("luodi-{}-{name}", within.programme.code)), bytes).into_response())
}

/// What the query asks for, and the filter in words.
async fn of(within: &Within, query: &ListQuery) -> Result<(Schedule, Labels, String), Failure> {
    let labels = within.labels().await?;
    let asked = query.asked(within, &labels, Project).await?;
    let note = Bar { within, labels: &labels, kind: Project, query, asked: &asked }.in_words();
    let (actor, sort) = (&within.actor, query.sort(Project));
    let schedule = within.app().project_schedule(actor, within.id(), asked.filter, sort).await?;
    Ok((schedule, labels, note))
}

fn heads(within: &Within) -> Vec<String> {
    let t = within.locale;
    [
        t.schedule_number(),
        t.schedule_project(),
        t.region(),
        t.schedule_investor(),
        t.schedule_amount(),
        t.schedule_stage(),
        t.schedule_plan(),
        t.schedule_progress(),
        t.schedule_problems(),
        t.schedule_next(),
        t.schedule_owner(),
    ]
    .map(str::to_owned)
    .into()
}

fn rows(within: &Within, labels: &Labels, schedule: &Schedule) -> Vec<ScheduleRow> {
    let show = Show { within, labels, names: &schedule.names };
    let row = |(number, entry): (usize, &Entry)| ScheduleRow {
        number,
        project: Link {
            label: labels::pick_title(within.locale, &entry.record).to_owned(),
            href: within.to(&format!("records/{}", entry.record.code)),
        },
        cells: cells(&show, entry, schedule),
    };
    (1..).zip(&schedule.entries).map(row).collect()
}

fn cells(show: &Show<'_>, entry: &Entry, schedule: &Schedule) -> Vec<Cell> {
    let t = show.within.locale;
    let field = |code: &str| Project.field(code).map_or(Cell::Unknown, |field| show.cell(entry, field));
    let words = |code: &str| match field(code) {
        Cell::Unknown => None,
        cell => Some(plain(&cell)),
    };
    let lines = |lines: Vec<String>| match lines.is_empty() {
        true => Cell::Unknown,
        false => Cell::Long(lines.join("\n")),
    };
    let dated = [
        (t.schedule_start(), "start_planned", "started_on"),
        (t.schedule_complete(), "complete_planned", "completed_on"),
        (t.schedule_produce(), "production_planned", "production_on"),
    ];
    let plan = dated.into_iter().filter_map(|(label, planned, met)| match (words(planned), words(met)) {
        (None, None) => None,
        (Some(planned), None) => Some(format!("{label} {planned}")),
        (planned, Some(met)) => {
            Some(t.schedule_met(label, planned.unwrap_or_else(|| t.unknown().to_owned()), met))
        }
    });
    let progress = words("progress").map(|of| match words("progress_on") {
        Some(day) => format!("{of} ({day})"),
        None => of,
    });
    let problems = schedule.problems.get(&entry.record.id).into_iter().flatten().map(|problem| {
        let due = problem.day("due_on").map(|day| format!(" ({day})")).unwrap_or_default();
        let title = labels::pick_title(t, &problem.record);
        format!("{}{due}", problem.text("description").unwrap_or(title))
    });
    let next = [words("next_step"), words("next_on")].into_iter().flatten().collect();
    let mut owners: Vec<String> = ["owner", "team", "patron"].into_iter().filter_map(words).collect();
    owners.dedup();
    vec![
        field("region"),
        field("investor"),
        show.amount(entry.amount),
        field("stage"),
        lines(plan.collect()),
        lines(progress.into_iter().collect()),
        match problems.collect::<Vec<_>>() {
            none if none.is_empty() => Cell::Text("—".to_owned()),
            some => Cell::Long(some.join("\n")),
        },
        lines(next),
        lines(owners),
    ]
}
