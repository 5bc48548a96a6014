//! `cargo xtask fuzz`: every target of fuzz/ for a while, on the stable toolchain.

use std::process::Command;

use crate::run::{Outcome, cargo, command, find, output, run};

const SECONDS_EACH: u64 = 60;

/// Runs each target for the given number of seconds and stops at the first crash.
pub fn fuzz(args: &[String]) -> Outcome {
    let seconds = match args.first() {
        None => SECONDS_EACH,
        Some(text) => text.parse().map_err(|_| format!("{text}: not a number of seconds"))?,
    };
    if find("cargo-fuzz").is_none() {
        run(&mut command(&cargo(), &["install", "cargo-fuzz", "--locked"]))?;
    }
    let targets = output(&mut cargo_fuzz(&["list"]))?;
    for target in targets.split_whitespace() {
        println!("\n== {target}, {seconds} s");
        // Without a sanitizer the stable compiler can build it; the code under test holds no unsafe block.
        let limit = format!("-max_total_time={seconds}");
        run(&mut cargo_fuzz(&["run", "--sanitizer", "none", target, "--", &limit]))?;
    }
    Ok(())
}

fn cargo_fuzz(args: &[&str]) -> Command {
    let mut fuzz = command(&cargo(), &["fuzz"]);
    fuzz.args(args);
    fuzz
}
