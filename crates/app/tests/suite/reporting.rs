//! A round of reporting from its draft to figures of the ledger, on both databases.

use crate::common::{applications, create, form_of_another as form, now, user};
use app::{
    Actor, App, CellEntry, DueKind, DueQuery, Error, FilingDetail, FilingInput, LineInput, NewRole,
    RecordKind, Role, RoundDetail,
};
use domain::reporting::{FilingState, Punctuality};
use jiff::Timestamp;

pub struct Round {
    pub app: App,
    pub programme: i64,
    pub office: Actor,
    pub reviewer: Actor,
    pub approver: Actor,
    pub code: String,
    pub filings: Vec<String>,
}

fn line(measure: &str, unit: &str, kind: &str, required: bool) -> LineInput {
    let (measure, unit, time_kind) = (measure.into(), unit.into(), kind.into());
    LineInput { measure, unit, time_kind, required, ..LineInput::default() }
}

/// A round of January for two teams and an enterprise, sent out.
pub async fn sent(app: App, programme: i64) -> Round {
    let office = user(&app, "r-office", Role::Office).await;
    let reviewer = user(&app, "r-reviewer", Role::Reviewer).await;
    let approver = user(&app, "r-approver", Role::Approver).await;
    let unit = async |kind, title: &str, of: &str| {
        create(&app, &office, programme, kind, &form(title, &[("kind", of), ("region", "X10121")])).await.code
    };
    let owner = unit(RecordKind::Office, "报送测试指挥部", "front_command").await;
    let mut units = vec![unit(RecordKind::Office, "报送测试一队", "work_team").await];
    units.push(unit(RecordKind::Office, "报送测试二队", "work_team").await);
    units.push(unit(RecordKind::Organisation, "报送测试纺织公司", "enterprise").await);
    let days = [
        ("status", "draft"),
        ("owner", owner.as_str()),
        ("date_from", "2025-12-01"),
        ("date_to", "2025-12-31"),
    ];
    let fields: Vec<_> = days.into_iter().chain([("due_on", "2026-01-02")]).collect();
    let task =
        create(&app, &office, programme, RecordKind::ReportingTask, &form("2025年12月报送", &fields)).await;
    for of in [line("funds_arrived", "wan", "flow", true), line("rate", "%", "stock", false)] {
        app.reporting_line_add(&office, programme, &task.code, &of).await.expect("a line");
    }
    let added = app.reporting_unit_add(&office, programme, &task.code, &units.join("\n"), "").await;
    assert_eq!(added.expect("known"), 3);
    app.reporting_send(&office, programme, &task.code).await.expect("sent");
    let round = app.reporting_round(&office, programme, &task.code).await.expect("seen");
    let filings = round.filings.iter().map(|of| of.record.code.clone()).collect();
    Round { app, programme, office, reviewer, approver, code: task.code, filings }
}

impl Round {
    pub async fn filing(&self, at: usize) -> FilingDetail {
        self.app.filing(&self.office, self.programme, &self.filings[at]).await.expect("seen")
    }

    pub async fn compiled(&self) -> RoundDetail {
        self.app.reporting_round(&self.office, self.programme, &self.code).await.expect("seen")
    }

    pub async fn save(&self, actor: &Actor, at: usize, value: &str, submit: bool) -> app::Result<()> {
        let detail = self.filing(at).await;
        let cells = vec![CellEntry { line: detail.lines[0].id, value: value.into(), ..CellEntry::default() }];
        let input =
            FilingInput { version: detail.filing.record.version, cells, submit, ..FilingInput::default() };
        self.app.filing_save(actor, self.programme, &self.filings[at], &input).await
    }

    pub async fn step(&self, actor: &Actor, at: usize, state: FilingState, reason: &str) -> app::Result<()> {
        let version = self.filing(at).await.filing.record.version;
        self.app.filing_move(actor, self.programme, &self.filings[at], state, reason, version).await
    }
}

