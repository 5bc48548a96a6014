//! Two people who edit a record at once, on both databases: nothing of either is lost without their word.

use crate::common::{applications, user};
use app::{Actor, App, Basis, EntryForm, Error, LinkInput, Record, RecordKind, Role, Stale};

const GOVERNMENT: &str = "砾原省发展改革委";
const FIRM: &str = "岚湖青禾食品有限公司";
const BANK: &str = "江屿沉舟港务集团有限公司";

/// One record, and the version at which both open its form.
struct Desk {
    app: App,
    programme: i64,
    users: [Actor; 2],
    record: Record,
    version: i64,
}

impl Desk {
    async fn all() -> Vec<Self> {
        let mut desks = Vec::new();
        for (app, programme) in applications().await {
            let users = [user(&app, "first", Role::Office).await, user(&app, "second", Role::Office).await];
            let form = whole("一", "二", &[]);
            let made = app.entry_create(&users[0], programme, RecordKind::Agreement, &form).await;
            let record = made.expect("a right form");
            let version = app.entry(&users[0], programme, &record.code).await.expect("there").version;
            desks.push(Self { app, programme, users, record, version });
        }
        desks
    }

    async fn save(&self, by: usize, form: EntryForm, basis: Basis) -> app::Result<()> {
        let form = EntryForm { basis, reason: "改".into(), ..form };
        let saved = self.app.entry_edit(&self.users[by], self.programme, &self.record.code, &form);
        saved.await.map(|_| ())
    }

    /// Content, note, further names and parties, as they are stored.
    async fn stored(&self) -> (String, String, Vec<String>, Vec<String>) {
        let detail = self.app.entry(&self.users[0], self.programme, &self.record.code).await.expect("there");
        let text = |field| detail.entry.text(field).unwrap_or_default().to_owned();
        let parties = detail.links.iter().map(|link| link.record.title.clone()).collect();
        (text("content"), text("note"), detail.aliases, parties)
    }
}

/// The whole form, as a browser sends it, with two texts, and parties and names beside those there are.
fn whole(content: &str, note: &str, more: &[&str]) -> EntryForm {
    let fields =
        [("kind", "intent"), ("status", "draft"), ("region", "X10100"), ("content", content), ("note", note)];
    let party = |record: &str| LinkInput { record: record.to_owned(), role: "partner".to_owned() };
    EntryForm {
        title: Some("两人同改的协议".into()),
        fields: fields.map(|(key, value)| (key.into(), value.into())).into(),
        links: [("party".to_owned(), [GOVERNMENT].iter().chain(more).copied().map(party).collect())].into(),
        aliases: Some(more.iter().map(|name| format!("{name}之约")).collect()),
        ..EntryForm::default()
    }
}

fn stale(result: app::Result<()>) -> Box<Stale> {
    match result {
        Err(Error::Stale(stale)) => stale,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_each_changed_alone_meets_without_a_word() {
    for desk in Desk::all().await {
        let opened = Basis::at(desk.version);
        desk.save(0, whole("甲", "二", &[FIRM]), opened.clone()).await.expect("the first");
        desk.save(1, whole("一", "乙", &[BANK]), opened).await.expect("the second changed other fields");
        let (content, note, mut names, mut parties) = desk.stored().await;
        names.sort();
        parties.sort();
        let mut both = [FIRM, BANK];
        both.sort_unstable();
        assert_eq!((content.as_str(), note.as_str()), ("甲", "乙"));
        assert_eq!(names, both.map(|name| format!("{name}之约")));
        let mut all = [FIRM, BANK, GOVERNMENT];
        all.sort_unstable();
        assert_eq!(parties, all);
    }
}

#[tokio::test]
async fn what_both_changed_is_asked_about_until_it_is_chosen() {
    for desk in Desk::all().await {
        let opened = Basis::at(desk.version);
        desk.save(0, whole("甲", "丙", &[]), opened.clone()).await.expect("the first");
        let mine = || whole("乙", "二", &[]);
        let asked = stale(desk.save(1, mine(), opened.clone()).await);
        assert_eq!(asked.fields.iter().map(|of| of.field.as_str()).collect::<Vec<_>>(), ["content"]);
        assert_eq!(asked.fields[0].by.as_deref(), Some("first"));
        let shown = Basis { seen: Some(asked.version), ..opened };
        stale(desk.save(1, mine(), shown.clone()).await);
        assert_eq!(desk.stored().await.0, "甲", "nothing is kept without a word");
        let kept = Basis { kept: ["content".to_owned()].into(), ..shown };
        // Meanwhile a third time: what was chosen was chosen against another text.
        desk.save(0, whole("丁", "丙", &[]), Basis::default()).await.expect("without looking");
        let again = stale(desk.save(1, mine(), kept.clone()).await);
        let kept = Basis { seen: Some(again.version), ..kept };
        desk.save(1, mine(), kept).await.expect("chosen");
        let (content, note, ..) = desk.stored().await;
        assert_eq!(
            (content.as_str(), note.as_str()),
            ("乙", "丙"),
            "and only what was chosen is written over"
        );
    }
}
