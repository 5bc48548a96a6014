//! The audit (law 8): a creation holds the whole row, and no change is out of reach.

use crate::common::{REPORT, applications, file, now, user};
use app::{Actor, HandEntry, Role};
use serde_json::Value;

/// The whole-row item of an entity among the changes of a record.
async fn created(app: &app::App, actor: &Actor, programme: i64, code: &str, entity: &str) -> Value {
    let (_, entries) = app.audit(actor, programme, code, None).await.expect("audited");
    let mut items = entries.into_iter().flat_map(|entry| entry.items);
    let item = items.find(|item| item.entity == entity && item.field == "*").expect("a creation");
    item.after.expect("a row")
}

#[tokio::test]
async fn a_creation_holds_the_whole_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.txt", format!("{REPORT}联系编号 11010519491231002X。\n").as_bytes());
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let added = app.document_add(&office, programme, &path, "a.txt").await.unwrap();
        app.work(now).await.unwrap();
        let document = app.document(&office, programme, &added.code).await.unwrap();
        let row = created(&app, &office, programme, &added.code, "document").await;
        assert_eq!(
            (&row["original_digest"], &row["masked_count"]),
            (&document.original_digest.into(), &1.into())
        );
        let claims = app.claim_list(&office, programme, added.id).await.unwrap();
        let row = created(&app, &office, programme, &added.code, "reading").await;
        assert!(row["engine"].as_str().is_some_and(|engine| !engine.is_empty()) && row["text"].is_i64());
        assert_eq!((&row["claims"], &row["relations"]), (&claims.len().into(), &1.into()));

        let entry = HandEntry {
            measure: "funds_arrived".into(),
            value: "5".into(),
            unit: "CNY".into(),
            approx: "exact".into(),
            role: "actual".into(),
            period_kind: "stock".into(),
            phrase: "年末".into(),
            note: "据来函".into(),
            page: 1,
            rect: [0, 0, app::WHOLE_PAGE, app::WHOLE_PAGE],
            ..HandEntry::default()
        };
        let code = app.figure_enter(&office, programme, &added.code, &entry).await.unwrap();
        let row = created(&app, &office, programme, &code, "figure").await;
        for (field, expected) in [
            ("grain", "stated"),
            ("period_kind", "stock"),
            ("phrase", "年末"),
            ("note", "据来函"),
            ("published", "2025-05-19"),
        ] {
            assert_eq!(row[field], expected, "{field}");
        }
        for field in ["organisation", "event", "subject", "replaces"] {
            assert_eq!(row.get(field), Some(&Value::Null), "{field}");
        }
        let events = app::ListFilter::of(app::RecordKind::Event);
        let events = app.entry_list(&office, programme, events, app::Sort::default(), None, 1).await.unwrap();
        let row = created(&app, &office, programme, &events.entries[0].record.code, "event").await;
        for field in ["title", "region", "organisers"] {
            assert!(row.get(field).is_some(), "{field}");
        }
    }
}

#[tokio::test]
async fn the_grant_of_a_role_names_role_and_programme() {
    for (app, _) in applications().await {
        let operator = Actor::operator(now());
        app.user_add(&operator, "office", "office", "long enough", Some("invented"), Role::Office)
            .await
            .unwrap();
        let programme = app.programme("invented").await.unwrap().id;
        let mut backup = Vec::new();
        app.backup(&operator, &mut backup).await.unwrap();
        let item = serde_json::json!({
            "role": "office", "programme": programme, "region": null, "office": null, "record": null, "pending": false,
        });
        let item = serde_json::json!(item.to_string()).to_string();
        assert!(String::from_utf8(backup).unwrap().contains(&item), "{item}");
    }
}

#[tokio::test]
async fn the_audit_has_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.txt", REPORT.as_bytes());
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let code = app.document_add(&office, programme, &path, "a.txt").await.unwrap().code;
        for number in 0..app::AUDIT_PAGE {
            let title = format!("第{number}稿");
            app.document_set_details(&office, programme, &code, (&title, None), None, None).await.unwrap();
        }
        let (_, first) = app.audit(&office, programme, &code, None).await.unwrap();
        assert_eq!(i64::try_from(first.len()).unwrap(), app::AUDIT_PAGE);
        let last = first.last().map(|entry| entry.change.id);
        let (_, second) = app.audit(&office, programme, &code, last).await.unwrap();
        assert_eq!(second.len(), 1, "the first change of all");
        assert_eq!(second[0].change.kind, "document-add");
    }
}
