//! `cargo xtask demo`: from a fresh clone to a page with sourced figures.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::needs::{self, Need};
use crate::run::{Outcome, cargo, command, option, root, run, shared, target_folder};
use crate::{assets, npm};

const DEFAULT_PORT: u16 = 8620;

/// Builds the assets and the binary, then serves the example programmes until it is stopped.
pub fn demo(args: &[String]) -> Outcome {
    let port = match option(args, "--port")? {
        None => DEFAULT_PORT,
        Some(text) => text.parse().map_err(|_| format!("--port {text}: not a port number"))?,
    };
    let data = option(args, "--data")?.map_or_else(|| root().join("demo"), PathBuf::from);
    let data = std::path::absolute(&data).map_err(|error| format!("{}: {error}", data.display()))?;
    fs::create_dir_all(&data).map_err(|error| format!("{}: {error}", data.display()))?;

    println!("1. Front end: styles and scripts, built by esbuild into assets/dist.");
    if !npm::is_present() {
        println!("   Node and npm are needed for this step.");
    }
    needs::require(&[Need::Compiler, Need::Node])?;
    assets::build()?;
    println!("2. The binary: the first build takes a few minutes, later ones seconds.");
    run(&mut command(&cargo(), &["build", "--package", "luodi"]))?;
    println!("3. Serving from the database {}.", data.join("luodi.sqlite").display());
    println!("   Stop with Ctrl-C; the next start keeps what you did. To begin afresh, delete that folder.");
    run(&mut serve(port, &data.join("luodi.sqlite").display().to_string())?)
}

fn serve(port: u16, database: &str) -> Outcome<Command> {
    let binary = target_folder()?.join("debug").join("luodi");
    let mut luodi = Command::new(binary);
    luodi.current_dir(root()).args(["serve", "--demo"]);
    luodi.arg("--database").arg(format!("sqlite:{database}"));
    luodi.arg("--listen").arg(format!("127.0.0.1:{port}"));
    luodi.arg("--examples").arg(root().join("examples"));
    if let Some(articles) = shared("articles") {
        luodi.arg("--articles").arg(articles);
    }
    Ok(luodi)
}
