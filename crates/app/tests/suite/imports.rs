//! Sheets in: from the file to the records, and back out of them.

use crate::common::{applications, file, form, now, user};
use app::{
    Actor, App, EntryForm, Error, FigureFilter, ImportChoice, ImportState, ImportView, ListFilter,
    RecordKind, Role, RowState, Sort,
};
use std::collections::BTreeMap;

/// A sheet as text on its way in.
async fn open(app: &App, actor: &Actor, programme: i64, name: &str, text: &str) -> app::Result<i64> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), name, text.as_bytes());
    app.import_open(actor, programme, &path, name).await
}

/// Has a sheet read as it is proposed, with changes of the proposal.
async fn read(
    app: &App,
    actor: &Actor,
    programme: i64,
    text: &str,
    adjust: impl FnOnce(&mut ImportChoice),
) -> ImportView {
    let id = open(app, actor, programme, "台账.csv", text).await.expect("opened");
    let view = app.import_get(actor, programme, id).await.expect("there");
    let mut choice = ImportChoice {
        kind: view.import.kind.clone(),
        mode: view.import.mode.clone(),
        mapping: view.mapping.clone(),
        source: String::new(),
    };
    adjust(&mut choice);
    app.import_read(actor, programme, id, &choice).await.expect("a mapping");
    app.work(now).await.expect("worked");
    app.import_get(actor, programme, id).await.expect("there")
}

async fn commit(app: &App, actor: &Actor, programme: i64, view: &ImportView) -> ImportView {
    app.import_commit(actor, programme, view.import.id, "").await.expect("committed");
    app.work(now).await.expect("worked");
    let view = app.import_get(actor, programme, view.import.id).await.expect("there");
    assert_eq!(view.import.state, ImportState::Done, "{:?}", view.import.error);
    view
}

fn counts(view: &ImportView) -> BTreeMap<&'static str, i64> {
    view.counts.iter().map(|(state, count)| (state.code(), *count)).collect()
}

async fn problems(app: &App, actor: &Actor, programme: i64, view: &ImportView) -> Vec<(i64, String, String)> {
    let (rows, _) = app.import_rows(actor, programme, view.import.id, (None, 0, 1_000)).await.expect("rows");
    let of = |row: &app::RowView| {
        let number = row.row.number;
        row.problems.iter().map(move |of| (number, of.field.clone(), of.code.clone())).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of).collect()
}

/// Those of these titles that a list of the kind has.
async fn titles(
    app: &App,
    actor: &Actor,
    programme: i64,
    kind: RecordKind,
    of: &[&'static str],
) -> Vec<&'static str> {
    let filter = ListFilter::of(kind);
    let page = app.entry_list(actor, programme, filter, Sort::default(), None, 500).await.expect("a list");
    of.iter().copied().filter(|title| page.entries.iter().any(|entry| entry.record.title == *title)).collect()
}

const PROJECTS: &[&str] = &["砾石光伏一期", "芦滩纺纱厂"];

const LEDGER: &str = "2026年6月在建项目调度表,,,,,\n,,,,,单位：万元\n序号,项目名称,落地县市,投资主体,计划总投资,累计完成投资\n1,砾石光伏一期,芦滩县,戈壁新能源有限公司,12000,3000\n2,芦滩纺纱厂,芦滩县,远帆纺织有限公司,约3亿,500\n,合计,,,42000,3500\n注：金额为不含税数,,,,,\n";

