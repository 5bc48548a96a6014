//! All quotes that speak of a record.

use askama::Template;

use crate::{Link, Mention, Shell, page};

/// The quotes that speak of a record, a page of them.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "mentions.html")]
pub struct Mentions {
    pub shell: Shell,
    /// The list of its kind.
    pub kind: Link,
    pub record: Link,
    /// Newest first.
    pub rows: Vec<Mention>,
    pub next: Option<String>,
}

page!(Mentions);
