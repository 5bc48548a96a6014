//! Files that are handed out to be saved: their kinds and the headers that name them.

use axum::http::{HeaderName, header};

#[derive(Clone, Copy)]
pub(crate) enum FileKind {
    Xlsx,
    Docx,
    Csv,
    JsonLines,
    Calendar,
    Xls,
    Ods,
    Text,
}

impl FileKind {
    /// The kind of a spreadsheet by the ending of its name.
    pub(crate) fn of_sheet(ending: &str) -> Self {
        match ending.to_ascii_lowercase().as_str() {
            "xlsx" => Self::Xlsx,
            "xls" => Self::Xls,
            "ods" => Self::Ods,
            "csv" => Self::Csv,
            _ => Self::Text,
        }
    }
}

/// The headers of a file of this kind and name; its ending is added. The name is of our making: without quotes.
pub(crate) fn saved_as(kind: FileKind, name: &str) -> [(HeaderName, String); 2] {
    let (ending, media_type) = match kind {
        FileKind::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        FileKind::Docx => ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        FileKind::Csv => ("csv", "text/csv; charset=utf-8"),
        FileKind::JsonLines => ("jsonl", "application/jsonl; charset=utf-8"),
        FileKind::Calendar => ("ics", "text/calendar; charset=utf-8"),
        FileKind::Xls => ("xls", "application/vnd.ms-excel"),
        FileKind::Ods => ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        FileKind::Text => ("txt", "text/plain; charset=utf-8"),
    };
    [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition(name, ending))]
}

/// RFC 6266: a name that is not ASCII stands percent-encoded.
fn disposition(name: &str, ending: &str) -> String {
    if name.is_ascii() {
        return format!("attachment; filename=\"{name}.{ending}\"");
    }
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("attachment; filename*=UTF-8''{encoded}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_in_any_script() {
        assert_eq!(disposition("luodi-list", "csv"), "attachment; filename=\"luodi-list.csv\"");
        assert_eq!(disposition("月报", "xlsx"), "attachment; filename*=UTF-8''%E6%9C%88%E6%8A%A5.xlsx");
    }
}
