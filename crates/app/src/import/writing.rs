//! Making records of rows: all of them in one change, or none.

use super::mapping::Mapping;
use super::meanwhile;
use super::payload::{Payload, PlannedFigure};
use super::{allowed, worker_actor};
use crate::access::Actor;
use crate::entry::many::{self, NewRow, StatedFigure};
use crate::entry::save;
use crate::entry::{LinkTo, Parts, amount_figure, edit_right, settled};
use crate::error::{Error, Result};
use crate::{App, change, typed};
use domain::record::{FieldType, Value};
use jiff::Timestamp;
use serde_json::json;
use sheets::cell_name;
use std::collections::{BTreeSet, HashMap};
use store::{
    Change, EvidenceKind, Import, ImportRow, ImportState, NewFigure, Reach, RecordKind, RowState, Tx,
};

/// Rows that are read from the staging table at once.
const PAGE: i64 = 1_000;
/// Rows that a message names.
const NAMED: i64 = 20;

/// Why rows could not be written: a code and its facts, as the import keeps them.
type Refusal = (&'static str, serde_json::Value);

impl App {
    /// Has the rows of an import written, in the background: those that are new or changed.
    ///
    /// # Errors
    /// [`Error::Conflict`] for an import that is not ready; [`Error::Form`] (`undecided`) while rows are doubtful, (`nothing`)
    /// where no row is to be written.
    pub async fn import_commit(&self, actor: &Actor, programme: i64, id: i64, reason: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let import = store::import_lock(&mut tx, programme, id).await?;
        allowed(actor, &import)?;
        let kind = RecordKind::from_code(&import.kind).ok_or(Error::Conflict)?;
        actor.require(programme, edit_right(kind))?;
        if import.state != ImportState::Ready {
            return Err(Error::Conflict);
        }
        let counts: HashMap<RowState, i64> =
            store::import_row_count(&mut tx, id).await?.into_iter().collect();
        let count = |state: RowState| counts.get(&state).copied().unwrap_or(0);
        let refuse = |code, hint: i64| Error::Form(vec![crate::entry::Problem::hinting("rows", code, hint)]);
        if count(RowState::Doubtful) > 0 {
            return Err(refuse("undecided", count(RowState::Doubtful)));
        }
        if count(RowState::New) + count(RowState::Changed) == 0 {
            return Err(refuse("nothing", 0));
        }
        let reason = typed::optional("reason", reason)?;
        let reason = reason.unwrap_or_else(|| import.file_name.clone());
        let change = change::open(&mut tx, actor, Some(programme), "import", Some(&reason)).await?;
        store::import_set_change(&mut tx, id, change.id).await?;
        store::import_set_state(&mut tx, id, ImportState::Writing, 0, None).await?;
        self.commit(tx).await
    }

    /// Gives an import up; what was written for it meanwhile is taken back.
    ///
    /// # Errors
    /// [`Error::Conflict`] for one that is over.
    pub async fn import_cancel(&self, actor: &Actor, programme: i64, id: i64) -> Result<()> {
        let mut tx = self.db.write().await?;
        let import = store::import_lock(&mut tx, programme, id).await?;
        allowed(actor, &import)?;
        let next = match import.state {
            ImportState::Mapping | ImportState::Reading | ImportState::Ready | ImportState::Failed => {
                ImportState::Cancelled
            }
            ImportState::Writing => ImportState::Cancelling,
            ImportState::Cancelling => return Ok(()),
            _ => return Err(Error::Conflict),
        };
        store::import_set_state(&mut tx, id, next, import.done, None).await?;
        if next == ImportState::Cancelled {
            store::import_row_clear(&mut tx, id).await?;
        }
        self.commit(tx).await?;
        if next == ImportState::Cancelled { self.import_forget(&import).await } else { Ok(()) }
    }

    /// Writes an import.
    pub(super) async fn import_write(&self, import: &Import, clock: fn() -> Timestamp) -> Result<()> {
        let mut tx = self.db.write().await?;
        let now = store::import_lock(&mut tx, import.programme, import.id).await?;
        if now.state != ImportState::Writing {
            return Ok(());
        }
        let actor = worker_actor(&mut tx, import, clock()).await?;
        let refused = match write(&mut tx, &actor, import).await {
            Ok(None) => {
                store::import_set_state(&mut tx, import.id, ImportState::Done, 0, None).await?;
                self.commit(tx).await?;
                return self.import_forget(import).await;
            }
            Ok(Some(refused)) => refused,
            Err(error) => refusal(error)?,
        };
        // Nothing of it stays; only why is kept, and the rows can be decided anew.
        drop(tx);
        let mut tx = self.db.write().await?;
        let args = refused.1.to_string();
        let why = Some((refused.0, args.as_str()));
        store::import_set_state(&mut tx, import.id, ImportState::Failed, 0, why).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what an import that is over wanted to write; of people nothing is kept that an erasure would not reach: no bytes,
    /// no names, no samples.
    async fn import_forget(&self, import: &Import) -> Result<()> {
        let mut tx = self.db.write().await?;
        store::import_row_forget_payloads(&mut tx, import.id).await?;
        if RecordKind::from_code(&import.kind) == Some(RecordKind::Contact) {
            let mut mapping = Mapping::from_json(&import.mapping);
            mapping.columns.iter_mut().for_each(|column| column.samples.clear());
            let (kind, source) = ((import.kind.as_str(), import.mode.as_str()), import.source.as_deref());
            store::import_set_mapping(&mut tx, import.id, kind, &mapping.to_json(), source).await?;
            store::import_row_forget_people(&mut tx, import.id).await?;
            if !store::import_reads(&mut tx, &import.digest).await? {
                store::blob_erase(&mut tx, &import.digest).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Takes back what was written for an import that was given up.
    pub(super) async fn import_take_back(&self, import: &Import) -> Result<()> {
        let mut tx = self.db.write().await?;
        store::import_row_clear(&mut tx, import.id).await?;
        store::import_set_state(&mut tx, import.id, ImportState::Cancelled, 0, None).await?;
        Ok(tx.commit().await?)
    }
}

/// What an error says to who brought the sheet; others are the installation's.
fn refusal(error: Error) -> Result<Refusal> {
    match error {
        Error::Form(problems) => {
            let problem = problems.first().map(|of| (of.field.clone(), of.code, of.hint.clone()));
            let (field, code, hint) = problem.unwrap_or_default();
            Ok(("rule", json!({ "field": field, "code": code, "hint": hint })))
        }
        Error::Conflict => Ok(("changed-meanwhile", json!({}))),
        error => Err(error),
    }
}

/// Rows whose records are otherwise than when they were compared.
fn changed(rows: &[(i64, String)]) -> Refusal {
    let named = usize::try_from(NAMED).unwrap_or(0);
    let rows: Vec<_> = rows.iter().take(named).map(|(row, code)| json!([row, code])).collect();
    ("changed-meanwhile", json!({ "rows": rows }))
}

struct Writer<'a> {
    actor: &'a Actor,
    change: Change,
    import: &'a Import,
    kind: RecordKind,
    /// Enterprises that this import registered, by name.
    registered: HashMap<String, i64>,
}

/// Writes the rows; says why not where something is otherwise than it was shown.
async fn write(tx: &mut Tx, actor: &Actor, import: &Import) -> Result<Option<Refusal>> {
    let stale = store::import_row_list_stale(tx, import.id, NAMED).await?;
    if !stale.is_empty() {
        return Ok(Some(changed(&stale)));
    }
    let Some(id) = import.change else { return Err(Error::Conflict) };
    let day = change::local(tx, Some(import.programme), actor.at).await?.date();
    let change = store::change_resume(tx, id, day).await?;
    let kind = RecordKind::from_code(&import.kind).ok_or(Error::Conflict)?;
    let mut writer = Writer { actor, change, import, kind, registered: HashMap::new() };
    for state in [RowState::New, RowState::Changed] {
        let mut after = 0;
        loop {
            let rows = store::import_row_list(tx, import.id, Some(state), after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.number;
            if state == RowState::New {
                let stored = meanwhile::stored(tx, import, kind, &rows).await?;
                if !stored.is_empty() {
                    return Ok(Some(changed(&stored)));
                }
                let made = writer.create(tx, rows).await?;
                store::import_row_set_records(tx, import.id, &made).await?;
            } else {
                for row in rows {
                    writer.row(tx, row).await?;
                }
            }
        }
    }
    Ok(None)
}

impl Writer<'_> {
    /// Creates what rows say, in sets as far as that can be: each row's number with its record.
    async fn create(&mut self, tx: &mut Tx, rows: Vec<ImportRow>) -> Result<Vec<(i64, i64)>> {
        let mut made = Vec::new();
        let (mut numbers, mut plain) = (Vec::new(), Vec::new());
        for row in rows {
            let Some(json) = &row.payload else { continue };
            let mut payload = Payload::from_json(self.kind, json);
            let is_plain = self.kind != RecordKind::Figure && many::is_plain(self.kind, &payload.parts);
            if !is_plain || payload.figures.iter().any(|of| of.replaces.is_some()) {
                let number = row.number;
                made.extend(self.row(tx, row).await?.map(|id| (number, id)));
                continue;
            }
            self.register(tx, &mut payload).await?;
            numbers.push(row.number);
            let figures = payload.figures.iter().map(|of| stated(of, row.number)).collect();
            plain.push(NewRow { parts: payload.parts, figures });
        }
        let team = self.actor.team(self.import.programme);
        let sheet = (self.import.id, self.import.digest.as_str(), self.import.sheet_name.as_str());
        let ids = many::insert_all(tx, &self.change, team, self.kind, Some(sheet), &plain).await?;
        settled_all(tx, self.actor, (self.import.programme, self.kind), &ids).await?;
        made.extend(numbers.into_iter().zip(ids));
        Ok(made)
    }

    /// Writes a row; the record that it became, or changed.
    async fn row(&mut self, tx: &mut Tx, row: ImportRow) -> Result<Option<i64>> {
        let Some(json) = &row.payload else { return Ok(None) };
        let mut payload = Payload::from_json(self.kind, json);
        self.register(tx, &mut payload).await?;
        if self.kind == RecordKind::Figure {
            self.figures(tx, None, &row, &payload.figures).await?;
            return Ok(None);
        }
        let team = self.actor.team(self.import.programme);
        let record = match row.record {
            None => {
                let record = save::insert(tx, &self.change, team, self.kind, &payload.parts).await?;
                settled(tx, self.actor, &record).await?;
                record.id
            }
            Some(id) => {
                let before = store::entry_lock(tx, id).await?;
                save::update(tx, &self.change, &before, &payload.parts, "").await?;
                id
            }
        };
        self.figures(tx, Some(record), &row, &payload.figures).await?;
        Ok(Some(record))
    }

    /// Registers the enterprises that a row names and nobody has, each once.
    async fn register(&mut self, tx: &mut Tx, payload: &mut Payload) -> Result<()> {
        for (field, name, role) in std::mem::take(&mut payload.register) {
            let id = match self.registered.get(&name) {
                Some(id) => *id,
                None => {
                    let id = self.organisation(tx, &name).await?;
                    self.registered.insert(name, id);
                    id
                }
            };
            if matches!(self.kind.field(field).map(|field| field.kind), Some(FieldType::Links(..))) {
                payload.parts.links.entry(field).or_default().push(LinkTo { to: id, role });
            } else if self.kind == RecordKind::Figure {
                payload.figures.iter_mut().for_each(|figure| figure.organisation = Some(id));
            } else {
                payload.parts.values.insert(field, Some(Value::Id(id)));
            }
        }
        Ok(())
    }

    async fn organisation(&self, tx: &mut Tx, name: &str) -> Result<i64> {
        let (programme, kind) = (self.import.programme, RecordKind::Organisation);
        // Somebody may have registered it since the rows were read.
        if let [id] = store::record_list_named(tx, programme, kind, name, &Reach::everything(), 2).await?[..]
        {
            return Ok(id);
        }
        let values = [("kind", Some(Value::Text("enterprise".into())))].into();
        let parts = Parts { title: Some(name.to_owned()), values, ..Parts::default() };
        let team = self.actor.team(programme);
        Ok(save::insert(tx, &self.change, team, kind, &parts).await?.id)
    }

    /// Enters the figures of a row, each with its cell.
    async fn figures(
        &self,
        tx: &mut Tx,
        record: Option<i64>,
        row: &ImportRow,
        planned: &[PlannedFigure],
    ) -> Result<()> {
        if planned.is_empty() {
            return Ok(());
        }
        let subject = match record {
            Some(id) => Some(store::entry_get(tx, id).await?),
            None => None,
        };
        for of in planned {
            let mut figure = match &subject {
                Some(entry) => {
                    amount_figure(tx, &self.change, entry, (of.measure, of.role), of.quantity).await?
                }
                None => loose(of),
            };
            figure.grain = of.grain;
            figure.period = of.period;
            figure.replaces = of.replaces;
            figure.note.clone_from(&of.note);
            let entered = store::figure_insert(tx, &self.change, &figure).await?;
            let evidence = EvidenceKind::Sheet {
                import: self.import.id,
                digest: self.import.digest.clone(),
                sheet: self.import.sheet_name.clone(),
                cell: cell_name(of.column, u32::try_from(row.number).unwrap_or(0)),
            };
            let evidence = store::evidence_insert(tx, None, &evidence).await?;
            store::figure_evidence_attach(tx, &self.change, entered.figure.id, evidence).await?;
        }
        Ok(())
    }
}

/// A figure of a new record, with its cell.
fn stated(of: &PlannedFigure, row: i64) -> StatedFigure {
    StatedFigure {
        measure: of.measure,
        role: of.role,
        quantity: of.quantity,
        grain: of.grain,
        period: of.period,
        note: of.note.clone(),
        cell: cell_name(of.column, u32::try_from(row).unwrap_or(0)),
    }
}

/// Refuses what new records would place where the actor's right does not reach.
async fn settled_all(
    tx: &mut Tx,
    actor: &Actor,
    (programme, kind): (i64, RecordKind),
    ids: &[i64],
) -> Result<()> {
    let places = actor.places(programme, edit_right(kind), kind);
    let seen = store::record_list_of(tx, ids, &places).await?;
    let seen: BTreeSet<i64> = seen.iter().map(|record| record.id).collect();
    for id in ids.iter().filter(|id| !seen.contains(id)) {
        let record = store::record_get(tx, *id).await?;
        settled(tx, actor, &record).await?;
    }
    Ok(())
}

/// A figure that is no record's.
fn loose(of: &PlannedFigure) -> NewFigure {
    NewFigure {
        measure: of.measure,
        quantity: of.quantity,
        role: of.role,
        grain: of.grain,
        hosts: of.hosts.clone(),
        supporters: of.supporters.clone(),
        organisation: of.organisation,
        event: None,
        subject: None,
        period: of.period,
        phrase: None,
        published: None,
        replaces: of.replaces,
        note: of.note.clone(),
    }
}
