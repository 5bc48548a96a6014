//! Scores the reading engine against labelled texts and measures its speed: one line a field.
//!
//! Usage: `reading [GOLD_DIR] [RECOGNIZERS_DIR]`; set `LUODI_BENCH_VERBOSE` to list what differs.

use benches::{gold, recognizers, speed};
use std::path::PathBuf;

fn main() {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let gold_dir = args.next().unwrap_or_else(|| PathBuf::from("../shared/gold/dev"));
    let public = args.next().unwrap_or_else(|| PathBuf::from("../shared/benchmarks/recognizers"));
    let verbose = std::env::var_os("LUODI_BENCH_VERBOSE").is_some();
    let reader = reading::Reader::new();
    if gold_dir.is_dir() {
        let texts = gold::load(&gold_dir);
        gold::score(&reader, &texts, verbose).print();
        speed::print(&reader, &texts);
    } else {
        println!("no labelled texts at {}: nothing scored", gold_dir.display());
    }
    if public.is_dir() {
        recognizers::print(&reader, &public, verbose);
    } else {
        println!("no public cases at {}: nothing scored", public.display());
    }
}
