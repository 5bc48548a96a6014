//! Forms made from fields: the record form, and the small forms inside a record's page, a list or a setting.
//!
//! A field is sent under its `name`; a control with several parts adds the names that [`Control`] tells. The
//! handler gives back what was typed with an `error` at the field; nothing is lost.

use askama::Template;
use askama::filters::HtmlSafe;
use locale::Locale;

use crate::{Choice, Link, Shell, page};

/// One field of a form.
#[derive(Debug, Clone, Default)]
pub struct FormField {
    pub name: String,
    pub label: String,
    /// What is expected, with an example; may be empty.
    pub hint: String,
    pub required: bool,
    /// What is wrong and what would be right; empty where nothing is.
    pub error: String,
    pub control: Control,
    /// Takes the whole width of the form.
    pub wide: bool,
}

impl FormField {
    /// The same field, which must be filled in.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// What a field is filled in with. Values are as typed, also where they are wrong.
#[derive(Debug, Clone)]
pub enum Control {
    /// One line: `name`.
    Text { value: String, max_length: u32 },
    /// A password: `name`; never given back.
    Password,
    /// Several lines: `name`.
    Long { value: String, max_length: u32 },
    /// One of a list: `name`. Where the field is not required, the empty choice 不详 is added by the template.
    Choice(Vec<Choice>),
    /// Any of a list as checkboxes: `name`, once for each.
    Many(Vec<Choice>),
    /// A sector of GB/T 4754 as an indented list of sections and divisions: `name` is its code.
    Sector(Vec<Choice>),
    /// A record or region: `name` as [`picked`] writes it; `suggest` answers with [`Suggestions`].
    Record { value: String, suggest: String },
    /// A day: `name`, as `2026-03-31`.
    Date(String),
    /// A number with a fixed unit: `name`.
    Quantity { value: String, unit: String },
    /// Yes or no: `name` = `yes` when checked. `text` stands behind the box.
    Flag { checked: bool, text: String },
    /// An amount: `name`, `name_unit`, `name_approx`.
    Amount { value: String, unit: Vec<Choice>, approx: Vec<Choice> },
    /// Records with a role each: `name` and `name_role`, once for every row, empty rows too, in the same order.
    /// Give at least one blank row more than there are records, so that one can be added without script.
    Links { rows: Vec<LinkRow>, role_label: String, suggest: String },
    /// A file; the form is then sent as `multipart/form-data`. `accept` as in HTML; may be empty.
    File { accept: String },
}

impl Default for Control {
    fn default() -> Self {
        Self::Text { value: String::new(), max_length: 200 }
    }
}

/// One row of [`Control::Links`].
#[derive(Debug, Clone, Default)]
pub struct LinkRow {
    /// As [`picked`] writes it; empty in a blank row.
    pub record: String,
    /// Roles with the one of this row selected; empty where links have none.
    pub roles: Vec<Choice>,
    /// What is wrong with this row; may be empty.
    pub error: String,
}

const PICKED: &str = " · ";

/// A record as a picker's field holds it: `云川州绿谷产业园 · YQ-2026-000012`. People may also type a code alone.
#[must_use]
pub fn picked(title: &str, code: &str) -> String {
    if code.is_empty() { title.to_owned() } else { format!("{title}{PICKED}{code}") }
}

/// What to look a picker's field up by: the code behind the last ` · `, or the whole text, which is a code or an
/// exact name.
#[must_use]
pub fn picked_code(text: &str) -> &str {
    text.rsplit_once(PICKED).map_or(text, |(_, code)| code).trim()
}

/// The answer to a picker: GET `suggest` with `q` = what is typed so far (may be empty). Ten rows are enough.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "suggestions.html")]
pub struct Suggestions {
    pub locale: Locale,
    pub rows: Vec<Suggestion>,
}

/// One record that may be meant.
#[derive(Debug, Clone, Default)]
pub struct Suggestion {
    pub code: String,
    pub title: String,
    /// What tells it from others of the name: kind, region; may be empty.
    pub note: String,
}

/// Some fields under a heading.
#[derive(Debug, Clone, Default)]
pub struct FormSection {
    /// Empty for a form of one section.
    pub label: String,
    /// May be empty.
    pub hint: String,
    pub fields: Vec<FormField>,
}

/// A small form inside a page: add a figure, attach a document, add a party, move to the next stage.
#[derive(Debug, Clone, Default)]
pub struct InlineForm {
    /// Distinguishes it from the other forms of the page, and its fields from theirs: `add-figure`.
    pub id: String,
    /// What it does, as the words that open it.
    pub label: String,
    pub action: String,
    pub hidden: Vec<(String, String)>,
    pub fields: Vec<FormField>,
    /// Words of its button.
    pub submit: String,
    /// Open because it holds errors or an answer to read.
    pub open: bool,
}

/// Entering or editing one record: POST `action`. The answer to wrong input is this page again, with `errors`
/// and each field's `error`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "record_form.html")]
pub struct RecordForm {
    pub shell: Shell,
    pub crumbs: Vec<Link>,
    /// `新建推介项目`, `编辑 …`.
    pub title: String,
    /// May be empty.
    pub intro: String,
    pub action: String,
    /// Where giving up leads.
    pub cancel: String,
    /// Sent as `version`; empty for a new record. After a conflict it is the version that was just shown.
    pub version: String,
    pub hidden: Vec<(String, String)>,
    pub sections: Vec<FormSection>,
    /// What is wrong with the whole rather than with one field.
    pub errors: Vec<String>,
    pub conflict: Option<Conflict>,
    pub duplicates: Option<Duplicates>,
    pub protected: Option<Protected>,
    /// Some(what was typed) where the change asks for a `reason`.
    pub reason: Option<String>,
    /// Words of the button; empty: 保存.
    pub submit: String,
}

/// Somebody else saved while this was typed. Fields that only one of the two changed hold that change; for each that
/// both changed the user chooses: `keep_{name}` = `mine` or `theirs` (of a field's `name`; the field itself holds
/// what the user typed). Nothing of either is lost: what is not kept stands in the history.
#[derive(Debug, Clone, Default)]
pub struct Conflict {
    pub who: String,
    pub when: String,
    pub fields: Vec<ConflictField>,
}

/// A field that both changed; texts as people read them.
#[derive(Debug, Clone, Default)]
pub struct ConflictField {
    pub name: String,
    pub label: String,
    /// As it stood when the user opened the form.
    pub opened: String,
    pub theirs: String,
    pub mine: String,
    /// `theirs` or `mine` once it was chosen; nothing is chosen beforehand.
    pub keep: String,
}

/// Records that may be the one being entered. The form is sent again with `different` = `yes` to enter it all the same.
#[derive(Debug, Clone, Default)]
pub struct Duplicates {
    pub rows: Vec<Duplicate>,
    /// Whether it may be entered all the same (not where the credit code is the same).
    pub may_continue: bool,
    pub different: bool,
}

/// One record that may be the same.
#[derive(Debug, Clone, Default)]
pub struct Duplicate {
    pub record: Link,
    pub code: String,
    /// One line about it: kind, region, credit code.
    pub facts: String,
    /// What speaks for it: `名称相同`, `简称相同，注册地相同`.
    pub reasons: Vec<String>,
}

/// The enterprise is registered by another team (首谈登记): all that this user learns of it.
#[derive(Debug, Clone, Default)]
pub struct Protected {
    pub enterprise: String,
    pub since: String,
    /// Whom to ask: team, office, how to reach it.
    pub ask: String,
}

/// One error of the summary above a form, leading to its field.
pub(crate) struct Mistake<'a> {
    pub href: String,
    pub label: &'a str,
    pub error: &'a str,
}

