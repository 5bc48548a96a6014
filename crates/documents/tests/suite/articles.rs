//! The five published reports, where they lie beside the repository, and the invented ones: each is read, and what is
//! proposed of it is what its own lines say. Sentences of the published ones are not repeated here.

use std::path::PathBuf;

use documents::{Limits, Outcome, Proposal, extract, propose};

fn proposals() -> Vec<Proposal> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/articles");
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.sort();
    let propose_of = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Outcome::Text(read) = extract(&path, &name, &Limits::default()).unwrap() else {
            panic!("{name}")
        };
        assert_eq!(read.text, std::fs::read_to_string(&path).unwrap(), "{name}");
        propose(&read.text, &name)
    };
    paths.into_iter().map(propose_of).collect()
}

#[test]
fn dates_titles_and_publishers_are_those_that_the_reports_state() {
    let proposals = proposals();
    if proposals.is_empty() {
        return;
    }
    let dates: Vec<String> =
        proposals.iter().map(|p| p.published.map(|day| day.to_string()).unwrap_or_default()).collect();
    assert_eq!(dates, ["", "2024-01-12", "2024-05-17", "", "2024-02-01"]);
    let titled: Vec<bool> = proposals.iter().map(|p| p.title.is_some()).collect();
    assert_eq!(titled, [false, true, true, true, true]);
    assert!(proposals.iter().flat_map(|p| &p.title).all(|title| !title.contains(['-', '#'])));
    // The second is in traditional characters here; its source shows once they are simplified.
    for (index, proposal) in proposals.iter().enumerate().filter(|(index, _)| *index != 1) {
        assert!(proposal.publisher.is_some(), "report {index}");
    }
}

#[test]
fn the_invented_reports_are_proposed_as_their_programme_lists_them() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/invented");
    let listed = std::fs::read_to_string(folder.join("programme.toml")).unwrap();
    let has = |key: &str, value: &str| listed.lines().any(|line| line == format!("{key} = \"{value}\""));
    for file in std::fs::read_dir(folder.join("reports")).unwrap().flatten() {
        let name = file.file_name().into_string().unwrap();
        let Outcome::Text(read) = extract(&file.path(), &name, &Limits::default()).unwrap() else {
            panic!("{name}")
        };
        let proposal = propose(&read.text, &name);
        assert!(has("title", &proposal.title.clone().unwrap()), "{name}: {proposal:?}");
        assert!(has("publisher", &proposal.publisher.clone().unwrap()), "{name}: {proposal:?}");
        assert!(has("date", &proposal.published.unwrap().to_string()), "{name}: {proposal:?}");
    }
}
