//! Running other programs, and where things lie.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

/// What a command of xtask ends with; the error is the message a person reads.
pub type Outcome<T = ()> = Result<T, String>;

/// The folder of the repository.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask lies inside the repository").to_path_buf()
}

/// A folder beside the repository that holds optional inputs, where it exists.
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = root().parent()?.join("shared").join(path);
    folder.exists().then_some(folder)
}

/// The cargo that runs us.
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".into())
}

/// A command in the root of the repository.
pub fn command<S: AsRef<str>>(program: &str, args: &[S]) -> Command {
    let mut command = Command::new(program);
    command.args(args.iter().map(AsRef::as_ref)).current_dir(root());
    command
}

/// Says the command, runs it, and fails with its name.
pub fn run(command: &mut Command) -> Outcome {
    let line = describe(command);
    println!("$ {line}");
    let status = command.status().map_err(|error| format!("{line}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line}: ended with {status}")) }
}

/// The standard output of a command that must succeed.
pub fn output(command: &mut Command) -> Outcome<String> {
    let line = describe(command);
    let output = command.output().map_err(|error| format!("{line}: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{line}: ended with {}\n{}", output.status, said.trim_end()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{line}: its output is not UTF-8"))
}

/// Runs a command, passing on every line it prints, and returns the lines with whether it succeeded.
pub fn run_and_keep(command: &mut Command) -> Outcome<(bool, Vec<String>)> {
    let line = describe(command);
    println!("$ {line}");
    let mut child = command
        // Colours would stand between the words that are counted.
        .env("CARGO_TERM_COLOR", "never")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{line}: {error}"))?;
    let out = child.stdout.take().expect("stdout is piped");
    let err = child.stderr.take().expect("stderr is piped");
    let other = thread::spawn(move || pass_on(err, &mut std::io::stderr()));
    let mut lines = pass_on(out, &mut std::io::stdout());
    lines.extend(other.join().map_err(|_| format!("{line}: its messages could not be read"))?);
    let status = child.wait().map_err(|error| format!("{line}: {error}"))?;
    Ok((status.success(), lines))
}

fn pass_on(from: impl Read, to: &mut dyn Write) -> Vec<String> {
    let mut lines = Vec::new();
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        // A closed terminal must not stop the tests; the result is counted all the same.
        let _ = writeln!(to, "{line}");
        lines.push(line);
    }
    lines
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Where a program of this name lies on the PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The value after an option such as `--port`, or nothing when the option is absent.
pub fn option<'a>(args: &'a [String], name: &str) -> Outcome<Option<&'a str>> {
    match args.iter().position(|arg| arg == name) {
        None => Ok(None),
        Some(at) => match args.get(at + 1) {
            Some(value) => Ok(Some(value)),
            None => Err(format!("{name} needs a value")),
        },
    }
}

/// The folder that cargo builds into, whatever the environment says.
pub fn target_folder() -> Outcome<PathBuf> {
    let text = output(&mut command(&cargo(), &["metadata", "--format-version=1", "--no-deps", "--offline"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    metadata["target_directory"]
        .as_str()
        .map(PathBuf::from)
        .ok_or_else(|| "cargo metadata names no target directory".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn option_takes_the_word_that_follows() {
        let args: Vec<String> = ["--port", "8080", "--data"].map(String::from).to_vec();
        assert_eq!(option(&args, "--port"), Ok(Some("8080")));
        assert_eq!(option(&args, "--listen"), Ok(None));
        assert!(option(&args, "--data").is_err());
    }

    #[test]
    fn kept_lines_hold_both_streams_and_the_failure() {
        let mut shell = command("sh", &["-c", "echo one; echo two >&2; exit 3"]);
        let (good, lines) = run_and_keep(&mut shell).expect("sh runs");
        assert!(!good);
        assert_eq!(lines, ["one", "two"]);
    }
}
