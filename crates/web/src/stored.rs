//! Stored values in words, as the audit shows them: codes by their labels, regions by their names, amounts in their
//! unit. What is not known here is shown as it is stored.

use crate::format;
use crate::labels::{self, Labels, one_line};
use crate::values;
use domain::record::{FieldInfo, FieldType, choice_of};
use domain::stage::{Fact, Milestone};
use domain::{Approx, Measure, Quantity, RecordKind, Role, TimeKind, Unit};
use locale::Locale;
use pages::Link;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Fields that hold the identity of a record.
const RECORD_FIELDS: &[&str] = &[
    "figure",
    "replaced_by",
    "replaces",
    "organisation",
    "event",
    "subject",
    "parent",
    "record",
    "from_record",
    "to_record",
    "merged_into",
];

/// The table of what links records, whose kinds and roles are those of fields.
const LINK: &str = "record_link";

/// What a link's kind, or its role in one, is called.
fn link_label(t: Locale, field: &str, code: &str) -> Option<&'static str> {
    let fields = || RecordKind::described().flat_map(|kind| kind.fields());
    if field == "kind" {
        let of = fields().find(|of| of.code == code && matches!(of.kind, FieldType::Links(..)));
        return of.map(|of| values::field_label(t, of));
    }
    let roles =
        fields().filter_map(|of| if let FieldType::Links(_, roles) = of.kind { Some(roles) } else { None });
    let role = roles.flatten().find(|role| role.code == code);
    role.filter(|_| field == "role").map(|role| labels::pick(t, role.zh, role.en))
}

/// The field of a form that a stored one is.
fn field_of(entity: &str, field: &str) -> Option<&'static FieldInfo> {
    RecordKind::described()
        .find(|kind| kind.code() == entity)?
        .field(field.strip_suffix("_id").unwrap_or(field))
}

/// Whether a field holds the identity of a record.
fn is_record(entity: &str, field: &str) -> bool {
    match field_of(entity, field) {
        Some(of) => matches!(of.kind, FieldType::Record(_)),
        None => RECORD_FIELDS.contains(&field) || (entity == LINK && matches!(field, "from" | "to")),
    }
}

/// The records that a stored value names, itself or in the fields of its row.
pub(crate) fn records(entity: &str, field: &str, value: &Value) -> Vec<i64> {
    let named = |field: &str, value: &Value| value.as_i64().filter(|_| is_record(entity, field));
    match value {
        Value::Object(fields) => fields.iter().filter_map(|(field, value)| named(field, value)).collect(),
        value => named(field, value).into_iter().collect(),
    }
}

/// The label of a field: of a record as its form has it.
pub(crate) fn field_label<'a>(t: Locale, entity: &str, field: &'a str) -> &'a str {
    match (field_of(entity, field), field) {
        (Some(of), _) => return values::field_label(t, of),
        (None, "title") => return t.title_label(),
        (None, "title_en") => return t.title_en_label(),
        (None, "aliases") => return t.record_names(),
        (None, "to") if entity == LINK => return t.field_to_record(),
        _ => {}
    }
    t.by_key(&format!("field_{field}")).or_else(|| t.by_key(field)).unwrap_or(field)
}

/// The label of a table.
pub(crate) fn entity_label(t: Locale, entity: &str) -> &str {
    if let Some(kind) = RecordKind::described().find(|kind| kind.code() == entity) {
        return values::kind_label(t, kind);
    }
    let key = |prefix: &str| t.by_key(&format!("{prefix}_{entity}"));
    key("kind").or_else(|| key("entity")).unwrap_or(entity)
}

/// The label of `table.field`, or of a table.
pub(crate) fn place_label(t: Locale, place: &str) -> String {
    match place.split_once('.') {
        Some((entity, field)) => format!("{} · {}", entity_label(t, entity), field_label(t, entity, field)),
        None => entity_label(t, place).to_owned(),
    }
}

/// What is needed to put stored values into words.
pub(crate) struct Words<'a> {
    pub labels: &'a Labels,
    /// Links to records by their identity.
    pub links: &'a HashMap<i64, Link>,
}

