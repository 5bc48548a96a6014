//! Who can see a record: the keys written beside it meet the keys of who asks, and nothing else decides.

use crate::db::{Param, Tx};
use crate::error::Result;
use std::fmt;

/// What opens a record to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReachKey {
    /// A party region of the record, or one above it in the administrative tree.
    Region(i64),
    /// The same by geographic parent; for filters, never a right.
    Geographic(i64),
    /// The office whose record it is, or one above it.
    Team(i64),
    /// Who created it.
    User(i64),
    /// An organisation that is a party to it.
    Organisation(i64),
    /// A park it concerns.
    Park(i64),
    /// Every signed-in role of the programme.
    Open,
}

impl fmt::Display for ReachKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region(id) => write!(f, "r{id}"),
            Self::Geographic(id) => write!(f, "g{id}"),
            Self::Team(id) => write!(f, "t{id}"),
            Self::User(id) => write!(f, "u{id}"),
            Self::Organisation(id) => write!(f, "o{id}"),
            Self::Park(id) => write!(f, "p{id}"),
            Self::Open => f.write_str("*"),
        }
    }
}

/// Which records somebody can see. The default is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Every record that is not protected.
    pub all: bool,
    /// Every protected record too (law 5); means something beside `all` only.
    pub protected: bool,
    /// Every record that has one of these keys, protected or not.
    pub keys: Vec<String>,
}

impl Reach {
    /// Every record there is: for the programme itself at work.
    #[must_use]
    pub fn everything() -> Self {
        Self { all: true, protected: true, keys: Vec::new() }
    }

    /// The condition under which a row of `record`, by its alias in the statement, can be seen.
    pub(crate) fn clause(&self, record: &str, values: &mut Vec<Param>) -> String {
        if self.all && self.protected {
            return "1 = 1".to_owned();
        }
        let open = if self.all { format!("{record}.protected = 0") } else { "1 = 0".to_owned() };
        if self.keys.is_empty() {
            return open;
        }
        let mut places = Vec::with_capacity(self.keys.len());
        for key in &self.keys {
            values.push(key.into());
            places.push(format!("${}", values.len()));
        }
        let places = places.join(", ");
        let key = format!(
            "EXISTS (SELECT 1 FROM record_reach k WHERE k.record_id = {record}.id AND k.key IN ({places}))"
        );
        if self.all { format!("({open} OR {key})") } else { key }
    }
}

/// Whether somebody can see a record.
///
/// # Errors
/// When the database fails.
pub async fn record_visible(tx: &mut Tx, id: i64, reach: &Reach) -> Result<bool> {
    let mut values = vec![Param::from(id)];
    let clause = reach.clause("r", &mut values);
    let sql = format!("SELECT r.id FROM record r WHERE r.id = $1 AND {clause}");
    Ok(tx.optional(&sql, values).await?.is_some())
}
