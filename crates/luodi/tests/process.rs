//! The binary as a process: it survives being killed, needs no network, and its commands say what they mean.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_luodi");

fn luodi(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).env("LUODI_LOG", "error").env("LANG", "en_US.UTF-8").env_remove("LC_ALL");
    command
}

fn run(arguments: &[&str]) -> Output {
    luodi(arguments).stdin(Stdio::null()).output().expect("the binary runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with the invented example only, without its reports.
fn examples(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/invented");
    let target = folder.join("examples/invented");
    std::fs::create_dir_all(&target).expect("a writable folder");
    for entry in std::fs::read_dir(source).expect("the example is here").flatten() {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), target.join(entry.file_name())).expect("copied");
        }
    }
    folder.join("examples")
}

/// Starts the demo and waits until it listens; returns the process and its address.
fn serve(folder: &Path, database: &str) -> (Child, String) {
    let examples = examples(folder).display().to_string();
    start(&["serve", "--demo", "--database", database, "--listen", "127.0.0.1:0", "--examples", &examples])
}

fn start(arguments: &[&str]) -> (Child, String) {
    listening(luodi(arguments))
}

/// Starts a server and waits until it says where it listens.
fn listening(mut command: Command) -> (Child, String) {
    let mut server = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
    let lines = BufReader::new(server.stdout.take().expect("piped")).lines();
    let mut address = None;
    for line in lines.map_while(Result::ok) {
        if let Some((_, found)) = line.split_once("listening on http://") {
            address = Some(found.trim().to_owned());
            break;
        }
    }
    (server, address.expect("it says where it listens"))
}

fn get(address: &str, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).expect("it answers");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn report(index: usize) -> String {
    let line = "2025年，乌泽市签约项目12个，签约金额3.5亿元，到位资金8200万元。\n";
    format!("第{index}期签约简报\n来源：砾原日报 2025-06-01\n\n{}", line.repeat(400))
}

#[test]
fn what_was_acknowledged_survives_being_killed_at_any_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    let (mut server, _) = serve(folder.path(), &database);
    server.kill().expect("killed");
    server.wait().expect("gone");
    let reports = folder.path().join("reports");
    std::fs::create_dir(&reports).expect("a folder");
    for index in 0..6 {
        std::fs::write(reports.join(format!("{index}.txt")), report(index)).expect("written");
    }
    let reports = reports.display().to_string();
    let import = ["import-documents", "--database", &database, &reports];
    let mut acknowledged = Vec::new();
    for milliseconds in [30, 120, 250, 500, 900] {
        let mut importing =
            luodi(&import).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(milliseconds));
        importing.kill().expect("killed");
        let output = importing.wait_with_output().expect("gone");
        let codes = text(&output.stdout);
        acknowledged
            .extend(codes.lines().filter(|line| line.starts_with("ZL-")).map(|line| line[..14].to_owned()));
    }
    let last = text(&run(&import).stdout);
    assert!(last.contains("invented: 6 documents"), "{last}");
    let backup = folder.path().join("all.backup");
    assert!(run(&["backup", "--database", &database, &backup.display().to_string()]).status.success());
    let backup = std::fs::read_to_string(backup).expect("a backup");
    for code in &acknowledged {
        assert!(backup.contains(code.as_str()), "{code} was acknowledged and is gone");
    }
    assert!(
        !backup.contains("\"queued\",null") && !backup.contains("\"reading\",null"),
        "all were read in the end"
    );
    let doctor = run(&["doctor", "--database", &database]);
    assert!(doctor.status.success(), "{}", text(&doctor.stdout));
}

#[test]
fn a_second_start_keeps_what_is_there_and_a_stop_is_clean() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    for _ in 0..2 {
        let (mut server, address) = serve(folder.path(), &database);
        assert!(get(&address, "/healthz").starts_with("HTTP/1.1 200"));
        assert!(get(&address, "/login").contains("</html>"));
        let id = server.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
        assert!(server.wait().expect("it stops").success());
    }
    let users = text(&run(&["user", "--database", &database, "list"]).stdout);
    assert_eq!(users.lines().filter(|line| line.starts_with("office ")).count(), 1, "{users}");
}

