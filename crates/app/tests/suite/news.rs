//! What reports tell of projects meets the projects on record, on both databases.

use crate::common::{applications, create, file, form, form_of_another, now, user};
use app::{
    Actor, App, ClaimState, Error, NewRole, NewsForm, PermitInput, ProjectClaim, Record, RecordKind, Role,
    Speaks, StageForm,
};
use domain::stage::Milestone;

const LUTAN: &str = "X10121";

/// Reports of our own wording about a project of our own invention.
const STARTED: &str = "芦滩县项目建设提速\n\n来源：砾原日报 2025-06-20\n\n\
    2025年6月18日，紫橡新材料有限公司的年产6万吨尼龙切片项目在芦滩县开工，总投资4.5亿元。\n";
const AGAIN: &str = "芦滩县工业见闻\n\n来源：砾原晚报 2025-06-21\n\n\
    6月18日，年产6万吨尼龙切片项目开工，当地企业前来观摩。\n";
const HOPED: &str = "芦滩县工业展望\n\n来源：砾原日报 2025-06-25\n\n\
    年产6万吨尼龙切片项目预计2026年10月投产。\n";

async fn read(app: &App, actor: &Actor, programme: i64, text: &str) -> ProjectClaim {
    let folder = tempfile::tempdir().expect("works");
    let path = file(folder.path(), "a.txt", text.as_bytes());
    let added = app.document_add(actor, programme, &path, "a.txt").await.expect("works");
    app.work(now).await.expect("works");
    let mut told = app.project_claim_list(actor, programme, added.id).await.expect("works");
    assert_eq!(told.len(), 1, "{told:?}");
    told.remove(0)
}

async fn firm(app: &App, actor: &Actor, programme: i64) -> Record {
    let form = form("紫橡新材料有限公司", &[("kind", "enterprise")]);
    create(app, actor, programme, RecordKind::Organisation, &form).await
}

async fn project(app: &App, actor: &Actor, programme: i64, more: &[(&str, &str)]) -> Record {
    let fields: Vec<(&str, &str)> = [("region", LUTAN)].into_iter().chain(more.iter().copied()).collect();
    create(app, actor, programme, RecordKind::Project, &form_of_another("尼龙切片项目", &fields)).await
}

async fn undo_last(app: &App, actor: &Actor, programme: i64, code: &str) {
    let (_, audit) = app.audit(actor, programme, code, None).await.expect("an audit");
    let last = audit.iter().find(|entry| entry.undoable).expect("something to undo");
    app.change_undo(actor, programme, last.change.id, Some("试")).await.expect("undone");
}

async fn state(app: &App, actor: &Actor, programme: i64, id: i64) -> (ClaimState, Option<i64>) {
    let met = app.project_claim(actor, programme, id).await.expect("a claim");
    (met.claim.state, met.claim.project)
}

#[tokio::test]
async fn a_claim_makes_a_project_known_with_the_quotes_of_every_report() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let firm = firm(&app, &office, programme).await;
        let told = read(&app, &office, programme, STARTED).await;
        let again = read(&app, &office, programme, AGAIN).await;
        let hoped = read(&app, &office, programme, HOPED).await;
        assert_eq!((told.told.milestone, told.told.planned), (Some(Milestone::Started), false));
        assert!(hoped.told.planned);
        let met = app.project_claim(&office, programme, told.id).await.unwrap();
        assert_eq!(met.owner.map(|owner| owner.id), Some(firm.id));
        assert_eq!(met.same.iter().map(|of| of.id).collect::<Vec<_>>(), [again.id]);
        assert_eq!(met.money.iter().map(|of| of.quote.as_str()).collect::<Vec<_>>(), ["4.5亿元"]);
        let amount = met.money[0].id;

        let fields = [("region", LUTAN), ("investor", firm.code.as_str()), ("started_on", "2025-06-18")];
        let sent = form_of_another("紫橡尼龙切片项目", &fields);
        let made = app.project_create_from(&office, programme, &sent, told.id, &[amount]).await.unwrap();
        let detail = app.entry(&office, programme, &made.code).await.unwrap();
        assert_eq!(detail.sources.len(), 2);
        let news = app.project_news(&office, programme, made.id).await.unwrap();
        assert_eq!(news.len(), 2);
        let (claim, _) = app.claim(&office, programme, amount).await.unwrap();
        let figure = app.record_by_id(&office, programme, claim.figure.expect("a figure")).await.unwrap();
        let figure = app.figure(&office, programme, &figure.code).await.unwrap();
        assert_eq!(figure.entry.figure.subject, Some(made.id));
        assert_eq!(state(&app, &office, programme, again.id).await, (ClaimState::Accepted, Some(made.id)));
        assert_eq!(state(&app, &office, programme, hoped.id).await, (ClaimState::Open, None));
        let twice = app.project_create_from(&office, programme, &sent, told.id, &[]).await;
        assert!(matches!(twice, Err(Error::Conflict)));

        undo_last(&app, &office, programme, &made.code).await;
        assert_eq!(state(&app, &office, programme, told.id).await, (ClaimState::Open, None));
        assert_eq!(state(&app, &office, programme, again.id).await, (ClaimState::Open, None));
        let (claim, _) = app.claim(&office, programme, amount).await.unwrap();
        assert_eq!(claim.state, ClaimState::Open);
    }
}

