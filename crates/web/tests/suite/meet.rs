//! A claim meets the records, and a record its documents, figures and people: over HTTP, on every database.

use crate::bad_input::{HOSTILE, check, stored};
use crate::browser::{Answer, Browser, escape};
use crate::site::Site;
use locale::Locale;

const BASE: &str = "/p/invented";
/// A report of our own wording, of a firm that no register knows.
const REPORT: &str = "紫橡新材料有限公司落户芦滩县\n\n来源：砾原日报 2025-06-20\n\n\
    2025年6月18日，紫橡新材料有限公司与芦滩县签订投资协议，合同额1.2亿元。\n";

async fn add_report(site: &Site, office: &mut Browser) -> String {
    let parts = [("file", Some("报道.txt"), REPORT.as_bytes())];
    office.upload(&format!("{BASE}/documents"), &parts).await;
    site.read_documents().await;
    let page = office.get(&format!("{BASE}/documents")).await;
    page.links(&format!("{BASE}/documents/ZL-")).remove(0)
}

/// The address of the claim whose quote holds `quote`.
async fn claim(office: &mut Browser, document: &str, quote: &str) -> String {
    let page = office.get(document).await.text();
    let mark = page
        .split("<mark id=\"c-")
        .skip(1)
        .find(|mark| mark.split("</mark>").next().unwrap_or("").contains(quote));
    let id =
        mark.and_then(|mark| mark.split('"').next()).unwrap_or_else(|| panic!("no claim {quote}: {page}"));
    format!("{document}?claim={id}")
}

fn id(claim: &str) -> &str {
    claim.rsplit('=').next().expect("an id")
}

fn flash(page: &Answer) -> String {
    let text = page.text();
    let at = text.find("class=\"flash ").map_or(0, |at| at);
    text[at..].chars().take(300).collect()
}

/// The fields of a form that was opened: names and values of its inputs that hold something.
fn filled(page: &Answer) -> Vec<(String, String)> {
    let text = page.text();
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    let inputs = text.split("<input").skip(1).filter_map(|rest| {
        let tag = rest.split_once('>')?.0;
        Some((attribute(tag, "name")?, attribute(tag, "value")?))
    });
    let inputs = inputs.filter(|(_, value)| !value.is_empty());
    let chosen = text.split("<select").skip(1).filter_map(|rest| {
        let (tag, rest) = rest.split_once('>')?;
        let options = rest.split_once("</select>")?.0;
        let option = options.split("<option").find(|option| option.contains(" selected"))?;
        Some((attribute(tag, "name")?, attribute(option, "value")?))
    });
    inputs.chain(chosen).collect()
}

#[tokio::test]
async fn a_claim_fills_in_the_form_of_a_firm_and_of_an_agreement() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let document = add_report(&site, &mut office).await;
        let claim = claim(&mut office, &document, "1.2亿元").await;
        let panel = office.get(&claim).await;
        assert!(panel.text().contains(&Locale::Zh.meeting_unknown_organisation("紫橡新材料有限公司")));
        let new = panel.links("lists/organisation/new?claim=").remove(0);
        let form = office.get(&new).await;
        assert!(form.text().contains(&Locale::Zh.meeting_from_claim("1.2亿元")), "{}", form.text());
        let fields = filled(&form);
        let sent: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert!(
            sent.contains(&("title", "紫橡新材料有限公司")) && sent.contains(&("kind", "enterprise")),
            "{sent:?}"
        );
        let made = office.post(&format!("{BASE}/lists/organisation/new"), &sent).await;
        assert_eq!((made.status, made.location().contains("claim=")), (303, true), "{}", made.text());

        let panel = office.get(&claim).await;
        assert!(!panel.text().contains(&Locale::Zh.meeting_unknown_organisation("紫橡新材料有限公司")));
        let firm = panel.links("/records/DW-").remove(0);
        assert!(office.get(&firm).await.text().contains("1.2亿元"), "the quote stands on its page");
        let new = panel.links("lists/agreement/new?claim=").remove(0);
        let form = office.get(&new).await;
        let mut fields = filled(&form);
        assert!(fields.contains(&("amount".into(), "12000".into())), "{fields:?}");
        assert!(fields.contains(&("signed_on".into(), "2025-06-18".into())), "{fields:?}");
        assert!(fields.iter().any(|(name, value)| name == "party" && value.contains("紫橡新材料有限公司")));
        fields.extend([("party".into(), "岚湖省工商业联合会".into()), ("party_role".into(), "host".into())]);
        let sent: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let made = office.post(&format!("{BASE}/lists/agreement/new"), &sent).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let agreement = office.get(&claim).await.links("/records/XY-").remove(0);
        let page = office.get(&agreement).await;
        assert!(page.text().contains("1.2亿元") && !page.links("/documents/ZL-").is_empty());
        let all = office.get(&format!("{agreement}/quotes")).await;
        assert!(all.status == 200 && all.text().contains("1.2亿元"));
    }
}

