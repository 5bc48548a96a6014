//! `cargo xtask bench lists [DATABASE …]`: pages of lists and records through the real router at 100,000 agreements, one
//! after the other, lists at 300 requests a second too, on SQLite and, where `LUODI_TEST_POSTGRES` names a server, on PostgreSQL;
//! or on the databases that are named, which are filled when they are empty and kept.

use app::{Actor, App, ListFilter, Sort};
use benches::{Outcome, Site, Times, median, percentile};
use domain::RecordKind;
use jiff::Timestamp;
use std::time::{Duration, Instant};

const ROUNDS: usize = 100;
const PER_SECOND: u64 = 300;
const LOAD_SECONDS: u64 = 10;
/// Records whose pages are opened, and which filters name.
const SAMPLE: i64 = 40;

#[tokio::main]
async fn main() -> Outcome {
    for db in benches::databases().await? {
        let name = db.name();
        let app = App::with_db(db);
        println!("{name}");
        let bench = Bench { site: Site::open(&app).await? };
        for case in bench.cases(&app).await? {
            let mut times = Times::default();
            for round in 0..ROUNDS + 3 {
                if round == 3 {
                    times = Times::default();
                }
                times.run(bench.site.get(case.path(round))).await?;
            }
            print(&times, case.what, case.paths.len());
        }
        let mut cases = bench.cases(&app).await?;
        cases.retain(Case::is_plain_list);
        bench.load(cases).await?;
        println!("{} MB resident", benches::resident_mb().unwrap_or(0));
    }
    Ok(())
}

fn print(times: &Times, what: &str, paths: usize) {
    println!("p50 {:7.2} ms  p99 {:7.2} ms  {what} ({paths})", median(times), percentile(times, 99));
}

/// Whose codes stand at the end of a case's address.
#[derive(Clone, Copy)]
enum Codes {
    One,
    Region,
    Park,
    Event,
    Office,
    Agreement,
    Firm,
    Letters,
}

/// What is measured: its name, whose codes end the address, and the address.
const CASES: &[(&str, Codes, &str)] = &[
    ("no filter, newest first", Codes::One, "lists/agreement"),
    ("kind, by amount", Codes::One, "lists/agreement?kind=intent&sort=-amount"),
    (
        "kind, status, days, by amount",
        Codes::One,
        "lists/agreement?kind=investment&status=signed&signed_on_from=2025-01-01&sort=-amount",
    ),
    (
        "kind, status, region, by amount",
        Codes::Region,
        "lists/agreement?kind=investment&status=signed&sort=-amount&place=",
    ),
    (
        "kind, sector, region, by day",
        Codes::Region,
        "lists/agreement?kind=investment&sector=C&sort=-signed_on&place=",
    ),
    (
        "region on the map, status, kind, by title",
        Codes::Region,
        "lists/agreement?kind=intent&status=signed&place_by=geographic&sort=title&place=",
    ),
    (
        "park, kind, status, by amount",
        Codes::Park,
        "lists/agreement?kind=investment&status=signed&sort=-amount&park=",
    ),
    (
        "park, owner unknown, few match, by day",
        Codes::Park,
        "lists/agreement?missing=owner&sort=-signed_on&park=",
    ),
    (
        "event, kind, sector, by amount",
        Codes::Event,
        "lists/agreement?kind=investment&sector=C&sort=-amount&event=",
    ),
    (
        "office, status, kind, by last change",
        Codes::Office,
        "lists/agreement?kind=intent&status=signed&sort=-changed&owner=",
    ),
    (
        "rescinded, sector, amount, by title",
        Codes::One,
        "lists/agreement?status=rescinded&sector=C14&amount_from=10000&sort=title",
    ),
    (
        "nothing known of two fields, by amount",
        Codes::One,
        "lists/agreement?missing=region&missing=signed_on&sort=-amount",
    ),
    (
        "text, kind, region, by amount",
        Codes::Region,
        "lists/agreement?q=%E5%86%B7%E9%93%BE&kind=investment&sort=-amount&place=",
    ),
    (
        "common text, kind, status, by day",
        Codes::One,
        "lists/agreement?q=%E9%A1%B9%E7%9B%AE&kind=investment&status=signed&sort=-signed_on",
    ),
    (
        "rare text, kind, by title",
        Codes::One,
        "lists/agreement?q=%E9%94%99%E8%AF%AF%E5%8D%81%E5%80%8D&kind=investment&sort=title",
    ),
    (
        "organisations: sector, kind, region, by title",
        Codes::Region,
        "lists/organisation?sector=C&kind=enterprise&sort=title&place=",
    ),
    ("page of an agreement", Codes::Agreement, "records/"),
    ("page of an organisation", Codes::Firm, "records/"),
    ("page of an event", Codes::Event, "records/"),
    ("picker of organisations", Codes::Letters, "suggest/organisation?q="),
];

