//! Scores and speeds of the product on data that is not part of the repository.

pub mod gold;
pub mod recognizers;
pub mod round;
mod site;
pub mod speed;
mod times;

use store::Db;

pub use site::Site;
pub use times::{Times, median, percentile};

/// What a benchmark answers: any failure ends it.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The databases that the command line names; where it names none, a fresh SQLite file and, where `LUODI_TEST_POSTGRES`
/// names a server, a fresh database there.
///
/// # Errors
/// When one cannot be opened.
pub async fn databases() -> store::Result<Vec<Db>> {
    let mut named = Vec::new();
    for address in std::env::args().skip(1).filter(|argument| argument.contains(':')) {
        named.push(Db::open(&address).await?);
    }
    Ok(if named.is_empty() { store::testing::databases().await } else { named })
}

/// Resident memory of this process in MB, where the system tells.
#[must_use]
pub fn resident_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().split(' ').next()?.parse::<u64>().ok()? / 1024)
}
