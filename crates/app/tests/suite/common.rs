//! The invented programme, in a database of its own for every test.

use app::{Actor, App, EntryForm, Record, RecordKind, Role};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

pub fn now() -> Timestamp {
    "2026-01-02T03:04:05Z".parse().expect("an instant")
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The application on every database at hand, with the invented programme loaded; the programme's id.
pub async fn applications() -> Vec<(App, i64)> {
    let fill = async |db| {
        let example = repository().join("examples/invented");
        App::with_db(db).load_example(&Actor::operator(now()), &example).await.expect("loads");
    };
    let mut all = Vec::new();
    for db in store::testing::copies("invented", fill).await {
        let app = App::with_db(db);
        let programme = app.programme("invented").await.expect("loaded").id;
        all.push((app, programme));
    }
    all
}

/// A user of one role, who exists in the database.
pub async fn user(app: &App, login: &str, role: Role) -> Actor {
    app.user_add(&Actor::operator(now()), login, login, "long enough", None, role)
        .await
        .expect("a new login");
    let token = app.sign_in(login, "long enough", now()).await.expect("the right password");
    app.actor(&token.0, now()).await.expect("the database answers").expect("a session")
}

/// A form with a title and fields.
pub fn form(title: &str, fields: &[(&str, &str)]) -> EntryForm {
    let fields = fields.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned()));
    EntryForm { title: Some(title.to_owned()), fields: fields.collect(), ..EntryForm::default() }
}

/// The same of a record that is known to be another than those that look alike.
pub fn form_of_another(title: &str, fields: &[(&str, &str)]) -> EntryForm {
    EntryForm { different: true, ..form(title, fields) }
}

/// A record that is entered by a right form.
pub async fn create(app: &App, actor: &Actor, programme: i64, kind: RecordKind, form: &EntryForm) -> Record {
    app.entry_create(actor, programme, kind, form).await.unwrap_or_else(|error| panic!("{kind:?}: {error:?}"))
}

/// A report of our own wording with a total and its parts.
pub const REPORT: &str = "乌泽市签约活动综述\n\n来源：砾原日报 2025-05-19\n\n\
    2025年5月16日，乌泽市签约项目30个，签约总额80亿元，其中芦滩县50亿元、荻口县30亿元。\n\
    2025年，乌泽市到位资金12.5亿元。\n";

pub fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a writable folder");
    path
}
