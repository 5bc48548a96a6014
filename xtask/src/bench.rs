//! `cargo xtask bench NAME`: one benchmark of benches/, in the release profile.

use std::path::PathBuf;

use crate::run::{Outcome, cargo, command, run, shared};

/// Runs a benchmark by name; `reading` finds its two folders of labelled texts by itself.
pub fn bench(args: &[String]) -> Outcome {
    let (name, given) = args
        .split_first()
        .ok_or("which benchmark? reading, overview, search, lists, mixed, projects or reporting")?;
    if name == "mixed" {
        // It measures the server as a process of its own.
        run(&mut command(&cargo(), &["build", "--release", "--package", "luodi"]))?;
    }
    let mut bench = command(&cargo(), &["run", "--release", "--package", "benches", "--bin", name, "--"]);
    bench.args(given);
    if name == "reading" {
        bench.args(reading_folders().into_iter().skip(given.len()));
    }
    run(&mut bench)
}

fn reading_folders() -> Vec<PathBuf> {
    ["gold/dev", "benchmarks/recognizers"].into_iter().filter_map(shared).collect()
}
