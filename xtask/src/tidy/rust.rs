//! Rules for Rust files: length of functions, purpose of a crate, SQL in its place, nothing left undone.

use super::mask::{Kind, Masked, is_word};
use super::{Complaint, Source};

const MOST_FUNCTION_LINES: usize = 70;

/// All complaints about one Rust file.
pub fn check(source: &Source) -> Vec<Complaint> {
    let masked = Masked::new(&source.text);
    let code = masked.only(&[Kind::Code]);
    let code_and_strings = masked.only(&[Kind::Code, Kind::Literal]);
    let mut complaints = long_functions(source, &code);
    complaints.extend(crate_without_purpose(source));
    complaints.extend(undone(source, &code));
    complaints.extend(sql_out_of_place(source, &code, &code_and_strings));
    complaints
}

fn long_functions(source: &Source, code: &str) -> Vec<Complaint> {
    let long = functions(code).into_iter().filter(|function| function.lines > MOST_FUNCTION_LINES);
    long.map(|function| {
        let Function { name, line, lines } = function;
        source.complaint(line, format!("fn {name} has {lines} lines; {MOST_FUNCTION_LINES} are the most"))
    })
    .collect()
}

#[derive(Debug, PartialEq, Eq)]
struct Function {
    name: String,
    line: usize,
    lines: usize,
}

/// Every function with a body, with the lines from its `fn` to its closing brace.
fn functions(code: &str) -> Vec<Function> {
    let chars: Vec<char> = code.chars().collect();
    let mut found = Vec::new();
    let mut line = 1;
    for at in 0..chars.len() {
        if chars[at] == '\n' {
            line += 1;
        }
        if let Some((name, after)) = function_name(&chars, at)
            && let Some(end) = body_end(&chars, after)
        {
            let lines = 1 + chars[at..end].iter().filter(|&&c| c == '\n').count();
            found.push(Function { name, line, lines });
        }
    }
    found
}

/// The name of the function whose keyword begins here, and the place after the name. A pointer type `fn(…)` has none.
fn function_name(chars: &[char], at: usize) -> Option<(String, usize)> {
    let begins_word = at == 0 || !is_word(chars[at - 1]);
    let ['f', 'n', space, ..] = chars[at..] else { return None };
    if !begins_word || !space.is_whitespace() {
        return None;
    }
    let start = at + 2 + chars[at + 2..].iter().take_while(|c| c.is_whitespace()).count();
    let name: String = chars[start..].iter().take_while(|&&c| is_word(c)).collect();
    if name.is_empty() { None } else { Some((name.clone(), start + name.chars().count())) }
}

/// The place after the closing brace of the body that follows a name; nothing for a declaration.
fn body_end(chars: &[char], after: usize) -> Option<usize> {
    let mut parens = 0usize;
    let mut braces = 0usize;
    for (at, &c) in chars.iter().enumerate().skip(after) {
        match c {
            '(' | '[' => parens += 1,
            ')' | ']' => parens = parens.saturating_sub(1),
            ';' if parens == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces = braces.saturating_sub(1);
                if braces == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn crate_without_purpose(source: &Source) -> Option<Complaint> {
    let is_lib = source.path.ends_with("src/lib.rs");
    (is_lib && !source.text.starts_with("//! "))
        .then(|| source.complaint(1, "a crate opens with its purpose and invariants in //! lines"))
}

fn undone(source: &Source, code: &str) -> Vec<Complaint> {
    let marks = ["todo!", "unimplemented!", "#[ignore", "#![allow(dead_code", "#[allow(dead_code"];
    let mut complaints = Vec::new();
    for (line, text) in numbered(code) {
        for mark in marks.iter().filter(|mark| text.contains(**mark)) {
            complaints.push(source.complaint(line, format!("{mark} has no place here")));
        }
    }
    complaints
}

fn sql_out_of_place(source: &Source, code: &str, code_and_strings: &str) -> Vec<Complaint> {
    let elsewhere = ["crates/", "benches/"].iter().any(|folder| source.path.starts_with(folder));
    if !elsewhere || source.path.starts_with("crates/store/") {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for (line, text) in numbered(code) {
        if text.contains("sqlx::") {
            complaints.push(source.complaint(line, "sqlx stays inside crates/store"));
        }
    }
    for (line, text) in numbered(code_and_strings) {
        if text.contains("SUM(") {
            complaints.push(source.complaint(line, "only the tally of crates/store sums in SQL"));
        }
    }
    complaints
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(&source(path, text)).into_iter().map(|complaint| complaint.message).collect()
    }

    #[test]
    fn functions_are_measured_from_keyword_to_brace() {
        let text = "impl A {\n    fn one(x: [u8; 4]) -> u8\n    where\n        A: B,\n    {\n        { x[0] }\n    }\n}\n";
        let one = Function { name: "one".into(), line: 2, lines: 6 };
        assert_eq!(functions(text), [one]);
    }

    #[test]
    fn declarations_and_pointers_have_no_body() {
        assert_eq!(functions("trait T { fn a(&self); }\ntype F = fn(u8) -> u8;\n"), []);
        let names: Vec<String> =
            functions("fn outer() { fn inner() {} }").into_iter().map(|function| function.name).collect();
        assert_eq!(names, ["outer", "inner"]);
    }

    #[test]
    fn a_function_of_71_lines_is_too_long_and_braces_in_strings_do_not_close_it() {
        let body = "    f('}', \"}\");\n".repeat(69);
        let text = format!("fn long() {{\n{body}}}\n");
        assert_eq!(messages("crates/app/src/a.rs", &text), ["fn long has 71 lines; 70 are the most"]);
        let body = "    f('}', \"}\");\n".repeat(68);
        assert_eq!(
            messages("crates/app/src/a.rs", &format!("fn fits() {{\n{body}}}\n")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_crate_says_what_it_is_for() {
        assert_eq!(messages("crates/app/src/lib.rs", "mod a;\n").len(), 1);
        assert!(messages("crates/app/src/lib.rs", "//! Use cases.\nmod a;\n").is_empty());
    }

    #[test]
    fn sql_stays_in_the_store() {
        let text = "use sqlx::Row;\nconst Q: &str = \"SELECT SUM(value)\";\n// SUM( in a comment\n";
        assert_eq!(messages("crates/app/src/a.rs", text).len(), 2);
        assert!(messages("crates/store/src/a.rs", text).is_empty());
    }

    #[test]
    fn nothing_is_left_undone_in_code() {
        assert_eq!(messages("crates/app/src/a.rs", "#[ignore]\nfn a() {}\n").len(), 1);
        assert!(messages("crates/app/src/a.rs", "// todo! is a macro\n").is_empty());
    }
}
