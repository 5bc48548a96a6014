//! Invented names. The syllables are rare in names of firms and always stand behind an invented region; none is a brand.

use super::random::Random;

/// Characters of trade names with their reading.
const SYLLABLES: &[(&str, &str)] = &[
    ("岫", "xiu"),
    ("荻", "di"),
    ("渚", "zhu"),
    ("砾", "li"),
    ("汀", "ting"),
    ("屿", "yu"),
    ("霁", "ji"),
    ("蓼", "liao"),
    ("芷", "zhi"),
    ("溆", "xu"),
    ("泺", "luo"),
    ("岬", "jia"),
    ("埠", "bu"),
    ("垄", "long"),
    ("畲", "she"),
    ("坞", "wu"),
    ("峁", "mao"),
    ("塬", "yuan"),
    ("碛", "qi"),
    ("滩", "tan"),
    ("漠", "mo"),
    ("榆", "yu"),
    ("柽", "cheng"),
    ("梭", "suo"),
    ("芨", "ji"),
    ("苜", "mu"),
    ("稷", "ji"),
    ("黍", "shu"),
    ("菽", "shu"),
    ("苎", "zhu"),
    ("葛", "ge"),
    ("棂", "ling"),
    ("檐", "yan"),
    ("甍", "meng"),
    ("砧", "zhen"),
    ("杼", "zhu"),
    ("舂", "chong"),
    ("篁", "huang"),
    ("筠", "jun"),
    ("篱", "li"),
    ("鹭", "lu"),
    ("鸥", "ou"),
    ("鹮", "huan"),
    ("鹞", "yao"),
    ("驼", "tuo"),
    ("骢", "cong"),
    ("羚", "ling"),
    ("雁", "yan"),
];

/// A trade: the path of its division of GB/T 4754, the word in a firm's name in zh and en, and what it makes.
pub(super) struct Trade {
    pub sector: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub product: &'static str,
}

macro_rules! trades {
    ($($sector:literal $zh:literal $en:literal $product:literal;)*) => {
        &[$(Trade { sector: $sector, zh: $zh, en: $en, product: $product }),*]
    };
}

pub(super) const TRADES: &[Trade] = trades! {
    "A01" "种业" "Seeds" "良种繁育"; "A02" "林果" "Orchards" "林果基地"; "A03" "牧业" "Livestock" "肉羊养殖";
    "C13" "农产品" "Farm Produce" "果蔬加工"; "C14" "食品" "Foods" "休闲食品"; "C15" "饮品" "Beverages" "果汁饮料";
    "C17" "纺织" "Textiles" "棉纱纺织"; "C18" "服饰" "Clothing" "成衣加工"; "C20" "木业" "Timber" "板材加工";
    "C22" "纸业" "Paper" "包装纸"; "C26" "化工" "Chemicals" "精细化工"; "C27" "药业" "Pharmaceuticals" "药材提取";
    "C29" "塑业" "Plastics" "节水滴灌带"; "C30" "建材" "Building Materials" "新型建材"; "C31" "钢构" "Steel Structures" "钢结构件";
    "C32" "新材料" "Materials" "有色金属材料"; "C35" "装备" "Machinery" "农机装备"; "C36" "车业" "Motor Parts" "汽车部件";
    "C38" "电气" "Electrical" "输变电设备"; "C39" "电子" "Electronics" "电子元件"; "C42" "循环" "Recycling" "资源再生";
    "D44" "能源" "Energy" "光伏发电"; "E48" "建设" "Construction" "园区配套"; "F51" "商贸" "Trading" "农产品购销";
    "G54" "运输" "Transport" "干线运输"; "G58" "供应链" "Supply Chain" "多式联运"; "G59" "仓储" "Storage" "冷链仓储";
    "H61" "文旅" "Tourism" "度假酒店"; "I64" "网络" "Network" "电商平台"; "I65" "软件" "Software" "数据服务";
    "L72" "商务服务" "Business Services" "会展服务"; "M75" "科技" "Technology" "技术推广";
};

/// A trade name of three syllables, with its reading. Different for each index below 110,592.
pub(super) fn brand(seed: u64, index: usize) -> (String, String) {
    let count = SYLLABLES.len();
    let all = count.pow(3);
    // A step without a common factor with their number visits each once.
    let start = Random::new(seed, "brand", 0).below(all);
    let at = (start + index % all * 62_501) % all;
    let parts = [at / count / count, at / count % count, at % count];
    let zh = parts.map(|part| SYLLABLES[part].0).concat();
    let mut en = parts.map(|part| SYLLABLES[part].1).concat();
    en[..1].make_ascii_uppercase();
    (zh, en)
}

/// 甲, 乙, 丙 … with a number: nobody's name.
pub(super) fn contact(index: usize) -> String {
    const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
    format!("联系人{}{}", STEMS[index % 10], index / 10 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_brands_are_the_same() {
        let all: BTreeSet<_> = (0..60_000).map(|index| brand(3, index).0).collect();
        assert_eq!(all.len(), 60_000);
    }

    #[test]
    fn trades_have_their_division() {
        for trade in TRADES {
            let sector = domain::sector::Sector::from_code(trade.sector).expect("of the standard");
            assert_eq!(
                (sector.is_section(), sector.path()),
                (false, trade.sector.to_owned()),
                "{}",
                trade.zh
            );
        }
    }
}
