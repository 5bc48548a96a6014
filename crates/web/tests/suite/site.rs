//! A site for a test: a fresh database with the invented programme and users of several roles.

use crate::browser::Browser;
use app::{Actor, App, Role};
use axum::Router;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use store::Db;
use tempfile::TempDir;
use web::{Config, WebState};

pub const PASSWORD: &str = "a password of tests";
/// Name, roles: everywhere, or nowhere for the stranger, who may see no programme.
const USERS: &[(&str, Role)] = &[
    ("reader", Role::Reader),
    ("office", Role::Office),
    ("reviewer", Role::Reviewer),
    ("stranger", Role::System),
];

pub struct Site {
    pub app: App,
    pub router: Router,
    pub state: WebState,
    spool: TempDir,
    db: Option<Db>,
}

pub fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().expect("an instant")
}

pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/invented")
}

impl Site {
    /// On SQLite, with files of at most 1 MiB.
    pub async fn new() -> Self {
        Self::with_limit(1 << 20).await
    }

    pub async fn with_limit(upload_limit_bytes: u64) -> Self {
        let db = store::testing::sqlite_copy("invented with users", fill).await;
        Self::on(App::with_db(db), upload_limit_bytes)
    }

    /// One site for each database that the machine has.
    pub async fn on_every_database() -> Vec<Self> {
        let mut sites = Vec::new();
        for db in store::testing::copies("invented with users", fill).await {
            let sent = db.clone();
            sites.push(Self { db: Some(sent), ..Self::on(App::with_db(db), 1 << 20) });
        }
        sites
    }

    /// How many rows every table has.
    pub async fn rows(&self) -> std::collections::BTreeMap<String, i64> {
        store::testing::rows(self.db.as_ref().expect("a site on every database")).await
    }

    /// How many statements a page takes that was asked for before.
    pub async fn statements(&self, browser: &mut Browser, page: &str) -> u64 {
        let db = self.db.as_ref().expect("a site on every database");
        browser.get(page).await;
        let before = db.sent();
        assert_eq!(browser.get(page).await.status, 200, "{page}");
        db.sent() - before
    }

    /// How many statements a form takes that is sent once.
    pub async fn statements_of_post(
        &self,
        browser: &mut Browser,
        page: &str,
        fields: &[(&str, &str)],
    ) -> u64 {
        let db = self.db.as_ref().expect("a site on every database");
        let before = db.sent();
        assert_eq!(browser.post(page, fields).await.status, 303, "{page}");
        db.sent() - before
    }

    fn on(app: App, upload_limit_bytes: u64) -> Self {
        let spool = tempfile::tempdir().expect("a temporary folder");
        let config = Config { upload_limit_bytes, spool: spool.path().to_owned(), ..Config::default() };
        let state = WebState { app: app.clone(), config, clock: now };
        Self { app, router: web::router(state.clone()), state, spool, db: None }
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    pub async fn signed_in(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.post("/login", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser
    }

    /// Reads every document that waits.
    pub async fn read_documents(&self) {
        self.app.work(now).await.expect("reading succeeds");
    }

    pub fn spooled_files(&self) -> usize {
        std::fs::read_dir(self.spool.path()).expect("the spool folder").count()
    }
}

/// The example programme, and the users of the site.
async fn fill(db: Db) {
    let (app, operator) = (App::with_db(db), Actor::operator(now()));
    app.load_example(&operator, &example()).await.expect("the example programme loads");
    for (login, role) in USERS {
        app.user_add(&operator, login, login, PASSWORD, None, *role).await.expect("a new user");
    }
}
