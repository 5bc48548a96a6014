//! How many bytes a second are read on one core.

use crate::gold::Gold;
use reading::Reader;
use std::time::{Duration, Instant};

/// Prints the speed on all texts and on each: the best of many short runs, so that a busy machine shows less.
pub fn print(reader: &Reader, texts: &[Gold]) {
    let all: Vec<&str> = texts.iter().map(|t| t.text.as_str()).collect();
    let claims: usize = all.iter().map(|t| reader.read(t, None).claims.len()).sum();
    let bytes: usize = all.iter().map(|t| t.len()).sum();
    let speed = best(reader, &all, Duration::from_secs(2));
    println!("{:<16} {speed:.1} MB/s on one core  ({bytes} bytes, {claims} claims a round)", "speed");
    for text in texts {
        println!("  {:<24} {:.1} MB/s", text.name, best(reader, &[&text.text], Duration::from_millis(200)));
    }
}

fn best(reader: &Reader, texts: &[&str], whole: Duration) -> f64 {
    let bytes: usize = texts.iter().map(|t| t.len()).sum();
    let begin = Instant::now();
    let mut best = 0f64;
    while begin.elapsed() < whole {
        let (run, from, mut rounds) = (Instant::now(), cpu(), 0usize);
        while run.elapsed() < Duration::from_millis(30) {
            texts.iter().for_each(|t| drop(std::hint::black_box(reader.read(t, None))));
            rounds += 1;
        }
        let spent = from.zip(cpu()).map_or(run.elapsed(), |(from, to)| to.saturating_sub(from));
        best = best.max((bytes * rounds) as f64 / 1e6 / spent.as_secs_f64().max(1e-9));
    }
    best
}

/// Time this thread has spent on a processor, where the system tells: waiting for a busy machine is left out.
fn cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(stat.split(' ').next()?.parse().ok()?))
}
