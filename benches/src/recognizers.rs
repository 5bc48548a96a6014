//! Public Chinese cases for numbers, percentages, currency and dimensions, where their convention is the product's.

use reading::Reader;
use serde_json::Value;
use std::path::Path;

/// Prints, for percentages, currency and dimensions, how many results are read with the same value.
pub fn print(reader: &Reader, dir: &Path, verbose: bool) {
    for name in ["PercentModel", "CurrencyModel", "DimensionModel"] {
        let Ok(file) = std::fs::read_to_string(dir.join(format!("{name}.json"))) else { continue };
        let cases: Vec<Value> = serde_json::from_str(&file).unwrap_or_default();
        let (mut right, mut all) = (0, 0);
        for case in &cases {
            let input = case["Input"].as_str().unwrap_or_default();
            let claims = reader.read(input, None).claims;
            for result in case["Results"].as_array().into_iter().flatten() {
                let Some(value) = number(&result["Resolution"]["value"]) else { continue };
                all += 1;
                let hit = claims.iter().any(|c| c.value == value);
                right += usize::from(hit);
                if !hit && verbose {
                    println!("{name} not read: {input} ({value})");
                }
            }
        }
        println!("{name:<16} {right} of {all} results read with their value");
    }
}

fn number(value: &Value) -> Option<rust_decimal::Decimal> {
    value.as_str()?.trim_end_matches('%').parse().ok()
}
