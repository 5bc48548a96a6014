//! The settings of a programme: who may set them, what is refused, two people at once, audit and undo.

use crate::common::{applications, now, user};
use app::{Actor, App, Error, Label, Problem, RegionInput, Role, StageInput};
use domain::stage::Milestone;

fn problems(error: Error) -> Vec<(String, &'static str)> {
    let Error::Form(problems) = error else { panic!("not a form: {error}") };
    problems.into_iter().map(|Problem { field, code, .. }| (field, code)).collect()
}

fn input(region: &str, side: &str, tile: [&str; 2]) -> RegionInput {
    let [region, side, col, row] = [region, side, tile[0], tile[1]].map(str::to_owned);
    RegionInput { region, side, col, row }
}

fn stage_input(stage: &app::Stage) -> StageInput {
    StageInput {
        code: stage.code.clone(),
        ord: stage.ord.to_string(),
        zh: stage.zh.clone(),
        en: stage.en.clone(),
        milestone: stage.milestone.code().into(),
        facts: stage.facts.iter().map(|fact| fact.code().into()).collect(),
    }
}

async fn last_change(app: &App, actor: &Actor, programme: i64) -> i64 {
    let entries = app.setting_audit(actor, programme, None).await.expect("audited");
    entries.first().expect("a change").change.id
}

#[tokio::test]
async fn only_who_keeps_the_settings_changes_them() {
    for (app, programme) in applications().await {
        let reader = user(&app, "reader", Role::Reader).await;
        let stages = app.setting_stages(&reader, programme).await.expect("open to readers");
        assert_eq!(stages.rows.iter().map(|of| of.milestone).collect::<Vec<_>>(), Milestone::ALL);
        for actor in [reader, user(&app, "reviewer", Role::Reviewer).await] {
            let rows: Vec<_> = stages.rows.iter().map(stage_input).collect();
            let saved = app.setting_stages_save(&actor, programme, stages.version, &rows).await;
            assert!(matches!(saved, Err(Error::Forbidden)));
            let added = app.setting_region_add(&actor, programme, &input("X10000", "host", ["", ""])).await;
            assert!(matches!(added, Err(Error::Forbidden)));
            assert!(matches!(
                app.setting_name_add(&actor, programme, "甲", "X10000").await,
                Err(Error::Forbidden)
            ));
            assert!(matches!(
                app.setting_labels_save(&actor, programme, 0, &[]).await,
                Err(Error::Forbidden)
            ));
            assert!(matches!(
                app.setting_switches_save(&actor, programme, 0, &[]).await,
                Err(Error::Forbidden)
            ));
        }
    }
}

#[tokio::test]
async fn a_region_comes_moves_and_goes_and_each_step_can_be_undone() {
    for (app, programme) in applications().await {
        let keeper = user(&app, "keeper", Role::Approver).await;
        let before = app.setting_regions(&keeper, programme).await.expect("regions");
        let taken = before.rows.iter().find(|of| of.part.tile.is_some()).expect("a tile");
        let (col, row) = taken.part.tile.map(|(c, r)| (c.to_string(), r.to_string())).expect("a tile");
        let add = |input| {
            let (app, keeper) = (app.clone(), keeper.clone());
            async move { app.setting_region_add(&keeper, programme, &input).await }
        };
        let free = free_region(&app, &keeper, programme).await;
        for (wrong, field, code) in [
            (input("无此地", "host", ["", ""]), "region", "unknown"),
            (input("", "host", ["", ""]), "region", "missing"),
            (input(&taken.code, "host", ["", ""]), "region", "taken"),
            (input(&free, "neither", ["", ""]), "side", "missing"),
            (input(&free, "host", ["99", "1"]), "col", "tile"),
            (input(&free, "host", ["3", ""]), "row", "tile"),
            (input(&free, "host", [&col, &row]), "col", "tile-taken"),
        ] {
            assert_eq!(problems(add(wrong).await.expect_err(field)), [(field.to_owned(), code)]);
        }
        add(input(&free, "host", ["50", "50"])).await.expect("added");
        let rows = app.setting_regions(&keeper, programme).await.expect("regions");
        assert_eq!(rows.rows.len(), before.rows.len() + 1);
        let moved = input(&free, "supporting", [&col, &row]);
        let refused = app.setting_regions_save(&keeper, programme, rows.version, &[moved]).await;
        let (_, code) = problems(refused.expect_err("taken")).remove(0);
        assert_eq!(code, "tile-taken");
        let moved = input(&free, "supporting", ["51", "50"]);
        app.setting_regions_save(&keeper, programme, rows.version, &[moved]).await.expect("moved");
        app.setting_name_add(&keeper, programme, "那边", &free).await.expect("named");
        app.setting_region_remove(&keeper, programme, &free).await.expect("unused");
        let rows = app.setting_regions(&keeper, programme).await.expect("regions");
        assert_eq!(rows.rows.len(), before.rows.len());
        let removal = last_change(&app, &keeper, programme).await;
        app.change_undo(&keeper, programme, removal, Some("误删")).await.expect("undone");
        let rows = app.setting_regions(&keeper, programme).await.expect("regions").rows;
        let back = rows.iter().find(|of| of.code == free).expect("back");
        assert_eq!((back.part.tile, &back.names), (Some((51, 50)), &vec!["那边".to_owned()]));
    }
}

