//! `cargo xtask bench reporting [DATABASE …]`: a round of reporting from sending out to the compiled table, at 200 units and 30
//! lines beside a full ledger; on databases as `cargo xtask bench lists` has them. It may be run again on the same database.

use app::{Actor, App, Entry, ListFilter, RecordKind, Sort};
use benches::round::{Round, made};
use benches::{Outcome, Site, Times, median, percentile};
use jiff::Timestamp;
use std::time::Instant;

const READS: usize = 50;
/// Offices, each of a region with a part of the ledger, whose filings are opened.
const OFFICES: usize = 50;

#[tokio::main]
async fn main() -> Outcome {
    for db in benches::databases().await? {
        println!("{}", db.name());
        let app = App::with_db(db);
        let site = Site::open(&app).await?;
        let programme = app.programme(&site.programme).await?.id;
        let started = Instant::now();
        let round = made(&app, programme, &site.programme).await?;
        println!("made in {:.1} s", started.elapsed().as_secs_f64());
        steps(&round);
        compiled(&app, &site, programme, &round.code).await?;
        offices(&app, &site, programme).await?;
    }
    Ok(())
}

fn print(times: &Times, what: &str) {
    let (p50, p99, most) = (median(times), percentile(times, 99), percentile(times, 100));
    println!("p50 {p50:7.2} ms  p99 {p99:7.2} ms  most {most:7.2} ms  {what} ({})", times.count());
}

fn steps(round: &Round) {
    print(&round.naming, "all units named");
    print(&round.sending, "the round sent out");
    print(&round.reminding, "all units reminded");
    print(&round.opening, "a filing opened");
    print(&round.saving, "a filing submitted");
    print(&round.reviewing, "a filing reviewed");
    print(&round.approving, "a filing approved");
}

/// The compiled table: as it is read, its page and its sheet.
async fn compiled(app: &App, site: &Site, programme: i64, code: &str) -> Outcome {
    let actor = Actor::operator(Timestamp::now());
    let (mut read, mut page, mut sheet) = (Times::default(), Times::default(), Times::default());
    let mut bytes = (0, 0);
    for _ in 0..READS {
        read.run(app.reporting_round(&actor, programme, code)).await?;
        bytes.0 = page.run(site.get(&format!("reporting/{code}"))).await?;
        bytes.1 = sheet.run(site.get(&format!("reporting/{code}/export.xlsx"))).await?;
    }
    print(&read, "a round compiled");
    print(&page, &format!("its page, {} KB", bytes.0 / 1024));
    print(&sheet, &format!("its sheet, {} KB", bytes.1 / 1024));
    Ok(())
}

/// Filings of offices of an earlier round: what a region's part of the ledger holds is offered to them.
async fn offices(app: &App, site: &Site, programme: i64) -> Outcome {
    let actor = Actor::operator(Timestamp::now());
    let list = ListFilter::of(RecordKind::ReportingTask);
    let tasks = app.entry_list(&actor, programme, list, Sort::default(), None, 100).await?.entries;
    let mut times = Times::default();
    for Entry { record, .. } in tasks {
        let filings = app.reporting_round(&actor, programme, &record.code).await?.filings;
        for filing in filings.iter().filter(|filing| filing.unit.kind == RecordKind::Office) {
            if times.count() < OFFICES {
                times.run(site.get(&format!("filings/{}", filing.record.code))).await?;
            }
        }
    }
    print(&times, "page of an office's filing");
    Ok(())
}
