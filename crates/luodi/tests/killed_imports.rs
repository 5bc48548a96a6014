//! An import that is killed at any moment has written all of its rows or none; a later start goes on with it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often it is killed, at another moment each time.
const TIMES: u32 = 20;
const ROWS: usize = 60;

fn command(database: &str, name: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luodi"));
    command.args([name, "--database", database, "--programme", "killed"]).args(more);
    command.env("LUODI_LOG", "off").stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A ledger whose projects bear the number of its try.
fn ledger(folder: &Path, at: u32) -> PathBuf {
    let mut text = "项目名称,落地县市,计划总投资（万元）\n".to_owned();
    for row in 0..ROWS {
        let _ = writeln!(text, "try{at:02}x{row:03},芦滩县,{}", row + 1);
    }
    let path = folder.join(format!("try{at:02}.csv"));
    std::fs::write(&path, text).expect("written");
    path
}

fn import(database: &str, file: &Path) -> Child {
    let file = file.to_string_lossy();
    command(database, "import", &["--kind", "project", &file]).spawn().expect("it starts")
}

/// How many projects of a try there are.
fn stored(database: &str, folder: &Path, at: u32) -> usize {
    let out = folder.join("out.csv");
    let path = out.to_string_lossy().into_owned();
    let more = ["--kind", "project", "--format", "csv", "--output", &path];
    assert!(command(database, "export", &more).status().expect("it runs").success());
    let text = std::fs::read_to_string(out).expect("a file");
    text.lines().filter(|line| line.contains(&format!("try{at:02}x"))).count()
}

#[tokio::test]
async fn an_import_that_is_killed_has_written_all_or_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for database in store::testing::addresses(folder.path()).await {
        assert!(command(&database, "generate", &["--projects", "1"]).status().expect("it runs").success());
        let begun = Instant::now();
        let whole = ledger(folder.path(), 99);
        assert!(import(&database, &whole).wait().expect("it ran").success());
        let takes = begun.elapsed();
        assert_eq!(stored(&database, folder.path(), 99), ROWS);
        let mut none = 0;
        for at in 0..TIMES {
            let file = ledger(folder.path(), at);
            let mut running = import(&database, &file);
            std::thread::sleep(takes * at / TIMES + Duration::from_millis(5));
            let _ = running.kill();
            let _ = running.wait();
            let found = stored(&database, folder.path(), at);
            assert!(found == 0 || found == ROWS, "{found} rows of try {at} on {database}");
            none += u32::from(found == 0);
        }
        assert!(none > TIMES / 4, "it was killed before it had written anything, {none} times");
        // What was begun goes on with the next start, and another try works.
        let again = ledger(folder.path(), 0);
        assert!(import(&database, &again).wait().expect("it ran").success());
        for at in 0..TIMES {
            let found = stored(&database, folder.path(), at);
            assert!(found == ROWS || (found == 0 && at > 0), "{found} rows of try {at} on {database}");
        }
    }
}
