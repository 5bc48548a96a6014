//! What a document says of itself: title, publisher, date of publication. Each is proposed to a person, and
//! only where a line of its own says so; unknown stays unknown.

use jiff::civil::Date;

mod date;

/// What a document seems to be called, who published it, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The title, without the name or advertisement of a site that reposted it.
    pub title: Option<String>,
    /// The publisher: the named source, not the site that reposted it.
    pub publisher: Option<String>,
    /// The day of publication; never the day of an event that the text tells of.
    pub published: Option<Date>,
}

/// How many lines at the top, and at the end, can speak of the document.
const TOP_LINES: usize = 30;
const END_LINES: usize = 12;
/// Lines that speak of the document are short, in code points.
const LONGEST_LINE: usize = 100;

/// Proposes title, publisher and date from a text (repaired, in simplified characters) and the file's name.
pub fn propose(text: &str, file_name: &str) -> Proposal {
    let top: Vec<String> = text.lines().filter_map(short_line).take(TOP_LINES).collect();
    let end: Vec<String> = text.lines().rev().filter_map(short_line).take(END_LINES).collect();
    let top = || top.iter().map(String::as_str);
    let end = || end.iter().map(String::as_str);
    Proposal {
        title: title_of_text(text).or_else(|| title_of_file_name(file_name)),
        publisher: top()
            .chain(end())
            .find_map(named_source)
            .or_else(|| end().find_map(producer))
            .or_else(|| top().find_map(paper_of_byline)),
        published: date::of_lines(top(), end()),
    }
}

/// A line without its white space and with narrow punctuation, unless it is empty or too long to speak of the
/// document.
fn short_line(line: &str) -> Option<String> {
    let line = line.trim();
    (!line.is_empty() && line.chars().nth(LONGEST_LINE).is_none()).then(|| line.chars().map(narrow).collect())
}

/// The narrow form of a wide digit, letter or punctuation mark.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// The first line that can be a title, unless the text begins without one.
fn title_of_text(text: &str) -> Option<String> {
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take(TOP_LINES) {
        if let Some(heading) = line.strip_prefix("# ") {
            return Some(without_site(heading.trim()).to_owned());
        }
        let narrow = short_line(line).filter(|line| !line.ends_with(['。', ';', '…']))?;
        if is_title(&narrow) {
            return Some(without_site(line).to_owned());
        }
    }
    None
}

/// Words with which the furniture of a page begins.
const FURNITURE: [&str; 34] = [
    "当前位置",
    "您的位置",
    "您现在的位置",
    "现在位置",
    "你的位置",
    "首页",
    "分享",
    "字体",
    "字号",
    "大中小",
    "打印",
    "来源",
    "稿源",
    "信息来源",
    "文章来源",
    "作者",
    "编辑",
    "责编",
    "责任编辑",
    "记者",
    "发布",
    "时间",
    "日期",
    "浏览",
    "点击",
    "阅读",
    "关闭",
    "返回",
    "上一篇",
    "下一篇",
    "登录",
    "注册",
    "搜索",
    "时刻新闻",
];

fn is_title(line: &str) -> bool {
    let length = line.chars().count();
    let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let is_site_name = length <= 14 && SITE_NAMES.iter().any(|end| line.ends_with(end));
    (6..=60).contains(&length)
        && letters >= 5
        && !is_site_name
        && !FURNITURE.iter().any(|word| bare.starts_with(word))
        && !line.ends_with([',', '、', ':', '>', '|'])
        && !line.contains('>')
        && date::first(line).is_none_or(|found| found.before > 0)
        && paper_of_byline(line).is_none()
}

/// Words on which a short line ends that is only the name of the site.
const SITE_NAMES: [&str; 6] = ["网", "网站", "频道", "客户端", "首页", "在线"];

