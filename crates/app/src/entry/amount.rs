//! The amount that a form asks for: typed in a handy unit, kept as a figure of the record.

use crate::entry::agreement;
use crate::error::Result;
use domain::figure::{Grain, Status};
use domain::quantity::typed_number;
use domain::record::{AmountInfo, Standing, Value};
use domain::region::Side;
use domain::{Approx, Measure, Period, Quantity, QuantityError, Role, TimeKind, Unit};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
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
        let number = typed_number(text).ok_or("number")?;
        let number = number.checked_mul(Decimal::from(scale)).ok_or("too-large")?;
        if number.is_sign_negative() && !unit.is_rate() { Err("negative") } else { Ok(number) }
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

/// What a form says of the amount: nothing, that there is none, or which.
pub(crate) type Wanted = Option<Option<Quantity>>;

/// Brings the figure of a record's amount to what the record says now: enters one, replaces one that differs, withdraws one
/// whose amount was taken away. What is not signed yet has a target, which no total counts; what is rescinded or archived has
/// its figures withdrawn; what was succeeded keeps the figure that its successor's replaces.
pub(crate) async fn settle(
    tx: &mut Tx,
    change: &Change,
    entry: &Entry,
    wanted: Wanted,
    reason: &str,
) -> Result<()> {
    let kind = entry.record.kind;
    let Some(amount) = kind.amount() else { return Ok(()) };
    if entry.record.archived || matches!(amount.standing(&entry.values), Standing::Succeeded | Standing::Over)
    {
        return settle_past(tx, change, entry, amount, wanted.flatten(), reason).await;
    }
    let role = amount.role_of(&entry.values);
    if role != amount.role {
        withdraw(tx, change, entry, amount.role, reason).await?;
    }
    let present = present(tx, kind, entry.record.id, role).await?;
    // An amount that a change of status withdrew is still in the list, and comes back with the status.
    let kept = || present.as_ref().map(|old| old.figure.quantity).or(entry.amount);
    let quantity = wanted.unwrap_or_else(kept);
    let new = new_figure(tx, change, entry, amount, quantity).await?;
    match (present, new) {
        (None, None) => {}
        (None, Some(new)) => enter(tx, change, entry, new).await?,
        (Some(old), Some(new)) => correct(tx, change, entry, &old, new, reason).await?,
        (Some(_), None) => withdraw(tx, change, entry, role, reason).await?,
    }
    Ok(store::entry_amount_refresh(tx, entry.record.id).await?)
}

/// What is over keeps its figures to be seen: withdrawn where it was rescinded or archived, replaced where it was succeeded.
/// A record that is loaded in such a state still gets the figure it had.
async fn settle_past(
    tx: &mut Tx,
    change: &Change,
    entry: &Entry,
    amount: AmountInfo,
    wanted: Option<Quantity>,
    reason: &str,
) -> Result<()> {
    if let Some(new) = new_figure(tx, change, entry, amount, wanted).await?
        && store::figure_last(tx, entry.record.id, new.role, new.measure).await?.is_none()
    {
        store::figure_insert(tx, change, &new).await?;
    }
    if entry.record.archived || amount.standing(&entry.values) == Standing::Over {
        for role in [Role::Target, amount.role] {
            withdraw(tx, change, entry, role, reason).await?;
        }
    }
    Ok(())
}

async fn new_figure(
    tx: &mut Tx,
    change: &Change,
    entry: &Entry,
    amount: AmountInfo,
    quantity: Option<Quantity>,
) -> Result<Option<NewFigure>> {
    match quantity.zip(amount.measure_of(entry.record.kind, &entry.values)) {
        Some((quantity, measure)) => {
            let of = (measure, amount.role_of(&entry.values));
            Ok(Some(figure(tx, change, entry, of, quantity).await?))
        }
        None => Ok(None),
    }
}

