//! Kept sums of aid money equal what the figures come to after every kind of write, on both databases.

use crate::common::{applications, create, form_of_another as form, now, user};
use app::{
    Actor, AidStarts, AidStepInput, AmountInput, App, Condition, EntryForm, ListFilter, MergeForm, NewRole,
    NewValue, Proof, RecordFigure, RecordKind, Role, Sort,
};
use domain::aid::AidStep;
use domain::figure::Status;

const LUTAN: &str = "X10121";
const LANHU: &str = "X30000";
const WAN: i64 = 1_000_000;
/// Of no example: what is of this year is the test's.
const YEAR: i16 = 1999;

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

    /// After a write: what is kept is what the figures come to.
    async fn holds(&self, what: &str) {
        let operator = Actor::operator(now());
        let wrong = self.app.verify_aid(&operator, self.programme).await.expect("added");
        assert!(wrong.is_empty(), "{what}: {wrong:?}");
    }

    async fn project(&self, title: &str, more: &[(&str, &str)]) -> String {
        let own = [("region", LUTAN), ("supporting", LANHU), ("status", "started"), ("category", "health")];
        let fields: Vec<_> =
            own.into_iter().chain([("started_on", "1999-06-01")]).chain(more.iter().copied()).collect();
        let form = form(title, &fields);
        let made = create(&self.app, &self.office, self.programme, RecordKind::AidProject, &form).await.code;
        self.holds(title).await;
        made
    }

    async fn contract(&self, title: &str, of: &str) -> String {
        let amount = AmountInput { value: "300".into(), unit: "wan".into(), ..AmountInput::default() };
        let fields = [("aid_project", of), ("signed_on", "1999-03-05")];
        let form = EntryForm { amount: Some(amount), ..form(title, &fields) };
        let made = create(&self.app, &self.office, self.programme, RecordKind::AidContract, &form).await.code;
        self.holds(title).await;
        made
    }

    async fn step(&self, of: &str, step: &str, wan: &str) -> String {
        let new = AidStepInput {
            step: step.into(),
            amount: AmountInput { value: wan.into(), unit: "wan".into(), ..AmountInput::default() },
            on: "1999-05-06".into(),
            year: if step == "planned" { "1999".into() } else { String::new() },
            proof: Proof { title: "砾协〔1999〕7号".into(), ..Proof::default() },
            ..AidStepInput::default()
        };
        let done = self.app.aid_step_add(&self.office, self.programme, of, &new).await.expect("entered");
        self.holds(step).await;
        done.figure
    }

    async fn edit(&self, code: &str, title: &str, fields: &[(&str, &str)]) {
        let mut form = form(title, fields);
        form.basis.version =
            Some(self.app.entry(&self.office, self.programme, code).await.expect("there").version);
        form.reason = "改".to_owned();
        self.app.entry_edit(&self.office, self.programme, code, &form).await.expect("edited");
        self.holds(&format!("{title} {fields:?}")).await;
    }

    async fn undo(&self, code: &str) {
        let change = self.app.entry(&self.reviewer, self.programme, code).await.expect("there").changes[0].id;
        self.app.change_undo(&self.reviewer, self.programme, change, Some("误")).await.expect("undone");
        self.holds("undone").await;
    }

    async fn archive(&self, code: &str, archived: bool) {
        let done = self.app.entry_archive(&self.office, self.programme, code, archived, "试").await;
        done.expect("archived or back");
        self.holds(&format!("{code} archived {archived}")).await;
    }

    async fn merge(&self, keep: &str, gone: &str) {
        let form = MergeForm { reason: "同一个".into(), ..MergeForm::default() };
        self.app.merge(&self.reviewer, self.programme, (keep, gone), &form).await.expect("merged");
        self.holds("merged").await;
    }

    /// Of the year, in 万元: planned, contracted and spent; and the starts.
    async fn year(&self, actor: &Actor) -> ([i64; 3], AidStarts) {
        self.of_year(actor, ListFilter::of(RecordKind::AidProject)).await
    }

    async fn of_year(&self, actor: &Actor, filter: ListFilter) -> ([i64; 3], AidStarts) {
        let what = (filter, Sort::default(), Some(YEAR));
        let ledger = self.app.aid_ledger(actor, self.programme, what, (None, 50)).await.expect("a ledger");
        let sum = |step| ledger.totals.get(&step).map_or(0, |sum| sum.low / WAN);
        ([AidStep::Planned, AidStep::Contracted, AidStep::Spent].map(sum), ledger.starts)
    }
}