fn code(error: Error) -> &'static str {
    match error {
        Error::Form(problems) => problems[0].code,
        Error::OwnFigure => "own",
        error => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn a_filing_goes_from_draft_to_figures_and_who_filled_it_in_verifies_none_of_it() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        round.save(&round.reviewer, 0, "120.5", false).await.expect("kept");
        assert!(round.compiled().await.cells.is_empty(), "a draft is its unit's");
        round.save(&round.reviewer, 0, "120.5", true).await.expect("submitted");
        round.save(&round.reviewer, 0, "120.5", true).await.expect("sent twice");
        assert_eq!(round.filing(0).await.log.len(), 2, "and done once");
        assert_eq!(
            code(round.step(&round.reviewer, 0, FilingState::Reviewed, "").await.expect_err("law 7")),
            "own"
        );
        assert_eq!(
            code(round.step(&round.approver, 0, FilingState::Returned, "").await.expect_err("why")),
            "missing"
        );
        round.step(&round.approver, 0, FilingState::Returned, "缺佐证").await.expect("returned");
        round.save(&round.office, 0, "130", true).await.expect("refiled");
        round.step(&round.approver, 0, FilingState::Reviewed, "").await.expect("reviewed");
        assert!(round.filing(0).await.figures.is_empty());
        round.step(&round.approver, 0, FilingState::Approved, "").await.expect("approved");
        let detail = round.filing(0).await;
        let figure =
            round.app.figure(&round.office, programme, &detail.figures[0].code).await.expect("a figure");
        assert_eq!(figure.entry.figure.quantity.low, 130_000_000);
        assert_eq!(figure.entry.entered_by, round.office.user, "who filed it entered it");
        let log: Vec<_> = figure.log.iter().map(|of| of.status.code()).collect();
        assert_eq!(log, ["filed", "reviewed", "approved"]);
        assert_eq!(figure.evidence.len(), 1);
    }
}

#[tokio::test]
async fn who_has_not_filed_is_not_filed_and_never_nought() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        round.save(&round.office, 0, "100", true).await.expect("submitted");
        round.save(&round.office, 1, "0", true).await.expect("nought is a value");
        let compiled = round.compiled().await;
        let total = compiled.totals[0].expect("added");
        assert_eq!((total.sum.low, total.sum.count, total.unfiled), (100_000_000, 2, 1));
        assert_eq!(compiled.totals[1], None, "rates are never added");
        let late = |of: &RoundDetail, at: usize, day| app::filing_punctuality(&of.task, &of.filings[at], day);
        assert_eq!(late(&compiled, 2, compiled.today), Punctuality::Waiting);
        assert_eq!(late(&compiled, 2, compiled.today.tomorrow().expect("a day")), Punctuality::Late);
        assert_eq!(late(&compiled, 0, compiled.today.tomorrow().expect("a day")), Punctuality::InTime);
    }
}

#[tokio::test]
async fn a_unit_is_late_by_the_clock_of_the_programme() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        // The programme is eight hours ahead: it is the third there while it is the second elsewhere.
        for (at, late) in [("2026-01-02T15:59:59Z", false), ("2026-01-02T16:00:00Z", true)] {
            let at: Timestamp = at.parse().expect("an instant");
            let actor = Actor { at, ..round.office.clone() };
            let compiled = round.app.reporting_round(&actor, programme, &round.code).await.expect("seen");
            let is = app::filing_punctuality(&compiled.task, &compiled.filings[0], compiled.today);
            assert_eq!(is == Punctuality::Late, late, "{at}");
        }
        let at: Timestamp = "2026-01-02T16:00:00Z".parse().expect("an instant");
        let actor = Actor { at, ..round.office.clone() };
        round.save(&actor, 0, "5", true).await.expect("late, but taken");
        let compiled = round.compiled().await;
        let is = app::filing_punctuality(&compiled.task, &compiled.filings[0], compiled.today);
        assert_eq!(is, Punctuality::FiledLate);
    }
}

#[tokio::test]
async fn jobs_are_asked_for_as_they_are_and_never_as_a_target() {
    for (app, programme) in applications().await {
        let office = user(&app, "r-office", Role::Office).await;
        let team = form("报送测试一队", &[("kind", "work_team"), ("region", "X10121")]);
        let owner = create(&app, &office, programme, RecordKind::Office, &team).await.code;
        let days = [
            ("status", "draft"),
            ("owner", owner.as_str()),
            ("date_from", "2025-12-01"),
            ("date_to", "2025-12-31"),
            ("due_on", "2026-01-02"),
        ];
        let task = create(&app, &office, programme, RecordKind::ReportingTask, &form("岗位", &days)).await;
        for role in ["target", "threshold", "denominator"] {
            let of = LineInput { role: role.into(), ..line("jobs", "job", "stock", false) };
            let refused = app.reporting_line_add(&office, programme, &task.code, &of).await;
            assert_eq!(code(refused.expect_err(role)), "jobs");
        }
        let of = line("jobs", "job", "stock", false);
        app.reporting_line_add(&office, programme, &task.code, &of).await.expect("counts");
    }
}

