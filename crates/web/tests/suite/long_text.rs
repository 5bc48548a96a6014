//! Texts too long for one page.

use crate::site::Site;

const DOCUMENTS: &str = "/p/invented/documents";

#[tokio::test]
async fn a_long_text_is_shown_in_parts_that_lose_nothing() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let line = "海澜州今年新签约项目3个，投资额1.5亿元；".repeat(500);
        let text = format!("{line}\n{line}{line}{line}");
        office.upload(DOCUMENTS, &[("file", Some("长文.txt"), text.as_bytes())]).await;
        site.read_documents().await;
        let document = office.get(DOCUMENTS).await.links(&format!("{DOCUMENTS}/")).remove(0);
        let mut shown = 0;
        let mut last = String::new();
        for part in 1..=3 {
            last = office.get(&format!("{document}?part={part}")).await.text();
            assert_eq!(last.contains("rel=\"prev\""), part > 1);
            assert_eq!(last.contains("rel=\"next\""), part < 3);
            shown += last.matches("<mark id=").count();
        }
        assert_eq!(shown, 4_000);
        let claim =
            last.split("<mark id=\"c-").nth(7).and_then(|rest| rest.split('"').next()).expect("a claim");
        let opened = office.get(&format!("{document}?claim={claim}")).await.text();
        assert!(opened.contains(&format!("<mark id=\"c-{claim}\"")), "the part with the claim is opened");
        for elsewhere in ["?part=0", "?part=-7", "?part=999999999999", "?claim=999999"] {
            assert_eq!(office.get(&format!("{document}{elsewhere}")).await.status, 200, "{elsewhere}");
        }
    }
}
