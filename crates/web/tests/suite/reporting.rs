//! A round of reporting as browsers see it: its form, its filings on their way to approval, the compiled table, its files.

use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, Site, now};
use app::{Actor, FormLine, FormSheet, NewRole, Role};
use calamine::{Data, Reader, Xlsx};
use locale::Locale;
use std::io::Cursor;

const P: &str = "/p/invented";
const T: Locale = Locale::Zh;

/// A round that was sent out to two teams and an enterprise, due two days ago.
pub struct Round {
    site: Site,
    pub office: Browser,
    reviewer: Browser,
    approver: Browser,
    pub path: String,
    filings: Vec<String>,
    units: Vec<String>,
    lines: Vec<String>,
}

async fn made(browser: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(&format!("{P}/lists/{kind}/new"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().rsplit('/').next().expect("a code").to_owned()
}

/// A user with one role, limited as said.
async fn user(site: &Site, login: &str, role: Role, new: NewRole<'_>) -> Browser {
    let new = NewRole { programme: Some("invented"), ..new };
    let account = (login, login, PASSWORD);
    site.app.user_add_with(&Actor::operator(now()), account, role, &new).await.expect("added");
    site.signed_in(login).await
}

/// What the page calls the inputs of its lines: `v12` stands for 12.
fn lines(page: &str) -> Vec<String> {
    let inputs = page.split("name=\"v").skip(1).filter_map(|rest| rest.split('"').next());
    inputs.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned).collect()
}

impl Round {
    pub async fn sent(site: Site) -> Self {
        let mut office = site.signed_in("office").await;
        let reviewer = site.signed_in("reviewer").await;
        let approver = user(&site, "approver", Role::Approver, NewRole::default()).await;
        let place = ("region", "X10100");
        let office_of = |title: &'static str, kind: &'static str| {
            [("title", title), ("kind", kind), place, ("different", "yes")]
        };
        let owner = made(&mut office, "office", &office_of("测报送指挥部", "front_command")).await;
        let mut units = Vec::new();
        for title in ["测报送一队", "测报送二队"] {
            units.push(made(&mut office, "office", &office_of(title, "work_team")).await);
        }
        let firm = [("title", "测报送纺织公司"), ("kind", "enterprise"), place, ("different", "yes")];
        units.push(made(&mut office, "organisation", &firm).await);
        let fields = [
            ("title", "2025年度测报送"),
            ("status", "draft"),
            ("owner", owner.as_str()),
            ("date_from", "2025-01-01"),
            ("date_to", "2025-12-31"),
            ("due_on", "2026-11-20"),
            ("different", "yes"),
        ];
        let path = format!("{P}/reporting/{}", made(&mut office, "reporting_task", &fields).await);
        for (measure, unit, time, required) in
            [("funds_arrived", "wan", "flow", "yes"), ("rate", "%", "stock", "no")]
        {
            let line = [("measure", measure), ("unit", unit), ("time_kind", time), ("required", required)];
            assert_eq!(office.post(&format!("{path}/lines"), &line).await.status, 303);
        }
        let names = units.join("\n");
        assert_eq!(office.post(&format!("{path}/units"), &[("units", names.as_str())]).await.status, 303);
        for _ in 0..2 {
            assert_eq!(office.post(&format!("{path}/send"), &[]).await.status, 303, "twice is once");
        }
        let page = office.get(&path).await;
        let mut filings: Vec<String> = page.links("/filings/");
        filings.retain(|link| !link.contains('#'));
        assert_eq!(filings.len(), 3);
        let lines = lines(&office.get(&filings[0]).await.text());
        assert_eq!(lines.len(), 2);
        Self { site, office, reviewer, approver, path, filings, units, lines }
    }

    /// Sends the form of a filing, with the version that its page shows.
    pub async fn fill(&mut self, at: usize, values: [&str; 2], pressed: &str) -> Answer {
        let version = self.version(at).await;
        self.fill_from(at, &version, values, pressed).await
    }

    async fn fill_from(&mut self, at: usize, version: &str, values: [&str; 2], pressed: &str) -> Answer {
        let names: Vec<String> = self.lines.iter().map(|id| format!("v{id}")).collect();
        let fields = [("version", version), ("do", pressed), (&names[0], values[0]), (&names[1], values[1])];
        self.office.post(&self.filings[at], &fields).await
    }

    async fn version(&mut self, at: usize) -> String {
        let page = self.office.get(&self.filings[at]).await.text();
        let input = page.split("name=\"version\" value=\"").nth(1);
        input.and_then(|rest| rest.split('"').next()).unwrap_or("0").to_owned()
    }

    async fn step(&mut self, who: Role, at: usize, state: &str, reason: &str) -> Answer {
        let detail = self.detail(at).await;
        let version = detail.filing.record.version.to_string();
        let fields = [("state", state), ("version", version.as_str()), ("reason", reason)];
        let browser = if who == Role::Reviewer { &mut self.reviewer } else { &mut self.approver };
        browser.post(&format!("{}/state", self.filings[at]), &fields).await
    }

    async fn detail(&self, at: usize) -> app::FilingDetail {
        let operator = Actor::operator(now());
        let programme = self.site.app.programme("invented").await.expect("the example").id;
        let code = self.filings[at].rsplit('/').next().expect("a code");
        self.site.app.filing(&operator, programme, code).await.expect("seen")
    }

    async fn page(&mut self, at: usize) -> String {
        self.office.get(&self.filings[at]).await.text()
    }

    async fn approved(&mut self, at: usize, value: &str) {
        assert_eq!(self.fill(at, [value, ""], "submit").await.status, 303);
        assert_eq!(self.step(Role::Reviewer, at, "reviewed", "").await.status, 303);
        assert_eq!(self.step(Role::Approver, at, "approved", "").await.status, 303);
    }
}

/// The row of a compiled table that has this in its head.
fn row<'a>(page: &'a str, unit: &str) -> &'a str {
    let table = page.split("data-test=\"compiled\"").nth(1).expect("a table");
    let row = table.split("<tr>").find(|row| row.contains(unit)).expect("a row");
    row.split("</tr>").next().expect("a row")
}

