//! Search as people use it: what was saved is found at once, by whoever may see it, and people are found by nobody else.

use crate::common::{REPORT, applications, create, file, form, now, user};
use app::{Actor, App, EntryForm, LinkInput, ListFilter, RecordKind, Role, Sort};

async fn found(app: &App, programme: i64, actor: &Actor, text: &str) -> Vec<(RecordKind, String)> {
    let hits = app.search(actor, programme, text, 50).await.expect("a search");
    hits.into_iter().map(|found| (found.hit.kind, found.hit.title)).collect()
}

#[tokio::test]
async fn a_saved_record_is_found_at_once_and_an_edit_or_its_undo_too() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let fields = [("kind", "enterprise"), ("note", "主营鲸落采集")];
        let form_new = form("云汐新材料有限公司", &fields);
        let kind = RecordKind::Organisation;
        let record = app.entry_create(&office, programme, kind, &form_new).await.expect("created");
        let old = vec![(kind, "云汐新材料有限公司".to_owned())];
        for text in ["云汐", "yxxcl", "鲸落", &record.code] {
            assert_eq!(found(&app, programme, &office, text).await, old, "{text}");
        }
        let edited = form("岚山新材料有限公司", &[]);
        app.entry_edit(&office, programme, &record.code, &edited).await.expect("edited");
        assert_eq!(found(&app, programme, &office, "云汐").await, []);
        assert_eq!(found(&app, programme, &office, "岚山").await.len(), 1);
        let (_, changes) = app.audit(&office, programme, &record.code, None).await.expect("the audit");
        app.change_undo(&office, programme, changes[0].change.id, None).await.expect("undone");
        assert_eq!(found(&app, programme, &office, "云汐").await, old);
        assert_eq!(found(&app, programme, &office, "岚山").await, []);
    }
}

#[tokio::test]
async fn a_contact_is_found_by_name_and_only_by_who_may_see_contacts() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let reader = user(&app, "reader", Role::Reader).await;
        let fields = [
            ("position", "秘书长"),
            ("phone", "0999-7654321"),
            ("email", "qiao@example.com"),
            ("scope", "冷链洽谈"),
        ];
        let contact = form("乔望舒", &fields);
        app.entry_create(&office, programme, RecordKind::Contact, &contact).await.expect("created");
        let hit = vec![(RecordKind::Contact, "乔望舒".to_owned())];
        for text in ["乔望", "qws", "冷链洽谈"] {
            assert_eq!(found(&app, programme, &office, text).await, hit, "{text}");
            assert_eq!(found(&app, programme, &reader, text).await, [], "{text}");
        }
        for text in ["0999-7654321", "qiao@example.com", "秘书长"] {
            assert_eq!(found(&app, programme, &office, text).await, [], "{text}");
        }
    }
}

#[tokio::test]
async fn reading_a_document_adds_nothing_to_the_index_but_its_own_text() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!("{REPORT}荻口县投资人钱慕云出资7亿元。\n");
        let path = file(folder.path(), "a.txt", text.as_bytes());
        let added = app.document_add(&office, programme, &path, "a.txt").await.expect("added");
        let before = found(&app, programme, &office, "钱慕云").await;
        app.work(now).await.expect("read");
        app.claim_accept_certain(&office, programme, added.id).await.expect("accepted");
        assert_eq!(before.len(), 1);
        assert_eq!(before[0].0, RecordKind::Document);
        assert_eq!(found(&app, programme, &office, "钱慕云").await, before);
    }
}

#[tokio::test]
async fn a_picker_offers_records_of_its_kind_by_initials_pinyin_code_and_parts_of_names() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let kind = RecordKind::Organisation;
        let form_new = form("云汐新材料有限公司", &[("kind", "enterprise")]);
        let record = app.entry_create(&office, programme, kind, &form_new).await.expect("created");
        let holding = form("岚山云汐新材料贸易", &[("kind", "enterprise")]);
        app.entry_create(&office, programme, kind, &holding).await.expect("created");
        for text in ["yxx", "YXXCL", "yunxixin", "云汐", &record.code] {
            let offered = app.entry_suggest(&office, programme, kind, text, 10).await.expect("asked");
            assert_eq!(offered[0].record.title, "云汐新材料有限公司", "{text}");
        }
        assert_eq!(app.entry_suggest(&office, programme, kind, "云汐", 10).await.expect("asked").len(), 2);
        let parks = app.entry_suggest(&office, programme, RecordKind::Park, "yxx", 10).await;
        assert!(parks.expect("asked").is_empty());
    }
}

