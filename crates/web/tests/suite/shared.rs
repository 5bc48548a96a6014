//! An organisation that two programmes know, as their pages tell of it.

use crate::site::{PASSWORD, Site, now};
use app::{Actor, NewRole, Role};
use locale::Locale;

const CODE: &str = "91990100MA0LD0001Q";

#[tokio::test]
async fn what_was_filled_is_said_and_what_another_programme_changed_names_nobody() {
    for site in Site::on_every_database().await {
        let folder = tempfile::tempdir().expect("a folder");
        let programme =
            "code = \"second\"\nname_zh = \"第二协作\"\nname_en = \"Second\"\ntime_zone = \"UTC\"\n";
        std::fs::write(folder.path().join("programme.toml"), programme).expect("written");
        let operator = Actor::operator(now());
        site.app.load_example(&operator, folder.path()).await.expect("loads");
        for (login, programme) in [("甲方经办", "invented"), ("second", "second")] {
            let new = NewRole { programme: Some(programme), ..NewRole::default() };
            let account = (login, login, PASSWORD);
            site.app.user_add_with(&operator, account, Role::Office, &new).await.expect("a new user");
        }
        let (mut one, mut other) = (site.signed_in("甲方经办").await, site.signed_in("second").await);

        let fields = [("title", "江屿云舫新材料股份有限公司"), ("kind", "enterprise"), ("uscc", CODE)];
        let made = other.post("/p/second/lists/organisation/new", &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let there = format!("/p/second/records/{}", made.location().rsplit('/').next().expect("a code"));
        let page = other.get(&there).await.text();
        let filled = Locale::Zh.record_filled("行业、来源地区、英文名称");
        let said = ["行业", "来源地区", "英文名称"].iter().all(|label| page.contains(label));
        assert!(said && page.contains(filled.split('：').next().expect("words")), "{page}");

        let id = site.app.programme("invented").await.expect("there").id;
        let kind = app::RecordKind::Organisation;
        let named = site.app.record_list_named(&operator, id, kind, CODE).await.expect("read");
        let here = format!("/p/invented/records/{}", named[0].code);
        let edit = [("address", "舫街8号"), ("reason", "甲方的内部理由")];
        assert_eq!(one.post(&format!("{here}/edit"), &edit).await.status, 303);
        let told = Locale::Zh.by_key("source_elsewhere").expect("words");
        for page in [there.clone(), format!("{there}/audit")] {
            let text = other.get(&page).await.text();
            assert!(text.contains("舫街8号") && text.contains(told), "{text}");
            for hidden in ["甲方的内部理由", "甲方经办", "/p/invented"] {
                assert!(!text.contains(hidden), "{hidden}: {text}");
            }
        }
        let own = one.get(&format!("{here}/audit")).await.text();
        assert!(own.contains("甲方的内部理由") && !own.contains("/p/second"), "{own}");
    }
}
