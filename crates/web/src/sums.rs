//! What the agreements of an event or under a framework add up to, beside what is stated of it.

use crate::failure::Failure;
use crate::format;
use crate::labels::{self, Labels};
use crate::visit::Within;
use app::{Entry, SumLine, SumOf};
use domain::check::Verdict;
use domain::{Approx, Quantity, Unit};
use pages::{Badge, Cell, SumCheck, Tone};

/// The sums of a record's page.
pub(crate) async fn part(within: &Within, labels: &Labels, entry: &Entry) -> Result<Vec<SumCheck>, Failure> {
    if !app::has_sums(entry) {
        return Ok(Vec::new());
    }
    let code = &entry.record.code;
    let lines = within.app().sum_list(&within.actor, within.id(), code).await?;
    // Counts of enterprises or agreements are told by no agreement; alone they are among the figures already.
    let is_shown = |line: &&SumLine| {
        let with_parts = lines.iter().any(|other| other.group == line.group && other.of != SumOf::Whole);
        line.sum.is_some() || with_parts || line.group.unit == Unit::cny()
    };
    Ok(lines.iter().filter(is_shown).map(|line| check(within, labels, line, code)).collect())
}

fn check(within: &Within, labels: &Labels, line: &SumLine, code: &str) -> SumCheck {
    let t = within.locale;
    let measure = labels::measure(t, line.group.measure);
    let label = match &line.of {
        SumOf::Whole => t.sum_whole(measure),
        SumOf::Region(region) => labels.region(*region),
        SumOf::Part(note) => note.clone().unwrap_or_else(|| t.sum_part().to_owned()),
        SumOf::Parts => t.sum_parts(measure),
    };
    let cell = |quantity: Option<Quantity>| {
        quantity.map_or(Cell::Nothing, |quantity| Cell::Amount(format::amount(t, quantity)))
    };
    let (verdict, difference) = verdict(within, line);
    let unit = line.group.unit;
    SumCheck {
        label,
        stated: cell(line.stated),
        sum: cell(line.sum),
        difference: difference
            .map(|low| format::amount(t, Quantity { low, high: None, unit, approx: Approx::Exact })),
        verdict,
        href: matches!(line.of, SumOf::Whole | SumOf::Parts)
            .then(|| within.to(&format!("figures?record={code}"))),
    }
}

/// What the comparison shows, and what the stated amount is more than the sum.
fn verdict(within: &Within, line: &SumLine) -> (Badge, Option<i64>) {
    let t = within.locale;
    let badge = |label: &str, tone| Badge { label: label.to_owned(), tone };
    match line.verdict {
        Some(Verdict::Holding) => (badge(t.verdict_holding(), Tone::Good), None),
        Some(Verdict::Partial { rest }) => (badge(t.verdict_partial(), Tone::Info), Some(rest)),
        Some(Verdict::Overlapping) => (badge(t.verdict_overlapping(), Tone::Warn), None),
        Some(Verdict::NotAgreeing { difference }) => {
            (badge(t.verdict_disagreeing(), Tone::Bad), difference.checked_neg())
        }
        None if line.group.unit != Unit::cny() => (Badge::default(), None),
        None if line.sum.is_none() => (badge(t.sum_not_recorded(), Tone::Neutral), None),
        None => (badge(t.sum_not_stated(), Tone::Neutral), None),
    }
}
