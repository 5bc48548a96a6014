//! The tile-grid map of host regions with flow lines from the supporters, as one SVG drawn on the server.

use crate::Link;

/// Tiles on a grid, supporters in a column to their right, lines between them.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// Label of the measure shown.
    pub measure: String,
    /// Measures to choose from, as links, and whether each is the one shown.
    pub measures: Vec<(Link, bool)>,
    pub tiles: Vec<Tile>,
    pub supporters: Vec<Supporter>,
    pub flows: Vec<Flow>,
}

/// One host region on the grid.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    pub code: String,
    pub name: String,
    pub col: u16,
    pub row: u16,
    /// The value as short text: `78.75 亿元`; empty where there are no figures.
    pub value: String,
    /// 0 no figures, 1 (least) to 4 (most).
    pub intensity: u8,
    pub href: String,
}

/// One supporting region beside the grid.
#[derive(Debug, Clone, Default)]
pub struct Supporter {
    pub code: String,
    pub name: String,
    pub value: String,
    pub href: String,
}

/// A line from a supporter to a host tile; both by code. An unknown code draws nothing.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    pub supporter: String,
    pub host: String,
    /// 1 (least) to 4 (most); 0 draws the pairing alone, dotted.
    pub weight: u8,
    /// The amount: `18.4 亿元`; may be empty.
    pub value: String,
}
