//! Documents, figures and people of a record, on both databases.

use crate::common::{applications, file, form, now, user};
use app::{
    Actor, AmountInput, App, Error, ListFilter, NewRole, Proof, Record, RecordFigure, RecordKind, Role, Sort,
};
use domain::figure::Grain;

const LUTAN: &str = "X10121";
const CANGLAN: &str = "X12700";
/// A paper of our own wording.
const PAPER: &str = "备忘\n\n双方约定三年内建成冷链仓库，面积五千平方米。\n";

async fn of_region(app: &App, login: &str, role: Role, region: &str) -> Actor {
    let new = NewRole { programme: Some("invented"), region: Some(region), ..NewRole::default() };
    let operator = Actor::operator(now());
    app.user_add_with(&operator, (login, login, "long enough"), role, &new).await.expect("a new login");
    app.actor_named(login, now()).await.expect("the account")
}

async fn opportunity(app: &App, actor: &Actor, programme: i64) -> Record {
    let form = form("冷链仓储项目", &[("status", "draft"), ("region", LUTAN)]);
    app.entry_create(actor, programme, RecordKind::Opportunity, &form).await.expect("a new record")
}

async fn upload(
    app: &App,
    actor: &Actor,
    programme: i64,
    code: &str,
    text: &str,
    role: &str,
) -> app::Result<app::Added> {
    let folder = tempfile::tempdir().expect("works");
    let path = file(folder.path(), "纸.txt", text.as_bytes());
    app.attachment_upload(actor, programme, code, (&path, "纸.txt"), (role, "")).await
}

async fn found(app: &App, actor: &Actor, programme: i64, text: &str) -> Vec<i64> {
    let filter = ListFilter { text: text.into(), ..ListFilter::of(RecordKind::Opportunity) };
    let page = app.entry_list(actor, programme, filter, Sort::default(), None, 9).await.expect("a list");
    page.entries.iter().map(|entry| entry.record.id).collect()
}

#[tokio::test]
async fn an_attached_document_is_seen_with_its_record_and_finds_it_until_it_is_taken_off() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let (inside, outside) = (
            of_region(&app, "lutan", Role::Region, LUTAN).await,
            of_region(&app, "canglan", Role::Region, CANGLAN).await,
        );
        let record = opportunity(&app, &office, programme).await;
        let added = upload(&app, &office, programme, &record.code, PAPER, "stamped").await.unwrap();
        let detail = app.entry(&inside, programme, &record.code).await.unwrap();
        assert_eq!((detail.documents.len(), detail.documents[0].0.role.as_str()), (1, "stamped"));
        app.document(&inside, programme, &added.code)
            .await
            .expect("it is attached to a record of the region");
        assert!(matches!(app.document(&outside, programme, &added.code).await, Err(Error::NotFound)));
        assert_eq!(found(&app, &inside, programme, "冷链仓库").await, [record.id]);
        let of = app.attachment_records(&inside, programme, added.id).await.unwrap();
        assert_eq!(of.iter().map(|link| link.record.id).collect::<Vec<_>>(), [record.id]);

        let again = upload(&app, &office, programme, &record.code, PAPER, "attachment").await.unwrap();
        assert!(again.known && again.code == added.code, "the same bytes are the same document");
        let detail = app.entry(&office, programme, &record.code).await.unwrap();
        assert_eq!((detail.documents.len(), detail.documents[0].0.role.as_str()), (1, "attachment"));

        let link = detail.documents[0].0.id;
        let bare = app.attachment_remove(&office, programme, &record.code, link, " ").await;
        assert!(matches!(bare, Err(Error::Form(problems)) if problems[0].field == "reason"));
        app.attachment_remove(&office, programme, &record.code, link, "附错").await.unwrap();
        assert!(matches!(app.document(&inside, programme, &added.code).await, Err(Error::NotFound)));
        assert_eq!(found(&app, &office, programme, "冷链仓库").await, [0; 0]);
        let (_, audit) = app.audit(&office, programme, &record.code, None).await.unwrap();
        app.change_undo(&office, programme, audit[0].change.id, None).await.unwrap();
        app.document(&inside, programme, &added.code).await.expect("attached again");
        assert_eq!(found(&app, &inside, programme, "冷链仓库").await, [record.id]);
    }
}

