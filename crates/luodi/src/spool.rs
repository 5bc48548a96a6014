//! Where files lie while they are received and looked through, before anything of them is stored: a folder of this
//! process, open to nobody else, and gone with it. What a killed process left behind goes at the next start.

use std::io::Result;
use std::path::Path;
use tempfile::TempDir;

const PREFIX: &str = "luodi-spool-";

/// Makes the folder of this process in `base`, and removes those of processes that are no more.
///
/// # Errors
/// When the folder cannot be made.
pub fn open(base: &Path) -> Result<TempDir> {
    remove_left_behind(base);
    tempfile::Builder::new().prefix(&format!("{PREFIX}{}-", std::process::id())).tempdir_in(base)
}

fn remove_left_behind(base: &Path) {
    // Without this folder nothing tells which processes live.
    let processes = Path::new("/proc");
    let Ok(entries) = std::fs::read_dir(base) else { return };
    if !processes.join("self").exists() {
        return;
    }
    for entry in entries.flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split_once('-'));
        if process.is_some_and(|(id, _)| id.parse::<u32>().is_ok() && !processes.join(id).exists()) {
            // Another user's folder stays; nothing of it can be read here either.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let base = tempfile::tempdir().expect("a folder");
        let alive = format!("{PREFIX}{}-b", std::process::id());
        for name in [&format!("{PREFIX}4194399-a"), &alive, "luodi-spool-x-c", "other"] {
            std::fs::create_dir(base.path().join(name)).expect("made");
            std::fs::write(base.path().join(name).join("file"), "x").expect("written");
        }
        let spool = open(base.path()).expect("made");
        assert!(spool.path().is_dir());
        let mut left: Vec<_> =
            std::fs::read_dir(base.path()).expect("listed").flatten().map(|entry| entry.path()).collect();
        left.retain(|path| path != spool.path());
        left.sort();
        assert_eq!(left, [&alive, "luodi-spool-x-c", "other"].map(|name| base.path().join(name)));
    }
}
