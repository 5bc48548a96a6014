//! Sign-in, its lock, the session's cookie, the language.

use crate::site::{PASSWORD, Site};
use locale::Locale;

#[tokio::test]
async fn the_right_password_opens_a_session_and_leads_to_where_one_wanted() {
    for site in Site::on_every_database().await {
        let mut browser = site.browser();
        let asked = browser.get("/p/invented/figures?measure=sales").await;
        assert_eq!(asked.location(), "/login?next=%2Fp%2Finvented%2Ffigures%3Fmeasure%3Dsales");
        let next = "/p/invented/figures?measure=sales";
        let answer =
            browser.post("/login", &[("login", "office"), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!((answer.status, answer.location()), (303, next));
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("luodi_session="), "{cookie}");
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
        assert_eq!(browser.get(next).await.status, 200);
        assert_eq!(browser.post("/logout", &[]).await.location(), "/login");
        assert!(browser.get("/login").await.text().contains(Locale::Zh.signed_out()));
        assert_eq!(browser.get(next).await.status, 303);
    }
}

#[tokio::test]
async fn wrong_passwords_are_told_in_both_languages_and_lock_the_account() {
    let site = Site::new().await;
    for (locale, language) in [(Locale::Zh, "zh-CN"), (Locale::En, "en")] {
        let mut browser = site.browser().with("accept-language", language);
        for login in ["reader", "nobody"] {
            let answer = browser.post("/login", &[("login", login), ("password", "not this one")]).await;
            assert_eq!(answer.status, 401);
            assert!(answer.text().contains(locale.login_failed()), "{}", answer.text());
        }
        let empty = browser.post("/login", &[("login", "reader"), ("password", "")]).await;
        assert!(empty.text().contains(locale.login_fill()));
    }
    let mut browser = site.browser().with("accept-language", "en");
    let mut last = browser.post("/login", &[("login", "reader"), ("password", "not this one")]).await;
    for _ in 0..2 {
        last = browser.post("/login", &[("login", "reader"), ("password", "not this one")]).await;
    }
    assert_eq!(last.status, 429);
    assert!(last.text().contains(&Locale::En.login_locked(15)));
    let right = browser.post("/login", &[("login", "reader"), ("password", PASSWORD)]).await;
    assert_eq!(right.status, 429, "a locked account does not open to the right password either");
}

#[tokio::test]
async fn a_session_that_was_left_idle_ends_and_says_so() {
    for site in Site::on_every_database().await {
        let browser = site.signed_in("office").await;
        let later = || crate::site::now() + jiff::SignedDuration::from_hours(3);
        let mut state = site.state.clone();
        state.clock = later;
        let mut browser = browser.on(web::router(state));
        let answer = browser.get("/p/invented").await;
        assert_eq!(answer.location(), "/login?next=%2Fp%2Finvented");
        assert!(!browser.cookies.contains_key("luodi_session"), "the useless cookie is gone");
        assert!(browser.get(answer.location()).await.text().contains(Locale::Zh.login_expired()));
    }
}

#[tokio::test]
async fn neither_sign_in_nor_language_leads_to_another_site() {
    let site = Site::new().await;
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let mut browser = site.browser();
        let fields = [("login", "reader"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/login", &fields).await.location(), "/");
        assert_eq!(browser.post("/locale", &[("lang", "en"), ("next", next)]).await.location(), "/");
    }
}

#[tokio::test]
async fn the_language_is_what_was_chosen_else_what_the_browser_asks_for() {
    let site = Site::new().await;
    let lang = |text: String| if text.contains("<html lang=\"en\">") { "en" } else { "zh-CN" };
    assert_eq!(lang(site.browser().get("/login").await.text()), "zh-CN");
    let mut browser = site.browser().with("accept-language", "en-GB,en;q=0.9");
    assert_eq!(lang(browser.get("/login").await.text()), "en");
    let back = browser.post("/locale", &[("lang", "zh-CN"), ("next", "/login")]).await;
    assert_eq!(back.location(), "/login");
    assert_eq!(lang(browser.get("/login").await.text()), "zh-CN");
    assert_eq!(browser.post("/locale", &[("lang", "fr")]).await.status, 400);
}

#[tokio::test]
async fn the_demo_offers_its_users() {
    let site = Site::new().await;
    assert!(!site.browser().get("/login").await.text().contains("demo-user"));
    let mut state = site.state.clone();
    let users = vec![("reviewer".to_owned(), "A reviewer".to_owned(), app::Role::Reviewer)];
    state.config.demo = Some(web::Demo { users, password: PASSWORD });
    let mut browser = crate::browser::Browser::new(web::router(state));
    let page = browser.get("/login").await.text();
    assert!(page.contains("demo-user") && page.contains("<code>reviewer</code>") && page.contains(PASSWORD));
    assert!(!page.contains("<code>office</code>"), "whoever else has an account is not shown");
}