#[tokio::test]
async fn a_ledger_becomes_records_once_and_next_month_adds_what_changed() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-i", Role::Office).await;
        let register = |choice: &mut ImportChoice| choice.mapping.register = true;
        let view = read(&app, &office, programme, LEDGER, register).await;
        assert_eq!(view.kind, RecordKind::Project);
        let told = problems(&app, &office, programme, &view).await;
        assert_eq!(counts(&view), [("check", 1), ("new", 2)].into(), "{told:?}");
        assert!(told.iter().all(|(_, _, code)| code == "registers"), "the total is right: {told:?}");
        commit(&app, &office, programme, &view).await;
        assert_eq!(titles(&app, &office, programme, RecordKind::Project, PROJECTS).await, PROJECTS);
        let firm = &["戈壁新能源有限公司"];
        assert_eq!(titles(&app, &office, programme, RecordKind::Organisation, firm).await, firm);
        // The same sheet again says nothing new.
        let again = read(&app, &office, programme, LEDGER, register).await;
        let told = problems(&app, &office, programme, &again).await;
        assert_eq!(counts(&again), [("check", 1), ("same", 2)].into(), "{told:?}");
        let refused = app.import_commit(&office, programme, again.import.id, "").await;
        assert!(matches!(refused, Err(Error::Form(problems)) if problems[0].code == "nothing"));
        // The next month's adds what was built since.
        let july = LEDGER.replace("2026年6月", "2026年7月").replace(",3000", ",3400").replace("3500", "3900");
        let july = read(&app, &office, programme, &july, register).await;
        let told = problems(&app, &office, programme, &july).await;
        assert_eq!(counts(&july), [("changed", 2), ("check", 1)].into(), "{told:?}");
        commit(&app, &office, programme, &july).await;
        let filter = FigureFilter {
            measure: domain::Measure::from_code("works_completed"),
            ..FigureFilter::default()
        };
        let figures = app.figure_list(&office, programme, &filter, None, 500).await.expect("figures");
        let subjects: Vec<i64> = {
            let mut of = Vec::new();
            for title in PROJECTS {
                let found = app
                    .entry_suggest(&office, programme, RecordKind::Project, title, 1)
                    .await
                    .expect("found");
                of.push(found[0].record.id);
            }
            of
        };
        let items: i64 = figures
            .iter()
            .filter(|row| row.figure.subject.is_some_and(|id| subjects.contains(&id)))
            .filter(|row| row.figure.grain == domain::figure::Grain::Item)
            .map(|row| row.figure.quantity.low)
            .sum();
        assert_eq!(items, 39_000_000 * 100, "items come to what was stated last: {figures:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_taken_is_named_at_its_cell_and_the_rest_goes_on() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-w", Role::Office).await;
        let text = "项目名称,落地县市,计划总投资（万元）,开工时间,投资主体\n甲项目,无此地,1,2026-01-01,\n乙项目,芦滩县,很多,2026-02-30,\n,芦滩县,5,,\n丙项目,芦滩县,5,四月底,没有登记的公司\n丁项目,芦滩县,6,24年5月,\n丁项目,芦滩县,6,24年5月,\n";
        let view = read(&app, &office, programme, text, |_| {}).await;
        let told = problems(&app, &office, programme, &view).await;
        let wrong: Vec<(i64, &str, &str)> = told
            .iter()
            .filter(|(_, _, code)| code != "day-taken")
            .map(|(row, field, code)| (*row, field.as_str(), code.as_str()))
            .collect();
        assert_eq!(
            wrong,
            [
                (2, "region", "unknown"),
                (3, "amount", "number"),
                (3, "started_on", "date"),
                (4, "title", "missing"),
                (5, "started_on", "year-unknown"),
                (5, "investor", "unknown"),
                (7, "title", "row-twice"),
            ]
        );
        assert_eq!(counts(&view), [("new", 1), ("wrong", 5)].into());
        let words = |problem: &app::RowProblem| problem.code.clone();
        let made = app
            .import_wrong_rows(&office, programme, view.import.id, ("原因", &words))
            .await
            .expect("a file");
        let mut book = sheets_of(made);
        assert_eq!(book.remove(0), ["甲项目", "无此地", "1", "2026-01-01", "", "unknown"]);
        commit(&app, &office, programme, &view).await;
        let all = &["甲项目", "乙项目", "丙项目", "丁项目"];
        assert_eq!(titles(&app, &office, programme, RecordKind::Project, all).await, ["丁项目"]);
        let found =
            app.entry_suggest(&office, programme, RecordKind::Project, "丁项目", 1).await.expect("found");
        let (_, origins) =
            app.import_origins(&office, programme, &found[0].record.code).await.expect("origins");
        assert_eq!(origins["started_on"].cell, "D6");
        assert_eq!(origins["title"].cell, "A6");
        let (_, window) = app.import_window(&office, programme, view.import.id, 6).await.expect("a window");
        assert!(window.rows.iter().any(|row| row.number == 6 && row.cells[0] == "丁项目"));
    }
}

