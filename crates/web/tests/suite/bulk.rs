//! Many records of a list at once: shown first, done as one change, undone as a whole.

use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, Site, now};
use app::{Actor, NewRole, Role};

const LISTS: &str = "/p/invented/lists";

async fn enter(browser: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(&format!("{LISTS}/{kind}/new"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().rsplit('/').next().expect("a code").to_owned()
}

async fn opportunities(office: &mut Browser) -> Vec<String> {
    let mut codes = Vec::new();
    for (title, region) in [("罗盘甲", "X10100"), ("罗盘乙", "X10100"), ("罗盘丙", "X12700")] {
        let fields = [("title", title), ("status", "draft"), ("region", region), ("form", "sole")];
        codes.push(enter(office, "opportunity", &fields).await);
    }
    codes
}

/// What the form of a page whose action ends so would send.
fn form(page: &Answer, action: &str) -> (String, Vec<(String, String)>) {
    let text = page.text();
    let is_it = |form: &&str| form.split('>').next().is_some_and(|tag| tag.contains(&format!("{action}\"")));
    let form = text.split("<form").find(is_it);
    let form = form.unwrap_or_else(|| panic!("no form {action}: {text}"));
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&")
    };
    let inputs = form.split("<input type=\"hidden\"").skip(1);
    let pairs = inputs.map(|tag| (attribute(tag, "name"), attribute(tag, "value"))).collect();
    (attribute(form, "action"), pairs)
}

async fn send(browser: &mut Browser, (action, pairs): &(String, Vec<(String, String)>)) -> Answer {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(action, &pairs).await
}

async fn preview(browser: &mut Browser, field: (&str, &str), codes: &[String]) -> Answer {
    let mut sent = vec![("field", field.0), field, ("reason", "合并口径"), ("query", "status=draft")];
    sent.extend(codes.iter().map(|code| ("record", code.as_str())));
    browser.post(&format!("{LISTS}/opportunity/bulk"), &sent).await
}

async fn joint(browser: &mut Browser) -> usize {
    browser.get(&format!("{LISTS}/opportunity?form=joint")).await.text().matches("<th scope=\"row\"").count()
}

async fn changes(browser: &mut Browser, code: &str) -> usize {
    let page = browser.get(&format!("/p/invented/records/{code}/audit")).await.text();
    page.matches("合并口径").count()
}

#[tokio::test]
async fn many_records_change_as_one_and_come_back_as_one() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let codes = opportunities(&mut office).await;
        let before = joint(&mut office).await;
        let page = preview(&mut office, ("form", "joint"), &codes).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("3 条将修改") && page.text().contains("合资"), "{}", page.text());
        assert_eq!(joint(&mut office).await, before, "a preview writes nothing");
        let confirmed = form(&page, "/bulk/done");
        let done = send(&mut office, &confirmed).await;
        assert_eq!((done.status, done.location()), (303, "/p/invented/lists/opportunity?status=draft"));
        assert_eq!(joint(&mut office).await, before + 3);
        assert_eq!(changes(&mut office, &codes[1]).await, 1);
        // Sent twice by a nervous finger: nothing more happens.
        let again = send(&mut office, &confirmed).await;
        assert_eq!(again.status, 409, "{}", again.text());
        assert_eq!(changes(&mut office, &codes[1]).await, 1);
    }
}

#[tokio::test]
async fn what_was_done_is_undone_from_the_message_above_the_list() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let codes = opportunities(&mut office).await;
        let before = joint(&mut office).await;
        let page = preview(&mut office, ("form", "joint"), &codes).await;
        let done = send(&mut office, &form(&page, "/bulk/done")).await;
        let list = office.get(done.location()).await;
        let undone = send(&mut office, &form(&list, "/undo")).await;
        assert_eq!((undone.status, undone.location()), (303, done.location()));
        assert_eq!(joint(&mut office).await, before);
        let audit = office.get(&format!("/p/invented/records/{}/audit", codes[0])).await.text();
        assert!(audit.contains("批量修改") && audit.contains("撤销了变更"), "{audit}");
    }
}

#[tokio::test]
async fn all_that_a_filter_shows_are_chosen_and_those_that_have_the_value_stay() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let codes = opportunities(&mut office).await;
    let edit = [("title", "罗盘甲"), ("form", "joint"), ("reason", "x")];
    assert_eq!(office.post(&format!("/p/invented/records/{}/edit", codes[0]), &edit).await.status, 303);
    let sent = [("all", "yes"), ("query", "q=%E7%BD%97%E7%9B%98&status=draft"), ("field", "form")];
    let sent = [&sent[..], &[("form", "joint"), ("reason", "x")]].concat();
    let page = office.post(&format!("{LISTS}/opportunity/bulk"), &sent).await.text();
    assert!(page.contains("2 条将修改") && page.contains("1 条已是此值"), "{page}");
}