#[tokio::test]
async fn a_claim_joins_an_agreement_and_a_difference_is_asked_about() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let document = add_report(&site, &mut office).await;
        let claim = claim(&mut office, &document, "1.2亿元").await;
        let fields = [
            ("title", "紫橡投资协议"),
            ("kind", "investment"),
            ("status", "signed"),
            ("party", "岚湖省工商业联合会"),
            ("party_role", "investor"),
            ("party", "岚湖青禾食品有限公司"),
            ("party_role", "partner"),
            ("amount", "1.3"),
            ("amount_unit", "yi"),
        ];
        let made = office.post(&format!("{BASE}/lists/agreement/new"), &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let agreement = made.location().to_owned();
        let code = agreement.rsplit('/').next().expect("a code");
        let join = format!("{BASE}/claims/{}/join", id(&claim));
        let refused = office.post(&join, &[("record", "没有这份")]).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("value=\"没有这份\"")
                && refused.text().contains(Locale::Zh.problem_unknown())
        );
        let asked = office.post(&join, &[("record", code)]).await;
        assert_eq!(asked.status, 409);
        assert!(
            asked.text().contains(Locale::Zh.meeting_differs()) && asked.text().contains("value=\"replace\"")
        );
        let joined = office.post(&join, &[("record", code), ("differing", "replace")]).await;
        assert_eq!(joined.status, 303, "{}", joined.text());
        let page = office.get(&claim).await;
        assert!(page.text().contains(&Locale::Zh.meeting_replaced("紫橡投资协议")), "{}", flash(&page));
        let audit = office.get(&format!("{agreement}/audit")).await.text();
        assert!(audit.contains(Locale::Zh.change_claim_join()), "{audit}");
        let mut reader = site.signed_in("reader").await;
        let panel = reader.get(&claim).await.text();
        assert!(!panel.contains("/join\"") && !panel.contains("/name\""), "a reader is offered nothing");
    }
}

#[tokio::test]
async fn words_of_a_claim_are_no_name_of_what_nobody_knows() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let document = add_report(&site, &mut office).await;
        let claim = claim(&mut office, &document, "1.2亿元").await;
        let name = format!("{BASE}/claims/{}/name", id(&claim));
        let before = stored(&site).await;
        let (long, park) = ("长".repeat(1_001), office.get(&format!("{BASE}/lists/park")).await);
        let park = park.links(&format!("{BASE}/records/YQ-")).remove(0);
        let other = park.rsplit('/').next().expect("a code");
        for record in ["", HOSTILE, "\u{202e}", "DW-2026-999999", "' OR 1=1 --", &long, other] {
            let answer = office.post(&name, &[("kind", "organisation"), ("record", record)]).await;
            let wrong = check(&answer, "record", record, true);
            assert!(wrong.is_none(), "{wrong:?}");
        }
        for kind in ["", "castle", HOSTILE] {
            assert_eq!(office.post(&name, &[("kind", kind), ("record", other)]).await.status, 400, "{kind}");
        }
        let mut reader = site.signed_in("reader").await;
        let firm = [("kind", "organisation"), ("record", "DW-2026-000002")];
        assert_eq!(reader.post(&name, &firm).await.status, 403);
        assert!(before == stored(&site).await, "nothing was saved");
        assert_eq!(office.post(&name, &firm).await.status, 303);
        let page = office.get(&claim).await.text();
        assert!(!page.contains(&Locale::Zh.meeting_unknown_organisation("紫橡新材料有限公司")), "{page}");
    }
}

