//! Search: what was just saved is found, by whoever may see it, on the page and while one types.

use crate::browser::{Browser, escape};
use crate::site::Site;

const BASE: &str = "/p/invented";

async fn search(browser: &mut Browser, query: &str) -> String {
    let answer = browser.get(&format!("{BASE}/search?q={}", escape(query))).await;
    assert_eq!(answer.status, 200);
    answer.text()
}

#[tokio::test]
async fn a_document_is_found_by_its_words_as_soon_as_it_is_stored() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        assert!(!search(&mut office, "鲸落").await.contains("/documents/ZL-"));
        let text = "来源：演示\n乌泽市与鲸落公司<b>签约</b>，协议编号 QJ-77/2026。".as_bytes();
        office.upload(&format!("{BASE}/documents"), &[("file", Some("甲 乙.txt"), text)]).await;
        for query in ["鲸落", "qj-77", "签约 鲸落公司", "甲"] {
            assert!(search(&mut office, query).await.contains("/documents/ZL-"), "{query}");
        }
        let page = search(&mut office, "鲸落").await;
        assert!(page.contains("<mark>鲸落</mark>公司&#60;b&#62;签约"), "{page}");
        let mut reader = site.signed_in("reader").await;
        assert!(search(&mut reader, "鲸落").await.contains("/documents/ZL-"));
    }
}

#[tokio::test]
async fn a_record_is_found_by_its_name_its_initials_and_its_code() {
    for site in Site::on_every_database().await {
        let mut reader = site.signed_in("reader").await;
        let page = search(&mut reader, "青禾食品").await;
        let at = page.find("/records/DW-").expect("the enterprise") + "/records/".len();
        let code = &page[at..at + "DW-2026-000002".len()];
        for query in ["qhsp", code, "岚湖 食品"] {
            let page = search(&mut reader, query).await;
            assert!(page.contains(&format!("/records/{code}\"")), "{query}: {page}");
        }
    }
}

#[tokio::test]
async fn while_one_types_only_the_hits_are_sent_and_the_rest_is_a_link() {
    let site = Site::new().await;
    let mut reader = site.signed_in("reader").await.with("hx-request", "true");
    let hits = search(&mut reader, "DW-").await;
    assert!(!hits.contains("<html") && hits.contains("/records/DW-"), "{hits}");
    let all = search(&mut reader, "2026").await;
    assert_eq!(all.matches("<li>").count(), 10, "{all}");
    assert!(all.contains(&format!("{BASE}/search?q=2026")), "{all}");
}

#[tokio::test]
async fn whatever_is_typed_is_answered_and_shown_as_text() {
    for site in Site::on_every_database().await {
        let mut reader = site.signed_in("reader").await;
        let long = "长".repeat(3_000);
        let hostile = [
            "",
            " ",
            "\u{202e}",
            "\"><script>x</script>",
            "' OR 1=1 --",
            "a* NEAR(b) \" AND",
            "':* & !x",
            "\\",
            &long,
        ];
        for query in hostile {
            let page = search(&mut reader, query).await;
            assert!(!page.contains("<script>x"), "{query}");
        }
        assert_eq!(reader.get(&format!("{BASE}/search")).await.status, 200);
    }
}