#[test]
fn the_demo_users_end_with_the_demo() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    let stop = |(mut server, _): (Child, String)| {
        server.kill().expect("killed");
        server.wait().expect("gone");
    };
    let open_users = || {
        let users = text(&run(&["user", "--database", &database, "list"]).stdout);
        users.lines().filter(|line| !line.contains("(closed)")).count()
    };
    stop(serve(folder.path(), &database));
    assert_eq!(open_users(), 10, "five of every programme, five of the invented one");
    let mut own = luodi(&["user", "--database", &database, "password", "office"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    own.stdin.take().expect("piped").write_all(b"a password of its own\n").expect("sent");
    assert!(own.wait().expect("it ends").success());
    let (server, address) = start(&["serve", "--database", &database, "--listen", "127.0.0.1:0"]);
    assert!(!get(&address, "/login").contains("luodi-demo"));
    stop((server, address));
    assert_eq!(open_users(), 1, "who has a password of their own stays");
    stop(serve(folder.path(), &database));
    assert_eq!(open_users(), 10, "the next demo has its users again");
    let outside = run(&["serve", "--demo", "--database", &database, "--listen", "0.0.0.0:0"]);
    assert!(text(&outside.stderr).contains("--demo-anywhere"), "{}", text(&outside.stderr));
}

#[test]
fn a_killed_server_leaves_no_received_bytes_for_long() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    let spools = || {
        let entries = std::fs::read_dir(folder.path()).expect("listed").flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("luodi-spool-")).count()
    };
    for _ in 0..2 {
        let mut command = luodi(&["serve", "--database", &database, "--listen", "127.0.0.1:0"]);
        command.env("TMPDIR", folder.path());
        let (mut server, _) = listening(command);
        let count = spools();
        server.kill().expect("killed");
        server.wait().expect("gone");
        assert_eq!(count, 1);
    }
}

