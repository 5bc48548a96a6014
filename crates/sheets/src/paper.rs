//! Pages of text out as a Word document (.docx): headings, paragraphs, facts in two columns, pictures, page breaks.

use crate::SheetError;
use crate::picture::Picture;
use docx_rs::{
    BreakType, Docx, PageOrientationType, Paragraph, Pic, Run, RunFonts, Style, StyleType, Table, TableCell,
    TableRow, WidthType, XMLDocx,
};
use std::io::{self, Cursor};

/// The width of a table in twentieths of a point: A4 less its margins.
const TABLE_WIDTH: usize = 9_000;
/// The width of the labels in a table of facts.
const LABEL_WIDTH: usize = 2_400;
/// Half points.
const TEXT_SIZE: usize = 22;
/// Half points, in tables of many columns.
const TABLE_SIZE: usize = 18;
/// The most that a picture takes, width and height in English metric units: as wide as a table, a quarter of a page high.
const PICTURE_SIZE: (u64, u64) = (TABLE_WIDTH as u64 * 635, 2_400_000);
/// English metric units of a pixel at 96 to the inch.
const PIXEL: u64 = 9_525;

/// One piece of a document, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of level 1 (largest) to 3.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// Labels with their values.
    Facts(Vec<(String, String)>),
    /// A table under its heads, all columns of one width; every row has a cell for each head.
    Table(Vec<String>, Vec<Vec<String>>),
    /// A picture, made smaller where it would not fit.
    Picture(Picture),
    /// What follows begins on a new page.
    NewPage,
}

/// The paper that a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Upright, for text.
    A4,
    /// Across, for tables.
    A4Landscape,
    /// Across, for wide tables.
    A3Landscape,
}

impl Page {
    /// Width and height in twentieths of a point.
    fn size(self) -> (u32, u32) {
        match self {
            Self::A4 => (11_906, 16_838),
            Self::A4Landscape => (16_838, 11_906),
            Self::A3Landscape => (23_811, 16_838),
        }
    }

    /// Width between the margins, in twentieths of a point.
    fn width(self) -> usize {
        match self {
            Self::A4 => TABLE_WIDTH,
            Self::A4Landscape => 13_900,
            Self::A3Landscape => 20_400,
        }
    }
}

/// The bytes of a .docx file with these blocks. The same blocks give the same text; control characters, which XML cannot
/// hold, are left out.
///
/// # Errors
/// [`SheetError::Io`] where the parts cannot be packed.
pub fn write_docx(page: Page, blocks: &[Block]) -> Result<Vec<u8>, SheetError> {
    let fonts = RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia("宋体");
    let (width, height) = page.size();
    let mut docx = Docx::new().default_fonts(fonts).default_size(TEXT_SIZE).page_size(width, height);
    if page != Page::A4 {
        docx = docx.page_orient(PageOrientationType::Landscape);
    }
    for level in 1..=3 {
        let name = format!("heading {level}");
        let style =
            Style::new(style_id(level), StyleType::Paragraph).name(name).size(heading_size(level)).bold();
        docx = docx.add_style(style);
    }
    for block in blocks {
        docx = match block {
            Block::Heading(level, text) => {
                let style = style_id((*level).clamp(1, 3));
                docx.add_paragraph(paragraph(text).style(&style).keep_next(true))
            }
            Block::Text(text) => docx.add_paragraph(paragraph(text)),
            Block::Facts(facts) => docx.add_table(table(facts)),
            Block::Table(heads, rows) => docx.add_table(grid(heads, rows, page.width())),
            Block::Picture(picture) => {
                docx.add_paragraph(Paragraph::new().add_run(Run::new().add_image(placed(picture))))
            }
            Block::NewPage => {
                docx.add_paragraph(Paragraph::new().add_run(Run::new().add_break(BreakType::Page)))
            }
        };
    }
    let mut file = Cursor::new(Vec::new());
    let mut parts = docx.build();
    name_jpegs(&mut parts);
    parts.pack(&mut file).map_err(io::Error::other)?;
    Ok(file.into_inner())
}

fn placed(picture: &Picture) -> Pic {
    let (width, height) = (u64::from(picture.width) * PIXEL, u64::from(picture.height) * PIXEL);
    // The smaller of both shares, so that it keeps its shape.
    let (of, most) = match width * PICTURE_SIZE.1 > height * PICTURE_SIZE.0 {
        true => (width, PICTURE_SIZE.0),
        false => (height, PICTURE_SIZE.1),
    };
    let most = most.min(of);
    let fit = |length: u64| u32::try_from((length * most / of).max(1)).unwrap_or(u32::MAX);
    Pic::new_with_dimensions(picture.bytes.clone(), picture.width, picture.height)
        .size(fit(width), fit(height))
}

