//! Records that are taken out of the lists, and brought back.

use crate::browser::Browser;
use crate::site::{PASSWORD, Site, now};
use app::{Actor, NewRole, RecordKind, Role};

const P: &str = "/p/invented";

async fn enter(browser: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(&format!("{P}/lists/{kind}/new"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().rsplit('/').next().expect("a code").to_owned()
}

async fn lists(browser: &mut Browser, query: &str, title: &str) -> bool {
    browser.get(&format!("{P}/lists/organisation?q=%E6%B5%8B&{query}")).await.text().contains(title)
}

#[tokio::test]
async fn an_archived_record_leaves_the_lists_with_a_reason_and_comes_back() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let code = enter(&mut office, "organisation", &[("title", "测归档厂"), ("kind", "enterprise")]).await;
        let page = format!("{P}/records/{code}");
        let silent = office.post(&format!("{page}/archive"), &[("reason", " ")]).await;
        assert_eq!(silent.status, 422);
        assert!(silent.text().contains("field-error") && lists(&mut office, "", "测归档厂").await);
        let done = office.post(&format!("{page}/archive"), &[("reason", "注销")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert!(
            !lists(&mut office, "", "测归档厂").await && lists(&mut office, "archived=yes", "测归档厂").await
        );
        let shown = office.get(&page).await.text();
        assert!(shown.contains("/restore\"") && !shown.contains("/archive\""), "{shown}");
        assert_eq!(office.post(&format!("{page}/archive"), &[("reason", "再来")]).await.status, 409);
        let mut reader = site.signed_in("reader").await;
        assert!(!reader.get(&page).await.text().contains("/restore\""));
        assert_eq!(reader.post(&format!("{page}/restore"), &[("reason", "x")]).await.status, 403);
        assert_eq!(office.post(&format!("{page}/restore"), &[("reason", "误操作")]).await.status, 303);
        assert!(
            lists(&mut office, "", "测归档厂").await && !lists(&mut office, "archived=yes", "测归档厂").await
        );
        let audit = office.get(&format!("{page}/audit")).await.text();
        for words in ["归档记录", "注销", "恢复记录", "误操作"] {
            assert!(audit.contains(words), "{words}: {audit}");
        }
    }
}

#[tokio::test]
async fn archiving_is_undone_from_the_history() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let code = enter(&mut office, "organisation", &[("title", "测归档厂"), ("kind", "enterprise")]).await;
        let page = format!("{P}/records/{code}");
        assert_eq!(office.post(&format!("{page}/archive"), &[("reason", "注销")]).await.status, 303);
        let audit = office.get(&format!("{page}/audit")).await.text();
        let undo = audit.split("action=\"").filter_map(|rest| rest.split('"').next());
        let undo =
            undo.filter(|action| action.ends_with("/undo")).map(str::to_owned).next().expect("a button");
        assert_eq!(office.post(&undo, &[("next", page.as_str())]).await.status, 303);
        assert!(lists(&mut office, "", "测归档厂").await);
    }
}

#[tokio::test]
async fn an_archived_lead_does_not_come_back_over_another_teams() {
    for site in Site::on_every_database().await {
        let operator = Actor::operator(now());
        let programme = site.app.programme("invented").await.expect("loaded").id;
        let offices = ["汐港市协作工作队", "岚阳市协作工作分指挥部"];
        for (login, office) in ["first", "second"].into_iter().zip(offices) {
            let found = site.app.record_list_named(&operator, programme, RecordKind::Office, office).await;
            let office = found.expect("asked").remove(0).code;
            let new = NewRole { programme: Some("invented"), office: Some(&office), ..NewRole::default() };
            let account = (login, login, PASSWORD);
            site.app.user_add_with(&operator, account, Role::Office, &new).await.expect("a user");
        }
        let (mut first, mut second) = (site.signed_in("first").await, site.signed_in("second").await);
        let firm = enter(&mut first, "organisation", &[("title", "测首谈厂"), ("kind", "enterprise")]).await;
        let fields = [("title", "甲线索"), ("organisation", firm.as_str())];
        let lead = enter(&mut first, "lead", &fields).await;
        let page = format!("{P}/records/{lead}");
        assert_eq!(first.post(&format!("{page}/archive"), &[("reason", "停")]).await.status, 303);
        enter(&mut second, "lead", &[("title", "乙线索"), ("organisation", firm.as_str())]).await;
        let restored = first.post(&format!("{page}/restore"), &[("reason", "续")]).await;
        assert_eq!(restored.status, 409);
        assert!(restored.text().contains("id=\"archive-reason-error\""), "{}", restored.text());
        assert!(!restored.text().contains("乙线索"), "{}", restored.text());
        let audit = first.get(&format!("{page}/audit")).await.text();
        let undo = audit.split("action=\"").filter_map(|rest| rest.split('"').next());
        let undo =
            undo.filter(|action| action.ends_with("/undo")).map(str::to_owned).next().expect("a button");
        let refused = first.post(&undo, &[("next", page.as_str()), ("reason", "再来")]).await;
        assert_eq!(refused.status, 409);
        let text = refused.text();
        assert!(text.contains("id=\"f-reason-error\"") && text.contains("value=\"再来\""), "{text}");
        assert!(first.get(&page).await.text().contains("/restore\""), "still archived");
    }
}

#[tokio::test]
async fn the_history_names_fields_and_values_as_the_form_does_and_a_decision_as_what_it_is() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let named = [
            ("title", "测史料厂"),
            ("kind", "enterprise"),
            ("website", "www.example.com"),
            ("sector", "C14"),
        ];
        let first = enter(&mut office, "organisation", &named).await;
        let twin = [("title", "测史料厂"), ("kind", "enterprise"), ("different", "yes")];
        enter(&mut office, "organisation", &twin).await;
        let audit = office.get(&format!("{P}/records/{first}/audit")).await.text();
        for words in ["网址: www.example.com", "行业: C", "企业"] {
            assert!(audit.contains(words), "{words}: {audit}");
        }
        for raw in ["website", "sector", "enterprise"] {
            assert!(
                !audit.contains(&format!("{raw}: ")) && !audit.contains(&format!(": {raw}")),
                "{raw}: {audit}"
            );
        }
        assert_eq!(audit.matches("新建记录").count(), 1, "{audit}");
        assert_eq!(audit.matches("判定不是同一个").count(), 1, "{audit}");
    }
}
