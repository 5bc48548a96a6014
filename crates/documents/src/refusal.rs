//! Why a file is not taken, as facts; the locale layer makes the sentence.

/// Why a file cannot be read as a document. [`Refusal::code`] names the message, [`Refusal::args`] fills it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} {:?}", self.code(), self.args())]
pub enum Refusal {
    /// No bytes, or nothing but white space.
    Empty,
    /// A file named as text whose bytes are a program, an archive, a picture or other binary data.
    BinaryAsText,
    /// Text with NUL bytes in it; a transfer has damaged the file.
    NulBytes {
        /// Offset of the first one, in bytes.
        offset: usize,
    },
    /// Lines in two encodings, as when files were joined.
    MixedEncodings {
        /// The first line, counted from 1, that is in another encoding than those before it.
        line: usize,
    },
    /// A format that is not read, but whose program can save one that is.
    SaveAs {
        /// Extension of the file, with its dot.
        from: String,
        /// Extension to save as, with its dot.
        to: &'static str,
    },
    /// A format that is not known.
    UnknownFormat {
        /// Extension of the file, with its dot; empty where it has none.
        extension: String,
    },
    /// A .docx that cannot be opened.
    BrokenDocx {
        /// Which part is broken: `zip`, `document`, `xml`.
        what: &'static str,
    },
    /// A .docx whose parts inflate beyond all measure.
    ZipBomb,
    /// A .docx with a password.
    EncryptedDocx,
    /// A PDF with a password.
    EncryptedPdf,
    /// A PDF that cannot be opened.
    BrokenPdf,
    /// More than one character in a hundred could not be read (or has no meaning, as in a PDF whose fonts do
    /// not say what their glyphs mean).
    Garbled {
        /// Share of such characters in percent, at least 1.
        percent: u32,
    },
    /// A web page without any text of its own.
    OnlyMarkup,
    /// More text than the limit.
    TextTooLarge {
        /// Its size in MiB, rounded up; for packed formats, the size at which reading stopped.
        mib: u64,
        /// The limit in MiB.
        limit_mib: u64,
    },
    /// The PDF tool (`pdftotext`, of poppler-utils) is not installed.
    PdfToolMissing,
    /// The PDF tool did not finish in time.
    PdfTimeout {
        /// The limit in seconds.
        seconds: u32,
    },
    /// The file could not be read from the disk.
    Unreadable {
        /// What the operating system says.
        what: String,
    },
}

impl Refusal {
    /// Every code, so that a test of the locale files can ask for all messages.
    pub const CODES: [&'static str; 17] = [
        "empty",
        "binary-as-text",
        "nul-bytes",
        "mixed-encodings",
        "save-as",
        "unknown-format",
        "broken-docx",
        "zip-bomb",
        "encrypted-docx",
        "encrypted-pdf",
        "broken-pdf",
        "garbled",
        "only-markup",
        "text-too-large",
        "pdf-tool-missing",
        "pdf-timeout",
        "unreadable",
    ];

    /// The stable name of this refusal, one of [`Refusal::CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Empty => "empty",
            Refusal::BinaryAsText => "binary-as-text",
            Refusal::NulBytes { .. } => "nul-bytes",
            Refusal::MixedEncodings { .. } => "mixed-encodings",
            Refusal::SaveAs { .. } => "save-as",
            Refusal::UnknownFormat { .. } => "unknown-format",
            Refusal::BrokenDocx { .. } => "broken-docx",
            Refusal::ZipBomb => "zip-bomb",
            Refusal::EncryptedDocx => "encrypted-docx",
            Refusal::EncryptedPdf => "encrypted-pdf",
            Refusal::BrokenPdf => "broken-pdf",
            Refusal::Garbled { .. } => "garbled",
            Refusal::OnlyMarkup => "only-markup",
            Refusal::TextTooLarge { .. } => "text-too-large",
            Refusal::PdfToolMissing => "pdf-tool-missing",
            Refusal::PdfTimeout { .. } => "pdf-timeout",
            Refusal::Unreadable { .. } => "unreadable",
        }
    }

    /// The facts of this refusal, by the names that its message uses.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Refusal::NulBytes { offset } => vec![("offset", offset.to_string())],
            Refusal::MixedEncodings { line } => vec![("line", line.to_string())],
            Refusal::SaveAs { from, to } => vec![("from", from.clone()), ("to", (*to).to_owned())],
            Refusal::UnknownFormat { extension } => vec![("extension", extension.clone())],
            Refusal::BrokenDocx { what } => vec![("what", (*what).to_owned())],
            Refusal::Garbled { percent } => vec![("percent", percent.to_string())],
            Refusal::TextTooLarge { mib, limit_mib } => {
                vec![("mib", mib.to_string()), ("limit", limit_mib.to_string())]
            }
            Refusal::PdfTimeout { seconds } => vec![("seconds", seconds.to_string())],
            Refusal::Unreadable { what } => vec![("what", what.clone())],
            _ => Vec::new(),
        }
    }

    /// The advice to save a file of one extension (without dot) as another.
    pub(crate) fn save_as(from: &str, to: &str) -> Refusal {
        let to = if to == "pdf" { ".pdf" } else { ".docx" };
        Refusal::SaveAs { from: format!(".{from}"), to }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Refusal::Unreadable { what: error.to_string() }
    }
}