#[tokio::test]
async fn two_at_once_a_closed_round_and_missing_lines_leave_nothing_half_saved() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        let line = round.filing(0).await.lines[0].id;
        let stale = round.filing(0).await.filing.record.version;
        assert_eq!(code(round.save(&round.office, 0, "", true).await.expect_err("required")), "line-missing");
        round.save(&round.office, 0, "1", false).await.expect("kept");
        let cells = vec![CellEntry { line, value: "2".into(), ..CellEntry::default() }];
        let input = FilingInput { version: stale, cells, ..FilingInput::default() };
        let refused = round.app.filing_save(&round.reviewer, programme, &round.filings[0], &input).await;
        assert_eq!(code(refused.expect_err("somebody else saved")), "filing-stale");
        assert_eq!(round.filing(0).await.cells[&line].input.value, Some(1_000_000));
        round.app.reporting_close(&round.office, programme, &round.code, true, "").await.expect("closed");
        assert_eq!(code(round.save(&round.office, 0, "3", true).await.expect_err("closed")), "round-closed");
        assert_eq!(round.filing(0).await.cells[&line].input.value, Some(1_000_000));
    }
}

#[tokio::test]
async fn a_correction_is_a_new_figure_and_the_filing_shows_both() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        round.save(&round.office, 2, "40", true).await.expect("submitted");
        for state in [FilingState::Reviewed, FilingState::Approved] {
            round.step(&round.approver, 2, state, "").await.expect("verified");
        }
        let detail = round.filing(2).await;
        let (line, figure) = (detail.lines[0].id, detail.figures[0].code.clone());
        let correct = async |value: &str, reason: &str| {
            let of = (line, figure.as_str());
            round.app.filing_correct(&round.office, programme, &round.filings[2], of, (value, reason)).await
        };
        assert_eq!(code(correct("45", "").await.expect_err("why")), "missing");
        correct("45", "漏计一笔").await.expect("corrected");
        assert_eq!(code(correct("46", "again").await.expect_err("corrected meanwhile")), "filing-stale");
        let detail = round.filing(2).await;
        let chain: Vec<_> = detail.corrections(line).iter().map(|of| of.low).collect();
        assert_eq!(chain, [40_000_000, 45_000_000]);
        let compiled = round.compiled().await;
        assert_eq!(compiled.totals[0].expect("added").sum.low, 45_000_000);
    }
}

#[tokio::test]
async fn a_unit_sees_its_own_filing_and_no_other() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        let unit = round.filing(2).await.filing.unit;
        let grant = app::Grant { record: Some(unit.id), ..app::Grant::of(Some(programme), Role::Enterprise) };
        let firm = Actor { grants: vec![grant], ..user(&round.app, "r-firm", Role::Reader).await };
        let cards = round.app.reporting_list(&firm, programme).await.expect("listed").0;
        let seen: Vec<_> = cards[0].filings.iter().map(|of| of.record.code.clone()).collect();
        assert_eq!(seen, [round.filings[2].clone()]);
        round.save(&firm, 2, "7", true).await.expect("its own");
        assert!(!round.filing(2).await.log[0].on_behalf);
        assert!(matches!(round.save(&firm, 0, "7", true).await, Err(Error::NotFound)));
        let other = round.app.filing(&firm, programme, &round.filings[0]).await;
        assert!(matches!(other, Err(Error::NotFound)));
        round.save(&round.office, 1, "7", true).await.expect("on behalf");
        assert!(round.filing(1).await.log[0].on_behalf);
    }
}

