//! Files that people take out: what the last sheet of a workbook says of it, and the same rows as lines of JSON.

use crate::browser::{Browser, escape};
use crate::reporting::Round;
use crate::site::Site;
use calamine::{Data, Reader, Xlsx};
use domain::aid::AidStep;
use domain::tally::DEFAULT_RULE;
use domain::{Measure, RecordKind};
use locale::Locale;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Cursor;

const P: &str = "/p/invented";
/// What every workbook says, in these characters.
const WORKING: &str = "工作调度数据,非统计数据";

/// The sheets of a workbook by their order, each with its name and its cells as text.
fn sheets(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let text = |cell: &Data| if cell == &Data::Empty { String::new() } else { cell.to_string() };
    let sheet = |(name, range): (String, calamine::Range<Data>)| {
        (name, range.rows().map(|row| row.iter().map(text).collect()).collect())
    };
    book.worksheets().into_iter().map(sheet).collect()
}

/// The lines of a file of JSON lines.
async fn lines(browser: &mut Browser, path: &str) -> Vec<Value> {
    let answer = browser.get(path).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/jsonl; charset=utf-8"));
    answer.text().lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
}

async fn made(office: &mut Browser, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = office.post(&format!("{P}/lists/{kind}/new"), fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().rsplit('/').next().expect("a code").to_owned()
}

/// An agreement with an amount that is no round number.
async fn agreement(office: &mut Browser) -> String {
    for title in ["测绿谷食品", "测云帆物流"] {
        let firm = [("title", title), ("kind", "enterprise"), ("region", "X10100"), ("different", "yes")];
        made(office, "organisation", &firm).await;
    }
    let fields = [
        ("party", "测绿谷食品"),
        ("party_role", "investor"),
        ("party", "测云帆物流"),
        ("party_role", "partner"),
        ("title", "测试投资协议"),
        ("kind", "investment"),
        ("status", "signed"),
        ("region", "X10100"),
        ("amount", "1234.5678"),
        ("amount_unit", "wan"),
        ("signed_on", "2026-03-01"),
        ("different", "yes"),
    ];
    made(office, "agreement", &fields).await
}

async fn aid_project(office: &mut Browser) -> String {
    let own = [("title", "测试援助项目"), ("status", "started"), ("region", "X10121")];
    let more = [("supporting", "X30000"), ("category", "health"), ("different", "yes")];
    let fields = [&own[..], &more].concat();
    let code = made(office, "aid_project", &fields).await;
    for (step, wan, year) in [("issued", "400", ""), ("arrived", "100.01", "")] {
        let fields = [("step", step), ("amount", wan), ("amount_unit", "wan"), ("on", "2019-02-10")];
        let more = [("unproven", "yes"), ("year", year)];
        let answer =
            office.post(&format!("{P}/records/{code}/aid-step"), &[&fields[..], &more].concat()).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
    code
}

/// What the last sheet is to say of a file beside what all say.
struct Told {
    path: String,
    title: String,
    filter: String,
    /// Labels of measures, each with what it counts.
    measures: Vec<(String, String)>,
    rule: String,
}

async fn tells(browser: &mut Browser, t: Locale, told: &Told) {
    let answer = browser.get(&told.path).await;
    assert_eq!(answer.status, 200, "{}", told.path);
    let sheets = sheets(&answer.body);
    let names: Vec<_> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [told.title.as_str(), t.figures_export_about()], "{}", told.path);
    let said: Vec<(&str, &str)> = sheets[1].1.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    let beside = match t {
        Locale::Zh => "用途",
        Locale::En => "Working data, not official statistics",
    };
    for line in [
        (t.figures_filter(), told.filter.as_str()),
        (t.who(), "office"),
        (t.when(), "2026-11-22 16:00"),
        (t.counting_rule(), told.rule.as_str()),
        (beside, WORKING),
    ] {
        assert_eq!(said.iter().filter(|of| **of == line).count(), 1, "{}: {line:?} in {said:#?}", told.path);
    }
    let marker = t.export_measure("");
    let measures: Vec<_> = said.iter().filter(|(label, _)| label.starts_with(&marker)).collect();
    assert_eq!(measures.len(), told.measures.len(), "{}: {measures:#?}", told.path);
    for (label, words) in &told.measures {
        let of = measures.iter().find(|(of, _)| *of == t.export_measure(label));
        assert!(of.is_some_and(|(_, said)| said.contains(words.as_str())), "{}: {label}: {words}", told.path);
    }
}

fn label(t: Locale, measure: Measure) -> String {
    if t == Locale::Zh { measure.zh() } else { measure.en() }.to_owned()
}

/// A measure with what it counts.
fn defined(t: Locale, measure: Measure) -> (String, String) {
    let words = if t == Locale::Zh { measure.definition_zh() } else { measure.definition_en() };
    (label(t, measure), words.to_owned())
}

/// What the workbooks of lists, figures and aid money are to say.
fn expected(t: Locale) -> [Told; 4] {
    let rule = t.counting_rule_words(DEFAULT_RULE);
    let kind = |kind: RecordKind| if t == Locale::Zh { kind.zh() } else { kind.en() }.to_owned();
    let of_agreements = [
        Measure::SignedContract,
        Measure::SignedIntent,
        Measure::SignedUnspecified,
        Measure::PurchaseContracted,
        Measure::Other,
    ];
    let status = RecordKind::Agreement.field("status").expect("agreements have a status");
    let signed = domain::record::choice_of("agreement_status", "signed").expect("a status");
    let (field, choice) = match t {
        Locale::Zh => (status.zh, signed.zh),
        Locale::En => (status.en, signed.en),
    };
    let step = |step: &AidStep| {
        let name = t.by_key(&format!("aid_step_{}", step.code())).expect("its label").to_owned();
        (name, defined(t, step.measure()).1)
    };
    let year = t.aid_of_year(2019);
    [
        Told {
            path: format!("{P}/lists/agreement/export.xlsx?status=signed"),
            title: kind(RecordKind::Agreement),
            filter: format!("{field}: {choice}"),
            measures: of_agreements.map(|measure| defined(t, measure)).into(),
            rule: rule.clone(),
        },
        Told {
            path: format!("{P}/lists/agreement/export.xlsx?column=signed_on"),
            title: kind(RecordKind::Agreement),
            filter: t.all().to_owned(),
            measures: Vec::new(),
            rule: rule.clone(),
        },
        Told {
            path: format!("{P}/figures.xlsx?measure=signed_contract"),
            title: t.figures_title().to_owned(),
            filter: format!("{}: {}", t.measure(), label(t, Measure::SignedContract)),
            measures: vec![defined(t, Measure::SignedContract)],
            rule,
        },
        Told {
            path: format!("{P}/aid/export.xlsx?year=2019"),
            title: t.aid_ledger().to_owned(),
            filter: format!("{}: {year}; {}", t.aid_year(), t.all()),
            measures: AidStep::ALL.iter().map(step).collect(),
            rule: t.aid_rule().to_owned(),
        },
    ]
}

#[tokio::test]
async fn the_last_sheet_says_filter_who_when_measures_rule_and_that_it_is_working_data() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        agreement(&mut office).await;
        aid_project(&mut office).await;
        for t in [Locale::Zh, Locale::En] {
            office.post("/locale", &[("lang", t.code()), ("next", "/")]).await;
            for told in expected(t) {
                tells(&mut office, t, &told).await;
            }
        }
    }
}

