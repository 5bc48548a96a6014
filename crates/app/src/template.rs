//! Empty ledgers to be filled in and imported: described in `data/templates.tsv`, the same parts each time.

use crate::error::Result;
use domain::heading::{HeadingUse, heading_uses};
use domain::record::FieldType;
use jiff::civil::date;
use sheets::{About, Column, Kind, SheetWriter, XlsxWriter};
use store::RecordKind;

const LEDGERS: &str = include_str!("../../../data/templates.tsv");

/// A ledger that an office keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its name, and that of its file without the ending.
    pub name: &'static str,
    /// What its rows are.
    pub kind: RecordKind,
    /// What each column stands for, as in `data/lexicon/headings.tsv`, and its heading.
    pub columns: Vec<(&'static str, &'static str)>,
}

/// Every ledger, in the order of `data/templates.tsv`.
#[must_use]
pub fn template_list() -> Vec<Template> {
    let lines = LEDGERS.lines().filter(|line| !line.starts_with('#'));
    let template = |line: &'static str| {
        let mut cells = line.split('\t');
        let (name, kind) = (cells.next()?, RecordKind::from_code(cells.next()?)?);
        let columns = cells.next()?.split('|').filter_map(|column| column.split_once('=')).collect();
        Some(Template { name, kind, columns })
    };
    lines.filter_map(template).collect()
}

impl Template {
    /// The workbook: the headings, and a sheet that says what each column takes.
    ///
    /// # Errors
    /// When it cannot be put together.
    pub fn workbook(&self) -> Result<Vec<u8>> {
        let column = |(_, heading): &(&str, &str)| {
            let width = (heading.chars().count() as u16 * 2 + 4).max(12);
            Column { heading: (*heading).to_owned(), width, kind: Kind::Text }
        };
        let columns: Vec<Column> = self.columns.iter().map(column).collect();
        let takes = self.columns.iter().map(|(_, heading)| ((*heading).to_owned(), self.takes(heading)));
        let about = About {
            rows_sheet: self.name.to_owned(),
            sheet: "填写说明".to_owned(),
            lines: takes.collect(),
            // A fixed moment: the same parts each time.
            created: date(2026, 1, 1).at(0, 0, 0, 0),
            mark: String::new(),
        };
        let mut bytes = Vec::new();
        let failed = |error: sheets::SheetError| crate::Error::from(std::io::Error::other(error));
        let writer = XlsxWriter::new(&mut bytes, &columns, about).map_err(failed)?;
        Box::new(writer).finish().map_err(failed)?;
        Ok(bytes)
    }

    /// What a column takes, in a sentence for who fills it in.
    fn takes(&self, heading: &str) -> String {
        let meant = heading_uses(self.kind, &[heading.to_owned()]).into_iter().next();
        let field = match meant {
            Some((HeadingUse::Field(field), _)) => field,
            Some((HeadingUse::Amount | HeadingUse::Figure(..), _)) => {
                return "数字；不确定时可写“约300”“1200-1500”，未知留空".to_owned();
            }
            Some((HeadingUse::Title, _)) => return "必填".to_owned(),
            Some((HeadingUse::Aliases, _)) => return "多个之间用“、”分隔".to_owned(),
            Some((HeadingUse::Period, _)) => return "月份或日期，如2026-10".to_owned(),
            _ => return String::new(),
        };
        let takes = match field.kind {
            FieldType::Choice(list) => list.iter().map(|choice| choice.zh).collect::<Vec<_>>().join("、"),
            FieldType::Links(_, roles) => {
                let roles: Vec<_> = roles.iter().map(|role| role.zh).collect();
                format!("多个之间用“、”分隔，括号内注明身份：{}", roles.join("、"))
            }
            FieldType::Date => "日期，如2026-10-31".to_owned(),
            FieldType::Region => "地区名称".to_owned(),
            FieldType::Sector => "国民经济行业分类的门类或大类，名称或代码".to_owned(),
            FieldType::Quantity(_) => "数字".to_owned(),
            FieldType::Flag => "是、否".to_owned(),
            _ => String::new(),
        };
        if field.required { format!("必填。{takes}") } else { takes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::io::{Cursor, Read};

    /// What a heading means first, as `data/templates.tsv` writes it.
    fn meaning(kind: RecordKind, heading: &str) -> String {
        match heading_uses(kind, &[heading.to_owned()]).into_iter().next() {
            Some((HeadingUse::Field(field), sure)) if sure >= 85 => format!("field:{}", field.code),
            Some((HeadingUse::Figure(measure, time, _), sure)) if sure >= 85 => {
                format!("figure:{}:{}", measure.code(), time.code())
            }
            Some((meant, sure)) if sure >= 85 => format!("{meant:?}").to_lowercase(),
            _ => "nothing".to_owned(),
        }
    }

    #[test]
    fn every_heading_is_understood_as_what_it_stands_for() {
        let mut wrong = Vec::new();
        for template in template_list() {
            for (meant, heading) in &template.columns {
                let found = meaning(template.kind, heading);
                if found != *meant {
                    wrong.push(format!("{} {heading}: {found}, not {meant}", template.name));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(template_list().len(), 7);
    }

    /// The parts of a workbook by their names: how they are packed is no part of what is made.
    fn parts(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
        let names: Vec<String> =
            archive.file_names().map(|name| name.expect("a name").into_owned()).collect();
        let part = |name: String| {
            let mut bytes = Vec::new();
            archive.by_name(&name).expect("a part").read_to_end(&mut bytes).expect("unpacked");
            (name, bytes)
        };
        names.into_iter().map(part).collect()
    }

    #[test]
    fn the_committed_workbooks_are_those_that_are_made() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/templates");
        for template in template_list() {
            let made = parts(template.workbook().expect("written"));
            assert!(made.contains_key("xl/worksheets/sheet1.xml"), "{:?}", made.keys());
            let committed = std::fs::read(folder.join(format!("{}.xlsx", template.name)));
            let is_same = committed.is_ok_and(|committed| parts(committed) == made);
            assert!(is_same, "{}: run `luodi templates data/templates`", template.name);
        }
        assert_eq!(std::fs::read_dir(folder).expect("a folder").count(), template_list().len());
    }
}