/// A region of the tree that does not take part.
async fn free_region(app: &App, actor: &Actor, programme: i64) -> String {
    let taking: Vec<_> = app.setting_regions(actor, programme).await.expect("regions").rows;
    let text = std::fs::read_to_string(crate::common::repository().join("examples/invented/regions.tsv"))
        .expect("the regions of the example");
    let codes = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut codes = codes.filter_map(|line| line.split('\t').next());
    let free = codes.find(|code| code.len() > 3 && !taking.iter().any(|of| of.code == *code));
    free.expect("one that does not take part").to_owned()
}

#[tokio::test]
async fn a_region_that_records_lie_in_stays() {
    for (app, programme) in applications().await {
        let keeper = user(&app, "keeper", Role::Approver).await;
        let rows = app.setting_regions(&keeper, programme).await.expect("regions").rows;
        let mut refused = 0;
        for row in rows {
            match app.setting_region_remove(&keeper, programme, &row.code).await {
                Err(Error::InUse { records, figures }) => {
                    assert!(records + figures > 0);
                    refused += 1;
                }
                other => other.expect("one without records goes"),
            }
        }
        assert!(refused > 3, "{refused}");
    }
}

#[tokio::test]
async fn stages_are_named_ordered_added_and_removed() {
    for (app, programme) in applications().await {
        let keeper = user(&app, "keeper", Role::Approver).await;
        let new = |after: &str, zh: &str, milestone: &str| StageInput {
            code: after.into(),
            zh: zh.into(),
            en: "Filed".into(),
            milestone: milestone.into(),
            facts: vec!["project_filed".into()],
            ..StageInput::default()
        };
        let wrong = app.setting_stage_add(&keeper, programme, &new("nowhere", "", "")).await;
        let fields: Vec<_> = problems(wrong.expect_err("refused")).into_iter().map(|of| of.0).collect();
        assert_eq!(fields, ["zh", "milestone", "after"]);
        let listed = app.setting_stage_add(&keeper, programme, &new("signed", "民族成分", "signed")).await;
        assert_eq!(problems(listed.expect_err("law 9")), [("zh".to_owned(), "listed")]);
        for _ in 0..6 {
            app.setting_stage_add(&keeper, programme, &new("signed", "已备案", "signed"))
                .await
                .expect("added");
        }
        let stages = app.setting_stages(&keeper, programme).await.expect("stages");
        let codes: Vec<_> = stages.rows.iter().map(|of| of.code.as_str()).collect();
        assert_eq!(codes[3..6], ["signed", "signed_7", "signed_6"], "each right behind, also without a gap");
        assert_eq!(codes[10], "landed");
        for code in ["signed_3", "signed_4", "signed_5", "signed_6", "signed_7"] {
            app.setting_stage_remove(&keeper, programme, code).await.expect("removed");
        }
        let gone = app.setting_stage_remove(&keeper, programme, "signed_3").await;
        assert!(matches!(gone, Err(Error::NotFound)));
        let stages = app.setting_stages(&keeper, programme).await.expect("stages");
        let mut rows: Vec<_> = stages.rows.iter().map(stage_input).collect();
        rows[0].ord = rows[1].ord.clone();
        let saved = app.setting_stages_save(&keeper, programme, stages.version, &rows).await;
        assert_eq!(problems(saved.expect_err("twice"))[0].1, "ord-taken");
        rows[0].ord = "1".into();
        rows[0].zh = "初步线索".into();
        rows[0].facts = vec!["region".into(), "investor".into()];
        app.setting_stages_save(&keeper, programme, stages.version, &rows).await.expect("saved");
        let change = last_change(&app, &keeper, programme).await;
        let entries = app.setting_audit(&keeper, programme, None).await.expect("audited");
        assert_eq!(entries[0].items.len(), 1, "only what changed is written");
        app.change_undo(&keeper, programme, change, None).await.expect("undone");
        let again = app.setting_stages(&keeper, programme).await.expect("stages").rows;
        assert_eq!(again, stages.rows);
    }
}

