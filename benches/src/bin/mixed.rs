//! `cargo xtask bench mixed DATABASE [SECONDS] [RATE]`: what offices do all day, sent to a `luodi serve` of its own at a steady
//! rate: how much memory the server holds as time passes, and how long each kind of request takes. The database is one that
//! `cargo xtask bench lists DATABASE` filled; records in it are edited.

use benches::{Times, median, percentile};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const LOGIN: &str = "login=bench&password=a+password+of+benches";
/// How often the memory of the server is written down within a run.
const SAMPLES: u32 = 12;
const REGIONS: [&str; 5] = ["X10100", "X12700", "X12922", "XNK07", "X20100"];
const WORDS: [&str; 6] = ["公司", "物流", "冷链", "yz", "hbny", "XY-2026-0001"];
const LISTS: [&str; 8] = [
    "lists/agreement?kind=investment&status=signed&sort=-amount&place=",
    "lists/agreement?kind=investment&sector=C&sort=-signed_on&place=",
    "lists/agreement?kind=intent&status=signed&place_by=geographic&sort=title&place=",
    "lists/organisation?sector=C&kind=enterprise&sort=title&place=",
    "lists/opportunity?status=open&sort=-changed&place=",
    "lists/need?sort=-changed&place=",
    "lists/park?sort=title&place=",
    "figures?region=",
];
/// Every four-hundredth request is an export.
const EXPORTS: usize = 400;

/// What is asked in a row of twenty requests.
const ROUND: [Ask; 20] = [
    Ask::List,
    Ask::Record,
    Ask::Search,
    Ask::List,
    Ask::Record,
    Ask::Text,
    Ask::List,
    Ask::Record,
    Ask::Search,
    Ask::Edit,
    Ask::List,
    Ask::Record,
    Ask::Overview,
    Ask::List,
    Ask::Record,
    Ask::Search,
    Ask::List,
    Ask::Record,
    Ask::Text,
    Ask::SignIn,
];

#[derive(Debug, Clone, Copy)]
enum Ask {
    List,
    Text,
    Record,
    Search,
    Edit,
    Overview,
    SignIn,
    Export,
}

#[tokio::main]
async fn main() -> Outcome {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let database = args.first().ok_or("which database?")?;
    let number = |at: usize, default: u32| args.get(at).map_or(Ok(default), |text| text.parse::<u32>());
    let (seconds, rate) = (number(1, 3600)?, number(2, 20)?.max(1));
    let server = Server::start(database).await?;
    let client = Client::sign_in(&server.address).await?;
    let load = Arc::new(Load { records: client.codes().await?, client, times: Mutex::default() });
    println!("{} records are opened; {rate} requests a second for {seconds} s", load.records.len());
    server.print_memory(Duration::ZERO)?;
    let (begun, pause) = (Instant::now(), Duration::from_secs(1) / rate);
    let every = seconds * rate / SAMPLES;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..seconds * rate {
        let due = begun + pause * number;
        tokio::time::sleep_until(due.into()).await;
        tasks.spawn(Arc::clone(&load).ask(usize::try_from(number)?));
        while tasks.try_join_next().is_some() {}
        if every > 0 && number % every == every - 1 {
            server.print_memory(begun.elapsed())?;
        }
    }
    tasks.join_all().await;
    load.print();
    Ok(())
}

/// The server process; it ends with the bench.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    async fn start(database: &str) -> Outcome<Self> {
        let binary = std::env::current_exe()?.with_file_name("luodi");
        let mut child = Command::new(binary)
            .args(["serve", "--database", database, "--listen", "127.0.0.1:0"])
            .env("LUODI_LOG", "warn")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("the server has no output")?).lines();
        let line = lines.next_line().await?.ok_or("the server did not start")?;
        println!("{line}");
        let (_, address) = line.split_once("http://").ok_or("the server did not say where it listens")?;
        Ok(Self { child, address: address.to_owned() })
    }

    fn print_memory(&self, at: Duration) -> Outcome {
        let id = self.child.id().ok_or("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.trim().split(' ').next()?.parse::<u64>().ok()? / 1024)
        };
        let (now, peak) = (megabytes("VmRSS:").unwrap_or(0), megabytes("VmHWM:").unwrap_or(0));
        println!("after {:5} s: {now:4} MB resident, {peak:4} MB at most", at.as_secs());
        Ok(())
    }
}

/// An answer of the server.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

/// A signed-in user.
struct Client {
    address: String,
    cookie: String,
    programme: String,
}

