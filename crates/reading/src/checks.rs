//! Totals and parts stated in one text (勾稽).

use crate::chars::Text;
use crate::claim::{Check, Claim};
use crate::lexicon::{Hit, Lexicon};
use crate::scan::Quantity;

/// Finds the relations among the claims of a text.
pub fn find(
    _t: Text<'_>,
    _quantities: &[Quantity],
    _hits: &[Hit],
    _lexicon: &Lexicon,
    _claims: &[Claim],
) -> Vec<Check> {
    vec![]
}
