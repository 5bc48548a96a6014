//! The index on both databases.

use super::*;
use crate::db::testing;
use crate::{
    ATTACHMENT, Change, Db, DocumentState, DocumentText, NewChange, NewDocument, NewEntry, Programme, Reach,
    ReachKey, RecordKind, backup_restore, backup_write, blob_insert, change_open, document_insert,
    document_text_insert, entry_insert, link_insert, link_set_removed, party_set, programme_insert,
    record_archive, record_insert, record_name_insert,
};
use domain::record::{Value, Values};
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// A change in a new programme.
async fn begin(tx: &mut Tx) -> Change {
    let (at, day) = (Timestamp::UNIX_EPOCH, date(2026, 1, 2));
    let new = NewChange { kind: "test", source: "test", ..NewChange::default() };
    let change = change_open(tx, &new, at, day).await.expect("a change");
    let (name_zh, name_en, time_zone) = ("甲".to_owned(), "A".to_owned(), "UTC".to_owned());
    let new_programme = Programme { id: 0, code: "p".into(), name_zh, name_en, time_zone, has_labels: false };
    let programme = programme_insert(tx, &change, &new_programme).await.expect("a programme");
    change_open(tx, &NewChange { programme: Some(programme), ..new }, at, day).await.expect("a change")
}

async fn organisation(tx: &mut Tx, change: &Change, title: &str, aliases: &[&str]) -> i64 {
    let record = record_insert(tx, change, RecordKind::Organisation, title, None).await.expect("a record");
    for alias in aliases {
        record_name_insert(tx, change, record.id, alias).await.expect("a name");
    }
    search_put(tx, record.id).await.expect("indexed");
    record.id
}

async fn document(tx: &mut Tx, change: &Change, name: &str, text: &str) -> i64 {
    blob_insert(tx, name, "text/plain", 1, &mut &b"x"[..]).await.expect("bytes");
    let new = NewDocument {
        digest: name,
        original_digest: name,
        masked_count: 0,
        file_name: name,
        format: "text",
        state: DocumentState::Ready,
    };
    let document = document_insert(tx, change, &new).await.expect("a document").id;
    let layer = DocumentText { id: 0, producer: "t".into(), text: text.into(), map: None, pages: None };
    document_text_insert(tx, document, "extracted", &layer).await.expect("a text");
    document
}

async fn hits(tx: &mut Tx, change: &Change, text: &str) -> Vec<(i64, Found)> {
    let reach = Reach::everything();
    let programme = change.programme.expect("a programme");
    let scope = SearchScope { programme, reach: &reach, contacts: &reach, kind: None };
    let hits = search_list(tx, scope, &Query::new(text), 100).await.expect("a search");
    hits.into_iter().map(|hit| (hit.id, hit.found)).collect()
}

/// The records that a list with this text filter shows.
async fn listed(tx: &mut Tx, text: &str) -> Vec<i64> {
    let mut values = Vec::new();
    let holders = Query::new(text)
        .clause(tx, (1, None, &Reach::everything()), "r", &mut values, Order::Newest)
        .await
        .expect("hits");
    let condition = holders.alone("r");
    let sql = format!("SELECT r.id FROM record r WHERE {condition} ORDER BY r.id DESC");
    let rows = tx.all(&sql, values).await.expect("a list");
    rows.iter().map(|row| row.int(0).expect("an id")).collect()
}

