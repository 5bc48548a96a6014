//! Connections and transactions over either database, with one way to send a statement and read a row.

use crate::dialect::Dialect;
use crate::error::{Error, Result};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Row as _};
use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Number, name and text of every migration, in order.
pub(crate) const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "start", include_str!("../migrations/0001_start.sql")),
    (2, "records", include_str!("../migrations/0002_records.sql")),
    (3, "search", include_str!("../migrations/0003_search.sql")),
    (4, "access", include_str!("../migrations/0004_access.sql")),
    (6, "merge", include_str!("../migrations/0006_merge.sql")),
    (7, "views", include_str!("../migrations/0007_views.sql")),
    (8, "meet", include_str!("../migrations/0008_meet.sql")),
    (9, "settings", include_str!("../migrations/0009_settings.sql")),
    (10, "enclave_share", include_str!("../migrations/0010_enclave_share.sql")),
    (11, "lists", include_str!("../migrations/0011_lists.sql")),
    (14, "reach", include_str!("../migrations/0014_reach.sql")),
    (15, "several_regions", include_str!("../migrations/0015_several_regions.sql")),
    (16, "shared", include_str!("../migrations/0016_shared.sql")),
    (20, "projects", include_str!("../migrations/0020_projects.sql")),
    (21, "lights", include_str!("../migrations/0021_lights.sql")),
    (22, "aid", include_str!("../migrations/0022_aid.sql")),
    (23, "aid_ledger", include_str!("../migrations/0023_aid_ledger.sql")),
    (24, "reporting", include_str!("../migrations/0024_reporting.sql")),
    (27, "overview", include_str!("../migrations/0027_overview.sql")),
    (28, "follow", include_str!("../migrations/0028_follow.sql")),
    (29, "weekly", include_str!("../migrations/0029_weekly.sql")),
    (30, "project_claims", include_str!("../migrations/0030_project_claims.sql")),
    (31, "document_class", include_str!("../migrations/0031_document_class.sql")),
    (33, "kept_projects", include_str!("../migrations/0033_kept_projects.sql")),
    (34, "kept_aid", include_str!("../migrations/0034_kept_aid.sql")),
    (35, "pair_totals", include_str!("../migrations/0035_pair_totals.sql")),
    (36, "merged_index", include_str!("../migrations/0036_merged_index.sql")),
    (37, "status_was", include_str!("../migrations/0037_status_was.sql")),
    (38, "imports", include_str!("../migrations/0038_imports.sql")),
    (39, "pending", include_str!("../migrations/0039_pending.sql")),
    (40, "marked", include_str!("../migrations/0040_marked.sql")),
];

/// How long somebody waits for a file that another process holds, or for a server that does not answer, before they are
/// told.
const PATIENCE: Duration = Duration::from_secs(8);

/// Statements that a connection to a server keeps prepared: those of all pages, and of lists with different filters. SQLite
/// would keep them in this process, where a hundred are enough memory.
const STATEMENTS: usize = 256;

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Pools, Sent);

/// How many statements were sent, the beginnings of transactions among them.
type Sent = Arc<AtomicU64>;

#[derive(Clone)]
enum Pools {
    /// One writer, several readers: SQLite has a single writer, so waiting happens here and not in the file.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Db {
    /// Opens the database at `sqlite:PATH` or `postgres://…`, creates it where it is a file, and brings its schema and
    /// its search index up to date.
    ///
    /// # Errors
    /// When the address is neither, the database cannot be reached, or a migration fails.
    pub async fn open(address: &str) -> Result<Self> {
        let db = if let Some(path) = address.strip_prefix("sqlite:") {
            Self::open_sqlite(path.trim_start_matches("//")).await?
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            // Compiling a plan takes longer than any of these statements runs.
            let options = PgConnectOptions::from_str(address)?.options([("jit", "off")]);
            let options = options.statement_cache_capacity(STATEMENTS);
            let pool = PgPoolOptions::new().max_connections(8).acquire_timeout(PATIENCE);
            Self(Pools::Postgres(pool.connect_with(options).await?), Sent::default())
        } else {
            return Err(Error::Address(address.to_owned()));
        };
        db.migrate().await?;
        crate::search::search_rebuild(&db).await?;
        Ok(db)
    }