#[tokio::test]
async fn an_agreement_is_found_by_a_name_of_a_party_until_it_is_none() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let firm = form("鲸落海采有限公司", &[("kind", "enterprise")]);
        let firm =
            app.entry_create(&office, programme, RecordKind::Organisation, &firm).await.expect("created");
        let party = |code: &str| LinkInput { record: code.to_owned(), role: "investor".to_owned() };
        let fields = [("kind", "intent"), ("status", "draft"), ("region", "X10100")];
        let deal = EntryForm {
            links: [("party".to_owned(), vec![party(&firm.code)])].into(),
            ..form("一份意向", &fields)
        };
        let kind = RecordKind::Agreement;
        let deal = app.entry_create(&office, programme, kind, &deal).await.expect("created");
        let listed = async |text: &str| {
            let filter = ListFilter { text: text.to_owned(), ..ListFilter::of(kind) };
            let page = app.entry_list(&office, programme, filter, Sort::default(), None, 9).await;
            page.expect("a list").entries.into_iter().map(|entry| entry.record.id).collect::<Vec<_>>()
        };
        assert_eq!(listed("鲸落").await, [deal.id]);
        assert_eq!(listed("鲸落 意向").await, [deal.id]);
        assert_eq!(found(&app, programme, &office, "鲸落").await.len(), 2, "by Ctrl-K too");
        let renamed = form("望海渔业有限公司", &[]);
        app.entry_edit(&office, programme, &firm.code, &renamed).await.expect("renamed");
        assert_eq!((listed("鲸落").await, listed("望海").await), (vec![], vec![deal.id]));
        let without = EntryForm { links: [("party".to_owned(), vec![])].into(), ..EntryForm::default() };
        app.entry_edit(&office, programme, &deal.code, &without).await.expect("taken off");
        assert!(listed("望海").await.is_empty());
    }
}

#[tokio::test]
async fn records_are_found_by_the_enterprise_or_park_they_lead_to_as_it_is_called_now() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let enterprise = [("kind", "enterprise")];
        let made = async |kind, form: &EntryForm| create(&app, &office, programme, kind, form).await;
        let firm = made(RecordKind::Organisation, &form("鲸落海采有限公司", &enterprise)).await;
        let to_firm = ("organisation", firm.code.as_str());
        let park = made(
            RecordKind::Park,
            &form("砾原新区", &[("kind", "industrial"), ("region", "X10100"), ("operator", &firm.code)]),
        )
        .await;
        let kinds = [
            (RecordKind::Need, vec![to_firm, ("status", "open")]),
            (RecordKind::Lead, vec![to_firm, ("owner", "岚阳市协作工作分指挥部")]),
            (RecordKind::Prospect, vec![to_firm, ("park", &park.code), ("status", "listed")]),
            (RecordKind::Contact, vec![to_firm]),
        ];
        let mut expected = vec![(RecordKind::Park, park.id)];
        for (kind, fields) in kinds {
            expected.push((kind, made(kind, &form(&format!("某{}", kind.code()), &fields)).await.id));
        }
        let listed = async |kind: RecordKind, text: &str| {
            let filter = ListFilter { text: text.to_owned(), ..ListFilter::of(kind) };
            let page = app.entry_list(&office, programme, filter, Sort::default(), None, 9).await;
            page.expect("a list").entries.into_iter().map(|entry| entry.record.id).collect::<Vec<_>>()
        };
        for (kind, id) in &expected {
            assert_eq!(listed(*kind, "鲸落").await, [*id], "{kind:?}");
        }
        assert_eq!(found(&app, programme, &office, "鲸落").await.len(), 6, "by Ctrl-K too");
        let prospects = listed(RecordKind::Prospect, "砾原新区").await;
        assert_eq!(prospects.len(), 1, "by its park");
        app.entry_edit(&office, programme, &firm.code, &form("望海渔业有限公司", &[]))
            .await
            .expect("renamed");
        for (kind, id) in &expected {
            assert_eq!(listed(*kind, "鲸落").await, Vec::<i64>::new(), "{kind:?}");
            assert_eq!(listed(*kind, "望海").await, [*id], "{kind:?}");
        }
        // What a reader may not open is not found by it either: the lead is protected, the contact a person.
        let reader = user(&app, "reader", Role::Reader).await;
        let seen: Vec<_> = found(&app, programme, &reader, "望海").await.into_iter().map(|of| of.0).collect();
        assert!(seen.contains(&RecordKind::Organisation) && seen.contains(&RecordKind::Park), "{seen:?}");
        assert!(!seen.contains(&RecordKind::Lead) && !seen.contains(&RecordKind::Contact), "{seen:?}");
        // Nor does a person's name lead to anything but the person.
        let of_person = found(&app, programme, &office, "某contact").await;
        assert!(of_person.iter().all(|of| of.0 == RecordKind::Contact), "{of_person:?}");
    }
}
