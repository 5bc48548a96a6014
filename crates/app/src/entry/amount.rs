//! The amount that a form asks for: typed in a handy unit, kept as a figure of the record.

use crate::error::{Error, Result};
use domain::figure::Grain;
use domain::record::{AmountInfo, Value};
use domain::region::Side;
use domain::{Approx, Measure, Period, Quantity, QuantityError, TimeKind, Unit, Values};
use rust_decimal::Decimal;
use store::{Change, Entry, FigureEntry, NewFigure, RecordKind, Tx};

/// An amount as it was typed; an empty value withdraws what was entered before.
#[derive(Debug, Clone, Default)]
pub struct AmountInput {
    /// Decimal number of the unit.
    pub value: String,
    /// Upper end of a range, or empty.
    pub value_max: String,
    /// `yi` 亿元, `wan` 万元, or the code of a currency.
    pub unit: String,
    /// Code of the approximation; empty is exact.
    pub approx: String,
}

/// The typed amount as a quantity; none where nothing was typed.
pub(crate) fn parse(input: &AmountInput) -> std::result::Result<Option<Quantity>, &'static str> {
    if input.value.trim().is_empty() {
        return Ok(None);
    }
    let (unit, scale) = match input.unit.as_str() {
        "yi" => (Unit::cny(), 100_000_000),
        "wan" | "" => (Unit::cny(), 10_000),
        code => (Unit::from_code(code).ok_or("unit")?, 1),
    };
    let number = |text: &str| {
        let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
        let number: Decimal = plain.parse().map_err(|_| "number")?;
        let number = number.checked_mul(Decimal::from(scale)).ok_or("too-large")?;
        if number.is_sign_negative() { Err("negative") } else { Ok(number) }
    };
    let low = number(&input.value)?;
    let high = if input.value_max.trim().is_empty() { None } else { Some(number(&input.value_max)?) };
    let approx = if input.approx.is_empty() { Some(Approx::Exact) } else { Approx::from_code(&input.approx) };
    Quantity::new(low, high, unit, approx.ok_or("unknown")?).map(Some).map_err(|error| match error {
        QuantityError::TooFine { .. } => "too-fine",
        QuantityError::TooLarge { .. } => "too-large",
        QuantityError::EmptyRange => "order",
    })
}

/// Brings the figure of a record's amount to what the record says now: enters one, replaces one that differs, withdraws one
/// whose amount was taken away. `wanted` is the amount of the form; none keeps the present one.
pub(crate) async fn settle(
    tx: &mut Tx,
    change: &Change,
    entry: &Entry,
    wanted: Option<Option<Quantity>>,
    reason: &str,
) -> Result<()> {
    let kind = entry.record.kind;
    let Some(amount) = kind.amount() else { return Ok(()) };
    let standing = standing(tx, kind, amount, entry.record.id).await?;
    let present = standing.first();
    let quantity = wanted.unwrap_or_else(|| present.map(|entry| entry.figure.quantity));
    let measure = amount.measure_of(kind, &entry.values);
    let new = match (quantity, measure) {
        (Some(quantity), Some(measure)) => {
            Some(figure(tx, change, entry, (measure, amount.role), quantity).await?)
        }
        _ => None,
    };
    match (present, new) {
        (None, None) => Ok(()),
        (None, Some(new)) => {
            // What an upgrade replaces is the intent's figure: both stay, one counts.
            let upgraded = upgraded(tx, entry, amount).await?;
            store::figure_insert(tx, change, &NewFigure { replaces: upgraded, ..new }).await?;
            Ok(())
        }
        (Some(old), None) => {
            let withdrawn = domain::figure::Status::Withdrawn;
            Ok(store::figure_set_status(tx, change, old.figure.id, withdrawn, Some(reason)).await?)
        }
        (Some(old), Some(new)) if same(old, &new) => Ok(()),
        (Some(old), Some(new)) => {
            let note = Some(reason.to_owned()).filter(|reason| !reason.is_empty());
            let new = NewFigure { replaces: Some(old.figure.id), note, ..new };
            let replaced = store::figure_insert(tx, change, &new).await.map_err(Error::from)?;
            for evidence in store::figure_evidence_list(tx, old.figure.id).await? {
                store::figure_evidence_attach(tx, change, replaced.figure.id, evidence.id).await?;
            }
            Ok(())
        }
    }
}

