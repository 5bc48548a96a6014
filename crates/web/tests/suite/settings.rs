//! The settings of a programme as pages.

use crate::browser::Browser;
use crate::site::{PASSWORD, Site, now};
use app::{Actor, Role};
use locale::Locale;

const T: Locale = Locale::Zh;

/// A site with two who keep its settings.
async fn sites() -> Vec<(Site, Browser, Browser)> {
    let mut sites = Vec::new();
    for site in Site::on_every_database().await {
        let operator = Actor::operator(now());
        for login in ["keeper", "other"] {
            site.app.user_add(&operator, login, login, PASSWORD, None, Role::Approver).await.expect("new");
        }
        let (keeper, other) = (site.signed_in("keeper").await, site.signed_in("other").await);
        sites.push((site, keeper, other));
    }
    sites
}

/// The value of a hidden field or a line.
fn field(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}"));
    let value = page[at..].split("value=\"").nth(1).expect("a value");
    value.split('"').next().expect("an end").to_owned()
}

#[tokio::test]
async fn every_page_of_the_settings_opens_and_says_what_is_set() {
    for (site, mut keeper, _) in sites().await {
        let mut reader = site.signed_in("reader").await;
        for page in ["", "/regions", "/names", "/stages", "/labels", "/units"] {
            let path = format!("/p/invented/settings{page}");
            let (kept, read) = (keeper.get(&path).await, reader.get(&path).await);
            assert_eq!((kept.status, read.status), (200, 200), "{page}");
            let saves = |text: String| text.contains(T.settings_audited());
            let edits = ["/regions", "/stages", "/labels"].contains(&page);
            assert_eq!((saves(kept.text()), saves(read.text())), (edits, false), "{page}");
        }
        assert!(keeper.get("/p/invented").await.text().contains("/p/invented/settings\""));
        assert!(!reader.get("/p/invented").await.text().contains("/p/invented/settings\""));
        let overview = keeper.get("/p/invented/settings").await.text();
        assert!(overview.contains(&T.settings_stages_now(11)), "{overview}");
        assert!(
            overview.contains("/p/invented/lists/office") && overview.contains("/p/invented/lists/cohort")
        );
        assert_eq!(reader.get("/p/invented/settings/switches").await.status, 403);
    }
}

#[tokio::test]
async fn a_stage_is_renamed_audited_and_renamed_back() {
    for (_site, mut keeper, mut other) in sites().await {
        let page = keeper.get("/p/invented/settings/stages").await.text();
        let version = field(&page, "version");
        let row = |zh: &'static str| {
            [
                ("version".to_owned(), version.clone()),
                ("ord_lead".to_owned(), field(&page, "ord_lead")),
                ("zh_lead".to_owned(), zh.to_owned()),
                ("en_lead".to_owned(), field(&page, "en_lead")),
                ("milestone_lead".to_owned(), "lead".to_owned()),
            ]
        };
        let fields = row("苗头");
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(keeper.post("/p/invented/settings/stages", &fields).await.status, 303);
        let fields = row("信息");
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let refused = other.post("/p/invented/settings/stages", &fields).await;
        let text = refused.text();
        assert_eq!(refused.status, 409);
        assert!(text.contains(T.settings_stale()) && text.contains(T.problem_stale()));
        assert_eq!(field(&text, "zh_lead"), "信息", "what was typed is kept");
        assert!(text.contains(&T.settings_now("苗头")), "and what stands there is shown");
        assert_ne!(field(&text, "version"), version);
        let audit = keeper.get("/p/invented/settings/audit").await.text();
        assert!(audit.contains(T.change_settings_stages()) && audit.contains("苗头"));
        let undo = audit.split("action=\"").find(|part| part.contains("/undo\"")).expect("undoable");
        let undo = undo.split('"').next().expect("an address").to_owned();
        let fields = [("reason", "还用原来的"), ("next", "/p/invented/settings/audit")];
        assert_eq!(keeper.post(&undo, &fields).await.location(), "/p/invented/settings/audit");
        let page = keeper.get("/p/invented/settings/stages").await.text();
        assert_eq!(field(&page, "zh_lead"), "线索");
    }
}