impl RecordForm {
    pub(crate) fn mistakes(&self) -> Vec<Mistake<'_>> {
        let fields = self.sections.iter().flat_map(|section| &section.fields);
        fields
            .filter(|field| !field.error.is_empty())
            .map(|field| Mistake {
                href: format!("#{}", field.view(&self.shell.locale, "f").id()),
                label: &field.label,
                error: &field.error,
            })
            .collect()
    }

    pub(crate) fn multipart(&self) -> bool {
        self.sections.iter().any(|section| has_file(&section.fields))
    }
}

impl InlineForm {
    pub(crate) fn multipart(&self) -> bool {
        has_file(&self.fields)
    }

    pub(crate) fn view(&self, t: &Locale) -> InlineFormView<'_> {
        InlineFormView { t: *t, form: self }
    }
}

fn has_file(fields: &[FormField]) -> bool {
    fields.iter().any(|field| matches!(field.control, Control::File { .. }))
}

impl FormField {
    pub(crate) fn view<'a>(&'a self, t: &Locale, prefix: &'a str) -> FieldView<'a> {
        FieldView { t: *t, prefix, field: self }
    }

    /// Whether its parts need a common legend rather than one label.
    fn grouped(&self) -> bool {
        matches!(self.control, Control::Many(_) | Control::Amount { .. } | Control::Links { .. })
    }
}

