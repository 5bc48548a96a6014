//! Files that are handed out to be saved: their kinds and the headers that name them.

use axum::http::{HeaderName, header};

#[derive(Clone, Copy)]
pub(crate) enum FileKind {
    Xlsx,
    Docx,
    Csv,
    Calendar,
}

/// The headers of a file of this kind and name; its ending is added. The name is of our making: ASCII without quotes.
pub(crate) fn saved_as(kind: FileKind, name: &str) -> [(HeaderName, String); 2] {
    let (ending, media_type) = match kind {
        FileKind::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        FileKind::Docx => ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        FileKind::Csv => ("csv", "text/csv; charset=utf-8"),
        FileKind::Calendar => ("ics", "text/calendar; charset=utf-8"),
    };
    [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
    ]
}
