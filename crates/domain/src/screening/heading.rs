//! Headings of lists of persons, in tables and in lines `heading: value`.

use super::{WORDS, narrow};

/// What may stand behind a listed word in a heading.
const ENDINGS: [&str; 17] = [
    "",
    "号",
    "号码",
    "编号",
    "情况",
    "信息",
    "状况",
    "成分",
    "类别",
    "类型",
    "性质",
    "所在地",
    "地址",
    "人数",
    "姓名",
    "数",
    "构成",
];

/// A heading is short, in code points; a longer cell is a text.
const LONGEST_HEADING: usize = 20;

/// Whether the heading of a column is on the list: a listed word, also with blanks inside, in brackets, or with
/// an ending; or a heading that contains one of the words that no column may hold.
pub fn is_listed_heading(heading: &str) -> bool {
    let plain = plain(heading);
    is_listed_word(&plain) || contains_listed(&plain)
}

/// The listed headings of a text, as they stand in it, each once, in their order. They count where they head
/// something: a cell of a row of tabs or bars, a cell of the first of two rows of commas, or a word with a colon
/// and a value behind it.
pub fn listed_headings(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let next = lines.peek().copied().unwrap_or("");
        let in_rows = cells(line, next).into_iter().filter(|cell| is_listed_heading(cell));
        let in_forms = labels(line).filter(|label| is_listed_word(&plain(label)));
        for heading in in_rows.chain(in_forms) {
            let heading = heading.trim().to_owned();
            if !found.contains(&heading) {
                found.push(heading);
            }
        }
    }
    found
}

/// The words among those of programme data (names of gates, rules, fields, entries of lexicons) that law 9
/// forbids: listed headings, and words for what Luodi does not do.
pub fn check_terms<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let is_forbidden = |word: &&str| {
        let plain = plain(word);
        is_listed_heading(word) || WORDS.programme.iter().any(|term| plain.contains(term))
    };
    words.into_iter().filter(is_forbidden).collect()
}

/// A heading without blanks, brackets with remarks, numbering and marks; narrow and in small letters. English
/// words keep one blank between them.
fn plain(heading: &str) -> String {
    if heading.chars().nth(4 * LONGEST_HEADING).is_some() {
        return String::new();
    }
    let mut depth = 0usize;
    let mut plain = String::new();
    for c in heading.chars().map(narrow) {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ' ' if plain.ends_with(|last: char| last.is_ascii_alphabetic()) => plain.push(' '),
            c if c.is_alphabetic() => plain.extend(c.to_lowercase()),
            _ => {}
        }
    }
    let mut plain = plain.trim().to_owned();
    for exception in &WORDS.exceptions {
        plain = plain.replace(exception, "");
    }
    if plain.chars().count() > LONGEST_HEADING { String::new() } else { plain }
}

fn is_listed_word(plain: &str) -> bool {
    let plain = plain.strip_prefix("其中").unwrap_or(plain);
    let plain = plain.strip_prefix("是否").unwrap_or(plain);
    WORDS.headings.iter().any(|term| plain.strip_prefix(term).is_some_and(|ending| ENDINGS.contains(&ending)))
}

fn contains_listed(plain: &str) -> bool {
    WORDS.heading_parts.iter().any(|part| plain.contains(part))
}

/// The cells of a line that is a row of a table; `next` is the line behind it.
fn cells<'a>(line: &'a str, next: &str) -> Vec<&'a str> {
    for separator in ['\t', '|'] {
        let cells: Vec<&str> = line.split(separator).collect();
        if cells.len() > 1 {
            return cells;
        }
    }
    if is_row_of_commas(line, next) { line.split(is_comma).collect() } else { Vec::new() }
}

fn is_comma(c: char) -> bool {
    narrow(c) == ','
}

/// A sentence has commas too. A row of headings has two or more, only short words between them, no full stop,
/// and a row of as many cells behind it.
fn is_row_of_commas(line: &str, next: &str) -> bool {
    let count = line.chars().filter(|c| is_comma(*c)).count();
    count >= 2
        && !line.contains('。')
        && line.split(is_comma).all(|cell| cell.chars().count() <= 12)
        && next.chars().filter(|c| is_comma(*c)).count() == count
}

