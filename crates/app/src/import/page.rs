//! What pages and the command line show of imports, and what people decide there.

use super::draft::RowProblem;
use super::mapping::Mapping;
use super::payload::Payload;
use super::{allowed, reading, sees_all};
use crate::App;
use crate::access::{Actor, Right};
use crate::entry::{RecordNames, names_of, view_right};
use crate::error::{Error, Result};
use domain::figure::Grain;
use domain::record::{FieldInfo, Value};
use domain::{Measure, Period, Quantity};
use std::collections::{BTreeMap, BTreeSet};
use store::{Entry, Import, ImportRow, ImportSource, ImportState, RecordKind, RowState, Tx};

/// An import with how it is read and what its rows became.
#[derive(Debug, Clone)]
pub struct ImportView {
    /// The import.
    pub import: Import,
    /// Kind of its records; figures for a sheet of figures.
    pub kind: RecordKind,
    /// How its columns are read.
    pub mapping: Mapping,
    /// How many rows are in each state.
    pub counts: BTreeMap<RowState, i64>,
}

/// One thing that a row writes.
#[derive(Debug, Clone)]
pub enum RowChange {
    /// The name.
    Title(String),
    /// The English name.
    TitleEn(Option<String>),
    /// Further names.
    Aliases(Vec<String>),
    /// A field; nothing makes it unknown.
    Field(&'static FieldInfo, Option<Value>),
    /// Links of a field: the records, each with the code of its role.
    Links(&'static FieldInfo, Vec<(i64, String)>),
    /// The amount.
    Amount(Option<Quantity>),
    /// A figure.
    Figure {
        /// What it measures.
        measure: Measure,
        /// The value.
        quantity: Quantity,
        /// When it holds.
        period: Period,
        /// Whether it was stated, or is the item that follows.
        grain: Grain,
        /// Whether it corrects one that stands.
        corrects: bool,
    },
    /// An enterprise that is registered for a field.
    Register(&'static FieldInfo, String),
}

/// A row of the preview.
#[derive(Debug, Clone)]
pub struct RowView {
    /// The row.
    pub row: ImportRow,
    /// What is wrong with it, or to be known of it.
    pub problems: Vec<RowProblem>,
    /// The stored record that it changes, or may be.
    pub entry: Option<Entry>,
    /// What it writes.
    pub changes: Vec<RowChange>,
}

pub(super) fn view(import: Import) -> ImportView {
    let counts: BTreeMap<String, i64> = serde_json::from_str(&import.counts).unwrap_or_default();
    let counts = counts.into_iter().filter_map(|(code, count)| Some((RowState::from_code(&code)?, count)));
    ImportView {
        kind: RecordKind::from_code(&import.kind).unwrap_or(RecordKind::Figure),
        mapping: Mapping::from_json(&import.mapping),
        counts: counts.collect(),
        import,
    }
}

impl App {
    /// Imports below the id `before`, the newest first: one's own, or of who edits everywhere all of the programme.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not bring sheets in.
    pub async fn import_list(
        &self,
        actor: &Actor,
        programme: i64,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<ImportView>> {
        actor.require(programme, Right::BulkEdit)?;
        let own = actor.user.filter(|_| !sees_all(actor, programme));
        let mut tx = self.db.read().await?;
        let imports = store::import_list(&mut tx, programme, own, before, limit).await?;
        Ok(imports.into_iter().map(view).collect())
    }

    /// One import.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or it is not open to the actor.
    pub async fn import_get(&self, actor: &Actor, programme: i64, id: i64) -> Result<ImportView> {
        let mut tx = self.db.read().await?;
        let import = store::import_get(&mut tx, programme, id).await?;
        allowed(actor, &import)?;
        Ok(view(import))
    }

    /// The sources whose columns are known.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may not bring sheets in.
    pub async fn import_source_list(&self, actor: &Actor, programme: i64) -> Result<Vec<ImportSource>> {
        actor.require(programme, Right::BulkEdit)?;
        let mut tx = self.db.read().await?;
        Ok(store::import_source_list(&mut tx, programme).await?)
    }

    /// Rows of an import behind the number `after`, with what they write and the names of the records that they name.
    ///
    /// # Errors
    /// As [`App::import_get`].
    pub async fn import_rows(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        (state, after, limit): (Option<RowState>, i64, i64),
    ) -> Result<(Vec<RowView>, RecordNames)> {
        let mut tx = self.db.read().await?;
        let import = store::import_get(&mut tx, programme, id).await?;
        allowed(actor, &import)?;
        let kind = RecordKind::from_code(&import.kind).unwrap_or(RecordKind::Figure);
        let rows = store::import_row_list(&mut tx, id, state, after, limit).await?;
        let payload = |row: &ImportRow| row.payload.as_ref().map(|json| Payload::from_json(kind, json));
        let payloads: Vec<Option<Payload>> = rows.iter().map(payload).collect();
        let candidates = payloads.iter().flatten().filter_map(|payload| payload.candidate);
        let ids: BTreeSet<i64> = rows.iter().filter_map(|row| row.record).chain(candidates).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let reach = actor.reach_for(programme, view_right(kind));
        let open: BTreeSet<i64> =
            store::record_list_of(&mut tx, &ids, &reach).await?.into_iter().map(|record| record.id).collect();
        let entries = match kind {
            RecordKind::Figure => Vec::new(),
            _ => store::entry_list_of(&mut tx, kind, &ids).await?,
        };
        let entries: BTreeMap<i64, Entry> = entries
            .into_iter()
            .filter(|entry| open.contains(&entry.record.id))
            .map(|entry| (entry.record.id, entry))
            .collect();
        let named = named(kind, &payloads, &entries);
        let names = names_of(&mut tx, actor, programme, named.iter()).await?;
        let views = rows.into_iter().zip(payloads).map(|(row, payload)| {
            let of = row.record.or(payload.as_ref().and_then(|payload| payload.candidate));
            let problems = row.problems.clone().and_then(|json| serde_json::from_value(json).ok());
            RowView {
                entry: of.and_then(|id| entries.get(&id).cloned()),
                problems: problems.unwrap_or_default(),
                changes: payload.map(|payload| changes(kind, payload)).unwrap_or_default(),
                row,
            }
        });
        Ok((views.collect(), names))
    }

    /// Decides a row that is doubtful, or takes a decision back: `new` makes it a record, `update` makes it the stored one that it
    /// may be, `skip` leaves it out, `` is as it was.
    ///
    /// # Errors
    /// [`Error::Conflict`] for an import that is not to be decided, or a row that cannot become that.
    pub async fn import_decide(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        number: i64,
        decision: &str,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let import = open_for_decisions(&mut tx, actor, programme, id).await?;
        let row = store::import_row_get(&mut tx, id, number).await?;
        decide(&mut tx, &import, row, decision).await?;
        reading::keep_counts(&mut tx, id).await?;
        self.commit(tx).await
    }

    /// Decides every doubtful row that is not decided, as [`App::import_decide`]; how many.
    ///
    /// # Errors
    /// As [`App::import_decide`]; a row that cannot become that stays doubtful.
    pub async fn import_decide_all(
        &self,
        actor: &Actor,
        programme: i64,
        id: i64,
        decision: &str,
    ) -> Result<usize> {
        const AT_ONCE: i64 = 1_000;
        let mut tx = self.db.write().await?;
        let import = open_for_decisions(&mut tx, actor, programme, id).await?;
        let (mut after, mut count) = (0, 0);
        loop {
            let rows = store::import_row_list(&mut tx, id, Some(RowState::Doubtful), after, AT_ONCE).await?;
            let Some(last) = rows.last() else { break };
            after = last.number;
            for row in rows {
                count += usize::from(decide(&mut tx, &import, row, decision).await.is_ok());
            }
        }
        reading::keep_counts(&mut tx, id).await?;
        self.commit(tx).await?;
        Ok(count)
    }
}

async fn open_for_decisions(tx: &mut Tx, actor: &Actor, programme: i64, id: i64) -> Result<Import> {
    let import = store::import_lock(tx, programme, id).await?;
    allowed(actor, &import)?;
    if import.state == ImportState::Ready { Ok(import) } else { Err(Error::Conflict) }
}

async fn decide(tx: &mut Tx, import: &Import, mut row: ImportRow, decision: &str) -> Result<()> {
    let kind = RecordKind::from_code(&import.kind).ok_or(Error::Conflict)?;
    let is_open =
        row.decision.is_some() || matches!(row.state, RowState::Doubtful | RowState::New | RowState::Changed);
    let Some(payload) = row.payload.as_ref().filter(|_| is_open) else { return Err(Error::Conflict) };
    let payload = Payload::from_json(kind, payload);
    let is_doubtful = row.state == RowState::Doubtful || (row.decision.is_some() && payload.asks);
    match decision {
        "new" if is_doubtful => (row.state, row.record, row.version) = (RowState::New, None, None),
        "update" if is_doubtful => {
            let id = payload.candidate.ok_or(Error::Conflict)?;
            let record = store::record_get(tx, id).await?;
            (row.state, row.record, row.version) = (RowState::Changed, Some(id), Some(record.version));
        }
        "skip" => row.state = RowState::Left,
        "" if payload.asks => {
            (row.state, row.record, row.version) = (RowState::Doubtful, None, None);
        }
        "" => row.state = if row.record.is_some() { RowState::Changed } else { RowState::New },
        _ => return Err(Error::Conflict),
    }
    row.decision = Some(decision.to_owned()).filter(|decision| !decision.is_empty());
    Ok(store::import_row_decide(tx, import.id, &row).await?)
}

/// Entries that name what the rows name, for looking the names up.
fn named(kind: RecordKind, payloads: &[Option<Payload>], entries: &BTreeMap<i64, Entry>) -> Vec<Entry> {
    let Some(some) = entries.values().next().cloned().or_else(|| blank(kind)) else { return Vec::new() };
    let of = |payload: &Payload| {
        let values = payload.parts.values.iter();
        let values = values.filter_map(|(code, value)| Some((*code, value.clone()?))).collect();
        Entry { values, ..some.clone() }
    };
    entries.values().cloned().chain(payloads.iter().flatten().map(of)).collect()
}

/// An entry that is no record.
fn blank(kind: RecordKind) -> Option<Entry> {
    (kind != RecordKind::Figure).then(|| Entry {
        record: store::Record {
            id: 0,
            programme: 0,
            kind,
            code: String::new(),
            title: String::new(),
            title_en: None,
            version: 0,
            archived: false,
            changed_at: None,
            protected: false,
            merged_into: None,
            created_by: None,
        },
        values: domain::Values::new(),
        amount: None,
    })
}

fn changes(kind: RecordKind, payload: Payload) -> Vec<RowChange> {
    let Payload { parts, figures, register, .. } = payload;
    let mut changes = Vec::new();
    changes.extend(parts.title.map(RowChange::Title));
    changes.extend(parts.title_en.map(RowChange::TitleEn));
    changes.extend(parts.aliases.map(RowChange::Aliases));
    let field = |code: &str| kind.field(code);
    for (code, value) in parts.values {
        changes.extend(field(code).map(|field| RowChange::Field(field, value)));
    }
    for (code, links) in parts.links {
        let links = links.into_iter().map(|link| (link.to, link.role)).collect();
        changes.extend(field(code).map(|field| RowChange::Links(field, links)));
    }
    changes.extend(parts.amount.map(RowChange::Amount));
    for (code, name, _) in register {
        changes.extend(field(code).map(|field| RowChange::Register(field, name)));
    }
    changes.extend(figures.into_iter().map(|figure| RowChange::Figure {
        measure: figure.measure,
        quantity: figure.quantity,
        period: figure.period,
        grain: figure.grain,
        corrects: figure.replaces.is_some(),
    }));
    changes
}
