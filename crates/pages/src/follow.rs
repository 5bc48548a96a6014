//! What is to be done: tasks on a record, my day, the calendar of due days, the problem list.

use askama::Template;

use crate::{Badge, Choice, InlineForm, Link, PostButton, Shell, Tone, page};

/// The tasks of a record.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    pub rows: Vec<DueLine>,
    pub add: Option<InlineForm>,
}

/// Something to be done or to be known.
#[derive(Debug, Clone, Default)]
pub struct DueLine {
    /// The day, or when a notice came; empty where none is known.
    pub day: String,
    /// How far off it is: `逾期 3 天`; empty where that says nothing.
    pub when: Option<Badge>,
    /// What it is: `任务`, `项目节点`; empty where the heading says it.
    pub kind: String,
    pub what: Link,
    /// The project or record it belongs to.
    pub about: Option<Link>,
    /// Who is to do it, since when, why: parts of one line.
    pub notes: Vec<String>,
    pub is_done: bool,
    /// Done, seen: sent from here.
    pub buttons: Vec<PostButton>,
}

/// What somebody has before them today.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "day.html")]
pub struct DayPage {
    pub shell: Shell,
    /// My day, or the weekly summary.
    pub title: String,
    pub today: String,
    /// Whose days these are.
    pub whose: String,
    /// The parts that hold something, the most urgent first.
    pub groups: Vec<DayGroup>,
    pub links: Vec<Link>,
    /// Subscribes; None where nothing is sent.
    pub form: Option<InlineForm>,
    /// Sends again what failed.
    pub button: Option<PostButton>,
}

/// One part of a day.
#[derive(Debug, Clone, Default)]
pub struct DayGroup {
    /// The fragment it is found by.
    pub id: &'static str,
    pub label: String,
    pub tone: Tone,
    pub rows: Vec<DueLine>,
    /// Says that there are more than it shows; may be empty.
    pub more: String,
    /// Sees all of its notices.
    pub button: Option<PostButton>,
}

/// A month of due days.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "calendar.html")]
pub struct CalendarPage {
    pub shell: Shell,
    /// `2026-11`.
    pub month: String,
    pub label: String,
    pub before: Link,
    pub after: Link,
    pub now: Link,
    pub kinds: Vec<Choice>,
    /// As a picker's field holds it; may be empty.
    pub region: String,
    /// What is wrong with the region; may be empty.
    pub region_error: String,
    pub mine: bool,
    /// Seven labels, the first day of the week first.
    pub weekdays: Vec<String>,
    pub weeks: Vec<Vec<CalendarDay>>,
    pub count: usize,
    /// Says that not all are shown; may be empty.
    pub more: String,
    /// The file of all it shows; none for who may take nothing out.
    pub ics: Option<Link>,
}

/// One day of a month.
#[derive(Debug, Clone, Default)]
pub struct CalendarDay {
    /// As ISO text.
    pub date: String,
    pub number: String,
    pub weekday: String,
    /// Of another month.
    pub is_outside: bool,
    pub is_today: bool,
    /// What is shown at once, and what behind it.
    pub shown: Vec<DueLine>,
    pub behind: Vec<DueLine>,
}

/// The problem list of projects, a line a problem, for A4 across.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "problems.html")]
pub struct ProblemsPage {
    pub shell: Shell,
    pub publisher: String,
    pub date: String,
    /// The filter in words.
    pub note: String,
    /// The states that can be chosen, the one that is shown marked.
    pub states: Vec<(Link, bool)>,
    pub heads: Vec<String>,
    pub rows: Vec<ProblemRow>,
    pub more: String,
    pub links: Vec<Link>,
}

/// One problem.
#[derive(Debug, Clone, Default)]
pub struct ProblemRow {
    pub number: usize,
    pub project: Option<Link>,
    pub problem: Link,
    pub cells: Vec<crate::Cell>,
    pub state: Option<Badge>,
    /// Solves it as of a day: the address and the day offered; none for who may not.
    pub solve: Option<(String, String)>,
}

page!(DayPage, CalendarPage, ProblemsPage);