#[tokio::test]
async fn kept_sums_of_aid_money_follow_every_write() {
    for desk in Desk::all().await {
        desk.holds("the example").await;
        let clinic = desk.project("甲卫生院援助项目", &[]).await;
        let planned = desk.step(&clinic, "planned", "800").await;
        let works = desk.contract("甲设备采购合同", &clinic).await;
        desk.step(&works, "spent", "90").await;
        let spent = desk.step(&clinic, "spent", "10").await;
        let one = AidStarts { planned: 1, started: 1 };
        assert_eq!(desk.year(&desk.office).await, ([800, 300, 100], one));

        let value = NewValue { value: "6000000".into(), value_max: "7000000".into(), approx: "about".into() };
        let replaced = desk.app.figure_replace(&desk.office, desk.programme, &planned, &value, "调整").await;
        let replaced = replaced.expect("corrected");
        desk.holds("corrected").await;
        assert_eq!(desk.year(&desk.office).await, ([600, 300, 100], one));
        for (figure, left) in [(&spent, [600, 300, 90]), (&replaced, [800, 300, 90])] {
            let withdrawn = Status::Withdrawn;
            let done =
                desk.app.figure_set_status(&desk.office, desk.programme, figure, withdrawn, "误").await;
            done.expect("withdrawn");
            desk.holds("withdrawn").await;
            assert_eq!(desk.year(&desk.office).await.0, left, "what was replaced counts again");
        }

        desk.edit(&clinic, "甲卫生院援助项目", &[("category", "education"), ("purpose", "livelihood")]).await;
        desk.edit(&clinic, "甲卫生院援助项目", &[("started_on", "2000-06-01")]).await;
        assert_eq!(desk.year(&desk.office).await.1, AidStarts { planned: 1, started: 0 });
        desk.undo(&clinic).await;
        assert_eq!(desk.year(&desk.office).await.1, one);

        let road = desk.project("乙道路援助项目", &[("category", "utilities")]).await;
        desk.edit(&works, "甲设备采购合同", &[("aid_project", &road)]).await;
        desk.archive(&clinic, true).await;
        assert_eq!(desk.year(&desk.office).await.0, [0, 300, 90], "a contract counts with its project");
        desk.archive(&clinic, false).await;
        desk.archive(&road, true).await;
        assert_eq!(desk.year(&desk.office).await.0, [800, 0, 0]);
        desk.archive(&road, false).await;
        desk.undo(&works).await;
        desk.archive(&works, true).await;
        assert_eq!(desk.year(&desk.office).await.0, [800, 0, 0], "an archived contract counts nowhere");
        desk.archive(&works, false).await;
        assert_eq!(desk.year(&desk.office).await, ([800, 300, 90], one));
    }
}

/// Plans that cover years, and a figure whose time is not known.
#[tokio::test]
async fn kept_sums_know_the_years_that_a_plan_covers() {
    for desk in Desk::all().await {
        let plans = [
            ("1998-01-01", "2002-12-31"),
            ("1999-12-31", "2004-12-31"),
            ("2000-01-01", "2004-12-31"),
            ("", "1999-12-31"),
            ("1999-12-31", ""),
            ("", ""),
        ];
        let mut ids = Vec::new();
        for (from, to) in plans {
            let own =
                [("region", LUTAN), ("supporting", LANHU), ("status", "cancelled"), ("category", "health")];
            let of_plan = [("plan_from", from), ("plan_to", to)];
            let fields: Vec<_> = own.into_iter().chain(of_plan).collect();
            let amount = AmountInput { value: "5".into(), unit: "wan".into(), ..AmountInput::default() };
            let form = EntryForm { amount: Some(amount), ..form(&format!("规划{from}{to}"), &fields) };
            let made = create(&desk.app, &desk.office, desk.programme, RecordKind::AidProject, &form).await;
            desk.holds(&made.title).await;
            ids.push(made);
        }
        let undated = RecordFigure {
            measure: "aid_spent".into(),
            amount: AmountInput { value: "5".into(), unit: "wan".into(), ..AmountInput::default() },
            role: "actual".into(),
            period_kind: "flow".into(),
            ..RecordFigure::default()
        };
        desk.app.figure_add(&desk.office, desk.programme, &ids[0].code, &undated).await.expect("entered");
        desk.holds("at a time that nobody told").await;
        let ids: Vec<i64> = ids.iter().map(|record| record.id).collect();
        let conditions = vec![Condition::Among(ids)];
        let filter = ListFilter { conditions, ..ListFilter::of(RecordKind::AidProject) };
        for (year, figures, spent) in [(Some(YEAR), 5, 0), (Some(1998), 3, 0), (None, 6, 1)] {
            let what = (filter.clone(), Sort::default(), year);
            let ledger = desk.app.aid_ledger(&desk.office, desk.programme, what, (None, 50)).await;
            let sums = ledger.expect("a ledger").totals;
            let count = |step| sums.get(&step).map_or(0, |sum| sum.count);
            assert_eq!((count(AidStep::Programmed), count(AidStep::Spent)), (figures, spent), "{year:?}");
        }
        assert_eq!(desk.year(&desk.office).await.1, AidStarts::default(), "they were cancelled");
    }
}

