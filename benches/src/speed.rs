//! How many bytes a second are read on one core.

use crate::gold::Gold;
use reading::Reader;
use std::time::{Duration, Instant};

/// Reads all texts again and again for two seconds and prints the speed.
pub fn print(reader: &Reader, texts: &[Gold]) {
    let whole: usize = texts.iter().map(|t| t.text.len()).sum();
    let (mut rounds, mut claims) = (0usize, 0usize);
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(2) && whole > 0 {
        claims = texts.iter().map(|t| reader.read(&t.text, None).claims.len()).sum();
        rounds += 1;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let speed = (whole * rounds) as f64 / 1e6 / seconds;
    println!("{:<16} {speed:.1} MB/s on one core  ({whole} bytes, {claims} claims a round)", "speed");
    for text in texts {
        let begin = Instant::now();
        let many = 200;
        for _ in 0..many {
            std::hint::black_box(reader.read(&text.text, None));
        }
        let seconds = begin.elapsed().as_secs_f64();
        println!("  {:<24} {:.1} MB/s", text.name, (text.text.len() * many) as f64 / 1e6 / seconds);
    }
}
