//! The one-page brief of a project.

use askama::Template;

use crate::{Badge, Fact, Link, MeasureLine, RelatedRow, SheetSection, Shell, page};

/// A project on one upright page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "brief.html")]
pub struct BriefPage {
    pub shell: Shell,
    pub publisher: String,
    pub title: String,
    pub code: String,
    /// Region, park, sector as one line.
    pub place: String,
    pub light: Option<Badge>,
    /// Stage, amount, progress: what is looked for first.
    pub highlights: Vec<Fact>,
    /// What, who, when, what next.
    pub sections: Vec<SheetSection>,
    /// Planned and actual of each measure, each opening to its figures.
    pub money: Vec<MeasureLine>,
    /// Permits, milestones, open problems.
    pub groups: Vec<BriefGroup>,
    /// The address of a photo that is attached.
    pub photo: Option<String>,
    pub updated: String,
    pub links: Vec<Link>,
}

/// Records that belong to the project.
#[derive(Debug, Clone, Default)]
pub struct BriefGroup {
    pub label: String,
    pub rows: Vec<RelatedRow>,
    /// Says that there are more; may be empty.
    pub more: String,
}

page!(BriefPage);
