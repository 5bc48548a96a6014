//! What texts tell of projects, in invented wording with invented names.

use domain::stage::Milestone;
use jiff::civil::date;
use reading::{Mention, NameKind, ProjectNews, Reader};

fn read(text: &str) -> Vec<ProjectNews> {
    let names = [("沙岭市", NameKind::Region), ("云屏县", NameKind::Region), ("河湾县", NameKind::Region)];
    Reader::with_names(names).read(text, Some(date(2024, 12, 20))).projects
}

fn words(mention: &Option<Mention>) -> &str {
    mention.as_ref().map_or("", |of| of.text.as_str())
}

/// Name, milestone with `~` where it is planned, owner, place, capacity.
fn brief(news: &ProjectNews) -> String {
    let milestone = news.milestone.map_or("", Milestone::code);
    let planned = if news.planned { "~" } else { "" };
    let (owner, place, capacity) = (words(&news.owner), words(&news.place), words(&news.capacity));
    format!("{} {planned}{milestone} {owner} {place} {capacity}", news.name.text)
}

fn briefs(text: &str) -> Vec<String> {
    read(text).iter().map(brief).collect()
}

#[test]
fn a_name_in_front_of_its_stage_word() {
    let cases = [
        ("青禾粮油加工项目开工。", "青禾粮油加工项目 started   "),
        ("3月5日,云屏县青禾粮油加工项目正式投产。", "青禾粮油加工项目 production  云屏县 "),
        (
            "沙岭晨星科技有限公司的年产20万吨碳酸钙项目在云屏县落地。",
            "年产20万吨碳酸钙项目 landed 沙岭晨星科技有限公司 云屏县 年产20万吨",
        ),
        ("云屏县“星河算力”数据中心竣工。", "“星河算力”数据中心 completed  云屏县 "),
        ("远山棉纺生产线达产达效。", "远山棉纺生产线 capacity   "),
        ("远山棉纺二期项目进入试运行阶段。", "远山棉纺二期项目 completed   "),
        ("位于河湾县的白杨光伏电站投入运营。", "白杨光伏电站 production  河湾县 "),
        ("拓海物流园项目已签约。", "拓海物流园项目 signed   "),
        ("受资金影响,拓海物流园项目停工。", "拓海物流园项目 on_hold   "),
        ("总投资5亿元的拓海冷链仓储项目复工。", "拓海冷链仓储项目 started   "),
        ("计划投资5亿元的拓海冷链仓储项目开工。", "拓海冷链仓储项目 started   "),
    ];
    for (text, expected) in cases {
        assert_eq!(briefs(text), [expected], "{text}");
    }
}

