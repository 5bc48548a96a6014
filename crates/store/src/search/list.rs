//! Asking the index: the best hits of a search, and the condition of a list's text filter.

use super::tokens::{Token, expression, is_ideograph, plain_char};
use super::{ATTACHED, NAMES_SEQ, PASSAGE_CHARS, Query, SHIFT, TEXT, passage, passage_start};
use crate::db::{Param, Row, Tx, params};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::reach::{Reach, record_visible};
use crate::record::RecordKind;
use domain::record::{FieldInfo, FieldType};
use std::collections::BTreeSet;

/// How many candidates are looked at, until enough of them can be seen.
const CANDIDATES: [i64; 3] = [200, 5_000, i64::MAX];
/// A word that more records than these have in their names names none of them.
const NAMING: i64 = 500;
/// Characters shown in front of a word that was found, and behind it.
const BEFORE_CHARS: usize = 24;
const AFTER_CHARS: usize = 48;
/// Comes after everything that begins like the text in front of it.
const AFTER: char = '\u{10ffff}';

/// Whose records are searched, and what is shown of them.
#[derive(Debug, Clone, Copy)]
pub struct SearchScope<'a> {
    /// The programme.
    pub programme: i64,
    /// What the reader can see.
    pub reach: &'a Reach,
    /// What the reader can see of contacts, which are people.
    pub contacts: &'a Reach,
    /// Records of this kind alone; none asks for all.
    pub kind: Option<RecordKind>,
}

/// Where a hit was found; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Found {
    /// Its code is, or begins with, what was asked for.
    Code,
    /// A name of it, or the pinyin or the initials of one, begins so.
    Beginning,
    /// Its names hold every word.
    Name,
    /// Its fields, its text or a document attached to it do.
    Text,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Identity.
    pub id: i64,
    /// Code.
    pub code: String,
    /// What it is.
    pub kind: RecordKind,
    /// Its name; of a document without a title, the file's.
    pub title: String,
    /// Its English name.
    pub title_en: Option<String>,
    /// Where it was found.
    pub found: Found,
}

/// A place in a document's text where a word that is asked for stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitPlace {
    /// A little of the text in front of it.
    pub before: String,
    /// The word as it stands there.
    pub quote: String,
    /// A little of the text behind it.
    pub after: String,
}

/// The records a reader may see that hold what is asked for, the best first, and at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn search_list(
    tx: &mut Tx,
    scope: SearchScope<'_>,
    query: &Query,
    limit: usize,
) -> Result<Vec<Hit>> {
    let mut hits: Vec<Hit> = Vec::new();
    if query.is_empty() {
        return Ok(hits);
    }
    let mut search = Search { tx, scope, query, hits: &mut hits, limit };
    search.by_code().await?;
    search.by_beginning().await?;
    search.by_name().await?;
    search.by_text().await?;
    hits.truncate(limit);
    Ok(hits)
}

/// A search under way.
struct Search<'a> {
    tx: &'a mut Tx,
    scope: SearchScope<'a>,
    query: &'a Query,
    hits: &'a mut Vec<Hit>,
    limit: usize,
}