    async fn open_sqlite(path: &str) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A power cut must not lose an acknowledged commit.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            // A page of a list at once: beyond that the thread of the database waits for its reader, row by row.
            .row_buffer_size(512)
            // Of each connection; the system keeps the rest of the file in memory that is not the server's.
            .pragma("cache_size", "-8000");
        // A file does not go away as a server does: nobody asks before whether it is there.
        let pool = |most| SqlitePoolOptions::new().max_connections(most).test_before_acquire(false);
        // The one that writes holds what a step of a large import touches: what does not fit is written twice.
        let writing = options.clone().pragma("cache_size", "-64000");
        let writer = pool(1).connect_with(writing).await?;
        let readers = pool(4).connect_with(options.read_only(true)).await?;
        Ok(Self(Pools::Sqlite { readers, writer }, Sent::default()))
    }

    async fn migrate(&self) -> Result<()> {
        let migration = |(version, name, sql): &(i64, &'static str, &str)| {
            let sql = self.dialect().render(sql).into_owned();
            let sql = sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(sql));
            Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, sql, false)
        };
        let migrator = Migrator::with_migrations(MIGRATIONS.iter().map(migration).collect());
        match &self.0 {
            Pools::Sqlite { writer, .. } => migrator.run(writer).await?,
            Pools::Postgres(pool) => migrator.run(pool).await?,
        }
        Ok(())
    }

    /// What kind of database this is, for messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "SQLite",
            Dialect::Postgres => "PostgreSQL",
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.0 {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Begins a transaction that may write. It ends with [`Tx::commit`]; dropped, it leaves nothing behind.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn write(&self) -> Result<Tx> {
        let inner = match &self.0 {
            Pools::Sqlite { writer, .. } => Inner::Sqlite(begin_sqlite(writer).await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await.map_err(unreachable)?),
        };
        Ok(self.begun(inner))
    }

    /// Begins a transaction that only reads and sees one state throughout.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn read(&self) -> Result<Tx> {
        let inner = match &self.0 {
            Pools::Sqlite { readers, .. } => Inner::Sqlite(readers.begin().await?),
            Pools::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Inner::Postgres(pool.begin_with(begin).await.map_err(unreachable)?)
            }
        };
        Ok(self.begun(inner))
    }

    fn begun(&self, inner: Inner) -> Tx {
        self.1.fetch_add(1, Ordering::Relaxed);
        Tx(inner, Arc::clone(&self.1))
    }

    /// How many statements were sent through it so far, the beginnings of transactions among them: what a page costs
    /// whatever the machine.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.1.load(Ordering::Relaxed)
    }

    /// Waits for all connections to be given back and closes them.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    #[cfg(test)]
    pub(crate) async fn prepare(&self, sql: &str) -> Result<()> {
        use sqlx::{Executor as _, SqlSafeStr as _};
        let sql = AssertSqlSafe(self.dialect().render(sql).into_owned()).into_sql_str();
        match &self.0 {
            Pools::Sqlite { writer, .. } => drop(writer.prepare(sql).await?),
            Pools::Postgres(pool) => drop(pool.prepare(sql).await?),
        }
        Ok(())
    }
}

/// Begins a writing transaction. A full disk ends one behind the driver's back: the connection then counts a transaction
/// that is no more, and is replaced by a new one.
async fn begin_sqlite(writer: &SqlitePool) -> Result<sqlx::Transaction<'static, sqlx::Sqlite>> {
    const BEGIN: &str = "BEGIN IMMEDIATE";
    match writer.begin_with(BEGIN).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            writer.acquire().await?.close().await?;
            Ok(writer.begin_with(BEGIN).await?)
        }
        begun => Ok(begun?),
    }
}

/// Before anything was asked, whatever a server says means that it cannot be used.
fn unreachable(error: sqlx::Error) -> Error {
    match Error::from(error) {
        Error::Database(error) => Error::Unavailable(error),
        error => error,
    }
}

/// A transaction on either database.
pub struct Tx(Inner, Sent);

enum Inner {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

/// A value sent with a statement.
#[derive(Debug, Clone)]
pub(crate) enum Param {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Vec<u8>),
}

macro_rules! param_from {
    ($($type:ty => |$x:ident| $param:expr;)*) => {
        $(impl From<$type> for Param { fn from($x: $type) -> Self { $param } })*
    };
}

param_from! {
    i64 => |x| Self::Int(Some(x));
    Option<i64> => |x| Self::Int(x);
    bool => |x| Self::Int(Some(i64::from(x)));
    &str => |x| Self::Text(Some(x.to_owned()));
    String => |x| Self::Text(Some(x));
    &String => |x| Self::Text(Some(x.clone()));
    Option<String> => |x| Self::Text(x);
    &Option<String> => |x| Self::Text(x.clone());
    Option<&str> => |x| Self::Text(x.map(str::to_owned));
    Vec<u8> => |x| Self::Bytes(x);
    jiff::Timestamp => |x| Self::Text(Some(instant(x)));
    Option<jiff::Timestamp> => |x| Self::Text(x.map(instant));
    jiff::civil::Date => |x| Self::Text(Some(x.to_string()));
    Option<jiff::civil::Date> => |x| Self::Text(x.map(|day| day.to_string()));
}

