//! npm packages of assets/ and e2e/.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run::{Outcome, find, run};

/// Whether Node and npm are on the machine.
pub fn is_present() -> bool {
    find("node").is_some() && find("npm").is_some()
}

/// Installs the packages of a folder's lock file, only when the lock differs from what was installed last.
pub fn install(folder: &Path) -> Outcome {
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .map_err(|error| format!("{}/package-lock.json: {error}", folder.display()))?;
    let stamp = folder.join("node_modules").join(".installed-lock.json");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(npm(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    // A folder without dependencies gets no node_modules from npm.
    fs::create_dir_all(folder.join("node_modules")).map_err(|error| error.to_string())?;
    fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// One script of a folder's package.json.
pub fn script(folder: &Path, name: &str) -> Command {
    let mut npm = npm(folder);
    npm.args(["run", "--silent", name]);
    npm
}

fn npm(folder: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder);
    npm
}
