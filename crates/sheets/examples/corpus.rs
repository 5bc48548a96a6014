//! Makes the sheets of `tests/corpus`: one per trap that ledgers of offices set. Every name and number in them is invented.
//!
//! `cargo run -p sheets --example corpus`; what must come out stands beside each sheet and is checked by `tests/corpus.rs`.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// A row of texts; what is a number is written as one.
fn row(sheet: &mut Worksheet, at: u32, cells: &[&str]) -> Result<(), XlsxError> {
    for (column, text) in (0_u16..).zip(cells) {
        match text.parse::<f64>() {
            Ok(number) => sheet.write(at, column, number)?,
            Err(_) if text.is_empty() => continue,
            Err(_) => sheet.write(at, column, *text)?,
        };
    }
    Ok(())
}

fn rows(sheet: &mut Worksheet, from: u32, lines: &[&[&str]]) -> Result<(), XlsxError> {
    (from..).zip(lines).try_for_each(|(at, cells)| row(sheet, at, cells))
}

fn save(name: &str, fill: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    // The same bytes whenever they are made.
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    fill(&mut workbook)?;
    workbook.save(folder().join(name))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    fs::create_dir_all(folder())?;
    let plain = Format::new();
    tables(&plain)?;
    values()?;
    shapes()?;
    others()
}

/// Headings in groups, units, totals.
fn tables(plain: &Format) -> Result<(), XlsxError> {
    save("two_header_rows.xlsx", |book| {
        let sheet = book.add_worksheet();
        sheet.merge_range(0, 0, 0, 6, "2026年6月产业项目调度表", plain)?;
        row(sheet, 1, &["", "", "", "", "", "", "单位：万元"])?;
        for (column, text) in [(0, "序号"), (1, "项目名称"), (2, "落地县市")] {
            sheet.merge_range(2, column, 3, column, text, plain)?;
        }
        sheet.merge_range(2, 3, 2, 5, "完成投资", plain)?;
        sheet.merge_range(2, 6, 3, 6, "存在问题", plain)?;
        row(sheet, 3, &["", "", "", "年度计划", "本月", "累计"])?;
        rows(
            sheet,
            4,
            &[
                &["1", "砾石光伏一期", "芦滩县", "8000", "600", "3200.5"],
                &["2", "荻口纺纱扩建", "荻口县", "1200", "0", "900", "用电未接"],
            ],
        )
    })?;
    save("units_row.xlsx", |book| {
        rows(
            book.add_worksheet(),
            0,
            &[
                &["项目名称", "计划总投资", "累计完成投资", "形象进度"],
                &["—", "亿元", "万元", "%"],
                &["甲", "1", "2", "3"],
                &["砾石光伏一期", "1.2", "3200", "27"],
            ],
        )
    })?;
    save("totals.xlsx", |book| {
        rows(
            book.add_worksheet(),
            0,
            &[
                &["序号", "项目名称", "落地县市", "计划总投资（万元）"],
                &["一、能源类项目（2个）"],
                &["1", "砾石光伏一期", "芦滩县", "100"],
                &["2", "砾石光伏二期", "芦滩县", "200"],
                &["", "小 计", "", "300"],
                &["二、纺织类项目"],
                &["3", "荻口纺纱扩建", "荻口县", "50"],
                &["", "小计", "", "50"],
                &["合　计", "", "", "360"],
                &["注：总投资不含流动资金。"],
                &["填表人：甲", "", "审核人：乙"],
            ],
        )
    })?;
    save("same_heading_twice.xlsx", |book| {
        let sheet = book.add_worksheet();
        for (column, text) in [(0, "企业名称"), (1, "所在园区")] {
            sheet.merge_range(0, column, 1, column, text, plain)?;
        }
        sheet.merge_range(0, 2, 0, 3, "产值（万元）", plain)?;
        sheet.merge_range(0, 4, 0, 5, "税收（万元）", plain)?;
        row(sheet, 1, &["", "", "2025年", "2026年", "2025年", "2026年"])?;
        row(sheet, 2, &["砾石新材料有限公司", "芦滩产业园", "10", "12", "1", "1.5"])
    })
}

