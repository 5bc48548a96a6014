//! Turns `data/codes.tsv` into the enums and tables of `codes.rs`, `data/sectors.tsv` into the table of `sector.rs`,
//! `data/stages.tsv` into those of `stage.rs`.

#[path = "build_records.rs"]
mod records;

use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn main() {
    let text = read("codes.tsv");
    let rows = rows(&text);
    let of = |kind: &str| rows.iter().filter(|row| row[0] == kind).cloned().collect::<Vec<_>>();
    let mut out = String::new();
    code_enum(
        &mut out,
        "Measure",
        "What a figure measures. Codes and labels: `data/codes.tsv`.",
        &of("measure"),
    );
    code_enum(
        &mut out,
        "Role",
        "What part a number plays in its sentence. Codes and labels: `data/codes.tsv`.",
        &of("role"),
    );
    code_enum(
        &mut out,
        "Approx",
        "How exactly a text states a number. Codes and labels: `data/codes.tsv`.",
        &of("approx"),
    );
    families(&mut out, &of("measure"));
    definitions(&mut out, &of("measure"));
    units(&mut out, &of("unit"));
    write_out("codes.rs", &out);
    write_out("sectors.rs", &sectors());
    write_out("stages.rs", &stages());
    write_out("records.rs", &records::generate(&read("records.tsv")));
}

/// The text of a file in `data/`.
fn read(name: &str) -> String {
    let path =
        Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../data").join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Its rows, without comments.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect()).collect()
}

fn write_out(name: &str, text: &str) {
    let folder = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&folder).join(name), text).expect("OUT_DIR is writable");
}

fn sectors() -> String {
    let text = read("sectors.tsv");
    let list: String = rows(&text)
        .iter()
        .map(|row| {
            let (code, section, zh, en) = (row[0], row[1], row[2], row[3]);
            format!("    Sector {{ code: {code:?}, section: {section:?}, zh: {zh:?}, en: {en:?} }},\n")
        })
        .collect();
    format!("static SECTORS: &[Sector] = &[\n{list}];\n")
}

/// The milestones, the facts that gates ask for, and the stages that a new programme begins with.
fn stages() -> String {
    let text = read("stages.tsv");
    let rows = rows(&text);
    let of = |kind: &str| rows.iter().filter(|row| row[0] == kind).cloned().collect::<Vec<_>>();
    let mut out = String::new();
    code_enum(
        &mut out,
        "Milestone",
        "What reaching a stage means, the same in every programme. Codes and labels: `data/stages.tsv`.",
        &of("milestone"),
    );
    code_enum(&mut out, "Fact", "What a gate may ask for. Codes and labels: `data/stages.tsv`.", &of("fact"));
    let stages: String = of("stage")
        .iter()
        .map(|row| {
            let facts = row.get(5).copied().unwrap_or_default().split(',').filter(|fact| !fact.is_empty());
            let facts: String = facts.map(|fact| format!("Fact::{}, ", camel(fact))).collect();
            let (code, zh, en, milestone) = (row[1], row[2], row[3], camel(row[4]));
            format!("    StageInfo {{ code: {code:?}, zh: {zh:?}, en: {en:?}, milestone: Milestone::{milestone}, facts: &[{facts}] }},\n")
        })
        .collect();
    out + &format!("static STAGES: &[StageInfo] = &[\n{stages}];\n")
}

fn camel(code: &str) -> String {
    code.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

fn code_enum(out: &mut String, name: &str, doc: &str, rows: &[Vec<&str>]) {
    let list = |f: &dyn Fn(&[&str]) -> String| rows.iter().map(|row| f(row)).collect::<String>();
    let variants = list(&|row| format!("    /// {} · {}\n    {},\n", row[2], row[3], camel(row[1])));
    let all = list(&|row| format!("Self::{}, ", camel(row[1])));
    let arm =
        |column: usize| list(&|row| format!("            Self::{} => {:?},\n", camel(row[1]), row[column]));
    write!(
        out,
        "/// {doc}\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum {name} {{\n{variants}}}\n\n\
         impl {name} {{\n    /// Every value, in the order of the mapping file.\n    pub const ALL: &[Self] = &[{all}];\n\n\
         \x20   /// The stable code used in files, addresses and the database.\n    #[must_use]\n\
         \x20   pub fn code(self) -> &'static str {{\n        match self {{\n{}        }}\n    }}\n\n\
         \x20   /// The Chinese label.\n    #[must_use]\n    pub fn zh(self) -> &'static str {{\n        match self {{\n{}        }}\n    }}\n\n\
         \x20   /// The English label.\n    #[must_use]\n    pub fn en(self) -> &'static str {{\n        match self {{\n{}        }}\n    }}\n\n\
         \x20   /// The value with this code, if there is one.\n    #[must_use]\n    pub fn from_code(code: &str) -> Option<Self> {{\n\
         \x20       Self::ALL.iter().copied().find(|x| x.code() == code)\n    }}\n}}\n\n",
        arm(1), arm(2), arm(3)
    )
    .expect("writing to a string");
}

fn families(out: &mut String, rows: &[Vec<&str>]) {
    let arms: String = rows
        .iter()
        .map(|row| format!("            Self::{} => Family::{},\n", camel(row[1]), camel(row[4])))
        .collect();
    write!(
        out,
        "impl Measure {{\n    /// The family the measure is listed under.\n    #[must_use]\n    pub fn family(self) -> Family {{\n        match self {{\n{arms}        }}\n    }}\n}}\n\n"
    )
    .expect("writing to a string");
}

fn definitions(out: &mut String, rows: &[Vec<&str>]) {
    for (language, column, word) in [("zh", 5, "Chinese"), ("en", 6, "English")] {
        let arms: String = rows
            .iter()
            .map(|row| format!("            Self::{} => {:?},\n", camel(row[1]), row[column]))
            .collect();
        write!(
            out,
            "impl Measure {{\n    /// What its figures count, in {word}. Source: `data/codes.tsv`.\n    #[must_use]\n    pub fn definition_{language}(self) -> &'static str {{\n        match self {{\n{arms}        }}\n    }}\n}}\n\n"
        )
        .expect("writing to a string");
    }
}

fn units(out: &mut String, rows: &[Vec<&str>]) {
    let list: String = rows
        .iter()
        .map(|row| {
            format!(
                "    UnitInfo {{ code: {:?}, zh: {:?}, en: {:?}, decimals: {} }},\n",
                row[1], row[2], row[3], row[4]
            )
        })
        .collect();
    write!(out, "/// Every unit of `data/codes.tsv`.\npub static UNITS: &[UnitInfo] = &[\n{list}];\n")
        .expect("writing to a string");
}