#[tokio::test]
async fn what_somebody_changed_since_the_preview_stops_all_of_it() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let codes = opportunities(&mut office).await;
        let page = preview(&mut office, ("form", "joint"), &codes).await;
        let mut other = site.signed_in("reviewer").await;
        let edit = [("title", "罗盘甲"), ("form", "lease"), ("reason", "x")];
        assert_eq!(other.post(&format!("/p/invented/records/{}/edit", codes[0]), &edit).await.status, 303);
        let refused = send(&mut office, &form(&page, "/bulk/done")).await;
        assert_eq!(refused.status, 409);
        let text = refused.text();
        assert!(text.contains("预览之后这一项已被reviewer修改") && text.contains("2 条将修改"), "{text}");
        assert_eq!(changes(&mut office, &codes[1]).await, 0, "nothing was written");
        let rest = send(&mut office, &form(&refused, "/bulk/done")).await;
        assert_eq!(rest.status, 303, "{}", rest.text());
        assert_eq!((changes(&mut office, &codes[0]).await, changes(&mut office, &codes[1]).await), (0, 1));
    }
}

#[tokio::test]
async fn what_cannot_be_understood_comes_back_as_it_was_typed() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let codes = opportunities(&mut office).await;
    let hostile = "<script>alert(1)</script>\u{202e}";
    let cases: &[&[(&str, &str)]] = &[
        &[("field", ""), ("reason", "r7")],
        &[("field", "status"), ("status", "open"), ("reason", "r7")],
        &[("field", "castle"), ("reason", "r7")],
        &[("field", "valid_to"), ("valid_to", "2026-13-45"), ("reason", "r7")],
        &[("field", "valid_to"), ("valid_to", "0001-01-01"), ("reason", "r7")],
        &[("field", "region"), ("region", "X99999"), ("reason", "r7")],
        &[("field", "region"), ("region", ""), ("reason", "r7")],
        &[("field", "park"), ("park", hostile), ("reason", "r7")],
        &[("field", "form"), ("form", hostile), ("reason", "r7")],
        &[("field", "form"), ("form", "joint"), ("reason", " ")],
    ];
    for case in cases {
        let sent = [*case, &[("record", codes[0].as_str()), ("query", "")][..]].concat();
        for address in ["bulk", "bulk/done"] {
            let page = office.post(&format!("{LISTS}/opportunity/{address}"), &sent).await;
            let text = page.text();
            assert_eq!(page.status, 422, "{case:?}: {text}");
            assert!(text.contains("field-error"), "{case:?}");
            assert!(!text.contains("<script>alert"), "{case:?}");
            assert!(case.last() == Some(&("reason", " ")) || text.contains("value=\"r7\""), "{case:?}");
            let ticked = format!("value=\"{}\"", codes[0]);
            let after = text.split(&ticked).nth(1).expect("the record");
            assert!(after.split('>').next().is_some_and(|tag| tag.contains(" checked")), "{case:?}");
        }
    }
    let nothing = preview(&mut office, ("form", "joint"), &[]).await;
    assert_eq!(nothing.status, 422);
    assert!(nothing.text().contains("请先勾选"), "{}", nothing.text());
}

#[tokio::test]
async fn another_regions_record_is_neither_touched_nor_named_and_none_is_moved_out_of_reach() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let codes = opportunities(&mut office).await;
        let new = NewRole { programme: Some("invented"), region: Some("X10100"), ..NewRole::default() };
        let account = ("wuze", "wuze", PASSWORD);
        site.app.user_add_with(&Actor::operator(now()), account, Role::Region, &new).await.expect("a user");
        let mut region = site.signed_in("wuze").await;
        let page = preview(&mut region, ("form", "joint"), &codes).await;
        let text = page.text();
        assert!(text.contains("2 条将修改") && text.contains("罗盘甲"), "{text}");
        assert!(!text.contains("罗盘丙") && !text.contains(&codes[2]), "{text}");
        let mut forged = form(&page, "/bulk/done");
        forged.1.push(("record".to_owned(), format!("{}:9999999", codes[2])));
        let refused = send(&mut region, &forged).await;
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert!(!refused.text().contains(&codes[2]));
        assert_eq!(changes(&mut office, &codes[2]).await + changes(&mut office, &codes[0]).await, 0);
        let moved = preview(&mut region, ("region", "X12700"), &codes).await;
        assert!(moved.text().contains("2 条不能修改"), "{}", moved.text());
        let open =
            enter(&mut office, "park", &[("title", "丁园区"), ("kind", "other"), ("region", "X12700")]);
        let open = open.await;
        let sent = [("field", "level"), ("level", "county"), ("reason", "x"), ("record", open.as_str())];
        let page = region.post(&format!("{LISTS}/park/bulk"), &sent).await.text();
        assert!(page.contains("没有修改这条记录的权限"), "{page}");
    }
}