#[tokio::test]
async fn of_two_who_edit_at_once_the_second_sees_what_both_changed() {
    for (app, programme) in applications().await {
        let (first, second) =
            (user(&app, "first", Role::Approver).await, user(&app, "second", Role::Approver).await);
        let opened = app.setting_stages(&first, programme).await.expect("stages");
        let mut mine: Vec<_> = opened.rows.iter().map(stage_input).collect();
        let mut theirs = mine.clone();
        theirs[0].zh = "苗头".into();
        theirs[1].zh = "洽谈".into();
        app.setting_stages_save(&first, programme, opened.version, &theirs).await.expect("saved");
        mine[2].zh = "待签".into();
        app.setting_stages_save(&second, programme, opened.version, &mine).await.expect("other rows");
        mine[0].zh = "信息".into();
        let refused = app.setting_stages_save(&second, programme, opened.version, &mine).await;
        let expected = [("zh_lead".to_owned(), "stale"), ("zh_talks".to_owned(), "theirs")];
        assert_eq!(problems(refused.expect_err("both changed the first")), expected);
        let now = app.setting_stages(&first, programme).await.expect("stages").rows;
        assert_eq!([&now[0].zh, &now[1].zh, &now[2].zh], ["苗头", "洽谈", "待签"], "nothing is lost");
    }
}

#[tokio::test]
async fn words_for_choices_are_set_and_given_back() {
    for (app, programme) in applications().await {
        let keeper = user(&app, "keeper", Role::Approver).await;
        let label = |zh: &str| Label {
            list: "agreement_kind".into(),
            code: "intent".into(),
            zh: zh.into(),
            en: String::new(),
        };
        let save = |zh: &'static str, version| {
            let (app, keeper) = (app.clone(), keeper.clone());
            async move { app.setting_labels_save(&keeper, programme, version, &[label(zh)]).await }
        };
        save("意向书", 0).await.expect("saved");
        let set = app.setting_labels(&keeper, programme).await.expect("labels");
        assert_eq!(set.rows.len(), 1);
        assert!(!set.rows[0].en.is_empty(), "what is not typed stays as it is");
        assert_eq!(problems(save("户籍", set.version).await.expect_err("law 9"))[0].1, "listed");
        save("", set.version).await.expect("given back");
        assert!(app.setting_labels(&keeper, programme).await.expect("labels").rows.is_empty());
        let change = last_change(&app, &keeper, programme).await;
        app.change_undo(&keeper, programme, change, None).await.expect("undone");
        assert_eq!(app.setting_labels(&keeper, programme).await.expect("labels").rows, set.rows);
    }
}

#[tokio::test]
async fn switches_are_saved_and_undone_by_who_keeps_them() {
    for (app, programme) in applications().await {
        let keeper = user(&app, "keeper", Role::Approver).await;
        let wrong = [(app::AMOUNT_UNIT, "dollar".to_owned())];
        let refused = app.setting_switches_save(&keeper, programme, 0, &wrong).await;
        assert_eq!(problems(refused.expect_err("no such unit")), [("amount_unit".to_owned(), "unknown")]);
        let switches = [(app::WATERMARK, "on".to_owned()), (app::AMOUNT_UNIT, "yi".to_owned())];
        app.setting_switches_save(&keeper, programme, 0, &switches).await.expect("saved");
        assert!(app.has_watermark(&keeper, programme).await.expect("a switch"));
        let change = last_change(&app, &keeper, programme).await;
        let office = user(&app, "office", Role::Office).await;
        let refused = app.change_undo(&office, programme, change, None).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        app.change_undo(&keeper, programme, change, None).await.expect("undone");
        assert_eq!(app.setting_switches(&keeper, programme).await.expect("switches").rows, []);
        let mut bytes = Vec::new();
        app.backup(&Actor::operator(now()), &mut bytes).await.expect("written");
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.contains("{\"table\":\"stage_gate\"}"), "settings are in the backup");
    }
}