/// The standing figures of a record's amount, not those of what was carried out since.
async fn standing(
    tx: &mut Tx,
    kind: RecordKind,
    amount: AmountInfo,
    record: i64,
) -> Result<Vec<FigureEntry>> {
    let all = store::figure_list_standing(tx, record, amount.role).await?;
    Ok(all.into_iter().filter(|old| amount.covers(kind, old.figure.measure)).collect())
}

/// The standing figure of the intent that this record upgrades.
async fn upgraded(tx: &mut Tx, entry: &Entry, amount: AmountInfo) -> Result<Option<i64>> {
    match entry.id("upgrades") {
        Some(intent) => {
            let standing = standing(tx, entry.record.kind, amount, intent).await?;
            Ok(standing.first().filter(|old| old.replaced_by.is_none()).map(|old| old.figure.id))
        }
        None => Ok(None),
    }
}

pub(super) async fn figure(
    tx: &mut Tx,
    change: &Change,
    entry: &Entry,
    (measure, role): (Measure, domain::Role),
    quantity: Quantity,
) -> Result<NewFigure> {
    let regions = store::party_region_list(tx, entry.record.id).await?;
    let of = |side| regions.iter().filter(|(_, of)| *of == side).map(|(region, _)| *region).collect();
    let parties = store::link_list(tx, entry.record.id).await?;
    let investor = parties.iter().find(|link| link.kind == "party" && link.role == "investor");
    Ok(NewFigure {
        measure,
        quantity,
        role,
        grain: Grain::Item,
        hosts: of(Side::Host),
        supporters: of(Side::Supporting),
        organisation: investor.map(|link| link.record.id).or(entry.id("organisation")),
        event: entry.id("event"),
        subject: Some(entry.record.id),
        period: period(&entry.values, change),
        phrase: None,
        published: None,
        replaces: None,
        note: None,
    })
}

/// An agreement's amount belongs to the day it was signed; what is sought holds as of the day it was written.
fn period(values: &Values, change: &Change) -> Period {
    match values.get("signed_on").and_then(Value::day) {
        Some(day) => Period { kind: TimeKind::Flow, from: Some(day), to: Some(day) },
        None if values.contains_key("kind") => Period { kind: TimeKind::Flow, from: None, to: None },
        None => Period { kind: TimeKind::Stock, from: Some(change.day), to: Some(change.day) },
    }
}

/// Whether a standing figure says what the new one would. The day on which a target was written does not make it another.
fn same(old: &FigureEntry, new: &NewFigure) -> bool {
    let sorted = |regions: &[i64]| {
        let mut regions = regions.to_vec();
        regions.sort_unstable();
        regions
    };
    let figure = &old.figure;
    figure.measure == new.measure
        && figure.quantity == new.quantity
        && sorted(&figure.hosts) == sorted(&new.hosts)
        && sorted(&figure.supporters) == sorted(&new.supporters)
        && figure.organisation == new.organisation
        && figure.event == new.event
        && (figure.period == new.period || new.period.kind == TimeKind::Stock)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(value: &str, value_max: &str, unit: &str) -> AmountInput {
        AmountInput {
            value: value.into(),
            value_max: value_max.into(),
            unit: unit.into(),
            approx: String::new(),
        }
    }

    #[test]
    fn amounts_are_typed_in_handy_units_and_kept_exactly() {
        let low = |of: &AmountInput| parse(of).map(|amount| amount.map(|amount| (amount.low, amount.high)));
        assert_eq!(low(&input("1.2", "", "yi")), Ok(Some((12_000_000_000, None))));
        assert_eq!(low(&input("1,200", "", "wan")), Ok(Some((1_200_000_000, None))));
        assert_eq!(low(&input("3", "5", "yi")), Ok(Some((30_000_000_000, Some(50_000_000_000)))));
        assert_eq!(low(&input(" ", "", "yi")), Ok(None));
    }

    #[test]
    fn what_cannot_be_an_amount_says_why() {
        assert_eq!(parse(&input("5", "3", "yi")), Err("order"));
        assert_eq!(parse(&input("-1", "", "wan")), Err("negative"));
        assert_eq!(parse(&input("多", "", "wan")), Err("number"));
        assert_eq!(parse(&input("100001", "", "yi")), Err("too-large"), "more than ten trillion yuan");
        assert_eq!(parse(&input("79228162514264337593543950335", "", "yi")), Err("too-large"));
        assert_eq!(parse(&input("0.000000001", "", "wan")), Err("too-fine"));
        assert_eq!(parse(&input("1", "", "castle")), Err("unit"));
    }
}
