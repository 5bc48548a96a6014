//! Who saw business contacts.

use askama::Template;

use crate::{Shell, page};

/// Every look at contacts, the last first.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "contact_views.html")]
pub struct ContactViews {
    pub shell: Shell,
    /// The code of the contact that is asked for, or empty.
    pub contact: String,
    pub rows: Vec<ContactViewRow>,
    pub next: Option<String>,
}

/// One look.
#[derive(Debug, Clone, Default)]
pub struct ContactViewRow {
    pub when: String,
    pub who: String,
    pub programme: String,
    /// `列表`, `记录页`, `导出`.
    pub what: String,
    /// The first contacts by their codes, each with the address of who saw it.
    pub codes: Vec<(String, String)>,
    /// How many more, in words, or empty.
    pub more: String,
}

page!(ContactViews);
