//! One form, opened by two people.

use crate::site::Site;
use locale::Locale;

const P: &str = "/p/invented";

/// What a hidden field of a page holds.
fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let value = page.split(&field).nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no {name} in {page}")).to_owned()
}

#[tokio::test]
async fn the_second_is_shown_both_values_until_one_is_chosen() {
    for site in Site::on_every_database().await {
        let (mut office, mut reviewer) = (site.signed_in("office").await, site.signed_in("reviewer").await);
        let fields = [("title", "测同改厂"), ("kind", "enterprise"), ("address", "一路"), ("note", "旧")];
        let made = office.post(&format!("{P}/lists/organisation/new"), &fields).await;
        let page = format!("{P}/records/{}", made.location().rsplit('/').next().expect("a code"));
        let edit = format!("{page}/edit");
        let version = hidden(&office.get(&edit).await.text(), "version");
        let form = |address: &'static str, note: &'static str| {
            [("title", "测同改厂"), ("kind", "enterprise"), ("address", address), ("note", note)]
        };
        let first = [&form("二路", "新")[..], &[("version", &*version)]].concat();
        assert_eq!(office.post(&edit, &first).await.status, 303);

        let second = [&form("三路", "旧")[..], &[("version", &*version)]].concat();
        let asked = reviewer.post(&edit, &second).await;
        assert_eq!(asked.status, 409);
        let text = asked.text();
        assert!(text.contains("name=\"keep_address\"") && !text.contains("name=\"keep_note\""), "{text}");
        assert!(text.contains("二路") && text.contains("三路") && !text.contains(" checked"), "{text}");
        let seen = hidden(&text, "seen");
        let answered = [&second[..], &[("seen", &*seen)]].concat();
        let again = reviewer.post(&edit, &answered).await;
        assert_eq!(again.status, 409);
        assert!(again.text().contains(Locale::Zh.form_conflict_choose()), "{}", again.text());
        let chosen = [&answered[..], &[("keep_address", "mine")]].concat();
        assert_eq!(reviewer.post(&edit, &chosen).await.status, 303);
        let shown = office.get(&page).await.text();
        assert!(shown.contains("三路") && shown.contains("新") && !shown.contains("二路</dd>"), "{shown}");
    }
}

#[tokio::test]
async fn who_types_an_identity_number_is_told_that_it_is_kept_nowhere() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let number = "11010519491231002X";
        let note = format!("经办人 {number}");
        let fields = [("title", "测遮盖厂"), ("kind", "enterprise"), ("note", note.as_str())];
        let made = office.post(&format!("{P}/lists/organisation/new"), &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let page = office.get(made.location()).await.text();
        assert!(page.contains(&Locale::Zh.form_masked("备注")) && !page.contains(number), "{page}");
    }
}
