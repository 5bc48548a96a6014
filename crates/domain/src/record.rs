//! What records are: their kinds, fields and choices, described by `data/records.tsv` and compiled in.
//!
//! A record is one row of `record` and one row of its kind's table. Amounts are no fields: they are figures whose subject
//! the record is (law 3); [`AmountInfo`] says which figure a form of the kind asks for.

use crate::quantity::{QuantityError, to_scale, typed_number};
use crate::sector::Sector;
use crate::{Measure, Role, Unit};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use thiserror::Error;

include!(concat!(env!("OUT_DIR"), "/records.rs"));

/// Longest value of a field of one line, in characters.
pub const MAX_TEXT_CHARS: usize = 500;
/// Longest value of a field of several lines, in characters.
pub const MAX_LONG_CHARS: usize = 10_000;
/// Days of records lie between these: nothing that a programme works with is older or further off.
pub const DAYS: (Date, Date) = (date(1900, 1, 1), date(2199, 12, 31));

/// A kind of record.
#[derive(Debug)]
pub struct KindInfo {
    code: &'static str,
    prefix: &'static str,
    zh: &'static str,
    en: &'static str,
    group: Group,
    amount: Option<AmountInfo>,
    moves: &'static [Move],
    fields: &'static [FieldInfo],
}

/// A step from one status of a record to another.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// Code of the status it begins at.
    pub from: &'static str,
    /// Code of the status it leads to.
    pub to: &'static str,
    /// What it asks for: codes of fields, and `reason`.
    pub asks: &'static [&'static str],
}

/// Where a kind stands in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Documents and figures, which have pages of their own.
    Evidence,
    /// The project library 项目库.
    Library,
    /// Industry projects with what belongs to them 产业项目.
    Projects,
    /// Aid projects and their contracts 援助资金.
    Aid,
    /// Agreements and events 协议.
    Agreements,
    /// The registers 名录.
    Registers,
}

/// One field of a kind.
#[derive(Debug)]
pub struct FieldInfo {
    /// Stable code, unique within the kind.
    pub code: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// English label.
    pub en: &'static str,
    /// What it holds.
    pub kind: FieldType,
    /// A record of the kind cannot be without it.
    pub required: bool,
    /// A column of the list unless others are chosen.
    pub list: bool,
    /// Lists filter by it.
    pub filter: bool,
    /// Lists sort by it.
    pub sort: bool,
    /// Its region, or the party regions of the record it names, are party regions of this record.
    pub party: bool,
    /// It tells records of the kind apart.
    pub key: bool,
    /// Part of the page that everybody may see.
    pub open: bool,
    /// The page of a record names it while it is missing.
    pub due: bool,
    /// About a person: never copied into the audit (law 8).
    pub personal: bool,
    /// A fact of the thing itself: the same in every programme that has a record of it.
    pub shared: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Several lines of text.
    Long,
    /// A unified social credit code, checked by GB 32100.
    Uscc,
    /// A section or division of GB/T 4754, by its path: `C`, `C17`.
    Sector,
    /// One of a list.
    Choice(&'static [Choice]),
    /// A stage of the programme's projects, by its code.
    Stage,
    /// A region, by its id.
    Region,
    /// A record of a kind, by its id.
    Record(RecordKind),
    /// A day.
    Date,
    /// Yes or no.
    Flag,
    /// An integer in the scale of the unit with this code.
    Quantity(&'static str),
    /// Several records of a kind, each in a role of the list. Not a column: each is a link of its own.
    Links(RecordKind, &'static [Choice]),
}

/// One value of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// The list it belongs to.
    pub list: &'static str,
    /// Stable code.
    pub code: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// English label.
    pub en: &'static str,
    /// Tone of a status, measure of an agreement kind's amount, or `parties`; may be empty.
    pub extra: &'static str,
}

impl Choice {
    /// Whether documents of this class are open to the parties, the verifier and the auditor alone (DESIGN law 5).
    #[must_use]
    pub fn is_for_parties(&self) -> bool {
        self.extra == "parties"
    }
}

/// The figure that a form of a kind asks for.
#[derive(Debug, Clone, Copy)]
pub struct AmountInfo {
    /// Its measure.
    pub measure: AmountOf,
    /// Its role.
    pub role: Role,
    /// Chinese label.
    pub zh: &'static str,
    /// English label.
    pub en: &'static str,
}

/// How the amount of a record stands, by its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not signed yet: what is planned, which no total counts.
    Planned,
    /// It holds.
    Holding,
    /// Another record took its place, an upgrade or a renewal.
    Succeeded,
    /// Rescinded: it was, and no longer counts.
    Over,
}

/// Which measure the amount of a record has.
#[derive(Debug, Clone, Copy)]
pub enum AmountOf {
    /// Always the same.
    Measure(Measure),
    /// The one that the choice of this field names: an intent's amount is never a contract's.
    ByChoice(&'static str),
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, a choice, a sector or a credit code.
    Text(String),
    /// A quantity in its unit's scale; 0 or 1 for a flag.
    Int(i64),
    /// A day.
    Day(Date),
    /// A region or record.
    Id(i64),
}

/// The known values of a record by the code of their field; what is not in it is unknown.
pub type Values = BTreeMap<&'static str, Value>;

/// Why a text is no value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ValueError {
    /// Longer than the field takes.
    #[error("longer than {0} characters")]
    TooLong(usize),
    /// Not one of the list.
    #[error("not one of the list")]
    Unknown,
    /// No day as 2024-05-31.
    #[error("not a day")]
    NotADay,
    /// A day outside [`DAYS`].
    #[error("a day outside the years that records know")]
    FarDay,
    /// No number.
    #[error("not a number")]
    NotANumber,
    /// Below zero.
    #[error("below zero")]
    Negative,
    /// Not to be kept in the unit.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
}

/// Every list of choices of `data/records.tsv`.
pub fn choice_lists() -> impl Iterator<Item = &'static [Choice]> {
    CHOICES.iter().copied()
}

