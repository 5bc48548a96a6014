//! Backup and restore in one format for both databases: a header line, then one JSON array per row.

use crate::db::{Db, MIGRATIONS, Row, Tx, params};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

const FORMAT: &str = "luodi-backup-1";
const PAGE: i64 = 2_000;

/// Tables that no backup holds: sessions, and what is made anew from other tables.
const LEFT_OUT: &[&str] = &[
    "session",
    "record_word",
    "record_key",
    "search_state",
    "aid_mark",
    "aid_money",
    "aid_standing",
    "aid_facet",
    "aid_sum",
    "aid_start",
];

statements! {
    COUNT_RECORDS = "SELECT COUNT(*) FROM record";
}

/// A table as the schema declares it: name, and columns with their type token.
struct Table {
    name: String,
    columns: Vec<(String, String)>,
}

/// Reads the tables, in the order they were declared, from the texts of all migrations.
fn tables() -> Vec<Table> {
    tables_of(MIGRATIONS.iter().map(|(_, _, sql)| *sql))
}

/// The names of all tables of the migrations, for tests that look whether rows were left.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn table_names() -> Vec<String> {
    tables().into_iter().map(|table| table.name).collect()
}

/// A table that is declared again replaces the earlier one; columns that are added stand last, and those
/// that are dropped are gone.
fn tables_of<'a>(migrations: impl Iterator<Item = &'a str>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for sql in migrations {
        let lines = sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code));
        let code = lines.collect::<Vec<_>>().join("\n");
        for statement in code.split(';') {
            read_statement(&mut tables, statement.trim());
        }
    }
    tables
}

fn read_statement(tables: &mut Vec<Table>, statement: &str) {
    if let Some((name, body)) = statement.strip_prefix("CREATE TABLE ").and_then(|rest| rest.split_once('('))
    {
        let columns = body.split(',').filter_map(column).collect();
        let table = Table { name: name.trim().to_owned(), columns };
        tables.retain(|earlier| earlier.name != table.name);
        tables.push(table);
    } else if let Some((name, added)) =
        statement.strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" ADD COLUMN "))
    {
        let table = tables.iter_mut().find(|table| table.name == name.trim());
        if let (Some(table), Some(column)) = (table, column(added)) {
            table.columns.push(column);
        }
    } else if let Some((name, dropped)) =
        statement.strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" DROP COLUMN "))
    {
        if let Some(table) = tables.iter_mut().find(|table| table.name == name.trim()) {
            table.columns.retain(|(column, _)| column != dropped.trim());
        }
    } else if let Some(name) = statement.strip_prefix("DROP TABLE ") {
        tables.retain(|table| table.name != name.trim());
    }
}

/// Name and type token of a column; constraints have no type token.
fn column(part: &str) -> Option<(String, String)> {
    let mut words = part.split_whitespace();
    let (name, kind) = (words.next()?, words.next()?.strip_prefix('{')?.split_once('}')?.0);
    Some((name.to_owned(), format!("{{{kind}}}")))
}

impl Table {
    fn select(&self) -> String {
        let columns: Vec<_> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        let order: Vec<_> = (1..=columns.len().min(4)).map(|n| n.to_string()).collect();
        let (columns, order) = (columns.join(", "), order.join(", "));
        format!("SELECT {columns} FROM {} ORDER BY {order} LIMIT $1 OFFSET $2", self.name)
    }

    fn insert(&self) -> String {
        let columns: Vec<_> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<_> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, columns.join(", "), values.join(", "))
    }

    /// Rows with bytes are large: fewer of them stand in memory at once.
    fn page(&self) -> i64 {
        if self.columns.iter().any(|(_, kind)| kind == "{bytes}") { 4 } else { PAGE }
    }

    fn row(&self, row: &Row) -> Result<Value> {
        let values = self.columns.iter().enumerate().map(|(index, (_, kind))| {
            Ok(match kind.as_str() {
                "{int}" | "{pk}" => json!(row.opt_int(index)?),
                "{bytes}" => json!(hex(&row.bytes(index)?)),
                _ => json!(row.opt_text(index)?),
            })
        });
        values.collect::<Result<Vec<_>>>().map(Value::from)
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    let byte =
        |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    digits.map(|pair| byte(pair).ok_or_else(|| Error::Damaged("bytes are not hexadecimal".into()))).collect()
}

