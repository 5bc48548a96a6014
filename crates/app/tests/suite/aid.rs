//! Aid projects and their money, on both databases.

use crate::common::{applications, create, form_of_another as form, now, user};
use app::{
    Actor, AidShareInput, AidStepDone, AidStepInput, AidSums, AmountInput, App, Condition, Error, ListFilter,
    NewRole, NewValue, Problem, Proof, Record, RecordKind, Role, Sort,
};
use domain::aid::AidStep;
use domain::figure::Status;
use domain::{Measure, TimeKind};

const LUTAN: &str = "X10121";
const LANHU: &str = "X30000";
const WAN: i64 = 1_000_000;

async fn project(app: &App, actor: &Actor, programme: i64, title: &str, more: &[(&str, &str)]) -> Record {
    let own = [("region", LUTAN), ("supporting", LANHU), ("status", "started"), ("category", "health")];
    let fields: Vec<(&str, &str)> = own.into_iter().chain(more.iter().copied()).collect();
    create(app, actor, programme, RecordKind::AidProject, &form(title, &fields)).await
}

async fn contract(app: &App, actor: &Actor, programme: i64, of: &Record) -> Record {
    let fields = [("aid_project", of.code.as_str()), ("signed_on", "2025-03-05")];
    let amount = AmountInput { value: "300".into(), unit: "wan".into(), ..AmountInput::default() };
    let form = app::EntryForm { amount: Some(amount), ..form("设备采购合同", &fields) };
    create(app, actor, programme, RecordKind::AidContract, &form).await
}

fn step(step: &str, wan: &str, on: &str) -> AidStepInput {
    AidStepInput {
        step: step.into(),
        amount: AmountInput { value: wan.into(), unit: "wan".into(), ..AmountInput::default() },
        on: on.into(),
        year: if step == "planned" { on[..4].into() } else { String::new() },
        proof: Proof { title: "砾协〔2025〕7号".into(), ..Proof::default() },
        ..AidStepInput::default()
    }
}

async fn enter(app: &App, actor: &Actor, programme: i64, of: &Record, new: &AidStepInput) -> AidStepDone {
    app.aid_step_add(actor, programme, &of.code, new).await.unwrap_or_else(|error| panic!("{error:?}"))
}

fn of(project: &Record) -> ListFilter {
    let conditions = vec![Condition::Among(vec![project.id])];
    ListFilter { conditions, ..ListFilter::of(RecordKind::AidProject) }
}

async fn sums(app: &App, actor: &Actor, programme: i64, filter: ListFilter, year: Option<i16>) -> AidSums {
    let what = (filter, Sort::default(), year);
    app.aid_ledger(actor, programme, what, (None, 50)).await.expect("a ledger").totals
}

fn wan(sums: &AidSums, step: AidStep) -> Option<i64> {
    sums.get(&step).map(|sum| sum.low / WAN)
}