#[tokio::test]
async fn news_of_a_project_changes_what_is_ticked_and_moves_it_through_its_gate() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let firm = firm(&app, &office, programme).await;
        let signed = [("kind", "investment"), ("status", "draft"), ("region", LUTAN)];
        let signed = form("尼龙切片投资协议", &signed);
        let signed = create(&app, &office, programme, RecordKind::Agreement, &signed).await;
        let known =
            [("stage", "landed"), ("investor", firm.code.as_str()), ("agreement", signed.code.as_str())];
        let code = project(&app, &office, programme, &known).await.code;
        let told = read(&app, &office, programme, STARTED).await;
        let met = app.project_claim(&office, programme, told.id).await.unwrap();
        assert_eq!(met.candidates[0].entry.record.code, code);
        assert_eq!(
            met.candidates[0].reasons,
            [Speaks::LikeName, Speaks::SameFirm, Speaks::SameRegion],
            "what speaks for it is told"
        );
        let offer = app.project_claim_offer(&office, programme, told.id, &code).await.unwrap();
        let changes: Vec<_> = offer.changes.iter().map(|of| (of.field, of.after.as_str())).collect();
        assert_eq!(
            changes,
            [
                ("stage", "started"),
                ("started_on", "2025-06-18"),
                ("capacity", "年产6万吨"),
                ("content", "年产6万吨尼龙切片项目"),
            ]
        );
        assert!(offer.gate.is_some());

        let fields = vec![("started_on".to_owned(), "2025-06-18".to_owned())];
        let stage = StageForm { from: "landed".into(), to: "started".into(), ..StageForm::default() };
        let ticked = NewsForm { record: code.clone(), fields, stage: Some(stage), money: Vec::new() };
        let refused = app.project_claim_join(&office, programme, told.id, &ticked).await;
        let Err(Error::Form(problems)) = refused else { panic!("{refused:?}") };
        assert!(problems.iter().any(|of| of.field == "permit_construction"), "{problems:?}");
        assert!(problems.iter().all(|of| of.field != "started_on"), "the news tells it: {problems:?}");
        let detail = app.entry(&office, programme, &code).await.unwrap();
        assert_eq!(detail.entry.day("started_on"), None, "nothing half saved");

        let gate = app.project_gate(&office, programme, &code, "started").await.unwrap();
        let mut full = ticked.clone();
        if let Some(stage) = &mut full.stage {
            fill(stage, &gate);
        }
        app.project_claim_join(&office, programme, told.id, &full).await.expect("joined");
        let detail = app.entry(&office, programme, &code).await.unwrap();
        assert_eq!(detail.entry.text("stage"), Some("started"));
        assert_eq!(detail.entry.day("started_on").map(|day| day.to_string()).as_deref(), Some("2025-06-18"));
        assert_eq!(detail.entry.text("capacity"), None, "what was not ticked stays");
        assert_eq!(detail.sources.len(), 1);
        let twice = app.project_claim_join(&office, programme, told.id, &full).await;
        assert!(matches!(twice, Err(Error::Conflict)));

        app.project_claim_reopen(&office, programme, told.id).await.expect("reopened");
        let detail = app.entry(&office, programme, &code).await.unwrap();
        assert_eq!(detail.entry.text("stage"), Some("landed"));
        assert_eq!(detail.entry.day("started_on"), None);
        assert_eq!(state(&app, &office, programme, told.id).await, (ClaimState::Open, None));
    }
}

