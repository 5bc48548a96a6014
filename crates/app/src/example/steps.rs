//! The steps of aid money of a programme folder: rows `step` of an aid project or its contract, a figure each.

use super::rows::{Place, Rows};
use crate::entry::{AmountInput, amount_figure, parse_amount};
use crate::error::Result;
use domain::aid::AidStep;
use domain::{Period, TimeKind};
use jiff::civil::{Date, date};
use serde::Deserialize;
use store::{NewFigure, RecordKind, Tx};

/// One `step`. The amount is in handy units (`yi`, `wan`) or a currency; a yearly plan has a `year`, what happened the day `on`
/// or, where the source tells no day, the days `from` and `to`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepRow {
    step: String,
    value: String,
    unit: String,
    #[serde(default)]
    approx: String,
    year: Option<i16>,
    on: Option<String>,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    note: String,
    /// Takes the place of the figure of this step before it, for the reason in `note`.
    #[serde(default)]
    corrects: bool,
    /// Id of the source that says so; none where nothing proves it.
    source: Option<String>,
}

impl StepRow {
    /// When it holds, and the day it is known from.
    fn period(&self) -> std::result::Result<(Period, Option<Date>), String> {
        let day = |text: &Option<String>| {
            let day = text.as_ref().map(|text| text.parse::<Date>().map_err(|_| format!("{text} is no day")));
            day.transpose()
        };
        let on = day(&self.on)?;
        let (from, to) = match self.year {
            Some(year) if (1900..=2999).contains(&year) => (Some(date(year, 1, 1)), Some(date(year, 12, 31))),
            Some(year) => return Err(format!("{year} is no year")),
            None if on.is_some() => (on, on),
            None => (day(&self.from)?, day(&self.to)?),
        };
        if to.is_none() || from.zip(to).is_some_and(|(from, to)| to < from) {
            return Err("a step has a year, a day, or a time that ends after it begins".to_owned());
        }
        Ok((Period { kind: TimeKind::Flow, from, to }, on))
    }
}

impl Rows<'_> {
    /// Enters the steps of a row, which is this record by now.
    pub(super) async fn steps(&self, tx: &mut Tx, place: &Place<'_>, record: i64) -> Result<()> {
        let Some(rows) = place.row.get("step") else { return Ok(()) };
        let problem = |what: String| place.problem(format!("step: {what}"));
        if !matches!(place.kind, RecordKind::AidProject | RecordKind::AidContract) {
            return Err(problem("only aid projects and their contracts have steps".to_owned()));
        }
        let rows: Vec<StepRow> =
            rows.clone().try_into().map_err(|error: toml::de::Error| problem(error.to_string()))?;
        let entry = store::entry_get(tx, record).await?;
        for row in &rows {
            let step = AidStep::from_code(&row.step).filter(|step| *step != AidStep::Programmed);
            let step = step.ok_or_else(|| problem(format!("no step is called {}", row.step)))?;
            let (value, unit, approx) = (row.value.clone(), row.unit.clone(), row.approx.clone());
            let amount = AmountInput { value, unit, approx, ..AmountInput::default() };
            let quantity = parse_amount(&amount).map_err(|code| problem(format!("{}: {code}", row.value)))?;
            let quantity = quantity.ok_or_else(|| problem("value is missing".to_owned()))?;
            let (period, published) = row.period().map_err(&problem)?;
            let of = (step.measure(), step.role());
            let base = amount_figure(tx, &self.change, &entry, of, quantity).await?;
            let mut replaces = None;
            if row.corrects {
                let standing = store::figure_list_standing(tx, record, step.role()).await?;
                let last = standing.iter().find(|old| old.figure.measure == step.measure());
                let last = last.ok_or_else(|| problem("nothing stands that it corrects".to_owned()))?;
                replaces = Some(last.figure.id);
            }
            let note = Some(row.note.clone()).filter(|note| !note.is_empty());
            let new = NewFigure { period, note, published, replaces, ..base };
            let figure = store::figure_insert(tx, &self.change, &new).await?.figure.id;
            if let Some(source) = &row.source {
                let known = self.sources.get(source);
                let (evidence, _) =
                    *known.ok_or_else(|| problem(format!("no source has the id {source}")))?;
                store::figure_evidence_attach(tx, &self.change, figure, evidence).await?;
            }
        }
        Ok(())
    }
}