#[tokio::test]
async fn the_workbook_of_a_round_says_the_same_of_itself() {
    let mut round = Round::sent(Site::new().await).await;
    assert_eq!(round.fill(0, ["100", ""], "submit").await.status, 303);
    for t in [Locale::Zh, Locale::En] {
        round.office.post("/locale", &[("lang", t.code()), ("next", "/")]).await;
        let path = format!("{}/export.xlsx", round.path);
        let told = Told {
            path: path.clone(),
            title: t.reporting_compiled().to_owned(),
            filter: "2025年度测报送 · 2025-01-01 – 2025-12-31".to_owned(),
            measures: vec![defined(t, Measure::FundsArrived), defined(t, Measure::Rate)],
            rule: t.counting_rule_words(DEFAULT_RULE),
        };
        tells(&mut round.office, t, &told).await;
        let about = sheets(&round.office.get(&path).await.body).remove(1).1;
        let total = [t.reporting_total().to_owned(), t.reporting_total_note(2)];
        assert!(about.contains(&total.to_vec()), "who has not filed is in no total: {about:?}");
    }
}

#[tokio::test]
async fn figures_are_lines_of_json_with_the_same_rows_codes_and_every_digit() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        agreement(&mut office).await;
        let query = "measure=signed_contract&region=X10100";
        let objects = lines(&mut office, &format!("{P}/figures.jsonl?{query}")).await;
        let book = sheets(&office.get(&format!("{P}/figures.xlsx?{query}")).await.body).remove(0).1;
        let csv = office.get(&format!("{P}/figures.csv?{query}")).await.text();
        assert_eq!((objects.len(), csv.lines().count()), (book.len() - 1, book.len()));
        for (object, row) in objects.iter().zip(&book[1..]) {
            assert_eq!(object["code"], row[0].as_str());
            let known = row.iter().filter(|cell| !cell.is_empty()).count();
            // What is exact has a code, and no word in a sheet.
            let exact = usize::from(object["approx"] == "exact");
            assert_eq!(object.as_object().expect("an object").len() - exact, known, "{object} {row:?}");
        }
        let own = objects.iter().find(|of| of["value"] == "12345678.00").expect("the agreement's amount");
        assert_eq!(own["hosts"], json!(["X10100"]));
        for (key, value) in [("measure", "signed_contract"), ("unit", "CNY"), ("role", "actual")] {
            assert_eq!(own[key], value);
        }
        assert_eq!((&own["period_kind"], &own["period_from"]), (&"flow".into(), &"2026-03-01".into()));
        let page = office.get(&format!("{P}/figures?{query}")).await;
        assert_eq!(page.links("/figures.jsonl").len(), 1, "offered where the list stands");
    }
}

