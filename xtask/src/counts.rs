//! How many tests passed and failed, read from the closing lines of the test runners.

/// The tests of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

/// Adds up the closing lines of cargo's runner (one a binary) and of Node's.
pub fn counts(lines: &[String]) -> Counts {
    let mut sum = Counts::default();
    for line in lines {
        let line = line.trim_start();
        if line.starts_with("test result: ") {
            sum.passed += before(line, " passed");
            sum.failed += before(line, " failed");
        } else if let Some(line) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
            sum.passed += after(line, "pass ");
            sum.failed += after(line, "fail ") + after(line, "cancelled ");
        }
    }
    sum
}

/// The number that stands directly before the words.
fn before(line: &str, words: &str) -> u64 {
    let Some(end) = line.find(words) else { return 0 };
    let digits = line[..end].rsplit(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The number that follows the word at the start of a line.
fn after(line: &str, word: &str) -> u64 {
    line.strip_prefix(word).and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (u64, u64) {
        let lines: Vec<String> = text.lines().map(String::from).collect();
        let Counts { passed, failed } = counts(&lines);
        (passed, failed)
    }

    #[test]
    fn cargo_closes_on_one_line_a_crate() {
        let text = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured\n\
                    test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured";
        assert_eq!(of(text), (7, 2));
    }

    #[test]
    fn node_closes_on_lines_of_both_reporters() {
        assert_eq!(of("# tests 5\n# pass 4\n# fail 1\n# cancelled 0"), (4, 1));
        assert_eq!(of("ℹ tests 5\nℹ pass 3\nℹ fail 1\nℹ cancelled 1"), (3, 2));
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(of("3 passed the gate\n10 failed attempts lock an account"), (0, 0));
    }
}
