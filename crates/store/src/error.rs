//! What can go wrong below the use cases.

use thiserror::Error;

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the database or of what it holds.
#[derive(Debug, Error)]
pub enum Error {
    /// The row asked for does not exist.
    #[error("no such row")]
    NotFound,
    /// A uniqueness rule of the schema refused the write.
    #[error("the row exists already")]
    Duplicate,
    /// The disk or the database's quota is full; nothing was written.
    #[error("the disk is full")]
    Full,
    /// The address names no database this program knows.
    #[error("a database address begins with sqlite: or postgres://, not {0:?}")]
    Address(String),
    /// The stored data breaks an invariant.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// A total does not fit into 64 bits.
    #[error(transparent)]
    Overflow(#[from] domain::tally::Overflow),
    /// A file could not be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Anything else the database says.
    #[error("database: {0}")]
    Database(Box<dyn std::error::Error + Send + Sync>),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Duplicate,
            // 13 is SQLITE_FULL, 53100 the disk_full of PostgreSQL.
            sqlx::Error::Database(inner) if matches!(inner.code().as_deref(), Some("13" | "53100")) => {
                Self::Full
            }
            _ => Self::Database(Box::new(error)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Database(Box::new(error))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}
