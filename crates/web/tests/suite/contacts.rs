//! Business contacts as pages: who saw them is shown to those who watch, and a person is erased with a reason.

use crate::site::{PASSWORD, Site, now};
use app::{Actor, Role};

#[tokio::test]
async fn a_look_at_a_contact_is_listed_and_an_erased_one_has_its_code_alone() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let fields = [("title", "温如故"), ("phone", "0900-1234567"), ("note", "周一在")];
        let made = office.post("/p/invented/lists/contact/new", &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let page = made.location().to_owned();
        let code = page.rsplit('/').next().expect("a code").to_owned();
        let shown = office.get(&page).await.text();
        let erase = format!("{page}/erase");
        assert!(shown.contains("0900-1234567") && shown.contains(&erase), "{shown}");

        let operator = Actor::operator(now());
        let added = site.app.user_add(&operator, "audit", "audit", PASSWORD, None, Role::Audit).await;
        added.expect("a new user");
        let mut audit = site.signed_in("audit").await;
        let views = audit.get(&format!("/contact-views?contact={code}")).await;
        assert_eq!(views.status, 200, "{}", views.text());
        let views = views.text();
        assert!(views.contains(&format!(">{code}</a>")) && !views.contains("温如故"), "{views}");
        let nobody = audit.get("/contact-views?contact=LX-1900-000001").await.text();
        assert!(!nobody.contains(&format!(">{code}</a>")));
        assert!(audit.get("/").await.text().contains("/contact-views"));
        assert_eq!(office.get("/contact-views").await.status, 403);

        assert_eq!(office.get(&erase).await.status, 200);
        let unexplained = office.post(&erase, &[("reason", "")]).await;
        assert_eq!(unexplained.status, 422, "{}", unexplained.text());
        let erased = office.post(&erase, &[("reason", "本人要求")]).await;
        assert_eq!(erased.location(), page, "{}", erased.text());
        let after = office.get(&page).await.text();
        assert!(
            !after.contains("温如故") && !after.contains("0900-1234567") && after.contains(&code),
            "{after}"
        );
        let history = office.get(&format!("{page}/audit")).await.text();
        assert!(history.contains("本人要求") && !history.contains("温如故"), "{history}");
        assert_eq!(office.post(&erase, &[("reason", "再次")]).await.status, 409);
    }
}