impl Search<'_> {
    fn is_full(&self) -> bool {
        self.hits.len() >= self.limit
    }

    /// Codes are looked for once a number or a dash shows that one is being typed.
    async fn by_code(&mut self) -> Result<()> {
        let code = self.query.typed.to_uppercase();
        if !code.is_ascii() || !code.contains(|c: char| c == '-' || c.is_ascii_digit()) {
            return Ok(());
        }
        let values = params![&code, format!("{code}{AFTER}"), self.scope.programme];
        let begins = "r.programme_id = $3 AND r.code >= $1 AND r.code < $2";
        let rows = self.run(values, |_| "record r", begins, "r.code").await?;
        self.add(&rows, Found::Code)
    }

    async fn by_beginning(&mut self) -> Result<()> {
        let word = &self.query.squeezed;
        if self.is_full() || word.is_empty() {
            return Ok(());
        }
        for first in CANDIDATES {
            let values = params![word, format!("{word}{AFTER}"), self.scope.programme, first];
            let from = |_: Dialect| {
                "(SELECT w.record_id, w.word FROM record_word w WHERE w.programme_id = $3 AND w.word >= $1
                AND w.word < $2 ORDER BY w.word, w.record_id LIMIT $4) w CROSS JOIN record r"
            };
            let rows = self.run(values, from, "r.id = w.record_id", "w.word, w.record_id").await?;
            self.add(&rows, Found::Beginning)?;
            if self.is_full() {
                break;
            }
        }
        Ok(())
    }

    async fn by_name(&mut self) -> Result<()> {
        for first in CANDIDATES {
            if self.is_full() {
                break;
            }
            let dialect = self.tx.dialect();
            let all = expression(self.query.words.iter().flatten(), dialect);
            let matches = dialect.passage_matches(1);
            let from = format!(
                "(SELECT {{passage}} >> {SHIFT} AS id FROM passage WHERE {matches}
                AND {{passage}} & 65535 = {NAMES_SEQ} ORDER BY {{passage}} DESC LIMIT $2) p CROSS JOIN record r"
            );
            let rows = self.run(params![all, first], |_| &from, "r.id = p.id", "r.id DESC").await?;
            self.add(&rows, Found::Name)?;
        }
        Ok(())
    }

    async fn by_text(&mut self) -> Result<()> {
        if self.is_full() {
            return Ok(());
        }
        let mut values = Vec::new();
        let among = (self.scope.programme, self.scope.kind, self.scope.reach);
        let holders = self.query.clause(self.tx, among, "r", &mut values, Order::Newest).await?;
        let rows = if let Some(leaders) = holders.leaders {
            let from = format!("({leaders}) h CROSS JOIN record r");
            let condition = format!("r.id = h.id AND {}", holders.condition);
            self.run(values, |_| &from, &condition, "r.id DESC").await?
        } else {
            self.run(values, |_| "record r", &holders.condition, "r.id DESC").await?
        };
        self.add(&rows, Found::Text)
    }

    /// Rows of records in scope.
    async fn run<'s>(
        &mut self,
        mut values: Vec<Param>,
        from: impl Fn(Dialect) -> &'s str,
        condition: &str,
        order: &str,
    ) -> Result<Vec<Row>> {
        let from = from(self.tx.dialect());
        let seen = self.scope.clause("r", &mut values);
        // Those found before may come again.
        values.push(i64::try_from(self.limit + self.hits.len()).unwrap_or(i64::MAX).into());
        let sql = format!(
            "SELECT r.id, r.code, r.kind, COALESCE(NULLIF(r.title, ''), d.file_name, ''), r.title_en
            FROM {from} LEFT JOIN document d ON d.record_id = r.id WHERE {condition} AND {seen}
            ORDER BY {order} LIMIT ${}",
            values.len()
        );
        self.tx.all(&sql, values).await
    }

    fn add(&mut self, rows: &[Row], found: Found) -> Result<()> {
        for row in rows {
            let id = row.int(0)?;
            if !self.hits.iter().any(|hit| hit.id == id) {
                let (code, kind) = (row.text(1)?, row.code(2, RecordKind::from_code)?);
                self.hits.push(Hit {
                    id,
                    code,
                    kind,
                    title: row.text(3)?,
                    title_en: row.opt_text(4)?,
                    found,
                });
            }
        }
        Ok(())
    }
}

impl SearchScope<'_> {
    /// The condition under which a record is found at all. The plus keeps SQLite from going through an index of all
    /// records instead of through the hits.
    fn clause(&self, record: &str, values: &mut Vec<Param>) -> String {
        values.push(self.programme.into());
        let mut clause = format!(
            "+{record}.programme_id = ${} AND {record}.archived_at IS NULL AND +{record}.merged_into IS NULL AND {}",
            values.len(),
            self.reach.clause(record, values)
        );
        let contacts = self.contacts.clause(record, values);
        clause.push_str(&format!(" AND ({record}.kind <> 'contact' OR {contacts})"));
        if let Some(kind) = self.kind {
            clause.push_str(&format!(" AND {record}.kind = '{}'", kind.code()));
        }
        clause
    }
}

