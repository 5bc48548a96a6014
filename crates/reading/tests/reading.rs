//! Examples of the genre, in invented wording: numbers, kinds, frames, checks.

use jiff::civil::date;
use reading::{Claim, Coverage, NameKind, Reader, Reading};

fn read(text: &str) -> Reading {
    let names = [("沙岭市", NameKind::Region), ("云屏县", NameKind::Region), ("河湾县", NameKind::Region)];
    Reader::with_names(names).read(text, Some(date(2024, 12, 20)))
}

fn brief(c: &Claim) -> String {
    let max = c.value_max.map(|v| format!("..{v}")).unwrap_or_default();
    format!("{} {}{max} {}", c.quote, c.value, c.unit.code())
}

fn briefs(text: &str) -> Vec<String> {
    read(text).claims.iter().map(brief).collect()
}

fn measures(text: &str) -> Vec<&'static str> {
    read(text).claims.iter().map(|c| c.measure.code()).collect()
}

#[test]
fn amounts_of_money() {
    let cases = [
        ("总投资1,200万元。", "1,200万元 12000000 CNY"),
        ("共７.５亿元", "７.５亿元 750000000 CNY"),
        ("计划投资一千二百亿元", "一千二百亿元 120000000000 CNY"),
        ("到账一点零四亿元", "一点零四亿元 104000000 CNY"),
        ("补助壹佰万元整", "壹佰万元整 1000000 CNY"),
        ("销售近亿元", "近亿元 100000000 CNY"),
        ("产值上百亿元", "上百亿元 10000000000 CNY"),
        ("规模超千亿元", "超千亿元 100000000000 CNY"),
        ("投资3至5亿元", "3至5亿元 300000000..500000000 CNY"),
        ("投资3亿元至5亿元", "3亿元至5亿元 300000000..500000000 CNY"),
        ("进口额1.5亿美元", "1.5亿美元 150000000 USD"),
        ("资产数十亿元", "数十亿元 1000000000 CNY"),
        ("每公斤收购价12元", "12元 12 CNY/kg"),
        ("收购价12.5元/公斤", "12.5元/公斤 12.5 CNY/kg"),
        ("投入二百余万元", "二百余万元 2000000 CNY"),
        ("投资5000万元以上", "5000万元以上 50000000 CNY"),
        ("获得3亿5千万元贷款", "3亿5千万元 350000000 CNY"),
    ];
    for (text, expected) in cases {
        assert_eq!(briefs(text), [expected], "{text}");
    }
}

#[test]
fn rates_and_falls() {
    let cases = [
        ("同比增长12.5%", "12.5% 12.5 %"),
        ("同比下降3.2%", "3.2% -3.2 %"),
        ("增速回落0.4个百分点", "0.4个百分点 -0.4 pp"),
        ("下降至8%", "8% 8 %"),
        ("占近八成", "近八成 80 %"),
        ("约占三分之二", "三分之二 66.66 %"),
        ("超过百分之三十五", "超过百分之三十五 35 %"),
        ("增长10%-15%", "10%-15% 10..15 %"),
        ("是上届的2.5倍", "2.5倍 2.5 fold"),
    ];
    for (text, expected) in cases {
        assert_eq!(briefs(text), [expected], "{text}");
    }
}

#[test]
fn goods_and_counts() {
    let cases = [
        ("年产30万吨的生产线", "30万吨 300000 t"),
        ("年产10万锭", "10万锭 100000 spindle"),
        ("装机42万千瓦", "42万千瓦 420000 kW"),
        ("种植2.3千克", "2.3千克 2.3 kg"),
        ("发运1200标箱", "1200标箱 1200 TEU"),
        ("开行中欧班列120列", "120列 120 train"),
        ("占地3平方公里", "3平方公里 3000000 m2"),
        ("签订350项购销协议", "350项 350 agreement"),
        ("项目落地45个", "45个 45 project"),
        ("12个产业协作项目", "12个 12 project"),
        ("吸引十几家客商", "十几家 10 enterprise"),
        ("走访七八家企业", "七八家 7..8 enterprise"),
        ("9个方面", "9个方面 9 aspect"),
        ("三方面工作", "三方面 3 aspect"),
        ("8大类商品", "8大类 8 kind"),
        ("奔赴8省", "8省 8 province"),
        ("外出招商百余次", "百余次 100 trip"),
        ("新增岗位300个", "300个 300 job"),
    ];
    for (text, expected) in cases {
        assert_eq!(briefs(text), [expected], "{text}");
    }
}