/// The rows below the headings of a workbook.
fn sheets_of(mut made: std::fs::File) -> Vec<Vec<String>> {
    use calamine::Reader as _;
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut made, &mut bytes).expect("read");
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    range.rows().skip(1).map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[tokio::test]
async fn an_import_is_undone_as_a_whole() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-u", Role::Office).await;
        let view = read(&app, &office, programme, LEDGER, |choice| choice.mapping.register = true).await;
        let view = commit(&app, &office, programme, &view).await;
        let change = view.import.change.expect("a change");
        app.change_undo(&office, programme, change, Some("整份导错")).await.expect("undone");
        app.work(now).await.expect("worked");
        let view = app.import_get(&office, programme, view.import.id).await.expect("there");
        assert_eq!(view.import.state, ImportState::Undone);
        assert_eq!(titles(&app, &office, programme, RecordKind::Project, PROJECTS).await, [""; 0]);
        let filter = FigureFilter {
            measure: domain::Measure::from_code("works_completed"),
            ..FigureFilter::default()
        };
        let figures = app.figure_list(&office, programme, &filter, None, 500).await.expect("figures");
        let own = |row: &&app::FigureRow| {
            row.figure.quantity.low == 3_000_000_000 || row.figure.quantity.low == 500_000_000
        };
        assert!(
            figures.iter().filter(own).all(|row| row.figure.status == domain::figure::Status::Withdrawn),
            "{figures:?}"
        );
    }
}

/// Code, progress, next step and amount of the projects of a ledger.
type Standing = (String, Option<domain::Value>, Option<String>, Option<i64>);

async fn stands(app: &App, actor: &Actor, programme: i64) -> Vec<Standing> {
    let mut all = Vec::new();
    for title in PROJECTS {
        let found = app.entry_suggest(actor, programme, RecordKind::Project, title, 1).await.expect("found");
        let Some(found) = found.first() else { continue };
        let entry = app.entry(actor, programme, &found.record.code).await.expect("there").entry;
        let step = entry.text("next_step").map(str::to_owned);
        let progress = entry.values.get("progress").cloned();
        all.push((found.record.code.clone(), progress, step, entry.amount.map(|amount| amount.low)));
    }
    all
}