async fn opportunity(office: &mut Browser) -> String {
    let fields = [("title", "冷链仓储项目"), ("status", "draft"), ("region", "X10121")];
    let made = office.post(&format!("{BASE}/lists/opportunity/new"), &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    made.location().to_owned()
}

#[tokio::test]
async fn documents_are_uploaded_to_a_record_and_taken_off_with_a_reason() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let record = opportunity(&mut office).await;
        let parts: [(&str, Option<&str>, &[u8]); 2] =
            [("file", Some("备忘.txt"), "三年内建成冷链仓库。".as_bytes()), ("role", None, b"stamped")];
        let sent = office.upload(&format!("{record}/upload"), &parts).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let page = office.get(&record).await;
        assert!(page.text().contains(Locale::Zh.stamped_copy()));
        let document = page.links("/documents/ZL-").remove(0);
        assert!(
            office.get(&document).await.links("/records/TJ-").contains(&record),
            "it says where it is attached"
        );
        let list = office.get(&format!("{BASE}/lists/opportunity?q={}", escape("冷链仓库"))).await;
        assert!(list.links(&record).contains(&record), "found by the words of the document");

        let mark: [(&str, Option<&str>, &[u8]); 2] =
            [("file", Some("机.txt"), "机密★\n内部".as_bytes()), ("role", None, b"stamped")];
        let refused = office.upload(&format!("{record}/upload"), &mark).await;
        assert_eq!(refused.status, 422, "the same screening as for documents");
        let none: [(&str, Option<&str>, &[u8]); 1] = [("role", None, b"stamped")];
        assert_eq!(office.upload(&format!("{record}/upload"), &none).await.status, 422);

        let remove = page.text();
        let remove = remove
            .split("action=\"")
            .find_map(|rest| rest.split('"').next().filter(|of| of.ends_with("/remove")));
        let remove = remove.expect("a form").to_owned();
        assert_eq!(office.post(&remove, &[("reason", "")]).await.status, 422);
        assert_eq!(office.post(&remove, &[("reason", "附错")]).await.status, 303);
        assert!(office.get(&record).await.links("/documents/ZL-").is_empty());
        let code = document.rsplit('/').next().expect("a code");
        let offered = office.get(&format!("{BASE}/suggest/document?q={}", escape("冷链"))).await;
        assert!(offered.text().contains(code));
        let attached = office
            .post(&format!("{record}/attachments"), &[("document", code), ("role", "attachment")])
            .await;
        assert_eq!(attached.status, 303);
        let mut reader = site.signed_in("reader").await;
        let page = reader.get(&record).await;
        assert!(page.status == 404 || !page.text().contains("/upload\""), "a reader is offered no form");
    }
}

#[tokio::test]
async fn figures_and_people_of_a_record_are_entered_on_its_page() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let record = opportunity(&mut office).await;
        let wrong = [
            ("measure", "works_completed"),
            ("amount", "多"),
            ("amount_unit", "wan"),
            ("role", "actual"),
            ("period_kind", "stock"),
        ];
        let refused = office.post(&format!("{record}/figures"), &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("value=\"多\"") && refused.text().contains(Locale::Zh.problem_number())
        );
        let mut right = wrong;
        right[1].1 = "300";
        let entered = office
            .post(&format!("{record}/figures"), &[&right[..], &[("citation_title", "年报")]].concat())
            .await;
        assert_eq!(entered.status, 303, "{}", entered.text());
        let page = office.get(&record).await;
        let figure = page.links("/figures/SJ-").remove(0);
        assert!(office.get(&figure).await.text().contains("年报"));

        let contact = [("title", "联络员甲"), ("phone", "000-0000")];
        assert_eq!(office.post(&format!("{BASE}/lists/contact/new"), &contact).await.status, 303);
        assert_eq!(office.post(&format!("{record}/people"), &[("contact", "没有")]).await.status, 422);
        assert_eq!(office.post(&format!("{record}/people"), &[("contact", "联络员甲")]).await.status, 303);
        let page = office.get(&record).await.text();
        assert!(page.contains("联络员甲") && page.contains("000-0000"));
        assert!(page.contains(Locale::Zh.change_contact_link()), "the timeline tells who did what");
        let hostile = office.post(&format!("{record}/people"), &[("contact", "\"><script>x</script>")]).await;
        assert!(hostile.status == 422 && !hostile.text().contains("<script>x"));
        let mut reader = site.signed_in("reader").await;
        assert!(!reader.get(&record).await.text().contains("联络员甲"));
    }
}
