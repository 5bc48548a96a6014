//! Kept counts and sums of projects equal the reference after every kind of write, on both databases.

use crate::common::{applications, create, form_of_another as form, now, user};
use app::{
    Actor, AmountInput, App, MergeForm, ProjectProgress, RecordFigure, RecordKind, Role, StageForm,
    StageInput,
};
use domain::Measure;
use domain::stage::Milestone;

const LUTAN: &str = "X10121";
const DIKOU: &str = "X10100";
const YI: i64 = 10_000_000_000;

struct Desk {
    app: App,
    programme: i64,
    office: Actor,
    reviewer: Actor,
}

impl Desk {
    async fn all() -> Vec<Self> {
        let mut desks = Vec::new();
        for (app, programme) in applications().await {
            let office = user(&app, "office-k", Role::Office).await;
            let reviewer = user(&app, "reviewer-k", Role::Reviewer).await;
            desks.push(Self { app, programme, office, reviewer });
        }
        desks
    }

    /// After a write: what is kept is what the reference counts.
    async fn holds(&self, what: &str) {
        let operator = Actor::operator(now());
        let wrong = self.app.verify_projects(&operator, self.programme).await.expect("counted");
        assert!(wrong.is_empty(), "{what}: {wrong:?}");
    }

    async fn project(&self, title: &str, fields: &[(&str, &str)], amount: &str) -> String {
        let fields: Vec<_> = [("region", LUTAN)].into_iter().chain(fields.iter().copied()).collect();
        let mut form = form(title, &fields);
        form.amount = (!amount.is_empty()).then(|| yi(amount));
        let made = create(&self.app, &self.office, self.programme, RecordKind::Project, &form).await.code;
        self.holds(title).await;
        made
    }

    async fn edit(&self, code: &str, title: &str, fields: &[(&str, &str)], amount: Option<&str>) {
        let mut form = form(title, fields);
        form.amount = amount.map(yi);
        let version = self.app.entry(&self.office, self.programme, code).await.expect("there").version;
        form.basis.version = Some(version);
        form.reason = "改".to_owned();
        self.app.entry_edit(&self.office, self.programme, code, &form).await.expect("edited");
        self.holds(&format!("{title} {fields:?}")).await;
    }

    async fn step(&self, code: &str, from: &str, to: &str) {
        let form =
            StageForm { from: from.into(), to: to.into(), reason: "试".into(), ..StageForm::default() };
        self.app.project_move(&self.office, self.programme, code, &form).await.expect("moved");
        self.holds(&format!("{from} to {to}")).await;
    }

    async fn undo(&self, code: &str) {
        let change = self.app.entry(&self.reviewer, self.programme, code).await.expect("there").changes[0].id;
        self.app.change_undo(&self.reviewer, self.programme, change, Some("误")).await.expect("undone");
        self.holds("undone").await;
    }

    async fn progress(&self, actor: &Actor) -> ProjectProgress {
        self.app.project_progress(actor, self.programme, None).await.expect("counted")
    }

    /// Signed, landed and started of a year, and the planned total and arrived funds in 亿元.
    async fn cohort(&self, year: i16) -> ([i64; 3], i64, i64) {
        let all = self.progress(&self.office).await.cohorts;
        let Some(of) = all.into_iter().find(|of| of.year == Some(year)) else { return ([0; 3], 0, 0) };
        let sum = |measure| {
            let of = of.sums.iter().filter(|(group, _)| group.measure == measure);
            of.map(|(_, sum)| sum.low / YI).next().unwrap_or(0)
        };
        let [signed, landed, started, ..] = of.reached;
        ([signed, landed, started], sum(Measure::PlannedTotal), sum(Measure::FundsArrived))
    }
}

fn yi(value: &str) -> AmountInput {
    AmountInput { value: value.into(), unit: "yi".into(), ..AmountInput::default() }
}

#[tokio::test]
async fn kept_counts_of_projects_follow_every_write() {
    for desk in Desk::all().await {
        desk.holds("the example").await;
        let one = desk.project("甲纺纱", &[("stage", "landed"), ("signed_on", "1999-03-01")], "3").await;
        assert_eq!(desk.cohort(1999).await, ([1, 1, 0], 3, 0));
        desk.step(&one, "landed", "on_hold").await;
        assert_eq!(desk.cohort(1999).await, ([1, 1, 0], 3, 0), "how far it came stays");
        desk.undo(&one).await;
        desk.step(&one, "landed", "signed").await;
        assert_eq!(desk.cohort(1999).await, ([1, 0, 0], 3, 0), "who goes back came no further");
        desk.undo(&one).await;
        assert_eq!(desk.cohort(1999).await, ([1, 1, 0], 3, 0));
        desk.edit(&one, "甲纺纱", &[("region", DIKOU)], None).await;
        desk.edit(&one, "甲纺纱", &[("signed_on", "1998-03-01")], None).await;
        assert_eq!(desk.cohort(1999).await, ([0, 0, 0], 0, 0));
        desk.edit(&one, "甲纺纱", &[("signed_on", "1999-03-01")], Some("4")).await;
        assert_eq!(desk.cohort(1999).await, ([1, 1, 0], 4, 0), "a correction counts in its place");
        desk.undo(&one).await;

        let whole = desk.project("乙纺织园", &[("stage", "signed"), ("signed_on", "1999-05-01")], "").await;
        let phase = [("stage", "started"), ("parent", whole.as_str()), ("signed_on", "1999-05-01")];
        let first = desk.project("乙纺织园一期", &phase, "2").await;
        assert_eq!(desk.cohort(1999).await.0, [1, 1, 1], "a phase counts with its whole");
        arrived(&desk, &first, "1").await;
        let (_, planned, funds) = desk.cohort(1999).await;
        assert_eq!(funds, 1, "money of a phase is its whole's");
        arrived(&desk, &whole, "5").await;
        assert_eq!(desk.cohort(1999).await.2, 5, "unless the whole has its own");
        assert_eq!(planned, desk.cohort(1999).await.1);

        let archive = async |code: &str, archived| {
            let done = desk.app.entry_archive(&desk.office, desk.programme, code, archived, "试").await;
            done.expect("archived or back");
            desk.holds(&format!("archived {archived}")).await;
        };
        archive(&first, true).await;
        archive(&first, false).await;
        archive(&one, true).await;
        archive(&one, false).await;
    }
}

