//! Accounts as pages, and the second factor at sign-in.

use crate::site::{PASSWORD, Site, now};
use app::{Actor, Role};
use locale::Locale;

/// A site with a system and a security administrator.
async fn sites() -> Vec<Site> {
    let sites = Site::on_every_database().await;
    for site in &sites {
        let operator = Actor::operator(now());
        for (login, role) in [("system", Role::System), ("security", Role::Security)] {
            site.app.user_add(&operator, login, login, PASSWORD, None, role).await.expect("a new user");
        }
    }
    sites
}

#[tokio::test]
async fn the_system_administrator_keeps_accounts_and_the_form_keeps_what_was_typed() {
    for site in sites().await {
        let mut system = site.signed_in("system").await;
        assert!(system.get("/").await.text().contains("href=\"/users\""));
        let fields = [
            ("login", "wang"),
            ("name", "王五"),
            ("password", PASSWORD),
            ("role", "region"),
            ("programme", "invented"),
        ];
        let refused = system.post("/users", &fields).await;
        assert_eq!(refused.status, 422);
        let words = Locale::Zh.invalid_missing(Locale::Zh.region());
        assert!(refused.text().contains(&words) && refused.text().contains("value=\"王五\""));
        let mut fields = fields.to_vec();
        fields.push(("region", "X12700"));
        let added = system.post("/users", &fields).await;
        assert_eq!((added.status, added.location()), (303, "/users/wang"), "{}", added.text());
        assert!(system.get("/users/wang").await.text().contains(Locale::Zh.role_region()));
        let mut wang = site.signed_in("wang").await;
        assert_eq!(wang.get("/p/invented").await.status, 200);
        assert_eq!(system.post("/users/wang/disabled", &[("disabled", "yes")]).await.status, 303);
        assert_eq!(wang.get("/p/invented").await.status, 303, "the session ended");
    }
}

#[tokio::test]
async fn a_role_that_needs_two_waits_for_the_other_administrator() {
    for site in sites().await {
        let (mut system, mut security) = (site.signed_in("system").await, site.signed_in("security").await);
        let fields = [("role", "approver"), ("programme", "*")];
        assert_eq!(system.post("/users/reader/roles", &fields).await.status, 303);
        let operator = Actor::operator(now());
        let account = site.app.user(&operator, "reader").await.expect("the account");
        let waiting = account.roles.iter().find(|role| role.pending).expect("a role that waits");
        let confirm = format!("/users/reader/roles/{}/confirm", waiting.id);
        let mut reader = site.signed_in("reader").await;
        assert_eq!(reader.get("/p/invented/figures.csv").await.status, 403, "it does not hold yet");
        assert_eq!(system.post(&confirm, &[]).await.status, 403, "not by who gave it");
        assert!(!system.get("/users/reader").await.text().contains(&confirm));
        assert!(security.get("/users/reader").await.text().contains(&confirm));
        assert_eq!(security.post(&confirm, &[]).await.status, 303);
        assert_eq!(reader.get("/p/invented/figures.csv").await.status, 200);
    }
}

#[tokio::test]
async fn nobody_gives_themselves_a_role() {
    for site in sites().await {
        let mut system = site.signed_in("system").await;
        let fields = [("role", "office"), ("programme", "*")];
        assert_eq!(system.post("/users/system/roles", &fields).await.status, 403);
        let mut security = site.signed_in("security").await;
        assert_eq!(security.post("/users/reader/roles", &fields).await.status, 403);
        assert_eq!(site.signed_in("office").await.get("/users").await.status, 403);
    }
}

#[tokio::test]
async fn after_the_password_comes_the_code() {
    for site in sites().await {
        let mut office = site.signed_in("office").await;
        let page = office.get("/account/factor").await.text();
        let secret: String = page
            .split("<code>")
            .nth(1)
            .and_then(|rest| rest.split('<').next())
            .expect("the secret")
            .split(' ')
            .collect();
        assert!(page.contains("<path fill=\"#000\" d=\"M0 0h7v1h-7z"), "a QR code");
        assert_eq!(office.post("/account/factor", &[("code", "12")]).await.status, 401);
        let code = app::one_time_code(&secret, now());
        let codes = office.post("/account/factor", &[("code", &code)]).await;
        assert_eq!((codes.status, codes.header("cache-control")), (200, "no-store"));
        let recovery =
            codes.text().split("<code>").nth(1).and_then(|rest| rest.split('<').next().map(str::to_owned));
        let mut again = site.browser();
        let login = [("login", "office"), ("password", PASSWORD), ("next", "/p/invented/figures")];
        let step = again.post("/login", &login).await.location().to_owned();
        assert_eq!(step, "/login/factor?next=%2Fp%2Finvented%2Ffigures");
        let elsewhere = again.get("/p/invented").await;
        assert!(elsewhere.location().starts_with("/login/factor"), "{}", elsewhere.location());
        assert_eq!(again.get(&step).await.status, 200);
        assert_eq!(again.post("/login/factor", &[("code", "000000")]).await.status, 401);
        let recovery = recovery.expect("a recovery code");
        let done = again.post("/login/factor", &[("code", &recovery), ("next", "/p/invented/figures")]).await;
        assert_eq!((done.status, done.location()), (303, "/p/invented/figures"));
        assert_eq!(again.get("/p/invented/figures").await.status, 200);
        assert_eq!(site.browser().get("/login/factor").await.location(), "/login");
    }
}

#[tokio::test]
async fn pages_and_exports_bear_who_and_when_where_the_programme_asks_for_it() {
    for site in sites().await {
        let mut office = site.signed_in("office").await;
        let operator = Actor::operator(now());
        let programme = site.app.programme("invented").await.expect("the example").id;
        assert!(!office.get("/p/invented/figures").await.text().contains("class=\"watermark\""));
        site.app.setting_set(&operator, Some(programme), "watermark", "on").await.expect("set");
        let page = office.get("/p/invented/figures").await.text();
        let words = Locale::Zh.watermark("office", "2026-11-22 16:00");
        assert!(page.contains("class=\"watermark\"") && page.contains(&words), "{words}");
        let csv = office.get("/p/invented/figures.csv").await.text();
        assert!(csv.lines().last().is_some_and(|line| line.starts_with(&words)), "{csv}");
        let refused = site.app.setting_set(&operator, Some(programme), "watermark", "maybe").await;
        assert!(refused.is_err());
    }
}