/// The standing figure of a record's amount in a role, not those of what was carried out since.
pub(super) async fn present(
    tx: &mut Tx,
    kind: RecordKind,
    record: i64,
    role: Role,
) -> Result<Option<FigureEntry>> {
    let Some(amount) = kind.amount() else { return Ok(None) };
    let all = store::figure_list_standing(tx, record, role).await?;
    Ok(all.into_iter().find(|old| amount.covers(kind, old.figure.measure)))
}

/// Withdraws the standing figure, and those before it that would stand again.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    change: &Change,
    entry: &Entry,
    role: Role,
    reason: &str,
) -> Result<()> {
    let reason = Some(reason).filter(|reason| !reason.is_empty());
    while let Some(old) = present(tx, entry.record.kind, entry.record.id, role).await? {
        store::figure_set_status(tx, change, old.figure.id, Status::Withdrawn, reason).await?;
    }
    Ok(())
}

/// Withdraws what a record that was succeeded would still count by itself: its successor states no amount, or was rescinded.
pub(crate) async fn retire(tx: &mut Tx, change: &Change, entry: &Entry, reason: &str) -> Result<()> {
    let Some(amount) = entry.record.kind.amount() else { return Ok(()) };
    match present(tx, entry.record.kind, entry.record.id, amount.role).await? {
        Some(old) if old.replaced_by.is_none() && is_carried_on(old.figure.measure) => {
            withdraw(tx, change, entry, amount.role, reason).await
        }
        _ => Ok(()),
    }
}

/// Enters the first figure of a record, or the one with which it comes back: that keeps its evidence.
async fn enter(tx: &mut Tx, change: &Change, entry: &Entry, new: NewFigure) -> Result<()> {
    let replaces = predecessor(tx, entry, &new, None).await?;
    let last = store::figure_last(tx, entry.record.id, new.role, new.measure).await?;
    let same = last.filter(|last| last.figure.quantity == new.quantity);
    let entered = store::figure_insert(tx, change, &NewFigure { replaces, ..new }).await?;
    match same {
        Some(last) => carry_evidence(tx, change, last.figure.id, entered.figure.id).await,
        None => Ok(()),
    }
}

async fn correct(
    tx: &mut Tx,
    change: &Change,
    entry: &Entry,
    old: &FigureEntry,
    new: NewFigure,
    reason: &str,
) -> Result<()> {
    let root = root(tx, entry.record.id, old).await?;
    let predecessor = predecessor(tx, entry, &new, root).await?;
    let note = Some(reason.to_owned()).filter(|reason| !reason.is_empty());
    let replaces = if predecessor == root {
        if same(old, &new) {
            return Ok(());
        }
        Some(old.figure.id)
    } else {
        // It takes the place of another record's figure than before.
        withdraw(tx, change, entry, old.figure.role, reason).await?;
        predecessor
    };
    let entered = store::figure_insert(tx, change, &NewFigure { replaces, note, ..new }).await?;
    carry_evidence(tx, change, old.figure.id, entered.figure.id).await
}

async fn carry_evidence(tx: &mut Tx, change: &Change, from: i64, to: i64) -> Result<()> {
    for evidence in store::figure_evidence_list(tx, from).await? {
        store::figure_evidence_attach(tx, change, to, evidence.id).await?;
    }
    Ok(())
}

/// The figure of another record that a record's figures began by replacing.
async fn root(tx: &mut Tx, record: i64, figure: &FigureEntry) -> Result<Option<i64>> {
    let mut replaces = figure.replaces;
    while let Some(id) = replaces {
        let before = store::figure_get(tx, id).await?;
        if before.figure.subject != Some(record) {
            return Ok(Some(id));
        }
        replaces = before.replaces;
    }
    Ok(None)
}

