//! `cargo xtask bench projects [PART …] [DATABASE …]`: projects through their gates, the board, and the lights of all of them
//! while somebody writes, at 100,000 projects; on databases as `cargo xtask bench lists` has them. Parts are `pages`, `boards`,
//! `moves`, `compiled` and `lights`; all where none is named.

use app::{
    Actor, AmountInput, App, Entry, Gate, How, ListFilter, PermitInput, Sort, StageForm, StepFigure, how,
};
use benches::{Outcome, Site, Times, median, percentile};
use domain::record::FieldType;
use domain::{Measure, RecordKind};
use jiff::{Timestamp, ToSpan};
use std::time::Instant;
use store::Condition;

/// Projects that are moved on.
const MOVES: i64 = 200;
/// Projects that there are to be put on hold while the lights are reckoned.
const HELD: i64 = 10_000;
const BOARDS: usize = 10;
const PAGES: usize = 20;

#[tokio::main]
async fn main() -> Outcome {
    for db in benches::databases().await? {
        println!("{}", db.name());
        let app = App::with_db(db);
        let site = Site::open(&app).await?;
        let programme = app.programme(&site.programme).await?.id;
        app.work(Timestamp::now).await?;
        let bench = Bench { actor: Actor::operator(Timestamp::now()), app, programme };
        if is_asked("pages") {
            pages(&site).await?;
        }
        if is_asked("boards") {
            boards(&site).await?;
        }
        if is_asked("moves") {
            bench.moves().await?;
        }
        if is_asked("compiled") {
            bench.compiled(&site).await?;
        }
        if is_asked("lights") {
            bench.lights().await?;
        }
    }
    Ok(())
}

/// Whether the command line names a part, or none.
fn is_asked(part: &str) -> bool {
    let mut parts = std::env::args().skip(1).filter(|argument| !argument.contains(':')).peekable();
    parts.peek().is_none() || parts.any(|named| named == part)
}

fn print(times: &Times, what: &str) {
    let (p50, p99, most) = (median(times), percentile(times, 99), percentile(times, 100));
    println!("p50 {p50:7.2} ms  p99 {p99:7.2} ms  most {most:7.2} ms  {what} ({})", times.count());
}

/// Pages that count all projects, or all aid money.
async fn pages(site: &Site) -> Outcome {
    for path in [
        "",
        "regions/X10000",
        "regions/X10100",
        "regions/X10121",
        "aid",
        "aid?year=2025",
        "aid?year=2025&category=housing",
        "lists/project?missing=parent&signed_on_from=2024-01-01&signed_on_to=2024-12-31&reached=started",
    ] {
        let mut times = Times::default();
        for _ in 0..PAGES {
            times.run(site.get(path)).await?;
        }
        print(&times, &format!("/{path}"));
    }
    Ok(())
}

async fn boards(site: &Site) -> Outcome {
    let mut times = Times::default();
    let mut bytes = 0;
    for _ in 0..BOARDS {
        bytes = times.run(site.get("lists/project?view=board")).await?;
    }
    print(&times, &format!("board of all projects, {} KB", bytes / 1024));
    Ok(())
}

/// The day after today, for which the lights were not reckoned yet.
fn tomorrow() -> Timestamp {
    Timestamp::now().checked_add(24.hours()).unwrap_or(Timestamp::MAX)
}

#[derive(Clone)]
struct Bench {
    app: App,
    actor: Actor,
    programme: i64,
}

impl Bench {
    async fn at(&self, stage: &str, most: i64) -> Outcome<Vec<Entry>> {
        let field = RecordKind::Project.field("stage").ok_or("projects have stages")?;
        let conditions = vec![Condition::OneOf(field, vec![stage.to_owned()])];
        let filter = ListFilter { conditions, ..ListFilter::of(RecordKind::Project) };
        let page = self.app.entry_list(&self.actor, self.programme, filter, Sort::default(), None, most);
        Ok(page.await?.entries)
    }

    /// The page of a round that all units filed.
    async fn compiled(&self, site: &Site) -> Outcome {
        let code = benches::round::made(&self.app, self.programme, &site.programme).await?.code;
        let (mut read, mut page) = (Times::default(), Times::default());
        for _ in 0..PAGES {
            read.run(self.app.reporting_round(&self.actor, self.programme, &code)).await?;
            page.run(site.get(&format!("reporting/{code}"))).await?;
        }
        print(&read, "a round compiled");
        print(&page, "its page");
        Ok(())
    }

