//! The database: the only crate that knows SQL.
//!
//! Invariants: [`Db`] and [`Tx`] are opaque, no type of the driver leaves this crate. Write functions take a
//! [`Tx`] and a [`Change`], so that every write is audited in its own transaction. One SQL text serves SQLite and
//! PostgreSQL; what differs stands in `dialect`. No clock: instants are parameters. Functions are named
//! `noun_verb`, one file per noun.

mod db;
mod dialect;
mod error;
#[macro_use]
mod statements;

mod aid_share;
mod backup;
mod blob;
mod bulk;
mod bulk_filing;
mod change;
mod claim;
mod contact;
mod different;
mod document;
mod due;
mod enclave;
mod entry;
mod evidence;
mod factor;
mod figure;
mod figure_list;
mod filing;
mod filing_figure;
mod funnel;
mod import;
mod job;
mod key;
mod label;
mod lead;
mod light;
mod link;
mod list;
mod many;
mod merge;
mod notice;
mod outgoing;
mod party;
mod pending;
mod programme;
mod project;
mod project_claim;
mod put_back;
mod reach;
mod record;
mod region;
mod relation;
mod reporting;
mod search;
mod session;
mod setting;
mod shared;
mod stage;
mod status;
mod tally;
mod task;
mod user;
mod view;

pub use aid_share::*;
pub use backup::*;
pub use blob::*;
pub use bulk::*;
pub use bulk_filing::*;
pub use change::*;
pub use claim::*;
pub use contact::*;
pub use db::{Db, Tx};
pub use different::*;
pub use document::*;
pub use due::*;
pub use enclave::*;
pub use entry::*;
pub use error::{Error, Result};
pub use evidence::*;
pub use factor::*;
pub use figure::*;
pub use figure_list::*;
pub use filing::*;
pub use filing_figure::*;
pub use funnel::*;
pub use import::*;
pub use job::*;
pub use key::*;
pub use label::*;
pub use lead::*;
pub use light::*;
pub use link::*;
pub use list::*;
pub use many::*;
pub use merge::*;
pub use notice::*;
pub use outgoing::*;
pub use party::*;
pub use pending::*;
pub use programme::*;
pub use project::*;
pub use project_claim::*;
pub use put_back::*;
pub use reach::*;
pub use record::*;
pub use region::*;
pub use relation::*;
pub use reporting::*;
pub use search::*;
pub use session::*;
pub use setting::*;
pub use shared::*;
pub use stage::*;
pub use status::*;
pub use tally::*;
pub use task::*;
pub use user::*;
pub use view::*;

#[cfg(any(test, feature = "testing"))]
pub use db::testing;
