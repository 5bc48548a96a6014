//! What goes out comes back as it is: all columns of every kind of record, over generated programmes.

use std::path::Path;
use std::process::Command;

/// Every kind that a generated programme has records of; formats alternate.
const KINDS: &[&str] = &[
    "opportunity",
    "need",
    "lead",
    "prospect",
    "policy",
    "project",
    "permit",
    "milestone",
    "problem",
    "inquiry",
    "aid_project",
    "aid_contract",
    "agreement",
    "event",
    "organisation",
    "park",
    "enclave",
    "office",
    "pairing",
    "cohort",
];

/// A project that has a further name with a mark in it, and an enterprise of such a name.
const APART: &str = "项目名称,简称,落地县市,投资方\n砾石光伏一期,\"\"\"砾、石光伏\"\"、砾石\",芦滩县,\"\"\"荻口、芦滩联合体\"\"\"\n";

fn luodi(database: &str, language: &str, arguments: &[&str]) -> String {
    let (name, rest) = arguments.split_first().expect("a command");
    let output = Command::new(env!("CARGO_BIN_EXE_luodi"))
        .args([name, "--database", database, "--programme", "round"])
        .args(rest)
        .env("LUODI_LOG", "off")
        .env("LC_ALL", language)
        .output()
        .expect("it runs");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn comes_back(database: &str, folder: &Path, (at, kind): (usize, &str)) -> String {
    let format = ["xlsx", "csv"][at % 2];
    let language = ["zh_CN.UTF-8", "en_US.UTF-8"][at / 2 % 2];
    let path = folder.join(format!("{kind}.{format}")).to_string_lossy().into_owned();
    luodi(
        database,
        language,
        &["export", "--kind", kind, "--filter", "columns=all", "--format", format, "--output", &path],
    );
    let said = luodi(database, language, &["import", "--kind", kind, "--dry-run", &path]);
    let mut lines = said.lines();
    let counts = lines.next().unwrap_or_default().rsplit("  ").next().unwrap_or_default();
    let is_same = counts.starts_with("same ") && !counts.contains(',');
    if is_same {
        String::new()
    } else {
        format!("{kind} {format}: {}\n", said.lines().take(3).collect::<Vec<_>>().join(" | "))
    }
}

#[tokio::test]
async fn what_goes_out_comes_back_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    for (database, seed) in store::testing::addresses(folder.path()).await.iter().zip(["3", "4"]) {
        luodi(database, "C", &["generate", "--projects", "60", "--seed", seed]);
        // Names that hold what stands between names.
        let path = folder.path().join("顿号.csv").to_string_lossy().into_owned();
        std::fs::write(&path, APART).expect("written");
        let said = luodi(database, "C", &["import", "--kind", "project", "--register", &path]);
        assert!(said.contains("new 1"), "on {database}: {said}");
        let differs: String = KINDS
            .iter()
            .enumerate()
            .map(|(at, kind)| comes_back(database, folder.path(), (at, kind)))
            .collect();
        assert!(differs.is_empty(), "on {database}:\n{differs}");
    }
}