/// Words on which the names and advertisements of sites end.
const SITE_ENDS: [&str; 26] = [
    "网",
    "网站",
    "官网",
    "门户",
    "门户网站",
    "首页",
    "在线",
    "频道",
    "客户端",
    "手机版",
    "平台",
    "登录",
    "登陆",
    "注册",
    "下载",
    "入口",
    "新闻",
    "新闻中心",
    "日报",
    "晚报",
    "早报",
    "时报",
    "融媒体中心",
    "人民政府",
    "委员会",
    "公众号",
];

/// A title without what a site has appended to it: `…_某网`, `…|某网`, `…-某某登录`.
fn without_site(title: &str) -> &str {
    let mut title = title;
    while let Some(at) = title.rfind(['-', '_', '|', '\u{ff5c}', '–', '—']) {
        let (head, tail) = title.split_at(at);
        let separator = tail.chars().next().unwrap_or('-');
        let tail = tail.trim_start_matches(separator).trim();
        let head = head.trim_end();
        let is_certain = matches!(separator, '_' | '|' | '\u{ff5c}');
        let is_site = SITE_ENDS.iter().any(|end| tail.ends_with(end));
        let is_double = head.ends_with(['—', '-']);
        if head.chars().count() < 6 || tail.chars().count() > 20 || is_double || !(is_certain || is_site) {
            break;
        }
        title = head;
    }
    title
}

/// A file name that is a title: at least six Chinese characters, after any numbering or date.
fn title_of_file_name(file_name: &str) -> Option<String> {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = stem.trim_start_matches(|c: char| c.is_ascii_digit() || " -_.、年月日".contains(c)).trim();
    let wide = stem.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    (wide >= 6).then(|| without_site(stem).to_owned())
}

/// The source a line names: at its start, or behind nothing but a date, an author or an editor. Behind other
/// words (the caption of a photo) it is the source of something else.
fn named_source(line: &str) -> Option<String> {
    const LABELS: [&str; 9] =
        ["来源", "稿源", "文章来源", "信息来源", "稿件来源", "发布机构", "发布单位", "供稿单位", "供稿"];
    let bare = line.trim_start_matches(['【', '[', '(', '#', '*', ' ']);
    LABELS.iter().find_map(|label| {
        let at = bare.find(label)?;
        if !is_furniture_only(&bare[..at]) {
            return None;
        }
        let rest = bare[at + label.len()..].trim_start().strip_prefix([':', '/'])?.trim_start();
        let end = rest.find([' ', '\t', '】', ']', ')', '|', ',', '。', '!']);
        let name = rest[..end.unwrap_or(rest.len())].trim();
        ((2..=30).contains(&name.chars().count()) && date::first(name).is_none()).then(|| name.to_owned())
    })
}

/// Whether the words before a label are only a date, a time or other labels.
fn is_furniture_only(before: &str) -> bool {
    let before = match date::first(before) {
        Some(found) => [&before[..found.before], &before[found.after..]].concat(),
        None => before.to_owned(),
    };
    // `来源: 某报` is one word.
    before.replace(": ", ":").split_whitespace().all(|word| {
        let is_time = word.chars().all(|c| c.is_ascii_digit() || c == ':' || c == '|');
        is_time || FURNITURE.iter().any(|label| word.starts_with(label)) || word == "文"
    })
}

/// `某中心出品`: who produced the text.
fn producer(line: &str) -> Option<String> {
    let name = line.trim_matches(['【', '】', '[', ']']).strip_suffix("出品")?.trim();
    let is_name = (4..=30).contains(&name.chars().count()) && !name.contains([',', '。', ' ', ':']);
    is_name.then(|| name.to_owned())
}