impl Round {
    /// A user who speaks for the enterprise.
    async fn firm(&self, login: &str) -> Actor {
        let code = self.filing(2).await.filing.unit.code;
        let new = NewRole { programme: Some("invented"), record: Some(&code), ..NewRole::default() };
        let account = (login, login, "long enough");
        self.app
            .user_add_with(&Actor::operator(now()), account, Role::Enterprise, &new)
            .await
            .expect("added");
        self.app.actor_named(login, now()).await.expect("there")
    }

    /// What a user was told, newest first: its kind and the address it leads to.
    async fn told(&self, actor: &Actor) -> Vec<(String, String)> {
        let notices = self.app.notices(actor, self.programme, true).await.expect("read");
        notices.into_iter().map(|of| (of.kind, of.path.expect("an address"))).collect()
    }

    /// A user of a role within an office.
    async fn member(&self, login: &str, role: Role, office: &str) -> Actor {
        let new = NewRole { programme: Some("invented"), office: Some(office), ..NewRole::default() };
        let account = (login, login, "long enough");
        self.app.user_add_with(&Actor::operator(now()), account, role, &new).await.expect("added");
        self.app.actor_named(login, now()).await.expect("there")
    }

    /// What is due of filings: the actor's own, or all that the actor sees.
    async fn due(&self, actor: &Actor, mine: bool) -> Vec<(DueKind, String, String)> {
        let query = DueQuery { mine, ..DueQuery::default() };
        let list = self.app.due_list(actor, self.programme, &query).await.expect("read");
        let of_round = list.items.into_iter().filter(|due| {
            due.project.as_ref().is_some_and(|of| of.code == self.code)
                || self.filings.contains(&due.record.code)
        });
        of_round.map(|due| (due.kind, due.record.code, due.day.expect("a day").to_string())).collect()
    }
}

#[tokio::test]
async fn sending_out_and_reminding_tell_those_of_each_unit_of_its_own_filing() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        let firm = round.firm("r-firm").await;
        let gone = round.firm("r-gone").await;
        let unit = round.filing(1).await.filing.unit.code;
        let team = round.member("r-team", Role::Office, &unit).await;
        round.app.user_set_disabled(&Actor::operator(now()), "r-gone", true).await.expect("closed");
        round.save(&round.office, 1, "7", true).await.expect("filed");
        let asked = round.app.reporting_remind(&firm, programme, &round.code, None).await;
        assert!(asked.is_err(), "a unit reminds nobody: {asked:?}");
        for expected in [2, 0] {
            let asked = round.app.reporting_remind(&round.office, programme, &round.code, None).await;
            assert_eq!(asked.expect("reminded"), expected, "once a day");
        }
        let path = format!("filings/{}", round.filings[2]);
        assert_eq!(round.told(&firm).await, [("filing-reminder".to_owned(), path)]);
        assert_eq!(round.told(&team).await, [], "it has filed");
        assert_eq!(round.told(&round.office).await, [], "who reminds is no unit of it");
        assert_eq!(round.filing(0).await.log.iter().filter(|of| of.action == "reminded").count(), 1);

        let [title, from, to, due] =
            ["2026年1月报送", "2026-01-01", "2026-01-31", "2026-02-10"].map(str::to_owned);
        let input = app::NextInput { title, from, to, due };
        let next =
            round.app.reporting_next(&round.office, programme, &round.code, &input).await.expect("made");
        let cards = async |actor| round.app.reporting_list(actor, programme).await.expect("listed").0.len();
        assert_eq!((cards(&firm).await, round.told(&team).await), (1, Vec::new()), "a draft is nobody's yet");
        round.app.reporting_send(&round.office, programme, &next).await.expect("sent");
        let filings = round.app.reporting_round(&round.office, programme, &next).await.expect("seen").filings;
        for (actor, at) in [(&team, 1), (&firm, 2)] {
            let path = format!("filings/{}", filings[at].record.code);
            assert_eq!(round.told(actor).await[0], ("filing-due".to_owned(), path), "its own and no other");
        }
        let seen = round.app.reporting_round(&firm, programme, &next).await.expect("seen").filings;
        assert_eq!(seen.iter().map(|of| of.record.id).collect::<Vec<_>>(), [filings[2].record.id]);
        assert_eq!(round.told(&gone).await, [], "a closed account is told nothing");
    }
}