/// Days, amounts and names as people write them.
fn values() -> Result<(), XlsxError> {
    save("dates_as_text.xlsx", |book| {
        let sheet = book.add_worksheet();
        rows(
            sheet,
            0,
            &[
                &["2026年招商项目台账"],
                &["项目名称", "签约时间", "计划开工时间", "计划竣工时间"],
                &["砾石光伏一期", "", "2026年3月", "四月底"],
                &["荻口纺纱扩建", "24年5月", "2026/9/1", "2027年底"],
                &["芦滩冷链", "2025.11", "尽快", "待定"],
            ],
        )?;
        let day = Format::new().set_num_format("yyyy/m/d");
        sheet.write_with_format(2, 1, ExcelDateTime::from_ymd(2026, 1, 15)?, &day)?;
        Ok(())
    })?;
    save("amounts_as_text.xlsx", |book| {
        rows(
            book.add_worksheet(),
            0,
            &[
                &["项目名称", "计划总投资（亿元）"],
                &["砾石光伏一期", "约3亿"],
                &["砾石光伏二期", "1.2-1.5亿"],
                &["荻口纺纱扩建", "8000万元"],
                &["芦滩冷链", "近2"],
                &["芦滩酿造", "１．５"],
                &["驼关堆场", "待定"],
                &["驼关仓储", "面议"],
            ],
        )
    })?;
    save("names.xlsx", |book| {
        rows(
            book.add_worksheet(),
            0,
            &[
                &["企业名称", "曾用名", "统一社会信用代码", "所属行业"],
                &["砾石新材料（芦滩）有限公司", "砾石化工厂、芦滩砾石", "", "化学原料和化学制品制造业"],
                &["砾石新材料", "", "", "C26"],
            ],
        )
    })
}

/// Wide tables, regions across the top, what is hidden.
fn shapes() -> Result<(), XlsxError> {
    save("many_columns.xlsx", |book| {
        let sheet = book.add_worksheet();
        for column in 0..300_u16 {
            let heading = match column {
                0 => "项目名称".to_owned(),
                150 => "计划总投资（万元）".to_owned(),
                299 => "备注".to_owned(),
                other => format!("指标{other}"),
            };
            sheet.write(0, column, heading)?;
            sheet.write(
                1,
                column,
                if column == 0 { "砾石光伏一期".to_owned() } else { column.to_string() },
            )?;
        }
        Ok(())
    })?;
    save("pivot.xlsx", |book| {
        rows(
            book.add_worksheet(),
            0,
            &[
                &["2026年上半年各县市主要指标"],
                &["指标", "计量单位", "芦滩县", "荻口县", "合计"],
                &["签约额", "亿元", "3.2", "1.1", "4.3"],
                &["到位资金", "亿元", "1.5", "0.4", "1.9"],
            ],
        )
    })?;
    save("hidden.xlsx", |book| {
        let sheet = book.add_worksheet();
        rows(
            sheet,
            0,
            &[
                &["园区名称", "级别", "规划面积（亩）", "内部评分"],
                &["芦滩产业园", "省级", "1200", "7"],
                &["荻口物流园", "县级", "300", "5"],
            ],
        )?;
        sheet.set_column_hidden(3)?;
        sheet.set_row_hidden(2)?;
        let second = book.add_worksheet();
        second.set_name("底稿")?.set_hidden(true);
        row(second, 0, &["园区名称", "级别"])
    })?;
    save("numbers_as_text.xlsx", |book| {
        let sheet = book.add_worksheet();
        row(sheet, 0, &["项目名称", "投资项目统一代码", "计划总投资（万元）", "累计完成投资（万元）"])?;
        for (column, text) in
            [(0, "砾石光伏一期"), (1, "2601-652901-04-01-123456"), (2, "12,000.50"), (3, " 3 200 ")]
        {
            sheet.write_string(1, column, text)?;
        }
        sheet.write(2, 0, "荻口纺纱扩建")?;
        sheet.write(2, 2, Formula::new("[1]台账!C3").set_result("5"))?;
        sheet.write(2, 3, Formula::new("C3*0.5").set_result("2.5"))?;
        Ok(())
    })
}

/// A page saved as .xls, a text in GB18030, an OpenDocument sheet.
fn others() -> Result<(), Box<dyn std::error::Error>> {
    let page = "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\"></head><body><table border=1>
        <tr><td colspan=3>企业名录</td></tr><tr><td>企业名称</td><td>统一社会信用代码</td><td>地址</td></tr>
        <tr><td>砾石新材料有限公司</td><td>&nbsp;</td><td>芦滩县园区路1号</td></tr></table></body></html>";
    fs::write(folder().join("page.xls"), encoding_rs::GB18030.encode(page).0)?;
    let text = "企业名录（2026年6月）\r\n企业名称,统一社会信用代码,所属行业,地址\r\n\"砾石新材料,有限公司\",91650100MA00000000,制造业,\"园区路1号\n二层\"\r\n戈壁新能源有限公司,,,\r\n";
    fs::write(folder().join("gb18030.csv"), encoding_rs::GB18030.encode(text).0)?;
    let content = "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"园区\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p>园区名称</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><text:p>级别</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><text:p>可供面积(亩)</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell office:value-type=\"string\"><text:p>芦滩产业园</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><text:p>省级</text:p></table:table-cell><table:table-cell office:value-type=\"float\" office:value=\"120.5\"><text:p>120.50</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated=\"1048574\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>";
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in
        [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default())?;
        zip.write_all(part.as_bytes())?;
    }
    fs::write(folder().join("parks.ods"), zip.finish()?.into_inner())?;
    Ok(())
}
