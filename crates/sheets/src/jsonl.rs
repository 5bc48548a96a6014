//! JSON lines: an object a row, its keys the headings of the columns.

use std::io::Write;

use crate::cell::decimal;
use crate::{Cell, Column, SheetError, SheetWriter, check_length};

/// Writes an object a row. Numbers are texts of digits, so that none is lost; a cell that is empty has no key.
#[derive(Debug)]
pub struct JsonLinesWriter<W: Write> {
    target: W,
    keys: Vec<String>,
    line: String,
}

impl<W: Write> JsonLinesWriter<W> {
    /// Begins a file: the headings of the columns are the keys.
    pub fn new(target: W, columns: &[Column]) -> Self {
        let keys = columns.iter().map(|column| quoted(&column.heading)).collect();
        JsonLinesWriter { target, keys, line: String::new() }
    }
}

impl<W: Write> SheetWriter for JsonLinesWriter<W> {
    fn row(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        check_length(self.keys.len(), cells.len())?;
        self.line.clear();
        for (key, cell) in self.keys.iter().zip(cells) {
            let text = match cell {
                Cell::Empty => continue,
                Cell::Number { mantissa, decimals } => decimal(*mantissa, *decimals),
                Cell::Date(day) => day.to_string(),
                Cell::Text(text) | Cell::Link { text, .. } => text.clone(),
            };
            self.line.push_str(if self.line.is_empty() { "{" } else { "," });
            self.line.push_str(key);
            self.line.push(':');
            self.line.push_str(&quoted(&text));
        }
        self.line.push_str(if self.line.is_empty() { "{}\n" } else { "}\n" });
        self.target.write_all(self.line.as_bytes())?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), SheetError> {
        Ok(self.target.flush()?)
    }
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn a_row_is_an_object_with_every_digit_and_without_what_is_unknown() {
        let column = |key: &str| Column { heading: key.into(), width: 1, kind: Kind::Text };
        let mut bytes = Vec::new();
        let mut writer = JsonLinesWriter::new(&mut bytes, &[column("code"), column("value"), column("note")]);
        let number = Cell::Number { mantissa: -12_345, decimals: 2 };
        writer.row(&[Cell::Text("A\"1\n".into()), number, Cell::Empty]).expect("written");
        writer.row(&[const { Cell::Empty }; 3]).expect("written");
        assert!(writer.row(&[Cell::Empty]).is_err());
        Box::new(writer).finish().expect("written");
        let text = String::from_utf8(bytes).expect("text");
        assert_eq!(text, "{\"code\":\"A\\\"1\\n\",\"value\":\"-123.45\"}\n{}\n");
    }
}
