//! From text to claims: numbers with their units, the frame around each (measure, role, place, period,
//! organisation), the totals and parts among them, and what is told of projects, all with exact spans in the original text.
//!
//! Invariants: this crate knows no database, no file, no network, no clock and no programme: names of places and
//! organisations come from the caller, words from the lexicons compiled in. It never panics, takes linear time,
//! and never offers a person as the subject of a claim. Every quote equals the original text at its span.

mod chars;
mod checks;
mod claim;
mod count;
mod engine;
mod frame;
mod lexicon;
mod measure;
mod mentions;
mod numeral;
mod period;
mod projects;
pub mod repair;
mod scan;
mod source;
mod words;

use std::sync::Arc;

pub use claim::{Check, Claim, Coverage, Mention, PeriodMention, ProjectNews, Reading};

/// The version of the engine that a claim records.
pub const ENGINE: &str = "luodi-reading/1";

/// What kind of thing a name of the caller's own list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A region: province, prefecture, county, division, development zone.
    Region,
    /// An enterprise, government body, chamber or association.
    Organisation,
    /// A park.
    Park,
    /// A promotion event.
    Event,
    /// A front command, work team or other office of the programme.
    Office,
}

/// Reads texts. Immutable, cheap to share between threads.
#[derive(Clone)]
pub struct Reader {
    lexicon: Arc<lexicon::Lexicon>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(ENGINE)
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// A reader that knows the built-in lexicons only.
    #[must_use]
    pub fn new() -> Self {
        Self { lexicon: lexicon::Lexicon::built_in() }
    }

    /// A reader that also knows these names.
    #[must_use]
    pub fn with_names<'a>(names: impl IntoIterator<Item = (&'a str, NameKind)>) -> Self {
        Self { lexicon: lexicon::Lexicon::with_names(names) }
    }

    /// Reads a text; relative times are resolved against `published`.
    #[must_use]
    pub fn read(&self, text: &str, published: Option<jiff::civil::Date>) -> Reading {
        engine::read(&self.lexicon, text, published)
    }
}
