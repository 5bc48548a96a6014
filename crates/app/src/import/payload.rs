//! What a row is to write, as it is kept between the preview and the writing.

use super::draft::DraftFigure;
use crate::entry::{LinkTo, Parts};
use domain::figure::Grain;
use domain::{Approx, Measure, Period, Quantity, Role, TimeKind, Unit};
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use store::RecordKind;

/// A figure that a row states, as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedFigure {
    /// The column it comes from, from 0.
    pub column: u16,
    pub measure: Measure,
    pub role: Role,
    pub quantity: Quantity,
    pub grain: Grain,
    pub period: Period,
    pub hosts: Vec<i64>,
    pub supporters: Vec<i64>,
    pub organisation: Option<i64>,
    pub note: Option<String>,
    /// The figure that it corrects.
    pub replaces: Option<i64>,
}

impl PlannedFigure {
    pub fn of(draft: &DraftFigure, organisation: Option<i64>) -> Self {
        Self {
            column: draft.column,
            measure: draft.measure,
            role: draft.role,
            quantity: draft.quantity,
            grain: draft.grain,
            period: Period { kind: draft.kind, from: draft.from, to: draft.to },
            hosts: draft.hosts.clone(),
            supporters: draft.supporters.clone(),
            organisation,
            note: draft.note.clone(),
            replaces: None,
        }
    }
}

/// What a row is to write.
#[derive(Debug, Clone, Default)]
pub(super) struct Payload {
    pub parts: Parts,
    pub figures: Vec<PlannedFigure>,
    /// Enterprises to register, by the field that names them, each with its role where the field holds several.
    pub register: Vec<(&'static str, String, String)>,
    /// Whether somebody has to decide what the row is.
    pub asks: bool,
    /// The record that it may be, which who decides may choose.
    pub candidate: Option<i64>,
}

impl Payload {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        let parts = &self.parts;
        parts.title.is_none()
            && parts.title_en.is_none()
            && parts.values.is_empty()
            && parts.links.is_empty()
            && parts.aliases.is_none()
            && parts.amount.is_none()
            && self.figures.is_empty()
            && self.register.is_empty()
    }

    pub fn to_json(&self) -> Json {
        let mut json = Map::new();
        let parts = &self.parts;
        let mut put =
            |key: &str, value: Option<Json>| json.extend(value.map(|value| (key.to_owned(), value)));
        put("title", parts.title.as_ref().map(|title| json!(title)));
        put("title_en", parts.title_en.as_ref().map(|title| json!(title)));
        put("aliases", parts.aliases.as_ref().map(|aliases| json!(aliases)));
        let values: Map<String, Json> = parts
            .values
            .iter()
            .map(|(code, value)| {
                ((*code).to_owned(), value.as_ref().map_or(Json::Null, store::value_to_json))
            })
            .collect();
        put("values", Some(Json::Object(values)).filter(|_| !parts.values.is_empty()));
        let links: Map<String, Json> = parts
            .links
            .iter()
            .map(|(code, links)| {
                let links: Vec<_> = links.iter().map(|link| json!([link.to, link.role])).collect();
                ((*code).to_owned(), json!(links))
            })
            .collect();
        put("links", Some(Json::Object(links)).filter(|_| !parts.links.is_empty()));
        put("amount", parts.amount.map(|amount| amount.map_or(Json::Null, quantity_json)));
        put(
            "figures",
            Some(self.figures.iter().map(figure_json).collect()).filter(|_| !self.figures.is_empty()),
        );
        let register: Vec<_> =
            self.register.iter().map(|(field, name, role)| json!([field, name, role])).collect();
        put("register", Some(json!(register)).filter(|_| !self.register.is_empty()));
        put("asks", self.asks.then_some(json!(true)));
        put("candidate", self.candidate.map(|id| json!(id)));
        Json::Object(json)
    }

