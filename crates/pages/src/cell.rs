//! One value of a table or of a list of facts, by what it is.

use askama::Template;
use askama::filters::HtmlSafe;
use locale::Locale;

use crate::{Amount, Badge, Link};

/// A value ready to be read. An empty text is shown as 不详, like `Unknown`, and never as nothing.
#[derive(Debug, Clone, Default)]
pub enum Cell {
    /// Not known: 不详.
    #[default]
    Unknown,
    /// Does not apply here: a dash.
    Nothing,
    /// A code of a record or of a register, never broken.
    Code(String),
    /// Words; in a table on one line, cut off with the whole text one hover away.
    Text(String),
    /// Words that may take several lines, also in a table.
    Long(String),
    /// A number with its unit, not money: `1,200 亩`. Right-aligned by its column.
    Number(String),
    /// A day or a span of days.
    Day(String),
    Amount(Amount),
    /// An amount that opens to what makes it, at this address.
    Opens(Amount, String),
    /// Several amounts, of several measures or units, each on its own line: they are never added.
    Amounts(Vec<Amount>),
    Badge(Badge),
    Badges(Vec<Badge>),
    Link(Link),
    /// Several links; in a table on one line.
    Links(Vec<Link>),
}

impl Cell {
    /// A text, or unknown where there is none.
    #[must_use]
    pub fn text(value: Option<&str>) -> Self {
        value.filter(|text| !text.is_empty()).map_or(Self::Unknown, |text| Self::Text(text.to_owned()))
    }

    pub(crate) fn view(&self, t: &Locale) -> CellView<'_> {
        CellView { t: *t, cell: self }
    }

    /// The class of the table cell that holds it; its column says whether it is right-aligned.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Day(_) => "date",
            Self::Code(_) => "code",
            Self::Text(_) | Self::Link(_) | Self::Links(_) => "cut",
            Self::Long(_) => "long",
            _ => "",
        }
    }

    /// The whole text for the hover of a cell that is cut off.
    pub(crate) fn whole(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Link(link) => link.label.clone(),
            Self::Links(links) => links.iter().map(|link| link.label.as_str()).collect::<Vec<_>>().join("、"),
            _ => String::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "part/cell.html")]
pub(crate) struct CellView<'a> {
    t: Locale,
    cell: &'a Cell,
}

impl HtmlSafe for CellView<'_> {}