/// Every picture is packed under a name that ends in `.png`; the list of the parts' types says which ones are JPEG.
fn name_jpegs(parts: &mut XMLDocx) {
    const END: &str = "</Types>";
    let is_jpeg = |(_, bytes): &&(String, Vec<u8>)| bytes.starts_with(&[0xff, 0xd8]);
    let name = |(id, _): &(String, Vec<u8>)| {
        format!(r#"<Override PartName="/word/media/{id}.png" ContentType="image/jpeg" />"#)
    };
    let named: String = parts.media.iter().filter(is_jpeg).map(name).collect();
    if let Ok(types) = std::str::from_utf8(&parts.content_type) {
        parts.content_type = types.replace(END, &(named + END)).into_bytes();
    }
}

fn style_id(level: u8) -> String {
    format!("Heading{level}")
}

fn heading_size(level: u8) -> usize {
    match level {
        1 => 40,
        2 => 30,
        _ => 25,
    }
}

fn paragraph(text: &str) -> Paragraph {
    Paragraph::new().add_run(Run::new().add_text(plain(text)))
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn table(facts: &[(String, String)]) -> Table {
    let cell = |text: &str, width: usize| {
        TableCell::new().add_paragraph(paragraph(text)).width(width, WidthType::Dxa)
    };
    let row = |(label, value): &(String, String)| {
        TableRow::new(vec![cell(label, LABEL_WIDTH), cell(value, TABLE_WIDTH - LABEL_WIDTH)])
    };
    Table::new(facts.iter().map(row).collect()).width(TABLE_WIDTH, WidthType::Dxa)
}

fn grid(heads: &[String], rows: &[Vec<String>], width: usize) -> Table {
    let each = width / heads.len().max(1);
    let cell = |run: Run| {
        let run = run.size(TABLE_SIZE);
        TableCell::new().add_paragraph(Paragraph::new().add_run(run)).width(each, WidthType::Dxa)
    };
    let head = heads.iter().map(|text| cell(Run::new().add_text(plain(text)).bold())).collect();
    let row = |row: &Vec<String>| {
        TableRow::new(row.iter().map(|text| cell(Run::new().add_text(plain(text)))).collect())
    };
    let rows = std::iter::once(TableRow::new(head)).chain(rows.iter().map(row)).collect();
    Table::new(rows).width(width, WidthType::Dxa)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn body(blocks: &[Block]) -> String {
        let bytes = write_docx(Page::A4, blocks).expect("written");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut text = String::new();
        archive.by_name("word/document.xml").expect("a body").read_to_string(&mut text).expect("text");
        text
    }

    #[test]
    fn every_block_stands_in_the_document_in_its_order() {
        let body = body(&[
            Block::Heading(1, "甲项目".into()),
            Block::Text("一段<话>&".into()),
            Block::Facts(vec![("土地".into(), "260 亩".into())]),
            Block::NewPage,
            Block::Heading(2, "乙项目".into()),
        ]);
        let at = |text: &str| body.find(text).unwrap_or_else(|| panic!("{text} is missing in {body}"));
        assert!(at("甲项目") < at("一段&lt;话&gt;&amp;") && at("260 亩") < at("w:br w:type=\"page\""));
        assert!(at("w:br w:type=\"page\"") < at("乙项目"));
    }

    #[test]
    fn a_table_has_every_cell_and_its_page_lies_across() {
        let rows = vec![vec!["甲".into(), "签约".into()], vec!["乙".into(), "开工".into()]];
        let table = Block::Table(vec!["项目".into(), "阶段".into()], rows);
        let bytes = write_docx(Page::A3Landscape, &[table]).expect("written");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut text = String::new();
        archive.by_name("word/document.xml").expect("a body").read_to_string(&mut text).expect("text");
        assert_eq!(text.matches("<w:tr>").count() + text.matches("<w:tr ").count(), 3, "{text}");
        assert!(text.contains("landscape") && text.contains("23811"), "{text}");
    }

    /// The parts of a document with a picture: types, body, and the bytes of the picture.
    fn with_picture(bytes: &[u8]) -> (String, String, Vec<u8>) {
        let picture = Picture::read(bytes.to_vec()).expect("a picture");
        let bytes = write_docx(Page::A4, &[Block::Picture(picture)]).expect("written");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut part = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).expect("a part").read_to_end(&mut bytes).expect("read");
            bytes
        };
        let text = |bytes| String::from_utf8(bytes).expect("text");
        let (types, body) = (text(part("[Content_Types].xml")), text(part("word/document.xml")));
        let media = archive
            .file_names()
            .flatten()
            .find(|name| name.ends_with(".png"))
            .expect("a picture")
            .into_owned();
        let mut picture = Vec::new();
        archive.by_name(&media).expect("a part").read_to_end(&mut picture).expect("read");
        (types, body, picture)
    }

    #[test]
    fn a_picture_fits_its_page_and_keeps_its_shape_and_its_type() {
        let png = crate::picture::tests::png(4_000, 1_000);
        let (types, body, packed) = with_picture(&png);
        assert_eq!(packed, png);
        assert!(body.contains(r#"cx="5715000" cy="1428750""#), "{body}");
        assert!(!types.contains("Override PartName=\"/word/media"), "{types}");
        let (_, body, _) = with_picture(&crate::picture::tests::png(10, 20));
        assert!(body.contains(r#"cx="95250" cy="190500""#), "{body}");
        let (_, body, _) = with_picture(&crate::picture::tests::png(1_000, 4_000));
        assert!(body.contains(r#"cx="600000" cy="2400000""#), "{body}");
        let jpeg = crate::picture::tests::jpeg(640, 480);
        let (types, body, packed) = with_picture(&jpeg);
        assert_eq!(packed, jpeg);
        assert!(types.contains("ContentType=\"image/jpeg\" /></Types>"), "{types}");
        assert!(body.contains(r#"cx="3200000" cy="2400000""#), "{body}");
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert!(body(&[Block::Text("甲\u{0}\u{b}乙".into())]).contains("甲乙"));
    }
}