/// Pages of one kind, with addresses that differ in what they name.
struct Case {
    what: &'static str,
    paths: Vec<String>,
}

impl Case {
    /// A list without a text filter: what offices open all day.
    fn is_plain_list(&self) -> bool {
        self.paths.iter().all(|path| path.starts_with("lists/") && !path.contains("q="))
    }

    fn path(&self, round: usize) -> &str {
        &self.paths[round % self.paths.len()]
    }
}

/// What is asked.
#[derive(Clone)]
struct Bench {
    site: Site,
}

impl Bench {
    /// Codes of some records of a kind, spread over all of them.
    async fn codes(&self, app: &App, kind: RecordKind) -> Outcome<Vec<String>> {
        let operator = Actor::operator(Timestamp::now());
        let programme = app.programme(&self.site.programme).await?.id;
        let by = if kind == RecordKind::Agreement { app::SortBy::Amount } else { app::SortBy::Title };
        let sort = Sort { by, descending: true };
        let page = app.entry_list(&operator, programme, ListFilter::of(kind), sort, None, SAMPLE).await?;
        Ok(page.entries.into_iter().map(|entry| entry.record.code).collect())
    }

    async fn cases(&self, app: &App) -> Outcome<Vec<Case>> {
        let [offices, parks, events, firms, agreements] = [
            self.codes(app, RecordKind::Office).await?,
            self.codes(app, RecordKind::Park).await?,
            self.codes(app, RecordKind::Event).await?,
            self.codes(app, RecordKind::Organisation).await?,
            self.codes(app, RecordKind::Agreement).await?,
        ];
        let of = |codes: Codes| match codes {
            Codes::One => vec![String::new()],
            Codes::Region => ["X10100", "X12700", "X12922", "XNK07", "X20100"].map(str::to_owned).into(),
            Codes::Park => parks.clone(),
            Codes::Event => events.clone(),
            Codes::Office => offices.clone(),
            Codes::Agreement => agreements.clone(),
            Codes::Firm => firms.clone(),
            Codes::Letters => ["yz", "hb", "xx"].map(str::to_owned).into(),
        };
        let case = |(what, codes, path): &(&'static str, Codes, &str)| Case {
            what,
            paths: of(*codes).iter().map(|code| format!("{path}{code}")).collect(),
        };
        Ok(CASES.iter().map(case).collect())
    }

    /// The cases in turn at a steady rate, whether or not those before are answered.
    async fn load(&self, cases: Vec<Case>) -> Outcome {
        let pause = Duration::from_micros(1_000_000 / PER_SECOND);
        let begun = Instant::now();
        let mut tasks = Vec::new();
        for number in 0..PER_SECOND * LOAD_SECONDS {
            let due = begun + pause * u32::try_from(number)?;
            tokio::time::sleep_until(due.into()).await;
            let case = &cases[usize::try_from(number)? % cases.len()];
            let (bench, path) = (self.clone(), case.path(usize::try_from(number)?).to_owned());
            tasks.push(tokio::spawn(async move {
                let done = bench.site.get(&path).await.map_err(|error| error.to_string());
                done.map(|_| due.elapsed())
            }));
        }
        let mut times = Times::default();
        for task in tasks {
            times.push(task.await??);
        }
        print(&times, "all lists without a text at 300 requests a second", cases.len());
        Ok(())
    }
}
