//! Lights of projects: what turned, and why.

use askama::Template;

use crate::{Link, Shell, Tone, page};

/// The turns of a programme, or of one project.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "lights.html")]
pub struct Lights {
    pub shell: Shell,
    pub crumbs: Vec<Link>,
    /// The project, where only its turns are shown; else empty.
    pub project: String,
    /// Today's turns, then those of the days before; of one project all in one.
    pub groups: Vec<LightGroup>,
}

/// Turns under one heading.
#[derive(Debug, Clone, Default)]
pub struct LightGroup {
    pub label: String,
    pub rows: Vec<LightRow>,
}

/// One turn.
#[derive(Debug, Clone, Default)]
pub struct LightRow {
    pub day: String,
    pub project: Link,
    pub code: String,
    /// Empty for the first light of a project.
    pub from: String,
    pub to: String,
    pub tone: Tone,
    /// Why, a line each.
    pub causes: Vec<String>,
}

page!(Lights);
