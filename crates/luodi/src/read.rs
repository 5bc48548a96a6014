//! `luodi read`: the claims of any text, as a table or as JSON lines.

use crate::Outcome;
use crate::args::Read;
use crate::message;
use documents::{Limits, Outcome as Extraction};
use reading::{Claim, Mention, NameKind, ProjectNews, Reader};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Reads every file; one that cannot be read is named on standard error and the others go on.
pub fn run(args: &Read) -> Outcome {
    let reader = reader(args)?;
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { files_in(&args.files) };
    let mut failed = false;
    let mut out = std::io::stdout().lock();
    let many = files.len() > 1;
    for file in files {
        let written = match text_of(&file) {
            Ok(text) => write_claims(&mut out, args, &reader, many.then_some(file.as_path()), &text),
            Err(message) => {
                failed = true;
                eprintln!("{message}");
                Ok(())
            }
        };
        match written {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            Err(error) => return Err(error.to_string()),
            Ok(()) => {}
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn reader(args: &Read) -> Result<Reader, String> {
    let Some(path) = &args.regions else { return Ok(Reader::new()) };
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let rows =
        text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    let names = rows.flat_map(|row| {
        let cell = |index: usize| row.get(index).copied().unwrap_or_default();
        let (name, short, aliases) = (cell(2), cell(3), cell(9));
        [name, short].into_iter().chain(aliases.split(';')).map(str::to_owned).collect::<Vec<_>>()
    });
    let names: Vec<String> = names.filter(|name| name.chars().count() > 1).collect();
    Ok(Reader::with_names(names.iter().map(|name| (name.as_str(), NameKind::Region))))
}

/// The files themselves, and those in folders, in the order of their names.
pub fn files_in(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
            let mut inner: Vec<PathBuf> = entries.collect();
            inner
                .retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
            inner.sort();
            files.extend(files_in(&inner));
        } else {
            files.push(path.clone());
        }
    }
    files
}

fn text_of(path: &Path) -> Result<String, String> {
    let mut spooled = None;
    let (path, name) = if path == Path::new("-") {
        let mut file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
        std::io::copy(&mut std::io::stdin().lock(), &mut file).map_err(|error| error.to_string())?;
        (spooled.insert(file).path().to_owned(), "stdin.txt".to_owned())
    } else {
        (path.to_owned(), path.display().to_string())
    };
    match documents::extract(&path, &name, &Limits::default()) {
        Ok(Extraction::Text(extracted)) => Ok(extracted.text),
        Ok(Extraction::Evidence { .. }) => Err(message::no_text(&name)),
        Err(refusal) => {
            Err(message::of(&app::Error::Refused { file: name, code: refusal.code(), args: refusal.args() }))
        }
    }
}

fn write_claims(
    out: &mut impl Write,
    args: &Read,
    reader: &Reader,
    heading: Option<&Path>,
    text: &str,
) -> std::io::Result<()> {
    let proposed = || documents::propose(&reading::repair::repair(text).text, "").published;
    let reading = reader.read(text, args.published.or_else(proposed));
    if args.json {
        let projects = reading.projects.iter().map(project_object);
        let mut lines = reading.claims.iter().map(object).chain(projects);
        return lines.try_for_each(|line| writeln!(out, "{line}"));
    }
    if let Some(path) = heading {
        writeln!(out, "\n{}", path.display())?;
    }
    table(out, &reading.claims)?;
    project_table(out, &reading.projects)
}

/// What is told of a project; the key `project` tells it from a figure.
fn project_object(news: &ProjectNews) -> Value {
    let text = |mention: &Option<Mention>| mention.as_ref().map(|mention| mention.text.clone());
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    let period = news.period.as_ref();
    json!({
        "start": news.start, "end": news.end, "quote": news.quote, "project": news.name.text,
        "name": [news.name.start, news.name.end], "owner": text(&news.owner), "place": text(&news.place),
        "capacity": text(&news.capacity), "stage": text(&news.stage),
        "milestone": news.milestone.map(|milestone| milestone.code()), "planned": news.planned,
        "period": period.map(|period| period.mention.text.clone()),
        "from": day(period.and_then(|period| period.period.from)),
        "to": day(period.and_then(|period| period.period.to)),
        "sentence": [news.sentence.0, news.sentence.1], "rules": news.trail,
    })
}

/// The keys, units and conventions of the labelled texts, and what else the engine knows.
fn object(claim: &Claim) -> Value {
    let text = |mention: &Option<Mention>| mention.as_ref().map(|mention| mention.text.clone());
    let mut object = json!({
        "start": claim.start, "end": claim.end, "quote": claim.quote,
        "value": claim.value.normalize().to_string(), "unit": claim.unit.code(),
        "approx": if claim.approx == domain::Approx::Exact { "" } else { claim.approx.code() },
        "measure": claim.measure.code(), "place": text(&claim.place),
        "period": claim.period.as_ref().map(|period| period.mention.text.clone()), "org": text(&claim.org),
        "event": text(&claim.event), "certain": claim.certain, "sentence": [claim.sentence.0, claim.sentence.1],
        "rules": claim.trail,
    });
    if let Some(max) = claim.value_max {
        object["value_max"] = json!(max.normalize().to_string());
    }
    if claim.role != domain::Role::Actual {
        object["role"] = json!(claim.role.code());
    }
    if let Some(period) = &claim.period {
        object["time"] = json!({
            "kind": period.period.kind.code(), "from": period.period.from.map(|day| day.to_string()),
            "to": period.period.to.map(|day| day.to_string()),
        });
    }
    object
}

fn text(mention: &Option<Mention>) -> String {
    mention.as_ref().map(|mention| mention.text.clone()).unwrap_or_default()
}

fn project_table(out: &mut impl Write, projects: &[ProjectNews]) -> std::io::Result<()> {
    if projects.is_empty() {
        return Ok(());
    }
    let heads = ["start", "project", "stage", "milestone", "planned", "owner", "place", "period", "capacity"];
    let mut rows = vec![heads.map(String::from)];
    rows.extend(projects.iter().map(|news| {
        [
            news.start.to_string(),
            news.name.text.clone(),
            text(&news.stage),
            news.milestone.map(|milestone| milestone.code().to_owned()).unwrap_or_default(),
            if news.planned { "planned".to_owned() } else { String::new() },
            text(&news.owner),
            text(&news.place),
            news.period.as_ref().map(|period| period.mention.text.clone()).unwrap_or_default(),
            text(&news.capacity),
        ]
    }));
    writeln!(out)?;
    lines(out, &rows)
}

fn table(out: &mut impl Write, claims: &[Claim]) -> std::io::Result<()> {
    let mut rows = vec![
        ["start", "quote", "value", "unit", "measure", "role", "place", "period", "org"].map(String::from),
    ];
    for claim in claims {
        let max = claim.value_max.map(|max| format!("–{}", max.normalize())).unwrap_or_default();
        rows.push([
            claim.start.to_string(),
            claim.quote.clone(),
            format!("{}{max}", claim.value.normalize()),
            claim.unit.code().to_owned(),
            claim.measure.code().to_owned(),
            claim.role.code().to_owned(),
            text(&claim.place),
            claim.period.as_ref().map(|period| period.mention.text.clone()).unwrap_or_default(),
            text(&claim.org),
        ]);
    }
    lines(out, &rows)
}

/// Rows in columns as wide as their widest cell.
fn lines(out: &mut impl Write, rows: &[[String; 9]]) -> std::io::Result<()> {
    let widths: [usize; 9] =
        std::array::from_fn(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0));
    for row in rows {
        let cells =
            row.iter().zip(widths).map(|(cell, wide)| format!("{cell}{}", " ".repeat(wide - width(cell))));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// Columns a terminal needs: two for a Chinese character.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_keys_of_the_labelled_texts() {
        let text = "2025年，甲县签约项目12个，签约金额3.5亿元。";
        let reading = Reader::new().read(text, None);
        let money =
            reading.claims.iter().map(object).find(|claim| claim["unit"] == "CNY").expect("an amount");
        for key in ["quote", "start", "end", "value", "unit", "approx", "measure", "place", "period", "org"] {
            assert!(money.get(key).is_some(), "{key}");
        }
        assert_eq!((money["value"].as_str(), money["approx"].as_str()), (Some("350000000"), Some("")));
    }

    #[test]
    fn columns_are_as_wide_as_a_terminal_shows_them() {
        assert_eq!((width("亿元"), width("CNY")), (4, 3));
    }
}