#[tokio::test]
async fn what_is_to_be_filed_or_verified_is_due_for_who_has_to_do_it_and_shown_to_nobody_else() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        let unit = round.filing(0).await.filing.unit;
        let team = round.member("r-team", Role::Office, &unit.code).await;
        let detail = round.filing(0).await;
        let owner =
            detail.task.id("owner").and_then(|id| detail.names.get(&id)).expect("an office").code.clone();
        let checks = round.member("r-checks", Role::Reviewer, &owner).await;
        let grant = app::Grant {
            record: Some(round.filing(2).await.filing.unit.id),
            ..app::Grant::of(Some(programme), Role::Enterprise)
        };
        let firm = Actor { grants: vec![grant], ..user(&round.app, "r-firm", Role::Reader).await };
        let far = NewRole { programme: Some("invented"), region: Some("X12700"), ..NewRole::default() };
        let account = ("r-far", "r-far", "long enough");
        round.app.user_add_with(&Actor::operator(now()), account, Role::Region, &far).await.expect("added");
        let far = round.app.actor_named("r-far", now()).await.expect("there");
        let fill = |at: usize| (DueKind::Filing, round.filings[at].clone(), "2026-01-02".to_owned());
        assert_eq!(round.due(&team, true).await, [fill(0)], "its own alone");
        assert_eq!(round.due(&firm, true).await, [fill(2)]);
        assert_eq!(round.due(&firm, false).await, [fill(2)], "and no other in the calendar");
        assert_eq!(round.due(&round.office, false).await, [fill(0), fill(1), fill(2)]);
        assert_eq!((round.due(&far, false).await, round.due(&checks, true).await), (vec![], vec![]));
        let day = round.app.my_day(&team, programme).await.expect("read");
        assert!(day.today_due.items.iter().any(|due| due.record.code == round.filings[0]));

        // It comes after midnight where the programme is: its review is due from that day, not overdue at once.
        let late = Actor { at: "2026-01-02T16:00:00Z".parse().expect("an instant"), ..team.clone() };
        round.save(&late, 0, "5", true).await.expect("taken");
        assert_eq!(round.due(&team, true).await, []);
        let review = (DueKind::Review, round.filings[0].clone(), "2026-01-03".to_owned());
        assert_eq!(round.due(&checks, true).await, std::slice::from_ref(&review));
        round.step(&checks, 0, FilingState::Reviewed, "").await.expect("reviewed");
        assert_eq!(round.due(&checks, true).await, [], "approving is another's");
        assert_eq!(round.due(&round.approver, true).await.last(), Some(&review));
        round.step(&round.approver, 0, FilingState::Returned, "缺佐证").await.expect("returned");
        assert_eq!(round.due(&team, true).await, [fill(0)], "and waits for its unit again");
        round.app.reporting_close(&round.office, programme, &round.code, true, "").await.expect("closed");
        assert_eq!(round.due(&round.office, false).await, [], "what is closed waits for nobody");
    }
}

/// The words of the sheets below.
fn words(detail: &FilingDetail) -> app::SheetWords {
    let name = |at: usize| format!("指标{at}");
    app::SheetWords {
        headings: ["序号", "指标", "单位", "数值", "说明", "备注"].map(str::to_owned),
        choices: ["无此项", "不掌握"].map(str::to_owned),
        lines: detail.lines.iter().enumerate().map(|(at, of)| (of.id, name(at), "万元".to_owned())).collect(),
    }
}

fn sheet(detail: &FilingDetail, values: [&str; 2], change: impl Fn(&mut app::FormSheet)) -> Vec<u8> {
    let words = words(detail);
    let lines = words.lines.iter().zip(values).map(|((key, label, unit), value)| {
        let state = if value == "无此项" { value.to_owned() } else { String::new() };
        let (label, unit, value) = (label.clone(), unit.clone(), value.to_owned());
        app::FormLine { key: *key, label, unit, value, state, ..app::FormLine::default() }
    });
    let mut form = app::FormSheet {
        name: "一队".into(),
        code: detail.filing.record.code.clone(),
        title: "月报".into(),
        unit: "一队".into(),
        facts: "十二月".into(),
        hint: "只填浅色格".into(),
        headings: words.headings.clone(),
        choices: words.choices.clone(),
        lines: lines.collect(),
        signatures: ["填报人", "审核人", "负责人"].map(str::to_owned),
        seal: "盖章".into(),
        ..app::FormSheet::default()
    };
    change(&mut form);
    app::write_forms(&[form]).expect("a workbook")
}

