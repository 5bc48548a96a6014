//! `cargo xtask bench overview`: the overview, the list of figures and adding a document at 100,000 figures, on SQLite and,
//! where `LUODI_TEST_POSTGRES` names a server, on PostgreSQL. Prints the median of several runs.

use app::{Actor, App, FigureFilter};
use benches::{Times, median};
use domain::figure::Grain;
use domain::{Approx, Measure, Period, Quantity, Role, TimeKind, Unit};
use jiff::Timestamp;
use jiff::civil::date;
use std::time::Instant;
use store::{Db, NewChange, NewFigure};

const FIGURES: usize = 100_000;
const PER_COMMIT: usize = 5_000;
const MEASURES: &[Measure] = &[
    Measure::SignedContract,
    Measure::SignedIntent,
    Measure::FundsArrived,
    Measure::WorksCompleted,
    Measure::PlannedTotal,
    Measure::AidArrived,
    Measure::Sales,
    Measure::ProjectCount,
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    for db in store::testing::databases().await {
        let name = db.name();
        let started = Instant::now();
        let (app, programme) = filled(db).await?;
        println!("{name}: {FIGURES} generated figures entered in {:.1} s", started.elapsed().as_secs_f64());
        let actor = Actor::operator(Timestamp::now());
        let started = Instant::now();
        app.overview(&actor, programme, &MEASURES[..4]).await?;
        println!("{name}: every total counted anew       {:8.1} ms", started.elapsed().as_secs_f64() * 1e3);
        let mut times = Times::default();
        for _ in 0..15 {
            times.run(app.overview(&actor, programme, &MEASURES[..4])).await?;
        }
        println!("{name}: overview, totals kept            {:8.1} ms", median(&times));
        let mut times = Times::default();
        let mut filter = FigureFilter { measure: Some(Measure::FundsArrived), ..FigureFilter::default() };
        for _ in 0..15 {
            times.run(app.figure_list(&actor, programme, &filter, None, 50)).await?;
        }
        println!("{name}: figures by measure, 50 lines     {:8.1} ms", median(&times));
        filter.region = app.programme_regions(&actor, programme).await?.first().map(|region| region.region);
        let mut times = Times::default();
        for _ in 0..15 {
            times.run(app.figure_list(&actor, programme, &filter, None, 50)).await?;
        }
        println!("{name}: figures by measure and region    {:8.1} ms", median(&times));
        let (mut adding, mut overview) = (Times::default(), Times::default());
        for round in 0..5 {
            let text = format!(
                "第{round}期\n来源：演示 2025-12-0{}\n2025年，乌泽市到位资金{round}.5亿元。",
                round + 1
            );
            let added = adding.run(app.document_add_text(&actor, programme, &text, "")).await?;
            adding.last_plus(app.work(Timestamp::now)).await?;
            for claim in app.claim_list(&actor, programme, added.id).await? {
                app.claim_accept(&actor, programme, claim.id).await?;
            }
            overview.run(app.overview(&actor, programme, &MEASURES[..4])).await?;
        }
        println!("{name}: adding and reading a document    {:8.1} ms", median(&adding));
        println!("{name}: overview after a figure changed  {:8.1} ms", median(&overview));
    }
    Ok(())
}

/// The invented programme with generated figures: items of twelve months on its host regions.
async fn filled(db: Db) -> Result<(App, i64), Box<dyn std::error::Error>> {
    let app = App::with_db(db.clone());
    let actor = Actor::operator(Timestamp::now());
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/invented");
    app.load_example(&actor, &examples).await?;
    let programme = app.programme("invented").await?.id;
    let regions = app.programme_regions(&actor, programme).await?;
    let hosts: Vec<i64> =
        regions.iter().filter(|region| region.tile.is_some()).map(|region| region.region).collect();
    for start in (0..FIGURES).step_by(PER_COMMIT) {
        let mut tx = db.write().await?;
        let new =
            NewChange { programme: Some(programme), kind: "bench", source: "bench", ..NewChange::default() };
        let change = store::change_open(&mut tx, &new, Timestamp::now(), date(2025, 12, 31)).await?;
        for index in start..start + PER_COMMIT {
            store::figure_insert(&mut tx, &change, &figure(index, &hosts)).await?;
        }
        tx.commit().await?;
    }
    Ok((app, programme))
}

fn figure(index: usize, hosts: &[i64]) -> NewFigure {
    let measure = MEASURES[index % MEASURES.len()];
    let unit = if measure == Measure::ProjectCount { "project" } else { "CNY" };
    let month = i8::try_from(index / 7 % 12).unwrap_or(0) + 1;
    let first = date(2025, month, 1);
    NewFigure {
        measure,
        quantity: Quantity {
            low: i64::try_from(index % 9_973).unwrap_or(0) * 1_000_000,
            high: None,
            unit: Unit::from_code(unit).unwrap_or(Unit::cny()),
            approx: if index.is_multiple_of(11) { Approx::Over } else { Approx::Exact },
        },
        role: Role::Actual,
        grain: if index.is_multiple_of(50) { Grain::Stated } else { Grain::Item },
        hosts: vec![hosts[index % hosts.len()]],
        supporters: Vec::new(),
        organisation: None,
        event: None,
        subject: None,
        period: Period { kind: TimeKind::Flow, from: Some(first), to: Some(first.last_of_month()) },
        phrase: None,
        published: None,
        replaces: None,
        note: None,
    }
}
