//! Search: the page, and the hits that the dialog on every page shows as one types.

use askama::Template;
use askama::filters::HtmlSafe;
use locale::Locale;

use crate::{Shell, page};

/// The search page: GET `search?q=…`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    pub shell: Shell,
    pub hits: SearchHits,
}

/// What was found; also the fragment that is asked for while one types.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/search_hits.html")]
pub struct SearchHits {
    pub locale: Locale,
    /// What was typed; empty before.
    pub query: String,
    pub rows: Vec<SearchRow>,
    /// Whether there may be more than are shown.
    pub more: bool,
    /// Where all of them are, from a fragment that shows only the first.
    pub all: Option<String>,
}

impl HtmlSafe for SearchHits {}

/// One record that was found.
#[derive(Debug, Clone, Default)]
pub struct SearchRow {
    pub title: String,
    pub code: String,
    /// Label of its kind.
    pub kind: String,
    pub href: String,
    /// Where in a text, when that is where it was found.
    pub place: Option<SearchPlace>,
}

/// Words in their surroundings.
#[derive(Debug, Clone, Default)]
pub struct SearchPlace {
    /// Title of the attached document that holds them; empty where the record itself does.
    pub document: String,
    pub before: String,
    pub words: String,
    pub after: String,
}

page!(SearchPage, SearchHits);
