//! A total, opened: what it counts and what it leaves out.

use askama::Template;

use crate::{Amount, FigureRow, Link, Shell, page};

/// One total with everything behind it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "total.html")]
pub struct Total {
    pub shell: Shell,
    pub measure: String,
    /// The total, or its lower bound; None where nothing can be counted.
    pub value: Option<Amount>,
    /// The upper bound where it differs.
    pub high: Option<Amount>,
    /// The scope in words: region, time kind, unit, role.
    pub scope: Vec<String>,
    /// The counting rule with its version: `default-1`.
    pub rule: String,
    pub counted: Vec<FigureRow>,
    pub left_out: Vec<LeftOut>,
    /// How many figures are counted and left out in all, whether shown or not.
    pub counted_count: usize,
    pub left_out_count: usize,
    /// Of those counted and left out: how many the reader may not open.
    pub hidden_counted: usize,
    pub hidden_left_out: usize,
    /// What must be known beside the number, such as the coverage of a stated figure; may be empty.
    pub note: String,
}

/// A figure a total did not count.
#[derive(Debug, Clone, Default)]
pub struct LeftOut {
    pub figure: FigureRow,
    /// Why, as a sentence.
    pub reason: String,
    /// The figure that was counted in its stead.
    pub because_of: Option<Link>,
}

page!(Total);