/// The choice of a list with this code, if there is one.
#[must_use]
pub fn choice_of(list: &str, code: &str) -> Option<&'static Choice> {
    choice_lists().flatten().find(|choice| choice.list == list && choice.code == code)
}

/// What documents may be (list `document_class`); the first is what one is until somebody says.
///
/// # Panics
/// Never: `data/records.tsv` has the list, which a test holds.
#[must_use]
pub fn document_classes() -> &'static [Choice] {
    choice_lists()
        .find(|list| list.iter().all(|of| of.list == "document_class"))
        .expect("the list is in the data")
}

/// The class of documents with this code.
#[must_use]
pub fn document_class(code: &str) -> Option<&'static Choice> {
    document_classes().iter().find(|class| class.code == code)
}

impl RecordKind {
    fn info(self) -> &'static KindInfo {
        &KINDS[self as usize]
    }

    /// The stable code used in addresses and the database; also the name of the kind's table.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.info().code
    }

    /// What the codes of its records begin with.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        self.info().prefix
    }

    /// The Chinese label.
    #[must_use]
    pub fn zh(self) -> &'static str {
        self.info().zh
    }

    /// The English label.
    #[must_use]
    pub fn en(self) -> &'static str {
        self.info().en
    }

    /// Where it stands in the navigation.
    #[must_use]
    pub fn group(self) -> Group {
        self.info().group
    }

    /// Its fields, in the order of forms.
    #[must_use]
    pub fn fields(self) -> &'static [FieldInfo] {
        self.info().fields
    }

    /// The figure its form asks for.
    #[must_use]
    pub fn amount(self) -> Option<AmountInfo> {
        self.info().amount
    }

    /// The steps that a record with this status may take.
    pub fn moves(self, status: &str) -> impl Iterator<Item = &'static Move> {
        self.info().moves.iter().filter(move |step| step.from == status)
    }

    /// The field that says in which state its records are: their status, or the stage of a project.
    #[must_use]
    pub fn state(self) -> Option<&'static FieldInfo> {
        self.fields().iter().find(|field| field.code == "status" || matches!(field.kind, FieldType::Stage))
    }

    /// The field with this code.
    #[must_use]
    pub fn field(self, code: &str) -> Option<&'static FieldInfo> {
        self.fields().iter().find(|field| field.code == code)
    }

    /// The kind with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The kinds that are described by fields: all but documents, figures and filings.
    pub fn described() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|kind| kind.group() != Group::Evidence)
    }
}

impl AmountInfo {
    /// Whether a figure of this measure can be the amount of a record of the kind; its other figures are of other measures.
    #[must_use]
    pub fn covers(&self, kind: RecordKind, measure: Measure) -> bool {
        match self.measure {
            AmountOf::Measure(of) => of == measure,
            AmountOf::ByChoice(field) => match kind.field(field).map(|field| field.kind) {
                Some(FieldType::Choice(list)) => list.iter().any(|choice| choice.extra == measure.code()),
                _ => false,
            },
        }
    }

