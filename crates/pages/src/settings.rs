//! The settings of a programme: an overview, tables of rows that are edited together, and forms of switches.

use askama::Template;

use crate::{Cell, FormField, FormSection, InlineForm, Link, Shell, page};

/// What can be set, by sections.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "settings.html")]
pub struct Settings {
    pub shell: Shell,
    pub groups: Vec<SettingsGroup>,
}

/// Sections that belong together: `地区与机构`, `流程与口径`, `安全`.
#[derive(Debug, Clone, Default)]
pub struct SettingsGroup {
    pub label: String,
    pub sections: Vec<SettingsSection>,
}

/// One section, which has a page of its own or is a list of records.
#[derive(Debug, Clone, Default)]
pub struct SettingsSection {
    pub label: String,
    pub href: String,
    /// What is set now: `24 个地区`, `水印：开`.
    pub now: String,
    /// What it is for.
    pub hint: String,
}

/// Rows that are edited together: regions, labels, stages and gates, units. POST `action` sends the fields of all
/// rows; their names are unique in the table (`tile_col_yc`). Without an `action` the table is only shown.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "settings_table.html")]
pub struct SettingsTable {
    pub shell: Shell,
    pub crumbs: Vec<Link>,
    pub title: String,
    pub intro: String,
    pub columns: Vec<String>,
    pub rows: Vec<SettingsRow>,
    /// None where this user may not edit, or nothing here can be edited.
    pub action: Option<String>,
    /// Sent as `version`.
    pub version: String,
    pub add: Option<InlineForm>,
    /// The changes of these settings; empty where the user may not see them.
    pub audit_href: String,
}

/// One row of settings.
#[derive(Debug, Clone, Default)]
pub struct SettingsRow {
    /// The row's head: `云川州`, `签约`.
    pub label: String,
    /// Where it leads; may be None.
    pub href: Option<String>,
    /// Muted under the head: the code.
    pub sub: String,
    pub depth: u8,
    /// One a column.
    pub cells: Vec<SettingCell>,
    /// Where its removal is sent (with the table's fields, which say nothing there); None where it cannot be removed.
    pub remove: Option<String>,
    /// Something else that is done with the row: its label, and where it is sent.
    pub button: Option<(String, String)>,
}

/// A value that is shown, or a field that is edited. A field's label is read out but not shown: the column's head is.
#[derive(Debug, Clone)]
pub enum SettingCell {
    Shown(Cell),
    Field(FormField),
}

/// A form of settings: watermark, second factor, limits. POST `action`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "settings_form.html")]
pub struct SettingsForm {
    pub shell: Shell,
    pub crumbs: Vec<Link>,
    pub title: String,
    pub intro: String,
    pub sections: Vec<FormSection>,
    pub action: String,
    pub version: String,
    pub audit_href: String,
}

impl SettingsTable {
    pub(crate) fn column(&self, at: usize) -> &str {
        self.columns.get(at).map_or("", String::as_str)
    }

    pub(crate) fn removable(&self) -> bool {
        self.rows.iter().any(|row| row.remove.is_some())
    }
}

page!(Settings, SettingsTable, SettingsForm);