impl Query {
    /// The condition that a record, by its alias in the statement, holds every word: in its names, its fields, its text,
    /// the name of an enterprise, park or event it leads to, or a document attached to it that the reader can see. Of no words, that nothing does.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn clause(
        &self,
        tx: &mut Tx,
        scope: Among<'_>,
        record: &str,
        values: &mut Vec<Param>,
        order: Order,
    ) -> Result<Holders> {
        let dialect = tx.dialect();
        let mut leaders = None;
        let mut among = Vec::new();
        for word in &self.words {
            let named = named(tx, word, scope.2).await?;
            let rows = match few(tx, (word, &named), scope, order.few()).await? {
                Some(few) => {
                    values.push(dialect.numbers(&few).into());
                    dialect.number_rows(values.len())
                }
                None => {
                    let all = holders_of((word, &named), dialect, scope, values);
                    if order == Order::Newest || dialect == Dialect::Sqlite || leaders.is_some() {
                        among.push(all);
                        continue;
                    }
                    // PostgreSQL takes them for few, and would go through all of them for each row.
                    format!("SELECT DISTINCT id FROM ({all}) w")
                }
            };
            // What leads holds the word already.
            match leaders {
                None => leaders = Some(rows),
                Some(_) => among.push(rows),
            }
        }
        let among: Vec<_> = among.iter().map(|ids| format!("+{record}.id IN ({ids})")).collect();
        let condition = match (self.is_empty(), among.is_empty()) {
            (true, _) => "1 = 0".to_owned(),
            (false, true) => "1 = 1".to_owned(),
            (false, false) => among.join(" AND "),
        };
        Ok(Holders { condition, leaders })
    }
}

/// In which order the records that hold a word are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The newest first, of which some are enough.
    Newest,
    /// Another, for which all of them are looked at.
    Other,
}

impl Order {
    /// Records that hold a word are named one by one up to here.
    fn few(self) -> i64 {
        match self {
            _ if cfg!(test) => 2,
            Self::Newest => 500,
            Self::Other => 5_000,
        }
    }
}

/// The records that hold every word of a query.
pub(crate) struct Holders {
    /// The condition that a record is one of them, beside the word that leads.
    pub condition: String,
    /// Rows of the ids of those that hold one of the words, each once, where it leads to the records.
    pub leaders: Option<String>,
}

impl Holders {
    /// The condition that a record is one of them, where nothing leads.
    pub(crate) fn alone(self, record: &str) -> String {
        match self.leaders {
            Some(leaders) => format!("+{record}.id IN ({leaders}) AND {}", self.condition),
            None => self.condition,
        }
    }
}

/// The records that hold a word, when they are few.
async fn few(
    tx: &mut Tx,
    (word, named): (&[Token], &Named),
    among: Among<'_>,
    most: i64,
) -> Result<Option<Vec<i64>>> {
    let mut values = Vec::new();
    let holders = holders_of((word, named), tx.dialect(), among, &mut values);
    values.push((most + 1).into());
    let rows = tx.all(&format!("{holders} LIMIT ${}", values.len()), values).await?;
    if i64::try_from(rows.len())? > most {
        return Ok(None);
    }
    let ids: BTreeSet<i64> = rows.iter().map(|row| row.int(0)).collect::<Result<_>>()?;
    Ok(Some(ids.into_iter().collect()))
}

/// Records that have a word in their names and that others are found by: enterprises, parks, events. Never people.
#[derive(Default)]
struct Named {
    organisation: Vec<i64>,
    park: Vec<i64>,
    event: Vec<i64>,
}

