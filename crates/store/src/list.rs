//! Lists of described records: one filter and one sort for every kind, in pages by key.

mod condition;

use self::condition::Leader;
use crate::db::{Param, Tx, params};
use crate::dialect::Dialect;
use crate::entry::{Entry, RECORD_COLUMNS, columns, entry_from, is_int};
use crate::error::Result;
use crate::reach::Reach;
use crate::record::RecordKind;
use crate::search::Order;
use domain::light::Light;
use domain::record::FieldInfo;
use domain::stage::Milestone;
use jiff::civil::Date;

/// Which records of a kind a list shows.
#[derive(Debug, Clone)]
pub struct ListFilter {
    /// The kind.
    pub kind: RecordKind,
    /// Archived records instead of those in use.
    pub archived: bool,
    /// All of these hold.
    pub conditions: Vec<Condition>,
    /// Words that its names, fields, text or attached documents hold; empty asks for none.
    pub text: String,
    /// Who asks sees only what is open to them.
    pub reach: Reach,
}

/// One condition of a list.
#[derive(Debug, Clone)]
pub enum Condition {
    /// A choice or sector is one of these codes; a section of sectors stands for its divisions, an empty code for nothing
    /// known.
    OneOf(&'static FieldInfo, Vec<String>),
    /// A region or record field names this one.
    Is(&'static FieldInfo, i64),
    /// A day lies between these.
    Days(&'static FieldInfo, Option<Date>, Option<Date>),
    /// A quantity lies between these, in the unit's scale.
    Numbers(&'static FieldInfo, Option<i64>, Option<i64>),
    /// The amount lies between these, in fen.
    Amount(Option<i64>, Option<i64>),
    /// Nothing is known of a field, or nothing linked by it.
    Unknown(&'static FieldInfo),
    /// A party region lies in this region's tree, administrative or geographic.
    Within {
        /// The region.
        region: i64,
        /// By geographic parents.
        geographic: bool,
    },
    /// A link of this kind leads to this record.
    Linked(&'static str, i64),
    /// One of these records.
    Among(Vec<i64>),
    /// Made by this user.
    MadeBy(i64),
    /// Projects with one of these lights.
    Light(Vec<Light>),
    /// Projects that came to this milestone or further, as they were last counted.
    Reached(Milestone),
    /// Aid projects whose money was planned or moved in this year.
    AidYear(i16),
}

/// What a list is sorted by; the newest record comes first among equals.
#[derive(Debug, Clone, Copy, Default)]
pub enum SortBy {
    /// The order records were created in.
    #[default]
    Created,
    /// The title, by its pinyin.
    Title,
    /// When it was last written.
    Changed,
    /// The amount its form asks for.
    Amount,
    /// A field.
    Field(&'static FieldInfo),
}

/// The order of a list.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The largest, or newest, first.
    pub descending: bool,
}

impl ListFilter {
    /// All records of a kind that are in use. What can be seen is left to who asks.
    #[must_use]
    pub fn of(kind: RecordKind) -> Self {
        Self { kind, archived: false, conditions: Vec::new(), text: String::new(), reach: Reach::default() }
    }
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: SortBy::Created, descending: true }
    }
}

/// Where a page of a list ended: the value that was sorted by, and the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The sorted value of the last line, as text; empty for [`SortBy::Created`].
    pub key: String,
    /// The record of the last line.
    pub id: i64,
}

/// What a statement about a list is made of. In SQLite, which keeps no statistics here, the order of the joins is the one
/// that is written: what leads is decided by [`condition::rarest`].
struct Query {
    dialect: Dialect,
    from: String,
    condition: String,
    /// The id from the table whose index has the order of the list.
    id: &'static str,
    values: Vec<Param>,
}

impl Query {
    fn place(&mut self, value: impl Into<Param>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// A column that is not to lead to the rows: PostgreSQL decides that by its statistics.
    fn unindexed(&self, column: &str) -> String {
        if self.dialect == Dialect::Sqlite { format!("+{column}") } else { column.to_owned() }
    }

    fn and(&mut self, clause: &str) {
        self.condition.push_str(" AND ");
        self.condition.push_str(clause);
    }
}

/// The expression that a list is sorted by, as its index has it, and whether it is an integer.
fn sort_key(by: SortBy) -> Option<(String, bool)> {
    match by {
        SortBy::Created => None,
        SortBy::Title => Some(("r.title_key".to_owned(), false)),
        SortBy::Changed => Some(("r.changed_at".to_owned(), false)),
        SortBy::Amount => Some(("COALESCE(k.amount, -1)".to_owned(), true)),
        SortBy::Field(field) => {
            let (column, int) = (field.column()?, is_int(field));
            let none = if int { "-1" } else { "''" };
            Some((format!("COALESCE(k.{column}, {none})"), int))
        }
    }
}

/// What every statement about a list begins with. Where few records can hold a condition, they lead to the rows; else the
/// rows come in the order of the list until there are enough, from the table whose index has that order.
async fn query(tx: &mut Tx, programme: i64, filter: &ListFilter, by: SortBy) -> Result<Query> {
    let mut query = Query {
        dialect: tx.dialect(),
        from: String::new(),
        condition: String::new(),
        id: if is_of_record(by) { "r.id" } else { "k.record_id" },
        values: params![programme],
    };
    let leader = rows(tx, programme, (filter, by), &mut query).await?;
    let kind = filter.kind.code();
    let of_kind = query.unindexed("k.programme_id");
    let (from, scope) = match leader {
        Some(Leader::InOrder(clause)) => {
            query.id = "k.record_id";
            (
                format!("{kind} k CROSS JOIN record r"),
                format!("k.programme_id = $1 AND {clause} AND r.id = k.record_id"),
            )
        }
        Some(Leader::Few(few)) => (
            format!("({few}) h CROSS JOIN {kind} k CROSS JOIN record r"),
            format!("k.record_id = h.id AND r.id = h.id AND {of_kind} = $1"),
        ),
        None if is_of_record(by) => (
            format!("record r CROSS JOIN {kind} k"),
            format!("r.programme_id = $1 AND r.kind = '{kind}' AND k.record_id = r.id AND {of_kind} = $1"),
        ),
        None => {
            (format!("{kind} k CROSS JOIN record r"), "k.programme_id = $1 AND r.id = k.record_id".to_owned())
        }
    };
    query.from = from;
    query.condition.insert_str(0, &scope);
    Ok(query)
}

/// Adds all that a filter asks for; returns the rows that lead to the list, where these are few.
async fn rows(
    tx: &mut Tx,
    programme: i64,
    (filter, by): (&ListFilter, SortBy),
    query: &mut Query,
) -> Result<Option<Leader>> {
    query.and(if filter.archived { "r.archived_at IS NOT NULL" } else { "r.archived_at IS NULL" });
    for condition in &filter.conditions {
        condition.add(query);
    }
    let clause = filter.reach.clause("r", &mut query.values);
    query.and(&clause);
    let mut few = None;
    if !filter.text.trim().is_empty() {
        let words = crate::search::Query::new(&filter.text);
        let among = (programme, Some(filter.kind), &filter.reach);
        let holders = words.clause(tx, among, "r", &mut query.values, Order::Other).await?;
        query.and(&holders.condition);
        few = holders.leaders.map(Leader::Few);
    }
    if few.is_none() && query.dialect == Dialect::Sqlite {
        few = condition::rarest(tx, programme, (filter, by), &mut query.values).await?;
    }
    Ok(few)
}

/// A page of a list: at most `limit` records behind the cursor.
///
/// # Errors
/// When the database fails.
pub async fn entry_list(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    sort: Sort,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let (sql, values) = page(tx, programme, filter, sort, after, limit).await?;
    tx.all(&sql, values).await?.iter().map(|row| entry_from(row, filter.kind)).collect()
}

async fn page(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    sort: Sort,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<(String, Vec<Param>)> {
    let mut query = query(tx, programme, filter, sort.by).await?;
    let (sign, direction) = if sort.descending { ("<", " DESC") } else { (">", "") };
    let key = sort_key(sort.by);
    if let Some(cursor) = after {
        let id = query.place(cursor.id);
        match &key {
            None => query.and(&format!("{} {sign} {id}", query.id)),
            Some((key, int)) => {
                let value = if *int {
                    Param::from(cursor.key.parse::<i64>().unwrap_or(-1))
                } else {
                    Param::from(&cursor.key)
                };
                let value = query.place(value);
                query.and(&format!("({key}, {}) {sign} ({value}, {id})", query.id));
            }
        }
    }
    let id = query.id;
    let order = match &key {
        Some((key, _)) => format!("{key}{direction}, {id}{direction}"),
        None => format!("{id}{direction}"),
    };
    let limit = query.place(limit);
    let sql = format!(
        "SELECT {RECORD_COLUMNS}, {} FROM {} WHERE {} ORDER BY {order} LIMIT {limit}",
        columns(filter.kind),
        query.from,
        query.condition
    );
    Ok((sql, query.values))
}

/// Whether a list is sorted by something that every record has.
fn is_of_record(by: SortBy) -> bool {
    matches!(by, SortBy::Created | SortBy::Title | SortBy::Changed)
}

/// Where a page that ends with this record ends.
#[must_use]
pub fn cursor_of(entry: &Entry, by: SortBy) -> Cursor {
    let key = match by {
        SortBy::Created => String::new(),
        SortBy::Title => crate::record::title_key(&entry.record.title),
        SortBy::Changed => entry.record.changed_at.map(crate::db::instant).unwrap_or_default(),
        SortBy::Amount => entry.amount.map_or(-1, |amount| amount.low).to_string(),
        SortBy::Field(field) => match entry.values.get(field.code) {
            Some(domain::Value::Text(text)) => text.clone(),
            Some(domain::Value::Day(day)) => day.to_string(),
            Some(domain::Value::Int(int) | domain::Value::Id(int)) => int.to_string(),
            None if is_int(field) => "-1".to_owned(),
            None => String::new(),
        },
    };
    Cursor { key, id: entry.record.id }
}

/// A statement of the ids of a list, whose first value is the programme, with its values.
pub(crate) async fn list_ids(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
) -> Result<(String, Vec<Param>)> {
    let query = query(tx, programme, filter, SortBy::Created).await?;
    Ok((format!("SELECT r.id AS id FROM {} WHERE {}", query.from, query.condition), query.values))
}

/// The same with a column made from the table of the kind, `k`.
pub(crate) async fn list_ids_with(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    column: impl FnOnce(&mut Vec<Param>) -> String,
) -> Result<(String, Vec<Param>)> {
    let mut query = query(tx, programme, filter, SortBy::Created).await?;
    let column = column(&mut query.values);
    Ok((format!("SELECT r.id AS id, {column} FROM {} WHERE {}", query.from, query.condition), query.values))
}

/// How many records a list has, counted up to a limit: never on the way to a page.
///
/// # Errors
/// When the database fails.
pub async fn entry_list_count(tx: &mut Tx, programme: i64, filter: &ListFilter, limit: i64) -> Result<i64> {
    let mut query = query(tx, programme, filter, SortBy::Created).await?;
    let limit = query.place(limit);
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {limit}) x",
        query.from, query.condition
    );
    tx.int(&sql, query.values).await
}

/// How many records of a list concern each region or one below it, each once, as [`Condition::Within`] finds them: for its
/// map.
///
/// # Errors
/// When the database fails.
pub async fn entry_list_regions(tx: &mut Tx, programme: i64, filter: &ListFilter) -> Result<Vec<(i64, i64)>> {
    let query = query(tx, programme, filter, SortBy::Created).await?;
    let sql = format!(
        "SELECT t.ancestor_id, COUNT(DISTINCT r.id) FROM {} JOIN record_region g ON g.record_id = r.id
         JOIN region_tree t ON t.descendant_id = g.region_id WHERE {} GROUP BY t.ancestor_id ORDER BY t.ancestor_id",
        query.from, query.condition
    );
    tx.all(&sql, query.values).await?.iter().map(|row| Ok((row.int(0)?, row.int(1)?))).collect()
}

/// How many records of a list hold each value of a field that is kept as text; an empty one for those that hold none.
///
/// # Errors
/// When the database fails.
pub async fn entry_list_by(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    field: &FieldInfo,
) -> Result<Vec<(String, i64)>> {
    let Some(column) = field.column() else { return Ok(Vec::new()) };
    let query = query(tx, programme, filter, SortBy::Created).await?;
    let sql = format!(
        "SELECT COALESCE(k.{column}, ''), COUNT(*) FROM {} WHERE {} GROUP BY COALESCE(k.{column}, '')",
        query.from, query.condition
    );
    tx.all(&sql, query.values).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing;
    use domain::record::FieldType;
    use jiff::civil::date;

    pub(super) fn conditions(kind: RecordKind) -> Vec<Condition> {
        let mut all = vec![
            Condition::Within { region: 1, geographic: false },
            Condition::Within { region: 1, geographic: true },
            Condition::Linked("attachment", 1),
            Condition::Among(vec![1, 2]),
            Condition::Among(Vec::new()),
            Condition::MadeBy(1),
            Condition::Light(vec![Light::Red, Light::Yellow]),
            Condition::Reached(Milestone::Landed),
            Condition::AidYear(2024),
        ];
        for field in kind.fields() {
            all.push(Condition::Unknown(field));
            match field.kind {
                FieldType::Choice(_) | FieldType::Stage => {
                    all.push(Condition::OneOf(field, vec!["a".into(), "b".into(), String::new()]))
                }
                FieldType::Sector => all.push(Condition::OneOf(field, vec!["C".into(), "C13".into()])),
                FieldType::Region | FieldType::Record(_) => all.push(Condition::Is(field, 1)),
                FieldType::Date => {
                    all.push(Condition::Days(field, Some(date(2024, 1, 1)), Some(date(2024, 12, 31))));
                }
                FieldType::Quantity(_) => all.push(Condition::Numbers(field, Some(1), Some(2))),
                _ => {}
            }
        }
        if kind.amount().is_some() {
            all.push(Condition::Amount(Some(1), Some(2)));
        }
        all
    }

    fn sorts(kind: RecordKind) -> Vec<SortBy> {
        let mut all = vec![SortBy::Created, SortBy::Title, SortBy::Changed];
        all.extend(kind.amount().map(|_| SortBy::Amount));
        all.extend(kind.fields().iter().filter(|field| field.sort).map(SortBy::Field));
        all
    }

    #[tokio::test]
    async fn every_condition_and_sort_of_every_kind_is_understood_by_both_databases() {
        let reach = Reach { all: true, keys: vec!["r1".into(), "*".into()], ..Reach::default() };
        for db in testing::databases().await {
            let mut tx = db.read().await.expect("a transaction");
            for kind in RecordKind::described() {
                let of = |conditions| ListFilter {
                    kind,
                    archived: false,
                    conditions,
                    text: "甲 公司".into(),
                    reach: reach.clone(),
                };
                for condition in conditions(kind) {
                    let name = format!("{kind:?} {condition:?} on {db:?}");
                    let filter = of(vec![condition]);
                    let listed = entry_list(&mut tx, 1, &filter, Sort::default(), None, 5).await;
                    assert!(listed.unwrap_or_else(|error| panic!("{name}: {error}")).is_empty());
                    assert_eq!(entry_list_count(&mut tx, 1, &filter, 9).await.expect("understood"), 0);
                }
                for by in sorts(kind) {
                    let cursor = Cursor { key: "7".into(), id: 5 };
                    for descending in [false, true] {
                        let sort = Sort { by, descending };
                        let listed = entry_list(&mut tx, 1, &of(Vec::new()), sort, Some(&cursor), 5).await;
                        assert!(
                            listed.unwrap_or_else(|error| panic!("{kind:?} {sort:?}: {error}")).is_empty()
                        );
                    }
                }
                let regions = entry_list_regions(&mut tx, 1, &of(Vec::new())).await;
                assert!(regions.expect("understood").is_empty());
            }
        }
    }
}
