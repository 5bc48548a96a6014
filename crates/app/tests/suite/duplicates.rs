//! Records that may be one: who enters one is asked, and those that are stored twice are listed.

use crate::common::{applications, create, form, user};
use app::{Actor, App, EntryForm, Error, Reason, Record, RecordKind, Role, Strength};

fn firm(title: &str, code: &str) -> EntryForm {
    form(title, &[("kind", "enterprise"), ("uscc", code), ("region", "X30000")])
}

/// What is named of records that look alike.
async fn asked(
    app: &App,
    actor: &Actor,
    programme: i64,
    kind: RecordKind,
    form: &EntryForm,
) -> Vec<app::Alike> {
    match app.entry_create(actor, programme, kind, form).await {
        Err(Error::Alike(alike)) => alike,
        other => panic!("not asked: {other:?}"),
    }
}

/// A credit code of our own with the right check character.
fn credit_code(number: u32) -> String {
    let first = format!("91999999MA{number:07}");
    format!("{first}{}", domain::organisation::check_character(&first).expect("known characters"))
}

#[tokio::test]
async fn who_enters_an_organisation_again_is_asked_and_may_say_that_it_is_another() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let kind = RecordKind::Organisation;
        let first = create(&app, &office, programme, kind, &firm("岚湖省晴川新材料有限公司", "")).await;
        let again = firm("岚湖晴川新材料有限责任公司", "");
        let alike = asked(&app, &office, programme, kind, &again).await;
        let entry = alike[0].entry.as_ref().expect("visible");
        assert_eq!(entry.record.id, first.id);
        assert_eq!(alike[0].strength, Strength::Same);
        assert!(alike[0].reasons.contains(&Reason::SameName) && !alike[0].refused);
        let short = asked(&app, &office, programme, kind, &firm("晴材", "")).await;
        assert_eq!(short[0].entry.as_ref().map(|entry| entry.record.id), Some(first.id));

        let second = create(&app, &office, programme, kind, &EntryForm { different: true, ..again }).await;
        let (pairs, next) = app.duplicate_list(&office, programme, kind, "").await.expect("listed");
        assert_eq!(next, None);
        let named = |pair: &app::AlikePair| [pair.older.record.id, pair.newer.record.id];
        assert!(!pairs.iter().any(|pair| named(pair) == [first.id, second.id]), "known to be different");

        let (_, entries) = app.audit(&office, programme, &second.code, None).await.expect("audited");
        app.change_undo(&office, programme, entries[0].change.id, None).await.expect("undone");
        create(&app, &office, programme, kind, &EntryForm { different: true, ..firm("晴川新材", "") }).await;
    }
}

#[tokio::test]
async fn two_organisations_never_have_one_credit_code_unless_one_is_archived() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let kind = RecordKind::Organisation;
        let first = create(&app, &office, programme, kind, &firm("晴川电子有限公司", &credit_code(1))).await;
        let other = EntryForm { different: true, ..firm("远山纸业有限公司", &credit_code(1)) };
        let alike = asked(&app, &office, programme, kind, &other).await;
        assert!(alike[0].refused && alike[0].reasons.contains(&Reason::SameCode));
        // Neither by an edit.
        let free = create(&app, &office, programme, kind, &firm("远山纸业有限公司", &credit_code(2))).await;
        let mut edit = EntryForm { different: true, ..EntryForm::default() };
        edit.fields.insert("uscc".to_owned(), credit_code(1));
        let refused = app.entry_edit(&office, programme, &free.code, &edit).await;
        assert!(matches!(refused, Err(Error::Alike(alike)) if alike[0].refused));
        app.entry_archive(&office, programme, &first.code, true, "注销").await.expect("archived");
        app.entry_edit(&office, programme, &free.code, &edit).await.expect("the code is free");
    }
}

#[tokio::test]
async fn an_edit_asks_only_where_it_changes_the_name_or_the_code() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let kind = RecordKind::Organisation;
        create(&app, &office, programme, kind, &firm("晴川电子有限公司", "")).await;
        let other = create(&app, &office, programme, kind, &firm("远山纸业有限公司", "")).await;
        let rename = EntryForm { title: Some("晴川电子有限公司".into()), ..EntryForm::default() };
        let refused = app.entry_edit(&office, programme, &other.code, &rename).await;
        assert!(matches!(refused, Err(Error::Alike(_))));
        let known = EntryForm { different: true, ..rename };
        app.entry_edit(&office, programme, &other.code, &known).await.expect("known to be another");
        let mut note = EntryForm::default();
        note.fields.insert("note".to_owned(), "改了备注".to_owned());
        app.entry_edit(&office, programme, &other.code, &note).await.expect("not asked again");
    }
}

