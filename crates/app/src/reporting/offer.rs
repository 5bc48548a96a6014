//! What the ledger holds already of what a filing asks for: offered to whoever fills it in, and differences shown.

use super::{line_measure, line_unit};
use crate::error::Result;
use crate::regions::Regions;
use domain::TimeKind;
use domain::figure::Figure;
use domain::region::Side;
use domain::reporting::round_period;
use domain::tally::{Scope, Sum, tally};
use std::collections::{BTreeSet, HashMap};
use store::{Entry, Filing, RecordKind, ReportingLine, Tx};

/// What the ledger says of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The total of what it holds, in the scale of the line's base unit.
    pub sum: Sum,
    /// The figures counted.
    pub figures: Vec<i64>,
}

/// By line: what the ledger counts for the same measure, unit and kind of time, of the unit's region, organisation or park,
/// within the round. By the reference tally, so that nothing is added twice.
pub(super) async fn of_filing(
    tx: &mut Tx,
    regions: &Regions,
    task: &Entry,
    filing: &Filing,
    lines: &[ReportingLine],
) -> Result<HashMap<i64, Offer>> {
    let (Some(from), Some(to)) = (task.day("date_from"), task.day("date_to")) else {
        return Ok(HashMap::new());
    };
    let party = store::party_region_list(tx, filing.unit.id).await?;
    let of_side = |side: Side| party.iter().find(|(_, of)| *of == side).map(|(region, _)| *region);
    let (host, supporter) = (of_side(Side::Host), of_side(Side::Supporting));
    let key = match filing.unit.kind {
        RecordKind::Park => format!("p{}", filing.unit.id),
        RecordKind::Organisation => format!("o{}", filing.unit.id),
        _ => match host.or(supporter) {
            Some(region) => format!("r{region}"),
            None => return Ok(HashMap::new()),
        },
    };
    let groups: BTreeSet<_> =
        lines.iter().map(|line| (line_measure(line), line_unit(line).code(), line.line.time_kind)).collect();
    let groups: Vec<_> = groups.into_iter().collect();
    let figures = store::filing_offer_list(tx, filing, &key, &groups, (from, to)).await?;
    let is_office = filing.unit.kind == RecordKind::Office;
    let scope = host.filter(|_| is_office).map_or(Scope::Programme, Scope::Host);
    let tree = regions.tree();
    let of_supporter = |figure: &&Figure| {
        let meets = |region: i64| figure.supporters.iter().any(|&of| tree.covers(region, of));
        !is_office || figure.supporters.is_empty() || supporter.is_none_or(meets)
    };
    let mut offers = HashMap::new();
    for line in lines.iter().filter(|line| line_measure(line).is_additive()) {
        let group = (line_measure(line), line_unit(line), line.line.time_kind);
        let in_group = |figure: &&Figure| {
            (figure.measure, figure.quantity.unit, figure.period.kind) == group && lies_within(figure, task)
        };
        let mine: Vec<Figure> = figures.iter().filter(in_group).filter(of_supporter).cloned().collect();
        let Ok(counted) = tally(&mine, &[], tree, scope) else { continue };
        if counted.total.count > 0 {
            offers.insert(line.id, Offer { sum: counted.total, figures: counted.counted });
        }
    }
    Ok(offers)
}

/// Whether a figure speaks of the round's time: a flow within it, a running total or state at its end.
fn lies_within(figure: &Figure, task: &Entry) -> bool {
    let round = round_period(figure.period.kind, task.day("date_from"), task.day("date_to"));
    match figure.period.kind {
        TimeKind::Flow => figure.period.from >= round.from && figure.period.to <= round.to,
        TimeKind::Cumulative => figure.period.from.is_none() || figure.period.from == round.from,
        TimeKind::Stock => true,
    }
}
