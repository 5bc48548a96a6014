//! That records written and changed in sets are those that single writes leave.

use super::amount_figure;
use super::many::{self, NewRow, StatedFigure};
use super::many_changed::{self, ChangedRow};
use super::save::{self, LinkTo, Parts};
use crate::access::{Actor, Role};
use crate::generate::{Ground, Plan};
use crate::{App, change};
use domain::Quantity;
use domain::record::{FieldType, Value};
use jiff::Timestamp;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use store::testing::databases;
use store::{Change, Db, Entry, EvidenceKind, RecordKind, Tx, UserRole};

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
        // A set marks its groups once.
        if table == "tally_group" {
            row.pop();
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
            let (written, _) = write_again(&app, in_sets, true).await;
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

/// Enters some records of every kind again; how many, and the change.
async fn write_again(app: &App, in_sets: bool, with_aliases: bool) -> (usize, i64) {
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
            let mut parts = parts_of(&mut tx, of, number).await;
            parts.aliases = parts.aliases.filter(|_| with_aliases);
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
    (written, change.id)
}

const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const SHEET: &str = "Sheet1";

#[tokio::test]
async fn records_changed_in_a_set_are_those_of_single_changes() {
    let (single, sets) = (databases().await, databases().await);
    for (single, set) in single.into_iter().zip(sets) {
        let mut left = Vec::new();
        for (db, in_sets) in [(single, false), (set, true)] {
            let app = App::with_db(db.clone());
            let operator = Actor::operator(Timestamp::UNIX_EPOCH);
            app.generate(&operator, Plan { projects: 60, seed: 3 }, None, GROUND, &mut |_, _| ())
                .await
                .expect("generated");
            let (changed, _) = change_all(&app, in_sets).await;
            assert!(changed > 40, "{changed}");
            let mut rows = rows(&db).await;
            without_order(&mut rows);
            // One by one, what comes before its figure in the alphabet loses the amount that it was listed with.
            for table in ["agreement", "aid_contract", "aid_project"] {
                for _ in 0..4 {
                    without(&mut rows, table, usize::MAX);
                }
            }
            rows.values_mut().for_each(|rows| rows.sort());
            left.push(rows);
        }
        let tables: BTreeSet<&String> = left.iter().flat_map(BTreeMap::keys).collect();
        let differ: Vec<_> = tables.into_iter().flat_map(|table| differences(&left, table)).collect();
        assert!(differ.is_empty(), "{}", differ.join("\n"));
    }
}

/// A set goes one version further, whatever it changes; it writes lights, marks and logs in another order, and once.
fn without_order(rows: &mut BTreeMap<String, Vec<String>>) {
    without(rows, "record", VERSION);
    for table in ["project_light_log", "project_mark", "aid_mark", "figure_status"] {
        without(rows, table, 0);
    }
    for rows in rows.values_mut() {
        rows.sort();
        rows.dedup();
    }
}

#[tokio::test]
async fn what_is_put_back_in_sets_is_what_an_undo_puts_back() {
    let (single, sets) = (databases().await, databases().await);
    for (single, set) in single.into_iter().zip(sets) {
        let mut left = Vec::new();
        for (db, in_sets) in [(single, false), (set, true)] {
            let app = App::with_db(db.clone());
            let operator = Actor::operator(Timestamp::UNIX_EPOCH);
            app.generate(&operator, Plan { projects: 60, seed: 3 }, None, GROUND, &mut |_, _| ())
                .await
                .expect("generated");
            let (_, made) = write_again(&app, true, false).await;
            let (_, changed) = change_all(&app, true).await;
            for change in [changed, made] {
                put_back(&app, &operator, change, in_sets).await;
            }
            let mut rows = rows(&db).await;
            without_order(&mut rows);
            // One by one, what comes before its figure in the alphabet loses the amount that it was listed with.
            for table in ["agreement", "aid_contract", "aid_project"] {
                for _ in 0..4 {
                    without(&mut rows, table, usize::MAX);
                }
            }
            rows.values_mut().for_each(|rows| rows.sort());
            left.push(rows);
        }
        let tables: BTreeSet<&String> = left.iter().flat_map(BTreeMap::keys).collect();
        let differ: Vec<_> = tables.into_iter().flat_map(|table| differences(&left, table)).collect();
        assert!(differ.is_empty(), "{}", differ.join("\n"));
    }
}

async fn put_back(app: &App, operator: &Actor, old: i64, in_sets: bool) {
    let mut tx = app.db.write().await.expect("a transaction");
    let programme = store::programme_by_code(&mut tx, "generated-3").await.expect("made").id;
    if in_sets {
        let kinds: Vec<RecordKind> = RecordKind::described().collect();
        let of = (programme, RecordKind::Project);
        assert_eq!(store::put_back_conflicts(&mut tx, old, of, 9).await.expect("looked"), [], "{old}");
        let new = store::NewChange {
            undoes: Some(old),
            programme: Some(programme),
            kind: "undo",
            source: operator.source,
            ..store::NewChange::default()
        };
        let day = jiff::civil::date(1970, 1, 1);
        let change = store::change_open(&mut tx, &new, operator.at, day).await.expect("a change");
        store::put_back_all(&mut tx, &change, old, &kinds).await.expect("put back");
        for kind in kinds {
            let all = store::entry_all(&mut tx, programme, kind, 10_000).await.expect("listed");
            let ids: Vec<i64> = all.iter().map(|entry| entry.record.id).collect();
            for id in store::change_list_reworded(&mut tx, old, kind, &ids).await.expect("listed") {
                store::search_put(&mut tx, id).await.expect("indexed");
            }
        }
    } else {
        crate::undo::undo(&mut tx, operator, programme, old, None).await.expect("undone");
    }
    tx.commit().await.expect("kept");
}

/// Takes a column, or the last, out of the rows of a table.
fn without(rows: &mut BTreeMap<String, Vec<String>>, table: &str, column: usize) {
    for row in rows.get_mut(table).into_iter().flatten() {
        let Ok(Json::Array(mut columns)) = serde_json::from_str(row) else { continue };
        columns.remove(column.min(columns.len() - 1));
        *row = Json::from(columns).to_string();
    }
}

/// Where the version of a record stands in its row, without what is drawn anew.
const VERSION: usize = 6;

/// What a sheet would change of a record: its own fields and its amount.
fn other_parts(before: &Entry) -> Parts {
    let kind = before.record.kind;
    let mut parts = Parts::default();
    for field in kind.fields() {
        let value = match before.values.get(field.code) {
            Some(Value::Text(text)) if matches!(field.kind, FieldType::Text | FieldType::Long) => {
                Value::Text(format!("{text}改"))
            }
            Some(Value::Int(int)) => Value::Int(int + 1),
            Some(Value::Day(day)) => Value::Day(day.tomorrow().expect("a day")),
            None if matches!(field.kind, FieldType::Long) => Value::Text("新说明".to_owned()),
            _ => continue,
        };
        let one = Parts { values: [(field.code, Some(value))].into(), ..Parts::default() };
        let row = ChangedRow { before: before.clone(), parts: one.clone(), figures: Vec::new() };
        if many_changed::is_plain(&row) {
            parts.values.extend(one.values);
        }
    }
    parts.amount = before.amount.map(|amount| Some(Quantity { low: amount.low + 700, high: None, ..amount }));
    parts
}

/// A figure that a sheet states of a record, and whether its kind has any.
fn beside(kind: RecordKind, id: i64) -> Option<StatedFigure> {
    let day = jiff::civil::date(2026, 6, 30);
    (kind == RecordKind::Project).then(|| StatedFigure {
        measure: domain::Measure::WorksCompleted,
        role: domain::Role::Actual,
        quantity: Quantity {
            low: 5_000,
            high: None,
            unit: domain::Unit::cny(),
            approx: domain::Approx::Exact,
        },
        grain: domain::figure::Grain::Stated,
        period: domain::Period { kind: domain::TimeKind::Flow, from: None, to: Some(day) },
        note: Some("累计".to_owned()),
        replaces: None,
        cell: format!("D{id}"),
    })
}

/// Changes some records of every kind; how many, and the change.
async fn change_all(app: &App, in_sets: bool) -> (usize, i64) {
    let mut tx = app.db.write().await.expect("a transaction");
    let programme = store::programme_by_code(&mut tx, "generated-3").await.expect("made").id;
    let at = Timestamp::UNIX_EPOCH;
    let operator = Actor::operator(at);
    let change = change::open(&mut tx, &operator, Some(programme), "test", None).await.expect("a change");
    store::blob_insert(&mut tx, DIGEST, "text/csv", 1, &mut &b"x"[..]).await.expect("bytes");
    let (user, sheet, source) = (None, (0, SHEET), None);
    let new = |kind: RecordKind| store::NewImport {
        programme,
        user,
        at,
        file_name: "a.csv",
        digest: DIGEST,
        sheet,
        kind: kind.code(),
        mode: "both",
        mapping: "{}",
        source,
    };
    let mut written = 0;
    for kind in RecordKind::described() {
        let import = store::import_insert(&mut tx, &new(kind)).await.expect("an import");
        let all = store::entry_all(&mut tx, programme, kind, 10_000).await.expect("listed");
        let step = (all.len() / EACH).max(1);
        let row = |before: Entry| {
            let (parts, figures) =
                (other_parts(&before), beside(kind, before.record.id).into_iter().collect());
            ChangedRow { before, parts, figures }
        };
        let mut rows: Vec<ChangedRow> = all.into_iter().step_by(step).map(row).collect();
        rows.retain(many_changed::is_plain);
        written += rows.len();
        let sheet = (import, DIGEST, SHEET);
        if in_sets {
            let pending = Change { pending: Some(import), ..change };
            let left =
                many_changed::stage_all(&mut tx, &pending, (import, kind), sheet, &rows).await.expect("kept");
            assert!(left.is_empty(), "{kind:?} {left:?}");
            store::pending_publish(&mut tx, &change, (import, kind), at).await.expect("published");
            let ids: Vec<i64> = rows.iter().map(|row| row.before.record.id).collect();
            for id in store::change_list_reworded(&mut tx, change.id, kind, &ids).await.expect("listed") {
                store::search_put(&mut tx, id).await.expect("indexed");
            }
            crate::project::reckon_with(&mut tx, programme, kind, &ids, at).await.expect("reckoned");
            while store::pending_item_clear(&mut tx, import, 100).await.expect("cleared") {}
        } else {
            for row in &rows {
                change_one(&mut tx, &change, sheet, row).await;
            }
        }
    }
    tx.commit().await.expect("kept");
    (written, change.id)
}

async fn change_one(
    tx: &mut Tx,
    change: &Change,
    (import, digest, sheet): many::Sheet<'_>,
    row: &ChangedRow,
) {
    let id = row.before.record.id;
    save::update(tx, change, &row.before, &row.parts, "").await.expect("updated");
    let after = store::entry_get(tx, id).await.expect("there");
    for of in &row.figures {
        let figure =
            amount_figure(tx, change, &after, (of.measure, of.role), of.quantity).await.expect("a figure");
        let note = of.note.clone();
        let figure = store::NewFigure { grain: of.grain, period: of.period, note, ..figure };
        let entered = store::figure_insert(tx, change, &figure).await.expect("entered").figure.id;
        let evidence = EvidenceKind::Sheet {
            import,
            digest: digest.to_owned(),
            sheet: sheet.to_owned(),
            cell: of.cell.clone(),
        };
        let evidence = store::evidence_insert(tx, None, &evidence).await.expect("a cell");
        store::figure_evidence_attach(tx, change, entered, evidence).await.expect("attached");
    }
}