#[tokio::test]
async fn what_was_written_since_stands_against_an_undo_and_is_named() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-w", Role::Office).await;
        let other = user(&app, "office-x", Role::Office).await;
        let sheet = |progress: [i64; 2], next: &str| {
            let [one, two] = progress;
            format!(
                "项目名称,落地县市,形象进度（%）,下一步工作,计划总投资（万元）\n砾石光伏一期,芦滩县,{one},{next},12000\n芦滩纺纱厂,芦滩县,{two},{next},{}00\n",
                two
            )
        };
        let first = read(&app, &office, programme, &sheet([10, 20], "办手续"), |_| ()).await;
        commit(&app, &office, programme, &first).await;
        let next = read(&app, &office, programme, &sheet([40, 50], "抓开工"), |_| ()).await;
        assert_eq!(counts(&next), [("changed", 2)].into());
        let next = commit(&app, &office, programme, &next).await;
        let state = async || stands(&app, &office, programme).await;
        let brought = state().await;
        let code = brought[0].0.clone();
        let edit = EntryForm { title: None, ..form("", &[("next_step", "等批复")]) };
        app.entry_edit(&other, programme, &code, &edit).await.expect("edited");
        let change = next.import.change.expect("a change");
        let refused = app.change_undo(&office, programme, change, None).await;
        let Err(Error::ChangedSince(told)) = refused else { panic!("{refused:?}") };
        let named: Vec<_> =
            told.iter().map(|of| (of.code.as_str(), of.field.as_str(), of.by.as_deref())).collect();
        assert_eq!(named, [(code.as_str(), "next_step", Some("office-x"))]);
        assert_eq!(state().await[1], brought[1], "nothing was put back");
        // Whoever wrote takes it back, and all of it goes: fields, amounts, and what follows from them.
        let (_, audit) = app.audit(&other, programme, &code, None).await.expect("an audit");
        app.change_undo(&other, programme, audit[0].change.id, None).await.expect("undone");
        app.change_undo(&office, programme, change, Some("整份导错")).await.expect("undone");
        app.work(now).await.expect("worked");
        let view = app.import_get(&office, programme, next.import.id).await.expect("there");
        assert_eq!(view.import.state, ImportState::Undone);
        let back: Vec<_> =
            state().await.into_iter().map(|(_, progress, step, amount)| (progress, step, amount)).collect();
        let was = |progress: i64, amount: i64| {
            (Some(domain::Value::Int(progress * 10_000)), Some("办手续".to_owned()), Some(amount * 1_000_000))
        };
        assert_eq!(back, [was(10, 12_000), was(20, 2_000)]);
        let found = app
            .entry_suggest(&office, programme, RecordKind::Project, "砾石光伏一期", 1)
            .await
            .expect("found");
        assert_eq!(found[0].record.code, code);
        // And back again, as it was brought.
        let (_, audit) = app.audit(&office, programme, &code, None).await.expect("an audit");
        app.change_undo(&office, programme, audit[0].change.id, None).await.expect("undone");
        assert_eq!(state().await, brought);
        let view = app.import_get(&office, programme, next.import.id).await.expect("there");
        assert_eq!(view.import.state, ImportState::Done);
    }
}

#[tokio::test]
async fn nobody_sees_what_another_brought_and_what_law_9_lists_is_not_stored() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-l", Role::Office).await;
        let reader = user(&app, "reader-l", Role::Reader).await;
        assert!(matches!(open(&app, &reader, programme, "a.csv", LEDGER).await, Err(Error::Forbidden)));
        for (text, code) in [
            ("项目名称,民族\n甲,某\n", "listed-headings"),
            ("项目名称,负责人\n甲,11010519491231002X\n", "identity-numbers"),
            ("秘密\n项目名称,落地县市\n甲,芦滩县\n", "secrecy-mark"),
            ("1,2,3\n4,5,6\n", "no-table"),
        ] {
            let refused = open(&app, &office, programme, "a.csv", text).await;
            assert!(
                matches!(&refused, Err(Error::Refused { code: found, .. }) if *found == code),
                "{text}: {refused:?}"
            );
        }
        assert!(app.import_list(&office, programme, None, 10).await.expect("a list").is_empty());
        let id = open(&app, &office, programme, "a.csv", LEDGER).await.expect("opened");
        assert!(app.import_get(&reader, programme, id).await.is_err());
        app.import_cancel(&office, programme, id).await.expect("cancelled");
        let view = app.import_get(&office, programme, id).await.expect("there");
        assert_eq!(view.import.state, ImportState::Cancelled);
        let states: Vec<RowState> = view.counts.keys().copied().collect();
        assert_eq!(states, []);
    }
}

