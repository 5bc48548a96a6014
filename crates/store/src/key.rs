//! Keys under which records that may be the same are looked up. Derived from names and codes, and written with the search
//! index, in the transaction that writes them.

use crate::db::{Row, Tx, params};
use crate::error::Result;
use crate::record::RecordKind;
use domain::organisation::{Name, blocking_keys, plain};
use domain::record::FieldInfo;
use std::collections::{BTreeSet, HashMap, HashSet};

statements! {
    CLEAR = "DELETE FROM record_key WHERE record_id = $1";
    INSERT = "INSERT INTO record_key (record_id, programme_id, key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    SHARING = "SELECT record_id FROM record_key WHERE programme_id = $1 AND key = $2 ORDER BY record_id LIMIT $3";
    SHARED = "SELECT a.key, (SELECT COUNT(*) FROM record_key c WHERE c.programme_id = a.programme_id AND c.key = a.key)
        FROM record_key a JOIN record_key b ON b.record_id = $2 AND b.key = a.key
        WHERE a.record_id = $1 AND a.key < $3 ORDER BY a.key";
    GROUPS = "SELECT key, COUNT(*) FROM record_key WHERE programme_id = $1 AND key > $2 AND key < $3
        GROUP BY key HAVING COUNT(*) > 1 ORDER BY key LIMIT $4";
    REGION_NAMES = "SELECT DISTINCT name FROM region_name ORDER BY name";
}

/// Longer names of regions are not looked for at the beginning of names.
const MOST_REGION_CHARS: usize = 16;
/// Of longer names the beginning is enough to find them.
const MOST_CHARS: usize = 60;
/// A key of characters that more records share says nothing.
const COMMON: usize = 400;

/// What a key says, the strongest first: the digit behind the prefix of the kind.
const CODE: char = '0';
const WHOLE: char = '1';
const ENDS: char = '2';
const PAIR: char = '3';

/// Names of regions as names of organisations begin with them: all, or those that some names may begin with.
#[derive(Debug, Default)]
pub struct RegionWords(HashSet<String>);

impl RegionWords {
    /// The names of all regions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(tx: &mut Tx) -> Result<Self> {
        let rows = tx.all(REGION_NAMES, vec![]).await?;
        Ok(Self(rows.iter().map(|row| row.text(0)).collect::<Result<_>>()?))
    }

    /// The names of regions that these names begin with, one behind another.
    async fn of(tx: &mut Tx, names: &[String]) -> Result<Self> {
        let mut words = Self::default();
        for name in names {
            let name = plain(name);
            let mut rest = name.as_str();
            while let Some(longest) = words.leading(tx, rest).await? {
                rest = &rest[longest..];
            }
        }
        Ok(words)
    }

    /// Looks up the regions a text begins with; the length of the longest.
    async fn leading(&mut self, tx: &mut Tx, text: &str) -> Result<Option<usize>> {
        let values = prefixes(text).map(|prefix| prefix.into()).collect::<Vec<_>>();
        if values.is_empty() {
            return Ok(None);
        }
        let places: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
        let sql = format!("SELECT DISTINCT name FROM region_name WHERE name IN ({})", places.join(", "));
        let mut longest = None;
        for row in tx.all(&sql, values).await? {
            let name = row.text(0)?;
            longest = longest.max(Some(name.len()));
            self.0.insert(name);
        }
        Ok(longest)
    }

    /// A name taken apart.
    #[must_use]
    pub fn name(&self, text: &str) -> Name {
        let simple = plain(text);
        let mut found = Vec::new();
        let mut rest = simple.as_str();
        while let Some(longest) = prefixes(rest).filter(|prefix| self.0.contains(*prefix)).last() {
            found.extend(prefixes(rest).filter(|prefix| self.0.contains(*prefix)));
            rest = &rest[longest.len()..];
        }
        Name::new(text, &found)
    }
}

/// How a text begins, the shorter first: one character alone names no region here.
fn prefixes(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.skip(1).take(MOST_REGION_CHARS - 1).map(|end| &text[..end])
}

/// The fields that name a record in its title's place.
pub(crate) fn key_fields(kind: RecordKind) -> impl Iterator<Item = &'static FieldInfo> {
    kind.fields().iter().filter(|field| field.key)
}

/// The keys of a record with these names and official codes.
#[must_use]
pub fn keys_of(kind: RecordKind, names: &[String], codes: &[String], words: &RegionWords) -> Vec<String> {
    let mut keys = BTreeSet::new();
    let mut add = |class: char, text: &str| {
        if !text.is_empty() {
            keys.insert(format!("{}{class}{text}", kind.prefix()));
        }
    };
    for code in codes {
        add(CODE, &shortened(&plain(code)));
    }
    for name in names {
        if kind != RecordKind::Organisation {
            add(WHOLE, &shortened(&plain(name)));
            continue;
        }
        let mut name = words.name(name);
        name.stem = shortened(&name.stem);
        add(WHOLE, &name.stem);
        for key in blocking_keys(&name) {
            match key.strip_prefix('^') {
                Some(ends) => add(ENDS, ends),
                None => add(PAIR, &key),
            }
        }
    }
    keys.into_iter().collect()
}