fn wrong(result: app::Result<AidStepDone>) -> Vec<(String, &'static str)> {
    match result {
        Err(Error::Form(problems)) => {
            problems.into_iter().map(|Problem { field, code, .. }| (field, code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_step_is_one_figure_and_a_form_sent_twice_counts_once() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-a", Role::Office).await;
        let clinic = project(&app, &office, programme, "芦滩远帆卫生院援助项目", &[]).await;
        for of in [step("planned", "800", "2025-01-20"), step("issued", "800", "2025-02-10")] {
            assert!(!enter(&app, &office, programme, &clinic, &of).await.again);
        }
        let arrived = step("arrived", "500", "2025-04-01");
        let first = enter(&app, &office, programme, &clinic, &arrived).await;
        let again = enter(&app, &office, programme, &clinic, &arrived).await;
        assert_eq!((again.figure.as_str(), again.again), (first.figure.as_str(), true));
        // Another of the same amount on the same day is told apart by its remark.
        let other = AidStepInput { note: "第二笔".into(), ..arrived };
        assert!(!enter(&app, &office, programme, &clinic, &other).await.again);
        let sums = sums(&app, &office, programme, of(&clinic), Some(2025)).await;
        assert_eq!((wan(&sums, AidStep::Arrived), sums[&AidStep::Arrived].count), (Some(1_000), 2));
        let more = domain::aid::exceeding(|step| sums.get(&step).map(|sum| sum.low));
        assert_eq!(more, [(AidStep::Issued, AidStep::Arrived)], "shown, not refused");
        let detail = app.figure(&office, programme, &first.figure).await.expect("the figure");
        assert_eq!(detail.evidence.len(), 1);
    }
}

#[tokio::test]
async fn payments_of_a_contract_count_once_and_the_ledger_agrees_with_the_kept_totals() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-b", Role::Office).await;
        let clinic = project(&app, &office, programme, "芦滩远帆卫生院援助项目", &[]).await;
        let works = contract(&app, &office, programme, &clinic).await;
        enter(&app, &office, programme, &works, &step("spent", "90", "2025-05-06")).await;
        enter(&app, &office, programme, &clinic, &step("spent", "10", "2025-06-06")).await;
        let own = sums(&app, &office, programme, of(&clinic), None).await;
        assert_eq!(wan(&own, AidStep::Spent), Some(100));
        assert_eq!(wan(&own, AidStep::Contracted), Some(300));
        let money = app.aid_money(&office, programme, &clinic.code).await.expect("its money");
        assert_eq!(money.contracts.len(), 1);
        assert_eq!(wan(&money.contracts[0].1, AidStep::Spent), Some(90));
        assert_eq!(wan(&money.years[&Some(2025)], AidStep::Spent), Some(100));
        let whole = sums(&app, &office, programme, ListFilter::of(RecordKind::AidProject), None).await;
        let measures = [Measure::AidSpent, Measure::AidArrived, Measure::AidPlanned, Measure::AidContracted];
        let kept = app.overview(&office, programme, &measures).await.expect("totals").totals;
        for step in AidStep::ALL.iter().filter(|step| **step != AidStep::Programmed) {
            let total = kept.iter().find(|total| {
                total.group.measure == step.measure()
                    && total.group.kind == TimeKind::Flow
                    && total.region.is_none()
            });
            let total = total.unwrap_or_else(|| panic!("{step:?} is kept"));
            assert_eq!(
                whole.get(step).map(|sum| (sum.low, sum.count)),
                Some((total.sum.low, total.sum.count))
            );
        }
        // Every sum opens to the figures that make it.
        let spent = (None, AidStep::Spent);
        let rows =
            app.aid_figures(&office, programme, of(&clinic), spent, (None, 50)).await.expect("figures");
        assert_eq!(rows.iter().map(|row| row.figure.quantity.low / WAN).collect::<Vec<_>>(), [10, 90]);
    }
}

#[tokio::test]
async fn a_plan_is_changed_by_a_figure_in_its_place_and_another_verifies_it() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-c", Role::Office).await;
        let clinic = project(&app, &office, programme, "芦滩远帆卫生院援助项目", &[]).await;
        let planned = enter(&app, &office, programme, &clinic, &step("planned", "800", "2025-01-20")).await;
        let value = NewValue { value: "6000000".into(), value_max: String::new(), approx: "exact".into() };
        let now = app.figure_replace(&office, programme, &planned.figure, &value, "中期调整").await;
        let now = now.expect("corrected");
        let sums = sums(&app, &office, programme, of(&clinic), Some(2025)).await;
        assert_eq!((wan(&sums, AidStep::Planned), wan(&sums, AidStep::Programmed)), (Some(600), None));
        let own = app.figure_set_status(&office, programme, &now, Status::Reviewed, "").await;
        assert!(matches!(own, Err(Error::OwnFigure | Error::Forbidden)), "{own:?}");
        let reviewer = user(&app, "reviewer-c", Role::Reviewer).await;
        app.figure_set_status(&reviewer, programme, &now, Status::Reviewed, "").await.expect("by another");
    }
}

#[tokio::test]
async fn what_a_step_lacks_is_said_at_its_field_and_nothing_is_saved() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-d", Role::Office).await;
        let clinic = project(&app, &office, programme, "芦滩远帆卫生院援助项目", &[]).await;
        let good = step("arrived", "5", "2025-04-01");
        let amount = |value: &str, unit: &str| AmountInput {
            value: value.into(),
            unit: unit.into(),
            ..AmountInput::default()
        };
        let silent = Proof::default();
        for (new, field, code) in [
            (AidStepInput { step: "programmed".into(), ..good.clone() }, "step", "unknown"),
            (AidStepInput { on: String::new(), ..good.clone() }, "on", "missing"),
            (AidStepInput { on: "2026-02-01".into(), ..good.clone() }, "on", "future"),
            (AidStepInput { amount: amount("", "wan"), ..good.clone() }, "amount", "missing"),
            (AidStepInput { amount: amount("-1", "wan"), ..good.clone() }, "amount", "negative"),
            (AidStepInput { amount: amount("100001", "yi"), ..good.clone() }, "amount", "too-large"),
            (AidStepInput { amount: amount("5", "USD"), ..good.clone() }, "amount", "yuan"),
            (AidStepInput { step: "planned".into(), ..good.clone() }, "year", "missing"),
            (AidStepInput { proof: silent, ..good.clone() }, "unproven", "unproven"),
            (AidStepInput { unproven: true, ..good.clone() }, "unproven", "proven"),
        ] {
            let done = app.aid_step_add(&office, programme, &clinic.code, &new).await;
            assert_eq!(wrong(done), [(field.to_owned(), code)]);
        }
        let sums = sums(&app, &office, programme, of(&clinic), None).await;
        assert!(sums.is_empty(), "{sums:?}");
        let late = [("plan_from", "2026-01-01"), ("plan_to", "2025-12-31")];
        let own = [("region", LUTAN), ("supporting", LANHU), ("status", "planned"), ("category", "health")];
        let fields: Vec<_> = own.into_iter().chain(late).collect();
        let late = form("倒置的规划", &fields);
        let refused = app.entry_create(&office, programme, RecordKind::AidProject, &late).await;
        let Err(Error::Form(problems)) = refused else { panic!("it ends before it starts") };
        assert_eq!((problems[0].field.as_str(), problems[0].code), ("plan_to", "order"));
    }
}

