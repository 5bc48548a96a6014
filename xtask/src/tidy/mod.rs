//! `cargo xtask tidy`: the rules of the house that the compiler does not hold. Also a test of this crate.

mod crates;
mod files;
mod mask;
mod rust;

use std::fs;
use std::io::Write as _;

use crate::run::{Outcome, cargo, command, output, root};

/// One broken rule: where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    pub place: String,
    pub message: String,
}

/// A text file of the repository.
#[derive(Debug)]
pub struct Source {
    /// Path from the root, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    /// The part of the name after the last dot.
    pub fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    fn complaint(&self, line: usize, message: impl Into<String>) -> Complaint {
        Complaint { place: format!("{}:{line}", self.path), message: message.into() }
    }
}

/// Prints every broken rule and fails when there is one.
pub fn tidy() -> Outcome {
    let sources = tracked_files()?;
    let complaints = complaints(&sources)?;
    for complaint in &complaints {
        say(&format!("{}: {}", complaint.place, complaint.message));
    }
    if !complaints.is_empty() {
        return Err(format!("tidy: {} complaints", complaints.len()));
    }
    say(&format!("tidy: {} files, nothing to complain about", sources.len()));
    print_duplicate_crates();
    Ok(())
}

fn complaints(sources: &[Source]) -> Outcome<Vec<Complaint>> {
    let mut complaints = Vec::new();
    for source in sources {
        complaints.extend(files::check(source));
        if source.extension() == "rs" {
            complaints.extend(rust::check(source));
        }
    }
    let cargo_metadata = ["metadata", "--format-version=1", "--no-deps", "--offline"];
    let metadata = output(&mut command(&cargo(), &cargo_metadata))?;
    let metadata = serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    complaints.extend(crates::check(&crates::dependencies(&metadata)));
    Ok(complaints)
}

/// The files under version control and the new ones not ignored, as far as they are text.
fn tracked_files() -> Outcome<Vec<Source>> {
    let listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = output(&mut command("git", &listing))?;
    let paths = listed.split('\0').filter(|path| !path.is_empty());
    // A file deleted but not yet committed is listed and cannot be read; an image is not text.
    let read = |path: &str| {
        let text = String::from_utf8(fs::read(root().join(path)).ok()?).ok()?;
        Some(Source { path: path.to_string(), text })
    };
    Ok(paths.filter_map(read).collect())
}

/// Prints a line; whoever closed the pipe wants no more of them.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Crates built in two versions cost build time; worth a look, never a failure.
fn print_duplicate_crates() {
    let tree =
        ["tree", "--workspace", "--duplicates", "--depth=0", "--prefix=none", "--offline", "--edges=normal"];
    let Ok(listed) = output(&mut command(&cargo(), &tree)) else { return };
    let mut names: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    names.sort_unstable();
    names.dedup();
    if !names.is_empty() {
        say(&format!("for information, crates in more than one version: {}", names.join(" ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        let sources = tracked_files().expect("git lists the files");
        let found = complaints(&sources).expect("the checks can run");
        let lines: Vec<String> =
            found.iter().map(|complaint| format!("{}: {}", complaint.place, complaint.message)).collect();
        assert!(lines.is_empty(), "\n{}", lines.join("\n"));
    }
}
