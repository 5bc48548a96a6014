//! The compiled table of a round as lines of JSON: a unit a line, its values in codes with every digit, and the totals last.

use crate::list_sheet::digits;
use app::{CellNow, Filing, LineTotal, ReportingLine, RoundDetail, line_unit};
use serde_json::{Map, Value as Json, json};

/// An object a unit, in the order of the table, and one for the totals.
pub(super) fn lines(round: &RoundDetail) -> Vec<Json> {
    let mut objects: Vec<Json> = round.filings.iter().map(|filing| unit(round, filing)).collect();
    let totals = round.lines.iter().zip(&round.totals).map(|(line, of)| total(line, of.as_ref()));
    objects.push(json!({ "total": true, "lines": totals.collect::<Vec<_>>() }));
    objects
}

fn unit(round: &RoundDetail, filing: &Filing) -> Json {
    let said = |line: &ReportingLine| {
        let of = round.cells.get(&(filing.record.id, line.id)).filter(|_| filing.state.is_filed());
        let mut object = asked(line);
        put(&mut object, "value", of.and_then(CellNow::value).map(|value| digits(value, line_unit(line))));
        put(&mut object, "said", of.map(|of| of.input.state.code().to_owned()));
        put(&mut object, "note", of.and_then(|of| of.input.note.clone()));
        put(&mut object, "figure", of.and_then(|of| Some(of.figure.as_ref()?.code.clone())));
        Json::Object(object)
    };
    json!({
        "unit": { "code": filing.unit.code, "title": filing.unit.title },
        "filing": filing.record.code,
        "state": filing.state.code(),
        "lines": round.lines.iter().map(said).collect::<Vec<_>>(),
    })
}

fn total(line: &ReportingLine, of: Option<&LineTotal>) -> Json {
    let mut object = asked(line);
    let counted = of.filter(|of| of.sum.count > 0);
    put(&mut object, "value", counted.map(|of| digits(of.sum.low, line_unit(line))));
    object.insert("counted".to_owned(), json!(of.map_or(0, |of| of.sum.count)));
    Json::Object(object)
}

/// What a line of the form asks for.
fn asked(line: &ReportingLine) -> Map<String, Json> {
    let of = &line.line;
    let mut object = Map::new();
    put(&mut object, "measure", Some(of.measure.code().to_owned()));
    put(&mut object, "role", Some(of.role.code().to_owned()));
    put(&mut object, "time_kind", Some(of.time_kind.code().to_owned()));
    put(&mut object, "unit", Some(line_unit(line).code().to_owned()));
    put(&mut object, "label", of.label.clone());
    object
}

fn put(object: &mut Map<String, Json>, key: &str, value: Option<String>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), Json::String(value));
    }
}