#[tokio::test]
async fn the_best_hits_come_first() {
    for db in testing::databases().await {
        let mut tx = db.write().await.expect("a transaction");
        let change = begin(&mut tx).await;
        let text = document(&mut tx, &change, "a.txt", "会上,湖北交投介绍了项目 DW-2026-000002。").await;
        let named = organisation(&mut tx, &change, "新疆湖北交投物流", &[]).await;
        let alias = organisation(&mut tx, &change, "湖北省交通投资集团", &["湖北交投"]).await;
        let exact = organisation(&mut tx, &change, "湖北交投科技", &[]).await;
        let (beginning, name, found_text) = (Found::Beginning, Found::Name, Found::Text);
        let expected = [(alias, beginning), (exact, beginning), (named, name), (text, found_text)];
        assert_eq!(hits(&mut tx, &change, "湖北交投").await, expected, "{db:?}");
        let by_initials = [(alias, beginning), (exact, beginning)];
        assert_eq!(hits(&mut tx, &change, "HBJT").await, by_initials, "{db:?}");
        assert_eq!(hits(&mut tx, &change, "hubeijiao").await, by_initials, "{db:?}");
        let by_code = [(named, Found::Code), (text, found_text)];
        assert_eq!(hits(&mut tx, &change, "dw-2026-000001").await, by_code[..1], "{db:?}");
        assert_eq!(hits(&mut tx, &change, "DW-2026-00000").await[0], by_code[0], "{db:?}");
        assert_eq!(hits(&mut tx, &change, "流").await, [(named, name)], "{db:?}");
        assert_eq!(hits(&mut tx, &change, "物流 新疆").await, [(named, name)], "{db:?}");
        assert_eq!(hits(&mut tx, &change, " ,。 ").await, [], "{db:?}");
        assert_eq!(listed(&mut tx, " ,。 ").await, [0; 0], "{db:?}");
    }
}

#[tokio::test]
async fn what_changed_is_found_anew_and_what_is_gone_is_not() {
    for db in testing::databases().await {
        let mut tx = db.write().await.expect("a transaction");
        let change = begin(&mut tx).await;
        let firm = organisation(&mut tx, &change, "旧名公司", &[]).await;
        crate::record_rename(&mut tx, &change, firm, "新名公司").await.expect("renamed");
        assert_eq!(hits(&mut tx, &change, "旧名").await, [], "{db:?}");
        assert_eq!(hits(&mut tx, &change, "jmgs").await, [], "{db:?}");
        assert_eq!(hits(&mut tx, &change, "新名").await.len(), 1, "{db:?}");
        record_archive(&mut tx, &change, firm, true).await.expect("archived");
        assert_eq!(hits(&mut tx, &change, "新名").await, [], "{db:?}");
        record_archive(&mut tx, &change, firm, false).await.expect("back");
        let text = document(&mut tx, &change, "b.txt", &"言".repeat(3_000)).await;
        assert_eq!(hits(&mut tx, &change, "言言").await, [(text, Found::Text)], "{db:?}");
        search_put_text(&mut tx, text, "别的").await.expect("indexed");
        assert_eq!(hits(&mut tx, &change, "言言").await, [], "{db:?}");
        search_remove(&mut tx, firm).await.expect("removed");
        search_remove(&mut tx, text).await.expect("removed");
        for gone in ["新名", "xmgs", "别的", "b.txt"] {
            assert_eq!(hits(&mut tx, &change, gone).await, [], "{db:?} {gone}");
        }
    }
}

#[tokio::test]
async fn contacts_are_found_by_nobody_who_may_not_see_them() {
    for db in testing::databases().await {
        let mut tx = db.write().await.expect("a transaction");
        let change = begin(&mut tx).await;
        let contact = organisation(&mut tx, &change, "湖北交投", &[]).await;
        let sql = "UPDATE record SET kind = 'contact' WHERE id = $1";
        tx.execute(sql, params![contact]).await.expect("a contact");
        let (all, none) = (Reach::everything(), Reach::default());
        let programme = change.programme.expect("a programme");
        let scope = SearchScope { programme, reach: &all, contacts: &none, kind: None };
        for text in ["湖北", "北交", "hbjt", "DW-2026"] {
            let hits = search_list(&mut tx, scope, &Query::new(text), 5).await.expect("a search");
            assert_eq!(hits, [], "{db:?} {text}");
        }
    }
}

#[tokio::test]
async fn another_programme_is_not_searched() {
    for db in testing::databases().await {
        let mut tx = db.write().await.expect("a transaction");
        let change = begin(&mut tx).await;
        organisation(&mut tx, &change, "湖北交投", &[]).await;
        let all = Reach::everything();
        let scope = SearchScope { programme: 2, reach: &all, contacts: &all, kind: None };
        for text in ["湖北", "北交", "hbjt", "DW-2026"] {
            let hits = search_list(&mut tx, scope, &Query::new(text), 5).await.expect("a search");
            assert_eq!(hits, [], "{db:?} {text}");
        }
    }
}

