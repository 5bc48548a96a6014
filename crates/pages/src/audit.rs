//! The audit page of a record: every change to it.

use askama::Template;

use crate::{Link, Shell, page};

/// Changes to one record, newest first.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "audit.html")]
pub struct Audit {
    pub shell: Shell,
    /// The record: its title and page.
    pub record: Link,
    pub changes: Vec<ChangeRow>,
    pub next: Option<String>,
}

/// One change. Undo: POST `changes/{id}/undo` with `reason` and `next` (this page's path).
#[derive(Debug, Clone, Default)]
pub struct ChangeRow {
    pub id: String,
    pub when: String,
    pub who: String,
    /// What was done, in words.
    pub kind: String,
    /// May be empty.
    pub reason: String,
    pub items: Vec<ChangeItem>,
    /// This user may undo it now.
    pub undoable: bool,
    /// The change that undid it.
    pub undone_by: Option<String>,
    /// The change it undid.
    pub undoes: Option<String>,
}

/// One field before and after. A creation has the whole row as one item with an empty `before`.
#[derive(Debug, Clone, Default)]
pub struct ChangeItem {
    pub record: Link,
    pub field: String,
    pub before: String,
    pub after: String,
}

page!(Audit);
