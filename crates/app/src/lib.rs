//! The use cases: who may do what, in one change.
//!
//! Invariants: everything the web, the command line and later the API do goes through here. This crate knows no
//! HTTP and no language; clock and user come with the [`Actor`]. Rights are decided in `access` and nowhere else.

mod access;
mod change;
mod error;
mod user;

pub use access::{Actor, Right, Role};
pub use error::{Error, Result};
pub use user::{Account, Token};

use store::Db;

/// The application: an open database and what use cases share.
#[derive(Clone)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) dummy_hash: String,
}

impl App {
    /// Opens the database at `sqlite:PATH` or `postgres://…`.
    ///
    /// # Errors
    /// When it cannot be opened or brought up to date.
    pub async fn open(address: &str) -> Result<Self> {
        Ok(Self::with_db(Db::open(address).await?))
    }

    /// Works on an open database.
    #[must_use]
    pub fn with_db(db: Db) -> Self {
        Self { db, dummy_hash: user::dummy_hash() }
    }
}