    /// Projects that are signed are landed: the gate asks for the permits and the code that are missing.
    async fn moves(&self) -> Outcome {
        let mut times = Times::default();
        let first = ListFilter::of(RecordKind::Agreement);
        let page = self.app.entry_list(&self.actor, self.programme, first, Sort::default(), None, 1).await?;
        let agreement = &page.entries.first().ok_or("there are no agreements")?.record.code;
        for entry in self.at("signed", MOVES).await? {
            let gate =
                self.app.project_gate(&self.actor, self.programme, &entry.record.code, "landed").await?;
            let Some(form) = filled_in(&gate, agreement, times.count()) else { continue };
            times.run(self.app.project_move(&self.actor, self.programme, &entry.record.code, &form)).await?;
        }
        print(&times, "stage change, signed to landed");
        Ok(())
    }

    /// The lights of all projects, while projects are put on hold and taken up again.
    async fn lights(&self) -> Outcome {
        let started = Instant::now();
        self.app.work(Timestamp::now).await?;
        println!("what was written since is counted: {:.2} s", started.elapsed().as_secs_f64());
        let entries = self.at("started", HELD).await?;
        let writer = self.clone();
        let done = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let is_done = std::sync::Arc::clone(&done);
        let task = tokio::spawn(async move {
            let mut times = Times::default();
            for entry in &entries {
                if is_done.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                // One that has phases is refused.
                let _ = times.run(writer.turn(entry)).await;
            }
            times
        });
        let started = Instant::now();
        self.app.work(tomorrow).await?;
        println!(
            "lights of all projects and what else the worker does: {:.2} s",
            started.elapsed().as_secs_f64()
        );
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        print(&task.await?, "put on hold meanwhile");
        let started = Instant::now();
        self.app.work(tomorrow).await?;
        println!("the worker once more, with nothing to do: {:.2} s", started.elapsed().as_secs_f64());
        Ok(())
    }

    async fn turn(&self, entry: &Entry) -> Result<(), app::Error> {
        let code = &entry.record.code;
        let [from, to, reason] = ["started", "on_hold", "bench"].map(str::to_owned);
        let form = StageForm { from, to, reason, ..StageForm::default() };
        self.app.project_move(&self.actor, self.programme, code, &form).await.map(|_| ())
    }
}

/// A form with all that a gate asks for; none where it asks for a record.
fn filled_in(gate: &Gate, agreement: &str, number: usize) -> Option<StageForm> {
    let today = "2026-11-01".to_owned();
    let amount =
        |unit: &str| AmountInput { value: "1".to_owned(), unit: unit.to_owned(), ..AmountInput::default() };
    let mut form = StageForm {
        from: gate.entry.text("stage").unwrap_or_default().to_owned(),
        to: gate.to.code.clone(),
        reason: "bench".to_owned(),
        ..StageForm::default()
    };
    for fact in gate.asked.iter().filter(|fact| !gate.known.contains(fact)) {
        match how(*fact) {
            How::Field(field) => {
                let text = match field.kind {
                    FieldType::Date => today.clone(),
                    _ if field.code == "national_code" => format!("2611-650000-04-01-{number:06}"),
                    FieldType::Text | FieldType::Long => "bench".to_owned(),
                    // Its investor will do for its company, and any agreement.
                    FieldType::Record(RecordKind::Organisation) => {
                        gate.names.get(&gate.entry.id("investor")?)?.code.clone()
                    }
                    FieldType::Record(RecordKind::Agreement) => agreement.to_owned(),
                    _ => return None,
                };
                form.fields.insert(field.code.to_owned(), text);
            }
            How::Amount => form.amount = Some(amount("CNY")),
            How::Permit(kind) => {
                let permit = PermitInput { granted_on: today.clone(), number: String::new() };
                form.permits.insert(kind.to_owned(), permit);
            }
            How::Figure(measure) => {
                let unit = if measure == Measure::Output { "t" } else { "CNY" };
                let step = StepFigure { amount: amount(unit), on: today.clone() };
                form.figures.insert(measure.code().to_owned(), step);
            }
            How::Reason => {}
        }
    }
    Some(form)
}
