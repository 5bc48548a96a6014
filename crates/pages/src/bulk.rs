//! What a bulk change would do, before it is done.

use askama::Template;

use crate::{Link, Shell, page};

/// The preview of a bulk change: POST `action` with `hidden` does it, as one change that can be undone. The answer
/// of that is the list again with a [`crate::Flash`] whose link leads to the change.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "bulk.html")]
pub struct BulkPreview {
    pub shell: Shell,
    pub crumbs: Vec<Link>,
    /// The field that changes.
    pub field: String,
    /// Its new value, as people read it.
    pub value: String,
    pub reason: String,
    /// Records that change, with those first that cannot; at most some hundreds are listed.
    pub rows: Vec<BulkRow>,
    /// How many change in all, listed or not.
    pub changing: usize,
    /// How many cannot be changed, listed or not.
    pub refused: usize,
    /// How many have the value already, and stay as they are.
    pub same: usize,
    pub action: String,
    /// What was chosen, to be sent again, with the version of each record.
    pub hidden: Vec<(String, String)>,
    /// The list, as it was left.
    pub back: String,
}

/// One record of the preview.
#[derive(Debug, Clone, Default)]
pub struct BulkRow {
    pub record: Link,
    pub code: String,
    /// Empty is unknown.
    pub before: String,
    /// Empty is unknown.
    pub after: String,
    /// Why it cannot be changed; empty where it can.
    pub refused: String,
}

impl BulkPreview {
    pub(crate) fn unlisted(&self) -> usize {
        (self.changing + self.refused).saturating_sub(self.rows.len())
    }
}

page!(BulkPreview);
