//! Headers, requests from other sites, assets, health.

use crate::site::Site;
use locale::Locale;

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let site = Site::new().await;
    for path in ["/login", "/", "/healthz", "/nowhere", "/assets/app.js"] {
        let answer = site.browser().get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(answer.header("permissions-policy").contains("geolocation=()"), "{path}");
    }
    assert_eq!(site.browser().get("/login").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_form_sent_from_another_site_is_refused() {
    let site = Site::new().await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let mut browser = site.signed_in("office").await.with(name, value);
        let answer = browser.post("/p/invented/claims/1/accept", &[]).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains(Locale::Zh.error_cross_site()), "{}", answer.text());
    }
    let mut own = site.signed_in("office").await.with("sec-fetch-site", "same-origin");
    assert_eq!(own.post("/p/invented/claims/1/accept", &[]).await.status, 404);
}

#[tokio::test]
async fn assets_are_sent_once() {
    let site = Site::new().await;
    let first = site.browser().get("/assets/app.css").await;
    assert_eq!((first.status, first.header("content-type")), (200, "text/css; charset=utf-8"));
    let mut again = site.browser().with("if-none-match", first.header("etag"));
    let again = again.get("/assets/app.css").await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[tokio::test]
async fn health_names_the_database() {
    for site in Site::on_every_database().await {
        let answer = site.browser().get("/healthz").await;
        assert_eq!((answer.status, answer.text()), (200, format!("ok {}\n", site.app.database_name())));
    }
}

#[tokio::test]
async fn refusals_speak_the_language_of_the_reader_and_the_form_of_the_asker() {
    let site = Site::new().await;
    for (locale, language) in [(Locale::Zh, "zh-CN"), (Locale::En, "en")] {
        let mut reader = site.signed_in("reader").await.with("accept-language", language);
        let refused = reader.post("/p/invented/claims/1/accept", &[]).await;
        assert_eq!(refused.status, 403);
        assert!(refused.text().contains(locale.error_forbidden()), "{}", refused.text());
        assert!(refused.text().contains(locale.role_reviewer()), "the roles that may are named");
        let mut reader = reader.with("accept", "application/json");
        let refused = reader.post("/p/invented/claims/1/accept", &[]).await;
        assert_eq!(refused.json()["message"], locale.error_forbidden());
    }
}
