//! Search over everything a record says: its names and fields, the text of documents, and documents attached to it.
//!
//! Each passage of a text is kept as tokens under its number, from which the record follows. The index is written in
//! the transaction that writes the record, so that what was saved is found at once. It holds nothing that is not in
//! other tables: claims and figures are not indexed, so that a person named in a claim is found in the document's own
//! text and nowhere else (law 9).

#[cfg(test)]
mod index_tests;
mod list;
mod pinyin;
mod rebuild;
mod tokens;

pub(crate) use list::Order;
pub use list::{Found, Hit, HitPlace, SearchScope, search_list, search_place};
pub use pinyin::{initials, pinyin_key};
pub(crate) use rebuild::search_forget;
pub use rebuild::search_rebuild;
pub use tokens::Query;

use crate::db::{Tx, params};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::record::RecordKind;
use domain::record::{FieldInfo, FieldType};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

statements! {
    RECORD = "SELECT r.programme_id, r.kind, r.code, r.title, r.title_en, d.file_name, d.publisher FROM record r
        LEFT JOIN document d ON d.record_id = r.id WHERE r.id = $1";
    NAMES = "SELECT name FROM record_name WHERE record_id = $1 ORDER BY name";
    CLEAR = "DELETE FROM passage WHERE {passage} BETWEEN $1 AND $2";
    CLEAR_WORDS = "DELETE FROM record_word WHERE record_id = $1";
    STATE = "SELECT done_to FROM search_state WHERE id = 1 AND version = $1";
    SET_STATE = "INSERT INTO search_state (id, version, done_to) VALUES (1, $1, $2)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, done_to = excluded.done_to";
    NEXT = "SELECT id, title FROM record WHERE id > $1 AND kind <> 'figure' ORDER BY id LIMIT $2{for_update}";
    TITLE_KEY = "UPDATE record SET title_key = $2 WHERE id = $1";
    ATTACHED = "SELECT to_id FROM record_link WHERE from_id = $1 AND kind = 'attachment' AND removed_change_id IS NULL
        ORDER BY id LIMIT 50";
    INSERT = "INSERT INTO passage ({passage}, tokens) VALUES ($1, {tokens_2})";
}

/// A passage's number is the record's id shifted by this, and its sequence.
const SHIFT: u32 = 16;
/// The passage of a record's names and code.
const NAMES_SEQ: i64 = 0;
/// Passages of a record's other fields.
const FIELDS: RangeInclusive<i64> = 1..=999;
/// Passages of a document's text; a longer text is not indexed to its end.
const TEXT: RangeInclusive<i64> = 1_000..=65_535;
/// Characters of a passage.
const PASSAGE_CHARS: usize = 2_000;
/// Characters that a passage shares with the one before, so that no word is cut in two.
const SHARED_CHARS: usize = 40;
/// Longer words of names are cut off here.
const WORD_CHARS: usize = 64;

fn passage(record: i64, seq: i64) -> i64 {
    (record << SHIFT) | seq
}

/// Indexes a record's own words anew, from what its rows say in this transaction: title, names, code and text fields.
/// To be called after every write to them.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is no such record.
pub async fn search_put(tx: &mut Tx, record: i64) -> Result<()> {
    let row = tx.one(RECORD, params![record]).await?;
    let (programme, kind, code) = (row.int(0)?, row.code(1, RecordKind::from_code)?, row.text(2)?);
    if kind == RecordKind::Figure {
        return Ok(());
    }
    let mut own = vec![row.text(3)?];
    for row in tx.all(NAMES, params![record]).await? {
        own.push(row.text(0)?);
    }
    crate::key::key_put(tx, programme, kind, record, &own).await?;
    let mut names = own;
    for column in [4, 5] {
        names.extend(row.opt_text(column)?);
    }
    let publisher = row.opt_text(6)?;
    tx.execute(CLEAR, params![passage(record, NAMES_SEQ), passage(record, *FIELDS.end())]).await?;
    tx.execute(CLEAR_WORDS, params![record]).await?;
    put_words(tx, programme, record, &names).await?;
    let texts: Vec<String> = fields(tx, kind, record).await?.into_iter().chain(publisher).collect();
    for (id, tokens) in passages(tx.dialect(), record, names.into_iter().chain([code]), &texts) {
        tx.execute(INSERT, vec![id.into(), tokens.into()]).await?;
    }
    Ok(())
}

/// The passages of a record's own words, by their number: its names and code, then its texts.
pub(crate) fn passages(
    dialect: Dialect,
    record: i64,
    names: impl Iterator<Item = String>,
    texts: &[String],
) -> Vec<(i64, String)> {
    let names: Vec<String> = names.collect();
    let texts = texts.join("\n");
    let own = FIELDS.zip(pieces(&texts)).filter_map(|(seq, piece)| Some((seq, stored(dialect, [piece])?)));
    let names = stored(dialect, names.iter().map(String::as_str)).map(|tokens| (NAMES_SEQ, tokens));
    names.into_iter().chain(own).map(|(seq, tokens)| (passage(record, seq), tokens)).collect()
}

