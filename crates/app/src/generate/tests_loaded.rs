//! What holds once a world is in a database.

use super::{Generated, Ground, Plan};
use crate::access::Actor;
use crate::{App, Error, change, entry};
use jiff::Timestamp;
use std::collections::BTreeMap;
use store::testing::databases;
use store::{Db, RecordKind};

const GROUND: Ground<'static> = Ground {
    regions: include_str!("../../../../examples/invented/regions.tsv"),
    programme: include_str!("../../../../examples/invented/programme.toml"),
};

async fn generate(app: &App, projects: usize, seed: u64, code: Option<&str>) -> crate::Result<Generated> {
    let actor = Actor::operator(Timestamp::now());
    app.generate(&actor, Plan { projects, seed }, code, GROUND, &mut |_, _| ()).await
}

/// The rows of every table, without their order: PostgreSQL puts new rows where old ones were.
async fn rows(db: &Db) -> BTreeMap<String, Vec<String>> {
    let mut bytes = Vec::new();
    store::backup_write(db, &mut bytes).await.expect("written");
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    let mut table = String::new();
    for line in String::from_utf8(bytes).expect("text").lines() {
        match line.strip_prefix("{\"table\":\"") {
            Some(name) => table = name.trim_end_matches("\"}").to_owned(),
            None => tables.entry(table.clone()).or_default().push(line.to_owned()),
        }
    }
    tables.values_mut().for_each(|rows| rows.sort());
    tables
}

fn compare(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>, left_out: &[&str]) {
    for (table, rows) in before.iter().filter(|(table, _)| !left_out.contains(&table.as_str())) {
        let other = &after[table];
        let differ = rows.iter().zip(other).find(|(a, b)| a != b);
        assert!(differ.is_none(), "{table}: {differ:?}");
        assert_eq!(rows.len(), other.len(), "{table}: {:?}", other.get(rows.len()).or(rows.get(other.len())));
    }
}

#[tokio::test]
async fn the_same_plan_makes_the_same_database() {
    let (first, second) = (databases().await, databases().await);
    let mut all = Vec::new();
    for db in first.into_iter().chain(second) {
        let made = generate(&App::with_db(db.clone()), 120, 7, None).await.expect("generated");
        assert_eq!(made.code, "generated-7");
        assert_eq!(made.records[&RecordKind::Agreement], 120);
        all.push(rows(&db).await);
    }
    assert!(all[0]["figure"].len() > 300 && !all[0]["record_reach"].is_empty());
    // Both databases number their rows alike, so even they hold the same.
    all.iter().skip(1).for_each(|other| compare(&all[0], other, &[]));
}

#[tokio::test]
async fn what_is_derived_is_what_single_writes_derive() {
    for db in databases().await {
        let app = App::with_db(db.clone());
        generate(&app, 60, 3, None).await.expect("generated");
        let before = rows(&db).await;
        let mut tx = db.write().await.expect("a transaction");
        let programme = store::programme_by_code(&mut tx, "generated-3").await.expect("made").id;
        let actor = Actor::operator(Timestamp::now());
        let change = change::open(&mut tx, &actor, Some(programme), "test", None).await.expect("a change");
        for kind in RecordKind::described() {
            for record in store::entry_all(&mut tx, programme, kind, 10_000).await.expect("listed") {
                entry::save::refresh(&mut tx, &change, record.record.id).await.expect("derived");
            }
        }
        tx.commit().await.expect("kept");
        compare(&before, &rows(&db).await, &["change"]);
    }
}