impl Named {
    /// Those of the kind that a field leads to; none where records are not found by what it names.
    fn of(&self, field: &FieldInfo) -> &[i64] {
        match field.kind {
            FieldType::Record(RecordKind::Organisation) => &self.organisation,
            FieldType::Record(RecordKind::Park) => &self.park,
            FieldType::Record(RecordKind::Event) => &self.event,
            _ => &[],
        }
    }
}

/// The records that a word names and that the reader can see, where it is one that names something: of a word of very
/// many none.
async fn named(tx: &mut Tx, word: &[Token], reach: &Reach) -> Result<Named> {
    let dialect = tx.dialect();
    let sql = format!(
        "SELECT {{passage}} >> {SHIFT} AS id FROM passage WHERE {} AND {{passage}} & 65535 = {NAMES_SEQ} LIMIT $2",
        dialect.passage_matches(1)
    );
    let rows = tx.all(&sql, params![expression(word, dialect), NAMING + 1]).await?;
    let mut named = Named::default();
    if rows.is_empty() || i64::try_from(rows.len())? > NAMING {
        return Ok(named);
    }
    let ids = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>>>()?;
    let mut values = vec![dialect.numbers(&ids).into()];
    let seen = reach.clause("d", &mut values);
    let sql = format!(
        "SELECT d.id, d.kind FROM record d WHERE d.id IN ({}) AND d.kind IN ('organisation', 'park', 'event')
        AND {seen}",
        dialect.number_rows(1)
    );
    for row in tx.all(&sql, values).await? {
        match row.code(1, RecordKind::from_code)? {
            RecordKind::Organisation => named.organisation.push(row.int(0)?),
            RecordKind::Park => named.park.push(row.int(0)?),
            _ => named.event.push(row.int(0)?),
        }
    }
    Ok(named)
}

/// What is searched: the programme, the kind where only one is asked for, and what the reader can see.
pub(crate) type Among<'a> = (i64, Option<RecordKind>, &'a Reach);

/// The records that hold a word, some more than once: themselves, in a document attached to them, or in the name of an
/// organisation that is a party to them, or of an enterprise, park or event that one of their fields leads to. The names
/// are looked up as they are now: nothing is written when one changes, however many records lead to it.
fn holders_of(
    (word, named): (&[Token], &Named),
    dialect: Dialect,
    (programme, kind, reach): Among<'_>,
    values: &mut Vec<Param>,
) -> String {
    values.push(expression(word, dialect).into());
    let matches = dialect.passage_matches(values.len());
    let found = format!("SELECT {{passage}} >> {SHIFT} AS id FROM passage WHERE {matches}");
    let mut leading = String::new();
    if !named.organisation.is_empty() {
        values.push(dialect.numbers(&named.organisation).into());
        leading = format!(
            " UNION ALL SELECT l.from_id FROM record_link l WHERE l.to_id IN ({}) AND l.removed_change_id IS NULL",
            dialect.number_rows(values.len())
        );
    }
    for kind in RecordKind::described().filter(|of| kind.is_none_or(|kind| kind == *of)) {
        for field in kind.fields().iter().filter(|field| !named.of(field).is_empty()) {
            let Some(column) = field.column() else { continue };
            values.extend([programme.into(), dialect.numbers(named.of(field)).into()]);
            leading.push_str(&format!(
                " UNION ALL SELECT record_id FROM {} WHERE programme_id = ${} AND {column} IN ({})",
                kind.code(),
                values.len() - 1,
                dialect.number_rows(values.len())
            ));
        }
    }
    let seen = reach.clause("d", values);
    format!(
        "{found}{leading} UNION ALL SELECT l.from_id FROM record_link l JOIN record d ON d.id = l.to_id
        WHERE l.kind = 'attachment' AND l.removed_change_id IS NULL AND d.archived_at IS NULL AND {seen}
        AND l.to_id IN ({found} AND {{passage}} & 65535 >= {})",
        TEXT.start()
    )
}