/// Indexes a document's text anew; an empty one takes it out of the index.
///
/// # Errors
/// When the database fails.
pub async fn search_put_text(tx: &mut Tx, document: i64, text: &str) -> Result<()> {
    tx.execute(CLEAR, params![passage(document, *TEXT.start()), passage(document, *TEXT.end())]).await?;
    put_passages(tx, document, TEXT, text).await
}

/// Takes a record out of the index: its own words and, of a document, its text. For what is erased.
///
/// # Errors
/// When the database fails.
pub async fn search_remove(tx: &mut Tx, record: i64) -> Result<()> {
    tx.execute(CLEAR, params![passage(record, NAMES_SEQ), passage(record, *TEXT.end())]).await?;
    tx.execute(CLEAR_WORDS, params![record]).await?;
    crate::key::key_clear(tx, record).await
}

/// The fields whose text is indexed: none about a person.
pub(crate) fn text_fields(kind: RecordKind) -> impl Iterator<Item = &'static FieldInfo> {
    let is_text =
        |field: &&FieldInfo| matches!(field.kind, FieldType::Text | FieldType::Long | FieldType::Uscc);
    kind.fields().iter().filter(is_text).filter(|field| !field.personal)
}

/// The texts of a record's own table.
async fn fields(tx: &mut Tx, kind: RecordKind, record: i64) -> Result<Vec<String>> {
    let columns: Vec<String> = text_fields(kind).filter_map(FieldInfo::column).collect();
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {} FROM {} WHERE record_id = $1", columns.join(", "), kind.code());
    let Some(row) = tx.optional(&sql, params![record]).await? else { return Ok(Vec::new()) };
    let texts = (0..columns.len()).map(|index| row.opt_text(index));
    Ok(texts.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The words that names may begin with when they are typed.
pub(crate) fn name_words(names: &[String]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for name in names {
        let squeezed = tokens::squeezed(name);
        if squeezed.chars().any(tokens::is_ideograph) {
            words.extend([initials(name), pinyin::reading(name)]);
        }
        words.insert(squeezed);
    }
    let words = words.iter().map(|word| word.chars().take(WORD_CHARS).collect::<String>());
    words.filter(|word| !word.is_empty()).collect()
}

async fn put_words(tx: &mut Tx, programme: i64, record: i64, names: &[String]) -> Result<()> {
    let words = name_words(names);
    if words.is_empty() {
        return Ok(());
    }
    let mut values = params![programme, record];
    let rows: Vec<String> = words
        .into_iter()
        .map(|word| {
            values.push(word.into());
            format!("($1, $2, ${})", values.len())
        })
        .collect();
    let sql = format!("INSERT INTO record_word (programme_id, record_id, word) VALUES {}", rows.join(", "));
    tx.execute(&sql, values).await?;
    Ok(())
}

/// The tokens of texts as the index keeps them; none where they have none.
fn stored<'a>(dialect: Dialect, texts: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut found = BTreeSet::new();
    texts.into_iter().for_each(|text| tokens::add_tokens(text, &mut found));
    (!found.is_empty()).then(|| tokens::stored(&found, dialect))
}

async fn put_passages(tx: &mut Tx, record: i64, seqs: RangeInclusive<i64>, text: &str) -> Result<()> {
    for (seq, piece) in seqs.zip(pieces(text)) {
        if let Some(tokens) = stored(tx.dialect(), [piece]) {
            tx.execute(INSERT, vec![passage(record, seq).into(), tokens.into()]).await?;
        }
    }
    Ok(())
}

/// A text in passages, each beginning where the one before has a few characters left.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let at = |chars: usize| text.char_indices().nth(chars).map(|(byte, _)| byte);
        let end = at(PASSAGE_CHARS);
        rest = end.and_then(|_| at(PASSAGE_CHARS - SHARED_CHARS)).map(|start| &text[start..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// The first character of a document's passage.
fn passage_start(seq: i64) -> i64 {
    let step = i64::try_from(PASSAGE_CHARS - SHARED_CHARS).unwrap_or(i64::MAX);
    (seq - TEXT.start()) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_of_limited_length_and_lose_nothing() {
        let text: String = ('一'..'龥').take(5_000).collect();
        let chars: Vec<char> = text.chars().collect();
        let all: Vec<&str> = pieces(&text).collect();
        assert_eq!(all.len(), 3);
        for (piece, seq) in all.iter().zip(*TEXT.start()..) {
            assert!(piece.chars().count() <= PASSAGE_CHARS);
            let start = usize::try_from(passage_start(seq)).expect("not negative");
            assert_eq!(piece.chars().next(), Some(chars[start]));
        }
        assert!(text.ends_with(all[2]));
        assert_eq!(pieces("").count(), 0);
        assert_eq!(pieces(&text[..PASSAGE_CHARS * 3]).count(), 1);
    }

    #[test]
    fn a_name_begins_with_its_characters_its_reading_and_its_initials() {
        let words = name_words(&["湖北 交投".into(), "Hubei Jiaotou".into(), "——".into()]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(words, ["hbjt", "hubeijiaotou", "湖北交投"]);
    }
}
