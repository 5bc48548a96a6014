//! Lights of projects, on both databases.

use crate::common::{applications, create, form_of_another as form, now, user};
use app::{
    Actor, App, Condition, EntryForm, LIGHT_MONTHS, ListFilter, NewRole, RecordKind, Role, Sort, Standing,
};
use domain::light::{CauseKind, Light};
use jiff::Timestamp;
use jiff::civil::date;

fn spring() -> Timestamp {
    "2026-05-02T03:04:05Z".parse().expect("an instant")
}

async fn standing(app: &App, actor: &Actor, programme: i64, code: &str) -> Standing {
    app.project_light(actor, programme, code).await.expect("seen").1.expect("reckoned")
}

async fn project(app: &App, actor: &Actor, programme: i64, more: &[(&str, &str)]) -> String {
    let fields = [("region", "X10121"), ("stage", "signed"), ("signed_on", "2025-05-16")];
    let fields: Vec<(&str, &str)> = fields.into_iter().chain(more.iter().copied()).collect();
    create(app, actor, programme, RecordKind::Project, &form("远帆纺纱项目", &fields)).await.code
}

async fn edit(app: &App, actor: &Actor, programme: i64, code: &str, fields: &[(&str, &str)]) {
    let edited = EntryForm { title: None, ..form("", fields) };
    app.entry_edit(actor, programme, code, &edited).await.expect("saved");
}

#[tokio::test]
async fn a_light_follows_what_is_written_at_once() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-l", Role::Office).await;
        let code = project(&app, &office, programme, &[]).await;
        assert_eq!(standing(&app, &office, programme, &code).await.light, Light::Unknown, "no plan");

        edit(&app, &office, programme, &code, &[("start_planned", "2025-12-01")]).await;
        let late = standing(&app, &office, programme, &code).await;
        assert_eq!((late.light, late.since), (Light::Yellow, date(2026, 1, 2)));
        assert_eq!(late.causes.len(), 1);
        assert_eq!((late.causes[0].kind, late.causes[0].days(date(2026, 1, 2))), (CauseKind::Start, 32));

        edit(&app, &office, programme, &code, &[("start_planned", "2026-03-01")]).await;
        assert_eq!(standing(&app, &office, programme, &code).await.light, Light::Green);

        let fields = [("project", code.as_str()), ("status", "open"), ("due_on", "2025-12-31")];
        let problem =
            create(&app, &office, programme, RecordKind::Problem, &form("变压器未到", &fields)).await;
        let now = standing(&app, &office, programme, &code).await;
        assert_eq!((now.light, now.causes[0].kind), (Light::Yellow, CauseKind::Problem));
        edit(&app, &office, programme, &problem.code, &[("status", "solved"), ("solved_on", "2026-01-01")])
            .await;
        assert_eq!(standing(&app, &office, programme, &code).await.light, Light::Green);

        let (_, _, turns) = app.project_light(&office, programme, &code).await.expect("seen");
        let lights: Vec<Light> = turns.iter().rev().map(|turn| turn.light).collect();
        let (unknown, green, yellow) = (Light::Unknown, Light::Green, Light::Yellow);
        assert_eq!(lights, [unknown, yellow, green, yellow, green], "every turn is kept");
        let shown = app.project_turns(&office, programme, 7).await.expect("turns");
        assert_eq!(shown.iter().filter(|turn| turn.record.code == code).count(), 4, "the first is no turn");
    }
}

#[tokio::test]
async fn the_worker_turns_lights_with_the_day_and_the_thresholds() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-l", Role::Office).await;
        let code = project(&app, &office, programme, &[("start_planned", "2026-03-01")]).await;
        app.work(now).await.expect("worked");
        assert_eq!(standing(&app, &office, programme, &code).await.light, Light::Green);
        app.work(spring).await.expect("worked");
        let late = standing(&app, &office, programme, &code).await;
        assert_eq!((late.light, late.since), (Light::Yellow, date(2026, 5, 2)));

        let approver = user(&app, "approver-l", Role::Approver).await;
        let refused = app.setting_set(&approver, Some(programme), LIGHT_MONTHS, "0").await;
        assert!(refused.is_err(), "at least a month");
        app.setting_set(&approver, Some(programme), LIGHT_MONTHS, "1").await.expect("set");
        app.work(spring).await.expect("worked");
        let now = standing(&app, &office, programme, &code).await;
        assert_eq!((now.light, now.causes[0].kind), (Light::Red, CauseKind::Start), "{now:?}");
        app.work(spring).await.expect("worked");
        let (_, _, turns) = app.project_light(&office, programme, &code).await.expect("seen");
        assert_eq!(turns.len(), 3, "nothing is logged twice");

        let red = ListFilter {
            conditions: vec![Condition::Light(vec![Light::Red])],
            ..ListFilter::of(RecordKind::Project)
        };
        let page = app.entry_list(&office, programme, red, Sort::default(), None, 200).await.expect("a list");
        assert!(page.entries.iter().any(|entry| entry.record.code == code));
        for entry in &page.entries {
            let of = standing(&app, &office, programme, &entry.record.code).await;
            assert_eq!(of.light, Light::Red);
        }
    }
}

#[tokio::test]
async fn the_invented_programme_has_red_lights_and_unsigned_projects_none() {
    for (app, programme) in applications().await {
        let autumn = || "2026-11-22T03:04:05Z".parse().expect("an instant");
        app.work(autumn).await.expect("worked");
        let operator = Actor::operator(now());
        let filter = ListFilter::of(RecordKind::Project);
        let page =
            app.entry_list(&operator, programme, filter, Sort::default(), None, 200).await.expect("a list");
        let mut lights = std::collections::BTreeSet::new();
        for entry in page.entries {
            let of = standing(&app, &operator, programme, &entry.record.code).await;
            let stage = entry.text("stage").unwrap_or_default();
            let has = matches!(stage, "signed" | "landed" | "started" | "completed");
            assert_eq!(of.light != Light::None, has, "{stage}");
            lights.insert(of.light);
        }
        assert!(lights.contains(&Light::None) && lights.contains(&Light::Red), "{lights:?}");
    }
}

#[tokio::test]
async fn who_may_not_see_a_project_sees_no_light_of_it() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-l", Role::Office).await;
        let code = project(&app, &office, programme, &[("start_planned", "2025-12-01")]).await;
        edit(&app, &office, programme, &code, &[("start_planned", "2026-03-01")]).await;
        let new = NewRole { programme: Some("invented"), region: Some("X40100"), ..NewRole::default() };
        let named = ("elsewhere-l", "别处", "long enough");
        app.user_add_with(&Actor::operator(now()), named, Role::Region, &new).await.expect("a user");
        let elsewhere = app.actor_named("elsewhere-l", now()).await.expect("the account");
        assert!(app.project_light(&elsewhere, programme, &code).await.is_err());
        let turns = app.project_turns(&elsewhere, programme, 7).await.expect("turns");
        assert!(turns.iter().all(|turn| turn.record.code != code));
        let own = app.project_turns(&office, programme, 7).await.expect("turns");
        assert!(own.iter().any(|turn| turn.record.code == code));
    }
}