#[tokio::test]
async fn kept_sums_follow_merges_and_their_undoing() {
    for desk in Desk::all().await {
        let (one, two) = (desk.project("甲卫生院", &[]).await, desk.project("乙卫生院", &[]).await);
        desk.step(&one, "planned", "100").await;
        desk.step(&two, "planned", "50").await;
        let (first, second) = (desk.contract("甲合同", &one).await, desk.contract("乙合同", &two).await);
        desk.step(&first, "spent", "7").await;
        desk.step(&second, "spent", "8").await;
        let before = desk.year(&desk.office).await;
        assert_eq!(before, ([150, 600, 15], AidStarts { planned: 2, started: 2 }));
        desk.merge(&first, &second).await;
        desk.undo(&first).await;
        assert_eq!(desk.year(&desk.office).await, before);
        desk.merge(&one, &two).await;
        assert_eq!(desk.year(&desk.office).await.1, AidStarts { planned: 1, started: 1 });
        desk.undo(&one).await;
        assert_eq!(desk.year(&desk.office).await, before);
    }
}

/// What is kept of all projects is for who sees them all; others get theirs alone, and a filter narrows both.
#[tokio::test]
async fn who_does_not_see_a_project_gets_nothing_of_what_is_kept_of_it() {
    for desk in Desk::all().await {
        let clinic = desk.project("甲卫生院援助项目", &[]).await;
        desk.step(&clinic, "planned", "800").await;
        let mut seen = Vec::new();
        for (login, region) in [("inside-k", "X10100"), ("outside-k", "X12700")] {
            let role = NewRole { programme: Some("invented"), region: Some(region), ..NewRole::default() };
            let operator = Actor::operator(now());
            let made = desk.app.user_add_with(&operator, (login, login, "long enough"), Role::Region, &role);
            made.await.expect("a user");
            let actor = desk.app.actor_named(login, now()).await.expect("the account");
            seen.push(desk.year(&actor).await);
        }
        let all = ([800, 0, 0], AidStarts { planned: 1, started: 1 });
        assert_eq!(seen, [all, ([0; 3], AidStarts::default())]);
        let field = RecordKind::AidProject.field("category").expect("a field");
        for (category, expected) in [("health", all), ("education", ([0; 3], AidStarts::default()))] {
            let filter = ListFilter {
                conditions: vec![Condition::OneOf(field, vec![category.to_owned()])],
                ..ListFilter::of(RecordKind::AidProject)
            };
            assert_eq!(desk.of_year(&desk.office, filter).await, expected);
        }
    }
}

#[tokio::test]
async fn what_a_backup_gives_back_is_added_anew() {
    let desk = Desk::all().await.remove(0);
    let clinic = desk.project("甲卫生院援助项目", &[]).await;
    desk.step(&clinic, "planned", "800").await;
    let mut bytes = Vec::new();
    desk.app.backup(&Actor::operator(now()), &mut bytes).await.expect("written");
    for db in store::testing::databases().await {
        let app = App::with_db(db);
        app.restore(&Actor::operator(now()), &mut bytes.as_slice()).await.expect("restored");
        let office = app.actor_named("office-k", now()).await.expect("the account");
        let reviewer = app.actor_named("reviewer-k", now()).await.expect("the account");
        let there = Desk { app, programme: desk.programme, office, reviewer };
        there.holds("restored").await;
        assert_eq!(there.year(&there.office).await.0, [800, 0, 0]);
    }
}
