//! From the elements of a word processor file to lines of text.

/// Elements whose content is no text of the document: tracked deletions, the old place of moved text, field
/// codes, properties, readings above characters, and the second copy of a text box for old programs.
const SKIPPED: [&str; 11] = [
    "del",
    "moveFrom",
    "delText",
    "delInstrText",
    "instrText",
    "pPr",
    "rPr",
    "tblPr",
    "sectPr",
    "rt",
    "Fallback",
];

/// Collects lines while elements open and close.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: String,
    frame: Frame,
    /// The paragraphs around the text boxes we are in.
    outer: Vec<Frame>,
    skipped: usize,
    in_text: bool,
    /// From here on, lines are notes and margins.
    margins_start: Option<usize>,
}

/// A paragraph, or a table row, that is being written.
#[derive(Debug, Default)]
struct Frame {
    line: String,
    tables: usize,
    cells: usize,
}

impl Writer {
    /// What follows are notes, headers and footers: a line that is there already, or has no letter (a page
    /// number), is left out.
    pub(crate) fn begin_margins(&mut self) {
        self.end_part();
        self.margins_start = Some(self.out.len());
    }

    pub(crate) fn open(&mut self, name: &str) {
        if self.skipped > 0 || SKIPPED.contains(&name) {
            self.skipped += 1;
            return;
        }
        match name {
            "t" => self.in_text = true,
            "tab" | "br" | "cr" if self.frame.tables > 0 => self.blank(),
            "tab" => self.frame.line.push('\t'),
            "br" | "cr" => self.end_line(),
            "noBreakHyphen" => self.frame.line.push('-'),
            "txbxContent" => self.outer.push(std::mem::take(&mut self.frame)),
            "tbl" => {
                if self.frame.tables == 0 {
                    self.end_line();
                }
                self.frame.tables += 1;
            }
            "tc" if self.frame.tables == 1 => self.begin_cell(),
            "tc" => self.blank(),
            _ => {}
        }
    }

    pub(crate) fn close(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match name {
            "t" => self.in_text = false,
            "p" if self.frame.tables > 0 => self.blank(),
            "p" => self.end_line(),
            "tr" if self.frame.tables == 1 => self.end_line(),
            "tbl" => self.frame.tables = self.frame.tables.saturating_sub(1),
            "txbxContent" => {
                self.end_line();
                self.frame = self.outer.pop().unwrap_or_default();
            }
            _ => {}
        }
    }

    /// Whether text that comes now is text of the document.
    pub(crate) fn is_in_text(&self) -> bool {
        self.in_text && self.skipped == 0
    }

    pub(crate) fn text(&mut self, text: &str) {
        if self.is_in_text() {
            self.frame.line.extend(text.chars().filter(|c| !matches!(c, '\n' | '\r' | '\0')));
        }
    }

    /// A predefined entity or a character reference; others have no meaning without a DTD.
    pub(crate) fn reference(&mut self, name: &quick_xml::events::BytesRef<'_>) {
        let c = match name.resolve_char_ref() {
            Ok(Some(c)) => Some(c),
            _ => match &**name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                _ => None,
            },
        };
        if let Some(c) = c {
            self.text(c.encode_utf8(&mut [0; 4]));
        }
    }

    /// Bytes written so far.
    pub(crate) fn size(&self) -> usize {
        self.out.len()
            + self.frame.line.len()
            + self.outer.iter().map(|frame| frame.line.len()).sum::<usize>()
    }

    pub(crate) fn finish(mut self) -> String {
        self.end_part();
        self.out
    }

    /// Ends all that a cut or odd part has left open.
    fn end_part(&mut self) {
        self.end_line();
        while let Some(frame) = self.outer.pop() {
            self.frame = frame;
            self.end_line();
        }
        self.frame = Frame::default();
        self.skipped = 0;
        self.in_text = false;
    }

    fn begin_cell(&mut self) {
        let end = self.frame.line.trim_end_matches(' ').len();
        self.frame.line.truncate(end);
        if self.frame.cells > 0 {
            self.frame.line.push('\t');
        }
        self.frame.cells += 1;
    }

    fn blank(&mut self) {
        if !self.frame.line.is_empty() && !self.frame.line.ends_with([' ', '\t']) {
            self.frame.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.frame.line);
        self.frame.cells = 0;
        let line = line.trim_end_matches(' ');
        if line.trim().is_empty() {
            return;
        }
        if let Some(start) = self.margins_start {
            let is_known = self.out[start..].lines().any(|known| known == line);
            if is_known || !line.chars().any(char::is_alphabetic) {
                return;
            }
        }
        self.out.push_str(line);
        self.out.push('\n');
    }
}
