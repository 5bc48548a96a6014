//! Stated figures of a programme's folder: proved by a citation until the report itself is read.

use crate::common::{REPORT, file, now, repository};
use app::{Actor, App, Error, EvidenceKind, FigureFilter, FigureRow};
use std::path::Path;

const EVENT: &str = "2025岚湖企业砾原行·乌泽站招商推介会";

/// What the source of [`REPORT`] states, as an example's file has it.
const FIGURES: &str = r#"
[[figure]]
measure = "signed_unspecified"
value = "80"
unit = "yi"
hosts = ["X10100"]
event = "EVENT"
from = "2025-05-16"
to = "2025-05-16"
source = "summary"

[[figure]]
measure = "signed_unspecified"
value = "50"
unit = "yi"
event = "EVENT"
source = "summary"
"#;

/// The invented programme with one more source and the figures it states.
fn folder(figures: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(repository().join("examples/invented")).expect("listed") {
        let path = entry.expect("an entry").path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            std::fs::copy(&path, folder.path().join(name)).expect("copied");
        }
    }
    let programme = folder.path().join("programme.toml");
    let source = "[[source]]\nid = \"summary\"\ntitle = \"乌泽市 签约活动综述\"\ndate = \"2025-05-19\"\n";
    let text = std::fs::read_to_string(&programme).expect("readable");
    let (head, rest) = text.split_once("[[source]]").expect("sources");
    std::fs::write(&programme, format!("{head}{source}\n[[source]]{rest}")).expect("written");
    file(folder.path(), "figures.toml", figures.replace("EVENT", EVENT).as_bytes());
    folder
}

async fn stated(app: &App, programme: i64, actor: &Actor) -> Vec<FigureRow> {
    let rows = app.figure_list(actor, programme, &FigureFilter::default(), None, 100).await;
    let of =
        |row: &FigureRow| row.figure.measure.code() == "signed_unspecified" && row.figure.published.is_some();
    rows.expect("listed").into_iter().filter(of).collect()
}

async fn loaded(folder: &Path) -> Vec<(App, i64)> {
    let mut all = Vec::new();
    for db in store::testing::databases().await {
        let app = App::with_db(db);
        app.load_example(&Actor::operator(now()), folder).await.expect("loads");
        let programme = app.programme("invented").await.expect("loaded").id;
        all.push((app, programme));
    }
    all
}

#[tokio::test]
async fn a_cited_figure_gains_the_quote_of_the_report_it_cites() {
    let folder = folder(FIGURES);
    for (app, programme) in loaded(folder.path()).await {
        let operator = Actor::operator(now());
        assert_eq!(stated(&app, programme, &operator).await.len(), 2);
        let path = file(folder.path(), "report.txt", REPORT.as_bytes());
        let report = app.document_add(&operator, programme, &path, "report.txt").await.expect("added");
        app.work(now).await.expect("read");
        app.claim_accept_certain(&operator, programme, report.id).await.expect("accepted");
        let rows = stated(&app, programme, &operator).await;
        let values: Vec<i64> = rows.iter().map(|row| row.figure.quantity.low / 10_000_000_000).collect();
        assert_eq!(values, [30, 50, 80], "only what nobody cited is a new figure");
        for row in &rows[1..] {
            let detail = app.figure(&operator, programme, &row.code).await.expect("open");
            let cited = |kind: &EvidenceKind| matches!(kind, EvidenceKind::Citation { .. });
            let quoted = |kind: &EvidenceKind| matches!(kind, EvidenceKind::Span { .. });
            assert!(detail.evidence.iter().any(|(evidence, ..)| cited(&evidence.kind)));
            assert!(detail.evidence.iter().any(|(evidence, ..)| quoted(&evidence.kind)), "{}", row.code);
        }
        assert!(app.verify_totals(&operator, programme).await.expect("counted").is_empty());
    }
}

#[tokio::test]
async fn a_figure_that_contradicts_the_report_stays_beside_it() {
    let folder = folder(&FIGURES.replace("X10100", "X12700"));
    for (app, programme) in loaded(folder.path()).await {
        let operator = Actor::operator(now());
        let path = file(folder.path(), "report.txt", REPORT.as_bytes());
        let report = app.document_add(&operator, programme, &path, "report.txt").await.expect("added");
        app.work(now).await.expect("read");
        app.claim_accept_certain(&operator, programme, report.id).await.expect("accepted");
        let rows = stated(&app, programme, &operator).await;
        let of_80 = rows.iter().filter(|row| row.figure.quantity.low == 800_000_000_000);
        assert_eq!(of_80.count(), 2, "of another region");
    }
}

#[tokio::test]
async fn a_wrong_figure_of_a_folder_is_named_with_its_place() {
    for (wrong, expected) in [
        (FIGURES.replace("\"summary\"", "\"hearsay\""), "[[figure]] 1: source: unknown"),
        (FIGURES.replace("\"80\"", "\"eighty\""), "[[figure]] 1: value: number"),
        (FIGURES.replace("X10100", "X1"), "[[figure]] 1: hosts: unknown"),
        (FIGURES.replace("2025-05-16", "May"), "[[figure]] 1: period_from: date"),
        (FIGURES.replace("measure =", "measures ="), "[[figure]] 1: unknown field"),
    ] {
        let folder = folder(&wrong);
        let app = App::with_db(store::testing::databases().await.remove(0));
        let refused = app.load_example(&Actor::operator(now()), folder.path()).await;
        let Err(Error::Example { file, problem }) = refused else { panic!("{expected}") };
        assert!(file.ends_with("figures.toml") && problem.starts_with(expected), "{file}: {problem}");
    }
}
