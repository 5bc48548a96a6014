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
        "binary_as_text",
        "nul_bytes",
        "mixed_encodings",
        "save_as",
        "unknown_format",
        "broken_docx",
        "zip_bomb",
        "encrypted_docx",
        "encrypted_pdf",
        "broken_pdf",
        "garbled",
        "only_markup",
        "text_too_large",
        "pdf_tool_missing",
        "pdf_timeout",
        "extractor_failed",
    ];

    /// The stable name of this refusal, one of [`Refusal::CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Empty => "empty",
            Refusal::BinaryAsText => "binary_as_text",
            Refusal::NulBytes { .. } => "nul_bytes",
            Refusal::MixedEncodings { .. } => "mixed_encodings",
            Refusal::SaveAs { .. } => "save_as",
            Refusal::UnknownFormat { .. } => "unknown_format",
            Refusal::BrokenDocx { .. } => "broken_docx",
            Refusal::ZipBomb => "zip_bomb",
            Refusal::EncryptedDocx => "encrypted_docx",
            Refusal::EncryptedPdf => "encrypted_pdf",
            Refusal::BrokenPdf => "broken_pdf",
            Refusal::Garbled { .. } => "garbled",
            Refusal::OnlyMarkup => "only_markup",
            Refusal::TextTooLarge { .. } => "text_too_large",
            Refusal::PdfToolMissing => "pdf_tool_missing",
            Refusal::PdfTimeout { .. } => "pdf_timeout",
            Refusal::Unreadable { .. } => "extractor_failed",
        }
    }

    /// The facts of this refusal, by the names that its message `refusal_<code>` uses. The part of a broken .docx
    /// is a name with a message of its own: `refusal_part_<name>`.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Refusal::NulBytes { offset } => vec![("at", offset.to_string())],
            Refusal::MixedEncodings { line } => vec![("line", line.to_string())],
            Refusal::SaveAs { from, to } => vec![("what", from.clone()), ("save_as", (*to).to_owned())],
            Refusal::UnknownFormat { extension } => vec![("what", extension.clone())],
            Refusal::BrokenDocx { what } => vec![("at", (*what).to_owned())],
            Refusal::Garbled { percent } => vec![("what", format!("{percent} %"))],
            Refusal::TextTooLarge { mib, limit_mib } => {
                vec![("what", format!("{mib} MiB")), ("limit", format!("{limit_mib} MiB"))]
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
