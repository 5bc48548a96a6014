//! Industry projects through their gates, on both databases.

use crate::common::{applications, create, form_of_another as form, now, user};
use app::{
    Actor, AmountInput, App, Error, Gate, LinkInput, ListFilter, NewRole, PermitInput, Problem, Record,
    RecordKind, Role, Sort, StageForm,
};
use domain::stage::Fact;
use std::collections::BTreeMap;

const LUTAN: &str = "X10121";
const LANHU: &str = "X30000";

async fn firm(app: &App, actor: &Actor, programme: i64, title: &str) -> Record {
    create(app, actor, programme, RecordKind::Organisation, &form(title, &[("kind", "enterprise")])).await
}

async fn project(app: &App, actor: &Actor, programme: i64, title: &str, more: &[(&str, &str)]) -> Record {
    let fields: Vec<(&str, &str)> = [("region", LUTAN)].into_iter().chain(more.iter().copied()).collect();
    create(app, actor, programme, RecordKind::Project, &form(title, &fields)).await
}

fn step(from: &str, to: &str, fields: &[(&str, &str)], reason: &str) -> StageForm {
    let fields = fields.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned()));
    StageForm {
        from: from.into(),
        to: to.into(),
        fields: fields.collect(),
        reason: reason.into(),
        ..StageForm::default()
    }
}

fn yi(value: &str) -> Option<AmountInput> {
    Some(AmountInput { value: value.into(), unit: "yi".into(), ..AmountInput::default() })
}

async fn stage(app: &App, actor: &Actor, programme: i64, code: &str) -> String {
    let detail = app.entry(actor, programme, code).await.expect("the project");
    detail.entry.text("stage").expect("a stage").to_owned()
}

async fn gate(app: &App, actor: &Actor, programme: i64, code: &str, to: &str) -> Gate {
    app.project_gate(actor, programme, code, to).await.expect("a gate")
}

