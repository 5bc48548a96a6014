//! Photos as evidence: shown, framed, and the figures entered from them verified by somebody else.

use crate::browser::Browser;
use crate::site::Site;
use locale::Locale;

const BASE: &str = "/p/invented";
/// The smallest picture: one pixel.
const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82";

/// The address of a photo that the office added.
pub async fn photo(site: &Site) -> String {
    add_photo(&mut site.signed_in("office").await).await
}

async fn add_photo(office: &mut Browser) -> String {
    let answer = office.upload(&format!("{BASE}/documents"), &[("file", Some("现场 照片.png"), PHOTO)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = office.get(&format!("{BASE}/documents")).await;
    page.links(&format!("{BASE}/documents/ZL-")).remove(0)
}

fn entry<'a>(value: &'a str, x: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("page", "1"),
        ("x", x),
        ("y", "5"),
        ("width", "50"),
        ("height", "10.5"),
        ("measure", "signed_contract"),
        ("value", value),
        ("unit", "CNY"),
        ("approx", "exact"),
        ("role", "actual"),
        ("period_kind", "stock"),
        ("period_to", "2026-06-30"),
        ("period_from", "2026-06-30"),
    ]
}

#[tokio::test]
async fn a_photo_is_shown_and_nothing_in_an_original_can_run() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let photo = add_photo(&mut office).await;
        assert!(office.get(&photo).await.text().contains("data-viewer"));
        let original = office.get(&format!("{photo}/original")).await;
        assert_eq!(original.body, PHOTO);
        assert_eq!(original.header("content-type"), "image/png");
        assert!(original.header("content-disposition").starts_with("inline; filename*=UTF-8''%E7%8E%B0"));
        assert!(original.header("content-security-policy").contains("sandbox"));
        assert_eq!(original.header("x-content-type-options"), "nosniff");
        let page = b"<html><body><p>\xe6\x8a\x95\xe8\xb5\x842\xe4\xba\xbf\xe5\x85\x83</p><script>x</script></body></html>";
        let mut script = site.signed_in("office").await.with("accept", "application/json");
        let added = script.upload(&format!("{BASE}/documents"), &[("file", Some("a.html"), page)]).await;
        let href = added.json()["href"].as_str().expect("an address").to_owned();
        let original = office.get(&format!("{href}/original")).await;
        assert!(original.header("content-disposition").starts_with("attachment"));
        assert!(original.header("content-type").starts_with("text/plain"));
        assert_eq!(original.body, page);
    }
}

#[tokio::test]
async fn a_figure_entered_by_hand_points_to_its_rectangle_and_somebody_else_verifies_it() {
    for site in Site::on_every_database().await {
        let mut reviewer = site.signed_in("reviewer").await;
        let photo = add_photo(&mut reviewer).await;
        let refused = reviewer.post(&format!("{photo}/figures"), &entry("很多", "12.5")).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("value=\"很多\"") && refused.text().contains("value=\"12.5\""));
        let outside = reviewer.post(&format!("{photo}/figures"), &entry("1", "99")).await;
        assert_eq!(outside.status, 422, "the rectangle leaves the page");
        let entered = reviewer.post(&format!("{photo}/figures"), &entry("120000000", "12.5")).await;
        assert_eq!(entered.location(), photo);
        let page = reviewer.get(&photo).await;
        assert!(page.text().contains("x=\"12.50%\""), "{}", page.text());
        let figure = page.links(&format!("{BASE}/figures/SJ-")).remove(0);
        let page = reviewer.get(&figure).await.text();
        assert!(
            page.contains("1.2") && page.contains("120,000,000 元") && page.contains("x=\"12.50%\""),
            "{page}"
        );
        assert!(!page.contains("value=\"review\""), "who entered it is not offered to verify it");

        let own = reviewer.post(&format!("{figure}/status"), &[("action", "review")]).await;
        assert_eq!(own.status, 403);
        assert!(own.text().contains(Locale::Zh.error_own_figure()));
        let mut office = site.signed_in("office").await;
        assert_eq!(office.post(&format!("{figure}/status"), &[("action", "review")]).await.status, 403);
        let unexplained = office.post(&format!("{figure}/status"), &[("action", "withdraw")]).await;
        assert_eq!(unexplained.status, 422);
        let words = Locale::Zh.invalid_missing(Locale::Zh.reason());
        assert!(unexplained.text().contains(&words));
        let fields = [("action", "withdraw"), ("reason", "录错")];
        assert_eq!(office.post(&format!("{figure}/status"), &fields).await.location(), figure);
        assert!(office.get(&figure).await.text().contains("录错"));
    }
}