#[tokio::test]
async fn words_of_the_programme_stand_wherever_the_choice_is_shown() {
    for (_site, mut keeper, _) in sites().await {
        let fields = [
            ("version", "0"),
            ("zh_agreement_kind.intent", "合作意向书"),
            ("en_agreement_kind.intent", "Letter of intent"),
        ];
        assert_eq!(keeper.post("/p/invented/settings/labels", &fields).await.status, 303);
        for path in ["lists/agreement", "lists/agreement/new"] {
            let page = keeper.get(&format!("/p/invented/{path}")).await.text();
            assert!(page.contains("合作意向书"), "{path}");
        }
        let reset = "/p/invented/settings/labels/agreement_kind/intent/reset";
        assert!(keeper.get("/p/invented/settings/labels").await.text().contains(reset));
        assert_eq!(keeper.post(reset, &[]).await.status, 303);
        assert!(!keeper.get("/p/invented/lists/agreement/new").await.text().contains("合作意向书"));
    }
}

#[tokio::test]
async fn the_usual_unit_and_the_switches_are_set() {
    for (_site, mut keeper, _) in sites().await {
        let form = "/p/invented/lists/agreement/new";
        assert!(keeper.get(form).await.text().contains("value=\"wan\" selected"));
        let fields = [("version", "0"), ("amount_unit", "yi")];
        assert_eq!(keeper.post("/p/invented/settings/units", &fields).await.status, 303);
        assert!(keeper.get(form).await.text().contains("value=\"yi\" selected"));
        let version = field(&keeper.get("/p/invented/settings/switches").await.text(), "version");
        let fields = [("version", version.as_str()), ("watermark", "yes"), ("factor_roles", "audit")];
        for days in ["0", "3651", "-1", "1.5", "多"] {
            let wrong = [&fields[..], &[("lead_release_days", days)]].concat();
            let page = keeper.post("/p/invented/settings/switches", &wrong).await;
            assert_eq!(page.status, 422, "{days}");
            assert!(
                page.text().contains(T.problem_days()) && page.text().contains(&format!("value=\"{days}\""))
            );
        }
        let fields = [&fields[..], &[("lead_release_days", "90")]].concat();
        assert_eq!(keeper.post("/p/invented/settings/switches", &fields).await.status, 303);
        let page = keeper.get("/p/invented/settings/switches").await.text();
        assert!(page.contains("name=\"watermark\" value=\"yes\" checked"), "{page}");
        assert!(page.contains("name=\"factor_roles\" value=\"audit\" checked"), "{page}");
        assert!(page.contains("name=\"lead_release_days\" value=\"90\""), "{page}");
    }
}

#[tokio::test]
async fn regions_are_added_named_and_kept_while_in_use() {
    for (_site, mut keeper, _) in sites().await {
        let page = keeper.get("/p/invented/settings/regions").await.text();
        let used = "/p/invented/settings/regions/X10100/remove";
        assert!(page.contains(used));
        assert_eq!(keeper.post(used, &[]).await.location(), "/p/invented/settings/regions");
        assert!(keeper.get("/p/invented/settings/regions").await.text().contains("name=\"side_X10100\""));
        let fields = [("region", "无此地"), ("side", "host"), ("col", ""), ("row", "")];
        let refused = keeper.post("/p/invented/settings/regions/add", &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("value=\"无此地\"") && refused.text().contains(T.problem_unknown()));
        let fields = [("name", "那州"), ("of", "X10100")];
        assert_eq!(keeper.post("/p/invented/settings/names", &fields).await.status, 303);
        let page = keeper.get("/p/invented/settings/names").await.text();
        let remove = page
            .split("formaction=\"")
            .filter(|part| part.contains("aria-label") && part.contains("那州"))
            .last();
        let remove = remove.and_then(|part| part.split('"').next()).expect("removable").to_owned();
        assert_eq!(keeper.post(&remove, &[]).await.status, 303);
        // The first answer still says what was done.
        keeper.get("/p/invented/settings/names").await;
        assert!(!keeper.get("/p/invented/settings/names").await.text().contains("那州"));
    }
}