#[test]
fn a_verb_in_front_of_what_it_builds() {
    let cases = [
        (
            "沙岭晨星科技有限公司在云屏县建设冷链物流产业园。",
            "冷链物流产业园 started 沙岭晨星科技有限公司 云屏县 ",
        ),
        ("在河湾县新建10万锭精梳纺纱生产线。", "10万锭精梳纺纱生产线 started  河湾县 10万锭"),
        ("引进河湾远帆农业有限公司在建番茄深加工基地。", "番茄深加工基地 started 河湾远帆农业有限公司  "),
        ("签约了云屏县石英砂提纯项目。", "石英砂提纯项目 signed  云屏县 "),
        ("开工建设白杨河水利枢纽工程。", "白杨河水利枢纽工程 started   "),
        (
            "河湾远帆农业有限公司与云屏县签订葡萄酒庄项目的战略合作框架协议。",
            "葡萄酒庄项目 talks 河湾远帆农业有限公司  ",
        ),
        (
            "在河湾县建设户外装备、电子组装、时令蔬菜产业园。",
            "户外装备、电子组装、时令蔬菜产业园 started  河湾县 ",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(briefs(text), [expected], "{text}");
    }
}

#[test]
fn what_somebody_invests_in_has_no_stage_yet() {
    assert_eq!(
        briefs("河湾远帆农业有限公司投资番茄深加工基地。"),
        ["番茄深加工基地  河湾远帆农业有限公司  "]
    );
}

#[test]
fn several_of_one_list_reach_the_stage_together() {
    let text = "云屏食品产业园、晨星纺织扩建8万锭等一批产业项目投产达效。";
    let found = read(text);
    let names: Vec<_> = found.iter().map(|news| news.name.text.as_str()).collect();
    assert_eq!(names, ["云屏食品产业园", "晨星纺织扩建8万锭"]);
    assert!(found.iter().all(|news| news.milestone == Some(Milestone::Capacity) && !news.planned));
    assert_eq!(words(&found[1].capacity), "8万锭");
}

#[test]
fn plans_hopes_and_days_to_come_are_planned() {
    for text in [
        "青禾粮油加工项目计划明年开工。",
        "青禾粮油加工项目预计2025年6月投产。",
        "力争青禾粮油加工项目年内竣工。",
        "青禾粮油加工项目即将签约。",
        "加快推进青禾粮油加工项目落地。",
        "青禾粮油加工项目投产后,可年产面粉5万吨。",
        "青禾粮油加工项目将于2025年3月1日开工。",
        "2025年3月1日青禾粮油加工项目开工。",
        "拟在云屏县建设青禾粮油加工基地。",
    ] {
        let found = read(text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(found[0].planned, "{text}");
    }
    assert!(!read("青禾粮油加工项目按计划开工。")[0].planned);
}

#[test]
fn what_names_nothing_is_no_project() {
    for text in [
        "一批产业项目集中开工。",
        "12个项目开工,8个项目竣工。",
        "全市新开工亿元以上项目30个。",
        "产业援疆项目落地见效。",
        "签约项目1个,拟签约项目2个。",
        "建设多个种植养殖示范基地。",
        "各类重大招商项目加快落地。",
        "建设产业园区,打造就业基地。",
        "项目开工仪式在云屏县举行。",
        "推进项目建设。",
        "工业项目竣工率有所提高。",
    ] {
        assert_eq!(briefs(text), [""; 0], "{text}");
    }
}

#[test]
fn what_did_not_happen_is_not_offered() {
    for text in
        ["青禾粮油加工项目尚未开工。", "青禾粮油加工项目未能落地。", "放弃在云屏县建设青禾粮油加工基地。"]
    {
        assert_eq!(briefs(text), [""; 0], "{text}");
    }
}

#[test]
fn the_day_stands_in_the_sentence_and_resolves() {
    let found = read("2023年11月17日,云屏县青禾粮油加工项目开工。");
    let period = found[0].period.as_ref().expect("a day");
    assert_eq!(period.mention.text, "2023年11月17日");
    assert_eq!((period.period.from, period.period.to), (Some(date(2023, 11, 17)), Some(date(2023, 11, 17))));
    assert_eq!(read("去年,云屏县发展良好,青禾粮油加工项目开工。")[0].period, None);
}

#[test]
fn the_next_sentence_may_go_on_about_the_project() {
    let text = "3月5日,青禾粮油加工项目在云屏县开工。项目由沙岭晨星科技有限公司投资建设,总投资3亿元,年产面粉5万吨。\
                另一件事。";
    let found = read(text);
    assert_eq!(found.len(), 1);
    assert_eq!(words(&found[0].owner), "沙岭晨星科技有限公司");
    let end = text.chars().position(|c| c == '另').expect("the sentence after");
    assert_eq!(found[0].sentence, (0, end));
}

#[test]
fn offices_and_persons_own_nothing() {
    let found = read("云屏县援建工作队在云屏县建设青禾粮油加工基地。");
    assert_eq!(found[0].owner, None);
    let found = read("董事长王某某说,青禾粮油加工项目开工。");
    assert_eq!(found[0].owner, None);
    assert_eq!(found[0].name.text, "青禾粮油加工项目");
}

#[test]
fn a_damaged_text_keeps_its_offsets() {
    let text = "金禾紡織產(chǎn)業(yè)園項目投產(chǎn)達(dá)效。";
    let found = read(text);
    let cut: String = text.chars().skip(found[0].start).take(found[0].end - found[0].start).collect();
    assert_eq!((found.len(), found[0].quote.as_str()), (1, cut.as_str()));
    assert_eq!(found[0].milestone, Some(Milestone::Capacity));
}
