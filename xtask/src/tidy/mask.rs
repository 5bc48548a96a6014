//! Tells Rust code from strings and comments, without a parser.

/// What a character of a Rust file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Code,
    /// A string or character literal with its quotes and prefix.
    Literal,
    Comment,
}

/// Each character of a file with its kind.
#[derive(Debug)]
pub struct Masked {
    chars: Vec<(char, Kind)>,
}

impl Masked {
    /// Reads a file; an unfinished literal or comment runs to its end.
    pub fn new(text: &str) -> Masked {
        let chars: Vec<char> = text.chars().collect();
        let mut kinds = Vec::with_capacity(chars.len());
        while kinds.len() < chars.len() {
            let at = kinds.len();
            let (kind, length) = token(&chars, at);
            kinds.resize((at + length).min(chars.len()), kind);
        }
        Masked { chars: chars.into_iter().zip(kinds).collect() }
    }

    /// The text with every character of another kind blanked; lines stay where they are.
    pub fn only(&self, wanted: &[Kind]) -> String {
        let shown = |&(c, kind): &(char, Kind)| if c == '\n' || wanted.contains(&kind) { c } else { ' ' };
        self.chars.iter().map(shown).collect()
    }
}

/// The kind and length of what begins at a place that is in no literal and no comment.
fn token(chars: &[char], at: usize) -> (Kind, usize) {
    let rest = &chars[at..];
    match rest {
        ['/', '/', ..] => (Kind::Comment, line_length(rest)),
        ['/', '*', ..] => (Kind::Comment, block_comment_length(rest)),
        ['"', ..] => (Kind::Literal, quoted_length(rest, '"')),
        ['\'', ..] => match char_length(rest) {
            Some(length) => (Kind::Literal, length),
            None => (Kind::Code, 1),
        },
        ['r' | 'b' | 'c', ..] if !follows_word(chars, at) => match prefixed_length(rest) {
            Some(length) => (Kind::Literal, length),
            None => (Kind::Code, 1),
        },
        _ => (Kind::Code, 1),
    }
}

fn follows_word(chars: &[char], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| is_word(chars[before]))
}

/// Whether a character can be part of a name.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_length(rest: &[char]) -> usize {
    rest.iter().position(|&c| c == '\n').unwrap_or(rest.len())
}

fn block_comment_length(rest: &[char]) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a literal that begins with its quote and ends with the next one that is not escaped.
fn quoted_length(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character literal begins like a lifetime; only one of them has a closing quote.
fn char_length(rest: &[char]) -> Option<usize> {
    match rest {
        ['\'', '\\', ..] => Some(quoted_length(rest, '\'')),
        ['\'', _, '\'', ..] => Some(3),
        _ => None,
    }
}

/// `b"…"`, `c"…"`, `b'…'`, `r"…"`, `r#"…"#`, `br#"…"#` and `cr#"…"#`.
fn prefixed_length(rest: &[char]) -> Option<usize> {
    match rest {
        ['b' | 'c', '"', ..] => Some(1 + quoted_length(&rest[1..], '"')),
        ['b', '\'', ..] => char_length(&rest[1..]).map(|length| 1 + length),
        ['b' | 'c', 'r', ..] => raw_length(&rest[2..]).map(|length| 2 + length),
        ['r', ..] => raw_length(&rest[1..]).map(|length| 1 + length),
        _ => None,
    }
}

fn raw_length(rest: &[char]) -> Option<usize> {
    let hashes = rest.iter().take_while(|&&c| c == '#').count();
    if rest.get(hashes) != Some(&'"') {
        return None;
    }
    let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let body = hashes + 1;
    let end = rest[body..].windows(closing.len()).position(|window| window == closing);
    Some(end.map_or(rest.len(), |end| body + end + closing.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        Masked::new(text).only(&[Kind::Code])
    }

    #[test]
    fn strings_are_blanked_with_their_escapes() {
        assert_eq!(code(r#"a("}\"{");"#), "a(      );");
        assert_eq!(code(r#"f(b"{", c"}")"#), "f(    ,     )");
    }

    #[test]
    fn raw_strings_end_at_their_own_hashes() {
        assert_eq!(code(r####"x = r#"{ "a" }"#;"####), "x =             ;");
        assert_eq!(code(r####"x = br##"}"#"##;"####), "x =            ;");
    }

    #[test]
    fn a_name_that_ends_in_r_does_not_open_a_raw_string() {
        assert_eq!(code(r#"for"{""#), "for   ");
        assert_eq!(code("r#type { }"), "r#type { }");
    }

    #[test]
    fn lifetimes_stay_and_characters_go() {
        assert_eq!(code("fn f<'a>(c: &'a str) { '{' }"), "fn f<'a>(c: &'a str) {     }");
        assert_eq!(code(r"x('\'', '\u{7d}', b'}')"), "x(    ,         ,     )");
        assert_eq!(code("'汉' 'outer: loop {"), "    'outer: loop {");
    }

    #[test]
    fn comments_nest_and_keep_their_lines() {
        assert_eq!(code("a /* { /* } */\n { */ b"), "a             \n      b");
        assert_eq!(code("a // \"\nb"), "a     \nb");
    }

    #[test]
    fn an_unfinished_literal_runs_to_the_end() {
        assert_eq!(code("a \"bc\\"), "a     ");
    }
}