#[tokio::test]
async fn a_document_that_is_there_is_attached_by_its_code_or_title_by_who_edits_the_record() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let reader = user(&app, "reader", Role::Reader).await;
        let record = opportunity(&app, &office, programme).await;
        let added = app.document_add_text(&office, programme, PAPER, "冷链备忘").await.unwrap();
        let attach = |actor: &Actor, document: &str, role: &str| {
            let (app, actor, code) = (app.clone(), actor.clone(), record.code.clone());
            let (document, role) = (document.to_owned(), role.to_owned());
            async move { app.attachment_add(&actor, programme, &code, &document, &role).await }
        };
        for (document, role, field) in
            [("", "attachment", "document"), ("没有", "attachment", "document"), ("冷链备忘", "boss", "role")]
        {
            let refused = attach(&office, document, role).await;
            assert!(
                matches!(refused, Err(Error::Form(problems)) if problems[0].field == field),
                "{document}"
            );
        }
        assert!(matches!(attach(&reader, &added.code, "attachment").await, Err(Error::Forbidden)));
        attach(&office, "冷链备忘", "attachment").await.unwrap();
        attach(&office, &added.code, "attachment").await.expect("once is enough");
        assert_eq!(app.entry(&reader, programme, &record.code).await.unwrap().documents.len(), 1);
        let offered = app.document_suggest(&office, programme, "冷链", 5).await.unwrap();
        assert_eq!(offered.iter().map(|of| of.code.as_str()).collect::<Vec<_>>(), [added.code.as_str()]);
    }
}

#[tokio::test]
async fn what_is_attached_to_a_protected_lead_stays_with_its_team() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let other = user(&app, "other", Role::Office).await;
        let firm = form("紫橡集团", &[("kind", "enterprise")]);
        let firm = app.entry_create(&office, programme, RecordKind::Organisation, &firm).await.unwrap();
        let offices = ListFilter::of(RecordKind::Office);
        let offices = app.entry_list(&office, programme, offices, Sort::default(), None, 1).await.unwrap();
        let owner = offices.entries[0].record.code.clone();
        let fields = [
            ("status", "registered"),
            ("organisation", &firm.code),
            ("owner", &owner),
            ("registered_on", "2026-01-02"),
        ];
        let lead = form("紫橡线索", &fields);
        let lead = app.entry_create(&office, programme, RecordKind::Lead, &lead).await.unwrap();
        let added = upload(&app, &office, programme, &lead.code, PAPER, "attachment").await.unwrap();
        app.document(&office, programme, &added.code).await.expect("who registered it");
        assert!(matches!(app.document(&other, programme, &added.code).await, Err(Error::NotFound)));
        assert!(app.document_list(&other, programme, None, 9).await.unwrap().is_empty());
        let record = opportunity(&app, &office, programme).await;
        app.attachment_add(&office, programme, &record.code, &added.code, "attachment").await.unwrap();
        app.document(&other, programme, &added.code).await.expect("open by another record");
    }
}

fn figure(measure: &str, value: &str) -> RecordFigure {
    RecordFigure {
        measure: measure.into(),
        amount: AmountInput { value: value.into(), unit: "wan".into(), ..AmountInput::default() },
        role: "actual".into(),
        period_kind: "stock".into(),
        period_to: "2025-12-31".into(),
        ..RecordFigure::default()
    }
}

