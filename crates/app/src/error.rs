//! What a use case answers when it does not do what was asked. Knows no transport and no language: each case carries
//! a code and its facts, the words come from the locale files.

use crate::entry::{LeadTaken, Problem};
use thiserror::Error;

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case was not carried out.
#[derive(Debug, Error)]
pub enum Error {
    /// There is no such record, or it is not open to this user.
    #[error("not found")]
    NotFound,
    /// The user's role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// Login or password is wrong.
    #[error("wrong login or password")]
    WrongPassword,
    /// The code of the second factor is wrong, or was used already.
    #[error("wrong code")]
    WrongCode,
    /// Too many wrong passwords; sign-in is possible again after this many minutes.
    #[error("locked for {minutes} minutes")]
    Locked {
        /// Minutes left.
        minutes: i64,
    },
    /// A file was refused before it was stored.
    #[error("{file} refused: {code}")]
    Refused {
        /// Name of the file.
        file: String,
        /// Code of the reason.
        code: &'static str,
        /// Facts of the reason, by name.
        args: Vec<(&'static str, String)>,
    },
    /// The same bytes are stored already.
    #[error("{file} is stored already as {code}")]
    DuplicateFile {
        /// Name of the file.
        file: String,
        /// Code of the document that has them.
        code: String,
    },
    /// A field of a form cannot be taken as it is.
    #[error("field {field}: {problem}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// Code of the problem: `missing`, `number`, `unit`, `date`, `order`, `too-fine`, `too-large`, `unknown`, `taken`.
        problem: &'static str,
    },
    /// Fields of a form cannot be taken as they are: all of them, not only the first.
    #[error("{} fields cannot be taken", .0.len())]
    Form(Vec<Problem>),
    /// It may be stored already, or is.
    #[error("{} records look alike", .0.len())]
    Alike(Vec<crate::alike::Alike>),
    /// Somebody else changed the same fields since the form was opened.
    #[error("changed by others since the form was opened")]
    Stale(Box<Stale>),
    /// Another team registered the enterprise (law 5): all that may be said of it.
    #[error("registered by another team since {}", .0.since)]
    LeadTaken(Box<LeadTaken>),
    /// Somebody else has decided or changed it meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// A change cannot be undone because these fields were changed again since.
    #[error("changed again since: {0:?}")]
    Superseded(Vec<String>),
    /// What an import wrote cannot be put back: others wrote there since, or build on it.
    #[error("changed since: {0:?}")]
    ChangedSince(Vec<store::PutBackConflict>),
    /// A change of a kind that cannot be undone.
    #[error("this change cannot be undone")]
    NotUndoable,
    /// A region cannot be taken out of a programme while records or figures lie in it.
    #[error("{records} records and {figures} figures use it")]
    InUse {
        /// Records in use.
        records: i64,
        /// Figures.
        figures: i64,
    },
    /// Who entered an amount cannot review or approve it (law 7).
    #[error("somebody else must verify it")]
    OwnFigure,
    /// Nobody gives themselves a role, or confirms one that they gave.
    #[error("somebody else must give or confirm it")]
    OwnAccount,
    /// A file of an example programme cannot be read as it is.
    #[error("{file}: {problem}")]
    Example {
        /// The file.
        file: String,
        /// What is wrong, with its place.
        problem: String,
    },
    /// The disk or the database's quota is full; nothing was written.
    #[error("the disk is full")]
    Full,
    /// The database is locked or cannot be reached; it may work again at any moment.
    #[error(transparent)]
    Unavailable(store::Error),
    /// The database failed.
    #[error(transparent)]
    Store(store::Error),
}

/// What others changed while a form was open.
#[derive(Debug, Clone)]
pub struct Stale {
    /// The version to send the form with again, once somebody has chosen.
    pub version: i64,
    /// The fields that the form changes too.
    pub fields: Vec<StaleField>,
}

/// One field that somebody else changed.
#[derive(Debug, Clone)]
pub struct StaleField {
    /// Its code.
    pub field: String,
    /// What stood there when the form was opened; none where nothing did.
    pub before: Option<domain::Value>,
    /// The amount that stood there, where the field is `amount`.
    pub before_amount: Option<domain::Quantity>,
    /// The title that stood there, where the field is one.
    pub before_title: Option<String>,
    /// Who changed it.
    pub by: Option<String>,
    /// When.
    pub at: jiff::Timestamp,
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::NotFound,
            store::Error::Duplicate => Self::Conflict,
            store::Error::Full => Self::Full,
            store::Error::Unavailable(_) => Self::Unavailable(error),
            store::Error::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => Self::Full,
            other => Self::Store(other),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        store::Error::Io(error).into()
    }
}