#[test]
fn who_stops_reading_the_output_ends_the_command_quietly() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    let mut doctor = luodi(&["doctor", "--database", &database])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(doctor.stdout.take());
    let output = doctor.wait_with_output().expect("gone");
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn it_works_without_any_network() {
    let allowed =
        Command::new("unshare").args(["--net", "true"]).status().is_ok_and(|status| status.success());
    if !allowed {
        eprintln!("not tried: this machine does not let the test make a network namespace");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let examples = examples(folder.path());
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    // A namespace of its own has no route at all; only its loopback is brought up, to ask the server from inside.
    let script = r#"
        set -e
        python3 - <<'PY'
import fcntl, socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(s, 0x8914, struct.pack('16sh14s', b'lo', 0x49, b''))
PY
        "$1" serve --demo --database "$2" --listen 127.0.0.1:8620 --examples "$3" > "$4/log" 2>&1 &
        server=$!
        for i in $(seq 200); do grep -q 'listening on' "$4/log" && break; sleep 0.1; done
        python3 - <<'PY'
import urllib.request
page = urllib.request.urlopen('http://127.0.0.1:8620/login', timeout=20).read().decode()
assert '</html>' in page
PY
        kill -TERM $server
        wait $server
    "#;
    let output = Command::new("unshare")
        .args(["--net", "bash", "-c", script, "bash", BINARY, &database])
        .arg(&examples)
        .arg(folder.path())
        .env("LUODI_LOG", "warn")
        .output()
        .expect("unshare runs");
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
    assert!(output.status.success(), "{}\n{log}", text(&output.stderr));
    assert!(!log.contains("ERROR") && !log.contains("WARN"), "{log}");
}

#[test]
fn read_prints_a_table_or_lines_of_json_and_names_what_it_cannot_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = folder.path().join("good.txt");
    let bad = folder.path().join("bad.doc");
    std::fs::write(&good, report(1)).expect("written");
    std::fs::write(&bad, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").expect("written");
    let output = run(&["read", "--json", &good.display().to_string(), &bad.display().to_string()]);
    assert!(!output.status.success() && text(&output.stderr).contains(".docx"), "{}", text(&output.stderr));
    let first = text(&output.stdout).lines().next().expect("a claim").to_owned();
    assert!(first.starts_with('{') && first.contains("\"quote\""), "{first}");
    let mut piped = luodi(&["read"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    piped.stdin.take().expect("piped").write_all("甲县到位资金5亿元。".as_bytes()).expect("sent");
    let table = text(&piped.wait_with_output().expect("it ends").stdout);
    assert!(table.contains("5亿元") && table.contains("funds_arrived"), "{table}");
}

#[test]
fn the_terminal_is_answered_in_its_language() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    let doctor = |lang: &str| {
        let mut command = luodi(&["doctor", "--database", &database]);
        text(&command.env("LANG", lang).stdin(Stdio::null()).output().expect("the binary runs").stdout)
    };
    assert!(doctor("zh_CN.UTF-8").contains("还没有支援协作"));
    assert!(doctor("en_US.UTF-8").contains("no programme yet"));
}

#[test]
fn an_address_or_a_file_that_is_wrong_is_named() {
    let wrong = run(&["doctor", "--database", "mysql://x"]);
    assert!(text(&wrong.stderr).contains("sqlite: or postgres://"), "{}", text(&wrong.stderr));
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    let file = folder.path().join("no-backup");
    std::fs::write(&file, "hello\n").expect("written");
    let restored = run(&["restore", "--database", &database, &file.display().to_string()]);
    assert!(text(&restored.stderr).contains("line 1"), "{}", text(&restored.stderr));
    let no_programme = run(&["import-documents", "--database", &database, &file.display().to_string()]);
    assert!(text(&no_programme.stderr).contains("no programme"), "{}", text(&no_programme.stderr));
}

#[test]
fn the_same_seed_generates_the_same_backup_and_never_into_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let mut backups = Vec::new();
    for name in ["a", "b"] {
        let database = format!("sqlite:{}", path(name));
        let generate = ["generate", "--database", &database, "--projects", "40", "--seed", "2"];
        let made = run(&generate);
        assert!(made.status.success(), "{}", text(&made.stderr));
        assert!(text(&made.stdout).starts_with("generated-2: "), "{}", text(&made.stdout));
        let again = run(&generate);
        assert!(!again.status.success() && text(&again.stderr).contains("holds data already"));
        let doctor = run(&["doctor", "--database", &database]);
        assert!(doctor.status.success(), "{}", text(&doctor.stdout));
        let backup = path(&format!("{name}.backup"));
        assert!(run(&["backup", "--database", &database, &backup]).status.success());
        backups.push(std::fs::read(backup).expect("written"));
    }
    assert!(backups[0] == backups[1] && backups[0].len() > 100_000);
}

#[test]
fn a_list_is_written_with_a_report_and_with_the_rights_of_who_asks() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("x.sqlite").display());
    assert!(run(&["generate", "--database", &database, "--projects", "12"]).status.success());
    let output = folder.path().join("projects.jsonl");
    let file = output.display().to_string();
    let export = ["export", "--database", &database, "--kind", "project", "--format", "jsonl", "--output"];
    let made = run(&[&export[..], &[&file, "--filter", "columns=all", "--report", "json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&text(&made.stdout)).expect("a report");
    let lines = std::fs::read_to_string(&output).expect("a file");
    assert_eq!(report["rows"], lines.lines().count());
    assert_eq!(report["bytes"], lines.len());
    assert!(report["rows"].as_u64().is_some_and(|rows| rows > 0), "{report}");
    let same = run(&[&export[..], &["-", "--filter", "columns=all"]].concat());
    assert_eq!(text(&same.stdout), lines);
    for (kind, wrong) in
        [("castle", &[][..]), ("project", &["--user", "nobody"]), ("project", &["--filter", "place=nowhere"])]
    {
        let asked = ["export", "--database", &database, "--output", &file, "--kind", kind];
        let refused = run(&[&asked[..], wrong].concat());
        assert!(!refused.status.success() && !refused.stderr.is_empty(), "{kind} {wrong:?}");
        assert_eq!(std::fs::read_to_string(&output).expect("a file"), lines, "the old file stays");
    }
}
