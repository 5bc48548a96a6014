//! What must hold between the fields of a record.

use crate::access::Actor;
use crate::entry::form::Problem;
use crate::entry::save::Parts;
use crate::entry::{agreement, lead};
use crate::error::Result;
use crate::project;
use domain::record::{FieldType, Value};
use store::{Entry, RecordKind, Tx};

/// Pairs of days of which the second is not before the first.
const ORDERED: &[(&str, &str)] = &[
    ("date_from", "date_to"),
    ("valid_from", "valid_to"),
    ("issued_on", "valid_to"),
    ("signed_on", "valid_to"),
    ("signed_on", "rescinded_on"),
    ("since", "until"),
    ("start_planned", "complete_planned"),
    ("complete_planned", "production_planned"),
    ("started_on", "completed_on"),
    ("plan_from", "plan_to"),
    ("completed_on", "accepted_on"),
    ("accepted_on", "handed_over_on"),
    ("started_on", "production_on"),
    ("production_on", "capacity_on"),
    ("filed_on", "granted_on"),
    ("found_on", "solved_on"),
    ("asked_on", "answered_on"),
];

/// A hundred percent, in the scale of the unit.
const WHOLE_PERCENT: i64 = 1_000_000;

/// Rules within a form, together with what is stored already.
pub(crate) fn check_values(
    kind: RecordKind,
    parts: &Parts,
    before: Option<&Entry>,
    problems: &mut Vec<Problem>,
) {
    for (first, last) in ORDERED {
        let day = |field| parts.value(field, before).and_then(Value::day);
        if let (Some(from), Some(to)) = (day(first), day(last))
            && to < from
            && (parts.values.contains_key(first) || parts.values.contains_key(last))
        {
            problems.push(Problem::hinting(last, "order", from));
        }
    }
    let number = |field| parts.value(field, before).and_then(Value::int);
    if let (RecordKind::Park, Some(total), Some(free)) = (kind, number("land_total"), number("land_free"))
        && free > total
    {
        problems.push(Problem::new("land_free", "too-large"));
    }
    if let Some(Some(Value::Int(percent))) = parts.values.get("progress")
        && *percent > WHOLE_PERCENT
    {
        problems.push(Problem::new("progress", "over-hundred"));
    }
    if let Some(Some(Value::Text(address))) = parts.values.get("website")
        && !is_web_address(address)
    {
        problems.push(Problem::new("website", "web-address"));
    }
    if kind == RecordKind::ReportingTask {
        crate::reporting::check(parts, before, problems);
    }
    if let Some(field) = names_itself(kind, parts, before) {
        problems.push(Problem::new(field, "itself"));
    }
}

/// `https://`, `http://` or nothing, then a host with a point in it, and what follows it.
fn is_web_address(text: &str) -> bool {
    let rest = match text.split_once("://") {
        Some(("http" | "https", rest)) => rest,
        Some(_) => return false,
        None => text,
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    name.contains('.')
        && name.split('.').all(is_label)
        && port.parse::<u16>().is_ok()
        && !text.contains(char::is_whitespace)
}

/// Rules of a kind that ask what else is stored; `parts` come with the reason of the change.
pub(crate) async fn check(
    tx: &mut Tx,
    by: (&Actor, i64),
    kind: RecordKind,
    (parts, reason): (&mut Parts, &str),
    before: Option<&Entry>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    match kind {
        RecordKind::Agreement => agreement::check(tx, parts, reason, before, problems).await,
        RecordKind::Project => project::check(tx, parts, before, problems).await,
        RecordKind::Lead => lead::check(tx, by, parts, before, problems).await,
        _ => Ok(()),
    }
}

/// Every rule of a kind, for what comes without a form.
pub(crate) async fn check_rules(
    tx: &mut Tx,
    by: (&Actor, i64),
    kind: RecordKind,
    parts: &mut Parts,
    before: Option<&Entry>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    check_values(kind, parts, before, problems);
    check(tx, by, kind, (parts, ""), before, problems).await
}

fn names_itself(kind: RecordKind, parts: &Parts, before: Option<&Entry>) -> Option<&'static str> {
    let id = before?.record.id;
    let fields = kind.fields().iter();
    fields
        .filter(|field| matches!(field.kind, FieldType::Record(of) if of == kind))
        .map(|field| field.code)
        .find(|code| parts.values.get(code).and_then(|value| value.as_ref()?.id()) == Some(id))
}

#[cfg(test)]
mod tests {
    use super::is_web_address;

    #[test]
    fn an_address_is_a_host_or_begins_with_http() {
        for right in
            ["www.example.com", "example.com:8080/a?b=1#c", "https://公司.example/产品", "http://example.cn"]
        {
            assert!(is_web_address(right), "{right}");
        }
        for wrong in [
            "javascript:alert(1)",
            "ftp://example.com",
            "javascript://a.b",
            "网址",
            "a b.com",
            "https://",
            ".com",
        ] {
            assert!(!is_web_address(wrong), "{wrong}");
        }
    }
}