fn wrong(result: app::Result<Record>) -> Vec<(String, &'static str)> {
    match result {
        Err(Error::Form(problems)) => {
            problems.into_iter().map(|Problem { field, code, .. }| (field, code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_gate_names_what_is_missing_and_saves_it_with_the_move() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let investor = firm(&app, &office, programme, "岚湖远帆纺织有限公司").await;
        let code = project(&app, &office, programme, "远帆纺纱项目", &[]).await.code;
        assert_eq!(stage(&app, &office, programme, &code).await, "lead");

        let missing = gate(&app, &office, programme, &code, "to_sign").await;
        assert!(missing.known.contains(&Fact::Region));
        assert_eq!(missing.asked, [Fact::Investor, Fact::Region, Fact::Content, Fact::PlannedTotal]);
        let moved = app.project_move(&office, programme, &code, &step("lead", "to_sign", &[], "")).await;
        assert_eq!(
            wrong(moved),
            [("investor", "missing"), ("content", "missing"), ("amount", "missing")]
                .map(|(field, code)| (field.to_owned(), code))
        );
        assert_eq!(stage(&app, &office, programme, &code).await, "lead", "nothing half saved");

        let facts = [("investor", investor.code.as_str()), ("content", "五万锭纺纱")];
        let form = StageForm { amount: yi("3.2"), ..step("lead", "to_sign", &facts, "") };
        app.project_move(&office, programme, &code, &form).await.expect("moved");
        let detail = app.entry(&office, programme, &code).await.expect("the project");
        assert_eq!(detail.entry.text("stage"), Some("to_sign"));
        assert_eq!(detail.entry.amount.map(|amount| amount.low), Some(32_000_000_000));
        assert_eq!(detail.missing_facts, []);
        assert_eq!(
            detail.statuses.iter().map(|log| log.status.as_str()).collect::<Vec<_>>(),
            ["lead", "to_sign"]
        );

        // The same form a second time changes nothing.
        app.project_move(&office, programme, &code, &form).await.expect("done already");
        let again = app.entry(&office, programme, &code).await.expect("the project");
        assert_eq!((again.statuses.len(), again.version), (2, detail.version));
    }
}

#[tokio::test]
async fn landing_takes_permits_with_their_days_and_one_undo_takes_all_back() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let investor = firm(&app, &office, programme, "岚湖远帆纺织有限公司").await;
        let company = firm(&app, &office, programme, "芦滩远帆纺织有限公司").await;
        let fields = [
            ("stage", "signed"),
            ("investor", investor.code.as_str()),
            ("content", "五万锭纺纱"),
            ("signed_on", "2025-05-16"),
        ];
        let code = project(&app, &office, programme, "远帆纺纱项目", &fields).await.code;
        let detail = app.entry(&office, programme, &code).await.expect("the project");
        assert_eq!(
            detail.missing_facts,
            [Fact::PlannedTotal, Fact::Agreement],
            "entered as it stands, with gaps named"
        );

        let party = LinkInput { record: investor.code.clone(), role: "investor".into() };
        let mut deal = form("远帆纺纱项目投资协议", &[("kind", "investment"), ("status", "draft")]);
        deal.links = [("party".to_owned(), vec![party])].into();
        let agreement = create(&app, &office, programme, RecordKind::Agreement, &deal).await;
        let permit = |day: &str| PermitInput { granted_on: day.into(), number: "备〔2025〕7号".into() };
        let send = |filing: &str, land: &str| StageForm {
            amount: yi("3.2"),
            permits: BTreeMap::from([("filing".into(), permit(filing)), ("land".into(), permit(land))]),
            ..step("signed", "landed", &[("company", &company.code), ("agreement", &agreement.code)], "")
        };
        let refused = app.project_move(&office, programme, &code, &send("2031-01-01", "五月")).await;
        assert_eq!(
            wrong(refused),
            [("permit_filing".to_owned(), "future"), ("permit_land".to_owned(), "date")]
        );
        assert!(permits(&app, &office, programme).await.is_empty(), "nothing half saved");

        app.project_move(&office, programme, &code, &send("2025-06-01", "2025-07-01")).await.expect("landed");
        assert_eq!(stage(&app, &office, programme, &code).await, "landed");
        assert_eq!(permits(&app, &office, programme).await.len(), 2);

        let reviewer = user(&app, "reviewer-p", Role::Reviewer).await;
        let change = app.entry(&reviewer, programme, &code).await.expect("the project").changes[0].id;
        app.change_undo(&reviewer, programme, change, None).await.expect("undone");
        assert_eq!(stage(&app, &office, programme, &code).await, "signed");
        assert!(permits(&app, &office, programme).await.is_empty(), "what the move brought is gone");
        let detail = app.entry(&office, programme, &code).await.expect("the project");
        assert_eq!(detail.entry.id("company"), None);
    }
}

async fn permits(app: &App, actor: &Actor, programme: i64) -> Vec<String> {
    let filter = ListFilter { text: "远帆纺纱项目".into(), ..ListFilter::of(RecordKind::Permit) };
    let page = app.entry_list(actor, programme, filter, Sort::default(), None, 50).await.expect("a list");
    page.entries.into_iter().map(|entry| entry.record.title).collect()
}

#[tokio::test]
async fn going_back_and_ending_ask_for_the_reason_and_a_stage_is_no_field_to_edit() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let code = project(&app, &office, programme, "冷链项目", &[("stage", "started")]).await.code;
        for to in ["landed", "on_hold", "ended"] {
            let refused = app.project_move(&office, programme, &code, &step("started", to, &[], " ")).await;
            assert_eq!(wrong(refused), [("reason".to_owned(), "missing")], "{to}");
        }
        let end = step("started", "ended", &[], "投资方撤回");
        app.project_move(&office, programme, &code, &end).await.expect("ended");
        let log = app.entry(&office, programme, &code).await.expect("the project").statuses;
        assert_eq!(log.last().and_then(|log| log.reason.as_deref()), Some("投资方撤回"));

        let mut edit = form("冷链项目", &[("stage", "production")]);
        edit.basis.version = Some(app.entry(&office, programme, &code).await.expect("the project").version);
        let refused = app.entry_edit(&office, programme, &code, &edit).await;
        assert_eq!(wrong(refused), [("stage".to_owned(), "by-gate")]);
    }
}

#[tokio::test]
async fn of_two_who_drag_one_card_the_second_is_told_where_it_is_now() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let other = user(&app, "office-q", Role::Office).await;
        let code = project(&app, &office, programme, "冷链项目", &[("stage", "started")]).await.code;
        app.project_move(&office, programme, &code, &step("started", "on_hold", &[], "停工"))
            .await
            .expect("moved");
        let second = app.project_move(&other, programme, &code, &step("started", "ended", &[], "撤回")).await;
        assert_eq!(wrong(second), [("stage".to_owned(), "moved")]);
        assert_eq!(stage(&app, &office, programme, &code).await, "on_hold");
    }
}

