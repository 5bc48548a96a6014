//! Small views that many pages share.

use askama::Template;
use askama::filters::HtmlSafe;

/// An amount as people read it, with the exact value one hover or tap away.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/amount.html")]
pub struct Amount {
    /// The number in a readable unit: `390`, `246.18`, a range `30–50`.
    pub short: String,
    /// The exact value with its base unit: `39,000,000,000 元`.
    pub exact: String,
    /// The readable unit: `亿元`, `CNY bn`, `家企业`.
    pub unit: String,
    /// The approximation as a word before the number: `超`, `近`, `约`; empty for an exact value.
    pub approx: String,
}

impl HtmlSafe for Amount {}

/// How something is to be taken; decides its colour, never its words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Good,
    Warn,
    Bad,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A short word in a coloured pill: a status, a verdict.
#[derive(Debug, Clone, Default, Template)]
#[template(source = r#"<span class="badge {{ tone.class() }}">{{ label }}</span>"#, ext = "html")]
pub struct Badge {
    pub label: String,
    pub tone: Tone,
}

impl HtmlSafe for Badge {}

/// A link with its text.
#[derive(Debug, Clone, Default, Template)]
#[template(source = r#"<a href="{{ href }}">{{ label }}</a>"#, ext = "html")]
pub struct Link {
    pub label: String,
    pub href: String,
}

impl HtmlSafe for Link {}

/// One option of a select; `depth` indents it under its parent.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
    pub depth: u8,
}

impl Choice {
    pub(crate) fn indent(&self) -> String {
        "\u{3000}".repeat(usize::from(self.depth))
    }
}

/// One line of a list of facts. An empty value is shown as 不详, never as nothing.
#[derive(Debug, Clone, Default)]
pub struct Field {
    pub label: String,
    pub value: String,
    /// Where the value leads, if anywhere.
    pub href: Option<String>,
    /// A remark beside the value: how it was found, since when it holds; may be empty.
    pub note: String,
}

/// A quoted span with a little of its surroundings, leading to its place in the document.
#[derive(Debug, Clone, Default)]
pub struct Quote {
    pub before: String,
    pub quote: String,
    pub after: String,
    /// Title of the document and address of the reader anchored on the claim.
    pub document: Link,
    /// Publisher and date as one line; may be empty.
    pub published: String,
}