#[tokio::test]
async fn who_may_not_see_a_project_sees_none_of_its_money() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-e", Role::Office).await;
        let clinic = project(&app, &office, programme, "芦滩远帆卫生院援助项目", &[]).await;
        let works = contract(&app, &office, programme, &clinic).await;
        enter(&app, &office, programme, &works, &step("spent", "90", "2025-05-06")).await;
        let mut seen = Vec::new();
        for (login, region) in [("lutan", "X10100"), ("canglan", "X12700")] {
            let new = NewRole { programme: Some("invented"), region: Some(region), ..NewRole::default() };
            let account = (login, login, "long enough");
            app.user_add_with(&Actor::operator(now()), account, Role::Region, &new)
                .await
                .expect("a new login");
            let actor = app.actor_named(login, now()).await.expect("the account");
            let sums = sums(&app, &actor, programme, of(&clinic), None).await;
            let money =
                app.aid_money(&actor, programme, &clinic.code).await.map(|money| money.contracts.len());
            seen.push((wan(&sums, AidStep::Spent), money.ok()));
            let whole = ListFilter::of(RecordKind::AidProject);
            let rows = app.aid_figures(&actor, programme, whole, (None, AidStep::Spent), (None, 500)).await;
            let in_region = rows.expect("figures").iter().any(|row| row.figure.subject == Some(works.id));
            assert_eq!(in_region, login == "lutan");
        }
        assert_eq!(seen, [(Some(90), Some(1)), (None, None)]);
    }
}

#[tokio::test]
async fn a_share_says_what_is_missing_and_its_rule_is_audited_and_undone() {
    for (app, programme) in applications().await {
        let keeper = user(&app, "approver-f", Role::Approver).await;
        let office = user(&app, "office-f", Role::Office).await;
        let before = app.setting_aid_shares(&office, programme).await.expect("open to all").rows.len();
        let rule = AidShareInput {
            zh: "投向卫生不低于90%".into(),
            en: "At least 90 % for health".into(),
            step: "arrived".into(),
            minimum: "90%".into(),
            choices: vec!["category.health".into()],
            ..AidShareInput::default()
        };
        let refused = app.setting_aid_share_add(&office, programme, &rule).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
        let mixed = AidShareInput {
            minimum: "101".into(),
            choices: vec!["category.health".into(), "mode.keys".into()],
            ..rule.clone()
        };
        let Err(Error::Form(problems)) = app.setting_aid_share_add(&keeper, programme, &mixed).await else {
            panic!("two fields, and more than all");
        };
        let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["over-hundred", "one-field"]);
        app.setting_aid_share_add(&keeper, programme, &rule).await.expect("added");
        let clinic = project(&app, &office, programme, "芦滩远帆卫生院援助项目", &[]).await;
        let road =
            project(&app, &office, programme, "芦滩星渡道路援助项目", &[("category", "utilities")]).await;
        enter(&app, &office, programme, &clinic, &step("arrived", "80", "2025-04-01")).await;
        enter(&app, &office, programme, &road, &step("arrived", "20", "2025-04-01")).await;
        let both = ListFilter {
            conditions: vec![Condition::Among(vec![clinic.id, road.id])],
            ..ListFilter::of(RecordKind::AidProject)
        };
        let what = (both, Sort::default(), Some(2025));
        let ledger = app.aid_ledger(&office, programme, what, (None, 50)).await.expect("a ledger");
        let share = ledger.shares.iter().find(|share| share.rule.zh == rule.zh).expect("the share");
        assert_eq!((share.kept.share, share.kept.missing), (Some(8_000), 10 * WAN));
        assert_eq!((share.part, share.whole, share.unknown), (80 * WAN, 100 * WAN, 0));
        let purpose =
            ledger.shares.iter().find(|share| share.rule.code == "livelihood").expect("the example's");
        assert_eq!(purpose.whole, 0, "nothing is planned of the two");
        let audit = app.setting_audit(&keeper, programme, None).await.expect("audited");
        app.change_undo(&keeper, programme, audit[0].change.id, None).await.expect("undone");
        let after = app.setting_aid_shares(&office, programme).await.expect("open to all").rows.len();
        assert_eq!(after, before);
    }
}