#[tokio::test]
async fn a_figure_of_a_record_is_an_item_with_its_proof_and_the_amount_is_entered_once() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let record = opportunity(&app, &office, programme).await;
        let added = upload(&app, &office, programme, &record.code, PAPER, "attachment").await.unwrap();
        let page = Proof { document: added.code.clone(), page: "1".into(), ..Proof::default() };
        let works = RecordFigure { proof: page.clone(), ..figure("works_completed", "300") };
        let code = app.figure_add(&office, programme, &record.code, &works).await.unwrap();
        let detail = app.figure(&office, programme, &code).await.unwrap();
        let entered = &detail.entry.figure;
        assert_eq!((entered.subject, entered.grain, entered.hosts.len()), (Some(record.id), Grain::Item, 1));
        assert_eq!(detail.evidence[0].1.as_ref().map(|of| of.code.as_str()), Some(added.code.as_str()));
        assert!(detail.next.iter().all(|status| status.code() != "approved"), "law 7");
        let cited = Proof { title: "年报".into(), publisher: "甲".into(), ..Proof::default() };
        let cited = RecordFigure { proof: cited, ..figure("funds_arrived", "12") };
        app.figure_add(&office, programme, &record.code, &cited).await.unwrap();

        // What the form of the record asks for is entered once; the same again gains a proof, another is refused.
        let mut planned = figure("planned_total", "5000");
        planned.role = "target".into();
        app.figure_add(&office, programme, &record.code, &planned).await.unwrap();
        planned.proof = page;
        app.figure_add(&office, programme, &record.code, &planned).await.unwrap();
        planned.amount.value = "6000".into();
        let other = app.figure_add(&office, programme, &record.code, &planned).await;
        assert!(matches!(other, Err(Error::Form(problems)) if problems[0].code == "own-amount"));
        let detail = app.entry(&office, programme, &record.code).await.unwrap();
        assert_eq!((detail.figures.len(), detail.entry.amount.map(|of| of.low)), (3, Some(5_000_000_000)));
    }
}

#[tokio::test]
async fn every_problem_of_a_typed_figure_is_named() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let record = opportunity(&app, &office, programme).await;
        let proof = Proof { document: "ZL-2026-999999".into(), ..Proof::default() };
        let mut wrong = RecordFigure { proof, ..figure("castle", "多") };
        wrong.period_to = "3025-01-01".into();
        let Err(Error::Form(problems)) = app.figure_add(&office, programme, &record.code, &wrong).await
        else {
            panic!("refused")
        };
        let named: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
        let expected = [
            ("measure", "unknown"),
            ("amount", "number"),
            ("period_to", "far-date"),
            ("document", "unknown"),
        ];
        assert_eq!(named, expected);
        let reader = user(&app, "reader", Role::Reader).await;
        let refused = app.figure_add(&reader, programme, &record.code, &figure("tax", "1")).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
}

#[tokio::test]
async fn people_of_a_record_are_shown_to_who_may_see_contacts() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let reader = user(&app, "reader", Role::Reader).await;
        let firm = form("紫橡集团", &[("kind", "enterprise")]);
        let firm = app.entry_create(&office, programme, RecordKind::Organisation, &firm).await.unwrap();
        let contact = form("联络员甲", &[("organisation", &firm.code), ("phone", "000-0000")]);
        let contact = app.entry_create(&office, programme, RecordKind::Contact, &contact).await.unwrap();
        let of_firm = app.entry(&office, programme, &firm.code).await.unwrap();
        assert_eq!(of_firm.people.map(|people| people.len()), Some(1), "the contact names the firm");
        let of_firm = app.entry(&reader, programme, &firm.code).await.unwrap();
        assert!(of_firm.people.is_none() && of_firm.named_by.is_empty());

        let record = opportunity(&app, &office, programme).await;
        let linked = app.contact_link(&reader, programme, &record.code, &contact.code).await;
        assert!(matches!(linked, Err(Error::Forbidden)));
        app.contact_link(&office, programme, &record.code, "联络员甲").await.unwrap();
        let people = app.entry(&office, programme, &record.code).await.unwrap().people.expect("seen");
        let link = people[0].link.expect("linked");
        assert!(app.entry(&reader, programme, &record.code).await.unwrap().links.is_empty());
        app.contact_unlink(&office, programme, &record.code, link).await.unwrap();
        let people = app.entry(&office, programme, &record.code).await.unwrap().people;
        assert_eq!(people.map(|people| people.len()), Some(0));
    }
}
