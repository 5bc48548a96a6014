//! A private PostgreSQL for tests: its own data folder, a unix socket and no port, gone when dropped.

use std::fs;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::needs::{self, Need};
use crate::run::{Outcome, find, output};

const USER: &str = "luodi";
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running server; dropping it stops it and removes its files.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    server: Child,
    version: String,
}

/// The unprivileged account that runs the server when we are root, which initdb refuses.
#[derive(Clone, Copy, Debug)]
struct Account {
    uid: u32,
    gid: u32,
}

/// `cargo xtask pg`: a server until Enter is pressed or standard input ends.
pub fn serve() -> Outcome {
    needs::require(&[Need::Postgres])?;
    let postgres = Postgres::start()?;
    println!("PostgreSQL {} runs at\n  {}", postgres.version(), postgres.url());
    println!("Tests use it with LUODI_TEST_POSTGRES set to that address. Enter stops it.");
    let mut byte = [0];
    let _ = std::io::stdin().read(&mut byte);
    Ok(())
}

/// The folder with initdb and postgres: on the PATH, or where Debian puts the newest version.
pub fn programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    // A link on the PATH leads to the folder that holds the other programs too.
    let on_path =
        find("initdb").and_then(|file| fs::canonicalize(file).ok()?.parent().map(Path::to_path_buf));
    let folders = on_path.into_iter().chain(versions.into_iter().rev().map(|(_, folder)| folder));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

impl Postgres {
    /// Creates a fresh cluster in the temporary folder, which an unprivileged account can enter even where the
    /// repository lies under a folder of root's, and starts it.
    pub fn start() -> Outcome<Postgres> {
        let programs = programs().ok_or("PostgreSQL is not installed")?;
        let account = if needs::is_root() { Some(unprivileged()?) } else { None };
        remove_left_over_folders();
        let folder = own_folder(account)?;
        let data = folder.join("data").display().to_string();
        let mut initdb = as_account(account, &programs.join("initdb"), &folder);
        initdb.args(["--no-locale", "--encoding=UTF8", "--auth=trust", "--no-sync", "--username", USER]);
        output(initdb.arg("--pgdata").arg(&data))?;

        let version = output(Command::new(programs.join("postgres")).arg("--version"))?;
        let server = spawn(account, &programs, &folder, &data)?;
        let version = version.split_whitespace().nth(2).unwrap_or("of unknown version").to_string();
        let mut postgres = Postgres { folder, server, version };
        postgres.wait_until_ready(&programs)?;
        output(postgres.client(&programs, "createdb").args(["--username", USER, USER]))?;
        Ok(postgres)
    }

    /// The address that the tests are given.
    pub fn url(&self) -> String {
        format!("postgres:///{USER}?host={}&user={USER}", self.folder.display())
    }

    /// The version the server gives itself, such as `15.18`.
    pub fn version(&self) -> &str {
        &self.version
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Outcome {
        let begun = Instant::now();
        loop {
            let mut probe = self.client(programs, "pg_isready");
            let answered = probe.stdout(Stdio::null()).stderr(Stdio::null()).status();
            if answered.is_ok_and(|status| status.success()) {
                return Ok(());
            }
            let ended = self.server.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || begun.elapsed() > START_LIMIT {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(format!("PostgreSQL did not start:\n{log}"));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn client(&self, programs: &Path, name: &str) -> Command {
        let mut client = Command::new(programs.join(name));
        client.current_dir(&self.folder).arg("--host").arg(&self.folder);
        client
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT asks for a fast shutdown; the standard library can only send SIGKILL.
        let pid = self.server.id().to_string();
        let _ = Command::new("kill").args(["-INT", &pid]).status();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn spawn(account: Option<Account>, programs: &Path, folder: &Path, data: &str) -> Outcome<Child> {
    let log = fs::File::create(folder.join("log")).map_err(|error| error.to_string())?;
    let messages = log.try_clone().map_err(|error| error.to_string())?;
    let mut server = as_account(account, &programs.join("postgres"), folder);
    server.args(["-D", data, "-c", "listen_addresses=", "-c"]);
    server.arg(format!("unix_socket_directories={}", folder.display()));
    // The data is thrown away, so nothing need survive a power cut.
    for setting in [
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=300",
        "wal_level=minimal",
        "max_wal_senders=0",
    ] {
        server.args(["-c", setting]);
    }
    server.stdin(Stdio::null()).stdout(log).stderr(messages);
    server.spawn().map_err(|error| format!("postgres: {error}"))
}

/// A command as the account; its server ends when xtask does, however xtask ends.
fn as_account(account: Option<Account>, program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(Account { uid, gid }) = account {
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into()]);
    } else if find("setpriv").is_none() {
        command = Command::new(program);
        command.current_dir(folder);
        return command;
    }
    command.arg("--pdeathsig=INT").arg(program).current_dir(folder);
    command
}

fn unprivileged() -> Outcome<Account> {
    let name = if id("-u", "postgres").is_ok() { "postgres" } else { "nobody" };
    Ok(Account { uid: id("-u", name)?, gid: id("-g", name)? })
}

fn id(flag: &str, name: &str) -> Outcome<u32> {
    let text = output(Command::new("id").args([flag, name]))?;
    text.trim().parse().map_err(|_| format!("id {flag} {name}: {text}"))
}

const FOLDER_PREFIX: &str = "luodi-pg-";

/// A folder for the cluster; its path is short, because that of a unix socket may have 107 bytes.
fn own_folder(account: Option<Account>) -> Outcome<PathBuf> {
    let folder = std::env::temp_dir().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
    let explain = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir(&folder).map_err(explain)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(explain)?;
    if let Some(Account { uid, gid }) = account {
        chown(&folder, Some(uid), Some(gid)).map_err(explain)?;
    }
    Ok(folder)
}

/// A run that was killed leaves its folder behind; the next one removes it.
fn remove_left_over_folders() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(FOLDER_PREFIX)).map(str::to_string);
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
