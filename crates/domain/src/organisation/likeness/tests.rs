//! Pairs that are one, and traps.

use super::super::blocking_keys;
use super::*;
use proptest::prelude::*;

const REGIONS: &[&str] = &["湖北省", "湖北", "新疆", "乌鲁木齐市", "乌鲁木齐"];

fn known(name: &str) -> Known {
    Known { name: Name::new(name, REGIONS), aliases: vec![], code: None, region: None }
}

fn compare(a: &str, b: &str) -> (Vec<Reason>, Vec<Objection>, Strength) {
    let likeness = similarity(&known(a), &known(b));
    (likeness.reasons, likeness.objections, likeness.strength)
}

#[test]
fn two_spellings_of_one_name_are_the_same() {
    let same = (vec![Reason::SameName, Reason::SameRegion], vec![], Strength::Same);
    assert_eq!(compare("湖北砾石有限公司", "湖北省砾石有限责任公司"), same);
    assert_eq!(compare("砾石（集团）有限公司", "砾石集团有限责任公司").2, Strength::Same);
    // Without a legal form a name may be anybody's.
    assert_eq!(compare("砾石商会", "砾石 商会").2, Strength::Likely);
}

#[test]
fn a_short_form_is_known_within_its_region() {
    let (reasons, objections, strength) = compare("湖北交投", "湖北交通投资集团有限公司");
    assert_eq!(reasons, [Reason::SameShortForm, Reason::SameRegion]);
    assert!(objections.is_empty());
    assert_eq!(strength, Strength::Likely);
    assert_eq!(compare("交投", "湖北交通投资集团有限公司").2, Strength::Possible);
    assert_eq!(compare("新疆交投", "湖北交通投资集团有限公司").2, Strength::Possible);
}

#[test]
fn a_subsidiary_is_not_its_parent() {
    let (reasons, objections, strength) = compare("湖北交投", "湖北交投建设集团");
    assert_eq!(reasons, [Reason::OneContainsOther, Reason::SameRegion]);
    assert_eq!(objections, [Objection::FurtherWords]);
    assert_eq!(strength, Strength::Possible);
    assert_eq!(compare("湖北交投", "湖北交通投资建设集团有限公司").2, Strength::None);
    assert_eq!(compare("砾石有限公司", "砾石（湖北）有限公司").2, Strength::Possible);
    assert_eq!(compare("砾石有限公司", "砾石有限公司湖北分公司").2, Strength::Possible);
}

#[test]
fn the_same_name_elsewhere_is_only_possible() {
    let (reasons, objections, strength) = compare("新疆砾石公司", "乌鲁木齐砾石公司");
    assert_eq!((reasons, objections), (vec![Reason::SameNormalName], vec![Objection::OtherRegion]));
    assert_eq!(strength, Strength::Possible);
    assert_eq!(compare("砾石股份有限公司", "新疆砾石有限公司").2, Strength::Likely);
}

#[test]
fn sisters_that_differ_by_a_number_are_told_apart() {
    assert_eq!(compare("湖北砾石第一建筑公司", "湖北砾石第二建筑公司").2, Strength::None);
    assert_eq!(compare("湖北砾石建筑安装公司", "湖北砾石建造安装公司").2, Strength::Likely);
    assert_eq!(compare("砾石建筑安装公司", "砾石建造安装公司").2, Strength::Possible);
    assert_eq!(compare("砾石", "石砾").2, Strength::None);
}

#[test]
fn codes_decide() {
    let code = |text: &str| CreditCode::parse(text).expect("made up, but right");
    let (one, other) = (code("91990100MA0000001G"), code("50000000000000001X"));
    let with = |name: &str, code: &CreditCode| Known { code: Some(code.clone()), ..known(name) };
    let renamed = similarity(&with("砾石公司", &one), &with("新疆黄沙公司", &one));
    assert_eq!((renamed.reasons, renamed.strength), (vec![Reason::SameCode], Strength::Same));
    let apart = similarity(&with("砾石有限公司", &one), &with("砾石有限公司", &other));
    assert_eq!((apart.objections, apart.strength), (vec![Objection::OtherCode], Strength::Possible));
    let governments = similarity(&with("湖北人民政府", &one), &with("乌鲁木齐人民政府", &other));
    assert_eq!(governments.strength, Strength::None, "the rest of the name is anybody's");
}

#[test]
fn a_former_name_is_remembered() {
    let renamed =
        Known { aliases: vec![Name::new("湖北旧石厂", REGIONS)], ..known("湖北砾石有限公司") };
    let likeness = similarity(&renamed, &known("旧石厂"));
    assert_eq!((likeness.reasons, likeness.strength), (vec![Reason::SameAliases], Strength::Likely));
    assert_eq!(similarity(&renamed, &known("新疆旧石厂")).strength, Strength::None);
}

#[test]
fn the_region_of_an_entry_counts_where_its_name_has_none() {
    let at = |name: &str, region| Known { region: Some(region), ..known(name) };
    assert_eq!(similarity(&at("交投", 1), &at("交通投资公司", 1)).strength, Strength::Likely);
    assert_eq!(similarity(&at("交投", 1), &at("黄沙公司", 1)).strength, Strength::None);
    assert_eq!(similarity(&at("交投", 1), &at("交通投资公司", 2)).strength, Strength::Possible);
}

proptest! {
    #[test]
    fn order_does_not_matter_and_what_is_alike_shares_a_key(
        a in "(湖北|新疆|)[交通投资建砾一二]{1,9}(集团|)(有限公司|公司|)",
        b in "(湖北|新疆|)[交通投资建砾一二]{1,9}(集团|)(有限公司|公司|)",
    ) {
        let (a, b) = (known(&a), known(&b));
        let likeness = similarity(&a, &b);
        prop_assert_eq!(&likeness, &similarity(&b, &a));
        let (x, y) = (blocking_keys(&a.name), blocking_keys(&b.name));
        prop_assert!(likeness.strength == Strength::None || x.iter().any(|key| y.contains(key)));
    }
}
