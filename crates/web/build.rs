//! Lists the files of `assets/dist` so that the binary carries them: path, type, digest for `ETag`, bytes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const TYPES: &[(&str, &str)] = &[
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("webmanifest", "application/manifest+json"),
    ("txt", "text/plain; charset=utf-8"),
];

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let dist = root.join("../../assets/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files: Vec<PathBuf> = match fs::read_dir(&dist) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect(),
        Err(_) => Vec::new(),
    };
    files.sort();
    if files.is_empty() {
        println!("cargo::error=assets/dist is missing: build the front end first with `cargo xtask assets`");
        return;
    }
    let mut list = String::from("static ASSETS: &[Asset] = &[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        entry(&mut list, &file);
    }
    list.push_str("];\n");
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("assets.rs");
    fs::write(target, list).expect("OUT_DIR is writable");
}

fn entry(list: &mut String, file: &Path) {
    let name = file.file_name().expect("a file").to_string_lossy();
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let content_type =
        TYPES.iter().find(|(known, _)| *known == extension).map(|(_, content_type)| content_type);
    let Some(content_type) = content_type else {
        println!("cargo::error=assets/dist/{name}: no content type is known for .{extension}");
        return;
    };
    let bytes = fs::read(file).expect("a file of assets/dist can be read");
    let path = file.canonicalize().expect("it was just read");
    let tag = digest(&bytes);
    writeln!(
        list,
        "    Asset {{ name: {name:?}, content_type: {content_type:?}, tag: \"\\\"{tag:016x}\\\"\", bytes: include_bytes!({path:?}) }},"
    )
    .expect("writing to a string");
}

/// FNV-1a: tells versions of a file apart; nothing relies on it being hard to forge.
fn digest(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
