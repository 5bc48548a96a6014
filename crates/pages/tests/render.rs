//! What every page keeps to: no inline script or style, everything escaped, unknown shown as unknown, and
//! actions only for those who may act.

use std::fs;
use std::path::{Path, PathBuf};

use locale::Locale;
use pages::{
    Amount, Choice, ClaimCounts, ClaimPanel, ClaimState, DocumentRow, DocumentState, Documents,
    DocumentsProgress, FigureFilter, FigureRow, Figures, Mark, Nav, Overview, Paragraph, ProgrammeRef, Quote,
    Reader, Segment, Shell,
};

fn shell(locale: Locale) -> Shell {
    Shell {
        locale,
        programme: Some(ProgrammeRef { code: "qinghe".into(), name: "青禾".into() }),
        nav: Nav::Documents,
        path: "/p/qinghe/documents?x=1&y=2".into(),
        ..Shell::default()
    }
}

fn templates(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder of templates") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { templates(&path, found) } else { found.push(path) }
    }
}

#[test]
fn no_template_holds_inline_script_style_or_handlers() {
    let mut found = Vec::new();
    templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut found);
    assert!(found.len() > 20);
    for path in found {
        let text = fs::read_to_string(&path).unwrap().to_lowercase();
        for forbidden in
            ["<style", " style=", "<script>", " onclick", " onload", " onchange", "hx-on", "js:", "|safe"]
        {
            let allowed =
                forbidden == "|safe" && text.matches("|safe").count() == text.matches("panel|safe").count();
            assert!(!text.contains(forbidden) || allowed, "{}: {forbidden}", path.display());
        }
    }
}

#[test]
fn text_from_outside_is_escaped_everywhere_it_stands() {
    let hostile = r#""><script>alert('x')</script>"#;
    let quote = Quote { before: hostile.into(), quote: hostile.into(), ..Quote::default() };
    let mark = Mark { id: "1".into(), label: hostile.into(), ..Mark::default() };
    let reader = Reader {
        shell: shell(Locale::Zh),
        code: "ZL-1".into(),
        paragraphs: vec![Paragraph {
            heading: false,
            segments: vec![Segment { text: hostile.into(), mark: Some(mark), ..Segment::default() }],
        }],
        panel: Some(ClaimPanel {
            quote: quote.quote.clone(),
            measure: hostile.into(),
            ..ClaimPanel::default()
        }),
        ..Reader::default()
    };
    let html = reader.render();
    assert!(!html.contains("<script>alert"));
    assert!(html.contains("&#60;script&#62;"));
}

#[test]
fn a_fresh_programme_says_what_to_do_and_offers_it_to_those_who_may() {
    for locale in Locale::ALL {
        let may = Overview { shell: shell(locale), can_add: true, ..Overview::default() }.render();
        assert!(may.contains(locale.overview_empty_step_one()));
        assert!(may.contains(r#"class="button primary" href="/p/qinghe/documents""#));
        let may_not = Overview { shell: shell(locale), ..Overview::default() }.render();
        assert!(!may_not.contains("button primary"));
    }
}

#[test]
fn the_table_of_documents_polls_only_while_something_runs() {
    let table = |running| {
        let rows = vec![DocumentRow { state: DocumentState::Reading(40), ..DocumentRow::default() }];
        DocumentsProgress { shell: shell(Locale::En), rows, running, can_add: true }.render()
    };
    assert!(table(2).contains(r#"hx-get="/p/qinghe/documents/progress" hx-trigger="every 1s""#));
    assert!(!table(0).contains("hx-get"));
    let page = Documents { shell: shell(Locale::En), running: 1, ..Documents::default() }.render();
    assert!(page.contains("hx-trigger"));
    assert!(!page.contains("data-upload"), "who may not add sees no form");
}

#[test]
fn the_panel_offers_what_the_state_and_the_role_allow() {
    let panel = |state, can_review| {
        ClaimPanel { shell: shell(Locale::Zh), id: "7".into(), state, can_review, ..ClaimPanel::default() }
            .render()
    };
    let open = panel(ClaimState::Open, true);
    for action in ["accept", "reject", "correct"] {
        assert!(open.contains(&format!("/p/qinghe/claims/7/{action}")), "{action}");
    }
    assert!(!open.contains("reopen"));
    assert!(panel(ClaimState::Rejected, true).contains("/p/qinghe/claims/7/reopen"));
    let read_only = panel(ClaimState::Open, false);
    assert!(!read_only.contains("<form") && read_only.contains(Locale::Zh.claim_read_only()));
}

#[test]
fn counts_travel_beside_the_panel_only_after_an_action() {
    let counts = ClaimCounts { open: 3, certain: 1, ..ClaimCounts::default() };
    let after = ClaimPanel { counts: Some(counts), ..ClaimPanel::default() }.render();
    assert!(after.contains(r#"hx-swap-oob="innerHTML:#claim-counts""#) && after.contains("待审核 3"));
    assert!(!ClaimPanel::default().render().contains("hx-swap-oob"));
}

#[test]
fn what_is_not_known_is_said_and_exact_values_are_one_hover_away() {
    let value = Amount {
        short: "390".into(),
        exact: "39,000,000,000 元".into(),
        unit: "亿元".into(),
        approx: "超".into(),
    };
    let figures = Figures {
        shell: shell(Locale::Zh),
        rows: vec![FigureRow { value, ..FigureRow::default() }],
        filter: FigureFilter {
            region: vec![Choice { label: "东沟县".into(), depth: 2, ..Choice::default() }],
            ..FigureFilter::default()
        },
        ..Figures::default()
    };
    let html = figures.render();
    assert!(html.contains(r#"title="39,000,000,000 元""#));
    assert!(html.matches("不详").count() >= 3);
    assert!(html.contains("无凭据"));
    assert!(html.contains("\u{3000}\u{3000}东沟县"));
}

#[test]
fn the_language_switch_returns_to_the_same_view() {
    let html = Figures { shell: shell(Locale::En), ..Figures::default() }.render();
    assert!(html.contains(r#"<html lang="en">"#));
    assert!(html.contains(r#"name="next" value="/p/qinghe/documents?x=1&#38;y=2""#));
    assert!(html.contains(r#"name="lang" value="zh-CN""#));
}
