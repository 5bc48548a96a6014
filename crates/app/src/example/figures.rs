//! Stated figures of a programme folder: what a source says of a whole, entered as by hand and proved by its citation.

use super::rows::Rows;
use crate::entry::{AmountInput, parse_amount};
use crate::error::{Error, Result};
use crate::figure::{HandEntry, stated_figure};
use serde::Deserialize;
use store::{NewFigure, RecordKind, Tx};

/// One `[[figure]]`. Units are handy ones (`yi`, `wan`) or those of the table of codes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FigureRow {
    measure: String,
    value: String,
    #[serde(default)]
    value_max: String,
    unit: String,
    #[serde(default)]
    approx: String,
    #[serde(default = "actual")]
    role: String,
    /// Codes of regions.
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    supporters: Vec<String>,
    /// Names of records of the folder.
    organisation: Option<String>,
    event: Option<String>,
    #[serde(default = "flow")]
    period: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    /// The words the period was stated in.
    #[serde(default)]
    phrase: String,
    #[serde(default)]
    note: String,
    /// Id of the source that says so.
    source: String,
}

fn actual() -> String {
    "actual".to_owned()
}

fn flow() -> String {
    "flow".to_owned()
}

impl Rows<'_> {
    pub(super) async fn figure(&self, tx: &mut Tx, row: &FigureRow) -> Result<()> {
        let unknown = |field| Error::Invalid { field, problem: "unknown" };
        let (evidence, published) = *self.sources.get(&row.source).ok_or(unknown("source"))?;
        let typed = HandEntry {
            measure: row.measure.clone(),
            role: row.role.clone(),
            period_kind: row.period.clone(),
            period_from: row.from.clone(),
            period_to: row.to.clone(),
            phrase: row.phrase.clone(),
            note: row.note.clone(),
            ..HandEntry::default()
        };
        let amount = AmountInput {
            value: row.value.clone(),
            value_max: row.value_max.clone(),
            unit: row.unit.clone(),
            approx: row.approx.clone(),
        };
        let quantity = parse_amount(&amount).map_err(|problem| Error::Invalid { field: "value", problem })?;
        let quantity = quantity.ok_or(Error::Invalid { field: "value", problem: "missing" })?;
        let regions = |field, codes: &[String]| {
            let ids = codes.iter().map(|code| self.regions.get(code).copied());
            ids.collect::<Option<Vec<i64>>>().ok_or(unknown(field))
        };
        let record = |field, kind: RecordKind, name: &Option<String>| {
            let id = name.as_ref().map(|name| self.records.get(&(kind, name.clone())).copied());
            id.map(|id| id.ok_or(unknown(field))).transpose()
        };
        let figure = NewFigure {
            hosts: regions("hosts", &row.hosts)?,
            supporters: regions("supporters", &row.supporters)?,
            organisation: record("organisation", RecordKind::Organisation, &row.organisation)?,
            event: record("event", RecordKind::Event, &row.event)?,
            ..stated_figure(&typed, quantity, published)?
        };
        let figure = store::figure_insert(tx, &self.change, &figure).await?.figure.id;
        Ok(store::figure_evidence_attach(tx, &self.change, figure, evidence).await?)
    }
}