    /// How the amount of a record with these values stands.
    #[must_use]
    pub fn standing(&self, values: &Values) -> Standing {
        match values.get("status").and_then(Value::text) {
            Some("draft") => Standing::Planned,
            Some("upgraded" | "renewed") => Standing::Succeeded,
            Some("rescinded") => Standing::Over,
            _ => Standing::Holding,
        }
    }

    /// The role of the figure of a record with these values: what is not signed yet is a target.
    #[must_use]
    pub fn role_of(&self, values: &Values) -> Role {
        if self.standing(values) == Standing::Planned { Role::Target } else { self.role }
    }

    /// The measure of a record with these values; none while the choice that names it is unknown.
    #[must_use]
    pub fn measure_of(&self, kind: RecordKind, values: &Values) -> Option<Measure> {
        match self.measure {
            AmountOf::Measure(measure) => Some(measure),
            AmountOf::ByChoice(field) => {
                let (Some(Value::Text(code)), FieldType::Choice(list)) =
                    (values.get(field), kind.field(field)?.kind)
                else {
                    return None;
                };
                Measure::from_code(list.iter().find(|choice| choice.code == code)?.extra)
            }
        }
    }
}

impl FieldInfo {
    /// The column of the kind's table that holds it; none for links.
    #[must_use]
    pub fn column(&self) -> Option<String> {
        match self.kind {
            FieldType::Region | FieldType::Record(_) => Some(format!("{}_id", self.code)),
            FieldType::Links(..) => None,
            _ => Some(self.code.to_owned()),
        }
    }

    /// A typed text as a value of the field. Regions and records are looked up by who knows them, not here; a credit code
    /// is taken as text. An empty text is no value and is not given here.
    ///
    /// # Errors
    /// [`ValueError`] where the text is no value of the field.
    pub fn parse(&self, text: &str) -> Result<Value, ValueError> {
        match self.kind {
            FieldType::Sector => {
                let sector = Sector::from_code(text).ok_or(ValueError::Unknown)?;
                Ok(Value::Text(sector.path()))
            }
            FieldType::Text | FieldType::Uscc | FieldType::Stage => bounded(text, MAX_TEXT_CHARS),
            FieldType::Long => bounded(text, MAX_LONG_CHARS),
            FieldType::Choice(list) | FieldType::Links(_, list) => {
                let known = list.iter().find(|choice| choice.code == text).ok_or(ValueError::Unknown)?;
                Ok(Value::Text(known.code.to_owned()))
            }
            FieldType::Date => {
                let day: Date = text.parse().map_err(|_| ValueError::NotADay)?;
                if (DAYS.0..=DAYS.1).contains(&day) { Ok(Value::Day(day)) } else { Err(ValueError::FarDay) }
            }
            FieldType::Flag => match text {
                "1" => Ok(Value::Int(1)),
                "0" => Ok(Value::Int(0)),
                _ => Err(ValueError::Unknown),
            },
            FieldType::Quantity(unit) => {
                let unit = Unit::from_code(unit).ok_or(ValueError::Unknown)?;
                let number = typed_number(text).ok_or(ValueError::NotANumber)?;
                if number.is_sign_negative() {
                    Err(ValueError::Negative)
                } else {
                    Ok(Value::Int(to_scale(number, unit)?))
                }
            }
            FieldType::Region | FieldType::Record(_) => {
                text.parse().map(Value::Id).map_err(|_| ValueError::Unknown)
            }
        }
    }

    /// The choice that a value of this field stands for.
    #[must_use]
    pub fn choice(&self, value: &Value) -> Option<&'static Choice> {
        match (self.kind, value) {
            (FieldType::Choice(list), Value::Text(code)) => list.iter().find(|choice| choice.code == code),
            _ => None,
        }
    }
}

fn bounded(text: &str, limit: usize) -> Result<Value, ValueError> {
    if text.chars().count() > limit {
        Err(ValueError::TooLong(limit))
    } else {
        Ok(Value::Text(text.to_owned()))
    }
}

impl Value {
    /// The text of a text value.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The id of a region or record.
    #[must_use]
    pub fn id(&self) -> Option<i64> {
        if let Self::Id(id) = self { Some(*id) } else { None }
    }

