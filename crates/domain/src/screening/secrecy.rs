//! Marks of secrecy: the grade of the law on state secrets, as it is stamped on a document.

use super::{WORDS, narrow};

/// A mark of secrecy found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The grade as it stands in the text: 秘密, 机密 or 绝密.
    pub grade: &'static str,
    /// Its line, counted from 1.
    pub line: usize,
}

/// A line that is a mark with its term, a number of the copy and a degree of urgency is short, in code points.
const LONGEST_MARK: usize = 30;

/// Finds a mark of secrecy: a grade with its star, at the start of a line or in a short one; a grade alone on its
/// line, or with its term (`机密 1年`); or a grade behind a label such as 密级. The words in running text, and
/// commercial secrets (商业秘密), are no marks.
pub fn secrecy_mark(text: &str) -> Option<Mark> {
    text.lines().zip(1..).find_map(|(text, line)| grade_of_line(text).map(|grade| Mark { grade, line }))
}

fn grade_of_line(line: &str) -> Option<&'static str> {
    let grade = WORDS.secrecy_marks.iter().copied().find(|grade| may_hold(line, grade))?;
    let head: String =
        line.chars().filter(|c| !c.is_whitespace()).take(LONGEST_MARK + 1).map(narrow).collect();
    let is_short = head.chars().count() <= LONGEST_MARK;
    let bare = head.trim_matches(|c: char| "#*_>-[]()【】《》|「」".contains(c));
    let starred = |text: &str| text.starts_with(['★', '☆', '✩', '⭐', '*']);
    let behind = |text: &str| text.find(grade).map(|at| text[at + grade.len()..].to_owned());
    let rest = bare.strip_prefix(grade);
    let is_first = rest.is_some_and(|rest| starred(rest) && (is_short || !rest.starts_with('*')));
    let is_alone = is_short && rest.is_some_and(|rest| rest.is_empty() || is_term(rest));
    let is_inside = is_short && behind(&head).is_some_and(|rest| rest.starts_with(['★', '☆', '✩', '⭐']));
    let is_labelled = LABELS.iter().any(|label| {
        let value = bare.strip_prefix(label).and_then(|rest| rest.strip_prefix([':', '为']));
        value.is_some_and(|value| value.starts_with(grade) && is_short)
    });
    (is_first || is_alone || is_inside || is_labelled).then_some(grade)
}

/// What stands before a grade in a form or a list.
const LABELS: [&str; 6] = ["密级", "保密级别", "保密等级", "秘密等级", "涉密等级", "文件密级"];

/// A quick look: whether the characters of a grade stand in the line, with nothing but blanks between them.
fn may_hold(line: &str, grade: &str) -> bool {
    let mut wanted = grade.chars();
    let (Some(first), Some(second)) = (wanted.next(), wanted.next()) else { return false };
    line.match_indices(first).any(|(at, _)| line[at + first.len_utf8()..].trim_start().starts_with(second))
}

/// A term of secrecy: `1年`, `6个月`, `长期`, with or without a hyphen or bracket.
fn is_term(text: &str) -> bool {
    let text = text.trim_matches(['-', '—', '(', ')', '·', '.']);
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    text == "长期" || (number.len() < text.len() && matches!(number, "年" | "个月" | "月"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_as_they_are_stamped() {
        for text in [
            "秘密★",
            "机密★1年",
            "  绝 密 ★ 长期",
            "机密★\n某市文件",
            "000001 机密★1年 特急",
            "秘密",
            "【机密】",
            "**绝密**",
            "机密 1年",
            "秘密6个月",
            "密级:秘密",
            "密级\u{ff1a}机密★5年",
            "机密☆2年",
            "機密★3年",
            "第一行\n\n秘密★1年\n",
            "# 机密★1年",
            "秘密*1年",
        ] {
            assert!(secrecy_mark(text).is_some(), "{text}");
        }
        assert_eq!(secrecy_mark("标题\n\n机密★1年"), Some(Mark { grade: "机密", line: 3 }));
        let long = format!("秘密★1年{}", "正文".repeat(100));
        assert!(secrecy_mark(&long).is_some());
    }

    #[test]
    fn the_words_in_running_text_are_no_marks() {
        for text in [
            "",
            "保守国家秘密是每个公民的义务。",
            "机密文件应当由专人保管,不得外传。",
            "商业秘密",
            "秘密花园民宿项目",
            "密级:无",
            "密级:公开",
            "双方对合作中知悉的商业秘密承担保密责任",
            "机密仪器有限公司",
            "秘密武器",
            "绝密级、机密级、秘密级的划分办法",
            "精机密封件项目",
            "该公司的秘密在于质量",
        ] {
            assert_eq!(secrecy_mark(text), None, "{text}");
        }
        let rule = "根据办法,属于国家秘密的文件应当在首页左上角标注,例如写作“机密★1年”,并注明份号。";
        assert_eq!(secrecy_mark(rule), None);
    }
}
