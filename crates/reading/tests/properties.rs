//! What holds for any input at all.

use proptest::prelude::*;
use reading::{Mention, Reader, Reading};
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(Reader::new);

fn cut(text: &[char], start: usize, end: usize) -> String {
    text[start..end].iter().collect()
}

fn holds(text: &str, reading: &Reading) {
    let chars: Vec<char> = text.chars().collect();
    let mut before = 0;
    let mention = |m: &Mention| assert_eq!(cut(&chars, m.start, m.end), m.text);
    for claim in &reading.claims {
        assert!(before <= claim.start && claim.start < claim.end, "sorted, apart, not empty: {claim:?}");
        assert_eq!(cut(&chars, claim.start, claim.end), claim.quote);
        assert!(claim.sentence.0 <= claim.start && claim.end <= claim.sentence.1.max(claim.end));
        assert!(claim.value_max.is_none_or(|max| max >= claim.value), "{claim:?}");
        [&claim.place, &claim.org, &claim.event].into_iter().flatten().for_each(mention);
        claim.period.iter().for_each(|p| mention(&p.mention));
        before = claim.end;
    }
    let mut named = 0;
    for news in &reading.projects {
        assert!(named <= news.name.start && news.name.start < news.name.end, "names apart: {news:?}");
        assert!(news.start <= news.name.start && news.name.end <= news.end, "{news:?}");
        assert!(news.sentence.0 <= news.name.start && news.name.end <= news.sentence.1, "{news:?}");
        assert_eq!(cut(&chars, news.start, news.end), news.quote);
        mention(&news.name);
        [&news.owner, &news.place, &news.capacity, &news.stage].into_iter().flatten().for_each(mention);
        news.period.iter().for_each(|p| mention(&p.mention));
        named = news.name.end;
    }
    for check in &reading.checks {
        let units: Vec<_> =
            check.parts.iter().chain([&check.whole]).map(|i| reading.claims[*i].unit).collect();
        assert!(!check.parts.is_empty() && !check.parts.contains(&check.whole));
        assert!(units.windows(2).all(|w| w[0] == w[1]), "one unit: {check:?}");
    }
}

fn read(text: &str) {
    for day in [None, Some(jiff::civil::date(2024, 2, 29))] {
        holds(text, &READER.read(text, day));
    }
}

/// Pieces of the genre, damaged and whole, to be put together in any order.
const PIECES: &[&str] = &[
    "项目",
    "产业园",
    "开工",
    "投产后",
    "建设",
    "等一批",
    "计划",
    "尚未",
    "该项目由",
    "“星河”",
    "年产",
    "晨星有限公司",
    "云屏县",
    "1",
    "23",
    "4,567",
    "8.9",
    "０",
    "５",
    "一",
    "三",
    "两",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "余",
    "多",
    "几",
    "点",
    "零",
    "近",
    "超",
    "约",
    "上",
    "突破",
    "以上",
    "左右",
    "元",
    "亿元",
    "万元",
    "%",
    "个百分点",
    "成",
    "百分之",
    "分之",
    "个",
    "家",
    "项",
    "次",
    "名",
    "人",
    "吨",
    "亩",
    "公里",
    "千瓦",
    "平方米",
    "标箱",
    "天",
    "年",
    "月",
    "日",
    "项目",
    "企业",
    "协议",
    "总投资",
    "到位资金",
    "其中",
    "分别",
    "合计",
    "截至",
    "今年",
    "2023年",
    "1-10月",
    "以来",
    "来",
    "第",
    "前",
    "师",
    "团",
    "湖北省",
    "博州",
    "武汉市",
    "(qū)",
    "區",
    "產(chǎn)",
    "?",
    "/p>",
    "\u{fffd}",
    ",",
    "，",
    "、",
    "。",
    "；",
    "：",
    "\n",
    " ",
    "-",
    "—",
    "至",
    "(",
    ")",
    "“",
    "”",
    "下降",
    "增长",
    "有限公司",
    "集团",
    "产业园",
    "推介会",
    "在",
    "往",
    "的",
    "与",
    "投资",
    "援疆资金",
    "投入",
    "🦀",
    "\u{0}",
    "é",
    "/",
    "公斤",
    "每",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        read(&text);
    }

    #[test]
    fn any_mixture_of_the_genre_is_read(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..80)) {
        read(&pieces.concat());
    }

    #[test]
    fn what_stands_in_another_paragraph_does_not_change_numbers(count in 1u32..9999) {
        let line = format!("全县新签约项目{count}个。");
        let alone = READER.read(&line, None);
        let padded = READER.read(&format!("山路修好了。\n{line}"), None);
        prop_assert_eq!(alone.claims[0].value, padded.claims[0].value);
        prop_assert_eq!(&alone.claims[0].quote, &padded.claims[0].quote);
    }
}

#[test]
fn one_line_of_half_a_million_characters_is_read() {
    let pieces = [
        "累计到位23.7亿元，其中新建9个、",
        "1-",
        "1,",
        "百",
        "一",
        "。",
        "第八师",
        "在湖北省",
        "（",
        "截至",
        "项目9个：新建4个、续建5个。",
        "博州、",
        "到位9亿元，其中甲县4亿元、乙县5亿元；",
        "考察3次走访9个项目，",
        "近百",
        "湖北省某某",
        "1家",
        "-1%",
        "在云屏产业园、",
        "建设面粉、晨星10万吨等一批项目",
    ];
    for piece in pieces {
        let text = piece.repeat(500_000 / piece.chars().count());
        holds(&text, &READER.read(&text, None));
    }
}
