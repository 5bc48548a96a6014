//! What people send of projects that cannot be, or not any more: nothing of it is saved, on both databases.

use crate::common::{applications, create, form_of_another as form, user};
use app::{Actor, App, Error, Problem, Record, RecordKind, Role, StageForm, StageInput};
use jiff::Timestamp;

const LUTAN: &str = "X10121";

async fn project(app: &App, actor: &Actor, programme: i64, more: &[(&str, &str)]) -> Record {
    let fields: Vec<(&str, &str)> = [("region", LUTAN)].into_iter().chain(more.iter().copied()).collect();
    create(app, actor, programme, RecordKind::Project, &form("远帆纺纱项目", &fields)).await
}

async fn edit(
    app: &App,
    actor: &Actor,
    programme: i64,
    code: &str,
    fields: &[(&str, &str)],
) -> Vec<(String, &'static str)> {
    let mut edit = form("远帆纺纱项目", fields);
    edit.basis.version = Some(app.entry(actor, programme, code).await.expect("the project").version);
    wrong(app.entry_edit(actor, programme, code, &edit).await)
}

fn wrong(result: app::Result<Record>) -> Vec<(String, &'static str)> {
    match result {
        Err(Error::Form(problems)) => {
            problems.into_iter().map(|Problem { field, code, .. }| (field, code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn named<'a>(problems: &'a [(String, &'static str)]) -> Vec<(&'a str, &'static str)> {
    problems.iter().map(|(field, code)| (field.as_str(), *code)).collect()
}

#[tokio::test]
async fn its_own_parent_a_plan_that_ends_before_it_starts_and_more_than_all_are_refused() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-i", Role::Office).await;
        let code = project(&app, &office, programme, &[("start_planned", "2026-05-01")]).await.code;
        let before = app.entry(&office, programme, &code).await.expect("the project").version;
        let refused = edit(&app, &office, programme, &code, &[("parent", &code)]).await;
        assert_eq!(named(&refused), [("parent", "itself")]);
        let refused = edit(&app, &office, programme, &code, &[("complete_planned", "2026-04-30")]).await;
        assert_eq!(named(&refused), [("complete_planned", "order")]);
        let both =
            [("start_planned", "2026-09-01"), ("complete_planned", "2026-08-31"), ("progress", "100.5")];
        let refused = edit(&app, &office, programme, &code, &both).await;
        assert_eq!(named(&refused), [("complete_planned", "order"), ("progress", "over-hundred")]);
        let after = app.entry(&office, programme, &code).await.expect("the project");
        assert_eq!(after.version, before, "nothing was written");
    }
}

#[tokio::test]
async fn a_gate_that_asks_for_more_since_the_form_was_opened_names_that_and_moves_nothing() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-i", Role::Office).await;
        let approver = user(&app, "approver-i", Role::Approver).await;
        let code = project(&app, &office, programme, &[("stage", "lead")]).await.code;
        let firm = form("岚湖远帆纺织有限公司", &[("kind", "enterprise")]);
        let firm = create(&app, &office, programme, RecordKind::Organisation, &firm).await;
        let fields = [("investor".to_owned(), firm.code)];
        let step = StageForm {
            from: "lead".into(),
            to: "talks".into(),
            fields: fields.into(),
            ..StageForm::default()
        };

        let rows = app.setting_stages(&approver, programme).await.expect("stages");
        let talks = rows.rows.iter().find(|stage| stage.code == "talks").expect("a stage");
        let mut facts: Vec<String> = talks.facts.iter().map(|fact| fact.code().to_owned()).collect();
        facts.push("content".into());
        let input = StageInput {
            code: "talks".into(),
            ord: talks.ord.to_string(),
            zh: talks.zh.clone(),
            en: talks.en.clone(),
            milestone: talks.milestone.code().into(),
            facts,
        };
        app.setting_stages_save(&approver, programme, rows.version, &[input]).await.expect("saved");

        let refused = wrong(app.project_move(&office, programme, &code, &step).await);
        assert_eq!(named(&refused), [("content", "missing")]);
        let stands = app.entry(&office, programme, &code).await.expect("the project").entry;
        assert_eq!((stands.text("stage"), stands.id("investor")), (Some("lead"), None), "nothing half saved");
    }
}

#[tokio::test]
async fn a_day_is_past_or_to_come_by_the_clock_of_the_programme() {
    // 00:30 on 2 March in Shanghai is still 1 March in UTC.
    let night: Timestamp = "2026-03-01T16:30:00Z".parse().expect("an instant");
    for (app, programme) in applications().await {
        let office = Actor { at: night, ..user(&app, "office-i", Role::Office).await };
        let code = project(&app, &office, programme, &[("stage", "landed")]).await.code;
        let start = |day: &str| StageForm {
            from: "landed".into(),
            to: "started".into(),
            fields: [("started_on".to_owned(), day.to_owned())].into(),
            ..StageForm::default()
        };
        let days = |problems: &[(String, &'static str)]| -> Vec<&'static str> {
            problems.iter().filter(|(field, _)| field == "started_on").map(|(_, code)| *code).collect()
        };
        let today = wrong(app.project_move(&office, programme, &code, &start("2026-03-02")).await);
        assert!(days(&today).is_empty(), "{today:?}");
        let tomorrow = wrong(app.project_move(&office, programme, &code, &start("2026-03-03")).await);
        assert_eq!(days(&tomorrow), ["future"]);
    }
}

#[tokio::test]
async fn a_project_with_more_milestones_than_its_page_shows_opens_with_the_newest_and_moves() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-i", Role::Office).await;
        let record = project(&app, &office, programme, &[("stage", "started")]).await;
        let due = form("节点", &[("project", &record.code), ("due_on", "2027-01-01")]);
        for _ in 0..110 {
            create(&app, &office, programme, RecordKind::Milestone, &due).await;
        }
        let page = app.entry(&office, programme, &record.code).await.expect("the project");
        let milestones = page.children.iter().find(|((kind, _), _)| *kind == RecordKind::Milestone);
        assert_eq!(milestones.map(|(_, of)| of.len()), Some(100));
        let hold = StageForm {
            from: "started".into(),
            to: "on_hold".into(),
            reason: "停工".into(),
            ..StageForm::default()
        };
        app.project_move(&office, programme, &record.code, &hold).await.expect("moved");
    }
}
