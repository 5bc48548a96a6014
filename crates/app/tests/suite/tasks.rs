//! Tasks and the notices they send, on both databases.

use crate::common::{applications, create, form_of_another as form, now, repository, user};
use app::{
    Actor, App, DueKind, DueQuery, EntryForm, Error, MergeForm, NewRole, RecordKind, RecordTasks, Role,
    TaskInput,
};
use jiff::Timestamp;

/// A user of one role within an office.
async fn member(app: &App, login: &str, role: Role, office: &str) -> Actor {
    let new = NewRole { programme: Some("invented"), office: Some(office), ..NewRole::default() };
    let operator = Actor::operator(now());
    app.user_add_with(&operator, (login, login, "long enough"), role, &new).await.expect("a new login");
    let token = app.sign_in(login, "long enough", now()).await.expect("signed in");
    app.actor(&token.0, now()).await.expect("the database answers").expect("a session")
}

struct Ground {
    office: Actor,
    other: Actor,
    project: String,
    team: String,
}

async fn ground(app: &App, programme: i64) -> Ground {
    let operator = Actor::operator(now());
    let made = form("砾原前方工作组", &[("kind", "work_team"), ("region", "X10121")]);
    let team = create(app, &operator, programme, RecordKind::Office, &made).await.code;
    let (office, other) =
        (member(app, "task-a", Role::Office, &team).await, member(app, "task-b", Role::Office, &team).await);
    let fields =
        [("region", "X10121"), ("stage", "signed"), ("signed_on", "2025-05-16"), ("owner", team.as_str())];
    let project =
        create(app, &office, programme, RecordKind::Project, &form("远帆纺纱项目", &fields)).await.code;
    Ground { office, other, project, team }
}

async fn tasks_of(app: &App, actor: &Actor, programme: i64, code: &str) -> RecordTasks {
    let detail = app.entry(actor, programme, code).await.expect("seen");
    app.record_tasks(actor, &detail).await.expect("read")
}

fn task(title: &str, owner: &str, due: &str) -> TaskInput {
    TaskInput { title: title.into(), owner: owner.into(), due: due.into(), note: String::new() }
}