/// Everything that a gate asks for, invented.
fn fill(stage: &mut StageForm, gate: &app::Gate) {
    let missing = gate.asked.iter().filter(|fact| !gate.known.contains(fact));
    for fact in missing {
        match app::how(*fact) {
            app::How::Permit(kind) => {
                let permit = PermitInput { granted_on: "2025-06-01".into(), ..PermitInput::default() };
                stage.permits.insert(kind.to_owned(), permit);
            }
            app::How::Amount => {
                let value = "4.5".to_owned();
                let unit = "yi".to_owned();
                stage.amount = Some(app::AmountInput { value, unit, ..app::AmountInput::default() });
            }
            app::How::Field(field) => {
                let text = match field.code {
                    "company" => "紫橡新材料有限公司",
                    code if code.ends_with("_on") => "2025-06-18",
                    _ => "尼龙切片",
                };
                stage.fields.insert(field.code.to_owned(), text.to_owned());
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_plan_offers_a_planned_day_and_no_stage() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let code = project(&app, &office, programme, &[("stage", "landed")]).await.code;
        let hoped = read(&app, &office, programme, HOPED).await;
        let offer = app.project_claim_offer(&office, programme, hoped.id, &code).await.unwrap();
        let changes: Vec<_> = offer.changes.iter().map(|of| (of.field, of.after.as_str())).collect();
        assert_eq!(
            changes,
            [
                ("production_planned", "2026-10-31"),
                ("capacity", "年产6万吨"),
                ("content", "年产6万吨尼龙切片项目")
            ]
        );
        assert!(offer.gate.is_none());
    }
}

#[tokio::test]
async fn a_project_of_another_team_before_signing_is_no_candidate() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let other = user(&app, "other", Role::Office).await;
        let hidden = project(&app, &other, programme, &[]).await;
        let told = read(&app, &office, programme, STARTED).await;
        let met = app.project_claim(&office, programme, told.id).await.unwrap();
        assert!(met.candidates.is_empty(), "{:?}", met.candidates);
        let offer = app.project_claim_offer(&office, programme, told.id, &hidden.code).await;
        assert!(matches!(offer, Err(Error::NotFound)));
        let form = NewsForm { record: hidden.code.clone(), ..NewsForm::default() };
        let refused = app.project_claim_join(&office, programme, told.id, &form).await;
        assert!(matches!(refused, Err(Error::Form(_))), "{refused:?}");
        let own = app.project_claim(&other, programme, told.id).await.unwrap();
        assert_eq!(own.candidates.len(), 1);
    }
}

#[tokio::test]
async fn a_rejected_claim_is_opened_again_and_a_reader_decides_nothing() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let reader = user(&app, "reader", Role::Reader).await;
        let told = read(&app, &office, programme, STARTED).await;
        let refused = app.project_claim_reject(&reader, programme, told.id, "").await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        let (open, count) = app.project_claim_list_open(&office, programme, None, 10).await.unwrap();
        assert_eq!(open.iter().map(|of| of.id).collect::<Vec<_>>()[0], told.id);
        app.project_claim_reject(&office, programme, told.id, "广告").await.unwrap();
        let (_, left) = app.project_claim_list_open(&office, programme, None, 10).await.unwrap();
        assert_eq!(left, count - 1);
        app.project_claim_reopen(&office, programme, told.id).await.unwrap();
        assert_eq!(state(&app, &office, programme, told.id).await, (ClaimState::Open, None));
    }
}

#[tokio::test]
async fn of_a_document_out_of_reach_nothing_is_told() {
    for (app, programme) in applications().await {
        let office = user(&app, "office", Role::Office).await;
        let told = read(&app, &office, programme, STARTED).await;
        // A document of the programme's offices that concerns no region of theirs is not open to a region.
        let new = NewRole { programme: Some("invented"), region: Some("X10122"), ..NewRole::default() };
        let named = ("dikou", "荻口", "long enough");
        app.user_add_with(&Actor::operator(now()), named, Role::Region, &new).await.expect("a user");
        let region = app.actor_named("dikou", now()).await.expect("the account");
        assert!(app.project_claim(&region, programme, told.id).await.is_err());
        let (open, count) =
            app.project_claim_list_open(&region, programme, None, 10).await.unwrap_or_default();
        assert!(open.is_empty() && count == 0);
        let far = user(&app, "system", Role::System).await;
        assert!(app.project_claim(&far, programme, told.id).await.is_err());
        assert!(app.project_claim_list_open(&far, programme, None, 10).await.is_err());
    }
}