#[tokio::test]
async fn a_filing_is_kept_filed_returned_with_a_reason_filed_again_and_approved() {
    for site in Site::on_every_database().await {
        let mut round = Round::sent(site).await;
        let wrong = round.fill(0, ["五百", "120"], "save").await;
        assert_eq!(wrong.status, 422);
        let text = wrong.text();
        assert!(text.contains("value=\"五百\"") && text.contains(T.problem_over_hundred()), "{text}");
        assert!(round.detail(0).await.cells.is_empty(), "nothing half saved");
        assert_eq!(round.fill(0, ["120.5", ""], "save").await.status, 303);
        let page = round.page(0).await;
        assert!(page.contains("value=\"120.5\"") && page.contains(T.reporting_state_filled()));
        let path = round.path.clone();
        let compiled = round.reviewer.get(&path).await.text();
        assert!(!compiled.contains("120.5"), "a draft is its unit's: {compiled}");
        assert_eq!(round.fill(0, ["", ""], "submit").await.status, 422, "a line is required");

        let version = round.version(0).await;
        for _ in 0..2 {
            let sent = round.fill_from(0, &version, ["120.5", "40"], "submit").await;
            assert_eq!((sent.status, sent.location()), (303, round.filings[0].as_str()));
        }
        let of = async |round: &Round, action: &str| {
            round.detail(0).await.log.iter().filter(|of| of.action == action).count()
        };
        assert_eq!(of(&round, "submitted").await, 1, "sent twice, filed once");
        assert_eq!(round.fill(0, ["7", ""], "save").await.status, 409, "what is filed stays");

        let own = [("state", "reviewed"), ("version", version.as_str())];
        let refused = round.office.post(&format!("{}/state", round.filings[0]), &own).await;
        assert!(matches!(refused.status, 403 | 422), "law 7: {}", refused.status);
        assert_eq!(round.step(Role::Reviewer, 0, "returned", "").await.status, 422);
        assert_eq!(round.step(Role::Reviewer, 0, "returned", "缺银行回单").await.status, 303);
        assert!(round.page(0).await.contains(&T.reporting_returned_notice("缺银行回单")));
        let compiled = round.reviewer.get(&path).await.text();
        assert!(row(&compiled, "测报送一队").contains(T.reporting_state_returned()));
        assert_eq!(round.fill(0, ["130", "40"], "submit").await.status, 303);
        assert_eq!(round.step(Role::Reviewer, 0, "approved", "").await.status, 403, "not the reviewer's");
        assert_eq!(round.step(Role::Reviewer, 0, "reviewed", "").await.status, 303);
        assert!(round.detail(0).await.figures.is_empty());
        let version = round.detail(0).await.filing.record.version.to_string();
        let fields = [("state", "approved"), ("version", version.as_str())];
        for _ in 0..2 {
            let sent = round.approver.post(&format!("{}/state", round.filings[0]), &fields).await;
            assert_eq!(sent.status, 303, "twice is once");
        }
        assert_eq!(round.detail(0).await.figures.len(), 2, "one figure a value");
        let stale = round.step(Role::Approver, 0, "returned", "晚了").await;
        assert_eq!(stale.status, 409, "what is approved is corrected");
    }
}

