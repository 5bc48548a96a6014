//! The ideas of the field as types and pure functions: figures and their time, regions, relations between
//! figures, and the reference definition of the tally.
//!
//! Invariants: this crate knows no database, no HTTP, no file, no clock and no random number. Money is never a
//! float. Nothing here adds figures of two measures, two units or two currencies.

pub mod aid;
pub mod check;
pub mod codes;
pub mod figure;
pub mod heading;
pub mod light;
pub mod organisation;
pub mod project_code;
pub mod quantity;
pub mod record;
pub mod region;
pub mod reporting;
pub mod screening;
pub mod sector;
pub mod stage;
pub mod tally;
pub mod time;

pub use codes::{Approx, Family, Measure, Role, Unit};
pub use quantity::{Quantity, QuantityError};
pub use record::{RecordKind, Value, Values};
pub use rust_decimal::Decimal;
pub use time::{Period, TimeKind};
