//! The schedule sheet of projects: one line a project, for A3 across.

use askama::Template;

use crate::{Cell, Link, Shell, page};

/// The sheet of a list of projects.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "schedule.html")]
pub struct SchedulePage {
    pub shell: Shell,
    pub publisher: String,
    pub date: String,
    /// The filter in words.
    pub note: String,
    /// Number, project, and one for each of a row's cells.
    pub heads: Vec<String>,
    pub rows: Vec<ScheduleRow>,
    /// Says that there are more lines than one sheet takes; empty where there are not.
    pub more: String,
    pub links: Vec<Link>,
}

/// One project.
#[derive(Debug, Clone, Default)]
pub struct ScheduleRow {
    pub number: usize,
    pub project: Link,
    pub cells: Vec<Cell>,
}

page!(SchedulePage);