/// The figure whose place a new one takes: that of the intent it upgrades, or of the agreement it renews. Both stay, one
/// counts. `root` is the one whose place it has.
async fn predecessor(tx: &mut Tx, entry: &Entry, new: &NewFigure, root: Option<i64>) -> Result<Option<i64>> {
    if new.role != Role::Actual || !is_carried_on(new.measure) {
        return Ok(None);
    }
    for field in agreement::SUCCESSIONS.iter().map(|(field, _)| field) {
        let Some(id) = entry.id(field) else { continue };
        if let Some(id_of_root) = root
            && store::figure_get(tx, id_of_root).await?.figure.subject == Some(id)
        {
            return Ok(root);
        }
        let old = present(tx, entry.record.kind, id, new.role).await?;
        let free = old.filter(|old| old.replaced_by.is_none() && is_carried_on(old.figure.measure));
        if let Some(old) = free {
            return Ok(Some(old.figure.id));
        }
    }
    Ok(None)
}

/// Whether an agreement's amount goes on in the one that follows it. What is bought in another term is bought again.
fn is_carried_on(measure: Measure) -> bool {
    matches!(measure, Measure::SignedContract | Measure::SignedIntent | Measure::SignedUnspecified)
}

pub(crate) async fn figure(
    tx: &mut Tx,
    change: &Change,
    entry: &Entry,
    (measure, role): (Measure, Role),
    quantity: Quantity,
) -> Result<NewFigure> {
    let regions = grounds(tx, entry).await?;
    let parties = store::link_list(tx, entry.record.id).await?;
    let investor = parties.iter().find(|link| link.kind == "party" && link.role == "investor");
    Ok(compose((entry, change), (measure, role), quantity, &regions, investor.map(|link| link.record.id)))
}

/// The same with the regions it may lie in, and the investor among the parties, at hand.
pub(super) fn compose(
    (entry, change): (&Entry, &Change),
    (measure, role): (Measure, Role),
    quantity: Quantity,
    regions: &[(i64, Side)],
    investor: Option<i64>,
) -> NewFigure {
    let of = |field: &str, side| {
        // Where an amount lands is said by its field; without it, by the parties.
        match entry.id(field).filter(|region| regions.contains(&(*region, side))) {
            Some(region) => vec![region],
            None => regions.iter().filter(|(_, of)| *of == side).map(|(region, _)| *region).collect(),
        }
    };
    NewFigure {
        measure,
        quantity,
        role,
        grain: Grain::Item,
        hosts: of("region", Side::Host),
        supporters: of("supporting", Side::Supporting),
        organisation: investor.or(entry.id("organisation")),
        event: entry.id("event"),
        subject: Some(entry.record.id),
        period: period(entry, change),
        phrase: None,
        published: None,
        replaces: None,
        note: None,
    }
}

/// The regions an amount may lie in: all that the record concerns, but those that only a witness or a partner brings.
async fn grounds(tx: &mut Tx, entry: &Entry) -> Result<Vec<(i64, Side)>> {
    let mut regions = store::party_region_list(tx, entry.record.id).await?;
    let (mut own, mut beside) = (BTreeSet::new(), BTreeSet::new());
    own.extend(["region", "supporting"].iter().filter_map(|field| entry.id(field)));
    if let Some(park) = entry.id("park") {
        own.extend(store::party_region_list(tx, park).await?.into_iter().map(|(region, _)| region));
    }
    for link in store::link_list(tx, entry.record.id).await?.iter().filter(|link| link.kind == "party") {
        let of = store::party_region_list(tx, link.record.id).await?.into_iter().map(|(region, _)| region);
        let is_beside = matches!(link.role.as_str(), "witness" | "partner");
        if is_beside { beside.extend(of) } else { own.extend(of) }
    }
    regions.retain(|(region, _)| own.contains(region) || !beside.contains(region));
    Ok(regions)
}

/// An agreement's amount belongs to the day it was signed; what is sought holds as of the day it was written.
fn period(entry: &Entry, change: &Change) -> Period {
    let values = &entry.values;
    if entry.record.kind == RecordKind::AidProject {
        return Period { kind: TimeKind::Flow, from: entry.day("plan_from"), to: entry.day("plan_to") };
    }
    if entry.record.kind == RecordKind::Project {
        return Period { kind: TimeKind::Stock, from: Some(change.day), to: Some(change.day) };
    }
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
