//! The board: projects by stage, the same filter and rights as the list.

use crate::App;
use crate::access::{Actor, Right};
use crate::entry::{RecordNames, names_in};
use crate::error::Result;
use crate::setting::stage_list;
use domain::RecordKind;
use domain::light::Light;
use std::collections::BTreeMap;
use store::{Condition, Entry, ListFilter, Sort, Stage};

/// Cards that a column shows; the list has the rest.
pub const CARDS: i64 = 200;

/// The projects at one stage.
#[derive(Debug, Clone)]
pub struct BoardColumn {
    /// The stage.
    pub stage: Stage,
    /// The first of its projects, in the order asked for.
    pub entries: Vec<Entry>,
    /// Whether there are more than [`CARDS`].
    pub more: bool,
    /// The lights of those that have one, by record.
    pub lights: BTreeMap<i64, Light>,
}

impl App {
    /// The projects that a filter leaves, by stage, with the names of their investors.
    ///
    /// # Errors
    /// As [`App::entry_list`].
    pub async fn project_board(
        &self,
        actor: &Actor,
        programme: i64,
        filter: ListFilter,
        sort: Sort,
    ) -> Result<(Vec<BoardColumn>, RecordNames)> {
        actor.require(programme, Right::View)?;
        let mut tx = self.db.read().await?;
        let Some(field) = RecordKind::Project.field("stage") else { return Ok(Default::default()) };
        let mut columns = Vec::new();
        for stage in stage_list(&mut tx, programme).await? {
            let mut of = ListFilter { reach: actor.reach(programme), ..filter.clone() };
            of.conditions.push(Condition::OneOf(field, vec![stage.code.clone()]));
            let mut entries = store::entry_list(&mut tx, programme, &of, sort, None, CARDS + 1).await?;
            let most = usize::try_from(CARDS).unwrap_or(usize::MAX);
            let more = entries.len() > most;
            entries.truncate(most);
            // A whole stands on the board by its phases.
            let ids: Vec<i64> = entries.iter().map(|entry| entry.record.id).collect();
            let wholes = store::project_wholes(&mut tx, &ids).await?;
            entries.retain(|entry| !wholes.contains(&entry.record.id));
            let lights = store::light_map(&mut tx, &ids).await?;
            columns.push(BoardColumn { stage, entries, more, lights });
        }
        let all = columns.iter().flat_map(|column| &column.entries);
        // A card names the investor alone: the names of all fields are ten times as many.
        let names = names_in(&mut tx, actor, programme, all, |field| field.code == "investor").await?;
        Ok((columns, names))
    }
}
