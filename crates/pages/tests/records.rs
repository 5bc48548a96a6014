//! What the one list, the one record page and the one form keep to.

use locale::Locale;
use pages::{
    Attachments, Bulk, Cell, Chip, Choice, Column, Conflict, ConflictField, Control, Duplicate, Duplicates,
    Filter, FilterControl, Flash, FormField, FormSection, InlineForm, LinkRow, List, ListRow, MergeField,
    MergePreview, Missing, NavEntry, NavGroup, Order, RecordForm, RecordPage, Shell, Sort, Standing, Step,
    StepState, Suggestion, Suggestions,
};

fn choice(value: &str, selected: bool) -> Choice {
    Choice { value: value.into(), label: value.into(), selected, ..Choice::default() }
}

fn filter(name: &str, control: FilterControl) -> Filter {
    Filter { name: name.into(), label: name.into(), control, more: false, error: String::new() }
}

fn list() -> List {
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    List {
        title: "推介项目".into(),
        address: "/p/q/opportunities".into(),
        state: vec![
            pair("sort", "-land"),
            pair("column", "land"),
            pair("status", "open"),
            pair("land_from", "10"),
        ],
        filters: vec![
            filter("status", FilterControl::Many(vec![choice("open", true), choice("draft", false)])),
            filter(
                "land",
                FilterControl::Numbers { from: "10".into(), to: String::new(), unit: "亩".into() },
            ),
        ],
        column_choices: vec![choice("land", true)],
        name_column: Column { label: "名称".into(), ..Column::default() },
        columns: vec![Column {
            label: "用地".into(),
            numeric: true,
            sort: Some(Sort { href: "?sort=land".into(), order: Order::Descending }),
        }],
        rows: vec![ListRow {
            code: "XM-1".into(),
            title: "绿谷".into(),
            cells: vec![Cell::Unknown],
            ..ListRow::default()
        }],
        ..List::default()
    }
}