/// Where a word that is asked for stands in the text of a document: of the record itself, or of one attached to it that the
/// reader can see. Gives the document too.
///
/// # Errors
/// When the database fails.
pub async fn search_place(
    tx: &mut Tx,
    reach: &Reach,
    record: i64,
    query: &Query,
) -> Result<Option<(i64, HitPlace)>> {
    let attached = tx.all(ATTACHED, params![record]).await?;
    let attached = attached.iter().map(|row| row.int(0)).collect::<Result<Vec<_>>>()?;
    for document in std::iter::once(record).chain(attached) {
        if document != record && !record_visible(tx, document, reach).await? {
            continue;
        }
        if let Some(place) = place_in(tx, document, query).await? {
            return Ok(Some((document, place)));
        }
    }
    Ok(None)
}

async fn place_in(tx: &mut Tx, document: i64, query: &Query) -> Result<Option<HitPlace>> {
    let dialect = tx.dialect();
    let sql = format!(
        "SELECT MIN({{passage}}) FROM passage WHERE {} AND {{passage}} BETWEEN $2 AND $3",
        dialect.passage_matches(1)
    );
    for word in &query.words {
        let (from, to) = (passage(document, *TEXT.start()), passage(document, *TEXT.end()));
        let values = params![expression(word, dialect), from, to];
        let Some(id) = tx.one(&sql, values).await?.opt_int(0)? else { continue };
        let range = (passage_start(id & 65_535), i64::try_from(PASSAGE_CHARS).unwrap_or(i64::MAX));
        for layer in ["repaired", "extracted"] {
            if let Some((text, _)) = crate::document::document_passage(tx, document, layer, range).await? {
                return Ok(place(&text, word));
            }
        }
    }
    Ok(None)
}

/// Where the first of the tokens stands in a text.
fn place(text: &str, word: &[Token]) -> Option<HitPlace> {
    let chars: Vec<char> = text.chars().collect();
    // Of a character that becomes several the first will do.
    let plain: Vec<char> = chars.iter().map(|c| plain_char(*c)).collect();
    let whole = joined(word);
    let wanted = std::iter::once(whole.as_str()).chain(word.iter().map(|token| token.text.as_str()));
    let (start, end) = wanted.map(|wanted| wanted.chars().collect::<Vec<_>>()).find_map(|wanted| {
        let at = plain.windows(wanted.len().max(1)).position(|window| window == wanted)?;
        Some((at, at + wanted.len()))
    })?;
    let piece = |range: std::ops::Range<usize>| {
        let text: String = chars[range].iter().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (before, after) = (start.saturating_sub(BEFORE_CHARS), (end + AFTER_CHARS).min(chars.len()));
    Some(HitPlace { before: piece(before..start), quote: piece(start..end), after: piece(end..after) })
}

/// The tokens of a word put together again, where each begins with what the one before ends with.
fn joined(word: &[Token]) -> String {
    word.iter().fold(String::new(), |mut all, token| {
        let shared = all.chars().next_back().filter(|last| token.text.starts_with(*last));
        let skipped = usize::from(shared.is_some() && is_ideograph(token.text.chars().next().unwrap_or(' ')));
        all.extend(token.text.chars().skip(skipped));
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_whole_word_where_it_stands_and_else_a_part_of_it() {
        let of = |text: &str, query: &str| {
            let query = Query::new(query);
            place(text, &query.words[0]).map(|place| [place.before, place.quote, place.after])
        };
        let found = of("会上，湖北，湖北交投\n介绍", "湖北交投");
        assert_eq!(found, Some(["会上，湖北，", "湖北交投", "介绍"].map(str::to_owned)));
        assert_eq!(of("北交与湖北", "湖北交"), Some(["北交与", "湖北", ""].map(str::to_owned)));
        assert_eq!(of("見協議ＡＢ", "协议ab"), Some(["見", "協議ＡＢ", ""].map(str::to_owned)));
        assert_eq!(of("别的", "湖北"), None);
    }
}