#[tokio::test]
async fn the_ledger_of_aid_money_is_lines_of_json_and_csv_too() {
    for site in Site::on_every_database().await {
        let mut office = site.signed_in("office").await;
        let code = aid_project(&mut office).await;
        let query = format!("year=2019&q={}", escape("测试援助项目"));
        let objects = lines(&mut office, &format!("{P}/aid/export.jsonl?{query}")).await;
        let book = sheets(&office.get(&format!("{P}/aid/export.xlsx?{query}")).await.body).remove(0).1;
        let csv = office.get(&format!("{P}/aid/export.csv?{query}")).await.text();
        assert_eq!((objects.len(), csv.lines().count(), book.len()), (1, 2, 2), "{csv}");
        let own = &objects[0];
        assert_eq!((&own["code"], &own["region"]), (&code.as_str().into(), &"X10121".into()));
        assert_eq!(own["status"], "started");
        assert_eq!(own["issued"], json!({ "value": "4000000.00", "unit": "CNY" }));
        assert_eq!(own["arrived"], json!({ "value": "1000100.00", "unit": "CNY" }));
        assert_eq!(own["rate_arrived"], json!({ "value": "25.0000", "unit": "%" }));
        assert_eq!(own["spent"], Value::Null, "unknown is not nought");
        let known = book[1].iter().filter(|cell| !cell.is_empty()).count();
        assert_eq!(own.as_object().expect("an object").len(), known, "{own} {:?}", book[1]);
        let heads: BTreeMap<_, _> = book[0].iter().zip(&book[1]).collect();
        assert_eq!(heads[&"到位 (元)".to_owned()], "1000100");
        assert_eq!(office.get(&format!("{P}/aid/export.jsonl?year=castle")).await.status, 303);
        let page = office.get(&format!("{P}/aid")).await;
        assert_eq!(page.links("/aid/export.").len(), 3);
    }
}

#[tokio::test]
async fn a_compiled_round_is_lines_of_json_where_what_is_late_is_no_nought() {
    for site in Site::on_every_database().await {
        let mut round = Round::sent(site).await;
        assert_eq!(round.fill(0, ["100.5", ""], "submit").await.status, 303);
        let path = format!("{}/export", round.path);
        let objects = lines(&mut round.office, &format!("{path}.jsonl")).await;
        let book = sheets(&round.office.get(&format!("{path}.xlsx")).await.body).remove(0).1;
        let csv = round.office.get(&format!("{path}.csv")).await.text();
        assert_eq!((objects.len(), csv.lines().count()), (book.len() - 1, book.len()), "{csv}");
        let of = |title: &str| objects.iter().find(|of| of["unit"]["title"] == title).expect("its line");
        let filed = &of("测报送一队")["lines"];
        let asked =
            json!({ "measure": "funds_arrived", "role": "actual", "time_kind": "flow", "unit": "CNY" });
        for (key, value) in asked.as_object().expect("an object") {
            assert_eq!(&filed[0][key], value);
        }
        assert_eq!((&filed[0]["value"], &filed[0]["said"]), (&"1005000.00".into(), &"value".into()));
        assert_eq!(filed[1]["value"], Value::Null);
        let late = of("测报送纺织公司");
        assert_eq!((&late["state"], &late["lines"][0]["value"]), (&"open".into(), &Value::Null));
        let total = objects.last().expect("the totals");
        assert_eq!(total["total"], true);
        assert_eq!(
            (&total["lines"][0]["value"], &total["lines"][0]["counted"]),
            (&"1005000.00".into(), &1.into())
        );
        assert_eq!(total["lines"][1]["value"], Value::Null, "shares are not added");
        for (object, row) in objects.iter().zip(&book[1..]).take(3) {
            assert_eq!(object["filing"], row[1].as_str());
        }
    }
}
