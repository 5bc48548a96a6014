//! Records stored twice, as pages: asked about on entry, listed, merged, led to from the old address.

use crate::site::Site;

const LIST: &str = "/p/invented/lists/organisation/new";

fn firm<'a>(title: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("title", title), ("kind", "enterprise"), ("region", "X30000")];
    fields.extend(more);
    fields
}

#[tokio::test]
async fn a_form_names_what_may_be_stored_already_and_goes_on_when_told_that_it_is_another() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let made = office.post(LIST, &firm("晴川电子有限公司", &[])).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let asked = office.post(LIST, &firm("岚湖晴川电子有限责任公司", &[])).await;
        assert_eq!(asked.status, 422);
        let page = asked.text();
        assert!(page.contains("id=\"duplicates\"") && page.contains(made.location()), "{page}");
        assert!(page.contains("name=\"different\" value=\"yes\""), "may go on");
        assert!(page.contains("value=\"岚湖晴川电子有限责任公司\""), "nothing typed is lost");
        let told = office.post(LIST, &firm("岚湖晴川电子有限责任公司", &[("different", "yes")])).await;
        assert_eq!(told.status, 303, "{}", told.text());

        let code = ("uscc", "91999999MA0000001N");
        assert_eq!(office.post(LIST, &firm("远山纸业有限公司", &[code])).await.status, 303);
        let refused = office.post(LIST, &firm("别的名字", &[code, ("different", "yes")])).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        assert!(page.contains("id=\"duplicates\"") && !page.contains("name=\"different\""), "{page}");
    }
}

#[tokio::test]
async fn two_records_are_merged_by_a_preview_and_the_old_address_leads_to_the_new() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let kept =
            office.post(LIST, &firm("晴川电子有限公司", &[("note", "甲说明")])).await.location().to_owned();
        let more = [("different", "yes"), ("note", "乙说明")];
        let gone = office.post(LIST, &firm("晴电", &more)).await.location().to_owned();
        let code = |path: &str| path.rsplit('/').next().expect("a code").to_owned();
        let (keep, other) = (code(&kept), code(&gone));

        let asked = office.get(&format!("/p/invented/merge?keep={keep}")).await;
        assert_eq!(asked.status, 200, "{}", asked.text());
        let found = office.post("/p/invented/merge/other", &[("keep", &keep), ("other", "晴电")]).await;
        let address = format!("/p/invented/merge?keep={keep}&other={other}");
        assert_eq!(found.location(), address);
        let unknown = office.post("/p/invented/merge/other", &[("keep", &keep), ("other", "没有")]).await;
        assert_eq!(unknown.status, 422);

        let page = office.get(&address).await.text();
        for part in ["甲说明", "乙说明", "name=\"field_note\" value=\"other\""] {
            assert!(page.contains(part), "{part} in {page}");
        }
        let version = page.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let version = version.expect("the version").to_owned();
        let mut fields =
            vec![("keep", keep.as_str()), ("other", &other), ("version", &version), ("field_note", "other")];
        let unexplained = office.post("/p/invented/merge", &fields).await;
        assert_eq!(unexplained.status, 422);
        assert!(unexplained.text().contains("id=\"merge-reason-error\""));
        fields.push(("reason", "同一家"));
        let merged = office.post("/p/invented/merge", &fields).await;
        assert_eq!(merged.location(), kept, "{}", merged.text());
        let page = office.get(&kept).await.text();
        assert!(page.contains("乙说明") && page.contains(&other), "{page}");
        assert_eq!(office.get(&gone).await.location(), kept);
        assert!(office.get(&kept).await.text().contains("已并入本记录"));
        assert_eq!(office.get(&format!("{gone}/audit")).await.status, 200, "its history stays");
        let again = office.post("/p/invented/merge", &fields).await;
        assert_eq!(again.status, 409);
        assert!(
            again.text().contains("id=\"merge-reason-error\"") && again.text().contains("value=\"同一家\"")
        );
    }
}

#[tokio::test]
async fn who_may_not_merge_sees_neither_the_list_nor_the_preview() {
    let site = Site::new().await;
    let mut reader = site.signed_in("reader").await;
    for path in ["/p/invented/duplicates", "/p/invented/merge?keep=DW-2026-000001&other=DW-2026-000002"] {
        assert_eq!(reader.get(path).await.status, 403, "{path}");
    }
    let mut office = site.signed_in("office").await;
    let list = "/p/invented/lists/organisation";
    let link = "/p/invented/duplicates?kind=organisation";
    assert!(office.get(list).await.text().contains(link));
    assert!(!reader.get(list).await.text().contains(link));
    let page = office.get("/p/invented/duplicates").await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(office.get("/p/invented/duplicates?kind=castle").await.status, 404);
    let missing = [("one", "DW-1"), ("other", "DW-2")];
    assert_eq!(office.post("/p/invented/duplicates/different", &missing).await.status, 404);
}