impl Round {
    async fn hand_in(&self, at: usize, bytes: Vec<u8>) -> app::Result<app::SheetTaken> {
        let words = [words(&self.filing(at).await)];
        let file = ("月报.xlsx", bytes);
        self.app.filing_take_sheet(&self.office, self.programme, &self.filings[at], file, &words).await
    }
}

#[tokio::test]
async fn a_sheet_that_comes_back_is_a_draft_whose_values_know_their_cells() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        let detail = round.filing(0).await;
        let taken = round.hand_in(0, sheet(&detail, ["120.5", "无此项"], |_| {})).await.expect("taken");
        assert_eq!((taken.said, taken.changed), (2, 2));
        let after = round.filing(0).await;
        assert_eq!(after.filing.state, FilingState::Filled, "looked at before it is submitted");
        let cell = &after.cells[&detail.lines[0].id].input;
        assert_eq!(cell.value, Some(120_500_000));
        let (digest, name, address) = cell.source.clone().expect("read from a sheet");
        assert_eq!((name.as_str(), address.as_str()), ("一队", "D6"));
        let bytes = round.app.filing_sheet(&round.office, programme, &round.filings[0], &digest).await;
        assert!(bytes.expect("kept as it came").starts_with(b"PK"));
        round.save(&round.office, 0, "120.5", true).await.expect("submitted");
        for state in [FilingState::Reviewed, FilingState::Approved] {
            round.step(&round.approver, 0, state, "").await.expect("verified");
        }
        let figures = round.filing(0).await.figures;
        let figure = round.app.figure(&round.office, programme, &figures[0].code).await.expect("a figure");
        assert!(matches!(&figure.evidence[0].0.kind, app::EvidenceKind::Cell { cell, .. } if cell == "D6"));
    }
}

#[tokio::test]
async fn a_wrong_sheet_is_refused_with_its_cell_and_nothing_of_it_is_kept() {
    for (app, programme) in applications().await {
        let round = sent(app, programme).await;
        let (own, other) = (round.filing(0).await, round.filing(1).await);
        let place = |error: Error| match error {
            Error::Form(problems) => (problems[0].field.clone(), problems[0].code),
            Error::Refused { code, .. } => (String::new(), code),
            error => panic!("{error:?}"),
        };
        let cases: Vec<(Vec<u8>, &str, &str)> = vec![
            (sheet(&other, ["1", ""], |_| {}), "一队!F2", "sheet-other-unit"),
            (sheet(&own, ["1", ""], |form| form.code = "X".into()), "一队!F2", "sheet-unknown"),
            (
                sheet(&own, ["1", ""], |form| form.headings[3] = "金额".into()),
                "一队!D5",
                "sheet-renamed-column",
            ),
            (
                sheet(&own, ["1", ""], |form| form.lines[1].label = "别的".into()),
                "一队!B7",
                "sheet-renamed-row",
            ),
            (sheet(&own, ["1", ""], |form| form.lines[1].key = 999_999), "一队!B7", "sheet-foreign-row"),
            (sheet(&own, ["1", "120"], |_| {}), "一队!D7", "over-hundred"),
            (sheet(&own, ["-1", ""], |_| {}), "一队!D6", "negative"),
            (sheet(&own, ["", ""], |_| {}), "一队", "sheet-empty"),
            (sheet(&own, ["1", ""], |form| form.lines[0].state = "没有".into()), "一队!E6", "sheet-choice"),
            (
                sheet(&own, ["1", ""], |form| form.lines[0].note = "11010519491231002X".into()),
                "",
                "identity-numbers",
            ),
            (b"not a workbook".to_vec(), "", "not-xlsx"),
            ([&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 600]].concat(), "", "encrypted-xlsx"),
        ];
        for (bytes, cell, problem) in cases {
            let refused = round.hand_in(0, bytes).await.expect_err(problem);
            assert_eq!(place(refused), (cell.to_owned(), problem));
        }
        assert!(round.filing(0).await.cells.is_empty(), "nothing half saved");
    }
}
