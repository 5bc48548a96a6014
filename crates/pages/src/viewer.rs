//! The evidence viewer: a scan or photo, rectangles on it, and figures entered by hand.

use askama::Template;

use crate::{Choice, DocumentDetails, FigureRow, Flash, Shell, Wrong, page};

/// A scan with the form for a figure. POST `documents/{code}/figures`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "viewer.html")]
pub struct Viewer {
    pub shell: Shell,
    pub code: String,
    pub details: DocumentDetails,
    /// The image's address (`…/original`), None where a browser cannot show it as an image (PDF).
    pub image: Option<String>,
    /// The original file, always offered.
    pub original_href: String,
    pub pages: u32,
    /// Rectangles of figures already entered.
    pub rectangles: Vec<Rectangle>,
    pub form: FigureForm,
    pub figures: Vec<FigureRow>,
    pub notices: Vec<Flash>,
    pub can_enter: bool,
    pub can_edit: bool,
}

/// A rectangle on a page, in percent of the page's width and height with at most two decimals.
#[derive(Debug, Clone, Default)]
pub struct Rectangle {
    pub page: u32,
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    /// What it proves: the figure's measure and value.
    pub label: String,
    pub href: String,
}

/// A figure entered by hand. Field names are those of the struct, the rectangle's are `page`, `x`, `y`,
/// `width`, `height`.
#[derive(Debug, Clone, Default)]
pub struct FigureForm {
    pub measure: Vec<Choice>,
    pub value: String,
    pub value_max: String,
    pub unit: Vec<Choice>,
    pub approx: Vec<Choice>,
    pub role: Vec<Choice>,
    pub host: Vec<Choice>,
    pub supporter: Vec<Choice>,
    pub period_kind: Vec<Choice>,
    pub period_from: String,
    pub period_to: String,
    /// The period as the source words it.
    pub phrase: String,
    pub note: String,
    pub rectangle: Rectangle,
    /// Why the last try was refused.
    pub wrong: Wrong,
}

page!(Viewer);