#[tokio::test]
async fn a_hit_in_a_document_comes_with_its_passage() {
    for db in testing::databases().await {
        let mut tx = db.write().await.expect("a transaction");
        let change = begin(&mut tx).await;
        let text = format!("{}湖北交投", "言".repeat(2_500));
        let document = document(&mut tx, &change, "a.txt", &text).await;
        let all = Reach::everything();
        let place = search_place(&mut tx, &all, document, &Query::new("湖北 没有")).await.expect("a search");
        assert!(
            place.is_some_and(|(_, place)| place.before.ends_with('言') && place.quote == "湖北"),
            "{db:?}"
        );
        let none = search_place(&mut tx, &all, document, &Query::new("没有")).await.expect("a search");
        assert_eq!(none, None, "{db:?}");
    }
}

#[tokio::test]
async fn a_record_is_found_by_its_fields_and_by_what_is_attached_to_it() {
    for db in testing::databases().await {
        let mut tx = db.write().await.expect("a transaction");
        let change = begin(&mut tx).await;
        let text = |text: &str| Value::Text(text.to_owned());
        let values = Values::from([("raw_material", text("长绒棉")), ("note", text("备注甲乙"))]);
        let new = NewEntry { title: "纺织项目", title_en: None, values: &values };
        let record =
            entry_insert(&mut tx, &change, RecordKind::Opportunity, &new).await.expect("a record").id;
        let paper = document(&mut tx, &change, "a.txt", "可行性研究").await;
        let link = link_insert(&mut tx, &change, record, paper, (ATTACHMENT, "attachment"), None).await;
        let link = link.expect("attached");
        assert_eq!(listed(&mut tx, "绒棉 备注").await, [record], "{db:?}");
        assert_eq!(listed(&mut tx, "纺织 可行性").await, [record], "{db:?}");
        let found = [(paper, Found::Text), (record, Found::Text)];
        assert_eq!(hits(&mut tx, &change, "可行性").await, found, "{db:?}");
        let query = Query::new("可行性");
        let place = search_place(&mut tx, &Reach::everything(), record, &query).await.expect("a place");
        assert_eq!(place.map(|(document, place)| (document, place.quote)), Some((paper, "可行性".into())));
        link_set_removed(&mut tx, &change, link, true).await.expect("taken away");
        assert_eq!(hits(&mut tx, &change, "可行性").await, found[..1], "{db:?}");
    }
}

#[tokio::test]
async fn nobody_finds_what_they_cannot_see() {
    for db in testing::databases().await {
        let mut tx = db.write().await.expect("a transaction");
        let change = begin(&mut tx).await;
        let open = organisation(&mut tx, &change, "湖北交投", &[]).await;
        let secret = organisation(&mut tx, &change, "湖北交投二", &[]).await;
        let paper = document(&mut tx, &change, "a.txt", "机要内容").await;
        for record in [open, secret] {
            let link = link_insert(&mut tx, &change, record, paper, (ATTACHMENT, "attachment"), None).await;
            link.expect("attached");
        }
        let key = [ReachKey::User(7)];
        party_set(&mut tx, &change, secret, &[], &key, (None, true)).await.expect("protected");
        party_set(&mut tx, &change, paper, &[], &[], (None, true)).await.expect("protected");
        let of = |all, keys: &[&str]| {
            let keys = keys.iter().map(|key| (*key).to_owned()).collect();
            Reach { all, keys, ..Reach::default() }
        };
        let cases = [
            (of(true, &[]), vec![open]),
            (of(true, &["u7"]), vec![open, secret]),
            (of(false, &["u7"]), vec![secret]),
            (of(false, &["u8"]), vec![]),
        ];
        for (reach, expected) in cases {
            let programme = change.programme.expect("a programme");
            let scope = SearchScope { programme, reach: &reach, contacts: &reach, kind: None };
            for text in ["湖北", "北交投", "hbjt", "DW-2026-0"] {
                let hits = search_list(&mut tx, scope, &Query::new(text), 9).await.expect("a search");
                let mut ids: Vec<i64> = hits.iter().map(|hit| hit.id).collect();
                ids.sort_unstable();
                assert_eq!(ids, expected, "{db:?} {text} {reach:?}");
            }
            // Nor by words of an attached document that they cannot see.
            assert_eq!(search_list(&mut tx, scope, &Query::new("机要"), 9).await.expect("a search"), []);
            let place = search_place(&mut tx, &reach, open, &Query::new("机要")).await.expect("a search");
            assert_eq!(place, None);
        }
    }
}