#[tokio::test]
async fn totals_are_right_and_a_programme_with_data_is_left_alone() {
    for db in databases().await {
        let app = App::with_db(db.clone());
        generate(&app, 40, 5, None).await.expect("generated");
        let actor = Actor::operator(Timestamp::now());
        let programme = app.programme("generated-5").await.expect("made");
        let wrong = app.verify_totals(&actor, programme.id).await.expect("counted");
        assert!(wrong.is_empty(), "{wrong:?}");
        let wrong = app.verify_aid(&actor, programme.id).await.expect("added");
        assert!(wrong.is_empty(), "{wrong:?}");
        let before = rows(&db).await;
        for code in [None, Some("generated-5")] {
            assert!(matches!(generate(&app, 10, 5, code).await, Err(Error::Conflict)));
        }
        compare(&before, &rows(&db).await, &[]);
        generate(&app, 10, 5, Some("another")).await.expect("a programme of its own");
    }
}

#[tokio::test]
async fn a_contract_of_the_same_batch_names_its_intent_and_counts_in_its_place() {
    for db in databases().await {
        let app = App::with_db(db.clone());
        generate(&app, 400, 6, None).await.expect("generated");
        let actor = Actor::operator(Timestamp::now());
        let programme = app.programme("generated-6").await.expect("made").id;
        let mut tx = db.read().await.expect("a transaction");
        let agreements =
            store::entry_all(&mut tx, programme, RecordKind::Agreement, 1_000).await.expect("listed");
        let of = |id: i64| agreements.iter().find(|entry| entry.record.id == id).expect("an agreement");
        let mut upgrades = 0;
        for contract in &agreements {
            let Some(intent) = contract.id("upgrades").map(of) else { continue };
            assert_eq!(intent.text("status"), Some("upgraded"));
            let measure = domain::Measure::SignedIntent;
            let amount = store::figure_last(&mut tx, intent.record.id, domain::Role::Actual, measure).await;
            if let Some(amount) = amount.expect("asked") {
                assert!(amount.replaced_by.is_some() || contract.amount.is_none(), "{}", intent.record.code);
                upgrades += 1;
            }
        }
        let followed = agreements.iter().filter(|entry| entry.text("status") == Some("upgraded")).count();
        assert!(upgrades > 0 && upgrades == followed, "{upgrades} of {followed}");
        assert!(app.verify_totals(&actor, programme).await.expect("counted").is_empty());
    }
}

#[tokio::test]
async fn filings_are_open_to_whom_single_writes_open_them_and_their_figures_are_proved_by_them() {
    for db in databases().await {
        let app = App::with_db(db.clone());
        let made = generate(&app, 60, 9, None).await.expect("generated");
        assert!(made.records[&RecordKind::Filing] > 30 && made.tasks == 6);
        let before = rows(&db).await;
        let mut tx = db.write().await.expect("a transaction");
        let programme = store::programme_by_code(&mut tx, "generated-9").await.expect("made").id;
        let actor = Actor::operator(Timestamp::now());
        let change = change::open(&mut tx, &actor, Some(programme), "test", None).await.expect("a change");
        let rounds =
            store::entry_all(&mut tx, programme, RecordKind::ReportingTask, 99).await.expect("listed");
        for round in &rounds {
            store::filing_open_all(&mut tx, &change, round.record.id).await.expect("opened");
        }
        tx.commit().await.expect("kept");
        compare(&before, &rows(&db).await, &["change"]);
        let round = app.reporting_round(&actor, programme, &rounds[0].record.code).await.expect("seen");
        let approved = round.filings.iter().find(|of| of.state == domain::reporting::FilingState::Approved);
        let code = &approved.expect("some").record.code;
        let filing = app.filing(&actor, programme, code).await.expect("seen");
        assert!(filing.filing.note.as_deref().is_some_and(|note| note.starts_with("生成数据")));
        let figure = app.figure(&actor, programme, &filing.figures[0].code).await.expect("seen");
        let proof = &figure.evidence[0].0.kind;
        assert!(matches!(proof, store::EvidenceKind::Form { filing } if filing == code), "{proof:?}");
        let total = round.totals[0].expect("added");
        let filed = round.filings.iter().filter(|of| of.state.is_filed()).count();
        assert_eq!(usize::try_from(total.sum.count), Ok(filed), "each unit once");
    }
}
