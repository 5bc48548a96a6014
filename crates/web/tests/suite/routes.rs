//! The table of routes: what each declares, and that it is held to it.

use crate::site::Site;
use app::{Right, Role};
use axum::body::Body;
use web::{Access, Route, route_list};

fn filled(path: &str) -> String {
    path.replace("{programme}", "invented")
        .replace("{name}", "app.css")
        .replace("{id}", "1")
        .replace("{code}", "ZL-1")
}

fn right_of(route: &Route) -> Option<Right> {
    if let Access::Right(right) = route.access { Some(right) } else { None }
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_asked_to() {
    let site = Site::new().await;
    for route in route_list(&site.state).iter().filter(|route| route.access != Access::Public) {
        let path = filled(route.path);
        let page = site.browser().send(route.method, &path, None, Body::empty()).await;
        assert_eq!(page.status, 303, "{} {path}", route.method);
        assert!(page.location().starts_with("/login"), "{path} leads to {}", page.location());
        for (name, value) in [("accept", "application/json"), ("hx-request", "true")] {
            let part = site.browser().with(name, value).send(route.method, &path, None, Body::empty()).await;
            assert_eq!(part.status, 401, "{name} {path}");
        }
    }
}

#[tokio::test]
async fn whoever_has_not_the_right_is_refused_before_anything_is_looked_up() {
    let site = Site::new().await;
    let (mut reader, mut stranger) = (site.signed_in("reader").await, site.signed_in("stranger").await);
    for route in route_list(&site.state) {
        let Some(right) = right_of(&route) else { continue };
        let path = filled(route.path);
        if right.scope(Role::Reader).is_none() {
            let answer = reader.send(route.method, &path, None, Body::empty()).await;
            assert_eq!(answer.status, 403, "a reader, {} {path}", route.method);
        }
        let answer = stranger.send(route.method, &path, None, Body::empty()).await;
        assert_eq!(answer.status, 404, "a stranger, {} {path}", route.method);
    }
}

#[tokio::test]
async fn every_page_of_a_list_opens_for_a_reader() {
    let site = Site::new().await;
    let mut reader = site.signed_in("reader").await;
    for path in ["", "/documents", "/documents/progress", "/claims", "/figures", "/checks"] {
        let answer = reader.get(&format!("/p/invented{path}")).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    let kinds = app::RecordKind::described().filter(|kind| app::view_right(*kind) == Right::View);
    for kind in kinds.map(app::RecordKind::code) {
        let answer = reader.get(&format!("/p/invented/lists/{kind}")).await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text());
    }
    for path in
        ["/nowhere", "/p/invented/nowhere", "/p/nowhere", "/p/invented/documents/ZL-1", "/assets/nothing.js"]
    {
        assert_eq!(reader.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_nul_is_a_bad_request_wherever_it_stands() {
    for site in Site::on_every_database().await {
        let mut anybody = site.browser();
        assert_eq!(anybody.post("/login", &[("login", "of\u{0}fice"), ("password", "x")]).await.status, 400);
        let mut office = site.signed_in("office").await;
        for path in [
            "/p/invented%00/figures",
            "/p/invented/documents/ZL%00",
            "/p/invented/records/%00/audit",
            "/p/invented/figures?text=%00",
            "/p/invented/totals?measure=a%00b",
        ] {
            assert_eq!(office.get(path).await.status, 400, "{path}");
            assert_eq!(anybody.get(path).await.status, 400, "{path}");
        }
        let title = [("title", "a\u{0}b"), ("publisher", ""), ("published_on", "")];
        assert_eq!(office.post("/p/invented/documents/ZL-1/details", &title).await.status, 400);
        assert_eq!(
            office.get("/p/invented/figures?text=%2500").await.status,
            200,
            "an encoded per cent sign"
        );
    }
}

#[tokio::test]
async fn numbers_beyond_all_pages_show_an_empty_page() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    for path in ["checks?skip=18446744073709551615", "figures?before=-9223372036854775808"] {
        assert_eq!(office.get(&format!("/p/invented/{path}")).await.status, 200, "{path}");
    }
}
