//! Adding documents: what is taken, what is refused and how it is said.

use crate::site::Site;
use locale::Locale;

const DOCUMENTS: &str = "/p/invented/documents";
const REPORT: &str = "海澜州今年新签约项目3个，投资额1.5亿元。\n";

#[tokio::test]
async fn a_file_above_the_limit_is_refused_while_it_is_sent_and_the_others_go_on() {
    let site = Site::with_limit(10 << 10).await;
    let large = vec![b'x'; 15_000];
    for (locale, language) in [(Locale::Zh, "zh-CN"), (Locale::En, "en")] {
        let mut office = site.signed_in("office").await.with("accept-language", language);
        let report = format!("{REPORT}{language}");
        let parts = [("file", Some("large.txt"), &large[..]), ("file", Some("good.txt"), report.as_bytes())];
        let answer = office.upload(DOCUMENTS, &parts).await;
        assert_eq!(answer.status, 413);
        let refusal = locale.refusal_too_large_upload("large.txt", "10 KB");
        assert!(answer.text().contains(&refusal.replace('"', "&#34;")), "{}", answer.text());
        assert!(answer.text().contains("good.txt"));
    }
    assert_eq!(site.spooled_files(), 0, "nothing is left in the spool folder");
    let mut office = site.signed_in("office").await;
    assert_eq!(office.get(DOCUMENTS).await.text().matches("data-code=").count(), 2);
}

#[tokio::test]
async fn who_sends_without_end_is_not_listened_to() {
    let site = Site::with_limit(10 << 10).await;
    let mut office = site.signed_in("office").await.with("accept", "application/json");
    let endless = vec![b'x'; 1 << 20];
    let answer = office.upload(DOCUMENTS, &[("file", Some("endless.txt"), &endless[..])]).await;
    assert_eq!((answer.status, answer.json()["ok"].as_bool()), (413, Some(false)));
}

#[tokio::test]
async fn refusals_name_the_file_and_the_reason_in_both_languages() {
    let site = Site::new().await;
    for (locale, language) in [(Locale::Zh, "zh-CN"), (Locale::En, "en")] {
        let mut office = site
            .signed_in("office")
            .await
            .with("accept-language", language)
            .with("accept", "application/json");
        for (name, bytes, message) in [
            ("空白.txt", &b""[..], locale.refusal_empty("空白.txt")),
            ("旧稿.doc", b"\xd0\xcf\x11\xe0", locale.refusal_save_as("旧稿.doc", ".doc", ".docx")),
            ("坏的.docx", b"not a zip", locale.refusal_broken_docx("坏的.docx", locale.refusal_part_zip())),
        ] {
            let answer = office.upload(DOCUMENTS, &[("file", Some(name), bytes)]).await;
            assert_eq!(answer.status, 422, "{}", answer.text());
            assert_eq!(answer.json()["message"], message);
            assert_eq!(answer.json()["ok"], false);
        }
        let nothing = office.upload(DOCUMENTS, &[("file", Some(""), b"")]).await;
        assert_eq!((nothing.status, &nothing.json()["message"]), (422, &locale.refusal_none_chosen().into()));
    }
}

#[tokio::test]
async fn the_same_file_again_is_named_and_changes_nothing() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await.with("accept", "application/json");
        let first = office.upload(DOCUMENTS, &[("file", Some("通报.txt"), REPORT.as_bytes())]).await;
        assert_eq!((first.status, first.json()["ok"].as_bool()), (200, Some(true)), "{}", first.text());
        let code = first.json()["code"].as_str().expect("a code").to_owned();
        assert_eq!(first.json()["href"], format!("{DOCUMENTS}/{code}"));
        let again = office.upload(DOCUMENTS, &[("file", Some("再次.txt"), REPORT.as_bytes())]).await;
        assert_eq!(again.json()["message"], Locale::Zh.notice_duplicate("再次.txt", &code));
        assert_eq!(again.json()["code"], code);
    }
}

#[tokio::test]
async fn pasted_text_becomes_a_document_and_details_are_confirmed() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let parts = [("title", None, "电话记录".as_bytes()), ("text", None, REPORT.as_bytes())];
    let answer = office.upload(DOCUMENTS, &parts).await;
    assert_eq!((answer.status, answer.location()), (303, DOCUMENTS));
    let page = office.get(DOCUMENTS).await;
    assert!(page.text().contains("class=\"flash good\""), "{}", page.text());
    assert!(
        !office.get(DOCUMENTS).await.text().contains("class=\"flash good\""),
        "the message is shown once"
    );
    let document = page.links(&format!("{DOCUMENTS}/")).first().expect("one document").clone();
    let fields = [("title", "电话记录（二）"), ("publisher", "海澜州商务局"), ("published_on", "2026-06-30")];
    assert_eq!(office.post(&format!("{document}/details"), &fields).await.location(), document);
    let page = office.get(&document).await.text();
    for shown in ["电话记录（二）", "海澜州商务局", "2026-06-30", Locale::Zh.reader_details_saved()]
    {
        assert!(page.contains(shown), "{shown}");
    }
    let wrong = [("title", "x"), ("published_on", "30.6.2026")];
    let refused = office.post(&format!("{document}/details"), &wrong).await;
    let words = Locale::Zh.invalid_date(Locale::Zh.published_on());
    assert!(refused.status == 422 && refused.text().contains(&words), "{}", refused.text());
}

#[tokio::test]
async fn a_reader_adds_nothing() {
    let site = Site::new().await;
    let mut reader = site.signed_in("reader").await;
    let answer = reader.upload(DOCUMENTS, &[("file", Some("通报.txt"), REPORT.as_bytes())]).await;
    assert_eq!(answer.status, 403);
    assert!(!reader.get(DOCUMENTS).await.text().contains("data-upload"));
}

#[tokio::test]
async fn names_are_shown_without_folders_and_without_identity_numbers() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await.with("accept", "application/json");
    // The worked example of the standard, which is nobody's number.
    let name = "名单/11010519491231002X.txt";
    let answer = office.upload(DOCUMENTS, &[("file", Some(name), b"")]).await;
    assert_eq!(answer.json()["message"], Locale::Zh.refusal_empty(format!("{}.txt", "*".repeat(18))));
    let parts = [("title", None, "与11010519491231002X通话".as_bytes()), ("text", None, b"".as_slice())];
    assert!(!office.upload(DOCUMENTS, &parts).await.text().contains("11010519491231002X"));
}

#[tokio::test]
async fn a_spool_folder_that_was_tidied_away_is_made_again() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    std::fs::remove_dir(&site.state.config.spool).expect("it is empty");
    let answer = office.upload(DOCUMENTS, &[("file", Some("通报.txt"), REPORT.as_bytes())]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}