    pub fn from_json(kind: RecordKind, json: &Json) -> Self {
        let text = |key: &str| json.get(key).map(|value| value.as_str().map(str::to_owned));
        let object = |key: &str| json.get(key).and_then(Json::as_object).into_iter().flatten();
        let array = |key: &str| json.get(key).and_then(Json::as_array).into_iter().flatten();
        let values = object("values").filter_map(|(code, value)| {
            let field = kind.field(code)?;
            Some((field.code, store::value_from_json(field, value)))
        });
        let link = |link: &Json| {
            Some(LinkTo { to: link.get(0)?.as_i64()?, role: link.get(1)?.as_str()?.to_owned() })
        };
        let links = object("links").filter_map(|(code, links)| {
            let links = links.as_array()?.iter().filter_map(link).collect();
            Some((kind.field(code)?.code, links))
        });
        let aliases = json.get("aliases").and_then(Json::as_array);
        let names =
            |all: &Vec<Json>| all.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        let parts = Parts {
            title: text("title").flatten(),
            title_en: text("title_en"),
            values: values.collect::<BTreeMap<_, _>>(),
            links: links.collect::<BTreeMap<_, _>>(),
            aliases: aliases.map(names),
            amount: json.get("amount").map(quantity_from),
        };
        let register = array("register").filter_map(|row| {
            let text = |at: usize| Some(row.get(at)?.as_str()?.to_owned());
            Some((kind.field(&text(0)?)?.code, text(1)?, text(2)?))
        });
        Self {
            parts,
            figures: array("figures").filter_map(figure_from).collect(),
            register: register.collect(),
            asks: json.get("asks").is_some(),
            candidate: json.get("candidate").and_then(Json::as_i64),
        }
    }
}

fn quantity_json(quantity: Quantity) -> Json {
    json!([quantity.low, quantity.high, quantity.unit.code(), quantity.approx.code()])
}

fn quantity_from(json: &Json) -> Option<Quantity> {
    Some(Quantity {
        low: json.get(0)?.as_i64()?,
        high: json.get(1)?.as_i64(),
        unit: Unit::from_code(json.get(2)?.as_str()?)?,
        approx: Approx::from_code(json.get(3)?.as_str()?)?,
    })
}

fn figure_json(figure: &PlannedFigure) -> Json {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    json!({
        "c": figure.column, "m": figure.measure.code(), "r": figure.role.code(), "q": quantity_json(figure.quantity),
        "g": figure.grain.code(), "t": figure.period.kind.code(), "f": day(figure.period.from), "e": day(figure.period.to),
        "h": figure.hosts, "s": figure.supporters, "o": figure.organisation, "n": figure.note, "p": figure.replaces,
    })
}

fn figure_from(json: &Json) -> Option<PlannedFigure> {
    let text = |key: &str| json.get(key).and_then(Json::as_str);
    let day = |key: &str| text(key).and_then(|day| day.parse().ok());
    let ids = |key: &str| -> Vec<i64> {
        json.get(key).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_i64).collect()
    };
    Some(PlannedFigure {
        column: u16::try_from(json.get("c")?.as_u64()?).ok()?,
        measure: Measure::from_code(text("m")?)?,
        role: Role::from_code(text("r")?)?,
        quantity: quantity_from(json.get("q")?)?,
        grain: Grain::from_code(text("g")?)?,
        period: Period { kind: TimeKind::from_code(text("t")?)?, from: day("f"), to: day("e") },
        hosts: ids("h"),
        supporters: ids("s"),
        organisation: json.get("o").and_then(Json::as_i64),
        note: text("n").map(str::to_owned),
        replaces: json.get("p").and_then(Json::as_i64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::record::Value;
    use jiff::civil::date;

    #[test]
    fn what_a_row_is_to_write_is_kept_as_it_is() {
        let quantity = Quantity { low: 5, high: Some(7), unit: Unit::cny(), approx: Approx::About };
        let payload = Payload {
            parts: Parts {
                title: Some("砾石\"厂".into()),
                title_en: Some(None),
                values: BTreeMap::from([
                    ("region", Some(Value::Id(7))),
                    ("signed_on", Some(Value::Day(date(2026, 1, 2)))),
                    ("note", None),
                ]),
                links: BTreeMap::from([("party", vec![LinkTo { to: 3, role: "builder".into() }])]),
                aliases: Some(vec!["甲".into()]),
                amount: Some(Some(quantity)),
            },
            figures: vec![PlannedFigure {
                column: 9,
                measure: Measure::WorksCompleted,
                role: Role::Actual,
                quantity,
                grain: Grain::Stated,
                period: Period { kind: TimeKind::Cumulative, from: None, to: Some(date(2026, 6, 30)) },
                hosts: vec![1, 2],
                supporters: vec![],
                organisation: None,
                note: Some("备注".into()),
                replaces: Some(4),
            }],
            register: vec![("investor", "戈壁有限公司".into(), String::new())],
            asks: true,
            candidate: Some(8),
        };
        let json = payload.to_json();
        let again = Payload::from_json(RecordKind::Project, &json);
        assert_eq!(again.to_json(), json);
        assert_eq!((again.parts.values, again.figures), (payload.parts.values, payload.figures));
        assert!(Payload::from_json(RecordKind::Project, &json!({})).is_empty());
    }
}