/// Instants have one width, so that text order is time order.
pub(crate) fn instant(at: jiff::Timestamp) -> String {
    format!("{at:.6}")
}

/// The parameters of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Param::from($value)),*] };
}
pub(crate) use params;

/// Runs `$call` on the query built for whichever database the transaction is on.
macro_rules! run {
    ($tx:expr, $sql:expr, $params:expr, |$query:ident, $connection:ident| $call:expr, $wrap:ident) => {{
        $tx.1.fetch_add(1, Ordering::Relaxed);
        match &mut $tx.0 {
            Inner::Sqlite(inner) => {
                let $query = bind!(Dialect::Sqlite.render($sql), $params);
                let $connection = &mut **inner;
                let result = $call;
                $wrap!(Sqlite, result)
            }
            Inner::Postgres(inner) => {
                let $query = bind!(Dialect::Postgres.render($sql), $params);
                let $connection = &mut **inner;
                let result = $call;
                $wrap!(Postgres, result)
            }
        }
    }};
}

macro_rules! bind {
    ($sql:expr, $params:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe($sql.into_owned()));
        for param in $params {
            query = match param {
                Param::Int(value) => query.bind(value),
                Param::Text(value) => query.bind(value),
                Param::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

macro_rules! affected {
    ($kind:ident, $result:expr) => {
        Ok($result?.rows_affected())
    };
}

macro_rules! rows {
    ($kind:ident, $result:expr) => {
        Ok($result?.into_iter().map(Row::$kind).collect())
    };
}

macro_rules! maybe_row {
    ($kind:ident, $result:expr) => {
        Ok($result?.map(Row::$kind))
    };
}

impl Tx {
    pub(crate) fn dialect(&self) -> Dialect {
        match self.0 {
            Inner::Sqlite(_) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Makes everything written in this transaction lasting.
    ///
    /// # Errors
    /// When the database cannot keep it; then nothing of it is kept.
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Inner::Sqlite(inner) => inner.commit().await?,
            Inner::Postgres(inner) => inner.commit().await?,
        }
        Ok(())
    }

    pub(crate) async fn execute(&mut self, sql: &str, params: Vec<Param>) -> Result<u64> {
        run!(self, sql, params, |query, connection| query.execute(connection).await, affected)
    }

    pub(crate) async fn all(&mut self, sql: &str, params: Vec<Param>) -> Result<Vec<Row>> {
        run!(self, sql, params, |query, connection| query.fetch_all(connection).await, rows)
    }

    pub(crate) async fn optional(&mut self, sql: &str, params: Vec<Param>) -> Result<Option<Row>> {
        run!(self, sql, params, |query, connection| query.fetch_optional(connection).await, maybe_row)
    }

    pub(crate) async fn one(&mut self, sql: &str, params: Vec<Param>) -> Result<Row> {
        self.optional(sql, params).await?.ok_or(Error::NotFound)
    }

    /// Runs a statement that returns one integer, such as the id of an inserted row or a count.
    pub(crate) async fn int(&mut self, sql: &str, params: Vec<Param>) -> Result<i64> {
        self.one(sql, params).await?.int(0)
    }
}

/// A row of either database; columns are read by position.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! column {
    ($($name:ident: $type:ty),*) => {
        $(pub(crate) fn $name(&self, index: usize) -> Result<$type> {
            Ok(match self {
                Self::Sqlite(row) => row.try_get(index)?,
                Self::Postgres(row) => row.try_get(index)?,
            })
        })*
    };
}

impl Row {
    column!(int: i64, opt_int: Option<i64>, text: String, opt_text: Option<String>, bytes: Vec<u8>);

    pub(crate) fn bool(&self, index: usize) -> Result<bool> {
        Ok(self.int(index)? != 0)
    }

    pub(crate) fn day(&self, index: usize) -> Result<Option<jiff::civil::Date>> {
        self.opt_text(index)?.map(|text| text.parse().map_err(damaged(&text))).transpose()
    }

    pub(crate) fn opt_instant(&self, index: usize) -> Result<Option<jiff::Timestamp>> {
        self.opt_text(index)?.map(|text| text.parse().map_err(damaged(&text))).transpose()
    }

    pub(crate) fn instant(&self, index: usize) -> Result<jiff::Timestamp> {
        self.opt_instant(index)?.ok_or_else(|| Error::Damaged("an instant is missing".into()))
    }

    /// A stored code as the value it stands for.
    pub(crate) fn code<T>(&self, index: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        let text = self.text(index)?;
        parse(&text).ok_or_else(|| Error::Damaged(format!("unknown code {text:?}")))
    }
}

fn damaged(text: &str) -> impl Fn(jiff::Error) -> Error + '_ {
    move |error| Error::Damaged(format!("{text:?}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{Error, testing};

    #[tokio::test]
    async fn writing_goes_on_after_the_database_ended_a_transaction_itself() {
        let db = testing::sqlite().await;
        let mut tx = db.write().await.expect("a transaction");
        // What SQLite does by itself when the disk is full.
        tx.execute("ROLLBACK", vec![]).await.expect("ended");
        drop(tx);
        for table in ["CREATE TABLE one (i INTEGER)", "CREATE TABLE two (i INTEGER)"] {
            let mut tx = db.write().await.expect("a new transaction");
            tx.execute(table, vec![]).await.expect("written");
            tx.commit().await.expect("kept");
        }
    }

    #[tokio::test]
    async fn a_full_disk_refuses_the_write_and_nothing_else() {
        let db = testing::sqlite().await;
        let mut tx = db.write().await.expect("a transaction");
        tx.execute("CREATE TABLE load (text TEXT NOT NULL)", vec![]).await.expect("created");
        let pages = tx.int("PRAGMA page_count", vec![]).await.expect("a number");
        let room = |more: i64| format!("PRAGMA max_page_count = {}", pages + more);
        tx.all(&room(4), vec![]).await.expect("set");
        tx.commit().await.expect("kept");
        let fill = "INSERT INTO load (text) VALUES (printf('%.*c', 100000, 'x'))";
        let mut tx = db.write().await.expect("a transaction");
        let refused = tx.execute(fill, vec![]).await;
        assert!(matches!(refused, Err(Error::Full)), "{refused:?}");
        drop(tx);
        let mut tx = db.read().await.expect("reading goes on");
        assert_eq!(tx.int("SELECT COUNT(*) FROM load", vec![]).await.expect("a number"), 0);
        let mut tx = db.write().await.expect("writing is tried again");
        tx.all(&room(1_000), vec![]).await.expect("there is room");
        tx.execute(fill, vec![]).await.expect("written");
        tx.commit().await.expect("kept");
    }
}

#[cfg(any(test, feature = "testing"))]
pub mod testing {
    //! Fresh databases for tests.

    use super::{Db, Pools};
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicU32, Ordering};

    static NEXT: AtomicU32 = AtomicU32::new(0);

    /// A fresh SQLite database in memory-backed storage of its own file, and a fresh PostgreSQL one where
    /// `LUODI_TEST_POSTGRES` names a server.
    ///
    /// # Panics
    /// When a database cannot be opened.
    pub async fn databases() -> Vec<Db> {
        let mut all = vec![sqlite().await];
        if let Ok(server) = std::env::var("LUODI_TEST_POSTGRES") {
            all.push(postgres(&server).await);
        }
        all
    }

    /// Databases that were filled once and are copied for every test: by name, a SQLite file or a PostgreSQL database.
    static FILLED: tokio::sync::Mutex<BTreeMap<String, String>> =
        tokio::sync::Mutex::const_new(BTreeMap::new());

    /// Copies of databases that `fill` filled, as [`databases`] makes them. It fills each once in a process, under a name that
    /// says with what.
    ///
    /// # Panics
    /// When a database cannot be opened or copied.
    pub async fn copies(name: &str, fill: impl AsyncFn(Db)) -> Vec<Db> {
        let mut all = vec![sqlite_copy(name, &fill).await];
        if let Ok(server) = std::env::var("LUODI_TEST_POSTGRES") {
            all.push(postgres_copy(&server, name, &fill).await);
        }
        all
    }

    /// How many rows every table has.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn rows(db: &Db) -> BTreeMap<String, i64> {
        let mut tx = db.read().await.expect("a transaction");
        let mut rows = BTreeMap::new();
        for table in crate::backup::table_names().into_iter().chain(["passage".to_owned()]) {
            let count = tx.int(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await.expect("a table");
            rows.insert(table, count);
        }
        rows
    }

    /// A copy of a SQLite database that `fill` filled, as [`copies`].
    ///
    /// # Panics
    /// When it cannot be opened or copied.
    pub async fn sqlite_copy(name: &str, fill: impl AsyncFn(Db)) -> Db {
        let mut filled = FILLED.lock().await;
        let key = format!("sqlite {name}");
        if !filled.contains_key(&key) {
            let path = fresh_file();
            let db = Db::open(&format!("sqlite:{path}")).await.expect("SQLite opens");
            fill(db.clone()).await;
            db.close().await;
            filled.insert(key.clone(), path);
        }
        let path = fresh_file();
        std::fs::copy(&filled[&key], &path).expect("a copy of the file");
        drop(filled);
        Db::open(&format!("sqlite:{path}")).await.expect("SQLite opens")
    }

    async fn postgres_copy(server: &str, name: &str, fill: impl AsyncFn(Db)) -> Db {
        let mut filled = FILLED.lock().await;
        let key = format!("postgres {name}");
        if !filled.contains_key(&key) {
            let database = fresh_database(server, None).await;
            let db = connect(server, &database).await;
            db.migrate().await.expect("the schema is made");
            fill(db.clone()).await;
            db.close().await;
            filled.insert(key.clone(), database);
        }
        // One copy at a time: PostgreSQL copies only what nobody reads.
        let database = fresh_database(server, Some(&filled[&key])).await;
        drop(filled);
        connect(server, &database).await
    }

    fn unique() -> String {
        format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// A fresh SQLite database.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn sqlite() -> Db {
        Db::open(&format!("sqlite:{}", fresh_file())).await.expect("SQLite opens")
    }

    /// The path of a file that does not exist.
    fn fresh_file() -> String {
        let folder = std::env::temp_dir().join("luodi-tests");
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let path = folder.join(format!("{}.sqlite", unique())).display().to_string();
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{path}{suffix}"));
        }
        path
    }

    /// Addresses of databases that do not exist yet or are empty, for what opens them itself: a SQLite file in the folder,
    /// and a database on the server of `LUODI_TEST_POSTGRES` where there is one.
    ///
    /// # Panics
    /// When a database cannot be made.
    pub async fn addresses(folder: &std::path::Path) -> Vec<String> {
        let mut all = vec![format!("sqlite:{}", folder.join("luodi.sqlite").display())];
        if let Ok(server) = std::env::var("LUODI_TEST_POSTGRES") {
            let name = fresh_database(&server, None).await;
            let (before, after) = server.split_once('?').map_or((server.as_str(), ""), |parts| parts);
            let (host, _) = before.rsplit_once('/').expect("an address with a database");
            let options = if after.is_empty() { String::new() } else { format!("?{after}") };
            all.push(format!("{host}/{name}{options}"));
        }
        all
    }

    /// Ends every connection to a database of [`addresses`] on a PostgreSQL server and lets nobody in, or lets everybody in
    /// again.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn allow_connections(address: &str, allowed: bool) {
        let server = std::env::var("LUODI_TEST_POSTGRES").expect("the server of the address");
        let options: sqlx::postgres::PgConnectOptions = address.parse().expect("a PostgreSQL address");
        let name = options.get_database().expect("an address with a database").to_owned();
        let admin = sqlx::PgPool::connect(&server).await.expect("the server answers");
        let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        for sql in [format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}"), end] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&admin).await.expect("carried out");
        }
        admin.close().await;
    }

    /// An empty database, or a copy of another one.
    async fn fresh_database(server: &str, of: Option<&str>) -> String {
        let name = unique();
        let template = of.map(|of| format!(" TEMPLATE {of}")).unwrap_or_default();
        let admin = sqlx::PgPool::connect(server)
            .await
            .expect("the PostgreSQL server of LUODI_TEST_POSTGRES answers");
        for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}{template}")] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&admin).await.expect("a database of its own");
        }
        admin.close().await;
        name
    }

    async fn postgres(server: &str) -> Db {
        let db = connect(server, &fresh_database(server, None).await).await;
        db.migrate().await.expect("the schema is made");
        db
    }

    async fn connect(server: &str, name: &str) -> Db {
        let options: sqlx::postgres::PgConnectOptions = server.parse().expect("a PostgreSQL address");
        let pool = sqlx::postgres::PgPoolOptions::new()
            .max_connections(4)
            .connect_with(options.database(name))
            .await;
        let db = Db(Pools::Postgres(pool.expect("the new database opens")), super::Sent::default());
        db.migrate().await.expect("the schema is made");
        db
    }
}
