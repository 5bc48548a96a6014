//! That records written in sets are those that single writes leave.

use super::many::{self, NewRow};
use super::save::{self, LinkTo, Parts};
use crate::access::{Actor, Role};
use crate::generate::{Ground, Plan};
use crate::{App, change};
use domain::record::FieldType;
use jiff::Timestamp;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use store::testing::databases;
use store::{Db, Entry, RecordKind, Tx, UserRole};

const GROUND: Ground<'static> = Ground {
    regions: include_str!("../../../../examples/invented/regions.tsv"),
    programme: include_str!("../../../../examples/invented/programme.toml"),
};
/// Records of each kind that are written again.
const EACH: usize = 6;

/// The rows of every table, without what is drawn anew at each writing and without their order.
async fn rows(db: &Db) -> BTreeMap<String, Vec<String>> {
    let mut bytes = Vec::new();
    store::backup_write(db, &mut bytes).await.expect("written");
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    let mut table = String::new();
    for line in String::from_utf8(bytes).expect("text").lines() {
        // A set counts its names once with its records; what is derived from names is thrown away all the same.
        if table == "register_version" && line.starts_with('[') {
            continue;
        }
        if let Some(name) = line.strip_prefix("{\"table\":\"") {
            table = name.trim_end_matches("\"}").to_owned();
            continue;
        }
        let Ok(Json::Array(mut row)) = serde_json::from_str(line) else { continue };
        row.retain(|value| !value.as_str().is_some_and(is_uid));
        if table == "change_item" {
            row.remove(0);
        }
        tables.entry(table.clone()).or_default().push(Json::from(row).to_string());
    }
    tables.values_mut().for_each(|rows| rows.sort());
    tables
}

fn is_uid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| (byte == b'-') == [8, 13, 18, 23].contains(&at))
}

/// What a form would hold that enters a record like this one.
async fn parts_of(tx: &mut Tx, of: &Entry, number: usize) -> Parts {
    let id = of.record.id;
    let mut parts = Parts {
        title: Some(format!("{}又{number}", of.record.title)),
        title_en: Some(of.record.title_en.clone()),
        values: of.values.iter().map(|(code, value)| (*code, Some(value.clone()))).collect(),
        aliases: Some(vec![format!("别名{number}{}", of.record.code)]),
        ..Parts::default()
    };
    parts.values.remove("uscc");
    parts.amount = of.record.kind.amount().map(|_| of.amount);
    for link in store::link_list(tx, id).await.expect("links") {
        let field =
            of.record.kind.field(&link.kind).filter(|field| matches!(field.kind, FieldType::Links(..)));
        let Some(field) = field else { continue };
        parts.links.entry(field.code).or_default().push(LinkTo { to: link.record.id, role: link.role });
    }
    parts
}

#[tokio::test]
async fn records_written_in_a_set_are_those_of_single_writes() {
    let (single, sets) = (databases().await, databases().await);
    for (single, set) in single.into_iter().zip(sets) {
        let mut left = Vec::new();
        for (db, in_sets) in [(single, false), (set, true)] {
            let app = App::with_db(db.clone());
            let operator = Actor::operator(Timestamp::UNIX_EPOCH);
            app.generate(&operator, Plan { projects: 60, seed: 3 }, None, GROUND, &mut |_, _| ())
                .await
                .expect("generated");
            let written = write_again(&app, in_sets).await;
            assert!(written > 60, "{written}");
            left.push(rows(&db).await);
        }
        let tables: BTreeSet<&String> = left.iter().flat_map(BTreeMap::keys).collect();
        let differ: Vec<_> = tables.into_iter().flat_map(|table| differences(&left, table)).collect();
        assert!(differ.is_empty(), "{}", differ.join("\n"));
    }
}

/// Rows of a table that only one of two databases has: of each the first few.
fn differences(left: &[BTreeMap<String, Vec<String>>], table: &String) -> Vec<String> {
    let of = |at: usize| left[at].get(table).map(Vec::as_slice).unwrap_or_default();
    let only = |here: usize, there: usize| {
        let told = of(here).iter().filter(move |row| of(there).binary_search(row).is_err());
        told.take(4).map(|row| format!("{table} {here} {row}")).collect::<Vec<_>>()
    };
    let count = (of(0).len() != of(1).len()).then(|| format!("{table} {} {}", of(0).len(), of(1).len()));
    only(0, 1).into_iter().chain(only(1, 0)).chain(count).collect()
}

/// Enters some records of every kind again; how many.
async fn write_again(app: &App, in_sets: bool) -> usize {
    let mut tx = app.db.write().await.expect("a transaction");
    let programme = store::programme_by_code(&mut tx, "generated-3").await.expect("made").id;
    let operator = Actor::operator(Timestamp::UNIX_EPOCH);
    let opened = change::open(&mut tx, &operator, None, "test", None).await.expect("a change");
    let user = store::user_insert(&mut tx, &opened, "writer", "writer", "-").await.expect("a user");
    let office = store::entry_all(&mut tx, programme, RecordKind::Office, 1).await.expect("listed");
    let team = office.first().map(|office| office.record.id);
    let role = UserRole {
        programme: Some(programme),
        role: Role::Office.code().to_owned(),
        office: team,
        ..UserRole::default()
    };
    store::user_role_insert(&mut tx, &opened, user, &role).await.expect("a role");
    let actor = Actor { user: Some(user), ..operator };
    let change = change::open(&mut tx, &actor, Some(programme), "test", None).await.expect("a change");
    let mut written = 0;
    for kind in RecordKind::described() {
        let all = store::entry_all(&mut tx, programme, kind, 10_000).await.expect("listed");
        let step = (all.len() / EACH).max(1);
        for (number, of) in all.iter().step_by(step).enumerate() {
            let parts = parts_of(&mut tx, of, number).await;
            if !many::is_plain(kind, &parts) {
                continue;
            }
            written += 1;
            if in_sets {
                let row = NewRow { parts, figures: Vec::new() };
                many::insert_all(&mut tx, &change, team, kind, None, &[row]).await.expect("written");
            } else {
                save::insert(&mut tx, &change, team, kind, &parts).await.expect("written");
            }
        }
    }
    tx.commit().await.expect("kept");
    written
}