impl Client {
    async fn sign_in(address: &str) -> Outcome<Self> {
        let mut client =
            Self { address: address.to_owned(), cookie: String::new(), programme: String::new() };
        let answer = client.send("POST", "/login", LOGIN).await?;
        let cookies = answer.head.lines().filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next()).flatten()
        });
        client.cookie = cookies.collect::<Vec<_>>().join("; ");
        let home = client.send("GET", "/", "").await?;
        let found = [home.head, home.body].concat();
        let (_, rest) = found.split_once("/p/").ok_or("nobody is signed in, or there is no programme")?;
        client.programme = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
        Ok(client)
    }

    /// Sends a request over a connection of its own.
    async fn send(&self, method: &str, path: &str, form: &str) -> Outcome<Answer> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            self.cookie,
            form.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").ok_or("no answer")?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no status")?;
        Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }

    async fn page(&self, path: &str) -> Outcome<Answer> {
        let slash = if path.is_empty() { "" } else { "/" };
        self.send("GET", &format!("/p/{}{slash}{path}", self.programme), "").await
    }

    /// Codes of records of several kinds and regions.
    async fn codes(&self) -> Outcome<Vec<String>> {
        let mut codes = Vec::new();
        for region in REGIONS {
            for list in &LISTS[..LISTS.len() - 1] {
                let page = self.page(&format!("{list}{region}")).await?;
                let mut of_page: Vec<String> = page
                    .body
                    .split("/records/")
                    .skip(1)
                    .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect())
                    .collect();
                of_page.dedup();
                codes.extend(of_page.into_iter().take(50));
            }
        }
        if codes.is_empty() { Err("no list shows a record".into()) } else { Ok(codes) }
    }

    /// Opens the form of a record and saves another note.
    async fn edit(&self, code: &str, number: usize) -> Outcome<Answer> {
        let path = format!("records/{code}/edit");
        let form = self.page(&path).await?;
        let version =
            form.body.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let Some(version) = version else { return Ok(form) };
        let form = format!("version={version}&note=mixed+{number}");
        self.send("POST", &format!("/p/{}/{path}", self.programme), &form).await
    }
}

struct Load {
    client: Client,
    records: Vec<String>,
    times: Mutex<BTreeMap<String, Times>>,
}

impl Load {
    async fn ask(self: Arc<Self>, number: usize) {
        let ask = if number % EXPORTS == EXPORTS - 1 { Ask::Export } else { ROUND[number % ROUND.len()] };
        // Steps that share no factor with the lengths, so that all of them come by.
        let record = &self.records[number * 7919 % self.records.len()];
        let region = REGIONS[number * 13 % REGIONS.len()];
        let begun = Instant::now();
        let answer = match ask {
            Ask::List => {
                let list = LISTS[number * 17 / ROUND.len() % LISTS.len()];
                self.client.page(&format!("{list}{region}")).await
            }
            Ask::Text => {
                let list = "lists/agreement?q=%E5%86%B7%E9%93%BE&kind=investment&sort=-amount&place=";
                self.client.page(&format!("{list}{region}")).await
            }
            Ask::Record => self.client.page(&format!("records/{record}")).await,
            Ask::Search => {
                let word = WORDS[number * 11 % WORDS.len()];
                self.client.page(&format!("search?q={}", escaped(word))).await
            }
            Ask::Edit => self.client.edit(record, number).await,
            Ask::Overview => self.client.page("").await,
            Ask::SignIn => self.client.send("POST", "/login", LOGIN).await,
            Ask::Export => {
                let list = "lists/agreement/export.xlsx?kind=investment&status=signed&sort=-amount&place=";
                self.client.page(&format!("{list}{region}")).await
            }
        };
        let kind = match answer {
            Ok(Answer { status: 200 | 302 | 303, .. }) if matches!(ask, Ask::List) => {
                LISTS[number * 17 / ROUND.len() % LISTS.len()].to_owned()
            }
            Ok(Answer { status: 200 | 302 | 303, .. }) => format!("{ask:?}"),
            Ok(answer) => format!("{ask:?}, answered with {}", answer.status),
            Err(error) => format!("{ask:?}, {error}"),
        };
        if let Ok(mut times) = self.times.lock() {
            times.entry(kind).or_default().push(begun.elapsed());
        }
    }

    fn print(&self) {
        let Ok(times) = self.times.lock() else { return };
        for (kind, times) in times.iter() {
            let (p50, p99) = (median(times), percentile(times, 99));
            println!("p50 {p50:8.1} ms  p99 {p99:8.1} ms  {:6} of {kind}", times.count());
        }
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