    /// The day of a day value.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        if let Self::Day(day) = self { Some(*day) } else { None }
    }

    /// The integer of a quantity or flag.
    #[must_use]
    pub fn int(&self) -> Option<i64> {
        if let Self::Int(int) = self { Some(*int) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn kinds_stand_in_the_order_of_their_table_and_have_codes_of_their_own() {
        let mut prefixes = BTreeSet::new();
        for kind in RecordKind::ALL {
            assert_eq!(RecordKind::from_code(kind.code()), Some(*kind));
            assert_eq!(camel(kind.code()), format!("{kind:?}"));
            assert!(prefixes.insert(kind.prefix()), "{kind:?}");
            let codes: BTreeSet<_> = kind.fields().iter().map(|field| field.code).collect();
            assert_eq!(codes.len(), kind.fields().len(), "{kind:?} names a field twice");
        }
    }

    fn camel(code: &str) -> String {
        code.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
    }

    #[test]
    fn units_sectors_measures_and_statuses_that_the_description_names_exist() {
        for field in RecordKind::ALL.iter().flat_map(|kind| kind.fields()) {
            if let FieldType::Quantity(unit) = field.kind {
                assert!(Unit::from_code(unit).is_some(), "{unit}");
            }
        }
        for kind in RecordKind::ALL {
            for step in kind.info().moves {
                let status = kind.field("status").expect("a kind that moves has a status");
                assert!(
                    status.parse(step.from).is_ok() && status.parse(step.to).is_ok(),
                    "{kind:?} {step:?}"
                );
                assert!(
                    step.asks.iter().all(|ask| *ask == "reason" || kind.field(ask).is_some()),
                    "{step:?}"
                );
            }
        }
        for choice in AGREEMENT_KIND {
            assert!(Measure::from_code(choice.extra).is_some(), "{}", choice.code);
        }
    }

    #[test]
    fn an_intent_and_a_contract_have_amounts_of_their_own_measures() {
        let amount = RecordKind::Agreement.amount().expect("agreements have amounts");
        let of = |kind: &str| {
            let values = Values::from([("kind", Value::Text(kind.to_owned()))]);
            amount.measure_of(RecordKind::Agreement, &values)
        };
        assert_eq!(of("intent"), Some(Measure::SignedIntent));
        assert_eq!(of("framework"), Some(Measure::SignedIntent));
        assert_eq!(of("investment"), Some(Measure::SignedContract));
        assert_eq!(of("purchase"), Some(Measure::PurchaseContracted));
        assert_eq!(amount.measure_of(RecordKind::Agreement, &Values::new()), None);
    }

    #[test]
    fn what_is_not_signed_yet_is_a_target_and_what_is_over_is_not_planned_anew() {
        let amount = RecordKind::Agreement.amount().expect("agreements have amounts");
        let of = |status: &str| {
            let values = Values::from([("status", Value::Text(status.to_owned()))]);
            (amount.standing(&values), amount.role_of(&values))
        };
        assert_eq!(of("draft"), (Standing::Planned, Role::Target));
        assert_eq!(of("signed"), (Standing::Holding, Role::Actual));
        assert_eq!(of("expired"), (Standing::Holding, Role::Actual));
        assert_eq!(of("upgraded"), (Standing::Succeeded, Role::Actual));
        assert_eq!(of("rescinded"), (Standing::Over, Role::Actual));
        assert!(amount.covers(RecordKind::Agreement, Measure::SignedIntent));
        assert!(!amount.covers(RecordKind::Agreement, Measure::FundsArrived));
    }

    #[test]
    fn texts_become_values_or_say_why_not() {
        let of = |kind: RecordKind, field: &str, text: &str| kind.field(field).expect("a field").parse(text);
        let land = |text| of(RecordKind::Park, "land_total", text);
        assert_eq!(land("1,200.5"), Ok(Value::Int(120_050)));
        assert_eq!(land("-3"), Err(ValueError::Negative));
        assert_eq!(land("很多"), Err(ValueError::NotANumber));
        assert!(matches!(land("1.005"), Err(ValueError::Quantity(QuantityError::TooFine { .. }))));
        assert!(matches!(
            land("99999999999999999"),
            Err(ValueError::Quantity(QuantityError::TooLarge { .. }))
        ));
        let day = |text| of(RecordKind::Event, "date_from", text);
        assert_eq!(day("2024-05-13"), Ok(Value::Day(date(2024, 5, 13))));
        assert_eq!(day("2024-02-30"), Err(ValueError::NotADay));
        assert_eq!(day("1024-02-03"), Err(ValueError::FarDay));
        assert_eq!(day("9999-12-31"), Err(ValueError::FarDay));
        assert_eq!(of(RecordKind::Park, "kind", "castle"), Err(ValueError::Unknown));
        let long = "长".repeat(MAX_TEXT_CHARS + 1);
        assert_eq!(of(RecordKind::Park, "power", &long), Err(ValueError::TooLong(MAX_TEXT_CHARS)));
    }
}