#[tokio::test]
async fn a_late_unit_is_not_filed_and_never_zero_on_the_page_and_in_both_files() {
    for site in Site::on_every_database().await {
        let mut round = Round::sent(site).await;
        assert_eq!(round.fill(0, ["100", ""], "submit").await.status, 303);
        assert_eq!(round.fill(1, ["0", ""], "submit").await.status, 303, "nought is a value");
        let path = round.path.clone();
        let page = round.office.get(&path).await;
        let text = page.text();
        let late = row(&text, "测报送纺织公司");
        assert!(late.contains(T.reporting_state_open()) && late.contains(T.reporting_late()), "{late}");
        assert!(!late.contains(">0<"), "{late}");
        assert!(row(&text, "测报送二队").contains(">0<"));
        assert!(row(&text, "测报送一队").contains(T.reporting_filed_late()), "filed after the day");
        let total = text.split("<tfoot>").nth(1).expect("totals");
        assert!(total.contains("<b>100</b>") && total.contains(&T.reporting_counted(2)), "{total}");
        assert!(text.contains(&T.reporting_total_note(1)));
        for (at, filing) in round.filings.iter().enumerate() {
            let cells = page.links(&format!("{filing}#l-"));
            assert_eq!(cells.len(), 2, "each cell opens, {at}");
        }
        let list = round.office.get(&format!("{P}/reporting")).await.text();
        assert!(list.contains(&T.reporting_filed_of(2, 3)), "{list}");

        let book = round.office.get(&format!("{path}/export.xlsx")).await;
        let rows = cells(&book.body);
        let of = |unit: &str| rows.iter().find(|row| row[0] == unit).expect("a row").clone();
        assert_eq!(of("测报送纺织公司")[3], T.reporting_state_open());
        assert_eq!((of("测报送二队")[3].as_str(), of(T.reporting_total())[3].as_str()), ("0", "100"));
        let letter = round.office.get(&format!("{path}/export.docx")).await;
        let words = docx_words(&letter.body);
        for part in ["测报送纺织公司", T.reporting_state_open(), "100", T.reporting_total()] {
            assert!(words.contains(part), "{part}: {words}");
        }
        for end in ["xlsx", "docx"] {
            let mut reader = round.site.signed_in("reader").await;
            assert_eq!(reader.get(&format!("{path}/export.{end}")).await.status, 403);
        }

        for expected in [T.reporting_reminded(1), T.reporting_reminded_none().to_owned()] {
            let answer = round.office.post(&format!("{path}/remind"), &[]).await;
            assert_eq!(answer.status, 303);
            assert!(round.office.get(&path).await.text().contains(&expected), "{expected}");
        }
        assert_eq!(round.detail(2).await.log.iter().filter(|of| of.action == "reminded").count(), 1);
    }
}

/// The cells of the first sheet as text.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("it can be read");
    let text = |cell: &Data| if cell == &Data::Empty { String::new() } else { cell.to_string() };
    sheet.rows().map(|row| row.iter().map(text).collect()).collect()
}