/// Writes everything the database holds, as of one moment, but sessions and what other tables give again.
///
/// # Errors
/// When the database fails or the writer does.
pub async fn backup_write(db: &Db, writer: &mut (dyn Write + Send)) -> Result<()> {
    let mut tx = db.read().await?;
    writeln!(writer, "{}", json!({ "format": FORMAT }))?;
    for table in tables().iter().filter(|table| !LEFT_OUT.contains(&table.name.as_str())) {
        writeln!(writer, "{}", json!({ "table": table.name }))?;
        let (sql, page) = (table.select(), table.page());
        for start in (0_i64..).step_by(usize::try_from(page)?) {
            let rows = tx.all(&sql, params![page, start]).await?;
            for row in &rows {
                writeln!(writer, "{}", table.row(row)?)?;
            }
            if i64::try_from(rows.len())? < page {
                break;
            }
        }
    }
    writeln!(writer, "{}", json!({ "end": FORMAT }))?;
    writer.flush()?;
    Ok(())
}

/// Fills an empty database from a backup, in one transaction.
///
/// # Errors
/// [`Error::Duplicate`] when the database holds records already; [`Error::Damaged`] naming the line when the file is not
/// a whole backup of this version.
pub async fn backup_restore(db: &Db, reader: &mut (dyn BufRead + Send)) -> Result<()> {
    let mut tx = db.write().await?;
    if tx.int(COUNT_RECORDS, vec![]).await? > 0 {
        return Err(Error::Duplicate);
    }
    let tables = tables();
    let references = defer_references(&mut tx).await?;
    let mut current: Option<&Table> = None;
    let mut ended = false;
    let mut line = String::new();
    for number in 1.. {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            break;
        }
        let damaged = |what: &str| Error::Damaged(format!("line {number}: {what}"));
        let value: Value = serde_json::from_str(&line).map_err(|_| damaged("not JSON"))?;
        match (&value, number) {
            (Value::Object(head), 1) if head.get("format") == Some(&json!(FORMAT)) => {}
            (_, 1) => return Err(damaged("not a backup of this version")),
            (Value::Object(head), _) if head.contains_key("end") => ended = true,
            (Value::Object(head), _) => {
                let name = head.get("table").and_then(Value::as_str).unwrap_or_default();
                current =
                    Some(tables.iter().find(|t| t.name == name).ok_or_else(|| damaged("unknown table"))?);
            }
            (Value::Array(row), _) => {
                let table = current.ok_or_else(|| damaged("a row without a table"))?;
                insert_row(&mut tx, table, row).await?;
            }
            _ => return Err(damaged("neither row nor heading")),
        }
    }
    if !ended {
        return Err(Error::Damaged("the file ends before the backup does".into()));
    }
    set_sequences(&mut tx, &tables).await?;
    check_references(&mut tx, &references).await?;
    crate::search::search_forget(&mut tx).await?;
    crate::tally::aid_mark_everything(&mut tx).await?;
    crate::bulk::statistics_gather(&mut tx).await?;
    tx.commit().await?;
    crate::search::search_rebuild(db).await
}

/// Rows may refer to rows that come later, such as a record to the one it was merged into: what a row refers to is
/// looked for when all rows are there. Gives the references that were made to wait.
async fn defer_references(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    if tx.dialect() == Dialect::Sqlite {
        tx.execute("PRAGMA defer_foreign_keys = ON", vec![]).await?;
        return Ok(Vec::new());
    }
    let sql = "SELECT CAST(CAST(conrelid AS regclass) AS TEXT), quote_ident(conname) FROM pg_constraint
        WHERE contype = 'f' AND NOT condeferrable AND connamespace = CAST(current_schema() AS regnamespace)";
    let rows = tx.all(sql, vec![]).await?;
    let references: Vec<_> =
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect::<Result<_>>()?;
    for (table, name) in &references {
        let sql = format!("ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED");
        tx.execute(&sql, vec![]).await?;
    }
    Ok(references)
}

/// Ends what `defer_references` began. SQLite looks for what rows refer to at the commit.
async fn check_references(tx: &mut Tx, references: &[(String, String)]) -> Result<()> {
    if !references.is_empty() {
        tx.execute("SET CONSTRAINTS ALL IMMEDIATE", vec![]).await?;
    }
    for (table, name) in references {
        tx.execute(&format!("ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE"), vec![]).await?;
    }
    Ok(())
}

