//! Organisations: the code the state gives them, the names texts use for them, and what makes two of them look alike.
//!
//! Nothing here decides that two entries are one: that is a person's decision, and the reasons are shown.

mod credit_code;
mod likeness;
mod name;

pub use credit_code::{CreditCode, CreditCodeError, check_character};
pub use likeness::{Known, Likeness, Objection, Reason, Strength, similarity};
pub use name::{Form, Name, blocking_keys, half_width, plain};