#[tokio::test]
async fn a_whole_stands_where_its_furthest_phase_stands() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let whole =
            project(&app, &office, programme, "纺织园项目", &[("signed_on", "2025-05-16")]).await.code;
        let phase = |title: &'static str, stage: &'static str| {
            let fields = [("parent", whole.clone()), ("stage", stage.to_owned())];
            (title, fields)
        };
        let mut codes = Vec::new();
        for (title, fields) in [phase("纺织园一期", "started"), phase("纺织园二期", "signed")] {
            let fields = fields.each_ref().map(|(code, text)| (*code, text.as_str()));
            codes.push(project(&app, &office, programme, title, &fields).await.code);
        }
        assert_eq!(stage(&app, &office, programme, &whole).await, "started");
        app.project_move(&office, programme, &codes[0], &step("started", "on_hold", &[], "停工"))
            .await
            .expect("moved");
        assert_eq!(stage(&app, &office, programme, &whole).await, "signed");
        let refused = app.project_move(&office, programme, &whole, &step("signed", "ended", &[], "止")).await;
        assert_eq!(wrong(refused), [("stage".to_owned(), "phases")]);

        let nested = form("三级", &[("region", LUTAN), ("parent", &codes[1])]);
        let refused = app.entry_create(&office, programme, RecordKind::Project, &nested).await;
        assert_eq!(wrong(refused), [("parent".to_owned(), "phase-of-phase")]);
        let mut edit = form("纺织园项目", &[("parent", &whole)]);
        edit.basis.version = Some(app.entry(&office, programme, &whole).await.expect("the whole").version);
        let refused = wrong(app.entry_edit(&office, programme, &whole, &edit).await);
        assert!(refused.contains(&("parent".to_owned(), "itself")), "{refused:?}");
        // Through two steps: its own phase would be its whole.
        edit.fields.insert("parent".to_owned(), codes[1].clone());
        let refused = wrong(app.entry_edit(&office, programme, &whole, &edit).await);
        assert!(refused.contains(&("parent".to_owned(), "phase-of-phase")), "{refused:?}");
    }
}

#[tokio::test]
async fn before_it_is_signed_a_project_is_its_teams_alone() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let fields = [("kind", "department"), ("region", LUTAN)];
        let bureau =
            create(&app, &office, programme, RecordKind::Office, &form("芦滩县招商局", &fields)).await;
        let new = NewRole { programme: Some("invented"), region: Some(LUTAN), ..NewRole::default() };
        let named = ("lutan-p", "芦滩", "long enough");
        app.user_add_with(&Actor::operator(now()), named, Role::Region, &new).await.expect("a user");
        let of_region = app.actor_named("lutan-p", now()).await.expect("the account");
        let fields = [("owner", bureau.code.as_str()), ("supporting", LANHU)];
        let code = project(&app, &office, programme, "未签项目", &fields).await.code;
        assert!(app.entry(&office, programme, &code).await.is_ok(), "who made it");
        assert!(matches!(app.entry(&of_region, programme, &code).await, Err(Error::NotFound)));
        let permit = form("未签项目备案", &[("project", &code), ("kind", "filing"), ("status", "todo")]);
        let permit = create(&app, &office, programme, RecordKind::Permit, &permit).await.code;
        assert!(matches!(app.entry(&of_region, programme, &permit).await, Err(Error::NotFound)));

        let mut edit = form("未签项目", &[("signed_on", "2025-05-16")]);
        edit.basis.version = Some(app.entry(&office, programme, &code).await.expect("the project").version);
        app.entry_edit(&office, programme, &code, &edit).await.expect("signed");
        assert!(app.entry(&of_region, programme, &code).await.is_ok(), "from signing on both sides see it");
        assert!(app.entry(&of_region, programme, &permit).await.is_ok(), "and what belongs to it");
    }
}

#[tokio::test]
async fn the_national_code_is_written_one_way_and_tells_a_second_entry() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let fields = [("national_code", "20206501024103012345"), ("region", LUTAN)];
        let first = app.entry_create(&office, programme, RecordKind::Project, &form("甲项目", &fields)).await;
        let first = first.expect("created");
        let detail = app.entry(&office, programme, &first.code).await.expect("the project");
        assert_eq!(detail.entry.text("national_code"), Some("2020-650102-41-03-012345"));
        let mut second =
            form("另一个名字", &[("national_code", "2020-650102-41-03-012345"), ("region", LUTAN)]);
        second.different = false;
        let refused = app.entry_create(&office, programme, RecordKind::Project, &second).await;
        assert!(matches!(refused, Err(Error::Alike(_))), "{refused:?}");
        let wrong_code = form("丙项目", &[("national_code", "12345"), ("region", LUTAN)]);
        let refused = app.entry_create(&office, programme, RecordKind::Project, &wrong_code).await;
        assert_eq!(wrong(refused), [("national_code".to_owned(), "project-code")]);
    }
}