#[tokio::test]
async fn a_table_with_a_region_in_each_column_becomes_figures_once_and_corrections_after() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-p", Role::Office).await;
        let text = "2026年上半年各县市主要指标,,,\n指标,计量单位,芦滩县,荻口县\n签约额,亿元,3.2,1.1\n到位资金,亿元,1.5,0.4\n";
        let view = read(&app, &office, programme, text, |_| {}).await;
        let told = problems(&app, &office, programme, &view).await;
        assert_eq!((view.kind, counts(&view)), (RecordKind::Figure, [("new", 2)].into()), "{told:?}");
        commit(&app, &office, programme, &view).await;
        let measure = domain::Measure::from_code("signed_unspecified");
        let filter = FigureFilter { measure, ..FigureFilter::default() };
        let figures = app.figure_list(&office, programme, &filter, None, 50).await.expect("figures");
        let own = figures.iter().filter(|row| row.figure.period.to == "2026-06-30".parse().ok()).count();
        assert_eq!(own, 2, "one for each region");
        let again = read(&app, &office, programme, text, |_| {}).await;
        assert_eq!(counts(&again), [("same", 2)].into());
        let corrected = read(&app, &office, programme, &text.replace("3.2", "3.3"), |_| {}).await;
        assert_eq!(counts(&corrected), [("new", 1), ("same", 1)].into());
        commit(&app, &office, programme, &corrected).await;
        let figures = app.figure_list(&office, programme, &filter, None, 50).await.expect("figures");
        let standing = figures
            .iter()
            .filter(|row| row.figure.period.to == "2026-06-30".parse().ok() && !row.figure.replaced);
        let mut yuan: Vec<i64> = standing.map(|row| row.figure.quantity.low / 1_000_000_000).collect();
        yuan.sort_unstable();
        assert_eq!(yuan, [11, 33], "tenths of 亿元");
    }
}

#[tokio::test]
async fn what_was_entered_since_a_sheet_was_read_is_not_written_twice() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-m", Role::Office).await;
        let register = |choice: &mut ImportChoice| choice.mapping.register = true;
        let first = read(&app, &office, programme, LEDGER, register).await;
        let second = read(&app, &office, programme, LEDGER, register).await;
        commit(&app, &office, programme, &first).await;
        app.import_commit(&office, programme, second.import.id, "").await.expect("begun");
        app.work(now).await.expect("worked");
        let second = app.import_get(&office, programme, second.import.id).await.expect("there");
        assert_eq!(second.import.state, ImportState::Failed);
        let (code, rows) = second.import.error.expect("a reason");
        assert!(code == "changed-meanwhile" && rows.contains("XM-"), "{code} {rows}");
        let filter = ListFilter::of(RecordKind::Project);
        let page =
            app.entry_list(&office, programme, filter, Sort::default(), None, 500).await.expect("a list");
        let twice = page.entries.iter().filter(|entry| entry.record.title == PROJECTS[0]).count();
        assert_eq!(twice, 1);
    }
}

#[tokio::test]
async fn what_looks_like_a_total_is_asked_about_and_never_lost() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-tl", Role::Office).await;
        let ledger = "序号,项目名称,落地县市,计划总投资（万元）\n1,砾石光伏一期,芦滩县,100\n2,全域光伏合计,芦滩县,50\n,招商项目合计,,100\n";
        let view = read(&app, &office, programme, ledger, |_| {}).await;
        let told = problems(&app, &office, programme, &view).await;
        assert_eq!(counts(&view), [("check", 1), ("doubtful", 1), ("new", 1)].into(), "{told:?}");
        assert!(told.iter().all(|(_, _, code)| code == "total-like"), "the total is right: {told:?}");
        let id = view.import.id;
        let state = async || {
            let (rows, _) = app.import_rows(&office, programme, id, (None, 2, 1)).await.expect("rows");
            rows[0].row.state
        };
        let decide = async |decision: &str| app.import_decide(&office, programme, id, 3, decision).await;
        decide("skip").await.expect("left out");
        assert_eq!(state().await, RowState::Left);
        decide("").await.expect("asked again");
        assert_eq!(state().await, RowState::Doubtful, "what was taken back is open again");
        decide("new").await.expect("a record");
        let view = app.import_get(&office, programme, id).await.expect("there");
        commit(&app, &office, programme, &view).await;
        let made = &["砾石光伏一期", "全域光伏合计", "招商项目合计"];
        assert_eq!(titles(&app, &office, programme, RecordKind::Project, made).await, made[..2]);
    }
}
