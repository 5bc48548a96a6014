//! The reference of the kept sums of aid money: what the figures themselves come to.

use crate::App;
use crate::access::{Actor, Right};
use crate::error::Result;
use domain::RecordKind;
use domain::aid::AidStep;
use domain::record::{FieldInfo, FieldType};
use domain::tally::Sum;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{AidBy, AidStanding, Condition, ListFilter, Reach, Tx};

impl App {
    /// Adds the aid money of a programme anew from its figures, of all years and of each, and names what differs from what is
    /// kept: the year (`*` for all), and what of it.
    ///
    /// # Errors
    /// When the database fails or a sum overflows.
    pub async fn verify_aid(&self, actor: &Actor, programme: i64) -> Result<Vec<String>> {
        actor.require(programme, Right::ViewTotal)?;
        self.refresh_aid(programme).await?;
        let mut tx = self.db.read().await?;
        let everything = |archived| ListFilter {
            archived,
            reach: Reach::everything(),
            ..ListFilter::of(RecordKind::AidProject)
        };
        let whole = everything(false);
        let by_year = store::tally_of_aid(&mut tx, programme, &whole, (None, None), AidBy::Year).await?;
        let planned = by_year.iter().filter(|of| of.step == AidStep::Planned);
        let planned: BTreeSet<i16> = planned.filter_map(|of| of.key.as_ref()?.parse().ok()).collect();
        let mut years: BTreeSet<i16> =
            by_year.iter().filter_map(|of| of.key.as_ref()?.parse().ok()).collect();
        let kept = store::aid_year_list(&mut tx, programme).await?;
        let mut wrong = Vec::new();
        if !kept.iter().rev().eq(&planned) {
            wrong.push("years".to_owned());
        }
        years.extend(kept);
        for year in years.into_iter().map(Some).chain([None]) {
            let name = year.map_or("*".to_owned(), |year| year.to_string());
            let reference = reference(&mut tx, programme, &whole, year).await?;
            // Kept for all projects together, and added project by project where a filter asks for it.
            let any = ListFilter { conditions: vec![anything()], ..whole.clone() };
            for (filter, what) in [(&whole, "programme"), (&any, "filter")] {
                let standing = store::aid_standing(&mut tx, programme, filter, year, &fields()).await?;
                if standing != reference {
                    wrong.push(format!("{name}/{what}"));
                }
            }
            for archived in [false, true] {
                let filter = everything(archived);
                let kept = store::aid_standing_by_project(&mut tx, programme, &filter, year).await?;
                if kept != by_project(&mut tx, programme, &filter, year).await? {
                    wrong.push(format!("{name}/projects"));
                }
            }
        }
        Ok(wrong)
    }
}

/// The fields of aid projects that are choices.
fn fields() -> Vec<&'static FieldInfo> {
    let fields = RecordKind::AidProject.fields().iter();
    fields.filter(|field| matches!(field.kind, FieldType::Choice(_))).collect()
}

/// A condition that every project holds.
fn anything() -> Condition {
    Condition::Days(&RecordKind::AidProject.fields()[0], None, None)
}

async fn reference(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    year: Option<i16>,
) -> Result<AidStanding> {
    let mut standing = AidStanding {
        starts: store::tally_of_aid_starts(tx, programme, filter, year).await?,
        ..AidStanding::default()
    };
    for of in store::tally_of_aid(tx, programme, filter, (year, None), AidBy::Whole).await? {
        standing.sums.insert(of.step, of.sum);
    }
    for field in fields() {
        for of in store::tally_of_aid(tx, programme, filter, (year, None), AidBy::Field(field)).await? {
            standing.shares.insert((field.code, of.key, of.step), of.sum);
        }
    }
    Ok(standing)
}

async fn by_project(
    tx: &mut Tx,
    programme: i64,
    filter: &ListFilter,
    year: Option<i16>,
) -> Result<HashMap<i64, BTreeMap<AidStep, Sum>>> {
    let mut all: HashMap<i64, BTreeMap<AidStep, Sum>> = HashMap::new();
    for of in store::tally_of_aid(tx, programme, filter, (year, None), AidBy::Project).await? {
        let project = of.key.as_ref().and_then(|key| key.parse().ok()).unwrap_or(0);
        all.entry(project).or_default().insert(of.step, of.sum);
    }
    Ok(all)
}