#[tokio::test]
async fn other_kinds_are_alike_by_number_or_by_name_where_no_listed_day_or_place_differs() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let policy = |title, number| {
            let fields = [
                ("number", number),
                ("issuer", "晴川市政府"),
                ("region", "X30000"),
                ("issued_on", "2026-03-01"),
            ];
            form(title, &fields)
        };
        let kind = RecordKind::Policy;
        create(&app, &office, programme, kind, &policy("晴川市招商办法", "晴政发〔2026〕12号")).await;
        let alike = asked(&app, &office, programme, kind, &policy("另一个名字", "晴政发(2026)12号")).await;
        assert_eq!((alike[0].reasons.as_slice(), alike[0].refused), ([Reason::SameCode].as_slice(), false));
        create(&app, &office, programme, kind, &policy("晴川市招商办法", "晴政发〔2027〕3号")).await;

        let kind = RecordKind::Event;
        let event = |day| form("晴川产业推介会", &[("date_from", day), ("region", "X30000")]);
        create(&app, &office, programme, kind, &event("2026-05-01")).await;
        create(&app, &office, programme, kind, &event("2026-09-01")).await;
        let alike = asked(&app, &office, programme, kind, &event("2026-05-01")).await;
        assert_eq!(alike[0].reasons, [Reason::SameName]);
        assert_eq!(asked(&app, &office, programme, kind, &event("")).await.len(), 2);
    }
}

/// Stores organisations without anybody being asked: each is entered while the others are archived.
async fn store_all(app: &App, actor: &Actor, programme: i64, titles: &[&str]) -> Vec<Record> {
    let mut records = Vec::new();
    for title in titles {
        let record = create(app, actor, programme, RecordKind::Organisation, &firm(title, "")).await;
        app.entry_archive(actor, programme, &record.code, true, "暂存").await.expect("archived");
        records.push(record);
    }
    for record in &records {
        app.entry_archive(actor, programme, &record.code, false, "恢复").await.expect("restored");
    }
    records
}

#[tokio::test]
async fn what_is_stored_twice_is_listed_once_and_the_likeliest_first() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let kind = RecordKind::Organisation;
        let titles = [
            "岚湖晴川新材料有限公司",
            "晴川新材",
            "岚湖省晴川新材料有限责任公司",
            "远山晴川新材料有限公司",
            "无关的纸业公司",
        ];
        let ours = store_all(&app, &office, programme, &titles).await;
        let id = |at: usize| ours[at].id;
        let listed = async || {
            let (pairs, next) = app.duplicate_list(&office, programme, kind, "").await.expect("listed");
            assert_eq!(next, None);
            let known = |pair: &app::AlikePair| ours.iter().any(|record| record.id == pair.older.record.id);
            let ids = |pair: &app::AlikePair| (pair.older.record.id, pair.newer.record.id);
            pairs.iter().filter(|pair| known(pair)).map(ids).collect::<Vec<_>>()
        };
        let found = listed().await;
        assert_eq!(found[0], (id(0), id(2)), "the same name");
        let mut once = found.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), found.len(), "each pair once: {found:?}");
        assert!(found.contains(&(id(0), id(1))) && !found.iter().any(|pair| pair.1 == id(4)));

        app.different_set(&office, programme, &ours[0].code, &ours[2].code).await.expect("kept apart");
        assert!(!listed().await.contains(&(id(0), id(2))));
        for record in [&ours[0], &ours[2]] {
            let (_, entries) = app.audit(&office, programme, &record.code, None).await.expect("audited");
            assert_eq!(entries[0].change.kind, "record-different");
        }
        let (_, entries) = app.audit(&office, programme, &ours[0].code, None).await.expect("audited");
        app.change_undo(&office, programme, entries[0].change.id, None).await.expect("undone");
        assert!(listed().await.contains(&(id(0), id(2))));
        let reader = user(&app, "reader", Role::Reader).await;
        let refused = app.duplicate_list(&reader, programme, kind, "").await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        let refused = app.different_set(&reader, programme, &ours[0].code, &ours[2].code).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
}

#[tokio::test]
async fn a_subsidiary_that_names_its_parent_is_known_to_be_another() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let kind = RecordKind::Organisation;
        let parent = create(&app, &office, programme, kind, &firm("晴川新材有限公司", "")).await;
        let mut child = firm("晴川新材（远山）有限公司", "");
        child.fields.insert("parent".to_owned(), parent.code.clone());
        let child = create(&app, &office, programme, kind, &child).await;
        let listed = async || {
            let (pairs, _) = app.duplicate_list(&office, programme, kind, "").await.expect("listed");
            pairs.iter().any(|pair| pair.older.record.id == parent.id && pair.newer.record.id == child.id)
        };
        assert!(!listed().await);
        let mut edit = EntryForm::default();
        edit.fields.insert("parent".to_owned(), String::new());
        app.entry_edit(&office, programme, &child.code, &edit).await.expect("edited");
        assert!(listed().await, "nothing says so any more");
    }
}