async fn arrived(desk: &Desk, code: &str, amount: &str) {
    let figure = RecordFigure {
        measure: "funds_arrived".into(),
        amount: yi(amount),
        role: "actual".into(),
        period_kind: "cumulative".into(),
        period_to: "2025-12-31".into(),
        ..RecordFigure::default()
    };
    desk.app.figure_add(&desk.office, desk.programme, code, &figure).await.expect("entered");
    desk.holds("figure").await;
}

#[tokio::test]
async fn kept_counts_of_projects_follow_merges_and_their_undoing() {
    for desk in Desk::all().await {
        let fields = [("stage", "signed"), ("signed_on", "1999-03-01")];
        let keep = desk.project("甲纺纱", &fields, "3").await;
        let gone = desk.project("甲纺纱项目", &fields, "").await;
        arrived(&desk, &gone, "2").await;
        let merge = MergeForm { reason: "同一个".into(), ..MergeForm::default() };
        let done = desk.app.merge(&desk.reviewer, desk.programme, (&keep, &gone), &merge).await;
        done.expect("merged");
        desk.holds("merged").await;
        assert_eq!(desk.cohort(1999).await, ([1, 0, 0], 3, 2));
        desk.undo(&keep).await;
        assert_eq!(desk.cohort(1999).await, ([2, 0, 0], 3, 2));
    }
}

#[tokio::test]
async fn before_signing_only_what_is_seen_counts_and_after_it_all_of_the_scope() {
    for desk in Desk::all().await {
        let region =
            app::NewRole { programme: Some("invented"), region: Some("X10122"), ..app::NewRole::default() };
        let named = ("elsewhere-k", "别处", "long enough");
        let made = desk.app.user_add_with(&Actor::operator(now()), named, Role::Region, &region).await;
        made.expect("a user");
        let elsewhere = desk.app.actor_named("elsewhere-k", now()).await.expect("the account");
        let count = async |actor: &Actor, code: &str| {
            let all = desk.progress(actor).await;
            let at = all.funnel.iter().find(|of| of.stage.code == code).map_or(0, |of| of.count);
            (at, all.hidden)
        };
        let talks = count(&elsewhere, "talks").await;
        let (signed, hidden) = count(&elsewhere, "signed").await;
        desk.project("甲在谈", &[("stage", "talks")], "").await;
        let other = user(&desk.app, "office-l", Role::Office).await;
        assert_eq!(count(&elsewhere, "talks").await, talks, "another team's before signing is not told");
        let (mine, _) = count(&desk.office, "talks").await;
        assert_eq!(count(&other, "talks").await.0 + 1, mine, "nor to another office");
        desk.project("甲签约", &[("stage", "signed"), ("signed_on", "2025-05-16")], "1").await;
        assert_eq!(
            count(&elsewhere, "signed").await,
            (signed + 1, hidden + 1),
            "counted, and said not to be open"
        );
        assert_eq!(count(&desk.office, "signed").await.1, 0);
        let reached = desk.progress(&desk.office).await.cohorts;
        assert!(reached.iter().all(|of| of.reached.is_sorted_by(|more, less| more >= less)));
        assert_eq!(app::STEPS[0], Milestone::Signed);
    }
}

#[tokio::test]
async fn a_stage_that_means_another_milestone_counts_its_projects_anew() {
    for desk in Desk::all().await {
        let keeper = user(&desk.app, "keeper-k", Role::Approver).await;
        desk.project("甲纺纱", &[("stage", "landed"), ("signed_on", "1999-03-01")], "3").await;
        assert_eq!(desk.cohort(1999).await.0, [1, 1, 0]);
        let stages = desk.app.setting_stages(&keeper, desk.programme).await.expect("stages");
        let rows = stages.rows.iter().map(|stage| StageInput {
            code: stage.code.clone(),
            ord: stage.ord.to_string(),
            zh: stage.zh.clone(),
            en: stage.en.clone(),
            milestone: if stage.code == "landed" { "started" } else { stage.milestone.code() }.into(),
            facts: stage.facts.iter().map(|fact| fact.code().into()).collect(),
        });
        let rows: Vec<_> = rows.collect();
        let saved = desk.app.setting_stages_save(&keeper, desk.programme, stages.version, &rows).await;
        saved.expect("saved");
        assert_eq!(desk.cohort(1999).await.0, [1, 1, 1], "landed means started now");
        desk.holds("another milestone").await;
        let entries = desk.app.setting_audit(&keeper, desk.programme, None).await.expect("audited");
        let change = entries.first().expect("a change").change.id;
        desk.app.change_undo(&keeper, desk.programme, change, None).await.expect("undone");
        assert_eq!(desk.cohort(1999).await.0, [1, 1, 0]);
        desk.holds("undone").await;
    }
}
