//! Law 9 over what the product ships: programme data and reference data hold no record on persons and no word for
//! what Luodi does not do; and the reports it is meant to read pass the same screening untouched.

use std::path::{Path, PathBuf};

use domain::screening::{check_terms, identity_numbers, listed_headings, mask, secrecy_mark};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below a folder with one of these extensions; none where the folder is missing.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if extensions.contains(&extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn programme_data_passes_the_list() {
    let mut seen = 0;
    for folder in ["data", "examples"] {
        for path in files(&root().join(folder), &["tsv", "toml", "json", "ftl"]) {
            // The list itself holds every word on it.
            if path.ends_with("law9.tsv") {
                continue;
            }
            let text = text_of(&path);
            let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
            let words = lines.flat_map(|line| line.split(['\t', '"', '\'', '=', '[', ']', ',', ';', '|']));
            assert_eq!(check_terms(words), [] as [&str; 0], "{}", path.display());
            assert!(identity_numbers(&text).is_empty(), "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 0, "no programme data found");
}

#[test]
fn reports_pass_unmasked_and_unrefused() {
    let mut paths = files(&root().join("../shared/articles"), &["txt"]);
    paths.extend(files(&root().join("../shared/gold"), &["txt"]));
    paths.extend(files(&root().join("examples"), &["txt", "md", "html"]));
    for path in paths {
        let text = text_of(&path);
        let name = path.display();
        assert_eq!(mask(&text).count, 0, "{name}");
        assert_eq!(listed_headings(&text), [] as [String; 0], "{name}");
        assert_eq!(secrecy_mark(&text), None, "{name}");
    }
}