/// What is in the database, and the same after its index was lost and after a restore.
async fn three_ways(db: Db, empty: Db) -> [Db; 2] {
    let mut tx = db.write().await.expect("a transaction");
    for table in ["passage", "record_word"] {
        tx.execute(&format!("DELETE FROM {table}"), vec![]).await.expect("emptied");
    }
    search_forget(&mut tx).await.expect("forgotten");
    tx.commit().await.expect("kept");
    search_rebuild(&db).await.expect("rebuilt");
    let mut backup = Vec::new();
    backup_write(&db, &mut backup).await.expect("written");
    assert!(!String::from_utf8_lossy(&backup).contains("passage"), "the index is no part of a backup");
    backup_restore(&empty, &mut backup.as_slice()).await.expect("restored");
    [db, empty]
}

#[tokio::test]
async fn the_index_can_be_made_anew_from_the_records() {
    for (db, empty) in testing::databases().await.into_iter().zip(testing::databases().await) {
        let mut tx = db.write().await.expect("a transaction");
        let change = begin(&mut tx).await;
        let firm = organisation(&mut tx, &change, "甲公司", &["乙公司"]).await;
        let text = document(&mut tx, &change, "a.txt", "湖北交投").await;
        tx.commit().await.expect("kept");
        for db in three_ways(db, empty).await {
            let mut tx = db.read().await.expect("a transaction");
            assert_eq!(hits(&mut tx, &change, "乙公").await, [(firm, Found::Beginning)], "{db:?}");
            assert_eq!(hits(&mut tx, &change, "jgs").await, [(firm, Found::Beginning)], "{db:?}");
            assert_eq!(hits(&mut tx, &change, "交投").await, [(text, Found::Text)], "{db:?}");
        }
    }
}

/// Short texts over few characters, so that they meet.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "湖", "北", "交", "投", "甲", "A", "b1", "-", ".", " ", "2026", "協", "Ｘ",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

/// Whether one of a record's passages holds each word, by the tokens alone.
fn holds_all(passages: &[String], query: &Query) -> bool {
    let holds = |passage: &String, word: &Vec<tokens::Token>| {
        let mut found = BTreeSet::new();
        tokens::add_tokens(passage, &mut found);
        let has = |token: &tokens::Token| {
            found.iter().any(|t| if token.prefix { t.starts_with(&token.text) } else { *t == token.text })
        };
        word.iter().all(has)
    };
    !query.is_empty() && query.words.iter().all(|word| passages.iter().any(|passage| holds(passage, word)))
}

#[test]
fn both_databases_find_what_the_tokens_say() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let databases = runtime.block_on(testing::databases());
    let cases = (prop::collection::vec((texts(), texts()), 1..6), prop::collection::vec(texts(), 1..6));
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let result = runner.run(&cases, |(records, queries)| {
        for db in &databases {
            runtime.block_on(async {
                let mut tx = db.write().await.expect("a transaction");
                let change = begin(&mut tx).await;
                let mut all = Vec::new();
                for (index, (name, text)) in records.iter().enumerate() {
                    let id = document(&mut tx, &change, &format!("{index}x{name}"), text).await;
                    let code = format!("ZL-2026-{:06}", index + 1);
                    all.push((id, [format!("{index}x{name}\n{code}"), text.clone()]));
                }
                for query in &queries {
                    let asked = Query::new(query);
                    let mut expected: Vec<i64> = all
                        .iter()
                        .filter(|(_, passages)| holds_all(passages, &asked))
                        .map(|(id, _)| *id)
                        .collect();
                    expected.reverse();
                    let found = listed(&mut tx, query).await;
                    prop_assert_eq!(found, expected, "{:?} {:?}", db, query);
                    let hits = hits(&mut tx, &change, query).await;
                    prop_assert!(
                        listed(&mut tx, query).await.iter().all(|id| hits.iter().any(|hit| hit.0 == *id))
                    );
                }
                Ok(())
            })?;
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}
