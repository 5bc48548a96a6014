//! Labelled texts and how well a reading agrees with them.

use domain::Approx;
use reading::{Claim, Mention, Reader};
use serde_json::Value;
use std::path::Path;

/// One labelled text.
pub struct Gold {
    /// File name without its ending.
    pub name: String,
    /// The text as it stands.
    pub text: String,
    /// Its labels.
    pub labels: Vec<Value>,
}

/// Loads every `NAME.txt` that has a `NAME.gold.jsonl`.
#[must_use]
pub fn load(dir: &Path) -> Vec<Gold> {
    let mut files: Vec<_> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    files.sort();
    let texts = files.iter().filter(|p| p.extension().is_some_and(|e| e == "txt"));
    texts.filter_map(|path| one(path)).collect()
}

fn one(path: &Path) -> Option<Gold> {
    let text = std::fs::read_to_string(path).ok()?;
    let labels = std::fs::read_to_string(path.with_extension("gold.jsonl")).ok()?;
    let labels = labels.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Some(Gold { name: path.file_stem()?.to_string_lossy().into_owned(), text, labels })
}

/// The day a text was published, by its own date line; the text itself says no more.
#[must_use]
pub fn published(text: &str) -> Option<jiff::civil::Date> {
    text.split(|c: char| !c.is_ascii_digit() && c != '-').find_map(|word| word.parse().ok())
}

#[derive(Default, Clone, Copy)]
struct Kind {
    labels: usize,
    claims: usize,
    matched: usize,
}

/// Sums over all texts.
#[derive(Default)]
pub struct Score {
    kinds: [Kind; 4],
    fields: [(usize, usize); 7],
    money_measure: (usize, usize),
}

const KINDS: [&str; 4] = ["money", "counts", "rates", "all"];
const FIELDS: [&str; 7] = ["approximation", "measure", "role", "place", "period", "org", "value_max"];

fn kind(unit: &str) -> usize {
    match unit {
        "CNY" | "USD" | "EUR" | "HKD" | "JPY" | "RUB" | "KZT" => 0,
        "%" | "pp" | "fold" => 2,
        _ => 1,
    }
}

fn field<'a>(label: &'a Value, name: &str) -> &'a str {
    label.get(name).and_then(Value::as_str).unwrap_or("")
}

fn approx(approx: Approx) -> &'static str {
    if approx == Approx::Exact { "" } else { approx.code() }
}

/// Aid issued and disbursed are labelled as planned and spent.
fn measure(claim: &Claim) -> &'static str {
    match claim.measure.code() {
        "aid_issued" => "aid_planned",
        "aid_disbursed" => "aid_spent",
        code => code,
    }
}

fn mention(m: Option<&Mention>) -> &str {
    m.map_or("", |m| m.text.as_str())
}

fn fields(claim: &Claim) -> [String; 7] {
    let role = if claim.role.code() == "actual" { "" } else { claim.role.code() };
    [
        approx(claim.approx).into(),
        measure(claim).into(),
        role.into(),
        mention(claim.place.as_ref()).into(),
        mention(claim.period.as_ref().map(|p| &p.mention)).into(),
        mention(claim.org.as_ref()).into(),
        claim.value_max.map(|v| v.to_string()).unwrap_or_default(),
    ]
}

fn wanted(label: &Value) -> [String; 7] {
    let role = field(label, "role");
    let of = |name| field(label, name).to_owned();
    let role = if role == "actual" { "" } else { role };
    [of("approx"), of("measure"), role.into(), of("place"), of("period"), of("org"), of("value_max")]
}

/// Scores a reader on labelled texts.
#[must_use]
pub fn score(reader: &Reader, texts: &[Gold], verbose: bool) -> Score {
    let mut score = Score::default();
    for gold in texts {
        score.text(reader, gold, verbose);
    }
    score
}

impl Score {
    fn text(&mut self, reader: &Reader, gold: &Gold, verbose: bool) {
        let claims = reader.read(&gold.text, published(&gold.text)).claims;
        let mut used = vec![false; claims.len()];
        for label in &gold.labels {
            let k = kind(field(label, "unit"));
            self.kinds[k].labels += 1;
            self.kinds[3].labels += 1;
            match claims.iter().position(|c| same(c, label)) {
                Some(i) => {
                    used[i] = true;
                    self.kinds[k].matched += 1;
                    self.kinds[3].matched += 1;
                    self.compare(&gold.name, &claims[i], label, k == 0, verbose);
                }
                None if verbose => println!("{} missing {label}", gold.name),
                None => {}
            }
        }
        for (claim, used) in claims.iter().zip(used) {
            self.kinds[kind(claim.unit.code())].claims += 1;
            self.kinds[3].claims += 1;
            if !used && verbose {
                println!(
                    "{} extra {} {} {} {:?} at {}",
                    gold.name,
                    claim.quote,
                    claim.value,
                    claim.unit.code(),
                    claim.trail,
                    claim.start
                );
            }
        }
    }

    fn compare(&mut self, name: &str, claim: &Claim, label: &Value, money: bool, verbose: bool) {
        let (got, want) = (fields(claim), wanted(label));
        for (i, (got, want)) in got.iter().zip(&want).enumerate() {
            self.fields[i].1 += 1;
            self.fields[i].0 += usize::from(got == want);
            if got != want && verbose {
                println!(
                    "{name} {} {} at {}: got {got:?}, labelled {want:?}",
                    FIELDS[i], claim.quote, claim.start
                );
            }
        }
        if money {
            self.money_measure.1 += 1;
            self.money_measure.0 += usize::from(got[1] == want[1]);
        }
    }

    /// Prints one line a field.
    pub fn print(&self) {
        for (name, k) in KINDS.iter().zip(&self.kinds) {
            println!(
                "{name:<16} recall {:.3} precision {:.3}  ({} labels, {} claims, {} agree)",
                ratio(k.matched, k.labels),
                ratio(k.matched, k.claims),
                k.labels,
                k.claims,
                k.matched
            );
        }
        for (name, (right, all)) in FIELDS.iter().zip(&self.fields) {
            println!("{name:<16} {:.3}  ({right} of {all})", ratio(*right, *all));
        }
        let (right, all) = self.money_measure;
        println!("{:<16} {:.3}  ({right} of {all})", "measure of money", ratio(right, all));
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn same(claim: &Claim, label: &Value) -> bool {
    let at = |name| label.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    at("start") == Some(claim.start)
        && at("end") == Some(claim.end)
        && field(label, "unit") == claim.unit.code()
        && field(label, "value").parse() == Ok(claim.value)
}
