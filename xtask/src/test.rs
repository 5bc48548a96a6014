//! `cargo xtask test`: everything that must hold before a change is taken.

use std::process::Command;
use std::time::Instant;

use crate::counts::{Counts, counts};
use crate::needs::{self, Need, chromium};
use crate::pg::Postgres;
use crate::run::{Outcome, cargo, command, root, run, run_and_keep, shared, target_folder};
use crate::{assets, npm, tidy};

/// One section of the run, as the summary shows it.
struct Section {
    name: &'static str,
    seconds: f64,
    counts: Counts,
    failure: Option<String>,
}

#[derive(Default)]
struct Report {
    sections: Vec<Section>,
}

/// Runs all sections, also after one has failed, and ends with the counts of all of them.
pub fn test(args: &[String]) -> Outcome {
    let fast = args.iter().any(|arg| arg == "--fast");
    let mut needed = vec![Need::Compiler, Need::Python, Need::Node, Need::PdfToText];
    if !fast {
        needed.extend([Need::Postgres, Need::Chromium, Need::CjkFont]);
    }
    needs::require(&needed)?;

    let mut report = Report::default();
    report.check("formatting", || run(&mut command(&cargo(), &["fmt", "--all", "--check"])));
    report.check("tidy", tidy::tidy);
    report.check("data and examples", || run(&mut command("python3", &["data/check_examples.py"])));
    report.check("assets", assets::assets);
    report.check("clippy", || {
        let clippy = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
        run(&mut command(&cargo(), &clippy))
    });
    let databases = databases(&mut report, fast);
    if !fast {
        report.count("browser tests", browser_tests);
    }
    report.finish(&databases)
}

/// The tests of all crates; returns the databases they ran on.
fn databases(report: &mut Report, fast: bool) -> String {
    if fast {
        report.count("tests on SQLite", || run_tests(None));
        return "SQLite only (--fast)".into();
    }
    let mut ran = String::from("SQLite only: PostgreSQL did not start");
    report.count("tests on SQLite and PostgreSQL", || {
        let postgres = Postgres::start()?;
        ran = format!("SQLite and PostgreSQL {}", postgres.version());
        println!("Databases under test: {ran}");
        run_tests(Some(&postgres.url()))
    });
    ran
}

fn run_tests(postgres: Option<&str>) -> Outcome<(bool, Vec<String>)> {
    // One process a binary: tests copy a filled database, which is filled once a process.
    let runner = ["test", "--quiet", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"];
    let mut tests = command(&cargo(), &runner);
    match postgres {
        Some(url) => tests.env("LUODI_TEST_POSTGRES", url),
        None => tests.env_remove("LUODI_TEST_POSTGRES"),
    };
    run_and_keep(&mut tests)
}

fn browser_tests() -> Outcome<(bool, Vec<String>)> {
    let folder = root().join("e2e");
    npm::install(&folder)?;
    run(&mut command(&cargo(), &["build", "--package", "luodi"]))?;
    run_and_keep(&mut with_e2e_settings(npm::script(&folder, "test"))?)
}

/// Tells the browser tests which binary and browser to drive, and where the five reports are, if anywhere.
fn with_e2e_settings(mut tests: Command) -> Outcome<Command> {
    tests.env("LUODI_BINARY", target_folder()?.join("debug").join("luodi"));
    if let Some(browser) = chromium() {
        tests.env("CHROMIUM", browser);
    }
    if let Some(articles) = shared("articles") {
        tests.env("LUODI_ARTICLES", articles);
    }
    Ok(tests)
}

impl Report {
    /// A section that passes or fails as a whole.
    fn check(&mut self, name: &'static str, body: impl FnOnce() -> Outcome) {
        self.section(name, || body().map(|()| Counts::default()));
    }

    /// A section whose tests are counted from the closing lines of its runner.
    fn count(&mut self, name: &'static str, body: impl FnOnce() -> Outcome<(bool, Vec<String>)>) {
        self.section(name, || {
            let (good, lines) = body()?;
            let counted = counts(&lines);
            // A build that fails closes on no count; it must not pass for a run without failures.
            if good || counted.failed > 0 { Ok(counted) } else { Err("the test runner failed".into()) }
        });
    }

    fn section(&mut self, name: &'static str, body: impl FnOnce() -> Outcome<Counts>) {
        println!("\n=== {name}");
        let begun = Instant::now();
        let (counts, failure) = match body() {
            Ok(counts) if counts.failed > 0 => (counts, Some(format!("{} tests failed", counts.failed))),
            Ok(counts) => (counts, None),
            Err(message) => (Counts { passed: 0, failed: 0 }, Some(message)),
        };
        if let Some(message) = &failure {
            println!("{name}: {message}");
        }
        self.sections.push(Section { name, seconds: begun.elapsed().as_secs_f64(), counts, failure });
    }

    fn finish(&self, databases: &str) -> Outcome {
        println!("\n=== summary");
        for Section { name, seconds, counts, failure } in &self.sections {
            let result = if failure.is_none() { "ok" } else { "FAILED" };
            let tests = if counts.passed + counts.failed == 0 {
                String::new()
            } else {
                format!("{} passed, {} failed", counts.passed, counts.failed)
            };
            println!("{name:<32} {result:<7} {seconds:>7.1} s  {tests}");
        }
        println!("databases: {databases}");
        let mut total = Counts::default();
        for section in &self.sections {
            total.passed += section.counts.passed;
            total.failed += section.counts.failed;
        }
        println!("{} passed, {} failed", total.passed, total.failed);
        let failed: Vec<&str> = self
            .sections
            .iter()
            .filter(|section| section.failure.is_some())
            .map(|section| section.name)
            .collect();
        if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
    }
}