/// `某日报记者 …`: the paper, never the person.
fn paper_of_byline(line: &str) -> Option<String> {
    let bare = line.trim_start_matches(['【', '[', '(', '□', '■']);
    let (paper, person) = bare.split_once("记者").or_else(|| bare.split_once("通讯员"))?;
    let paper = paper.trim().trim_end_matches("全媒体").trim();
    let is_paper = ["报", "社", "网", "台", "中心", "新闻", "客户端"].iter().any(|end| paper.ends_with(end));
    let is_own = ["本报", "本网", "本台", "本社"].contains(&paper);
    let is_line = bare.chars().count() <= 40 && !person.contains(['。', ',']);
    (is_paper && !is_own && is_line && paper.chars().count() <= 20).then(|| paper.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal(title: &str, publisher: &str, published: &str) -> Proposal {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Proposal { title: some(title), publisher: some(publisher), published: published.parse().ok() }
    }

    #[test]
    fn a_reposted_page_gives_its_title_source_and_date() {
        let text = "示例网\n分享到:\n\n甲市“招商”忙!三家企业落户\n\n2023-03-04 08:09:10 来源:甲市融媒体中心\n\n  正文一段。\n";
        assert_eq!(
            propose(text, "a.txt"),
            proposal("甲市“招商”忙!三家企业落户", "甲市融媒体中心", "2023-03-04")
        );
        let text = "跨越结对边界 共建甲市园区-某某备用登录\n2023 03/04 08:09:10\n来源: 甲省日报\n字体:\n  3月2日,活动举行。\n";
        assert_eq!(propose(text, "a.txt"), proposal("跨越结对边界 共建甲市园区", "甲省日报", "2023-03-04"));
        let text = "当前位置:\n\n省商会:携手边疆 共谋发展\n\n来源:省商会 编辑:某某 2023-03-04 08:09:10\n—分享—\n近日……举行。";
        assert_eq!(propose(text, "a.txt"), proposal("省商会:携手边疆 共谋发展", "省商会", "2023-03-04"));
    }

    #[test]
    fn markdown_and_bylines_are_understood_and_persons_left_out() {
        let text = "\n# 携手共建 共同发展\n\n## ——第二批工作综述\n\n某云/甲省日报记者 张某\n\n4月18日,某企业签约。\n";
        assert_eq!(propose(text, "a.md"), proposal("携手共建 共同发展", "某云/甲省日报", ""));
    }

    #[test]
    fn a_text_without_a_title_gets_none_and_a_photos_source_is_not_the_texts() {
        let text = "产业协作谋长远,甲省组织企业走进乙州。\n签约仪式现场全景\n企业家走进乙州口岸 来源:口岸公众号\n\
                    2023年3月4日,活动举行。\n文:某某\n乙州融媒体中心出品\n监审:某某\n";
        assert_eq!(propose(text, "000_ab12.txt"), proposal("", "乙州融媒体中心", ""));
    }

    #[test]
    fn a_file_name_stands_in_for_a_missing_title() {
        assert_eq!(
            propose("", "2023年03月 甲市产业合作情况报告.docx").title.unwrap(),
            "甲市产业合作情况报告"
        );
        assert_eq!(propose("", "scan0001.pdf").title, None);
    }

    #[test]
    fn a_sites_name_is_cut_off_and_a_titles_own_dash_is_not() {
        assert_eq!(without_site("甲市签约十个产业项目_要闻_某某网"), "甲市签约十个产业项目");
        assert_eq!(without_site("甲市签约十个产业项目 - 某某市人民政府"), "甲市签约十个产业项目");
        assert_eq!(without_site("甲市—乙市产业合作推介会举行"), "甲市—乙市产业合作推介会举行");
        assert_eq!(without_site("民营企业进边疆-乙州行活动启动"), "民营企业进边疆-乙州行活动启动");
        assert_eq!(without_site("示例班列开行——合作综述在线"), "示例班列开行——合作综述在线");
    }

    #[test]
    fn breadcrumbs_are_no_title() {
        assert_eq!(
            propose("首页 > 新闻 > 要闻\n甲市人民政府门户网站\n甲市签约十个产业项目\n", "").title.unwrap(),
            "甲市签约十个产业项目"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[ -~一-三来源:/年月日\\-\n0-9#|_。记者出品]{0,120}", name in ".{0,20}") {
            let _ = propose(&text, &name);
        }
    }
}
