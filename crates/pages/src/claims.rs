//! Claims to review across all documents.

use askama::Template;

use crate::{Amount, Quote, Shell, page};

/// The list of open claims.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "claims.html")]
pub struct Claims {
    pub shell: Shell,
    pub rows: Vec<ReviewItem>,
    /// Open claims in all, beyond this page.
    pub open: usize,
    /// Open claims that tell of projects.
    pub news: usize,
    /// Whether only certain claims are shown (`?certain=1`).
    pub only_certain: bool,
    /// Address of the next page.
    pub next: Option<String>,
}

/// One open claim in a list. Its quote's link opens the reader on it.
#[derive(Debug, Clone, Default)]
pub struct ReviewItem {
    pub id: String,
    pub quote: Quote,
    pub measure: String,
    pub value: Amount,
    /// Label of the role when it is not `actual`; empty otherwise.
    pub role: String,
    /// Empty is unknown.
    pub place: String,
    /// Empty is unknown.
    pub period: String,
    pub certain: bool,
}

page!(Claims);
