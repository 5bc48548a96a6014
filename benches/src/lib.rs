//! Scores and speeds of the product on data that is not part of the repository.

pub mod gold;
pub mod recognizers;
pub mod speed;
mod times;

pub use times::{Times, median, percentile};
