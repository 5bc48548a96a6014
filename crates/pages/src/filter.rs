//! The filter bar of a list: typed controls whose state is the address's query.

use askama::Template;
use askama::filters::HtmlSafe;
use locale::Locale;

use crate::Choice;

/// One filter. Its values travel in the query under `name`, or under names made from it; see [`FilterControl`].
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub name: String,
    pub label: String,
    pub control: FilterControl,
    /// Stands in the popover 更多条件 instead of the bar.
    pub more: bool,
    /// What is wrong with its value and what would be right; empty where nothing is.
    pub error: String,
}

/// What a filter is chosen with.
#[derive(Debug, Clone)]
pub enum FilterControl {
    /// Free text: `name`. The first such filter of a list is its search field.
    Text { value: String, placeholder: String },
    /// One of a list: `name`. The empty choice 全部 is added by the template.
    One(Vec<Choice>),
    /// Any of a list: `name`, once for each.
    Many(Vec<Choice>),
    /// Days from and to: `name_from`, `name_to`, as `2026-03-31`.
    Days { from: String, to: String },
    /// Numbers from and to: `name_from`, `name_to`, as typed; `unit` stands behind, may be empty.
    Numbers { from: String, to: String, unit: String },
    /// A region with its children: `name` as [`crate::picked`] writes it, where `suggest` answers with
    /// [`crate::Suggestions`]; and `name_by` = `administrative` (default) or `geographic`, the parent by which children
    /// are found, where `geographic` is Some(whether it is chosen).
    Region { value: String, suggest: String, geographic: Option<bool> },
    /// A record: `name` as [`crate::picked`] writes it; `suggest` answers with [`crate::Suggestions`].
    Record { value: String, suggest: String },
}

impl Default for FilterControl {
    fn default() -> Self {
        Self::Text { value: String::new(), placeholder: String::new() }
    }
}

impl Filter {
    /// Whether a key of the query is this filter's.
    #[must_use]
    pub fn owns(&self, key: &str) -> bool {
        key.strip_prefix(self.name.as_str()).is_some_and(|rest| matches!(rest, "" | "_from" | "_to" | "_by"))
    }

    /// Whether anything is chosen.
    #[must_use]
    pub fn active(&self) -> bool {
        let chosen =
            |choices: &[Choice]| choices.iter().any(|choice| choice.selected && !choice.value.is_empty());
        match &self.control {
            FilterControl::Text { value, .. }
            | FilterControl::Record { value, .. }
            | FilterControl::Region { value, .. } => !value.is_empty(),
            FilterControl::One(choices) | FilterControl::Many(choices) => chosen(choices),
            FilterControl::Days { from, to } | FilterControl::Numbers { from, to, .. } => {
                !from.is_empty() || !to.is_empty()
            }
        }
    }

    /// How many of a list are chosen.
    pub(crate) fn chosen(&self) -> usize {
        match &self.control {
            FilterControl::Many(choices) => choices.iter().filter(|choice| choice.selected).count(),
            _ => 0,
        }
    }

    pub(crate) fn view(&self, t: &Locale) -> FilterView<'_> {
        FilterView { t: *t, filter: self }
    }
}

/// A condition that is active, above the table, with a link that removes it.
#[derive(Debug, Clone, Default)]
pub struct Chip {
    /// The filter: `地区`.
    pub label: String,
    /// What was chosen: `伊犁州及所属`.
    pub value: String,
    /// The list without this condition.
    pub remove: String,
}

#[derive(Template)]
#[template(path = "part/filter.html")]
pub(crate) struct FilterView<'a> {
    t: Locale,
    filter: &'a Filter,
}

impl HtmlSafe for FilterView<'_> {}