/// The words of a Word document.
pub fn docx_words(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("table.docx");
    std::fs::write(&path, bytes).expect("written");
    let limits = documents::Limits::default();
    match documents::extract(&path, "table.docx", &limits).expect("a document") {
        documents::Outcome::Text(text) => text.text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_the_ledger_holds_is_offered_taken_on_demand_and_a_difference_is_shown() {
    let site = Site::new().await;
    let (operator, app) = (Actor::operator(now()), site.app.clone());
    let programme = app.programme("invented").await.expect("the example").id;
    let text = "2025年，乌泽市到位资金12.5亿元。\n";
    let added = app.document_add_text(&operator, programme, text, "测台账").await.expect("added");
    site.read_documents().await;
    let claims = app.claim_list(&operator, programme, added.id).await.expect("claims");
    app.claim_accept(&operator, programme, claims[0].id).await.expect("accepted");
    let mut round = Round::sent(site).await;
    assert_eq!(round.fill(0, ["120.5", ""], "save").await.status, 303);
    let page = round.page(0).await;
    assert!(page.contains(">125,000</a>") && page.contains("-124,879.5"), "{page}");
    let take = format!("take-{}", round.lines[0]);
    let taken = round.fill(0, ["120.5", ""], &take).await;
    assert_eq!(taken.status, 200);
    assert!(taken.text().contains("value=\"125000\"") && taken.text().contains(T.reporting_agrees()));
    assert!(round.page(0).await.contains("value=\"120.5\""), "nothing is kept by taking");
}

#[tokio::test]
async fn what_was_approved_is_corrected_by_a_new_figure_with_a_reason() {
    for site in Site::on_every_database().await {
        let mut round = Round::sent(site).await;
        round.approved(0, "40").await;
        let figure = round.detail(0).await.figures[0].code.clone();
        let page = round.page(0).await;
        assert!(page.contains(&format!("/figures/{figure}")), "each value opens to its figure");
        let path = format!("{}/correct", round.filings[0]);
        let line = round.lines[0].clone();
        let of = [("line", line.as_str()), ("figure", figure.as_str()), ("value", "45")];
        let refused = round.office.post(&path, &[&of[..], &[("reason", "")]].concat()).await;
        assert_eq!(refused.status, 422);
        let good = [&of[..], &[("reason", "漏计一笔")]].concat();
        assert_eq!(round.office.post(&path, &good).await.status, 303);
        let again =
            [("line", line.as_str()), ("figure", figure.as_str()), ("value", "46"), ("reason", "再改")];
        assert_eq!(round.office.post(&path, &again).await.status, 409, "corrected meanwhile");
        let page = round.page(0).await;
        assert!(page.contains(&T.reporting_corrected("漏计一笔")) && page.contains("<s>"), "{page}");
        let compiled = round.path.clone();
        let text = round.office.get(&compiled).await.text();
        assert!(row(&text, "测报送一队").contains(">45<sup>*</sup>"), "{text}");
        assert!(text.split("<tfoot>").nth(1).expect("totals").contains("<b>45</b>"));
    }
}

#[tokio::test]
async fn a_sheet_prints_who_filled_it_in_who_reviewed_it_who_answers_and_a_box_for_the_seal() {
    let mut round = Round::sent(Site::new().await).await;
    round.approved(0, "40").await;
    let page = round.page(0).await;
    let foot = page.split("sign-off").nth(1).expect("a foot").split("</section>").next().expect("its end");
    for (label, name) in [(T.reporting_filled_by(), "office"), (T.reporting_reviewed_by(), "reviewer")] {
        assert!(foot.contains(&format!("<dt>{label}</dt><dd>{name}</dd>")), "{foot}");
    }
    assert!(foot.contains(T.reporting_answers()) && foot.contains(T.reporting_seal()));
    let path = format!("{}/sheet.xlsx", round.filings[0]);
    let words = cells(&round.office.get(&path).await.body).concat().concat();
    for part in
        [T.reporting_filled_by(), T.reporting_reviewed_by(), T.reporting_answers(), T.reporting_seal()]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
    let all = round.office.get(&format!("{}/sheets.xlsx", round.path)).await;
    let book = Xlsx::new(Cursor::new(&all.body[..])).expect("a workbook");
    assert_eq!(book.sheet_names().len(), 3, "one a unit");
}

#[tokio::test]
async fn a_unit_sees_its_own_filing_and_a_reader_outside_none() {
    for site in Site::on_every_database().await {
        let mut round = Round::sent(site).await;
        let firm = NewRole { record: Some(&round.units[2]), ..NewRole::default() };
        let mut firm = user(&round.site, "firm", Role::Enterprise, firm).await;
        let far = NewRole { region: Some("X12700"), ..NewRole::default() };
        let mut far = user(&round.site, "far", Role::Region, far).await;
        assert_eq!(round.fill(0, ["4321", ""], "submit").await.status, 303);
        let compiled = firm.get(&round.path).await;
        assert!(!compiled.text().contains("4,321") && !compiled.text().contains("测报送一队"));
        assert_eq!(firm.get(&round.filings[2]).await.status, 200);
        for browser in [&mut firm, &mut far] {
            for rest in ["", "/sheet.xlsx", "/state", "/correct", "/upload"] {
                assert_eq!(browser.get(&format!("{}{rest}", round.filings[0])).await.status, 404, "{rest}");
            }
            let answer = browser.post(&round.filings[0], &[("version", "1"), ("do", "save")]).await;
            assert_eq!(answer.status, 404);
            for page in ["calendar?month=2026-11", "day", "search?q=测报送一队"] {
                let text = browser.get(&format!("{P}/{page}")).await.text();
                assert!(!text.contains(&round.filings[0]), "{page}");
            }
        }
        assert!(!far.get(&round.path).await.text().contains("4,321"));
        let filing = round.filings[2].clone();
        for page in ["day", "calendar?month=2026-11&mine=yes", "calendar?month=2026-11"] {
            let links = firm.get(&format!("{P}/{page}")).await.links("/filings/");
            assert_eq!(links, std::slice::from_ref(&filing), "{page}");
        }
        let names = [format!("v{}", round.lines[0]), format!("v{}", round.lines[1])];
        let version = round.version(2).await;
        let own = [("version", version.as_str()), ("do", "submit"), (&names[0], "9"), (&names[1], "")];
        assert_eq!(firm.post(&filing, &own).await.status, 303);
        assert!(!round.detail(2).await.log[0].on_behalf && round.detail(0).await.log[0].on_behalf);
        let day = round.reviewer.get(&format!("{P}/day")).await;
        assert!(day.links("/filings/").contains(&filing), "its review waits");
        assert!(firm.get(&format!("{P}/day")).await.links("/filings/").is_empty(), "nothing is left to do");
    }
}

#[tokio::test]
async fn two_people_with_one_filing_and_a_closed_round_leave_nothing_half_saved() {
    for site in Site::on_every_database().await {
        let mut round = Round::sent(site).await;
        let stale = round.version(0).await;
        assert_eq!(round.fill(0, ["1", ""], "save").await.status, 303);
        let second = round.fill_from(0, &stale, ["2", "30"], "submit").await;
        assert_eq!(second.status, 409);
        let text = second.text();
        assert!(text.contains(T.problem_filing_stale()) && text.contains("value=\"2\""), "{text}");
        assert!(text.contains(&T.reporting_stored("1")), "and what the other kept: {text}");
        let detail = round.detail(0).await;
        assert_eq!(detail.cells.values().filter_map(|of| of.input.value).collect::<Vec<_>>(), [1_000_000]);
        let path = round.path.clone();
        for _ in 0..2 {
            assert_eq!(round.office.post(&format!("{path}/close"), &[]).await.status, 303);
        }
        let closed = round.fill(0, ["3", ""], "submit").await;
        assert_eq!(closed.status, 409);
        assert!(closed.text().contains(T.problem_round_closed()) && closed.text().contains("value=\"3\""));
        assert!(round.page(1).await.contains(T.reporting_closed_notice()));
        assert_eq!(round.office.post(&format!("{path}/reopen"), &[("reason", "")]).await.status, 422);
        assert_eq!(round.office.post(&format!("{path}/reopen"), &[("reason", "补报")]).await.status, 303);
        assert_eq!(round.fill(0, ["3", ""], "submit").await.status, 303);
        let next = [
            ("title", "2026年度测报送"),
            ("date_from", "2026-12-31"),
            ("date_to", "2026-01-01"),
            ("due_on", "2027-01-05"),
        ];
        assert_eq!(
            round.office.post(&format!("{path}/next"), &next).await.status,
            422,
            "ends before it begins"
        );
        let next = [next[0], ("date_from", "2026-01-01"), ("date_to", "2026-12-31"), next[3]];
        let made = round.office.post(&format!("{path}/next"), &next).await;
        assert_eq!(made.status, 303, "{}", made.text());
        assert!(round.office.get(made.location()).await.text().contains("测报送二队"), "with the same units");
    }
}

/// A sheet as it was sent out, with values put in its lines, as a form that can be changed and written again.
fn opened(bytes: &[u8], values: [&str; 2]) -> FormSheet {
    let rows = cells(bytes);
    let words = |row: usize| <[String; 6]>::try_from(rows[row][..6].to_vec()).expect("six columns");
    let is_line = |row: &&Vec<String>| row[6].starts_with('L');
    let lines = rows.iter().filter(is_line).zip(values).map(|(row, value)| FormLine {
        key: row[6][1..].parse().expect("a key"),
        label: row[1].clone(),
        unit: row[2].clone(),
        value: value.to_owned(),
        ..FormLine::default()
    });
    FormSheet {
        name: "表".into(),
        code: rows[1][5].clone(),
        headings: words(4),
        choices: [T.reporting_none_here(), T.reporting_not_known()].map(str::to_owned),
        lines: lines.collect(),
        ..FormSheet::default()
    }
}

#[tokio::test]
async fn a_sheet_goes_out_comes_back_and_a_wrong_one_says_where_and_keeps_nothing() {
    for site in Site::on_every_database().await {
        let mut round = Round::sent(site).await;
        let sheet = async |round: &mut Round, at: usize| {
            let path = format!("{}/sheet.xlsx", round.filings[at]);
            round.office.get(&path).await.body
        };
        let (own, other) = (sheet(&mut round, 0).await, sheet(&mut round, 1).await);
        let written = |form: FormSheet| app::write_forms(&[form]).expect("a workbook");
        let renamed = |column: usize| {
            let mut form = opened(&own, ["1", ""]);
            form.headings[column] = "金额".into();
            written(form)
        };
        let at = |place: &str, words: String| T.problem_at(place, words);
        let whose = "测报送二队 · 2025年度测报送";
        let cases = [
            (written(opened(&other, ["1", ""])), at("表!F2", T.problem_sheet_other_unit(whose))),
            (renamed(3), at("表!D5", T.problem_sheet_renamed_column(T.reporting_sheet_value()))),
            (written(opened(&own, ["1", "120"])), at("表!D7", T.problem_over_hundred().to_owned())),
            (written(opened(&own, ["", ""])), at("表", T.problem_sheet_empty().to_owned())),
            (b"no sheet".to_vec(), T.refusal_not_xlsx("回表.xlsx")),
            ([&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 600]].concat(), T.refusal_encrypted_xlsx("回表.xlsx")),
        ];
        let path = format!("{}/upload", round.filings[0]);
        for (bytes, words) in cases {
            let refused = round.office.upload(&path, &[("file", Some("回表.xlsx"), &bytes)]).await;
            assert_eq!(refused.status, 422);
            let text = refused.text().replace("&#38;", "&").replace("&#39;", "'");
            assert!(text.contains(&words), "{words}: {text}");
            assert!(round.detail(0).await.cells.is_empty(), "nothing half saved");
        }
        let refused = round.office.upload(&path, &[("note", None, b"no file")]).await;
        assert_eq!(refused.status, 422);
        let good = written(opened(&own, ["120.5", "40"]));
        for (said, changed) in [(2, 2), (2, 0)] {
            let taken = round.office.upload(&path, &[("file", Some("回表.xlsx"), &good)]).await;
            assert_eq!(taken.status, 303, "{}", taken.text());
            assert!(round.page(0).await.contains(&T.reporting_upload_done(said, changed)));
        }
        let page = round.office.get(&round.filings[0]).await;
        assert!(page.text().contains(&T.reporting_from_sheet("表!D6")));
        let kept = page.links("/sheets/").into_iter().next().expect("its sheet");
        assert_eq!(round.office.get(&kept).await.body, good, "as it came");
        let far = NewRole { region: Some("X12700"), ..NewRole::default() };
        let mut far = user(&round.site, "far", Role::Region, far).await;
        assert_eq!(far.get(&kept).await.status, 404);
        assert_eq!(far.upload(&path, &[("file", Some("回表.xlsx"), &good)]).await.status, 404);
    }
}
