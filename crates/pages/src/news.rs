//! What documents tell of projects: the list to review, and the panel of one in the reader.

use askama::Template;

use crate::{
    ClaimState, Field, Flash, FormField, InlineForm, Link, PostButton, Proposed, Quote, Shell, Wrong, page,
};

/// The list of open project claims.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "news.html")]
pub struct News {
    pub shell: Shell,
    pub rows: Vec<NewsItem>,
    /// Open ones in all, beyond this page.
    pub open: usize,
    /// Address of the next page.
    pub next: Option<String>,
}

/// One open project claim; its quote's link opens the reader on it.
#[derive(Debug, Clone, Default)]
pub struct NewsItem {
    pub quote: Quote,
    pub name: String,
    /// `开工`, `投产（计划）`; empty is unknown.
    pub stage: String,
    pub owner: String,
    pub place: String,
    pub period: String,
}

/// What was understood of one project claim, and what can be done with it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/news_panel.html")]
pub struct NewsPanel {
    /// Only locale and programme are used.
    pub shell: Shell,
    pub id: String,
    pub state: ClaimState,
    pub quote: String,
    pub name: String,
    pub fields: Vec<Field>,
    pub trail: Vec<Field>,
    /// Other documents that tell the same.
    pub same: Vec<Link>,
    /// Projects that may be meant; their links show what would change.
    pub candidates: Vec<Proposed>,
    /// Choosing another project.
    pub pick: InlineForm,
    /// The form of a new project, filled in.
    pub new: Option<PostButton>,
    /// What would change of the project that was chosen.
    pub offer: Option<NewsOffer>,
    /// The reason as it was typed, and what is wrong with it, where rejecting was refused.
    pub reject_typed: String,
    pub reject_wrong: Wrong,
    pub can_review: bool,
    pub flash: Option<Flash>,
}

/// The changes that news would make of a project, to be ticked.
#[derive(Debug, Clone, Default)]
pub struct NewsOffer {
    /// `对“…”的变化`.
    pub label: String,
    pub project: Link,
    pub action: String,
    pub hidden: Vec<(String, String)>,
    /// One box a change, and the amounts.
    pub changes: Vec<FormField>,
    /// What the gate of the stage still asks for.
    pub gate: Vec<FormField>,
    /// What is wrong beside the fields.
    pub errors: Vec<String>,
    /// The address without this project.
    pub back: String,
}

page!(News, NewsPanel);