#[test]
fn a_filter_s_form_carries_on_what_is_not_its_own() {
    let html = list().render();
    let form = html.split("<form class=\"filter").nth(1).and_then(|rest| rest.split("</form>").next());
    let form = form.expect("the filter bar");
    assert!(form.contains(r#"<input type="hidden" name="sort" value="-land">"#));
    assert!(form.contains(r#"<input type="hidden" name="column" value="land">"#));
    assert!(
        !form.contains(r#"type="hidden" name="status""#)
            && !form.contains(r#"type="hidden" name="land_from""#)
    );
    assert_eq!(form.matches(r#"name="status""#).count(), 2);
    let kept = r#"<input type="hidden" name="land_from" value="10">"#;
    assert_eq!(html.matches(kept).count(), 1, "the chooser of columns keeps the filter");
}

#[test]
fn sorted_heads_say_so_and_unknown_is_said() {
    let html = list().render();
    assert!(html.contains(r#"aria-sort="descending""#));
    assert!(html.contains("不详"));
    assert!(!html.contains("name=\"record\""), "who may not change in bulk sees no boxes");
    let bulk = List { bulk: Some(Bulk::default()), ..list() }.render();
    assert!(bulk.contains(r#"form="bulk" name="record" value="XM-1""#));
}

#[test]
fn an_empty_list_tells_nothing_at_all_from_nothing_under_this_filter() {
    let t = Locale::Zh;
    let fresh = List { rows: Vec::new(), empty_hint: "从表格导入".into(), ..list() }.render();
    assert!(fresh.contains(&t.list_empty("推介项目")) && fresh.contains("从表格导入"));
    let chips = vec![Chip { label: "状态".into(), value: "公开".into(), remove: "?".into() }];
    let filtered = List { rows: Vec::new(), chips, ..list() }.render();
    assert!(
        filtered.contains(t.list_none_match())
            && filtered.contains(r#"<a class="button" href="/p/q/opportunities">"#)
    );
}

#[test]
fn a_record_s_page_shows_only_the_parts_its_kind_has() {
    let bare = RecordPage { title: "云川州".into(), ..RecordPage::default() }.render();
    for id in ["standing", "figures", "parties", "documents", "people", "related", "timeline"] {
        assert!(!bare.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let page = RecordPage {
        documents: Some(Attachments::default()),
        standing: Some(Standing {
            steps: vec![Step { label: "签约".into(), state: StepState::Current, day: String::new() }],
            next: "落地".into(),
            missing: vec![Missing {
                label: "用地".into(), href: "edit#f-land".into(), note: String::new()
            }],
            ..Standing::default()
        }),
        ..RecordPage::default()
    };
    let html = page.render();
    assert!(html.contains(Locale::Zh.record_documents_none()));
    assert!(html.contains(r#"aria-current="step""#) && html.contains(r#"<a href="edit#f-land">用地</a>"#));
}

fn form(fields: Vec<FormField>) -> RecordForm {
    RecordForm { sections: vec![FormSection { fields, ..FormSection::default() }], ..RecordForm::default() }
}

#[test]
fn a_mistake_stands_above_the_form_and_at_its_field_with_what_was_typed() {
    let field = FormField {
        name: "land".into(),
        label: "用地".into(),
        error: "应为数字".into(),
        control: Control::Quantity { value: "很多".into(), unit: "亩".into() },
        ..FormField::default()
    };
    let html = form(vec![field]).render();
    assert!(html.contains(r##"<a href="#f-land">用地</a>"##));
    assert!(
        html.contains(r#"value="很多""#)
            && html.contains(r#"aria-describedby="f-land-error" aria-invalid="true""#)
    );
    assert!(html.contains(r#"id="f-land-error">应为数字"#));
    assert!(!form(Vec::new()).render().contains("error-summary"));
}

#[test]
fn rows_of_links_send_a_role_for_every_record() {
    let row = |record: &str| LinkRow {
        record: record.into(),
        roles: vec![choice("a", false)],
        ..LinkRow::default()
    };
    let control = Control::Links {
        rows: vec![row("绿谷 · YQ-1"), row("")],
        role_label: "角色".into(),
        suggest: "s".into(),
    };
    let html = form(vec![FormField { name: "park".into(), control, ..FormField::default() }]).render();
    assert_eq!(html.matches(r#"name="park""#).count(), html.matches(r#"name="park_role""#).count());
}

#[test]
fn a_form_with_a_file_is_sent_in_parts() {
    let file = || FormField { control: Control::File { accept: String::new() }, ..FormField::default() };
    assert!(form(vec![file()]).render().contains("multipart/form-data"));
    let add = vec![InlineForm { fields: vec![file()], ..InlineForm::default() }];
    let page = RecordPage {
        documents: Some(Attachments { add, ..Attachments::default() }),
        ..RecordPage::default()
    };
    assert!(page.render().contains("multipart/form-data"));
    assert!(!form(Vec::new()).render().contains("multipart"));
}

#[test]
fn after_a_conflict_both_values_are_shown_and_neither_is_chosen() {
    let field = ConflictField {
        name: "land".into(),
        opened: "280".into(),
        theirs: "300".into(),
        mine: "320".into(),
        ..ConflictField::default()
    };
    let conflict = Conflict { who: "林晓".into(), fields: vec![field], ..Conflict::default() };
    let html = RecordForm { conflict: Some(conflict), version: "8".into(), ..form(Vec::new()) }.render();
    for value in ["280", "300", "320"] {
        assert!(html.contains(value));
    }
    assert!(
        html.contains(r#"name="keep_land" value="mine">"#)
            && html.contains(r#"name="keep_land" value="theirs">"#)
            && html.contains(r#"name="version" value="8""#)
    );
}

#[test]
fn a_duplicate_that_is_certain_cannot_be_waved_through() {
    let duplicates =
        |may_continue| Duplicates { rows: vec![Duplicate::default()], may_continue, different: false };
    let page = |may| RecordForm { duplicates: Some(duplicates(may)), ..form(Vec::new()) }.render();
    assert!(page(true).contains(r#"name="different""#) && !page(false).contains(r#"name="different""#));
}

#[test]
fn a_merge_asks_only_about_fields_that_differ() {
    let field = |name: &str, other: &str| MergeField {
        name: name.into(),
        keep: "甲".into(),
        other: other.into(),
        ..MergeField::default()
    };
    let html = MergePreview {
        fields: vec![field("same", "甲"), field("differs", "乙")],
        ..MergePreview::default()
    }
    .render();
    assert!(html.contains("field_differs") && !html.contains("field_same"));
    let blocked = MergePreview { obstacles: vec!["不在同一协作".into()], ..MergePreview::default() }.render();
    assert!(!blocked.contains(Locale::Zh.merge_confirm()));
}

#[test]
fn hostile_text_is_escaped_in_cells_fields_suggestions_and_the_watermark() {
    let hostile = r#""><script>alert('x')</script>"#;
    let row =
        ListRow { title: hostile.into(), cells: vec![Cell::Text(hostile.into())], ..ListRow::default() };
    let shell = Shell {
        watermark: Some(hostile.into()),
        groups: vec![NavGroup {
            label: hostile.into(),
            code: hostile.into(),
            entries: vec![NavEntry { label: hostile.into(), ..NavEntry::default() }],
            ..NavGroup::default()
        }],
        flash: Some(Flash { text: hostile.into(), ..Flash::default() }),
        ..Shell::default()
    };
    let field = FormField {
        label: hostile.into(),
        control: Control::Long { value: hostile.into(), max_length: 10 },
        ..FormField::default()
    };
    let rows = vec![Suggestion { title: hostile.into(), ..Suggestion::default() }];
    let pages = [
        List { shell, rows: vec![row], ..list() }.render(),
        form(vec![field]).render(),
        Suggestions { rows, ..Suggestions::default() }.render(),
    ];
    for html in pages {
        assert!(!html.contains("<script>alert") && html.contains("&#60;script&#62;"));
    }
}