async fn insert_row(tx: &mut Tx, table: &Table, row: &[Value]) -> Result<()> {
    if row.len() != table.columns.len() {
        return Err(Error::Damaged(format!("a row of {} has {} columns", table.name, row.len())));
    }
    let mut values = Vec::with_capacity(row.len());
    for ((_, kind), value) in table.columns.iter().zip(row) {
        values.push(match kind.as_str() {
            "{int}" | "{pk}" => value.as_i64().into(),
            "{bytes}" => unhex(value.as_str().unwrap_or_default())?.into(),
            _ => value.as_str().into(),
        });
    }
    tx.execute(&table.insert(), values).await?;
    Ok(())
}

/// PostgreSQL counts identities apart from the rows; SQLite looks at the rows.
async fn set_sequences(tx: &mut Tx, tables: &[Table]) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    for table in tables.iter().filter(|table| table.columns.iter().any(|(_, kind)| kind == "{pk}")) {
        let name = &table.name;
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM {name}), false)"
        );
        tx.all(&sql, vec![]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_name_every_table_and_column() {
        let tables = tables();
        let claim = tables.iter().find(|table| table.name == "claim").expect("there is one");
        assert_eq!(claim.columns.len(), 31);
        assert!(tables.iter().all(|table| !table.columns.is_empty()));
    }

    #[test]
    fn later_migrations_change_what_earlier_ones_declared() {
        let first = "CREATE TABLE a (id {pk}, x {int}){strict};\nCREATE TABLE b (y {int}); -- b; of y\n\
            CREATE TABLE gone (id {pk});";
        let second = "ALTER TABLE a ADD COLUMN z {text} NOT NULL DEFAULT '';\nDROP TABLE gone;\n\
            CREATE TABLE b (y {text}, a_id {int} REFERENCES a, PRIMARY KEY (y, a_id)){strict};";
        let tables = tables_of([first, second].into_iter());
        let read: Vec<_> = tables
            .iter()
            .map(|table| {
                let columns: Vec<_> =
                    table.columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
                format!("{}: {}", table.name, columns.join(", "))
            })
            .collect();
        assert_eq!(read, ["a: id {pk}, x {int}, z {text}", "b: y {text}, a_id {int}"]);
    }

    #[tokio::test]
    async fn the_tables_read_are_those_of_the_database() {
        let db = crate::db::testing::sqlite().await;
        let mut tx = db.read().await.expect("a transaction");
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
            AND name NOT LIKE 'passage%' AND name <> '_sqlx_migrations'";
        for row in tx.all(sql, vec![]).await.expect("the schema") {
            let name = row.text(0).expect("a name");
            let table = tables().into_iter().find(|table| table.name == name);
            let table = table.unwrap_or_else(|| panic!("no backup would hold {name}"));
            let sql = format!("SELECT CAST(COUNT(*) AS INTEGER) FROM pragma_table_info('{name}')");
            let count = tx.int(&sql, vec![]).await.expect("its columns");
            assert_eq!(i64::try_from(table.columns.len()).expect("few"), count, "columns of {name}");
        }
    }

    #[tokio::test]
    async fn a_row_may_refer_to_a_later_one() {
        for (from, into) in testing_pairs().await {
            let mut tx = from.write().await.expect("a transaction");
            tx.execute(
                "INSERT INTO programme (code, name_zh, name_en, time_zone) VALUES ('p', 'p', 'p', 'UTC')",
                vec![],
            )
            .await
            .expect("a programme");
            for id in [1_i64, 2] {
                let sql = "INSERT INTO record (id, programme_id, kind, code, uid, title) VALUES ($1, 1, 'event', $2, $2, '')";
                tx.execute(sql, params![id, id.to_string()]).await.expect("a record");
            }
            tx.execute("UPDATE record SET merged_into = 2 WHERE id = 1", vec![]).await.expect("merged");
            tx.commit().await.expect("kept");
            let mut bytes = Vec::new();
            backup_write(&from, &mut bytes).await.expect("written");
            backup_restore(&into, &mut bytes.as_slice()).await.expect("restored");
            let broken = String::from_utf8(bytes).expect("text").replace("null,2,null", "null,7,null");
            let fresh = crate::db::testing::sqlite().await;
            assert!(backup_restore(&fresh, &mut broken.as_bytes()).await.is_err(), "refers to nothing");
        }
    }

    /// A database with an empty one of the same kind.
    async fn testing_pairs() -> Vec<(Db, Db)> {
        use crate::db::testing::databases;
        databases().await.into_iter().zip(databases().await).collect()
    }

    #[test]
    fn bytes_come_back() {
        assert_eq!(unhex(&hex(&[0, 15, 255])).expect("hexadecimal"), [0, 15, 255]);
        assert!(unhex("zz").is_err());
    }
}
