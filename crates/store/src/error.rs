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
    /// The database is locked by somebody else, cannot be reached, or went away. It may work again at any moment; whether a
    /// commit under way was kept is not known.
    #[error("the database cannot be used just now: {0}")]
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
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
            sqlx::Error::Database(inner) if inner.code().is_some_and(|code| passes(&code)) => {
                Self::Unavailable(Box::new(error))
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => Self::Unavailable(Box::new(error)),
            _ => Self::Database(Box::new(error)),
        }
    }
}

/// Whether a database's code says that the same may work a little later: SQLite's numbers for busy (5) and locked (6) in
/// all their kinds; of PostgreSQL's five characters a lost connection, a shutdown, and locks that stood against each other.
fn passes(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6),
        _ => ["08", "57P", "53300", "55P03", "40001", "40P01"].iter().any(|begins| code.starts_with(begins)),
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

#[cfg(test)]
mod tests {
    use super::passes;

    #[test]
    fn what_passes_is_told_from_what_is_wrong() {
        for code in ["5", "6", "517", "57P01", "57P03", "08006", "53300", "40P01"] {
            assert!(passes(code), "{code}");
        }
        for code in ["1", "13", "19", "2067", "23505", "42601", "53100", "00005"] {
            assert!(!passes(code), "{code}");
        }
    }
}