impl Words<'_> {
    /// The label of a field.
    pub(crate) fn field(&self, entity: &str, field: &str) -> String {
        field_label(self.labels.locale, entity, field).to_owned()
    }

    /// What the key of a row of settings names: a region, a choice, a switch. None for a field of anything else.
    pub(crate) fn key(&self, entity: &str, key: &str) -> Option<String> {
        let t = self.labels.locale;
        match entity {
            "programme_region" => {
                self.labels.names.region_coded(key).map(|region| self.labels.region(region.id))
            }
            "label" => {
                let (list, code) = key.split_once('.')?;
                choice_of(list, code).map(|choice| labels::pick(t, choice.zh, choice.en).to_owned())
            }
            "setting" => t.by_key(&format!("settings_{key}")).map(str::to_owned),
            "stage" | "programme_name" | "aid_share" => Some(key.to_owned()),
            _ => None,
        }
    }

    /// A value of a field; nothing is nothing, a row is its fields.
    pub(crate) fn value(&self, entity: &str, field: &str, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) if field == "correction" => match serde_json::from_str(text) {
                Ok(Value::Object(fields)) => self.row(entity, &fields),
                _ => text.clone(),
            },
            Value::String(text) => self.code(entity, field, text),
            Value::Object(fields) => self.row(entity, fields),
            Value::Array(values) => {
                let words = values.iter().map(|value| self.value(entity, field, value));
                words.collect::<Vec<_>>().join(", ")
            }
            Value::Number(_) => self.number(entity, field, value),
            Value::Bool(true) => self.labels.locale.value_true().to_owned(),
            Value::Bool(false) => self.labels.locale.value_false().to_owned(),
        }
    }

    fn number(&self, entity: &str, field: &str, value: &Value) -> String {
        let Some(number) = value.as_i64() else { return value.to_string() };
        let region = || Some(self.labels.region(number)).filter(|name| !name.is_empty());
        let t = self.labels.locale;
        let named = match (field_of(entity, field).map(|of| of.kind), field) {
            (Some(FieldType::Region), _) | (None, "region" | "other_region" | "hosts" | "supporters") => {
                region()
            }
            (Some(FieldType::Flag), _) => Some(if number == 1 { t.yes() } else { t.no() }.to_owned()),
            (Some(FieldType::Quantity(unit)), _) => {
                Unit::from_code(unit).map(|unit| one_line(&format::plain_amount(t, number, unit)))
            }
            _ if is_record(entity, field) => self.links.get(&number).map(|link| link.label.clone()),
            _ => None,
        };
        named.unwrap_or_else(|| number.to_string())
    }

    /// The fields of a row that say something; an amount is one of them.
    fn row(&self, entity: &str, fields: &Map<String, Value>) -> String {
        let amount = self.amount(fields);
        let mut words = Vec::new();
        if let Some(amount) = &amount {
            words.push(format!("{}: {amount}", self.labels.locale.value()));
        }
        for (field, value) in fields {
            let in_amount = amount.is_some() && ["low", "high", "unit", "approx"].contains(&field.as_str());
            let text = if in_amount { String::new() } else { self.value(entity, field, value) };
            if !text.is_empty() {
                words.push(format!("{}: {text}", self.field(entity, field)));
            }
        }
        words.join("\n")
    }

    fn amount(&self, fields: &Map<String, Value>) -> Option<String> {
        let text = |field: &str| fields.get(field).and_then(Value::as_str);
        let quantity = Quantity {
            low: fields.get("low")?.as_i64()?,
            high: fields.get("high").and_then(Value::as_i64),
            unit: Unit::from_code(text("unit")?)?,
            approx: Approx::from_code(text("approx")?)?,
        };
        Some(one_line(&format::amount(self.labels.locale, quantity)))
    }

    fn code(&self, entity: &str, field: &str, code: &str) -> String {
        let t = self.labels.locale;
        match field_of(entity, field) {
            Some(of) if matches!(of.kind, FieldType::Sector) => return values::sector_label(t, code),
            Some(of) if matches!(of.kind, FieldType::Stage) => return self.labels.stage(code).to_owned(),
            Some(of) => {
                let choice = of.choice(&domain::Value::Text(code.to_owned()));
                return choice.map_or(code, |choice| labels::pick(t, choice.zh, choice.en)).to_owned();
            }
            None if entity == LINK => {
                return link_label(t, field, code).unwrap_or_else(|| entity_label(t, code)).to_owned();
            }
            None => {}
        }
        let label = match field {
            _ if entity == "setting" => match code {
                "on" => Some(t.settings_on()),
                "wan" => Some(t.unit_wan_yuan()),
                "yi" => Some(t.unit_yi_yuan()),
                _ => None,
            },
            "side" => t.by_key(&format!("side_{code}")),
            "milestone" => Milestone::from_code(code).map(|of| labels::pick(t, of.zh(), of.en())),
            "facts" => Fact::from_code(code).map(|of| labels::pick(t, of.zh(), of.en())),
            "measure" => Measure::from_code(code).map(|of| labels::measure(t, of)),
            "role" => Role::from_code(code).map(|of| labels::role(t, of)),
            "unit" => Unit::from_code(code).map(|of| format::unit_label(t, of)),
            "approx" if code == "exact" => Some(t.approx_exact()),
            "approx" => Approx::from_code(code).map(|of| format::approx_word(t, of)),
            "period_kind" => TimeKind::from_code(code).map(|of| format::time_kind(t, of)),
            "state" if matches!(entity, "claim" | "project_claim") => t.by_key(&format!("claim_{code}")),
            "status" => t.by_key(&format!("status_{code}")),
            "kind" => t.by_key(&format!("entry_{code}")),
            "grain" => t.by_key(&format!("grain_{code}")),
            "state" if entity == "document" && code == "evidence" => Some(t.documents_evidence_only()),
            "state" if entity == "document" => t.by_key(&format!("documents_{code}")),
            "class" if entity == "document" => {
                choice_of("document_class", code).map(|of| labels::pick(t, of.zh, of.en))
            }
            "details" => t.by_key(&format!("details_{code}")),
            _ => None,
        };
        label.unwrap_or(code).to_owned()
    }
}
