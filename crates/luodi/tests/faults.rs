//! A server that is killed under a load of writes loses nothing that it acknowledged, and keeps nothing by halves; one
//! whose database is locked or lost says so and goes on once it is back.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How often it is killed, at another moment each time.
const TIMES: u64 = 20;
const WRITERS: usize = 3;
/// What every filing says, in units of 10,000 yuan.
const FILED: i64 = 77_123;

fn serve(folder: &Path, database: &str) -> (Child, String) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/invented");
    let target = folder.join("examples/invented");
    std::fs::create_dir_all(&target).expect("a writable folder");
    for file in
        std::fs::read_dir(examples).expect("the example").flatten().filter(|file| file.path().is_file())
    {
        std::fs::copy(file.path(), target.join(file.file_name())).expect("copied");
    }
    let mut server = Command::new(env!("CARGO_BIN_EXE_luodi"))
        .args(["serve", "--demo", "--database", database, "--listen", "127.0.0.1:0", "--examples"])
        .arg(folder.join("examples"))
        .env("LUODI_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(server.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let address = lines.find_map(|line| Some(line.split_once("listening on http://")?.1.trim().to_owned()));
    (server, address.expect("it says where it listens"))
}

/// One request; none when the server is gone before the whole answer is here.
fn ask(address: &str, method: &str, path: &str, cookie: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.contains("\r\n\r\n").then_some(answer)
}

fn sign_in(address: &str) -> String {
    let answer = ask(address, "POST", "/login", "", "login=office&password=luodi-demo").expect("an answer");
    let line = answer.lines().find(|line| line.to_lowercase().starts_with("set-cookie: luodi"));
    let cookie = line.and_then(|line| line.split_once(": ")).expect("a session").1;
    cookie.split(';').next().expect("a pair").to_owned()
}

/// What the server acknowledged: records by their code, the reasons of moves through gates, the remarks of steps of aid money
/// and those of filings that were submitted.
#[derive(Default)]
struct Acknowledged {
    records: BTreeMap<String, String>,
    moves: Vec<String>,
    steps: Vec<String>,
    filings: Vec<String>,
}

/// Creates records until the server is gone: an opportunity and, each fourth time, a project that is put on hold and an aid
/// project with a step of its money; what is acknowledged is kept.
fn write(address: &str, cookie: &str, number: &AtomicU32, acknowledged: &Mutex<Acknowledged>) {
    loop {
        let number = number.fetch_add(1, Ordering::Relaxed);
        let title = format!("load-{number:06}");
        let body = format!("title={title}&status=draft&region=X10100&amount=1200&amount_unit=wan");
        let Some(code) = create(address, cookie, "opportunity", &body) else { return };
        acknowledged.lock().expect("a lock").records.insert(code, title);
        if !number.is_multiple_of(4) {
            continue;
        }
        let title = format!("works-{number:06}");
        let body = format!("title={title}&stage=started&region=X10100");
        let Some(code) = create(address, cookie, "project", &body) else { return };
        acknowledged.lock().expect("a lock").records.insert(code.clone(), title);
        let reason = format!("halt-{number:06}");
        let body = format!("from=started&to=on_hold&reason={reason}");
        let path = format!("/p/invented/records/{code}/stage");
        let Some(answer) = ask(address, "POST", &path, cookie, &body) else { return };
        assert!(begins(&answer, 303), "neither moved nor gone: {answer}");
        acknowledged.lock().expect("a lock").moves.push(reason);
        let Some(note) = step(address, cookie, number, acknowledged) else { return };
        acknowledged.lock().expect("a lock").steps.push(note);
    }
}

/// The addresses of filings that wait to be filled in: of a round that is sent to many units.
fn sent_out(address: &str, cookie: &str) -> Option<Vec<String>> {
    let body = "title=round&status=draft&owner=JG-2026-000001&date_from=2025-01-01&date_to=2025-12-31\
                &due_on=2030-12-31&different=yes";
    let round = format!("/p/invented/reporting/{}", create(address, cookie, "reporting_task", body)?);
    let line = "measure=funds_arrived&unit=wan&time_kind=flow&required=yes";
    let units: Vec<String> = (1..=40).map(|number| format!("DW-2026-{number:06}")).collect();
    for (part, body) in [("lines", line), ("units", &*format!("units={}", units.join("%0A"))), ("send", "")] {
        let answer = ask(address, "POST", &format!("{round}/{part}"), cookie, body)?;
        assert!(begins(&answer, 303), "{part}: {answer}");
    }
    let page = ask(address, "GET", &round, cookie, "")?;
    let links = page.split("\"/p/invented/filings/").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
    let codes: BTreeSet<&str> = links.collect();
    Some(codes.into_iter().map(|code| format!("/p/invented/filings/{code}")).collect())
}