/// The words of a line that have a colon and something else behind them.
fn labels(line: &str) -> impl Iterator<Item = &str> {
    let is_colon = |c: char| narrow(c) == ':';
    line.char_indices().filter(move |(_, c)| is_colon(*c)).filter_map(move |(at, colon)| {
        let value = line[at + colon.len_utf8()..].trim_start();
        value.chars().next().filter(|c| c.is_alphanumeric() || *c == '*')?;
        let is_boundary = |c: char| ",;。、|\t".contains(narrow(c));
        let from = line[..at].char_indices().rev().take(2 * LONGEST_HEADING).find(|(_, c)| is_boundary(*c));
        let label = &line[from.map_or(0, |(from, c)| from + c.len_utf8())..at];
        Some(last_words(label))
    })
}

/// Of `甲某 民 族` the part that can be a heading: blanks divide words, but not single characters.
fn last_words(label: &str) -> &str {
    let label = label.trim_end();
    let mut start = label.len();
    for word in label.rsplit(|c| narrow(c) == ' ') {
        let begin = word.as_ptr() as usize - label.as_ptr() as usize;
        let is_single = word.chars().count() <= 1;
        if start < label.len() && !is_single {
            break;
        }
        start = begin;
        if !is_single {
            break;
        }
    }
    &label[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_their_many_forms() {
        for heading in [
            "身份证号",
            "身份证号码",
            "身 份 证 号",
            "公民身份号码",
            "民族",
            "民 族",
            "民族(必填)",
            "*民族",
            "民族成分",
            "宗教信仰",
            "户籍所在地",
            "家庭成员姓名",
            "是否脱贫户",
            "其中:少数民族",
            "脱贫户数",
            "负责人身份证号",
            "籍贯",
            "Ethnicity",
            "ID number",
            " Family  members",
            "2.户籍地",
        ] {
            assert!(is_listed_heading(heading), "{heading}");
        }
        for heading in [
            "",
            "企业名称",
            "民族团结",
            "民族医药产业",
            "民族贸易企业数",
            "产地",
            "项目代码",
            "统一社会信用代码",
            "就业人数",
            "联系人",
            "少数民族特需商品",
            "巴音郭楞蒙古自治州",
            "脱贫攻坚成果",
            "recorded religiously",
            "推动各民族交往交流,带动脱贫户就业,促进共同发展的产业项目",
        ] {
            assert!(!is_listed_heading(heading), "{heading}");
        }
    }

    #[test]
    fn a_table_is_known_by_tabs_bars_or_two_rows_of_commas() {
        assert_eq!(listed_headings("序号\t姓名\t民族\t身份证号\n1\t某\t某\t某"), ["民族", "身份证号"]);
        assert_eq!(listed_headings("| 姓名 | 户籍 |\n|---|---|\n"), ["户籍"]);
        assert_eq!(listed_headings("姓名,民族,籍贯\n某甲,某,某地"), ["民族", "籍贯"]);
        let wide = "姓名,民族,籍贯\n某甲,某,某地".replace(',', "\u{ff0c}");
        assert_eq!(listed_headings(&wide), ["民族", "籍贯"]);
    }

    #[test]
    fn a_form_is_known_by_its_colons() {
        assert_eq!(listed_headings("姓名:某甲 性别:男 民 族:某族 籍贯:某地"), ["民 族", "籍贯"]);
        assert_eq!(listed_headings("身份证号\u{ff1a}650102"), ["身份证号"]);
        assert_eq!(listed_headings("一、民族:"), [] as [String; 0]);
    }

    #[test]
    fn running_text_is_no_table() {
        for text in [
            "各民族交往交流交融,铸牢中华民族共同体意识。",
            "不分地域,民族,宗教,一视同仁。",
            "不分地域,民族,宗教\n携手同心\n",
            "会议强调民族团结:这是生命线。",
            "帮扶脱贫户200户:签订购销协议。",
            "民族",
        ] {
            assert_eq!(listed_headings(text), [] as [String; 0], "{text}");
        }
    }

    #[test]
    fn programme_data_is_checked_against_headings_and_against_what_is_not_done() {
        let words = ["签约项目", "劳务输出人数", "民族", "投产", "维稳经费", "就业人数"];
        assert_eq!(check_terms(words), ["劳务输出人数", "民族", "维稳经费"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[民族户籍身份证号:,|\t \n甲。a()]{0,80}") {
            let _ = listed_headings(&text);
        }
    }
}