#[tokio::test]
async fn the_schedule_sheet_has_a_line_a_project_with_its_open_problems() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let whole = project(&app, &office, programme, "纺织园", &[("signed_on", "2025-05-16")]).await.code;
        let fields = [("parent", whole.as_str()), ("stage", "started")];
        let phase = project(&app, &office, programme, "纺织园甲期", &fields).await;
        for (title, status) in [("供电未通", "open"), ("用地已批", "solved")] {
            let fields = [("project", phase.code.as_str()), ("status", status)];
            create(&app, &office, programme, RecordKind::Problem, &form(title, &fields)).await;
        }
        let filter = ListFilter { text: "纺织园".into(), ..ListFilter::of(RecordKind::Project) };
        let sheet = app.project_schedule(&office, programme, filter, Sort::default()).await.expect("a sheet");
        let titles: Vec<_> = sheet.entries.iter().map(|entry| entry.record.title.as_str()).collect();
        assert!(titles.contains(&"纺织园甲期") && !titles.contains(&"纺织园"), "{titles:?}");
        let open: Vec<_> = sheet.problems[&phase.id].iter().map(|of| of.record.title.as_str()).collect();
        assert_eq!(open, ["供电未通"]);
    }
}

#[tokio::test]
async fn jobs_are_an_employers_filing_and_never_a_target() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let code = project(&app, &office, programme, "远帆纺纱项目", &[("stage", "production")]).await.code;
        let filing = app::RecordFigure {
            measure: "jobs".into(),
            amount: AmountInput { value: "120".into(), unit: "job".into(), ..AmountInput::default() },
            role: "actual".into(),
            period_kind: "flow".into(),
            period_from: "2025-07-01".into(),
            period_to: "2025-09-30".into(),
            proof: app::Proof {
                title: "用工备案表".into(),
                published_on: "2025-10-08".into(),
                ..app::Proof::default()
            },
            ..app::RecordFigure::default()
        };
        let refused = |new: app::RecordFigure| {
            let (app, office, code) = (&app, &office, &code);
            async move {
                match app.figure_add(office, programme, code, &new).await {
                    Err(Error::Form(problems)) => {
                        problems.into_iter().map(|of| (of.field, of.code)).collect()
                    }
                    other => panic!("{other:?}"),
                }
            }
        };
        let as_target: Vec<_> = refused(app::RecordFigure { role: "target".into(), ..filing.clone() }).await;
        assert_eq!(as_target, [("role".to_owned(), "jobs")]);
        let bare: Vec<_> =
            refused(app::RecordFigure { proof: app::Proof::default(), ..filing.clone() }).await;
        let missing = ["citation_on", "citation_title"].map(|field| (field.to_owned(), "missing"));
        assert_eq!(bare, missing);
        let figure = app.figure_add(&office, programme, &code, &filing).await.expect("a filing");
        let figure = app.figure(&office, programme, &figure).await.expect("the figure");
        assert_eq!(figure.entry.figure.published.map(|day| day.to_string()).as_deref(), Some("2025-10-08"));
        assert_eq!(figure.evidence.len(), 1);
    }
}

#[tokio::test]
async fn what_is_planned_stands_beside_what_the_tally_counts_of_each_measure() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let code = project(&app, &office, programme, "远帆纺纱项目", &[]).await.code;
        let enter = |measure: &str, value: &str, role: &str, time: [&str; 3]| {
            let [kind, from, to] = time.map(str::to_owned);
            let figure = app::RecordFigure {
                measure: measure.into(),
                amount: AmountInput { value: value.into(), unit: "wan".into(), ..AmountInput::default() },
                role: role.into(),
                period_kind: kind,
                period_from: from,
                period_to: to,
                ..app::RecordFigure::default()
            };
            let (app, office, code) = (&app, &office, &code);
            async move { app.figure_add(office, programme, code, &figure).await.expect("a figure") }
        };
        enter("funds_arrived", "2000", "target", ["flow", "2025-01-01", "2025-12-31"]).await;
        enter("funds_arrived", "300", "actual", ["flow", "2025-01-01", "2025-01-31"]).await;
        let taken_back = enter("funds_arrived", "70", "actual", ["flow", "2025-02-01", "2025-02-28"]).await;
        enter("funds_arrived", "200", "actual", ["flow", "2025-03-01", "2025-03-31"]).await;
        enter("works_completed", "300", "actual", ["stock", "", "2025-03-31"]).await;
        enter("works_completed", "500", "actual", ["stock", "", "2025-06-30"]).await;
        app.figure_set_status(&office, programme, &taken_back, domain::figure::Status::Withdrawn, "误填")
            .await
            .expect("withdrawn");

        let lines = app.project_measure_list(&office, programme, &code).await.expect("measures");
        let wan = |of: Option<domain::Quantity>| of.map(|of| of.low / 1_000_000);
        let lines: Vec<_> = lines
            .iter()
            .map(|of| {
                (
                    of.group.measure.code(),
                    wan(of.planned),
                    wan(of.actual),
                    of.as_of.map(|day| day.to_string()),
                )
            })
            .collect();
        let day = |day: &str| Some(day.to_owned());
        assert_eq!(
            lines,
            [
                ("funds_arrived", Some(2000), Some(500), day("2025-03-31")),
                ("works_completed", None, Some(500), day("2025-06-30")),
            ]
        );
    }
}