/// Submits filings until the server is gone, or there are no more.
fn file(address: &str, cookie: &str, filings: &Mutex<Vec<String>>, acknowledged: &Mutex<Acknowledged>) {
    while let Some(filing) = filings.lock().expect("a lock").pop() {
        let Some(page) = ask(address, "GET", &filing, cookie, "") else { return };
        let value = |of: &str| of.split('"').next().unwrap_or_default().to_owned();
        let version = page.split("name=\"version\" value=\"").nth(1).map(value).expect("a version");
        let line = page.split("name=\"v").map(value).find(|id| id.parse::<i64>().is_ok()).expect("a line");
        let note = format!("filed-{}", filing.rsplit('/').next().expect("a code"));
        let body = format!("version={version}&do=submit&s{line}=value&v{line}={FILED}&note={note}");
        let Some(answer) = ask(address, "POST", &filing, cookie, &body) else { return };
        assert!(begins(&answer, 303), "neither filed nor gone: {answer}");
        acknowledged.lock().expect("a lock").filings.push(note);
    }
}

/// An aid project, and the arrival of its money: the remark of the step; none where the server is gone.
fn step(address: &str, cookie: &str, number: u32, acknowledged: &Mutex<Acknowledged>) -> Option<String> {
    let title = format!("aided-{number:06}");
    let body = format!("title={title}&status=started&region=X10100&supporting=X30000&category=health");
    let code = create(address, cookie, "aid_project", &body)?;
    acknowledged.lock().expect("a lock").records.insert(code.clone(), title);
    let note = format!("came-{number:06}");
    let body = format!("step=arrived&amount=77&amount_unit=wan&on=2025-03-01&unproven=yes&note={note}");
    let answer = ask(address, "POST", &format!("/p/invented/records/{code}/aid-step"), cookie, &body)?;
    assert!(begins(&answer, 303), "neither entered nor gone: {answer}");
    Some(note)
}

/// The code of a new record; none where the server is gone.
fn create(address: &str, cookie: &str, kind: &str, body: &str) -> Option<String> {
    let answer = ask(address, "POST", &format!("/p/invented/lists/{kind}/new"), cookie, body)?;
    let location = answer.lines().find(|line| line.to_lowercase().starts_with("location: "));
    let code = location.and_then(|line| line.trim().rsplit('/').next());
    Some(code.unwrap_or_else(|| panic!("neither saved nor gone: {answer}")).to_owned())
}

#[tokio::test]
async fn twenty_kills_under_a_load_of_writes_lose_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for database in store::testing::addresses(folder.path()).await {
        let (number, acknowledged) = (Arc::new(AtomicU32::new(0)), Arc::new(Mutex::default()));
        let (mut server, address) = serve(folder.path(), &database);
        let filings = sent_out(&address, &sign_in(&address)).expect("a round");
        let filings = Arc::new(Mutex::new(filings));
        server.kill().expect("killed");
        server.wait().expect("gone");
        for round in 0..TIMES {
            let (mut server, address) = serve(folder.path(), &database);
            let cookie = sign_in(&address);
            let mut writers: Vec<_> = (0..WRITERS)
                .map(|_| {
                    let (address, cookie) = (address.clone(), cookie.clone());
                    let (number, acknowledged) = (number.clone(), acknowledged.clone());
                    std::thread::spawn(move || write(&address, &cookie, &number, &acknowledged))
                })
                .collect();
            let (filings, filed) = (filings.clone(), acknowledged.clone());
            writers.push(std::thread::spawn(move || file(&address, &cookie, &filings, &filed)));
            std::thread::sleep(Duration::from_millis(20 + round * 25));
            server.kill().expect("killed");
            server.wait().expect("gone");
            for writer in writers {
                writer.join().expect("a writer ends with its server");
            }
        }
        check(&folder.path().join("all.backup"), &database, &acknowledged.lock().expect("a lock"));
    }
}

