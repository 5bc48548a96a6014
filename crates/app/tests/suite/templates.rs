//! The empty ledgers of `data/templates`: imported as they are, and with a row that somebody wrote into them.

use crate::common::{applications, file, now, user};
use app::{Actor, App, ImportChoice, ImportState, ImportView, Role, RowState, Template, template_list};
use domain::RecordKind;
use domain::record::FieldType;
use std::io::{Cursor, Read, Write};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

fn committed(template: &Template) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/templates");
    std::fs::read(folder.join(format!("{}.xlsx", template.name))).expect("committed")
}

/// A copy with one row below the headings.
fn filled(bytes: Vec<u8>, cells: &[String]) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    let names: Vec<String> = from.file_names().map(|name| name.expect("a name").into_owned()).collect();
    for name in names {
        let mut text = String::new();
        from.by_name(&name).expect("a part").read_to_string(&mut text).expect("text");
        if name == "xl/worksheets/sheet1.xml" {
            let cell = |text: &String| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
            let row = cells.iter().map(cell).collect::<String>();
            assert_eq!(text.matches("</sheetData>").count(), 1);
            text = text.replace("</sheetData>", &format!("<row r=\"2\">{row}</row></sheetData>"));
        }
        into.start_file(name, SimpleFileOptions::default()).expect("begun");
        into.write_all(text.as_bytes()).expect("written");
    }
    into.finish().expect("packed").into_inner()
}

/// Invented data for a column.
fn invented(template: &Template, meant: &str) -> String {
    let of_field = |code: &str| {
        let field = template.kind.field(code).unwrap_or_else(|| panic!("{} {code}", template.name));
        match field.kind {
            // Of a status one that asks for nothing more.
            FieldType::Choice(list) => list[0].zh.to_owned(),
            FieldType::Date => "2026-03-01".to_owned(),
            FieldType::Region if code.starts_with("support") => "岚湖省".to_owned(),
            FieldType::Region => "芦滩县".to_owned(),
            FieldType::Sector => "纺织业".to_owned(),
            FieldType::Quantity(_) => "5".to_owned(),
            FieldType::Links(RecordKind::Organisation, roles) => {
                format!("测一公司（{0}）、测二公司（{0}）", roles[0].zh)
            }
            FieldType::Text if code == "website" => "https://www.example.org".to_owned(),
            FieldType::Text | FieldType::Long => "测试文字".to_owned(),
            _ => String::new(),
        }
    };
    match meant.split_once(':') {
        Some(("field", code)) => of_field(code),
        Some(_) => "10".to_owned(),
        None => match meant {
            "ordinal" => "1".to_owned(),
            "title" => format!("测{}第一行", template.name),
            "aliases" => "测简称".to_owned(),
            "amount" => "300".to_owned(),
            "region" => "芦滩县".to_owned(),
            "period" => "2026-05".to_owned(),
            _ => String::new(),
        },
    }
}

async fn imported(app: &App, actor: &Actor, programme: i64, name: &str, bytes: &[u8]) -> ImportView {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(folder.path(), name, bytes);
    let id = app.import_open(actor, programme, &path, name).await.expect("opened");
    let view = app.import_get(actor, programme, id).await.expect("there");
    let mut choice = ImportChoice {
        kind: view.import.kind.clone(),
        mode: view.import.mode.clone(),
        mapping: view.mapping.clone(),
        source: String::new(),
    };
    choice.mapping.register = true;
    app.import_read(actor, programme, id, &choice).await.expect("a mapping as proposed");
    app.work(now).await.expect("worked");
    app.import_get(actor, programme, id).await.expect("there")
}

#[tokio::test]
async fn every_ledger_is_imported_as_it_is_and_with_what_somebody_filled_in() {
    for (app, programme) in applications().await {
        let office = user(&app, "office-t", Role::Office).await;
        let mut wrong = Vec::new();
        for template in template_list() {
            // Whose month stands in the name of the file, as offices name them.
            let name = format!("{}（2026年5月）.xlsx", template.name);
            let empty = imported(&app, &office, programme, &name, &committed(&template)).await;
            if empty.kind != template.kind || empty.counts.values().sum::<i64>() != 0 {
                wrong.push(format!(
                    "{name} empty: {:?} {:?} {:?}",
                    empty.kind, empty.counts, empty.import.error
                ));
            }
            let cells: Vec<String> =
                template.columns.iter().map(|(meant, _)| invented(&template, meant)).collect();
            let view = imported(&app, &office, programme, &name, &filled(committed(&template), &cells)).await;
            let rows =
                app.import_rows(&office, programme, view.import.id, (None, 0, 9)).await.expect("rows").0;
            let count = |state| view.counts.get(&state).copied().unwrap_or(0);
            let is_new = view.import.state == ImportState::Ready && count(RowState::New) > 0;
            if view.kind != template.kind || !is_new || count(RowState::Wrong) + count(RowState::Doubtful) > 0
            {
                let told: Vec<_> = rows.iter().flat_map(|row| &row.problems).collect();
                wrong.push(format!("{name}: {:?} {:?} {told:#?}", view.counts, view.import.error));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
