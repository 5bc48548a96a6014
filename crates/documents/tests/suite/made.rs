//! Files made for the tests, so that the repository holds no binaries.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

/// A zip archive of these parts.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A .docx whose body is this XML.
pub fn docx(body: &str) -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document(body).as_bytes())])
}

/// The XML of a document or of another part.
pub fn document(body: &str) -> String {
    format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")
}

/// What a page of a made PDF shows, and how.
pub enum Shown<'a> {
    /// Lines of text in a font that says what its glyphs mean.
    Text(&'a [&'a str]),
    /// Lines in a font whose glyphs have only private codes.
    Garbled(&'a [&'a str]),
    /// A filled box, as a scan would be.
    Picture,
}

/// A PDF of these pages; with `locked`, one that asks for a password nobody knows.
pub fn pdf(pages: &[Shown<'_>], locked: bool) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = Vec::new();
    let kids: String = (0..pages.len()).map(|i| format!("{} 0 R ", 8 + 2 * i)).collect();
    objects.push(b"<< /Type /Catalog /Pages 2 0 R >>".to_vec());
    objects.push(format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", pages.len()).into_bytes());
    // Objects 3 and 5 are the fonts, 4 and 6 what their glyphs mean, 7 is the glyphs.
    for (map, cmap) in [(4, cmap("0000")), (6, cmap("e000"))] {
        objects.push(font(map));
        objects.push(stream(&cmap));
    }
    objects.push(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 1000 \
          /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
            .to_vec(),
    );
    for (index, page) in pages.iter().enumerate() {
        let content = 9 + 2 * index;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 800 800] /Contents {content} 0 R \
                 /Resources << /Font << /F1 3 0 R /F2 5 0 R >> >> >>"
            )
            .into_bytes(),
        );
        objects.push(stream(&content_of(page)));
    }
    assemble(&objects, locked)
}

fn font(map: usize) -> Vec<u8> {
    format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /ToUnicode {map} 0 R \
         /DescendantFonts [7 0 R] >>"
    )
    .into_bytes()
}

/// A map from glyph numbers to characters: themselves, or counted from `base`, high byte by high byte.
fn cmap(base: &str) -> String {
    let mut map = String::from("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n");
    map.push_str("1 begincodespacerange <0000> <ffff> endcodespacerange\n");
    for block in 0..=255u32 {
        let to = if base == "0000" { block << 8 } else { 0xe000 + ((block << 8) & 0x0fff) };
        if block % 100 == 0 {
            map.push_str(&format!("{} beginbfrange\n", (256 - block).min(100)));
        }
        map.push_str(&format!("<{0:02x}00> <{0:02x}ff> <{1:04x}>\n", block, to));
        if block % 100 == 99 || block == 255 {
            map.push_str("endbfrange\n");
        }
    }
    map + "endcmap end end"
}

fn content_of(page: &Shown<'_>) -> String {
    let lines = |font: &str, lines: &[&str]| {
        let mut content = format!("BT /{font} 12 Tf 50 750 Td 20 TL\n");
        for line in lines {
            let hex: String = line.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
            content.push_str(&format!("<{hex}> Tj T*\n"));
        }
        content + "ET"
    };
    match page {
        Shown::Text(text) => lines("F1", text),
        Shown::Garbled(text) => lines("F2", text),
        Shown::Picture => "0.5 g 100 100 400 400 re f".to_owned(),
    }
}

fn stream(content: &str) -> Vec<u8> {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()).into_bytes()
}

fn assemble(objects: &[Vec<u8>], locked: bool) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let lock = if locked {
        let key = "ab".repeat(32);
        format!("/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{key}> /U <{key}> >> /ID [<00> <00>]")
    } else {
        String::new()
    };
    let size = objects.len() + 1;
    out.extend(
        format!("trailer << /Size {size} /Root 1 0 R {lock} >>\nstartxref\n{table}\n%%EOF\n").into_bytes(),
    );
    out
}

/// The first bytes of a PNG picture of one pixel.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0";

/// A compound file whose directory lists one stream.
pub fn compound(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(512, 0);
    bytes[30] = 9;
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(4096, 0);
    bytes
}