#[test]
fn what_is_no_figure() {
    let none = [
        "2023年10月17日—18日",
        "上午10时30分",
        "15:47:54",
        "第十批工作队",
        "第6001列",
        "十城百店工程",
        "世界500强",
        "一系列举措",
        "两地携手",
        "三师四十一团",
        "G30高速",
        "2.0版",
        "电话0991-8557237",
        "一批批干部",
        "前十名",
        "上线10天以来",
        "截至11月底",
        "八大产业集群",
        "一带一路",
        "四五年级",
        "千家万户",
        "1-10月",
        "三年来",
        "许可证11010002009201号",
        "另一方面",
        "签约",
    ];
    for text in none {
        assert_eq!(briefs(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn approximators_touch_and_words_ending_like_them_do_not() {
    assert_eq!(
        briefs("签约20个项目，节约3万元，附近2家企业"),
        ["20个 20 project", "3万元 30000 CNY", "2家 2 enterprise"]
    );
    assert_eq!(briefs("签约额突破10亿元大关"), ["突破10亿元 1000000000 CNY"]);
}

#[test]
fn money_measures_stay_apart() {
    assert_eq!(
        measures("签订投资协议企业63家518亿元，签订意向及框架协议66家1200余亿元")[1],
        "signed_contract"
    );
    assert_eq!(measures("签订意向及框架协议企业66家1200余亿元")[1], "signed_intent");
    assert_eq!(
        measures("完成投资15亿元，到位资金7亿元，固定资产投资30亿元"),
        ["works_completed", "funds_arrived", "fixed_asset"]
    );
    assert_eq!(measures("计划总投资86.4亿元"), ["planned_total"]);
    assert_eq!(measures("安排援疆资金19亿元"), ["aid_planned"]);
    assert_eq!(measures("援疆资金到位2亿元"), ["aid_arrived"]);
    assert_eq!(measures("拨付援助资金3亿元，支付援助资金1亿元"), ["aid_disbursed", "aid_spent"]);
    assert_eq!(measures("签订20吨苹果、10吨红枣的购销协议"), ["purchase_contracted", "purchase_contracted"]);
    assert_eq!(measures("累计销售300吨，销售额超过300万元"), ["sales", "sales"]);
    assert_eq!(measures("现有企业20家，投资总额30亿元")[1], "invested_stock");
}

#[test]
fn roles() {
    let roles = |text: &str| read(text).claims.iter().map(|c| c.role.code()).collect::<Vec<_>>();
    assert_eq!(roles("力争年销售额超1亿元"), ["target"]);
    assert_eq!(roles("亿元以上的工业项目219个"), ["threshold", "actual"]);
    assert_eq!(roles("总投资12亿元的冷链项目开工"), ["actual"]);
    assert_eq!(roles("完成年度目标的30.6%"), ["actual"]);
    assert_eq!(roles("离10%的目标有差距"), ["target"]);
    assert_eq!(roles("项目建成后可年产面粉3万吨"), ["target"]);
}

#[test]
fn the_frame_of_a_list() {
    let reading = read("截至9月底，沙岭市实施项目30个，其中云屏县18个、河湾县12个，总投资40亿元。");
    let place = |i: usize| reading.claims[i].place.as_ref().map(|m| m.text.as_str());
    assert_eq!(
        (0..4).map(place).collect::<Vec<_>>(),
        [Some("沙岭市"), Some("云屏县"), Some("河湾县"), Some("沙岭市")]
    );
    let period = reading.claims[1].period.as_ref().expect("a period");
    assert_eq!((period.mention.text.as_str(), period.period.to), ("截至9月底", Some(date(2024, 9, 30))));
    assert!(reading.claims[0].certain);
    assert_eq!(reading.checks.len(), 1);
    assert_eq!((reading.checks[0].coverage, &reading.checks[0].parts), (Coverage::Complete, &vec![1, 2]));
}

#[test]
fn certain_needs_measure_place_and_period_in_the_sentence() {
    assert!(!read("沙岭市招商热。9月到位资金3亿元。").claims[0].certain);
    assert!(read("9月沙岭市到位资金3亿元。").claims[0].certain);
    assert!(
        read("9月沙岭市签约金额3亿元。").claims[0].certain,
        "the kind may be open, the measure is stated"
    );
    assert!(!read("力争9月沙岭市到位资金3亿元。").claims[0].certain, "a target is never certain");
}

fn checks(text: &str) -> Vec<(String, Vec<String>, Coverage)> {
    let reading = read(text);
    let quote = |i: &usize| reading.claims[*i].quote.clone();
    reading
        .checks
        .iter()
        .map(|c| (quote(&c.whole), c.parts.iter().map(quote).collect(), c.coverage))
        .collect()
}

#[test]
fn totals_and_parts() {
    let strings = |parts: &[&str]| parts.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let one = |whole: &str, parts: &[&str], coverage| vec![(whole.to_owned(), strings(parts), coverage)];
    assert_eq!(
        checks("签约企业90家。其中，签订投资协议企业50家300亿元，签订意向协议企业40家500亿元。"),
        one("90家", &["50家", "40家"], Coverage::Complete)
    );
    assert_eq!(checks("到位资金42.8亿元，其中本月20亿元。"), one("42.8亿元", &["20亿元"], Coverage::Partial));
    assert_eq!(
        checks("开工项目60个：工业25个、农业20个、旅游15个。"),
        one("60个", &["25个", "20个", "15个"], Coverage::Complete)
    );
    assert_eq!(
        checks("招商3次，走访5省考察项目20个。第一次考察项目12个。第二次考察了11个项目。"),
        one("20个", &["12个", "11个"], Coverage::Overlapping)
    );
    assert_eq!(
        checks("新建3个项目、续建5个项目，合计8个项目。"),
        one("8个", &["3个", "5个"], Coverage::Complete)
    );
    assert_eq!(
        checks("沙岭市和云屏县到位资金9亿元，其中沙岭市5亿元、云屏县3亿元。"),
        one("9亿元", &["5亿元", "3亿元"], Coverage::Complete)
    );
    assert_eq!(checks("增长12%，其中工业增长7%、农业增长5%。"), vec![]);
}

#[test]
fn damaged_traditional_text_is_quoted_as_it_stands() {
    let text = "到９月底，雲屏縣(xiàn)產(chǎn)業(yè)項目１２個(gè)，總投資３億元。";
    let reading = read(text);
    let quotes: Vec<_> = reading.claims.iter().map(|c| (c.quote.as_str(), c.unit.code())).collect();
    assert_eq!(quotes, [("１２個(gè)", "project"), ("３億元", "CNY")]);
    assert_eq!(reading.claims[1].place.as_ref().map(|m| m.text.as_str()), Some("雲屏縣(xiàn)"));
}

#[test]
fn persons_are_no_subject() {
    for claim in read("沙岭市商务局局长张某某表示，企业到位资金3亿元。李某某说：我们投资2亿元。").claims
    {
        assert_eq!(claim.org, None);
        assert!(claim.place.is_none_or(|p| p.text == "沙岭市"));
    }
}