/// Everything acknowledged is there, whole: its row, its fields, its figure and its change; a move with its log.
fn check(file: &Path, database: &str, acknowledged: &Acknowledged) {
    let Acknowledged { records, moves, steps, filings } = acknowledged;
    let (count, moved) = (records.len(), moves.len());
    assert!(count > 20 && moved > 0, "only {count} records and {moved} moves were written before the kills");
    let status = Command::new(env!("CARGO_BIN_EXE_luodi"))
        .args(["backup", "--database", database])
        .arg(file)
        .env("LUODI_LOG", "error")
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("it runs").success());
    let backup = std::fs::read_to_string(file).expect("a backup");
    std::fs::remove_file(file).expect("removed");
    for (code, title) in records {
        assert!(
            backup.lines().any(|line| line.contains(code.as_str()) && line.contains(title.as_str())),
            "{code} {title} was acknowledged and is gone from {database}"
        );
    }
    let written =
        backup.lines().filter(|line| line.contains("\"opportunity\",\"TJ-") && line.contains("load-"));
    let changes = backup.matches("\\\"title\\\":\\\"load-").count();
    assert_eq!(written.count(), changes, "every record stands with its change on {database}");
    let amounts = backup.matches("\\\"low\\\":1200000000,").count();
    assert_eq!(amounts, changes, "and with its figure");
    for note in steps {
        assert!(backup.contains(note), "{note} was acknowledged and is gone from {database}");
    }
    let figures =
        backup.lines().filter(|line| line.contains("\"aid_arrived\"") && line.contains("\"came-")).count();
    let changes = backup.lines().filter(|line| line.contains("\"aid-step\"")).count();
    assert!(figures >= steps.len(), "{figures} of {} steps are figures of {database}", steps.len());
    assert_eq!(figures, changes, "every step stands with its change on {database}");
    for reason in moves {
        assert!(backup.contains(reason), "{reason} was acknowledged and is gone from {database}");
    }
    let moved =
        backup.lines().filter(|line| line.contains("\"on_hold\"") && line.contains("\"halt-")).count();
    let changes = backup.lines().filter(|line| line.contains("\"project-stage\"")).count();
    assert!(moved >= moves.len(), "{moved} of {} moves are in the log of {database}", moves.len());
    assert_eq!(moved, changes, "every move stands with its change on {database}");
    check_filings(&backup, database, filings);
}

/// What was submitted stands with its state, one line of its log and its value; what was not has none of them.
fn check_filings(backup: &str, database: &str, acknowledged: &[String]) {
    let rows = |table: &str| {
        let head = format!("{{\"table\":\"{table}\"}}");
        let after = backup.lines().skip_while(move |line| *line != head).skip(1);
        after.take_while(|line| line.starts_with('[')).map(str::to_owned).collect::<Vec<_>>()
    };
    for note in acknowledged {
        assert!(backup.contains(note), "{note} was acknowledged and is gone from {database}");
    }
    let filed: Vec<String> = rows("filing").into_iter().filter(|row| row.contains("\"filed-")).collect();
    assert!(filed.len() >= acknowledged.len() && !acknowledged.is_empty(), "{} filings", acknowledged.len());
    let (log, cells) = (rows("filing_log"), rows("filing_cell"));
    let value = format!(",\"value\",{},", FILED * 1_000_000);
    for filing in &filed {
        let id = format!(",{},", filing[1..].split(',').next().expect("an id"));
        assert!(filing.contains("\"submitted\""), "{filing} on {database}");
        let logged = log.iter().filter(|row| row.contains(&id) && row.contains("\"submitted\"")).count();
        let valued = cells.iter().filter(|row| row.contains(&id) && row.contains(&value)).count();
        assert_eq!((logged, valued), (1, 1), "{filing} on {database}");
    }
    let valued = cells.iter().filter(|row| row.contains(&value)).count();
    assert_eq!(valued, filed.len(), "no value without its filing on {database}");
}

/// The answer to a new record, and to the list of them.
fn write_and_read(address: &str, cookie: &str, title: &str) -> [String; 2] {
    let body = format!("title={title}&status=draft&region=X10100");
    let path = "/p/invented/lists/opportunity";
    let wrote = ask(address, "POST", &format!("{path}/new"), cookie, &body).expect("an answer");
    [wrote, ask(address, "GET", &format!("{path}?all"), cookie, "").expect("an answer")]
}

fn begins(answer: &str, status: u16) -> bool {
    answer.starts_with(&format!("HTTP/1.1 {status} "))
}

#[tokio::test]
async fn a_locked_or_lost_database_is_named_and_used_again_once_it_is_back() {
    let folder = tempfile::tempdir().expect("a folder");
    for database in store::testing::addresses(folder.path()).await {
        let (mut server, address) = serve(folder.path(), &database);
        let cookie = sign_in(&address);
        let locked = database.starts_with("sqlite:");
        let holder = if locked {
            let other = store::Db::open(&database).await.expect("it opens");
            Some(other.write().await.expect("the file is held"))
        } else {
            store::testing::allow_connections(&database, false).await;
            None
        };
        let [wrote, read] = write_and_read(&address, &cookie, "too-early");
        assert!(begins(&wrote, 503) && wrote.contains("数据库暂时"), "{database}: {wrote}");
        // Others read on while somebody holds the file.
        assert!(begins(&read, if locked { 200 } else { 503 }), "{database}: {read}");
        drop(holder);
        if !locked {
            store::testing::allow_connections(&database, true).await;
        }
        let [wrote, read] = write_and_read(&address, &cookie, "in-time");
        assert!(begins(&wrote, 303), "{database}: {wrote}");
        assert!(begins(&read, 200) && read.contains("in-time") && !read.contains("too-early"), "{database}");
        server.kill().expect("killed");
        server.wait().expect("gone");
    }
}
