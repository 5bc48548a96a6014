//! The board: cards by stage, a display of the list.

use askama::Template;
use askama::filters::HtmlSafe;
use locale::Locale;

use crate::{Badge, Cell};

/// Records by their stage.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/board.html")]
pub struct Board {
    pub locale: Locale,
    pub columns: Vec<BoardColumn>,
    /// Whether cards can be dragged; else the board is only read.
    pub movable: bool,
    /// Where a move leads back to: this board.
    pub next: String,
}

/// One stage.
#[derive(Debug, Clone, Default)]
pub struct BoardColumn {
    /// Code of the stage.
    pub code: String,
    pub label: String,
    /// How many cards there are, as text: `12`, `200+`.
    pub count: String,
    pub cards: Vec<Card>,
    /// Where the rest is; empty where every card is shown.
    pub more: String,
    /// Beside the way: resting or ended.
    pub aside: bool,
}

/// One record on the board.
#[derive(Debug, Clone, Default)]
pub struct Card {
    pub code: String,
    pub title: String,
    pub href: String,
    /// Where its stage is changed; empty for who may not.
    pub action: String,
    pub amount: Option<Cell>,
    /// Small facts: investor, region.
    pub facts: Vec<String>,
    pub badges: Vec<Badge>,
}

impl HtmlSafe for Board {}
