//! Lights of projects on the board, on their page, as a filter, and where they turned.

use crate::site::Site;
use locale::Locale;

const P: &str = "/p/invented";
const T: Locale = Locale::Zh;

#[tokio::test]
async fn a_late_project_is_yellow_everywhere_with_the_reason_in_words() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let fields = [
            ("title", "变灯纺纱项目"),
            ("region", "X10100"),
            ("stage", "signed"),
            ("signed_on", "2026-01-08"),
            ("start_planned", "2026-12-01"),
        ];
        let answer = office.post(&format!("{P}/lists/project/new"), &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let record = answer.location().to_owned();
        let code = record.rsplit('/').next().expect("a code").to_owned();
        assert!(office.get(&record).await.text().contains(&format!("● {}", T.light_green())));

        let mut late = fields;
        late[4].1 = "2026-10-01";
        assert_eq!(office.post(&format!("{record}/edit"), &late).await.status, 303);
        let page = office.get(&record).await.text();
        let why = T.light_cause_start("2026-10-01", 52);
        assert!(page.contains(&format!("● {}", T.light_yellow())) && page.contains(&why), "{page}");
        let board = office.get(&format!("{P}/lists/project?view=board&q=变灯纺纱")).await.text();
        assert!(
            board.contains(&format!("<span class=\"badge warn\">● {}</span>", T.light_yellow())),
            "{board}"
        );

        let list = async |office: &mut crate::browser::Browser, light: &str| {
            let page = office.get(&format!("{P}/lists/project?q=变灯纺纱&light={light}")).await.text();
            page.contains(&record)
        };
        assert!(list(&mut office, "yellow").await && !list(&mut office, "green").await);
        assert!(!list(&mut office, "pink").await, "what is no light finds nothing");

        let turned = office.get(&format!("{P}/lights")).await.text();
        assert!(turned.contains(&record) && turned.contains(&why), "{turned}");
        assert!(turned.contains(&format!("{} → ", T.light_green())), "{turned}");
        let history = office.get(&format!("{P}/lights?project={code}")).await.text();
        assert!(history.contains("变灯纺纱项目") && history.contains(&why), "{history}");
        assert_eq!(office.get(&format!("{P}/lights?project=XM-2026-999999")).await.status, 404);
    }
}
