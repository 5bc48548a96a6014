//! Rules for all text files: size, whose they are, marks of unfinished work, and names of machines.

use super::mask::is_word;
use super::{Complaint, Source};

const MOST_FILE_LINES: usize = 800;

/// What people write; data, locks and snapshots may be longer than a person reads.
const WRITTEN: &[&str] =
    &["rs", "ts", "mts", "js", "mjs", "css", "html", "py", "sh", "sql", "ftl", "md", "toml", "yml", "txt"];

/// Written so that this file passes its own rule.
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];
const MACHINE_FOLDERS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/tm", "p/")];

/// All complaints about one file, whatever its language.
pub fn check(source: &Source) -> Vec<Complaint> {
    let mut complaints: Vec<Complaint> =
        third_party(source).into_iter().chain(download_hosts(source)).collect();
    if is_written(source) {
        complaints.extend(too_long(source));
        complaints.extend(line_rules(source));
    }
    complaints
}

fn is_written(source: &Source) -> bool {
    WRITTEN.contains(&source.extension()) || source.path.starts_with(".ci/")
}

fn too_long(source: &Source) -> Option<Complaint> {
    // A report of an example programme is as long as its author made it.
    let is_data = source.path.starts_with("examples/") || source.path.starts_with("data/");
    let lines = source.text.lines().count();
    (lines > MOST_FILE_LINES && !is_data).then(|| {
        source.complaint(lines, format!("the file has {lines} lines; {MOST_FILE_LINES} are the most"))
    })
}

fn line_rules(source: &Source) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        for mark in UNFINISHED.iter().filter(|mark| has_word(line, mark)) {
            complaints.push(source.complaint(index + 1, format!("{mark}: do it, or open an issue")));
        }
        for folder in MACHINE_FOLDERS.iter().filter(|folder| has_path(line, folder)) {
            complaints.push(source.complaint(index + 1, format!("{folder} is a folder of one machine")));
        }
    }
    complaints
}

fn has_word(line: &str, word: &str) -> bool {
    occurrences(line, word).any(|(before, after)| !before.is_some_and(is_word) && !after.is_some_and(is_word))
}

/// Whether an absolute path begins with the folder; the same name further inside a path or an address is fine.
fn has_path(line: &str, folder: &str) -> bool {
    let continues = |c: char| is_word(c) || matches!(c, '.' | '/' | '-' | '}' | ')');
    occurrences(line, folder).any(|(before, _)| !before.is_some_and(continues))
}

/// The characters before and after each place where the pattern stands.
fn occurrences<'a>(
    line: &'a str,
    pattern: &'a str,
) -> impl Iterator<Item = (Option<char>, Option<char>)> + 'a {
    line.match_indices(pattern)
        .map(move |(at, _)| (line[..at].chars().next_back(), line[at + pattern.len()..].chars().next()))
}

fn third_party(source: &Source) -> Option<Complaint> {
    let foreign = ["vendor", "third_party", "third-party", "node_modules", "external"];
    let mut folders: Vec<&str> = source.path.split('/').collect();
    let name = folders.pop().unwrap_or_default();
    let is_foreign = folders.iter().any(|folder| foreign.contains(folder)) || name.contains(".min.");
    is_foreign.then(|| source.complaint(1, "other people's code comes from a registry, by its lock file"))
}

/// Lock files name packages and hashes; from where they are downloaded is each machine's own setting.
fn download_hosts(source: &Source) -> Vec<Complaint> {
    if !source.path.ends_with("package-lock.json") {
        return Vec::new();
    }
    let lines = source.text.lines().enumerate();
    let named = lines.filter(|(_, line)| line.contains("\"resolved\": \"http"));
    named.map(|(index, _)| source.complaint(index + 1, "the lock names a download host")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        let source = Source { path: path.into(), text: text.into() };
        check(&source).into_iter().map(|complaint| complaint.message).collect()
    }

    #[test]
    fn a_file_may_have_800_lines() {
        assert!(messages("assets/src/a.ts", &"x\n".repeat(800)).is_empty());
        assert_eq!(messages("assets/src/a.ts", &"x\n".repeat(801)).len(), 1);
        assert!(messages("data/divisions.tsv", &"x\n".repeat(4000)).is_empty());
    }

    #[test]
    fn unfinished_work_is_a_whole_word() {
        let mark = UNFINISHED[0];
        assert_eq!(messages("docs/A.md", &format!("{mark}: later")).len(), 1);
        assert!(messages("docs/A.md", &format!("MAS{mark}N")).is_empty());
    }

    #[test]
    fn folders_of_a_machine_are_named_nowhere() {
        let folder = MACHINE_FOLDERS[2];
        assert_eq!(messages("docs/A.md", &format!("see {folder}me/notes")).len(), 1);
        assert!(messages("docs/A.md", &format!("https://example.org{folder}page")).is_empty());
    }

    #[test]
    fn other_peoples_code_is_not_kept_here() {
        assert_eq!(messages("assets/vendor/a.js", "").len(), 1);
        assert_eq!(messages("assets/htmx.min.js", "").len(), 1);
        assert!(messages("crates/app/src/vendor.rs", "").is_empty());
    }

    #[test]
    fn a_lock_file_names_no_host() {
        let lock = "{\n  \"resolved\": \"https://registry.example/a.tgz\"\n}";
        assert_eq!(messages("e2e/package-lock.json", lock).len(), 1);
    }
}