#[derive(Template)]
#[template(path = "part/field.html")]
pub(crate) struct FieldView<'a> {
    t: Locale,
    prefix: &'a str,
    field: &'a FormField,
}

impl FieldView<'_> {
    pub(crate) fn id(&self) -> String {
        format!("{}-{}", self.prefix, self.field.name)
    }

    /// The attributes that tie a control to its hint and its error.
    fn described(&self) -> Described {
        let id = self.id();
        Described {
            hint: if self.field.hint.is_empty() { String::new() } else { format!("{id}-hint") },
            error: if self.field.error.is_empty() { String::new() } else { format!("{id}-error") },
            required: self.field.required,
        }
    }
}

impl HtmlSafe for FieldView<'_> {}

#[derive(Template)]
#[template(
    source = r#"{% if !hint.is_empty() || !error.is_empty() %} aria-describedby="{{ hint }}{% if !hint.is_empty() && !error.is_empty() %} {% endif %}{{ error }}"{% endif %}{% if !error.is_empty() %} aria-invalid="true"{% endif %}{% if required %} required{% endif %}"#,
    ext = "html"
)]
pub(crate) struct Described {
    hint: String,
    error: String,
    required: bool,
}

impl HtmlSafe for Described {}

/// What is wrong with one field of a form that is drawn by hand; no words where nothing is.
#[derive(Debug, Clone, Default)]
pub struct Wrong {
    pub field: String,
    pub words: String,
}

impl Wrong {
    pub(crate) fn is_some(&self) -> bool {
        !self.words.is_empty()
    }

    fn id(&self, form: &str, field: &str) -> String {
        if self.is_some() && self.field == field { format!("{form}-{field}-error") } else { String::new() }
    }

    /// The attributes that tie a control to its error.
    pub(crate) fn tied(&self, form: &str, field: &str) -> Described {
        Described { hint: String::new(), error: self.id(form, field), required: false }
    }

    /// The error, to stand at its control.
    pub(crate) fn said(&self, form: &str, field: &str) -> Said {
        Said { id: self.id(form, field), words: self.words.clone() }
    }
}

#[derive(Template)]
#[template(
    source = r#"{% if !id.is_empty() %}<span class="field-error" id="{{ id }}">{{ words }}</span>{% endif %}"#,
    ext = "html"
)]
pub(crate) struct Said {
    id: String,
    words: String,
}

impl HtmlSafe for Said {}

#[derive(Template)]
#[template(path = "part/inline_form.html")]
pub(crate) struct InlineFormView<'a> {
    t: Locale,
    form: &'a InlineForm,
}

impl HtmlSafe for InlineFormView<'_> {}

page!(RecordForm, Suggestions);

#[cfg(test)]
mod tests {
    use super::{picked, picked_code};

    #[test]
    fn a_picked_record_is_found_by_its_code_and_typed_text_as_it_stands() {
        assert_eq!(picked_code(&picked("绿谷 · 东区", "YQ-2026-000012")), "YQ-2026-000012");
        assert_eq!(picked_code(" 绿谷产业园 "), "绿谷产业园");
        assert_eq!(picked("绿谷产业园", ""), "绿谷产业园");
    }
}
