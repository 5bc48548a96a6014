//! Business contacts (laws 8 and 9): every look at one is kept, and a person is erased wherever it is told of.

use crate::common::{applications, create, form_of_another as form, now, user};
use app::{
    Actor, AmountInput, App, ContactView, EntryRows, Error, ListFilter, MergeForm, Record, RecordFigure,
    RecordKind, Role, Sort,
};
use serde_json::json;

const NAME: &str = "温如故";
const PHONE: &str = "0900-1234567";

/// An organisation that tells of its contact in its note, and the contact.
async fn contact(app: &App, actor: &Actor, programme: i64) -> (Record, Record) {
    let note = format!("联系{NAME}，{PHONE}");
    let firm = form("汀兰机械有限公司", &[("kind", "enterprise"), ("region", "X30000"), ("note", &note)]);
    let firm = create(app, actor, programme, RecordKind::Organisation, &firm).await;
    let fields = [
        ("organisation", firm.code.as_str()),
        ("position", "业务经理"),
        ("phone", PHONE),
        ("email", "wen@example.org"),
        ("note", "周一在"),
    ];
    let mut person = form(NAME, &fields);
    person.aliases = Some(vec!["小温经理".to_owned()]);
    (firm, create(app, actor, programme, RecordKind::Contact, &person).await)
}

/// How, by whom, and how many: of a contact or of all.
async fn views(app: &App, watcher: &Actor, of: Option<&str>) -> Vec<(String, Option<String>, i64)> {
    let views: Vec<ContactView> = app.contact_view_list(watcher, of, None).await.expect("read");
    views.into_iter().map(|view| (view.what, view.user, view.count)).collect()
}

fn everywhere(actor: &Actor, role: Role) -> Actor {
    Actor { grants: vec![app::Grant::of(None, role)], ..actor.clone() }
}

#[tokio::test]
async fn whoever_sees_contacts_is_kept_with_when_and_which() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let reviewer = user(&app, "reviewer", Role::Reviewer).await;
        let watcher = everywhere(&user(&app, "audit", Role::Audit).await, Role::Audit);
        let (firm, person) = contact(&app, &office, programme).await;
        assert_eq!(views(&app, &watcher, Some(&person.code)).await, [], "entering one is no look");

        app.entry(&office, programme, &person.code).await.expect("there");
        app.entry(&office, programme, &firm.code).await.expect("there, with its people");
        let filter = ListFilter::of(RecordKind::Contact);
        app.entry_list(&reviewer, programme, filter.clone(), Sort::default(), None, 50)
            .await
            .expect("listed");
        let sorted = (filter, Sort::default());
        let rows = EntryRows::Lines(&|_, _| json!({}));
        app.entry_export(&reviewer, programme, sorted, false, rows).await.expect("written");
        let seen = views(&app, &watcher, Some(&person.code)).await;
        let seen: Vec<_> = seen.iter().map(|(what, who, _)| (what.as_str(), who.as_deref())).collect();
        let (office_name, reviewer_name) = (Some("office"), Some("reviewer"));
        assert_eq!(
            seen,
            [
                ("export", reviewer_name),
                ("list", reviewer_name),
                ("page", office_name),
                ("page", office_name)
            ]
        );
        let refused = app.contact_view_list(&office, None, None).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        let reader = user(&app, "reader", Role::Reader).await;
        let before = views(&app, &watcher, None).await.len();
        app.entry(&reader, programme, &firm.code).await.expect("without its people");
        assert_eq!(views(&app, &watcher, None).await.len(), before);
    }
}

