//! How output and tax of an enclave are shared, by period.

use crate::browser::Browser;
use crate::site::Site;

const P: &str = "/p/invented";

async fn enclave(office: &mut Browser) -> String {
    let fields = [("title", "测飞地"), ("kind", "forward"), ("sending", "X30100"), ("receiving", "X12921")];
    let answer = office.post(&format!("{P}/lists/enclave/new"), &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

/// What the table of shares of a page shows.
async fn table(office: &mut Browser, page: &str) -> String {
    let text = office.get(page).await.text();
    let part = text.split("id=\"shares\"").nth(1).expect("the part");
    let rows = part.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or("");
    let plain = rows.split('<').filter_map(|rest| rest.split_once('>')).map(|(_, text)| text.trim());
    plain.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("|")
}

#[tokio::test]
async fn shares_are_added_by_period_and_taken_back_with_a_reason() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let page = enclave(&mut office).await;
        let shares = format!("{page}/shares");
        let first = [("measure", "output"), ("from", "2024-01-01"), ("to", "2025-12-31"), ("sending", "40")];
        let first = [&first[..], &[("receiving", "60")]].concat();
        assert_eq!(office.post(&shares, &first).await.status, 303);
        let second = [("measure", "output"), ("from", "2026-01-01"), ("sending", "35.5%")];
        assert_eq!(office.post(&shares, &second).await.status, 303);
        let shown = table(&mut office, &page).await;
        assert!(shown.starts_with("产值|2024-01-01|2025-12-31|40%|60%"), "{shown}");
        assert!(shown.contains("产值|2026-01-01|—|35.5%|不详"), "{shown}");
        let remove = |page: &str, id: &str, reason: &'static str| {
            (format!("{page}/shares/remove"), [("share", id.to_owned()), ("reason", reason.to_owned())])
        };
        let text = office.get(&page).await.text();
        let id = text.split("name=\"share\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let id = id.expect("a form").to_owned();
        for (reason, status) in [("", 422), ("录错", 303), ("再移", 404)] {
            let (action, fields) = remove(&page, &id, reason);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(office.post(&action, &fields).await.status, status, "{reason}");
        }
        assert!(!table(&mut office, &page).await.contains("2025-12-31"));
        let audit = office.get(&format!("{page}/audit")).await.text();
        assert!(
            audit.contains("登记分成") && audit.contains("移除分成") && audit.contains("录错"),
            "{audit}"
        );
        let undo = audit.split("action=\"").filter_map(|rest| rest.split('"').next());
        let undo =
            undo.filter(|action| action.ends_with("/undo")).map(str::to_owned).next().expect("a button");
        assert_eq!(office.post(&undo, &[("next", page.as_str())]).await.status, 303);
        assert!(table(&mut office, &page).await.contains("2025-12-31"), "put back");
    }
}

#[tokio::test]
async fn what_cannot_be_shared_is_said_at_its_field() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let page = enclave(&mut office).await;
    let shares = format!("{page}/shares");
    let whole =
        [("measure", "tax"), ("from", "2024-01-01"), ("to", ""), ("sending", "50"), ("receiving", "50")];
    assert_eq!(office.post(&shares, &whole).await.status, 303);
    let before = table(&mut office, &page).await;
    for (name, value) in [
        ("measure", ""),
        ("measure", "castle"),
        ("from", ""),
        ("from", "2026-02-30"),
        ("from", "0001-01-01"),
        ("to", "2022-01-01"),
        ("to", "9999-12-31"),
        ("sending", "-1"),
        ("sending", "101"),
        ("sending", "many"),
        ("sending", "0.00000001"),
        ("receiving", "50.01"),
        ("receiving", "99999999999999999999999999999999"),
    ] {
        let mut fields = whole.map(|(of, as_it_was)| if of == name { (of, value) } else { (of, as_it_was) });
        if name != "measure" {
            fields[0].1 = "output";
        }
        let answer = office.post(&shares, &fields).await;
        assert_eq!(answer.status, 422, "{name}={value}");
        assert!(answer.text().contains("class=\"field-error\""), "{name}={value}");
    }
    let again = [("measure", "tax"), ("from", "2030-01-01"), ("sending", "1")];
    let answer = office.post(&shares, &again).await;
    assert!(answer.status == 422 && answer.text().contains("期间重叠"), "{}", answer.text());
    assert_eq!(table(&mut office, &page).await, before, "nothing is half saved");
}
