//! Backup and restore in one format for both databases: a header line, then one JSON array per row.

use crate::db::{Db, Row, Tx, params};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

const SCHEMA: &str = include_str!("../migrations/0001_start.sql");
const FORMAT: &str = "luodi-backup-1";
const PAGE: i64 = 2_000;

statements! {
    COUNT_RECORDS = "SELECT COUNT(*) FROM record";
}

/// A table as the schema declares it: name, and columns with their type token.
struct Table {
    name: String,
    columns: Vec<(String, String)>,
}

/// Reads the tables, in the order they were declared, from the schema text itself.
fn tables() -> Vec<Table> {
    let statements = SCHEMA.split("CREATE TABLE ").skip(1);
    statements
        .map(|statement| {
            let (name, rest) = statement.split_once('(').unwrap_or((statement, ""));
            let body = rest.split("){strict}").next().unwrap_or_default();
            let columns = body.split(',').filter_map(|part| {
                let mut words = part.split_whitespace();
                let (column, kind) = (words.next()?, words.next()?);
                kind.starts_with('{').then(|| (column.to_owned(), kind.to_owned()))
            });
            Table { name: name.trim().to_owned(), columns: columns.collect() }
        })
        .collect()
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

/// Writes everything the database holds, as of one moment; sessions are left out.
///
/// # Errors
/// When the database fails or the writer does.
pub async fn backup_write(db: &Db, writer: &mut (dyn Write + Send)) -> Result<()> {
    let mut tx = db.read().await?;
    writeln!(writer, "{}", json!({ "format": FORMAT }))?;
    for table in tables().iter().filter(|table| table.name != "session") {
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
    tx.commit().await
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
    fn the_schema_text_names_every_table_and_column() {
        let tables = tables();
        assert_eq!(tables.len(), SCHEMA.matches("CREATE TABLE").count());
        let claim = tables.iter().find(|table| table.name == "claim").expect("there is one");
        assert_eq!(claim.columns.len(), 28);
        assert!(tables.iter().all(|table| !table.columns.is_empty()));
    }

    #[test]
    fn bytes_come_back() {
        assert_eq!(unhex(&hex(&[0, 15, 255])).expect("hexadecimal"), [0, 15, 255]);
        assert!(unhex("zz").is_err());
    }
}