#[tokio::test]
async fn a_person_who_is_erased_is_told_of_nowhere() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let (firm, person) = contact(&app, &office, programme).await;
        let mut edit = form("汀兰机械有限公司", &[("note", &format!("改由{NAME}负责"))]);
        edit.reason = format!("{NAME}来电");
        app.entry_edit(&office, programme, &firm.code, &edit).await.expect("edited");
        let again = form(NAME, &[("phone", PHONE)]);
        let again = create(&app, &office, programme, RecordKind::Contact, &again).await;
        let one = MergeForm { reason: "同一人".into(), ..MergeForm::default() };
        app.merge(&office, programme, (&person.code, &again.code), &one).await.expect("merged");

        let refused = app.contact_erase(&office, programme, &person.code, " ").await;
        assert!(matches!(refused, Err(Error::Invalid { field: "reason", problem: "missing" })));
        let refused = app.contact_erase(&office, programme, &again.code, "本人要求").await;
        assert!(matches!(refused, Err(Error::Conflict)), "it was merged");
        let refused = app.contact_erase(&office, programme, &firm.code, "本人要求").await;
        assert!(matches!(refused, Err(Error::NotFound)), "no person");
        app.contact_erase(&office, programme, &person.code, "本人要求").await.expect("erased");

        let mut bytes = Vec::new();
        app.backup(&Actor::operator(now()), &mut bytes).await.expect("written");
        let stored = String::from_utf8(bytes).expect("text");
        for word in [NAME, PHONE, "wen@example.org", "小温经理", "周一在"] {
            let line = stored.lines().find(|line| line.contains(word));
            assert_eq!(line, None, "{word}");
        }
        let entry = app.entry(&office, programme, &person.code).await.expect("its code is kept").entry;
        assert!(entry.record.archived && entry.record.title == person.code, "{entry:?}");
        let note = app.entry(&office, programme, &firm.code).await.expect("there").entry;
        assert_eq!(note.text("note"), Some("改由***负责"));
        let (_, audit) = app.audit(&office, programme, &person.code, None).await.expect("audited");
        assert_eq!(audit[0].change.reason.as_deref(), Some("本人要求"));
        assert_eq!(audit[0].change.user_name.as_deref(), Some("office"));
        for entry in audit.iter().take(2) {
            let refused = app.change_undo(&office, programme, entry.change.id, None).await;
            assert!(matches!(refused, Err(Error::NotUndoable)), "{refused:?}");
        }
        let refused = app.entry_archive(&office, programme, &person.code, false, "找回").await;
        assert!(matches!(refused, Err(Error::Conflict)));
        let refused = app.contact_erase(&office, programme, &person.code, "再次").await;
        assert!(matches!(refused, Err(Error::Conflict)));
    }
}

#[tokio::test]
async fn who_may_not_see_contacts_or_edit_this_one_erases_none() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let (_, person) = contact(&app, &office, programme).await;
        for role in [Role::Reader, Role::Park, Role::Audit] {
            let actor = Actor { grants: vec![app::Grant::of(Some(programme), role)], ..office.clone() };
            let refused = app.contact_erase(&actor, programme, &person.code, "本人要求").await;
            assert!(matches!(refused, Err(Error::Forbidden | Error::NotFound)), "{role:?}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn no_figure_is_entered_on_a_person() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let (organisation, person) = contact(&app, &office, programme).await;
        let figure = RecordFigure {
            measure: "planned_total".into(),
            amount: AmountInput { value: "１２".into(), unit: "wan".into(), ..AmountInput::default() },
            role: "actual".into(),
            period_kind: "flow".into(),
            ..RecordFigure::default()
        };
        let refused = app.figure_add(&office, programme, &person.code, &figure).await;
        assert!(matches!(refused, Err(Error::Form(_))), "{refused:?}");
        app.figure_add(&office, programme, &organisation.code, &figure)
            .await
            .expect("one on an organisation");
    }
}

#[tokio::test]
async fn a_name_in_a_search_a_picker_a_bulk_preview_or_a_field_is_a_look() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let watcher = user(&app, "watcher", Role::Security).await;
        let (_, person) = contact(&app, &office, programme).await;
        let fields = [("status", "open"), ("region", "X10100"), ("contact", person.code.as_str())];
        let kind = RecordKind::Opportunity;
        let named = create(&app, &office, programme, kind, &form("某项目", &fields)).await;
        let count = async || views(&app, &watcher, Some(&person.code)).await.len();
        let mut before = count().await;
        let mut grew = async |what: &str| {
            let now = count().await;
            assert!(now > before, "{what}");
            before = now;
        };
        app.search(&office, programme, NAME, 9).await.expect("found");
        grew("a search").await;
        app.entry_suggest(&office, programme, RecordKind::Contact, NAME, 9).await.expect("offered");
        grew("a picker").await;
        app.entry(&office, programme, &named.code).await.expect("there");
        grew("a page that names the person").await;
        let reviewer = user(&app, "reviewer", Role::Reviewer).await;
        let edit = app::BulkEdit { field: "organisation".into(), text: String::new(), reason: "改".into() };
        let choice = app::BulkChoice::Named(vec![(person.code.clone(), None)]);
        app.bulk_plan(&reviewer, programme, RecordKind::Contact, &edit, &choice).await.expect("planned");
        grew("a bulk preview").await;
    }
}
