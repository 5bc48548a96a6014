//! Tools that must be on the machine: found, installed as root on Debian, or named with the one command that
//! installs them.

use std::process::{Command, Stdio};

use crate::run::{Outcome, command, find, run};
use crate::{npm, pg};

/// Something the machine must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Compiler,
    Python,
    Node,
    Chromium,
    CjkFont,
    PdfToText,
    Postgres,
}

impl Need {
    /// The packages of Debian that bring it.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Need::Compiler => &["build-essential"],
            Need::Python => &["python3"],
            Need::Node => &["nodejs", "npm"],
            Need::Chromium => &["chromium"],
            Need::CjkFont => &["fontconfig", "fonts-noto-cjk"],
            Need::PdfToText => &["poppler-utils"],
            Need::Postgres => &["postgresql"],
        }
    }

    fn is_met(self) -> bool {
        match self {
            Need::Compiler => find("cc").is_some(),
            Need::Python => find("python3").is_some(),
            Need::Node => npm::is_present(),
            Need::Chromium => chromium().is_some(),
            Need::CjkFont => has_cjk_font(),
            Need::PdfToText => find("pdftotext").is_some(),
            Need::Postgres => pg::programs().is_some(),
        }
    }
}

/// The browser that the tests drive: `CHROMIUM`, or one on the PATH.
pub fn chromium() -> Option<String> {
    let named = std::env::var("CHROMIUM").ok().filter(|path| !path.is_empty());
    named.or_else(|| {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        names.iter().find_map(|name| find(name)).map(|path| path.display().to_string())
    })
}

fn has_cjk_font() -> bool {
    let listed = Command::new("fc-list").arg(":lang=zh").stderr(Stdio::null()).output();
    listed.is_ok_and(|output| !output.stdout.is_empty())
}

/// Makes sure that every need is met, by installing what is missing where that is possible.
pub fn require(needs: &[Need]) -> Outcome {
    let packages = missing_packages(needs);
    if packages.is_empty() {
        return Ok(());
    }
    if !(is_root() && find("apt-get").is_some()) {
        return Err(advice(&packages));
    }
    println!("Missing on this machine: {}. Installing from Debian's packages.", packages.join(" "));
    run(&mut apt(&["update", "-qq"]))?;
    let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
    install.extend(&packages);
    run(&mut apt(&install))?;
    let still = missing_packages(needs);
    if still.is_empty() { Ok(()) } else { Err(format!("Installed, but not found: {}", still.join(" "))) }
}

fn missing_packages(needs: &[Need]) -> Vec<&'static str> {
    needs.iter().filter(|need| !need.is_met()).flat_map(|need| need.packages()).copied().collect()
}

fn advice(packages: &[&str]) -> String {
    format!(
        "Missing on this machine. This one command installs it:\n  sudo apt-get install {}",
        packages.join(" ")
    )
}

fn apt(args: &[&str]) -> Command {
    let mut apt = command("apt-get", args);
    apt.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    apt
}

/// Whether we run as root.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_one_command_with_every_package() {
        let text = advice(&["chromium", "poppler-utils"]);
        assert!(text.ends_with("sudo apt-get install chromium poppler-utils"), "{text}");
    }
}
