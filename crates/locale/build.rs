//! Turns `messages/zh-CN.ftl` (the reference) and `messages/en.ftl` into typed methods of `Locale`, together with
//! the files of their language beside them (`records.zh-CN.ftl`): a language is one set of keys, in whatever file.
//!
//! The subset of Fluent: `key = text`, indented lines continue the text, `{ $arg }` inserts an argument and
//! `{ $arg -> [one] item *[other] items }` chooses by number. A key that one file lacks, that stands twice, or
//! whose arguments differ stops the build with its name.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// One message as parsed: its key and the pieces of its text.
struct Message {
    key: String,
    pieces: Vec<Piece>,
}

enum Piece {
    Text(String),
    Arg(String),
    Plural { arg: String, one: String, other: String },
}

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("messages");
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut faults = Vec::new();
    let zh = read_language(&root, "zh-CN", &mut faults);
    let en = read_language(&root, "en", &mut faults);
    compare(&zh, &en, &mut faults);
    for fault in &faults {
        println!("cargo::error={fault}");
    }
    if faults.is_empty() {
        let target = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("messages.rs");
        fs::write(target, generate(&zh, &en)).expect("OUT_DIR is writable");
    }
}

/// The messages of all files of a language, in the order of their names.
fn read_language(root: &Path, language: &str, faults: &mut Vec<String>) -> Vec<Message> {
    let own = format!("{language}.ftl");
    let mut paths: Vec<PathBuf> = fs::read_dir(root)
        .expect("the folder of messages")
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name == own || name.ends_with(&format!(".{own}"))
        })
        .collect();
    paths.sort();
    let mut messages = Vec::new();
    for path in paths {
        read(&path, &mut messages, faults);
    }
    messages
}

fn read(path: &Path, messages: &mut Vec<Message>, faults: &mut Vec<String>) {
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    let source = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut entries: Vec<(String, String)> = Vec::new();
    for (number, line) in source.lines().enumerate() {
        let blank = line.trim().is_empty();
        if blank || line.starts_with('#') {
            continue;
        }
        if line.starts_with(' ') {
            match entries.last_mut() {
                Some((_, text)) => *text = format!("{text}\n{}", line.trim()).trim_start().to_owned(),
                None => faults.push(format!("{name}:{}: a continuation without a key", number + 1)),
            }
        } else if let Some((key, text)) = line.split_once('=') {
            entries.push((key.trim().to_owned(), text.trim().to_owned()));
        } else {
            faults.push(format!("{name}:{}: expected `key = text`", number + 1));
        }
    }
    for (key, text) in entries {
        if !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') || key.is_empty() {
            faults.push(format!("{name}: key `{key}`: use a-z, 0-9 and _"));
        } else if messages.iter().any(|message| message.key == key) {
            faults.push(format!("{name}: key `{key}` stands twice"));
        } else {
            match pieces(&text) {
                Ok(pieces) => messages.push(Message { key, pieces }),
                Err(error) => faults.push(format!("{name}: key `{key}`: {error}")),
            }
        }
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            pieces.push(Piece::Text(rest[..open].to_owned()));
        }
        let close = rest[open..].find('}').ok_or("a brace is not closed")? + open;
        pieces.push(placeable(rest[open + 1..close].trim())?);
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    if pieces.is_empty() { Err("has no text".to_owned()) } else { Ok(pieces) }
}

fn placeable(inner: &str) -> Result<Piece, String> {
    let name = inner.strip_prefix('$').ok_or_else(|| format!("`{{ {inner} }}` is not `{{ $arg }}`"))?;
    let Some((arg, variants)) = name.split_once("->") else {
        return Ok(Piece::Arg(name.trim().to_owned()));
    };
    let (one, other) = variants
        .trim()
        .strip_prefix("[one]")
        .and_then(|text| text.split_once("*[other]"))
        .ok_or("a choice reads `{ $n -> [one] item *[other] items }`")?;
    Ok(Piece::Plural {
        arg: arg.trim().to_owned(),
        one: one.trim().to_owned(),
        other: other.trim().to_owned(),
    })
}

/// The arguments in the order of their first use.
fn arguments(message: &Message) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for piece in &message.pieces {
        let (Piece::Arg(name) | Piece::Plural { arg: name, .. }) = piece else { continue };
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

fn compare(zh: &[Message], en: &[Message], faults: &mut Vec<String>) {
    for message in zh {
        let Some(other) = en.iter().find(|other| other.key == message.key) else {
            faults.push(format!("key `{}` is missing in English", message.key));
            continue;
        };
        let (mut here, mut there) = (arguments(message), arguments(other));
        here.sort_unstable();
        there.sort_unstable();
        if here != there {
            faults
                .push(format!("key `{}`: arguments {here:?} in Chinese, {there:?} in English", message.key));
        }
    }
    for message in en {
        if !zh.iter().any(|other| other.key == message.key) {
            faults.push(format!("key `{}` is missing in Chinese", message.key));
        }
    }
}

fn generate(zh: &[Message], en: &[Message]) -> String {
    let mut out = String::from("impl Locale {\n");
    let mut by_key = String::new();
    for message in zh {
        let Some(other) = en.iter().find(|other| other.key == message.key) else { continue };
        let key = &message.key;
        let names = arguments(message);
        if names.is_empty() {
            let (zh, en) = (plain(message), plain(other));
            write!(
                out,
                "    /// {}\n    #[must_use]\n    pub fn {key}(self) -> &'static str {{\n        \
                 match self {{ Self::Zh => {zh:?}, Self::En => {en:?} }}\n    }}\n\n",
                zh.replace('\n', " ")
            )
            .expect("writing to a string");
            writeln!(by_key, "            {key:?} => Some(self.{key}()),").expect("writing to a string");
        } else {
            let parameters: String =
                names.iter().map(|name| format!(", {name}: impl std::fmt::Display")).collect();
            write!(
                out,
                "    /// Message `{key}`.\n    #[must_use]\n    pub fn {key}(self{parameters}) -> String {{\n        \
                 match self {{\n            Self::Zh => {},\n            Self::En => {},\n        }}\n    }}\n\n",
                composed(message),
                composed(other)
            )
            .expect("writing to a string");
        }
    }
    write!(
        out,
        "    /// The message of a key without arguments: for keys that come from data, such as codes.\n    \
         #[must_use]\n    pub fn by_key(self, key: &str) -> Option<&'static str> {{\n        match key {{\n{by_key}            \
         _ => None,\n        }}\n    }}\n}}\n"
    )
    .expect("writing to a string");
    out
}

fn plain(message: &Message) -> String {
    message
        .pieces
        .iter()
        .map(|piece| if let Piece::Text(text) = piece { text.as_str() } else { "" })
        .collect()
}

fn composed(message: &Message) -> String {
    let mut pattern = String::new();
    let mut values = String::new();
    for piece in &message.pieces {
        match piece {
            Piece::Text(text) => pattern.push_str(text),
            Piece::Arg(arg) => write!(pattern, "{{{arg}}}").expect("writing to a string"),
            Piece::Plural { arg, one, other } => {
                pattern.push_str("{}");
                write!(values, ", crate::choose(&{arg}, {one:?}, {other:?})").expect("writing to a string");
            }
        }
    }
    format!("format!({pattern:?}{values})")
}
