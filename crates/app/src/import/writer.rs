//! What the rows of an import become: records and figures, each figure with the cell that states it. New rows are written in
//! sets as far as that can be, before anybody sees them; the others one by one when all of them are published.

use super::meanwhile;
use super::payload::{Payload, PlannedFigure};
use crate::access::Actor;
use crate::change;
use crate::entry::many::{self, NewRow, StatedFigure};
use crate::entry::many_changed::{self, ChangedRow};
use crate::entry::save;
use crate::entry::{LinkTo, Parts, amount_figure, edit_right, settled};
use crate::error::{Error, Result};
use domain::record::{FieldType, Value};
use serde_json::json;
use sheets::cell_name;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Change, Entry, EvidenceKind, Import, ImportRow, NewFigure, Reach, RecordKind, Tx};

/// Rows that a message names.
pub(super) const NAMED: i64 = 20;

/// Why rows could not be written: a code and its facts, as the import keeps them.
pub(super) type Refusal = (&'static str, serde_json::Value);

/// What an error says to who brought the sheet; others are the installation's.
pub(super) fn refusal(error: Error) -> Result<Refusal> {
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
pub(super) fn changed(rows: &[(i64, String)]) -> Refusal {
    let named = usize::try_from(NAMED).unwrap_or(0);
    let rows: Vec<_> = rows.iter().take(named).map(|(row, code)| json!([row, code])).collect();
    ("changed-meanwhile", json!({ "rows": rows }))
}

/// Writes the rows of one import.
pub(super) struct Writer<'a> {
    pub actor: &'a Actor,
    pub import: &'a Import,
    pub kind: RecordKind,
    /// The change of the import, under which what is written is seen at once.
    pub change: Change,
    /// Enterprises that this import registers.
    pub registered: &'a mut Registered,
}

/// Enterprises that an import registers, by name; read once, when a row first names one.
#[derive(Default)]
pub(super) struct Registered {
    by_name: HashMap<String, i64>,
    is_read: bool,
}

impl<'a> Writer<'a> {
    pub async fn new(
        tx: &mut Tx,
        actor: &'a Actor,
        import: &'a Import,
        registered: &'a mut Registered,
    ) -> Result<Self> {
        let Some(id) = import.change else { return Err(Error::Conflict) };
        let day = change::local(tx, Some(import.programme), actor.at).await?.date();
        let change = store::change_resume(tx, id, day).await?;
        let kind = RecordKind::from_code(&import.kind).ok_or(Error::Conflict)?;
        Ok(Self { actor, import, kind, change, registered })
    }

    fn sheet(&self) -> many::Sheet<'a> {
        (self.import.id, &self.import.digest, &self.import.sheet_name)
    }

    /// The same change for what nobody sees yet.
    fn pending(&self) -> Change {
        Change { pending: Some(self.import.id), ..self.change }
    }

    /// Writes new rows that nobody sees yet: each row's number with its record. What moves other records is left for when all of
    /// them are published.
    pub async fn write_pending(
        &mut self,
        tx: &mut Tx,
        rows: &[ImportRow],
    ) -> Result<std::result::Result<Vec<(i64, i64)>, Refusal>> {
        if self.kind == RecordKind::Figure {
            return Ok(Ok(self.loose_figures(tx, rows).await?));
        }
        let stored = meanwhile::stored(tx, self.import, self.kind, rows).await?;
        if !stored.is_empty() {
            return Ok(Err(changed(&stored)));
        }
        let payload =
            |row: &ImportRow| Some((row.number, Payload::from_json(self.kind, row.payload.as_ref()?)));
        let mut payloads: Vec<(i64, Payload)> = rows.iter().filter_map(payload).collect();
        payloads.retain(|(_, payload)| many::is_plain(self.kind, &payload.parts));
        self.register_all(tx, &mut payloads).await?;
        let (numbers, plain): (Vec<i64>, Vec<NewRow>) = payloads
            .into_iter()
            .map(|(number, payload)| {
                let figures = payload.figures.iter().map(|of| stated(of, number)).collect();
                (number, NewRow { parts: payload.parts, figures })
            })
            .unzip();
        let team = self.actor.team(self.import.programme);
        let change = self.pending();
        let ids = many::insert_all(tx, &change, team, self.kind, Some(self.sheet()), &plain).await?;
        settled_all(tx, self.actor, (self.import.programme, self.kind), &ids).await?;
        Ok(Ok(numbers.into_iter().zip(ids).collect()))
    }

    /// Keeps what rows change of stored records until it is published: the numbers of those rows. What moves other records is left.
    pub async fn write_changes(
        &mut self,
        tx: &mut Tx,
        rows: &[ImportRow],
    ) -> Result<std::result::Result<Vec<i64>, Refusal>> {
        let ids: Vec<i64> = rows.iter().filter_map(|row| row.record).collect();
        let entries = store::entry_list_of(tx, self.kind, &ids).await?;
        let mut entries: HashMap<i64, Entry> =
            entries.into_iter().map(|entry| (entry.record.id, entry)).collect();
        let (mut numbers, mut changes) = (Vec::new(), Vec::new());
        for row in rows {
            let Some(before) = row.record.and_then(|id| entries.remove(&id)) else { continue };
            if row.version != Some(before.record.version) {
                return Ok(Err(changed(&[(row.number, before.record.code)])));
            }
            let Some(json) = &row.payload else { continue };
            let payload = Payload::from_json(self.kind, json);
            let figures = payload.figures.iter().map(|of| stated(of, row.number)).collect();
            let change = ChangedRow { before, parts: payload.parts, figures };
            if payload.register.is_empty() && many_changed::is_plain(&change) {
                numbers.push(row.number);
                changes.push(change);
            }
        }
        let of = (self.import.id, self.kind);
        let left = many_changed::stage_all(tx, &self.pending(), of, self.sheet(), &changes).await?;
        let staged = numbers.into_iter().enumerate().filter(|(place, _)| !left.contains(place));
        Ok(Ok(staged.map(|(_, number)| number).collect()))
    }

    /// Enters the figures of rows that are no records, unseen as yet.
    async fn loose_figures(&mut self, tx: &mut Tx, rows: &[ImportRow]) -> Result<Vec<(i64, i64)>> {
        let payload =
            |row: &ImportRow| Some((row.number, Payload::from_json(self.kind, row.payload.as_ref()?)));
        let mut payloads: Vec<(i64, Payload)> = rows.iter().filter_map(payload).collect();
        self.register_all(tx, &mut payloads).await?;
        let planned =
            payloads.iter().flat_map(|(number, payload)| payload.figures.iter().map(move |of| (*number, of)));
        let (numbers, figures): (Vec<i64>, Vec<(NewFigure, String)>) =
            planned.map(|(number, of)| (number, (loose(of), cell(of, number)))).unzip();
        let ids = many::insert_figures(tx, &self.pending(), self.sheet(), &figures).await?;
        // A row is known by its first figure.
        let first: BTreeMap<i64, i64> = numbers.into_iter().zip(ids).rev().collect();
        Ok(first.into_iter().collect())
    }

    /// Writes a row that is seen at once; the record that it became, or changed.
    pub async fn row(&mut self, tx: &mut Tx, row: ImportRow) -> Result<Option<i64>> {
        let Some(json) = &row.payload else { return Ok(None) };
        let mut payloads = [(row.number, Payload::from_json(self.kind, json))];
        self.register_all(tx, &mut payloads).await?;
        let [(_, payload)] = payloads;
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
        self.figures(tx, record, &row, &payload.figures).await?;
        Ok(Some(record))
    }

    /// Registers the enterprises that rows name and nobody has, each once; they are seen with the rows.
    async fn register_all(&mut self, tx: &mut Tx, payloads: &mut [(i64, Payload)]) -> Result<()> {
        let asked: BTreeSet<String> = {
            let asked = payloads.iter().flat_map(|(_, payload)| &payload.register);
            asked.map(|(_, name, _)| name.clone()).collect()
        };
        let registered = &mut *self.registered;
        if !asked.is_empty() && !registered.is_read {
            let kind = RecordKind::Organisation;
            registered.by_name.extend(store::pending_list_titled(tx, self.import.id, kind).await?);
            registered.is_read = true;
        }
        let known = &mut registered.by_name;
        let mut missing: Vec<String> = asked.into_iter().filter(|name| !known.contains_key(name)).collect();
        if !missing.is_empty() {
            // Somebody may have registered one since the rows were read.
            let (programme, kind) = (self.import.programme, RecordKind::Organisation);
            let mut found = HashMap::<String, Vec<i64>>::new();
            for (name, id) in
                store::record_list_named_many(tx, programme, kind, &missing, &Reach::everything()).await?
            {
                found.entry(name).or_default().push(id);
            }
            let one = found
                .into_iter()
                .filter_map(|(name, ids)| Some((name, *ids.first().filter(|_| ids.len() == 1)?)));
            known.extend(one);
            missing.retain(|name| !known.contains_key(name));
            let rows: Vec<NewRow> = missing.iter().map(|name| enterprise(name)).collect();
            let team = self.actor.team(programme);
            let pending = Change { pending: Some(self.import.id), ..self.change };
            let ids = many::insert_all(tx, &pending, team, kind, None, &rows).await?;
            known.extend(missing.into_iter().zip(ids));
        }
        payloads.iter_mut().for_each(|(_, payload)| self.name(payload));
        Ok(())
    }

    /// Names the registered enterprises where a row asked for them.
    fn name(&self, payload: &mut Payload) {
        for (field, name, role) in std::mem::take(&mut payload.register) {
            let Some(id) = self.registered.by_name.get(&name).copied() else { continue };
            if matches!(self.kind.field(field).map(|field| field.kind), Some(FieldType::Links(..))) {
                payload.parts.links.entry(field).or_default().push(LinkTo { to: id, role });
            } else if self.kind == RecordKind::Figure {
                payload.figures.iter_mut().for_each(|figure| figure.organisation = Some(id));
            } else {
                payload.parts.values.insert(field, Some(Value::Id(id)));
            }
        }
    }

    /// Enters the figures of a row, each with its cell.
    async fn figures(
        &self,
        tx: &mut Tx,
        record: i64,
        row: &ImportRow,
        planned: &[PlannedFigure],
    ) -> Result<()> {
        if planned.is_empty() {
            return Ok(());
        }
        let subject = store::entry_get(tx, record).await?;
        for of in planned {
            let mut figure =
                amount_figure(tx, &self.change, &subject, (of.measure, of.role), of.quantity).await?;
            figure.grain = of.grain;
            figure.period = of.period;
            figure.replaces = of.replaces;
            figure.note.clone_from(&of.note);
            let entered = store::figure_insert(tx, &self.change, &figure).await?;
            let evidence = EvidenceKind::Sheet {
                import: self.import.id,
                digest: self.import.digest.clone(),
                sheet: self.import.sheet_name.clone(),
                cell: cell(of, row.number),
            };
            let evidence = store::evidence_insert(tx, None, &evidence).await?;
            store::figure_evidence_attach(tx, &self.change, entered.figure.id, evidence).await?;
        }
        Ok(())
    }
}

fn enterprise(name: &str) -> NewRow {
    let values = [("kind", Some(Value::Text("enterprise".into())))].into();
    NewRow { parts: Parts { title: Some(name.to_owned()), values, ..Parts::default() }, figures: Vec::new() }
}

/// The cell that states a figure of a row.
fn cell(of: &PlannedFigure, row: i64) -> String {
    cell_name(of.column, u32::try_from(row).unwrap_or(0))
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
        replaces: of.replaces,
        cell: cell(of, row),
    }
}

/// Refuses what new records would place where the actor's right does not reach.
async fn settled_all(
    tx: &mut Tx,
    actor: &Actor,
    (programme, kind): (i64, RecordKind),
    ids: &[i64],
) -> Result<()> {
    let places = actor.places(programme, edit_right(kind), kind).with_pending();
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