fn shortened(text: &str) -> String {
    text.chars().take(MOST_CHARS).collect()
}

/// The keys of a record that is about to be written.
///
/// # Errors
/// When the database fails.
pub async fn keys_for(
    tx: &mut Tx,
    kind: RecordKind,
    names: &[String],
    codes: &[String],
) -> Result<Vec<String>> {
    let words = if kind == RecordKind::Organisation {
        RegionWords::of(tx, names).await?
    } else {
        RegionWords::default()
    };
    Ok(keys_of(kind, names, codes, &words))
}

/// Writes the keys of a record anew, from its title and further names.
pub(crate) async fn key_put(
    tx: &mut Tx,
    programme: i64,
    kind: RecordKind,
    record: i64,
    names: &[String],
) -> Result<()> {
    tx.execute(CLEAR, params![record]).await?;
    if kind.fields().is_empty() {
        return Ok(());
    }
    let codes = codes(tx, kind, record).await?;
    for key in keys_for(tx, kind, names, &codes).await? {
        tx.execute(INSERT, params![record, programme, key]).await?;
    }
    Ok(())
}

pub(crate) async fn key_clear(tx: &mut Tx, record: i64) -> Result<()> {
    tx.execute(CLEAR, params![record]).await?;
    Ok(())
}

async fn codes(tx: &mut Tx, kind: RecordKind, record: i64) -> Result<Vec<String>> {
    let columns: Vec<String> = key_fields(kind).filter_map(FieldInfo::column).collect();
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {} FROM {} WHERE record_id = $1", columns.join(", "), kind.code());
    let Some(row) = tx.optional(&sql, params![record]).await? else { return Ok(Vec::new()) };
    let texts: Vec<_> = (0..columns.len()).map(|index| row.opt_text(index)).collect::<Result<_>>()?;
    Ok(texts.into_iter().flatten().collect())
}

/// The records that share keys with one, those that share the most and the strongest first. Keys of characters that too
/// many records share are left out.
///
/// # Errors
/// When the database fails.
pub async fn record_list_like(
    tx: &mut Tx,
    programme: i64,
    keys: &[String],
    exclude: Option<i64>,
    limit: usize,
) -> Result<Vec<i64>> {
    let mut weights: HashMap<i64, i64> = HashMap::new();
    let most = i64::try_from(COMMON)? + 1;
    for key in keys {
        let rows = tx.all(SHARING, params![programme, key, most]).await?;
        let weight = match class(key) {
            CODE => 10_000,
            WHOLE => 1_000,
            _ if rows.len() > COMMON => continue,
            _ => 1,
        };
        for row in rows {
            *weights.entry(row.int(0)?).or_default() += weight;
        }
    }
    let mut found: Vec<(i64, i64)> = weights
        .into_iter()
        .filter(|(id, _)| Some(*id) != exclude)
        .map(|(id, weight)| (-weight, id))
        .collect();
    found.sort_unstable();
    Ok(found.into_iter().take(limit).map(|(_, id)| id).collect())
}

/// What a key says, behind the prefix of its kind.
fn class(key: &str) -> char {
    key.chars().find(char::is_ascii_digit).unwrap_or(PAIR)
}

/// How much two records say of each other that share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStrength {
    /// An official number.
    Code,
    /// A whole name.
    Whole,
    /// Characters of a name.
    Weak,
}

/// How much a key says.
#[must_use]
pub fn key_strength(key: &str) -> KeyStrength {
    match class(key) {
        CODE => KeyStrength::Code,
        WHOLE => KeyStrength::Whole,
        _ => KeyStrength::Weak,
    }
}

/// A key with how many records share it.
#[derive(Debug, Clone)]
pub struct KeyGroup {
    /// The key.
    pub key: String,
    /// How many records have it.
    pub count: i64,
    /// Whether it is an official code or a whole name, so that a large group means something.
    pub strong: bool,
}

/// The keys of a kind that several records share, behind `after`, the strongest first.
///
/// # Errors
/// When the database fails.
pub async fn key_group_list(
    tx: &mut Tx,
    programme: i64,
    kind: RecordKind,
    after: &str,
    limit: i64,
) -> Result<Vec<KeyGroup>> {
    let (first, last) = (kind.prefix(), format!("{}:", kind.prefix()));
    let after = if after.starts_with(first) { after } else { first };
    tx.all(GROUPS, params![programme, after, last, limit]).await?.iter().map(group).collect()
}

fn group(row: &Row) -> Result<KeyGroup> {
    let key = row.text(0)?;
    let strong = matches!(class(&key), CODE | WHOLE);
    Ok(KeyGroup { key, count: row.int(1)?, strong })
}

/// The records that have a key, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn key_record_list(tx: &mut Tx, programme: i64, key: &str, limit: i64) -> Result<Vec<i64>> {
    tx.all(SHARING, params![programme, key, limit]).await?.iter().map(|row| row.int(0)).collect()
}

/// The keys that two records share and that come before this one.
///
/// # Errors
/// When the database fails.
pub async fn key_list_shared(tx: &mut Tx, a: i64, b: i64, before: &str) -> Result<Vec<KeyGroup>> {
    tx.all(SHARED, params![a, b, before]).await?.iter().map(group).collect()
}
