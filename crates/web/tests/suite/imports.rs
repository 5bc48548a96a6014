//! Sheets in through the pages: from the upload to the records, and who may look at what.

use crate::site::{Site, now};

const IMPORTS: &str = "/p/invented/imports";
const LEDGER: &str = "2026年6月项目台账,,,\n项目名称,落地县市,投资主体,计划总投资（万元）\n砾石光伏一期,芦滩县,戈壁新能源有限公司,12000\n芦滩纺纱厂,芦滩县,,约3亿\n坏项目,无此地,,1\n";

async fn upload(site: &Site, login: &str, name: &str, text: &str) -> String {
    let mut office = site.signed_in(login).await;
    let answer = office.upload(IMPORTS, &[("file", Some(name), text.as_bytes())]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_ledger_goes_from_its_columns_to_records_and_to_the_cells_they_came_from() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let to = upload(&site, "office", "台账.csv", LEDGER).await;
    let page = office.get(&to).await;
    assert_eq!(page.status, 200);
    for words in ["落地县市", "value=\"field:region\" selected", "value=\"CNY*10000\" selected", "2026-06-30"]
    {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let twice = [("kind", "project"), ("mode", "both"), ("t0", "title"), ("t1", "title"), ("do", "read")];
    let refused = office.post(&format!("{to}/mapping"), &twice).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("与另一列含义相同"));
    let right =
        [("kind", "project"), ("mode", "both"), ("register", "yes"), ("do", "read"), ("source", "县里月报")];
    assert_eq!(office.post(&format!("{to}/mapping"), &right).await.status, 303);
    let busy = office.get(&to).await;
    assert_eq!(busy.header("refresh"), "2", "the page loads itself again");
    site.app.work(now).await.expect("worked");
    let preview = office.get(&to).await;
    for words in ["砾石光伏一期", "将登记这家企业:戈壁新能源有限公司", "B5", "写入 2 行"]
    {
        assert!(preview.text().contains(words), "{words}: {}", preview.text());
    }
    let wrong = office.get(&format!("{to}/wrong.xlsx")).await;
    assert_eq!((wrong.status, &wrong.body[..2]), (200, &b"PK"[..]));
    assert_eq!(office.post(&format!("{to}/commit"), &[("reason", "六月台账")]).await.status, 303);
    site.app.work(now).await.expect("worked");
    let done = office.get(&to).await;
    assert!(done.text().contains("新增 2 行"), "{}", done.text());
    let list = office.get("/p/invented/lists/project?q=砾石光伏一期").await;
    let code = list
        .text()
        .split("records/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a record")
        .to_owned();
    let cells = office.get(&format!("/p/invented/records/{code}/cells")).await;
    assert!(
        cells.text().contains("台账.csv") && cells.text().contains("rows/3?column=0"),
        "{}",
        cells.text()
    );
    let cell = office.get(&format!("{to}/rows/3?column=0")).await;
    assert!(cell.text().contains("class=\"meant\">砾石光伏一期"), "{}", cell.text());
    let record = office.get(&format!("/p/invented/records/{code}")).await;
    for words in ["title=\"来源: C3\"", "rows/3?column=1", "台账.csv</a>"] {
        assert!(record.text().contains(words), "{words}: {}", record.text());
    }
    // The next sheet of the same source is known.
    let next = upload(&site, "office", "七月.csv", LEDGER).await;
    assert!(office.get(&next).await.text().contains("县里月报"));
}

#[tokio::test]
async fn what_others_brought_is_theirs_and_what_is_no_sheet_is_refused() {
    let site = Site::new().await;
    let to = upload(&site, "office", "台账.csv", LEDGER).await;
    let mut reader = site.signed_in("reader").await;
    assert_eq!(reader.get(IMPORTS).await.status, 403);
    for path in ["", "/file", "/wrong.xlsx"] {
        assert_eq!(reader.get(&format!("{to}{path}")).await.status, 403, "{path}");
    }
    assert_eq!(
        reader.get(&format!("{to}/rows/3")).await.status,
        404,
        "no record of it is open to anybody yet"
    );
    let mut office = site.signed_in("office").await;
    for (name, bytes) in [
        ("照片.png", &b"\x89PNG\r\n\x1a\n\0\0"[..]),
        ("空.csv", b""),
        ("身份.csv", "项目名称,身份证号\n甲,乙\n".as_bytes()),
    ] {
        let answer = office.upload(IMPORTS, &[("file", Some(name), bytes)]).await;
        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.text().contains(name), "{name}");
    }
    assert_eq!(office.upload(IMPORTS, &[("file", Some(""), b"")]).await.status, 422);
    for path in ["/imports/999", "/imports/999/rows/1", "/imports/999/file"] {
        assert_eq!(office.get(&format!("/p/invented{path}")).await.status, 404, "{path}");
    }
    assert_eq!(office.post(&format!("{to}/commit"), &[]).await.status, 409, "nothing was read yet");
    assert_eq!(office.post(&format!("{to}/cancel"), &[]).await.status, 303);
    assert_eq!(office.post(&format!("{to}/cancel"), &[]).await.status, 409);
}

#[tokio::test]
async fn an_empty_ledger_is_handed_out_and_says_that_it_is_empty_when_it_comes_back() {
    let site = Site::new().await;
    let mut office = site.signed_in("office").await;
    let page = office.get(IMPORTS).await;
    assert!(page.text().contains("/imports/ledgers/7\">月报表"), "{}", page.text());
    let ledger = office.get(&format!("{IMPORTS}/ledgers/1")).await;
    assert_eq!((ledger.status, &ledger.body[..2]), (200, &b"PK"[..]));
    assert!(ledger.header("content-disposition").starts_with("attachment; filename*=UTF-8''%E6%8B%9B"));
    for number in ["0", "8", "99"] {
        assert_eq!(office.get(&format!("{IMPORTS}/ledgers/{number}")).await.status, 404);
    }
    let answer = office.upload(IMPORTS, &[("file", Some("招商项目台账.xlsx"), &ledger.body)]).await;
    let to = answer.header("location").to_owned();
    let choice = [("kind", "opportunity"), ("mode", "both"), ("do", "read")];
    assert_eq!(office.post(&format!("{to}/mapping"), &choice).await.status, 303);
    site.app.work(now).await.expect("worked");
    let page = office.get(&to).await;
    for words in ["表头以下没有可读的数据行", "name=\"header_from\""] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
}