fn codes(error: Error) -> Vec<(String, &'static str)> {
    match error {
        Error::Form(problems) => problems.into_iter().map(|of| (of.field, of.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_task_is_given_once_told_done_and_undone() {
    for (app, programme) in applications().await {
        let Ground { office, other, project, team } = ground(&app, programme).await;
        let given = task("与供电公司核实变压器到货", &format!("o:{team}"), "2026-01-20");
        app.task_add(&office, programme, &project, &given).await.expect("added");
        app.task_add(&office, programme, &project, &given).await.expect("a form sent twice");
        let tasks = tasks_of(&app, &office, programme, &project).await.tasks;
        assert_eq!(tasks.len(), 1, "stands once");
        assert!(app.notices(&office, programme, false).await.expect("read").is_empty(), "who made it knows");
        let told = app.notices(&other, programme, false).await.expect("read");
        assert_eq!(
            (told.len(), told[0].kind.as_str(), told[0].args[0].as_str()),
            (1, "task", given.title.as_str())
        );

        let (_, change) = app.task_set_done(&other, programme, tasks[0].id, true).await.expect("done");
        assert_eq!(app.task_set_done(&other, programme, tasks[0].id, true).await.expect("twice").1, None);
        let done = tasks_of(&app, &office, programme, &project).await.tasks;
        assert_eq!((done[0].done_on.is_some(), done[0].done_by.as_deref()), (true, Some("task-b")));
        app.change_undo(&other, programme, change.expect("a change"), None).await.expect("undone");
        let open = tasks_of(&app, &office, programme, &project).await.tasks;
        assert_eq!((open[0].done_on, open[0].done_by.as_deref()), (None, None));

        let (_, change) = app.task_remove(&office, programme, tasks[0].id).await.expect("taken back");
        assert!(tasks_of(&app, &office, programme, &project).await.tasks.is_empty());
        app.change_undo(&office, programme, change, None).await.expect("undone");
        assert_eq!(tasks_of(&app, &office, programme, &project).await.tasks.len(), 1);

        let last = told[0].id;
        app.notices_seen(&other, programme, last).await.expect("seen");
        assert!(app.notices(&other, programme, false).await.expect("read").is_empty());
    }
}

#[tokio::test]
async fn a_wrong_task_is_refused_at_its_fields_and_a_stranger_sees_none() {
    for (app, programme) in applications().await {
        let Ground { office, other, project, .. } = ground(&app, programme).await;
        for (input, expected) in [
            (task("", "", ""), vec![("title".to_owned(), "missing"), ("owner".to_owned(), "missing")]),
            (task("甲", "u:task-a", "1899-12-31"), vec![("due".to_owned(), "far-date")]),
            (task("甲", "u:task-a", "2026-01-01"), vec![("due".to_owned(), "past")]),
            (task("甲", "u:task-a", "明天"), vec![("due".to_owned(), "date")]),
            (task("甲", "u:nobody", ""), vec![("owner".to_owned(), "unknown")]),
        ] {
            let refused = app.task_add(&office, programme, &project, &input).await.expect_err("refused");
            assert_eq!(codes(refused), expected);
        }
        let operator = Actor::operator(now());
        app.user_set_disabled(&operator, "task-b", true).await.expect("closed");
        let closed = app.task_add(&office, programme, &project, &task("甲", "u:task-b", "")).await;
        assert_eq!(codes(closed.expect_err("closed")), [("owner".to_owned(), "unknown")]);
        drop(other);

        app.task_add(&office, programme, &project, &task("甲", "u:task-a", "")).await.expect("added");
        let id = tasks_of(&app, &office, programme, &project).await.tasks[0].id;
        let reader = user(&app, "reader-t", Role::Reader).await;
        let refused = app.task_set_done(&reader, programme, id, true).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "a reader is not who it is given to");
        assert!(tasks_of(&app, &reader, programme, &project).await.owners.is_empty());
        let firm = NewRole { programme: Some("invented"), region: Some("X10122"), ..NewRole::default() };
        app.user_add_with(&operator, ("far", "far", "long enough"), Role::Region, &firm)
            .await
            .expect("added");
        let token = app.sign_in("far", "long enough", now()).await.expect("signed in");
        let far = app.actor(&token.0, now()).await.expect("read").expect("a session");
        assert!(matches!(app.task_set_done(&far, programme, id, true).await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn tasks_follow_a_record_that_is_merged() {
    for (app, programme) in applications().await {
        let operator = Actor::operator(now());
        let Ground { office, project, .. } = ground(&app, programme).await;
        let twin = form(
            "远帆纺纱二号项目",
            &[("region", "X10121"), ("stage", "signed"), ("signed_on", "2025-05-16")],
        );
        let twin =
            create(&app, &office, programme, RecordKind::Project, &EntryForm { different: true, ..twin })
                .await;
        app.task_add(&office, programme, &twin.code, &task("甲", "u:task-a", "")).await.expect("added");
        let merge =
            MergeForm { take_other: Default::default(), version: None, reason: "同一项目".to_owned() };
        app.merge(&operator, programme, (&project, &twin.code), &merge).await.expect("merged");
        assert_eq!(tasks_of(&app, &office, programme, &project).await.tasks.len(), 1);
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[tokio::test]
async fn my_day_is_that_of_the_programme_and_holds_what_my_office_has_to_do() {
    for (app, programme) in applications().await {
        let Ground { office, project, team, .. } = ground(&app, programme).await;
        let operator = Actor::operator(now());
        let fields = [("project", project.as_str()), ("due_on", "2026-01-03")];
        create(&app, &office, programme, RecordKind::Milestone, &form("测节点", &fields)).await;
        let elsewhere = [
            ("region", "X10122"),
            ("stage", "signed"),
            ("signed_on", "2025-05-16"),
            ("next_on", "2026-01-03"),
        ];
        create(&app, &operator, programme, RecordKind::Project, &form("测别处项目", &elsewhere)).await;
        // Midnight in Shanghai lies at four in the afternoon of UTC.
        for (instant, overdue, today) in [
            ("2026-01-02T15:59:59Z", false, false),
            ("2026-01-02T16:00:00Z", false, true),
            ("2026-01-03T16:00:00Z", true, false),
        ] {
            let actor = Actor { at: at(instant), ..office.clone() };
            let day = app.my_day(&actor, programme).await.expect("read");
            let has = |list: &app::DueList, name: &str| list.items.iter().any(|due| due.record.title == name);
            assert!(day.of_offices);
            assert_eq!(
                (has(&day.overdue, "测节点"), has(&day.today_due, "测节点")),
                (overdue, today),
                "{instant}"
            );
            assert!(!has(&day.today_due, "测别处项目") && !has(&day.overdue, "测别处项目"), "another's");
        }
        let all = DueQuery { kind: Some(DueKind::Next), ..DueQuery::default() };
        let all = app.due_list(&office, programme, &all).await.expect("read");
        assert!(
            all.items.iter().any(|due| due.record.title == "测别处项目"),
            "the calendar shows all within reach"
        );
        let limit = NewRole { programme: Some("invented"), region: Some("X10121"), ..NewRole::default() };
        app.user_add_with(&operator, ("near", "near", "long enough"), Role::Region, &limit)
            .await
            .expect("added");
        let near = app.actor_named("near", now()).await.expect("there");
        let seen = app.due_list(&near, programme, &DueQuery::default()).await.expect("read");
        assert!(seen.items.iter().all(|due| due.record.title != "测别处项目"), "outside its region");
        assert!(seen.items.iter().any(|due| due.record.title == "测节点"));
        drop(team);
    }
}

#[tokio::test]
async fn a_project_is_silent_only_when_nothing_that_belongs_to_it_was_written() {
    for (app, programme) in applications().await {
        let Ground { office, project, .. } = ground(&app, programme).await;
        let later = Actor { at: at("2026-04-20T03:00:00Z"), ..office.clone() };
        let is_silent = async |app: &App| {
            let (_, standing, _) = app.project_light(&office, programme, &project).await.expect("seen");
            standing
                .expect("reckoned")
                .causes
                .iter()
                .any(|cause| cause.kind == domain::light::CauseKind::Silent)
        };
        app.work(|| "2026-04-20T02:00:00Z".parse().expect("an instant")).await.expect("worked");
        assert!(is_silent(&app).await, "three months without a word");
        let silent = app.my_day(&later, programme).await.expect("read").silent;
        assert!(silent.iter().any(|(record, _)| record.code == project));
        let fields = [("project", project.as_str()), ("kind", "land"), ("status", "todo")];
        create(&app, &later, programme, RecordKind::Permit, &form("用地审批", &fields)).await;
        assert!(!is_silent(&app).await, "a permit was entered");
    }
}

#[tokio::test]
async fn the_tasks_of_the_invented_programme_stand_with_the_users_and_offices_of_its_demo() {
    for (app, programme) in applications().await {
        let folder = repository().join("examples/invented");
        let at: Timestamp = "2026-11-23T02:00:00Z".parse().expect("an instant");
        let office = Actor { at, ..user(&app, "office", Role::Office).await };
        let early =
            app.load_tasks(&office, programme, &folder).await.expect_err("its users are not there yet");
        assert!(early.to_string().contains("demo-"), "{early}");
        let query = DueQuery { to: Some(jiff::civil::date(2027, 1, 1)), mine: true, ..DueQuery::default() };
        let tasks = async |actor: &Actor| {
            let due = app.due_list(actor, programme, &query).await.expect("a list");
            due.items.into_iter().filter(|of| of.kind == DueKind::Task).collect::<Vec<_>>()
        };
        assert!(tasks(&office).await.is_empty(), "none was given");
        let operator = Actor::operator(now());
        for (login, region) in
            [("demo-lanyang", "X30100"), ("demo-jiangyu", "X20000"), ("demo-zaotan", "X12921")]
        {
            let new = NewRole { programme: Some("invented"), region: Some(region), ..NewRole::default() };
            let account = (login, login, "long enough");
            app.user_add_with(&operator, account, Role::Office, &new).await.expect("added");
        }
        assert_eq!(app.load_tasks(&office, programme, &folder).await.expect("given"), 11);
        let own = tasks(&office).await;
        let overdue = own.iter().filter(|of| of.day < Some(jiff::civil::date(2026, 11, 23))).count();
        assert!(overdue > 0 && overdue < own.len(), "{own:?}");
        let xinjiang = repository().join("examples/xinjiang");
        assert_eq!(app.load_tasks(&office, programme, &xinjiang).await.expect("there are none"), 0);
    }
}
